"""The figure of the validation study: runs against the record, pattern by pattern."""

import math
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, NullLocator

from experiments.evidence.patterns import OUTSIDE
from experiments.figures.marks import BAND
from experiments.figures.words import not_judged
from sim.engine.text import listed
from sim.plots.layout import DARK, GREY, PRINT

_LOOK = {
    "agrees": ("#0173b2", "o"),
    "possible": ("#de8f05", "s"),
    "disagrees": ("#b83b00", "X"),
    "no runs": (GREY, "o"),
}
_TICKS = (0.0001, 0.001, 0.01, 0.1, 1.0, 10.0, 100.0, 1000.0)


def title_of_validation(table: pd.DataFrame, refused: str | None = None) -> str:
    """What agrees and what does not, of what nothing was tuned to; nothing of it if draws or seeds are too few."""
    if refused:
        return f"{not_judged(refused)}, and verdicts are only of those made"
    some = table[table["counts"]]
    wrong = some[some["verdict"] == "disagrees"]["pattern"].tolist()
    told = f"{(some['verdict'] == 'agrees').sum()} of {len(some)} emergent patterns agree with the record"
    perhaps = int((some["verdict"] == "possible").sum())
    told += f", {perhaps} may" if perhaps else ""
    return f"{told}; not: {listed(wrong)}" if wrong else told


def validation(table: pd.DataFrame, provenance: dict[str, str], refused: str | None = None) -> tuple[Figure, str]:
    """Every pattern as a multiple of what is published; effects and controls in per cent below.

    Args:
        table: of `experiments.evidence.patterns.table`.
        provenance: for the small print.
        refused: the verdict on all of it where too few draws or seeds were made.
    """
    table = table[table["verdict"] != OUTSIDE]
    ratio = table[~table["unit"].isin(["%", "USD/week", "correlation"])]
    effects = table[table["unit"] == "%"]
    figure = PRINT.frame(0.235 * (len(table) + 4))
    title = title_of_validation(table, refused)
    marks = [
        Line2D([], [], color=colour, marker=marker, label=verdict)
        for verdict, (colour, marker) in _LOOK.items()
        if (table["verdict"] == verdict).any()
    ]
    bands = [
        Patch(color="#c8c8c8", label="published"),
        Patch(color=BAND, label="widened by what its grade leaves open"),
    ]
    subtitle = (
        "Point: middle draw of the parameters that nobody knows; line: middle 90 % of draws. Dark letters: emergent "
        "patterns, to which nothing was tuned; grey: those that a rule says or that defaults were tuned to, and "
        "controls. What is neither a multiple nor an effect stands in the table alone."
    )
    PRINT.head_and_foot(figure, title, subtitle, provenance, [*marks, *bands])
    heights = [len(ratio), max(1, len(effects))]
    upper, lower = figure.subplots(2, 1, gridspec_kw={"height_ratios": heights})
    _draw(upper, scaled(ratio))
    upper.set_xscale("log")
    on_log_scale(upper)
    upper.set_xlabel("multiple of the published figure (log scale)")
    upper.axvline(1.0, color=GREY, linewidth=0.8)
    _draw(lower, effects)
    lower.axvline(0.0, color=GREY, linewidth=0.8)
    lower.set_xlabel("effect on attack capacity, %")
    return figure, title


_ENDS = ("published_low", "published_high", "low", "high", "middle", "draws_low", "draws_high")


def on_log_scale(axes: Axes) -> None:
    """Ticks at powers of ten, as plain numbers."""
    least, most = axes.get_xlim()
    ticks = [tick for tick in _TICKS if least <= tick <= most]
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticklabels([f"{tick:g}" for tick in ticks])


def scaled(table: pd.DataFrame) -> pd.DataFrame:
    """Everything as a multiple of the middle of the published range; of its only end where it has one."""
    rows = table.copy()
    low, high = rows["published_low"], rows["published_high"]
    middle = np.where(low <= 0, high, np.where(np.isinf(high), low, np.sqrt(low.clip(lower=0.0) * high)))
    for name in _ENDS:
        rows[name] = rows[name] / middle
    return rows


def _draw(axes: Axes, rows: pd.DataFrame) -> None:
    """Rows from top to bottom: bands of the published range, the draws, and the pattern's name."""
    shown = rows[["middle", "draws_low", "draws_high", "low", "high"]].to_numpy().ravel()
    shown = shown[np.isfinite(shown)]
    positive = (rows["middle"] > 0).all() and not (rows["unit"] == "%").any()
    if positive:
        least, most = max(1e-4, shown[shown > 0].min()) / 1.4, shown.max() * 1.4
    else:
        room = 0.05 * (shown.max() - shown.min())
        least, most = shown.min() - room, shown.max() + room
    axes.set_xlim(least, most)
    for place, row in enumerate(rows.to_dict("records")):
        colour, marker = _LOOK[row["verdict"]]
        for low, high, shade in (("low", "high", BAND), ("published_low", "published_high", "#c8c8c8")):
            left, right = max(least, row[low]), min(most, row[high])
            across = math.log(right / left) / math.log(most / least) if positive else (right - left) / (most - least)
            if across < 5e-3:
                axes.plot([left], [place], marker="|", markersize=13, markeredgewidth=2.5, color=shade)
            else:
                axes.fill_between([left, right], place - 0.36, place + 0.36, color=shade, linewidth=0)
        if not math.isnan(row["middle"]):
            line: dict[str, Any] = {"color": colour, "linewidth": 1.4}
            axes.plot([max(least, row["draws_low"]), max(least, row["draws_high"])], [place, place], **line)
            axes.plot([row["middle"]], [place], marker=marker, markersize=5, color=colour)
    axes.set_yticks(range(len(rows)), rows["pattern"])
    for label, counts in zip(axes.get_yticklabels(), rows["counts"], strict=True):
        label.set_color(DARK if counts else GREY)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")


def save_validation(
    table: pd.DataFrame, folder: Path, provenance: dict[str, str], refused: str | None = None
) -> list[Path]:
    """Draw and write it; return the files."""
    return PRINT.draw({"validation": partial(validation, table, refused=refused)}, folder, provenance)
