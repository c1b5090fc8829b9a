"""Faults on one machine, a few of each: nothing is lost or made twice, and the tables are the same bytes."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pyarrow as pa
import pytest

from experiments.study.store import Folder
from sim.engine import jit
from tools import torture

ROOT = Path(__file__).resolve().parents[2]
SOME = ("killed_at", "disk_full_at", "read_only", "clock_set", "raises", "hangs")
"""The others take longer in `make torture`, or are tried on a folder's own in `test_study_store`."""


@pytest.mark.slow
@pytest.mark.skipif(jit.PLAIN, reason="runs of a study take too long as plain Python")
def test_a_study_that_is_hurt_comes_out_the_same():
    said = subprocess.run(
        [sys.executable, "-m", "tools.torture", "kills=1", "seed=3", "replications=8", f"only={','.join(SOME)}"],
        cwd=ROOT, capture_output=True, text=True, timeout=1200, encoding="utf-8",
    )  # fmt: skip
    assert said.returncode == 0, said.stdout + said.stderr
    _, *rows = [line.split() for line in said.stdout.splitlines()]
    assert all(row[-4:] == ["0"] * 4 for row in rows)
    assert {" ".join(row[:-5]) for row in rows} == {
        "command killed as it changes a file",
        "disk full as a file is opened",
        "folder that may not be written",
        "clock set",
        "run that raises",
        "run that never ends",
    }
    assert all(int(row[-5]) > 0 for row in rows)


def folder_with(path, *runs):
    one = Folder(path)
    with one.opened("hurt", "v"):
        for run in runs:
            series = pa.array([None], pa.list_(pa.float64()))
            error = pa.array([None], pa.string())
            one.add(pa.table({"run": [run], "error": error, "weekly_capacity": series}))
    (path / "runs.parquet").write_bytes(b"table")


@pytest.mark.parametrize(
    ("runs", "table", "ended", "found"),
    [
        ("ab", b"table", (0, "2 runs existed; 142 are new"), (0, 0, 0, 0)),
        ("a", b"table", (0, "2 runs existed; 142 are new"), (1, 0, 0, 0)),
        ("ab", b"table", (0, "1 runs existed; 143 are new"), (0, 1, 0, 0)),
        ("ab", b"other", (0, "2 runs existed; 142 are new"), (0, 0, 1, 0)),
        ("ab", b"table", (1, "2 runs existed; 142 are new"), (0, 0, 0, 1)),
        ("ab", b"table", (0, "2 runs existed; 142 are new\nTraceback"), (0, 0, 0, 1)),
    ],
    ids=["nothing", "lost", "twice", "changed", "code", "traceback"],
)
def test_the_tool_sees_what_is_wrong(tmp_path, runs, table, ended, found):
    bench = torture.Bench(tmp_path / "bench", Random(0))
    bench.whole = {"runs.parquet": table}
    folder_with(tmp_path / "made", *runs)
    row = torture.Row("something")
    bench.judge(row, tmp_path / "made", {"a", "b"}, torture.Ended(*ended))
    assert (row.lost, row.twice, row.changed, len(row.wrong)) == found
    assert torture.harmed(row) == any(found)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("kill=3", "kill=3: allowed is kills=N, seed=N, replications=N or only=TEXT; nearest: kills"),
        ("kills=few", "kills=few: must be a whole number from 1"),
        ("only=hang_up", "only=hang_up: names none of killed, "),
    ],
)
def test_what_the_tool_cannot_read_is_told(capsys, typed, text):
    assert torture.main([typed]) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.startswith(text) and len(said.err.splitlines()) == 1


# --- the cache of compiled rules -------------------------------------------------------------------------------------


def versions(parent):
    return {entry.name for entry in parent.iterdir()}


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A cache of compiled rules where four other versions were used, the first of them last."""
    monkeypatch.setattr(jit.platformdirs, "user_cache_dir", lambda name: str(tmp_path))
    for age, name in enumerate("abcd"):
        (tmp_path / "compiled" / name).mkdir(parents=True)
        (tmp_path / "compiled" / name / "used").touch()
        at = time.time() - 1000 * age
        os.utime(tmp_path / "compiled" / name / "used", (at, at))
    return tmp_path / "compiled"


def test_the_versions_used_last_are_kept(cache):
    own = jit._cache_folder()
    assert versions(cache) == {own.name, "a", "b"}


def test_a_clock_that_went_back_does_not_take_away_what_is_in_use(cache):
    for name in "abcd":
        at = time.time() + 1e6
        os.utime(cache / name / "used", (at, at))
    own = jit._cache_folder()
    assert own.is_dir() and len(versions(cache)) == 3


def test_a_cache_that_another_version_took_away_is_made_anew(cache, monkeypatch):
    own = jit._cache_folder()
    shutil.rmtree(own)
    monkeypatch.setattr(jit, "CACHE", own)
    monkeypatch.setattr(jit, "PLAIN", False)
    assert jit.is_cold()
    jit.mark_warm()
    assert not jit.is_cold()
