"""What the model rests on, in words: composed from the kept table of the validation study (conf/found)."""

import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.evidence import patterns
from experiments.evidence.patterns import OUTSIDE
from sim.config import CONF
from sim.config.own_folder import FOUND as TABLES
from sim.config.own_tables import text_of
from sim.engine.text import capital, plural, span

FOUND = CONF / "found"
"""Where tables of the validation study are kept, with provenance.json."""

GRADES = {
    "A": "measured", "B": "measured, less surely", "B-": "measured, weakly", "C": "judgement", "D": "derived",
    "M": "from memory",
}  # fmt: skip
"""Grades of evidence in words."""
_DATED = ("know-how", "opportunity")
_LIVED = ("men", "money")


@dataclass(frozen=True)
class Standing:
    """How the model stands beside the record: sentences, each from rows of the kept tables; empty where none is kept.

    Attributes:
        summary: how many patterns to which nothing was tuned agree, may agree and disagree.
        open: what agrees in some draws only.
        rise: how much of the growth of attacks in Iraq is put in by date.
        gaps: what disagrees, which way, and what that means for an answer.
        outside: what the model cannot be asked, and why.
        minds: what would change our mind.
        source: command, version, commit and day of the runs.
    """

    summary: str = ""
    open: str = ""
    rise: str = ""
    gaps: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    minds: tuple[str, ...] = ()
    source: str = ""


def kept(folder: Path | None = None) -> Standing:
    """The standing that the kept tables give, or those of a folder."""
    texts = [text_of(name) if folder is None else _text(folder / Path(name).name) for name in TABLES]
    if not texts[0]:
        return Standing()
    table, growth = (pd.read_csv(io.StringIO(text), keep_default_na=True) for text in texts[:2])
    return standing(table, growth, json.loads(texts[2]))


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


def standing(table: pd.DataFrame, growth: pd.DataFrame, facts: Mapping[str, Any]) -> Standing:
    """What tables of a validation study say.

    Args:
        table: of `experiments.evidence.patterns.table`.
        growth: of `experiments.evidence.patterns.growth`.
        facts: provenance: command, version, commit, date and replications.
    """
    known = {pattern.says: pattern for pattern in patterns.load()}
    rows: Sequence[dict[str, Any]] = [
        {str(key): value for key, value in row.items()} for row in table.to_dict("records")
    ]
    maybe = [row["pattern"] for row in rows if row["verdict"] == "possible" and row["counts"]]
    return Standing(
        summary=summary(table),
        open=f"In some draws only: {'; '.join(maybe)}." if maybe else "",
        rise=_rise(growth),
        gaps=tuple(_gap(row, known.get(row["pattern"])) for row in rows if row["verdict"] == "disagrees"),
        outside=tuple(f"{capital(row['pattern'])}: {row['reason']}." for row in rows if row["verdict"] == OUTSIDE),
        minds=tuple(_mind(row) for row in rows if _decides(row, known.get(row["pattern"]))),
        source=_source(facts),
    )


def drawn_on(evidence: Mapping[str, tuple[int, int]]) -> str:
    """On what grade of evidence the drawn parameters stand, in words; nothing where none is drawn.

    Args:
        evidence: number of parameters by grade, and how many of them are drawn.
    """
    drawn = {grade: some for grade, (_, some) in evidence.items()}
    every = sum(drawn.values())
    if not every:
        return ""
    measured, derived = sum(drawn.get(grade, 0) for grade in ("A", "B", "B-")), drawn.get("D", 0)
    rest = every - measured - derived
    return (
        f"Of {every} kinds of parameters that are drawn, {measured} rest on measurements, {derived} are derived from "
        f"measurements, and {rest} rest on judgement or memory."
    )


def summary(table: pd.DataFrame) -> str:
    """How many patterns that count agree, may agree and disagree; on how many figures, and how narrowly."""
    rows = table[table["counts"]]
    figures = rows["fact"].replace("", pd.NA).nunique()
    verdicts = rows["verdict"].tolist()
    agreeing = rows[rows["verdict"] == "agrees"]
    inside = int(agreeing["median"].between(agreeing["published_low"], agreeing["published_high"]).sum())
    agree, perhaps, not_ = (verdicts.count(name) for name in ("agrees", "possible", "disagrees"))
    return (
        f"Of {len(verdicts)} published patterns to which nothing was tuned, {agree} {_verb('agree', agree)} with the "
        f"model, {perhaps} {_verb('agree', perhaps)} in some draws of the parameters only, and {not_} "
        f"{_verb('disagree', not_)}. They rest on {figures} {plural(figures, 'published figure')}; of those that "
        f"agree, {inside} {'lies' if inside == 1 else 'lie'} in the published range before it is widened."
    )


def _verb(verb: str, number_: int) -> str:
    return f"{verb}s" if number_ == 1 else verb


def _gap(row: Mapping[str, Any], pattern: patterns.Pattern | None) -> str:
    """What disagrees, which way, and what it means for an answer."""
    low = row["median"] < row["low"]
    means = (pattern.if_low if low else pattern.if_high) if pattern else ""
    tag = "" if row["counts"] else f" ({row['tag']})"
    words = f"{capital(row['pattern'])}{tag}: too {'low' if low else 'high'} in the model, {_drawn(row)}"
    return f"{words}; on record {_published(row)}.{f' {capital(means)}.' if means else ''}"


def _decides(row: Mapping[str, Any], pattern: patterns.Pattern | None) -> bool:
    return pattern is not None and pattern.decides and row["draws"] > 0


def _mind(row: Mapping[str, Any]) -> str:
    """What a new measurement would have to say to contradict both the model and the record of today."""
    unit = f" {row['unit']}" if _worded(row["unit"]) else ""
    if row["verdict"] == "disagrees":
        return f"{capital(row['pattern'])}: the record already speaks against the model."
    low, high = min(row["draws_low"], row["published_low"]), max(row["draws_high"], row["published_high"])
    return f"{capital(row['pattern'])}: a measurement outside of {span(low, high, _short)}{unit}."


def _rise(growth: pd.DataFrame) -> str:
    """How much of the rise of attacks in Iraq is put in by date."""
    parts = dict(zip(growth["part"], growth["median"], strict=True))
    if not all(math.isfinite(parts.get(name, math.nan)) for name in ("all", *_DATED, *_LIVED)):
        return ""
    dated, lived = (sum(parts[name] for name in names) for names in (_DATED, _LIVED))
    most = "Most" if dated > abs(lived) else "Less than half"
    words = f"{most} of the growth of attacks in Iraq from 2018 to mid-2020 is put in by date"
    by_date, by_model = (_short(math.exp(part)) for part in (dated, lived))
    return f"{words}: know-how and opportunity alone multiply them by {by_date}, men and money by {by_model}."


def _source(facts: Mapping[str, Any]) -> str:
    code = f"version {facts['version']}, commit {facts['commit'][:10]}"
    return f"{facts['command']} ({code}, {facts['date']}, {facts['replications']} replications)"


def _drawn(row: Mapping[str, Any]) -> str:
    unit = f" {row['unit']}" if _worded(row["unit"]) else ""
    return f"{_short(row['median'])} ({_short(row['draws_low'])} to {_short(row['draws_high'])}){unit}"


def _published(row: Mapping[str, Any]) -> str:
    return span(row["published_low"], row["published_high"], _short)


def _worded(unit: Any) -> bool:
    return isinstance(unit, str) and unit not in ("", "exponent", "correlation")


def _short(value: float) -> str:
    """A number in three digits; millions in words."""
    if abs(value) >= 1e6:
        return f"{value / 1e6:.3g} million"
    places = 2 - math.floor(math.log10(abs(value))) if value else 0
    text = f"{round(value, places):,.{max(0, places)}f}"
    return text.rstrip("0").rstrip(".") if places > 0 else text
