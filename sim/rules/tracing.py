"""Tracing: how gifts are discovered by report, by link or off the ledger, and false attributions."""

import math

from sim.engine.arithmetic import cents, close_gap, decay
from sim.engine.constants import NOBODY, WEEKS_A_YEAR, AgencyKind, Found, IntermediaryState, Status
from sim.engine.jit import rule
from sim.engine.records import Records
from sim.engine.rng import Stream, poisson, uniform, uniforms
from sim.rules.intermediaries import freeze_probability, lawful_on, strictness_of
from sim.rules.world import Agency, Gift, Intermediary, Levers, Week, World
from sim.scenario import Scenario

# --- the rules: a lead ------------------------------------------------------------------------------------------------


@rule
def wait_for_lead(gift: Gift, u: float, p: Scenario) -> float:
    """Weeks until a lead on the ledger appears: exponential with half-life lag; infinite beyond the rail's memory.

    Reads rails.*.traceability.lag, rails.*.traceability.memory.
    """
    trace = p.rails[gift.rail].traceability
    wait = -math.log(u) * trace.lag / math.log(2.0)
    return wait if trace.memory is None or wait <= trace.memory else math.inf


@rule
def wait_off_ledger(u: float, p: Scenario) -> float:
    """Weeks until a device, an informant or a record reveals a gift. Reads enforcement.off_ledger."""
    if p.enforcement.off_ledger <= 0.0:
        return math.inf
    return -math.log(u) * WEEKS_A_YEAR / p.enforcement.off_ledger


@rule
def schedule_lead(ledger: Records[Gift], g: int, weeks: float, book: Records[Week]) -> None:
    """Add a gift to the chain of the week in which its lead falls due, if that week is within the run."""
    gift = ledger[g]
    if weeks < float(len(book)) - gift.week:
        gift.due = gift.week + int(weeks)
        gift.next = book[gift.due].due
        book[gift.due].due = g


@rule
def leave_traces(ledger: Records[Gift], g: int, right: float, book: Records[Week], p: Scenario) -> None:
    """Link of a gift that an observer with full access could find, and the week in which its lead falls due.

    A correct link has probability ``right``; where there is none, a confident wrong link has probability false_link.
    Without a link, only evidence off the ledger remains. Reads rails.*.traceability.false_link.
    """
    gift = ledger[g]
    u, v, w, _ = uniforms(p.seed, Stream.TRACE, gift.donor, gift.attempt, 0)
    gift.linked = 0
    if u < right:
        gift.linked = 1
    elif u >= 1.0 - p.rails[gift.rail].traceability.false_link * (1.0 - right):
        gift.linked = 2
    wait = wait_for_lead(gift, v, p) if gift.linked else math.inf
    schedule_lead(ledger, g, min(wait, wait_off_ledger(w, p)), book)


# --- the rules: a case ------------------------------------------------------------------------------------------------


@rule
def share_followed(capacity: float, leads: float) -> float:
    """Share of leads that the staff can follow; the leads followed are a random sample."""
    return 1.0 if leads <= capacity else capacity / leads


@rule
def agency_in_charge(agencies: Records[Agency], r: int, p: Scenario) -> Agency:
    """Agency that follows links on a rail: the chain analyst on public ledgers, else the intelligence unit in records.

    Reads rails.*.ledger.
    """
    return agencies[AgencyKind.CHAIN_ANALYST.value] if p.rails[r].ledger else agencies[AgencyKind.FIU.value]


@rule
def recall_on(r: int, levers: Levers, p: Scenario) -> float:
    """Probability that a correct link is attributed: the vendor's recall on public ledgers, else that of records.

    Reads rails.*.ledger, enforcement.vendor.recall, enforcement.records_recall, effects.chain_analytics.
    """
    if not p.rails[r].ledger:
        return p.enforcement.records_recall
    return close_gap(p.enforcement.vendor.recall, p.effects.chain_analytics * levers.chain_analytics)


@rule
def capacity_on(r: int, agency: Agency, p: Scenario) -> float:
    """Transfers on a rail that the agency in charge can examine in a week.

    Reads rails.*.ledger, enforcement.transfers_examined, enforcement.records_examined.
    """
    each = p.enforcement.transfers_examined if p.rails[r].ledger else p.enforcement.records_examined
    return agency.staff * each * agency.effort[r]


@rule
def false_positives_on(r: int, examined: float, p: Scenario) -> float:
    """Mean number of false attributions among the lawful transfers examined on a rail.

    Reads rails.*.ledger, enforcement.vendor.false_positive, enforcement.records_false_positive.
    """
    rate = p.enforcement.vendor.false_positive if p.rails[r].ledger else p.enforcement.records_false_positive
    return examined * rate


@rule
def lookalikes(r: int, intermediaries: Records[Intermediary], p: Scenario) -> float:
    """Lawful transfers a week on a rail that resemble the group's and must be examined.

    Reads enforcement.lookalike, enforcement.lawful_transfer.
    """
    usd = 0.0
    for i in range(len(intermediaries)):
        usd += lawful_on(intermediaries[i], r, p)
    return usd * p.enforcement.lookalike / p.enforcement.lawful_transfer


@rule
def lawful_reports(intermediaries: Records[Intermediary], levers: Levers, p: Scenario) -> float:
    """Mean number of reports a week on lawful money: strictness x report rate x lawful flow.

    Closed intermediaries count too, because their lawful customers are reported elsewhere.
    Reads enforcement.report_rate.
    """
    mean = 0.0
    for i in range(len(intermediaries)):
        strict = strictness_of(intermediaries[i], levers, p)
        mean += strict * p.enforcement.report_rate * intermediaries[i].lawful / 1e6
    return mean


@rule
def discover(ledger: Records[Gift], g: int, how: int, now: Week, week: int) -> None:
    """A gift is discovered and joins the chain of the gifts found this week."""
    gift = ledger[g]
    gift.found = how
    gift.found_week = week
    gift.next_found = now.found
    now.found = g
    now.true_attributions += 1


@rule
def record_false_attributions(count: int, r: int, levers: Levers, now: Week, p: Scenario) -> None:
    """False attributions freeze lawful balances with the freeze probability. Reads enforcement.lawful_balance."""
    now.false_attributions += count
    now.lawful_frozen += cents(count * freeze_probability(r, levers, p) * p.enforcement.lawful_balance)


@rule
def follow_reports(ledger: Records[Gift], lawful: float, fiu: Agency, now: Week, week: int, p: Scenario) -> None:
    """The intelligence unit follows a random share of the week's reports, true and false; the rest remains unread.

    The number of false reports has the mean ``lawful``.
    Reads enforcement.reports_followed, enforcement.report_life (facts:str-followed-up).
    """
    now.false_reports = poisson(uniform(p.seed, Stream.FALSE_REPORTS, 0, week), lawful)
    fresh = float(now.reports + now.false_reports)
    capacity = fiu.staff * p.enforcement.reports_followed
    share = share_followed(capacity, fresh)
    for g in range(now.first_gift, now.last_gift):
        gift = ledger[g]
        if gift.status == Status.REPORTED and gift.found == Found.HIDDEN:
            u = uniforms(p.seed, Stream.SCREEN, gift.donor, gift.attempt, 0)[2]
            if u < share:
                discover(ledger, g, Found.BY_REPORT.value, now, week)
    now.followed = int(math.floor(fresh * share))
    now.cases += now.followed
    fiu.cases += now.followed
    fiu.backlog = (fiu.backlog + fresh * (1.0 - share)) * decay(1.0, p.enforcement.report_life)
    now.backlog = fiu.backlog


@rule
def count_leads(ledger: Records[Gift], now: Week) -> None:
    """Count this week's links by rail, correct and wrong, in the field that later holds the share followed."""
    g = now.due
    while g != NOBODY:
        if ledger[g].linked:
            now.followed_share[ledger[g].rail] += 1.0
        g = ledger[g].next


@rule
def follow_leads(
    ledger: Records[Gift], intermediaries: Records[Intermediary], agencies: Records[Agency], book: Records[Week],
    levers: Levers, week: int, p: Scenario,
) -> None:  # fmt: skip
    """The agency in charge examines a random share of the leads on each rail; most are lawful.

    Correct links are attributed with its recall; wrong links and lawful transfers are false attributions. Precision is
    b recall / (b recall + (1 - b) false_positive) at base rate b. Evidence of past weeks decays with half-life
    enforcement.effort_memory.
    """
    now = book[week]
    count_leads(ledger, now)
    fade = decay(1.0, p.enforcement.effort_memory)
    for r in range(p.n_rails):
        lawful = lookalikes(r, intermediaries, p)
        leads = now.followed_share[r] + lawful
        agency = agency_in_charge(agencies, r, p)
        share = share_followed(capacity_on(r, agency, p), leads)
        opened = int(math.floor(leads * share))
        now.cases += opened
        agency.cases += opened
        u = uniform(p.seed, Stream.FALSE_LEADS, p.rails[r].slot, week)
        record_false_attributions(poisson(u, false_positives_on(r, lawful * share, p)), r, levers, now, p)
        agency.evidence[r] *= fade
        now.followed_share[r] = share
    g = now.due
    while g != NOBODY:
        after = ledger[g].next
        follow_lead(ledger, g, agencies, book, levers, week, p)
        g = after


@rule
def follow_lead(
    ledger: Records[Gift], g: int, agencies: Records[Agency], book: Records[Week], levers: Levers, week: int,
    p: Scenario,
) -> None:  # fmt: skip
    """One lead that falls due: evidence off the ledger is discovered; a link may be followed and attributed.

    A gift of age t found by a link is evidence 2 ** (-t / effort_memory): of where money goes, not of where it went.
    Reads enforcement.effort_memory.
    """
    gift = ledger[g]
    now = book[week]
    if gift.found != Found.HIDDEN:
        return
    off = wait_off_ledger(uniforms(p.seed, Stream.TRACE, gift.donor, gift.attempt, 0)[2], p)
    if gift.week + int(min(off, 1e9)) <= week:
        discover(ledger, g, Found.OFF_LEDGER.value, now, week)
        return
    u, v, _, _ = uniforms(p.seed, Stream.EVIDENCE, gift.donor, gift.attempt, 0)
    if gift.linked and u < now.followed_share[gift.rail] and v < recall_on(gift.rail, levers, p):
        if gift.linked == 1:
            discover(ledger, g, Found.BY_LINK.value, now, week)
            agency = agency_in_charge(agencies, gift.rail, p)
            agency.evidence[gift.rail] += decay(float(week - gift.week), p.enforcement.effort_memory)
            return
        record_false_attributions(1, gift.rail, levers, now, p)
    schedule_lead(ledger, g, off, book)


@rule
def rail_of_pool(intermediary: Intermediary, week: int, p: Scenario) -> int:
    """Ledger rail of a pooled wallet, or NOBODY: drawn at random, with one draw for each rail on offer.

    Reads rails.*.ledger.
    """
    least = 1.0
    chosen = NOBODY
    for r in range(p.n_rails):
        if intermediary.offers[r] and p.rails[r].ledger:
            u = uniforms(p.seed, Stream.FALSE_FREEZE, intermediary.key, week, p.rails[r].slot)[1]
            if u < least:
                least = u
                chosen = r
    return chosen


@rule
def misread_pools(intermediaries: Records[Intermediary], now: Week, levers: Levers, week: int, p: Scenario) -> None:
    """A processor's own transfer is misread as the group's money: a claim of millions, and lawful money frozen.

    Reads enforcement.vendor.misreads_pool (facts:claim-sri-lanka).
    """
    for i in range(len(intermediaries)):
        one = intermediaries[i]
        if one.pool_jump > 0.0 and one.state == IntermediaryState.OPEN:
            u = uniforms(p.seed, Stream.FALSE_FREEZE, one.key, week, 0)[0]
            if u < p.enforcement.vendor.misreads_pool:
                now.pool_claim += cents(one.pool_jump)
                r = rail_of_pool(one, week, p)
                if r != NOBODY:
                    record_false_attributions(1, r, levers, now, p)


# --- the phase -------------------------------------------------------------------------------------------------------


@rule
def trace(world: World) -> None:
    """Gifts leave traces; agencies follow reports and leads, true and false, within the limits of their staff."""
    p = world.parameters[0]
    week = world.week
    levers = world.levers[week]
    now = world.book[week]
    for a in range(len(world.agencies)):
        world.agencies[a].staff = world.agencies[a].own_staff + levers.staff[a]
    for g in range(now.first_gift, now.last_gift):
        if world.ledger[g].status != Status.BLOCKED:
            leave_traces(world.ledger, g, world.conditions[week].chain[world.ledger[g].rail], world.book, p)
    follow_leads(world.ledger, world.intermediaries, world.agencies, world.book, levers, week, p)
    lawful = lawful_reports(world.intermediaries, levers, p)
    follow_reports(world.ledger, lawful, world.agencies[AgencyKind.FIU.value], now, week, p)
    misread_pools(world.intermediaries, now, levers, week, p)
