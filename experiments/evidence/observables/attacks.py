"""Distribution of attacks in severity and time, and the share that a public database records."""

import math
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from experiments.evidence.observables.recorder import Measure, RecordingModel, between, row_of, year_of
from sim.engine.jit import rule
from sim.engine.records import Records, rule_view
from sim.rules.attacks import severity
from sim.rules.world import Cell
from sim.scenario import Scenario


def dispersion(model: RecordingModel) -> float:
    """Variance over mean of weekly attacks in Iraq, July 2018 to December 2019, around a line: 1 if at random."""
    weeks, row = between(model, date(2018, 7, 1), date(2020, 1, 1)), row_of(model, "iraq")
    if weeks is None or row is None:
        return math.nan
    counts = model.book["attacks"][weeks, row].astype(float)
    place = np.arange(len(counts))
    left = counts - np.polyval(np.polyfit(place, counts, 1), place)
    return float((left**2).sum() / (len(counts) - 2) / counts.mean()) if counts.any() else math.nan


@rule
def each_attack(
    cells: Records[Cell], c: int, weeks: Records[int], ordinals: Records[int], deaths: Records[int],
    parameters: Records[Scenario],
) -> None:  # fmt: skip
    """Deaths in each attack of a cell: the same draws as in the run."""
    for place in range(len(weeks)):
        deaths[place] = severity(cells[c], weeks[place], ordinals[place], parameters[0])  # type: ignore[index]


@lru_cache(maxsize=1)  # three measures of one run
def severities(model: RecordingModel) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Deaths in every attack of a run, and the week and cell of each."""
    found = []
    for cell in range(len(model.cells)):
        counts = model.attacks[:, cell]
        weeks = np.repeat(np.arange(len(counts)), counts)
        ordinals = np.arange(len(weeks)) - np.repeat(counts.cumsum() - counts, counts)
        deaths = np.zeros(len(weeks), dtype=np.int64)
        when, which, into = (rule_view(one) for one in (weeks, ordinals, deaths))
        each_attack(model.view("cells"), cell, when, which, into, model.view("parameters"))
        found.append((deaths, weeks, np.full(len(weeks), cell)))
    deaths, weeks, cells = (np.concatenate(one) for one in zip(*found, strict=True))
    return deaths, weeks, cells


@lru_cache(maxsize=1)  # two measures of one run
def tail(model: RecordingModel) -> tuple[float, float]:
    """Return exponent and beginning of the power law in the tail of deaths in an attack."""
    from experiments.evidence.tails import power_law

    return power_law(severities(model)[0])


def severity_size(model: RecordingModel) -> float:
    """Rank correlation, over all attacks, of deaths in an attack with fighters in its theatre that week."""
    from scipy import stats

    deaths, weeks, cells = severities(model)
    fighters = model.book["fighters"][weeks, model.cells["theatre"][cells]]
    if not len(deaths) or np.ptp(deaths) == 0 or np.ptp(fighters) == 0:
        return math.nan
    return float(stats.spearmanr(deaths, fighters).statistic)


def triggered_in_iraq(model: RecordingModel) -> float:
    """Share of attacks in Iraq that earlier ones triggered, estimated from counts by week and province."""
    from experiments.evidence.tails import triggered

    row = row_of(model, "iraq")
    return triggered(model.attacks[:, (model.cells["theatre"] == row) & (model.cells["attacks_reference"] > 0.0)])


def recorded_2018(model: RecordingModel) -> float:
    """Share of the attacks of 2018 that a public database has."""
    weeks = between(model, *year_of(2018))
    attacks = int(model.book["attacks"][weeks].sum()) if weeks else 0
    return float(model.book["recorded"][weeks].sum()) / attacks if attacks else math.nan


MEASURES: dict[str, Measure] = {
    "dispersion": Measure(dispersion, ""),
    "severity_exponent": Measure(
        lambda model: tail(model)[0], "", "exponent of the power law in the tail of deaths in an attack"
    ),
    "severity_from": Measure(
        lambda model: tail(model)[1], "deaths", "deaths in an attack from which the power law holds"
    ),
    "severity_size": Measure(severity_size, ""),
    "triggered": Measure(triggered_in_iraq, "share"),
    "recorded_2018": Measure(recorded_2018, "share"),
}
