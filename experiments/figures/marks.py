"""Marks of figures of studies: an effect with its interval and verdict, arms, the band of relevance."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments import text
from experiments.figures.about import About
from experiments.figures.captions import folded
from experiments.figures.pick import ARMS, SHOWN, idle
from experiments.messages import say
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
    """Draw one effect at a place: thick Monte Carlo interval, thin uncertainty interval, marker by verdict.

    It is a dash where the effect is exactly zero in every draw.
    """

    def draw(ends: Sequence[float], **how: Any) -> None:
        places = [place] * len(ends)
        axes.plot(*((places, ends) if upright else (ends, places)), **how)

    centre = float(row.get("centre", row["mean"]))
    if not math.isfinite(centre):
        return
    still = row["mean"] == row["low"] == row["high"] == 0.0
    for low, high, width in () if still else (("low", "high", 0.9), ("mc_low", "mc_high", 2.8)):
        if math.isfinite(row[low]) and math.isfinite(row[high]):
            draw([row[low], row[high]], color=colour, linewidth=width, solid_capstyle="butt", zorder=3, alpha=0.85)
    how = _DASH if still else look(str(row["verdict"]), colour, marker, size)
    draw([0.0 if still else centre], gid=str(row.get("id", "")) or None, **how)


def marks(
    axes: Axes,
    rows: pd.DataFrame,
    by: str,
    names: Sequence[str],
    colour: Mapping[str, str],
    marker: Mapping[str, str],
    *,
    upright: bool = False,
    size: float = 5.0,
) -> None:
    """Draw the effects of rows at their ``place``, those of each name in column ``by`` side by side."""
    for row in rows[rows[by].isin(list(names))].to_dict("records"):
        shift = (names.index(row[by]) - (len(names) - 1) / 2) * 0.7 / len(names)
        mark(axes, row["place"] + shift, pd.Series(row), colour[row[by]], marker[row[by]], upright, size)


def look(verdict: str, colour: str, marker: str = "o", size: float = 5.0) -> dict[str, Any]:
    """Return a marker by verdict: filled if it raises or lowers, small and grey if negligible, else open."""
    base: dict[str, Any] = {"marker": marker, "linestyle": "none", "zorder": 5, "markersize": size}
    if verdict in SHOWN:
        return base | {"color": colour, "markeredgecolor": "white", "markeredgewidth": 0.5}
    if verdict == "negligible":
        return base | {"color": "#777777", "markersize": 0.55 * size, "markeredgewidth": 0.0, "zorder": 6}
    return base | {"markerfacecolor": "white", "markeredgecolor": colour, "markeredgewidth": 1.1}


def spans(rows: pd.DataFrame, margin: float) -> list[float]:
    """Return all that an axis of effects must hold: centres, intervals and the margin."""
    return [*rows[["centre", "low", "high"]].to_numpy().ravel(), margin, -margin]


def policies_on(axes: Axes, policies: Sequence[str], about: About) -> None:
    """Label the rows of a panel with policies, those that are judged by the attack rate with a dagger."""
    words = [text.policy_heading(one) + " †" * (about.outcome(one) == "rate") for one in policies]
    axes.set_yticks(range(len(policies)), [folded(one, 26) for one in words], linespacing=0.95)
    axes.set_ylim(len(policies) - 0.4, -0.6)


def relevance(axes: Axes, margin: float, upright: bool = False) -> None:
    """Draw a grey band where effects are negligible, and a line at zero."""
    span, line = (axes.axhspan, axes.axhline) if upright else (axes.axvspan, axes.axvline)
    if math.isfinite(margin) and margin > 0:
        span(-margin, margin, color=BAND, linewidth=0, zorder=0)
    line(0, color="#777777", linewidth=0.8, zorder=1)


# --- legends ---------------------------------------------------------------------------------------------------------


def legend_of_arms(arms: Sequence[str], marked: bool = True) -> list[Line2D]:
    """Return the handles of the arms."""
    shape = markers(arms) if marked else dict.fromkeys(arms, "")
    return legend_of({arm: text.arm(arm) for arm in arms}, colours(arms), shape)


def legend_of_groups(profiles: Sequence[str]) -> list[Line2D]:
    """Return the handles of the groups."""
    names = {profile: text.heading(profile) for profile in profiles}
    return legend_of(names, colours(profiles, PROFILES), markers(profiles))


def legend_of_verdicts(rows: pd.DataFrame | None = None, band: bool = True) -> list[Any]:
    """Return the handles of the verdicts, of the dash if any of these rows has one, and of the band of relevance."""
    handles: list[Any] = [
        Line2D([], [], label=say("plot-verdict", verdict=verdict), **look(verdict, DARK))
        for verdict in ("raises", "inconclusive", "negligible")
    ]
    if rows is not None and idle(rows).any():
        handles.append(Line2D([], [], label=say("plot-verdict", verdict="idle"), **_DASH))
    return [*handles, Patch(color=BAND, label=say("plot-verdict", verdict="margin"))] if band else handles
