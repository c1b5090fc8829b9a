"""The scenario: every number of a run, typed, with range, unit, source and grade.

A rule takes the scenario under the name ``p`` and reads ``p.choice.cost`` or ``p.rails[r].fee``: the same words as in
``conf/`` and on the command line. Frozen: levers and events change records of the model, never the scenario.
"""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, computed_field, field_validator, model_validator

from sim.constants import EXCITATION_WEEKS, KERNEL_WEEKS, MAX_DELAY, MAX_RAILS, MAX_THEATRES, key_of
from sim.judging import acceptance_faults, faults, refuse
from sim.parameters import Section, parameter

POLICIES = (
    "exchange_kyc",
    "privacy_delisting",
    "chain_analytics",
    "issuer_freezing",
    "donor_prosecution",
    "hawala_licensing",
    "channel_takedown",
    "revenue_strikes",
    "decapitation",
    "kinetic_pressure",
    "counter_inspiration",
    "adaptive",
)
"""Levers of policy; ``policy=[]`` is the status quo and any list of them is a mix."""

KindName = Literal["bank", "exchange", "processor", "hawala_broker", "otc_trader", "courier"]
Shares = tuple[Annotated[float, Field(ge=0, le=1)], ...]
DatedShare = dict[date, Annotated[float, Field(ge=0, le=1)]]
DatedFactor = dict[date, Annotated[float, Field(ge=0, le=100)]]


class Horizon(Section):
    """When, and how long."""

    start: date = parameter("", None, None, "first day of week 0", "facts:privacy-switch-date", "-", "setting")
    weeks: int = parameter("weeks", 1, 2600, "length of the run", "-", "-", "setting")


class Population(Section):
    """Who may give."""

    donors: int = parameter("donors", 0, 20_000_000, "number of potential donors", "-", "-", "setting")
    abroad: float = parameter("share", 0, 1, "share of donors who live abroad, outside the theatres")
    propensity_shape: float = parameter(
        "", 0.05, 5, "shape of the gamma of giving propensities (mean 1)", "facts:gift-tail"
    )
    risk_aversion_shape: float = parameter("", 0.2, 20, "shape of the gamma of risk aversion (mean 1)")
    literacy_a: float = parameter("", 0.3, 20, "first shape of the beta of literacy")
    literacy_b: float = parameter("", 0.3, 20, "second shape of the beta of literacy")


class Giving(Section):
    """How often and how much donors give."""

    public_rate: float = parameter(
        "attempts/donor/year", 0, 5, "attempts at public crypto campaigns before thinning", "facts:campaign-first"
    )
    network_rate: float = parameter(
        "attempts/donor/year", 0, 10, "attempts at network appeals before thinning", "facts:revenue-donations"
    )
    visibility: float = parameter("share", 0, 1, "chance that a donor who would give sees an appeal")
    bound: float = parameter(
        "", 0.05, 3, "greatest sympathy x visibility x conflict that the attempt streams can carry; same in all arms",
        "-", "-", "setting",
    )  # fmt: skip
    median: float = parameter("USD", 1, 5000, "median of ordinary gifts", "facts:campaign-first")
    sigma: float = parameter("", 0.1, 3, "log-sd of ordinary gifts", "facts:gift-tail")
    large_share: float = parameter("share", 0, 0.5, "share of large gifts", "facts:gift-tail")
    large_from: float = parameter("USD", 10, 20_000, "smallest large gift", "facts:gift-tail")
    large_exponent: float = parameter("", 1.05, 4, "Pareto exponent of large gifts", "facts:gift-tail")
    cap: float = parameter("USD", 100, 1_000_000, "largest gift")


class Choice(Section):
    """Slopes of the multinomial logit by which a donor chooses a rail (McFadden 1974)."""

    cost: float = parameter("1/share", 0, 50, "aversion to fee plus spread")
    risk: float = parameter("1/risk", 0, 30, "aversion to perceived risk")
    skill: float = parameter("1/literacy", 0, 30, "aversion to a rail harder than one can use")
    habit: float = parameter("", 0, 10, "pull of the habitual rail")
    ask: float = parameter("", 0, 10, "pull of the rail that the appeal asks for")


class Traceability(Section):
    """What an observer with full access can learn from one transfer on a rail."""

    link: float = parameter("chance", 0, 1, "rightly links the two ends of one transfer", "facts:monero-per-hop", "D")
    false_link: float = parameter("chance", 0, 1, "confident wrong link", "facts:monero-ring16-timing", "D")
    identify: float = parameter("chance", 0, 1, "a linked end at a strict intermediary leads to a person")
    freeze: float = parameter(
        "chance", 0, 1, "an attributed balance can be stopped where it lies", "facts:frozen-share-stablecoin", "D"
    )
    lag: float = parameter("weeks", 0.01, 520, "half-life of discovery", "facts:attribution-recall-year-one", "D")
    memory: float | None = parameter("weeks", 0, 5200, "how long a transfer stays traceable; null is for ever")
    eras: DatedShare = parameter(
        "chance",
        None,
        None,
        "link until a date; after the last of them `link` holds",
        "facts:monero-2017-deducible",
        "A",
    )

    @model_validator(mode="after")
    def _possible(self) -> Self:
        most = max((self.link, *self.eras.values())) + self.false_link
        if most > 1:
            raise ValueError(f"link + false_link = {most:g}: allowed is at most 1")
        return self


class Rail(Section):
    """A currency or another way to move value."""

    name: str = parameter("", None, None, "name of the rail", "-", "-", "scenario")
    ledger: bool = parameter("", None, None, "whether transfers stand on a public ledger", "-", "-", "scenario")
    private: bool = parameter("", None, None, "whether it counts as a privacy coin to regulators", "-", "-", "scenario")
    traceability: Traceability
    offered_by: tuple[KindName, ...] = parameter(
        "", None, None, "kinds of intermediary that offer it", "-", "-", "scenario"
    )
    informal: bool = parameter("", None, None, "whether brokers outside banks move it", "-", "-", "scenario")
    constant: float = parameter("utility", -10, 10, "logit constant against not giving")
    fee: float = parameter("share", 0, 0.5, "fee of a transfer", "facts:hawala-fee-conflict")
    spread: float = parameter("share", 0, 0.5, "cost of turning it into spendable cash", "facts:otc-premium")
    delay: int = parameter("weeks", 0, MAX_DELAY - 1, "time a transfer takes")
    limit: float = parameter("USD/week", 0, 1e12, "most that the group can convert in a week", "facts:xmr-liquidity")
    volatility: float = parameter(
        "per sqrt(year)", 0, 3, "annual volatility; weekly lognormal steps have mean 1", "facts:btc-volatility"
    )
    literacy: float = parameter("skill", 0, 1, "skill a donor needs to use it")
    acceptance: Shares = parameter("share", None, None, "how far it can be cashed, by theatre")

    @computed_field  # type: ignore[prop-decorator]  # pydantic wraps a property
    @property
    def slot(self) -> int:
        """The name's own slot in every stream of luck."""
        return key_of(self.name)


class Theatre(Section):
    """A region with its community of supporters."""

    name: str = parameter("", None, None, "name of the theatre", "-", "-", "scenario")
    sympathy: float = parameter("share", 0, 1, "sympathy of the community at the start and in the long run")
    donors: float = parameter("share", 0, 1, "share of the donors who do not live abroad")
    pressure: DatedShare = parameter(
        "share/week", None, None, "fighters killed or captured by security forces, from a date on"
    )
    insurgency: DatedFactor = parameter(
        "share", None, None, "rebuilt share of income without territory, straight between dates",
        "facts:insurgent-income-anbar",
    )  # fmt: skip
    know_how: DatedFactor = parameter("", None, None, "know-how of the cells, straight between dates (regrouping)")

    @computed_field  # type: ignore[prop-decorator]  # pydantic wraps a property
    @property
    def slot(self) -> int:
        """The name's own slot in every stream of luck."""
        return key_of(self.name)


class Appeal(Section):
    """An appeal for money: a public campaign, or word of mouth in a network."""

    name: str = parameter("", None, None, "name of the appeal", "-", "-", "scenario")
    public: bool = parameter("", None, None, "a public campaign, or a network appeal", "-", "-", "scenario")
    rails: tuple[str, ...] = parameter(
        "", None, None, "rails it accepts; a campaign asks for the first", "-", "-", "scenario"
    )
    opens: date = parameter("", None, None, "first day", "facts:privacy-switch-date", "-", "scenario")
    weight: float = parameter("", 0, 1000, "size relative to appeals of its kind before chance")


class Campaigns(Section):
    """What differs between public campaigns, and how their channels live."""

    sigma: float = parameter("", 0, 2.5, "log-sd of size between campaigns (mean 1)", "facts:campaign-typical")
    life: float = parameter("weeks", 1, 520, "mean life of a channel", "facts:takedown-weak", "A")
    reopen: float = parameter("weeks", 0, 52, "time until a channel that was taken down is back")
    audience_lost: float = parameter("share", 0, 1, "audience lost at a takedown")
    rebuild: float = parameter("weeks", 1, 260, "half-life in which the audience comes back")


class Kind(Section):
    """A kind of intermediary."""

    count: int = parameter("", 0, 1000, "how many", "-", "-", "setting")
    fee: float = parameter("share", 0, 0.2, "its fee on top of the rail's")
    strictness: float = parameter(
        "share", 0, 1, "screening strictness where the jurisdiction is lax", "facts:exchange-kyc-weak", "B"
    )
    strictness_compliant: float = parameter("share", 0, 1, "screening strictness where the jurisdiction complies")
    listed: float = parameter(
        "share", 0, 1, "share of them that list privacy coins", "facts:exchange-lists-privacy", "B"
    )
    market: float = parameter("", 0, 100, "weight of the kind where several kinds offer a rail")
    lawful: float = parameter(
        "USD/week", 0, 1e12, "lawful money that passes through one of them", "facts:illicit-share"
    )


class Intermediaries(Section):
    """Those who move money for others."""

    compliant: float = parameter("share", 0, 1, "share of jurisdictions that comply", "facts:fatf-r15-compliant", "B")
    concentration: float = parameter("", 0, 3, "Zipf exponent of market shares within a kind", "facts:waterbed")
    moving: float = parameter(
        "weeks", 0.1, 52, "half-life in which customers of a closed one move on", "facts:waterbed", "A"
    )
    pool: float = parameter(
        "USD", 0, 1e10, "median balance of a processor's pooled wallet", "facts:claim-sri-lanka", "B"
    )
    pool_sigma: float = parameter("", 0, 3, "log-sd of that balance from week to week")
    pool_jumps: float = parameter("1/year", 0, 52, "internal transfers that swell the wallet for a week")
    pool_jump: float = parameter("USD", 0, 1e10, "median size of such a transfer", "facts:claim-sri-lanka", "B")
    bank: Kind
    exchange: Kind
    processor: Kind
    hawala_broker: Kind
    otc_trader: Kind
    courier: Kind


class Screening(Section):
    """What happens to a gift at the intermediary at the donor's end."""

    suspicion: float = parameter("chance", 0, 1, "an identified gift stands out among lawful flows")
    block: float = parameter("share", 0, 1, "share of those that is returned; the rest is reported and passes")


class Revenue(Section):
    """Local revenue of a cell."""

    tax: float = parameter("USD/week", 0, 1e8, "taxes and fees at full territory", "facts:revenue-tax-2015", "M")
    oil: float = parameter("USD/week", 0, 1e8, "oil at full territory, before strikes", "facts:revenue-oil-2015", "M")
    looting: float = parameter(
        "USD/week", 0, 1e8, "confiscations and fines at full territory", "facts:revenue-looting-2015", "M"
    )
    kidnap: float = parameter("USD/week", 0, 1e8, "ransoms at full territory", "facts:revenue-kidnap-2016", "M")
    insurgent: float = parameter(
        "USD/week", 0, 1e8, "extortion and trade without territory", "facts:insurgent-income-anbar"
    )


class Cell(Section):
    """One cell of the group."""

    kind: Literal["treasury", "province", "external"] = parameter("", None, None, "what it does", "-", "-", "scenario")
    theatre: str = parameter("", None, None, "where it is", "-", "-", "scenario")
    core: bool = parameter("", None, None, "core province, or global network", "-", "-", "scenario")
    fighters: int = parameter(
        "persons", 0, 1_000_000, "fighters at the start", "facts:fighters-2018-08", "B", "scenario"
    )
    fighters_reference: float = parameter("persons", 0.1, 1e6, "fighters at the reference point (M_ref)")
    attacks_reference: float = parameter(
        "attacks/year", 0, 10_000, "attacks at the reference point (A_ref)", "facts:attacks-iraq-2019", "A"
    )
    floor: float = parameter(
        "share",
        0.1,
        1,
        "in-kind and self-financed means over reference money (K_0/K_ref)",
        "facts:external-self-financed",
    )
    self_financed: bool = parameter(
        "",
        None,
        None,
        "lives on its own means: draws no pay, and all its reference money is floor",
        "-",
        "-",
        "scenario",
    )
    revenue: Revenue


class Group(Section):
    """The group's money and how it spends it."""

    profile: str = parameter("", None, None, "name of the profile", "-", "-", "scenario")
    reserves: float = parameter("USD", 0, 5e9, "reserves of the treasury at the start")
    holding_cost: float = parameter(
        "share", 0, 1, "cost of holding territory, share of its revenue", "facts:reserves-2019"
    )
    outflow: float = parameter(
        "1/year", 0, 1, "reserves lost to families, affiliates and losses", "facts:reserves-2019"
    )
    drawdown: float = parameter("1/year", 0, 1, "reserves drawn for spending")
    remit: float = parameter(
        "share", 0, 1, "share of local revenue that provinces send to the treasury", "facts:internal-friction"
    )
    routing: float = parameter("share", 0, 1, "share of campaign money that goes straight to cells", role="uncertainty")
    wage: float = parameter("USD/year", 0, 10_000, "pay of a fighter", "facts:fighter-pay-household", "A")
    protection: float = parameter(
        "share", 0, 1, "pay protection: 0 all spending is cut alike, 1 fighters are paid first"
    )
    operations: float = parameter("share", 0, 20, "planned operations money, share of reference money (K_ref)")
    hops: int = parameter("transfers", 1, 20, "transfers between the treasury and a cell")
    hop_cost: float = parameter("share", 0, 0.2, "cost of one such transfer", "facts:hawala-fee-conflict", "B")
    hop_seen: float = parameter("chance", 0, 1, "chance that one such transfer is seen and stopped")
    skim: float = parameter("share", 0, 0.5, "share skimmed on the way", "facts:internal-friction", "A")
    carrier: str = parameter(
        "", None, None, "rail that carries money to the cells", "facts:hawala-main-channel", "B", "scenario"
    )
    recruits: float = parameter("1/year", 0, 2, "recruits per fighter at ordinary sympathy")
    rejoin: float = parameter("1/year", 0, 2, "former members who come back")
    leaving: float = parameter("1/year", 0, 2, "fighters who leave though paid")
    arrears: float = parameter(
        "1/year", 0, 5, "more who leave when pay is wholly in arrears", "facts:fighter-pay-household"
    )
    replacement: float = parameter("share", 0, 1, "share of lost gifts made good by local extortion")
    replacement_time: float = parameter("weeks", 1, 260, "time constant of that")
    cells: dict[str, Cell]


class Combat(Section):
    """From people, money and know-how to attacks."""

    people: float = parameter("elasticity", 0, 1, "elasticity of capacity to fighters (alpha)")
    money: float = parameter("elasticity", 0.02, 1, "elasticity of capacity to operations money (epsilon); never tuned")
    attack_cost: float = parameter(
        "USD/attack", 500, 20_000, "money for one more attack at the reference point", "facts:marginal-attack-cost", "A"
    )
    kernel: Shares = parameter(
        "attacks/1000 USD", None, None, "attacks by week since spending", "facts:attack-kernel-week-0", "B"
    )
    branching: float = parameter(
        "share", 0, 0.9, "share of attacks triggered by earlier ones", "facts:self-excitation", "A"
    )
    excitation_decay: float = parameter(
        "weeks", 0.2, 12, "time constant of triggering", "facts:self-excitation-memory", "A"
    )
    deaths: float = parameter("deaths/attack", 0, 20, "mean deaths of an ordinary attack")
    severe_share: float = parameter("share", 0, 0.5, "share of attacks in the power-law tail")
    severe_from: float = parameter(
        "deaths", 1, 100, "where the tail begins (x_min)", "facts:severity-exponent-world", "M"
    )
    severe_exponent: float = parameter(
        "exponent", 1.5, 4, "exponent of the density in the tail", "facts:severity-exponent-war", "B"
    )
    deaths_cap: int = parameter("deaths", 1, 10_000, "most deaths in one attack")
    inspired: float = parameter("attacks/year", 0, 1000, "inspired attacks abroad at ordinary sympathy")

    @field_validator("kernel")
    @classmethod
    def _weeks(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if len(value) != KERNEL_WEEKS or not sum(value) > 0:
            raise ValueError(f"allowed are {KERNEL_WEEKS} numbers, not all zero")
        return value


class Inspiration(Section):
    """Sympathy and fear in the communities."""

    memory: float = parameter("weeks", 1, 520, "time constant of sympathy (tau)")
    publicity: float = parameter("share", 0, 0.6, "share of sympathy that lives on publicity; 0 cuts the loop")
    by_deaths: bool = parameter(
        "", None, None, "publicity counts log(1 + deaths) instead of attacks", "-", "-", "scenario"
    )
    reference: float = parameter("per week", 0.1, 10_000, "publicity that keeps sympathy where it is")
    elsewhere: float = parameter("share", 0, 1, "weight of publicity from other theatres")
    risk_memory: float = parameter("weeks", 0.5, 260, "half-life of perceived risk")
    salience: float = parameter(
        "per event", 0, 10, "rise of perceived risk by one known arrest or freeze among 10,000 donors"
    )
    hearsay: float = parameter("share", 0, 1, "weight of what becomes known in other communities")
    pause: int = parameter("weeks", 0, 520, "how long a donor whose gift was blocked does not give")


class Vendor(Section):
    """How a chain analyst attributes."""

    profile: str = parameter("", None, None, "name of the vendor profile", "-", "-", "scenario")
    recall: float = parameter(
        "chance", 0, 1, "a linked group transfer is attributed", "facts:bitcoin-clustering-recall", "A"
    )
    false_positive: float = parameter(
        "chance", 0, 1, "a lawful transfer is attributed to the group", "facts:vendor-clustering", "B"
    )
    misreads_pool: float = parameter(
        "chance", 0, 1, "a jump of a pooled wallet is read as the group's", "facts:claim-sri-lanka", "B"
    )


class Staff(Section):
    """Staff-weeks a week of each agency and what they do with one."""

    fiu: float = parameter("staff-weeks/week", 0, 1e9, "financial intelligence unit")
    chain_analyst: float = parameter("staff-weeks/week", 0, 1e9, "chain analyst")
    regulator: float = parameter("staff-weeks/week", 0, 1e9, "regulator")
    prosecutor: float = parameter("staff-weeks/week", 0, 1e9, "prosecutor")
    military: float = parameter("staff-weeks/week", 0, 1e9, "military")
    communicators: float = parameter("staff-weeks/week", 0, 1e9, "communicators")


class Enforcement(Section):
    """Agencies, their capacity and what it yields."""

    staff: Staff
    vendor: Vendor
    reports_followed: float = parameter(
        "reports/staff-week", 0, 1000, "reports that the intelligence unit follows", "facts:str-followed-up", "A"
    )
    report_rate: float = parameter(
        "reports/USD million", 0, 1000, "false reports on lawful money, at full strictness", "facts:str-followed-up"
    )
    report_life: float = parameter("weeks", 0.5, 520, "half-life of a report in the backlog")
    hops: int = parameter("transfers", 1, 20, "transfers between a donor and the group that a trace must follow")
    transfers_examined: float = parameter("transfers/staff-week", 0, 1e6, "transfers that a chain analyst examines")
    lawful_transfer: float = parameter("USD", 1, 1e6, "size of a lawful transfer that looks alike")
    lookalike: float = parameter("share", 0, 1, "share of lawful transfers that look alike and must be examined")
    off_ledger: float = parameter(
        "1/year", 0, 0.05, "gifts that come to light off the ledger (devices, informants, records)"
    )
    arrests: float = parameter("arrests/staff-week", 0, 100, "arrests that the prosecutor can make")
    arrest: float = parameter("chance", 0, 1, "an identified donor is arrested")
    forfeiture: float = parameter("weeks", 0.5, 520, "half-life from freezing to final seizure")
    lawful_balance: float = parameter("USD", 0, 1e7, "lawful balance frozen by one false attribution")
    sanctions: float = parameter(
        "1/staff-week/year", 0, 52, "sanctions that a staff-week a week can bring about, once there is evidence"
    )
    exposure_memory: float = parameter("weeks", 1, 520, "half-life of an intermediary's record of traced gifts")
    raids: float = parameter("share", 0, 1, "cash of a cell lost with a fighter, share of the cash per fighter")
    effort_follows: float = parameter(
        "share", 0, 1, "share of an agency's effort that follows its evidence without a policy"
    )
    effort_memory: float = parameter("weeks", 1, 260, "half-life in which an adaptive agency moves its effort")


class Effects(Section):
    """What each policy does at full intensity."""

    exchange_kyc: float = parameter(
        "share", 0, 1, "gap to full strictness that exchanges, processors and traders close", "facts:exchange-kyc-weak"
    )
    privacy_delisting: float = parameter(
        "share", 0, 1, "intermediaries that drop privacy coins", "facts:delisting-listing-share"
    )
    delisting_spread: float = parameter("share", 0, 0.5, "added cost of cashing privacy coins", "facts:otc-premium")
    chain_analytics: float = parameter(
        "share", 0, 1, "gap to full recall that the vendor closes", "facts:vendor-clustering", "B"
    )
    issuer_freezing: float = parameter(
        "share", 0, 1, "gap to certain freezing that issuers and custodians close", "facts:frozen-share-stablecoin", "D"
    )
    donor_prosecution: float = parameter("share", 0, 1, "gap to certain arrest that prosecution closes")
    hawala_licensing: float = parameter("share", 0, 1, "gap to full strictness that brokers close")
    licensing_spread: float = parameter("share", 0, 0.2, "added cost of hawala", "facts:hawala-fee-conflict")
    channel_takedown: float = parameter("weeks", 0.2, 43, "mean life of a channel", "facts:takedown-strong", "A")
    revenue_strikes: float = parameter(
        "share/week", 0, 0.5, "oil capacity destroyed in a week", "facts:oil-strikes-effect", "B"
    )
    strike_repair: float = parameter(
        "1/week", 0, 1, "share of the damage that is repaired in a week", "facts:oil-strikes-effect"
    )
    decapitation: float = parameter("1/year", 0, 12, "leaders killed")
    leader_know_how: float = parameter("share", 0, 1, "know-how lost with a leader")
    leader_recovery: float = parameter("weeks", 1, 260, "half-life in which that is regained")
    kinetic_pressure: float = parameter("share/week", 0, 0.1, "fighters killed or captured on top")
    kinetic_opportunity: float = parameter("share", 0, 1, "fall of opportunity under full pressure")
    counter_inspiration: float = parameter("share", 0, 1, "fall of sympathy in the long run")


class Policy(Section):
    """A lever of policy: when, how strongly, and whose staff."""

    start: date = parameter("", None, None, "first day", "-", "-", "lever")
    ramp: int = parameter("weeks", 0, 520, "weeks until full intensity", "-", "-", "lever")
    intensity: float = parameter("share", 0, 1, "intensity", "-", "-", "lever")
    staff_weeks: float = parameter(
        "staff-weeks/week", 0, 1e9, "staff added to the agency at full intensity", "-", "-", "lever"
    )
    agency: Literal["fiu", "chain_analyst", "regulator", "prosecutor", "military", "communicators"] = parameter(
        "", None, None, "whose staff", "-", "-", "lever"
    )


class Shock(Section):
    """An event of the timeline: what, when, where and how large; each type reads what it needs of the rest."""

    type: Literal[
        "territory", "oil_fields", "oil_strikes", "opportunity", "conflict", "leader", "campaign", "switch",
        "closure", "windfall",
    ] = parameter("", None, None, "what happens", "-", "-", "scenario")
    enabled: bool = parameter("", None, None, "whether it happens", "-", "-", "scenario")
    at: date | None = parameter("", None, None, "date of an event", "-", "-", "scenario")
    path: DatedFactor = parameter(
        "share", None, None, "values by date, straight between (territory, oil) or in steps (pulses)", role="scenario"
    )
    target: str | None = parameter(
        "", None, None, "theatre, appeal or intermediary that it meets", "-", "-", "scenario"
    )
    rail: str | None = parameter("", None, None, "rail that an appeal accepts from then on", "-", "-", "scenario")
    mode: Literal["none", "announcement", "full"] | None = parameter(
        "", None, None, "how donors take it", "-", "-", "scenario"
    )
    size: float = parameter(
        "", 0, 5000, "share lost with a leader, factor of a spike, or million USD of a windfall", role="scenario"
    )
    half_life: float = parameter("weeks", 1, 520, "half-life in which it fades", role="scenario")


class Adaptation(Section):
    """How the group answers."""

    mode: Literal["none", "logit"] = parameter(
        "", None, None, "the group's own rail-switching; off in all arms of the study", "-", "-", "scenario"
    )
    appeal: str = parameter("", None, None, "campaign whose rail it may change", "-", "-", "scenario")
    sensitivity: float = parameter("", 0, 50, "slope of its logit in delivered per dollar given")
    expected: float = parameter("share", 0, 1, "yield that it expects of a rail it has not tried")
    inertia: float = parameter("", 0, 20, "pull of the present rail")
    memory: float = parameter("weeks", 1, 260, "half-life of what it remembers of a rail")
    every: int = parameter("weeks", 1, 520, "weeks between decisions")


class Observer(Section):
    """What outsiders see; its luck is its own, so observing never moves the truth."""

    enabled: bool = parameter("", None, None, "whether anybody looks", "-", "-", "setting")
    seed: int = parameter("", 0, 2**63 - 1, "seed of the observers' luck", "-", "-", "setting")
    claims: DatedFactor = parameter(
        "ratio", None, None, "claimed over true attacks, straight between dates", "facts:observation-claims", "D"
    )
    database: float = parameter("share", 0, 1, "attacks that a public database records", "facts:observation-gtd", "D")
    first_year: float = parameter(
        "share", 0, 1, "first estimate of crypto over the later one", "facts:attribution-recall-year-one", "D"
    )


class Report(Section):
    """What a run is judged by."""

    switch: date = parameter(
        "", None, None, "last day before the windows of the estimand", "facts:privacy-switch-date", "B", "setting"
    )
    window: int = parameter("weeks", 1, 520, "length of the main window", "-", "-", "setting")
    beside: tuple[Annotated[int, Field(ge=1, le=520)], ...] = parameter(
        "weeks", None, None, "lengths of the windows beside it", "-", "-", "setting"
    )
    margin: float = parameter(
        "share", 0, 1, "margin of relevance: a smaller effect is practically none", "-", "-", "setting"
    )


class Scenario(Section):
    """Everything that a run depends on."""

    seed: int = parameter("", 0, 2**63 - 1, "seed of all luck but the observers'", "-", "-", "setting")
    horizon: Horizon
    population: Population
    giving: Giving
    choice: Choice
    rails: tuple[Rail, ...]
    theatres: tuple[Theatre, ...]
    appeals: tuple[Appeal, ...]
    campaigns: Campaigns
    intermediaries: Intermediaries
    screening: Screening
    group: Group
    combat: Combat
    inspiration: Inspiration
    enforcement: Enforcement
    effects: Effects
    policies: dict[str, Policy]
    shocks: dict[str, Shock]
    adaptation: Adaptation
    observer: Observer
    report: Report

    @model_validator(mode="before")
    @classmethod
    def _named(cls, data: Any) -> Any:
        """Turn mappings by name into tuples with names, and acceptance by theatre into a tuple."""
        if not isinstance(data, dict):
            return data
        data = dict(data)
        for group in ("rails", "theatres", "appeals"):
            named = data.get(group)
            if isinstance(named, dict):
                data[group] = tuple(
                    {**value, "name": str(name)} if isinstance(value, dict) else value for name, value in named.items()
                )
        theatres = [one.get("name") for one in data.get("theatres") or () if isinstance(one, dict)]
        rails = data.get("rails")
        if isinstance(rails, tuple | list):
            refuse(acceptance_faults(rails, theatres))
            data["rails"] = tuple(_accepted(rail, theatres) for rail in rails)
        return data

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        """Raise every fault that lies between parameters."""
        refuse(faults(self))
        return self

    @computed_field  # type: ignore[prop-decorator]  # pydantic wraps a property
    @property
    def n_rails(self) -> int:
        """Number of rails."""
        return len(self.rails)

    @computed_field  # type: ignore[prop-decorator]  # pydantic wraps a property
    @property
    def n_theatres(self) -> int:
        """Number of theatres."""
        return len(self.theatres)

    def rail(self, name: str) -> int:
        """Row of the rail of that name."""
        return [rail.name for rail in self.rails].index(name)

    def theatre(self, name: str) -> int:
        """Row of the theatre of that name."""
        return [theatre.name for theatre in self.theatres].index(name)

    def appeal(self, name: str) -> int:
        """Row of the appeal of that name."""
        return [appeal.name for appeal in self.appeals].index(name)

    def week(self, day: date) -> int:
        """The first week that begins on or after a day: from then on, what happens that day has effect."""
        return -((self.horizon.start - day).days // 7)


def _accepted(rail: Any, theatres: list[Any]) -> Any:
    """Acceptance by theatre as a tuple in the theatres' order; ``other`` stands for those not named."""
    accepted = rail.get("acceptance") if isinstance(rail, dict) else None
    if not isinstance(accepted, dict):
        return rail
    return {**rail, "acceptance": tuple(accepted.get(name, accepted.get("other", 0.0)) for name in theatres)}


LIMITS = {"rails": MAX_RAILS, "theatres": MAX_THEATRES, "kernel": KERNEL_WEEKS, "excitation": EXCITATION_WEEKS}
