"""From conf/ and what a user types to one scenario, or to a list of every fault."""

import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice, product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.config.own_folder import MIXED, Sources, contents, faults_in, in_words, source_of, unread
from sim.config.shorthand import as_typed, rewritten, unreadable
from sim.config.untrusted_yaml import no_folder, no_path, one_line, refused_as_typed, shown

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override

    from sim.scenario import Scenario

_HERE = Path(__file__).resolve().parent.parent
CONF: Path = next(folder for folder in (_HERE / "conf", _HERE.parent / "conf") if (folder / "config.yaml").exists())
"""The folder of the configuration: in a clone beside sim/, in an installed package inside it."""
OPTIONS = ("ledger", "figures")
"""What is written besides the tables: true or false, on the command line like any parameter."""
STUDY = "hydra_plugins.insurgent_financing.StudySweeper"
"""The sweeper that makes one study of many jobs; conf/ chooses it, experiments/ has it."""
_MANIFEST = "study.json"  # in a folder that a study may go on in
_JOBS_JUDGED = 400  # of a larger sweep, every value is judged but not every combination
_VALUES_READ = 100_000  # most values of one parameter in a sweep


class ConfigurationError(ValueError):
    """A configuration with faults; `faults` lists them all."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        count = f"{len(faults)} faults" if len(faults) > 1 else "1 fault"
        super().__init__("\n  ".join([f"{count} in the configuration; nothing was run:", *map(shown, faults)]))


@dataclass(frozen=True)
class Request:
    """What is asked for: overrides as typed, and where to look."""

    overrides: list[str]
    config_dir: Path | None = None
    config_name: str = "config"
    sweep: bool = False
    writes: bool = False  # whether output folders are judged too

    @property
    def folders(self) -> list[Path]:
        """Where groups and their options are found, the user's own folder first."""
        return folders_of(self.config_dir)


@dataclass(frozen=True)
class Place:
    """Where results go: the folder, by which key, and whether its name is the default, which nobody typed."""

    folder: Path
    key: str
    default: bool
    study: bool  # made by the jobs of a sweep together

    @property
    def goes_on(self) -> bool:
        """Whether a study is there that may go on."""
        return self.study and not self.default and (self.folder / _MANIFEST).is_file()

    @property
    def taken(self) -> str:
        """The fault where something else is there."""
        return f"{self.key}={self.folder}: exists already; nothing is written over"


@dataclass
class Judgement:
    """The faults found; if there are none, scenario and options of the first job and, if any, where results go."""

    faults: list[str] = field(default_factory=list)
    scenario: "Scenario | None" = None
    options: dict[str, bool] = field(default_factory=dict)
    place: Place | None = None
    files: dict[str, Path | None] = field(default_factory=dict)  # that were read; of ours no path
    own: dict[str, Path] = field(default_factory=dict)  # the user's among those of this job

    @property
    def sources(self) -> Sources:
        """Each file that was read, as provenance tells it."""
        return {name: source_of(file) for name, file in sorted(self.files.items())}

    def add(self, *faults: str) -> None:
        """Add faults, each once."""
        self.faults += [fault for fault in dict.fromkeys(faults) if fault not in self.faults]


def folders_of(config_dir: Path | None) -> list[Path]:
    """Where values are found: a user's own folder, if there is one, then conf/. The first that has a file wins."""
    return [CONF] if config_dir is None else [config_dir, CONF]


def file_of(name: str, config_dir: Path | None) -> Path:
    """A file of conf/, or the user's own of that name."""
    found = [folder / name for folder in folders_of(config_dir)]
    return next((file for file in found if file.exists() or file.is_symlink()), found[-1])


def groups_in(folders: list[Path]) -> dict[str, list[str]]:
    """The groups and their options: folders of conf/ (and of the user) and the files in them."""
    found: dict[str, set[str]] = {}
    for folder in folders:
        for entry in folder.iterdir():
            options = {file.stem for file in entry.glob("*.yaml")} if entry.is_dir() else set()
            if options and entry.name not in ("hydra", "study") and not entry.name.startswith("."):
                found.setdefault(entry.name, set()).update(options)
    return {name: sorted(options) for name, options in sorted(found.items())}


def load(*overrides: str, config_dir: str | Path | None = None) -> "Scenario":
    """The scenario that overrides of the default make: ``load("seed=7", "policy=exchange_kyc")``.

    Args:
        overrides: as on the command line.
        config_dir: a folder with files of your own, such as ``rail/mycoin.yaml``; they win over the packaged ones.

    Raises:
        ConfigurationError: with every fault.
    """
    request = Request(list(overrides), None if config_dir is None else Path(config_dir))
    judgement = judge(request)
    judgement.add(*passed_over(request, judgement.files))
    if judgement.scenario is None or judgement.faults:
        raise ConfigurationError(judgement.faults)
    return judgement.scenario


def passed_over(request: Request, files: Collection[str]) -> list[str]:
    """The user's own files that nothing reads, where their names are near to one that is read.

    Args:
        request: where to look.
        files: what was read.
    """
    if request.config_dir is None or not files or no_folder(request.config_dir):
        return []  # where nothing could be composed, that is told already
    return list(unread(request.config_dir, files, groups_in(request.folders), groups_in([CONF])))


def read_from(request: Request, files: Iterable[str]) -> str:
    """A line that says which of these files are read from the user's own folder, and what there is not read."""
    if request.config_dir is None or no_folder(request.config_dir):
        return ""
    own = [name for name in files if (request.config_dir / name).is_file()]
    return in_words(request.config_dir, own, groups_in(request.folders), CONF, groups_in([CONF]))


def scenarios(request: Request, jobs: Iterable[Sequence[str]]) -> "tuple[list[Scenario], Sources]":
    """The scenario of each job of a sweep, judged like one that is run alone, and the files that they were read from.

    Args:
        request: what was typed, and where to look.
        jobs: all overrides of each job.

    Raises:
        ConfigurationError: with every fault of every job.
    """
    found, judgement = [], Judgement()
    for _, one in _judged(request, jobs, groups_in(request.folders)):
        judgement.add(*one.faults)
        judgement.files |= one.files
        if one.scenario is not None:
            found.append(one.scenario)
    if judgement.faults:
        raise ConfigurationError(judgement.faults)
    return found, judgement.sources


def composed(overrides: list[str]) -> dict[str, Any]:
    """The configuration with overrides applied, as plain values, not judged."""
    from omegaconf import OmegaConf

    request = Request(overrides)
    with _opened(request) as (compose, _):
        config = compose([rewritten(one) for one in overrides])
    plain: dict[str, Any] = OmegaConf.to_container(config, resolve=False)  # type: ignore[assignment]
    kept = {key: value for key, value in plain.items() if key not in (*OPTIONS, "hydra")}
    return OmegaConf.to_container(OmegaConf.create(kept), resolve=True)  # type: ignore[return-value]


def resolved(config: Any) -> tuple["Scenario", dict[str, bool]]:
    """Scenario and options of a configuration that Hydra composed.

    Raises:
        ConfigurationError: with every fault.
    """
    from omegaconf import OmegaConf

    from sim.config.compose import judge_values

    raw: dict[str, Any] = OmegaConf.to_container(config, resolve=False)  # type: ignore[assignment]
    judgement = Judgement()
    judge_values(raw, raw, {}, list(groups_in([CONF])), judgement)
    if judgement.scenario is None:
        raise ConfigurationError(judgement.faults)
    return judgement.scenario, judgement.options


def judge(request: Request) -> Judgement:
    """Find every fault of a request without running or writing anything."""
    judgement = Judgement()
    if request.config_dir is not None and (fault := no_folder(request.config_dir)):
        judgement.add(f"--config-dir {request.config_dir}: {fault}")
        request = Request(request.overrides, None, request.config_name, request.sweep, request.writes)
    if fault := no_path(f"{request.config_name}.yaml"):
        judgement.add(f"--config-name {request.config_name}: {fault}")
        return judgement
    groups = groups_in(request.folders)
    if request.config_dir is not None:
        judgement.add(*faults_in(request.config_dir, groups, CONF))
    if judgement.faults:
        return judgement
    typed = as_typed(request.overrides)
    overrides = _read(request, groups, judgement)
    overrides = [one for one in overrides if _known_choice(one, groups, typed, judgement)]
    _judge_jobs(request, overrides, groups, judgement)
    if judgement.faults:
        judgement.scenario = None
    return judgement


def _read(request: Request, groups: dict[str, list[str]], judgement: Judgement) -> "list[Override]":
    """Parse overrides; what cannot be read is a fault, and so is what would be evaluated or tries nothing."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    parser = OverridesParser.create()
    read = []
    for typed in request.overrides:
        try:
            one = parser.parse_override(rewritten(typed))
        except HydraException:
            judgement.add(unreadable(typed))
            continue
        if fault := refused_as_typed(rewritten(typed), one.is_hydra_override()):
            judgement.add(f"{typed}: {fault}")
        elif one.is_sweep_override() and not request.sweep and not one.is_hydra_override():
            judgement.add(f"{typed}: several values; -m tries each of them, and [a,b] is a list")
        elif one.is_sweep_override() and not _countable(one):
            judgement.add(f"{typed}: cannot be tried one by one; write a,b,c or range(from,to,step)")
        elif one.is_sweep_override() and not tried(one, groups):
            judgement.add(f"{typed}: {no_values(one, groups.get(one.key_or_group, ()))}")
        else:
            read.append(one)
    return read


def _countable(one: "Override") -> bool:
    """Whether the values of a sweep can be told one by one, and are not too many."""
    from hydra.core.override_parser.types import Glob
    from hydra.errors import HydraException

    try:
        glob = isinstance(one._value, Glob)
        return glob or len(list(islice(one.sweep_string_iterator(), _VALUES_READ + 1))) <= _VALUES_READ
    except (HydraException, ValueError, ArithmeticError):
        return False


def tried(one: "Override", groups: dict[str, list[str]], most: int = _VALUES_READ) -> list[str]:
    """The values that an override tries, as text: one, or those of a sweep, but no more than so many."""
    from hydra.core.override_parser.types import Glob

    if not one.is_sweep_override():
        return [one.get_value_element_as_str()]
    value: Any = one._value
    if isinstance(value, Glob):
        return value.filter(groups.get(one.key_or_group, []))
    return list(islice(one.sweep_string_iterator(), most))


def no_values(one: "Override", options: Sequence[str]) -> str:
    """What to say of a sweep that has no values."""
    from hydra.core.override_parser.types import Glob

    value: Any = one._value
    if isinstance(value, Glob):
        return "matches nothing that there is" + (f"; known: {', '.join(options)}" if options else "")
    return "an empty list; name at least one value"


def _known_choice(one: "Override", groups: dict[str, list[str]], typed: dict[str, str], judgement: Judgement) -> bool:
    """Whether an override of a group names options that are there; an override of a value always passes."""
    from hydra.core.override_parser.overrides_parser import OverridesParser

    from sim.engine.text import nearest

    group = one.key_or_group
    if group not in groups:
        return True
    said = typed.get(one.get_key_element().lstrip("+~"), one.input_line)
    if one.is_delete():
        if group in MIXED:
            judgement.add(f"{said}: write {group}=[] to choose none")
        return group not in MIXED
    good, parser = True, OverridesParser.create()
    for text in tried(one, groups):
        value = parser.parse_override(f"{group}={text}").value()
        names = [str(item) for item in (value if isinstance(value, list) else [value]) if item is not None]
        for name in names:
            if not name:
                judgement.add(f"{said}: is empty; known: {', '.join(groups[group])}")
                good = False
            elif name not in groups[group]:
                judgement.add(f"{said}: unknown {group} {name}{nearest(name, groups[group])}")
                good = False
            elif names.count(name) > 1:
                judgement.add(f"{said}: {name} stands there twice")
                good = False
    return good


def _jobs(overrides: "list[Override]", groups: dict[str, list[str]]) -> Iterator[list[str]]:
    """The overrides of each job; of a large sweep, jobs that try every value but not every combination."""
    axes: list[list[str]] = []
    for one in overrides:
        if one.is_sweep_override():
            values = tried(one, groups)
            values = _telling(values) if one.key_or_group == "seed" else values
            axes.append([f"{one.get_key_element()}={value}" for value in values])
        else:
            axes.append([one.input_line or ""])
    count = 1
    for axis in axes:
        count *= len(axis)
    if count <= _JOBS_JUDGED:
        yield from (list(job) for job in product(*axes))
        return
    first = [axis[0] for axis in axes]
    yield first
    for place, axis in enumerate(axes):
        yield from ([*first[:place], value, *first[place + 1 :]] for value in islice(axis, 1, None))


def _telling(seeds: list[str]) -> list[str]:
    """Of many seeds, those that tell of all: whole numbers are good if the smallest and the largest are."""
    whole = sorted({seed for seed in seeds if seed.isdecimal()}, key=int)
    return [seed for seed in seeds if not seed.isdecimal()] + whole[:1] + whole[1:][-1:]


def _judge_jobs(
    request: Request, overrides: "list[Override]", groups: dict[str, list[str]], judgement: Judgement
) -> None:
    """Judge each job, and what is written of them."""
    first: dict[str, Any] | None = None
    jobs = list(_jobs(overrides, groups))
    for number, (base, one) in enumerate(_judged(request, jobs, groups)):
        judgement.add(*one.faults)
        judgement.files |= one.files
        if number == 0:
            first = base
            judgement.scenario, judgement.options = one.scenario, one.options
        if one.options.get("ledger") and request.sweep and _as_study(base):
            typed = as_typed(request.overrides).get("ledger", "ledger=true")
            judgement.add(f"{typed}: many runs have one table and no ledgers; hydra/sweeper=basic gives each a folder")
    if request.writes:
        if request.sweep and _as_study(first):
            _judge_references(overrides, first, judgement)
        _judge_folder(request, first, [*jobs[:1], *jobs[1:][-1:]], judgement)


def _judged(
    request: Request, jobs: Iterable[Sequence[str]], groups: dict[str, list[str]]
) -> Iterator[tuple[dict[str, Any] | None, Judgement]]:
    """Compose each distinct choice of groups once, lay the values of each job on it and judge them."""
    from hydra.core.override_parser.overrides_parser import OverridesParser

    from sim.config.compose import judge_job

    parser, typed = OverridesParser.create(), as_typed(request.overrides)
    read: dict[str, Override] = {}
    bases: dict[tuple[str, ...], _Base] = {}
    with _opened(request) as (compose, read_by_hydra):
        for job in jobs:
            judgement = Judgement()
            read |= {line: parser.parse_override(line) for line in job if line not in read}
            choices = [line for line in job if _is_choice(read[line], groups)]
            chosen = tuple(sorted(choices, key=lambda line: not read[line].is_hydra_override()))
            if chosen not in bases:
                read_by_hydra.clear()
                bases[chosen] = _base(request, compose, chosen, typed, judgement, read_by_hydra)
            base, judgement.files = bases[chosen]
            judgement.own = {name: file for name, file in judgement.files.items() if file is not None}
            lines = tuple(line for line in job if line not in choices)
            _, known = _known_jobs.get((id(base), lines), (base, None))
            if base is not None and known is None:
                judge_job(base, [read[line] for line in lines], typed, groups, judgement)
                if request.sweep and not judgement.faults:
                    _known_jobs[id(base), lines] = (base, judgement)  # as long as it is kept, its id is its own
            yield base, known or judgement


type _Base = tuple[dict[str, Any] | None, dict[str, Path | None]]
"""A configuration as plain values, and the files that it was read from: of ours no path."""
_known_bases: dict[Any, _Base] = {}
_known_jobs: dict[tuple[int, tuple[str, ...]], tuple[dict[str, Any], Judgement]] = {}
"""Jobs of sweeps, which are judged before Hydra takes over, and once more by the sweeper."""


def _base(
    request: Request,
    compose: Any,
    chosen: tuple[str, ...],
    typed: dict[str, str],
    judgement: Judgement,
    read: dict[str, Path | None],
) -> _Base:
    """What choices of groups make; remembered as long as no file changes, for sweeps and for those who load often.

    The folder that is written to is told anew.
    """
    from sim.config.compose import plain_of

    groups = groups_in(request.folders)
    own = [] if request.config_dir is None else [request.config_dir.absolute()]
    files = sorted(CONF.glob("**/*.yaml")) + [folder / name for folder in own for name in contents(folder, groups)[0]]
    stamp = tuple((str(file), about.st_mtime_ns, about.st_size) for file in files for about in (file.stat(),))
    key = (request.config_dir, request.config_name, chosen, stamp)
    if request.writes or key not in _known_bases:
        base = plain_of(compose, list(chosen), typed, judgement)
        if base is None or judgement.faults:
            return base, {}
        _known_bases[key] = base, dict(read)
    return _known_bases[key]


def _is_choice(one: "Override", groups: dict[str, list[str]]) -> bool:
    return one.key_or_group in groups or one.is_hydra_override() or "/" in one.key_or_group


@contextmanager
def _opened(request: Request) -> Iterator[tuple[Any, dict[str, Path | None]]]:
    """Hydra, ready to compose from the user's folder and conf/; and each file of these that it reads, as it reads it.

    A file of the user's is judged before it is read: Hydra evaluates what stands among ``defaults``.
    """
    from hydra import compose, initialize_config_dir
    from hydra.core.global_hydra import GlobalHydra

    from sim.config.search_path import OWN, looking_in
    from sim.config.untrusted_yaml import refused_in_file

    outer = GlobalHydra.instance().hydra  # at work already where a sweep loads its scenarios
    GlobalHydra.instance().clear()
    read: dict[str, Path | None] = {}
    try:
        with looking_in(request.config_dir), initialize_config_dir(str(CONF), job_name="entry", version_base="1.3"):
            loader: Any = GlobalHydra.instance().config_loader()
            inner = loader.repository.load_config

            def load_config(config_path: str) -> Any:
                name = f"{config_path.removesuffix('.yaml')}.yaml"
                own = None if request.config_dir is None else request.config_dir / name
                if own is not None and own.is_file() and (faults := refused_in_file(own, str(Path(name).parent))):
                    raise ConfigurationError(faults)
                try:
                    found = inner(config_path)
                except Exception as error:  # YAML raises errors of many kinds
                    if own is None or not own.is_file():
                        raise
                    raise ConfigurationError([f"{own}: cannot be read: {one_line(error)}"]) from None
                if found is not None and found.provider in (OWN, "main"):
                    read[name] = own if found.provider == OWN else None
                return found

            loader.repository.load_config = load_config
            yield (lambda overrides: compose(request.config_name, overrides=overrides, return_hydra_config=True)), read
    finally:
        GlobalHydra.instance().hydra = outer


def source_in(name: str, config_dir: Path | None) -> "str | dict[str, str]":
    """What provenance says of a table of conf/, or of the user's own of that name."""
    own = config_dir is not None and (config_dir / name).is_file()
    return source_of(config_dir / name if own and config_dir else None)


def files_of(request: Request) -> Sources:
    """The files that a configuration without fault is read from, as provenance tells them."""
    found: dict[str, Path | None] = {}
    for _, one in _judged(request, [[rewritten(line) for line in request.overrides]], groups_in(request.folders)):
        found |= one.files
    return {name: source_of(file) for name, file in sorted(found.items())}


def _as_study(base: dict[str, Any] | None) -> bool:
    """Whether the jobs of a sweep are made one study."""
    sweeper: Any = ((base or {}).get("hydra") or {}).get("sweeper") or {}
    return bool(sweeper.get("_target_") == STUDY)


def _judge_references(overrides: "list[Override]", base: dict[str, Any] | None, judgement: Judgement) -> None:
    """That nothing refers to the seed: a study gives every cell many seeds."""
    from sim.config.untrusted_yaml import walk

    own = [one.input_line or "" for one in overrides]
    leaves = {".".join(place): leaf for place, leaf in walk(base or {}) if place[0] != "hydra"}
    for typed in [*own, *(f"{key}={leaf}" for key, leaf in leaves.items() if isinstance(leaf, str))]:
        if re.search(r"\$\{\.*seed\}", typed):
            judgement.add(f"{typed}: nothing may hang on the seed where many seeds are run; hydra/sweeper=basic can")


def _judge_folder(request: Request, base: dict[str, Any] | None, jobs: list[list[str]], judgement: Judgement) -> None:
    """Whether the output folder is new and perhaps can be made; a study may go on in the folder of a study.

    It is claimed only when it is made (`sim.output.files`): another command may come first.
    """
    kind = "sweep" if request.sweep else "run"
    key = f"hydra.{kind}.dir"
    raw = str(((base or {}).get("hydra") or {}).get(kind, {}).get("dir"))
    told = [] if base is None else _told(request, raw, key, jobs, judgement)
    if not told:
        return
    if len(set(told)) > 1:
        judgement.add(f"{key}={raw}: jobs differ in it, but a sweep has one folder; hydra.sweep.subdir may differ")
        return
    folder = Path(told[0])
    if fault := no_path(folder) or ("no path may hold ${" if "${" in told[0] else ""):
        judgement.add(f"{key}={told[0]}: {fault}")
        return
    place = Place(folder, key, raw == _default(kind), request.sweep and _as_study(base))
    if not place.default and (folder.exists() or folder.is_symlink()) and not place.goes_on:
        judgement.add(place.taken)
    above = next(parent for parent in folder.absolute().parents if parent.exists())
    if not folder.exists() and above.exists() and not os.access(above, os.W_OK | os.X_OK):
        judgement.add(f"{key}={folder}: cannot be made; {above} cannot be written")
    judgement.place = place


def _told(request: Request, raw: str, key: str, jobs: list[list[str]], judgement: Judgement) -> list[str]:
    """The output folder as Hydra will read it, in the first and the last job if it hangs on their values."""
    from hydra.core.hydra_config import HydraConfig
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    try:
        return [str(OmegaConf.create({"dir": raw}).dir)]  # it hangs on nothing but the time
    except OmegaConfBaseException:
        if judgement.faults:
            return []
    found: list[str] = []
    held, first = HydraConfig.instance(), None
    outer = held.cfg
    try:
        with _opened(request) as (compose, _):
            for job in jobs:
                held.cfg = config = compose(job)
                if first is not None:
                    OmegaConf.copy_cache(first, config)  # the same time
                first = first or config
                found.append(str(OmegaConf.select(config, key)))
    except OmegaConfBaseException:
        judgement.add(f"{key}={raw}: cannot be told before the run")
        return []
    finally:
        held.cfg = outer
    return found


def _default(kind: str) -> str:
    """The folder that is written to where nobody chooses one."""
    from omegaconf import OmegaConf

    plain: Any = OmegaConf.to_container(OmegaConf.load(CONF / "config.yaml"), resolve=False)
    return str(plain["hydra"][kind]["dir"])
