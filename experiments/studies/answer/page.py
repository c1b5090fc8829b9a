"""Generated parts of docs/answer.md, from the tables in docs/answer."""

from typing import Any

import pandas as pd

from experiments.findings import where
from experiments.messages import say
from experiments.stats.estimates import MIN_DRAWS
from experiments.studies.answer.report import ARMS, answer_cells, in_order, sentences
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
    draws = int(answers["draws"].max())
    few = say("why-inconclusive", reason="draws", made=draws) if draws < MIN_DRAWS else say("draws", count=draws)
    parts["table"] = [f"{few}.", pd.DataFrame(answer_cells(answers))]
    parts["due"] = pd.DataFrame(effects_cells(due, ["profile", "of", "history"]))
    return {f"answer {name}": part for name, part in parts.items()}
