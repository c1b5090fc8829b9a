"""The sheet on which figures of studies are drawn, narrow enough to be read in print, and its marks and scales."""

import math
import re
import textwrap
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import Any, Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator

from experiments.figures.words import ARMS, EFFECT, NONE, OPEN, arm_words, idle, open_words
from sim.plots import layout as figures_frame
from sim.plots.layout import DARK, GREY, balanced, lay_out

WIDTH = 7.2
"""Inches: 18 cm, so that at the 17 cm of a printed page the smallest words keep 7 points."""
BAND = "#e8e8e8"
_ARM_COLOURS = {"none": "#222222", "announcement": "#0173b2", "full": "#de8f05", "placebo": "#cc78bc"}
_MORE = ("#029e73", "#b83b00", "#56b4e9", "#949494", "#c9b800", "#332288", "#44aa99", "#661100")
_MARKERS = "osD^vPX"
_DASH: dict[str, Any] = {"marker": "_", "linestyle": "none", "color": DARK, "markersize": 5.0, "zorder": 6}


def style() -> Any:
    """Settings of the figures of runs, with sizes for a narrower sheet."""
    return {
        **figures_frame.style(),
        "axes.titlesize": 8.5,
        "axes.titlepad": 5,
        "axes.labelsize": 8,
        "xtick.labelsize": 7.5,
        "ytick.labelsize": 7.5,
        "xtick.major.pad": 2.5,
        "ytick.major.pad": 2.5,
        "legend.fontsize": 7.5,
        "hatch.linewidth": 0.5,
        "axes.axisbelow": True,
        "axes.unicode_minus": False,
        "text.hinting": "none",
        "grid.linewidth": 0.7,
    }


def colours(names: Iterable[str], known: dict[str, str] | None = None) -> dict[str, str]:
    """A colour-blind safe colour for each name, those of arms kept."""
    known = _ARM_COLOURS if known is None else known
    left = iter([colour for colour in (*_MORE, *_ARM_COLOURS.values()) if colour not in known.values()] * 9)
    return {name: known[name] if name in known else next(left) for name in names}


def markers(names: Sequence[str]) -> dict[str, str]:
    """A marker for each name; arms keep theirs."""
    order = {name: place for place, name in enumerate(ARMS)}
    return {name: _MARKERS[order.get(name, place) % len(_MARKERS)] for place, name in enumerate(names)}


# --- frame ------------------------------------------------------------------------------------------------------------


def frame(height: float) -> Figure:
    """An empty figure of its own canvas."""
    figure = Figure(figsize=(WIDTH, height), layout="constrained", dpi=150)  # as it is saved: letters are measured so
    FigureCanvasAgg(figure)
    return figure


def head_and_foot(
    figure: Figure, title: str, subtitle: str, provenance: dict[str, str], *legends: Sequence[Any]
) -> None:
    """Title (each clause on a line of its own), subtitle and legends above the panels; provenance below.

    The figure grows by what they need, so its height is that of the panels before. Call before anything is measured.
    """
    first = [line for clause in _unbroken(title).split("; ") for line in balanced(clause[:1].upper() + clause[1:], 88)]
    second, small = balanced(subtitle, 126), _small_print(provenance)
    keys = [_legend(figure, handles) for handles in legends if handles]
    top = 0.08 + 0.178 * len(first) + 0.145 * len(second) + 0.18 * sum(rows for _, rows in keys) + 0.06
    foot = 0.105 * len(small) + 0.06
    height = figure.get_figheight() + top + foot
    figure.set_figheight(height)
    left, down = 0.008, 0.06
    look: dict[str, Any] = {"va": "top", "linespacing": 1.2}
    figure.text(left, 1 - down / height, "\n".join(first), size=9.5, weight="bold", color=DARK, **look)
    down += 0.178 * len(first) + 0.02
    figure.text(left, 1 - down / height, "\n".join(second), size=7.8, color="#444444", **look)
    down += 0.145 * len(second) + 0.02
    for legend, rows in keys:
        legend.set_bbox_to_anchor((left - 0.008, 1 - down / height))
        down += 0.18 * rows
    figure.text(left, 0.04 / height, "\n".join(small), size=5.8, color=GREY, va="bottom", linespacing=1.2)
    _room(figure, foot, height - top - foot)


def below(figure: Figure, label: str) -> None:
    """One label of the x-axes of all panels, above the small print."""
    layout = figure.get_layout_engine()
    assert layout is not None
    _, foot, _, high = (part * figure.get_figheight() for part in layout.get()["rect"])
    figure.text(0.54, (foot + 0.02) / figure.get_figheight(), label, size=8, color=DARK, ha="center", va="bottom")
    _room(figure, foot + 0.16, high - 0.16)


def beside(figure: Figure, label: str) -> None:
    """One label of the y-axes of all panels."""
    layout = figure.get_layout_engine()
    assert layout is not None
    _, low, _, high = layout.get()["rect"]
    figure.supylabel(label, y=low + high / 2, size=8, color=DARK)


def _room(figure: Figure, low: float, high: float) -> None:
    """Inches above the bottom at which panels begin, and how high they are in all."""
    layout, height = figure.get_layout_engine(), figure.get_figheight()
    assert layout is not None
    layout.set(rect=(0.006, low / height, 0.988, high / height), w_pad=0.05, h_pad=0.05)  # type: ignore[call-arg]


def _unbroken(text: str) -> str:
    """A text in which no line ends between a word, its amount and the interval."""
    return re.sub(r"\S+ \S+ \([^()]{1,30}\)", lambda found: found[0].replace(" ", "\u00a0"), text)


def _small_print(provenance: dict[str, str]) -> list[str]:
    """Provenance as at most two lines; a long command is cut short here, and whole in the file's metadata."""
    words = " · ".join(f"{key} {value}" for key, value in provenance.items())
    return textwrap.wrap(words, 155, max_lines=2, placeholder=" …")


def _legend(figure: Figure, handles: Sequence[Any]) -> tuple[Any, int]:
    """A legend in as few rows as the sheet is wide for, and how many these are."""
    for rows in range(1, len(handles) + 1):
        columns = -(-len(handles) // rows)
        legend = figure.legend(
            handles=_by_row(handles, columns), loc="upper left", ncols=columns, frameon=False, fontsize=7.8,
            columnspacing=1.3, handletextpad=0.5, handlelength=1.7, borderaxespad=0.2, labelspacing=0.3,
        )  # fmt: skip
        legend.set_in_layout(False)
        if columns == 1 or legend.get_window_extent().width <= 0.99 * figure.bbox.width:
            break
        legend.remove()
    return legend, -(-len(handles) // columns)


def _by_row(handles: Sequence[Any], columns: int) -> list[Any]:
    """Handles so that a legend, which fills column by column, reads row by row."""
    rows = -(-len(handles) // columns)
    blank = [Line2D([], [], linestyle="none", label=" ")] * (rows * columns - len(handles))
    every = [*handles, *blank]
    return [every[row * columns + column] for column in range(columns) for row in range(rows)]


def grid(figure: Figure, number: int, columns: int) -> list[Axes]:
    """So many panels in rows of at most so many, which share both axes."""
    columns = min(number, columns)
    rows = -(-number // columns)
    made: list[Axes] = []
    for place in range(number):
        first = made[0] if made else None
        made.append(figure.add_subplot(rows, columns, place + 1, sharex=first, sharey=first))
        if place % columns:
            made[-1].tick_params(labelleft=False)
        if place + columns < number:
            made[-1].tick_params(labelbottom=False)
    return made


# --- marks ------------------------------------------------------------------------------------------------------------


def mark(
    axes: Axes,
    place: float,
    row: "pd.Series[float]",
    colour: str,
    marker: str = "o",
    upright: bool = False,
    size: float = 5.0,
) -> None:
    """One effect at a place: thick Monte Carlo interval, thin interval that counts, marker by verdict.

    A dash where the effect is exactly zero in every draw.
    """
    middle, verdict = float(row.get("centre", row["mean"])), str(row["verdict"])
    if not math.isfinite(middle):
        return
    gid = str(row.get("id", "")) or None
    if row["mean"] == row["low"] == row["high"] == 0.0:
        at = (place, 0.0) if upright else (0.0, place)
        axes.plot([at[0]], [at[1]], gid=gid, **_DASH)
        return
    for low, high, width in (("low", "high", 0.9), ("mc_low", "mc_high", 2.8)):
        ends = [float(row[low]), float(row[high])]
        if all(map(math.isfinite, ends)):
            here = [place, place]
            pair = (here, ends) if upright else (ends, here)
            axes.plot(*pair, color=colour, linewidth=width, solid_capstyle="butt", zorder=3, alpha=0.85)
    at = (place, middle) if upright else (middle, place)
    axes.plot([at[0]], [at[1]], gid=gid, **look(verdict, colour, marker, size))


def look(verdict: str, colour: str, marker: str = "o", size: float = 5.0) -> dict[str, Any]:
    """A marker by verdict: filled, hollow, or small and grey."""
    base: dict[str, Any] = {"marker": marker, "linestyle": "none", "zorder": 5, "markersize": size}
    if verdict == EFFECT:
        return base | {"color": colour, "markeredgecolor": "white", "markeredgewidth": 0.5}
    if verdict == NONE:
        return base | {"color": "#777777", "markersize": 0.55 * size, "markeredgewidth": 0.0, "zorder": 6}
    return base | {"markerfacecolor": "white", "markeredgecolor": colour, "markeredgewidth": 1.1}


def legend_of(names: dict[str, str], colour: dict[str, str], marker: dict[str, str] | None = None) -> list[Line2D]:
    """Handles of the things that have a colour."""
    shape = marker or dict.fromkeys(names, "o")
    return [
        Line2D([], [], color=colour[key], marker=shape[key], markersize=4.5, linewidth=1.6, label=label)
        for key, label in names.items()
    ]


def legend_of_arms(arms: Sequence[str], marked: bool = True) -> list[Line2D]:
    """Handles of the arms."""
    shape = markers(arms) if marked else dict.fromkeys(arms, "")
    return legend_of({arm: arm_words(arm) for arm in arms}, colours(arms), shape)


def legend_of_verdicts(rows: pd.DataFrame | None = None, band: bool = True, open_: str = OPEN) -> list[Any]:
    """Handles of the verdicts, as the rows that are shown have them, and of the band of relevance."""
    words = {EFFECT: "effect", "": open_ if rows is None else open_words(rows), NONE: "practically none"}
    handles: list[Any] = [Line2D([], [], label=label, **look(verdict, DARK)) for verdict, label in words.items()]
    if rows is not None and idle(rows).any():
        handles.append(Line2D([], [], label="no change at all: cannot act", **_DASH))
    return [*handles, Patch(color=BAND, label="within the margin of relevance")] if band else handles


def relevance(axes: Axes, margin: float, upright: bool = False) -> None:
    """A grey band where effects are practically none, and a line at zero."""
    span, line = (axes.axhspan, axes.axhline) if upright else (axes.axvspan, axes.axvline)
    if math.isfinite(margin) and margin > 0:
        span(-margin, margin, color=BAND, linewidth=0, zorder=0)
    line(0, color="#777777", linewidth=0.8, zorder=1)


# --- scales -----------------------------------------------------------------------------------------------------------


def limits(values: Iterable[float], margin: float = 0.0) -> tuple[float, float]:
    """Least and greatest of what is drawn; zero and the margin are always seen."""
    known = [value for value in values if math.isfinite(value)]
    return min([-margin, 0.0, *known]), max([margin, 0.0, *known])


def scale(
    axes: Axes,
    which: Literal["x", "y"],
    values: Iterable[float],
    threshold: float,
    words: Callable[[float], str],
    inches: float,
    unit: str = "",
) -> str:
    """Scale an axis so that small and large are both read; returns how, to be said on the axis.

    Linear where no value is over ten times the threshold, else linear to the threshold and logarithmic beyond. Ticks
    are as many as the length of the axis has room for.
    """
    low, high = limits(values)
    low, high = (low, high) if high > low else (-1.0, 1.0)
    axis = axes.xaxis if which == "x" else axes.yaxis
    settle = (axes.set_xlim, axes.set_xscale) if which == "x" else (axes.set_ylim, axes.set_yscale)
    wide = threshold > 0 and max(-low, high) > 10 * threshold
    if wide:
        settle[1]("symlog", linthresh=threshold, linscale=0.6)
    into = axis.get_transform()
    ends = into.transform(np.array([low, high]))
    room = 0.05 * (ends[1] - ends[0])
    bounds = ends[0] - room, ends[1] + room
    settle[0](*into.inverted().transform(np.array(bounds)))
    if wide:
        sizes = _decades(low, high, threshold)
        at = (into.transform(np.array(sizes)) - bounds[0]) / (bounds[1] - bounds[0]) * inches
        needs = [0.07 * len(words(size)) + 0.06 if which == "x" else 0.16 for size in sizes]
        axis.set_major_locator(FixedLocator(_thinned(sizes, list(at), needs)))
        axis.set_minor_locator(NullLocator())
    else:
        most = inches / (0.32 if which == "x" else 0.17)
        axis.set_major_locator(MaxNLocator(max(2, min(7, int(most))), steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(lambda value, _: words(value))
    return f"linear to ±{threshold:,.5g}{unit}, then logarithmic" if wide else ""


def _decades(low: float, high: float, threshold: float) -> list[float]:
    """Zero, the threshold and its tenfolds on each side; those that matter most come first: zero, then from outside."""
    steps = range(math.ceil(math.log10(max(-low, high) / threshold)), -1, -1)
    sizes = [sign * threshold * 10.0**step for step in steps for sign in (1.0, -1.0)]
    return [0.0, *(size for size in sizes if 1.2 * low <= size <= 1.2 * high)]


def _thinned(values: list[float], at: list[float], needs: list[float]) -> list[float]:
    """Values whose labels do not run into one that came before: where they stand and what they need, in inches."""
    kept: list[int] = []
    for index in range(len(values)):
        if all(abs(at[index] - at[other]) >= (needs[index] + needs[other]) / 2 for other in kept):
            kept.append(index)
    return [values[index] for index in kept]


def plain(value: float) -> str:
    """A signed number on an axis."""
    return f"{value:+.4g}" if value else "0"


# --- labels -----------------------------------------------------------------------------------------------------------


def apart(places: Sequence[float], gap: float, top: float = 0.98) -> list[float]:
    """Places moved apart to at least a gap, within 0 and top if they fit, in their order."""
    order = np.argsort(np.asarray(places), kind="stable")
    moved = [0.0] * len(places)
    low = 0.0
    for index in order:
        moved[index] = max(low, min(max(places[index], 0.0), top))
        low = moved[index] + gap
    high = top
    for index in order[::-1]:
        moved[index] = min(moved[index], high)
        high = moved[index] - gap
    return moved


def uncrossed(points: Sequence[tuple[float, float]], heights: Sequence[float], edge: float = 1.03) -> list[float]:
    """Heights of labels at an edge, swapped until no two of the lines to their points cross.

    Two crossing lines are together longer than the same two uncrossed, so each swap makes the whole shorter: it ends.
    """
    found = list(heights)
    while pair := next(
        (pair for pair in combinations(range(len(points)), 2) if _cross(points, found, edge, *pair)), ()
    ):
        one, other = pair
        found[one], found[other] = found[other], found[one]
    return found


def _cross(points: Sequence[tuple[float, float]], heights: Sequence[float], edge: float, one: int, other: int) -> bool:
    """Whether the lines of two labels cross: the nearer one's point and label lie on different sides of the farther."""
    far, near = sorted((one, other), key=lambda place: points[place][0])
    (left, low), (x, y) = points[far], points[near]
    if x >= edge:
        return False
    passes = low + (heights[far] - low) * (x - left) / (edge - left)
    return (y - passes) * (heights[near] - heights[far]) < 0.0


def label_right(axes: Axes, labels: Sequence[tuple[str, float, float, str]], size: float = 6.8) -> None:
    """Words to the right of a panel, apart from each other, tied by a hairline to their point: text, x, y, colour.

    Several that lie as good as at zero share one label.
    """
    figure = axes.figure
    assert isinstance(figure, Figure)
    lay_out(figure)
    gap = (size + 2.2) / 72.0 / (axes.get_position().height * figure.get_figheight())
    into = axes.transScale + axes.transLimits
    zero = into.transform((0.0, 0.0))
    near = [one for one in labels if np.abs(into.transform(one[1:3]) - zero).max() < 0.02]
    if len(near) > 1:
        labels = [*(one for one in labels if one not in near), (f"{len(near)} others, near zero", 0.0, 0.0, GREY)]
    points = [(float(across), float(up)) for across, up in (into.transform((x, y)) for _, x, y, _ in labels)]
    heights = uncrossed(points, apart([up for _, up in points], gap))
    for (text, _, _, colour), here, height in zip(labels, points, heights, strict=True):
        ends = Line2D([here[0], 1.03], [here[1], height], transform=axes.transAxes, color="#b0b0b0", linewidth=0.5)
        ends.set(clip_on=False, in_layout=False, zorder=2.5)
        axes.add_line(ends)
        axes.text(1.04, height, text, transform=axes.transAxes, color=colour, va="center", ha="left", fontsize=size)
