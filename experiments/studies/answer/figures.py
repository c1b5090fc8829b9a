"""The figures of the answer: draws by case and year, and what each dated change does."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from experiments import text
from experiments.figures import marks
from experiments.figures.pick import centred
from experiments.findings import where
from experiments.messages import say
from experiments.studies.answer.report import ARMS, GIFTS_ALONE, altered, counted
from experiments.study.design import Plan
from experiments.study.reporting import Tables
from experiments.study.tables import margin
from sim.plots.layout import GREY, Drawing, Drawn, Sheet
from sim.plots.panels import colours

_UNASKED: dict[str, Any] = {"color": GREY, "ha": "center", "va": "center"}


def figures(plan: Plan, tables: Tables) -> dict[str, Drawing]:
    """Return the answer and the dated changes."""
    least = 100.0 * margin(plan)
    return {
        "1_answer": partial(by_case, tables["answer"], tables["draws"], least),
        "2_changes": partial(by_change, tables["changes"], least),
    }


def by_case(answers: pd.DataFrame, draws: pd.DataFrame, margin: float, sheet: Sheet) -> Drawn | None:
    """Draw a dot a draw, median and interval by year and arm, a panel a case."""
    answers, draws = (one[~one["profile"].isin(GIFTS_ALONE)] for one in (answers, draws))
    rows = answers[answers["effect"].isin(ARMS)]
    if rows.empty:
        return None
    years, series = sorted(rows["year"].unique()), marks.by_arm([arm for arm in ARMS if arm in {*rows["effect"]}])
    rows = centred(rows).assign(place=rows["year"].map(years.index))
    dots = draws[draws["effect"].isin(ARMS)].assign(place=draws["year"].map(years.index))
    ends = pd.concat([rows, dots.assign(**dict.fromkeys(("centre", "low", "high"), dots["change"]))])

    def panel(axes: Axes, profile: str) -> None:
        for shift, (arm, colour) in enumerate(series.colour.items()):
            some = where(dots, profile=profile, effect=arm)
            beside = 0.7 * (shift - (len(series.colour) - 1) / 2) / len(series.colour)
            heights = some["place"] + beside + 0.08 * np.sin(2.4 * some["draw"])  # apart, the same for all
            axes.plot(some["change"], heights, "o", color=colour, markersize=2.0, alpha=0.4, markeredgewidth=0)
        here = where(rows, profile=profile)
        marks.effects(axes, here, series, margin, ends, 1.9, size=4.5)
        marks.lines_of(axes, years)
        for place, year in enumerate(years):
            if year not in {*here["year"]}:
                across = axes.get_yaxis_transform()
                axes.text(0.5, place, say("answer-unasked"), transform=across, fontsize=7, **_UNASKED)
        axes.set_title(text.heading(profile), fontsize=8)

    arm = next(iter(series.labels))
    some = where(rows, effect=arm)
    return sheet.small_multiples(
        list(rows["profile"].unique()),
        panel,
        title=say("answer-title", arm=arm, of=len(some), counts=counted(some)),
        legends=[series.legend(), marks.legend_of_verdicts(rows)],
        height=0.5 + 0.42 * len(years),
        below=say("answer-panel-axis"),
    )


def by_change(changes: pd.DataFrame, margin: float, sheet: Sheet) -> Drawn | None:
    """Draw what each dated change does to the effect of the announcement, by year, a panel a case."""
    rows = where(changes, contrast="due", arm=ARMS[0])
    rows = centred(rows[rows["of"] != "difference"])
    if rows.empty:
        return None
    histories, years = list(rows["history"].unique()), sorted(rows["of"].unique())
    looks = (dict(zip(years, years, strict=True)), colours(years), marks.markers(years))
    series, rows = marks.Series("of", *looks), rows.assign(place=rows["history"].map(histories.index))

    def panel(axes: Axes, profile: str) -> None:
        marks.effects(axes, where(rows, profile=profile), series, margin, rows, 1.6, size=4.5)
        marks.lines_of(axes, [text.capital(say("answer-change", history=one)) for one in histories])
        axes.set_title(text.heading(profile), fontsize=8)

    return sheet.small_multiples(
        list(rows["profile"].unique()),
        panel,
        title=say("answer-due-title", **altered(rows, f"{margin:g}")),
        legends=[series.legend(), marks.legend_of_verdicts(rows)],
        height=0.5 + 0.3 * len(histories),
        below=say("answer-due-axis"),
    )
