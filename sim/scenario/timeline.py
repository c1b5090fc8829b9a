"""Time: the horizon, the shocks, and the windows of the report."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from sim.engine.parameters import Section, parameter
from sim.scenario.types import DatedFactor


class Horizon(Section):
    """First day and length of a run."""

    start: date = parameter("", None, None, "first day of week 0", "facts:privacy-switch-date", "-", "setting")
    weeks: int = parameter("weeks", 1, 2600, "length of the run", "-", "-", "setting")


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
    ] = parameter("", None, None, "what happens", "-", "-", "scenario")
    enabled: bool = parameter("", None, None, "whether it happens", "-", "-", "scenario")
    at: date | None = parameter("", None, None, "date of an event", "-", "-", "scenario")
    path: DatedFactor = parameter(
        "share",
        None,
        None,
        "values by date, linear between (territory, oil, cumulative share of an inflow) or in steps (pulses)",
        role="scenario",
    )
    target: str | None = parameter(
        "", None, None, "theatre, appeal or intermediary that it affects", "-", "-", "scenario"
    )
    rail: str | None = parameter(
        "", None, None, "rail that an appeal accepts from then on, or an inflow comes on", "-", "-", "scenario"
    )
    mode: Literal["none", "announcement", "full"] | None = parameter(
        "", None, None, "how donors respond", "-", "-", "scenario"
    )
    size: float = parameter(
        "",
        0,
        5000,
        "share lost: know-how (leader), donors (switch in mode full); factor of a spike; million USD (windfall, "
        "inflow)",
        role="scenario",
    )
    half_life: float = parameter("weeks", 1, 520, "half-life of its decay", role="scenario")


class Report(Section):
    """Windows and margin of the measures of a run."""

    switch: date | None = parameter(
        "",
        None,
        None,
        "day before the windows of the estimand; null is the day of the switch",
        "-",
        "-",
        "setting",
    )
    window: int = parameter("weeks", 1, 520, "length of the main window", "-", "-", "setting")
    beside: tuple[Annotated[int, Field(ge=1, le=520)], ...] = parameter(
        "weeks", None, None, "lengths of further windows", "-", "-", "setting"
    )
    margin: float = parameter("share", 0, 1, "margin of relevance: a smaller effect is negligible", "-", "-", "setting")
