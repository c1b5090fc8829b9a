"""Attacks: capacity from people, money and know-how; the rate that opportunity allows; attacks that trigger others."""

import math

from sim.engine.constants import EXCITATION_WEEKS, KERNEL_WEEKS, WEEKS_A_YEAR, Capacity, Force
from sim.engine.jit import rule
from sim.engine.rng import Stream, poisson, uniform, uniforms
from sim.rules.world import Cell, Conditions, Levers, World
from sim.scenario import Scenario


@rule
def operations_money(cell: Cell, p: Scenario) -> float:
    """Effective operations money in USD a week: mean of five weeks, weighted by the attack kernel.

    K = sum_j w_j spent_(t - j) / sum w. Reads combat.kernel (Bahney et al. 2010).
    """
    weight = 0.0
    money = 0.0
    for j in range(KERNEL_WEEKS):
        weight += p.combat.kernel[j]
        money += p.combat.kernel[j] * cell.spent[j]
    return money / weight / 100.0


@rule
def capacity_of(cell: Cell, money: float, know_how: float, p: Scenario) -> float:
    """Attacks a week that the people, money and know-how of a cell sustain at ordinary opportunity.

    A_ref x know-how x a function of people M / M_ref and money (K + K_0) / (K_ref + K_0), each over that of the
    reference point: `product`, `ces` or, at most what the purse pays, `lumpy`. Reads rules.capacity.
    """
    people = cell.fighters / cell.fighters_reference
    reference = cell.money_reference + cell.money_floor
    means = (money + cell.money_floor) / reference if reference > 0.0 else 0.0
    if p.rules.capacity == Capacity.CES:
        return float(cell.attacks_reference * know_how * ces(people, means, p))
    if p.rules.capacity == Capacity.LUMPY:
        return lumpy(cell, people, know_how, p)
    return product(cell, people, means, know_how, p)


@rule
def product(cell: Cell, people: float, means: float, know_how: float, p: Scenario) -> float:
    """Capacity as a product of powers: A_ref people ** alpha money ** epsilon H. Reads combat.people, combat.money."""
    means = means**p.combat.money if means > 0.0 else 0.0
    return float(cell.attacks_reference * people**p.combat.people * means * know_how)


@rule
def lumpy(cell: Cell, people: float, know_how: float, p: Scenario) -> float:
    """Capacity where an attack needs its cost in hand: A_ref people ** alpha H, at most what the purse pays.

    The form is after Shapiro & Siegel (2007). Reads combat.people.
    """
    return float(min(cell.attacks_reference * people**p.combat.people * know_how, attacks_in_purse(cell)))


@rule
def ces(people: float, means: float, p: Scenario) -> float:
    """Combine people and money with constant elasticity of substitution s (Arrow, Chenery, Minhas & Solow 1961).

    ((alpha people ** rho + epsilon money ** rho) / (alpha + epsilon)) ** ((alpha + epsilon) / rho), rho = 1 - 1 / s. At
    the reference point it is 1 and its elasticities are alpha and epsilon, as those of the product; where one runs
    short, the other does not make up for it. Reads combat.people, combat.money, combat.substitution.
    """
    if people <= 0.0 or means <= 0.0:
        return 0.0
    both = p.combat.people + p.combat.money
    rho = 1.0 - 1.0 / p.combat.substitution
    mean = (p.combat.people * people**rho + p.combat.money * means**rho) / both
    return float(mean ** (both / rho))


@rule
def cost_of_attack(cell: Cell) -> float:
    """Average cost of an attack in USD at the reference point: (K_ref + K_0) / A_ref."""
    return (cell.money_reference + cell.money_floor) / cell.attacks_reference if cell.attacks_reference > 0.0 else 0.0


@rule
def attacks_in_purse(cell: Cell) -> float:
    """Whole attacks that the money in hand pays."""
    cost = cost_of_attack(cell)
    return math.floor(cell.purse / cost) if cost > 0.0 else 0.0


@rule
def save_for_attacks(cell: Cell, money: float) -> None:
    """The week's money joins the purse, which holds at most a year's reference money, or the cost of one attack."""
    most = max(WEEKS_A_YEAR * (cell.money_reference + cell.money_floor), cost_of_attack(cell))
    cell.purse = min(most, cell.purse + money + cell.money_floor)


@rule
def pay_for_attacks(cell: Cell, attempted: int) -> int:
    """Attacks that happen of those attempted: the purse pays each, and no more than it holds."""
    done = min(attempted, int(attacks_in_purse(cell)))
    cell.purse -= done * cost_of_attack(cell)
    return done


@rule
def triggered_mean(cell: Cell, rate: float, p: Scenario) -> float:
    """Mean number of attacks this week: background (1 - n) rate plus n times the weighted mean of past attacks.

    Weights exp(-s / tau) are normalised, so the long-run mean is the rate (Hawkes 1971; Lewis et al. 2012).
    The weights are `sim.scenario.sections.Combat.echoes`. Reads combat.branching.
    """
    weight = 0.0
    echo = 0.0
    for s in range(EXCITATION_WEEKS):
        w = p.combat.echoes[s]
        weight += w
        echo += w * (cell.past if cell.history[s] < 0 else float(cell.history[s]))
    return (1.0 - p.combat.branching) * rate + p.combat.branching * echo / weight


@rule
def severity(cell: Cell, week: int, ordinal: int, p: Scenario) -> int:
    """Deaths in one attack: a geometric body, a power-law tail, and a cap, independent of the group's size.

    Tail density ~ deaths ** -exponent from x_min (Clauset, Young & Gleditsch 2007; Clauset & Gleditsch 2012).
    Reads combat.deaths, combat.severe_share, combat.severe_from, combat.severe_exponent, combat.deaths_cap.
    """
    u, v, _, _ = uniforms(p.seed, Stream.SEVERITY, cell.key, week, ordinal)
    if u < p.combat.severe_share:
        tail = p.combat.severe_from * math.exp(-math.log(v) / (p.combat.severe_exponent - 1.0))
        return int(min(float(p.combat.deaths_cap), math.floor(tail)))
    if p.combat.deaths <= 0.0:
        return 0
    return min(int(p.combat.deaths_cap), int(math.floor(math.log(v) / p.combat.log_survival)))


@rule
def opportunity_of(cell: Cell, conditions: Conditions, levers: Levers, p: Scenario) -> float:
    """Factor of opportunity on capacity; military pressure lowers it where it reaches, or raises it by backlash.

    Reads rules.force, effects.kinetic_opportunity, backlash.attacks, theatres.*.military.
    """
    pressure = levers.kinetic_pressure * p.theatres[cell.theatre].military
    fall = p.backlash.attacks if p.rules.force == Force.BACKLASH else p.effects.kinetic_opportunity
    return conditions.opportunity[cell.theatre] * (1.0 - fall * pressure)


# --- the phase -------------------------------------------------------------------------------------------------------


@rule
def attack(world: World) -> None:
    """Every cell updates its capacity and attack rate and carries out its attacks. Reads rules.capacity."""
    p = world.parameters[0]
    week = world.week
    levers = world.levers[week]
    now = world.book[week]
    for k in range(len(world.communities)):
        now.know_how[k] = world.conditions[week].know_how[k] * (1.0 - world.communities[k].leaders_lost)
    for c in range(1, len(world.cells)):
        cell = world.cells[c]
        t = cell.theatre
        money = operations_money(cell, p)
        if p.rules.capacity == Capacity.LUMPY:
            save_for_attacks(cell, money)
        cell.capacity = capacity_of(cell, money, now.know_how[t], p)
        cell.rate = cell.capacity * opportunity_of(cell, world.conditions[week], levers, p)
        if cell.past < 0.0:
            cell.past = cell.rate
        n = poisson(uniform(p.seed, Stream.ATTACK, cell.key, week), triggered_mean(cell, cell.rate, p))
        if p.rules.capacity == Capacity.LUMPY:
            n = pay_for_attacks(cell, n)
        for s in range(EXCITATION_WEEKS - 1, 0, -1):
            cell.history[s] = cell.history[s - 1]
        cell.history[0] = n
        for ordinal in range(n):
            now.deaths[t] += severity(cell, week, ordinal, p)
        now.attacks[t] += n
        now.capacity[t] += cell.capacity
        now.rate[t] += cell.rate
        if cell.core:
            now.capacity_core += cell.capacity
            now.rate_core += cell.rate
            now.attacks_core += n
        else:
            now.capacity_network += cell.capacity
            now.rate_network += cell.rate
