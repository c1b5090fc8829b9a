"""A chunk of runs as a worker receives it, and the table that it returns. Nothing here loads the model."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from sys import intern
from typing import Any, Literal

import pyarrow as pa

from experiments.study.parameter_sampling import Values
from sim.outcomes import OF_THE_RUN, OUTCOMES
from sim.scenario import Policy, Scenario, Shock

WEEKLY = ("capacity", "capacity_core", "capacity_network", "rate", "campaign_given", "delivered")
"""Outcomes that are recorded by week, for runs that request it."""
BESIDE = (
    "capacity", "capacity_core", "capacity_network", "rate", "rate_core", "rate_network", "inspired", "lawful_frozen",
    "lawful_hindered",
)  # fmt: skip
"""Outcomes that are also averaged over the windows beside the main one."""
OVER = re.compile(rf"({'|'.join(BESIDE)})_(\d+)")
"""A column of such an average: the outcome and the weeks of its window."""
MEASURES = tuple(OF_THE_RUN)
KINDS: dict[str, type[Shock | Policy]] = {"shocks": Shock, "policies": Policy}
"""The sections of a scenario in which cells of a group differ, and the type of their items."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A requested run of a task: its identity, its branch, and whether weekly series are recorded.

    A branch is the shocks and policies of a cell, each as JSON (`branch_of`). Cells share most of them, so a pickled
    chunk holds each once.
    """

    id: str
    branch: tuple[str, ...]
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
        tasks: the tasks.
        record: sections of observables by which each run is also measured.
        limit: seconds after which a run ends its worker (`experiments.study.watchdog`); 0 is no limit.
    """

    past: dict[int, Values]
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


def branch_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the shocks and policies of a scenario, each as JSON; equal ones are the same object."""
    values = json.loads(scenario.model_dump_json(include={*KINDS}, exclude_computed_fields=True))
    return tuple(intern(json.dumps((kind, *item))) for kind in KINDS for item in values[kind].items())


def columns(beside: Sequence[int], sections: Sequence[str] = ()) -> list[str]:
    """The outcomes of a run in order, then the observables of some sections."""
    names = [name for name in OUTCOMES if name != "share"]
    found = [*names, *(f"{name}_{weeks}" for name in BESIDE for weeks in beside), *MEASURES]
    return [*found, *(f"record_{name}" for name in _observed("measures", sections))]


def weekly(sections: Sequence[str] = ()) -> list[str]:
    """The weekly series of a run, in order."""
    return [*WEEKLY, *_observed("series", sections)]


def _observed(kind: Literal["measures", "series"], sections: Sequence[str]) -> Iterable[str]:
    if not sections:
        return ()
    from experiments.evidence import observables  # which load the model

    return observables.measures(sections) if kind == "measures" else observables.series(sections)


def schema(beside: Sequence[int], sections: Sequence[str] = ()) -> pa.Schema:
    """The schema of finished runs: identity, error or outcomes, and weekly series where requested."""
    numbers = [(name, pa.float64()) for name in columns(beside, sections)]
    series = [(f"weekly_{name}", pa.list_(pa.float64())) for name in weekly(sections)]
    return pa.schema([("run", pa.string()), ("error", pa.string()), *numbers, *series])


def failed(chunk: Chunk, error: str) -> pa.Table:
    """Return the table of a chunk that no worker could finish."""
    return table_of(chunk, [row for task in chunk.tasks for row in failures(task.wanted, error)])


def table_of(chunk: Chunk, rows: list[dict[str, Any]]) -> pa.Table:
    """Return the table of some rows of a chunk."""
    beside = dict.fromkeys(weeks for past in chunk.past.values() for weeks in past["report"]["beside"])
    return pa.Table.from_pylist(rows, schema([*beside], chunk.record))


def failures(runs: Iterable[Wanted], error: str) -> list[dict[str, Any]]:
    """Return the rows of runs that failed."""
    return [{"run": one.id, "error": error} for one in runs]
