"""The command ``python -m experiments``: it validates its arguments, runs missing runs, and reports the results."""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from experiments.study import spec as studies
from experiments.study.arguments import FLAGS, WORD, Settings, cores, help_on_settings, read, read_report, request
from experiments.study.design import Plan, check_draws, plan_of
from experiments.study.saved_plan import PROVENANCE, opened, save
from experiments.study.store import PARTS, Busy, Folder, Unreachable
from experiments.study.version import version
from sim.cli import show
from sim.cli.frame import INTERRUPTED, one_interrupt
from sim.config import ConfigurationError, read_from
from sim.config.shorthand import written
from sim.config.untrusted_yaml import in_words, shown
from sim.engine.text import capital
from sim.output import files, provenance
from sim.output.program import as_started

type Facts = dict[str, Any]
"""The content of provenance.json."""


def run(arguments: Sequence[str]) -> int:
    """Do what the arguments say and return the exit code: 0 done, 1 runs failed, 2 bad input, 130 interrupted."""
    try:
        with one_interrupt():
            return _run(arguments)
    except (ConfigurationError, Busy) as error:
        print(capital(str(error)), file=sys.stderr)
        return 2
    except OSError as error:
        print(write_error(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted; nothing was run.", file=sys.stderr)
        return INTERRUPTED


def _run(arguments: Sequence[str]) -> int:
    if arguments[:1] == ["--complete"]:
        from experiments.study.completing import answer, offer

        return answer(arguments[1:], offer)
    if "--help" in arguments or "-h" in arguments:
        return _help(arguments)
    if "--version" in arguments:
        return show.show_version()
    if any(one.split("=")[0] == "--completion" for one in arguments):
        return show.show_completion(arguments)
    command = provenance.command_of(arguments, "experiments")
    if [one for one in arguments if one not in FLAGS][:1] == [WORD]:
        return report_folder(*read_report(arguments), command)
    settings, plan = settings_and_plan(arguments)
    for note in settings.notes:
        print(note, file=sys.stderr)
    if settings.config_dir:
        print(read_from(settings.config_dir, plan.sources), file=sys.stderr)
    if settings.plan_only:
        print(_described(plan, Folder(settings.where)))
        return 0
    return run_study(settings, plan, command)


def _help(arguments: Sequence[str]) -> int:
    found = read(arguments)
    folder = found.settings.config_dir
    if wrong := [one for one in found.errors if one.startswith("--config-dir ")]:
        raise ConfigurationError(wrong)
    docs = {}
    for name in studies.names(folder):
        try:
            docs[name] = studies.load(name, folder).doc
        except ConfigurationError:
            docs[name] = f"(invalid; study={name} lists the errors)"
    lines = "\n".join(f"  {name:<20}{doc}" for name, doc in docs.items())
    text = Path(__file__).with_name("help.txt").read_text(encoding="utf-8")
    print(as_started(text).replace("{studies}", lines).replace("{settings}", help_on_settings()), end="")
    return 0


def settings_and_plan(arguments: Sequence[str]) -> tuple[Settings, Plan]:
    """Return settings and plan of a command; nothing is run or written.

    Raises:
        ConfigurationError: with every error.
    """
    settings, study, errors = request(arguments)
    plan, folder = None, Folder(settings.where)
    try:
        plan = plan_of(study, settings.study, settings.seeds or range(study.replications), "", settings.config_dir)
        check_draws(plan)
    except ConfigurationError as error:
        errors += error.errors
    try:
        folder.check(settings.study)
    except ConfigurationError as error:
        errors += error.errors
    if errors or plan is None:
        raise ConfigurationError(list(dict.fromkeys(errors)))
    plan.version = version(study.observables)
    if plan.tables:
        from experiments.study.own_tables import errors_of_tables

        if errors := errors_of_tables(plan.tables, settings.config_dir):
            raise ConfigurationError(errors)
    folder.check(settings.study, plan.version)
    return settings, plan


# --- one run of a study ----------------------------------------------------------------------------------------------


def run_study(settings: Settings, plan: Plan, command: str) -> int:
    """Run the missing runs of a plan and report all of them; return the exit code.

    Args:
        settings: how.
        plan: the runs.
        command: what resumes the study, as it can be typed.
    """
    from experiments.study.executors import NoWorkers

    folder = Folder(settings.where)
    folder.check(plan.name, plan.version)
    _add_mirror(folder, settings, plan)
    with folder.opened(plan.name, plan.version):
        facts = provenance_of(plan, settings, command)
        try:
            with one_interrupt():
                save_provenance(facts, folder)
                save(plan, folder)
                _synchronise(folder)
                return _run_and_report(plan, folder, settings, facts)
        except (KeyboardInterrupt, NoWorkers) as error:
            mark_ended(facts, folder, "interrupted")
            why = capital(str(error)) or "Interrupted"
            print(f"\n{why}: {_done(plan, folder)}. To resume:\n  {command}", file=sys.stderr)
            return INTERRUPTED if isinstance(error, KeyboardInterrupt) else 1
        except BaseException as error:
            mark_ended(facts, folder, "failed")
            if not isinstance(error, OSError):
                raise
            again = f"{_done(plan, folder)}. To resume after that is mended:\n  {command}"
            print(f"{write_error(error, folder.path)}; {again}", file=sys.stderr)
            return 1


def _run_and_report(plan: Plan, folder: Folder, settings: Settings, facts: Facts) -> int:
    print(f"{plan.study.doc}: {plan.size:,} runs ({len(plan.cells):,} cells) in {folder.path}", file=sys.stderr)
    from sim.compilation import compile_all

    compile_all()
    plan = _run_missing(plan, folder, settings)
    folder.merge_parts()
    text = _report(plan, folder, settings, facts)
    save_provenance(facts | {"state": "finished", "finished": provenance.now()}, folder)
    facts["state"] = "finished"
    print(text)
    return _exit_code(plan, facts, "failed")


def _run_missing(plan: Plan, folder: Folder, settings: Settings) -> Plan:
    """Run what is missing, with more replications until a required precision is reached; return the plan."""
    from experiments.study import reporting
    from experiments.study.executors import engine
    from experiments.study.runner import write_tables

    with engine(settings) as make:
        while True:
            fill_missing(plan, folder, settings, make)
            if settings.precision is None:
                return plan
            write_tables(plan, folder)
            needed = reporting.replications_for(plan, folder, settings.precision)
            if needed <= len(plan.seeds):
                return plan
            words = f"For a verdict and a half-width of {settings.precision:g} %: {needed:,} replications"
            if len(plan.seeds) >= settings.most:
                print(f"{words}, but most={settings.most:,}; it is not reached", file=sys.stderr)
                return plan
            print(words, file=sys.stderr)
            plan = plan.longer(range(min(needed, settings.most)))
            save(plan, folder)


def fill_missing(plan: Plan, folder: Folder, settings: Settings, make: Callable[[], Any]) -> None:
    """Run what the folder lacks, with progress, on the executor that ``make`` returns."""
    from experiments.study.runner import run_missing

    with _progress(plan.size) as tell:
        progress = run_missing(plan, folder, make, settings.workers, settings.chunk, tell, settings.limit)
    while folder.damaged:
        print(f"{folder.damaged.pop()} was damaged; it is put aside, and its runs were repeated", file=sys.stderr)
    if progress.stored:
        print(f"{progress.stored:,} runs existed; {progress.finished:,} are new", file=sys.stderr)
    if progress.other:
        words = "runs of other settings stay in"
        print(f"{progress.other:,} {words} {folder.path}; the tables leave them out", file=sys.stderr)


def _report(plan: Plan, folder: Folder, settings: Settings, facts: Facts) -> str:
    """Write tables, figures and brief of all runs; return the text, and complete the facts."""
    from experiments.study import reporting
    from experiments.study.runner import write_tables

    failed = write_tables(plan, folder)
    facts |= {"runs": plan.size, "failed": failed, "replications": len(plan.seeds), "seed": seeds_of(plan)}
    text, facts["files"] = reporting.make(plan, folder, settings, facts)
    return text


def _exit_code(plan: Plan, facts: Facts, what: str) -> int:
    if not facts["failed"]:
        return 0
    print(
        f"\n{facts['failed']:,} of {plan.size:,} runs {what}; the column error of runs.parquet has the reasons.",
        file=sys.stderr,
    )
    return 1


def report_folder(source: Path, settings: Settings, command: str) -> int:
    """Report the runs of a folder or zip file again; nothing is run. Return the exit code.

    Args:
        source: a folder from anywhere, of any version.
        settings: where the report goes, unless it is beside the runs; whether with figures and brief.
        command: as it can be typed.

    Raises:
        ConfigurationError: if the folder holds no study, or one that cannot be read.
        Busy: if another command works on it.
        OSError: if it cannot be written.
    """
    with opened(source, settings.folder) as saved:
        plan, folder = saved.plan, saved.folder
        facts = saved.facts.model_dump()
        settings = settings.model_copy(update={"study": plan.name, "folder": folder.path})
        try:
            text = _report(plan, folder, settings, facts)
        except OSError:
            raise
        except Exception as error:  # some runs may be missing, and some reports need all
            words = f"its report cannot be made of the runs that exist ({shown(in_words(error))})"
            print(f"{shown(str(folder.source))}: {words}", file=sys.stderr)
            return 1
        remade: Facts = {"at": provenance.now(), "command": command, "model": provenance.model_version()}
        remade |= {"identity": version(plan.study.observables), "damaged": saved.damaged}
        about = {name: facts[name] for name in ("failed", "files")} | {"remade": remade}
        save_provenance(saved.provenance | about, folder)
        print(text)
        return _exit_code(plan, facts, "failed or are missing")


def _add_mirror(folder: Folder, settings: Settings, plan: Plan) -> None:
    if settings.mirror is not None:
        from experiments.study.remote import Mirror

        folder.mirror = Mirror(settings.mirror)
        folder.mirror.check(plan.name, plan.version)


def _synchronise(folder: Folder) -> None:
    """Synchronise folder and mirror, and print the counts."""
    if folder.mirror is None:
        return
    met = folder.mirror.sync(folder)
    for name in met.damaged:
        print(f"{PARTS}/{name} in {folder.mirror.url} is damaged; it is left there", file=sys.stderr)
    print(f"{folder.mirror.url}: {met.fetched:,} parts came from there, {met.sent:,} went there", file=sys.stderr)


def _done(plan: Plan, folder: Folder) -> str:
    """Return in words how many runs of a plan are finished."""
    done = len(folder.done().keys() & {run.id for run in plan.runs()})
    return f"{done:,} of {plan.size:,} runs are finished in {folder.path}"


def write_error(error: OSError, folder: Path | None = None) -> str:
    """Return in words which file could not be written, and why."""
    return str(error) if isinstance(error, Unreachable) else files.unwritten(error, folder)


@contextmanager
def _progress(size: int) -> Iterator[Callable[[int, Any], None]]:
    """Show runs done, runs per second and time left: a bar on a terminal, elsewhere a line now and then."""
    if sys.stderr.isatty():
        from tqdm import tqdm

        with tqdm(total=size, unit=" runs", desc="Running", ncols=90) as bar:

            def on_bar(new: int, progress: Any) -> None:
                bar.initial, bar.n = progress.stored, progress.stored + progress.finished
                bar.set_postfix_str(f"{progress.failed} failed" if progress.failed else "", refresh=False)
                bar.refresh()

            yield on_bar
        return
    began = last = time.monotonic()

    def on_line(new: int, progress: Any) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= 10 or not progress.missing:
            last = now
            rate = progress.finished / max(1e-9, now - began)
            done = f"{progress.stored + progress.finished:,} of {progress.planned:,} runs"
            left = _span(progress.missing / max(1e-9, rate))
            print(f"{done}, {rate:.0f} runs/s, {left} left", file=sys.stderr, flush=True)

    yield on_line


def _span(seconds: float) -> str:
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


# --- the plan in words -----------------------------------------------------------------------------------------------

_RUN, _BRANCH, _ROW, _SERIES = 0.04, 0.010, 350, 8_000  # seconds and bytes of the default, measured on one core
_START, _REPORT = 6, 0.005  # seconds until workers run; seconds of tables and figures a run


def _described(plan: Plan, folder: Folder) -> str:
    """Return the plan in words: factors, runs, how many exist, and about how long and how large."""
    from experiments.study.runner import by_week, is_pending

    done = folder.done() if folder.parts.exists() else {}
    runs = list(plan.runs())
    ids, by_week_ = {run.id: run for run in runs}, by_week(plan, runs)
    todo = [run for name, run in ids.items() if is_pending(name, done, by_week_)]
    histories = len({(plan.group_of[run.cell], run.seed) for run in todo})
    size = max((cell.scenario.population.donors for cell in plan.cells), default=0) / 10_000
    seconds = (histories * _RUN + len(todo) * _BRANCH) * max(0.5, size)
    weekly = sum(run.id in by_week_ for run in todo)
    fixed = _START + _REPORT * len(ids)
    lines, wide = [plan.study.doc, ""], max(18, *map(len, plan.factors))
    for name in plan.factors:
        found = dict.fromkeys(cell.levels[name] for cell in plan.cells if name in cell.levels)
        levels = [level if isinstance(level, str) else written(level) for level in found]
        lines.append(
            f"  {name:<{wide}}  {', '.join(levels if len(levels) <= 14 else [*levels[:6], '...', *levels[-3:]])}"
        )
    drawn = max((len({one.dimension for one in group.ranges}) for group in plan.groups), default=0)
    lines += [
        "",
        f"cells               {len(plan.cells):,}",
        f"replications        {len(plan.seeds):,} seeds, {plan.draws:,} draws of {drawn} uncertain parameters",
        f"runs                {len(ids):,}, of which {len(ids) - len(todo):,} are in {folder.path}",
        f"time                about {_span(fixed + seconds)} on one core, {_span(fixed + seconds / cores())} here",
        f"disk                about {(len(todo) * _ROW + weekly * _SERIES) / 1e6:,.0f} MB",
    ]
    return "\n".join(lines)


# --- provenance ------------------------------------------------------------------------------------------------------


def provenance_of(plan: Plan, settings: Settings, command: str) -> Facts:
    """Return the facts that are known before a study runs."""
    from experiments.study.saved_posterior import about_file
    from experiments.study.tables import evidence

    facts = provenance.begun(plan.cells[0].scenario, command, plan.study.overrides, plan.sources)
    facts |= {
        "study": plan.study.model_dump(mode="json"),
        "identity": plan.version,
        "evidence": evidence(plan.study),
        "seed": seeds_of(plan),
        "runs": plan.size,
        "engine": f"{settings.engine} at {settings.address}" if settings.address else settings.engine,
        "mirror": settings.mirror,
        "workers": settings.workers,
        "limit": settings.limit,
    } | ({"notes": [*settings.notes]} if settings.notes else {})
    return facts | ({"posterior": about_file(plan.posterior_file)} if plan.posterior else {})


def seeds_of(plan: Plan) -> str:
    """Return the seeds of a plan in words."""
    seeds = list(plan.seeds)
    whole = len(seeds) > 1 and seeds == list(range(seeds[0], seeds[-1] + 1))
    return f"{seeds[0]} to {seeds[-1]}" if whole else ", ".join(map(str, seeds))


def mark_ended(facts: Facts, folder: Folder, state: str) -> None:
    """Write the state of an unfinished study to provenance.json, if the disk has space for it."""
    with suppress(OSError):
        state = "finished" if facts["state"] == "finished" else state
        save_provenance(facts | {"state": state, "finished": provenance.now()}, folder)


def save_provenance(facts: Facts, folder: Folder) -> None:
    """Write provenance.json, replacing an existing one."""
    folder.write(PROVENANCE, (json.dumps(facts, indent=1, ensure_ascii=False) + "\n").encode())
