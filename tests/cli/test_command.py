"""The command as a user types it, in a folder that is not the repository."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sim.config import CONF
from sim.engine.parameters import table
from sim.scenario import Scenario

ROOT = Path(__file__).resolve().parents[2]
SMALL = "population.donors=300"


def command(*arguments, module="sim"):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return {"args": [sys.executable, "-m", module, *arguments], "env": environment}


def run(folder, *arguments):
    return subprocess.run(**command(*arguments), cwd=folder, capture_output=True, text=True, timeout=600)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with a space in its name, a user's rail, and one whole run with it."""
    folder = tmp_path_factory.mktemp("a user")
    (folder / "my own" / "rail").mkdir(parents=True)
    text = (CONF / "rail" / "bitcoin.yaml").read_text(encoding="utf-8").split("\n", 1)[1]
    (folder / "my own" / "rail" / "mycoin.yaml").write_text("# @package rails.mycoin\n" + text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def done(place):
    arguments = ["--config-dir", "my own", "rail=[bank,cash,hawala,bitcoin,stablecoin,monero,mycoin]"]
    arguments += [SMALL, "rails.monero.traceability=0.05", "policy=[exchange_kyc,channel_takedown]", "--ledger"]
    return run(place, *arguments, "hydra.run.dir=results/first")


def test_a_run_prints_outcomes_and_writes_files(place, done):
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    assert lines[0].startswith("Group is_core; policies: exchange_kyc and channel_takedown; seed 1; changed:")
    assert lines[1].startswith("switch effect on attack capacity, 52 weeks after"), "the estimand comes first"
    heads = [n for n, line in enumerate(lines) if line.split()[-3:] == ["difference", "per", "cent"]]
    assert [lines[n].split()[0] for n in heads] == ["policy", "with"], "the policy against none, then the switch"
    assert all(lines[n + 1].startswith("attack capacity  ") for n in heads)
    assert "results/first" in lines[-2] + lines[-1]
    folder = place / "results" / "first"
    names = {path.name for path in folder.iterdir()}
    assert names == {
        "config.yaml", "weekly_with.parquet", "weekly_without.parquet", "weekly_status_quo.parquet", "ledger.parquet",
        "policy.csv", "measures.csv", "summary.csv", "growth.csv", "codebook.csv", "provenance.json", "figures",
    }  # fmt: skip
    drawn = {path.suffix for path in (folder / "figures").iterdir()}
    assert drawn == {".png", ".svg"}
    for name in ("weekly_with", "weekly_without"):
        data = pq.read_table(folder / f"{name}.parquet")
        assert data.num_rows == 260
        assert data.column_names[:2] == ["week", "date"]
        about = data.schema.field("capacity").metadata
        assert about[b"unit"] == b"attacks/week" and about[b"label"] and about[b"better"] == b"lower"
        assert "given_mycoin" in data.column_names
    ledger = pq.read_table(folder / "ledger.parquet")
    assert {"donor", "rail", "linked", "found"} <= set(ledger.column_names)


def test_provenance_is_whole(place, done):
    facts = json.loads((place / "results" / "first" / "provenance.json").read_text(encoding="utf-8"))
    assert facts["state"] == "finished" and facts["started"] <= facts["finished"]
    assert facts["seed"] == 1 and len(facts["mathematics"]) == 16
    assert "rails.monero.traceability.link=0.05" in facts["overrides"]
    assert facts["command"].startswith("python -m sim --config-dir 'my own'")
    assert facts["packages"]["numpy"] and facts["python"]
    rails = {rail["name"]: rail for rail in facts["scenario"]["rails"]}
    assert rails["monero"]["traceability"]["link"] == 0.05
    assert Scenario(**{**facts["scenario"]}).policies.keys() == {"exchange_kyc", "channel_takedown"}


def test_nothing_is_written_over(place, done):
    before = {path: path.stat().st_mtime_ns for path in place.rglob("*")}
    again = run(place, SMALL, "hydra.run.dir=results/first", "seed=x")
    assert again.returncode == 2
    assert "exists already" in again.stderr and "whole number" in again.stderr
    assert again.stdout == ""
    assert before == {path: path.stat().st_mtime_ns for path in place.rglob("*")}


def test_bad_input_makes_no_folder(tmp_path):
    bad = run(
        tmp_path, "policy=exchang_kyc", "rails.moner.traceability=1", "seed=x", "--ledgr", "--experimental-rerun", "x"
    )
    assert bad.returncode == 2
    assert bad.stderr.startswith("5 errors in the configuration; nothing was run:")
    assert "Traceback" not in bad.stderr and bad.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_nothing_heavy_is_imported_for_help_or_a_fault():
    said = subprocess.run(
        [sys.executable, "-c", _WATCH],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert said.stdout.splitlines()[-1] == "none", said.stdout + said.stderr


_WATCH = """
import contextlib, io, sys
from sim.cli.entry import run
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    assert run(["--help"]) == 0
    assert "hydra" not in sys.modules and "pydantic" not in sys.modules
    assert run(["seed=x"]) == 2
    assert run(["--parameters"]) == 0
heavy = {"mesa", "numba", "pandas", "matplotlib", "seaborn", "scipy", "numpy", "pyarrow"} & set(sys.modules)
print(heavy or "none")
"""


def test_help_shows_groups_and_options(place):
    said = run(place, "--help", "--config-dir", "my own")
    assert said.returncode == 0
    for folder in (entry for entry in CONF.iterdir() if entry.is_dir() and entry.name != "study"):
        for option in folder.glob("*.yaml"):
            assert re.search(rf"\b{option.stem}\b", said.stdout), option
    for word in (
        "mycoin",
        "--ledger",
        "--no-figures",
        "--phases",
        "--parameters",
        "--config-dir",
        "-m",
        "hydra.run.dir",
    ):
        assert word in said.stdout


def test_phases_and_parameters_are_shown(tmp_path):
    phases = run(tmp_path, "--phases")
    numbers = re.findall(r"^ +(\d+)  \w+", phases.stdout, re.MULTILINE)
    assert phases.returncode == 0
    assert numbers == [str(number + 1) for number in range(len(numbers))] and len(numbers) == 14
    assert phases.stdout.count("reads ") == 14
    every = run(tmp_path, "--parameters").stdout
    assert all(row.name in every for row in table(Scenario))
    some = run(tmp_path, "--parameters", "rails.monero.traceability").stdout.splitlines()
    assert [line.split()[0] for line in some[1:8]] == [
        f"rails.*.traceability.{name}" for name in ("link", "false_link", "identify", "freeze", "lag", "memory", "eras")
    ]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_sweep_is_one_study_and_hydras_own_gives_each_job_a_folder(tmp_path):
    short = ("horizon.start=2020-01-06", "horizon.weeks=104")
    axes = (SMALL, *short, "rails.monero.traceability=0.01,0.05", "policy=[],[adaptive]")
    swept = run(tmp_path, "-m", *axes, "hydra.sweep.dir=one", "--no-figures")
    assert swept.returncode == 0, swept.stderr
    switch = swept.stdout.partition("Attacks a week with and without")[2]
    rows = [line.split() for line in switch.splitlines() if "negligible" in line or "inconclusive" in line]
    assert [row[:2] for row in rows[:4]] == [
        ["0.01", "status_quo"], ["0.01", "adaptive"], ["0.05", "status_quo"], ["0.05", "adaptive"]
    ]  # fmt: skip
    table = pq.read_table(tmp_path / "one" / "runs.parquet").to_pandas()
    names = ["rails.monero.traceability.link", "policy", "arm"]
    both = [(link, policy) for link in (0.01, 0.05) for policy in ("status_quo", "adaptive")]
    assert list(table[names].itertuples(index=False, name=None)) == [
        (link, policy, arm) for link, policy in both for arm in ("with", "none")
    ]
    each = run(tmp_path, "-m", *axes, "hydra.sweep.dir=each", "hydra/sweeper=basic", "--no-figures", "--ledger")
    assert each.returncode == 0, each.stderr
    assert [line[:2] for line in each.stdout.splitlines()] == ["#0", "#1", "#2", "#3"]
    for number, (link, policy) in enumerate(both):
        folder = tmp_path / "each" / str(number)
        scenario = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))["scenario"]
        assert next(rail for rail in scenario["rails"] if rail["name"] == "monero")["traceability"]["link"] == link
        assert list(scenario["policies"]) == [name for name in (policy,) if name != "status_quo"]
        assert (folder / "ledger.parquet").exists() and not (folder / "figures").exists()
        rows = csv.DictReader((folder / "summary.csv").read_text(encoding="utf-8").splitlines())
        alone = {row["outcome"]: [float(row["with"]), float(row["without"])] for row in rows}
        for outcome in ("capacity", "given", "lawful_hindered"):
            assert table[outcome][2 * number : 2 * number + 2].tolist() == pytest.approx(alone[outcome], rel=1e-12)


def test_the_configuration_can_be_shown(tmp_path):
    shown = run(tmp_path, "--cfg", "job", "seed=7", "vendor=eager")
    assert shown.returncode == 0 and "seed: 7" in shown.stdout and "profile: eager" in shown.stdout
    assert run(tmp_path, "--cfg", "job", "seed=${oc.env:HOME}").returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_while_a_text_is_run_ends_with_the_code(tmp_path):
    """As where modules with data classes are loaded, or rules compiled."""
    lines = (
        "import os, signal",
        "from sim.cli.frame import leave",
        "try:",
        "    eval('os.kill(os.getpid(), signal.SIGINT) or [number for number in range(10**7)]')",
        "except KeyboardInterrupt:",
        "    leave(130)",
    )
    (tmp_path / "text.py").write_text("\n".join(lines), encoding="utf-8")
    ended = subprocess.run(
        **command(module="text"), cwd=tmp_path,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a test run in the background ignores it
    )  # fmt: skip
    assert ended.returncode == 130


def test_ctrl_c_says_what_was_kept(tmp_path):
    job = subprocess.Popen(
        **command("population.donors=5000000", "--no-figures"), cwd=tmp_path, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a test run in the background ignores it
    )  # fmt: skip
    deadline = time.monotonic() + 600
    while not list(tmp_path.glob("outputs/*/*/config.yaml")) and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(1)
    job.send_signal(signal.SIGINT)
    said = job.communicate(timeout=600)[1]
    assert job.returncode == 130
    assert "Traceback" not in said
    assert re.search(r"^Interrupted; kept in outputs/\S+: config.yaml, provenance.json$", said, re.MULTILINE)
    (file,) = tmp_path.glob("outputs/*/*/provenance.json")
    assert json.loads(file.read_text(encoding="utf-8"))["state"] == "interrupted"
