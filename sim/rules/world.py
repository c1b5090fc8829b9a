"""The layout of the state: the records of agents, gifts and weeks, and the `World` that holds them all.

A record declares its fields with type and unit. A phase takes the whole world; a rule takes the few records it needs.
"""

from typing import Annotated, NamedTuple

from sim.engine.constants import (
    EXCITATION_WEEKS,
    KERNEL_WEEKS,
    MAX_DELAY,
    MAX_RAILS,
    MAX_THEATRES,
    AgencyKind,
    Policies,
)
from sim.engine.records import F8, I1, I2, I4, I8, U2, Numbers, Record, Records
from sim.scenario import Scenario

FloatsByRail = Annotated[Numbers[float], ("f8", MAX_RAILS)]
WeeksByRail = Annotated[Numbers[int], ("i4", MAX_RAILS)]
CountsByRail = Annotated[Numbers[int], ("i8", MAX_RAILS)]
CentsByRail = CountsByRail
FlagsByRail = Annotated[Numbers[int], ("i1", MAX_RAILS)]
FloatsByTheatre = Annotated[Numbers[float], ("f8", MAX_THEATRES)]
CountsByTheatre = Annotated[Numbers[int], ("i8", MAX_THEATRES)]
FloatsByAgency = Annotated[Numbers[float], ("f8", len(AgencyKind))]
CentsByArrival = Annotated[Numbers[int], ("i8", MAX_DELAY)]
CentsByArrivalAndRail = Annotated[Numbers[int], ("i8", MAX_DELAY * MAX_RAILS)]

# --- agents ----------------------------------------------------------------------------------------------------------


class Donor(Record):
    """A potential donor. Reads giving, choice, population.

    Donors who make no attempt in the run are rows only once somebody looks at them (`sim.state.State.all_donors`).
    """

    rate: F8  # attempts a week before thinning
    risk_aversion: F8  # mean 1
    literacy: F8  # 0..1
    given: I8  # cents since the start
    identity: I4  # the agent of its random numbers
    deterred_until: I4  # week
    community: I1
    habit: I1  # habitual rail
    arrested: I1


class Attempt(Record):
    """One attempt to give: what no event of the run can change, so that most attempts touch no other record."""

    row: I4  # of the donor
    number: I4  # of this donor's attempts: the slot of its random numbers
    thinning: U2  # the draw of thinning in units of 2 ** -16, rounded down
    appeal: I1  # that it meets, or NOBODY
    community: I1  # of the donor


class Luck(Record):
    """The random numbers of an attempt that passes thinning, or 0 where nobody has needed them yet.

    Branches of a run share them, because most of their attempts are the same: `give` is then twice as fast.
    """

    customer: F8  # uniform, for the choice of an intermediary
    amount: I8  # cents of the gift
    staying: F8  # Gumbel noise of not giving
    noise: FloatsByRail  # Gumbel noise of each rail


class Drawn(Record):
    """An attempt as it is drawn, donor by donor; a week after the run ends the attempts of a donor."""

    week: U2
    thinning: U2
    appeal: I1


class Appeal(Record):
    """A public campaign or a network appeal. Reads campaigns.*."""

    key: I8
    share: F8  # attempts at it per attempt that giving.public_rate or giving.network_rate says
    campaigns: F8  # sum of the shares of all public campaigns at the start, of mean 1
    audience: F8  # share of its audience that it reaches while its channel is open, 0..1
    visible: F8  # visibility to donors this week, 0..1
    passing: FloatsByTheatre  # share of the attempts that pass thinning this week, by community
    values: FloatsByRail  # liking less cost this week; minus infinity for a rail that is not accepted or not served
    opens: I4  # first week
    back: I4  # week in which its channel reopens after a takedown
    public: I1
    accepts: FlagsByRail
    asked: I1  # rail it asks for, or NOBODY
    mode: I1  # SwitchMode
    moves_to: I1  # rail of gifts in mode FULL
    loses: F8  # share of donors lost in mode FULL, 0..1
    looked_at: WeeksByRail  # last week in which a link led to its wallet, by rail
    stoppable: CentsByRail  # cents of its gifts in the treasury where an issuer or custodian can stop them, by rail
    met: I8  # donors willing to give this week
    taken: I8  # willing donors who gave this week
    yields: FloatsByRail  # dollars delivered per dollar given by rail, as the group remembers them
    sent: FloatsByRail  # cents given a week by rail, as the group remembers them
    seized: FloatsByRail  # cents frozen a week by rail, as the group remembers them
    arriving: CentsByArrivalAndRail  # cents by week of arrival (modulo MAX_DELAY) and rail


class Intermediary(Record):
    """A bank, exchange, payment processor, hawala broker, over-the-counter trader or courier."""

    key: I8
    share: F8  # weight in the market of every rail it offers
    fee: F8  # added to the fee of the rail
    strictness: F8  # 0..1, before policy
    lawful: F8  # USD a week of lawful money
    listing: F8  # threshold of delisting at which it drops privacy coins, drawn at the start, 0..1
    licence: F8  # threshold of licensing at which it leaves informal rails, drawn at the start, 0..1
    exposure: F8  # traced gifts that it handled, decaying
    pool: F8  # USD in the pooled wallet of a processor
    pool_jump: F8  # USD of its own internal transfer this week
    served: WeeksByRail  # last week in which it served the rail
    kind: I1  # IntermediaryKind
    state: I1  # IntermediaryState
    compliant: I1
    offers: FlagsByRail


class Market(Record):
    """The market of a rail this week (same row as the rail). Reads rails.*, intermediaries.*."""

    first: I4  # row of the first intermediary that offers it
    end: I4  # row after the last intermediary that offers it
    weight: F8  # sum of the market shares of those that offer it
    cost: F8  # cost to a donor: fee plus spread


class Cell(Record):
    """A cell of the group; row 0 is the treasury. Reads group.*, combat.*."""

    key: I8
    kind: I1  # CellKind
    theatre: I1
    core: I1  # core province, or global network
    self_financed: I1  # takes no pay from the treasury
    # people
    fighters: I8
    former: I8  # members who left and may return
    arrears: F8  # unpaid share of this week's pay
    # money
    funds: CentsByRail  # holdings by rail; only cash can be spent
    chest: I8  # cents of cash from donors directly: for operations alone
    arriving: CentsByArrival  # cents of cash in transit, by week of arrival (modulo MAX_DELAY)
    income: I8  # cents of cash received this week
    extortion: F8  # USD a week of extortion that replaces lost gifts; no effect below zero
    gifts_long: F8  # cents of gifts a week, slow mean
    gifts_short: F8  # cents of gifts a week, fast mean
    spent: Annotated[Numbers[int], ("i8", KERNEL_WEEKS)]  # cents spent on operations, this week first
    tax: F8  # USD a week at full territory
    oil: F8
    looting: F8
    kidnap: F8
    insurgent: F8  # USD a week without territory
    # attacks
    attacks_reference: F8  # a week at the reference point (A_ref)
    fighters_reference: F8  # M_ref
    money_reference: F8  # USD a week (K_ref)
    money_floor: F8  # USD a week of in-kind and self-financed means (K_0)
    capacity: F8  # attacks a week at ordinary opportunity
    rate: F8  # attacks a week
    history: Annotated[Numbers[int], ("i8", EXCITATION_WEEKS)]  # attacks of past weeks, last week first
    past: F8  # attacks a week before the run: the rate of its first week
    purse: F8  # USD in hand for attacks (rule lumpy)
    # the treasury's carrier
    carrier: I1  # rail that carries money inside the group
    carried: FloatsByRail  # share of money sent over a carrier that arrives, as remembered


class Community(Record):
    """The supporters in one theatre (same row as the theatre), or abroad. Reads inspiration.*."""

    base: F8  # sympathy at the start and in the long run, 0..1
    sympathy: F8  # 0..1
    leaders_lost: F8  # share of the theatre's know-how lost with leaders and not yet recovered
    oil_damage: F8  # share of oil capacity destroyed by strikes of policy
    risk: FloatsByRail  # perceived risk by rail, 0..1
    events: FloatsByRail  # arrests and freezes of this week by rail


class Agency(Record):
    """An enforcement agency; its row is its kind. Reads enforcement.*."""

    kind: I1  # AgencyKind
    staff: F8  # staff-weeks a week, including those that policies add
    own_staff: F8  # staff-weeks a week without policies
    backlog: F8  # reports not yet followed
    cases: I8  # cases opened so far: reports, leads, arrests, sanctions, strikes on leaders, takedowns
    budget: F8  # arrests that the prosecutor can still make
    effort: FloatsByRail  # share of its work by rail
    evidence: FloatsByRail  # gifts found by link, by rail, decaying from the week of the gift
    custody: CentsByRail  # frozen money not yet forfeited


# --- what happens ----------------------------------------------------------------------------------------------------


class Gift(Record):
    """One transfer from a donor, identified by its lineage (donor, attempt)."""

    amount: I8  # cents
    next: I4  # next gift whose lead falls due in the same week, or NOBODY
    next_found: I4  # next gift found in the same week, or NOBODY
    donor: I4  # identity
    row: I4  # of the donor
    attempt: I4
    due: I4  # week in which a lead falls due
    intermediary: I4
    week: I2
    found_week: I2
    community: I1
    appeal: I1
    rail: I1
    chosen: I1  # rail the donor chose; in a full switch the gift goes over another, unknown to the donor
    status: I1  # Status
    linked: I1  # 0 no link, 1 right link, 2 confident wrong link
    found: I1  # Found


class Week(Record):
    """One week's outcomes and books; money in cents by rail."""

    # the week's gifts and leads: rows of the ledger
    first_gift: I8
    last_gift: I8
    due: I8  # first gift whose lead falls due this week; Gift.next is the next
    found: I8  # first gift found this week; Gift.next_found is the next
    serves: FlagsByRail  # 1 if any intermediary serves the rail
    # donors
    attempts: I8
    gifts: CountsByRail
    campaign_given: I8  # cents given to public campaigns
    campaign_delivered: I8  # cents
    paused: I8  # donors who begin a pause
    deterred: I8  # donors in a pause
    arrested: I8  # donors arrested so far
    # books: income
    opening: CentsByRail
    given: CentsByRail
    collected: CentsByRail
    price: CentsByRail
    converted_in: CentsByRail
    # books: expenditure
    blocked: CentsByRail
    fees: CentsByRail
    skimmed: CentsByRail
    spent: CentsByRail
    frozen: CentsByRail
    raided: CentsByRail
    converted_out: CentsByRail
    # books: holdings
    held: CentsByRail
    forfeited: CentsByRail  # from custody
    custody: CentsByRail
    # memoranda
    delivered: CentsByRail
    revenue: Annotated[Numbers[int], ("i8", 5)]  # cents before costs: tax, oil, looting, kidnap, insurgent
    operations: I8  # cents, part of spent
    pay: I8  # cents, part of spent
    outflow: I8  # cents, part of spent
    reserves: I8  # cents, holdings of the treasury
    # people
    fighters: CountsByTheatre
    recruits: I8
    left: I8
    killed: I8
    # attacks
    know_how: FloatsByTheatre  # know-how of the cells in the theatre, after leaders' deaths
    capacity: FloatsByTheatre
    rate: FloatsByTheatre
    capacity_core: F8
    capacity_network: F8
    rate_core: F8
    rate_network: F8
    attacks: CountsByTheatre
    attacks_core: I8
    deaths: CountsByTheatre
    inspired: I8
    sympathy: FloatsByTheatre
    risk: FloatsByRail  # perceived risk by rail, mean of communities
    # enforcement
    reports: I8
    false_reports: I8
    followed: I8
    backlog: F8
    cases: I8
    followed_share: FloatsByRail  # share of leads followed, by rail
    arrests: I8
    true_attributions: I8
    false_attributions: I8
    lawful_frozen: I8  # cents
    lawful_hindered: I8  # cents
    closed: I8  # intermediaries that do not serve
    # observers
    claims: CountsByTheatre
    recorded: I8
    crypto_estimate: I8  # cents
    pool_claim: I8  # cents


# --- external inputs -------------------------------------------------------------------------------------------------


class Conditions(Record):
    """External inputs of one week: one row a week."""

    conflict: F8  # factor on giving
    link: FloatsByRail  # probability of a correct link by rail, in this era
    chain: FloatsByRail  # probability that every transfer of a chain is correctly linked: link ** hops
    liking: FloatsByRail  # constant of the choice of a rail
    inflow: CentsByRail  # cents that reach the treasury from neither donors nor provinces
    territory: FloatsByTheatre  # territory held, share of the mid-2014 peak
    oil_fields: FloatsByTheatre  # oil fields held, share of the mid-2014 peak
    oil_strikes: FloatsByTheatre  # share of oil capacity left by past strikes
    opportunity: FloatsByTheatre  # factor on capacity
    pressure: FloatsByTheatre  # fighters killed or captured, share a week
    insurgency: FloatsByTheatre  # share of income without territory that is rebuilt
    know_how: FloatsByTheatre
    claims: FloatsByTheatre  # ratio of claimed to true attacks


class Levers(Policies, Record):
    """Intensity of each policy in one week, 0..1, and the staff that policies add: one row a week.

    `sim.rules.conditions.levers_of` writes the rows before the run. The rule on which a policy acts reads
    ``effects.NAME``, its effect at full intensity, times the intensity; channel_takedown interpolates a rate, and
    adaptive has no such parameter.
    """

    staff: FloatsByAgency  # staff-weeks a week that policies add to each agency
    freezing: FloatsByRail  # intensity of issuer_freezing by rail


# --- the world -------------------------------------------------------------------------------------------------------


class World(NamedTuple):
    """The whole state of a run in one week; arrays are shared, so a rule that writes to a row changes the run."""

    donors: Records[Donor]
    first: Records[int]  # the attempts of week w are order[first[w] : first[w + 1]]
    order: Records[Attempt]
    luck: Records[Luck]  # shared with other branches; one row, which each attempt uses, if there are none
    luck_rows: Numbers[int]  # rows of luck by number of later attempts in the run (`sim.rules.donors.luck_of`)
    appeals: Records[Appeal]
    intermediaries: Records[Intermediary]
    markets: Records[Market]  # one row a rail
    cells: Records[Cell]  # row 0 is the treasury
    communities: Records[Community]  # one row a theatre
    agencies: Records[Agency]  # one row a kind
    ledger: Records[Gift]
    book: Records[Week]  # one row a week
    conditions: Records[Conditions]  # one row a week
    levers: Records[Levers]  # one row a week
    parameters: Records[Scenario]  # one row
    week: int
