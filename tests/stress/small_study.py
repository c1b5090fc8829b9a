"""A small study that is run again and again, undisturbed and disturbed, and compared file by file."""

import contextlib
import functools
import json
import os
import re
import shutil
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.findings import FILE as FINDINGS
from experiments.study import cli, executors
from experiments.study.store import Folder
from tests.study_helpers import Fake

ROOT = Path(__file__).resolve().parents[2]
STUDY = """\
doc: A small study that is disturbed
report: sweep
replications: 36  # parts enough to be put together
seeds_per_draw: 2
uncertain: plausible
base: {arm: none, policy: status_quo, combat.money: 0.1}
reference_levels: {arm: none, policy: status_quo}
overrides: [population.donors=100, horizon.start=2020-05-04, horizon.weeks=87]
levels:
  arm:
    none: ["shocks.monero_only.enabled=false"]
    full: ["shocks.monero_only.mode=full"]
blocks:
  main: {vary: {arm: [none, full], combat.money: [0.1, 0.2]}}
  weekly: {thin: 4, weekly: true, vary: {arm: [none, full]}}
"""
RUNS, HALF = 4 * 36, "replications=18"
"""Number of runs of the study, and a setting with which a command makes half of them."""


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code (negative: the signal that ended it) and all that it printed."""

    code: int
    output: str


class SmallStudy:
    """A study of 144 runs and the commands that make it, each in a new folder.

    Args:
        place: an empty folder; a user without rights may enter it, too.
    """

    def __init__(self, place: Path) -> None:
        self.place, self.number = place, 0
        place.chmod(0o755)
        (place / "my" / "study").mkdir(parents=True)
        (place / "my" / "study" / "small.yaml").write_text(STUDY, encoding="utf-8")

    def fresh(self) -> Path:
        """A folder that is not there yet."""
        self.number += 1
        return self.place / str(self.number)

    def typed(self, folder: Path, *more: str) -> list[str]:
        """The arguments of a command that makes the study in a folder."""
        return [
            "--config-dir",
            str(self.place / "my"),
            "study=small",
            f"folder={folder}",
            "chunk=1",
            "workers=2",
            *more,
        ]

    def start(self, folder: Path, *more: str) -> "subprocess.Popen[bytes]":
        """Start the command as a user does."""
        with (self.place / "output").open("w", encoding="utf-8") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "experiments", *self.typed(folder, *more)],
                cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip

    def ended(self, job: "subprocess.Popen[bytes]") -> Ended:
        """Wait for the command that was started last."""
        job.wait(600)
        return Ended(job.returncode, (self.place / "output").read_text(encoding="utf-8"))

    def forked(self, work: Callable[[], int]) -> Ended:
        """How some work ends in a child of this process, which makes runs by itself."""
        file = self.place / "forked"
        child = os.fork()
        if child == 0:
            code = 70
            with file.open("w", encoding="utf-8") as output:
                sys.stdout = sys.stderr = output
                vars(executors)["local"] = lambda workers: Fake(lambda work, *about: work(*about))
                try:
                    code = work()
                except BaseException:
                    traceback.print_exc()
                with contextlib.suppress(OSError):
                    output.flush()
                os._exit(code)
        _, status = os.waitpid(child, 0)
        return Ended(os.waitstatus_to_exitcode(status), file.read_text(encoding="utf-8"))

    def run(self, folder: Path, *more: str, disturb: Callable[[], Any] = lambda: None) -> Ended:
        """How the command ends in a child that is disturbed first."""

        def work() -> int:
            disturb()
            return cli.run(self.typed(folder, *more))

        return self.forked(work)

    @functools.cached_property
    def reference(self) -> dict[str, bytes]:
        """The files of the undisturbed study."""
        folder = self.fresh()
        ended = self.run(folder)
        assert ended.code == 0, ended.output
        return files_of(folder)

    @functools.cached_property
    def operations(self) -> int:
        """How often the command changes a file."""
        folder, file = self.fresh(), self.place / "operations"

        def note(number: int, path: Path) -> None:
            file.write_text(str(number), encoding="utf-8")

        self.compare(folder, set(), self.run(folder, disturb=lambda: each_operation(folder, note)))
        return int(file.read_text(encoding="utf-8"))

    @functools.cached_property
    def seconds(self) -> float:
        """How long the command takes as a user starts it."""
        began, folder = time.monotonic(), self.fresh()
        self.compare(folder, set(), self.ended(self.start(folder)))
        return time.monotonic() - began

    @functools.cached_property
    def _first_half(self) -> Path:
        folder = self.fresh()
        ended = self.run(folder, HALF)
        assert ended.code == 0, ended.output
        return folder

    def half(self) -> tuple[Path, set[str]]:
        """A folder with half of the study, and the runs that it holds."""
        folder = self.fresh()
        shutil.copytree(self._first_half, folder)
        return folder, stored(folder)

    def compare(self, folder: Path, before: set[str], ended: Ended) -> None:
        """Assert that a finished study is the undisturbed one, and that no stored run was lost or made again.

        Args:
            folder: of the study; removed afterwards.
            before: the runs that were stored when the last command began.
            ended: how that command ended.
        """
        assert ended.code == 0 and "Traceback" not in ended.output, ended
        assert before <= stored(folder), "runs were lost"
        new = re.search(r"runs existed; ([\d,]+) are new", ended.output)
        assert (int(new[1].replace(",", "")) if new else RUNS) == RUNS - len(before), "runs were made again"
        found = files_of(folder)
        changed = [name for name, data in self.reference.items() if found.get(name) != data]
        assert not changed, f"files differ: {changed}"
        shutil.rmtree(folder)


def stored(folder: Path) -> set[str]:
    """The runs that a folder holds."""
    return {*Folder(folder).done()}


def files_of(folder: Path) -> dict[str, bytes]:
    """The files that must be the same: all but parts, provenance with its times, and the lock.

    Findings, brief and explorer quote the command, which names the folder, and its date: of findings all else is
    compared, and the two that are made from them must be there.
    """
    files = [file for file in folder.iterdir() if file.is_file() and file.name not in ("provenance.json", ".lock")]
    return {file.name: _compared(file.name, file.read_bytes()) for file in files}


def _compared(name: str, data: bytes) -> bytes:
    if name == FINDINGS:
        answers = json.loads(data)
        return json.dumps(answers | {"about": answers["about"] | {"command": "", "date": ""}}).encode()
    return b"" if name.startswith(("brief.", "explorer.")) else data


def each_operation(folder: Path, act: Callable[[int, Path], Any]) -> None:
    """From now on do something whenever this process is about to change a file in a folder."""
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
