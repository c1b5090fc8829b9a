"""Figures of a pair of runs, with and without the switch, the first view for a policy analyst."""

from functools import partial

import pandas as pd

from sim.plots.arms import Weekly
from sim.plots.force import attacks_figure, capacity_figure, reserves_figure
from sim.plots.layout import Drawing
from sim.plots.money import money_figure, rails_figure
from sim.scenario import Scenario


def figures(weekly: Weekly, scenario: Scenario, facts: pd.DataFrame) -> dict[str, Drawing]:
    """Return every figure of a run by the stem of its file; one is empty where the runs hold nothing for it.

    Args:
        weekly: ``sim.results.weekly`` of the run "with" the switch and of the one "without".
        scenario: the scenario with the switch.
        facts: conf/facts.csv, for published counts and ranges.
    """
    return {
        "1_capacity": partial(capacity_figure, weekly, scenario),
        "2_money": partial(money_figure, weekly, scenario),
        "3_rails": partial(rails_figure, weekly, scenario),
        "4_reserves_fighters": partial(reserves_figure, weekly, scenario, facts),
        "5_attacks": partial(attacks_figure, weekly, scenario, facts),
    }
