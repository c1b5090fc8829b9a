"""What a claimed sum from outside became, and where it would show."""

import math
from datetime import date

from experiments.record.history import QUARTERS, reserves_on
from experiments.record.watching import Measure, Watched, ledgers


def reserves_without_crypto_on(day: date) -> Measure:
    """USD that the treasury holds on a day, without what the group holds in crypto."""

    def measure(model: Watched) -> float:
        week = model.config.week(day)
        if not 0 <= week < len(model.book):
            return math.nan
        crypto = int(model.book["held"][week, ledgers(model)].sum())
        return max(0.0, float(int(model.book["reserves"][week]) - crypto)) / 100.0

    return measure


def crypto_frozen_by(day: date) -> Measure:
    """USD in crypto that was frozen in all, up to a day."""

    def measure(model: Watched) -> float:
        before = model.config.week(day)
        if not 0 < before <= len(model.book):
            return math.nan
        return float(model.book["frozen"][:before, ledgers(model)].sum()) / 100.0

    return measure


def crypto_largest_freeze_by(day: date) -> Measure:
    """USD in crypto that was frozen in the week in which most was, up to a day: the largest single seizure."""

    def measure(model: Watched) -> float:
        before = model.config.week(day)
        if not 0 < before <= len(model.book):
            return math.nan
        return float(model.book["frozen"][:before, ledgers(model)].sum(axis=1).max(initial=0)) / 100.0

    return measure


def inflow(what: str) -> Measure:
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


MEASURES: dict[str, Measure] = {
    **{f"reserves_{name}": reserves_on(first) for name, (first, _) in QUARTERS.items()},
    **{f"crypto_frozen_{name}": crypto_frozen_by(before) for name, (_, before) in QUARTERS.items()},
    "reserves_without_crypto_2019": reserves_without_crypto_on(date(2019, 2, 1)),
    "reserves_without_crypto_2021": reserves_without_crypto_on(date(2021, 5, 1)),
    "crypto_largest_freeze": crypto_largest_freeze_by(date(2020, 9, 1)),
    **{f"inflow_{what}": inflow(what) for what in ("came", "converted", "frozen", "left")},
}
