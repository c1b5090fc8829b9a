"""The work of a worker: it takes a chunk of runs and returns a table. It knows nothing of studies or files."""

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import pyarrow as pa

from experiments.evidence import observables
from experiments.evidence.observables.recorder import RecordingModel
from experiments.study.chunk import BESIDE, KINDS, MEASURES, WEEKLY, Chunk, Task, Wanted, failures, table_of
from experiments.study.design import scenario_of
from experiments.study.watchdog import within
from sim.config.untrusted_yaml import in_words
from sim.engine.records import Rows
from sim.events import first_difference
from sim.outcomes import OUTCOMES
from sim.results import averages_by_window, loop_gain, precision_and_recall, series
from sim.rules.books import check_books
from sim.rules.conditions import levers_of
from sim.runs import Run
from sim.scenario import Policy, Scenario, Shock


def run_chunk(chunk: Chunk) -> pa.Table:
    """Run a chunk. A run that fails is a row with its error; the others continue."""
    return table_of(chunk, [row for task in chunk.tasks for row in _rows(task, chunk)])


def _rows(task: Task, chunk: Chunk) -> Iterator[dict[str, Any]]:
    """The rows of one task: a history that runs share is simulated once, then each run forks from it."""
    try:
        first = scenario_of(chunk.past[task.group], task.seed, task.drawn)
        left = [(one, first.model_copy(update=_typed(one.branch))) for one in task.wanted]
    except Exception as error:
        yield from failures(task.wanted, in_words(error, 500))
        return
    while left:
        weeks = [first_difference(left[0][1], scenario) for _, scenario in left]
        near = [pair for pair, week in zip(left, weeks, strict=True) if week > 0]
        yield from _branched(near, min(week for week in weeks if week > 0), chunk)
        left = [pair for pair, week in zip(left, weeks, strict=True) if week == 0]


def _branched(runs: Sequence[tuple[Wanted, Scenario]], apart: int, chunk: Chunk) -> Iterator[dict[str, Any]]:
    """The rows of runs that share a history of ``apart`` weeks."""
    try:
        with within(chunk.limit):
            parent = RecordingModel(runs[0][1]) if chunk.record else Run(runs[0][1])
            shared = min(apart, parent.config.horizon.weeks - 1) if len(runs) > 1 else 0
            if shared > 0:
                parent.advance(shared)
                check_books(parent.book[:shared])  # branches check theirs from there on
    except Exception as error:
        yield from failures((one for one, _ in runs), in_words(error, 500))
        return
    for one, scenario in runs:
        try:
            with within(chunk.limit):
                model = type(parent)(scenario, parent if shared else None) if len(runs) > 1 else parent
                model.levers = _levers(one.branch, scenario)
                model.run()
                found = outcomes_of(model) | _recorded(model, chunk.record, one.weekly)
            yield {"run": one.id, "error": None} | found
        except Exception as error:
            yield from failures([one], in_words(error, 500))


@lru_cache(maxsize=10_000)  # a worker meets each shock and cell in every task; scenarios share the typed ones
def _typed(branch: tuple[str, ...]) -> dict[str, Any]:
    typed = [_typed_one(item) for item in branch]
    return {kind: {name: value for of, name, value in typed if of == kind} for kind in KINDS}


@lru_cache(maxsize=10_000)
def _typed_one(item: str) -> tuple[str, str, Shock | Policy]:
    kind, name, values = json.loads(item)
    return kind, name, KINDS[kind](**values)


@lru_cache(maxsize=10_000)
def _of_levers(branch: tuple[str, ...]) -> tuple[str, ...]:
    """What of a branch the intensities of policies depend on."""
    typed = {item: _typed_one(item)[2] for item in branch}
    return tuple(item for item, one in typed.items() if isinstance(one, Policy) or one.type == "practice")


_LEVERS: dict[Any, Rows] = {}


def _levers(branch: tuple[str, ...], scenario: Scenario) -> Rows:
    """The intensities of policies by week: a study has few, which its runs share (0.1 ms a run)."""
    horizon, rails = scenario.horizon, [rail.name for rail in scenario.rails]
    key = (_of_levers(branch), horizon.start, horizon.weeks, *rails)
    if key not in _LEVERS:
        if len(_LEVERS) == 256:
            _LEVERS.clear()
        _LEVERS[key] = levers_of(scenario)
    return _LEVERS[key]


def outcomes_of(model: Run) -> dict[str, float]:
    """The outcomes of a run: means over the windows after the switch, gain of the loop, precision and recall."""
    report = model.config.report
    means = averages_by_window(model, dict.fromkeys(report.beside, BESIDE) | {report.window: OUTCOMES})
    beside = {f"{name}_{weeks}": means[weeks][name] for weeks in report.beside for name in BESIDE}
    of_the_run = (loop_gain(model).total, *precision_and_recall(model))
    return means[report.window] | beside | dict(zip(MEASURES, of_the_run, strict=True))


def _recorded(model: Run, sections: Sequence[str], weekly: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if weekly:
        found |= {f"weekly_{name}": values.tolist() for name, values in series(model, WEEKLY).items()}
    if isinstance(model, RecordingModel):
        found |= {f"record_{name}": value for name, value in observables.measured(model, sections).items()}
        weekly_ones = observables.series(sections) if weekly else {}
        found |= {f"weekly_{name}": one(model) for name, one in weekly_ones.items()}
    return found
