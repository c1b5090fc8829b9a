"""One side of a pair: it measures the tree on its path, today's or that of c6712cd, as it is asked on stdin.

A request is a line of JSON, the name of a function below and its arguments; so is the answer, figures by name. All
seconds are CPU time of this process. It imports nothing of tests, which the other tree has not.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

TODAY = (Path(os.environ["PYTHONPATH"]) / "sim" / "runs.py").exists()


def _named(place: str) -> Any:
    """Return what has a name, such as ``sim.runs:Run``."""
    module, name = place.split(":")
    return getattr(import_module(module), name)


LOAD, BEGIN, PLAN, CHUNKS, RUN_CHUNK = (
    ("sim.config:load", "sim.runs:Run", "experiments.study.cli:settings_and_plan",
     "experiments.study.runner:pending_chunks", "experiments.study.worker:run_chunk")
    if TODAY else
    ("sim.configuration:load", "sim.model:Model", "experiments.command:judged",
     "experiments.session:missing", "experiments.running:run_chunk")
)  # fmt: skip


@cache
def _chunks(*words: str) -> list[Any]:
    """Return the chunks of a study, after the first has been run once."""
    settings, plan = _named(PLAN)([*words, "folder=/nonexistent/bench"])
    found = list(_named(CHUNKS)(plan, {}, settings.chunk))
    _run(found[0])
    return found


def _run(chunk: Any) -> int:
    table = _named(RUN_CHUNK)(chunk)
    assert not any(table["error"].to_pylist())
    return len(table)


def study(*words: str) -> dict[str, float]:
    """Seconds a run of a study, chunk by chunk, without workers and store."""
    chunks = _chunks(*words)
    start = time.process_time()
    runs = sum(map(_run, chunks))
    return {"seconds": (time.process_time() - start) / runs}


def cells(count: int, *words: str) -> dict[str, float]:
    """Seconds a run of so many cells that share a past, in the group of a study that has most."""
    chunks = [chunk for chunk in _chunks(*words) for _ in chunk.tasks]
    tasks = [task for chunk in _chunks(*words) for task in chunk.tasks]
    place = max(range(len(tasks)), key=lambda n: len(tasks[n].wanted))
    seeds = [replace(tasks[place], wanted=tasks[place].wanted[:count], seed=seed) for seed in range(100, 105)]
    some = [replace(chunks[place], tasks=(task,)) for task in seeds]
    took = sorted(_seconds(_run, one) for one in some)[2]
    return {"seconds": took / some[0].size, "runs": some[0].size}


@cache
def _scenario(*words: str) -> Any:
    """Return a scenario, after it has been run once."""
    places = [word.removeprefix("config_dir=") for word in words if word.startswith("config_dir=")]
    rest = [word for word in words if not word.startswith("config_dir=")]
    scenario = _named(LOAD)(*rest, config_dir=Path(places[0]) if places else None)
    if scenario.population.donors <= 10_000:
        _whole(scenario)
    return scenario


def run(*words: str) -> dict[str, float]:
    """Seconds of one run, set-up and all weeks: the median of nine seeds, for runs of one seed may share donors."""
    scenarios = [_scenario(*words).model_copy(update={"seed": seed}) for seed in range(100, 109)]
    return {"seconds": sorted(_seconds(_whole, one) for one in scenarios)[4]}


def _whole(scenario: Any) -> None:
    _named(BEGIN)(scenario).run()


def large(donors: int, *words: str) -> dict[str, float]:
    """Seconds and bytes a donor of one run of so many donors; to be asked of a new process."""
    _scenario(*words)
    scenario = _scenario(*words, f"population.donors={donors}")
    before = _peak()
    seconds = _seconds(_whole, scenario)
    return {"seconds": seconds, "bytes": (_peak() - before) / donors}


def _seconds(work: Callable[[Any], object], argument: Any) -> float:
    start = time.process_time()
    work(argument)
    return time.process_time() - start


def _peak() -> int:
    """Return the most memory that this process has held, in bytes (Linux)."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        measures: dict[str, Callable[..., dict[str, float]]] = {
            "study": study, "cells": cells, "run": run, "large": large,
        }  # fmt: skip
        print(json.dumps(measures[name](*arguments)), flush=True)
