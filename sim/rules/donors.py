"""Donors: who gives, when, over which rail, and how much."""

import math

import numpy as np
from numpy.typing import NDArray

from sim.engine.arithmetic import cents
from sim.engine.constants import NOBODY, WEEKS_A_YEAR, Benefactors, Status, SwitchMode, TurnedAway
from sim.engine.jit import rule
from sim.engine.records import Records
from sim.engine.rng import Stream, gamma, gumbel, normal, uniform, uniforms
from sim.rules.intermediaries import choose_intermediary, transfer_cost
from sim.rules.sympathy import events_known, update_perceived_risk
from sim.rules.world import Appeal, Cell, Community, Conditions, Donor, Gift, Intermediary, Levers, Week, World
from sim.scenario import Scenario


@rule
def draw_community(identity: int, shares: Records[float], p: Scenario) -> int:
    """Community of a donor: each community is drawn with the probability of its share.

    Every community has a waiting time with its share as rate, and the first one wins. One draw for each community
    makes the result independent of the order of theatres. Reads theatres.*.donors and population.abroad, at the start.
    """
    first = math.inf
    chosen = len(shares) - 1
    for k in range(len(shares)):
        if shares[k] > 0.0:
            wait = -math.log(uniforms(p.seed, Stream.DONOR, identity, 3, p.theatres[k].slot)[0]) / shares[k]
            if wait < first:
                first = wait
                chosen = k
    return chosen


@rule
def public_rate(appeals: Records[Appeal], p: Scenario) -> float:
    """Attempts a year at public campaigns: giving.public_rate times the sum of their sizes, which has mean 1."""
    return p.giving.public_rate * appeals[0].campaigns if len(appeals) > 0 else 0.0


@rule
def draw_traits(
    donor: Donor, identity: int, theatre_shares: Records[float], appeals: Records[Appeal], conditions: Conditions,
    p: Scenario,
) -> None:  # fmt: skip
    """Lasting traits of a donor: gamma propensity and risk aversion, beta literacy, community, habitual rail.

    Reads population.*, giving.public_rate, giving.network_rate, giving.bound, choice.skill, rails.*.literacy.
    """
    shape = p.population.propensity_shape
    propensity = gamma(p.seed, Stream.DONOR, identity, 1, shape) / shape
    rate = public_rate(appeals, p) + p.giving.network_rate
    donor.rate = propensity * rate * p.giving.bound / WEEKS_A_YEAR
    aversion = p.population.risk_aversion_shape
    donor.risk_aversion = gamma(p.seed, Stream.DONOR, identity, 2, aversion) / aversion
    a = gamma(p.seed, Stream.LITERACY, identity, 1, p.population.literacy_a)
    b = gamma(p.seed, Stream.LITERACY, identity, 2, p.population.literacy_b)
    donor.literacy = a / (a + b) if a + b > 0.0 else 0.5
    donor.community = draw_community(identity, theatre_shares, p)
    best = -math.inf
    for r in range(p.n_rails):
        rail = p.rails[r]
        liking = conditions.liking[r] - p.choice.skill * max(0.0, rail.literacy - donor.literacy)
        liking += gumbel(uniform(p.seed, Stream.HABIT, identity, rail.slot))
        if liking > best:
            best = liking
            donor.habit = r


@rule
def weeks_to_next_attempt(donor: Donor, identity: int, attempt: int, seed: int) -> float:
    """Weeks to a donor's next attempt: exponential with the donor's maximum rate."""
    return -math.log(uniforms(seed, Stream.ATTEMPT, identity, attempt, 0)[0]) / donor.rate


@rule
def thinning_probability(community: Community, appeal: Appeal, desire: float, p: Scenario) -> float:
    """Probability that an attempt passes thinning: min(bound, sympathy x visibility x desire) / bound.

    Desire is the factor of the week on giving: conflict, less what crime repels.
    Reads giving.visibility, giving.bound.
    """
    return min(p.giving.bound, community.sympathy * p.giving.visibility * appeal.visible * desire) / p.giving.bound


@rule
def share_of_crime(treasury: Cell, last: Week, conditions: Conditions, p: Scenario) -> float:
    """Share of extortion, looting and ransom in income: beside them, revenue, gifts and inflows of last week."""
    crime = cents(max(0.0, treasury.extortion)) + last.revenue[2] + last.revenue[3]
    other = last.revenue[0] + last.revenue[1] + last.revenue[4]
    for r in range(p.n_rails):
        other += last.given[r] + conditions.inflow[r]
    return crime / (crime + other) if crime > 0 else 0.0


@rule
def desire_to_give(conflict: float, crime: float, p: Scenario) -> float:
    """Factor of the week on giving: conflict, times 1 - repelled x share of crime where it repels (Hausken 2017).

    Reads rules.benefactors, giving.repelled.
    """
    return conflict * (1.0 - p.giving.repelled * crime) if p.rules.benefactors == Benefactors.REPELLED else conflict


@rule
def utility(donor: Donor, r: int, liking: float, asked: int, cost: float, risk: float, p: Scenario) -> float:
    """Systematic utility of giving over rail r; the utility of not giving is zero (McFadden 1974).

    U = liking - cost (fee + spread) - risk aversion x perceived risk - skill max(0, needed - own) + habit + asked.
    Liking is the constant of the rail (`sim.rules.conditions.liking_of`).
    Reads choice.*, rails.*.literacy.
    """
    u = liking - p.choice.cost * cost - p.choice.risk * donor.risk_aversion * risk
    u -= p.choice.skill * max(0.0, p.rails[r].literacy - donor.literacy)
    if donor.habit == r:
        u += p.choice.habit
    if asked == r:
        u += p.choice.ask
    return u


@rule
def logit_choice(
    donor: Donor, identity: int, attempt: int, appeal: Appeal, community: Community, conditions: Conditions, now: Week,
    levers: Levers, p: Scenario,
) -> int:  # fmt: skip
    """Rail that a donor chooses, or NOBODY: the alternative of greatest utility plus Gumbel noise (logit).

    Each alternative has its own draw.
    """
    chosen = NOBODY
    best = gumbel(uniform(p.seed, Stream.CHOICE, identity, attempt))
    for r in range(p.n_rails):
        if not (appeal.accepts[r] and now.serves[r]):
            continue
        cost = transfer_cost(r, levers, p)
        u = utility(donor, r, conditions.liking[r], appeal.asked, cost, community.risk[r], p)
        u += gumbel(uniforms(p.seed, Stream.CHOICE, identity, attempt, p.rails[r].slot)[1])
        if u > best:
            best = u
            chosen = r
    return chosen


@rule
def size_of_gift(identity: int, attempt: int, p: Scenario) -> int:
    """Size of a gift in cents: lognormal, with a share of Pareto gifts, and a cap (Gottesman, Reagan & Dodds 2014).

    Reads giving.median, giving.sigma, giving.large_share, giving.large_from, giving.large_exponent, giving.cap,
    group.income.
    """
    u, v, w, x = uniforms(p.seed, Stream.GIFT, identity, attempt, 0)
    usd = p.giving.median * math.exp(p.giving.sigma * normal(u, v))
    if w < p.giving.large_share:
        usd = p.giving.large_from * math.exp(-math.log(x) / p.giving.large_exponent)
    return int(math.floor(100.0 * min(usd, p.giving.cap) * p.group.income + 0.5))


@rule
def rail_after_switch(appeal: Appeal, identity: int, chosen: int, now: Week, p: Scenario) -> int:
    """Rail of a gift: the chosen rail; in a full switch the new rail, or NOBODY if the donor is lost.

    One lasting draw decides whether a donor is lost to a campaign, so a smaller loss retains every donor that a larger
    loss retains. NOBODY also where the new rail is not served.
    """
    if appeal.mode != SwitchMode.FULL:
        return chosen
    if uniform(p.seed, Stream.FOLLOW, identity, appeal.key) < appeal.loses:
        return NOBODY
    return int(appeal.moves_to) if now.serves[appeal.moves_to] else NOBODY


@rule
def record_gift(gift: Gift, donor: Donor, identity: int, attempt: int, chosen: int, week: int, amount: int) -> None:
    """Record a gift in the ledger under its lineage; the chosen rail becomes the donor's habit."""
    gift.donor = identity
    gift.attempt = attempt
    gift.week = week
    gift.amount = amount
    gift.chosen = chosen
    gift.community = donor.community
    gift.status = Status.PASSED
    gift.next = NOBODY
    gift.next_found = NOBODY
    gift.due = NOBODY
    gift.found_week = NOBODY
    donor.given += amount
    donor.habit = chosen


@rule
def draw_appeal(u: float, identity: int, attempt: int, appeals: Records[Appeal], p: Scenario) -> int:
    """Appeal of an attempt: public or network in proportion to their rates, then in proportion to share.

    A run in which all campaigns are small has fewer attempts at campaigns, and as many at network appeals.
    Reads giving.public_rate, giving.network_rate.
    """
    public = u * (public_rate(appeals, p) + p.giving.network_rate) < public_rate(appeals, p)
    return draw_one(public, identity, attempt, appeals, p)


@rule
def draw_one(public: bool, identity: int, attempt: int, appeals: Records[Appeal], p: Scenario) -> int:
    """One public or network appeal in proportion to share, or NOBODY.

    Every appeal has a waiting time with its share as rate, and the first one wins. One draw for each appeal makes the
    result independent of their order.
    """
    first = math.inf
    drawn = NOBODY
    for a in range(len(appeals)):
        if appeals[a].public != public or appeals[a].share <= 0.0:
            continue
        if appeals[a].share == 1.0 and not public:
            return a
        wait = -math.log(uniforms(p.seed, Stream.ATTEMPT, identity, attempt, appeals[a].key)[0]) / appeals[a].share
        if wait < first:
            first = wait
            drawn = a
    return drawn


@rule
def next_appeal(appeals: Records[Appeal], a: int, identity: int, attempt: int, p: Scenario) -> int:
    """Appeal to which a donor turns whom a public campaign turned away: a network appeal that is open, or NOBODY.

    Under the rule displacement the share displaced turns to one, and decides again; otherwise nobody does. Giving is
    not tied to one appeal (Scharf, Smith & Ottoni-Wilhelm 2022); the share is judgement.
    Reads rules.turned_away, giving.displaced.
    """
    if p.rules.turned_away != TurnedAway.DISPLACEMENT or not appeals[a].public:
        return NOBODY
    if uniforms(p.seed, Stream.CHOICE, identity, attempt, 0)[2] >= p.giving.displaced:
        return NOBODY
    other = draw_one(False, identity, attempt, appeals, p)
    return other if other != NOBODY and appeals[other].visible > 0.0 else NOBODY


@rule
def respond(
    donor: Donor, identity: int, attempt: int, u: float, appeal: Appeal, community: Community, conditions: Conditions,
    now: Week, intermediaries: Records[Intermediary], levers: Levers, week: int, p: Scenario,
) -> tuple[int, int, int]:  # fmt: skip
    """Response of a willing donor to an appeal: the rail chosen, the rail of the gift, and the intermediary.

    The intermediary is NOBODY if there is no gift.
    """
    appeal.met += 1
    chosen = logit_choice(donor, identity, attempt, appeal, community, conditions, now, levers, p)
    rail = rail_after_switch(appeal, identity, chosen, now, p) if chosen != NOBODY else NOBODY
    at = choose_intermediary(u, rail, intermediaries, week, levers, p) if rail != NOBODY else NOBODY
    if at != NOBODY:
        appeal.taken += 1
    return chosen, rail, at


# --- the phases ------------------------------------------------------------------------------------------------------


@rule
def give(world: World) -> None:
    """Donors with an attempt in this week give, give elsewhere, or do not give."""
    p = world.parameters[0]
    week = world.week
    levers = world.levers[week]
    conditions = world.conditions[week]
    now = world.book[week]
    end = world.book[week - 1].last_gift if week > 0 else 0
    now.first_gift = end
    crime = 0.0
    if week > 0:
        crime = share_of_crime(world.cells[0], world.book[week - 1], world.conditions[week - 1], p)
    desire = desire_to_give(conditions.conflict, crime, p)
    for k in range(world.first[week], world.first[week + 1]):
        identity = int(world.order[k])
        donor = world.donors[identity]
        attempt = int(donor.attempts)
        donor.attempts = attempt + 1
        now.attempts += 1
        if donor.arrested or donor.deterred_until > week:
            continue
        u = uniforms(p.seed, Stream.ATTEMPT, identity, attempt, 0)
        a = draw_appeal(u[2], identity, attempt, world.appeals, p)
        community = world.communities[donor.community]
        if a == NOBODY or u[1] >= thinning_probability(community, world.appeals[a], desire, p):
            continue
        chosen, rail, at = NOBODY, NOBODY, NOBODY
        while a != NOBODY:
            chosen, rail, at = respond(
                donor, identity, attempt, u[3], world.appeals[a], community, conditions, now, world.intermediaries,
                levers, week, p,
            )  # fmt: skip
            if at != NOBODY:
                break
            a = next_appeal(world.appeals, a, identity, attempt, p)
        if at == NOBODY:
            continue
        gift = world.ledger[end]
        end += 1
        record_gift(gift, donor, identity, attempt, chosen, week, size_of_gift(identity, attempt, p))
        gift.rail = rail
        gift.intermediary = at
        gift.appeal = a
        now.given[rail] += gift.amount
        now.gifts[rail] += 1
        if world.appeals[a].public:
            now.campaign_given += gift.amount
    now.last_gift = end


@rule
def deter(world: World) -> None:
    """Donors whose gift was blocked pause; communities update the perceived risk of each rail.

    Reads inspiration.pause, inspiration.risk_memory, inspiration.salience, inspiration.hearsay.
    """
    p = world.parameters[0]
    week = world.week
    now = world.book[week]
    back = week + 1 + p.inspiration.pause
    for g in range(now.first_gift, now.last_gift):
        donor = world.donors[world.ledger[g].donor]
        if world.ledger[g].status == Status.BLOCKED and donor.deterred_until != back:
            donor.deterred_until = back
            now.paused += 1
    now.deterred = now.paused + (world.book[week - 1].deterred if week > 0 else 0)
    if week > p.inspiration.pause:
        now.deterred -= world.book[week - p.inspiration.pause - 1].paused
    for r in range(p.n_rails):
        mean = 0.0
        for k in range(len(world.communities)):
            update_perceived_risk(world.communities[k], r, events_known(world.communities, k, r, p), p)
            mean += world.communities[k].risk[r] / len(world.communities)
        now.risk[r] = mean
    for k in range(len(world.communities)):
        for r in range(p.n_rails):
            world.communities[k].events[r] = 0.0


@rule
def initialise(
    donors: Records[Donor], shares: Records[float], appeals: Records[Appeal], conditions: Records[Conditions],
    parameters: Records[Scenario],
) -> None:  # fmt: skip
    """Draw the traits of every donor."""
    p = parameters[0]
    for identity in range(len(donors)):
        draw_traits(donors[identity], identity, shares, appeals, conditions[0], p)


@rule
def time_attempts(
    donors: Records[Donor], counts: NDArray[np.int64], whens: NDArray[np.uint16], weeks: int, seed: int
) -> bool:
    """Draw the week of every attempt, donor by donor; the value ``weeks`` ends each donor's list.

    ``counts[week + 1]`` receives the number of attempts of a week. Return False if ``whens`` is too short.
    """
    n = 0
    for identity in range(len(donors)):
        donor = donors[identity]
        attempt = 0
        time = weeks_to_next_attempt(donor, identity, 0, seed) if donor.rate > 0.0 else math.inf
        while time < weeks and n < len(whens):
            whens[n] = int(time)
            counts[int(time) + 1] += 1
            n += 1
            attempt += 1
            time += weeks_to_next_attempt(donor, identity, attempt, seed)
        if n == len(whens):
            return False
        whens[n] = weeks
        n += 1
    return True


@rule
def order_attempts(
    donors: Records[Donor], ends: NDArray[np.int64], whens: NDArray[np.uint16], order: NDArray[np.uint32], weeks: int
) -> None:
    """Sort donors by the week of their attempts; ends[week] is the position of the week's next attempt."""
    n = 0
    for identity in range(len(donors)):
        while whens[n] < weeks:
            week = int(whens[n])
            order[ends[week]] = identity
            ends[week] += 1
            n += 1
        n += 1


def calendar(
    donors: Records[Donor], expected: float, weeks: int, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """Return the calendar of attempts: the donors of week w are ``order[first[w]:first[w + 1]]``.

    A week costs nothing for donors without an attempt. Weeks are drawn once and stored in two bytes an attempt (a run
    has at most 2,600 weeks) until they are sorted; drawing them twice took a fifth of the initialisation. The array has
    room for the expected number of attempts plus ten standard deviations.
    """
    room = int(expected + 10.0 * math.sqrt(expected) + len(donors) + 100)
    while True:
        first, whens = np.zeros(weeks + 1, dtype=np.int64), np.empty(room, dtype=np.uint16)
        if time_attempts(donors, first, whens, weeks, seed):
            break
        room *= 2
    first = np.cumsum(first)
    order = np.zeros(int(first[-1]), dtype=np.uint32)
    order_attempts(donors, first[:-1].copy(), whens, order, weeks)
    return first, order
