"""Figures of a study: what a policy analyst looks at, each with its finding as its title."""

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pandas as pd

from experiments.figures.core_network import core_network
from experiments.figures.forest import forest
from experiments.figures.frontier import frontier
from experiments.figures.interaction import interaction
from experiments.figures.paths import paths
from experiments.figures.surface import surface
from experiments.figures.words import HELD, About, grouped, profiles_of
from experiments.study.design import Plan
from experiments.study.tables import agencies_of, base_of, held, margin
from sim.plots.layout import PRINT, Drawing

__all__ = [
    "HELD",
    "About",
    "about_of",
    "core_network",
    "draw",
    "forest",
    "frontier",
    "interaction",
    "paths",
    "surface",
    "surfaces_of",
]


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
    nothing = pd.DataFrame()
    effects, weekly = tables.get("effects", nothing), tables.get("weekly", nothing)
    surfaces, thresholds = tables.get("surface", nothing), tables.get("threshold", nothing)
    figures: dict[str, Drawing] = {
        "1_forest": partial(forest, effects, about),
        "2_interaction": partial(interaction, effects, about),
        "3_frontier": partial(frontier, tables.get("frontier", nothing), about),
        "4_paths": partial(paths, weekly, about),
        "5_core_network": partial(core_network, effects, about),
    }
    figures |= surfaces_of(surfaces, thresholds, about) if len(surfaces) else {}
    return PRINT.draw(figures, folder, provenance)


def surfaces_of(points: pd.DataFrame, thresholds: pd.DataFrame, about: About) -> dict[str, Drawing]:
    """The surface of each profile, by the stem of its file."""
    stems = {one: re.sub(r"[^\w.-]+", "_", f"6_surface_{one}").rstrip("_") for one in profiles_of(grouped(points))}
    return {stem: partial(surface, points, thresholds, profile, about) for profile, stem in stems.items()}


def about_of(plan: Plan) -> About:
    """The parts of a plan that figures need beside its tables."""
    scenario, base = plan.cells[0].scenario, base_of(plan)
    return About(
        switch=scenario.switch_day,
        agencies=agencies_of(plan),
        window=scenario.report.window,
        margin=100.0 * margin(plan),
        drawn=not held(plan),
        **{field: base[name] for name, field in HELD.items() if name in base},
        others={name: level for name, level in base.items() if name not in HELD},
    )
