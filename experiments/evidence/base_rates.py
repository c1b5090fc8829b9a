"""Bayes' rule for attributions: precision at a base rate, and the base rate below which a hit is more likely false."""

import numpy as np
from scipy.special import expit, logit

from experiments.stats.estimates import Floats


def precision(base: "float | Floats", recall: "float | Floats", false_positive: "float | Floats") -> Floats:
    """Return the share of attributions that are true: r b / (r b + f (1 - b)); NaN if nothing is attributed."""
    return share(np.multiply(recall, base), np.multiply(false_positive, np.subtract(1.0, base)))


def share(true: "float | Floats", false: "float | Floats") -> Floats:
    """Return the share of true ones; NaN where there are none."""
    both = np.asarray(np.add(true, false), dtype=float)
    return np.asarray(np.divide(true, both, out=np.full(both.shape, np.nan), where=both > 0))


def even(recall: "float | Floats", false_positive: "float | Floats") -> Floats:
    """Return the base rate at which a hit is as likely false as true: f / (r + f)."""
    return share(false_positive, recall)


def crossing(base: Floats, precisions: Floats) -> float:
    """Return the base rate at which measured precision crosses one half, linear between points in log odds.

    0 if every precision is over one half; NaN if none is.
    """
    order = np.argsort(base)
    x, y = logit(base[order]), logit(precisions[order])
    known = np.isfinite(x) & ~np.isnan(y)
    x, y = x[known], np.clip(y[known], -20.0, 20.0)
    if not len(x) or y[-1] < 0.0:
        return float("nan")
    if (y >= 0.0).all():
        return 0.0
    last = np.flatnonzero(y < 0.0)[-1]
    return float(expit(x[last] - y[last] * (x[last + 1] - x[last]) / (y[last + 1] - y[last])))
