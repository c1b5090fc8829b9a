"""Donors as a Mesa agent set over rows of an array: views of donors are made on demand, so that ten million fit."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal, Self

import mesa
import numpy as np
from mesa.agentset import AbstractAgentSet, GroupBy
from numpy.typing import NDArray

from sim.engine.records import Record, Rows
from sim.rules.world import Donor


class DonorSet(AbstractAgentSet[Donor]):
    """All donors, or some: an ordered set of row numbers with Mesa's agent-set interface.

    ``select``, ``groupby``, ``sort`` and ``shuffle`` return sets of row numbers too (Mesa's own would hold the views
    weakly and lose them). Rows are never added or removed: a donor's identity is its row.
    """

    def __init__(self, model: mesa.Model[Any, Any], rows: Rows, chosen: NDArray[np.int64] | None = None) -> None:
        self.model = model
        self.random = model.random
        self.rows = rows
        self.chosen = np.arange(len(rows)) if chosen is None else chosen

    def __len__(self) -> int:
        return len(self.chosen)

    def __getitem__(self, position: int) -> Donor:
        row = int(self.chosen[position])
        view = object.__new__(Donor)
        Record.__init__(view, self.rows, row)
        view.model = self.model
        view.unique_id = self.model.first_donor_id + row  # type: ignore[attr-defined]  # set by our model
        view.pos = None
        return view

    def __iter__(self) -> Iterator[Donor]:
        return (self[position] for position in range(len(self)))

    def __contains__(self, agent: object) -> bool:
        return isinstance(agent, Donor) and agent._rows is self.rows and agent._row in self.chosen

    def _some(self, chosen: Any, inplace: bool = False) -> "DonorSet":
        chosen = np.asarray(chosen, dtype=np.int64)
        if inplace:
            self.chosen = chosen
            return self
        return DonorSet(self.model, self.rows, chosen)

    def _update(self, agents: Iterable[Donor]) -> "DonorSet":
        return self._some([agent._row for agent in agents], inplace=True)

    def select(
        self,
        filter_func: Callable[[Donor], bool] | None = None,
        at_most: float = float("inf"),
        inplace: bool = False,
        agent_type: type[Donor] | None = None,
    ) -> "DonorSet":
        """The donors for which a function is true, at most so many or (a share below 1) that share of them."""
        kept = [agent._row for agent in self if filter_func is None or filter_func(agent)]
        if at_most != float("inf"):
            kept = kept[: int(at_most * len(self)) if at_most <= 1.0 and isinstance(at_most, float) else int(at_most)]
        return self._some(kept if agent_type in (None, Donor) else [], inplace)

    def get(
        self,
        attr_names: str | list[str],
        handle_missing: Literal["error", "default"] = "error",
        default_value: Any = None,
    ) -> Any:
        """Values of one field, or of several for each donor, read from the columns at once."""
        names = [attr_names] if isinstance(attr_names, str) else attr_names
        columns = []
        for name in names:
            if name in Donor.fields:
                columns.append(self.rows[name][self.chosen].tolist())
            elif handle_missing == "default":
                columns.append([default_value] * len(self))
            else:
                columns.append([getattr(agent, name) for agent in self])
        return columns[0] if isinstance(attr_names, str) else [list(row) for row in zip(*columns, strict=True)]

    def set(self, attr_name: str, value: Any) -> Self:  # type: ignore[override]  # Mesa names its own class
        """Give one field of every donor the same value."""
        if attr_name not in Donor.fields:
            raise AttributeError(f"Donor has no field {attr_name}")
        self.rows[attr_name][self.chosen] = value
        return self

    def groupby(
        self, by: Callable[[Donor], Any] | str, result_type: Literal["agentset", "list"] = "agentset"
    ) -> GroupBy:
        """Donors by the value of a field or a function, as Mesa's own `GroupBy`."""
        keys = self.get(by) if isinstance(by, str) else [by(agent) for agent in self]
        groups: dict[Any, list[int]] = {}
        for row, key in zip(self.chosen.tolist(), keys, strict=True):
            groups.setdefault(key, []).append(row)
        sets: dict[Any, Any] = {key: self._some(rows) for key, rows in groups.items()}
        return GroupBy(sets if result_type == "agentset" else {key: list(some) for key, some in sets.items()})

    def shuffle(self, inplace: bool = False) -> "DonorSet":
        """The same donors in a random order of the model's own generator."""
        return self._some(self.model.rng.permutation(self.chosen), inplace)

    def sort(self, key: Callable[[Donor], Any] | str, ascending: bool = False, inplace: bool = False) -> "DonorSet":
        """The same donors in the order of a field or a function."""
        keys = self.get(key) if isinstance(key, str) else [key(agent) for agent in self]
        order = sorted(range(len(self)), key=keys.__getitem__, reverse=not ascending)
        return self._some(self.chosen[order], inplace)

    def do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> "DonorSet":
        """Call a method, or a function of a donor, on every donor."""
        self.map(method, *args, **kwargs)
        return self

    def map(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> list[Any]:
        """The same, with what each call returned."""
        if isinstance(method, str):
            return [getattr(agent, method)(*args, **kwargs) for agent in self]
        return [method(agent, *args, **kwargs) for agent in self]

    def shuffle_do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> "DonorSet":
        """The same as `do`, in a random order."""
        self.shuffle().do(method, *args, **kwargs)
        return self

    def to_list(self) -> list[Donor]:
        """All donors as views."""
        return list(self)

    def copy(self) -> "DonorSet":
        """The same donors; adding nothing to the population."""
        return self._some(self.chosen.copy())

    def add(self, agent: Donor) -> None:
        """Put a donor of the same population (back) into this set."""
        if agent._rows is not self.rows:
            raise ValueError("a donor of another population")
        if agent not in self:
            self.chosen = np.append(self.chosen, agent._row)

    def discard(self, agent: Donor) -> None:
        """Take a donor out of this set, if it is in."""
        self.chosen = self.chosen[self.chosen != agent._row]

    def remove(self, agent: Donor) -> None:
        """Take a donor out of this set.

        Raises:
            KeyError: if it is not in.
        """
        if agent not in self:
            raise KeyError(agent)
        self.discard(agent)
