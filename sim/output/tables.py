"""Tables as files and as text: Parquet that explains its columns, and the outcomes that a user sees first."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.engine.text import named, number
from sim.outcomes import Outcome
from sim.output.codebook import with_metadata
from sim.output.columns import Lines, aligned, folded
from sim.output.files import replacing, write_whole
from sim.windows import Window

_SHOWN = (
    "capacity", "rate", "capacity_core", "capacity_network", "attacks", "deaths", "fighters", "sympathy",
    "campaign_given", "given", "delivered", "reserves", "frozen", "lawful_frozen", "lawful_hindered",
)  # fmt: skip
_OF_HARM = {"no": "; harm not modelled", "part": "; harm modelled in part"}


def write_parquet(
    table: pd.DataFrame, path: Path, about: Callable[[str], Outcome | None], facts: Mapping[str, object] | None = None
) -> pa.Schema:
    """Write a table whole, with column descriptions and some facts in its metadata, and return its schema."""
    data = pa.Table.from_pandas(table, preserve_index=False)
    metadata = {**(data.schema.metadata or {}), **{key: str(value) for key, value in (facts or {}).items()}}
    schema = with_metadata(data.schema, about).with_metadata(metadata)
    with replacing(path) as aside:
        pq.write_table(data.cast(schema), aside, compression="zstd")
    return schema


_FORMULA = re.compile(r"(^|[;\t\n])(?=[=+\-@\t\uff1d\uff0b\uff0d\uff20])")
"""Places where a spreadsheet may read a formula: the beginning of a cell, and each point where it may split a cell."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|[+-]?inf", re.IGNORECASE | re.ASCII)


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table of outcomes whole."""
    write_whole(path, as_csv(table))


def as_csv(table: pd.DataFrame) -> bytes:
    """Return a table as CSV whose numbers read back the same and no word of which is a formula (OWASP: CSV injection).

    A word that would be a formula gets an apostrophe before it; a number written as a word stays as it is.
    """
    words = table.select_dtypes(exclude=["number", "bool", "datetime"]).columns
    safe = table.assign(**{str(name): table[name].map(harmless) for name in words})
    with np.printoptions(legacy=False):  # the caller's own may write numbers with 12 digits
        text: str = safe.rename(columns=harmless).to_csv(index=False)
    return text.encode(errors="backslashreplace")


def harmless(cell: Any) -> Any:
    """Return a cell or a heading that no spreadsheet computes, with plain line ends."""
    if not isinstance(cell, str) or _NUMBER.fullmatch(cell):
        return cell
    return _FORMULA.sub(r"\1'", cell.replace("\r\n", "\n").replace("\r", "\n"))  # a lone \r would end a row


@dataclass(frozen=True)
class Shown:
    """A table as it is read: lines of cells, the heads first if there are any, between two sentences."""

    lines: Lines
    right: Collection[int] = ()
    before: str = ""
    after: str = ""
    heads: bool = True

    def __str__(self) -> str:
        """The table as text that the terminal holds."""
        before, after = ([folded(words)] if words else [] for words in (self.before, self.after))
        return "\n".join([*before, *aligned(self.lines, self.right), *after])

    def as_html(self) -> str:
        """Return the table as HTML without scripts and styles; every word is text."""
        rows = []
        for row, line in enumerate(self.lines):
            tag = "th" if self.heads and not row else "td"
            sides = ("right" if place in self.right else "left" for place in range(len(line)))
            cells = zip(line, sides, strict=True)
            rows.append("".join(f'<{tag} style="text-align: {side}">{escape(cell)}</{tag}>' for cell, side in cells))
        before, after = (f"<p>{escape(words)}</p>" if words else "" for words in (self.before, self.after))
        return f"{before}<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>{after}"


def outcomes_shown(summary: pd.DataFrame, here: str, there: str, over: Window, what: str = "") -> Shown:
    """Return the main outcomes of two runs in columns under these heads, and their difference; the estimand first.

    ``what``: the runs differ in, for the heading of one of several tables.
    """
    rows, (one_run, other_run) = summary.set_index("outcome", drop=False), summary.columns[4:6]
    lines = [("", here, there, "difference", "per cent", "")]
    for name in dict.fromkeys((summary["outcome"].iloc[0], *_SHOWN)):
        if name not in rows.index:
            continue
        row: Any = rows.loc[name]
        numbers = (number(row[one_run], False), number(row[other_run], False), number(row["difference"]))
        percent = number(row["percent"]) + ("" if pd.isna(row["percent"]) else " %")
        words = _OF_HARM.get(row.get("harm_modelled", ""), "")
        lines.append((str(row["label"]), *numbers, percent, str(row["unit"]) + words))
    head = (f"With and without {what}: means of" if what else "Means of") + f" {over.words}"
    head += f": none, for {over.missing}" if over.missing else ""
    return Shown(lines, range(1, 5), head)


def measures_shown(measures: pd.DataFrame) -> Shown:
    """Return the measures that judge the run, a line each with its weeks, and the limits of one seed."""
    lines = []
    for row in measures.to_dict("records"):
        value, unit = row["value"], row["unit"]
        words = f"{number(value + 0.0)} %" if unit == "%" else f"{value:.3g} {unit}".strip()
        shown = "-" if pd.isna(value) else "not within the run" if value == float("inf") else words
        lines.append((str(row["label"]), shown, period(row)))
    switched = any(str(name).startswith("switch_effect") for name in measures["measure"])
    limits = "not yet a verdict; that takes many seeds and uncertain parameters."
    after = f"One seed: a difference on the same random numbers, {limits}"
    return Shown(lines, before="" if switched else "No switch in this run.", after=after, heads=False)


def period(row: Mapping[str, Any]) -> str:
    """Return the first and last day of a row's window, or the reason why the run does not contain it."""
    return str(row["missing"]) or f"{row['first']} to {row['last']}"


def growth_shown(growth: pd.DataFrame) -> Shown:
    """Return attacks by theatre and period, and what supplied the change between periods (log points).

    Theatres without attacks and columns without numbers are left out.
    """
    growth = growth[growth.groupby("theatre")[["published", "simulated"]].transform("max").max(axis=1) > 0]
    counts, parts = (
        [name for name in names if growth[name].notna().any()]
        for names in (("published", "simulated"), ("men", "money", "know_how", "opportunity"))
    )
    lines = [("attacks", "period", *(name.replace("_", "-") for name in (*counts, *parts)))]
    before = ""
    for row in growth.to_dict("records"):
        known = ("" if pd.isna(row[name]) else f"{row[name]:,.0f}" for name in counts)
        supplied = ("" if pd.isna(row[name]) else f"{100 * row[name]:+.1f}" for name in parts)
        place = "" if row["theatre"] == before else named(row["theatre"])
        lines.append((place, str(row["period"]), *known, *supplied))
        before = row["theatre"]
    head = "Attacks by period, and what supplied the change of weekly attacks since the period before, in log points"
    return Shown(lines, range(2, len(lines[0])), head)


def one_line(summary: pd.DataFrame) -> str:
    """Return the estimand of a run in one line, with its weeks."""
    row = summary.iloc[0]
    about = f"{row['label']}, {row['first']} to {row['last']}"
    if row["missing"]:
        return f"{about}: - ({row['missing']})"
    levels = f"{number(row['with'], False)} with, {number(row['without'], False)} without the switch"
    return f"{about}: {levels} ({number(row['difference'])} {row['unit']}, {number(row['percent'])} %)"
