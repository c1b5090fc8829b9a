"""The model: populations of records, and Mesa's clock, events and agents around the week."""

import math
from collections.abc import Callable, Mapping
from functools import cached_property
from types import MappingProxyType, MethodType
from typing import Any, NoReturn

import mesa
import numpy as np
from mesa.experimental.mesa_signals import ModelSignals
from mesa.experimental.scenarios import Scenario as MesaScenario
from mesa.time import Event, EventGenerator, Priority, Schedule

from sim.appeals import Appeal, size_by_chance
from sim.cells import Cell
from sim.collecting import Outcomes
from sim.compiling import PLAIN
from sim.conditions import Conditions, conditions_of
from sim.constants import NOBODY, WEEKS_A_YEAR, AgencyKind, CellKind, IntermediaryKind
from sim.donors import Donor, calendar, settle
from sim.draws import Decision, key_of, uniforms
from sim.enforcement import Agency
from sim.intermediaries import Intermediary
from sim.intervention import book_by_hand
from sim.keywords import NOT_GIVEN, Settings, asked_for, settings_of
from sim.ledger import Book, Gift, check_books
from sim.money import cents
from sim.outcomes import Week
from sim.parameters import layout, record_of
from sim.policies import Levers
from sim.population import DonorSet, Registered
from sim.records import AgentRecord, Record, Rows, Views, empty, look
from sim.scenario import Kind, Scenario
from sim.theatres import Community
from sim.timeline import keep_what_is_not_lost, parting, schedule
from sim.week import WHOLE

KINDS: dict[str, type[Record]] = {
    "donors": Donor,
    "appeals": Appeal,
    "intermediaries": Intermediary,
    "cells": Cell,
    "communities": Community,
    "agencies": Agency,
    "ledger": Gift,
    "book": Week,
    "conditions": Conditions,
    "levers": Levers,
}
"""The populations and what a row of each is."""


class Model(mesa.Model[Any, Any]):  # type: ignore[no-untyped-call]  # of Mesa's __init_subclass__
    """The world of one run: ``Model(scenario).run()``, or week by week with ``step()`` as any Mesa model.

    ``Model(seed=3, group="donor_funded", policy=["exchange_kyc"])`` is the model of the scenario that `sim.load` makes
    of the same overrides; ``rng=3`` is ``seed=3``. ``model.agents`` holds intermediaries, cells, agencies and appeals,
    ``model.agents_by_type[Donor]`` the donors, ``model.datacollector`` the outcomes by week. ``running`` is False
    after the last week; a step beyond it changes nothing.

    Args:
        scenario: what is run; or overrides by keyword (nested names by ``**{"rails.monero.fee": 0.1}``).
        trunk: the run that a branch takes over from (see `branch`).
        rng: the seed, a whole number.
        overrides: as in `sim.load`.

    Raises:
        ConfigurationError: if overrides are faulty, or contradict the scenario.
    """

    def __init__(
        self,
        scenario: Scenario | MesaScenario[Any] | None = None,
        trunk: "Model | None" = None,
        *,
        rng: Any = NOT_GIVEN,
        **overrides: Any,
    ) -> None:
        config = scenario
        if not isinstance(config, Scenario) or overrides or rng is not NOT_GIVEN:
            config = asked_for(scenario, rng, overrides)
        super().__init__(rng=config.seed)
        del self._all_agents, self._agents_by_type  # made when somebody asks: studies never do
        self.config = config
        self._whole = isinstance(scenario, Scenario)
        if isinstance(scenario, Settings):
            self._whole = scenario.whole
        elif isinstance(scenario, MesaScenario):
            self._scenario = scenario
            object.__setattr__(scenario, "model", self)
        self.begins = self.lived = 0
        self.touched = False  # whether a hand changed an agent
        self.cash = config.rail("cash")
        self.carrier = config.rail(config.group.carrier)
        names = [theatre.name for theatre in config.theatres]
        self.abroad = names.index("abroad") if "abroad" in names else NOBODY
        adaptive = config.adaptation.mode == "logit"
        self.adaptive_appeal = config.appeal(config.adaptation.appeal) if adaptive else NOBODY
        if trunk is None:
            self._settle()
        else:
            self._inherit(trunk)
        self.running = self.lived < len(self.book)
        of_the_model = (self.intermediaries, self.cells, self.agencies, self.appeals)
        self.first_donor_id = self.agent_id_counter + sum(map(len, of_the_model))
        self.agent_id_counter = self.first_donor_id + config.population.donors
        self._functions: list[Callable[..., None]] = []
        self.timeline = schedule(self)

    def _settle(self) -> None:
        """The world on its first day."""
        scenario = self.config
        weeks = scenario.horizon.weeks
        self.parameters = record_of(scenario)
        self.book: Rows = np.zeros(weeks, dtype=Week.dtype)
        self.book["due"] = self.book["found"] = NOBODY
        self.conditions = conditions_of(scenario)
        self.levers = empty(Levers, 1)
        self.communities = self._communities()
        self.appeals = self._appeals()
        self.intermediaries, self.intermediary_names = self._intermediaries()
        self.cells = self._cells()
        self.agencies = self._agencies()
        self.donors = empty(Donor, scenario.population.donors)
        p = self.seen("parameters")
        settle(self.seen("donors"), self._shares_of_donors(), scenario.seed, p)
        expected = float(self.donors["rate"].sum()) * weeks
        self.first, self.order = calendar(self.seen("donors"), expected, weeks, scenario.seed)
        self.ledger = empty(Gift, 1 + len(self.order) // 4)  # untouched rows take no memory; growing copies
        opening = cents(scenario.group.reserves)
        self.cells["funds"][0, self.cash] = opening
        self.book["opening"][0, self.cash] = opening
        keep_what_is_not_lost(self)

    def _inherit(self, trunk: "Model") -> None:
        """The world as another run left it: copies of its records; what nobody writes is shared."""
        self.begins = self.lived = trunk.lived
        self.touched = trunk.touched
        alike = self.config.report == trunk.config.report
        self.parameters = trunk.parameters if alike else record_of(self.config)
        for name in ("book", "conditions", "levers", "communities", "appeals", "intermediaries", "cells", "agencies"):
            setattr(self, name, getattr(trunk, name).copy())
        self.donors = trunk.donors.copy()
        self.intermediary_names, self.first, self.order = trunk.intermediary_names, trunk.first, trunk.order
        end = int(trunk.book["last_gift"][trunk.lived - 1])
        self.ledger = empty(Gift, len(trunk.ledger))
        self.ledger[:end] = trunk.ledger[:end]

    def branch(self, scenario: Scenario) -> "Model":
        """A run of another scenario that takes over from this one, as if it had run from the first day.

        Runs that share all luck and differ only in what comes later have the same past: it need be lived once. The
        weeks so far are this model's, to the byte; this model is left as it is, and may branch again. Mesa's clock
        begins anew: at time 0 of a branch begins the first week that it lives.

        Args:
            scenario: differs from this one in shocks and policies alone, and in none that has begun.

        Raises:
            ValueError: if the two scenarios part before this week, or this one is between two weeks.
        """
        lived, apart = self.lived, parting(self.config, scenario)
        if apart < lived:
            raise ValueError(f"the scenarios part in week {apart}, before {lived}")
        if self.time != self.steps:
            raise ValueError(f"a branch begins with a week; the clock is at {self.time}, amid one")
        if self.touched and not apart:
            raise ValueError("agents were changed by hand, and the other scenario has another first week")
        if self.touched and lived < len(self.book):
            book_by_hand(self)
        return type(self)(scenario, self if lived or self.touched else None)

    # --- the week ----------------------------------------------------------------------------------------------------

    @property
    def week(self) -> int:
        """The week that runs, or ran last, from the first day of the horizon; -1 before the first."""
        return self.begins + int(math.ceil(self.time)) - 1

    @property
    def seed(self) -> int:
        """The seed, under which rules take it."""
        return self.config.seed

    @property
    def end(self) -> float:
        """Time on Mesa's clock at which the run ends: after its last week."""
        return float(len(self.book) - self.begins)

    def before(self, week: int) -> float:
        """Time on Mesa's clock at which events of a week happen: half a week before its step."""
        return week - self.begins + 0.5

    def step(self) -> None:
        """One week: every phase in order."""
        week = self.lived
        if self.touched:
            book_by_hand(self)
        self._make_room(week)
        self.live()
        self.lived = week + 1
        self.running = self.running and self.lived < len(self.book)

    def live(self) -> None:
        """Live one week: the place to override for whoever wants to time or watch its phases (`WEEK`) one by one."""
        WHOLE.run(self)

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
        if self.lived < len(self.book):
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

    def _make_room(self, week: int) -> None:
        """Let the ledger grow when this week's attempts might not fit."""
        end = int(self.book["last_gift"][week - 1]) if week > 0 else 0
        needed = end + int(self.first[week + 1] - self.first[week]) if len(self.first) > week + 1 else end
        if needed > len(self.ledger):
            grown = empty(Gift, max(needed, len(self.ledger) * 3 // 2))
            grown[:end] = self.ledger[:end]
            self.ledger = grown

    def seen(self, name: str) -> Any:
        """An attribute as rules see it: records as they are, or views of them where rules run as plain Python."""
        value = getattr(self, name)
        if PLAIN and isinstance(value, np.ndarray):
            kind = KINDS.get(name)
            return Views(kind, value) if kind else look(value)
        return value

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
        if not self.lived < len(self.book):
            raise TypeError(f"{agent!r}: nothing follows, the run has ended after {self.lived} weeks")
        agent.leave(self.lived)
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
        owners = {
            id(one) for one in (self, *self.timeline, *self._event_generators, *self.__dict__.get("_all_agents", ()))
        }
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
        return f"{type(self).__name__}({self.lived} of {len(self.book)} weeks lived, {self.config!r})"

    # --- the populations at the start ---------------------------------------------------------------------------------

    def _communities(self) -> Rows:
        rows = empty(Community, len(self.config.theatres))
        rows["base"] = rows["sympathy"] = [theatre.sympathy for theatre in self.config.theatres]
        return rows

    def _shares_of_donors(self) -> Any:
        """Share of donors by community: those abroad, and the rest by theatre."""
        scenario = self.config
        weights = np.array([theatre.donors for theatre in scenario.theatres])
        abroad = np.array([theatre.name == "abroad" for theatre in scenario.theatres])
        home = np.where(abroad, 0.0, weights)
        shares = scenario.population.abroad * abroad if abroad.any() else 0.0 * home
        rest = 1.0 - shares.sum()
        shares = shares + (rest * home / home.sum() if home.sum() > 0 else 0.0)
        return shares.tolist() if PLAIN else shares

    def _appeals(self) -> Rows:
        scenario = self.config
        rows = empty(Appeal, len(scenario.appeals))
        chance = Views(Appeal, rows) if PLAIN else rows
        p = look(self.parameters)[0] if PLAIN else self.parameters[0]
        for a, appeal in enumerate(scenario.appeals):
            rows[a]["key"] = key_of(appeal.name)
            rows[a]["public"] = appeal.public
            rows[a]["audience"] = 1.0
            rows[a]["looked_at"] = -1
            rows[a]["yields"] = scenario.adaptation.expected
            rows[a]["moves_to"] = NOBODY
            rows[a]["opens"] = scenario.week(appeal.opens)
            rows[a]["asked"] = scenario.rail(appeal.rails[0]) if appeal.public and appeal.rails else NOBODY
            for name in appeal.rails:
                rows[a]["accepts"][scenario.rail(name)] = 1
            by_chance = size_by_chance(chance[a], self.config.seed, p) if appeal.public else 1.0
            rows[a]["share"] = appeal.weight * by_chance
        for public in (0, 1):
            kind = rows["public"] == public
            total = rows["share"][kind].sum()
            if total > 0:
                rows["share"][kind] /= total
        return rows

    def _intermediaries(self) -> tuple[Rows, list[str]]:
        scenario = self.config
        kinds: list[tuple[IntermediaryKind, Kind]] = [
            (kind, getattr(scenario.intermediaries, kind.name.lower())) for kind in IntermediaryKind
        ]
        rows = empty(Intermediary, sum(one.count for _, one in kinds))
        names: list[str] = []
        for kind, one in kinds:
            ranks = np.arange(1, one.count + 1) ** -scenario.intermediaries.concentration
            for n in range(one.count):
                row = rows[len(names)]
                name = f"{kind.name.lower()}_{n + 1}"
                names.append(name)
                row["key"] = key_of(name)
                row["kind"] = kind
                row["share"] = one.market * ranks[n] / ranks.sum()
                row["fee"] = one.fee
                row["lawful"] = one.lawful
                comply, listing, *_ = uniforms(self.config.seed, Decision.INTERMEDIARY.value, int(row["key"]), 0, 0)
                row["compliant"] = comply < scenario.intermediaries.compliant
                row["strictness"] = one.strictness_compliant if row["compliant"] else one.strictness
                row["listing"] = listing / one.listed if one.listed > 0 else 1.0
                for r, rail in enumerate(scenario.rails):
                    if kind.name.lower() in rail.offered_by:
                        row["offers"][r] = not rail.private or listing < one.listed
        return rows, names

    def _cells(self) -> Rows:
        scenario = self.config
        combat, group = scenario.combat, scenario.group
        rows = empty(Cell, len(group.cells))
        for row, (name, cell) in zip(rows, group.cells.items(), strict=True):
            row["key"] = key_of(name)
            row["kind"] = CellKind[cell.kind.upper()]
            row["theatre"] = scenario.theatre(cell.theatre)
            row["core"], row["self_financed"] = cell.core, cell.self_financed
            row["fighters"] = cell.fighters
            for stream in ("tax", "oil", "looting", "kidnap", "insurgent"):
                row[stream] = getattr(cell.revenue, stream)
            reference = combat.money * combat.attack_cost * cell.attacks_reference / WEEKS_A_YEAR  # K_ref + K_0
            row["money_reference"] = 0.0 if cell.self_financed else reference / (1.0 + cell.floor)
            row["money_floor"] = reference - row["money_reference"]
            row["attacks_reference"] = cell.attacks_reference / WEEKS_A_YEAR
            row["fighters_reference"] = cell.fighters_reference
            row["history"] = row["past"] = -1
            row["spent"] = cents(float(row["money_reference"]) * group.operations)
        return rows

    def _agencies(self) -> Rows:
        rows = empty(Agency, len(AgencyKind))
        for kind in AgencyKind:
            row = rows[kind]
            row["kind"] = kind
            row["staff"] = row["own_staff"] = getattr(self.config.enforcement.staff, kind.name.lower())
            ledger = kind is AgencyKind.CHAIN_ANALYST
            watched = [r for r, rail in enumerate(self.config.rails) if rail.ledger is ledger]
            row["effort"][watched] = 1.0 / max(1, len(watched))
        return rows
