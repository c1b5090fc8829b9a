"""Figures of the study of inspiration: families of policy over windows, core and network apart; frontiers; the loop."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pandas as pd
from matplotlib.axes import Axes

from experiments import text
from experiments.figures import marks, pick
from experiments.figures.captions import folded, leaders, sample, title
from experiments.figures.frontier import frontier
from experiments.figures.pick import About
from experiments.findings import Finding, say, where
from experiments.studies.inspiration.report import WINDOWS, policy_findings, single, when
from experiments.study.reporting import Plan, Tables
from sim.plots.layout import Drawing, Drawn, Sheet
from sim.plots.panels import colours

_SHAPES = {"counter_inspiration": "o", "counter_finance": "s", "kinetic_pressure": "^", "revenue_strikes": "v"}
_PARTS = {"rate_core": "core", "rate_network": "network"}
_LOOPS = marks.Series(
    "loop", {"on": "loop on", "cut": "loop cut"}, {"on": "#0173b2", "cut": "#de8f05"}, {"on": "o", "cut": "s"}
)


def figures(plan: Plan, tables: Tables) -> dict[str, Drawing]:
    """Return each figure by the stem of its file."""
    about, weighed = About.of(plan), tables["frontier"]
    made: dict[str, Drawing] = {"1_windows": partial(windows, tables["effects"], about)}
    for place, window in enumerate(("52 weeks", "5 years"), 2):
        rows = where(weighed, window=window)
        joint = rows["agency"].str.contains("+", regex=False) & ~rows["agency"].str.contains("military")
        rows = rows.assign(agency=rows["agency"].mask(joint, "several"))
        one = replace(about, window=WINDOWS[window][1])
        made[f"{place}_frontier_{window.replace(' ', '_')}"] = partial(frontier, rows, one)
    made["4_loop"] = partial(loop, tables["effects"], tables["loop"], about)
    return made


def rows_of(effects: pd.DataFrame, outcomes: Sequence[str]) -> pd.DataFrame:
    """Effects of policies at full strength on some outcomes: those of one family, and all together."""
    rows = pick.centred(pick.strongest(where(pick.grouped(effects), contrast="policy")))
    parts = rows["policy"].str.count(r"\+")
    return rows[rows["outcome"].isin(list(outcomes)) & ((parts == 0) | (parts == parts.max()))]


def policies_of(rows: pd.DataFrame) -> list[str]:
    """The policies that change anything: families first, then mixes."""
    return pick.in_order(rows[~pick.idle(rows)]["policy"], _SHAPES)


def found_in(rows: pd.DataFrame) -> list[Finding]:
    """In the last window, the family alone with the largest fall that is shown in core and network of each group.

    Where none is shown: the one that may, else negligible if every family is, else inconclusive.
    """
    last = where(rows, window=pick.in_order(rows["window"])[-1])
    last = single(last[~pick.idle(last)]).sort_values("centre", kind="stable")
    found: list[Finding] = []
    for profile in pick.profiles_of(last):
        for outcome, part in _PARTS.items():
            every = policy_findings("inspiration-windows", where(last, profile=profile, outcome=outcome), part=part)
            found += leaders(every)[:1] if every else []
    return found


def windows(effects: pd.DataFrame, about: About, sheet: Sheet) -> Drawn | None:
    """Change of the attack rate by family over the windows, a panel for core and network of each group."""
    rows = where(rows_of(effects, tuple(_PARTS)), loop="on")
    if rows.empty:
        return None
    policies, order = policies_of(rows), pick.in_order(rows["window"])
    rows = rows.assign(place=rows["window"].map(order.index))
    shapes = {one: _SHAPES.get(one, "D") for one in policies}
    families = marks.Series("policy", {one: _name(one) for one in policies}, colours(policies, "families"), shapes)
    every = [(profile, outcome) for profile in pick.profiles_of(rows) for outcome in _PARTS]

    def panel(axes: Axes, key: tuple[str, str]) -> None:
        _effects(axes, where(rows, profile=key[0], outcome=key[1]), rows, order, families, about)
        axes.set_title(f"{text.heading(key[0])}, {_PARTS[key[1]]}")

    return sheet.small_multiples(
        [key for key in every if len(where(rows, profile=key[0], outcome=key[1]))],
        panel,
        title=title(found_in(rows)),
        caption=say("inspiration-windows.caption", sample=sample(rows)),
        legends=[families.legend(), marks.legend_of_verdicts(rows)],
        height=2.1,
        columns=2,
        beside=say("inspiration-windows.beside"),
    )


def _effects(
    axes: Axes, here: pd.DataFrame, rows: pd.DataFrame, places: Sequence[str], series: marks.Series, about: About
) -> None:
    """Effects side by side at each place along the axis, on the scale of all rows."""
    marks.effects(axes, here, series, pick.margin_of(rows, about), rows, 1.6, upright=True, size=4.5)
    axes.set_xlim(-0.55, len(places) - 0.45)
    for edge in range(1, len(places)):
        axes.axvline(edge - 0.5, color="#dddddd", linewidth=0.7, zorder=0.5)
    axes.set_xticks(range(len(places)), [folded(_name(one), 20) for one in places])
    axes.grid(visible=False, axis="x")


def _name(policy: str) -> str:
    """A policy on a legend; a mix of more than two by how many families it joins."""
    parts = policy.split("+")
    return f"All {len(parts)} together" if len(parts) > 2 else text.policy_heading(policy)


def loop(effects: pd.DataFrame, added: pd.DataFrame, about: About, sheet: Sheet) -> Drawn | None:
    """Change of the attack rate with the loop on and cut, in the last window, a panel a group."""
    rows = rows_of(effects, ("rate",))
    if rows.empty or added.empty or rows["loop"].nunique() < 2:
        return None
    window = pick.in_order(rows["window"])[-1]
    rows, added = where(rows, window=window), pick.grouped(where(added, window=window))
    cut = set(where(rows, loop="cut")["policy"])
    policies = [one for one in policies_of(rows) if one in cut]
    rows = rows[rows["policy"].isin(policies)]
    rows = rows.assign(place=rows["policy"].map(policies.index))

    def panel(axes: Axes, profile: str) -> None:
        _effects(axes, where(rows, profile=profile), rows, policies, _LOOPS, about)
        axes.set_title(folded(text.heading(profile), 26))
        axes.tick_params(axis="x", labelrotation=40)
        for label in axes.get_xticklabels():
            label.set(ha="right", rotation_mode="anchor")

    return sheet.small_multiples(
        pick.profiles_of(rows),
        panel,
        title=title(policy_findings("inspiration-loop", single(added[~pick.idle(added)]), "loop")),
        caption=say("inspiration-loop.caption", when=when(window), sample=sample(rows)),
        legends=[_LOOPS.legend(), marks.legend_of_verdicts(rows)],
        beside=say("inspiration-windows.beside"),
    )
