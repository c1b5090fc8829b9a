"""Attacks, claims, reserves, fighters and revenue by date, and what attacks grew from."""

import math
from datetime import date
from functools import lru_cache

from experiments.record.watching import Measure, Watched, between, row_of, year_of


def attacks_in(theatre: str, first: date, before: date) -> Measure:
    """Attacks in a theatre in a period."""

    def measure(model: Watched) -> float:
        weeks, row = between(model, first, before), row_of(model, theatre)
        return math.nan if weeks is None or row is None else float(model.book["attacks"][weeks, row].sum())

    return measure


def claims_in(year: int) -> Measure:
    """Attacks that the group claims, everywhere, in a year."""

    def measure(model: Watched) -> float:
        weeks = between(model, *year_of(year))
        return math.nan if weeks is None else float(model.book["claims"][weeks].sum())

    return measure


def reserves_on(day: date) -> Measure:
    """USD that the treasury holds on a day."""

    def measure(model: Watched) -> float:
        week = model.config.week(day)
        return float(model.book["reserves"][week]) / 100.0 if 0 <= week < len(model.book) else math.nan

    return measure


def fighters_on(day: date) -> Measure:
    """Fighters in Iraq and Syria on a day."""

    def measure(model: Watched) -> float:
        week = model.config.week(day)
        rows = [row for row in (row_of(model, "iraq"), row_of(model, "syria")) if row is not None]
        return float(model.book["fighters"][week, rows].sum()) if rows and 0 <= week < len(model.book) else math.nan

    return measure


def revenue_in(year: int) -> Measure:
    """USD of local revenue before the cost of territory in a year."""

    def measure(model: Watched) -> float:
        weeks = between(model, *year_of(year))
        return math.nan if weeks is None else float(model.book["revenue"][weeks].sum()) / 100.0

    return measure


@lru_cache(maxsize=1)  # five measures of one run
def _growth(model: Watched) -> dict[str, float]:
    """Growth of the attack rate in Iraq from 2018 to the second quarter of 2020, in logs: all of it, and by part."""
    import pandas as pd

    from sim.command import accounting

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


def growth(part: str) -> Measure:
    """One part of the growth of the attack rate in Iraq, as `sim.command.accounting` splits it, or all of it."""

    def measure(model: Watched) -> float:
        return float(_growth(model).get(part, math.nan))

    return measure


QUARTERS = {
    f"{year}q{quarter}": (date(year, 3 * quarter - 2, 1), date(year + quarter // 4, 3 * quarter % 12 + 1, 1))
    for year in range(2017, 2022)
    for quarter in (1, 2, 3, 4)
}


MEASURES: dict[str, Measure] = {
    **{f"attacks_iraq_{year}": attacks_in("iraq", *year_of(year)) for year in (2018, 2019)},
    **{f"attacks_iraq_{name}": attacks_in("iraq", *period) for name, period in QUARTERS.items()},
    **{f"claims_{year}": claims_in(year) for year in (2018, 2020)},
    "reserves_2019": reserves_on(date(2019, 2, 1)),
    "reserves_2021": reserves_on(date(2021, 5, 1)),
    "fighters_2018": fighters_on(date(2018, 8, 1)),
    "fighters_2019": fighters_on(date(2019, 2, 1)),
    "fighters_2020": fighters_on(date(2020, 7, 1)),
    **{f"revenue_{year}": revenue_in(year) for year in (2015, 2016)},
    **{f"growth_{part}": growth(part) for part in ("all", "men", "money", "know_how", "opportunity")},
}
