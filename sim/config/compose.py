"""Lay values on a composed configuration and judge the whole, so that one message tells of every fault."""

import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from hydra.errors import MissingConfigException
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException
from pydantic import ValidationError

from sim.config import CONF, OPTIONS, ConfigurationError, Judgement
from sim.config.messages import Place, faults_of, field_at, instead
from sim.config.own_folder import WHOLE, origin_of
from sim.config.untrusted_yaml import one_line, refused, refused_by_hydra, walk
from sim.engine.text import close, nearest
from sim.scenario import Scenario

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override

_ABSENT = object()
_INNER = re.compile(r"^\s*(full_key: .*|(object|reference)_type=.*|Config search path:(\n.*)*)$", re.MULTILINE)
_NAMED = {
    ("rails",): "rail", ("theatres",): "theatre", ("appeals",): "appeal",
    ("policies",): "policy", ("shocks",): "shock", ("group", "cells"): "cell",
}  # fmt: skip
_ROUNDS = 6  # of judging and mending; a fault can hide others


def plain_of(
    compose: Callable[[list[str]], Any], chosen: list[str], typed: dict[str, str], judgement: Judgement
) -> dict[str, Any] | None:
    """The configuration that choices of groups make, as plain values; None if Hydra cannot compose it."""
    searched = [one for one in chosen if "pkg://" in one or "_target_" in one]
    judgement.add(*(f"{one}: refused: nothing in a configuration is ever imported" for one in searched))
    chosen = [one for one in chosen if one not in searched]
    try:
        config = compose(chosen)
    except ConfigurationError as error:
        judgement.add(*error.faults)
        return None
    except Exception as error:  # Hydra, OmegaConf and YAML raise errors of many kinds
        judgement.add(*(_bad_alone(compose, chosen) or [_in_words(error)]))
        return None
    with_hydra: dict[str, Any] = OmegaConf.to_container(config, resolve=False)  # type: ignore[assignment]
    found = list(refused_by_hydra({"hydra": with_hydra.get("hydra", {})}))
    judgement.add(*(f"{typed.get('.'.join(place), '.'.join(place))}: {text}" for place, text in found))
    return with_hydra


def _bad_alone(compose: Callable[[list[str]], Any], chosen: list[str]) -> list[str]:
    """The choices that cannot be composed even alone, with the reason."""
    bad = []
    for one in chosen:
        try:
            compose([one])
        except Exception as error:
            bad.append(f"{one}: {_in_words(error)}")
    return bad


def _in_words(error: Exception) -> str:
    """What Hydra, OmegaConf or YAML has to say, whole and on one line, without what only they understand."""
    if isinstance(error, MissingConfigException) and error.missing_cfg_file and error.options:
        group, _, name = error.missing_cfg_file.rpartition("/")
        plugin = " (a plugin for Hydra may have it, and is not installed)" if group.startswith("hydra/") else ""
        there = ", ".join(error.options)
        return f"there is no {group} {name} here{plugin}; there is {there}{close(name, error.options)}"
    texts = [one_line(_INNER.sub("", str(one))) for one in (error, error.__cause__) if one is not None]
    return ": ".join(dict.fromkeys(filter(None, texts))) or type(error).__name__


def judge_job(
    base: dict[str, Any],
    overrides: "list[Override]",
    typed: dict[str, str],
    groups: dict[str, list[str]],
    judgement: Judgement,
) -> None:
    """Lay the values of one job on its base and judge them."""
    values = _copied({key: value for key, value in base.items() if key != "hydra"})
    for one in overrides:
        place = tuple(re.sub(r"\[([^\]]*)\]", r".\1", one.key_or_group).split("."))
        fault = _lay(values, one, place, base, groups)
        if fault:
            judgement.add(f"{_typed(place, values, typed)}: {fault}")
    judge_values(values, base, typed, list(groups), judgement)


def _copied(value: Any) -> Any:
    """A copy of plain values; the general one takes five times as long."""
    if isinstance(value, dict):
        return {name: _copied(inner) for name, inner in value.items()}
    return [_copied(inner) for inner in value] if isinstance(value, list) else value


def _keys(base: dict[str, Any], groups: dict[str, list[str]]) -> list[str]:
    """Every key that there is, and the groups."""
    found: list[str] = []

    def add(value: Any, place: str) -> None:
        for name, inner in value.items():
            key = f"{place}{name}"
            found.append(key)
            if isinstance(inner, dict):
                add(inner, f"{key}.")

    add({name: value for name, value in base.items() if name != "hydra"}, "")
    return found + list(groups)


def _at(values: Any, place: Place) -> Any:
    for part in place:
        if isinstance(values, dict):
            values = values.get(part, _ABSENT)
        elif isinstance(values, list) and part.isdigit() and int(part) < len(values):
            values = values[int(part)]
        else:
            return _ABSENT
    return values


def _lay(
    values: dict[str, Any], one: "Override", place: Place, base: dict[str, Any], groups: dict[str, list[str]]
) -> str | None:
    """Lay one value on, as Hydra would; returns the fault, if there is one."""
    there = _at(values, place) is not _ABSENT
    adds = one.is_add() or one.is_force_add()
    unknown = _unknown_name(values, place, adds, groups)
    if unknown:
        return unknown
    if not there and not adds:
        if place[0] not in OPTIONS and field_at(place) is not None:
            above = _at(values, place[:-1])
            if not isinstance(above, dict):
                return f"{'.'.join(place[:-1])} holds one value and no keys"
            near = nearest(place[-1], [str(name) for name in above])
            return f"is not there to be changed; a + before the key adds it{near}"
        return f"unknown key{instead(place, _keys(base, groups))}"
    if there and one.is_add():
        return "is there already; leave the + away to change it"
    above = _at(values, place[:-1])
    if one.is_delete():
        del above[place[-1]]
        return None
    for depth in range(1, len(place)):  # what is added may need sections above it
        outer = _at(values, place[: depth - 1])
        if _at(values, place[:depth]) is _ABSENT:
            outer[place[depth - 1]] = {}
        elif not isinstance(_at(values, place[:depth]), dict | list):
            return f"{'.'.join(place[:depth])} holds one value and no keys"
    _put(values, place, one.value())
    return None


def _put(values: Any, place: Place, value: Any) -> None:
    above, name = _at(values, place[:-1]), place[-1]
    if isinstance(above, list):
        above[int(name)] = value
    elif isinstance(value, dict) and isinstance(above.get(name), dict):
        for inner, item in value.items():
            _put(values, (*place, str(inner)), item)
    else:
        above[name] = _plain(value)


def _plain(value: Any) -> Any:
    """A value with texts for keys, as YAML gives."""
    return {str(key): _plain(item) for key, item in value.items()} if isinstance(value, dict) else value


def _unknown_name(values: dict[str, Any], place: Place, adds: bool, groups: dict[str, list[str]]) -> str | None:
    """Whether a rail, theatre, policy and so on is meant that is not there."""
    for above, kind in _NAMED.items():
        depth = len(above)
        if place[:depth] != above or len(place) <= depth or (adds and len(place) == depth + 1):
            continue
        name, chosen = place[depth], _at(values, above)
        if not isinstance(chosen, dict) or name in chosen:
            return None
        if name in groups.get(kind, ()):
            return f"{kind} {name} is not chosen; choose it with {kind}=[{','.join([*chosen, name])}]"
        return f"unknown {kind} {name}{nearest(name, [str(one) for one in chosen])}"
    return None


def judge_values(
    values: dict[str, Any], base: dict[str, Any], typed: dict[str, str], groups: list[str], judgement: Judgement
) -> None:
    """Judge plain values; each faulty one is mended from the base, until no fault hides another."""
    values = {key: value for key, value in values.items() if key != "hydra"}
    text = repr(values)
    if "${" in text or "_target_" in text:  # quicker than to look at every leaf
        for place, fault in list(refused(values)):
            judgement.add(f"{_typed(place, values, typed)}: {fault}")
            _mend(values, base, place, "refused")
        values = _resolved(values, base, typed, judgement)
    options = {name: values.pop(name, False) for name in OPTIONS}
    for name, value in options.items():
        if not isinstance(value, bool):
            judgement.add(f"{typed.get(name, f'{name}={value}')}: must be true or false")
    for _ in range(_ROUNDS):
        before = len(judgement.faults)
        try:
            scenario = Scenario(**values)
        except ValidationError as error:
            known = [key for key in _keys(base, {}) if not key.startswith("hydra")] + groups
            for place, fault, kind in faults_of(error, values, known):
                if kind == "extra_forbidden" and place[0] in groups:
                    judgement.add(f"{place[0]}: a file of this group lacks its first line: # @package {place[0]}s.NAME")
                else:
                    if kind == "missing" and place in _NAMED:
                        fault = f"needs at least one {_NAMED[place]}"
                    where = _in_file(place, typed, judgement, kind)
                    judgement.add(f"{_typed(place, values, typed)}: {fault}{where}")
                _mend(values, base, place, kind)
            if len(judgement.faults) == before:
                return
        else:
            if not judgement.faults and judgement.scenario is None:
                judgement.scenario, judgement.options = scenario, options
            return


def _resolved(
    values: dict[str, Any], base: dict[str, Any], typed: dict[str, str], judgement: Judgement
) -> dict[str, Any]:
    """Values with references such as ``${seed}`` followed."""
    for _ in range(20):
        if not any(isinstance(leaf, str) and "${" in leaf for _, leaf in walk(values)):
            return values
        try:
            plain: dict[str, Any] = OmegaConf.to_container(OmegaConf.create(values), resolve=True)  # type: ignore[assignment]
            return plain
        except OmegaConfBaseException as error:
            place = tuple(str(getattr(error, "full_key", "") or "").split("."))
            missing = re.search("Interpolation key '(.+)' not found", str(error))
            text = f"refers to {missing[1]}, which is not there" if missing else _in_words(error)
            judgement.add(f"{_typed(place, values, typed)}: {text}")
            _mend(values, base, place, "refused")
    return {}


def _mend(values: dict[str, Any], base: dict[str, Any], place: Place, kind: str) -> None:
    """Put the value of the base, or of a thing of the same kind, where a fault lies."""
    value = _at(base, place)
    for above in _NAMED:
        depth = len(above)
        if value is _ABSENT and place[:depth] == above and len(place) > depth + 1:
            others = [_at(base, (*above, name, *place[depth + 1 :])) for name in _at(base, above)]
            value = next((other for other in others if other is not _ABSENT), _ABSENT)
    outer = _at(values, place[:-1])
    if isinstance(outer, list):
        _mend(values, base, place[:-1], kind)
    if not isinstance(outer, dict):
        return
    if value is _ABSENT or kind == "extra_forbidden":
        outer.pop(place[-1], None)
    else:
        outer[place[-1]] = _copied(value)


def _typed(place: Place, values: dict[str, Any], typed: dict[str, str]) -> str:
    """A place as the user typed it, else by its full name and value."""
    if "*" in place:
        meant = [one for key, one in typed.items() if fnmatchcase(key, ".".join(place))]
        return ", ".join(meant) or ".".join(place)
    if _NAMED.get(place) in typed and ".".join(place) not in typed:
        return typed[_NAMED[place]]
    for depth in range(len(place), 0, -1):
        key = ".".join(place[:depth])
        if key in typed:
            whole = depth == len(place) or (depth == len(place) - 1 and place[-1].isdigit())
            return typed[key] if whole else f"{'.'.join(place)} (from {typed[key]})"
    value = _at(values, place)
    return ".".join(place) + (f"={value}" if isinstance(value, str | int | float) else "")


def _in_file(place: Place, typed: dict[str, str], judgement: Judgement, kind: str) -> str:
    """The user's file in which a fault lies, if none was typed."""
    if any(".".join(place[:depth]) in typed for depth in range(1, len(place) + 1)):
        return ""
    file = origin_of(place, judgement.own, CONF, kind == "missing")
    if file and kind == "missing":
        return f"; {file} lacks it, and {WHOLE}: copy it from there"
    return f"; in {file}" if file else ""
