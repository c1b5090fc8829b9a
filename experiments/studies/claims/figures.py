"""The figures of a claimed sum: how well the record agrees with each sum, and what the sum implies over time."""

import math
from datetime import date
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

from experiments.figures.marks import BAND, colours, markers
from experiments.stats import estimates
from experiments.studies.claims.measures import BARE, SILENT, STRONG, day_of
from experiments.studies.claims.report import claim_words, condition, limit_words, main_reading, row_of
from experiments.studies.claims.report import usd as in_words
from sim.engine.text import capital, usd
from sim.plots.arms import SWITCH
from sim.plots.layout import DARK, GREY, PRINT
from sim.plots.panels import at

_FLOOR, _TOP = 1e-3, 30.0  # of the axis of Bayes factors; what lies beyond is marked at the edge
_TICKS = (0.001, 0.01, 0.05, 1.0 / 3.0, 1.0, 3.0, 20.0)
_WORDS = ("1/1000", "1/100", "1/20", "1/3", "1", "3", "20")
_WITH, _WITHOUT = "#de8f05", "#0173b2"
_ZONES = ((0.0, 1.0 / STRONG, "#e9d5cc", "rejected"), (1.0 / STRONG, 1.0 / BARE, "#f4ebe6", "hardly compatible"))

type Tables = dict[str, pd.DataFrame]


# --- compatibility ---------------------------------------------------------------------------------------------------


def title_of_compatibility(tables: Tables, about: dict[str, Any]) -> str:
    """The verdict on each sum that was asked about, and from which sum on a claim is rejected."""
    table = tables["claims"]
    name = main_reading(table)
    shared = condition(about, "reading", name)
    told = [
        f"{claim_words(amount, about)}: "
        + ", ".join(filter(None, (shared, row_of(table, amount, "reading", name)["verdict"])))
        for amount in about["claimed"]
    ]
    return "; ".join([*told, limit_words(tables["limits"], name, table["amount"].max(), table["amount"].min())])


def compatibility(tables: Tables, about: dict[str, Any], provenance: dict[str, str]) -> tuple[Figure, str]:
    """The Bayes factor of each sum, by kind of figure and of all together, with 95 % intervals.

    Args:
        tables: of `experiments.studies.claims.report`.
        about: what was asked.
        provenance: for the small print.
    """
    table = tables["claims"]
    figure, title = PRINT.frame(5.4), title_of_compatibility(tables, about)
    zones: list[Any] = [Patch(color=colour, label=words) for _, _, colour, words in _ZONES]
    zones += [Patch(color=BAND, label=SILENT)]
    zones += [Line2D([], [], color=SWITCH, linewidth=1.1, linestyle=(0, (1, 1.5)), label="claimed sum")]
    look: dict[str, Any] = {"color": DARK, "markerfacecolor": "white", "marker": "o", "markersize": 4}
    zones += [
        Line2D([], [], linestyle="none", label=f"hollow: not judged, under {estimates.FEW} draws carry it", **look)
    ]
    subtitle = (
        "How many times as probable the published figures are with the money as without (Bayes factor, log scale), on "
        "the same luck and draws of what nobody knows. Line: 95 % interval over the "
        f"{about['draws']:,} draws that were made. Arrows: beyond the axis."
    )
    PRINT.head_and_foot(figure, title, subtitle, provenance, zones)
    upper, lower = figure.subplots(2, 1, sharex=True, sharey=True)
    for axes, kind, heading in ((upper, "group", "By kind of figure"), (lower, "reading", "All together")):
        axes.set_title(heading)
        _factors(axes, table[table["kind"] == kind], about)
    lower.set_xlabel("claimed sum, USD (log scale)")
    return figure, title


def _factors(axes: Axes, rows: pd.DataFrame, about: dict[str, Any]) -> None:
    """One panel: a line for each group or reading, side by side at each sum."""
    for low, high, shade, _ in _ZONES:
        axes.axhspan(max(low, _FLOOR / 2), high, color=shade, linewidth=0, zorder=0)
    axes.axhspan(1.0 / BARE, BARE, color=BAND, linewidth=0, zorder=0)
    axes.axhline(1.0, color=GREY, linewidth=0.8, zorder=1)
    for amount in about["claimed"]:
        axes.axvline(amount, color=SWITCH, linewidth=1.1, linestyle=(0, (1, 1.5)), zorder=1)
    names = list(dict.fromkeys(rows["name"]))
    colour, marker = colours(names, {}), markers(names)
    for place, name in enumerate(names):
        own = rows[rows["name"] == name].sort_values("amount")
        beside = 1.1 ** (place - (len(names) - 1) / 2)
        _line(axes, own, beside, colour[name], marker[name])
    axes.set(xscale="log", yscale="log", ylim=(_FLOOR / 1.6, _TOP * 1.6))
    amounts = rows["amount"].unique()
    axes.set_xlim(amounts.min() / 1.8, amounts.max() * 1.8)
    axes.xaxis.set_major_locator(FixedLocator([one for one in 10.0 ** np.arange(3, 11) if one <= 2 * amounts.max()]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(lambda value, _: usd(value))
    axes.yaxis.set_major_locator(FixedLocator(_TICKS))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_ticklabels(_WORDS)
    axes.grid(visible=False)
    handles = [
        Line2D([], [], color=colour[name], marker=marker[name], markersize=4, linewidth=1.2, label=name)
        for name in names
    ]
    axes.legend(handles=handles, loc="lower left", frameon=False, handletextpad=0.5, labelspacing=0.25)


def _line(axes: Axes, rows: pd.DataFrame, beside: float, colour: str, marker: str) -> None:
    """The factors of one group or reading, with intervals; arrows where they leave the axis."""
    places = rows["amount"].to_numpy() * beside
    values, low, high = (rows[name].clip(_FLOOR, _TOP).to_numpy() for name in ("factor", "low", "high"))
    axes.plot(places, values, color=colour, linewidth=0.9, alpha=0.5, zorder=3)
    axes.vlines(places, low, high, color=colour, linewidth=1.5, zorder=4)
    few = rows["effective"].map(estimates.few).to_numpy()
    inside = rows["factor"].between(_FLOOR, _TOP).to_numpy()
    for some, face in ((inside & ~few, colour), (inside & few, "white")):
        axes.plot(
            places[some], values[some], color=colour, markerfacecolor=face, marker=marker, markersize=3.8,
            linestyle="none", zorder=5,
        )  # fmt: skip
    for name, edge, arrow in (("low", _FLOOR, "v"), ("high", _TOP, "^")):
        beyond = (rows[name] < _FLOOR if arrow == "v" else rows[name] > _TOP).to_numpy()
        for some, face in ((beyond & ~few, colour), (beyond & few, "white")):
            axes.plot(
                places[some], np.full(some.sum(), edge), color=colour, markerfacecolor=face, marker=arrow,
                markersize=5, linestyle="none", zorder=6,
            )  # fmt: skip


# --- over time -------------------------------------------------------------------------------------------------------


def title_of_over_time(table: pd.DataFrame, about: dict[str, Any]) -> str:
    """The last quarter of each kind of figure for which something is published: with the money, without, published."""
    clauses = []
    amount = about["claimed"][0]
    for what, rows in table.groupby("what", sort=False):
        seen = rows[rows["published_high"].notna()]
        if seen.empty:
            continue
        quarter = seen["quarter"].max()
        with_, without = (seen[(seen["quarter"] == quarter) & (seen["amount"] == one)].iloc[0] for one in (amount, 0.0))
        low, high = usd(with_["published_low"]), usd(with_["published_high"])
        published = low if low == high else f"{low} to {high}"
        words = f"{usd(with_['middle'])} with it, {usd(without['middle'])} without, {published} published"
        clauses.append(f"{str(what).split(',')[0]}, {quarter[:4]} Q{quarter[5]}: {words}")
    return "; ".join([claim_words(amount, about), *clauses])


def over_time(tables: Tables, about: dict[str, Any], provenance: dict[str, str]) -> tuple[Figure, str]:
    """What runs have by quarter, with the money and without, beside what was published.

    Args:
        tables: of `experiments.studies.claims.report`.
        about: what was asked; of several sums the first is shown.
        provenance: for the small print.
    """
    table, amount = tables["over_time"], about["claimed"][0]
    whats = list(dict.fromkeys(table["what"]))
    figure, title = PRINT.frame(1.55 * len(whats)), title_of_over_time(table, about)
    handles = [
        Line2D([], [], color=_WITH, linewidth=1.6, label=f"with {in_words(amount)}"),
        Line2D([], [], color=_WITHOUT, linewidth=1.6, linestyle=(0, (4, 2)), label="without"),
        Line2D([], [], color=DARK, linewidth=2.2, label="published"),
    ]
    subtitle = (
        f"Line: middle draw; band: middle 90 % of {about['draws']:,} draws of what nobody knows, not weighed by the "
        "record. A figure published of a year is shared out among its quarters; the money comes between the dotted "
        "lines."
    )
    PRINT.head_and_foot(figure, title, subtitle, provenance, handles)
    panels = figure.subplots(len(whats), 1, sharex=True, squeeze=False)[:, 0]
    for axes, what in zip(panels, whats, strict=True):
        rows = table[table["what"] == what]
        axes.set_title(capital(what))
        _paths(axes, rows, amount)
        for day in (about["since"], about["by"]):
            axes.axvline(at(day), color=SWITCH, linewidth=1.0, linestyle=(0, (1, 1.5)), zorder=1)
        axes.set_ylabel(str(rows["unit"].iloc[0]))
        axes.yaxis.set_major_formatter(lambda value, _: usd(value))
        axes.grid(visible=False, axis="x")
        axes.set_ylim(bottom=0.0)
    first, last = (day_of(end(table["quarter"])) for end in (min, max))
    panels[-1].set_xlim(at(first), at(date(last.year, 12, 31)))
    years = [date(year, 1, 1) for year in range(first.year, last.year + 2)]
    panels[-1].set_xticks([at(day) for day in years], [str(day.year) for day in years])
    return figure, title


def _paths(axes: Axes, rows: pd.DataFrame, amount: float) -> None:
    """One panel: both arms, and what was published as a bar over its quarter."""
    for one, colour, dashes in ((0.0, _WITHOUT, (0, (4, 2))), (amount, _WITH, "-")):
        own = rows[rows["amount"] == one].sort_values("quarter")
        days = np.array([at(day) for day in own["date"]])
        axes.fill_between(days, own["draws_low"], own["draws_high"], color=colour, alpha=0.18, linewidth=0, zorder=2)
        axes.plot(days, own["middle"], color=colour, linewidth=1.5, linestyle=dashes, zorder=4)
    for row in rows[(rows["amount"] == 0.0) & rows["published_high"].notna()].to_dict("records"):
        left = at(day_of(row["quarter"]))
        look: dict[str, Any] = {"color": DARK, "linewidth": 2.0, "zorder": 5, "solid_capstyle": "butt"}
        if math.isclose(row["published_low"], row["published_high"]):
            axes.plot([left, left + 90], [row["published_low"]] * 2, **look)
        else:
            axes.plot([left + 45] * 2, [row["published_low"], row["published_high"]], **look)


def save_claims(
    tables: Tables, about: dict[str, Any], folder: Path, provenance: dict[str, str], stem: str
) -> list[Path]:
    """Draw and write both; return the files."""
    figures = {
        f"compatibility{stem}": partial(compatibility, tables, about),
        f"over_time{stem}": partial(over_time, tables, about),
    }
    return PRINT.draw(figures, folder, provenance)
