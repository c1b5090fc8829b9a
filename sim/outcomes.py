"""What a run yields: one record a week, which is also the group's books to the cent."""

from dataclasses import dataclass
from typing import Annotated, Literal

from sim.records import (
    F8,
    I8,
    CentsByRail,
    CountsByRail,
    CountsByTheatre,
    FlagsByRail,
    FloatsByRail,
    FloatsByTheatre,
    Ints,
    Record,
)


class Week(Record):
    """One week's outcomes and books; money in cents by rail."""

    # the week's gifts and leads: rows of the ledger
    first_gift: I8
    last_gift: I8
    due: I8  # first gift whose lead falls due this week; the chain goes on in Gift.next
    found: I8  # first gift found this week
    serves: FlagsByRail  # whether any intermediary serves the rail
    # donors
    attempts: I8
    gifts: CountsByRail
    campaign_given: I8  # cents given to public campaigns
    campaign_delivered: I8  # cents
    paused: I8  # donors who begin to pause
    deterred: I8  # donors who pause
    arrested: I8  # donors in all
    # books: what comes in
    opening: CentsByRail
    given: CentsByRail
    collected: CentsByRail
    price: CentsByRail
    converted_in: CentsByRail
    # books: what goes out
    blocked: CentsByRail
    fees: CentsByRail
    skimmed: CentsByRail
    spent: CentsByRail
    frozen: CentsByRail
    raided: CentsByRail
    converted_out: CentsByRail
    # books: what is left
    held: CentsByRail
    forfeited: CentsByRail  # out of custody
    custody: CentsByRail
    # memoranda
    delivered: CentsByRail
    revenue: Annotated[Ints, ("i8", 5)]  # cents before costs: tax, oil, looting, kidnap, insurgent
    operations: I8  # cents, part of spent
    pay: I8  # cents, part of spent
    outflow: I8  # cents, part of spent
    reserves: I8  # cents, all that the treasury holds
    # people
    fighters: CountsByTheatre
    recruits: I8
    left: I8
    killed: I8
    # attacks
    know_how: FloatsByTheatre  # of the cells there, after leaders' deaths
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
    followed_share: FloatsByRail  # share of the analyst's leads followed, by rail
    arrests: I8
    true_attributions: I8
    false_attributions: I8
    lawful_frozen: I8  # cents
    lawful_hindered: I8  # cents
    closed: I8  # intermediaries that do not serve
    # observers
    claims: I8
    recorded: I8
    crypto_estimate: I8  # cents
    pool_claim: I8  # cents


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an outcome, or another column of a table, is shown.

    Its label, its unit, which direction is better for those who disrupt, and the words that it may hold if they are
    few.
    """

    label: str
    unit: str = ""
    better: Literal["lower", "higher", "neither"] = "neither"
    levels: tuple[str, ...] = ()


OUTCOMES: dict[str, Outcome] = {
    "capacity": Outcome("attack capacity", "attacks/week", "lower"),
    "capacity_core": Outcome("attack capacity, core provinces", "attacks/week", "lower"),
    "capacity_network": Outcome("attack capacity, global network", "attacks/week", "lower"),
    "know_how": Outcome("know-how", "", "lower"),
    "rate": Outcome("attack rate (capacity x opportunity)", "attacks/week", "lower"),
    "rate_core": Outcome("attack rate, core provinces", "attacks/week", "lower"),
    "rate_network": Outcome("attack rate, global network", "attacks/week", "lower"),
    "attacks": Outcome("attacks", "attacks/week", "lower"),
    "attacks_core": Outcome("attacks, core provinces", "attacks/week", "lower"),
    "deaths": Outcome("deaths", "deaths/week", "lower"),
    "inspired": Outcome("inspired attacks abroad", "attacks/week", "lower"),
    "given": Outcome("gifts given", "USD/week", "lower"),
    "campaign_given": Outcome("gifts given to public campaigns", "USD/week", "lower"),
    "campaign_delivered": Outcome("gifts delivered by public campaigns", "USD/week", "lower"),
    "delivered": Outcome("gifts delivered", "USD/week", "lower"),
    "collected": Outcome("local revenue after the cost of territory, and money from outside", "USD/week", "lower"),
    "revenue": Outcome("local revenue before the cost of territory", "USD/week", "lower"),
    "price": Outcome("gained or lost by price moves", "USD/week", "lower"),
    "blocked": Outcome("gifts blocked (returned)", "USD/week", "higher"),
    "frozen": Outcome("frozen", "USD/week", "higher"),
    "seized": Outcome("seized", "USD/week", "higher"),
    "fees": Outcome("fees and spreads", "USD/week", "higher"),
    "skimmed": Outcome("skimmed on the way", "USD/week", "higher"),
    "spent": Outcome("spent", "USD/week", "lower"),
    "operations": Outcome("spent on operations", "USD/week", "lower"),
    "pay": Outcome("spent on pay", "USD/week", "lower"),
    "outflow": Outcome("reserves lost to families, affiliates and losses", "USD/week", "higher"),
    "held": Outcome("held in all", "USD", "lower"),
    "reserves": Outcome("reserves of the treasury", "USD", "lower"),
    "fighters": Outcome("fighters", "persons", "lower"),
    "recruits": Outcome("fighters who joined", "persons/week", "lower"),
    "left": Outcome("fighters who left", "persons/week", "higher"),
    "killed": Outcome("fighters killed or captured", "persons/week", "neither"),
    "gifts": Outcome("gifts", "gifts/week", "lower"),
    "share": Outcome("share of gifts", "share", "neither"),
    "sympathy": Outcome("sympathy", "share", "lower"),
    "risk": Outcome("perceived risk", "share", "higher"),
    "donors_active": Outcome("donors who may give", "donors", "lower"),
    "deterred": Outcome("donors deterred", "donors", "higher"),
    "arrested": Outcome("donors arrested so far", "donors", "neither"),
    "reports": Outcome("true reports", "reports/week", "higher"),
    "false_reports": Outcome("false reports", "reports/week", "lower"),
    "followed": Outcome("reports followed up", "reports/week", "higher"),
    "backlog": Outcome("reports that wait", "reports", "lower"),
    "cases": Outcome("reports and leads examined", "cases/week", "neither"),
    "true_attributions": Outcome("true attributions", "gifts/week", "higher"),
    "false_attributions": Outcome("false attributions", "attributions/week", "lower"),
    "lawful_frozen": Outcome("lawful money frozen", "USD/week", "lower"),
    "lawful_hindered": Outcome("lawful money blocked, stranded, delisted or made dearer", "USD/week", "lower"),
    "closed": Outcome("intermediaries that do not serve", "intermediaries", "neither"),
    "claims": Outcome("attacks claimed", "claims/week", "neither"),
    "recorded": Outcome("attacks in a public database", "attacks/week", "neither"),
    "crypto_estimate": Outcome("first estimate of crypto received", "USD/week", "neither"),
    "pool_claim": Outcome("pooled wallet misread as the group's", "USD/week", "lower"),
}
"""Every outcome by name; in tables a rail's or theatre's name may follow (``given_bitcoin``, ``attacks_iraq``)."""

OF_THE_RUN: dict[str, Outcome] = {
    "loop_gain": Outcome("gain of the loop attacks, sympathy, attacks", "", "lower"),
    "precision": Outcome("attributions that are true", "share", "higher"),
    "recall": Outcome("gifts that came to be known", "share", "higher"),
}
"""What else a run is judged by: numbers of the whole run."""
