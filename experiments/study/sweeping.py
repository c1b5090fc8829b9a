"""A sweep of the command as a study: ``python -m sim -m policy=a,b 'seed=range(0,500)'`` has one table and can go on.

A job is a cell with the switch as it is configured, and one without it if it has one: what ``python -m sim`` runs.
Seeds are replications, so all cells share their luck.
"""

import itertools
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.study.arguments import Settings, cores
from experiments.study.cli import begun, fill_missing, kept, leave, save, unwritten, version
from experiments.study.design import STATUS_QUO, Cell, Levels, Plan
from experiments.study.saved_plan import keep
from experiments.study.spec import Block, Study, Value, level_of
from experiments.study.store import Busy, Folder
from sim.cli import single_run
from sim.cli.frame import one_interrupt
from sim.config import OPTIONS, ConfigurationError, Request, levels_of, scenarios, validate
from sim.config.own_folder import MIXED
from sim.config.shorthand import rewritten
from sim.engine.text import capital
from sim.output import provenance

if TYPE_CHECKING:
    from sim.scenario import Scenario

WITH, NONE = "with", "none"
_KEY = "hydra.sweep.dir"
_SOON = 10.0  # seconds of runs that are over before workers have started
_TOGETHER = 2.0  # seconds of runs that are kept together


@dataclass(frozen=True)
class Asked:
    """What is tried: for each factor the override of each level; what holds in every job; the seeds."""

    axes: dict[str, dict[Value, str]]
    fixed: list[str]
    hydra: list[str]  # Hydra's own settings: where it looks for files
    seeds: list[int]

    @property
    def name(self) -> str:
        """What the study is called: more levels and more seeds are still the same study."""
        over = ", ".join(sorted(self.axes)) or "seeds"
        return f"sweep of {over}" + (f" with {' '.join(sorted(self.fixed))}" if self.fixed else "")

    @property
    def jobs(self) -> list[tuple[tuple[Value, str], ...]]:
        """Level and override of each factor, for each job; in the order of Hydra's own sweeper."""
        return list(itertools.product(*(axis.items() for axis in self.axes.values())))


def sweep(request: Request, folder: Path, seed: int, workers: int | None = None, chunk: int | None = None) -> int:
    """Make the study of a sweep; returns the exit code: 0 done, 1 some runs failed, 2 bad input.

    Args:
        request: overrides, those that try several values too, and where to look.
        folder: where the study is kept.
        seed: the seed where none is given.
        workers: processes; None to choose.
        chunk: runs that are kept together; None to choose.

    Raises:
        Interrupted: after Ctrl-C; what was done is kept.
    """
    try:
        _check(workers, chunk)
        validation = validate(request)  # what conf/ itself sweeps (hydra.sweeper.params) was validated by nobody before
        if validation.errors:
            raise ConfigurationError(validation.errors)
        return _sit(plan_of_sweep(asked(request, seed), request), folder, workers, chunk)
    except (ConfigurationError, Busy) as error:
        print(str(error).replace("folder=PATH", f"{_KEY}=PATH"), file=sys.stderr)
        return 2
    except OSError as error:
        print(unwritten(error, folder), file=sys.stderr)
        return 1


def _check(workers: int | None, chunk: int | None) -> None:
    numbers = {"workers": workers, "chunk": chunk}
    bad = [f"hydra.sweeper.{key}={one}" for key, one in numbers.items() if one is not None and not _is_count(one)]
    if bad:
        raise ConfigurationError([f"{one}: must be a whole number from 1, or null" for one in bad])


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


# --- what is asked for -----------------------------------------------------------------------------------------------


def asked(request: Request, seed: int) -> Asked:
    """Read overrides; of two for the same key the later one holds.

    Raises:
        ConfigurationError: for one that names nothing.
    """
    from hydra.core.override_parser.overrides_parser import OverridesParser

    parser, groups = OverridesParser.create(), request.groups
    given = {one.get_key_element(): one for one in parser.parse_overrides(list(map(rewritten, request.overrides)))}
    found = Asked({}, [], [], [seed])
    for key, one in given.items():
        name = one.key_or_group
        if name in OPTIONS:
            continue  # figures and ledgers are those of one run
        if one.is_hydra_override():
            found.hydra.append(one.input_line or "")
        elif name == "seed":
            found.seeds[:] = sorted({int(text) for text in levels_of(one, groups)})
        elif not one.is_sweep_override():
            found.fixed.append(one.input_line or "")
        else:
            texts = [f"{key}={text}" for text in levels_of(one, groups)]
            found.axes[name] = {level_of(name, parser.parse_override(text).value(), MIXED): text for text in texts}
    return found


def plan_of_sweep(wanted: Asked, request: Request) -> Plan:
    """The plan: for each job a cell with the switch, and one without it if there is one.

    Raises:
        ConfigurationError: with every fault of every job.
    """
    from sim.results import switches, with_and_without_switch

    jobs = wanted.jobs
    found, sources = scenarios(request, ([*wanted.hydra, *wanted.fixed, *(text for _, text in job)] for job in jobs))
    cells = []
    for job, scenario in zip(jobs, found, strict=True):
        levels: Levels = dict(zip(wanted.axes, (level for level, _ in job), strict=True))
        arms = (
            dict(zip((WITH, NONE), with_and_without_switch(scenario), strict=True))
            if switches(scenario)
            else {WITH: scenario}
        )
        cells += [_cell({"arm": arm, **levels}, one) for arm, one in arms.items()]
    arms_ = list(dict.fromkeys(cell.levels["arm"] for cell in cells))
    vary = {"arm": arms_} | {name: list(axis) for name, axis in wanted.axes.items()}
    study = Study(
        doc=capital(wanted.name),
        report="sweep",
        base={},
        keep={"arm": NONE if NONE in arms_ else WITH, "policy": STATUS_QUO},
        blocks={"sweep": Block(vary=vary)},
        overrides=wanted.fixed,
        replications=len(wanted.seeds),
        seeds_per_draw=1,
        uncertain="none",
    )
    return Plan(study, wanted.name, cells, wanted.seeds, version(), sources=sources)


def _cell(levels: Levels, scenario: "Scenario") -> Cell:
    return Cell(levels, scenario.model_copy(update={"seed": 0}), held=(), copies=(), every=1, weekly=False)


# --- running ---------------------------------------------------------------------------------------------------------


class Here(Executor):
    """An executor that runs at once and in this process: for what is over before workers have started."""

    def submit[**P, T](self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run a function and give back its result as one that has come."""
        done: Future[T] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


def _sit(plan: Plan, path: Path, workers: int | None, chunk: int | None) -> int:
    """Run what the folder lacks, and report; what is done is kept whatever happens."""
    folder = Folder(path)
    try:
        folder.check(plan.name, plan.version)
    except ConfigurationError as error:
        raise ConfigurationError([one.replace("folder=", f"{_KEY}=", 1) for one in error.errors]) from None
    seconds = max(_seconds(cell.scenario) for cell in plan.cells)
    here = workers == 1 or (workers is None and plan.size * seconds < _SOON)
    settings = Settings(
        study=plan.name,
        folder=path,
        workers=1 if here else workers or cores(),
        chunk=chunk or max(1, min(100, round(_TOGETHER / seconds))),
    )
    from experiments.study.executors import NoWorkers

    with folder.opened(plan.name, plan.version):
        single_run.kept.append(f"runs are kept in {path}")
        facts = begun(plan, settings, provenance.command_of(single_run.arguments))
        try:
            with one_interrupt():
                save(facts, folder)
                keep(plan, folder)
                return _work(plan, folder, settings, facts, Here if here else None)
        except KeyboardInterrupt:
            leave(facts, folder, "interrupted")
            raise single_run.Interrupted(f"{kept(plan, folder)}. To go on:\n  {_again(path)}") from None
        except NoWorkers as error:
            leave(facts, folder, "interrupted")
            print(f"{error}: {kept(plan, folder)}. To go on:\n  {_again(path)}", file=sys.stderr)
            return 1
        except BaseException:
            leave(facts, folder, "failed")
            raise


def _seconds(scenario: "Scenario") -> float:
    """About how long a run takes, measured on one core."""
    return 0.007 + 8e-5 * scenario.horizon.weeks + 5e-6 * scenario.population.donors


def _work(
    plan: Plan, folder: Folder, settings: Settings, facts: dict[str, Any], make: Callable[[], Executor] | None
) -> int:
    print(f"{plan.study.doc}: {plan.size:,} runs ({len(plan.cells):,} cells) in {folder.path}", file=sys.stderr)
    from sim.compilation import compile_all

    compile_all()
    fill_missing(plan, folder, settings, make)
    from experiments.study import reporting
    from experiments.study.runner import write_tables

    failed = write_tables(plan, folder)
    folder.put_together()
    facts |= {"runs": plan.size, "failed": failed, "replications": len(plan.seeds)}
    said = reporting.make(plan, folder, settings, facts)
    facts |= {"state": "finished", "finished": provenance.now(), "files": said.files}
    save(facts, folder)
    print(said.text)
    if failed:
        print(f"{failed:,} of {plan.size:,} runs failed; the column error of runs.parquet says why.", file=sys.stderr)
    return 1 if failed else 0


def _again(path: Path) -> str:
    """The command that goes on: as typed, but with the folder that is there."""
    typed = [one for one in single_run.arguments if one.split("=")[0] != _KEY]
    return provenance.command_of([*typed, f"{_KEY}={path}"])
