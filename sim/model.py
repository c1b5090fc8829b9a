"""The run as a Mesa model: its clock, its agents and its data collection."""

import math
from typing import Any, cast

import mesa

from sim.donor_set import DonorSet
from sim.engine.records import Rows
from sim.rules.ledger import check_books
from sim.rules.world import Agency, Appeal, Cell, Donor, Intermediary
from sim.run import Run
from sim.scenario import Scenario
from sim.state import KINDS as KINDS


class Model(Run, mesa.Model[Any, Any]):  # type: ignore[no-untyped-call]  # of Mesa's __init_subclass__
    """A run that Mesa sees: ``Model(scenario).run()``, or week by week with ``step()`` as any Mesa model.

    ``model.agents`` holds intermediaries, cells, agencies and appeals; ``model.agents_by_type[Donor]`` the donors.
    """

    def __init__(self, scenario: Scenario, parent: "Run | None" = None) -> None:
        mesa.Model.__init__(self, rng=scenario.seed)
        Run.__init__(self, scenario, parent)
        for kind, rows in (
            (Intermediary, self.intermediaries), (Cell, self.cells), (Agency, self.agencies), (Appeal, self.appeals),
        ):  # fmt: skip
            for row in range(len(rows)):
                kind(self, rows, row)
        self.first_donor_id = self.agent_id_counter
        self.agent_id_counter += scenario.population.donors
        self.agents_by_type[Donor] = cast("Any", DonorSet(self, self.donors))

    @property
    def week(self) -> int:
        """The week that runs, or ran last, from the first day of the horizon; -1 before the first."""
        return self.begins + int(math.ceil(self.time)) - 1

    def before(self, week: int) -> float:
        """Return the time on Mesa's clock half a week before a week's step."""
        return week - self.begins + 0.5

    def step(self) -> None:
        """Simulate one week: its shocks, then every phase in order."""
        if self.simulated >= len(self.book):
            raise IndexError(f"the run ends after {len(self.book)} weeks")
        self.advance(1)

    def run(self) -> Rows:
        """Run to the end and check the books; return the weekly outcomes."""
        left = len(self.book) - self.simulated
        if left:
            self.run_for(left)
        check_books(self.book)
        return self.book
