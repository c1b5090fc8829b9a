"""What Bayes' rule says of attributions: precision at a base rate, and the base rate below which a hit is false."""

import numpy as np

from experiments.stats.estimates import Floats


def precision(base: "float | Floats", recall: "float | Floats", false_positive: "float | Floats") -> Floats:
    """Share of attributions that are true: r b / (r b + f (1 - b)); NaN where nothing is ever attributed."""
    true, false = np.multiply(recall, base), np.multiply(false_positive, np.subtract(1.0, base))
    return share(true, false)


def share(true: "float | Floats", false: "float | Floats") -> Floats:
    """True ones among true and false ones; NaN where there are none."""
    both = np.asarray(np.add(true, false), dtype=float)
    return np.asarray(np.divide(true, both, out=np.full(both.shape, np.nan), where=both > 0))


def even(recall: "float | Floats", false_positive: "float | Floats") -> Floats:
    """The base rate at which a hit is as likely false as true: f / (r + f); below it false is likelier."""
    return share(false_positive, recall)


def crossing(base: Floats, precisions: Floats) -> float:
    """The base rate at which measured precision comes to one half, straight between points in log odds.

    Below the first point if all are over one half: 0; NaN if none is.
    """
    order = np.argsort(base)
    x, y = (_log_odds(values[order]) for values in (np.asarray(base), np.asarray(precisions)))
    known = np.isfinite(x) & ~np.isnan(y)
    x, y = x[known], np.clip(y[known], -20.0, 20.0)
    if not len(x) or y.max() < 0.0:
        return float("nan")
    last = int(np.flatnonzero(y < 0.0).max()) if (y < 0.0).any() else -1
    if last < 0:
        return 0.0
    if last == len(x) - 1:
        return float("nan")
    at = x[last] - y[last] * (x[last + 1] - x[last]) / (y[last + 1] - y[last])
    return float(1.0 / (1.0 + np.exp(-at)))


def _log_odds(share_: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(share_) - np.log1p(-share_))
