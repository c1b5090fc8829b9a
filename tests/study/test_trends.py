"""Trends along factors and crossings of zero: planted grids, with the rate at which intervals hold what was planted."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from experiments.stats.trends import trends

LEVELS = [0.0, 1.0, 2.0, 4.0]
ZERO, SLOPE = 1.3, 1.5


def planted(curve, dice, count=40, apart=1.0, noise=0.5, levels=LEVELS, **more):
    """Effects on a grid: a curve, a shift of each replication on common random numbers, and noise of each run."""
    shift = apart * dice.normal(size=count)
    parts = [
        pd.DataFrame({"x": x, "replication": range(count), "draw": range(count)}).assign(
            change=curve(x) + shift + noise * (dice.exponential(size=count) - 1.0)
        )
        for x in levels
    ]
    about = {"contrast": "switch", "arm": "full", "policy": "status_quo", "intensity": 0.0, "outcome": "capacity"}
    return pd.concat(parts, ignore_index=True).assign(**about | more)


def found(curve, seed, held=True, **more):
    [row] = trends(planted(curve, np.random.default_rng(seed), **more), {"x": LEVELS}, held=held).to_dict("records")
    return row


def many(curve, number, held=True, **more):
    """As many grids, each an arm of its own."""
    grids = [planted(curve, np.random.default_rng(seed), arm=f"{seed}", **more) for seed in range(number)]
    return trends(pd.concat(grids, ignore_index=True), {"x": LEVELS}, held=held).to_dict("records")


def line(x):
    return SLOPE * (x - ZERO)


@pytest.mark.parametrize("count", [20, 80])
def test_the_interval_of_a_crossing_holds_it_as_often_as_stated(count):
    rows = many(line, 100, count=count)
    crossed = [row for row in rows if row["crossing"] == "crosses"]
    assert len(crossed) > 95 and all(row["zero_low"] < row["zero"] < row["zero_high"] for row in crossed)
    inside = sum(row["zero_low"] <= ZERO <= row["zero_high"] for row in crossed)
    assert inside >= binom.ppf(0.005, len(crossed), 0.95)
    assert np.mean([row["zero"] for row in crossed]) == pytest.approx(ZERO, abs=0.05)
    trend = sum(row["low"] <= SLOPE * 4 <= row["high"] for row in rows)
    assert trend >= binom.ppf(0.001, 100, 0.93) and {row["verdict"] for row in rows} == {"raises"}


def test_the_interval_over_draws_holds_the_crossing_of_a_new_draw():
    """A draw with the shift a crosses zero at ZERO - a / SLOPE."""
    dice, inside, made = np.random.default_rng(0), 0, 0
    for row in many(line, 40, held=False, count=200, apart=0.7, noise=0.0):
        assert row["crossing"] == "crosses"
        new = ZERO - 0.7 * dice.normal(size=50) / SLOPE
        inside, made = inside + ((row["zero_low"] <= new) & (new <= row["zero_high"])).sum(), made + len(new)
    assert 0.93 < inside / made < 0.975


@pytest.mark.parametrize(
    ("curve", "words"),
    [(lambda x: -2.5 - 0.3 * x, {"below"}), (lambda x: 3.0, {"above"}), (lambda x: 0.0, {"negligible"})],
)
def test_no_crossing_is_reported_as_none(curve, words):
    rows = many(curve, 60)
    assert {row["crossing"] for row in rows} == words
    assert all(np.isnan(row["zero"]) and np.isnan(row["zero_low"]) for row in rows)


def test_a_small_effect_of_one_sign_is_negligible():
    assert found(lambda x: -0.3, 1, apart=0.0, noise=0.1)["crossing"] == "negligible"


def test_what_comes_near_zero_is_seldom_said_to_cross_it():
    rows = many(lambda x: -SLOPE * x, 100)
    assert sum(row["crossing"] == "crosses" for row in rows) <= binom.ppf(0.995, 100, 0.025)
    assert all(row["zero_low"] == 0.0 for row in rows if row["crossing"] == "open")


def test_a_sign_that_depends_on_the_draw_is_no_crossing():
    row = found(lambda x: 0.1 * x, 1, held=False, count=80, apart=5.0)
    assert row["crossing"] == "depends" and (row["zero_low"], row["zero_high"]) == (0.0, 4.0)


@pytest.mark.parametrize(("held", "count"), [(True, 19), (False, 38)])
def test_few_replications_have_no_trend_and_no_crossing(held, count):
    row = found(line, 1, held=held, count=count, noise=0.01, apart=0.01)
    assert (row["verdict"], row["crossing"]) == ("inconclusive", "open") and np.isnan(row["zero_low"])


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_where_an_effect_begins_to_matter_is_held_as_often_as_stated(sign):
    """The effect of a level reaches one point at 2 / 3 above its zero, whatever its sign."""
    rows = many(lambda x: sign * SLOPE * x, 100, noise=0.0)
    begins = [row for row in rows if row["margin_at"] > 0]
    inside = sum(row["margin_low"] <= 1 / SLOPE <= row["margin_high"] for row in begins)
    assert len(begins) > 95 and inside >= binom.ppf(0.005, len(begins), 0.93)
    assert np.mean([row["margin_at"] for row in begins]) == pytest.approx(1 / SLOPE, abs=0.05)


def test_what_matters_at_every_level_or_at_none_begins_nowhere():
    for row in (found(lambda x: 3.0, 1), found(lambda x: -0.3, 1, apart=0.0, noise=0.1)):
        assert all(np.isnan(row[name]) for name in ("margin_at", "margin_low", "margin_high"))
    near = found(lambda x: 0.245 * x, 1)  # 0.98 at the last level
    assert np.isnan(near["margin_at"]) or near["margin_at"] > 3.0
    assert near["margin_low"] < near["margin_high"] == 4.0


def test_a_curve_that_turns_crosses_zero_twice():
    row = found(lambda x: 3.0 - 2.0 * abs(x - 2.0), 1)
    assert row["verdict"] == "negligible" and row["crossings"] == 2
    assert row["zero"] == pytest.approx(0.5, abs=0.2)


def grid(dice, second="y", levels=(0.0, 10.0), **more):
    """Effects that rise with x from a zero that y moves."""
    parts = [planted(lambda x, y=y: SLOPE * (x - 1.0 - 0.1 * y), dice, **more).assign(**{second: y}) for y in levels]
    return pd.concat(parts, ignore_index=True)


def test_two_numbers_have_a_trend_at_each_level_of_the_other_and_one_on_their_mean():
    table = trends(grid(np.random.default_rng(1)), {"x": LEVELS, "y": [0.0, 10.0]}, held=True)
    assert table["factor"].tolist() == ["x"] * 3 + ["y"] * 5
    along = table[table["factor"] == "x"]
    assert along["y"].tolist()[1:] == [0.0, 10.0] and along["x"].isna().all() and np.isnan(along["y"].iloc[0])
    assert along["zero"].to_numpy() == pytest.approx([1.5, 1.0, 2.0], abs=0.4)
    assert along["mean"].iloc[0] == pytest.approx(along["mean"].iloc[1:].mean())
    assert table.set_index("factor").loc["y", "mean"].to_numpy() == pytest.approx(-SLOPE, abs=0.4)


def test_words_are_compared_with_the_first_and_never_averaged():
    changes = grid(np.random.default_rng(1), levels=(0.0, 10.0, 20.0)).astype({"y": object})
    changes["y"] = changes["y"].map({0.0: "b", 10.0: "a", 20.0: "c"})
    table = trends(changes, {"x": LEVELS, "y": ["b", "a", "c"]}, held=True)
    of_word = table[(table["factor"] == "y") & table["x"].isna()]
    assert of_word[["than", "level"]].to_numpy().tolist() == [["b", "a"], ["b", "c"]]
    assert of_word["mean"].to_numpy() == pytest.approx([-SLOPE, -2 * SLOPE], abs=0.4)
    assert (of_word["crossing"] == "").all() and of_word["zero"].isna().all()
    assert table.loc[table["factor"] == "x", "y"].tolist() == ["b", "a", "c"]


def test_factors_that_go_together_have_no_place_of_their_own():
    changes = planted(line, np.random.default_rng(1)).assign(z=lambda rows: 10.0 * rows["x"])
    table = trends(changes, {"x": LEVELS, "z": [10.0 * x for x in LEVELS]}, held=True).set_index("factor")
    assert len(table) == 2 and table.loc["z", "zero"] == pytest.approx(10.0 * table.loc["x", "zero"])


def test_an_incomplete_grid_has_no_mean_over_it_and_a_failed_run_is_left_out():
    changes = grid(np.random.default_rng(1))
    some = changes[(changes["y"] == 0.0) | (changes["x"] < 3.0)].drop(index=[0, 3])
    table = trends(some, {"x": LEVELS, "y": [0.0, 10.0]}, held=True)
    along = table[table["factor"] == "x"]
    assert (
        along["y"].tolist() == [0.0, 10.0] and along["level"].tolist() == [4.0, 2.0] and along["n"].tolist() == [38, 40]
    )
    assert trends(some[some["x"] == 0.0].assign(y=0.0), {"x": LEVELS, "y": [0.0]}).empty
    assert trends(pd.DataFrame(), {"x": LEVELS}).empty


@pytest.mark.parametrize("whole_numbers", [False, True])
def test_points_that_make_no_grid_have_the_slopes_of_a_plane(whole_numbers):
    dice = np.random.default_rng(1)
    points = dice.random((30, 2)) * 4
    points = points.round() + 0.0 if whole_numbers else points
    points = np.unique(points, axis=0)
    parts = [
        planted(lambda _, x=x, y=y: SLOPE * x - 0.5 * y - 2.0, dice, levels=[x]).assign(y=y) for x, y in points.tolist()
    ]
    table = trends(pd.concat(parts), {"x": sorted({*points[:, 0]}), "y": sorted({*points[:, 1]})}, held=True)
    if not whole_numbers:
        rise = {"x": SLOPE * np.ptp(points[:, 0]), "y": -0.5 * np.ptp(points[:, 1])}
        assert table.set_index("factor")["mean"].to_dict() == pytest.approx(rise, abs=0.2)
        assert table["zero"].iloc[0] == pytest.approx((2.0 + 0.5 * points[:, 1].mean()) / SLOPE, abs=0.2)
    assert len(table) > 0
