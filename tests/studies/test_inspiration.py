"""The study of inspiration: windows, the order of families, what it depends on, sentences and figures, the command."""

import math

import numpy as np
import pandas as pd
import pytest

from experiments import text as texts
from experiments.figures.captions import title
from experiments.studies.inspiration import figures, page
from experiments.studies.inspiration import report as inspiration
from experiments.studies.inspiration.report import FINANCE, INSPIRATION, LONG, SHORT, WINDOWS, short_names
from experiments.study import chunk, cli
from experiments.study.spec import load
from sim.engine import parameters
from sim.engine.constants import POLICIES
from sim.engine.jit import PLAIN
from sim.scenario import Scenario
from sim.scenario.sections import policy_of
from tests.study_helpers import planned, told

pytestmark = pytest.mark.skipif(PLAIN, reason="runs of years take too long as plain Python")
KINETIC = "kinetic_pressure"
DRAWS = 40
TYPED = (
    "study=inspiration", "replications=2", "population.donors=100", "horizon.start=2020-05-04", "horizon.weeks=267",
)  # fmt: skip


@pytest.fixture(scope="module")
def plan():
    return planned("study=inspiration", f"replications={2 * DRAWS}")


def changed(finance=(-4.0, -4.0), inspired=(-1.0, -6.0), spread=0.5, loops=("on", "cut"), kinetic=-10.0):
    """Changes of the attack rate by each family, soon and late, with a spread over draws."""
    rng, found = np.random.default_rng(1), []
    for window, place in ((SHORT, 0), (LONG, 1)):
        rows = [("is_core", loop, window, seed, seed // 2) for loop in loops for seed in range(2 * DRAWS)]
        index = pd.MultiIndex.from_tuples(rows, names=["profile", "loop", "window", "replication", "draw"])
        apart = np.tile(np.repeat(spread * rng.standard_normal(DRAWS), 2), len(loops))
        cut = index.get_level_values("loop") == "cut"
        columns = {FINANCE: finance[place] + 0.0 * apart, INSPIRATION: inspired[place] + apart + 2.0 * cut}
        found.append(pd.DataFrame(columns | {KINETIC: kinetic}, index=index))
    return pd.concat(found)


# --- windows and names -----------------------------------------------------------------------------------------------


def test_the_fifth_year_is_what_five_years_have_and_four_have_not(plan):
    weeks = np.random.default_rng(2).random((3, 260))
    runs = pd.DataFrame({"replication": range(3), "draw": range(3), "error": None})
    runs = runs.assign(**dict.fromkeys(plan.factors, "x"))
    for name in inspiration._COLUMNS:
        for last in (26, 52, 208, 260):
            runs[name if last == 52 else f"{name}_{last}"] = weeks[:, :last].mean(axis=1)
    assert inspiration.windows_of(plan, runs) == list(WINDOWS)
    for window, (first, last) in WINDOWS.items():
        found = inspiration.in_window(plan, runs, window)
        assert found["rate"].to_numpy() == pytest.approx(weeks[:, first:last].mean(axis=1))
    assert LONG not in inspiration.windows_of(plan, runs.drop(columns="rate_208"))


def test_one_mix_against_money_has_a_name_of_its_own():
    mix = "exchange_kyc+donor_prosecution"
    policies = ["status_quo", INSPIRATION, mix, f"{INSPIRATION}+{mix}", f"{INSPIRATION}+{KINETIC}"]
    assert short_names(policies) == {mix: FINANCE, f"{INSPIRATION}+{mix}": f"{INSPIRATION}+{FINANCE}"}
    assert short_names([*policies, "channel_takedown"]) == {}  # two: which would it be?
    assert short_names(["status_quo", INSPIRATION, "exchange_kyc"]) == {}
    named = ["status_quo", INSPIRATION, FINANCE, f"{INSPIRATION}+{FINANCE}", mix, f"{mix}+{KINETIC}"]
    assert inspiration.alone(named) == [INSPIRATION, FINANCE, mix]


def test_counter_finance_is_the_same_mix_wherever_it_stands(plan):
    policies = list(dict.fromkeys(str(cell.levels["policy"]) for cell in plan.cells))
    names = short_names(policies)
    assert len({name.removesuffix(FINANCE) for name in names.values()}) == len(names) == 4
    assert inspiration.alone([names.get(one, one) for one in policies]) == [
        INSPIRATION, KINETIC, FINANCE, "revenue_strikes",
    ]  # fmt: skip


def test_what_is_kept_beside_is_part_of_the_identity(monkeypatch):
    before = cli.version()
    monkeypatch.setattr(chunk, "BESIDE", (*chunk.BESIDE, "deaths"))
    assert cli.version() != before


# --- the order -------------------------------------------------------------------------------------------------------


def answered(plan, tables):
    made = {"kiser": inspiration.kiser(plan, tables), "turns": inspiration.turns(plan, tables)}
    rows = made["kiser"][["profile", "window", "policy"]].drop_duplicates()
    columns = {"median": -1.0, "low": -2.0, "high": -0.5, "mean": -1.0, "verdict": "lowers", "unit": "%"}
    effects = rows.assign(contrast="policy", outcome="rate", loop="on", intensity=1.0, **columns)
    return made, inspiration.answers(made | {"effects": effects})


@pytest.mark.parametrize(
    ("finance", "inspired", "share", "words"),
    [
        ((-4.0, -4.0), (-1.0, -7.0), "turns", "as Kiser found"),
        ((-4.0, -4.0), (-7.0, -1.0), "back", "the reverse of what Kiser found"),
        ((-4.0, -4.0), (-1.0, -1.0), "stays_rival", "counter-finance is more effective throughout"),
        ((-4.0, -4.0), (-7.0, -7.0), "stays_inspiration", "counter-messaging is more effective throughout"),
    ],
)
def test_a_planted_order_is_found_again(plan, finance, inspired, share, words):
    tables = changed(finance, inspired)
    made, sentences = answered(plan, tables)
    rows = made["kiser"].set_index(["loop", "against", "window"]).sort_index()["mean"]
    on = tables.xs("on", level="loop")[INSPIRATION].groupby("window").mean() + 4.0
    assert rows["on", FINANCE].to_dict() == pytest.approx(on.to_dict())
    turned = made["turns"].set_index(["loop", "against"]).sort_index().loc["on", FINANCE]
    assert turned[share] == 1.0 and turned[f"{share}_low"] == pytest.approx(0.025 ** (1 / DRAWS))
    soon, late = {"turns": (0, 100), "back": (100, 0), "stays_rival": (0, 0), "stays_inspiration": (100, 100)}[share]
    assert "counter-finance" in sentences[0] and f"{soon}% and {late}% (the large group)" in sentences[0]
    assert any(words in one for one in sentences)
    assert any("military pressure is more effective throughout" in one for one in sentences)


def test_what_differs_in_sign_over_draws_depends(plan):
    made, sentences = answered(plan, changed(inspired=(-4.2, -3.8), spread=5.0))
    fewer = made["kiser"].set_index(["loop", "against", "window"]).sort_index().loc["on", FINANCE, SHORT]
    assert 0.3 < fewer["fewer_low"] < fewer["fewer"] < fewer["fewer_high"] < 0.8
    assert f"{100 * fewer['fewer']:.0f}% and" in sentences[0] and "draws and fewer in" in sentences[1]
    _, same = answered(plan, changed(inspired=(-4.0, -4.0), spread=0.01))
    assert any("the difference is negligible, soon and late" in one for one in same)


def test_a_policy_that_changes_nothing_is_no_rival(plan):
    assert set(inspiration.kiser(plan, changed(kinetic=0.0))["against"]) == {FINANCE}


def test_the_addition_of_the_loop_is_taken_on_common_random_numbers(plan):
    found = inspiration.loop(plan, changed()).set_index(["window", "policy"]).sort_index()
    assert found.loc[(LONG, INSPIRATION), ["mean", "low", "high"]].tolist() == pytest.approx([-2.0] * 3)
    assert found.loc[(LONG, INSPIRATION), "verdict"] == "lowers"
    assert found.loc[(LONG, FINANCE), "mean"] == 0.0
    assert inspiration.loop(plan, changed(loops=("on",))).empty


def test_core_and_network_are_compared(plan):
    core, network = changed(inspired=(-1.0, -1.0)), changed(inspired=(-1.0, -5.0))
    rows = inspiration.less(plan, network, core, "core")
    found = rows.set_index(["loop", "window", "policy"]).sort_index()
    assert found.loc[("on", LONG, INSPIRATION), "mean"] == pytest.approx(-4.0)
    assert found.loc[("on", SHORT, INSPIRATION), "verdict"] == "negligible"
    late = rows[(rows["loop"] == "on") & (rows["window"] == LONG) & (rows["policy"] == INSPIRATION)]
    (sentence,) = (one.sentence() for one in inspiration.policy_findings("inspiration-apart", late, "apart"))
    assert "the network falls by 4.0% more than the core" in sentence


@pytest.mark.parametrize(
    ("soon", "late", "rival", "words"),
    [
        ("inconclusive", "inconclusive", FINANCE, "is inconclusive"),
        ("raises", "inconclusive", KINETIC, "shown in one of the two windows at most"),
        ("negligible", "lowers", FINANCE, "shown in one of the two windows at most"),
        ("raises", "lowers", KINETIC, "military pressure is more effective early and counter-messaging late."),
        ("raises", "lowers", FINANCE, "as Kiser found"),
    ],
)
def test_the_order_that_two_verdicts_show(soon, late, rival, words):
    turn = {"profile": "is_core"} | {f"{name}{end}": 0.5 for name in ("turns", "back") for end in ("", "_low", "_high")}
    assert words in inspiration.order_sentence("is_core", rival, (soon, late), pd.DataFrame([turn]))


# --- drivers of the order --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameter", "alone", "with_money"),
    [
        ("combat.money", True, True),
        ("effects.kinetic_opportunity", True, True),
        ("effects.licensing_spread", False, True),  # of hawala_licensing
        ("effects.takedown_audience", False, False),
        ("effects.decapitation", False, False),
        ("effects.leader_know_how", False, False),
        ("effects.leader_recovery", True, True),  # of the deaths of leaders that are dated
    ],
)
def test_what_a_policy_does_cannot_act_without_it(parameter, alone, with_money):
    assert inspiration.can_act(parameter, {INSPIRATION, KINETIC}) == alone
    assert inspiration.can_act(parameter, {INSPIRATION, KINETIC, "hawala_licensing"}) == with_money


def test_effects_have_a_policy_each():
    effects = {
        row.name.removeprefix("effects.") for row in parameters.table(Scenario) if row.name.startswith("effects.")
    }
    assert {policy_of(effect) for effect in effects} == {*POLICIES} - {"adaptive"}  # which has no effect parameter


def test_the_parameter_that_decides_is_named_with_its_direction(plan):
    tables, rng = changed(inspired=(-1.0, -1.0), spread=3.0), np.random.default_rng(6)
    on = tables.xs(("on", LONG), level=("loop", "window"))[INSPIRATION]
    means = on.groupby("draw").mean().to_numpy()
    drawn = pd.DataFrame({"profile": "is_core", "draw": range(DRAWS), "effects.decapitation": means})
    drawn = drawn.assign(**{"combat.people": rng.random(DRAWS), "effects.exchange_kyc": -means})
    found = inspiration.order(plan, tables, drawn, {"exchange_kyc+donor_prosecution": FINANCE})
    assert {*found["window"]} == {SHORT, LONG} and {*found["loop"]} == {"on"}
    late = found[found["window"] == LONG].set_index(["against", "parameter"])
    assert {*late.index} == {(FINANCE, "effects.exchange_kyc"), (FINANCE, "combat.people"), (KINETIC, "combat.people")}
    best = late.loc[(FINANCE, "effects.exchange_kyc")]
    assert best["order"] == 1 and best["direction"] == pytest.approx(-1.0) and best["draws"] == DRAWS
    assert best["share"] > 0.9 > best["chance"] and late.drop(best.name)["order"].isna().all()
    *sentences, note = inspiration.drivers(found)
    assert len(sentences) == 4 and "40 draws are a hint" in note
    (one,) = (one for one in sentences if texts.parameter("effects.exchange_kyc") in one and "in the fifth year" in one)
    assert "counter-finance depends most on" in one and "the smaller, the better for the other policy" in one
    assert sum("on no single parameter" in one for one in sentences) >= 2


def test_break_even_ratios_have_their_interval_and_verdict():
    row = {"profile": "is_core", "window": LONG, "a": INSPIRATION, "b": FINANCE, "ratio": 2.5, "ratio_low": 1.1}
    row |= {"ratio_high": 4.8, "verdict": "inconclusive", "usd_of": "a", "usd": 2.5e6, "usd_low": 1.1e6}
    table = inspiration.prices(pd.DataFrame([row | {"usd_high": math.inf, "priced": "part"}]))
    cells = ["2.50 (1.10 to 4.80)", "A: at least 2.5m (1.1m to ∞)", "inconclusive"]
    assert [column[0] for column in table.values()][-3:] == cells
    none = row | {"usd_of": "", "usd": math.nan, "usd_low": math.nan, "usd_high": math.nan, "priced": "no"}
    assert inspiration.prices(pd.DataFrame([none]))["USD a year"] == ["not priced"]


# --- titles ----------------------------------------------------------------------------------------------------------


def shown(verdict, centre, policy=INSPIRATION, outcome="rate_network", **more):
    ends = {"low": centre - 1.0, "high": centre + 1.0, "mean": centre, "median": centre, "centre": centre}
    about = {"profile": "is_core", "policy": policy, "outcome": outcome, "window": LONG, "verdict": verdict}
    return about | ends | {"unit": "%", "mc_share": 0.9, "n": 2 * DRAWS, "draws": DRAWS, "margin": 1.0} | more


def test_the_title_of_windows_follows_the_rows():
    rows = [shown("lowers", -6.0), shown("lowers", -9.0, KINETIC), shown("inconclusive", -20.0, FINANCE)]
    words = title(figures.found_in(pd.DataFrame([*rows, shown("negligible", 0.1, outcome="rate_core")])))
    assert "attacks fall most with military pressure in the network of the large group (−9" in words
    assert "negligible effect on attacks in the core of the large group" in words
    opposite = title(figures.found_in(pd.DataFrame([shown("raises", 6.0), shown("inconclusive", -9.0, KINETIC)])))
    assert opposite == "No family alone is shown to lower attacks in the network of the large group"


@pytest.mark.parametrize(
    ("verdict", "words"),
    [("lowers", "deepens"), ("raises", "weakens"), ("negligible", "negligible"), ("inconclusive", "inconclusive")],
)
def test_title_and_sentence_on_the_loop_follow_the_verdict(verdict, words):
    rows = pd.DataFrame([shown(verdict, -3.0 if verdict == "lowers" else 3.0, outcome="rate")])
    found = inspiration.policy_findings("inspiration-loop", rows, "loop")
    assert words in title(found) and words in found[0].sentence()
    few = inspiration.policy_findings("inspiration-loop", rows.assign(draws=6), "loop")
    assert "6 draws are too few" in title(few) and inspiration._sentences([*few, *few]) == [f"{title(few)}."]


def test_parts_of_the_page():
    parts = page.page_parts()
    names = ("effects", "answers", "core", "loop", "inspired", "prices", "costs", "order")
    assert set(parts) == {f"inspiration {name}" for name in names}
    assert not any("depends on nan" in str(part) for part in parts.values())  # empty cells of effects.csv


# --- the study -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_study_as_a_user_types_it(here, capsys):
    code, said, error = told(capsys, *TYPED, "seeds_per_draw=1", "--full")
    assert code == 0, error
    assert "2 draws are too few" in said
    assert "cannot act there: military pressure and striking revenue" in said
    folder = here / "results" / "inspiration"
    names = ("effects", "frontier", "breakeven", "kiser", "turns", "loop", "apart")
    tables = {name: pd.read_csv(folder / f"{name}.csv") for name in names}
    for name, table in tables.items():
        assert {"profile", "window"} <= {*table} and len(table), name
    effects, kiser = tables["effects"], tables["kiser"]
    assert effects["id"].is_unique
    assert set(effects["window"]) == set(kiser["window"]) == set(WINDOWS)
    rate = effects[(effects["outcome"] == "rate") & (effects["intensity"] == 1)]
    rate = rate.set_index(["profile", "loop", "window", "policy"])["mean"].sort_index()
    for row in kiser.to_dict("records"):  # of the same pairs, a difference of means is the mean of differences
        here = rate[row["profile"], row["loop"], row["window"]]
        assert row["mean"] == pytest.approx(here[INSPIRATION] - here[row["against"]])
    whole = tables["frontier"].groupby(["profile", "policy"])["intensity"].nunique()
    assert (whole.drop("revenue_strikes", level="policy") == 4).all()
    drawn = {file.stem for file in (folder / "figures" / "analyst").glob("*.png")}
    assert drawn == {"1_windows", "2_frontier_52_weeks", "3_frontier_5_years", "4_loop"}


def test_one_group_and_one_policy_are_enough(here, capsys):
    less = ("loop=on", "profile=donor_funded", f"policy={INSPIRATION}", "uncertain=none", "--no-figures")
    code, said, _ = told(capsys, *TYPED, *less, "--full")
    assert code == 0 and "counter_inspiration" in said and "Kiser" not in said and "held here" in said


def test_a_misspelt_policy_is_an_error_at_once(capsys):
    code, _, error = told(capsys, "study=inspiration", "policy=counter_inspration")
    assert code == 2 and "counter_inspiration" in error


def test_the_study_compares_the_loop_on_and_cut():
    study = load("inspiration")
    assert study.levels["loop"] == {"on": [], "cut": ["inspiration.publicity=0"]}
    assert "shocks.monero_only.enabled=false" in study.overrides


def test_policies_that_were_not_asked_are_named_and_can_be_asked(plan):
    assert any(
        "delisting privacy coins, killing leaders and following the evidence" in one for one in inspiration.basis(plan)
    )
    asked = planned("study=inspiration", "replications=2", f"policy={INSPIRATION},decapitation")
    policies = list(dict.fromkeys(str(cell.levels["policy"]) for cell in asked.cells))
    assert "decapitation" in inspiration.alone(policies) and short_names(policies) == {}
    (left,) = (one for one in inspiration.basis(asked) if one.startswith("Not asked"))
    assert "decapitation" not in left


def test_parameters_have_their_names_whatever_they_are_drawn_from():
    plan = planned("study=inspiration", "uncertain=posterior", "replications=4")
    drawn = {one.name for group in plan.groups for one in group.ranges}
    assert {"theatres.iraq.know_how.2018-01-01", "combat.money"} <= drawn
    assert {plan.declared_at[one.dimension] for group in plan.groups for one in group.ranges} <= {*plan.dimensions}
    assert all(
        one.name == plan.declared_at[one.dimension]
        for one in plan.groups[0].ranges
        if "*" not in one.name and plan.declared_at[one.dimension] in drawn
    )
