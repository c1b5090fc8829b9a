"""Posterior of the uncertain parameters by importance sampling, from one table of runs.

Draws of the prior (the plausible ranges) are weighted by the likelihood of the calibrated patterns (`likelihood`), with
means over seeds, never over the seed; the size of the model's discrepancy is integrated out. Many draws make
intermediate steps unnecessary, every draw can be repeated by its number, and any draw can serve as the known truth:
recovery costs no further run.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import logsumexp, ndtr, softmax
from scipy.stats import kstwo, norm

from experiments.evidence import cases, patterns
from experiments.evidence.cases import CORE
from experiments.evidence.emulator import Emulator, Proposal
from experiments.evidence.likelihood import SIZES, SMALL, Figures, Measured, Source, evidence_of, measured, sources
from experiments.stats import estimates
from experiments.stats.estimates import Floats
from experiments.study.spec import Value

RULED_OUT = 3.0
"""Standard deviations at which a draw is ruled out (Pukelsheim 1994; Vernon et al. 2010)."""
SHOWN = 0.1
"""Distance between posterior and prior from which a shift is shown (judgement)."""
POINTS = 8192
"""Draws of the posterior from the emulators, before weighting."""
SAVED = 1024
"""Draws of the saved posterior."""
TRIALS = 250
"""Draws that serve as the known truth in recovery. Of 200 that count, a true coverage of 90 % comes out between 85 and
95 % in 97 cases of 100."""
_TRIAL_POINTS = 1024
ENOUGH = 100
"""Effective draws that a trial needs to count: quantiles of fewer are too coarse to be judged."""
GROUPS = ("all parameters", "those that the record narrows")
"""Rows of `coverage` that are of several parameters."""
NOTHING = "nothing"
EVERY = "every figure"
_WORTH = (0, 10, 25, 50, 100, 200)
_SEED = 20200621


@dataclass(frozen=True)
class Calibration:
    """Draws of a study with the evidence on them.

    Attributes:
        pieces: the evidence, with its measure in the runs; by what is measured.
        quantiles: of each drawn parameter, a row a draw.
        sizes: of the model's discrepancy.
        figures: others than the published ones.
        log_prior: log of the prior density over that from which the draws are, up to a constant.
        emulators: of the measures, as far as they are fitted.
    """

    pieces: dict[str, Measured]
    quantiles: pd.DataFrame
    sizes: tuple[float, ...] = SIZES
    figures: Figures | None = None
    log_prior: Floats | float = 0.0
    emulators: dict[str, Emulator] = field(default_factory=dict)

    @cached_property
    def sources(self) -> list[Source]:
        """Return the evidence by source."""
        return sources(self.pieces, self.quantiles.index, self.sizes)

    @cached_property
    def log_likelihood(self) -> Floats:
        """Return the log likelihood of all evidence, draws x sizes of discrepancy."""
        logs = np.zeros((len(self.quantiles), len(self.sizes)))
        for one in self.sources:
            given = one.published if self.figures is None else self.figures
            logs += one.log_likelihood({of: given[of] for of in one.pieces})
        return logs

    @cached_property
    def weights(self) -> pd.Series:
        """Return the weight of each draw; they sum to 1."""
        logs = logsumexp(self.log_likelihood, axis=1) + self.log_prior
        return pd.Series(softmax(logs), self.quantiles.index)

    @property
    def discrepancy(self) -> Floats:
        """Return the posterior probability of each size of discrepancy."""
        logs = logsumexp(self.log_likelihood + np.reshape(self.log_prior, (-1, 1)), axis=0)
        return np.asarray(softmax(logs))

    def of(self, wanted: Iterable[str]) -> "Calibration":
        """Return the same draws with a part of the evidence."""
        return replace(self, pieces={of: self.pieces[of] for of in wanted})

    def emulator(self, of: str) -> Emulator:
        """Return the emulator of a measure, from the draws that have it."""
        if of not in self.emulators:
            self.emulators[of] = emulated(self, self.pieces[of].means)
        return self.emulators[of]

    def posterior(
        self, number: int = POINTS, figures: Figures | None = None, key: int = 0, without: int | None = None
    ) -> "Calibration":
        """Return draws from about where the posterior lies, with emulated measures and their weights.

        Args:
            number: of draws.
            figures: others than the published ones.
            key: of the random numbers.
            without: a draw whose runs no emulator may use.
        """
        known = {of: one for of, one in self.pieces.items() if figures is None or of in figures}
        found, errors = {of: self.emulator(of) for of in known}, dict[str, float]()
        for of, one in known.items():
            if without in one.means:
                left = self.quantiles.loc[without].to_numpy(dtype=float)
                found[of] = found[of].without(left, float(one.means[without]))
        for of, one in known.items():
            seeds = float(one.seeds.median())
            errors[of] = one.noise + max(0.0, found[of].error - one.noise / seeds)
        bounded = {of: one.evidence for of, one in known.items() if one.evidence.bounded}
        values = np.array([one.centre if figures is None else figures[of][0] for of, one in bounded.items()])
        variances = [float(one.variance(errors[of], np.inf)) + one.half**2 / 3.0 for of, one in bounded.items()]
        some = [found[of] for of in bounded]
        proposals = [Proposal.of(some, values, np.array(variances) + size**2) for size in self.sizes if bounded]
        generator = np.random.Generator(np.random.Philox(key=[_SEED + 1, key]))
        parts = [one.draws(number // len(proposals), generator) for one in proposals]
        normals = np.vstack(parts or [generator.standard_normal((number, self.quantiles.shape[1]))])
        logs = -logsumexp([one.log_ratio(normals) for one in proposals] or np.zeros((1, number)), axis=0)
        places, number = ndtr(normals), len(normals)
        index = pd.RangeIndex(number, name="draw")
        sure = pd.Series(np.inf, index)  # the noise of the runs is part of the emulator's error
        pieces = {}
        for of, one in known.items():
            means = pd.Series(found[of].at(places), index)
            pieces[of] = Measured(one.evidence, means, means, sure, errors[of])
        points = pd.DataFrame(places, index, self.quantiles.columns)
        return Calibration(pieces, points, self.sizes, figures, logs)

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


def emulated(found: Calibration, values: pd.Series) -> Emulator:
    """Return the emulator of values by draw."""
    return Emulator.of(found.quantiles.loc[values.index].to_numpy(), values.to_numpy(dtype=float))


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
    """Return the draws of a systematic resample of `SAVED`, in order, with their weights: how often each is in it."""
    places = (np.arange(SAVED) + 0.5) / SAVED
    rows = np.minimum(np.searchsorted(weights.cumsum().to_numpy(), places), len(weights) - 1)
    return pd.Series(weights.index[rows]).value_counts(normalize=True).sort_index()


def evidence_table(found: Calibration) -> pd.DataFrame:
    """Return each piece of evidence with its figure and error, and how far it alone narrows the draws; a row each."""
    rows = []
    for of, measure in found.pieces.items():
        one, far, alone = measure.evidence, found.implausibility[of], found.of([of]).weights
        row: dict[str, Any] = {"pattern": one.pattern.says, "unit": one.pattern.unit, "fact": one.pattern.fact or ""}
        row |= {"case": of.partition("@")[2] or CORE, "source": one.source}
        row |= {"grade": one.grade, "published_low": one.low, "published_high": one.high}
        row |= {
            "spread": one.spread,
            "transfer": one.transfer,
            "noise": math.sqrt(measure.noise),
            "ruled_out": (far > RULED_OUT).mean(),
        }
        rows.append(row | {"effective_share": effective(alone) / len(alone), "implausibility": far.mean()})
    return pd.DataFrame(rows)


def marginals(found: Calibration) -> pd.DataFrame:
    """Return the posterior quantiles of every parameter, and whether they differ from the prior; a row each.

    *Narrowed* is 1 less the variance of its quantile over that of the prior. Posterior and prior are compared by their
    largest distance (Kolmogorov-Smirnov) with the effective number of draws, adjusted for the number of parameters
    (Holm 1979): ``result`` is *narrowed* if that is beyond chance and `SHOWN`, else *no shift shown*.
    """
    weights, values = found.weights.to_numpy(), found.quantiles.to_numpy()
    table = pd.DataFrame({"parameter": found.quantiles.columns})
    table[["low", "median", "high"]] = [quantile(column, weights, (0.05, 0.5, 0.95)) for column in values.T]
    table["narrowed"] = 1.0 - 12.0 * (weights @ (values - weights @ values) ** 2)
    order = np.argsort(values, axis=0, kind="stable")
    far = np.cumsum(weights[order], axis=0) - np.take_along_axis(values, order, axis=0)
    table["distance"] = np.abs(far).max(axis=0)
    table["p"] = kstwo.sf(table["distance"], max(1, round(effective(weights))))
    table["p_adjusted"] = estimates.holm(table["p"])
    table["result"] = np.where((table["p_adjusted"] < 0.05) & (table["distance"] > SHOWN), "narrowed", "no shift shown")
    return table.sort_values("distance", ascending=False, kind="stable").reset_index(drop=True)


def left_out(found: Calibration) -> pd.DataFrame:
    """Return the marginals of the parameters of choice with all evidence, then without each kind of it (its topic)."""
    known = cases.facts()
    kinds = {of: known.get(one.evidence.pattern.fact or "", {}).get("topic", "") for of, one in found.pieces.items()}
    rows = []
    for left in (NOTHING, *dict.fromkeys(kinds.values())):
        rest = found.of(of for of, kind in kinds.items() if kind != left).posterior()
        table = marginals(rest)
        table = table[
            [name.startswith("choice.") or name.endswith((".gap", ".constant")) for name in table["parameter"]]
        ]
        rows.append(table.sort_values("parameter").assign(left_out=left, effective=effective(rest.weights)))
    columns = ["left_out", "effective", "parameter", "low", "median", "high", "narrowed", "result"]
    return pd.concat(rows)[columns].reset_index(drop=True)


def emulators(found: Calibration) -> pd.DataFrame:
    """Return how well each measure is emulated: error, noise, and share of variance between draws; a row each."""
    rows = []
    for of, one in found.pieces.items():
        error, noise = found.emulator(of).error, one.noise / float(one.seeds.median())
        row = {"measure": of, "error": math.sqrt(error), "noise": math.sqrt(noise)}
        rows.append(row | {"explained": 1.0 - error / float(one.means.var() or 1.0)})
    return pd.DataFrame(rows)


def checked(found: Calibration, emulated_: Mapping[str, pd.Series], stated: Mapping[str, float]) -> pd.DataFrame:
    """Return how far runs of draws of a posterior lie from what emulators gave there; a row a measure, and one of all.

    Args:
        found: the evidence on runs of these draws.
        emulated_: what emulators gave, by measure and draw.
        stated: their standard errors, by measure.
    """
    rows = list[dict[str, Any]]()
    for of, one in ((of, one) for of, one in found.pieces.items() if of in emulated_):
        off = (one.means - emulated_[of]).dropna()
        error, figure = math.sqrt((off**2).mean()), one.evidence.variance(one.noise, float(one.seeds.median()))
        row = {"measure": of, "draws": len(off), "bias": off.mean(), "error": error, "stated": stated[of]}
        within = (found.implausibility[of] <= RULED_OUT).mean()
        rows.append(row | {"of_figure": error / math.sqrt(figure), "within": within})
    every = {"measure": EVERY, "draws": len(found.quantiles)}
    rows.append(every | {"within": (found.implausibility.max(axis=1) <= RULED_OUT).mean()})
    return pd.DataFrame(rows)


def discrepancy(found: Calibration) -> pd.DataFrame:
    """Return prior and posterior probability of each size of the model's discrepancy; a row each."""
    return pd.DataFrame({"size": found.sizes, "prior": 1.0 / len(found.sizes), "posterior": found.discrepancy})


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
    found: Calibration, after: Calibration, runs: pd.DataFrame, base: dict[str, Value], names: Sequence[str] = (CORE,)
) -> pd.DataFrame:
    """Return every pattern of some cases that these runs measure under prior and posterior; two rows a pattern.

    The prior is that of the runs, the posterior by an emulator with its error. Columns as those of the validation
    table, and ``draws``: *prior* or *posterior*.
    """
    rows = []
    for case, one in ((name, one) for name in names for one in cases.load(name).patterns):
        if one.compared or f"record_{one.of}" not in runs or set(one.where) - {"years", "profile"}:
            continue
        means = patterns.by_draw(one, runs, base)
        means = means[np.isfinite(means) & means.index.isin(found.quantiles.index)]
        if means.empty:
            continue
        ends, says = patterns.range_of(one), one.says if case == CORE else f"{case}: {one.says}"
        drawn = {"prior": (means, np.ones(len(means))), "posterior": (_foreseen(found, after, means), after.weights)}
        for name, (values, weights) in drawn.items():
            least, median, most = quantile(values, weights, (0.05, 0.5, 0.95))
            about = {"pattern": says, "tag": one.tag, "unit": one.unit, "draws": name}
            row = about | ends | {"median": median, "draws_low": least, "draws_high": most}
            rows.append(row | {"verdict": patterns.verdict(median, least, most, ends["low"], ends["high"])})
    return pd.DataFrame(rows)


def _foreseen(found: Calibration, after: Calibration, means: pd.Series) -> Floats:
    """Return a measure at the draws of the posterior, with the error of its emulator."""
    floor = SMALL * float(means.abs().median() or 1.0)
    one = emulated(found, np.log(means.clip(lower=0.0) + floor))
    errors = np.random.Generator(np.random.Philox(key=_SEED)).standard_normal(len(after.quantiles))
    values = np.exp(one.at(after.quantiles.to_numpy()) + math.sqrt(one.error) * errors) - floor
    return np.asarray(np.maximum(0.0, values))


@dataclass(frozen=True)
class Recovery:
    """Trials in which a draw serves as the known truth, and the posterior is by emulators without its runs.

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


def recover(found: Calibration, trials: int = TRIALS, planted: Sequence[float] = SIZES) -> Recovery:
    """Let each draw in turn serve as the known truth.

    Its first seed is history, published with a discrepancy and with the errors of its grades and sources. The first
    draws serve as the truth. ``planted``: sizes of the discrepancy.
    """
    chosen = found.quantiles.index[:trials]
    places, sizes = [], []
    for draw in map(int, chosen):
        generator = np.random.Generator(np.random.Philox(key=[_SEED, draw]))
        size, figures = float(generator.choice(planted)), dict[str, tuple[float, int]]()
        for one in found.sources:
            figures |= one.drawn(draw, size, generator)
        after, truth = found.posterior(_TRIAL_POINTS, figures, draw, draw), found.quantiles.loc[draw].to_numpy()
        weights, values = after.weights.to_numpy(), after.quantiles.to_numpy()
        places.append(weights @ (values < truth))
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
    ends = pd.DataFrame({"from": _WORTH, "to": [*_WORTH[1:], np.inf]})
    trials = recovery.covered.mean(axis=1).groupby(np.digitize(recovery.effective, _WORTH) - 1)
    return ends.join(trials.agg(trials="size", covered="mean"), how="inner").reset_index(drop=True)
