"""Dated conditions: what comes from outside in every week, one row a week."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.engine.records import Rows, empty
from sim.rules.world import Conditions
from sim.scenario import Scenario


def days_of(scenario: Scenario) -> NDArray[np.float64]:
    """Ordinal of the first day of each week."""
    return np.float64(scenario.horizon.start.toordinal()) + 7.0 * np.arange(scenario.horizon.weeks)


def straight(path: dict[date, float], days: NDArray[np.float64], otherwise: float) -> NDArray[np.float64]:
    """Values straight between dates, constant before the first and after the last."""
    if not path:
        return np.full(len(days), otherwise)
    known = sorted(path.items())
    return np.interp(days, [day.toordinal() for day, _ in known], [value for _, value in known])


def stepped(path: dict[date, float], days: NDArray[np.float64], otherwise: float) -> NDArray[np.float64]:
    """Values that hold from their date to the next."""
    values = np.full(len(days), otherwise)
    for day, value in sorted(path.items()):
        values[days >= day.toordinal()] = value
    return values


def until(path: dict[date, float], days: NDArray[np.float64], afterwards: float) -> NDArray[np.float64]:
    """Values that hold up to their date; after the last date another value holds."""
    values = np.full(len(days), afterwards)
    for day, value in sorted(path.items(), reverse=True):
        values[days < day.toordinal()] = value
    return values


def fading(since: date, half_life: float, days: NDArray[np.float64]) -> NDArray[np.float64]:
    """One until a date, then halving."""
    weeks = np.maximum(0.0, days - since.toordinal()) / 7.0
    return np.array([0.5 ** (age / half_life) for age in weeks.tolist()])


def conditions_of(scenario: Scenario) -> Rows:
    """Conditions before any shock: what theatres, rails and observers declare by date."""
    days = days_of(scenario)
    rows = empty(Conditions, len(days))
    rows["conflict"] = 1.0
    rows["oil_strikes"] = 1.0
    rows["opportunity"] = 1.0
    rows["claims"] = straight(scenario.observer.claims, days, 1.0)
    for r, rail in enumerate(scenario.rails):
        rows["link"][:, r] = until(rail.traceability.eras, days, rail.traceability.link)
    for k, theatre in enumerate(scenario.theatres):
        rows["pressure"][:, k] = stepped(theatre.pressure, days, 0.0)
        rows["insurgency"][:, k] = straight(theatre.insurgency, days, 0.0)
        rows["know_how"][:, k] = straight(theatre.know_how, days, 1.0)
    return rows
