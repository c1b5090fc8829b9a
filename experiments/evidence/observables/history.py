"""Attacks, claims, reserves, fighters and revenue by date, and what attacks grew from."""

import math
from datetime import date
from functools import lru_cache

from experiments.evidence.observables.recorder import Measure, Number, Watched, between, row_of, year_of
from sim.engine.text import day


def attacks_in(theatre: str, first: date, before: date) -> Number:
    """Attacks in a theatre in a period."""

    def measure(model: Watched) -> float:
        weeks, row = between(model, first, before), row_of(model, theatre)
        return math.nan if weeks is None or row is None else float(model.book["attacks"][weeks, row].sum())

    return measure


def claims_in(year: int) -> Number:
    """Attacks that the group claims, everywhere, in a year."""

    def measure(model: Watched) -> float:
        weeks = between(model, *year_of(year))
        return math.nan if weeks is None else float(model.book["claims"][weeks].sum())

    return measure


def reserves_on(when: date) -> Number:
    """USD that the treasury holds on a day."""

    def measure(model: Watched) -> float:
        week = model.config.week(when)
        return float(model.book["reserves"][week]) / 100.0 if 0 <= week < len(model.book) else math.nan

    return measure


def fighters_on(when: date) -> Number:
    """Fighters in Iraq and Syria on a day."""

    def measure(model: Watched) -> float:
        week = model.config.week(when)
        rows = [row for row in (row_of(model, "iraq"), row_of(model, "syria")) if row is not None]
        return float(model.book["fighters"][week, rows].sum()) if rows and 0 <= week < len(model.book) else math.nan

    return measure


def revenue_in(year: int) -> Number:
    """USD of local revenue before the cost of territory in a year."""

    def measure(model: Watched) -> float:
        weeks = between(model, *year_of(year))
        return math.nan if weeks is None else float(model.book["revenue"][weeks].sum()) / 100.0

    return measure


@lru_cache(maxsize=1)  # five measures of one run
def _growth(model: Watched) -> dict[str, float]:
    """Growth of the attack rate in Iraq from 2018 to the second quarter of 2020, in logs: all of it, and by part."""
    import pandas as pd

    from sim import growth_accounting as accounting

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


def growth(part: str) -> Number:
    """One part of the growth of the attack rate in Iraq, as `sim.growth_accounting` splits it, or all of it."""

    def measure(model: Watched) -> float:
        return float(_growth(model).get(part, math.nan))

    return measure


QUARTERS = {
    f"{year}q{quarter}": (date(year, 3 * quarter - 2, 1), date(year + quarter // 4, 3 * quarter % 12 + 1, 1))
    for year in range(2017, 2022)
    for quarter in (1, 2, 3, 4)
}


MEASURES: dict[str, Measure] = {
    **{
        f"attacks_iraq_{year}": Measure(attacks_in("iraq", *year_of(year)), "attacks", f"attacks in Iraq in {year}")
        for year in (2018, 2019)
    },
    **{
        f"attacks_iraq_{name}": Measure(attacks_in("iraq", *period), "attacks", f"attacks in Iraq in {name}")
        for name, period in QUARTERS.items()
    },
    **{
        f"claims_{year}": Measure(claims_in(year), "attacks", f"attacks that the group claims in {year}")
        for year in (2018, 2020)
    },
    **{
        f"reserves_{when.year}": Measure(reserves_on(when), "USD", f"what the treasury holds on {day(when)}")
        for when in (date(2019, 2, 1), date(2021, 5, 1))
    },
    **{
        f"fighters_{when.year}": Measure(fighters_on(when), "persons", f"fighters in Iraq and Syria on {day(when)}")
        for when in (date(2018, 8, 1), date(2019, 2, 1), date(2020, 7, 1))
    },
    **{
        f"revenue_{year}": Measure(revenue_in(year), "USD", f"local revenue before the cost of territory in {year}")
        for year in (2015, 2016)
    },
    **{
        f"growth_{part}": Measure(
            growth(part), "logs", f"growth of the attack rate in Iraq from 2018 to 2020 Q2: {part.replace('_', '-')}"
        )
        for part in ("all", "men", "money", "know_how", "opportunity")
    },
}
