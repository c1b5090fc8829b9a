"""External inputs by week (ODD, section 6)."""

from dataclasses import dataclass
from datetime import date
from math import ceil, tanh

import numpy as np

from sim.engine.constants import Liking
from sim.scenario import Scenario

type Path = dict[date, float]


@dataclass(slots=True)
class Conditions:
    """The outside world in one week."""

    conflict: float
    link: list[float]
    liking: list[float]
    inflow: list[int]
    territory: list[float]
    oil_fields: list[float]
    oil_strikes: list[float]
    opportunity: list[float]
    pressure: list[float]
    insurgency: list[float]
    know_how: list[float]
    claims: list[float]


def week_of(p: Scenario, day: date) -> int:
    """The first week that begins on or after a day (negative before the run)."""
    return ceil((day.toordinal() - p.horizon.start.toordinal()) / 7)


def first_days(p: Scenario) -> list[float]:
    """Ordinal of the first day of each week."""
    start = p.horizon.start.toordinal()
    return [float(start + 7 * week) for week in range(p.horizon.weeks)]


def interpolate(path: Path, days: list[float], otherwise: float) -> list[float]:
    """Straight between dates, constant before the first and after the last."""
    if not path:
        return [otherwise] * len(days)
    dates = sorted(path)
    ends = [day.toordinal() for day in dates]
    return [float(value) for value in np.interp(days, ends, [path[day] for day in dates])]


def hold_from(path: Path, days: list[float], before: float) -> list[float]:
    """Each value holds from its date to the next."""
    found = [before] * len(days)
    for day in sorted(path):
        found = [path[day] if first >= day.toordinal() else value for first, value in zip(days, found, strict=True)]
    return found


def hold_until(path: Path, days: list[float], after: float) -> list[float]:
    """Each value holds in weeks that begin before its date."""
    found = [after] * len(days)
    for day in sorted(path, reverse=True):
        found = [path[day] if first < day.toordinal() else value for first, value in zip(days, found, strict=True)]
    return found


def decay_from(since: date, half_life: float, days: list[float]) -> list[float]:
    """The share of 1 that remains since a date."""
    return [0.5 ** (max(0.0, day - since.toordinal()) / 7.0 / half_life) for day in days]


def likings_of(p: Scenario, days: list[float]) -> list[list[float]]:
    """By week, how donors like each rail; a new coin at first less than the one that it follows, by its gap."""
    likings = []
    for day in days:
        years = (day - p.choice.closing_half.toordinal()) / 365.25
        closed = p.choice.closing * 0.5 * (1.0 + tanh(p.choice.closing_speed * years / 2.0))
        liking = []
        for rail in p.rails:
            gaps = 0.0
            while p.rules.liking == Liking.ADOPTION_GAP and rail.successor_of:
                gaps += rail.gap * (1.0 - closed)
                rail = p.rails[p.rail(rail.successor_of)]
            liking.append(rail.constant - gaps)
        likings.append(liking)
    return likings


def conditions_of(p: Scenario) -> list[Conditions]:
    """The conditions of every week, before any shock."""
    days = first_days(p)
    links = [hold_until(rail.traceability.eras, days, rail.traceability.link) for rail in p.rails]
    likings = likings_of(p, days)
    pressures = [hold_from(theatre.pressure, days, 0.0) for theatre in p.theatres]
    insurgencies = [interpolate(theatre.insurgency, days, 0.0) for theatre in p.theatres]
    know_hows = [interpolate(theatre.know_how, days, 1.0) for theatre in p.theatres]
    ratios = [interpolate(theatre.claims, days, 1.0) for theatre in p.theatres]
    places = len(p.theatres)
    return [
        Conditions(
            conflict=1.0,
            link=[link[week] for link in links],
            liking=likings[week],
            inflow=[0] * len(p.rails),
            territory=[0.0] * places,
            oil_fields=[0.0] * places,
            oil_strikes=[1.0] * places,
            opportunity=[1.0] * places,
            pressure=[one[week] for one in pressures],
            insurgency=[one[week] for one in insurgencies],
            know_how=[one[week] for one in know_hows],
            claims=[one[week] for one in ratios],
        )
        for week in range(len(days))
    ]
