"""The study of inspiration: windows, the order of families, what goes with it, words and figures, the command."""

import numpy as np
import pandas as pd
import pytest
from experiments.studies.inspiration.words import FINANCE, INSPIRATION, LONG, SHORT

from experiments.studies.inspiration import report as inspiration
from experiments.studies.inspiration import words as inspiration_text
from experiments.studies.inspiration.figures import title_of_loop, title_of_windows
from experiments.studies.inspiration.report import WINDOWS, short_names
from experiments.study import cli, executors, worker
from experiments.study.spec import load
from sim.engine import parameters
from sim.engine.constants import POLICIES
from sim.engine.jit import PLAIN
from sim.scenario import Scenario
from sim.scenario.disruption import policy_of
from tests.study_helpers import planned, thread

pytestmark = pytest.mark.skipif(PLAIN, reason="runs of years take too long as plain Python")
KINETIC = "kinetic_pressure"
DRAWS = 40


@pytest.fixture(scope="module")
def plan():
    return planned("study=inspiration", f"replications={2 * DRAWS}")


def changed(finance=(-4.0, -4.0), inspired=(-1.0, -6.0), spread=0.5, loops=("on", "cut")):
    """Changes of the attack rate by window: of each family soon and late, and a spread over draws."""
    rng = np.random.default_rng(1)
    found = {}
    for window, place in ((SHORT, 0), (LONG, 1)):
        rows = [("is_core", loop, seed, seed // 2) for loop in loops for seed in range(2 * DRAWS)]
        index = pd.MultiIndex.from_tuples(rows, names=["profile", "loop", "replication", "draw"])
        apart = np.tile(np.repeat(spread * rng.standard_normal(DRAWS), 2), len(loops))
        cut = index.get_level_values("loop") == "cut"
        columns = {FINANCE: finance[place] + 0.0 * apart, INSPIRATION: inspired[place] + apart + 2.0 * cut}
        found[window] = pd.DataFrame(columns | {KINETIC: -10.0}, index=index)
    return found


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
    monkeypatch.setattr(worker, "BESIDE", (*worker.BESIDE, "deaths"))
    assert cli.version() != before


# --- the order -------------------------------------------------------------------------------------------------------


def answered(plan, tables):
    made = {"kiser": inspiration.order(plan, tables), "turns": inspiration.turns(plan, tables)}
    rows = [(r["profile"], r["window"], r["policy"]) for r in made["kiser"].to_dict("records")]
    columns = {"median": -1.0, "low": -2.0, "high": -0.5, "mean": -1.0, "verdict": "effect", "unit": "%"}
    effects = pd.DataFrame(rows, columns=["profile", "window", "policy"]).drop_duplicates()
    effects = effects.assign(contrast="policy", outcome="rate", loop="on", intensity=1.0, **columns)
    return made, "\n".join(inspiration_text.answers(made | {"effects": effects}))


def _shares(turned):
    """Shares of draws soon and late, by which order was planted."""
    ends = {"turns": (0, 100), "back": (100, 0), "stays_rival": (0, 0), "stays_inspiration": (100, 100)}[turned]
    return f"{ends[0]} % and {ends[1]} % (the large group)"


@pytest.mark.parametrize(
    ("finance", "inspired", "words", "share"),
    [
        ((-4.0, -4.0), (-1.0, -7.0), "as Kiser found", "turns"),
        ((-4.0, -4.0), (-7.0, -1.0), "the reverse of what Kiser found", "back"),
        ((-4.0, -4.0), (-1.0, -1.0), "counter-finance does more throughout", "stays_rival"),
        ((-4.0, -4.0), (-7.0, -7.0), "counter-inspiration does more throughout", "stays_inspiration"),
    ],
)
def test_a_planted_order_is_found_again(plan, finance, inspired, words, share):
    tables = changed(finance, inspired)
    made, said = answered(plan, tables)
    rows = made["kiser"].set_index(["loop", "against", "window"]).sort_index()["mean"]
    means = [tables[window].xs("on", level="loop")[INSPIRATION].mean() + 4.0 for window in (SHORT, LONG)]
    assert [rows["on", FINANCE, SHORT], rows["on", FINANCE, LONG]] == pytest.approx(means)
    turned = made["turns"].set_index(["loop", "against"]).sort_index().loc["on", FINANCE]
    assert turned[share] == 1.0 and turned[f"{share}_low"] == pytest.approx(0.025 ** (1 / DRAWS))
    assert f"counter-finance, in the first 52 weeks and in the fifth year, in {_shares(share)}" in said
    assert f"of draws. Verdict: {words}." in said
    assert f": {words}. The difference: in the first 52 weeks" in said
    assert ": kinetic pressure does more throughout. The difference:" in said
    first, second = said.splitlines()[:2]
    assert "than counter-finance" in first and "than kinetic pressure" in second and "0 % and 0 %" in second


def test_what_draws_do_not_settle_is_not_told(plan):
    made, said = answered(plan, changed(inspired=(-4.2, -3.8), spread=5.0))
    fewer = made["kiser"].set_index(["loop", "against", "window"]).sort_index().loc["on", FINANCE, SHORT]
    assert 0.3 < fewer["fewer_low"] < fewer["fewer"] < fewer["fewer_high"] < 0.8
    assert "of draws. Verdict: cannot tell." in said and f"in {100 * fewer['fewer']:.0f} % of draws (" in said
    _, same = answered(plan, changed(inspired=(-4.0, -4.0), spread=0.01))
    assert "Verdict: no difference that matters, soon or late." in same


def test_a_policy_that_changes_nothing_is_no_rival(plan):
    tables = {window: one.assign(**{KINETIC: 0.0}) for window, one in changed().items()}
    assert set(inspiration.order(plan, tables)["against"]) == {FINANCE}


def test_what_the_loop_adds_is_taken_on_the_same_luck(plan):
    found = inspiration.loop(plan, changed()).set_index(["window", "policy"]).sort_index()
    assert found.loc[(LONG, INSPIRATION), ["mean", "low", "high"]].tolist() == pytest.approx([-2.0] * 3)
    assert found.loc[(LONG, INSPIRATION), "verdict"] == "effect"
    assert found.loc[(LONG, FINANCE), "mean"] == 0.0
    assert inspiration.loop(plan, changed(loops=("on",))).empty


def test_core_and_network_are_set_against_each_other(plan):
    core, network = changed(inspired=(-1.0, -1.0)), changed(inspired=(-1.0, -5.0))
    parts = {window: [core[window], network[window]] for window in core}
    found = inspiration.apart(plan, parts).set_index(["loop", "window", "policy"]).sort_index()
    assert found.loc[("on", LONG, INSPIRATION), "mean"] == pytest.approx(-4.0)
    assert inspiration_text._which(found.loc[("on", LONG, INSPIRATION)]) == "the network falls more"
    assert found.loc[("on", SHORT, INSPIRATION), "verdict"] == "practically none"


@pytest.mark.parametrize(
    ("soon", "late", "rival", "words"),
    [
        ("cannot tell", "cannot tell", FINANCE, "cannot tell"),
        (KINETIC, "cannot tell", KINETIC, "kinetic pressure does more soon, cannot tell late"),
        ("the same", INSPIRATION, FINANCE, "no difference that matters soon, counter-inspiration does more late"),
        (KINETIC, INSPIRATION, KINETIC, "kinetic pressure does more soon, counter-inspiration does more late"),
        (FINANCE, INSPIRATION, FINANCE, "as Kiser found"),
    ],
)
def test_two_verdicts_in_words(soon, late, rival, words):
    assert inspiration_text.found(soon, late, rival) == words


# --- what goes with it -----------------------------------------------------------------------------------------------


def named(found):
    return [row["parameter"] for row in found if row["p_adjusted"] < 0.05]


def test_the_parameter_that_decides_is_named_and_seldom_another():
    wrong = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        values = pd.DataFrame(rng.random((DRAWS, 30)), columns=[f"a.p{place}" for place in range(30)]).assign(held=1.0)
        means = pd.Series(-np.exp(3.0 * values["a.p7"]) + 0.3 * rng.standard_normal(DRAWS))
        found = inspiration.correlations(means, values)
        assert found[0]["parameter"] == "a.p7" and found[0]["correlation"] < -0.9
        assert -1.0 < found[0]["low"] < found[0]["correlation"] < found[0]["high"] < -0.8
        wrong += named(found) != ["a.p7"]
    assert wrong <= 5  # at 5 % each, more are seen once in 300
    assert inspiration.correlations(means[:10], values[:10]) == []


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


def test_parameters_of_policies_that_are_not_compared_are_not_tried(plan):
    tables, rng = changed(inspired=(-1.0, -1.0), spread=3.0), np.random.default_rng(6)
    means = (tables[LONG][INSPIRATION]).xs("on", level="loop").groupby("draw").mean().to_numpy()
    drawn = pd.DataFrame({"profile": "is_core", "draw": range(DRAWS), "effects.decapitation": means})
    drawn = drawn.assign(**{"combat.money": rng.random(DRAWS), "effects.exchange_kyc": means})
    found = inspiration.drivers(plan, tables, drawn, {"exchange_kyc+donor_prosecution": FINANCE})
    tried = found.groupby("against")["tried"].agg(set).to_dict()
    assert tried == {FINANCE: {2}, KINETIC: {1}} and "effects.decapitation" not in set(found["parameter"])
    said = "\n".join(inspiration_text.going_with(found))
    assert "less counter-finance: goes with effects.exchange_kyc" in said and "(2 tried)" in said
    assert f"each list tries 1 to 2 parameters on {DRAWS} draws" in said and "over all 4:" in said


def test_break_even_says_what_its_interval_is_of_and_the_verdict():
    row = {"profile": "is_core", "window": LONG, "a": INSPIRATION, "b": FINANCE, "ratio": 2.5, "ratio_low": 1.1}
    lines = inspiration_text.prices(pd.DataFrame([row | {"ratio_high": 4.8, "verdict": "cannot tell"}]))
    assert lines[1].endswith("2.50 (1.10 to 4.80)  cannot tell")
    assert lines[-1].startswith("The interval is that of the ratio of two means")


def test_a_parameter_that_only_goes_with_the_one_that_decides_is_seldom_named():
    wrong = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        decides, other = rng.random(64), rng.random(64)
        values = pd.DataFrame({"goes_with": decides + 0.3 * rng.random(64), "decides": decides, "other": other})
        means = pd.Series(decides + 0.1 * rng.random(64))
        assert means.corr(values["goes_with"], method="spearman") > 0.8
        wrong += named(inspiration.correlations(means, values)) != ["decides"]
    assert wrong <= 5


def test_the_interval_of_a_rank_correlation_holds_the_truth():
    rng, rho = np.random.default_rng(4), 0.5
    truth = 6.0 / np.pi * np.arcsin(rho / 2.0)  # of two normal variables (Pearson 1907)
    held = 0
    for _ in range(150):
        x, y = rng.multivariate_normal([0.0, 0.0], [[1.0, rho], [rho, 1.0]], DRAWS).T
        row = inspiration.correlations(pd.Series(y), pd.DataFrame({"x": x}))[0]
        held += row["low"] < truth < row["high"]
    assert 0.90 < held / 150 < 0.99


# --- titles ----------------------------------------------------------------------------------------------------------


def shown(verdict, centre, policy=INSPIRATION, outcome="rate_network", **more):
    ends = {"low": centre - 1.0, "high": centre + 1.0, "mean": centre, "median": centre, "centre": centre}
    about = {"profile": "is_core", "policy": policy, "outcome": outcome, "window": LONG, "verdict": verdict}
    return about | ends | {"mc_share": 0.9, "draws": DRAWS, "margin": 1.0} | more


def test_the_title_of_windows_says_what_the_rows_say():
    rows = [shown("effect", -6.0), shown("effect", -9.0, KINETIC), shown("cannot tell", -20.0, FINANCE)]
    more = [shown("practically none", 0.1, outcome="rate_core")]
    title = title_of_windows(pd.DataFrame([*rows, *more]))
    assert title.startswith(
        "Fifth year: largest fall that is shown: kinetic pressure in the network of the large group, -9"
    )
    assert title.endswith("families alone do practically nothing to attacks in the core of the large group")
    opposite = title_of_windows(pd.DataFrame([shown("effect", 6.0), shown("cannot tell", -9.0, KINETIC)]))
    assert opposite == "Fifth year: no family alone is shown to lower attacks in any group"


def test_the_title_of_the_loop_says_what_the_rows_say():
    def title(verdict, centre):
        return title_of_loop(pd.DataFrame([shown(verdict, centre)]))

    assert "Large group: the loop deepens the fall of attacks with counter-inspiration (-3" in title("effect", -3.0)
    assert "Large group: the loop weakens the fall of attacks with counter-inspiration (+3" in title("effect", 3.0)
    assert "adds practically nothing with counter-inspiration" in title("practically none", 0.2)
    assert "cannot tell what the loop adds with counter-inspiration" in title("cannot tell", -3.0)


# --- the study -------------------------------------------------------------------------------------------------------


def test_the_study_as_a_user_types_it(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(executors, "local", lambda workers: thread())
    small = ["population.donors=100", "horizon.start=2020-05-04", "horizon.weeks=267"]
    code = cli.run(["study=inspiration", "replications=2", "seeds_per_draw=1", *small])
    said = capsys.readouterr()
    assert code == 0, said.err
    assert "2 draws are too few for a verdict" in said.out
    assert (
        "External network, no change at all, for it cannot act there: kinetic pressure and revenue strikes" in said.out
    )
    folder = tmp_path / "results" / "inspiration"
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
    drawn = {file.stem for file in (folder / "figures").glob("*.png")}
    assert drawn == {"1_windows", "2_frontier_52_weeks", "3_frontier_5_years", "4_loop"}


def test_one_group_and_one_policy_are_enough(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(executors, "local", lambda workers: thread())
    small = ["population.donors=100", "horizon.start=2020-05-04", "horizon.weeks=267", "replications=2", "loop=on"]
    typed = ["study=inspiration", "profile=donor_funded", f"policy={INSPIRATION}", "uncertain=none", *small]
    assert cli.run([*typed, "--no-figures"]) == 0
    said = capsys.readouterr().out
    assert "counter_inspiration" in said and "Kiser" not in said and ": held here" in said


def test_a_misspelt_policy_is_told_at_once(capsys):
    assert cli.run(["study=inspiration", "policy=counter_inspration"]) == 2
    assert "counter_inspiration" in capsys.readouterr().err


def test_the_study_says_what_it_compares():
    study = load("inspiration")
    assert study.levels["loop"] == {"on": [], "cut": ["inspiration.publicity=0"]}
    assert "shocks.monero_only.enabled=false" in study.overrides


def test_what_was_not_asked_is_said_and_can_be_asked(plan):
    said = "\n".join(inspiration_text.basis(plan))
    assert "Not asked, so nothing is told of it: privacy delisting, decapitation and adaptive." in said
    asked = planned("study=inspiration", "replications=2", f"policy={INSPIRATION},decapitation")
    policies = list(dict.fromkeys(str(cell.levels["policy"]) for cell in asked.cells))
    assert "decapitation" in inspiration.alone(policies) and short_names(policies) == {}
    assert "decapitation" not in "\n".join(inspiration_text.basis(asked)).partition("What a policy")[0]


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
