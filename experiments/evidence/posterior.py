"""Posterior of the uncertain parameters by importance sampling, from one table of runs.

Draws of the prior (the plausible ranges) are weighted by the likelihood of the calibrated patterns (`likelihood`), with
means over seeds, never over the seed; the size of the model's discrepancy is integrated out. Many draws make
intermediate steps unnecessary, every draw can be repeated by its number, and any draw can serve as the known truth:
recovery costs no further run.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import logsumexp
from scipy.stats import norm

from experiments.evidence import cases, patterns
from experiments.evidence.cases import CORE
from experiments.evidence.likelihood import SIZES, Measured, Source, evidence_of, measured, sources
from experiments.stats import estimates
from experiments.stats.estimates import Floats
from experiments.study.spec import Value

RULED_OUT = 3.0
"""Standard deviations at which a draw is ruled out (Pukelsheim 1994; Vernon et al. 2010)."""
DROPPED = 0.01
"""Share of the weight that the lightest draws, which are dropped, have together."""
TRIALS = 1600
"""Draws that serve as the known truth in recovery. Of 200 that count, a true coverage of 90 % comes out between 85 and
95 % in 97 cases of 100."""
ENOUGH = 100
"""Effective draws that a trial needs to count: quantiles of fewer are too coarse to be judged."""
GROUPS = ("all parameters", "those that the record narrows")
"""Rows of `coverage` that are of several parameters."""
NOTHING = "nothing"
_WORTH = (0, 10, 25, 50, 100, 200)
_SHUFFLES = 4000
_SEED = 20200621


@dataclass(frozen=True)
class Calibration:
    """Draws of a study with the evidence on them.

    Attributes:
        pieces: the evidence, with its measure in the runs; by what is measured.
        quantiles: of each drawn parameter, a row a draw.
        sizes: of the model's discrepancy.
    """

    pieces: dict[str, Measured]
    quantiles: pd.DataFrame
    sizes: tuple[float, ...] = SIZES

    @cached_property
    def sources(self) -> list[Source]:
        """Return the evidence by source."""
        return sources(self.pieces, self.quantiles.index, self.sizes)

    @cached_property
    def log_likelihood(self) -> Floats:
        """Return the log likelihood of all evidence, draws x sizes of discrepancy."""
        logs = np.zeros((len(self.quantiles), len(self.sizes)))
        return logs + sum(one.log_likelihood(one.published) for one in self.sources)

    @cached_property
    def weights(self) -> pd.Series:
        """Return the weight of each draw; they sum to 1."""
        return self._normalised(self.log_likelihood)

    @property
    def discrepancy(self) -> Floats:
        """Return the posterior probability of each size of discrepancy."""
        logs = logsumexp(self.log_likelihood, axis=0)
        return np.asarray(np.exp(logs - logsumexp(logs)))

    def of(self, wanted: Iterable[str]) -> "Calibration":
        """Return the same draws with a part of the evidence."""
        return Calibration({of: self.pieces[of] for of in wanted}, self.quantiles, self.sizes)

    def supposing(self, draw: int) -> pd.Series:
        """Return the weight of every other draw, given the figures that might be published if this one were the truth.

        The size of discrepancy is drawn from its prior.
        """
        generator = np.random.Generator(np.random.Philox(key=[_SEED, draw]))
        size, logs = float(generator.choice(self.sizes)), np.zeros((len(self.quantiles), len(self.sizes)))
        for one in self.sources:
            if figures := one.drawn(draw, size, generator):
                logs += one.log_likelihood(figures)
        return self._normalised(logs, self.quantiles.index != draw)

    def _normalised(self, logs: Floats, which: Any = slice(None)) -> pd.Series:
        return normalised(pd.Series(logsumexp(logs, axis=1), self.quantiles.index)[which])

    @cached_property
    def implausibility(self) -> pd.DataFrame:
        """Return standard deviations outside of the published range by draw; a column a piece of evidence."""
        far = {of: one.implausibility() for of, one in self.pieces.items()}
        return pd.DataFrame(far).reindex(self.quantiles.index).fillna(0.0)


def calibration(
    runs: pd.DataFrame, base: dict[str, Value], quantiles: pd.DataFrame, names: Sequence[str] = (CORE,)
) -> Calibration:
    """Return the calibrated patterns of some cases as evidence on the draws of a run table, which the cases share.

    A pattern of another case than that of ``base`` is called MEASURE@CASE.
    """
    pieces = dict[str, Measured]()
    for pattern in cases.evidence_patterns(names):
        case = pattern.where.get("profile", base.get("profile"))
        of = pattern.of if case == base.get("profile") else f"{pattern.of}@{case}"
        one = measured(evidence_of(pattern), runs, base)
        pieces |= {of: one} if len(one.means) else {}
    good = sorted(set().union(*(one.means.index for one in pieces.values())))
    return Calibration(pieces, quantiles.loc[good])


def normalised(logs: pd.Series) -> pd.Series:
    """Return weights that sum to 1, from log likelihoods."""
    weights = np.exp(logs - logs.max())
    return weights / weights.sum()


def effective(weights: npt.ArrayLike) -> float:
    """Return the effective number of draws (Kish 1965): ``(sum w)^2 / sum w^2``."""
    values = np.asarray(weights, dtype=float)
    return float(values.sum() ** 2 / (values**2).sum())


def quantile(values: npt.ArrayLike, weights: npt.ArrayLike, at: Sequence[float]) -> Floats:
    """Return quantiles of weighted values: where the summed weights, each counted by half, reach them."""
    order = np.argsort(np.asarray(values, dtype=float), kind="stable")
    own = np.asarray(weights, dtype=float)[order]
    places = (np.cumsum(own) - 0.5 * own) / own.sum()
    return np.asarray(np.interp(at, places, np.asarray(values, dtype=float)[order]))


def retained(weights: pd.Series) -> pd.Series:
    """Return the heaviest draws, in order of their number; those left out weigh no more than `DROPPED`."""
    heavy = weights.sort_values(ascending=False, kind="stable")
    number = int(np.searchsorted(heavy.cumsum().to_numpy(), 1.0 - DROPPED)) + 1
    chosen = heavy.iloc[:number].sort_index()
    return chosen / chosen.sum()


def evidence_table(found: Calibration) -> pd.DataFrame:
    """Return each piece of evidence with its figure and error, and how far it alone narrows the draws; a row each."""
    rows = []
    for of, measure in found.pieces.items():
        one, far, alone = measure.evidence, found.implausibility[of], found.of([of]).weights
        row: dict[str, Any] = {"pattern": one.pattern.says, "unit": one.pattern.unit, "fact": one.pattern.fact or ""}
        row |= {"case": of.partition("@")[2] or CORE, "source": one.source}
        row |= {"grade": one.grade, "published_low": one.low, "published_high": one.high}
        row |= {"spread": one.spread, "noise": math.sqrt(measure.noise), "ruled_out": (far > RULED_OUT).mean()}
        rows.append(row | {"effective_share": effective(alone) / len(alone), "implausibility": far.mean()})
    return pd.DataFrame(rows)


def marginals(found: Calibration) -> pd.DataFrame:
    """Return the posterior quantiles of every parameter, and whether they differ from the prior; a row each.

    *Narrowed* is 1 less the variance of its quantile over that of the prior. Posterior and prior are compared by their
    largest distance (Kolmogorov-Smirnov) against the same weights permuted at random, adjusted for the number of
    parameters (Holm 1979): ``result`` is *narrowed* or *no shift shown*.
    """
    weights = found.weights.to_numpy()
    generator = np.random.Generator(np.random.Philox(key=_SEED))
    permuted = np.array([_distance(generator.permutation(weights)) for _ in range(_SHUFFLES)])
    rows: list[dict[str, Any]] = []
    for name in found.quantiles:
        values = found.quantiles[name].to_numpy()
        low, median, high = quantile(values, weights, (0.05, 0.5, 0.95))
        variance = float((weights * (values - float((weights * values).sum())) ** 2).sum())
        row = {"parameter": name, "low": low, "median": median, "high": high}
        row |= {"narrowed": 1.0 - variance / float(values.var())}
        row |= {"distance": _distance(weights[np.argsort(values, kind="stable")])}
        rows.append(row | {"p": (1.0 + float((permuted >= row["distance"]).sum())) / (1.0 + len(permuted))})
    table = pd.DataFrame(rows)
    table["p_adjusted"] = estimates.holm(table["p"])
    table["result"] = np.where(table["p_adjusted"] < 0.05, "narrowed", "no shift shown")
    return table.sort_values("distance", ascending=False, kind="stable").reset_index(drop=True)


def left_out(found: Calibration) -> pd.DataFrame:
    """Return the marginals of the parameters of choice with all evidence, then without each kind of it (its topic)."""
    known = cases.facts()
    kinds = {of: known.get(one.evidence.pattern.fact or "", {}).get("topic", "") for of, one in found.pieces.items()}
    rows = []
    for left in (NOTHING, *dict.fromkeys(kinds.values())):
        rest = found.of(of for of, kind in kinds.items() if kind != left)
        table = marginals(rest)
        table = table[
            [name.startswith("choice.") or name.endswith((".gap", ".constant")) for name in table["parameter"]]
        ]
        rows.append(table.sort_values("parameter").assign(left_out=left, effective=effective(rest.weights)))
    columns = ["left_out", "effective", "parameter", "low", "median", "high", "narrowed", "result"]
    return pd.concat(rows)[columns].reset_index(drop=True)


def discrepancy(found: Calibration) -> pd.DataFrame:
    """Return prior and posterior probability of each size of the model's discrepancy; a row each."""
    return pd.DataFrame({"size": found.sizes, "prior": 1.0 / len(found.sizes), "posterior": found.discrepancy})


def _distance(weights: Floats) -> float:
    """Largest distance (Kolmogorov-Smirnov) from equal weights, in order of a parameter."""
    even = np.arange(1, len(weights) + 1) / len(weights)
    return float(np.abs(np.cumsum(weights) - even).max())


def tradeoffs(found: Calibration) -> pd.DataFrame:
    """Return pairs of parameters of which one makes up for the other, so that the evidence cannot separate them.

    Their quantiles correlate in the posterior, though the prior draws each by itself. Interval and test by Fisher's z
    (1915) with the effective number of draws, adjusted for all pairs (Holm 1979); pairs below 0.05 are given.
    """
    weights, size = found.weights.to_numpy(), effective(found.weights)
    values = found.quantiles.to_numpy()
    covariance = np.atleast_2d(np.cov(values, rowvar=False, aweights=weights, ddof=0))
    scale = np.sqrt(np.diag(covariance))
    with np.errstate(invalid="ignore"):
        correlations = covariance / np.outer(scale, scale)
    one, other = np.triu_indices(len(correlations), 1)
    r = correlations[one, other]
    z, error = np.arctanh(np.clip(r, -0.999, 0.999)), 1.0 / np.sqrt(max(1.0, size - 3.0))
    names = found.quantiles.columns.to_numpy()
    table = pd.DataFrame({"parameter": names[one], "other": names[other], "correlation": r})
    table["low"], table["high"] = np.tanh(z - 1.96 * error), np.tanh(z + 1.96 * error)
    table["p_adjusted"] = estimates.holm(2.0 * norm.sf(np.abs(z) / error))
    table = table[table["p_adjusted"] < 0.05]
    return table.sort_values("correlation", key=np.abs, ascending=False, kind="stable").reset_index(drop=True)


def predicted(
    found: Calibration, runs: pd.DataFrame, base: dict[str, Value], names: Sequence[str] = (CORE,)
) -> pd.DataFrame:
    """Return every pattern of some cases that these runs measure under prior and posterior; two rows a pattern.

    Columns as those of the validation table, and ``draws``: *prior* or *posterior*.
    """
    rows = []
    for case, one in ((name, one) for name in names for one in cases.load(name).patterns):
        if one.compared or f"record_{one.of}" not in runs or set(one.where) - {"years", "profile"}:
            continue
        means = patterns.by_draw(one, runs, base).dropna()
        means = means[means.index.isin(found.weights.index)]
        if means.empty:
            continue
        ends = patterns.range_of(one)
        for name, own in (("prior", np.ones(len(means))), ("posterior", found.weights.loc[means.index].to_numpy())):
            least, median, most = quantile(means, own, (0.05, 0.5, 0.95))
            says = one.says if case == CORE else f"{case}: {one.says}"
            about = {"pattern": says, "tag": one.tag, "unit": one.unit, "draws": name}
            drawn = {"median": median, "draws_low": least, "draws_high": most}
            verdict = patterns.verdict(median, least, most, ends["low"], ends["high"])
            rows.append(about | ends | drawn | {"verdict": verdict})
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class Recovery:
    """Trials in which a draw serves as the known truth and the posterior is that of the others.

    Attributes:
        places: share of the posterior that lies below the planted value, a row a trial, a column a parameter: uniform
            if the posterior is right (Talts et al. 2018).
        effective: effective draws of the posterior of each trial.
    """

    places: pd.DataFrame
    effective: pd.Series

    @property
    def covered(self) -> pd.DataFrame:
        """Return whether the 90 % interval of each trial holds the planted value."""
        return (self.places >= 0.05) & (self.places <= 0.95)

    @property
    def counted(self) -> "Recovery":
        """Return the trials with enough effective draws; all if none has enough.

        The effective number depends only on what was published, not on what was planted, so among the trials that
        count a right method still covers 90 %.
        """
        enough = self.effective >= ENOUGH
        return Recovery(self.places[enough], self.effective[enough]) if enough.any() else self


def recover(found: Calibration, trials: int = TRIALS) -> Recovery:
    """Let each draw in turn serve as the known truth.

    Its first seed is history, published with a discrepancy and with the errors of its grades and sources. The first
    draws serve as the truth; a draw is excluded from its own posterior.
    """
    chosen = found.quantiles.index[: min(trials, len(found.quantiles))]
    values = found.quantiles.to_numpy()
    places, sizes = [], []
    for draw in chosen:
        own = found.quantiles.index != draw
        weights = found.supposing(int(draw)).to_numpy()
        truth, others = found.quantiles.loc[draw].to_numpy(), values[own]
        places.append(weights @ ((others < truth) + 0.5 * (others == truth)))
        sizes.append(effective(weights))
    return Recovery(pd.DataFrame(places, chosen, found.quantiles.columns), pd.Series(sizes, chosen))


def coverage(recovery: Recovery, narrowed: Iterable[str]) -> pd.DataFrame:
    """Return how often 90 % intervals hold the planted value: over all parameters, over narrowed ones, and for each.

    Parameters of a trial share its noise, so the interval of a mean over parameters is over trials; for a single
    parameter it is exact (Clopper & Pearson 1934).
    """
    covered, rows = recovery.covered, []
    for name, some in zip(GROUPS, (list(covered), list(narrowed)), strict=True):
        if some:
            means = covered[some].mean(axis=1)
            mean, half = means.mean(), 1.96 * float(means.std(ddof=1)) / np.sqrt(len(means))
            rows.append({"parameter": name, "covered": mean, "low": mean - half, "high": mean + half})
    for name in covered:
        low, high = estimates.share(int(covered[name].sum()), len(covered))
        rows.append({"parameter": name, "covered": covered[name].mean(), "low": low, "high": high})
    return pd.DataFrame(rows).assign(trials=len(covered))


def by_worth(recovery: Recovery) -> pd.DataFrame:
    """Return coverage by the effective draws of a trial: intervals from few draws are too narrow."""
    rows = []
    for low, high in zip(_WORTH, (*_WORTH[1:], np.inf), strict=True):
        some = recovery.covered[(recovery.effective >= low) & (recovery.effective < high)]
        if len(some):
            rows.append({"from": low, "to": high, "trials": len(some), "covered": some.to_numpy().mean()})
    return pd.DataFrame(rows)
