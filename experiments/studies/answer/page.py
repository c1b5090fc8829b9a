"""Generated parts of docs/answer.md, from the tables in docs/answer, and in docs/choice of 200 draws."""

from typing import Any

import pandas as pd

from experiments.findings import where
from experiments.messages import say
from experiments.stats.estimates import MIN_DRAWS
from experiments.studies.answer.report import ARMS, answer_cells, draws_of, in_order, sentences
from experiments.study.explained import open_in_words, turns_in_words
from experiments.text import effects_cells, parameter
from sim.config import CONF

MONERO = "rails.monero.traceability.link"
"""The parameter that is named also where it settles nothing."""


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
    return {f"answer {name}": part for name, part in (parts | what_it_turns_on()).items()}


def what_it_turns_on() -> dict[str, Any]:
    """Return what the switch effect turns on, its boxes, and what is worth knowing, from the tables of study=choice."""
    names = ("drivers", "turning", "boxes", "value")
    found = {name: pd.read_csv(CONF.parent / "docs" / "choice" / f"{name}.csv") for name in names}
    margin = float(found["turning"]["level"].max()) / 100.0
    lines = {"turns": turns_in_words(found), "measure": open_in_words(found["value"], [MONERO], margin)}
    shown = found["drivers"][found["drivers"]["order"].notna() | (found["drivers"]["kind"] == "measured")]
    cells = {
        "profile": shown["profile"],
        "arm": shown["arm"],
        "what": shown["parameter"].map(parameter),
        "share alone": percent(shown["share"]),
        "interval": percent(shown["share_low"]).str.cat(percent(shown["share_high"]), " to ").replace(" to ", ""),
        "chance": percent(shown["chance"]),
        "of draws' words": percent(shown["word_share"]),
    }
    boxes = found["boxes"][["profile", "arm", "word", "box", "inside", "density", "coverage"]].round(2)
    parts: dict[str, Any] = {name: "\n".join(f"- {one}" for one in some) for name, some in lines.items()}
    return parts | {"drivers": pd.DataFrame(cells), "boxes": boxes}


def percent(shares: "pd.Series[float]") -> "pd.Series[str]":
    """Shares in whole per cent; empty where there is none."""
    return shares.map("{:.0%}".format, na_action="ignore").fillna("")


def few(rows: pd.DataFrame) -> str:
    """The number of draws of a table, and that they are too few where they are."""
    draws = int(rows["draws"].max())
    few = say("why-inconclusive", reason="draws", made=draws, tallied="no")
    return f"{few if draws < MIN_DRAWS else draws_of(rows)}."
