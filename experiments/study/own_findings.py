"""Counts and confidence of findings of a study's own kinds: how many of the draws agree, and how sure that is."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from experiments.evidence.cases import CORE
from experiments.evidence.credibility import disagreeing
from experiments.findings import AGREED, DOTS, FEW, FEWEST, Because, Finding, Row, agreement
from experiments.stats.estimates import MIN_DRAWS
from experiments.text import HYPOTHETICAL

SIDES = {"lowers": "below", "negligible": "within", "raises": "above"}
"""The count of draws that agree with a verdict."""


def tallied(
    found: Finding,
    *names: str,
    part: float | None = None,
    of: int = 0,
    because: Because | None = None,
    **more: Any,
) -> Finding:
    """A finding with its id, the count of draws that agree, why, and how sure it is.

    Args:
        found: the finding in a row.
        names: that tell it from others of its kind and group.
        part: number of draws, or of others that are counted, for which its sentence is true; by default those on the
            side of its verdict, else on the side with most of them, which ``side`` names.
        of: number of the others; by default draws are counted.
        because: why.
        more: further values of its message.
    """
    sides = {side: getattr(found, name) for side, name in SIDES.items()}
    side = found.verdict if found.verdict in sides else max(sides, key=lambda one: sides[one])
    part, of = (sides[side], sum(sides.values())) if part is None else (part, of or found.draws)
    values = {"side": side, "unit": found.counts, **agreement(part, of), **more}
    id_ = "/".join(filter(None, [found.kind, found.group, *names]))
    margin = found.margin if found.unit == "%" else math.nan
    return sure(replace(found, id=id_, because=because, more=values, margin=margin), part / of if of else math.nan)


def graded(found: Finding, low: Mapping[str, bool], agree: bool) -> tuple[str, tuple[str, ...]]:
    """How sure an answer is, and the reasons: low by some, moderate by what all findings share, else high.

    ``agree``: whether draws are known to, which is a reason of high.
    """
    grade = found.because.grade if found.because else "assumed"
    middle = {
        "few-draws": 0 < found.draws < MIN_DRAWS and not found.held,
        "pattern": bool(disagreeing(found.group)),
        "judgement": grade == "assumed",
    }
    low = {"one-set": found.held, **low}
    for word, reasons in (("low", low), ("moderate", middle)):
        if named := tuple(name for name, true in reasons.items() if true):
            return word, named
    return "high", ("agree", grade) if agree else (grade,)


def sure(found: Finding, share: float = math.nan) -> Finding:
    """The finding with its confidence: none of few draws, low if split or hypothetical, high if measured.

    ``share`` of the draws, or of others that are counted, agree; NaN if none is counted.
    """
    if found.shortage == "seeds" or (0 < found.draws < FEWEST and not found.held):
        return replace(found, confidence="none", reasons=("few",))
    low = {"hypothetical": found.group in HYPOTHETICAL, "split": FEW < share < AGREED}
    confidence, reasons = graded(found, low, share >= AGREED)
    return replace(found, confidence=confidence, reasons=reasons)


def in_per_cent(found: Finding) -> Finding:
    """A finding on a share, in per cent."""
    ends = {name: 100.0 * getattr(found, name) for name in ("median", "low", "high")}
    return replace(found, **ends, unit="%")


def large_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of the large group before all others."""
    return rows.sort_values("profile", key=lambda names: names != CORE, kind="stable") if "profile" in rows else rows


def rows_of(table: str, lines: Iterable[Any]) -> tuple[Row, ...]:
    """The first rows of a table among some, by their place in it."""
    return tuple(Row(table, int(line) + 2) for line in [*lines][:DOTS])  # the header is line 1
