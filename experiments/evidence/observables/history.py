"""Quantities of a run by place and period, and the growth of attacks by its parts."""

import math
from datetime import date, timedelta
from functools import cache, lru_cache

import numpy as np
import pandas as pd

from experiments.evidence.grammar import QUANTITIES, STOCKS, parse
from experiments.evidence.observables.campaigns import raised
from experiments.evidence.observables.recorder import Measure, RecordingModel, between, one_of, row_of, year_of
from sim import growth_accounting as accounting
from sim.engine.text import day


@cache
def named(name: str) -> Measure:
    """Return the measure that a name means (`experiments.evidence.grammar`).

    Raises:
        ValueError: if it means none.
    """
    one = parse(name)
    unit, kind, label = QUANTITIES[one.quantity]
    core = ("iraq", "syria") if one.quantity == "fighters" else ()
    places = (one.place,) if one.place else core

    def measure(model: RecordingModel) -> float:
        first = model.config.week(one.first)
        stock = slice(first, first + 1) if 0 <= first < len(model.book) else None
        weeks = stock if one.quantity in STOCKS else between(model, one.first, one.before)
        if weeks is None:
            return math.nan
        if one.quantity in ("raised", "share"):
            total = raised(model, weeks, "") if one.quantity == "share" else 1.0
            return raised(model, weeks, one.place) / total if total else math.nan
        values = model.book[one.quantity][weeks]
        if places:
            known = [each.name for each in (model.config.theatres if kind == "theatre" else model.config.rails)]
            rows = [known.index(place) for place in places if place in known]
            values = values[:, rows] if len(rows) == len(places) else np.array(math.nan)
        return float(values.sum()) / (100.0 if unit == "USD" else 1.0)

    last = one.before - timedelta(days=1)
    when = f"on {day(one.first)}" if one.quantity in STOCKS else f"from {day(one.first)} to {day(last)}"
    words = " in ".join([label, *filter(None, [" and ".join(places)])])
    return Measure(measure, unit, f"{words.replace('_', ' ')}, {when}")


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


MEASURES: dict[str, Measure] = {}
for _part in ("all", "men", "money", "know_how", "opportunity"):
    _words = f"growth of the attack rate in Iraq from 2018 to 2020 Q2: {_part.replace('_', '-')}"
    MEASURES[f"growth_{_part}"] = Measure(one_of(_growth, _part), "logs", _words)
