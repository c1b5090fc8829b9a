"""Figures of a pair of runs, with and without the switch: what a policy analyst looks at first."""

from pathlib import Path

import matplotlib
import pandas as pd

from sim.growth_accounting import growth_table
from sim.plots.force import attacks_figure, capacity_figure, reserves_figure
from sim.plots.layout import SCREEN, save
from sim.plots.money import money_figure, rails_figure
from sim.scenario import Scenario

__all__ = ["draw", "growth_table"]


def draw(
    weekly: dict[str, pd.DataFrame], scenario: Scenario, facts: pd.DataFrame, folder: Path, provenance: dict[str, str]
) -> list[Path]:
    """Draw every figure for which the runs hold something, as PNG and SVG.

    Args:
        weekly: ``sim.results.weekly`` of the run "with" the switch and of the one "without".
        scenario: the scenario with the switch.
        facts: conf/facts.csv, for published counts and ranges.
        folder: where to write; made if missing.
        provenance: commit, version, seed, command and date, for the metadata and the small print.

    Returns:
        The files written: 1_capacity, 2_money, 3_rails, 4_reserves_fighters, 5_attacks. A figure that would be empty
        (no gifts, no money, no published period in the run) is left out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    with matplotlib.rc_context(SCREEN.style()):
        drawn = {
            "1_capacity": capacity_figure(weekly, scenario, provenance),
            "2_money": money_figure(weekly, scenario, provenance),
            "3_rails": rails_figure(weekly, scenario, provenance),
            "4_reserves_fighters": reserves_figure(weekly, scenario, facts, provenance),
            "5_attacks": attacks_figure(weekly, scenario, facts, provenance),
        }
        for stem, one in drawn.items():
            if one:
                paths += save(one[0], stem, one[1], folder, provenance)
    return paths
