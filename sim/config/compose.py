"""Composition of chosen files by Hydra, from a user's own folder and conf/, and the output folder that it yields."""

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import hydra
import omegaconf
from hydra import compose, initialize_config_dir
from hydra.core.config_search_path import ConfigSearchPath
from hydra.core.global_hydra import GlobalHydra
from hydra.core.hydra_config import HydraConfig
from hydra.core.plugins import Plugins
from hydra.errors import MissingConfigException
from hydra.plugins.search_path_plugin import SearchPathPlugin
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from sim.config.own_folder import CONF, RULES, contents
from sim.config.request import ConfigurationError, Destination, Request, Validation
from sim.config.untrusted_yaml import no_path, one_line, refused_by_hydra, refused_in_file
from sim.engine.cache import CACHE
from sim.engine.text import close

_OWN = "command-line"  # Hydra's name of the user's folder
_INNER = re.compile(r"^\s*(full_key: .*|(object|reference)_type=.*|Config search path:(\n.*)*)$", re.MULTILINE)
_STUDY = "experiments.study.sweeping.sweep"  # conf/ chooses it


@dataclass
class Base:
    """A configuration composed from chosen files, with every error, and the jobs of sweeps validated on it."""

    values: dict[str, Any] = field(default_factory=dict)  # plain; none if Hydra cannot compose them
    files: dict[str, Path | None] = field(default_factory=dict)  # that were read; packaged files have no path
    errors: list[str] = field(default_factory=list)
    jobs: dict[tuple[str, ...], Validation] = field(default_factory=dict)  # validated before a sweep and within it


_known_bases: dict[Any, Base] = {}


class OwnFirst(SearchPathPlugin):
    """A plugin that puts the user's folder before all others, so that no packaged file hides one of theirs.

    Hydra itself appends the folder of ``--config-dir`` after the packaged one and its own.
    """

    folder: ClassVar[Path | None] = None

    def manipulate_search_path(self, search_path: ConfigSearchPath) -> None:
        """Put the user's folder first; Hydra calls this before each composition."""
        if self.folder is not None:
            search_path.prepend(_OWN, f"file://{self.folder.resolve()}")


@contextmanager
def looking_in(folder: Path | None) -> Iterator[None]:
    """Let Hydra search this folder first in every composition within the context."""
    Plugins.instance().register(OwnFirst)
    before, OwnFirst.folder = OwnFirst.folder, folder
    try:
        yield
    finally:
        OwnFirst.folder = before


def own_folder(sources: Iterable[Any]) -> Path | None:
    """Return the user's folder as typed where that is known here, else as Hydra lists it among its sources."""
    found = [Path(one.path) for one in sources if one.provider == _OWN]
    return (OwnFirst.folder or found[0]) if found else None


@contextmanager
def opened(request: Request) -> Iterator[tuple[Callable[[list[str]], Any], dict[str, Path | None]]]:
    """Yield a function that composes from the user's folder and conf/, and each file of these that it has read.

    A file of the user's is validated before it is read, because Hydra evaluates the entries of ``defaults``.
    """
    outer = GlobalHydra.instance().hydra  # at work already where Hydra's own sweeper calls a job
    GlobalHydra.instance().clear()
    read: dict[str, Path | None] = {}
    try:
        with looking_in(request.config_dir), initialize_config_dir(str(CONF), job_name="entry", version_base="1.3"):
            loader: Any = GlobalHydra.instance().config_loader()
            inner = loader.repository.load_config

            def load_config(config_path: str) -> Any:
                name = f"{config_path.removesuffix('.yaml')}.yaml"
                own = None if request.config_dir is None else request.config_dir / name
                if own is not None and own.is_file() and (errors := refused_in_file(own, str(Path(name).parent))):
                    raise ConfigurationError(errors)
                try:
                    found = inner(config_path)
                except Exception as error:  # YAML raises errors of many kinds
                    if own is None or not own.is_file():
                        raise
                    raise ConfigurationError([f"{own}: cannot be read: {one_line(error)}"]) from None
                if found is not None and found.provider in (_OWN, "main"):
                    read[name] = own if found.provider == _OWN else None
                return found

            loader.repository.load_config = load_config
            yield (lambda overrides: compose(request.config_name, overrides=overrides, return_hydra_config=True)), read
    finally:
        GlobalHydra.instance().hydra = outer


def base_of(request: Request, chosen: tuple[str, ...]) -> Base:
    """Return the configuration composed from the chosen files, cached until a file changes.

    The output folder is composed each time.
    """
    own = [] if request.config_dir is None else [request.config_dir.absolute()]
    files = sorted(CONF.glob("**/*.yaml")) + [folder / name for folder in own for name in contents(folder)[0]]
    stamp = tuple((str(file), about.st_mtime_ns, about.st_size) for file in files for about in (file.stat(),))
    key = (request.config_dir, request.config_name, chosen, stamp)
    if not request.writes and key in _known_bases:
        return _known_bases[key]
    lasting = not (request.writes or request.sweep or own)  # nothing of a user's own is kept
    file = (
        CACHE / f"composed_{_digest(request.config_name, chosen, _content(stamp))}.json" if CACHE and lasting else None
    )
    base = _kept(file) if file else None
    if base is None:
        with opened(request) as (compose, read):
            base = _by_hydra(request, compose, chosen, read)
        if file and not base.errors:
            _keep(base, file)
    if not base.errors:
        _known_bases[key] = base
    return base


@cache
def _content(stamp: tuple[tuple[str, int, int], ...]) -> str:
    """Return a hash of the files that a composition reads, and of the code that reads them."""
    files = [*(Path(file) for file, *_ in stamp), *sorted(Path(__file__).parent.glob("*.py"))]
    parts = [part for file in files for part in (str(file).encode(), file.read_bytes())]
    return _digest(hydra.__version__, omegaconf.__version__, *parts)


def _digest(*parts: Any) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:24]


def _kept(file: Path) -> Base | None:
    """Return what an earlier command composed, for which Hydra takes 0.3 s, from the cache folder."""
    with suppress(OSError, ValueError, LookupError):
        found = json.loads(file.read_bytes())
        return Base(found["values"], {name: path and Path(path) for name, path in found["files"].items()})
    return None


def _keep(base: Base, file: Path) -> None:
    files = {name: path and str(path) for name, path in base.files.items()}
    with suppress(OSError, TypeError):  # perhaps the disk is full, or a value is not plain
        text = json.dumps({"values": base.values, "files": files})
        if json.loads(text)["values"] == base.values:
            aside = file.with_suffix(f".{os.getpid()}")
            aside.write_text(text, encoding="utf-8")
            aside.replace(file)


def _by_hydra(
    request: Request, compose: Callable[[list[str]], Any], chosen: tuple[str, ...], read: dict[str, Path | None]
) -> Base:
    base = Base(files=read)
    imports = [one for one in chosen if "pkg://" in one or "_target_" in one]
    base.errors += [f"{one}: refused: nothing in a configuration is ever imported" for one in imports]
    choices = [one for one in chosen if one not in imports]
    try:
        base.values = OmegaConf.to_container(compose(choices), resolve=False)  # type: ignore[assignment]
    except ConfigurationError as error:
        base.errors += error.errors
    except Exception as error:  # Hydra, OmegaConf and YAML raise errors of many kinds
        base.errors += _bad_alone(compose, choices) or [library_error(error)]
    base.errors += _alternatives(request, read)
    for place, text in refused_by_hydra({"hydra": base.values.get("hydra", {})}):
        base.errors.append(f"{request.typed.get('.'.join(place), '.'.join(place))}: {text}")
    return base


def _alternatives(request: Request, read: dict[str, Path | None]) -> Iterator[str]:
    """Yield an error for each pair of chosen files of rules that decide the same thing."""
    chosen: dict[str, str] = {}
    for name in (name for name in read if name.startswith(f"{RULES}/")):
        option = Path(name).stem
        for decision in OmegaConf.to_container(OmegaConf.load(read[name] or CONF / name)) or ():
            if decision in chosen:
                text = f"{chosen[decision]} and {option} are alternatives of one decision, {decision}; choose one"
                yield f"{request.typed.get(RULES, RULES)}: {text}"
            chosen[str(decision)] = option


def _bad_alone(compose: Callable[[list[str]], Any], chosen: list[str]) -> list[str]:
    bad = []
    for one in chosen:
        try:
            compose([one])
        except Exception as error:
            bad.append(f"{one}: {library_error(error)}")
    return bad


def library_error(error: Exception) -> str:
    """Return the message of Hydra, OmegaConf or YAML on one line, without their internal terms."""
    if isinstance(error, MissingConfigException) and error.missing_cfg_file and error.options:
        group, _, name = error.missing_cfg_file.rpartition("/")
        plugin = " (a plugin for Hydra may have it, and is not installed)" if group.startswith("hydra/") else ""
        known = f"there is {', '.join(error.options)}{close(name, error.options)}"
        return f"there is no {group} {name} here{plugin}; {known}"
    texts = [one_line(_INNER.sub("", str(one))) for one in (error, error.__cause__) if one is not None]
    return ": ".join(dict.fromkeys(filter(None, texts))) or type(error).__name__


def as_study(base: dict[str, Any]) -> bool:
    """Return whether the jobs of a sweep are made one study."""
    sweeper: Any = (base.get("hydra") or {}).get("sweeper") or {}
    return bool(sweeper.get("_target_") == _STUDY)


def validate_folder(request: Request, base: dict[str, Any], jobs: list[list[str]], validation: Validation) -> None:
    """Validate that the output folder is new and can probably be made; a study may resume in the folder of a study.

    The folder is claimed only when it is made (`sim.output.files`), so another command may come first.
    """
    kind = "sweep" if request.sweep else "run"
    key = f"hydra.{kind}.dir"
    raw = str((base.get("hydra") or {}).get(kind, {}).get("dir"))
    found = _folders_of(request, raw, key, jobs, validation) if base else []
    if not found:
        return
    if len(set(found)) > 1:
        validation.add(f"{key}={raw}: jobs differ in it, but a sweep has one folder; hydra.sweep.subdir may differ")
        return
    folder = Path(found[0])
    if error := no_path(folder) or ("no path may hold ${" if "${" in found[0] else ""):
        validation.add(f"{key}={found[0]}: {error}")
        return
    packaged: Any = OmegaConf.to_container(OmegaConf.load(CONF / "config.yaml"), resolve=False)
    default = raw == str(packaged["hydra"][kind]["dir"])
    place = Destination(folder, key, default, request.sweep and as_study(base))
    if not place.default and (folder.exists() or folder.is_symlink()) and not place.goes_on:
        validation.add(place.taken)
    above = next(parent for parent in folder.absolute().parents if parent.exists())
    if not folder.exists() and above.exists() and not os.access(above, os.W_OK | os.X_OK):
        validation.add(f"{key}={folder}: cannot be made; {above} cannot be written")
    validation.place = place


def _folders_of(request: Request, raw: str, key: str, jobs: list[list[str]], validation: Validation) -> list[str]:
    """Return the output folder as Hydra will read it, of the first and the last job if it depends on their values."""
    try:
        return [str(OmegaConf.create({"dir": raw}).dir)]  # it depends on nothing but the time
    except OmegaConfBaseException:
        if validation.errors:
            return []
    folders: list[str] = []
    held, first = HydraConfig.instance(), None
    outer = held.cfg
    try:
        with opened(request) as (compose, _):
            for job in jobs:
                held.cfg = config = compose(job)
                first = first or config
                OmegaConf.copy_cache(first, config)  # the same time
                folders.append(str(OmegaConf.select(config, key)))
    except OmegaConfBaseException:
        validation.add(f"{key}={raw}: cannot be known before the run")
        return []
    finally:
        held.cfg = outer
    return folders
