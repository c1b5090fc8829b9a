"""The values of the state: arrays of records, initialised from a scenario or copied from a parent run."""

import math
from typing import Any, get_args, get_type_hints

import numpy as np

from sim.engine.arithmetic import cents
from sim.engine.constants import KERNEL_WEEKS, NOBODY, WEEKS_A_YEAR, AgencyKind, CellKind, IntermediaryKind
from sim.engine.jit import PLAIN
from sim.engine.parameters import record_of
from sim.engine.records import Record, Rows, empty, rule_view
from sim.engine.rng import Stream, key_of, uniforms
from sim.rules.appeals import draw_campaign_size
from sim.rules.conditions import conditions_of, levers_of
from sim.rules.donors import calendar, initialise
from sim.rules.world import Agency, Appeal, Cell, Community, Donor, Gift, Intermediary, Week, World
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
        first, order: the calendar of attempts (`sim.rules.donors.calendar`).
        intermediary_names: names by row.
    """

    donors: Rows
    appeals: Rows
    intermediaries: Rows
    cells: Rows
    communities: Rows
    agencies: Rows
    ledger: Rows
    book: Rows
    conditions: Rows
    first: Any
    order: Any
    intermediary_names: list[str]

    def __init__(self, scenario: Scenario, parent: "State | None" = None) -> None:
        self.config = scenario
        self.levers = levers_of(scenario)
        if parent is None:
            self._initialise()
        else:
            self._fork_from(parent)

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
        self.donors = empty(Donor, scenario.population.donors)
        start = [self.view(name) for name in ("appeals", "conditions", "parameters")]
        initialise(self.view("donors"), _shares_of_donors(scenario), *start)
        expected = float(self.donors["rate"].sum()) * weeks
        self.first, self.order = calendar(self.view("donors"), expected, weeks, scenario.seed)
        self.ledger = empty(Gift, 1 + len(self.order) // 4)  # unwritten rows take no memory; growth copies
        opening = cents(scenario.group.reserves)
        self.cells["funds"][0, scenario.cash] = opening
        self.book["opening"][0, scenario.cash] = opening

    def _fork_from(self, parent: "State") -> None:
        """Copy the records of a parent run; share the arrays that no rule writes."""
        same_report = self.config.report == parent.config.report
        self.parameters = parent.parameters if same_report else record_of(self.config)
        self.intermediary_names, self.first, self.order = parent.intermediary_names, parent.first, parent.order
        for name in ("donors", "appeals", "intermediaries", "cells", "communities", "agencies", "book", "conditions"):
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

    def grow_ledger(self, gifts: int) -> None:
        """Enlarge the ledger to hold a number of gifts."""
        if gifts > len(self.ledger):
            grown = empty(Gift, max(gifts, len(self.ledger) * 3 // 2))
            grown[: len(self.ledger)] = self.ledger
            self.ledger = grown


# --- the first day ---------------------------------------------------------------------------------------------------


def _shares_of_donors(scenario: Scenario) -> Any:
    """Return the share of donors by community: those abroad, and the rest by theatre."""
    abroad = np.array([theatre.name == "abroad" for theatre in scenario.theatres])
    home = np.where(abroad, 0.0, [theatre.donors for theatre in scenario.theatres])
    shares = scenario.population.abroad * abroad
    if home.sum() > 0:
        shares = shares + (1.0 - shares.sum()) * home / home.sum()
    return shares.tolist() if PLAIN else shares


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
        ranks = np.arange(1, one.count + 1) ** -scenario.intermediaries.concentration
        for n in range(one.count):
            row = rows[len(names)]
            name = f"{kind.name.lower()}_{n + 1}"
            names.append(name)
            row["key"] = key_of(name)
            row["kind"] = kind
            row["share"] = one.market * ranks[n] / ranks.sum()
            row["fee"] = one.fee
            row["served"] = -1
            row["lawful"] = one.lawful
            key = int(row["key"])
            comply, listing, row["licence"], _ = uniforms(scenario.seed, Stream.INTERMEDIARY.value, key, 0, 0)
            row["compliant"] = comply < scenario.intermediaries.compliant
            row["strictness"] = one.strictness_compliant if row["compliant"] else one.strictness
            row["listing"] = listing / one.listed if one.listed > 0 else 1.0
            for r, rail in enumerate(scenario.rails):
                if kind.name.lower() in rail.offered_by:
                    row["offers"][r] = not rail.private or listing < one.listed
    return rows, names


def _cells(scenario: Scenario) -> Rows:
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
        row["purse"] = max(KERNEL_WEEKS * reference, combat.money * combat.attack_cost)
        row["carrier"] = scenario.carrier
        row["carried"] = ((1.0 - group.hop_cost) * (1.0 - group.hop_seen)) ** group.hops * (1.0 - group.skim)
        row["spent"] = cents(float(row["money_reference"]) * group.operations)
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
