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
from sim.scenario import Scenario

THEATRE = "iraq"
"""The theatre whose attacks are published by period (facts:attacks-iraq-2018 and on)."""
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


def published(facts: pd.DataFrame, scenario: Scenario, prefix: str) -> list[tuple[Period, float, float, str]]:
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


def growth_table(weekly: dict[str, pd.DataFrame], scenario: Scenario, facts: pd.DataFrame) -> pd.DataFrame:
    """Return attacks in Iraq, published and simulated, and the contributions to their change since the previous row.

    Columns: period; published and simulated (attacks in the period; simulated is the expectation from the attack rate);
    then men, money, know_how, opportunity (differences of natural logs of attacks a week). Only periods that the run
    covers are included. The table is empty if the scenario has no such theatre or a group of another profile.
    """
    names = [theatre.name for theatre in scenario.theatres]
    spans = published(facts, scenario, f"attacks-{THEATRE}-") if THEATRE in names else []
    if not spans:
        return pd.DataFrame({name: pd.Series(dtype=str if name == "period" else float) for name in COLUMNS})
    table, periods = weekly["with"], [period for period, *_ in spans]
    columns = {name: table[f"{name}_{THEATRE}"] for name in ("rate", "capacity", "fighters", "know_how")}
    means = pd.DataFrame(
        {name: [mean_in(table["date"], values, period) for period in periods] for name, values in columns.items()}
    )
    counts = {
        "period": [period.name for period in periods],
        "published": [(low + high) / 2.0 for _, low, high, _ in spans],
        "simulated": means["rate"] * np.array([period.days for period in periods]) / 7.0,
    }
    return pd.DataFrame(counts).join(growth(means, scenario.combat.people))[list(COLUMNS)]
