"""The switch effect on the core and on the global network apart, by how much campaign money goes straight to cells."""

from dataclasses import replace
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments import text
from experiments.figures import marks, pick
from experiments.figures.about import About
from experiments.figures.captions import caption, folded, title
from experiments.findings import Finding, findings
from experiments.messages import say
from sim.plots.layout import DARK, GREY, PRINT
from sim.plots.panels import plain, scale

_PARTS = ("capacity_core", "capacity_network")


def rows_of(effects: pd.DataFrame, about: About) -> pd.DataFrame:
    """Return switch effects on core and network in the status quo, at every routing."""
    if effects.empty:
        return effects
    rows = effects[(effects["contrast"] == "switch") & effects["outcome"].isin(_PARTS)]
    rows = pick.nearest(pick.reference(pick.centred(rows), about, free=[pick.ROUTING]), {"policy": pick.STATUS_QUO})
    rows = rows if pick.ROUTING in rows else rows.assign(**{pick.ROUTING: about.levels[pick.ROUTING]})
    rows = rows[rows["arm"].isin(pick.arms_of(rows, pick.ARMS[1:]))]
    return rows.drop_duplicates(["profile", "arm", pick.ROUTING, "outcome"])


def found_in(rows: pd.DataFrame, about: About) -> list[Finding]:
    """Return the switch effect on core and network of each group at the reference routing; alike, they are one."""
    rows = pick.nearest(rows[rows["arm"] == pick.main_arm(pick.arms_of(rows, pick.ARMS[1:]))], about.levels)
    found = []
    for profile in pick.profiles_of(rows):
        parts = findings("plot-core-network", rows[rows["profile"] == profile].sort_values("outcome"))
        alike = len(parts) == len(_PARTS) and len({one.verdict for one in parts}) == 1
        found += [replace(one, more={"part": "both" if alike else one.outcome}) for one in parts[: 1 if alike else 2]]
    return found


def core_network(effects: pd.DataFrame, about: About, provenance: dict[str, str]) -> tuple[Figure, str] | None:
    """Draw the switch effect on core and network by routing, a panel a group; None without such rows."""
    rows = rows_of(effects, about)
    if rows.empty:
        return None
    arms, margin = pick.arms_of(rows, pick.ARMS[1:]), pick.margin_of(rows, about)
    routings = sorted(rows[pick.ROUTING].unique())
    width = len(routings) + 0.6  # of a part: core to the left, network to the right, each at every routing
    rows = rows.assign(place=rows["outcome"].map(_PARTS.index) * width + rows[pick.ROUTING].map(routings.index))

    def panel(axes: Axes, profile: str) -> None:
        here = rows[rows["profile"] == profile]
        marks.relevance(axes, margin, upright=True)
        marks.marks(axes, here, "arm", arms, marks.colours(arms), marks.markers(arms), upright=True)
        axes.set_title(folded(text.heading(profile), 24), pad=14)
        scale(axes, "y", marks.spans(rows, margin), 0.0, plain, 1.7)
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

    return PRINT.small_multiples(
        pick.profiles_of(rows),
        panel,
        title=title(found_in(rows, about)),
        caption=caption("plot-core-network", rows, about),
        provenance=provenance,
        legends=[marks.legend_of_arms(arms), marks.legend_of_verdicts(rows)],
        below=say("plot-core-network.axis"),
        ylabel=say("plot-core-network.beside"),
    )
