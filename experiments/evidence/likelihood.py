"""Likelihood of a published figure given runs, the same for calibration and for claims.

Figures are compared on a log scale, on which a factor is a distance. A published figure differs from the truth by an
error that the grade of its evidence gives, and the truth from the mean of runs by noise: history happened once. Kennedy
& O'Hagan (2001) split that difference so; Wilkinson (2013) reads it as an error of the model.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import norm

from experiments.evidence.cases import Pattern, published
from experiments.evidence.patterns import WIDER, selected
from experiments.stats.estimates import Floats
from experiments.study.spec import Value

SMALL = 0.05
"""Share of the published figure that is added before the logarithm: zero lies three logs below the figure."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One published figure as evidence on a measure of runs.

    Attributes:
        pattern: what is measured, in which runs.
        low: lower end of the published range in its unit; minus infinity or 0 if it has only an upper end.
        high: upper end.
        grade: of the source.
    """

    pattern: Pattern
    low: float
    high: float
    grade: str

    @property
    def bounded(self) -> bool:
        """Return whether it has a lower end too."""
        return self.low > 0.0

    @property
    def spread(self) -> float:
        """Return the standard error of the source, in logs: 10 % for grade A, 25 % for B and so on."""
        return math.log(1.0 + WIDER.get(self.grade, 0.5))

    def scaled(self, values: npt.ArrayLike) -> Floats:
        """Return values of the measure on the log scale on which they are compared."""
        figure = math.sqrt(self.low * self.high) if self.bounded else self.high
        return np.asarray(np.log(np.maximum(np.asarray(values, dtype=float), 0.0) + SMALL * figure))

    @property
    def centre(self) -> float:
        """Return the centre of the published range on that scale; the limit if it has only one."""
        ends = self.scaled([self.low, self.high])
        return float(ends.mean()) if self.bounded else float(ends[1])

    @property
    def half(self) -> float:
        """Return half of the width of the published range on that scale."""
        ends = self.scaled([self.low, self.high])
        return float(ends[1] - ends[0]) / 2.0 if self.bounded else 0.0

    def _error(self, noise: float, seeds: npt.ArrayLike) -> Floats:
        """Standard deviation of the published figure around a mean over seeds."""
        return np.sqrt(self.spread**2 + noise * (1.0 + 1.0 / np.asarray(seeds, dtype=float)))

    def log_likelihood(
        self, means: npt.ArrayLike, noise: float, seeds: npt.ArrayLike, centre: float | None = None
    ) -> Floats:
        """Return the log density of the published figure given each draw.

        The truth is uniform within the published range, plus a Gaussian error. So the density is
        ``[Phi((d + h) / s) - Phi((d - h) / s)] / 2h``, with d the distance of the centre, h half of the width and s the
        error; of a limit it is the probability to lie below it.

        Args:
            means: mean of the scaled measure over the seeds of each draw.
            noise: variance of the scaled measure between seeds of a draw.
            seeds: number of seeds of each draw.
            centre: another figure instead of the published one, on the same scale.
        """
        error = self._error(noise, seeds)
        far = (self.centre if centre is None else centre) - np.asarray(means, dtype=float)
        if not self.bounded:
            return np.asarray(norm.logcdf(far / error))
        if self.half == 0.0:
            return np.asarray(norm.logpdf(far, scale=error))
        nearer = -np.abs(far)  # in the lower tail, where differences keep their digits
        upper, lower = norm.logcdf((nearer + self.half) / error), norm.logcdf((nearer - self.half) / error)
        return np.asarray(upper + np.log1p(-np.exp(lower - upper)) - math.log(2.0 * self.half))

    def implausibility(self, means: npt.ArrayLike, noise: float, seeds: npt.ArrayLike) -> Floats:
        """Return how many standard deviations each draw lies outside of the range (Vernon et al. 2010)."""
        far = np.asarray(means, dtype=float) - self.centre
        outside = np.maximum(0.0, np.abs(far) - self.half) if self.bounded else np.maximum(0.0, far)
        return np.asarray(outside / self._error(noise, seeds))

    def drawn(self, truth: float, generator: np.random.Generator) -> float:
        """Return a figure as it might be published of this truth, both on the log scale."""
        error = self.spread * generator.standard_normal()
        return truth + error + self.half * (2.0 * generator.random() - 1.0)


@dataclass(frozen=True, slots=True)
class Measured:
    """A piece of evidence with its measure in the runs of a study, on its scale: one value a draw.

    Attributes:
        evidence: the published figure.
        means: mean over the seeds of each draw, by draw.
        single: the value of the first seed of each draw: one history.
        seeds: number of seeds of each draw.
        noise: variance between seeds of a draw, the same for all.
    """

    evidence: Evidence
    means: pd.Series
    single: pd.Series
    seeds: pd.Series
    noise: float

    def log_likelihood(self, centre: float | None = None) -> pd.Series:
        """Return the log density of the published figure, or of another one, by draw."""
        logs = self.evidence.log_likelihood(self.means, self.noise, self.seeds, centre)
        return pd.Series(logs, self.means.index)

    def implausibility(self) -> pd.Series:
        """Return standard deviations outside of the published range by draw."""
        return pd.Series(self.evidence.implausibility(self.means, self.noise, self.seeds), self.means.index)


def evidence_of(pattern: Pattern) -> Evidence:
    """Return the published figure of a pattern as evidence."""
    return Evidence(pattern, *published(pattern))


def measured(evidence: Evidence, runs: pd.DataFrame, base: dict[str, Value]) -> Measured:
    """Return the measure of a piece of evidence in the run table, by draw."""
    own = selected(runs, base | evidence.pattern.where).sort_values("replication")
    column = f"record_{evidence.pattern.of}"
    values = own.assign(y=evidence.scaled(own[column if column in own else evidence.pattern.of]))
    values = values[np.isfinite(values["y"])]
    by_draw = values.groupby("draw")["y"]
    seeds = by_draw.size()
    squares = float(((values["y"] - by_draw.transform("mean")) ** 2).sum())
    free = int((seeds - 1).sum())
    return Measured(evidence, by_draw.mean(), by_draw.first(), seeds, squares / free if free else 0.0)
