"""Rails, theatres, intermediaries and their screening."""

from typing import Self

from pydantic import model_validator

from sim.engine.constants import MAX_DELAY, key_of
from sim.engine.parameters import Section, attribute, chance, derived, parameter, setting, share
from sim.scenario.types import DatedFactor, DatedShare, KindName, Shares


class Traceability(Section):
    """Information that an observer with full access can obtain from one transfer on a rail."""

    link: float = chance("correct link of the two ends of one transfer", "facts:monero-per-hop", "D")
    false_link: float = chance("confident wrong link", "facts:monero-ring16-timing", "D")
    identify: float = chance("a linked end at a strict intermediary leads to a person")
    freeze: float = chance("an attributed balance can be frozen", "facts:frozen-share-stablecoin", "D")
    lag: float = parameter(
        "weeks", 0.01, 520, "half-life of discovery", "facts:attribution-recall-year-one", "D", plausible=(13, 26)
    )
    memory: float | None = parameter("weeks", 0, 5200, "time for which a transfer is traceable; null is for ever")
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

    name: str = attribute("name of the rail")
    ledger: bool = attribute("whether transfers are on a public ledger")
    private: bool = attribute("whether it counts as a privacy coin to regulators")
    traceability: Traceability
    offered_by: tuple[KindName, ...] = attribute("kinds of intermediary that offer it")
    informal: bool = attribute("whether brokers outside banks move it")
    constant: float = parameter("utility", -10, 10, "logit constant against not giving")
    fee: float = parameter("share", 0, 0.5, "fee of a transfer", "facts:hawala-fee-conflict")
    spread: float = parameter("share", 0, 0.5, "cost of turning it into spendable cash", "facts:otc-premium")
    delay: int = parameter("weeks", 0, MAX_DELAY - 1, "time a transfer takes")
    limit: float = parameter("USD/week", 0, 1e12, "most that the group can convert in a week", "facts:xmr-liquidity")
    volatility: float = parameter(
        "per sqrt(year)",
        0,
        3,
        "annual volatility; weekly lognormal steps have mean 1",
        "facts:btc-volatility",
        plausible=(0.4, 1.5),
    )
    literacy: float = parameter("skill", 0, 1, "skill a donor needs to use it")
    acceptance: Shares = parameter(
        "share", None, None, "share of holdings on it that can be cashed in a week, by theatre"
    )

    @derived
    def slot(self) -> int:
        """Slot of the name in every stream of random numbers."""
        return key_of(self.name)


class Theatre(Section):
    """A region with its community of supporters."""

    name: str = attribute("name of the theatre")
    sympathy: float = share("sympathy of the community at the start and in the long run")
    donors: float = share("share of the donors who do not live abroad")
    military: float = share("how far the military levers of policy reach here; 0 abroad")
    pressure: DatedShare = parameter(
        "share/week", None, None, "fighters killed or captured by security forces, from a date on"
    )
    insurgency: DatedFactor = parameter(
        "share",
        None,
        None,
        "rebuilt share of income without territory, linear between dates",
        "facts:insurgent-income-anbar",
    )
    know_how: DatedFactor = parameter("", None, None, "know-how of the cells, linear between dates (regrouping)")

    @derived
    def slot(self) -> int:
        """Slot of the name in every stream of random numbers."""
        return key_of(self.name)


class Kind(Section):
    """A kind of intermediary."""

    count: int = setting("", 0, 1000, "how many")
    fee: float = parameter("share", 0, 0.2, "its fee on top of the rail's")
    strictness: float = share("screening strictness where the jurisdiction is lax", "facts:exchange-kyc-weak", "B")
    strictness_compliant: float = share("screening strictness where the jurisdiction complies")
    listed: float = share("share of them that list privacy coins", "facts:exchange-lists-privacy", "B")
    market: float = parameter("", 0, 100, "weight of the kind where several kinds offer a rail")
    lawful: float = parameter(
        "USD/week", 0, 1e12, "lawful money that passes through one of them", "facts:illicit-share"
    )


class Intermediaries(Section):
    """Those who move money for others."""

    compliant: float = share(
        "share of jurisdictions that comply", "facts:fatf-r15-compliant", "B", plausible=(0.25, 0.5)
    )
    concentration: float = parameter(
        "", 0, 3, "Zipf exponent of market shares within a kind", "facts:waterbed", plausible=(0.5, 1.5)
    )
    moving: float = parameter(
        "weeks", 0.1, 52, "half-life in which customers leave a closed one", "facts:waterbed", "A", plausible=(1, 13)
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
    """Screening of a gift by the donor's intermediary."""

    suspicion: float = chance("an identified gift is flagged among lawful flows", plausible=(0.005, 0.3))
    block: float = share("share of those that is returned; the rest is reported and passes", plausible=(0.1, 0.9))
