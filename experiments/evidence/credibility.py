"""The credibility of the model in words, from the table of the validation study that conf/found holds."""

import io
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from experiments.evidence import cases, patterns
from experiments.messages import say
from experiments.text import capital, short, span
from sim.config import CONF, own_folder
from sim.config.own_tables import text_of

TABLE = own_folder.FOUND[0]
FOUND = CONF / "found"
"""The folder of the tables of the validation study, with provenance.json."""

GRADES = {grade: say(f"grade.{grade.replace('-', '-minus')}", grade=grade) for grade in ("A", "B", "B-", "C", "D", "M")}
"""Grades of evidence in words."""


NO_UNITS = ("exponent", "correlation")


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


def kept() -> Standing:
    """Return the credibility by the tables of conf/found, or by a user's own."""
    texts = [text_of(name) for name in own_folder.FOUND]
    if not texts[0]:
        return Standing()
    table, growth = (pd.read_csv(io.StringIO(text)) for text in texts[:2])
    return standing(table, growth, json.loads(texts[2]))


def tallied() -> dict[str, Any]:
    """Return the verdict on each pattern of the core to which nothing was tuned, and what would change our mind."""
    stored = text_of(TABLE)
    rows = pd.read_csv(io.StringIO(stored)).to_dict("records") if stored else []
    core = [row for row in rows if row["case"] == cases.CORE]
    decides = {one.says for one in cases.load(cases.CORE).patterns if one.decides} if core else set()
    minds = [
        {
            "pattern": row["pattern"],
            "low": min(row["draws_low"], row["published_low"]),
            "high": max(row["draws_high"], row["published_high"]),
            "unit": row["unit"] if isinstance(row["unit"], str) and row["unit"] not in NO_UNITS else "",
            "disagrees": row["verdict"] == "disagrees",
        }
        for row in core
        if row["pattern"] in decides and row["draws"] > 0
    ]
    return {"tiles": [[row["pattern"], row["verdict"]] for row in core if row["counts"]], "minds": minds}


def disagreeing(group: str) -> tuple[str, ...]:
    """Return the patterns of a group on which the model disagrees with the record and whose case names a meaning."""
    stored = text_of(TABLE)
    return _disagreeing(stored, group, text_of(f"case/{group}.yaml")) if stored and group in cases.names() else ()


@cache
def _disagreeing(stored: str, group: str, _case: str) -> tuple[str, ...]:
    """The same of one stored table and case: a user's own are others."""
    rows = pd.read_csv(io.StringIO(stored)).query("verdict == 'disagrees' and case == @group")
    known = {one.says: one for one in cases.load(group).patterns}
    found = ((str(row["pattern"]), row["median"] < row["low"]) for row in rows.to_dict("records"))
    return tuple(name for name, low in found if name in known and (known[name].if_low if low else known[name].if_high))


def errors() -> Iterator[str]:
    """Yield no error, but raise if the tables of conf/found or of a user's own cannot be read."""
    kept()
    yield from ()


def standing(table: pd.DataFrame, growth: pd.DataFrame, facts: Mapping[str, Any]) -> Standing:
    """Return sentences on the tables of a validation study.

    Args:
        table: of `experiments.evidence.patterns.table`.
        growth: of `experiments.evidence.patterns.growth`.
        facts: provenance: command, version, commit, date and replications.
    """
    there = [name for name in cases.names() if name in set(table["case"])]
    known = {(name, pattern.says): pattern for name in there for pattern in cases.load(name).patterns}
    gaps, outside, minds = [], [], []
    for row in table.to_dict("records"):
        pattern = known.get((row["case"], row["pattern"]))
        values = _values({str(key): value for key, value in row.items()}, pattern)
        if row["verdict"] == "disagrees":
            gaps.append(say("pattern-gap", **values))
        if row["verdict"] == patterns.OUTSIDE:
            outside.append(say("pattern-outside", **values))
        if pattern and pattern.decides and row["draws"] > 0:
            minds.append(say("pattern-mind", **values))
    perhaps = table[(table["verdict"] == "possible") & table["counts"]]
    maybe = "; ".join(map(titled, perhaps.to_dict("records")))
    return Standing(
        summary=summary(table),
        open=say("patterns.perhaps", patterns=maybe) if maybe else "",
        rise=_rise(growth),
        gaps=tuple(gaps),
        outside=tuple(outside),
        minds=tuple(minds),
        source=say("validation-source", **{**facts, "commit": facts["commit"][:10]}),
    )


def _values(row: Mapping[str, Any], pattern: cases.Pattern | None) -> dict[str, Any]:
    low, high = row["median"] < row["low"], row["median"] > row["high"]
    side = "low" if low else "high"
    meaning = getattr(pattern, f"if_{side}", "")
    unit = row["unit"] if isinstance(row["unit"], str) and row["unit"] not in NO_UNITS else ""
    median, least, most = (short(row[name]) for name in ("median", "draws_low", "draws_high"))
    ends = min(row["draws_low"], row["published_low"]), max(row["draws_high"], row["published_high"])
    return {
        "pattern": capital(titled(row)),
        "tag": "none" if row["counts"] else row["tag"],
        "side": side if low or high else "some",
        "drawn": say("pattern-drawn", median=median, unit=unit or "none", low=least, high=most),
        "published": span(row["published_low"], row["published_high"], short),
        "meaning": capital(meaning) or "none",
        "reason": row["reason"],
        "disagrees": "yes" if row["verdict"] == "disagrees" else "no",
        "range": f"{span(*ends, short)} {unit}".rstrip(),
    }


def titled(row: Mapping[Any, Any]) -> str:
    """Return the words of a pattern, with its case unless that is the core."""
    return str(row["pattern"]) if row["case"] == cases.CORE else f"{row['pattern']} ({row['case']})"


def drawn_on(evidence: Mapping[str, tuple[int, int]]) -> str:
    """Return the grades of evidence of the drawn parameters, in words; empty where none is drawn.

    Args:
        evidence: number of parameters by grade, and how many of them are drawn.
    """
    drawn = {grade: some for grade, (_, some) in evidence.items()}
    every = sum(drawn.values())
    measured, derived = sum(drawn.get(grade, 0) for grade in ("A", "B", "B-")), drawn.get("D", 0)
    counts = {"measured": measured, "derived": derived, "rest": every - measured - derived}
    return say("drawn-on", count=every, **counts) if every else ""


def summary(table: pd.DataFrame) -> str:
    """Return how many patterns of the core agree, may agree and disagree, of how many figures; then the other cases.

    Limits that a model which does nothing would pass are counted apart, and a figure that judges twice counts once.
    """
    first = cases.CORE if cases.CORE in set(table["case"]) else table["case"].iloc[0]
    counts = patterns.by_case(table).set_index("case")
    rows = table[table["counts"] & (table["case"] == first)]
    agreeing = rows[rows["verdict"] == "agrees"]
    words = say(
        "patterns",
        case=first,
        count=len(rows),
        **_verdicts(counts.loc[first]),
        figures=int(counts.loc[first, "figures"]),
        inside=int(agreeing["median"].between(agreeing["published_low"], agreeing["published_high"]).sum()),
    )
    others = "; ".join(
        say("patterns.case", case=name, **_verdicts(row), count=int(((table["case"] == name) & table["counts"]).sum()))
        for name, row in counts.drop(index=first).iterrows()
    )
    figures = int(table.loc[table["counts"], "fact"].replace("", pd.NA).nunique())
    return f"{words} {say('patterns.others', cases=others, figures=figures)}" if others else words


def _verdicts(counts: "pd.Series[Any]") -> dict[str, int]:
    names = {"agree": "agrees", "perhaps": "possible", "disagree": "disagrees"}
    found = {word: int(counts[f"emergent_{name}"]) for word, name in names.items()}
    return found | {"limits": int(counts["limit_agrees"])}


def _rise(growth: pd.DataFrame) -> str:
    parts = growth.set_index("part")["median"].reindex(["all", "know-how", "opportunity", "men", "money"])
    if not parts.map(math.isfinite).all():
        return ""
    dated, lived = parts["know-how"] + parts["opportunity"], parts["men"] + parts["money"]
    most = "yes" if dated > abs(lived) else "no"
    return say("rise", most=most, dated=short(math.exp(dated)), lived=short(math.exp(lived)))
