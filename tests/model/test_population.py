"""The population of a run: who is a row, and which runs share it."""

import numpy as np
import pytest

import sim
from sim import population
from sim.runs import Run

FEW = ("population.donors=500", "horizon.weeks=60", "horizon.start=2020-03-02")


def test_only_donors_with_an_attempt_are_rows_until_somebody_looks():
    run = Run(sim.load(*FEW))
    awake = run.donors.copy()
    assert 0 < len(awake) < 400
    assert (np.bincount(run.order["row"]) > 0).all()
    everyone = run.all_donors()
    assert everyone["identity"].tolist() == list(range(500))
    assert len(run.donors) == 500 and run.donors[: len(awake)].tobytes() == awake.tobytes()
    assert everyone[awake["identity"]].tobytes() == awake.tobytes()


def test_a_look_at_all_donors_changes_nothing():
    scenario = sim.load(*FEW)
    seen, unseen = Run(scenario), Run(scenario)
    seen.all_donors()
    seen.advance(20)
    branch = seen.branch(scenario)
    assert unseen.run().tobytes() == seen.run().tobytes() == branch.run().tobytes()


@pytest.mark.parametrize(
    ("change", "shared"),
    [
        ("policy=[exchange_kyc]", True),
        ("giving.median=50", True),
        ("choice.cost=3", True),
        ("rails.monero.fee=0.2", True),
        ("seed=2", False),
        ("population.donors=501", False),
        ("population.abroad=0.5", False),
        ("giving.public_rate=1", False),
        ("giving.bound=0.6", False),
        ("choice.skill=0.5", False),
        ("rails.monero.literacy=0.9", False),
        ("rails.cash.constant=1", False),
        ("campaigns.sigma=0.2", False),
        ("horizon.weeks=61", False),
    ],
)
def test_runs_share_a_population_if_they_agree_in_what_it_depends_on(change, shared):
    first, other = Run(sim.load(*FEW)), Run(sim.load(*FEW, change))
    assert (first.population is other.population) == shared
    assert first.donors is not other.donors
    population._KEPT.clear()
    assert Run(sim.load(*FEW, change)).all_donors().tobytes() == other.all_donors().tobytes()


def test_a_process_keeps_few_populations_and_no_large_one(monkeypatch):
    population._KEPT.clear()
    for seed in range(9):
        Run(sim.load(*FEW, f"seed={seed}"))
    assert len(population._KEPT) == population._MOST_KEPT
    monkeypatch.setattr(population, "_LARGEST_KEPT", 10)
    population._KEPT.clear()
    scenario = sim.load(*FEW)
    large = Run(scenario)
    assert not population._KEPT and large.donors is large.population.donors
    large.advance(20)
    assert large.branch(scenario).run().tobytes() == Run(scenario).run().tobytes()


def test_the_calendar_grows_if_there_are_more_attempts_than_expected(monkeypatch):
    scenario = sim.load(*FEW)
    kept = Run(scenario).order.tobytes()
    population._KEPT.clear()
    monkeypatch.setattr(population, "WEEKS_A_YEAR", 1e9)
    assert Run(sim.load(*FEW, "giving.network_rate=10", "giving.bound=3")).order.nbytes > len(kept)
    assert Run(scenario).order.tobytes() == kept
