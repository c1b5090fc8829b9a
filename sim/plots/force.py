"""Figures of force: attack capacity, reserves and fighters, attacks against published counts."""

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from scipy.stats import gamma

from sim.engine.text import capital, day, named, plural, signed, usd
from sim.growth_accounting import PARTS, THEATRE, Period, growth_table, mean_in, published
from sim.plots.arms import Weekly, after_switch, arms, colours_of, draw_arms, end_of, switch_of, time_axis
from sim.plots.layout import DARK, GREY, Drawn, Sheet
from sim.plots.panels import LABELS, at, label_ends
from sim.results import switch_effect
from sim.scenario import Scenario
from sim.windows import run_of, window_of

_POINT: dict[str, Any] = {"linestyle": "none", "zorder": 5}
_SUM = _POINT | {"marker": "D", "markersize": 9, "color": DARK, "markeredgecolor": "white"}
_GIVEN = _POINT | {"marker": "_", "markersize": 15, "markeredgewidth": 3, "color": GREY}
_RUN = _POINT | {"marker": "o", "markersize": 7, "color": "white", "markeredgecolor": DARK}


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
    effect = _effect(weekly, scenario, "capacity")
    if not math.isfinite(effect):
        return f"Without the switch the group has no attack capacity {after_switch(scenario)}"
    visible = abs(effect) >= 100.0 * scenario.report.margin
    verb = ("raises" if effect > 0 else "lowers") if visible else "makes no visible difference to"
    return f"{named(switch[1])}-only {verb} attack capacity: {signed(effect)} {after_switch(scenario)}"


def capacity_figure(weekly: Weekly, scenario: Scenario, sheet: Sheet) -> Drawn:
    """Draw attack capacity: core and network first, then each theatre that has any; equal panels are drawn once."""
    panels = [("capacity", "All theatres", DARK), ("capacity_core", "Core provinces", "#555555")]
    panels += [("capacity_network", "Global network", "#555555")]
    panels += [(f"capacity_{name}", named(name), colour) for name, colour in colours_of(scenario, "theatres").items()]
    distinct: dict[bytes, tuple[str, str, str]] = {}
    for one in panels:
        content = b"".join(table[one[0]].to_numpy().tobytes() for table in weekly.values())
        distinct.pop(content, None)  # of equal panels, the last, which has the most particular name
        if any(table[one[0]].any() for table in weekly.values()):
            distinct[content] = one
    subtitle = (
        "Attack capacity: attacks a week that people, money and know-how would sustain at ordinary opportunity. "
        "Each panel has its own scale. One run of one seed in each arm, on the same random numbers."
    )
    dated = switch_of(scenario) and math.isfinite(_effect(weekly, scenario, "capacity"))
    if dated:
        subtitle += f" In percent: mean with the switch against without, {after_switch(scenario)}."

    def panel(axes: Axes, key: tuple[str, str, str]) -> None:
        column, name, colour = key
        draw_arms(axes, weekly, column, colour, scenario)
        effect = _effect(weekly, scenario, column)
        axes.set_title(f"{name}: {signed(effect)}" if dated and math.isfinite(effect) else name, color=colour)
        axes.set_ylim(bottom=0)
        time_axis(axes, scenario, 5)

    return sheet.small_multiples(
        list(distinct.values()) or panels[:1], panel, title=title_of_capacity(weekly, scenario), subtitle=subtitle,
        legends=[arms(scenario)], height=2.75, columns=4, share="", ylabel="attacks/week",
    )  # fmt: skip


def reserves_figure(weekly: Weekly, scenario: Scenario, facts: pd.DataFrame, sheet: Sheet) -> Drawn | None:
    """Draw reserves and fighters, each beside its published ranges; None if the group has neither.

    Fighters are compared in Iraq and Syria together, as published figures count them.
    """
    names = ["fighters_iraq", "fighters_syria"]
    known = set(names) <= set(weekly["with"])
    everywhere = not known or not (weekly["with"][names].max() > 0).all()
    weekly = {
        arm: table.assign(reserves=table["reserves"] / 1e6, both=table["fighters"]) for arm, table in weekly.items()
    }
    if not everywhere:
        weekly = {arm: table.assign(both=table[names].sum(axis=1)) for arm, table in weekly.items()}
        weekly = {arm: table.assign(others=table["fighters"] - table["both"]) for arm, table in weekly.items()}
    table = weekly["with"]
    ranges = {
        "reserves": [
            (when, low / 1e6, high / 1e6, use) for when, low, high, use in published(facts, scenario, "reserves-")
        ],
        "both": published(facts, scenario, ("fighters-20", "fighters-iraq-syria-")) if known else [],
    }
    theatres = {f"fighters_{name}": (named(name), colour) for name, colour in colours_of(scenario, "theatres").items()}
    if not everywhere:
        theatres = {name: theatres[name] for name in names} | {"others": ("Other theatres", GREY)}
    lines = {
        "reserves": {"reserves": ("", "#0173b2")},
        "both": {column: line for column, line in theatres.items() if table[column].any()},
    }
    if ranges["both"]:
        lines["both"]["both"] = ("Iraq + Syria", DARK)
    shown = [
        name for name, column in (("reserves", "reserves"), ("both", "fighters")) if ranges[name] or table[column].any()
    ]
    if not shown:
        return None
    subtitle = "One run of one seed in each arm; where dashes lie on the solid line, the arms agree."
    uses = {use for some in ranges.values() for *_, use in some}
    if uses:
        subtitle += " Black bars: published ranges (United Nations, United States)"
        subtitle += "; dotted: no evidence in calibration." if uses - {"calibrate"} else "."

    def panel(axes: Axes, name: str) -> None:
        time_axis(axes, scenario)
        _draw_ranges(axes, ranges[name])
        for column, (_, colour) in lines[name].items():
            draw_arms(axes, weekly, column, colour, scenario)
        axes.set_title("Reserves of the treasury" if name == "reserves" else "Fighters by theatre")
        axes.set_ylabel("million USD" if name == "reserves" else "persons")
        axes.set_ylim(bottom=0)
        if name == "both":
            axes.set_ylim(0, 1.04 * axes.get_ylim()[1])
            axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}" if value == int(value) else f"{value:g}")
            label_ends(
                axes, [(words, float(table[key].iloc[-1]), shade) for key, (words, shade) in lines[name].items()]
            )

    def inside(name: str) -> str:
        hits = sum(low <= mean_in(table["date"], table[name], when) <= high for when, low, high, _ in ranges[name])
        count = len(ranges[name])
        return f" (inside {hits} of {count} {plural(count, 'published range')})" if count else ""

    (money, men), (money_after, men_after) = table[["reserves", "both"]].iloc[[0, -1]].to_numpy()
    title = f"Reserves go from {usd(1e6 * money)} to {usd(1e6 * money_after)} USD{inside('reserves')}; "
    whose = "in all" if everywhere else "in Iraq and Syria"
    title += f"fighters {whose} from {men:,.0f} to {men_after:,.0f}{inside('both')}"
    return sheet.small_multiples(
        shown, panel, title=title, subtitle=subtitle, legends=[arms(scenario)], height=4.0,
        share="",
    )  # fmt: skip


def _draw_ranges(axes: Axes, ranges: list[tuple[Period, float, float, str]]) -> None:
    """Draw published ranges as error bars; those that calibrate nothing are dotted, with a note of their use."""
    look: dict[str, Any] = {"ecolor": DARK, "elinewidth": 2.2, "capsize": 5, "capthick": 1.6, "zorder": 7}
    for period, low, high, use in ranges:
        x, half = at(period.first) + period.days / 2, (high - low) / 2
        bar = axes.errorbar([x], [(low + high) / 2], yerr=[[half], [half]], fmt="none", **look)
        if use != "calibrate":
            bar[2][0].set_linestyle((0, (1.5, 1)))
            axes.annotate(
                LABELS["uses"].get(use, use), (x, high), xytext=(0, 34), textcoords="offset points", ha="center",
                va="bottom", fontsize=8, color=DARK, linespacing=1.0, zorder=8,
                arrowprops={"arrowstyle": "-", "color": DARK, "linewidth": 0.8, "shrinkA": 0, "shrinkB": 3},
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
            )  # fmt: skip


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
    ends = dict.fromkeys([f"{miss.min():+.0f}%", f"{miss.max():+.0f}%"])
    first = f"Simulated attacks in {named(THEATRE)} differ from published ones by {' to '.join(ends)}"
    steps = table[PARTS].dropna()
    if steps.empty:
        return first
    parts = steps.sum()
    total = float(parts.sum())
    name = str((parts if total >= 0 else -parts).idxmax())
    span = f"from {table['period'].iloc[steps.index[0] - 1]} to {table['period'].iloc[steps.index[-1]]}"
    factors = f"{math.exp(total):.2g} times as many a week"
    source = f"{LABELS['parts'][name][0]} (alone {math.exp(parts[name]):.2g} times)"
    return f"{first}; {span} they become {factors}, most by {source}"


def attacks_figure(weekly: Weekly, scenario: Scenario, facts: pd.DataFrame, sheet: Sheet) -> Drawn | None:
    """Draw attacks in Iraq against published counts, and growth accounting; None where nothing can be compared."""
    everywhere = growth_table(weekly, scenario, facts)
    ranges = published(facts, scenario, f"attacks-{THEATRE}-")
    table = everywhere[everywhere["theatre"] == THEATRE].head(len(ranges)).reset_index(drop=True)
    if table.empty:
        return None
    weeks, n = weekly["with"], scenario.combat.branching
    table = table.assign(
        weeks=[period.days / 7.0 for period, *_ in ranges],
        realised=[mean_in(weeks["date"], weeks[f"attacks_{THEATRE}"], period) for period, *_ in ranges],
    )
    used = "are used for calibration" if all(use == "calibrate" for *_, use in ranges) else "are partly held back"
    subtitle = (
        f"Published counts {used}. One run of one seed. The interval is that of a Poisson count, widened because "
        f"attacks beget attacks: variance x {1 / (1 - n) ** 2:.1f} = 1/(1 - n)² with n = {n:g}. "
        "Opportunity comes from outside the model, by date; so does know-how."
    )
    panels = [lambda axes: _draw_counts(axes, table, n)]
    if table[PARTS].notna().all(axis=1).any():
        panels.append(lambda axes: _draw_steps(axes, table))
    if len(_by_theatre(everywhere)):
        panels.append(lambda axes: _draw_theatres(axes, _by_theatre(everywhere)))
    return sheet.small_multiples(
        panels, lambda axes, draw: draw(axes), title=title_of_attacks(table), subtitle=subtitle, height=4.8, share="",
        columns=2,
    )  # fmt: skip


def _draw_counts(axes: Axes, table: pd.DataFrame, branching: float) -> None:
    x, weeks, simulated = np.arange(len(table)), table["weeks"], table["simulated"]
    low, high = np.transpose([count_range(expected, branching) for expected in simulated])
    error = [(simulated - low) / weeks, (high - simulated) / weeks]
    handles: list[Any] = [
        axes.bar(x - 0.2, table["published"] / weeks, 0.36, color="#bdbdbd", label="published"),
        axes.bar(x + 0.2, simulated / weeks, 0.36, color="#cc6677", label="simulated: expected from the attack rate"),
        Line2D([], [], color=DARK, marker="|", markersize=9, linestyle="none", label="95% of runs with that rate"),
        *axes.plot(x + 0.2, table["realised"], label="this run's count", **_RUN),
    ]
    axes.errorbar(x + 0.2, simulated / weeks, yerr=error, fmt="none", ecolor=DARK, elinewidth=1.6, capsize=4)
    axes.set_ylabel("attacks/week")
    axes.set_title(f"Attacks a week in {named(THEATRE)}; below: attacks in the period")
    counts = zip(table["period"], table["published"], simulated, strict=True)
    _finish(axes, [f"{name}\npublished {seen:,.0f}\nsimulated {made:,.0f}" for name, seen, made in counts], handles, 1)


def _draw_steps(axes: Axes, table: pd.DataFrame) -> None:
    parts = table[PARTS].dropna().assign(change=np.log(table["published"] / table["weeks"]).diff())
    axes.set_title(f"What supplied the change of simulated weekly attacks in {named(THEATRE)}")
    _draw_growth(axes, parts, [f"{table['period'][k - 1]}\nto {table['period'][k]}" for k in parts.index])


def _by_theatre(table: pd.DataFrame) -> pd.DataFrame:
    """Return the parts of the change from the first to the last period of every other theatre."""
    found = table[table["theatre"] != THEATRE].groupby("theatre", sort=False)
    first, last = found.first(), found.last()
    parts = found[PARTS].sum(min_count=1).assign(change=np.nan, span=first["period"] + " to " + last["period"])
    return parts.dropna(subset=PARTS)


def _draw_theatres(axes: Axes, parts: pd.DataFrame) -> None:
    axes.set_title(f"The same in other theatres, {parts['span'].iloc[0]}")
    _draw_growth(axes, parts, [named(name) for name in parts.index])
    axes.tick_params(axis="x", labelrotation=30)


def _draw_growth(axes: Axes, table: pd.DataFrame, words: list[str]) -> None:
    """Draw changes of weekly attacks by what supplied them, stacked up and down from zero, and the published change."""
    parts, change = 100.0 * table[PARTS], 100.0 * table["change"]
    x, small = np.arange(len(parts)), 0.035 * float(parts.abs().sum(axis=1).max())
    up = down = np.zeros(len(parts))
    handles: list[Any] = []
    for name, (label, colour, hatch) in LABELS["parts"].items():
        values = parts[name].to_numpy()
        base = np.where(values >= 0, up, down)
        look: dict[str, Any] = {"color": colour, "hatch": hatch, "edgecolor": "white", "linewidth": 0.6}
        handles.append(axes.bar(x, values, 0.5, bottom=base, label=label, **look))
        for place in np.flatnonzero(np.abs(values) >= small):
            where = place + 0.28, base[place] + values[place] / 2
            axes.text(*where, f"{values[place]:+.0f}", va="center", ha="left", fontsize=8.5, color=DARK)
        up, down = up + values.clip(min=0), down + values.clip(max=0)
    handles += axes.plot(x, parts.sum(axis=1), label="all four: simulated change", **_SUM)
    if change.notna().any():
        handles += axes.plot(x - 0.33, change, label="published change", **_GIVEN)
    axes.axhline(0, color=DARK, linewidth=0.8)
    axes.set_ylabel("log points (100 x difference of natural logs)")
    _finish(axes, words, handles, 2)


def _finish(axes: Axes, words: list[str], handles: list[Any], columns: int) -> None:
    axes.set_xticks(range(len(words)), words)
    axes.set_xlim(-0.6, len(words) - 0.4)
    axes.grid(visible=False, axis="x")
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + 0.42 * (high - low))
    axes.legend(handles=handles, fontsize=8.5, framealpha=1, edgecolor="none", loc="upper left", ncols=columns)
