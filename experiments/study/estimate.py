"""The plan of a study in words, with how long it takes on this machine, now, and how much it stores.

Seconds of runs are measured: runs of a few groups of cells are made and thrown away, unless the rules would
have to be compiled for it. Seconds of a report are those of a reference machine, times the pace of this one.
"""

import time
from dataclasses import replace
from itertools import compress
from pathlib import Path
from typing import NamedTuple

from experiments.study.arguments import Settings
from experiments.study.chunk import Chunk
from experiments.study.design import Plan
from experiments.study.store import Folder
from sim.cli.frame import saying
from sim.config.shorthand import written

_RUN, _BRANCH = 0.010, 0.003  # seconds of the default where nothing is measured; these and the next, on one core
_START, _TABLES = 2.5, 0.0008  # until workers run; of tables, a run
_REPORT, _FIGURES, _BRIEF, _BRIEF_CELL = 3.0, 1.5, 3.0, 0.03
_ROW, _SERIES = 350, 8_000  # bytes of a run, and of its weekly series
_PACE, _STEPS = 0.033, 400_000  # seconds of the reference machine for so many steps of plain Python
_GROUPS, _FEWEST, _MOST = 4, 8, 3.0  # groups that are tried, runs of each that share their history, seconds for all


class Missing(NamedTuple):
    """What is still to be made: runs, histories that they share, and runs with weekly series."""

    runs: int
    histories: int
    weekly: int


def described(plan: Plan, folder: Folder, settings: Settings) -> str:
    """Return the plan in words: factors, runs, how many exist, and about how long and how large."""
    from experiments.study.runner import replications
    from sim.engine.cache import is_cold

    done = folder.done() if folder.parts.exists() else {}
    missing = Missing(0, 0, 0)
    for some, _, pending in replications(plan, done):
        cells = [run.cell for run in compress(some, pending)]
        histories = len({plan.group_of[cell] for cell in cells})
        more = (len(cells), histories, sum(plan.cells[cell].weekly for cell in cells))
        missing = Missing(*map(sum, zip(missing, more, strict=True)))
    seconds, fixed = _seconds(plan, missing, is_cold()), _fixed(plan, settings)
    drawn = max((len({one.dimension for one in group.ranges}) for group in plan.groups), default=0)
    draws = f"{plan.draws:,} draws of {drawn} uncertain parameters" if drawn else "parameters are held"
    return Path(__file__).with_name("plan.txt").read_text(encoding="utf-8").rstrip().format(
        doc=plan.title, factors=levels_of(plan), cells=len(plan.cells), seeds=len(plan.seeds), draws=draws,
        runs=plan.size, stored=plan.size - missing.runs, folder=folder.path, alone=_span(fixed + seconds),
        here=_span(fixed + seconds / max(1, settings.workers)),
        megabytes=(missing.runs * _ROW + missing.weekly * _SERIES) / 1e6, cold=", and once for compiling" * is_cold(),
    )  # fmt: skip


def levels_of(plan: Plan) -> str:
    """Return a line a factor with its levels."""
    factors, wide = "", max(18, *map(len, plan.factors))
    for name in plan.factors:
        found = dict.fromkeys(cell.levels[name] for cell in plan.cells if name in cell.levels)
        levels = [level if isinstance(level, str) else written(level) for level in found]
        shortened = levels if len(levels) <= 14 else [*levels[:6], "...", *levels[-3:]]
        factors += f"  {name:<{wide}}  {', '.join(shortened)}\n"
    return factors


def _seconds(plan: Plan, missing: Missing, cold: bool) -> float:
    """Return the seconds of missing runs on one core: those of a few, tried, or of the default by its donors."""
    if not missing.runs:
        return 0.0
    if not cold:
        return missing.runs * _tried(plan)
    size = max((cell.scenario.population.donors for cell in plan.cells), default=0) / 10_000
    return (missing.histories * _RUN + missing.runs * _BRANCH) * max(0.5, size) * _pace()


def _tried(plan: Plan) -> float:
    """Return the seconds of a run: the mean over a few groups of cells, after one run to warm up.

    Of a group, as many runs are tried as `_MOST` seconds have room for, at least `_FEWEST`; no group begins later.
    """
    from experiments.study.runner import pending_chunks
    from experiments.study.worker import run_chunk

    first = plan.longer(plan.seeds[:1])
    groups = list(pending_chunks(first, {}, 1))
    chosen = groups[:: -(-len(groups) // _GROUPS)]
    with saying("Trying a few runs"):
        start = time.perf_counter()
        run_chunk(_first_runs(chosen[0], 1))
        runs, began = 0, time.perf_counter()
        room = max(_FEWEST, int(_MOST / (began - start)))
        for group in chosen * 3:
            runs += len(run_chunk(_first_runs(group, room)))
            if time.perf_counter() - start > _MOST:
                break
        return (time.perf_counter() - began) / runs


def _first_runs(group: Chunk, count: int) -> Chunk:
    return replace(group, tasks=tuple(replace(task, wanted=task.wanted[:count]) for task in group.tasks[:1]))


def _fixed(plan: Plan, settings: Settings) -> float:
    """Return the seconds of all but the runs: start, tables, figures and brief."""
    brief = (_BRIEF + _BRIEF_CELL * len(plan.cells)) * (settings.figures and settings.brief)
    return (_START + _REPORT + _FIGURES * settings.figures + brief + _TABLES * plan.size) * _pace()


def _pace() -> float:
    """Return how many times longer than the reference machine this one takes, with what else it does now."""
    began = time.perf_counter()
    for _ in range(5):
        sum(number * number for number in range(_STEPS))
    return (time.perf_counter() - began) / 5 / _PACE


def _span(seconds: float) -> str:
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
