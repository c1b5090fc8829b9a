"""What may be typed after ``python -m experiments``, and what is said of what may not."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from experiments.study import arguments, cli
from experiments.study.arguments import request
from experiments.study.building import levels_of
from experiments.study.store import Folder
from sim.engine.constants import POLICIES
from tests.study_helpers import SHORT, planned, told

ROOT = Path(__file__).resolve().parents[2]
OWN = """\
doc: A study of one's own
report: sweep
replications: 2
seeds_per_draw: 1
uncertain: none
base: {arm: none, policy: status_quo, intensity: 1, profile: is_core}
reference_levels: {arm: none, policy: status_quo}
levels:
  arm:
    none: ["shocks.monero_only.enabled=false"]
    full: ["shocks.monero_only.mode=full"]
  profile:
    is_core: ["group=is_core"]
    donor_funded: ["group=donor_funded"]
blocks:
  main: {vary: {arm: [none, full], profile: [is_core, donor_funded]}}
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    """An empty folder to work in, beside one with a study of one's own."""
    (tmp_path / "my" / "study").mkdir(parents=True)
    (tmp_path / "my" / "study" / "own.yaml").write_text(OWN, encoding="utf-8")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def read(*arguments):
    """The levels of every cell and the settings of a sweep."""
    settings, study, faults = request(["study=sweep", *arguments])
    assert faults == []
    return [levels for levels, *_ in levels_of(study)], settings, study


def varied(name, *arguments):
    return list(dict.fromkeys(levels[name] for levels in read(*arguments)[0]))


# --- what may be typed -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "name", "levels"),
    [
        ("combat.money=0.05,0.15", "combat.money", [0.05, 0.15]),
        ("group.routing=range(0,0.6,0.2)", "group.routing", [0.0, 0.2, 0.4]),
        ("giving.cap=range(1,4)", "giving.cap", [1, 2, 3]),
        ("group=donor_funded,is_core", "group", ["donor_funded", "is_core"]),
        ("group=glob(*_core)", "group", ["is_core"]),
        ("policy=adaptive", "policy", ["status_quo", "adaptive"]),
        ("policy=exchange_kyc+adaptive,adaptive", "policy", ["status_quo", "exchange_kyc+adaptive", "adaptive"]),
        ("policy=[exchange_kyc,adaptive],[]", "policy", ["exchange_kyc+adaptive", "status_quo"]),
        ("arm=full", "arm", ["none", "full"]),
        ("rails.monero.traceability=0.1,0.2", "rails.monero.traceability.link", [0.1, 0.2]),
        ("report.switch=null,2020-01-06", "report.switch", ["null", "2020-01-06"]),
        ("shock=[monero_only],[monero_only,oil_iraq]", "shock", ["[monero_only]", "[monero_only,oil_iraq]"]),
        ("inspiration.by_deaths=true,false", "inspiration.by_deaths", [True, False]),
    ],
)
def test_lists(typed, name, levels):
    assert varied(name, typed) == levels


def test_lists_are_crossed_with_all_else():
    levels = read("combat.money=1,2", "choice.cost=3,4", "arm=full")[0]
    found = {(one["arm"], one["combat.money"], one["choice.cost"]) for one in levels}
    assert found == {(arm, money, cost) for arm in ("none", "full") for money in (1, 2) for cost in (3, 4)}


def test_what_holds_in_one_arm_alone_is_checked_there_with_policies_too():
    typed = ("study=sweep", "arm=full", "shocks.monero_only.size=0.6")  # of an announcement no share is lost
    assert [len(planned(*typed, *more).cells) for more in ((), ("policy=channel_takedown",))] == [2, 4]


def test_a_zip_walks_lists_together():
    levels = read("combat.money=1,2", "choice.cost=3,4", "choice.ask=5,6", "zip=[combat.money,choice.cost]")[0]
    found = {(one["combat.money"], one["choice.cost"], one["choice.ask"]) for one in levels}
    assert found == {(1, 3, 5), (1, 3, 6), (2, 4, 5), (2, 4, 6)}
    zips = "zip=[[combat.money,choice.cost],[choice.ask,combat.people]]"
    levels = read("combat.money=1,2", "choice.cost=3,4", "choice.ask=5,6", "combat.people=7,8", zips)[0]
    found = {(one["combat.money"], one["choice.cost"], one["choice.ask"], one["combat.people"]) for one in levels}
    assert found == {(1, 3, 5, 7), (1, 3, 6, 8), (2, 4, 5, 7), (2, 4, 6, 8)}


def test_a_zip_keeps_what_others_are_compared_with():
    levels = read("policy=adaptive,exchange_kyc", "intensity=0.5,1", "zip=[policy,intensity]")[0]
    found = {(one["policy"], one["intensity"]) for one in levels}
    assert found == {("status_quo", 0), ("adaptive", 0.5), ("exchange_kyc", 1)}


@pytest.mark.parametrize("sampling", ["sobol", "latin_hypercube"])
def test_intervals_fill_the_space_evenly(sampling):
    drawn = ("combat.money=interval(0.2,0.6)", "choice.cost=interval(1,9)", "samples=32")
    levels = read(*drawn, f"sampling={sampling}")[0]
    assert len({(one["combat.money"], one["choice.cost"]) for one in levels}) == 32
    for name, low, high in (("combat.money", 0.2, 0.6), ("choice.cost", 1, 9)):
        values = sorted({one[name] for one in levels})
        boxes = [int(32 * (value - low) / (high - low)) for value in values]
        assert boxes == list(range(32)), "one in each of 32 equal parts"


def test_a_sobol_sequence_that_is_cut_says_so(capsys):
    """One line that names the numbers at which it is balanced; it goes to provenance.json too."""
    drawn = ["study=sweep", "combat.money=interval(0.2,0.6)", "--plan", *SHORT]
    code, _, err = told(capsys, *drawn, "samples=3")
    assert code == 0 and err.count("\n") == 1
    assert "samples=3: a Sobol sequence covers" in err and "samples=2 or samples=4" in err
    settings, plan = cli.settings_and_plan([*drawn, "samples=3"])
    assert cli.provenance_of(plan, settings, "")["notes"] == [*settings.notes] != []
    (note,) = request([*drawn, "samples=100"])[0].notes
    assert "samples=64 or samples=128" in note
    for balanced in ("samples=64", "samples=1", "samples=100 sampling=latin_hypercube"):
        assert request([*drawn, *balanced.split()])[0].notes == ()


def test_an_interval_is_the_same_each_time_and_crossed_with_lists():
    typed = ("combat.money=interval(0.2,0.6)", "samples=4", "policy=adaptive")
    first, again = read(*typed)[0], read(*typed)[0]
    assert first == again
    assert len({(one["policy"], one["combat.money"]) for one in first}) == 8


def test_seeds():
    assert read("seed=range(3,6)")[1].seeds == (3, 4, 5)
    assert read("seed=9,2,9")[1].seeds == (9, 2)
    assert read("seed=7")[1].seeds == (7,)


def test_settings_and_parameters_that_are_held():
    typed = ("replications=7", "seeds_per_draw=3", "uncertain=plausible", "workers=3", "chunk=9", "precision=0.5")
    _, settings, study = read(*typed, "combat.money=0.3", "rails.monero.traceability=0.2", "most=50", "folder=x/y")
    assert (study.replications, study.seeds_per_draw, study.uncertain) == (7, 3, "plausible")
    assert (settings.workers, settings.chunk, settings.precision, settings.most) == (3, 9, 0.5, 50)
    assert settings.where == Path("x/y")
    assert study.overrides == ["combat.money=0.3", "rails.monero.traceability.link=0.2"]
    assert read("--plan", "--no-figures", "--no-brief")[1].plan_only
    assert not read("--no-figures")[1].figures and read("--no-figures")[1].brief


def test_the_word_full_means_the_full_study_and_no_folder():
    assert arguments.request(["full", "replications=7"])[0].study == "privacy_switch"
    for both in (["full", "study=sweep"], ["study=sweep", "full"]):
        assert arguments.read(both).errors == ["study=sweep: full is study=privacy_switch; leave out one of the two"]
    assert not arguments.read(["full", "study=privacy_switch"]).errors
    assert arguments.read(["report", "full"]).words == ["report", "full"]


def test_the_word_full_is_the_nearest_to_one_like_it(capsys, place):
    assert any("nearest: full" in error for error in refused(capsys, "ful"))


def test_of_two_for_one_key_the_later_holds():
    _, settings, study = read("chunk=1", "combat.money=0.1,0.2", "chunk=2", "combat.money=0.3")
    assert settings.chunk == 2 and study.overrides == ["combat.money=0.3"]


def test_what_a_policy_does_and_when_can_be_varied(place):
    plan = planned("study=sweep", *SHORT, "policy=exchange_kyc", "policies.exchange_kyc.ramp=1,13", "replications=1")
    ramps = {cell.scenario.policies["exchange_kyc"].ramp for cell in plan.cells if cell.scenario.policies}
    assert ramps == {1, 13}


# --- what may not ----------------------------------------------------------------------------------------------------


def refused(capsys, *arguments):
    """The faults that are told; nothing may have been made."""
    before = sorted(Path().rglob("*"))
    assert cli.run(list(arguments)) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert sorted(Path().rglob("*")) == before
    head, *faults = said.err.splitlines()
    assert head == ("1 error" if len(faults) == 1 else f"{len(faults)} errors") + (
        " in the configuration; nothing was run:"
    )
    return [fault.removeprefix("  ") for fault in faults]


def test_every_fault_is_in_one_message(capsys, place):
    (place / "full").mkdir()
    (place / "full" / "diary.txt").write_text("dear diary", encoding="utf-8")
    bad = {
        "replication=5": "replication=5: unknown key; nearest: replications",
        "reps=2": "reps=2: unknown key; nearest: replications",
        "combat.mony=3": "combat.mony=3: unknown key; nearest: combat.money",
        "combat.money=0.1,-7": "combat.money=-7: allowed is 0.02 to 1",
        "population.donors=few": "population.donors=few: must be a whole number; allowed is",
        "policy=exchange_kyc,adaptiv": "policy=exchange_kyc,adaptiv: unknown policy adaptiv; nearest: adaptive",
        "arm=ful": "arm=ful: unknown arm ful; nearest: full",
        "group=is_cor": "group=is_cor: unknown group is_cor; nearest: is_core",
        "choice.cost=": "choice.cost",
        "replications=0": "replications=0: must be a whole number, 1 to 1,000,000",
        "workers=two": "workers=two: must be a whole number, 1 to 4,096",
        "chunk=²": "chunk=²: must be a whole number, 1 to 100,000",
        "samples=1.5": "samples=1.5: must be a whole number",
        "precision=-1": "precision=-1: must be verdict, or a number above 0",
        "seed=-3": "seed=-3: must be whole numbers from 0",
        "uncertain=maybe": "uncertain=maybe: allowed is plausible or posterior or none",
        "sampling=sobl": "sampling=sobl: allowed is sobol or latin_hypercube; nearest: sobol",
        "engine=slrum": "engine=slrum: allowed is local or dask or slurm or pbs or sge or lsf; nearest: slurm",
        "--plam": "--plam: unknown option; nearest: --plan",
        "nonsense": "nonsense: cannot be read; write key=value",
        "folder=full": "folder=full: holds other files; choose a new or empty folder",
    }
    faults = refused(capsys, "study=sweep", *bad)
    for typed, text in bad.items():
        assert any(fault.startswith(text) for fault in faults), (typed, faults)
    assert len(faults) <= len(bad) + 1  # seed and precision do not go together


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("seed=", "seed=: must be whole numbers from 0"),
        ("seed=1.5", "seed=1.5: must be whole numbers"),
        ("seed=interval(0,9)", "seed=interval(0,9): cannot be listed"),
        ("seed=range(0,9,0)", "seed=range(0,9,0): cannot be listed"),
        ("seed=range(5,5)", "seed=range(5,5): an empty list"),
        ("seed=range(0,100001)", "seed=range(0,100001): more than 100,000 values"),
        ("precision=verdikt", "precision=verdikt: must be verdict, or a number above 0"),
        ("most=3", "most=3: limits what precision=... adds"),
        ("precision=nan", "precision=nan: must be verdict, or a number above 0"),
        ("precision=inf", "precision=inf: must be verdict, or a number above 0"),
        ("combat.money=range(0,1,0)", "combat.money=range(0,1,0): cannot be listed"),
        ("combat.money=range(1,0,0.1)", "combat.money=range(1,0,0.1): an empty list"),
        ("combat.money=interval(0.5,0.1)", "combat.money=interval(0.5,0.1): the first number must be smaller"),
        ("policy=interval(0,1)", "policy=interval(0,1): policy has levels"),
        ("policy=glob(nothing*)", "policy=glob(nothing*): matches nothing that there is; known: adaptive"),
        ("policy=adaptive+adaptive", "policy=adaptive+adaptive: adaptive+adaptive: a mix is of different policies"),
        ("policy=status_quo+adaptive", "policy=status_quo+adaptive: status_quo+adaptive: a mix is of different"),
        ("policy=adaptive+", "policy=adaptive+: unknown policy"),
        ("intensity=2", "policies.adaptive.intensity=2: allowed is 0 to 1"),
        ("policies.adaptive.intensity=0.5", "policies.adaptive.intensity=0.5: the factor intensity sets it"),
        ("policies.adaptive.intensity=0.5,1", "policies.adaptive.intensity: the factor intensity sets it"),
        ("policies.adaptive.start=2031-01-01", "policies.adaptive.start=2031-01-01: lies beyond the run"),
        ("policies.exchange_kyc.ramp=3", "policies.exchange_kyc.ramp=3: policy exchange_kyc is not chosen"),
        ("horizon.weeks=5", "shocks.monero_only.at=2020-06-21: lies beyond the run"),
        ("zip=combat.money", "zip=combat.money: needs two or more factors"),
        ("zip=[combat.money,choice.cost]", "zip=[combat.money,choice.cost]: needs two or more factors that are given"),
        ("zip=[policy,policy]", "zip=[policy,policy]: needs two or more factors"),
        ("zip=[policy,policy],[policy]", "zip=[policy,policy],[policy]: needs two or more factors"),
        ("hydra.run.dir=x", "hydra.run.dir=x: unknown key"),
        ("--config-dir=nowhere", "--config-dir nowhere: there is no such folder"),
        ("config_dir=nowhere", "--config-dir nowhere: there is no such folder"),
        ("{", "{: cannot be read"),
        ("a b=c d", "a b=c d: cannot be read"),
    ],
)
def test_bad_input_is_told_in_one_line(capsys, place, typed, text):
    faults = refused(capsys, "study=sweep", "policy=adaptive", *SHORT, typed)
    assert any(fault.startswith(text) for fault in faults), faults


def test_most_is_no_less_than_what_is_run_at_first(capsys, place):
    typed = ("study=sweep", *SHORT, "replications=20", "precision=verdict", "most=3")
    assert refused(capsys, *typed) == ["most=3: must be 20 (replications) or more"]


def test_lists_that_go_together_are_of_one_length(capsys, place):
    lists = ("combat.money=0.1,0.2,0.3", "choice.cost=1,2")
    (fault,) = refused(capsys, "study=sweep", *lists, "zip=[combat.money,choice.cost]")
    assert fault == "zip=[combat.money,choice.cost]: the lists differ in length: [3, 2]"


def test_precision_adds_seeds_of_its_own(capsys, place):
    (fault,) = refused(capsys, "study=sweep", "seed=3,4", "precision=1")
    assert fault.startswith("precision: adds replications from seed 0 on")
    (fault,) = refused(capsys, "study=sweep", "precision=verdikt")
    assert fault.endswith("; nearest: verdict") and read("precision=verdict")[1].precision == "verdict"


def test_an_unknown_study(capsys, place):
    assert refused(capsys, "study=swep", "workers=x") == [
        "study=swep: unknown study; nearest: sweep", "workers=x: must be a whole number, 1 to 4,096",
    ]  # fmt: skip


# --- folders ---------------------------------------------------------------------------------------------------------


def test_a_folder_of_another_study_or_version(capsys, place):
    plan = planned("study=sweep", *SHORT)
    with Folder(place / "mine").opened("sweep", plan.version):
        pass
    assert cli.run(["study=sweep", "folder=mine", "--plan"]) == 0
    capsys.readouterr()
    (fault,) = refused(capsys, "folder=mine")
    assert fault == "folder=mine: holds the study sweep; choose another folder by folder=PATH"
    manifest = place / "mine" / "study.json"
    made = json.loads(manifest.read_text(encoding="utf-8"))
    for change in ({"version": "old"}, {"format": 99}):
        manifest.write_text(json.dumps(made | change), encoding="utf-8")
        (fault,) = refused(capsys, "study=sweep", "folder=mine")
        assert fault.startswith("folder=mine: was made by another version of the model or on another kind of machine")
    manifest.write_text("{", encoding="utf-8")
    (fault,) = refused(capsys, "study=sweep", "folder=mine")
    assert fault == "folder=mine: study.json cannot be read; choose another folder by folder=PATH"
    (place / "file").write_text("", encoding="utf-8")
    assert refused(capsys, "study=sweep", "folder=file") == ["folder=file: is a file"]


def test_what_a_command_leaves_that_is_killed_at_once_can_go_on(place):
    (place / "mine" / "parts").mkdir(parents=True)
    (place / "mine" / ".lock").touch()
    (place / "mine" / ".study.json.aside").write_text("{", encoding="utf-8")
    Folder(place / "mine").check("sweep", "v")


# --- studies of one's own --------------------------------------------------------------------------------------------


def test_a_study_of_ones_own(place):
    plan = planned("--config-dir", "../my", "study=own", *SHORT)
    assert len(plan.cells) == 4 and len(plan.seeds) == 2
    assert planned("config_dir=../my", "study=own", *SHORT, "profile=donor_funded").size == 4


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        ("report: sweep", "report: swep", "report: unknown report swep; nearest: sweep"),
        ("doc:", "dok:", "dok: unknown key; nearest: doc"),
        ("reference_levels:", "keep:", "keep: is called reference_levels now"),
        ("main: {vary", "main: {every: 4, vary", "blocks.main.every: is called thin now"),
        ("main: {vary", "main: {varies", "blocks.main.varies: unknown key; nearest: vary"),
        ("[none, full], p", "[none, ful], p", "blocks.main.vary.arm: unknown arm ful; nearest: full"),
        ("base: {arm: none", "base: {arm: nine", "base.arm: unknown arm nine; nearest: none"),
        (
            "reference_levels: {arm: none",
            "reference_levels: {arm: non",
            "reference_levels.arm: unknown arm non; nearest: none",
        ),
        ("profile: [is_core", "policy: [adaptiv", "blocks.main.vary.policy: unknown policy adaptiv; nearest: adaptive"),
        ("blocks:", "blocks:\n  more: {vary: {combat.money: [1]}}", "base: needs a level of combat.money, which"),
        ("main: {vary: {arm", "main: {vary: {seed: [1], arm", "seed: no factor can have this name"),
        ("replications: 2", "replications: 0", "replications: Input should be greater than or equal to 1"),
        ("doc: A", "doc: [", "cannot be read"),
    ],
)
def test_a_faulty_study_of_ones_own(capsys, place, before, after, text):
    assert before in OWN
    (place.parent / "my" / "study" / "own.yaml").write_text(OWN.replace(before, after, 1), encoding="utf-8")
    faults = refused(capsys, "--config-dir", "../my", "study=own", *SHORT)
    assert any(fault.startswith(f"../my/study/own.yaml: {text}") for fault in faults), faults


def test_a_study_that_names_what_is_not_there(capsys, place):
    file = place.parent / "my" / "study" / "own.yaml"
    also = "combat.mony: [0, 1], combat.money: [1, 0], shocks.monero_only.size: [0, 1]"
    file.write_text(f"{OWN}extra_ranges: {{{also}}}\nhold: [group.routin]\n", encoding="utf-8")
    assert refused(capsys, "--config-dir", "../my", "study=own", "uncertain=plausible", *SHORT) == [
        "extra_ranges.shocks.monero_only.size: a shock or policy is a factor; it is not drawn",
        "extra_ranges.combat.money: the first number must be smaller",
        "extra_ranges.combat.mony: there is no such parameter in any cell",
        "hold.group.routin: there is no such parameter in any cell",
    ]
    file.write_text(f"{OWN}overrides: [combat.mony=1]\n", encoding="utf-8")
    faults = refused(capsys, "--config-dir", "../my", "study=own", *SHORT)
    assert faults == ["combat.mony=1: unknown key; nearest: combat.money"]
    faults = refused(capsys, "study=sweep", "rails.monero.tracability.link=0.1,0.2", "combat.mony=1", *SHORT)
    assert [one for one in faults if "tracability" in one] == [
        "rails.monero.tracability.link: unknown key; nearest: rails.monero.traceability.link"
    ], "once, and on the same rail"
    [fault] = refused(capsys, "study=sweep", "policy=mandatory_reporting", *SHORT)
    assert all(one in fault for one in POLICIES), "every policy is named where none is near"


def test_what_a_factor_sets_cannot_be_set_beside_it(capsys, place):
    own = ("--config-dir", "../my", "study=own", *SHORT)
    full = ("study=headline", "--plan", *SHORT)
    (fault,) = refused(capsys, *full, "shocks.monero_only.mode=full")
    assert fault == "shocks.monero_only.mode=full: the factor arm sets it; set arm instead"
    (fault,) = refused(capsys, *full, "shocks.monero_only.mode=full,none")
    assert fault == "shocks.monero_only.mode: the factor arm sets it; set arm instead"
    (fault,) = refused(capsys, *own, "profile=interval(0,1)")
    assert fault.startswith("profile=interval(0,1): profile has levels")


# --- quick -----------------------------------------------------------------------------------------------------------

_WATCH = """
import contextlib, io, sys
from experiments.study.cli import run
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    assert run(["--help"]) == 0
    assert "hydra" not in sys.modules
    assert run(["study=swep"]) == 2
    assert run(["study=sweep", "combat.mony=1", "replications=x", "policy=adaptiv", "folder=/"]) == 2
heavy = {"mesa", "numba", "pandas", "matplotlib", "seaborn", "scipy", "numpy", "pyarrow"} & set(sys.modules)
print(heavy or "none")
"""


def test_nothing_heavy_is_imported_for_help_or_a_fault():
    said = subprocess.run(
        [sys.executable, "-c", _WATCH],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert said.stdout.splitlines()[-1:] == ["none"], said.stdout + said.stderr
