"""The figures of the headline study and the full study."""

from functools import partial

import pandas as pd

from experiments import figures as kinds
from experiments.study.reporting import Plan, Tables
from sim.plots.layout import Drawing


def figures(plan: Plan, tables: Tables) -> dict[str, Drawing]:
    """Effects of policies, interactions, harm, paths by week, and the two parts of the group."""
    effects, about = tables["effects"], kinds.About.of(plan)
    return {
        "1_forest": partial(kinds.forest, effects, about),
        "2_interaction": partial(kinds.interaction, effects, about),
        "3_frontier": partial(kinds.frontier, tables["frontier"], about),
        "4_paths": partial(kinds.paths, tables.get("weekly", pd.DataFrame()), about),
        "5_core_network": partial(kinds.core_network, effects, about),
    }
