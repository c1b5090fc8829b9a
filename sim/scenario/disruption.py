"""Disruption: agencies, vendors, policies and their effects; and the observers outside."""

from datetime import date
from typing import Literal

from sim.engine.parameters import Section, attribute, chance, lever, parameter, setting, share
from sim.scenario.types import DatedFactor


class Vendor(Section):
    """Accuracy of a chain analyst's attribution."""

    profile: str = attribute("name of the vendor profile")
    recall: float = chance(
        "a linked group transfer is attributed", "facts:bitcoin-clustering-recall", "A", plausible=(0.36, 0.95)
    )
    false_positive: float = chance(
        "a lawful transfer is attributed to the group", "facts:vendor-clustering", "B", plausible=(0.0005, 0.02)
    )
    misreads_pool: float = chance("a jump of a pooled wallet is read as the group's", "facts:claim-sri-lanka", "B")


class Staff(Section):
    """Staff of each agency, in staff-weeks a week."""

    fiu: float = parameter("staff-weeks/week", 0, 1e9, "financial intelligence unit")
    chain_analyst: float = parameter("staff-weeks/week", 0, 1e9, "chain analyst")
    regulator: float = parameter("staff-weeks/week", 0, 1e9, "regulator")
    prosecutor: float = parameter("staff-weeks/week", 0, 1e9, "prosecutor")
    military: float = parameter("staff-weeks/week", 0, 1e9, "military")
    communicators: float = parameter("staff-weeks/week", 0, 1e9, "communicators")


class Enforcement(Section):
    """Agencies, their capacity and their results."""

    staff: Staff
    vendor: Vendor
    reports_followed: float = parameter(
        "reports/staff-week", 0, 1000, "reports that the intelligence unit follows", "facts:str-followed-up", "A"
    )
    report_rate: float = parameter("reports/USD million", 0, 1000, "false reports on lawful money, at full strictness")
    report_life: float = parameter("weeks", 0.5, 520, "half-life of a report in the backlog")
    hops: int = parameter("transfers", 1, 20, "transfers between a donor and the group that a trace must follow")
    transfers_examined: float = parameter("transfers/staff-week", 0, 1e6, "transfers that a chain analyst examines")
    records_examined: float = parameter(
        "transfers/staff-week", 0, 1e6, "transfers in records of banks and brokers that the intelligence unit examines"
    )
    records_recall: float = chance("a group transfer rightly linked in records is attributed")
    records_false_positive: float = chance("a lawful transfer in records is attributed to the group")
    lawful_transfer: float = parameter("USD", 1, 1e6, "size of a lawful transfer that resembles the group's")
    lookalike: float = share(
        "share of lawful transfers that resemble the group's and must be examined", plausible=(0.0005, 0.01)
    )
    off_ledger: float = parameter(
        "1/year", 0, 0.05, "gifts discovered off the ledger (devices, informants, records)", plausible=(0, 0.05)
    )
    arrests: float = parameter("arrests/staff-week", 0, 100, "arrests that the prosecutor can make")
    arrest: float = chance("an identified donor is arrested", plausible=(0.1, 0.6))
    forfeiture: float = parameter("weeks", 0.5, 520, "half-life from freezing to final seizure", plausible=(8, 104))
    lawful_balance: float = parameter("USD", 0, 1e7, "lawful balance frozen by one false attribution")
    sanctions: float = parameter(
        "1/staff-week/year",
        0,
        52,
        "sanctions that a staff-week a week can bring about, once there is evidence",
        plausible=(0.05, 2),
    )
    exposure_memory: float = parameter("weeks", 1, 520, "half-life of an intermediary's record of traced gifts")
    raids: float = share("cash of a cell lost with a fighter, share of the cash per fighter")
    effort_follows: float = share("share of an agency's effort that follows its evidence without a policy")
    effort_memory: float = parameter("weeks", 1, 260, "half-life in which an adaptive agency moves its effort")


class Effects(Section):
    """Effect of each policy at full intensity."""

    exchange_kyc: float = share(
        "gap to full strictness that exchanges, processors and traders close", plausible=(0.3, 1)
    )
    privacy_delisting: float = share("intermediaries that drop privacy coins", plausible=(0.2, 1))
    delisting_spread: float = parameter(
        "share",
        0,
        0.5,
        "added cost of cashing privacy coins",
        "facts:otc-premium",
        plausible=(0, 0.15),
        policy="privacy_delisting",
    )
    chain_analytics: float = share(
        "gap to full recall that the vendor closes", "facts:vendor-clustering", "B", plausible=(0.3, 1)
    )
    issuer_freezing: float = share("gap to certain freezing that issuers and custodians close", plausible=(0.3, 1))
    donor_prosecution: float = share("gap to certain arrest that prosecution closes", plausible=(0.3, 1))
    hawala_licensing: float = share("gap to full strictness that brokers close", plausible=(0.1, 0.8))
    licensing_spread: float = parameter(
        "share",
        0,
        0.2,
        "added cost of hawala",
        "facts:hawala-fee-conflict",
        plausible=(0, 0.1),
        policy="hawala_licensing",
    )
    licensing_seen: float = chance(
        "added chance that a transfer of an informal carrier is seen", policy="hawala_licensing"
    )
    takedown_audience: float = share("audience lost at a takedown", plausible=(0.3, 0.9), policy="channel_takedown")
    channel_takedown: float = parameter(
        "weeks", 0.2, 43, "mean life of a channel", "facts:takedown-strong", "A", plausible=(1, 10)
    )
    revenue_strikes: float = parameter(
        "share/week", 0, 0.5, "oil capacity destroyed in a week", "facts:oil-strikes-effect", "B", plausible=(0.01, 0.1)
    )
    strike_repair: float = parameter(
        "1/week",
        0,
        1,
        "share of the damage that is repaired in a week",
        "facts:oil-strikes-effect",
        plausible=(0.02, 0.15),
        policy="revenue_strikes",
    )
    decapitation: float = parameter("1/year", 0, 12, "leaders killed", plausible=(0.3, 3))
    leader_know_how: float = share("know-how lost with a leader", plausible=(0, 0.3), policy="decapitation")
    leader_recovery: float = parameter(
        "weeks", 1, 260, "half-life of the recovery of that loss", plausible=(8, 52), policy="decapitation"
    )
    kinetic_pressure: float = parameter(
        "share/week", 0, 0.1, "fighters killed or captured on top", plausible=(0.001, 0.015)
    )
    kinetic_opportunity: float = share(
        "fall of opportunity under full pressure", plausible=(0, 0.4), policy="kinetic_pressure"
    )
    counter_inspiration: float = share("fall of sympathy in the long run", plausible=(0.05, 0.6))


def policy_of(effect: str) -> str:
    """Return the policy to which a parameter of `Effects` belongs."""
    about = Effects.model_fields[effect].json_schema_extra
    return str((isinstance(about, dict) and about["policy"]) or effect)


class Policy(Section):
    """A policy: its start, ramp, intensity and staff."""

    start: date = lever("", None, None, "first day")
    ramp: int = lever("weeks", 0, 520, "weeks until full intensity")
    intensity: float = lever("share", 0, 1, "intensity")
    staff_weeks: float = lever("staff-weeks/week", 0, 1e9, "staff added to the agency at full intensity")
    agency: Literal["fiu", "chain_analyst", "regulator", "prosecutor", "military", "communicators"] = lever(
        "", None, None, "whose staff"
    )


class Observer(Section):
    """Observations by outsiders; they have their own random numbers, so observation never changes the run."""

    enabled: bool = setting("", None, None, "whether outsiders observe")
    seed: int = setting("", 0, 2**63 - 1, "seed of the observers' random numbers")
    claims: DatedFactor = parameter(
        "ratio", None, None, "claimed over true attacks, linear between dates", "facts:observation-claims", "D"
    )
    database: float = share("attacks that a public database records", "facts:observation-gtd", "D")
    first_year: float = share("first estimate of crypto over the later one", "facts:attribution-recall-year-one", "D")
