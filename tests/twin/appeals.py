"""Appeals for gifts (ODD, sections 5 and 7.3)."""

from math import exp, fsum
from typing import TYPE_CHECKING

import mesa

from sim.engine.constants import MAX_DELAY, NOBODY, Stream, SwitchMode
from tests.twin.arithmetic import decay, normal
from tests.twin.conditions import week_of
from tests.twin.philox import key_of, uniforms

if TYPE_CHECKING:
    from sim.scenario import sections
    from tests.twin.model import Model


class Appeal(mesa.Agent["Model"]):  # type: ignore[no-untyped-call]  # of Mesa's __init_subclass__
    """A public campaign, or an appeal among people who know each other."""

    def __init__(self, model: "Model", about: "sections.Appeal") -> None:
        super().__init__(model)
        p = model.p
        rails = len(p.rails)
        named = [p.rail(name) for name in about.rails]
        self.name = about.name
        self.key = key_of(about.name)
        self.public = about.public
        self.opens = week_of(p, about.opens)
        self.accepts = [r in named for r in range(rails)]
        self.asked = named[0] if self.public and named else NOBODY
        total = fsum(one.weight for one in p.appeals if one.public == self.public)
        self.share = about.weight / total * (self.draw_size() if self.public else 1.0)
        self.campaigns = 0.0
        self.audience = 1.0
        self.visible = 0.0
        self.back = 0
        self.mode = SwitchMode.NONE
        self.moves_to = NOBODY
        self.loses = 0.0
        self.looked_at = [-1] * rails
        self.stoppable = [0] * rails
        self.met = 0
        self.taken = 0
        self.yields = [p.adaptation.expected] * rails
        self.sent = [0.0] * rails
        self.seized = [0.0] * rails
        self.arriving = [[0] * rails for _ in range(MAX_DELAY)]

    def draw_size(self) -> float:
        """Lognormal factor of mean 1 by which campaigns differ."""
        u, v, _, _ = uniforms(self.model.p.seed, Stream.CAMPAIGN, self.key, 0)
        sigma = self.model.p.campaigns.sigma
        return exp(sigma * normal(u, v) - 0.5 * sigma * sigma)

    def ask_only_for(self, rail: int) -> None:
        """Accept one rail and ask for it."""
        self.accepts = [r == rail for r in range(len(self.accepts))]
        self.asked = rail

    def life_of_channel(self) -> float:
        """Mean weeks until a takedown."""
        p = self.model.p
        weak = 1.0 / p.campaigns.life
        strong = 1.0 / p.effects.channel_takedown
        return 1.0 / (weak + (strong - weak) * self.model.levers["channel_takedown"])

    def update_channel(self) -> None:
        """One week of the appeal's channel."""
        model, p = self.model, self.model.p
        week, lever = model.week, model.levers["channel_takedown"]
        self.met = self.taken = 0
        if self.share <= 0.0 or week < self.opens:
            self.visible = 0.0
            return
        if not self.public:
            self.visible = 1.0
            return
        campaigns = p.campaigns
        self.audience = 1.0 - (1.0 - self.audience) * decay(1, campaigns.rebuild)
        if week >= self.back:
            hazard = 1.0 / self.life_of_channel()
            if uniforms(p.seed, Stream.CHANNEL, self.key, week)[0] < 1.0 - exp(-hazard):
                more = (p.effects.takedown_audience - campaigns.audience_lost) * lever
                self.audience *= 1.0 - campaigns.audience_lost - more
                self.back = week + 1 + campaigns.reopen
                model.agency["communicators"].cases += 1
        self.visible = self.audience if week >= self.back else 0.0
