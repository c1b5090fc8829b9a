"""The sections of a scenario: the type of each parameter. All else about it is a row of ``sim/parameters.csv``."""

import math
from datetime import date
from enum import IntEnum
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, field_serializer, field_validator

from sim.engine import constants
from sim.engine.constants import EXCITATION_WEEKS, KERNEL_WEEKS, key_of
from sim.engine.parameters import Section, derived, row_of

Shares = tuple[Annotated[float, Field(ge=0, le=1)], ...]
DatedShare = dict[date, Annotated[float, Field(ge=0, le=1)]]
DatedFactor = dict[date, Annotated[float, Field(ge=0, le=100)]]
KindName = Literal["bank", "exchange", "processor", "hawala_broker", "otc_trader", "courier"]
ConditionName = Literal["territory", "oil_fields", "oil_strikes", "opportunity"]
EventName = Literal["conflict", "leader", "campaign", "switch", "closure", "windfall", "inflow", "practice"]

# --- rival rules ------------------------------------------------------------------------------------------------------


class Rules(Section):
    """The rule in force for each decision that has rivals; a file of ``conf/rules/`` sets one of them."""

    turned_away: constants.TurnedAway
    liking: constants.Liking
    freezing: constants.Freezing
    capacity: constants.Capacity
    force: constants.Force
    routes: constants.Routes
    news: constants.News
    benefactors: constants.Benefactors

    @field_validator("*", mode="before")
    @classmethod
    def _member(cls, value: object, about: ValidationInfo) -> object:
        """Convert a word to the member of the enumeration; anything else is an error."""
        kind: Any = cls.model_fields[about.field_name or ""].annotation
        return (
            value
            if isinstance(value, kind)
            else {name.lower(): one for name, one in kind.__members__.items()}.get(str(value), str(value))
        )

    @field_serializer("*")
    def _word(self, value: IntEnum) -> str:
        return value.name.lower()


# --- donors and appeals ----------------------------------------------------------------------------------------------


class Population(Section):
    """The population of potential donors."""

    donors: int
    abroad: float
    propensity_shape: float
    risk_aversion_shape: float
    literacy_a: float
    literacy_b: float


class Giving(Section):
    """Frequency and size of gifts."""

    public_rate: float
    network_rate: float
    visibility: float
    bound: float
    displaced: float
    repelled: float
    median: float
    sigma: float
    large_share: float
    large_from: float
    large_exponent: float
    cap: float


class Choice(Section):
    """Coefficients of the multinomial logit of a donor's choice of rail (McFadden 1974)."""

    cost: float
    risk: float
    skill: float
    habit: float
    ask: float
    closing: float
    closing_speed: float
    closing_half: date


class Appeal(Section):
    """An appeal for money: a public campaign, or word of mouth in a network."""

    name: str
    public: bool
    rails: tuple[str, ...]
    opens: date
    weight: float


class Campaigns(Section):
    """Differences between public campaigns, and the life of their channels."""

    sigma: float
    life: float
    reopen: int
    audience_lost: float
    rebuild: float


class Inspiration(Section):
    """Sympathy and perceived risk in the communities."""

    memory: float
    publicity: float
    by_deaths: bool
    reference: float
    elsewhere: float
    risk_memory: float
    salience: float
    hearsay: float
    inherited: float
    pause: int


# --- rails, theatres and intermediaries ------------------------------------------------------------------------------


class Traceability(Section):
    """Information that an observer with full access can obtain from one transfer on a rail."""

    link: float
    false_link: float
    identify: float
    freeze: float
    lag: float
    memory: float | None
    eras: DatedShare


class Rail(Section):
    """A currency or another way to move value."""

    name: str
    ledger: bool
    private: bool
    traceability: Traceability
    offered_by: tuple[KindName, ...]
    informal: bool
    volume: int
    constant: float
    successor_of: str | None
    gap: float
    fee: float
    spread: float
    delay: int
    limit: float
    volatility: float
    literacy: float
    acceptance: Shares

    @derived
    def slot(self) -> int:
        """Slot of the name in every stream of random numbers."""
        return key_of(self.name)


class Theatre(Section):
    """A region with its community of supporters."""

    name: str
    sympathy: float
    donors: float
    military: float
    pressure: DatedShare
    insurgency: DatedFactor
    know_how: DatedFactor
    claims: DatedFactor

    @derived
    def slot(self) -> int:
        """Slot of the name in every stream of random numbers."""
        return key_of(self.name)


class Kind(Section):
    """A kind of intermediary."""

    count: int
    fee: float
    strictness: float
    strictness_compliant: float
    listed: float
    market: float
    lawful: float


class Intermediaries(Section):
    """Those who move money for others."""

    compliant: float
    concentration: float
    moving: float
    lost: float
    pool: float
    pool_sigma: float
    pool_jumps: float
    pool_jump: float
    bank: Kind
    exchange: Kind
    processor: Kind
    hawala_broker: Kind
    otc_trader: Kind
    courier: Kind


class Screening(Section):
    """Screening of a gift by the donor's intermediary."""

    suspicion: float
    block: float


# --- the group -------------------------------------------------------------------------------------------------------


class Revenue(Section):
    """Local revenue of a cell."""

    tax: float
    oil: float
    looting: float
    kidnap: float
    insurgent: float


class Cell(Section):
    """One cell of the group."""

    kind: Literal["treasury", "province", "external"]
    theatre: str
    core: bool
    fighters: int
    fighters_reference: float
    attacks_reference: float
    floor: float
    self_financed: bool
    revenue: Revenue


class Group(Section):
    """Income, spending and people of the group."""

    profile: str
    real: bool
    reserves: float
    income: float
    holding_cost: float
    outflow: float
    saving: float
    drawdown: float
    remit: float
    routing: float
    renewal: float
    wage: float
    protection: float
    operations: float
    hops: int
    hop_cost: float
    hop_seen: float
    skim: float
    carrier: str
    recruits: float
    recruits_limit: float
    rejoin: float
    leaving: float
    arrears: float
    replacement: float
    replacement_from: float
    replacement_time: float
    cells: dict[str, Cell]


class Combat(Section):
    """Attacks from people, money and know-how."""

    people: float
    money: float
    substitution: float
    attack_cost: float
    kernel: Shares
    branching: float
    excitation_decay: float
    deaths: float
    severe_share: float
    severe_from: float
    severe_exponent: float
    deaths_cap: int
    inspired: float

    @field_validator("kernel")
    @classmethod
    def _weeks(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if len(value) != KERNEL_WEEKS or not sum(value) > 0:
            raise ValueError(f"allowed are {KERNEL_WEEKS} numbers, not all zero")
        return value

    @derived
    def echoes(self) -> Shares:
        """Weights exp(-s / tau) of the attacks of the last weeks, last week first."""
        return tuple(math.exp(-(s + 1.0) / self.excitation_decay) for s in range(EXCITATION_WEEKS))

    @derived
    def log_survival(self) -> float:
        """Logarithm of the ratio of a geometric distribution with the mean deaths; 0 if the mean is 0."""
        return math.log(self.deaths / (1.0 + self.deaths)) if self.deaths > 0.0 else 0.0


class Adaptation(Section):
    """The group's own choice of rail."""

    mode: Literal["none", "logit"]
    appeal: str
    sensitivity: float
    expected: float
    no_coin: float
    inertia: float
    memory: float
    every: int


# --- enforcement, policies and observers -----------------------------------------------------------------------------


class Vendor(Section):
    """Accuracy of a chain analyst's attribution."""

    profile: str
    recall: float
    false_positive: float
    misreads_pool: float


class Staff(Section):
    """Staff of each agency, in staff-weeks a week."""

    fiu: float
    chain_analyst: float
    regulator: float
    prosecutor: float
    military: float
    communicators: float


class Enforcement(Section):
    """Agencies, their capacity and their results."""

    staff: Staff
    staff_week: float
    vendor: Vendor
    reports_followed: float
    report_rate: float
    report_life: float
    hops: int
    transfers_examined: float
    records_examined: float
    records_recall: float
    records_false_positive: float
    lawful_transfer: float
    lookalike: float
    off_ledger: float
    arrests: float
    arrest: float
    forfeiture: float
    lawful_balance: float
    sanctions: float
    exposure_memory: float
    raids: float
    effort_follows: float
    effort_memory: float


class Effects(Section):
    """Effect of each policy at full intensity."""

    exchange_kyc: float
    privacy_delisting: float
    delisting_spread: float
    chain_analytics: float
    issuer_freezing: float
    donor_prosecution: float
    hawala_licensing: float
    licensing_spread: float
    licensing_seen: float
    licensing_leave: float
    takedown_audience: float
    channel_takedown: float
    revenue_strikes: float
    strike_repair: float
    decapitation: float
    leader_know_how: float
    leader_recovery: float
    kinetic_pressure: float
    kinetic_opportunity: float
    counter_inspiration: float


class Backlash(Section):
    """Signed responses to force, arrests and loss of leaders, of the rule ``backlash``."""

    attacks: float
    by_force: float
    by_arrests: float
    by_leaders: float


def policy_of(effect: str) -> str:
    """Return the policy to which a parameter of `Effects` belongs."""
    return row_of(Effects.model_fields[effect])["policy"] or effect


class Policy(Section):
    """A policy: its start, ramp, intensity and staff."""

    start: date
    ramp: int
    intensity: float
    staff_weeks: float
    agency: Literal["fiu", "chain_analyst", "regulator", "prosecutor", "military", "communicators"]


class Observer(Section):
    """Observations by outsiders; they have their own random numbers, so observation never changes the run."""

    enabled: bool
    seed: int
    database: float
    first_year: float


# --- time, shocks and report -----------------------------------------------------------------------------------------


class Horizon(Section):
    """First day and length of a run."""

    start: date
    weeks: int


class Shock(Section):
    """A shock: type, date, target and size; each type reads some of the fields."""

    type: Literal[ConditionName, EventName]
    enabled: bool
    at: date | None
    path: DatedFactor
    target: str | None
    rail: str | None
    mode: Literal["none", "announcement", "full", "asked"] | None
    size: float
    half_life: float

    @cached_property
    def first_day(self) -> date:
        """The first of its dates."""
        return min(day for day in (self.at, *self.path) if day)


class Report(Section):
    """Windows and margin of the measures of a run."""

    switch: date | None
    window: int
    beside: tuple[Annotated[int, Field(ge=1, le=520)], ...]
    margin: float


# --- the whole -------------------------------------------------------------------------------------------------------


class Sections(Section):
    """The parameters of a scenario, each within its own range; `Scenario` validates them together."""

    seed: int
    rules: Rules
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
    backlash: Backlash
    policies: dict[str, Policy]
    shocks: dict[str, Shock]
    adaptation: Adaptation
    observer: Observer
    report: Report
