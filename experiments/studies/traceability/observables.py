"""Measures of a run that the law of traceability reads, by coin, and the share of the coin that was frozen."""

import math
from functools import lru_cache
from pathlib import Path

from experiments.evidence.observables.recorder import Measure, RecordingModel, one_of
from sim.engine.constants import WEEKS_A_YEAR
from sim.law import arguments, through_treasury
from sim.outcomes import described

COINS = ("bitcoin", "stablecoin", "monero")
RECORDED = described("measures", Path(__file__).with_name("columns.csv"))
"""What is recorded of each coin, whose name takes the place of the braces."""


@lru_cache(maxsize=1)
def _measured(model: RecordingModel) -> dict[str, float]:
    """Every measure by name, over the main window after the switch; none if the run does not hold it."""
    scenario, first = model.config, model.config.week(model.config.switch_day)
    book = model.book[max(0, first) : first + scenario.report.window]
    if first < 0 or len(book) < scenario.report.window:
        return {}
    found = {"arrests": float(book["arrests"].mean()) * WEEKS_A_YEAR}
    income = through_treasury(book, scenario.group.routing)
    for r, rail in enumerate(scenario.rails):
        if rail.name in COINS:
            about = arguments([model], r)
            about["gifts"] *= sum(part**2 for part in about.pop("wallets"))
            through = about["income_share"] * income
            about["frozen"] = book["frozen"][:, r].sum() / through if through else math.nan
            found |= {f"{rail.name}_{name}": float(about[name]) for name in RECORDED}
    return found


_AFTER = "over the main window after the switch"
MEASURES = {
    f"{coin}_{name}": Measure(one_of(_measured, f"{coin}_{name}"), one.unit, f"{one.label.format(coin)}, {_AFTER}")
    for coin in COINS
    for name, one in RECORDED.items()
}
MEASURES["arrests"] = Measure(one_of(_measured, "arrests"), "arrests/year", f"arrests of donors, {_AFTER}")
