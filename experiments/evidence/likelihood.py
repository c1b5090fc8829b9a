"""Likelihood of published figures given runs, the same for calibration and for claims.

Figures are compared on a log scale, on which a factor is a distance. A published figure differs from the truth by an
error that the grade of its evidence gives, and the truth from the mean of runs by noise: history happened once. Kennedy
& O'Hagan (2001) split that difference so; Wilkinson (2013) reads it as an error of the model. Figures of one family of
sources have a part of their error in common, figures of other crowds an error of transfer, and the model has a
discrepancy of its own, of unknown size.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import log_ndtr, logsumexp

from experiments.evidence.cases import Pattern, facts, published
from experiments.evidence.patterns import WIDER, selected
from experiments.stats.estimates import Floats
from experiments.study.spec import Value

SMALL = 0.05
"""Share of the published figure that is added before the logarithm: zero lies three logs below the figure."""
COMMON = 0.5
"""Share of the variance of a source's error that all figures of its family have in common (judgement)."""
TRANSFER = 0.7
"""Standard error in logs, each figure's own, of taking a figure of another crowd for one of donors (judgement)."""
SIZES = (0.0, 0.1, 0.2, 0.4, 0.8)
"""Sizes of the discrepancy of the model (standard deviation in logs, by itself for each figure), equally probable
beforehand (judgement)."""
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(15)
_PLACES = 2001  # of a table of a log density


@dataclass(frozen=True, slots=True)
class Evidence:
    """One published figure as evidence on a measure of runs.

    Attributes:
        pattern: what is measured, in which runs.
        low: lower end of the published range in its unit; minus infinity or 0 if it has only an upper end.
        high: upper end.
        grade: of the source.
        source: its name; empty if it is of no known source.
    """

    pattern: Pattern
    low: float
    high: float
    grade: str
    source: str = ""

    @property
    def bounded(self) -> bool:
        """Return whether it has a lower end too."""
        return self.low > 0.0

    @property
    def spread(self) -> float:
        """Return the standard error of the source, in logs: 10 % for grade A, 25 % for B and so on."""
        return math.log(1.0 + WIDER[self.grade])

    @property
    def transfer(self) -> float:
        """Return the standard error, in logs, of taking a figure of another crowd for one of the group's donors."""
        return TRANSFER if self.pattern.general else 0.0

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

    def variance(self, noise: float, seeds: npt.ArrayLike, own: float = 1.0) -> Floats:
        """Return the variance of the published figure around a mean over seeds.

        Args:
            noise: variance of the scaled measure between seeds of a draw.
            seeds: number of seeds of each draw.
            own: share of the variance of the source's error that is the figure's own.
        """
        every = noise * (1.0 + 1.0 / np.asarray(seeds, dtype=float))
        return np.asarray(own * self.spread**2 + self.transfer**2 + every)

    def log_likelihood(self, means: npt.ArrayLike, noise: float, seeds: npt.ArrayLike) -> Floats:
        """Return the log density of the published figure given each draw, if the model has no discrepancy.

        Args:
            means: mean of the scaled measure over the seeds of each draw.
            noise: variance of the scaled measure between seeds of a draw.
            seeds: number of seeds of each draw.
        """
        return self.log_density(self.centre - np.asarray(means, dtype=float), self.variance(noise, seeds))

    def log_density(self, far: npt.ArrayLike, variance: npt.ArrayLike) -> Floats:
        """Return the log density of a figure that lies ``far`` above the mean of a draw.

        The truth is uniform within the published range, plus a Gaussian error. So the density is
        ``[Phi((d + h) / s) - Phi((d - h) / s)] / 2h``, with d the distance of the centre, h half of the width and s the
        error; of a limit it is the probability to lie below it.
        """
        error = np.sqrt(variance)
        if not self.bounded:
            return np.asarray(log_ndtr(far / error))
        if self.half == 0.0:
            return np.asarray(-0.5 * (far / error) ** 2 - np.log(error) - 0.5 * math.log(2.0 * math.pi))
        nearer = -np.abs(far)  # in the lower tail, where differences keep their digits
        upper, lower = log_ndtr((nearer + self.half) / error), log_ndtr((nearer - self.half) / error)
        return np.asarray(upper + np.log1p(-np.exp(lower - upper)) - math.log(2.0 * self.half))

    def implausibility(self, means: npt.ArrayLike, noise: float, seeds: npt.ArrayLike) -> Floats:
        """Return how many standard deviations each draw lies outside of the range (Vernon et al. 2010)."""
        far = np.asarray(means, dtype=float) - self.centre
        outside = np.maximum(0.0, np.abs(far) - self.half) if self.bounded else np.maximum(0.0, far)
        return np.asarray(outside / np.sqrt(self.variance(noise, seeds)))

    def drawn(self, truth: float, generator: np.random.Generator, own: float = 1.0) -> float:
        """Return a figure as it might be published of this truth, both on the log scale.

        Args:
            truth: with what else moves the figure: discrepancy, and the error that its source has in common.
            generator: of random numbers.
            own: share of the variance of the source's error that is the figure's own.
        """
        error = math.hypot(math.sqrt(own) * self.spread, self.transfer) * generator.standard_normal()
        return truth + error + self.half * (2.0 * generator.random() - 1.0)


def family(source: str) -> str:
    """Return the family of a source: its words before a year, a title or a second party, in alphabetical order."""
    head = re.split(r",|;| via ", source)[0]
    return " ".join(sorted(set(re.findall(r"[^\W\d_]+", head.lower()))))


@dataclass(frozen=True)
class Measured:
    """A piece of evidence with its measure in the runs of a study, on its scale: one value a draw.

    Attributes:
        evidence: the published figure.
        means: mean over the seeds of each draw, by draw.
        single: the value of the first seed of each draw: one history.
        seeds: number of seeds of each draw.
        noise: variance between seeds of a draw.
    """

    evidence: Evidence
    means: pd.Series
    single: pd.Series
    seeds: pd.Series
    noise: float

    def implausibility(self) -> pd.Series:
        """Return standard deviations outside of the published range by draw, if the model has no discrepancy."""
        return pd.Series(self.evidence.implausibility(self.means, self.noise, self.seeds), self.means.index)


type Figures = Mapping[str, tuple[float, int]]
"""Figures by what is measured, on the log scale; 1, or -1 if all that is known is that one lies above that limit."""


class Source:
    """Figures of one family of sources: ``COMMON`` of the variance of their error is one error that they share."""

    def __init__(self, pieces: Mapping[str, Measured], draws: pd.Index, sizes: Sequence[float]) -> None:
        """Tabulate the log density of each figure by its distance from a draw, for each size of discrepancy."""
        self.pieces = dict(pieces)
        self.common = COMMON if len(pieces) > 1 else 0.0
        self._means = {of: one.means.reindex(draws).to_numpy(dtype=float) for of, one in pieces.items()}
        self._reach, self._tables = dict[str, float](), dict[str, Floats]()
        for of, one in pieces.items():
            spread, own = one.evidence.spread, 1.0 - self.common
            variance = one.evidence.variance(one.noise, float(one.seeds.median()), own) + np.square(sizes)
            far = np.abs(one.means - one.evidence.centre).max() + np.ptp(one.means)
            self._reach[of] = far + one.evidence.half + 8.0 * math.sqrt(variance.max() + spread**2)
            places = np.linspace(-self._reach[of], self._reach[of], _PLACES)
            self._tables[of] = one.evidence.log_density(places[:, None], variance)

    @cached_property
    def published(self) -> Figures:
        """Return the figures as they are published."""
        return {of: (one.evidence.centre, 1) for of, one in self.pieces.items()}

    def log_likelihood(self, figures: Figures) -> Floats:
        """Return the log density of figures given each draw and each size of discrepancy, draws x sizes.

        The error in common is integrated out by Gauss-Hermite quadrature. A draw that lacks a measure has the mean
        density of the rest.
        """
        shifts = np.sqrt(self.common) * _NODES if self.common else np.zeros(1)
        logs = [sum(self._piece(of, *one, shift) for of, one in figures.items()) for shift in shifts]
        weights = np.log(_WEIGHTS / _WEIGHTS.sum()) if self.common else np.zeros(1)
        return np.asarray(logsumexp(np.array(logs) + weights[:, None, None], axis=0))

    def _piece(self, of: str, figure: float, side: int, shift: float) -> Floats:
        table, reach, means = self._tables[of], self._reach[of], self._means[of]
        known = np.isfinite(means)
        far = side * (figure - shift * self.pieces[of].evidence.spread - means[known])
        place = np.clip((far + reach) * (_PLACES - 1) / (2.0 * reach), 0.0, _PLACES - 1.000001)
        below = place.astype(np.int64)
        logs = np.empty((len(means), table.shape[1]))
        logs[known] = table[below] + (place - below)[:, None] * (table[below + 1] - table[below])
        logs[~known] = logsumexp(logs[known], axis=0) - math.log(max(1, known.sum()))
        return logs

    def drawn(self, draw: int, size: float, generator: np.random.Generator) -> Figures:
        """Return the figures as they might be published if a draw were the truth and the discrepancy of this size."""
        shared, found = math.sqrt(self.common) * generator.standard_normal(), {}
        for of, one in ((of, one) for of, one in self.pieces.items() if draw in one.single):
            truth = float(one.single[draw]) + size * generator.standard_normal() + shared * one.evidence.spread
            figure = one.evidence.drawn(truth, generator, 1.0 - self.common)
            centre = one.evidence.centre
            found[of] = (figure, 1) if one.evidence.bounded else (centre, 1 if figure <= centre else -1)
        return found


def sources(pieces: Mapping[str, Measured], draws: pd.Index, sizes: Sequence[float]) -> list[Source]:
    """Return the evidence by the family of its source, in order; a figure of no known source is by itself."""
    found: dict[str, dict[str, Measured]] = {}
    for of, one in pieces.items():
        found.setdefault(family(one.evidence.source) or of, {})[of] = one
    return [Source(some, draws, sizes) for some in found.values()]


def evidence_of(pattern: Pattern) -> Evidence:
    """Return the published figure of a pattern as evidence."""
    return Evidence(pattern, *published(pattern), facts().get(pattern.fact or "", {}).get("source", ""))


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
