"""Runs that tests compare on common random numbers, and worlds with a single mechanism."""

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

import numpy as np

from sim.config import load
from sim.engine.parameters import record_of
from sim.engine.records import rule_view
from sim.model import Model
from sim.scenario import Scenario, Shock
from tests.worlds import gifts_of, run_of

SEEDS = range(1, 11)

NO_PRACTICE = tuple(f"shocks.{name}.enabled=false" for name in ("delistings", "issuer_freezes", "travel_rule"))
"""Exchanges, issuers and regulators do what they did at the start."""

NO_RESPONSE = (
    "inspiration.publicity=0", "choice.risk=0", "enforcement.arrest=0", "enforcement.sanctions=0",
    "inspiration.pause=0", "choice.habit=0", *NO_PRACTICE, "rails.bitcoin.traceability.eras={}",
)  # fmt: skip
"""Nobody answers to attacks, arrests, sanctions, blocks or the past: the same ones give, whatever enforcement does."""

NO_ENFORCEMENT = (
    "enforcement.off_ledger=0", "screening.suspicion=0", "enforcement.staff.fiu=0", "enforcement.staff.prosecutor=0",
    "enforcement.staff.chain_analyst=0", "enforcement.staff.regulator=0", "enforcement.staff.military=0",
    "enforcement.staff.communicators=0",
)  # fmt: skip
"""Nobody screens, traces or finds anything."""

GIVING_ALONE = (*NO_RESPONSE, *NO_ENFORCEMENT)
"""Giving without enforcement and without any response."""

MANY_GIFTS = ("population.donors=20000", "giving.public_rate=5", "campaigns.sigma=0")
"""So many gifts to public campaigns, of the size that is their mean, that shares can be read off one run."""


@cache
def scenario(*overrides: str) -> Scenario:
    """The default with overrides, composed once."""
    return load(*overrides)


def model_of(which: Scenario, seed: int = 1) -> Model:
    """A finished run with another seed."""
    return run_of(which.model_copy(update={"seed": seed}))


@lru_cache(maxsize=64)
def run(seed: int, *overrides: str) -> Model:
    """A finished run of the default with overrides."""
    return model_of(scenario(*overrides), seed)


def with_shock(which: Scenario, **about: Any) -> Scenario:
    """The scenario with one more shock."""
    blank: dict[str, Any] = {"enabled": True, "at": None, "path": {}, "target": None, "rail": None}
    extra = Shock(**(blank | {"mode": None, "size": 0.0, "half_life": 20.0} | about))
    return which.model_copy(update={"shocks": {**which.shocks, "extra": extra}})


def total(model: Model, name: str, first: int = 0, last: int | None = None) -> float:
    """Sum of one outcome over weeks (and rails or theatres)."""
    return float(model.book[name][first:last].sum())


def totals(name: str, overrides: tuple[str, ...], seeds: Iterable[int] = SEEDS, first: int = 0) -> np.ndarray:
    """The same for several seeds."""
    return np.array([total(run(seed, *overrides), name, first) for seed in seeds])


def by_rail(model: Model, name: str, rail: str, first: int = 0, last: int | None = None) -> float:
    """Sum of one outcome on one rail."""
    return float(model.book[name][first:last, model.config.rail(rail)].sum())


def by_theatre(model: Model, name: str, theatre: str, first: int = 0, last: int | None = None) -> float:
    """Sum of one outcome in one theatre."""
    return float(model.book[name][first:last, model.config.theatre(theatre)].sum())


def to_appeal(model: Model, name: str, first: int = 0) -> np.ndarray:
    """Gifts to one appeal from a week on."""
    rows = gifts_of(model)
    return rows[(rows["appeal"] == model.config.appeal(name)) & (rows["week"] >= first)]


def numbers(*overrides: str) -> Any:
    """Parameters as a phase takes them."""
    return rule_view(record_of(scenario(*overrides)))


def parameters(*overrides: str) -> Any:
    """Parameters as a rule takes them."""
    return numbers(*overrides)[0]


def row(kind: Any, **fields: Any) -> tuple[np.ndarray, Any]:
    """One record of a population, as an array and as a rule takes it."""
    rows = np.zeros(1, dtype=kind.dtype)
    for name, value in fields.items():
        rows[name] = value
    return rows, rule_view(rows, kind)[0]


def near(seen: float, expected: float, sd: float, sds: float = 4.0) -> bool:
    """True if a count or mean lies within so many standard deviations of its expected value."""
    return abs(seen - expected) <= sds * sd
