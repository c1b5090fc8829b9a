"""What figures need to know of a study beside its tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from experiments.stats.contrasts import WHERE, judged_by
from experiments.study import tables
from experiments.study.design import Plan


@dataclass(frozen=True, slots=True)
class About:
    """What figures need to know of a study beside its tables.

    Attributes:
        switch: day of the switch.
        agencies: agency of each policy; those of agency ``military`` are judged by the attack rate.
        levels: the reference cell: the level of each factor at which figures hold it.
        window: weeks after the switch over which outcomes are means.
        margin: margin of relevance, per cent of capacity.
        drawn: whether uncertain parameters are drawn; else all runs hold the same.
    """

    switch: date
    agencies: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[str, Any] = field(default_factory=lambda: WHERE)
    window: int = 52
    margin: float = 1.0
    drawn: bool = True

    @classmethod
    def of(cls, plan: Plan) -> Self:
        """Return what figures need to know of a plan."""
        scenario = plan.cells[0].scenario
        return cls(
            switch=scenario.switch_day,
            agencies=tables.agencies_of(plan),
            levels={**WHERE, **tables.base_of(plan)},
            window=scenario.report.window,
            margin=100.0 * tables.margin(plan),
            drawn=not tables.held(plan),
        )

    def outcome(self, policy: str) -> str:
        """Outcome by which a policy or mix is judged: the rate of attacks if any of it is military, else capacity."""
        return judged_by(policy, self.agencies)
