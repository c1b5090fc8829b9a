"""Figures of studies: what a policy analyst looks at, each with its finding as its title."""

import re
from collections.abc import Mapping
from functools import partial

import pandas as pd

from experiments.figures.about import About
from experiments.figures.core_network import core_network
from experiments.figures.forest import forest
from experiments.figures.frontier import frontier
from experiments.figures.interaction import interaction
from experiments.figures.paths import paths
from experiments.figures.pick import grouped, profiles_of
from experiments.figures.surface import surface
from sim.plots.layout import Drawing

__all__ = ["About", "core_network", "drawings", "forest", "frontier", "interaction", "paths", "surface"]


def drawings(tables: Mapping[str, pd.DataFrame], about: About) -> dict[str, Drawing]:
    """Return every shared figure by the stem of its file; those for which the tables hold nothing draw nothing.

    Args:
        tables: of a study, by name: ``effects``, ``frontier``, ``weekly``, ``surface``, ``threshold``; any may be
            missing or empty.
        about: the switch, agencies of policies and the reference cell.

    Returns:
        1_forest, 2_interaction, 3_frontier, 4_paths, 5_core_network, and 6_surface_PROFILE for each profile.
    """
    effects, weighed, weekly, surfaces, thresholds = (
        tables.get(name, pd.DataFrame()) for name in ("effects", "frontier", "weekly", "surface", "threshold")
    )
    figures: dict[str, Drawing] = {
        "1_forest": partial(forest, effects, about),
        "2_interaction": partial(interaction, effects, about),
        "3_frontier": partial(frontier, weighed, about),
        "4_paths": partial(paths, weekly, about),
        "5_core_network": partial(core_network, effects, about),
    }
    for profile in profiles_of(grouped(surfaces)) if len(surfaces) else []:
        stem = re.sub(r"[^\w.-]+", "_", f"6_surface_{profile}").rstrip("_")
        figures[stem] = partial(surface, surfaces, thresholds, profile, about)
    return figures
