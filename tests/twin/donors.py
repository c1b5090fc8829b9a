"""Donors: their traits, their attempts, their gifts (ODD, sections 5 and 7.4)."""

from math import exp, floor, log
from typing import TYPE_CHECKING

import mesa

from sim.engine.constants import NOBODY, WEEKS_A_YEAR, Benefactors, Status, Stream, SwitchMode, TurnedAway
from tests.twin.arithmetic import cents, decay, first_arrival, gamma, gumbel, normal
from tests.twin.book import Gift
from tests.twin.intermediaries import choose_intermediary, transfer_cost
from tests.twin.philox import uniforms

if TYPE_CHECKING:
    from tests.twin.appeals import Appeal
    from tests.twin.intermediaries import Intermediary
    from tests.twin.model import Model
    from tests.twin.theatres import Community


class Donor(mesa.Agent["Model"]):  # type: ignore[no-untyped-call]  # of Mesa's __init_subclass__
    """A potential donor."""

    def __init__(self, model: "Model", identity: int) -> None:
        super().__init__(model)
        p = model.p
        self.identity = identity
        giving, population = p.giving, p.population
        shape = population.propensity_shape
        propensity = gamma(p.seed, Stream.DONOR, identity, 1, shape) / shape
        self.rate = propensity * (model.public_rate + giving.network_rate) * giving.bound / WEEKS_A_YEAR
        shape = population.risk_aversion_shape
        self.risk_aversion = gamma(p.seed, Stream.DONOR, identity, 2, shape) / shape
        x = gamma(p.seed, Stream.LITERACY, identity, 1, population.literacy_a)
        y = gamma(p.seed, Stream.LITERACY, identity, 2, population.literacy_b)
        self.literacy = x / (x + y) if x + y > 0.0 else 0.5
        self.community = self.draw_community()
        self.habit = self.first_habit()
        self.given = 0
        self.attempts = 0
        self.deterred_until = 0
        self.arrested = False

    def draw_community(self) -> "Community":
        """The community it belongs to: the first to arrive."""
        waits = []
        for community in self.model.communities:
            if community.share_of_donors > 0.0:
                u = uniforms(self.model.p.seed, Stream.DONOR, self.identity, 3, community.key)[0]
                waits.append((-log(u) / community.share_of_donors, community))
        arrived = first_arrival(waits)
        assert arrived is not None, "the shares of the communities add up to 1"
        return arrived

    def first_habit(self) -> int:
        """The rail it is used to at the start."""
        model, p = self.model, self.model.p
        best, most = NOBODY, 0.0
        for r, rail in enumerate(p.rails):
            u = uniforms(p.seed, Stream.HABIT, self.identity, model.rail_keys[r])[0]
            liking = model.conditions[0].liking[r]
            utility = (liking - p.choice.skill * max(0.0, rail.literacy - self.literacy)) + gumbel(u)
            if best == NOBODY or utility > most:
                best, most = r, utility
        return best

    def attempt_weeks(self) -> list[int]:
        """The weeks of all its attempts, in order."""
        weeks: list[int] = []
        if self.rate <= 0.0:
            return weeks
        time = 0.0
        while True:
            u = uniforms(self.model.p.seed, Stream.ATTEMPT, self.identity, len(weeks))[0]
            time += -log(u) / self.rate
            if not time < self.model.weeks:
                return weeks
            weeks.append(int(time))

    # --- one attempt ---

    def attempt(self, desire: float) -> None:
        """One attempt to give."""
        model, p, now = self.model, self.model.p, self.model.now
        n = self.attempts
        self.attempts += 1
        now.attempts += 1
        if self.arrested or self.deterred_until > model.week:
            return
        _, eager, meeting, picking = uniforms(p.seed, Stream.ATTEMPT, self.identity, n)
        appeal = self.draw_appeal(meeting, n)
        if appeal is None or eager >= self.thinning_probability(appeal, desire):
            return
        response = self.respond(appeal, n, picking)
        if response is None and self.looks_further(appeal, n):
            appeal = self.first_to_reach(False, n)
            response = self.respond(appeal, n, picking) if appeal and appeal.visible > 0.0 else None
        if appeal is None or response is None:
            return
        chosen, rail, intermediary = response
        amount = self.size_of_gift(n)
        self.given += amount
        self.habit = chosen
        model.ledger.append(
            Gift(
                row=len(model.ledger),
                donor=self,
                attempt=n,
                week=model.week,
                amount=amount,
                community=self.community,
                appeal=appeal,
                rail=rail,
                chosen=chosen,
                intermediary=intermediary,
            )
        )
        now.given[rail] += amount
        now.gifts[rail] += 1
        if appeal.public:
            now.campaign_given += amount

    def draw_appeal(self, u: float, n: int) -> "Appeal | None":
        """The appeal that an attempt meets."""
        public, network = self.model.public_rate, self.model.p.giving.network_rate
        return self.first_to_reach(u * (public + network) < public, n)

    def first_to_reach(self, public: bool, n: int) -> "Appeal | None":
        """The first to arrive of the campaigns, or of the network appeals."""
        waits = []
        for appeal in self.model.appeals:
            if appeal.public != public or appeal.share <= 0.0:
                continue
            if appeal.share == 1.0 and not public:
                return appeal
            u = uniforms(self.model.p.seed, Stream.ATTEMPT, self.identity, n, appeal.key)[0]
            waits.append((-log(u) / appeal.share, appeal))
        return first_arrival(waits)

    def respond(self, appeal: "Appeal", n: int, picking: float) -> "tuple[int, int, Intermediary] | None":
        """The rail it chooses, the rail it gives over and at whose counter, or None if it does not give."""
        appeal.met += 1
        chosen = self.choose(appeal, n)
        rail = NOBODY if chosen == NOBODY else self.follows(appeal, chosen)
        intermediary = None if rail == NOBODY else choose_intermediary(self.model, picking, rail)
        if intermediary is None:
            return None
        appeal.taken += 1
        return chosen, rail, intermediary

    def looks_further(self, appeal: "Appeal", n: int) -> bool:
        """True if it turns to a network appeal when a campaign has turned it away."""
        p = self.model.p
        if p.rules.turned_away == TurnedAway.LOST or not appeal.public:
            return False
        return uniforms(p.seed, Stream.CHOICE, self.identity, n)[2] < p.giving.displaced

    def thinning_probability(self, appeal: "Appeal", desire: float) -> float:
        """Share of its attempts that become gifts."""
        giving = self.model.p.giving
        return min(giving.bound, self.community.sympathy * giving.visibility * appeal.visible * desire) / giving.bound

    def choose(self, appeal: "Appeal", n: int) -> int:
        """The rail it would give over, or nobody's: not giving has utility zero."""
        model, p = self.model, self.model.p
        choice = p.choice
        best = NOBODY
        most = gumbel(uniforms(p.seed, Stream.CHOICE, self.identity, n)[0])
        for r, rail in enumerate(p.rails):
            if not appeal.accepts[r] or not model.now.serves[r]:
                continue
            utility = (
                model.world.liking[r]
                - choice.cost * transfer_cost(model, r)
                - choice.risk * self.risk_aversion * self.community.risk[r]
            )
            utility -= choice.skill * max(0.0, rail.literacy - self.literacy)
            if r == self.habit:
                utility += choice.habit
            if r == appeal.asked:
                utility += choice.ask
            utility += gumbel(uniforms(p.seed, Stream.CHOICE, self.identity, n, model.rail_keys[r])[1])
            if utility > most:
                best, most = r, utility
        return best

    def follows(self, appeal: "Appeal", chosen: int) -> int:
        """The rail that the gift goes over: in a full switch the new one, unless the donor is lost."""
        if appeal.mode != SwitchMode.FULL:
            return chosen
        if uniforms(self.model.p.seed, Stream.FOLLOW, self.identity, appeal.key)[0] < appeal.loses:
            return NOBODY
        return appeal.moves_to if self.model.now.serves[appeal.moves_to] else NOBODY

    def size_of_gift(self, n: int) -> int:
        """Cents of a gift."""
        giving = self.model.p.giving
        u, v, w, x = uniforms(self.model.p.seed, Stream.GIFT, self.identity, n)
        usd = giving.median * exp(giving.sigma * normal(u, v))
        if w < giving.large_share:
            usd = giving.large_from * exp(-log(x) / giving.large_exponent)
        return floor(100.0 * min(usd, giving.cap) * self.model.p.group.income + 0.5)


# --- phases ---


def share_of_crime(model: "Model") -> float:
    """Share of extortion, looting and ransom in revenue, gifts and inflows, by the book of last week."""
    if model.week == 0:
        return 0.0
    last = model.book[model.week - 1]
    tax, oil, looting, ransom, insurgent = last.revenue
    crime = cents(max(0.0, model.treasury.extortion)) + looting + ransom
    income = crime + tax + oil + insurgent + sum(last.given) + sum(model.conditions[model.week - 1].inflow)
    return crime / income if crime > 0 else 0.0


def desire_to_give(model: "Model") -> float:
    """Factor of the week on giving: conflict calls for gifts, crime repels."""
    p = model.p
    if p.rules.benefactors == Benefactors.INDIFFERENT:
        return model.world.conflict
    return model.world.conflict * (1.0 - p.giving.repelled * share_of_crime(model))


def give(model: "Model") -> None:
    """Phase 2: donors whose attempt falls in this week give, or do not."""
    desire = desire_to_give(model)
    model.now.first_gift = len(model.ledger)
    for donor in model.calendar[model.week]:
        donor.attempt(desire)
    model.now.last_gift = len(model.ledger)


def deter(model: "Model") -> None:
    """Phase 9: donors whose gift was blocked pause; communities update the perceived risk of each rail."""
    p, now, week = model.p, model.now, model.week
    pause = p.inspiration.pause
    for gift in model.gifts_of_the_week():
        if gift.status == Status.BLOCKED and gift.donor.deterred_until != week + 1 + pause:
            gift.donor.deterred_until = week + 1 + pause
            now.paused += 1
    now.deterred = now.paused
    if week > 0:
        now.deterred += model.book[week - 1].deterred
    if week > pause:
        now.deterred -= model.book[week - pause - 1].paused
    for r in range(len(p.rails)):
        for community in model.communities:
            events = 0.0
            for other in model.communities:
                events += other.events[r] * (1.0 if other is community else p.inspiration.hearsay)
            events *= 10000.0 / max(1, p.population.donors)
            fear = community.risk[r] * decay(1, p.inspiration.risk_memory)
            community.risk[r] = fear + (1.0 - fear) * (1.0 - exp(-p.inspiration.salience * events))
            now.risk[r] += community.risk[r] / len(model.communities)
    for community in model.communities:
        community.events = [0.0] * len(p.rails)
