"""Attacks, claims, reserves, fighters and revenue by date, and the growth of attacks by its parts."""

import math
from collections.abc import Callable
from datetime import date
from functools import lru_cache

import pandas as pd

from experiments.evidence.observables.recorder import Measure, RecordingModel, between, on, row_of, total, year_of
from sim import growth_accounting as accounting
from sim.engine.text import day

QUARTERS = {
    f"{year}q{quarter}": (date(year, 3 * quarter - 2, 1), date(year + quarter // 4, 3 * quarter % 12 + 1, 1))
    for year in range(2017, 2022)
    for quarter in (1, 2, 3, 4)
}
"""First day of each quarter, and of the next."""


def reserves_on(when: date) -> Measure:
    """Return USD that the treasury holds on a day."""
    words = f"what the treasury holds on {day(when)}"
    return on(when, lambda model, week: model.book["reserves"][week] / 100.0, "USD", words)


def _fighters(model: RecordingModel, week: int) -> float:
    rows = [row for row in (row_of(model, "iraq"), row_of(model, "syria")) if row is not None]
    return float(model.book["fighters"][week, rows].sum()) if rows else math.nan


@lru_cache(maxsize=1)  # five measures of one run
def _growth(model: RecordingModel) -> dict[str, float]:
    """Growth of the attack rate in Iraq from 2018 to the second quarter of 2020, in logs: all of it, and by part."""
    row = row_of(model, accounting.THEATRE)
    periods = (between(model, *year_of(2018)), between(model, date(2020, 3, 30), date(2020, 6, 29)))
    if row is None or None in periods:
        return {}
    book, opportunity = model.book, model.conditions["opportunity"][:, row]
    columns = {name: book[name][:, row] for name in ("rate", "fighters", "know_how")} | {"opportunity": opportunity}
    means = pd.DataFrame([{name: values[weeks].mean() for name, values in columns.items()} for weeks in periods])
    means["capacity"] = means["rate"] / means["opportunity"]
    parts = accounting.growth(means, model.config.combat.people).iloc[1]
    early, late = means["rate"]
    every = math.log(late / early) if early > 0 and late > 0 else math.nan
    return {name: float(parts[name]) for name in accounting.PARTS} | {"all": every}


def growth(part: str) -> Callable[[RecordingModel], float]:
    """Return one part of that growth, as `sim.growth_accounting` splits it, or all of it."""
    return lambda model: _growth(model).get(part, math.nan)


MEASURES: dict[str, Measure] = {}
for _name, _period in {"2018": year_of(2018), "2019": year_of(2019), **QUARTERS}.items():
    MEASURES[f"attacks_iraq_{_name}"] = total("attacks", _period, f"attacks in Iraq in {_name}", "iraq")
for _year in (2018, 2020):
    MEASURES[f"claims_{_year}"] = total("claims", year_of(_year), f"attacks that the group claims in {_year}")
for _day in (date(2019, 2, 1), date(2021, 5, 1)):
    MEASURES[f"reserves_{_day.year}"] = reserves_on(_day)
for _day in (date(2018, 8, 1), date(2019, 2, 1), date(2020, 7, 1)):
    _words = f"fighters in Iraq and Syria on {day(_day)}"
    MEASURES[f"fighters_{_day.year}"] = on(_day, _fighters, "persons", _words)
for _year in (2015, 2016):
    _words = f"local revenue before the cost of territory in {_year}"
    MEASURES[f"revenue_{_year}"] = total("revenue", year_of(_year), _words, unit="USD")
for _part in ("all", "men", "money", "know_how", "opportunity"):
    _words = f"growth of the attack rate in Iraq from 2018 to 2020 Q2: {_part.replace('_', '-')}"
    MEASURES[f"growth_{_part}"] = Measure(growth(_part), "logs", _words)
