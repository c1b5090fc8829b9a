"""Pooled wallets, hits of the vendor, and work on lawful money."""

import math
from functools import lru_cache
from typing import cast

import numpy as np
from numpy.typing import NDArray

from experiments.evidence.observables.recorder import Measure, Number, Series
from experiments.stats.estimates import Floats
from experiments.studies.attribution import wallets
from sim.engine.constants import WEEKS_A_YEAR
from sim.rules.tracing import lookalikes
from sim.run import Run


@lru_cache(maxsize=1)  # several measures of one run
def _balances(model: Run) -> Floats:
    """USD in each pooled wallet, weeks x processors."""
    return wallets.wallets(model)


def _jumps(model: Run) -> NDArray[np.int_]:
    """Wallets that jump in a week and are back the week after."""
    return np.asarray(wallets.jumps(_balances(model)).sum(axis=1))


def wallet_years(model: Run) -> float:
    """Processor-years of the run in which a jump could be told."""
    weeks, processors = _balances(model).shape
    return float(max(0, weeks - 2) * processors / WEEKS_A_YEAR)


def wallet_jumps(model: Run) -> float:
    """Jumps of pooled wallets from about 0.5 to about 4.5 million USD and back within a week, in the whole run."""
    return float(_jumps(model).sum())


def _alone(model: Run) -> NDArray[np.bool_]:
    """Weeks in which one wallet jumps and all others are low, so that it is known what a claim of that week is of."""
    balances = _balances(model)
    return np.asarray((_jumps(model) == 1) & (wallets.low(balances).sum(axis=1) == balances.shape[1] - 1))


def jumps_alone(model: Run) -> float:
    """Weeks of the run in which one wallet jumps and all others are low."""
    return float(_alone(model).sum())


def jumps_read(model: Run) -> float:
    """Weeks in which one wallet jumps, all others are low, and the vendor claims a pooled wallet as the group's."""
    return float((_alone(model) & (model.book["pool_claim"] > 0)).sum())


def claim_weeks(model: Run) -> float:
    """Weeks of the run in which the vendor claims a pooled wallet as the group's."""
    return float((model.book["pool_claim"] > 0).sum())


def claimed(model: Run) -> float:
    """USD a year that the vendor claims of pooled wallets, mean of the whole run."""
    return float(model.book["pool_claim"].mean()) / 100.0 * WEEKS_A_YEAR


def crypto(model: Run) -> float:
    """USD a year that truly reach the group on public ledgers, mean of the whole run."""
    ledger = [row for row, rail in enumerate(model.config.rails) if rail.ledger]
    return float(model.book["delivered"][:, ledger].sum(axis=1).mean()) / 100.0 * WEEKS_A_YEAR


@lru_cache(maxsize=1)
def _lawful(model: Run) -> Floats:
    """Lawful transfers a week that look alike, by rail."""
    places, parameters = model.view("intermediaries"), model.view("parameters")[0]
    return np.array([lookalikes(row, places, parameters) for row in range(len(model.config.rails))])


@lru_cache(maxsize=1)
def _vendor(model: Run) -> dict[str, float]:
    """Leads on public ledgers, those that staff examined, and hits, where nobody but the vendor attributes.

    Leads are right, wrong or lawful transfers that look alike; examined is the share of them that staff allows.
    """
    enforcement, book = model.config.enforcement, model.book
    if enforcement.staff.fiu > 0 or enforcement.off_ledger > 0:
        return {}
    rows = model.ledger[: int(book["last_gift"][max(0, model.week)])]
    ledger = np.array([rail.ledger for rail in model.config.rails])
    due = rows[(rows["due"] >= 0) & ledger[rows["rail"]]]
    shares = book["followed_share"][:, : len(ledger)] * ledger
    of_lead = shares[due["due"], due["rail"]]
    found = {"true": float(book["true_attributions"].sum()), "false": float(book["false_attributions"].sum())}
    for linked, name in ((1, "right"), (2, "wrong")):
        found[f"leads_{name}"] = float((due["linked"] == linked).sum())
        found[f"examined_{name}"] = float(of_lead[due["linked"] == linked].sum())
    found["leads_lawful"] = float(len(book) * (_lawful(model) * ledger).sum())
    found["examined_lawful"] = float((shares * _lawful(model)).sum())
    return found


def vendor(part: str) -> Number:
    """One count of the vendor's work over the whole run; NaN where others attribute too."""

    def measure(model: Run) -> float:
        return _vendor(model).get(part, math.nan)

    return measure


@lru_cache(maxsize=1)
def _wasted(model: Run) -> tuple[float, float]:
    """Expected cases on lawful money and the staff-weeks that they take, a week over the main window after the switch.

    Lawful transfers are a flow: those examined are the flow times the share of leads that staff allows, parts of cases
    and all. The book counts whole cases on each rail, so these may exceed it by less than one a rail and week.
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


def wasted_cases(model: Run) -> float:
    """Expected lawful transfers examined and false reports followed, a week over the main window after the switch."""
    return _wasted(model)[0]


def wasted_staff(model: Run) -> float:
    """Staff-weeks a week that go into lawful transfers and false reports, over the main window after the switch."""
    return _wasted(model)[1]


_VENDOR = {
    "true": "true hits of the vendor",
    "false": "false hits of the vendor",
    "leads_right": "right links among leads on public ledgers",
    "leads_wrong": "wrong links among leads on public ledgers",
    "leads_lawful": "lawful transfers that look alike among leads on public ledgers",
    "examined_right": "right links that staff examines",
    "examined_wrong": "wrong links that staff examines",
    "examined_lawful": "lawful transfers that look alike that staff examines",
}


MEASURES: dict[str, Measure] = {
    "wallet_years": Measure(wallet_years, "years"),
    "wallet_jumps": Measure(wallet_jumps, "jumps"),
    "jumps_alone": Measure(jumps_alone, "weeks"),
    "jumps_read": Measure(jumps_read, "weeks"),
    "claim_weeks": Measure(claim_weeks, "weeks"),
    "claimed": Measure(claimed, "USD/year"),
    "crypto": Measure(crypto, "USD/year"),
    **{
        f"vendor_{part}": Measure(vendor(part), "cases", f"{words}, where nobody else attributes, in the whole run")
        for part, words in _VENDOR.items()
    },
    "wasted_cases": Measure(wasted_cases, "cases/week"),
    "wasted_staff": Measure(wasted_staff, "staff-weeks/week"),
}


def wallet_series(model: Run) -> list[float]:
    """USD in the first processor's pooled wallet."""
    return cast("list[float]", _balances(model)[:, :1].sum(axis=1).tolist())


def jumps_series(model: Run) -> list[float]:
    """Wallets that jump in a week and are back the week after."""
    return cast("list[float]", _jumps(model).astype(float).tolist())


def claim_series(model: Run) -> list[float]:
    """USD that the vendor claims of pooled wallets."""
    return cast("list[float]", (model.book["pool_claim"] / 100.0).tolist())


SERIES: dict[str, Series] = {
    "wallet": Series(wallet_series, "USD"),
    "wallet_jumps": Series(jumps_series, "jumps"),
    "pool_claim": Series(claim_series, "USD/week"),
}
"""What is also kept by week, where weekly series are asked for."""
