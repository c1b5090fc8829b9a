"""Agents as Mesa has them: views of the rows that rules work on, and what a hand may do to them.

What an agent's fields and methods can do, they do. What would have no effect, or would leave the books wrong, is
refused, with what does it instead.
"""

from typing import Any, ClassVar, NoReturn, Self

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.engine.constants import EXCITATION_WEEKS, MAX_RAILS, AgencyKind, IntermediaryState
from sim.engine.records import ArrayView, Record, Rows
from sim.rules import world
from sim.rules.intermediaries import close


class Checked(ArrayView):
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
        if self.model.simulated == len(self.model.book):
            raise AttributeError(f"{what}: nothing follows, the run has ended after {self.model.simulated} weeks")
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

    def value_of(self, name: str) -> Any:
        """Return what a field holds; what is written into an array is judged first."""
        value = super().value_of(name)
        return Checked(value.array, self, name) if type(value) is ArrayView else value

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


class Donor(AgentRecord, world.Donor):
    """A donor as a Mesa agent."""

    _shown = ("rate", "literacy", "given", "arrested")
    _more = "population.donors says how many there are"
    _fewer = "population.donors says how many there are; arrested = 1 ends its giving; the policy is donor_prosecution"
    _fixed: ClassVar[dict[str, str]] = {
        "rate": "its attempts are in the calendar from the start: giving.public_rate, giving.network_rate",
        "given": "it counts what the donor gave",
        "attempts": "it counts attempts, which are its luck",
        "deterred_until": "a donor pauses after a gift was blocked: inspiration.pause; arrested = 1 ends its giving",
        "community": "it is drawn at the start: theatres.NAME.donors, population.abroad",
    }

    def judge(self, name: str, value: Any, index: int | slice = slice(None)) -> None:
        """Refuse a value that a hand cannot give to a field; an arrest is for good."""
        super().judge(name, value, index)
        if name == "arrested" and value != 1:
            raise ValueError(f"Donor.arrested = {value}: an arrest is for good; only 1 can be set")


class Intermediary(AgentRecord, world.Intermediary):
    """An intermediary as a Mesa agent; removing it closes it."""

    _shown = ("share", "strictness", "fee")
    _more = "intermediaries.KIND.count says how many there are, such as intermediaries.exchange.count"
    _fixed: ClassVar[dict[str, str]] = {
        "key": "it is its luck, and hangs on its name",
        "kind": "intermediaries.KIND.count says how many there are of each",
        "compliant": "strictness is what counts; intermediaries.compliant is the share that are strict",
        "pool": "it is drawn every week from intermediaries.pool",
        "pool_jump": "it is drawn every week from intermediaries.pool_jump",
        "closed_week": "remove() closes it",
        "state": "remove() closes it; one that is closed does not open again",
    }
    _by_rail = ("offers",)

    @property
    def name(self) -> str:
        """Its kind and number, such as exchange_2."""
        return str(self.model.intermediary_names[self._row])

    def leave(self, week: int) -> None:
        """It closes: customers and lawful money go where they go after a shock of type closure."""
        if self.state == IntermediaryState.OPEN:
            close(self._rows, self._row, week)

    def in_words(self) -> tuple[str, ...]:
        """Whether it is open."""
        return (IntermediaryState(self.state).name.lower(),)


class Cell(AgentRecord, world.Cell):
    """A cell of the group as a Mesa agent; the first is the treasury."""

    _shown = ("fighters", "funds", "capacity")
    _more = "group.cells has them: write a file of your own for conf/group"
    _fewer = "group.cells has them; fighters = 0 ends its attacks; the policy is kinetic_pressure"
    _fixed: ClassVar[dict[str, str]] = {
        "key": "it is its luck, and hangs on its name",
        "kind": "group.cells.NAME.kind says what it does",
        "theatre": "group.cells.NAME.theatre says where it is",
        "core": "group.cells.NAME.core says whether it counts as core",
        "arrears": "it follows every week from pay: set funds or group.wage",
        "capacity": "it follows every week from fighters, money and know-how",
        "rate": "it follows every week from capacity and opportunity",
    }
    _by_rail = ("funds",)
    _signed = ("extortion", "past", "history")

    @property
    def name(self) -> str:
        """Its name in the configuration."""
        return str(list(self.model.config.group.cells)[self._row])

    def not_by_hand(self, name: str) -> str:
        """Why a field is not set by hand: some are the treasury's alone, and most are not the treasury's."""
        if self._row == 0 and name not in ("funds", *_OF_THE_TREASURY):
            return self._fixed.get(name) or "the treasury holds money, and neither fights nor spends on operations"
        if self._row > 0 and name in _OF_THE_TREASURY:
            return "the treasury alone has it: the first cell"
        if name == "past" and self.history[EXCITATION_WEEKS - 1] >= 0:
            return "the run has a history of its own by now: history"
        return super().not_by_hand(name)


_OF_THE_TREASURY = ("income", "extortion", "gifts_long", "gifts_short")


class Agency(AgentRecord, world.Agency):
    """An enforcement agency as a Mesa agent."""

    _shown = ("staff", "backlog", "cases")
    _more = "there are six, one of each kind; own_staff or staff_weeks of a policy makes one larger"
    _fewer = "there are six, one of each kind; enforcement.staff.NAME=0 or own_staff = 0 leaves it without staff"
    _fixed: ClassVar[dict[str, str]] = {
        "kind": "the row of an agency is its kind",
        "staff": "set own_staff; staff_weeks of a policy adds to it",
        "cases": "it counts cases",
        "custody": "frozen money waits there to be seized: enforcement.forfeiture",
    }
    _by_rail = ("effort", "evidence")

    @property
    def name(self) -> str:
        """Its kind, such as chain_analyst."""
        return AgencyKind(self._row).name.lower()

    def not_by_hand(self, name: str) -> str:
        """Why a field is not set by hand: each agency uses some of them."""
        users = _USERS.get(name)
        if users and self._row not in users:
            return f"it changes nothing here; of use to {', '.join(one.name.lower() for one in users)}"
        return super().not_by_hand(name)

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
"""Fields that not every agency uses, and those that do."""


class Appeal(AgentRecord, world.Appeal):
    """An appeal as a Mesa agent."""

    _shown = ("share", "visible")
    _more = "appeal=[...] chooses them: write a file of your own for conf/appeal"
    _fewer = "appeal=[...] chooses them; share = 0 silences it; the policy is channel_takedown"
    _fixed: ClassVar[dict[str, str]] = {
        "key": "it is its luck, and hangs on its name",
        "public": "appeals.NAME.public says what it is",
        "visible": "it follows every week from audience, opens and back",
        "met": "it counts donors of the week",
        "taken": "it counts donors of the week",
        "mode": "a shock of type switch does it",
        "moves_to": "a shock of type switch does it",
        "loses": "a shock of type switch does it",
        "looked_at": "it notes when a link led to the wallet",
    }
    _by_rail = ("accepts", "yields", "arriving")
    _signed = ("opens", "back", "asked")

    @property
    def name(self) -> str:
        """Its name in the configuration."""
        return str(self.model.config.appeals[self._row].name)

    def not_by_hand(self, name: str) -> str:
        """Why a field is not set by hand: some matter to public campaigns alone."""
        if name in ("audience", "back") and not self.public:
            return "a network appeal has no channel that could be taken down"
        if name == "yields" and self.model.config.adaptive_appeal != self._row:
            return "nobody weighs rails by it: adaptation.mode, adaptation.appeal"
        return super().not_by_hand(name)
