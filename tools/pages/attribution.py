"""The parts of docs/attribution.md: the stored tables of the attribution study as its report words them."""

from typing import Any

import pandas as pd

from experiments.studies.attribution import words as attribution_words
from sim.config import CONF


def page_parts() -> dict[str, Any]:
    """The parts by name; ``attribution findings`` are the sentences on all tables."""
    names = ("jumps", "even", "precision", "claims", "harm", "effects")
    tables = {name: pd.read_csv(CONF.parent / "docs" / "attribution" / f"{name}.csv") for name in names}
    parts: dict[str, Any] = {}
    for name, lines_of in attribution_words.LINES.items():
        if name in tables:
            heads, *lines = lines_of(tables[name])
            parts[f"attribution {name}"] = pd.DataFrame(lines, columns=heads, dtype=object)
    found = attribution_words.findings(tables).items()
    texts = ["\n".join([f"**{title}**", "", *(f"- {one}" for one in some)]) for title, some in found]
    return parts | {"attribution findings": texts}
