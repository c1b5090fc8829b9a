"""The run as a Mesa model: its clock, its agents and its data collection."""

import math
from collections.abc import Callable, Mapping
from functools import cached_property
from itertools import count
from types import MappingProxyType, MethodType
from typing import Any, NoReturn

import mesa
from mesa.experimental.mesa_signals import ModelSignals
from mesa.experimental.scenarios import Scenario as MesaScenario
from mesa.time import Event, EventGenerator, Priority, Schedule

from sim.engine.parameters import layout
from sim.engine.records import Rows
from sim.events import first_difference
from sim.model.agent_sets import DonorSet, RegisteredAgents
from sim.model.agents import Agency, AgentRecord, Appeal, Cell, Donor, Intermediary
from sim.model.collecting import Book, Outcomes
from sim.model.intervention import book_interventions
from sim.model.keywords import NOT_GIVEN, Settings, scenario_from_arguments, settings_from
from sim.rules.books import check_books
from sim.runs import Run
from sim.scenario import Scenario
from sim.state import KINDS

_REGISTERED = {Intermediary: "intermediaries", Cell: "cells", Agency: "agencies", Appeal: "appeals"}
"""The types of agents in ``model.agents``, with the names of their rows."""


class Model(Run, mesa.Model[Any, Any]):  # type: ignore[no-untyped-call]  # of Mesa's __init_subclass__
    """A run as a Mesa model: ``Model(scenario).run()``, or week by week with ``step()``.

    ``Model(seed=3, group="donor_funded", policy=["exchange_kyc"])`` uses the scenario that `sim.load` returns for the
    same overrides; ``rng=3`` is ``seed=3``. ``model.agents`` holds intermediaries, cells, agencies and appeals,
    ``model.agents_by_type[Donor]`` the donors, ``model.datacollector`` the outcomes by week. ``running`` is False
    after the last week; a further step changes nothing.

    Args:
        scenario: the scenario; without one, overrides by keyword (nested names by ``**{"rails.monero.fee": 0.1}``).
        parent: the run from which a branch continues (see `branch`).
        rng: the seed, an integer.
        overrides: overrides as in `sim.load`.

    Raises:
        ConfigurationError: if overrides are invalid or contradict the scenario.
    """

    def __init__(
        self,
        scenario: Scenario | MesaScenario | None = None,  # type: ignore[type-arg]  # of Mesa 3, none in Mesa 4
        parent: "Run | None" = None,
        *,
        rng: Any = NOT_GIVEN,
        **overrides: Any,
    ) -> None:
        config = scenario
        if not isinstance(config, Scenario) or overrides or rng is not NOT_GIVEN:
            config = scenario_from_arguments(scenario, rng, overrides)
        mesa.Model.__init__(self, rng=config.seed)
        del self._all_agents, self._agents_by_type  # created on demand
        self._whole = isinstance(scenario, Scenario)
        if isinstance(scenario, Settings):
            self._whole = scenario.whole
        elif isinstance(scenario, MesaScenario):
            self._scenario = _owned(scenario, self)
        Run.__init__(self, config, parent)
        self.modified = isinstance(parent, Model) and parent.modified  # True once a user has changed an agent
        self.running = self.simulated < len(self.book)
        self.first_donor_id = self.agent_id_counter + sum(len(getattr(self, rows)) for rows in _REGISTERED.values())
        self.agent_id_counter = self.first_donor_id + config.population.donors
        self._functions: list[Callable[..., None]] = []

    def branch(self, scenario: Scenario) -> "Model":
        """Return a model of another scenario that continues from this week, as `Run.branch` does.

        Mesa's clock restarts: time 0 of a branch is the start of the first week that it simulates.

        Raises:
            ValueError: if the two scenarios differ before this week, or if the clock is within a week.
        """
        if self.time % 1.0:
            raise ValueError(f"a branch begins with a week; the clock is at {self.time}, within one")
        if self.modified and not first_difference(self.config, scenario):
            raise ValueError("agents were changed by the user, and the other scenario differs from the first week on")
        if self.modified and self.simulated < len(self.book):
            book_interventions(self)
        return super().branch(scenario)

    # --- the week ----------------------------------------------------------------------------------------------------

    @property
    def week(self) -> int:
        """The current or last simulated week, counted from the first of the horizon; -1 before the first."""
        return self.begins + int(math.ceil(self.time)) - 1

    @property
    def end(self) -> float:
        """Time on Mesa's clock at which the run ends."""
        return float(len(self.book) - self.begins)

    def before(self, week: int) -> float:
        """Return the time on Mesa's clock for an event that takes effect in a week: half a week before its step."""
        return week - self.begins + 0.5

    def step(self) -> None:
        """Simulate one week: its shocks, then every phase in order."""
        if self.modified:
            book_interventions(self)
        self.advance(1)
        self.running = self.running and self.simulated < len(self.book)

    def run(self) -> Rows:
        """Simulate to the end and check the books; return the weekly outcomes."""
        if self.time < self.end:
            self.run_until(self.end)
        check_books(self.book, self.begins)
        return self.book.view(Book)

    def _advance_time(self, until: float) -> None:
        """Advance the clock, at most to the end of the run."""
        if self.time < self.end or until < self.time:
            super()._advance_time(min(until, self.end))
        self.running = self.running and self.time < self.end

    def _do_step(self) -> None:
        if self.simulated < len(self.book):
            super()._do_step()

    def schedule_event(
        self,
        function: Callable[..., None],
        *,
        at: float | None = None,
        after: float | None = None,
        priority: Priority = Priority.DEFAULT,
    ) -> Event:
        """Schedule a user's event as Mesa does, with a strong reference to its function until it happens.

        Raises:
            ValueError: if the time is in the past or after the end of the run.
        """
        self._hold(function, at if at is not None else self.time + (after or 0.0))
        return super().schedule_event(function, at=at, after=after, priority=priority)

    def schedule_recurring(
        self, function: Callable[..., None], schedule: Schedule, priority: Priority = Priority.DEFAULT
    ) -> EventGenerator:
        """Schedule a user's recurring event as Mesa does."""
        self._hold(function, schedule.start or self.time)
        return super().schedule_recurring(function, schedule, priority)

    def _hold(self, function: Callable[..., None], time: float) -> None:
        if time > self.end:
            raise ValueError(f"the run ends at {self.end:g}: no event can happen at {time:g}")
        if not isinstance(function, MethodType):
            self._functions.append(function)

    # --- scenario, agents and data collection ------------------------------------------------------------------------

    @cached_property
    def datacollector(self) -> Any:
        """Outcomes by week, from the book; a user may assign another collector."""
        return Outcomes(self)

    @property
    def scenario(self) -> Any:
        """The scenario as a Mesa scenario; `config` is the scenario that rules and tables read."""
        if self._scenario is None:
            self._scenario = _owned(settings_from(self.config, self._whole), self)
        return self._scenario

    @scenario.setter
    def scenario(self, scenario: Any) -> None:
        if "config" in self.__dict__:
            raise AttributeError("the scenario of a run cannot change; create another model, or use branch()")
        self._scenario = None

    @cached_property
    def _agents_by_type(self) -> dict[type, Any]:  # type: ignore[override]  # Mesa writes it
        """All agents by type, with their fixed identifiers; the views are created on demand."""
        found: dict[type, Any] = {}
        population = {kind: getattr(self, rows) for kind, rows in _REGISTERED.items()}
        ids = count(self.first_donor_id - sum(map(len, population.values())))
        for kind, rows in population.items():
            agents = [kind.at(self, rows, row, next(ids)) for row in range(len(rows))]
            found[kind] = RegisteredAgents(agents, self.random)
        found[Donor] = DonorSet(self, self.add_sleepers(), whole=True)
        return found

    @cached_property
    def _all_agents(self) -> Any:  # type: ignore[override]  # Mesa writes it
        few = [some for kind, some in self._agents_by_type.items() if kind is not Donor]
        return RegisteredAgents([agent for some in few for agent in some], self.random)

    @property
    def agents_by_type(self) -> Mapping[type, Any]:  # type: ignore[override]  # read-only
        """The agents of each type."""
        return MappingProxyType(self._agents_by_type)

    def register_agent(self, agent: Any) -> None:
        """Register a user's agent; the agents of the model are registered from the start."""
        if isinstance(agent, AgentRecord):
            raise TypeError(f"{agent!r} is registered from the start, with its own model")
        super().register_agent(agent)

    def deregister_agent(self, agent: Any) -> None:
        """Remove an agent from the model, as ``agent.remove()`` does: an intermediary closes, others are refused.

        Raises:
            KeyError: if the model does not contain the agent.
            TypeError: if agents of this type cannot be removed, or the run has ended.
        """
        if not isinstance(agent, AgentRecord):
            super().deregister_agent(agent)
            return
        if agent not in self._agents_by_type[type(agent)]:
            raise KeyError(agent)
        if not self.simulated < len(self.book):
            raise TypeError(f"{agent!r}: the run has ended after {self.simulated} weeks, a change has no effect")
        agent.apply_removal(self.simulated)
        self.modified = True
        self._agents_by_type[type(agent)].unregister(agent)
        self._all_agents.unregister(agent)
        self.notify("agents", ModelSignals.AGENT_REMOVED, args=(agent,))

    def remove_all_agents(self) -> NoReturn:
        """Refuse to remove all agents: a model needs cells, agencies, appeals and donors."""
        raise TypeError("only intermediaries can be removed: model.agents_by_type[Intermediary].do('remove')")

    # --- copies ------------------------------------------------------------------------------------------------------

    def __copy__(self) -> NoReturn:
        raise TypeError("a model cannot be copied shallowly; use copy.deepcopy(model) or model.branch(model.config)")

    def __getstate__(self) -> dict[str, Any]:
        """Return the whole state, for ``copy.deepcopy`` and pickle; the copy continues to the same bytes."""
        owners = {id(one) for one in (self, *self._event_generators, *self.__dict__.get("_all_agents", ()))}
        waiting = [event.fn() for event in self._event_list._events if event.fn is not None]
        waiting += [one.function() for one in self._event_generators]
        for function in waiting:
            if function is not None and id(getattr(function, "__self__", None)) not in owners:
                text = "is scheduled: a copy would call it for this model; copy before scheduling it"
                raise TypeError(f"{function!r} {text}")
        if any(self.subscribers.values()):
            raise TypeError("the model has observers, which a copy would notify too; copy before they subscribe")
        state = self.__dict__ | {"_functions": []}
        return state | {"_scenario": None} if isinstance(self._scenario, Settings) else state

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        for name, kind in KINDS.items():  # one layout object (see `sim.engine.parameters.layout`): another slows Numba
            setattr(self, name, getattr(self, name).view(kind.dtype))
        self.parameters = self.parameters.view(layout(Scenario))
        self._event_list._events.sort()
        for event in self._event_list._events:  # identifiers of another process could clash with those of this one
            event.unique_id = next(Event._ids)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.simulated} of {len(self.book)} weeks simulated, {self.config!r})"


def _owned(scenario: Any, model: Model) -> Any:
    """Return a Mesa scenario that knows its model, if it is of a Mesa whose scenarios do."""
    if hasattr(scenario, "model"):
        object.__setattr__(scenario, "model", model)
    return scenario
