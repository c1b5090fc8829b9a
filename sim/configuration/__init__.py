"""From conf/ and what a user types to one scenario, or to a list of every fault."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice, product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.configuration.rewriting import as_typed, rewritten, unreadable
from sim.configuration.safety import no_folder, no_path, shown

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
        """Where groups and their options are found."""
        return [CONF] if self.config_dir is None else [CONF, self.config_dir]


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

    def add(self, *faults: str) -> None:
        """Add faults, each once."""
        self.faults += [fault for fault in dict.fromkeys(faults) if fault not in self.faults]


def groups_in(folders: list[Path]) -> dict[str, list[str]]:
    """The groups and their options: folders of conf/ (and of the user) and the files in them."""
    found: dict[str, set[str]] = {}
    for folder in folders:
        for entry in folder.iterdir():
            options = {file.stem for file in entry.glob("*.yaml")} if entry.is_dir() else set()
            if options and entry.name not in ("hydra", "study"):
                found.setdefault(entry.name, set()).update(options)
    return {name: sorted(options) for name, options in sorted(found.items())}


def load(*overrides: str, config_dir: str | Path | None = None) -> "Scenario":
    """The scenario that overrides of the default make: ``load("seed=7", "policy=exchange_kyc")``.

    Args:
        overrides: as on the command line.
        config_dir: a folder with files of your own, such as ``rail/mycoin.yaml``.

    Raises:
        ConfigurationError: with every fault.
    """
    judgement = judge(Request(list(overrides), None if config_dir is None else Path(config_dir)))
    if judgement.scenario is None:
        raise ConfigurationError(judgement.faults)
    return judgement.scenario


def scenarios(request: Request, jobs: Iterable[Sequence[str]]) -> "list[Scenario]":
    """The scenario of each job of a sweep, judged like one that is run alone.

    Args:
        request: what was typed, and where to look.
        jobs: all overrides of each job.

    Raises:
        ConfigurationError: with every fault of every job.
    """
    found, judgement = [], Judgement()
    for _, one in _judged(request, jobs, groups_in(request.folders)):
        judgement.add(*one.faults)
        if one.scenario is not None:
            found.append(one.scenario)
    if judgement.faults:
        raise ConfigurationError(judgement.faults)
    return found


def composed(overrides: list[str]) -> dict[str, Any]:
    """The configuration with overrides applied, as plain values, not judged."""
    from omegaconf import OmegaConf

    request = Request(overrides)
    with _opened(request) as compose:
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

    from sim.configuration.laying import judge_values

    raw: dict[str, Any] = OmegaConf.to_container(config, resolve=False)  # type: ignore[assignment]
    judgement = Judgement()
    judge_values(raw, raw, {}, list(groups_in([CONF])), judgement)
    if judgement.scenario is None:
        raise ConfigurationError(judgement.faults)
    return judgement.scenario, judgement.options


def judge(request: Request) -> Judgement:
    """Find every fault of a request without running or writing anything."""
    from sim.configuration.safety import misplaced, refused_in_files

    judgement = Judgement()
    if request.config_dir is not None and (fault := no_folder(request.config_dir)):
        judgement.add(f"--config-dir {request.config_dir}: {fault}")
        request = Request(request.overrides, None, request.config_name, request.sweep, request.writes)
    if fault := no_path(f"{request.config_name}.yaml"):
        judgement.add(f"--config-name {request.config_name}: {fault}")
        return judgement
    groups = groups_in(request.folders)
    judgement.add(*misplaced(request.folders[1:]))
    judgement.add(*refused_in_files(request.folders[1:], [*groups, "hydra"], request.config_name))
    if judgement.faults:
        return judgement
    overrides = _read(request, judgement)
    overrides = [one for one in overrides if _known_choice(one, groups, judgement)]
    _judge_jobs(request, overrides, groups, judgement)
    if judgement.faults:
        judgement.scenario = None
    return judgement


def _read(request: Request, judgement: Judgement) -> "list[Override]":
    """Parse overrides; what cannot be read is a fault."""
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
        if one.is_sweep_override() and not request.sweep and not one.is_hydra_override():
            judgement.add(f"{typed}: several values; -m tries each of them, and [a,b] is a list")
        elif one.is_sweep_override() and not _countable(one):
            judgement.add(f"{typed}: cannot be tried one by one; write a,b,c or range(from,to,step)")
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


def tried(one: "Override", groups: dict[str, list[str]]) -> list[str]:
    """The values that an override tries, as text: one, or those of a sweep."""
    from hydra.core.override_parser.types import Glob

    if not one.is_sweep_override():
        return [one.get_value_element_as_str()]
    value: Any = one._value
    if isinstance(value, Glob):
        return value.filter(groups.get(one.key_or_group, []))
    return list(islice(one.sweep_string_iterator(), _VALUES_READ))


def _known_choice(one: "Override", groups: dict[str, list[str]], judgement: Judgement) -> bool:
    """Whether an override of a group names options that are there; an override of a value always passes."""
    from hydra.core.override_parser.overrides_parser import OverridesParser

    from sim.scenario.judging import nearest

    group = one.key_or_group
    if group not in groups or one.is_delete():
        return True
    good, parser = True, OverridesParser.create()
    for text in tried(one, groups):
        value = parser.parse_override(f"{group}={text}").value()
        names = [str(item) for item in (value if isinstance(value, list) else [value]) if item is not None]
        for name in names:
            if name not in groups[group]:
                judgement.add(f"{one.input_line}: unknown {group} {name}{nearest(name, groups[group])}")
                good = False
            elif names.count(name) > 1:
                judgement.add(f"{one.input_line}: {name} stands there twice")
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

    from sim.configuration.laying import judge_job

    parser, typed = OverridesParser.create(), as_typed(request.overrides)
    read: dict[str, Override] = {}
    bases: dict[tuple[str, ...], dict[str, Any] | None] = {}
    with _opened(request) as compose:
        for job in jobs:
            judgement = Judgement()
            read |= {line: parser.parse_override(line) for line in job if line not in read}
            choices = [line for line in job if _is_choice(read[line], groups)]
            chosen = tuple(sorted(choices, key=lambda line: not read[line].is_hydra_override()))
            if chosen not in bases:
                bases[chosen] = _base(request, compose, chosen, judgement)
            base = bases[chosen]
            lines = tuple(line for line in job if line not in choices)
            _, known = _known_jobs.get((id(base), lines), (base, None))
            if base is not None and known is None:
                judge_job(base, [read[line] for line in lines], typed, groups, judgement)
                if request.sweep and not judgement.faults:
                    _known_jobs[id(base), lines] = (base, judgement)  # as long as it is kept, its id is its own
            yield base, known or judgement


_known_bases: dict[Any, dict[str, Any]] = {}
_known_jobs: dict[tuple[int, tuple[str, ...]], tuple[dict[str, Any], Judgement]] = {}
"""Jobs of sweeps, which are judged before Hydra takes over, and once more by the sweeper."""


def _base(request: Request, compose: Any, chosen: tuple[str, ...], judgement: Judgement) -> dict[str, Any] | None:
    """What choices of groups make; remembered as long as no file changes, for sweeps and for those who load often.

    The folder that is written to is told anew.
    """
    from sim.configuration.laying import plain_of

    files = sorted(file for folder in request.folders for file in folder.glob("**/*.yaml"))
    stamp = tuple((str(file), file.stat().st_mtime_ns) for file in files)
    key = (request.config_name, chosen, stamp)
    if request.writes or key not in _known_bases:
        base = plain_of(compose, list(chosen), judgement)
        if base is None or judgement.faults:
            return base
        _known_bases[key] = base
    return _known_bases[key]


def _is_choice(one: "Override", groups: dict[str, list[str]]) -> bool:
    return one.key_or_group in groups or one.is_hydra_override() or "/" in one.key_or_group


@contextmanager
def _opened(request: Request) -> Iterator[Any]:
    """Hydra, ready to compose from conf/ and the user's folder."""
    from hydra import compose, initialize_config_dir
    from hydra.core.config_search_path import SearchPathQuery
    from hydra.core.global_hydra import GlobalHydra

    outer = GlobalHydra.instance().hydra  # at work already where a sweep loads its scenarios
    GlobalHydra.instance().clear()
    try:
        with initialize_config_dir(str(CONF), job_name="entry", version_base="1.3"):
            if request.config_dir is not None:
                loader: Any = GlobalHydra.instance().config_loader()
                path, where = f"file://{request.config_dir.resolve()}", SearchPathQuery(provider="schema")
                loader.get_search_path().prepend("command-line", path, where)
                loader.repository.initialize_sources(loader.get_search_path())
            yield lambda overrides: compose(request.config_name, overrides=overrides, return_hydra_config=True)
    finally:
        GlobalHydra.instance().hydra = outer


def _as_study(base: dict[str, Any] | None) -> bool:
    """Whether the jobs of a sweep are made one study."""
    sweeper: Any = ((base or {}).get("hydra") or {}).get("sweeper") or {}
    return bool(sweeper.get("_target_") == STUDY)


def _judge_references(overrides: "list[Override]", base: dict[str, Any] | None, judgement: Judgement) -> None:
    """That nothing refers to the seed: a study gives every cell many seeds."""
    from sim.configuration.safety import walk

    own = [one.input_line or "" for one in overrides]
    leaves = {".".join(place): leaf for place, leaf in walk(base or {}) if place[0] != "hydra"}
    for typed in [*own, *(f"{key}={leaf}" for key, leaf in leaves.items() if isinstance(leaf, str))]:
        if re.search(r"\$\{\.*seed\}", typed):
            judgement.add(f"{typed}: nothing may hang on the seed where many seeds are run; hydra/sweeper=basic can")


def _judge_folder(request: Request, base: dict[str, Any] | None, jobs: list[list[str]], judgement: Judgement) -> None:
    """Whether the output folder is new and perhaps can be made; a study may go on in the folder of a study.

    It is claimed only when it is made (`sim.command.files`): another command may come first.
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
        with _opened(request) as compose:
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
