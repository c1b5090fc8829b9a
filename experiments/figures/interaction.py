"""Interaction of policies with the switch: switch effects under each policy, and their difference to the status quo."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments import text
from experiments.figures import marks, pick
from experiments.figures.about import About
from experiments.figures.captions import caption, title
from experiments.findings import Finding, findings
from experiments.messages import say
from sim.plots.layout import PRINT
from sim.plots.panels import plain, scale

_CONTRASTS = ("switch", "interaction")
_ARMS = ("announcement", "full")


def rows_of(effects: pd.DataFrame, about: About) -> pd.DataFrame:
    """Return switch effects and interactions at highest intensity, in the outcome by which each policy is judged."""
    if effects.empty:
        return effects
    rows = pick.judged(pick.strongest(pick.reference(effects[effects["contrast"].isin(_CONTRASTS)], about)), about)
    if not (rows["contrast"] == "interaction").any():
        return rows.iloc[:0]
    return rows[rows["arm"].isin(pick.arms_of(rows, _ARMS))].drop_duplicates(["contrast", "profile", "arm", "policy"])


def found_in(rows: pd.DataFrame) -> list[Finding]:
    """Return for each group the switch effect in the status quo, beside the policy that changes it most.

    Of an effect that is shown, a change is one that takes from it.
    """
    found = []
    rows = rows[rows["arm"] == pick.main_arm(pick.arms_of(rows))].sort_values("centre", kind="stable")
    for profile in pick.profiles_of(rows):
        here = rows[rows["profile"] == profile]
        switch = here[(here["contrast"] == "switch") & (here["policy"] == pick.STATUS_QUO)]
        changes = here[(here["contrast"] == "interaction") & here["verdict"].isin(pick.SHOWN)]
        for base in findings("plot-interaction", switch):
            some = changes[changes["verdict"] != base.verdict] if base.verdict in pick.SHOWN else changes
            some = some.loc[some["centre"].abs().sort_values(ascending=False, kind="stable").index]
            found.append(base.beside(change=next(iter(findings("plot-interaction", some)), None)))
    return found


def interaction(effects: pd.DataFrame, about: About, provenance: dict[str, str]) -> tuple[Figure, str] | None:
    """Draw the switch effect under each policy and its change by it, a column an arm; None without such rows."""
    rows = rows_of(effects, about)
    if rows.empty:
        return None
    means = rows[rows["contrast"] == "interaction"].groupby("policy")["centre"].mean().sort_values(kind="stable")
    policies = pick.in_order([*means.index, *rows["policy"]], [pick.STATUS_QUO])
    profiles, arms, margin = (
        pick.profiles_of(rows),
        pick.arms_of(rows, _ARMS),
        pick.margin_of(rows, about),
    )
    keys = [(contrast, arm) for contrast in _CONTRASTS for arm in arms]
    rows = rows.assign(place=rows["policy"].map(policies.index))

    def panel(axes: Axes, key: tuple[str, str]) -> None:
        contrast, arm = key
        marks.relevance(axes, margin)
        here = rows[(rows["contrast"] == contrast) & (rows["arm"] == arm)]
        marks.marks(
            axes,
            here,
            "profile",
            profiles,
            marks.colours(profiles, marks.PROFILES),
            marks.markers(profiles),
            size=4.5,
        )
        axes.set_title(say("plot-interaction.panel", contrast=contrast, arm=text.short_arm(arm)), fontsize=8)
        scale(axes, "x", marks.spans(rows, margin), 0.0, plain, 5.2 / len(keys))
        marks.policies_on(axes, policies, about)

    return PRINT.small_multiples(
        keys,
        panel,
        title=title(found_in(rows)),
        caption=caption("plot-interaction", rows, about),
        provenance=provenance,
        legends=[marks.legend_of_groups(profiles), marks.legend_of_verdicts(rows)],
        height=0.75 + max(0.19, 0.075 * len(profiles) + 0.055) * len(policies),
        columns=len(keys),
        below=say("plot-interaction.axis"),
    )
