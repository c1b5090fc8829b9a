"""Figure of the validation study: runs beside published ranges, pattern by pattern."""

from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from experiments.evidence.cases import CORE
from experiments.evidence.patterns import LOG, OUTSIDE
from experiments.figures.published import draw_patterns, legend_of_ranges, multiples
from experiments.messages import say
from experiments.study.design import Plan
from experiments.study.reporting import Tables
from experiments.study.tables import held, shortage
from sim.plots.layout import GREY, Drawing, Drawn, Sheet

_LOOK = {
    "agrees": ("#0173b2", "o"),
    "possible": ("#de8f05", "s"),
    "disagrees": ("#b83b00", "X"),
    "no runs": (GREY, "o"),
}


def figures(plan: Plan, tables: Tables) -> dict[str, Drawing]:
    """Return a figure of each case; that of the core is called validation."""
    count = len(plan.seeds) if held(plan) else plan.draws
    found: dict[str, Drawing] = {}
    for case, own in tables["validation"].groupby("case", sort=False):
        title = title_of_validation(own, shortage(plan), count, str(case))
        found["validation" if case == CORE else f"validation_{case}"] = partial(validation, own, title)
    return found


def title_of_validation(table: pd.DataFrame, shortage: str = "", count: int = 0, case: str = CORE) -> str:
    """Return how many emergent patterns agree; none do if the sample is too small (``shortage``)."""
    verdicts = table.loc[table["counts"], "verdict"]
    agree, possible, disagree = (int((verdicts == name).sum()) for name in ("agrees", "possible", "disagrees"))
    counts: dict[str, Any] = {"agree": agree, "possible": possible, "disagree": disagree, "all": len(verdicts)}
    return say("validation-title", shortage=shortage or "none", case=case, count=count, **counts)


def validation(table: pd.DataFrame, title: str, sheet: Sheet) -> Drawn | None:
    """Draw patterns as multiples of published figures; effects and controls in per cent below; None without any."""
    table = table[table["verdict"] != OUTSIDE]
    effects = table["unit"] == "%"
    ratios = ~effects & ~table["unit"].isin([LOG, "correlation"]) & (table["published_high"] > 0)
    panels = [False] * bool(ratios.any()) + [True] * bool(effects.any())
    if not panels:
        return None
    marks = [
        Line2D([], [], color=colour, marker=marker, label=verdict)
        for verdict, (colour, marker) in _LOOK.items()
        if (table["verdict"] == verdict).any()
    ]

    def draw(axes: Axes, of_effects: bool) -> None:
        rows: Any = table[effects] if of_effects else multiples(table[ratios])
        draw_patterns(axes, rows, "verdict", _LOOK, log=not of_effects)
        axes.set_xlabel(say("validation-effect-axis" if of_effects else "multiple-axis"), loc="right")

    return sheet.small_multiples(
        panels,
        draw,
        title=title,
        caption=say("validation-caption"),
        legends=[[*marks, *legend_of_ranges()]],
        height=0.24 * (len(table) + 4) / len(panels),
        columns=1,
        share="",
        heights=[max(2, (effects if one else ratios).sum()) for one in panels],
    )
