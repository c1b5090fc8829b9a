"""Policies: the levers that disrupt. A lever has an intensity; the rules say what that does, beside what it acts on."""

from sim.compiling import rule
from sim.records import F8, Record


class Levers(Record):
    """Intensity of each policy this week, 0..1, and the staff-weeks it adds to each agency.

    Written by the events of the timeline alone. What a lever does stands where it acts: ``effects.NAME`` is the effect
    at full intensity.
    """

    exchange_kyc: F8
    privacy_delisting: F8
    chain_analytics: F8
    issuer_freezing: F8
    donor_prosecution: F8
    hawala_licensing: F8
    channel_takedown: F8
    revenue_strikes: F8
    decapitation: F8
    kinetic_pressure: F8
    counter_inspiration: F8
    adaptive: F8


@rule
def closing(gap: float, by: float) -> float:
    """A value in 0..1 from which a share of the gap to 1 is closed: gap + (1 - gap) by."""
    return gap + (1.0 - gap) * by
