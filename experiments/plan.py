"""The plan of a study: its cells, the scenario of each, and every run with its identity. Nothing here runs anything."""

import hashlib
import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from experiments.study import Study, Value
from experiments.uncertainty import Range, Values, at, declared, points, put, ranges
from sim.configuration import ConfigurationError, load
from sim.scenario import Policy, Scenario

type Levels = dict[str, Value]

STATUS_QUO = "status_quo"
_SAME_AS = re.compile(r"^([\w.]+)=\$\{([\w.]+)\}$")


@dataclass(frozen=True)
class Cell:
    """One combination of levels, and the scenario that it makes (with seed 0; a run has its own)."""

    levels: Levels
    scenario: Scenario
    held: tuple[str, ...]  # what is not drawn here: set by a factor or by the user
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

    def drawn(self, point: Sequence[float]) -> dict[str, float | int]:
        """The value of every parameter that this draw sets, by full name."""
        found = {one.name: one.at(float(point[one.dimension])) for one in self.ranges}
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
        also = {} if self.study.uncertain == "none" else self.study.also
        groups = []
        for numbers in found.values():
            first = self.cells[numbers[0]]
            values = _plain(first.scenario)
            drawn = ranges(values, usual, also, first.held) if self.study.uncertain == "plausible" else ()
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
    def points(self) -> Mapping[int, Any]:
        """The point of each draw."""
        if self.study.uncertain == "none":
            return {}
        return points(sorted({self.draw_of(seed) for seed in self.seeds}), len(set(declared()) | set(self.study.also)))

    @cached_property
    def _digests(self) -> list[str]:
        return [_digest(_effective(cell.scenario)) for cell in self.cells]

    def draw_of(self, seed: int) -> int:
        """The draw that a seed shares with its neighbours."""
        return seed // self.study.seeds_per_draw

    def drawn(self, group: int, draw: int) -> dict[str, float | int]:
        """The values that a draw sets in a group."""
        return self.groups[group].drawn(self.points[draw]) if self.points else {}

    def runs(self, seeds: Sequence[int] | None = None) -> Iterator[Run]:
        """Every run, or those of some seeds."""
        for seed in self.seeds if seeds is None else seeds:
            draw = self.draw_of(seed)
            values = [_digest(self.drawn(group, draw)) for group in range(len(self.groups))]
            for number, cell in enumerate(self.cells):
                if draw % cell.every == 0:
                    parts = (self.version, self._digests[number], str(seed), values[self.group_of[number]])
                    yield Run(hashlib.blake2b("|".join(parts).encode(), digest_size=16).hexdigest(), number, seed, draw)

    @property
    def size(self) -> int:
        """Number of runs."""
        draws = [self.draw_of(seed) for seed in self.seeds]
        return sum(draw % cell.every == 0 for cell in self.cells for draw in draws)


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
    found: dict[str, tuple[Levels, int, bool]] = {}
    for block in study.blocks.values():
        vary = {name: _with_kept(study, name, levels) for name, levels in block.vary.items()}
        for chosen in itertools.product(*vary.values()):
            levels = study.base | dict(zip(vary, chosen, strict=True))
            for name in study.together.keys() & levels.keys():
                together = study.together[name]
                levels |= dict(zip(together.factors, together.rows[int(levels.pop(name))], strict=True))
            if levels.get("policy") == STATUS_QUO:
                levels["intensity"] = 0  # no policy has no intensity
            key = json.dumps(levels, sort_keys=True)
            _, every, weekly = found.get(key, (levels, block.every, False))
            found[key] = (levels, min(every, block.every), weekly or block.weekly)
    return list(found.values())


def _with_kept(study: Study, name: str, levels: list[Value]) -> list[Value]:
    kept = study.keep.get(name)
    return levels if kept is None or kept in levels else [kept, *levels]


def plan_of(study: Study, name: str, seeds: Sequence[int], version: str, config_dir: Path | None = None) -> Plan:
    """The plan of a study.

    Raises:
        ConfigurationError: with every fault of every cell.
    """
    faults: list[str] = []
    scenarios: dict[tuple[str, ...], Scenario | None] = {}
    policies: dict[Value, dict[str, Policy]] = {}
    rows = levels_of(study)
    known = sorted({name for levels, *_ in rows for name in _policies_in(levels)})

    def judged(*overrides: str) -> Scenario | None:
        try:
            return load(*overrides, config_dir=config_dir)
        except ConfigurationError as error:
            faults.extend(fault for fault in error.faults if fault not in faults)
            return None

    fixed = [one for one in study.overrides if not one.startswith("policies.")]
    cells = []
    for levels, every, weekly in rows:
        own = tuple(override for factor, level in levels.items() for override in overrides_of(study, factor, level))
        if own not in scenarios:
            scenarios[own] = judged(*fixed, *own)
        strength = levels.get("intensity", 1)
        if known and strength not in policies:
            strengths = [f"policies.{name}.intensity={strength}" for name in known] if "intensity" in levels else []
            laid = [one for one in study.overrides if one.startswith("policies.")]
            made = judged(f"policy=[{','.join(known)}]", *laid, *strengths)
            policies[strength] = {} if made is None else made.policies
        scenario = scenarios[own]
        if scenario is None or faults:
            continue
        if "policy" in levels:
            chosen = {name: policies[strength][name] for name in _policies_in(levels)}
            scenario = scenario.model_copy(update={"policies": chosen})
        held = tuple(sorted({*study.hold, *(one.split("=")[0].lstrip("+~") for one in (*fixed, *own))}))
        copies = tuple((one[1], one[2]) for one in map(_SAME_AS.match, own) if one)
        cells.append(Cell(levels, scenario.model_copy(update={"seed": 0}), held, copies, every, weekly))
    if faults:
        raise ConfigurationError(faults)
    return Plan(study, name, cells, seeds, version)


def _policies_in(levels: Levels) -> list[str]:
    """The policies of a mix: none in the status quo, two in ``a+b``."""
    policy = str(levels.get("policy", STATUS_QUO))
    return [] if policy == STATUS_QUO else policy.split("+")


def overrides_of(study: Study, factor: str, level: Value) -> list[str]:
    """What a level of a factor sets; policies are laid on apart."""
    if factor in study.levels:
        return study.levels[factor][str(level)]
    if factor in ("policy", "intensity"):
        return []
    return [f"{factor}={str(level).lower() if isinstance(level, bool) else level}"]


def check_values(plan: Plan) -> None:
    """That every parameter which a group draws is there; a study's ``also`` may name what is not.

    Raises:
        ConfigurationError: with the names.
    """
    if plan.study.uncertain == "none":
        return
    unknown = [name for name in plan.study.also if all(at(group.values, name) is None for group in plan.groups)]
    if unknown:
        raise ConfigurationError([f"also.{name}: there is no such parameter in any cell" for name in unknown])


def scenario_of(values: Values, seed: int, drawn: Mapping[str, float | int]) -> Scenario:
    """The scenario of plain values with a seed and what a draw sets; judged like any other."""
    mine: Values = json.loads(json.dumps(values))
    mine["seed"] = seed
    for name, value in drawn.items():
        put(mine, name, value)
    return Scenario(**mine)
