"""The codebook: the meaning of each column of each table, its unit, and the words that it may hold."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import pyarrow as pa

from sim.outcomes import GIFTS, Outcome, described, outcome_of
from sim.scenario import Scenario

NAME = "codebook.csv"
BY_ROW = "that of the column unit"
"""The unit of a column whose rows have units of their own."""
_FEW = 12  # words of a column that are listed
_LONG = 40  # letters of a word that is listed

WEEKS, WINDOW, GROWTH, ABOUT, CODEBOOK = map(described, ("week", "window", "growth", "about", "codebook"))


def of_run(file: str, column: str, scenario: Scenario) -> Outcome | None:
    """Return the description of a column of a table of a run."""
    if file.startswith("weekly_"):
        return WEEKS[column] if column in WEEKS else outcome_of(column)
    if file == "ledger.parquet":
        named: Any = {"rail": scenario.rails, "community": scenario.theatres, "appeal": scenario.appeals}
        levels = tuple(one.name for one in named.get(column, ()))
        return replace(GIFTS[column], levels=levels or GIFTS[column].levels)
    return (GROWTH if file == "growth.csv" else ABOUT | described("mean") | WINDOW).get(column)


def with_metadata(schema: pa.Schema, about: Callable[[str], Outcome | None]) -> pa.Schema:
    """Return a schema whose fields describe themselves: label, unit, better and, if they are few, levels."""
    fields = []
    for one in schema:
        meaning = {}
        if known := about(one.name):
            meaning = {"label": known.label, "unit": known.unit, "better": known.better}
            meaning |= {"levels": "; ".join(known.levels)} if known.levels else {}
        fields.append(one.with_metadata(meaning))
    return pa.schema(fields, metadata=schema.metadata)


def of_schema(file: str, schema: pa.Schema) -> list[dict[str, str]]:
    """Return the rows of a table whose fields describe themselves."""
    found = []
    for one in schema:
        row = {key.decode(): value.decode() for key, value in (one.metadata or {}).items()}
        row |= {"file": file, "column": one.name, "type": _type(one.type)}
        found.append({name: row.get(name, "") for name in CODEBOOK})
    return found


def of_table(file: str, table: pd.DataFrame, about: Callable[[str], Outcome | None]) -> list[dict[str, str]]:
    """Return the rows of a table as it is written."""
    rows = of_schema(file, with_metadata(pa.Schema.from_pandas(table, preserve_index=False), about))
    for row in rows:
        row["levels"] = row["levels"] or _words(table[row["column"]]) if row["type"] == "text" else row["levels"]
    return rows


def book(rows: list[dict[str, str]]) -> pd.DataFrame:
    """Return the codebook of some tables, and of itself."""
    own = of_table(NAME, pd.DataFrame({name: [""] for name in CODEBOOK}), CODEBOOK.get)
    return pd.DataFrame([*rows, *own], columns=list(CODEBOOK))


def _type(kind: pa.DataType) -> str:
    kinds: Mapping[str, Callable[[Any], bool]] = {
        "true or false": pa.types.is_boolean, "whole number": pa.types.is_integer, "number": pa.types.is_floating,
        "date": pa.types.is_temporal, "empty": pa.types.is_null,
    }  # fmt: skip
    return next((name for name, holds in kinds.items() if holds(kind)), "text")


def _words(column: "pd.Series[Any]") -> str:
    words = list(dict.fromkeys(str(word) for word in column.dropna() if word != ""))
    return "; ".join(words) if len(words) <= _FEW and all(len(word) <= _LONG for word in words) else ""
