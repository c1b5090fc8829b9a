"""A sweep of the command is one study: one table, resumed in its folder, the same bytes however it came about."""

import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from experiments.study import executors, sweeping, worker
from experiments.study.store import Folder
from sim.cli import entry
from sim.config import CONF, Request
from sim.engine.jit import PLAIN

pytestmark = pytest.mark.skipif(PLAIN, reason="needs many runs")

SMALL = ("population.donors=20", "horizon.start=2020-06-01", "horizon.weeks=60")
RUNS = "runs.parquet"


@pytest.fixture
def study(tmp_path, monkeypatch, capsys):
    """Makes the study as the sweeper does, without Hydra around it; gives the exit code, and what was said."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments, into="swept", **more):
        code = sweeping.sweep(Request([*SMALL, *arguments], sweep=True), Path(into), seed=1, **more)
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def sweep(tmp_path, monkeypatch, capsys):
    """Calls ``python -m sim -m`` in a folder of its own; gives the exit code, and what was said."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["__main__.py"])

    def call(*arguments, into="swept"):
        folder = [f"hydra.sweep.dir={into}"] if into else []
        try:
            code = entry.run(["-m", *SMALL, *arguments, *folder])
        except SystemExit as stop:
            code = stop.code
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def table(folder):
    return pq.read_table(folder / RUNS).to_pandas()


def test_a_sweep_has_one_table_with_both_arms_on_the_same_luck(sweep, tmp_path):
    code, out, _ = sweep("policy=status_quo,[exchange_kyc,adaptive]", "combat.money=0.1,0.3", "seed=range(0,3)")
    assert code == 0
    runs = table(tmp_path / "swept")
    assert list(runs.columns[:8]) == ["run", "replication", "draw", "seed", "arm", "policy", "combat.money", "error"]
    assert len(runs) == 24 and runs["run"].is_unique and runs["error"].isna().all()
    cells = runs[["seed", "policy", "combat.money", "arm"]].itertuples(index=False, name=None)
    policies = ("status_quo", "exchange_kyc+adaptive")
    assert list(cells) == [
        (seed, policy, money, arm)
        for seed in range(3)
        for policy in policies
        for money in (0.1, 0.3)
        for arm in ("with", "none")
    ]
    effects = pd.read_csv(tmp_path / "swept" / "effects.csv")
    capacity = effects[effects["outcome"] == "capacity"]
    assert capacity["contrast"].value_counts().to_dict() == {"switch": 4, "policy": 4, "interaction": 2}
    assert (capacity["n"] == 3).all()
    first, _, switch = out.partition("\n\n")
    assert first.startswith("What each policy changes of the switch effect"), "what undoes the switch comes first"
    assert len(first.splitlines()) == 4
    lines = [line.split()[:2] for line in switch.splitlines()]
    assert lines[2:6] == [[policy, str(money)] for policy in policies for money in (0.1, 0.3)], "a line a job"
    files = "weekly.parquet, cells.csv, effects.csv, trends.csv, findings.csv, findings.json, brief.html, codebook.csv"
    assert out.splitlines()[-2:] == [
        f"Files in swept: runs.parquet, {files}, provenance.json",
        "Figures in swept/figures/analyst: 1_switch, 2_policy, 3_interaction, 4_paths (png, svg)",
    ]
    trends = pd.read_csv(tmp_path / "swept" / "trends.csv")
    assert trends[["contrast", "policy"]].to_numpy().tolist() == [
        ["switch", "status_quo"], ["policy", "exchange_kyc+adaptive"], ["policy", "exchange_kyc+adaptive"],
    ]  # fmt: skip
    facts = json.loads((tmp_path / "swept" / "provenance.json").read_text(encoding="utf-8"))
    assert facts["state"] == "finished" and facts["seed"] == "0 to 2" and facts["runs"] == 24
    assert not list(tmp_path.glob("outputs")) and not list(tmp_path.glob("multirun"))


def test_the_switch_has_a_trend_under_each_policy_if_none_is_the_status_quo(study, tmp_path):
    code, out, _ = study("policy=exchange_kyc,channel_takedown", "combat.money=0.1,0.3", "seed=range(0,2)")
    assert code == 0
    trends = pd.read_csv(tmp_path / "swept" / "trends.csv")
    assert list(zip(trends["contrast"], trends["policy"], strict=True)) == [
        ("switch", "exchange_kyc"), ("switch", "channel_takedown")
    ]  # fmt: skip
    assert (
        "The switch (checking identities at exchanges): from combat.money 0.1 to 0.3" in out
        and "The switch (taking down channels)" in out
    )


def test_what_is_there_is_not_run_again_and_a_sweep_may_grow(study, tmp_path, monkeypatch):
    started = []
    monkeypatch.setattr(executors, "local", lambda workers: started.append(workers) or executors.InlineExecutor())
    folder = tmp_path / "swept"
    assert study("combat.money=0.1,0.2", "seed=range(0,2)")[0] == 0
    first, parts = (folder / RUNS).read_bytes(), sorted((folder / "parts").iterdir())
    code, _, err = study("combat.money=0.1,0.2", "seed=range(0,2)")
    assert code == 0 and "8 runs existed; 0 are new" in err
    assert (folder / RUNS).read_bytes() == first and sorted((folder / "parts").iterdir()) == parts
    small = table(folder)
    code, _, err = study("combat.money=0.1,0.2", "seed=range(0,4)", workers=2)
    assert code == 0 and "8 runs existed; 8 are new" in err
    assert started == [2], "workers only where they are asked for, or pay"
    pd.testing.assert_frame_equal(table(folder)[:8], small)
    study("combat.money=0.1,0.2", "seed=range(0,4)", into="at_once")
    assert (tmp_path / "at_once" / RUNS).read_bytes() == (folder / RUNS).read_bytes()


def test_after_ctrl_c_the_command_that_is_printed_goes_on_to_the_same_bytes(sweep, study, tmp_path, monkeypatch):
    whole = ("seed=range(0,6)", "hydra.sweeper.chunk=2")
    assert study("seed=range(0,6)", into="whole", chunk=100)[0] == 0
    add, kept = Folder.add, []

    def interrupted(folder, rows):
        add(folder, rows)
        kept.append(len(rows))
        if len(kept) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(Folder, "add", interrupted)
    code, out, err = sweep(*whole, into=None)
    monkeypatch.setattr(Folder, "add", add)
    assert (code == 130 and "2 seeds" in out) or "2  unchanged in 2 of 2" in out, "of what is whole"
    (folder,) = tmp_path.glob("multirun/*/*")
    name = folder.relative_to(tmp_path)
    assert "To go on" in err
    again = err.splitlines()[-1].split()
    assert again[:4] == ["python", "-m", "sim", "-m"] and again[-1] == f"hydra.sweep.dir={name}"
    assert json.loads((folder / "provenance.json").read_text(encoding="utf-8"))["state"] == "interrupted"
    code, _, err = sweep(*whole, into=name)
    assert code == 0 and "4 runs existed; 8 are new" in err
    assert (folder / RUNS).read_bytes() == (tmp_path / "whole" / RUNS).read_bytes()


def test_a_rail_of_ones_own_can_be_swept(sweep, tmp_path):
    mine = tmp_path / "my own" / "rail"
    mine.mkdir(parents=True)
    text = (CONF / "rail" / "bitcoin.yaml").read_text(encoding="utf-8").split("\n", 1)[1]
    (mine / "mycoin.yaml").write_text("# @package rails.mycoin\n" + text, encoding="utf-8")
    rails = "rail=[bank,cash,hawala,bitcoin,stablecoin,monero,mycoin]"
    code, _, err = sweep("--config-dir", "my own", rails, "shocks.monero_only.rail=monero,mycoin", "seed=3")
    assert code == 0, err
    runs = table(tmp_path / "swept")
    assert list(runs["shocks.monero_only.rail"]) == ["monero", "monero", "mycoin", "mycoin"]
    assert set(runs["seed"]) == {3}
    without = runs[runs["arm"] == "none"].drop(columns=["run", "shocks.monero_only.rail"])
    pd.testing.assert_frame_equal(without[:1].reset_index(drop=True), without[1:].reset_index(drop=True))


def test_only_a_folder_of_the_same_sweep_is_gone_on_with(sweep, tmp_path):
    assert sweep("seed=1,2")[0] == 0
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("keep", encoding="utf-8")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    code, out, err = sweep("vendor=careful,eager", "seed=1,2")
    assert code == 2 and out == "" and "hydra.sweep.dir=swept: holds the study sweep of seeds with" in err
    code, _, err = sweep("seed=1,2", into="full")
    assert code == 2 and "hydra.sweep.dir=full: exists already; nothing is written over" in err
    code, _, err = sweep("seed=1,2", "hydra/sweeper=basic", "--no-figures")
    assert code == 2 and "exists already" in err
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["seed=1,x", "combat.money=0.1,7", "vendor=eagre"], ["seed=1,x", "combat.money=0.1,7", "nearest: eager"]),
        (["--ledger", "seed=1,2"], ["--ledger: many runs have one table and no ledgers; hydra/sweeper=basic"]),
        (
            ["population.donors=${seed}", "seed=10,20"],
            ["population.donors=${seed}: values cannot depend on the seed in a multi-seed sweep"],
        ),
        (["vendor=glob(x*)"], ["vendor=glob(x*): matches nothing"]),
        (["hydra.sweeper.workers=0", "hydra.sweeper.chunk=x"], ["sweeper.workers=0: must be", "sweeper.chunk=x: must"]),
        (["hydra.sweeper.params={combat.money: '0.1,7'}"], ["combat.money", "allowed is"]),
        (["hydra.sweeper.params=[1]"], ["hydra.sweeper.params=[1]: must be keys with values"]),
        (["+hydra.sweeper.worker=2"], ["hydra.sweeper.worker: unknown key"]),
        (["combat.money=range(0.1,0.4,0.002)", "choice.cost=-1,1,2"], ["choice.cost=-1,1,2"]),
        (["--cfg", "job"], ["-m: leave it out"]),
    ],
)
def test_bad_input_is_told_at_once_and_makes_no_folder(sweep, tmp_path, arguments, said):
    code, out, err = sweep(*arguments)
    assert code == 2 and out == ""
    assert all(words in err for words in said), err
    assert "Traceback" not in err and list(tmp_path.iterdir()) == []


def test_a_failed_run_is_a_row_with_its_error(study, tmp_path, monkeypatch):
    outcomes_of = worker.outcomes_of

    def failing(model):
        if model.config.seed == 2:
            raise ArithmeticError("books do not balance")
        return outcomes_of(model)

    monkeypatch.setattr(worker, "outcomes_of", failing)
    code, _, err = study("vendor=glob(*,exclude=[loud,sharp])", "seed=1,2,3")
    assert code == 1 and "4 of 12 runs failed; the column error of runs.parquet has the reasons" in err
    runs = table(tmp_path / "swept").set_index("seed")
    assert list(runs.loc[2, "error"]) == ["ArithmeticError: books do not balance"] * 4
    assert set(runs["vendor"]) == {"careful", "eager"}
    assert runs.loc[[1, 3], "error"].isna().all() and runs.loc[[1, 3], "capacity"].notna().all()


def test_without_the_status_quo_each_policy_has_its_switch_effect_and_no_run_is_added(study, tmp_path):
    assert study("policy=exchange_kyc,adaptive", "seed=0,1")[0] == 0
    assert len(table(tmp_path / "swept")) == 8
    effects = pd.read_csv(tmp_path / "swept" / "effects.csv")
    assert set(effects["contrast"]) == {"switch"} and set(effects["policy"]) == {"exchange_kyc", "adaptive"}
    assert study("policy=status_quo,exchange_kyc,adaptive", "seed=0,1")[0] == 0
    more = pd.read_csv(tmp_path / "swept" / "effects.csv")
    assert set(effects["id"]) < set(more["id"])


def test_without_a_switch_there_is_nothing_to_leave_out(study, tmp_path):
    code, out, _ = study("shock=[],[monero_only]", "policy=status_quo,adaptive")
    assert code == 0
    arms = table(tmp_path / "swept").groupby("shock")["arm"].unique().map(list).to_dict()
    assert arms == {"nothing": ["with"], "monero_only": ["with", "none"]}
    assert out.count("no switch") == 2
    code, out, _ = study("shock=[]", "policy=status_quo,adaptive", into="none")
    assert code == 0 and set(table(tmp_path / "none")["arm"]) == {"with"}
    assert set(pd.read_csv(tmp_path / "none" / "effects.csv")["contrast"]) == {"policy"}


def test_every_job_has_a_line(study):
    code, out, _ = study("combat.money=range(0.1,0.595,0.01)", "horizon.weeks=56")
    assert code == 0
    assert sum(line.startswith("0.") for line in out.splitlines()) == 50


@pytest.mark.slow
def test_without_experiments_hydras_own_sweeper_is_used(sweep, tmp_path, monkeypatch):
    monkeypatch.setattr(entry, "find_spec", lambda name: None)
    code, out, _ = sweep("--no-figures", "seed=range(1,2)")
    assert code == 0 and [line[:2] for line in out.splitlines()] == ["#0"]
    assert {path.name for path in (tmp_path / "swept").iterdir()} == {"0", "multirun.yaml"}
