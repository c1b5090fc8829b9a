"""A sweep of the command as a study: ``python -m sim -m policy=a,b 'seed=range(0,500)'``.

A job is a cell with the switch as it is configured, and one without it if it has one, as ``python -m sim`` runs them.
Seeds are replications, so all cells share random numbers.
"""

import itertools
import sys
from pathlib import Path
from typing import Any

from experiments.studies import MULTIRUN
from experiments.study.arguments import Settings, settings_of
from experiments.study.building import with_paths
from experiments.study.cli import run_study, show_plan, write_error
from experiments.study.design import Cell, Plan, digest_of
from experiments.study.spec import STATUS_QUO, Block, Study, Value, level_of
from experiments.study.store import Busy
from experiments.study.version import version
from sim.cli import single_run
from sim.config import OPTIONS, ConfigurationError, Request, levels_of, scenarios, validate
from sim.config.own_folder import MIXED
from sim.config.shorthand import parse, rewritten
from sim.engine.text import capital
from sim.output import provenance
from sim.results import switches, with_and_without_switch

WITH, NONE = "with", "none"
_KEY = "hydra.sweep.dir"
_SOON = 10.0  # seconds of runs that are done before workers have started
_CHUNK = 2.0  # seconds of runs that are stored together


def sweep(
    request: Request,
    folder: Path,
    seed: int,
    workers: int | None = None,
    chunk: int | None = None,
    plan_only: bool = False,
) -> int:
    """Run the study of a sweep; return the exit code: 0 done, 1 some runs failed, 2 bad input, 130 interrupted.

    Args:
        request: overrides, also those with several values, and the folders to search.
        folder: the folder of the study.
        seed: the seed where none is given.
        workers: processes; None to choose.
        chunk: runs that are stored together; None to choose.
        plan_only: print the plan and store nothing.
    """
    numbers = {name: one for name, one in (("workers", workers), ("chunk", chunk)) if one is not None}
    errors: list[str] = []
    settings = settings_of({"folder": folder, **numbers}, errors)
    typed = [one for one in single_run.arguments if one.split("=")[0] != _KEY]
    command = provenance.command_of([*typed, f"{_KEY}={folder}"])
    try:
        if errors:
            raise ConfigurationError([f"hydra.sweeper.{one}" for one in errors])
        plan = plan_of_sweep(request, seed)
        settings = _chosen(settings, plan, numbers)
        if plan_only:
            show_plan(plan, settings)
            return 0
        return run_study(settings, plan, command)
    except (ConfigurationError, Busy) as error:
        print(str(error).replace("folder=", f"{_KEY}="), file=sys.stderr)
        return 2
    except OSError as error:
        print(write_error(error, folder), file=sys.stderr)
        return 1


def _chosen(settings: Settings, plan: Plan, given: dict[str, Any]) -> Settings:
    """Return the settings with chunks of two seconds, and with workers if these pay."""
    scenarios = [cell.scenario for cell in plan.cells]  # seconds of a run, measured on one core:
    seconds = max(0.007 + 8e-5 * one.horizon.weeks + 5e-6 * one.population.donors for one in scenarios)
    inline = settings.workers == 1 or ("workers" not in given and plan.size * seconds < _SOON)
    chunk = settings.chunk if "chunk" in given else max(1, min(100, round(_CHUNK / seconds)))
    workers = 1 if inline else settings.workers
    about = {"study": plan.name, "inline": inline, "chunk": chunk, "workers": workers, "full": True}
    return settings.model_copy(update=about)


def plan_of_sweep(request: Request, seed: int) -> Plan:
    """Return the plan of a sweep; of two overrides of the same key the later one holds.

    Raises:
        ConfigurationError: with every error of every job.
    """
    validation = validate(request)  # also of what conf/ itself sweeps (hydra.sweeper.params)
    if validation.errors:
        raise ConfigurationError(validation.errors)
    axes, fixed, hydra, seeds = _axes(request, seed)
    jobs = list(itertools.product(*(axis.items() for axis in axes.values())))  # in the order of Hydra's own sweeper
    found, sources = scenarios(request, ([*hydra, *fixed, *(text for _, text in job)] for job in jobs))
    cells = []
    for job, scenario in zip(jobs, found, strict=True):
        levels = dict(zip(axes, (level for level, _ in job), strict=True))
        arms = (WITH, NONE) if switches(scenario) else (WITH,)
        for arm, one in zip(arms, with_and_without_switch(scenario), strict=False):
            one = one.model_copy(update={"seed": 0})
            cells.append(Cell(levels={"arm": arm, **levels}, scenario=one, digest=digest_of(one)))
    varied = list(dict.fromkeys(cell.levels["arm"] for cell in cells))
    name = f"sweep of {', '.join(sorted(axes)) or 'seeds'}"  # more levels and more seeds are still the same study
    name += f" with {' '.join(sorted(fixed))}" if fixed else ""
    study = Study(
        doc=capital(name),
        report=MULTIRUN,
        base={},
        reference_levels={"arm": NONE if NONE in varied else WITH, "policy": STATUS_QUO},
        blocks={"main": Block(vary={"arm": varied} | {name: list(axis) for name, axis in axes.items()})},
        overrides=fixed,
        replications=len(seeds),
        seeds_per_draw=1,
        uncertain="none",
    )
    return Plan.of_cells(study, name, with_paths(study, cells, len(seeds)), seeds, version(), sources=sources)


def _axes(request: Request, seed: int) -> tuple[dict[str, dict[Value, str]], list[str], list[str], list[int]]:
    groups = request.groups
    given = {one.get_key_element(): one for one in map(parse, map(rewritten, request.overrides))}
    axes: dict[str, dict[Value, str]] = {}
    fixed, hydra, seeds = [], [], [seed]
    for key, one in given.items():
        name = one.key_or_group
        if name in OPTIONS:
            continue  # figures and ledgers are those of one run
        if one.is_hydra_override():
            hydra.append(one.input_line or "")
        elif name == "seed":
            seeds = sorted({int(text) for text in levels_of(one, groups)})
        elif not one.is_sweep_override():
            fixed.append(one.input_line or "")
        else:
            texts = [f"{key}={text}" for text in levels_of(one, groups)]
            axes[name] = {level_of(name, parse(text).value(), MIXED): text for text in texts}
    return axes, fixed, hydra, seeds
