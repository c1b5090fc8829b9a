"""Outcomes and other columns: label, unit and direction of every column that a run yields, from columns.csv."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

COLUMNS = Path(__file__).with_name("columns.csv")
"""The descriptions, a column of a table each."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Description of an outcome or of another column of a table.

    Attributes:
        label: label in tables and figures.
        unit: unit of measurement.
        better: direction that is better for those who disrupt.
        levels: the values of the column, if it holds a few words.
        by: the parts that have columns of their own beside the total: "rail", "theatre" or "source" (of revenue).
    """

    label: str
    unit: str = ""
    better: Literal["lower", "higher", "neither"] = "neither"
    levels: tuple[str, ...] = ()
    by: str = ""


@cache
def described(table: str, file: Path = COLUMNS) -> dict[str, Outcome]:
    """Return the columns of a table or kind of table by name, as columns.csv or another such file has them in order."""
    found = {}
    for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines()) if file.is_file() else ():
        if row["table"] == table:
            better: Any = row["better"] or "neither"
            levels = tuple(filter(None, row["levels"].split("; ")))
            found[row["column"]] = Outcome(row["label"], row["unit"], better, levels, row.get("by", ""))
    return found


OUTCOMES = described("outcome")
"""Every outcome by name; in tables a rail's or theatre's name may follow (``given_bitcoin``, ``attacks_iraq``)."""
OF_THE_RUN = described("run")
"""Measures of the whole run."""
