"""Every table of every study, run small, has the numbers that are kept in tests/studies/golden/tables.json."""

import json
from pathlib import Path

import pandas as pd
import pytest

from sim.engine.constants import HARM_MODELLED, HARMS, POLICIES
from sim.engine.jit import PLAIN
from tests.kept_studies import STUDIES, digests, read, run

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


@pytest.mark.parametrize("name", STUDIES)
def test_tables_of_a_study(name, tmp_path):
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))[name]
    assert run(name, tmp_path / "made") == 0
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
