"""Figures of a study: what a policy analyst looks at, each with its finding as its title."""

import re
from collections.abc import Mapping
from pathlib import Path

import matplotlib
import pandas as pd

from experiments.figures.core_network import core_network
from experiments.figures.forest import forest
from experiments.figures.frontier import frontier
from experiments.figures.interaction import interaction
from experiments.figures.paths import paths
from experiments.figures.surface import surface
from experiments.figures.words import HELD, About, grouped, profiles_of
from sim.plots.layout import PRINT, save

__all__ = ["HELD", "About", "core_network", "draw", "forest", "frontier", "interaction", "paths", "surface"]


def draw(tables: Mapping[str, pd.DataFrame], about: About, folder: Path, provenance: dict[str, str]) -> list[Path]:
    """Draw every figure for which the tables hold something, as PNG and SVG.

    Args:
        tables: of a study, by name: ``effects``, ``frontier``, ``weekly``, ``surface``, ``threshold``. What is missing
            or empty is not drawn.
        about: the switch, agencies of policies and the reference cell.
        folder: where to write; made if missing.
        provenance: commit, version, command and date, for the metadata and the small print.

    Returns:
        The files written: 1_forest, 2_interaction, 3_frontier, 4_paths, 5_core_network, 6_surface_PROFILE.
    """
    folder.mkdir(parents=True, exist_ok=True)
    nothing = pd.DataFrame()
    effects, weekly = tables.get("effects", nothing), tables.get("weekly", nothing)
    surfaces, thresholds = tables.get("surface", nothing), tables.get("threshold", nothing)
    written: list[Path] = []
    with matplotlib.rc_context(PRINT.style()):
        drawn = {
            "1_forest": forest(effects, about, provenance),
            "2_interaction": interaction(effects, about, provenance),
            "3_frontier": frontier(tables.get("frontier", nothing), about, provenance),
            "4_paths": paths(weekly, about, provenance),
            "5_core_network": core_network(effects, about, provenance),
        }
        for profile in profiles_of(grouped(surfaces)) if len(surfaces) else []:
            stem = re.sub(r"[^\w.-]+", "_", f"6_surface_{profile}").rstrip("_")
            drawn[stem] = surface(surfaces, thresholds, profile, about, provenance)
        for stem, one in drawn.items():
            if one:
                written += save(one[0], stem, one[1], folder, provenance)
    return written
