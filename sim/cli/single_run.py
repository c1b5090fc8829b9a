"""One job: runs with and without the switch on the same random numbers, their files, and a summary for the user."""

import contextlib
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli.frame import one_interrupt
from sim.config import OPTIONS, ConfigurationError, Request, Validation, source_in, validate
from sim.config.own_folder import headed
from sim.config.own_tables import FACTS, text_of, texts_in, using
from sim.config.shorthand import rewritten
from sim.output import provenance
from sim.output.columns import folded
from sim.output.files import unwritten, write_whole
from sim.scenario import Scenario
from sim.windows import Window, window_of

if TYPE_CHECKING:
    from sim.run import Run

_STRIDE = 13  # weeks between two looks at the progress bar
arguments: list[str] = []
"""The request as typed, stored here because Hydra passes the job only the configuration."""
kept: list[str] = []
"""The saved results of each job that has begun, reported after an interrupt between two jobs."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C during a run; its text says what was saved."""


@dataclass
class Output:
    """The folder of a run and the files in it."""

    folder: Path
    files: list[str] = field(default_factory=list)

    def path(self, name: str) -> Path:
        """Return the path of a file to write; the file is listed once it exists."""
        return self.folder / name

    def wrote(self, *names: str) -> None:
        """Record files that were written."""
        self.files += names


@dataclass(frozen=True)
class Found:
    """Tables of a run that are printed as well as written."""

    measures: Any
    summary: Any
    policy: Any
    growth: Any
    over: Window


@dataclass(frozen=True)
class Job:
    """A valid request, and where its results go."""

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


def job(config: Any) -> None:
    """Run one configuration that Hydra composed: a job of its own sweeper, or a run with settings of Hydra.

    Raises:
        SystemExit: with 2 for an invalid configuration, 1 where a file cannot be written.
        Interrupted: after Ctrl-C.
    """
    from hydra.core.hydra_config import HydraConfig

    from sim.config.search_path import own_folder

    about = HydraConfig.get()
    sweep = about.mode is not None and about.mode.name == "MULTIRUN"
    typed, own = about.overrides.task, own_folder(about.runtime.config_sources)
    request = Request([*about.overrides.hydra, *typed], own, about.job.config_name or "config", sweep)
    validation = validate(request)
    if validation.errors:
        print(ConfigurationError(validation.errors), file=sys.stderr)
        raise SystemExit(2)
    varied = [one for one in typed if one.split("=")[0] not in OPTIONS]
    name = " ".join([f"#{about.job.num}", *varied]) if sweep else ""
    run(Job(validation, request, Path(about.runtime.output_dir), name))


def run(job: Job) -> None:
    """Run a job, write its files, and print its tables.

    Raises:
        SystemExit: with 2 if the folder has results, 1 where a file cannot be written.
        Interrupted: after Ctrl-C.
    """
    out = Output(job.folder)
    sources = job.validation.sources | {FACTS: source_in(FACTS, job.request.config_dir)}
    facts = provenance.begun(job.scenario, provenance.command_of(arguments), job.overrides, sources)
    try:
        provenance.begin(facts, out.folder)
    except FileExistsError:
        print(ConfigurationError([f"{_short(out.folder)}: exists already; nothing is written over"]), file=sys.stderr)
        raise SystemExit(2) from None
    except OSError as error:
        raise _unwritten(error, out) from None
    kept.append(f"kept in {_short(out.folder)}: provenance.json")
    try:
        with one_interrupt(), using(texts_in(job.request.config_dir)):
            found = _run(job, facts, out)
            _close(facts, out, "finished")
            _tell(found, out, job)
    except KeyboardInterrupt:
        _close(facts, out, "interrupted")
        raise Interrupted(kept[-1]) from None
    except OSError as error:
        _close(facts, out, "failed")
        raise _unwritten(error, out) from None
    except BaseException:
        _close(facts, out, "failed")
        raise


def _unwritten(error: OSError, out: Output) -> SystemExit:
    """Report which file could not be written, and return the exit."""
    print(unwritten(error, out.folder), file=sys.stderr)
    return SystemExit(1)


def _run(job: Job, facts: dict[str, Any], out: Output) -> Found:
    """Make all runs and write all files."""
    from omegaconf import OmegaConf

    scenario, options = job.scenario, job.validation.options
    values = OmegaConf.to_yaml(OmegaConf.create(job.validation.values))
    write_whole(out.path("config.yaml"), f"{headed(facts['configuration'], facts['model'])}\n{values}")
    out.wrote("config.yaml")
    models = _arms(scenario, bool(job.name))
    import pandas as pd

    from sim import results
    from sim.growth_accounting import growth_table
    from sim.output import codebook, tables

    over, rows = window_of(scenario, scenario.report.window), []

    def write(name: str, table: Any) -> None:
        about = partial(codebook.of_run, name, scenario=scenario)
        if name.endswith(".csv"):
            tables.write_csv(table, out.path(name))
            rows.extend(codebook.of_table(name, table, about))
        else:
            facts = {"window": over.name, **over.cells} if name.startswith("weekly_") else {}
            rows.extend(codebook.of_schema(name, tables.write_parquet(table, out.path(name), about, facts)))
        out.wrote(name)

    weekly = {arm: results.weekly(model) for arm, model in models.items() if not arm.endswith("_cut")}
    summary = results.summary(weekly["with"], weekly["without"], scenario)
    policy = None
    if "status_quo" in weekly:
        policy = results.summary(weekly["with"], weekly["status_quo"], scenario)
        policy = policy.rename(columns={"with": "policy", "without": "status_quo"})
        write("policy.csv", policy)
    for arm, table in weekly.items():
        write(f"weekly_{arm}.parquet", table)
    if options.get("ledger"):
        write("ledger.parquet", results.gifts(models["with"]))
    measures = results.measures(models)
    published = pd.read_csv(io.StringIO(text_of(FACTS)))
    growth = growth_table(weekly, scenario, published)
    for name, made in (("measures.csv", measures), ("summary.csv", summary), ("growth.csv", growth)):
        write(name, made)
    tables.write_csv(codebook.book(rows), out.path(codebook.NAME))
    out.wrote(codebook.NAME)
    if options.get("figures"):
        _draw(weekly, scenario, published, facts, out)
    return Found(measures, summary, policy, growth, over)


def _arms(scenario: Scenario, quiet: bool) -> "dict[str, Run]":
    """Run with and without the switch, and without the policies if there are any; each with the loop cut as well.

    All runs share the same random numbers.
    """
    from sim.compilation import compile_all
    from sim.results import status_quo, with_and_without_switch, without_feedback
    from sim.run import Run

    compile_all()
    arms = dict(zip(("with", "without"), with_and_without_switch(scenario), strict=True))
    if scenario.policies:
        arms["status_quo"] = status_quo(scenario)
    arms |= {f"{arm}_cut": without_feedback(one) for arm, one in arms.items()}
    found = {}
    with _progress(len(arms) * scenario.horizon.weeks, quiet) as advance:
        for arm, one in arms.items():
            found[arm] = Run(one)
            _advance(found[arm], advance)
    return found


def _advance(model: "Run", advance: Any) -> None:
    """Run to the end, a quarter of a year at a time."""
    left = model.config.horizon.weeks
    while left > _STRIDE:
        model.advance(_STRIDE)
        advance(_STRIDE)
        left -= _STRIDE
    model.run()  # the rest, and the books are checked
    advance(left)


@contextlib.contextmanager
def _progress(weeks: int, quiet: bool) -> Iterator[Any]:
    """Show a bar over the weeks of both runs on a terminal, one line elsewhere, and nothing in a sweep."""
    if not sys.stderr.isatty():
        if not quiet:
            print(f"Running {weeks} weeks ...", file=sys.stderr, flush=True)
        yield lambda done: None
        return
    from tqdm import tqdm

    with tqdm(total=weeks, unit=" weeks", desc="Running", leave=False, ncols=80) as bar:
        yield bar.update


def _draw(weekly: dict[str, Any], scenario: Scenario, published: Any, facts: dict[str, Any], out: Output) -> None:
    from sim.plots.run_figures import draw

    folder = out.path("figures")
    folder.mkdir()
    drawn = draw(weekly, scenario, published, folder, provenance.small_print(facts))
    out.wrote(*(str(path.relative_to(out.folder)) for path in drawn))


def _close(facts: dict[str, Any], out: Output, state: str) -> None:
    """Complete the provenance of a run that has not finished.

    A full disk must not hide why the run stopped.
    """
    state = "finished" if facts["state"] == "finished" else state
    facts |= {"state": state, "finished": provenance.now(), "files": list(out.files)}
    kept[-1] = f"kept in {_short(out.folder)}: {', '.join([*out.files, 'provenance.json'])}"
    with contextlib.suppress(OSError):
        provenance.save(facts, out.folder)


def _tell(found: Found, out: Output, job: Job) -> None:
    """Print the tables of a run and the names of its files; of a job in a sweep, one line."""
    from sim.output import tables

    if job.name:
        print(f"{job.name}: {tables.one_line(found.summary)} -> {_short(out.folder)}")
        return
    policies = " and ".join(job.scenario.policies) or "none"
    changed = f"; changed: {' '.join(job.overrides)}" if job.overrides else ""
    head = f"Group {job.scenario.group.profile}; policies: {policies}; seed {job.scenario.seed}{changed}"
    texts = [folded(head), tables.measures_as_text(found.measures)]
    if found.policy is not None:
        texts.append(tables.as_text(found.policy, "policy", "status quo", found.over))
    texts.append(tables.as_text(found.summary, "with switch", "without", found.over))
    if len(found.growth):
        texts.append(tables.growth_as_text(found.growth))
    print("\n" + "\n\n".join(texts) + "\n")
    plain, drawn = ([name for name in out.files if ("/" in name) == below] for below in (False, True))
    print(folded(f"Files in {_short(out.folder)}: {', '.join([*plain, 'provenance.json'])}"))
    if drawn:
        names = ", ".join(sorted({Path(name).stem for name in drawn}))
        print(folded(f"Figures in {_short(out.folder / 'figures')}: {names} (png, svg)"))


def _short(folder: Path) -> str:
    """Return a path relative to the current folder of the user."""
    try:
        return str(folder.relative_to(Path.cwd()))
    except ValueError:
        return str(folder)
