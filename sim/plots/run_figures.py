"""Figures of a pair of runs, with and without the switch, the first view for a policy analyst."""

from functools import partial
from pathlib import Path

import pandas as pd

from sim.plots.force import attacks_figure, capacity_figure, reserves_figure
from sim.plots.layout import SCREEN, Drawing
from sim.plots.money import money_figure, rails_figure
from sim.scenario import Scenario


def draw(
    weekly: dict[str, pd.DataFrame], scenario: Scenario, facts: pd.DataFrame, folder: Path, provenance: dict[str, str]
) -> list[Path]:
    """Draw every figure for which the runs hold something, as PNG and SVG.

    Args:
        weekly: ``sim.results.weekly`` of the run "with" the switch and of the one "without".
        scenario: the scenario with the switch.
        facts: conf/facts.csv, for published counts and ranges.
        folder: the output folder; created if missing.
        provenance: commit, version, seed, command and date, for the metadata and the small print.

    Returns:
        The files written: 1_capacity, 2_money, 3_rails, 4_reserves_fighters, 5_attacks. A figure that would be empty
        (no gifts, no money, no published period in the run) is left out.
    """
    figures: dict[str, Drawing] = {
        "1_capacity": partial(capacity_figure, weekly, scenario),
        "2_money": partial(money_figure, weekly, scenario),
        "3_rails": partial(rails_figure, weekly, scenario),
        "4_reserves_fighters": partial(reserves_figure, weekly, scenario, facts),
        "5_attacks": partial(attacks_figure, weekly, scenario, facts),
    }
    return SCREEN.draw(figures, folder, provenance)
