"""The attribution study: pooled wallets, Bayes' rule, measures of a run, sentences and figures, the command."""

import math
from functools import partial

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from experiments.evidence import base_rates, observables
from experiments.stats import estimates
from experiments.studies.attribution import figures, page, report, wallets
from experiments.studies.attribution.observables import MEASURES, SERIES, vendor_counts, wasted
from experiments.study import chunk
from experiments.study.tables import parameters
from sim.engine.constants import IntermediaryKind
from sim.engine.jit import PLAIN
from sim.model import Model
from tests.paired import MANY_GIFTS, NO_RESPONSE, model_of, near, run, scenario
from tests.study_helpers import planned, told
from tests.worlds import gifts_of

pytestmark = pytest.mark.skipif(PLAIN, reason="runs of many weeks take too long as plain Python")
EMPTY = ("population.donors=0", "group.income=0", "group.reserves=0")
ALONE = ("enforcement.staff.fiu=0", "enforcement.off_ledger=0")


# --- pooled wallets ---------------------------------------------------------------------------------------------------


def test_balances_are_those_of_the_run_week_by_week():
    model = Model(scenario(*EMPTY, "horizon.start=2020-05-04", "horizon.weeks=60").model_copy(update={"seed": 3}))
    processors = model.intermediaries["kind"] == IntermediaryKind.PROCESSOR
    seen = []
    for _ in range(60):
        model.run_for(1)
        seen.append(model.intermediaries["pool"][processors].copy())
    assert (wallets.wallets(model) == np.array(seen)).all() and np.array(seen).std() > 0


@pytest.mark.parametrize(
    ("millions", "expected"),
    [
        ((0.5, 4.5, 0.5), [1]),
        ((0.5, 4.5, 4.5, 0.5), []),  # not back within a week
        ((0.5, 2.2, 0.5), []),  # under half of 4.5
        ((0.5, 9.1, 0.5), []),
        ((0.24, 4.5, 0.5), []),
        ((0.5, 4.5, 1.1), []),
        ((4.5, 0.5, 4.5), []),  # nothing is known of the weeks before and after
        ((0.25, 9.0, 1.0, 2.25, 0.25), [1, 3]),
    ],
)
def test_a_jump_is_seen_in_the_balance_alone(millions, expected):
    found = wallets.jumps(1e6 * np.array(millions)[:, None])
    assert np.flatnonzero(found[:, 0]).tolist() == expected


@pytest.mark.parametrize(
    ("a_year", "size", "pool", "sigma"),
    [(1, 4e6, 5e5, 0.3), (20, 4e6, 5e5, 1.0), (52, 3e6, 4e5, 0.0), (5, 0, 5e5, 3.0)],
)
def test_expected_jumps_are_those_of_a_simulation_written_apart(a_year, size, pool, sigma):
    dice = np.random.default_rng(5)
    weeks = 1_000_000
    balance = np.exp(dice.normal(math.log(pool), sigma, weeks))
    moved = dice.random(weeks) >= math.exp(-a_year / 52)
    balance += moved * size * dice.uniform(0.5, 1.5, weeks)
    low, high = ((balance >= level / 2) & (balance <= 2 * level) for level in (0.5e6, 4.5e6))
    count = (low[:-2] & high[1:-1] & low[2:]).sum()
    expected = wallets.expected_jumps(a_year, size, pool, sigma) * weeks / 52
    assert near(count, expected, math.sqrt(expected) + 1)


def test_wallets_of_runs_jump_as_often_as_expected():
    models = [Model(scenario(*EMPTY).model_copy(update={"seed": seed})) for seed in range(60)]
    count = sum(MEASURES["wallet_jumps"](model) for model in models)
    years = sum(MEASURES["wallet_years"](model) for model in models)
    expected = years * wallets.expected_jumps(1.0, 4e6, 5e5, 0.3)
    assert years == pytest.approx(60 * 4 * 258 / 52)
    assert near(count, expected, math.sqrt(expected))
    assert expected < 0.95 * years  # some transfers are too small, or follow each other


@pytest.mark.parametrize(("vendor", "misread"), [("careful", 0.02), ("eager", 0.5)])
def test_vendors_misread_jumps_as_often_as_the_formula_says(vendor, misread):
    models = [model_of(scenario(*EMPTY, f"vendor={vendor}", "intermediaries.pool_jumps=5"), seed) for seed in range(25)]
    assert not any(model.book[name].any() for model in models for name in ("given", "collected", "true_attributions"))
    weeks = sum(MEASURES["claim_weeks"](model) for model in models)
    expected = 25 * 5 * wallets.expected_claims(5.0, misread, 4)
    assert near(weeks, expected, math.sqrt(expected))
    alone, read = (sum(MEASURES[name](model) for model in models) for name in ("jumps_alone", "jumps_read"))
    assert near(read, misread * alone, math.sqrt(alone * misread * (1 - misread))) and alone > 1000


def test_claims_of_few_weeks_are_those_of_single_processors():
    one = wallets.expected_claims(1.0, 0.5, 1)
    assert one == pytest.approx(52 * 0.5 * (1 - math.exp(-1 / 52)))
    assert wallets.expected_claims(1.0, 0.5, 4) == pytest.approx(4 * one, rel=0.03)
    assert wallets.expected_claims(1.0, 0.0, 4) == wallets.expected_claims(0.0, 1.0, 4) == 0.0
    assert wallets.chance_within(np.array([52.0]), 1.0, 2)[0] == pytest.approx(1 - math.exp(-2))


# --- Bayes -----------------------------------------------------------------------------------------------------------


def test_precision_is_that_of_a_population_counted_out():
    """Of 1,000,000 leads 2,000 are right: 1,372 are hit, and 1,497 of the others (Bayes)."""
    assert base_rates.precision(0.002, 0.686, 0.0015) == pytest.approx(1372 / (1372 + 1497))
    assert base_rates.precision(0.0, 0.7, 0.1) == 0.0 and base_rates.precision(1.0, 0.7, 0.1) == 1.0
    assert np.isnan(base_rates.precision(0.5, 0.0, 0.0))


@pytest.mark.parametrize(("recall", "wrong"), [(0.686, 0.0015), (0.95, 0.02), (0.1, 0.9)])
def test_even_odds_are_where_the_curve_crosses_one_half(recall, wrong):
    even = float(base_rates.even(recall, wrong))
    assert base_rates.precision(even, recall, wrong) == pytest.approx(0.5)
    base = np.array([0.3, 1e-5, 0.99, 0.01])  # in any order
    assert base_rates.crossing(base, base_rates.precision(base, recall, wrong)) == pytest.approx(even, rel=1e-6)


def test_a_curve_that_never_crosses_has_no_even_odds():
    base = np.array([0.001, 0.01, 0.1])
    assert base_rates.crossing(base, np.array([0.6, 0.8, 0.9])) == 0.0
    assert math.isnan(base_rates.crossing(base, np.array([0.1, 0.2, 0.4])))
    assert math.isnan(base_rates.crossing(base, np.array([np.nan, np.nan, np.nan])))
    assert 0.01 < base_rates.crossing(base, np.array([0.0, 0.0, 1.0])) < 0.1


@pytest.mark.parametrize("staff", ["5", "1e9"])
def test_hits_of_a_vendor_alone_are_those_of_the_formula(staff):
    """True: recall x right leads examined; false: what is lawful by the rate, wrong links by recall, and pools."""
    rails = [f"rails.{name}.traceability.link=0.7" for name in ("bitcoin", "stablecoin")]
    model = run(
        2, *MANY_GIFTS, *NO_RESPONSE, *ALONE, *rails, "vendor=eager", f"enforcement.staff.chain_analyst={staff}"
    )
    found, p = vendor_counts(model), model.config
    gifts = [gift for gift in gifts_of(model) if gift["due"] >= 0 and p.rails[gift["rail"]].ledger]
    for linked, name in ((1, "right"), (2, "wrong")):
        own = [gift for gift in gifts if gift["linked"] == linked]
        examined = sum(float(model.book["followed_share"][gift["due"], gift["rail"]]) for gift in own)
        assert found[f"leads_{name}"] == len(own) > 20
        assert found[f"examined_{name}"] == pytest.approx(examined)
    recall, wrong = 0.95, 0.02
    assert near(found["true"], recall * found["examined_right"], math.sqrt(found["examined_right"]))
    expected = wrong * found["examined_lawful"] + recall * found["examined_wrong"]
    expected += len(model.book) * 4 * (1 - math.exp(-1 / 52)) * 0.5
    assert near(found["false"], expected, math.sqrt(expected))
    if staff == "1e9":
        assert found["examined_right"] == found["leads_right"] and found["examined_lawful"] == found["leads_lawful"]
    else:
        assert found["examined_lawful"] < 0.7 * found["leads_lawful"]


def test_lawful_leads_are_the_flow_that_looks_alike():
    """Exchanges, processors and traders share out their money over the rails that they offer."""
    model = run(1, *EMPTY, *ALONE)
    expected = 0.0
    for place in model.intermediaries:
        offers = [rail.ledger for rail, offered in zip(model.config.rails, place["offers"], strict=False) if offered]
        expected += place["lawful"] * sum(offers) / max(1, len(offers))
    assert vendor_counts(model)["leads_lawful"] == pytest.approx(260 * expected * 0.002 / 400)


def test_counts_of_the_vendor_need_that_nobody_else_attributes():
    assert vendor_counts(run(1)) == {}
    found = observables.measured(run(1), ["attribution"])
    assert all(math.isnan(found[f"vendor_{part}"]) for part in ("true", "false", "leads_lawful"))
    assert found["wallet_jumps"] > 0


def test_wasted_cases_follow_staff():
    idle = run(1, *EMPTY, "enforcement.staff.fiu=0", "enforcement.staff.chain_analyst=0")
    assert wasted(idle) == (0.0, 0.0)
    usual = run(1, *EMPTY)
    cases, staff = wasted(usual)
    window = usual.book["cases"][usual.config.week(usual.config.switch_day) :][:52]
    assert cases == pytest.approx(window.mean(), abs=6)  # a fraction of a case on each rail is left over
    assert 0 < staff <= 2 * usual.config.enforcement.staff.fiu + usual.config.enforcement.staff.chain_analyst
    assert math.isnan(wasted(run(1, *EMPTY, "horizon.start=2020-05-04", "horizon.weeks=40"))[0])


def test_the_vendors_beside_them_differ_from_the_careful_one_in_one_thing():
    careful, eager, loud, sharp = (
        scenario(f"vendor={name}").enforcement.vendor for name in ("careful", "eager", "loud", "sharp")
    )
    accuses, sees = ("false_positive", "misreads_pool"), ("recall",)
    for vendor, name, like in (
        *((loud, name, eager) for name in accuses), *((loud, name, careful) for name in sees),
        *((sharp, name, careful) for name in accuses), *((sharp, name, eager) for name in sees),
    ):  # fmt: skip
        assert getattr(vendor, name) == getattr(like, name)


# --- statistics and tables -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("events", "exposure"), [(0, 10.0), (3, 2.0), (400, 20.0)])
def test_a_rate_lies_in_its_exact_interval(events, exposure):
    low, high = estimates.rate(events, exposure)
    assert stats.poisson.cdf(events, high * exposure) == pytest.approx(0.025)
    if events:
        assert stats.poisson.sf(events - 1, low * exposure) == pytest.approx(0.025)
    else:
        assert low == 0.0


def _runs(recall=0.5, wrong=0.01):
    """Runs of 24 draws with two seeds each in which every hit is as Bayes' rule has it."""
    rows = pd.MultiIndex.from_product([range(48), (0.01, 1.0, 100.0)], names=["seed", "lawful"]).to_frame(index=False)
    right, lawful = 100.0 + rows["seed"] // 2, 1000.0 * rows["lawful"]
    rows = rows.assign(vendor="careful", profile="is_core", draw=rows["seed"] // 2, p_recall=recall)
    rows = rows.assign(p_false_positive=wrong, p_misread=0.5, p_transfers=1.0, p_processors=4)
    counts = {"true": recall * right, "false": wrong * lawful}
    for stage in ("leads", "examined"):
        counts |= {f"{stage}_right": right, f"{stage}_lawful": lawful, f"{stage}_wrong": 0.0}
    counts = {f"record_vendor_{name}": count for name, count in counts.items()}
    return rows.assign(**counts, record_wallet_years=4 * 258 / 52)


def test_planted_hits_agree_with_bayes():
    runs = _runs()
    table = report.by_levels(runs, ["vendor", "profile", "lawful"], partial(report.precision, held=False))
    assert table["precision"].tolist() == pytest.approx(table["bayes"].tolist())
    assert table["with_links"].tolist() == pytest.approx(table["bayes"].tolist())
    assert table["true_ratio"].tolist() == pytest.approx([1.0] * 3)
    assert (table["with_pools"] < table["bayes"]).all()  # pools that nobody planted
    assert table.set_index("lawful").loc[1.0, "precision"] == pytest.approx(111 * 0.5 / (111 * 0.5 + 10))


def test_planted_even_odds_are_found_again():
    rates = ("enforcement.vendor.recall=0.5", "enforcement.vendor.false_positive=0.01")
    plan = planned("study=attribution", "replications=2", *rates)
    (row,) = report.even(_runs(), plan)
    assert [row[name] for name in ("even", "formula", "measured")] == pytest.approx([0.01 / 0.51] * 3)
    assert row["never"] == 0.0 and row["false_at_low"] == row["false_at_high"] == 1.0  # 0.0014 and 0.0061 lie below
    (mild,) = report.even(_runs(wrong=1e-5), plan)
    assert mild["false_at_low"] == mild["false_at_high"] == 0.0


def test_bins_of_base_rates_hold_every_draw_once():
    table = report.by_levels(_runs(), ["vendor", "profile"], report.by_base)
    assert table["n"].sum() == 3 * 24 and (table["precision_low"] <= table["precision"]).all()


def test_a_run_table_holds_every_parameter_of_every_run():
    plan = planned("study=attribution", "replications=2", "lawful=1")
    cells = [run.cell for run in plan.runs()]
    levels = pd.DataFrame([plan.cells[cell].levels for cell in cells])
    table = pd.DataFrame({"intermediaries.pool_jumps": levels["intermediaries.pool_jumps"].astype(float)})
    table["enforcement.vendor.recall"] = [0.4 if place % 2 else np.nan for place in range(len(cells))]
    names = ["intermediaries.pool_jumps", "enforcement.vendor.recall", "enforcement.vendor.misreads_pool"]
    found = parameters(plan, table, names)
    assert found[names[0]].tolist() == table[names[0]].tolist()
    assert found[names[1]][1::2].eq(0.4).all()
    usual = levels["vendor"].map({"careful": 0.686, "loud": 0.686, "eager": 0.95, "sharp": 0.95})
    assert found[names[1]][::2].tolist() == usual[::2].tolist()
    assert set(found[names[2]][levels["vendor"] == "loud"]) == {0.5}


def test_weekly_series_of_wallets_are_of_studies_that_name_the_section():
    assert chunk.weekly(["attribution"]) == [*chunk.WEEKLY, *SERIES]
    assert chunk.weekly() == list(chunk.WEEKLY)


# --- sentences -------------------------------------------------------------------------------------------------------


def _effects(capacity=("negligible", "negligible"), frozen=("raises", "raises"), vendor="eager", size=1.0):
    """Effects on capacity and lawful money frozen in two groups, with these verdicts."""
    rows = []
    for outcome, verdicts, unit in (("capacity", capacity, "%"), ("lawful_frozen", frozen, "USD/week")):
        for profile, verdict in zip(("is_core", "donor_funded"), verdicts, strict=True):
            ends = {"median": size, "mean": size, "low": 0.5 * size, "high": 1.5 * size, "margin": 1.0}
            about = {"vendor": vendor, "profile": profile, "outcome": outcome, "unit": unit, "verdict": verdict}
            rows.append(about | ends | {"draws": 40, "n": 80, "mc_share": 0.1, "reference": 1.0})
    return pd.DataFrame(rows)


@pytest.mark.parametrize("verdict", ["raises", "lowers", "negligible", "inconclusive"])
def test_title_and_sentences_on_vendors_follow_the_verdicts(verdict):
    rows = _effects(frozen=(verdict, "negligible"))
    frozen = rows[rows["outcome"] == "lawful_frozen"]
    words = {"raises": "rises with", "lowers": "falls with"}.get(verdict, f"is {verdict}")
    first, capacity = figures.title_of_harm(rows[rows["profile"] == "is_core"]).lower().split("; ")
    assert words in first and "the eager vendor" in first and "capacity is negligible" in capacity
    assert figures.title_of_harm(rows.assign(draws=3)) == "3 draws are too few for a verdict"
    first, second = (one.sentence() for one in report.of_vendors(frozen))
    assert verdict in first and "the large group" in first and "negligible" in second
    (short,) = report._on_effects(_effects(frozen=(verdict, verdict), vendor="loud")[2:], {"eager"})
    assert verdict in short and short.endswith("in every group.")


def test_exactly_nothing_is_no_finding():
    (zero, *_) = report._on_effects(_effects(vendor="loud", size=0.0), {"eager"})
    assert "no finding" in zero
    assert not any("no finding" in one for one in report._on_effects(_effects(vendor="loud"), {"eager"}))


def test_a_base_rate_of_even_odds_is_of_the_runs_or_there_is_none():
    ends = {name: 0.02 for name in ("even", "never", "false_at_low", "false_at_high")}
    ends |= {f"{name}_{end}": 0.1 for name in ("formula", "measured", "published") for end in ("low", "high")}
    row = {"vendor": "eager", "formula": 0.02, "measured": 0.03} | ends
    assert report.even_sentence(row, "even.item") == "3% [10% to 10%] (eager)"
    assert report.even_sentence(row | {"measured": np.nan}, "even.item") == "any (eager)"


def test_numbers_with_intervals_as_text():
    row = {"x": 0.02, "x_low": 0.01, "x_high": 0.2}
    assert report._cell(row, "x", "%[]") == "2% [1% to 20%]"
    assert report._cell(row, "x", "()") == "0.020 (0.010 to 0.200)"
    assert report._cell({"x": 3.0, "x_low": np.nan, "x_high": np.nan}, "x", "()") == "3.00"
    assert report._cell(row, "x", "span") == "0.010 to 0.200"


@pytest.mark.parametrize("name", list(report.PRINTED))
def test_every_printed_column_has_a_head(name):
    heads = report.PRINTED[name]["head"]
    assert heads.is_unique and heads.all()


def test_parts_of_the_page():
    parts = page.page_parts()
    assert set(parts) == {f"attribution {name}" for name in [*report.PRINTED, "effects", "findings"]}
    assert len(parts["attribution findings"]) == 4


# --- the study as typed ----------------------------------------------------------------------------------------------

SHORT = ("population.donors=1000", "horizon.start=2020-05-04", "horizon.weeks=60", "report.beside=[13]")


def test_the_study_as_a_user_types_it(here, capsys):
    """With a list of false-positive rates, which is crossed with everything and is not drawn."""
    more = (*SHORT, "replications=4", "lawful=0.01,1", "enforcement.vendor.false_positive=0.001,0.05")
    code, said, error = told(capsys, "study=attribution", *more, "--full")
    assert code == 0, error
    folder = here / "results" / "attribution"
    rates = pd.read_csv(folder / "precision.csv")
    assert set(rates["enforcement.vendor.false_positive"]) == {0.001, 0.05} and set(rates["lawful"]) == {0.01, 1.0}
    assert len(rates) == 2 * 2 * 2 * 2
    even = pd.read_csv(folder / "even.csv").set_index(["enforcement.vendor.false_positive", "vendor"])
    assert (even.loc[0.05, "formula"] > even.loc[0.001, "formula"]).all()
    keys = ["enforcement.vendor.false_positive", "vendor", "profile"]
    harm = pd.read_csv(folder / "harm.csv").set_index(keys).sort_index()
    assert (harm.loc[0.05, "lawful_frozen"] > harm.loc[0.001, "lawful_frozen"]).all()
    jumps = pd.read_csv(folder / "jumps.csv")
    assert set(jumps["intermediaries.pool_jumps"]) == {0.2, 1.0, 5.0} and (jumps["jumps"] > 0).any()
    capacity = pd.read_csv(folder / "effects.csv").query("vendor == 'loud' and outcome == 'capacity'")
    changes = capacity[["mean", "low", "high"]]  # who accuses more and sees no more changes nothing
    assert (changes == 0.0).all(axis=None)
    assert "a hit is more likely false than true" in said and "draws are too few" in said
    for name in ("1_precision", "2_wallet", "3_harm"):
        assert (folder / "figures" / "analyst" / f"{name}.png").stat().st_size > 20_000


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("vendor=eagre", "unknown vendor eagre; nearest: eager"),
        ("money=nothing", "unknown money nothing"),
        ("lawful=0.5", "unknown lawful 0.5"),
        ("enforcement.vendor.recall=1.5", "enforcement.vendor.recall"),
    ],
)
def test_bad_input_is_an_error_and_nothing_is_run(here, capsys, typed, message):
    code, _, error = told(capsys, "study=attribution", typed)
    assert code == 2 and message in error and not (here / "results").exists()
