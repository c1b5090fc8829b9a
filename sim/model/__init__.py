"""The run as a Mesa model: its clock, its agents and its data collection."""

import math
from collections.abc import Callable, Mapping
from functools import cached_property
from types import MappingProxyType, MethodType
from typing import Any, NoReturn

import mesa
from mesa.experimental.mesa_signals import ModelSignals
from mesa.experimental.scenarios import Scenario as MesaScenario
from mesa.time import Event, EventGenerator, Priority, Schedule

from sim.engine.parameters import layout
from sim.engine.records import Rows
from sim.events import first_difference
from sim.model.agent_sets import DonorSet, Registered
from sim.model.agents import Agency, AgentRecord, Appeal, Cell, Donor, Intermediary
from sim.model.collecting import Outcomes
from sim.model.intervention import book_by_hand
from sim.model.keywords import NOT_GIVEN, Settings, asked_for, settings_of
from sim.rules.ledger import Book, check_books
from sim.run import Run
from sim.scenario import Scenario
from sim.state import KINDS


class Model(Run, mesa.Model[Any, Any]):  # type: ignore[no-untyped-call]  # of Mesa's __init_subclass__
    """A run that Mesa sees: ``Model(scenario).run()``, or week by week with ``step()`` as any Mesa model.

    ``Model(seed=3, group="donor_funded", policy=["exchange_kyc"])`` is the model of the scenario that `sim.load` makes
    of the same overrides; ``rng=3`` is ``seed=3``. ``model.agents`` holds intermediaries, cells, agencies and appeals,
    ``model.agents_by_type[Donor]`` the donors, ``model.datacollector`` the outcomes by week. ``running`` is False
    after the last week; a step beyond it changes nothing.

    Args:
        scenario: what is run; or overrides by keyword (nested names by ``**{"rails.monero.fee": 0.1}``).
        parent: the run that a branch goes on from (see `branch`).
        rng: the seed, a whole number.
        overrides: as in `sim.load`.

    Raises:
        ConfigurationError: if overrides are faulty, or contradict the scenario.
    """

    def __init__(
        self,
        scenario: Scenario | MesaScenario[Any] | None = None,
        parent: "Run | None" = None,
        *,
        rng: Any = NOT_GIVEN,
        **overrides: Any,
    ) -> None:
        config = scenario
        if not isinstance(config, Scenario) or overrides or rng is not NOT_GIVEN:
            config = asked_for(scenario, rng, overrides)
        mesa.Model.__init__(self, rng=config.seed)
        del self._all_agents, self._agents_by_type  # made when somebody asks
        self._whole = isinstance(scenario, Scenario)
        if isinstance(scenario, Settings):
            self._whole = scenario.whole
        elif isinstance(scenario, MesaScenario):
            self._scenario = scenario
            object.__setattr__(scenario, "model", self)
        Run.__init__(self, config, parent)
        self.touched = isinstance(parent, Model) and parent.touched  # whether a hand changed an agent
        self.running = self.simulated < len(self.book)
        of_the_model = (self.intermediaries, self.cells, self.agencies, self.appeals)
        self.first_donor_id = self.agent_id_counter + sum(map(len, of_the_model))
        self.agent_id_counter = self.first_donor_id + config.population.donors
        self._functions: list[Callable[..., None]] = []

    def branch(self, scenario: Scenario) -> "Model":
        """Return a model of another scenario that goes on from here, as `Run.branch` has it.

        Mesa's clock begins anew: at time 0 of a branch begins the first week that it simulates.

        Raises:
            ValueError: if the two scenarios part before this week, or this one is between two weeks.
        """
        if self.time != self.steps:
            raise ValueError(f"a branch begins with a week; the clock is at {self.time}, amid one")
        if self.touched and not first_difference(self.config, scenario):
            raise ValueError("agents were changed by hand, and the other scenario has another first week")
        if self.touched and self.simulated < len(self.book):
            book_by_hand(self)
        return super().branch(scenario)

    # --- the week ----------------------------------------------------------------------------------------------------

    @property
    def week(self) -> int:
        """The week that runs, or ran last, from the first day of the horizon; -1 before the first."""
        return self.begins + int(math.ceil(self.time)) - 1

    @property
    def end(self) -> float:
        """Time on Mesa's clock at which the run ends: after its last week."""
        return float(len(self.book) - self.begins)

    def before(self, week: int) -> float:
        """Time on Mesa's clock at which events of a week happen: half a week before its step."""
        return week - self.begins + 0.5

    def step(self) -> None:
        """Simulate one week: its shocks, then every phase in order."""
        if self.touched:
            book_by_hand(self)
        self.advance(1)
        self.running = self.running and self.simulated < len(self.book)

    def run(self) -> Rows:
        """Run to the end and check the books; returns the weekly outcomes."""
        if self.time < self.end:
            self.run_until(self.end)
        check_books(self.book)
        return self.book.view(Book)

    def _advance_time(self, until: float) -> None:
        """Advance the clock, at most to the end of the run: nothing is beyond it, and a step there changes nothing."""
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
        """Schedule an event of a user's own, as Mesa does; a function is kept until then, and none is lost unseen.

        Raises:
            ValueError: if it lies in the past, or after the end of the run.
        """
        self._reachable(at if at is not None else self.time + (after or 0.0))
        if not isinstance(function, MethodType):
            self._functions.append(function)
        return super().schedule_event(function, at=at, after=after, priority=priority)

    def schedule_recurring(
        self, function: Callable[..., None], schedule: Schedule, priority: Priority = Priority.DEFAULT
    ) -> EventGenerator:
        """Schedule a recurring event of a user's own, as Mesa does."""
        self._reachable(schedule.start or self.time)
        if not isinstance(function, MethodType):
            self._functions.append(function)
        return super().schedule_recurring(function, schedule, priority)

    def _reachable(self, time: float) -> None:
        if time > self.end:
            raise ValueError(f"the run ends at {self.end:g}: nothing happens at {time:g}")

    # --- what Mesa knows of it ---------------------------------------------------------------------------------------

    @cached_property
    def datacollector(self) -> Any:
        """Outcomes by week, from the book; one of a user's own can take its place."""
        return Outcomes(self)

    @property
    def scenario(self) -> Any:
        """The scenario as Mesa's own kind, or the one that was given; `config` is it as rules and tables take it."""
        if self._scenario is None:
            self._scenario = settings_of(self.config, self._whole)
            self._scenario.model = self
        return self._scenario

    @scenario.setter
    def scenario(self, scenario: Any) -> None:
        if "config" in self.__dict__:
            raise AttributeError("the scenario of a run does not change: make a model of the other one, or branch()")
        self._scenario = None

    @cached_property
    def _agents_by_type(self) -> dict[type, Any]:  # type: ignore[override]  # Mesa writes it
        """All agents, with the numbers that they have from the start: views, made when somebody asks."""
        found: dict[type, Any] = {}
        first = self.first_donor_id - sum(map(len, (self.intermediaries, self.cells, self.agencies, self.appeals)))
        for kind, rows in (
            (Intermediary, self.intermediaries), (Cell, self.cells), (Agency, self.agencies), (Appeal, self.appeals),
        ):  # fmt: skip
            found[kind] = Registered([kind.at(self, rows, row, first + row) for row in range(len(rows))], self.random)
            first += len(rows)
        found[Donor] = DonorSet(self, self.donors)
        return found

    @cached_property
    def _all_agents(self) -> Any:  # type: ignore[override]  # Mesa writes it
        few = [some for kind, some in self._agents_by_type.items() if kind is not Donor]
        return Registered([agent for some in few for agent in some], self.random)

    @property
    def agents_by_type(self) -> Mapping[type, Any]:  # type: ignore[override]  # to read: agents come and go otherwise
        """The agents of each kind."""
        return MappingProxyType(self._agents_by_type)

    def register_agent(self, agent: Any) -> None:
        """Register an agent of a user's own; those of the model are there from the start."""
        if isinstance(agent, AgentRecord):
            raise TypeError(f"{agent!r} is registered from the start, with its own model")
        super().register_agent(agent)

    def deregister_agent(self, agent: Any) -> None:
        """Take an agent out of the model, as ``agent.remove()`` does: an intermediary closes, others are refused.

        Raises:
            KeyError: if it is not there.
            TypeError: if nothing in the model takes such an agent away, or the run has ended.
        """
        if not isinstance(agent, AgentRecord):
            super().deregister_agent(agent)
            return
        if agent not in self._agents_by_type[type(agent)]:
            raise KeyError(agent)
        if not self.simulated < len(self.book):
            raise TypeError(f"{agent!r}: nothing follows, the run has ended after {self.simulated} weeks")
        agent.leave(self.simulated)
        self.touched = True
        self._agents_by_type[type(agent)].forget(agent)
        self._all_agents.forget(agent)
        self.notify("agents", ModelSignals.AGENT_REMOVED, args=(agent,))

    def remove_all_agents(self) -> NoReturn:
        """Refused: no world is without cells, agencies, appeals and donors."""
        raise TypeError("only intermediaries can be removed: model.agents_by_type[Intermediary].do('remove')")

    # --- copies ------------------------------------------------------------------------------------------------------

    def __copy__(self) -> NoReturn:
        raise TypeError("a model is copied whole: copy.deepcopy(model), or model.branch(model.config)")

    def __getstate__(self) -> dict[str, Any]:
        """All of it, for ``copy.deepcopy`` and pickle: the copy goes on by itself, to the same bytes."""
        owners = {id(one) for one in (self, *self._event_generators, *self.__dict__.get("_all_agents", ()))}
        waiting = [event.fn() for event in self._event_list._events if event.fn is not None]
        waiting += [one.function() for one in self._event_generators]
        for function in waiting:
            if function is not None and id(getattr(function, "__self__", None)) not in owners:
                raise TypeError(
                    f"{function!r} waits as an event: a copy would call it for this model; copy before that"
                )
        if any(self.subscribers.values()):
            raise TypeError("the model is observed: a copy would tell the observers of this one; copy before that")
        state = self.__dict__ | {"_functions": []}
        return state | {"_scenario": None} if isinstance(self._scenario, Settings) else state

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        for name, kind in KINDS.items():  # one layout object, as of `sim.parameters.layout`: another takes Numba longer
            setattr(self, name, getattr(self, name).view(kind.dtype))
        self.parameters = self.parameters.view(layout(Scenario))
        self._event_list._events.sort()
        for event in self._event_list._events:  # numbers of another process would mix with those of this one
            event.unique_id = next(Event._ids)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.simulated} of {len(self.book)} weeks simulated, {self.config!r})"
