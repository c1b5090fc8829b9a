"""Rows of tables and the words and numbers that are made of them."""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from experiments.figures.words import group_words, policy_words, within

LETTERS = {
    "effects.csv": "",
    "frontier.csv": "F",
    "breakeven.csv": "B",
    "staff.csv": "P",
    "surface.csv": "S",
    "threshold.csv": "T",
    "runs.parquet": "R",
}
"""What stands before a line number, so that it is seen which file it counts."""

_USUAL: dict[str, Any] = {"group.routing": 0.1, "world": "as_it_was", "loop": "on", "window": 52}
HYPOTHETICAL = {"donor_funded", "external_network"}
MILITARY = {"revenue_strikes", "decapitation", "kinetic_pressure"}
"""Policies judged on the attack rate where nothing says which agency they are of."""

_OUTCOMES = {
    "capacity": "attack capacity",
    "rate": "the attack rate",
    "delivered": "the money that arrives",
    "seized": "the money seized",
}


# --- rows ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One row of a table, and where it stands: file, line (the header is line 1; 0 for no one line) and id."""

    file: str
    line: int
    id: str
    values: Mapping[Hashable, Any] = field(repr=False)

    @property
    def mark(self) -> str:
        """What the footnote shows: 12 for line 12 of effects.csv, F12 for line 12 of frontier.csv."""
        return f"{LETTERS.get(self.file, '')}{self.line or ''}"

    def text(self, column: str) -> str:
        """A value as text; empty if there is none."""
        value = self.values.get(column)
        return "" if value is None or value != value else str(value)

    def value(self, column: str) -> float:
        """A value as a number; NaN if there is none."""
        try:
            return float(self.values.get(column, math.nan))
        except (TypeError, ValueError):
            return math.nan

    def has(self, *columns: str) -> bool:
        """Whether all of these hold finite numbers."""
        return all(math.isfinite(self.value(column)) for column in columns)


class Tables:
    """The tables of a study, asked for rows.

    Args:
        tables: Data frames by name (`effects`, `frontier`, ...), rows in the order in which the file holds them.
            One that is missing or None is as good as empty.
        base: Settings of the cell that counts, under the names of the effects table.
        agencies: Agency of each policy.
    """

    def __init__(
        self,
        tables: Mapping[str, pd.DataFrame | None],
        base: Mapping[str, Any] | None = None,
        agencies: Mapping[str, str] | None = None,
    ) -> None:
        self._rows = {name: _rows(name, table) for name, table in tables.items() if table is not None}
        self._agencies = dict(agencies or {})
        usual = {**_USUAL, **(base or {})}
        self.cell: dict[str, Any] = {}
        for column in _settings(tables.get("effects")):
            found = self.names("effects", column)
            wanted = usual.get(column)
            if found:
                self.cell[column] = wanted if any(_equal(value, wanted) for value in found) else found[0]

    def rows(self, table: str, **where: Any) -> list[Row]:
        """Rows whose columns have these values; a condition on a column that the table lacks holds."""
        found = self._rows.get(table, [])
        for column, wanted in where.items():
            found = [row for row in found if _same(row, column, wanted)]
        return found

    def names(self, table: str, column: str, **where: Any) -> list[Any]:
        """Different values of a column, in order of appearance."""
        return list(dict.fromkeys(row.values[column] for row in self.rows(table, **where) if column in row.values))

    def held(self) -> dict[str, Any]:
        """Settings that vary in the effects, but of which the brief tells one value only."""
        return {name: value for name, value in self.cell.items() if name not in _USUAL and self._varies(name)}

    def _varies(self, column: str) -> bool:
        return len(self.names("effects", column)) > 1

    def military(self, policy: str) -> bool:
        """Whether a policy is of the military or a mix with one, and so judged on the attack rate."""
        parts = [policy] if policy in self._agencies else policy.split("+")
        told = [self._agencies[part] for part in parts if part in self._agencies]
        told = told or [
            str(name) for table in ("frontier", "staff") for name in self.names(table, "agency", policy=policy)
        ]
        return any("military" in one.split("+") for one in told) if told else not MILITARY.isdisjoint(parts)


def _settings(effects: pd.DataFrame | None) -> list[str]:
    """Columns in which cells differ beside arm, policy and profile: those before the outcome, and the window."""
    columns = [] if effects is None else [str(column) for column in effects.columns]
    before = columns[: columns.index("outcome")] if "outcome" in columns else []
    own = [name for name in before if name not in ("id", "contrast", "arm", "policy", "intensity", "profile")]
    return [*own, *(["window"] if "window" in columns else [])]


_KEYS = ("profile", "arm", "agency", "policy", "intensity", "a", "b", "follow", "link", "outcome")


def _rows(name: str, table: pd.DataFrame) -> list[Row]:
    keys = [column for column in _KEYS if column in table.columns]
    lines: Sequence[int] = range(2, len(table) + 2)
    if name == "effects" and "outcome" in table.columns:  # a brief tells of no other, and a study has many
        used = table["outcome"].isin(["capacity", "rate"]).to_numpy()
        lines, table = [line for line, one in zip(lines, used, strict=True) if one], table[used]
    found = []
    for line, values in zip(lines, table.to_dict("records"), strict=True):
        values.setdefault("profile", "")  # a study of one group need not name it
        which = str(values["id"]) if "id" in values else "/".join(str(values[key]) for key in keys)
        found.append(Row(f"{name}.csv", line, which, values))
    return found


def _same(row: Row, column: str, wanted: Any) -> bool:
    return column not in row.values or _equal(row.values[column], wanted)


def _equal(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, str):
        return str(value) == wanted
    if isinstance(wanted, int | float) and not isinstance(wanted, bool):
        try:
            return math.isclose(float(value), wanted)
        except (TypeError, ValueError):
            return False
    return str(value) == str(wanted)


# --- pieces of a sentence ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Number:
    """A number in words, and the row and column that it is taken from."""

    text: str
    row: Row
    column: str
    kind: str = "number"

    @property
    def value(self) -> str:
        """The value as the table has it, in full."""
        return repr(self.row.value(self.column))


@dataclass(frozen=True)
class Source:
    """The footnote that names a row."""

    row: Row
    kind: str = "source"


@dataclass(frozen=True)
class Verdict:
    """The word of the verdict."""

    word: str
    kind: str = "verdict"


type Piece = str | Number | Source | Verdict
type Clause = tuple[Piece, ...]


@dataclass(frozen=True)
class Finding:
    """What was found on one matter: a lead of a few words, clauses whose rows are named, and from how many runs."""

    lead: str
    clauses: tuple[Clause, ...]
    runs: Clause = ()


# --- numbers ----------------------------------------------------------------------------------------------------------


def decimals(*values: float) -> int:
    """Decimals that give an interval's half-width two significant digits, or a lone value three.

    No value gets more than five digits. Negative for large numbers: -2 rounds to hundreds.
    """
    real = [value for value in values if math.isfinite(value)]
    largest = max((abs(value) for value in real), default=0.0)
    if largest == 0:
        return 0
    first = math.floor(math.log10(largest))
    half = (max(real) - min(real)) / 2
    return min(1 - math.floor(math.log10(half)), 4 - first) if half > 0 else 2 - first


def number(value: float, places: int, sign: bool = False) -> str:
    """A number with so many decimals, but never a small one as zero: it then keeps its first digit.

    With a sign if asked; minus is typographic.
    """
    if abs(value) < 1e-12:
        return "0"
    if abs(value) < 0.5 * 10.0**-places:
        places = -math.floor(math.log10(abs(value)))
    text = f"{round(abs(value), places):,.{max(places, 0)}f}"
    return ("−" if value < 0 else "+" if sign else "") + text


def united(text: str, unit: str) -> str:
    """A number with its unit: 1.2%, 12 USD a week."""
    if unit == "%":
        return f"{text}%"
    return f"{text} {unit.replace('/week', ' a week')}".rstrip()


def quantity(row: Row, column: str, places: int, unit: str = "", sign: bool = False, size: bool = False) -> Number:
    """A value of a row as a piece of a sentence; `size` drops the sign, where the verb says it."""
    value = row.value(column)
    return Number(united(number(abs(value) if size else value, places, sign), unit), row, column)


def plain(row: Row, column: str) -> Number:
    """A value with at most three significant digits: a share, a count, a margin."""
    value = row.value(column)
    text = f"{value:,.0f}" if value == int(value) else f"{value:.3g}"
    return Number(text.replace("-", "−"), row, column)


# --- names ------------------------------------------------------------------------------------------------------------


def quoted(name: str) -> str:
    """A name of a user's own, in quotation marks."""
    return f"“{name.replace('_', ' ').strip() or name}”"


def profile(name: str) -> str:
    """A group profile in words; a study of one group may leave it unnamed."""
    return group_words(name) if name else "the group"


def policy(name: str) -> str:
    """A policy, or a mix joined by plus signs, in words."""
    return within(policy_words(name))


def outcome(name: str) -> str:
    """An outcome in words."""
    return _OUTCOMES.get(name, quoted(name))
