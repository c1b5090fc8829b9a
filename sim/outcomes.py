"""What a run yields: one record a week, which is also the group's books to the cent."""

from dataclasses import dataclass

from sim.records import F8, I1, I8, Floats, Ints, Record
from typing import Annotated

type RailCents = Annotated[Ints, ("i8", 12)]
type RailCounts = Annotated[Ints, ("i8", 12)]
type RailFlags = Annotated[Ints, ("i1", 12)]
type TheatreCounts = Annotated[Ints, ("i8", 10)]
type TheatreFloats = Annotated[Floats, ("f8", 10)]


class Week(Record):
    """One week's outcomes and books; money in cents by rail."""

    # the week's gifts and leads: rows of the ledger
    first_gift: I8
    last_gift: I8
    due: I8  # first gift whose lead falls due this week; the chain goes on in Gift.next
    found: I8  # first gift found this week
    serves: RailFlags  # whether any intermediary serves the rail
    # donors
    attempts: I8
    gifts: RailCounts
    campaign_given: I8  # cents given to public campaigns
    campaign_delivered: I8  # cents
    paused: I8  # donors who begin to pause
    deterred: I8  # donors who pause
    arrested: I8  # donors in all
    # books: what comes in
    opening: RailCents
    given: RailCents
    collected: RailCents
    price: RailCents
    converted_in: RailCents
    # books: what goes out
    blocked: RailCents
    fees: RailCents
    skimmed: RailCents
    spent: RailCents
    frozen: RailCents
    raided: RailCents
    converted_out: RailCents
    # books: what is left
    held: RailCents
    forfeited: RailCents  # out of custody
    custody: RailCents
    # memoranda
    delivered: RailCents
    operations: I8  # cents, part of spent
    pay: I8  # cents, part of spent
    outflow: I8  # cents, part of spent
    reserves: I8  # cents, all that the treasury holds
    # people
    fighters: TheatreCounts
    recruits: I8
    left: I8
    killed: I8
    # attacks
    capacity: TheatreFloats
    rate: TheatreFloats
    capacity_core: F8
    capacity_network: F8
    rate_core: F8
    rate_network: F8
    attacks: TheatreCounts
    attacks_core: I8
    deaths: TheatreCounts
    inspired: I8
    sympathy: TheatreFloats
    risk: Annotated[Floats, ("f8", 12)]  # perceived risk by rail, mean of communities
    # enforcement
    reports: I8
    false_reports: I8
    followed: I8
    backlog: F8
    cases: I8
    followed_share: Annotated[Floats, ("f8", 12)]  # share of the analyst's leads followed, by rail
    arrests: I8
    true_attributions: I8
    false_attributions: I8
    lawful_frozen: I8  # cents
    closed: I8  # intermediaries that do not serve
    # observers
    claims: I8
    recorded: I8
    crypto_estimate: I8  # cents
    pool_claim: I8  # cents


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an outcome is shown: its label, its unit, and which direction is better for those who disrupt."""

    name: str
    label: str
    unit: str
    better: str
