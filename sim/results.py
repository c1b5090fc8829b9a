"""Tables of a run: weekly series, the ledger of gifts, the switch effect, the loop gain."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.engine.constants import HARMS, WEEKS_A_YEAR, Found, Status, harm_modelled
from sim.engine.records import Rows
from sim.outcomes import GIFTS, OF_THE_RUN, OUTCOMES, labelled, outcome_of
from sim.rules.sums import add_weeks
from sim.rules.world import Week
from sim.runs import Run
from sim.scenario import Revenue, Scenario
from sim.windows import Window, counted, rest_of, run_of, window_of
from sim.windows import switches as switches

_CENTS = frozenset(name for name, outcome in OUTCOMES.items() if outcome.unit.startswith("USD"))
_MEANS = frozenset(("sympathy", "risk", "know_how"))
"""Outcomes that are averaged over rails or theatres, not added."""


def _column(model: Run, name: str) -> NDArray[Any]:
    """Return an outcome by week, or by week and rail or theatre, in its unit."""
    book = model.book
    if name == "seized":
        values = book["forfeited"] + book["raided"]
    elif name == "share":
        values = book["gifts"] / np.maximum(1, book["gifts"].sum(axis=1, keepdims=True))
    elif name == "donors_active":
        values = model.config.population.donors - book["deterred"] - book["arrested"]
    else:
        values = book[name]
    return np.asarray(values / 100.0 if name in _CENTS else values)


def _parts(scenario: Scenario, name: str) -> list[str]:
    if OUTCOMES[name].by == "source":
        return list(Revenue.model_fields)
    return [one.name for one in (scenario.theatres if OUTCOMES[name].by == "theatre" else scenario.rails)]


def weekly(model: Run) -> pd.DataFrame:
    """Return one row a week: every outcome in total, then by rail or theatre. Money is in USD.

    Columns: week, date (first day), the names of `OUTCOMES`, then names with the suffix ``_RAIL`` or ``_THEATRE``.
    """
    scenario = model.config
    weeks = np.arange(scenario.horizon.weeks)
    dates = pd.to_datetime([scenario.horizon.start + timedelta(weeks=int(week)) for week in weeks])
    columns: dict[str, Any] = {"week": weeks, "date": dates}
    parts: dict[str, Any] = {}
    for name in OUTCOMES:
        values = _column(model, name)
        if values.ndim == 1:
            columns[name] = values
            continue
        names = _parts(scenario, name)
        values = values[:, : len(names)]
        if name != "share":
            columns[name] = values.mean(axis=1) if name in _MEANS else values.sum(axis=1)
        if OUTCOMES[name].by:
            parts.update({f"{name}_{one}": values[:, k] for k, one in enumerate(names)})
    return pd.DataFrame(columns | parts)


def series(model: Run, names: Iterable[str] = OUTCOMES, first: int = 0, last: int | None = None) -> dict[str, Any]:
    """Return the totals of outcomes by week, from ``first`` up to, not including, ``last``, as in `weekly`."""
    found = {}
    for name in names:
        values = _column(model, name)[first:last]
        if values.ndim == 2 and name in _MEANS:
            values = values[:, : len(_parts(model.config, name))].mean(axis=1)
        elif values.ndim == 2:
            values = values.sum(axis=1)
        if name != "share":
            found[name] = values
    return found


def averages(model: Run, weeks: int, names: Iterable[str] = OUTCOMES) -> dict[str, float]:
    """Return the mean of each total outcome over a number of weeks after the switch, as by `window` of `weekly`.

    The mean is NaN if the run does not contain the whole window. Money is in USD a week.
    """
    return averages_by_window(model, {weeks: names})[weeks]


def averages_by_window(model: Run, wanted: Mapping[int, Iterable[str]]) -> dict[int, dict[str, float]]:
    """Return `averages` over several windows, each with the outcomes that are wanted of it, by its number of weeks."""
    scenario = model.config
    first = scenario.week(scenario.switch_day)
    inside = [weeks for weeks in wanted if 0 <= first <= len(model.book) - weeks]
    names = tuple(dict.fromkeys(chain.from_iterable(wanted.values())))
    fields = _fields_of(names, len(scenario.theatres), len(scenario.rails))
    found = {weeks: {name: math.nan for name in names if name != "share"} for weeks, names in wanted.items()}
    sums = fields.over(model.book, first, inside) if inside else ([], [])
    for weeks, counts, means in zip(inside, *sums, strict=True):
        every = dict(zip((*fields.counts, *fields.others), (*counts, *means), strict=True))
        if "donors_active" in every:
            every["donors_active"] = (scenario.population.donors * weeks - every["donors_active"]) / weeks
        found[weeks] = {name: every[name] for name in found[weeks]}
    return found


@dataclass(frozen=True, slots=True)
class _Fields:
    """Fields of the book behind some outcomes: whole numbers, whose sums are exact, and others."""

    counts: tuple[str, ...]
    words: NDArray[np.int64]  # the place of each count in a row, in eight bytes; one each rail or theatre
    starts: NDArray[np.int64]  # of each outcome among them
    units: NDArray[np.int64]  # in which it is kept: 100 for cents
    others: tuple[str, ...]
    parts: NDArray[np.int64]  # of each other outcome the place in a row, the length, and what its sum is divided by

    def over(self, book: Rows, first: int, windows: list[int]) -> tuple[list[list[float]], list[list[float]]]:
        """Return the mean of each count, and of each other outcome, over windows of weeks from the first on."""
        weeks = np.array(windows, np.int64)
        totals, sums = _sums(book[first : first + max(windows)], weeks, self.parts)
        scale = np.where(self.units == 0, 1, self.units * weeks[:, np.newaxis])  # exact; then one division
        means = np.add.reduceat(totals[:, self.words], self.starts, axis=1) / scale
        return means.tolist(), (sums / weeks[:, np.newaxis]).tolist()


@cache
def _fields_of(names: tuple[str, ...], theatres: int, rails: int) -> _Fields:
    added = {"seized": ("forfeited", "raided"), "donors_active": ("deterred", "arrested")}
    fields = {name: added.get(name, (name,)) for name in names if name != "share"}
    counts = {name: some for name, some in fields.items() if all(Week.dtype[one].base == np.int64 for one in some)}
    words = [[*chain.from_iterable(map(_words_of, some))] for some in counts.values()]
    starts = np.cumsum([0, *map(len, words)])[:-1]
    units = [0 if name == "donors_active" else 100 if name in _CENTS else 1 for name in counts]
    others = tuple(name for name in fields if name not in counts)
    parts = np.empty((len(others), 3), np.int64)
    for part, name in zip(parts, others, strict=True):
        length = rails if OUTCOMES[name].by == "rail" else theatres
        whole = _words_of(name)
        part[:] = (whole.start, length, length) if name in _MEANS else (whole.start, len(whole), 1)
    places = np.array([*chain.from_iterable(words)], np.int64)
    return _Fields(tuple(counts), places, starts, np.array(units), others, parts)


@cache
def _words_of(field: str) -> range:
    assert Week.dtype.fields is not None
    kind, offset, *_ = Week.dtype.fields[field]
    return range(offset // 8, (offset + kind.itemsize) // 8)


def _sums(
    book: Rows, windows: NDArray[np.int64], parts: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return sums over windows from the first row on: of every place of a row as integers, and of some fields."""
    totals, sums = np.zeros((len(windows), book.dtype.itemsize // 8), np.int64), np.empty((len(windows), len(parts)))
    weekly = np.empty(len(book) * len(parts))
    add_weeks(book.view(np.int64), book.view(np.float64), windows, parts, weekly, totals, sums)
    return totals, sums


def _totals(book: Rows, *fields: str) -> list[list[int]]:
    """Return the sum of some counts over the run, one each rail or theatre."""
    (totals,), _ = _sums(book, np.array([len(book)]), np.empty((0, 3), np.int64))
    return [totals[words.start : words.stop].tolist() for words in map(_words_of, fields)]


def gifts(model: Run) -> pd.DataFrame:
    """Return the ledger (`ledger`) with categories for names; units and labels are in ``attrs``."""
    kinds = {name: pd.CategoricalDtype([*words]) for name, words in _words_of_gifts(model).items()}
    return labelled(ledger(model).astype(kinds), GIFTS.get)


def _words_of_gifts(model: Run) -> dict[str, Sequence[str]]:
    scenario = model.config
    return {
        "community": [theatre.name for theatre in scenario.theatres],
        "appeal": [appeal.name for appeal in scenario.appeals],
        "rail": [rail.name for rail in scenario.rails],
        "intermediary": model.intermediary_names or [""],
    } | {name: column.levels for name, column in GIFTS.items() if column.levels}


def ledger(model: Run) -> pd.DataFrame:
    """Return the labelled ledger: every gift, its status, and its discovery by enforcement. Columns: `GIFTS`."""
    scenario, names = model.config, _words_of_gifts(model)
    rows = _ledger(model)
    found = rows["found"] > Found.HIDDEN
    columns: dict[str, Any] = {name: rows[name] for name in ("donor", "attempt", "week")}
    columns |= {name: np.array(words)[rows[name]] for name, words in names.items()}
    columns |= {"date": _dates(scenario, rows["week"]), "usd": rows["amount"] / 100.0}
    columns["found_week"] = pd.Series(rows["found_week"], dtype="Int64").where(found)
    columns["found_date"] = _dates(scenario, rows["found_week"]).where(found)
    return pd.DataFrame(columns)[list(GIFTS)]


def _ledger(model: Run) -> NDArray[Any]:
    return model.ledger[: int(model.book["last_gift"][max(0, model.simulated - 1)])]


def _dates(scenario: Scenario, weeks: NDArray[np.integer[Any]]) -> "pd.DatetimeIndex":
    return pd.Timestamp(scenario.horizon.start) + pd.to_timedelta(7 * weeks.astype(np.int64), unit="D")


def with_and_without_switch(scenario: Scenario) -> tuple[Scenario, Scenario]:
    """Return the scenario with and without the switch; all else is the same, including the random numbers."""
    switched = {name: shock for name, shock in scenario.shocks.items() if shock.type == "switch"}
    off = {name: shock.model_copy(update={"enabled": False}) for name, shock in switched.items()}
    return scenario, scenario.model_copy(update={"shocks": scenario.shocks | off})


def without_feedback(scenario: Scenario) -> Scenario:
    """Return the same scenario without the feedback loop from attacks to sympathy."""
    return scenario.model_copy(update={"inspiration": scenario.inspiration.model_copy(update={"publicity": 0.0})})


def window(table: pd.DataFrame, scenario: Scenario, weeks: int) -> pd.DataFrame:
    """Return the rows of a window after the switch (`window_of`); no rows if the run does not contain all of it."""
    first = scenario.week(scenario.switch_day)
    rows = table[(table["week"] >= first) & (table["week"] < first + weeks)]
    return rows if len(rows) == weeks else rows.iloc[:0]


def switch_effect(
    with_: pd.DataFrame, without: pd.DataFrame, scenario: Scenario, weeks: int, column: str = "capacity"
) -> float:
    """Return the estimand: mean capacity in the window with the switch minus without, in percent of without.

    It is NaN if the run does not contain the whole window, or if capacity without the switch is zero. `column` is
    another outcome.
    """
    there, base = (float(window(table, scenario, weeks)[column].mean()) for table in (with_, without))
    return 100.0 * (there - base) / base if base else math.nan


def status_quo(scenario: Scenario) -> Scenario:
    """Return the same scenario without any policy."""
    return scenario.model_copy(update={"policies": {}})


def summary(with_: pd.DataFrame, without: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Return the means of all outcomes over the main window of the report, with and without the switch.

    Columns: outcome, label, unit, better, with, without, difference, percent (of without); then those of
    `Window.cells`. Numbers are missing if the run does not contain the whole window.
    """
    over = window_of(scenario, scenario.report.window)
    chosen = [window(table, scenario, over.weeks) for table in (with_, without)]
    rows = []
    for name in [column for column in with_ if column not in ("week", "date")]:
        about = outcome_of(name)
        there, base = (float(table[name].mean()) for table in chosen)
        percent = 100.0 * (there - base) / base if base else float("nan")
        rows.append((name, about.label, about.unit, about.better, there, base, there - base, percent))
    columns = ["outcome", "label", "unit", "better", "with", "without", "difference", "percent"]
    return pd.DataFrame(rows, columns=columns).assign(**over.cells)


def policy_effect(with_: pd.DataFrame, status_quo: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Return `summary` of a run with policies and one without (columns policy, status_quo), and harm_modelled.

    Differences of harm that the model has not are missing.
    """
    table = summary(with_, status_quo, scenario).rename(columns={"with": "policy", "without": "status_quo"})
    modelled = table["outcome"].map(dict.fromkeys(HARMS, harm_modelled("+".join(scenario.policies)))).fillna("")
    table.loc[modelled == "no", ["difference", "percent"]] = math.nan
    return table.assign(harm_modelled=modelled)


def precision_and_recall(model: Run) -> tuple[float, float]:
    """Return the precision and recall of attribution in the whole run.

    Precision is the share of attributions that are true; recall is the share of gifts that passed and were discovered.
    Each is NaN if its denominator is zero.
    """
    true, false = int(model.book["true_attributions"].sum()), int(model.book["false_attributions"].sum())
    passed = np.count_nonzero(_ledger(model)["status"] != Status.BLOCKED)
    return true / (true + false) if true + false else math.nan, true / passed if passed else math.nan


def weeks_to_recover(with_: pd.DataFrame, without: pd.DataFrame, scenario: Scenario) -> float:
    """Return the weeks after the switch until capacity stays within the margin of relevance of the run without it.

    The result is NaN if capacity never leaves the margin (no recovery is needed) or if the run begins after the switch.
    It is infinite if capacity has not recovered by the end of the run. Reads report.margin.
    """
    if rest_of(scenario).missing:
        return math.nan
    after = with_["week"] >= scenario.week(scenario.switch_day)
    base = without.loc[after, "capacity"].to_numpy()
    apart = np.abs(with_.loc[after, "capacity"].to_numpy() - base) > scenario.report.margin * base
    if not apart.any():
        return math.nan
    last = int(np.flatnonzero(apart)[-1])
    return math.inf if last == len(apart) - 1 else float(last + 1)


@dataclass(frozen=True, slots=True)
class LoopGain:
    """Gain of the loop sympathy -> people and money -> attacks -> publicity -> sympathy, as an elasticity."""

    publicity: float
    people: float
    money: float

    @property
    def total(self) -> float:
        """Percentage by which one per cent more attacks throughout raises attacks by sympathy, mean over the run."""
        return self.publicity * (self.people + self.money)


def loop_gain(model: Run) -> LoopGain:
    """Return the gain of the loop, from the averages of a finished run.

    publicity: d log sympathy / d log attacks = s f'(x) x / (1 - s + s f(x)), f(x) = 2x / (1 + x), mean of communities.
    people: alpha x recruits a year per fighter x half the years of the run; recruits accumulate, so a longer run has a
    larger gain. money: epsilon K / (K + K_0) x share of gifts in all income.
    """
    scenario, book = model.config, model.book
    share = scenario.inspiration.publicity
    places = len(scenario.theatres)
    seen, *totals = _totals(book, "attacks", "fighters", "recruits", "operations", "delivered", "collected")
    men, recruits, operations = (sum(one) / len(book) for one in totals[:3])
    delivered, collected = map(sum, totals[3:])
    attacks = np.array(seen[:places]) / len(book)
    if scenario.inspiration.by_deaths:
        attacks = np.log1p(book["deaths"][:, :places]).mean(axis=0)
    elsewhere = scenario.inspiration.elsewhere
    x = (attacks + elsewhere * (attacks.sum() - attacks)) / scenario.inspiration.reference
    slope = share * 2.0 * x / (1.0 + x) ** 2 / (1.0 - share + share * 2.0 * x / (1.0 + x))
    back = scenario.group.rejoin / WEEKS_A_YEAR * model.cells["former"].sum() / 2.0
    joining = max(0.0, recruits - back) * WEEKS_A_YEAR / men if men > 0 else 0.0
    people = scenario.combat.people * joining * len(book) / WEEKS_A_YEAR / 2.0
    provinces = model.cells[model.cells["attacks_reference"] > 0]
    floor = 100.0 * provinces["money_floor"].sum()
    means = operations / (operations + floor) if operations + floor > 0 else 0.0
    money = scenario.combat.money * means * (delivered / ((delivered + collected) or 1))
    weights = np.array([one.donors for one in scenario.theatres]) + 1e-12
    return LoopGain(float((slope * weights).sum() / weights.sum()), float(people), float(money))


def measures(models: dict[str, Run]) -> pd.DataFrame:
    """Return the measures of one run, the estimand first.

    Columns: measure, label, unit, value, those of `Window.cells`.

    Args:
        models: finished runs on the same random numbers: ``with`` and ``without`` the switch; with policies
            ``status_quo``, the run with the switch and no policy; and each of them with the loop cut (``with_cut``,
            ...).
    """
    scenario = models["with"].config
    tables = {arm: weekly(model) for arm, model in models.items()}
    main, run = scenario.report.window, run_of(scenario)
    rows: list[dict[str, Any]] = []

    def add(name: str, label: str, unit: str, value: float, over: Window) -> None:
        rows.append({"measure": name, "label": label, "unit": unit, "value": value} | over.cells)

    def effect(name: str, label: str, base: str, weeks: int) -> None:
        for cut, words in (("", ""), ("_cut", ", loop cut")):
            if not cut or weeks == main:
                value = switch_effect(tables[f"with{cut}"], tables[f"{base}{cut}"], scenario, weeks)
                over = window_of(scenario, weeks)
                add(f"{name}_{weeks}{cut}", f"{label}, {counted(weeks)} after{words}", "%", value, over)

    if switches(scenario):
        for weeks in (main, *scenario.report.beside):
            effect("switch_effect", "switch effect on attack capacity", "without", weeks)
        recovered = weeks_to_recover(tables["with"], tables["without"], scenario)
        label, over = "weeks until capacity stays within the margin again", rest_of(scenario)
        if rows[0]["missing"]:  # without the effect, the recovery is unknown
            over, recovered = replace(over, missing=over.missing or rows[0]["missing"]), math.nan
        elif abs(rows[0]["value"]) <= 100.0 * scenario.report.margin:
            label, recovered = f"{label} (the effect lies within it)", math.nan
        add("weeks_to_recover", label, "weeks", recovered, over)
    if "status_quo" in tables:
        effect("policy_effect", "effect of the policy on attack capacity", "status_quo", main)
    over_run = f"over {counted(run.weeks)}"
    values = (loop_gain(models["with"]).total, *precision_and_recall(models["with"]))
    for (name, about), value in zip(OF_THE_RUN.items(), values, strict=True):
        add(name, f"{about.label}, {over_run}", about.unit, value, run)
    return pd.DataFrame(rows)
