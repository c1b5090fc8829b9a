"""The published figures: that each can be found by its name, and that none is used for what it must not be used for."""

import csv
import re
from datetime import date

import pytest

from experiments.evidence import cases, grammar
from sim.config import CONF
from sim.engine.constants import MAX_DELAY
from sim.engine.parameters import DRAWN, PARAMETERS, Section, section_of, table
from sim.scenario import Scenario

FACTS = [CONF / "facts.csv", *sorted(CONF.glob("case/*.csv"))]
USES = {"calibrate", "validate", "context"}
GRADES = ["A", "B", "B-", "C", "D", "M"]
"""From independent measurement to memory; D is derived from others."""
THEATRES = [file.stem for file in (CONF / "theatre").glob("*.yaml")]


def rows() -> list[dict[str, str]]:
    texts = [file.read_text(encoding="utf-8").splitlines() for file in FACTS]
    return [row for text in texts for row in csv.DictReader(text)]


KNOWN = {row["id"]: row for row in rows()}


def named(text: str) -> list[str]:
    """Ids that a text names: facts:ID, or facts:PREFIX* for a family."""
    return [name.rstrip("-") for name in re.findall(r"facts:([a-z0-9][a-z0-9*-]*)", text)]


def missing(text: str) -> list[str]:
    """Of those, the ones that are not in the table."""
    gone = []
    for name in named(text):
        family = name.endswith("*")
        if not (any(known.startswith(name[:-1]) for known in KNOWN) if family else name in KNOWN):
            gone.append(name)
    return gone


def test_a_missing_name_would_be_seen():
    assert missing("facts:no-such-thing (facts:waterbed), facts:attacks-iraq-*, `facts:nothing-*`") == [
        "no-such-thing",
        "nothing-*",
    ]


def test_ids_are_unique():
    assert len(KNOWN) == len(rows()) > 90


def test_every_row_is_complete():
    for row in rows():
        assert None not in row and None not in row.values(), row["id"]
        assert row["grade"] in GRADES, row["id"]
        assert row["use"] in USES, row["id"]
        for field in ("topic", "quantity", "source", "checked"):
            assert row[field].strip(), (row["id"], field)


def test_ranges_are_in_order():
    for row in rows():
        try:
            low, high = float(row["low"] or "-inf"), float(row["high"] or "inf")
        except ValueError:
            assert row["low"] == row["high"] or (row["unit"] == "date" and row["low"] < row["high"]), row["id"]
            continue
        assert low <= high, row["id"]


@pytest.mark.parametrize("folder", ["conf", "sim", "docs", "experiments"])
def test_every_fact_that_is_named_exists(folder):
    root = CONF.parent / folder
    if not root.exists():
        pytest.skip(f"there is no {folder}/")
    faults = {}
    for path in sorted(root.rglob("*")):
        if path.suffix in (".py", ".yaml", ".md", ".csv") and path.name != "test_facts.py":
            gone = missing(path.read_text(encoding="utf-8"))
            if gone:
                faults[str(path.relative_to(CONF.parent))] = gone
    assert not faults


def test_no_parameter_rests_on_what_validates():
    """Only emergent patterns count as validation, so no row that validates may have set a parameter."""
    wrong = [
        f"{one.name}: facts:{name}"
        for one in table(Scenario)
        for name in named(one.source)
        if name in KNOWN and KNOWN[name]["use"] == "validate"
    ]
    assert not wrong


def test_no_value_in_conf_rests_on_what_validates():
    """The same for what conf/ itself says about its values."""
    wrong = []
    for path in sorted(CONF.rglob("*.yaml")):
        for name in named(path.read_text(encoding="utf-8")):
            if name in KNOWN and KNOWN[name]["use"] == "validate":
                wrong.append(f"{path.name}: {name}")
    assert not wrong


def test_no_outcome_calibrates_that_is_later_than_the_cut_of_its_theatre():
    """Mechanisms of tracing and markets may be younger."""
    core = cases.load(cases.CORE)
    assert core.cut == date(2020, 6, 21) and set(core.cut_of) < set(THEATRES)
    assert max(core.cut_of.values()) <= date(2022, 12, 31)
    held = {}
    for case in cases.names():
        cuts = cases.load(case)
        for row in cases.facts_of(cases.FACTS if case == cases.CORE else f"case/{case}.csv"):
            if row["topic"] in ("attacks", "reserves", "personnel", "revenue") and row["use"] == "calibrate":
                name = row["id"].replace("-", "_").replace("west_africa", "lake_chad")
                cut = max((cuts.cut_of.get(place, cuts.cut) for place in THEATRES if place in name), default=cuts.cut)
                last = grammar.last_day(row["period"])
                if last and last > cut:
                    held[row["id"]] = last
    assert not held


def test_every_parameter_is_a_field_of_a_section_and_a_row_of_the_table():
    with PARAMETERS.open(encoding="utf-8", newline="") as file:
        declared = [(row["section"], row["name"]) for row in csv.DictReader(file)]
    sections = [one for one in Section.__subclasses__() if one.__module__.startswith("sim.scenario")]
    fields = [
        (one.__name__, name)
        for one in sections
        for name, info in one.model_fields.items()
        if section_of(info.annotation) is None
    ]
    assert sorted(declared) == sorted(fields)
    assert [row.high for row in table(Scenario) if row.name == "rails.*.delay"] == [str(MAX_DELAY - 1)]


def test_parameters_are_graded_and_sourced():
    for one in table(Scenario):
        assert one.role in (*DRAWN, "lever", "setting", "scenario"), one.name
        assert one.grade in [*GRADES, "-"], one.name
        assert one.source.strip(), one.name
        if one.role in DRAWN:
            assert one.grade != "-", one.name


def test_no_parameter_is_graded_better_than_the_fact_it_names():
    """Judging from a fact may weaken its grade, never better it; D says derived, which any fact may be."""
    order = {grade: n for n, grade in enumerate(GRADES)}
    wrong = []
    for one in table(Scenario):
        for name in named(one.source):
            fact = KNOWN.get(name)
            if fact is None or one.grade not in order or one.grade in ("D", "M"):
                continue
            if order[one.grade] < order[fact["grade"]] and (one.grade, fact["grade"]) not in (("C", "D"), ("C", "M")):
                wrong.append(f"{one.name}: {one.grade}, facts:{name}: {fact['grade']}")
    assert not wrong
