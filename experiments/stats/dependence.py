"""What effects depend on: the parameters that drive them, where they turn, and boxes in which they are one word.

Pure functions of two tables: effects by draw (`experiments.stats.contrasts.by_draw`), and what is known of each draw,
a column a parameter or measured quantity. Every share is out of sample. What the group chooses is no driver: leave it
out of the second table, as `experiments.study.explained` does.
"""

from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special, stats

type Floats = npt.NDArray[np.float64]

WORDS = ("lowers", "negligible", "raises")
"""The word of a draw, from its effect and the margin."""
LEAST = 10
"""Draws that an effect needs; fewer show nothing."""
SIDE = 5
"""Draws that either side of a line needs, and each of two words."""
BETTER = 0.25  # part of the draws that the more frequent side has wrong
MOST = 6  # drivers of an effect, products among them
PERMUTATIONS = 299
RESAMPLES = 200
FOLDS = 10
SEED = 20200621
_DRIVERS = (
    "id", "parameter", "draws", "share", "share_low", "share_high", "chance", "word_share", "word_chance", "direction",
    "order", "added", "together",
)  # fmt: skip
_TURNING = (
    "id", "level", "draws", "above", "majority", "x", "x_at", "x_low", "x_high", "x_rises", "x_right", "y", "y_at",
    "y_low", "y_high", "y_rises", "y_right", "constant", "per_x", "per_y", "per_xy", "right",
)  # fmt: skip
_BOXES = ("id", "word", "box", "draws", "inside", "density", "coverage")


def drivers(changes: pd.DataFrame, draws: pd.DataFrame, margin: float = 1.0) -> pd.DataFrame:
    """Return the share of each effect's variation that each parameter explains, a row an effect and parameter.

    ``share`` is of the variance of the effect's rank, ``word_share`` of the draw's word (lowers, negligible, raises as
    -1, 0, 1): the first-order index Var(E[y|x]) / Var(y), of a parabola in the parameter's rank that predicts each draw
    without itself, with a 95 % jackknife interval. ``chance`` is what the largest share of all parameters stays below
    in 99 % of permutations. ``direction`` is Spearman's correlation.

    Parameters are correlated under a posterior, so one of them lends a share to others. *Drivers* are found by forward
    selection: the parameter that explains most of what is left, while it is more than chance; then products of two
    parameters likewise, in rows of their own (``a x b``). They have an ``order``, 1 for the strongest, and the share
    ``added`` to those before. ``together`` is what all of them explain; the rest is noise, or more involved.

    Tried on planted functions of 100 inputs, some of them correlated, with a tenth of noise (docs/studies.md has all
    figures): of 200 draws, selection finds all drivers of a sum, 99 % of the factors of a product and every pure
    interaction, with 0.0 to 0.1 false ones; shares above chance alone find 83, 66 and 0 %, with up to 4.2 false ones.
    Borgonovo's delta and PAWN (SALib) rank worse and take 100 times as long; forests rank as well, and as long.

    Args:
        changes: a row an effect and draw: ``id``, ``draw``, ``change``, and ``margin`` if it differs between effects.
        draws: what is known of each draw, by draw; columns that never differ or have gaps are left out.
        margin: of relevance, in the unit of the effects.
    """
    rows: list[tuple[Any, ...]] = []
    for one in _effects(changes, draws, margin):
        known, word, found = one.inputs, one.words - one.words.mean(), one.drivers()
        shares, errors = _shares(known.curves.values, np.column_stack([one.ranks, word]))
        lengths = np.sqrt((known.ranks**2).sum(axis=0) * (one.ranks**2).sum())
        ends = ((shares + 1.96 * sign * errors)[:, 0].clip(0.0, 1.0) for sign in (-1, 1))
        chance, word_chance = known.curves.usual_chance, known.curves.chance(word)
        direction = known.ranks.T @ one.ranks / lengths
        columns = zip(
            known.names, *shares.clip(0.0).T.tolist(), *(end.tolist() for end in ends), direction, strict=True
        )
        orders, together = {name: place for place, name in enumerate(found, 1)}, sum(found.values())
        products = ((name, *[np.nan] * 5) for name in found if name not in known.names)
        for name, share, of_word, low, high, slope in (*columns, *products):
            of_chance = share, low, high, chance, of_word, word_chance, slope
            step = orders.get(name, np.nan), found.get(name, np.nan), together
            rows.append((one.id, name, len(word), *of_chance, *step))
    return pd.DataFrame(rows, columns=[*_DRIVERS])


def turning(changes: pd.DataFrame, draws: pd.DataFrame, axes: Sequence[str], margin: float = 1.0) -> pd.DataFrame:
    """Return where effects cross zero and the margin on either side, a row an effect and level.

    Along each axis: the cut with fewest draws on its wrong side, ``x_at``, with a 95 % bootstrap interval that reaches
    to the next draw (of planted cuts it held 96 to 100 % with 200 draws, 88 % or more with 40). ``x_rises``: whether
    effects lie above the level beyond the cut. Over both axes: the line constant + per_x x + per_y y + per_xy x y = 0
    of a logistic regression. ``x_right`` and ``right`` are the shares of draws on the right side of cut and line, out
    of sample, beside that of the more frequent side, ``majority``. With fewer than `SIDE` draws on a side an effect
    turns nowhere, and all else is missing.

    Args:
        changes: as for `drivers`.
        draws: likewise; draws without a value on an axis are left out.
        axes: one or two columns of ``draws``.
        margin: likewise.

    Raises:
        KeyError: for an axis that is no column of ``draws``.
    """
    rows: list[dict[str, Any]] = []
    names = dict(zip(("x", "y"), axes, strict=False))
    for one in _effects(changes, draws[[*axes]].replace([np.inf, -np.inf], np.nan).dropna(), margin):
        for level in (0.0, -one.margin, one.margin) if one.inputs.names == [*axes] else ():
            above = one.changes > level
            share = float(above.mean())
            about = {"id": one.id, "level": level, "draws": len(above), "above": share, **names}
            about["majority"] = max(share, 1.0 - share)
            if min(above.sum(), (~above).sum()) >= SIDE:
                for place, axis in enumerate(names):
                    cut = _cut(one.inputs.values[:, place], above)
                    about |= {f"{axis}_{name}": value for name, value in cut.items()}
                about |= _line(one.inputs.values, above) if len(names) == 2 else {}
            rows.append(about)
    return pd.DataFrame(rows, columns=[*_TURNING])


def boxes(
    changes: pd.DataFrame, draws: pd.DataFrame, margin: float = 1.0, found: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return boxes of few conditions in which the word of a draw is one word, a row an effect and box.

    They are the leaves of a classification tree of at most three conditions on the effect's drivers (Breiman et al.
    1984), neighbours of one word joined. ``density`` is the share of the box's draws with its word, ``coverage`` the
    share of the word's draws in the box. Both are out of sample: a draw counts if a tree that is grown without its
    tenth of the draws has its word as well.

    Args:
        changes: as for `drivers`.
        draws: likewise.
        margin: likewise.
        found: the table of `drivers`, if it is there.
    """
    from sklearn.tree import DecisionTreeClassifier

    found = drivers(changes, draws, margin) if found is None else found
    chosen = found.dropna(subset="order").sort_values("order").groupby("id")["parameter"].agg(" x ".join)
    rows: list[dict[str, Any]] = []
    for one in _effects(changes[changes["id"].isin(chosen.index)], draws, margin):
        counts, words = np.bincount(one.words + 1, minlength=3), one.words
        if (counts >= SIDE).sum() < 2:
            continue
        names = list(dict.fromkeys(chosen[one.id].split(" x ")))
        values = one.inputs.values[:, [one.inputs.names.index(name) for name in names]]
        tree = DecisionTreeClassifier(max_depth=3, min_samples_leaf=max(SIDE, len(values) // 20), ccp_alpha=0.01)
        folds, again = _folds(len(values)), np.empty_like(words)
        for fold in range(FOLDS):
            again[folds == fold] = tree.fit(values[folds != fold], words[folds != fold]).predict(values[folds == fold])
        for word, limits in _leaves(tree.fit(values, words).tree_, tree.classes_):
            inside = np.all([(values[:, k] > at) == over for (k, over), at in limits.items()], axis=0)
            hits = (inside & (again == word) & (words == word)).sum()
            box = " and ".join(f"{names[k]} {'>' if over else '<='} {at:.3g}" for (k, over), at in limits.items())
            about = {"id": one.id, "word": WORDS[word + 1], "box": box, "draws": len(values), "inside": inside.sum()}
            rows.append(about | {"density": hits / inside.sum(), "coverage": hits / counts[word + 1]})
    return pd.DataFrame(rows, columns=[*_BOXES])


def tells_apart(right: Any, majority: Any) -> Any:
    """Return whether a cut or line sets right a quarter of the draws that the more frequent side has wrong."""
    return 1.0 - right <= (1.0 - BETTER) * (1.0 - majority)


def words_of(changes: npt.ArrayLike, margin: float) -> list[str]:
    """Return the word of each draw."""
    return [WORDS[word + 1] for word in _words(np.asarray(changes, dtype=float), margin)]


def _words(changes: Floats, margin: float) -> npt.NDArray[np.int64]:
    return np.asarray(np.sign(changes) * (np.abs(changes) > margin), dtype=np.int64)


class _Terms:
    """Terms by which ranks may be explained, each of one or more columns: draws x terms x columns."""

    def __init__(self, names: Sequence[str], values: Floats) -> None:
        self.names, self.values = names, values - values.mean(axis=0)
        self.gram = np.einsum("npd,npe->pde", self.values, self.values)

    def gains(self, targets: Floats, design: Floats) -> Floats:
        """The share of what is left of targets that each term explains, terms x targets.

        By generalised cross-validation (Golub, Heath & Wahba 1979). The orthonormal design has been used before.
        """
        along, spent = (np.tensordot(self.values, one, (0, 0)) for one in (targets, design))
        gram = self.gram * (1.0 + 1e-9) + 1e-9 - spent @ spent.transpose(0, 2, 1)
        explained = (along * np.linalg.solve(gram, along)).sum(axis=1) / (targets**2).sum(axis=0)
        free = len(targets) - 1 - design.shape[1]
        return np.asarray(1.0 - (1.0 - explained) * (free / (free - along.shape[1])) ** 2)

    def chance(self, target: Floats) -> float:
        """The largest share of all terms that 99 % of permutations stay below; NaN if nothing is to be explained."""
        if np.ptp(target) == 0.0 or not self.names:
            return np.nan
        rng = np.random.default_rng(SEED)
        shuffled = np.stack([rng.permutation(target) for _ in range(PERMUTATIONS)], axis=1)
        return float(np.quantile(self.gains(shuffled, np.zeros((len(target), 0))).max(axis=0), 0.99))

    @cached_property
    def usual_chance(self) -> float:
        """The chance of ranks without ties, whatever their order."""
        return self.chance(_ranked(np.arange(len(self.values), dtype=float)))


class _Inputs:
    """What is known of some draws: values and ranks, and the parabolas and products of two ranks as terms."""

    def __init__(self, draws: pd.DataFrame) -> None:
        numbers = draws.astype(float).replace([np.inf, -np.inf], np.nan)
        known = numbers.loc[:, numbers.notna().all() & (numbers.nunique() > 1)]
        self.names, self.values = [*map(str, known)], known.to_numpy()
        self.ranks = _ranked(self.values)
        self.curves = _Terms(self.names, np.stack([self.ranks, self.ranks**2], axis=2))

    @cached_property
    def products(self) -> _Terms:
        """The products of every two."""
        a, b = np.triu_indices(len(self.names), 1)
        names = [f"{self.names[i]} x {self.names[j]}" for i, j in zip(a.tolist(), b.tolist(), strict=True)]
        return _Terms(names, (self.ranks[:, a] * self.ranks[:, b])[:, :, None])


class _Effect:
    """One effect by draw, with what is known of its draws."""

    def __init__(self, id_: str, changes: Floats, margin: float, inputs: _Inputs) -> None:
        self.id, self.changes, self.margin, self.inputs = id_, changes, margin, inputs
        self.ranks = _ranked(changes)
        self.words = _words(changes, margin)

    def drivers(self) -> dict[str, float]:
        """The drivers, parameters and products, from the strongest on, with the share that each adds."""
        names, shares = list[str](), [0.0]
        design, left = np.zeros((len(self.ranks), 0)), self.ranks
        for terms in (self.inputs.curves, self.inputs.products):
            while terms.names and len(names) < MOST:
                gains = terms.gains(left[:, None], design)[:, 0]
                best = int(gains.argmax())
                if not gains[best] > terms.usual_chance or terms.names[best] in names:
                    break
                names.append(terms.names[best])
                design = np.linalg.qr(np.hstack([design, terms.values[:, best]]))[0]
                left = self.ranks - design @ (design.T @ self.ranks)
                shares.append(float(_shares(design[:, None], self.ranks[:, None])[0][0, 0]))
        return dict(zip(names, np.diff(shares).tolist(), strict=True))


def _effects(changes: pd.DataFrame, draws: pd.DataFrame, margin: float) -> Iterator[_Effect]:
    """Yield each effect that differs between enough draws of which something is known."""
    inputs: dict[bytes, _Inputs] = {}
    for id_, rows in changes.dropna(subset="change").groupby("id", sort=False):
        known = rows[rows["draw"].isin(draws.index)]
        values = known["change"].to_numpy(dtype=float)
        if len(values) < LEAST or np.ptp(values) == 0.0:
            continue
        key = known["draw"].to_numpy().tobytes()
        if key not in inputs:
            inputs[key] = _Inputs(draws.loc[known["draw"]])
        if inputs[key].names:
            own = float(known["margin"].iloc[0]) if "margin" in known else margin
            yield _Effect(str(id_), values, own, inputs[key])


def _ranked(values: Floats) -> Floats:
    """Ranks as shares of the draws, centred."""
    ranks = stats.rankdata(values, axis=0) / len(values)
    return np.asarray(ranks - ranks.mean(axis=0))


def _shares(candidates: Floats, targets: Floats) -> tuple[Floats, Floats]:
    """The share of centred targets that each candidate explains when it leaves a draw out, and its standard error."""
    count = len(targets)
    basis = np.linalg.qr(candidates.transpose(1, 0, 2))[0]
    fitted = basis @ (basis.transpose(0, 2, 1) @ targets)
    free = 1.0 - 1.0 / count - (basis**2).sum(axis=2)[:, :, None]
    errors, usual = ((targets - fitted) / free) ** 2, (targets * count / (count - 1)) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        whole = usual.sum(axis=0)
        missing = errors.sum(axis=1) / whole
        spread = np.sqrt(((errors - missing[:, None] * usual) ** 2).sum(axis=1)) / whole
    return 1.0 - missing, spread


@cache
def _folds(count: int) -> npt.NDArray[np.int64]:
    """The tenth of draws that each is left out with."""
    return np.random.default_rng(SEED).permutation(count) % FOLDS


@cache
def _weights(count: int) -> Floats:
    """Weights of draws: all, without each tenth, and of bootstrap samples."""
    often = np.random.default_rng(SEED).multinomial(count, np.full(count, 1.0 / count), RESAMPLES)
    return np.vstack([np.ones(count), _folds(count) != np.arange(FOLDS)[:, None], often])


def _cut(x: Floats, above: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """The cut of one axis with fewest draws on its wrong side, its interval, direction and share on the right side."""
    count, order = len(x), np.argsort(x, kind="stable")
    at, sign = x[order], np.where(above[order], 1.0, -1.0)
    sums = np.cumsum(_weights(count) * sign, axis=1)
    score = np.where(np.diff(at) > 0.0, sums[:, -1:] - 2.0 * sums[:, :-1], 0.0)
    size = np.abs(score)
    first = size.argmax(axis=1)
    last = count - 2 - (size == size.max(axis=1, keepdims=True))[:, ::-1].argmax(axis=1)
    rises, cuts = score[np.arange(len(size)), first] > 0.0, (at[first] + at[last + 1]) / 2.0
    left_out = 1 + _folds(count)
    return {
        "at": cuts[0],
        "low": np.quantile(at[first[1 + FOLDS :]], 0.025),
        "high": np.quantile(at[last[1 + FOLDS :] + 1], 0.975),
        "rises": bool(rises[0]),
        "right": (((at > cuts[left_out]) == rises[left_out]) == (sign > 0.0)).mean(),
    }


def _line(values: Floats, above: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """The line of a ridge logistic regression over two axes and their product, and the share on its right side.

    By Newton's method, for all draws and without each tenth of them at once.
    """
    weights, left_out = _weights(len(above))[: 1 + FOLDS], 1 + _folds(len(above))
    terms = np.column_stack([values, values[:, 0] * values[:, 1]])
    centre, scale = terms.mean(axis=0), terms.std(axis=0)
    terms = np.column_stack([np.ones(len(terms)), (terms - centre) / scale])
    squares, penalty = np.einsum("ni,nj->nij", terms, terms), 0.05 * np.diag([0.0, 1.0, 1.0, 1.0])
    slopes = np.zeros((len(weights), 4))
    for _ in range(25):
        chance = special.expit(slopes @ terms.T)
        curvature = np.tensordot(weights * chance * (1.0 - chance), squares, 1) + penalty
        uphill = (weights * (above - chance)) @ terms - slopes @ penalty
        step = np.linalg.solve(curvature, uphill[:, :, None])[:, :, 0]
        slopes += step / np.maximum(1.0, np.abs(step).max(axis=1, keepdims=True))
    right = ((terms * slopes[left_out]).sum(axis=1) > 0.0) == above
    line = slopes[0, 1:] / scale
    found = dict(zip(("per_x", "per_y", "per_xy"), line.tolist(), strict=True))
    return found | {"constant": float(slopes[0, 0] - line @ centre), "right": right.mean()}


def _leaves(tree: Any, classes: npt.NDArray[Any], node: int = 0) -> list[tuple[int, dict[tuple[int, bool], float]]]:
    """The leaves below a node: their word, and the tightest limit by column and side; neighbours of one word joined."""
    word = int(classes[tree.value[node][0].argmax()])
    if tree.children_left[node] < 0:
        return [(word, {})]
    column, at = int(tree.feature[node]), float(tree.threshold[node])
    below, over = (_leaves(tree, classes, side[node]) for side in (tree.children_left, tree.children_right))
    if len(below) == len(over) == 1 and below[0][0] == over[0][0]:
        return [(word, {})]
    first = [(one, {(column, False): at} | limits) for one, limits in below]
    return first + [(one, {(column, True): at} | limits) for one, limits in over]
