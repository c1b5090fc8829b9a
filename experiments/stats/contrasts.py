"""Contrasts between cells of a study, computed from its run table with common random numbers.

`effects` compares cells replication by replication. `frontier` and `breakeven` weigh policies by what they avert and
cost. Staff of an agency without a price costs NaN USD, not zero. No model is run or read here.
"""

import itertools
import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
import pandas as pd

from experiments.stats import estimates
from experiments.stats.estimates import NOT_MODELLED, Floats
from sim.engine.constants import HARMS, WEEKS_A_YEAR, harm_modelled
from sim.outcomes import OUTCOMES, Outcome

type Policies = Mapping[str, tuple[str, float, float]]
"""Agency, staff-weeks a week at full intensity, and USD a staff-week (NaN: not priced), of each policy."""

PERCENT = (
    "capacity", "capacity_13", "capacity_79", "capacity_core", "capacity_network",
    "rate", "rate_13", "rate_79", "rate_core", "rate_network",
)  # fmt: skip
"""Outcomes that are compared in per cent of the run with neither switch nor policy."""

OWN = (
    "delivered", "campaign_given", "seized", "frozen", "lawful_frozen", "lawful_hindered", "harm", "fighters",
    "reserves", "attacks", "deaths",
)  # fmt: skip
"""Outcomes that are compared in their own units."""

HARM = Outcome("lawful money frozen, blocked, stranded, delisted or made dearer", "USD/week", "lower")
WHERE: Mapping[str, Any] = {"group.routing": 0.1, "world": "as_it_was", "loop": "on"}
"""The cells by which policies are weighed."""

JUDGED_BY = "rate"
"""The outcome by which the switch and policies are judged: capacity leaves out what the military lowers."""

WINDOW = "report.window"
"""The column of a run table with the number of weeks over which outcomes are means, unless they name another; or 52."""

ARMS = ("none", "announcement")
PLACEBO, PLACEBO_NONE = "placebo", "placebo_none"
"""The arm of a switch to a coin like any other, and that of its world without a switch."""

_CONTRASTS = ("switch", "policy", "interaction", "privacy")
_CELL = ("arm", "policy", "intensity")
_ESTIMATE = [field.name for field in fields(estimates.Estimate)]
_USD_PER_AVERTED = ("usd_per_averted", "usd_per_averted_low", "usd_per_averted_high")
_FRONTIER = (
    "arm", "policy", "intensity", "agency", "staff_weeks", "averted", "averted_median", "averted_low", "averted_high",
    "averted_verdict", "harm", "harm_low", "harm_high", "harm_modelled", "outcome", "n", "usd_a_year", "priced",
    *_USD_PER_AVERTED,
)  # fmt: skip
_BREAKEVEN = (
    "arm", "a", "b", "ratio", "ratio_low", "ratio_high", "usd_of", "usd", "usd_low", "usd_high", "priced",
    "verdict", "harm_modelled",
)  # fmt: skip

type _Key = tuple[Any, ...]  # settings, then arm, policy, intensity
type _Row = Mapping[str, Any]


@dataclass(frozen=True)
class _Contrast:
    """Cells whose runs are added, and those whose runs are taken away; ``base`` is the cell of reference."""

    kind: str
    cell: _Key
    added: tuple[int, ...]
    taken: tuple[int, ...]
    base: int


class _Runs:
    """The run table as arrays: a row a cell, a column a replication, NaN where a run is not there or failed."""

    def __init__(self, runs: pd.DataFrame, factors: Sequence[str], reference: Mapping[str, Any]) -> None:
        self.settings = [factor for factor in factors if factor not in _CELL]
        self.none, self.status_quo = reference.get("arm", "none"), reference.get("policy", "status_quo")
        usual = {"arm": self.none, "policy": self.status_quo}
        usual["intensity"] = 0.0 if "policy" not in factors else np.where(runs["policy"] == self.status_quo, 0.0, 1.0)
        keys = pd.DataFrame({name: runs[name] if name in factors else usual[name] for name in _CELL}, index=runs.index)
        keys = pd.concat([runs[self.settings], keys], axis=1).astype(object)
        columns = [column.tolist() for _, column in keys.items()]
        every = list(zip(*columns, strict=True))
        self.cells: dict[_Key, int] = {key: k for k, key in enumerate(sorted(set(every), key=_rank))}
        self._row = np.array([self.cells[key] for key in every], dtype=np.intp)
        self.replications, self._column = np.unique(runs["replication"].to_numpy(), return_inverse=True)
        self._shape = (len(self.cells), len(self.replications))
        if len(np.unique(self._row * self._shape[1] + self._column)) < len(runs):
            raise ValueError("a cell has two runs of one replication: a factor is missing, or runs are there twice")
        draws = runs["draw" if "draw" in runs else "replication"].to_numpy()  # each is its own where none is named
        self.draws = np.empty(self._shape[1], dtype=draws.dtype)
        self.draws[self._column] = draws
        if (self.draws[self._column] != draws).any():
            raise ValueError("a replication has two draws")
        self.windows = np.full(len(self.cells), 52)
        if WINDOW in runs:
            self.windows[self._row] = runs[WINDOW]
        self._runs, self._values = runs, dict[str, Floats]()
        self._good = runs["error"].isna().to_numpy() if "error" in runs else np.ones(len(runs), dtype=bool)

    def values(self, outcome: str) -> Floats:
        """An outcome of every run, cells x replications."""
        if outcome == "harm":
            return self.values("lawful_frozen") + self.values("lawful_hindered")
        if outcome not in self._values:
            found = np.full(self._shape, np.nan)
            values = self._runs[outcome].to_numpy(dtype=float)
            found[self._row[self._good], self._column[self._good]] = values[self._good]
            self._values[outcome] = found
        return self._values[outcome]

    def has(self, outcome: str) -> bool:
        """Whether an outcome is in the table or can be derived from it."""
        return {"lawful_frozen", "lawful_hindered"} <= set(self._runs) if outcome == "harm" else outcome in self._runs

    def contrasts(self) -> Iterator[_Contrast]:
        """Every contrast whose cells are all there."""
        for cell, run in self.cells.items():
            *settings, arm, policy, intensity = cell
            base, before = self._status_quo(settings, self.none), self._status_quo(settings, arm)
            at_rest = policy == self.status_quo
            if base is None or (at_rest and run != before):
                continue
            placebo, own = (self.cells.get((*settings, other, policy, intensity)) for other in (PLACEBO, PLACEBO_NONE))
            unswitched = rest = None
            if arm not in (self.none, PLACEBO_NONE):
                none = PLACEBO_NONE if arm == PLACEBO and own is not None else self.none
                unswitched = self.cells.get((*settings, none, policy, intensity))
                rest = self._status_quo(settings, none)
            if unswitched is not None:
                yield _Contrast("switch", cell, (run,), (unswitched,), base)
            if not at_rest and before is not None:
                yield _Contrast("policy", cell, (run,), (before,), base)
                if unswitched is not None and rest is not None:
                    yield _Contrast("interaction", cell, (run, rest), (unswitched, before), base)
            if arm != "full" or placebo is None:
                continue
            if own is None:  # both have the same world without a switch, which cancels
                yield _Contrast("privacy", cell, (run,), (placebo,), base)
            elif unswitched is not None:
                yield _Contrast("privacy", cell, (run, own), (unswitched, placebo), base)

    def difference(self, row: _Row) -> Floats:
        """Return the effect of a policy on the outcome of a row, by replication."""
        *settings, arm, policy, intensity = (row[name] for name in (*self.settings, *_CELL))
        without = self._status_quo(settings, arm)
        values = self.values(row["outcome"])
        return np.asarray(values[self.cells[*settings, arm, policy, intensity]] - values[without])

    def _status_quo(self, settings: Sequence[Any], arm: Any) -> int | None:
        """The cell without a policy; of several, which can only be alike, the first."""
        exact = self.cells.get((*settings, arm, self.status_quo, 0))
        if exact is not None:
            return exact
        return next((k for key, k in self.cells.items() if key[:-1] == (*settings, arm, self.status_quo)), None)


def effects(
    runs: pd.DataFrame,
    factors: Sequence[str],
    reference: Mapping[str, Any],
    outcomes: Sequence[str] | None = None,
    margin: float = 0.01,
    held: bool = False,
    percent: Collection[str] = PERCENT,
) -> pd.DataFrame:
    """Compare cells with common random numbers, a row a contrast of one outcome.

    *switch*: an arm minus none, under a policy; the placebo minus ``placebo_none``, its own world without a switch,
    where that is there. *policy*: a policy minus the status quo, within an arm. *interaction*: the switch effect
    under a policy minus that in the status quo, of the same replications. *privacy*: the switch effect of
    full minus that of the placebo.

    Per cent are of the run of the same replication and settings with neither switch nor policy, so effects add up. A
    pair with a missing or failed run is dropped, in per cent also one whose reference is zero; a contrast with a
    missing cell is left out. Statistics are those of `experiments.stats.estimates.estimates`, with p adjusted
    (`judged`). Harm of a policy of which the model has none (`sim.engine.constants.HARM_MODELLED`) is NaN, and its
    verdict *not modelled*.

    Args:
        runs: a row a run: ``replication``, ``draw``, ``error`` (null where none), factors and outcomes.
        factors: columns that tell cells apart. All but ``arm``, ``policy`` and ``intensity`` are settings, in which
            nothing is compared.
        reference: levels of ``arm`` and ``policy`` that others are compared with; none and status_quo if not there.
        outcomes: columns to compare, and ``harm`` (lawful money frozen or hindered); those of `PERCENT` and `OWN` that
            are there if None.
        margin: of relevance, a share: of 100%, or in own units of the mean reference.
        held: whether all runs hold the same parameters.
        percent: which outcomes are in per cent; none (``()``) for what `frontier` wants.

    Returns:
        Rows by contrast, settings, arm, policy, intensity and outcome.

    Raises:
        ValueError: if a cell has two runs of one replication, or a replication two draws.
    """
    table = _Runs(runs, factors, reference)
    wanted = [one for one in (*PERCENT, *OWN) if table.has(one)] if outcomes is None else list(outcomes)
    everything = sorted(table.contrasts(), key=lambda one: _CONTRASTS.index(one.kind))
    rows: list[tuple[int, int, dict[str, Any]]] = []
    for size in (1, 2):
        places = [place for place, one in enumerate(everything) if len(one.added) == size]
        some = [everything[place] for place in places]
        for order, outcome in enumerate(wanted if some else []):
            found = _estimated(table, some, outcome, margin, held, outcome in percent)
            for place, contrast, values in zip(places, some, found, strict=True):
                rows.append((place, order, _about(table, contrast, outcome, outcome in percent) | values))
    rows.sort(key=lambda row: row[:2])
    columns = ["id", "contrast", *_CELL, *table.settings, "outcome", "window", "unit", *_ESTIMATE]
    for name, before in (("reference", "mean"), ("p_adjusted", "mde"), ("better", "verdict")):
        columns.insert(columns.index(before), name)
    made = pd.DataFrame([row for *_, row in rows], columns=columns)
    harm = made["contrast"].isin(["policy", "interaction"]) & made["outcome"].isin(HARMS)
    made["harm_modelled"] = made["policy"].map(harm_modelled).where(harm, "")
    made.loc[made["harm_modelled"] == "no", [*_ESTIMATE[2:-2], "p_adjusted"]] = (
        np.nan
    )  # all but counts, reference and margin
    return judged(made)


def by_draw(
    runs: pd.DataFrame,
    factors: Sequence[str],
    reference: Mapping[str, Any],
    outcome: str,
    percent: bool = True,
    by_seed: bool = False,
) -> pd.DataFrame:
    """Return each contrast of `effects` by draw: a row a contrast and draw, mean over the draw's pairs.

    Args:
        runs: as for `effects`.
        factors: likewise.
        reference: likewise.
        outcome: the outcome that is compared.
        percent: whether ``change`` is in per cent of the reference, the run with neither switch nor policy.
        by_seed: a row a pair of runs instead, with its ``replication`` and ``seed``, which numbers those of a draw.

    Returns:
        The columns that identify an effect, ``draw``, ``change`` and ``reference``.
    """
    table = _Runs(runs, factors, reference)
    every = list(table.contrasts())
    if not every:
        return pd.DataFrame()
    about = pd.DataFrame([_about(table, one, outcome, percent) for one in every])
    change, base = np.array([_differences(table, [one], outcome, percent)[:2] for one in every])[:, :, 0].swapaxes(0, 1)
    pairs = pd.DataFrame({"draw": table.draws, "replication": table.replications})
    pairs["seed"] = pairs.groupby("draw").cumcount()
    found = pd.concat([pairs] * len(every), keys=range(len(every)), names=["place"]).droplevel(1)
    found = found.assign(change=change.ravel(), reference=base.ravel()).dropna()
    if not by_seed:
        found = found.groupby(["place", "draw"])[["change", "reference"]].mean().reset_index("draw")
    return about.join(found, how="inner").reset_index(drop=True)


def judged(effects: pd.DataFrame) -> pd.DataFrame:
    """Effects with p adjusted, and *inconclusive* for each that raises or lowers with an adjusted p of 0.05 or more.

    p is adjusted (Holm) over named policies, arms and intensities at one point: rows that share all else that comes
    before ``n``. A grid is not punished for its size. Contrasts in which no run ever differs do not count.
    """
    if effects.empty:
        return effects.assign(p_adjusted=np.nan)
    names = ("id", "arm", "policy", "against", "intensity")
    family = [name for name in effects.loc[:, :"n"] if name not in (*names, "n")]
    p = effects.groupby(family, dropna=False)["p"].transform(estimates.holm)
    unsure = effects["verdict"].isin(estimates.EFFECTS) & ~(p < 0.05)
    verdict = effects["verdict"].mask(unsure, estimates.INCONCLUSIVE)
    verdict = verdict.mask(effects.get("harm_modelled", verdict) == "no", NOT_MODELLED)
    needed = effects["runs_needed"].mask(unsure, 2.0 * effects["n"])
    return effects.assign(p_adjusted=p, runs_needed=needed, verdict=verdict)


def cells_of(runs: pd.DataFrame, factors: Sequence[str], reference: Mapping[str, Any]) -> dict[str, frozenset[int]]:
    """Return the cells (column ``cell``) whose runs each contrast compares, by its id without the outcome."""
    table = _Runs(runs, factors, reference)
    number = dict(zip(table._row.tolist(), runs["cell"].tolist(), strict=True))
    ids = ((_about(table, one, "", False)["id"].rstrip("/"), one) for one in table.contrasts())
    return {name: frozenset(number[row] for row in (*one.added, *one.taken, one.base)) for name, one in ids}


def _estimated(
    table: _Runs, contrasts: Sequence[_Contrast], outcome: str, margin: float, held: bool, percent: bool
) -> list[dict[str, Any]]:
    """Mean reference and statistics of contrasts of equally many runs."""
    differences, base, added, taken = _differences(table, contrasts, outcome, percent)
    used = np.isfinite(differences) & np.isfinite(base)
    sums, counts = np.where(used, base, 0.0).sum(axis=1), used.sum(axis=1)
    means = np.divide(sums, counts, out=np.full(len(base), np.nan), where=counts > 0)
    margins = np.full(len(base), 100 * margin) if percent else margin * np.abs(means)
    found = estimates.estimates(differences, table.draws, added, taken, margins, held)
    return [{"reference": mean, **asdict(one)} for mean, one in zip(means.tolist(), found, strict=True)]


def _differences(
    table: _Runs, contrasts: Sequence[_Contrast], outcome: str, percent: bool
) -> tuple[Floats, Floats, Floats, Floats]:
    """Differences of contrasts of equally many runs, their reference, and the runs added and taken away."""
    values = table.values(outcome)
    base = values[[contrast.base for contrast in contrasts]]
    added = values[np.array([contrast.added for contrast in contrasts])]
    taken = values[np.array([contrast.taken for contrast in contrasts])]
    differences = added.sum(axis=1) - taken.sum(axis=1)
    if percent:
        differences = 100 * np.divide(differences, base, out=np.full(base.shape, np.nan), where=base != 0)
    return differences, base, added, taken


def _about(table: _Runs, contrast: _Contrast, outcome: str, percent: bool) -> dict[str, Any]:
    """The columns that identify an effect, with its window, unit and the better direction."""
    *settings, arm, policy, intensity = contrast.cell
    beside = re.fullmatch(r"(.+)_(\d+)", outcome)
    own, weeks = (beside[1], int(beside[2])) if beside else (outcome, int(table.windows[contrast.added[0]]))
    known = HARM if own == "harm" else OUTCOMES.get(own, Outcome(own, "", "neither"))
    levels = ({"intensity": intensity} if intensity else {}) | dict(zip(table.settings, settings, strict=True))
    steps = [contrast.kind, arm, policy, *(_level(name, level) for name, level in levels.items()), outcome]
    about = {"id": "/".join(map(str, steps)), "contrast": contrast.kind, "arm": arm, "policy": policy}
    about |= {"intensity": intensity} | levels
    return about | {"outcome": outcome, "window": weeks, "unit": "%" if percent else known.unit, "better": known.better}


def _level(name: str, value: Any) -> str:
    """A level as part of an id: words as they are, numbers with their name."""
    return value if isinstance(value, str) else f"{name}={value:.12g}" if _is_number(value) else f"{name}={value}"


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _rank(key: _Key) -> list[tuple[bool, Any]]:
    """Order of cells: numbers by size, then all else by its text."""
    return [(False, value) if _is_number(value) else (True, str(value)) for value in key]


def frontier(
    effects: pd.DataFrame, policies: Policies, where: Mapping[str, Any] = WHERE, arms: Sequence[str] = ARMS
) -> pd.DataFrame:
    """Set what each policy averts beside the harm that it does, a row a policy, intensity, arm and profile.

    Attacks averted a week are of the attack rate for all policies alike, with the 95 % uncertainty interval and the
    median of draws. The harm is lawful money in USD a week, against the status quo: NaN if the model has no harm of the
    policy, and a lower bound if it has that of a part of a mix (``harm_modelled``).

    Staff-weeks are those at that intensity. USD are their price: NaN without one, a lower bound if a part of a mix has
    one (``priced``). USD per attack averted have the interval of what is averted, infinite where that may be nothing.

    Args:
        effects: effects in their own units: ``effects(..., percent=())``, of ``rate`` and ``harm``.
        policies: agency, staff-weeks and price of each policy.
        where: settings by which policies are weighed; those that the table lacks are left out.
        arms: arms in which they are.

    Raises:
        ValueError: if effects are in per cent, or more settings vary than ``profile`` once ``where`` holds.
    """
    rows = []
    for (*profile, arm, policy, intensity), own in _weighed(effects, where, arms).items():
        if JUDGED_BY in own:
            agency, staff, usd, priced = resources(policy, policies, intensity)
            about = (*profile, arm, policy, intensity, agency, staff)
            averts, known = own[JUDGED_BY], own.get("harm", {})
            averted = [0.0 - averts[name] for name in ("mean", "median", "high", "low")]
            harm = (*(known.get(name, np.nan) for name in ("mean", "low", "high")), harm_modelled(policy))
            cost = (usd, priced, *_over(usd / WEEKS_A_YEAR, np.array(averted)[[0, 3, 2]]))
            rows.append((*about, *averted, averts["verdict"], *harm, JUDGED_BY, averts["n"], *cost))
    return pd.DataFrame(rows, columns=[*_profile(effects), *_FRONTIER])


def resources(policy: str, policies: Policies, intensity: float) -> tuple[str, float, float, str]:
    """The agencies of a policy or mix, its staff-weeks a week, USD a year for them, and whether all are priced."""
    parts = [policies[part] for part in ([policy] if policy in policies else policy.split("+"))]
    agency = "+".join(dict.fromkeys(agency for agency, *_ in parts))
    known = [weeks * price for _, weeks, price in parts if not math.isnan(price)]
    priced = "no" if not known else "yes" if len(known) == len(parts) else "part"
    usd_a_year = sum(known) * intensity * WEEKS_A_YEAR if known else math.nan
    return agency, sum(weeks for _, weeks, _ in parts) * intensity, usd_a_year, priced


def _over(usd: float | Floats, averted: Floats) -> Floats:
    """USD over what they avert; infinite where that is nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(usd / np.maximum(averted, 0.0))


def breakeven(
    runs: pd.DataFrame,
    factors: Sequence[str],
    reference: Mapping[str, Any],
    effects: pd.DataFrame,
    policies: Policies,
    held: bool = False,
    where: Mapping[str, Any] = WHERE,
    arms: Sequence[str] = ARMS,
) -> pd.DataFrame:
    """Say up to which ratio of unit costs one policy beats another, a row an ordered pair, arm and profile.

    A averts more for the money than B if A costs less than ``ratio`` times as much: the ratio of mean attacks averted
    at the highest intensity, with common random numbers (`estimates.ratios`: of expected effects, not how
    the ratio varies over parameters). Averted is of the attack rate, as in `frontier`. Unless B lowers
    attacks there is no ratio, and the verdict is inconclusive; otherwise it is the verdict on A. Harm is not weighed;
    ``harm_modelled`` says whether the model has that of both. ``usd`` is the ratio in USD a year: what A costs at the
    price of B (``usd_of`` a), or if B has no price, what B costs at that of A (``usd_of`` b).

    Args:
        runs: the run table, as for `effects`.
        factors: likewise.
        reference: likewise.
        effects: effects of these runs in their own units, as for `frontier`.
        policies: likewise.
        held: whether all runs hold the same parameters.
        where: settings by which policies are weighed.
        arms: arms in which they are.
    """
    table = _Runs(runs, factors, reference)
    best: dict[_Key, tuple[float, _Row]] = {}
    for (*group, intensity), own in _weighed(effects, where, arms).items():
        if JUDGED_BY in own and intensity >= best.get(tuple(group), (intensity,))[0]:
            best[tuple(group)] = intensity, own[JUDGED_BY]
    pairs = [(a, b) for a, b in itertools.permutations(best, 2) if a[:-1] == b[:-1]]
    found = np.full((3, len(pairs)), np.nan)
    sure = [k for k, (_, b) in enumerate(pairs) if best[b][1]["verdict"] == "lowers"]
    if sure:
        over, under = (np.array([table.difference(best[pairs[k][side]][1]) for k in sure]) for side in (0, 1))
        found[:, sure] = estimates.ratios(over, under, table.draws, held)
    cost = {group: resources(group[-1], policies, intensity)[2:] for group, (intensity, _) in best.items()}
    rows = []
    for (a, b), ratio in zip(pairs, found.T, strict=True):
        (of_a, a_priced), (of_b, b_priced) = cost[a], cost[b]
        usd = ("" if a_priced == "no" else "b", *_over(of_a, ratio[[0, 2, 1]]), a_priced)
        if b_priced != "no":
            usd = ("a", *(of_b * np.maximum(ratio, 0.0)), b_priced)
        verdict = best[a][1]["verdict"] if np.isfinite(ratio[0]) else estimates.INCONCLUSIVE
        rows.append((*a, b[-1], *ratio, *usd, verdict, harm_modelled(f"{a[-1]}+{b[-1]}")))
    return pd.DataFrame(rows, columns=[*_profile(effects), *_BREAKEVEN])


def _weighed(effects: pd.DataFrame, where: Mapping[str, Any], arms: Sequence[str]) -> dict[_Key, dict[str, _Row]]:
    """Rows of policies' effects by outcome, for each profile, arm, policy and intensity."""
    rows = effects[(effects["contrast"] == "policy") & effects["arm"].isin(list(arms))]
    rows = rows[rows["outcome"].isin([JUDGED_BY, "harm"])]
    for setting, level in where.items():
        rows = rows[rows[setting] == level] if setting in rows else rows
    if (rows["unit"] == "%").any():
        raise ValueError("policies are weighed by effects in their own units: effects(..., percent=())")
    keys = [*_profile(rows), *_CELL]
    if rows.duplicated([*keys, "outcome"]).any():
        raise ValueError("more settings vary than profile: hold the others by where")
    found: dict[_Key, dict[str, _Row]] = {}
    for row in rows.to_dict("records"):
        found.setdefault(tuple(row[name] for name in keys), {})[row["outcome"]] = {**row}
    return found


def _profile(table: pd.DataFrame) -> list[str]:
    return ["profile"] if "profile" in table else []
