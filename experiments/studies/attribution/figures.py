"""The figures of the attribution study: precision by base rate, jumps of a pooled wallet, what vendors change."""

import textwrap
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, NullLocator

from experiments.figures.marks import PROFILES, colours, legend_of_verdicts, mark, markers, relevance
from experiments.figures.words import EFFECT, centred, counted, group_heading, profiles_of, sentence
from experiments.studies.attribution.words import near, outcome_words, percent, usual, weeks_of
from sim.engine.text import listed
from sim.plots.layout import DARK, GREY, PRINT, grid
from sim.plots.panels import at, legend_of, plain, scale

_WALLETS = {"one wallet": "#0173b2", "any wallet": "#de8f05"}
_CURVE = "#555555"
_FEW = 5
"""Draws below which a base rate is not shown, where another has as many."""
_SHOWN = ("capacity", "true_attributions", "lawful_frozen", "wasted_cases")


def draw(tables: Mapping[str, pd.DataFrame], folder: Path, provenance: dict[str, str]) -> list[Path]:
    """Draw and write every figure for which the tables hold something; return the files."""
    figures = {
        "1_precision": partial(precision, tables),
        "2_wallet": partial(wallet, tables),
        "3_harm": partial(harm, tables["effects"]),
    }
    return PRINT.draw(figures, folder, provenance)


def _first(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Rows of the first level of every factor of the user's own, which stand before a column."""
    for name in list(table.columns[: list(table.columns).index(column)]) if len(table) else []:
        table = table[table[name] == table[name].iloc[0]]
    return table


# --- precision -------------------------------------------------------------------------------------------------------


def title_of_precision(even: pd.DataFrame) -> str:
    """Below which base rate a hit of each vendor is more likely false than true, in the runs."""
    told = [
        f"{row['vendor']} vendor: below a base rate of {percent(row['measured']).replace(' ', '')} "
        f"({100 * row['measured_low']:.2g} to {100 * row['measured_high']:.2g}%)"
        if np.isfinite(row["measured"])
        else f"{row['vendor']} vendor: at every base rate"
        for row in even.to_dict("records")
    ]
    return sentence(["a hit is more likely false than true", *told])


def precision(tables: Mapping[str, pd.DataFrame], provenance: dict[str, str]) -> tuple[Figure, str] | None:
    """Share of true hits by base rate, a panel a vendor, with Bayes' curve and the published illicit share."""
    points, curve, even = (_first(tables[name], "vendor") for name in ("by_base", "curve", "even"))
    if points.empty:
        return None
    points = points[points["n"] >= min(_FEW, points["n"].max())]
    vendors, profiles = list(dict.fromkeys(points["vendor"])), profiles_of(points)
    figure = PRINT.frame(2.9)
    title = title_of_precision(even)
    colour, marker = colours(profiles, PROFILES), markers(profiles)
    handles: list[Any] = legend_of({one: group_heading(one) for one in profiles}, colour, marker)
    bayes = [
        Line2D([], [], color=_CURVE, linewidth=1.4, label="Bayes' rule, middle draw"),
        Patch(color="#d9d9d9", label="middle 95% of draws"),
        Patch(color="#f3dfb6", label="published illicit share of crypto"),
    ]
    subtitle = (
        "Share of a vendor's hits that are true, where nobody else attributes, by the share of right links among all "
        f"leads (half a decade each), which lawful money moves. {int(even['draws'].max())} draws of the parameters "
        "that nobody knows. Marker: middle draw; bar: middle 95% of draws."
    )
    PRINT.head_and_foot(figure, title, subtitle, provenance, handles, bayes)
    for axes, vendor in zip(grid(figure, len(vendors), 2), vendors, strict=True):
        own = even[even["vendor"] == vendor].iloc[0]
        axes.axvspan(own["published_low"], own["published_high"], color="#f3dfb6", linewidth=0, zorder=0)
        _curve(axes, curve[curve["vendor"] == vendor])
        for profile in profiles:
            rows = points[(points["vendor"] == vendor) & (points["profile"] == profile)]
            _points(axes, rows, colour[profile], marker[profile])
        axes.set_title(f"{vendor.capitalize()} vendor")
        _base_rates(axes, points)
    PRINT.beside(figure, "share of hits that are true")
    return figure, title


def _curve(axes: Axes, rows: pd.DataFrame) -> None:
    ends = rows["precision_low"].to_numpy(), rows["precision_high"].to_numpy()
    axes.fill_between(rows["base"].to_numpy(), *ends, color="#d9d9d9", linewidth=0, zorder=1)
    axes.plot(rows["base"], rows["precision"], color=_CURVE, linewidth=1.4, zorder=2)
    axes.axhline(0.5, color=GREY, linewidth=0.8, linestyle=(0, (4, 3)), zorder=2)


def _points(axes: Axes, rows: pd.DataFrame, colour: str, marker: str) -> None:
    """The middle draw at each base rate with the middle 95 % of draws."""
    for row in rows.to_dict("records"):
        ends = [row["precision_low"], row["precision_high"]]
        axes.plot([row["base"]] * 2, ends, color=colour, linewidth=0.9, zorder=4)
        look: dict[str, Any] = {"color": colour, "marker": marker, "markersize": 4.5, "markeredgecolor": "white"}
        axes.plot([row["base"]], [row["precision"]], markeredgewidth=0.5, zorder=5, **look)


def _base_rates(axes: Axes, points: pd.DataFrame) -> None:
    """A log scale of base rates in per cent, as far as they go."""
    axes.set_xscale("log")
    least = points["base"][points["base"] > 0].min()
    axes.set_xlim(10.0 ** np.floor(np.log10(least)), 1.0)
    ticks = [10.0**power for power in range(int(np.floor(np.log10(least))), 1)]
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticklabels([f"{100 * tick:g}%" for tick in ticks])
    axes.set_ylim(-0.02, 1.02)
    axes.set_xlabel("base rate (log scale)")


# --- the wallet ------------------------------------------------------------------------------------------------------


def title_of_wallet(jumps: pd.DataFrame) -> str:
    """How often pooled wallets jump without any money of the group, and what vendors make of it."""
    rows = usual(jumps)
    one = rows.iloc[0]
    first = (
        f"without any money of the group one wallet jumps {_rate(one, 'a_processor')} times a year, all "
        f"{one['processors']:.0f} together {_rate(one, 'a_year')} times"
    )
    read = [
        f"by the {row['vendor']} vendor {_percent(row['read'], row['read_low'], row['read_high'])}"
        for row in rows.to_dict("records")
    ]
    return sentence([first, f"read as the group's: {listed(read)}"])


def _percent(*ends: float) -> str:
    """A share with its interval in per cent."""
    middle, low, high = (100.0 * end for end in ends)
    return near(middle, low, high, digits=1, unit="%")


def _rate(row: "pd.Series[float]", name: str) -> str:
    return near(row[name], row[f"{name}_low"], row[f"{name}_high"], digits=2)


def wallet(tables: Mapping[str, pd.DataFrame], provenance: dict[str, str]) -> tuple[Figure, str] | None:
    """One wallet over time with its jumps, and the share of wallets that have jumped within so many weeks."""
    one, waits = tables["wallet"], tables["waiting"]
    jumps = _first(tables["jumps"], "vendor")
    if one.empty or waits.empty or jumps.empty:
        return None
    figure = PRINT.frame(2.7)
    title = title_of_wallet(jumps)
    rows = usual(jumps)
    subtitle = (
        "Left: balance of one processor's pooled wallet, the first replication in which it jumps; circles: jumps from "
        "about 0.5 to about 4.5 million USD and back within a week, told from the balance alone. Right: share of "
        f"{int(waits['n'].max())} replications with at least one jump. Assumed transfers of its own a processor-year: "
        f"{rows['intermediaries.pool_jumps'].iloc[0]:g}."
    )
    dot: dict[str, Any] = {"color": "#b83b00", "marker": "o", "linestyle": "none", "markersize": 4.5}
    handles = [
        Line2D([], [], **dot, label="jump, claimed by a vendor"),
        Line2D([], [], **dot, markerfacecolor="white", label="jump, claimed by none"),
        Line2D([], [], color=GREY, linestyle=(0, (4, 3)), linewidth=1.0, label="0.5 and 4.5 million USD"),
        Line2D([], [], color=DARK, linestyle=(0, (1, 1.2)), linewidth=1.4, label="formula"),
        Patch(color="#d9d9d9", label="95% interval"),
    ]
    whose = [Line2D([], [], color=colour, linewidth=1.6, label=name) for name, colour in _WALLETS.items()]
    PRINT.head_and_foot(figure, title, subtitle, provenance, handles[:3], [*whose, *handles[3:]])
    left, right = figure.subplots(1, 2, gridspec_kw={"width_ratios": (3, 2)})
    _balance(left, one)
    _waits(right, waits)
    return figure, title


def _balance(axes: Axes, one: pd.DataFrame) -> None:
    dates = at(pd.to_datetime(one["date"]).to_numpy())
    millions = one["wallet"].to_numpy() / 1e6
    axes.plot(dates, millions, color="#0173b2", linewidth=0.9)
    for level in (0.5, 4.5):
        axes.axhline(level, color=GREY, linewidth=1.0, linestyle=(0, (4, 3)), zorder=1)
    jump = one["jump"].to_numpy(dtype=bool)
    for place in np.flatnonzero(jump):
        who = str(one["read_by"].iloc[place])
        face = "#b83b00" if who else "white"
        axes.plot([dates[place]], [millions[place]], marker="o", markersize=5, markerfacecolor=face, color="#b83b00")
        if who:
            axes.annotate(who.replace("+", ",\n"), (dates[place], millions[place]), xytext=(5, 0), fontsize=6.8,
                          textcoords="offset points", va="center")  # fmt: skip
    locator = AutoDateLocator(minticks=3, maxticks=7)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    axes.grid(visible=False, axis="x")
    axes.set_ylim(0.0, max(5.0, 1.12 * float(millions.max())))
    axes.set_title("One wallet, no money of the group")
    axes.set_ylabel("million USD")


def _waits(axes: Axes, waits: pd.DataFrame) -> None:
    for whose, rows in waits.groupby("whose", sort=False):
        weeks, colour = rows["weeks"].to_numpy(), _WALLETS[str(whose)]
        axes.fill_between(
            weeks, rows["share_low"], rows["share_high"], color=colour, alpha=0.18, linewidth=0, step="post"
        )
        axes.step(weeks, rows["share"], where="post", color=colour, linewidth=1.4)
        axes.plot(weeks, rows["formula"], color=DARK, linewidth=1.2, linestyle=(0, (1, 1.2)))
    axes.set_ylim(0.0, 1.02)
    axes.set_title("Has jumped at least once")
    axes.set_xlabel("within so many weeks")
    axes.set_ylabel("share of replications")


# --- harm ------------------------------------------------------------------------------------------------------------


def title_of_harm(rows: pd.DataFrame) -> str:
    """For each vendor what it changes in capacity and in lawful money frozen, by verdict."""
    clauses = []
    for vendor, some in rows.groupby("vendor", sort=False):
        told = [
            f"{outcome_words(name)}: {_verdicts(some[some['outcome'] == name])}"
            for name in ("capacity", "lawful_frozen")
        ]
        clauses.append(f"{vendor} vendor instead: {', '.join(told)}")
    return sentence(clauses)


def _verdicts(rows: pd.DataFrame) -> str:
    """The verdict of all groups, or each group's where they differ; of an effect also its direction."""
    told = {group_heading(str(row["profile"])).lower(): _verdict(pd.Series(row)) for row in rows.to_dict("records")}
    if len(set(told.values())) == 1:
        return next(iter(told.values()))
    return listed([f"{verdict} in the {who}" for who, verdict in told.items()])


def _verdict(row: "pd.Series[Any]") -> str:
    verdict = str(row["verdict"])
    return ("more" if row["centre"] > 0 else "less") if verdict == EFFECT else verdict


def harm(effects: pd.DataFrame, provenance: dict[str, str]) -> tuple[Figure, str] | None:
    """What each vendor changes against the one that is always run: capacity, hits, lawful money, wasted cases."""
    rows = _of_status_quo(effects)
    if rows.empty:
        return None
    vendors, profiles = list(dict.fromkeys(rows["vendor"])), profiles_of(rows)
    figure = PRINT.frame(0.8 + 0.42 * len(vendors))
    title = title_of_harm(rows)
    colour, marker = colours(profiles, PROFILES), markers(profiles)
    handles = legend_of({one: group_heading(one) for one in profiles}, colour, marker)
    subtitle = (
        f"Each vendor minus the one that is always run, means over {weeks_of(rows)}. "
        f"{counted(rows)} Loud: accuses as readily as the eager vendor, sees as the careful one; sharp: the other way."
    )
    PRINT.head_and_foot(figure, title, subtitle, provenance, handles, legend_of_verdicts(rows))
    first = None
    for place, outcome in enumerate(_SHOWN):
        axes = figure.add_subplot(1, len(_SHOWN), place + 1, sharey=first)
        first = first or axes
        axes.tick_params(labelleft=place == 0)
        some = rows[rows["outcome"] == outcome]
        _panel(axes, some, vendors, profiles, colour, marker)
        axes.set_title(textwrap.fill(outcome_words(outcome), 22), fontsize=8)
    return figure, title


def _amount(value: float) -> str:
    """A signed number on an axis, a large one in full."""
    return f"{value:+,.0f}" if abs(value) >= 1000.0 else plain(value)


def _of_status_quo(effects: pd.DataFrame) -> pd.DataFrame:
    """Effects in the first policy and the first level of the user's own factors."""
    if effects.empty:
        return effects
    known = {"id", "contrast", "vendor", "profile"}
    rows = effects
    for name in list(effects.columns[: list(effects.columns).index("outcome")]):
        rows = rows if name in known else rows[rows[name] == rows[name].iloc[0]]
    return centred(rows)


def _panel(
    axes: Axes, rows: pd.DataFrame, vendors: Sequence[str], profiles: Sequence[str], colour: Mapping[str, str],
    marker: Mapping[str, str],
) -> None:  # fmt: skip
    """One outcome: a line a vendor and group."""
    margin = float(rows["margin"].min())
    relevance(axes, margin)
    for row in rows.to_dict("records"):
        key = str(row["profile"])
        shift = (profiles.index(key) - (len(profiles) - 1) / 2) * 0.7 / len(profiles)
        mark(axes, vendors.index(row["vendor"]) + shift, pd.Series(row), colour[key], marker[key], size=4.5)
    unit = str(rows["unit"].iloc[0])
    spans = rows[["centre", "low", "high"]].to_numpy().ravel()
    threshold = 10.0 ** np.ceil(np.log10(margin)) if margin > 0 else 0.0
    how = scale(axes, "x", [*spans, margin, -margin], threshold, _amount, 1.4)
    axes.set_xlabel(unit + (f"\n(logarithmic beyond ±{threshold:g})" if how else ""), fontsize=6.8)
    axes.set_yticks(range(len(vendors)), vendors)
    axes.set_ylim(len(vendors) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
