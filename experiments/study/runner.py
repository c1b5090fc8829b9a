"""Run the missing runs of a study and write its tables from all of them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import batched
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from experiments.study.codebook import of_runs, of_weekly
from experiments.study.design import Plan, Run
from experiments.study.executors import run_chunks
from experiments.study.store import Folder
from experiments.study.worker import Chunk, Task, Wanted, columns
from experiments.study.worker import weekly as series_of
from sim.output.codebook import with_metadata

MISSING = "is not in the folder"
"""The error of a planned run that is missing, in the report of an unfinished study."""
_SHOCKS_AND_POLICIES: dict[str, Any] = {"include": {"shocks", "policies"}, "exclude_computed_fields": True}


@dataclass
class Progress:
    """Progress of a command: numbers of runs."""

    planned: int
    stored: int  # finished before it began
    finished: int = 0
    failed: int = 0
    other: int = 0  # in the folder, of other settings

    @property
    def missing(self) -> int:
        """Runs that are still to be made."""
        return self.planned - self.stored - self.finished


def pending_chunks(plan: Plan, done: dict[str, bool], size: int, limit: float = 0.0) -> Iterator[Chunk]:
    """The missing runs in chunks of about ``size``, each limited to ``limit`` seconds."""
    seen: set[str] = set()
    tasks: list[Task] = []
    held = 0
    branch = {cell: place for group in plan.groups for place, cell in enumerate(group.cells)}
    branches = [  # shocks and policies of each cell of a group
        tuple(plan.cells[cell].scenario.model_dump_json(**_SHOCKS_AND_POLICIES) for cell in group.cells)
        for group in plan.groups
    ]

    def chunk() -> Chunk:
        groups = sorted({task.group for task in tasks})
        past = {group: plan.groups[group].values for group in groups}
        return Chunk(past, {group: branches[group] for group in groups}, tuple(tasks), plan.study.observables, limit)

    for seed in plan.seeds:
        by_task: dict[tuple[int, int], list[Wanted]] = {}
        runs = list(plan.runs([seed]))
        weekly = by_week(plan, runs)
        for run in runs:
            if run.id in seen or not is_pending(run.id, done, weekly):
                continue
            seen.add(run.id)
            wanted = Wanted(run.id, branch[run.cell], run.id in weekly)
            by_task.setdefault((plan.group_of[run.cell], run.draw), []).append(wanted)
        for (group, draw), some in by_task.items():
            tasks.append(Task(group, seed, plan.drawn(group, draw), tuple(some)))
            held += len(some)
            if held >= size:
                yield chunk()
                tasks, held = [], 0
    if tasks:
        yield chunk()


def by_week(plan: Plan, runs: Iterable[Run]) -> set[str]:
    """The runs with weekly series: those of any cell that requests them."""
    return {run.id for run in runs if plan.cells[run.cell].weekly}


def is_pending(run: str, done: dict[str, bool], weekly: set[str]) -> bool:
    """Return whether a run is still to be made: it is missing, or lacks its weekly series."""
    return run not in done or (run in weekly and not done[run])


def run_missing(
    plan: Plan,
    folder: Folder,
    make: Callable[[], Executor],
    workers: int,
    size: int,
    on_progress: Callable[[int, Progress], None] = lambda new, progress: None,
    limit: float = 0.0,
) -> Progress:
    """Run the missing runs of a plan and store them chunk by chunk.

    Args:
        plan: the plan.
        folder: its folder; open.
        make: makes an executor, called again if one breaks.
        workers: number of chunks that run at once.
        size: runs a chunk.
        on_progress: called after each chunk with the number of new runs.
        limit: seconds that a run may take in a worker process; 0 is no limit.
    """
    done = folder.done()
    runs = list(plan.runs())
    weekly, ids = by_week(plan, runs), {run.id for run in runs}
    progress = Progress(len(ids), sum(not is_pending(run, done, weekly) for run in ids))
    progress.other = len(done.keys() - ids)
    if not progress.missing:
        return progress
    with closing(run_chunks(make, workers, pending_chunks(plan, done, size, limit))) as tables:
        for table in tables:
            folder.add(table)
            progress.finished += len(table)
            progress.failed += pc.sum(pc.is_valid(table["error"])).as_py()
            on_progress(len(table), progress)
    return progress


def write_tables(plan: Plan, folder: Folder) -> int:
    """Write runs.parquet and weekly.parquet of a plan; returns the number of runs that failed or are missing."""
    finder = folder.finder()
    beside = list(dict.fromkeys(weeks for cell in plan.cells for weeks in cell.scenario.report.beside))
    drawn = sorted({one.name for group in plan.groups for one in group.ranges})
    outcomes_ = columns(beside, plan.study.observables)
    schema = _schema(plan, [*drawn, *outcomes_])
    failed: set[str] = set()

    def batches() -> Iterator[pa.Table]:
        for runs in batched(plan.runs(), 20_000):
            found = finder.rows([run.id for run in runs])
            errors = pc.if_else(pc.is_valid(found["run"]), found["error"], MISSING)
            failed.update(run.id for run, good in zip(runs, pc.is_null(errors).to_pylist(), strict=True) if not good)
            values = [plan.drawn(plan.group_of[run.cell], run.draw) for run in runs]
            parameters = {name: [one.get(name) for one in values] for name in drawn}
            empty = pa.nulls(len(runs), pa.float64())  # an outcome that the version of the runs lacked
            outcomes = {name: found[name] if name in found.column_names else empty for name in outcomes_}
            yield pa.table(_about(plan, runs) | {"error": errors} | parameters | outcomes, schema=schema)

    folder.write_table("runs.parquet", schema, batches())
    if any(cell.weekly for cell in plan.cells):
        wanted = (run for run in plan.runs() if plan.cells[run.cell].weekly)
        schema_ = _schema(plan, series_of(plan.study.observables), week=True)
        tables = (_weeks(plan, finder, runs, schema_) for runs in batched(wanted, 1000))
        folder.write_table("weekly.parquet", schema_, tables)
    return len(failed)


def _schema(plan: Plan, numbers: Sequence[str], week: bool = False) -> pa.Schema:
    """Described columns: identity, replication, factors and numbers; by week with a date and without error."""
    factors = []
    for name in plan.factors:
        levels = [cell.levels[name] for cell in plan.cells if name in cell.levels]
        number = all(isinstance(level, int | float) and not isinstance(level, bool) for level in levels)
        factors.append((name, pa.float64() if number else pa.string()))
    chance = [("replication", pa.int64()), ("draw", pa.int64()), ("seed", pa.int64())]
    time = [("week", pa.int64()), ("date", pa.date32())] if week else [("error", pa.string())]
    every = [("run", pa.string()), *chance, *factors, *time, *((name, pa.float64()) for name in numbers)]
    return with_metadata(pa.schema(every), partial(of_weekly if week else of_runs, plan))


def _about(plan: Plan, runs: Sequence[Run]) -> dict[str, Any]:
    place = {seed: number for number, seed in enumerate(plan.seeds)}
    found: dict[str, Any] = {"run": [run.id for run in runs], "replication": [place[run.seed] for run in runs]}
    found |= {"draw": [run.draw for run in runs], "seed": [run.seed for run in runs]}
    types = _schema(plan, [])
    for name in plan.factors:
        levels = [plan.cells[run.cell].levels.get(name) for run in runs]
        found[name] = [_word(level) for level in levels] if types.field(name).type == pa.string() else levels
    return found


def _word(level: Any) -> str | None:
    if level is None:
        return None
    return str(level).lower() if isinstance(level, bool) else str(level)


def _weeks(plan: Plan, finder: Any, runs: Sequence[Run], schema: pa.Schema) -> pa.Table:
    found = finder.rows([run.id for run in runs])
    series_ = series_of(plan.study.observables)
    there = [name for name in series_ if f"weekly_{name}" in found.column_names]
    lengths = [0] * len(runs)
    if there:
        lengths = pc.fill_null(pc.list_value_length(found[f"weekly_{there[0]}"]), 0).to_pylist()
    parents = pa.array([n for n, length in enumerate(lengths) for _ in range(length)], pa.int64())
    weeks = [week for length in lengths for week in range(length)]
    starts = [plan.cells[run.cell].scenario.horizon.start for run in runs]
    dates = [starts[n] + timedelta(weeks=week) for n, week in zip(parents.to_pylist(), weeks, strict=True)]
    columns_ = _about(plan, runs).items()
    about = {name: pa.array(column, schema.field(name).type).take(parents) for name, column in columns_}
    empty = pa.nulls(len(parents), pa.float64())
    series = {name: pc.list_flatten(found[f"weekly_{name}"]) if name in there else empty for name in series_}
    return pa.table(about | {"week": weeks, "date": dates} | series, schema=schema)
