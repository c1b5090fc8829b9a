"""How an effect changes along a factor, where it crosses zero, and where it begins to matter, with intervals.

The trend is the effect at the last level of a factor less that at its first, replication by replication on common
random numbers: no form of the curve is assumed. Between levels each replication's effect is interpolated. The crossing
is the level at which the effect is zero; its interval holds the levels at which zero lies in the interval of the
effect. This inverts a test (as Fieller 1954, J. R. Stat. Soc. B 16:175, does for a ratio), so that the interval covers
as often as that of the effect does: with held parameters the crossing of the mean effect, else that of a new draw. The
level at which an effect begins to matter, where it reaches the margin, is found in the same way.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from experiments.stats import estimates
from experiments.stats.contrasts import judged
from experiments.stats.estimates import Floats

STEPS = 20  # between two levels, at which zero is looked for
_ABOUT = ("contrast", "arm", "policy", "intensity", "outcome")

type _Key = dict[Any, Any]


def trends(
    changes: pd.DataFrame, levels: Mapping[str, Sequence[Any]], margin: float = 1.0, held: bool = False
) -> pd.DataFrame:
    """Return how effects change along each factor, a row a contrast, factor and place among the other factors.

    Numbers are compared from the least to the greatest, with the crossing of zero between; words each with the first.
    Where other factors vary, there is a row at each of their levels; of numbers first one on the mean over them, whose
    cells are empty. A factor that goes with this one is empty too. Points that make no grid (``interval``) get a plane,
    fitted to those of each replication; the trend is along its slope.

    Args:
        changes: effects in per cent by replication, as of `contrasts.by_draw`.
        levels: levels of each factor in order.
        margin: of relevance, percentage points.
        held: whether all runs hold the same parameters.

    Returns:
        Columns: ``contrast``, ``arm``, ``policy``, ``intensity``, the factors, ``outcome``, ``factor``, ``than``,
        ``level``, ``unit``, those of `estimates.Estimate` of the trend, ``p_adjusted``, and those of `crossing`. Empty
        where no factor has two levels.
    """
    factors = [name for name in levels if len(changes) and changes[name].nunique() > 1]
    curves: list[tuple[_Key, pd.DataFrame]] = []
    for about, wide in _curves(changes, levels, factors):
        there = [level for level in levels[about["factor"]] if level in wide]
        numeric = is_numeric(there)
        there = sorted(there) if numeric else there
        for last in there[-1:] if numeric else there[1:]:
            ends = {"than": there[0], "level": last, "unit": "points"}
            curves.append((about | ends, wide[there if numeric else [there[0], last]]))
    if not curves:
        return pd.DataFrame()
    pairs = pd.MultiIndex.from_frame(changes[["draw", "replication"]].drop_duplicates().sort_values("replication"))
    grids = [_between(list(curve)) for _, curve in curves]
    rows = [_along(curve.reindex(pairs), grid) for (_, curve), grid in zip(curves, grids, strict=True)]
    draws = pairs.get_level_values("draw").to_numpy()
    found = iter(estimates.estimates(np.concatenate(rows), draws, margin=margin, held=held))
    table = [
        about | asdict(next(found)) | crossing(grid, [next(found) for _ in grid], held)
        for (about, _), grid in zip(curves, grids, strict=True)
    ]
    rest = [name for name in table[0] if name not in _ABOUT]
    named = [name for name in _ABOUT[:-1] if any(name in row for row in table)]
    places = [name for name in factors if name not in named and any(name in row for row in table)]
    return judged(pd.DataFrame(table, columns=list(dict.fromkeys([*named, *places, "outcome", *rest]))))


def crossing(levels: Floats, effects: Sequence[estimates.Estimate], held: bool = False) -> dict[str, Any]:
    """Return where an effect crosses zero and where it reaches the margin, along levels at which it was estimated.

    ``crossing`` is *negligible* if all intervals lie within the margin; else *crosses* if they exclude zero on either
    side of it, *below* or *above* if all of them do on one side, *depends* if the sign depends on what is drawn at some
    level, and *open* if parameters are held and noise hides it, and where draws or seeds are too few.
    ``zero`` is where the mean (held parameters) or the median of draws is zero; ``zero_low`` to ``zero_high`` its
    interval, or where it is open the levels at which it may lie; NaN where there is none. Of several crossings it is
    the first, and ``crossings`` is their number. ``margin_at``, ``margin_low`` and ``margin_high`` say likewise where
    the effect reaches the margin, on the side on which it is largest.

    Args:
        levels: ascending; empty of words.
        effects: one a level.
        held: whether all runs hold the same parameters.
    """
    names = ("zero", "zero_low", "zero_high", "margin_at", "margin_low", "margin_high")
    found: dict[str, Any] = {"crossing": "", "crossings": math.nan} | dict.fromkeys(names, math.nan)
    if not len(levels):
        return found
    if estimates.shortage(effects[0].draws, effects[0].n, held):
        return found | {"crossing": "open"}
    least = effects[0].margin
    low, high = (np.array([getattr(one, end) for one in effects]) for end in ("low", "high"))
    if (np.maximum(-low, high) <= least).all():
        return found | {"crossing": "negligible"}
    centre = np.array([one.mean if held else one.median for one in effects])
    times, zero = _crossed(levels, low, high, centre)
    if times:
        found |= {"crossing": "crosses", "crossings": times}
    elif math.isnan(zero[1]):
        found |= {"crossing": "above" if low[0] > 0 else "below", "crossings": 0}
    else:
        found["crossing"] = "open" if held else "depends"
    if centre[np.abs(centre).argmax()] < 0:
        low, high, centre = -high, -low, -centre
    _, margin = _crossed(levels, low - least, high - least, centre - least)
    return found | dict(zip(names, (*zero, *margin), strict=True))


def _crossed(levels: Floats, low: Floats, high: Floats, centre: Floats) -> tuple[int, tuple[float, float, float]]:
    """Return how often intervals change sides of zero, and where: of the centre, and the ends of its interval."""
    signs = np.where(low > 0, 1, np.where(high < 0, -1, 0))
    told = np.flatnonzero(signs)
    changed = told[:-1][signs[told[:-1]] != signs[told[1:]]]
    if not len(changed):
        may = levels[signs == 0] if len(told) < len(signs) else [math.nan]
        return 0, (_zero(levels, centre), float(may[0]), float(may[-1]))
    first, last = int(changed[0]), int(told[told > changed[0]][0])
    begin, middle, end = slice(first, first + 2), slice(first, last + 1), slice(last - 1, last + 1)
    leaves, joins = (high, low) if signs[first] < 0 else (low, high)
    at = _zero(levels[middle], centre[middle])
    return len(changed), (at, _zero(levels[begin], leaves[begin]), _zero(levels[end], joins[end]))


def _zero(levels: Floats, effects: Floats) -> float:
    """Return the first level at which a curve has its other sign or none, by interpolation; NaN if there is none."""
    sides = np.flatnonzero(effects * effects[0] <= 0.0)
    if not len(sides):
        return math.nan
    at = max(1, int(sides[0]))
    before, after = effects[at - 1], effects[at]
    share = before / (before - after) if before != after else 0.0
    return float(levels[at - 1] + share * (levels[at] - levels[at - 1]))


def _curves(
    changes: pd.DataFrame, levels: Mapping[str, Sequence[Any]], factors: Sequence[str]
) -> Iterator[tuple[_Key, pd.DataFrame]]:
    """Yield the effects of each contrast, factor and place: a row a replication, a column a level of the factor."""
    for factor in factors:
        apart = changes.groupby(factor)[list(factors)].nunique().max() > 1
        others = [name for name in factors if apart[name] and name not in (factor, *_ABOUT)]
        numbers = [name for name in others if is_numeric(levels[name])]
        about = [name for name in (*_ABOUT, *others) if name not in (factor, *numbers)]
        for key, some in changes.groupby(about, sort=False, dropna=False):
            wide = some.pivot(index=["draw", "replication"], columns=[*numbers, factor], values="change")
            places = _places(wide.astype(float), numbers)
            named = dict(zip(about, key, strict=True)) | {"factor": factor}
            every = [name for name in factors if is_numeric(levels[name]) and some[name].nunique() > 1]
            walked = some.groupby(factor)[[name for name in every if name not in others]].first()
            straight = all(one.is_monotonic_increasing or one.is_monotonic_decreasing for _, one in walked.items())
            scattered = not straight or 2 * sum(table.shape[1] for _, table in places) < wide.shape[1]
            if factor in every and len(every) > 1 and scattered:
                yield from ((named, plane) for plane in _plane(some, factor, every))
                continue
            if len(places) > 1 and len({frozenset(table) for _, table in places}) == 1:
                whole = pd.concat([table for _, table in places], axis=1).dropna()
                yield named, whole.T.groupby(level=0, sort=False).mean().T
            yield from ((named | place, table.dropna()) for place, table in places)


def _places(wide: pd.DataFrame, others: Sequence[str]) -> list[tuple[_Key, pd.DataFrame]]:
    """Return a table for each combination of other factors at which the factor has two levels or more."""
    groups = wide.T.groupby(level=list(others), sort=False) if others else [((), wide.T)]
    parts = [(key, part.T.droplevel(list(others), axis=1).dropna(axis=1, how="all")) for key, part in groups]
    return [(dict(zip(others, key, strict=True)), one) for key, one in parts if one.shape[1] > 1]


def _plane(some: pd.DataFrame, factor: str, factors: Sequence[str]) -> Iterator[pd.DataFrame]:
    """Yield the effect at both ends of a factor, others at their mean, on a plane fitted to each replication."""
    table = some.pivot(index=["draw", "replication"], columns=list(factors), values="change").astype(float).dropna()
    points = np.array([*table.columns], dtype=float)
    design = np.column_stack([np.ones(len(points)), points])
    if len(table) and np.linalg.matrix_rank(design) == design.shape[1] < len(design):
        column = points[:, factors.index(factor)]
        at = np.tile(design.mean(axis=0), (2, 1))
        at[:, 1 + factors.index(factor)] = ends = column.min(), column.max()
        yield pd.DataFrame((at @ np.linalg.lstsq(design, table.to_numpy().T)[0]).T, table.index, ends)


def is_numeric(levels: Sequence[Any]) -> bool:
    """Return whether all levels are numbers."""
    return all(isinstance(level, int | float) and not isinstance(level, bool) for level in levels)


def _between(levels: Sequence[Any]) -> Floats:
    """Return numbers with steps between them; of words none."""
    if not is_numeric(levels):
        return np.zeros(0)
    steps = [np.linspace(first, last, STEPS, endpoint=False) for first, last in pairwise(levels)]
    return np.append(np.concatenate(steps), levels[-1])


def _along(curve: pd.DataFrame, grid: Floats) -> Floats:
    """Return by replication (columns) the trend, and the effect along a grid."""
    values = curve.to_numpy()
    trend = values[:, -1] - values[:, 0]
    if not len(grid):
        return np.array([trend])
    weights = np.array([np.interp(grid, list(curve), one) for one in np.eye(values.shape[1])])
    return np.vstack([trend, (values @ weights).T])
