"""The page in the browser: Mesa's SolaraViz on a pair of runs with and without the switch."""

# Solara exports its names without types.
# mypy: disable-error-code="attr-defined, no-untyped-call"

from collections.abc import Callable
from functools import partial
from typing import Any

import matplotlib
import pandas as pd
import solara
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from mesa.visualization import Slider, SolaraViz
from mesa.visualization.utils import update_counter

from sim.config import ConfigurationError, folders_of, groups_in, load
from sim.engine.text import capital
from sim.model import Model
from sim.outcomes import OUTCOMES
from sim.plots.arms import arms, draw_arms, time_axis
from sim.plots.layout import DARK, PRINT
from sim.plots.panels import at, colours
from sim.results import series, with_and_without_switch
from sim.runs import Run
from sim.scenario import Scenario

SHOWN = ("capacity", "attacks", "delivered", "frozen")
"""Outcomes on the page, each with its difference."""
_TRACEABILITY = "rails.monero.traceability.link"
_STYLE = PRINT.style()  # read before Solara replaces matplotlib's settings by its own, which check no value
_asked: dict[str, str] = {}
"""Overrides of the command, by key."""


class Pair(Model):
    """A run, and beside it in step the same run without the switch, on the same random numbers.

    Attributes:
        without: the run without the switch.

    Args:
        start: the week up to which both are simulated at once, counted from the switch: -8 is eight weeks before.
        overrides: as of `sim.Model`.
    """

    def __init__(self, *, start: int = -8, **overrides: Any) -> None:
        super().__init__(**overrides)
        self.without = Run(with_and_without_switch(self.config)[1])
        first = min(self.config.week(self.config.switch_day) + start, self.config.horizon.weeks - 1)
        if first > 0:
            self.run_for(first)

    def step(self) -> None:
        """Simulate a week of both."""
        super().step()
        self.without.advance(self.simulated - self.without.simulated)


def ask(overrides: list[str]) -> None:
    """Set the overrides with which every page begins.

    Raises:
        ConfigurationError: with every error.
    """
    load(*overrides)
    if bare := [f"{one}: takes something away, which the page cannot show" for one in overrides if "=" not in one]:
        raise ConfigurationError(bare)
    _asked.clear()
    _asked.update(dict(one.partition("=")[::2] for one in overrides))


def parameters(asked: dict[str, str]) -> dict[str, Any]:
    """Return what the page lets a user choose, as Mesa's visualization has it; overrides of the command are fixed."""
    scenario, groups = load(*(f"{key}={value}" for key, value in asked.items())), groups_in(folders_of(None))
    chosen = {"group": scenario.group.profile, "policy": "status_quo"} | asked
    made: dict[str, Any] = dict(asked)
    for name in ("group", "policy"):
        values = list(dict.fromkeys([chosen[name], *groups[name]]))
        made[name] = {"type": "Select", "label": capital(name), "value": chosen[name], "values": values}
    for rail in scenario.rails:
        if rail.name == "monero":
            link = rail.traceability.link
            made[_TRACEABILITY] = Slider("Traceability", link, 0.0, 1.0, 0.01)
    made["seed"] = Slider("Seed", scenario.seed, 0, max(100, scenario.seed), 1)
    made["start"] = Slider("Start (weeks)", -8, -208, 0, 1)
    return made


def draw(model: Pair, outcome: str) -> Figure:
    """Draw an outcome by week with and without the switch, and below it the difference."""
    scenario, about, colour = model.config, OUTCOMES[outcome], colours(SHOWN)[outcome]
    dates = pd.date_range(scenario.horizon.start, periods=model.simulated, freq="7D")
    runs: dict[str, Run] = {"with": model, "without": model.without}
    tables = {arm: pd.DataFrame(series(run, [outcome], 0, len(dates))).assign(date=dates) for arm, run in runs.items()}

    def panel(axes: Axes, kind: str) -> None:
        if kind == "arms":
            draw_arms(axes, tables, outcome, colour, scenario)
            axes.set_ylabel(about.unit)
        else:
            apart = tables["with"][outcome] - tables["without"][outcome]
            axes.axhline(0.0, color=DARK, linewidth=0.8)
            axes.plot(at(tables["with"]["date"].to_numpy()), apart.to_numpy(), color=colour)
            axes.set_ylabel("difference")
        time_axis(axes, scenario)

    with matplotlib.rc_context(_STYLE):
        return PRINT.small_multiples(
            ["arms", "difference"], panel, title=about.label, legends=[arms(scenario)],
            height=2.2, columns=1, share="x", heights=[2, 1],
        )[0]  # fmt: skip


@solara.component
def Lines(model: Pair, outcome: str) -> None:
    """Show an outcome of both runs."""
    update_counter.get()
    solara.FigureMatplotlib(draw(model, outcome))


@solara.component
def Page() -> None:
    """Show the pair with its controls; every browser has a pair of its own."""
    chosen = solara.use_memo(lambda: parameters(_asked), [])
    model = solara.use_memo(lambda: solara.reactive(Pair(**values_of(chosen))), [])
    solara.Text(in_words(model.value.config))
    components: list[Callable[[Pair], Any]] = [partial(Lines, outcome=name) for name in SHOWN]
    SolaraViz(model, components=components, model_params=chosen, name="With and without the switch")


def values_of(chosen: dict[str, Any]) -> dict[str, Any]:
    """Return the keywords of a pair for parameters as they are at first."""
    return {name: one["value"] if isinstance(one, dict) else getattr(one, "value", one) for name, one in chosen.items()}


def in_words(scenario: Scenario) -> str:
    """Return what the pictures are of, which is not what the controls show until a user presses Reset."""
    links = [f"traceability of Monero {rail.traceability.link:g}" for rail in scenario.rails if rail.name == "monero"]
    policies = " and ".join(scenario.policies) or "none"
    about = [f"Group {scenario.group.profile}", f"policies: {policies}", *links, f"seed {scenario.seed}"]
    return f"{'; '.join(about)}. Choose others at the left, then press Reset."
