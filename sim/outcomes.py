"""Outcomes and other columns: label, unit and direction of every column that a run yields, from columns.csv."""

import csv
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sim.engine.constants import Found, Status

if TYPE_CHECKING:
    import pandas as pd

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
GIFTS = described("ledger")
for _name, _kind in {"status": Status, "found": Found}.items():
    GIFTS[_name] = replace(GIFTS[_name], levels=tuple(one.name.lower() for one in _kind))
"""Columns of the ledger."""


def outcome_of(column: str) -> Outcome:
    """Return the description of a column of the weekly table, by the longest outcome name that it begins with.

    Raises:
        KeyError: if the column begins with no outcome name.
    """
    name = max((name for name in OUTCOMES if f"{column}_".startswith(f"{name}_")), key=len, default=column)
    rest, known = column[len(name) + 1 :].replace("_", " "), OUTCOMES[name]
    return Outcome(f"{known.label}, {rest}" if rest else known.label, known.unit, known.better)


def labelled(table: "pd.DataFrame", about: Callable[[str], Outcome | None]) -> "pd.DataFrame":
    """Return a copy of a table with the label and unit of each column in ``attrs["labels"]`` and ``attrs["units"]``."""
    known = {str(name): found for name in table if (found := about(str(name)))}
    copy = table.copy()
    copy.attrs["labels"] = {name: found.label for name, found in known.items()}
    copy.attrs["units"] = {name: found.unit for name, found in known.items()}
    return copy
