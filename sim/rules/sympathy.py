"""Communities: perceived risk, sympathy, and the feedback loop from attacks to support."""

import math

from sim.engine.arithmetic import decay
from sim.engine.constants import WEEKS_A_YEAR, Force, News
from sim.engine.jit import rule
from sim.engine.records import Records
from sim.engine.rng import Stream, poisson, uniform
from sim.rules.world import Community, Levers, Week, World
from sim.scenario import Scenario


@rule
def weight_in_news(arrested: bool, frozen: int, left: int, p: Scenario) -> float:
    """Weight in the news of one gift found: an arrest counts 1, a freeze by the share of the balance that it took.

    Under the rule every_event a freeze counts 1 as well; under arrests_only it counts 0; unheard leaves nothing.
    Reads rules.news.
    """
    if p.rules.news == News.UNHEARD:
        return 0.0
    if arrested or (frozen > 0 and p.rules.news == News.EVERY_EVENT):
        return 1.0
    return frozen / (frozen + left) if frozen > 0 and p.rules.news == News.WEIGHED else 0.0


@rule
def events_known(communities: Records[Community], k: int, r: int, p: Scenario) -> float:
    """News of arrests and freezes on rail r known in community k: its own, and those of others by weight of hearsay.

    Reads inspiration.hearsay.
    """
    total = 0.0
    for j in range(len(communities)):
        total += communities[j].events[r] * (1.0 if j == k else p.inspiration.hearsay)
    return total


@rule
def update_perceived_risk(communities: Records[Community], r: int, p: Scenario) -> None:
    """Perceived risk of a rail decays in every community, and rises where arrests and freezes are known.

    P <- P f; P <- P + (1 - P)(1 - exp(-salience x events per 10,000 donors)), where f is the decay of one week. One
    arrest weighs less in a larger population. Reads inspiration.risk_memory, inspiration.salience, population.donors.
    """
    fade = decay(1.0, p.inspiration.risk_memory)
    news = 0.0
    for k in range(len(communities)):
        communities[k].risk[r] *= fade
        news += communities[k].events[r]
    if news > 0.0:
        for k in range(len(communities)):
            events = events_known(communities, k, r, p) * (10_000.0 / max(1, p.population.donors))
            risk = communities[k].risk[r]
            communities[k].risk[r] = risk + (1.0 - risk) * (1.0 - math.exp(-p.inspiration.salience * events))
        for k in range(len(communities)):
            communities[k].events[r] = 0.0


@rule
def publicity_reaching(now: Week, k: int, p: Scenario) -> float:
    """Publicity that reaches community k: attacks, or log(1 + deaths), at home and with a weight elsewhere.

    Reads inspiration.by_deaths, inspiration.elsewhere.
    """
    home = 0.0
    away = 0.0
    for j in range(p.n_theatres):
        reported = math.log1p(float(now.deaths[j])) if p.inspiration.by_deaths else float(now.attacks[j])
        if j == k:
            home += reported
        else:
            away += reported
    return home + p.inspiration.elsewhere * away


@rule
def publicity_response(x: float) -> float:
    """Saturating response 2x / (1 + x) to publicity: 0 without publicity, 1 at the reference, at most 2."""
    return 2.0 * x / (1.0 + x)


@rule
def backlash_in(community: Community, k: int, arrests: float, levers: Levers, p: Scenario) -> float:
    """Change of sympathy in the long run by force, arrests and loss of leaders, of either sign.

    by_force x pressure + by_arrests x arrests a year among 1,000 donors + by_leaders x know-how lost with leaders; 0
    under the rule one_sign (LaFree, Dugan & Korte 2009; Condra & Shapiro 2012).
    Reads rules.force, backlash.by_force, backlash.by_arrests, backlash.by_leaders, theatres.*.military,
    population.donors.
    """
    if p.rules.force != Force.BACKLASH:
        return 0.0
    arrested = arrests * WEEKS_A_YEAR * 1_000.0 / max(1, p.population.donors)
    force = levers.kinetic_pressure * p.theatres[k].military
    return (
        p.backlash.by_force * force + p.backlash.by_arrests * arrested + p.backlash.by_leaders * community.leaders_lost
    )


@rule
def update_sympathy(community: Community, publicity: float, backlash: float, levers: Levers, p: Scenario) -> None:
    """Sympathy moves towards base (1 - s + s f(publicity)) (1 - counter-messaging) (1 + backlash), time constant tau.

    Reads inspiration.memory, inspiration.publicity, inspiration.reference, effects.counter_inspiration.
    """
    s = p.inspiration.publicity
    goal = community.base * (1.0 - s + s * publicity_response(publicity / p.inspiration.reference))
    goal *= (1.0 - p.effects.counter_inspiration * levers.counter_inspiration) * max(0.0, 1.0 + backlash)
    community.sympathy += (min(1.0, goal) - community.sympathy) / max(1.0, p.inspiration.memory)


# --- the phase -------------------------------------------------------------------------------------------------------


@rule
def inspire(world: World) -> None:
    """Publicity changes sympathy; sympathy abroad inspires attacks that nobody ordered. Reads combat.inspired."""
    p = world.parameters[0]
    week = world.week
    levers = world.levers[week]
    now = world.book[week]
    for k in range(len(world.communities)):
        backlash = backlash_in(world.communities[k], k, float(now.arrests), levers, p)
        update_sympathy(world.communities[k], publicity_reaching(now, k, p), backlash, levers, p)
        now.sympathy[k] = world.communities[k].sympathy
    if 0 <= p.abroad < len(world.communities) and world.communities[p.abroad].base > 0.0:
        abroad = world.communities[p.abroad]
        mean = p.combat.inspired / WEEKS_A_YEAR * abroad.sympathy / abroad.base
        now.inspired = poisson(uniform(p.seed, Stream.INSPIRED, 0, week), mean)
