"""Calibration: likelihoods of published figures, weights, what is learned, recovery, the kept posterior, the study."""

import hashlib
import math
import re

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.stats import binom, norm

from experiments.evidence import cases, posterior
from experiments.evidence.likelihood import Evidence, Measured
from experiments.evidence.patterns import Pattern
from experiments.evidence.posterior import Calibration
from experiments.study import cli, executors, saved_posterior
from experiments.study.parameter_sampling import declared
from sim.config import CONF, ConfigurationError
from sim.engine.jit import PLAIN
from tests.study_helpers import SHORT, planned, thread

POINT, RANGE, LIMIT = (100.0, 100.0), (50.0, 200.0), (0.0, 100.0)


def evidence(ends, grade="A"):
    return Evidence(Pattern(says="", tag="calibrated", of="x", unit=""), *ends, grade)


# --- the likelihood of a published figure ----------------------------------------------------------------------------


@pytest.mark.parametrize(("ends", "noise", "seeds"), [(POINT, 0.0, 1), (RANGE, 0.0, 1), (RANGE, 0.04, 2)])
def test_the_likelihood_is_a_density_of_what_is_published(ends, noise, seeds):
    one = evidence(ends)

    def density(centre):
        return math.exp(float(one.log_likelihood(0.3, noise, seeds, centre)))

    around = [0.3 - one.half, 0.3, 0.3 + one.half]
    whole, _ = quad(density, -8.0, 8.0, points=around, limit=200)
    variance, _ = quad(lambda centre: (centre - 0.3) ** 2 * density(centre), -8.0, 8.0, points=around, limit=200)
    assert whole == pytest.approx(1.0, rel=1e-6)
    parts = one.spread**2 + noise * (1 + 1 / seeds) + one.half**2 / 3  # of error, noise and a uniform range
    assert variance == pytest.approx(parts, rel=1e-6)


def test_the_likelihood_of_a_point_is_gaussian_and_of_a_limit_the_chance_to_lie_below():
    point, limit = evidence(POINT, "B"), evidence(LIMIT)
    far = point.centre + math.log(1.25)
    assert point.log_likelihood(far, 0.0, 1) == pytest.approx(norm.logpdf(1.0, scale=1.0) - math.log(math.log(1.25)))
    assert limit.log_likelihood(limit.centre, 0.0, 1) == pytest.approx(math.log(0.5))
    assert limit.log_likelihood(-5.0, 0.0, 1) == pytest.approx(0.0)


def test_far_outside_of_a_range_the_likelihood_keeps_its_digits():
    one = evidence(RANGE)
    far = one.centre + one.half + np.array([20.0, 30.0]) * one.spread
    found = one.log_likelihood(far, 0.0, 1)
    assert np.isfinite(found).all() and found[1] < found[0] < -150
    assert one.log_likelihood(2 * one.centre - far, 0.0, 1) == pytest.approx(found)


def test_a_draw_is_as_implausible_as_it_lies_errors_outside_of_the_range():
    one = evidence(RANGE)
    means = one.centre + np.array([0.0, one.half, one.half + 2 * one.spread, -one.half - 3 * one.spread])
    assert one.implausibility(means, 0.0, 1) == pytest.approx([0.0, 0.0, 2.0, 3.0])
    limit = evidence(LIMIT)
    assert limit.implausibility(limit.centre + np.array([-9.0, 2 * limit.spread]), 0.0, 1) == pytest.approx([0.0, 2.0])


def test_a_grade_that_says_less_leaves_more_open_and_noise_adds_to_it():
    spreads = [evidence(POINT, grade).spread for grade in ("A", "B", "B-", "D")]
    assert spreads == sorted(spreads) and spreads[0] == pytest.approx(math.log(1.1))
    one = evidence(POINT)
    assert one.log_likelihood(one.centre + 1.0, 0.2, 2) > one.log_likelihood(one.centre + 1.0, 0.0, 2)


# --- weights, on a problem whose answer is known ----------------------------------------------------------------------

DRAWS = 4000
TOLD = math.log(1.1)


def problem(said=0.0, spread=1.0, seed=1, slopes=(1.0, 0.0, 0.0)):
    """Draws whose measure is linear in parameters a, b and c: y = sum slope (u - 1/2), published as ``said``.

    ``spread``: how large an error the published figure has beside what the likelihood takes it to have.
    """
    generator = np.random.default_rng(seed)
    quantiles = pd.DataFrame(generator.random((DRAWS, 3)), columns=["a", "b", "c"])
    truth = (quantiles - 0.5) @ np.array(slopes) + said

    class Wrong(Evidence):
        def drawn(self, truth, generator, own=1.0):
            return truth + spread * (super().drawn(truth, generator, own) - truth)

    one = Wrong(Pattern(says="", tag="calibrated", of="x", unit=""), *POINT, "A")
    y = one.centre + truth
    return Calibration({"x": Measured(one, y, y, pd.Series(1, y.index), 0.0)}, quantiles, (0.0,))


def test_the_posterior_of_a_linear_problem_is_the_gaussian_that_it_must_be():
    found = problem(said=-0.2)
    low, median, high = posterior.quantile(found.quantiles["a"], found.weights, (0.05, 0.5, 0.95))
    assert median == pytest.approx(0.7, abs=0.02)
    assert (high - low) / 2 == pytest.approx(1.645 * TOLD, rel=0.06)
    expected = math.sqrt(4 * math.pi) * TOLD  # of a Gaussian weight on a uniform: 2 sqrt(pi) sd
    assert posterior.effective(found.weights) / DRAWS == pytest.approx(expected, rel=0.06)


def test_weights_are_effective_as_kish_has_it():
    assert posterior.effective([1, 1, 1, 1]) == 4
    assert posterior.effective([1, 0, 0, 0]) == 1
    assert posterior.effective([3, 1]) == pytest.approx(1.6)


def test_weighted_quantiles_of_equal_weights_are_those_of_the_sample():
    values = np.random.default_rng(0).normal(size=999)
    found = posterior.quantile(values, np.ones(999), (0.1, 0.5, 0.9))
    assert found == pytest.approx(np.quantile(values, (0.1, 0.5, 0.9)), abs=0.01)


def test_only_what_weighs_nothing_is_left_out():
    weights = pd.Series([0.5, 0.0, 0.4995, 0.0005], index=[3, 5, 7, 9])
    assert posterior.retained(weights).index.tolist() == [3, 7]
    assert posterior.retained(weights).sum() == pytest.approx(1.0)


def test_the_record_narrows_the_parameter_that_it_depends_on_and_no_other():
    told = posterior.marginals(problem()).set_index("parameter")
    assert told["result"].to_dict() == {"a": "narrowed", "b": "no shift shown", "c": "no shift shown"}
    assert told.loc["a", "narrowed"] == pytest.approx(1 - 12 * TOLD**2, abs=0.02)
    assert abs(told.loc["b", "narrowed"]) < 0.1


def test_a_parameter_that_the_record_is_silent_on_is_seldom_called_narrowed():
    wrong = sum(
        (posterior.marginals(problem(seed=seed)).set_index("parameter")["result"].drop("a") == "narrowed").any()
        for seed in range(20)
    )
    assert wrong <= binom.ppf(0.995, 20, 0.05)


def test_two_parameters_of_which_only_the_sum_is_seen_are_not_told_apart():
    pairs = posterior.tradeoffs(problem(slopes=(0.7, 0.7, 0.0)))
    assert pairs[["parameter", "other"]].to_numpy().tolist() == [["a", "b"]]
    assert pairs["correlation"][0] < -0.7 and pairs["low"][0] < pairs["correlation"][0] < pairs["high"][0]
    assert posterior.tradeoffs(problem()).empty


# --- recovery --------------------------------------------------------------------------------------------------------


def test_planted_values_are_found_as_often_as_said_and_a_wrong_error_is_noticed():
    """200 trials: with coverage 0.9, 97 of 100 studies come out between 0.85 and 0.95; with 0.66 none does."""
    right = posterior.recover(problem(), trials=200)
    assert 0.85 <= right.covered["a"].mean() <= 0.95
    assert 0.85 <= right.covered["b"].mean() <= 0.95
    wrong = posterior.recover(problem(spread=1.75), trials=200)
    assert wrong.covered["a"].mean() < 0.8
    assert right.counted is not right and len(right.counted.places) == 200
    table = posterior.coverage(right, ["a"]).set_index("parameter")
    assert table.loc["those that the record narrows", "covered"] == right.covered["a"].mean()
    assert table.loc["a", "low"] < table.loc["a", "covered"] < table.loc["a", "high"]
    assert set(table["trials"]) == {200}


def test_a_draw_never_looks_for_itself_and_trials_are_the_same_again():
    found = problem()
    one, again = posterior.recover(found, trials=5), posterior.recover(found, trials=9)
    assert (again.places.iloc[:5] == one.places).all(axis=None)
    only = Calibration(found.pieces, found.quantiles.iloc[:2], found.sizes)  # the other draw is all that is left
    assert posterior.recover(only).effective.tolist() == [1.0, 1.0]


# --- the kept posterior -----------------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path, monkeypatch):
    """A posterior of two parameters: three draws that weigh 1, 2 and 1."""
    quantiles = pd.DataFrame({"combat.money": [0.1, 0.5, 0.75], "group.reserves": [0.9, 0.5, 0.25]})
    weights = pd.Series([0.25, 0.5, 0.25], index=[3, 8, 9])
    path = tmp_path / "posterior.csv"
    path.write_bytes(saved_posterior.written(weights, quantiles, {}, {"model": "x"}))
    monkeypatch.setattr(saved_posterior, "load", lambda _=None, own=saved_posterior.load: own(path))
    return path


def test_a_posterior_comes_back_as_it_was_written(file):
    found = saved_posterior.load()
    assert found.names == ("combat.money", "group.reserves")
    assert found.weights == (0.25, 0.5, 0.25)
    assert found.quantiles == ((0.1, 0.9), (0.5, 0.5), (0.75, 0.25))


def test_draws_take_rows_as_often_as_they_weigh_and_more_draws_change_none(file):
    found = saved_posterior.load()
    some, more = found.rows(range(16)).tolist(), found.rows(range(4096)).tolist()
    assert more[:16] == some and [some.count(row) for row in (0, 1, 2)] == [4, 8, 4]
    assert [more.count(row) for row in (0, 1, 2)] == [1024, 2048, 1024]


def test_a_study_draws_from_it_what_it_holds_and_the_rest_from_plausible_ranges(file):
    plain = planned("study=sweep", "replications=40", "uncertain=plausible", *SHORT)
    plan = planned("study=sweep", "replications=40", "uncertain=posterior", *SHORT)
    low, high = declared()["combat.money"]
    default = plan.cells[0].scenario.combat.money
    levels = {low * (default / low) ** 0.2, default, default * (high / default) ** 0.5}
    for draw in range(40):
        mine, prior = plan.drawn(0, draw), plain.drawn(0, draw)
        assert min(abs(mine["combat.money"] - level) for level in levels) < 1e-9
        assert {name for name in prior if mine[name] != prior[name]} == {"combat.money", "group.reserves"}
    assert len({plan.drawn(0, draw)["combat.money"] for draw in range(40)}) == 3


def test_what_is_known_of_the_default_profile_does_not_bind_another_one(file):
    plan = planned("study=sweep", "replications=8", "uncertain=posterior", "group=donor_funded", *SHORT)
    plain = planned("study=sweep", "replications=8", "uncertain=plausible", "group=donor_funded", *SHORT)
    assert plan.drawn(0, 5)["group.reserves"] == plain.drawn(0, 5)["group.reserves"]  # its own value
    assert plan.drawn(0, 5)["combat.money"] != plain.drawn(0, 5)["combat.money"]  # the same as the default


def test_a_posterior_of_other_ranges_is_refused(file):
    text = file.read_text(encoding="utf-8").replace(saved_posterior.ranges_digest({}), "0" * 16)
    file.write_text(text, encoding="utf-8")
    saved_posterior.load.__defaults__[1].cache_clear()
    with pytest.raises(ConfigurationError, match="other plausible ranges"):
        saved_posterior.load()
    file.write_text("no posterior", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        saved_posterior.load()


def test_no_figure_that_validates_or_is_mere_context_is_evidence():
    """Nothing dated after the switch of 21 June 2020 either."""
    known = cases.facts()
    used = pd.read_csv(CONF.parent / "docs" / "calibration" / "evidence.csv")["fact"]
    assert used.tolist() == [one.fact for one in cases.evidence_patterns()]
    assert all(known[fact]["use"] == "calibrate" for fact in used)
    assert all(max(map(int, re.findall(r"20\d\d", known[fact]["period"]))) <= 2020 for fact in used)
    assert {"attribution-recall-year-one", "fighters-2020-07"}.isdisjoint(used)  # of 2022 to 2024; context


def test_a_posterior_of_ones_own_is_drawn_from_and_named(tmp_path, capsys):
    own = tmp_path / "my" / "found" / "posterior.csv"
    own.parent.mkdir(parents=True)
    name = "choice.ask"
    typed = ["study=sweep", "replications=4", "uncertain=posterior", f"--config-dir={tmp_path / 'my'}", *SHORT]
    plain = cli.settings_and_plan(typed)[1]
    assert plain.posterior_file == saved_posterior.FILE
    own.write_bytes(saved_posterior.written(pd.Series([1.0], [3]), pd.DataFrame({name: [0.9]}), {}, {}))
    settings, plan = cli.settings_and_plan(typed)
    assert plan.posterior_file == own and plan.longer(range(8)).posterior_file == own
    assert {float(point[plan.dimensions[name]]) for point in plan.posterior_points.values()} == {0.9}
    assert {run.id for run in plan.runs()}.isdisjoint(run.id for run in plain.runs())
    told = cli.provenance_of(plan, settings, "")["posterior"]
    assert told == {"file": str(own), "sha256": hashlib.sha256(own.read_bytes()).hexdigest()}
    good = own.read_text(encoding="utf-8")
    for bad in ("0.9000", name, "draw,weight"):
        own.write_text(good.replace(bad, {"0.9000": "1.5"}.get(bad, "nonsense")), encoding="utf-8")
        saved_posterior.load.cache_clear()
        assert cli.run(typed) == 2
        said = capsys.readouterr().err.strip().splitlines()
        assert len(said) <= 2 and f"uncertain=posterior: {own} cannot be read" in " ".join(said)
    saved_posterior.load.cache_clear()


def test_only_trials_with_enough_effective_draws_count_unless_none_has():
    places = pd.DataFrame({"x": [0.1, 0.5]})
    few, some = (posterior.Recovery(places, pd.Series([3.0, size])) for size in (40.0, 140.0))
    assert len(few.counted.places) == 2 and len(some.counted.places) == 1


def test_the_shipped_posterior_is_of_the_shipped_ranges():
    found = saved_posterior.load()
    assert sum(found.weights) == pytest.approx(1.0, abs=1e-4)
    assert set(found.names) <= {*declared(), *found.also}
    assert posterior.effective(np.array(found.weights)) >= 100
    assert all(0 <= one <= 1 for row in found.quantiles for one in row)


# --- the command -----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(PLAIN, reason="runs of five years take too long as plain Python")
def test_the_command_weighs_draws_and_judges_a_held_point(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(executors, "local", lambda workers: thread())
    few = ("study=calibrate", "replications=8", "population.donors=100")
    assert cli.run([*few, f"folder={tmp_path / 'drawn'}"]) == 0
    said = capsys.readouterr().out
    assert "Of 4 draws of the parameters" in said and "Few effective draws" in said and "Recovery: 4 draws" in said
    for name in ("posterior", "parameters", "pairs", "predictive", "recovery", "trials", "evidence"):
        assert (tmp_path / "drawn" / f"{name}.csv").exists()
    assert len(list((tmp_path / "drawn" / "figures").glob("*.png"))) == 3
    made = saved_posterior.load.__wrapped__(tmp_path / "drawn" / "posterior.csv")
    assert "theatres.iraq.know_how.2018-12-31" in made.names and made.also.keys() & set(made.names)
    assert cli.run([*few, "uncertain=none", f"folder={tmp_path / 'held'}"]) == 0
    said = capsys.readouterr().out
    assert "The held parameters are " in said and "standard deviations outside of its published range" in said


def test_a_source_of_draws_that_there_is_not_is_refused(capsys):
    assert cli.run(["uncertain=posteriori"]) == 2
    said = capsys.readouterr().err
    assert "uncertain=posteriori: allowed is plausible" in said and "nearest: posterior" in said
