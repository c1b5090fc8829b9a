"""Growth accounting: the contributions of men, money, know-how and opportunity to a change in attacks.

The attack rate of a theatre is R = capacity x opportunity, with capacity = A (M / M_ref) ** alpha (money) ** epsilon H.
The change of log R between two periods is split into alpha dlog M (men), dlog H (know-how), dlog (R / capacity)
(opportunity) and the rest of dlog capacity (money). The four add up to dlog R exactly. Because money is the residual,
it includes the error of averaging over cells and weeks (under half a log point in the default).
"""

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.outcomes import described
from sim.rules.conditions import interpolate
from sim.scenario import Scenario
from sim.scenario.sections import Theatre

THEATRE = "iraq"
"""The theatre whose attacks are published by period (facts:attacks-iraq-2018 and on); others by claims of a year."""
PROFILE = "is_core"
"""The profile to which the published figures refer; no other profile is compared with them."""
PARTS = ["men", "money", "know_how", "opportunity"]
COLUMNS = described("growth")
"""Columns of the table of growth; logs are differences of natural logs."""


class Period(NamedTuple):
    """A published span of time: its name, first day, and the day after its last."""

    name: str
    first: date
    after: date

    @property
    def days(self) -> int:
        """Length in days."""
        return (self.after - self.first).days


def period_of(text: str) -> Period:
    """Return the year, quarter or month that a text of facts.csv names: 2018, 2020-Q1 or 2019-02."""
    span = pd.Period(text)
    return Period(str(span).replace("Q", " Q"), span.start_time.date(), (span + 1).start_time.date())


def days_within(dates: "pd.Series[pd.Timestamp]", period: Period) -> NDArray[np.float64]:
    """Return the number of days of each week within a period, from the first days of the weeks."""
    first = np.array([day.toordinal() for day in dates])
    end = np.minimum(first + 7, period.after.toordinal())
    days: NDArray[np.float64] = np.maximum(0.0, end - np.maximum(first, period.first.toordinal()))
    return days


def mean_in(dates: "pd.Series[pd.Timestamp]", values: "pd.Series[float]", period: Period) -> float:
    """Return the mean of a weekly series over a period, weeks weighted by their days in it."""
    weights = days_within(dates, period)
    return float(weights @ values.to_numpy()) / float(weights.sum())


def published(
    facts: pd.DataFrame, scenario: Scenario, prefix: str | tuple[str, ...]
) -> list[tuple[Period, float, float, str]]:
    """Return the published ranges of one kind that the run covers, in order of time: period, low, high, use."""
    if scenario.group.profile != PROFILE:
        return []
    dated = facts["period"].astype(str).str.fullmatch(r"\d{4}(-Q[1-4]|-\d\d)?")  # a year, quarter or month
    rows = facts[facts["id"].str.startswith(prefix) & dated]
    found = [(period_of(row.period), float(row.low), float(row.high), str(row.use)) for row in rows.itertuples()]
    start = scenario.horizon.start
    end = start + timedelta(weeks=scenario.horizon.weeks)
    covered = (one for one in found if start <= one[0].first and one[0].after <= end)
    return sorted(covered, key=lambda one: (one[0].first, one[0].after))


def growth(means: pd.DataFrame, people: float) -> pd.DataFrame:
    """Split the change of log attack rate from each row to the next.

    Args:
        means: one row a period, columns rate, capacity, fighters, know_how.
        people: elasticity of capacity to fighters (alpha).

    Returns:
        Columns men, money, know_how, opportunity, in differences of natural logs. The numbers are missing in the first
        row, and in any row where one of the two periods has no fighters, know-how, capacity or attacks.
    """
    logs = np.log(means.where(means > 0))
    step = logs.where(logs.notna().all(axis=1)).diff()
    parts = step[["know_how"]].assign(men=people * step["fighters"], opportunity=step["rate"] - step["capacity"])
    parts["money"] = step["capacity"] - parts["men"] - step["know_how"]
    return parts[PARTS].astype(float)


def spans_of(facts: pd.DataFrame, scenario: Scenario, theatre: Theatre) -> list[tuple[Period, float]]:
    """Return the periods of a theatre and published attacks in each: as published, and then even years.

    Attacks of an even year are claims (facts:claims-2022-iraq and the like) over the share of attacks that is claimed;
    missing where no figure is published.
    """
    place = theatre.name.replace("_", "-")
    spans = [(period, (low + high) / 2.0) for period, low, high, _ in published(facts, scenario, f"attacks-{place}-")]
    start, known = scenario.horizon.start, facts.set_index("id")[["low", "high"]]
    end = start + timedelta(weeks=scenario.horizon.weeks)
    after = max(spans[-1][0].after if spans else start, start)
    for period in map(period_of, (str(year) for year in range(2018, end.year + 1, 2))):
        if after <= period.first and period.after <= end:
            row, attacks = f"claims-{period.name}-{place}", np.nan
            if row in known.index and scenario.group.profile == PROFILE:
                days = np.arange(period.first.toordinal(), period.after.toordinal(), dtype=float)
                attacks = known.loc[row].astype(float).mean() / interpolate(theatre.claims, days, 1.0).mean()
            spans.append((period, attacks))
    return spans


def growth_table(weekly: dict[str, pd.DataFrame], scenario: Scenario, facts: pd.DataFrame) -> pd.DataFrame:
    """Return attacks by theatre, published and simulated, and the contributions to their change since the previous row.

    Columns: theatre; period; published and simulated (attacks in the period; simulated is the expectation from the
    attack rate); then men, money, know_how, opportunity (differences of natural logs of attacks a week). Only periods
    that the run covers are included, and only theatres with attacks or published figures.
    """
    table, blocks = weekly["with"], []
    for theatre in scenario.theatres:
        spans = spans_of(facts, scenario, theatre)
        columns = {name: table[f"{name}_{theatre.name}"] for name in ("rate", "capacity", "fighters", "know_how")}
        if not spans or not (columns["rate"].any() or theatre.name == THEATRE):
            continue
        periods = [period for period, _ in spans]
        means = pd.DataFrame(
            {name: [mean_in(table["date"], values, period) for period in periods] for name, values in columns.items()}
        )
        counts = {
            "theatre": theatre.name,
            "period": [period.name for period in periods],
            "published": [attacks for _, attacks in spans],
            "simulated": means["rate"] * np.array([period.days for period in periods]) / 7.0,
        }
        blocks.append(pd.DataFrame(counts).join(growth(means, scenario.combat.people))[list(COLUMNS)])
    if not blocks:
        return pd.DataFrame({one: pd.Series(dtype=str if one in ("theatre", "period") else float) for one in COLUMNS})
    return pd.concat(blocks, ignore_index=True)
