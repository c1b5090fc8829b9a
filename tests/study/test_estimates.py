"""Estimates from paired runs: worked by hand, and against planted truth at stated rates.

Rates are over thousands of made-up contrasts with fixed seeds; tolerances are four standard deviations of a binomial
share, plus what is said beside them.
"""

import math
from dataclasses import asdict, replace

import numpy as np
import pytest
from scipy import stats

from experiments.stats.estimates import (
    EFFECTS,
    Estimate,
    estimate,
    estimates,
    half_width,
    holm,
    more_runs_for,
    ratios,
    shortage,
)

MANY = 2000


def tolerance(share, of):
    return 4 * math.sqrt(share * (1 - share) / of)


def planted(rng, contrasts, draws, seeds, parameters, noise, mean=0.0):
    """Differences with a planted spread over draws and over noise, and the draw of each replication."""
    of = np.arange(draws * seeds) // seeds
    between = rng.normal(0, 1, (contrasts, draws))[:, of]
    return mean + parameters * between + noise * rng.normal(0, 1, (contrasts, draws * seeds)), of


def paired(differences, draws, a, b, margin=0.0):
    """One estimate, with the runs that are added and those that are subtracted."""
    found, added, taken = (np.asarray(one, dtype=float)[None] for one in (differences, a, b))
    return estimates(found, draws, added, taken, margin)[0]


def column(found, name):
    return np.array([getattr(one, name) for one in found])


def same(one: Estimate, other: Estimate, rel=1e-9):
    numbers, others = asdict(one), asdict(other)
    verdicts = numbers.pop("verdict"), others.pop("verdict")
    return verdicts[0] == verdicts[1] and numbers == pytest.approx(others, rel=rel, abs=1e-12, nan_ok=True)


# --- by hand ---------------------------------------------------------------------------------------------------------


def test_two_draws_of_two_seeds_by_hand():
    """Draws' means 2 and 6; variance within draws 2, so 1 of the variance 8 of the means is noise."""
    one = estimate([1, 3, 5, 7], [0, 0, 1, 1], margin=3)
    t = math.tan(math.pi * 0.475)  # 97.5% of t with one degree of freedom
    assert (one.n, one.draws, one.mean) == (4, 2, 4)
    assert (one.mc_low, one.mc_high) == pytest.approx((4 - 2 * t, 4 + 2 * t))
    assert one.mc_error == pytest.approx(math.sqrt(1 / 2))
    assert one.mc_share == pytest.approx(2 / 9)
    assert (one.p, one.lower, one.higher) == (0.5, 0, 1)  # 2 of 2 on one side
    assert one.mde == pytest.approx(2 * (t + math.tan(math.pi * 0.3)))
    left = 8 - 1 * stats.f.ppf(0.1, 1, 2)  # what is not proven to be noise
    assert (one.low, one.high) == pytest.approx((4 - 2 * math.sqrt(left / 8), 4 + 2 * math.sqrt(left / 8)))
    assert (one.coverage, one.verdict, one.runs_needed) == (1 / 3, "inconclusive", 78)


def test_without_two_seeds_in_a_draw_nothing_is_taken_away():
    """39 draws: the smallest and the greatest are the quantiles."""
    values = np.sort(np.random.default_rng(1).gamma(2, 1, 39))
    one = estimate(values, np.arange(39))
    assert math.isnan(one.mc_share) and math.isnan(one.mc_error)
    assert (one.low, one.high) == pytest.approx((values[0], values[-1]))
    assert one.coverage == pytest.approx(0.95) and one.verdict == "raises" and one.p == pytest.approx(2 * 0.5**39)
    few = estimate(values[:20], np.arange(20))
    assert (few.low, few.high, few.coverage) == pytest.approx((values[0], values[19], 19 / 21))


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.04, math.nan, 0.5, 0.9]) == pytest.approx([0.12, math.nan, 1.0, 1.0], nan_ok=True)
    assert len(holm([])) == 0


def test_chance_is_exact_where_there_is_no_noise():
    """0 of 20: the upper limit is 1 - 0.025^(1/20)."""
    one = estimate(np.repeat(np.arange(20) / 20, 2), np.arange(40) // 2, margin=1)
    assert (one.p_beyond_margin, one.p_beyond_margin_low) == (0, 0)
    assert one.p_beyond_margin_high == pytest.approx(1 - 0.025 ** (1 / 20))
    assert estimate(np.repeat(np.arange(20) / 20, 2), np.arange(40) // 2, margin=0.5).p_beyond_margin == 9 / 20


def test_chance_is_as_unsure_as_the_mean():
    """Luck of +-1 in every draw: the mean 1.05 is known to 0.4, so all or no effects are larger than 1."""
    one = estimate([0.05, 2.05] * 25, np.arange(50) // 2, margin=1)
    assert one.mc_error == pytest.approx(math.sqrt(2 / 50))
    assert (one.p_beyond_margin, one.p_beyond_margin_low, one.p_beyond_margin_high) == (1, 0, 1)
    assert estimate([3.05, 5.05] * 25, np.arange(50) // 2, margin=1).p_beyond_margin_low > 0.8


@pytest.mark.parametrize(
    ("least", "most", "margin", "says"),
    [
        (-0.5, 0.5, 1, "negligible"),
        (0.1, 0.5, 1, "negligible"),  # of one sign, and too small to matter
        (-1, 1, 1, "negligible"),
        (0, 0, 0, "negligible"),
        (0.5, 1.6, 1, "raises"),
        (0.5, 1.4, 1, "depends"),  # of one sign, and mostly too small to matter
        (-4, -2, 1, "lowers"),
        (-0.5, 1.6, 1, "depends"),
        (0, 9, 1, "depends"),  # zero is not left out
    ],
)
def test_verdict_without_noise(least, most, margin, says):
    """41 draws from least to most, spread evenly: the 2.5% quantile is the smallest, the median is the mean."""
    values = np.repeat(np.linspace(least, most, 39), 2)
    assert estimate(values, np.arange(78) // 2, margin=margin).verdict == says
    alone = estimate(values[::2], np.arange(39), margin=margin)  # one seed a draw: all of it could be noise
    assert alone.verdict == ("inconclusive" if says == "depends" else says)
    assert alone.runs_needed == pytest.approx(78 if says == "depends" else math.nan, nan_ok=True)


@pytest.mark.parametrize(
    ("seed", "centre", "spread", "noise", "says", "needed"),
    [
        (1, 1.0, 1.0, 0.1, "depends", math.nan),
        (1, 1.0, 1.0, 1.5, "inconclusive", 400),  # the draws below zero are noise, or they are not
        (0, 0.5, 0.0, 0.3, "negligible", math.nan),
        (0, 0.5, 0.0, 1.0, "inconclusive", 400),
        (0, 4.0, 0.5, 1.0, "raises", math.nan),
        (0, 4.0, 0.5, 4.0, "inconclusive", 400),
    ],
)
def test_noise_that_could_change_the_word(seed, centre, spread, noise, says, needed):
    effects = centre + spread * stats.norm.ppf((np.arange(100) + 0.5) / 100)
    values = effects[:, None] + noise * np.random.default_rng(seed).normal(size=(100, 2))
    found = estimate(values.ravel(), np.arange(200) // 2, margin=1)
    assert found.verdict == says and found.runs_needed == pytest.approx(needed, nan_ok=True)


def test_effects_of_exactly_zero_are_no_noise():
    """A policy that cannot act in a third of draws, whose zeros are no noise; zeros by chance are."""
    values = np.random.default_rng(1).normal(5, 1, (90, 2))
    values[:30] = 0.0
    assert estimate(values.ravel(), np.arange(180) // 2, margin=1).verdict == "depends"
    values[30:60, 0] = 0.0  # a pair in two is zero, so that both are in a third of draws or so
    assert estimate(values.ravel(), np.arange(180) // 2, margin=1).verdict == "raises"


def test_shares_of_draws_by_hand():
    """Draws' means -4, 0, 1, 1, 2, 8 without any noise; the margin itself is within."""
    one = estimate(np.repeat([-4.0, 0, 1, 1, 2, 8], 2), np.arange(12) // 2, margin=1)
    assert (one.below, one.within, one.above) == pytest.approx((1 / 6, 3 / 6, 2 / 6))
    assert one.median == 1
    assert one.p_beyond_margin == pytest.approx(one.below + one.above)


def test_shares_are_of_effects_without_noise():
    """Draws' means are +-2 by noise alone; the effect is 0.1 in every draw."""
    one = estimate(0.1 + np.array([3.0, 1, -3, -1] * 15), np.arange(60) // 2, margin=1)
    assert one.within < 1  # not proven with noise so small within draws
    one = estimate(0.1 + np.array([9.0, -5, -9, 5] * 15), np.arange(60) // 2, margin=1)
    assert (one.below, one.within, one.above) == (0, 1, 0)


def test_what_never_differs_is_no_test():
    """Zeros leave the family; zeros on average do not."""
    found = estimates([[0.0] * 4, [1.0, -1, 2, -2], [0.0, 0, 0, 1]], [0, 0, 1, 1], margin=1)
    assert column(found, "p")[:2] == pytest.approx([math.nan, 1], nan_ok=True) and found[2].p == 1
    assert found[0].verdict == "inconclusive"  # two draws
    assert estimate([0.0] * 78, np.arange(78) // 2, margin=1).verdict == "negligible"


def test_too_few_draws_or_seeds_are_not_judged_whatever_they_are():
    """Held parameters are not drawn: there seeds count, whether they differ or never do, and with one that has none."""
    same = np.full(78, 5.0)
    few = estimate(same[:76], np.arange(76) // 2, margin=1)
    assert (few.verdict, few.runs_needed) == ("inconclusive", 78)
    assert estimate(same, np.arange(78) // 2, margin=1).verdict == "raises"
    for values, enough in ((same, "raises"), (0.0 * same, "negligible")):
        for seeds in (1, 2, 19):
            one = estimate(values[:seeds], np.arange(seeds) // 2, margin=1, held=True)
            assert (one.verdict, one.runs_needed) == ("inconclusive", 20)
        assert estimate(values[:20], np.arange(20) // 2, margin=1, held=True).verdict == enough
    assert estimate(np.nan * same, np.arange(78), margin=1, held=True).verdict == "inconclusive"  # no pair at all
    assert estimate(same[:4], [0] * 4, margin=1).verdict == "inconclusive"  # drawn once, not held
    assert (shortage(38, 99, False), shortage(39, 0, False)) == ("draws", "")
    assert (shortage(1, 19, True), shortage(1, 20, True)) == ("seeds", "")


def test_the_middle_of_rare_counts_is_that_of_effects_without_noise():
    """One event in ten runs is prevented, whatever the draw: most draws' means are zero, the effect is not."""
    one = estimate(np.where(np.arange(400) % 10 == 0, -1.0, 0.0), np.arange(400) // 2, margin=0.001)
    assert one.verdict == "lowers" and (one.lower, one.higher) == (0.2, 0.0)
    assert one.median == pytest.approx(one.mean) == pytest.approx(-0.1) and one.low <= one.median <= one.high < 0


def test_more_runs():
    sure, wide = estimate([1, 1.01], [0, 1]), estimate([0, 1, 2, 3] * 10, np.arange(40))
    half = half_width(wide)
    assert half == (wide.mc_high - wide.mc_low) / 2
    assert more_runs_for([sure, wide], half, 40) == 40
    assert more_runs_for([sure, wide], half / 1.2, 40) == math.ceil(40 * 1.2**2)
    assert more_runs_for([sure, wide], half / 5, 40) == 80  # at most twice as many
    assert more_runs_for([estimate([1], [0])], 0.1, 1) == 2  # not known yet
    assert more_runs_for([wide], 0, 40) == 80
    assert more_runs_for([], 0.1, 40) == 40


# --- degenerate ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seeds", [1, 3])
@pytest.mark.parametrize("draws", [2, 25, 50])
@pytest.mark.parametrize("value", [0.0, 0.1, -1e-9, 1e12])
def test_equal_values_give_themselves(value, draws, seeds):
    one = estimate([value] * draws * seeds, np.arange(draws * seeds) // seeds, margin=0.05)
    assert one.mean == one.mc_low == one.mc_high == one.low == one.high == one.median == value
    assert one.p == pytest.approx(math.nan if value == 0 else 2 * 0.5**draws, nan_ok=True)
    assert one.mde == 0
    assert one.p_beyond_margin == (abs(value) > 0.05)


def test_one_pair_tells_nothing():
    one = estimate([3.0], [0], margin=1)
    assert (one.n, one.mean) == (1, 3)
    assert all(math.isnan(x) for x in (one.mc_low, one.mc_high, one.low, one.high, one.mde))
    assert (one.verdict, one.runs_needed, one.p, one.coverage) == ("inconclusive", 39, 1, 0)


def test_no_pair():
    one = paired([math.nan, math.nan], [0, 1], [math.nan, 1], [1, math.nan], margin=1)
    assert (one.n, one.draws) == (0, 0)
    assert math.isnan(one.mean) and math.isnan(one.variance_reduction)


def test_one_draw_says_nothing_of_other_parameters():
    one = estimate([1.0, 2.0, 4.0], [5, 5, 5])
    assert math.isnan(one.low) and one.p == 1
    assert one.mc_error == pytest.approx(np.std([1, 2, 4], ddof=1) / math.sqrt(3))


def test_one_draw_of_many_that_differs():
    one = estimate([0.0] * 198 + [50.0] * 2, np.arange(200) // 2, margin=5)
    assert one.low == one.high == one.median == 0 and one.mean == 0.5
    assert one.p_beyond_margin == one.higher == 1 / 100 and one.verdict == "negligible"


# --- laws ------------------------------------------------------------------------------------------------------------


def test_pairs_that_are_missing_are_as_if_they_had_not_been_tried():
    values, draws = planted(np.random.default_rng(2), 1, 40, 3, 1, 1, 0.5)
    gone = np.zeros(120, dtype=bool)
    gone[[0, 1, 2, 3, 60, 77, 119]] = True  # one draw wholly
    whole = paired(np.where(gone, np.nan, values[0]), draws, values[0] + 1, values[0] * 0 + 1)
    assert (whole.n, whole.draws) == (113, 39)
    assert same(whole, paired(values[0][~gone], draws[~gone], values[0][~gone] + 1, values[0][~gone] * 0 + 1))


def test_many_at_once_are_as_each_alone():
    values, draws = planted(np.random.default_rng(3), 30, 25, 2, 1, 1)
    values[3, 7] = values[4, 8] = values[4, 9] = np.nan
    values[5] = 2.5
    for row, one in zip(values, estimates(values, draws, margin=np.arange(30) / 30), strict=True):
        of_margin = dict.fromkeys(
            ("margin", "p_beyond_margin", "p_beyond_margin_low", "p_beyond_margin_high", "below", "within", "above",
             "verdict", "runs_needed"), 0.0,
        )  # fmt: skip
        assert same(replace(one, **of_margin), replace(estimate(row, draws), **of_margin))


def test_the_same_bytes_again():
    values, draws = planted(np.random.default_rng(4), 20, 40, 2, 1, 1)
    assert repr(estimates(values, draws)) == repr(estimates(values, draws))


def test_order_of_replications_does_not_matter():
    values, draws = planted(np.random.default_rng(5), 1, 40, 2, 1, 1)
    turned = np.random.default_rng(6).permutation(80)
    assert same(estimate(values[0], draws), estimate(values[0][turned], draws[turned]))


@pytest.mark.parametrize("draws", [10, 40])
def test_another_unit_is_another_unit(draws):
    values, of = planted(np.random.default_rng(7), 1, draws, 2, 1, 1, 1)
    one, other = estimate(values[0], of, margin=0.5), estimate(1000 * values[0], of, margin=500)
    scaled = ("mean", "mc_low", "mc_high", "mc_error", "median", "low", "high", "mde")
    assert same(other, replace(one, **{name: 1000 * getattr(one, name) for name in (*scaled, "margin")}))


def test_means_add_up():
    rng = np.random.default_rng(8)
    a, b = rng.normal(2, 3, 80), rng.normal(1, 2, 80)
    draws = np.arange(80) // 2
    assert estimate(a - b, draws).mean == pytest.approx(estimate(a, draws).mean - estimate(b, draws).mean, rel=1e-12)


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize("draws", [20, 39, 100])
def test_an_effect_of_one_sign_in_every_draw_keeps_it(sign, draws):
    """Skewed effects, near zero in many draws: no reach carries the interval over zero."""
    values = sign * np.random.default_rng(30).lognormal(0, 2, (20, draws))
    found = estimates(values, np.arange(draws), margin=0.1)
    assert (np.sign([column(found, "low"), column(found, "high")]) == sign).all()
    wanted = {"inconclusive"} if draws < 39 else {"raises" if sign > 0 else "lowers"}
    assert {one.verdict for one in found} == wanted
    assert {(one.lower, one.higher) for one in found} == {(0.0, 1.0) if sign > 0 else (1.0, 0.0)}


# --- rates -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("draws", "short"), [(8, 0.0), (40, 0.02)])
def test_interval_of_the_mean_covers_as_often_as_said(draws, short):
    """The t interval exactly; BCa of 40 draws falls short by up to 2 points, as bootstraps do."""
    values, of = planted(np.random.default_rng(10), MANY, draws, 2, 1, 1, 5.0)
    found = estimates(values, of)
    covered = np.mean((column(found, "mc_low") <= 5) & (column(found, "mc_high") >= 5))
    assert 0.95 - short - tolerance(0.95, MANY) <= covered <= 0.95 + tolerance(0.95, MANY)


def test_interval_of_the_mean_shrinks_with_runs_and_the_one_that_counts_does_not():
    rng = np.random.default_rng(11)
    few, many = (estimates(*planted(rng, 40, draws, 2, 1, 1)) for draws in (100, 900))
    mc = np.mean([half_width(one) for one in many]) / np.mean([half_width(one) for one in few])
    counts = np.mean(column(many, "high") - column(many, "low")) / np.mean(column(few, "high") - column(few, "low"))
    assert mc == pytest.approx(1 / 3, rel=0.1)
    assert counts == pytest.approx(1, rel=0.1)


@pytest.mark.parametrize("noise", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("draws", [20, 250])
def test_planted_spread_of_parameters_is_found_under_noise(draws, noise):
    """The interval that counts holds as many parameter draws as it says, and is hardly wider than they are."""
    found = estimates(*planted(np.random.default_rng(12), 300, draws, 2, 1, noise, 3.0))
    low, high = column(found, "low") - 3, column(found, "high") - 3
    assert np.mean(stats.norm.cdf(high) - stats.norm.cdf(low)) == pytest.approx(found[0].coverage + 0.005, abs=0.015)
    assert np.mean(high - low) / (2 * 1.96) < (1.1 if draws > 100 else 1.25)
    assert np.median(column(found, "mc_share")) == pytest.approx(noise**2 / (1 + noise**2), abs=0.05)


def test_noise_that_is_not_told_apart_widens_the_interval_that_counts():
    values, draws = planted(np.random.default_rng(13), 50, 250, 2, 1, 3)
    apart, mixed = estimates(values, draws), estimates(values[:, ::2], draws[::2])
    width = [np.mean(column(found, "high") - column(found, "low")) / (2 * 1.96) for found in (apart, mixed)]
    assert width[0] < 2
    assert width[1] == pytest.approx(math.sqrt(10), rel=0.1)


@pytest.mark.parametrize("noise", [4.0, 10.0])
def test_spread_that_drowns_in_noise_is_not_taken_for_none(noise):
    """Parameters spread the effect over +-2, twice the margin; with the plain estimate of noise up to 19% were none."""
    found = estimates(*planted(np.random.default_rng(14), 300, 250, 2, 1, noise), margin=1)
    low, high = column(found, "low"), column(found, "high")
    assert np.mean(stats.norm.cdf(high) - stats.norm.cdf(low)) > 0.94
    assert np.mean([one.verdict == "negligible" for one in found]) < 0.05


def test_noise_alone_is_no_chance_of_an_effect():
    """Half of the draws' means leave the margin by noise; of effects far fewer."""
    values, draws = planted(np.random.default_rng(15), 200, 250, 2, 0, 2)
    found = estimates(values, draws, margin=1)
    by_draw = values.reshape(200, 250, 2).mean(axis=2)
    assert np.mean(np.abs(by_draw) > 1) > 0.45
    assert np.mean(column(found, "p_beyond_margin")) < 0.2
    assert np.mean(column(found, "p_beyond_margin_low")) < 0.1


def test_the_smallest_effect_is_found_as_often_as_said():
    rng = np.random.default_rng(16)
    size = np.mean(column(estimates(*planted(rng, MANY, 60, 1, 1, 0)), "mde"))
    found = estimates(*planted(rng, MANY, 60, 1, 1, 0, size))
    assert np.mean(column(found, "mc_low") > 0) == pytest.approx(0.8, abs=0.01 + tolerance(0.8, MANY))


def test_without_any_effect_a_family_seldom_shows_one():
    """In at most 5% of families of 20 one null falls after Holm, of counts fewer; verdicts of an effect are no more."""
    family, families = 20, 200
    found = estimates(*planted(np.random.default_rng(17), family * families, 40, 2, 1, 1))
    adjusted = np.concatenate([holm(p) for p in column(found, "p").reshape(families, family)])
    false = (adjusted < 0.05).reshape(families, family).any(axis=1).mean()
    assert false <= 0.05 + tolerance(0.05, families)
    assert np.mean([one.verdict in EFFECTS for one in found]) == 0


@pytest.mark.parametrize(
    ("mean", "parameters", "noise", "says"),
    [
        (0.0, 0.0, 0.5, "negligible"),
        (0.3, 0.2, 0.2, "negligible"),
        (0.0, 2.0, 0.5, "depends"),
        (1.0, 1.0, 0.3, "depends"),  # the mean is known well, and the effect has either sign
        (5.0, 1.0, 1.0, "raises"),
        (-5.0, 1.0, 1.0, "lowers"),
    ],
)
def test_planted_effects_get_their_verdict(mean, parameters, noise, says):
    found = estimates(*planted(np.random.default_rng(18), 200, 100, 2, parameters, noise, mean), margin=1.0)
    assert np.mean([one.verdict == says for one in found]) >= 0.9


# --- held, saved, ratios ---------------------------------------------------------------------------------------------


def test_held_parameters_leave_only_noise():
    values = np.random.default_rng(19).normal(0.2, 1, 400)
    one = estimate(values, np.arange(400) // 2, margin=1, held=True)
    assert same(one, estimate(values, np.zeros(400), margin=1, held=True))
    assert (one.low, one.high, one.mc_share, one.draws) == (one.mc_low, one.mc_high, 1.0, 1)
    assert one.mc_error == pytest.approx(values.std(ddof=1) / 20)
    assert half_width(one) == pytest.approx(1.96 * one.mc_error, rel=0.1)
    assert (one.median, one.p_beyond_margin) == (one.mean, np.mean(np.abs(values) > 1))
    assert (one.lower, one.higher) == (np.mean(values < 0), np.mean(values > 0)) and one.verdict == "negligible"
    few = 1.5 * (values[:40] - values[:40].mean())
    close, far = (estimate(few + mean, np.arange(40), margin=0.3, held=True) for mean in (0.2, 0.31))
    assert close.verdict == far.verdict == "inconclusive"
    assert close.runs_needed == math.ceil(40 * (half_width(close) / 0.1) ** 2)
    assert estimate(few + 1.5, np.arange(40), margin=0.3, held=True).verdict == "raises"


@pytest.mark.parametrize("seeds", [20, 40, 200])
def test_held_parameters_seldom_get_the_word_of_the_other_side_of_the_margin(seeds):
    """At the margin itself either word is wrong, and 2.5 % of intervals lie beyond one end; well off it words come."""
    dice = np.random.default_rng(23)

    def words(mean):
        values = mean + 2.0 * (dice.gamma(4.0, size=(400, seeds)) - 4.0) / 2.0
        return [one.verdict for one in estimates(values, np.zeros(seeds), margin=1.0, held=True)]

    for mean in (1.0, -1.0):
        told = [word for word in words(mean) if word != "inconclusive"]
        assert len(told) <= stats.binom.ppf(0.999, 400, 0.05 if seeds > 20 else 0.08)
    assert np.mean([word == "lowers" for word in words(-4.0)]) > 0.95


def test_saved():
    rng = np.random.default_rng(20)
    shared, draws = rng.normal(0, 3, 400), np.arange(400)
    a, b = shared + rng.normal(0, 1, 400), shared + rng.normal(0, 1, 400)
    assert paired(a - b, draws, a, b).variance_reduction == pytest.approx(1 - np.var(a - b) / (np.var(a) + np.var(b)))
    assert paired(a - b, draws, a, b).variance_reduction == pytest.approx(0.9, abs=0.03)
    assert math.isnan(estimate(a - b, draws).variance_reduction)
    two = paired(a + b - b - a, draws, np.array([a, b]), np.array([b, a]))
    assert two.variance_reduction == 1
    apart = paired(a - b[::-1], draws, a, b[::-1])
    assert apart.variance_reduction == pytest.approx(0, abs=0.2)


@pytest.mark.parametrize("draws", [12, 60])
def test_ratios_cover_as_often_as_said(draws):
    rng = np.random.default_rng(21)
    under = rng.normal(4, 1, (MANY, draws))
    over = under / 2 + rng.normal(0, 1, (MANY, draws))
    ratio, low, high = ratios(over, under, np.arange(draws))
    covered = np.mean((low <= 0.5) & (high >= 0.5))
    assert covered == pytest.approx(0.95, abs=tolerance(0.95, MANY))
    assert ratio == pytest.approx(over.mean(axis=1) / under.mean(axis=1))


@pytest.mark.parametrize("draws", [12, 60])
def test_ratio_that_is_always_the_same_or_has_no_bounds(draws):
    rng = np.random.default_rng(22)
    under = rng.normal(4, 1, draws)
    ratio, low, high = ratios([2 * under, under, 0 * under], [under, rng.normal(0, 1, draws), under], np.arange(draws))
    assert (ratio[0], low[0], high[0]) == pytest.approx((2, 2, 2), abs=1e-5)
    assert np.isnan([ratio[1], low[1], high[1]]).all()
    assert (ratio[2], low[2], high[2]) == pytest.approx((0, 0, 0), abs=1e-5)
    assert np.isnan(ratios([[1.0]], [[1.0]], [0])).all()
