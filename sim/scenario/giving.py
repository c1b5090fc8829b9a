"""Giving: the population of donors, their gifts, their choice of rail, appeals, sympathy and perceived risk."""

from datetime import date

from sim.engine.parameters import Section, attribute, parameter, setting, share


class Population(Section):
    """The population of potential donors."""

    donors: int = setting(
        "donors", 0, 20_000_000, "number of potential donors; rates are per donor, so more donors give more"
    )
    abroad: float = share("share of donors who live abroad, outside the theatres")
    propensity_shape: float = parameter(
        "", 0.05, 5, "shape of the gamma of giving propensities (mean 1)", "facts:gift-tail", plausible=(0.1, 0.4)
    )
    risk_aversion_shape: float = parameter("", 0.2, 20, "shape of the gamma of risk aversion (mean 1)")
    literacy_a: float = parameter("", 0.3, 20, "first shape of the beta of literacy", plausible=(1, 4))
    literacy_b: float = parameter("", 0.3, 20, "second shape of the beta of literacy", plausible=(1.5, 6))


class Giving(Section):
    """Frequency and size of gifts."""

    public_rate: float = parameter(
        "attempts/donor/year",
        0,
        5,
        "attempts at public crypto campaigns before thinning",
        "facts:campaign-first",
        plausible=(0.006, 0.24),
    )
    network_rate: float = parameter(
        "attempts/donor/year",
        0,
        10,
        "attempts at network appeals before thinning",
        "facts:revenue-donations",
        plausible=(1.1, 9.6),
    )
    visibility: float = share("chance that a donor who would give sees an appeal", plausible=(0.2, 0.8))
    bound: float = setting(
        "", 0.05, 3, "largest sympathy x visibility x conflict before thinning; the same in all arms"
    )
    median: float = parameter("USD", 1, 5000, "median of ordinary gifts", "facts:campaign-first", plausible=(40, 160))
    sigma: float = parameter("", 0.1, 3, "log-sd of ordinary gifts", "facts:gift-tail", plausible=(0.8, 1.4))
    large_share: float = parameter("share", 0, 0.5, "share of large gifts", "facts:gift-tail", plausible=(0.02, 0.1))
    large_from: float = parameter("USD", 10, 20_000, "smallest large gift", "facts:gift-tail")
    large_exponent: float = parameter(
        "", 1.05, 4, "Pareto exponent of large gifts", "facts:gift-tail", plausible=(1.3, 2.2)
    )
    cap: float = parameter("USD", 100, 1_000_000, "largest gift")


class Choice(Section):
    """Coefficients of the multinomial logit of a donor's choice of rail (McFadden 1974)."""

    cost: float = parameter("1/share", 0, 50, "aversion to fee plus spread", plausible=(1.7, 15))
    risk: float = parameter("1/risk", 0, 30, "aversion to perceived risk", plausible=(1, 9))
    skill: float = parameter("1/literacy", 0, 30, "aversion to a rail harder than one can use", plausible=(1, 9))
    habit: float = parameter("", 0, 10, "pull of the habitual rail", plausible=(0.5, 4.5))
    ask: float = parameter("", 0, 10, "pull of the rail that the appeal asks for", plausible=(0.33, 3))


class Appeal(Section):
    """An appeal for money: a public campaign, or word of mouth in a network."""

    name: str = attribute("name of the appeal")
    public: bool = attribute("a public campaign, or a network appeal")
    rails: tuple[str, ...] = attribute("rails it accepts; a campaign asks for the first")
    opens: date = attribute("first day", source="facts:privacy-switch-date")
    weight: float = parameter("", 0, 1000, "size relative to appeals of its kind before chance")


class Campaigns(Section):
    """Differences between public campaigns, and the life of their channels."""

    sigma: float = parameter(
        "", 0, 2.5, "log-sd of size between campaigns (mean 1)", "facts:campaign-typical", plausible=(1, 2.5)
    )
    life: float = parameter("weeks", 1, 520, "mean life of a channel", "facts:takedown-weak", "A")
    reopen: int = parameter("weeks", 0, 52, "time until a channel reopens after a takedown")
    audience_lost: float = share("audience lost at a takedown", plausible=(0.1, 0.5))
    rebuild: float = parameter("weeks", 1, 260, "half-life of the recovery of the audience", plausible=(8, 52))


class Inspiration(Section):
    """Sympathy and perceived risk in the communities."""

    memory: float = parameter("weeks", 1, 520, "time constant of sympathy (tau)", plausible=(8, 104))
    publicity: float = parameter(
        "share", 0, 0.6, "share of sympathy that depends on publicity; 0 cuts the loop", plausible=(0, 0.6)
    )
    by_deaths: bool = attribute("publicity counts log(1 + deaths) instead of attacks")
    reference: float = parameter("per week", 0.1, 10_000, "publicity at which sympathy is constant")
    elsewhere: float = share("weight of publicity from other theatres", plausible=(0, 0.5))
    risk_memory: float = parameter("weeks", 0.5, 260, "half-life of perceived risk", plausible=(4, 52))
    salience: float = parameter(
        "per event",
        0,
        10,
        "rise of perceived risk by one known arrest or freeze among 10,000 donors",
        plausible=(0.1, 0.9),
    )
    hearsay: float = share("weight of events in other communities", plausible=(0, 0.6))
    inherited: float = share(
        "share of the perceived risk of an appeal's former rails that passes to its new rail", plausible=(0, 1)
    )
    pause: int = parameter("weeks", 0, 520, "how long a donor whose gift was blocked does not give", plausible=(4, 52))
