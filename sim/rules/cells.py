"""Group cells (the treasury, provinces, external cells): how they spend, and how fighters join and leave."""

import math

from sim.engine.constants import KERNEL_WEEKS, WEEKS_A_YEAR
from sim.engine.jit import rule
from sim.engine.records import Records
from sim.engine.rng import Stream, poisson, uniform
from sim.rules.world import Cell, Community, Conditions, Levers, Week, World
from sim.scenario import Scenario


@rule
def funds_on(r: int, cells: Records[Cell]) -> int:
    """Cents that the treasury and the cells hold on a rail."""
    held = 0
    for c in range(len(cells)):
        held += cells[c].funds[r]
    return held


@rule
def wage_bill(cell: Cell, p: Scenario) -> float:
    """Pay of all fighters of a cell, in USD a week. Reads group.wage (Bahney et al. 2013)."""
    return 0.0 if cell.self_financed else float(cell.fighters) * p.group.wage / WEEKS_A_YEAR


@rule
def planned_operations(cell: Cell, p: Scenario) -> float:
    """Planned spending of a cell on operations, in USD a week. Reads group.operations."""
    return 0.0 if cell.self_financed else cell.money_reference * p.group.operations


@rule
def share_of_operations(available: float, pay: float, operations: float, protection: float) -> float:
    """Share of the available money that goes to operations.

    If the money suffices for both, it is divided in proportion to need. If not, protection interpolates between the
    same cut for both (0) and pay first (1).
    """
    need = pay + operations
    if need <= 0.0:
        return 1.0
    if available >= need or available <= 0.0:
        return operations / need
    proportional = pay * available / need
    first = min(pay, available)
    return max(0.0, 1.0 - ((1.0 - protection) * proportional + protection * first) / available)


@rule
def spend_funds(cell: Cell, now: Week, p: Scenario) -> None:
    """A cell spends its cash on pay and operations, and its chest on operations.

    Reads group.protection; arrears are the unpaid share of pay.
    """
    available = int(cell.funds[p.cash])
    pay = wage_bill(cell, p)
    share = share_of_operations(available / 100.0, pay, planned_operations(cell, p), p.group.protection)
    operations = min(available, int(math.floor(available * share)))
    paid = available - operations
    cell.arrears = max(0.0, 1.0 - paid / (100.0 * pay)) if pay > 0.0 else 0.0
    cell.spent[0] = operations + cell.chest
    now.spent[p.cash] += available + cell.chest
    now.operations += operations + cell.chest
    now.pay += paid
    cell.funds[p.cash] = 0
    cell.chest = 0


@rule
def pressure_on(cell: Cell, conditions: Conditions, levers: Levers, p: Scenario) -> float:
    """Share of its fighters that a cell loses a week to security forces, plus the effect of policy where it reaches.

    Reads effects.kinetic_pressure, theatres.*.military.
    """
    added = p.effects.kinetic_pressure * levers.kinetic_pressure * p.theatres[cell.theatre].military
    return conditions.pressure[cell.theatre] + added


@rule
def update_fighters(cell: Cell, community: Community, pressure: float, now: Week, week: int, p: Scenario) -> None:
    """Recruits join, former members return, fighters leave (more when pay is in arrears), are killed or captured.

    Weekly means: recruits x fighters x sympathy / base x room; rejoin x former; (leaving + arrears x unpaid share) x
    fighters; pressure x fighters. The room for recruits is 1 - fighters / (recruits_limit x reference fighters).
    Reads group.recruits, group.recruits_limit, group.rejoin, group.leaving, group.arrears
    (facts:fighter-pay-household).
    """
    men = float(cell.fighters)
    mood = community.sympathy / community.base if community.base > 0.0 else 0.0
    room = max(0.0, 1.0 - men / (p.group.recruits_limit * cell.fighters_reference))
    joining = men * p.group.recruits / WEEKS_A_YEAR * mood * room
    joined = poisson(uniform(p.seed, Stream.RECRUIT, cell.key, week), joining)
    back = poisson(uniform(p.seed, Stream.REJOIN, cell.key, week), float(cell.former) * p.group.rejoin / WEEKS_A_YEAR)
    back = min(int(cell.former), back)
    going = men * (p.group.leaving + p.group.arrears * cell.arrears) / WEEKS_A_YEAR
    left = min(int(cell.fighters), poisson(uniform(p.seed, Stream.LEAVE, cell.key, week), going))
    hit = poisson(uniform(p.seed, Stream.CASUALTY, cell.key, week), men * pressure)
    killed = min(int(cell.fighters) - left, hit)
    cell.fighters += joined + back - left - killed
    cell.former += left - back
    now.recruits += joined + back
    now.left += left
    now.killed += killed


# --- the phase -------------------------------------------------------------------------------------------------------


@rule
def spend(world: World) -> None:
    """The treasury pays its outflow; cells spend on pay and operations; fighters join and leave.

    Reads group.outflow.
    """
    p = world.parameters[0]
    week = world.week
    levers = world.levers[week]
    now = world.book[week]
    treasury = world.cells[0]
    outflow = int(math.floor(treasury.funds[p.cash] * p.group.outflow / WEEKS_A_YEAR))
    treasury.funds[p.cash] -= outflow
    now.spent[p.cash] += outflow
    now.outflow += outflow
    for c in range(1, len(world.cells)):
        cell = world.cells[c]
        for j in range(KERNEL_WEEKS - 1, 0, -1):
            cell.spent[j] = cell.spent[j - 1]
        spend_funds(cell, now, p)
        pressure = pressure_on(cell, world.conditions[week], levers, p)
        update_fighters(cell, world.communities[cell.theatre], pressure, now, week, p)
        now.fighters[cell.theatre] += cell.fighters
