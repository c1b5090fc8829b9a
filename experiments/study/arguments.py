"""What a user types: a study, its settings, its factors; every fault is told at once and nothing is run."""

import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.study import spec as studies
from experiments.study.design import key_of
from experiments.study.spec import Study, Together, Value
from sim.config import ConfigurationError, folders_of, groups_in, levels_of, no_values
from sim.config.own_folder import errors_in
from sim.config.own_tables import errors_of_tables
from sim.config.shorthand import rewritten, unreadable
from sim.config.untrusted_yaml import no_folder, no_path, refused_as_typed
from sim.engine.text import close, nearest

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override

DEFAULT = "privacy_switch"
QUEUES = {"slurm": "sbatch", "pbs": "qsub", "sge": "qsub", "lsf": "bsub"}
"""Queues of jobs, and the command that each must have."""
ENGINES = ("local", "dask", *QUEUES)
WORD = "report"
"""Typed first, it remakes what was made of a study that is there."""
FLAGS = ("--plan", "--help", "-h", "--no-brief", "--no-figures", "--version")
_MOST = 100_000  # levels of one factor


def cores() -> int:
    """Processors that this process may use: a queue or a container may allot fewer than the machine has."""
    from loky import cpu_count

    return int(cpu_count())


@dataclass(frozen=True)
class Settings:
    """How a study is made, apart from what it is about."""

    study: str = DEFAULT
    folder: Path | None = None
    mirror: str | None = None  # an address where it is kept too
    config_dir: Path | None = None
    workers: int = field(default_factory=cores)
    chunk: int = 100
    limit: int = 600  # seconds that a run may take
    engine: str = "local"
    address: str | None = None  # of a Dask scheduler that is there
    jobs: int = 1
    cores: int = 8  # of a job
    memory: str | None = None  # of a job
    walltime: str = "01:00:00"
    queue: str | None = None
    precision: float | None = None
    most: int = 20_000  # replications that precision may lead to
    seeds: tuple[int, ...] = ()
    samples: int = 64
    sampling: str = "sobol"
    plan_only: bool = False
    brief: bool = True
    figures: bool = True
    notes: tuple[str, ...] = ()  # what is said of the choice before anything is run

    @property
    def where(self) -> Path:
        """The folder of the study."""
        return self.folder or Path("results") / self.study


@dataclass
class Axis:
    """One factor that the user varies, or several that vary together."""

    names: list[str]
    rows: list[list[Value]]
    sampling: str = ""  # how its rows were drawn from intervals, if they were


def request(arguments: Sequence[str]) -> tuple[Settings, Study, list[str]]:
    """Settings and study of a command line, without what is faulty in them, and every such fault.

    Raises:
        ConfigurationError: if it names no study that can be read.
    """
    faults: list[str] = []
    typed = list(_pairs(arguments, faults))
    zips = [(key, value) for key, value in typed if key == "zip"]
    pairs = [*{key: value for key, value in typed if key != "zip"}.items(), *zips]  # of two the later one holds
    settings = _settings(pairs, arguments, faults)
    if settings.config_dir:
        own = settings.config_dir
        faults += [*errors_in(own), *(errors_of_tables(own))]
    try:
        study = studies.load(settings.study, settings.config_dir)
    except ConfigurationError as error:
        raise ConfigurationError([*error.errors, *faults]) from None
    study = _with_numbers(study, pairs, faults)
    axes, fixed = _axes(study, settings, pairs, faults)
    study = study.model_copy(update={"overrides": [*study.overrides, *fixed]})
    for axis in axes:
        study = varied(study, axis)
    notes = [_unbalanced(len(axis.rows)) for axis in axes if axis.sampling == "sobol"]
    return replace(settings, notes=tuple(filter(None, notes))), study, faults


def config_dir_of(arguments: Sequence[str]) -> Path | None:
    """The folder of a user's own files that a command line names, if any.

    Raises:
        ConfigurationError: if there is no such folder.
    """
    faults: list[str] = []
    named = [value for key, value in _pairs(arguments, []) if key == "config_dir"]
    found = _settings([("config_dir", value) for value in named[-1:]], (), faults).config_dir
    if faults:
        raise ConfigurationError(faults)
    return found


def _pairs(arguments: Sequence[str], faults: list[str]) -> Iterator[tuple[str, str]]:
    """Keys and values as typed; ``--config-dir my`` is one too."""
    waiting = list(arguments)
    while waiting:
        one = waiting.pop(0)
        if one in FLAGS:
            continue
        if one.split("=")[0] in ("--config-dir", "-cd"):
            yield "config_dir", one.split("=", 1)[1] if "=" in one else waiting.pop(0) if waiting else ""
        elif one.startswith("-"):
            known = [*FLAGS, "--config-dir", "--completion"]
            faults.append(f"{one}: unknown option{close(one, known) or '; --help lists them'}")
        elif "=" not in one:
            faults.append(unreadable(one))
        else:
            key, value = one.split("=", 1)
            yield key, value


# --- settings --------------------------------------------------------------------------------------------------------

_WHOLE = {
    "workers": (1, 4096),
    "chunk": (1, 100_000),
    "limit": (1, 10_000_000),
    "most": (1, 1_000_000),
    "samples": (1, _MOST),
    "engine.jobs": (1, 10_000),
    "engine.cores": (1, 1024),
}
_STUDY_WHOLE = {"replications": (1, 1_000_000), "seeds_per_draw": (1, 1000)}
WORDS = {"engine": ENGINES, "sampling": ("sobol", "latin_hypercube")}
"""Settings that are one of some words."""
UNCERTAIN = ("plausible", "posterior", "none")
_FORMS = {
    "engine.address": (r"(tcp|tls)://([\w.-]+|\[[\da-fA-F:]+\]):\d{1,5}", "tcp://HOST:PORT or tls://HOST:PORT"),
    "engine.memory": (r"\d+(\.\d+)?[MG]i?B", "a size such as 16GB"),
    "engine.walltime": (r"\d{1,3}:[0-5]\d:[0-5]\d", "HOURS:MINUTES:SECONDS"),
    "engine.queue": (r"[\w.@-]+", "the name of a queue"),
    "mirror": (
        r"(?!file://[^/])[a-z][a-z0-9]*://(([\w.-]+@)?[\w.-]+(:\d+)?(/[\w.@/=+-]*)?|/[\w.@/=+-]*\w)",
        "an address such as s3://BUCKET/STUDY, without a password",
    ),
}
_USUAL = ("s3", "gs", "abfs", "sftp", "hdfs", "file")
"""Kinds of mirrors that people have."""
_OTHERS = ("study", "folder", "config_dir", "precision", "seed", "zip", "uncertain")
SETTINGS = (*_OTHERS, *WORDS, *_WHOLE, *_FORMS, *_STUDY_WHOLE)


def _settings(pairs: Sequence[tuple[str, str]], flags: Sequence[str], faults: list[str]) -> Settings:
    made: dict[str, Any] = {name: True for name in ("plan_only",) if "--plan" in flags}
    made |= {name: False for name in ("brief", "figures") if f"--no-{name}" in flags}
    if {"seed", "precision"} <= dict(pairs).keys():
        faults.append("precision: adds replications from seed 0 on, so it cannot go with seed")
    for key, value in pairs:
        if key in _WHOLE:
            made[key.removeprefix("engine.")] = _whole(key, value, *_WHOLE[key], faults)
        elif key in _FORMS:
            form, words = _FORMS[key]
            if re.fullmatch(form, value, re.ASCII):
                made[key.removeprefix("engine.")] = value
            else:
                faults.append(f"{key}={re.sub('//[^/]*@', '//...@', value)}: must be {words}")  # no password
        elif key in WORDS:
            known = WORDS[key]
            if value not in known:
                faults.append(f"{key}={value}: allowed is {' or '.join(known)}{nearest(value, list(known))}")
            made[key] = value
        elif key == "folder" and "://" in value:
            faults.append(f"folder={value}: must be a folder of this machine; mirror={value} keeps it there too")
        elif key == "folder" and (fault := no_path(value)):
            faults.append(f"folder={value}: {fault}")
        elif key in ("folder", "config_dir", "study") and not value:
            faults.append(f"{key}=: needs a {'name' if key == 'study' else 'path'}")
        elif key == "config_dir" and (fault := no_folder(value)):
            faults.append(f"--config-dir {value}: {fault}")
        elif key in ("folder", "config_dir"):
            made[key] = Path(value)
        elif key == "study":
            made[key] = value
        elif key == "precision":
            made[key] = _precision(value, faults)
        elif key == "seed":
            made["seeds"] = _seeds(value, faults)
    settings = Settings(**made)
    faults += _unfit(settings, dict(pairs))
    return settings


def _unfit(settings: Settings, typed: dict[str, str]) -> Iterator[str]:
    """What does not go with the engine, or what it lacks here."""
    engine = settings.engine
    for key in (key for key in typed if key.startswith("engine.") and key in SETTINGS):
        fit = ["dask"] if key == "engine.address" else [*QUEUES]
        if engine not in fit:
            yield f"{key}: goes only with engine={' or '.join(fit)}"
    if "workers" in typed and (engine in QUEUES or settings.address):
        yield f"workers={typed['workers']}: the cluster has its own; leave it out"
    if settings.mirror is not None:
        yield from _unknown(settings.mirror)
        if Path(settings.mirror.removeprefix("file://")).resolve() == settings.where.resolve():
            yield f"mirror={settings.mirror}: is the folder of the study itself"
    if engine in ENGINES and engine != "local" and not (find_spec("distributed") and find_spec("dask_jobqueue")):
        yield f"engine={engine}: needs packages that are not installed; type: pip install '.[cluster]'"
    if engine in QUEUES and not shutil.which(QUEUES[engine]):
        yield f"engine={engine}: there is no {QUEUES[engine]} here; type it where jobs are submitted"


def _unknown(mirror: str) -> Iterator[str]:
    """What is wrong with the kind of a mirror."""
    if not find_spec("fsspec"):
        yield f"mirror={mirror}: needs packages that are not installed; type: pip install '.[cluster]'"
        return
    from fsspec import available_protocols

    kind, known = mirror.partition("://")[0], available_protocols()
    if kind not in known:
        yield f"mirror={mirror}: {kind}:// is unknown; allowed is {', '.join(_USUAL)} or another{nearest(kind, known)}"


def _whole(key: str, value: str, low: int, high: int, faults: list[str]) -> int:
    digits = value.lstrip("0")[:20] or "0"
    if not (value.isascii() and value.isdigit() and low <= int(digits) <= high):
        faults.append(f"{key}={value}: must be a whole number, {low} to {high:,}")
        return low
    return int(digits)


def _precision(value: str, faults: list[str]) -> float | None:
    try:
        wished = float(value)
    except ValueError:
        wished = 0.0
    if not 0.0 < wished < 1000.0:
        faults.append(f"precision={value}: must be a number above 0: half-width of an interval, per cent of capacity")
    return wished


def _seeds(value: str, faults: list[str]) -> tuple[int, ...]:
    """Seeds as typed: one, a list, or a range; each is a replication."""
    one = _parsed(f"seed={value}", faults)
    found = None if one is None else _tried(one, f"seed={value}", [], faults)
    if not found:
        return ()
    if not all(isinstance(seed, int) and 0 <= seed < 2**63 for seed in found):
        faults.append(f"seed={value}: must be whole numbers from 0, such as 7 or 1,2,3 or range(0,500)")
        return ()
    return tuple(dict.fromkeys(int(seed) for seed in found))


def _with_numbers(study: Study, pairs: Sequence[tuple[str, str]], faults: list[str]) -> Study:
    """The study with replications and the like as the user wants them."""
    changes: dict[str, Any] = {}
    for key, value in pairs:
        if key in _STUDY_WHOLE:
            changes[key] = _whole(key, value, *_STUDY_WHOLE[key], faults)
        elif key == "uncertain":
            if value not in UNCERTAIN:
                words = "plausible (drawn), posterior (drawn as the record has it) or none (held)"
                faults.append(f"uncertain={value}: allowed is {words}{nearest(value, list(UNCERTAIN))}")
            changes[key] = value
    return study.model_copy(update=changes)


# --- factors ---------------------------------------------------------------------------------------------------------


def _axes(
    study: Study, settings: Settings, pairs: Sequence[tuple[str, str]], faults: list[str]
) -> tuple[list[Axis], list[str]]:
    """The factors that the user varies, and the overrides that hold in every cell."""
    groups = groups_in(folders_of(settings.config_dir))
    factors = {*study.base, *study.levels, *(name for block in study.blocks.values() for name in block.vary)}
    words = {"policy", *study.levels, *(name for name, one in study.names.items() if one.kind != "number")}
    axes: dict[str, Axis] = {}
    spans: dict[str, tuple[float, float]] = {}
    fixed: list[str] = []
    for key, value in pairs:
        if key in SETTINGS:
            continue
        one = _parsed(f"{key}={value}", faults)
        if one is None:
            continue
        name = one.get_key_element().lstrip("+~")
        if _is_interval(one):
            span: Any = one.value()
            low, high = float(span.start), float(span.end)
            if name in words:
                faults.append(f"{key}={value}: {name} has levels, and cannot be drawn from an interval")
            elif not low < high:
                faults.append(f"{key}={value}: the first number must be smaller than the second")
            else:
                spans[name] = (low, high)
        elif one.is_sweep_override() or name in factors:
            options = groups.get(name) or list(study.levels.get(name, ()))
            levels = _tried(one, f"{key}={value}", options, faults)
            unknown = {level: studies.unknown_levels(study, name, [level]) for level in levels or ()}
            faults += [f"{key}={value}: {fault}" for some in unknown.values() for fault in some]
            known = [level for level, some in unknown.items() if not some]
            if known:
                axes[name] = Axis([name], [[level] for level in known])
        elif name.split(".")[0] not in {*groups, *_known_sections()}:
            all_ = sorted({*factors, *SETTINGS, *groups, *_known_sections()})
            meant = f"; nearest: {_MEANT[name]}" if name in _MEANT else nearest(name, all_)
            faults.append(f"{key}={value}: unknown key{meant}")
        else:
            fixed.append(f"{key}={value}" if name in groups else rewritten(f"{key}={value}"))
    zipped = [value for key, value in pairs if key == "zip"]
    found = _zipped(axes, zipped, faults)
    if spans:
        found.append(sampled(spans, settings.samples, settings.sampling))
    return found, fixed


_MEANT = dict.fromkeys(("rep", "reps", "repeats", "repetitions", "runs", "n"), "replications")
"""What words that are no settings usually mean."""


def _known_sections() -> list[str]:
    from sim.scenario import Scenario

    return list(Scenario.model_fields)


def _parsed(typed: str, faults: list[str]) -> "Override | None":
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    try:
        one = OverridesParser.create().parse_override(rewritten(typed))
    except HydraException:
        faults.append(unreadable(typed))
        return None
    if fault := refused_as_typed(typed, one.is_hydra_override()):
        faults.append(f"{typed}: {fault}")
        return None
    return one


def _is_interval(one: "Override") -> bool:
    from hydra.core.override_parser.types import IntervalSweep

    return isinstance(one.value() if one.is_sweep_override() else None, IntervalSweep)


def _tried(one: "Override", typed: str, options: Sequence[str], faults: list[str]) -> list[Value]:
    """The values of an override as levels: one, or those of a list or a range; none where that is a fault."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    factor, parser = one.key_or_group, OverridesParser.create()
    try:
        texts = levels_of(one, {factor: list(options)}, _MOST + 1)
    except (HydraException, ValueError, ArithmeticError):
        faults.append(f"{typed}: cannot be told one by one; write a,b,c or range(from,to,step)")
        return []
    if len(texts) > _MOST:
        faults.append(f"{typed}: more than {_MOST:,} values")
        return []
    if not texts:
        faults.append(f"{typed}: {no_values(one, options)}")
    return [studies.level_of(factor, parser.parse_override(f"{factor}={text}").value()) for text in texts]


def _zipped(axes: dict[str, Axis], wanted: Sequence[str], faults: list[str]) -> list[Axis]:
    """Axes that are walked together, ``zip=[a,b]`` or ``zip=[[a,b],[c,d]]``, and the rest, each by itself."""
    found = dict(axes)
    for value in wanted:
        one = _parsed(f"zip={value}", faults)
        if one is None:
            continue
        lists: Any = None if one.is_sweep_override() else one.value()
        lists = lists if isinstance(lists, list) and lists and isinstance(lists[0], list) else [lists]
        for names in lists:
            names = [key_of(str(name)) for name in names] if isinstance(names, list) else []
            missing = [name for name in names if name not in found or names.count(name) > 1]
            if missing or len(names) < 2:
                words = f"; not {', '.join(dict.fromkeys(missing))}" if missing else ", such as zip=[a,b]"
                faults.append(f"zip={value}: needs two or more factors that are given lists{words}")
                continue
            together = [found.pop(name) for name in names]
            lengths = {len(axis.rows) for axis in together}
            if len(lengths) > 1:
                faults.append(f"zip={value}: the lists differ in length: {[len(axis.rows) for axis in together]}")
                continue
            rows = [
                [level for row in rows for level in row] for rows in zip(*(axis.rows for axis in together), strict=True)
            ]
            found["+".join(names)] = Axis([name for axis in together for name in axis.names], rows)
    return list(found.values())


def sampled(spans: dict[str, tuple[float, float]], samples: int, sampling: str) -> Axis:
    """Points of a Latin hypercube or a Sobol sequence over intervals, as one axis whose factors vary together."""
    import math

    from scipy.stats import qmc

    if sampling == "sobol":
        sobol = qmc.Sobol(len(spans), scramble=True, rng=20200621)
        points = sobol.random_base2(math.ceil(math.log2(max(2, samples))))[:samples]
    else:
        points = qmc.LatinHypercube(len(spans), rng=20200621).random(samples)
    low, high = zip(*spans.values(), strict=True)
    scaled = qmc.scale(points, low, high)
    return Axis(list(spans), [[float(f"{value:.12g}") for value in row] for row in scaled.tolist()], sampling)


def _unbalanced(samples: int) -> str:
    """That a Sobol sequence of so many points is cut where it is not balanced, and where it is; empty if it is here."""
    below = 1 << (samples.bit_length() - 1)
    if samples == below:
        return ""
    near = [f"samples={one}" for one in (below, 2 * below) if one <= _WHOLE["samples"][1]]
    return (
        f"samples={samples}: a Sobol sequence covers its intervals evenly only in powers of two, such as "
        f"{' or '.join(near)}; sampling=latin_hypercube does with any number"
    )


def varied(study: Study, axis: Axis) -> Study:
    """The study with the levels that the user wants: in the blocks that vary the factor, or else in all of them."""
    if len(axis.names) > 1:
        name = "+".join(axis.names)
        together = Together(factors=axis.names, rows=_with_kept(study, axis))
        base = dict(zip(axis.names, axis.rows[0], strict=True)) | study.base
        study = study.model_copy(update={"together": study.together | {name: together}, "base": base})
        return _crossed(study, name, list(range(len(together.rows))))
    name, levels = axis.names[0], [row[0] for row in axis.rows]
    if not any(name in block.vary for block in study.blocks.values()):
        study = study.model_copy(update={"base": {name: levels[0]} | study.base})
        return _crossed(study, name, levels)
    blocks = {
        key: block.model_copy(update={"vary": block.vary | {name: levels}}) if name in block.vary else block
        for key, block in study.blocks.items()
    }
    base = study.base
    if name in base and base[name] not in (*levels, *study.kept(name)):
        base = base | {name: levels[0]}
    return study.model_copy(update={"blocks": blocks, "base": base})


def _with_kept(study: Study, axis: Axis) -> list[list[Value]]:
    """The rows of an axis, and each of them with the levels that are always run."""
    rows = list(axis.rows)
    for place, name in enumerate(axis.names):
        rows += [[*row[:place], kept, *row[place + 1 :]] for kept in study.kept(name) for row in rows]
    return [row for number, row in enumerate(rows) if row not in rows[:number]]


def _crossed(study: Study, name: str, levels: Sequence[Value]) -> Study:
    """Every block, crossed with one more factor."""
    blocks = {
        key: block.model_copy(update={"vary": block.vary | {name: list(levels)}}) for key, block in study.blocks.items()
    }
    return study.model_copy(update={"blocks": blocks})
