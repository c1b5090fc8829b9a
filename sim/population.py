"""The population of a run: its donors and the calendar of their attempts as they are before the first week.

Many runs have the same population, as it depends on few parameters, so a process keeps the last ones.
"""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.constants import NOBODY, WEEKS_A_YEAR
from sim.engine.jit import PLAIN
from sim.engine.records import Rows, empty, rule_view
from sim.rules.donors import draw_donors, draw_sleepers, order_attempts
from sim.rules.world import Appeal, Attempt, Conditions, Donor, Drawn
from sim.scenario import Scenario

_READ = (
    "seed", "n_rails", "horizon.weeks", "population", "giving.public_rate", "giving.network_rate", "giving.bound",
    "choice.skill", "rails.literacy", "rails.slot", "theatres.slot",
)  # fmt: skip
"""The parameters that the rules of a population read; they get no other."""

_KEPT: dict[Any, "Population"] = {}
_MOST_KEPT, _LARGEST_KEPT = 4, 500_000
"""Number of populations that a process keeps, and attempts of the largest (6 MB)."""


class Population:
    """Donors as they are at the start, and the calendar of their attempts.

    A week costs nothing for donors without an attempt, and a run nothing for *sleepers*, who make none in all of it.

    Attributes:
        donors: those who make an attempt, in the order of identity.
        first, order: the attempts of week w are ``order[first[w]:first[w + 1]]``.
        kept: True if other runs may share it, so that nobody may change it.
    """

    def __init__(self, scenario: Scenario, *inputs: Any) -> None:
        self._inputs = inputs
        weeks, giving = scenario.horizon.weeks, scenario.giving
        donors, *views = empty(Donor, scenario.population.donors), *self._views()
        appeals = inputs[1]
        rate = giving.network_rate + (giving.public_rate * float(appeals["campaigns"][0]) if len(appeals) else 0.0)
        mean = len(donors) * rate * giving.bound * weeks / WEEKS_A_YEAR
        room = int(2.0 * mean + len(donors) + 1000.0)  # memory that nobody writes to costs nothing
        rows = NOBODY
        while rows == NOBODY:
            drawn, counts = empty(Drawn, room), np.zeros(weeks + 1, dtype=np.int64)
            rows = draw_donors(rule_view(donors, Donor), rule_view(drawn, Drawn), rule_view(counts), *views)
            room *= 2
        self.donors, self.first = donors[:rows], np.cumsum(counts)
        self.order = empty(Attempt, int(self.first[-1]))
        donors, order, ends = rule_view(self.donors, Donor), rule_view(self.order, Attempt), self.first[:-1].copy()
        order_attempts(rule_view(drawn, Drawn), donors, rule_view(ends), order, rule_view(inputs[-1]))
        self.kept = len(self.order) <= _LARGEST_KEPT

    def _views(self) -> list[Any]:
        shares, appeals, conditions, parameters = self._inputs
        shares = shares.tolist() if PLAIN else shares
        return [shares, rule_view(appeals, Appeal), rule_view(conditions, Conditions), rule_view(parameters)]

    @cached_property
    def sleepers(self) -> Rows:
        """The donors who make no attempt, drawn when somebody looks at them."""
        total = int(self._inputs[-1]["population"]["donors"][0])
        sleepers = empty(Donor, total - len(self.donors))
        draw_sleepers(rule_view(sleepers, Donor), rule_view(self.donors, Donor), *self._views())
        return sleepers


def population_of(scenario: Scenario, appeals: Rows, conditions: Rows, parameters: Rows) -> Population:
    """Return the population of a scenario, the same object for scenarios that agree in all that it depends on."""
    some = empty(Appeal, len(appeals))
    for name in ("key", "share", "campaigns", "public"):
        some[name] = appeals[name]
    start = empty(Conditions, 1)
    start["liking"] = conditions["liking"][0]
    inputs = (_shares_of_donors(scenario), some, start, _read(parameters))
    key = tuple(rows.tobytes() for rows in inputs)
    found = _KEPT.pop(key, None) or Population(scenario, *inputs)
    if found.kept:
        _KEPT[key] = found  # the last
        while len(_KEPT) > _MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)), None)  # another thread may have done so
    return found


def _read(parameters: Rows) -> Rows:
    """Return the parameters that a population depends on; all others are zero."""
    rows = np.zeros_like(parameters)
    for path in _READ:
        *sections, name = path.split(".")
        here, there = rows, parameters
        for section in sections:
            here, there = here[section], there[section]
        here[name] = there[name]
    return rows


def _shares_of_donors(scenario: Scenario) -> NDArray[np.float64]:
    """Return the share of donors by community: those abroad, and the rest by theatre."""
    abroad = np.array([theatre.name == "abroad" for theatre in scenario.theatres])
    home = np.where(abroad, 0.0, [theatre.donors for theatre in scenario.theatres])
    shares: NDArray[np.float64] = scenario.population.abroad * abroad
    if home.sum() > 0:
        shares = shares + (1.0 - shares.sum()) * home / home.sum()
    return shares
