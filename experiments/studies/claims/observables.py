"""What became of a claimed sum from outside, and where it would show."""

import math
from datetime import date
from typing import Any

from experiments.evidence.grammar import period
from experiments.evidence.observables.history import named
from experiments.evidence.observables.recorder import Measure, Number, RecordingModel, ledgers
from sim.engine.text import day


def reserves_without_crypto(when: date) -> Number:
    """Return USD in the treasury in the first week that begins on or after a day, without crypto."""

    def measure(model: RecordingModel) -> float:
        week = model.config.week(when)
        if not 0 <= week < len(model.book):
            return math.nan
        crypto = int(model.book["held"][week, ledgers(model)].sum())
        return max(0.0, float(int(model.book["reserves"][week]) - crypto)) / 100.0

    return measure


def frozen_by(when: date, largest: bool = False) -> Number:
    """Return USD in crypto frozen before a day: in all, or in the week with most (the largest single seizure)."""

    def measure(model: RecordingModel) -> float:
        before = model.config.week(when)
        if not 0 < before <= len(model.book):
            return math.nan
        weeks = model.book["frozen"][:before, ledgers(model)].sum(axis=1)
        return float(weeks.max(initial=0) if largest else weeks.sum()) / 100.0

    return measure


def inflow(fate: str) -> Number:
    """Return USD of the money from outside by its fate, up to the end of the week in which the last of it came.

    ``came`` is all of it. ``converted`` into cash (with the cost of it), ``frozen`` and ``left`` (at the prices of the
    day) are of all that the group has on that rail, gifts too.
    """

    def measure(model: RecordingModel) -> float:
        shocks = [one for one in model.config.shocks.values() if one.type == "inflow" and one.enabled]
        if len(shocks) != 1:
            return math.nan
        shock, rail = shocks[0], model.config.rail(str(shocks[0].rail))
        days = [day for day in (shock.at, *shock.path) if day]
        before = max(model.config.week(max(days)), model.config.week(min(days)) + 1)
        if not 0 < before <= len(model.book):
            return math.nan
        book = model.book[:before]
        cents: dict[str, Any] = {
            "came": model.conditions["inflow"][:before, rail].sum(),
            "converted": book["converted_out"][:, rail].sum() + book["fees"][:, rail].sum(),
            "frozen": book["frozen"][:, rail].sum(),
            "left": book["held"][-1, rail],
        }
        return float(cents[fate]) / 100.0

    return measure


_FATES = {
    "came": "money from outside that came",
    "converted": "what was turned into cash on the rail of the money from outside, with the cost of it",
    "frozen": "what was frozen on the rail of the money from outside",
    "left": "what was left on the rail of the money from outside",
}

QUARTERS = [f"{year}q{quarter}" for year in range(2017, 2027) for quarter in (1, 2, 3, 4)]
MEASURES = {name: named(name) for one in QUARTERS for name in (f"attacks_iraq_{one}", f"reserves_{one}")}
for _name in QUARTERS:
    _words = f"crypto frozen in all by the end of {_name}"
    MEASURES[f"crypto_frozen_{_name}"] = Measure(frozen_by(period(_name)[1]), "USD", _words)
for _day in (date(2019, 2, 1), date(2021, 5, 1)):
    _words = f"what the treasury holds on {day(_day)} without crypto"
    MEASURES[f"reserves_without_crypto_{_day.year}"] = Measure(reserves_without_crypto(_day), "USD", _words)
_words = "crypto frozen in the week with most, by 1 September 2020"
MEASURES["crypto_largest_freeze"] = Measure(frozen_by(date(2020, 9, 1), largest=True), "USD", _words)
for _fate, _what in _FATES.items():
    _words = f"{_what}, up to the week in which the last of it came"
    MEASURES[f"inflow_{_fate}"] = Measure(inflow(_fate), "USD", _words)
