"""Composition of chosen files by Hydra, from a user's own folder and conf/."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.errors import MissingConfigException
from omegaconf import OmegaConf

from sim.config.errors import ConfigurationError
from sim.config.folders import CONF
from sim.config.own_folder import contents
from sim.config.requests import Request, Validation
from sim.config.search_path import OWN, looking_in
from sim.config.untrusted_yaml import one_line, refused_by_hydra, refused_in_file
from sim.engine.text import close

_INNER = re.compile(r"^\s*(full_key: .*|(object|reference)_type=.*|Config search path:(\n.*)*)$", re.MULTILINE)
type Base = tuple[dict[str, Any] | None, dict[str, Path | None]]
"""A configuration as plain values, and the files that it was read from; packaged files have no path."""
_known_bases: dict[Any, Base] = {}


def base_of(
    request: Request, compose: Any, chosen: tuple[str, ...], validation: Validation, read: dict[str, Path | None]
) -> Base:
    """Return the configuration composed from the chosen files, cached until a file changes.

    The output folder is composed each time.
    """
    own = [] if request.config_dir is None else [request.config_dir.absolute()]
    files = sorted(CONF.glob("**/*.yaml")) + [folder / name for folder in own for name in contents(folder)[0]]
    stamp = tuple((str(file), about.st_mtime_ns, about.st_size) for file in files for about in (file.stat(),))
    key = (request.config_dir, request.config_name, chosen, stamp)
    if request.writes or key not in _known_bases:
        base = _plain_of(request, compose, list(chosen), validation)
        if base is None or validation.errors:
            return base, {}
        _known_bases[key] = base, dict(read)
    return _known_bases[key]


@contextmanager
def opened(request: Request) -> Iterator[tuple[Any, dict[str, Path | None]]]:
    """Yield a function that composes from the user's folder and conf/, and each file of these that it has read.

    A file of the user's is validated before it is read, because Hydra evaluates the entries of ``defaults``.
    """
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
                if own is not None and own.is_file() and (errors := refused_in_file(own, str(Path(name).parent))):
                    raise ConfigurationError(errors)
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


def _plain_of(
    request: Request, compose: Callable[[list[str]], Any], chosen: list[str], validation: Validation
) -> dict[str, Any] | None:
    """Return the configuration that choices of groups make, as plain values; None if Hydra cannot compose it."""
    searched = [one for one in chosen if "pkg://" in one or "_target_" in one]
    validation.add(*(f"{one}: refused: nothing in a configuration is ever imported" for one in searched))
    chosen = [one for one in chosen if one not in searched]
    try:
        config = compose(chosen)
    except ConfigurationError as error:
        validation.add(*error.errors)
        return None
    except Exception as error:  # Hydra, OmegaConf and YAML raise errors of many kinds
        validation.add(*(_bad_alone(compose, chosen) or [library_error(error)]))
        return None
    with_hydra: dict[str, Any] = OmegaConf.to_container(config, resolve=False)  # type: ignore[assignment]
    for place, text in refused_by_hydra({"hydra": with_hydra.get("hydra", {})}):
        key = ".".join(place)
        validation.add(f"{request.typed.get(key, key)}: {text}")
    return with_hydra


def _bad_alone(compose: Callable[[list[str]], Any], chosen: list[str]) -> list[str]:
    """Return the choices that cannot be composed even alone, with the reason."""
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
        return (
            f"there is no {group} {name} here{plugin}; there is {', '.join(error.options)}{close(name, error.options)}"
        )
    texts = [one_line(_INNER.sub("", str(one))) for one in (error, error.__cause__) if one is not None]
    return ": ".join(dict.fromkeys(filter(None, texts))) or type(error).__name__
