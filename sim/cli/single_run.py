"""One job: runs with and without the switch on the same random numbers, their files, and a summary for the user."""

import contextlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hydra.core.hydra_config import HydraConfig
from omegaconf import OmegaConf

from sim.api import Result
from sim.cli.frame import INTERRUPTED, one_interrupt, saying
from sim.config import OPTIONS, ConfigurationError, Request, Validation, source_in, validate
from sim.config.compose import own_folder
from sim.config.own_folder import headed
from sim.config.own_tables import FACTS, texts_in, using
from sim.config.shorthand import rewritten
from sim.output import codebook, provenance, tables
from sim.output.columns import folded
from sim.output.files import unwritten, write_whole
from sim.output.progress import watched
from sim.scenario import Scenario

arguments: list[str] = []
"""The request as typed, stored here because Hydra passes the job only the configuration."""
kept: list[str] = []
"""The saved results of each job that has begun; the last are reported after an interrupt."""


@dataclass
class Job:
    """A valid request and the folder of its results."""

    validation: Validation
    request: Request
    folder: Path
    name: str = ""  # in a sweep

    @property
    def scenario(self) -> Scenario:
        """Return the scenario."""
        assert self.validation.scenario is not None, "without errors there is a scenario"
        return self.validation.scenario

    @property
    def overrides(self) -> list[str]:
        """Return the overrides of the scenario, as Hydra reads them."""
        return [rewritten(one) for one in self.request.overrides if not one.startswith("hydra")]


def guarded(run: Callable[[], int | None], as_typed: list[str]) -> int:
    """Run and return the exit code; after Ctrl-C report what was saved."""
    arguments[:] = as_typed
    kept.clear()
    try:
        with one_interrupt():
            return run() or 0
    except KeyboardInterrupt:
        if not kept:
            raise
        print(f"\nInterrupted; {kept[-1]}", file=sys.stderr)
        return INTERRUPTED


def job(config: Any) -> None:
    """Run one configuration that Hydra composed: a job of its own sweeper, or a run with settings of Hydra.

    Raises:
        SystemExit: with 2 for an invalid configuration, 1 where a file cannot be written.
    """
    about = HydraConfig.get()
    sweep = about.mode is not None and about.mode.name == "MULTIRUN"
    typed, own = about.overrides.task, own_folder(about.runtime.config_sources)
    request = Request([*about.overrides.hydra, *typed], own, about.job.config_name or "config", sweep)
    validation = validate(request)
    if validation.errors:
        raise _exit(2, ConfigurationError(validation.errors))
    varied = [one for one in typed if one.split("=")[0] not in OPTIONS]
    name = " ".join([f"#{about.job.num}", *varied]) if sweep else ""
    run(Job(validation, request, Path(about.runtime.output_dir), name))


def run(job: Job) -> None:
    """Run a job, write its files, and print its tables.

    Raises:
        SystemExit: with 2 if the folder has results, 1 where a file cannot be written.
    """
    sources = job.validation.sources | {FACTS: source_in(FACTS, job.request.config_dir)}
    facts = provenance.begun(job.scenario, provenance.command_of(arguments), job.overrides, sources)
    try:
        provenance.begin(facts, job.folder)
    except FileExistsError:
        error = ConfigurationError([f"{_short(job.folder)}: exists already; nothing is written over"])
        raise _exit(2, error) from None
    except OSError as error:
        raise _exit(1, unwritten(error, job.folder)) from None
    kept.append(f"kept in {_short(job.folder)}: provenance.json")
    try:
        with one_interrupt(), using(texts_in(job.request.config_dir)):
            result = _run(job, facts)
            _close(facts, job, "finished")
            _print(result, job, facts["files"])
    except BaseException as error:
        _close(facts, job, "interrupted" if isinstance(error, KeyboardInterrupt) else "failed")
        if isinstance(error, OSError):
            raise _exit(1, unwritten(error, job.folder)) from None
        raise


def _exit(code: int, text: object) -> SystemExit:
    print(text, file=sys.stderr)
    return SystemExit(code)


def _run(job: Job, facts: dict[str, Any]) -> Result:
    values = job.validation.values
    head, text = headed(facts["configuration"], facts["model"]), OmegaConf.to_yaml(OmegaConf.create(values))
    write_whole(job.folder / "config.yaml", f"{head}\n{text}")
    facts["files"].append("config.yaml")
    tell = contextlib.nullcontext if job.name else saying
    with contextlib.nullcontext() if watched() else tell("Running"):
        result = Result.of(job.scenario, facts, quiet=bool(job.name))
    with tell("Writing tables and figures"):
        over, rows = result.window, []
        for name, table in result.files(ledger=bool(values.get("ledger"))).items():
            about, path = result.about(name), job.folder / name
            if name.endswith(".csv"):
                tables.write_csv(table, path)
                rows += codebook.of_table(name, table, about)
            else:
                window = {"window": over.name, **over.cells} if name.startswith("weekly_") else {}
                rows += codebook.of_schema(name, tables.write_parquet(table, path, about, window))
            facts["files"].append(name)
        tables.write_csv(codebook.book(rows), job.folder / codebook.NAME)
        facts["files"].append(codebook.NAME)
        if values.get("figures"):
            from sim.plots.layout import SCREEN

            drawn = SCREEN.draw(result.drawings, job.folder / "figures", provenance.small_print(facts))
            facts["files"] += [str(path.relative_to(job.folder)) for path in drawn]
    return result


def _close(facts: dict[str, Any], job: Job, state: str) -> None:
    """Complete the provenance of a run that has not finished; a full disk must not hide why it stopped."""
    state = "finished" if facts["state"] == "finished" else state
    facts |= {"state": state, "finished": provenance.now()}
    kept[-1] = f"kept in {_short(job.folder)}: {', '.join([*facts['files'], 'provenance.json'])}"
    with contextlib.suppress(OSError):
        provenance.save(facts, job.folder)


def _print(result: Result, job: Job, files: list[str]) -> None:
    if job.name:
        print(f"{job.name}: {tables.one_line(result.summary)} -> {_short(job.folder)}")
        return
    print(f"\n{result}\n")
    plain, drawn = ([name for name in files if ("/" in name) == below] for below in (False, True))
    print(folded(f"Files in {_short(job.folder)}: {', '.join([*plain, 'provenance.json'])}"))
    if drawn:
        names = ", ".join(sorted({Path(name).stem for name in drawn}))
        print(folded(f"Figures in {_short(job.folder / 'figures')}: {names} (png, svg)"))


def _short(folder: Path) -> str:
    here = Path.cwd()
    return str(folder.relative_to(here) if folder.is_relative_to(here) else folder)
