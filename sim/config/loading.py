"""The one path from a request to a scenario, or to every error. Hydra is imported only for composition."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.config.keywords import lines_of
from sim.config.own_folder import Sources, errors_in, passed_over
from sim.config.request import ConfigurationError, Request, Validation, jobs_of, read_overrides
from sim.config.shorthand import Override, parse
from sim.config.untrusted_yaml import no_folder, no_path, walk

if TYPE_CHECKING:
    from sim.scenario import Scenario


def load(*overrides: str, config_dir: str | Path | None = None, **keywords: Any) -> "Scenario":
    """Return the scenario that overrides of the default make: ``load(policy="exchange_kyc", seed=7)``.

    Args:
        overrides: as on the command line, such as ``"seed=7"``.
        config_dir: a folder with files of your own, such as ``rail/mycoin.yaml``; they win over the packaged ones.
        keywords: overrides too; lists are allowed, and nested names by ``**{"rails.monero.fee": 0.1}``.

    Raises:
        ConfigurationError: with every error.
    """
    return valid(request_of(overrides, config_dir, keywords))[0]


def request_of(overrides: Sequence[str], config_dir: str | Path | None, keywords: Mapping[str, Any]) -> Request:
    """Return the request of a call from Python.

    Raises:
        ConfigurationError: if an override is no text.
    """
    if errors := [f"{one!r}: must be a text, such as 'seed=7'" for one in overrides if not isinstance(one, str)]:
        raise ConfigurationError(errors)
    return Request([*overrides, *lines_of(keywords)], None if config_dir is None else Path(config_dir))


def valid(request: Request) -> "tuple[Scenario, Validation]":
    """Return the scenario of a request, and what else is known of it.

    Raises:
        ConfigurationError: with every error.
    """
    validation = validate(request)
    validation.add(*passed_over(request.config_dir, validation.files))
    if validation.scenario is None or validation.errors:
        raise ConfigurationError(validation.errors)
    return validation.scenario, validation


def scenarios(request: Request, jobs: Iterable[Sequence[str]]) -> "tuple[list[Scenario], Sources]":
    """Return the scenario of each job of a sweep, validated like a single run, and the files that they were read from.

    Args:
        request: the arguments as typed, and the folders to search.
        jobs: all overrides of each job.

    Raises:
        ConfigurationError: with every error of every job.
    """
    found, validation = [], Validation()
    for _, one in _validated(request, jobs):
        validation.include(one)
        found += [one.scenario] if one.scenario is not None else []
    if validation.errors:
        raise ConfigurationError(validation.errors)
    return found, validation.sources


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
    if not validation.errors:
        _validate_jobs(request, read_overrides(request, validation), validation)
    if validation.errors:
        validation.scenario = None
    return validation


def _validate_jobs(request: Request, overrides: list[Override], validation: Validation) -> None:
    from sim.config.compose import as_study, validate_folder

    jobs = list(jobs_of(overrides, request.groups))
    for number, (base, one) in enumerate(_validated(request, jobs)):
        validation.include(one)
        if number == 0:
            validation.scenario, validation.values, validation.base = one.scenario, one.values, base
        if one.values.get("ledger") and request.sweep and as_study(base):
            typed = request.typed.get("ledger", "ledger=true")
            validation.add(f"{typed}: many runs have one table and no ledgers; hydra/sweeper=basic gives each a folder")
    if request.writes:
        if request.sweep and as_study(validation.base):
            validation.add(*_references_to_the_seed(overrides, validation.base))
        validate_folder(request, validation.base, [*jobs[:1], *jobs[1:][-1:]], validation)


def _validated(request: Request, jobs: Iterable[Sequence[str]]) -> Iterator[tuple[dict[str, Any], Validation]]:
    """Compose each distinct choice of groups once, lay the values of each job on it and validate them."""
    from sim.config.compose import base_of
    from sim.config.values import validate_job

    composed_of = cache(lambda chosen: base_of(request, chosen))
    for job in jobs:
        choices = [line for line in job if _is_choice(parse(line), request.groups)]
        base = composed_of(tuple(sorted(choices, key=lambda line: not parse(line).is_hydra_override())))
        lines = tuple(line for line in job if line not in choices)
        validation = base.jobs.get(lines) or Validation(list(base.errors), files=base.files)
        if base.values and lines not in base.jobs:
            validate_job(request, base.values, [parse(line) for line in lines], validation)
            if request.sweep and not validation.errors:
                base.jobs[lines] = validation
        yield base.values, validation


def _is_choice(one: Override, groups: dict[str, list[str]]) -> bool:
    """Return whether an override chooses packaged files or files of Hydra, or changes a setting of Hydra."""
    return one.key_or_group in groups or one.is_hydra_override() or "/" in one.key_or_group


def _references_to_the_seed(overrides: list[Override], base: dict[str, Any]) -> Iterator[str]:
    """Yield the error of each value that refers to the seed: a study gives every cell many seeds."""
    own = [one.input_line or "" for one in overrides]
    leaves = {".".join(place): leaf for place, leaf in walk(base) if place[0] != "hydra"}
    for typed in [*own, *(f"{key}={leaf}" for key, leaf in leaves.items() if isinstance(leaf, str))]:
        if re.search(r"\$\{\.*seed\}", typed):
            yield f"{typed}: values cannot depend on the seed in a multi-seed sweep; hydra/sweeper=basic allows it"
