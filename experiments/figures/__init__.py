"""Figures of studies: what a policy analyst looks at, each with its finding as its title.

Each kind is a function of the rows of one table of a study (``effects.csv``, ``frontier.csv``, ``weekly.parquet``,
``surface.csv``), of `About`, and of the sheet to draw on. It returns the figure and its title, or None if
the table has nothing to show.
"""

import re
from functools import partial

import pandas as pd

from experiments.figures.effects import core_network, forest, interaction
from experiments.figures.frontier import frontier
from experiments.figures.paths import paths
from experiments.figures.pick import About, grouped, profiles_of
from experiments.figures.surface import surface
from sim.plots.layout import Drawing

__all__ = ["About", "core_network", "forest", "frontier", "interaction", "paths", "surface", "surfaces"]


def surfaces(points: pd.DataFrame, thresholds: pd.DataFrame, about: About) -> dict[str, Drawing]:
    """Return the surface of each profile, by the stem of its file."""
    stems = {one: re.sub(r"[^\w.-]+", "_", f"6_surface_{one}").rstrip("_") for one in profiles_of(grouped(points))}
    return {stem: partial(surface, points, thresholds, profile, about) for profile, stem in stems.items()}
