"""Names of measures: QUANTITY[_PLACE]_PERIOD[_PERIOD], such as attacks_iraq_2018 or raised_bitcoin_2017_2020q2."""

import re
from collections.abc import Sequence
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
_PERIOD = r"([0-9]{4})(?:h([12])|q([1-4])|-([0-9]{2})(?:-([0-9]{2}))?)?"


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
    if found[5]:
        return date(year, month, day), date(year, month, day) + timedelta(days=1)
    months = 6 if half else 3 if quarter else 1 if found[4] else 12
    first = month if found[4] else (half or quarter or 1) * months - months + 1
    last = first + months - 1
    return date(year, first, 1), date(year + last // 12, last % 12 + 1, 1)


def last_day(text: str) -> date | None:
    """Return the last day of a published period such as 2014-2016, 2016-18 or to 2020; None if it has none."""
    plain = re.sub(r"\b(\d\d)(\d\d)-(1[3-9]|[2-9]\d)\b", r"\1\2-\1\3", text.lower())
    plain = plain.replace("-q", "q").replace("-h", "h")
    try:
        found = [period(one[0]) for one in re.finditer(rf"\b{_PERIOD}\b", plain)]
    except (ValueError, OverflowError):
        return None
    return max(before for _, before in found) - timedelta(days=1) if found else None


def parse(name: str) -> Name:
    """Return a name in its parts.

    Raises:
        ValueError: with the nearest quantity, or the accepted periods.
    """
    quantity, *rest = name.split("_")
    if quantity not in QUANTITIES:
        raise ValueError(f"unknown quantity {quantity}{nearest(quantity, list(QUANTITIES))}")
    periods = _periods_at_end(rest)
    above = rest[: len(rest) - len(periods)]
    place = "_".join(above)
    if not 1 <= len(periods) <= 2:
        raise ValueError(f"{name} needs a period at its end, or the first and the last one: {PERIODS}")
    if "" in above:
        raise ValueError(f"{name}: has an empty part between two _")
    if place and not QUANTITIES[quantity][1]:
        raise ValueError(f"{quantity} has no place, such as {place}; write {quantity}_{'_'.join(periods)}")
    (first, _), (last, before) = period(periods[0]), period(periods[-1])
    if last < first:
        raise ValueError(f"{name}: its period ends before it begins")
    return Name(quantity, place, first, before)


def _periods_at_end(parts: Sequence[str]) -> list[str]:
    dated = [bool(re.match("[0-9]{4}", one)) for one in parts]
    return list(parts[max((number for number, one in enumerate(dated, 1) if not one), default=0) :])


def error_of(name: str) -> str:
    """Return why a text is no name of a measure; empty if it is one."""
    try:
        parse(name)
    except (ValueError, OverflowError) as error:
        return str(error)
    return ""
