"""Figures of force: attack capacity, reserves and fighters, attacks against published counts."""

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from scipy.stats import gamma

from sim.engine.text import capital, day, named, plural, signed, usd
from sim.growth_accounting import PARTS, THEATRE, Period, growth_table, mean_in, published
from sim.plots.arms import after_switch, arms, draw_arms, end_of, switch_of, theatre_colours, time_axis
from sim.plots.layout import DARK, GREY, SCREEN
from sim.plots.panels import at, label_ends
from sim.results import switch_effect
from sim.scenario import Scenario
from sim.windows import run_of, window_of

type Weekly = dict[str, pd.DataFrame]
type Range = tuple[Period, float, float, str]

# --- attack capacity -------------------------------------------------------------------------------------------------


def _effect(weekly: Weekly, scenario: Scenario, column: str) -> float:
    return switch_effect(weekly["with"], weekly["without"], scenario, scenario.report.window, column)


def title_of_capacity(weekly: Weekly, scenario: Scenario) -> str:
    """Return the title: the effect of the switch on attack capacity, in words and per cent."""
    switch = switch_of(scenario)
    mean = float(weekly["with"]["capacity"].mean())
    if not mean > 0:
        return "The group has no attack capacity in this run"
    average = f"attack capacity averages {mean:.1f} attacks a week over {run_of(scenario).name}"
    if switch is None:
        return f"No switch in this run: {average}"
    missing = window_of(scenario, scenario.report.window).missing
    if not missing and switch[0] >= end_of(scenario):  # the window is that of report.switch
        missing = f"the run ends before the switch of {day(switch[0])}"
    if missing:
        return f"{capital(missing)}: {average}"
    span = after_switch(scenario)
    effect = _effect(weekly, scenario, "capacity")
    if not math.isfinite(effect):
        return f"Without the switch the group has no attack capacity {span}"
    visible = abs(effect) >= 100.0 * scenario.report.margin
    verb = ("raises" if effect > 0 else "lowers") if visible else "makes no visible difference to"
    words = f"{named(switch[1])}-only {verb} attack capacity: {signed(effect)}"
    return f"{words} {span}"


def capacity_figure(weekly: Weekly, scenario: Scenario, provenance: dict[str, str]) -> tuple[Figure, str]:
    """Draw attack capacity: core and network first, then each theatre that has any; equal panels are drawn once."""
    colours = theatre_colours(scenario)
    panels = [("capacity", "All theatres", DARK), ("capacity_core", "Core provinces", "#555555")]
    panels += [("capacity_network", "Global network", "#555555")]
    panels += [(f"capacity_{name}", named(name), colour) for name, colour in colours.items()]
    panels = [one for one in panels if any(table[one[0]].any() for table in weekly.values())]
    panels = _distinct(panels, weekly) or [("capacity", "All theatres", DARK)]
    span = after_switch(scenario)
    subtitle = (
        "Attack capacity: attacks a week that people, money and know-how would sustain at ordinary opportunity. "
        "Each panel has its own scale. One run of one seed in each arm, on the same random numbers."
    )
    dated = switch_of(scenario) and math.isfinite(_effect(weekly, scenario, "capacity"))
    if dated:
        subtitle += f" In percent: mean with the switch against without, {span}."

    def panel(axes: Axes, key: tuple[str, str, str]) -> None:
        column, name, colour = key
        draw_arms(axes, weekly, column, colour, scenario)
        effect = _effect(weekly, scenario, column)
        axes.set_title(f"{name}: {signed(effect)}" if dated and math.isfinite(effect) else name, color=colour)
        axes.set_ylim(bottom=0)
        time_axis(axes, scenario, 5)

    return SCREEN.small_multiples(
        panels, panel, title=title_of_capacity(weekly, scenario), subtitle=subtitle, provenance=provenance,
        legends=[arms(scenario)], height=2.75, columns=4, share="", ylabel="attacks/week",
    )  # fmt: skip


def _distinct(panels: list[tuple[str, str, str]], weekly: Weekly) -> list[tuple[str, str, str]]:
    """Return the panels of which no later one, with a more particular name, shows the same in every arm."""
    content = {panel: b"".join(table[panel[0]].to_numpy().tobytes() for table in weekly.values()) for panel in panels}
    last = {shown: panel for panel, shown in content.items()}
    return [panel for panel in panels if last[content[panel]] == panel]


# --- reserves and fighters -------------------------------------------------------------------------------------------


_USES = {"validate": "for\nvalidation", "context": "context,\nno evidence"}
"""The words for a published figure that calibrates nothing, by its ``use`` in conf/facts.csv."""


def ranges_on(axes: Axes, ranges: list[Range], scale: float) -> None:
    """Draw published ranges as error bars; those that calibrate nothing are dotted and say what they are for."""
    look: dict[str, Any] = {"ecolor": DARK, "elinewidth": 2.2, "capsize": 5, "capthick": 1.6, "zorder": 7}
    for period, low, high, use in ranges:
        x = at(period.first) + period.days / 2
        mean, half = (low + high) / 2 / scale, (high - low) / 2 / scale
        bar = axes.errorbar([x], [mean], yerr=[[half], [half]], fmt="none", **look)
        if use != "calibrate":
            bar[2][0].set_linestyle((0, (1.5, 1)))
            axes.annotate(
                _USES.get(use, use), (x, high / scale), xytext=(0, 34), textcoords="offset points", ha="center",
                va="bottom", fontsize=8, color=DARK, linespacing=1.0, zorder=8,
                arrowprops={"arrowstyle": "-", "color": DARK, "linewidth": 0.8, "shrinkA": 0, "shrinkB": 3},
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
            )  # fmt: skip


def inside(table: pd.DataFrame, values: "pd.Series[float]", ranges: list[Range]) -> str:
    """Return in words how many published ranges hold the simulated mean of their month."""
    hits = sum(low <= mean_in(table["date"], values, period) <= high for period, low, high, _ in ranges)
    return f" (inside {hits} of {len(ranges)} {plural(len(ranges), 'published range')})" if ranges else ""


def _draw_reserves(axes: Axes, weekly: Weekly, scenario: Scenario, ranges: list[Range]) -> None:
    draw_arms(axes, {arm: table.assign(reserves=table["reserves"] / 1e6) for arm, table in weekly.items()},
              "reserves", "#0173b2", scenario)  # fmt: skip
    ranges_on(axes, ranges, 1e6)
    axes.set_title("Reserves of the treasury")
    axes.set_ylabel("million USD")
    axes.set_ylim(bottom=0)


def _draw_fighters(axes: Axes, weekly: Weekly, scenario: Scenario, ranges: list[Range]) -> None:
    lines = {f"fighters_{name}": (named(name), colour) for name, colour in theatre_colours(scenario).items()}
    lines = {column: line for column, line in lines.items() if weekly["with"][column].any()}
    if ranges:
        lines["both"] = ("Iraq + Syria", DARK)
        weekly = {arm: table.assign(both=both(table)) for arm, table in weekly.items()}
        ranges_on(axes, ranges, 1.0)
    for column, (_, colour) in lines.items():
        draw_arms(axes, weekly, column, colour, scenario)
    axes.set_title("Fighters by theatre")
    axes.set_ylabel("persons")
    axes.set_ylim(bottom=0)
    axes.set_ylim(0, 1.04 * axes.get_ylim()[1])
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}" if value == int(value) else f"{value:g}")
    label_ends(axes, [(name, float(weekly["with"][key].iloc[-1]), colour) for key, (name, colour) in lines.items()])


def both(table: pd.DataFrame) -> "pd.Series[float]":
    """Return fighters in Iraq and Syria, as published figures count them; all fighters of a group that is elsewhere."""
    names = ["fighters_iraq", "fighters_syria"]
    return table[names].sum(axis=1) if in_both(table) else table["fighters"]


def in_both(table: pd.DataFrame) -> bool:
    """Return whether the group has fighters in Iraq as well as in Syria."""
    names = ["fighters_iraq", "fighters_syria"]
    return set(names) <= set(table) and bool((table[names].max() > 0).all())


def title_of_reserves(weekly: Weekly, ranges: dict[str, list[Range]]) -> str:
    """Return the title: from where to where reserves and fighters go, and whether published ranges hold them."""
    table = weekly["with"]
    men = both(table)
    where = "in Iraq and Syria" if in_both(table) else "in all"
    money = [float(table["reserves"].iloc[k]) for k in (0, -1)]
    first = (
        f"Reserves go from {usd(money[0])} to {usd(money[1])} USD{inside(table, table['reserves'], ranges['reserves'])}"
    )
    second = f"fighters {where} from {men.iloc[0]:,.0f} to {men.iloc[-1]:,.0f}{inside(table, men, ranges['fighters'])}"
    return f"{first}; {second}"


def reserves_figure(
    weekly: Weekly, scenario: Scenario, facts: pd.DataFrame, provenance: dict[str, str]
) -> tuple[Figure, str] | None:
    """Draw reserves and fighters, each beside its published ranges; None if the group has neither."""
    table = weekly["with"]
    names = {theatre.name for theatre in scenario.theatres}
    ranges = {
        "reserves": published(facts, scenario, "reserves-"),
        "fighters": published(facts, scenario, "fighters-") if {"iraq", "syria"} <= names else [],
    }
    panels = {"reserves": _draw_reserves, "fighters": _draw_fighters}
    shown = [name for name in panels if ranges[name] or table[name].any()]
    if not shown:
        return None
    subtitle = "One run of one seed in each arm; where dashes lie on the solid line, the arms agree."
    uses = {use for some in ranges.values() for *_, use in some}
    if uses:
        subtitle += " Black bars: published ranges (United Nations, United States)"
        subtitle += "; dotted: no evidence in calibration." if uses - {"calibrate"} else "."

    def panel(axes: Axes, name: str) -> None:
        time_axis(axes, scenario)
        panels[name](axes, weekly, scenario, ranges[name])

    return SCREEN.small_multiples(
        shown, panel, title=title_of_reserves(weekly, ranges), subtitle=subtitle, provenance=provenance,
        legends=[arms(scenario)], height=4.0, share="",
    )  # fmt: skip


# --- attacks against published counts --------------------------------------------------------------------------------

_PARTS = {
    "men": ("men", "#0173b2", ""),
    "money": ("money", "#de8f05", "///"),
    "know_how": ("know-how", "#029e73", "..."),
    "opportunity": ("opportunity", "#cc78bc", "\\\\\\"),
}
_PUBLISHED, _SIMULATED = "#bdbdbd", "#cc6677"
_POINT: dict[str, Any] = {"linestyle": "none", "zorder": 5}
_SUM = _POINT | {"marker": "D", "markersize": 9, "color": DARK, "markeredgecolor": "white"}
_GIVEN = _POINT | {"marker": "_", "markersize": 15, "markeredgewidth": 3, "color": GREY}
_RUN = _POINT | {"marker": "o", "markersize": 7, "color": "white", "markeredgecolor": DARK}


def count_range(expected: float, branching: float) -> tuple[float, float]:
    """Return the 95% interval of a count of variance mean times 1 / (1 - n)^2 (self-excitation), as a gamma."""
    if not expected > 0:
        return 0.0, 0.0
    factor = 1.0 / (1.0 - branching) ** 2
    low, high = gamma.ppf([0.025, 0.975], expected / factor, scale=factor)
    return float(low), float(high)


def title_of_attacks(table: pd.DataFrame) -> str:
    """Return the title: how far simulated counts are from published ones, and the source of most of the change."""
    miss = 100.0 * (table["simulated"] / table["published"] - 1.0)
    low, high = f"{miss.min():+.0f}%", f"{miss.max():+.0f}%"
    first = f"Simulated attacks in {named(THEATRE)} differ from published ones by {low}"
    if low != high:
        first += f" to {high}"
    steps = table[PARTS].dropna()
    if steps.empty:
        return first
    parts = steps.sum()
    total = float(parts.sum())
    name = str((parts if total >= 0 else -parts).idxmax())
    span = f"from {table['period'].iloc[steps.index[0] - 1]} to {table['period'].iloc[steps.index[-1]]}"
    factors = f"{math.exp(total):.2g} times as many a week"
    return f"{first}; {span} they become {factors}, most by {_PARTS[name][0]} (alone {math.exp(parts[name]):.2g} times)"


def _draw_counts(axes: Axes, table: pd.DataFrame, realised: list[float], days: list[int], branching: float) -> None:
    """Draw attacks a week by period: published, expected with its interval, and drawn by the run."""
    for k, row in enumerate(table.itertuples(index=False)):
        weeks = days[k] / 7.0
        low, high = count_range(row.simulated, branching)
        error = [[(row.simulated - low) / weeks], [(high - row.simulated) / weeks]]
        axes.bar(k - 0.2, row.published / weeks, 0.36, color=_PUBLISHED)
        axes.bar(k + 0.2, row.simulated / weeks, 0.36, color=_SIMULATED)
        axes.errorbar(k + 0.2, row.simulated / weeks, yerr=error, fmt="none", ecolor=DARK, elinewidth=1.6, capsize=4)
        axes.plot(k + 0.2, realised[k], **_RUN)
    below = table.itertuples(index=False)
    words = [f"{row.period}\npublished {row.published:,.0f}\nsimulated {row.simulated:,.0f}" for row in below]
    _columns(axes, words)
    axes.set_ylabel("attacks/week")
    axes.set_title("Attacks a week; below: attacks in the period")
    bar = Line2D([], [], color=DARK, marker="|", markersize=9, linestyle="none", label="95% of runs with that rate")
    handles = [
        Patch(color=_PUBLISHED, label="published"),
        Patch(color=_SIMULATED, label="simulated: expected from the attack rate"),
        bar,
        Line2D([], [], label="this run's count", **_RUN),
    ]
    _legend_above(axes, handles)


def _columns(axes: Axes, words: list[str]) -> None:
    axes.set_xticks(range(len(words)), words)
    axes.set_xlim(-0.6, len(words) - 0.4)
    axes.grid(visible=False, axis="x")


def _legend_above(axes: Axes, handles: list[Any], columns: int = 1) -> None:
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + 0.42 * (high - low))
    axes.legend(handles=handles, fontsize=8.5, framealpha=1, edgecolor="none", loc="upper left", ncols=columns)


def _draw_step(axes: Axes, x: int, parts: "pd.Series[float]", published: float, small: float) -> None:
    """Draw one change: what supplied it, stacked up and down from zero, then the sum and the published change."""
    up = down = 0.0
    for name, value in parts.items():
        _, colour, hatch = _PARTS[str(name)]
        base = up if value >= 0 else down
        axes.bar(x, value, 0.5, bottom=base, color=colour, hatch=hatch, edgecolor="white", linewidth=0.6)
        if abs(value) >= small:
            axes.text(x + 0.28, base + value / 2, f"{value:+.0f}", va="center", ha="left", fontsize=8.5, color=DARK)
        up, down = (up + value, down) if value >= 0 else (up, down + value)
    axes.plot(x, float(parts.sum()), **_SUM)
    axes.plot(x - 0.33, published, **_GIVEN)


def _draw_growth(axes: Axes, table: pd.DataFrame, days: list[int]) -> None:
    """Draw the change of weekly attacks between periods, by what supplied it."""
    parts = 100.0 * table[PARTS]
    change = 100.0 * np.log(table["published"] / np.array(days)).diff()
    steps = [k for k in range(1, len(table)) if parts.iloc[k].notna().all()]
    small = 0.035 * float(parts.abs().sum(axis=1).max())
    for x, k in enumerate(steps):
        _draw_step(axes, x, parts.iloc[k], float(change.iloc[k]), small)
    axes.axhline(0, color=DARK, linewidth=0.8)
    _columns(axes, [f"{table['period'].iloc[k - 1]}\nto {table['period'].iloc[k]}" for k in steps])
    axes.set_ylabel("log points (100 x difference of natural logs)")
    axes.set_title("What supplied the change of simulated weekly attacks")
    handles: list[Line2D | Patch] = [
        Patch(facecolor=colour, hatch=hatch, edgecolor="white", label=label) for label, colour, hatch in _PARTS.values()
    ]
    handles.append(Line2D([], [], label="all four: simulated change", **_SUM))
    handles.append(Line2D([], [], label="published change", **_GIVEN))
    _legend_above(axes, handles, 2)


def attacks_figure(
    weekly: Weekly, scenario: Scenario, facts: pd.DataFrame, provenance: dict[str, str]
) -> tuple[Figure, str] | None:
    """Draw attacks in Iraq against published counts, and growth accounting; None where nothing can be compared."""
    table = growth_table(weekly, scenario, facts)
    if table.empty:
        return None
    ranges = published(facts, scenario, f"attacks-{THEATRE}-")
    days = [period.days for period, *_ in ranges]
    weeks = weekly["with"]
    realised = [mean_in(weeks["date"], weeks[f"attacks_{THEATRE}"], period) for period, *_ in ranges]
    n = scenario.combat.branching
    used = "are used for calibration" if all(use == "calibrate" for *_, use in ranges) else "are partly held back"
    subtitle = (
        f"Published counts {used}. One run of one seed. The interval is that of a Poisson count, widened because "
        f"attacks beget attacks: variance x {1 / (1 - n) ** 2:.1f} = 1/(1 - n)² with n = {n:g}. "
        "Opportunity comes from outside the model, by date."
    )

    def panel(axes: Axes, name: str) -> None:
        if name == "counts":
            _draw_counts(axes, table, realised, days, n)
        else:
            _draw_growth(axes, table, days)

    accounted = bool(table[PARTS].notna().all(axis=1).any())
    return SCREEN.small_multiples(
        ["counts", "growth"][: 1 + accounted], panel, title=title_of_attacks(table), subtitle=subtitle,
        provenance=provenance, height=4.8, share="",
    )  # fmt: skip
