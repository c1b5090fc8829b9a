"""What effects depend on, on planted functions whose drivers, turning points and boxes are known."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import experiments
from experiments import boxes, drivers, turning
from experiments.study.saved_plan import save
from experiments.study.store import Folder
from tests.study_helpers import planned

DRAWS, INPUTS = 200, 100
PLANTED = {
    "additive": (lambda x: 3 * x[0] + 2 * x[7] + 1.2 * x[14] ** 2, {0, 7, 14}),
    "product": (lambda x: (0.05 + 0.6 * x[0]) * (0.02 + 0.5 * x[7]) * (x[14] - 0.8), {0, 7, 14}),
    "interaction": (lambda x: (x[0] - 0.5) * (x[7] - 0.5), {0, 7}),
    "threshold": (lambda x: np.where(x[0] > 0.7, -1.0 - 2.0 * x[7], 0.0), {0}),
    "noise": (lambda x: 0.0 * x[0], set()),
}


def known(rng: np.random.Generator) -> pd.DataFrame:
    """100 inputs, of which each of three groups of ten is correlated by a half, as a posterior has them."""
    normal = rng.standard_normal((DRAWS, INPUTS))
    for first in (0, 20, 40):
        common = rng.standard_normal((DRAWS, 1))
        normal[:, first : first + 6] = np.sqrt(0.5) * (normal[:, first : first + 6] + common)
    return pd.DataFrame(stats.norm.cdf(normal), columns=[f"p{k}" for k in range(INPUTS)])


def planted(rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The effects of every planted function, a tenth of noise, and the inputs."""
    inputs, parts = known(rng), []
    for name, (function, _) in PLANTED.items():
        values = function(inputs.to_numpy().T)
        noise = 0.35 * (values.std() or 1.0) * rng.standard_normal(DRAWS)
        parts.append(pd.DataFrame({"id": name, "draw": range(DRAWS), "change": values + noise, "margin": 0.1}))
    return pd.concat(parts), inputs


def changes(values: object) -> pd.DataFrame:
    return pd.DataFrame({"id": "one", "draw": range(DRAWS), "change": values})


def test_drivers_are_found_and_few_others():
    rng = np.random.default_rng(20200621)
    hits, false = dict.fromkeys(PLANTED, 0), dict.fromkeys(PLANTED, 0)
    trials = 5
    for _ in range(trials):
        found = drivers(*planted(rng)).dropna(subset="order")
        for name, (_, true) in PLANTED.items():
            names = {int(one[1:]) for row in found.loc[found["id"] == name, "parameter"] for one in row.split(" x ")}
            hits[name] += len(names & true)
            false[name] += len(names - true)
    wanted = {name: trials * len(true) for name, (_, true) in PLANTED.items()}
    assert hits["additive"] == wanted["additive"]
    assert hits["product"] >= 0.9 * wanted["product"]
    assert hits["interaction"] == wanted["interaction"]
    assert hits["threshold"] == wanted["threshold"]
    assert sum(false.values()) <= 4, false


def test_shares_are_out_of_sample_with_an_interval_and_chance():
    effects, inputs = planted(np.random.default_rng(1))
    found = drivers(effects, inputs)
    first = found[(found["id"] == "additive") & (found["parameter"] == "p0")].iloc[0]
    assert first["order"] == 1
    assert first["share_low"] < 0.55 < first["share_high"]  # of 40,000 draws
    assert first["direction"] > 0.6
    noise = found[found["id"] == "noise"]
    assert (noise["share"] > noise["chance"]).sum() <= 1
    assert noise["share"].median() == 0.0
    together = found.groupby("id")["together"].first()
    assert together["additive"] == pytest.approx(0.87, abs=0.05)  # the rest is noise
    added = found.groupby("id")["added"].sum()
    assert added.to_numpy() == pytest.approx(together[added.index].to_numpy())


def test_lent_shares_are_no_drivers():
    effects, inputs = planted(np.random.default_rng(2))
    found = drivers(effects[effects["id"] == "additive"], inputs)
    lent = found[found["parameter"].isin([f"p{k}" for k in range(1, 6)])]
    assert (lent["share"] > lent["chance"]).sum() >= 2
    assert lent["order"].isna().all()


def test_an_effect_turns_where_it_was_planted():
    rng = np.random.default_rng(3)
    kept, share = np.exp(rng.normal(-0.1, 0.5, DRAWS)), rng.beta(1.0, 3.0, DRAWS)
    draws = pd.DataFrame({"kept": kept, "share": share})
    found = turning(changes(40.0 * share * (kept - 1.0)), draws, ("kept", "share"), margin=1.0)
    zero, low, high = found.to_dict("records")
    assert [zero["level"], low["level"], high["level"]] == [0.0, -1.0, 1.0]
    assert zero["x_low"] < 1.0 < zero["x_high"]
    assert zero["x_rises"]
    assert zero["x_right"] > 0.97
    for row, level in ((low, -1.0), (high, 1.0)):  # a hyperbola, which the product allows
        assert row["right"] > 0.9 > row["majority"]
        at = 1.0 + level / 40.0 / 0.3  # at a share of 0.3
        height = row["constant"] + row["per_x"] * at + 0.3 * (row["per_y"] + row["per_xy"] * at)
        slope = row["per_x"] + 0.3 * row["per_xy"]
        assert height / slope == pytest.approx(0.0, abs=0.05)


def test_an_effect_of_one_sign_turns_nowhere():
    draws = known(np.random.default_rng(4))
    found = turning(changes(-1.0 - draws["p0"]), draws, ("p0", "p1"), margin=1.5)
    zero, low, high = found.to_dict("records")
    assert zero["above"] == high["above"] == 0.0
    assert np.isnan([zero["x_at"], zero["right"], high["x_at"]]).all()
    assert low["x_low"] < 0.5 < low["x_high"]
    assert not low["x_rises"]


def test_the_line_is_that_of_a_logistic_regression():
    from sklearn.linear_model import LogisticRegression

    rng = np.random.default_rng(5)
    draws = pd.DataFrame(rng.lognormal(size=(DRAWS, 2)), columns=["a", "b"])
    effect = draws["a"] - draws["b"] + rng.standard_normal(DRAWS)
    found = turning(changes(effect), draws, ("a", "b")).iloc[0]
    terms = np.column_stack([draws, draws["a"] * draws["b"]])
    model = LogisticRegression(C=20.0, tol=1e-8, max_iter=1000)
    model.fit((terms - terms.mean(axis=0)) / terms.std(axis=0), effect > 0.0)
    slopes = model.coef_[0] / terms.std(axis=0)
    assert found[["per_x", "per_y", "per_xy"]].to_numpy(dtype=float) == pytest.approx(slopes, abs=1e-3)
    assert found["constant"] == pytest.approx(model.intercept_[0] - slopes @ terms.mean(axis=0), abs=1e-3)


def test_boxes_hold_one_word():
    draws = known(np.random.default_rng(6))
    effect = np.where((draws["p0"] > 0.6) & (draws["p7"] < 0.5), -5.0, 0.1) + 0.01 * draws["p9"]
    found = boxes(changes(effect), draws)
    box = found[found["word"] == "lowers"].iloc[0]
    assert set(box["box"].split()) >= {"p0", ">", "and", "p7", "<="}
    assert box["density"] > 0.9
    assert box["coverage"] > 0.8
    assert found.groupby("word")["coverage"].sum().max() <= 1.0
    assert boxes(changes(np.full(DRAWS, 0.5) + 0.01 * draws["p0"]), draws).empty  # one word alone
    noise = np.random.default_rng(7).permutation(np.repeat([-5.0, 0.0], DRAWS // 2))
    lent = pd.DataFrame({"id": ["one"], "parameter": ["p0"], "order": [1]})
    found = boxes(changes(noise), draws, found=lent)  # words that no condition tells apart
    assert found["box"].all() and (found["density"] <= 1.0).all()


def test_what_cannot_be_told_is_left_out():
    draws = known(np.random.default_rng(7))
    assert drivers(changes(np.zeros(DRAWS)), draws).empty  # nothing differs
    assert drivers(changes(draws["p0"]).head(9), draws).empty  # too few draws
    gaps = draws.assign(p1=np.inf, p2=np.nan, p3=1.0)
    names = set(drivers(changes(draws["p0"]), gaps)["parameter"])
    assert names.isdisjoint({"p1", "p2", "p3"})


def test_tables_and_axes_that_do_not_fit_are_named():
    draws = known(np.random.default_rng(7)).rename_axis("draw")
    effects = changes(draws["p0"].to_numpy() - 0.5)
    for axes in ("p0", (), ("p0", "p1", "p2"), ["p_0"]):
        with pytest.raises(KeyError, match="must be a list of one or two columns of draws"):
            turning(effects, draws, axes)
    with pytest.raises(KeyError, match="changes: has no column change"):
        drivers(effects.drop(columns="change"), draws)
    with pytest.raises(ValueError, match="must have one row a draw"):
        drivers(effects, pd.concat([draws, draws]))
    pd.testing.assert_frame_equal(drivers(effects, draws.reset_index()), drivers(effects, draws))
    pd.testing.assert_frame_equal(turning(effects, draws.reset_index(), ["p0"]), turning(effects, draws, ["p0"]))


def test_a_side_of_few_draws_has_no_cut():
    draws = known(np.random.default_rng(4))
    order = draws["p0"].rank()
    nine, ten = (turning(changes(np.where(order <= few, -5.0, 5.0)), draws, ["p0"]) for few in (9, 10))
    assert nine["x_at"].isna().all()
    assert ten["x_at"].notna().all()


def test_one_table_gives_the_same_numbers_again():
    effects, inputs = planted(np.random.default_rng(8))
    pd.testing.assert_frame_equal(drivers(effects, inputs), drivers(effects, inputs))


def test_each_is_one_call():
    statistics = {"drivers", "turning", "boxes", "regret", "choice", "value_of_information"}
    assert {*experiments.__all__} == statistics | {"run", "load", "Study"}
    assert all(callable(getattr(experiments, name)) for name in experiments.__all__)
    with pytest.raises(AttributeError):
        _ = experiments.nothing


def test_the_examples_of_the_page_run(tmp_path, monkeypatch):
    page = (Path(__file__).parents[2] / "docs" / "studies.md").read_text(encoding="utf-8")
    first, second = (
        one for one in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "from experiments import" in one
    )
    rng, count = np.random.default_rng(9), 60
    draws = pd.DataFrame({name: rng.random(count) for name in ("combat.money", "choice.risk", "giving.public_rate")})
    draws = draws.assign(draw=range(count), replication=range(count))
    about = {"profile": "donor_funded", "structure": "default", "when": "at_once"}
    cells = [
        draws.assign(
            **about,
            arm=arm,
            policy=policy,
            intensity=float(policy != "status_quo"),
            rate=1.0 + switch * 0.1 * (draws["combat.money"] - 0.5) + averts * (draws["choice.risk"] - 0.5),
        )
        for switch, arm in enumerate(("none", "announcement"))
        for averts, policy in enumerate(("status_quo", "exchange_kyc"))
    ]
    folder = Folder(tmp_path / "results" / "choice")
    folder.path.mkdir(parents=True)
    save(planned("study=sweep", "policy=status_quo,exchange_kyc", "replications=1"), folder)
    runs = pd.concat(cells, ignore_index=True)
    pd.concat([runs, runs.assign(profile="is_core")]).to_parquet(folder.path / "runs.parquet")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(first, names)
    strongest = names["found"].dropna(subset="order").iloc[0]
    assert (strongest["parameter"], strongest["order"]) == ("combat.money", 1)
    assert names["line"].iloc[0]["x_low"] < 0.5 < names["line"].iloc[0]["x_high"]
    assert {*names["words"]["word"]} == {"lowers", "negligible", "raises"}
    exec(second, names)
    assert set(names["least"]["policy"]) == set(names["averted"]["policy"]) == {"status_quo", "exchange_kyc"}
    assert set(names["chosen"]["arm"]) == {"none", "announcement"}
    assert names["of_the_choice"].iloc[0]["parameter"] == "choice.risk"
    assert names["of_the_verdict"].iloc[0]["parameter"] == "combat.money"
