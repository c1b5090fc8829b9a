"""Generated parts of docs/validation.md and docs/cases.md, from the tables in conf/found and the files of the cases."""

import re
from typing import Any

import pandas as pd

from experiments.evidence import cases, credibility, patterns
from experiments.messages import say
from experiments.studies.validation.report import cases_in_words, growth_in_words, in_words
from experiments.study import spec
from experiments.study.tables import evidence
from experiments.text import capital, span
from sim.config import CONF, load
from sim.scenario import REAL


def page_parts() -> dict[str, str | list[str | pd.DataFrame]]:
    """Return the parts by name."""
    stands = credibility.kept()
    table, growth = (pd.read_csv(credibility.FOUND / f"{name}.csv") for name in ("validation", "growth"))
    about: dict[str, Any] = {"summary": stands.summary, "draws": int(table["draws"].max()), "source": stands.source}
    grades = evidence(spec.load("validation"))
    rows = [(grade, credibility.GRADES[grade], *counts) for grade, counts in grades.items()]
    counts = pd.DataFrame(rows, columns=["grade", "meaning", "parameters", "of them drawn"])
    return {
        "validation": [say("validation-about", **about), _judged(table[table["case"] == cases.CORE])],
        "validation_cases": [cases_in_words(patterns.by_case(table))],
        "cases": [part for name in cases.names() for part in _case(name, table)],
        "validation_gaps": "\n".join([*(f"- {one}" for one in stands.gaps), "", stands.open, "", stands.rise]),
        "validation_outside": "\n".join(f"- {one}" for one in stands.outside),
        "validation_minds": "\n".join(f"- {one}" for one in stands.minds),
        "validation_evidence": [counts, credibility.drawn_on(grades)],
        "validation_growth": [growth_in_words(growth)],
    }


def _judged(table: pd.DataFrame) -> pd.DataFrame:
    words = in_words(table)
    words["verdict"] = words["verdict"].where(~table["counts"], "**" + words["verdict"] + "**")
    return words.assign(fact=("facts:" + words["fact"]).where(words["fact"] != "", ""))


def _case(name: str, found: pd.DataFrame) -> list[str | pd.DataFrame]:
    """Return the section of a case: what sets it, what is put in later, what judges it, and what is not known."""
    case, table = cases.load(name), found[found["case"] == name]
    cuts = "".join(f"; {place} to {day}" for place, day in case.cut_of.items())
    scenario = load(f"group={name}")
    head = f"## {name}: {case.says}\n\n" + f"{capital(REAL)}. " * scenario.group.real
    head += say("case-cut", cut=str(case.cut), cuts=cuts, file=name)
    files = [f"group/{name}", *(f"theatre/{one.name}" for one in scenario.theatres)]
    texts = [file.read_text(encoding="utf-8") for one in files if (file := CONF / f"{one}.yaml").exists()]
    cited = re.findall(r"facts:([a-z0-9][a-z0-9*-]*)", "\n".join(texts), re.IGNORECASE)
    families = tuple(one.rstrip("*-") for one in cited if one.endswith("*"))
    tuned = [one.fact for one in case.patterns if one.tag == "calibrated"]
    sets = [
        row for one, row in cases.facts().items() if one in (*cited, *tuned) or (families and one.startswith(families))
    ]
    judged = _judged(table) if len(table) else pd.DataFrame(
        [{"pattern": one.says, "tag": one.tag, "fact": f"facts:{one.fact or ''}"} for one in case.patterns]
    )  # fmt: skip
    listed = ["\n".join(f"- {one}" for one in some) for some in (case.put_in, case.unknown)]
    return [head, say("case-sets"), pd.DataFrame([_published(row) for row in sets]), say("case-put-in"), listed[0],
            say("case-judged"), judged, say("case-unknown"), listed[1]]  # fmt: skip


def _published(row: dict[str, str]) -> dict[str, str]:
    dated = row["unit"] == "date" or not (row["low"] or row["high"])
    ends = row["low"] if dated else span(float(row["low"] or "-inf"), float(row["high"] or "inf"))
    return {"fact": f"facts:{row['id']}", "what": row["quantity"], "published": ends} | {
        name: row[name] for name in ("unit", "period", "source", "grade")
    }
