"""When, how long, and what happens."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from sim.engine.parameters import Section, parameter
from sim.scenario.types import DatedFactor


class Horizon(Section):
    """When, and how long."""

    start: date = parameter("", None, None, "first day of week 0", "facts:privacy-switch-date", "-", "setting")
    weeks: int = parameter("weeks", 1, 2600, "length of the run", "-", "-", "setting")


class Shock(Section):
    """An event of the timeline: what, when, where and how large; each type reads what it needs of the rest."""

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
        "values by date, straight between (territory, oil, share of an inflow that has come) or in steps (pulses)",
        role="scenario",
    )
    target: str | None = parameter(
        "", None, None, "theatre, appeal or intermediary that it meets", "-", "-", "scenario"
    )
    rail: str | None = parameter(
        "", None, None, "rail that an appeal accepts from then on, or an inflow comes on", "-", "-", "scenario"
    )
    mode: Literal["none", "announcement", "full"] | None = parameter(
        "", None, None, "how donors take it", "-", "-", "scenario"
    )
    size: float = parameter(
        "",
        0,
        5000,
        "share lost: know-how (leader), donors (switch in mode full); factor of a spike; million USD (windfall, "
        "inflow)",
        role="scenario",
    )
    half_life: float = parameter("weeks", 1, 520, "half-life in which it fades", role="scenario")


class Report(Section):
    """What a run is judged by."""

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
        "weeks", None, None, "lengths of the windows beside it", "-", "-", "setting"
    )
    margin: float = parameter(
        "share", 0, 1, "margin of relevance: a smaller effect is practically none", "-", "-", "setting"
    )
