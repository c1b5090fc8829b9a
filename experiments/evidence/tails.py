"""Estimates from counts of a single history: tail of a distribution, and share of triggered events."""

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

type Counts = npt.NDArray[np.integer]

ENOUGH = 50
"""Values in a tail below which no exponent is estimated (a rule of thumb of Clauset, Shalizi & Newman 2009)."""
_EXPONENTS = (1.01, 8.0)
MEMORY = 8
"""Weeks over which an attack may trigger others: two more than the longest published (facts:self-excitation-memory)."""


def power_law(values: Counts) -> tuple[float, float]:
    """Return exponent and beginning (x_min) of a discrete power law, p(x) ~ x ** -exponent, in the tail of values.

    Exponent by maximum likelihood; of all values that leave `ENOUGH` in the tail, x_min is the one that brings the
    fitted tail nearest to the values (Kolmogorov-Smirnov distance; Clauset, Shalizi & Newman 2009, SIAM Review 51:661).
    NaN where the tail would be too small. A cap far out (0.2 % of a tail) is not corrected for, as in published fits.
    """
    levels, counts = np.unique(values[values > 0], return_counts=True)
    beyond = counts[::-1].cumsum()[::-1]
    best = (np.inf, np.nan, np.nan)
    for place in np.flatnonzero((beyond >= ENOUGH) & (levels < levels.max(initial=0))):
        exponent = _likeliest(levels[place:], counts[place:])
        best = min(best, (_distance(levels[place:], counts[place:], exponent), exponent, float(levels[place])))
    return best[1], best[2]


def _likeliest(levels: Counts, counts: Counts) -> float:
    """The exponent with the greatest likelihood for a tail that begins at its first level."""
    logs = float(counts @ np.log(levels) / counts.sum())
    found = optimize.minimize_scalar(
        lambda exponent: np.log(special.zeta(exponent, levels[0])) + exponent * logs,
        bounds=_EXPONENTS,
        method="bounded",
    )
    return float(found.x)


def _distance(levels: Counts, counts: Counts, exponent: float) -> float:
    """Greatest difference of the shares at or above each level, in the values and in the power law."""
    fitted = special.zeta(exponent, levels) / special.zeta(exponent, levels[0])
    return float(np.abs(counts[::-1].cumsum()[::-1] / counts.sum() - fitted).max())


def triggered(counts: Counts) -> float:
    """Return the branching ratio: share of events triggered by earlier ones of the cell, from counts by week and cell.

    Weekly counts whose mean is linear in those of the weeks before are an integer autoregression, whose coefficients
    add up to the branching ratio (Kirchner 2016, Stoch. Process. Appl. 126:2494). They are estimated by least squares
    from how cells that are driven alike differ, so that what moves all of them, by date, is no excitation. Estimating
    each cell's level makes them too small; that is taken out by halves (Dhaene & Jochmans 2015, Rev. Econ. Stud.
    82:991). NaN with fewer than two cells, or too few weeks.
    """
    weeks, cells = counts.shape
    half = weeks // 2
    if cells < 2 or half < 4 * MEMORY or not counts.sum():
        return np.nan
    whole, early, late = (_coefficients(part) for part in (counts, counts[:half], counts[half - MEMORY :]))
    return float(2.0 * whole - (early + late) / 2.0)


def _coefficients(counts: Counts) -> float:
    """Sum of the coefficients of past weeks, each week weighed by its mean, with a level for each cell."""
    weeks, cells = counts.shape
    mean = counts.mean(axis=1, keepdims=True)
    apart = counts - mean
    weight = 1.0 / np.sqrt(np.maximum(mean[MEMORY:], 1.0 / cells))
    lags = [apart[MEMORY - lag : weeks - lag] for lag in range(1, MEMORY + 1)]
    levels = [np.broadcast_to(row, apart[MEMORY:].shape) for row in np.eye(cells)[1:] - 1.0 / cells]
    columns = np.stack([(one * weight).ravel() for one in (*lags, *levels)], axis=1)
    found = np.linalg.lstsq(columns, (apart[MEMORY:] * weight).ravel(), rcond=None)[0]
    return float(found[:MEMORY].sum())
