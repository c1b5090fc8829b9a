"""The model: populations of records, and Mesa's clock, events and agents around the week."""

import math
from typing import Any, cast

import mesa
import numpy as np

from sim.appeals import Appeal, size_by_chance
from sim.cells import Cell
from sim.compiling import PLAIN
from sim.conditions import Conditions, conditions_of
from sim.constants import NOBODY, WEEKS_A_YEAR, AgencyKind, CellKind, IntermediaryKind
from sim.donors import Donor, calendar, settle
from sim.draws import Decision, key_of, uniforms
from sim.enforcement import Agency
from sim.intermediaries import Intermediary
from sim.ledger import Gift, check_books
from sim.money import cents
from sim.outcomes import Week
from sim.parameters import record_of
from sim.policies import Levers
from sim.population import DonorSet
from sim.records import Record, Rows, Views, empty, look
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

    ``model.agents`` holds intermediaries, cells, agencies and appeals; ``model.agents_by_type[Donor]`` the donors.
    """

    def __init__(self, scenario: Scenario, trunk: "Model | None" = None) -> None:
        super().__init__(rng=scenario.seed)
        self.config = scenario
        self.begins = 0
        self.cash = scenario.rail("cash")
        self.carrier = scenario.rail(scenario.group.carrier)
        names = [theatre.name for theatre in scenario.theatres]
        self.abroad = names.index("abroad") if "abroad" in names else NOBODY
        adaptive = scenario.adaptation.mode == "logit"
        self.adaptive_appeal = scenario.appeal(scenario.adaptation.appeal) if adaptive else NOBODY
        if trunk is None:
            self._settle()
        else:
            self._inherit(trunk)
        for kind, rows in (
            (Intermediary, self.intermediaries), (Cell, self.cells), (Agency, self.agencies), (Appeal, self.appeals),
        ):  # fmt: skip
            for row in range(len(rows)):
                kind(self, rows, row)
        self.first_donor_id = self.agent_id_counter
        self.agent_id_counter += scenario.population.donors
        self.agents_by_type[Donor] = cast("Any", DonorSet(self, self.donors))
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
        self.begins = trunk.week + 1
        alike = self.config.report == trunk.config.report
        self.parameters = trunk.parameters if alike else record_of(self.config)
        for name in ("book", "conditions", "levers", "communities", "appeals", "intermediaries", "cells", "agencies"):
            setattr(self, name, getattr(trunk, name).copy())
        self.donors = trunk.donors.copy()
        self.intermediary_names, self.first, self.order = trunk.intermediary_names, trunk.first, trunk.order
        end = int(trunk.book["last_gift"][trunk.week])
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
            ValueError: if the two scenarios part before this week.
        """
        lived, apart = self.week + 1, parting(self.config, scenario)
        if apart < lived:
            raise ValueError(f"the scenarios part in week {apart}, before {lived}")
        return type(self)(scenario, self if lived else None)

    # --- the week ----------------------------------------------------------------------------------------------------

    @property
    def week(self) -> int:
        """The week that runs, or ran last, from the first day of the horizon; -1 before the first."""
        return self.begins + int(math.ceil(self.time)) - 1

    @property
    def seed(self) -> int:
        """The seed, under which rules take it."""
        return self.config.seed

    def before(self, week: int) -> float:
        """Time on Mesa's clock at which events of a week happen: half a week before its step."""
        return week - self.begins + 0.5

    def step(self) -> None:
        """One week: every phase in order."""
        week = self.week
        if week >= len(self.book):
            raise IndexError(f"the run ends after {len(self.book)} weeks")
        self._make_room(week)
        self.live()

    def live(self) -> None:
        """Live one week: the place to override for whoever wants to time or watch its phases (`WEEK`) one by one."""
        WHOLE.run(self)

    def run(self) -> Rows:
        """Run to the end and check the books; returns the weekly outcomes."""
        left = self.config.horizon.weeks - max(0, self.week + 1)
        if left:
            self.run_for(left)
        check_books(self.book)
        return self.book

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
