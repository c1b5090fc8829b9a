"""The scenario: every parameter of a run; its sections are in `sim.scenario.sections`.

A rule takes the scenario under the name ``p`` and reads ``p.choice.cost`` or ``p.rails[r].fee``: the same names as in
``conf/`` and on the command line. The scenario is frozen: policies and shocks change records of the run.
"""

from datetime import date, timedelta
from typing import Any, Self

from pydantic import model_validator

from sim.engine.constants import NOBODY, Routes
from sim.engine.parameters import derived
from sim.scenario.sections import Effects, Kind, Policy, Revenue, Sections, Shock
from sim.scenario.validation import errors_of, errors_of_acceptance, refuse

__all__ = ["Effects", "Kind", "Policy", "Revenue", "Scenario", "Shock"]

REAL = "a model of published aggregates, not an assessment of the group"
AFTER = "from 2027 on conditional on what is put in by date, and no forecast"
KNOWN = date(2026, 12, 31)
"""The last day up to which dates are put in as they happened."""


class Scenario(Sections):
    """Every parameter of a run."""

    @model_validator(mode="before")
    @classmethod
    def _named(cls, data: Any) -> Any:
        """Convert mappings by name to tuples with names, and acceptance by theatre to a tuple."""
        if not isinstance(data, dict):
            return data
        data = dict(data)
        for group in ("rails", "theatres", "appeals"):
            if isinstance(data.get(group), dict):
                data[group] = tuple(
                    {**one, "name": str(name)} if isinstance(one, dict) else one for name, one in data[group].items()
                )
        theatres = [str(one.get("name")) for one in data.get("theatres") or () if isinstance(one, dict)]
        if isinstance(data.get("rails"), tuple | list):
            refuse(errors_of_acceptance(data["rails"], theatres))
            data["rails"] = tuple(_accepted(rail, theatres) for rail in data["rails"])
        return data

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        refuse(errors_of(self))
        return self

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        """Return the values that identify it for display; ``model_dump()`` returns all."""
        switches = {name: one for name, one in self.shocks.items() if one.type == "switch" and one.enabled}
        return [
            ("group", self.group.profile),
            ("seed", self.seed),
            ("weeks", self.horizon.weeks),
            ("donors", self.population.donors),
            ("policies", list(self.policies)),
            ("switch", [f"{name}: {one.mode}, {one.at}" for name, one in switches.items()]),
        ]

    @derived
    def n_rails(self) -> int:
        """Number of rails."""
        return len(self.rails)

    @derived
    def n_theatres(self) -> int:
        """Number of theatres."""
        return len(self.theatres)

    @derived
    def cash(self) -> int:
        """Row of the rail from which the group spends: cash."""
        return self.rail("cash")

    @derived
    def carrier(self) -> int:
        """Row of the rail over which money moves inside the group."""
        return self.rail(self.group.carrier)

    @derived
    def abroad(self) -> int:
        """Row of the community abroad, or NOBODY."""
        names = [theatre.name for theatre in self.theatres]
        return names.index("abroad") if "abroad" in names else NOBODY

    @derived
    def adaptive_appeal(self) -> int:
        """Row of the appeal whose rail the group may change, or NOBODY."""
        chooses = self.adaptation.mode == "logit" or self.rules.routes == Routes.REROUTING
        named = any(appeal.name == self.adaptation.appeal for appeal in self.appeals)
        return self.appeal(self.adaptation.appeal) if chooses and named else NOBODY

    @property
    def caveats(self) -> list[str]:
        """Statements that every output of a real group, or of weeks after 2026, carries."""
        last = self.horizon.start + timedelta(weeks=self.horizon.weeks - 1)
        return [REAL] * self.group.real + [AFTER] * (last > KNOWN)

    @property
    def switch_day(self) -> date:
        """Day after which the windows of the estimand begin.

        It is report.switch if set, else the day of the first switch, enabled or not. For a scenario without any switch
        it is the first day of the last window of the run.
        """
        days = [shock.at for shock in self.shocks.values() if shock.type == "switch" and shock.at]
        last = self.horizon.start + timedelta(weeks=max(0, self.horizon.weeks - self.report.window))
        return self.report.switch or min(days, default=last)

    def rail(self, name: str) -> int:
        """Return the row of a rail by name."""
        return [rail.name for rail in self.rails].index(name)

    def theatre(self, name: str) -> int:
        """Return the row of a theatre by name."""
        return [theatre.name for theatre in self.theatres].index(name)

    def appeal(self, name: str) -> int:
        """Return the row of an appeal by name."""
        return [appeal.name for appeal in self.appeals].index(name)

    def week(self, day: date) -> int:
        """Return the first week that begins on or after a day; an event of that day takes effect in it."""
        return -((self.horizon.start - day).days // 7)


def _accepted(rail: Any, theatres: list[Any]) -> Any:
    """Return a rail with its acceptance as a tuple in the order of theatres; ``other`` is the default of a theatre."""
    accepted = rail.get("acceptance") if isinstance(rail, dict) else None
    if not isinstance(accepted, dict):
        return rail
    return {**rail, "acceptance": tuple(accepted.get(name, accepted.get("other", 0.0)) for name in theatres)}
