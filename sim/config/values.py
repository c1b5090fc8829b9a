"""Merge of values into a composed configuration and validation of the whole; one message lists every error."""

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException
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
    values: dict[str, Any] = _copied({key: value for key, value in base.items() if key != "hydra"})
    for one in overrides:
        place = tuple(re.sub(r"\[([^\]]*)\]", r".\1", one.key_or_group).split("."))
        error = _unreachable(one, place, values, groups)
        if error:
            validation.add(f"{_typed(place, values, typed)}: {error}")
        elif one.is_delete():
            del _at(values, place[:-1])[place[-1]]
        else:
            _lay(values, place, one.value())
    validate_values(values, base, typed, list(groups), validation)


def _copied(value: Any) -> Any:
    """Return a copy of plain values; `copy.deepcopy` takes ten times as long."""
    if isinstance(value, dict):
        return {name: _copied(inner) for name, inner in value.items()}
    return [_copied(inner) for inner in value] if isinstance(value, list) else value


def _lay(values: Any, place: Place, value: Any) -> None:
    """Lay one value on, as Hydra does: a mapping changes only the keys that it names, such as dates."""
    for name in place[:-1]:
        values = values[int(name)] if isinstance(values, list) else values.setdefault(name, {})
    name = place[-1]
    if isinstance(values, list):
        values[int(name)] = value
    elif isinstance(value, dict) and isinstance(values.get(name), dict):
        for key, inner in value.items():
            _lay(values[name], (key,), inner)
    else:
        values[name] = value


def _unreachable(one: "Override", place: Place, values: dict[str, Any], groups: dict[str, list[str]]) -> str | None:
    """Return why a value cannot be laid on, if it cannot: nothing, or something else, is at its place."""
    there, adds, above = _at(values, place), one.is_add() or one.is_force_add(), _at(values, place[:-1])
    known = there is not _ABSENT
    if unknown := _unknown_name(values, place, adds, groups):
        return unknown
    if not known and not adds and (place[0] in OPTIONS or field_at(place) is None):
        return f"unknown key{instead(place, [*_keys(values), *groups])}"
    for depth in range(1, len(place)):
        outer = _at(values, place[:depth])
        if outer is not _ABSENT and not isinstance(outer, dict) and not (isinstance(outer, list) and known):
            return f"{'.'.join(place[:depth])} holds one value and no keys"
    if not known and not adds:
        near = nearest(place[-1], [str(name) for name in above]) if isinstance(above, dict) else ""
        return f"no such key; write +key=value to add it{near}"
    if known and one.is_add():
        return "is there already; leave the + away to change it"
    if one.is_delete() and isinstance(above, list):
        return "is one of a list; write the whole list"
    if one.is_delete() and one.value() not in (None, there):
        return f"is {there} here; ~{'.'.join(place)} deletes it"
    if isinstance(there, list) and isinstance(one.value(), dict):
        return f"must be {KINDS['tuple']}"
    return None


def _keys(values: dict[str, Any]) -> list[str]:
    """Return every key of values."""
    return list(dict.fromkeys(".".join(place) for place, _ in walk(values) if place[:1] != ("hydra",)))


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


def _unknown_name(values: dict[str, Any], place: Place, adds: bool, groups: dict[str, list[str]]) -> str | None:
    """Return the error if a key names a rail, theatre, policy and so on that does not exist."""
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


def validate_values(
    values: dict[str, Any], base: dict[str, Any], typed: dict[str, str], groups: list[str], validation: Validation
) -> None:
    """Validate plain values; the base's replace invalid ones, until no error hides another."""
    values = {key: value for key, value in values.items() if key != "hydra"}
    written = repr(values)
    if "${" in written or "_target_" in written:  # quicker than to look at every leaf
        values = _copied(values)
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
            known, values = [*_keys(base), *groups], _copied(values)
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
        outer[place[-1]] = _copied(value)


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
