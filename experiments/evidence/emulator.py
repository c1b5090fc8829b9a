"""Emulator of a measure of runs: a ridge regression on the quantiles of the parameters (Kennedy & O'Hagan 2001).

Evidence on many parameters leaves nearly no draw of the prior. An emulator predicts the measure for any draw; its own
error, by leaving one run out at a time, is added to the noise (Vernon, Goldstein & Bower 2010).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from experiments.stats.estimates import Floats

_PAIRED = 20  # parameters of greatest effect, whose squares and products are features too
_PENALTIES = np.logspace(-3.0, 5.0, 33)


@dataclass(frozen=True)
class Emulator:
    """A quadratic in the quantiles, less one half.

    Attributes:
        level: its value where every quantile is one half.
        linear: a coefficient a parameter.
        pairs: a symmetric matrix of the coefficients of products.
        error: mean square error of a run that is left out; noise of the run included.
        top: parameters whose squares and products are features too.
        mean: of the features.
        inverse: of the penalised matrix of their sums of products.
        count: of runs.
    """

    level: float
    linear: Floats
    pairs: Floats
    error: float
    top: npt.NDArray[np.int64]
    mean: Floats
    inverse: Floats
    count: int

    @classmethod
    def of(cls, quantiles: Floats, values: Floats) -> Self:
        """Fit the values of some runs; the penalty is that of the least error of a run that is left out."""
        places, size = quantiles - 0.5, quantiles.shape[1]
        apart, spread = places - places.mean(axis=0), values - values.mean()
        strength = np.abs(apart.T @ spread) / np.sqrt(np.maximum(1e-12, (apart**2).sum(axis=0)))
        top = np.argsort(-strength, kind="stable")[: min(_PAIRED, len(values) // 40)]
        features = _features(places, top)
        mean = features.mean(axis=0)
        features -= mean
        squares, turned = np.linalg.eigh(features.T @ features)
        squares = np.maximum(squares, 1e-9)
        left = features @ turned / np.sqrt(squares)
        best, share, chosen = np.inf, left.T @ spread, np.zeros(len(squares))
        for kept in (squares / (squares + penalty) for penalty in _PENALTIES):
            own = np.minimum(0.999, (left**2) @ kept + 1.0 / len(values))
            error = float((((spread - left @ (kept * share)) / (1.0 - own)) ** 2).mean())
            if error < best:
                best, chosen = error, kept
        slopes, inverse = turned @ (chosen * share / np.sqrt(squares)), (turned * (chosen / squares)) @ turned.T
        level = float(values.mean() - mean @ slopes)
        return cls(level, slopes[:size], _symmetric(slopes[size:], top, size), best, top, mean, inverse, len(values))

    def without(self, quantiles: Floats, value: float) -> Self:
        """Return the emulator that one of its runs had no part in, with the same features and penalty.

        The update is exact (Sherman & Morrison 1950).
        """
        apart = _features(quantiles[None] - 0.5, self.top)[0] - self.mean
        pull = self.inverse @ apart
        own = min(0.999, 1.0 / self.count + float(apart @ pull))
        far = (value - float(self.at(quantiles))) / (1.0 - own)
        size, level = len(self.linear), self.level - far * (1.0 / self.count - float(self.mean @ pull))
        pairs = self.pairs - far * _symmetric(pull[size:], self.top, size)
        return replace(self, level=level, linear=self.linear - far * pull[:size], pairs=pairs)

    def at(self, quantiles: Floats) -> Floats:
        """Return the value of each row of quantiles."""
        places = quantiles - 0.5
        return np.asarray(self.level + places @ self.linear + ((places @ self.pairs) * places).sum(axis=-1))

    def slope(self, quantiles: Floats) -> Floats:
        """Return the slope in each quantile at one row of them."""
        return np.asarray(self.linear + 2.0 * self.pairs @ (quantiles - 0.5))


def _features(places: Floats, top: npt.NDArray[np.int64]) -> Floats:
    one, other = top[np.array(np.triu_indices(len(top)))]
    return np.hstack([places, places[:, one] * places[:, other]])


def _symmetric(products: Floats, top: npt.NDArray[np.int64], size: int) -> Floats:
    one, other = top[np.array(np.triu_indices(len(top)))]
    pairs = np.zeros((size, size))
    np.add.at(pairs, (one, other), products / 2.0)
    np.add.at(pairs, (other, one), products / 2.0)
    return pairs


@dataclass(frozen=True)
class Proposal:
    """A Gaussian of the standard normals whose quantiles parameters have, about where the posterior lies.

    It is the posterior of measures that are linear around its own mean.
    """

    mean: Floats
    slopes: Floats
    gain: Floats
    errors: Floats

    @classmethod
    def of(cls, emulators: Sequence[Emulator], figures: Floats, variances: Floats) -> Self:
        """Return the proposal for some figures, by an iterated Kalman update.

        Args:
            emulators: of the measures, at least one.
            figures: one a measure.
            variances: of a figure around its measure; half as much again is taken, so that no tail is missed.
        """
        mean, errors = np.zeros(len(emulators[0].linear)), 1.5 * variances
        for _ in range(12):
            place, density = ndtr(mean), np.exp(-0.5 * mean**2) / np.sqrt(2.0 * np.pi)
            slopes = np.array([one.slope(place) for one in emulators]) * density
            gain = slopes.T @ np.linalg.inv(slopes @ slopes.T + np.diag(errors))
            far = figures - np.array([float(one.at(place)) for one in emulators])
            mean = np.clip(0.5 * mean + 0.5 * gain @ (far + slopes @ mean), -3.0, 3.0)
        return cls(mean, slopes, gain, errors)

    def draws(self, number: int, generator: np.random.Generator) -> Floats:
        """Return draws, a row each."""
        prior = generator.standard_normal((number, len(self.mean)))
        noise = generator.standard_normal((number, len(self.errors))) * np.sqrt(self.errors)
        return np.asarray(self.mean + prior - (prior @ self.slopes.T + noise) @ self.gain.T)

    def log_ratio(self, values: Floats) -> Floats:
        """Return the log of its density over that of the prior at some draws."""
        apart = values - self.mean
        along = apart @ self.slopes.T
        _, volume = np.linalg.slogdet(np.eye(len(self.errors)) + self.slopes @ self.slopes.T / self.errors)
        squares = (values**2).sum(axis=1) - (apart**2).sum(axis=1) - (along**2 / self.errors).sum(axis=1)
        return np.asarray(0.5 * (volume + squares))
