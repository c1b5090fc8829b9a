"""Attacks (ODD, section 7.9)."""

from math import exp, floor, log
from typing import TYPE_CHECKING

from sim.engine.constants import WEEKS_A_YEAR, Capacity, Force, Stream
from tests.twin.arithmetic import poisson
from tests.twin.philox import uniforms

if TYPE_CHECKING:
    from sim.scenario import sections
    from tests.twin.cells import Cell
    from tests.twin.model import Model


def operations_money(model: "Model", cell: "Cell") -> float:
    """USD a week of operations money that counts now."""
    weighted = weights = 0.0
    for weight, spent in zip(model.p.combat.kernel, cell.spent, strict=True):
        weighted += weight * spent
        weights += weight
    return weighted / weights / 100.0


def capacity_of(model: "Model", cell: "Cell", know_how: float) -> float:
    """Attacks a week at ordinary opportunity."""
    combat = model.p.combat
    if cell.attacks_reference <= 0.0:
        return 0.0
    people = cell.fighters / cell.fighters_reference
    means = (operations_money(model, cell) + cell.money_floor) / (cell.money_reference + cell.money_floor)
    if model.p.rules.capacity == Capacity.CES:
        return cell.attacks_reference * know_how * substitution(people, means, combat)
    staffed: float = cell.attacks_reference * people**combat.people
    if model.p.rules.capacity == Capacity.LUMPY:
        return min(staffed * know_how, float(paid_for(cell)))
    funded: float = means**combat.money
    return staffed * funded * know_how


def substitution(people: float, means: float, combat: "sections.Combat") -> float:
    """People and money together, with constant elasticity of substitution; 1 at the reference point."""
    if min(people, means) <= 0.0:
        return 0.0
    power = 1.0 - 1.0 / combat.substitution
    scale = combat.people + combat.money
    mean: float = (combat.people * people**power + combat.money * means**power) / scale
    return float(mean ** (scale / power))


def price_of_attack(cell: "Cell") -> float:
    """USD that one attack takes, at the reference point."""
    return (cell.money_reference + cell.money_floor) / cell.attacks_reference


def paid_for(cell: "Cell") -> int:
    """Whole attacks that can be paid from the purse."""
    return floor(cell.purse / price_of_attack(cell)) if cell.attacks_reference > 0.0 else 0


def fill_purse(model: "Model", cell: "Cell") -> None:
    """Operations money comes into the purse, up to a year's worth or the price of one attack."""
    full = WEEKS_A_YEAR * (cell.money_reference + cell.money_floor)
    if cell.attacks_reference > 0.0:
        full = max(full, price_of_attack(cell))
    cell.purse = min(full, cell.purse + operations_money(model, cell) + cell.money_floor)


def opportunity_of(model: "Model", row: int) -> float:
    """Factor that circumstances lay on capacity."""
    p = model.p
    reach = model.levers["kinetic_pressure"] * p.theatres[row].military
    lost = p.effects.kinetic_opportunity if p.rules.force == Force.ONE_SIGN else p.backlash.attacks
    return model.world.opportunity[row] * (1.0 - lost * reach)


def triggered_mean(model: "Model", cell: "Cell", rate: float) -> float:
    """Mean of this week's attacks: some are triggered by earlier ones."""
    combat = model.p.combat
    echo = weight = 0.0
    for s, attacks in enumerate(cell.history):
        w = exp(-(s + 1.0) / combat.excitation_decay)
        echo += w * (attacks if attacks >= 0 else cell.past)
        weight += w
    return (1.0 - combat.branching) * rate + combat.branching * echo / weight


def severity(model: "Model", cell: "Cell", ordinal: int) -> int:
    """Deaths in one attack."""
    combat = model.p.combat
    u, v, _, _ = uniforms(model.p.seed, Stream.SEVERITY, cell.key, model.week, ordinal)
    if u < combat.severe_share:
        deaths = floor(combat.severe_from * exp(-log(v) / (combat.severe_exponent - 1.0)))
    elif combat.deaths <= 0.0:
        deaths = 0
    else:
        deaths = floor(log(v) / log(combat.deaths / (1.0 + combat.deaths)))
    return min(combat.deaths_cap, deaths)


def attack(model: "Model") -> None:
    """Phase 11: capacity, rate and attacks of every cell."""
    p, now, world = model.p, model.now, model.world
    for community in model.communities:
        now.know_how[community.row] = world.know_how[community.row] * (1.0 - community.leaders_lost)
    for cell in model.field_cells:
        row = cell.community.row
        if p.rules.capacity == Capacity.LUMPY:
            fill_purse(model, cell)
        capacity = capacity_of(model, cell, now.know_how[row])
        rate = capacity * opportunity_of(model, row)
        if cell.past < 0.0:
            cell.past = rate
        u = uniforms(p.seed, Stream.ATTACK, cell.key, model.week)[0]
        attacks = poisson(u, triggered_mean(model, cell, rate))
        if p.rules.capacity == Capacity.LUMPY:
            attacks = min(attacks, paid_for(cell))
            if attacks > 0:
                cell.purse -= attacks * price_of_attack(cell)
        cell.capacity, cell.rate = capacity, rate
        cell.history = [attacks, *cell.history[:-1]]
        now.capacity[row] += capacity
        now.rate[row] += rate
        now.attacks[row] += attacks
        for ordinal in range(attacks):
            now.deaths[row] += severity(model, cell, ordinal)
        if cell.core:
            now.capacity_core += capacity
            now.rate_core += rate
            now.attacks_core += attacks
        else:
            now.capacity_network += capacity
            now.rate_network += rate
