"""Agents for Mesa: views of the rows on which rules work, and the changes that users may make to them.

A change that would have no effect, or would corrupt the books, is refused with a hint to what achieves it.
"""

import csv
from enum import IntEnum
from pathlib import Path
from typing import Any, ClassVar, NoReturn, Self

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.engine.constants import EXCITATION_WEEKS, MAX_RAILS, AgencyKind, IntermediaryState
from sim.engine.records import ArrayView, Record, Rows
from sim.rules import world
from sim.rules.intermediaries import close


class ValidatedView(ArrayView):
    """A view of an array field of an agent that validates every value before it is written."""

    __slots__ = ("agent", "name")

    def __init__(self, array: NDArray[Any], agent: "AgentRecord", name: str) -> None:
        super().__init__(array)
        self.agent = agent
        self.name = name

    def __setitem__(self, index: int, value: float) -> None:
        if self.array[index] != value:
            self.agent.validate(self.name, value, index)
        super().__setitem__(index, value)


_TABLE = Path(__file__).with_name("not_settable.csv").read_text(encoding="utf-8")
_REASONS = {(row["agent"], row["field"]): row["reason"] for row in csv.DictReader(_TABLE.splitlines())}
"""Fields that users cannot set, by type of agent, with the reason and a hint."""


class _Columns(set[str]):
    """The data sets of an agent type in Mesa; it refuses any, because the fields are columns of an array already."""

    def add(self, name: str) -> NoReturn:
        raise TypeError("the fields of these agents are columns of an array already, such as model.donors['literacy']")


class AgentRecord(Record, mesa.Agent[Any]):
    """A record that is also a Mesa agent, for agent sets and data collectors.

    An agent is a view of a row of its population. A change that would have no effect, or would corrupt the books, is
    refused with a hint. The views through which rules in plain Python write have no model and are not validated.
    """

    current_action = None  # of Mesa 4: these agents act in the phases of a week, so no action begins
    _shown: ClassVar[tuple[str, ...]] = ()  # fields in the repr
    _in_words: ClassVar[dict[str, type[IntEnum]]] = {}  # fields in the repr as words
    _more: ClassVar[str] = ""  # hint how to get more agents of this type
    _fewer: ClassVar[str] = ""  # hint how to remove or silence one
    _signed: ClassVar[tuple[str, ...]] = ()  # fields that may be negative
    _by_rail: ClassVar[tuple[str, ...]] = ()  # fields with one element for each possible rail

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._datasets = _Columns()

    def __init__(self, *_: Any, **__: Any) -> None:
        raise TypeError(f"{type(self).__name__}: agents cannot be added to a run; {self._more}")

    @classmethod
    def at(cls, model: Any, rows: Rows, row: int, unique_id: int) -> Self:
        """Return the agent at a row of a model's population."""
        agent = object.__new__(cls)
        agent.__dict__.update(_rows=rows, _row=row, model=model, unique_id=unique_id, pos=None)
        return agent

    def __reduce__(self) -> tuple[Any, ...]:
        own = dict(self.__dict__)
        arguments = tuple(own.pop(name) for name in ("model", "_rows", "_row", "unique_id"))
        return type(self).at, arguments, own

    @property
    def name(self) -> str:
        """The name in tables and in the configuration."""
        return str(self._row)

    def step(self) -> NoReturn:
        """Refuse: all agents act in the phases of a week."""
        raise TypeError(f"{type(self).__name__}: these agents have no step of their own, they act in model.step()")

    advance = step

    def apply_removal(self, week: int) -> None:
        """Apply the effect of the agent's removal from a week on; types that cannot be removed refuse."""
        raise TypeError(f"{type(self).__name__} {self.name} cannot be removed; {self._fewer}")

    def reason_not_settable(self, name: str) -> str:
        """Return why users cannot set a field, with a hint; empty if they can."""
        return _REASONS.get((type(self).__name__, name), "")

    def validate(self, name: str, value: Any, index: int | slice = slice(None)) -> None:
        """Refuse a value that users cannot assign to a field, or to one element of it.

        Raises:
            AttributeError: if the field cannot be set, or the run has ended.
            IndexError: if the rail does not exist.
            ValueError: if the value is not finite, or negative where it must not be.
            OverflowError: if an integer field cannot hold the value.
            TypeError: if an integer field is given a fraction.
        """
        what = f"{type(self).__name__}.{name}"
        if reason := self.reason_not_settable(name):
            raise AttributeError(f"{what} cannot be set: {reason}")
        weeks, rails = self.model.simulated, len(self.model.config.rails)
        if weeks == len(self.model.book):
            raise AttributeError(f"{what}: the run has ended after {weeks} weeks, a change has no effect")
        if name in self._by_rail:
            before = self._rows[name][self._row]
            after = before.copy()
            after[index] = value
            if (after != before).reshape(-1, MAX_RAILS)[:, rails:].any():
                raise IndexError(f"{what}: there are {rails} rails")
        numbers, kind = np.asarray(value, dtype=np.float64), self._rows.dtype[name].base
        if not np.isfinite(numbers).all():
            raise ValueError(f"{what} = {value}: must be finite")
        if name not in self._signed and (numbers < 0).any():
            raise ValueError(f"{what} = {value}: must not be below zero")
        if np.issubdtype(kind, np.integer):
            limits = np.iinfo(kind)
            if (numbers > limits.max).any() or (numbers < limits.min).any():
                raise OverflowError(f"{what} = {value}: at most {limits.max}")
            if (numbers != np.floor(numbers)).any():
                raise TypeError(f"{what} = {value}: must be a whole number")
        self.model.modified = True

    def value_of(self, name: str) -> Any:
        """Return the content of a field; for an array field, a view that validates what is written."""
        value = super().value_of(name)
        return ValidatedView(value.array, self, name) if type(value) is ArrayView else value

    def __setattr__(self, name: str, value: Any) -> None:
        if "model" in self.__dict__:
            if name in self.fields:
                if not np.array_equal(self._rows[name][self._row], value):
                    self.validate(name, value)
            elif name in ("model", "unique_id", "_rows", "_row"):
                raise AttributeError(f"{type(self).__name__}.{name} identifies the agent and cannot change")
            elif reason := self.reason_not_settable(name):
                raise AttributeError(f"{type(self).__name__}.{name} cannot be set: {reason}")
        super().__setattr__(name, value)

    def __repr__(self) -> str:
        if "model" not in self.__dict__:
            return super().__repr__()
        words = [kind(getattr(self, name)).name.lower() for name, kind in self._in_words.items()]
        numbers = [f"{name}={np.sum(np.asarray(getattr(self, name))):.4g}" for name in self._shown]
        return f"{type(self).__name__}({', '.join([self.name, *words, *numbers])})"


class Donor(AgentRecord, world.Donor):
    """A donor as a Mesa agent."""

    _shown = ("rate", "literacy", "given", "arrested")
    _more = "population.donors sets their number"
    _fewer = "population.donors sets their number; arrested = 1 ends its giving; the policy is donor_prosecution"

    @property
    def name(self) -> str:
        """The identity."""
        return str(self.identity)

    @property
    def attempts(self) -> int:
        """Attempts so far, by the calendar."""
        return int(self.model.attempts()[self._row])

    def validate(self, name: str, value: Any, index: int | slice = slice(None)) -> None:
        """Refuse a value that users cannot assign to a field; an arrest is permanent."""
        super().validate(name, value, index)
        if name == "arrested" and value != 1:
            raise ValueError(f"Donor.arrested = {value}: an arrest is permanent; only 1 can be set")


class Intermediary(AgentRecord, world.Intermediary):
    """An intermediary as a Mesa agent; removing it closes it."""

    _shown = ("share", "strictness", "fee")
    _in_words: ClassVar[dict[str, type[IntEnum]]] = {"state": IntermediaryState}
    _more = "intermediaries.KIND.count sets their number, such as intermediaries.exchange.count"
    _by_rail = ("offers",)

    @property
    def name(self) -> str:
        """The kind and number, such as exchange_2."""
        return str(self.model.intermediary_names[self._row])

    def apply_removal(self, week: int) -> None:
        """Close the intermediary, with the same effect as a shock of type closure."""
        if self.state == IntermediaryState.OPEN:
            close(self._rows, self._row)


class Cell(AgentRecord, world.Cell):
    """A cell of the group as a Mesa agent; the first is the treasury."""

    _shown = ("fighters", "funds", "capacity")
    _more = "group.cells lists them; write a file of your own for conf/group"
    _fewer = "group.cells lists them; fighters = 0 ends its attacks; the policy is kinetic_pressure"
    _by_rail = ("funds",)
    _signed = ("extortion", "past", "history")

    @property
    def name(self) -> str:
        """The name in the configuration."""
        return str(list(self.model.config.group.cells)[self._row])

    def reason_not_settable(self, name: str) -> str:
        """Return why users cannot set a field: some belong to the treasury alone, and most to the other cells alone."""
        if self._row == 0 and name not in ("funds", *_OF_THE_TREASURY):
            reason = super().reason_not_settable(name)
            return reason or "the treasury holds money, and neither fights nor spends on operations"
        if self._row > 0 and name in _OF_THE_TREASURY:
            return "only the treasury (the first cell) uses it"
        if name == "past" and self.history[EXCITATION_WEEKS - 1] >= 0:
            return "the run no longer uses it; set history"
        return super().reason_not_settable(name)


_OF_THE_TREASURY = ("income", "extortion", "gifts_long", "gifts_short")


class Agency(AgentRecord, world.Agency):
    """An enforcement agency as a Mesa agent."""

    _shown = ("staff", "backlog", "cases")
    _more = "there are six, one of each kind; own_staff or staff_weeks of a policy enlarges one"
    _fewer = "there are six, one of each kind; enforcement.staff.NAME=0 or own_staff = 0 removes its staff"
    _by_rail = ("effort", "evidence")

    @property
    def name(self) -> str:
        """The kind, such as chain_analyst."""
        return AgencyKind(self._row).name.lower()

    def reason_not_settable(self, name: str) -> str:
        """Return why users cannot set a field: each agency uses some of them."""
        users = _USERS.get(name)
        if users and self._row not in users:
            names = " and ".join(one.name.lower() for one in users)
            return f"it has no effect here; only {names} {'uses' if len(users) == 1 else 'use'} it"
        return super().reason_not_settable(name)

    def __setattr__(self, name: str, value: Any) -> None:
        before = self._rows["own_staff"][self._row] if name == "own_staff" else 0.0
        super().__setattr__(name, value)
        if name == "own_staff":
            self._rows["staff"][self._row] += value - before


_USERS = {
    "own_staff": (AgencyKind.FIU, AgencyKind.CHAIN_ANALYST, AgencyKind.REGULATOR, AgencyKind.PROSECUTOR),
    "backlog": (AgencyKind.FIU,),
    "budget": (AgencyKind.PROSECUTOR,),
    "effort": (AgencyKind.FIU, AgencyKind.CHAIN_ANALYST),
    "evidence": (AgencyKind.FIU, AgencyKind.CHAIN_ANALYST),
}
"""Fields that only some agencies use, with these agencies."""


class Appeal(AgentRecord, world.Appeal):
    """An appeal as a Mesa agent."""

    _shown = ("share", "visible")
    _more = "appeal=[...] chooses them; write a file of your own for conf/appeal"
    _fewer = "appeal=[...] chooses them; share = 0 silences it; the policy is channel_takedown"
    _by_rail = ("accepts", "yields", "arriving")
    _signed = ("opens", "back", "asked")

    @property
    def name(self) -> str:
        """The name in the configuration."""
        return str(self.model.config.appeals[self._row].name)

    def reason_not_settable(self, name: str) -> str:
        """Return why users cannot set a field: some affect public campaigns alone."""
        if name in ("audience", "back") and not self.public:
            return "a network appeal has no channel that could be taken down"
        if name == "yields" and self.model.config.adaptive_appeal != self._row:
            return "this appeal does not change rails: adaptation.mode, adaptation.appeal"
        return super().reason_not_settable(name)
