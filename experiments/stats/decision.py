"""Choice of a policy while parameters are not known: regret, domination, and the choice with and without the switch.

An option is a policy or mix at an intensity. Its utility in a draw of parameters is the attacks a week that it averts
against the status quo, less the lawful money that it hinders at a price of harm. Regret is the utility of the best
option of the draw less its own (Savage 1951, J. Am. Stat. Assoc. 46:55).

Staff is limited: the choice without force is offered under several budgets of staff-weeks (`BUDGETS`), and regret is
against the best option within the budget.

Noise favours whichever option is best by chance. If a draw has two seeds, the best option is found with one and the
regret of all is measured with the other, both ways: on average, the mean and the largest of such cross-validated
regrets are no larger than the true ones, those of the naive regrets (of means over seeds) no smaller. A quantile has no
such bounds: noise spreads the regrets of draws, and both can be too large.

Harm that the model lacks is not zero: an option of such harm dominates none, and a choice of it says so. No model is
run or read here.
"""

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from experiments import text as texts
from experiments.messages import say
from experiments.stats.contrasts import JUDGED_BY, Policies, by_draw, resources
from experiments.stats.estimates import SEED, Floats
from sim.engine.constants import harm_modelled

PRICES = (0.0, 0.1, 1.0, 10.0)
"""Attacks that one is willing to bear to spare lawful users a million USD, at which choices are tabulated."""
QUANTILE = 0.9
CRITERIA = ("largest", "quantile", "mean")
"""Criteria of choice: the least largest regret of all draws (minimax), the least 90 % quantile, the least mean."""
SETS = ("all", "without_force", "harm_modelled")
"""Options among which one is chosen: all, those without force, and those of modelled harm."""
EVERY, CIVIL, MODELLED = SETS
BUDGETS = (5.0, 10.0, 25.0, math.inf)
"""Staff-weeks a week that an option without force may take at most (``staff_most``); other sets have no budget."""
SHOWN: dict[str, Any] = {"criterion": "quantile", "price": 0.0}
"""The choice of sentences and figures: by regret in nine of ten draws, which no single draw decides; harm unpriced."""
TABLES = ("regret", "choice")
"""Names of the tables of both functions in a study."""
FORCE = "military"
STATUS_QUO = "status_quo"

POOLED = "any"
"""The level of a factor of rows whose draws are those of all of its levels (`pooled`)."""

_OPTION = ["policy", "intensity"]
_VALUES = ["averted", "harm"]
_ABOUT = ["agency", "staff_weeks", "harm_modelled"]
_DEFAULTS = {"agency": "", "staff_weeks": 0.0, "harm_modelled": "", "harm": np.nan, "seed": 0, "reference": np.nan}
_DEFAULTS |= {"row": np.nan}  # by default the draw
_RESAMPLES = 200  # of the draws
_NOTHING = 1e-6  # share of the attacks that is none
_RISK = 0.05  # largest share of them without a loss
_STEPS = 12  # halvings of an interval of prices in which the choice changes


class _Cell(NamedTuple):
    """The options of one identity, least staff first, and their values: halves of the seeds x draws x options."""

    options: pd.DataFrame  # by policy and intensity
    draws: "pd.Index[Any]"
    rows: npt.NDArray[Any]  # of the posterior, by draw
    averted: Floats
    harm: Floats
    reference: float
    modelled: Any  # whether the model has all harm of each option

    def only(self, options: Any, draws: Any = slice(None)) -> "_Cell":
        """Return the same for some options and draws, by masks."""
        averted, harm = (one[:, draws][:, :, options] for one in (self.averted, self.harm))
        some = self.options[options], self.draws[draws], self.rows[draws]
        return _Cell(*some, averted, harm, self.reference, self.modelled[options])

    def utility(self, price: float = 0.0, unmodelled: float = 0.0) -> Floats:
        """Return attacks averted less harm at its price, or less so many attacks where harm is not modelled."""
        harm = self.harm if price else np.zeros_like(self.harm)
        return np.asarray(self.averted - price * harm / 1e6 - unmodelled * ~self.modelled)


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
        ``agency`` and ``staff_weeks``. Empty if no policy is compared.
    """
    found = by_draw(runs, factors, reference, JUDGED_BY, percent=False, by_seed=True)
    found = found[found["contrast"] == "policy"] if len(found) else found
    if found.empty:
        return found
    keys = [*(name for name in factors if name not in ("arm", *_OPTION)), "arm", *_OPTION, "draw", "seed"]
    harm = found.assign(change=np.nan)
    if {"lawful_frozen", "lawful_hindered"} <= {*runs}:
        harm = by_draw(runs, factors, reference, "harm", percent=False, by_seed=True)
    harm = harm[harm["contrast"] == "policy"].rename(columns={"change": "harm"})[[*keys, "harm"]]
    found = found.assign(averted=0.0 - found["change"])[[*keys, "averted", "reference"]].merge(harm, "left", keys)
    known = found["policy"].map(harm_modelled)
    found = found.assign(harm_modelled=known, harm=found["harm"].mask(known == "no"))
    taken = [resources(policy, policies, share)[:2] for policy, share in found[_OPTION].itertuples(index=False)]
    found["agency"], found["staff_weeks"] = (list(one) for one in zip(*taken, strict=True))
    quo = {"policy": reference.get("policy", STATUS_QUO), "intensity": 0.0, "agency": "", "harm_modelled": "yes"}
    nothing = found.drop_duplicates([name for name in keys if name not in _OPTION])
    nothing = nothing.assign(**quo, averted=0.0, harm=0.0, staff_weeks=0.0)
    return pd.concat([nothing, found], ignore_index=True).sort_values(keys, ignore_index=True)


def regret(averted: pd.DataFrame) -> pd.DataFrame:
    """Return the regret of every option over draws, a row an option of each identity, set and budget (`SETS`).

    Args:
        averted: `utilities`, or a table with ``policy``, ``intensity``, ``draw`` and ``averted``. Of the other columns
            ``seed``, ``harm``, ``harm_modelled``, ``agency``, ``staff_weeks``, ``reference`` and ``row`` (draws of one
            row of a posterior are resampled together) may be missing; all more are the identity.

    Returns:
        ``regret_largest``, ``regret_quantile`` and ``regret_mean`` (`CRITERIA`) in attacks a week, cross-validated, and
        the same naively (``naive_``); ``best``, the share of draws in which it is best by either seed alone, and
        ``naive_best``; ``dominated``, the share of draws in which some other option averts no less, for no more harm
        and staff, and one of them is better, by either seed alone; and the option that does so most often
        (``dominated_by``). Draws are those in which all options have runs.
    """
    tables = []
    for identity, cell in _cells(averted):
        for (among, staff), some in _sets(cell).items():
            means = some.averted.mean(axis=0)
            regrets, naive = _regrets(some.averted), _regrets(means[None])
            first, second, both = (
                one.argmax(axis=1)[:, None] == np.arange(means.shape[1])
                for one in (some.averted[0], some.averted[-1], means)
            )
            found = some.options.reset_index().assign(
                draws=len(some.draws),
                reference=some.reference,
                averted=np.median(means, axis=0),
                harm=np.median(some.harm.mean(axis=0), axis=0),
                **{f"regret_{name}": _by(name, *regrets) for name in CRITERIA},
                **{f"naive_{name}": _by(name, *naive) for name in CRITERIA},
                best=(first & second).mean(axis=0),
                naive_best=both.mean(axis=0),
                **_domination(some),
            )
            found = found.assign(**identity, among=among, staff_most=staff)
            tables.append(found[list(dict.fromkeys([*identity, "among", "staff_most", *found]))])
    return pd.concat(tables, ignore_index=True)


def regrets(averted: pd.DataFrame, among: str = CIVIL, staff_most: float = math.inf) -> pd.DataFrame:
    """Return the naive regret of every option by draw, a row each, among one of `SETS` in a budget; see `regret`."""
    tables = []
    for identity, cell in _cells(averted):
        some = _sets(cell)[among, staff_most]
        values = _regrets(some.averted.mean(axis=0, keepdims=True))[1]
        wide = pd.DataFrame(values[0].T, some.options.index, some.draws.rename("draw"))
        found = wide.stack().rename("regret").reset_index()
        tables.append(found.assign(**identity, among=among)[[*identity, "among", *found]])
    return pd.concat(tables, ignore_index=True)


def choice(
    averted: pd.DataFrame, prices: Sequence[float] = PRICES, margin: float = 0.01, none: str = "none"
) -> pd.DataFrame:
    """Return the choice by each criterion, a row each: from every set and budget, and by the price of modelled harm.

    Prices are those of harm, attacks that one is willing to bear to spare lawful users a million USD. At a price above
    zero one chooses among options of modelled harm alone, for no other harm can be weighed.

    Args:
        averted: as for `regret`.
        prices: ascending, from zero. Further rows, ``turns`` yes, are those between them at which the choice changes.
        margin: of relevance, a share of the attacks with neither switch nor policy.
        none: the arm without a switch.

    Returns:
        The option chosen (of least naive regret), what it averts and its harm as in `regret`, and what some option of
        the set averts most (``most_averted``); its regret by the criterion, cross-validated and naive, the latter with
        the 95 % interval of a bootstrap of the draws (``naive_low``, ``naive_high``) and in the worst draw (``worst``);
        and the share of resamples that choose it (``sure``). If its harm is
        not modelled, it is chosen as long as that harm is worth fewer attacks a week than ``harm_worth``, and else
        ``instead``. Of an arm with a switch, ``believed`` is the choice as if there were none, and ``loss`` and
        ``changes`` compare both; see `mistaken`.
    """
    cells = list(_cells(averted))
    rows = []
    for identity, cell in cells:
        base = next((one for other, one in cells if other == {**identity, "arm": none}), None)
        for ((among, staff), some), criterion in itertools.product(_sets(cell).items(), CRITERIA):

            def at(price: float, some: _Cell = some, criterion: str = criterion) -> int:
                return _chosen(some.utility(price), criterion)

            every = {0.0: "no"}
            if among == MODELLED:
                every |= dict.fromkeys(prices, "no")
                every |= {price: "yes" for ends in itertools.pairwise(prices) for price in _turns(at, *ends)}
            for price, turns in sorted(every.items()):
                about = {**identity, "among": among, "staff_most": staff, "criterion": criterion}
                about |= {"price": price, "turns": turns}
                about |= _named(some, at(price)) | _weighed(some, at(price), price, criterion)
                if base and identity["arm"] != none:
                    about |= _mistake(base, some, price, criterion, margin)
                rows.append(about)
    return pd.DataFrame(rows)


def mistaken(averted: pd.DataFrame, factor: str, margin: float = 0.01) -> pd.DataFrame:
    """Return what it costs to choose as if a factor had one level (``as_if``) while it has another.

    Both have the same draws and options, and harm is not weighed. ``believed`` is the choice at the former level, and
    ``loss`` its regret by the criterion at the latter less that of the choice there: each chosen with one seed of each
    draw and measured with the other, the mean of both ways. ``changes`` is no (both choose the same), margin (the loss
    is within the margin), chance (in more than one of twenty resamples of the draws there is no loss), or yes.

    Args:
        averted: as for `regret`.
        factor: a column of the identity.
        margin: as for `choice`.
    """
    rows = []
    for (identity, cell), (other, believed) in itertools.permutations(_cells(averted), 2):
        if {**identity, factor: other[factor]} == other:
            for ((among, staff), some), criterion in itertools.product(_sets(cell).items(), CRITERIA):
                about = identity | {"as_if": other[factor], "among": among, "staff_most": staff, "criterion": criterion}
                about |= _named(some, _chosen(some.averted, criterion))
                rows.append(about | _mistake(believed, some, 0.0, criterion, margin))
    return pd.DataFrame(rows)


def pooled(averted: pd.DataFrame, factor: str) -> pd.DataFrame:
    """Return the table with every level of a factor in every draw as a draw of its own, so that regret is over both.

    Draws are those that all levels have, and options likewise.
    """
    levels = averted[factor].nunique()
    keys = [name for name in averted if name not in (factor, *_VALUES, *_DEFAULTS)]
    averted = averted[averted.groupby(keys)[factor].transform("nunique") == levels]
    both = averted[factor].astype(str) + "/" + averted["draw"].astype(str)
    return averted.assign(draw=both, row=averted.get("row", averted["draw"])).drop(columns=factor)


def main(choice: pd.DataFrame, base: Mapping[str, Any]) -> pd.DataFrame:
    """Return the rows of `choice` at one level of each setting: all pooled, else that of the base, or the first."""
    before = [str(name) for name in choice.loc[:, :"among"] if name not in ("arm", "profile", "among")]
    for name in before if len(choice) else ():
        there = [one for one in (POOLED, base.get(name)) if one in {*choice[name]}]
        choice = choice[choice[name] == (there or [choice[name].iloc[0]])[0]]
    return choice


def in_words(choice: pd.DataFrame, margin: float = 0.01) -> list[str]:
    """Return the sentences on the choices of one arm against each group: without force by budget, and of all options.

    Args:
        choice: rows of `choice`.
        margin: of relevance, a share of the attacks, within which policies avert nothing to speak of.
    """
    lines = []
    for profile, rows in choice.assign(**{"profile": choice.get("profile", "")}).groupby("profile", sort=False):
        group = texts.group(str(profile), hypothetical=True)
        shown = rows[(rows["criterion"] == SHOWN["criterion"]) & (rows["price"] == SHOWN["price"])]
        civil, every = (shown[shown["among"] == among].sort_values("staff_most") for among in (CIVIL, EVERY))
        names = pd.Series([option(row) + regret_in_words(row) for row in civil.to_dict("records")], civil.index)
        words: list[str] = []
        for _, some in civil.groupby((names != names.shift()).cumsum()):
            row, first = some.iloc[-1].to_dict(), "no" if words else "yes"
            about = {"averts": attacks(row["averted"], row), "of": texts.short(row["reference"])}
            about |= {"staff": budgets(some["staff_most"]), "first": first, "regret": regret_in_words(row)}
            words.append(say("choice-group", group=group, policy=option(row), **about))
        if row["most_averted"] <= margin * row["reference"]:
            words.append(say("choice-few", margin=texts.share(margin)))
        for force in (force for force in every.to_dict("records") if option(force) != option(row)):
            about = {"averts": attacks(force["averted"], force), "modelled": force["harm_modelled"]}
            words.append(say("choice-force", policy=option(force), **about))
        lines.append(" ".join(words))
    return lines


def regret_in_words(row: Mapping[str, Any]) -> str:
    """Regret of a choice in nine of ten draws with its interval, and in the worst; or that it has none."""
    names = ("naive", "naive_low", "naive_high", "worst")
    about = {name.removeprefix("naive_"): share(row[name], row) for name in names}
    none = next((name for name in ("worst", "naive") if row[name] <= _NOTHING * row["reference"]), "no")
    return say("choice-regret", none=none, **about)


def budgets(staff_most: Iterable[float]) -> str:
    """Ascending budgets in words: at most 5 or 10 staff-weeks a week, any staff."""
    staff = [*staff_most]
    some = "all" if len(staff) in (0, len(BUDGETS)) or staff == [math.inf] else "more" if math.inf in staff else "most"
    return say(
        "choice-staff", some=some, staff=" or ".join(f"{one:g}" for one in staff[: 1 if some == "more" else None])
    )


def changes_in_words(rows: pd.DataFrame, by: str) -> str:
    """Return the sentence on how often the switch, other rules or cash (``by``) change the choice without force."""
    shown = (rows["among"] == CIVIL) & (rows["criterion"] == SHOWN["criterion"]) & rows["changes"].notna()
    rows = rows[shown & (rows.get("price", 0.0) == SHOWN["price"])]
    yes, most = rows[rows["changes"] == "yes"], (rows["loss"] / rows["reference"]).max()
    yes = yes.assign(profile=yes.get("profile", "")).sort_values("staff_most", kind="stable")
    places = [
        say("choice-place", group=texts.group(str(profile)), staff=budgets(some["staff_most"].unique()))
        for profile, some in yes.groupby("profile", sort=False)
    ]
    chosen = texts.listed(list(dict.fromkeys(map(option, yes.to_dict("records"))))) or "none"
    changed = int((rows["changes"] != "no").sum())
    about = {"any": changed, "count": len(yes), "of": len(rows), "places": texts.listed(places), "chosen": chosen}
    return say("choice-changes", by=by, most=texts.share(round(most, 3)), **about)


def option(row: Mapping[str, Any]) -> str:
    """A policy or mix in words, with its intensity unless that is full."""
    intensity = "full" if row["intensity"] in (0.0, 1.0) else texts.share(row["intensity"])
    return say("choice-option", policy=texts.policy(row["policy"]), intensity=intensity)


def attacks(value: float, row: Mapping[str, Any]) -> str:
    """Attacks a week, to a thousandth of those with neither switch nor policy."""
    return texts.number(round(value, places := math.ceil(-math.log10(0.001 * row["reference"]))), places)


def share(value: float, row: Mapping[str, Any]) -> str:
    """Attacks a week as a share of those with neither switch nor policy, to a tenth of a per cent."""
    return texts.share(round(value / row["reference"], 3) + 0.0)


def _cells(averted: pd.DataFrame) -> Iterator[tuple[dict[str, Any], _Cell]]:
    """Every identity of a table and its cell."""
    usual = _DEFAULTS | {"row": averted["draw"]}
    averted = averted.assign(**{name: value for name, value in usual.items() if name not in averted})
    if (averted["harm_modelled"] == "").any():
        known = averted["policy"].map(lambda policy: "yes" if policy == STATUS_QUO else harm_modelled(policy))
        averted = averted.assign(harm_modelled=known)
    identity = [str(name) for name in averted if name not in (*_OPTION, *_VALUES, *_DEFAULTS, "draw")]
    averted = averted.sort_values(["staff_weeks", *_OPTION, "draw", "seed"], ignore_index=True)
    groups = averted.groupby(identity, sort=False) if identity else [((), averted)]
    for levels, rows in sorted(groups, key=lambda group: tuple(map(str, group[0]))):
        options = rows.drop_duplicates(_OPTION).set_index(_OPTION)[_ABOUT]
        means = rows.groupby([rows["seed"] % 2, "draw", *_OPTION])[[*_VALUES]].mean()
        first, *second = (means.loc[half].unstack(_OPTION) for half in sorted({*rows["seed"] % 2}))
        halves = [first, second[0].reindex(first.index).fillna(first) if second else first]
        draws = first.index[first["averted"].notna().all(axis=1)]
        averts, harms = (
            np.array([half.loc[draws, name].reindex(columns=options.index) for half in halves]) for name in _VALUES
        )
        own = rows.groupby("draw")["row"].first()[draws].to_numpy()
        modelled = (options["harm_modelled"] == "yes").to_numpy()
        cell = _Cell(options, draws, own, averts, harms, rows["reference"].mean(), modelled)
        yield dict(zip(identity, levels, strict=True)), cell


def _sets(cell: _Cell) -> dict[tuple[str, float], _Cell]:
    """The options of each set and budget that has any: those of modelled harm only if there are several."""
    civil = ~cell.options["agency"].str.contains(FORCE).to_numpy()
    staff, known = cell.options["staff_weeks"].to_numpy(), cell.only(cell.modelled)
    within = {most: civil & (staff <= most) for most in BUDGETS}
    found = {(EVERY, math.inf): cell} | {(CIVIL, most): cell.only(some) for most, some in within.items() if some.any()}
    return found | ({(MODELLED, math.inf): known} if len(known.options) > 1 and np.isfinite(known.harm).all() else {})


def _regrets(utility: Floats) -> tuple[Floats, Floats]:
    """Regrets by half, draw and option: as the half finds them, and as the other half measures them."""
    best = utility.argmax(axis=2, keepdims=True)
    other = utility[::-1]  # of the other half; the same where there is one alone
    found = utility.max(axis=2, keepdims=True) - utility
    return found, np.take_along_axis(other, best, axis=2) - other


def _by(criterion: str, found: Floats, measured: Floats) -> Floats:
    """The regret of each option by a criterion; the worst draw is found by one half, too."""
    if criterion == "largest":
        worst = found.argmax(axis=1, keepdims=True)
        return np.asarray(np.take_along_axis(measured, worst, axis=1).mean(axis=(0, 1)))
    by_draw = measured.mean(axis=0)
    return np.asarray(by_draw.mean(axis=0) if criterion == "mean" else np.quantile(by_draw, QUANTILE, axis=0))


def _chosen(utility: Floats, criterion: str) -> int:
    """The place of the option of least naive regret; of equal ones that of least staff."""
    return int(_by(criterion, *_regrets(utility.mean(axis=0, keepdims=True))).argmin())


def _resamples(cell: _Cell) -> npt.NDArray[np.int64]:
    """The times that each draw is in each resample; draws of one row go together, and equal rows have equal times."""
    rows, place = np.unique(cell.rows, return_inverse=True)
    times = np.random.default_rng(SEED).multinomial(len(rows), np.full(len(rows), 1.0 / len(rows)), _RESAMPLES)
    return np.asarray(times[:, place])


def _resampled(criterion: str, regrets: Floats, times: npt.NDArray[np.int64]) -> Floats:
    """The regret by a criterion in each resample, resamples x options, from that of draws x options."""
    if criterion == "mean":
        return np.asarray(times @ regrets / times.sum(axis=1, keepdims=True))
    order = regrets.argsort(axis=0)
    reached = times[:, order].cumsum(axis=1)
    enough = (QUANTILE if criterion == "quantile" else 1.0) * reached[:, -1:]
    return np.take_along_axis(np.take_along_axis(regrets, order, axis=0), (reached < enough).sum(axis=1), axis=0)


def _named(cell: _Cell, option: int) -> dict[str, Any]:
    averted = np.median(cell.averted.mean(axis=0), axis=0)
    found = dict(cell.options.reset_index().loc[option, [*_OPTION, "harm_modelled"]])
    found |= {"draws": len(cell.draws), "reference": cell.reference}
    return found | {"averted": averted[option], "most_averted": averted.max()}


def _weighed(cell: _Cell, option: int, price: float, criterion: str) -> dict[str, Any]:
    """The regret of the choice in a cell, and what its harm may be worth: see `choice`."""
    utility = cell.utility(price)
    regret, naive = (_by(criterion, *_regrets(one))[option] for one in (utility, utility.mean(axis=0, keepdims=True)))
    by_draw = _regrets(utility.mean(axis=0, keepdims=True))[0][0]
    resampled = _resampled(criterion, by_draw, _resamples(cell))
    harm = np.median(cell.harm[:, :, option].mean(axis=0))
    found = {"harm": harm, "instead": "", "harm_worth": np.nan, "regret": regret, "naive": naive}
    found |= dict(zip(("naive_low", "naive_high"), np.quantile(resampled[:, option], (0.025, 0.975)), strict=True))
    found |= {"worst": by_draw[:, option].max(), "sure": (resampled.argmin(axis=1) == option).mean()}
    if any(cell.modelled) and not cell.modelled[option]:
        known, most = cell.modelled, float(np.ptp(utility)) + 1e-9
        worth = _turns(lambda one: int(known[_chosen(cell.utility(price, one), criterion)]), 0.0, most)[0]
        instead = _chosen(cell.utility(price, worth), criterion)
        found |= {"instead": cell.options.index[instead][0], "harm_worth": worth}
    return found


def _mistake(believed: _Cell, true: _Cell, price: float, criterion: str, margin: float) -> dict[str, Any]:
    """The choice that another cell would make, and what it costs in this one: see `mistaken`."""
    true, believed = (
        one.only(one.options.index.isin(other.options.index), one.draws.isin(other.draws))
        for one, other in ((true, believed), (believed, true))
    )
    here, there, times = true.utility(price), believed.utility(price), _resamples(true)
    option = _chosen(there, criterion)
    name, intensity = true.options.index[option]
    found = {"believed": name, "believed_intensity": intensity, "loss": 0.0, "changes": "no"}
    if option == _chosen(here, criterion):
        return found
    loss, resampled = 0.0, np.zeros(len(times))
    for half, other in ((0, 1), (1, 0)):
        pair = [_chosen(one[half, None], criterion) for one in (there, here)]
        regrets = _regrets(here[other, None])[0][:, :, pair]
        loss += np.subtract(*_by(criterion, regrets, regrets)) / 2.0
        resampled += np.subtract(*_resampled(criterion, regrets[0], times).T) / 2.0
    unsure = (resampled <= 0.0).mean() > _RISK
    changes = "margin" if loss <= margin * true.reference else "chance" if unsure else "yes"
    return found | {"loss": loss, "changes": changes}


def _turns(at: Callable[[float], int], low: float, high: float, steps: int = _STEPS) -> list[float]:
    """Places between two at which what is chosen changes, by bisection: the upper end of each last interval."""
    if at(low) == at(high):
        return []
    if not steps:
        return [high]
    middle = (low + high) / 2
    return _turns(at, low, middle, steps - 1) + _turns(at, middle, high, steps - 1)


def _domination(cell: _Cell) -> dict[str, Any]:
    """Share of draws in which each option is dominated, and the option that does so most often."""
    modelled, staff = (cell.options[name].to_numpy() for name in ("harm_modelled", "staff_weeks"))
    most = np.where(modelled == "yes", cell.harm, np.inf)  # harm that is not modelled may be any
    least = np.where(modelled == "no", 0.0, cell.harm)
    pairs = ((cell.averted, cell.averted), (-most, -least), (-staff, -staff))
    ahead = np.array(np.broadcast_arrays(*(one[..., None, :] - other[..., None] for one, other in pairs)))
    beaten = ((ahead >= 0.0).all(axis=0) & (ahead > 0.0).any(axis=0)).all(axis=0)
    shares = beaten.mean(axis=0)
    by = cell.options.index.get_level_values("policy")[shares.argmax(axis=1)]
    return {"dominated": beaten.any(axis=2).mean(axis=0), "dominated_by": np.where(shares.any(axis=1), by, "")}
