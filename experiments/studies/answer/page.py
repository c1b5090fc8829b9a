"""Generated parts of docs/answer.md, from the tables in docs/answer."""

from typing import Any

import pandas as pd

from experiments.findings import where
from experiments.messages import say
from experiments.stats.estimates import MIN_DRAWS
from experiments.studies.answer.report import ARMS, answer_cells, draws_of, in_order, sentences
from experiments.text import effects_cells
from sim.config import CONF


def page_parts() -> dict[str, Any]:
    """Return the parts by name."""
    files = (CONF.parent / "docs" / "answer").glob("*.csv")
    words = {"year": str, "of": str, "except": str}
    tables = {file.stem: pd.read_csv(file, dtype=words).fillna({"except": ""}) for file in files}
    answers, due = tables["answer"], where(tables["changes"], contrast="due", arm=ARMS[0])
    lines = {
        "sentences": sentences(tables, f"{answers['margin'].iloc[0]:g}"),
        "policies": in_order(tables["policies"]),
    }
    parts: dict[str, Any] = {name: "\n".join(f"- {one}" for one in some) for name, some in lines.items()}
    parts["policies"] = f"{few(tables['policies'])}\n\n{parts['policies']}"
    cells = pd.DataFrame(answer_cells(answers))
    if "plausible" in tables:
        other = effects_cells(tables["plausible"].set_index("id").loc[answers["id"]], [])
        cells["from plausible ranges"] = [
            f"{median} ({verdict})" for median, verdict in zip(other["median"], other["verdict"], strict=True)
        ]
    parts["table"] = [few(answers), cells]
    parts["due"] = [few(due), pd.DataFrame(effects_cells(due, ["profile", "of", "history"]))]
    return {f"answer {name}": part for name, part in parts.items()}


def few(rows: pd.DataFrame) -> str:
    """The number of draws of a table, and that they are too few where they are."""
    draws = int(rows["draws"].max())
    few = say("why-inconclusive", reason="draws", made=draws, tallied="no")
    return f"{few if draws < MIN_DRAWS else draws_of(rows)}."
