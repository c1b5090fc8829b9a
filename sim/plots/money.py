"""Figures of money: its destinations, and the rails of gifts."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.engine.text import named, share, usd
from sim.plots.arms import Weekly, after_switch, arm_in_words, colours_of, switch_of, time_axis
from sim.plots.layout import DARK, Drawn, Sheet
from sim.plots.panels import LABELS, MARKERS, at, label_ends, legend_of, log_scale
from sim.results import window
from sim.scenario import Scenario
from sim.windows import counted, run_of

_OUTCOMES: dict[str, str] = LABELS["outcomes"]


def _by_span(table: pd.DataFrame, scenario: Scenario) -> tuple[pd.DataFrame, str]:
    """Return the mean week of each quarter, or of each year in a run of more than ten, and the word for that span.

    Weeks go by their first day. The index is the midpoint of those weeks of the span that the run has, on an axis of
    dates; ``weeks`` is their number.
    """
    span = "quarter" if scenario.horizon.weeks <= 522 else "year"
    groups = table.groupby(table["date"].dt.to_period(span[0].upper()))
    means = groups.mean(numeric_only=True).copy().assign(weeks=groups.size())
    midpoints = groups["date"].mean() + pd.Timedelta(days=3.5)
    return means.set_axis(at(midpoints.to_numpy()), axis=0), span


def _looks(scenario: Scenario) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    colour = colours_of(scenario, "rails")
    return {rail: named(rail) for rail in colour}, colour, dict(zip(colour, MARKERS, strict=False))


def _draw_positive(axes: Axes, values: "pd.Series[float]", size: float, width: float, **look: Any) -> None:
    """Draw a series on a log scale: a point that is zero has no mark; nothing where all are."""
    if values.gt(0).any():
        axes.plot(values.index, values.where(values > 0), markersize=size, linewidth=width, **look)


def other_income(scenario: Scenario) -> str:
    """Return in words the income of the group besides gifts."""
    inflow = any(shock.type == "inflow" and shock.enabled for shock in scenario.shocks.values())
    return "local revenue and inflow" if inflow else "local revenue"


def title_of_money(table: pd.DataFrame, other: str = "local revenue") -> str:
    """Return the title: which share of income gifts are, and which share of gifts arrives."""
    given, collected = float(table["given"].sum()), float(table["collected"].sum())
    over = f"over {counted(len(table))}"
    if not given:
        every = f"No gifts in this run: all {usd(collected)} USD of income {over} is {other}"
        return every if collected else "No money came in"
    arrived = f"{share(float(table['delivered'].sum()), given)} of what donors gave was delivered"
    if not collected:
        return f"All income is gifts: {usd(given)} USD {over}; {arrived}"
    income = given + collected
    return f"Gifts are {share(given, income)} of what came in {over} ({usd(given)} of {usd(income)} USD); {arrived}"


def money_figure(weekly: Weekly, scenario: Scenario, sheet: Sheet) -> Drawn | None:
    """Draw where the money went, by rail and quarter; None if no money moved."""
    table, (names, colour, marker) = weekly["with"], _looks(scenario)
    means, span = _by_span(table, scenario)
    moved = {name: [rail for rail in names if table[f"{name}_{rail}"].gt(0).any()] for name in _OUTCOMES}
    shown = [name for name, rails in moved.items() if rails]
    income = ["income"] if table[["given", "collected"]].any(axis=None) else []
    if not shown and not income:
        return None
    other = other_income(scenario)
    broken = other.replace(" and ", "\nand ")

    def panel(axes: Axes, name: str) -> None:
        if name == "totals":
            _draw_totals(axes, table, broken)
            return
        if name == "income":
            for source, label, shade, shape in (("collected", broken, DARK, "s"), ("given", "gifts", "#7f7f7f", "o")):
                values = means.loc[means[source] > 0, source]
                _draw_positive(axes, values, 3.5, 1.6, color=shade, marker=shape, label=label)
            axes.margins(y=0.2)
            axes.legend(fontsize=9, frameon=False, loc="best", handlelength=1.5)
        for rail in moved.get(name, []):
            _draw_positive(axes, means[f"{name}_{rail}"], 4.5, 1.3, color=colour[rail], marker=marker[rail])
        axes.set_title(_OUTCOMES.get(name, "Income"))
        log_scale(axes, usd)
        axes.set_ylabel("USD/week")
        time_axis(axes, scenario, 5)

    subtitle = LABELS["subtitles"]["money"].format(span=span, arm=arm_in_words(scenario))
    never = [_OUTCOMES[name].split(",")[0].split(" (")[0].lower() for name in _OUTCOMES if name not in shown]
    used = {rail: words for rail, words in names.items() if any(rail in rails for rails in moved.values())}
    return sheet.small_multiples(
        ["totals", *income, *shown], panel, title=title_of_money(table, other),
        subtitle=f"{subtitle} Not in this run: {', '.join(never)}." if never else subtitle,
        legends=[legend_of(used, colour, marker)], height=2.85, columns=4, share="",
    )  # fmt: skip


def _draw_totals(axes: Axes, table: pd.DataFrame, other: str) -> None:
    labels = LABELS["totals"] | {"collected": other}
    totals = table[list(labels)].sum().loc[lambda sums: sums > 0]
    top = totals.max()
    shades = [DARK if name == "collected" else "#7f7f7f" for name in totals.index]
    axes.barh(range(len(totals)), totals, color=shades, height=0.66)
    for place, value in enumerate(totals):
        axes.text(value + 0.02 * top, place, usd(value), va="center", fontsize=9, color=DARK)
    axes.set_yticks(range(len(totals)), [labels[str(name)] for name in totals.index])
    axes.invert_yaxis()
    axes.set_xlim(0, 1.22 * top)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(lambda value, _: usd(value))
    axes.grid(visible=False, axis="y")
    axes.set_title("Whole run, USD (linear scale)")


def title_of_rails(weekly: Weekly, scenario: Scenario) -> str:
    """Return the title: share of gifts that the switch's rail takes, with and without, and the rail that leads."""
    switch = switch_of(scenario)
    chosen = [window(weekly[arm], scenario, scenario.report.window) for arm in ("with", "without")]
    dated = switch is not None and all(one["gifts"].any() for one in chosen)
    table = chosen[0] if dated else weekly["with"]

    def taken(rail: str, table: pd.DataFrame) -> str:
        return share(float(table[f"gifts_{rail}"].sum()), float(table["gifts"].sum()))

    lead = max((rail.name for rail in scenario.rails), key=lambda rail: float(table[f"gifts_{rail}"].sum()))
    leads = f"{named(lead)} carries {taken(lead, table)} of gifts"
    if not dated or switch is None:
        return f"{leads} over {run_of(scenario).name}, more than any other rail"
    parts = [taken(switch[1], one) for one in chosen]
    takes = f"{named(switch[1])} takes {parts[0]} of gifts {after_switch(scenario)}"
    return f"{takes}, against {parts[1]} without the switch; {leads[0].lower() + leads[1:]}"


def rails_figure(weekly: Weekly, scenario: Scenario, sheet: Sheet) -> Drawn | None:
    """Draw the share of gifts by rail: stacked, and on a log scale for the small ones; None without gifts."""
    table, (names, colour, marker) = weekly["with"], _looks(scenario)
    if not table["gifts"].any():
        return None
    means, span = _by_span(table, scenario)
    means = means[means["gifts"] > 0]
    shares = pd.DataFrame({rail: 100.0 * means[f"gifts_{rail}"] / means["gifts"] for rail in names})
    used = {rail: words for rail, words in names.items() if shares[rail].gt(0).any()}
    subtitle = LABELS["subtitles"]["rails"].format(span=span, arm=arm_in_words(scenario))

    def panel(axes: Axes, words: str) -> None:
        base = shares.cumsum(axis=1) - shares
        for rail in used:
            if words == "All gifts":
                look: dict[str, Any] = {"width": 6.5 * means["weeks"], "bottom": base[rail], "color": colour[rail]}
                axes.bar(shares.index, shares[rail], linewidth=0, **look)
            else:
                _draw_positive(axes, shares[rail], 5, 1.4, color=colour[rail], marker=marker[rail])
        if words == "All gifts":
            axes.set_ylim(0, 100)
        else:
            log_scale(axes, lambda value: f"{value:g}%")
        axes.set_title(words)
        time_axis(axes, scenario)

    figure, title = sheet.small_multiples(
        ["All gifts", "The same, log scale"], panel, title=title_of_rails(weekly, scenario), subtitle=subtitle,
        legends=[legend_of(used, colour, marker)], height=3.8, share="",
        ylabel="percent of gifts",
    )  # fmt: skip
    ends = {rail: float(shares[rail][shares[rail] > 0].iloc[-1]) for rail in used}
    label_ends(figure.axes[1], [(names[rail], value, colour[rail]) for rail, value in ends.items()])
    return figure, title
