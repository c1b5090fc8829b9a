"""Generated parts of docs/choice.md, from the tables in docs/choice."""

from typing import Any

import pandas as pd

from experiments.studies.choice.report import sentences, small_tables
from sim.config import CONF

PARTS = ("choice sentences", "choice tables")
TABLES = ("regret", "choice", "structures", "pace")
WORDS = ("dominated_by", "instead", "agency")
"""Columns of words that may be empty."""


def page_parts() -> dict[str, Any]:
    """Return the parts by name."""
    folder = CONF.parent / "docs" / "choice"
    if not folder.exists():
        return dict.fromkeys(PARTS, "Made by `python -m experiments study=choice`.")
    tables = {name: pd.read_csv(folder / f"{name}.csv") for name in TABLES}
    tables = {name: one.fillna({word: "" for word in WORDS if word in one}) for name, one in tables.items()}
    points = "\n".join(f"- {one}" for one in sentences(tables))
    cells = [[f"**{title}**", pd.DataFrame(one)] for title, one in small_tables(tables).items()]
    return dict(zip(PARTS, (points, cells), strict=True))
