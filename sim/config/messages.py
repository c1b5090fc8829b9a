"""Errors of a configuration in plain words: the key as typed, the allowed values with unit, the nearest valid name."""

import tomllib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from enum import Enum
from pathlib import Path
from typing import Any, get_args

from pydantic.fields import FieldInfo

from sim.config.untrusted_yaml import Place
from sim.engine.parameters import Section, bounds, section_of
from sim.engine.text import bound, close, nearest
from sim.scenario import Scenario


def place_of(loc: tuple[int | str, ...], data: Mapping[str, Any]) -> Place:
    """Return the place of an error, with names for positions: ``rails.3.link`` is ``rails.bitcoin.link``."""
    place = [str(part) for part in loc if part != "[key]"]
    if len(place) > 1 and place[0] in ("rails", "theatres", "appeals") and place[1].isdigit():
        names = list(data.get(place[0]) or {})
        place[1] = str(names[int(place[1])]) if int(place[1]) < len(names) else place[1]
    if place[0:1] == ["rails"] and place[2:3] == ["acceptance"] and place[-1].isdigit():
        theatre = str(list(data.get("theatres") or {})[int(place[-1])])
        typed = data["rails"][place[1]]["acceptance"]
        place[-1] = theatre if theatre in typed else "other"
    return tuple(place)


def field_at(place: Place) -> FieldInfo | None:
    """Return the declaration of the parameter at a place, if it has one."""
    section: type[Section] | None = Scenario
    info: FieldInfo | None = None
    parts = iter(place)
    for part in parts:
        if section is None:
            return info  # inside a mapping or tuple of plain values
        info = section.model_fields.get(part)
        if info is None:
            return None
        section = section_of(info.annotation)
        if section is not info.annotation and section is not None:
            next(parts, None)  # the name of one of several sections
    return info


def allowed(info: FieldInfo | None) -> str:
    """Return range and unit of a parameter: ``0 to 1 (chance)``; empty if it has none."""
    if info is None:
        return ""
    low, high = bounds(info)
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    unit = f" ({extra['unit']})" if extra.get("unit") else ""
    if low is not None and high is not None:
        return f"{bound(low)} to {bound(high)}{unit}"
    return unit.strip()


KINDS: dict[str, str] = tomllib.loads(Path(__file__).with_name("kinds.toml").read_text(encoding="utf-8"))
"""The form of a value, by the beginning of the kind of error."""


def text_of(error: Mapping[str, Any], place: Place, known: list[str]) -> str:
    """Return the message of an error of pydantic, without the key; `known` lists every valid key."""
    kind, info = str(error["type"]), field_at(place)
    span = allowed(info)
    if kind == "extra_forbidden":
        return f"unknown key{instead(place, known)}"
    if kind == "missing":
        doc = f": {info.description}" if info is not None and info.description else ""
        return f"is missing{doc}" + (f"; allowed is {span}" if span else "")
    if kind in ("greater_than_equal", "less_than_equal", "greater_than", "less_than"):
        return f"allowed is {span}"
    if kind in ("literal_error", "enum"):
        options = options_of(info)
        return f"allowed is {', '.join(options)}" + close(str(error.get("input")), options, 0.5)
    if kind == "value_error":
        return str(error["msg"]).removeprefix("Value error, ")
    if kind == "inconsistent":
        return str(error["msg"])
    for start, words in KINDS.items():
        if kind.startswith(start):
            return f"must be {words}" + (f"; allowed is {span}" if span else "")
    return str(error["msg"])


def options_of(info: FieldInfo | None) -> list[str]:
    """Return the words that a parameter allows."""
    found: list[Any] = [info.annotation] if info is not None else []
    for one in found:  # it grows by the arguments of each type, such as Literal
        found.extend(get_args(one))
    enums = [one for one in found if isinstance(one, type) and issubclass(one, Enum)]
    return [one for one in found if isinstance(one, str)] + [name.lower() for one in enums for name in one.__members__]


def instead(place: Place, known: list[str]) -> str:
    """Return the nearest valid key: beside the unknown one, with an outer part mended, or of that name anywhere."""
    above, word = ".".join(place[:-1]), place[-1]
    known = [key for key in known if not f"{key}.".startswith(f"{'.'.join(place)}.")]
    beside = {key.removeprefix(f"{above}.").split(".")[0] for key in known if not above or key.startswith(f"{above}.")}
    info = field_at(place[:-1])
    section = Scenario if len(place) == 1 else section_of(info.annotation) if info is not None else None
    beside |= set(section.model_fields) - {word} if section is not None else set()
    found = get_close_matches(word, sorted(beside), 1, 0.6)
    if found:
        return f"; nearest: {'.'.join((*place[:-1], found[0]))}"
    if mended := _mended(place, known):
        return f"; nearest: {mended}"
    ends: dict[str, str] = {}
    for key in known:
        ends.setdefault(key.split(".")[-1], key)
    found = get_close_matches(word, list(ends), 1, 0.75)
    return f"; nearest: {ends[found[0]]}" if found else nearest(word, sorted(beside))


def _mended(place: Place, known: Sequence[str]) -> str:
    """Return the valid key whose parts are each the nearest to those of a place; empty if a part is near none."""
    parts: tuple[str, ...] = ()
    for part in place:
        keys = [key.split(".") for key in known]
        options = sorted({key[len(parts)] for key in keys if (*key[: len(parts)],) == parts and len(key) > len(parts)})
        if not (found := [part] if part in options else get_close_matches(part, options, 1, 0.6)):
            return ""
        parts = (*parts, *found)
    return ".".join(parts) if ".".join(parts) in known else ""
