"""Theatres and their communities: perceived risk, sympathy, the loop from attacks to support."""

import math

from sim.arithmetic import halved
from sim.compiling import rule
from sim.constants import WEEKS_A_YEAR
from sim.draws import Decision, poisson, uniform
from sim.outcomes import Week
from sim.policies import Levers
from sim.records import F8, FloatsByRail, Record, Records
from sim.scenario import Scenario

# --- the record ------------------------------------------------------------------------------------------------------


class Community(Record):
    """The supporters in one theatre (same row as the theatre), or abroad. Reads inspiration.*."""

    base: F8  # sympathy at the start and in the long run, 0..1
    sympathy: F8  # 0..1
    leaders_lost: F8  # share of the theatre's know-how that is missing since a leader's death
    oil_damage: F8  # share of oil capacity destroyed by strikes of policy
    risk: FloatsByRail  # perceived risk by rail, 0..1
    events: FloatsByRail  # what became known this week by rail


# --- the rules -------------------------------------------------------------------------------------------------------


@rule
def heard(communities: Records[Community], k: int, r: int, p: Scenario) -> float:
    """Arrests and freezes that community k hears of on rail r: its own, and others' by hearsay."""
    total = 0.0
    for j in range(len(communities)):
        total += communities[j].events[r] * (1.0 if j == k else p.inspiration.hearsay)
    return total


@rule
def perceive(community: Community, r: int, events: float, p: Scenario) -> None:
    """Perceived risk rises with what becomes known and fades (exponential smoothing).

    P <- P f; P <- P + (1 - P)(1 - exp(-salience x events per 10,000 donors)), f halves in a half-life: one arrest
    among many frightens less. Reads inspiration.risk_memory, inspiration.salience, population.donors.
    """
    events *= 10_000.0 / max(1, p.population.donors)
    fear = community.risk[r] * halved(1.0, p.inspiration.risk_memory)
    community.risk[r] = fear + (1.0 - fear) * (1.0 - math.exp(-p.inspiration.salience * events))


@rule
def publicity(now: Week, k: int, p: Scenario) -> float:
    """What community k hears of attacks: counts, or log(1 + deaths), at home and by weight elsewhere."""
    home = 0.0
    away = 0.0
    for j in range(p.n_theatres):
        heard_of = math.log1p(float(now.deaths[j])) if p.inspiration.by_deaths else float(now.attacks[j])
        if j == k:
            home += heard_of
        else:
            away += heard_of
    return home + p.inspiration.elsewhere * away


@rule
def saturating(x: float) -> float:
    """Answer 2x / (1 + x) to publicity: nothing at 0, one at the reference, at most two."""
    return 2.0 * x / (1.0 + x)


@rule
def sympathise(community: Community, reported: float, levers: Levers, p: Scenario) -> None:
    """Sympathy moves towards base (1 - s + s f(publicity)) (1 - counter-messaging) with time constant tau.

    Reads inspiration.memory, inspiration.publicity, inspiration.reference, effects.counter_inspiration.
    """
    s = p.inspiration.publicity
    goal = community.base * (1.0 - s + s * saturating(reported / p.inspiration.reference))
    goal *= 1.0 - p.effects.counter_inspiration * levers.counter_inspiration
    community.sympathy += (min(1.0, goal) - community.sympathy) / max(1.0, p.inspiration.memory)


# --- the phase -------------------------------------------------------------------------------------------------------


@rule
def inspire(
    communities: Records[Community], abroad: int, book: Records[Week], levers: Records[Levers], week: int, seed: int,
    parameters: Records[Scenario],
) -> None:  # fmt: skip
    """Publicity feeds sympathy; sympathy abroad inspires attacks that nobody ordered. Reads combat.inspired."""
    p = parameters[0]
    now = book[week]
    for k in range(len(communities)):
        sympathise(communities[k], publicity(now, k, p), levers[0], p)
        now.sympathy[k] = communities[k].sympathy
    if 0 <= abroad < len(communities) and communities[abroad].base > 0.0:
        mean = p.combat.inspired / WEEKS_A_YEAR * communities[abroad].sympathy / communities[abroad].base
        now.inspired = poisson(uniform(seed, Decision.INSPIRED, 0, week), mean)
