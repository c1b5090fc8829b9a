"""Generated parts of docs/validation.md, from the tables in conf/found."""

from typing import Any

import pandas as pd

from experiments.evidence import credibility
from experiments.messages import say
from experiments.studies.validation.report import growth_in_words, in_words
from experiments.study import spec
from experiments.study.tables import evidence


def page_parts() -> dict[str, str | list[str | pd.DataFrame]]:
    """Return the parts by name."""
    stands = credibility.kept()
    table, growth = (pd.read_csv(credibility.FOUND / f"{name}.csv") for name in ("validation", "growth"))
    words = in_words(table)
    words["verdict"] = words["verdict"].where(~table["counts"], "**" + words["verdict"] + "**")
    words["fact"] = ("facts:" + words["fact"]).where(words["fact"] != "", "")
    about: dict[str, Any] = {"summary": stands.summary, "draws": int(table["draws"].max()), "source": stands.source}
    grades = evidence(spec.load("validation"))
    rows = [(grade, credibility.GRADES[grade], *counts) for grade, counts in grades.items()]
    counts = pd.DataFrame(rows, columns=["grade", "meaning", "parameters", "of them drawn"])
    return {
        "validation": [say("validation-about", **about), words],
        "validation_gaps": "\n".join([*(f"- {one}" for one in stands.gaps), "", stands.open, "", stands.rise]),
        "validation_outside": "\n".join(f"- {one}" for one in stands.outside),
        "validation_minds": "\n".join(f"- {one}" for one in stands.minds),
        "validation_evidence": [counts, credibility.drawn_on(grades)],
        "validation_growth": [growth_in_words(growth)],
    }
