"""Attacks (ODD, section 7.9)."""

from math import exp, floor, log
from typing import TYPE_CHECKING

from sim.engine.constants import Stream
from tests.twin.arithmetic import poisson
from tests.twin.philox import uniforms

if TYPE_CHECKING:
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
    money = operations_money(model, cell)
    people: float = (cell.fighters / cell.fighters_reference) ** combat.people
    means: float = ((money + cell.money_floor) / (cell.money_reference + cell.money_floor)) ** combat.money
    return cell.attacks_reference * people * means * know_how


def opportunity_of(model: "Model", row: int) -> float:
    """Factor that circumstances lay on capacity."""
    p = model.p
    reach = model.levers["kinetic_pressure"] * p.theatres[row].military
    return model.world.opportunity[row] * (1.0 - p.effects.kinetic_opportunity * reach)


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
        capacity = capacity_of(model, cell, now.know_how[row])
        rate = capacity * opportunity_of(model, row)
        if cell.past < 0.0:
            cell.past = rate
        u = uniforms(p.seed, Stream.ATTACK, cell.key, model.week)[0]
        attacks = poisson(u, triggered_mean(model, cell, rate))
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
