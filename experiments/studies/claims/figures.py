"""Figures of a claimed sum: Bayes factors by sum, and the series that the sum implies beside published figures."""

import math
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator

from experiments.evidence.grammar import period
from experiments.figures.marks import BAND, markers
from experiments.messages import say
from experiments.studies.claims.measures import ENOUGH, POSITIVE, SILENT, STRONG
from experiments.studies.claims.report import Claim, claimed_in, claims_in, usd
from experiments.study.design import Plan
from experiments.study.reporting import Tables
from experiments.text import capital
from sim.engine.text import usd as short_usd
from sim.plots.arms import DOTTED
from sim.plots.layout import DARK, GREY, Drawing, Drawn, Sheet
from sim.plots.panels import at, colours

_FLOOR, _TOP = 1e-3, 30.0  # of the axis of Bayes factors; what lies beyond is an arrow at the edge
_TICKS = {0.001: "1/1000", 0.01: "1/100", 0.05: "1/20", 1.0 / 3.0: "1/3", 1.0: "1", 3.0: "3", 20.0: "20"}
_WITH, _WITHOUT = "#de8f05", "#0173b2"
_DOTTED = DOTTED | {"linewidth": 1.1}
_DASHED = (0, (4, 2))
_ZONES = (
    (_FLOOR / 2, 1.0 / STRONG, "#e9d5cc", "rejected"),
    (1.0 / STRONG, 1.0 / POSITIVE, "#f4ebe6", "hardly compatible"),
    (1.0 / POSITIVE, POSITIVE, BAND, SILENT),
)

BRIEF = {"over_time": "claims-sum"}
"""Figures that a brief shows, each with the kind of finding that is its title."""


def figures(plan: Plan, tables: Tables) -> dict[str, Drawing]:
    """Return two figures of each setting; of several settings, they are numbered."""
    claims = claims_in(tables, plan.study.aliases, claimed_in(plan))
    found: dict[str, Drawing] = {}
    for place, claim in enumerate(claims, 1):
        stem = f"_{place}" if len(claims) > 1 else ""
        found[f"compatibility{stem}"] = partial(compatibility, claim)
        found[f"over_time{stem}"] = partial(over_time, claim)
    return found


def title_of_compatibility(claim: Claim) -> str:
    """Return the verdict on each sum that was asked about."""
    values = {amount: claim.values(claim.row(amount)) for amount in claim.sums}
    return "; ".join(say("claim-title", **claim.money(amount), **own) for amount, own in values.items())


def compatibility(claim: Claim, sheet: Sheet) -> Drawn:
    """Draw the Bayes factor of each sum with its interval, by kind of figure and of all together."""
    zones: list[Any] = [Patch(color=colour, label=words) for _, _, colour, words in _ZONES]
    zones.append(Line2D([], [], label=say("claim-asked"), **_DOTTED))
    draws = f"{int(claim.rows['draws'].iloc[0]):,}"
    return sheet.small_multiples(
        ["group", "reading"],
        partial(_factors, claim=claim),
        title=title_of_compatibility(claim),
        caption=say("claim-factors-caption", draws=draws, enough=ENOUGH),
        legends=[zones],
        height=2.7,
        columns=1,
        below=say("claim-axis"),
    )


def _factors(axes: Axes, kind: str, claim: Claim) -> None:
    """One panel: a line for each kind of figure or reading, side by side at each sum."""
    rows = claim.rows[claim.rows["kind"] == kind]
    axes.set_title(say(f"claim-panel-{kind}"))
    for low, high, shade, _ in _ZONES:
        axes.axhspan(low, high, color=shade, linewidth=0, zorder=0)
    axes.axhline(1.0, color=GREY, linewidth=0.8, zorder=1)
    for amount in claim.sums:
        axes.axvline(amount, zorder=1, **_DOTTED)
    names = list(dict.fromkeys(rows["name"]))
    shades, shapes = colours(names), markers(names)
    for place, name in enumerate(names):
        own = rows[rows["name"] == name].sort_values("amount")
        own = own.assign(place=own["amount"] * 1.1 ** (place - (len(names) - 1) / 2))
        _line(axes, own, name, shades[name], shapes[name])
    least, most = claim.rows["amount"].min(), claim.rows["amount"].max()
    axes.set(xscale="log", yscale="log", ylim=(_FLOOR / 1.6, _TOP * 1.6), xlim=(least / 1.8, most * 1.8))
    axes.xaxis.set_major_locator(FixedLocator([one for one in 10.0 ** np.arange(3, 11) if one <= 2 * most]))
    axes.xaxis.set_major_formatter(lambda value, _: short_usd(value))
    axes.yaxis.set_major_locator(FixedLocator(list(_TICKS)))
    axes.yaxis.set_ticklabels(list(_TICKS.values()))
    axes.minorticks_off()
    axes.grid(visible=False)
    axes.legend(loc="lower left", frameon=False, handletextpad=0.5, labelspacing=0.25)


def _line(axes: Axes, rows: pd.DataFrame, name: str, colour: str, marker: str) -> None:
    """The factors of one group or reading, with intervals; arrows where they leave the axis, hollow if few draws."""
    places, (factor, low, high) = rows["place"], (rows[end].clip(_FLOOR, _TOP) for end in ("factor", "low", "high"))
    axes.plot(places, factor, color=colour, linewidth=0.9, alpha=0.5, zorder=3)
    axes.vlines(places, low, high, color=colour, linewidth=1.5, zorder=4)
    axes.plot([], [], color=colour, marker=marker, markersize=4, linewidth=1.2, label=name)
    few = rows["effective"] < ENOUGH
    points = [
        (marker, 3.8, factor, factor == rows["factor"]),
        ("v", 5.0, low, rows["low"] < _FLOOR),
        ("^", 5.0, high, rows["high"] > _TOP),
    ]
    for shape, size, heights, there in points:
        look: dict[str, Any] = {"color": colour, "marker": shape, "markersize": size, "linestyle": "none", "zorder": 5}
        for some, face in ((there & ~few, colour), (there & few, "white")):
            axes.plot(places[some], heights[some], markerfacecolor=face, **look)


def title_of_over_time(claim: Claim) -> str:
    """Return the last quarter with a published figure, of the first measure that has one."""
    rows, amount = claim.tables["over_time"], claim.sums[0]
    seen = rows[rows["published_high"].notna()]
    if seen.empty:
        return say("claim-over-time-none", **claim.money(amount))
    seen = seen[seen["what"] == seen["what"].iloc[0]]
    seen = seen[seen["quarter"] == seen["quarter"].max()].set_index("amount")
    low, high = (short_usd(seen.loc[0.0, f"published_{end}"]) for end in ("low", "high"))
    quarter = str(seen["quarter"].iloc[0])
    medians = {"with": short_usd(seen.loc[amount, "median"]), "without": short_usd(seen.loc[0.0, "median"])}
    published = low if low == high else say("interval", low=low, high=high)
    about = {"What": capital(str(seen["what"].iloc[0])), "quarter": f"{quarter[:4]} Q{quarter[5]}", "sum": usd(amount)}
    return say("claim-over-time-title", published=published, **about, **medians)


def over_time(claim: Claim, sheet: Sheet) -> Drawn:
    """Draw the series by quarter with the money and without, beside published figures; of the first sum asked about."""
    table, amount = claim.tables["over_time"], claim.sums[0]
    handles = [
        Line2D([], [], color=_WITH, linewidth=1.6, label=say("claim-with", sum=usd(amount))),
        Line2D([], [], color=_WITHOUT, linewidth=1.6, linestyle=_DASHED, label=say("claim-without")),
        Line2D([], [], color=DARK, linewidth=2.2, label=say("claim-published")),
    ]
    return sheet.small_multiples(
        list(dict.fromkeys(table["what"])),
        partial(_paths, table=table, claim=claim),
        title=title_of_over_time(claim),
        caption=say("claim-over-time-caption", draws=f"{int(claim.rows['draws'].iloc[0]):,}"),
        legends=[handles],
        height=1.55,
        columns=1,
        share="x",
    )


def _paths(axes: Axes, what: str, table: pd.DataFrame, claim: Claim) -> None:
    """One panel: the series with and without the money, and each published figure as a bar over its quarter."""
    rows = table[table["what"] == what]
    axes.set_title(capital(what))
    for amount, colour, dashes in ((0.0, _WITHOUT, _DASHED), (claim.sums[0], _WITH, "-")):
        own = rows[rows["amount"] == amount].sort_values("quarter")
        days = at(pd.to_datetime(own["date"]).dt.normalize().to_numpy())
        axes.fill_between(days, own["draws_low"], own["draws_high"], color=colour, alpha=0.18, linewidth=0, zorder=2)
        axes.plot(days, own["median"], color=colour, linewidth=1.5, linestyle=dashes, zorder=4)
    look: dict[str, Any] = {"color": DARK, "linewidth": 2.0, "zorder": 5, "solid_capstyle": "butt"}
    for row in rows[(rows["amount"] == 0.0) & rows["published_high"].notna()].to_dict("records"):
        left, ends = at(period(row["quarter"])[0]), [row["published_low"], row["published_high"]]
        axes.plot([left, left + 90] if math.isclose(*ends) else [left + 45] * 2, ends, **look)
    for day in (claim.since, claim.by):
        axes.axvline(at(day), zorder=1, **_DOTTED)
    axes.set_ylabel(str(rows["unit"].iloc[0]))
    axes.yaxis.set_major_formatter(lambda value, _: short_usd(value))
    axes.grid(visible=False, axis="x")
    axes.set_ylim(bottom=0.0)
    first, last = (period(end(table["quarter"]))[0] for end in (min, max))
    years = range(first.year, last.year + 2)
    axes.set_xlim(at(first), at(date(last.year, 12, 31)))
    axes.set_xticks([at(date(year, 1, 1)) for year in years], [str(year) for year in years])
