"""The command of studies as a user types it: what it prints, what it writes, what it leaves alone."""

import json
import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from experiments import findings
from experiments.studies import DEFAULT
from experiments.study import adaptive, cli, executors, runner, so_far, worker
from experiments.study import spec as studies
from experiments.study.arguments import FLAGS, SETTINGS
from experiments.study.store import Folder
from sim.cli import frame
from sim.config import CONF
from sim.engine.jit import PLAIN
from sim.outcomes import OUTCOMES
from tests.study_helpers import SHORT, planned, table, thread, told

pytestmark = pytest.mark.skipif(PLAIN, reason="runs of a study take too long as plain Python")

ROOT = Path(__file__).resolve().parents[2]
MORE = ("population.donors=2000", *SHORT[1:])
"""Donors enough that a switch changes something."""
OUTCOME_COLUMNS = {*OUTCOMES} - {"share"}


@pytest.fixture
def typed(tmp_path, monkeypatch, capsys):
    """What the command says, in an empty folder; runs are made by a thread of this process."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(executors, "local", lambda workers: thread())

    return lambda *arguments: told(capsys, *arguments)


@pytest.mark.slow
def test_a_sweep_as_a_user_types_it(tmp_path):
    arguments = ["study=sweep", "arm=announcement,full", "replications=4", "combat.money=0.1,0.2", *MORE, "workers=2"]
    arguments += ["uncertain=plausible", "seeds_per_draw=2", "--full", "--no-brief"]
    said = subprocess.run(
        [sys.executable, "-m", "experiments", *arguments], cwd=tmp_path, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=600, encoding="utf-8",
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    head, names, *lines = said.stdout.splitlines()
    weeks = "means of the 52 weeks after the switch of 21 June 2020 (22 June 2020 to 20 June 2021)"
    assert head.startswith("Attacks a week") and head.endswith(weeks)
    assert names.split()[:2] == ["combat.money", "arm"] and names.split()[-1] == "verdict"
    assert {tuple(line.split()[:2]) for line in lines[:4]} == {
        (money, arm) for money in ("0.1", "0.2") for arm in ("announcement", "full")
    }
    files = (
        "runs.parquet, weekly.parquet, cells.csv, effects.csv, trends.csv, findings.csv, findings.json, codebook.csv"
    )
    assert lines[-2] == f"Files in results/sweep: {files}, provenance.json"
    assert "parameters are held" not in said.stdout
    assert "24 runs (6 cells) in results/sweep" in said.stderr and "24 of 24 runs" in said.stderr

    folder = tmp_path / "results" / "sweep"
    assert {path.name for path in folder.iterdir()} == {
        ".lock", "study.json", "plan.json.gz", "parts", "provenance.json", "figures", *files.split(", "),
    }  # fmt: skip
    runs = table(folder)
    assert list(runs.columns[:4]) == ["run", "replication", "draw", "seed"]
    assert {"arm", "policy", "intensity", "combat.money", "error"} <= {*runs.columns}
    drawn = {"choice.cost", "group.wage", "rails.bitcoin.volatility", "screening.block"}
    assert drawn <= {*runs.columns} and "rails.bank.volatility" not in runs
    assert {*OUTCOME_COLUMNS, "capacity_13", "capacity_79", "rate_13", "rate_79", *worker.MEASURES} <= {*runs.columns}
    assert runs.run.is_unique and runs.error.isna().all() and runs.capacity_79.notna().all()
    assert (runs.replication == runs.seed).all() and (runs.draw == runs.seed // 2).all()
    assert runs.groupby("draw")["choice.cost"].nunique().eq(1).all() and runs["choice.cost"].nunique() == 2
    given = runs.pivot(index=["seed", "combat.money"], columns="arm", values="campaign_delivered")
    assert (given["full"] != given["none"]).any(), "a switch changes what arrives"

    effects = pd.read_csv(folder / "effects.csv")
    assert {"id", "contrast", "arm", "combat.money", "outcome", "mean", "low", "high", "verdict", "n", "draws"} <= {
        *effects
    }
    row = effects[(effects.arm == "full") & (effects["combat.money"] == 0.1) & (effects.outcome == "capacity")].iloc[0]
    pairs = runs[runs["combat.money"] == 0.1].pivot(index="seed", columns="arm", values="capacity")
    assert row["mean"] == pytest.approx((100 * (pairs.full - pairs.none) / pairs.none).mean())
    assert (row.n, row.draws) == (4, 2)

    facts = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    assert facts["state"] == "finished" and facts["started"] <= facts["finished"]
    assert facts["command"] == f"python -m experiments {' '.join(arguments)}"
    assert (facts["runs"], facts["failed"], facts["replications"], facts["seed"]) == (24, 0, 4, "0 to 3")
    assert [one for one in facts["files"] if not one.startswith("figures/")] == files.split(", ")
    assert facts["study"]["uncertain"] == "plausible"
    assert facts["overrides"] == [*MORE]


def test_what_was_whole_before_a_study_is_extended_stays_whole():
    """Cells that take a fifth of the draws take more of a longer plan: theirs are missing where all others are done."""
    some = ["study=headline", "profile=donor_funded", "policy=exchange_kyc", "structure=default", *SHORT]
    before, after = (planned(*some, f"replications={count}") for count in (40, 80))
    done = {run.id for run in before.runs()}
    part = so_far.whole(after, done)
    assert part is not None and (part.draws, part.seeds) == (20, before.seeds)
    assert {run.id for run in part.runs()} == done
    assert so_far.whole(before, done) is None, "nothing is missing"
    first = {run.id for run in before.runs(before.seeds[:2])}
    assert so_far.whole(after, done - first) is None, "the first draw is not whole"
    policies = [number for number, cell in enumerate(before.cells) if cell.thin > 1]
    assert policies and all(before.draws_of(before.cells[number]) == 4 for number in policies)
    less = {run.id for run in before.runs() if not (run.cell in policies and run.draw == 2)}
    part = so_far.whole(after, less)
    assert part is not None and part.draws == 20 and {part.draws_of(part.cells[number]) for number in policies} == {2}
    assert {run.id for run in part.runs()} <= less


def test_the_trend_along_a_factor_is_that_of_the_same_replication(typed):
    code, out, _ = typed("study=sweep", "arm=full", "replications=4", "combat.money=0.1,0.2,0.4", "--full", *MORE)
    assert code == 0
    assert "parameters are held" in out
    folder = Path("results") / "sweep"
    runs, [row] = table(folder), pd.read_csv(folder / "trends.csv").to_dict("records")
    assert (row["contrast"], row["factor"], row["than"], row["level"]) == ("switch", "combat.money", 0.1, 0.4)
    rate = runs.pivot(index="seed", columns=["combat.money", "arm"], values="rate")
    effect = {money: 100 * (rate[money]["full"] / rate[money]["none"] - 1) for money in (0.1, 0.4)}
    assert row["mean"] == pytest.approx((effect[0.4] - effect[0.1]).mean())
    assert (row["verdict"], row["crossing"]) == ("inconclusive", "open") and "too few for a verdict" in out
    assert "from combat.money 0.1 to 0.4 the effect on the attack rate has an inconclusive trend" in " ".join(
        out.split()
    )


def test_trends_of_policies_each_by_its_outcome_and_of_words(typed):
    policies = "policy=status_quo,channel_takedown,kinetic_pressure"
    grid = ("intensity=0.5,1", "rails.monero.gap=0,2", "group=donor_funded,is_core")
    code, out, _ = typed("study=sweep", "arm=announcement", "replications=3", policies, *grid, "--full", *MORE)
    assert code == 0
    rows = pd.read_csv(Path("results") / "sweep" / "trends.csv")
    outcomes = rows.groupby("policy")["outcome"].unique().map(list).to_dict()
    assert outcomes == {"channel_takedown": ["rate"], "kinetic_pressure": ["rate"], "status_quo": ["rate"]}
    assert rows.groupby(["contrast", "factor"]).size().to_dict() == {
        ("policy", "group"): 2 * 2 * 2 * 3, ("policy", "intensity"): 2 * 2 * 2 * 3, ("policy", "rails.monero.gap"): 16,
        ("switch", "group"): 3, ("switch", "rails.monero.gap"): 2,
    }  # fmt: skip
    assert rows.loc[rows["factor"] == "group", "crossing"].isna().all()
    out = " ".join(out.split())
    assert "The switch (donor_funded): from rails.monero.gap 0 to 2" in out
    assert "Taking down channels (donor_funded, announcement, intensity 0.5): from rails.monero.gap 0 to 2" in out
    assert "more in trends.csv" not in out and out.startswith("What each policy changes of the switch effect")


def test_factors_that_are_walked_together_are_no_places_of_each_other(typed):
    walked = ("combat.money=0.1,0.2", "group.routing=0,0.1", "zip=[combat.money,group.routing]", "rails.monero.gap=1,2")
    out = " ".join(typed("study=sweep", "replications=2", "--full", *walked, *MORE)[1].split())
    rows = pd.read_csv(Path("results") / "sweep" / "trends.csv")
    assert rows["factor"].value_counts().to_dict() == {"combat.money": 3, "group.routing": 3, "rails.monero.gap": 3}
    assert rows.loc[rows["factor"] == "combat.money", ["combat.money", "group.routing"]].isna().all(axis=None)
    assert (
        out.count(", mean over rails.monero.gap;") == 2 == out.count(", mean over combat.money and group.routing;") * 2
    )


def test_runs_of_other_settings_are_spoken_of(typed):
    study = ["study=sweep", "arm=full", "replications=2", *SHORT]
    assert "other settings" not in typed(*study)[2]
    _, _, err = typed(*study, "combat.money=0.1,0.2")
    assert "4 runs of other settings stay in results/sweep; the tables leave them out" in err
    assert len(table(Path("results") / "sweep")) == 8


def test_a_plan_runs_nothing_and_makes_nothing(typed, tmp_path):
    code, out, err = typed("study=sweep", "--plan", "replications=500", "rails.monero.traceability=0.1,0.2", *SHORT)
    assert code == 0 and err == ""
    lines = [line.split() for line in out.splitlines()]
    assert ["rails.monero.traceability.link", "0.1,", "0.2"] in lines
    assert ["cells", "4"] in lines
    assert "runs                2,000, of which 0 are in results/sweep" in out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("typed_", [("group=donor_funded", "replications=60"), ("group=is_core", "replications=20")])
def test_a_plan_says_about_how_long_it_takes(typed_, typed, tmp_path):
    arguments = ("study=sweep", "combat.money=0.1,0.2", "workers=1", "--no-brief", *typed_)
    found = re.search(r"time +about (\d+) s on one core", typed(*arguments, "--plan")[1])
    began = time.monotonic()
    assert typed(*arguments)[0] == 0
    assert 0.25 < (time.monotonic() - began) / float(found[1]) < 4.0, "the machine may be busy now and not then"


def test_a_plan_counts_what_is_there_and_runs_that_cells_share_once(typed):
    arguments = ("study=sweep", "arm=full", "shocks.monero_only.size=0,0.5", *SHORT)
    assert typed(*arguments, "replications=1")[0] == 0
    out = typed(*arguments, "replications=3", "--plan")[1]
    assert "cells               4\n" in out
    assert "runs                9, of which 3 are in results/sweep" in out


def test_help_lists_studies_and_settings(typed, tmp_path):
    code, out, err = typed("--help")
    assert code == 0 and err == ""
    for name in studies.names():
        assert f"  {name} " in out and studies.load(name).doc in out
    for word in (*(f"\n  {key}=" for key in SETTINGS), *FLAGS, "[a,b]"):
        assert word in out
    assert f"the study (default: {DEFAULT})" in out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_what_cannot_be_printed_is_told():
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        said = subprocess.run(
            [sys.executable, "-m", "experiments", "--help"],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
    assert (said.returncode, said.stderr) == (1, "Could not write standard output: No space left on device\n")


def test_ctrl_c_while_a_finished_study_is_printed_leaves_it_finished(tmp_path, monkeypatch, capsys):
    """And an error that a library makes of Ctrl-C is Ctrl-C."""
    typed_ = ["study=sweep", "replications=1", "--no-figures", *SHORT, f"folder={tmp_path / 'made'}"]

    def breaks(*said: object, **how: object) -> None:
        if how.get("file") is sys.stderr:
            sys.stderr.write(f"{said[0]}\n")
        elif "Files in" in str(said[0]) or not isinstance(said[0], str):  # what is found is printed before
            monkeypatch.setattr(frame._Interrupt, "noted", True)
            raise SystemError("returned a result with an exception set")

    monkeypatch.setattr(frame._Interrupt, "taken", False)
    monkeypatch.setattr(executors, "local", lambda workers: thread())
    monkeypatch.setattr(cli, "print", breaks, raising=False)
    assert cli.run(typed_) == 130
    assert "Interrupted: 2 of 2 runs are finished in" in capsys.readouterr().err
    assert json.loads((tmp_path / "made" / "provenance.json").read_text(encoding="utf-8"))["state"] == "finished"
    monkeypatch.setattr(cli, "fill_missing", breaks)
    assert cli.run(typed_) == 130
    assert json.loads((tmp_path / "made" / "provenance.json").read_text(encoding="utf-8"))["state"] == "interrupted"
    monkeypatch.setattr(frame._Interrupt, "noted", False)
    with pytest.raises(SystemError):
        monkeypatch.setattr(cli, "fill_missing", lambda *_: (_ for _ in ()).throw(SystemError))
        cli.run(typed_)


@pytest.mark.parametrize("line", [["report", "a b"], ["--no-figures", "report", "a"], ["brief", "a"], ["export", "a"]])
def test_ctrl_c_says_what_is_not_made_where_nothing_is_run(monkeypatch, capsys, line):
    def interrupted(arguments: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_run", interrupted)
    assert cli.run(line) == 130
    word, said = line[-2], capsys.readouterr().err.splitlines()
    assert said[0] == f"Interrupted; the {word} was not made. To make it:"
    assert said[1] == f"  python -m experiments {shlex.join(line)}"
    assert cli.run(["study=sweep"]) == 130 and "nothing was run" in capsys.readouterr().err


def test_progress_in_a_log_is_lines_and_counts_the_runs_of_this_command(tmp_path, monkeypatch, capsys):
    def resumed(
        plan: object, folder: object, make: object, workers: int, size: int, tell: object, limit: float
    ) -> object:
        time.sleep(0.2)
        tell(None, progress := runner.Progress(1000, 900, 10))
        return progress

    monkeypatch.setattr(runner, "run_missing", resumed)
    settings, plan = cli.settings_and_plan(["study=sweep", "replications=500", f"folder={tmp_path}", *SHORT])
    cli.fill_missing(plan, Folder(tmp_path), settings, thread)
    said = capsys.readouterr().err
    assert "\r" not in said and [line.split(" |")[0] for line in said.splitlines()[:-1]] == [
        "0 of 1000 runs",
        "910 of 1000 runs",
    ]
    assert float(re.findall(r"([\d.]+) runs/s", said)[-1]) < 60, "10 in 0.2 s"


def test_ctrl_c_counts_the_runs_of_a_plan_that_has_grown(tmp_path, monkeypatch, capsys):
    first = [cli.fill_missing]

    def filled(*arguments: object) -> int:
        if not first:
            raise KeyboardInterrupt
        return first.pop()(*arguments)

    monkeypatch.setattr(executors, "local", lambda workers: thread())
    monkeypatch.setattr(cli, "fill_missing", filled)
    monkeypatch.setattr(adaptive.Adaptive, "next", lambda _, plan, folder: (plan.longer(range(2)), "more"))
    typed_ = ["study=sweep", "replications=1", "precision=verdict", "--no-figures", *SHORT, f"folder={tmp_path / 'a'}"]
    assert cli.run(typed_) == 130
    assert "2 of 4 runs are finished in" in capsys.readouterr().err


def test_ctrl_c_reports_the_draws_that_are_whole_and_the_same_command_goes_on(typed, tmp_path, monkeypatch):
    some = ["study=headline", "profile=donor_funded", "policy=exchange_kyc", "structure=default", "replications=12"]
    some += ["chunk=8", *MORE]
    add, left = Folder.add, [3]

    def interrupted(folder: Folder, part: object) -> object:
        if not left.append(left.pop() - 1) and left[0] < 0:
            raise KeyboardInterrupt
        return add(folder, part)

    with monkeypatch.context() as patch:
        patch.setattr(Folder, "add", interrupted)
        code, out, err = typed(*some, "--no-figures")
    folder = tmp_path / "results" / "headline"
    draws, runs = table(folder)["draw"].nunique(), len(table(folder))
    assert code == 130 and 0 < draws < 6
    assert f"{runs} runs, {draws} of 6 set" in out and "too few for a verdict" not in out
    assert f"The {draws} of 6 sets of assumptions that are whole are reported" in err
    assert err.rstrip().splitlines()[-1].startswith("  python -m experiments study=headline")
    assert table(folder)["error"].isna().all() and not set(table(folder)["policy"]) - {"status_quo", "exchange_kyc"}
    state = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    assert (state["state"], state["planned"], state["runs"]) == ("interrupted", 6, runs)
    again = typed("report", "results/headline", "--no-figures")
    assert again[0] == 0 and f"{runs} runs, {draws} of 6 set" in again[1], "the same draws"
    code, out, err = typed(*some, "--no-figures")
    assert code == 0 and ", 6 sets of assumptions" in out and "runs existed" in err
    whole = table(folder)
    typed(*some, "--no-figures", "folder=uninterrupted")
    pd.testing.assert_frame_equal(whole, table(tmp_path / "uninterrupted"))


def test_lines_on_the_switch_come_while_a_study_runs(typed, monkeypatch):
    monkeypatch.setattr(so_far, "EVERY", 0.0)
    monkeypatch.setattr(findings, "FEWEST", 2)
    some = ("study=headline", "profile=donor_funded", "policy=exchange_kyc", "structure=default", "replications=12")
    _, _, err = typed(*some, *MORE, "chunk=8", "--no-figures")
    lines = [line for line in err.splitlines() if "asking for Monero" in line]
    assert len(lines) > 1
    assert lines[0].startswith("So far, after 2 of 6 sets of assumptions, asking for Monero "), "not of one draw"
    counts = [int(line.split()[3]) for line in lines]
    assert counts == sorted(set(counts)), "a line is new"
    _, _, err = typed("study=validation", "replications=2", *MORE, "case=is_core", "chunk=2", "--no-figures")
    assert "asking for" not in err, "of a study without a switch there are none"


def test_help_lists_the_studies_of_a_users_own_folder(typed, tmp_path):
    own = tmp_path / "my" / "study"
    own.mkdir(parents=True)
    sweep = (CONF / "study" / "sweep.yaml").read_text(encoding="utf-8")
    (own / "mine.yaml").write_text(sweep.replace("doc: ", "doc: Mine, "), encoding="utf-8")
    (own / "broken.yaml").write_text("doc: [", encoding="utf-8")
    for words in (("--config-dir", "my"), ("--config-dir=my",)):
        code, out, _ = typed("--help", *words)
        assert code == 0 and "  mine                Mine, " in out and "study=broken lists the errors" in out
        assert "  privacy_switch " in out
    code, out, err = typed("--help", "--config-dir", "nowhere")
    assert code == 2 and out == "" and "--config-dir nowhere: there is no such folder" in err


def test_a_second_sitting_goes_on(typed, tmp_path):
    arguments = ("study=sweep", *SHORT)
    assert typed(*arguments, "replications=2")[0] == 0
    before = table(tmp_path / "results" / "sweep")
    code, _, err = typed(*arguments, "replications=5")
    assert code == 0 and "4 runs existed; 6 are new" in err
    after = table(tmp_path / "results" / "sweep")
    assert len(after) == 10 and after[after.seed < 2].equals(before)
    data = (tmp_path / "results" / "sweep" / "runs.parquet").read_bytes()
    code, _, err = typed(*arguments, "replications=5", "chunk=1")
    assert code == 0 and "10 runs existed; 0 are new" in err
    assert (tmp_path / "results" / "sweep" / "runs.parquet").read_bytes() == data


def test_precision_adds_replications(typed, tmp_path):
    arguments = ("study=sweep", "arm=full", *MORE, "group=donor_funded", "folder=made")
    assert typed(*arguments, "replications=4")[0] == 0
    effects = pd.read_csv(tmp_path / "made" / "effects.csv").set_index(["contrast", "outcome"])
    half = effects.mc_high.sub(effects.mc_low).div(2).loc["switch", "rate"]
    assert half > 0
    code, _, err = typed(*arguments, "replications=4", f"precision={0.7 * half:.6f}", "most=40")
    assert code == 0 and "replications" in err
    facts = json.loads((tmp_path / "made" / "provenance.json").read_text(encoding="utf-8"))
    assert 20 <= facts["replications"] <= 40 and facts["seed"] == f"0 to {facts['replications'] - 1}"
    assert len(table(tmp_path / "made")) == 2 * facts["replications"]
    code, _, err = typed(*arguments, "replications=4", "precision=0.000001", "most=6")
    assert code == 0 and "but most=6; it is not reached" in err
    assert len(table(tmp_path / "made")) == 12


OWN = """\
doc: Some runs that cannot be
report: sweep
replications: 6
seeds_per_draw: 1
uncertain: plausible
base: {arm: none, policy: status_quo, intensity: 1}
reference_levels: {arm: none, policy: status_quo}
extra_ranges: {giving.large_from: [100, 4000]}  # above the cap it contradicts it
overrides: [giving.cap=1000]
levels:
  arm:
    none: ["shocks.monero_only.enabled=false"]
    full: ["shocks.monero_only.mode=full"]
blocks:
  main: {vary: {arm: [none, full]}}
"""


def test_runs_that_fail_are_told_at_the_end(typed, tmp_path):
    (tmp_path / "my" / "study").mkdir(parents=True)
    (tmp_path / "my" / "study" / "own.yaml").write_text(OWN, encoding="utf-8")
    code, out, err = typed("--config-dir", "my", "study=own", "--full", *SHORT)
    runs = table(tmp_path / "results" / "own")
    failed = int(runs.error.notna().sum())
    assert code == 1 and 0 < failed < 12
    assert f"{failed} of 12 runs failed; the column error of runs.parquet has the reasons." in err
    assert out.startswith("Attacks a week"), "what can be said is said"
    facts = json.loads((tmp_path / "results" / "own" / "provenance.json").read_text(encoding="utf-8"))
    assert (facts["state"], facts["failed"]) == ("finished", failed)
    assert pd.read_csv(tmp_path / "results" / "own" / "effects.csv").n.max() == (12 - failed) // 2


def test_if_every_run_fails_there_is_a_table_all_the_same(typed, tmp_path, monkeypatch):
    def breaks(model):
        raise ArithmeticError("no")

    monkeypatch.setattr(worker, "outcomes_of", breaks)
    code, _, err = typed("study=sweep", "replications=2", *SHORT)
    assert code == 1 and "4 of 4 runs failed" in err
    assert (table(tmp_path / "results" / "sweep").error == "ArithmeticError: no").all()


def test_a_fault_of_the_program_is_told_and_recorded(tmp_path, monkeypatch):
    def breaks(*arguments):
        raise ZeroDivisionError

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(executors, "local", lambda workers: thread())
    monkeypatch.setattr("experiments.study.reporting.make", breaks)
    with pytest.raises(ZeroDivisionError):
        cli.run(["study=sweep", "replications=1", *SHORT])
    folder = tmp_path / "results" / "sweep"
    assert json.loads((folder / "provenance.json").read_text(encoding="utf-8"))["state"] == "failed"
    assert len(table(folder)) == 2, "what was run is there"


def test_the_full_study_small(typed, tmp_path):
    some = ("full", "profile=is_core", "policy=exchange_kyc", "replications=2", "seeds_per_draw=1", "--no-figures")
    code, out, _ = typed(*some, *SHORT)
    assert len(out.splitlines()) <= 25 and "names them all" in out
    assert code == 0 and "Files in results/privacy_switch" in out
    folder = tmp_path / "results" / "privacy_switch"
    for name in ("effects.csv", "frontier.csv", "breakeven.csv"):
        assert (folder / name).stat().st_size > 0
    assert not (folder / "figures").exists() and not list(folder.glob("brief*"))
    weekly = table(folder, "weekly")
    names = ["arm", "policy", "intensity", "profile", "group.routing", "world", "loop"]
    luck, series = ["run", "replication", "draw", "seed"], [*worker.WEEKLY]
    assert list(weekly.columns) == [*luck, *names, "week", "date", *series]
    assert {*series} == {"capacity", "capacity_core", "capacity_network", "rate", "campaign_given", "delivered"}
    assert set(weekly.arm) == {"none", "announcement", "full", "placebo", "placebo_none"}
    for name, level in (("policy", "status_quo"), ("group.routing", 0.1), ("world", "as_it_was"), ("loop", "on")):
        assert set(weekly[name]) == {level}
    assert len(weekly) == 5 * 2 * 87
    assert weekly.date.astype(str).unique()[[0, 1, -1]].tolist() == ["2020-05-04", "2020-05-11", "2021-12-27"]
    runs = table(folder)
    after = weekly[weekly.week.between(7, 58)].groupby("run").capacity.mean()
    main = runs.set_index("run").loc[after.index]
    assert after.to_numpy() == pytest.approx(main.capacity.to_numpy(), rel=1e-12), "52 weeks after the switch"
    assert pq.read_schema(folder / "weekly.parquet").field("date").type == "date32[day]"


def test_the_example_of_the_page_works(typed, tmp_path):
    page = (ROOT / "docs" / "studies.md").read_text(encoding="utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]
    (tmp_path / "my" / "study").mkdir(parents=True)
    (tmp_path / "my" / "study" / "own.yaml").write_text(example, encoding="utf-8")
    code, out, _ = typed("--config-dir", "my", "study=own", "replications=2", "--full", *SHORT)
    assert code == 0 and "\nAttacks a week with and without the switch" in out
    runs = table(tmp_path / "results" / "own")
    assert set(runs["combat.money"]) == {0.1, 0.15, 0.2} and set(runs.group) == {"is_core", "external_network"}
    assert (tmp_path / "results" / "own" / "weekly.parquet").exists()


@pytest.mark.usefixtures("every_form")
def test_a_sweep_says_what_is_swept_where_it_answers_and_every_brief(typed, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    arguments = ("study=sweep", "arm=full", "shocks.monero_only.size=0,0.9", "replications=20", "group=donor_funded")
    assert cli.run([*arguments, *MORE]) == 0
    out, err = capsys.readouterr()
    size = "60 runs (4 cells; runs that several cells share are made once)"
    assert f"Sweep of shocks.monero_only.size, with and without the switch: {size} in" in err
    folder = Path("results") / "sweep"
    assert f"{folder / 'brief.html'} is written" in err and f"{folder / 'brief.ar.html'} is written" in err
    assert "At share of donors lost 0, a full switch to Monero" in " ".join(out.split())
    assert "full switch (no gift stays behind)" in out
    answers = findings.read((folder / findings.FILE).read_bytes())
    switch = answers.of("switch")[0]
    assert answers.about["levels"] == {"shocks.monero_only.size": 0} and switch.more["mode"] == "full"
    swept = switch.more["swept"]
    assert swept["to"] == {"shocks.monero_only.size": 0.9} and swept["of"] == 1 and swept["verdict"] != "few"
    effects = pd.read_csv(folder / "effects.csv").query("contrast == 'switch' and outcome == 'rate' and window == 52")
    assert swept["median"] == pytest.approx(effects.set_index("shocks.monero_only.size").loc[0.9, "median"], rel=1e-5)
    book = pd.read_csv(folder / "codebook.csv", keep_default_na=False).set_index(["file", "column"])
    assert tuple(book.loc[("effects.csv", "shocks.monero_only.size"), ["label", "unit"]]) == (
        "share of the donors of a campaign who are lost by a full switch", "share",
    )  # fmt: skip
    assert book.loc[("effects.csv", "runs_needed"), "unit"] == book.loc[("effects.csv", "n"), "unit"] == "pairs"
