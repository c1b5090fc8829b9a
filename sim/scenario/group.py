"""The group: its cells, its money, its attacks, its adaptation."""

from typing import Literal

from pydantic import field_validator

from sim.engine.constants import KERNEL_WEEKS
from sim.engine.parameters import Section
from sim.scenario.types import Shares


class Revenue(Section):
    """Local revenue of a cell."""

    tax: float
    oil: float
    looting: float
    kidnap: float
    insurgent: float


class Cell(Section):
    """One cell of the group."""

    kind: Literal["treasury", "province", "external"]
    theatre: str
    core: bool
    fighters: int
    fighters_reference: float
    attacks_reference: float
    floor: float
    self_financed: bool
    revenue: Revenue


class Group(Section):
    """Income, spending and people of the group."""

    profile: str
    reserves: float
    income: float
    holding_cost: float
    outflow: float
    saving: float
    drawdown: float
    remit: float
    routing: float
    wage: float
    protection: float
    operations: float
    hops: int
    hop_cost: float
    hop_seen: float
    skim: float
    carrier: str
    recruits: float
    recruits_limit: float
    rejoin: float
    leaving: float
    arrears: float
    replacement: float
    replacement_from: float
    replacement_time: float
    cells: dict[str, Cell]


class Combat(Section):
    """Attacks from people, money and know-how."""

    people: float
    money: float
    attack_cost: float
    kernel: Shares
    branching: float
    excitation_decay: float
    deaths: float
    severe_share: float
    severe_from: float
    severe_exponent: float
    deaths_cap: int
    inspired: float

    @field_validator("kernel")
    @classmethod
    def _weeks(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if len(value) != KERNEL_WEEKS or not sum(value) > 0:
            raise ValueError(f"allowed are {KERNEL_WEEKS} numbers, not all zero")
        return value


class Adaptation(Section):
    """The group's own choice of rail."""

    mode: Literal["none", "logit"]
    appeal: str
    sensitivity: float
    expected: float
    inertia: float
    memory: float
    every: int
