"""The command: ``python -m experiments``. It judges what was typed, runs what is missing, and says what came of it."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.study import saved_posterior
from experiments.study import spec as studies
from experiments.study.arguments import FLAGS, WORD, Settings, config_dir_of, cores, request
from experiments.study.design import Plan, check_values, plan_of
from experiments.study.saved_plan import keep
from experiments.study.store import PARTS, Busy, Folder, Unreachable
from sim.cli import show
from sim.cli.frame import INTERRUPTED, one_interrupt
from sim.config import ConfigurationError, read_from
from sim.config.shorthand import written
from sim.engine.text import capital
from sim.output import files, provenance
from sim.output.program import as_started

if TYPE_CHECKING:
    from experiments.study.remote import Mirror

_HEAD = """\
Runs a study: every combination of its factors, each with many seeds on common luck, and makes of it tables, figures
and a brief. What is there already is not run again; Ctrl-C keeps what is done.

  python -m experiments [study=NAME] [setting=value ...] [factor=levels ...] [parameter=value ...]
  python -m experiments report FOLDER [folder=PATH]      tables, figures and brief of a study that is there, anew

Examples
  python -m experiments                                                 the headline study, in about two minutes
  python -m experiments study=privacy_switch replications=500           the same in full; the runs above count
  python -m experiments --plan replications=500                         how many runs, how long, how large
  python -m experiments study=sweep group=donor_funded policy=exchange_kyc,channel_takedown replications=20
  python -m experiments study=sweep combat.money=0.05,0.15,0.45 'group.routing=range(0,0.6,0.1)'
  python -m experiments study=sweep 'combat.money=interval(0.02,1)' 'choice.cost=interval(1,10)' samples=64
  python -m experiments study=sweep combat.money=0.1,0.2 group.routing=0,0.5 zip=[combat.money,group.routing]
  python -m experiments report results/privacy_switch                   from its parts, nothing is run; or of a zip

Studies"""

_TAIL = """\
Settings
  replications=N        seeds 0 to N-1; more of them later leave those that are there
  seed=range(0,500)     these seeds instead
  seeds_per_draw=N      replications that share drawn parameters
  uncertain=plausible   each draw also draws the parameters that nobody knows (none: they are held; posterior: as
                        the record leaves them, docs/calibration.md)
  precision=X           add replications until the half-width of the switch effect's interval is at most X per cent
  most=N                of capacity, but no more replications than this; effects of policies are not looked at
  folder=PATH           where the study is kept (default: results/NAME); the same folder goes on where it was
  mirror=URL            keep it there too, part by part, and fetch first what is there: s3://BUCKET/STUDY, sftp://...
                        (docs/cluster.md)
  workers=N             processes (default: one a core);  chunk=N  runs that a worker takes at a time
  engine=local          worker processes on this machine; with pip install '.[cluster]' also, the same to the byte
                        (docs/cluster.md):
  engine=dask           worker processes that a Dask dashboard shows, or, with engine.address=tcp://HOST:PORT, all
                        workers of the Dask scheduler there
  engine=slurm          jobs in a queue (or pbs, sge, lsf): engine.jobs=1, each of engine.cores=8, engine.memory=16GB
                        and engine.walltime=01:00:00, in engine.queue=NAME
  limit=SECONDS         a run that takes longer is recorded as failed, and tried again when you type the command again
  samples=N             points over intervals, sampling=sobol or latin_hypercube
  zip=[a,b]             walk the lists of these factors together instead of crossing them
  config_dir=PATH       a folder with files of your own (study/NAME.yaml, rail/mycoin.yaml; found/posterior.csv, from
                        which uncertain=posterior then draws): each wins over the packaged file of its name

Factors and parameters
  key=a,b,c and key=range(from,to,step) vary a parameter, a group of conf/ or a factor of the study; key=interval(a,b)
  draws it; key=value holds it. policy=a+b is a mix. All parameters:
  python -m sim --parameters

Options
  --plan                print the plan and run nothing
  --no-brief            tables and figures only;  --no-figures  tables only
  --completion SHELL    print what completes both commands by Tab, in bash or zsh; type
                        eval "$(python -m experiments --completion bash)"
  --version             print version, commit and place of this program

Exit codes
  0 done   1 runs failed, or something could not be written   2 bad input, nothing was run   130 interrupted by Ctrl-C
  141 done, but nobody read all that was printed, as in  ... | head;  the files are whole"""


def run(arguments: Sequence[str]) -> int:
    """Do what was typed and return the exit code.

    0 done, 1 some runs failed, 2 bad input, 130 interrupted.
    """
    try:
        with one_interrupt():
            return _code(arguments)
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return 2
    except Busy as error:
        print(_sentence(error), file=sys.stderr)
        return 2
    except OSError as error:
        print(unwritten(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted; nothing was run.", file=sys.stderr)
        return INTERRUPTED


def _sentence(error: BaseException) -> str:
    return capital(str(error))


def _code(arguments: Sequence[str]) -> int:
    """Help, a folder reported anew, or a sitting of a study."""
    if arguments[:1] == ["--complete"]:
        from experiments.study.completing import answer, offer

        return answer(arguments[1:], offer)
    if "--help" in arguments or "-h" in arguments:
        return _help(arguments)
    if "--version" in arguments:
        return show.show_version()
    if any(one.split("=")[0] == "--completion" for one in arguments):
        return show.show_completion(arguments)
    if [one for one in arguments if one not in FLAGS][:1] == [WORD]:
        from experiments.study.remaking import remake

        return remake(_first(WORD, arguments))
    return sit(*judged(arguments), provenance.command_of(arguments, "experiments"))


def _first(word: str, arguments: Sequence[str]) -> list[str]:
    """The arguments with one of them first."""
    rest = list(arguments)
    rest.remove(word)
    return [word, *rest]


def _help(arguments: Sequence[str]) -> int:
    folder = config_dir_of(arguments)
    print(as_started(_HEAD))
    for name in studies.names(folder):
        try:
            doc = studies.load(name, folder).doc
        except ConfigurationError:
            doc = f"(faulty; study={name} says why)"
        print(f"  {name:<20}{doc}")
    print(f"\n{as_started(_TAIL)}")
    return 0


def version(record: Sequence[str] = ()) -> str:
    """What a run depends on beside its scenario and seed: the code, what is recorded, the machine's mathematics.

    ``record`` names the sections of the record by which runs are measured.
    """
    import hashlib

    from experiments.study.worker import BESIDE, columns, weekly

    recorded = hashlib.sha256(repr((columns((), record), BESIDE, weekly(record))).encode()).hexdigest()[:8]
    return f"{provenance.code()}-{recorded}-{provenance.mathematics()}"


def judged(arguments: Sequence[str]) -> tuple[Settings, Plan]:
    """Settings and plan of a command line; nothing is run or written.

    Raises:
        ConfigurationError: with every fault.
    """
    settings, study, faults = request(arguments)
    seeds = settings.seeds or range(study.replications)
    plan, folder = None, Folder(settings.where)
    try:
        plan = plan_of(study, settings.study, seeds, "", settings.config_dir)
        check_values(plan)
    except ConfigurationError as error:
        faults += error.errors
    try:
        folder.check(settings.study)
    except ConfigurationError as error:
        faults += error.errors
    if faults or plan is None:
        raise ConfigurationError(list(dict.fromkeys(faults)))
    plan.version = version(study.record)  # imports what only a run needs
    if study.uncertain == "posterior":
        saved_posterior.load(plan.heard)
    if plan.tables:
        from experiments.study.own_tables import faults_of_reports

        if told := faults_of_reports(plan.tables, settings.config_dir):
            raise ConfigurationError(told)
    folder.check(settings.study, plan.version)
    return settings, plan


def sit(settings: Settings, plan: Plan, command: str) -> int:
    """One sitting of a study, from its plan to its brief; returns the exit code."""
    folder = Folder(settings.where)
    for note in settings.notes:
        print(note, file=sys.stderr)
    if settings.config_dir:
        print(read_from(settings.config_dir, plan.sources), file=sys.stderr)
    if settings.plan_only:
        print(_described(plan, folder))
        return 0
    from experiments.study.executors import NoWorkers

    folder.mirror = _mirror(settings, plan.version)
    with folder.opened(settings.study, plan.version):
        facts = begun(plan, settings, command)
        try:
            with one_interrupt():
                save(facts, folder)
                keep(plan, folder)
                meet(folder)
                return _work(plan, folder, settings, facts)
        except (KeyboardInterrupt, NoWorkers) as error:
            leave(facts, folder, "interrupted")
            why = _sentence(error) or "Interrupted"
            print(f"\n{why}: {kept(plan, folder)}. To go on, type the same again, or:\n  {command}", file=sys.stderr)
            return INTERRUPTED if isinstance(error, KeyboardInterrupt) else 1
        except BaseException as error:
            leave(facts, folder, "failed")
            if not isinstance(error, OSError):
                raise
            again = f"{kept(plan, folder)}. When that is mended, type the same again, or:\n  {command}"
            print(f"{unwritten(error, folder.path)}; {again}", file=sys.stderr)
            return 1


def _mirror(settings: Settings, version: str) -> "Mirror | None":
    """Where the study is kept too, if that is wanted."""
    if settings.mirror is None:
        return None
    from experiments.study.remote import Mirror

    mirror = Mirror(settings.mirror)
    mirror.check(settings.study, version)
    return mirror


def meet(folder: Folder) -> None:
    """Make a folder and its mirror equal, and say what that took."""
    if folder.mirror is None:
        return
    met = folder.mirror.meet(folder)
    for name in met.damaged:
        print(f"{PARTS}/{name} in {folder.mirror.url} is damaged; it is left there", file=sys.stderr)
    print(f"{folder.mirror.url}: {met.fetched:,} parts came from there, {met.sent:,} went there", file=sys.stderr)


def kept(plan: Plan, folder: Folder) -> str:
    """How many runs of a plan are there, in words."""
    there = len(folder.done().keys() & {run.id for run in plan.runs()})
    return f"{there:,} of {plan.size:,} runs are kept in {folder.path}"


def unwritten(error: OSError, folder: Path | None = None) -> str:
    """What could not be written, and why, in words."""
    if isinstance(error, Unreachable):
        return str(error)
    return files.unwritten(error, folder)


def _work(plan: Plan, folder: Folder, settings: Settings, facts: dict[str, Any]) -> int:
    """Run, and report; again with more replications while a wished precision is not reached."""
    from experiments.study import reporting

    print(f"{plan.study.doc}: {plan.size:,} runs ({len(plan.cells)} cells) in {folder.path}", file=sys.stderr)
    from sim.compilation import compile_all

    compile_all()
    plan, failed = _filled(plan, folder, settings)
    folder.put_together()
    facts |= {"runs": plan.size, "failed": failed, "replications": len(plan.seeds), "seed": seeds_of(plan)}
    said = reporting.make(plan, folder, settings, facts)
    facts |= {"state": "finished", "finished": provenance.now(), "files": said.files}
    save(facts, folder)
    print(said.text)
    if failed:
        print(f"\n{failed:,} of {plan.size:,} runs failed; the column error of runs.parquet says why.", file=sys.stderr)
    return 1 if failed else 0


def _filled(plan: Plan, folder: Folder, settings: Settings) -> tuple[Plan, int]:
    """Run until a wished precision is reached; the plan that was run, and how many of its runs failed."""
    from experiments.study import reporting
    from experiments.study.executors import engine
    from experiments.study.runner import write_tables

    with engine(settings) as make:
        while True:
            fill_missing(plan, folder, settings, make)
            failed = write_tables(plan, folder)
            if settings.precision is None:
                break
            wanted = reporting.replications_for(plan, folder, settings.precision)
            if wanted <= len(plan.seeds):
                break
            need = f"For a verdict and a half-width of {settings.precision:g} %: {wanted:,} replications"
            if len(plan.seeds) >= settings.most:
                print(f"{need}, but most={settings.most:,}; it is not reached", file=sys.stderr)
                break
            print(need, file=sys.stderr)
            plan = plan.longer(range(min(wanted, settings.most)))
            keep(plan, folder)
    return plan, failed


def fill_missing(plan: Plan, folder: Folder, settings: Settings, make: Callable[[], Executor] | None = None) -> None:
    """Run what the folder lacks, with progress; on workers of this machine unless another executor is made."""
    from experiments.study.executors import local
    from experiments.study.runner import fill

    with _progress(plan.size) as tell:
        make = make or (lambda: local(settings.workers))
        tally = fill(plan, folder, make, settings.workers, settings.chunk, tell, settings.limit)
    while folder.damaged:
        part = folder.damaged.pop()
        print(f"{part} was damaged; it is put aside, and its runs were made again", file=sys.stderr)
    if tally.there:
        print(f"{tally.there:,} runs were there already; {tally.finished:,} are new", file=sys.stderr)
    if tally.others:
        print(
            f"{tally.others:,} runs of other settings stay in {folder.path}; the tables leave them out", file=sys.stderr
        )


@contextmanager
def _progress(size: int) -> Iterator[Callable[[int, Any], None]]:
    """Runs done, runs per second and time left: a bar on a terminal, elsewhere a line now and then."""
    if sys.stderr.isatty():
        from tqdm import tqdm

        with tqdm(total=size, unit=" runs", desc="Running", ncols=90) as bar:

            def on_bar(new: int, tally: Any) -> None:
                bar.initial, bar.n = tally.there, tally.there + tally.finished
                bar.set_postfix_str(f"{tally.failed} failed" if tally.failed else "", refresh=False)
                bar.refresh()

            yield on_bar
        return
    began = said = time.monotonic()

    def on_line(new: int, tally: Any) -> None:
        nonlocal said
        now = time.monotonic()
        if now - said >= 10 or not tally.missing:
            said = now
            rate = tally.finished / max(1e-9, now - began)
            left = tally.missing / max(1e-9, rate)
            print(
                f"{tally.there + tally.finished:,} of {tally.planned:,} runs, {rate:.0f} runs/s, {_span(left)} left",
                file=sys.stderr,
                flush=True,
            )

    yield on_line


def _span(seconds: float) -> str:
    """A time in words."""
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


# --- the plan --------------------------------------------------------------------------------------------------------

_RUN, _BRANCH, _ROW, _SERIES = 0.04, 0.010, 350, 8_000  # seconds and bytes of the default, measured on one core
_START, _REPORT = 6, 0.005  # seconds until workers run; seconds of tables and figures a run


def _described(plan: Plan, folder: Folder) -> str:
    """The plan in words: factors, runs, how many are there, and about how long and how large."""
    from experiments.study.runner import by_week, wanting

    done = folder.done() if folder.parts.exists() else {}
    runs = list(plan.runs())
    ids, by_week_ = {run.id: run for run in runs}, by_week(plan, runs)
    todo = [run for name, run in ids.items() if wanting(name, done, by_week_)]
    pasts = len({(plan.group_of[run.cell], run.seed) for run in todo})
    size = max((cell.scenario.population.donors for cell in plan.cells), default=0) / 10_000
    seconds = (pasts * _RUN + len(todo) * _BRANCH) * max(0.5, size)
    weekly = sum(run.id in by_week_ for run in todo)
    fixed = _START + _REPORT * len(ids)
    lines, wide = [plan.study.doc, ""], max(18, *map(len, plan.factors))
    for name in plan.factors:
        found = dict.fromkeys(cell.levels[name] for cell in plan.cells if name in cell.levels)
        levels = [level if isinstance(level, str) else written(level) for level in found]
        shown = ", ".join(levels if len(levels) <= 14 else [*levels[:6], "...", *levels[-3:]])
        lines.append(f"  {name:<{wide}}  {shown}")
    drawn = max((len({one.dimension for one in group.ranges}) for group in plan.groups), default=0)
    draws = plan.draws
    lines += [
        "",
        f"cells               {len(plan.cells):,}",
        f"replications        {len(plan.seeds):,} seeds, {draws:,} draws of {drawn} uncertain parameters",
        f"runs                {len(ids):,}, of which {len(ids) - len(todo):,} are in {folder.path}",
        f"time                about {_span(fixed + seconds)} on one core, {_span(fixed + seconds / cores())} here",
        f"disk                about {(len(todo) * _ROW + weekly * _SERIES) / 1e6:,.0f} MB",
    ]
    return "\n".join(lines)


# --- provenance ------------------------------------------------------------------------------------------------------


def begun(plan: Plan, settings: Settings, command: str) -> dict[str, Any]:
    """What is known of a sitting before it runs."""
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
    return facts | ({"posterior": about_file(plan.heard)} if plan.posterior else {})


def seeds_of(plan: Plan) -> str:
    """The seeds of a plan in words."""
    seeds = list(plan.seeds)
    whole = len(seeds) > 1 and seeds == list(range(seeds[0], seeds[-1] + 1))
    return f"{seeds[0]} to {seeds[-1]}" if whole else ", ".join(map(str, seeds))


def leave(facts: dict[str, Any], folder: Folder, state: str) -> None:
    """Say in provenance.json how a sitting ended, unless it has finished, if the disk still takes it."""
    state = "finished" if facts["state"] == "finished" else state
    with suppress(OSError):
        save(facts | {"state": state, "finished": provenance.now()}, folder)


def save(facts: dict[str, Any], folder: Folder) -> None:
    """Write provenance.json anew."""
    import json

    folder.write("provenance.json", (json.dumps(facts, indent=1, ensure_ascii=False) + "\n").encode())
