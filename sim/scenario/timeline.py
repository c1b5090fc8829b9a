"""Time: the horizon, the shocks, and the windows of the report."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from sim.engine.parameters import Section, attribute, parameter, setting
from sim.scenario.types import DatedFactor


class Horizon(Section):
    """First day and length of a run."""

    start: date = setting("", None, None, "first day of week 0", source="facts:privacy-switch-date")
    weeks: int = setting("weeks", 1, 2600, "length of the run")


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
    ] = attribute("what happens")
    enabled: bool = attribute("whether it happens")
    at: date | None = attribute("date of an event")
    path: DatedFactor = parameter(
        "share",
        None,
        None,
        "values by date, linear between (territory, oil, cumulative share of an inflow) or in steps (pulses)",
        role="scenario",
    )
    target: str | None = attribute("theatre, appeal or intermediary that it affects")
    rail: str | None = attribute("rail that an appeal accepts from then on, or an inflow comes on")
    mode: Literal["none", "announcement", "full"] | None = attribute("how donors respond")
    size: float = parameter(
        "",
        0,
        5000,
        "share lost: know-how (leader), donors (switch in mode full); factor of a spike; million USD (windfall, "
        "inflow)",
        role="scenario",
    )
    half_life: float = parameter("weeks", 1, 520, "half-life of its decay", role="scenario")

    @property
    def first_day(self) -> date:
        """The first of its dates."""
        return min(day for day in (self.at, *self.path) if day)


class Report(Section):
    """Windows and margin of the measures of a run."""

    switch: date | None = setting(
        "", None, None, "day before the windows of the estimand; null is the day of the switch"
    )
    window: int = setting("weeks", 1, 520, "length of the main window")
    beside: tuple[Annotated[int, Field(ge=1, le=520)], ...] = setting("weeks", None, None, "lengths of further windows")
    margin: float = setting("share", 0, 1, "margin of relevance: a smaller effect is negligible")
