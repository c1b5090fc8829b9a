"""The work of a worker: it takes a chunk of runs and returns a table. It knows nothing of studies or files."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import pyarrow as pa

from experiments.evidence import observables
from experiments.evidence.observables.recorder import RecordingModel
from experiments.study.design import scenario_of
from experiments.study.parameter_sampling import Values
from experiments.study.watchdog import within
from sim.config.untrusted_yaml import in_words
from sim.events import first_difference
from sim.outcomes import OF_THE_RUN, OUTCOMES
from sim.results import averages, loop_gain, precision_and_recall, series
from sim.run import Run
from sim.scenario import Policy, Scenario, Shock

WEEKLY = ("capacity", "capacity_core", "capacity_network", "rate", "campaign_given", "delivered")
"""Outcomes that are recorded by week, for runs that request it."""
BESIDE = (
    "capacity", "capacity_core", "capacity_network", "rate", "rate_core", "rate_network", "inspired", "lawful_frozen",
    "lawful_hindered",
)  # fmt: skip
"""Outcomes that are also averaged over the windows beside the main one."""
MEASURES = tuple(OF_THE_RUN)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A requested run of a task: its identity, its branch, and whether weekly series are recorded."""

    id: str
    branch: int
    weekly: bool


@dataclass(frozen=True, slots=True)
class Task:
    """Runs that share a history: one seed and one draw of one group."""

    group: int
    seed: int
    drawn: dict[str, float | int]
    wanted: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Tasks that go to a worker together, with everything that it needs.

    Attributes:
        past: plain values of a scenario, by group.
        branches: shocks and policies of each cell as JSON, by group.
        tasks: the tasks.
        record: sections of observables by which each run is also measured.
        limit: seconds after which a run ends its worker (`experiments.study.watchdog`); 0 is no limit.
    """

    past: dict[int, Values]
    branches: dict[int, Sequence[str]]
    tasks: tuple[Task, ...]
    record: tuple[str, ...] = ()
    limit: float = 0.0

    @property
    def size(self) -> int:
        """Number of runs."""
        return sum(len(task.wanted) for task in self.tasks)

    def one_by_one(self) -> "list[Chunk]":
        """Split into chunks of one run each."""
        if self.size == 1:
            return [self]
        alone = (replace(task, wanted=(one,)) for task in self.tasks for one in task.wanted)
        return [replace(self, tasks=(task,)) for task in alone]


def columns(beside: Sequence[int], sections: Sequence[str] = ()) -> list[str]:
    """The outcomes of a run in order, then the observables of some sections."""
    names = [name for name in OUTCOMES if name != "share"]
    found = [*names, *(f"{name}_{weeks}" for name in BESIDE for weeks in beside), *MEASURES]
    return found + [f"record_{name}" for name in observables.measures(sections)]


def weekly(sections: Sequence[str] = ()) -> list[str]:
    """The weekly series of a run, in order."""
    return [*WEEKLY, *observables.series(sections)]


def schema(beside: Sequence[int], sections: Sequence[str] = ()) -> pa.Schema:
    """The schema of finished runs: identity, error or outcomes, and weekly series where requested."""
    numbers = [(name, pa.float64()) for name in columns(beside, sections)]
    series = [(f"weekly_{name}", pa.list_(pa.float64())) for name in weekly(sections)]
    return pa.schema([("run", pa.string()), ("error", pa.string()), *numbers, *series])


def run_chunk(chunk: Chunk) -> pa.Table:
    """Run a chunk. A run that fails is a row with its error; the others continue."""
    return _table(chunk, [row for task in chunk.tasks for row in _rows(task, chunk)])


def failed(chunk: Chunk, error: str) -> pa.Table:
    """Return the table of a chunk that no worker could finish."""
    return _table(chunk, [row for task in chunk.tasks for row in _failures(task.wanted, error)])


def _table(chunk: Chunk, rows: list[dict[str, Any]]) -> pa.Table:
    beside = dict.fromkeys(weeks for past in chunk.past.values() for weeks in past["report"]["beside"])
    return pa.Table.from_pylist(rows, schema([*beside], chunk.record))


def _failures(runs: Iterable[Wanted], error: str) -> list[dict[str, Any]]:
    return [{"run": one.id, "error": error} for one in runs]


def _rows(task: Task, chunk: Chunk) -> Iterator[dict[str, Any]]:
    """The rows of one task: a history that runs share is simulated once, then each run forks from it."""
    past, branches = chunk.past[task.group], chunk.branches[task.group]
    try:
        first = scenario_of(past | json.loads(branches[task.wanted[0].branch]), task.seed, task.drawn)
        left = [(one, first.model_copy(update=_typed(branches[one.branch]))) for one in task.wanted]
    except Exception as error:
        yield from _failures(task.wanted, in_words(error, 500))
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
    except Exception as error:
        yield from _failures((one for one, _ in runs), in_words(error, 500))
        return
    for one, scenario in runs:
        try:
            with within(chunk.limit):
                model = parent.branch(scenario)
                model.run()
                found = outcomes_of(model) | _recorded(model, chunk.record, one.weekly)
            yield {"run": one.id, "error": None} | found
        except Exception as error:
            yield from _failures([one], in_words(error, 500))


@lru_cache(maxsize=10_000)  # cells of a study: a worker meets each of them in every task
def _typed(branch: str) -> dict[str, Any]:
    values = json.loads(branch)
    return {
        "shocks": {name: Shock(**one) for name, one in values["shocks"].items()},
        "policies": {name: Policy(**one) for name, one in values["policies"].items()},
    }


def outcomes_of(model: Run) -> dict[str, float]:
    """The outcomes of a run: means over the windows after the switch, gain of the loop, precision and recall."""
    report = model.config.report
    found = averages(model, report.window)
    for weeks in report.beside:
        found |= {f"{name}_{weeks}": value for name, value in averages(model, weeks, BESIDE).items()}
    return found | dict(zip(MEASURES, (loop_gain(model).total, *precision_and_recall(model)), strict=True))


def _recorded(model: Run, sections: Sequence[str], weekly: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if weekly:
        found |= {f"weekly_{name}": values.tolist() for name, values in series(model, WEEKLY).items()}
    if isinstance(model, RecordingModel):
        found |= {f"record_{name}": value for name, value in observables.measured(model, sections).items()}
        weekly_ones = observables.series(sections) if weekly else {}
        found |= {f"weekly_{name}": one(model) for name, one in weekly_ones.items()}
    return found
