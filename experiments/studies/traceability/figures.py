"""The figures of the traceability sweep."""

from functools import partial

from experiments import figures as kinds
from experiments.study.design import Plan
from experiments.study.reporting import Tables
from sim.plots.layout import Drawing


def figures(plan: Plan, tables: Tables) -> dict[str, Drawing]:
    """Effects and interactions at the base of the study, and a surface for each profile."""
    about = kinds.About.of(plan)
    return {
        "1_forest": partial(kinds.forest, tables["effects"], about),
        "2_interaction": partial(kinds.interaction, tables["effects"], about),
        **kinds.surfaces(tables["surface"], tables["threshold"], about),
    }
