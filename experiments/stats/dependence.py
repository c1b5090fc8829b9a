"""What effects depend on: the parameters that drive them, where they turn, and boxes in which they are one word.

Pure functions of two tables: effects by draw (`experiments.stats.contrasts.by_draw`), and what is known of each draw,
a column a parameter or measured quantity. Every share is out of sample. What the group chooses is no driver: leave it
out of the second table, as `experiments.study.explained` does.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from experiments.stats.estimates import SEED, Floats

WORDS = ("lowers", "negligible", "raises")
"""The word of a draw, from its effect and the margin."""
LEAST = 10
"""Draws that an effect needs; fewer show nothing."""
SIDE = 10
"""Draws that either side of a line needs, and each of two words."""
BETTER = 0.25  # part of the draws that the more frequent side has wrong
MOST = 6  # drivers of an effect, products among them
CHANCE = 0.01  # probability that any parameter passes by chance
RESAMPLES = 200
FOLDS = 10
_DRIVERS = (
    "id", "parameter", "draws", "share", "share_low", "share_high", "chance", "word_share", "direction", "order",
    "added", "together",
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
    without itself, with a 95 % jackknife interval. ``chance`` is what the largest share of as many parameters
    stays below in 99 % of cases if they explain nothing (F test, Šidák). ``direction`` is Spearman's correlation.

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
    parts = []
    for one in _effects(changes, draws, margin):
        target, ranks, word = _ranked(one.changes), _ranked(one.known), _words(one.changes, one.margin)
        curves = _curves(ranks)
        shares, errors = _shares(curves, np.column_stack([target, word - word.mean()]))
        share, half = shares[:, 0], 1.96 * errors[:, 0]
        columns = {"share": share, "share_low": share - half, "share_high": share + half, "word_share": shares[:, 1]}
        rows = pd.DataFrame(columns, one.known.columns).clip(0.0, 1.0)
        rows["direction"] = np.corrcoef(target, ranks, rowvar=False)[0, 1:]
        added = _added(target, ranks, [*rows.index])
        rows = rows.reindex(dict.fromkeys([*rows.index, *added]))
        about = {"id": one.id, "draws": len(target), "together": sum(added.values())}
        about |= {"order": pd.Series(range(1, 1 + len(added)), [*added]), "added": pd.Series(added)}
        free = len(target) - 3
        chance = 1.0 - (1.0 - _by_chance(len(ranks.T), 2, free)) * ((free + 2) / free) ** 2  # of shares out of sample
        parts.append(rows.assign(**about, chance=chance).rename_axis("parameter").reset_index())
    return pd.concat(parts, ignore_index=True)[[*_DRIVERS]] if parts else pd.DataFrame(columns=[*_DRIVERS])


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
        KeyError: unless axes are one or two columns of ``draws``.
    """
    rows: list[dict[str, Any]] = []
    names, draws = dict(zip(("x", "y"), axes, strict=False)), by_draw(draws)
    if isinstance(axes, str) or len(axes) not in (1, 2) or not {*axes} <= {*draws}:
        raise KeyError(f"axes={axes!r}: must be a list of one or two columns of draws, such as ['combat.money']")
    for one in _effects(changes, numbers(draws[[*axes]]).dropna(), margin):
        for level in (0.0, -one.margin, one.margin) if len(one.known.columns) == len(names) else ():
            above = one.changes > level
            share = float(above.mean())
            about = {"id": one.id, "level": level, "draws": len(above), "above": share, **names}
            about["majority"] = max(share, 1.0 - share)
            if min(above.sum(), (~above).sum()) >= SIDE:
                for axis, column in names.items():
                    cut = _cut(one.known[column].to_numpy(), above)
                    about |= {f"{axis}_{name}": value for name, value in cut.items()}
                about |= _line(one.known.to_numpy(), above) if len(names) == 2 else {}
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
    from sklearn.model_selection import PredefinedSplit, cross_val_predict
    from sklearn.tree import DecisionTreeClassifier

    found = drivers(changes, draws, margin) if found is None else found
    chosen = found.dropna(subset="order").sort_values("order").groupby("id")["parameter"].agg(" x ".join)
    rows: list[dict[str, Any]] = []
    for one in _effects(changes[changes["id"].isin(chosen.index)], draws, margin):
        words, names = words_of(one.changes, one.margin), [*dict.fromkeys(chosen[one.id].split(" x "))]
        counts = {str(word): int((words == word).sum()) for word in WORDS}
        if sum(count >= SIDE for count in counts.values()) < 2:
            continue
        values = one.known[names].to_numpy()
        tree = DecisionTreeClassifier(max_depth=3, min_samples_leaf=max(SIDE, len(values) // 20), ccp_alpha=0.01)
        right = cross_val_predict(tree, values, words, cv=PredefinedSplit(_folds(words))) == words
        for word, limits in _leaves(tree.fit(values, words).tree_, tree.classes_):
            if not limits:  # no condition tells words apart
                continue
            inside = np.all([(values[:, k] > at) == over for (k, over), at in limits.items()], axis=0)
            hits = (inside & right & (words == word)).sum()
            box = " and ".join(f"{names[k]} {'>' if over else '<='} {at:.3g}" for (k, over), at in limits.items())
            about = {"id": one.id, "word": word, "box": box, "draws": len(values), "inside": inside.sum()}
            rows.append(about | {"density": hits / inside.sum(), "coverage": hits / counts[word]})
    return pd.DataFrame(rows, columns=[*_BOXES])


def tells_apart(right: Any, majority: Any) -> Any:
    """Return whether a cut or line sets right a quarter of the draws that the more frequent side has wrong."""
    return 1.0 - right <= (1.0 - BETTER) * (1.0 - majority)


def words_of(changes: npt.ArrayLike, margin: npt.ArrayLike) -> npt.NDArray[np.str_]:
    """Return the word of each draw."""
    return np.array(WORDS)[1 + _words(np.asarray(changes, dtype=float), margin)]


def by_draw(draws: pd.DataFrame) -> pd.DataFrame:
    """Return what is known of each draw, indexed by draw; several rows of one draw, as in runs, are a ValueError."""
    draws = draws.set_index("draw") if "draw" in draws else draws
    if draws.index.is_unique:
        return draws
    raise ValueError("draws: must have one row a draw, such as runs.groupby('draw')[['combat.money']].first()")


def _words(changes: Floats, margin: npt.ArrayLike) -> npt.NDArray[np.int64]:
    return np.asarray(np.sign(changes) * (np.abs(changes) > margin), dtype=np.int64)


class _Effect(NamedTuple):
    """One effect by draw, and what is known of its draws."""

    id: str
    changes: Floats
    margin: float
    known: pd.DataFrame


def _effects(changes: pd.DataFrame, draws: pd.DataFrame, margin: float) -> Iterator[_Effect]:
    """Yield each effect that differs between enough draws of which something is known."""
    if lacking := [name for name in ("id", "draw", "change") if name not in changes]:
        raise KeyError(f"changes: has no column {' or '.join(lacking)}; contrasts.by_draw makes such a table")
    draws = numbers(by_draw(draws)).rename(columns=str)
    for id_, rows in changes.dropna(subset="change").groupby("id", sort=False):
        rows = rows[rows["draw"].isin(draws.index)]
        values, known = rows["change"].to_numpy(dtype=float), draws.loc[rows["draw"]]
        known = known.loc[:, known.notna().all() & (known.min() < known.max())]
        if len(values) >= LEAST and np.ptp(values) and len(known.columns):
            yield _Effect(str(id_), values, float(rows["margin"].iloc[0]) if "margin" in rows else margin, known)


def numbers(draws: pd.DataFrame) -> pd.DataFrame:
    """Return what is known of draws as numbers; what is infinite is as good as missing."""
    return draws.astype(float).replace([np.inf, -np.inf], np.nan)


def _ranked(values: npt.ArrayLike) -> Floats:
    """Ranks as shares of the draws, centred."""
    ranks = stats.rankdata(values, axis=0) / len(np.asarray(values))
    return np.asarray(ranks - ranks.mean(axis=0))


def _curves(ranks: Floats) -> Floats:
    """The parabola of each parameter: draws x parameters x 2."""
    return np.stack([ranks, ranks**2 - (ranks**2).mean(axis=0)], axis=2)


def _by_chance(terms: int, columns: int, free: int) -> float:
    """The largest share of so many terms that explain nothing, which it stays below but for `CHANCE`."""
    return float(stats.beta.isf(1.0 - (1.0 - CHANCE) ** (1.0 / terms), columns / 2, free / 2))


def _added(target: Floats, ranks: Floats, names: Sequence[str]) -> dict[str, float]:
    """The drivers, parameters and then products, from the strongest on, with the share that each adds."""
    a, b = np.triu_indices(len(names), 1)
    products = ranks[:, a] * ranks[:, b]
    pairs = [f"{names[i]} x {names[j]}" for i, j in zip(a.tolist(), b.tolist(), strict=True)]
    added, design, left = dict[str, float](), np.zeros((len(target), 0)), target
    for called, terms in ((names, _curves(ranks)), (pairs, (products - products.mean(axis=0))[:, :, None])):
        columns = terms.shape[2]
        while called and len(added) < MOST and (free := len(target) - 1 - design.shape[1] - columns) > 0:
            gains = _gains(terms, left, design)
            best = int(gains.argmax())
            if called[best] in added or not gains[best] > _by_chance(len(called), columns, free):
                break
            design = np.linalg.qr(np.hstack([design, terms[:, best]]))[0]
            left = target - design @ (design.T @ target)
            added[called[best]] = float(_shares(design[:, None], target[:, None])[0][0, 0]) - sum(added.values())
    return added


def _gains(terms: Floats, left: Floats, design: Floats) -> Floats:
    """The share of what is left of the target that each term explains beside the orthonormal design."""
    along, spent = (np.tensordot(terms, one, (0, 0)) for one in (left, design))
    gram = np.einsum("npd,npe->pde", terms, terms) * (1.0 + 1e-9) + 1e-9 - spent @ spent.transpose(0, 2, 1)
    return np.asarray((along * np.linalg.solve(gram, along[:, :, None])[:, :, 0]).sum(axis=1) / (left**2).sum())


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


def _folds(sides: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """The tenth of draws that each is left out with; each side is spread over all of them."""
    folds = np.empty(len(sides), dtype=np.int64)
    folds[np.lexsort((np.random.default_rng(SEED).random(len(sides)), sides))] = np.arange(len(sides)) % FOLDS
    return folds


def _cut(x: Floats, above: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """The cut of one axis with fewest draws on its wrong side, its interval, direction and share on the right side."""
    count, order = len(x), np.argsort(x, kind="stable")
    at, sign = x[order], np.where(above[order], 1.0, -1.0)
    folds = _folds(above[order])
    often = np.random.default_rng(SEED).multinomial(count, np.full(count, 1.0 / count), RESAMPLES)
    weights = np.vstack([np.ones(count), folds != np.arange(FOLDS)[:, None], often])
    sums = np.cumsum(weights * sign, axis=1)
    score = np.where(np.diff(at) > 0.0, sums[:, -1:] - 2.0 * sums[:, :-1], 0.0)
    size = np.abs(score)
    first = size.argmax(axis=1)
    last = count - 2 - (size == size.max(axis=1, keepdims=True))[:, ::-1].argmax(axis=1)
    rises, cuts = score[np.arange(len(size)), first] > 0.0, (at[first] + at[last + 1]) / 2.0
    return {
        "at": cuts[0],
        "low": np.quantile(at[first[1 + FOLDS :]], 0.025),
        "high": np.quantile(at[last[1 + FOLDS :] + 1], 0.975),
        "rises": bool(rises[0]),
        "right": (((at > cuts[1 + folds]) == rises[1 + folds]) == (sign > 0.0)).mean(),
    }


def _line(values: Floats, above: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """The line of a logistic regression over two axes and their product, and the share on its right side."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import PredefinedSplit, cross_val_predict

    terms = np.column_stack([values, values[:, 0] * values[:, 1]])
    centre, scale = terms.mean(axis=0), terms.std(axis=0)
    terms, model = (terms - centre) / scale, LogisticRegression(C=20.0, solver="newton-cholesky")
    right = cross_val_predict(model, terms, above, cv=PredefinedSplit(_folds(above))) == above
    model.fit(terms, above)
    line = model.coef_[0] / scale
    found = dict(zip(("per_x", "per_y", "per_xy"), line.tolist(), strict=True))
    return found | {"constant": float(model.intercept_[0] - line @ centre), "right": right.mean()}


def _leaves(tree: Any, classes: npt.NDArray[Any], node: int = 0) -> list[tuple[str, dict[tuple[int, bool], float]]]:
    """The leaves below a node: their word, and the tightest limit by column and side; neighbours of one word joined."""
    word = str(classes[tree.value[node][0].argmax()])
    if tree.children_left[node] < 0:
        return [(word, {})]
    column, at = int(tree.feature[node]), float(tree.threshold[node])
    below, over = (_leaves(tree, classes, side[node]) for side in (tree.children_left, tree.children_right))
    if len(below) == len(over) == 1 and below[0][0] == over[0][0]:
        return [(word, {})]
    first = [(one, {(column, False): at} | limits) for one, limits in below]
    return first + [(one, {(column, True): at} | limits) for one, limits in over]
