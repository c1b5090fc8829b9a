"""Names of measures: QUANTITY[_PLACE]_PERIOD[_PERIOD], such as attacks_iraq_2018 or raised_bitcoin_2017_2020q2."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from sim.engine.text import nearest

QUANTITIES = {
    "attacks": ("attacks", "theatre", "attacks"),
    "claims": ("claims", "theatre", "attacks that the group claims"),
    "deaths": ("deaths", "theatre", "deaths in attacks"),
    "fighters": ("persons", "theatre", "fighters"),
    "reserves": ("USD", "", "what the treasury holds"),
    "revenue": ("USD", "", "local revenue before the cost of territory"),
    "raised": ("USD", "appeal or rail", "gifts to public campaigns that are not blocked"),
    "share": ("share", "appeal or rail", "share of the gifts to public campaigns that are not blocked"),
    "frozen": ("USD", "rail", "gifts and holdings frozen"),
    "forfeited": ("USD", "rail", "frozen money that is finally lost"),
}
"""Unit, kind of place, and label of each quantity."""
STOCKS = ("fighters", "reserves")
"""Quantities that are taken at the first week of a period; others are summed over it."""
PERIODS = "2018, 2020h1, 2020q1, 2020-06 or 2020-06-21"
_PERIOD = r"(\d{4})(?:h([12])|q([1-4])|-(\d\d)(?:-(\d\d))?)?"


@dataclass(frozen=True, slots=True)
class Name:
    """A name in its parts: quantity, place (empty: all), first day, and first day after the period."""

    quantity: str
    place: str
    first: date
    before: date


def period(text: str) -> tuple[date, date]:
    """Return the first day of a period, and the first day after it.

    Raises:
        ValueError: if it is no year, half-year, quarter, month or day.
    """
    found = re.fullmatch(_PERIOD, text)
    if not found:
        raise ValueError(f"{text} is no period; a period is {PERIODS}")
    year, half, quarter, month, day = (int(one or 0) for one in found.groups())
    if day:
        return date(year, month, day), date(year, month, day) + timedelta(days=1)
    months = 6 if half else 3 if quarter else 1 if month else 12
    first = month or (half or quarter or 1) * months - months + 1
    last = first + months - 1
    return date(year, first, 1), date(year + last // 12, last % 12 + 1, 1)


def last_day(text: str) -> date | None:
    """Return the last day of a published period such as 2014-2016; None if it has none. ``to 2020``: its first day."""
    plain = text.lower().replace("-q", "q").replace("-h", "h")
    found = [period(one[0]) for one in re.finditer(rf"\b{_PERIOD}\b", plain)]
    if plain.startswith("to ") and found:
        return found[0][0]
    return max(before for _, before in found) - timedelta(days=1) if found else None


def parse(name: str) -> Name:
    """Return a name in its parts.

    Raises:
        ValueError: with the nearest quantity, or the accepted periods.
    """
    quantity, *rest = name.split("_")
    if quantity not in QUANTITIES:
        raise ValueError(f"unknown quantity {quantity}{nearest(quantity, list(QUANTITIES))}")
    periods = [one for one in rest[-2:] if re.match(r"\d{4}", one)]
    place = "_".join(rest[: len(rest) - len(periods)])
    if not periods:
        raise ValueError(f"{name} needs a period at its end: {PERIODS}")
    if place and not QUANTITIES[quantity][1]:
        raise ValueError(f"{quantity} has no place, such as {place}; write {quantity}_{'_'.join(periods)}")
    (first, _), (last, before) = period(periods[0]), period(periods[-1])
    if last < first:
        raise ValueError(f"{name}: its period ends before it begins")
    return Name(quantity, place, first, before)


def error_of(name: str) -> str:
    """Return why a text is no name of a measure; empty if it is one."""
    try:
        parse(name)
    except (ValueError, OverflowError) as error:
        return str(error)
    return ""
