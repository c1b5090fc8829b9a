"""Enforcement agencies: what they come to see (trace), and what they do about it (act)."""

import math
from typing import Any, ClassVar

from sim.appeals import Appeal
from sim.arithmetic import halved
from sim.cells import Cell, pressure_on
from sim.compiling import rule
from sim.conditions import Conditions
from sim.constants import MAX_DELAY, MAX_RAILS, NOBODY, WEEKS_A_YEAR, AgencyKind, Found, IntermediaryState, Status
from sim.donors import Donor
from sim.draws import Decision, poisson, uniform, uniforms
from sim.intermediaries import Intermediary, freezing, strictness_of
from sim.ledger import Gift
from sim.money import cents, part
from sim.outcomes import Week
from sim.policies import Levers, closing
from sim.records import F8, I1, I8, AgentRecord, CentsByRail, FloatsByRail, Records
from sim.scenario import Scenario
from sim.theatres import Community

# --- the record ------------------------------------------------------------------------------------------------------


class Agency(AgentRecord):
    """An enforcement agency; its row is its kind. Reads enforcement.*."""

    kind: I1  # AgencyKind
    staff: F8  # staff-weeks a week, with what policies add
    own_staff: F8  # without
    backlog: F8  # reports that wait
    cases: I8  # cases it opened so far: reports, leads, arrests, sanctions, strikes on leaders, takedowns
    budget: F8  # arrests that the prosecutor can still make
    effort: FloatsByRail  # share of its work by rail
    evidence: FloatsByRail  # what it found by rail, fading
    custody: CentsByRail  # frozen money that is not yet finally seized

    _shown = ("staff", "backlog", "cases")
    _more = "there are six, one of each kind; own_staff or staff_weeks of a policy makes one larger"
    _fewer = "there are six, one of each kind; enforcement.staff.NAME=0 or own_staff = 0 leaves it without staff"
    _fixed: ClassVar[dict[str, str]] = {
        "kind": "the row of an agency is its kind",
        "staff": "set own_staff; staff_weeks of a policy adds to it",
        "cases": "it counts cases",
        "custody": "frozen money waits there to be seized: enforcement.forfeiture",
    }
    _by_rail = ("effort", "evidence")

    @property
    def name(self) -> str:
        """Its kind, such as chain_analyst."""
        return AgencyKind(self._row).name.lower()

    def not_by_hand(self, name: str) -> str:
        """Why a field is not set by hand: each agency uses some of them."""
        users = _USERS.get(name)
        if users and self._row not in users:
            return f"it changes nothing here; of use to {', '.join(one.name.lower() for one in users)}"
        return super().not_by_hand(name)

    def __setattr__(self, name: str, value: Any) -> None:
        before = self._rows["own_staff"][self._row] if name == "own_staff" else 0.0
        super().__setattr__(name, value)
        if name == "own_staff":
            self._rows["staff"][self._row] += value - before


_USERS = {
    "own_staff": (AgencyKind.FIU, AgencyKind.CHAIN_ANALYST, AgencyKind.REGULATOR, AgencyKind.PROSECUTOR),
    "backlog": (AgencyKind.FIU,),
    "budget": (AgencyKind.PROSECUTOR,),
    "effort": (AgencyKind.FIU, AgencyKind.CHAIN_ANALYST),
    "evidence": (AgencyKind.FIU, AgencyKind.CHAIN_ANALYST),
}
"""Fields that not every agency uses, and those that do."""


# --- the rules: a lead ------------------------------------------------------------------------------------------------


@rule
def chance_of_link(link: float, hops: int) -> float:
    """Chance that every one of so many transfers is rightly linked: link ** hops."""
    return float(float(link) ** float(hops))


@rule
def wait_for_lead(gift: Gift, u: float, p: Scenario) -> float:
    """Weeks until a lead on the ledger turns up: exponential with half-life lag; never, once the trail is forgotten.

    Reads rails.*.traceability.lag, rails.*.traceability.memory.
    """
    trace = p.rails[gift.rail].traceability
    wait = -math.log(u) * trace.lag / math.log(2.0)
    return wait if trace.memory is None or wait <= trace.memory else math.inf


@rule
def wait_off_ledger(gift: Gift, seed: int, p: Scenario) -> float:
    """Weeks until a gift comes to light in a device, by an informant or a record. Reads enforcement.off_ledger."""
    if p.enforcement.off_ledger <= 0.0:
        return math.inf
    u = uniforms(seed, Decision.TRACE, gift.donor, gift.attempt, 0)[2]
    return -math.log(u) * WEEKS_A_YEAR / p.enforcement.off_ledger


@rule
def schedule(ledger: Records[Gift], g: int, weeks: float, book: Records[Week]) -> None:
    """Put a gift into the chain of the week in which its lead falls due, if that is within the run."""
    gift = ledger[g]
    if weeks < float(len(book)) - gift.week:
        gift.due = gift.week + int(weeks)
        gift.next = book[gift.due].due
        book[gift.due].due = g


@rule
def leave_traces(ledger: Records[Gift], g: int, link: float, book: Records[Week], seed: int, p: Scenario) -> None:
    """What an observer with full access could make of a gift, and when.

    Right link with chance link ** hops, confident wrong link with chance false_link, else nothing but what lies off
    the ledger. Reads enforcement.hops, rails.*.traceability.false_link.
    """
    gift = ledger[g]
    u, v, _, _ = uniforms(seed, Decision.TRACE, gift.donor, gift.attempt, 0)
    right = chance_of_link(link, p.enforcement.hops)
    gift.linked = 0
    if u < right:
        gift.linked = 1
    elif u >= 1.0 - p.rails[gift.rail].traceability.false_link:
        gift.linked = 2
    wait = wait_for_lead(gift, v, p) if gift.linked else math.inf
    schedule(ledger, g, min(wait, wait_off_ledger(gift, seed, p)), book)


# --- the rules: a case ------------------------------------------------------------------------------------------------


@rule
def share_followed(capacity: float, leads: float) -> float:
    """Share of leads that can be followed with the staff there is; which ones is chance."""
    return 1.0 if leads <= capacity else capacity / leads


@rule
def in_charge(agencies: Records[Agency], r: int, p: Scenario) -> Agency:
    """Who follows links on a rail: the chain analyst on public ledgers, the intelligence unit in records elsewhere.

    Reads rails.*.ledger.
    """
    return agencies[AgencyKind.CHAIN_ANALYST.value] if p.rails[r].ledger else agencies[AgencyKind.FIU.value]


@rule
def recall_on(r: int, levers: Levers, p: Scenario) -> float:
    """Chance that what is rightly linked is attributed: the vendor's on public ledgers, that of records elsewhere.

    Reads rails.*.ledger, enforcement.vendor.recall, enforcement.records_recall, effects.chain_analytics.
    """
    if not p.rails[r].ledger:
        return p.enforcement.records_recall
    return closing(p.enforcement.vendor.recall, p.effects.chain_analytics * levers.chain_analytics)


@rule
def capacity_on(r: int, agency: Agency, p: Scenario) -> float:
    """Transfers a week on a rail that the agency in charge can examine.

    Reads rails.*.ledger, enforcement.transfers_examined, enforcement.records_examined.
    """
    each = p.enforcement.transfers_examined if p.rails[r].ledger else p.enforcement.records_examined
    return agency.staff * each * agency.effort[r]


@rule
def mistakes_on(r: int, examined: float, p: Scenario) -> float:
    """Mean false attributions among so many lawful transfers examined on a rail.

    Reads rails.*.ledger, enforcement.vendor.false_positive, enforcement.records_false_positive.
    """
    rate = p.enforcement.vendor.false_positive if p.rails[r].ledger else p.enforcement.records_false_positive
    return examined * rate


@rule
def lookalikes(r: int, intermediaries: Records[Intermediary], p: Scenario) -> float:
    """Lawful transfers a week on a rail that look alike and have to be examined.

    Reads intermediaries.*.lawful, enforcement.lookalike, enforcement.lawful_transfer.
    """
    usd = 0.0
    for i in range(len(intermediaries)):
        offered = 0
        for s in range(p.n_rails):
            offered += intermediaries[i].offers[s]
        if intermediaries[i].offers[r]:
            usd += intermediaries[i].lawful / offered
    return usd * p.enforcement.lookalike / p.enforcement.lawful_transfer


@rule
def lawful_reports(intermediaries: Records[Intermediary], levers: Levers, p: Scenario) -> float:
    """Mean reports a week on lawful money: strictness x report rate x lawful flow.

    Lawful customers of a closed intermediary are reported elsewhere. Reads enforcement.report_rate.
    """
    mean = 0.0
    for i in range(len(intermediaries)):
        strict = strictness_of(intermediaries[i], levers, p)
        mean += strict * p.enforcement.report_rate * intermediaries[i].lawful / 1e6
    return mean


@rule
def find(ledger: Records[Gift], g: int, how: int, now: Week, week: int) -> None:
    """A gift comes to be known: into the chain of what was found this week."""
    gift = ledger[g]
    gift.found = how
    gift.found_week = week
    gift.next_found = now.found
    now.found = g
    now.true_attributions += 1


@rule
def accuse_lawful(count: int, r: int, levers: Levers, now: Week, p: Scenario) -> None:
    """False attributions: lawful balances frozen at the chance of freezing. Reads enforcement.lawful_balance."""
    now.false_attributions += count
    now.lawful_frozen += cents(count * freezing(r, levers, p) * p.enforcement.lawful_balance)


@rule
def read_reports(
    ledger: Records[Gift], intermediaries: Records[Intermediary], fiu: Agency, now: Week, levers: Levers, week: int,
    seed: int, p: Scenario,
) -> None:  # fmt: skip
    """The intelligence unit follows a random share of the week's reports, true and false; the rest ages unread.

    Reads enforcement.reports_followed, enforcement.report_life (facts:str-followed-up).
    """
    mean = lawful_reports(intermediaries, levers, p)
    now.false_reports = poisson(uniform(seed, Decision.FALSE_REPORTS, 0, week), mean)
    fresh = float(now.reports + now.false_reports)
    capacity = fiu.staff * p.enforcement.reports_followed
    share = share_followed(capacity, fresh)
    for g in range(now.first_gift, now.last_gift):
        gift = ledger[g]
        if gift.status == Status.REPORTED and gift.found == Found.HIDDEN:
            u = uniforms(seed, Decision.SCREEN, gift.donor, gift.attempt, 0)[2]
            if u < share:
                find(ledger, g, Found.BY_REPORT.value, now, week)
    now.followed = int(math.floor(fresh * share))
    now.cases += now.followed
    fiu.cases += now.followed
    fiu.backlog = (fiu.backlog + fresh * (1.0 - share)) * halved(1.0, p.enforcement.report_life)
    now.backlog = fiu.backlog


@rule
def follow_leads(
    ledger: Records[Gift], intermediaries: Records[Intermediary], agencies: Records[Agency], book: Records[Week],
    levers: Levers, week: int, seed: int, p: Scenario,
) -> None:  # fmt: skip
    """The agency in charge examines a random share of the leads on each rail; most are lawful.

    Right links are attributed with its recall, wrong links and lawful transfers by mistake: precision is
    b recall / (b recall + (1 - b) false_positive) at base rate b. Reads enforcement.effort_memory.
    """
    now = book[week]
    for r in range(p.n_rails):
        due = 0
        g = now.due
        while g != NOBODY:
            if ledger[g].rail == r and ledger[g].linked:
                due += 1
            g = ledger[g].next
        lawful = lookalikes(r, intermediaries, p)
        agency = in_charge(agencies, r, p)
        share = share_followed(capacity_on(r, agency, p), due + lawful)
        opened = int(math.floor((due + lawful) * share))
        now.cases += opened
        agency.cases += opened
        mistaken = mistakes_on(r, lawful * share, p)
        accuse_lawful(poisson(uniform(seed, Decision.FALSE_LEADS, p.rails[r].slot, week), mistaken), r, levers, now, p)
        agency.evidence[r] *= halved(1.0, p.enforcement.effort_memory)
        now.followed_share[r] = share
    g = now.due
    while g != NOBODY:
        gift = ledger[g]
        after = gift.next
        share = now.followed_share[gift.rail]
        follow(ledger, g, share, in_charge(agencies, gift.rail, p), book, levers, week, seed, p)
        g = after


@rule
def follow(
    ledger: Records[Gift], g: int, share: float, agency: Agency, book: Records[Week], levers: Levers, week: int,
    seed: int, p: Scenario,
) -> None:  # fmt: skip
    """One lead that falls due: evidence off the ledger is found; a link may be followed and attributed."""
    gift = ledger[g]
    now = book[week]
    if gift.found != Found.HIDDEN:
        return
    off = wait_off_ledger(gift, seed, p)
    if gift.week + int(min(off, 1e9)) <= week:
        find(ledger, g, Found.OFF_LEDGER.value, now, week)
        return
    u, v, _, _ = uniforms(seed, Decision.EVIDENCE, gift.donor, gift.attempt, 0)
    if gift.linked and u < share and v < recall_on(gift.rail, levers, p):
        if gift.linked == 1:
            find(ledger, g, Found.BY_LINK.value, now, week)
            agency.evidence[gift.rail] += 1.0
            return
        accuse_lawful(1, gift.rail, levers, now, p)
    schedule(ledger, g, off, book)


@rule
def rail_of_pool(intermediary: Intermediary, week: int, seed: int, p: Scenario) -> int:
    """The ledger rail on which a pooled wallet is read, or NOBODY: by chance, one draw for each it offers.

    Reads rails.*.ledger.
    """
    least = 1.0
    chosen = NOBODY
    for r in range(p.n_rails):
        if intermediary.offers[r] and p.rails[r].ledger:
            u = uniforms(seed, Decision.FALSE_FREEZE, intermediary.key, week, p.rails[r].slot)[1]
            if u < least:
                least = u
                chosen = r
    return chosen


@rule
def misread_pools(
    intermediaries: Records[Intermediary], now: Week, levers: Levers, week: int, seed: int, p: Scenario
) -> None:
    """A processor's own transfer is read as the group's money: a claim of millions, and lawful money frozen.

    Reads enforcement.vendor.misreads_pool (facts:claim-sri-lanka).
    """
    for i in range(len(intermediaries)):
        one = intermediaries[i]
        if one.pool_jump > 0.0 and one.state == IntermediaryState.OPEN:
            u = uniforms(seed, Decision.FALSE_FREEZE, one.key, week, 0)[0]
            if u < p.enforcement.vendor.misreads_pool:
                now.pool_claim += cents(one.pool_jump)
                r = rail_of_pool(one, week, seed, p)
                if r != NOBODY:
                    accuse_lawful(1, r, levers, now, p)


# --- the rules: action ------------------------------------------------------------------------------------------------


@rule
def freeze(
    gift: Gift, appeal: Appeal, cells: Records[Cell], levers: Levers, now: Week, week: int, seed: int, p: Scenario
) -> int:
    """Cents stopped where an attributed balance lies, with the rail's chance of freezing.

    A link leads to the wallet: recall x what is on the way and in the treasury on that rail; of several links to one
    wallet in a week the first decides. A report or a find off the ledger leads to the gift alone, as far as it is
    still there.
    """
    r = gift.rail
    wallet = gift.found == Found.BY_LINK
    if wallet and appeal.looked_at[r] == week:
        return 0
    u = uniforms(seed, Decision.EVIDENCE, gift.donor, gift.attempt, 0)[2]
    if wallet:
        u = uniforms(seed, Decision.FREEZE, appeal.key, week, p.rails[r].slot)[0]
        appeal.looked_at[r] = week
    if u >= freezing(r, levers, p):
        return 0
    treasury = cells[0]
    reach = recall_on(r, levers, p) if wallet else 1.0
    limit = cents(1e12) if wallet else int(gift.amount)
    stopped = 0
    for d in range(MAX_DELAY):
        taken = min(limit - stopped, part(int(appeal.arriving[d * MAX_RAILS + r]), reach))
        appeal.arriving[d * MAX_RAILS + r] -= taken
        stopped += taken
    taken = min(limit - stopped, part(int(treasury.funds[r]), reach))
    treasury.funds[r] -= taken
    stopped += taken
    now.frozen[r] += stopped
    return stopped


@rule
def arrest(
    gift: Gift, donors: Records[Donor], intermediary: Intermediary, prosecutor: Agency, levers: Levers, now: Week,
    seed: int, p: Scenario,
) -> bool:  # fmt: skip
    """Whether the donor is identified at the intermediary's end and arrested, while the prosecutor's staff lasts.

    Chance identify x strictness x arrest; policy closes a share of the gap to certain arrest.
    Reads rails.*.traceability.identify, enforcement.arrest, effects.donor_prosecution.
    """
    if prosecutor.budget < 1.0 or donors[gift.donor].arrested:
        return False
    u, v, _, _ = uniforms(seed, Decision.EVIDENCE, gift.donor, gift.attempt, 1)
    named = 1.0
    if gift.found == Found.BY_LINK:
        named = p.rails[gift.rail].traceability.identify * strictness_of(intermediary, levers, p)
    if u >= named or v >= closing(p.enforcement.arrest, p.effects.donor_prosecution * levers.donor_prosecution):
        return False
    prosecutor.budget -= 1.0
    prosecutor.cases += 1
    donors[gift.donor].arrested = 1
    now.arrests += 1
    return True


@rule
def sanction(
    intermediary: Intermediary, all_exposure: float, regulator: Agency, week: int, seed: int, p: Scenario
) -> None:
    """The regulator may sanction an intermediary in whose book traced gifts stand.

    Hazard a year: sanctions x own staff x exposure / (1 + exposure of all), so that staff limits how many fall; the
    staff of a policy works on that policy.
    Reads enforcement.sanctions, enforcement.exposure_memory.
    """
    if intermediary.state == IntermediaryState.OPEN and intermediary.exposure > 0.0:
        hazard = p.enforcement.sanctions * regulator.own_staff / WEEKS_A_YEAR
        hazard *= intermediary.exposure / (1.0 + all_exposure)
        if uniform(seed, Decision.SANCTION, intermediary.key, week) < 1.0 - math.exp(-hazard):
            intermediary.state = IntermediaryState.SANCTIONED.value
            intermediary.closed_week = week
            regulator.cases += 1
    intermediary.exposure *= halved(1.0, p.enforcement.exposure_memory)


@rule
def raid(cell: Cell, cash: int, pressure: float, now: Week, p: Scenario) -> None:
    """Cash is lost with fighters: the share of them that pressure takes, times enforcement.raids."""
    taken = part(int(cell.funds[cash]), min(1.0, pressure * p.enforcement.raids))
    cell.funds[cash] -= taken
    now.raided[cash] += taken


@rule
def strike(
    community: Community, slot: int, reach: float, military: Agency, levers: Levers, week: int, seed: int, p: Scenario
) -> None:
    """Strikes on oil, which is repaired; and on leaders, whose loss is made good; as far as they reach this theatre.

    damage <- damage (1 - repair); damage <- damage + (1 - damage) hit. Reads effects.revenue_strikes,
    effects.strike_repair, effects.decapitation, effects.leader_know_how, effects.leader_recovery.
    """
    community.oil_damage *= 1.0 - p.effects.strike_repair
    community.oil_damage = closing(community.oil_damage, p.effects.revenue_strikes * levers.revenue_strikes * reach)
    community.leaders_lost *= halved(1.0, p.effects.leader_recovery)
    hazard = p.effects.decapitation * levers.decapitation * reach / WEEKS_A_YEAR
    if uniform(seed, Decision.LEADER, slot, week) < 1.0 - math.exp(-hazard):
        community.leaders_lost = closing(community.leaders_lost, p.effects.leader_know_how)
        military.cases += 1


# --- the phases ------------------------------------------------------------------------------------------------------


@rule
def trace(
    ledger: Records[Gift], intermediaries: Records[Intermediary], agencies: Records[Agency], book: Records[Week],
    conditions: Records[Conditions], levers: Records[Levers], week: int, seed: int, parameters: Records[Scenario],
) -> None:  # fmt: skip
    """Gifts leave traces; agencies follow reports and leads, true and false, as far as their staff goes."""
    p = parameters[0]
    now = book[week]
    for g in range(now.first_gift, now.last_gift):
        if ledger[g].status != Status.BLOCKED:
            leave_traces(ledger, g, conditions[week].link[ledger[g].rail], book, seed, p)
    follow_leads(ledger, intermediaries, agencies, book, levers[0], week, seed, p)
    read_reports(ledger, intermediaries, agencies[AgencyKind.FIU.value], now, levers[0], week, seed, p)
    misread_pools(intermediaries, now, levers[0], week, seed, p)


@rule
def act(
    ledger: Records[Gift], donors: Records[Donor], appeals: Records[Appeal], intermediaries: Records[Intermediary],
    cells: Records[Cell], communities: Records[Community], agencies: Records[Agency], cash: int, book: Records[Week],
    conditions: Records[Conditions], levers: Records[Levers], week: int, seed: int, parameters: Records[Scenario],
) -> None:  # fmt: skip
    """Freeze, arrest, seize, sanction, raid, strike.

    Reads enforcement.arrests, enforcement.forfeiture, theatres.*.military, campaigns.reopen.
    """
    p = parameters[0]
    now = book[week]
    prosecutor = agencies[AgencyKind.PROSECUTOR.value]
    prosecutor.budget = min(prosecutor.budget, 4.0 * prosecutor.staff * p.enforcement.arrests)
    prosecutor.budget += prosecutor.staff * p.enforcement.arrests
    g = now.found
    while g != NOBODY:
        gift = ledger[g]
        known = freeze(gift, appeals[gift.appeal], cells, levers[0], now, week, seed, p) > 0
        at = intermediaries[gift.intermediary]
        if arrest(gift, donors, at, prosecutor, levers[0], now, seed, p) or known:
            communities[gift.community].events[gift.chosen] += 1.0
        at.exposure += 1.0
        g = gift.next_found
    shrinking = 1.0 - halved(1.0, p.enforcement.forfeiture)
    for r in range(p.n_rails):
        prosecutor.custody[r] += now.frozen[r]
        final = part(int(prosecutor.custody[r]), shrinking)
        prosecutor.custody[r] -= final
        now.forfeited[r] += final
        now.custody[r] = prosecutor.custody[r]
    exposure = 0.0
    for i in range(len(intermediaries)):
        exposure += intermediaries[i].exposure
    for i in range(len(intermediaries)):
        sanction(intermediaries[i], exposure, agencies[AgencyKind.REGULATOR.value], week, seed, p)
    for c in range(1, len(cells)):
        raid(cells[c], cash, pressure_on(cells[c], conditions[week], levers[0], p), now, p)
    for a in range(len(appeals)):
        if appeals[a].back == week + 1 + p.campaigns.reopen:
            agencies[AgencyKind.COMMUNICATORS.value].cases += 1
    for k in range(len(communities)):
        military = agencies[AgencyKind.MILITARY.value]
        strike(communities[k], p.theatres[k].slot, p.theatres[k].military, military, levers[0], week, seed, p)
