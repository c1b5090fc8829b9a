"""The plan of a study: levels, overrides and scenario of every cell, and every error in them."""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from experiments.evidence import grammar
from experiments.studies import MULTIRUN
from experiments.study import saved_posterior
from experiments.study.design import Cell, Levels, Plan, digest_of
from experiments.study.parameter_sampling import DRAWS, names_of
from experiments.study.spec import STATUS_QUO, Study, Value
from sim.config import ConfigurationError, Request, file_of, folders_of, groups_in, passed_over, source_in, validate
from sim.config.own_folder import POSTERIOR, source_of
from sim.config.own_tables import tables_in, texts_in
from sim.config.shorthand import rewritten
from sim.engine.constants import POLICIES
from sim.engine.text import nearest
from sim.scenario import Scenario

WEEKLY = 2_000
"""Runs of a sweep up to which weekly series are stored, so that it leaves time paths: 8 kB a run."""
_PLACES = ("theatres", "appeals", "rails")
_SAME_AS = re.compile(r"^([\w.]+)=\$\{([\w.]+)\}$")


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
    rows = levels_of(study)
    if errors := _conflicts(study, {name for levels, *_ in rows for name in levels}):
        raise ConfigurationError(errors)
    scenarios: dict[tuple[str, ...], Scenario | None] = {}
    known = sorted({name for levels, *_ in rows for name in _policies_in(levels)})
    chosen = [f"policy=[{','.join(known)}]"] if known else []
    groups = groups_in(folders_of(config_dir))
    files: dict[str, Path | None] = {}

    def validated(*overrides: str) -> Scenario | None:
        validation = validate(Request([*chosen, *overrides], config_dir))
        files.update(validation.files)
        errors.extend(_in_words_of(study, error) for error in validation.errors)
        return validation.scenario

    def own_of(levels: Levels) -> tuple[str, ...]:
        every = [override for factor, level in levels.items() for override in overrides_of(study, factor, level)]
        return tuple(one for override in every for one in _of_policies(override, known))

    strengths = {levels["intensity"]: levels for levels, *_ in rows if "intensity" in levels and known}
    for strength, levels in strengths.items():
        validated(*study.overrides, *own_of(levels), *(f"policies.{name}.intensity={strength}" for name in known))
    cells = []
    for levels, thin, weekly in rows:
        own = own_of(levels)
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
    errors += [*passed_over(config_dir, files), *_nowhere(study, [cell.scenario for cell in cells])]
    if errors:
        raise ConfigurationError(list(dict.fromkeys(errors)))
    file = file_of(POSTERIOR, config_dir)
    sources = {one: source_of(path) for one, path in files.items()}
    tables = (*tables_in(config_dir), f"study/{name}.yaml", *([POSTERIOR] if study.uncertain == "posterior" else []))
    sources |= {one: source_in(one, config_dir) for one in tables}
    cells = with_paths(study, cells, len(seeds))
    return Plan.of_cells(
        study, name, cells, seeds, version, posterior_file=file, sources=dict(sorted(sources.items())),
        posterior=saved_posterior.load(file) if study.uncertain == "posterior" else None, tables=texts_in(config_dir),
    )  # fmt: skip


def with_paths(study: Study, cells: list[Cell], seeds: int) -> list[Cell]:
    """Return the cells of a study; those of a small sweep with weekly series."""
    small = study.report == MULTIRUN and len(cells) * seeds <= WEEKLY
    return [cell.model_copy(update={"weekly": True}) for cell in cells] if small else cells


def _in_words_of(study: Study, error: str) -> str:
    """Return an error with the study's own name of a parameter, as it was typed."""
    for factor, alias in study.aliases.items():
        error = re.sub(rf"^{re.escape(key_of(alias.sets))}(?=[=:])", factor, error)
    return error


def _beyond_the_run(study: Study, levels: Levels, scenario: Scenario) -> Iterator[str]:
    horizon = scenario.horizon
    last = horizon.start + timedelta(days=7 * horizon.weeks - 1)
    for factor, alias in study.aliases.items():
        if alias.kind == "date" and factor in levels and not horizon.start <= alias.date_of(levels[factor]) <= last:
            yield f"{factor}={levels[factor]}: lies outside of the run, {horizon.start} to {last}"


def _nowhere(study: Study, scenarios: Sequence[Scenario]) -> Iterator[str]:
    """Yield an error for each measure whose place no scenario has."""
    known = {kind: {one.name for each in scenarios for one in getattr(each, kind)} for kind in _PLACES}
    both = {f"{appeal}_{rail}" for appeal in known["appeals"] for rail in known["rails"]}
    for name in study.observables if scenarios else ():
        if grammar.error_of(name):
            continue  # it is a section
        one = grammar.parse(name)
        kinds = [kind for kind in _PLACES if kind[:-1] in grammar.QUANTITIES[one.quantity][1]]
        places = set().union(*(known[kind] for kind in kinds))
        if one.place and one.place not in places | (both if len(kinds) > 1 else set()):
            yield f"observables: {name}: no run has {one.place}{nearest(one.place, sorted(places))}"


def key_of(override: str) -> str:
    """Return the full name of what an override sets."""
    return rewritten(override).split("=")[0].split("@")[0].lstrip("+~")


def _conflicts(study: Study, factors: set[str]) -> list[str]:
    """Return an error for each parameter of the user that a factor sets too; one with an empty level leaves it."""
    by_factor = {f"policies.{name}.intensity": "intensity" for name in POLICIES if "intensity" in factors}
    for factor, levels in study.levels.items():
        if factor in factors and all(levels.values()):
            keys = [key_of(one) for level in levels.values() for one in level]
            by_factor |= {one: factor for key in keys for one in _of_policies(key, POLICIES)}
    by_factor |= {key_of(alias.sets): factor for factor, alias in study.aliases.items() if factor in factors}
    found = [(one, by_factor.get(key_of(one))) for one in (*study.overrides, *sorted(factors - study.levels.keys()))]
    return [f"{one}: the factor {factor} sets it; set {factor} instead" for one, factor in found if factor]


def _of_policies(override: str, policies: Iterable[str]) -> list[str]:
    """Return what ``policies.*`` stands for: the same of each of some policies."""
    every = override.startswith("policies.*.")
    return [override.replace("*", name, 1) for name in policies] if every else [override]


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
    named = {"extra_ranges": extra, "hold": study.hold, "pooled": study.pooled, "apart": study.apart}
    for one in (f"{key}.{name}" for key, names in named.items() for name in names):
        if not any(True for group in plan.groups for _ in names_of(group.values, one.partition(".")[2])):
            errors.append(f"{one}: there is no such parameter in any cell")
    if max(map(plan.draw_of, plan.seeds)) >= DRAWS:
        errors.append(f"seed={max(plan.seeds)}: too large for uncertain={study.uncertain}, which has {DRAWS:,} draws")
    if errors:
        raise ConfigurationError(errors)


def _branches(name: str) -> bool:
    """Return whether cells of one group may differ in a parameter; such a parameter is never drawn."""
    return name.startswith(("shocks.", "policies."))
