"""Intermediaries: who serves, who screens, what they cost (ODD, sections 5, 7.3 and 7.5)."""

from math import exp, floor
from typing import TYPE_CHECKING

import mesa
import numpy as np

from sim.engine.constants import WEEKS_A_YEAR, IntermediaryKind, IntermediaryState, Status, Stream
from tests.twin.arithmetic import close_gap, decay, normal
from tests.twin.philox import key_of, uniforms

if TYPE_CHECKING:
    from sim.scenario import Kind
    from tests.twin.book import Gift
    from tests.twin.model import Model


class Intermediary(mesa.Agent["Model"]):  # type: ignore[no-untyped-call]  # of Mesa's __init_subclass__
    """A bank, exchange, payment processor, hawala broker, over-the-counter trader or courier."""

    def __init__(self, model: "Model", kind: IntermediaryKind, number: int, market_share: float) -> None:
        super().__init__(model)
        p = model.p
        about: Kind = getattr(p.intermediaries, kind.name.lower())
        self.kind = kind
        self.name = f"{kind.name.lower()}_{number}"
        self.key = key_of(self.name)
        self.share = market_share
        self.fee = about.fee
        self.lawful = about.lawful
        comply, x, self.licence, _ = uniforms(p.seed, Stream.INTERMEDIARY, self.key, 0)
        self.compliant = comply < p.intermediaries.compliant
        self.strictness = about.strictness_compliant if self.compliant else about.strictness
        self.listing = x / about.listed if about.listed > 0.0 else 1.0
        self.offers = [
            kind.name.lower() in rail.offered_by and (not rail.private or x < about.listed) for rail in p.rails
        ]
        self.state = IntermediaryState.OPEN
        self.served = [-1] * len(p.rails)
        self.exposure = 0.0
        self.pool = 0.0
        self.pool_jump = 0.0

    @property
    def open(self) -> bool:
        """True if it is neither sanctioned nor closed."""
        return self.state == IntermediaryState.OPEN

    def serves(self, r: int) -> bool:
        """True if it takes customers on a rail."""
        if not self.open or not self.offers[r]:
            return False
        rail, effects, levers = self.model.p.rails[r], self.model.p.effects, self.model.levers
        listed = self.listing >= effects.privacy_delisting * levers["privacy_delisting"]
        licensed = self.licence >= effects.licensing_leave * levers["hawala_licensing"]
        return (listed or not rail.private) and (licensed or not rail.informal)

    def strictness_now(self) -> float:
        """Strictness of screening, after policy."""
        effects, levers = self.model.p.effects, self.model.levers
        if self.kind in (IntermediaryKind.HAWALA_BROKER, IntermediaryKind.COURIER):
            return close_gap(self.strictness, effects.hawala_licensing * levers["hawala_licensing"])
        if self.kind == IntermediaryKind.BANK:
            return self.strictness
        return close_gap(self.strictness, effects.exchange_kyc * levers["exchange_kyc"])

    def flag_probability(self, r: int) -> float:
        """Probability that a transfer of the group is flagged."""
        p = self.model.p
        return self.strictness_now() * p.rails[r].traceability.identify * p.screening.suspicion

    def update_pool(self) -> None:
        """The pooled wallet of a processor moves for reasons of its own."""
        p = self.model.p
        u, v, w, x = uniforms(p.seed, Stream.POOL, self.key, self.model.week)
        self.pool = p.intermediaries.pool * exp(p.intermediaries.pool_sigma * normal(u, v))
        self.pool_jump = 0.0
        if w < 1.0 - exp(-p.intermediaries.pool_jumps / WEEKS_A_YEAR):
            self.pool_jump = p.intermediaries.pool_jump * (0.5 + x)
            self.pool += self.pool_jump

    def lawful_on(self, r: int) -> float:
        """USD a week of lawful money on a rail, by its share of the volume of all that it offers."""
        volumes = [rail.volume if there else 0 for rail, there in zip(self.model.p.rails, self.offers, strict=False)]
        return self.lawful * volumes[r] / sum(volumes) if volumes[r] else 0.0

    def share_moved(self, r: int) -> float:
        """Share of its customers on a rail who have gone elsewhere since it last served them; some never do."""
        firms = self.model.p.intermediaries
        return (1.0 - decay(self.model.week - self.served[r], firms.moving)) * (1.0 - firms.lost)

    def hindered(self) -> float:
        """USD of lawful money that disruption hinders this week."""
        p, levers = self.model.p, self.model.levers
        usd = self.lawful * self.strictness_now() * p.enforcement.lookalike * p.screening.block if self.open else 0.0
        for r, rail in enumerate(p.rails):
            if not self.serves(r):
                usd += self.lawful_on(r) * (1.0 - self.share_moved(r))
            elif rail.informal:
                usd += self.lawful_on(r) * p.effects.licensing_spread * levers["hawala_licensing"]
        return usd

    def screen_gift(self, gift: "Gift") -> Status:
        """Pass a gift, send it back, or report it."""
        p = self.model.p
        u, v, _, _ = uniforms(p.seed, Stream.SCREEN, gift.donor.identity, gift.attempt)
        if u >= self.flag_probability(gift.rail):
            return Status.PASSED
        return Status.BLOCKED if v < p.screening.block else Status.REPORTED


def market_shares(market: float, count: int, concentration: float) -> list[float]:
    """Weights of the intermediaries of one kind, the largest first."""
    ranks = np.arange(1, count + 1) ** -concentration
    return [float(share) for share in market * ranks / ranks.sum()]


# --- rules that several phases use ---


def largest_open(model: "Model", r: int) -> Intermediary | None:
    """The largest that serves a rail."""
    largest = None
    for intermediary in model.offering[r]:
        if intermediary.serves(r) and (largest is None or intermediary.share > largest.share):
            largest = intermediary
    return largest


def choose_intermediary(model: "Model", u: float, r: int) -> Intermediary | None:
    """The intermediary at one end of a transfer; most customers of one that no longer serves move to the largest."""
    total = 0.0
    for intermediary in model.offering[r]:
        total += intermediary.share
    rest = u * total
    for intermediary in model.offering[r]:
        if rest >= intermediary.share:
            rest -= intermediary.share
            continue
        if intermediary.serves(r):
            return intermediary
        stays = rest >= intermediary.share * intermediary.share_moved(r)
        return None if stays else largest_open(model, r)
    return None


def cash_out_spread(model: "Model", r: int) -> float:
    """Cost of cashing a rail."""
    rail, effects, levers = model.p.rails[r], model.p.effects, model.levers
    spread = rail.spread
    if rail.private:
        spread += effects.delisting_spread * levers["privacy_delisting"]
    if rail.informal:
        spread += effects.licensing_spread * levers["hawala_licensing"]
    return min(1.0, spread)


def transfer_cost(model: "Model", r: int) -> float:
    """Fee and spread, as a donor sees them."""
    return model.p.rails[r].fee + cash_out_spread(model, r)


def freeze_probability(model: "Model", r: int) -> float:
    """Chance that an attributed balance can be stopped where it lies."""
    rail = model.p.rails[r]
    freeze = rail.traceability.freeze
    if freeze > 0.0 and rail.ledger and not rail.private:
        return close_gap(freeze, model.p.effects.issuer_freezing * model.freezing[r])
    return freeze


# --- phases ---


def update_channels(model: "Model") -> None:
    """Phase 1: channels are taken down or come back, and each rail is served or not."""
    model.appeals.do("update_channel")
    for r in range(len(model.p.rails)):
        for intermediary in model.offering[r]:
            if intermediary.serves(r):
                intermediary.served[r] = model.week
                model.now.serves[r] = 1


def screen(model: "Model") -> None:
    """Phase 3: pooled wallets change, and gifts are screened."""
    now = model.now
    for intermediary in model.intermediaries:
        if intermediary.kind == IntermediaryKind.PROCESSOR:
            intermediary.update_pool()
        now.closed += not intermediary.open
        now.lawful_hindered += floor(100.0 * intermediary.hindered())
    for gift in model.gifts_of_the_week():
        gift.status = gift.intermediary.screen_gift(gift)
        if gift.status == Status.BLOCKED:
            now.blocked[gift.rail] += gift.amount
        elif gift.status == Status.REPORTED:
            now.reports += 1
