"""The two arms of a run in figures: colours of rails and theatres, the line at the switch, series over dates."""

from datetime import date, timedelta
from typing import Any, Literal

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.engine.text import day, named
from sim.plots.layout import DARK
from sim.plots.panels import at, colours, date_axis
from sim.scenario import Scenario

type Weekly = dict[str, pd.DataFrame]
"""``sim.results.weekly`` of the run "with" the switch and of the one "without"."""

DOTTED: dict[str, Any] = {"color": "#444444", "linestyle": (0, (1, 1.5))}
"""The line at a date."""


def colours_of(scenario: Scenario, kind: Literal["rails", "theatres"]) -> dict[str, str]:
    """Return the colour of each rail or theatre."""
    return colours([one.name for one in getattr(scenario, kind)], kind)


def end_of(scenario: Scenario) -> date:
    """Return the day after the run."""
    return scenario.horizon.start + timedelta(weeks=scenario.horizon.weeks)


def switch_of(scenario: Scenario) -> tuple[date, str] | None:
    """Return date and rail of the first switch; none if no shock of that type is enabled."""
    found = [
        (shock.at or scenario.switch_day, str(shock.rail))
        for shock in scenario.shocks.values()
        if shock.enabled and shock.type == "switch" and shock.mode != "none"
    ]
    return min(found, default=None)


def _switch_in_run(scenario: Scenario) -> tuple[date, str] | None:
    switch = switch_of(scenario)
    return switch if switch and scenario.horizon.start <= switch[0] < end_of(scenario) else None


def arm_in_words(scenario: Scenario) -> str:
    """Return in words which of the two runs is shown where a figure shows one."""
    if switch_of(scenario) is None:
        return "no switch"
    return "with the switch (dotted line)" if _switch_in_run(scenario) else "with the switch"


def after_switch(scenario: Scenario) -> str:
    """Return the main window after the switch in words."""
    return f"in the {scenario.report.window} weeks after {day(scenario.switch_day)}"


def arms(scenario: Scenario) -> list[Line2D]:
    """Return the legend of the two arms and of the line at the switch."""
    with_switch = "with the switch" if switch_of(scenario) else "the run"
    lines = [Line2D([], [], color="#777777", linewidth=3.2, label=with_switch)]
    if switch_of(scenario):
        lines.append(Line2D([], [], color=DARK, linewidth=1.2, linestyle=(0, (4, 2)), label="without"))
    if switch := _switch_in_run(scenario):
        label = f"the switch to {named(switch[1])}, {day(switch[0])}"
        lines.append(Line2D([], [], label=label, linewidth=1.3, **DOTTED))
    return lines


def time_axis(axes: Axes, scenario: Scenario, ticks: int = 7) -> None:
    """Put dates on the x-axis, over the whole run, and a line at the switch, where the run reaches it."""
    axes.set_xlim(at(scenario.horizon.start) - 2, at(end_of(scenario)) + 2)
    date_axis(axes, 2, ticks)
    if switch := _switch_in_run(scenario):
        axes.axvline(at(switch[0]), zorder=6, linewidth=1.3, **DOTTED)


def draw_arms(axes: Axes, weekly: Weekly, column: str, colour: str, scenario: Scenario) -> None:
    """Draw one outcome with (solid, wide) and without (dashed, thin, on top); a run of a week or two as points."""
    looks: dict[str, dict[str, Any]] = {"with": {"color": colour, "linewidth": 3.2, "alpha": 0.6, "markersize": 6}}
    if switch_of(scenario):
        looks["without"] = {"color": DARK, "linewidth": 1.1, "linestyle": (0, (4, 3)), "markersize": 3}
    for arm, look in looks.items():
        table = weekly[arm]
        marker = "o" if len(table) < 3 else ""
        axes.plot(at(table["date"].to_numpy()), table[column].to_numpy(), marker=marker, **look)
