"""One job: run the scenario with and without the switch on the same luck, write what came of it, and say so."""

import contextlib
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.command import provenance
from sim.configuration import OPTIONS, ConfigurationError, Request, files_of, resolved, source_in
from sim.configuration.folder import headed
from sim.configuration.tables import FACTS, text_of, texts_in, using
from sim.scenario import Scenario

if TYPE_CHECKING:
    from sim.model import Model

_STRIDE = 13  # weeks between two looks at the progress bar
arguments: list[str] = []
"""What the user typed; kept here because Hydra calls the job with the configuration alone."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C during a run; its text says what was kept."""


@dataclass
class Output:
    """The folder of a run and the files in it."""

    folder: Path
    files: list[str] = field(default_factory=list)

    def path(self, name: str) -> Path:
        """Where a file goes; it is listed once it has been written."""
        return self.folder / name

    def wrote(self, *names: str) -> None:
        """Take note of files."""
        self.files += names


@dataclass(frozen=True)
class Found:
    """Tables of a run that are printed as well as written."""

    measures: Any
    summary: Any
    policy: Any
    growth: Any


def job(config: Any) -> None:
    """Run one configuration that Hydra composed.

    Raises:
        SystemExit: with 2 for a faulty configuration, 1 where a file cannot be written.
        Interrupted: after Ctrl-C.
    """
    from hydra.core.hydra_config import HydraConfig

    from sim.configuration.searching import own_folder

    about = HydraConfig.get()
    sweep = about.mode is not None and about.mode.name == "MULTIRUN"
    out = Output(Path(about.runtime.output_dir))
    try:
        if out.path("provenance.json").exists():
            raise ConfigurationError([f"{_short(out.folder)}: exists already; nothing is written over"])
        scenario, options = resolved(config)
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None
    typed = list(about.overrides.task)
    own = own_folder(about.runtime.config_sources)
    request = Request([*about.overrides.hydra, *typed], own, about.job.config_name or "config", sweep)
    sources = files_of(request) | {FACTS: source_in(FACTS, own)}
    facts = provenance.begun(scenario, provenance.command_of(arguments), typed, sources)
    try:
        with using(texts_in(own)):
            found = _run(scenario, options | {"quiet": sweep}, facts, out, config)
    except KeyboardInterrupt:
        _close(facts, out, "interrupted")
        raise Interrupted(f"kept in {_short(out.folder)}: {', '.join([*out.files, 'provenance.json'])}") from None
    except OSError as error:
        _close(facts, out, "failed")
        print(f"Could not write {error.filename or _short(out.folder)}: {error.strerror or error}", file=sys.stderr)
        raise SystemExit(1) from None
    except BaseException:
        _close(facts, out, "failed")
        raise
    _close(facts, out, "finished")
    _tell(found, out, _name(about) if sweep else None, _headed(scenario, typed))


def _name(about: Any) -> str:
    """Number and overrides of one job of a sweep."""
    varied = [one for one in about.overrides.task if one.split("=")[0] not in OPTIONS]
    return " ".join([f"#{about.job.num}", *varied])


def _run(scenario: Scenario, options: dict[str, bool], facts: dict[str, Any], out: Output, config: Any) -> Found:
    """All runs and all files."""
    from omegaconf import OmegaConf

    provenance.save(facts, out.folder)
    values = OmegaConf.to_yaml(config, resolve=True)
    provenance.write_whole(out.path("config.yaml"), f"{headed(facts['configuration'], facts['model'])}\n{values}")
    out.wrote("config.yaml")
    models = _arms(scenario, options)
    import pandas as pd

    from sim import results
    from sim.command import tables
    from sim.command.accounting import growth_table

    weekly = {arm: results.weekly(model) for arm, model in models.items() if not arm.endswith("_cut")}
    summary = results.summary(weekly["with"], weekly["without"], scenario)
    policy = None
    if "status_quo" in weekly:
        policy = results.summary(weekly["with"], weekly["status_quo"], scenario)
        policy = policy.rename(columns={"with": "policy", "without": "status_quo"})
        tables.write_csv(policy, out.path("policy.csv"))
        out.wrote("policy.csv")
    about = tables.about_columns(summary)
    for arm, table in weekly.items():
        tables.write_parquet(table, out.path(f"weekly_{arm}.parquet"), about)
        out.wrote(f"weekly_{arm}.parquet")
    if options.get("ledger"):
        tables.write_parquet(results.gifts(models["with"]), out.path("ledger.parquet"))
        out.wrote("ledger.parquet")
    measures = results.measures(models)
    published = pd.read_csv(io.StringIO(text_of(FACTS)))
    growth = growth_table(weekly, scenario, published)
    for name, made in (("measures.csv", measures), ("summary.csv", summary), ("growth.csv", growth)):
        tables.write_csv(made, out.path(name))
        out.wrote(name)
    if options.get("figures"):
        _draw(weekly, scenario, published, facts, out)
    return Found(measures, summary, policy, growth)


def _arms(scenario: Scenario, options: dict[str, bool]) -> "dict[str, Model]":
    """Run with and without the switch, and without the policies if there are any; each with the loop cut as well.

    All on the same luck.
    """
    from sim.compiling import is_cold, mark_warm

    cold = is_cold()
    if cold:
        print("Compiling the model, once: about 20 seconds ...", file=sys.stderr, flush=True)
    from sim.model import Model
    from sim.results import pair, status_quo, uncoupled

    arms = dict(zip(("with", "without"), pair(scenario), strict=True))
    if scenario.policies:
        arms["status_quo"] = status_quo(scenario)
    arms |= {f"{arm}_cut": uncoupled(one) for arm, one in arms.items()}
    found = {}
    with _progress(len(arms) * scenario.horizon.weeks, options.get("quiet", False)) as advance:
        for arm, one in arms.items():
            found[arm] = Model(one)
            _advance(found[arm], advance)
    if cold:
        mark_warm()
    return found


def _advance(model: "Model", advance: Any) -> None:
    """Run to the end, a quarter of a year at a time."""
    left = model.config.horizon.weeks
    while left > _STRIDE:
        model.run_for(_STRIDE)
        advance(_STRIDE)
        left -= _STRIDE
    model.run()  # the rest, and the books are checked
    advance(left)


@contextlib.contextmanager
def _progress(weeks: int, quiet: bool) -> Iterator[Any]:
    """A bar over the weeks of both runs on a terminal; elsewhere one line, and in a sweep none."""
    if not sys.stderr.isatty():
        if not quiet:
            print(f"Running {weeks} weeks ...", file=sys.stderr, flush=True)
        yield lambda done: None
        return
    from tqdm import tqdm

    with tqdm(total=weeks, unit=" weeks", desc="Running", leave=False, ncols=80) as bar:
        yield bar.update


def _draw(weekly: dict[str, Any], scenario: Scenario, published: Any, facts: dict[str, Any], out: Output) -> None:
    from sim.command.figures import draw

    folder = out.path("figures")
    folder.mkdir()
    drawn = draw(weekly, scenario, published, folder, provenance.small_print(facts))
    out.wrote(*(str(path.relative_to(out.folder)) for path in drawn))


def _close(facts: dict[str, Any], out: Output, state: str) -> None:
    """Finish provenance; a disk that is full must not hide why the run stopped."""
    facts |= {"state": state, "finished": provenance.now(), "files": list(out.files)}
    with contextlib.suppress(OSError):
        provenance.save(facts, out.folder)


def _headed(scenario: Scenario, typed: list[str]) -> str:
    """What was run, in a line."""
    policies = " and ".join(scenario.policies) or "none"
    changed = f"; changed: {' '.join(typed)}" if typed else ""
    return f"Group {scenario.group.profile}; policies: {policies}; seed {scenario.seed}{changed}"


def _tell(found: Found, out: Output, number: str | None, headed: str) -> None:
    from sim.command import tables

    if number is not None:
        print(f"{number}: {tables.one_line(found.summary)} -> {_short(out.folder)}", flush=True)
        return
    print(f"\n{headed}\n\n{tables.measures_as_text(found.measures)}\n")
    if found.policy is not None:
        print(f"{tables.as_text(found.policy, 'policy', 'status quo')}\n")
    print(f"{tables.as_text(found.summary, 'with switch', 'without')}\n")
    if len(found.growth):
        print(f"{tables.growth_as_text(found.growth)}\n")
    plain = [name for name in out.files if "/" not in name]
    print(f"Files in {_short(out.folder)}: {', '.join([*plain, 'provenance.json'])}")
    drawn = [name for name in out.files if "/" in name]
    if drawn:
        names = ", ".join(sorted({Path(name).stem for name in drawn}))
        print(f"Figures in {_short(out.folder / 'figures')}: {names} (png, svg)")


def _short(folder: Path) -> str:
    """A path as seen from where the user is."""
    try:
        return str(folder.relative_to(Path.cwd()))
    except ValueError:
        return str(folder)
