"""Time: the horizon, the shocks, and the windows of the report."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from sim.engine.parameters import Section
from sim.scenario.types import DatedFactor


class Horizon(Section):
    """First day and length of a run."""

    start: date
    weeks: int


class Shock(Section):
    """A shock: type, date, target and size; each type reads some of the fields."""

    type: Literal[
        "territory",
        "oil_fields",
        "oil_strikes",
        "opportunity",
        "conflict",
        "leader",
        "campaign",
        "switch",
        "closure",
        "windfall",
        "inflow",
    ]
    enabled: bool
    at: date | None
    path: DatedFactor
    target: str | None
    rail: str | None
    mode: Literal["none", "announcement", "full"] | None
    size: float
    half_life: float

    @property
    def first_day(self) -> date:
        """The first of its dates."""
        return min(day for day in (self.at, *self.path) if day)


class Report(Section):
    """Windows and margin of the measures of a run."""

    switch: date | None
    window: int
    beside: tuple[Annotated[int, Field(ge=1, le=520)], ...]
    margin: float
