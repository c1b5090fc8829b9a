"""Engines: the same bytes whoever runs the chunks, whatever falls over meanwhile, and nothing is run twice."""

import json
import math
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from pathlib import Path

import pytest

from experiments.study import executors, watchdog, worker
from experiments.study.arguments import Settings
from experiments.study.building import plan_of
from experiments.study.executors import helper, local, run_chunks
from experiments.study.runner import pending_chunks
from experiments.study.store import DIED, LATE, Folder
from experiments.study.worker import outcomes_of, run_chunk
from sim.config import load
from sim.engine.jit import PLAIN
from sim.model import Model
from tests.study_helpers import SHORT, STUDY, Fake, make, planned, table, thread

pytestmark = pytest.mark.skipif(PLAIN, reason="runs of a study take too long as plain Python")

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def bytes_(tmp_path_factory):
    """The run table of the small study as a thread makes it."""
    path = tmp_path_factory.mktemp("thread") / "made"
    assert make(planned(*STUDY), path).finished == 16
    return (path / "runs.parquet").read_bytes()


# --- the same bytes --------------------------------------------------------------------------------------------------


def spawned():
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"))


@pytest.mark.parametrize(
    ("make_one", "workers", "chunk"),
    [
        (thread, 1, 1),
        (thread, 1, 100),
        (spawned, 1, 7),
        (lambda: local(2), 2, 1),
        (lambda: local(2), 2, 7),
    ],
    ids=["thread-1", "thread-100", "process-7", "loky2-1", "loky2-7"],
)
def test_whoever_runs_it_the_bytes_are_the_same(tmp_path, bytes_, make_one, workers, chunk):
    make(planned(*STUDY), tmp_path / "made", make_one, chunk, workers)
    assert (tmp_path / "made" / "runs.parquet").read_bytes() == bytes_


def test_a_worker_that_is_killed_is_survived(tmp_path, bytes_):
    killed = []

    def kill_one(table, progress):
        if not killed:
            killed.extend(local(2)._processes)  # the same executor as that which runs
            os.kill(killed[0], signal.SIGKILL)

    progress = make(planned(*STUDY), tmp_path / "made", lambda: local(2), 1, 2, on_progress=kill_one)
    assert killed and progress.finished == 16 and progress.failed == 0
    assert (tmp_path / "made" / "runs.parquet").read_bytes() == bytes_


def tables(chunks, *makes):
    """What comes of chunks when one executor after the other is made."""
    waiting = list(makes)
    return list(run_chunks(lambda: waiting.pop(0) if len(waiting) > 1 else waiting[0], 2, chunks))


def chunks_of(*arguments, size=1):
    return list(pending_chunks(planned(*arguments), {}, size))


def runs_in(tables):
    return sorted(run for made in tables for run in made["run"].to_pylist())


def test_an_executor_that_breaks_before_a_chunk_is_handed_out_is_made_anew():
    chunks = chunks_of(*STUDY)
    handed = []

    def breaks(function, chunk):
        handed.append(chunk)
        if len(handed) == 3:
            raise BrokenExecutor
        return function(chunk)

    found = tables(chunks, Fake(breaks), Fake(lambda function, chunk: function(chunk)))
    assert runs_in(found) == runs_in(map(run_chunk, chunks))
    assert not any(made["error"].drop_null().to_pylist() for made in found)


def wanted_in(chunk):
    return [one.id for task in chunk.tasks for one in task.wanted]


@pytest.mark.parametrize(
    ("ended", "error"),
    [
        ("", f"{DIED} 3 times (out of memory?)"),
        ("The exit codes of the workers are {SIGKILL(-9)}", f"{DIED} 3 times (out of memory?)"),
        ("The exit codes of the workers are {SIGSEGV(-11)}", f"{DIED} 3 times (SIGSEGV)"),
        ("The exit codes of the workers are {SIGALRM(-14)}", f"{LATE} of 9 s"),
    ],
)
def test_a_run_that_always_breaks_its_worker_is_recorded_and_the_others_are_there(ended, error):
    chunks = [*pending_chunks(planned(*STUDY), {}, 4, limit=9)]
    bad, tried = wanted_in(chunks[1])[1], []

    def deadly(function, chunk):
        tried.append(wanted_in(chunk))
        return BrokenExecutor(ended) if bad in tried[-1] else function(chunk)

    found = tables(chunks, Fake(deadly))
    assert runs_in(found) == sorted(run for chunk in chunks for run in wanted_in(chunk)), "each of them once"
    errors = {row["run"]: row["error"] for made in found for row in made.to_pylist() if row["error"]}
    assert errors == {bad: error}
    assert [len(runs) for runs in tried if bad in runs] == [4, 4, 1], "among others, its chunk alone, itself alone"


# --- a run that never ends -------------------------------------------------------------------------------------------

ENDLESS = """
import numba, numpy as np

@numba.njit
def turn(steps):
    while steps[0] > 0:
        steps[1] += 1

turn(np.zeros(2, np.int64))
with watchdog.within(0.3):
    turn(np.ones(2, np.int64))
"""
SLOW = """
with watchdog.within(0.2):
    time.sleep(0.01)
with watchdog.within(0.0):
    time.sleep(0.4)
print("what was done in time, or has no limit, is not ended", flush=True)
with watchdog.within(0.2):
    time.sleep(10)
"""


@pytest.mark.parametrize(("does", "says"), [(ENDLESS, 0), (SLOW, 1)], ids=["endless", "slow"])
def test_what_takes_too_long_ends_a_worker_even_in_compiled_code(does, says):
    said = subprocess.run(
        [sys.executable, "-c", f"import time\nfrom experiments.study import watchdog\nwatchdog.arm()\n{does}"],
        cwd=ROOT, capture_output=True, text=True, timeout=300, encoding="utf-8",
    )  # fmt: skip
    assert said.returncode == -signal.SIGALRM, said.stderr
    assert len(said.stdout.splitlines()) == says


def test_only_a_worker_is_ended():
    with watchdog.within(0.05):
        time.sleep(0.1)


# --- nothing is run twice --------------------------------------------------------------------------------------------


def test_more_replications_leave_those_that_there_are(tmp_path):
    path = tmp_path / "made"
    more = ("uncertain=plausible", "seeds_per_draw=2")
    make(planned(*STUDY, *more), path)
    before = table(path)
    progress = make(planned(*STUDY, *more, "replications=6"), path)
    assert (progress.stored, progress.finished) == (16, 8)
    after = table(path)
    assert len(after) == 24 and after.run.is_unique
    assert after[after.seed < 4].reset_index(drop=True).equals(before)


def test_another_level_leaves_those_that_there_are(tmp_path):
    path = tmp_path / "made"
    make(planned(*STUDY), path)
    before = table(path)
    progress = make(planned(*STUDY, "combat.money=0.3,0.1,0.2", "policy=exchange_kyc"), path)
    assert (progress.stored, progress.finished) == (16, 2 * 2 * 3 * 4 - 16)
    after = table(path)
    old = after[after.run.isin(before.run)].set_index("run").loc[before.run].reset_index()
    assert old[before.columns].equals(before)
    assert make(planned(*STUDY), path).finished == 0
    assert table(path).equals(before), "the table is that of what is asked for"


# --- a failure is a row ----------------------------------------------------------------------------------------------


def test_a_run_that_raises_is_a_row_with_its_error(tmp_path, monkeypatch, bytes_):
    def breaks(model):
        if model.config.seed == 2 and model.config.combat.money == 0.1:
            raise ArithmeticError("no such\n  number")
        return outcomes_of(model)

    monkeypatch.setattr(worker, "outcomes_of", breaks)
    progress = make(planned(*STUDY), tmp_path / "made")
    assert (progress.finished, progress.failed) == (16, 2)
    found = table(tmp_path / "made")
    bad = found.error.notna()
    assert set(found.error[bad]) == {"ArithmeticError: no such number"}
    assert (found[bad].seed == 2).all() and (found[bad]["combat.money"] == 0.1).all() and bad.sum() == 2
    assert found[bad].capacity.isna().all() and found[~bad].capacity.notna().all()
    (tmp_path / "whole").mkdir()
    (tmp_path / "whole" / "runs.parquet").write_bytes(bytes_)
    assert found[~bad].equals(table(tmp_path / "whole")[~bad]), "the others are what they would have been"
    monkeypatch.undo()
    assert make(planned(*STUDY), tmp_path / "made").finished == 0, "a failed run is a finding, and not made again"


def test_a_drawn_value_that_cannot_be_is_a_row_with_its_error(tmp_path):
    cap = 1000
    plan = planned(*STUDY, "uncertain=plausible", "replications=8", f"giving.cap={cap}")
    also = {"giving.large_from": (100.0, 4000.0)}  # above the cap it contradicts it
    plan = plan_of(plan.study.model_copy(update={"extra_ranges": also}), plan.name, plan.seeds, plan.version)
    make(plan, tmp_path / "made")
    found = table(tmp_path / "made")
    bad = found["giving.large_from"] > cap
    assert 0 < bad.sum() < len(found)
    assert (found.error.notna() == bad).all()
    assert all("is more than giving.cap" in error for error in found.error[bad])
    assert found.capacity[~bad].notna().all()


# --- a branch is the run ---------------------------------------------------------------------------------------------


def as_typed(row, drawn):
    """The overrides by which one would run a row of the headline study alone."""
    typed = [f"group={row.profile}", f"seed={row.seed}", f"group.routing={row['group.routing']}"]
    if row.arm in ("none", "placebo_none"):
        typed += ["shocks.monero_only.enabled=false"]
    else:
        typed += [f"shocks.monero_only.mode={row.arm.replace('placebo', 'full')}"]
    typed += ["inspiration.publicity=0"] if row["loop"] == "cut" else []
    typed += [f"shocks.{name}.enabled=false" for name in ("oil_iraq", "oil_syria") if row.world == "no_oil_loss"]
    if row.policy != "status_quo":
        typed += [f"policy=[{row.policy}]", f"policies.{row.policy}.intensity={row.intensity}"]
    values = {name: row[name] for name in drawn if not math.isnan(row[name])}
    if row.arm.startswith("placebo"):
        typed += ["rails.monero=${rails.bitcoin}"]
        values = {name: value for name, value in values.items() if not name.startswith("rails.monero.")}
    return typed + [f"{name}={int(one) if one == int(one) else one}" for name, one in values.items()]


def test_every_row_is_what_the_model_gives_when_it_is_run_whole(tmp_path):
    few = "population.donors=400"
    some = ("profile=is_core,donor_funded", "policy=exchange_kyc,decapitation", "replications=2", "seeds_per_draw=1")
    plan = planned("study=privacy_switch", *SHORT, few, *some)
    make(plan, tmp_path / "made")
    found = table(tmp_path / "made")
    drawn = sorted({one.name for group in plan.groups for one in group.ranges})
    chosen = found.groupby(["arm", "world", "loop"]).sample(1, random_state=3)
    assert len(chosen) == 11 and set(chosen.seed) == {0, 1}
    assert set(chosen.policy) == {"status_quo", "exchange_kyc", "decapitation"}
    for _, row in chosen.iterrows():
        model = Model(load(*SHORT, few, *as_typed(row, drawn)))
        model.run()
        for name, value in outcomes_of(model).items():
            assert row[name] == value or (math.isnan(row[name]) and math.isnan(value)), (dict(row[:12]), name)


# --- interrupted and killed ------------------------------------------------------------------------------------------

LONG = ("study=sweep", "replications=20", "combat.money=0.1,0.2", "population.donors=2000", *SHORT[1:])
TYPED = (*LONG, "workers=1", "chunk=2", "folder=made")
"""80 runs of about 10 ms."""


@contextmanager
def started(place):
    """The command as a user starts it, and nothing of it when the test is over."""
    job = subprocess.Popen(
        [sys.executable, "-m", "experiments", *TYPED], cwd=place, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        encoding="utf-8",  # a test run in the background ignores it
    )  # fmt: skip
    try:
        yield job
    finally:
        with suppress(ProcessLookupError):
            os.killpg(job.pid, signal.SIGKILL)
        job.communicate()


def wait_for(place, name, count=1):
    deadline = time.monotonic() + 600
    while len(list((place / "made").glob(name))) < count:
        assert time.monotonic() < deadline, f"{name} was never there"
        time.sleep(0.01)


@pytest.mark.slow
def test_ctrl_c_and_kill_lose_nothing_but_what_was_running(tmp_path):
    plan = planned(*LONG)
    make(plan, tmp_path / "whole")
    whole = (tmp_path / "whole" / "runs.parquet").read_bytes()

    with started(tmp_path) as job:
        wait_for(tmp_path, "parts/*.parquet", 3)
        os.killpg(job.pid, signal.SIGINT)  # as a terminal does: to workers too
        _, said = job.communicate(timeout=600)
    assert job.returncode == 130
    assert "Traceback" not in said
    there = len(Folder(tmp_path / "made").done())
    assert 0 < there < plan.size
    assert f"Interrupted: {there} of 80 runs are finished in made. To resume:" in said
    assert said.rstrip().endswith(f"python -m experiments {' '.join(TYPED)}")
    assert json.loads((tmp_path / "made" / "provenance.json").read_text(encoding="utf-8"))["state"] == "interrupted"
    reported = table(tmp_path / "made") if (tmp_path / "made" / "runs.parquet").exists() else []
    assert there - 8 <= len(reported) <= there, "all whole replications of 4, but for those of which chunks ran"

    with started(tmp_path) as job:
        wait_for(tmp_path, "parts/*.parquet", len(list((tmp_path / "made" / "parts").iterdir())) + 2)
        job.kill()
        job.communicate(timeout=300)  # its workers hold the pipes: they end soon after it
    more = Folder(tmp_path / "made").done()
    assert there < len(more) < plan.size

    progress = make(plan, tmp_path / "made")
    assert (progress.stored, progress.finished) == (len(more), plan.size - len(more))
    assert (tmp_path / "made" / "runs.parquet").read_bytes() == whole


def _where(parent: int) -> str:
    return "here" if os.getpid() == parent else "there"


def _dies_there(parent: int) -> str:
    if os.getpid() != parent:
        os._exit(1)
    return "here"


def test_a_second_process_helps_and_what_it_does_not_finish_is_done_here(monkeypatch):
    here = os.getpid()
    monkeypatch.setattr(executors, "cores", lambda: 2)
    with helper(Settings(workers=2)) as submit:
        time.sleep(0.1)
        assert submit(_where, here)() in ("here", "there")
        slow, *many = [submit(time.sleep, 2.0), *(submit(_where, here) for _ in range(9))]
        assert "here" in [one() for one in many[::-1]], "it had not begun them"
        slow()
        assert submit(_dies_there, here)() == "here"
        assert submit(_where, here)() == "here", "the process is gone"
    with helper(Settings(workers=1)) as submit:
        assert submit(_where, here)() == "here"
