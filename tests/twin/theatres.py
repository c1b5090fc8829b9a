"""Communities of supporters, and what attacks do to them (ODD, sections 5 and 7.10)."""

from math import log1p
from typing import TYPE_CHECKING

import mesa
import numpy as np

from sim.engine.constants import WEEKS_A_YEAR, Force, News, Stream
from tests.twin.arithmetic import poisson
from tests.twin.philox import key_of, uniforms

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from tests.twin.book import Gift
    from tests.twin.model import Model


class Community(mesa.Agent["Model"]):  # type: ignore[no-untyped-call]  # of Mesa's __init_subclass__
    """The supporters in one theatre."""

    def __init__(self, model: "Model", row: int, share_of_donors: float) -> None:
        super().__init__(model)
        theatre = model.p.theatres[row]
        rails = len(model.p.rails)
        self.row = row
        self.name = theatre.name
        self.key = key_of(theatre.name)
        self.military = theatre.military
        self.share_of_donors = share_of_donors
        self.base = theatre.sympathy
        self.sympathy = theatre.sympathy
        self.leaders_lost = 0.0
        self.oil_damage = 0.0
        self.risk = [0.0] * rails
        self.events = [0.0] * rails

    def publicity(self) -> float:
        """Publicity of attacks, at home and with a weight elsewhere."""
        inspiration, now = self.model.p.inspiration, self.model.now
        home = elsewhere = 0.0
        for row in range(len(now.attacks)):
            reported = log1p(now.deaths[row]) if inspiration.by_deaths else float(now.attacks[row])
            if row == self.row:
                home = reported
            else:
                elsewhere += reported
        return home + inspiration.elsewhere * elsewhere

    def update_sympathy(self) -> None:
        """Sympathy moves towards what publicity and counter-messaging make of it."""
        p = self.model.p
        inspiration = p.inspiration
        x = self.publicity() / inspiration.reference
        s = inspiration.publicity
        goal = self.base * (1.0 - s + s * (2.0 * x / (1.0 + x)))
        countered = 1.0 - p.effects.counter_inspiration * self.model.levers["counter_inspiration"]
        goal *= countered * max(0.0, 1.0 + self.backlash())
        self.sympathy += (min(1.0, goal) - self.sympathy) / max(1.0, inspiration.memory)
        self.model.now.sympathy[self.row] = self.sympathy

    def backlash(self) -> float:
        """What force, arrests and lost leaders change in sympathy in the long run."""
        p, response = self.model.p, self.model.p.backlash
        if p.rules.force == Force.ONE_SIGN:
            return 0.0
        pressure = self.model.levers["kinetic_pressure"] * self.military
        arrests_a_year = self.model.now.arrests * WEEKS_A_YEAR
        among_1000 = arrests_a_year * 1000.0 / max(1, p.population.donors)
        felt = response.by_force * pressure + response.by_arrests * among_1000
        return felt + response.by_leaders * self.leaders_lost

    def inspire_attacks(self) -> None:
        """Sympathy abroad inspires attacks that nobody ordered."""
        model, combat = self.model, self.model.p.combat
        if self.name == "abroad" and self.base > 0.0:
            u = uniforms(model.p.seed, Stream.INSPIRED, 0, model.week)[0]
            model.now.inspired = poisson(u, combat.inspired / WEEKS_A_YEAR * self.sympathy / self.base)


def shares_of_donors(p: "Scenario") -> list[float]:
    """Share of each community in the donors."""
    away = [p.population.abroad if theatre.name == "abroad" else 0.0 for theatre in p.theatres]
    home = [0.0 if theatre.name == "abroad" else theatre.donors for theatre in p.theatres]
    rest = 1.0 - float(np.sum(away))
    everybody = float(np.sum(home))
    return [share + rest * one / everybody if everybody > 0.0 else share for share, one in zip(away, home, strict=True)]


def weight_in_news(model: "Model", gift: "Gift", stopped: int, caught: bool) -> float:
    """How much donors hear of one gift that has come to be known."""
    news = model.p.rules.news
    if news == News.UNHEARD:
        return 0.0
    if caught:
        return 1.0
    if stopped == 0 or news == News.ARRESTS_ONLY:
        return 0.0
    left = model.treasury.funds[gift.rail] + sum(arriving[gift.rail] for arriving in gift.appeal.arriving)
    return 1.0 if news == News.EVERY_EVENT else stopped / (stopped + left)


def inspire(model: "Model") -> None:
    """Phase 12: publicity feeds sympathy; sympathy abroad inspires attacks."""
    model.communities.do("update_sympathy")
    model.communities.do("inspire_attacks")
