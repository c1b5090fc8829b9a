"""The design of a study: its cells, the scenario of each, and every run with its identity. Nothing here runs anything.

A plan is plain JSON of pydantic. It may come from anybody: every field is validated, and nothing is imported, evaluated
or run.
"""

import hashlib
import itertools
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PrivateAttr, TypeAdapter, ValidationError
from pydantic.functional_validators import WrapValidator, field_validator, model_validator
from pydantic_core.core_schema import ValidatorFunctionWrapHandler

from experiments.study import parameter_sampling as sampling
from experiments.study import saved_posterior
from experiments.study.parameter_sampling import DRAWS, Range, Values, dimensions, points, put, ranges
from experiments.study.saved_posterior import Posterior
from experiments.study.spec import Frozen, Study, Value, errors_in, printable
from sim.config import load
from sim.config.own_folder import Sources
from sim.config.own_tables import is_table
from sim.config.untrusted_yaml import MOST, size_of
from sim.engine.text import listed
from sim.scenario import Scenario

type Levels = dict[str, Value]
type Copies = tuple[tuple[str, str], ...]
"""Pairs of sections (to, from): the first takes the draw of the second."""

ANY = "Any parameters"
"""The words in the title of a study for which the names of what varies stand."""
_REPORTED = ("horizon", "policies", "shocks", "report")
"""Sections that reports read; of a scenario of another version, no more need be valid."""


def _of_any_version(values: Any, validate: ValidatorFunctionWrapHandler, info: Any) -> Scenario:
    """Return the scenario; of another version's, the sections that reports read must be valid."""
    try:
        found: Scenario = validate(values)
        return found
    except ValidationError:
        if not info.context or info.context["ours"] or not isinstance(values, dict):
            raise
    parts: dict[str, Any] = {}
    for name, field in Scenario.model_fields.items():
        kind: Any = field.annotation
        try:
            parts[name] = TypeAdapter(kind).validate_python(values.get(name), extra="ignore")
        except ValidationError:
            if name in _REPORTED:
                raise
            parts[name] = values.get(name)
    return Scenario.model_construct(**parts)


class Cell(Frozen):
    """One combination of levels, and the scenario that it makes (with seed 0; a run has its own).

    ``held`` names parameters that are not drawn here, because a factor or the user sets them. ``digest`` is a hash of
    all that its runs depend on beside seed, draw and version. Of all draws a cell takes the first ones, one in ``thin``
    or as many as ``draws`` says, and each with the seeds of so many ``rounds``.
    """

    levels: Levels
    scenario: Annotated[Scenario, WrapValidator(_of_any_version)]
    held: tuple[str, ...] = ()
    copies: Copies = ()
    thin: Annotated[int, Field(ge=1)] = 1
    draws: Annotated[int, Field(ge=1)] | None = None
    rounds: Annotated[int, Field(ge=1)] = 1
    weekly: bool = False
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a cell. Its identity is a hash of all that it depends on."""

    id: str
    cell: int
    seed: int
    draw: int


class Group(Frozen):
    """Cells that differ in shocks and policies alone: in every replication, their runs share a history."""

    cells: Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(min_length=1)]
    values: Values
    ranges: tuple[Range, ...]
    copies: Copies

    def drawn(self, point: Sequence[float], posterior_point: Sequence[float]) -> dict[str, float | int]:
        """Return the value of every parameter that a draw sets, by full name.

        Args:
            point: the draw in the unit cube.
            posterior_point: the same under the posterior of the default profile; it holds where a parameter has its
                default value.
        """
        found = {}
        for one in self.ranges:
            mine = point if one.moved else posterior_point
            found[one.name] = one.at(float(mine[one.dimension]), 0.5 if one.own is None else float(mine[one.own]))
        for to, origin in self.copies:
            like = {name: value for name, value in found.items() if name.startswith(f"{origin}.")}
            found |= {to + name.removeprefix(origin): value for name, value in like.items()}
        return found


class Plan(BaseModel):
    """Every run of a study, in order: by replication, then by cell.

    ``version`` is that of the runs (`experiments.study.version`). ``posterior`` is that from which the study draws, if
    it does, read from ``posterior_file``. ``sources`` names the source of each file of values. ``tables`` are the
    user's own tables, which reports read, as texts. ``cycle`` is the number of draws after which seeds begin a new
    round, with the first draw again; if there is none, each draw has one round.
    """

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    _printable = field_validator("name", "tables", "dimensions", "posterior", mode="before")(printable)
    format: Literal[3] = 3
    name: str
    version: str
    study: Annotated[Study, PlainSerializer(lambda study: study.model_dump(mode="json", exclude_unset=True))]
    seeds: Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=1, max_length=1_000_000)]
    cells: Annotated[list[Cell], Field(min_length=1)]
    groups: list[Group]
    dimensions: dict[str, Annotated[int, Field(ge=0)]]
    posterior: Posterior | None = None
    tables: dict[str, str] = {}
    cycle: Annotated[int, Field(ge=1)] | None = None
    posterior_file: Annotated[Path, Field(exclude=True)] = saved_posterior.FILE
    sources: Annotated[Sources, Field(exclude=True)] = {}
    _digests: dict[tuple[int, int], str] = PrivateAttr(default_factory=dict)

    @classmethod
    def of_cells(
        cls, study: Study, name: str, cells: list[Cell], seeds: Sequence[int], version: str, **more: Any
    ) -> Self:
        """Return the plan of some cells, with their groups and ranges."""
        posterior: Posterior | None = more.get("posterior")
        extra = _extra_ranges(study, cells, posterior)
        groups = _groups_of(cells, extra, study, posterior)
        return cls(
            study=study, name=name, cells=cells, seeds=list(seeds), version=version, groups=groups,
            dimensions=dimensions(extra), **more,
        )  # fmt: skip

    def longer(self, seeds: Sequence[int], **changed: Any) -> "Plan":
        """Return the plan with other seeds, and perhaps other fields."""
        same = {name: getattr(self, name) for name in Plan.model_fields}
        return Plan(**same | changed | {"seeds": list(seeds)})

    def at(self, levels: Mapping[str, Value]) -> "Plan":
        """Return the plan of the cells that have these levels."""
        kept = [number for number, cell in enumerate(self.cells) if levels.items() <= cell.levels.items()]
        new = {number: place for place, number in enumerate(kept)}
        some = [(group, tuple(new[cell] for cell in group.cells if cell in new)) for group in self.groups]
        groups = [group.model_copy(update={"cells": cells}) for group, cells in some if cells]
        return self.longer(self.seeds, cells=[self.cells[number] for number in kept], groups=groups)

    def grown(self, name: Literal["draws", "rounds"], counts: Mapping[int, int]) -> "Plan":
        """Return the plan with at least so many draws, or rounds of seeds a draw, in some cells; none loses runs."""
        draws = name == "draws"
        now = [self.draws_of(cell) if draws else cell.rounds for cell in self.cells]
        every = [max(one, counts.get(number, 0)) for number, one in enumerate(now)]
        cells = [cell.model_copy(update={name: own}) for cell, own in zip(self.cells, every, strict=True)]
        most = max(self.draws, *every) if draws else self.draws * max(every)
        cycle = self.cycle if draws else self.draws
        return self.longer(range(self.study.seeds_per_draw * most), cells=cells, cycle=cycle)

    def as_json(self) -> bytes:
        """Return all that tables, figures and a brief need beside the runs."""
        return self.model_dump_json(exclude_computed_fields=True).encode() + b"\n"

    @classmethod
    def from_json(cls, data: bytes, ours: bool) -> Self:
        """Return the plan that `as_json` wrote.

        Args:
            data: the JSON.
            ours: whether this version of the rules wrote it; then all of it must be valid.

        Raises:
            pydantic.ValidationError: if it is no plan, or its parts contradict each other.
        """
        return cls.model_validate_json(data, context={"ours": ours})

    @field_validator("tables")
    @classmethod
    def _are_known(cls, tables: dict[str, str]) -> dict[str, str]:
        if unknown := [name for name in tables if not is_table(name)]:
            raise ValueError(f"there is no table {unknown[0]}")
        if any(size_of(text) > MOST for name, text in tables.items() if name.endswith(".yaml")):
            raise ValueError("a table is too large once its anchors are written out")
        return tables

    @model_validator(mode="after")
    def _agrees(self, info: Any) -> Self:
        if info.context is not None and (error := next(self._contradictions(info.context["ours"]), "")):
            raise ValueError(error)
        return self

    def _contradictions(self, ours: bool) -> Iterator[str]:
        if not re.fullmatch(r"[0-9a-f]+-[0-9a-f]+-[0-9a-f]+", self.version):
            yield "version: is none"
        if ours:
            yield from errors_in(self.study)
        if sorted(cell for group in self.groups for cell in group.cells) != list(range(len(self.cells))):
            yield "every cell must be in one group"
        if (self.posterior is None) != (self.study.uncertain != "posterior"):
            yield "a posterior must be there if the study draws from it, and only then"
        if sorted(self.dimensions.values()) != list(range(len(self.dimensions))):
            yield "dimensions must be counted from 0"
        if self.posterior and not self.posterior.is_whole(self.dimensions):
            yield "posterior: needs a quantile of each parameter, and a weight, in each row"
        if any(one.dimension >= len(self.dimensions) for group in self.groups for one in group.ranges):
            yield "a range has no dimension"
        if self.study.uncertain != "none" and max(map(self.draw_of, self.seeds)) >= DRAWS:
            yield f"there are no more than {DRAWS:,} draws"

    @cached_property
    def factors(self) -> list[str]:
        """The factors of all cells, in order."""
        return list(dict.fromkeys(itertools.chain.from_iterable(cell.levels for cell in self.cells)))

    @property
    def varied(self) -> dict[str, list[Value]]:
        """The levels of each factor that has several."""
        every = {name: [cell.levels[name] for cell in self.cells if name in cell.levels] for name in self.factors}
        return {name: some for name, levels in every.items() if len(some := list(dict.fromkeys(levels))) > 1}

    @property
    def title(self) -> str:
        """The title of the study; of one on any parameters, with the names of those that vary."""
        names = [name for name in self.varied if name not in ("arm", "intensity")]
        return self.study.doc.replace(ANY, f"Sweep of {listed(names)}") if names else self.study.doc

    @property
    def only_group(self) -> str:
        """The profile of a study's only group; empty in a study that compares several."""
        profiles = {cell.scenario.group.profile for cell in self.cells}
        return "" if "profile" in self.factors or len(profiles) > 1 else profiles.pop()

    @cached_property
    def group_of(self) -> list[int]:
        """The group of each cell."""
        found = {cell: number for number, group in enumerate(self.groups) for cell in group.cells}
        return [found[cell] for cell in range(len(self.cells))]

    @property
    def extra_ranges(self) -> dict[str, tuple[float, float]]:
        """Ranges beside the declared plausible ones: the study's, own deviations, and those of the posterior."""
        return _extra_ranges(self.study, self.cells, self.posterior)

    @cached_property
    def declared_at(self) -> dict[int, str]:
        """The declared name of each dimension."""
        return {place: name for name, place in self.dimensions.items()}

    @cached_property
    def points(self) -> Mapping[int, Any]:
        """The point of each draw in the unit cube; none if parameters are held."""
        return {} if self.study.uncertain == "none" else points(list(self.rank), len(self.dimensions))

    @cached_property
    def posterior_points(self) -> Mapping[int, Any]:
        """The same under the posterior, if the study draws from it."""
        found = self.posterior
        if found is None:
            return self.points
        columns = [self.dimensions[name] for name in found.names]
        known = {draw: point.copy() for draw, point in self.points.items()}
        for draw, row in zip(known, found.rows(list(known)), strict=True):
            known[draw][columns] = found.quantiles[row]
        return known

    @cached_property
    def rank(self) -> Mapping[int, int]:
        """The place of each draw among all. A cell that takes some of them takes the first ones.

        Every n-th draw would not do: a Sobol sequence that is thinned so leaves parts of the cube empty.
        """
        draws = sorted({self.draw_of(seed) for seed in self.seeds})
        return {draw: place for place, draw in enumerate(draws)}

    @property
    def draws(self) -> int:
        """The number of draws of the uncertain parameters."""
        return len(self.rank)

    def draw_of(self, seed: int) -> int:
        """Return the draw that a seed shares with its neighbours, and with its like in other rounds."""
        draw = seed // self.study.seeds_per_draw
        return draw % self.cycle if self.cycle else draw

    def draws_of(self, cell: Cell) -> int:
        """Return how many draws a cell takes."""
        return min(cell.draws or -(-self.draws // cell.thin), self.draws)

    def drawn(self, group: int, draw: int) -> dict[str, float | int]:
        """Return the values that a draw sets in a group."""
        return self.groups[group].drawn(self.points[draw], self.posterior_points[draw]) if self.points else {}

    def _digest_of(self, group: int, draw: int) -> str:
        """A hash of the values that a draw sets in a group, made once: a report lists all runs five times."""
        if (group, draw) not in self._digests:
            self._digests[group, draw] = _digest(self.drawn(group, draw))
        return self._digests[group, draw]

    def runs(self, seeds: Sequence[int] | None = None) -> Iterator[Run]:
        """Yield every run, or those of some seeds."""
        for seed in self.seeds if seeds is None else seeds:
            draw = self.draw_of(seed)
            for number in self._cells_of(seed):
                values = self._digest_of(self.group_of[number], draw)
                parts = (self.version, self.cells[number].digest, str(seed), values)
                yield Run(hashlib.blake2b("|".join(parts).encode(), digest_size=16).hexdigest(), number, seed, draw)

    def run_cells(self) -> Iterator[int]:
        """Yield the cell of every run, in the order of `runs`, of which it is the cheap part."""
        return itertools.chain.from_iterable(map(self._cells_of, self.seeds))

    def _cells_of(self, seed: int) -> tuple[int, ...]:
        """The cells that have a run with a seed."""
        lap = seed // (self.study.seeds_per_draw * self.cycle) if self.cycle else 0
        return self._cells_at(self.rank[self.draw_of(seed)], lap)

    @cached_property
    def _cells_at(self) -> Callable[[int, int], tuple[int, ...]]:
        takes = [(self.draws_of(cell), cell.rounds) for cell in self.cells]

        @lru_cache(maxsize=2)  # neighbouring seeds have the same
        def found(rank: int, lap: int) -> tuple[int, ...]:
            return tuple(number for number, (draws, rounds) in enumerate(takes) if rank < draws and lap < rounds)

        return found

    @cached_property
    def size(self) -> int:
        """The number of different runs; equal cells share theirs."""
        alike = [(group.ranges, group.copies) if self.points else None for group in self.groups]  # draw the same values
        first = [alike.index(one) for one in alike]
        kinds = [(cell.digest, first[group]) for cell, group in zip(self.cells, self.group_of, strict=True)]
        return sum(len({kinds[number] for number in self._cells_of(seed)}) for seed in self.seeds)


def plain(scenario: Scenario) -> Values:
    """Return a scenario as plain values."""
    return scenario.model_dump(mode="json", exclude_computed_fields=True, warnings=False)


def digest_of(scenario: Scenario) -> str:
    """Return a hash of all that a run depends on; of a disabled shock only its kind and date."""
    values = plain(scenario)
    for name, shock in values["shocks"].items():
        if not shock["enabled"] and shock["type"] not in ("territory", "oil_fields"):
            values["shocks"][name] = {key: shock[key] for key in ("type", "enabled", "at")}
    return _digest(values)


def _digest(value: Any) -> str:
    return hashlib.blake2b(json.dumps(value, sort_keys=True).encode(), digest_size=16).hexdigest()


def _extra_ranges(study: Study, cells: Sequence[Cell], posterior: Posterior | None) -> dict[str, tuple[float, float]]:
    also = posterior.also if posterior else {}
    profiles = [cell.scenario.group.profile for cell in cells]
    own = sampling.deviations({**study.pooled, **sampling.pooled_in(also)}, profiles)
    known = {**sampling.declared(), **study.extra_ranges}
    own |= {f"{name}@{case}": known[name] for name in study.apart if name in known for case in profiles}
    return {**study.extra_ranges, **own, **also}


def _groups_of(
    cells: Sequence[Cell], extra_ranges: Mapping[str, tuple[float, float]], study: Study, posterior: Posterior | None
) -> list[Group]:
    """Return the cells by the history that they share.

    The posterior of a calibrated case holds for its own values too, so that none of its ranges has moved away from it.
    """
    default = plain(load())
    calibrated = {name.partition("@")[2] for name in (posterior.also if posterior else {})} - {""}
    found: dict[str, list[int]] = {}
    for number, cell in enumerate(cells):
        history = plain(cell.scenario) | {"shocks": None, "policies": None}
        found.setdefault(_digest([history, cell.held, cell.copies]), []).append(number)
    groups = []
    for numbers in found.values():
        first = cells[numbers[0]]
        values = plain(first.scenario)
        case, drawn = first.scenario.group.profile, tuple[Range, ...]()
        if study.uncertain != "none":
            drawn = ranges(values, default, extra_ranges, first.held, case)
        if case in calibrated:
            drawn = tuple(replace(one, moved=False) for one in drawn)
        groups.append(Group(cells=tuple(numbers), values=values, ranges=drawn, copies=first.copies))
    return groups


def scenario_of(values: Values, seed: int, drawn: Mapping[str, float | int]) -> Scenario:
    """Return the scenario of plain values with a seed and the values of a draw; validated like any other."""
    mine: Values = json.loads(json.dumps(values))
    mine["seed"] = seed
    for name, value in drawn.items():
        put(mine, name, value)
    return Scenario(**mine)
