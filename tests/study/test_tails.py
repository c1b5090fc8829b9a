"""The estimators of the validation study find again what made the numbers: exponent, x_min, branching ratio."""

import numpy as np
import pytest

from experiments.evidence.tails import ENOUGH, power_law, triggered


def attacks(exponent, begins, share, of, rng):
    """Deaths as the rule draws them: a geometric body of mean 1.2, and a floored Pareto tail with a cap."""
    tail = np.minimum(1000, np.floor(begins * rng.random(of) ** (-1 / (exponent - 1)))).astype(int)
    return np.where(rng.random(of) < share, tail, rng.geometric(1 / 2.2, of) - 1)


@pytest.mark.parametrize("exponent", [2.3, 2.5, 2.7])
def test_exponent_and_beginning_of_a_tail_are_found_again(exponent):
    """Of 15,000 attacks, 450 in the tail: in eight of ten samples within 0.15 and within 6 deaths."""
    rng = np.random.default_rng(1)
    found = np.array([power_law(attacks(exponent, 12, 0.03, 15_000, rng)) for _ in range(20)])
    assert (np.abs(found[:, 0] - exponent) < 0.15).mean() >= 0.8
    assert (np.abs(found[:, 1] - 12) <= 6).mean() >= 0.8
    assert np.median(found[:, 0]) == pytest.approx(exponent, abs=0.06)


def test_a_power_law_all_the_way_down_begins_at_one():
    exponent, begins = power_law(np.random.default_rng(2).zipf(2.4, 20_000))
    assert exponent == pytest.approx(2.4, abs=0.03) and begins <= 3


def test_too_few_values_give_no_exponent():
    assert all(np.isnan(power_law(np.arange(ENOUGH - 1))))
    assert all(np.isnan(power_law(np.zeros(1000, dtype=int))))
    assert all(np.isnan(power_law(np.full(1000, 7))))


def excited(branching, decay, background, rng, cells=3):
    """Weekly counts of cells with the same background, each exciting itself; the first weeks are left out."""
    weights = np.exp(-np.arange(12, 0, -1.0) / decay)
    weights *= branching / weights.sum()
    background = np.concatenate([np.full(60, background[0]), background])
    counts = np.tile(np.rint(background)[:, None], cells)
    for week in range(12, len(counts)):
        mean = (1 - branching) * background[week] + weights @ counts[week - 12 : week]
        counts[week] = rng.poisson(mean)
    return counts[60:].astype(int)


@pytest.mark.parametrize("branching", [0.0, 0.2, 0.43, 0.6])
def test_the_branching_ratio_is_found_again_under_jumps_of_the_background(branching):
    """Mean of 60 samples of 260 weeks within 0.06, whatever moves all cells by date; one sample is off by 0.1 or so."""
    rng = np.random.default_rng(3)
    weeks = np.arange(260)
    background = 7 * (1 + 0.5 * (weeks > 80) + (weeks > 156) * 0.9 * 0.5 ** (np.maximum(0, weeks - 180) / 20))
    found = [triggered(excited(branching, 2.0, background, rng)) for _ in range(60)]
    assert np.mean(found) == pytest.approx(branching, abs=0.06)
    assert np.std(found) < 0.2


def test_one_cell_or_few_weeks_tell_nothing_of_triggering():
    counts = np.random.default_rng(4).poisson(5, (260, 2))
    assert np.isnan(triggered(counts[:, :1])) and np.isnan(triggered(counts[:60])) and np.isnan(triggered(0 * counts))
