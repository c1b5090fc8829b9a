"""Figures of the traceability sweep."""

from experiments.figures import About, drawings
from experiments.study.design import Plan
from experiments.study.reporting import Tables
from sim.plots.layout import Drawing


def figures(plan: Plan, tables: Tables) -> dict[str, Drawing]:
    """Return each figure by the stem of its file."""
    return drawings(tables, About.of(plan))
