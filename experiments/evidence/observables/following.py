"""Choice between a privacy coin and the coin that it would replace, by the model's own rule, where both are taken."""

import math
from datetime import date

import numpy as np
from numpy.typing import NDArray

from experiments.evidence.observables.recorder import Measure, RecordingModel
from sim.engine.constants import NOBODY, WEEKS_A_YEAR
from sim.engine.jit import rule
from sim.engine.records import Records, rule_view
from sim.rules.conditions import liking_of
from sim.rules.donors import utility, value_of_rail
from sim.rules.intermediaries import transfer_cost
from sim.rules.world import Donor, Levers
from sim.scenario import Scenario


@rule
def each_utility(
    donors: Records[Donor], r: int, liking: float, risk: float, levers: Records[Levers], week: int,
    utilities: Records[float], parameters: Records[Scenario],
) -> None:  # fmt: skip
    """Utility of rail r to each donor at an appeal that asks for none: the same as in the run."""
    value = value_of_rail(liking, transfer_cost(r, levers[week], parameters[0]), parameters[0])
    for place in range(len(donors)):
        utilities[place] = utility(donors[place], r, value, NOBODY, risk, parameters[0])  # type: ignore[index]


def coins(model: RecordingModel) -> tuple[int, int] | None:
    """Return the rows of the first privacy coin with a predecessor, and of that; None without such a pair."""
    rails = {rail.name: row for row, rail in enumerate(model.config.rails)}
    found = [(row, one.successor_of) for row, one in enumerate(model.config.rails) if one.private and one.successor_of]
    return (found[0][0], rails[str(found[0][1])]) if found and found[0][1] in rails else None


def odds(model: RecordingModel, day: date, heard: bool) -> list[NDArray[np.float64]]:
    """Return the odds of each donor to give rather than not, in the privacy coin and in its predecessor.

    Donors are as the run leaves them, liking is that of the day.

    Args:
        model: a finished run with both coins (`coins`).
        day: of the choice; it may lie beyond the run.
        heard: whether donors perceive the risk of the last week up to that day; else none.
    """
    week = max(0, min(model.config.week(day), len(model.book) - 1))
    liking = liking_of(model.config, np.array([float(day.toordinal())]))[0]
    found, donors = [], model.all_donors()
    for row in coins(model) or ():
        utilities, risk = np.zeros(len(donors)), float(model.book["risk"][week, row]) if heard else 0.0
        levers, parameters = model.view("levers"), model.view("parameters")
        each_utility(
            rule_view(donors, Donor), row, float(liking[row]), risk, levers, week, rule_view(utilities), parameters
        )
        found.append(np.exp(utilities))
    return found


def follow(day: date, heard: bool, words: str) -> Measure:
    """Return the measure of the share by value of the privacy coin, if both coins are taken and none is asked for."""

    def measure(model: RecordingModel) -> float:
        if coins(model) is None:
            return math.nan
        private, former = odds(model, day, heard)
        given = model.all_donors()["rate"] / (1.0 + private + former)  # sizes of gifts do not depend on the donor
        return float((given * private).sum() / (given * (private + former)).sum())

    return Measure(measure, "share", words)


def privacy_worth(model: RecordingModel) -> float:
    """Share of a payment that a payee of mean aversion would give up for the smaller risk of being traced and named."""
    choice, pair = model.config.choice, coins(model)
    if pair is None or choice.cost == 0.0:
        return math.nan
    private, former = (model.config.rails[row].traceability for row in pair)
    named = former.link * former.identify - private.link * private.identify
    return choice.risk * named / choice.cost


def forced_loss(model: RecordingModel) -> float:
    """Share of value over share of donors lost in a year of the privacy coin alone, after a year of its predecessor.

    A donor of the first year is lost who gives nothing in the second.
    """
    giving = model.config.giving
    if coins(model) is None or giving.public_rate == 0.0:
        return math.nan
    private, former = (one / (1.0 + one) for one in odds(model, date(2020, 6, 21), True))
    gifts = model.all_donors()["rate"] * WEEKS_A_YEAR * giving.public_rate / (giving.public_rate + giving.network_rate)
    before = -np.expm1(-gifts * former)
    lost = float((before * np.exp(-gifts * private)).sum() / before.sum())
    return (1.0 - float((gifts * private).sum() / (gifts * former).sum())) / lost


_SHARE = "share by value of the privacy coin if a campaign took it and its predecessor,"
MEASURES: dict[str, Measure] = {
    "follow_unafraid": follow(date(2021, 12, 1), False, f"{_SHARE} end of 2021, by donors who fear nothing"),
    "follow_both": follow(date(2020, 6, 21), True, f"{_SHARE} June 2020"),
    "follow_most": follow(date(2024, 6, 1), True, f"{_SHARE} June 2024"),
    "privacy_worth": Measure(privacy_worth, "share"),
    "forced_loss": Measure(forced_loss, "times"),
}
