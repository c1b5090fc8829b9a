"""The figures on traceability: the map of link and gifts a week, and what a link does in each structure."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from experiments import text
from experiments.figures.pick import profiles_of
from experiments.findings import say, where
from experiments.studies.traceability.report import GIFTS, about_of
from experiments.study.reporting import Plan, Tables
from experiments.study.tables import margin
from sim.law import threshold_link
from sim.plots.layout import DARK, GREY, Drawing, Drawn, Sheet
from sim.plots.panels import colours, legend_of

_KINDS: dict[str, dict[str, Any]] = {
    "never": {"markersize": 2.2, "alpha": 0.55, "markeredgewidth": 0.0},
    "could": {"markersize": 4.0, "markerfacecolor": "white", "markeredgewidth": 1.0},
    "does": {"markersize": 4.5, "markeredgecolor": "white", "markeredgewidth": 0.4},
}
_BOUND: dict[str, Any] = {"color": DARK, "linewidth": 1.3, "linestyle": (0, (4, 1.5))}
_ROADS = ("capacity", "campaign_given", "frozen_share")


def figures(plan: Plan, tables: Tables) -> dict[str, Drawing]:
    """Return the map and the roads."""
    return {
        "1_map": partial(law_map, tables["points"], tables["map_turning"], tables["map"], margin(plan)),
        "2_roads": partial(by_road, tables["roads"]),
    }


def law_map(
    points: pd.DataFrame, turning: pd.DataFrame, found: pd.DataFrame, margin: float, sheet: Sheet
) -> Drawn | None:
    """Draw the turning line of each coin by link and gifts a week, with its interval and a dot a draw; a panel a group.

    Where the line or its upper end has no link, the band goes on to the right.
    """
    if points.empty:
        return None
    colour = colours(points["coin"].unique(), "rails")

    def panel(axes: Axes, profile: str) -> None:
        here = where(points, profile=profile)
        for coin, line in where(turning, profile=profile).groupby("coin", sort=False):
            some = line[line["link_low"].notna()]
            ends = some["link_low"].astype(float), some["link_high"].astype(float).fillna(2.0)
            axes.fill_betweenx(some["gifts"], *ends, color=colour[str(coin)], alpha=0.15, linewidth=0)
            axes.plot(line["link"], line["gifts"], color=colour[str(coin)], linewidth=1.4)
        bound = about_of(here.median(numeric_only=True), "elasticity") | {"income_share": 1.0, "freezable": 1.0}
        axes.plot(threshold_link(margin, **bound | {"gifts": GIFTS}), GIFTS, **_BOUND)
        for (coin, side), some in here.groupby(["coin", "side"], sort=False):
            axes.plot(some["link"], some["gifts"], "o", color=colour[str(coin)], **_KINDS[str(side)])
        axes.set(xlim=(-0.02, 1.02), yscale="log", ylim=(GIFTS[0], GIFTS[-1]))
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
        axes.set_title(text.heading(profile))

    most = found.loc[found["matters"].idxmax()]
    about = {"coin": str(most["coin"]), "group": text.heading(str(most["profile"])).lower()}
    about |= {"share": f"{most['matters']:.0%}"}
    words = {"margin": f"{100.0 * margin:g}", "most": "some" if most["matters"] > 0 else "none"}
    shown = [Line2D([], [], marker="o", linestyle="none", color=DARK, **how) for how in _KINDS.values()]
    shown += [Line2D([], [], color=GREY, linewidth=1.4), Line2D([], [], **_BOUND)]
    for handle, kind in zip(shown, (*_KINDS, "line", "bound"), strict=True):
        handle.set_label(say("traceability-point", kind=kind, margin=words["margin"]))
    names = {coin: coin for coin in colour}
    return sheet.small_multiples(
        profiles_of(points),
        panel,
        title=say("traceability-map-title", **words, **about),
        legends=[legend_of(names, colour, dict.fromkeys(names, "o")), shown],
        below=say("traceability-link"),
        ylabel=say("traceability-gifts"),
    )


def by_road(roads: pd.DataFrame, sheet: Sheet) -> Drawn | None:
    """Draw the median effect of a link, a line a structure: capacity, gifts and share frozen below each other."""
    if roads.empty:
        return None
    rows = where(roads.assign(link=roads["link"].astype(float)), profile=roads["profile"].iloc[0])
    structures, coins = list(rows["structure"].unique()), list(rows["coin"].unique())
    colour = colours(structures)

    def panel(axes: Axes, key: tuple[str, str]) -> None:
        for name in structures:
            here = where(rows, outcome=key[0], coin=key[1], structure=name).sort_values("link")
            line = [0.0, *here["link"]], [0.0, *here["median"]]
            axes.plot(*line, "o-", color=colour[name], markersize=3, linewidth=1.2)
        axes.set_title(say("traceability-panel", outcome=key[0], coin=text.capital(key[1])), fontsize=8)

    whole = where(rows, outcome="capacity", link=1.0).set_index(["coin", "structure"])["median"]
    about = {}
    for coin in ("bitcoin", "monero"):
        for end, structure in (("", "default"), ("-freezing", "freezing")):
            about[f"{coin}{end}"] = text.number(whole.get((coin, structure), np.nan), 2, sign=True) + "%"
    return sheet.small_multiples(
        [(outcome, coin) for outcome in _ROADS for coin in coins],
        panel,
        title=say("traceability-roads-title", **about),
        legends=[legend_of({name: name for name in structures}, colour, dict.fromkeys(structures, "o"))],
        height=1.6,
        columns=len(coins),
        share="x",
        below=say("traceability-link"),
    )
