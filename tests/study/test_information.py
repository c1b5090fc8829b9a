"""The value of information on planted problems whose answer is known, and on none at all."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from experiments.stats.dependence import WORDS
from experiments.stats.information import value_of_information, what_to_measure, words_of

COUNT = 20


def closed_form(mean: float, sd: float) -> float:
    """The EVPPI of two options that differ by a normal variable, of which sd is known (Raiffa & Schlaifer 1961)."""
    return mean * norm.cdf(mean / sd) + sd * norm.pdf(mean / sd) - max(0.0, mean)


def problem(draws, seed, mean=0.5, known=1.0, unknown=1.0):
    """Two options that differ by mean + known z0 + unknown z and noise; two seeds a draw, and inert parameters."""
    rng = np.random.default_rng([draws, seed])
    x = rng.random((draws, COUNT))
    difference = mean + known * norm.ppf(x[:, 0]) + unknown * rng.normal(size=draws)
    index = pd.Index(np.repeat(np.arange(draws), 2), name="draw")
    yes = np.repeat(difference, 2) + 0.3 * rng.normal(size=2 * draws)
    return pd.DataFrame({"no": 0.0, "yes": yes}, index), pd.DataFrame(x, columns=[f"x{k}" for k in range(COUNT)])


def of(table, name):
    return table.set_index("parameter").loc[name]


@pytest.mark.parametrize("draws", [100, 400])
def test_a_value_that_is_known(draws):
    truth, everything = closed_form(0.5, 1.0), closed_form(0.5, np.sqrt(2.0))
    found = [of(value_of_information(*problem(draws, seed), permutations=39), "x0") for seed in range(16)]
    values = pd.DataFrame(found)
    tolerance = 4 * values["value"].std() / np.sqrt(len(values))
    assert values["value"].mean() == pytest.approx(truth, abs=tolerance + 0.01)
    assert values["evpi"].mean() == pytest.approx(everything, abs=0.04)
    covered = (values["share_low"] <= truth / everything) & (truth / everything <= values["share_high"])
    assert covered.mean() >= 0.75
    assert values["error"].mean() == pytest.approx(values["value"].std(), rel=0.5)
    assert (values["p"] < 0.05).mean() >= 0.9


def test_nothing_settles(draws=100):
    found = [value_of_information(*problem(draws, seed, known=0.0), permutations=39) for seed in range(25)]
    assert sum((one["p"] < 0.05).any() for one in found) <= 4  # one study in twenty
    assert abs(np.mean([one["value"].mean() for one in found])) < 0.005
    assert all((one["share_high"] >= one["chance"] - 1e-12).all() for one in found)


def test_the_word_of_a_draw():
    changes = pd.DataFrame({"draw": range(300), "change": np.linspace(-3.0, 3.0, 300)})
    words = words_of(changes, 1.0)
    assert [*words] == [*WORDS] and words.index.name == "draw" and (words.sum(axis=1) == 1.0).all()
    assert words.mean().to_dict() == pytest.approx(dict.fromkeys(WORDS, 1.0 / 3.0))
    assert words_of(changes.assign(margin=4.0))["negligible"].all()
    assert words_of(pd.DataFrame({"draw": [1, 2, 3], "change": [-1.0, 0.0, 1.0]}), 1.0)["negligible"].all()
    rng = np.random.default_rng(1)
    draws = pd.DataFrame({"cause": changes["change"] ** 3, "other": rng.random(300), "held": 1.0, "gap": np.nan})
    found = value_of_information(words, draws)
    assert set(found["parameter"]) == {"cause", "other"}
    assert of(found, "cause")["share"] > 0.9 and of(found, "other")["share"] < 0.1
    assert of(found, "cause")["evpi"] == pytest.approx(2.0 / 3.0, abs=0.01)


def test_perfect_information_counts_no_noise():
    rng = np.random.default_rng(5)
    index = pd.Index(np.repeat(np.arange(200), 2), name="draw")
    noise = pd.DataFrame(rng.normal(size=(400, 3)), index)
    draws = pd.DataFrame(rng.random((200, 4)), columns=[*"abcd"])
    found = value_of_information(noise, draws)
    assert abs(found["evpi"][0]) < 0.2 and value_of_information(noise.iloc[::2], draws)["evpi"][0] > 0.7
    levels = noise.set_axis(pd.MultiIndex.from_arrays([index, np.tile([0, 1], 200)], names=["draw", "seed"]))
    pd.testing.assert_frame_equal(found, value_of_information(levels, draws))


def test_it_does_not_depend_on_order_or_unit():
    utilities, draws = problem(100, 1)
    found = value_of_information(utilities, draws)
    shuffled = value_of_information(3.0 * utilities.iloc[::-1][["yes", "no"]], np.exp(draws).iloc[::-1, ::-1])
    pd.testing.assert_frame_equal(
        found.sort_values("parameter", ignore_index=True)[["parameter", "share", "p"]],
        shuffled.sort_values("parameter", ignore_index=True)[["parameter", "share", "p"]],
    )
    pd.testing.assert_frame_equal(found, value_of_information(utilities, draws))


def test_in_words():
    utilities, draws = problem(200, 1)
    found = value_of_information(utilities, draws)
    words = what_to_measure(found, ["x5"], {"x0": "the gifts kept", "x5": "how well Monero can be traced"}.get)
    share = round(100 * of(found, "x0")["share"])
    assert words.startswith(f"Knowing the gifts kept settles {share}% of that (")
    assert "Knowing how well Monero can be traced settles nothing (at most " in words
    nothing = value_of_information(utilities, draws[["x4", "x5"]])
    assert "No single parameter settles more of that than chance would" in what_to_measure(nothing)
    certain = words_of(pd.DataFrame({"draw": range(200), "change": 5.0}))
    assert what_to_measure(value_of_information(certain, draws)).startswith("Nothing is open")


def test_what_cannot_be_estimated():
    utilities, draws = problem(100, 1)
    with pytest.raises(ValueError, match="3 draws have utilities and parameters; at least 10"):
        value_of_information(utilities.loc[:2], draws)
    for table in (utilities.reset_index(), utilities.assign(arm="none")):
        with pytest.raises(ValueError, match="utilities: must have a row a draw"):
            value_of_information(table, draws)
    found = value_of_information(utilities, draws.rename_axis("draw").reset_index(), permutations=9)
    assert "draw" not in set(found["parameter"])
    holes = utilities.assign(yes=utilities["yes"].where(utilities.index < 50))
    assert value_of_information(holes, draws)["draws"].eq(50).all()
