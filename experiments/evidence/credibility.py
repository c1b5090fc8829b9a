"""The credibility of the model in words, from the table of the validation study that conf/found holds."""

import io
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.evidence import patterns
from experiments.evidence.patterns import OUTSIDE
from experiments.messages import say
from experiments.text import capital, short, span
from sim.config import CONF
from sim.config.own_folder import FOUND as TABLES
from sim.config.own_tables import text_of

FOUND = CONF / "found"
"""The folder of the tables of the validation study, with provenance.json."""

GRADES = {grade: say(f"grade.{grade.replace('-', '-minus')}", grade=grade) for grade in ("A", "B", "B-", "C", "D", "M")}
"""Grades of evidence in words."""
_DATED = ("know-how", "opportunity")
_LIVED = ("men", "money")


@dataclass(frozen=True)
class Standing:
    """Sentences on the model against the record, each from rows of the stored tables; empty where none is stored.

    Attributes:
        summary: numbers of patterns, to which nothing was tuned, that agree, may agree and disagree.
        open: patterns that agree in some draws only.
        rise: share of the growth of attacks in Iraq that is put in by date.
        gaps: patterns that disagree, their direction, and the meaning for an answer.
        outside: questions outside the model, and the reason.
        minds: measurements that would change our mind.
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
    """The credibility by the tables of conf/found, or by those of a folder."""
    texts = [text_of(name) if folder is None else _text(folder / Path(name).name) for name in TABLES]
    if not texts[0]:
        return Standing()
    table, growth = (pd.read_csv(io.StringIO(text), keep_default_na=True) for text in texts[:2])
    return standing(table, growth, json.loads(texts[2]))


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


def standing(table: pd.DataFrame, growth: pd.DataFrame, facts: Mapping[str, Any]) -> Standing:
    """Sentences on the tables of a validation study.

    Args:
        table: of `experiments.evidence.patterns.table`.
        growth: of `experiments.evidence.patterns.growth`.
        facts: provenance: command, version, commit, date and replications.
    """
    known = {pattern.says: pattern for pattern in patterns.load()}
    rows = [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
    maybe = [row["pattern"] for row in rows if row["verdict"] == "possible" and row["counts"]]
    decisive = [row for row in rows if row["pattern"] in known and known[row["pattern"]].decides and row["draws"] > 0]
    return Standing(
        summary=summary(table),
        open=say("patterns.perhaps", patterns="; ".join(maybe)) if maybe else "",
        rise=_rise(growth),
        gaps=tuple(_gap(row, known.get(row["pattern"])) for row in rows if row["verdict"] == "disagrees"),
        outside=tuple(
            say("pattern-outside", pattern=capital(row["pattern"]), reason=row["reason"])
            for row in rows
            if row["verdict"] == OUTSIDE
        ),
        minds=tuple(_mind(row) for row in decisive),
        source=say("validation-source", **{**facts, "commit": facts["commit"][:10]}),
    )


def drawn_on(evidence: Mapping[str, tuple[int, int]]) -> str:
    """The grades of evidence of the drawn parameters, in words; empty where none is drawn.

    Args:
        evidence: number of parameters by grade, and how many of them are drawn.
    """
    drawn = {grade: some for grade, (_, some) in evidence.items()}
    every = sum(drawn.values())
    measured, derived = sum(drawn.get(grade, 0) for grade in ("A", "B", "B-")), drawn.get("D", 0)
    counts: dict[str, Any] = {
        "count": every,
        "measured": measured,
        "derived": derived,
        "rest": every - measured - derived,
    }
    return say("drawn-on", **counts) if every else ""


def summary(table: pd.DataFrame) -> str:
    """Numbers of patterns that agree, may agree and disagree, and of the published figures that they rest on."""
    rows = table[table["counts"]]
    verdicts = rows["verdict"].tolist()
    agreeing = rows[rows["verdict"] == "agrees"]
    return say(
        "patterns",
        count=len(verdicts),
        agree=verdicts.count("agrees"),
        perhaps=verdicts.count("possible"),
        disagree=verdicts.count("disagrees"),
        figures=int(rows["fact"].replace("", pd.NA).nunique()),
        inside=int(agreeing["median"].between(agreeing["published_low"], agreeing["published_high"]).sum()),
    )


def _gap(row: Mapping[str, Any], pattern: patterns.Pattern | None) -> str:
    """A pattern that disagrees, its direction, and the meaning for an answer."""
    low, high = row["median"] < row["low"], row["median"] > row["high"]
    side = "low" if low else "high"
    meaning = getattr(pattern, f"if_{side}", "")
    ends = {"low": short(row["draws_low"]), "high": short(row["draws_high"])}
    return say(
        "pattern-gap",
        pattern=capital(row["pattern"]),
        tag="none" if row["counts"] else row["tag"],
        side=side if low or high else "some",
        drawn=say("pattern-drawn", median=short(row["median"]), unit=_unit(row) or "none", **ends),
        published=span(row["published_low"], row["published_high"], short),
        meaning=capital(meaning) or "none",
    )


def _mind(row: Mapping[str, Any]) -> str:
    """The measurement that would contradict both the model and the record of today."""
    ends = min(row["draws_low"], row["published_low"]), max(row["draws_high"], row["published_high"])
    return say(
        "pattern-mind",
        pattern=capital(row["pattern"]),
        disagrees="yes" if row["verdict"] == "disagrees" else "no",
        range=f"{span(*ends, short)} {_unit(row)}".rstrip(),
    )


def _rise(growth: pd.DataFrame) -> str:
    """The share of the rise of attacks in Iraq that is put in by date."""
    parts = dict(zip(growth["part"], growth["median"], strict=True))
    if not all(math.isfinite(parts.get(name, math.nan)) for name in ("all", *_DATED, *_LIVED)):
        return ""
    dated, lived = (sum(parts[name] for name in names) for names in (_DATED, _LIVED))
    most = "yes" if dated > abs(lived) else "no"
    return say("rise", most=most, dated=short(math.exp(dated)), lived=short(math.exp(lived)))


def _unit(row: Mapping[str, Any]) -> str:
    """The unit of a pattern; empty for plain numbers."""
    unit = row["unit"]
    return unit if isinstance(unit, str) and unit not in ("exponent", "correlation") else ""
