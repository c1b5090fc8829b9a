"""What six named scenarios yield, kept in tests/golden/: no change of the model goes unseen.

Where the math library is the one of the stored numbers, a run is the same to the byte; elsewhere last bits differ, and
the numbers of a run are compared to one in a million. A change that is meant is taken over by tests/golden/update.py.
"""

import json
import shutil

import pytest

from sim.engine.jit import PLAIN
from tests.golden.update import FOLDER, SCENARIOS, main, measure, stored

pytestmark = pytest.mark.skipif(PLAIN, reason="hundreds of runs: compiled only")

HOW = "if this is meant: .venv/bin/python tests/golden/update.py --reason '...', and say so in CHANGELOG.md"


@pytest.mark.parametrize("name", SCENARIOS)
def test_golden(name):
    kept = stored(name)
    assert kept is not None, f"no golden numbers of {name}; {HOW}"
    run = measure(SCENARIOS[name])
    assert run["overrides"] == kept["overrides"], HOW
    assert run["numbers"].keys() == kept["numbers"].keys(), HOW
    wrong = {
        key: (kept["numbers"][key], value)
        for key, value in run["numbers"].items()
        if value != pytest.approx(kept["numbers"][key], rel=1e-6, abs=1e-9)
    }
    assert not wrong, HOW
    if run["mathematics"] == kept["mathematics"]:
        assert run["sha256"] == kept["sha256"], f"numbers agree, bytes do not: a new outcome, or last bits; {HOW}"


def test_golden_scenarios_are_apart():
    assert len({json.dumps(stored(name)["numbers"]) for name in SCENARIOS}) == len(SCENARIOS)


def test_every_change_has_its_reason():
    text = (FOLDER / "CHANGES.md").read_text(encoding="utf-8")
    assert {path.stem for path in FOLDER.glob("*.json")} == set(SCENARIOS)
    assert all(name in text for name in SCENARIOS)


@pytest.mark.parametrize("arguments", [[], ["--reason", ""], ["--reason", "new numbers"]])
def test_updating_refuses_without_a_reason(arguments, tmp_path, capsys):
    with pytest.raises(SystemExit) as refused:
        main(arguments, tmp_path)
    assert refused.value.code == 2
    assert "--reason" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_updating_writes_what_changed_and_why(tmp_path, capsys):
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    spoilt = stored("default") | {"sha256": "0"}
    spoilt["numbers"]["sum of attacks"] += 1
    (tmp_path / "default.json").write_text(json.dumps(spoilt), encoding="utf-8")
    assert main(["--reason", "a trial of the script"], tmp_path) == 0
    said = capsys.readouterr().out
    assert "default: 1 of" in said
    assert "CHANGELOG.md" in said
    assert stored("default", tmp_path)["numbers"]["sum of attacks"] == spoilt["numbers"]["sum of attacks"] - 1
    assert (tmp_path / "CHANGES.md").read_text(encoding="utf-8").rstrip().endswith("(default): a trial of the script")
