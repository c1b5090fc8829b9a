"""A claimed sum against the record: how much less probable the published figures are with such money than without.

Each run is one history that might have been: the same luck and the same draw of what nobody knows, with the money and
without. The rule, and the figures, stand in conf/claims.yaml.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict

from experiments.evidence import likelihood, posterior
from experiments.evidence.patterns import Pattern, facts, published
from experiments.stats.estimates import RESAMPLES, SEED, Floats, few
from experiments.study.spec import plain_text
from sim.config.own_tables import text_of

AMOUNT, ORIGIN = "claim.amount", "claim.origin"
BARE, STRONG, VERY = 3.0, 20.0, 150.0
"""Bayes factors from which evidence is positive, strong and very strong (Kass & Raftery 1995)."""
LEAST = -300.0  # of a logarithm: what is less probable still is as good as impossible


type Verdict = Literal[
    "rejected", "hardly compatible", "the record is silent", "compatible", "cannot tell", "cannot tell (too few draws)",
]  # fmt: skip
SILENT: Verdict = "the record is silent"

type Known = Mapping[str, dict[str, str]]


class Observable(Pattern):
    """A published figure by which a claim is tested."""

    group: str


class Observed(BaseModel):
    """A published figure, and the quarters that it is of."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fact: str
    quarters: list[str]


class OverTime(BaseModel):
    """What is shown by quarter beside what was published."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    says: str
    of: str
    unit: str
    day: Literal["first", "middle", "last"]  # of the quarter, for which it stands
    observed: list[Observed]


class Rules(BaseModel):
    """What conf/claims.yaml says: figures, how they are put together, and what is shown over time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    readings: dict[str, list[str]]
    observables: list[Observable]
    over_time: list[OverTime]

    def grouped(self, origin: str) -> dict[str, list[Observable]]:
        """The figures by group; those of campaigns only if the money is said to be gifts."""
        names = dict.fromkeys(one.group for one in self.observables)
        left_out = set() if origin == "gifts" else {"campaigns"}
        return {name: [one for one in self.observables if one.group == name] for name in names if name not in left_out}

    def read(self, origin: str) -> dict[str, list[str]]:
        """The groups of each reading."""
        also = ["campaigns"] if origin == "gifts" else []
        return {name: [*groups, *also] for name, groups in self.readings.items()}


def load() -> Rules:
    """The figures and readings."""
    return Rules(**plain_text(text_of("claims.yaml"), "claims.yaml"))


# --- from runs to likelihoods ----------------------------------------------------------------------------------------


def likelihoods(runs: pd.DataFrame, observables: Sequence[Pattern], known: dict[str, dict[str, str]]) -> pd.DataFrame:
    """Log likelihood of each published figure given each run: a row a run, a column a figure.

    A run is a history, luck and all, so a figure differs from it only by what the grade of its source leaves open. A
    figure of a time that the runs do not reach is left out.
    """
    found = {}
    for one in observables:
        column = f"record_{one.of}"
        values = runs[column].to_numpy(dtype=float)
        if np.isfinite(values).any():
            of = likelihood.evidence_of(one, known)
            logs = of.log_likelihood(of.scaled(values), 0.0, 1)
            found[one.says] = np.where(np.isfinite(values), np.maximum(logs, LEAST), np.nan)
    return pd.DataFrame(found, index=pd.MultiIndex.from_frame(runs[["draw", "replication"]]))


def with_campaigns(runs: pd.DataFrame, campaigns: int) -> pd.DataFrame:
    """The runs, with what campaigns raise when each of them has its part of the claimed sum as well."""
    each = runs[AMOUNT] / max(1, campaigns)
    raised = {f"record_campaign_{name}_claimed": runs[f"record_campaign_{name}"] + each for name in _CAMPAIGNS}
    return runs.assign(**raised)


_CAMPAIGNS = ("typical", "first")


def by_draw(logs: "pd.Series[float]") -> "pd.Series[float]":
    """Log of the mean likelihood of each draw, over the histories that share it."""
    means = np.exp(logs - logs.max()).groupby("draw").mean()
    return pd.Series(np.log(means.clip(lower=math.exp(LEAST))) + logs.max())


def resamples(draws: int) -> Floats:
    """How often each draw counts: once, in the first row; in the others as a bootstrap has it."""
    dice = np.random.default_rng(SEED)
    return np.vstack([np.ones(draws), dice.multinomial(draws, np.full(draws, 1.0 / draws), RESAMPLES)])


def log_mean(logs: Floats, counts: Floats) -> Floats:
    """Log of the mean likelihood in each resample."""
    most = float(logs.max())
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(counts @ np.exp(logs - most) / counts.sum(axis=1)) + most)


# --- the Bayes factor ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Factor:
    """A Bayes factor: how many times as probable figures are with the money as without."""

    logs: Floats  # natural logarithm: as estimated, then of each resample
    effective: float  # draws that carry it

    @property
    def value(self) -> float:
        """The estimate."""
        return float(np.exp(self.logs[0]))

    @property
    def interval(self) -> tuple[float, float]:
        """Its 95 % interval over the draws that were made."""
        low, high = np.exp(np.quantile(self.logs[1:], [0.025, 0.975]))
        return float(low), float(high)


def factor(with_: pd.Series, without: pd.Series) -> Factor:
    """The Bayes factor of the same draws with the money and without, from log likelihoods by draw."""
    both = pd.concat([with_, without], axis=1, join="inner").dropna()
    if both.empty:
        return Factor(np.full(RESAMPLES + 1, np.nan), 0.0)
    counts = resamples(len(both))
    a, b = (both.iloc[:, place].to_numpy(dtype=float) for place in (0, 1))
    logs = np.maximum(log_mean(a, counts) - log_mean(b, counts), LEAST)
    return Factor(logs, min(posterior.effective(np.exp(one - one.max())) for one in (a, b)))


def verdict(value: float, low: float, high: float, effective: float) -> Verdict:
    """What a Bayes factor and its interval say of the claim, if enough draws carry it: it sees only draws made.

    Compatible only if the factor itself is above 3: where only its interval goes beyond, draws are too few, and more of
    them could leave the record silent. An interval that is wider must not sound better.
    """
    if few(effective):
        return "cannot tell (too few draws)"
    if high < 1.0 / STRONG:
        return "rejected"
    if high < 1.0 / BARE:
        return "hardly compatible"
    if low >= 1.0 / BARE:
        wide: Verdict = "compatible" if value > BARE else "cannot tell (too few draws)"
        return SILENT if high <= BARE else wide
    return "cannot tell"


def strength(value: float) -> str:
    """The words of Kass & Raftery (1995) for a Bayes factor."""
    size = max(value, 1.0 / value) if value > 0.0 else math.inf
    if math.isnan(value):
        return ""
    if size < BARE:
        return "hardly any evidence"
    words = "positive" if size < STRONG else "strong" if size < VERY else "very strong"
    return f"{words} evidence {'against' if value < 1.0 else 'for'}"


def crossing(amounts: Floats, logs: Floats, limit: float = -math.log(STRONG)) -> tuple[Floats, Floats]:
    """The sum from which on all larger ones lie below a limit, in each row: between which two it lies.

    Both are the same, straight between the sums in logarithms, but where the factor falls from one sum to the next by
    more than `VERY`: there a straight line says nothing, and they are those two sums. Infinite if the largest sum does
    not lie below; the smallest, if all do.
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
            ends[:, row] = amounts[last : last + 2] if falls > math.log(VERY) else found
    return ends[0], ends[1]


# --- tables ----------------------------------------------------------------------------------------------------------


def factors_of(
    runs: pd.DataFrame, rules: Rules, origin: str, weighed: bool = False
) -> dict[float, dict[tuple[str, str], Factor]]:
    """The Bayes factors of each sum, by kind (figure, group, reading) and name.

    Args:
        runs: of one setting.
        rules: figures and readings.
        origin: where the money is said to come from.
        weighed: whether draws were weighed already by what calibration uses, without the money: then each is weighed
            back by the likelihood of those of its figures that are used here too, so that no figure is used twice.
    """
    known, groups, read = facts(), rules.grouped(origin), rules.read(origin)
    good = runs[runs["error"].isna()]
    observables = [one for some in groups.values() for one in some]
    logs = {float(amount): likelihoods(rows, observables, known) for amount, rows in good.groupby(AMOUNT)}
    there = set(logs[0.0].columns)
    parts: dict[tuple[str, str], list[str]] = {
        ("figure", one.says): [one.says] for one in observables if one.says in there
    }
    for name, some in groups.items():
        parts["group", name] = [one.says for one in some if one.says in there]
    for name, names in read.items():
        parts["reading", name] = [one.says for group in names for one in groups[group] if one.says in there]
    parts = {part: columns for part, columns in parts.items() if columns}
    back = _heard(good[good[AMOUNT] == 0.0], observables, known) if weighed else 0.0
    without = {part: by_draw(_sum(logs[0.0], columns)) - back for part, columns in parts.items()}
    return {
        amount: {part: factor(by_draw(_sum(table, columns)) - back, without[part]) for part, columns in parts.items()}
        for amount, table in logs.items()
        if amount > 0.0
    }


def _heard(
    runs: pd.DataFrame, observables: Sequence[Observable], known: dict[str, dict[str, str]]
) -> "pd.Series[float] | float":
    """Log likelihood by draw of the figures used here that calibration has weighed draws by, as it measures them."""
    facts_here = {one.fact for one in observables}
    used = [one for one in posterior.heard(known) if one.fact in facts_here and f"record_{one.of}" in runs]
    logs = likelihoods(runs, used, known)
    return by_draw(_sum(logs, list(logs))) if len(logs.columns) else 0.0


def _sum(logs: pd.DataFrame, columns: list[str]) -> "pd.Series[float]":
    """Log likelihood of several figures together, of the histories that have them all."""
    return logs[columns].dropna().sum(axis=1)


def compatibility(found: Mapping[float, Mapping[tuple[str, str], Factor]], claimed: Sequence[float]) -> pd.DataFrame:
    """A row a sum and figure, group or reading: the Bayes factor, its interval, and what it says."""
    rows = []
    for amount, by_part in sorted(found.items()):
        for (kind, name), one in by_part.items():
            low, high = one.interval
            about = {"amount": amount, "claimed": amount in claimed, "kind": kind, "name": name}
            words = "" if few(one.effective) else strength(one.value)
            told = {
                "strength": words,
                "verdict": verdict(one.value, low, high, one.effective),
                "effective": one.effective,
            }
            rows.append(about | {"factor": one.value, "low": low, "high": high} | told)
    return pd.DataFrame(rows)


def limits(found: Mapping[float, Mapping[tuple[str, str], Factor]]) -> pd.DataFrame:
    """The sum from which on a claim is most likely below 1/20, by figure, group and reading, with its 95 % interval.

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
    """The fewest draws that carry any of the sums between which a limit and its interval lie.

    Args:
        amounts: sums that were run, in order.
        draws: that carry each.
        ends: the limit and the ends of its interval; infinite beyond the largest sum, on which that hangs.
    """
    first = max(0, int(np.searchsorted(amounts, min(ends))) - 1)
    last = int(np.searchsorted(amounts, max(ends)))
    return float(draws[first : last + 1].min())


_DAYS = {"first": 0, "middle": 45, "last": 90}


def day_of(quarter: str) -> date:
    """The first day of a quarter, 2020q2."""
    return date(int(quarter[:4]), 3 * int(quarter[5]) - 2, 1)


def over_time(runs: pd.DataFrame, rules: Rules, amounts: Sequence[float]) -> pd.DataFrame:
    """What runs have by quarter, without the money and with it: middle and middle 90 % of draws; what was published."""
    known, good = facts(), runs[runs["error"].isna()]
    rows = []
    for shown in rules.over_time:
        quarters = [name.removeprefix(f"record_{shown.of}_") for name in runs if _is_quarter(name, shown.of)]
        seen = {quarter: one for one in shown.observed for quarter in one.quarters}
        for amount in (0.0, *amounts):
            own = good[good[AMOUNT] == amount]
            for quarter in sorted(quarters):
                values = own.groupby("draw")[f"record_{shown.of}_{quarter}"].mean().dropna()
                if len(values):
                    low, middle, high = values.quantile([0.05, 0.5, 0.95])
                    about = {"what": shown.says, "unit": shown.unit, "amount": amount, "quarter": quarter}
                    about |= {"date": day_of(quarter) + timedelta(days=_DAYS[shown.day])}
                    range_ = {"middle": middle, "draws_low": low, "draws_high": high}
                    rows.append(about | range_ | _seen(seen.get(quarter), known))
    return pd.DataFrame(rows)


def _is_quarter(name: str, of: str) -> bool:
    tail = name.removeprefix(f"record_{of}_")
    return tail != name and len(tail) == 6 and tail[4] == "q" and (tail[:4] + tail[5]).isdigit()


def _seen(one: Observed | None, known: dict[str, dict[str, str]]) -> dict[str, Any]:
    """What was published of a quarter: its part, if the figure is of several."""
    if one is None:
        return {"published_low": np.nan, "published_high": np.nan, "fact": ""}
    low, high, _ = published(Pattern(says="", tag="emergent", of=one.fact, unit="", fact=one.fact), known)
    parts = len(one.quarters)
    return {"published_low": low / parts, "published_high": high / parts, "fact": one.fact}


_FATES = ("converted", "frozen", "left")


def conversion(runs: pd.DataFrame, weeks: int, limit: float) -> pd.DataFrame:
    """What became of the money by the day by which it had come: shares converted, frozen and left, a row a sum.

    Args:
        runs: of one setting.
        weeks: over which the money came.
        limit: USD a week that can be converted on its rail.
    """
    rows = []
    for amount, own in runs[runs["error"].isna() & (runs[AMOUNT] > 0)].groupby(AMOUNT):
        usd = own.groupby("draw")[[f"record_inflow_{fate}" for fate in _FATES]].mean().dropna()
        shares = usd.div(usd.sum(axis=1), axis=0)
        row: dict[str, Any] = {"amount": amount, "needed_a_week": amount / weeks, "limit_a_week": limit}
        for fate in _FATES:
            low, middle, high = shares[f"record_inflow_{fate}"].quantile([0.05, 0.5, 0.95])
            row |= {fate: middle, f"{fate}_low": low, f"{fate}_high": high}
        rows.append(row)
    return pd.DataFrame(rows)
