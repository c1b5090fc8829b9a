"""Intermediaries: whom they serve, what they charge, and what they block or report."""

import math

from sim.engine.arithmetic import close_gap, decay
from sim.engine.constants import NOBODY, WEEKS_A_YEAR, IntermediaryKind, IntermediaryState, Status
from sim.engine.jit import rule
from sim.engine.records import Records, Rows
from sim.engine.rng import Stream, normal, uniforms
from sim.rules.world import Gift, Intermediary, Levers, Market, World
from sim.scenario import Scenario


@rule
def serves(intermediary: Intermediary, r: int, levers: Levers, p: Scenario) -> bool:
    """True if an intermediary serves a rail: it is open, offers the rail, and has neither delisted nor left it.

    Policy makes some delist privacy coins, and some leave informal rails rather than take a licence.
    Reads rails.*.private, rails.*.informal, effects.privacy_delisting, effects.licensing_leave.
    """
    if intermediary.state != IntermediaryState.OPEN or not intermediary.offers[r]:
        return False
    if p.rails[r].private and intermediary.listing < p.effects.privacy_delisting * levers.privacy_delisting:
        return False
    leaving = p.effects.licensing_leave * levers.hawala_licensing
    return bool(not p.rails[r].informal or intermediary.licence >= leaving)


@rule
def survey_market(
    market: Market, r: int, intermediaries: Records[Intermediary], levers: Levers, week: int, p: Scenario
) -> bool:
    """Find who offers and who serves a rail this week, and what it costs; True if any intermediary serves it."""
    market.cost = transfer_cost(r, levers, p)
    market.weight = 0.0
    market.first = len(intermediaries)
    market.end = 0
    served = False
    for i in range(len(intermediaries)):
        if intermediaries[i].offers[r]:
            market.first = min(int(market.first), i)
            market.end = i + 1
            market.weight += intermediaries[i].share
            if serves(intermediaries[i], r, levers, p):
                intermediaries[i].served[r] = week
                served = True
    return served


@rule
def largest_open(market: Market, r: int, intermediaries: Records[Intermediary], week: int) -> int:
    """Largest intermediary that serves a rail this week, or NOBODY."""
    best = NOBODY
    for i in range(market.first, market.end):
        if intermediaries[i].served[r] == week and (
            best == NOBODY or intermediaries[i].share > intermediaries[best].share
        ):
            best = i
    return best


@rule
def share_moved(one: Intermediary, r: int, week: int, p: Scenario) -> float:
    """Share of the customers of a rail who have moved on since an intermediary last served it.

    (1 - lost)(1 - f), where f halves in every intermediaries.moving weeks (ElBahrawy et al. 2020).
    Reads intermediaries.lost, intermediaries.moving.
    """
    return (1.0 - decay(float(week - one.served[r]), p.intermediaries.moving)) * (1.0 - p.intermediaries.lost)


@rule
def choose_intermediary(
    u: float, r: int, market: Market, intermediaries: Records[Intermediary], week: int, p: Scenario
) -> int:
    """Intermediary of a transfer, by market share; most customers of one that no longer serves move to the largest.

    A first choice does not depend on closures, so a closure changes no random number of other customers. A share
    intermediaries.lost never moves, after a closure as after a delisting; half of the rest move within
    intermediaries.moving weeks (ElBahrawy et al. 2020). Who has not moved does not transfer.
    """
    rest = u * market.weight
    for i in range(market.first, market.end):
        if not intermediaries[i].offers[r]:
            continue
        share = intermediaries[i].share
        if rest >= share:
            rest -= share
            continue
        if intermediaries[i].served[r] == week:
            return i
        if rest >= share * share_moved(intermediaries[i], r, week, p):
            return NOBODY
        return largest_open(market, r, intermediaries, week)
    return NOBODY


@rule
def cash_out_spread(r: int, levers: Levers, p: Scenario) -> float:
    """Spread of a rail when it is turned into cash; delisting and licensing increase it.

    Reads rails.*.spread, rails.*.private, rails.*.informal, effects.delisting_spread, effects.licensing_spread.
    """
    spread = p.rails[r].spread
    if p.rails[r].private:
        spread += p.effects.delisting_spread * levers.privacy_delisting
    if p.rails[r].informal:
        spread += p.effects.licensing_spread * levers.hawala_licensing
    return min(1.0, spread)


@rule
def transfer_cost(r: int, levers: Levers, p: Scenario) -> float:
    """Cost of a rail to a donor: fee plus spread. Reads rails.*.fee."""
    return p.rails[r].fee + cash_out_spread(r, levers, p)


@rule
def strictness_of(intermediary: Intermediary, levers: Levers, p: Scenario) -> float:
    """Screening strictness under policy, which closes a share of the gap to full strictness.

    Reads effects.exchange_kyc (exchanges, processors, traders), effects.hawala_licensing (brokers, couriers).
    """
    kind = intermediary.kind
    if kind == IntermediaryKind.HAWALA_BROKER or kind == IntermediaryKind.COURIER:
        return close_gap(intermediary.strictness, p.effects.hawala_licensing * levers.hawala_licensing)
    if kind == IntermediaryKind.BANK:
        return intermediary.strictness
    return close_gap(intermediary.strictness, p.effects.exchange_kyc * levers.exchange_kyc)


@rule
def flag_probability(intermediary: Intermediary, r: int, levers: Levers, p: Scenario) -> float:
    """Probability that an intermediary flags a transfer of the group: strictness x identify x suspicion.

    Reads rails.*.traceability.identify, screening.suspicion.
    """
    return strictness_of(intermediary, levers, p) * p.rails[r].traceability.identify * p.screening.suspicion


@rule
def freeze_probability(r: int, levers: Levers, p: Scenario) -> float:
    """Probability that an attributed balance can be frozen; policy closes a share of the gap to certainty.

    The policy acts on issuers and custodians of currencies on a ledger; brokers, banks and privacy coins have none.
    Issuers' common practice may be of one currency (`Levers.freezing`). If the probability is zero without policy, it
    remains zero. `sim.rules.enforcement.freeze` and, where money is
    converted, `sim.rules.transfers.convert_at` freeze with it.
    Reads rails.*.traceability.freeze, rails.*.ledger, rails.*.private, effects.issuer_freezing.
    """
    chance = p.rails[r].traceability.freeze
    if chance > 0.0 and p.rails[r].ledger and not p.rails[r].private:
        return close_gap(chance, p.effects.issuer_freezing * levers.freezing[r])
    return chance


@rule
def screen_gift(gift: Gift, intermediary: Intermediary, levers: Levers, p: Scenario) -> int:
    """Status of a gift after screening: passed, or flagged and then blocked (returned) or reported.

    Reads screening.block.
    """
    u, v, _, _ = uniforms(p.seed, Stream.SCREEN, gift.donor, gift.attempt, 0)
    if u >= flag_probability(intermediary, gift.rail, levers, p):
        return Status.PASSED.value
    return Status.BLOCKED.value if v < p.screening.block else Status.REPORTED.value


@rule
def update_pool(intermediary: Intermediary, week: int, p: Scenario) -> None:
    """Pooled wallet of a processor, independent of the group: lognormal every week, with occasional jumps.

    Reads intermediaries.pool, intermediaries.pool_sigma, intermediaries.pool_jumps, intermediaries.pool_jump.
    """
    u, v, w, x = uniforms(p.seed, Stream.POOL, intermediary.key, week, 0)
    sigma = p.intermediaries.pool_sigma
    intermediary.pool = p.intermediaries.pool * math.exp(sigma * normal(u, v))
    intermediary.pool_jump = 0.0
    if w < 1.0 - math.exp(-p.intermediaries.pool_jumps / WEEKS_A_YEAR):
        intermediary.pool_jump = p.intermediaries.pool_jump * (0.5 + x)
        intermediary.pool += intermediary.pool_jump


@rule
def lawful_on(one: Intermediary, r: int, p: Scenario) -> float:
    """USD a week of lawful money that an intermediary moves on a rail: all its lawful money, by share of volume.

    Reads intermediaries.*.lawful, rails.*.volume.
    """
    if not one.offers[r]:
        return 0.0
    offered = 0
    for s in range(p.n_rails):
        if one.offers[s]:
            offered += p.rails[s].volume
    return one.lawful * p.rails[r].volume / offered


@rule
def hindered(one: Intermediary, week: int, levers: Levers, p: Scenario) -> float:
    """USD a week of lawful money that disruption hinders at one intermediary.

    Blocked by screening: strictness x lookalike x block of the flow. Stranded on a rail that it no longer serves
    (closed, delisted, without licence): the customers who have not moved. Dearer by licensing: the added spread. Each
    rail has its share of the flow (`lawful_on`).
    Reads enforcement.lookalike, screening.block, rails.*.informal, effects.licensing_spread.
    """
    usd = 0.0
    if one.state == IntermediaryState.OPEN:
        usd = one.lawful * strictness_of(one, levers, p) * p.enforcement.lookalike * p.screening.block
    for r in range(p.n_rails):
        if not one.offers[r]:
            continue
        if not serves(one, r, levers, p):
            usd += lawful_on(one, r, p) * (1.0 - share_moved(one, r, week, p))
        elif p.rails[r].informal:
            usd += lawful_on(one, r, p) * p.effects.licensing_spread * levers.hawala_licensing
    return usd


def close(intermediaries: Rows, row: int) -> None:
    """Close an intermediary: it serves no customer from now on."""
    intermediaries["state"][row] = IntermediaryState.CLOSED


# --- the phase -------------------------------------------------------------------------------------------------------


@rule
def screen(world: World) -> None:
    """Pooled wallets change; the donor's intermediary passes, blocks or reports each gift."""
    p = world.parameters[0]
    week = world.week
    levers = world.levers[week]
    now = world.book[week]
    for i in range(len(world.intermediaries)):
        if world.intermediaries[i].kind == IntermediaryKind.PROCESSOR:
            update_pool(world.intermediaries[i], week, p)
        if world.intermediaries[i].state != IntermediaryState.OPEN:
            now.closed += 1
        now.lawful_hindered += int(math.floor(100.0 * hindered(world.intermediaries[i], week, levers, p)))
    for g in range(now.first_gift, now.last_gift):
        gift = world.ledger[g]
        gift.status = screen_gift(gift, world.intermediaries[gift.intermediary], levers, p)
        if gift.status == Status.BLOCKED:
            now.blocked[gift.rail] += gift.amount
        elif gift.status == Status.REPORTED:
            now.reports += 1
