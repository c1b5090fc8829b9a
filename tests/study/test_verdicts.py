"""How often verdicts are right: effects planted over parameter draws, under noise, looked at once or again and again.

`python -m tests.study.test_verdicts` prints the table of docs/studies.md.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pytest

from experiments.stats.estimates import MIN_DRAWS, estimates

type Floats = npt.NDArray[np.float64]
type Generator = np.random.Generator

WORDS = ("raises", "lowers", "negligible", "depends", "inconclusive")


class Planted(NamedTuple):
    """Effects planted in draws, in units of the margin; the right word, and others that are not wrong (borderline)."""

    effects: Callable[[Generator, tuple[int, int]], Floats]
    word: str
    noise: float = 0.0
    seeds: int = 2
    relative: bool = False  # noise is a share of the effect


def normal(mean: float, spread: float) -> Callable[[Generator, tuple[int, int]], Floats]:
    """Effects of either sign."""
    return lambda rng, size: rng.normal(mean, spread, size)


def skewed(median: float, sigma: float, zero: float = 0.0) -> Callable[[Generator, tuple[int, int]], Floats]:
    """Lognormal effects of one sign, a share of them exactly zero."""
    return lambda rng, size: median * rng.lognormal(0, sigma, size) * (rng.random(size) >= zero)


def mixed(share: float) -> Callable[[Generator, tuple[int, int]], Floats]:
    """Lognormal effects, a share of them of the other sign."""
    return lambda rng, size: 3 * rng.lognormal(0, 0.7, size) * np.where(rng.random(size) < share, -1, 1)


PLANTED = {
    "nothing": Planted(normal(0, 0), "negligible"),
    "nothing, noise": Planted(normal(0, 0), "negligible", 1.0),
    "nothing, much noise": Planted(normal(0, 0), "negligible", 5.0),
    "nothing, noise, one seed": Planted(normal(0, 0), "negligible", 0.3, 1),
    "within the margin": Planted(normal(0.2, 0.25), "negligible", 0.25),
    "within the margin, noise": Planted(normal(0.2, 0.25), "negligible", 1.0),
    "normal, large": Planted(normal(4, 1), "raises", 1.0),
    "normal, large, one seed": Planted(normal(4, 1), "raises", 0.5, 1),
    "normal, either sign": Planted(normal(1, 1), "depends", 0.5),
    "normal, either sign, noise": Planted(normal(1, 1), "depends", 1.5),
    "normal, either sign, one seed": Planted(normal(1, 1), "depends", 0.5, 1),
    "skewed, one sign": Planted(skewed(-2, 1.2), "lowers"),
    "skewed, one sign, noise in proportion": Planted(skewed(-2, 1.2), "lowers", 0.3, relative=True),
    "skewed, one sign, much in proportion": Planted(skewed(-2, 1.2), "lowers", 0.6, relative=True),
    "skewed, one sign, noise": Planted(skewed(-2, 1.2), "lowers", 0.5),
    "skewed, one sign, much noise": Planted(skewed(-2, 1.2), "lowers", 2.0),
    "skewed, one sign, small": Planted(skewed(-0.4, 1.2), "depends", 0.3, relative=True),
    "skewed, a fifth zero": Planted(skewed(-3, 1.0, 0.2), "depends", 0.3, relative=True),
    "a tenth of the other sign": Planted(mixed(0.1), "depends", 0.5),
    "a tenth of the other sign, noise": Planted(mixed(0.1), "depends", 2.0),
}


def differences(one: Planted, rng: Generator, contrasts: int, draws: int) -> tuple[Floats, npt.NDArray[np.intp]]:
    """Differences of paired runs, and their draws."""
    effects = one.effects(rng, (contrasts, draws))[:, :, None]
    noise = one.noise * rng.normal(0, 1, (contrasts, draws, one.seeds)) * (np.abs(effects) if one.relative else 1)
    return (effects + noise).reshape(contrasts, -1), np.arange(draws * one.seeds) // one.seeds
