"""Every table of every study, run small, has the numbers that are kept in tests/studies/golden/tables.json."""

import json
from pathlib import Path

import pytest

from sim.engine.jit import PLAIN
from tests.kept_studies import STUDIES, digests, run

GOLDEN = Path(__file__).parent / "golden" / "tables.json"

pytestmark = [pytest.mark.slow, pytest.mark.skipif(PLAIN, reason="thousands of runs: compiled only")]


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
