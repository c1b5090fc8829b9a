"""Every table of every study, run small, has the numbers that are kept in tests/studies/golden/tables.json."""

import json
import math
from pathlib import Path

import pandas as pd
import pytest

from experiments import findings
from experiments.messages import has
from sim.engine.constants import HARM_MODELLED, HARMS, POLICIES
from sim.engine.jit import PLAIN
from tests.kept_studies import STUDIES, digests, read, run
from tests.study.test_answers import contradictions, of_draws

MOST = 12
"""Findings of a study's own."""
GOLDEN = Path(__file__).parent / "golden" / "tables.json"

pytestmark = [pytest.mark.slow, pytest.mark.skipif(PLAIN, reason="thousands of runs: compiled only")]


def wrong_harm(table: pd.DataFrame) -> pd.DataFrame:
    """Rows that give a number as the harm of a policy of which the model has none, or that do not say what it has."""
    if not {"policy", "harm"} <= set(table) and not {"policy", "outcome", "contrast"} <= set(table):
        return table[:0]
    value = "harm" if "harm" in table else "mean"
    harm = table if value == "harm" else table[table["outcome"].isin(HARMS)]
    harm = harm[harm["contrast"].isin(["policy", "interaction"])] if "contrast" in harm else harm
    if "harm_modelled" not in harm:
        return harm
    none, said = harm["policy"].isin(set(POLICIES) - HARM_MODELLED), harm["harm_modelled"]
    return harm[said.isna() | (none & (said != "no")) | ((said == "no") & harm[value].notna())]


def check_own(one: findings.Finding, tables: dict[str, pd.DataFrame]) -> None:
    """A finding of a study's own has short sentences, and the numbers and the verdict of rows that are there."""
    for words in one.sentence().removesuffix(".").split(". "):
        assert len(words.split()) <= 22, words
        assert words.count("(") <= 1, words
        assert "onfidence" not in words
    assert not has(f"{one.kind}.title") or len(one.sentence("title").split()) <= 14
    assert one.because or one.kind.startswith("sweep-"), one.id  # in a sweep nothing else differs
    assert one.reasons, one.id
    own = [row for row in one.rows if row.table != "findings"]
    assert own, one.id
    assert all(0 <= row.line - 2 < len(tables[row.table]) for row in own), one.id
    row = tables[own[0].table].iloc[own[0].line - 2]
    for name, column in zip(("median", "low", "high"), one.columns, strict=True):
        value, found = getattr(one, name), row.get(column, math.nan)
        if math.isfinite(value):
            assert any(math.isclose(value, scale * found, rel_tol=1e-6) for scale in (1.0, 100.0)), one.id
    if "judged" in one.more and "verdict" in row:
        assert one.more["judged"] == row["verdict"].replace(" ", "-"), one.id
    elif one.verdict and "verdict" in row:
        assert one.verdict == row["verdict"], one.id


def check_answers(folder: Path) -> None:
    """A study has a question, and findings of its own, each of which its rows bear out."""
    answers = findings.read((folder / findings.FILE).read_bytes())
    tables = {file.stem: read(file) for file in folder.glob("*.csv")}
    assert has(f"question-{answers.about['report'].replace('_', '-')}")
    own = [one for one in answers.findings if "-" in one.kind]
    assert 1 <= len(own) <= MOST
    assert len({one.id for one in own}) == len(own)
    for one in own:
        check_own(one, tables)


@pytest.mark.parametrize("name", STUDIES)
def test_tables_of_a_study(name, tmp_path):
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))[name]
    assert run(name, tmp_path / "made") == 0
    check_answers(tmp_path / "made")
    found = digests(tmp_path / "made")
    assert found.keys() == golden.keys()
    for table, columns in golden.items():
        assert found[table].keys() == columns.keys(), table
        for column, kept in columns.items():
            if kept and not isinstance(kept[0], str):
                kept = pytest.approx(kept, rel=1e-7, abs=1e-9)
            assert found[table][column] == kept, f"{table}: {column}"
    for file in (tmp_path / "made").rglob("*.csv"):
        assert wrong_harm(read(file)).empty, file.name
    study = findings.read((tmp_path / "made" / findings.FILE).read_bytes())
    assert not [word for one in of_draws(study) for word in contradictions(one)]
