"""Records: one class declares the fields of an agent, for NumPy and for the type checker.

``class Donor(Record): rate: F8`` defines the NumPy layout of a population (``Donor.dtype``), the static type of a
rule's argument, and a view of one row with the same attributes. A population is an array of such rows.
"""

from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Protocol, cast, get_args, get_type_hints

import numpy as np
from numpy.typing import NDArray

from sim.engine.constants import F8 as F8
from sim.engine.constants import I1 as I1
from sim.engine.constants import I2 as I2
from sim.engine.constants import I4 as I4
from sim.engine.constants import I8 as I8
from sim.engine.constants import U2 as U2
from sim.engine.jit import PLAIN
from sim.engine.text import nearest

type Rows = NDArray[np.void]
"""A population: an array of records."""


class Numbers[N: (int, float)](Protocol):
    """An array field of a record."""

    def __getitem__(self, index: int, /) -> N: ...
    def __setitem__(self, index: int, value: N, /) -> None: ...
    def __len__(self) -> int: ...


class Records[A](Protocol):
    """A population as a rule uses it: its length and its rows."""

    def __getitem__(self, row: int, /) -> A: ...
    def __len__(self) -> int: ...


class ArrayView:
    """A live view of a numeric array field whose elements are Python numbers (NumPy scalars round differently)."""

    __slots__ = ("array",)

    def __init__(self, array: NDArray[Any]) -> None:
        self.array = array

    def __getitem__(self, index: int) -> Any:
        if index < 0:
            raise IndexError(index)
        return self.array[index].item()

    def __setitem__(self, index: int, value: float) -> None:
        if index < 0:
            raise IndexError(index)
        self.array[index] = value

    def __len__(self) -> int:
        return len(self.array)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.array.tolist())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.array, dtype=dtype)

    def __eq__(self, other: object) -> bool:
        return bool(self.array.tolist() == list(cast("Any", other)))

    def __hash__(self) -> int:
        return hash(self.array.tobytes())

    def __repr__(self) -> str:
        return repr(self.array.tolist())


def python_view(rows: Any, row: int) -> Any:
    """Return one row of a column as plain Python: a number, or a live view of numbers, of a record or of records."""
    if not rows.dtype.names:
        value = rows[row]
        return ArrayView(value) if isinstance(value, np.ndarray) else value.item()
    return RecordView(rows, row) if rows.ndim == 1 else PopulationView(RecordView, rows[row])


class RecordView:
    """A view of one record of parameters for rules in plain Python."""

    __slots__ = ("_row", "_rows")

    def __init__(self, rows: Rows, row: int) -> None:
        object.__setattr__(self, "_rows", rows)
        object.__setattr__(self, "_row", row)

    def __getattr__(self, name: str) -> Any:
        try:
            return python_view(self._rows[name], self._row)
        except (ValueError, KeyError):
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{name}: rules do not write parameters")


class PopulationView[R]:
    """A view of an array of records for rules in plain Python: rows are views, and indices are checked."""

    __slots__ = ("_kind", "_rows")

    def __init__(self, kind: Callable[[Rows, int], R], rows: Rows) -> None:
        self._kind = kind
        self._rows = rows

    def __getitem__(self, row: int) -> R:
        if not 0 <= row < len(self._rows):
            raise IndexError(row)
        return self._kind(self._rows, row)

    def __len__(self) -> int:
        return len(self._rows)


class Field:
    """The descriptor of one declared field: it reads and writes the row of a view."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, view: "Record | None", owner: type) -> Any:
        return self if view is None else view.value_of(self.name)

    def __set__(self, view: "Record", value: Any) -> None:
        column = view._rows[self.name]
        if column.ndim == 1 and np.issubdtype(column.dtype, np.integer):
            limits = np.iinfo(column.dtype)
            if not limits.min <= value <= limits.max:
                raise OverflowError(f"{self.name} = {value}")
            if value != int(value):
                raise TypeError(f"{self.name} = {value}: a whole number")
        column[view._row] = value


class Record:
    """Base of all records: a subclass's annotations are its fields, in order."""

    dtype: ClassVar[np.dtype[np.void]]
    fields: ClassVar[tuple[str, ...]]
    _rows: Rows
    _row: int

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        declare = [*(base for base in cls.__bases__ if not issubclass(base, Record)), cls]
        own = [name for one in declare for name in one.__annotations__ if not name.startswith("_")]
        if not own:
            return  # it inherits the fields of its base
        hints, layout = get_type_hints(cls, include_extras=True), []
        for name in own:
            declared = get_args(getattr(hints[name], "__value__", hints[name]))[1]  # "f8", or ("f8", length)
            layout.append((name, *declared) if isinstance(declared, tuple) else (name, declared))
            setattr(cls, name, Field(name))
        cls.fields = tuple(own)
        cls.dtype = np.dtype(layout, align=True)

    def __init__(self, rows: Rows, row: int) -> None:
        object.__setattr__(self, "_rows", rows)
        object.__setattr__(self, "_row", row)

    def value_of(self, name: str) -> Any:
        """Return the content of a field: a number, or a live view of numbers."""
        return python_view(self._rows[name], self._row)

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self.fields:
            raise AttributeError(f"{type(self).__name__} has no field {name}{nearest(name, list(self.fields))}")
        object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Record) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def _identity(self) -> tuple[str, int, int]:
        return type(self).__name__, self._row, id(self._rows)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{n}={getattr(self, n)!r}' for n in self.fields)})"


def empty[R: Record](kind: type[R], rows: int) -> Rows:
    """Return a population of rows filled with zeros."""
    return np.zeros(rows, dtype=kind.dtype)


def rule_view(rows: Any, kind: type[Record] | None = None) -> Any:
    """Return an array in the form that rules take: the array itself, or a bounds-checked view in plain Python.

    Args:
        rows: an array of records or of numbers.
        kind: type of a row; None for numbers and for parameters.
    """
    if not PLAIN or not isinstance(rows, np.ndarray):
        return rows
    return PopulationView(kind or RecordView, rows) if rows.dtype.names else ArrayView(rows)
