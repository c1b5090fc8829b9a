"""Estimates from paired runs: intervals, tests and verdicts, as pure functions of arrays.

A replication has one set of random numbers; a draw is one set of uncertain parameters, which several replications may
share. The difference of a pair of runs is mean + effect of its draw + noise: a random-effects model (Searle, Casella &
McCulloch 1992, *Variance components*). Two questions are answered apart: how precisely the mean is estimated
(``mc_low`` to ``mc_high``, stochastic uncertainty, which shrinks with more runs), and where the effect lies as
parameters vary (``low`` to ``high``, parametric uncertainty, which does not). Draws of a Latin hypercube or a Sobol
sequence are treated as independent, which makes intervals too wide rather than too narrow.
"""

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt
import scipy  # its parts are imported where they are used: scipy.stats takes 0.9 s
from scipy import special

type Floats = npt.NDArray[np.float64]
type Counts = npt.NDArray[np.int_]
type Words = npt.NDArray[np.str_]
type Verdict = Literal["raises", "lowers", "negligible", "depends", "inconclusive"]

RESAMPLES = 1999
SEED = 20200621  # of the bootstrap, the same for all: one table gives the same bytes again
EFFECTS: tuple[Verdict, Verdict] = ("raises", "lowers")
NEGLIGIBLE: Verdict = "negligible"
DEPENDS: Verdict = "depends"
INCONCLUSIVE: Verdict = "inconclusive"
VERDICTS = (*reversed(EFFECTS), NEGLIGIBLE, DEPENDS, INCONCLUSIVE)
NOT_MODELLED = "not modelled"  # instead of a verdict, on an outcome that the model does not have
MIN_DRAWS = 39  # the range of 39 draws covers 95 % of the next one
MIN_SEEDS = 20  # of held parameters, and of a bootstrap: BCa of 10 normal values covers 90 %
MOST = 64  # times as many runs, beyond which no number is named
NOISE_RISK = 0.1  # probability of overestimating the noise that is removed
Z = float(special.ndtri(0.975))


@dataclass(frozen=True, slots=True)
class Estimate:
    """Estimates of one difference between paired runs, in the unit of the difference."""

    n: Annotated[int, "pairs of runs that are used"]
    draws: Annotated[int, "distinct draws among them"]
    mean: Annotated[float, "mean of the draws' means"]
    mc_low: Annotated[float, "lower end of the 95 % Monte Carlo interval of the mean"]
    mc_high: Annotated[float, "upper end of the 95 % Monte Carlo interval of the mean"]
    mc_error: Annotated[float, "standard error of the mean from noise alone"]
    median: Annotated[float, "median of the draws' effects, without noise"]
    lower: Annotated[float, "share of draws, or of seeds if parameters are held, whose effect as run is below zero"]
    higher: Annotated[float, "share of draws, or of seeds if parameters are held, whose effect as run is above zero"]
    below: Annotated[float, "share of draws whose effect, without noise, is below minus the margin; if held of seeds"]
    within: Annotated[float, "share of draws whose effect, without noise, is within the margin; if held of seeds"]
    above: Annotated[float, "share of draws whose effect, without noise, is above the margin; if held of seeds"]
    low: Annotated[float, "lower end of the uncertainty interval over parameter draws"]
    high: Annotated[float, "upper end of the uncertainty interval over parameter draws"]
    coverage: Annotated[float, "share of new draws that the uncertainty interval covers: 95 %, or less of few draws"]
    mc_share: Annotated[float, "share of the variance of single differences that is noise"]
    p_beyond_margin: Annotated[float, "share of draws whose effect is larger than the margin, either way"]
    p_beyond_margin_low: Annotated[float, "lower end of the exact 95 % interval of that share"]
    p_beyond_margin_high: Annotated[float, "upper end of the exact 95 % interval of that share"]
    p: Annotated[float, "p of as many effects below zero as above (sign test), not adjusted"]
    mde: Annotated[float, "minimum detectable effect: the mean whose t interval leaves out zero in 80 % of cases"]
    variance_reduction: Annotated[float, "share of variance that common random numbers removed"]
    runs_needed: Annotated[float, "pairs of runs that would tell; missing where none would, or the verdict is known"]
    margin: Annotated[float, "margin of relevance"]
    verdict: Annotated[Verdict, "verdict on the effect: raises, lowers, negligible, depends or inconclusive"]


def estimate(differences: npt.ArrayLike, draws: npt.ArrayLike, margin: float = 0.0, held: bool = False) -> Estimate:
    """Estimate one effect from its paired differences; see `estimates`, which does many at once."""
    return estimates(np.asarray(differences, dtype=float)[None], draws, margin=margin, held=held)[0]


def estimates(
    differences: npt.ArrayLike,
    draws: npt.ArrayLike,
    a: npt.ArrayLike | None = None,
    b: npt.ArrayLike | None = None,
    margin: npt.ArrayLike = 0.0,
    held: bool = False,
) -> list[Estimate]:
    """Estimate many effects from their paired differences.

    *Interval of the mean* (``mc_low`` to ``mc_high``): draws, not runs, are independent, so it is over draws' means:
    bias-corrected and accelerated bootstrap (BCa; Efron 1987, JASA 82:171); below 20 draws the t interval, which covers
    skewed effects less often than stated. Equal values v give [v, v]; fewer than two draws give no interval.

    *Uncertainty interval* (``low`` to ``high``): order statistics of the draws' effects, at i/(n+1), so that a new draw
    falls between the 2.5% and 97.5% quantiles in 95% of cases whatever the distribution (Hahn & Meeker 1991,
    *Statistical intervals*); below 39 draws it is their range, which covers (n-1)/(n+1) (``coverage``).
    It holds the median and 1.96 ``mc_error`` on either side, as far as draws as run reach: noise may be all that shows.

    *Noise*: e_j, the mean of draw j, includes noise. Replications within a draw show how much. So e_j are shrunk
    towards their mean until only the rest of their variance is left (shrinkage that keeps the spread right: Louis 1984,
    JASA 79:393), and conservatively so: what is left is the upper 90% limit of the draws' share of the variance (exact
    F limit for normal data; for unequal numbers of seeds Thomas & Hultquist 1978, Ann. Stat. 6:582). ``median``,
    ``below``, ``within`` and ``above`` are of these effects too: of rare counts most draws' means are zero by chance.

    *Verdict*, before adjusting p (`experiments.stats.contrasts.judged` does):

    - raises, lowers: the interval leaves out zero and the median lies beyond the margin on that side;
    - negligible: the interval lies within the margin;
    - depends: all else. Parameters decide, and more runs would not;
    - inconclusive: fewer than 39 draws, or noise could change the word. It could unless the word is the same with as
      little noise removed as the data allow and with as much: the lower limit of the draws' share of the variance, and
      each draw 1.96 of its standard errors nearer to the median; and for either with all draws 1.96 ``mc_error`` lower
      and higher. Shrinkage alone keeps the shape of e_j, and calls up to 100% of skewed effects of one sign *depends*
      (docs/studies.md). The noise of a draw is that of the draws with the nearest effects, for it grows with effects;
      pooled, it would leave a third of effects inconclusive that have one sign in every draw. Where no draw has two
      seeds noise is unknown, and *depends* is inconclusive.

    ``runs_needed`` doubles the seeds of each draw until noise could not change the word, at most 64 times.

    *Held* parameters: all replications are one draw, whose effect without noise is the mean; their differences are
    noise, which is not uncertainty about the world. So ``median`` is the mean, ``mc_share`` is 1, the uncertainty
    interval is that of the mean, and shares are of single replications. The verdict needs 20 replications, and nothing
    depends: the interval lies beyond the margin (raises, lowers), within it (negligible), or across one of its ends
    (inconclusive), for then the mean may lie on either side. The same data without ``held`` and with one draw give no
    verdict: other parameters are unknown.

    *p* is that of the exact sign test on ``lower`` and ``higher`` (Dixon & Mood 1946, JASA 41:557). It holds whatever
    the shape: of effects with median zero, lognormal and less one, Wilcoxon's test rejects 21% at 40 draws and 45% at
    100, the t test 57% and 97%; where effects have one sign it misses none, the t test 22% of lognormal ones. It costs
    power on normal effects, which the interval decides anyway. It is NaN where every difference is exactly zero: such a
    contrast is no test, and must not weaken its family.

    *p_beyond_margin* counts the shrunken effects; its interval is exact (Clopper & Pearson 1934, Biometrika 26:404),
    taken over counts with the mean 1.96 ``mc_error`` lower and higher. *mde* is (t_0.975 + t_0.8) standard errors of
    the mean.

    Args:
        differences: one row a contrast, one column a replication; NaN where a pair is incomplete, and dropped.
        draws: the draw of each replication.
        a: outcomes of the runs that are added, for ``variance_reduction``: contrasts x replications, or contrasts x
            runs x replications where a difference has several. In one unit with ``b``, not per cent of a paired run.
        b: outcomes of the runs that are subtracted.
        margin: of relevance, in the differences' unit; one for all, or one a contrast.
        held: whether all replications hold the same parameters; ``draws`` is then not used.

    Returns:
        One estimate a contrast, in order.
    """
    values = np.asarray(differences, dtype=float)
    margins = np.broadcast_to(np.asarray(margin, dtype=float), len(values))
    reduction = np.full(len(values), np.nan)
    if a is not None and b is not None:
        added, taken = (np.reshape(np.asarray(x, dtype=float), (len(values), -1, values.shape[1])) for x in (a, b))
        reduction = _variance_reduction(added, taken, np.isfinite(values))
    found: list[Estimate | None] = [None] * len(values)
    for some in _by_draw(values, np.arange(values.shape[1]) if held else np.asarray(draws)):
        columns = _summary(some, margins[some.rows], held) | {"variance_reduction": reduction[some.rows]}
        for k, row in enumerate(some.rows.tolist()):
            found[row] = Estimate(**{name: column[k].item() for name, column in columns.items()})
    return [one for one in found if one is not None]


def half_width(estimate: Estimate) -> float:
    """Half the width of the interval of the mean, which a wanted precision is compared with."""
    return (estimate.mc_high - estimate.mc_low) / 2


def more_runs_for(estimates: Iterable[Estimate], precision: float, n: int) -> int:
    """Number of replications that bring every half width down to a precision, at most twice as many as now.

    Half widths fall as one over the root of replications. One that is not known yet asks for twice as many.
    """
    widest = max((math.inf if math.isnan(half := half_width(one)) else half for one in estimates), default=0.0)
    if widest <= precision:
        return n
    return 2 * n if precision <= 0 else math.ceil(n * min(2.0, (widest / precision) ** 2))


def holm(p: npt.ArrayLike) -> Floats:
    """p-values adjusted for being one family (Holm 1979, Scand. J. Statist. 6:65); NaN is no test and stays NaN."""
    values = np.array(p, dtype=float)
    tested = np.flatnonzero(np.isfinite(values))
    order = tested[np.argsort(values[tested], kind="stable")]
    steps = np.arange(len(order), 0, -1) * values[order]
    values[order] = np.minimum(1.0, np.maximum.accumulate(steps))
    return values


def shortage(draws: float, seeds: float, held: bool) -> str:
    """Name the sample that is too small for a verdict: ``draws``, or ``seeds`` if parameters are held; else empty."""
    if held:
        return "seeds" if seeds < MIN_SEEDS else ""
    return "draws" if draws < MIN_DRAWS else ""


def is_held(draws: float, mc_share: float) -> bool:
    """Return whether the parameters of a row of an effects table are held: one draw is all noise only then."""
    return draws == 1 and mc_share == 1.0


def shortage_of(row: Any) -> str:
    """Name the sample that is too small for a verdict in a row of an effects table; see `shortage`."""
    draws = float(row["draws"])
    return shortage(draws, float(row["n"]), is_held(draws, float(row.get("mc_share", math.nan))))


def ratios(
    a: npt.ArrayLike, b: npt.ArrayLike, draws: npt.ArrayLike, held: bool = False
) -> tuple[Floats, Floats, Floats]:
    """Ratios of means, mean(a) / mean(b), of paired differences, with 95% intervals over draws.

    It is the ratio of two expected effects, known the better the more runs there are, not how the ratio varies over
    parameters. The interval is Fieller's (1954, J. R. Stat. Soc. B 16:175). NaN where the t interval of the denominator
    covers zero: the ratio is then unbounded.

    Args:
        a: contrasts x replications.
        b: likewise, with common random numbers.
        draws: the draw of each replication.
        held: whether all replications hold the same parameters.

    Returns:
        Ratio, low and high, one a contrast.
    """
    over, under = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    found = np.full((3, len(over)), np.nan)
    groups = np.arange(over.shape[1]) if held else np.asarray(draws)
    both = np.isfinite(over + under)
    tops, bottoms = (_by_draw(np.where(both, side, np.nan), groups) for side in (over, under))
    for top, bottom in zip(tops, bottoms, strict=True):
        if top.means.shape[1] > 1:
            found[:, top.rows] = _ratio(top.means, bottom.means)
    return found[0], found[1], found[2]


def _ratio(tops: Floats, bottoms: Floats) -> Floats:
    """Ratio, low and high (3 x rows) of draws' means."""
    count = tops.shape[1]
    t, top, bottom = scipy.stats.t.ppf(0.975, count - 1), tops.mean(axis=1), bottoms.mean(axis=1)
    together = ((tops - top[:, None]) * (bottoms - bottom[:, None])).sum(axis=1) / (count - 1)
    # the ends are the roots of square x^2 - 2 middle x + constant
    square = bottom**2 - t**2 * bottoms.var(axis=1, ddof=1) / count
    middle = top * bottom - t**2 * together / count
    constant = top**2 - t**2 * tops.var(axis=1, ddof=1) / count
    root = np.sqrt(np.maximum(0.0, middle**2 - square * constant))
    found = np.full((3, len(tops)), np.nan)
    bounded = square > 0
    found[0, bounded] = top[bounded] / bottom[bounded]
    found[1:, bounded] = np.array([middle - root, middle + root])[:, bounded] / square[bounded]
    return found


@dataclass(frozen=True, slots=True)
class _Draws:
    """Rows that have equally many draws, which are computed together."""

    rows: npt.NDArray[np.intp]
    means: Floats  # rows x draws
    sizes: Floats  # rows x draws: pairs of each draw
    within: Floats  # rows x draws: sum of squares of pairs about the mean of their draw
    zeros: Floats  # rows x draws: pairs that are exactly zero


def _by_draw(values: Floats, draws: npt.NDArray[Any]) -> list[_Draws]:
    """Means by draw, without pairs that are NaN and draws that are left with none."""
    order = np.argsort(draws, kind="stable")
    _, starts, sizes = np.unique(draws[order], return_index=True, return_counts=True)
    here = np.isfinite(values)[:, order]
    # from the first value, so that the mean of equal values is that value
    first = np.take_along_axis(values[:, order], here.argmax(axis=1)[:, None], axis=1)
    rest = np.where(here, values[:, order] - first, 0.0)

    def by_draw(array: npt.NDArray[Any]) -> Floats:
        return np.add.reduceat(array, starts, axis=1, dtype=float)

    pairs = by_draw(here)
    means = by_draw(rest) / np.maximum(pairs, 1.0)
    within = by_draw(np.where(here, (rest - np.repeat(means, sizes, axis=1)) ** 2, 0.0))
    every = (first + means, pairs, within, by_draw(values[:, order] == 0))
    counts = (pairs > 0).sum(axis=1)
    found = []
    for count in np.unique(counts).tolist():
        rows = np.flatnonzero(counts == count)
        kept = pairs[rows] > 0
        found.append(_Draws(rows, *(array[rows][kept].reshape(len(rows), count) for array in every)))
    return found


def _summary(some: _Draws, margins: Floats, held: bool) -> dict[str, npt.NDArray[Any]]:
    by_draw, n = some.means, some.sizes.sum(axis=1).astype(int)
    rows, count = by_draw.shape
    if count == 0:
        nothing = {name: np.full(rows, np.nan) for name in Estimate.__slots__}
        return nothing | {"n": n, "draws": n, "margin": margins, "verdict": np.full(rows, INCONCLUSIVE)}
    mean = by_draw[:, 0] + (by_draw - by_draw[:, :1]).mean(axis=1)
    raw = np.where(_degenerate(by_draw)[:, None], 0.0, by_draw - mean[:, None])
    mc_low, mc_high = _of_means(by_draw, mean)
    error = _spread(by_draw) / math.sqrt(count)
    if held:
        effects, mc_error, mc_share = mean[:, None] + raw, error, np.ones(rows)
        low, high, shift = mc_low, mc_high, np.zeros(rows)
        verdict, needed = _of_the_mean(mean, mc_low, mc_high, margins, count)
    else:
        noise, reach, mc_share = _noise(some, raw)
        mc_error = np.sqrt(noise / count)
        effects = mean[:, None] + (_without_noise(raw, noise, reach, n) if count > 1 else raw)
        shift = np.nan_to_num(Z * mc_error)
        low, high = _quantiles(effects) if count > 1 else np.full((2, rows), np.nan)
        middle = np.median(effects, axis=1)
        low = np.minimum(low, np.maximum(middle - shift, by_draw.min(axis=1)))
        high = np.maximum(high, np.minimum(middle + shift, by_draw.max(axis=1)))
        verdict, needed = _of_draws(raw, mean, noise, reach, n, margins)
    lower, here, higher = (_sides(effects + by[:, None], margins) for by in (-shift, np.zeros(rows), shift))
    counts = np.array([side[0] + side[2] for side in (lower, here, higher)])
    signs = _sides(by_draw, np.zeros(rows))
    untried = (some.zeros == some.sizes).all(axis=1)
    return {
        "n": n,
        "draws": np.full(rows, 1 if held else count),
        "mean": mean,
        "mc_low": mc_low,
        "mc_high": mc_high,
        "mc_error": mc_error,
        "median": mean if held else np.median(effects, axis=1),
        "lower": signs[0] / count,
        "higher": signs[2] / count,
        "below": here[0] / count,
        "within": here[1] / count,
        "above": here[2] / count,
        "low": low,
        "high": high,
        "coverage": np.full(rows, 0.95 if held else min(0.95, (count - 1) / (count + 1))),
        "mc_share": mc_share,
        "p_beyond_margin": counts[1] / count,
        "p_beyond_margin_low": np.array([share(k, count)[0] for k in counts.min(axis=0).tolist()]),
        "p_beyond_margin_high": np.array([share(k, count)[1] for k in counts.max(axis=0).tolist()]),
        "p": np.where(untried, np.nan, _sign_test(signs[0], signs[2])),
        "mde": error * scipy.stats.t.ppf((0.975, 0.8), count - 1).sum() if count > 1 else error,
        "runs_needed": needed,
        "margin": margins,
        "verdict": verdict,
    }


def _words(low: Floats, high: Floats, median: Floats, margins: Floats) -> Words:
    """Words for intervals without regard to noise."""
    raises, lowers = (low > 0) & (median > margins), (high < 0) & (median < -margins)
    within = (low >= -margins) & (high <= margins)
    return np.select([raises, lowers, within], [*EFFECTS, NEGLIGIBLE], DEPENDS).astype("U12")


def _of_the_mean(mean: Floats, low: Floats, high: Floats, margins: Floats, count: int) -> tuple[Words, Floats]:
    """Verdict on the mean over seeds of held parameters, and the seeds that would tell."""
    if count < MIN_SEEDS:
        return np.full(len(mean), INCONCLUSIVE), np.full(len(mean), float(MIN_SEEDS))
    sides = (low > margins, high < -margins, (low >= -margins) & (high <= margins))
    words = np.select(sides, [*EFFECTS, NEGLIGIBLE], INCONCLUSIVE).astype("U12")
    distance = np.abs(np.abs(mean) - margins)
    with np.errstate(divide="ignore", invalid="ignore"):
        needed = np.maximum(np.ceil(count * ((high - low) / 2 / distance) ** 2), count + 1)
    return words, np.where((words == INCONCLUSIVE) & (needed <= MOST * count), needed, np.nan)


def _of_draws(
    raw: Floats, mean: Floats, noise: Floats, reach: Floats, n: Counts, margins: Floats
) -> tuple[Words, Floats]:
    """Verdict on effects by draw, less their mean, and the runs that would tell."""
    rows, count = raw.shape
    if count < MIN_DRAWS:
        return np.full(rows, INCONCLUSIVE), np.ceil(n * MIN_DRAWS / count)
    words, needed = _robust(raw, mean, noise, reach, n, margins), np.full(rows, np.nan)
    unsure = np.flatnonzero(words == INCONCLUSIVE)
    every: tuple[Any, ...] = (raw, mean, noise, reach, n, margins)
    raw, mean, noise, reach, n, margins = (one[unsure] for one in every)
    spread = raw.var(axis=1, ddof=1)
    for more in (64, 32, 16, 8, 4, 2) if len(unsure) else ():
        left = np.maximum(0.0, spread - noise) + noise / more
        seen = raw * np.sqrt(np.divide(left, spread, out=np.zeros(len(raw)), where=spread > 0))[:, None]
        told = _robust(seen, mean, noise / more, reach / math.sqrt(more), n * more, margins) != INCONCLUSIVE
        needed[unsure[told]] = n[told] * more
    needed[unsure] = np.where(np.isnan(noise), 2 * n, needed[unsure])
    return words, needed


def _robust(raw: Floats, mean: Floats, noise: Floats, reach: Floats, n: Counts, margins: Floats) -> Words:
    """Words for effects by draw, less their mean; inconclusive where noise could change them."""
    most, least = _without_noise(raw, noise, reach, n), _without_noise(raw, noise, 2 * reach, n, 1 - NOISE_RISK)
    centre, middle = (np.median(one, axis=1, keepdims=True) for one in (raw, most))
    drawn_in = raw - np.clip(raw - centre, -reach, reach)
    below, above = np.maximum(least, drawn_in), np.minimum(least, drawn_in)
    least = np.where(raw < centre, np.minimum(below, middle), np.maximum(above, middle))
    words = []
    for effects, side in itertools.product((most, least), (-1, 0, 1)):
        moved = mean[:, None] + effects + side * reach / math.sqrt(raw.shape[1])
        low, high = _quantiles(moved)
        words.append(_words(low, high, np.median(moved, axis=1), margins))
    unsure = (np.array(words) != words[0]).any(axis=0) | (np.isnan(noise) & (words[0] == DEPENDS))
    return np.where(unsure, INCONCLUSIVE, words[0])


def _spread(by_draw: Floats) -> Floats:
    """Standard deviation over draws; NaN for one draw."""
    if by_draw.shape[1] < 2:
        return np.full(len(by_draw), np.nan)
    return np.where(_degenerate(by_draw), 0.0, by_draw.std(axis=1, ddof=1))


def _noise(some: _Draws, raw: Floats) -> tuple[Floats, Floats, Floats]:
    """Variance of a draw's mean from noise, the reach of noise in each, and its share in single differences.

    The variance is NaN where no draw has two pairs, so that noise cannot be separated; the reach is zero there. Noise
    grows with effects, so that the reach (1.96 standard errors) is that of the draws with the nearest effects, a fifth
    or 19, and zero in draws whose pairs are all zero. It is that of all draws where zeros come by chance, as of rare
    counts: other draws then have one among other differences.
    """
    rows, count = raw.shape
    free = some.sizes - 1
    total = np.divide(some.within.sum(axis=1), free.sum(axis=1), out=np.full(rows, np.nan), where=free.sum(axis=1) > 0)
    noise = total * (1 / some.sizes).mean(axis=1)
    order, local = np.argsort(raw, axis=1, kind="stable"), np.empty_like(raw)
    around = partial(scipy.ndimage.uniform_filter1d, size=2 * max(9, count // 10) + 1, axis=1, mode="constant")
    squares, frees = (around(np.take_along_axis(array, order, axis=1)) for array in (some.within, free))
    known = np.divide(squares, frees, out=np.tile(total[:, None], count), where=frees > 0.5 / count)
    np.put_along_axis(local, order, known, axis=1)
    whole, part = some.zeros == some.sizes, (some.zeros > 0) & (some.zeros < some.sizes)
    chance = (part.sum(axis=1) > 0.05 * whole.sum(axis=1)) | (whole.sum(axis=1) > count / 2)
    local = np.where(chance[:, None], total[:, None], np.where(whole & (free > 0), 0.0, local))
    reach = np.nan_to_num(Z * np.sqrt(np.maximum(0.0, local) / some.sizes))
    single = total + np.maximum(0.0, _spread(some.means) ** 2 - noise)
    return noise, reach, np.divide(total, single, out=np.full(rows, np.nan), where=single > 0)


def _without_noise(raw: Floats, noise: Floats, reach: Floats, n: Counts, risk: float = NOISE_RISK) -> Floats:
    """Effects by draw shrunk to leave the spread without noise, but for a risk of more; none farther than its reach."""
    rows, count = raw.shape
    spread = raw.var(axis=1, ddof=1)
    taken = np.nan_to_num(noise) * scipy.stats.f.ppf(risk, count - 1, np.maximum(n - count, 1))
    left = np.divide(spread - taken, spread, out=np.zeros(rows), where=spread > 0)
    moves = raw * (np.sqrt(np.maximum(0.0, left)) - 1.0)[:, None]
    return np.asarray(raw + np.clip(moves, -reach, reach))


def _sides(effects: Floats, margins: Floats) -> Counts:
    """Numbers of draws below, within and above the margin (3 x rows)."""
    below, above = (effects < -margins[:, None]).sum(axis=1), (effects > margins[:, None]).sum(axis=1)
    return np.array([below, effects.shape[1] - below - above, above])


def _quantiles(effects: Floats) -> Floats:
    """Order statistics (2 x rows) between which 95% of draws lie, or all of few."""
    return np.quantile(effects, [0.025, 0.975], axis=1, method="weibull")


def _degenerate(by_draw: Floats) -> npt.NDArray[np.bool_]:
    """Rows that are constant but for rounding."""
    return np.asarray(np.ptp(by_draw, axis=1) <= 1e-12 * np.abs(by_draw).max(axis=1))


def _of_means(by_draw: Floats, mean: Floats) -> Floats:
    """Intervals of the means (2 x rows): BCa, or t of few draws."""
    rows, count = by_draw.shape
    if count < 2:
        return np.full((2, rows), np.nan)
    reach = scipy.stats.t.ppf(0.975, count - 1) * _spread(by_draw) / math.sqrt(count)
    ends: Floats = np.array([mean - reach, mean + reach])
    varied = reach > 0
    if count >= MIN_SEEDS and varied.any():
        ends[:, varied] = _bca(by_draw[varied])
    return ends


@lru_cache(maxsize=4)
def _resamples(count: int) -> Floats:
    """The weights of so many values in each resample."""
    return np.random.default_rng(SEED).multinomial(count, np.full(count, 1 / count), RESAMPLES) / count


def _bca(values: Floats) -> Floats:
    """BCa intervals (2 x rows) of the means of rows, which share the resamples.

    It takes a tenth of the time of `scipy.stats.bootstrap`, which resamples the rows one by one.
    """
    count = values.shape[1]
    weights = _resamples(count)
    mean, spread = values.mean(axis=1), values.std(axis=1)
    rest = (values - mean[:, None]) / spread[:, None]
    ends = []
    for row, acceleration in zip(rest, (rest**3).mean(axis=1) / (6 * math.sqrt(count)), strict=True):
        # last bits of a matrix product differ between machines, and equal resamples must count as equal
        means = (weights @ row).round(13)
        bias = special.ndtri(((means < 0).mean() + (means <= 0).mean()) / 2)
        reach = bias + np.array([-Z, Z])
        ends.append(np.quantile(means, special.ndtr(bias + reach / (1 - acceleration * reach))))
    return np.asarray(mean + spread * np.array(ends).T)


def _sign_test(lower: Counts, higher: Counts) -> Floats:
    """Two-sided exact p of so uneven a count, if each side were as likely."""
    return np.asarray(np.minimum(1.0, 2 * scipy.stats.binom.cdf(np.minimum(lower, higher), lower + higher, 0.5)))


@lru_cache(maxsize=4096)
def share(successes: int, of: int) -> tuple[float, float]:
    """Exact 95% interval of a share (Clopper & Pearson 1934, Biometrika 26:404)."""
    low = special.betaincinv(successes, of - successes + 1, 0.025) if successes else 0.0
    high = special.betaincinv(successes + 1, of - successes, 0.975) if successes < of else 1.0
    return float(low), float(high)


def rate(events: int, exposure: float) -> tuple[float, float]:
    """Exact 95% interval of a rate of events that come at random (Garwood 1936, Biometrika 28:437)."""
    low = scipy.stats.chi2.ppf(0.025, 2 * events) / 2 if events else 0.0
    return float(low / exposure), float(scipy.stats.chi2.ppf(0.975, 2 * events + 2) / 2 / exposure)


def _variance_reduction(added: Floats, taken: Floats, used: npt.NDArray[np.bool_]) -> Floats:
    """Share of the variance of a difference that pairing removed, against independent runs."""
    found = np.full(len(added), np.nan)
    rows = used.sum(axis=1) > 1
    plus, minus, where = added[rows], taken[rows], used[rows]
    paired = (plus.sum(axis=1) - minus.sum(axis=1)).var(axis=1, ddof=1, where=where)
    apart = sum(side[:, k].var(axis=1, ddof=1, where=where) for side in (plus, minus) for k in range(side.shape[1]))
    found[rows] = 1.0 - np.divide(paired, apart, out=np.full(len(plus), np.nan), where=apart > 0)
    return found
