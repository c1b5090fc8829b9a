"""Group cells: the treasury, provinces and external cells; how they spend, and how people come and go."""

import math
from typing import Annotated, ClassVar

from sim.compiling import rule
from sim.conditions import Conditions
from sim.constants import EXCITATION_WEEKS, KERNEL_WEEKS, WEEKS_A_YEAR
from sim.draws import Decision, poisson, uniform
from sim.outcomes import Week
from sim.policies import Levers
from sim.records import F8, I1, I8, AgentRecord, CentsByArrival, CentsByRail, Ints, Records
from sim.scenario import Scenario
from sim.theatres import Community

# --- the record ------------------------------------------------------------------------------------------------------


class Cell(AgentRecord):
    """A cell of the group; row 0 is the treasury. Reads group.*, combat.*."""

    key: I8
    kind: I1  # CellKind
    theatre: I1
    core: I1  # core province, or global network
    self_financed: I1  # draws no pay from the treasury
    # people
    fighters: I8
    former: I8  # members who left and may come back
    arrears: F8  # share of pay that was not paid this week
    # money
    funds: CentsByRail  # what it holds by rail; cash is what can be spent
    chest: I8  # cents of cash that donors sent straight to it: for operations alone
    arriving: CentsByArrival  # cents of cash on the way, by week of arrival (modulo MAX_DELAY)
    income: I8  # cents of cash that came in this week
    extortion: F8  # USD a week by which the treasury makes lost gifts good; below zero nothing happens
    gifts_long: F8  # cents of gifts a week, slow mean
    gifts_short: F8  # the same, fast mean
    spent: Annotated[Ints, ("i8", KERNEL_WEEKS)]  # cents spent on operations, this week first
    tax: F8  # USD a week at full territory
    oil: F8
    looting: F8
    kidnap: F8
    insurgent: F8  # USD a week without territory
    # attacks
    attacks_reference: F8  # a week at the reference point (A_ref)
    fighters_reference: F8  # M_ref
    money_reference: F8  # USD a week (K_ref)
    money_floor: F8  # USD a week of in-kind and self-financed means (K_0)
    capacity: F8  # attacks a week at ordinary opportunity
    rate: F8  # attacks a week
    history: Annotated[Ints, ("i8", EXCITATION_WEEKS)]  # attacks of past weeks, last week first
    past: F8  # attacks a week before the run: the first rate, until the run has a history of its own

    _shown = ("fighters", "funds", "capacity")
    _more = "group.cells has them: write a file of your own for conf/group"
    _fewer = "group.cells has them; fighters = 0 ends its attacks; the policy is kinetic_pressure"
    _fixed: ClassVar[dict[str, str]] = {
        "key": "it is its luck, and hangs on its name",
        "kind": "group.cells.NAME.kind says what it does",
        "theatre": "group.cells.NAME.theatre says where it is",
        "core": "group.cells.NAME.core says whether it counts as core",
        "arrears": "it follows every week from pay: set funds or group.wage",
        "capacity": "it follows every week from fighters, money and know-how",
        "rate": "it follows every week from capacity and opportunity",
    }
    _by_rail = ("funds",)
    _signed = ("extortion", "past", "history")

    @property
    def name(self) -> str:
        """Its name in the configuration."""
        return str(list(self.model.config.group.cells)[self._row])

    def not_by_hand(self, name: str) -> str:
        """Why a field is not set by hand: some are the treasury's alone, and most are not the treasury's."""
        if self._row == 0 and name not in ("funds", *_OF_THE_TREASURY):
            return self._fixed.get(name) or "the treasury holds money, and neither fights nor spends on operations"
        if self._row > 0 and name in _OF_THE_TREASURY:
            return "the treasury alone has it: the first cell"
        if name == "past" and self.history[EXCITATION_WEEKS - 1] >= 0:
            return "the run has a history of its own by now: history"
        return super().not_by_hand(name)


_OF_THE_TREASURY = ("income", "extortion", "gifts_long", "gifts_short")


# --- the rules -------------------------------------------------------------------------------------------------------


@rule
def wages(cell: Cell, p: Scenario) -> float:
    """USD a week that paying every fighter takes. Reads group.wage (Bahney et al. 2013)."""
    return 0.0 if cell.self_financed else float(cell.fighters) * p.group.wage / WEEKS_A_YEAR


@rule
def plan(cell: Cell, p: Scenario) -> float:
    """USD a week that the cell means to spend on operations. Reads group.operations."""
    return 0.0 if cell.self_financed else cell.money_reference * p.group.operations


@rule
def share_of_operations(available: float, pay: float, operations: float, protection: float) -> float:
    """Share of what is available that goes to operations.

    Enough for both: in proportion to need. Too little: between all cut alike (protection 0) and pay first (1).
    """
    need = pay + operations
    if need <= 0.0:
        return 1.0
    if available >= need or available <= 0.0:
        return operations / need
    alike = pay * available / need
    first = min(pay, available)
    return max(0.0, 1.0 - ((1.0 - protection) * alike + protection * first) / available)


@rule
def disburse(cell: Cell, cash: int, now: Week, p: Scenario) -> None:
    """A cell spends its cash on pay and operations, and its chest on operations.

    Reads group.protection; arrears are the share of pay that stays unpaid.
    """
    available = int(cell.funds[cash])
    pay = wages(cell, p)
    share = share_of_operations(available / 100.0, pay, plan(cell, p), p.group.protection)
    operations = min(available, int(math.floor(available * share)))
    paid = available - operations
    cell.arrears = max(0.0, 1.0 - paid / (100.0 * pay)) if pay > 0.0 else 0.0
    cell.spent[0] = operations + cell.chest
    now.spent[cash] += available + cell.chest
    now.operations += operations + cell.chest
    now.pay += paid
    cell.funds[cash] = 0
    cell.chest = 0


@rule
def pressure_on(cell: Cell, now: Conditions, levers: Levers, p: Scenario) -> float:
    """Share of its fighters that a cell loses a week to security forces, with what policy adds where it reaches.

    Reads effects.kinetic_pressure, theatres.*.military.
    """
    added = p.effects.kinetic_pressure * levers.kinetic_pressure * p.theatres[cell.theatre].military
    return now.pressure[cell.theatre] + added


@rule
def turn_over(cell: Cell, community: Community, pressure: float, now: Week, week: int, seed: int, p: Scenario) -> None:
    """Fighters leave, more so in arrears, and are killed or captured; recruits join and former members come back.

    Means a week: recruits x fighters x sympathy / base x room; rejoin x former; (leaving + arrears x share unpaid) x
    fighters; pressure x fighters. Room for recruits is 1 - fighters / (recruits_limit x reference fighters).
    Reads group.recruits, group.recruits_limit, group.rejoin, group.leaving, group.arrears
    (facts:fighter-pay-household).
    """
    men = float(cell.fighters)
    mood = community.sympathy / community.base if community.base > 0.0 else 0.0
    room = max(0.0, 1.0 - men / (p.group.recruits_limit * cell.fighters_reference))
    joining = men * p.group.recruits / WEEKS_A_YEAR * mood * room
    joined = poisson(uniform(seed, Decision.RECRUIT, cell.key, week), joining)
    back = poisson(uniform(seed, Decision.REJOIN, cell.key, week), float(cell.former) * p.group.rejoin / WEEKS_A_YEAR)
    back = min(int(cell.former), back)
    going = men * (p.group.leaving + p.group.arrears * cell.arrears) / WEEKS_A_YEAR
    left = min(int(cell.fighters), poisson(uniform(seed, Decision.LEAVE, cell.key, week), going))
    hit = poisson(uniform(seed, Decision.CASUALTY, cell.key, week), men * pressure)
    killed = min(int(cell.fighters) - left, hit)
    cell.fighters += joined + back - left - killed
    cell.former += left - back
    now.recruits += joined + back
    now.left += left
    now.killed += killed


# --- the phase -------------------------------------------------------------------------------------------------------


@rule
def spend(
    cells: Records[Cell], communities: Records[Community], cash: int, book: Records[Week],
    conditions: Records[Conditions], levers: Records[Levers], week: int, seed: int, parameters: Records[Scenario],
) -> None:  # fmt: skip
    """The reserves shrink by what families and losses take; cells pay and prepare; people come and go.

    Reads group.outflow.
    """
    p = parameters[0]
    now = book[week]
    treasury = cells[0]
    outflow = int(math.floor(treasury.funds[cash] * p.group.outflow / WEEKS_A_YEAR))
    treasury.funds[cash] -= outflow
    now.spent[cash] += outflow
    now.outflow += outflow
    for c in range(1, len(cells)):
        cell = cells[c]
        for j in range(KERNEL_WEEKS - 1, 0, -1):
            cell.spent[j] = cell.spent[j - 1]
        disburse(cell, cash, now, p)
        pressure = pressure_on(cell, conditions[week], levers[0], p)
        turn_over(cell, communities[cell.theatre], pressure, now, week, seed, p)
        now.fighters[cell.theatre] += cell.fighters
