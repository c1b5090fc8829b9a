"""Figures of studies: what a policy analyst looks at, each with its finding as its title.

Each kind is a function of the rows of one table of a study (``effects.csv``, ``frontier.csv``, ``weekly.parquet``),
of `About`, and of the sheet to draw on. It returns the figure and its title, or None if
the table has nothing to show.
"""

from experiments.figures.effects import core_network, forest, interaction
from experiments.figures.frontier import frontier
from experiments.figures.paths import paths
from experiments.figures.pick import About

__all__ = ["About", "core_network", "forest", "frontier", "interaction", "paths"]
