"""The command ``python -m experiments``: it validates its arguments, runs missing runs, and reports the results."""

import json
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from experiments.messages import say
from experiments.study import spec as studies
from experiments.study.arguments import FLAGS, WORD, Settings, cores, read, read_report, request
from experiments.study.building import check_draws, plan_of
from experiments.study.completing import offer
from experiments.study.design import Plan
from experiments.study.remote import Mirror
from experiments.study.saved_plan import PROVENANCE, load, opened, save
from experiments.study.store import PARTS, Busy, Folder, Unreachable
from experiments.study.version import version
from sim.cli import show
from sim.cli.completion import answer
from sim.cli.frame import INTERRUPTED, one_interrupt
from sim.config import ConfigurationError, read_from
from sim.config.own_folder import source_of
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
        _note(capital(str(error)))
        return 2
    except OSError as error:
        _note(write_error(error))
        return 1
    except KeyboardInterrupt:
        _note("Interrupted; nothing was run.")
        return INTERRUPTED


def _run(arguments: Sequence[str]) -> int:
    if arguments[:1] == ["--complete"]:
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
        _note(note)
    if settings.config_dir:
        _note(read_from(settings.config_dir, plan.sources))
    if settings.plan_only:
        print(_described(plan, Folder(settings.where)))
        if settings.precision == "verdict":
            print(say("adaptive-plan", limit=settings.most))
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
    print(as_started(text).replace("{studies}", lines), end="")
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
    if settings.axes and plan is not None:
        from experiments.study.explained import errors_of

        errors += errors_of(plan, settings.axes)
    if errors or plan is None:
        raise ConfigurationError(list(dict.fromkeys(errors)))
    plan.version = version(study.observables)
    if plan.tables:
        from experiments.study.own_tables import errors_of_tables

        if errors := errors_of_tables(plan.tables, settings.config_dir):
            raise ConfigurationError(errors)
    if study.cases:
        from experiments.evidence.patterns import errors_with
        from sim.config.own_tables import using

        with using(plan.tables):
            errors = list(errors_with(plan))
        if errors:
            raise ConfigurationError(errors)
    folder.check(settings.study, plan.version)
    return settings, plan


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
    if settings.mirror is not None:
        folder.mirror = Mirror(settings.mirror)
        folder.mirror.check(plan.name, plan.version)
    with folder.opened(plan.name, plan.version):
        facts = provenance_of(plan, settings, command)
        try:
            with one_interrupt():
                return _run_and_report(plan, folder, settings, facts)
        except BaseException as error:
            interrupted = isinstance(error, KeyboardInterrupt | NoWorkers)
            state = {"state": "interrupted" if interrupted else "failed", "finished": provenance.now()}
            if facts["state"] != "finished":
                with suppress(OSError):  # perhaps the disk has no space for it
                    save_provenance(facts | state, folder)
            if isinstance(error, OSError):
                why, when = f"{write_error(error, folder.path)};", " after that is mended"
            elif interrupted:
                why, when = f"\n{capital(str(error)) or 'Interrupted'}:", ""
            else:
                raise
            with suppress(ConfigurationError):  # perhaps it was not saved yet
                plan = load(folder.path, ours=True)  # as it has grown
            done = len(folder.done().keys() & {run.id for run in plan.runs()})
            _note(f"{why} {done:,} of {plan.size:,} runs are finished in {folder.path}. To resume{when}:\n  {command}")
            return INTERRUPTED if isinstance(error, KeyboardInterrupt) else 1


def _run_and_report(plan: Plan, folder: Folder, settings: Settings, facts: Facts) -> int:
    from sim.compilation import compile_all

    save_provenance(facts, folder)
    save(plan, folder)
    if folder.mirror is not None:
        url, (fetched, sent, damaged) = folder.mirror.url, folder.mirror.sync(folder)
        for name in damaged:
            _note(f"{PARTS}/{name} in {url} is damaged; it is left there")
        _note(f"{url}: {len(fetched):,} parts came from there, {len(sent):,} went there")
    _note(f"{plan.study.doc}: {plan.size:,} runs ({len(plan.cells):,} cells) in {folder.path}")
    compile_all()
    plan = _run_missing(plan, folder, settings, facts)
    folder.merge_parts()
    text = _report(plan, folder, settings, facts)
    save_provenance(facts | {"state": "finished", "finished": provenance.now()}, folder)
    facts["state"] = "finished"
    print(text)
    return _exit_code(plan, facts, "failed")


def _run_missing(plan: Plan, folder: Folder, settings: Settings, facts: Facts) -> Plan:
    """Run what is missing, with more replications until a required precision is reached; return the plan."""
    from experiments.study import adaptive, reporting
    from experiments.study.executors import engine
    from experiments.study.runner import write_tables

    precision = settings.precision
    design = adaptive.Adaptive(settings.most) if precision == "verdict" else None
    with engine(settings) as make:
        more: Plan | None = plan
        while more is not None:
            plan = more
            others, more, words = fill_missing(plan, folder, settings, make), None, ""
            if precision is not None:
                write_tables(plan, folder)
            if design:
                more, words = design.next(plan, folder)
                facts["verdicts"] = design.facts()
            elif precision is not None:
                more, words = reporting.more_precise(plan, folder, float(precision), settings.most)
            if words:
                _note(words)
            if more is not None:
                save(more, folder)
    if others:
        _note(f"{others:,} runs of other settings stay in {folder.path}; the tables leave them out")
    return plan


def fill_missing(plan: Plan, folder: Folder, settings: Settings, make: Callable[[], Any]) -> int:
    """Run what the folder lacks, with progress, on the executor that ``make`` returns.

    Returns:
        The number of runs in the folder that the plan does not have.
    """
    from tqdm import tqdm

    from experiments.study.runner import run_missing

    form = "{n_fmt} of {total_fmt} runs |{bar}| {rate_fmt}, {remaining} left{postfix}"
    often = 0.1 if sys.stderr.isatty() else 10.0  # seconds between two updates
    with tqdm(total=plan.size, unit=" runs", bar_format=form, ncols=90, mininterval=often) as bar:

        def tell(new: int, progress: Any) -> None:
            bar.initial = progress.stored
            bar.set_postfix_str(f"{progress.failed} failed" if progress.failed else "", refresh=False)
            bar.update(progress.stored + progress.finished - bar.n)

        progress = run_missing(plan, folder, make, settings.workers, settings.chunk, tell, settings.limit)
    while folder.damaged:
        _note(f"{folder.damaged.pop()} was damaged; it is put aside, and its runs were repeated")
    if progress.stored:
        _note(f"{progress.stored:,} runs existed; {progress.finished:,} are new")
    return progress.other


def _report(plan: Plan, folder: Folder, settings: Settings, facts: Facts) -> str:
    """Write tables, figures and brief of all runs; return the text, and complete the facts."""
    from experiments.study import reporting
    from experiments.study.runner import write_tables

    failed = write_tables(plan, folder)
    facts |= {"runs": plan.size, "failed": failed, "replications": len(plan.seeds), "seed": _seeds_of(plan)}
    text, facts["files"] = reporting.make(plan, folder, settings, facts)
    return text


def _exit_code(plan: Plan, facts: Facts, what: str) -> int:
    if failed := facts["failed"]:
        _note(f"\n{failed:,} of {plan.size:,} runs {what}; the column error of runs.parquet has the reasons.")
    return int(failed > 0)


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
    from experiments.study.explained import errors_of

    with opened(source, settings.folder, lambda plan: errors_of(plan, settings.axes)) as saved:
        plan, folder = saved.plan, saved.folder
        facts = saved.facts.model_dump()
        settings = settings.model_copy(update={"study": plan.name, "folder": folder.path})
        try:
            text = _report(plan, folder, settings, facts)
        except OSError:
            raise
        except Exception as error:  # some runs may be missing, and some reports need all
            words = f"its report cannot be made of the runs that exist ({shown(in_words(error))})"
            _note(f"{shown(str(folder.source))}: {words}")
            return 1
        remade = {
            "at": provenance.now(), "command": command, "model": provenance.model_version(),
            "identity": version(plan.study.observables), "damaged": saved.damaged,
        }  # fmt: skip
        about = {name: facts[name] for name in ("failed", "files")}
        save_provenance(saved.provenance | about | {"remade": remade}, folder)
        print(text)
        return _exit_code(plan, facts, "failed or are missing")


def write_error(error: OSError, folder: Path | None = None) -> str:
    """Return in words which file could not be written, and why."""
    return str(error) if isinstance(error, Unreachable) else files.unwritten(error, folder)


def _note(text: str) -> None:
    print(text, file=sys.stderr)


_RUN, _BRANCH, _ROW, _SERIES = 0.04, 0.010, 350, 8_000  # seconds and bytes of the default, measured on one core
_START, _REPORT = 6, 0.005  # seconds until workers run; seconds of tables and figures a run


def _described(plan: Plan, folder: Folder) -> str:
    """Return the plan in words: factors, runs, how many exist, and about how long and how large."""
    from experiments.study.runner import by_week, is_pending
    from sim.engine.jit import is_cold

    done = folder.done() if folder.parts.exists() else {}
    runs = {run.id: run for run in plan.runs()}
    weekly = by_week(plan, runs.values())
    todo = [run for name, run in runs.items() if is_pending(name, done, weekly)]
    histories = len({(plan.group_of[run.cell], run.seed) for run in todo})
    size = max((cell.scenario.population.donors for cell in plan.cells), default=0) / 10_000
    seconds = (histories * _RUN + len(todo) * _BRANCH) * max(0.5, size)
    fixed = _START + _REPORT * len(runs)
    disk = len(todo) * _ROW + sum(run.id in weekly for run in todo) * _SERIES
    drawn = max((len({one.dimension for one in group.ranges}) for group in plan.groups), default=0)
    draws = f"{plan.draws:,} draws of {drawn} uncertain parameters" if drawn else "parameters are held"
    factors, wide = "", max(18, *map(len, plan.factors))
    for name in plan.factors:
        found = dict.fromkeys(cell.levels[name] for cell in plan.cells if name in cell.levels)
        levels = [level if isinstance(level, str) else written(level) for level in found]
        shortened = levels if len(levels) <= 14 else [*levels[:6], "...", *levels[-3:]]
        factors += f"  {name:<{wide}}  {', '.join(shortened)}\n"
    return Path(__file__).with_name("plan.txt").read_text(encoding="utf-8").rstrip().format(
        doc=plan.study.doc, factors=factors, cells=len(plan.cells), seeds=len(plan.seeds), draws=draws, runs=len(runs),
        stored=len(runs) - len(todo), folder=folder.path, alone=_span(fixed + seconds),
        here=_span(fixed + seconds / cores()), megabytes=disk / 1e6, cold=", and once for compiling" * is_cold(),
    )  # fmt: skip


def _span(seconds: float) -> str:
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


def provenance_of(plan: Plan, settings: Settings, command: str) -> Facts:
    """Return the facts that are known before a study runs."""
    from experiments.study.tables import evidence

    facts = provenance.begun(plan.cells[0].scenario, command, plan.study.overrides, plan.sources)
    facts["caveat"] = "; ".join(dict.fromkeys(one for cell in plan.cells for one in cell.scenario.caveats))
    facts |= {
        "study": plan.study.model_dump(mode="json"),
        "identity": plan.version,
        "evidence": evidence(plan.study),
        "seed": _seeds_of(plan),
        "runs": plan.size,
        "engine": f"{settings.engine} at {settings.address}" if settings.address else settings.engine,
        "mirror": settings.mirror,
        "workers": settings.workers,
        "limit": settings.limit,
    } | ({"notes": [*settings.notes]} if settings.notes else {})
    return facts | ({"posterior": source_of(plan.posterior_file)} if plan.posterior else {})


def _seeds_of(plan: Plan) -> str:
    seeds = list(plan.seeds)
    whole = len(seeds) > 1 and seeds == list(range(seeds[0], seeds[-1] + 1))
    return f"{seeds[0]} to {seeds[-1]}" if whole else ", ".join(map(str, seeds))


def save_provenance(facts: Facts, folder: Folder) -> None:
    """Write provenance.json, replacing an existing one."""
    folder.write(PROVENANCE, (json.dumps(facts, indent=1, ensure_ascii=False) + "\n").encode())
