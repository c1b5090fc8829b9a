"""One run without Mesa: the state, the pending shocks, and the weeks between them."""

from typing import Self

from sim.engine.records import Rows
from sim.events import events_of, first_difference, hold_disabled_losses
from sim.rules.books import check_books
from sim.scenario import Scenario
from sim.state import State
from sim.week import simulate


class Run(State):
    """A run of a scenario, week by week or all at once: ``Run(scenario).run()``.

    `sim.Model` is the same run as a Mesa model; studies use this class.
    """

    begins: int  # the first week that this run simulates itself
    modified = False  # True once a user has changed an agent

    def __init__(self, scenario: Scenario, parent: "Run | None" = None) -> None:
        super().__init__(scenario, parent)
        self.simulated = self.begins = parent.simulated if parent else 0
        self.events = [event for event in events_of(scenario) if event.week >= self.begins]
        if not parent:
            hold_disabled_losses(self)

    @property
    def week(self) -> int:
        """The last simulated week, counted from the first of the horizon; -1 before the first."""
        return self.simulated - 1

    def advance(self, weeks: int) -> None:
        """Simulate a number of weeks, at most to the end; all weeks between two shocks are one compiled call."""
        after = min(self.simulated + weeks, len(self.book))
        while self.simulated < after:
            while self.events and self.events[0].week <= self.simulated:
                self.events.pop(0).apply(self)
            until = min(after, self.events[0].week) if self.events else after
            self._simulate(until)

    def _simulate(self, until: int) -> None:
        """Simulate up to a week; enlarge the ledger before a week whose attempts might not fit."""
        while self.simulated < until:
            week = self.simulated
            last = int(self.book["last_gift"][week - 1]) if week else 0
            self.grow_ledger(last + int(self.first[week + 1] - self.first[week]))
            self.simulated = simulate(self.world(week), until)

    def run(self) -> Rows:
        """Simulate to the end and check the books; return the weekly outcomes."""
        self.advance(len(self.book) - self.simulated)
        check_books(self.book, self.begins)
        return self.book

    def branch(self, scenario: Scenario) -> Self:
        """Return a run of another scenario that continues from this week, with this run as its parent.

        Runs that differ only in later events share a history, so it is simulated once. The branch equals a run from the
        first day. This run does not change and may branch again.

        Args:
            scenario: differs from this one only in shocks and policies that have not begun.

        Raises:
            ValueError: if the two scenarios differ before this week.
        """
        apart = first_difference(self.config, scenario)
        if apart < self.simulated:
            raise ValueError(f"the scenarios differ from week {apart} on, before week {self.simulated}")
        return type(self)(scenario, self if self.simulated or self.modified else None)
