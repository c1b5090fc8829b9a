"""Merge of values into a composed configuration and validation of the whole; one message lists every error."""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from hydra.core.override_parser.types import Override
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException
from pydantic import ValidationError

from sim.config.compose import library_error
from sim.config.messages import KINDS, field_at, instead, place_of, text_of
from sim.config.own_folder import MIXED, WHOLE, origin_of
from sim.config.request import OPTIONS, Request, Validation
from sim.config.untrusted_yaml import Place, refused, walk
from sim.engine.text import nearest
from sim.scenario import Scenario

_ABSENT = object()
_NAMED: dict[Place, str] = {(name,): group for group, name in MIXED.items()} | {("group", "cells"): "cell"}
_ROUNDS = 6  # rounds of validation with defaults in place of invalid values; an error can hide others


def validate_job(request: Request, base: dict[str, Any], overrides: list[Override], validation: Validation) -> None:
    """Lay the values of one job on its base, which is not changed, and validate them."""
    job = _Job(request, _copied({key: value for key, value in base.items() if key != "hydra"}), base, validation)
    for one in overrides:
        job.lay(one)
    job.resolve()
    job.validate()


@dataclass
class _Job:
    request: Request
    values: dict[str, Any]
    base: dict[str, Any]
    validation: Validation

    def lay(self, one: Override) -> None:
        """Lay one value on the others, or add the error."""
        place = tuple(re.sub(r"\[([^\]]*)\]", r".\1", one.key_or_group).split("."))
        adds = one.is_add() or one.is_force_add()
        if error := self._unknown_name(place, adds) or self._unreachable(one, place, adds):
            self.add(place, error)
        elif one.is_delete():
            del _at(self.values, place[:-1])[place[-1]]
        else:
            _lay(self.values, place, one.value())

    def _unreachable(self, one: Override, place: Place, adds: bool) -> str | None:
        """Return why a value cannot be laid on, if it cannot: nothing, or something else, is at its place."""
        there, above = _at(self.values, place), _at(self.values, place[:-1])
        known = there is not _ABSENT
        if not known and not adds and (place[0] in OPTIONS or field_at(place) is None):
            return f"unknown key{instead(place, [*_keys(self.values), *self.request.groups])}"
        for depth in range(1, len(place)):
            outer = _at(self.values, place[:depth])
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

    def _unknown_name(self, place: Place, adds: bool) -> str | None:
        for depth in range(1, len(place) - adds):
            kind, name, chosen = _NAMED.get(place[:depth]), place[depth], _at(self.values, place[:depth])
            if kind is None or not isinstance(chosen, dict) or name in chosen:
                continue
            if name in self.request.groups.get(kind, ()):
                return f"{kind} {name} is not chosen; choose it with {kind}=[{','.join([*chosen, name])}]"
            return f"unknown {kind} {name}{nearest(name, [str(one) for one in chosen])}"
        return None

    def resolve(self) -> None:
        """Refuse values that would be evaluated, and follow references such as ``${seed}``."""
        written = repr(self.values)
        if "${" not in written and "_target_" not in written:  # quicker than to look at every leaf
            return
        for place, text in list(refused(self.values)):
            self.add(place, text)
            self._restore(place)
        for _ in range(20):
            try:
                self.values = OmegaConf.to_container(OmegaConf.create(self.values), resolve=True)  # type: ignore[assignment]
                return
            except OmegaConfBaseException as error:
                place = tuple(str(getattr(error, "full_key", "") or "").split("."))
                missing = re.search("Interpolation key '(.+)' not found", str(error))
                self.add(place, f"refers to {missing[1]}, which does not exist" if missing else library_error(error))
                self._restore(place)
        self.values = {}

    def validate(self) -> None:
        """Validate all values; the base's replace invalid ones, until no error hides another."""
        order = list(self.values)
        options = {name: self.values.pop(name, False) for name in OPTIONS}
        for name in (name for name, value in options.items() if not isinstance(value, bool)):
            self.validation.add(f"{self.request.typed.get(name, f'{name}={options[name]}')}: must be true or false")
        for _ in range(_ROUNDS):
            before = len(self.validation.errors)
            try:
                scenario = Scenario(**self.values)
            except ValidationError as error:
                self._explain(error)
                if len(self.validation.errors) == before:
                    return
            else:
                if not self.validation.errors:
                    self.validation.scenario = scenario
                    self.validation.values = {name: (self.values | options)[name] for name in order}
                return

    def _explain(self, error: ValidationError) -> None:
        """Add every error of one validation, and put the base's values in place of the invalid ones."""
        known, self.values = [*_keys(self.base), *self.request.groups], _copied(self.values)
        for one in error.errors(include_url=False, include_context=False):
            place, kind = place_of(one["loc"], self.values), one["type"]
            if kind == "extra_forbidden" and place[0] in self.request.groups and place[0] not in Scenario.model_fields:
                group = place[0]
                self.validation.add(f"{group}: a file of this group lacks its first line: # @package {group}s.NAME")
            else:
                lacks = kind == "missing" and place in _NAMED
                text = f"needs at least one {_NAMED[place]}" if lacks else text_of(one, place, known)
                self.add(place, text + self._in_file(place, kind))
            self._restore(place, kind)

    def _restore(self, place: Place, kind: str = "refused") -> None:
        """Put the value of the base, or of a thing of the same kind, in place of an invalid one."""
        value = _at(self.base, place)
        for above in _NAMED:
            depth = len(above)
            if value is _ABSENT and place[:depth] == above and len(place) > depth + 1:
                others = [_at(self.base, (*above, name, *place[depth + 1 :])) for name in _at(self.base, above)]
                value = next((other for other in others if other is not _ABSENT), _ABSENT)
        outer = _at(self.values, place[:-1])
        if isinstance(outer, list):
            self._restore(place[:-1], kind)
        elif isinstance(outer, dict) and (value is _ABSENT or kind == "extra_forbidden"):
            outer.pop(place[-1], None)
        elif isinstance(outer, dict):
            outer[place[-1]] = _copied(value)

    def add(self, place: Place, text: str) -> None:
        """Add an error under its key as typed."""
        self.validation.add(f"{self._typed(place)}: {text}")

    def _typed(self, place: Place) -> str:
        key, typed = ".".join(place), self.request.typed
        if "*" in place:
            return ", ".join(one for name, one in typed.items() if fnmatchcase(name, key)) or key
        if _NAMED.get(place) in typed and key not in typed:
            return typed[_NAMED[place]]
        for depth in range(len(place), 0, -1):
            if (argument := typed.get(".".join(place[:depth]))) is not None:
                whole = depth == len(place) or (depth == len(place) - 1 and place[-1].isdigit())
                return argument if whole else f"{key} (from {argument})"
        value = _at(self.values, place)
        return f"{key}={value}" if isinstance(value, str | int | float) else key

    def _in_file(self, place: Place, kind: str) -> str:
        if any(".".join(place[:depth]) in self.request.typed for depth in range(1, len(place) + 1)):
            return ""
        file = origin_of(place, self.validation.files, kind == "missing")
        if file and kind == "missing":
            return f"; {file} lacks it, and {WHOLE}: copy it from there"
        return f"; in {file}" if file else ""


def _copied(value: Any) -> Any:
    """Return a copy of plain values; `copy.deepcopy` takes ten times as long."""
    if isinstance(value, dict):
        return {name: _copied(inner) for name, inner in value.items()}
    return [_copied(inner) for inner in value] if isinstance(value, list) else value


def _lay(values: Any, place: Place, value: Any) -> None:
    """Lay one value on, as Hydra does: a mapping changes only the keys that it names, such as dates; {} empties."""
    *above, name = place
    for part in above:
        values = values[int(part)] if isinstance(values, list) else values.setdefault(part, {})
    if isinstance(values, list):
        values[int(name)] = value
    elif isinstance(value, dict) and value and isinstance(values.get(name), dict):
        for key, inner in value.items():
            _lay(values[name], (key,), inner)
    else:
        values[name] = value


def _keys(values: dict[str, Any]) -> list[str]:
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
