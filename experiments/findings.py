"""Findings: rows of a study's tables as data, from which every sentence, title and alt text is made.

A finding holds no prose: a kind, what it is of, counts of draws, median, interval, base, verdict, and the rows that it
comes from. `experiments.messages` renders it: one message a kind, with a form for each place where it is shown.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from experiments import text
from experiments.messages import marked, say, with_marks
from experiments.stats.estimates import DEPENDS, EFFECTS, INCONCLUSIVE, NEGLIGIBLE, is_held, shortage_of
from sim.engine.constants import harm_modelled
from sim.outcomes import OUTCOMES

__all__ = ["Finding", "Row", "finding", "findings", "say", "together", "where", "with_marks"]

VERDICTS = (*EFFECTS, "mixed", DEPENDS, NEGLIGIBLE, INCONCLUSIVE)
"""Verdicts in the order in which a sentence on several findings names them; mixed: raises here and lowers there."""

_KEYS = ("profile", "arm", "agency", "policy", "intensity", "a", "b", "outcome")


@dataclass(frozen=True, slots=True)
class Row:
    """Where a finding comes from: a table, the line of its file (the header is line 1), and the identity of the row."""

    table: str
    line: int
    id: str = ""

    def mark(self, column: str, words: str) -> str:
        """Words for a value of this row, marked so that they can be linked to it."""
        return marked(f"{self.table}:{self.line}:{column}", words)


@dataclass(frozen=True, slots=True)
class Finding:
    """One answer of a study.

    Attributes:
        kind: what is compared, which names the message: ``switch``, ``policy``, ``interaction``, ``privacy``, ...
        group, policy, arm, outcome: what it is of, as in conf/.
        below, within, above: numbers of draws whose effect, without noise, lies below, within and above the margin.
        lower, higher: numbers of draws, or of seeds if parameters are held, whose effect as run is below, above zero.
        counted: how many draws or seeds these are of; 0 in a table without such counts.
        draws, n: draws, and pairs of runs.
        median, low, high: effect and its uncertainty interval over parameter draws, in ``unit``.
        mc_share: share of the variance of single differences that is noise.
        runs_needed: pairs of runs that would tell; NaN where none would.
        base: mean outcome of the runs that it is compared with.
        margin: of relevance, in ``unit``.
        verdict: raises, lowers, negligible, depends or inconclusive; empty in a table without verdicts.
        depends_on: what it depends on, in words; empty where that is not known.
        shortage: sample that is too small for a verdict, ``draws`` or ``seeds``; else empty.
        columns: the columns of median, low and high in their row.
        more: further values that its message names, numbers or words.
        rows: the rows that it comes from, the one of its own numbers first.
    """

    kind: str
    group: str = ""
    policy: str = ""
    arm: str = ""
    outcome: str = "capacity"
    below: int = 0
    within: int = 0
    above: int = 0
    lower: int = 0
    higher: int = 0
    counted: int = 0
    draws: int = 0
    n: int = 0
    median: float = math.nan
    low: float = math.nan
    high: float = math.nan
    mc_share: float = math.nan
    runs_needed: float = math.nan
    unit: str = "%"
    base: float = math.nan
    margin: float = math.nan
    verdict: str = INCONCLUSIVE
    depends_on: str = ""
    shortage: str = ""
    columns: tuple[str, str, str] = ("median", "low", "high")
    more: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()

    @property
    def held(self) -> bool:
        """Whether parameters are held, so that seeds are counted and not draws."""
        return is_held(self.draws, self.mc_share)

    @property
    def reason(self) -> str:
        """Why it is inconclusive: few draws or seeds, noise, of unknown size (single), the mean if held; else empty."""
        if self.verdict != INCONCLUSIVE or self.shortage or not self.draws:
            return self.shortage
        return "mean" if self.held else "noise" if math.isfinite(self.mc_share) else "single"

    @property
    def values(self) -> dict[str, Any]:
        """The values that messages name: words for names, marked numbers, and counts to select by."""
        row = self.rows[0] if self.rows else Row("", 0)
        centre, low, high = self.columns
        base = text.with_unit(text.short(self.base), OUTCOMES[self.outcome].unit if self.outcome in OUTCOMES else "")
        tally = text.tally(self.lower, self.higher, self.counted, "seeds" if self.held else "draws")

        def mark(end: str, words: str) -> str:
            return row.mark({"low": low, "high": high}[end], words)

        def interval(unit: str) -> str:
            return text.interval(self.low, self.high, unit, mark)

        def effect(value: float, sign: bool) -> str:
            return row.mark(centre, text.quantity(value, self.unit, self.low, self.high, sign))

        return {
            "about": self.kind.partition("-")[0],
            "group": text.group(self.group),
            "profile": self.group,
            "policy": text.policy(self.policy),
            "modelled": harm_modelled(self.policy),
            "arm": self.arm,
            "outcome": text.outcome(self.outcome),
            "verdict": self.verdict,
            "reason": self.reason,
            "depends-on": self.depends_on or "unknown",
            "tally": row.mark("lower" if self.lower >= self.higher else "higher", tally),
            "tallied": "yes" if self.counted else "no",
            "runs-needed": row.mark("runs_needed", f"{self.runs_needed:,.0f}"),
            "tell": "yes" if math.isfinite(self.runs_needed) else "no",
            "zero": "yes" if self.median == self.low == self.high == 0.0 else "no",
            "effect": effect(self.median, sign=True),
            "size": effect(abs(self.median), sign=False),
            "interval": interval("%" if self.unit == "%" else ""),
            "range": interval(self.unit),
            "margin": row.mark("margin", text.with_unit(text.short(self.margin), self.unit)),
            "made": row.mark("draws", f"{self.draws:,}"),
            "pairs": row.mark("n", f"{self.n:,}"),
            "base": row.mark("reference", base),
            **{name: getattr(self, name) for name in ("below", "within", "above", "draws", "n")},
            **self.more,
        }

    def sentence(self, form: str = "", **values: Any) -> str:
        """Its sentence as plain text; ``form`` names another form, such as ``title``."""
        return say(f"{self.kind}{form and '.'}{form}", **{**self.values, **values})

    def with_marks(self, form: str = "", **values: Any) -> str:
        """Its sentence with marked numbers, for a brief that links them."""
        return with_marks(f"{self.kind}{form and '.'}{form}", {**self.values, **values})

    def beside(self, **others: "Finding | None") -> "Finding":
        """This finding with the values of others, ``harm-effect`` for ``harm``, whose flag ``harm`` is yes or no."""
        more, rows = dict(self.more), list(self.rows)
        for name, other in others.items():
            more |= {name: "no" if other is None else "yes"}
            more |= {f"{name}-{key}": value for key, value in other.values.items()} if other else {}
            rows += other.rows if other else ()
        return replace(self, more=more, rows=tuple(dict.fromkeys(rows)))


def finding(
    kind: str, row: Mapping[str, Any], table: str = "effects", line: int = 0, value: str = "", **more: Any
) -> Finding:
    """The finding in a row of a table.

    Args:
        kind: names the message.
        row: of an effects table (`experiments.stats.contrasts.effects`), or of another one with ``value``.
        table: its name.
        line: of the row in its file.
        value: column of the value, whose interval and verdict are in columns with this name and an ending.
        more: further values of the message; ``unit`` is that of the value.
    """

    def real(name: str) -> float:
        found = row.get(name)
        return math.nan if found is None else float(found)

    low, high = (f"{value}_low", f"{value}_high") if value else ("low", "high")
    centres = [f"{value}_median", value] if value else ["median", "mean"]
    centre = next((name for name in centres if math.isfinite(real(name))), centres[-1])
    draws = real("draws")
    known: dict[str, Any] = {name: str(row[name]) for name in ("policy", "arm", "outcome") if row.get(name)}
    known |= {name: round(real(name) * draws) for name in ("below", "within", "above") if real(name) * draws >= 0}
    known |= {name: int(real(name)) for name in ("draws", "n") if math.isfinite(real(name))}
    known |= {name: real(name) for name in ("mc_share", "runs_needed", "margin")}
    if not value and "lower" in row:
        counted = int(real("n") if is_held(draws, real("mc_share")) else draws)
        known |= {name: round(real(name) * counted) for name in ("lower", "higher") if counted} | {"counted": counted}
    identity = str(row["id"]) if "id" in row else "/".join(str(row[key]) for key in _KEYS if key in row)
    return Finding(
        kind,
        group=str(row.get("profile") or ""),
        **known,
        median=real(centre),
        low=real(low),
        high=real(high),
        base=real("reference"),
        unit=str(more.pop("unit", row.get("unit", "%"))),
        verdict=str(row.get(f"{value}_verdict" if value else "verdict", row.get("verdict", ""))),
        depends_on=on if isinstance(on := row.get("depends_on"), str) else "",  # empty cells of a file are NaN
        shortage=shortage_of(row) if "n" in row and math.isfinite(draws) else "",
        columns=(centre, low, high),
        more=more,
        rows=(Row(table, line, identity),),
    )


def findings(kind: str, rows: pd.DataFrame, table: str = "effects", value: str = "", **more: Any) -> list[Finding]:
    """A finding for each of some rows of a table, whose index is the place of the row in its file."""
    return [
        finding(kind, row, table, int(place) + 2, value, **more)  # the header is line 1
        for place, row in zip(rows.index, rows.to_dict("records"), strict=True)
    ]


def together(found: Sequence[Finding], form: str = "title", over: str = "group", **values: Any) -> str:
    """One sentence on several findings of a kind: a clause for each verdict, with the names of what it holds for.

    The message is given ``names``, each with its count of draws, their number ``count``, and all values of the first of
    them; ``first`` is yes in the first clause.

    Args:
        found: the findings.
        form: of their message.
        over: the value in which they differ: ``group``, ``policy``, ...
        values: further values of the message.
    """
    clauses: list[str] = []
    for verdict in VERDICTS:
        of_verdict = [one for one in found if one.verdict == verdict]
        for depends_on in dict.fromkeys(one.depends_on for one in of_verdict):
            some = [one for one in of_verdict if one.depends_on == depends_on]
            every = over != "item" and len(some) == len(found) > 1
            listed = [say("with-tally", **one.values | {"name": str(one.values[over]), "item": over}) for one in some]
            names = say("every", over=over) if every else text.listed_to(listed)
            about = {"names": names, "count": len(some), "first": "no" if clauses else "yes"}
            clauses.append(some[0].sentence(form, **values, **about))
    return text.capital("; ".join(clauses))


def where(table: pd.DataFrame, levels: Mapping[str, Any] | None = None, **more: Any) -> pd.DataFrame:
    """Rows whose columns have these levels; a condition on a column that the table lacks holds."""
    for name, level in {**(levels or {}), **more}.items():
        if name in table and len(table):
            column = table[name]
            if isinstance(level, int | float) and pd.api.types.is_numeric_dtype(column):
                table = table[np.isclose(column.astype(float), float(level))]
            else:
                table = table[column.astype(str) == str(level)]
    return table


def base_levels(table: pd.DataFrame, base: Mapping[str, Any]) -> dict[str, Any]:
    """The level of each setting of an effects table at which a study reports: that of the base, else the first."""
    columns = [str(name) for name in table]
    before = columns[: columns.index("outcome")] if "outcome" in columns else []
    settings = [name for name in before if name not in ("id", "contrast", "arm", "policy", "intensity", "profile")]
    found = {}
    for name in [*settings, *(["window"] if "window" in columns else [])]:
        if len(table):
            there = name in base and len(where(table, {name: base[name]}))
            found[name] = base[name] if there else table[name].iloc[0]
    return found
