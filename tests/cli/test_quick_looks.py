"""What a user looks up first: the version, what each option of a group does, presets, and the plan of a sweep."""

import json
import time

import pytest

import sim
from experiments.study import cli as of_studies
from experiments.study import estimate
from experiments.study.estimate import described
from experiments.study.store import Folder
from sim.cli import entry, frame
from sim.cli.show import EXPLAINED
from sim.config import CONF
from sim.output.provenance import model_version
from tests.study_helpers import SHORT, planned

OPTIONS = [(group, file.stem) for group in EXPLAINED for file in sorted((CONF / group).glob("*.yaml"))]


@pytest.mark.parametrize("typed", [["--version"], ["-m", "--version"], ["--version", "-m", "seed=1,2"]])
def test_the_version_is_that_of_the_project(typed, capsys):
    assert entry.run(typed) == 0
    assert capsys.readouterr().out.startswith(f"insurgent-financing-sim {model_version()}, ")
    if "-m" not in typed:
        assert of_studies.run(typed) == 0
        assert capsys.readouterr().out.startswith(f"insurgent-financing-sim {model_version()}, ")


def test_help_says_what_each_option_does(capsys):
    assert entry.run(["--help"]) == 0
    lines = [line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines() if line.startswith("    ")]
    words = {line[0]: line[1] for line in lines if len(line) == 2}
    for group, option in OPTIONS:
        assert len(words.get(option, "").split()) > 2, f"{group}/{option}.yaml: the first comment says what it is"
        assert len(f"    {option:<21}{words[option]}") <= 136, option


def test_a_file_of_ones_own_is_explained_too(tmp_path, capsys):
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "exchange_kyc.yaml").write_text(
        "# @package _global_\n# Mine \x1b[31m does this.\n", encoding="utf-8"
    )
    assert entry.run(["--help", f"--config-dir={tmp_path}"]) == 0
    out = capsys.readouterr().out
    assert "exchange_kyc         Mine" in out and "does this\n" in out and "\x1b" not in out


@pytest.mark.parametrize("preset", ["teaching", "quick"])
def test_a_preset_is_small_and_named_wherever_a_number_is(preset, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    scenario = sim.load(f"preset={preset}")
    assert scenario.population.donors <= 2_000 and scenario.horizon.weeks <= 131
    note = f"preset={preset}: no number is that of the default"
    assert entry.run([f"preset={preset}", "group=donor_funded", "figures=false", "hydra.run.dir=out"]) == 0
    assert note in capsys.readouterr().out.replace("\n", " ")
    facts = json.loads((tmp_path / "out" / "provenance.json").read_text(encoding="utf-8"))
    assert note in facts["caveat"] and f"preset/{preset}.yaml" in facts["configuration"]
    typed = ["study=sweep", f"preset={preset}", "group=donor_funded", "replications=2", "workers=1", "--no-figures"]
    assert of_studies.run([*typed, "folder=study"]) == 0
    assert note in capsys.readouterr().err
    assert note in json.loads((tmp_path / "study" / "provenance.json").read_text(encoding="utf-8"))["caveat"]


def test_the_default_preset_changes_nothing_and_is_no_caveat(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert sim.load("preset=default") == sim.load()
    assert entry.run(["population.donors=200", "group=donor_funded", "figures=false", "hydra.run.dir=out"]) == 0
    assert "preset" not in capsys.readouterr().out


def test_a_sweep_can_be_planned_and_leaves_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert entry.run(["-m", "--plan", *SHORT, "combat.money=0.1,0.2", "seed=range(0,30)"]) == 0
    out = capsys.readouterr().out
    assert "combat.money        0.1, 0.2" in out and "runs                120, of which 0 are in " in out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("typed", [["--plan"], ["-m", "--plan", "hydra/sweeper=basic", "seed=1,2"]])
def test_only_a_sweep_that_is_one_study_has_a_plan(typed, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert entry.run(typed) == 2
    assert "--plan: only of a sweep that is one study (-m)" in capsys.readouterr().err


def test_what_is_left_out_takes_no_time(tmp_path):
    plan = planned("study=sweep", "combat.money=0.1,0.2", *SHORT, "replications=3")
    folder = Folder(tmp_path)
    whole, tables = (
        described(plan, folder, of_studies.settings_and_plan(["study=sweep", *more])[0])
        for more in ((), ("--no-figures",))
    )
    seconds = [float(one.split("about ")[1].split(" s")[0]) for one in (whole, tables)]
    assert seconds[0] > seconds[1]


def test_a_plan_tries_few_runs_of_a_large_group_and_says_so(monkeypatch, capsys):
    tried = []

    def slow(chunk):
        tried.append(sum(len(task.wanted) for task in chunk.tasks))
        time.sleep(0.3)
        return range(tried[-1])

    monkeypatch.setattr("experiments.study.worker.run_chunk", slow)
    monkeypatch.setattr(estimate, "_MOST", 0.1)
    monkeypatch.setattr(frame, "_OFTEN", 0.05)
    estimate._tried(planned("study=privacy_switch", "replications=2"))
    assert tried == [1, estimate._FEWEST]
    assert "Trying a few runs: 0 s ..." in capsys.readouterr().err


def test_what_takes_long_says_so_and_what_does_not_is_silent(monkeypatch, capsys):
    monkeypatch.setattr(frame, "_OFTEN", 0.05)
    with frame.saying("Reading"):
        time.sleep(0.3)
    said = capsys.readouterr().err.splitlines()
    assert len(said) >= 2 and set(said) == {"Reading: 0 s ..."}
    time.sleep(0.15)
    monkeypatch.setattr(frame, "_OFTEN", 60.0)
    with frame.saying("Reading"):
        pass
    assert capsys.readouterr().err == ""
