"""Bayes factors of a claimed sum: how much less probable the published figures are with such money than without.

Each run is one possible history: the same random numbers and the same draw of the parameters, with the money and
without. conf/claims.yaml holds the rule, and the figures of the core; those of another case are its patterns.
"""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
import pandas as pd

from experiments.evidence import cases, grammar, likelihood, observables, patterns, posterior
from experiments.evidence.cases import CORE, Entry, Pattern
from experiments.stats.estimates import RESAMPLES, SEED, Floats
from experiments.study.spec import plain_text
from sim.config import ConfigurationError
from sim.config.own_tables import text_of
from sim.scenario import Scenario

TABLE = "claims.yaml"
AMOUNT, ORIGIN = "claim.amount", "claim.origin"
POSITIVE, STRONG, VERY_STRONG = 3.0, 20.0, 150.0
"""Bayes factors from which evidence is positive, strong and very strong (Kass & Raftery 1995)."""
LOG_FLOOR = -300.0  # of a logarithm: anything less probable is as good as impossible
SILENT = "the record is silent"
ENOUGH = 20  # effective draws
VERDICTS = ("rejected", "hardly compatible", SILENT, "compatible", "inconclusive")
FATES = ("converted", "frozen", "left")
CAMPAIGNS, RECORD = "campaigns", "the record of the case"
"""Groups of the figures of a case: those on what campaigns raised, and all others."""
_DAYS = {"first": 0, "middle": 45, "last": 90}

type Part = tuple[str, str]
"""Kind (figure, group or reading) and name of the figures that a Bayes factor is of."""


class Observed(Entry):
    """A published figure, and the quarters that it is of."""

    fact: str
    quarters: list[str]


class OverTime(Entry):
    """A measure that is shown by quarter beside its published figures."""

    says: str
    of: str
    unit: str
    day: Literal["first", "middle", "last"]  # of the quarter, for which it stands
    observed: list[Observed]


class Rules(Entry):
    """Figures by which a claim is tested, readings of their groups, and measures that are shown over time."""

    readings: dict[str, list[str]]
    observables: list[Pattern]
    over_time: list[OverTime]

    def used(self, origin: str) -> list[Pattern]:
        """Return the figures; those of campaigns only if the money is said to be gifts."""
        return [one for one in self.observables if origin == "gifts" or one.group != CAMPAIGNS]

    def parts(self, origin: str) -> dict[Part, list[Pattern]]:
        """Return the figures of which there is a Bayes factor: each, those of a group, and those of a reading."""
        used = self.used(origin)
        found = {("figure", one.says): [one] for one in used}
        for name in dict.fromkeys(one.group for one in used):
            found["group", name] = [one for one in used if one.group == name]
        for name, groups in self.readings.items():
            found["reading", name] = [one for one in used if one.group in (*groups, CAMPAIGNS)]
        return found


def load(case: str = CORE) -> Rules:
    """Return figures and readings: those of the core from conf/claims.yaml, of another case its own patterns.

    Raises:
        ConfigurationError: if no pattern of the case tests a claim.
    """
    core = Rules(**plain_text(text_of(TABLE), TABLE))
    if case == CORE:
        return core
    figures = [one.model_copy(update={"group": _group(one)}) for one in cases.load(case).patterns if _tests(one, case)]
    groups = list(dict.fromkeys(one.group for one in figures if one.group != CAMPAIGNS))
    if not groups:
        raise ConfigurationError([f"case={case}: no figure among its patterns could change with such money"])
    shown = [one.model_copy(update={"observed": []}) for one in core.over_time]
    return Rules(readings={"as published": groups}, observables=figures, over_time=shown)


def _tests(pattern: Pattern, case: str) -> bool:
    """Whether a pattern is a published figure of single runs, which no rule and no other run sets."""
    single = pattern.of and not pattern.compared and pattern.where == {"profile": case}
    figure = pattern.tag not in ("built in", "negative control") and 0.0 < cases.published(pattern)[1] < math.inf
    return bool(single and figure)


def _group(pattern: Pattern) -> str:
    return pattern.group or (CAMPAIGNS if pattern.of.startswith("raised_") else RECORD)


def errors() -> Iterator[str]:
    """Yield every error in conf/claims.yaml, or in the table of a user's own that replaces it."""
    rules, measures = load(), observables.measures()
    yield from patterns.errors_in(rules.observables, list(measures))
    yield from (f"{one.says}: needs a group" for one in rules.observables if not one.group)
    groups = {one.group for one in rules.observables}
    for name, read in rules.readings.items():
        yield from (f"readings.{name}: no figure is of the group {one}" for one in read if one not in groups)
    for shown in rules.over_time:
        for one in shown.observed:
            yield from patterns.unknown_fact(one.fact)
            lacking = [quarter for quarter in one.quarters if f"{shown.of}_{quarter}" not in measures]
            yield from (f"{shown.says}: {shown.of} is not measured in {quarter}" for quarter in lacking)


# --- from runs to likelihoods ----------------------------------------------------------------------------------------


def likelihoods(runs: pd.DataFrame, figures: Sequence[Pattern]) -> pd.DataFrame:
    """Return the log likelihood of each published figure given each run: a row a run, a column a figure.

    A run is a history, noise included, so a figure differs from it only by the error of its source. A figure of a time
    that the runs do not reach is left out.
    """
    found = {}
    for one in figures:
        values = runs.get(f"record_{one.of}", pd.Series(np.nan, runs.index)).to_numpy(dtype=float)
        if np.isfinite(values).any():
            of = likelihood.evidence_of(one)
            logs = of.log_likelihood(of.scaled(values), 0.0, 1)
            found[one.says] = np.where(np.isfinite(values), np.maximum(logs, LOG_FLOOR), np.nan)
    return pd.DataFrame(found, index=pd.MultiIndex.from_frame(runs[["draw", "replication"]]))


def with_gifts(
    runs: pd.DataFrame, figures: Sequence[Pattern], scenario: Scenario, rail: str, days: tuple[date, date]
) -> pd.DataFrame:
    """Return the runs with what campaigns raise if each of them has an equal part of the claimed sum too.

    A figure of a period has the part that comes in it; the money comes evenly from the first of ``days`` to the last.
    """
    since, until = days[0], days[1] + timedelta(days=1)
    public = [one.name for one in scenario.appeals if one.public]
    raised: dict[str, Any] = {}
    for of in (one.of for one in figures if one.group == CAMPAIGNS and f"record_{one.of}" in runs):
        share = 1.0 / max(1, len(public))
        if not grammar.error_of(of):
            name = grammar.parse(of)
            share *= sum(name.place in ("", appeal, rail, f"{appeal}_{rail}") for appeal in public)
            share *= max(timedelta(), min(name.before, until) - max(name.first, since)) / (until - since)
        raised[f"record_{of}"] = runs[f"record_{of}"] + share * runs[AMOUNT]
    return runs.assign(**raised)


def by_draw(logs: pd.DataFrame, columns: Collection[str]) -> "pd.Series[float]":
    """Return the log of the mean likelihood of several figures together by draw, over the histories that have them."""
    one = logs[list(columns)].dropna().sum(axis=1)
    means = np.exp(one - one.max()).groupby("draw").mean()
    return pd.Series(np.log(means.clip(lower=math.exp(LOG_FLOOR))) + one.max())


# --- the Bayes factor ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Factor:
    """A Bayes factor: how many times as probable figures are with the money as without."""

    logs: Floats  # natural logarithm: as estimated, then of each resample
    effective: float  # draws that carry it

    @property
    def value(self) -> float:
        """Return the estimate."""
        return float(np.exp(self.logs[0]))

    @property
    def interval(self) -> tuple[float, float]:
        """Return its 95 % interval over the draws that were made."""
        low, high = np.exp(np.quantile(self.logs[1:], [0.025, 0.975]))
        return float(low), float(high)


def factor(with_: pd.Series, without: pd.Series) -> Factor:
    """Return the Bayes factor of the same draws with the money and without, from log likelihoods by draw."""
    both = pd.concat([with_, without], axis=1, join="inner").dropna().to_numpy(dtype=float)
    draws = len(both)
    if not draws:
        return Factor(np.full(RESAMPLES + 1, np.nan), 0.0)
    resamples = np.random.default_rng(SEED).multinomial(draws, np.full(draws, 1.0 / draws), RESAMPLES)
    counts = np.vstack([np.ones(draws), resamples])  # how often each draw counts; the first row is the estimate
    peaks = both.max(axis=0)
    weights = np.exp(both - peaks).T
    with np.errstate(divide="ignore"):
        logs = [np.log(counts @ own / draws) + peak for own, peak in zip(weights, peaks, strict=True)]
    return Factor(np.maximum(logs[0] - logs[1], LOG_FLOOR), min(map(posterior.effective, weights)))


def verdict(value: float, low: float, high: float, effective: float) -> str:
    """Judge a claim by its Bayes factor and interval; *inconclusive* if fewer than `ENOUGH` draws carry them.

    *Compatible* needs a factor above 3 too: where only the interval reaches beyond, more draws could leave the record
    silent, and a wider interval must not make for a better verdict.
    """
    if effective < ENOUGH:
        return "inconclusive"
    if high < 1.0 / POSITIVE:
        return "rejected" if high < 1.0 / STRONG else "hardly compatible"
    if low >= 1.0 / POSITIVE and high <= POSITIVE:
        return SILENT
    return "compatible" if low >= 1.0 / POSITIVE and value > POSITIVE else "inconclusive"


def strength(value: float) -> str:
    """Return the words of Kass & Raftery (1995) for a Bayes factor."""
    size = max(value, 1.0 / value) if value > 0.0 else math.inf
    if math.isnan(value):
        return ""
    if size < POSITIVE:
        return "hardly any evidence"
    words = "positive" if size < STRONG else "strong" if size < VERY_STRONG else "very strong"
    return f"{words} evidence {'against' if value < 1.0 else 'for'}"


def crossing(amounts: Floats, logs: Floats, limit: float = -math.log(STRONG)) -> tuple[Floats, Floats]:
    """Return bounds of the smallest sum above which the factor stays below a limit, in each row.

    Both are the same, interpolated in logarithms, unless the factor falls from one sum to the next by more than
    `VERY_STRONG`: interpolation says nothing there, and they are those two sums. Infinite if the largest sum is not
    below; the smallest, if all are.
    """
    ends = np.full((2, len(logs)), amounts[0])
    for row, values in enumerate(logs):
        above = np.flatnonzero(~(values < limit))
        if len(above) and above[-1] == len(amounts) - 1:
            ends[:, row] = math.inf
        elif len(above):
            last = int(above[-1])
            falls = values[last] - values[last + 1]
            share = (values[last] - limit) / falls
            found = amounts[last] * (amounts[last + 1] / amounts[last]) ** share
            ends[:, row] = amounts[last : last + 2] if falls > math.log(VERY_STRONG) else found
    return ends[0], ends[1]


# --- tables ----------------------------------------------------------------------------------------------------------

type Factors = Mapping[float, Mapping[Part, Factor]]
"""Bayes factors by sum and part."""


def factors_of(runs: pd.DataFrame, rules: Rules, origin: str, weighted: bool = False) -> Factors:
    """Return the Bayes factors of each sum.

    Args:
        runs: of one setting.
        rules: figures and readings.
        origin: where the money is said to come from.
        weighted: whether draws are of the posterior, without the money: then each is weighted back by the likelihood of
            the figures that calibration used and that are used here too, so that no figure is used twice.
    """
    good, wanted = runs[runs["error"].isna()], rules.used(origin)
    logs = {float(amount): likelihoods(rows, wanted) for amount, rows in good.groupby(AMOUNT)}
    back = used_before(good[good[AMOUNT] == 0.0], wanted) if weighted else 0.0
    found: dict[float, dict[Part, Factor]] = {amount: {} for amount in logs if amount}
    for part, figures in rules.parts(origin).items():
        if columns := [one.says for one in figures if one.says in logs[0.0]]:
            without = by_draw(logs[0.0], columns) - back
            for amount, factors in found.items():
                factors[part] = factor(by_draw(logs[amount], columns) - back, without)
    return found


def used_before(runs: pd.DataFrame, wanted: Sequence[Pattern]) -> "pd.Series[float] | float":
    """Return the log likelihood by draw of the figures that calibration has used too, as it measures them."""
    here = {one.fact for one in wanted}
    own = runs["profile"].unique() if "profile" in runs else (CORE,)
    used = [one for one in cases.evidence_patterns(own) if one.fact in here and f"record_{one.of}" in runs]
    logs = likelihoods(runs, used)
    return by_draw(logs, logs.columns) if len(logs.columns) else 0.0


def compatibility(found: Factors, claimed: Sequence[float]) -> pd.DataFrame:
    """Return the Bayes factor, its interval and the verdict; a row a sum and figure, group or reading."""
    rows = []
    for amount, by_part in sorted(found.items()):
        for (kind, name), one in by_part.items():
            value, effective, (low, high) = one.value, one.effective, one.interval
            row = {"amount": amount, "claimed": amount in claimed, "kind": kind, "name": name}
            row |= {"factor": value, "low": low, "high": high}
            row |= {"strength": "" if effective < ENOUGH else strength(value)}
            rows.append(row | {"verdict": verdict(value, low, high, effective), "effective": effective})
    return pd.DataFrame(rows)


def limits(found: Factors) -> pd.DataFrame:
    """Return the sum from which on a claim is most likely below 1/20, with its 95 % interval; a row a part.

    ``effective`` is the fewest draws that carry a sum between which it and its interval are interpolated.
    """
    amounts = np.array(sorted(found))
    rows = []
    for kind, name in found[amounts[0]]:
        factors = [found[amount][kind, name] for amount in amounts]
        lower, upper = crossing(amounts, np.column_stack([one.logs for one in factors]))
        low = np.quantile(lower[1:], 0.025, method="inverted_cdf")  # of infinite values too
        high = np.quantile(upper[1:], 0.975, method="inverted_cdf")
        draws = carrying(amounts, np.array([one.effective for one in factors]), (upper[0], low, high))
        rows.append({"kind": kind, "name": name, "from": upper[0], "low": low, "high": high, "effective": draws})
    return pd.DataFrame(rows)


def carrying(amounts: Floats, draws: Floats, ends: Sequence[float]) -> float:
    """Return the fewest draws that carry any of the sums between which a limit and its interval lie.

    Args:
        amounts: sums that were run, in order.
        draws: that carry each.
        ends: the limit and the ends of its interval; infinite beyond the largest sum, which then counts.
    """
    first = max(0, int(np.searchsorted(amounts, min(ends))) - 1)
    last = int(np.searchsorted(amounts, max(ends)))
    return float(draws[first : last + 1].min())


def over_time(runs: pd.DataFrame, rules: Rules, amounts: Sequence[float]) -> pd.DataFrame:
    """Return the median and central 90 % of draws by quarter, without the money and with it, and published figures.

    A figure of several quarters is shared equally among them.
    """
    rows = []
    for shown in rules.over_time:
        published = {quarter: (one.fact, len(one.quarters)) for one in shown.observed for quarter in one.quarters}
        for amount in (0.0, *amounts):
            own = runs[runs["error"].isna() & (runs[AMOUNT] == amount)]
            means = own.groupby("draw").mean(numeric_only=True).filter(regex=rf"^record_{shown.of}_\d{{4}}q\d$")
            for column in sorted(means.dropna(axis="columns", how="all")):
                quarter = column[-6:]
                row = {"what": shown.says, "unit": shown.unit, "amount": amount, "quarter": quarter}
                day = grammar.period(quarter)[0] + timedelta(days=_DAYS[shown.day])
                row |= {"date": day, **patterns.central(means[column])}
                fact, share = published.get(quarter, ("", 1))
                ends = cases.facts().get(fact, {"low": "nan", "high": "nan"})
                row |= {"published_low": float(ends["low"] or -math.inf) / share}
                rows.append(row | {"published_high": float(ends["high"] or math.inf) / share, "fact": fact})
    return pd.DataFrame(rows)


def conversion(runs: pd.DataFrame, weeks: int, limit: float) -> pd.DataFrame:
    """Return the shares of the money converted, frozen and left by the day by which it had come; a row a sum.

    Args:
        runs: of one setting.
        weeks: over which the money came.
        limit: USD a week that can be converted on its rail.
    """
    rows = []
    for amount, own in runs[runs["error"].isna() & (runs[AMOUNT] > 0)].groupby(AMOUNT):
        usd = own.groupby("draw")[[f"record_inflow_{fate}" for fate in FATES]].mean().dropna()
        ends = usd.div(usd.sum(axis=1), axis=0).quantile([0.05, 0.5, 0.95]).to_numpy().T
        row = {"amount": amount, "needed_a_week": amount / weeks, "limit_a_week": limit}
        for fate, (low, median, high) in zip(FATES, ends, strict=True):
            row |= {fate: median, f"{fate}_low": low, f"{fate}_high": high}
        rows.append(row)
    return pd.DataFrame(rows)
