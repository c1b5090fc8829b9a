"""The study answer: dates that are asked, the answer, dated changes, policies in order, the figures, the command."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from experiments.stats import contrasts
from experiments.studies.answer import figures, report
from experiments.study import spec
from sim.config import ConfigurationError, load
from sim.engine.jit import PLAIN
from sim.plots.layout import PRINT
from tests.study_helpers import planned, told

TYPED = (
    "study=answer",
    "uncertain=plausible",
    "profile=donor_funded",
    "year=2020",
    "structure=default,former",
    "replications=4",
)
MORE = ("population.donors=100", "history=as_it_was,no_own_growth", "policy=exchange_kyc,kinetic_pressure")
FACTORS = ["profile", "year", "structure", "history", "arm", "policy"]
REFERENCE = {"arm": "none", "policy": "status_quo"}


def made_up() -> pd.DataFrame:
    """Runs of 40 draws: announcing costs 10 %, but 4 % in 2026, and there 10 % without the delistings."""
    cells = [
        (year, history, arm, policy)
        for year in ("2020", "2026")
        for history in ("as_it_was", "no_delistings", "no_travel_rule")
        for arm in ("none", "announcement", "full")
        for policy in ("status_quo", "exchange_kyc", "kinetic_pressure")
        if history == "as_it_was" or policy == "status_quo"
    ]
    parts = []
    for year, history, arm, policy in cells:
        cost = {"none": 0.0, "full": 0.0}.get(arm, 0.04 if year == "2026" and history != "no_delistings" else 0.1)
        averts = {"status_quo": 0.0, "exchange_kyc": 0.02, "kinetic_pressure": 0.3}[policy]
        about = {"profile": "a", "year": year, "structure": "default", "history": history, "arm": arm, "policy": policy}
        runs = pd.DataFrame({"replication": range(80), "draw": np.arange(80) // 2})
        level = 100.0 + runs["draw"]
        values = {"capacity": level * (1.0 - cost), "rate": level * (1.0 - cost - averts), "campaign_given": level}
        parts.append(runs.assign(**about, error=None, **values))
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    """Tables of the runs above."""
    runs = made_up()
    past = runs[runs["history"] == "as_it_was"]
    effects = contrasts.effects(past, FACTORS, REFERENCE, report.OUTCOMES)
    rate, capacity = (contrasts.by_draw(past, FACTORS, REFERENCE, one) for one in ("rate", "capacity"))
    other = effects.assign(structure="rivals", verdict=effects["verdict"].replace("lowers", "depends"))
    quo = runs[runs["policy"] == "status_quo"]
    agencies = {"exchange_kyc": "regulator", "kinetic_pressure": "military"}
    return {
        "answer": report.answer(pd.concat([effects, other], ignore_index=True)),
        "changes": report.changes(quo, 1.0),
        "policies": report.ranked(effects, rate, agencies, {("a", "2026"): {"exchange_kyc": 0.3}}),
        "draws": report.of_the_switch(capacity),
    }


def test_the_answer_is_the_effect_and_counts_structures_with_its_verdict(tables):
    rows = tables["answer"].set_index(["year", "effect"])
    assert rows["median"].to_dict() == pytest.approx(
        {("2020", "announcement"): -10, ("2020", "full"): 0, ("2026", "announcement"): -4, ("2026", "full"): 0}
    )
    assert rows.loc[("2020", "announcement"), ["verdict", "agree", "structures", "depends_in", "except"]].tolist() == [
        "lowers", 1, 2, 1, "rivals",
    ]  # fmt: skip
    assert rows.loc[("2026", "full"), ["verdict", "negligible_in", "agree", "except"]].tolist() == [
        "negligible", 2, 2, "",
    ]  # fmt: skip


def test_what_is_due_to_a_change_is_the_effect_less_that_without_it(tables):
    rows = tables["changes"].query("arm == 'announcement'").set_index(["contrast", "of", "history"])
    values, verdicts = rows["median"].to_dict(), rows["verdict"].to_dict()
    assert values["effect", "difference", "as_it_was"] == pytest.approx(6)
    assert values["effect", "difference", "no_delistings"] == pytest.approx(0, abs=1e-9)
    assert values["due", "difference", "no_delistings"] == values["due", "2026", "no_delistings"] == pytest.approx(6)
    assert verdicts["due", "difference", "no_delistings"] == "raises"
    assert verdicts["due", "difference", "no_travel_rule"] == verdicts["due", "2020", "no_delistings"] == "cannot act"
    assert not [key for key in values if key[0] == "due" and key[2] == "as_it_was"]


def test_a_case_of_one_year_has_no_difference():
    runs = made_up().query("policy == 'status_quo' and year == '2026'")
    found = report.changes(runs, 1.0)
    assert {*found["of"]} == {"2026"} and (found["draws"] == 40).all()
    more = made_up().query("policy == 'status_quo' and (year == '2026' or history == 'as_it_was')")
    assert {*report.changes(more, 1.0)["of"]} == {"2026"}


def test_policies_are_ranked_within_a_case_and_date(tables):
    rows = tables["policies"].query("year == '2020'").set_index("policy")
    assert rows["rank"].to_dict() == {"kinetic_pressure": 1, "exchange_kyc": 2}
    assert not rows["practice"].any() and tables["policies"].query("year == '2026'")["practice"].tolist() == [0, 0.3]
    assert rows["best"].to_dict() == {"kinetic_pressure": 1.0, "exchange_kyc": 0.0}
    assert rows["best_civil"].fillna(-1).to_dict() == {"kinetic_pressure": -1.0, "exchange_kyc": 1.0}


def test_three_sentences_say_what_the_tables_say(tables):
    switch, changed, policies = report.sentences(tables, "1")
    assert "none of 2 cases and years: it falls in 2. The largest median effect is −10.00%" in switch
    assert "A difference is due to the delisting of Monero in A" in changed
    assert "military pressure averts more attacks than any other in 2 of 2 cases and years" in policies
    assert all(len(one.split()) <= 35 for line in (switch, changed, policies) for one in line.split(". "))


def test_a_change_that_cannot_act_settles_nothing(tables):
    due = tables["changes"].query("contrast == 'due' and of == 'difference' and arm == 'announcement'")
    inert = due[due["history"] == "no_travel_rule"]
    assert report.altered(inert, "1")["due-size"] == "" and report.altered(due, "1")["due-size"].startswith("+6")


def test_a_case_of_gifts_is_not_counted(tables):
    rows = tables["answer"].assign(profile="qassam")
    assert report.sentences({**tables, "answer": rows}, "1")[0].startswith("Between the first")
    cells = report.answer_cells(rows.assign(outcome="campaign_given"))
    assert {*cells["of"]} == {"gifts to public campaigns"}


def test_every_draw_is_a_dot_of_the_figure(tables):
    figure, title = figures.by_case(tables["answer"], tables["draws"], 1.0, dataclasses.replace(PRINT))
    assert title == "Announcing Monero in this model, 2 cases and years: attack capacity falls in 2"
    [axes] = figure.axes
    dots = [line.get_xdata() for line in axes.lines if line.get_markersize() == 2.0]
    assert [len(some) for some in dots] == [80, 80] and axes.get_xscale() == "linear"
    _, title = figures.by_change(tables["changes"], 1.0, dataclasses.replace(PRINT))
    assert title == "What announcing Monero does is altered by the delisting of Monero in A"
    assert figures.by_change(tables["changes"].iloc[:0], 1.0, PRINT) is None
    assert report.altered(tables["changes"].iloc[:0], "1")["settled"] == "no"


def test_every_date_that_is_asked_has_an_open_appeal():
    study = spec.load("answer")
    rows = study.zip["asked"].rows
    scenarios = {}
    for profile, year in rows:
        own = [one for name, level in (("profile", profile), ("year", year)) for one in study.levels[name][level]]
        scenarios[profile, year] = load(*study.overrides, *(one for one in own if not one.startswith("policies")))
    assert {key: report.not_asked(one) for key, one in scenarios.items() if report.not_asked(one)} == {}
    for scenario, (_, year) in zip(scenarios.values(), rows, strict=True):
        assert str(scenario.switch_day).startswith(year)
        assert scenario.week(scenario.switch_day) + scenario.report.window == scenario.horizon.weeks
    early = load("report.switch=2017-06-05", "shocks.monero_only.at=2017-06-05")
    assert report.not_asked(early) == "takes nothing"
    late = load("appeals.news_site.opens=2020-07-01")
    assert report.not_asked(late) == "not open yet"


def test_a_level_of_a_row_keeps_its_rows():
    plan = planned("study=answer", "uncertain=plausible", "profile=is_core", "year=2017,2026", "policy=exchange_kyc")
    cells = {(cell.levels["profile"], cell.levels["year"]) for cell in plan.cells}
    assert cells == {("is_core", "2017"), ("is_core", "2026")}
    starts = {str(one.start) for cell in plan.cells for one in cell.scenario.policies.values()}
    assert starts == {"2017-12-04", "2026-01-05"}
    with pytest.raises(ConfigurationError, match="the factor year sets it"):
        planned(
            "study=answer",
            "uncertain=plausible",
            "profile=is_core",
            "year=2017",
            "policies.exchange_kyc.start=2018-01-01",
        )
    with pytest.raises(ConfigurationError, match="no row of asked"):
        planned("study=answer", "uncertain=plausible", "profile=khorasan", "year=2017")


@pytest.mark.slow
@pytest.mark.skipif(PLAIN, reason="runs of many weeks take too long as plain Python")
def test_the_study_as_a_user_types_it(here, capsys):
    code, said, error = told(capsys, *TYPED, *MORE, "--full")
    assert code == 0 and "Traceback" not in error
    assert "an appeal that takes Monero alone" in " ".join(said.split()) and "not an assessment of the group" in said
    folder = here / "results" / "answer"
    answer, draws = (pd.read_csv(folder / f"{name}.csv") for name in ("answer", "draws"))
    assert {*answer["effect"]} == {"announcement", "asked", "full", "privacy"} and answer["id"].is_unique
    means = draws.groupby("effect")["change"].mean().to_dict()
    assert answer.set_index("effect")["mean"].to_dict() == pytest.approx(means)
    assert pd.read_csv(folder / "codebook.csv")["label"].notna().all()
    assert {file.stem for file in (folder / "figures" / "analyst").glob("*.png")} == {"1_answer", "2_changes"}
