"""Growth accounting: the contributions of men, money, know-how and opportunity to a change in attacks.

The attack rate of a theatre is R = capacity x opportunity, with capacity = A (M / M_ref) ** alpha (money) ** epsilon H.
The change of log R between two periods is split into alpha dlog M (men), dlog H (know-how), dlog (R / capacity)
(opportunity) and the rest of dlog capacity (money). The four add up to dlog R exactly. Because money is the residual,
it includes the error of averaging over cells and weeks (under half a log point in the default).
"""

from dataclasses import dataclass
from datetime import date, timedelta

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
_SPAN = r"\d{4}(-Q[1-4]|-\d\d)?"
COLUMNS = described("growth")
"""Columns of the table of growth; logs are differences of natural logs."""


@dataclass(frozen=True, slots=True)
class Period:
    """A published span of time, as facts.csv writes it: 2018, 2020-Q1 or 2019-02."""

    name: str
    first: date
    after: date

    @property
    def days(self) -> int:
        """Length in days."""
        return (self.after - self.first).days

    def inside(self, scenario: Scenario) -> bool:
        """Return True if the run covers the whole period."""
        start = scenario.horizon.start
        return start <= self.first and self.after <= start + timedelta(weeks=scenario.horizon.weeks)


def period_of(text: str) -> Period:
    """Return the period that a text of facts.csv names.

    Raises:
        ValueError: if it is not a year, quarter or month.
    """
    year, _, part = str(text).strip().partition("-")
    months = 12 if not part else 3 if part.startswith("Q") else 1
    before = 0 if not part else 3 * (int(part[1:]) - 1) if part.startswith("Q") else int(part) - 1
    last = before + months
    after = date(int(year) + last // 12, last % 12 + 1, 1)
    return Period(str(text).strip().replace("-Q", " Q"), date(int(year), before + 1, 1), after)


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
    rows = facts[facts["id"].str.startswith(prefix) & facts["period"].astype(str).str.fullmatch(_SPAN)]
    found = [
        (period_of(row.period), float(row.low), float(row.high), str(row.use)) for row in rows.itertuples(index=False)
    ]
    return sorted((one for one in found if one[0].inside(scenario)), key=lambda one: (one[0].first, one[0].after))


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
    men = people * step["fighters"]
    parts = {
        "men": men,
        "money": step["capacity"] - men - step["know_how"],
        "know_how": step["know_how"],
        "opportunity": step["rate"] - step["capacity"],
    }
    return pd.DataFrame(parts, columns=PARTS, dtype=float)


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
    table = weekly["with"]
    means = pd.DataFrame(
        {
            name: [mean_in(table["date"], table[f"{name}_{THEATRE}"], period) for period, *_ in spans]
            for name in ("rate", "capacity", "fighters", "know_how")
        }
    )
    days = np.array([period.days for period, *_ in spans])
    counts = pd.DataFrame(
        {
            "period": [period.name for period, *_ in spans],
            "published": [(low + high) / 2.0 for _, low, high, _ in spans],
            "simulated": means["rate"] * days / 7.0,
        }
    )
    return pd.concat([counts, growth(means, scenario.combat.people)], axis=1)[list(COLUMNS)]
