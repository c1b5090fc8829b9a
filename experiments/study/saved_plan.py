"""The plan of a study as it is kept in its folder, plan.json: all that tables, figures and brief need beside the runs.

The file may come from anybody. It is JSON, every field of it is judged, and nothing is imported, evaluated or run.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError, field_validator

from experiments.study.design import Cell, Group, Plan
from experiments.study.parameter_sampling import DRAWS, Range
from experiments.study.spec import Frozen, Study, Value, faults_in
from sim.config import ConfigurationError
from sim.config.own_tables import NAMES
from sim.config.untrusted_yaml import MOST, one_line, shortened, size_of
from sim.scenario import Scenario

if TYPE_CHECKING:
    from experiments.study.saved_posterior import Posterior
    from experiments.study.store import Folder

PLAN, PROVENANCE = "plan.json", "provenance.json"
_LARGEST = 2**29  # bytes of a file that is read
_TOLD = 3  # faults of a file
_READ = ("horizon", "policies", "shocks", "report")
"""What reports read of a scenario: a version that has other parameters needs no more of it."""

type _Place = Annotated[int, Field(ge=0)]
type _Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class _Cell(Frozen):
    """A cell; ``scenario`` says for each section of its scenario where it stands among all ``sections``."""

    levels: dict[str, Value]
    scenario: dict[str, _Place]
    held: list[str]
    copies: list[tuple[str, str]]
    every: Annotated[int, Field(ge=1)]
    weekly: bool
    digest: _Hash


class _Group(Frozen):
    """Cells that share a past; ``ranges`` says where each range of it stands among all ``ranges``."""

    cells: Annotated[list[_Place], Field(min_length=1)]
    ranges: list[_Place]


class _Posterior(Frozen):
    names: list[str]
    quantiles: list[list[float]]
    weights: list[float]
    also: dict[str, tuple[float, float]]


class Kept(Frozen):
    """A plan in plain values. What many cells share stands there once."""

    format: Literal[1] = 1
    name: str
    version: Annotated[str, Field(pattern=r"^[0-9a-f]+-[0-9a-f]+-[0-9a-f]+$")]
    study: Study
    seeds: Annotated[list[tuple[_Place, _Place]], Field(min_length=1)]  # first and last of each row of seeds
    sections: list[Any]
    cells: Annotated[list[_Cell], Field(min_length=1)]
    ranges: list[Range]
    groups: list[_Group]
    dimensions: dict[str, _Place]
    posterior: _Posterior | None = None
    tables: dict[str, str] = Field(default={})  # of the user's own, which its report reads

    @field_validator("tables")
    @classmethod
    def _known(cls, tables: dict[str, str]) -> dict[str, str]:
        if unknown := [name for name in tables if name not in NAMES]:
            raise ValueError(f"there is no table {unknown[0]}")
        if any(size_of(text) > MOST for name, text in tables.items() if name.endswith(".yaml")):
            raise ValueError("a table is too large once its anchors are written out")
        return tables

    @field_validator("seeds")
    @classmethod
    def _few_enough(cls, rows: list[tuple[int, int]]) -> list[tuple[int, int]]:
        if any(first > last for first, last in rows) or sum(last - first + 1 for first, last in rows) > 1_000_000:
            raise ValueError("must be rows of at most 1,000,000 seeds, the first and the last of each")
        return rows


class Facts(Frozen, extra="ignore"):
    """What is known of how runs were made: all that figures and brief say of it."""

    command: Annotated[str, Field(max_length=100_000)]
    model: Annotated[str, Field(max_length=100)]
    commit: Annotated[str, Field(pattern=r"^[0-9a-f]{7,64}$")] | None
    dirty: bool | None
    started: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}T[\d:+.Z-]+$")]
    evidence: dict[str, tuple[int, int]] | None = None


# --- writing ---------------------------------------------------------------------------------------------------------


class _Shared:
    """Plain values of which each stands there once."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self.places: dict[str, int] = {}

    def place(self, value: Any) -> int:
        """Where a value stands; it is added if it is new."""
        text = json.dumps(value, sort_keys=True)
        if text not in self.places:
            self.places[text] = len(self.values)
            self.values.append(value)
        return self.places[text]


def keep(plan: Plan, folder: "Folder") -> None:
    """Write plan.json anew."""
    folder.write(PLAN, (json.dumps(_plain(plan), ensure_ascii=False, allow_nan=False) + "\n").encode())


def _plain(plan: Plan) -> dict[str, Any]:
    sections, ranges = _Shared(), _Shared()
    cells = []
    for cell, digest in zip(plan.cells, plan.digests, strict=True):
        values = cell.scenario.model_dump(mode="json", exclude_computed_fields=True)
        places = {name: sections.place(section) for name, section in values.items()}
        about = {"levels": cell.levels, "held": cell.held, "copies": cell.copies}
        cells.append(about | {"scenario": places, "every": cell.every, "weekly": cell.weekly, "digest": digest})
    groups = [
        {"cells": group.cells, "ranges": [ranges.place(asdict(one)) for one in group.ranges]} for group in plan.groups
    ]
    return {
        "format": 1,
        "name": plan.name,
        "version": plan.version,
        "study": plan.study.model_dump(mode="json", exclude_unset=True),
        "seeds": _rows(plan.seeds),
        "sections": sections.values,
        "cells": cells,
        "ranges": ranges.values,
        "groups": groups,
        "dimensions": plan.dimensions,
        "posterior": _heard(plan.posterior),
        "tables": plan.tables,
    }


def _rows(seeds: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of each row of seeds that follow each other."""
    rows: list[tuple[int, int]] = []
    for seed in seeds:
        if rows and seed == rows[-1][1] + 1:
            rows[-1] = (rows[-1][0], seed)
        else:
            rows.append((seed, seed))
    return rows


def _heard(posterior: "Posterior | None") -> dict[str, Any] | None:
    if posterior is None:
        return None
    return {
        "names": posterior.names,
        "quantiles": posterior.quantiles.tolist(),
        "weights": posterior.weights.tolist(),
        "also": posterior.also,
    }


# --- reading ---------------------------------------------------------------------------------------------------------


def text_of(file: Path) -> bytes:
    """The bytes of a file of a study's folder.

    Raises:
        ConfigurationError: if it is not there, or too large to be one.
    """
    try:
        if not file.is_file():
            raise ConfigurationError([f"{file}: is not there"])
        if file.stat().st_size > _LARGEST:
            raise ConfigurationError([f"{file}: is too large to be what its name says"])
        return file.read_bytes()
    except OSError as error:
        raise ConfigurationError([f"{file}: cannot be read: {error.strerror or error}"]) from None


def read[T: Frozen](kind: type[T], file: Path) -> T:
    """A file of plain values, judged.

    Raises:
        ConfigurationError: with its first faults.
    """
    try:
        return kind.model_validate_json(text_of(file))
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        words = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}".removeprefix(": ") for one in found[:_TOLD]]
        more = [f"and {len(found) - _TOLD} faults more"] * (len(found) > _TOLD)
        raise ConfigurationError([f"{file}: {'; '.join([*words, *more])}"]) from None
    except RecursionError:
        raise ConfigurationError([f"{file}: is nested too deeply"]) from None


def plan_in(path: Path, ours: bool) -> Plan:
    """The plan that a folder keeps.

    Args:
        path: the folder.
        ours: whether it was made by this version of the rules, which then must understand all of it.

    Raises:
        ConfigurationError: if it keeps none, or one that does not hang together.
    """
    file = path / PLAN
    kept = read(Kept, file)
    try:
        return _restored(kept, ours)
    except (ValidationError, LookupError, TypeError, ValueError) as error:
        raise ConfigurationError([f"{file}: does not hang together: {shortened(one_line(error))}"]) from None


def _restored(kept: Kept, ours: bool) -> Plan:
    """The plan with all that was worked out when it was made.

    Raises:
        ValueError: where its parts do not fit each other.
    """
    faults = list(faults_in(kept.study)) if ours else []
    if faults:
        raise ValueError(faults[0])
    values = [{name: kept.sections[place] for name, place in cell.scenario.items()} for cell in kept.cells]
    known = _Known(ours)
    cells = [
        Cell(dict(cell.levels), known.scenario(each), tuple(cell.held), tuple(cell.copies), cell.every, cell.weekly)
        for cell, each in zip(kept.cells, values, strict=True)
    ]
    seeds = [seed for first, last in kept.seeds for seed in range(first, last + 1)]
    plan = Plan(kept.study, kept.name, cells, seeds, kept.version, tables=dict(kept.tables))
    plan.digests = [cell.digest for cell in kept.cells]
    plan.dimensions = kept.dimensions
    plan.posterior = _posterior_of(kept.posterior)
    plan.groups = [
        Group(tuple(one.cells), values[one.cells[0]], tuple(kept.ranges[place] for place in one.ranges),
              cells[one.cells[0]].copies)
        for one in kept.groups
    ]  # fmt: skip
    _judge(plan)
    return plan


class _Known:
    """Scenarios of plain values; those that are equal are read once."""

    def __init__(self, ours: bool) -> None:
        self.ours = ours
        self.found: dict[str, Scenario] = {}

    def scenario(self, values: dict[str, Any]) -> Scenario:
        """The scenario; of another version's, what it shares with this one."""
        text = json.dumps(values, sort_keys=True)
        if text not in self.found:
            self.found[text] = Scenario(**values) if self.ours else _leniently(values)
        return self.found[text]


def _leniently(values: dict[str, Any]) -> Scenario:
    """A scenario of another version: what reports read must be understood, the rest may be as it is."""
    try:
        return Scenario(**values)
    except ValidationError:
        parts: dict[str, Any] = {}
    for name, info in Scenario.model_fields.items():
        kind: Any = info.annotation
        try:
            parts[name] = TypeAdapter(kind).validate_python(values.get(name), extra="ignore")
        except ValidationError:
            if name in _READ:
                raise
            parts[name] = values.get(name)
    return Scenario.model_construct(**parts)


def _posterior_of(kept: _Posterior | None) -> "Posterior | None":
    if kept is None:
        return None
    import numpy as np

    from experiments.study.saved_posterior import Posterior

    quantiles = np.array(kept.quantiles, dtype=float).reshape(len(kept.weights), len(kept.names))
    return Posterior(tuple(kept.names), quantiles, np.array(kept.weights), dict(kept.also), {})


def _judge(plan: Plan) -> None:
    """That cells, groups, draws and dimensions fit each other.

    Raises:
        ValueError: if not.
    """
    if sorted(cell for group in plan.groups for cell in group.cells) != list(range(len(plan.cells))):
        raise ValueError("every cell must be in one group")
    if (plan.posterior is None) != (plan.study.uncertain != "posterior"):
        raise ValueError("a posterior must be there where it is drawn from, and only there")
    if sorted(plan.dimensions.values()) != list(range(len(plan.dimensions))):
        raise ValueError("dimensions must be counted from 0")
    if any(one.dimension >= len(plan.dimensions) for group in plan.groups for one in group.ranges):
        raise ValueError("a range has no dimension")
    if plan.study.uncertain != "none" and max(map(plan.draw_of, plan.seeds)) >= DRAWS:
        raise ValueError(f"there are no more than {DRAWS:,} draws")
