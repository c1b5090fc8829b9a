"""The parts of docs/validation.md, from the stored tables of the validation study (conf/found)."""

from typing import Any

import pandas as pd

from experiments.evidence import credibility
from experiments.evidence.patterns import OUTSIDE
from experiments.study import spec
from experiments.study.tables import evidence
from sim.engine.text import number, span


def page_parts() -> dict[str, Any]:
    """The parts by name."""
    stands = credibility.kept()
    return {
        "validation": [_about(stands), _patterns()],
        "validation_gaps": "\n".join([*(f"- {one}" for one in stands.gaps), "", stands.open, "", stands.rise]),
        "validation_outside": "\n".join(f"- {one}" for one in stands.outside),
        "validation_minds": "\n".join(f"- {one}" for one in stands.minds),
        "validation_evidence": _evidence(),
        "validation_growth": _growth(),
    }


def _stored(name: str) -> Any:
    return pd.read_csv(credibility.FOUND / f"{name}.csv").astype(object).to_dict("records")


def _about(stands: credibility.Standing) -> str:
    draws = max(row["draws"] for row in _stored("validation"))
    return f"{stands.summary} {draws:.0f} draws of the parameters. From `{stands.source}`."


def _patterns() -> pd.DataFrame:
    """Each pattern beside the published one."""
    lines = []
    for row in _stored("validation"):
        measured = "-"
        if row["verdict"] != OUTSIDE and pd.notna(row["middle"]):
            measured = f"{number(row['middle'], False)} ({span(row['draws_low'], row['draws_high'])})"
        grade = row["grade"] if pd.notna(row["grade"]) else "-"
        unit = row["unit"] if pd.notna(row["unit"]) else ""
        lines.append({
            "pattern": row["pattern"],
            "tag": row["tag"],
            "model: middle draw (middle 90 % of draws)": measured,
            "published": f"{span(row['published_low'], row['published_high'])} {unit}".strip(),
            "source, grade": f"facts:{row['fact']}, {grade}" if pd.notna(row["fact"]) else "",
            "verdict": f"**{row['verdict']}**" if row["counts"] else row["verdict"],
        })  # fmt: skip
    return pd.DataFrame(lines)


def _evidence() -> list[str | pd.DataFrame]:
    """Number of parameters by grade of evidence, and how many of them are drawn."""
    grades = evidence(spec.load("validation"))
    lines = [(grade, credibility.GRADES[grade], *counts) for grade, counts in grades.items()]
    heads = ["grade", "what it means", "parameters", "of them drawn"]
    return [pd.DataFrame(lines, columns=heads), credibility.drawn_on(grades)]


def _growth() -> pd.DataFrame:
    """The growth accounting."""
    ends = {"middle": "middle draw", "draws_low": "5 %", "draws_high": "95 % of draws"}
    return pd.DataFrame([
        {"part": row["part"]} | {head: number(row[name]) for name, head in ends.items()} for row in _stored("growth")
    ])  # fmt: skip
