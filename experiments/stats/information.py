"""Expected value of information: what would be gained by knowing a parameter before an option is chosen.

Knowing x before the choice is worth E[max_d E(U_d | x)] - max_d E(U_d), the expected value of partial perfect
information (EVPPI). E(U_d | x) is a regression of the utility of each option on x, over the draws that there are
(Strong, Oakley & Brennan 2014, Med. Decis. Making 34:311). Their plug-in estimate chooses and scores by one fit, and is
too large where x says little. Here the option of a draw is chosen by a regression on all *other* draws, and scored by
the draw's own runs: no rule for choosing can be worth more than the EVPPI, so the estimate is, if anything, too small.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from experiments.messages import say
from experiments.stats import dependence
from experiments.stats.estimates import SEED, Floats
from experiments.text import listed, share

PERMUTATIONS = 199
SURE = 0.05  # p below which a parameter settles something
_COLUMNS = ("parameter", "value", "error", "share", "share_low", "share_high", "chance", "p", "evpi", "draws")
DEGREE = 5  # of a polynomial
PENALTIES = np.array([0.001, 0.01, 0.1, 1.0, 10.0])  # of a slope, a draw


def words_of(changes: pd.DataFrame, margin: float = 1.0) -> pd.DataFrame:
    """Return the utility of guessing each word of a draw: 1 where it is the draw's own word, else 0.

    Args:
        changes: a row a draw (or a draw and seed) of one contrast: ``draw``, ``change``, and ``margin`` if rows differ.
        margin: of relevance, in the unit of the changes.

    Returns:
        A column a word (`dependence.WORDS`), indexed by draw, as `value_of_information` takes it.
    """
    words = dependence.words_of(changes["change"], changes.get("margin", margin))
    guesses = pd.get_dummies(pd.Categorical(words, dependence.WORDS), dtype=float)
    return guesses.set_axis([*dependence.WORDS], axis=1).set_axis(pd.Index(changes["draw"], name="draw"))


def value_of_information(
    utilities: pd.DataFrame, draws: pd.DataFrame, permutations: int = PERMUTATIONS
) -> pd.DataFrame:
    """Estimate what knowing each parameter would add to the expected utility of the best option.

    *Regression*: polynomials of the parameter's rank, with a penalty that grows with the degree; the penalty, or that
    the parameter is not used, is chosen for each option by leave-one-out error.

    *Perfect information* (``evpi``): the option is chosen by a draw's other seeds and scored by each in turn, so that
    noise counts as nothing that could be known. Where a draw has one seed it does both, which counts noise too. It
    is no less than the largest value with p below 0.05, and negative where noise is all that there is.

    *Chance*: utilities are permuted over draws, and the largest value of all parameters is kept each time.

    Args:
        utilities: a row a draw, or a draw and seed (the draw is the index, or its level ``draw``), a column an option;
            more is better. Draws that lack an option are left out.
        draws: indexed by draw, a column a parameter or measured quantity.
        permutations: number of them; the smallest p is 1 / (permutations + 1).

    Returns:
        A row a parameter, the most valuable first: ``parameter``; ``value`` and its standard ``error``, in
        units of utility; ``share`` of the value of perfect information (NaN where nothing can be gained), with its 95 %
        interval ``share_low`` to ``share_high``, which ends no lower than the plug-in estimate and ``chance``, the
        share that the most valuable of all parameters stays below in 95 % of permutations; ``p``, adjusted for having
        looked at all of them; ``evpi``; ``draws``. Columns that never differ or have gaps are left out.

    Raises:
        ValueError: if too few draws (`dependence.LEAST`) have utilities, or a column holds words or the draw.
    """
    if "draw" in utilities or len(utilities.select_dtypes(["number", "bool"]).columns) < len(utilities.columns):
        raise ValueError("utilities: must have a row a draw (the index) and a column of numbers an option; see pivot")
    draws = dependence.by_draw(draws)
    keys = utilities.index.get_level_values("draw" if "draw" in utilities.index.names else 0)
    rows = utilities.set_axis(pd.Index(keys, name="draw")).dropna()
    rows = rows[rows.index.isin(draws.index)]
    means = rows.groupby("draw").mean()
    count = len(means)
    if count < dependence.LEAST:
        raise ValueError(f"{count} draws have utilities and parameters; at least {dependence.LEAST} are needed")
    known = dependence.numbers(draws.loc[means.index]).rename(columns=str).dropna(axis="columns")
    known = known.loc[:, known.nunique() > 1]
    utility = means.to_numpy(dtype=float)
    usual = utility.mean(axis=0).argmax()
    gains = utility - utility[:, [usual]]
    open_ = _perfect(rows.to_numpy(dtype=float) - rows.iloc[:, [usual]].to_numpy(dtype=float), rows.index)
    rng = np.random.default_rng(SEED)
    shuffled = np.array([np.arange(count), *(rng.permutation(count) for _ in range(permutations))])
    return _table({name: _scored(_basis(values), gains, shuffled) for name, values in known.items()}, open_)


def _table(scored: Mapping[Any, tuple[Floats, float]], open_: Floats) -> pd.DataFrame:
    """Rows of the result from what each parameter adds, in each draw, as the draws are and permuted."""
    values = np.array([every.mean(axis=1) for every, _ in scored.values()]).reshape(len(scored), -1)
    by_chance = values[:, 1:].max(axis=0, initial=0.0)
    value = values[:, 0] if len(scored) else np.zeros(0)
    p = (1 + (by_chance >= value[:, None]).sum(axis=1)) / (1 + by_chance.size)
    p[value <= 0] = 1.0
    # knowing everything is worth no less than knowing one thing
    evpi = max([open_.mean(), *value[p < SURE]])
    per = 1.0 / evpi if evpi > 0 else np.nan
    chance = np.quantile(by_chance, 0.95) if by_chance.size else 0.0
    rows = []
    for (name, (every, plug_in)), worth in zip(scored.items(), value.tolist(), strict=True):
        half = 1.96 * stats.sem(every[0] - worth * per * open_)
        high = max(worth + half, plug_in + half, chance)
        rows.append((name, worth, stats.sem(every[0]), *(np.array([worth, worth - half, high, chance]) * per)))
    found = pd.DataFrame(rows, columns=[*_COLUMNS[:-3]]).assign(p=p, evpi=evpi, draws=len(open_))
    found[["share_low", "share_high"]] = found[["share_low", "share_high"]].clip(0.0, 1.0)
    return found.sort_values("value", ascending=False, kind="stable", ignore_index=True)


def _perfect(gains: Floats, draws: "pd.Index[Any]") -> Floats:
    """What the best option of each draw adds to the usual one, chosen by some of its seeds and scored by others."""
    found = []
    for _, some in pd.DataFrame(gains).groupby(draws):
        values = some.to_numpy()
        others = values if len(values) == 1 else (values.sum(axis=0) - values) / (len(values) - 1)
        found.append(np.take_along_axis(values, others.argmax(axis=1)[:, None], axis=1).mean())
    return np.array(found)


def _basis(values: npt.ArrayLike) -> Floats:
    """Polynomials of ranks, of mean zero, and the smaller the higher their degree."""
    ranks = stats.rankdata(values)
    found = np.polynomial.legendre.legvander(2.0 * ranks / (len(ranks) + 1) - 1.0, DEGREE)[:, 1:]
    found -= found.mean(axis=0)
    return np.asarray(found / np.maximum(found.std(axis=0), 1e-9) / np.arange(1, DEGREE + 1) ** 2)


def _scored(basis: Floats, gains: Floats, shuffled: npt.NDArray[np.intp]) -> tuple[Floats, float]:
    """What choosing by predictions adds to the usual option, in each draw, for each order of the draws.

    Also the plug-in estimate for the first order: the mean of the largest fitted value less the largest mean.
    """
    left, singular, _ = np.linalg.svd(basis, full_matrices=False)
    count, options = gains.shape
    values = gains[shuffled]  # orders x draws x options
    y = values.transpose(1, 0, 2).reshape(count, -1)
    centred = y - y.mean(axis=0)
    turned = left.T @ centred
    predicted = np.broadcast_to(y.mean(axis=0), y.shape).copy()  # x is not used: the usual option
    fitted = predicted[:, :options].copy()
    least = (centred**2).sum(axis=0) / (1.0 - 1.0 / count) ** 2
    for penalty in PENALTIES * count:
        kept = singular**2 / (singular**2 + penalty)
        residuals = centred - left @ (kept[:, None] * turned)
        errors = residuals / (1.0 - 1.0 / count - left**2 @ kept)[:, None]
        squares = (errors**2).sum(axis=0)
        better = squares < least
        least[better], predicted[:, better] = squares[better], (y - errors)[:, better]
        fitted = np.where(better[:options], (y - residuals)[:, :options], fitted)
    chosen = predicted.reshape(count, -1, options).argmax(axis=2).T
    found: Floats = np.take_along_axis(values, chosen[:, :, None], axis=2)[:, :, 0]
    return found, fitted.max(axis=1).mean() - fitted.mean(axis=0).max()


def what_to_measure(table: pd.DataFrame, asked: Sequence[str] = (), name: Callable[[str], str] = str) -> str:
    """Return in sentences what knowing a parameter settles of what is open, and what knowing others does not.

    Args:
        table: of `value_of_information`.
        asked: parameters that are named too where they settle nothing.
        name: the words for a parameter.
    """
    settling = table[table["p"] < SURE].head(3)
    rest = table[~table["parameter"].isin(settling["parameter"]) & table["parameter"].isin([*asked])]
    shares = settling[["share", "share_low", "share_high"]].clip(0.0, 1.0).round(2).map(share)
    parts = zip(map(name, settling["parameter"]), *(shares[column] for column in shares), strict=True)
    words = [say("information-settles", parameter=x, share=y, low=low, high=high) for x, y, low, high in parts]
    nothing = listed([*map(name, rest["parameter"])]) or "none"
    most = share(round(min(1.0, rest["share_high"].max()), 2)) if len(rest) else ""
    state = "open" if table["share"].notna().any() else "noise" if (table["evpi"] < 0).any() else "closed"
    return say("information", state=state, settling=" ".join(words) or "none", nothing=nothing, most=most)
