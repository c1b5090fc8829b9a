"""Failures of one machine: nothing is lost or made again, and in the end the tables are the same bytes.

A failure comes at a moment that ``--seed`` chooses. Then the command is typed again, and what it leaves is compared
with the same study that nobody disturbed. `make torture` tries each often; docs/faults.md says what is expected.
"""

import datetime
import errno
import hashlib
import io
import os
import re
import resource
import shutil
import signal
import subprocess
import time
from contextlib import nullcontext, redirect_stdout, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numba
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.study import cli, executors, worker
from experiments.study.executors import local
from experiments.study.store import LATE, Folder
from experiments.study.worker import outcomes_of, run_chunk
from sim.compilation import compile_all
from sim.engine.jit import PLAIN
from sim.output import provenance
from tests.stress.small_study import HALF, RUNS, Ended, SmallStudy, each_operation, files_of, stored
from tests.study_helpers import SHORT

pytestmark = [
    pytest.mark.skipif(PLAIN, reason="runs of a study take too long as plain Python"),
    # the threads that are meant are those of libraries for algebra, which a child starts again
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]

HEADLINE = ("study=privacy_switch", "profile=is_core", "policy=exchange_kyc", "replications=2", "seeds_per_draw=1")
NOBODY = 65534


@pytest.fixture(scope="module")
def study():
    with TemporaryDirectory(prefix="torture-", ignore_cleanup_errors=True) as place:
        made = SmallStudy(Path(place))
        compile_all()
        with redirect_stdout(io.StringIO()):  # load here what children need: a user without rights may not read it
            cli.run([*made.typed(made.fresh(), "--plan")])
        yield made


def one_message(ended, reason):
    """Whether a command printed in one message which file could not be written, and why."""
    lines = re.findall(
        rf"^Could not write .+: (?:{reason})(?:; [\d,]+ of .* runs are finished in .*)?$", ended.output, re.M
    )
    return ended.code == 1 and len(lines) == 1 and "Traceback" not in ended.output


# --- kills -----------------------------------------------------------------------------------------------------------


@pytest.mark.tries(0, 40)
def test_command_killed(number, study, random):
    """At any moment, up to three times before it may end."""
    folder, before = study.fresh(), set()
    for _ in range(3):
        job = study.start(folder)
        with suppress(subprocess.TimeoutExpired):
            job.wait(random.uniform(0.0, study.seconds))
            break  # it was over before
        job.kill()
        job.wait()
        assert before <= stored(folder)
        before = stored(folder)
    study.compare(folder, stored(folder), study.run(folder))


@pytest.mark.tries(0, 20)
def test_worker_killed(number, study, random):
    folder = study.fresh()
    job = study.start(folder)
    with suppress(subprocess.TimeoutExpired):
        job.wait(random.uniform(0.0, study.seconds))
    while not (workers := workers_of(job.pid)) and job.poll() is None:
        time.sleep(0.1)
    with suppress(ProcessLookupError, IndexError):  # it was over before
        os.kill(random.choice(workers), signal.SIGKILL)
    study.compare(folder, set(), study.ended(job))


def workers_of(parent):
    """The worker processes of a command."""
    printed = subprocess.check_output(["ps", "-A", "-o", "pid=,ppid=,command="], text=True, encoding="utf-8")
    rows = [line.split(None, 2) for line in printed.splitlines()]
    return [int(row[0]) for row in rows if row[1] == str(parent) and "popen_loky" in row[-1]]


@pytest.mark.tries(1, 40)
def test_command_killed_as_it_changes_a_file(number, study, random):
    """Just before one of its files changes, up to three times before it may end."""
    folder, before = study.fresh(), set()
    for _ in range(3):
        last = random.randint(1, study.operations)

        def end(number, path, last=last):
            if number == last:
                os.kill(os.getpid(), signal.SIGKILL)

        ended = study.run(folder, disturb=partial(each_operation, folder, end))
        if ended.code == 0:
            break  # less was left to do
        assert ended.code == -signal.SIGKILL, ended
        assert before <= stored(folder)
        before = stored(folder)
    study.compare(folder, stored(folder), study.run(folder))


# --- the disk --------------------------------------------------------------------------------------------------------


def mount(*words):
    return subprocess.run(["mount", *words], capture_output=True).returncode == 0


@pytest.mark.tries(0, 10)
def test_disk_full(number, study, random):
    """At any moment: a small disk of its own where this user may mount one, elsewhere a limit on the size of files."""
    place, size = study.fresh(), random.randint(2, sum(map(len, study.reference.values())) // 1024 + 200)
    place.mkdir()
    folder, most = place / "made", max(1, size // 4) * 1024
    mounted = os.geteuid() == 0 and mount("-t", "tmpfs", "-o", f"size={size}k", "tmpfs", str(place))
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (most, most))
    try:
        ended = study.run(folder, disturb=(lambda: None) if mounted else limit)
        assert ended.code == 0 or one_message(ended, "No space left on device|File too large"), ended
        if mounted:
            assert mount("-o", "remount,size=64m", str(place))
        study.compare(folder, stored(folder), study.run(folder))
    finally:
        if mounted:
            subprocess.run(["umount", str(place)], check=True)


def full_from(first, last, number, path):
    """Refuse operations from the first to the last, as a full disk does."""
    if first <= number <= last:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


@pytest.mark.tries(1, 10)
def test_disk_full_as_a_file_is_opened(number, study, random):
    folder, last = study.fresh(), random.randint(1, study.operations)
    ended = study.run(folder, disturb=lambda: each_operation(folder, partial(full_from, last, last)))
    assert ended.code == 0 or one_message(ended, "No space left on device"), ended  # 0: one to be removed stays
    study.compare(folder, stored(folder), study.run(folder))


@pytest.mark.tries(0, 2)
def test_disk_full_as_figures_are_drawn(number, study, random):
    """The tables are there, and the figures when there is room."""
    folder, first = study.fresh(), random.randint(2, 10)
    typed = [*HEADLINE, *SHORT, f"folder={folder}"]
    ended = study.forked(lambda: cli.run([*typed, "--no-figures"]))
    assert ended.code == 0, ended
    tables = files_of(folder)

    def without_room():
        each_operation(folder / "figures", partial(full_from, first, np.inf))
        return cli.run(typed)

    ended = study.forked(without_room)
    assert one_message(ended, "No space left on device"), ended
    ended = study.forked(lambda: cli.run(typed))
    assert ended.code == 0 and "0 are new" in ended.output, ended
    assert len([*folder.glob("figures/analyst/*.svg")]) == len([*folder.glob("figures/analyst/*.png")]) > 2
    found = files_of(folder)
    assert not [name for name, data in tables.items() if found[name] != data]


@pytest.mark.tries(1, 1)
def test_folder_that_may_not_be_written(number, study):
    folder, before = study.half()
    files, places = sorted(folder.rglob("*")), [folder, folder / "parts"]
    for place in places:
        place.chmod(0o555)
    ended = study.run(folder, disturb=become_nobody)
    assert one_message(ended, "Permission denied"), ended
    assert sorted(folder.rglob("*")) == files
    for place in places:
        place.chmod(0o755)
    study.compare(folder, before, study.run(folder))


def become_nobody():
    """Go on as a user without rights, in a folder that may be read: root may write everywhere."""
    os.chdir("/")
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


# --- parts -----------------------------------------------------------------------------------------------------------


def cut(data, random):
    return data[: random.randrange(len(data))]


def flip_a_bit(data, random):
    place = random.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << random.randrange(8)]) + data[place + 1 :]


@pytest.mark.tries(0, 10)
@pytest.mark.parametrize("damage", [cut, flip_a_bit])
def test_damaged_part(number, damage, study, random):
    folder, before = study.half()
    file = random.choice(sorted((folder / "parts").iterdir()))
    file.write_bytes(damage(file.read_bytes(), random))
    left = stored(folder)
    assert len(left) < len(before)
    ended = study.run(folder)
    assert "was damaged; it is put aside, and its runs were repeated" in ended.output, ended
    study.compare(folder, left, ended)


@pytest.mark.tries(0, 10)
def test_part_of_another_study(number, study, random):
    """And a table that is no part, under the name of one."""
    (folder, before), other = study.half(), study.fresh()
    assert study.run(other, "seed=1000,1001").code == 0
    shutil.copy(random.choice(sorted((other / "parts").iterdir())), folder / "parts")
    data = (other / random.choice(["weekly.parquet", "effects.csv"])).read_bytes()
    (folder / "parts" / f"{hashlib.sha256(data).hexdigest()[:24]}.parquet").write_bytes(data)
    ended = study.run(folder)
    assert "runs of other settings stay in" in ended.output and "was damaged" in ended.output, ended
    study.compare(folder, before, ended)
    shutil.rmtree(other)


# --- the clock, and others -------------------------------------------------------------------------------------------


@pytest.mark.tries(1, 10)
def test_clock_set(number, study, random):
    """Between two commands; in the second it may run backwards."""
    folder, before = study.half()
    start = random.choice([-86400.0, 1.0, 4102444800.0, 253000000000.0, time.time()])
    speed = random.choice([-1000.0, 1.0])
    study.compare(folder, before, study.run(folder, disturb=lambda: set_clock(start, speed)))


def set_clock(start, speed):
    """Let the clock of this process show so many seconds after 1970, and run with a speed."""
    began = time.monotonic()

    def now():
        return start + speed * (time.monotonic() - began)

    class Set(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.datetime(1970, 1, 1, tzinfo=tz) + datetime.timedelta(seconds=now())

    vars(time).update(time=now, time_ns=lambda: int(1e9 * now()))
    vars(provenance)["datetime"] = Set


@pytest.mark.tries(0, 5)
def test_two_commands_at_once(number, study, random):
    folder = study.fresh()
    job = study.start(folder)
    while not (folder / "provenance.json").exists() and job.poll() is None:
        time.sleep(0.01)
    time.sleep(random.uniform(0.0, 0.5 * study.seconds))
    job.send_signal(signal.SIGSTOP)
    over = job.poll() is not None or '"state": "finished"' in (folder / "provenance.json").read_text(encoding="utf-8")
    second = study.run(folder)
    job.send_signal(signal.SIGCONT)
    busy = second.code == 2 and second.output.startswith("Another command is at work on")
    assert over or (busy and len(second.output.splitlines()) == 1), second
    study.compare(folder, set(), study.ended(job))


# --- runs ------------------------------------------------------------------------------------------------------------


def is_bad(model):
    config = model.config
    return bool(config.seed == 3 and config.combat.money == 0.1 and config.shocks["monero_only"].enabled)


@pytest.mark.tries(1, 1)
def test_run_that_raises(number, study):
    """One run has this error, and all others are the same."""
    folder = study.fresh()

    def breaks(model):
        if is_bad(model):
            raise ArithmeticError("it cannot be")
        return outcomes_of(model)

    ended = study.run(folder, disturb=lambda: vars(worker).update(outcomes_of=breaks))
    assert ended.code == 1 and f"1 of {RUNS} runs failed; the column error" in ended.output, ended
    whole = pq.read_table(io.BytesIO(study.reference["runs.parquet"])).to_pandas()
    found = pq.read_table(folder / "runs.parquet").to_pandas()
    bad = found["error"].notna()
    assert found["error"][bad].tolist() == ["ArithmeticError: it cannot be"]
    assert found[~bad].equals(whole[~bad])


@pytest.mark.tries(1, 1)
def test_run_that_never_ends(number, study):
    """In compiled code that heeds no signal; afterwards it ends."""
    folder = study.fresh()
    stuck = partial(vars(executors).update, local=local, run_chunk=stuck_chunk)
    ended = study.run(folder, "limit=5", HALF, "chunk=8", disturb=stuck)
    assert ended.code == 1 and "runs failed; the column error" in ended.output, ended
    errors = [one for one in pq.read_table(folder / "runs.parquet")["error"].to_pylist() if one]
    assert errors == [f"{LATE} of 5 s"]
    study.compare(folder, stored(folder), study.run(folder))


def stuck_chunk(chunk):
    """Run a chunk of which one run never ends."""

    @numba.njit
    def turn(steps):
        while steps[0] > 0:
            steps[1] += 1

    turn(np.zeros(2, np.int64))  # compiled before

    def never(model):
        if is_bad(model):
            turn(np.ones(2, np.int64))
        return outcomes_of(model)

    vars(worker).update(outcomes_of=never)
    return run_chunk(chunk)


# --- the comparison itself -------------------------------------------------------------------------------------------

DONE = "2 runs existed; 142 are new"


@pytest.mark.parametrize(
    ("runs", "table", "ended", "message"),
    [
        ("ab", b"table", (0, DONE), ""),
        ("a", b"table", (0, DONE), "lost"),
        ("ab", b"table", (0, "1 runs existed; 143 are new"), "made again"),
        ("ab", b"other", (0, DONE), "differ"),
        ("ab", b"table", (1, DONE), "code=1"),
        ("ab", b"table", (0, f"{DONE}\nTraceback"), "Traceback"),
    ],
    ids=["nothing", "lost", "twice", "changed", "code", "traceback"],
)
def test_the_comparison_notices_what_is_wrong(tmp_path, runs, table, ended, message):
    study, folder = SmallStudy(tmp_path), Folder(tmp_path / "made")
    study.reference = {"runs.parquet": table}
    series, error = pa.array([None], pa.list_(pa.float64())), pa.array([None], pa.string())
    with folder.opened("small", "v"):
        for run in runs:
            folder.add(pa.table({"run": [run], "error": error, "weekly_capacity": series}))
    (folder.path / "runs.parquet").write_bytes(b"table")
    with pytest.raises(AssertionError, match=message) if message else nullcontext():
        study.compare(folder.path, {"a", "b"}, Ended(*ended))
