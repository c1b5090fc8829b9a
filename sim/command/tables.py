"""Tables as files and as text: Parquet that explains its columns, and the outcomes that a user sees first."""

import os
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

_SHOWN = (
    "capacity", "rate", "capacity_core", "capacity_network", "attacks", "deaths", "fighters", "sympathy",
    "campaign_given", "given", "delivered", "reserves", "frozen", "lawful_frozen", "lawful_hindered",
)  # fmt: skip


def write_parquet(table: pd.DataFrame, path: Path, about: dict[str, dict[str, str]] | None = None) -> None:
    """Write a table whole; about says for a column what it means, in which unit, and which way is better."""
    data = pa.Table.from_pandas(table, preserve_index=False)
    fields = [
        one.with_metadata({key.encode(): value.encode() for key, value in (about or {}).get(one.name, {}).items()})
        for one in data.schema
    ]
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    pq.write_table(data.cast(pa.schema(fields, metadata=data.schema.metadata)), aside, compression="zstd")
    aside.replace(path)


_FORMULA = re.compile(r"(^|[;\t\n])(?=[=+\-@\t\uff1d\uff0b\uff0d\uff20])")
"""Where a spreadsheet would take what follows for a formula: where a cell begins, and where it may split one."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|[+-]?inf", re.IGNORECASE | re.ASCII)


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table of outcomes whole."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_bytes(as_csv(table))
    aside.replace(path)


def as_csv(table: pd.DataFrame) -> bytes:
    """A table as CSV; numbers come back the same, and no word is a formula of a spreadsheet (OWASP: CSV injection).

    A word that would be one has an apostrophe before it; a number written as a word stays as it is.
    """
    words = table.select_dtypes(exclude=["number", "bool", "datetime"]).columns
    safe = table.assign(**{str(name): table[name].map(harmless) for name in words})
    with np.printoptions(legacy=False):  # the caller's own may write numbers with 12 digits
        text: str = safe.rename(columns=harmless).to_csv(index=False)
    return text.encode(errors="backslashreplace")


def harmless(cell: Any) -> Any:
    """A cell or a heading that no spreadsheet computes, with plain line ends."""
    if not isinstance(cell, str) or _NUMBER.fullmatch(cell):
        return cell
    return _FORMULA.sub(r"\1'", cell.replace("\r\n", "\n").replace("\r", "\n"))  # a lone \r would end a row


def about_columns(summary: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Label, unit and better way of each outcome, for the weekly tables."""
    rows = summary.set_index("outcome")[["label", "unit", "better"]].astype(str)
    return {str(name): {str(key): str(value) for key, value in row.items()} for name, row in rows.iterrows()}


def _figure(value: float, sign: bool = False) -> str:
    if pd.isna(value):
        return "-"
    digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 100 else 2 if abs(value) >= 1 else 4
    return f"{value:{'+' if sign else ''},.{digits}f}"


def as_text(summary: pd.DataFrame, here: str, there: str) -> str:
    """The main outcomes of two runs in columns under these heads, and their difference; the estimand first."""
    first = str(summary["outcome"].iloc[0])
    wanted = [first, *(name for name in _SHOWN if name != first)]
    rows = summary.set_index("outcome")
    one_run, other_run = summary.columns[4:6]
    lines = [("", here, there, "difference", "per cent", "")]
    for name in (one for one in wanted if one in rows.index):
        row: Any = rows.loc[name]
        numbers = (_figure(row[one_run]), _figure(row[other_run]), _figure(row["difference"], True))
        percent = "-" if pd.isna(row["percent"]) else f"{_figure(row['percent'], True)} %"
        lines.append((str(row["label"]), *numbers, percent, str(row["unit"])))
    widths = [max(len(line[column]) for line in lines) for column in range(6)]
    text = []
    for line in lines:
        cells = [
            line[0].ljust(widths[0]),
            *(word.rjust(width) for word, width in zip(line[1:5], widths[1:5], strict=True)),
        ]
        text.append("  ".join([*cells, line[5]]).rstrip())
    return "\n".join(text)


def measures_as_text(measures: pd.DataFrame) -> str:
    """What the run is judged by, a line each, and what one seed cannot tell."""
    width = max(len(label) for label in measures["label"])
    lines = []
    for row in measures.itertuples():
        number = f"{row.value + 0.0:+.4f} %" if row.unit == "%" else f"{row.value:.3g} {row.unit}".strip()
        shown = "-" if pd.isna(row.value) else "not within the run" if row.value == float("inf") else number
        lines.append(f"{str(row.label).ljust(width)}  {shown}")
    if not any(str(name).startswith("switch_effect") for name in measures["measure"]):
        lines.insert(0, "No switch in this run.")
    lines.append(
        "One seed: a difference on the same luck, not yet a verdict; that takes many seeds and uncertain parameters."
    )
    return "\n".join(lines)


def growth_as_text(growth: pd.DataFrame) -> str:
    """Published and simulated attacks by period, and what supplied the change since the period before (log points)."""
    lines = [
        f"{'attacks in Iraq':<17}{'published':>10}{'simulated':>10}"
        "   change supplied by men, money, know-how, opportunity"
    ]
    for row in growth.itertuples():
        parts = [getattr(row, name) for name in ("men", "money", "know_how", "opportunity")]
        shown = "" if pd.isna(parts[0]) else "   " + "".join(f"{100 * part:+8.1f}" for part in parts) + "  log points"
        lines.append(f"{row.period!s:<17}{row.published:>10,.0f}{row.simulated:>10,.0f}{shown}")
    return "\n".join(lines)


def one_line(summary: pd.DataFrame) -> str:
    """The estimand of a run in one line."""
    row = summary.iloc[0]
    return (
        f"{row['label']}: {_figure(row['with'])} with, {_figure(row['without'])} without the switch"
        f" ({_figure(row['difference'], True)} {row['unit']}, {_figure(row['percent'], True)} %)"
    )
