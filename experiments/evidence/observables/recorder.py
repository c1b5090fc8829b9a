"""What measures of the record stand on: a run that notes the attacks of each cell, its periods, theatres and rails."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.run import Run
from sim.scenario import Scenario

type Number = Callable[[Watched], float]
"""A number of one finished run; NaN where the run does not have what it needs."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A number of one finished run, its unit, and what it is: as told, or in the words of what measures it."""

    of: Number
    unit: str
    told: str = ""

    def __call__(self, model: "Watched") -> float:
        """The number; NaN where the run does not have what it needs."""
        return self.of(model)

    @property
    def label(self) -> str:
        """What it is, in a line."""
        return self.told or sentence(self.of)


@dataclass(frozen=True, slots=True)
class Series:
    """A number a week of one finished run, and its unit."""

    of: Callable[[Run], list[float]]
    unit: str

    def __call__(self, model: Run) -> list[float]:
        """The numbers."""
        return self.of(model)

    @property
    def label(self) -> str:
        """What they are, in a line."""
        return sentence(self.of)


def sentence(function: Callable[..., Any]) -> str:
    """What a function says of itself, as a label."""
    text = (function.__doc__ or "").split("\n", 1)[0].rstrip(".")
    return text if text[1:2].isupper() else f"{text[:1].lower()}{text[1:]}"


class Watched(Run):
    """A run that also notes how many attacks each cell made, week by week."""

    def __init__(self, scenario: Scenario, parent: "Run | None" = None) -> None:
        super().__init__(scenario, parent)
        noted = np.zeros((scenario.horizon.weeks, len(self.cells)), dtype=np.int64)
        self.attacks: NDArray[np.int64] = parent.attacks.copy() if isinstance(parent, Watched) else noted

    def _simulate(self, until: int) -> None:
        """Simulate week by week and note the attacks of each; the treasury, which makes none, has no history."""
        while self.simulated < until:
            super()._simulate(self.simulated + 1)
            self.attacks[self.week] = np.maximum(0, self.cells["history"][:, 0])


def between(model: Watched, first: date, before: date) -> slice | None:
    """The weeks that begin in a period; None unless the whole of it is run."""
    weeks = slice(model.config.week(first), model.config.week(before))
    return weeks if weeks.start >= 0 and weeks.stop <= len(model.book) else None


def year_of(year: int) -> tuple[date, date]:
    """First day of a year, and of the next."""
    return date(year, 1, 1), date(year + 1, 1, 1)


def row_of(model: Watched, theatre: str) -> int | None:
    """The row of a theatre; None if there is no such theatre."""
    names = [one.name for one in model.config.theatres]
    return names.index(theatre) if theatre in names else None


def ledgers(model: Watched) -> list[int]:
    """Rows of the rails on a ledger: what is called crypto."""
    return [row for row, rail in enumerate(model.config.rails) if rail.ledger]
