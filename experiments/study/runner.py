"""Run the missing runs of a study and write its tables from all of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from itertools import batched, compress, groupby
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from experiments.study.chunk import Chunk, Task, Wanted, branch_of, columns
from experiments.study.chunk import weekly as series_of
from experiments.study.design import Plan, Run
from experiments.study.executors import run_chunks
from experiments.study.store import Folder

MISSING = "is not in the folder"
"""The error of a planned run that is missing, in the report of an unfinished study."""


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


def replications(plan: Plan, done: Mapping[str, bool]) -> Iterator[tuple[list[Run], list[bool], list[bool]]]:
    """Yield the different runs of each seed, whether each is finished, and whether it is still to be made.

    A run is to be made if it is not finished, or lacks weekly series that any of its cells requests.
    """
    for _, some in groupby(plan.runs(), lambda run: run.seed):
        runs: dict[str, Run] = {}
        for run in some:  # equal cells have equal runs
            if run.id not in runs or plan.cells[run.cell].weekly:
                runs[run.id] = run
        there = [run in done for run in runs]
        weekly = [plan.cells[run.cell].weekly for run in runs.values()]
        missing = [not a or (by_week and not done[run]) for run, a, by_week in zip(runs, there, weekly, strict=True)]
        yield [*runs.values()], there, missing


def pending_chunks(plan: Plan, done: Mapping[str, bool], size: int, limit: float = 0.0) -> Iterator[Chunk]:
    """The missing runs in chunks of about ``size``, each limited to ``limit`` seconds.

    A chunk has all runs of its replications, which share what a worker makes of a seed, unless one alone is too large.
    So a study that is stopped has whole replications.
    """
    branch = cache(lambda cell: branch_of(plan.cells[cell].scenario))

    def chunk(tasks: Sequence[Task]) -> Chunk:
        past = {group: plan.groups[group].values for group in sorted({task.group for task in tasks})}
        return Chunk(past, tuple(tasks), plan.study.observables, limit)

    waiting, held = list[Task](), 0
    for runs, _, missing in replications(plan, done):
        by_group: dict[int, list[Run]] = {}
        for run in compress(runs, missing):
            by_group.setdefault(plan.group_of[run.cell], []).append(run)
        if waiting and held + sum(missing) > size:
            yield chunk(waiting)
            waiting, held = [], 0
        for group, some in by_group.items():
            wanted = tuple(Wanted(run.id, branch(run.cell), plan.cells[run.cell].weekly) for run in some)
            waiting.append(Task(group, some[0].seed, plan.drawn(group, some[0].draw), wanted))
            held += len(some)
            if held >= size:
                yield chunk(waiting)
                waiting, held = [], 0
    if waiting:
        yield chunk(waiting)


def run_missing(
    plan: Plan,
    folder: Folder,
    make: Callable[[], Executor],
    workers: int,
    size: int,
    on_progress: Callable[[pa.Table, Progress], None] = lambda table, progress: None,
    limit: float = 0.0,
) -> Progress:
    """Run the missing runs of a plan and store them chunk by chunk.

    Args:
        plan: the plan.
        folder: its folder; open.
        make: makes an executor, called again if one breaks.
        workers: number of chunks that run at once.
        size: runs a chunk.
        on_progress: called after each chunk with the table of its runs, once they are stored.
        limit: seconds that a run may take in a worker process; 0 is no limit.
    """
    done = folder.done()
    progress = Progress(plan.size, 0)
    if done:
        progress.other = len(done)
        for _, there, missing in replications(plan, done):
            progress.stored += missing.count(False)
            progress.other -= sum(there)
    if not progress.missing:
        return progress
    with closing(run_chunks(make, workers, pending_chunks(plan, done, size, limit))) as tables:
        for table in tables:
            folder.add(table)
            progress.finished += len(table)
            progress.failed += pc.sum(pc.is_valid(table["error"])).as_py()
            on_progress(table, progress)
    return progress


def write_tables(plan: Plan, folder: Folder) -> int:
    """Write runs.parquet and weekly.parquet of a plan; returns the number of runs that failed or are missing.

    A weekly.parquet of before is removed where the plan keeps no weekly series.
    """
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
            places: dict[tuple[int, int], int] = {}  # of the values of a group and draw
            place = [places.setdefault((plan.group_of[run.cell], run.draw), len(places)) for run in runs]
            values = [plan.drawn(*one) for one in places]
            parameters = {name: pa.array([one.get(name) for one in values], pa.float64()).take(place) for name in drawn}
            empty = pa.nulls(len(runs), pa.float64())  # an outcome that the version of the runs lacked
            outcomes = {name: found[name] if name in found.column_names else empty for name in outcomes_}
            yield pa.table(_about(plan, runs) | {"error": errors} | parameters | outcomes, schema=schema)

    folder.write_table("runs.parquet", schema, batches())
    if any(cell.weekly for cell in plan.cells):
        wanted = (run for run in plan.runs() if plan.cells[run.cell].weekly)
        schema_ = _schema(plan, series_of(plan.study.observables), week=True)
        tables = (_weeks(plan, finder, runs, schema_) for runs in batched(wanted, 1000))
        folder.write_table("weekly.parquet", schema_, tables)
    else:
        (folder.path / "weekly.parquet").unlink(missing_ok=True)
    return len(failed)


def _schema(plan: Plan, numbers: Sequence[str], week: bool = False) -> pa.Schema:
    """Described columns: identity, replication, factors and numbers; by week with a date and without error."""
    from experiments.study.codebook import of_runs, of_weekly  # which load the model: a parent needs it no sooner
    from sim.output.codebook import with_metadata

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
        found[name] = [word_of(level) for level in levels] if types.field(name).type == pa.string() else levels
    return found


def word_of(level: Any) -> str | None:
    """Return a level that is no number as tables have it."""
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
