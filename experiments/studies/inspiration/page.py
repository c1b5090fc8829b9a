"""Generated parts of docs/inspiration.md, from the tables in docs/inspiration."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from experiments.findings import say
from experiments.studies.inspiration import report
from sim.config import CONF


def page_parts() -> dict[str, Any]:
    """Return the parts by name."""
    files = (CONF.parent / "docs" / "inspiration").glob("*.csv")
    tables = {file.stem: pd.read_csv(file) for file in files}
    effects = tables["effects"]
    draws = say("inspiration-draws", draws=int(effects["draws"].max()))
    parts: dict[str, Any] = {name: _items(sentences) for name, sentences in report.sections(tables).items()}
    parts["effects"] = [draws, pd.DataFrame(report.families(effects)), _items(report.cannot_act(effects))]
    parts["prices"] = [pd.DataFrame(report.prices(tables["breakeven"])), say("inspiration-ratio", shown="yes")]
    parts["costs"] = [pd.DataFrame(report.cost_of(tables)), say("cost-note")]
    return {f"inspiration {name}": part for name, part in parts.items()}


def _items(sentences: Sequence[str]) -> str:
    return "\n".join(f"- {one}" for one in sentences)
