"""Adaptive design: runs go where a verdict is open and runs would close it, and nowhere else."""

import itertools
import json

import numpy as np
import pandas as pd
import pytest

from experiments.stats.estimates import INCONCLUSIVE, estimates
from experiments.study import executors, saved_plan
from experiments.study.adaptive import Adaptive, verdicts
from experiments.study.design import Plan
from experiments.study.store import Folder
from sim.engine.jit import PLAIN
from tests.study.test_verdicts import PLANTED, differences, shares
from tests.study_helpers import SHORT, planned, table, thread, told

POLICIES = ("exchange_kyc", "issuer_freezing", "chain_analytics", "counter_inspiration")
STUDY = ("study=sweep", "arm=full", f"policy=status_quo,{','.join(POLICIES)}", "uncertain=plausible")


def effect(policy: str, arm: str, draw: int, seed: int) -> float:
    """A planted change of attacks in per cent: clear, negligible, dependent on the draw, or clear but noisy."""
    by_draw, noise = (np.random.default_rng([place, *some]) for place, some in enumerate(((draw,), (seed,))))
    skewed = float(by_draw.lognormal(0.0, 0.3))
    found = {"exchange_kyc": -8.0 * skewed, "chain_analytics": 6.0 * (skewed - 1.0)}.get(policy, 0.0)
    if policy == "counter_inspiration":
        found = -5.0 * skewed + 4.0 * float(noise.normal())
    return found - 12.0 * skewed * (arm == "full")


def plant(plan: Plan, folder: Folder) -> None:
    """Write the run table that a plan would have under the planted effects."""
    rows = []
    for run in plan.runs():
        levels = plan.cells[run.cell].levels
        change = effect(str(levels["policy"]), str(levels["arm"]), run.draw, run.seed)
        about = {"run": run.id, "replication": run.seed, "draw": run.draw, "seed": run.seed, "error": None}
        rows.append(about | levels | {"rate": 10.0 + change / 10.0})
    folder.path.mkdir(exist_ok=True)
    pd.DataFrame(rows).astype({"intensity": float}).to_parquet(folder.path / "runs.parquet")


def adapted(plan: Plan, folder: Folder, most: int = 4000) -> tuple[list[Plan], Adaptive, str]:
    """Every plan of an adaptive design in turn, its verdicts and its last words."""
    design, plans, words = Adaptive(most), [plan], ""
    for _ in range(20):
        plant(plans[-1], folder)
        more, words = design.next(plans[-1], folder)
        if more is None:
            break
        plans.append(more)
    return plans, design, words


def test_runs_go_where_they_would_close_a_verdict(tmp_path):
    folder = Folder(tmp_path / "planted")
    plans, design, words = adapted(planned(*STUDY, "replications=8", "seeds_per_draw=2"), folder)
    last, found = plans[-1], design.found["verdict"]
    by_policy = {name: found[f"policy/none/{name}/intensity=1"] for name in POLICIES}
    assert by_policy == dict(zip(POLICIES, ("lowers", "negligible", "depends", "lowers"), strict=True))
    assert found["switch/full/status_quo"] == "lowers"
    pairs = {(cell.levels["policy"], cell.levels["arm"]): (last.draws_of(cell), cell.rounds) for cell in last.cells}
    assert all(draws == 39 for draws, _ in pairs.values()) and last.draws == 39
    noisy = {key for key, (_, rounds) in pairs.items() if rounds > 1}
    assert noisy == {(policy, arm) for policy in ("counter_inspiration", "status_quo") for arm in ("none", "full")}
    facts = design.facts()
    assert len(facts["closed"]) == 7 and facts["depends"] == [
        f"policy/{a}/chain_analytics/intensity=1" for a in ("full", "none")
    ]
    assert not facts["runs_would_close"] and not facts["no_runs_would_close"]
    assert "2 verdicts depend on parameters" in words and "chain analytics (full switch)" in words
    assert "7 verdicts were closed by runs that were added: full switch, " in words and "/" not in words

    plain = last.longer(
        last.seeds, cells=[cell.model_copy(update={"rounds": max(pairs.values())[1]}) for cell in last.cells]
    )
    plant(plain, folder)
    assert verdicts(plain, folder)["verdict"].equals(found)
    assert last.size < 0.75 * plain.size


def test_no_run_is_lost_and_ids_stay(tmp_path):
    plans, *_ = adapted(planned(*STUDY, "replications=5", "seeds_per_draw=2"), Folder(tmp_path / "planted"))
    runs = [{run.id for run in plan.runs()} for plan in plans]
    assert len(plans) > 2 and all(before < after for before, after in itertools.pairwise(runs))
    again = Plan.from_json(plans[-1].as_json(), ours=True)
    assert list(again.runs()) == list(plans[-1].runs())
    rounds = max(cell.rounds for cell in again.cells)
    seeds = pd.Series([run.draw for run in again.runs() if again.cells[run.cell].rounds == rounds])
    assert set(seeds.value_counts()) == {2 * rounds * sum(cell.rounds == rounds for cell in again.cells)}


def test_cells_of_fewer_draws_catch_up_and_others_keep_theirs(tmp_path):
    plan = planned(*STUDY, "replications=100", "seeds_per_draw=2")
    thin = [
        cell.model_copy(update={"thin": 5 if cell.levels["policy"] == "exchange_kyc" else 1}) for cell in plan.cells
    ]
    plans, *_ = adapted(plan.longer(plan.seeds, cells=thin), Folder(tmp_path / "planted"))
    counts = [{str(cell.levels["policy"]): one.draws_of(cell) for cell in one.cells} for one in plans]
    assert counts[0]["exchange_kyc"] == 10 and counts[-1]["exchange_kyc"] == 39
    assert all(one[name] == 50 for one in counts for name in one if name != "exchange_kyc")


def test_most_limits_it(tmp_path):
    plans, design, words = adapted(planned(*STUDY, "replications=8", "seeds_per_draw=2"), Folder(tmp_path / "a"), 100)
    assert len(plans[-1].seeds) == 78
    needed = design.facts()["runs_would_close"]
    assert set(needed) == {f"policy/{arm}/counter_inspiration/intensity=1" for arm in ("full", "none")}
    assert min(needed.values()) >= 156 and "most=100; so many replications would tell" in words
    plans, design, words = adapted(planned(*STUDY, "replications=8", "seeds_per_draw=2"), Folder(tmp_path / "b"), 20)
    assert len(plans) == 1 and set(design.facts()["runs_would_close"].values()) == {78}


@pytest.mark.parametrize("seeds_per_draw", [1, 3])
def test_any_number_of_seeds_a_draw(tmp_path, seeds_per_draw):
    plan = planned(*STUDY, "replications=10", f"seeds_per_draw={seeds_per_draw}")
    _, design, _ = adapted(plan, Folder(tmp_path / "planted"))
    found = design.found["verdict"]
    assert found["policy/none/chain_analytics/intensity=1"] == "depends"
    assert (
        found["policy/none/exchange_kyc/intensity=1"]
        == found["policy/none/counter_inspiration/intensity=1"]
        == "lowers"
    )


def test_held_parameters(tmp_path):
    plan = planned(*STUDY[:-1], "uncertain=none", "replications=4")
    plans, design, _ = adapted(plan, Folder(tmp_path / "planted"))
    assert plans[-1].cycle is None and set(design.found["verdict"]) <= {
        "lowers",
        "raises",
        "negligible",
        "inconclusive",
    }
    assert design.found["verdict"]["policy/none/exchange_kyc/intensity=1"] == "lowers"
    assert len(plans[1].seeds) == 20


def test_nothing_to_compare(tmp_path):
    plan = planned("study=sweep", "arm=none", "policy=status_quo", "replications=2")
    plans, design, words = adapted(plan.longer(plan.seeds), Folder(tmp_path / "planted"))
    assert len(plans) == 1 and "no verdict to close" in words and design.facts() == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["zero, noise 1", "normal, 1 ± 1, noise 1.5", "skewed, one sign, noise 60 %"])
def test_looking_again_makes_verdicts_no_worse(name):
    """Seeds are doubled until a verdict is closed, or no runs would close it."""
    one, contrasts, draws, rounds = PLANTED[name], 200, 39, (1, 2, 4, 8, 16)
    most = rounds[-1] * one.seeds
    pairs = differences(one._replace(seeds=most), np.random.default_rng(3), contrasts, draws)
    pairs, words, hopeless = (
        pairs.reshape(contrasts, draws, most),
        np.full(contrasts, INCONCLUSIVE, "U12"),
        np.zeros(contrasts),
    )
    looks = []
    for count in (one.seeds * times for times in rounds):
        open_ = np.flatnonzero((words == INCONCLUSIVE) & (hopeless == 0))
        if len(open_):
            some = pairs[open_, :, :count].reshape(len(open_), -1)
            found = estimates(some, np.repeat(np.arange(draws), count), margin=1.0)
            words[open_], hopeless[open_] = zip(
                *((each.verdict, np.isnan(each.runs_needed)) for each in found), strict=True
            )
        looks.append(shares(one, words.tolist()))
    (first, *_), (right, _, wrong) = looks[0], looks[-1]
    assert right >= 0.8 > first and wrong <= 0.05


@pytest.mark.skipif(PLAIN, reason="runs of a study take too long as plain Python")
def test_typed_reported_and_typed_again(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(executors, "local", lambda workers: thread())
    typed = ("study=sweep", "arm=full", "replications=4", "uncertain=plausible", "seeds_per_draw=2", *SHORT)
    typed += ("precision=verdict", "most=100", "folder=made", "--no-figures")
    code, out, _ = told(capsys, *typed, "--plan")
    assert code == 0 and "most=100" in out
    code, out, err = told(capsys, *typed)
    assert code == 0 and "The verdict is inconclusive; " in err and "1 verdict" in err
    before = {file.name: file.read_bytes() for file in (tmp_path / "made").glob("*.csv")}
    plan = saved_plan.load(tmp_path / "made", ours=True)
    facts = json.loads((tmp_path / "made" / "provenance.json").read_text(encoding="utf-8"))
    assert plan.draws == 39 and len(table(tmp_path / "made")) == plan.size and facts["replications"] == len(plan.seeds)
    assert set(facts["verdicts"]) == {"closed", "depends", "runs_would_close", "no_runs_would_close"}
    code, out_again, err = told(capsys, *typed)
    assert code == 0 and out_again == out and "0 are new" in err and "other settings" not in err
    assert told(capsys, "report", "made", "folder=again", "--no-figures")[0] == 0
    for name, data in before.items():
        assert (tmp_path / "made" / name).read_bytes() == (tmp_path / "again" / name).read_bytes() == data
