"""The marks of figures of studies: an effect with its interval and verdict, arms, the band of relevance."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.figures.words import ARMS, EFFECT, NONE, OPEN, arm_words, idle, open_words
from sim.plots import panels
from sim.plots.layout import DARK
from sim.plots.panels import MARKERS, legend_of

BAND = "#e8e8e8"
PROFILES = {"is_core": "#332288", "donor_funded": "#cc6677", "external_network": "#117733"}
_ARM_COLOURS = {"none": "#222222", "announcement": "#0173b2", "full": "#de8f05", "placebo": "#cc78bc"}
_MORE = ("#029e73", "#b83b00", "#56b4e9", "#949494", "#c9b800", "#332288", "#44aa99", "#661100")
_DASH: dict[str, Any] = {"marker": "_", "linestyle": "none", "color": DARK, "markersize": 5.0, "zorder": 6}


def colours(names: Iterable[str], known: Mapping[str, str] = _ARM_COLOURS) -> dict[str, str]:
    """Return a colour-blind safe colour for each name; an arm has its own."""
    return panels.colours(names, known, (*_MORE, *_ARM_COLOURS.values()))


def markers(names: Sequence[str]) -> dict[str, str]:
    """Return a marker for each name; an arm has its own."""
    order = {name: place for place, name in enumerate(ARMS)}
    return {name: MARKERS[order.get(name, place) % len(MARKERS)] for place, name in enumerate(names)}


def mark(
    axes: Axes,
    place: float,
    row: "pd.Series[float]",
    colour: str,
    marker: str = "o",
    upright: bool = False,
    size: float = 5.0,
) -> None:
    """Draw one effect at a place: thick Monte Carlo interval, thin interval that counts, marker by verdict.

    It is a dash where the effect is exactly zero in every draw.
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
    """Return a marker by verdict: filled, hollow, or small and grey."""
    base: dict[str, Any] = {"marker": marker, "linestyle": "none", "zorder": 5, "markersize": size}
    if verdict == EFFECT:
        return base | {"color": colour, "markeredgecolor": "white", "markeredgewidth": 0.5}
    if verdict == NONE:
        return base | {"color": "#777777", "markersize": 0.55 * size, "markeredgewidth": 0.0, "zorder": 6}
    return base | {"markerfacecolor": "white", "markeredgecolor": colour, "markeredgewidth": 1.1}


def legend_of_arms(arms: Sequence[str], marked: bool = True) -> list[Line2D]:
    """Return the handles of the arms."""
    shape = markers(arms) if marked else dict.fromkeys(arms, "")
    return legend_of({arm: arm_words(arm) for arm in arms}, colours(arms), shape)


def legend_of_verdicts(rows: pd.DataFrame | None = None, band: bool = True, open_: str = OPEN) -> list[Any]:
    """Return the handles of the verdicts, as the rows that are shown have them, and of the band of relevance."""
    words = {EFFECT: "effect", "": open_ if rows is None else open_words(rows), NONE: "practically none"}
    handles: list[Any] = [Line2D([], [], label=label, **look(verdict, DARK)) for verdict, label in words.items()]
    if rows is not None and idle(rows).any():
        handles.append(Line2D([], [], label="no change at all: cannot act", **_DASH))
    return [*handles, Patch(color=BAND, label="within the margin of relevance")] if band else handles


def relevance(axes: Axes, margin: float, upright: bool = False) -> None:
    """Draw a grey band where effects are practically none, and a line at zero."""
    span, line = (axes.axhspan, axes.axhline) if upright else (axes.axvspan, axes.axvline)
    if math.isfinite(margin) and margin > 0:
        span(-margin, margin, color=BAND, linewidth=0, zorder=0)
    line(0, color="#777777", linewidth=0.8, zorder=1)
