"""Calibration: likelihoods of published figures, weights, what is learned, recovery, the kept posterior, the study."""

import hashlib
import math
import re

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.stats import binom, multivariate_normal, norm

from experiments.evidence import cases, likelihood, posterior
from experiments.evidence.emulator import Emulator
from experiments.evidence.likelihood import Evidence, Measured
from experiments.evidence.observables import following
from experiments.evidence.observables.recorder import RecordingModel
from experiments.evidence.patterns import Pattern
from experiments.evidence.posterior import Calibration
from experiments.study import cli, executors, saved_posterior
from experiments.study.parameter_sampling import declared
from sim.config import CONF, ConfigurationError, load
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
        return math.exp(float(one.log_density(centre - 0.3, one.spread**2 + noise * (1 + 1 / seeds))))

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


# --- weights, on a problem whose answer is known ---------------------------------------------------------------------

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


def test_saved_draws_are_as_frequent_as_they_weigh():
    weights = pd.Series([0.5, 0.0, 0.375, 0.125], index=[3, 5, 7, 9])
    assert posterior.retained(weights).to_dict() == {3: 0.5, 7: 0.375, 9: 0.125}


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


# --- errors in common, and discrepancy -------------------------------------------------------------------------------


def pieces(figures, means, grades=None, source="one article"):
    """Points on the log scale of a measure, as evidence of one source."""
    found = {}
    for number, (figure, values) in enumerate(zip(figures, means, strict=True)):
        one = Evidence(
            Pattern(says="", tag="calibrated", of="x", unit=""), *POINT, (grades or "A" * len(figures))[number], source
        )
        series = pd.Series(one.centre + figure - np.asarray(values))  # as if the figure lay at `figure`
        found[f"x{number}"] = Measured(one, series, series, pd.Series(1, series.index), 0.0)
    return found


@pytest.mark.parametrize("grades", ["AA", "AB", "ABB"])
def test_figures_of_one_source_are_as_the_gaussian_of_correlated_errors(grades):
    """Closed form: covariance c s_i s_j, and s_i squared on the diagonal."""
    draws = pd.RangeIndex(40)
    far = np.random.default_rng(2).normal(0.0, 0.15, (len(draws), len(grades)))
    own = pieces([0.0] * len(grades), far.T, grades)
    found = likelihood.sources(own, draws, (0.0, 0.3))
    spreads = np.array([one.evidence.spread for one in own.values()])
    for column, size in enumerate((0.0, 0.3)):
        covariance = likelihood.COMMON * np.outer(spreads, spreads)
        np.fill_diagonal(covariance, spreads**2 + size**2)
        expected = multivariate_normal(np.zeros(len(grades)), covariance).logpdf(far)
        assert found[0].log_likelihood(found[0].published)[:, column] == pytest.approx(expected, abs=0.02)


def test_two_figures_of_one_source_count_less_than_two_and_more_than_one():
    values = np.linspace(-1.0, 1.0, 4001)
    quantiles = pd.DataFrame({"a": values})

    def sd(own):
        weights = Calibration(own, quantiles, (0.0,)).weights
        return math.sqrt((weights * values**2).sum())

    one, alike = sd(pieces([0.0], [values])), sd(pieces([0.0, 0.0], [values, values]))
    apart = sd(pieces([0.0, 0.0], [values, values], source=""))
    assert one == pytest.approx(TOLD, rel=0.01)
    assert alike == pytest.approx(TOLD * math.sqrt(0.75), rel=0.01)  # (1 + c) / 2, with half in common
    assert apart == pytest.approx(TOLD * math.sqrt(0.5), rel=0.01)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Knights & Almeida, CTC Sentinel 13(5), 2020", "Almeida & Knights, 2022", True),
        ("UN Monitoring Team, 2018", "UN Monitoring Team, interview of its coordinator", True),
        ("Elliptic; Chainalysis 2022", "Elliptic via Reuters", True),
        ("Chainalysis 2022", "Chainalysis, Crypto Crime Report, 2020", True),
        ("UN Monitoring Team, 2018", "UN Secretary-General, 2019", False),
    ],
)
def test_sources_are_of_one_family_by_who_speaks(one, other, same):
    assert (likelihood.family(one) == likelihood.family(other)) == same


def test_a_figure_of_another_crowd_has_an_error_of_transfer_which_recovery_plants():
    of = {"says": "", "tag": "calibrated", "of": "x", "general": True}
    alone, other = evidence(POINT), Evidence(Pattern(**of), *POINT, "A")
    assert other.variance(0.0, 1) == pytest.approx(alone.spread**2 + 0.7**2)
    assert other.log_likelihood(other.centre + 1.0, 0.0, 1) > alone.log_likelihood(alone.centre + 1.0, 0.0, 1) + 10
    drawn = [other.drawn(0.0, np.random.default_rng(seed), 0.5) for seed in range(2000)]
    assert np.var(drawn) == pytest.approx(0.5 * other.spread**2 + 0.7**2, rel=0.13)  # four standard errors


@pytest.mark.parametrize("size", [0.0, 0.4])
def test_a_discrepancy_that_is_planted_is_found(size):
    """Of 12 figures, a planted size of 0.4 is told from none: 40 studies, each right with probability above 0.97."""
    quantiles = pd.DataFrame({"a": np.random.default_rng(0).random(500)})
    right = 0
    for seed in range(40):
        off = np.random.default_rng(seed).normal(0.0, math.hypot(TOLD, size), 12)
        means = [np.full(len(quantiles), -one) for one in off]
        found = Calibration(pieces([0.0] * 12, means, source=""), quantiles)
        odds = dict(zip(found.sizes, found.discrepancy, strict=True))
        assert sum(odds.values()) == pytest.approx(1.0)
        right += (odds[0.0] + odds[0.1] > 0.5) == (size == 0.0)
    assert right >= binom.ppf(0.005, 40, 0.97)


@pytest.mark.slow
def test_planted_values_are_found_with_errors_in_common_and_a_discrepancy():
    """200 trials, four figures of one source: with coverage 0.9, 97 of 100 studies lie between 0.85 and 0.95."""
    generator = np.random.default_rng(4)
    quantiles = pd.DataFrame(generator.random((1000, 2)), columns=["a", "b"])
    means = [-(quantiles @ np.array(slopes) - 0.5) for slopes in ((1, 0), (1, 0), (0.7, 0.3), (0.5, 0.5))]
    found = Calibration(pieces([0.0] * 4, means), quantiles)
    assert posterior.recover(found, trials=200).covered.mean().between(0.85, 0.95).all()
    blind = Calibration(found.pieces, quantiles, (0.0,))  # the same figures, taken to be without a discrepancy
    assert posterior.recover(blind, 200, likelihood.SIZES).covered["a"].mean() < 0.8


def test_a_draw_without_a_measure_has_the_mean_density_of_the_rest():
    own = pieces([0.0], [np.linspace(-0.5, 0.5, 5)])
    one = likelihood.sources(own, pd.RangeIndex(6), (0.0,))[0]
    logs = one.log_likelihood(one.published)[:, 0]
    assert math.exp(logs[5]) == pytest.approx(np.exp(logs[:5]).mean())


# --- cases with parameters of their own ------------------------------------------------------------------------------


def own_factor(sd, quantile):
    return math.exp(sd * norm.ppf(quantile))


def test_each_case_has_a_factor_of_its_own_beside_one_that_all_share(tmp_path):
    (tmp_path / "study").mkdir()
    text = (CONF / "study" / "sweep.yaml").read_text(encoding="utf-8")
    (tmp_path / "study" / "mine.yaml").write_text(text + "pooled: {giving.public_rate: 0.4}\n", encoding="utf-8")
    typed = ("replications=8", "uncertain=plausible", f"--config-dir={tmp_path}", *SHORT)
    plan = planned("study=mine", *typed)
    name = "giving.public_rate@is_core"
    assert name in plan.dimensions and plan.extra_ranges[name] == pytest.approx((math.exp(-0.4), math.exp(0.4)))
    shared = next(one for one in plan.groups[0].ranges if one.name == "giving.public_rate")
    for draw in range(8):
        point = plan.points[draw]
        alone = shared.at(point[shared.dimension])
        value = min(5.0, alone * own_factor(0.4, point[plan.dimensions[name]]))
        assert plan.drawn(0, draw)["giving.public_rate"] == pytest.approx(value)
    other = planned("study=mine", "group=donor_funded", *typed)
    assert "giving.public_rate@donor_funded" in other.dimensions
    with pytest.raises(ConfigurationError, match="there is no such parameter"):
        (tmp_path / "study" / "mine.yaml").write_text(text + "pooled: {giving.publi: 0.4}\n", encoding="utf-8")
        planned("study=mine", *typed)


def test_a_parameter_that_each_case_draws_by_itself_shares_no_factor(tmp_path):
    (tmp_path / "study").mkdir()
    text = (CONF / "study" / "sweep.yaml").read_text(encoding="utf-8")
    text += "apart: [giving.public_rate]\npooled: {group.outflow: 0.5}\n"
    (tmp_path / "study" / "mine.yaml").write_text(text, encoding="utf-8")
    typed = ("replications=8", "uncertain=plausible", f"--config-dir={tmp_path}", "group=donor_funded", *SHORT)
    plan, name = planned("study=mine", *typed), "giving.public_rate@donor_funded"
    assert plan.extra_ranges[name] == declared()["giving.public_rate"]
    one, other = (
        next(one for one in plan.groups[0].ranges if one.name == wanted)
        for wanted in ("giving.public_rate", "group.outflow")
    )
    assert (one.dimension, one.own, one.deviation) == (plan.dimensions[name], None, 0.0)
    assert other.dimension == plan.dimensions["group.outflow"] and other.deviation == pytest.approx(0.5)
    own = plan.cells[0].scenario.giving.public_rate
    assert one.at(0.5) == own and plan.drawn(0, 3)["giving.public_rate"] == one.at(plan.points[3][one.dimension])
    also = {name: declared()["giving.public_rate"]}  # of a posterior
    file = tmp_path / "found" / "posterior.csv"
    file.parent.mkdir()
    file.write_bytes(saved_posterior.written(pd.Series([1.0], [3]), pd.DataFrame({name: [0.9]}), also, {}))
    plan = planned("study=sweep", *(one.replace("plausible", "posterior") for one in typed))
    assert [plan.drawn(0, draw)["giving.public_rate"] for draw in range(4)] == [one.at(0.9)] * 4


def test_a_posterior_of_cases_holds_for_their_own_values_and_a_new_case_draws_its_own(tmp_path):
    pooled = {"giving.public_rate@donor_funded": (math.exp(-0.5), math.exp(0.5))}
    quantiles = pd.DataFrame({"giving.public_rate": [0.5], "giving.public_rate@donor_funded": [0.9]})
    own = tmp_path / "found" / "posterior.csv"
    own.parent.mkdir()
    own.write_bytes(saved_posterior.written(pd.Series([1.0], [3]), quantiles, pooled, {}))
    typed = ("study=sweep", "replications=8", "uncertain=posterior", f"--config-dir={tmp_path}", *SHORT)
    known, new = planned(*typed, "group=donor_funded"), planned(*typed)
    rate = known.cells[0].scenario.giving.public_rate * own_factor(0.5, 0.9)
    assert [known.drawn(0, draw)["giving.public_rate"] for draw in range(4)] == pytest.approx([rate] * 4)
    assert len({new.drawn(0, draw)["giving.public_rate"] for draw in range(4)}) == 4
    assert not any(one.moved for one in known.groups[0].ranges)


# --- who follows to the harder coin ----------------------------------------------------------------------------------


def followed(*overrides):
    model = RecordingModel(load("population.donors=500", "shock=[]", "horizon.weeks=8", *overrides))
    model.run()
    return {name: measure(model) for name, measure in following.MEASURES.items()}


def test_the_share_that_follows_is_the_odds_of_the_two_coins():
    """Closed form: without skill and habit every donor has the same odds, and their ratio is exp of the difference."""
    same = ("choice.skill=0", "choice.habit=0", "choice.closing=0", "rails.monero.gap=3")
    odds = math.exp(-3 - 5 * (0.06 - 0.05))  # gap, and fee plus spread
    found = followed(*same)
    assert found["follow_unafraid"] == pytest.approx(odds / (1 + odds), rel=1e-6)
    assert followed(*same, "choice.closing=1")["follow_unafraid"] > 2 * found["follow_unafraid"]
    assert found["forced_loss"] == pytest.approx(1 - odds, abs=0.2) and 0 < found["forced_loss"] < 1
    assert followed()["privacy_worth"] == pytest.approx(3 / 5 * (0.85 * 0.6 - 0.02 * 0.5))
    assert math.isnan(followed("rails.monero.successor_of=null", "rules.liking=own_constant")["follow_both"])


# --- recovery --------------------------------------------------------------------------------------------------------


def test_planted_values_are_found_as_often_as_said_and_a_wrong_error_is_noticed():
    """200 trials: with coverage 0.9, 97 of 100 studies come out between 0.85 and 0.95; with 0.66 none does."""
    right = posterior.recover(problem(), 200, (0.0,))
    assert 0.85 <= right.covered["a"].mean() <= 0.95
    assert 0.85 <= right.covered["b"].mean() <= 0.95
    wrong = posterior.recover(problem(spread=1.75), 200, (0.0,))
    assert wrong.covered["a"].mean() < 0.8
    assert len(right.counted.places) > 190  # worth enough draws
    table = posterior.coverage(right, ["a"]).set_index("parameter")
    assert table.loc["those that the record narrows", "covered"] == right.covered["a"].mean()
    assert table.loc["a", "low"] < table.loc["a", "covered"] < table.loc["a", "high"]
    assert set(table["trials"]) == {200}


def test_trials_are_the_same_again():
    found = problem()
    one, again = posterior.recover(found, trials=5), posterior.recover(found, trials=9)
    assert (again.places.iloc[:5] == one.places).all(axis=None)


# --- the emulator ----------------------------------------------------------------------------------------------------


def test_an_emulator_finds_a_quadratic_and_states_its_error():
    generator = np.random.default_rng(3)
    places = generator.random((800, 30))
    truth = places[:, 0] - 2 * places[:, 1] + 3 * (places[:, 2] - 0.5) ** 2 + places[:, 0] * places[:, 1]
    noisy = truth + 0.1 * generator.standard_normal(len(truth))
    one = Emulator.of(places[:500], noisy[:500])
    assert one.error == pytest.approx(0.0125, rel=0.3)  # noise, and 85 coefficients from 500 runs
    off = one.at(places[500:]) - noisy[500:]
    assert (off**2).mean() == pytest.approx(one.error, rel=0.2)
    here, step = places[0], np.eye(30)[1] * 1e-4
    assert one.slope(here)[1] == pytest.approx((one.at(here + step) - one.at(here - step)) / 2e-4, rel=1e-6)


def test_an_emulator_without_a_run_is_that_of_the_others():
    """The mean square of what each run is off the emulator of the others is the stated error."""
    generator = np.random.default_rng(5)
    places = generator.random((90, 6))
    values = places[:, 0] * places[:, 1] - places[:, 2] + 0.2 * generator.standard_normal(90)
    one = Emulator.of(places, values)
    left = [one.without(place, value) for place, value in zip(places, values, strict=True)]
    off = [value - float(own.at(place)) for own, place, value in zip(left, places, values, strict=True)]
    assert np.mean(np.square(off)) == pytest.approx(one.error, rel=1e-6)
    assert left[0].slope(places[0]) != pytest.approx(one.slope(places[0]))


def test_an_emulator_of_noise_predicts_the_mean():
    generator = np.random.default_rng(3)
    one = Emulator.of(generator.random((40, 60)), generator.standard_normal(40))
    assert 0.7 < one.error < 1.5 and np.abs(one.at(generator.random((9, 60)))).max() < 1.0


def test_emulated_draws_have_the_posterior_of_the_runs():
    """A linear problem: the Gaussian that it must be, from more effective draws than the runs can be."""
    found = problem(said=-0.2)
    after = found.posterior()
    assert posterior.effective(after.weights) > 0.5 * len(after.weights) > posterior.effective(found.weights)
    low, median, high = posterior.quantile(after.quantiles["a"], after.weights, (0.05, 0.5, 0.95))
    assert median == pytest.approx(0.7, abs=0.02)
    assert (high - low) / 2 == pytest.approx(1.645 * TOLD, rel=0.06)
    low, median, high = posterior.quantile(after.quantiles["b"], after.weights, (0.05, 0.5, 0.95))
    assert (low, median, high) == pytest.approx((0.05, 0.5, 0.95), abs=0.02)  # the prior


# --- the kept posterior ----------------------------------------------------------------------------------------------


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
    """Nothing dated after the switch of 21 June 2020 either, but what payers in general choose."""
    known, wanted = cases.facts(), cases.evidence_patterns()
    used = {one.fact for one in wanted}
    assert all(known[fact]["use"] == "calibrate" for fact in used)
    own = [one.fact for one in wanted if not one.general]
    assert all(max(map(int, re.findall(r"20\d\d", known[fact]["period"]))) <= 2020 for fact in own)
    unused = {"attribution-recall-year-one", "fighters-2020-07", "tracing-news", "follow-ransom-only"}
    assert unused.isdisjoint(used) and {"follow-tor", "follow-darkmarket"} <= used
    assert {known[one.fact]["topic"] for one in wanted if one.general} == {"donors"}  # no outcome of a group


def test_a_posterior_of_ones_own_is_drawn_from_and_named(tmp_path, capsys):
    own = tmp_path / "my" / "found" / "posterior.csv"
    own.parent.mkdir(parents=True)
    name = "choice.ask"
    typed = ["study=sweep", "replications=4", "uncertain=posterior", f"--config-dir={tmp_path / 'my'}", *SHORT]
    own.write_bytes(saved_posterior.written(pd.Series([1.0], [3]), pd.DataFrame({name: [0.2]}), {}, {}))
    plain = cli.settings_and_plan(typed)[1]
    saved_posterior.load.cache_clear()
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


@pytest.mark.slow
@pytest.mark.skipif(PLAIN, reason="runs of five years take too long as plain Python")
def test_the_command_weighs_draws_and_judges_a_held_point(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(executors, "local", lambda workers: thread())
    few = ("study=calibrate", "case=is_core", "replications=8", "population.donors=100", "--full")
    assert cli.run([*few, f"folder={tmp_path / 'drawn'}"]) == 0
    said = capsys.readouterr().out
    assert (
        "Of 4 draws of the parameters" in said
        and "Few draws make poor emulators" in said
        and "Recovery: 4 draws" in said
    )
    for name in ("posterior", "parameters", "pairs", "predictive", "recovery", "trials", "evidence"):
        assert (tmp_path / "drawn" / f"{name}.csv").exists()
    assert len(list((tmp_path / "drawn" / "figures" / "analyst").glob("*.png"))) == 3
    made = saved_posterior.load.__wrapped__(tmp_path / "drawn" / "posterior.csv")
    assert "theatres.iraq.know_how.2018-12-31" in made.names and made.also.keys() & set(made.names)
    assert cli.run([*few, "uncertain=none", f"folder={tmp_path / 'held'}"]) == 0
    said = capsys.readouterr().out
    own = tmp_path / "my" / "found" / "posterior.csv"
    own.parent.mkdir(parents=True)
    own.write_bytes((tmp_path / "drawn" / "posterior.csv").read_bytes())
    checked = [*few, "uncertain=posterior", f"--config-dir={tmp_path / 'my'}", f"folder={tmp_path / 'checked'}"]
    assert cli.run(checked) == 0 and "Check of the emulators: of 4 draws" in capsys.readouterr().out
    table = pd.read_csv(tmp_path / "checked" / "checked.csv").set_index("measure")
    assert table["error"].drop("every figure").between(0.0, 20.0).all() and 0 <= table["within"].iloc[-1] <= 1
    assert not (tmp_path / "checked" / "posterior.csv").exists()
    assert "The held parameters are " in said and "standard deviations outside of its published range" in said


def test_a_source_of_draws_that_there_is_not_is_refused(capsys):
    assert cli.run(["uncertain=posteriori"]) == 2
    said = capsys.readouterr().err
    assert "uncertain=posteriori: allowed is plausible" in said and "nearest: posterior" in said
