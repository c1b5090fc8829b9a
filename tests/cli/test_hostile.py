"""Names and labels of a config or a folder are words and nothing else: no formula, no markup, no path."""

import csv
import io
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from experiments import brief
from experiments.study import tables as common
from experiments.study.store import Folder
from sim.config import ConfigurationError
from sim.config.untrusted_yaml import shown
from sim.output import tables as of_runs
from sim.output.tables import as_csv
from sim.plots.layout import PRINT
from tests.study.figure_tables import effects_table, frontier_table, weekly_table
from tests.study.test_brief import made, named, page_of
from tests.study.test_figures import PROVENANCE, drawings

FORMULAS = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", '=HYPERLINK("x","y")', "-", "\uff1d1",
]  # fmt: skip
SPLIT = ["a;=1+1", "a\t=1+1", "a\n=1+1", "a\r\n@x"]
WORDS = ["is_core", "a+b", "exchange_kyc+adaptive", "2020-06-21", "x=1", "5 % - 6 %", "", "O'Brien", "a,b", 'a "b"']
NUMBERS = ["-0.5", "+2", "1e-5", "-1.5E+10", "-inf", "-.5"]
MARKUP = [
    "<script>alert(1)</script>", "</text><script>alert(1)</script>", "]]><x>", "--><x>", "</style><x>",
    '" onload="alert(1)', "' onerror='alert(1)", "javascript:alert(1)", "{{ 7 * 7 }}", "{% raw %}", "&lt;b&gt;&amp;",
    "$\\frac{1}{$", "url(http://x)", "../../../x", "/etc/passwd", "a" * 300, "\u202eabc", "ਅ", "%s %d {0}",
]  # fmt: skip


@pytest.mark.parametrize("text", [*FORMULAS, *SPLIT])
def test_no_word_is_a_formula(text):
    (cell,) = csv_cells(as_csv(pd.DataFrame({"x": [text]})))
    for separator in (",", ";", "\t", "\n"):
        for part in cell.replace("\r", "\n").split(separator):
            assert not re.match("[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]", part), (text, cell)
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    assert cell.replace("'", "") == plain.replace("'", ""), "nothing is lost"


def csv_cells(data):
    return [row[0] for row in csv.reader(io.StringIO(data.decode(), newline=""))][1:]


def test_words_and_numbers_stay_as_they_are():
    table = pd.DataFrame({"word": [*WORDS, *NUMBERS], "number": np.linspace(-1, 1, len(WORDS) + len(NUMBERS))})
    assert as_csv(table) == table.to_csv(index=False).encode()
    other = table.assign(word=pd.Categorical(table["word"]), true=True, day=pd.Timestamp("2020-01-01"), none=None)
    assert as_csv(other) == other.to_csv(index=False).encode()
    assert as_csv(pd.DataFrame()) == b"\n"


def test_a_heading_is_no_formula_either_and_what_is_mixed_is_looked_at_cell_by_cell():
    table = pd.DataFrame({"=x": ["-1+1", -1.5, None, True], "-y": pd.Categorical(["-a", "b", "b", "b"])})
    rows = list(csv.reader(io.StringIO(as_csv(table).decode())))
    assert rows == [["'=x", "'-y"], ["'-1+1", "'-a"], ["-1.5", "b"], ["", "b"], ["True", "b"]]


def test_both_commands_write_csv_so(tmp_path):
    table = pd.DataFrame({"policy": ["=1+1"], "mean": [-0.1]})
    common.write_csv(Folder(tmp_path), "effects.csv", table)
    of_runs.write_csv(table, tmp_path / "policy.csv")
    files = [(tmp_path / name).read_bytes() for name in ("effects.csv", "policy.csv")]
    assert files == [b"policy,mean\n'=1+1,-0.1\n"] * 2


def hostile(table, name, texts):
    """A table in which some words of a column are others."""
    known = [one for one in dict.fromkeys(table[name]) if one not in ("none", "status_quo", "announcement")]
    new = table.replace({name: dict(zip(known, texts, strict=False))})
    return new.assign(id=[f"{texts[0]}/{one}" for one in table["id"]]) if "id" in table else new


@pytest.mark.parametrize("word", MARKUP)
def test_no_label_is_markup_in_the_brief(tmp_path, word):
    about = dict.fromkeys(("title", "question", "command", "model", "commit", "seed", "caveat"), word)
    there = tmp_path / "in" / "deep"
    study = made(20)
    brief.write(there, named(replace(study, about=study.about | about), word, word), "en", ["html"])
    page = page_of(there)
    assert not {"script", "x"} & {name for name, _ in page.tags}
    for name, attributes in page.tags:
        assert not any(key.startswith("on") for key in attributes), (name, attributes)
        assert name != "a" or re.match("#|.*[.](csv|parquet)$", attributes["href"]), attributes
    files = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert files == {there / "brief.html", *(there / "figures").glob("*.*")}


@pytest.mark.parametrize("column", ["profile", "policy"])
def test_no_label_is_markup_or_a_path_in_figures(tmp_path, column):
    texts = [MARKUP[place] for place in (1, 2, 5, 11, 13, 16)]
    made = {"effects": effects_table({"is_core": 0.5, "donor_funded": 3.0}), "frontier": frontier_table()}
    made |= {"weekly": weekly_table({"is_core": 0.5, "donor_funded": 3.0}, 4)}
    made = {name: hostile(table, column, texts) if column in table else table for name, table in made.items()}
    there = tmp_path / "in" / "deep"
    files = PRINT.draw(drawings(made), there, dict.fromkeys(PROVENANCE, " ".join(texts)))
    assert files and {path.parent for path in files} == {there}
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == {*files}
    for file in (file for file in files if file.suffix == ".svg"):
        root = ET.parse(file).getroot()
        assert not [one for one in root.iter() if one.tag.split("}")[1] in ("script", "x", "foreignObject")]
        assert not [key for one in root.iter() for key in one.attrib if key.lower().startswith("on")]
        links = [value for one in root.iter() for key, value in one.attrib.items() if key.endswith("href")]
        assert all(link.startswith(("#", "data:image")) for link in links)


def test_a_message_steers_no_terminal():
    said = str(ConfigurationError(["seed=\x1b[2J\x07\r\n\udcff\u202e: é ਅ\u00a0%"]))
    assert said.splitlines()[1:] == ["  seed=\\x1b[2J\\x07\\r\\n\\udcff\\u202e: é ਅ\u00a0%"]
    assert shown("plain words: a=b") == "plain words: a=b"
