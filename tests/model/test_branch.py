"""A branch equals the whole run of its scenario to the byte, whatever its parent."""

import pytest

from sim.config import load
from sim.events import first_difference
from sim.model import Model
from sim.results import averages, weekly, window
from sim.runs import Run
from sim.scenario import Scenario
from tests.worlds import digests, random_scenario, run_of

SMALL = ("population.donors=200", "horizon.weeks=230")


def without(scenario: Scenario, what: str) -> Scenario:
    """The scenario without its policies, or without the last of its shocks."""
    if what == "policies":
        return scenario.model_copy(update={"policies": {}})
    last = sorted(scenario.shocks)[-1:]
    return scenario.model_copy(update={"shocks": {k: v for k, v in scenario.shocks.items() if k not in last}})


@pytest.mark.parametrize("what", ["policies", "shock"])
@pytest.mark.parametrize("number", range(12))
def test_a_branch_is_the_whole_run_to_the_byte(number, what):
    scenario = random_scenario(number, small=True)
    parent = Model(without(scenario, what))
    week = first_difference(parent.config, scenario)
    if week:
        parent.run_for(min(week, scenario.horizon.weeks))
    before = digests(parent)
    branch = parent.branch(scenario)
    branch.run()
    whole = run_of(scenario)
    assert digests(branch) == digests(whole)
    assert branch.week == whole.week and branch.begins + branch.steps == whole.steps
    assert digests(parent) == before, "the run that was branched from is left as it is"


def test_a_ramp_that_has_begun_goes_on():
    ramp = ("policy=exchange_kyc", "policies.exchange_kyc.start=2020-05-04")
    parent, other = load(*SMALL, *ramp, "shocks.monero_only.enabled=false"), load(*SMALL, *ramp)
    model = Model(parent)
    model.run_for(first_difference(parent, other))
    assert 0 < model.levers["exchange_kyc"][model.week] < 1
    branch = model.branch(other)
    branch.run()
    assert branch.levers["exchange_kyc"][-1] == 1
    assert digests(branch) == digests(run_of(other))


def test_a_branch_that_comes_too_late_is_refused():
    parent, other = load(*SMALL), load(*SMALL, "policy=exchange_kyc")
    model = Model(parent)
    model.run_for(first_difference(parent, other) + 1)
    with pytest.raises(ValueError, match="differ from week 181"):
        model.branch(other)


@pytest.mark.parametrize(
    ("override", "week"),
    [
        ("seed=2", 0),
        ("combat.money=0.2", 0),
        ("shocks.territory_iraq.enabled=false", 0),
        ("shocks.leader_killed.enabled=false", 147),
        ("shocks.monero_only.mode=full", 181),
        ("policy=kinetic_pressure", 181),
        ("report.window=13", 230),
        ("shocks.monero_only.at=2019-01-07", 105),
    ],
)
def test_where_scenarios_part(override, week):
    assert first_difference(load(*SMALL), load(*SMALL, override)) == week


def test_averages_are_those_of_the_weekly_table():
    model = run_of(load("population.donors=200"))
    table = window(weekly(model), model.config, 52)
    for name, value in averages(model, 52).items():
        assert value == pytest.approx(float(table[name].mean()), rel=1e-12), name
    assert all(value != value for value in averages(model, 80).values()), "no mean of half a window"


@pytest.mark.parametrize("number", range(12))
def test_a_run_with_mesa_and_one_without_are_equal_to_the_byte(number):
    scenario = random_scenario(number, small=True)
    plain, stepped, model = Run(scenario), Model(scenario), Model(scenario)
    assert (plain.run() == model.run()).all()
    while stepped.running:
        stepped.step()
    assert digests(plain) == digests(model) == digests(stepped)
