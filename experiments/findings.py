"""Findings: rows of a study's tables as data, from which every sentence, title and alt text is made.

A finding holds no prose: a kind, what it is of, counts of draws, median, interval, base, verdict, why, at what price,
how sure that is, and the rows that it comes from. `experiments.messages` renders it: one message a kind, with a form
for each place where it is shown. `Answers` are all findings of a study, which its folder keeps in ``findings.json``.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, Context
from typing import Any

import numpy as np
import pandas as pd
from pydantic import ConfigDict, TypeAdapter

from experiments import text
from experiments.messages import has, marked, say, unmarked, with_marks
from experiments.stats.decision import STATUS_QUO
from experiments.stats.estimates import DEPENDS, EFFECTS, INCONCLUSIVE, MIN_DRAWS, NEGLIGIBLE, is_held, shortage_of
from sim.engine.constants import harm_modelled
from sim.outcomes import OUTCOMES

__all__ = [
    "Amount",
    "Answers",
    "Because",
    "Finding",
    "Row",
    "finding",
    "findings",
    "say",
    "together",
    "where",
    "with_marks",
]

KINDS = ("switch", "policy", "soon", "turn", "choice", "value", "law")
"""Kinds of findings of any study; all else are kinds of one study's own."""
VERDICTS = (*EFFECTS, "mixed", DEPENDS, NEGLIGIBLE, INCONCLUSIVE)
"""Verdicts in the order in which a sentence on several findings names them; mixed: raises here and lowers there."""

FEWEST = 20
"""Draws from which on counts answer where a verdict needs more."""
NOISY = 0.4
"""Share of noise in the variance of single differences beyond which luck hides which draws agree."""
AGREED, MOST, FEW = 0.9, 0.6, 0.1
"""Shares of draws: from which on nearly all, and most of them, have one word; up to which few have."""
SHARES = ("gifts_kept", "campaign_share")
"""Measured quantities of a draw (`experiments.study.explained.MEASURED`), which are shares."""
REASONS = 3
"""Reasons of a confidence that a sentence names at most."""
DOTS, SHOWN = 20, 50
"""Dots for draws: of more draws than `SHOWN` a whole dot is a twentieth of them."""

SIDES = ("lowers", "no", "raises")
"""Sides of counts in the order of ``below``, ``within`` and ``above``."""

AMOUNTS = ("averted", "harm", "harm_share")
"""Amounts of a finding, each with its row."""

_KEYS = ("profile", "arm", "agency", "policy", "intensity", "a", "b", "outcome")
_STRICT = ConfigDict(ser_json_inf_nan="strings", extra="forbid")


@dataclass(frozen=True, slots=True)
class Row:
    """The origin of a finding: a table, the line of its file (the header is line 1), and the identity of the row."""

    table: str
    line: int
    id: str = ""

    def mark(self, column: str, words: str) -> str:
        """Words for a value of this row, marked so that they can be linked to it."""
        return marked(f"{self.table}:{self.line}:{column}", words)


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity over draws: median and interval, in a unit.

    Attributes:
        row: where it comes from, for `Row.mark`.
        column: of the median in that row; ``column_low`` and ``column_high`` hold the ends.
    """

    median: float
    low: float
    high: float
    unit: str
    row: Row
    column: str


@dataclass(frozen=True, slots=True)
class Because:
    """The reason of an answer: a message ``because-KIND`` and the numbers or names that it gives.

    Attributes:
        kind: ``campaigns`` (they bring so much of the money), ``money`` (that arrives changes by), ``fighters``, ...
        values: numbers and names of the message.
        grade: ``measured``, ``arithmetic`` (from sums alone, whatever the rules) or ``assumed``.
    """

    kind: str
    values: Mapping[str, float | str] = field(default_factory=dict)
    grade: str = "assumed"


@dataclass(frozen=True)
class Finding:
    """One answer of a study.

    Attributes:
        id: names it in its study, such as ``switch/announcement/is_core``.
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
        depends_on: the parameters that it depends on most, separated by commas; empty where none is known.
        shortage: sample that is too small for a verdict, ``draws`` or ``seeds``; else empty.
        columns: the columns of median, low and high in their row.
        more: further values that its message names, numbers or words.
        rows: the rows that it comes from, the one of its own numbers first.
        changes: effect of each draw, in the order of draws; empty where draws are not known.
        window: weeks after the switch that it is a mean of.
        agency: who acts; empty where nobody does.
        because: why; none where the study has no number for it.
        averted: attacks a week that it averts.
        harm: lawful money hindered or frozen, USD a week; None where the model has none of this policy's harm.
        harm_share: the same in per cent of what is hindered or frozen with neither switch nor policy.
        harm_verdict: of harm, judged as attacks are; empty where the model has none.
        cost: of staff, USD a year; NaN where it has no published price.
        priced: ``yes``, ``part`` or ``no``.
        soonest: weeks of the shortest window in which the effect is beyond the margin; 0 where none is known.
        confidence: ``high``, ``moderate``, ``low``, or ``none`` where runs are too few.
        reasons: why it is no higher, or why it is high: names of messages ``confidence-REASON``.
    """

    kind: str
    id: str = ""
    group: str = ""
    policy: str = ""
    arm: str = ""
    outcome: str = "rate"
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
    changes: tuple[float, ...] = ()
    window: int = 0
    agency: str = ""
    because: Because | None = None
    averted: Amount | None = None
    harm: Amount | None = None
    harm_share: Amount | None = None
    harm_verdict: str = ""
    cost: float = math.nan
    priced: str = "no"
    soonest: int = 0
    confidence: str = "none"
    reasons: tuple[str, ...] = ()

    @property
    def answer(self) -> str:
        """The answer: ``lowers``, ``raises``, ``no`` (hardly changes it), ``depends`` or ``few`` (runs are too few).

        A verdict needs 39 draws. From 20 on the counts answer, and where the verdict is that it depends, or two are as
        near and more runs would not tell: ``no`` if no draw is beyond the margin, a side if nearly all are beyond it
        and none on the other side. Where noise is large, or more runs would tell, an inconclusive verdict stays one.
        """
        open_ = self.verdict == INCONCLUSIVE and not self.held
        if (open_ or self.verdict == DEPENDS) and len(self.changes) >= FEWEST:
            most, sides = AGREED * len(self.changes), {"lowers": self.below, "raises": self.above}
            if open_ and self.within == len(self.changes):
                return "no"
            if not self.mc_share <= NOISY:
                return "few" if open_ else DEPENDS
            if (found := [side for side, count in sides.items() if count >= most]) and min(sides.values()) == 0:
                return found[0]
            return "few" if open_ and math.isfinite(self.runs_needed) else DEPENDS
        words: dict[str, str] = {NEGLIGIBLE: "no", INCONCLUSIVE: "few"}
        return words.get(self.verdict, self.verdict)

    @property
    def harm_modelled(self) -> str:
        """Whether the model has the harm of its policy: ``yes``, of a ``part``, or ``no``; ``yes`` without a policy."""
        return harm_modelled(self.policy) if self.policy not in ("", STATUS_QUO) else "yes"

    @property
    def hindered(self) -> float:
        """Lawful money that it hinders, USD a week, where that is shown; else 0."""
        return self.harm.median if self.harm and self.harm.low > 0.0 else 0.0

    @property
    def counts(self) -> str:
        """The things that are counted: ``sets`` of assumptions, or ``seeds`` if parameters are held."""
        return "seeds" if self.held else "sets"

    @property
    def held(self) -> bool:
        """True if parameters are held, so that seeds are counted and not draws."""
        return is_held(self.draws, self.mc_share)

    @property
    def reason(self) -> str:
        """The reason if it is inconclusive: few draws or seeds, noise, of unknown size (single), the mean if held."""
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

        def interval(unit: str, brief: bool = False) -> str:
            return text.interval(self.low, self.high, unit, brief, mark)

        turned = self.median < 0.0  # the interval of its size
        ends = (-self.high, -self.low) if turned else (self.low, self.high)
        sides = {"low": "high", "high": "low"} if turned else {"low": "low", "high": "high"}

        def effect(value: float, sign: bool) -> str:
            return row.mark(centre, text.quantity(value, self.unit, self.low, self.high, sign))

        return {
            "kind": self.kind.partition("-")[0],
            "group": text.group(self.group, hypothetical="alone" in self.more),
            "profile": self.group,
            "policy": text.policy(self.policy),
            "modelled": self.harm_modelled,
            "arm": self.arm,
            "outcome": text.outcome(self.outcome),
            "verdict": self.verdict,
            "reason": self.reason,
            "depends-on": text.listed([*map(text.parameter, filter(None, self.depends_on.split(", ")))]) or "unknown",
            "tally": row.mark("lower" if self.lower >= self.higher else "higher", tally),
            "tallied": "yes" if self.counted else "no",
            "runs-needed": row.mark("runs_needed", f"{self.runs_needed:,.0f}"),
            "tell": "yes" if math.isfinite(self.runs_needed) else "no",
            "zero": "yes" if self.median == self.low == self.high == 0.0 else "no",
            "effect": effect(self.median, sign=True),
            "size": effect(abs(self.median), sign=False),
            "interval": interval("%" if self.unit == "%" else ""),
            "amount": row.mark(centre, text.brief_quantity(abs(self.median), self.unit)),
            "change": row.mark(centre, text.brief_quantity(self.median, self.unit, sign=True)),
            "spanned": "yes" if math.isfinite(self.low) and math.isfinite(self.high) else "no",
            "span": interval("%" if self.unit == "%" else "", brief=True),
            "size-span": text.interval(*ends, "", True, lambda end, words: mark(sides[end], words)),
            "range": interval(self.unit),
            "margin": row.mark("margin", text.with_unit(text.short(self.margin), self.unit)),
            "made": row.mark("draws", f"{self.draws:,}"),
            "pairs": row.mark("n", f"{self.n:,}"),
            "base": row.mark("reference", base),
            **{
                name: getattr(self, name)
                for name in ("below", "within", "above", "draws", "lower", "higher", "counted")
            },
            **(self._of_answer if self.id else self.more),
        }

    @property
    def side(self) -> str:
        """The side whose draws a sentence counts: ``lowers``, ``raises`` or ``no``."""
        counts = {"lowers": self.below, "raises": self.above, "no": self.within}
        if self.answer in counts:
            return self.answer
        first = max(("lowers", "raises"), key=lambda one: counts[one])
        few = self.answer == "few" and self.within > counts[first]
        return "no" if few or not counts[first] else first

    @property
    def _of_answer(self) -> dict[str, Any]:
        """The values of messages on an answer: counts, why, at what price, and how sure it is."""
        own = next((row for row in self.rows if row.table.rpartition("/")[2] == TABLE), Row("", 0))
        of = self.below + self.within + self.above
        count = {"lowers": self.below, "raises": self.above, "no": self.within}[self.side]
        names = self.depends_on.split(", ") if self.depends_on else []
        found: dict[str, Any] = {
            "kind": "policy" if self.agency else self.kind,
            "policy-gender": text.gender("policy", self.policy),
            "agency": text.agency(self.agency),
            "where": say(f"arm-{self.arm}.where") if has(f"arm-{self.arm}.where") else "none",
            "answer": self.answer,
            "side": self.side,
            **agreement(count, of),
            **{"unit": self.counts, "dots": "twentieths" if of > SHOWN else "sets"},
            "idle": "yes" if self.because and self.because.kind == "idle" else "no",
            "median": text.brief_quantity(self.median, "%", self.margin, sign=True),
            "base": self.rows[0].mark("reference", text.brief_number(self.base)),
            "margin": text.with_unit(text.brief_number(self.margin), "%"),
            "depends-on": text.parameter(names[0]) if names else "unknown",
            "harm-modelled": self.harm_modelled,
            "parts": self.policy.count("+") + 1,
            "harm-verdict": self.harm_verdict or "none",
            "priced": self.priced,
            "cost": own.mark("cost", text.brief_number(self.cost, digits=3)),
            **{name: getattr(self, name) for name in ("soonest", "window", "draws", "confidence")},
            "needed": MIN_DRAWS,
            "reason": text.listed([say(f"confidence-{one}", unit=self.counts) for one in self.reasons[:REASONS]]),
        }
        for name in AMOUNTS:
            amount = getattr(self, name)
            least = self.margin * self.base / 100.0 if name == "averted" and math.isfinite(self.base) else 0.0
            words = text.brief_number(amount.median, least) if amount else "none"
            words = text.with_unit(words, "%") if amount and amount.unit == "%" else words
            found[name.replace("_", "-")] = amount.row.mark(amount.column, words) if amount else words
        return found | {"because": self._because(own)} | self._more

    def _because(self, own: Row) -> str:
        """Why, as a clause; ``none`` where the study has no number for it."""
        if self.because is None:
            return "none"
        values: dict[str, Any] = dict(self.because.values)
        change = values.get("change", 0.0)
        words = {name: text.brief_number(abs(values[name]), digits=3) for name in {*values} & {"given", "money"}}
        shares = {name: 100.0 * values[name] for name in {*values} & {"kept", "share", "low", "high"}}
        shares |= {"most": rounded_up(100.0 * values["most"])} if "most" in values else {}
        words |= {name: text.brief_quantity(value, "%") for name, value in (shares | {"change": abs(change)}).items()}
        values |= {name: own.mark(f"because_{name}", one) for name, one in words.items()}
        moves = "same" if abs(change) < self.margin / 10.0 else "falls" if change < 0.0 else "rises"
        message = f"because-{self.because.kind.replace('_', '-')}"
        return with_marks(message, {**values, "size": values["change"], "moves": moves, "unit": self.counts})

    @property
    def _more(self) -> dict[str, Any]:
        """Further values in words: of the rail, the parameter, the staff and what the switch depends on."""
        more = self.more
        found: dict[str, Any] = {name: text.parameter(str(more[name])) for name in {*more} & {"parameter", "axis"}}
        found |= {"rail": text.rail(str(more.get("rail", "new_coin"))), "mode": more.get("mode", "none")} | self._swept
        if "drivers" in more:
            names = [*map(text.parameter, more["drivers"]), "none", "none"]
            found |= {"first": names[0], "second": names[1], "count": len(more["drivers"])}
        if rules := more.get("rules"):
            by_rule = {name: one[SIDES.index(self.side)] for name, one in rules.items()}
            usual, *others = by_rule.values()
            ends = {"least": min(others), "most": max(others), "usual": usual, "of": sum(next(iter(rules.values())))}
            found |= {f"rules-{name}": end for name, end in ends.items()}
            found["rules-same"] = "yes" if {*others} == {usual} else "no"
            other = {"lowers": "raises", "raises": "lowers"}.get(self.side)
            usual, *others = (one[SIDES.index(other)] if other else 0 for one in rules.values())
            found["rules-against"] = max(others) if max(others) > usual else 0
        if "at" in more:
            share = str(more["axis"]) in SHARES
            found["at"] = text.brief_quantity(100.0 * more["at"], "%") if share else text.brief_number(more["at"])
        if self.kind == "law":
            found["threshold"] = text.brief_quantity(100.0 * more["threshold"], "%")
            found["lost"] = text.brief_quantity(abs(more["loss"]), "%", self.margin)
        attacks = {"extra": self.median, "extra-low": max(self.low, 0.0), "extra-high": self.high}
        found |= {name: text.brief_number(value * self.base / 100.0) for name, value in attacks.items()}
        found["regretted"] = "yes" if self.median >= self.margin / 10.0 else "no"
        found["hinders"] = "yes" if self.harm_verdict == EFFECTS[0] else "no"
        if self.kind in ("value", "choice"):
            found |= {name: more.get(name, usual) for name, usual in (("tried", "all"), ("hinders-most", "no"))}
            found["group"] = text.group(self.group, hypothetical=True)
        return {**more, **found}

    @property
    def _swept(self) -> dict[str, Any]:
        """The levels of swept parameters that it is at, and where another level has another answer, in words."""
        if not (swept := self.more.get("swept")):
            return {"swept": "none"}
        found = {"swept": "other" if swept["count"] else "same", "swept-levels": text.levels(swept["levels"])}
        found |= {f"swept-{name}": swept[name] for name in ("count", "of", "verdict")}
        found["swept-names"] = text.listed([*map(text.parameter, swept["levels"])])
        found["swept-to"] = ", ".join(map(text.word, swept["to"].values()))
        if len(swept["levels"]) > 1:
            found["swept-to"] = text.levels(swept["to"])
        return found | {"swept-size": text.brief_quantity(abs(swept["median"]), self.unit)}

    def sentence(self, form: str = "", **values: Any) -> str:
        """Its sentence as plain text; ``form`` names another: title, alt; confidence, price, rules of all kinds."""
        return unmarked(self.with_marks(form, **values))

    def with_marks(self, form: str = "", **values: Any) -> str:
        """Its sentence with marked numbers, for a brief that links them."""
        kind = f"finding-{self.kind}" if self.id and has(f"finding-{self.kind}") else self.kind
        message = form if form in ("confidence", "price", "rules") else f"{kind}.{form}" if form else kind
        words = with_marks(message, {**self.values, **values})
        return text.capital(words) if self.id else words

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


def agreement(part: float, of: int) -> dict[str, Any]:
    """Values of messages on a count: how much of all it is in a word (``agree``), ``count``, and ``of``."""
    share = part / of if of else 0.0
    words = {"none": share == 0.0, "all": share == 1.0, "few": share <= FEW, "nearly-all": share >= AGREED}
    words |= {"most": share >= MOST, "split": True}
    return {"agree": next(word for word, true in words.items() if true), "count": round(part), "of": of}


def rounded_up(value: float) -> float:
    """A bound in words: one significant digit below 10, else two, never less than the value."""
    return float(Context(prec=1 if value < 10.0 else 2, rounding=ROUND_CEILING).create_decimal(repr(float(value))))


def in_twentieths(counts: Sequence[int]) -> list[list[float]]:
    """Return counts as dots by their areas: of more than `SHOWN` in all a whole one is a twentieth, the last less."""
    of = sum(counts)
    if of <= SHOWN:
        return [[1.0] * count for count in counts]
    parts = [divmod(DOTS * count, of) for count in counts]
    return [[1.0] * whole + [rest / of] * (rest > 0) for whole, rest in parts]


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


@dataclass(frozen=True)
class Answers:
    """All findings of a study, the same for every surface that shows them.

    Attributes:
        study: its name.
        about: facts on it: title, question, command, model (version), commit, date, seed, runs, failed, draws, planned
            (draws, or seeds if parameters are held, of a study that was interrupted; else 0), window,
            switch (its day, ISO), base (levels of settings), margin, drawn_from, evidence (grade -> parameters, how
            many of them are drawn), standing (tallies and sentences on the model against the record), caveat.
        findings: in the order of the study.
    """

    __pydantic_config__ = _STRICT

    study: str
    about: Mapping[str, Any]
    findings: tuple[Finding, ...]

    def of(self, kind: str, **levels: Any) -> list[Finding]:
        """Findings of a kind, with these values."""
        return [
            one for one in self.findings if one.kind == kind and all(getattr(one, k) == v for k, v in levels.items())
        ]


FILE, TABLE = "findings.json", "findings"
"""The file of answers, and the table of the same findings (`experiments.study.answering.table_of`)."""


def written(answers: Answers) -> bytes:
    """The answers as ``findings.json``, where a missing number is the text NaN."""
    return _ADAPTER.dump_json(answers, indent=1) + b"\n"


def read(text: bytes) -> Answers:
    """The answers in a ``findings.json``; a pydantic ValidationError if it is none."""
    return _ADAPTER.validate_json(text)


_ADAPTER = TypeAdapter(Answers)
