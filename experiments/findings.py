"""Findings: rows of a study's tables as data, from which every sentence, title and alt text is made.

A finding holds no prose: a kind, what it is of, counts of draws, median, interval, base, verdict, and the rows that it
comes from. `experiments.messages` renders it: one message a kind, with a form for each place where it is shown.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from experiments import text
from experiments.messages import marked, say, with_marks


@dataclass(frozen=True, slots=True)
class Row:
    """Where a finding comes from: a table and the line of its file (the header is line 1)."""

    table: str
    line: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One answer of a study.

    Attributes:
        kind: what is compared, which names the message: ``switch``, ``policy``, ``interaction``, ``privacy``, ...
        group, policy, arm, outcome: what it is of, as in conf/.
        below, within, above: numbers of draws whose effect lies below, within and above the margin.
        draws, n: draws, and pairs of runs.
        median, low, high: effect and its 95 % uncertainty interval over parameter draws, in ``unit``.
        base: mean outcome of the runs that it is compared with.
        margin: of relevance, in ``unit``.
        verdict: raises, lowers, negligible or inconclusive.
        shortage: sample that is too small for a verdict, ``draws`` or ``seeds``; else empty.
        more: further values that its message names, numbers or words.
        rows: the rows that it comes from.
    """

    kind: str
    group: str = ""
    policy: str = ""
    arm: str = ""
    outcome: str = "capacity"
    below: int = 0
    within: int = 0
    above: int = 0
    draws: int = 0
    n: int = 0
    median: float = math.nan
    low: float = math.nan
    high: float = math.nan
    unit: str = "%"
    base: float = math.nan
    margin: float = math.nan
    verdict: str = "inconclusive"
    shortage: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()

    @property
    def values(self) -> dict[str, Any]:
        """The values that messages name: words for names, marked numbers, and counts to select by."""
        numbers = {
            "effect": marked("median", text.quantity(self.median, self.unit, self.low, self.high, sign=True)),
            "size": marked("median", text.quantity(abs(self.median), self.unit, self.low, self.high)),
            "interval": text.interval(self.low, self.high, self.unit),
            "margin": marked("margin", text.quantity(self.margin, self.unit)),
            "base": marked("reference", text.quantity(self.base, text.unit_of(self.outcome))),
        }
        names = {
            "kind": self.kind,
            "group": text.group(self.group),
            "policy": text.policy(self.policy),
            "arm": self.arm,
            "outcome": text.outcome(self.outcome),
            "verdict": self.verdict,
            "shortage": self.shortage,
        }
        counts = {"below": self.below, "within": self.within, "above": self.above, "draws": self.draws, "n": self.n}
        return {**names, **counts, **numbers, **self.more}

    def sentence(self, form: str = "", **values: Any) -> str:
        """Its sentence as plain text; ``form`` names another form, such as ``title``."""
        return say(f"{self.kind}{form and '.'}{form}", **self.values, **values)

    def with_marks(self, form: str = "", **values: Any) -> str:
        """Its sentence with marked numbers, for a brief that links them."""
        return with_marks(f"{self.kind}{form and '.'}{form}", {**self.values, **values})


def finding(kind: str, row: Mapping[str, Any], table: str = "effects", line: int = 0, **more: Any) -> Finding:
    """The finding in a row of an effects table (`experiments.stats.contrasts.effects`)."""
    from experiments.stats.estimates import shortage_of

    draws = int(row["draws"]) if row["draws"] == row["draws"] else 0
    below, within, above = (round(float(row[name]) * draws) if draws else 0 for name in ("below", "within", "above"))
    return Finding(
        kind,
        group=str(row.get("profile") or ""),
        policy=str(row.get("policy") or ""),
        arm=str(row.get("arm") or ""),
        outcome=str(row["outcome"]),
        below=below,
        within=within,
        above=above,
        draws=draws,
        n=int(row["n"]),
        median=float(row["median"]),
        low=float(row["low"]),
        high=float(row["high"]),
        margin=float(row["margin"]),
        unit=str(row["unit"]),
        base=float(row["reference"]),
        verdict=str(row["verdict"]),
        shortage=shortage_of(row),
        more=more,
        rows=(Row(table, line),),
    )


def findings(kind: str, rows: pd.DataFrame, table: str = "effects", **more: Any) -> list[Finding]:
    """A finding for each of some rows of a table, whose index is the place of the row in its file."""
    return [
        finding(kind, row, table, int(place) + 2, **more)  # the header is line 1
        for place, row in zip(rows.index, rows.to_dict("records"), strict=True)
    ]
