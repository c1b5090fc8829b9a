"""The figures of the study of choice: regret by draw, and the choice with and without the switch by structure."""

import textwrap
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from experiments import text
from experiments.figures import marks
from experiments.findings import say, where
from experiments.stats.decision import BUDGETS, CIVIL, EVERY, SHOWN, budgets, option
from experiments.studies.choice.report import ANY, BUDGET, CASH, CHANGES, MOST, harm, main, rules, usual
from experiments.study.reporting import Plan, Tables
from sim.plots.layout import DARK, GREY, PRINT, Drawing, Drawn, Sheet
from sim.plots.panels import colours, legend_of

_SMALL: dict[str, Any] = {"color": GREY, "fontsize": PRINT.small, "va": "center"}
_CELLS = dict(zip(CHANGES, ("#eeeeee", "#fff1c9", "#e4dcef", "#f2b5a7"), strict=True))


def figures(plan: Plan, tables: Tables) -> dict[str, Drawing]:
    """Return regrets by draw, and choices with and without the switch."""
    if "regret" not in tables:
        return {}
    return {
        "1_regret": partial(strips, tables["draws"], main(tables["regret"])),
        "2_switch": partial(by_structure, tables["choice"]),
    }


def strips(draws: pd.DataFrame, regret: pd.DataFrame, sheet: Sheet) -> Drawn | None:
    """Draw a dot a draw and a stroke at nine of ten draws, the choice first, a panel a group."""
    rows = where(regret, among=CIVIL, staff_most=BUDGET).sort_values("naive_quantile", kind="stable")
    if rows.empty:
        return None
    structures = list(dict.fromkeys(draws["structure"]))
    colour, draws = colours(structures), draws.sort_values("draw", kind="stable")

    def panel(axes: Axes, profile: str) -> None:
        every = where(rows, profile=profile).to_dict("records")
        for place, row in enumerate(every[:MOST]):
            some = where(draws, profile=profile, policy=row["policy"], intensity=row["intensity"])
            values = 100.0 * some["regret"] / row["reference"]
            heights = place + 0.3 * np.sin(2.4 * np.arange(len(some)))  # apart, the same for all
            look: dict[str, Any] = {"s": 5.0, "alpha": 0.5, "linewidths": 0.0}
            axes.scatter(values, heights, color=some["structure"].map(colour).tolist(), **look)
            limit = 100.0 * row["naive_quantile"] / row["reference"]
            axes.plot([limit] * 2, [place - 0.42, place + 0.42], color=DARK, linewidth=1.6)
            axes.text(1.02, place, harm(row), transform=axes.get_yaxis_transform(), **_SMALL)
        axes.text(1.02, -0.9, say("choice-harm-head"), transform=axes.get_yaxis_transform(), **_SMALL)
        marks.lines_of(axes, [option(row).replace(" + ", " +\n") for row in every[:MOST]])
        axes.set_title(text.heading(profile))
        if rest := text.listed([option(row) for row in every[MOST:]]):
            axes.text(1.0, 0.03, say("choice-rest", names=rest), transform=axes.transAxes, ha="right", **_SMALL)
            axes.set_ylim(MOST + 0.2, -0.6)

    best = rows.groupby("profile")["policy"].first()
    alike = set.intersection(*({one, *one.split("+")} for one in best))
    name = max(alike, key=len, default="")
    title = say("choice-regret-title", every="yes" if name in {*best} else "no", name=text.policy(name) or "none")
    title = say("choice-with", title=title, staff=budgets([BUDGET]))
    return sheet.small_multiples(
        list(dict.fromkeys(draws["profile"])),
        panel,
        title=title,
        legends=[legend_of({one: rules(one) for one in structures}, colour, dict.fromkeys(structures, "o"))],
        height=0.4 + 0.3 * MOST,
        columns=1,
        share="x",
        below=say("choice-axis"),
    )


def by_structure(choice: pd.DataFrame, sheet: Sheet) -> Drawn | None:
    """Draw the choice of every group and structure, and what it is with the switch where that is another one."""
    rows = where(usual(choice, "when"), **SHOWN)
    if "changes" not in rows:
        return None
    sets = [*((CIVIL, staff) for staff in BUDGETS), (EVERY, BUDGETS[-1])]
    structures = sorted({*rows["structure"]}, key=lambda one: (one == CASH, one == ANY, one))

    def panel(axes: Axes, profile: str) -> None:
        for line, structure in enumerate(structures):
            some = where(rows, profile=profile, structure=structure)
            for place, (among, staff) in enumerate(sets):
                cell = where(some, among=among, staff_most=staff)
                if cell["changes"].isin(CHANGES).any():
                    _cell(axes, place, line, cell)
        axes.set(xlim=(0, len(sets)), ylim=(len(structures), 0), title=text.heading(profile))
        heads = [say("choice-column", among=among, staff=f"{staff:g}") for among, staff in sets]
        axes.set_xticks(np.arange(len(sets)) + 0.5, heads)
        axes.set_yticks(np.arange(len(structures)) + 0.5, [rules(one) for one in structures])
        axes.tick_params(length=0, top=False, labeltop=True, labelbottom=False)
        axes.spines[:].set_visible(False)
        axes.grid(visible=False)

    own = where(rows[(rows["structure"] != ANY) & rows["changes"].isin(CHANGES)], among=CIVIL)
    shown = [one for one in CHANGES if one in {*rows["changes"]}]
    return sheet.small_multiples(
        list(dict.fromkeys(rows["profile"])),
        panel,
        title=say("choice-switch-title", yes=int((own["changes"] == "yes").sum()), of=len(own)),
        legends=[[Patch(color=_CELLS[one], label=say("choice-cell", changes=one)) for one in shown]],
        height=0.4 + 0.5 * len(structures),
        columns=1,
    )


def _cell(axes: Axes, place: int, line: int, rows: pd.DataFrame) -> None:
    """The choice without the switch, and with it where another one is made; the colour is that of the larger change."""
    changes = max((one for one in rows["changes"] if one in CHANGES), key=CHANGES.index)
    axes.add_patch(Rectangle((place + 0.02, line + 0.04), 0.96, 0.92, color=_CELLS[changes], linewidth=0))
    names = [option(row) for row in where(rows, arm="none").to_dict("records")]
    for row in rows[rows["changes"].isin(CHANGES[1:])].to_dict("records"):
        names.append(say("choice-switched", arm=row["arm"], policy=option(row)))
    words = "\n".join(textwrap.fill(name, 22) for name in names)
    axes.text(place + 0.5, line + 0.5, words, ha="center", va="center", fontsize=6.2, color=DARK, linespacing=1.1)
