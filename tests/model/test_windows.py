"""No number is of other weeks than it says: a window that a run does not have whole gives none, and says why."""

import math
from datetime import date

import pandas as pd
import pytest

import sim
from experiments.messages import say
from experiments.studies.attribution import report as attribution
from experiments.studies.sweep import report as sweep
from experiments.study.store import Folder
from experiments.study.tables import effects_of, means_over, runs_of
from sim import api
from sim.engine.jit import PLAIN
from sim.output import tables
from sim.plots.force import title_of_capacity
from sim.plots.money import title_of_rails
from sim.results import averages, measures, summary, weekly, weeks_to_recover, with_and_without_switch, without_feedback
from sim.windows import rest_of, run_of, window_of
from tests.study_helpers import make, planned

runs_models = pytest.mark.skipif(PLAIN, reason="runs take too long as plain Python")
SMALL = "population.donors=100"
OFF = "shocks.monero_only.enabled=false"


def models_of(*overrides):
    scenario = sim.load(SMALL, *overrides)
    arms = dict(zip(("with", "without"), with_and_without_switch(scenario), strict=True))
    arms |= {f"{arm}_cut": without_feedback(one) for arm, one in arms.items()}
    models = {arm: sim.Model(one) for arm, one in arms.items()}
    for model in models.values():
        model.run()
    return scenario, models


@pytest.mark.parametrize(
    ("overrides", "missing"),
    [
        (("horizon.weeks=1", OFF), "the run ends before 21 June 2020, the day of the disabled switch"),
        (("horizon.weeks=100", OFF), "the run ends before 21 June 2020, the day of the disabled switch"),
        (("horizon.weeks=170", OFF), "the run ends before 21 June 2020, the day of the disabled switch"),
        (("horizon.weeks=181",), "the run ends 0 weeks after the switch of 21 June 2020"),
        (("horizon.weeks=182",), "the run ends 1 week after the switch of 21 June 2020"),
        (("horizon.weeks=200",), "the run ends 19 weeks after the switch of 21 June 2020"),
        (("report.window=80",), "the run ends 79 weeks after the switch of 21 June 2020"),
        (("horizon.start=2020-07-06",), "the run begins 2 weeks after the switch of 21 June 2020"),
        (("report.switch=2016-01-01",), "the run begins 52 weeks after 1 January 2016 (report.switch)"),
        (("shock=[]", "horizon.weeks=30"), "the run is 30 weeks long"),
        ((OFF, "horizon.weeks=200"),
         "the run ends 19 weeks after 21 June 2020, the day of the disabled switch"),
    ],
)  # fmt: skip
def test_why_a_window_is_missing(overrides, missing):
    scenario = sim.load(*overrides)
    weeks = scenario.report.window
    assert window_of(scenario, weeks).missing == f"{missing}; the window is {weeks} weeks"


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ((), "the 52 weeks after the switch of 21 June 2020 (22 June 2020 to 20 June 2021)"),
        (("horizon.weeks=233",), "the 52 weeks after the switch of 21 June 2020 (22 June 2020 to 20 June 2021)"),
        (("report.switch=2018-01-01",),
         "the 52 weeks after 1 January 2018 (report.switch) (1 January 2018 to 30 December 2018)"),
        (("shock=[]",), "the last 52 weeks of the run (28 December 2020 to 26 December 2021)"),
        ((OFF,),
         "the 52 weeks after 21 June 2020, the day of the disabled switch (22 June 2020 to 20 June 2021)"),
    ],
)  # fmt: skip
def test_which_weeks_a_window_is(overrides, words):
    scenario = sim.load(*overrides)
    found = window_of(scenario, scenario.report.window)
    assert (found.words, found.missing) == (words, "")


def test_other_weeks_than_the_window_of_a_run_without_a_switch():
    scenario = sim.load("shock=[]")
    assert window_of(scenario, 13).words == "the 13 weeks after 28 December 2020 (28 December 2020 to 28 March 2021)"
    assert window_of(scenario, 79).missing.startswith("the run ends 52 weeks after 28 December 2020")


def test_the_whole_run_and_the_rest_of_it():
    scenario = sim.load()
    assert (run_of(scenario).first, run_of(scenario).last) == (date(2017, 1, 2), date(2021, 12, 26))
    assert rest_of(scenario).weeks == 79 and rest_of(scenario).last == run_of(scenario).last
    assert rest_of(sim.load("horizon.weeks=181")).missing.startswith("the run ends 0 weeks after")
    far = sim.load("shock=[]", "horizon.start=9999-12-01", "horizon.weeks=1", "report.switch=9999-12-01")
    assert window_of(far, 52).last == date.max


@runs_models
@pytest.mark.parametrize(
    "overrides",
    [
        *((f"horizon.weeks={weeks}", OFF) for weeks in (1, 100, 170)),
        *((f"horizon.weeks={weeks}",) for weeks in (181, 200)),
        ("report.window=80",),
        ("horizon.start=2020-07-06", "horizon.weeks=60"),
    ],
)
def test_no_number_where_the_window_is_not_whole(overrides):
    scenario, models = models_of(*overrides)
    weekly_ = {arm: weekly(model) for arm, model in models.items()}
    found = summary(weekly_["with"], weekly_["without"], scenario)
    over = window_of(scenario, scenario.report.window)
    assert found[["with", "without", "difference", "percent"]].isna().all(axis=None)
    assert set(found["missing"]) == {over.missing} and set(found["weeks"]) == {over.weeks} and over.missing
    assert (found["first"] == over.first).all() and (found["last"] == over.last).all()
    assert all(math.isnan(value) for value in averages(models["with"], over.weeks).values())
    judged = measures(models).set_index("measure")
    of_windows = judged[~judged.index.isin(["loop_gain", "precision", "recall"])]
    assert (of_windows["value"].isna() == (of_windows["missing"] != "")).all()
    switched = [name for name in judged.index if name.startswith(("switch_effect_52", "weeks_to_recover"))]
    assert bool(switched) == (OFF not in overrides) and (judged.loc[switched, "missing"] != "").all()
    assert (judged.loc[["loop_gain", "precision", "recall"], "weeks"] == scenario.horizon.weeks).all()
    text = str(tables.outcomes_shown(found, "with switch", "without", over))
    assert text.splitlines()[0] == f"Means of {over.words}: none, for {over.missing}"
    assert set(text.split("attack capacity  ")[1].splitlines()[0].split()) == {"-", "attacks/week"}
    assert (over.missing in str(tables.measures_shown(measures(models)))) == bool(switched)
    assert tables.one_line(found) == f"attack capacity, {over.first} to {over.last}: - ({over.missing})"
    title = title_of_capacity(weekly_, scenario)
    begins = over.missing[1:] if switched else "o switch in this run: "
    assert title.startswith(begins, 1) and title.endswith(f"over {run_of(scenario).name}")
    assert f"over {run_of(scenario).name}" in title_of_rails(weekly_, scenario)


def test_what_was_of_a_whole_window_is_as_it_was():
    scenario = sim.load()
    weeks = range(260)
    table = pd.DataFrame({"week": weeks, "date": 0, "capacity": [float(week) for week in weeks]})
    found = summary(table, table.assign(capacity=table["capacity"] / 2.0), scenario).iloc[0]
    mean = sum(range(181, 233)) / 52.0
    assert (found["with"], found["without"], found["percent"]) == pytest.approx((mean, mean / 2.0, 100.0))
    assert found["missing"] == ""
    assert tables.one_line(pd.DataFrame([found])).startswith("attack capacity, 2020-06-22 to 2021-06-20: 206.5 with")


def test_a_run_that_begins_after_the_switch_has_nothing_to_recover_from():
    scenario = sim.load("horizon.start=2020-07-06", "horizon.weeks=60")
    table = pd.DataFrame({"week": range(60), "capacity": 1.0})
    raised = table.assign(capacity=[2.0] * 10 + [1.0] * 50)
    assert math.isnan(weeks_to_recover(raised, table, scenario))


@runs_models
def test_measures_before_the_switch_need_the_weeks_before_it():
    from experiments.evidence.observables import campaigns
    from experiments.evidence.observables.recorder import RecordingModel

    for overrides, there in ((("horizon.weeks=181",), True), (("horizon.weeks=170", OFF), False),
                             (("horizon.start=2020-07-06", "horizon.weeks=20"), False)):  # fmt: skip
        model = RecordingModel(sim.load(SMALL, *overrides))
        model.run()
        assert math.isfinite(campaigns.MEASURES["campaign_first"](model)) == there


# --- studies ---------------------------------------------------------------------------------------------------------

SHORT = (SMALL, "horizon.start=2020-05-04", "horizon.weeks=60", "replications=1")


@runs_models
def test_windows_of_a_study_are_those_of_its_cells(tmp_path):
    plan = planned("study=sweep", *SHORT, "report.window=13,26,60")
    make(plan, tmp_path / "made")
    folder = Folder(tmp_path / "made")
    runs = runs_of(folder, plan)
    found = effects_of(plan, runs, ["capacity"]).set_index("report.window")
    assert (found["window"] == found.index).all()
    assert found["n"].to_dict() == {13: 1, 26: 1, 60: 0} and math.isnan(found.loc[60, "mean"])
    assert means_over(plan) == (
        "means of the 13 or 26 or 60 weeks after the switch of each cell: in some cells none, for the run ends 53 "
        "weeks after the switch of 21 June 2020; the window is 60 weeks"
    )
    said = sweep.text(plan, sweep.tables(plan, folder)).splitlines()[0]
    assert said == say("sweep-table", weeks=means_over(plan))


@runs_models
def test_a_sweep_says_its_weeks_and_why_it_has_none(tmp_path, capsys, monkeypatch):
    from sim.cli import entry

    monkeypatch.chdir(tmp_path)
    assert entry.run(["-m", *SHORT[:3], "report.window=30", "seed=1,2", "hydra.sweep.dir=a"]) == 0
    over = "means of the 30 weeks after the switch of 21 June 2020 (22 June 2020 to 17 January 2021)"
    assert capsys.readouterr().out.splitlines()[0] == say("sweep-table", weeks=over)
    found = pd.read_csv("a/effects.csv").set_index("outcome")["window"]
    assert (found["capacity"], found["harm"], found["capacity_13"]) == (30, 30, 13)
    assert entry.run(["-m", *SHORT[:3], "report.window=60", "seed=1,2", "hydra.sweep.dir=b"]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[0].endswith(": none, for the run ends 53 weeks after the switch of 21 June 2020; "
                                        "the window is 60 weeks")  # fmt: skip
    assert pd.read_parquet("b/runs.parquet")["capacity"].isna().all()


def test_vendors_are_compared_over_the_weeks_that_the_table_says():
    assert attribution.weeks_of(pd.DataFrame({"window": [26, 26]})) == "26"
    assert api.window_of is window_of
