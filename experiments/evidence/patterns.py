"""Published patterns that the model is judged by (conf/patterns.yaml), and their agreement with runs."""

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, Self

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, model_validator

from experiments.evidence import observables
from experiments.study.spec import Value, plain_text
from sim.config.own_tables import FACTS, text_of
from sim.engine.text import nearest, number, span
from sim.outcomes import OUTCOMES

WIDER = {"A": 0.10, "B": 0.25, "B-": 0.35, "D": 0.5, "M": 0.5}
"""Share by which a published range is widened on either side, by the grade of its evidence."""
TABLE = "patterns.yaml"
COMPARISONS = ("elasticity", "effect", "fear")
"""Measures that compare runs."""
_TIMES = {"less": 0.8, "more": 1.25}  # levels of income in conf/study/validation.yaml

OUTSIDE = "not in this model"
"""Verdict on a pattern that the model cannot measure."""


class Entry(BaseModel):
    """An entry of a table in conf/: it never changes, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Pattern(Entry):
    """One pattern; conf/patterns.yaml explains its fields and the rule of agreement."""

    says: str
    tag: Literal["built in", "calibrated", "emergent", "negative control"]
    of: str = ""
    unit: str = ""
    fact: str | None = None
    low: float | None = None
    high: float | None = None
    where: dict[str, Value] = {}
    if_low: str = ""
    if_high: str = ""
    decides: bool = False
    general: bool = False
    outside: str = ""

    @model_validator(mode="after")
    def _asked_or_outside(self) -> Self:
        if bool(self.of) == bool(self.outside):
            raise ValueError(f"{self.says}: needs either of (what is measured) or outside (why nothing is)")
        return self

    @property
    def compared(self) -> bool:
        """Return whether it is of a comparison of runs or a correlation, whose range is not widened."""
        return self.of in (*COMPARISONS, "severity_size")

    @property
    def counts(self) -> bool:
        """Return whether it can support the model: nothing was tuned to it."""
        return self.tag == "emergent" and not self.outside


def load() -> list[Pattern]:
    """Return all patterns, in order."""
    return [Pattern(**one) for one in plain_text(text_of(TABLE), TABLE)["patterns"]]


def facts() -> dict[str, dict[str, str]]:
    """Return the published figures by name."""
    return {row["id"]: row for row in csv.DictReader(io.StringIO(text_of(FACTS)))}


def evidence_patterns(cases: Sequence[str] = ()) -> list[Pattern]:
    """Return the calibrated patterns that are evidence on the parameters.

    Their figures have ``use=calibrate`` and are of a period that ends by the switch of 2020. A pattern may have been in
    view when defaults were chosen without being evidence.
    """
    known = {name: fact for name, fact in facts().items() if fact["use"] == "calibrate"}
    wanted = [one for one in load() if one.tag == "calibrated" and one.fact in known]
    return [one for one in wanted if one.general or _by_2020(known[one.fact or ""]["period"])]


def _by_2020(period: str) -> bool:
    years = re.findall(r"\b(?:19|20)\d\d\b", period)
    return bool(years) and max(years) <= "2020"


def published(pattern: Pattern) -> tuple[float, float, str]:
    """Return the published range and its grade; a limit that it lacks is infinite."""
    fact = facts().get(pattern.fact or "", {})
    low = float(fact.get("low") or -math.inf) if pattern.low is None else pattern.low
    high = float(fact.get("high") or math.inf) if pattern.high is None else pattern.high
    return low, high, fact.get("grade", "")


def range_of(pattern: Pattern) -> dict[str, Any]:
    """Return the published range of a pattern and the range widened by its grade, as columns of a table.

    The ranges of controls and comparisons are not widened.
    """
    low, high, grade = published(pattern)
    by = 1.0 if pattern.compared or pattern.tag == "negative control" else 1.0 + WIDER.get(grade, 0.5)
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
    column = f"record_{pattern.of}"
    return means(column if column in runs else pattern.of)


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


def table(runs: pd.DataFrame, base: Mapping[str, Value]) -> pd.DataFrame:
    """Return every pattern with its published range, its measure in runs and the verdict; a row each."""
    rows = []
    for pattern in load():
        about = {"pattern": pattern.says, "tag": pattern.tag, "unit": pattern.unit, "fact": pattern.fact or ""}
        ends = range_of(pattern)
        values = by_draw(pattern, runs, base) if pattern.of else pd.Series(dtype=float)
        found = judge(values, ends["low"], ends["high"]) | ({"verdict": OUTSIDE} if pattern.outside else {})
        if pattern.tag == "negative control" and not values.dropna().between(ends["low"], ends["high"]).all():
            found["verdict"] = "disagrees"  # a control must hold in every draw
        rows.append(about | ends | found | {"counts": pattern.counts, "reason": pattern.outside})
    return pd.DataFrame(rows)


def growth(runs: pd.DataFrame, base: Mapping[str, Value]) -> pd.DataFrame:
    """Return the growth of the attack rate in Iraq from 2018 to the second quarter of 2020, in logs, by part."""
    means = selected(runs, base).groupby("draw").mean(numeric_only=True).replace([np.inf, -np.inf], np.nan)
    parts = ("all", "men", "money", "know_how", "opportunity")
    return pd.DataFrame([{"part": one.replace("_", "-")} | central(means[f"record_growth_{one}"]) for one in parts])


def errors() -> Iterator[str]:
    """Yield every error in conf/patterns.yaml, or in the table of a user's own that replaces it."""
    yield from errors_in(load(), [*observables.measures(), *OUTCOMES, *COMPARISONS])


def errors_in(wanted: Sequence[Pattern], measures: Sequence[str]) -> Iterator[str]:
    """Yield every pattern that has no such measure, no such fact, or an empty range."""
    for one in wanted:
        if one.of and one.of not in measures:
            yield f"{one.says}: of={one.of} is measured nowhere{nearest(one.of, measures)}"
        yield from unknown_fact(one.fact)
        low, high, _ = published(one)
        if not low <= high:
            yield f"{one.says}: the published range ends before it begins"


def unknown_fact(fact: str | None) -> Iterator[str]:
    """Yield an error if a fact is named that facts.csv lacks."""
    if fact is not None and fact not in facts():
        yield f"there is no fact {fact} in facts.csv{nearest(fact, list(facts()))}"
