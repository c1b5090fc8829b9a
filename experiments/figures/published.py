"""Draws beside published ranges: a row a pattern, with the published range and the range widened by its grade."""

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, NullLocator

from experiments.figures.marks import BAND
from experiments.messages import say
from sim.plots.layout import DARK, GREY

PUBLISHED = "#c8c8c8"
_ENDS = ("published_low", "published_high", "low", "high", "median", "draws_low", "draws_high")
_TICKS = 10.0 ** np.arange(-4, 4)
_LEAST = 1e-4


def legend_of_ranges() -> list[Patch]:
    """Return the handles of the published range and of the widened one."""
    return [Patch(color=PUBLISHED, label=say("range-published")), Patch(color=BAND, label=say("range-widened"))]


def multiples(table: pd.DataFrame) -> pd.DataFrame:
    """Return everything as a multiple of the centre of the published range, or of its only end."""
    rows = table.copy()
    low, high = rows["published_low"], rows["published_high"]
    centre = np.where(low <= 0, high, np.where(np.isinf(high), low, np.sqrt(low.clip(lower=0.0) * high)))
    for name in _ENDS:
        rows[name] = rows[name] / centre
    return rows


def draw_patterns(
    axes: Axes, rows: pd.DataFrame, by: str, looks: Mapping[str, tuple[str, str]], log: bool = True
) -> None:
    """Draw patterns from top to bottom: median and central 90 % of draws over the bands of the published range.

    Args:
        axes: the panel.
        rows: of `experiments.evidence.patterns.table`; rows of one pattern are drawn side by side.
        by: a column.
        looks: colour and marker of each of its values.
        log: whether values are multiples, on a log scale.
    """
    names = list(dict.fromkeys(rows["pattern"]))
    shown = rows[["median", "draws_low", "draws_high", "low", "high"]].to_numpy().ravel()
    shown = shown[np.isfinite(shown)]
    if log:
        least, most = max(_LEAST, shown[shown > 0].min()) / 1.4, shown.max() * 1.4
    else:
        room = 0.05 * (shown.max() - shown.min())
        least, most = shown.min() - room, shown.max() + room
    axes.set(xlim=(least, most), ylim=(len(names) - 0.4, -0.6))
    if log:
        ticks = [tick for tick in _TICKS if max(least, most / 1e6) <= tick <= most]  # more labels would touch
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(FixedLocator(ticks))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_xticklabels([f"{tick:g}" for tick in ticks])
    axes.axvline(1.0 if log else 0.0, color=GREY, linewidth=0.8)
    for place, name in enumerate(names):
        some = rows[rows["pattern"] == name].to_dict("records")
        for low, high, shade in (("low", "high", BAND), ("published_low", "published_high", PUBLISHED)):
            left, right = max(least, some[0][low]), min(most, some[0][high])
            across = math.log(right / left) / math.log(most / least) if log else (right - left) / (most - least)
            if across < 5e-3:  # a stroke, or it would not be seen
                axes.plot([left], [place], marker="|", markersize=13, markeredgewidth=2.5, color=shade)
            else:
                axes.fill_between([left, right], place - 0.38, place + 0.38, color=shade, linewidth=0)
        for row, aside in zip(some, np.linspace(-0.16, 0.16, len(some)) if len(some) > 1 else [0.0], strict=True):
            if math.isfinite(row["median"]):
                colour, marker = looks[row[by]]
                ends = np.maximum(least, [row["draws_low"], row["draws_high"]])
                axes.plot(ends, [place + aside] * 2, color=colour, linewidth=1.4)
                axes.plot([max(least, row["median"])], [place + aside], marker=marker, markersize=4.5, color=colour)
    axes.set_yticks(range(len(names)), names)
    emergent = set(rows.loc[rows["tag"] == "emergent", "pattern"])
    for label, name in zip(axes.get_yticklabels(), names, strict=True):
        label.set_color(DARK if name in emergent else GREY)
    axes.grid(visible=False, axis="y")
