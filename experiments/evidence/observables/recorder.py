"""A run that records the attacks of each cell, and what measures of it share: periods, theatres and rails."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.runs import Run
from sim.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Observable[T]:
    """A value of one finished run, its unit, and its label: the first sentence of its docstring by default."""

    of: "Callable[[RecordingModel], T]"
    unit: str
    words: str = ""

    def __call__(self, model: "RecordingModel") -> T:
        """Return the value."""
        return self.of(model)

    @property
    def label(self) -> str:
        """Return its label, in a line."""
        text = self.words or (self.of.__doc__ or "").split("\n", 1)[0].rstrip(".")
        return text if text[1:2].isupper() else f"{text[:1].lower()}{text[1:]}"


class Measure(Observable[float]):
    """A number of one finished run; NaN where the run lacks what it needs."""


class Series(Observable[list[float]]):
    """A number a week of one finished run."""


type Number = Callable[[RecordingModel], float]


class RecordingModel(Run):
    """A run that also records the number of attacks of each cell, week by week."""

    def __init__(self, scenario: Scenario, parent: "Run | None" = None) -> None:
        super().__init__(scenario, parent)
        empty = np.zeros((scenario.horizon.weeks, len(self.cells)), dtype=np.int64)
        self.attacks: NDArray[np.int64] = parent.attacks.copy() if isinstance(parent, RecordingModel) else empty

    def advance(self, weeks: int) -> None:
        """Simulate week by week and record attacks; the treasury, which makes none, has no history."""
        for _ in range(min(weeks, len(self.book) - self.simulated)):
            super().advance(1)
            self.attacks[self.week] = np.maximum(0, self.cells["history"][:, 0])


def between(model: RecordingModel, first: date, before: date) -> slice | None:
    """Return the weeks that begin in a period; None unless all of it is run."""
    weeks = slice(model.config.week(first), model.config.week(before))
    return weeks if weeks.start >= 0 and weeks.stop <= len(model.book) else None


def year_of(year: int) -> tuple[date, date]:
    """Return the first day of a year, and of the next."""
    return date(year, 1, 1), date(year + 1, 1, 1)


def one_of(every: Callable[[RecordingModel], Mapping[str, float]], name: str) -> Number:
    """Return one of several numbers that are computed together; NaN where the run lacks it."""
    return lambda model: every(model).get(name, np.nan)


def row_of(model: RecordingModel, theatre: str) -> int | None:
    """Return the row of a theatre; None if there is no such theatre."""
    names = [one.name for one in model.config.theatres]
    return names.index(theatre) if theatre in names else None


def ledgers(model: RecordingModel) -> list[int]:
    """Return the rows of the rails on a public ledger, which are called crypto."""
    return [row for row, rail in enumerate(model.config.rails) if rail.ledger]
