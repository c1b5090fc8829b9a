"""Declaration of parameters: each is a field of a section in ``sim/scenario/`` and a row of ``sim/parameters.csv``.

The field gives the type, the row all else. Validation, ``--parameters``, the tables of the ODD and the record that
compiled rules read are derived from both. Values are in ``conf/`` alone: no parameter has a default in Python.
"""

import csv
import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, computed_field, field_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from sim.engine.constants import MAX_RAILS, MAX_THEATRES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PARAMETERS = Path(__file__).parents[1] / "parameters.csv"
"""The table of all parameters.

Columns: section (class) and name of the field; unit (empty for names and dates); low and high (allowed values);
plausible (the range compatible with the evidence, from which studies draw); role (uncertainty: an unknown quantity,
choice: what the group chooses, drawn like one, but nothing that an answer turns on; lever: chosen by policy, setting:
size, horizon, seed, scenario: events and actors); grade of the evidence (A, B, C judgement, D derived, M from memory, -
where none is needed); source (author and year, or ``facts:ID`` for a row of ``conf/facts.csv``); policy (of an effect
that does not have the policy's name); doc (one line that defines it).
"""

CHOICE = "choice"
DRAWN = ("uncertainty", CHOICE)
"""Roles of the parameters that studies draw."""

_ROWS: list[dict[str, Any]] = list(csv.DictReader(PARAMETERS.read_text(encoding="utf-8").splitlines()))


class Section(BaseModel):
    """A frozen group of parameters that refuses unknown names, infinities and NaN."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=False)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Declare the fields by their rows of the table, which pydantic then reads."""
        super().__init_subclass__(**kwargs)
        for row in _ROWS:
            if row["section"] == cls.__name__:
                low, high = (json.loads(row[end] or "null") for end in ("low", "high"))
                setattr(cls, row["name"], Field(ge=low, le=high, description=row["doc"], json_schema_extra=row))

    @field_validator("*", mode="before")
    @classmethod
    def _as_typed(cls, value: Any, about: ValidationInfo) -> Any:
        """Refuse a value that pydantic would convert to another type: true to a number, a number to a date."""
        if isinstance(value, int | float):
            kinds = _kinds(cls, about.field_name or "")
            if isinstance(value, bool) and kinds & {int, float}:
                raise PydanticCustomError("number", "a number is needed")
            if date in kinds:
                raise PydanticCustomError("date", "a date is needed")
        return value

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        """Return the first few plain values for display; ``model_dump()`` returns all."""
        plain = [(name, value) for name, value in self if isinstance(value, int | float | str | date)]
        more = len(type(self).model_fields) - len(plain[:4])
        return [*plain[:4], *([("more", more)] if more else [])]


@cache
def _kinds(section: type[Section], name: str) -> set[Any]:
    """Return the types that a field may have."""
    kind = section.model_fields[name].annotation
    return {kind, *get_args(kind)}


def derived[T](function: Callable[[Any], T]) -> T:
    """Declare a number that follows from parameters and that rules read like one."""
    return cast("T", computed_field(property(function)))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table of parameters."""

    name: str
    unit: str
    low: str
    high: str
    plausible: str
    role: str
    grade: str
    source: str
    doc: str


def bounds(info: FieldInfo) -> tuple[float | None, float | None]:
    """Return the smallest and largest allowed value of a parameter, or of the items of its list or mapping."""
    metadata = list(info.metadata)
    for inner in get_args(info.annotation):
        for item in getattr(inner, "__metadata__", ()):
            metadata.extend(getattr(item, "metadata", (item,)))
    low = [item.ge for item in metadata if hasattr(item, "ge")]
    high = [item.le for item in metadata if hasattr(item, "le")]
    return (low[0] if low else None, high[0] if high else None)


def table(section: type[Section], prefix: str = "") -> Iterator[Row]:
    """Yield every parameter below a section in order of declaration; ``*`` replaces a name that the user chooses."""
    for name, info in section.model_fields.items():
        path, inner = f"{prefix}{name}", section_of(info.annotation)
        if inner is not None:
            star = ".*" if get_origin(info.annotation) in (dict, tuple) else ""
            yield from table(inner, f"{path}{star}.")
        else:
            low, high = ("" if bound is None else f"{bound:.10g}" for bound in bounds(info))
            about = {key: row_of(info)[key] for key in ("unit", "plausible", "role", "grade", "source", "doc")}
            yield Row(name=path, low=low, high=high, **about)


def row_of(info: FieldInfo) -> dict[str, Any]:
    """Return the row of the table that declares a field."""
    return cast("dict[str, Any]", info.json_schema_extra)


def section_of(kind: Any) -> type[Section] | None:
    """Return the section type of a field, alone or in a mapping or tuple; None if it has none."""
    for candidate in (kind, *get_args(kind)):
        if isinstance(candidate, type) and issubclass(candidate, Section):
            return candidate
    return None


@cache  # one layout object: Numba would compare another one field by field at every call (10 us instead of 0.3)
def layout(section: type[Section]) -> "np.dtype[np.void]":
    """Return the nested NumPy layout of a section's numbers; texts, dates and mappings are read at initialisation."""
    import numpy as np  # imported late, so that an invalid configuration is reported at once

    fields: list[Any] = []
    kinds = {name: info.annotation for name, info in section.model_fields.items()}
    kinds |= {name: info.return_type for name, info in section.model_computed_fields.items()}
    for name, kind in kinds.items():
        inner = section_of(kind)
        if inner is not None and get_origin(kind) is not dict:
            fields.append((name, layout(inner), (MAX_RAILS,) if get_origin(kind) is tuple else ()))
        elif kind in (float, float | None):
            fields.append((name, "f8"))
        elif kind in (int, bool) or (isinstance(kind, type) and issubclass(kind, IntEnum)):
            fields.append((name, "i8"))
        elif get_origin(kind) is tuple and float in get_args(get_args(kind)[0]):
            fields.append((name, "f8", (max(MAX_RAILS, MAX_THEATRES),)))
    return np.dtype(fields, align=True)


def fill(record: "NDArray[Any]", section: Section) -> None:
    """Write a section's numbers into a record of its layout; a missing number (None) is infinity."""
    for name in record.dtype.names or ():
        value, place = getattr(section, name), record[name]
        if isinstance(value, Section):
            fill(place, value)
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                if isinstance(item, Section):
                    fill(place[index, ...], item)
                else:
                    place[index] = item
        else:
            record[name] = math.inf if value is None else value


def record_of(section: Section) -> "NDArray[np.void]":
    """Return the section as an array of one record, which rules read under the same names."""
    import numpy as np

    rows = np.zeros(1, dtype=layout(type(section)))
    fill(rows.reshape(()), section)
    return rows
