"""Communities of supporters, and what attacks do to them (ODD, sections 5 and 7.10)."""

from math import log1p
from typing import TYPE_CHECKING

import mesa

from tests.twin.arithmetic import poisson
from tests.twin.kinds import WEEKS_A_YEAR, key_of
from tests.twin.philox import Decision, uniforms

if TYPE_CHECKING:
    from tests.twin.model import Model


class Community(mesa.Agent["Model"]):
    """The supporters in one theatre."""

    def __init__(self, model: "Model", row: int) -> None:
        super().__init__(model)
        theatre = model.p.theatres[row]
        rails = len(model.p.rails)
        self.row = row
        self.name = theatre.name
        self.key = key_of(theatre.name)
        self.military = theatre.military
        self.base = theatre.sympathy
        self.sympathy = theatre.sympathy
        self.leaders_lost = 0.0
        self.oil_damage = 0.0
        self.risk = [0.0] * rails
        self.events = [0.0] * rails

    def publicity(self) -> float:
        """What it hears of attacks, at home and by weight elsewhere."""
        inspiration, now = self.model.p.inspiration, self.model.now
        home = elsewhere = 0.0
        for row in range(len(now.attacks)):
            heard = log1p(now.deaths[row]) if inspiration.by_deaths else float(now.attacks[row])
            if row == self.row:
                home = heard
            else:
                elsewhere += heard
        return home + inspiration.elsewhere * elsewhere

    def sympathise(self) -> None:
        """Sympathy moves towards what publicity and counter-messaging make of it."""
        p = self.model.p
        inspiration = p.inspiration
        x = self.publicity() / inspiration.reference
        s = inspiration.publicity
        goal = self.base * (1.0 - s + s * (2.0 * x / (1.0 + x)))
        goal *= 1.0 - p.effects.counter_inspiration * self.model.levers["counter_inspiration"]
        self.sympathy += (min(1.0, goal) - self.sympathy) / max(1.0, inspiration.memory)


def inspire(model: "Model") -> None:
    """Phase 12: publicity feeds sympathy; sympathy abroad inspires attacks."""
    p, now = model.p, model.now
    for community in model.communities:
        community.sympathise()
        now.sympathy[community.row] = community.sympathy
        if community.name == "abroad" and community.base > 0.0:
            u = uniforms(p.seed, Decision.INSPIRED, 0, model.week)[0]
            mean = p.combat.inspired / WEEKS_A_YEAR * community.sympathy / community.base
            now.inspired = poisson(u, mean)
