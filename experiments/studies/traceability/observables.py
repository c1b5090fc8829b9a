"""Measures of a run that the law of traceability reads, by coin, and the share of the coin that was frozen."""

import math
from functools import lru_cache, partial

from experiments.evidence.observables.recorder import Measure, RecordingModel
from sim.engine.constants import WEEKS_A_YEAR
from sim.law import arguments, through_treasury

COINS = ("bitcoin", "stablecoin", "monero")
RECORDED = {
    "link": ("share", "chance that both ends of a transfer in {} are rightly linked"),
    "freezable": ("share", "share of a balance in {} that can be stopped"),
    "gifts": ("gifts/week", "gifts in {} a week to one wallet, mean over wallets by gifts"),
    "cashed": ("share/week", "share of the balance in {} that is turned into cash a week"),
    "renewal": ("share/week", "chance a week that a wallet is renewed ({})"),
    "lag": ("weeks", "half-life of discovery on {}"),
    "income_share": ("share", "share of income that comes through the treasury in {}"),
    "hops": ("transfers", "transfers between a donor and the group ({})"),
    "recall": ("share", "share of right links that the analyst attributes ({})"),
    "followed": ("share", "share of leads on {} that staff follows"),
    "frozen": ("share", "share of what came through the treasury in {} that was frozen"),
}


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


def _number(name: str, model: RecordingModel) -> float:
    return _measured(model).get(name, math.nan)


_AFTER = "over the main window after the switch"
MEASURES = {
    f"{coin}_{name}": Measure(partial(_number, f"{coin}_{name}"), unit, f"{words.format(coin)}, {_AFTER}")
    for coin in COINS
    for name, (unit, words) in RECORDED.items()
}
MEASURES["arrests"] = Measure(partial(_number, "arrests"), "arrests/year", f"arrests of donors, {_AFTER}")
