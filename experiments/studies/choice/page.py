"""Generated parts of docs/choice.md, from the tables in docs/choice."""

from typing import Any

import pandas as pd

from experiments import text as texts
from experiments.studies.choice.report import regret_cells, sentences, switch_cells
from sim.config import CONF

PARTS = ("choice sentences", "choice switch", "choice regret")
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
    cells = regret_cells(tables["regret"])
    points = "\n".join(f"- {one}" for one in sentences(tables))
    regrets = [[f"**{texts.heading(group)}**", pd.DataFrame(one)] for group, one in cells.items()]
    return dict(zip(PARTS, (points, pd.DataFrame(switch_cells(tables["choice"])), regrets), strict=True))
