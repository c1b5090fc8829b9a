"""Tables of a run: weekly series, the ledger of gifts, the switch effect, the loop gain."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.engine.constants import WEEKS_A_YEAR, Found, Status
from sim.outcomes import OF_THE_RUN, OUTCOMES, Outcome, described
from sim.rules.world import Week
from sim.run import Run
from sim.scenario import Revenue, Scenario
from sim.windows import Window, counted, rest_of, run_of, window_of
from sim.windows import switches as switches

_CENTS = frozenset(name for name, outcome in OUTCOMES.items() if outcome.unit.startswith("USD"))
_MEANS = frozenset(("sympathy", "risk", "know_how"))
"""Outcomes that are averaged over rails or theatres, not added."""


def outcome_of(column: str) -> Outcome:
    """Return the description of a column of the weekly table, by the longest outcome name that it begins with.

    Raises:
        KeyError: if the column begins with no outcome name.
    """
    name = max((name for name in OUTCOMES if f"{column}_".startswith(f"{name}_")), key=len, default=column)
    rest, known = column[len(name) + 1 :].replace("_", " "), OUTCOMES[name]
    return Outcome(f"{known.label}, {rest}" if rest else known.label, known.unit, known.better)


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
    first = model.config.week(model.config.switch_day)
    wanted = [name for name in names if name != "share"]
    if first < 0 or first + weeks > len(model.book):
        return dict.fromkeys(wanted, math.nan)
    found = {}
    for name in wanted:
        fields = ("forfeited", "raided") if name == "seized" else (name,)
        if all(field in Week.fields and model.book.dtype[field].base == np.int64 for field in fields):
            total = sum(int(model.book[field][first : first + weeks].sum()) for field in fields)  # exact
            found[name] = total / (100 * weeks if name in _CENTS else weeks)
        else:
            found[name] = float(series(model, (name,), first, first + weeks)[name].mean())
    return found


GIFTS = described("ledger")
for _name, _kind in {"status": Status, "found": Found}.items():
    GIFTS[_name] = replace(GIFTS[_name], levels=tuple(one.name.lower() for one in _kind))
"""Columns of the ledger."""


def gifts(model: Run) -> pd.DataFrame:
    """Return the labelled ledger: every gift, its status, and its discovery by enforcement. Columns: `GIFTS`."""
    scenario = model.config
    rows = _ledger(model)
    names = {
        "community": [theatre.name for theatre in scenario.theatres],
        "appeal": [appeal.name for appeal in scenario.appeals],
        "rail": [rail.name for rail in scenario.rails],
        "intermediary": model.intermediary_names or [""],
    } | {name: column.levels for name, column in GIFTS.items() if column.levels}
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


def precision_and_recall(model: Run) -> tuple[float, float]:
    """Return the precision and recall of attribution in the whole run.

    Precision is the share of attributions that are true; recall is the share of gifts that passed and were discovered.
    Each is NaN if its denominator is zero.
    """
    true, false = int(model.book["true_attributions"].sum()), int(model.book["false_attributions"].sum())
    passed = int((_ledger(model)["status"] != Status.BLOCKED).sum())
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
    seen = np.log1p(book["deaths"]) if scenario.inspiration.by_deaths else book["attacks"]
    attacks = seen[:, :places].mean(axis=0)
    elsewhere = scenario.inspiration.elsewhere
    x = (attacks + elsewhere * (attacks.sum() - attacks)) / scenario.inspiration.reference
    slope = share * 2.0 * x / (1.0 + x) ** 2 / (1.0 - share + share * 2.0 * x / (1.0 + x))
    men = book["fighters"].sum(axis=1).mean()
    back = scenario.group.rejoin / WEEKS_A_YEAR * model.cells["former"].sum() / 2.0
    joining = max(0.0, float(book["recruits"].mean() - back)) * WEEKS_A_YEAR / men if men > 0 else 0.0
    people = scenario.combat.people * joining * len(book) / WEEKS_A_YEAR / 2.0
    income = (book["delivered"].sum() + book["collected"].sum()) or 1
    provinces = model.cells[model.cells["attacks_reference"] > 0]
    floor = 100.0 * provinces["money_floor"].sum()
    operations = book["operations"].mean()
    means = operations / (operations + floor) if operations + floor > 0 else 0.0
    money = scenario.combat.money * means * float(book["delivered"].sum() / income)
    weights = np.array([one.donors for one in scenario.theatres]) + 1e-12
    return LoopGain(float(np.average(slope, weights=weights)), float(people), float(money))


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
