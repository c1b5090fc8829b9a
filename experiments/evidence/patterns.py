"""Agreement of runs with the published patterns of the cases (conf/case)."""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from experiments.evidence import cases, grammar, observables
from experiments.evidence.cases import COMPARISONS, Pattern, facts, published
from experiments.study.design import Plan
from experiments.study.spec import STATUS_QUO, Value
from sim.config.own_tables import FACTS
from sim.engine.text import nearest, number, span
from sim.outcomes import OUTCOMES
from sim.scenario import Scenario

WIDER = {"A": 0.10, "B": 0.25, "B-": 0.35, "C": 0.5, "D": 0.5, "M": 0.5, "": 0.5}
"""Share by which a published range is widened on either side, by the grade of its evidence; last: of no fact."""
_TIMES = {"less": 0.8, "more": 1.25}  # levels of income in conf/study/validation.yaml

_COMPARED: dict[str, tuple[dict[str, Value], ...]] = {
    "elasticity": ({"income": "less"}, {"income": "more"}),
    "effect": ({}, {"policy": STATUS_QUO}),
    "fear": ({}, {"news": "unheard"}),
}
"""Levels that each comparison needs beside those of its pattern."""

VERDICTS = ("agrees", "possible", "disagrees")
LOG = "log"
"""Unit of a direction."""
OUTSIDE = "not in this model"
"""Verdict on a pattern that the model cannot measure."""


def range_of(pattern: Pattern) -> dict[str, Any]:
    """Return the published range of a pattern and the range widened by its grade, as columns of a table.

    The ranges of controls and comparisons are not widened.
    """
    low, high, grade = published(pattern)
    by = 1.0 if pattern.compared or pattern.tag == "negative control" else 1.0 + WIDER[grade]
    return {"published_low": low, "published_high": high, "grade": grade, "low": low / by, "high": high * by}


def by_draw(pattern: Pattern, runs: pd.DataFrame, base: Mapping[str, Value]) -> pd.Series:
    """Return the measure of a pattern by draw: means over the replications of each draw."""

    def means(column: str, **levels: Value) -> pd.Series:
        return selected(runs, {**base, **pattern.where, **levels}).groupby("draw")[column].mean()

    if pattern.of == "elasticity":
        rates = {level: means("rate", income=level) for level in _TIMES}
        return np.log(rates["more"] / rates["less"]) / np.log(_TIMES["more"] / _TIMES["less"])
    if pattern.of == "effect":
        return 100.0 * (means("capacity") / means("capacity", policy="status_quo") - 1.0)
    if pattern.of == "fear":
        return 100.0 * (means("campaign_given") / means("campaign_given", news="unheard") - 1.0)
    measured = [means(f"record_{one}" if f"record_{one}" in runs else one) for one in pattern.measures]
    return np.log(measured[1] / measured[0]) if pattern.of == "direction" else measured[0]


def selected(runs: pd.DataFrame, where: Mapping[str, Any]) -> pd.DataFrame:
    """Return the runs with these levels that did not fail."""
    own = runs["error"].isna()
    for name in where.keys() & set(runs) - {"intensity"}:
        own &= runs[name] == where[name]
    return runs[own]


def central(values: pd.Series) -> dict[str, Any]:
    """Return the median of draws and their central 90 %, as columns of a table; NaN if there are none."""
    least, median, most = values.quantile([0.05, 0.5, 0.95]).tolist()
    return {"median": median, "draws_low": least, "draws_high": most}


def judge(values: pd.Series, low: float, high: float) -> dict[str, Any]:
    """Return the median of draws, their central 90 %, and the verdict against a (widened) range."""
    finite = values[np.isfinite(values)]
    found = central(finite)
    ends = found["draws_low"], found["draws_high"], low, high
    judged = verdict(found["median"], *ends) if len(finite) else "no runs"
    return found | {"draws": len(finite), "verdict": judged}


def verdict(median: float, least: float, most: float, low: float, high: float) -> str:
    """Return *agrees* if the median draw lies in a (widened) range, *possible* if the central 90 % reach it."""
    return "agrees" if low <= median <= high else "possible" if least <= high and most >= low else "disagrees"


def drawn(row: Any, sign: bool = False) -> str:
    """Return median and central 90 % of draws of a row as text; a dash where nothing is measured."""
    if pd.isna(row["median"]):
        return "-"
    return f"{number(row['median'], sign)} [{span(row['draws_low'], row['draws_high'])}]"


def table(runs: pd.DataFrame, base: Mapping[str, Value], names: Sequence[str] = (cases.CORE,)) -> pd.DataFrame:
    """Return every pattern of some cases with its published range, its measure in runs and the verdict; a row each."""
    rows = []
    for case, pattern in ((name, one) for name in names for one in cases.load(name).patterns):
        about = {"case": case, "pattern": pattern.says, "tag": pattern.tag, "fact": pattern.fact or ""}
        about |= {"unit": LOG if pattern.of == "direction" else pattern.unit}
        ends = range_of(pattern)
        values = by_draw(pattern, runs, base) if pattern.of else pd.Series(dtype=float)
        found = judge(values, ends["low"], ends["high"]) | ({"verdict": OUTSIDE} if pattern.outside else {})
        if pattern.tag == "negative control" and not values.dropna().between(ends["low"], ends["high"]).all():
            found["verdict"] = "disagrees"  # a control must hold in every draw
        if pattern.of == "direction" and found["verdict"] == "agrees":  # a median near zero is a coin toss
            within = ends["low"] <= found["draws_low"] and found["draws_high"] <= ends["high"]
            found["verdict"] = "agrees" if within else "possible"
        rows.append(about | ends | found | {"counts": pattern.counts, "reason": pattern.outside})
    return pd.DataFrame(rows)


def by_case(table: pd.DataFrame) -> pd.DataFrame:
    """Return how many patterns agree, in some draws, or not, and how many figures the emergent ones rest on.

    All, emergent ones, of these the limits that a model which does nothing would pass, and directions; a row a case.
    """
    emergent, found = table["counts"], dict[str, pd.Series]()
    kinds = {"all": True, "emergent": emergent, "limit": emergent & only_limits(table)}
    for kind, wanted in (kinds | {"direction": emergent & (table["unit"] == LOG)}).items():
        found |= {f"{kind}_{name}": wanted & (table["verdict"] == name) for name in VERDICTS}
    counts = pd.DataFrame(found).groupby(table["case"], sort=False).sum()
    figures = table["fact"].where(emergent & (table["fact"] != "")).groupby(table["case"], sort=False).nunique()
    return counts.assign(figures=figures).reset_index()


def only_limits(table: pd.DataFrame) -> pd.Series:
    """Return which patterns are one-sided limits that a model which does nothing would pass."""
    one_sided = table["published_low"].isin([0.0, -math.inf]) & (table["published_high"] >= 0.0)
    return one_sided & (table["unit"] != LOG)


def growth(runs: pd.DataFrame, base: Mapping[str, Value]) -> pd.DataFrame:
    """Return the growth of the attack rate in Iraq from 2018 to the second quarter of 2020, in logs, by part."""
    means = selected(runs, base).groupby("draw").mean(numeric_only=True).replace([np.inf, -np.inf], np.nan)
    parts = ("all", "men", "money", "know_how", "opportunity")
    return pd.DataFrame([{"part": one.replace("_", "-")} | central(means[f"record_growth_{one}"]) for one in parts])


def errors(name: str) -> Iterator[str]:
    """Yield every error in the patterns of a case, and in its table of figures."""
    case, known = cases.load(name), facts()
    yield from errors_in(case.patterns, [*observables.measures(), *OUTCOMES, *COMPARISONS])
    for one in case.patterns:
        if one.tag == "calibrated" and (one.fact or "") in ("", *known) and not cases.may_tune(case, one, known):
            yield (
                f"{one.says}: a calibrated pattern needs a measure and a fact with use=calibrate, both of a period "
                f"that ends by the cut ({case.cut}, or that of its place)"
            )
    others = [FACTS, *(f"case/{one}.csv" for one in cases.names() if one != name)]
    taken = {row["id"] for table in others for row in cases.facts_of(table)}
    here = [row["id"] for row in cases.facts_of(f"case/{name}.csv")]
    yield from (f"{one}: another table of figures has this id" for one in here if one in taken)


def errors_in(wanted: Sequence[Pattern], measures: Sequence[str]) -> Iterator[str]:
    """Yield every pattern that has no such measure, no such fact, and no range or an empty one."""
    for one in wanted:
        for of in one.measures if one.of else ():
            if of not in measures and (error := grammar.error_of(of)):
                near = nearest(of, measures) if of.split("_")[0] not in grammar.QUANTITIES else f": {error}"
                yield f"{one.says}: of={of} is measured nowhere{near}"
        yield from unknown_fact(one.fact)
        low, high, grade = published(one)
        if not low <= high:
            yield f"{one.says}: the published range ends before it begins"
        if grade not in WIDER:
            yield f"{one.says}: {one.fact} has grade {grade}; allowed is {', '.join(filter(None, WIDER))}"
        if one.of and math.isinf(low) and math.isinf(high) and (one.fact or "") in ("", *facts()):
            yield f"{one.says}: has no range: it needs low, high, or a fact with one"


def errors_with(plan: Plan) -> Iterator[str]:
    """Yield an error of each pattern that the report of a plan could not judge by its runs.

    Of a packaged case only what no run records: a pattern of it has no runs if the user varies less.
    """
    study, known = plan.study, facts()
    recorded = [*observables.measures(study.observables), *OUTCOMES]
    for name in study.cases if study.report in ("validation", "calibration") else ():
        case, own = cases.load(name), f"case/{name}.yaml" in plan.tables
        tuned = [one for one in case.patterns if one.tag == "calibrated" and cases.may_tune(case, one, known)]
        for one in tuned if study.report == "calibration" else case.patterns:
            beside = recorded if study.report == "calibration" else (*recorded, *COMPARISONS)
            lacking = [of for of in one.measures if one.of and of not in beside]
            yield from (f"case {name}: {one.says}: the study does not record {of}{_section_of(of)}" for of in lacking)
            if own and one.of and not lacking:
                yield from (f"case {name}: {one.says}: {error}" for error in _not_run(one, plan))
        if own:
            yield from (f"case {name}: {error}" for error in _misplaced(name, case, plan))
    if study.report == "calibration" and not cases.evidence_patterns(study.cases):
        yield f"case={','.join(study.cases)}: no pattern is calibrated, so there is no evidence on the parameters"


def _section_of(of: str) -> str:
    found = [name for name, one in observables.sections().items() if of in one.MEASURES]
    return "".join(f"; add {name} to its observables" for name in found)


def _not_run(pattern: Pattern, plan: Plan) -> Iterator[str]:
    """Yield why no cell of a plan can measure a pattern, if none can."""
    factors = plan.cells[0].levels
    unknown = [one for one in pattern.where if one not in factors]
    yield from (f"where: unknown factor {one}{nearest(one, list(factors))}" for one in unknown)
    wanted = plan.study.base | pattern.where
    for more in () if unknown else _COMPARED.get(pattern.of, ({},)):
        levels = {name: level for name, level in (wanted | more).items() if name != "intensity"}
        cells = [one for one in plan.cells if levels.items() <= one.levels.items()]
        if not cells:
            yield f"no block of the study runs {', '.join(f'{name}={level}' for name, level in levels.items())}"
            return
        scenarios = {one.scenario.horizon: one.scenario for one in cells}
        for of in (of for of in pattern.measures if not grammar.error_of(of)):
            if not any(_within(grammar.parse(of), scenario) for scenario in scenarios.values()):
                spans = " or ".join(f"{one.start} to {one.start + timedelta(weeks=one.weeks)}" for one in scenarios)
                yield f"of={of} lies outside of the run, {spans}"


def _within(measure: grammar.Name, scenario: Scenario) -> bool:
    first, before, weeks = scenario.week(measure.first), scenario.week(measure.before), scenario.horizon.weeks
    return first >= 0 and (first < weeks if measure.quantity in grammar.STOCKS else before <= weeks)


def _misplaced(name: str, case: cases.Case, plan: Plan) -> Iterator[str]:
    """Yield places of cuts that no run has, and a group whose profile is not the name of its case."""
    scenarios = [one.scenario for one in plan.cells]
    places = {one.name for each in scenarios for some in (each.theatres, each.appeals, each.rails) for one in some}
    yield from (f"cut_of: no run has {one}{nearest(one, sorted(places))}" for one in case.cut_of if one not in places)
    profiles = {one.scenario.group.profile for one in plan.cells if one.levels.get("profile") == name} - {name}
    yield from (f"group/{name}.yaml: group.profile={one}: must be the name of the case, {name}" for one in profiles)


def unknown_fact(fact: str | None) -> Iterator[str]:
    """Yield an error if a fact is named that no table of figures has."""
    if fact is not None and fact not in facts():
        yield f"there is no fact {fact}{nearest(fact, list(facts()))}"
