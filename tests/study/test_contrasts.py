"""Comparisons of made-up runs whose effects are planted: tables in, tables out, no model is run."""

import io
import itertools

import numpy as np
import pandas as pd
import pytest

from experiments.stats.contrasts import WINDOW, breakeven, effects, frontier, judged
from experiments.stats.estimates import EFFECTS, holm
from experiments.study.tables import costs, policies_of
from tests.study_helpers import planned

FACTORS = ["arm", "policy", "intensity", "profile", "group.routing", "world", "loop"]
REFERENCE = {"arm": "none", "policy": "status_quo"}
ARMS = ("none", "announcement", "full", "placebo")
POLICIES = (("status_quo", 0), ("exchange_kyc", 0.5), ("exchange_kyc", 1), ("kinetic_pressure", 1))
STAFF = {"exchange_kyc": ("regulator", 5.0, 6500.0), "kinetic_pressure": ("military", 100.0, np.nan)}
SWITCH = {"none": 0.0, "announcement": 0.005, "full": 0.05, "placebo": 0.03, "placebo_none": 0.01}
POLICY = {"status_quo": 0.0, "exchange_kyc": -0.04, "kinetic_pressure": -0.2}


def capacity(arm, policy, intensity):
    """Share of the reference: the switch adds, a policy takes away, and takedown halves the switch at full strength."""
    halved = 0.5 * intensity if policy == "exchange_kyc" else 0.0
    return 1 + SWITCH[arm] * (1 - halved) + POLICY[policy] * intensity


def runs_of(cells, share=capacity, replications=80, seeds=2, noise=0.0, seed=1):
    """A run table: luck and parameters move all cells of a replication alike; noise moves each run by itself."""
    rng = np.random.default_rng(seed)
    luck, draw = rng.normal(0, 0.2, replications), np.arange(replications) // seeds
    common = 50 * np.exp(luck + rng.normal(0, 0.5, draw.max() + 1)[draw])
    rows = []
    for cell in cells:
        named = dict(zip(("arm", "policy", "intensity"), cell, strict=False))
        size = common * (share(*cell[:3]) + noise * rng.normal(0, 1, replications))
        opportunity = 0.75 if cell[1] == "kinetic_pressure" else 1.5
        for r in range(replications):
            own = dict(zip(FACTORS, cell, strict=False)) | named
            outcomes = {"capacity": size[r], "rate": opportunity * size[r], "delivered": 1000 * share(*cell[:3])}
            outcomes |= {"lawful_frozen": 10.0, "lawful_hindered": 90.0 + 200 * cell[2]}
            rows.append({"replication": r, "draw": draw[r], "error": None} | own | outcomes)
    return pd.DataFrame(rows)


def grid(arms=ARMS, policies=POLICIES, profiles=("is_core",), routings=(0.1,)):
    every = itertools.product(profiles, routings, arms, policies)
    return [(arm, *policy, profile, routing, "as_it_was", "on") for profile, routing, arm, policy in every]


def compared(runs, outcomes=("capacity",), factors=FACTORS, **more):
    return effects(runs, factors, REFERENCE, outcomes, **more)


def text(table):
    return table.to_csv(index=False)


def one(table, name):
    (row,) = table[table["id"] == name].to_dict("records")
    return row


@pytest.fixture(scope="module")
def runs():
    return runs_of(grid())


@pytest.fixture(scope="module")
def noisy():
    return runs_of(grid(), noise=0.02)


# --- contrasts -------------------------------------------------------------------------------------------------------


def test_paired_effects_are_exact_under_any_luck(runs):
    """Capacity varies by half between replications; what is planted in per cent comes out to the last digits."""
    found = compared(runs)
    row = one(found, "switch/announcement/status_quo/is_core/group.routing=0.1/as_it_was/on/capacity")
    assert [row[name] for name in ("mean", "mc_low", "mc_high", "low", "high")] == pytest.approx([0.5] * 5)
    assert (row["n"], row["draws"], row["unit"], row["window"], row["better"]) == (80, 40, "%", 52, "lower")
    base = runs[(runs["arm"] == "none") & (runs["policy"] == "status_quo")]
    assert row["reference"] == pytest.approx(base["capacity"].mean())
    assert row["variance_reduction"] > 0.99
    assert (row["margin"], row["verdict"]) == (1.0, "negligible")
    row = one(found, "privacy/full/status_quo/is_core/group.routing=0.1/as_it_was/on/capacity")
    assert (row["mean"], row["verdict"]) == (pytest.approx(2), "raises")
    row = one(found, "policy/none/kinetic_pressure/intensity=1/is_core/group.routing=0.1/as_it_was/on/capacity")
    assert row["mean"] == pytest.approx(-20)
    row = one(found, "interaction/full/exchange_kyc/intensity=1/is_core/group.routing=0.1/as_it_was/on/capacity")
    assert row["mean"] == pytest.approx(-2.5)


def test_every_contrast_is_there_once(runs):
    """4 arms x 4 policies: 3 x 4 switch effects, 4 x 3 of policies, 3 x 3 undone, 4 of privacy."""
    found = compared(runs)
    assert found["id"].is_unique
    assert found["contrast"].value_counts().to_dict() == {"switch": 12, "policy": 12, "interaction": 9, "privacy": 4}
    assert found["contrast"].drop_duplicates().tolist() == ["switch", "policy", "interaction", "privacy"]


def test_the_placebo_is_compared_with_its_own_world():
    """A world with a second bitcoin has 1% more: the placebo's switch effect is 2, not 3, and privacy 5 - 2."""
    found = compared(runs_of(grid((*ARMS, "placebo_none"))))
    assert found["id"].is_unique
    assert found["contrast"].value_counts().to_dict() == {"switch": 12, "policy": 15, "interaction": 9, "privacy": 4}
    assert set(found.loc[found["arm"] == "placebo_none", "contrast"]) == {"policy"}
    at = found.set_index(["contrast", "arm", "policy", "intensity"])["mean"]
    assert at["switch", "full", "status_quo", 0] == pytest.approx(5)
    assert at["switch", "placebo", "status_quo", 0] == pytest.approx(2)
    assert at["privacy", "full", "status_quo", 0] == pytest.approx(3)
    assert at["switch", "placebo", "exchange_kyc", 1] == pytest.approx(1)
    assert at["privacy", "full", "exchange_kyc", 1] == pytest.approx(1.5)
    assert at["interaction", "placebo", "exchange_kyc", 1] == pytest.approx(-1)
    assert at["interaction", "full", "exchange_kyc", 1] == pytest.approx(-2.5)
    assert set(found["reference"].round(9)) == {
        found["reference"].iloc[0].round(9)
    }  # per cent of none, never of its own


def test_privacy_is_the_difference_of_switch_effects():
    """With noise in every run; also where the placebo's world is there under one policy only."""
    noisy = runs_of(grid((*ARMS, "placebo_none")), noise=0.02)
    some = noisy[(noisy["arm"] != "placebo_none") | (noisy["policy"] == "status_quo")]
    for found in map(compared, (noisy, some)):
        at = found.set_index(["contrast", "arm", "policy", "intensity"])["mean"]
        privacy = found[found["contrast"] == "privacy"]
        assert len(privacy) == 4
        for row in privacy.to_dict("records"):
            cell = row["policy"], row["intensity"]
            difference = at["switch", "full", *cell] - at["switch", "placebo", *cell]
            assert row["mean"] == pytest.approx(difference, rel=1e-9)


def test_a_placebo_without_its_own_world_is_compared_with_none(runs):
    at = compared(runs).set_index(["contrast", "arm", "policy"])["mean"]
    assert at["switch", "placebo", "status_quo"] == pytest.approx(3)
    assert at["privacy", "full", "status_quo"] == pytest.approx(2)


def test_contrasts_that_never_differ_do_not_weaken_others(noisy):
    """A policy that does nothing at all has no p, is practically none, and the rest are adjusted as if it were not."""
    idle = noisy[noisy["policy"] == "status_quo"].assign(policy="idle", intensity=1)
    found, alone = compared(pd.concat([noisy, idle])), compared(noisy)
    nothing = (found["policy"] == "idle") & found["contrast"].isin(["policy", "interaction"])
    assert nothing.sum() == 7
    assert (found.loc[nothing, "mean"] == 0).all() and found.loc[nothing, ["p", "p_adjusted"]].isna().all(axis=None)
    assert set(found.loc[nothing, "verdict"]) == {"negligible"}
    both = found.merge(alone, on="id")
    both = both[both["contrast_x"].isin(["policy", "interaction"])]
    assert both["p_adjusted_x"].tolist() == both["p_adjusted_y"].tolist() and len(both) == 21


def test_columns_of_the_contract(runs):
    about = "id contrast arm policy intensity profile group.routing world loop outcome window unit"
    values = "n draws reference mean mc_low mc_high mc_error median lower higher below within above"
    more = "low high coverage mc_share p_beyond_margin p_beyond_margin_low p_beyond_margin_high p p_adjusted"
    more += " mde variance_reduction runs_needed margin better verdict harm_modelled"
    assert " ".join(compared(runs)) == f"{about} {values} {more}"


def test_what_is_undone_is_the_difference_of_effects(noisy):
    found = compared(noisy, ("capacity", "delivered"))
    key = ["arm", "policy", "intensity", "outcome"]
    switch = found[found["contrast"] == "switch"].set_index(key)["mean"]
    undone = found[found["contrast"] == "interaction"]
    assert len(undone) == 18
    for row in undone.to_dict("records"):
        at_rest = switch[row["arm"], "status_quo", 0, row["outcome"]]
        under = switch[row["arm"], row["policy"], row["intensity"], row["outcome"]]
        assert row["mean"] == pytest.approx(under - at_rest, rel=1e-9, abs=1e-9)


def test_pairs_are_found_by_replication_not_by_place(noisy):
    shuffled = noisy.sample(frac=1, random_state=5)
    assert text(compared(shuffled)) == text(compared(noisy))


def test_other_luck_is_no_pair(noisy):
    """Were rows paired by place, these would be pairs."""
    arm = noisy["arm"] == "full"
    other = noisy.assign(replication=noisy["replication"].where(~arm, noisy["replication"] + 80))
    other["draw"] = other["replication"] // 2
    found = compared(other)
    crossed = (found["arm"] == "full") & (found["contrast"] == "switch")
    assert (found.loc[crossed, "n"] == 0).all() and found.loc[crossed, "mean"].isna().all()
    assert (found.loc[crossed, "verdict"] == "inconclusive").all()
    assert (found.loc[found["arm"] == "announcement", "n"] == 80).all()


def test_the_same_bytes_again(noisy):
    assert text(compared(noisy)) == text(compared(noisy.copy()))


def test_failed_runs_drop_their_pair(noisy):
    """What a failed run holds is not looked at; only contrasts with it lose a pair."""
    failed = (noisy["arm"] == "full") & (noisy["policy"] == "exchange_kyc") & noisy["replication"].isin([3, 4, 5])
    broken = noisy.assign(error=np.where(failed, "stopped", None))
    broken.loc[failed, "capacity"] = 1e9
    found = compared(broken)
    assert text(found) == text(compared(noisy[~failed]))
    lost = found["n"] < 80
    touched = (found["arm"] == "full") & (found["policy"] == "exchange_kyc")
    assert (lost == touched).all()
    assert set(found.loc[lost, "n"]) == {77} and set(found.loc[lost, "draws"]) == {39}


def test_cells_that_are_missing_are_left_out(runs):
    whole = compared(runs)
    found = compared(runs[~((runs["arm"] == "none") & (runs["policy"] == "exchange_kyc"))])
    gone = whole[~whole["id"].isin(found["id"])]
    assert set(gone["contrast"]) == {"switch", "policy", "interaction"}
    assert (gone["policy"] == "exchange_kyc").all() and len(gone) == 6 + 2 + 6
    assert compared(runs[runs["arm"] != "none"]).empty  # nothing to take per cent of
    assert list(compared(runs[:0])) == list(whole)


def test_cells_with_fewer_draws_are_compared_on_those(noisy):
    some = noisy[(noisy["policy"] == "status_quo") | (noisy["draw"] % 4 == 0)]
    found = compared(some)
    assert set(found.loc[found["policy"] != "status_quo", "n"]) == {20}
    assert set(found.loc[found["policy"] == "status_quo", "n"]) == {80}


def test_settings_are_never_compared_with_each_other():
    cells = grid(profiles=("is_core", "donor_funded"), routings=(0, 0.5), arms=("none", "full"))
    found = compared(runs_of(cells, lambda *cell: capacity(*cell), replications=6))
    assert found["id"].is_unique
    assert len(found) == 4 * (4 + 6 + 3)
    assert found["mean"].notna().all()
    assert set(found["group.routing"]) == {0, 0.5}


def test_a_sweep_of_one_parameter():
    """Neither policy nor profile: arms by a parameter, under the name by which it is typed."""
    cells = [(arm, "status_quo", 0) for arm in ("none", "full")]
    runs = pd.concat(
        [
            runs_of(cells).assign(**{"rails.monero.traceability.link": link, "report.margin": 0.1})
            for link in (0.05, 0.5)
        ]
    ).drop(columns=["policy", "intensity"])
    found = compared(runs, factors=["arm", "rails.monero.traceability.link", "report.margin"])
    assert found["id"].tolist() == [
        "switch/full/status_quo/rails.monero.traceability.link=0.05/report.margin=0.1/capacity",
        "switch/full/status_quo/rails.monero.traceability.link=0.5/report.margin=0.1/capacity",
    ]
    assert found["mean"].tolist() == pytest.approx([5, 5])
    assert found["rails.monero.traceability.link"].tolist() == [0.05, 0.5]


def test_policies_without_arms():
    runs = runs_of([("none", *policy) for policy in POLICIES]).drop(columns=["arm"])
    found = compared(runs, factors=["policy", "intensity"])
    assert set(found["contrast"]) == {"policy"} and set(found["arm"]) == {"none"}
    assert found["mean"].tolist() == pytest.approx([-2, -4, -20])


def test_tables_that_make_no_sense(runs):
    with pytest.raises(ValueError, match="two runs of one replication"):
        compared(pd.concat([runs, runs[:1]]))
    with pytest.raises(ValueError, match="two draws"):
        compared(runs.assign(draw=np.arange(len(runs))))


# --- outcomes, margins, families -------------------------------------------------------------------------------------


def test_own_units_and_margins(runs):
    found = compared(runs, ("delivered", "harm"), margin=0.02)
    row = one(found, "switch/full/status_quo/is_core/group.routing=0.1/as_it_was/on/delivered")
    assert (row["unit"], row["reference"], row["mean"], row["margin"]) == pytest.approx(("USD/week", 1000, 50, 20))
    row = one(found, "policy/none/exchange_kyc/intensity=1/is_core/group.routing=0.1/as_it_was/on/harm")
    assert (row["reference"], row["mean"], row["margin"]) == pytest.approx((100, 200, 2))
    assert (row["unit"], row["better"], row["verdict"]) == ("USD/week", "lower", "raises")
    assert row["harm_modelled"] == "yes"


def test_harm_that_the_model_does_not_have_is_no_number(runs):
    found = compared(runs, ("rate", "lawful_frozen", "lawful_hindered", "harm"))
    harm = found[found["contrast"].isin(["policy", "interaction"]) & (found["outcome"] != "rate")]
    none = harm[harm["policy"] == "kinetic_pressure"]
    assert set(none["harm_modelled"]) == {"no"} and set(none["verdict"]) == {"not modelled"} and len(none) == 21
    assert (
        none[["mean", "median", "low", "high", "mc_low", "mc_high", "p", "p_beyond_margin", "mde"]]
        .isna()
        .all(axis=None)
    )
    assert none[["n", "draws", "reference", "margin"]].notna().all(axis=None)
    assert set(harm["policy"]) - {"kinetic_pressure"} == {"exchange_kyc"}
    assert harm[harm["policy"] == "exchange_kyc"][["mean", "low"]].notna().all(axis=None)
    rest = found.drop(harm.index)
    assert set(rest["harm_modelled"]) == {""} and rest["mean"].notna().all()
    again = judged(found)
    assert again["verdict"].tolist() == found["verdict"].tolist()


def test_outcomes_that_are_there_are_compared(runs):
    found = compared(runs.assign(capacity_13=runs["capacity"], seized=0.0, precision=1.0), None)
    assert found["outcome"].drop_duplicates().tolist() == [
        "capacity", "capacity_13", "rate", "delivered", "seized", "lawful_frozen", "lawful_hindered", "harm",
    ]  # fmt: skip
    early = found[found["outcome"] == "capacity_13"]
    assert set(early["window"]) == {13} and set(early["unit"]) == {"%"} and set(early["better"]) == {"lower"}
    nothing = found[found["outcome"] == "seized"]
    assert (nothing[["mean", "margin"]] == 0).all(axis=None) and set(nothing["verdict"]) == {"negligible"}


def test_a_reference_of_zero_has_no_per_cent(runs):
    never = runs.assign(capacity=runs["capacity"].where(runs["replication"] != 7, 0.0))
    assert set(compared(never)["n"]) == {79}


def test_a_family_is_of_named_policies_at_one_point():
    """Profiles, settings and outcomes are families of their own, however many: a grid is not punished for its size."""
    cells = grid(profiles=("is_core", "donor_funded"), routings=(0.1, 0.5))
    found = compared(runs_of(cells, lambda *cell: 1.0, noise=0.1), ("capacity", "rate"))
    families = found.groupby(["profile", "group.routing", "contrast", "outcome"])
    assert families.ngroups == 32 and families.size().max() == 12
    for _, family in families:
        assert family["p_adjusted"].to_numpy() == pytest.approx(holm(family["p"]))


def test_an_effect_that_the_family_takes_away_is_inconclusive_and_more_runs_would_tell(noisy):
    found = compared(noisy)
    sure = found["verdict"].isin(EFFECTS)
    again = judged(found.assign(p=np.where(sure, 0.04, found["p"])))
    lost = sure & (again["p_adjusted"] >= 0.05)
    assert lost.sum() > 5 and set(again.loc[lost, "verdict"]) == {"inconclusive"}
    assert (again.loc[lost, "runs_needed"] == 160).all()
    assert again.loc[~lost, "verdict"].equals(found.loc[~lost, "verdict"])


def test_held_parameters(noisy):
    found = compared(noisy, held=True)
    assert (found["low"] == found["mc_low"]).all() and set(found["draws"]) == {1} and set(found["mc_share"]) == {1}


def test_planted_effects_are_found_and_others_not():
    """Noise of 5% of capacity a run, 120 replications: one of 5% is seen, none of 0.2% is called an effect."""
    share = {"none": 1.0, "announcement": 1.002, "full": 1.1, "placebo": 1.0}
    verdicts = []
    for seed in range(20):
        cells = [(arm, "status_quo", 0) for arm in ARMS]
        runs = runs_of(cells, lambda arm, *_: share[arm], replications=120, noise=0.05, seed=seed)
        found = compared(runs.drop(columns=["policy", "intensity"]), factors=["arm"])
        verdicts.append(found[found["contrast"] == "switch"].set_index("arm")["verdict"])
    told = pd.DataFrame(verdicts)
    assert told["full"].isin(["raises", "lowers"]).mean() >= 0.9
    assert told[["announcement", "placebo"]].isin(["raises", "lowers"]).mean(axis=None) <= 0.1


# --- policies weighed ------------------------------------------------------------------------------------------------


def in_attacks(runs, **more):
    return compared(runs, ("rate", "harm"), percent=(), **more)


def test_frontier(runs):
    found = frontier(in_attacks(runs), STAFF).set_index(["arm", "policy", "intensity"])
    assert len(found) == 2 * 3
    mean = runs[(runs["arm"] == "none") & (runs["policy"] == "status_quo")]["capacity"].mean()
    half = found.loc["none", "exchange_kyc", 0.5]
    assert (half["averted"], half["harm"], half["staff_weeks"]) == pytest.approx((0.02 * 1.5 * mean, 100, 2.5))
    assert (half["agency"], half["outcome"], half["averted_verdict"], half["n"]) == (
        "regulator", "rate", "lowers", 80,
    )  # fmt: skip
    assert 0 < half["averted_low"] < half["averted"] < half["averted_high"]
    rate = runs[(runs["arm"] == "none") & (runs["policy"] == "status_quo")].groupby("draw")["rate"].mean()
    assert half["averted_median"] == pytest.approx(0.02 * rate.median(), rel=1e-3)  # of effects without luck
    army = found.loc["none", "kinetic_pressure", 1]
    assert (army["averted"], army["outcome"], army["staff_weeks"]) == (
        pytest.approx((1.5 - 0.75 * 0.8) * mean),
        "rate",
        100,
    )
    assert np.isnan([army["harm"], army["harm_low"], army["harm_high"]]).all()
    assert (half["harm_modelled"], army["harm_modelled"]) == ("yes", "no")
    assert half["usd_a_year"] == 2.5 * 6500 * 52 and np.isnan(army["usd_a_year"])  # no price is no price of zero
    ends = {"": "", "_low": "_high", "_high": "_low"}
    for end, other in ends.items():
        assert half[f"usd_per_averted{end}"] == pytest.approx(2.5 * 6500 / half[f"averted{other}"])
    assert (half["priced"], army["priced"]) == ("yes", "no") and np.isnan(army["usd_per_averted"])
    announced = found.loc["announcement", "exchange_kyc", 1]
    assert announced["averted"] == pytest.approx((0.04 + 0.0025) * 1.5 * mean)


def test_frontier_reads_what_was_written(runs):
    written = in_attacks(runs)
    assert text(frontier(pd.read_csv(io.StringIO(text(written))), STAFF)) == text(frontier(written, STAFF))


def test_frontier_wants_attacks_and_one_setting():
    cells = grid(routings=(0.1, 0.5), arms=("none",))
    runs = runs_of(cells, replications=6)
    with pytest.raises(ValueError, match="own units"):
        frontier(compared(runs, ("rate",)), STAFF)
    with pytest.raises(ValueError, match="hold the others"):
        frontier(in_attacks(runs), STAFF, where={})
    assert len(frontier(in_attacks(runs), STAFF)) == 3


def test_break_even(runs):
    """In none: takedown averts 4% of the rate, pressure 60% of it, but of capacity only 20%."""
    found = breakeven(runs, FACTORS, REFERENCE, in_attacks(runs), STAFF)
    about, usd = ["profile", "arm", "a", "b"], ["usd_of", "usd", "usd_low", "usd_high", "priced"]
    assert list(found) == [*about, "ratio", "ratio_low", "ratio_high", *usd, "verdict", "harm_modelled"]
    assert set(found["harm_modelled"]) == {"part"}
    rows = found.set_index(["arm", "a", "b"])
    assert len(rows) == 2 * 2
    pair = rows.loc["none", "exchange_kyc", "kinetic_pressure"]
    assert (pair["ratio"], pair["ratio_low"], pair["ratio_high"]) == pytest.approx((0.04 / 0.6,) * 3, abs=1e-6)
    assert pair["verdict"] == "lowers"
    dear = 5 * 6500 * 52 * 0.6 / 0.04  # of pressure where both avert as much: the price of the other over the ratio
    assert pair[["usd", "usd_low", "usd_high"]].tolist() == pytest.approx([dear] * 3, rel=1e-5)
    back = rows.loc["none", "kinetic_pressure", "exchange_kyc"]
    assert back["usd"] == pytest.approx(dear)
    assert (pair["usd_of"], pair["priced"], back["usd_of"], back["priced"]) == ("b", "yes", "a", "yes")
    assert rows.loc["none", "kinetic_pressure", "exchange_kyc"]["ratio"] == pytest.approx(15)
    announced = rows.loc["announcement", "exchange_kyc", "kinetic_pressure"]
    assert announced["ratio"] == pytest.approx(0.0425 / 0.6025)


def test_break_even_with_a_policy_that_averts_nothing():
    """As B it gives no ratio; as A it is practically none. One that raises attacks, or hardly averts any, is no B."""
    share = {"status_quo": 1.0, "good": 0.9, "idle": 1.0, "bad": 1.1, "weak": 0.997}
    cells = [("none", policy, int(policy != "status_quo")) for policy in share]
    runs = runs_of(cells, lambda _, policy, __: share[policy], noise=0.0005)
    own, policies = in_attacks(runs, factors=FACTORS[:3]), dict.fromkeys(share, ("fiu", 2.0, 10.0))
    found = breakeven(runs, FACTORS[:3], REFERENCE, own, policies).set_index(["a", "b"])
    assert found.loc[[(a, b) for a, b in found.index if b != "good"], "ratio"].isna().all()
    assert set(found.loc[[(a, b) for a, b in found.index if b != "good"], "verdict"]) == {"inconclusive"}
    idle = found.loc["idle", "good"]
    weak = in_attacks(runs, factors=FACTORS[:3]).set_index(["policy", "outcome"]).loc["weak", "rate"]
    assert weak["high"] < 0 and weak["verdict"] == "negligible"
    assert -0.05 < idle["ratio_low"] < idle["ratio_high"] < 0.05 and idle["verdict"] == "negligible"
    assert found.loc["bad", "good"]["ratio"] == pytest.approx(-1, abs=0.1)
    assert found.loc["bad", "good"]["usd"] == 0.0  # at no price


def test_staff_and_price_of_a_mix():
    cells = [("none", policy, int(policy != "status_quo")) for policy in ("status_quo", "a", "a+c")]
    runs = runs_of(cells, lambda _, policy, __: {"a": 0.9}.get(policy, 1.0))
    staff = {"a": ("fiu", 2.0, 10.0), "c": ("regulator", 1.0, np.nan)}
    weighed = frontier(in_attacks(runs, factors=FACTORS[:3]), staff).set_index("policy")
    mix = ["agency", "staff_weeks", "usd_a_year", "priced"]
    assert weighed.loc["a+c", mix].tolist() == ["fiu+regulator", 3.0, 2 * 10 * 52, "part"]
    mean = runs.loc[runs["policy"] == "status_quo", "rate"].mean()
    assert weighed.loc["a", "usd_per_averted"] == pytest.approx(20 / (0.1 * mean))


def test_costs_in_words():
    """A policy whose staff has no price is named and never costs zero; where none may be averted there is no limit."""
    about = {"profile": "x", "intensity": 1.0, "averted_verdict": "lowers", "usd_per_averted": 2e5}
    rows = [("exchange_kyc", "yes", 676e3, 1e5, np.inf), ("kinetic_pressure", "no", np.nan, np.nan, np.nan)]
    rows += [("exchange_kyc+channel_takedown", "part", 676e3, 1e5, 4e5)]
    names = ["policy", "priced", "usd_a_year", "usd_per_averted_low", "usd_per_averted_high"]
    table = pd.DataFrame(rows, columns=names).assign(**about)
    cells, note = costs(pd.concat([table, table.assign(averted_verdict="negligible")]), ["profile", "policy"])
    assert cells["policy"] == ["exchange_kyc", "exchange_kyc+channel_takedown"]
    assert cells["USD a year"] == ["676k", "at least 676k"]
    assert cells["USD an attack averted"] == ["200k (100k to ∞)", "at least 200k (100k to 400k)"]
    assert "Not priced: military pressure." in note
    assert "Not priced" not in costs(table[:1], ["policy"])[1]


def test_staff_has_the_price_of_the_scenario_unless_its_agency_has_none():
    plan = planned("study=privacy_switch", "policy=exchange_kyc,kinetic_pressure", "enforcement.staff_week=7000")
    found = policies_of(plan)
    assert found["exchange_kyc"] == ("regulator", 2.0, 7000.0)
    assert found["kinetic_pressure"][:2] == ("military", 100.0) and np.isnan(found["kinetic_pressure"][2])


def test_a_window_of_another_length_is_named():
    runs = runs_of(grid(("none", "full"), POLICIES[:1])).assign(capacity_26=1.0)
    table = compared(runs.assign(**{WINDOW: 39}), ["capacity", "capacity_26"])
    assert table.groupby("outcome")["window"].unique().map(list).to_dict() == {"capacity": [39], "capacity_26": [26]}
