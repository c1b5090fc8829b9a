"""Intermediaries: who moves money for others, whom they serve, and what they stop."""

import math
from typing import ClassVar

from sim.appeals import Appeal, keep_channel
from sim.arithmetic import halved
from sim.compiling import rule
from sim.constants import NOBODY, WEEKS_A_YEAR, IntermediaryKind, IntermediaryState, Status
from sim.draws import Decision, normal, uniforms
from sim.ledger import Gift
from sim.outcomes import Week
from sim.policies import Levers, closing
from sim.records import F8, I1, I4, I8, AgentRecord, FlagsByRail, Records, Rows
from sim.scenario import Scenario

# --- the record ------------------------------------------------------------------------------------------------------


class Intermediary(AgentRecord):
    """A bank, exchange, payment processor, hawala broker, over-the-counter trader or courier."""

    key: I8
    share: F8  # weight in the market of every rail it offers
    fee: F8  # on top of the rail's
    strictness: F8  # 0..1, before policy
    lawful: F8  # USD a week of lawful money
    listing: F8  # its own luck: it drops privacy coins when delisting reaches this, 0..1
    exposure: F8  # traced gifts in its book, fading
    pool: F8  # USD in the pooled wallet of a processor
    pool_jump: F8  # USD that an internal transfer of its own brought this week
    closed_week: I4
    kind: I1  # IntermediaryKind
    state: I1  # IntermediaryState
    compliant: I1
    offers: FlagsByRail

    _shown = ("share", "strictness", "fee")
    _more = "intermediaries.KIND.count says how many there are, such as intermediaries.exchange.count"
    _fixed: ClassVar[dict[str, str]] = {
        "key": "it is its luck, and hangs on its name",
        "kind": "intermediaries.KIND.count says how many there are of each",
        "compliant": "strictness is what counts; intermediaries.compliant is the share that are strict",
        "pool": "it is drawn every week from intermediaries.pool",
        "pool_jump": "it is drawn every week from intermediaries.pool_jump",
        "closed_week": "remove() closes it",
        "state": "remove() closes it; one that is closed does not open again",
    }
    _by_rail = ("offers",)

    @property
    def name(self) -> str:
        """Its kind and number, such as exchange_2."""
        return str(self.model.intermediary_names[self._row])

    def leave(self, week: int) -> None:
        """It closes: customers and lawful money go where they go after a shock of type closure."""
        if self.state == IntermediaryState.OPEN:
            close(self._rows, self._row, week)

    def in_words(self) -> tuple[str, ...]:
        """Whether it is open."""
        return (IntermediaryState(self.state).name.lower(),)


def close(intermediaries: Rows, row: int, week: int) -> None:
    """An intermediary serves nobody from a week on."""
    intermediaries["state"][row] = IntermediaryState.CLOSED
    intermediaries["closed_week"][row] = week


# --- the rules -------------------------------------------------------------------------------------------------------


@rule
def serves(intermediary: Intermediary, r: int, levers: Levers, p: Scenario) -> bool:
    """Whether an intermediary takes customers on a rail: open, offers it, has not delisted it.

    Reads rails.*.private, effects.privacy_delisting.
    """
    if intermediary.state != IntermediaryState.OPEN or not intermediary.offers[r]:
        return False
    if p.rails[r].private:
        return bool(intermediary.listing >= p.effects.privacy_delisting * levers.privacy_delisting)
    return True


@rule
def survivor(r: int, intermediaries: Records[Intermediary], levers: Levers, p: Scenario) -> int:
    """The largest intermediary that still serves a rail, or NOBODY."""
    best = NOBODY
    for i in range(len(intermediaries)):
        if serves(intermediaries[i], r, levers, p) and (
            best == NOBODY or intermediaries[i].share > intermediaries[best].share
        ):
            best = i
    return best


@rule
def pick(u: float, r: int, intermediaries: Records[Intermediary], week: int, levers: Levers, p: Scenario) -> int:
    """The intermediary at the donor's end, by market share; customers of a closed one move to the largest survivor.

    Everyone keeps a first choice whatever closes, so closing one leaves all others' luck alone. After a closure half
    the customers have moved on in intermediaries.moving weeks (ElBahrawy et al. 2020); the rest do not give.
    """
    total = 0.0
    for i in range(len(intermediaries)):
        if intermediaries[i].offers[r]:
            total += intermediaries[i].share
    rest = u * total
    for i in range(len(intermediaries)):
        if not intermediaries[i].offers[r]:
            continue
        share = intermediaries[i].share
        if rest >= share:
            rest -= share
            continue
        if serves(intermediaries[i], r, levers, p):
            return i
        if intermediaries[i].state != IntermediaryState.OPEN:
            moved = 1.0 - halved(week - intermediaries[i].closed_week, p.intermediaries.moving)
            if rest >= share * moved:
                return NOBODY
        return survivor(r, intermediaries, levers, p)
    return NOBODY


@rule
def spread_of(r: int, levers: Levers, p: Scenario) -> float:
    """Cost of cashing a rail: its spread, more where delisting or licensing drives it off.

    Reads rails.*.spread, rails.*.private, rails.*.informal, effects.delisting_spread, effects.licensing_spread.
    """
    spread = p.rails[r].spread
    if p.rails[r].private:
        spread += p.effects.delisting_spread * levers.privacy_delisting
    if p.rails[r].informal:
        spread += p.effects.licensing_spread * levers.hawala_licensing
    return min(1.0, spread)


@rule
def cost_of(r: int, levers: Levers, p: Scenario) -> float:
    """Fee plus spread, as a donor sees it. Reads rails.*.fee."""
    return p.rails[r].fee + spread_of(r, levers, p)


@rule
def strictness_of(intermediary: Intermediary, levers: Levers, p: Scenario) -> float:
    """Screening strictness after policy: a share of the gap to full strictness is closed.

    Reads effects.exchange_kyc (exchanges, processors, traders), effects.hawala_licensing (brokers, couriers).
    """
    kind = intermediary.kind
    if kind == IntermediaryKind.HAWALA_BROKER or kind == IntermediaryKind.COURIER:
        return closing(intermediary.strictness, p.effects.hawala_licensing * levers.hawala_licensing)
    if kind == IntermediaryKind.BANK:
        return intermediary.strictness
    return closing(intermediary.strictness, p.effects.exchange_kyc * levers.exchange_kyc)


@rule
def flagged(intermediary: Intermediary, r: int, levers: Levers, p: Scenario) -> float:
    """Chance that a transfer of the group stands out at an intermediary: strictness x identify x suspicion.

    Reads rails.*.traceability.identify, screening.suspicion.
    """
    return strictness_of(intermediary, levers, p) * p.rails[r].traceability.identify * p.screening.suspicion


@rule
def freezing(r: int, levers: Levers, p: Scenario) -> float:
    """Chance that an attributed balance can be stopped where it lies; policy closes a share of the gap to certainty.

    The policy speaks to issuers and custodians of currencies on a ledger; brokers, banks and privacy coins have none.
    Where nobody can freeze (chance zero) nobody learns to.
    Reads rails.*.traceability.freeze, rails.*.ledger, rails.*.private, effects.issuer_freezing.
    """
    chance = p.rails[r].traceability.freeze
    if chance > 0.0 and p.rails[r].ledger and not p.rails[r].private:
        return closing(chance, p.effects.issuer_freezing * levers.issuer_freezing)
    return chance


@rule
def judge(gift: Gift, intermediary: Intermediary, levers: Levers, seed: int, p: Scenario) -> int:
    """Status of a gift at its intermediary: passed, or flagged and then blocked (returned) or reported.

    Reads screening.block.
    """
    u, v, _, _ = uniforms(seed, Decision.SCREEN, gift.donor, gift.attempt, 0)
    if u >= flagged(intermediary, gift.rail, levers, p):
        return Status.PASSED.value
    return Status.BLOCKED.value if v < p.screening.block else Status.REPORTED.value


@rule
def sway(intermediary: Intermediary, week: int, seed: int, p: Scenario) -> None:
    """A processor's pooled wallet moves for reasons of its own: lognormal from week to week, and at times a jump.

    Reads intermediaries.pool, intermediaries.pool_sigma, intermediaries.pool_jumps, intermediaries.pool_jump.
    """
    u, v, w, x = uniforms(seed, Decision.POOL, intermediary.key, week, 0)
    sigma = p.intermediaries.pool_sigma
    intermediary.pool = p.intermediaries.pool * math.exp(sigma * normal(u, v))
    intermediary.pool_jump = 0.0
    if w < 1.0 - math.exp(-p.intermediaries.pool_jumps / WEEKS_A_YEAR):
        intermediary.pool_jump = p.intermediaries.pool_jump * (0.5 + x)
        intermediary.pool += intermediary.pool_jump


@rule
def hindered(one: Intermediary, week: int, levers: Levers, p: Scenario) -> float:
    """USD a week of lawful money that disruption hinders at one intermediary.

    Stopped by screening: strictness x lookalike x block of the flow. Stranded at a closed one until half its customers
    have moved on. Without their rail after a delisting. Made dearer by licensing: the added spread.
    Reads enforcement.lookalike, screening.block, intermediaries.moving, rails.*.informal, effects.licensing_spread.
    """
    if one.state != IntermediaryState.OPEN:
        return one.lawful * halved(float(week - one.closed_week), p.intermediaries.moving)
    usd = one.lawful * strictness_of(one, levers, p) * p.enforcement.lookalike * p.screening.block
    offered = 0
    for r in range(p.n_rails):
        offered += one.offers[r]
    for r in range(p.n_rails):
        if one.offers[r] and not serves(one, r, levers, p):
            usd += one.lawful / offered
        elif one.offers[r] and p.rails[r].informal:
            usd += one.lawful / offered * p.effects.licensing_spread * levers.hawala_licensing
    return usd


# --- the phases ------------------------------------------------------------------------------------------------------


@rule
def shock(
    intermediaries: Records[Intermediary], appeals: Records[Appeal], book: Records[Week], levers: Records[Levers],
    week: int, seed: int, parameters: Records[Scenario],
) -> None:  # fmt: skip
    """After the week's events: channels are taken down or come back, and each rail is served or not."""
    p = parameters[0]
    for a in range(len(appeals)):
        keep_channel(appeals[a], levers[0], week, seed, p)
        appeals[a].met = 0
        appeals[a].taken = 0
    for r in range(p.n_rails):
        book[week].serves[r] = survivor(r, intermediaries, levers[0], p) != NOBODY


@rule
def screen(
    intermediaries: Records[Intermediary], ledger: Records[Gift], book: Records[Week], levers: Records[Levers],
    week: int, seed: int, parameters: Records[Scenario],
) -> None:  # fmt: skip
    """Pooled wallets sway; the intermediary at the donor's end blocks or reports gifts, or lets them pass."""
    p = parameters[0]
    now = book[week]
    for i in range(len(intermediaries)):
        if intermediaries[i].kind == IntermediaryKind.PROCESSOR:
            sway(intermediaries[i], week, seed, p)
        if intermediaries[i].state != IntermediaryState.OPEN:
            now.closed += 1
        now.lawful_hindered += int(math.floor(100.0 * hindered(intermediaries[i], week, levers[0], p)))
    for g in range(now.first_gift, now.last_gift):
        gift = ledger[g]
        gift.status = judge(gift, intermediaries[gift.intermediary], levers[0], seed, p)
        if gift.status == Status.BLOCKED:
            now.blocked[gift.rail] += gift.amount
        elif gift.status == Status.REPORTED:
            now.reports += 1
