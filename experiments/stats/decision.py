"""Choice of a policy while parameters are not known: regret, domination, and the choice with and without the switch.

An option is a policy or mix at an intensity. Its utility in a draw of parameters is the attacks a week that it averts
against the status quo, less the lawful money that it hinders at a price of harm. Regret is the utility of the best
option of the draw less its own (Savage 1951, J. Am. Stat. Assoc. 46:55).

Noise favours whichever option is best by chance. If a draw has two seeds, the best option is found with one and the
regret of all is measured with the other, both ways: the mean of such cross-validated regrets is no larger than the true
one, that of the naive regrets (of means over seeds) no smaller.

Harm that the model lacks is not zero: an option of such harm dominates none, and a choice of it says so. No model is
run or read here.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from experiments.stats.contrasts import JUDGED_BY, Policies, by_draw, resources
from experiments.stats.estimates import Floats
from sim.engine.constants import harm_modelled

PRICES = (0.0, 0.1, 1.0, 10.0)
"""Attacks that one is willing to bear to spare lawful users a million USD, at which choices are tabulated."""
QUANTILE = 0.9
CRITERIA = ("minimax", "quantile", "mean")
"""Criteria by which the option of least regret is chosen: over draws the largest, the 90 % quantile, and the mean."""
ALL, CIVIL = "all", "without_force"
FORCE = "military"
STATUS_QUO = "status_quo"

_OPTION = ["policy", "intensity"]
_VALUES = ["averted", "harm"]
_ABOUT = ["agency", "staff_weeks", "harm_modelled"]
_DEFAULTS = {"agency": "", "staff_weeks": 0.0, "harm_modelled": "", "harm": np.nan, "seed": 0, "reference": np.nan}
_STEPS = 12  # halvings of an interval of prices in which the choice changes


class _Cell(NamedTuple):
    """The options of one identity, least staff first, and their values: halves of the seeds x draws x options."""

    options: pd.DataFrame
    draws: pd.Index
    averted: Floats
    harm: Floats
    reference: float

    def only(self, options: Any, draws: Any = slice(None)) -> "_Cell":
        """Return the same for some options and draws, by place."""
        values = (one[:, draws][:, :, options] for one in (self.averted, self.harm))
        return _Cell(self.options.iloc[options], self.draws[draws], *values, self.reference)

    def utility(self, price: float = 0.0, unmodelled: float = 0.0) -> Floats:
        """Return attacks averted less modelled harm at its price, and less so many attacks if harm is not modelled."""
        unknown = self.options["harm_modelled"].to_numpy() != "yes"
        return np.asarray(self.averted - price * np.nan_to_num(self.harm) / 1e6 - unmodelled * unknown)


class _Regrets(NamedTuple):
    """Regrets by half of the seeds, draw and option, as one half finds them and as the other half measures them."""

    found: Floats
    measured: Floats

    def by(self, criterion: str) -> Floats:
        """Return the regret of each option by a criterion; the worst draw is found by one half, too."""
        if criterion == "minimax":
            worst = self.found.argmax(axis=1, keepdims=True)
            return np.asarray(np.take_along_axis(self.measured, worst, axis=1).mean(axis=(0, 1)))
        by_draw = self.measured.mean(axis=0)
        return np.asarray(by_draw.mean(axis=0) if criterion == "mean" else np.quantile(by_draw, QUANTILE, axis=0))

    def chosen(self, criterion: str) -> int:
        """Return the place of the option of least regret; of equal ones that of least staff."""
        return int(self.by(criterion).argmin())

    def halves(self) -> "list[_Regrets]":
        """Return those that each half finds."""
        return [_Regrets(self.found[[half]], self.measured[[half]]) for half in range(len(self.found))]

    def within(self) -> "_Regrets":
        """Return the same as the half that finds them measures them, too."""
        return self._replace(measured=self.found)


def utilities(
    runs: pd.DataFrame, factors: Sequence[str], reference: Mapping[str, Any], policies: Policies
) -> pd.DataFrame:
    """Return what each policy averts and hinders by draw and seed, the status quo (nothing) among them.

    Args:
        runs: a row a run, as for `experiments.stats.contrasts.effects`.
        factors: columns that tell cells apart, likewise.
        reference: levels of ``arm`` and ``policy`` that others are compared with, likewise.
        policies: agency, staff-weeks and price of each policy.

    Returns:
        Settings, arm, policy, intensity, draw, seed; ``averted`` attacks a week against the status quo of the same arm;
        ``reference``, those with neither switch nor policy; ``harm`` in USD a week, NaN where the model has none of it;
        ``agency`` and ``staff_weeks``.
    """
    found = by_draw(runs, factors, reference, JUDGED_BY, percent=False, by_seed=True)
    found = found[found["contrast"] == "policy"].assign(averted=lambda rows: 0.0 - rows["change"])
    keys = [*(name for name in factors if name not in ("arm", *_OPTION)), "arm", *_OPTION, "draw", "seed"]
    found = found[[*keys, "averted", "reference"]].assign(harm=np.nan)
    if {"lawful_frozen", "lawful_hindered"} <= {*runs}:
        harm = by_draw(runs, factors, reference, "harm", percent=False, by_seed=True).set_index(["contrast", *keys])
        found["harm"] = harm.loc["policy", "change"].reindex(pd.MultiIndex.from_frame(found[keys])).to_numpy()
    known = found["policy"].map(harm_modelled)
    found = found.assign(harm_modelled=known, harm=found["harm"].mask(known == "no"))
    taken = [
        resources(policy, policies, share)[:2] for policy, share in zip(*(found[name] for name in _OPTION), strict=True)
    ]
    found["agency"], found["staff_weeks"] = (list(one) for one in zip(*taken, strict=True))
    quo = {"policy": reference.get("policy", STATUS_QUO), "intensity": 0.0, "agency": "", "harm_modelled": "yes"}
    nothing = found.drop_duplicates([name for name in keys if name not in _OPTION])
    nothing = nothing.assign(**quo, averted=0.0, harm=0.0, staff_weeks=0.0)
    return pd.concat([nothing, found], ignore_index=True).sort_values(keys, ignore_index=True)


def regret(averted: pd.DataFrame) -> pd.DataFrame:
    """Return the regret of every option over draws, a row an option of each identity, among all and without force.

    Args:
        averted: `utilities`, or a table with ``policy``, ``intensity``, ``draw`` and ``averted``. Of the other columns
            ``seed``, ``harm``, ``harm_modelled``, ``agency``, ``staff_weeks`` and ``reference`` may be missing; all
            more are the identity.

    Returns:
        ``regret_minimax``, ``regret_quantile`` and ``regret_mean`` (`CRITERIA`) in attacks a week, cross-validated, and
        the same naively (``naive_``); ``best``, the share of draws in which it is best by either seed alone, and
        ``naive_best``; ``dominated``, the share of draws in which some other option averts no less, for no more harm
        and staff, and one of them is better, by either seed alone; the option that does so most often
        (``dominated_by``) and in which share of draws. Draws are those in which all options have runs.
    """
    tables = []
    for identity, cell in _cells(averted):
        for among, some in _sets(cell):
            regrets, naive = _regrets(some.averted), _regrets(some.averted.mean(axis=0, keepdims=True))
            found = some.options.assign(
                draws=len(some.draws),
                reference=some.reference,
                averted=np.median(some.averted.mean(axis=0), axis=0),
                harm=np.median(some.harm.mean(axis=0), axis=0),
            )
            for name in CRITERIA:
                found[f"regret_{name}"], found[f"naive_{name}"] = regrets.by(name), naive.by(name)
            halves = [*some.averted, some.averted.mean(axis=0)]
            first, second, both = (one.argmax(axis=1)[:, None] == np.arange(len(found)) for one in halves)
            found["best"], found["naive_best"] = (first & second).mean(axis=0), both.mean(axis=0)
            found = found.join(_domination(some))
            tables.append(found.assign(**identity, among=among)[[*identity, "among", *found]])
    return pd.concat(tables, ignore_index=True)


def choice(
    averted: pd.DataFrame, prices: Sequence[float] = PRICES, margin: float = 0.01, none: str = "none"
) -> pd.DataFrame:
    """Return the choice by each criterion and price of harm, a row each, among all options and without force.

    Args:
        averted: as for `regret`.
        prices: attacks that one is willing to bear to spare lawful users a million USD, ascending. Further rows,
            ``turns`` yes, are the prices between them at which the choice changes.
        margin: of relevance, a share of the attacks with neither switch nor policy.
        none: the arm without a switch.

    Returns:
        The option chosen, its regret by the criterion, cross-validated and naive, and whether either seed alone chooses
        it (``seeds_agree``). If its harm is not modelled (``harm_modelled``), it is chosen as long as that harm is
        worth fewer attacks a week than ``harm_worth``, and else ``instead``. Of an arm with a switch, ``believed`` is
        the choice as if there were none; see `mistaken`.
    """
    cells = list(_cells(averted))
    rows = []
    for identity, cell in cells:
        for among, some in _sets(cell):
            base = next((one for other, one in cells if other == {**identity, "arm": none}), None)
            for name in CRITERIA:

                def at(price: float, some: _Cell = some, name: str = name) -> int:
                    return _regrets(some.utility(price)).chosen(name)

                every = dict.fromkeys(prices, "no")
                for low, high in itertools.pairwise(prices):
                    every |= dict.fromkeys(_turns(at, low, high), "yes")
                for price, turns in sorted(every.items()):
                    about = {**identity, "among": among, "criterion": name, "price": price, "turns": turns}
                    about |= _choice(some, price, name)
                    if base and identity["arm"] != none:
                        about |= _mistake(base, some, price, name, margin)
                    rows.append(about)
    return pd.DataFrame(rows)


def mistaken(
    averted: pd.DataFrame, factor: str, prices: Sequence[float] = (0.0,), margin: float = 0.01
) -> pd.DataFrame:
    """Return what it costs to choose as if a factor had one level (``as_if``) while it has another.

    Both have the same draws and options. ``believed`` is the choice at the former level, and ``loss`` its regret by the
    criterion at the latter less that of the choice there, each chosen with one seed and measured with the other.
    ``changes`` is no (both choose the same), margin (the loss is within the margin), noise (the seeds differ on its
    sign), or yes.

    Args:
        averted: as for `regret`.
        factor: a column of the identity.
        prices: as for `choice`.
        margin: likewise.
    """
    cells = list(_cells(averted))
    rows = []
    for (identity, cell), (other, believed) in itertools.permutations(cells, 2):
        if {**identity, factor: other[factor]} == other:
            for (among, some), name, price in itertools.product(_sets(cell), CRITERIA, prices):
                about = {**identity, "as_if": other[factor], "among": among, "criterion": name, "price": price}
                own = _named(some, _regrets(some.utility(price)).chosen(name))
                rows.append(about | own | _mistake(believed, some, price, name, margin))
    return pd.DataFrame(rows)


def pooled(averted: pd.DataFrame, factor: str) -> pd.DataFrame:
    """Return the table with every level of a factor in every draw as a draw of its own, so that regret is over both.

    Draws are those that all levels have, and options likewise.
    """
    levels = averted[factor].nunique()
    keys = [name for name in averted if name not in (factor, *_VALUES, *_DEFAULTS)]
    averted = averted[averted.groupby(keys)[factor].transform("nunique") == levels]
    both = averted[factor].astype(str) + "/" + averted["draw"].astype(str)
    return averted.assign(draw=both).drop(columns=factor)


def _cells(averted: pd.DataFrame) -> Iterator[tuple[dict[str, Any], _Cell]]:
    """Every identity of a table and its cell."""
    averted = averted.assign(**{name: value for name, value in _DEFAULTS.items() if name not in averted})
    if (averted["harm_modelled"] == "").any():
        known = averted["policy"].map(lambda policy: "yes" if policy == STATUS_QUO else harm_modelled(policy))
        averted = averted.assign(harm_modelled=known)
    identity = [str(name) for name in averted if name not in (*_OPTION, *_VALUES, *_DEFAULTS, "draw")]
    averted = averted.sort_values(["staff_weeks", *_OPTION, "draw", "seed"], ignore_index=True)
    groups = averted.groupby(identity, sort=False) if identity else [((), averted)]
    for levels, rows in sorted(groups, key=lambda group: tuple(map(str, group[0]))):
        options = rows.drop_duplicates(_OPTION)[[*_OPTION, *_ABOUT]].reset_index(drop=True)
        index = pd.MultiIndex.from_frame(options[_OPTION])
        means = rows.groupby([rows["seed"] % 2, "draw", *_OPTION])[[*_VALUES]].mean()
        first, *second = (means.loc[half].unstack(_OPTION) for half in sorted({*rows["seed"] % 2}))
        halves = [first, second[0].reindex(first.index).fillna(first) if second else first]
        draws = first.index[first["averted"].notna().all(axis=1)]
        values = (
            np.array([half.loc[draws, name].reindex(columns=index).to_numpy() for half in halves]) for name in _VALUES
        )
        yield dict(zip(identity, levels, strict=True)), _Cell(options, draws, *values, rows["reference"].mean())


def _sets(cell: _Cell) -> Iterator[tuple[str, _Cell]]:
    """All options, and those without force if some have it."""
    yield ALL, cell
    civil = [FORCE not in agency.split("+") for agency in cell.options["agency"]]
    if not all(civil):
        yield CIVIL, cell.only(np.flatnonzero(civil))


def _regrets(utility: Floats) -> _Regrets:
    """Regrets of utilities by half, draw and option."""
    best = utility.argmax(axis=2, keepdims=True)
    other = utility[::-1]  # of the other half; the same where there is one alone
    found = utility.max(axis=2, keepdims=True) - utility
    return _Regrets(found, np.take_along_axis(other, best, axis=2) - other)


def _named(cell: _Cell, option: int) -> dict[str, Any]:
    return dict(cell.options[[*_OPTION, "harm_modelled"]].iloc[option])


def _choice(cell: _Cell, price: float, criterion: str) -> dict[str, Any]:
    """The choice in a cell: see `choice`."""
    utility = cell.utility(price)
    regrets = _regrets(utility)
    option = regrets.chosen(criterion)
    found = _named(cell, option) | {"draws": len(cell.draws), "reference": cell.reference}
    found["regret"] = regrets.by(criterion)[option]
    found["naive"] = _regrets(utility.mean(axis=0, keepdims=True)).by(criterion)[option]
    agree = all(half.within().chosen(criterion) == option for half in regrets.halves())
    found |= {"seeds_agree": "yes" if agree else "no", "instead": "", "harm_worth": np.nan}
    modelled = cell.options["harm_modelled"].to_numpy() == "yes"
    if modelled.any() and not modelled[option]:
        low, high = 0.0, float(np.ptp(utility)) + 1e-9
        for _ in range(_STEPS):
            middle = (low + high) / 2
            known = modelled[_regrets(cell.utility(price, middle)).chosen(criterion)]
            low, high = (low, middle) if known else (middle, high)
        instead = _regrets(cell.utility(price, high)).chosen(criterion)
        found |= {"instead": cell.options["policy"].iloc[instead], "harm_worth": high}
    return found


def _mistake(believed: _Cell, true: _Cell, price: float, criterion: str, margin: float) -> dict[str, Any]:
    """The choice that another cell would make, and what it costs in this one: see `mistaken`."""
    index, other = (pd.MultiIndex.from_frame(one.options[_OPTION]) for one in (true, believed))
    draws, common = true.draws.intersection(believed.draws), index[index.isin(other)]
    true = true.only(index.get_indexer(common), true.draws.get_indexer(draws))
    believed = believed.only(other.get_indexer(common), believed.draws.get_indexer(draws))
    here, there = _regrets(true.utility(price)), _regrets(believed.utility(price))
    losses = []
    for half, as_if in zip(here.halves(), there.halves(), strict=True):
        costs = half.by(criterion)
        losses.append(costs[as_if.within().chosen(criterion)] - costs[half.within().chosen(criterion)])
    same = here.chosen(criterion) == there.chosen(criterion)
    loss = 0.0 if same else float(np.mean(losses))
    small, unsure = loss <= margin * true.reference, min(losses) <= 0.0
    names = _named(believed, there.chosen(criterion))
    changes = "no" if same else "margin" if small else "noise" if unsure else "yes"
    return {"believed": names["policy"], "believed_intensity": names["intensity"], "loss": loss, "changes": changes}


def _turns(at: Callable[[float], int], low: float, high: float, steps: int = _STEPS) -> list[float]:
    """Places between two at which what is chosen changes, by bisection: the upper end of each last interval."""
    if at(low) == at(high):
        return []
    if not steps:
        return [high]
    middle = (low + high) / 2
    return _turns(at, low, middle, steps - 1) + _turns(at, middle, high, steps - 1)


def _domination(cell: _Cell) -> pd.DataFrame:
    """Share of draws in which each option is dominated, the option that does so most often, and in which share."""
    modelled = cell.options["harm_modelled"].to_numpy()
    most = np.where(modelled == "yes", cell.harm, np.inf)  # harm that is not modelled may be any
    least = np.where(modelled == "no", 0.0, cell.harm)
    staff = cell.options["staff_weeks"].to_numpy()
    pairs = ((cell.averted, cell.averted), (-most, -least), (-staff, -staff))
    ahead = np.array(np.broadcast_arrays(*(one[..., None, :] - other[..., None] for one, other in pairs)))
    beaten = (ahead >= 0.0).all(axis=0) & (ahead > 0.0).any(axis=0)
    beaten = beaten.all(axis=0)
    shares = beaten.mean(axis=0)
    by = cell.options["policy"].to_numpy()[shares.argmax(axis=1)]
    found = {"dominated": beaten.any(axis=2).mean(axis=0), "dominated_by": np.where(shares.max(axis=1) > 0.0, by, "")}
    return pd.DataFrame(found | {"dominated_by_share": shares.max(axis=1)}, cell.options.index)
