"""Agent sets for Mesa: the registered agents of a model, and its donors, whose views are created on demand.

The model's own sets refuse additions and removals, because these would have no effect on the run. Copies and
selections are ordinary sets.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, MutableSet
from random import Random
from typing import Any, Literal, NoReturn, Self, overload

import numpy as np
import pandas as pd
from mesa.agentset import AbstractAgentSet, AgentSet, GroupBy, _HardKeyAgentSet
from numpy.typing import NDArray

from sim.engine.records import Rows
from sim.engine.text import nearest
from sim.model.agents import AgentRecord, Donor
from sim.model.tables import dataframe_of, table_of


def _refuse(agent: Any) -> NoReturn:
    kind = type(agent).__name__
    raise TypeError(f"the model's own set of agents cannot be changed; use {kind}.remove(), or a copy() of the set")


class Agents(AgentSet[Any]):
    """Agents that a user has selected."""

    def to_dataframe(self) -> pd.DataFrame:
        """Return one row an agent, with names for codes: `sim.model.tables.dataframe_of`."""
        return dataframe_of(self)


class RegisteredAgents(_HardKeyAgentSet[Any]):
    """The registered agents of a model, of all types or of one; a user's agents may be added and removed."""

    def to_dataframe(self) -> pd.DataFrame:
        """Return one row an agent, with names for codes: `sim.model.tables.dataframe_of`."""
        return dataframe_of(self)

    def select(self, *args: Any, **kwargs: Any) -> Any:
        """Return the agents for which a function is true, as Mesa's sets do."""
        found = super().select(*args, **kwargs)
        return found if found is self else Agents(found, self.random)

    def copy(self) -> Agents:
        """Return a copy of the set; the model does not change."""
        return Agents(self, self.random)

    def add(self, agent: Any) -> None:
        """Add a user's agent."""
        if isinstance(agent, AgentRecord) and agent not in self:
            _refuse(agent)
        super().add(agent)

    def discard(self, agent: Any) -> None:
        """Remove a user's agent, if the set contains it."""
        if agent in self:
            self.remove(agent)

    def remove(self, agent: Any) -> None:
        """Remove a user's agent."""
        if isinstance(agent, AgentRecord) and agent in self:
            _refuse(agent)
        super().remove(agent)

    def unregister(self, agent: AgentRecord) -> None:
        """Remove an agent that has left the model."""
        self._agents.pop(agent, None)

    def _update(self, agents: Iterable[Any]) -> "RegisteredAgents":
        remaining = dict.fromkeys(agents)
        for agent in self._agents.keys() - remaining.keys():
            if isinstance(agent, AgentRecord):
                _refuse(agent)
        self._agents = remaining
        return self

    def _from_iterable(self, agents: Iterable[Any]) -> AgentSet[Any]:  # type: ignore[override]  # knows the generator
        return AgentSet(agents, self.random)

    def __getstate__(self) -> tuple[list[Any], Random]:
        return list(self._agents), self.random

    def __setstate__(self, state: tuple[list[Any], Random]) -> None:
        self._agents, self.random = dict.fromkeys(state[0]), state[1]

    def __repr__(self) -> str:
        kinds = Counter(type(agent).__name__ for agent in self)
        return f"{len(self)} agents: {', '.join(f'{many} {kind}' for kind, many in kinds.items())}"


class DonorSet(AbstractAgentSet[Donor]):
    """All donors, or some: an ordered set of row numbers with Mesa's agent-set interface.

    ``select``, ``groupby``, ``sort`` and ``shuffle`` return sets of row numbers too, because Mesa's sets would lose the
    views, to which they hold weak references. Rows are never added or removed.
    """

    def __init__(self, model: Any, chosen: NDArray[np.intp], whole: bool = False) -> None:
        self.model = model
        self.random = model.random
        self.rows: Rows = model.donors
        self.whole = whole  # the model's own set
        self.chosen = chosen

    def __len__(self) -> int:
        return len(self.chosen)

    @overload
    def __getitem__(self, position: int) -> Donor: ...
    @overload
    def __getitem__(self, position: slice) -> list[Donor]: ...
    def __getitem__(self, position: int | slice) -> Donor | list[Donor]:
        if isinstance(position, slice):
            return [self[one] for one in range(*position.indices(len(self)))]
        row = int(self.chosen[position])
        return Donor.at(self.model, self.rows, row, self.model.first_donor_id + int(self.rows["identity"][row]))

    def __repr__(self) -> str:
        return f"DonorSet({len(self):,} of {len(self.rows):,} donors)"

    def __iter__(self) -> Iterator[Donor]:
        return (self[position] for position in range(len(self)))

    def __contains__(self, agent: object) -> bool:
        return isinstance(agent, Donor) and agent._rows is self.rows and agent._row in self.chosen

    def _some(self, chosen: Any, inplace: bool = False) -> "DonorSet":
        chosen = np.asarray(chosen, dtype=np.intp)
        if not inplace:
            return DonorSet(self.model, chosen)
        if self.whole and len(np.unique(chosen)) < len(self.rows):
            _refuse(self[0])
        self.chosen = chosen
        return self

    def _update(self, agents: Iterable[Donor]) -> "DonorSet":
        return self._some([agent._row for agent in agents], inplace=True)

    def _from_iterable(self, agents: Iterable[Donor]) -> "DonorSet":  # type: ignore[override]  # knows the population
        return self._some([agent._row for agent in agents])

    def select(
        self,
        filter_func: Callable[[Donor], bool] | None = None,
        at_most: float = float("inf"),
        inplace: bool = False,
        agent_type: type[Donor] | None = None,
    ) -> "DonorSet":
        """Return the donors for which a function is true, at most a number of them, or (up to 1.0) a share."""
        rows = [agent._row for agent in self if filter_func is None or filter_func(agent)]
        if at_most != float("inf"):
            rows = rows[: int(at_most * len(self)) if at_most <= 1.0 and isinstance(at_most, float) else int(at_most)]
        return self._some(rows if agent_type in (None, Donor) else [], inplace)

    def get(
        self,
        attr_names: str | list[str],
        handle_missing: Literal["error", "default"] = "error",
        default_value: Any = None,
    ) -> Any:
        """Return the values of one field, or of several for each donor, read from the columns."""
        if handle_missing not in ("error", "default"):
            raise ValueError(f"handle_missing={handle_missing}: allowed is error, default")
        names = [attr_names] if isinstance(attr_names, str) else attr_names
        columns, default = [], (default_value,) if handle_missing == "default" else ()
        for name in names:
            if name in Donor.fields:
                columns.append(self.rows[name][self.chosen].tolist())
            elif name == "attempts":
                columns.append(self.model.attempts()[self.chosen].tolist())
            else:
                columns.append([getattr(agent, name, *default) for agent in self])
        return columns[0] if isinstance(attr_names, str) else [list(row) for row in zip(*columns, strict=True)]

    def set(self, attr_name: str, value: Any) -> Self:  # type: ignore[override]  # Mesa names its own class
        """Set one field of every donor to the same value."""
        if attr_name not in Donor.fields:
            raise AttributeError(f"Donor has no field {attr_name}{nearest(attr_name, list(Donor.fields))}")
        if np.ndim(value):
            raise TypeError(f"{attr_name}: set takes one value for all; donors.do(function) can set each")
        if len(self):
            self[0].validate(attr_name, value)
            self.rows[attr_name][self.chosen] = value
        return self

    def groupby(
        self, by: Callable[[Donor], Any] | str, result_type: Literal["agentset", "list"] = "agentset"
    ) -> GroupBy:
        """Group donors by the value of a field or a function."""
        keys = self.get(by) if isinstance(by, str) else [by(agent) for agent in self]
        groups: dict[Any, list[int]] = {}
        for row, key in zip(self.chosen.tolist(), keys, strict=True):
            groups.setdefault(key, []).append(row)
        sets: dict[Any, Any] = {key: self._some(rows) for key, rows in groups.items()}
        return GroupBy(sets if result_type == "agentset" else {key: list(some) for key, some in sets.items()})

    def shuffle(self, inplace: bool = False) -> "DonorSet":
        """Return the same donors in random order, drawn from the model's generator."""
        return self._some(self.model.rng.permutation(self.chosen), inplace)

    def sort(self, key: Callable[[Donor], Any] | str, ascending: bool = False, inplace: bool = False) -> "DonorSet":
        """Return the same donors in the order of a field or a function."""
        keys = self.get(key) if isinstance(key, str) else [key(agent) for agent in self]
        order = sorted(range(len(self)), key=keys.__getitem__, reverse=not ascending)
        return self._some(self.chosen[order], inplace)

    def do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> "DonorSet":
        """Call a method, or a function, on every donor."""
        self.map(method, *args, **kwargs)
        return self

    def map(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Call a method, or a function, on every donor; return the results."""
        if isinstance(method, str):
            return [getattr(agent, method)(*args, **kwargs) for agent in self]
        return [method(agent, *args, **kwargs) for agent in self]

    def shuffle_do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> "DonorSet":
        """Call a method, or a function, on every donor in random order."""
        self.shuffle().do(method, *args, **kwargs)
        return self

    def to_dataframe(self) -> pd.DataFrame:
        """Return one row a donor, with names for codes: `sim.model.tables.table_of`."""
        rows, attempts = self.rows[self.chosen], self.model.attempts()[self.chosen]
        ids = self.model.first_donor_id + rows["identity"].astype(np.int64)
        return table_of("Donor", rows, ids, self.model.config, attempts=attempts)

    def to_list(self) -> list[Donor]:
        """Return all donors as views."""
        return list(self)

    def copy(self) -> "DonorSet":
        """Return a copy of the set; the population does not change."""
        return self._some(self.chosen.copy())

    def add(self, agent: Donor) -> None:
        """Add a donor of the same population to this set."""
        if agent._rows is not self.rows:
            raise ValueError("a donor of another population")
        if agent not in self:
            self.chosen = np.append(self.chosen, agent._row)

    def discard(self, agent: Donor) -> None:
        """Remove a donor from this set, if the set contains it."""
        if self.whole:
            _refuse(agent)
        self.chosen = self.chosen[self.chosen != agent._row]

    def remove(self, agent: Donor) -> None:
        """Remove a donor from this set; raise KeyError if the set does not contain it."""
        MutableSet.remove(self, agent)
