"""The arguments of the command: a study, its settings and its factors. All errors are reported, and nothing is run."""

import math
import re
import shutil
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from experiments.studies import DEFAULT, FULL
from experiments.study import spec as studies
from experiments.study.building import key_of
from experiments.study.spec import Study, Value, Zip
from sim.config import ConfigurationError, folders_of, groups_in, levels_of, no_values
from sim.config.own_folder import errors_in
from sim.config.own_tables import errors_of_tables
from sim.config.shorthand import Override, parse, rewritten, unreadable
from sim.config.untrusted_yaml import no_folder, no_path, refused_as_typed
from sim.engine.text import close, nearest
from sim.scenario import Scenario

QUEUES = {"slurm": "sbatch", "pbs": "qsub", "sge": "qsub", "lsf": "bsub"}
"""Queues of jobs, and the command that submits to each."""
WORD = "report"
"""As the first argument, it reports a study that has been run."""
BRIEF = "brief"
"""As the first argument, it makes a brief of studies that have been run (`experiments.brief.command`)."""
EXPORT = "export"
"""As the first argument, it writes the runs of a study in long form (`experiments.study.export`)."""
FULL_STUDY = "full"
"""The word for the full study of the switch."""
BRIEF_KEYS = ("question", "language", "form", "sections", "template", "folder")
"""The key of every setting of a brief."""
GROUP, PROFILE = "group", "profile"
"""The key that is another word for the factor, in a study that has it."""
FORMS = ("html", "pdf", "docx", "pptx")
"""Forms of a brief, by the ending of its file."""
USUAL_FORMS = FORMS[:2]
"""Those that a report makes, and the command ``brief`` where none is named."""
FLAGS = {"--plan": "plan_only", "--full": "full", "--no-brief": "brief", "--no-figures": "figures"}
"""Options that switch a setting."""
SHOW = ("--help", "-h", "--version", "--completion")
"""Options that show something instead of running a study."""
_MOST = 100_000  # levels of one factor
_MIRRORS = ("s3", "gs", "abfs", "sftp", "hdfs", "file")  # common ones
_REPLICATIONS = ("rep", "reps", "repeats", "repetitions", "runs", "n")  # other words for them


def cores() -> int:
    """Return the number of processors for this process: a queue or a container may allot fewer than there are."""
    from loky import cpu_count

    return int(cpu_count())


def _folder(value: Any) -> Any:
    if "://" in str(value):
        raise ValueError(f"must be a folder of this machine; mirror={value} stores a copy there")
    if error := no_path(value) if value else "needs a path":
        raise ValueError(error)
    return value


def _config_dir(value: Any) -> Any:
    if error := no_folder(value) if value else "needs a path":
        raise ValueError(error)
    return value


def _seeds(value: Any) -> Any:
    """Return seeds as typed: one, a list, or a range."""
    if not isinstance(value, str):
        return value
    found = list(dict.fromkeys(_levels(_parsed(f"seed={value}"), [])))
    if not all(isinstance(seed, int) and 0 <= seed < 2**63 for seed in found):
        raise ValueError("must be whole numbers from 0, such as 7 or 1,2,3 or range(0,500)")
    return found


def _cases(value: Any) -> Any:
    """Return cases as typed: one, or a list with or without brackets; each once."""
    if not isinstance(value, str):
        return value
    found = tuple(dict.fromkeys(filter(None, map(str.strip, value.strip("[]").split(",")))))
    if not found:
        raise ValueError("needs the name of a case; without case=NAME a study runs all of its own")
    return found


def _names(value: Any) -> Any:
    """Return names as typed: a list with or without brackets."""
    return tuple(map(str.strip, value.strip("[]").split(","))) if isinstance(value, str) else value


_ADDRESS = r"(?a)\A(tcp|tls)://([\w.-]+|\[[\da-fA-F:]+\]):\d{1,5}\Z"
_MEMORY = r"(?a)\A\d+(\.\d+)?[MG]i?B\Z"
_TIME = r"(?a)\A\d{1,3}:[0-5]\d:[0-5]\d\Z"
_URL = r"(?a)\A(?!file://[^/])[a-z][a-z0-9]*://(([\w.-]+@)?[\w.-]+(:\d+)?(/[\w.@/=+-]*)?|/[\w.@/=+-]*\w)\Z"
_ALLOWED = {
    "study": "needs a name",
    "precision": "must be verdict, or a number above 0: half-width of an interval, per cent of the attacks",
    "mirror": "must be an address such as s3://BUCKET/STUDY, without a password",
    "engine.address": "must be tcp://HOST:PORT or tls://HOST:PORT",
    "engine.memory": "must be a size such as 16GB",
    "engine.walltime": "must be HOURS:MINUTES:SECONDS",
    "engine.queue": "must be the name of a queue",
}
"""Allowed values of settings that are neither whole numbers nor merely one of a few words."""


class Settings(BaseModel):
    """How a study is run, apart from its subject; help.txt describes each setting that can be typed."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, regex_engine="python-re", validate_by_name=True
    )

    study: str = Field(default=DEFAULT, min_length=1)
    case: Annotated[tuple[str, ...], BeforeValidator(_cases)] = ()
    replications: int | None = Field(default=None, ge=1, le=1_000_000)
    seeds: Annotated[tuple[int, ...], BeforeValidator(_seeds)] = Field(default=(), alias="seed")
    seeds_per_draw: int | None = Field(default=None, ge=1, le=1000)
    uncertain: Literal["plausible", "posterior", "none"] | None = None
    precision: Annotated[float, Field(gt=0, lt=1000)] | Literal["verdict"] | None = None
    most: int = Field(default=20_000, ge=1, le=1_000_000)
    folder: Annotated[Path | None, BeforeValidator(_folder)] = None
    mirror: str | None = Field(default=None, pattern=_URL)
    config_dir: Annotated[Path | None, BeforeValidator(_config_dir)] = None
    workers: int = Field(default_factory=cores, ge=1, le=4096)
    chunk: int = Field(default=100, ge=1, le=100_000)
    limit: int = Field(default=600, ge=1, le=10_000_000)
    engine: Literal["local", "dask", "slurm", "pbs", "sge", "lsf"] = "local"
    address: str | None = Field(default=None, alias="engine.address", pattern=_ADDRESS)
    jobs: int = Field(default=1, alias="engine.jobs", ge=1, le=10_000)
    cores: int = Field(default=8, alias="engine.cores", ge=1, le=1024)
    memory: str | None = Field(default=None, alias="engine.memory", pattern=_MEMORY)
    walltime: str = Field(default="01:00:00", alias="engine.walltime", pattern=_TIME)
    queue: str | None = Field(default=None, alias="engine.queue", pattern=r"(?a)\A[\w.@-]+\Z")
    samples: int = Field(default=64, ge=1, le=_MOST)
    sampling: Literal["sobol", "latin_hypercube"] = "sobol"
    zip: tuple[str, ...] = ()
    axes: Annotated[tuple[str, ...], BeforeValidator(_names)] = ()
    # never typed as key=value
    plan_only: bool = False
    full: bool = False  # print tables
    brief: bool = True
    figures: bool = True
    inline: bool = False  # run in this process
    notes: tuple[str, ...] = ()  # printed before anything is run

    @property
    def where(self) -> Path:
        """The folder of the study."""
        return self.folder or Path("results") / self.study


_UNTYPED = {*FLAGS.values(), "inline", "notes"}
_FIELDS = {one.alias or name: one for name, one in Settings.model_fields.items() if name not in _UNTYPED}
SETTINGS = tuple(_FIELDS)
"""The key of every setting."""


def choices(key: str) -> list[str]:
    """Return the words that a setting allows; none if it takes other values."""
    kinds = (_FIELDS[key].annotation, *get_args(_FIELDS[key].annotation))
    return [word for one in kinds if get_origin(one) is Literal for word in get_args(one)]


def _message(key: str, value: Any, error: Any) -> str:
    if error["type"] == "value_error":
        allowed = str(error["ctx"]["error"])
    elif key in _ALLOWED:
        allowed = _ALLOWED[key] + close(value, choices(key))
    elif words := choices(key):
        allowed = f"allowed is {' or '.join(words)}{nearest(value, words)}"
    else:
        low, high = _FIELDS[key].metadata
        allowed = f"must be a whole number, {low.ge} to {high.le:,}"
    typed = f"--config-dir {value}" if key == "config_dir" else f"{key}={value}"
    return f"{re.sub('//[^/]*@', '//...@', typed)}: {allowed}"  # no password


def settings_of(typed: dict[str, Any], errors: list[str]) -> Settings:
    """Return the valid settings among those typed."""
    try:
        return Settings.model_validate(typed)
    except ValidationError as error:
        found = {str(one["loc"][0]): one for one in error.errors(include_url=False)}
    errors += [_message(key, typed[key], one) for key, one in found.items()]
    return settings_of({key: value for key, value in typed.items() if key not in found}, errors)


def _conflicts(settings: Settings, typed: Sequence[str]) -> Iterator[str]:
    """Yield an error for each setting that contradicts another, or that this machine cannot provide."""
    engine = settings.engine
    if {"seed", "precision"} <= {*typed}:
        yield "precision: adds replications from seed 0 on, so it cannot be combined with seed"
    if "most" in typed and "precision" not in typed:
        yield f"most={settings.most}: limits what precision=... adds; without it replications=N says how many there are"
    for key in (key for key in typed if key.startswith("engine.")):
        fit = ["dask"] if key == "engine.address" else [*QUEUES]
        if engine not in fit:
            yield f"{key}: is only for engine={' or '.join(fit)}"
    if "workers" in typed and (engine in QUEUES or settings.address):
        yield f"workers={settings.workers}: the cluster has its own; leave it out"
    lacks = "needs packages that are not installed; type: make setup-dev, or pip install '.[cluster]'"
    if settings.mirror is not None:
        if not find_spec("fsspec"):
            yield f"mirror={settings.mirror}: {lacks}"
        else:
            from fsspec import available_protocols

            kind, known = settings.mirror.partition("://")[0], available_protocols()
            if kind not in known:
                allowed = f"allowed is {', '.join(_MIRRORS)} or another{nearest(kind, known)}"
                yield f"mirror={settings.mirror}: {kind}:// is unknown; {allowed}"
        if Path(settings.mirror.removeprefix("file://")).resolve() == settings.where.resolve():
            yield f"mirror={settings.mirror}: is the folder of the study itself"
    if engine != "local" and not (find_spec("distributed") and find_spec("dask_jobqueue")):
        yield f"engine={engine}: {lacks}"
    if engine in QUEUES and not shutil.which(QUEUES[engine]):
        yield f"engine={engine}: there is no {QUEUES[engine]} here; type it where jobs are submitted"


@dataclass
class Arguments:
    """Arguments by kind, with the errors found so far."""

    settings: Settings
    factors: dict[str, str]
    words: list[str]  # without a key
    errors: list[str]
    notes: list[str]  # printed before anything is run


def read(arguments: Sequence[str]) -> Arguments:
    """Return the arguments by kind; of two for one key the later one holds. ``--config-dir my`` sets a key too."""
    found = Arguments(Settings(workers=1), {}, [], [], [])
    typed: dict[str, Any] = {FLAGS[one]: not one.startswith("--no-") for one in arguments if one in FLAGS}
    waiting, full = list(arguments), False
    while waiting:
        key, given, value = (one := waiting.pop(0)).partition("=")
        if key in ("--config-dir", "-cd"):
            typed["config_dir"] = value if given else waiting.pop(0) if waiting else ""
        elif one.startswith("-") and one not in (*FLAGS, *SHOW):
            known = [*FLAGS, *SHOW, "--config-dir"]
            found.errors.append(f"{one}: unknown option{close(one, known) or '; --help lists them'}")
        elif key == "zip" and given:
            typed["zip"] = (*typed.get("zip", ()), value)
        elif given and not one.startswith("-"):
            (typed if key in SETTINGS else found.factors)[key] = value
        elif one == FULL_STUDY and not found.words:  # else it is a folder
            full = True
        elif not one.startswith("-"):
            found.words.append(one)
    if full and typed.setdefault("study", FULL) != FULL:
        found.errors.append(f"study={typed['study']}: {FULL_STUDY} is study={FULL}; leave out one of the two")
    found.settings = settings_of(typed, found.errors)
    found.errors += _conflicts(found.settings, [*typed])
    return found


def no_such(folder: Path) -> str:
    """Return that there is no such folder, with the nearest name of those beside it."""
    others = sorted(one.name for one in folder.parent.glob("*/"))
    return f"there is no such folder{close(folder.name, others)}"


def read_report(arguments: Sequence[str]) -> tuple[Path, Settings]:
    """Return the folder to report, and the settings: where the report goes, and whether with figures and brief.

    Raises:
        ConfigurationError: with every error.
    """
    found = read(arguments)
    _, *places = found.words
    errors = found.errors
    for key in (*found.factors, *(found.settings.model_fields_set - {*FLAGS.values(), "folder", "axes"})):
        errors.append(f"{key}: nothing is run; allowed beside the folder are folder=PATH and axes=[a,b]")
    errors += [f"{one}: one folder at a time" for one in places[1:]]
    source = Path(*places[:1])
    if not places:
        errors.append("report: needs the folder of a study")
    elif error := no_path(source):
        errors.append(f"{WORD} {source}: {error}")
    elif not source.exists():
        errors.append(f"{WORD} {source}: {no_such(source)}")
    if errors:
        raise ConfigurationError(errors)
    return source, found.settings


def request(arguments: Sequence[str]) -> tuple[Settings, Study, list[str]]:
    """Return settings and study of a command without their errors, and every error.

    Raises:
        ConfigurationError: if there is no such study.
    """
    found = read(arguments)
    settings, errors = found.settings, found.errors
    errors += [f"{unreadable(word)}{close(word, (WORD, BRIEF, EXPORT, FULL_STUDY))}" for word in found.words]
    if own := settings.config_dir:
        errors += [*errors_in(own), *errors_of_tables(own)]
    try:
        study = studies.load(settings.study, own, settings.case)
    except ConfigurationError as error:
        raise ConfigurationError([*error.errors, *errors]) from None
    numbers = {name: getattr(settings, name) for name in ("replications", "seeds_per_draw", "uncertain")}
    study = study.model_copy(update={name: value for name, value in numbers.items() if value is not None})
    if settings.precision is not None and settings.most < study.replications:
        errors.append(f"most={settings.most}: must be {study.replications:,} (replications) or more")
    axes, fixed = _axes(study, found)
    asked = {name for axis in axes for name in axis.names}
    if other := [case for case in settings.case if case != "is_core"]:
        needed = [f"{name}=..." for name, one in study.aliases.items() if one.kind != "word" and name not in asked]
        errors += [f"case={other[0]}: needs {', '.join(needed)} too; what stands there is about is_core"] * bool(needed)
    study = study.model_copy(update={"overrides": [*study.overrides, *fixed]})
    for axis in axes:
        study = varied(study, axis)
        if not study.blocks:
            raise ConfigurationError([*errors, f"{axis.names[0]}: no row of {', '.join(study.zip)} has this level"])
    return settings.model_copy(update={"notes": tuple(found.notes)}), study, errors


@dataclass
class Axis:
    """One factor that the user varies, or several that are zipped."""

    names: list[str]
    rows: list[list[Value]]


def _axes(study: Study, found: Arguments) -> tuple[list[Axis], list[str]]:
    """Return the factors that the user varies, and the overrides that hold in every cell."""
    from hydra.core.override_parser.types import IntervalSweep

    groups, errors = groups_in(folders_of(found.settings.config_dir)), found.errors
    factors = {*study.base, *study.levels, *(name for block in study.blocks.values() for name in block.vary)}
    aliases = {GROUP: PROFILE} if PROFILE in factors else {}
    words = {"policy", *study.levels, *(name for name, one in study.aliases.items() if one.kind != "number")}
    axes: dict[str, Axis] = {}
    spans: dict[str, tuple[float, float]] = {}
    fixed: list[str] = []
    for key, value in found.factors.items():
        typed = f"{key}={value}"
        try:
            one = _parsed(typed)
            name = one.get_key_element().lstrip("+~")
            name = aliases.get(name, name)
            if name in [*axes, *spans]:
                raise ValueError(f"gives the factor {name} a second time; leave out one of the two")
            sweep: Any = one.value() if one.is_sweep_override() else None
            if isinstance(sweep, IntervalSweep):
                ends: Any = (sweep.start, sweep.end)
                low, high = map(float, ends)
                if name in words:
                    raise ValueError(f"{name} has levels, and cannot be drawn from an interval")
                if not low < high:
                    raise ValueError("the first number must be smaller than the second")
                spans[name] = (low, high)
            elif sweep is not None or name in factors:
                levels = _levels(one, groups.get(name) or list(study.levels.get(name, ())))
                unknown = {level: studies.unknown_levels(study, name, [level]) for level in levels}
                errors += [f"{typed}: {error}" for some in unknown.values() for error in some]
                if good := [[level] for level, some in unknown.items() if not some]:
                    axes[name] = Axis([name], good)
            elif name.split(".")[0] not in {*groups, *Scenario.model_fields}:
                known = sorted({*factors, *SETTINGS, *groups, *Scenario.model_fields})
                meant = "; nearest: replications" if name in _REPLICATIONS else nearest(name, known)
                raise ValueError(f"unknown key{meant}")
            else:
                fixed.append(typed if name in groups else rewritten(typed))
        except ValueError as error:
            errors.append(f"{typed}: {error}")
    axes = _zipped(axes, found, aliases)
    if spans:
        axes["intervals"] = _sampled(spans, found)
    return list(axes.values()), fixed


def _parsed(typed: str) -> Override:
    """Return an argument as Hydra reads it; a ValueError if it cannot be read, or would be evaluated."""
    from hydra.errors import HydraException

    try:
        one = parse(rewritten(typed))
    except HydraException:
        raise ValueError(unreadable(typed).removeprefix(f"{typed}: ")) from None
    if error := refused_as_typed(typed, one.is_hydra_override()):
        raise ValueError(error)
    return one


def _levels(one: Override, options: Sequence[str]) -> list[Value]:
    """Return the values of an argument as levels; a ValueError if there are none or too many, or no end of them."""
    from hydra.errors import HydraException

    factor = one.key_or_group
    try:
        texts = levels_of(one, {factor: list(options)}, _MOST + 1)
    except (HydraException, ValueError, ArithmeticError):
        raise ValueError("cannot be listed; write a,b,c or range(from,to,step)") from None
    if len(texts) > _MOST:
        raise ValueError(f"more than {_MOST:,} values")
    if not texts:
        raise ValueError(no_values(one, options))
    return [studies.level_of(factor, parse(f"{factor}={text}").value()) for text in texts]


def _zipped(axes: dict[str, Axis], found: Arguments, aliases: Mapping[str, str]) -> dict[str, Axis]:
    """Return the axes, some of them zipped: ``zip=[a,b]`` or ``zip=[[a,b],[c,d]]``."""
    for value in found.settings.zip:
        try:
            one = _parsed(f"zip={value}")
            lists: Any = None if one.is_sweep_override() else one.value()
            for names in lists if isinstance(lists, list) and lists and isinstance(lists[0], list) else [lists]:
                keys = [key_of(str(name)) for name in names] if isinstance(names, list) else []
                axes = _zip(axes, [aliases.get(key, key) for key in keys])
        except ValueError as error:
            found.errors.append(f"zip={value}: {error}")
    return axes


def _zip(axes: dict[str, Axis], names: list[str]) -> dict[str, Axis]:
    missing = [name for name in names if name not in axes or names.count(name) > 1]
    if missing or len(names) < 2:
        words = f"; not {', '.join(dict.fromkeys(missing))}" if missing else ", such as zip=[a,b]"
        raise ValueError(f"needs two or more factors that are given lists{words}")
    parts = [axes[name] for name in names]
    lengths = [len(axis.rows) for axis in parts]
    if len({*lengths}) > 1:
        raise ValueError(f"the lists differ in length: {lengths}")
    rows = [[level for row in some for level in row] for some in zip(*(axis.rows for axis in parts), strict=True)]
    rest = {name: axis for name, axis in axes.items() if name not in names}
    return rest | {"+".join(names): Axis([name for axis in parts for name in axis.names], rows)}


def _sampled(spans: dict[str, tuple[float, float]], found: Arguments) -> Axis:
    """Return points of a Latin hypercube or a Sobol sequence over intervals, as one axis of zipped factors."""
    from scipy.stats import qmc

    samples = found.settings.samples
    if found.settings.sampling == "sobol":
        sobol = qmc.Sobol(len(spans), scramble=True, rng=20200621)
        points = sobol.random_base2(math.ceil(math.log2(max(2, samples))))[:samples]
        below = 1 << (samples.bit_length() - 1)
        if samples != below:
            near = " or ".join(f"samples={one}" for one in (below, 2 * below) if one <= _MOST)
            found.notes.append(
                f"samples={samples}: a Sobol sequence covers its intervals evenly only in powers of two, such as "
                f"{near}; sampling=latin_hypercube allows any number"
            )
    else:
        points = qmc.LatinHypercube(len(spans), rng=20200621).random(samples)
    low, high = zip(*spans.values(), strict=True)
    scaled = qmc.scale(points, low, high)
    return Axis(list(spans), [[float(f"{value:.12g}") for value in row] for row in scaled.tolist()])


def varied(study: Study, axis: Axis) -> Study:
    """Return the study with the levels that the user wants: in blocks that vary the factor, or else in all of them."""
    name, base, zips = "+".join(axis.names), study.base, study.zip
    varying = [key for key, block in study.blocks.items() if name in block.vary]
    if any(name in one.factors for one in zips.values()):
        return _chosen(study, name, {str(row[0]) for row in axis.rows})
    if len(axis.names) > 1:
        zips = zips | {name: Zip(factors=axis.names, rows=_with_references(study, axis))}
        levels: list[Value] = [*range(len(zips[name].rows))]
        base = dict(zip(axis.names, axis.rows[0], strict=True)) | base
        varying = []
    else:
        levels = [row[0] for row in axis.rows]
        if not varying:
            base = {name: levels[0]} | base
        elif name in base and base[name] not in (*levels, *study.reference_levels_of(name)):
            base = base | {name: levels[0]}
    blocks = dict(study.blocks)
    for key in varying or study.blocks:
        blocks[key] = blocks[key].model_copy(update={"vary": blocks[key].vary | {name: levels}})
    return study.model_copy(update={"base": base, "zip": zips, "blocks": blocks})


def _chosen(study: Study, factor: str, levels: Container[str]) -> Study:
    """Return the study with those rows of a zip that have some levels of one of its factors."""
    [key] = [key for key, one in study.zip.items() if factor in one.factors]
    place, rows = study.zip[key].factors.index(factor), study.zip[key].rows
    blocks = {}
    for name, block in study.blocks.items():
        left = [row for row in block.vary.get(key, []) if str(rows[int(row)][place]) in levels]
        if left or key not in block.vary:
            blocks[name] = block.model_copy(update={"vary": block.vary | ({key: left} if left else {})})
    return study.model_copy(update={"blocks": blocks})


def _with_references(study: Study, axis: Axis) -> list[list[Value]]:
    """Return the rows of an axis, and each of them with the levels that are always run."""
    rows = list(axis.rows)
    for place, name in enumerate(axis.names):
        rows += [[*row[:place], one, *row[place + 1 :]] for one in study.reference_levels_of(name) for row in rows]
    return [row for number, row in enumerate(rows) if row not in rows[:number]]
