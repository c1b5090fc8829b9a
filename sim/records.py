"""Records: one class declares the fields of an agent once, for NumPy, for the type checker and for Mesa.

``class Donor(AgentRecord): rate: F8`` gives the NumPy layout of a population (``Donor.dtype``), the static type of a
rule's argument, and a view of one row with the same attributes. A population is an array of such rows.
"""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, NoReturn, Protocol, Self, cast, get_args, get_type_hints, overload

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.compiling import PLAIN
from sim.constants import MAX_DELAY, MAX_RAILS, MAX_THEATRES
from sim.scenario.judging import nearest

type F8 = Annotated[float, "f8"]
type I8 = Annotated[int, "i8"]
type I4 = Annotated[int, "i4"]
type I1 = Annotated[int, "i1"]

type Rows = NDArray[np.void]
"""A population: an array of records."""


class Floats(Protocol):
    """An array field of floats."""

    def __getitem__(self, index: int, /) -> float: ...
    def __setitem__(self, index: int, value: float, /) -> None: ...
    def __len__(self) -> int: ...


class Ints(Protocol):
    """An array field of integers."""

    def __getitem__(self, index: int, /) -> int: ...
    def __setitem__(self, index: int, value: int, /) -> None: ...
    def __len__(self) -> int: ...


FloatsByRail = Annotated[Floats, ("f8", MAX_RAILS)]
WeeksByRail = Annotated[Ints, ("i4", MAX_RAILS)]
CountsByRail = Annotated[Ints, ("i8", MAX_RAILS)]
CentsByRail = Annotated[Ints, ("i8", MAX_RAILS)]
FlagsByRail = Annotated[Ints, ("i1", MAX_RAILS)]
FloatsByTheatre = Annotated[Floats, ("f8", MAX_THEATRES)]
CountsByTheatre = Annotated[Ints, ("i8", MAX_THEATRES)]
CentsByArrival = Annotated[Ints, ("i8", MAX_DELAY)]
CentsByArrivalAndRail = Annotated[Ints, ("i8", MAX_DELAY * MAX_RAILS)]


class Records[A](Protocol):
    """A population as a rule sees it: its length and its rows."""

    def __getitem__(self, row: int, /) -> A: ...
    def __len__(self) -> int: ...


class Values:
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


class Checked(Values):
    """The same for a field of an agent: what is written by hand is judged first."""

    __slots__ = ("agent", "name")

    def __init__(self, array: NDArray[Any], agent: "AgentRecord", name: str) -> None:
        super().__init__(array)
        self.agent = agent
        self.name = name

    def __setitem__(self, index: int, value: float) -> None:
        if self.array[index] != value:
            self.agent.judge(self.name, value, index)
        super().__setitem__(index, value)


def look(value: Any) -> Any:
    """What a field holds, as plain Python sees it: a number, a live array of numbers, or a view of records."""
    if isinstance(value, np.void):
        return Plain(value)
    if isinstance(value, np.ndarray):
        if value.dtype.names:
            return PlainRows(value)
        return Values(value)
    return value.item()


class Plain:
    """One nested record (parameters) in the uncompiled run."""

    __slots__ = ("_record",)

    def __init__(self, record: np.void) -> None:
        object.__setattr__(self, "_record", record)

    def __getattr__(self, name: str) -> Any:
        try:
            return look(self._record[name])
        except (ValueError, KeyError):
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{name}: parameters are not written by rules")


class PlainRows:
    """An array of nested records in the uncompiled run."""

    __slots__ = ("_rows",)

    def __init__(self, rows: NDArray[Any]) -> None:
        self._rows = rows

    def __getitem__(self, index: int) -> Plain:
        if index < 0:
            raise IndexError(index)
        return Plain(self._rows[index])

    def __len__(self) -> int:
        return len(self._rows)


class Field:
    """The descriptor of one declared field: reads and writes the row that a view stands for."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: "Record", owner: type) -> Any: ...
    def __get__(self, view: "Record | None", owner: type) -> Any:
        if view is None:
            return self
        value = look(view._rows[self.name][view._row])
        if type(value) is Values and "model" in view.__dict__:
            return Checked(value.array, cast("AgentRecord", view), self.name)
        return value

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
        own = [name for name in cls.__annotations__ if not name.startswith("_")]
        hints = get_type_hints(cls, include_extras=True)
        layout = [(name, *_layout(hints[name])) for name in own]
        cls.fields = tuple(own)
        cls.dtype = np.dtype(layout, align=True)
        for name in own:
            setattr(cls, name, Field(name))

    def __init__(self, rows: Rows, row: int) -> None:
        object.__setattr__(self, "_rows", rows)
        object.__setattr__(self, "_row", row)

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self.fields and name not in _MESA_NAMES:
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


_MESA_NAMES = frozenset({"model", "unique_id", "pos", "_rows", "_row"})


class _Columns(set[str]):
    """The data sets of a kind of agents in Mesa that put its fields into an array: none, they are in one already."""

    def add(self, name: str) -> NoReturn:
        raise TypeError("the fields of these agents are columns of an array already, such as model.donors['literacy']")


class AgentRecord(Record, mesa.Agent[Any]):
    """A record that is a Mesa agent as well: seen by agent sets and data collectors.

    An agent is a view of a row of its population. What its fields can do, they do; what would have no effect, or would
    leave the books wrong, is refused with what does it instead. The views through which rules write where they run as
    plain Python know no model, and are not judged.
    """

    _shown: ClassVar[tuple[str, ...]] = ()  # fields by which a person knows it
    _more: ClassVar[str] = ""  # what makes more of them
    _fewer: ClassVar[str] = ""  # what takes one away
    _fixed: ClassVar[dict[str, str]] = {}  # fields that a hand does not set, and what sets them
    _signed: ClassVar[tuple[str, ...]] = ()  # fields that may be below zero
    _by_rail: ClassVar[tuple[str, ...]] = ()  # fields with a place for each rail that there may be

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._datasets = _Columns()

    def __init__(self, *_: Any, **__: Any) -> None:
        raise TypeError(f"{type(self).__name__}: none is added by hand; {self._more}")

    @classmethod
    def at(cls, model: Any, rows: Rows, row: int, unique_id: int) -> Self:
        """The agent that a row of a model's population is."""
        agent = object.__new__(cls)
        agent.__dict__.update(_rows=rows, _row=row, model=model, unique_id=unique_id, pos=None)
        return agent

    def __reduce__(self) -> tuple[Any, ...]:
        own = dict(self.__dict__)
        made_of = tuple(own.pop(name) for name in ("model", "_rows", "_row", "unique_id"))
        return type(self).at, made_of, own

    @property
    def name(self) -> str:
        """What it is called in tables and in the configuration."""
        return str(self._row)

    def step(self) -> NoReturn:
        """Refused: agents act in the phases of a week, all at once."""
        raise TypeError(f"a {type(self).__name__} has no step of its own: it acts in the phases of model.step()")

    advance = step

    def leave(self, week: int) -> None:
        """What removing it from the model does, from a week on: refused where nothing does that."""
        raise TypeError(f"{type(self).__name__} {self.name} cannot be removed; {self._fewer}")

    def not_by_hand(self, name: str) -> str:
        """Why a field is not set by hand, and what sets it; empty if a hand may set it."""
        return self._fixed.get(name, "")

    def judge(self, name: str, value: Any, index: int | slice = slice(None)) -> None:
        """Refuse a value that a hand cannot give to a field, or to one element of it.

        Raises:
            AttributeError: if the field is not set by hand, or the run has ended.
            IndexError: if there is no such rail.
            ValueError: if no rule can take the value.
        """
        what = f"{type(self).__name__}.{name}"
        if reason := self.not_by_hand(name):
            raise AttributeError(f"{what} is not set by hand; {reason}")
        if self.model.lived == len(self.model.book):
            raise AttributeError(f"{what}: nothing follows, the run has ended after {self.model.lived} weeks")
        if name in self._by_rail:
            after, rails = self._rows[name][self._row].copy(), len(self.model.config.rails)
            after[index] = value
            if (after != self._rows[name][self._row]).reshape(-1, MAX_RAILS)[:, rails:].any():
                raise IndexError(f"{what}: there are {rails} rails")
        numbers, kind = np.asarray(value, dtype=np.float64), self._rows.dtype[name].base
        if not np.isfinite(numbers).all():
            raise ValueError(f"{what} = {value}: must be finite")
        if name not in self._signed and (numbers < 0).any():
            raise ValueError(f"{what} = {value}: must not be below zero")
        if np.issubdtype(kind, np.integer):
            if (numbers > np.iinfo(kind).max).any() or (numbers < np.iinfo(kind).min).any():
                raise OverflowError(f"{what} = {value}: at most {np.iinfo(kind).max}")
            if (numbers != np.floor(numbers)).any():
                raise TypeError(f"{what} = {value}: must be a whole number")
        self.model.touched = True

    def __setattr__(self, name: str, value: Any) -> None:
        if "model" in self.__dict__:
            if name in self.fields:
                if not np.array_equal(self._rows[name][self._row], value):
                    self.judge(name, value)
            elif name in _MESA_NAMES and name != "pos":
                raise AttributeError(f"{type(self).__name__}.{name} says which agent this is; it does not change")
        super().__setattr__(name, value)

    def __repr__(self) -> str:
        if "model" not in self.__dict__:
            return super().__repr__()
        numbers = [f"{name}={np.sum(np.asarray(getattr(self, name))):.4g}" for name in self._shown]
        return f"{type(self).__name__}({', '.join([self.name, *self.in_words(), *numbers])})"

    def in_words(self) -> tuple[str, ...]:
        """What a person wants to know of it besides numbers."""
        return ()


def _layout(annotation: Any) -> tuple[Any, ...]:
    """NumPy type (and shape) that an annotation declares."""
    annotation = getattr(annotation, "__value__", annotation)
    declared = get_args(annotation)[1]
    return declared if isinstance(declared, tuple) else (declared,)


def empty[R: Record](kind: type[R], rows: int) -> Rows:
    """A population of zeroed rows."""
    return np.zeros(rows, dtype=kind.dtype)


class Views[R: Record]:
    """A population in the uncompiled run: rows are views, with bounds checked."""

    __slots__ = ("_kind", "_rows")

    def __init__(self, kind: type[R], rows: Rows) -> None:
        self._kind = kind
        self._rows = rows

    def __getitem__(self, row: int) -> R:
        if not 0 <= row < len(self._rows):
            raise IndexError(f"{self._kind.__name__} {row}")
        view = object.__new__(self._kind)
        Record.__init__(view, self._rows, row)
        return view

    def __len__(self) -> int:
        return len(self._rows)


def seen_by_rules[R: Record](kind: type[R] | None, rows: Any) -> Any:
    """The same population as compiled rules or as plain Python take it."""
    if not PLAIN:
        return rows
    if kind is not None:
        return Views(kind, rows)
    return look(rows)
