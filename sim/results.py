"""Tables of a run: weekly series, the ledger of gifts, the switch effect, the gain of the loop."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.engine.constants import WEEKS_A_YEAR, Found, Status
from sim.outcomes import OUTCOMES, Outcome
from sim.rules.world import Week
from sim.run import Run
from sim.scenario import Revenue, Scenario

_BY_RAIL = (
    "given", "delivered", "blocked", "frozen", "seized", "fees", "spent", "price", "held", "gifts", "share", "risk",
)  # fmt: skip
_BY_THEATRE = ("capacity", "know_how", "rate", "attacks", "deaths", "fighters", "sympathy")
_CENTS = frozenset(name for name, outcome in OUTCOMES.items() if outcome.unit.startswith("USD"))
_MEANS = frozenset(("sympathy", "risk", "know_how"))
"""Shares: over rails or theatres they are averaged, not added."""


def _whole_fields() -> dict[str, list[slice]]:
    """Where in a row of the book, in words of eight bytes, the whole numbers of an outcome are that add up to it."""
    parts = {name: [name] for name in OUTCOMES if name in Week.fields} | {"seized": ["forfeited", "raided"]}
    layout: dict[str, Any] = dict(Week.dtype.fields or {})
    found = {}
    for name, fields in parts.items():
        layouts = [layout[field] for field in fields]
        if all(kind.base == np.int64 for kind, *_ in layouts):
            found[name] = [slice(at // 8, (at + kind.itemsize) // 8) for kind, at, *_ in layouts]
    return found


_WHOLE = _whole_fields()


def outcome_of(column: str) -> Outcome:
    """What a column of the weekly table means, from the longest outcome name that it begins with.

    Raises:
        KeyError: if it begins with none.
    """
    names = [name for name in OUTCOMES if column == name or column.startswith(f"{name}_")]
    if not names:
        raise KeyError(column)
    name = max(names, key=len)
    rest = column[len(name) + 1 :].replace("_", " ")
    known = OUTCOMES[name]
    return Outcome(f"{known.label}, {rest}" if rest else known.label, known.unit, known.better)


def _column(model: Run, name: str) -> NDArray[Any]:
    """One outcome, by week or by week and rail or theatre, in the units of its label."""
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


def weekly(model: Run) -> pd.DataFrame:
    """One row a week: every outcome in all, then by rail or theatre. Money in USD.

    Columns: week, date (first day), then the names of `OUTCOMES`, where it applies with ``_RAIL`` or ``_THEATRE``.
    """
    scenario = model.config
    weeks = np.arange(scenario.horizon.weeks)
    columns: dict[str, Any] = {
        "week": weeks,
        "date": pd.to_datetime([scenario.horizon.start + timedelta(weeks=int(w)) for w in weeks]),
    }
    parts: dict[str, Any] = {}
    for name in OUTCOMES:
        values = _column(model, name)
        if values.ndim == 1:
            columns[name] = values
            continue
        if name == "revenue":
            names = list(Revenue.model_fields)
        else:
            names = [one.name for one in (scenario.theatres if name in _BY_THEATRE else scenario.rails)]
        values = values[:, : len(names)]
        if name != "share":
            columns[name] = values.mean(axis=1) if name in _MEANS else values.sum(axis=1)
        if name in (*_BY_RAIL, *_BY_THEATRE, "revenue"):
            parts.update({f"{name}_{one}": values[:, k] for k, one in enumerate(names)})
    return pd.DataFrame(columns | parts)


def series(model: Run, names: Iterable[str] = OUTCOMES, first: int = 0, last: int | None = None) -> dict[str, Any]:
    """Each outcome in all, by week from the first to before the last: as in `weekly`, but without a table."""
    found = {}
    for name in names:
        values = _column(model, name)[first:last]
        if values.ndim == 2 and name in _MEANS:
            values = values[:, : len(model.config.theatres if name in _BY_THEATRE else model.config.rails)].mean(axis=1)
        elif values.ndim == 2:
            values = values.sum(axis=1)
        if name != "share":
            found[name] = values
    return found


def averages(model: Run, weeks: int, names: Iterable[str] = OUTCOMES) -> dict[str, float]:
    """Mean of each outcome in all over so many weeks after the switch, as `window` of `weekly` gives it.

    NaN where the run ends before the window does. Money in USD a week.
    """
    first = model.config.week(model.config.switch_day)
    wanted = [name for name in names if name != "share"]
    if first < 0 or first + weeks > len(model.book):
        return dict.fromkeys(wanted, math.nan)
    words = model.book[first : first + weeks].view(np.int64).reshape(weeks, -1).sum(axis=0)  # of whole numbers, exact
    found = {}
    for name in wanted:
        fields = _WHOLE.get(name)
        if fields is None:
            found[name] = float(series(model, (name,), first, first + weeks)[name].mean())
        else:
            total = sum(int(words[place].sum()) for place in fields)
            found[name] = total / (100 * weeks if name in _CENTS else weeks)
    return found


def gifts(model: Run) -> pd.DataFrame:
    """The labelled ledger: every gift, what became of it, and what enforcement saw of it.

    ``linked`` is what an observer with full access could have linked: nothing, right, or wrong.
    """
    scenario = model.config
    rows = model.ledger[: int(model.book["last_gift"][max(0, model.week)])]
    rails = np.array([rail.name for rail in scenario.rails])
    places = np.array([theatre.name for theatre in scenario.theatres])
    appeals = np.array([appeal.name for appeal in scenario.appeals])
    return pd.DataFrame(
        {
            "donor": rows["donor"],
            "attempt": rows["attempt"],
            "week": rows["week"],
            "community": places[rows["community"]],
            "appeal": appeals[rows["appeal"]],
            "rail": rails[rows["rail"]],
            "intermediary": np.array(model.intermediary_names or [""])[rows["intermediary"]],
            "usd": rows["amount"] / 100.0,
            "status": np.array([status.name.lower() for status in Status])[rows["status"]],
            "linked": np.array(["no", "right", "wrong"])[rows["linked"]],
            "found": np.array([found.name.lower() for found in Found])[rows["found"]],
            "found_week": pd.array(np.where(rows["found"] > 0, rows["found_week"], -1)).astype("Int64"),
        }
    ).replace({"found_week": {-1: pd.NA}})


def pair(scenario: Scenario) -> tuple[Scenario, Scenario]:
    """The scenario with and without the switch: everything else, and all luck, is the same."""
    without = {
        name: shock.model_copy(update={"enabled": False}) if shock.type == "switch" else shock
        for name, shock in scenario.shocks.items()
    }
    return scenario, scenario.model_copy(update={"shocks": without})


def without_feedback(scenario: Scenario) -> Scenario:
    """The same scenario with the loop from attacks to sympathy cut."""
    return scenario.model_copy(update={"inspiration": scenario.inspiration.model_copy(update={"publicity": 0.0})})


def window(table: pd.DataFrame, scenario: Scenario, weeks: int) -> pd.DataFrame:
    """The weeks of a window after the switch: the first begins after the switch day; shorter if the run ends before."""
    first = scenario.week(scenario.switch_day)
    return table[(table["week"] >= first) & (table["week"] < first + weeks)]


def switch_effect(with_: pd.DataFrame, without: pd.DataFrame, scenario: Scenario, weeks: int) -> float:
    """The estimand: mean capacity in the window with the switch minus without, in percent of without.

    NaN where the run ends before the window does, or there is no capacity.
    """
    rows, other = window(with_, scenario, weeks), window(without, scenario, weeks)
    base = float(other["capacity"].mean()) if len(other) == weeks else 0.0
    return 100.0 * (float(rows["capacity"].mean()) - base) / base if base else math.nan


def switches(scenario: Scenario) -> bool:
    """Whether a switch happens in a scenario."""
    return any(shock.type == "switch" and shock.enabled and shock.mode != "none" for shock in scenario.shocks.values())


def status_quo(scenario: Scenario) -> Scenario:
    """The same scenario with no policy."""
    return scenario.model_copy(update={"policies": {}})


def summary(with_: pd.DataFrame, without: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """Means over the main window of the report, the estimand first.

    Columns: outcome, label, unit, better, with, without, difference, percent (of without). Where the run ends before
    the window, the means are over the whole run, and the label of the first row says so.
    """
    weeks = scenario.report.window
    chosen = [window(table, scenario, weeks) for table in (with_, without)]
    if chosen[0].empty:
        chosen = [with_, without]
    rows = []
    for name in [column for column in with_ if column not in ("week", "date")]:
        about = outcome_of(name)
        there, base = (float(table[name].mean()) for table in chosen)
        percent = 100.0 * (there - base) / base if base else float("nan")
        rows.append((name, about.label, about.unit, about.better, there, base, there - base, percent))
    columns = ["outcome", "label", "unit", "better", "with", "without", "difference", "percent"]
    return pd.DataFrame(rows, columns=columns)


def precision_and_recall(model: Run) -> tuple[float, float]:
    """Share of attributions that are true, and share of gifts that passed and came to be known; NaN where none."""
    true, false = int(model.book["true_attributions"].sum()), int(model.book["false_attributions"].sum())
    rows = model.ledger[: int(model.book["last_gift"][max(0, model.week)])]
    passed = int((rows["status"] != Status.BLOCKED).sum())
    return true / (true + false) if true + false else math.nan, true / passed if passed else math.nan


def weeks_to_recover(with_: pd.DataFrame, without: pd.DataFrame, scenario: Scenario) -> float:
    """Weeks after the switch until capacity is within the margin of relevance of the run without it, for good.

    NaN if it never leaves the margin: there is nothing to recover from. Infinite if it has not come back by the end.
    Reads report.margin.
    """
    after = with_["week"] >= scenario.week(scenario.switch_day)
    base = without.loc[after, "capacity"].to_numpy()
    apart = np.abs(with_.loc[after, "capacity"].to_numpy() - base) > scenario.report.margin * base
    if not apart.any():
        return math.nan
    last = int(np.flatnonzero(apart)[-1])
    return math.inf if last == len(apart) - 1 else float(last + 1)


@dataclass(frozen=True, slots=True)
class LoopGain:
    """Gain of the loop sympathy -> people and money -> attacks -> publicity -> sympathy, per cent per cent."""

    publicity: float
    people: float
    money: float

    @property
    def total(self) -> float:
        """Per cent that one per cent more attacks all along adds to them by sympathy, on average over the run."""
        return self.publicity * (self.people + self.money)


def loop_gain(model: Run) -> LoopGain:
    """Gain of the loop, from the averages of a finished run.

    publicity: d log sympathy / d log attacks = s f'(x) x / (1 - s + s f(x)), f(x) = 2x / (1 + x), mean of communities.
    people: alpha x recruits a year per fighter x half the years of the run: men pile up, so a longer run has a larger
    gain. money: epsilon K / (K + K_0) x share of gifts in all income.
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
    """What one run is judged by, the estimand first. Columns: measure, label, unit, value.

    Args:
        models: finished runs on the same luck: ``with`` and ``without`` the switch; with policies ``status_quo``, the
            run with the switch and no policy; and each of them with the loop cut (``with_cut``, ...).
    """
    scenario = models["with"].config
    tables = {arm: weekly(model) for arm, model in models.items()}
    main = scenario.report.window
    rows: list[tuple[str, str, str, float]] = []

    def effect(name: str, label: str, base: str, weeks: int) -> None:
        for cut, words in (("", ""), ("_cut", ", loop cut")):
            if not cut or weeks == main:
                value = switch_effect(tables[f"with{cut}"], tables[f"{base}{cut}"], scenario, weeks)
                rows.append((f"{name}_{weeks}{cut}", f"{label}, {weeks} weeks after{words}", "%", value))

    if switches(scenario):
        for weeks in (main, *scenario.report.beside):
            effect("switch_effect", "switch effect on attack capacity", "without", weeks)
        recovered = weeks_to_recover(tables["with"], tables["without"], scenario)
        label = "weeks until capacity stays within the margin again"
        if abs(rows[0][3]) <= 100.0 * scenario.report.margin:
            label, recovered = f"{label} (the effect lies within it)", math.nan
        rows.append(("weeks_to_recover", label, "weeks", recovered))
    if "status_quo" in tables:
        effect("policy_effect", "effect of the policy on attack capacity", "status_quo", main)
    years = f"over {len(models['with'].book)} weeks"
    gain = loop_gain(models["with"]).total
    rows.append(("loop_gain", f"gain of the loop attacks, sympathy, attacks {years}", "", gain))
    precision, recall = precision_and_recall(models["with"])
    rows.append(("precision", "attributions that are true", "share", precision))
    rows.append(("recall", "gifts that came to be known", "share", recall))
    return pd.DataFrame(rows, columns=["measure", "label", "unit", "value"])
