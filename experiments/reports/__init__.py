"""What is made of a study when its runs are there: tables, figures, words. A report takes tables, never models."""

from dataclasses import dataclass, field
from typing import Any

from experiments.plan import Plan
from experiments.request import Settings
from experiments.store import Folder
from sim.configuration.tables import using


@dataclass
class Said:
    """What a report prints, and the files that it wrote."""

    text: str
    files: list[str] = field(default_factory=list)


def make(plan: Plan, folder: Folder, settings: Settings, facts: dict[str, Any]) -> Said:
    """Make the report that the study names."""
    from experiments.reports import (
        attribution,
        calibration,
        claims,
        inspiration,
        jobs,
        privacy_switch,
        sweep,
        traceability,
        validation,
    )

    known = {
        "privacy_switch": privacy_switch.make,
        "traceability": traceability.make,
        "sweep": sweep.make,
        "jobs": jobs.make,
        "validation": validation.make,
        "claims": claims.make,
        "calibration": calibration.make,
        "inspiration": inspiration.make,
        "attribution": attribution.make,
    }
    with using(plan.tables):
        return known[plan.study.report](plan, folder, settings, facts)


def replications_for(plan: Plan, folder: Folder, precision: float) -> int:
    """How many replications the switch effects need for this half-width of their Monte Carlo interval, in per cent."""
    from experiments import statistics
    from experiments.reports.common import effects_of, runs_of

    found = effects_of(plan, runs_of(folder, plan, ["capacity"]), ["capacity"])
    quo = found["policy"] == "status_quo" if "policy" in found else True
    every = found[(found["contrast"] == "switch") & quo & (found["draws"] > 0.9 * found["draws"].max())]
    rows: Any = every.itertuples()
    return statistics.more_runs_for(rows, precision, len(plan.seeds))
