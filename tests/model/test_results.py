"""What a run is judged by."""

import math

import pandas as pd
import pytest

import sim
from sim.results import (
    measures,
    status_quo,
    switch_effect,
    switches,
    weeks_to_recover,
    with_and_without_switch,
    without_feedback,
)


def table(values):
    return pd.DataFrame({"week": range(len(values)), "capacity": values})


def test_the_windows_follow_the_switch():
    scenario = sim.load("shocks.monero_only.at=2019-01-07")
    assert str(scenario.switch_day) == "2019-01-07"
    assert str(sim.load("report.switch=2020-01-06").switch_day) == "2020-01-06"
    flat = [1.0] * 260
    raised = [2.0 if 105 <= week < 157 else 1.0 for week in range(260)]
    assert scenario.week(scenario.switch_day) == 105
    assert switch_effect(table(raised), table(flat), scenario, 52) == pytest.approx(100.0)
    assert switch_effect(table(raised), table(flat), scenario, 104) == pytest.approx(50.0)
    assert math.isnan(switch_effect(table(raised), table(flat), scenario, 156)), "the run ends before"


@pytest.mark.parametrize(("last_apart", "weeks"), [(None, math.nan), (190, 10.0), (259, math.inf)])
def test_weeks_to_recover(last_apart, weeks):
    scenario = sim.load()
    values = [1.0] * 260
    if last_apart is not None:
        values[181] = 1.5
        values[last_apart] = 1.02  # the margin is 1%
    assert weeks_to_recover(table(values), table([1.0] * 260), scenario) == pytest.approx(weeks, nan_ok=True)


def test_a_run_with_policies_is_measured_against_the_status_quo():
    scenario = sim.load("policy=kinetic_pressure", "population.donors=300")
    with_, without = with_and_without_switch(scenario)
    arms = {"with": with_, "without": without, "status_quo": status_quo(scenario)}
    arms |= {f"{name}_cut": without_feedback(one) for name, one in arms.items()}
    models = {name: sim.Model(one) for name, one in arms.items()}
    for model in models.values():
        model.run()
    found = measures(models).set_index("measure")["value"]
    assert found["policy_effect_52"] < -1.0
    assert found["policy_effect_52_cut"] < -1.0
    assert abs(found["switch_effect_52"]) < 0.5


def test_a_scenario_without_a_switch_has_no_switch_effect():
    scenario = sim.load("shocks.monero_only.enabled=false", "population.donors=10")
    assert not switches(scenario)
    arms = {name: sim.Model(scenario) for name in ("with", "without", "with_cut", "without_cut")}
    for model in arms.values():
        model.run()
    assert not measures(arms)["measure"].str.startswith(("switch_effect", "weeks_to_recover")).any()


@pytest.mark.parametrize(("margin", "within"), [(0.05, True), (0.001, False)])
def test_what_lies_within_the_margin_has_nothing_to_recover_from(margin, within):
    scenario = sim.load(
        "group=donor_funded", "group.reserves=0", "population.donors=400", f"report.margin={margin}",
        "shocks.monero_only.mode=full", "shocks.monero_only.size=1",
    )  # fmt: skip
    arms = dict(zip(("with", "without"), with_and_without_switch(scenario), strict=True))
    arms |= {f"{arm}_cut": without_feedback(one) for arm, one in arms.items()}
    models = {arm: sim.Model(one) for arm, one in arms.items()}
    for model in models.values():
        model.run()
    found = measures(models).set_index("measure")
    weeks, label = found.loc["weeks_to_recover", ["value", "label"]]
    assert (abs(found.loc["switch_effect_52", "value"]) <= 100 * margin) == within
    assert ("the effect lies within it" in label) == math.isnan(weeks) == within
    assert within or weeks > 0
