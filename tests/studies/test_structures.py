"""The study of structures: its structures, what holds in how many of them, effects by draw, the figure, the command."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from experiments.stats import contrasts
from experiments.studies.structures import figures, report
from experiments.study import spec
from experiments.study.tables import of_the_record
from sim.config import load
from sim.engine.jit import PLAIN
from sim.plots.layout import PRINT
from tests.study_helpers import SHORT, planned, told

TYPED = ("study=structures", "replications=4", "structure=default,own_constant", "policy=exchange_kyc", *SHORT)


@pytest.mark.slow
def test_a_structure_is_the_default_with_one_alternative_exchanged():
    levels = spec.load("structures").levels["structure"]
    rules = {name: load(*overrides).rules.model_dump() for name, overrides in levels.items()}
    default = rules["default"]
    others = {name: {key for key in default if one[key] != default[key]} for name, one in rules.items()}
    assert len(levels) == 14
    assert all(len(changed) == 1 for name, changed in others.items() if name not in ("default", "former", "rivals"))
    singles = [rules[name] | {"name": name} for name in others if len(others[name]) == 1]
    assert {one["name"] for one in singles} == {name for name, changed in others.items() if len(changed) == 1}


@pytest.mark.skipif(PLAIN, reason="runs of many weeks take too long as plain Python")
def test_a_constant_of_a_coin_with_a_predecessor_has_no_effect():
    from tests.paired import run

    more = ("population.donors=500", "shocks.monero_only.mode=announcement")
    liked, other = (run(1, *more, f"rails.monero.constant={constant}") for constant in (-3, -0.6))
    apart = run(1, *more, "rails.monero.constant=-0.6", "rules=own_constant")
    assert (liked.book["given"] == other.book["given"]).all()
    assert (apart.book["given"] != other.book["given"]).any()


EFFECTS = pd.DataFrame(
    [
        {"profile": "a", "effect": "full", "contrast": "switch", "outcome": "capacity", "elasticity": "plausible"}
        | {"structure": name, "verdict": verdict, "lower": lower, "below": below, "above": above, "draws": 40}
        for name, verdict, lower, below, above in (
            ("default", "lowers", 0.97, 0.8, 0.0), ("ces", "lowers", 0.95, 0.6, 0.01),
            ("lumpy", "depends", 0.7, 0.4, 0.2),
        )
    ]
)  # fmt: skip


def test_of_few_draws_nothing_is_stated_beyond_the_verdict():
    found = report.statements(EFFECTS.assign(draws=38))
    assert found["lowers"].tolist() == [True, True, False]
    assert not found[["falls", "mostly_lowers", "hardly_raises", "hardly_lowers"]].any(axis=None)


def test_conclusions_count_the_structures_in_which_they_hold():
    found = report.conclusions(EFFECTS).set_index("statement")
    assert found.loc["lowers", ["holds", "structures", "in", "where", "except"]].tolist() == [
        2,
        3,
        "most",
        "default+ces",
        "lumpy",
    ]
    assert found["in"].to_dict() == {
        "lowers": "most", "raises": "none", "negligible": "none", "depends": "one", "inconclusive": "none",
        "falls": "most", "mostly_lowers": "most", "hardly_raises": "most", "hardly_lowers": "none",
    }  # fmt: skip
    assert [report.extent(holds, 14) for holds in (0, 1, 7, 8, 14)] == ["none", "one", "some", "most", "all"]


def test_a_sentence_names_the_verdicts_and_the_exceptions():
    [words] = report.sentences(report.conclusions(EFFECTS), "1")
    assert "lowers in 2 of 3 structures (not lumpy) and depends in 1 of 3 structures (lumpy)" in words
    settled = report.conclusions(EFFECTS.assign(verdict="negligible", below=0.0, above=0.0))
    assert report.sentences(settled, "1")[0].endswith("by less than 1%: negligible in all 3 structures.")


def test_effects_by_draw_have_the_mean_of_the_estimate():
    noise = np.random.default_rng(3)
    keys = [(arm, replication) for arm in ("none", "full", "placebo", "placebo_none") for replication in range(8)]
    runs = pd.DataFrame(keys, columns=["arm", "replication"]).assign(error=None, capacity=noise.normal(10, 1, 32))
    runs["draw"] = runs["replication"] // 2
    reference = {"arm": "none"}
    found = contrasts.by_draw(runs, ["arm"], reference, "capacity")
    expected = contrasts.effects(runs, ["arm"], reference, ["capacity"]).set_index("id")
    assert {*found["id"]} == {*expected.index} and (found.groupby("id").size() == 4).all()
    assert found.groupby("id")["change"].mean().to_dict() == pytest.approx(expected["mean"].to_dict())


def test_every_draw_is_a_dot_of_the_figure():
    names, effects = ("default", "ces"), ("announcement", "full", "privacy")
    rows = [
        (name, "donor_funded", effect, draw, -draw / 3) for name in names for effect in effects for draw in range(9)
    ]
    draws = pd.DataFrame(rows, columns=["structure", "profile", "effect", "draw", "change"])
    found = report.conclusions(EFFECTS.assign(profile="donor_funded", effect="announcement", outcome="rate"))
    figure, title = figures.strips(draws, found, 1.0, dataclasses.replace(PRINT))
    assert title.startswith("Donor-funded group: the announcement hardly ever raises attacks in 2 of 2 structures")
    assert title.endswith(" with the adoption gap, in 0 of 0 without it")
    for axes, effect in zip(figure.axes, effects, strict=True):
        dots = [line.get_xdata() for line in axes.lines if line.get_marker() == "o"]
        own = draws[draws["effect"] == effect]
        assert [values.tolist() for values in dots] == [
            own[own["structure"] == one]["change"].tolist() for one in names
        ]
        assert axes.get_xscale() == "linear"
    assert figures.strips(draws, found.iloc[:0], 1.0, PRINT) is None


@pytest.mark.slow
@pytest.mark.skipif(PLAIN, reason="runs of many weeks take too long as plain Python")
def test_the_study_as_a_user_types_it(here, capsys):
    code, said, error = told(capsys, *TYPED, "--full")
    assert code == 0 and "Traceback" not in error
    assert "Announcing the switch" in said and "2 draws are too few" in said
    folder = here / "results" / "structures"
    effects, draws = (pd.read_csv(folder / f"{name}.csv") for name in ("effects", "draws"))
    assert {*effects["effect"].dropna()} == {"announcement", "full", "privacy", "exchange_kyc"}
    assert effects["id"].is_unique
    assert {*draws["structure"]} == {"default", "own_constant"}
    own = draws.query("structure == 'default' and profile == 'donor_funded' and effect == 'full'")
    row = effects.query("id == 'switch/full/status_quo/default/donor_funded/rate/plausible'").iloc[0]
    assert row["mean"] == pytest.approx(own["change"].mean()) and row["lower"] == (own["change"] < 0).mean()
    assert pd.read_csv(folder / "codebook.csv")["label"].notna().all()
    assert {file.stem for file in (folder / "figures" / "analyst").glob("*.png")} == {
        "1_structures_is_core", "2_structures_donor_funded",
    }  # fmt: skip


def test_the_record_keeps_the_draws_whose_elasticity_it_holds(tmp_path):
    plan = planned(
        "study=structures", "replications=16", "structure=default", "arm=full", "policy=exchange_kyc", *SHORT
    )
    money = np.linspace(0.02, 0.4, len(list(plan.runs())))
    runs = pd.DataFrame({"run": range(len(money)), "draw": range(len(money)), "combat.money": money})
    runs.to_parquet(tmp_path / "runs.parquet")

    class Made:
        path = tmp_path

    kept = of_the_record(plan, Made(), runs)["combat.money"]
    assert kept.tolist() == [one for one in money if 0.08 <= one <= 0.25] and 0 < len(kept) < len(money)
