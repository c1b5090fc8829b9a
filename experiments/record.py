"""What the record has, as a run has it: the figures by which the model is judged against history.

Each measure is a number of one finished run, in the units of the published figure that it stands beside.
"""

import math
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import cast

import numpy as np
from numpy.typing import NDArray

from sim.attacks import severity
from sim.cells import Cell
from sim.compiling import rule
from sim.constants import Found, Status
from sim.model import Model
from sim.records import Records, Rows, seen_by_rules
from sim.scenario import Scenario

type Measure = Callable[["Watched"], float]


class Watched(Model):  # type: ignore[no-untyped-call]  # of Mesa's __init_subclass__
    """A model that also notes how many attacks each cell made, week by week."""

    def __init__(self, scenario: Scenario, trunk: "Model | None" = None) -> None:
        super().__init__(scenario, trunk)
        noted = np.zeros((scenario.horizon.weeks, len(self.cells)), dtype=np.int64)
        self.attacks: NDArray[np.int64] = trunk.attacks.copy() if isinstance(trunk, Watched) else noted

    def live(self) -> None:
        """Live one week and note its attacks; the treasury, which makes none, has no history."""
        super().live()
        self.attacks[self.week] = np.maximum(0, self.cells["history"][:, 0])


def _between(model: Watched, first: date, before: date) -> slice | None:
    """The weeks that begin in a period; None unless the whole of it is run."""
    weeks = slice(model.config.week(first), model.config.week(before))
    return weeks if weeks.start >= 0 and weeks.stop <= len(model.book) else None


def _year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year + 1, 1, 1)


def _row(model: Watched, theatre: str) -> int | None:
    names = [one.name for one in model.config.theatres]
    return names.index(theatre) if theatre in names else None


def attacks_in(theatre: str, first: date, before: date) -> Measure:
    """Attacks in a theatre in a period."""

    def measure(model: Watched) -> float:
        weeks, row = _between(model, first, before), _row(model, theatre)
        return math.nan if weeks is None or row is None else float(model.book["attacks"][weeks, row].sum())

    return measure


def claims_in(year: int) -> Measure:
    """Attacks that the group claims, everywhere, in a year."""

    def measure(model: Watched) -> float:
        weeks = _between(model, *_year(year))
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
        rows = [row for row in (_row(model, "iraq"), _row(model, "syria")) if row is not None]
        return float(model.book["fighters"][week, rows].sum()) if rows and 0 <= week < len(model.book) else math.nan

    return measure


def revenue_in(year: int) -> Measure:
    """USD of local revenue before the cost of territory in a year."""

    def measure(model: Watched) -> float:
        weeks = _between(model, *_year(year))
        return math.nan if weeks is None else float(model.book["revenue"][weeks].sum()) / 100.0

    return measure


def _gifts(model: Watched, first: int, before: int) -> Rows:
    """Gifts to public campaigns in some weeks that were not blocked."""
    rows = model.ledger[: int(model.book["last_gift"][max(0, model.week)])]
    public = model.appeals["public"][rows["appeal"]] == 1
    return cast(
        "Rows", rows[public & (rows["status"] != Status.BLOCKED) & (rows["week"] >= first) & (rows["week"] < before)]
    )


def _totals(model: Watched, first: int, before: int) -> NDArray[np.float64]:
    """USD by public campaign in some weeks."""
    rows = _gifts(model, first, before)
    every = np.bincount(rows["appeal"], rows["amount"] / 100.0, len(model.appeals))
    return np.asarray(every[model.appeals["public"] == 1])


def _before_the_switch(model: Watched) -> NDArray[np.float64]:
    """USD by public campaign before the switch."""
    return _totals(model, 0, max(0, model.config.week(date(2020, 6, 21))))


def campaign_typical(model: Watched) -> float:
    """USD that the middle one of all public campaigns raised before the switch."""
    totals = _before_the_switch(model)
    return float(np.median(totals)) if len(totals) else math.nan


def campaign_first(model: Watched) -> float:
    """USD that the largest public campaign raised before the switch."""
    totals = _before_the_switch(model)
    return float(totals.max()) if len(totals) else math.nan


def campaign_spread(model: Watched) -> float:
    """Largest public campaign before the switch, as a multiple of the middle one."""
    middle = campaign_typical(model)
    return campaign_first(model) / middle if middle > 0.0 else math.nan


def campaign_largest(model: Watched) -> float:
    """USD of the best calendar year of any public campaign."""
    best = math.nan
    for year in range(model.config.horizon.start.year, 2030):
        weeks = _between(model, *_year(year))
        totals = _totals(model, weeks.start, weeks.stop) if weeks else np.empty(0)
        if len(totals):
            best = float(np.nanmax([best, totals.max()]))
    return best


def news_site_bitcoin(model: Watched) -> float:
    """USD in bitcoin that the news site was given from December 2017 to the switch."""
    scenario = model.config
    names, rails = [one.name for one in scenario.appeals], [one.name for one in scenario.rails]
    weeks = _between(model, date(2017, 12, 1), date(2020, 6, 21))
    if "news_site" not in names or "bitcoin" not in rails or weeks is None:
        return math.nan
    rows = _gifts(model, weeks.start, weeks.stop)
    own = (rows["appeal"] == names.index("news_site")) & (rows["rail"] == rails.index("bitcoin"))
    return float(rows["amount"][own].sum()) / 100.0


def seized_share(model: Watched) -> float:
    """Share of all that was given or collected that was finally seized."""
    book = model.book
    flows = float(book["given"].sum() + book["collected"].sum())
    return float(book["forfeited"].sum() + book["raided"].sum()) / flows if flows else math.nan


def overstatement(model: Watched) -> float:
    """Largest claim about a pooled wallet, as a multiple of all crypto that was delivered in the year around it."""
    claims = model.book["pool_claim"] / 100.0
    ledger = [row for row, rail in enumerate(model.config.rails) if rail.ledger]
    if not claims.any():
        return math.nan
    week = int(claims.argmax())
    around = slice(max(0, week - 26), week + 26)
    true = float(model.book["delivered"][around][:, ledger].sum()) / 100.0
    return float(claims[week]) / true if true else math.inf


def recall_year_one(model: Watched) -> float:
    """Crypto gifts of a calendar year known at its end over those known a year later, in USD over all years."""
    rows = model.ledger[: int(model.book["last_gift"][max(0, model.week)])]
    ledger = np.array([rail.ledger for rail in model.config.rails])
    known = rows[ledger[rows["rail"]] & (rows["found"] != Found.HIDDEN)]
    first = later = 0.0
    for year in range(model.config.horizon.start.year, 2030):
        weeks, after = _between(model, *_year(year)), _between(model, *_year(year + 1))
        if weeks and after:
            own = known[(known["week"] >= weeks.start) & (known["week"] < weeks.stop)]
            first += float(own["amount"][own["found_week"] < weeks.stop].sum())
            later += float(own["amount"][own["found_week"] < after.stop].sum())
    return first / later if later else math.nan


@lru_cache(maxsize=1)  # five measures of one run
def _growth(model: Watched) -> dict[str, float]:
    """Growth of the attack rate in Iraq from 2018 to the second quarter of 2020, in logs: all of it, and by part."""
    import pandas as pd

    from sim.command import accounting

    row = _row(model, accounting.THEATRE)
    periods = (_between(model, *_year(2018)), _between(model, date(2020, 3, 30), date(2020, 6, 29)))
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


def dispersion(model: Watched) -> float:
    """Variance over mean of weekly attacks in Iraq, July 2018 to December 2019, around a line: 1 if at random."""
    weeks, row = _between(model, date(2018, 7, 1), date(2020, 1, 1)), _row(model, "iraq")
    if weeks is None or row is None:
        return math.nan
    counts = model.book["attacks"][weeks, row].astype(float)
    place = np.arange(len(counts))
    left = counts - np.polyval(np.polyfit(place, counts, 1), place)
    return float((left**2).sum() / (len(counts) - 2) / counts.mean()) if counts.any() else math.nan


@rule
def each_attack(
    cells: Records[Cell], c: int, weeks: Records[int], ordinals: Records[int], deaths: Records[int], seed: int,
    parameters: Records[Scenario],
) -> None:  # fmt: skip
    """Deaths in each attack of a cell: the same draws as in the run."""
    for place in range(len(weeks)):
        deaths[place] = severity(cells[c], weeks[place], ordinals[place], seed, parameters[0])  # type: ignore[index]


@lru_cache(maxsize=1)  # three measures of one run
def severities(model: Watched) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Deaths in every attack of a run, and the week and cell of each."""
    found = []
    for cell in range(len(model.cells)):
        counts = model.attacks[:, cell]
        weeks = np.repeat(np.arange(len(counts)), counts)
        ordinals = np.arange(len(weeks)) - np.repeat(counts.cumsum() - counts, counts)
        deaths = np.zeros(len(weeks), dtype=np.int64)
        when, which, into = (seen_by_rules(None, one) for one in (weeks, ordinals, deaths))
        each_attack(model.seen("cells"), cell, when, which, into, model.seed, model.seen("parameters"))
        found.append((deaths, weeks, np.full(len(weeks), cell)))
    deaths, weeks, cells = (np.concatenate(one) for one in zip(*found, strict=True))
    return deaths, weeks, cells


@lru_cache(maxsize=1)  # two measures of one run
def _tail(model: Watched) -> tuple[float, float]:
    from experiments.estimators import power_law  # SciPy's optimisation, which only this study needs

    return power_law(severities(model)[0])


def severity_exponent(model: Watched) -> float:
    """Exponent of the power law in the tail of deaths in an attack."""
    return _tail(model)[0]


def severity_from(model: Watched) -> float:
    """Deaths in an attack from which the power law holds."""
    return _tail(model)[1]


def severity_size(model: Watched) -> float:
    """Rank correlation, over all attacks, of deaths in an attack with fighters in its theatre that week."""
    from scipy import stats

    deaths, weeks, cells = severities(model)
    fighters = model.book["fighters"][weeks, model.cells["theatre"][cells]]
    if not len(deaths) or np.ptp(deaths) == 0 or np.ptp(fighters) == 0:
        return math.nan
    return float(stats.spearmanr(deaths, fighters).statistic)


def triggered_in_iraq(model: Watched) -> float:
    """Share of attacks in Iraq that earlier ones triggered, estimated from counts by week and province."""
    from experiments.estimators import triggered

    row = _row(model, "iraq")
    return triggered(model.attacks[:, (model.cells["theatre"] == row) & (model.cells["attacks_reference"] > 0.0)])


def recorded_in(year: int) -> Measure:
    """Share of a year's attacks that a public database has."""

    def measure(model: Watched) -> float:
        weeks = _between(model, *_year(year))
        attacks = int(model.book["attacks"][weeks].sum()) if weeks else 0
        return float(model.book["recorded"][weeks].sum()) / attacks if attacks else math.nan

    return measure


_QUARTERS = {"2020q1": (date(2020, 1, 1), date(2020, 4, 1)), "2020q2": (date(2020, 4, 1), date(2020, 7, 1))}

MEASURES: dict[str, Measure] = {
    **{f"attacks_iraq_{year}": attacks_in("iraq", *_year(year)) for year in (2018, 2019)},
    **{f"attacks_iraq_{name}": attacks_in("iraq", *period) for name, period in _QUARTERS.items()},
    **{f"claims_{year}": claims_in(year) for year in (2018, 2020)},
    "reserves_2019": reserves_on(date(2019, 2, 1)),
    "reserves_2021": reserves_on(date(2021, 5, 1)),
    "fighters_2018": fighters_on(date(2018, 8, 1)),
    "fighters_2019": fighters_on(date(2019, 2, 1)),
    "fighters_2020": fighters_on(date(2020, 7, 1)),
    **{f"revenue_{year}": revenue_in(year) for year in (2015, 2016)},
    "campaign_typical": campaign_typical,
    "campaign_first": campaign_first,
    "campaign_spread": campaign_spread,
    "campaign_largest": campaign_largest,
    "news_site_bitcoin": news_site_bitcoin,
    "seized_share": seized_share,
    "overstatement": overstatement,
    **{f"growth_{part}": growth(part) for part in ("all", "men", "money", "know_how", "opportunity")},
    "dispersion": dispersion,
    "recall_year_one": recall_year_one,
    "severity_exponent": severity_exponent,
    "severity_from": severity_from,
    "severity_size": severity_size,
    "triggered": triggered_in_iraq,
    "recorded_2018": recorded_in(2018),
}
"""Every measure by name: a column of a study that keeps the record."""


def measured(model: Watched) -> dict[str, float]:
    """All measures of a finished run; NaN where the run does not have what a measure needs."""
    return {name: measure(model) for name, measure in MEASURES.items()}
