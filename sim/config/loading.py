"""Conversion of a request to a scenario, or to every error. Hydra is imported only for composition."""

import re
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.config.errors import ConfigurationError
from sim.config.overrides import is_choice, jobs_of, read_overrides
from sim.config.own_folder import Sources, errors_in, passed_over, source_of
from sim.config.requests import OPTIONS, Request, Validation
from sim.config.shorthand import parse
from sim.config.untrusted_yaml import no_folder, no_path, walk

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override

    from sim.config.compose import Base
    from sim.scenario import Scenario

_known_jobs: dict[tuple[int, tuple[str, ...]], tuple[dict[str, Any], Validation]] = {}
"""Jobs of sweeps, which are validated before Hydra takes over, and once more by the sweeper."""


def load(*overrides: str, config_dir: str | Path | None = None) -> "Scenario":
    """Return the scenario that overrides of the default make: ``load("seed=7", "policy=exchange_kyc")``.

    Args:
        overrides: as on the command line.
        config_dir: a folder with files of your own, such as ``rail/mycoin.yaml``; they win over the packaged ones.

    Raises:
        ConfigurationError: with every error.
    """
    request = Request(list(overrides), None if config_dir is None else Path(config_dir))
    validation = validate(request)
    validation.add(*passed_over(request.config_dir, validation.files))
    if validation.scenario is None or validation.errors:
        raise ConfigurationError(validation.errors)
    return validation.scenario


def scenarios(request: Request, jobs: Iterable[Sequence[str]]) -> "tuple[list[Scenario], Sources]":
    """Return the scenario of each job of a sweep, validated like a single run, and the files that they were read from.

    Args:
        request: the arguments as typed, and the folders to search.
        jobs: all overrides of each job.

    Raises:
        ConfigurationError: with every error of every job.
    """
    found, validation = [], Validation()
    for _, one in validated(request, jobs):
        validation.add(*one.errors)
        validation.files |= one.files
        if one.scenario is not None:
            found.append(one.scenario)
    if validation.errors:
        raise ConfigurationError(validation.errors)
    return found, validation.sources


def composed(overrides: list[str]) -> dict[str, Any]:
    """Return the values of a valid configuration without its options, as a scenario reads them."""
    values = deepcopy(validate(Request(overrides)).values)
    return {key: value for key, value in values.items() if key not in OPTIONS}


def validate(request: Request) -> Validation:
    """Find every error of a request without running or writing anything."""
    validation = Validation()
    if request.config_dir is not None and (error := no_folder(request.config_dir)):
        validation.add(f"--config-dir {request.config_dir}: {error}")
        request = replace(request, config_dir=None)
    if error := no_path(f"{request.config_name}.yaml"):
        validation.add(f"--config-name {request.config_name}: {error}")
        return validation
    if request.config_dir is not None:
        validation.add(*errors_in(request.config_dir))
    if validation.errors:
        return validation
    _validate_jobs(request, read_overrides(request, validation), validation)
    if validation.errors:
        validation.scenario = None
    return validation


def _validate_jobs(request: Request, overrides: "list[Override]", validation: Validation) -> None:
    """Validate each job and its output folder."""
    from sim.config.output_folder import as_study, validate_folder

    first: dict[str, Any] | None = None
    jobs = list(jobs_of(overrides, request.groups))
    for number, (base, one) in enumerate(validated(request, jobs)):
        validation.add(*one.errors)
        validation.files |= one.files
        if number == 0:
            first = base
            validation.scenario, validation.values, validation.options = one.scenario, one.values, one.options
        if one.options.get("ledger") and request.sweep and as_study(base):
            typed = request.typed.get("ledger", "ledger=true")
            validation.add(f"{typed}: many runs have one table and no ledgers; hydra/sweeper=basic gives each a folder")
    if request.writes:
        if request.sweep and as_study(first):
            _validate_references(overrides, first, validation)
        validate_folder(request, first, [*jobs[:1], *jobs[1:][-1:]], validation)


def validated(request: Request, jobs: Iterable[Sequence[str]]) -> Iterator[tuple[dict[str, Any] | None, Validation]]:
    """Compose each distinct choice of groups once, lay the values of each job on it and validate them."""
    from sim.config.compose import base_of, opened
    from sim.config.values import validate_job

    bases: dict[tuple[str, ...], Base] = {}
    with opened(request) as (compose, read_by_hydra):
        for job in jobs:
            validation = Validation()
            choices = [line for line in job if is_choice(parse(line), request.groups)]
            chosen = tuple(sorted(choices, key=lambda line: not parse(line).is_hydra_override()))
            if chosen not in bases:
                read_by_hydra.clear()
                bases[chosen] = base_of(request, compose, chosen, validation, read_by_hydra)
            base, validation.files = bases[chosen]
            lines = tuple(line for line in job if line not in choices)
            _, known = _known_jobs.get((id(base), lines), (base, None))
            if base is not None and known is None:
                validate_job(request, base, [parse(line) for line in lines], validation)
                if request.sweep and not validation.errors:
                    _known_jobs[id(base), lines] = (base, validation)  # the reference keeps its id unique
            yield base, known or validation


def source_in(name: str, config_dir: Path | None) -> "str | dict[str, str]":
    """Return the provenance of a table of conf/, or of the user's own of that name."""
    own = config_dir is not None and (config_dir / name).is_file()
    return source_of(config_dir / name if own and config_dir else None)


def _validate_references(overrides: "list[Override]", base: dict[str, Any] | None, validation: Validation) -> None:
    """Validate that nothing refers to the seed: a study gives every cell many seeds."""
    own = [one.input_line or "" for one in overrides]
    leaves = {".".join(place): leaf for place, leaf in walk(base or {}) if place[0] != "hydra"}
    for typed in [*own, *(f"{key}={leaf}" for key, leaf in leaves.items() if isinstance(leaf, str))]:
        if re.search(r"\$\{\.*seed\}", typed):
            validation.add(
                f"{typed}: values cannot depend on the seed in a multi-seed sweep; hydra/sweeper=basic allows it"
            )
