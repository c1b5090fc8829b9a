"""Donors: who gives, when, over which rail, and how much."""

import math

import numpy as np
from numpy.typing import NDArray

from sim.engine.arithmetic import cents
from sim.engine.constants import NOBODY, WEEKS_A_YEAR, Benefactors, Status, SwitchMode, TurnedAway
from sim.engine.jit import rule
from sim.engine.records import Numbers, Records
from sim.engine.rng import Stream, gamma, gumbel, normal, uniform, uniforms
from sim.rules.intermediaries import choose_intermediary
from sim.rules.sympathy import update_perceived_risk
from sim.rules.world import (
    Appeal,
    Attempt,
    Cell,
    Community,
    Conditions,
    Donor,
    Drawn,
    Gift,
    Intermediary,
    Luck,
    Market,
    Week,
    World,
)
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
def draw_rate(identity: int, appeals: Records[Appeal], p: Scenario) -> float:
    """Attempts of a donor a week before thinning: the mean rate times a gamma propensity of mean 1.

    Reads population.propensity_shape, giving.public_rate, giving.network_rate, giving.bound.
    """
    shape = p.population.propensity_shape
    propensity = gamma(p.seed, Stream.DONOR, identity, 1, shape) / shape
    rate = public_rate(appeals, p) + p.giving.network_rate
    return propensity * rate * p.giving.bound / WEEKS_A_YEAR


@rule
def draw_traits(
    donor: Donor, identity: int, rate: float, shares: Records[float], conditions: Conditions, p: Scenario
) -> None:
    """Lasting traits of a donor of a given rate: gamma risk aversion, beta literacy, community, habitual rail.

    Reads population.*, choice.skill, rails.*.literacy.
    """
    donor.identity = identity
    donor.rate = rate
    aversion = p.population.risk_aversion_shape
    donor.risk_aversion = gamma(p.seed, Stream.DONOR, identity, 2, aversion) / aversion
    a = gamma(p.seed, Stream.LITERACY, identity, 1, p.population.literacy_a)
    b = gamma(p.seed, Stream.LITERACY, identity, 2, p.population.literacy_b)
    donor.literacy = a / (a + b) if a + b > 0.0 else 0.5
    donor.community = draw_community(identity, shares, p)
    best = -math.inf
    for r in range(p.n_rails):
        rail = p.rails[r]
        liking = conditions.liking[r] - p.choice.skill * max(0.0, rail.literacy - donor.literacy)
        liking += gumbel(uniform(p.seed, Stream.HABIT, identity, rail.slot))
        if liking > best:
            best = liking
            donor.habit = r


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
def value_of_rail(liking: float, cost: float, p: Scenario) -> float:
    """Utility of a rail that is the same for every donor: its constant (`sim.rules.conditions.liking_of`), less cost.

    Reads choice.cost.
    """
    return liking - p.choice.cost * cost


@rule
def utility(donor: Donor, r: int, value: float, asked: int, risk: float, p: Scenario) -> float:
    """Systematic utility of giving over rail r; the utility of not giving is zero (McFadden 1974).

    U = value - risk aversion x perceived risk - skill max(0, needed - own) + habit + asked, with value = liking - cost
    (fee + spread). Reads choice.risk, choice.skill, choice.habit, choice.ask, rails.*.literacy.
    """
    u = value - p.choice.risk * donor.risk_aversion * risk
    u -= p.choice.skill * max(0.0, p.rails[r].literacy - donor.literacy)
    if donor.habit == r:
        u += p.choice.habit
    if asked == r:
        u += p.choice.ask
    return u


@rule
def noise_of_rail(luck: Luck, r: int, donor: Donor, attempt: int, p: Scenario) -> float:
    """Gumbel noise of a rail in the choice of an attempt; a draw for each rail."""
    if luck.noise[r] == 0.0:
        luck.noise[r] = gumbel(uniforms(p.seed, Stream.CHOICE, donor.identity, attempt, p.rails[r].slot)[1])
    return luck.noise[r]


@rule
def logit_choice(luck: Luck, donor: Donor, attempt: int, appeal: Appeal, community: Community, p: Scenario) -> int:
    """Rail that a donor chooses, or NOBODY: the alternative of greatest utility plus Gumbel noise (logit)."""
    if luck.staying == 0.0:
        luck.staying = gumbel(uniform(p.seed, Stream.CHOICE, donor.identity, attempt))
    chosen = NOBODY
    best = luck.staying
    for r in range(p.n_rails):
        if appeal.values[r] > -math.inf:
            u = utility(donor, r, appeal.values[r], appeal.asked, community.risk[r], p)
            u += noise_of_rail(luck, r, donor, attempt, p)
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
def record_gift(gift: Gift, donor: Donor, attempt: Attempt, chosen: int, week: int, amount: int) -> None:
    """Record a gift in the ledger under its lineage; the chosen rail becomes the donor's habit."""
    gift.donor = donor.identity
    gift.row = attempt.row
    gift.attempt = attempt.number
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
    luck: Luck, donor: Donor, attempt: int, appeal: Appeal, community: Community, now: Week, markets: Records[Market],
    intermediaries: Records[Intermediary], week: int, p: Scenario,
) -> tuple[int, int, int]:  # fmt: skip
    """Response of a willing donor to an appeal: the rail chosen, the rail of the gift, and the intermediary.

    The intermediary is NOBODY if there is no gift.
    """
    appeal.met += 1
    chosen = logit_choice(luck, donor, attempt, appeal, community, p)
    rail = rail_after_switch(appeal, donor.identity, chosen, now, p) if chosen != NOBODY else NOBODY
    if rail == NOBODY:
        return chosen, NOBODY, NOBODY
    if luck.customer == 0.0:
        luck.customer = uniforms(p.seed, Stream.ATTEMPT, donor.identity, attempt, 0)[3]
    at = choose_intermediary(luck.customer, rail, markets[rail], intermediaries, week, p)
    if at != NOBODY:
        appeal.taken += 1
    return chosen, rail, at


@rule
def passes_thinning(attempt: Attempt, donor: Donor, chance: float, p: Scenario) -> bool:
    """True if an attempt passes thinning: its draw, of which the calendar has the first 16 bits, is below a chance.

    The draw is repeated only where the other bits decide.
    """
    if (attempt.thinning + 1) / 65536.0 <= chance:
        return True
    return bool(uniforms(p.seed, Stream.ATTEMPT, donor.identity, attempt.number, 0)[1] < chance)


@rule
def weigh_appeal(
    appeal: Appeal, communities: Records[Community], markets: Records[Market], desire: float, conditions: Conditions,
    now: Week, p: Scenario,
) -> None:  # fmt: skip
    """Compute what is the same for all donors this week: the share of attempts that pass, and the value of rails."""
    for k in range(len(communities)):
        appeal.passing[k] = thinning_probability(communities[k], appeal, desire, p)
    for r in range(p.n_rails):
        appeal.values[r] = -math.inf
        if appeal.accepts[r] and now.serves[r]:
            appeal.values[r] = value_of_rail(conditions.liking[r], markets[r].cost, p)


@rule
def luck_of(luck: Records[Luck], rows: Numbers[int], later: int) -> Luck:
    """Random numbers of an attempt: in a branch a row of its own from its first use on, else the only row, cleared.

    ``later`` is the number of later attempts in the run, and ``rows[later]`` the row of the attempt; the last element
    is the number of rows in use. Rows in the order of use take a third of the memory, and of the time to read them.
    """
    if len(luck) > 1:
        if rows[later] == 0:
            rows[len(rows) - 1] += 1
            rows[later] = rows[len(rows) - 1]
        return luck[rows[later]]
    luck[0].customer = 0.0
    luck[0].amount = 0
    luck[0].staying = 0.0
    for r in range(len(luck[0].noise)):
        luck[0].noise[r] = 0.0
    return luck[0]


# --- the phases ------------------------------------------------------------------------------------------------------


@rule
def give(world: World) -> None:
    """Donors with an attempt in this week give, give elsewhere, or do not give."""
    p = world.parameters[0]
    week = world.week
    conditions = world.conditions[week]
    now = world.book[week]
    end = world.book[week - 1].last_gift if week > 0 else 0
    now.first_gift = end
    crime = 0.0
    if week > 0:
        crime = share_of_crime(world.cells[0], world.book[week - 1], world.conditions[week - 1], p)
    desire = desire_to_give(conditions.conflict, crime, p)
    now.attempts = world.first[week + 1] - world.first[week]
    for a in range(len(world.appeals)):
        weigh_appeal(world.appeals[a], world.communities, world.markets, desire, conditions, now, p)
    for k in range(world.first[week], world.first[week + 1]):
        one = world.order[k]
        a = int(one.appeal)
        if a == NOBODY or one.thinning / 65536.0 >= world.appeals[a].passing[one.community]:
            continue  # the commonest case: nothing but the calendar is read
        donor = world.donors[one.row]
        if donor.arrested or donor.deterred_until > week:
            continue
        if not passes_thinning(one, donor, world.appeals[a].passing[one.community], p):
            continue
        luck = luck_of(world.luck, world.luck_rows, len(world.order) - 1 - k)
        chosen, rail, at = NOBODY, NOBODY, NOBODY
        while a != NOBODY:
            chosen, rail, at = respond(
                luck, donor, one.number, world.appeals[a], world.communities[one.community], now, world.markets,
                world.intermediaries, week, p,
            )  # fmt: skip
            if at != NOBODY:
                break
            a = next_appeal(world.appeals, a, donor.identity, one.number, p)
        if at == NOBODY:
            continue
        if luck.amount == 0:
            luck.amount = size_of_gift(donor.identity, one.number, p)
        gift = world.ledger[end]
        end += 1
        record_gift(gift, donor, one, chosen, week, luck.amount)
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
        donor = world.donors[world.ledger[g].row]
        if world.ledger[g].status == Status.BLOCKED and donor.deterred_until != back:
            donor.deterred_until = back
            now.paused += 1
    now.deterred = now.paused + (world.book[week - 1].deterred if week > 0 else 0)
    if week > p.inspiration.pause:
        now.deterred -= world.book[week - p.inspiration.pause - 1].paused
    for r in range(p.n_rails):
        update_perceived_risk(world.communities, r, p)
        mean = 0.0
        for k in range(len(world.communities)):
            mean += world.communities[k].risk[r] / len(world.communities)
        now.risk[r] = mean


# --- the population --------------------------------------------------------------------------------------------------


@rule
def draw_attempts(
    identity: int, rate: float, drawn: Records[Drawn], n: int, counts: NDArray[np.int64], appeals: Records[Appeal],
    p: Scenario,
) -> int:  # fmt: skip
    """Draw the attempts of a donor from place n on, with exponential waiting times; return the place after the last.

    One that lies after the run follows the last. ``counts[week + 1]`` grows by the attempts of a week. Return the
    number of places if there is no room for all. Reads horizon.weeks.
    """
    number = 0
    time = 0.0
    while n < len(drawn):
        u = uniforms(p.seed, Stream.ATTEMPT, identity, number, 0)
        time += -math.log(u[0]) / rate if rate > 0.0 else math.inf
        if not time < p.horizon.weeks:
            drawn[n].week = p.horizon.weeks
            return n + 1
        drawn[n].week = int(time)
        drawn[n].thinning = int(65536.0 * u[1])
        drawn[n].appeal = draw_appeal(u[2], identity, number, appeals, p)
        counts[int(time) + 1] += 1
        number += 1
        n += 1
    return n


@rule
def draw_donors(
    donors: Records[Donor], drawn: Records[Drawn], counts: NDArray[np.int64], shares: Records[float],
    appeals: Records[Appeal], conditions: Records[Conditions], parameters: Records[Scenario],
) -> int:  # fmt: skip
    """Draw the donors who make an attempt, and their attempts, in the order of identity; return the number of donors.

    Return NOBODY if there is no room for all attempts. Reads population.donors.
    """
    p = parameters[0]
    rows = 0
    n = 0
    for identity in range(p.population.donors):
        rate = draw_rate(identity, appeals, p)
        end = draw_attempts(identity, rate, drawn, n, counts, appeals, p)
        if end == len(drawn):
            return NOBODY
        if end > n + 1:
            draw_traits(donors[rows], identity, rate, shares, conditions[0], p)
            rows += 1
            n = end
    return rows


@rule
def draw_sleepers(
    sleepers: Records[Donor], donors: Records[Donor], shares: Records[float], appeals: Records[Appeal],
    conditions: Records[Conditions], parameters: Records[Scenario],
) -> None:  # fmt: skip
    """Draw the donors who make no attempt: all identities that are not among the donors. Reads population.donors."""
    p = parameters[0]
    row = 0
    for identity in range(p.population.donors):
        if row < len(donors) and donors[row].identity == identity:
            row += 1
        else:
            rate = draw_rate(identity, appeals, p)
            draw_traits(sleepers[identity - row], identity, rate, shares, conditions[0], p)


@rule
def order_attempts(
    drawn: Records[Drawn], donors: Records[Donor], ends: NDArray[np.int64], order: Records[Attempt],
    parameters: Records[Scenario],
) -> None:  # fmt: skip
    """Sort attempts by week, then by donor; ends[week] is the place of the week's next attempt. Reads horizon.weeks."""
    p = parameters[0]
    n = 0
    for row in range(len(donors)):
        number = 0
        while drawn[n].week < p.horizon.weeks:
            week = int(drawn[n].week)
            attempt = order[ends[week]]
            attempt.row = row
            attempt.number = number
            attempt.thinning = drawn[n].thinning
            attempt.appeal = drawn[n].appeal
            attempt.community = donors[row].community
            ends[week] += 1
            number += 1
            n += 1
        n += 1
