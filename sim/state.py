"""The values of the state: arrays of records, initialised from a scenario or copied from a parent run."""

import math
from functools import cached_property
from typing import Any, get_args, get_type_hints

import numpy as np
from numpy.typing import NDArray

from sim.engine.arithmetic import cents
from sim.engine.constants import KERNEL_WEEKS, NOBODY, WEEKS_A_YEAR, AgencyKind, CellKind, IntermediaryKind
from sim.engine.parameters import record_of
from sim.engine.records import Record, Rows, empty, rule_view
from sim.engine.rng import Stream, key_of, uniforms
from sim.population import Population, population_of
from sim.rules.appeals import draw_campaign_size
from sim.rules.conditions import conditions_of, levers_of
from sim.rules.world import Agency, Appeal, Cell, Community, Donor, Gift, Intermediary, Luck, Market, Week, World
from sim.scenario import Kind, Scenario

_ROWS = {name: get_args(hint) for name, hint in get_type_hints(World).items()}
KINDS: dict[str, type[Record]] = {name: row[0] for name, row in _ROWS.items() if row and issubclass(row[0], Record)}
"""The arrays of records of a `World`, with the type of their rows."""


class State:
    """All records of a run.

    Attributes:
        config: the scenario.
        donors, appeals, intermediaries, cells, communities, agencies, ledger: rows are agents and gifts.
        book, conditions, levers: rows are weeks.
        parameters: the scenario as rules read it, one row.
        luck, luck_rows: random numbers of attempts, which branches share (`sim.rules.donors.luck_of`).
        markets: rows are rails.
        population: the donors as they were at the start, and the calendar of their attempts.
        first, order: this calendar.
        intermediary_names: names by row.
    """

    donors: Rows
    appeals: Rows
    intermediaries: Rows
    markets: Rows
    cells: Rows
    communities: Rows
    agencies: Rows
    ledger: Rows
    book: Rows
    conditions: Rows
    population: Population
    first: Any
    order: Rows
    luck: Rows
    luck_rows: Any
    simulated: int  # weeks simulated so far, from the first of the horizon
    intermediary_names: list[str]
    _attempts: tuple[int, NDArray[np.intp]] | None = None  # weeks simulated, and the attempts up to then

    def __init__(self, scenario: Scenario, parent: "State | None" = None) -> None:
        self.config = scenario
        if parent is None:
            self._initialise()
        else:
            self._fork_from(parent)

    @cached_property
    def levers(self) -> Rows:
        """Intensity of each policy by week; no rule writes it, so runs with the same policies may share it."""
        return levers_of(self.config)

    def _initialise(self) -> None:
        """Initialise every record for the first day of the scenario."""
        scenario = self.config
        weeks = scenario.horizon.weeks
        self.parameters = record_of(scenario)
        self.book = np.zeros(weeks, dtype=Week.dtype)
        self.book["due"] = self.book["found"] = NOBODY
        self.conditions = conditions_of(scenario)
        self.communities = empty(Community, len(scenario.theatres))
        self.communities["base"] = self.communities["sympathy"] = [one.sympathy for one in scenario.theatres]
        self.appeals = _appeals(scenario, self.parameters)
        self.intermediaries, self.intermediary_names = _intermediaries(scenario)
        self.cells = _cells(scenario)
        self.agencies = _agencies(scenario)
        self.population = population_of(scenario, self.appeals, self.conditions, self.parameters)
        self.first, self.order, donors = self.population.first, self.population.order, self.population.donors
        self.donors = donors.copy() if self.population.kept else donors
        self.luck, self.luck_rows = empty(Luck, 1), np.zeros(1, dtype=np.int32)
        self.markets = empty(Market, len(scenario.rails))
        self.ledger = empty(Gift, 1 + len(self.order) // 4)  # unwritten rows take no memory; growth copies
        opening = cents(scenario.group.reserves)
        self.cells["funds"][0, scenario.cash] = opening
        self.book["opening"][0, scenario.cash] = opening

    def _fork_from(self, parent: "State") -> None:
        """Copy the records of a parent run; share the arrays that no rule writes."""
        same_report = self.config.report == parent.config.report
        self.parameters = parent.parameters if same_report else record_of(self.config)
        left = len(parent.order) - int(parent.first[parent.simulated])
        if len(parent.luck) == 1 and parent.population.kept:
            parent.luck, parent.luck_rows = empty(Luck, left + 1), np.zeros(left + 1, dtype=np.int32)
        for name in ("intermediary_names", "population", "first", "order", "luck", "luck_rows"):
            setattr(self, name, getattr(parent, name))
        for name in KINDS.keys() - {"order", "luck", "levers", "ledger"}:
            setattr(self, name, getattr(parent, name).copy())
        last = int(self.book["last_gift"].max(initial=0))
        self.ledger = empty(Gift, len(parent.ledger))
        self.ledger[:last] = parent.ledger[:last]

    def view(self, name: str) -> Any:
        """Return an array by name, in the form that rules take."""
        return rule_view(getattr(self, name), KINDS.get(name))

    def world(self, week: int) -> World:
        """Return the state in a week, in the form that phases take."""
        return World._make([*map(self.view, World._fields[:-1]), week])

    def add_sleepers(self) -> NDArray[np.intp]:
        """Append the donors who make no attempt to the rows, and return the rows of all donors in order of identity."""
        if len(self.donors) < self.config.population.donors:
            self.donors = np.concatenate([self.donors, self.population.sleepers]).view(Donor.dtype)
        return np.argsort(self.donors["identity"])

    def all_donors(self) -> Rows:
        """Return a copy of the rows of all donors, with those who make no attempt, in order of identity."""
        rows = self.add_sleepers()
        return self.donors[rows]

    def attempts(self) -> NDArray[np.intp]:
        """Return the number of attempts so far by row of the donor; none beyond these rows."""
        if self._attempts is None or self._attempts[0] != self.simulated:  # every donor asks
            made = self.order["row"][: self.first[self.simulated]]
            self._attempts = self.simulated, np.bincount(made, minlength=self.config.population.donors)
        return self._attempts[1]

    def grow_ledger(self, gifts: int) -> None:
        """Enlarge the ledger to hold a number of gifts."""
        if gifts > len(self.ledger):
            grown = empty(Gift, max(gifts, len(self.ledger) * 3 // 2))
            grown[: len(self.ledger)] = self.ledger
            self.ledger = grown


# --- the first day ---------------------------------------------------------------------------------------------------


def _appeals(scenario: Scenario, parameters: Rows) -> Rows:
    rows = empty(Appeal, len(scenario.appeals))
    chance, p = rule_view(rows, Appeal), rule_view(parameters)[0]
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
        total = math.fsum(one.weight for one in scenario.appeals if one.public == appeal.public)
        rows[a]["share"] = appeal.weight / total * (draw_campaign_size(chance[a], p) if appeal.public else 1.0)
    rows["campaigns"] = math.fsum(rows["share"][rows["public"] == 1])
    return rows


def _intermediaries(scenario: Scenario) -> tuple[Rows, list[str]]:
    kinds: list[Kind] = [getattr(scenario.intermediaries, kind.name.lower()) for kind in IntermediaryKind]
    rows = empty(Intermediary, sum(one.count for one in kinds))
    names: list[str] = []
    for kind, one in zip(IntermediaryKind, kinds, strict=True):
        some = rows[len(names) : len(names) + one.count]
        own = [f"{kind.name.lower()}_{n + 1}" for n in range(one.count)]
        names += own
        some["key"] = [key_of(name) for name in own]
        some["kind"], some["fee"], some["served"], some["lawful"] = kind, one.fee, -1, one.lawful
        ranks = np.arange(1, one.count + 1) ** -scenario.intermediaries.concentration
        some["share"] = one.market * ranks / ranks.sum()
        drawn = [uniforms(scenario.seed, Stream.INTERMEDIARY.value, key, 0, 0) for key in some["key"].tolist()]
        comply, listing, some["licence"], _ = np.array(drawn).reshape(-1, 4).T
        some["compliant"] = comply < scenario.intermediaries.compliant
        some["strictness"] = np.where(some["compliant"], one.strictness_compliant, one.strictness)
        some["listing"] = listing / one.listed if one.listed > 0 else 1.0
        for r, rail in enumerate(scenario.rails):
            if kind.name.lower() in rail.offered_by:
                some["offers"][:, r] = listing < one.listed if rail.private else 1
    return rows, names


def _cells(scenario: Scenario) -> Rows:
    combat, group, cells = scenario.combat, scenario.group, list(scenario.group.cells.values())
    rows = empty(Cell, len(cells))
    rows["key"] = [key_of(name) for name in group.cells]
    rows["kind"] = [CellKind[cell.kind.upper()] for cell in cells]
    rows["theatre"] = [scenario.theatre(cell.theatre) for cell in cells]
    for name in ("core", "self_financed", "fighters", "fighters_reference"):
        rows[name] = [getattr(cell, name) for cell in cells]
    for stream in ("tax", "oil", "looting", "kidnap", "insurgent"):
        rows[stream] = [getattr(cell.revenue, stream) for cell in cells]
    attacks = np.array([cell.attacks_reference for cell in cells])
    reference = combat.money * combat.attack_cost * attacks / WEEKS_A_YEAR  # K_ref + K_0
    floors = np.array([cell.floor for cell in cells])
    rows["money_reference"] = np.where(rows["self_financed"], 0.0, reference / (1.0 + floors))
    rows["money_floor"] = reference - rows["money_reference"]
    rows["attacks_reference"] = attacks / WEEKS_A_YEAR
    rows["history"] = -1
    rows["past"] = -1.0
    rows["purse"] = np.maximum(KERNEL_WEEKS * reference, combat.money * combat.attack_cost)
    rows["carrier"] = scenario.carrier
    rows["carried"] = ((1.0 - group.hop_cost) * (1.0 - group.hop_seen)) ** group.hops * (1.0 - group.skim)
    rows["spent"] = [[cents(money * group.operations)] for money in rows["money_reference"].tolist()]
    return rows


def _agencies(scenario: Scenario) -> Rows:
    rows = empty(Agency, len(AgencyKind))
    for kind in AgencyKind:
        row = rows[kind]
        row["kind"] = kind
        row["staff"] = row["own_staff"] = getattr(scenario.enforcement.staff, kind.name.lower())
        ledger = kind is AgencyKind.CHAIN_ANALYST
        watched = [r for r, rail in enumerate(scenario.rails) if rail.ledger is ledger]
        row["effort"][watched] = 1.0 / max(1, len(watched))
    return rows
