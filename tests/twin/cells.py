"""Cells of the group: pay, operations, people (ODD, sections 5 and 7.8)."""

from math import floor
from typing import TYPE_CHECKING

import mesa

from sim.engine.constants import EXCITATION_WEEKS, KERNEL_WEEKS, MAX_DELAY, WEEKS_A_YEAR, Stream
from tests.twin.arithmetic import cents, poisson, share_of
from tests.twin.philox import key_of, uniforms

if TYPE_CHECKING:
    from tests.twin.model import Model


class Cell(mesa.Agent["Model"]):  # type: ignore[no-untyped-call]  # of Mesa's __init_subclass__
    """The treasury, a province or an external cell."""

    def __init__(self, model: "Model", name: str) -> None:
        super().__init__(model)
        p = model.p
        about = p.group.cells[name]
        self.name = name
        self.key = key_of(name)
        self.community = model.community_called(about.theatre)
        self.core = about.core
        self.self_financed = about.self_financed
        self.fighters = about.fighters
        self.former = 0
        self.arrears = 0.0
        self.funds = [0] * len(p.rails)
        self.chest = 0
        self.arriving = [0] * MAX_DELAY
        self.income = 0
        self.extortion = 0.0
        self.gifts_long = 0.0
        self.gifts_short = 0.0
        self.tax = about.revenue.tax
        self.oil = about.revenue.oil
        self.looting = about.revenue.looting
        self.kidnap = about.revenue.kidnap
        self.insurgent = about.revenue.insurgent
        reference = p.combat.money * p.combat.attack_cost * about.attacks_reference / WEEKS_A_YEAR
        self.money_reference = 0.0 if self.self_financed else reference / (1.0 + about.floor)
        self.money_floor = reference - self.money_reference
        self.attacks_reference = about.attacks_reference / WEEKS_A_YEAR
        self.fighters_reference = about.fighters_reference
        self.spent = [cents(self.money_reference * p.group.operations)] * KERNEL_WEEKS
        self.history = [-1] * EXCITATION_WEEKS
        self.past = -1.0
        self.purse = max(KERNEL_WEEKS * reference, p.combat.money * p.combat.attack_cost)
        self.carrier = p.rail(p.group.carrier)
        arrives = ((1.0 - p.group.hop_cost) * (1.0 - p.group.hop_seen)) ** p.group.hops
        self.carried = [arrives * (1.0 - p.group.skim)] * len(p.rails)
        self.capacity = 0.0
        self.rate = 0.0

    def wages(self) -> float:
        """USD a week that paying every fighter takes."""
        return 0.0 if self.self_financed else self.fighters * self.model.p.group.wage / WEEKS_A_YEAR

    def plan(self) -> float:
        """USD a week that it means to spend on operations."""
        return 0.0 if self.self_financed else self.money_reference * self.model.p.group.operations

    def need(self) -> int:
        """Cents a week that it needs."""
        return cents(self.wages() + self.plan())

    def acceptance(self, r: int) -> float:
        """Share of what is held on a rail that can be cashed where the cell is."""
        return self.model.p.rails[r].acceptance[self.community.row]

    def pressure(self) -> float:
        """Share of its fighters that it loses a week to security forces."""
        model, row = self.model, self.community.row
        military = model.p.theatres[row].military
        added = model.p.effects.kinetic_pressure * model.levers["kinetic_pressure"] * military
        return model.world.pressure[row] + added

    def raid(self) -> None:
        """Cash is lost with fighters (phase 8)."""
        model = self.model
        lost = share_of(self.funds[model.cash], min(1.0, self.pressure() * model.p.enforcement.raids))
        self.funds[model.cash] -= lost
        model.now.raided[model.cash] += lost

    def spend_funds(self) -> None:
        """Spend all cash on pay and operations, and the chest on operations."""
        model, now = self.model, self.model.now
        pay, operations = self.wages(), self.plan()
        available = self.funds[model.cash]
        share = share_of_operations(available / 100.0, pay, operations, model.p.group.protection)
        on_operations = share_of(available, share)
        paid = available - on_operations
        self.arrears = max(0.0, 1.0 - paid / (100.0 * pay)) if pay > 0.0 else 0.0
        self.spent = [on_operations + self.chest, *self.spent[:-1]]
        now.operations += on_operations + self.chest
        now.pay += paid
        now.spent[model.cash] += available + self.chest
        self.funds[model.cash] = 0
        self.chest = 0

    def update_fighters(self) -> None:
        """Fighters join, come back, leave, and are killed or captured."""
        now, group = self.model.now, self.model.p.group
        community = self.community
        men = self.fighters
        mood = community.sympathy / community.base if community.base > 0.0 else 0.0
        room = max(0.0, 1.0 - men / (group.recruits_limit * self.fighters_reference))
        joined = self.count(Stream.RECRUIT, men * group.recruits / WEEKS_A_YEAR * mood * room)
        back = min(self.former, self.count(Stream.REJOIN, self.former * group.rejoin / WEEKS_A_YEAR))
        leaving = group.leaving + group.arrears * self.arrears
        left = min(men, self.count(Stream.LEAVE, men * leaving / WEEKS_A_YEAR))
        killed = min(men - left, self.count(Stream.CASUALTY, men * self.pressure()))
        self.fighters += joined + back - left - killed
        self.former += left - back
        now.recruits += joined + back
        now.left += left
        now.killed += killed
        now.fighters[community.row] += self.fighters

    def count(self, decision: Stream, mean: float) -> int:
        """A Poisson number of people, by the random numbers of this cell in this week."""
        return poisson(uniforms(self.model.p.seed, decision, self.key, self.model.week)[0], mean)


def share_of_operations(available: float, pay: float, operations: float, protection: float) -> float:
    """Share of what is available (USD) that goes to operations."""
    need = pay + operations
    if need <= 0.0:
        return 1.0
    if available >= need or available <= 0.0:
        return operations / need
    alike = pay * available / need
    first = min(pay, available)
    return 1.0 - ((1.0 - protection) * alike + protection * first) / available


def spend(model: "Model") -> None:
    """Phase 10: the reserves shrink; cells pay and prepare; people come and go."""
    lost = floor(model.treasury.funds[model.cash] * model.p.group.outflow / WEEKS_A_YEAR)
    model.treasury.funds[model.cash] -= lost
    model.now.spent[model.cash] += lost
    model.now.outflow += lost
    model.field_cells.do("spend_funds")
    model.field_cells.do("update_fighters")
