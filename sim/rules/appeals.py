"""Appeals for money: public campaigns, whose channels are taken down and reopen, and network appeals."""

import math

from sim.engine.arithmetic import decay
from sim.engine.constants import NOBODY
from sim.engine.jit import rule
from sim.engine.rng import Stream, normal, uniform, uniforms
from sim.rules.intermediaries import survivor
from sim.rules.world import Appeal, Levers, World
from sim.scenario import Scenario

# --- the rules -------------------------------------------------------------------------------------------------------


@rule
def size_by_chance(appeal: Appeal, p: Scenario) -> float:
    """Lognormal factor of mean 1 by which public campaigns differ. Reads campaigns.sigma."""
    u, v, _, _ = uniforms(p.seed, Stream.CAMPAIGN, appeal.key, 0, 0)
    sigma = p.campaigns.sigma
    return math.exp(sigma * normal(u, v) - 0.5 * sigma * sigma)


@rule
def life_of_channel(levers: Levers, p: Scenario) -> float:
    """Mean weeks until a takedown: from campaigns.life at rest to effects.channel_takedown, straight in the rate.

    A takedown costs a share of the audience, which comes back: weak action (302 days) and sustained action (14 days)
    fall out of one mechanism (Amarasingam et al. 2021).
    """
    weak = 1.0 / p.campaigns.life
    strong = 1.0 / p.effects.channel_takedown
    return 1.0 / (weak + (strong - weak) * levers.channel_takedown)


@rule
def keep_channel(appeal: Appeal, levers: Levers, week: int, p: Scenario) -> None:
    """One week of an appeal; a public campaign's channel may be taken down, and its audience grows back.

    Reads campaigns.rebuild, campaigns.reopen, campaigns.audience_lost, effects.takedown_audience.
    """
    if appeal.share <= 0.0 or week < appeal.opens:
        appeal.visible = 0.0
        return
    if not appeal.public:
        appeal.visible = 1.0
        return
    appeal.audience = 1.0 - (1.0 - appeal.audience) * decay(1.0, p.campaigns.rebuild)
    if week >= appeal.back:
        hazard = 1.0 / life_of_channel(levers, p)
        if uniform(p.seed, Stream.CHANNEL, appeal.key, week) < 1.0 - math.exp(-hazard):
            lost = p.campaigns.audience_lost
            appeal.audience *= 1.0 - lost - (p.effects.takedown_audience - lost) * levers.channel_takedown
            appeal.back = week + 1 + p.campaigns.reopen
    appeal.visible = appeal.audience if week >= appeal.back else 0.0


# --- the phase -------------------------------------------------------------------------------------------------------


@rule
def open_channels(world: World) -> None:
    """After the week's events: channels are taken down or come back, and each rail is served or not."""
    p = world.parameters[0]
    week = world.week
    levers = world.levers[week]
    for a in range(len(world.appeals)):
        keep_channel(world.appeals[a], levers, week, p)
        world.appeals[a].met = 0
        world.appeals[a].taken = 0
    for r in range(p.n_rails):
        world.book[week].serves[r] = survivor(r, world.intermediaries, levers, p) != NOBODY
