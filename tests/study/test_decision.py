"""Regret, domination and choice on planted tables: tables in, tables out, no model is run."""

import itertools

import numpy as np
import pandas as pd
import pytest

from experiments.stats.decision import SETS, choice, in_words, mistaken, pooled, regret, regrets, utilities

STAFF = {"exchange_kyc": 2.0, "hawala_licensing": 4.0, "channel_takedown": 5.0, "kinetic_pressure": 100.0}
AGENCY = {"kinetic_pressure": "military", "channel_takedown": "communicators"}


def planted(averts, harm=None, noise=0.0, seeds=1, seed=0, **identity):
    """A table of what policies avert by draw: the same in every seed but for noise."""
    rng = np.random.default_rng(seed)
    parts = []
    for policy, values in {"status_quo": np.zeros(len(next(iter(averts.values())))), **averts}.items():
        for number in range(seeds):
            own = np.asarray(values) + noise * rng.normal(size=len(values)) * (policy != "status_quo")
            about = {"policy": policy, "intensity": float(policy != "status_quo"), "seed": number, "averted": own}
            about |= {"draw": range(len(values)), "staff_weeks": STAFF.get(policy, 0.0), "reference": 10.0}
            about |= {"agency": AGENCY.get(policy, ""), "harm": (harm or {}).get(policy, np.nan)}
            parts.append(pd.DataFrame(identity | about))
    table = pd.concat(parts, ignore_index=True)
    return table.assign(harm=table["harm"].mask(table["policy"] == "status_quo", 0.0))


def of(table, **levels):
    for name, level in levels.items():
        table = table[table[name] == level]
    return table


def chosen(table, **levels):
    return of(choice(table), among="all", price=0.0, **levels).set_index("criterion")["policy"].to_dict()


# hawala_licensing is the best mostly, the mean is that of takedown, and kyc is never far from the best
AVERTS = {
    "hawala_licensing": [5.0] * 19 + [-20.0],
    "channel_takedown": [4.0] * 19 + [20.0],
    "exchange_kyc": [2.0] * 19 + [18.5],
}


def test_each_criterion_has_its_own_choice():
    """Regrets: hawala 0 in 19 draws and 40 in one; takedown 1 and 0; KYC 3 and 1.5."""
    found = of(regret(planted(AVERTS)), among="all").set_index("policy")
    assert found["regret_largest"].to_dict() == {
        "status_quo": 20, "hawala_licensing": 40, "channel_takedown": 1, "exchange_kyc": 3,
    }  # fmt: skip
    assert found.loc["hawala_licensing", ["regret_quantile", "regret_mean"]].tolist() == [0, 2]
    assert found.loc["channel_takedown", ["regret_quantile", "regret_mean"]].tolist() == [1, 0.95]
    assert found["best"].to_dict() == {
        "status_quo": 0, "hawala_licensing": 0.95, "channel_takedown": 0.05, "exchange_kyc": 0,
    }  # fmt: skip
    assert (found["naive_largest"] == found["regret_largest"]).all()  # one seed: nothing to cross-validate
    expected = {"largest": "channel_takedown", "quantile": "hawala_licensing", "mean": "channel_takedown"}
    assert chosen(planted(AVERTS)) == expected


def test_of_equal_options_that_of_least_staff_is_chosen():
    assert chosen(planted({"channel_takedown": [1.0], "exchange_kyc": [1.0]}))["largest"] == "exchange_kyc"
    assert set(chosen(planted({"channel_takedown": [0.0], "exchange_kyc": [0.0]})).values()) == {"status_quo"}


def test_regret_of_two_independent_normal_options_is_that_of_the_formula():
    """E max(A, B) - E A = sd / sqrt(pi) for two independent normals of one mean."""
    rng = np.random.default_rng(3)
    table = planted({"exchange_kyc": 50 + rng.normal(size=20_000), "hawala_licensing": 50 + rng.normal(size=20_000)})
    found = of(regret(table), among="all").set_index("policy")
    assert found.loc["exchange_kyc", "regret_mean"] == pytest.approx(1 / np.sqrt(np.pi), rel=0.02)


def test_regret_needs_five_columns_alone():
    table = planted(AVERTS)[["policy", "intensity", "draw", "averted"]]
    assert of(regret(table), among="all").set_index("policy").loc["hawala_licensing", "regret_largest"] == 40
    assert set(choice(table)["among"]) == set(SETS[:2]) and not regrets(table).empty


def test_noise_makes_no_regret():
    """Ten options that are the same but for noise: naive regret is that of the best of ten, the other one none."""
    names = [f"p{number}" for number in range(10)]
    table = planted(dict.fromkeys(names, np.full(400, 5.0)), noise=1.0, seeds=2)
    found = of(regret(table), among="all").set_index("policy").drop(index="status_quo")
    assert abs(found["regret_mean"].mean()) < 0.05 and found["naive_mean"].mean() > 1.0
    assert found["regret_largest"].mean() < found["naive_largest"].mean() / 2
    assert found["best"].max() < 0.05 < found["naive_best"].max()


def test_true_regret_lies_between_the_cross_validated_and_the_naive_one():
    rng = np.random.default_rng(1)
    averts = {f"p{number}": 5 + rng.normal(size=4000) for number in range(4)}
    true = of(regret(planted(averts)), among="all").set_index("policy")["regret_mean"]
    found = of(regret(planted(averts, noise=0.5, seeds=2, seed=2)), among="all").set_index("policy")
    between = (found["regret_mean"] < true + 0.02) & (true - 0.02 < found["naive_mean"])
    assert between.all() and found["naive_mean"].mean() - found["regret_mean"].mean() > 0.05


def test_a_sure_choice_is_that_of_all_resamples():
    assert of(choice(planted(AVERTS)), criterion="mean", price=0.0)["sure"].between(0.5, 1.0).all()
    names = ["exchange_kyc", "hawala_licensing"]
    rows = of(choice(planted({names[0]: [1.0] * 20, names[1]: [2.0] * 20})), among="all")
    assert rows["sure"].tolist() == [1.0] * 3 and (rows[["naive", "naive_low", "naive_high", "worst"]] == 0).all(
        axis=None
    )
    rows = of(choice(planted(dict.fromkeys(names, np.full(20, 5.0)), noise=1.0, seeds=2, seed=5)), among="all")
    assert rows["sure"].max() < 1.0


def test_the_interval_of_the_mean_regret_is_that_of_the_normal():
    """Takedown is regretted by |x| where x is below zero; its mean has the standard error of the draws."""
    rng = np.random.default_rng(1)
    values = rng.normal(size=400)
    table = planted({"channel_takedown": 5.0 + values, "exchange_kyc": np.full(400, 4.0)})
    row = of(choice(table), among="all", criterion="mean").iloc[0]
    lost = np.maximum(4.0 - (5.0 + values), 0.0)
    half = 1.96 * lost.std() / 20.0
    assert row["naive"] == pytest.approx(lost.mean()) and row["worst"] == pytest.approx(lost.max())
    assert row["naive_high"] - row["naive_low"] == pytest.approx(2 * half, rel=0.2)
    alike = of(choice(table.assign(row=table["draw"] // 4)), among="all", criterion="mean").iloc[0]
    assert alike["naive"] == row["naive"] and alike["naive_high"] != row["naive_high"]
    twice = pd.concat([table.assign(row=table["draw"]), table.assign(draw=table["draw"] + 400, row=table["draw"])])
    again = of(choice(twice), among="all", criterion="mean").iloc[0]
    assert again[["naive_low", "naive_high", "sure"]].tolist() == pytest.approx(
        row[["naive_low", "naive_high", "sure"]].tolist()
    )


def test_domination_needs_attacks_harm_and_staff():
    """KYC averts less for more harm than hawala licensing, but takes less staff; delisting is worse in all three."""
    averts = {"exchange_kyc": [1.0, 1.0], "hawala_licensing": [2.0, 2.0], "privacy_delisting": [0.5, 3.0]}
    harm = {"exchange_kyc": 5e5, "hawala_licensing": 1e5, "privacy_delisting": 6e5}
    table = planted(averts, harm)
    table.loc[table["policy"] == "privacy_delisting", "staff_weeks"] = 4.0
    found = of(regret(table), among="all").set_index("policy")
    assert found["dominated"].to_dict() == {
        "status_quo": 0, "exchange_kyc": 0, "privacy_delisting": 0.5, "hawala_licensing": 0,
    }  # fmt: skip
    assert found.loc["privacy_delisting", "dominated_by"] == "exchange_kyc"


def test_an_option_of_unknown_harm_dominates_none_and_is_dominated_only_by_one_of_no_harm():
    averts = {"channel_takedown": [9.0, 9.0], "kinetic_pressure": [9.0, -1.0], "exchange_kyc": [1.0, 1.0]}
    found = of(regret(planted(averts, {"exchange_kyc": 1e5})), among="all").set_index("policy")
    assert found["dominated"].to_dict() == {
        "status_quo": 0, "exchange_kyc": 0, "channel_takedown": 0, "kinetic_pressure": 0.5,
    }  # fmt: skip
    assert found.loc["kinetic_pressure", "dominated_by"] == "status_quo"
    assert found.loc["channel_takedown", "harm_modelled"] == "no" and np.isnan(found.loc["channel_takedown", "harm"])


def test_unknown_harm_is_named_with_what_it_may_be_worth():
    """Takedown averts 3 more than licensing in every draw: it is chosen as long as its harm is worth less than 3."""
    table = planted({"channel_takedown": [5.0] * 4, "hawala_licensing": [2.0] * 4}, {"hawala_licensing": 1e6})
    rows = of(choice(table), among="all")
    assert set(rows["policy"]) == {"channel_takedown"} and set(rows["instead"]) == {"hawala_licensing"}
    assert rows["harm_worth"].tolist() == pytest.approx([3.0] * 3, abs=0.01)
    assert set(rows["price"]) == {0.0}  # harm that is not modelled cannot be weighed


def test_the_price_of_harm_at_which_the_choice_changes():
    """Licensing averts 1 more than KYC and hinders 0.9 million more: it is chosen below a price of 1 / 0.9."""
    harm = {"hawala_licensing": 1e6, "exchange_kyc": 1e5}
    rows = of(choice(planted({"hawala_licensing": [3.0] * 4, "exchange_kyc": [2.0] * 4}, harm)), among="harm_modelled")
    rows = of(rows, criterion="mean")
    assert rows["price"].tolist() == pytest.approx([0, 0.1, 1, 1 / 0.9, 10], abs=0.01)
    assert rows["policy"].tolist() == ["hawala_licensing"] * 3 + ["exchange_kyc"] * 2


def test_force_is_a_set_of_its_own_and_staff_a_budget():
    averts = {
        "kinetic_pressure": [9.0],
        "channel_takedown+exchange_kyc": [6.0],
        "channel_takedown": [5.0],
        "exchange_kyc": [1.0],
    }
    table = planted(averts, {"exchange_kyc": 1.0})
    table.loc[table["policy"] == "channel_takedown+exchange_kyc", "staff_weeks"] = 7.0
    rows = of(choice(table), criterion="mean", price=0.0).set_index(["among", "staff_most"])
    assert rows["policy"].to_dict() == {
        ("all", np.inf): "kinetic_pressure", ("without_force", 5.0): "channel_takedown",
        ("without_force", 10.0): "channel_takedown+exchange_kyc",
        ("without_force", 25.0): "channel_takedown+exchange_kyc",
        ("without_force", np.inf): "channel_takedown+exchange_kyc", ("harm_modelled", np.inf): "exchange_kyc",
    }  # fmt: skip
    assert (rows["naive"] == 0).all() and rows.loc[("without_force", 5.0), "most_averted"] == 5.0
    found = of(regret(table), policy="exchange_kyc", among="without_force").set_index("staff_most")["naive_mean"]
    assert found.to_dict() == {5.0: 4.0, 10.0: 5.0, 25.0: 5.0, np.inf: 5.0}


def test_words_of_a_choice_that_averts_nothing_and_of_one_that_holds_all_others():
    [line] = in_words(choice(planted({"exchange_kyc": [0.01] * 4})))
    assert "with any staff: checking identities at exchanges" in line and "(no other averts more in any draw)" in line
    assert line.endswith("In the median draw no policy without force averts more than 1% of attacks.")
    [line] = in_words(choice(planted(AVERTS)))
    assert "With 10" not in line and "regret 0%" not in line and "no policy" not in line
    assert "no other averts noticeably more in nine of ten draws; regret at worst 400%" in line


def switched(noise=0.0, seeds=1):
    """The switch halves what licensing averts, so that takedown is better; in structure b it does not."""
    tables = []
    for (structure, arm), seed in zip(itertools.product("ab", ("none", "announcement")), range(4), strict=True):
        half = 0.5 if (structure, arm) == ("a", "announcement") else 1.0
        averts = {"hawala_licensing": np.linspace(2, 3, 40) * half, "channel_takedown": np.full(40, 1.7)}
        tables.append(planted(averts, {}, noise, seeds, seed, structure=structure, arm=arm))
    return pd.concat(tables, ignore_index=True)


def test_what_the_switch_changes_and_costs():
    rows = of(choice(switched()), among="all", criterion="mean").set_index(["structure", "arm"])
    assert rows.loc[("a", "announcement"), ["policy", "believed", "changes"]].tolist() == [
        "channel_takedown", "hawala_licensing", "yes",
    ]  # fmt: skip
    assert rows.loc[("a", "announcement"), "loss"] == pytest.approx(1.7 - 1.25)
    assert rows.loc[("b", "announcement"), ["believed", "loss", "changes"]].tolist() == ["hawala_licensing", 0.0, "no"]
    assert rows.loc[("a", "none")].isna()[["believed", "loss", "changes"]].all()
    small = of(choice(switched(), margin=0.05), among="all", criterion="mean", arm="announcement", structure="a")
    assert small["changes"].item() == "margin"


def test_a_loss_in_few_draws_is_perhaps_chance():
    """Licensing loses 30 in one draw of 40 alone: a third of the resamples do not have it."""
    averts = {"hawala_licensing": np.full(40, 2.0), "channel_takedown": np.full(40, 1.9)}
    few = averts | {"hawala_licensing": np.r_[-30.0, averts["hawala_licensing"][1:]]}
    table = pd.concat([planted(averts, arm="none"), planted(few, arm="full")], ignore_index=True)
    row = of(choice(table), among="all", criterion="mean", arm="full").iloc[0]
    assert row["loss"] == pytest.approx(0.8 - 0.1) and row["changes"] == "chance" and 0.4 < row["sure"] < 0.8


def test_noise_is_no_change():
    """Two policies of one size: the choice changes by noise alone, and no loss is shown."""
    averts = dict.fromkeys(("exchange_kyc", "hawala_licensing"), np.full(50, 1.0))
    arms = ["none", *(f"arm{number}" for number in range(60))]
    parts = [planted(averts, {}, 0.5, 2, seed, arm=arm) for seed, arm in enumerate(arms)]
    rows = of(choice(pd.concat(parts, ignore_index=True), margin=0.001), among="all", criterion="mean")
    shares = rows["changes"].value_counts(normalize=True)
    assert shares["no"] < 0.7 and shares.get("yes", 0.0) < 0.05


def test_a_choice_made_in_another_structure():
    rows = of(mistaken(switched(), "structure"), among="all", criterion="largest", arm="announcement")
    found = rows.set_index(["structure", "as_if"])
    assert found.loc[("a", "b"), ["policy", "believed", "changes"]].tolist() == [
        "channel_takedown", "hawala_licensing", "yes",
    ]  # fmt: skip
    assert found.loc[("a", "b"), "loss"] == pytest.approx(0.7) and found.loc[("b", "a"), "loss"] == pytest.approx(1.3)


def test_a_choice_over_all_structures():
    """Over both: takedown is regretted by 1.3 at most and licensing by 0.7."""
    both = pooled(switched(), "structure")
    found = of(regret(both), among="all", arm="announcement").set_index("policy")
    assert found["draws"].tolist() == [80, 80, 80]
    largest = found["regret_largest"].to_dict()
    assert (largest["hawala_licensing"], largest["channel_takedown"]) == pytest.approx((0.7, 1.3))
    some = switched().query("not (structure == 'b' and draw > 9)")
    assert set(regret(pooled(some, "structure"))["draws"]) == {20}


def test_a_draw_without_all_options_is_left_out():
    table = planted(AVERTS)
    table = table[~((table["policy"] == "exchange_kyc") & (table["draw"] == 19))]
    found = of(regret(table), among="all").set_index("policy")
    assert found.loc["hawala_licensing", ["draws", "regret_largest"]].tolist() == [19, 0]


@pytest.mark.parametrize("make", [regret, choice, regrets, lambda table: mistaken(table, "structure")])
def test_the_order_of_rows_does_not_matter(make):
    table = switched(noise=0.3, seeds=2)
    text = make(table).to_csv()
    assert make(table.sample(frac=1, random_state=1)).to_csv() == make(table[::-1]).to_csv() == text


def test_utilities_are_of_the_status_quo_of_the_same_arm():
    rows, sizes = [], {"status_quo": 0, "exchange_kyc": 1, "decapitation": 3}
    for arm, policy, replication in itertools.product(("none", "full"), sizes, range(4)):
        averts = sizes[policy] * (2 if arm == "full" else 1)
        about = {"arm": arm, "policy": policy, "replication": replication, "draw": replication // 2, "error": None}
        harm = {"lawful_frozen": 5.0, "lawful_hindered": 7.0 + 10.0 * (policy == "exchange_kyc")}
        rows.append(about | harm | {"rate": 20.0 + replication - averts})
    runs = pd.DataFrame(rows)
    staff = {"exchange_kyc": ("regulator", 2.0, np.nan), "decapitation": ("military", 40.0, np.nan)}
    found = utilities(runs, ["arm", "policy"], {}, staff)
    at = found.groupby(["arm", "policy"])[["averted", "harm", "staff_weeks"]].mean()
    assert at.loc[("full", "exchange_kyc")].tolist() == [2.0, 10.0, 2.0]
    assert at.loc[("none", "decapitation"), "averted"] == 3.0 and np.isnan(at.loc[("none", "decapitation"), "harm"])
    assert at.loc[("full", "status_quo")].tolist() == [0.0, 0.0, 0.0]
    assert found["reference"].unique().tolist() == [20, 21, 22, 23] and found["seed"].unique().tolist() == [0, 1]
    assert utilities(runs[runs["policy"] == "status_quo"], ["arm", "policy"], {}, staff).empty
    without = utilities(runs.drop(columns="lawful_frozen"), ["arm", "policy"], {}, staff)
    assert without.loc[without["policy"] == "exchange_kyc", "harm"].isna().all()
