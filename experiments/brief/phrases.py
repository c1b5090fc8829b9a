"""One row in words: a verdict has three phrasings, and none says more than its row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from experiments.brief.words import (
    Clause,
    Finding,
    Number,
    Piece,
    Row,
    Source,
    Verdict,
    decimals,
    outcome,
    plain,
    policy,
    profile,
    quantity,
)
from experiments.stats import estimates

OPEN = estimates.UNDECIDED
"""Verdicts by which nothing can be told."""
VERDICTS = ("effect", "practically none", *OPEN)
_MADE: dict[str, tuple[str, str]] = {
    estimates.TOO_FEW: ("draws", "draws were made"),
    estimates.FEW_SEEDS: ("n", "seeds were run"),
}


@dataclass(frozen=True)
class Columns:
    """Which columns hold the value, its interval, its verdict and its unit; and whether it is shown with a plus."""

    mean: str = "mean"
    low: str = "low"
    high: str = "high"
    verdict: str = "verdict"
    unit: str | None = None
    plus: bool = True

    def unit_of(self, row: Row) -> str:
        """The unit of the row's values; where the table has none, per cent for capacity, else USD a week."""
        if self.unit is not None:
            return self.unit
        return row.text("unit") or ("%" if row.text("outcome") in ("", "capacity", "rate") else "USD/week")


EFFECT = Columns()
AVERTED = Columns("averted", "averted_low", "averted_high", "averted_verdict", "attacks/week", plus=False)
HARM = Columns("harm", "harm_low", "harm_high", "", "USD/week")


def sound(row: Row, columns: Columns = EFFECT, bare: bool = False) -> bool:
    """Whether the row holds a value, an interval and one of the three verdicts; a bare one needs no interval."""
    word = row.text(columns.verdict)
    whole = row.has(columns.low, columns.high) or (bare and word in OPEN)
    return word in VERDICTS and row.has(columns.mean) and whole


def in_profile(row: Row) -> str:
    """Where the row holds: In the large group."""
    return f"In {profile(row.text('profile'))}"


def judged(row: Row) -> str:
    """What the row judges, in words."""
    return outcome(row.text("outcome"))


def measure(row: Row) -> str:
    """The row's policy in words."""
    return policy(row.text("policy"))


# --- a row -----------------------------------------------------------------------------------------------------------


def interval(
    row: Row, columns: Columns, size: bool = False, join: str = " to ", last_unit: bool = False
) -> tuple[Number, list[Piece]]:
    """The value, and its interval that counts: 1.2%, 0.4% to 2.1%.

    Args:
        row: The row.
        columns: Where its value and interval stand.
        size: Drop the signs, where the verb says them; not where the interval holds both.
        join: What stands between the two ends.
        last_unit: Name the unit after the last end too, where the value itself is not shown.
    """
    ends = [columns.low, columns.high]
    low, high = (row.value(end) for end in ends)
    places = decimals(row.value(columns.mean), low, high)
    unit = columns.unit_of(row)
    bare = size and low * high > 0
    if bare and high < 0:
        ends.reverse()
    units = [unit if unit == "%" or (last_unit and end is ends[1]) else "" for end in ends]
    first, last = (
        quantity(row, end, places, its, columns.plus and not bare, bare) for end, its in zip(ends, units, strict=True)
    )
    return quantity(row, columns.mean, places, unit, columns.plus and not size, size), [first, join, last]


def effect(row: Row, where: list[Piece], subject: str, what: str) -> Clause:
    """What a row says, in the phrasing of its verdict.

    Args:
        row: A row with value, interval and verdict.
        where: The words before, with a capital: In the large group.
        subject: What acts: the switch.
        what: What it acts on: attack capacity.
    """
    word = row.text("verdict")
    say = {"effect": _has_effect, "practically none": _no_effect}.get(word, _unknown)
    return (Verdict(word), *where, *say(row, subject, what), Source(row), ".")


def _has_effect(row: Row, subject: str, what: str) -> list[Piece]:
    value, ends = interval(row, EFFECT, size=True, join=" and ")
    verb = "raises" if row.value("mean") > 0 else "lowers"
    return [f" {subject} {verb} {what} by ", value, " (between ", *ends, ")"]


def _no_effect(row: Row, subject: str, what: str) -> list[Piece]:
    value, ends = interval(row, EFFECT)
    said: list[Piece] = [f" {subject} makes practically no difference to {what}"]
    if row.has("margin"):
        places = decimals(row.value("margin")) - 2
        said += [", inside the margin of ", quantity(row, "margin", places, EFFECT.unit_of(row))]
    return [*said, ": ", value, " (", *ends, ")"]


def _unknown(row: Row, subject: str, what: str) -> list[Piece]:
    said: list[Piece] = [f" the runs cannot tell what {subject} does to {what}: "]
    if row.text("verdict") in estimates.REFUSED:
        counts, made = _MADE[row.text("verdict")]
        only: list[Piece] = ["only ", plain(row, counts)] if row.has(counts) else ["too few"]
        return [*said, *only, f" {made}, and nothing is judged by fewer than {estimates.FEW}"]
    if not row.has("low", "high"):
        return [*said, "they are too few for an interval"]
    said += ["they leave room for ", *_anything(row, EFFECT)]
    if row.has("mde"):
        places = decimals(row.value("mde")) - 1
        said += ["; an effect smaller than ", quantity(row, "mde", places, EFFECT.unit_of(row))]
        said.append(" could not have been seen")
    return said


def _anything(row: Row, columns: Columns) -> list[Piece]:
    """What the runs leave room for; where it is luck alone that leaves it open, the interval with luck in it."""
    margin = row.value("margin")
    if (
        row.has("unshrunk_low", "unshrunk_high")
        and -margin <= row.value(columns.low)
        and row.value(columns.high) <= margin
    ):
        raw = replace(columns, low="unshrunk_low", high="unshrunk_high")
        return ["anything from ", *interval(row, raw, last_unit=True)[1], ", luck and all"]
    return ["anything from ", *interval(row, columns, last_unit=True)[1]]


def beside(where: str, rows: Sequence[tuple[Sequence[Piece], Row]]) -> Clause:
    """What rows of one kind say beside each other: where, and for each verdict, what it is of, value and interval."""
    said: list[Piece] = [where]
    for words, row in rows:
        said += ["; " if len(said) > 1 else " ", Verdict(row.text("verdict")), *words, *stated(row)]
    return (*said, ".")


def stated(row: Row, columns: Columns = EFFECT) -> list[Piece]:
    """The value, its interval and its row amid a sentence; where the runs cannot tell, the interval alone."""
    if row.text(columns.verdict) in OPEN:
        return [*_anything(row, columns), Source(row)]
    value, ends = interval(row, columns)
    return [value, " (", *ends, ")", Source(row)]


# --- a finding -------------------------------------------------------------------------------------------------------


def finding(lead: str, clauses: list[Clause]) -> Finding | None:
    """Clauses under a lead, and from how many pairs of runs they are; None if there is nothing to say."""
    rows = [piece.row for clause in clauses for piece in clause if isinstance(piece, Source) and piece.row.has("n")]
    runs: list[Piece] = []
    if rows:
        few, many = (choose(rows, key=lambda row: row.value("n")) for choose in (min, max))
        several = few.value("n") < many.value("n")
        runs = ["up to " if several else "", plain(many, "n"), " pairs of runs", Source(many)]
        runs += [", at least ", plain(few, "n"), " pairs", Source(few)] if several else []
    return Finding(lead, tuple(clauses), tuple(runs)) if clauses else None
