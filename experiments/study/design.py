"""The plan of a study: its cells, the scenario of each, and every run with its identity. Nothing here runs anything."""

import hashlib
import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from experiments.study import saved_posterior
from experiments.study.parameter_sampling import DRAWS, Range, Values, dimensions, names_of, points, put, ranges
from experiments.study.spec import STATUS_QUO as STATUS_QUO
from experiments.study.spec import Study, Value
from sim.config import (
    ConfigurationError,
    Request,
    folders_of,
    groups_in,
    load,
    passed_over,
    source_in,
    validate,
)
from sim.config.own_folder import POSTERIOR, Sources, source_of
from sim.config.own_tables import NAMES, texts_in
from sim.config.shorthand import rewritten
from sim.engine.constants import POLICIES
from sim.scenario import Scenario

type Levels = dict[str, Value]

_SAME_AS = re.compile(r"^([\w.]+)=\$\{([\w.]+)\}$")


@dataclass(frozen=True)
class Cell:
    """One combination of levels, and the scenario that it makes (with seed 0; a run has its own)."""

    levels: Levels
    scenario: Scenario
    held: tuple[str, ...]  # parameters that are not drawn here: set by a factor or by the user
    copies: tuple[tuple[str, str], ...]  # (to, from): what follows the draw of another
    every: int
    weekly: bool


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a cell: its identity, which is a hash of all that it depends on, and its luck."""

    id: str
    cell: int
    seed: int
    draw: int


@dataclass(frozen=True)
class Group:
    """Cells that differ in shocks and policies alone: their runs share a past with every replication."""

    cells: tuple[int, ...]
    values: Values
    ranges: tuple[Range, ...]
    copies: tuple[tuple[str, str], ...]

    def drawn(self, point: Sequence[float], known: Sequence[float]) -> dict[str, float | int]:
        """The value of every parameter that this draw sets, by full name.

        Args:
            point: of the draw in the unit cube.
            known: likewise, of what is known of the default profile; it holds where this one has the same value.
        """
        found = {one.name: one.at(float((point if one.moved else known)[one.dimension])) for one in self.ranges}
        for to, origin in self.copies:
            like = {name: value for name, value in found.items() if name.startswith(f"{origin}.")}
            found |= {to + name.removeprefix(origin): value for name, value in like.items()}
        return found


@dataclass
class Plan:
    """Every run of a study, in order: by replication, then by cell."""

    study: Study
    name: str
    cells: list[Cell]
    seeds: Sequence[int]
    version: str  # of the model and of the machine's mathematics
    factors: list[str] = field(init=False)
    heard: Path = saved_posterior.FILE  # the posterior from which it draws, if it does
    sources: Sources = field(default_factory=dict)  # each file that its values were read from
    tables: dict[str, str] = field(default_factory=dict)  # the user's own tables, which its report reads, as texts

    def __post_init__(self) -> None:
        names = itertools.chain.from_iterable(cell.levels for cell in self.cells)
        self.factors = list(dict.fromkeys(names))

    @cached_property
    def groups(self) -> list[Group]:
        """The cells by the past that they share."""
        usual = _plain(load())
        found: dict[str, list[int]] = {}
        for number, cell in enumerate(self.cells):
            past = _plain(cell.scenario) | {"shocks": None, "policies": None}
            found.setdefault(_digest([past, cell.held, cell.copies]), []).append(number)
        groups = []
        for numbers in found.values():
            first = self.cells[numbers[0]]
            values = _plain(first.scenario)
            drawn = ranges(values, usual, self.also, first.held) if self.study.uncertain != "none" else ()
            groups.append(Group(tuple(numbers), values, drawn, first.copies))
        return groups

    @cached_property
    def group_of(self) -> list[int]:
        """The group of each cell."""
        found = [0] * len(self.cells)
        for number, group in enumerate(self.groups):
            for cell in group.cells:
                found[cell] = number
        return found

    @cached_property
    def also(self) -> Mapping[str, tuple[float, float]]:
        """Ranges besides the declared plausible ones: the study's, and those in which the posterior was drawn."""
        return {**self.study.also, **(self.posterior.also if self.posterior else {})}

    @cached_property
    def posterior(self) -> "saved_posterior.Posterior | None":
        """What the record says of the parameters, where the study draws from it."""
        return saved_posterior.load(self.heard) if self.study.uncertain == "posterior" else None

    @cached_property
    def dimensions(self) -> dict[str, int]:
        """The dimension of each parameter that a draw may set, in `points`."""
        return dimensions(self.also)

    @cached_property
    def declared_at(self) -> dict[int, str]:
        """The declared name of each dimension."""
        return {place: name for name, place in self.dimensions.items()}

    @cached_property
    def points(self) -> Mapping[int, Any]:
        """The point of each draw."""
        if self.study.uncertain == "none":
            return {}
        return points(sorted({self.draw_of(seed) for seed in self.seeds}), len(self.dimensions))

    @cached_property
    def known(self) -> Mapping[int, Any]:
        """The same, with what the record says of the default profile where it is asked for."""
        found = self.posterior
        if found is None:
            return self.points
        columns = [self.dimensions[name] for name in found.names]
        known = {draw: point.copy() for draw, point in self.points.items()}
        for draw, row in zip(known, found.rows(list(known)), strict=True):
            known[draw][columns] = found.quantiles[row]
        return known

    @cached_property
    def digests(self) -> list[str]:
        """What each cell's runs depend on, as a hash."""
        return [_digest(_effective(cell.scenario)) for cell in self.cells]

    @property
    def draws(self) -> int:
        """How many draws of the uncertain parameters it makes."""
        return len(self.rank)

    def longer(self, seeds: Sequence[int]) -> "Plan":
        """The same cells with other seeds."""
        return Plan(self.study, self.name, self.cells, seeds, self.version, self.heard, self.sources, self.tables)

    @cached_property
    def rank(self) -> Mapping[int, int]:
        """The place of each draw; what runs with every so many-th takes the first ones.

        Not each so many-th: a Sobol sequence that is thinned so leaves parts of the cube empty.
        """
        draws = sorted({self.draw_of(seed) for seed in self.seeds})
        return {draw: place for place, draw in enumerate(draws)}

    def draw_of(self, seed: int) -> int:
        """The draw that a seed shares with its neighbours."""
        return seed // self.study.seeds_per_draw

    def drawn(self, group: int, draw: int) -> dict[str, float | int]:
        """The values that a draw sets in a group."""
        return self.groups[group].drawn(self.points[draw], self.known[draw]) if self.points else {}

    def runs(self, seeds: Sequence[int] | None = None) -> Iterator[Run]:
        """Every run, or those of some seeds."""
        for seed in self.seeds if seeds is None else seeds:
            draw = self.draw_of(seed)
            values = [_digest(self.drawn(group, draw)) for group in range(len(self.groups))]
            for number, cell in enumerate(self.cells):
                if self.rank[draw] * cell.every < len(self.rank):
                    parts = (self.version, self.digests[number], str(seed), values[self.group_of[number]])
                    yield Run(hashlib.blake2b("|".join(parts).encode(), digest_size=16).hexdigest(), number, seed, draw)

    @cached_property
    def size(self) -> int:
        """Number of different runs; cells that come to the same share theirs."""
        return len({run.id for run in self.runs()})


def _plain(scenario: Scenario) -> Values:
    return scenario.model_dump(mode="json", exclude_computed_fields=True)


def _effective(scenario: Scenario) -> Values:
    """What a run depends on: of a shock that is left out, only what it is and when it would have been."""
    values = _plain(scenario)
    for name, shock in values["shocks"].items():
        if not shock["enabled"] and shock["type"] not in ("territory", "oil_fields"):
            values["shocks"][name] = {key: shock[key] for key in ("type", "enabled", "at")}
    return values


def _digest(value: Any) -> str:
    return hashlib.blake2b(json.dumps(value, sort_keys=True).encode(), digest_size=16).hexdigest()


# --- from a study to its cells ---------------------------------------------------------------------------------------


def levels_of(study: Study) -> list[tuple[Levels, int, bool]]:
    """Every cell's levels, how often and whether by week; a cell of several blocks is as in the most demanding one."""
    found: dict[frozenset[tuple[str, Value]], tuple[Levels, int, bool]] = {}
    for block in study.blocks.values():
        vary = {name: _with_kept(study, name, levels) for name, levels in block.vary.items()}
        for chosen in itertools.product(*vary.values()):
            levels = study.base | dict(zip(vary, chosen, strict=True))
            for name, together in study.together.items():
                if name in levels:
                    levels |= dict(zip(together.factors, together.rows[int(levels.pop(name))], strict=True))
            if "intensity" in levels and levels.get("policy") == STATUS_QUO:
                levels["intensity"] = 0  # no policy has no intensity
            key = frozenset(levels.items())  # 1 and 1.0 are the same level
            _, every, weekly = found.get(key, (levels, block.every, False))
            found[key] = (levels, min(every, block.every), weekly or block.weekly)
    return list(found.values())


def _with_kept(study: Study, name: str, levels: list[Value]) -> list[Value]:
    return [*(one for one in study.kept(name) if one not in levels), *levels]


def plan_of(study: Study, name: str, seeds: Sequence[int], version: str, config_dir: Path | None = None) -> Plan:
    """The plan of a study.

    Raises:
        ConfigurationError: with every fault of every cell.
    """
    faults: list[str] = []
    scenarios: dict[tuple[str, ...], Scenario | None] = {}
    rows = levels_of(study)
    known = sorted({name for levels, *_ in rows for name in _policies_in(levels)})
    chosen = [f"policy=[{','.join(known)}]"] if known else []
    groups = groups_in(folders_of(config_dir))
    files: dict[str, Path | None] = {}

    def judged(*overrides: str) -> Scenario | None:
        validation = validate(Request([*chosen, *overrides], config_dir))
        files.update(validation.files)
        told = [_in_words_of(study, fault) for fault in validation.errors]
        faults.extend(fault for fault in told if fault not in faults)
        return validation.scenario

    faults += _overruled(study, {name for levels, *_ in rows for name in levels})
    for strength in {levels["intensity"]: None for levels, *_ in rows if "intensity" in levels and known}:
        judged(*(f"policies.{name}.intensity={strength}" for name in known))
    cells = []
    for levels, every, weekly in rows:
        own = tuple(override for factor, level in levels.items() for override in overrides_of(study, factor, level))
        if own not in scenarios:
            scenarios[own] = judged(*study.overrides, *own)
        scenario = scenarios[own]
        if scenario is not None:
            faults += [one for one in _out_of_run(study, levels, scenario) if one not in faults]
        if scenario is None or faults:
            continue
        keys = {key_of(one) for one in (*study.overrides, *own)}
        held = {key for key in keys - groups.keys() if not _branches(key)}
        copies = tuple((one[1], one[2]) for one in map(_SAME_AS.match, own) if one)
        cells.append(Cell(levels, _laid(scenario, levels), tuple(sorted(held | {*study.hold})), copies, every, weekly))
    faults += [one for one in passed_over(config_dir, files) if one not in faults]
    if faults:
        raise ConfigurationError(faults)
    sources = {one: source_of(file) for one, file in files.items()}
    tables = (*NAMES, f"study/{name}.yaml", *([POSTERIOR] if study.uncertain == "posterior" else []))
    sources |= {one: source_in(one, config_dir) for one in tables}
    plan = Plan(study, name, cells, seeds, version, saved_posterior.file_in(config_dir))
    plan.sources, plan.tables = dict(sorted(sources.items())), texts_in(config_dir)
    return plan


def _in_words_of(study: Study, fault: str) -> str:
    """A fault with the study's own name of a parameter, which is what was typed."""
    for factor, name in study.names.items():
        fault = re.sub(rf"^{re.escape(key_of(name.sets))}(?=[=:])", factor, fault)
    return fault


def _out_of_run(study: Study, levels: Levels, scenario: Scenario) -> Iterator[str]:
    """Dates of a study's own names that the run does not reach."""
    horizon = scenario.horizon
    last = horizon.start + timedelta(days=7 * horizon.weeks - 1)
    for factor, name in study.names.items():
        if name.kind == "date" and factor in levels and not horizon.start <= name.date_of(levels[factor]) <= last:
            yield f"{factor}={levels[factor]}: lies outside of the run, {horizon.start} to {last}"


def key_of(override: str) -> str:
    """The full name of what an override sets."""
    return rewritten(override).split("=")[0].lstrip("+~")


def _overruled(study: Study, factors: set[str]) -> list[str]:
    """What the user sets, or varies, and another factor sets all the same; one with an empty level leaves it there."""
    by_factor = {f"policies.{name}.intensity": "intensity" for name in POLICIES if "intensity" in factors}
    for factor, levels in study.levels.items():
        if factor in factors and all(levels.values()):
            by_factor |= {key_of(one): factor for level in levels.values() for one in level}
    by_factor |= {key_of(name.sets): factor for factor, name in study.names.items() if factor in factors}
    found = [(one, by_factor.get(key_of(one))) for one in (*study.overrides, *sorted(factors - study.levels.keys()))]
    return [f"{one}: the factor {factor} sets it; set {factor} instead" for one, factor in found if factor]


def _laid(scenario: Scenario, levels: Levels) -> Scenario:
    """The scenario with seed 0 and the policies of its levels, of those that are all there."""
    update: dict[str, Any] = {"seed": 0}
    if "policy" in levels:
        update["policies"] = {name: scenario.policies[name] for name in _policies_in(levels)}
        if "intensity" in levels:
            strength = {"intensity": float(levels["intensity"])}
            update["policies"] = {name: one.model_copy(update=strength) for name, one in update["policies"].items()}
    return scenario.model_copy(update=update)


def _policies_in(levels: Levels) -> list[str]:
    """The policies of a mix: none in the status quo, two in ``a+b``."""
    policy = str(levels.get("policy", STATUS_QUO))
    return [] if policy == STATUS_QUO else policy.split("+")


def overrides_of(study: Study, factor: str, level: Value) -> list[str]:
    """What a level of a factor sets; policies are laid on apart."""
    if factor in study.levels:
        return study.levels[factor][str(level)]
    if factor in study.names:
        return [study.names[factor].override(level)]
    if factor in ("policy", "intensity"):
        return []
    return [f"{factor}={str(level).lower() if isinstance(level, bool) else level}"]


def check_values(plan: Plan) -> None:
    """That there is a draw for every seed; a study's ``also`` may name what is not there.

    Raises:
        ConfigurationError: with every fault.
    """
    draws = {plan.draw_of(seed) for seed in plan.seeds}
    faults = []
    if plan.study.uncertain != "none":
        also = plan.study.also
        faults += [f"also.{one}: a factor says what happens; it is not drawn" for one in also if _branches(one)]
        faults += [f"also.{one}: the first number must be smaller" for one, (low, high) in also.items() if low >= high]
        named = [f"also.{one}" for one in also] + [f"hold.{one}" for one in plan.study.hold]
        faults += [f"{one}: there is no such parameter in any cell" for one in named if not _anywhere(plan, one)]
        if max(draws) >= DRAWS:
            faults.append(
                f"seed={max(plan.seeds)}: too large for uncertain={plan.study.uncertain}, which has {DRAWS:,} draws"
            )
    if faults:
        raise ConfigurationError(faults)


def _branches(name: str) -> bool:
    """Whether cells of one group may differ in it; such a thing is never drawn."""
    return name.startswith(("shocks.", "policies."))


def _anywhere(plan: Plan, name: str) -> bool:
    name = name.partition(".")[2]
    return any(True for group in plan.groups for _ in names_of(group.values, name))


def scenario_of(values: Values, seed: int, drawn: Mapping[str, float | int]) -> Scenario:
    """The scenario of plain values with a seed and what a draw sets; judged like any other."""
    mine: Values = json.loads(json.dumps(values))
    mine["seed"] = seed
    for name, value in drawn.items():
        put(mine, name, value)
    return Scenario(**mine)
