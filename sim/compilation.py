"""Compile all rules once, before anybody needs them: the phases in two processes, then the week in this one."""

import fcntl
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import numba
import numpy as np

from sim.engine.cache import CACHE, is_cold, mark_warm
from sim.engine.parameters import layout
from sim.engine.records import empty
from sim.rules.appeals import draw_campaign_size
from sim.rules.books import is_balanced
from sim.rules.donors import draw_donors, draw_sleepers, order_attempts
from sim.rules.sums import add_weeks
from sim.rules.world import Drawn, World
from sim.scenario import Scenario
from sim.state import KINDS
from sim.week import PHASES, simulate

_OFTEN = 5.0  # seconds between two lines of progress


def compile_all() -> None:
    """Compile every rule unless that is done, and print how far it is.

    Two processes compile the phases and leave them in the cache folder, where a study's workers find them too. A
    command that comes meanwhile waits for them.
    """
    if not is_cold():
        return
    with _alone() as lock:
        if is_cold():
            if CACHE is not None and (os.cpu_count() or 1) > 1:
                _in_two_processes(lock)
            for rule, like in _parts():  # compiled, unless a process failed
                _compile(rule, *like)
            _compile(simulate, _world(), 0)
            mark_warm()


def compile_parts() -> None:
    """Compile the parts whose numbers come from standard input, and write a byte for each."""
    parts = _parts()
    while number := os.read(0, 1):
        rule, like = parts[number[0]]
        _compile(rule, *like)
        os.write(1, b".")


def _parts() -> list[tuple[Any, tuple[Any, ...]]]:
    """Return the phases and the other rules that Python calls, with arguments: those of large files first."""
    world = _world()
    counts, numbers = np.zeros((1, 3), int), np.zeros((1, 3))
    drawn, start = empty(Drawn, 1), (np.zeros(1), world.appeals, world.conditions, world.parameters)
    parts: list[tuple[Any, tuple[Any, ...]]] = [
        *((phase, (world,)) for phase in PHASES),
        (is_balanced, (world.book, 0)),
        (add_weeks, (counts[0], numbers[0], counts[0], counts, numbers[0], counts, numbers)),
        (draw_campaign_size, (world.appeals[0], world.parameters[0])),
        (draw_donors, (world.donors, drawn, world.first, *start)),
        (draw_sleepers, (world.donors, world.donors, *start)),
        (order_attempts, (drawn, world.donors, world.first, world.order, world.parameters)),
    ]
    return sorted(parts, key=lambda part: -Path(part[0].__code__.co_filename).stat().st_size)


def _in_two_processes(lock: IO[str] | None) -> None:
    """Compile the parts in two processes, each of which takes the next one from a pipe."""
    numbers, done = bytes(range(len(_parts()))), 0
    todo, give = os.pipe()
    progress, report = os.pipe()
    about: dict[str, Any] = {"stdin": todo, "stdout": report, "stderr": subprocess.DEVNULL, "process_group": 0}
    about |= {"env": os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}}
    command = [sys.executable, "-c", "from sim.compilation import compile_parts; compile_parts()"]
    processes = [subprocess.Popen(command, **about) for _ in range(2)]
    for end in (todo, report):
        os.close(end)
    try:
        os.write(give, numbers)
        os.close(give)
        began = told = time.monotonic()
        _tell(lock, "Compiling the model, once: about 15 seconds ...")
        while True:
            if select.select([progress], [], [], 0.5)[0]:
                new = os.read(progress, len(numbers))
                if not new:
                    break
                done += len(new)
            if time.monotonic() - told >= _OFTEN:
                told = time.monotonic()
                _tell(lock, f"Compiling the model: {done} of {len(numbers) + 1} parts, {told - began:.0f} s ...")
    finally:
        os.close(progress)
        for process in processes:
            process.kill()
            process.wait()


@contextmanager
def _alone() -> Iterator[IO[str] | None]:
    """Yield the file that keeps other commands waiting, or None where files cannot be locked."""
    try:
        lock = (CACHE / "compiling").open("a+", encoding="utf-8") if CACHE is not None else None
    except OSError:
        lock = None
    if lock is None:
        yield None
        return
    with lock:
        told = 0.0
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() - told >= _OFTEN:
                    told = time.monotonic()
                    lock.seek(0)
                    _tell(None, lock.read() or "Compiling the model, in another process ...")
                time.sleep(0.1)
                continue
            except OSError:  # no locks on this file system
                pass
            break
        yield lock


def _tell(lock: IO[str] | None, text: str) -> None:
    """Print a line of progress, also for the commands that wait."""
    print(text, file=sys.stderr, flush=True)
    if lock is not None:
        with suppress(OSError):
            lock.truncate(0)
            lock.write(text)
            lock.flush()


def _world() -> World:
    """Return a world of one row each: enough to tell the types."""
    arrays: dict[str, Any] = {name: empty(kind, 1) for name, kind in KINDS.items()}
    calendar: dict[str, Any] = {"first": np.zeros(1, np.int64), "luck_rows": np.zeros(1, np.int32)}
    return World(**arrays, **calendar, parameters=np.zeros(1, layout(Scenario)), week=0)


def _compile(rule: Any, *like: Any) -> None:
    rule.compile(tuple(map(numba.typeof, like)))
