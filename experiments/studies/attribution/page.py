"""Generated parts of docs/attribution.md, from the tables in docs/attribution."""

from typing import Any

import pandas as pd

from experiments import text as texts
from experiments.findings import say
from experiments.studies.attribution import report
from sim.config import CONF


def page_parts() -> dict[str, Any]:
    """Return the parts by name; ``attribution findings`` are the sentences on all tables."""
    names = [*report.PRINTED, "effects"]
    tables = {name: pd.read_csv(CONF.parent / "docs" / "attribution" / f"{name}.csv") for name in names}
    parts: dict[str, Any] = {name: report.cells(name, tables[name]) for name in report.PRINTED}
    shown = report.effects_shown(tables["effects"])
    parts["effects"] = pd.DataFrame(texts.effects_cells(shown, ["vendor", "profile", "outcome"]))
    parts["findings"] = [
        "\n".join([f"**{say('attribution-heading', part=part)}**", "", *(f"- {one}" for one in sentences)])
        for part, sentences in report.sections(tables).items()
    ]
    return {f"attribution {name}": part for name, part in parts.items()}
