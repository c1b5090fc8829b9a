"""Merge of values into a composed configuration and validation of the whole; one message lists every error."""

import re
from copy import deepcopy
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from omegaconf import DictConfig, OmegaConf, open_dict
from omegaconf.errors import ConfigTypeError, OmegaConfBaseException
from pydantic import ValidationError

from sim.config.compose import library_error
from sim.config.folders import CONF
from sim.config.messages import KINDS, errors_of, field_at, instead
from sim.config.own_folder import WHOLE, origin_of
from sim.config.requests import OPTIONS, Validation
from sim.config.untrusted_yaml import Place, refused, walk
from sim.engine.text import nearest
from sim.scenario import Scenario

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override

_ABSENT = object()
_NAMED = {
    ("rails",): "rail", ("theatres",): "theatre", ("appeals",): "appeal",
    ("policies",): "policy", ("shocks",): "shock", ("group", "cells"): "cell",
}  # fmt: skip
_ROUNDS = 6  # rounds of validation with defaults in place of invalid values; an error can hide others


def validate_job(
    base: dict[str, Any],
    overrides: "list[Override]",
    typed: dict[str, str],
    groups: dict[str, list[str]],
    validation: Validation,
) -> None:
    """Lay the values of one job on its base and validate them."""
    values = {key: value for key, value in base.items() if key != "hydra"}
    places = [tuple(re.sub(r"\[([^\]]*)\]", r".\1", one.key_or_group).split(".")) for one in overrides]
    touched = [place[:-1] or place if one.is_delete() else place for one, place in zip(overrides, places, strict=True)]
    before = now = _part(values, touched)
    config = OmegaConf.create(before, flags={"struct": True})
    for one, place in zip(overrides, places, strict=True):
        error = _unreachable(one, place, now, values, groups) or _lay(one, place, config)
        if error:
            validation.add(f"{_typed(place, values, typed)}: {error}")
        now = OmegaConf.to_container(config)  # type: ignore[assignment]  # a DictConfig makes a dict
    values = _with_part(values, before, now)
    validate_values(values, base, typed, list(groups), validation)


def _part(values: dict[str, Any], places: list[Place]) -> dict[str, Any]:
    """Return the values at some places, and the mappings above: a DictConfig of everything takes 25 ms."""
    found = {}
    for name in dict.fromkeys(place[0] for place in places if place[0] in values):
        inner = [place[1:] for place in places if place[0] == name]
        found[name] = _part(values[name], inner) if isinstance(values[name], dict) and () not in inner else values[name]
    return found


def _with_part(values: dict[str, Any], before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return values in which a part is as it is after a change; nothing is changed in place."""
    if before is values:
        return after
    left = {name: value for name, value in values.items() if name in after or name not in before}
    return left | {
        name: _with_part(values[name], before[name], value)
        if isinstance(value, dict) and isinstance(before.get(name), dict)
        else value
        for name, value in after.items()
    }


def _lay(one: "Override", place: Place, config: DictConfig) -> str | None:
    """Lay one value on, as Hydra does, and return the error, if there is one; a mapping may add keys, such as dates."""
    key, value = ".".join(place), one.value()
    try:
        if one.is_delete():
            with open_dict(config):
                del OmegaConf.select(config, ".".join(place[:-1]))[place[-1]]
        else:
            adds = one.is_add() or one.is_force_add() or isinstance(value, dict)
            OmegaConf.update(config, key, value, force_add=adds)
    except ConfigTypeError:
        return f"must be {KINDS['tuple' if isinstance(value, dict) else 'dict']}"
    except OmegaConfBaseException as error:
        return library_error(error)
    return None


def _unreachable(
    one: "Override", place: Place, now: dict[str, Any], values: dict[str, Any], groups: dict[str, list[str]]
) -> str | None:
    """Return why a value cannot be laid on, if it cannot: nothing, or something else, is at its place."""
    there, adds = _at(now, place) is not _ABSENT, one.is_add() or one.is_force_add()
    if unknown := _unknown_name(now, values, place, adds, groups):
        return unknown
    if not there and not adds and (place[0] in OPTIONS or field_at(place) is None):
        return f"unknown key{instead(place, [*_keys(values), *groups])}"
    for depth in range(1, len(place)):
        above = _at(now, place[:depth])
        if above is not _ABSENT and not isinstance(above, dict) and not (isinstance(above, list) and there):
            return f"{'.'.join(place[:depth])} holds one value and no keys"
    if not there and not adds:
        above = _at(values, place[:-1])
        near = nearest(place[-1], [str(name) for name in above]) if isinstance(above, dict) else ""
        return f"no such key; write +key=value to add it{near}"
    if there and one.is_add():
        return "is there already; leave the + away to change it"
    if one.is_delete() and isinstance(_at(now, place[:-1]), list):
        return "is one of a list; write the whole list"
    if one.is_delete() and one.value() not in (None, _at(now, place)):
        return f"is {_at(now, place)} here; ~{'.'.join(place)} deletes it"
    return None


def _keys(values: dict[str, Any]) -> list[str]:
    """Return every key of values."""
    found: list[str] = []

    def add(value: Any, place: str) -> None:
        for name, inner in value.items():
            key = f"{place}{name}"
            found.append(key)
            if isinstance(inner, dict):
                add(inner, f"{key}.")

    add({name: value for name, value in values.items() if name != "hydra"}, "")
    return found


def _at(values: Any, place: Place) -> Any:
    """Return the value at a place of plain values, or _ABSENT; nothing is resolved."""
    for part in place:
        if isinstance(values, dict):
            values = values.get(part, _ABSENT)
        elif isinstance(values, list) and part.isdecimal() and int(part) < len(values):
            values = values[int(part)]
        else:
            return _ABSENT
    return values


def _unknown_name(
    now: dict[str, Any], values: dict[str, Any], place: Place, adds: bool, groups: dict[str, list[str]]
) -> str | None:
    """Return the error if a key names a rail, theatre, policy and so on that does not exist."""
    for above, kind in _NAMED.items():
        depth = len(above)
        if place[:depth] != above or len(place) <= depth or (adds and len(place) == depth + 1):
            continue
        name, chosen = place[depth], _at(values, above)
        if not isinstance(chosen, dict) or not isinstance(_at(now, above), dict) or name in _at(now, above):
            return None
        if name in groups.get(kind, ()):
            return f"{kind} {name} is not chosen; choose it with {kind}=[{','.join(dict.fromkeys([*chosen, name]))}]"
        return f"unknown {kind} {name}{nearest(name, [str(one) for one in chosen])}"
    return None


def validate_values(
    values: dict[str, Any], base: dict[str, Any], typed: dict[str, str], groups: list[str], validation: Validation
) -> None:
    """Validate plain values; the base's replace invalid ones, until no error hides another."""
    values = {key: value for key, value in values.items() if key != "hydra"}
    written = repr(values)
    if "${" in written or "_target_" in written:  # quicker than to look at every leaf
        values = deepcopy(values)
        for place, text in list(refused(values)):
            validation.add(f"{_typed(place, values, typed)}: {text}")
            _restore(values, base, place, "refused")
        values = _resolved(values, base, typed, validation)
    order = list(values)
    options = {name: values.pop(name, False) for name in OPTIONS}
    for name, value in options.items():
        if not isinstance(value, bool):
            validation.add(f"{typed.get(name, f'{name}={value}')}: must be true or false")
    for _ in range(_ROUNDS):
        before = len(validation.errors)
        try:
            scenario = Scenario(**values)
        except ValidationError as error:
            known, values = [*_keys(base), *groups], deepcopy(values)
            for place, text, kind in errors_of(error, values, known):
                if kind == "extra_forbidden" and place[0] in groups:
                    validation.add(
                        f"{place[0]}: a file of this group lacks its first line: # @package {place[0]}s.NAME"
                    )
                else:
                    if kind == "missing" and place in _NAMED:
                        text = f"needs at least one {_NAMED[place]}"
                    where = _in_file(place, typed, validation, kind)
                    validation.add(f"{_typed(place, values, typed)}: {text}{where}")
                _restore(values, base, place, kind)
            if len(validation.errors) == before:
                return
        else:
            if not validation.errors and validation.scenario is None:
                validation.scenario, validation.options = scenario, options
                validation.values = {name: (values | options)[name] for name in order}
            return


def _resolved(
    values: dict[str, Any], base: dict[str, Any], typed: dict[str, str], validation: Validation
) -> dict[str, Any]:
    """Return values with references such as ``${seed}`` followed."""
    for _ in range(20):
        if not any(isinstance(leaf, str) and "${" in leaf for _, leaf in walk(values)):
            return values
        try:
            plain: dict[str, Any] = OmegaConf.to_container(OmegaConf.create(values), resolve=True)  # type: ignore[assignment]
            return plain
        except OmegaConfBaseException as error:
            place = tuple(str(getattr(error, "full_key", "") or "").split("."))
            missing = re.search("Interpolation key '(.+)' not found", str(error))
            text = f"refers to {missing[1]}, which is not there" if missing else library_error(error)
            validation.add(f"{_typed(place, values, typed)}: {text}")
            _restore(values, base, place, "refused")
    return {}


def _restore(values: dict[str, Any], base: dict[str, Any], place: Place, kind: str) -> None:
    """Put the value of the base, or of a thing of the same kind, in place of an invalid one."""
    value = _at(base, place)
    for above in _NAMED:
        depth = len(above)
        if value is _ABSENT and place[:depth] == above and len(place) > depth + 1:
            others = [_at(base, (*above, name, *place[depth + 1 :])) for name in _at(base, above)]
            value = next((other for other in others if other is not _ABSENT), _ABSENT)
    outer = _at(values, place[:-1])
    if isinstance(outer, list):
        _restore(values, base, place[:-1], kind)
    if not isinstance(outer, dict):
        return
    if value is _ABSENT or kind == "extra_forbidden":
        outer.pop(place[-1], None)
    else:
        outer[place[-1]] = deepcopy(value)


def _typed(place: Place, values: dict[str, Any], typed: dict[str, str]) -> str:
    """Return a place as the user typed it, else its full name and value."""
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


def _in_file(place: Place, typed: dict[str, str], validation: Validation, kind: str) -> str:
    """Return the user's file in which an error lies, if its key was not typed."""
    if any(".".join(place[:depth]) in typed for depth in range(1, len(place) + 1)):
        return ""
    file = origin_of(place, validation.own, CONF, kind == "missing")
    if file and kind == "missing":
        return f"; {file} lacks it, and {WHOLE}: copy it from there"
    return f"; in {file}" if file else ""
