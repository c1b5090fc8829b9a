"""The design of a study: its cells, the scenario of each, and every run with its identity. Nothing here runs anything.

A plan writes and reads itself as JSON (`Plan.as_json`, `Plan.from_json`). Its JSON may come from anybody: every field
is validated, and nothing is imported, evaluated or run.
"""

import hashlib
import itertools
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    SerializerFunctionWrapHandler,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_serializer,
    model_validator,
)

from experiments.study import saved_posterior
from experiments.study.parameter_sampling import DRAWS, Range, Values, dimensions, names_of, points, put, ranges
from experiments.study.saved_posterior import Posterior
from experiments.study.spec import STATUS_QUO as STATUS_QUO
from experiments.study.spec import Frozen, Study, Value, errors_in, printable
from sim.config import ConfigurationError, Request, folders_of, groups_in, load, passed_over, source_in, validate
from sim.config.own_folder import POSTERIOR, Sources, source_of
from sim.config.own_tables import NAMES, texts_in
from sim.config.shorthand import rewritten
from sim.config.untrusted_yaml import MOST, size_of
from sim.engine.constants import POLICIES
from sim.scenario import Scenario

type Levels = dict[str, Value]
type Copies = tuple[tuple[str, str], ...]
"""Pairs of sections (to, from): the first takes the draw of the second."""

FORMAT = 2
_SAME_AS = re.compile(r"^([\w.]+)=\$\{([\w.]+)\}$")
_REPORTED = ("horizon", "policies", "shocks", "report")
"""Sections that reports read; of a scenario of another version, no more need be valid."""


# --- plans as JSON ---------------------------------------------------------------------------------------------------


@dataclass
class Shared:
    """Values that many parts of a plan share: its JSON holds each once, and the parts hold places in this list.

    ``ours``: whether this version of the rules wrote them, so that every scenario must be valid.
    """

    values: list[Any] = field(default_factory=list)
    ours: bool = True
    places: dict[str, int] = field(default_factory=dict)
    scenarios: dict[str, Scenario] = field(default_factory=dict)

    def place(self, value: Any) -> int:
        """Return the place of a value, which is added if it is new."""
        place = self.places.setdefault(json.dumps(value, sort_keys=True), len(self.values))
        if place == len(self.values):
            self.values.append(value)
        return place

    def sections(self, places: Any) -> Values:
        """Return the sections of a scenario by their places."""
        return {name: self.values[place] for name, place in _PLACES.validate_python(places).items()}

    def ranges(self, places: Any) -> tuple[Range, ...]:
        """Return ranges by their places."""
        return _RANGES.validate_python([self.values[place] for place in places])

    def scenario(self, places: Any) -> Scenario:
        """Return the scenario whose sections have these places."""
        key = json.dumps(places, sort_keys=True)
        if key not in self.scenarios:
            values = self.sections(places)
            self.scenarios[key] = Scenario(**values) if self.ours else _of_another_version(values)
        return self.scenarios[key]


def _shared(find: Callable[[Shared, Any], Any]) -> PlainValidator:
    """Return a validator that finds shared values where a plan is read from JSON."""
    return PlainValidator(lambda value, info: find(info.context, value) if info.context else value)


_PLACES = TypeAdapter(dict[str, int])
_RANGES = TypeAdapter(tuple[Range, ...])


def _of_another_version(values: Values) -> Scenario:
    """Return a scenario of another version, of which the sections that reports read must be valid."""
    try:
        return Scenario(**values)
    except ValidationError:
        parts: dict[str, Any] = {}
    for name, info in Scenario.model_fields.items():
        kind: Any = info.annotation
        try:
            parts[name] = TypeAdapter(kind).validate_python(values.get(name), extra="ignore")
        except ValidationError:
            if name in _REPORTED:
                raise
            parts[name] = values.get(name)
    return Scenario.model_construct(**parts)


def _places_of(values: Values | Scenario, info: Any) -> dict[str, int]:
    sections = plain(values) if isinstance(values, Scenario) else values
    return {name: info.context.place(section) for name, section in sections.items()}


def _places_of_ranges(some: Iterable[Range], info: Any) -> list[int]:
    return [info.context.place(asdict(one)) for one in some]


class _Posterior(Frozen):
    """A posterior as plain values."""

    names: list[str]
    quantiles: list[list[float]]
    weights: list[float]
    also: dict[str, tuple[float, float]]


def _posterior_from(value: Any) -> Posterior | None:
    if value is None or isinstance(value, Posterior):
        return value
    import numpy as np

    one = _Posterior.model_validate(value)
    quantiles = np.array(one.quantiles, dtype=float).reshape(len(one.weights), len(one.names))
    return Posterior(tuple(one.names), quantiles, np.array(one.weights), dict(one.also), {})


def _posterior_of(one: Posterior | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {"names": one.names, "quantiles": one.quantiles.tolist(), "weights": one.weights.tolist(), "also": one.also}


# --- the plan --------------------------------------------------------------------------------------------------------


class Cell(Frozen):
    """One combination of levels, and the scenario that it makes (with seed 0; a run has its own).

    ``held`` names parameters that are not drawn here, because a factor or the user sets them. ``digest`` is a hash of
    all that its runs depend on beside seed, draw and version.
    """

    levels: Levels
    scenario: Annotated[Scenario, _shared(Shared.scenario), PlainSerializer(_places_of)]
    held: tuple[str, ...] = ()
    copies: Copies = ()
    thin: Annotated[int, Field(ge=1)] = 1
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
    values: Annotated[Values, _shared(Shared.sections), PlainSerializer(_places_of)]
    ranges: Annotated[tuple[Range, ...], _shared(Shared.ranges), PlainSerializer(_places_of_ranges)]
    copies: Copies

    def drawn(self, point: Sequence[float], posterior_point: Sequence[float]) -> dict[str, float | int]:
        """Return the value of every parameter that a draw sets, by full name.

        Args:
            point: the draw in the unit cube.
            posterior_point: the same under the posterior of the default profile; it holds where a parameter has its
                default value.
        """
        found = {
            one.name: one.at(float((point if one.moved else posterior_point)[one.dimension])) for one in self.ranges
        }
        for to, origin in self.copies:
            like = {name: value for name, value in found.items() if name.startswith(f"{origin}.")}
            found |= {to + name.removeprefix(origin): value for name, value in like.items()}
        return found


class Plan(BaseModel):
    """Every run of a study, in order: by replication, then by cell.

    ``version`` is that of the runs (`experiments.study.version`). ``posterior`` is that from which the study draws, if
    it does, read from ``posterior_file``. ``sources`` names the source of each file of values. ``tables`` are the
    user's own tables, which reports read, as texts.
    """

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    name: str
    version: str
    study: Annotated[Study, PlainSerializer(lambda study: study.model_dump(mode="json", exclude_unset=True))]
    seeds: Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=1, max_length=1_000_000)]
    cells: Annotated[list[Cell], Field(min_length=1)]
    groups: list[Group]
    dimensions: dict[str, Annotated[int, Field(ge=0)]]
    posterior: Annotated[Any, PlainValidator(_posterior_from), PlainSerializer(_posterior_of)] = None  # or a Posterior
    tables: dict[str, str] = {}
    posterior_file: Annotated[Path, Field(exclude=True)] = saved_posterior.FILE
    sources: Annotated[Sources, Field(exclude=True)] = {}

    @classmethod
    def of_cells(
        cls, study: Study, name: str, cells: list[Cell], seeds: Sequence[int], version: str, **more: Any
    ) -> Self:
        """Return the plan of some cells, with their groups and ranges."""
        posterior: Posterior | None = more.get("posterior")
        extra = {**study.extra_ranges, **(posterior.also if posterior else {})}
        groups = _groups_of(cells, extra, study.uncertain != "none")
        return cls(
            study=study, name=name, cells=cells, seeds=list(seeds), version=version, groups=groups,
            dimensions=dimensions(extra), **more,
        )  # fmt: skip

    def longer(self, seeds: Sequence[int]) -> "Plan":
        """Return the same cells with other seeds."""
        same = {name: getattr(self, name) for name in Plan.model_fields}
        return Plan(**same | {"seeds": list(seeds)})

    # --- as JSON -----------------------------------------------------------------------------------------------------

    def as_json(self) -> bytes:
        """Return all that tables, figures and a brief need beside the runs."""
        return self.model_dump_json(context=Shared()).encode() + b"\n"

    @classmethod
    def from_json(cls, data: bytes, ours: bool) -> Self:
        """Return the plan that `as_json` wrote.

        Args:
            data: the JSON.
            ours: whether this version of the rules wrote it; then all of it must be valid.

        Raises:
            pydantic.ValidationError: if it is no plan, or its parts contradict each other.
        """
        return cls.model_validate_json(data, context=Shared(ours=ours))

    @model_serializer(mode="wrap")
    def _with_shared_values(self, plain: SerializerFunctionWrapHandler, info: Any) -> dict[str, Any]:
        rest = plain(self)
        return {"format": FORMAT, "shared": info.context.values, **rest}

    @model_validator(mode="before")
    @classmethod
    def _open(cls, data: Any, info: Any) -> Any:
        """Take format and shared values out of JSON."""
        if info.context is None or not isinstance(data, dict):
            return data
        if data.get("format") != FORMAT:
            raise ValueError("is of a format that this version cannot read; repeat the command of provenance.json")
        shared = data.get("shared")
        if not isinstance(shared, list):
            raise ValueError("shared: must be a list")
        info.context.values = shared
        rest = {name: value for name, value in data.items() if name not in ("format", "shared")}
        return printable(rest)

    @field_validator("tables")
    @classmethod
    def _are_known(cls, tables: dict[str, str]) -> dict[str, str]:
        if unknown := [name for name in tables if name not in NAMES]:
            raise ValueError(f"there is no table {unknown[0]}")
        if any(size_of(text) > MOST for name, text in tables.items() if name.endswith(".yaml")):
            raise ValueError("a table is too large once its anchors are written out")
        return tables

    @model_validator(mode="after")
    def _agrees(self, info: Any) -> Self:
        """Refuse JSON whose parts contradict each other."""
        if info.context is not None and (error := next(self._contradictions(info.context.ours), "")):
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
        if any(one.dimension >= len(self.dimensions) for group in self.groups for one in group.ranges):
            yield "a range has no dimension"
        if self.study.uncertain != "none" and max(map(self.draw_of, self.seeds)) >= DRAWS:
            yield f"there are no more than {DRAWS:,} draws"

    # --- cells, draws and runs ---------------------------------------------------------------------------------------

    @cached_property
    def factors(self) -> list[str]:
        """The factors of all cells, in order."""
        return list(dict.fromkeys(itertools.chain.from_iterable(cell.levels for cell in self.cells)))

    @cached_property
    def group_of(self) -> list[int]:
        """The group of each cell."""
        found = {cell: number for number, group in enumerate(self.groups) for cell in group.cells}
        return [found[cell] for cell in range(len(self.cells))]

    @property
    def extra_ranges(self) -> dict[str, tuple[float, float]]:
        """Ranges beside the declared plausible ones: the study's, and those of the posterior."""
        return {**self.study.extra_ranges, **(self.posterior.also if self.posterior else {})}

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
        """The place of each draw among all. A cell that is thinned takes the first ones.

        Every n-th draw would not do: a Sobol sequence that is thinned so leaves parts of the cube empty.
        """
        draws = sorted({self.draw_of(seed) for seed in self.seeds})
        return {draw: place for place, draw in enumerate(draws)}

    @property
    def draws(self) -> int:
        """The number of draws of the uncertain parameters."""
        return len(self.rank)

    def draw_of(self, seed: int) -> int:
        """Return the draw that a seed shares with its neighbours."""
        return seed // self.study.seeds_per_draw

    def drawn(self, group: int, draw: int) -> dict[str, float | int]:
        """Return the values that a draw sets in a group."""
        return self.groups[group].drawn(self.points[draw], self.posterior_points[draw]) if self.points else {}

    def runs(self, seeds: Sequence[int] | None = None) -> Iterator[Run]:
        """Yield every run, or those of some seeds."""
        for seed in self.seeds if seeds is None else seeds:
            draw = self.draw_of(seed)
            values = [_digest(self.drawn(group, draw)) for group in range(len(self.groups))]
            for number, cell in enumerate(self.cells):
                if self.rank[draw] * cell.thin < len(self.rank):
                    parts = (self.version, cell.digest, str(seed), values[self.group_of[number]])
                    yield Run(hashlib.blake2b("|".join(parts).encode(), digest_size=16).hexdigest(), number, seed, draw)

    @cached_property
    def size(self) -> int:
        """The number of different runs; equal cells share theirs."""
        return len({run.id for run in self.runs()})


def plain(scenario: Scenario) -> Values:
    """Return a scenario as plain values."""
    return scenario.model_dump(mode="json", exclude_computed_fields=True)


def digest_of(scenario: Scenario) -> str:
    """Return a hash of all that a run depends on; of a disabled shock only its kind and date."""
    values = plain(scenario)
    for name, shock in values["shocks"].items():
        if not shock["enabled"] and shock["type"] not in ("territory", "oil_fields"):
            values["shocks"][name] = {key: shock[key] for key in ("type", "enabled", "at")}
    return _digest(values)


def _digest(value: Any) -> str:
    return hashlib.blake2b(json.dumps(value, sort_keys=True).encode(), digest_size=16).hexdigest()


def _groups_of(cells: Sequence[Cell], extra_ranges: Mapping[str, tuple[float, float]], uncertain: bool) -> list[Group]:
    """Return the cells by the history that they share."""
    default = plain(load())
    found: dict[str, list[int]] = {}
    for number, cell in enumerate(cells):
        history = plain(cell.scenario) | {"shocks": None, "policies": None}
        found.setdefault(_digest([history, cell.held, cell.copies]), []).append(number)
    groups = []
    for numbers in found.values():
        first = cells[numbers[0]]
        values = plain(first.scenario)
        drawn = ranges(values, default, extra_ranges, first.held) if uncertain else ()
        groups.append(Group(cells=tuple(numbers), values=values, ranges=drawn, copies=first.copies))
    return groups


# --- from a study to its plan ----------------------------------------------------------------------------------------


def levels_of(study: Study) -> list[tuple[Levels, int, bool]]:
    """Return levels, thinning and weekly of every cell; a cell of several blocks is as in the most demanding one."""
    found: dict[frozenset[tuple[str, Value]], tuple[Levels, int, bool]] = {}
    for block in study.blocks.values():
        vary = {name: _with_references(study, name, levels) for name, levels in block.vary.items()}
        for chosen in itertools.product(*vary.values()):
            levels = study.base | dict(zip(vary, chosen, strict=True))
            for name, zipped in study.zip.items():
                if name in levels:
                    levels |= dict(zip(zipped.factors, zipped.rows[int(levels.pop(name))], strict=True))
            if "intensity" in levels and levels.get("policy") == STATUS_QUO:
                levels["intensity"] = 0  # no policy has no intensity
            key = frozenset(levels.items())  # 1 and 1.0 are the same level
            _, thin, weekly = found.get(key, (levels, block.thin, False))
            found[key] = (levels, min(thin, block.thin), weekly or block.weekly)
    return list(found.values())


def _with_references(study: Study, name: str, levels: list[Value]) -> list[Value]:
    return [*(one for one in study.reference_levels_of(name) if one not in levels), *levels]


def plan_of(study: Study, name: str, seeds: Sequence[int], version: str, config_dir: Path | None = None) -> Plan:
    """Return the plan of a study.

    Raises:
        ConfigurationError: with every error of every cell.
    """
    errors: list[str] = []
    scenarios: dict[tuple[str, ...], Scenario | None] = {}
    rows = levels_of(study)
    known = sorted({name for levels, *_ in rows for name in _policies_in(levels)})
    chosen = [f"policy=[{','.join(known)}]"] if known else []
    groups = groups_in(folders_of(config_dir))
    files: dict[str, Path | None] = {}

    def validated(*overrides: str) -> Scenario | None:
        validation = validate(Request([*chosen, *overrides], config_dir))
        files.update(validation.files)
        errors.extend(_in_words_of(study, error) for error in validation.errors)
        return validation.scenario

    errors += _conflicts(study, {name for levels, *_ in rows for name in levels})
    for strength in {levels["intensity"]: None for levels, *_ in rows if "intensity" in levels and known}:
        validated(*(f"policies.{name}.intensity={strength}" for name in known))
    cells = []
    for levels, thin, weekly in rows:
        own = tuple(override for factor, level in levels.items() for override in overrides_of(study, factor, level))
        if own not in scenarios:
            scenarios[own] = validated(*study.overrides, *own)
        scenario = scenarios[own]
        if scenario is not None:
            errors += _beyond_the_run(study, levels, scenario)
        if scenario is None or errors:
            continue
        keys = {key_of(one) for one in (*study.overrides, *own)}
        held = {key for key in keys - groups.keys() if not _branches(key)}
        copies = tuple((one[1], one[2]) for one in map(_SAME_AS.match, own) if one)
        scenario = _with_policies(scenario, levels)
        cells.append(
            Cell(
                levels=levels, scenario=scenario, held=tuple(sorted(held | {*study.hold})), copies=copies, thin=thin,
                weekly=weekly, digest=digest_of(scenario),
            )
        )  # fmt: skip
    errors += passed_over(config_dir, files)
    if errors:
        raise ConfigurationError(list(dict.fromkeys(errors)))
    file = saved_posterior.file_in(config_dir)
    sources = {one: source_of(path) for one, path in files.items()}
    tables = (*NAMES, f"study/{name}.yaml", *([POSTERIOR] if study.uncertain == "posterior" else []))
    sources |= {one: source_in(one, config_dir) for one in tables}
    return Plan.of_cells(
        study, name, cells, seeds, version, posterior_file=file, sources=dict(sorted(sources.items())),
        posterior=saved_posterior.load(file) if study.uncertain == "posterior" else None, tables=texts_in(config_dir),
    )  # fmt: skip


def _in_words_of(study: Study, error: str) -> str:
    """Return an error with the study's own name of a parameter, as it was typed."""
    for factor, alias in study.aliases.items():
        error = re.sub(rf"^{re.escape(key_of(alias.sets))}(?=[=:])", factor, error)
    return error


def _beyond_the_run(study: Study, levels: Levels, scenario: Scenario) -> Iterator[str]:
    """Yield an error for each date of an alias that the run does not contain."""
    horizon = scenario.horizon
    last = horizon.start + timedelta(days=7 * horizon.weeks - 1)
    for factor, alias in study.aliases.items():
        if alias.kind == "date" and factor in levels and not horizon.start <= alias.date_of(levels[factor]) <= last:
            yield f"{factor}={levels[factor]}: lies outside of the run, {horizon.start} to {last}"


def key_of(override: str) -> str:
    """Return the full name of what an override sets."""
    return rewritten(override).split("=")[0].lstrip("+~")


def _conflicts(study: Study, factors: set[str]) -> list[str]:
    """Return an error for each parameter of the user that a factor sets too; one with an empty level leaves it."""
    by_factor = {f"policies.{name}.intensity": "intensity" for name in POLICIES if "intensity" in factors}
    for factor, levels in study.levels.items():
        if factor in factors and all(levels.values()):
            by_factor |= {key_of(one): factor for level in levels.values() for one in level}
    by_factor |= {key_of(alias.sets): factor for factor, alias in study.aliases.items() if factor in factors}
    found = [(one, by_factor.get(key_of(one))) for one in (*study.overrides, *sorted(factors - study.levels.keys()))]
    return [f"{one}: the factor {factor} sets it; set {factor} instead" for one, factor in found if factor]


def _with_policies(scenario: Scenario, levels: Levels) -> Scenario:
    """Return the scenario with seed 0 and, of all its policies, those of the levels."""
    update: dict[str, Any] = {"seed": 0}
    if "policy" in levels:
        update["policies"] = {name: scenario.policies[name] for name in _policies_in(levels)}
        if "intensity" in levels:
            strength = {"intensity": float(levels["intensity"])}
            update["policies"] = {name: one.model_copy(update=strength) for name, one in update["policies"].items()}
    return scenario.model_copy(update=update)


def _policies_in(levels: Levels) -> list[str]:
    """Return the policies of a mix: none in the status quo, two in ``a+b``."""
    policy = str(levels.get("policy", STATUS_QUO))
    return [] if policy == STATUS_QUO else policy.split("+")


def overrides_of(study: Study, factor: str, level: Value) -> list[str]:
    """Return the overrides of a level of a factor; policies are set apart."""
    if factor in study.levels:
        return study.levels[factor][str(level)]
    if factor in study.aliases:
        return [study.aliases[factor].override(level)]
    if factor in ("policy", "intensity"):
        return []
    return [f"{factor}={str(level).lower() if isinstance(level, bool) else level}"]


def check_draws(plan: Plan) -> None:
    """Check that every seed has a draw, and that a study's ranges and held parameters exist.

    Raises:
        ConfigurationError: with every error.
    """
    study = plan.study
    if study.uncertain == "none":
        return
    extra = study.extra_ranges
    errors = [f"extra_ranges.{one}: a shock or policy is a factor; it is not drawn" for one in extra if _branches(one)]
    errors += [
        f"extra_ranges.{one}: the first number must be smaller" for one, (low, high) in extra.items() if low >= high
    ]
    for one in (*(f"extra_ranges.{name}" for name in extra), *(f"hold.{name}" for name in study.hold)):
        if not any(True for group in plan.groups for _ in names_of(group.values, one.partition(".")[2])):
            errors.append(f"{one}: there is no such parameter in any cell")
    if max(map(plan.draw_of, plan.seeds)) >= DRAWS:
        errors.append(f"seed={max(plan.seeds)}: too large for uncertain={study.uncertain}, which has {DRAWS:,} draws")
    if errors:
        raise ConfigurationError(errors)


def _branches(name: str) -> bool:
    """Return whether cells of one group may differ in a parameter; such a parameter is never drawn."""
    return name.startswith(("shocks.", "policies."))


def scenario_of(values: Values, seed: int, drawn: Mapping[str, float | int]) -> Scenario:
    """Return the scenario of plain values with a seed and the values of a draw; validated like any other."""
    mine: Values = json.loads(json.dumps(values))
    mine["seed"] = seed
    for name, value in drawn.items():
        put(mine, name, value)
    return Scenario(**mine)
