"""What is made of a study when its runs are there: tables, figures, words. A report takes tables, never models."""

from dataclasses import dataclass, field
from typing import Any

from experiments.plan import Plan
from experiments.request import Settings
from experiments.store import Folder
from sim.config.own_tables import using


@dataclass
class Said:
    """What a report prints, without the list of files, and the files that it wrote."""

    text: str
    files: list[str] = field(default_factory=list)


def make(plan: Plan, folder: Folder, settings: Settings, facts: dict[str, Any]) -> Said:
    """Make the report that the study names, and the codebook of its tables; list what was written."""
    from experiments.columns import write_codebook
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
    from experiments.reports.common import listed

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
        said = known[plan.study.report](plan, folder, settings, facts)
        files = [*said.files, write_codebook(plan, folder, said.files)]
    return Said("\n".join([said.text, "", *listed(folder, files)]), files)


def replications_for(plan: Plan, folder: Folder, precision: float) -> int:
    """How many replications the switch effects need for this half-width of their Monte Carlo interval, in per cent.

    No fewer than a verdict needs: two runs that happen to agree have no width at all.
    """
    from experiments import statistics
    from experiments.reports.common import effects_of, enough, runs_of

    found = effects_of(plan, runs_of(folder, plan, ["capacity"]), ["capacity"])
    quo = found["policy"] == "status_quo" if "policy" in found else True
    every = found[(found["contrast"] == "switch") & quo & (found["draws"] > 0.9 * found["draws"].max())]
    rows: Any = every.itertuples()
    return max(statistics.more_runs_for(rows, precision, len(plan.seeds)), enough(plan))
