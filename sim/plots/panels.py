"""The inside of a panel: colours, legends, scales and labels."""

import math
import tomllib
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations, cycle
from pathlib import Path
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, MaxNLocator

from sim.plots.layout import GREY, lay_out

MARKERS = "osD^vPX*<>hp"
_COLOURS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("colours.toml").read_text(encoding="utf-8"))
LABELS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("labels.toml").read_text(encoding="utf-8"))
"""Words for names in tables."""


def colours(names: Iterable[str], kind: str = "") -> dict[str, str]:
    """Return the colour of each name: its own in ``colours.toml`` under its kind, else one that is left, in order."""
    names, known = list(names), dict(_COLOURS.get(kind, {}))
    more = known.pop("more", _COLOURS["more"])
    used = {known[name] for name in names if name in known}
    left = cycle([colour for colour in (*more, *known.values()) if colour not in used])
    return {name: known[name] if name in known else next(left) for name in names}


def legend_of(names: dict[str, str], colour: dict[str, str], marker: dict[str, str]) -> list[Line2D]:
    """Return the handles of things by their names."""
    look: dict[str, Any] = {"markersize": 4.5, "linewidth": 1.6}
    return [Line2D([], [], color=colour[key], marker=marker[key], label=names[key], **look) for key in names]


def at(when: Any) -> Any:
    """Return where a date, or an array of dates, lies on an axis of dates."""
    return date2num(when)  # type: ignore[no-untyped-call]


def date_axis(axes: Axes, least: int, most: int) -> None:
    """Label the x-axis with dates, so many at least and at most."""
    locator = AutoDateLocator(minticks=least, maxticks=most)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    axes.grid(visible=False, axis="x")


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


def scale(
    axes: Axes, which: Literal["x", "y"], values: Iterable[float], words: Callable[[float], str], inches: float
) -> None:
    """Scale an axis to values and zero, with as many ticks as its length has room for.

    Args:
        axes: the panel.
        which: the axis.
        values: all that is drawn; those that are not finite are left out.
        words: a tick as text.
        inches: length of the axis.
    """
    known = [0.0, *(value for value in values if math.isfinite(value))]
    low, high = (min(known), max(known)) if max(known) > min(known) else (-1.0, 1.0)
    room = 0.05 * (high - low)
    axis, settle = (axes.xaxis, axes.set_xlim) if which == "x" else (axes.yaxis, axes.set_ylim)
    settle(low - room, high + room)
    most = inches / (0.32 if which == "x" else 0.17)
    axis.set_major_locator(MaxNLocator(max(2, min(7, int(most))), steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(lambda value, _: words(value))


def plain(value: float) -> str:
    """Return a signed number on an axis."""
    return f"{value:+.4g}" if value else "0"


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

    def cross(one: int, other: int) -> bool:
        """Return whether the lines from two labels to their points cross."""
        far, near = sorted((one, other), key=lambda place: points[place][0])
        (left, low), (x, y) = points[far], points[near]
        if x >= edge:
            return False
        passes = low + (found[far] - low) * (x - left) / (edge - left)
        return (y - passes) * (found[near] - found[far]) < 0.0

    pairs = list(combinations(range(len(points)), 2))
    while pair := next((pair for pair in pairs if cross(*pair)), None):
        one, other = pair
        found[one], found[other] = found[other], found[one]
    return found
