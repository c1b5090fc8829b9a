"""The command ``python -m experiments``: it validates its arguments, runs missing runs, and reports the results."""

import json
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from experiments.messages import say
from experiments.study import spec as studies
from experiments.study import stamp
from experiments.study.arguments import BRIEF, EXPORT, FLAGS, WORD, Settings, read, read_report, request
from experiments.study.building import check_draws, plan_of
from experiments.study.completing import offer
from experiments.study.design import Plan
from experiments.study.remote import Mirror
from experiments.study.saved_plan import PLAN, PROVENANCE, content_of, load, opened, same_rules, save, validated
from experiments.study.saved_plan import Facts as SavedFacts
from experiments.study.so_far import SoFar, planned_of, whole
from experiments.study.store import PARTS, Busy, Folder, Unreachable
from experiments.study.version import version
from sim.cli import show
from sim.cli.completion import answer
from sim.cli.frame import INTERRUPTED, end_at_once, one_interrupt, saying
from sim.config import ConfigurationError, read_from
from sim.config.own_folder import source_of
from sim.config.untrusted_yaml import in_words, shown
from sim.engine.text import capital
from sim.output import files, provenance
from sim.output.columns import folded
from sim.output.program import as_started, typed

_UNREPORTED = "its report cannot be made of the runs that exist"
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
        word = next((one for one in arguments if one not in FLAGS), "")
        if word in (WORD, BRIEF, EXPORT):
            again = typed(provenance.command_of(arguments, "experiments"))
            _note(f"Interrupted; the {word} was not made. To make it:\n  {again}")
        else:
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
    if [*arguments[:1]] == [BRIEF]:
        return make_brief(arguments)
    if [*arguments[:1]] == [EXPORT]:
        from experiments.study import export

        print(f"{export.run(arguments[1:])} is written")
        return 0
    if [one for one in arguments if one not in FLAGS][:1] == [WORD]:
        return report_folder(*read_report(arguments), command)
    settings, plan = settings_and_plan(arguments)
    announce(settings, plan)
    if settings.plan_only:
        show_plan(plan, settings)
        return 0
    return run_study(settings, plan, command)


def show_plan(plan: Plan, settings: Settings) -> None:
    """Print a plan, how long it takes and how much it stores; nothing is stored."""
    from experiments.study.estimate import described

    print(described(plan, Folder(settings.where), settings))
    if settings.precision == "verdict":
        print(say("adaptive-plan", limit=settings.most))


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


def announce(settings: Settings, plan: Plan) -> None:
    """Say what is to be known before anything is run: notes on settings, and which files are the user's own."""
    for note in settings.notes:
        _note(note)
    if settings.config_dir:
        _note(read_from(settings.config_dir, plan.sources))


def run_study(settings: Settings, plan: Plan, command: str, raises: bool = False) -> int:
    """Run the missing runs of a plan and report all of them; return the exit code.

    Args:
        settings: how.
        plan: the runs.
        command: what resumes the study, as it can be typed.
        raises: raise what ends it early, once that is reported; else that is an exit code too.
    """
    from experiments.study.executors import NoWorkers

    folder = Folder(settings.where)
    folder.check(plan.name, plan.version)
    if settings.mirror is not None:
        folder.mirror = Mirror(settings.mirror)
        folder.mirror.check(plan.name, plan.version)
    with folder.opened(plan.name, plan.version):
        facts = provenance_of(plan, settings, command)
        lasting = settings.mirror is None and settings.precision is None  # nothing to send, and no runs to add
        if lasting and (text := stamp.last(folder.path, stamp.key_of(plan.as_json(), settings, facts))):
            _note(f"{facts['runs']:,} runs existed; 0 are new")
            return _unchanged(text)
        try:
            with one_interrupt():
                return _run_and_report(plan, folder, settings, facts)
        except BaseException as error:
            by_user = isinstance(error, KeyboardInterrupt)
            if by_user:
                end_at_once()
            interrupted = by_user or isinstance(error, NoWorkers)
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
            done = folder.done()
            here = f"{sum(run.id in done for run in plan.runs()):,} of {plan.size:,} runs are finished in {folder.path}"
            _note(f"{why} {here}. To resume{when}:\n  {typed(command)}")
            part = whole(plan, done) if by_user else None
            if part is not None:
                _report_part(part, plan, folder, settings, facts | state, command)
            if raises:
                raise
            return INTERRUPTED if by_user else 1


def _report_part(part: Plan, plan: Plan, folder: Folder, settings: Settings, facts: Facts, command: str) -> None:
    """Report the draws that are whole after Ctrl-C, with how many are planned and how to go on."""
    planned = planned_of(part, plan)
    _note(say("partial-report", **planned))
    facts = facts | {"planned": planned["of"]}
    try:
        _, rest = _report(part, folder, settings, facts)
        save_provenance(facts, folder)
    except Exception as error:  # one draw may be too few for a report
        _note(f"{_UNREPORTED} ({write_error(error, folder.path) if isinstance(error, OSError) else in_words(error)})")
        return
    print(rest)
    _note(f"{say('partial-resume', **planned)}\n  {typed(command)}")


def _run_and_report(plan: Plan, folder: Folder, settings: Settings, facts: Facts) -> int:
    from sim.engine.cache import is_cold

    save_provenance(facts, folder)
    save(plan, folder)
    if folder.mirror is not None:
        url, (fetched, sent, damaged) = folder.mirror.url, folder.mirror.sync(folder)
        for name in damaged:
            _note(f"{PARTS}/{name} in {url} is damaged; it is left there")
        _note(f"{url}: {len(fetched):,} parts came from there, {len(sent):,} went there")
    shared = plan.size < sum(1 for _ in plan.run_cells())
    size = f"{plan.size:,} runs ({len(plan.cells):,} cells{say('cells-shared') if shared else ''})"
    _note(f"{plan.title}: {size} in {folder.path}")
    for note in provenance.caveats((), plan.sources):
        _note(note)
    if is_cold():
        from sim.compilation import compile_all  # which imports the model

        compile_all()
    plan = _run_missing(plan, folder, settings, facts)
    folder.merge_parts()
    text, rest = _report(plan, folder, settings, facts)
    save_provenance(facts | {"state": "finished", "finished": provenance.now()}, folder)
    facts["state"] = "finished"
    print(rest)
    if _complete(facts):
        stamp.keep(folder.path, stamp.key_of(plan.as_json(), settings, facts), text, facts["files"])
    return _exit_code(plan, facts, "failed")


def _complete(facts: Facts) -> bool:
    """Return whether no run failed and a report has all forms; where a library lacks, it is made again with that."""
    return not facts["failed"] and ("brief.html" not in facts["files"] or "brief.pdf" in facts["files"])


def _unchanged(text: str) -> int:
    _note("Nothing has changed: the report is as it was made before.")
    print(text)
    return 0


def _run_missing(plan: Plan, folder: Folder, settings: Settings, facts: Facts) -> Plan:
    """Run what is missing, with more replications until a required precision is reached; return the plan."""
    from experiments.study.executors import engine
    from experiments.study.runner import write_tables

    precision = settings.precision
    if precision is not None:
        from experiments.study import adaptive, reporting  # which import all of the reports
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
    from experiments.study.runner import run_missing
    from sim.output.progress import bar, watched

    form = "{n_fmt} of {total_fmt} runs |{bar}| {rate_fmt}, {remaining} left{postfix}"
    often, lines = 0.1 if watched() else 4.5, SoFar(plan, folder)  # seconds between two updates
    with bar(total=plan.size, unit=" runs", bar_format=form, ncols=90, mininterval=often) as done:

        def tell(table: Any, progress: Any) -> None:
            if line := lines.add(table):
                done.write(folded(line), file=sys.stderr)
            if done.n < progress.stored:  # rate and time left are those of this command's runs
                done.initial = done.n = done.last_print_n = progress.stored
            done.set_postfix_str(f"{progress.failed} failed" if progress.failed else "", refresh=False)
            done.update(progress.stored + progress.finished - done.n)

        progress = run_missing(plan, folder, make, settings.workers, settings.chunk, tell, settings.limit)
    while folder.damaged:
        _note(f"{folder.damaged.pop()} was damaged; it is put aside, and its runs were repeated")
    if progress.stored:
        _note(f"{progress.stored:,} runs existed; {progress.finished:,} are new")
    return progress.other


def _report(plan: Plan, folder: Folder, settings: Settings, facts: Facts) -> tuple[str, str]:
    """Write tables, figures and brief of all runs, and complete the facts.

    What is found is printed first. Returns the whole text, and its end, which is still to be printed.
    """
    from experiments.study.executors import helper

    shown = []

    def show(found: str) -> None:
        shown.append(f"{found}\n")
        print(found, flush=True)

    with saying("Making the report"), helper(settings) as submit:
        for module in ("experiments.brief.page", "experiments.figures") if settings.figures and settings.brief else ():
            submit(import_module, module)  # while this process imports what it needs itself
        from experiments.study import reporting
        from experiments.study.runner import write_tables

        failed = write_tables(plan, folder)
        facts |= {"runs": plan.size, "failed": failed, "replications": len(plan.seeds), "seed": seeds_of(plan)}
        text, facts["files"] = reporting.make(plan, folder, settings, facts, submit, show)
    return text, text.removeprefix("".join(shown))


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
    beside = settings.folder is None or settings.folder.resolve() == source.resolve()
    if source.is_dir() and beside and (text := _stamped(source, settings)):
        return _unchanged(text)
    from experiments.study.explained import errors_of

    with opened(source, settings.folder, lambda plan: errors_of(plan, settings.axes)) as saved:
        plan, folder = saved.plan, saved.folder
        facts = saved.facts.model_dump()
        part = whole(plan, folder.done()) if saved.provenance.get("state") == "interrupted" else None
        if part is not None:
            facts |= {"planned": planned_of(part, plan)["of"]}
            plan = part
        settings = settings.model_copy(update={"study": plan.name, "folder": folder.path})
        try:
            text, rest = _report(plan, folder, settings, facts)
        except OSError:
            raise
        except Exception as error:  # some runs may be missing, and some reports need all
            words = f"{_UNREPORTED} ({shown(in_words(error))})"
            _note(f"{shown(str(folder.source))}: {words}")
            return 1
        remade = {
            "at": provenance.now(), "command": command, "model": provenance.model_version(),
            "identity": version(plan.study.observables), "damaged": saved.damaged,
        }  # fmt: skip
        about = {name: facts[name] for name in ("failed", "files")}
        save_provenance(saved.provenance | about | {"remade": remade}, folder)
        print(rest)
        in_place = folder.path.resolve() == folder.source.resolve()
        if in_place and part is None and same_rules(plan) and _complete(facts):
            stamp.keep(folder.path, stamp.key_of(content_of(folder.path / PLAN), settings, facts), text, facts["files"])
        return _exit_code(plan, facts, "failed or are missing")


def _stamped(source: Path, settings: Settings) -> str | None:
    """The text of the report in a folder if nothing has changed since it was made."""
    try:
        facts = validated(source / PROVENANCE, SavedFacts.model_validate_json).model_dump()
        return stamp.last(source, stamp.key_of(content_of(source / PLAN), settings, facts))
    except ConfigurationError:
        return None


def make_brief(arguments: Sequence[str]) -> int:
    """Make the brief that arguments ask for, of studies that have been run. Return the exit code.

    Raises:
        ConfigurationError: with every error; nothing is written then.
        OSError: if it cannot be written.
    """
    from experiments.brief import command

    line, messages = command.run(arguments)
    for message in messages:
        _note(message)
    print(line)
    return 0


def write_error(error: OSError, folder: Path | None = None) -> str:
    """Return in words which file could not be written, and why."""
    return str(error) if isinstance(error, Unreachable) else files.unwritten(error, folder)


def _note(text: str) -> None:
    print(text, file=sys.stderr)


def provenance_of(plan: Plan, settings: Settings, command: str) -> Facts:
    """Return the facts that are known before a study runs."""
    from experiments.study.parameter_sampling import evidence

    facts = provenance.begun(plan.cells[0].scenario, command, plan.study.overrides, plan.sources)
    facts["caveat"] = "; ".join(provenance.caveats((cell.scenario for cell in plan.cells), plan.sources))
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
    return facts | ({"posterior": source_of(plan.posterior_file)} if plan.posterior else {})


def seeds_of(plan: Plan) -> str:
    """Return the seeds of a plan in words."""
    seeds = list(plan.seeds)
    whole = len(seeds) > 1 and seeds == list(range(seeds[0], seeds[-1] + 1))
    return f"{seeds[0]} to {seeds[-1]}" if whole else ", ".join(map(str, seeds))


def save_provenance(facts: Facts, folder: Folder) -> None:
    """Write provenance.json, replacing an existing one."""
    folder.write(PROVENANCE, (json.dumps(facts, indent=1, ensure_ascii=False) + "\n").encode())
