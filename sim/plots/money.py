"""Figures of money: its destinations, and the rails of gifts."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sim.engine.text import named, share, usd
from sim.plots.arms import after_switch, arm_in_words, rail_colours, switch_of, time_axis
from sim.plots.layout import DARK, SCREEN
from sim.plots.panels import MARKERS, at, label_ends, log_scale
from sim.results import window
from sim.scenario import Scenario
from sim.windows import counted, run_of

type Weekly = dict[str, pd.DataFrame]

_OUTCOMES = {
    "given": "Given by donors",
    "delivered": "Gifts delivered",
    "blocked": "Gifts blocked (returned)",
    "fees": "Fees, all money",
    "frozen": "Frozen, all money",
    "seized": "Seized, all money",
}
_TOTALS = {
    "collected": "local revenue",
    "given": "gifts given",
    "delivered": "gifts delivered",
    "blocked": "gifts blocked",
    "fees": "fees and spreads",
    "skimmed": "skimmed on the way",
    "frozen": "frozen",
    "seized": "seized",
}


def span_of(scenario: Scenario) -> str:
    """Return the span by which these figures group weeks: a quarter, or a year in a run of more than ten years."""
    return "quarter" if scenario.horizon.weeks <= 522 else "year"


def by_span(table: pd.DataFrame, span: str) -> pd.DataFrame:
    """Return the mean week of each quarter or year (by the week's first day), and how many ``weeks`` of it the run has.

    The index is the midpoint of those weeks on an axis of dates.
    """
    groups = table.groupby(table["date"].dt.to_period({"quarter": "Q", "year": "Y"}[span]))
    means = groups.mean(numeric_only=True).copy().assign(weeks=groups.size())
    midpoints = groups["date"].mean() + pd.Timedelta(days=3.5)
    return means.set_axis(at(midpoints.to_numpy()), axis=0)


# --- where the money went --------------------------------------------------------------------------------------------


def other_income(scenario: Scenario) -> str:
    """Return in words the income of the group besides gifts."""
    inflow = any(shock.type == "inflow" and shock.enabled for shock in scenario.shocks.values())
    return "local revenue and inflow" if inflow else "local revenue"


def _broken(words: str) -> str:
    return words.replace(" and ", "\nand ")


def title_of_money(table: pd.DataFrame, other: str = "local revenue") -> str:
    """Return the title: which share of income gifts are, and which share of gifts arrives."""
    given, collected = float(table["given"].sum()), float(table["collected"].sum())
    over = f"over {counted(len(table))}"
    if not given:
        return (
            f"No gifts in this run: all {usd(collected)} USD of income {over} is {other}"
            if collected
            else "No money came in"
        )
    arrived = f"{share(float(table['delivered'].sum()), given)} of what donors gave was delivered"
    if not collected:
        return f"All income is gifts: {usd(given)} USD {over}; {arrived}"
    income = given + collected
    return f"Gifts are {share(given, income)} of what came in {over} ({usd(given)} of {usd(income)} USD); {arrived}"


def _draw_totals(axes: Axes, table: pd.DataFrame, other: str) -> None:
    labels = _TOTALS | {"collected": _broken(other)}
    totals = {label: float(table[name].sum()) for name, label in labels.items() if table[name].sum() > 0}
    top = max(totals.values())
    for place, (label, value) in enumerate(totals.items()):
        colour = DARK if label == labels["collected"] else "#7f7f7f"
        axes.barh(place, value, color=colour, height=0.66)
        axes.text(value + 0.02 * top, place, usd(value), va="center", fontsize=9, color=DARK)
    axes.set_yticks(range(len(totals)), list(totals))
    axes.invert_yaxis()
    axes.set_xlim(0, 1.22 * top)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(lambda value, _: usd(value))
    axes.grid(visible=False, axis="y")
    axes.set_title("Whole run, USD (linear scale)")


def _draw_income(axes: Axes, means: pd.DataFrame, other: str) -> None:
    _draw_positive(axes, means["collected"].where(lambda usd: usd > 0).dropna(), DARK, "s", 3.5, label=_broken(other))
    _draw_positive(axes, means["given"].where(lambda usd: usd > 0).dropna(), "#7f7f7f", "o", 3.5, label="gifts")
    axes.margins(y=0.2)
    axes.legend(fontsize=9, frameon=False, loc="best", handlelength=1.5)
    axes.set_title("Income")


def _draw_positive(axes: Axes, values: "pd.Series[float]", colour: str, marker: str, size: float, **more: Any) -> None:
    """Draw a series on a log scale: a point that is zero has no mark; nothing where all are."""
    if values.gt(0).any():
        look: dict[str, Any] = {"color": colour, "marker": marker, "markersize": size, "linewidth": 1.6}
        axes.plot(values.index, values.where(values > 0), **look | more)


def rail_looks(scenario: Scenario) -> dict[str, tuple[str, str]]:
    """Return colour and marker of each rail."""
    return {rail: (colour, MARKERS[k]) for k, (rail, colour) in enumerate(rail_colours(scenario).items())}


def rail_legend(looks: dict[str, tuple[str, str]], used: list[str]) -> list[Line2D]:
    """Return colour and marker of each rail that a figure shows."""
    return [
        Line2D([], [], color=colour, marker=marker, markersize=6, linewidth=1.6, label=named(rail))
        for rail, (colour, marker) in looks.items()
        if rail in used
    ]


def money_figure(weekly: Weekly, scenario: Scenario, provenance: dict[str, str]) -> tuple[Figure, str] | None:
    """Draw where the money went, by rail and quarter; None if no money moved."""
    table = weekly["with"]
    means = by_span(table, span_of(scenario))
    rails = [rail.name for rail in scenario.rails]
    shown = [name for name in _OUTCOMES if any(table[f"{name}_{rail}"].gt(0).any() for rail in rails)]
    income = bool(table["given"].any() or table["collected"].any())
    if not shown and not income:
        return None
    used = [rail for rail in rails if any(table[f"{name}_{rail}"].gt(0).any() for name in shown)]
    panels = (["totals", "income"] if income else ["totals"]) + shown
    other, looks = other_income(scenario), rail_looks(scenario)

    def panel(axes: Axes, name: str) -> None:
        if name == "totals":
            _draw_totals(axes, table, other)
            return
        if name == "income":
            _draw_income(axes, means, other)
        else:
            for rail, look in looks.items():
                _draw_positive(axes, means[f"{name}_{rail}"], *look, 4.5, linewidth=1.3)
            axes.set_title(_OUTCOMES[name])
        log_scale(axes, usd)
        axes.set_ylabel("USD/week")
        time_axis(axes, scenario, 5)

    return SCREEN.small_multiples(
        panels, panel, title=title_of_money(table, other), subtitle=_subtitle_of_money(scenario, shown),
        provenance=provenance, legends=[rail_legend(looks, used)], height=2.85, columns=4, share="",
    )  # fmt: skip


def _subtitle_of_money(scenario: Scenario, shown: list[str]) -> str:
    span = span_of(scenario)
    words = (
        f"Mean of a week in each {span} as far as it is run, {arm_in_words(scenario)}; log scales, each panel its own; "
        f"a {span} at zero has no mark. "
        "Fees, frozen and seized count all the group's money on a rail; cash carries the local revenue. "
        "Frozen money that is forfeited later is seized too."
    )
    never = [_OUTCOMES[name].split(",")[0].split(" (")[0].lower() for name in _OUTCOMES if name not in shown]
    return f"{words} Not in this run: {', '.join(never)}." if never else words


# --- share of gifts by rail ------------------------------------------------------------------------------------------


def title_of_rails(weekly: Weekly, scenario: Scenario) -> str:
    """Return the title: share of gifts that the switch's rail takes, with and without, and the rail that leads."""
    rails = [rail.name for rail in scenario.rails]
    chosen = {arm: window(table, scenario, scenario.report.window) for arm, table in weekly.items()}
    switch = switch_of(scenario)
    dated = bool(switch) and bool(chosen["with"]["gifts"].sum()) and bool(chosen["without"]["gifts"].sum())
    table = chosen["with"] if dated else weekly["with"]
    lead = max(rails, key=lambda rail: float(table[f"gifts_{rail}"].sum()))
    leads = f"{named(lead)} carries {share(float(table[f'gifts_{lead}'].sum()), float(table['gifts'].sum()))} of gifts"
    if not dated or switch is None:
        return f"{leads} over {run_of(scenario).name}, more than any other rail"
    parts = [
        share(float(one[f"gifts_{switch[1]}"].sum()), float(one["gifts"].sum()))
        for one in (chosen["with"], chosen["without"])
    ]
    span = after_switch(scenario)
    takes = f"{named(switch[1])} takes {parts[0]} of gifts {span}, against {parts[1]} without the switch"
    return f"{takes}; {leads[0].lower() + leads[1:]}"


def rails_figure(weekly: Weekly, scenario: Scenario, provenance: dict[str, str]) -> tuple[Figure, str] | None:
    """Draw the share of gifts by rail: stacked, and on a log scale for the small ones; None without gifts."""
    table = weekly["with"]
    if not table["gifts"].any():
        return None
    looks, span = rail_looks(scenario), span_of(scenario)
    means = by_span(table, span)
    means = means[means["gifts"] > 0]
    shares = pd.DataFrame({rail: 100.0 * means[f"gifts_{rail}"] / means["gifts"] for rail in looks})
    shares = shares.loc[:, shares.gt(0).any()]
    subtitle = (
        f"Share of the number of gifts by rail and {span} as far as it is run, {arm_in_words(scenario)}. "
        "Left: all gifts. Right: the same on a log scale, so that small rails can be read; "
        f"a {span} without a gift on a rail has no mark. "
        "One run of one seed."
    )

    def panel(axes: Axes, words: str) -> None:
        if words == "All gifts":
            _draw_stack(axes, shares, looks, 6.5 * means["weeks"])
        else:
            for rail in shares:
                _draw_positive(axes, shares[rail], *looks[str(rail)], 5, linewidth=1.4)
            log_scale(axes, lambda value: f"{value:g}%")
        axes.set_title(words)
        time_axis(axes, scenario)

    figure, title = SCREEN.small_multiples(
        ["All gifts", "The same, log scale"], panel, title=title_of_rails(weekly, scenario), subtitle=subtitle,
        provenance=provenance, legends=[rail_legend(looks, list(shares))], height=3.8, share="",
        ylabel="percent of gifts",
    )  # fmt: skip
    ends = {rail: float(shares[rail][shares[rail] > 0].iloc[-1]) for rail in looks if rail in shares}
    label_ends(figure.axes[1], [(named(rail), value, looks[rail][0]) for rail, value in ends.items()])
    return figure, title


def _draw_stack(
    axes: Axes, shares: pd.DataFrame, looks: dict[str, tuple[str, str]], widths: "pd.Series[float]"
) -> None:
    base = np.zeros(len(shares))
    for rail in shares:
        axes.bar(shares.index, shares[rail], width=widths, bottom=base, color=looks[str(rail)][0], linewidth=0)
        base = base + shares[rail].to_numpy()
    axes.set_ylim(0, 100)
