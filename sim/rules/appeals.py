"""Appeals for money: network appeals, and public campaigns whose channels are taken down and reopen."""

import math

from sim.engine.arithmetic import decay
from sim.engine.constants import AgencyKind
from sim.engine.jit import rule
from sim.engine.rng import Stream, normal, uniform, uniforms
from sim.rules.intermediaries import survey_market
from sim.rules.world import Agency, Appeal, Levers, World
from sim.scenario import Scenario


@rule
def draw_campaign_size(appeal: Appeal, p: Scenario) -> float:
    """Lognormal size factor of a public campaign, with mean 1. Reads campaigns.sigma."""
    u, v, _, _ = uniforms(p.seed, Stream.CAMPAIGN, appeal.key, 0, 0)
    sigma = p.campaigns.sigma
    return math.exp(sigma * normal(u, v) - 0.5 * sigma * sigma)


@rule
def life_of_channel(levers: Levers, p: Scenario) -> float:
    """Mean weeks until a takedown: campaigns.life without policy, effects.channel_takedown at full policy.

    Between the two, the hazard rate is linear in intensity. A takedown costs a share of the audience, which then
    recovers, so one mechanism yields weak action (302 days) and sustained action (14 days; Amarasingam et al. 2021).
    """
    weak = 1.0 / p.campaigns.life
    strong = 1.0 / p.effects.channel_takedown
    return 1.0 / (weak + (strong - weak) * levers.channel_takedown)


@rule
def update_channel(appeal: Appeal, communicators: Agency, levers: Levers, week: int, p: Scenario) -> None:
    """One week of an appeal: the channel of a public campaign may be taken down, and its audience recovers.

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
            communicators.cases += 1
    appeal.visible = appeal.audience if week >= appeal.back else 0.0


# --- the phase -------------------------------------------------------------------------------------------------------


@rule
def update_channels(world: World) -> None:
    """Channels are taken down or reopen after the week's shocks; the market of each rail is surveyed."""
    p = world.parameters[0]
    week = world.week
    levers = world.levers[week]
    for a in range(len(world.appeals)):
        update_channel(world.appeals[a], world.agencies[AgencyKind.COMMUNICATORS.value], levers, week, p)
        world.appeals[a].met = 0
        world.appeals[a].taken = 0
    for r in range(p.n_rails):
        if survey_market(world.markets[r], r, world.intermediaries, levers, week, p):
            world.book[week].serves[r] = 1
