"""Measures of pooled wallets, of a vendor's attributions, and of work on lawful money."""

import math
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.evidence.observables.recorder import Measure, RecordingModel, Series, ledgers, one_of
from experiments.stats.estimates import Floats
from experiments.studies.attribution import wallets
from sim.engine.constants import WEEKS_A_YEAR
from sim.outcomes import described
from sim.rules.tracing import lookalikes
from sim.runs import Run

CENTS = 100.0


@lru_cache(maxsize=1)
def _weeks(model: Run) -> dict[str, NDArray[Any]]:
    """Pooled wallets of a run by week; a claim of a week in which one jumps and all others are low has one source."""
    balances, claim = wallets.wallets(model), model.book["pool_claim"]
    jumps, low = wallets.jumps(balances).sum(axis=1), wallets.low(balances).sum(axis=1)
    alone = (jumps == 1) & (low == balances.shape[1] - 1)
    return {
        "balances": balances,
        "wallet": balances[:, :1].sum(axis=1),
        "wallet_jumps": jumps,
        "jumps_alone": alone,
        "jumps_read": alone & (claim > 0),
        "claim_weeks": claim > 0,
        "pool_claim": claim / CENTS,
    }


def _a_year(cents: Floats) -> float:
    return float(cents.mean()) / CENTS * WEEKS_A_YEAR


def _lawful(model: Run) -> Floats:
    places, parameters = model.view("intermediaries"), model.view("parameters")[0]
    return np.array([lookalikes(row, places, parameters) for row in range(len(model.config.rails))])


def vendor_counts(model: Run) -> dict[str, float]:
    """Leads on public ledgers, those that staff examined, and hits, where nobody but the vendor attributes.

    Leads are right, wrong or lawful transfers that look alike; the share that is examined is what staff allows.
    """
    enforcement, book = model.config.enforcement, model.book
    if enforcement.staff.fiu > 0 or enforcement.off_ledger > 0:
        return {}
    rows = model.ledger[: int(book["last_gift"][max(0, model.week)])]
    ledger = np.array([rail.ledger for rail in model.config.rails])
    due = rows[(rows["due"] >= 0) & ledger[rows["rail"]]]
    shares = book["followed_share"][:, : len(ledger)] * ledger
    of_lead = shares[due["due"], due["rail"]]
    found = {name: float(book[f"{name}_attributions"].sum()) for name in ("true", "false")}
    for linked, name in ((1, "right"), (2, "wrong")):
        found[f"leads_{name}"] = float((due["linked"] == linked).sum())
        found[f"examined_{name}"] = float(of_lead[due["linked"] == linked].sum())
    lawful = _lawful(model)
    found["leads_lawful"] = float(len(book) * (lawful * ledger).sum())
    found["examined_lawful"] = float((shares * lawful).sum())
    return found


def wasted(model: Run) -> tuple[float, float]:
    """Expected cases on lawful money and the staff-weeks that they take, a week over the main window after the switch.

    Lawful transfers are a flow: those examined are the flow times the share of leads that staff allows, and fractions
    of cases count. The book counts whole cases on each rail, so these may exceed it by less than one a rail and week.
    """
    scenario, first = model.config, model.config.week(model.config.switch_day)
    book = model.book[max(0, first) : first + scenario.report.window]
    if first < 0 or len(book) < scenario.report.window:
        return math.nan, math.nan
    does = scenario.enforcement
    leads = book["followed_share"][:, : len(scenario.rails)] * _lawful(model)
    each = np.array([does.transfers_examined if rail.ledger else does.records_examined for rail in scenario.rails])
    reports = book["followed"] * book["false_reports"] / np.maximum(1, book["reports"] + book["false_reports"])
    staff = np.divide(leads, each, out=np.zeros_like(leads), where=each > 0).sum(axis=1)
    staff += reports / does.reports_followed if does.reports_followed > 0 else 0.0
    return float((leads.sum(axis=1) + reports).mean()), float(staff.mean())


@lru_cache(maxsize=1)
def _measured(model: RecordingModel) -> dict[str, float]:
    """Every measure of a run that it has what is needed for."""
    weeks, cases = _weeks(model), wasted(model)
    return {
        "wallet_years": max(0, len(model.book) - 2) * weeks["balances"].shape[1] / WEEKS_A_YEAR,
        **{name: float(weeks[name].sum()) for name in ("wallet_jumps", "jumps_alone", "jumps_read", "claim_weeks")},
        "claimed": _a_year(model.book["pool_claim"]),
        "crypto": _a_year(model.book["delivered"][:, ledgers(model)].sum(axis=1)),
        **{f"vendor_{name}": count for name, count in vendor_counts(model).items()},
        **dict(zip(("wasted_cases", "wasted_staff"), cases, strict=True)),
    }


def _by_week(name: str, model: RecordingModel) -> list[float]:
    return [float(one) for one in _weeks(model)[name]]


_COLUMNS = Path(__file__).with_name("columns.csv")
_OF_RUN, _OF_WEEK = described("measures", _COLUMNS), described("series", _COLUMNS)
MEASURES = {name: Measure(one_of(_measured, name), one.unit, one.label) for name, one in _OF_RUN.items()}
SERIES = {name: Series(partial(_by_week, name), one.unit, one.label) for name, one in _OF_WEEK.items()}
"""Weekly series, written where a study asks for them."""
