"""Agencies: traces, leads, reports, and what they do about them (ODD, sections 5 and 7.7)."""

from math import exp, floor, inf, log
from typing import TYPE_CHECKING

import mesa

from sim.engine.constants import MAX_DELAY, WEEKS_A_YEAR, Found, IntermediaryState, Status, Stream
from tests.twin.arithmetic import cents, close_gap, decay, first_arrival, poisson, share_followed, share_of
from tests.twin.intermediaries import freeze_probability
from tests.twin.philox import uniforms
from tests.twin.theatres import weight_in_news
from tests.twin.wallets import freeze_reached, in_wallets, keep_in_step

if TYPE_CHECKING:
    from tests.twin.book import Gift
    from tests.twin.intermediaries import Intermediary
    from tests.twin.model import Model
    from tests.twin.theatres import Community

WITHOUT_LIMIT = 10**14


class Agency(mesa.Agent["Model"]):  # type: ignore[no-untyped-call]  # of Mesa's __init_subclass__
    """An enforcement agency."""

    def __init__(self, model: "Model", name: str) -> None:
        super().__init__(model)
        rails = model.p.rails
        self.name = name
        self.own_staff: float = getattr(model.p.enforcement.staff, name)
        self.staff = self.own_staff
        self.backlog = 0.0
        self.cases = 0
        self.budget = 0.0
        watched = [rail.ledger == (name == "chain_analyst") for rail in rails]
        self.effort = [1.0 / max(1, sum(watched)) if watches else 0.0 for watches in watched]
        self.evidence = [0.0] * len(rails)
        self.custody = [0] * len(rails)

    def examine(self, count: int) -> None:
        """Open a case for each report or lead, and put them on record."""
        self.cases += count
        self.model.now.cases += count

    def move_effort(self) -> None:
        """Move effort to the rails where it last found something (phase 13)."""
        enforcement = self.model.p.enforcement
        following = close_gap(enforcement.effort_follows, self.model.levers["adaptive"])
        step = 1.0 - decay(1, enforcement.effort_memory)
        watched = sum(1 for effort in self.effort if effort > 0.0)
        total = 0.0
        for evidence in self.evidence:
            total += evidence
        for r, effort in enumerate(self.effort):
            if effort <= 0.0:
                continue
            even = 1.0 / watched
            goal = (1.0 - following) * even + following * self.evidence[r] / total if total > 0.0 else even
            self.effort[r] += step * (goal - effort)


# --- chances ---


def agency_in_charge(model: "Model", r: int) -> Agency:
    """The agency that follows links on a rail."""
    return model.agency["chain_analyst" if model.p.rails[r].ledger else "fiu"]


def recall_on(model: "Model", r: int) -> float:
    """Chance that what is rightly linked is attributed."""
    enforcement = model.p.enforcement
    if model.p.rails[r].ledger:
        lever = model.levers["chain_analytics"]
        return close_gap(enforcement.vendor.recall, model.p.effects.chain_analytics * lever)
    return enforcement.records_recall


def wait_for_lead(model: "Model", gift: "Gift", v: float) -> float:
    """Weeks until a link turns up a lead; never, once the trail is forgotten."""
    trace = model.p.rails[gift.rail].traceability
    wait = -log(v) * trace.lag / log(2.0)
    return inf if trace.memory is not None and wait > trace.memory else wait


def wait_off_ledger(model: "Model", gift: "Gift") -> float:
    """Weeks until a gift comes to light in another way."""
    chance = model.p.enforcement.off_ledger
    if chance <= 0.0:
        return inf
    u = uniforms(model.p.seed, Stream.TRACE, gift.donor.identity, gift.attempt)[2]
    return -log(u) * WEEKS_A_YEAR / chance


# --- what is found ---


def schedule_lead(model: "Model", gift: "Gift", wait: float) -> None:
    """Put a gift at the head of the chain of the week in which its lead falls due."""
    if wait < model.weeks - gift.week:
        week = gift.due = gift.week + int(wait)
        model.due[week].append(gift)
        model.book[week].due = gift.row


def discover(model: "Model", gift: "Gift", how: Found) -> None:
    """A gift comes to be known."""
    gift.found = how
    gift.found_week = model.week
    model.found.append(gift)
    model.now.found = gift.row
    model.now.true_attributions += 1


def record_false_attributions(model: "Model", r: int, count: int) -> None:
    """False attributions: lawful balances are frozen."""
    model.now.false_attributions += count
    model.now.lawful_frozen += cents(count * freeze_probability(model, r) * model.p.enforcement.lawful_balance)


# --- phase 7 ---


def trace(model: "Model") -> None:
    """Phase 7: gifts leave traces; agencies follow reports and leads, as far as their staff goes."""
    model.found = []
    for gift in model.gifts_of_the_week():
        if gift.status != Status.BLOCKED:
            leave_traces(model, gift)
    follow_leads(model)
    follow_reports(model)
    misread_pools(model)


def leave_traces(model: "Model", gift: "Gift") -> None:
    """The link of a gift that an observer with full access could find, and the week of its lead."""
    p = model.p
    u, v, _, _ = uniforms(p.seed, Stream.TRACE, gift.donor.identity, gift.attempt)
    right = model.world.link[gift.rail] ** p.enforcement.hops
    if u < right:
        gift.linked = 1
    elif u >= 1.0 - p.rails[gift.rail].traceability.false_link * (1.0 - right):
        gift.linked = 2
    wait = wait_off_ledger(model, gift)
    if gift.linked:
        wait = min(wait, wait_for_lead(model, gift, v))
    schedule_lead(model, gift, wait)


def follow_leads(model: "Model") -> None:
    """The agency in charge examines a random share of the leads on each rail; most are lawful."""
    p, now = model.p, model.now
    chain = list(reversed(model.due[model.week]))  # the last to be put in is at the head
    shares = []
    for r, rail in enumerate(p.rails):
        due = sum(1 for gift in chain if gift.rail == r and gift.linked)
        usd = 0.0
        for intermediary in model.offering[r]:
            usd += intermediary.lawful_on(r)
        lawful = usd * p.enforcement.lookalike / p.enforcement.lawful_transfer
        agency = agency_in_charge(model, r)
        examined = p.enforcement.transfers_examined if rail.ledger else p.enforcement.records_examined
        share = share_followed(agency.staff * examined * agency.effort[r], due + lawful)
        agency.examine(floor((due + lawful) * share))
        rate = p.enforcement.vendor.false_positive if rail.ledger else p.enforcement.records_false_positive
        u = uniforms(p.seed, Stream.FALSE_LEADS, model.rail_keys[r], model.week)[0]
        record_false_attributions(model, r, poisson(u, lawful * share * rate))
        agency.evidence[r] *= decay(1, p.enforcement.effort_memory)
        now.followed_share[r] = share
        shares.append(share)
    for gift in chain:
        if not gift.found:
            follow_lead(model, gift, shares[gift.rail])


def follow_lead(model: "Model", gift: "Gift", share: float) -> None:
    """One lead that falls due."""
    off = wait_off_ledger(model, gift)
    if gift.week + int(min(off, 1e9)) <= model.week:
        discover(model, gift, Found.OFF_LEDGER)
        return
    u, v, _, _ = uniforms(model.p.seed, Stream.EVIDENCE, gift.donor.identity, gift.attempt)
    if gift.linked and u < share and v < recall_on(model, gift.rail):
        if gift.linked == 1:
            discover(model, gift, Found.BY_LINK)
            age = model.week - gift.week
            weight = decay(age, model.p.enforcement.effort_memory)
            agency_in_charge(model, gift.rail).evidence[gift.rail] += weight
            return
        record_false_attributions(model, gift.rail, 1)
    schedule_lead(model, gift, off)


def follow_reports(model: "Model") -> None:
    """The intelligence unit follows a random share of the week's reports; the rest ages unread."""
    p, now, unit = model.p, model.now, model.agency["fiu"]
    mean = 0.0
    for intermediary in model.intermediaries:
        mean += intermediary.strictness_now() * p.enforcement.report_rate * intermediary.lawful / 1e6
    now.false_reports = poisson(uniforms(p.seed, Stream.FALSE_REPORTS, 0, model.week)[0], mean)
    fresh = now.reports + now.false_reports
    share = share_followed(unit.staff * p.enforcement.reports_followed, fresh)
    for gift in model.gifts_of_the_week():
        if gift.status == Status.REPORTED and not gift.found:
            u = uniforms(p.seed, Stream.SCREEN, gift.donor.identity, gift.attempt)[2]
            if u < share:
                discover(model, gift, Found.BY_REPORT)
    now.followed = floor(fresh * share)
    unit.examine(now.followed)
    unit.backlog = (unit.backlog + fresh * (1.0 - share)) * decay(1, p.enforcement.report_life)
    now.backlog = unit.backlog


def misread_pools(model: "Model") -> None:
    """A processor's own transfer is read as the group's money."""
    p, week = model.p, model.week
    for intermediary in model.intermediaries:
        if not intermediary.open or intermediary.pool_jump <= 0.0:
            continue
        u = uniforms(p.seed, Stream.FALSE_FREEZE, intermediary.key, week)[0]
        if u < p.enforcement.vendor.misreads_pool:
            model.now.pool_claim += cents(intermediary.pool_jump)
            r = rail_of_pool(model, intermediary)
            if r is not None:
                record_false_attributions(model, r, 1)


def rail_of_pool(model: "Model", intermediary: "Intermediary") -> int | None:
    """The ledger rail on which a pooled wallet is read."""
    draws = []
    for r, rail in enumerate(model.p.rails):
        if rail.ledger and intermediary.offers[r]:
            key, slot = intermediary.key, model.rail_keys[r]
            draws.append((uniforms(model.p.seed, Stream.FALSE_FREEZE, key, model.week, slot)[1], r))
    return first_arrival(draws)


# --- phase 8 ---


def enforce(model: "Model") -> None:
    """Phase 8: freeze, arrest, seize, sanction, raid, strike."""
    p, now = model.p, model.now
    prosecutor = model.agency["prosecutor"]
    each_week = prosecutor.staff * p.enforcement.arrests
    prosecutor.budget = min(prosecutor.budget, 4.0 * prosecutor.staff * p.enforcement.arrests)
    prosecutor.budget += each_week
    for gift in reversed(model.found):
        stopped = stop_money(model, gift)
        caught = arrest(model, gift)
        gift.community.events[gift.chosen] += weight_in_news(model, gift, stopped, caught)
        gift.intermediary.exposure += 1.0
    for r in range(len(p.rails)):
        prosecutor.custody[r] += now.frozen[r]
        now.forfeited[r] = share_of(prosecutor.custody[r], 1.0 - decay(1, p.enforcement.forfeiture))
        prosecutor.custody[r] -= now.forfeited[r]
        now.custody[r] = prosecutor.custody[r]
    all_exposure = 0.0
    for intermediary in model.intermediaries:
        all_exposure += intermediary.exposure
    for intermediary in model.intermediaries:
        sanction(model, intermediary, all_exposure)
    model.field_cells.do("raid")
    for community in model.communities:
        strike(model, community)


def stop_money(model: "Model", gift: "Gift") -> int:
    """Cents stopped because a gift is known."""
    if gift.found == Found.BY_LINK and in_wallets(model, gift.rail):
        return freeze_reached(model, gift)
    before = model.treasury.funds[gift.rail]
    stopped = freeze(model, gift)
    keep_in_step(model, gift.rail, before)
    return stopped


def freeze(model: "Model", gift: "Gift") -> int:
    """Cents stopped where an attributed balance lies."""
    p, now, appeal, r = model.p, model.now, gift.appeal, gift.rail
    if gift.found == Found.BY_LINK:
        if appeal.looked_at[r] == model.week:
            return 0
        appeal.looked_at[r] = model.week
        u = uniforms(p.seed, Stream.FREEZE, appeal.key, model.week, model.rail_keys[r])[0]
        reach, limit = recall_on(model, r), WITHOUT_LIMIT
    else:
        u = uniforms(p.seed, Stream.EVIDENCE, gift.donor.identity, gift.attempt)[2]
        reach, limit = 1.0, gift.amount
    if u >= freeze_probability(model, r):
        return 0
    stopped = 0
    for d in range(MAX_DELAY):
        taken = min(limit - stopped, share_of(appeal.arriving[d][r], reach))
        appeal.arriving[d][r] -= taken
        stopped += taken
    taken = min(limit - stopped, share_of(model.treasury.funds[r], reach))
    model.treasury.funds[r] -= taken
    stopped += taken
    now.frozen[r] += stopped
    return stopped


def arrest(model: "Model", gift: "Gift") -> bool:
    """True if the donor is identified and arrested."""
    p, prosecutor, donor = model.p, model.agency["prosecutor"], gift.donor
    if prosecutor.budget < 1.0 or donor.arrested:
        return False
    u, v, _, _ = uniforms(p.seed, Stream.EVIDENCE, donor.identity, gift.attempt, 1)
    named = 1.0
    if gift.found == Found.BY_LINK:
        named = p.rails[gift.rail].traceability.identify * gift.intermediary.strictness_now()
    chance = close_gap(p.enforcement.arrest, p.effects.donor_prosecution * model.levers["donor_prosecution"])
    if u >= named or v >= chance:
        return False
    prosecutor.budget -= 1.0
    prosecutor.cases += 1
    donor.arrested = True
    model.now.arrests += 1
    return True


def sanction(model: "Model", intermediary: "Intermediary", all_exposure: float) -> None:
    """The regulator may sanction an intermediary in whose book traced gifts stand."""
    p, regulator = model.p, model.agency["regulator"]
    if intermediary.open and intermediary.exposure > 0.0:
        hazard = p.enforcement.sanctions * regulator.own_staff / WEEKS_A_YEAR
        hazard *= intermediary.exposure / (1.0 + all_exposure)
        if uniforms(p.seed, Stream.SANCTION, intermediary.key, model.week)[0] < 1.0 - exp(-hazard):
            intermediary.state = IntermediaryState.SANCTIONED
            regulator.cases += 1
    intermediary.exposure *= decay(1, p.enforcement.exposure_memory)


def strike(model: "Model", community: "Community") -> None:
    """Strikes on oil, which is repaired, and on leaders, whose loss is made good."""
    effects, levers = model.p.effects, model.levers
    community.oil_damage *= 1.0 - effects.strike_repair
    hit = effects.revenue_strikes * levers["revenue_strikes"] * community.military
    community.oil_damage = close_gap(community.oil_damage, hit)
    community.leaders_lost *= decay(1, effects.leader_recovery)
    hazard = effects.decapitation * levers["decapitation"] * community.military / WEEKS_A_YEAR
    if uniforms(model.p.seed, Stream.LEADER, community.key, model.week)[0] < 1.0 - exp(-hazard):
        community.leaders_lost = close_gap(community.leaders_lost, effects.leader_know_how)
        model.agency["military"].cases += 1
