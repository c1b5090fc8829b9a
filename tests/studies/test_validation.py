"""The validation study: patterns and their rule, what is measured in a run, and the study as a user types it."""

import math
import re
from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import sim
from experiments.evidence import cases, grammar, observables, patterns
from experiments.evidence.observables import attacks, campaigns
from experiments.evidence.observables.recorder import RecordingModel
from experiments.figures.published import multiples
from experiments.studies.validation import figures as figure
from experiments.study import chunk, cli, executors
from experiments.study.spec import Study
from experiments.study.spec import load as study
from sim.config import CONF
from sim.engine.jit import PLAIN
from tests.study_helpers import thread
from tests.worlds import gifts_of

pytestmark = pytest.mark.skipif(PLAIN, reason="runs of five years take too long as plain Python")
BASE = dict(study("validation").base)
SECTIONS = study("validation").observables
CASES = {name: cases.load(name) for name in cases.names()}
PATTERNS = CASES[cases.CORE].patterns
PULSE = math.log((1.42 + 12 * 2.16) / 13)
"""Opportunity in Iraq in the second quarter of 2020 (conf/shock/quiet_return.yaml); it is 1 in 2018."""

# --- patterns and the rule --------------------------------------------------------------------------------------------


def test_every_pattern_of_every_case_can_be_judged():
    assert [error for name in cases.names() for error in patterns.errors(name)] == []
    for pattern in (one for case in CASES.values() for one in case.patterns):
        assert pattern.where.keys() <= BASE.keys(), pattern
        low, high, _ = cases.published(pattern)
        assert pattern.outside or math.isfinite(low) or math.isfinite(high), pattern
    assert set(study("validation").cases) == CASES.keys()


def test_every_figure_kept_for_validation_is_measured_or_named_as_outside():
    kept = {name for name, row in cases.facts().items() if row["use"] == "validate"}
    text = "".join((CONF / "case" / f"{name}.yaml").read_text(encoding="utf-8") for name in CASES)
    families = tuple(re.findall(r"facts:([\w-]+-)\*", text))
    used = {pattern.fact for case in CASES.values() for pattern in case.patterns}
    assert kept and sorted(name for name in kept - used if not name.startswith(families)) == []
    names = ["pool_claim", "campaign_given", *(f"record_{name}" for name in observables.measures(SECTIONS))]
    runs = _runs()
    table = patterns.table(pd.concat([runs, pd.DataFrame(1.0, runs.index, names)], axis=1), BASE)
    drift = table[table["fact"] == "rail-drift"].iloc[0]
    assert (drift["verdict"], drift["counts"], drift["draws"]) == (patterns.OUTSIDE, False, 0) and drift["reason"]


def test_a_calibrated_pattern_ends_by_the_cut_of_its_case():
    known = cases.facts()
    tuned = [(case, one) for case in CASES.values() for one in case.patterns if one.tag == "calibrated"]
    assert [one.says for case, one in tuned if not cases.may_tune(case, one, known)] == []
    core = CASES["is_core"]
    assert cases.may_tune(core, pattern_of("attacks_iraq_2018", fact="attacks-iraq-2020q2"), known)  # cut_of iraq
    assert not cases.may_tune(core, pattern_of("claims_2020", fact="attacks-iraq-2020q2"), known)
    assert not cases.may_tune(core, pattern_of("fighters_2020-07", fact="fighters-2020-07"), known)


OUTCOMES_OF_A_GROUP = {"attacks", "personnel", "reserves", "revenue", "crypto"}


def test_no_outcome_after_the_cut_sets_a_group_or_a_theatre():
    """Dates of events may be later; their size may not be taken from what came after."""
    core, known, late = CASES["is_core"], cases.facts(), []
    files = {CONF / "group" / f"{name}.yaml": case for name, case in CASES.items()}
    for file, case in (files | dict.fromkeys(CONF.glob("theatre/*.yaml"), core)).items():
        for name in re.findall(r"facts:([a-z0-9][a-z0-9*-]*)", file.read_text(encoding="utf-8")):
            rows = [row for one, row in known.items() if one == name or ("*" in name and one.startswith(name[:-1]))]
            for row in (row for row in rows if row["topic"] in OUTCOMES_OF_A_GROUP and row["unit"] != "date"):
                of = f"{file.stem} {row['id'].replace('-', '_')}" if row["topic"] in ("attacks", "personnel") else ""
                cut = max((day for place, day in case.cut_of.items() if place in of), default=case.cut)
                last = grammar.last_day(row["period"])
                if row["use"] == "validate" or (last and last > cut):
                    late.append(f"{file.name}: {row['id']}, {row['period']}, {row['use']}")
    assert late == []


@pytest.mark.parametrize("more", [{}, {"of": "reserves_2019-02", "outside": "a reason"}])
def test_a_pattern_is_measured_or_outside_and_not_both(more):
    with pytest.raises(ValueError, match="either of"):
        cases.Pattern(says="a", tag="emergent", unit="USD", **more)


def pattern_of(of, **more):
    return cases.Pattern(**{"says": of, "tag": "calibrated", "of": of} | more)


def test_no_emergent_pattern_is_a_figure_that_defaults_were_chosen_by():
    known = cases.facts()
    tuned = {pattern.fact for pattern in PATTERNS if pattern.tag == "calibrated"}
    emergent = [pattern for pattern in PATTERNS if pattern.counts]
    assert not tuned & {pattern.fact for pattern in emergent}
    used = [pattern.fact for pattern in emergent if known[str(pattern.fact)]["use"] == "calibrate"]
    assert used == ["seized-share-generic"]  # a row that might have been used, and was not


@pytest.mark.parametrize(
    ("grade", "wide"),
    [
        ("A", (90.909, 220.0)),
        ("B", (80.0, 250.0)),
        ("D", (66.667, 300.0)),
        ("C", (66.667, 300.0)),
        ("", (66.667, 300.0)),
    ],
)
def test_a_published_range_is_widened_by_its_grade(grade, wide, monkeypatch):
    monkeypatch.setattr(cases, "facts", lambda: {"a": {"low": "100", "high": "200", "grade": grade}})
    plain = cases.Pattern(says="", tag="emergent", of="reserves_2019-02", unit="USD", fact="a")
    found = patterns.range_of(plain)
    assert (found["low"], found["high"]) == pytest.approx(wide, rel=1e-4)
    for other in ({"of": "elasticity"}, {"of": "effect"}, {"tag": "negative control"}):
        found = patterns.range_of(plain.model_copy(update=other))
        assert (found["low"], found["high"]) == (found["published_low"], found["published_high"]) == (100.0, 200.0)


def test_an_unknown_grade_is_an_error(monkeypatch):
    monkeypatch.setattr(patterns, "facts", lambda: {"a": {}})
    monkeypatch.setattr(cases, "facts", lambda: {"a": {"low": "1", "high": "2", "grade": "E"}})
    found = list(patterns.errors_in([pattern_of("reserves_2019-02", fact="a")], []))
    assert found == ["reserves_2019-02: a has grade E; allowed is A, B, B-, C, D, M"]


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(40, 60, "agrees"), (60, 80, "possible"), (-50, 10, "possible"), (96, 120, "disagrees"), (-9, 4, "disagrees")],
)
def test_the_verdict_is_of_the_median_draw_then_of_the_central_ninety_per_cent(low, high, verdict):
    found = patterns.judge(pd.Series(np.arange(101.0)), low, high)
    assert (found["median"], found["draws_low"], found["draws_high"]) == (50.0, 5.0, 95.0)
    assert found["verdict"] == verdict
    assert patterns.judge(pd.Series([np.nan, np.inf]), low, high)["verdict"] == "no runs"


def _runs(**levels):
    """Runs of four draws with two seeds each, in which capacity and rate follow income with elasticity 0.2."""
    rows = []
    for draw in range(4):
        for seed in (2 * draw, 2 * draw + 1):
            for income, times in (("less", 0.8), ("as_it_was", 1.0), ("more", 1.25)):
                for policy, effect in (("status_quo", 1.0), ("revenue_strikes", 0.97)):
                    rate = (draw + 1) * times**0.2 * effect
                    about = {"draw": draw, "seed": seed, "income": income, "policy": policy, "error": None}
                    rows.append(BASE | levels | about | {"rate": rate, "capacity": 2 * rate})
    return pd.DataFrame(rows)


def test_planted_elasticity_and_effect_are_found_again():
    elasticity = cases.Pattern(says="", tag="emergent", of="elasticity", unit="")
    assert patterns.by_draw(elasticity, _runs(), BASE).tolist() == pytest.approx([0.2] * 4)
    effect = cases.Pattern(says="", tag="emergent", of="effect", unit="%", where={"policy": "revenue_strikes"})
    assert patterns.by_draw(effect, _runs(), BASE).tolist() == pytest.approx([-3.0] * 4)


def test_the_elasticity_is_by_the_factors_that_the_study_varies():
    levels = study("validation").levels["income"]
    assert {level: [f"group.income={times:g}"] for level, times in patterns._TIMES.items()}.items() <= levels.items()


def test_a_failed_run_is_no_evidence():
    runs = _runs()
    runs.loc[(runs["draw"] == 0), "error"] = "broken"
    elasticity = cases.Pattern(says="", tag="emergent", of="elasticity", unit="")
    assert patterns.by_draw(elasticity, runs, BASE).index.tolist() == [1, 2, 3]


def test_a_direction_is_the_logarithm_of_later_over_earlier():
    direction = cases.Pattern(says="", tag="emergent", of="direction", between=("rate", "capacity"), high=0)
    assert patterns.by_draw(direction, _runs(), BASE).tolist() == pytest.approx([math.log(2)] * 4)
    assert cases.published(direction)[:2] == (-math.inf, 0.0) and direction.compared
    with pytest.raises(ValueError, match="between"):
        cases.Pattern(says="", tag="emergent", of="direction", high=0)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("attacks_iraq_2018", ("attacks", "iraq", date(2018, 1, 1), date(2019, 1, 1))),
        ("claims_lake_chad_2020q4", ("claims", "lake_chad", date(2020, 10, 1), date(2021, 1, 1))),
        ("deaths_2024h1", ("deaths", "", date(2024, 1, 1), date(2024, 7, 1))),
        ("reserves_2019-02", ("reserves", "", date(2019, 2, 1), date(2019, 3, 1))),
        ("raised_a_bitcoin_2017-12_2020-06-21", ("raised", "a_bitcoin", date(2017, 12, 1), date(2020, 6, 22))),
    ],
)
def test_a_measure_is_named_by_quantity_place_and_period(name, parts):
    assert grammar.parse(name) == grammar.Name(*parts)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("atacks_2018", "nearest: attacks"),
        ("attacks_iraq", "needs a period"),
        ("attacks_2018q5", "a period is 2018, 2020h1, 2020q1"),
        ("attacks_2018-13", "month must be in 1..12"),
        ("attacks_2020-00", "month must be in 1..12"),
        ("attacks_2020-06-00", "day is out of range"),
        ("attacks_2018_iraq", "needs a period at its end"),
        ("attacks_2018_2019_2020", "needs a period at its end"),
        ("attacks_iraq_2018_", "needs a period at its end"),
        ("attacks__2018", "an empty part"),
        ("attacks_\u0662\u0660\u0661\u0668", "needs a period at its end"),
        ("reserves_iraq_2018", "has no place"),
        ("attacks_2019_2018", "ends before it begins"),
    ],
)
def test_a_name_of_no_measure_is_an_error(name, words):
    assert words in grammar.error_of(name)
    with pytest.raises(ValueError, match="observables"):
        Study(**study("validation").model_dump() | {"observables": [name]})


@pytest.mark.parametrize(
    ("period", "last"), [("2014-2016", (2016, 12, 31)), ("2020-Q2", (2020, 6, 30)), ("to 2020", (2020, 12, 31)),
                         ("2017-12 to 2020-06-21", (2020, 6, 21)), ("2024-H1", (2024, 6, 30)), ("1970s-2010s", None),
                         ("2016-18", (2018, 12, 31)), ("to mid-2023", (2023, 12, 31)), ("to 2020-06", (2020, 6, 30)),
                         ("2020-02-30", None), ("FY2022", None)]
)  # fmt: skip
def test_a_published_period_has_a_last_day(period, last):
    assert grammar.last_day(period) == (last and date(*last))


# --- what is measured in a run ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def model():
    model = RecordingModel(sim.load("population.donors=3000"))
    model.run()
    return model


def test_measures_are_sums_of_the_book(model):
    found = observables.measured(model, SECTIONS)
    days = [model.config.horizon.start + timedelta(weeks=week) for week in range(len(model.book))]
    own = np.array([day.year == 2019 for day in days])
    iraq = [theatre.name for theatre in model.config.theatres].index("iraq")
    assert found["attacks_iraq_2019"] == model.book["attacks"][own, iraq].sum() > 0
    assert found["claims_2020"] == model.book["claims"][[day.year == 2020 for day in days]].sum() > 0
    week = next(week for week, day in enumerate(days) if day >= date(2019, 2, 1))
    assert found["reserves_2019-02"] == model.book["reserves"][week] / 100
    assert 0 < found["seized_share"] < 1


def test_what_a_run_does_not_reach_is_not_a_number(model):
    found = observables.measured(model, SECTIONS)
    assert math.isnan(found["revenue_2015"]) and math.isnan(found["overstatement"])
    short = RecordingModel(sim.load("population.donors=100", "horizon.start=2020-01-06", "horizon.weeks=30"))
    short.run()
    later = observables.measured(short, SECTIONS)
    assert math.isnan(later["attacks_iraq_2019"]) and math.isnan(later["growth_all"])
    assert later["attacks_iraq_2020q2"] > 0


def test_campaigns_add_up(model):
    gifts = gifts_of(model)
    public = model.appeals["public"][gifts["appeal"]] == 1
    passed = gifts["amount"][public & (gifts["status"] != 1)].sum() / 100
    assert campaigns.totals_in(model, slice(0, len(model.book))).sum() == pytest.approx(passed) and passed > 0
    assert campaigns.campaign_largest(model) <= campaigns.totals_in(model, slice(0, len(model.book))).max()


def test_growth_is_the_sum_of_its_parts(model):
    found = observables.measured(model, SECTIONS)
    parts = sum(found[f"growth_{part}"] for part in ("men", "money", "know_how", "opportunity"))
    assert parts == pytest.approx(found["growth_all"])
    assert found["growth_opportunity"] == pytest.approx(PULSE)


def test_deaths_of_each_attack_are_those_of_the_run(model):
    deaths, weeks, cells = attacks.severities(model)
    again = np.zeros_like(model.book["deaths"])
    np.add.at(again, (weeks, model.cells["theatre"][cells]), deaths)
    assert (again == model.book["deaths"]).all() and deaths.sum() > 10_000
    assert (model.attacks.sum(axis=1) == model.book["attacks"].sum(axis=1)).all()


def test_a_branch_notes_attacks_as_a_whole_run_does(model):
    other = model.config.model_copy(update={"policies": sim.load("policy=kinetic_pressure").policies})
    parent = RecordingModel(model.config)
    parent.advance(100)
    whole, branch = RecordingModel(other), parent.branch(other)
    whole.run(), branch.run()
    assert (branch.attacks == whole.attacks).all() and (branch.attacks != model.attacks).any()


def test_year_one_recall_is_what_the_ledger_says():
    """Of the years 2017 to 2019: the run ends before the end of 2021, a year after that of gifts of 2020."""
    model = RecordingModel(sim.load("population.donors=2000", "giving.public_rate=2"))
    model.run()
    rows = gifts_of(model)
    first = later = 0
    years = [(model.config.horizon.start + timedelta(weeks=week)).year for week in range(len(model.book))]
    for gift in rows[rows["found"] != 0]:
        if model.config.rails[gift["rail"]].ledger and (year := years[gift["week"]]) < 2020:
            first += gift["amount"] * (years[gift["found_week"]] == year)
            later += gift["amount"] * (years[gift["found_week"]] <= year + 1)
    assert 0 < first < later and campaigns.recall_year_one(model) == pytest.approx(first / later)


def test_a_column_for_every_measure_of_a_study_that_asks():
    asked = set(chunk.columns((), SECTIONS)) - set(chunk.columns(()))
    assert asked == {f"record_{name}" for name in observables.measures(SECTIONS)}


def test_a_quantity_is_of_its_place_and_period(model):
    def of(name):
        return observables.measures([name])[name](model)

    assert of("attacks_2019") == sum(of(f"attacks_{one.name}_2019") for one in model.config.theatres) > 0
    assert of("raised_2018") == pytest.approx(sum(of(f"raised_{rail.name}_2018") for rail in model.config.rails))
    assert of("raised_news_site_bitcoin_2018") <= of("raised_news_site_2018")
    assert of("fighters_2019") == of("fighters_iraq_2019") + of("fighters_syria_2019")
    assert math.isnan(of("attacks_mars_2019")) and math.isnan(of("raised_mars_2019"))
    assert of("frozen_2018") >= of("frozen_bitcoin_2018") >= 0


# --- the study -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_study_as_a_user_types_it(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(executors, "local", lambda workers: thread())
    code = cli.run(["study=validation", "replications=4", "population.donors=300", "--full"])
    said = capsys.readouterr()
    assert code == 0, said.err
    for name, case in CASES.items():
        assert f"{name}: {case.says}\nA model of published aggregates, not an assessment of the group.\n" in said.out
    folder = tmp_path / "results" / "validation"
    table = pd.read_csv(folder / "validation.csv")
    assert table["pattern"].tolist() == [one.says for name in study("validation").cases for one in CASES[name].patterns]
    assert set(table["verdict"]) <= {"agrees", "possible", "disagrees", "no runs", patterns.OUTSIDE}
    control = table[table["pattern"].str.startswith("strikes on oil")].iloc[0]
    assert (control["median"], control["draws_low"], control["draws_high"], control["verdict"]) == (0, 0, 0, "agrees")
    for pattern in table["pattern"]:
        assert pattern in said.out
    growth = pd.read_csv(folder / "growth.csv").set_index("part")["median"]
    assert growth["opportunity"] == pytest.approx(PULSE)
    assert (folder / "figures" / "analyst" / "validation.png").stat().st_size > 20_000


def test_a_user_adds_a_case_by_three_files(tmp_path, monkeypatch, capsys):
    """The files and the command of docs/cases.md, in an empty folder."""
    text = (CONF.parent / "docs" / "cases.md").read_text(encoding="utf-8")
    group, rows, case, *_ = (found[1] for found in re.finditer(r"```\w+\n(.*?)```", text, re.DOTALL))
    for name, content in {"group/mine.yaml": group, "case/mine.csv": rows, "case/mine.yaml": case}.items():
        (tmp_path / "my" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "my" / name).write_text(content, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(executors, "local", lambda workers: thread())
    typed = ["--config-dir", "my", "study=validation", "replications=2", "population.donors=300"]
    assert cli.run([*typed, "case=mine", "--full"]) == 0
    assert "given to the campaign, 2020" in capsys.readouterr().out
    table = pd.read_csv(tmp_path / "results" / "validation" / "validation.csv")
    assert (table["case"].tolist(), table["published_high"].tolist()) == (["mine"], [90_000.0])
    assert cli.run([*typed, "case=[mine,khorasn]", "folder=other"]) == 2
    assert "unknown case khorasn; nearest: khorasan" in capsys.readouterr().err
    assert cli.run(["study=sweep", "case=mine"]) == 2 and "this study has no cases" in capsys.readouterr().err
    broken = rows.replace("90000", "lots")
    (tmp_path / "my" / "case" / "mine.csv").write_text(broken, encoding="utf-8")
    assert cli.run([*typed, "case=mine", "folder=other"]) == 2 and "high=lots" in capsys.readouterr().err


def test_the_place_of_a_measure_must_be_in_some_run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my" / "study").mkdir(parents=True)
    text = (CONF / "study" / "sweep.yaml").read_text(encoding="utf-8")
    (tmp_path / "my" / "study" / "mine.yaml").write_text(
        f"{text}\nobservables: [attacks_irak_2018]\n", encoding="utf-8"
    )
    assert cli.run(["--plan", "--config-dir", "my", "study=mine"]) == 2
    assert "attacks_irak_2018: no run has irak; nearest: iraq" in capsys.readouterr().err


def test_a_range_with_one_limit_is_drawn_as_a_multiple_of_it():
    limits = {"published_low": [0.0, 200.0, 50.0], "published_high": [10.0, math.inf, 200.0]}
    medians = {name: [5.0, 20.0, 10.0] for name in ("low", "high", "median", "draws_low", "draws_high")}
    assert multiples(pd.DataFrame(limits | medians))["median"].tolist() == [0.5, 0.1, 0.1]


def test_cases_are_counted_apart():
    rows = [
        ("is_core", "agrees", True, "log", -math.inf, 0.0, "a"),
        ("is_core", "disagrees", False, "USD", 0.0, 5.0, "b"),
        ("other", "possible", True, "USD", 1.0, 5.0, "a"),
        ("other", "agrees", True, "USD", 0.0, 5.0, "a"),
        ("other", "agrees", True, "%", -math.inf, -1.0, "c"),
    ]
    columns = ["case", "verdict", "counts", "unit", "published_low", "published_high", "fact"]
    table = pd.DataFrame(rows, columns=columns)
    found = patterns.by_case(table).set_index("case")
    core = found.loc["is_core", ["all_agrees", "all_disagrees", "emergent_disagrees", "direction_agrees"]]
    assert core.tolist() == [1, 1, 0, 1] and found.loc["other", "emergent_possible"] == 1
    assert found["limit_agrees"].to_dict() == {"is_core": 0, "other": 1}  # a direction is no limit, nor is a loss
    assert found["figures"].to_dict() == {"is_core": 1, "other": 2}


def test_the_title_counts_the_verdicts_of_emergent_patterns():
    rows = [("agrees", True), ("disagrees", True), ("agrees", False), ("disagrees", False)]
    table = pd.DataFrame(rows, columns=["verdict", "counts"])
    title = figure.title_of_validation(table)
    assert title == "1 of 2 emergent patterns agree with the record, 0 may agree, 1 disagree"
    title = figure.title_of_validation(table.assign(verdict="possible"))
    assert title == "0 of 2 emergent patterns agree with the record, 2 may agree, 0 disagree"
    for shortage in ("draws", "seeds"):
        assert figure.title_of_validation(table, shortage, 4).startswith(f"4 {shortage} are too few for a verdict")


def test_a_control_agrees_only_if_every_draw_does(monkeypatch):
    control = next(one for one in PATTERNS if one.tag == "negative control" and one.of == "effect")
    monkeypatch.setattr(patterns.cases, "load", lambda _: SimpleNamespace(patterns=[control]))
    for one_draw, verdict in ((0.0, "agrees"), (0.3, "disagrees")):
        found = pd.Series([0.0] * 40 + [one_draw])
        monkeypatch.setattr(patterns, "by_draw", lambda *_, found=found: found)
        assert patterns.table(pd.DataFrame(), BASE)["verdict"].tolist() == [verdict]


def test_sections_are_found_by_their_folders_and_others_are_errors():
    assert {"history", "campaigns", "attacks", "following", "claims", "attribution", "traceability"} == set(
        observables.sections()
    )
    with pytest.raises(ValueError, match="observables"):
        Study(**study("validation").model_dump() | {"observables": ["histroy"]})
