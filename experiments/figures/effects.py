"""Figures of effects: policies with and without the switch, their interaction with it, core and network."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from experiments import text
from experiments.figures import marks, pick
from experiments.figures.captions import caption, folded, leaders, title
from experiments.figures.pick import About
from experiments.findings import Finding, findings, say, where
from sim.plots.layout import DARK, GREY, Drawn, Sheet

_CONTRASTS = ("switch", "interaction")
_PARTS = ("rate_core", "rate_network")

type Panels = list[tuple[str, pd.DataFrame]]


def forest_rows(effects: pd.DataFrame, about: About) -> pd.DataFrame:
    """Return policy effects at highest intensity, on the attack rate."""
    return pick.judged(effects, about, ["policy"])


def forest_findings(rows: pd.DataFrame, about: About) -> list[Finding]:
    """Return for each group the policies that lower and raise attacks most."""
    rows = rows[rows["arm"] == pick.main_arm(pick.arms_of(rows))].sort_values("centre", kind="stable")
    groups = [findings("plot-forest", where(rows, profile=profile)) for profile in pick.profiles_of(rows)]
    return [one for every in groups for one in leaders(every)]


def forest(effects: pd.DataFrame, about: About, sheet: Sheet) -> Drawn | None:
    """Draw policy effects with and without the switch, a panel a group; None if the table has no such rows."""
    rows = forest_rows(effects, about)
    if rows.empty:
        return None
    policies = list(rows.groupby("policy")["centre"].mean().sort_values(kind="stable").index)
    rows = rows.assign(place=rows["policy"].map(policies.index))
    panels = [(folded(text.heading(one), 24), where(rows, profile=one)) for one in pick.profiles_of(rows)]
    words, series = title(forest_findings(rows, about)), marks.by_arm(pick.arms_of(rows))
    return strips("plot-forest", words, rows, panels, _headings(policies), series, about, sheet)


def interaction_rows(effects: pd.DataFrame, about: About) -> pd.DataFrame:
    """Return switch effects and interactions at highest intensity, on the attack rate."""
    rows = pick.judged(effects, about, _CONTRASTS, pick.ARMS[1:3])
    return rows if len(rows) and (rows["contrast"] == "interaction").any() else rows.iloc[:0]


def interaction_findings(rows: pd.DataFrame, about: About) -> list[Finding]:
    """Return for each group the switch effect in the status quo, beside the policy that changes it most.

    Of an effect that is shown, a change is one that takes from it.
    """
    found = []
    rows = rows[rows["arm"] == pick.main_arm(pick.arms_of(rows))].sort_values("centre", kind="stable")
    for profile in pick.profiles_of(rows):
        switch = where(rows, profile=profile, contrast="switch", policy=pick.STATUS_QUO)
        changes = where(rows[rows["verdict"].isin(pick.ANSWERED)], profile=profile, contrast="interaction")
        for base in findings("plot-interaction", switch):
            some = changes[changes["verdict"] != base.verdict] if base.verdict in pick.SHOWN else changes
            some = some.loc[some["centre"].abs().sort_values(ascending=False, kind="stable").index]
            found.append(base.beside(change=next(iter(findings("plot-interaction", some)), None)))
    return found


def interaction(effects: pd.DataFrame, about: About, sheet: Sheet) -> Drawn | None:
    """Draw the switch effect under each policy and its change by it, a column an arm; None without such rows."""
    rows = interaction_rows(effects, about)
    if rows.empty:
        return None
    means = rows[rows["contrast"] == "interaction"].groupby("policy")["centre"].mean().sort_values(kind="stable")
    policies = pick.in_order([*means.index, *rows["policy"]], [pick.STATUS_QUO])
    rows = rows.assign(place=rows["policy"].map(policies.index))
    panels = []
    for contrast in _CONTRASTS:
        for arm in pick.arms_of(rows):
            words = say("plot-interaction.panel", contrast=contrast, arm=text.short_arm(arm))
            panels.append((words, where(rows, contrast=contrast, arm=arm)))
    words, series = title(interaction_findings(rows, about)), marks.by_group(pick.profiles_of(rows))
    return strips("plot-interaction", words, rows, panels, _headings(policies), series, about, sheet, len(panels))


def _headings(policies: Sequence[str]) -> list[str]:
    return [text.policy_heading(one) for one in policies]


def strips(
    kind: str,
    words: str,
    rows: pd.DataFrame,
    panels: Panels,
    names: Sequence[str],
    series: marks.Series,
    about: About,
    sheet: Sheet,
    columns: int = 3,
    more: str = "",
) -> Drawn:
    """Draw effects as dots on a line a name, a panel for each title and its rows.

    Args:
        kind: message of caption and axis.
        words: title of the figure.
        rows: all effects, each with its line (``place``).
        panels: title and rows of each.
        names: of the lines, from the top.
        series: effects that are drawn side by side.
        about: the study.
        sheet: to draw on.
        columns: the most panels in a row.
        more: what the caption says beside.
    """
    margin = pick.margin_of(rows, about)

    def panel(axes: Axes, key: tuple[str, pd.DataFrame]) -> None:
        marks.effects(axes, key[1], series, margin, rows, 5.2 / min(columns, len(panels)), size=4.5)
        axes.set_title(key[0], fontsize=8)
        marks.lines_of(axes, [folded(one, 26) for one in names])

    return sheet.small_multiples(
        panels,
        panel,
        title=words,
        caption=f"{caption(kind, rows, about)} {more}".strip(),
        legends=[series.legend(), marks.legend_of_verdicts(rows)],
        height=0.75 + max(0.19, 0.08 * len(series.labels) + 0.055) * len(names),
        columns=columns,
        below=say(f"{kind}.axis"),
    )


def core_network_rows(effects: pd.DataFrame, about: About) -> pd.DataFrame:
    """Return switch effects on core and network in the status quo, at every routing."""
    if effects.empty:
        return effects
    rows = effects[(effects["contrast"] == "switch") & effects["outcome"].isin(_PARTS)]
    rows = pick.nearest(pick.reference(pick.centred(rows), about, free=[pick.ROUTING]), {"policy": pick.STATUS_QUO})
    rows = rows if pick.ROUTING in rows else rows.assign(**{pick.ROUTING: about.levels[pick.ROUTING]})
    rows = rows[rows["arm"].isin(pick.arms_of(rows, pick.ARMS[1:]))]
    return rows.drop_duplicates(["profile", "arm", pick.ROUTING, "outcome"])


def core_network_findings(rows: pd.DataFrame, about: About) -> list[Finding]:
    """Return the switch effect on core and network of each group at the reference routing; alike, they are one."""
    rows = pick.nearest(rows[rows["arm"] == pick.main_arm(pick.arms_of(rows, pick.ARMS[1:]))], about.levels)
    found = []
    for profile in pick.profiles_of(rows):
        parts = findings("plot-core-network", where(rows, profile=profile).sort_values("outcome"))
        alike = len(parts) == len(_PARTS) and len({one.verdict for one in parts}) == 1
        found += [replace(one, more={"part": "both" if alike else one.outcome}) for one in parts[: 1 if alike else 2]]
    return found


def core_network(effects: pd.DataFrame, about: About, sheet: Sheet) -> Drawn | None:
    """Draw the switch effect on core and network by routing, a panel a group; None without such rows."""
    rows = core_network_rows(effects, about)
    if rows.empty:
        return None
    series, margin = marks.by_arm(pick.arms_of(rows, pick.ARMS[1:])), pick.margin_of(rows, about)
    routings = sorted(rows[pick.ROUTING].unique())
    width = len(routings) + 0.6  # of a part: core to the left, network to the right, each at every routing
    rows = rows.assign(place=rows["outcome"].map(_PARTS.index) * width + rows[pick.ROUTING].map(routings.index))

    def panel(axes: Axes, profile: str) -> None:
        here = where(rows, profile=profile)
        marks.effects(axes, here, series, margin, rows, 1.7, upright=True)
        axes.set_title(folded(text.heading(profile), 24), pad=14)
        places = [part * width + place for part in range(2) for place in range(len(routings))]
        axes.set_xticks(places, [text.share(one) for one in routings] * 2)
        axes.set_xlim(-0.6, width + len(routings) - 0.4)
        axes.axvline(width - 0.8, color="#bbbbbb", linewidth=0.8)
        axes.grid(visible=False, axis="x")
        for part, outcome in enumerate(_PARTS):
            there = (here["outcome"] == outcome).any()
            words = say("plot-core-network.part", outcome=outcome, there="yes" if there else "no")
            look: dict[str, Any] = {"ha": "center", "va": "bottom", "fontsize": 7.8, "color": DARK if there else GREY}
            middle = part * width + (len(routings) - 1) / 2
            axes.text(middle, 1.01, words, transform=axes.get_xaxis_transform(), **look)

    return sheet.small_multiples(
        pick.profiles_of(rows),
        panel,
        title=title(core_network_findings(rows, about)),
        caption=caption("plot-core-network", rows, about),
        legends=[series.legend(), marks.legend_of_verdicts(rows)],
        below=say("plot-core-network.axis"),
        ylabel=say("plot-core-network.beside"),
    )
