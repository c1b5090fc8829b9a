"""What a claimed sum from outside became, and where it would show."""

import math
from datetime import date

from experiments.evidence.observables.history import QUARTERS, reserves_on
from experiments.evidence.observables.recorder import Measure, Number, Watched, ledgers
from sim.engine.text import day


def reserves_without_crypto_on(when: date) -> Number:
    """USD that the treasury holds on a day, without what the group holds in crypto."""

    def measure(model: Watched) -> float:
        week = model.config.week(when)
        if not 0 <= week < len(model.book):
            return math.nan
        crypto = int(model.book["held"][week, ledgers(model)].sum())
        return max(0.0, float(int(model.book["reserves"][week]) - crypto)) / 100.0

    return measure


def crypto_frozen_by(when: date) -> Number:
    """USD in crypto that was frozen in all, up to a day."""

    def measure(model: Watched) -> float:
        before = model.config.week(when)
        if not 0 < before <= len(model.book):
            return math.nan
        return float(model.book["frozen"][:before, ledgers(model)].sum()) / 100.0

    return measure


def crypto_largest_freeze_by(when: date) -> Number:
    """USD in crypto that was frozen in the week in which most was, up to a day: the largest single seizure."""

    def measure(model: Watched) -> float:
        before = model.config.week(when)
        if not 0 < before <= len(model.book):
            return math.nan
        return float(model.book["frozen"][:before, ledgers(model)].sum(axis=1).max(initial=0)) / 100.0

    return measure


def inflow(what: str) -> Number:
    """USD of the money from outside by what became of it, up to the end of the week in which the last of it came.

    ``came`` in all; ``converted`` into cash, with the cost of it; ``frozen``; ``left`` where it came, at the prices of
    the day. The last three are of all that the group has on that rail, gifts too.
    """

    def measure(model: Watched) -> float:
        shocks = [one for one in model.config.shocks.values() if one.type == "inflow" and one.enabled]
        if len(shocks) != 1:
            return math.nan
        shock, rail = shocks[0], model.config.rail(str(shocks[0].rail))
        days = [day for day in (shock.at, *shock.path) if day]
        before = max(model.config.week(max(days)), model.config.week(min(days)) + 1)
        if not 0 < before <= len(model.book):
            return math.nan
        book = model.book[:before]
        cents = {
            "came": model.conditions["inflow"][:before, rail].sum(),
            "converted": book["converted_out"][:, rail].sum() + book["fees"][:, rail].sum(),
            "frozen": book["frozen"][:, rail].sum(),
            "left": book["held"][-1, rail],
        }
        return float(cents[what]) / 100.0

    return measure


_FATES = {
    "came": "money from outside that came",
    "converted": "what was turned into cash on the rail of the money from outside, with the cost of it",
    "frozen": "what was frozen on the rail of the money from outside",
    "left": "what was left on the rail of the money from outside",
}

MEASURES: dict[str, Measure] = {
    **{
        f"reserves_{name}": Measure(reserves_on(first), "USD", f"what the treasury holds on the first day of {name}")
        for name, (first, _) in QUARTERS.items()
    },
    **{
        f"crypto_frozen_{name}": Measure(crypto_frozen_by(before), "USD", f"crypto frozen in all by the end of {name}")
        for name, (_, before) in QUARTERS.items()
    },
    **{
        f"reserves_without_crypto_{when.year}": Measure(
            reserves_without_crypto_on(when), "USD", f"what the treasury holds on {day(when)} without crypto"
        )
        for when in (date(2019, 2, 1), date(2021, 5, 1))
    },
    "crypto_largest_freeze": Measure(
        crypto_largest_freeze_by(date(2020, 9, 1)), "USD", "crypto frozen in the week with most, by 1 September 2020"
    ),
    **{
        f"inflow_{fate}": Measure(inflow(fate), "USD", f"{words}, up to the week in which the last of it came")
        for fate, words in _FATES.items()
    },
}
