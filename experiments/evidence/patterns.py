"""The patterns by which the model is judged: what they are (conf/patterns.yaml), and how runs agree with them."""

import csv
import io
import math
import re
from typing import Any, Literal, Self

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, model_validator

from experiments.study.spec import Value, plain_text
from sim.config.own_tables import FACTS, text_of

WIDER = {"A": 0.10, "B": 0.25, "B-": 0.35, "D": 0.5, "M": 0.5}
"""By how much the published range is widened on either side, by the grade of its evidence."""
COUNTS = ("emergent",)
"""Tags of patterns that can support the model."""
_TIMES = {"less": 0.8, "more": 1.25}  # levels of income in conf/study/validation.yaml

OUTSIDE = "not in this model"
"""The verdict on a pattern that the model cannot be asked."""

type Verdict = Literal["agrees", "possible", "disagrees", "no runs", "not in this model"]


class Pattern(BaseModel):
    """One pattern; conf/patterns.yaml says what its parts mean, and the rule."""

    model_config = ConfigDict(frozen=True, extra="forbid")

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
    outside: str = ""

    @model_validator(mode="after")
    def _asked_or_outside(self) -> Self:
        if bool(self.of) == bool(self.outside):
            raise ValueError(f"{self.says}: needs either of (what is measured) or outside (why nothing is)")
        return self

    @property
    def compared(self) -> bool:
        """Whether it is of a comparison of runs or a correlation, whose range is not widened."""
        return self.of in ("elasticity", "effect", "severity_size")

    @property
    def counts(self) -> bool:
        """Whether it can support the model."""
        return self.tag in COUNTS and not self.outside


def load() -> list[Pattern]:
    """All patterns, in order."""
    return [Pattern(**one) for one in plain_text(text_of("patterns.yaml"), "patterns.yaml")["patterns"]]


def facts() -> dict[str, dict[str, str]]:
    """The published figures by name."""
    return {row["id"]: row for row in csv.DictReader(io.StringIO(text_of(FACTS)))}


def known_before_the_switch(fact: dict[str, str]) -> bool:
    """Whether a figure may be evidence: marked ``use=calibrate``, and of a period that ends by the switch of 2020."""
    years = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", fact["period"])]
    return fact["use"] == "calibrate" and bool(years) and max(years) <= 2020


def published(pattern: Pattern, known: dict[str, dict[str, str]]) -> tuple[float, float, str]:
    """The published range and its grade; a limit that it does not have is infinite."""
    fact = known.get(pattern.fact or "", {})
    low, high = pattern.low, pattern.high
    if low is None:
        low = float(fact.get("low") or -math.inf)
    if high is None:
        high = float(fact.get("high") or math.inf)
    return low, high, fact.get("grade", "")


def widened(pattern: Pattern, low: float, high: float, grade: str) -> tuple[float, float]:
    """The range with what the grade leaves open; controls and comparisons as they are."""
    if pattern.compared or pattern.tag == "negative control":
        return low, high
    by = 1.0 + WIDER.get(grade, 0.5)
    return low / by, high * by


def by_draw(pattern: Pattern, runs: pd.DataFrame, base: dict[str, Value]) -> pd.Series:
    """What is measured, a value a draw: means over the replications that share it."""
    if pattern.of == "elasticity":
        rates = {level: _means(runs, base | pattern.where | {"income": level}, "rate") for level in _TIMES}
        return np.log(rates["more"] / rates["less"]) / np.log(_TIMES["more"] / _TIMES["less"])
    if pattern.of == "effect":
        with_ = _means(runs, base | pattern.where, "capacity")
        without = _means(runs, base | {**pattern.where, "policy": "status_quo"}, "capacity")
        return 100.0 * (with_ / without - 1.0)
    column = f"record_{pattern.of}"
    return _means(runs, base | pattern.where, column if column in runs else pattern.of)


def selected(runs: pd.DataFrame, where: dict[str, Any]) -> pd.DataFrame:
    """The runs of these levels that did not fail."""
    own = runs["error"].isna()
    for name, level in where.items():
        if name in runs and name != "intensity":
            own &= runs[name] == level
    return runs[own]


def _means(runs: pd.DataFrame, where: dict[str, Any], column: str) -> pd.Series:
    return selected(runs, where).groupby("draw")[column].mean()


def judge(values: pd.Series, low: float, high: float) -> dict[str, Any]:
    """The middle draw, the middle 90 % of draws, and the verdict against a (widened) range."""
    finite = values[np.isfinite(values)]
    if finite.empty:
        return {"middle": np.nan, "draws_low": np.nan, "draws_high": np.nan, "draws": 0, "verdict": "no runs"}
    ends = finite.quantile([0.05, 0.5, 0.95])
    least, middle, most = (float(end) for end in ends)
    ends_ = {"middle": middle, "draws_low": least, "draws_high": most, "draws": len(finite)}
    return ends_ | {"verdict": verdict(middle, least, most, low, high)}


def verdict(middle: float, least: float, most: float, low: float, high: float) -> Verdict:
    """Whether the middle draw lies in a (widened) range, or the middle 90 % of draws at least reach it."""
    return "agrees" if low <= middle <= high else "possible" if least <= high and most >= low else "disagrees"


def table(runs: pd.DataFrame, base: dict[str, Value]) -> pd.DataFrame:
    """Every pattern with its published range, what the runs have, and the verdict; one row a pattern."""
    known, rows = facts(), []
    for pattern in load():
        low, high, grade = published(pattern, known)
        wide = widened(pattern, low, high, grade)
        about = {"pattern": pattern.says, "tag": pattern.tag, "unit": pattern.unit, "fact": pattern.fact or ""}
        range_ = {"published_low": low, "published_high": high, "grade": grade, "low": wide[0], "high": wide[1]}
        values = by_draw(pattern, runs, base) if pattern.of else pd.Series(dtype=float)
        found = judge(values, *wide) | ({"verdict": OUTSIDE} if pattern.outside else {})
        if pattern.tag == "negative control" and not values.dropna().between(*wide).all():
            found["verdict"] = "disagrees"  # what must not happen must not happen in any draw
        rows.append(about | range_ | found | {"counts": pattern.counts, "reason": pattern.outside})
    return pd.DataFrame(rows)


def growth(runs: pd.DataFrame, base: dict[str, Value]) -> pd.DataFrame:
    """Growth of the attack rate in Iraq from 2018 to the second quarter of 2020 in logs, by what it came from."""
    rows = []
    for part in ("all", "men", "money", "know_how", "opportunity"):
        values = _means(runs, dict(base), f"record_growth_{part}")
        found = judge(values, -np.inf, np.inf)
        rows.append(
            {"part": part.replace("_", "-")} | {name: found[name] for name in ("middle", "draws_low", "draws_high")}
        )
    return pd.DataFrame(rows)
