"""Bayes factors of a claimed sum: how much less probable the published figures are with such money than without.

Each run is one possible history: the same random numbers and the same draw of the parameters, with the money and
without. conf/claims.yaml holds the rule and the figures.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict

from experiments.evidence import likelihood, observables, patterns, posterior
from experiments.evidence.patterns import Pattern, facts
from experiments.stats.estimates import MIN_DRAWS, RESAMPLES, SEED, Floats
from experiments.study.spec import plain_text
from sim.config.own_tables import text_of

TABLE = "claims.yaml"
AMOUNT, ORIGIN = "claim.amount", "claim.origin"
POSITIVE, STRONG, VERY_STRONG = 3.0, 20.0, 150.0
"""Bayes factors from which evidence is positive, strong and very strong (Kass & Raftery 1995)."""
LOG_FLOOR = -300.0  # of a logarithm: anything less probable is as good as impossible

type Verdict = Literal["rejected", "hardly compatible", "the record is silent", "compatible", "inconclusive"]
SILENT: Verdict = "the record is silent"

type Known = Mapping[str, dict[str, str]]
type Part = tuple[str, str]
"""Kind (figure, group or reading) and name of the figures that a Bayes factor is of."""


class Observable(Pattern):
    """A published figure by which a claim is tested."""

    group: str


class Observed(BaseModel):
    """A published figure, and the quarters that it is of."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fact: str
    quarters: list[str]


class OverTime(BaseModel):
    """A measure that is shown by quarter beside its published figures."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    says: str
    of: str
    unit: str
    day: Literal["first", "middle", "last"]  # of the quarter, for which it stands
    observed: list[Observed]


class Rules(BaseModel):
    """The contents of conf/claims.yaml: figures, their groups and readings, and measures that are shown over time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    readings: dict[str, list[str]]
    observables: list[Observable]
    over_time: list[OverTime]

    def grouped(self, origin: str) -> dict[str, list[Observable]]:
        """Return the figures by group; those of campaigns only if the money is said to be gifts."""
        names = dict.fromkeys(one.group for one in self.observables if origin == "gifts" or one.group != "campaigns")
        return {name: [one for one in self.observables if one.group == name] for name in names}

    def read(self, origin: str) -> dict[str, list[str]]:
        """Return the groups of each reading."""
        campaigns = ["campaigns"] if origin == "gifts" else []
        return {name: [*groups, *campaigns] for name, groups in self.readings.items()}


def load() -> Rules:
    """Return figures and readings."""
    return Rules(**plain_text(text_of(TABLE), TABLE))


def errors() -> Iterator[str]:
    """Yield every error in conf/claims.yaml, or in the table of a user's own that replaces it."""
    rules, known, measures = load(), facts(), observables.measures()
    shared = [f"campaign_{name}_claimed" for name in _CAMPAIGNS]
    yield from patterns.errors_in(rules.observables, [*measures, *shared])
    groups = {one.group for one in rules.observables}
    for name, read in rules.readings.items():
        yield from (f"readings.{name}: no figure is of the group {one}" for one in read if one not in groups)
    for shown in rules.over_time:
        for one in shown.observed:
            yield from patterns.unknown_fact(one.fact, known)
            lacking = [quarter for quarter in one.quarters if f"{shown.of}_{quarter}" not in measures]
            yield from (f"{shown.says}: {shown.of} is not measured in {quarter}" for quarter in lacking)


# --- from runs to likelihoods ----------------------------------------------------------------------------------------


def likelihoods(runs: pd.DataFrame, observables: Sequence[Pattern], known: Known) -> pd.DataFrame:
    """Return the log likelihood of each published figure given each run: a row a run, a column a figure.

    A run is a history, noise included, so a figure differs from it only by the error of its source. A figure of a time
    that the runs do not reach is left out.
    """
    found = {}
    for one in observables:
        values = runs[f"record_{one.of}"].to_numpy(dtype=float)
        if np.isfinite(values).any():
            of = likelihood.evidence_of(one, known)
            logs = of.log_likelihood(of.scaled(values), 0.0, 1)
            found[one.says] = np.where(np.isfinite(values), np.maximum(logs, LOG_FLOOR), np.nan)
    return pd.DataFrame(found, index=pd.MultiIndex.from_frame(runs[["draw", "replication"]]))


_CAMPAIGNS = ("typical", "first")


def with_campaigns(runs: pd.DataFrame, campaigns: int) -> pd.DataFrame:
    """Return the runs with the sum that campaigns raise if each of them has an equal part of the claimed sum too."""
    each = runs[AMOUNT] / max(1, campaigns)
    raised = {f"record_campaign_{name}_claimed": runs[f"record_campaign_{name}"] + each for name in _CAMPAIGNS}
    return runs.assign(**raised)


def by_draw(logs: pd.DataFrame, columns: Sequence[str]) -> "pd.Series[float]":
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
    both = pd.concat([with_, without], axis=1, join="inner").dropna()
    if both.empty:
        return Factor(np.full(RESAMPLES + 1, np.nan), 0.0)
    draws = len(both)
    resamples = np.random.default_rng(SEED).multinomial(draws, np.full(draws, 1.0 / draws), RESAMPLES)
    counts = np.vstack([np.ones(draws), resamples])  # how often each draw counts; the first row is the estimate
    logs = [both.iloc[:, place].to_numpy(dtype=float) for place in (0, 1)]
    with np.errstate(divide="ignore"):
        means = [np.log(counts @ np.exp(one - one.max()) / counts.sum(axis=1)) + one.max() for one in logs]
    effective = min(posterior.effective(np.exp(one - one.max())) for one in logs)
    return Factor(np.maximum(means[0] - means[1], LOG_FLOOR), effective)


def verdict(value: float, low: float, high: float, effective: float) -> Verdict:
    """Judge a claim by its Bayes factor and interval; *inconclusive* if fewer than `MIN_DRAWS` draws carry them.

    *Compatible* needs a factor above 3 too: where only the interval reaches beyond, more draws could leave the record
    silent, and a wider interval must not make for a better verdict.
    """
    if effective < MIN_DRAWS:
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
    """Return the two sums between which the sum lies from which on all larger ones are below a limit, in each row.

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


def factors_of(
    runs: pd.DataFrame, rules: Rules, origin: str, weighted: bool = False
) -> dict[float, dict[Part, Factor]]:
    """Return the Bayes factors of each sum, by kind (figure, group, reading) and name.

    Args:
        runs: of one setting.
        rules: figures and readings.
        origin: where the money is said to come from.
        weighted: whether draws are of the posterior, without the money: then each is weighted back by the likelihood of
            the figures that calibration used and that are used here too, so that no figure is used twice.
    """
    known, groups = facts(), rules.grouped(origin)
    good = runs[runs["error"].isna()]
    wanted = [one for some in groups.values() for one in some]
    logs = {float(amount): likelihoods(rows, wanted, known) for amount, rows in good.groupby(AMOUNT)}
    figures: dict[Part, list[Observable]] = {("figure", one.says): [one] for one in wanted}
    figures |= {("group", name): some for name, some in groups.items()}
    for name, names in rules.read(origin).items():
        figures["reading", name] = [one for group in names for one in groups[group]]
    parts = {part: [one.says for one in some if one.says in logs[0.0]] for part, some in figures.items()}
    parts = {part: columns for part, columns in parts.items() if columns}
    back = used_before(good[good[AMOUNT] == 0.0], wanted, known) if weighted else 0.0
    found = {
        amount: {part: by_draw(table, columns) - back for part, columns in parts.items()}
        for amount, table in logs.items()
    }
    without = found.pop(0.0)
    return {amount: {part: factor(own[part], without[part]) for part in parts} for amount, own in found.items()}


def used_before(runs: pd.DataFrame, wanted: Sequence[Observable], known: Known) -> "pd.Series[float] | float":
    """Return the log likelihood by draw of the figures that calibration has used too, as it measures them."""
    here = {one.fact for one in wanted}
    evidence = patterns.evidence_patterns(known)
    used = [one for one in evidence if one.fact in here and f"record_{one.of}" in runs]
    logs = likelihoods(runs, used, known)
    return by_draw(logs, list(logs)) if len(logs.columns) else 0.0


def compatibility(found: Mapping[float, Mapping[Part, Factor]], claimed: Sequence[float]) -> pd.DataFrame:
    """Return the Bayes factor, its interval and the verdict; a row a sum and figure, group or reading."""
    rows = []
    for amount, by_part in sorted(found.items()):
        for (kind, name), one in by_part.items():
            low, high = one.interval
            row = {"amount": amount, "claimed": amount in claimed, "kind": kind, "name": name}
            row |= {"factor": one.value, "low": low, "high": high}
            row |= {"strength": "" if one.effective < MIN_DRAWS else strength(one.value)}
            row |= {"verdict": verdict(one.value, low, high, one.effective), "effective": one.effective}
            rows.append(row)
    return pd.DataFrame(rows)


def limits(found: Mapping[float, Mapping[Part, Factor]]) -> pd.DataFrame:
    """Return the sum from which on a claim is most likely below 1/20, with its 95 % interval; a row a part.

    ``effective`` is the fewest draws that carry a sum between which it and its interval are interpolated.
    """
    amounts = np.array(sorted(found))
    rows = []
    for part in found[amounts[0]]:
        logs = np.column_stack([found[amount][part].logs for amount in amounts])
        lower, upper = crossing(amounts, logs)
        low = np.quantile(lower[1:], 0.025, method="inverted_cdf")  # of infinite values too
        high = np.quantile(upper[1:], 0.975, method="inverted_cdf")
        row = {"kind": part[0], "name": part[1], "from": upper[0], "low": low, "high": high}
        draws = np.array([found[amount][part].effective for amount in amounts])
        rows.append(row | {"effective": carrying(amounts, draws, (upper[0], low, high))})
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


_DAYS = {"first": 0, "middle": 45, "last": 90}


def day_of(quarter: str) -> date:
    """Return the first day of a quarter, 2020q2."""
    return date(int(quarter[:4]), 3 * int(quarter[5]) - 2, 1)


def over_time(runs: pd.DataFrame, rules: Rules, amounts: Sequence[float]) -> pd.DataFrame:
    """Return the median and central 90 % of draws by quarter, without the money and with it, and published figures."""
    known, good = facts(), runs[runs["error"].isna()]
    rows = []
    for shown in rules.over_time:
        columns = runs.filter(regex=rf"^record_{shown.of}_\d{{4}}q\d$").columns
        seen = {quarter: one for one in shown.observed for quarter in one.quarters}
        for amount in (0.0, *amounts):
            own = good[good[AMOUNT] == amount].groupby("draw")
            for quarter in sorted(column[-6:] for column in columns):
                values = own[f"record_{shown.of}_{quarter}"].mean().dropna()
                if values.empty:
                    continue
                low, median, high = values.quantile([0.05, 0.5, 0.95])
                row = {"what": shown.says, "unit": shown.unit, "amount": amount, "quarter": quarter}
                row |= {"date": day_of(quarter) + timedelta(days=_DAYS[shown.day])}
                row |= {"median": median, "draws_low": low, "draws_high": high}
                rows.append(row | _published_in(seen.get(quarter), known))
    return pd.DataFrame(rows)


def _published_in(one: Observed | None, known: Known) -> dict[str, Any]:
    """Published figure of a quarter: an equal part, if the figure is of several."""
    if one is None:
        return {"published_low": np.nan, "published_high": np.nan, "fact": ""}
    row, parts = known[one.fact], len(one.quarters)
    low, high = float(row["low"] or -math.inf) / parts, float(row["high"] or math.inf) / parts
    return {"published_low": low, "published_high": high, "fact": one.fact}


FATES = ("converted", "frozen", "left")


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
        shares = usd.div(usd.sum(axis=1), axis=0)
        row: dict[str, Any] = {"amount": amount, "needed_a_week": amount / weeks, "limit_a_week": limit}
        for fate in FATES:
            low, median, high = shares[f"record_inflow_{fate}"].quantile([0.05, 0.5, 0.95])
            row |= {fate: median, f"{fate}_low": low, f"{fate}_high": high}
        rows.append(row)
    return pd.DataFrame(rows)
