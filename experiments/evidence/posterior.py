"""What the record says of the parameters that nobody knows, from one table of runs.

Importance sampling: draws of the prior (the plausible ranges) are weighed by the likelihood of the calibrated patterns
(`likelihood`), means over seeds, never over the seed. With as many draws as there are here it needs no steps
in between, every draw can be made again by its number, and any draw can play the truth: recovery costs no further run.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import logsumexp
from scipy.stats import norm

from experiments.evidence import patterns
from experiments.evidence.likelihood import Evidence, Measured, evidence_of, measured, together
from experiments.stats import estimates
from experiments.study.spec import Value

type Floats = npt.NDArray[np.float64]

RULED_OUT = 3.0
"""Standard deviations at which a draw is ruled out (Pukelsheim 1994; Vernon et al. 2010)."""
LEAVES = 0.01
"""Share of the weight that the lightest draws, which are not kept, have together."""
TRIALS = 1600
"""Draws that play the truth in recovery. Of 200 that count, a true coverage of 90 % comes out between 85 and 95 % in 97
cases of 100."""
ENOUGH = 100
"""Equal draws that the posterior of a trial must be worth to count: quantiles of fewer are too coarse to be judged."""
_WORTH = (0, 10, 25, 50, 100, 200)
_SHUFFLES = 4000
_SEED = 20200621


@dataclass(frozen=True)
class Calibration:
    """Draws of a study with what the record says of them.

    Attributes:
        pieces: the evidence, each with its measure in the runs.
        quantiles: of each drawn parameter, a row a draw.
    """

    pieces: list[tuple[Evidence, Measured]]
    quantiles: pd.DataFrame

    @cached_property
    def log_likelihood(self) -> pd.DataFrame:
        """Of each piece of evidence by draw; a column each."""
        return pd.DataFrame(
            {
                one.pattern.of: self.spread(one.log_likelihood(found.means, found.luck, found.seeds), found)
                for one, found in self.pieces
            }
        )

    def spread(self, logs: Floats, found: Measured) -> pd.Series:
        """Log likelihoods of all draws; one that lacks the measure gets the mean of the rest, for it says nothing."""
        known = pd.Series(logs, found.means.index).reindex(self.quantiles.index)
        return known.fillna(float(logsumexp(logs)) - math.log(len(logs)))

    @cached_property
    def weights(self) -> pd.Series:
        """Weight of each draw; they sum to 1."""
        return normalised(self.log_likelihood.sum(axis=1))

    @cached_property
    def implausibility(self) -> pd.DataFrame:
        """Standard deviations outside of what is published, by draw; a column a piece of evidence."""
        return (
            pd.DataFrame(
                {
                    one.pattern.of: pd.Series(
                        one.implausibility(found.means, found.luck, found.seeds), found.means.index
                    )
                    for one, found in self.pieces
                }
            )
            .reindex(self.quantiles.index)
            .fillna(0.0)
        )

    @property
    def open(self) -> pd.Series:
        """Whether each draw is not ruled out by any piece of evidence."""
        return self.implausibility.max(axis=1) <= RULED_OUT


def heard(known: dict[str, dict[str, str]]) -> list[patterns.Pattern]:
    """The calibrated patterns of conf/patterns.yaml that are evidence.

    Only figures that `patterns.known_before_the_switch` lets pass: a pattern may have been in view when
    defaults were chosen without being evidence.
    """
    chosen = (one for one in patterns.load() if one.tag == "calibrated" and one.fact)
    return [one for one in chosen if patterns.known_before_the_switch(known[str(one.fact)])]


def calibration(runs: pd.DataFrame, base: dict[str, Value], quantiles: pd.DataFrame) -> Calibration:
    """The calibrated patterns of conf/patterns.yaml as evidence on the draws of a run table."""
    known = patterns.facts()
    evidence = [evidence_of(one, known) for one in heard(known)]
    pieces = [(one, found) for one in evidence if len((found := measured(one, runs, base)).means)]
    good = sorted(set().union(*(found.means.index for _, found in pieces)))
    return Calibration(pieces, quantiles.loc[good])


def normalised(logs: pd.Series) -> pd.Series:
    """Weights that sum to 1, of log likelihoods."""
    weights = np.exp(logs - logs.max())
    return weights / weights.sum()


def effective(weights: npt.ArrayLike) -> float:
    """How many equal draws weigh as much (Kish 1965): ``(sum w)^2 / sum w^2``."""
    values = np.asarray(weights, dtype=float)
    return float(values.sum() ** 2 / (values**2).sum())


def quantile(values: npt.ArrayLike, weights: npt.ArrayLike, at: Sequence[float]) -> Floats:
    """Quantiles of weighted values: where the summed weights, each counted to its middle, reach them."""
    order = np.argsort(np.asarray(values, dtype=float), kind="stable")
    own = np.asarray(weights, dtype=float)[order]
    places = (np.cumsum(own) - 0.5 * own) / own.sum()
    return np.asarray(np.interp(at, places, np.asarray(values, dtype=float)[order]))


def kept(weights: pd.Series) -> pd.Series:
    """The heaviest draws, in order of their number; what is left out weighs no more than `LEAVES`."""
    heavy = weights.sort_values(ascending=False, kind="stable")
    number = int(np.searchsorted(heavy.cumsum().to_numpy(), 1.0 - LEAVES)) + 1
    chosen = heavy.iloc[:number].sort_index()
    return chosen / chosen.sum()


# --- what the record speaks to ---------------------------------------------------------------------------------------


def learned(found: Calibration) -> pd.DataFrame:
    """Every parameter with its posterior quantiles, and whether the record says anything of it; a row each.

    *Narrowed* is 1 less the variance of its quantile over that of the prior. Whether posterior and prior differ at all
    is judged by their largest distance (Kolmogorov-Smirnov), against the same weights dealt out at random, and adjusted
    for the number of parameters (Holm 1979): ``says`` is *narrowed*, or *no shift shown*.
    """
    weights = found.weights.to_numpy()
    chance = _distances_by_chance(weights)
    rows = []
    for name in found.quantiles:
        values = found.quantiles[name].to_numpy()
        low, middle, high = quantile(values, weights, (0.05, 0.5, 0.95))
        far = _distance(weights[np.argsort(values, kind="stable")])
        rows.append(
            {
                "parameter": name,
                "low": low,
                "middle": middle,
                "high": high,
                "narrowed": 1.0 - _variance(values, weights) / float(values.var()),
                "distance": far,
                "p": (1.0 + float((chance >= far).sum())) / (1.0 + len(chance)),
            }
        )
    table = pd.DataFrame(rows)
    table["p_adjusted"] = estimates.holm(table["p"])
    table["says"] = np.where(table["p_adjusted"] < 0.05, "narrowed", "no shift shown")
    return table.sort_values("distance", ascending=False, kind="stable").reset_index(drop=True)


def _variance(values: Floats, weights: Floats) -> float:
    mean = float((weights * values).sum())
    return float((weights * (values - mean) ** 2).sum())


def _distance(weights: Floats) -> float:
    """Largest distance between weighted draws and equally weighted ones, in order of a parameter."""
    even = np.arange(1, len(weights) + 1) / len(weights)
    return float(np.abs(np.cumsum(weights) - even).max())


def _distances_by_chance(weights: Floats) -> Floats:
    """The same when weights have nothing to do with the parameter."""
    generator = np.random.Generator(np.random.Philox(key=_SEED))
    return np.array([_distance(generator.permutation(weights)) for _ in range(_SHUFFLES)])


def traded(found: Calibration) -> pd.DataFrame:
    """Pairs of parameters that the record does not tell apart: one makes up for the other; a row a pair.

    Their quantiles correlate in the posterior, though the prior draws each by itself. Interval and test by Fisher's z
    (1915) with as many draws as the weights are worth, adjusted for all pairs (Holm 1979); pairs below 0.05 are given.
    """
    weights, size = found.weights.to_numpy(), effective(found.weights)
    values = found.quantiles.to_numpy()
    centred = values - weights @ values
    spread = (centred * weights[:, None]).T @ centred
    scale = np.sqrt(np.diag(spread))
    with np.errstate(invalid="ignore"):
        correlations = spread / np.outer(scale, scale)
    one, other = np.triu_indices(len(correlations), 1)
    r = correlations[one, other]
    z, error = np.arctanh(np.clip(r, -0.999, 0.999)), 1.0 / np.sqrt(max(1.0, size - 3.0))
    names = found.quantiles.columns.to_numpy()
    table = pd.DataFrame(
        {
            "parameter": names[one],
            "other": names[other],
            "correlation": r,
            "low": np.tanh(z - 1.96 * error),
            "high": np.tanh(z + 1.96 * error),
            "p_adjusted": estimates.holm(2.0 * norm.sf(np.abs(z) / error)),
        }
    )
    table = table[table["p_adjusted"] < 0.05]
    return table.sort_values("correlation", key=np.abs, ascending=False, kind="stable").reset_index(drop=True)


def predicted(found: Calibration, runs: pd.DataFrame, base: dict[str, Value]) -> pd.DataFrame:
    """Every pattern that these runs measure, before and after the record was heard; two rows a pattern.

    Columns as those of the validation table, and ``draws``: *prior* or *posterior*.
    """
    known, rows = patterns.facts(), []
    for one in patterns.load():
        if one.compared or f"record_{one.of}" not in runs or set(one.where) - {"years"}:
            continue
        low, high, grade = patterns.published(one, known)
        wide = patterns.widened(one, low, high, grade)
        means = patterns.by_draw(one, runs, base).dropna()
        means = means[means.index.isin(found.weights.index)]
        if means.empty:
            continue
        weights = found.weights.loc[means.index]
        for name, own in (("prior", np.ones(len(means))), ("posterior", weights.to_numpy())):
            least, middle, most = quantile(means, own, (0.05, 0.5, 0.95))
            about = {"pattern": one.says, "tag": one.tag, "unit": one.unit, "draws": name}
            range_ = {"published_low": low, "published_high": high, "grade": grade, "low": wide[0], "high": wide[1]}
            ends = {"middle": middle, "draws_low": least, "draws_high": most}
            rows.append(about | range_ | ends | {"verdict": patterns.verdict(middle, least, most, *wide)})
    return pd.DataFrame(rows)


# --- recovery --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Recovery:
    """Trials in which a draw plays the truth and the others look for it.

    Attributes:
        places: share of the posterior that lies below the planted value, a row a trial, a column a parameter: uniform
            if the posterior is right (Talts et al. 2018).
        effective: how many draws the posterior of each trial is worth.
    """

    places: pd.DataFrame
    effective: pd.Series

    @property
    def covered(self) -> pd.DataFrame:
        """Whether the 90 % interval of each trial holds the planted value."""
        return (self.places >= 0.05) & (self.places <= 0.95)

    @property
    def counted(self) -> str:
        """Which trials count, in words."""
        number = int((self.effective >= ENOUGH).sum())
        if number:
            return f"{number:,} trials count, whose posterior is worth {ENOUGH} draws or more"
        best = f"the best {self.effective.max():,.0f}" if len(self.effective) else "there is none"
        return (
            f"the posterior of none is worth {ENOUGH} draws ({best}), so all {len(self.places):,} count, and their "
            "intervals are too narrow"
        )

    @property
    def fine(self) -> "Recovery":
        """The trials that count: all if none is worth enough, which `counted` says.

        How much a posterior is worth hangs on what was published alone, not on what was planted, so among those that
        count a right method still covers 90 %.
        """
        enough = self.effective >= ENOUGH
        return Recovery(self.places[enough], self.effective[enough]) if enough.any() else self


def recover(found: Calibration, trials: int = TRIALS) -> Recovery:
    """Let one draw after the other be the truth: its first seed is history, published with the errors of its grade.

    The draws that play the truth are the first ones; a draw never looks for itself.
    """
    chosen = found.quantiles.index[: min(trials, len(found.quantiles))]
    values = found.quantiles.to_numpy()
    places, sizes = [], []
    for draw in chosen:
        own = found.quantiles.index != draw
        weights = normalised(_synthetic(found, int(draw))[own]).to_numpy()
        truth, others = found.quantiles.loc[draw].to_numpy(), values[own]
        places.append(weights @ ((others < truth) + 0.5 * (others == truth)))
        sizes.append(effective(weights))
    return Recovery(pd.DataFrame(places, chosen, found.quantiles.columns), pd.Series(sizes, chosen))


def _synthetic(found: Calibration, draw: int) -> pd.Series:
    """Log likelihood of every draw, given what one of them would have left in the record."""
    generator = np.random.Generator(np.random.Philox(key=[_SEED, draw]))
    logs = []
    for one, measure in found.pieces:
        if draw not in measure.single:
            continue  # nothing was there to be published
        told = one.drawn(float(measure.single[draw]), generator)
        if one.bounded:
            log = one.log_likelihood(measure.means, measure.luck, measure.seeds, told)
        else:  # of a limit the record says only on which side the figure is
            log = one.log_likelihood(measure.means, measure.luck, measure.seeds)
            log = log if told <= one.centre else np.log(np.maximum(1e-300, -np.expm1(log)))
        logs.append(found.spread(log, measure))
    return together(logs)


def coverage(recovery: Recovery, informed: Iterable[str]) -> pd.DataFrame:
    """How often 90 % intervals hold what was planted: of all parameters, of those that trials narrow, and of each.

    Parameters of a trial share its luck, so the interval of a mean over parameters is over trials; of one
    parameter it is exact (Clopper & Pearson 1934).
    """
    covered = recovery.covered
    groups = {"all parameters": list(covered), "those that the record narrows": list(informed)}
    rows = []
    for name, some in groups.items():
        if not some:
            continue
        means = covered[some].mean(axis=1)
        half = 1.96 * float(means.std(ddof=1)) / np.sqrt(len(means))
        rows.append(
            {"parameter": name, "covered": means.mean(), "low": means.mean() - half, "high": means.mean() + half}
        )
    for name in covered:
        low, high = estimates.share(int(covered[name].sum()), len(covered))
        rows.append({"parameter": name, "covered": covered[name].mean(), "low": low, "high": high})
    return pd.DataFrame(rows).assign(trials=len(covered))


def by_worth(recovery: Recovery) -> pd.DataFrame:
    """Coverage by how many draws the posterior of a trial is worth: coarse ones have intervals that are too narrow."""
    rows = []
    for low, high in zip(_WORTH, (*_WORTH[1:], np.inf), strict=True):
        some = recovery.covered[(recovery.effective >= low) & (recovery.effective < high)]
        if len(some):
            rows.append({"from": low, "to": high, "trials": len(some), "covered": some.to_numpy().mean()})
    return pd.DataFrame(rows)
