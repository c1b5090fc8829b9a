"""The figure of the study of structures: a strip of draws a structure, a panel an effect."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from experiments import text
from experiments.figures import marks
from experiments.figures.pick import profiles_of
from experiments.findings import say, where
from experiments.study.reporting import Plan, Tables
from experiments.study.tables import margin
from sim.plots.layout import DARK, Drawing, Drawn, Sheet
from sim.plots.panels import colours, plain, scale

OWN_CONSTANT = ("own_constant", "former")
"""Structures without the rule adoption_gap, from which the sign of an announcement follows."""


def figures(plan: Plan, tables: Tables) -> dict[str, Drawing]:
    """Return a figure of each group."""
    found, draws, least = tables["conclusions"], tables["draws"], 100.0 * margin(plan)
    groups = [(one, where(draws, profile=one), where(found, profile=one)) for one in profiles_of(draws)]
    return {
        f"{place}_structures_{profile}": partial(strips, some, statements, least)
        for place, (profile, some, statements) in enumerate(groups, 1)
    }


def strips(draws: pd.DataFrame, found: pd.DataFrame, margin: float, sheet: Sheet) -> Drawn | None:
    """Draw a dot a draw and a stroke at the median, structures from top to bottom, over the band of relevance."""
    rows = where(found, effect="announcement", statement="hardly_raises", outcome="rate", elasticity="plausible")
    if rows.empty:
        return None
    names, colour = list(dict.fromkeys(draws["structure"])), colours(["announcement", "full"], "arms")

    def panel(axes: Axes, effect: str) -> None:
        marks.relevance(axes, margin)
        for place, name in enumerate(names):
            values = where(draws, structure=name, effect=effect)["change"].to_numpy()
            heights = place + 0.3 * np.sin(2.4 * np.arange(len(values)))  # apart, the same for all
            look: dict[str, Any] = {"markersize": 2.0, "alpha": 0.45, "markeredgewidth": 0}
            axes.plot(values, heights, "o", color=colour.get(effect, "#332288"), **look)
            axes.plot([np.median(values)] * 2, [place - 0.4, place + 0.4], color=DARK, linewidth=1.4)
        scale(axes, "x", draws["change"], plain, 1.8)
        axes.set_yticks(range(len(names)), names)
        axes.set(ylim=(len(names) - 0.5, -0.5))
        axes.set_title(say("structures-panel", effect=effect))

    holds = set(rows["where"].iloc[0].split("+"))
    own = [name for name in names if name in OWN_CONSTANT]
    counts = {"gap": len(holds.difference(own)), "gaps": len(names) - len(own)}
    counts |= {"own": len(holds.intersection(own)), "owns": len(own)}
    title = say("structures-title", group=text.heading(str(rows["profile"].iloc[0])), **counts)
    effects, height = list(dict.fromkeys(draws["effect"])), 0.3 + 0.21 * len(names)
    return sheet.small_multiples(effects, panel, title=title, height=height, below=say("structures-axis"))
