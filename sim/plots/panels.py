"""The inside of a panel: colours, legends, scales and labels."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations, cycle
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import date2num as _date2num
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, LogLocator, MaxNLocator, NullLocator

from sim.plots.layout import GREY, lay_out

MARKERS = "osD^vPX*<>hp"

# --- colours and legends ----------------------------------------------------------------------------------------------


def colours(names: Iterable[str], known: Mapping[str, str], more: Sequence[str]) -> dict[str, str]:
    """Return the colour of each name: its own if it is known, else one that is left, in order."""
    names = list(names)
    used = {known[name] for name in names if name in known}
    left = cycle([colour for colour in (*more, *known.values()) if colour not in used])
    return {name: known[name] if name in known else next(left) for name in names}


def legend_of(names: dict[str, str], colour: dict[str, str], marker: dict[str, str] | None = None) -> list[Line2D]:
    """Return the handles of the things that have a colour."""
    shape = marker or dict.fromkeys(names, "o")
    return [
        Line2D([], [], color=colour[key], marker=shape[key], markersize=4.5, linewidth=1.6, label=label)
        for key, label in names.items()
    ]


# --- scales -----------------------------------------------------------------------------------------------------------


def at(when: Any) -> Any:
    """Return where a date, or an array of dates, lies on an axis of dates."""
    return _date2num(when)  # type: ignore[no-untyped-call]


def log_scale(axes: Axes, words: Callable[[float], str]) -> None:
    """Set a log scale with enough ticks: at least half a decade, and 1, 2, 5 where it spans less than two."""
    axes.set_yscale("log")
    low, high = axes.get_ylim()
    if high < 4.0 * low:
        low, high = low / 2.0, high * 2.0
        axes.set_ylim(low, high)
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if high < 100.0 * low else (1.0,)))
    axes.yaxis.set_major_formatter(lambda value, _: words(value))
    axes.minorticks_off()


def limits(values: Iterable[float], margin: float = 0.0) -> tuple[float, float]:
    """Return the least and greatest value drawn; zero and the margin are always visible."""
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
    """Scale an axis so that small and large are both read; return how, for the label of the axis.

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
    """Return zero, the threshold and its tenfolds on each side, by importance: zero first, then from outside."""
    steps = range(math.ceil(math.log10(max(-low, high) / threshold)), -1, -1)
    sizes = [sign * threshold * 10.0**step for step in steps for sign in (1.0, -1.0)]
    return [0.0, *(size for size in sizes if 1.2 * low <= size <= 1.2 * high)]


def _thinned(values: list[float], at: list[float], needs: list[float]) -> list[float]:
    """Return the values whose labels overlap no earlier one, given their positions and their room in inches."""
    kept: list[int] = []
    for index in range(len(values)):
        if all(abs(at[index] - at[other]) >= (needs[index] + needs[other]) / 2 for other in kept):
            kept.append(index)
    return [values[index] for index in kept]


def plain(value: float) -> str:
    """Return a signed number on an axis."""
    return f"{value:+.4g}" if value else "0"


# --- labels -----------------------------------------------------------------------------------------------------------


def label_ends(axes: Axes, labels: Sequence[tuple[str, float, str]], size: float = 9.0) -> None:
    """Write words at the right end of lines, moved apart where they would overlap: text, value, colour."""
    gap = _gap(axes, size)
    into = axes.transScale + axes.transLimits
    heights = apart([float(into.transform((1.0, value))[1]) for _, value, _ in labels], gap, 1.0)
    for (text, _, colour), height in zip(labels, heights, strict=True):
        axes.annotate(
            text, (1.0, height), xytext=(5, 0), xycoords="axes fraction", textcoords="offset points", color=colour,
            va="center", ha="left", fontsize=size, fontweight="bold", annotation_clip=False,
        )  # fmt: skip


def label_right(axes: Axes, labels: Sequence[tuple[str, float, float, str]], size: float = 6.8) -> None:
    """Write words right of a panel, apart from each other, tied by a hairline to their point: text, x, y, colour.

    Labels of points at nearly zero are merged into one.
    """
    gap = _gap(axes, size)
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


def _gap(axes: Axes, size: float) -> float:
    """Lay the figure out; return the room that a label of a size needs, as a part of the height of a panel."""
    figure = axes.figure
    assert isinstance(figure, Figure)
    lay_out(figure)
    return (size + 2.2) / 72.0 / (axes.get_position().height * figure.get_figheight())


def apart(places: Sequence[float], gap: float, top: float = 0.98) -> list[float]:
    """Return places moved apart to at least a gap, within 0 and top if they fit, in their order."""
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
    """Return heights of labels at an edge, swapped until no two of the lines to their points cross.

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
    """Return whether the lines of two labels cross.

    They cross if point and label of the nearer line lie on different sides of the farther one.
    """
    far, near = sorted((one, other), key=lambda place: points[place][0])
    (left, low), (x, y) = points[far], points[near]
    if x >= edge:
        return False
    passes = low + (heights[far] - low) * (x - left) / (edge - left)
    return (y - passes) * (heights[near] - heights[far]) < 0.0
