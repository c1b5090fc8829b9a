"""``make torture``: hurt a small study in every way that one machine can, and see what is lost or changed.

  make torture                              half an hour on two cores: 100 kills and every other fault
  make torture ARGS="kills=10 seed=2"       fewer, at other moments
  make torture ARGS="only=disk"             only the faults with this in their name

A fault comes at a moment that the seed chooses. Then the command is typed again, and what it leaves is compared with
what the same study leaves that nobody disturbed. docs/faults.md says what is expected.
"""

import datetime
import errno
import functools
import hashlib
import importlib
import os
import pkgutil
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from experiments.study import cli, executors, worker
from experiments.study.store import LATE, Folder
from experiments.study.tables import aligned
from experiments.study.worker import outcomes_of, run_chunk
from sim.engine.text import nearest

ROOT = Path(__file__).resolve().parents[1]
STUDY = """\
doc: A small study that is hurt
report: sweep
replications: 36  # parts enough to be put together
seeds_per_draw: 2
uncertain: plausible
base: {arm: none, policy: status_quo, combat.money: 0.1}
keep: {arm: none, policy: status_quo}
overrides: [population.donors=100, horizon.start=2020-05-04, horizon.weeks=87]
levels:
  arm:
    none: ["shocks.monero_only.enabled=false"]
    full: ["shocks.monero_only.mode=full"]
blocks:
  main: {vary: {arm: [none, full], combat.money: [0.1, 0.2]}}
  weekly: {every: 4, weekly: true, vary: {arm: [none, full]}}
"""
_HEADLINE = ("study=privacy_switch", "profile=is_core", "policy=exchange_kyc", "replications=2", "seeds_per_draw=1")
_SHORT = ("population.donors=100", "horizon.start=2020-05-04", "horizon.weeks=87")
_NOBODY = 65534


@dataclass
class Row:
    """What became of the tries of one fault."""

    fault: str
    tried: int = 0
    lost: int = 0  # runs that were kept and are there no longer
    twice: int = 0  # runs that were kept and were made again
    changed: int = 0  # files that differ from those of the undisturbed study
    wrong: list[str] = field(default_factory=list)  # what was said or done and should not have been

    def expect(self, holds: bool, what: str) -> None:
        """Note what is wrong if something does not hold."""
        if not holds:
            self.wrong.append(what)


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code (negative: the signal that ended it), and all that it said."""

    code: int
    said: str


# --- one study, undisturbed and disturbed ----------------------------------------------------------------------------


class Bench:
    """A place where the study is made again and again.

    Args:
        place: an empty folder.
        random: chooses what is left open.
        replications: of the study.
    """

    def __init__(self, place: Path, random: Random, replications: int = 36) -> None:
        self.place, self.random, self.number = place, random, 0
        self.replications, self.runs = replications, 4 * replications
        self.table: dict[str, Row] = {}
        (place / "my" / "study").mkdir(parents=True)
        (place / "my" / "study" / "hurt.yaml").write_text(STUDY, encoding="utf-8")
        self.whole: dict[str, bytes] = {}
        self.span = 0.0  # seconds that the command takes
        self.operations = 0  # times that it changes a file

    def prepare(self, timed: bool) -> None:
        """Make the undisturbed study, and see how often it changes a file and, if wanted, how long it takes."""
        folder, seen = self.fresh(), self.place / "operations"

        def work() -> int:
            count = each_operation(folder, lambda number, path: None)
            code = cli.run(self.typed(folder))
            seen.write_text(str(count()), encoding="utf-8")
            return code

        ended = self.forked(work)
        assert ended.code == 0, ended.said
        self.whole, self.operations = files_of(folder), int(seen.read_text(encoding="utf-8"))
        if timed:
            began, again = time.monotonic(), self.fresh()
            assert self.start(again).wait() == 0, (self.place / "said").read_text(encoding="utf-8")
            self.span = time.monotonic() - began
            assert files_of(again) == self.whole, "the study is not the same twice"

    def row(self, fault: str) -> Row:
        """The row of a fault."""
        return self.table.setdefault(fault, Row(fault))

    def fresh(self) -> Path:
        """A folder that is not there yet."""
        self.number += 1
        return self.place / str(self.number)

    def typed(self, folder: Path, *more: str) -> list[str]:
        """What a user types."""
        which = ["--config-dir", str(self.place / "my"), "study=hurt", f"replications={self.replications}"]
        return [*which, f"folder={folder}", "chunk=1", "workers=2", *more]

    @property
    def half(self) -> str:
        """A setting with which a sitting makes half of the study."""
        return f"replications={self.replications // 2}"

    @functools.cached_property
    def _first_half(self) -> Path:
        folder = self.fresh()
        ended = self.run(folder, self.half)
        assert ended.code == 0, ended.said
        return folder

    def begun(self) -> tuple[Path, set[str]]:
        """A folder of the study after a sitting that made half of it, and the runs that it holds."""
        folder = self.fresh()
        shutil.copytree(self._first_half, folder)
        return folder, kept(folder)

    def start(self, folder: Path, *more: str) -> "subprocess.Popen[bytes]":
        """The command as a user starts it."""
        with (self.place / "said").open("w", encoding="utf-8") as said:
            return subprocess.Popen(
                [sys.executable, "-m", "experiments", *self.typed(folder, *more)],
                cwd=ROOT, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True,
            )  # fmt: skip

    def forked(self, work: Callable[[], int]) -> Ended:
        """How some work ends in a child of this process; runs are made by the child itself."""
        said = self.place / "forked"
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            code = 70
            try:
                with said.open("w", encoding="utf-8") as out:
                    os.dup2(out.fileno(), 1)
                    os.dup2(out.fileno(), 2)
                vars(executors)["local"] = lambda workers: executors.InlineExecutor()
                code = work()
            except BaseException:
                traceback.print_exc()
            finally:
                with suppress(OSError):
                    sys.stdout.flush()
                os._exit(code)
        _, status = os.waitpid(child, 0)
        return Ended(os.waitstatus_to_exitcode(status), said.read_text(encoding="utf-8"))

    def run(self, folder: Path, *more: str, hurt: Callable[[], Any] = lambda: None) -> Ended:
        """How the command ends in a child that is hurt first."""

        def work() -> int:
            hurt()
            return cli.run(self.typed(folder, *more))

        return self.forked(work)

    def judge(self, row: Row, folder: Path, before: set[str], ended: Ended, again: int = 0) -> None:
        """Compare a study that has come to its end with the undisturbed one.

        Args:
            row: where it is noted.
            folder: of the study.
            before: the runs that were kept when the last sitting began.
            ended: how that one ended.
            again: how many runs it had to make again.
        """
        if not folder.exists():
            row.expect(False, f"made nothing, and ended with {ended.code}:\n{ended.said}")
            return
        row.lost += len(before - kept(folder))
        new = re.search(r"runs existed; ([\d,]+) are new", ended.said)
        made = int(new[1].replace(",", "")) if new else self.runs
        row.twice += abs(made - (self.runs - len(before)) - again)
        found = files_of(folder)
        row.changed += sum(found.get(name) != data for name, data in self.whole.items())
        row.expect(ended.code == 0 and "Traceback" not in ended.said, f"ended with {ended.code}:\n{ended.said}")
        shutil.rmtree(folder)


def kept(folder: Path) -> set[str]:
    """The runs that a folder holds."""
    return {*Folder(folder).done()}


def files_of(folder: Path) -> dict[str, bytes]:
    """What must be the same: every file of a study but parts, provenance with its times, and the lock."""
    names = ("provenance.json", ".lock")
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file() and file.name not in names}


def each_operation(folder: Path, act: Callable[[int, Path], None]) -> Callable[[], int]:
    """Do something whenever this process is about to change a file in a folder; returns how often it was."""
    count = 0

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal count
        writes = event in ("os.rename", "os.remove", "os.mkdir") or (
            event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        )
        if writes and str(arguments[0]).startswith(str(folder)):
            count += 1
            act(count, Path(str(arguments[0])))

    sys.addaudithook(hook)
    return lambda: count


# --- kills -----------------------------------------------------------------------------------------------------------


def killed(bench: Bench) -> None:
    """Kill the command, or one of its workers, at any moment; up to three times before it may end."""
    folder, before = bench.fresh(), set[str]()
    for _ in range(3):
        job = bench.start(folder)
        try:
            job.wait(bench.random.uniform(0.0, bench.span))
            break  # it was over before
        except subprocess.TimeoutExpired:
            pass
        workers = workers_of(job.pid)
        if workers and bench.random.random() < 0.4:
            row = bench.row("worker killed")
            with suppress(ProcessLookupError):
                os.kill(bench.random.choice(workers), signal.SIGKILL)
            job.wait()
            row.tried += 1
            bench.judge(row, folder, before, Ended(job.returncode, (bench.place / "said").read_text(encoding="utf-8")))
            return
        row = bench.row("command killed")
        job.kill()
        job.wait()
        row.tried += 1
        row.lost += len(before - kept(folder))
        before = kept(folder)
    if bench.table.get("command killed"):
        bench.judge(bench.row("command killed"), folder, kept(folder), bench.run(folder))


def workers_of(parent: int) -> list[int]:
    """The worker processes of a command."""
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,command="], capture_output=True, text=True, encoding="utf-8"
    ).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()]
    return [int(row[0]) for row in rows if row[1] == str(parent) and "popen_loky" in row[-1]]


def killed_at_a_file(bench: Bench) -> None:
    """Kill the command just before it changes one of its files, three times before it may end."""
    row, folder, before = bench.row("command killed as it changes a file"), bench.fresh(), set[str]()
    for _ in range(3):
        last = bench.random.randint(1, bench.operations)

        def end(number: int, path: Path, last: int = last) -> None:
            if number == last:
                os.kill(os.getpid(), signal.SIGKILL)

        ended = bench.run(folder, hurt=functools.partial(each_operation, folder, end))
        if ended.code == 0:
            break  # less was left to do
        row.tried += 1
        row.expect(ended.code == -signal.SIGKILL, f"ended with {ended.code}:\n{ended.said}")
        row.lost += len(before - kept(folder))
        before = kept(folder)
    bench.judge(row, folder, kept(folder), bench.run(folder))


# --- the disk --------------------------------------------------------------------------------------------------------


def disk_full(bench: Bench) -> None:
    """Let the disk be full when some part of the study is written, then make room."""
    row, size = bench.row("disk full"), bench.random.randint(2, sum(map(len, bench.whole.values())) // 1024 + 200)
    with disk(bench.fresh()) as limited:
        folder = limited.path / "made"
        ended = limited.run(bench, size, folder)
        row.tried += ended.code != 0
        if ended.code:
            row.expect(ended.code == 1 and told(ended, "No space left on device|File too large"), ended.said)
        limited.free()
        bench.judge(row, folder, kept(folder), bench.run(folder))


def disk_full_at_a_file(bench: Bench) -> None:
    """Let the disk be full just when one of the files is opened."""
    row, folder, last = bench.row("disk full as a file is opened"), bench.fresh(), 0
    last = bench.random.randint(1, bench.operations)

    def refuse(number: int, path: Path) -> None:
        if number == last:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    ended = bench.run(folder, hurt=lambda: each_operation(folder, refuse))
    row.tried += 1
    if ended.code:  # one that was to be removed may stay
        row.expect(ended.code == 1 and told(ended, "No space left on device"), ended.said)
    bench.judge(row, folder, kept(folder), bench.run(folder))


def told(ended: Ended, reason: str) -> bool:
    """Whether a command said in one message what could not be written, and why."""
    lines = re.findall(
        rf"^Could not write .+: (?:{reason})(?:; [\d,]+ of .* runs are finished in .*)?$", ended.said, re.M
    )
    return len(lines) == 1 and "Traceback" not in ended.said


class _Disk:
    """A small disk of its own where this user may mount one, elsewhere a limit on the size of files."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir()
        self.own = os.geteuid() == 0 and _mount("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(path))

    def run(self, bench: Bench, kilobytes: int, folder: Path, *more: str) -> Ended:
        """How the command ends with so much room."""
        if self.own:
            self.resize(f"{kilobytes}k")
            return bench.run(folder, *more)
        size = max(1, kilobytes // 4) * 1024
        return bench.run(folder, *more, hurt=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))

    def resize(self, size: str) -> None:
        _mount("mount", "-o", f"remount,size={size}", str(self.path))

    def free(self) -> None:
        """Make room."""
        if self.own:
            self.resize("64m")


def _mount(*words: str) -> bool:
    return subprocess.run(words, capture_output=True).returncode == 0


@contextmanager
def disk(path: Path) -> Iterator[_Disk]:
    """A small disk, and nothing of it afterwards."""
    made = _Disk(path)
    try:
        yield made
    finally:
        if made.own:
            _mount("umount", str(path))


def no_room_for_figures(bench: Bench) -> None:
    """Let the disk be full when the figures are drawn: the tables are there, and the figures when there is room."""
    row, folder = bench.row("disk full as figures are drawn"), bench.fresh()
    typed = [*_HEADLINE, *_SHORT, f"folder={folder}"]
    first = bench.forked(lambda: cli.run([*typed, "--no-figures"]))
    assert first.code == 0, first.said
    tables, last = files_of(folder), bench.random.randint(2, 10)

    def refuse(number: int, path: Path) -> None:
        if number >= last:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    def without_room() -> int:
        each_operation(folder / "figures", refuse)
        return cli.run(typed)

    ended = bench.forked(without_room)
    row.tried += 1
    row.expect(ended.code == 1 and told(ended, "No space left on device"), ended.said)
    ended = bench.forked(lambda: cli.run(typed))
    row.expect(ended.code == 0 and "0 are new" in ended.said, ended.said)
    row.expect(len([*folder.glob("figures/*.svg")]) == len([*folder.glob("figures/*.png")]) > 2, "figures are missing")
    found = files_of(folder)
    row.changed += sum(found[name] != data for name, data in tables.items())


def read_only(bench: Bench) -> None:
    """Let the folder be one that the user may not write."""
    row, (folder, before) = bench.row("folder that may not be written"), bench.begun()
    names, places = sorted(folder.rglob("*")), [folder, folder / "parts"]
    for place in places:
        place.chmod(0o555)
    ended = bench.run(folder, hurt=become_nobody)
    row.tried += 1
    row.expect(ended.code == 1 and told(ended, "Permission denied"), ended.said)
    row.expect(sorted(folder.rglob("*")) == names, "something was made")
    for place in places:
        place.chmod(0o755)
    bench.judge(row, folder, before, bench.run(folder))


def become_nobody() -> None:
    """Go on as a user without rights: root may write everywhere."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)


# --- parts -----------------------------------------------------------------------------------------------------------


def _cut(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data))]


def _flipped(data: bytes, random: Random) -> bytes:
    place = random.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << random.randrange(8)]) + data[place + 1 :]


def damaged(bench: Bench, fault: str, hurt: Callable[[bytes, Random], bytes]) -> None:
    """Damage a part of a study that is half done."""
    row, (folder, before) = bench.row(fault), bench.begun()
    file = bench.random.choice(sorted((folder / "parts").iterdir()))
    file.write_bytes(hurt(file.read_bytes(), bench.random))
    left = kept(folder)
    ended = bench.run(folder)
    row.tried += 1
    row.expect("was damaged; it is put aside, and its runs were repeated" in ended.said, ended.said)
    bench.judge(row, folder, left, ended)
    row.expect(len(left) < len(before), "the damage was not noticed")


def foreign_part(bench: Bench) -> None:
    """Put in a part of another study, and a table that is no part under the name of one."""
    row, (folder, before), other = bench.row("part of another study"), bench.begun(), bench.fresh()
    assert bench.run(other, "seed=1000,1001").code == 0
    shutil.copy(bench.random.choice(sorted((other / "parts").iterdir())), folder / "parts")
    alien = bench.random.choice(["weekly.parquet", "effects.csv"])
    data = (other / alien).read_bytes()
    (folder / "parts" / f"{hashlib.sha256(data).hexdigest()[:24]}.parquet").write_bytes(data)
    ended = bench.run(folder)
    row.tried += 1
    row.expect("runs of other settings stay in" in ended.said and "was damaged" in ended.said, ended.said)
    there = re.search(r"([\d,]+) runs existed", ended.said)
    row.expect(there is not None and int(there[1]) == len(before), "runs of another study were counted")
    bench.judge(row, folder, before, ended)
    shutil.rmtree(other)


# --- the clock, and others -------------------------------------------------------------------------------------------


def clock_set(bench: Bench) -> None:
    """Set the clock between two sittings, or let it run backwards in the second."""
    row, (folder, before) = bench.row("clock set"), bench.begun()
    start = bench.random.choice([-86400.0, 1.0, 4102444800.0, 253000000000.0, time.time()])
    speed = bench.random.choice([-1000.0, 1.0])
    row.tried += 1
    bench.judge(row, folder, before, bench.run(folder, hurt=lambda: set_clock(start, speed)))


def set_clock(start: float, speed: float) -> None:
    """Let this process think that it is ``start`` seconds after 1970, and that so many seconds pass in one."""
    from sim.output import provenance

    began = time.monotonic()

    def now() -> float:
        return start + speed * (time.monotonic() - began)

    class Set(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Any:
            return datetime.datetime(1970, 1, 1, tzinfo=tz) + datetime.timedelta(seconds=now())

    vars(time).update(time=now, time_ns=lambda: int(1e9 * now()))
    vars(provenance)["datetime"] = Set


def two_commands(bench: Bench) -> None:
    """Type the command while another is at work on the folder."""
    row, folder = bench.row("two commands at once"), bench.fresh()
    job = bench.start(folder)
    while not (folder / "provenance.json").exists() and job.poll() is None:
        time.sleep(0.01)
    time.sleep(bench.random.uniform(0.0, 0.5 * bench.span))
    job.send_signal(signal.SIGSTOP)
    over = job.poll() is not None or '"state": "finished"' in (folder / "provenance.json").read_text(encoding="utf-8")
    second = bench.run(folder)
    job.send_signal(signal.SIGCONT)
    job.wait()
    row.tried += 1
    busy = second.code == 2 and second.said.startswith("Another command is at work on")
    row.expect(over or (busy and len(second.said.splitlines()) == 1), second.said)
    bench.judge(row, folder, set(), Ended(job.returncode, (bench.place / "said").read_text(encoding="utf-8")))


def _is_bad(model: Any) -> bool:
    return bool(
        model.config.seed == 3 and model.config.combat.money == 0.1 and model.config.shocks["monero_only"].enabled
    )


def raises(bench: Bench) -> None:
    """Let one run raise an error."""
    row, folder = bench.row("run that raises"), bench.fresh()

    def breaks(model: Any) -> dict[str, float]:
        if _is_bad(model):
            raise ArithmeticError("it cannot be")
        return outcomes_of(model)

    ended = bench.run(folder, hurt=lambda: vars(worker).update(outcomes_of=breaks))
    row.tried += 1
    row.expect(ended.code == 1 and f"1 of {bench.runs} runs failed; the column error" in ended.said, ended.said)
    compare_others(bench, row, folder, "ArithmeticError: it cannot be")


def compare_others(bench: Bench, row: Row, folder: Path, error: str) -> None:
    """That one run has this error, and all others are what they would have been."""
    import io

    import pyarrow.parquet as pq

    whole = pq.read_table(io.BytesIO(bench.whole["runs.parquet"])).to_pandas()
    found = pq.read_table(folder / "runs.parquet").to_pandas()
    bad = found["error"].notna()
    row.expect(found["error"][bad].tolist() == [error], f"errors: {found['error'][bad].tolist()}")
    row.changed += not found[~bad].equals(whole[~bad])


def hangs(bench: Bench, limit: int = 5) -> None:
    """Let one run never end, in compiled code that heeds no signal; afterwards let it end."""
    from experiments.study.executors import local

    row, folder = bench.row("run that never ends"), bench.fresh()

    def stuck() -> None:
        vars(executors).update(local=local, run_chunk=_stuck_chunk)

    ended = bench.run(folder, f"limit={limit}", bench.half, "chunk=8", hurt=stuck)
    row.tried += 1
    row.expect(ended.code == 1 and "runs failed; the column error" in ended.said, ended.said)
    import pyarrow.parquet as pq

    errors = [one for one in pq.read_table(folder / "runs.parquet")["error"].to_pylist() if one]
    row.expect(errors == [f"{LATE} of {limit} s"], f"errors: {errors}")
    bench.judge(row, folder, kept(folder), bench.run(folder))


def _stuck_chunk(chunk: Any) -> Any:
    """Run a chunk of which one run never ends."""
    import numba
    import numpy as np

    @numba.njit
    def turn(steps: Any) -> None:
        while steps[0] > 0:
            steps[1] += 1

    turn(np.zeros(2, np.int64))  # compiled before

    def never(model: Any) -> dict[str, float]:
        if _is_bad(model):
            turn(np.ones(2, np.int64))
        return outcomes_of(model)

    vars(worker).update(outcomes_of=never)
    return run_chunk(chunk)


# --- all of it -------------------------------------------------------------------------------------------------------

FAULTS: dict[str, Callable[[Bench], None]] = {
    "killed": killed,
    "killed_at_a_file": killed_at_a_file,
    "disk_full": disk_full,
    "disk_full_at_a_file": disk_full_at_a_file,
    "no_room_for_figures": no_room_for_figures,
    "read_only": read_only,
    "cut_part": functools.partial(damaged, fault="part cut short", hurt=_cut),
    "flipped_bit": functools.partial(damaged, fault="bit flipped in a part", hurt=_flipped),
    "foreign_part": foreign_part,
    "clock_set": clock_set,
    "two_commands": two_commands,
    "raises": raises,
    "hangs": hangs,
}
"""The faults by the name by which ``only=`` chooses them."""
_KILLED = ("killed", "killed_at_a_file")
_AS_TYPED = ("killed", "two_commands")
_FEW = {"no_room_for_figures": 2, "read_only": 1, "two_commands": 5, "raises": 1, "hangs": 1}
"""How often at most those are tried that take long or are always the same; the others a tenth as often as kills."""


def tortured(bench: Bench, kills: int, faults: Sequence[str]) -> list[Row]:
    """The rows of all faults that were asked for."""
    bench.prepare(not {*faults}.isdisjoint(_AS_TYPED))
    for name in faults:
        times, told = max(1, kills // 10), len(bench.table)
        if name in _KILLED:
            rows = ("command killed", "worker killed") if name == "killed" else ("command killed as it changes a file",)
            while sum(bench.table[row].tried for row in rows if row in bench.table) < kills:
                FAULTS[name](bench)
        else:
            for _ in range(min(times, _FEW.get(name, times))):
                FAULTS[name](bench)
        print("\n".join(as_lines([*bench.table.values()][told:])[1:]), file=sys.stderr, flush=True)
    return list(bench.table.values())


def as_lines(rows: Sequence[Row]) -> list[str]:
    """The table as text, then all that was wrong."""
    heads = ["fault", "tried", "runs lost", "made twice", "files changed", "wrong words"]
    cells = [[row.fault, *map(str, (row.tried, row.lost, row.twice, row.changed, len(row.wrong)))] for row in rows]
    return [*aligned([heads, *cells], range(1, 6)), *(f"\n{row.fault}: {one}" for row in rows for one in row.wrong)]


def harmed(row: Row) -> bool:
    """Whether a fault did what it must not."""
    return bool(row.lost or row.twice or row.changed or row.wrong)


def settings_of(
    arguments: Sequence[str], usual: Mapping[str, int], least: Mapping[str, int], known: Sequence[str]
) -> tuple[dict[str, int], list[str]] | str:
    """Numbers as typed and the names of what is to be tried, or what is wrong with them.

    Args:
        arguments: as typed, key=value.
        usual: the numbers that may be typed, with what they are unless they are.
        least: what each must be at least.
        known: names, of which ``only=`` chooses.
    """
    typed = {key: str(value) for key, value in usual.items()} | {"only": ""}
    for one in arguments:
        key, _, value = one.partition("=")
        if key not in typed or not value:
            allowed = ", ".join(f"{name}=N" for name in usual)
            return f"{one}: allowed is {allowed} or only=TEXT{nearest(key, list(typed))}"
        typed[key] = value
    for key, bound in least.items():
        if not (typed[key].isascii() and typed[key].isdigit() and int(typed[key]) >= bound):
            return f"{key}={typed[key]}: must be a whole number from {bound}"
    names = [name for name in known if any(word in name for word in typed["only"].split(","))]
    if not names:
        return f"only={typed['only']}: names none of {', '.join(known)}{nearest(typed['only'], list(known))}"
    return {key: int(typed[key]) for key in usual}, names


def main(arguments: Sequence[str]) -> int:
    """Try the faults and print what became of them; returns 1 if anything was lost, changed or wrong."""
    usual, least = {"kills": 100, "seed": 1, "replications": 36}, {"kills": 1, "seed": 0, "replications": 8}
    settings = settings_of(arguments, usual, least, list(FAULTS))
    if isinstance(settings, str):
        print(settings, file=sys.stderr)
        return 2
    numbers, faults = settings
    # the threads that are meant are those of libraries for algebra, which a child makes anew
    warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # disks are taken down then too
    place = Path(tempfile.mkdtemp(prefix="torture-"))
    place.chmod(0o755)  # nobody may come in
    try:
        warm_up(place)
        rows = tortured(Bench(place, Random(numbers["seed"]), numbers["replications"]), numbers["kills"], faults)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    print("\n".join(as_lines(rows)))
    return int(any(map(harmed, rows)))


def warm_up(place: Path) -> None:
    """Load in this process all that its children need: each need not do it, and one of them may not read it."""
    from experiments.study import reporting, runner  # noqa: F401
    from sim.config import load
    from sim.model import Model
    from sim.output import provenance

    for module in pkgutil.iter_modules(reporting.__path__):
        importlib.import_module(f"{reporting.__name__}.{module.name}")
    from sim.compilation import compile_all

    compile_all()
    Model(load(*_SHORT)).run()
    settings, plan = cli.settings_and_plan(["study=sweep", *_SHORT, f"folder={place}"])
    cli.provenance_of(plan, settings, provenance.command_of([]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
