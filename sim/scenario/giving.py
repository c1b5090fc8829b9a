"""Giving: the population of donors, their gifts, their choice of rail, appeals, sympathy and perceived risk."""

from datetime import date

from sim.engine.parameters import Section


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
