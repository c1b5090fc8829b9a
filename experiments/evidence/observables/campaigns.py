"""Money raised by public campaigns, money seized, and claims of vendors about both."""

import math
from collections.abc import Callable
from datetime import date
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from experiments.evidence.observables.recorder import Measure, RecordingModel, between, ledgers, year_of
from sim.engine.constants import Found, Status
from sim.engine.records import Rows


def gifts_in(model: RecordingModel, weeks: slice, public: bool = False) -> Rows:
    """Return the gifts of some weeks; if asked, those to public campaigns that were not blocked."""
    rows = model.ledger[: int(model.book["last_gift"][max(0, model.week)])]
    wanted = (rows["week"] >= weeks.start) & (rows["week"] < weeks.stop)
    if public:
        wanted &= (model.appeals["public"][rows["appeal"]] == 1) & (rows["status"] != Status.BLOCKED)
    return cast("Rows", rows[wanted])


def totals_in(model: RecordingModel, weeks: slice | None) -> NDArray[np.float64]:
    """Return USD by public campaign in some weeks; none unless the run has those weeks."""
    if not weeks or weeks.stop <= 0:
        return np.empty(0)
    rows = gifts_in(model, weeks, public=True)
    every = np.bincount(rows["appeal"], rows["amount"] / 100.0, len(model.appeals))
    return np.asarray(every[model.appeals["public"] == 1])


def before_the_switch(value: Callable[[NDArray[np.float64]], Any], unit: str, words: str) -> Measure:
    """Return the measure of what each public campaign raised before the switch, in USD."""

    def measure(model: RecordingModel) -> float:
        totals = totals_in(model, between(model, model.config.horizon.start, date(2020, 6, 21)))
        return float(value(totals)) if len(totals) else math.nan

    return Measure(measure, unit, words)


def campaign_largest(model: RecordingModel) -> float:
    """USD of the best calendar year of any public campaign."""
    years = range(model.config.horizon.start.year, 2030)
    totals = np.concatenate([totals_in(model, between(model, *year_of(year))) for year in years])
    return float(totals.max()) if len(totals) else math.nan


def raised(model: RecordingModel, weeks: slice, place: str) -> float:
    """Return USD given in public and not blocked: in all, to an appeal, on a rail, or both (``news_site_bitcoin``)."""
    appeals, rails = ([one.name for one in some] for some in (model.config.appeals, model.config.rails))
    fits = np.array([[not place or place in (a, r, f"{a}_{r}") for r in rails] for a in appeals])
    rows = gifts_in(model, weeks, public=True)
    return float(rows["amount"][fits[rows["appeal"], rows["rail"]]].sum()) / 100.0 if fits.any() else math.nan


def seized_share(model: RecordingModel) -> float:
    """Share of all that was given or collected in the whole run that was finally seized."""
    book = model.book
    flows = float(book["given"].sum() + book["collected"].sum())
    return float(book["forfeited"].sum() + book["raided"].sum()) / flows if flows else math.nan


def overstatement(model: RecordingModel) -> float:
    """Largest claim about a pooled wallet, as a multiple of all crypto delivered in what is run of the year around."""
    claims = model.book["pool_claim"] / 100.0
    if not claims.any():
        return math.nan
    week = int(claims.argmax())
    around = slice(max(0, week - 26), week + 26)
    true = float(model.book["delivered"][around][:, ledgers(model)].sum()) / 100.0
    return float(claims[week]) / true if true else math.inf


def recall_year_one(model: RecordingModel) -> float:
    """Crypto gifts of a calendar year known at its end over those known a year later, in USD over all years."""
    first = later = 0.0
    for year in range(model.config.horizon.start.year, 2030):
        weeks, after = between(model, *year_of(year)), between(model, *year_of(year + 1))
        if weeks and after:
            rows = gifts_in(model, weeks)
            known = rows[np.isin(rows["rail"], ledgers(model)) & (rows["found"] != Found.HIDDEN)]
            first += float(known["amount"][known["found_week"] < weeks.stop].sum())
            later += float(known["amount"][known["found_week"] < after.stop].sum())
    return first / later if later else math.nan


_RAISED = "public campaign raised before the switch"
MEASURES: dict[str, Measure] = {
    "campaign_typical": before_the_switch(np.median, "USD", f"USD that the median {_RAISED}"),
    "campaign_first": before_the_switch(np.max, "USD", f"USD that the largest {_RAISED}"),
    "campaign_spread": before_the_switch(
        lambda totals: np.max(totals) / (np.median(totals) or math.nan),
        "times",
        "largest public campaign before the switch, as a multiple of the median one",
    ),
    "campaign_largest": Measure(campaign_largest, "USD"),
    "seized_share": Measure(seized_share, "share"),
    "overstatement": Measure(overstatement, "times"),
    "recall_year_one": Measure(recall_year_one, "share"),
}
