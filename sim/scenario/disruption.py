"""Disruption: agencies, vendors, policies and their effects; and the observers outside."""

from datetime import date
from typing import Literal

from sim.engine.parameters import Section, row_of
from sim.scenario.types import DatedFactor


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
    claims: DatedFactor
    database: float
    first_year: float
