"""Rails, theatres, intermediaries and their screening."""

from typing import Self

from pydantic import model_validator

from sim.engine.constants import key_of
from sim.engine.parameters import Section, derived
from sim.scenario.types import DatedFactor, DatedShare, KindName, Shares


class Traceability(Section):
    """Information that an observer with full access can obtain from one transfer on a rail."""

    link: float
    false_link: float
    identify: float
    freeze: float
    lag: float
    memory: float | None
    eras: DatedShare

    @model_validator(mode="after")
    def _possible(self) -> Self:
        most = max((self.link, *self.eras.values())) + self.false_link
        if most > 1:
            raise ValueError(f"link + false_link = {most:g}: allowed is at most 1")
        return self


class Rail(Section):
    """A currency or another way to move value."""

    name: str
    ledger: bool
    private: bool
    traceability: Traceability
    offered_by: tuple[KindName, ...]
    informal: bool
    constant: float
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
