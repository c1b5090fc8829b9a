"""Declaration of parameters: each is declared once, with unit, range, source and grade.

Validation, ``--parameters``, the tables of the ODD and the record that compiled rules read are all derived from the
fields of the sections in ``sim/scenario/``. Values are in ``conf/`` alone: no parameter has a default in Python.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Literal, cast, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, computed_field, field_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from sim.engine.constants import MAX_RAILS, MAX_THEATRES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

type Role = Literal["uncertainty", "lever", "setting", "scenario"]
type Grade = Literal["A", "B", "B-", "C", "D", "M", "-"]


class Section(BaseModel):
    """A frozen group of parameters that refuses unknown names, infinities and NaN."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=False)

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
def _kinds(section: type[Section], name: str) -> frozenset[Any]:
    kind = section.model_fields[name].annotation
    return frozenset({kind, *get_args(kind)})


def parameter(
    unit: str,
    low: float | None,
    high: float | None,
    doc: str,
    source: str = "judgement",
    grade: Grade = "C",
    role: Role = "uncertainty",
    plausible: tuple[float, float] | None = None,
    policy: str = "",
) -> Any:
    """Declare a parameter.

    Args:
        unit: unit of measurement; empty for names and dates.
        low: smallest allowed value.
        high: largest allowed value.
        doc: one line that defines it.
        source: author and year, or ``facts:ID`` for a row of ``conf/facts.csv``.
        grade: strength of the evidence: A, B, C judgement, D derived, M from memory, - where none is needed.
        role: uncertainty (unknown quantity), lever (chosen by policy), setting (size, horizon, seed), or scenario
            (events and actors).
        plausible: range compatible with the evidence, for uncertainties; studies draw from it.
        policy: the policy of an effect, if the effect does not have the policy's name.
    """
    about: dict[str, Any] = {"unit": unit, "source": source, "grade": grade, "role": role}
    about |= {"plausible": plausible, "policy": policy}
    return Field(ge=low, le=high, description=doc, json_schema_extra=about)


share = partial(parameter, "share", 0, 1)
"""Declare a share, 0 to 1."""
chance = partial(parameter, "chance", 0, 1)
"""Declare a probability, 0 to 1."""
setting = partial(parameter, source="-", grade="-", role="setting")
"""Declare the size, the horizon or a seed of a run: no evidence is needed."""
lever = partial(parameter, source="-", grade="-", role="lever")
"""Declare what a policy chooses: no evidence is needed."""
attribute = partial(parameter, "", None, None, source="-", grade="-", role="scenario")
"""Declare a name, a kind, a date or a yes or no of an actor or event: no unit, no range."""


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
        path, kind = f"{prefix}{name}", info.annotation
        inner = section_of(kind)
        if inner is not None:
            star = ".*" if get_origin(kind) in (dict, tuple) else ""
            yield from table(inner, f"{path}{star}.")
        else:
            extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
            low, high = ("" if bound is None else f"{bound:.10g}" for bound in bounds(info))
            unit, role, grade, source = (str(extra.get(key, "")) for key in ("unit", "role", "grade", "source"))
            span: Any = extra.get("plausible")
            plausible = "" if span is None else f"{span[0]:.10g} to {span[1]:.10g}"
            yield Row(path, unit, low, high, plausible, role, grade, source, info.description or "")


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
    for name, info in section.model_fields.items():
        kind = info.annotation
        inner = section_of(kind)
        if inner is not None and get_origin(kind) is tuple:
            fields.append((name, layout(inner), (MAX_RAILS,)))
        elif inner is not None and get_origin(kind) is None:
            fields.append((name, layout(inner)))
        elif kind in (float, float | None):
            fields.append((name, "f8"))
        elif kind in (int, bool):
            fields.append((name, "i8"))
        elif get_origin(kind) is tuple and float in get_args(get_args(kind)[0]):
            fields.append((name, "f8", (MAX_THEATRES if "theatre" in (info.description or "") else MAX_RAILS,)))
    fields.extend((name, "i8") for name in section.model_computed_fields)
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
                    fill(place[index : index + 1].reshape(()), item)
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
