"""Marks of figures of studies: effects with intervals and verdicts, arms, groups, the band of relevance."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments import text
from experiments.figures.pick import ARMS, SHOWN, idle
from experiments.messages import say
from sim.plots import panels
from sim.plots.layout import DARK

BAND = "#e8e8e8"
_DASH: dict[str, Any] = {"marker": "_", "linestyle": "none", "color": DARK, "markersize": 5.0, "zorder": 6}


class Series(NamedTuple):
    """Effects drawn side by side: a column of their table, and label, colour and marker of each of its values."""

    column: str
    labels: dict[str, str]
    colour: dict[str, str]
    marker: dict[str, str]

    def legend(self) -> list[Line2D]:
        """Return the handles of the values."""
        return panels.legend_of(self.labels, self.colour, self.marker)


def by_arm(arms: Sequence[str]) -> Series:
    """Return the arms as a series."""
    return Series("arm", {arm: text.arm(arm) for arm in arms}, panels.colours(arms, "arms"), markers(arms))


def by_group(profiles: Sequence[str]) -> Series:
    """Return the groups as a series."""
    labels = {profile: text.heading(profile) for profile in profiles}
    return Series("profile", labels, panels.colours(profiles, "groups"), markers(profiles))


def markers(names: Sequence[str]) -> dict[str, str]:
    """Return a marker for each name; an arm has its own."""
    order = {name: place for place, name in enumerate(ARMS)}
    shapes = panels.MARKERS
    return {name: shapes[order.get(name, place) % len(shapes)] for place, name in enumerate(names)}


def effects(
    axes: Axes,
    rows: pd.DataFrame,
    series: Series,
    margin: float,
    every: pd.DataFrame,
    inches: float,
    words: Callable[[float], str] = panels.plain,
    upright: bool = False,
    size: float = 5.0,
) -> None:
    """Draw effects at their ``place``, those of one place side by side, over the band of relevance.

    Args:
        axes: the panel.
        rows: of an effects table, with ``centre``.
        series: the values of a column that are drawn.
        margin: of relevance.
        every: all rows that the axis of effects must hold.
        inches: length of that axis.
        words: a tick as text.
        upright: whether that axis is upright.
        size: of a marker.
    """
    relevance(axes, margin, upright)
    names = list(series.labels)
    for row in rows[rows[series.column].isin(names)].to_dict("records"):
        name = row[series.column]
        place = row["place"] + (names.index(name) - (len(names) - 1) / 2) * 0.7 / len(names)
        _mark(axes, place, row, series.colour[name], series.marker[name], upright, size)
    ends = every[["centre", "low", "high"]].to_numpy().ravel()
    panels.scale(axes, "y" if upright else "x", [*ends, margin, -margin], words, inches)


def _mark(
    axes: Axes, place: float, row: Mapping[Any, Any], colour: str, marker: str, upright: bool, size: float
) -> None:
    """Draw one effect: thick Monte Carlo interval, thin uncertainty interval, marker by verdict.

    It is a dash where the effect is exactly zero in every draw.
    """

    def draw(ends: Sequence[float], **how: Any) -> None:
        places = [place] * len(ends)
        axes.plot(*((places, ends) if upright else (ends, places)), **how)

    if not math.isfinite(row["centre"]):
        return
    still = row["mean"] == row["low"] == row["high"] == 0.0
    for low, high, width in () if still else (("low", "high", 0.9), ("mc_low", "mc_high", 2.8)):
        if math.isfinite(row[low]) and math.isfinite(row[high]):
            draw([row[low], row[high]], color=colour, linewidth=width, solid_capstyle="butt", zorder=3, alpha=0.85)
    how = _DASH if still else look(str(row["verdict"]), colour, marker, size)
    draw([0.0 if still else row["centre"]], gid=str(row.get("id", "")) or None, **how)


def look(verdict: str, colour: str, marker: str = "o", size: float = 5.0) -> dict[str, Any]:
    """Return a marker by verdict: filled if it raises or lowers, half if it depends, grey if negligible, else open."""
    base: dict[str, Any] = {"marker": marker, "linestyle": "none", "zorder": 5, "markersize": size}
    if verdict in SHOWN:
        return base | {"color": colour, "markeredgecolor": "white", "markeredgewidth": 0.5}
    if verdict == "negligible":
        return base | {"color": "#777777", "markersize": 0.55 * size, "markeredgewidth": 0.0, "zorder": 6}
    edge = {"markerfacecolor": "white", "markeredgecolor": colour, "markeredgewidth": 1.1}
    half = {"fillstyle": "left", "markerfacecolor": colour, "markerfacecoloralt": "white"}
    return base | edge | (half if verdict == "depends" else {})


def lines_of(axes: Axes, names: Sequence[str]) -> None:
    """Label the lines of a panel, from top to bottom."""
    axes.set_yticks(range(len(names)), names, linespacing=0.95)
    axes.set_ylim(len(names) - 0.4, -0.6)


def relevance(axes: Axes, margin: float, upright: bool = False) -> None:
    """Draw a grey band where effects are negligible, and a line at zero."""
    span, line = (axes.axhspan, axes.axhline) if upright else (axes.axvspan, axes.axvline)
    if math.isfinite(margin) and margin > 0:
        span(-margin, margin, color=BAND, linewidth=0, zorder=0)
    line(0, color="#777777", linewidth=0.8, zorder=1)


def legend_of_verdicts(rows: pd.DataFrame | None = None, band: bool = True) -> list[Any]:
    """Return the handles of the verdicts, of the dash if any of these rows has one, and of the band of relevance."""
    looks = {verdict: look(verdict, DARK) for verdict in ("raises", "depends", "inconclusive", "negligible")}
    if rows is not None and idle(rows).any():
        looks["idle"] = _DASH
    handles: list[Any] = [Line2D([], [], label=say("plot-verdict", verdict=one), **how) for one, how in looks.items()]
    return [*handles, Patch(color=BAND, label=say("plot-verdict", verdict="margin"))] if band else handles
