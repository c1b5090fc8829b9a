"""A claimed sum against the record: Bayes factors, the verdict, names of a study, and the study as a user types it."""

import io
import math
import shlex
from contextlib import redirect_stdout
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

import sim
from experiments.evidence import cases, observables, patterns
from experiments.evidence.grammar import period
from experiments.evidence.observables.recorder import RecordingModel
from experiments.studies.claims import figures as figure
from experiments.studies.claims import measures, report
from experiments.studies.claims.observables import QUARTERS
from experiments.study import cli, executors
from experiments.study.building import overrides_of
from experiments.study.spec import Alias, load
from sim.config import CONF, ConfigurationError
from sim.engine.jit import PLAIN
from tests.study_helpers import planned, thread

pytestmark = pytest.mark.skipif(PLAIN, reason="runs of five years take too long as plain Python")
ALL = ",".join((*sim.load().shocks, "claimed_crypto"))

# --- what is fixed ---------------------------------------------------------------------------------------------------


def test_every_figure_is_measured_published_and_read():
    rules = measures.load()
    assert list(measures.errors()) == [error for name in cases.names() for error in patterns.errors(name)] == []
    for one in rules.observables:
        low, high, grade = cases.published(one)
        assert low <= high and math.isfinite(high) and grade in patterns.WIDER, one
    groups = {one.group for one in rules.observables}
    assert {name for names in rules.readings.values() for name in names} | {"campaigns"} == groups


def test_campaigns_count_only_if_the_money_is_said_to_be_gifts():
    unknown, gifts = (measures.load().parts(origin) for origin in ("unknown", "gifts"))
    assert gifts.keys() - unknown.keys() == {("group", "campaigns")} | {
        ("figure", one.says) for one in gifts["group", "campaigns"]
    }
    for part in unknown:
        assert (len(gifts[part]) > len(unknown[part])) == (part[0] == "reading")


@pytest.mark.parametrize("case", [name for name in cases.names() if name != cases.CORE])
def test_another_case_is_tested_by_the_figures_among_its_patterns(case):
    rules, own = measures.load(case), {one.says: one for one in cases.load(case).patterns}
    assert rules.observables and {one.says for one in rules.observables} < own.keys()
    for one in rules.observables:
        assert own[one.says].tag in ("calibrated", "in view", "emergent") and patterns.published(one)[1] > 0.0
        assert (one.group == measures.CAMPAIGNS) == one.of.startswith("raised_")
    assert rules.readings == {"as published": [measures.RECORD]}
    assert rules.parts("unknown").keys() < rules.parts("gifts").keys()


def test_a_group_of_a_pattern_is_reported_by_itself(monkeypatch):
    case = cases.load("qassam")
    named = [one.model_copy(update={"group": "men"}) if one.unit == "persons" else one for one in case.patterns]
    monkeypatch.setattr(cases, "load", lambda _: case.model_copy(update={"patterns": tuple(named)}))
    assert set(measures.load("qassam").readings["as published"]) == {measures.RECORD, "men"}
    monkeypatch.setattr(cases, "load", lambda _: case.model_copy(update={"patterns": ()}))
    with pytest.raises(ConfigurationError, match="case=qassam: no figure among its patterns could change"):
        measures.load("qassam")


@pytest.mark.parametrize(
    ("of", "part"),
    [
        ("raised_campaign_2021-01_2021-03", 90 / 365 / 2),  # one of two campaigns, 90 of 365 days
        ("raised_2021", 1.0),
        ("raised_bitcoin_2021h1", 181 / 365),
        ("raised_monero_2021", 0.0),
        ("raised_campaign_bitcoin_2020_2022", 0.5),
        ("raised_2022", 0.0),
        ("campaign_typical", 0.5),
    ],
)
def test_gifts_add_what_comes_in_the_period_of_a_figure(of, part):
    figure = cases.Pattern(says=of, tag="emergent", of=of, group=measures.CAMPAIGNS)
    runs = pd.DataFrame({measures.AMOUNT: [0.0, 1e6], f"record_{of}": 10.0})
    appeals = [SimpleNamespace(name=name, public=name != "network") for name in ("campaign", "other", "network")]
    found = measures.with_gifts(
        runs, [figure], SimpleNamespace(appeals=appeals), "bitcoin", (date(2021, 1, 1), date(2021, 12, 31))
    )
    assert found[f"record_{of}"].tolist() == pytest.approx([10.0, 10.0 + 1e6 * part])


# --- the Bayes factor ------------------------------------------------------------------------------------------------


def _logs(values, draws=None):
    draws = range(len(values)) if draws is None else draws
    index = pd.MultiIndex.from_arrays([draws, range(len(values))], names=["draw", "replication"])
    return measures.by_draw(pd.DataFrame({"a": np.asarray(values, dtype=float)}, index=index), ["a"])


def test_the_same_histories_cannot_be_told_apart():
    logs = _logs(np.linspace(-500.0, -1.0, 60))
    found = measures.factor(logs, logs)
    assert found.value == 1.0 and found.interval == (1.0, 1.0)


def test_a_factor_is_that_of_the_closed_form():
    """Histories y ~ N(m, t), a figure at 0 with error s: its mean likelihood is N(0; m, s2 + t2)."""
    dice, t, s = np.random.default_rng(1), 0.4, 0.2
    noise = dice.normal(0.0, t, 3_000)
    found = measures.factor(*(_logs(norm.logpdf(0.0, m + noise, s)) for m in (0.6, 0.1)))
    exact = norm.pdf(0.0, 0.6, math.hypot(t, s)) / norm.pdf(0.0, 0.1, math.hypot(t, s))
    low, high = found.interval
    assert low < exact < high and found.value == pytest.approx(exact, rel=0.15)


def test_a_draw_is_the_mean_of_its_histories():
    logs = _logs(np.log([0.1, 0.3, 0.5, 0.5]), [0, 0, 1, 1])
    assert np.exp(logs).tolist() == pytest.approx([0.2, 0.5])


def test_figures_are_put_together_within_a_history_and_then_averaged():
    """Where one fits, the other does not: each by itself is as probable as before, both together are not."""
    rows = pd.DataFrame({"draw": range(40), "replication": range(40)})
    index = pd.MultiIndex.from_frame(rows)
    fits, fails = np.log(0.9), np.log(0.1)
    even = np.arange(40) % 2 == 0
    table = pd.DataFrame({"a": np.where(even, fits, fails), "b": np.where(even, fails, fits)}, index=index)
    alike = pd.DataFrame({"a": np.where(even, fits, fails), "b": np.where(even, fits, fails)}, index=index)

    def of(columns):
        return measures.factor(*(measures.by_draw(one, columns) for one in (table, alike))).value

    assert of(["a"]) == pytest.approx(1.0) and of(["b"]) == pytest.approx(1.0)
    assert of(["a", "b"]) == pytest.approx(0.09 / 0.41)


def test_draws_of_the_posterior_are_weighted_back():
    """Every draw once, or as often as its likelihood without the money has it: the factor is the same."""
    rules, dice = measures.load(), np.random.default_rng(3)
    values = {"record_attacks_iraq_2018": np.repeat(np.exp(dice.normal(7.3, 0.3, 1500)), 2)}
    runs = pd.DataFrame({measures.AMOUNT: np.tile([0.0, 3e8], 1500), "draw": np.repeat(range(1500), 2)} | values)
    runs = runs.assign(replication=runs["draw"], error=None)
    runs.loc[runs[measures.AMOUNT] > 0, "record_attacks_iraq_2018"] *= 1.07
    for one in rules.observables:
        runs = runs if f"record_{one.of}" in runs else runs.assign(**{f"record_{one.of}": np.nan})
    part = ("figure", "attacks in Iraq, 2018")
    plain = measures.factors_of(runs, rules, "unknown")[3e8][part]
    logs = measures.likelihoods(runs[runs[measures.AMOUNT] == 0], rules.observables[:1])
    weights = np.exp(logs.iloc[:, 0].to_numpy())
    chosen = dice.choice(1500, 1500, p=weights / weights.sum())
    again = pd.concat([runs[runs["draw"] == old].assign(draw=new, replication=new) for new, old in enumerate(chosen)])
    back = measures.factors_of(again, rules, "unknown", weighted=True)[3e8][part]
    assert back.value == pytest.approx(plain.value, rel=0.05)
    assert back.effective > plain.effective


def test_all_that_calibration_used_of_gifts_is_weighted_back():
    rules = measures.load()
    runs = pd.DataFrame({"draw": [0, 1, 2], "replication": [0, 1, 2]})
    runs = runs.assign(record_campaign_typical=[5e3, 2e4, 5e3], record_campaign_first=[2e4, 2e4, 1e6])
    back = measures.used_before(runs, rules.used("gifts"))
    assert back[0] > back[1] + 3.0 and back[0] > back[2] + 3.0  # each of the two counts
    assert measures.used_before(runs, rules.used("unknown")) == 0.0


def test_so_is_what_calibration_used_of_another_case():
    used = measures.load("qassam").used("gifts")
    runs = pd.DataFrame({"draw": [0, 1], "replication": [0, 1], "profile": "qassam"})
    runs = runs.assign(**{"record_raised_campaign_2019-02_2019-04": [7.4e3, 1e6]})
    back = measures.used_before(runs, used)
    assert back[0] > back[1] + 3.0
    assert measures.used_before(runs.assign(profile="is_core"), used) == 0.0


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.001, 0.04, "rejected"),
        (0.001, 0.3, "hardly compatible"),
        (0.5, 2.0, "the record is silent"),
        (0.5, 40.0, "compatible"),
        (0.5, 5.0, "inconclusive"),
        (4.0, 20.0, "compatible"),
        (0.01, 2.0, "inconclusive"),
        (math.nan, math.nan, "inconclusive"),
    ],
)
def test_the_verdict_is_of_the_interval(low, high, said):
    assert measures.verdict(math.sqrt(low * high), low, high, 20.0) == said
    assert measures.verdict(math.sqrt(low * high), low, high, 19.9) == "inconclusive"


def test_a_limit_is_carried_by_the_sums_between_which_it_and_its_interval_lie():
    amounts, draws = np.array([1e4, 1e5, 1e6, 1e7]), np.array([5.0, 40.0, 30.0, 4.0])
    assert measures.carrying(amounts, draws, (3e5, 2e5, 8e5)) == 30.0
    assert measures.carrying(amounts, draws, (3e5, 2e4, 8e5)) == 5.0
    assert measures.carrying(amounts, draws, (3e5, 2e5, math.inf)) == 4.0
    assert measures.carrying(amounts, draws, (math.inf, math.inf, math.inf)) == 4.0
    assert measures.carrying(amounts, draws, (1e6, 1e5, 1e6)) == 5.0  # off a cliff: between the sum and the one before
    assert measures.carrying(amounts, draws, (1e4, 1e4, 1e4)) == 5.0


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.001, "very strong evidence against"), (0.04, "strong evidence against"), (0.2, "positive evidence against"),
     (0.5, "hardly any evidence"), (2.9, "hardly any evidence"), (10.0, "positive evidence for")],
)  # fmt: skip
def test_the_strength_is_that_of_kass_and_raftery(value, said):
    assert measures.strength(value) == said


def test_the_sum_from_which_on_a_claim_is_rejected():
    amounts = np.array([1e4, 1e5, 1e6, 1e7])
    line = -np.log(20.0) * np.log10(amounts / 1e4) / 1.5  # crosses at 10 ** 5.5
    rows = np.vstack([line, np.zeros(4), np.full(4, -9.0), [0.0, -4.0, 0.0, -4.0], np.full(4, math.nan)])
    found, same = measures.crossing(amounts, rows)
    assert found[0] == pytest.approx(10**5.5)
    assert found[1] == math.inf and found[2] == 1e4 and found[4] == math.inf
    assert 1e6 < found[3] < 1e7  # below once is not below from there on
    assert (found == same).all()


def test_where_the_factor_falls_off_a_cliff_the_limit_lies_between_two_sums():
    lower, upper = measures.crossing(np.array([1e4, 1e5, 1e6]), np.array([[0.3, -40.0, -90.0]]))
    assert (lower[0], upper[0]) == (1e4, 1e5)


# --- names of a study ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("which", "typed", "day"),
    [("last", "2020-02", date(2020, 2, 29)), ("first", "2020-02", date(2020, 2, 1)),
     ("last", "2020-02-07", date(2020, 2, 7))],
)  # fmt: skip
def test_a_month_is_its_first_or_last_day(which, typed, day):
    assert Alias(doc="", kind="date", sets="a={}", day=which).date_of(typed) == day


def test_a_claim_sets_the_shock_in_its_own_unit():
    study = load("claims")
    set_ = [overrides_of(study, f"claim.{name}", level) for name, level in (("amount", 4e6), ("by", "2019-04"))]
    assert set_ == [["shocks.claimed_crypto.size=4"], ["shocks.claimed_crypto.path={2019-04-30:1}"]]
    assert overrides_of(study, "claim.origin", "gifts") == []


def test_sums_to_compare_with_are_always_run():
    plan = planned("study=claims", "claim.amount=5e6", "claim.by=2019-04-20", "claim.rail=monero")
    sums = [cell.levels["claim.amount"] for cell in plan.cells]
    assert sums == [*load("claims").reference_levels_of("claim.amount"), 5e6] and sums[0] == 0
    assert report.claimed_in(plan) == [5e6]
    shocks = [cell.scenario.shocks["claimed_crypto"] for cell in plan.cells]
    assert {(one.rail, tuple(one.path.items())) for one in shocks} == {("monero", ((date(2019, 4, 20), 1.0),))}
    assert [one.size for one in shocks] == [amount / 1e6 for amount in sums]
    assert len(plan.groups) == 1  # all share their past and their draws


def test_another_case_has_its_own_run_shocks_and_measures():
    plan = planned("study=claims", "case=qassam", "claim.amount=82e6", "claim.since=2021-06", "claim.by=2023-10")
    assert {cell.levels["profile"] for cell in plan.cells} == {"qassam"} and len(plan.groups) == 1
    for cell in plan.cells:
        own = cell.scenario
        assert (own.group.profile, own.horizon.start.year) == ("qassam", 2017) and "service_seized" in own.shocks
        assert own.shocks["claimed_crypto"].path == {date(2023, 10, 31): 1.0}
        assert own.shocks["claimed_crypto"].at == date(2021, 6, 1)
    measured = {*observables.measures(plan.study.observables)}
    assert {one.of for one in measures.load("qassam").observables} <= measured
    both = planned("study=claims", "case=is_core,qassam", "claim.amount=5e6", "claim.since=2019-03", "claim.by=2020-05")
    assert [one["profile"] for one in report.settings_of(both)] == ["is_core", "qassam"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("claim.amount=-5", "claim.amount=-5: allowed is 0 to 5,000,000,000 USD"),
        ("claim.amount=300m", "claim.amount=300m: allowed is 0 to 5,000,000,000 USD"),
        ("claim.amount=6e9", "claim.amount=6e9: allowed is 0 to 5,000,000,000 USD"),
        ("claim.by=", "claim.by=: must be a date such as 2020-05-31, or a month such as 2020-05"),
        ("claim.by=2020-13", "claim.by=2020-13: must be a date"),
        ("claim.by=2030-01", "claim.by=2030-01: lies outside of the run, 2017-01-02 to 2021-12-26"),
        (
            "case=qassam claim.by=2023-10",
            "case=qassam: needs claim.amount=..., claim.since=... too; what stands there is",
        ),
        (
            "case=qassam claim.amount=1e6 claim.since=2021-06 claim.by=2027-05",
            "claim.by=2027-05: lies outside of the run, 2017-01-02 to 2027-01-03",
        ),
        ("case=qasam", "case=qasam: unknown case qasam; nearest: qassam"),
        ("claim.since=2016-01", "claim.since=2016-01: lies outside of the run"),
        ("claim.since=2020-07", "claim.since=2020-07-01: lies after 2020-05-31"),
        ("claim.rail=bitcon", "claim.rail=bitcon: rail bitcon is not chosen; nearest: bitcoin"),
        ("claim.origin=gift", "unknown claim.origin gift; nearest: gifts"),
        ("claim.amout=3", "claim.amout=3: unknown key; nearest: claim.amount"),
        ("claim.by=interval(1,2)", "cannot be drawn from an interval"),
        ("shocks.claimed_crypto.size=4", "the factor claim.amount sets it; set claim.amount instead"),
    ],
)
def test_a_bad_claim_gets_one_clear_message(typed, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.run(["study=claims", *typed.split()]) == 2
    told = capsys.readouterr()
    assert said in told.err and "Traceback" not in told.err and told.out == ""
    assert len(told.err.strip().splitlines()) == 2 and not list(tmp_path.iterdir())


# --- what is measured in a run ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def model():
    """A run with 40 million USD, without prices and gifts that would blur what became of them."""
    own = ("shocks.claimed_crypto.size=40", "shocks.claimed_crypto.path={2020-05-31:1}")
    model = RecordingModel(sim.load(f"shock=[{ALL}]", *own, "population.donors=0", "rails.bitcoin.volatility=0"))
    model.run()
    return model


def test_the_money_is_converted_frozen_or_left(model):
    found = observables.measured(model, load("claims").observables)
    assert found["inflow_came"] == 40e6
    fates = found["inflow_converted"], found["inflow_frozen"], found["inflow_left"]
    assert sum(fates) == pytest.approx(40e6, abs=0.01)
    limit = model.config.rails[model.config.rail("bitcoin")].limit
    assert 0 < fates[0] <= limit * 131  # weeks from December 2017 to May 2020


def test_reserves_are_with_crypto_and_without(model):
    found = observables.measured(model, load("claims").observables)
    assert found["reserves_2021-05"] > found["reserves_without_crypto_2021"] > 0
    assert found["crypto_largest_freeze"] <= found["crypto_frozen_2020q3"]


def test_quarters_make_a_year(model):
    found = observables.measured(model, load("claims").observables)
    assert sum(found[f"attacks_iraq_2019q{quarter}"] for quarter in range(1, 5)) == found["attacks_iraq_2019"]
    days = [day for quarter in QUARTERS for day in period(quarter)]
    assert days[1:-1:2] == days[2::2] and days[0] == date(2017, 1, 1) and days[-1] == date(2027, 1, 1)


# --- the study -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The study as a user types it, of a few small runs: exit code, what it printed, and its folder."""
    where = tmp_path_factory.mktemp("claims")
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(printed):
        patch.chdir(where)
        patch.setattr(executors, "local", lambda workers: thread())
        code = cli.run(
            [
                "study=claims",
                "claim.amount=3e8",
                "claim.origin=gifts",
                "replications=4",
                "population.donors=300",
                "--full",
            ]
        )
    return code, where / "results" / "claims", printed.getvalue()


def test_the_study_as_a_user_types_it(made):
    code, folder, _ = made
    assert code == 0
    table = pd.read_csv(folder / "claims.csv")
    assert sorted(table["amount"].unique()) == [1e4, 1e5, 1e6, 4e6, 1e7, 3e7, 1e8, 3e8, 1e9, 3e9]
    assert set(table.loc[table["claimed"], "amount"]) == {3e8}
    assert (table["low"] <= table["factor"] * (1 + 1e-9)).mean() > 0.9
    for row in table.to_dict("records"):
        assert row["verdict"] == measures.verdict(row["factor"], row["low"], row["high"], row["effective"])
    for name in ("limits", "over_time", "conversion"):
        assert len(pd.read_csv(folder / f"{name}.csv"))
    for name in ("compatibility", "over_time"):
        assert (folder / "figures" / "analyst" / f"{name}.png").stat().st_size > 20_000


def test_three_hundred_million_in_gifts_is_no_typical_campaign(made):
    """300 million over six public campaigns against at most 10,000 USD in most: the one thing that is certain."""
    table = pd.read_csv(made[1] / "claims.csv")
    row = table[(table["amount"] == 3e8) & (table["name"] == "campaigns")].iloc[0]
    assert measures.verdict(row["factor"], row["low"], row["high"], 20.0) == "rejected" and row["factor"] < 1e-6
    assert row["verdict"] == "inconclusive"  # four runs
    small = table[(table["amount"] == 1e4) & (table["name"] == "a typical campaign, with its part of the claim")]
    assert small["factor"].iloc[0] == pytest.approx(1.0, abs=0.3)


def test_over_time_has_the_claim_beside_what_was_published(made):
    table = pd.read_csv(made[1] / "over_time.csv")
    year = table[(table["what"] == "attacks in Iraq a quarter") & table["quarter"].str.startswith("2018")]
    assert year.groupby("amount")["published_low"].sum().tolist() == pytest.approx([1470.0, 1470.0])
    before = table[table["quarter"] < "2017q4"].pivot_table("median", ["what", "quarter"], "amount")
    assert (before[0.0] == before[3e8]).all()


# --- words -----------------------------------------------------------------------------------------------------------


def _claim(low, high, effective=30.0, origin="unknown", limit=math.inf):
    """A claim of 4 million USD whose figures all have the same factor and interval."""
    rules, value = measures.load(), math.sqrt(low * high)
    setting = {"claim.since": "2017-12", "claim.by": "2019-04-20", "claim.rail": "bitcoin", "claim.origin": origin}
    found = {"factor": value, "low": low, "high": high, "strength": measures.strength(value), "effective": effective}
    found |= {"verdict": measures.verdict(value, low, high, effective), "drawn_from": "assumed ranges"}
    parts = [part for part in rules.parts(origin) if part[0] != "figure"]
    rows = [
        setting | {"amount": amount, "claimed": amount == 4e6, "kind": kind, "name": name} | found
        for amount in (1e6, 4e6)
        for kind, name in parts
    ]
    limits = pd.DataFrame([setting | {"kind": kind, "name": name} for kind, name in parts])
    limits = limits.assign(**{"from": limit, "low": 1e6, "high": math.inf, "effective": effective})
    fates = {f"{name}{end}": 0.3 for name in measures.FATES for end in ("", "_low", "_high")}
    flows = setting | {"amount": 4e6, "needed_a_week": 56_000.0, "limit_a_week": 1e5} | fates
    table = pd.DataFrame(rows).assign(draws=50, histories=100)
    tables = {"claims": table, "limits": limits, "conversion": pd.DataFrame([flows])}
    return report.claims_in(tables, load("claims").aliases)[0]


@pytest.mark.parametrize(
    ("low", "high", "said", "title"),
    [
        (0.001, 0.01, "The record rejects it. All figures together are 316 times less probable", "rejected"),
        (0.1, 0.3, "It is hardly compatible with the record. ", "hardly compatible"),
        (0.9, 1.1, "The record is silent. All figures together are as probable as without", "the record is silent"),
        (2.0, 50.0, "It is compatible with the record. All figures together are 10 times more", "compatible"),
        (0.1, 1.1, "Inconclusive. ", "inconclusive"),
    ],
)
def test_words_and_title_follow_the_rows(low, high, said, title):
    claim = _claim(low, high)
    text = report.words(claim)
    assert text.startswith("Claim: 4 million USD in bitcoin, 1 December 2017 to 20 April 2019\n") and said in text
    assert figure.title_of_compatibility(claim) == f"4 million USD in bitcoin: {title}"
    assert "no sum up to 4 million USD is most likely below 1/20" in text


def test_too_few_draws_carry_neither_verdict_nor_limit():
    text = report.words(_claim(0.001, 0.01, effective=19.0))
    assert "too few draws carry the figures" in text and "no limit, because too few draws carry one" in text
    assert "about 19 effective draws" in text and "rejects it" not in text and "most likely below" not in text


def test_verdicts_that_rest_on_equal_parts_of_campaigns_name_that():
    claim, shared = _claim(0.001, 0.01, origin="gifts"), "if campaigns shared it equally"
    text = " ".join(report.words(claim).split())
    assert f"The record rejects it, {shared}" in text and f"As published, {shared}: no sum" in text
    assert figure.title_of_compatibility(claim).endswith(f": rejected, {shared}")
    assert shared not in report.words(_claim(0.001, 0.01))


def test_the_sum_from_which_on_a_claim_is_rejected_in_words():
    told = report.limit(_claim(0.9, 1.1, limit=2.34e6), "as published")
    assert told == (
        "As published: most likely below 1/20 from 2.3 million USD on (95 % interval: 1 million USD or less to more "
        "than 4 million USD; about 30 effective draws)."
    )


@pytest.mark.parametrize("which", ["300m", "300m_no_limit", "4m", "300m_gifts"])
def test_the_command_of_a_kept_result_makes_its_histories(which):
    folder = CONF.parent / "docs" / "claims" / which
    table = pd.read_csv(folder / "claims.csv")
    plan = planned(*shlex.split((folder / "command.txt").read_text(encoding="utf-8"), comments=True)[3:])
    setting, first = report.settings_of(plan)[0], table.iloc[0]
    assert {name: str(first.get(name, cases.CORE)) for name in setting} == {
        name: str(level) for name, level in setting.items()
    }
    assert (len(plan.seeds), len({plan.draw_of(seed) for seed in plan.seeds})) == (first["histories"], first["draws"])
    assert report.claimed_in(plan) == table.loc[table["claimed"], "amount"].unique().tolist()
    limit = plan.cells[0].scenario.rails[plan.cells[0].scenario.rail("bitcoin")].limit
    assert limit == pd.read_csv(folder / "conversion.csv")["limit_a_week"].iloc[0]


def test_the_verdicts_of_kept_tables_are_those_of_the_rule():
    for file in sorted((CONF.parent / "docs" / "claims").glob("*/claims.csv")):
        for row in pd.read_csv(file).to_dict("records"):
            assert row["verdict"] == measures.verdict(row["factor"], row["low"], row["high"], row["effective"])


@pytest.mark.parametrize(
    ("factor", "said"),
    [(1.0, "as probable"), (0.5, "2.0 times less probable"), (40.0, "40 times more probable"),
     (0.0, "more than a million times less probable"), (math.nan, "not known")],
)  # fmt: skip
def test_a_factor_in_words(factor, said):
    assert report.times(factor) == said


def test_saved_tables_are_rendered_as_the_command_renders_them(made):
    plan = planned("study=claims", "claim.amount=3e8", "claim.origin=gifts", "replications=4")
    tables = {name: pd.read_csv(made[1] / f"{name}.csv") for name in ("claims", "limits", "over_time", "conversion")}
    assert report.text(plan, tables) in made[2]
