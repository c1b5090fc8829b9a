"""Outcomes: label, unit and direction of every column that a run yields."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Outcome:
    """Description of an outcome or of another column of a table.

    Attributes:
        label: label in tables and figures.
        unit: unit of measurement.
        better: direction that is better for those who disrupt.
        levels: the values of the column, if it holds a few words.
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
"""Measures of the whole run."""
