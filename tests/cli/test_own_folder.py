"""A user's own files win over the packaged ones in every command, are named in what is written, and none is ignored."""

import json
import re
import shutil
from pathlib import Path

import pytest
import yaml

import sim
from experiments import text as of_text
from experiments.evidence import cases, credibility
from experiments.study import cli, estimate, runner, spec, sweeping
from experiments.study import own_tables as of_reports
from experiments.study.arguments import request
from experiments.study.saved_plan import load
from experiments.study.store import FORMAT, check_manifest
from sim.cli import entry
from sim.config import CONF, ConfigurationError, Request, file_of, own_tables, validate
from tests.study_helpers import SHORT, STUDY, planned

SMALL = ("population.donors=20", "horizon.start=2020-06-01", "horizon.weeks=60", "figures=false")
CHANGED = {  # of each group a value that is another in the user's file, and where the scenario has it
    "behaviour/default.yaml": ("cost: 5", "cost: 6", "choice.cost", 6),
    "population/default.yaml": ("donors: 10000", "donors: 321", "population.donors", 321),
    "effect/default.yaml": ("exchange_kyc: 0", "exchange_kyc: 0.01 #0", "effects.exchange_kyc", 0.01),
    "observer/default.yaml": ("seed: ", "seed: 77 # ", "observer.seed", 77),
    "horizon/default.yaml": ("weeks: 260", "weeks: 240", "horizon.weeks", 240),
    "vendor/careful.yaml": ("profile: careful", "profile: mine", "enforcement.vendor.profile", "mine"),
    "rail/monero.yaml": ("fee: ", "fee: 0.0123 # ", "rails.monero.fee", 0.0123),
    "theatre/iraq.yaml": ("# @package", "# @package", "theatres.iraq", None),
    "group/is_core.yaml": ("profile: is_core", "profile: mine", "group.profile", "mine"),
    "shock/monero_only.yaml": ("at: 2020-06-21", "at: 2020-07-05", "shocks.monero_only.at", "2020-07-05"),
    "policy/exchange_kyc.yaml": ("ramp: ", "ramp: 3 # ", "policies.exchange_kyc.ramp", 3),
    "config.yaml": ("seed: 1", "seed: 41", "seed", 41),
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Makes files of a folder of one's own, ``my``, each from a text."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["__main__.py"])

    def make(files):
        for name, text in files.items():
            file = tmp_path / "my" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return Path("my")

    return make


def some(cases, of):
    """One of so many cases, and the others where there is time: ``pytest -m slow``."""
    return [one if place % of == 0 else pytest.param(*one, marks=pytest.mark.slow) for place, one in enumerate(cases)]


def packaged(name):
    return (CONF / name).read_text(encoding="utf-8")


def changed():
    """Files of every kind, one value of each changed."""
    files = {name: packaged(name).replace(old, new, 1) for name, (old, new, *_) in CHANGED.items()}
    assert [name for name, text in files.items() if text == packaged(name)] == ["theatre/iraq.yaml"]
    return files


def typed(run, *arguments):
    """The exit code of a command."""
    try:
        return run(list(arguments))
    except SystemExit as stop:
        return stop.code


def at(values, key):
    for part in key.split("."):
        values = values[part]
    return values


# --- they win --------------------------------------------------------------------------------------------------------


def test_a_file_of_every_group_wins_where_it_is_judged_and_where_it_is_run(folder, capsys):
    my = folder(changed())
    found = validate(Request(["policy=exchange_kyc"], my))
    assert found.errors == []
    assert {name for name, file in found.files.items() if file} == CHANGED.keys()
    assert typed(entry.run, "--config-dir", "my", "policy=exchange_kyc", "--cfg", "job") == 0
    shown = yaml.safe_load(capsys.readouterr().out)
    values = found.scenario.model_dump(mode="json")
    for key, value in ((key, value) for *_, key, value in CHANGED.values() if value is not None):
        assert str(at(shown, key)) == str(value), key
        assert key.startswith("rails") or at(values, key) == value, key
    assert sim.load("policy=exchange_kyc", config_dir="my") == found.scenario
    assert sim.load().choice.cost == 5, "nothing of it is left when the folder is not named"


def test_hydra_says_that_it_looks_in_the_users_folder_first(folder, capsys):
    folder({"behaviour/default.yaml": packaged("behaviour/default.yaml")})
    assert typed(entry.run, "--config-dir", "my", "--info", "searchpath") == 0
    lines = [line.split("|")[1].strip() for line in capsys.readouterr().out.splitlines() if line.startswith("|")]
    assert lines == ["Provider", "command-line", "hydra", "main", "schema"]


def test_hydras_own_groups_can_be_replaced(folder, capsys):
    text = packaged("hydra/sweeper/study.yaml").replace("chunk: null", "chunk: 17")
    silent = "version: 1\nroot: {handlers: []}\ndisable_existing_loggers: true\n"
    my = folder({"hydra/sweeper/study.yaml": text, "hydra/job_logging/none.yaml": silent})
    assert validate(Request([], my)).files["hydra/job_logging/none.yaml"] == my / "hydra/job_logging/none.yaml"
    assert typed(entry.run, "--config-dir", "my", "--cfg", "hydra") == 0
    shown = yaml.safe_load(capsys.readouterr().out)["hydra"]
    assert shown["sweeper"]["chunk"] == 17 and shown["job_logging"]["disable_existing_loggers"] is True


def test_defaults_that_a_users_config_adds_are_read_with_a_group_of_its_own(folder):
    coin = packaged("rail/bitcoin.yaml").replace("rails.bitcoin", "rails.mycoin", 1)
    config = packaged("config.yaml").replace("stablecoin, monero]", "stablecoin, monero, mycoin]")
    config = config.replace("  - _self_", "  - _self_\n  - season: winter")
    season = "# @package _global_\nseed: 9\n"
    my = folder({"rail/mycoin.yaml": coin, "config.yaml": config, "season/winter.yaml": season})
    scenario = sim.load(config_dir=my)
    assert scenario.seed == 9 and scenario.rail("mycoin") == 6


def test_a_changed_file_is_read_anew_even_through_a_link(folder, tmp_path):
    my = folder({})
    (tmp_path / "real").mkdir()
    file = tmp_path / "real" / "default.yaml"
    my.mkdir()
    (my / "behaviour").symlink_to(tmp_path / "real")
    for cost in (6, 77 / 10):
        file.write_text(packaged("behaviour/default.yaml").replace("cost: 5", f"cost: {cost}"), encoding="utf-8")
        assert sim.load(config_dir=my).choice.cost == cost


def test_a_copy_of_all_of_conf_is_without_fault_and_changes_nothing(folder, capsys):
    shutil.copytree(CONF, "my")
    assert sim.load(config_dir="my") == sim.load()
    assert typed(cli.run, "--plan", "study=sweep", "--config-dir", "my") == 0
    said = capsys.readouterr()
    assert said.err.startswith("Read from my: ") and "copies of packaged files" in said.err
    assert typed(cli.run, "--plan", "study=sweep") == 0
    plans = [re.sub("(?m)^time .*", "", out) for out in (capsys.readouterr().out, said.out)]
    assert plans[0] == plans[1]


# --- they are named --------------------------------------------------------------------------------------------------


def test_a_run_says_which_files_it_was_read_from(folder, capsys):
    folder({"behaviour/default.yaml": changed()["behaviour/default.yaml"], "facts.csv": packaged("facts.csv")})
    shutil.copy(CONF / "facts.csv", "my")
    assert typed(entry.run, "--config-dir", "my", "hydra.run.dir=out", *SMALL) == 0
    assert "Read from my: behaviour/default.yaml; 1 copy of packaged files." in capsys.readouterr().err
    about = json.loads(Path("out/provenance.json").read_text(encoding="utf-8"))["configuration"]
    assert about["vendor/careful.yaml"] == about["config.yaml"] == "packaged"
    assert about["behaviour/default.yaml"]["file"] == "my/behaviour/default.yaml"
    assert about["behaviour/default.yaml"]["sha256"] != about["facts.csv"]["sha256"]
    text = Path("out/config.yaml").read_text(encoding="utf-8")
    digest = about["behaviour/default.yaml"]["sha256"]
    assert f"# behaviour/default.yaml: my/behaviour/default.yaml (sha256 {digest})\n" in text
    assert yaml.safe_load(text)["choice"]["cost"] == 6
    assert typed(entry.run, "hydra.run.dir=ours", *SMALL) == 0
    assert set(json.loads(Path("ours/provenance.json").read_text(encoding="utf-8"))["configuration"].values()) == {
        "packaged"
    }


@pytest.mark.slow
def test_a_sweep_says_which_files_its_jobs_were_read_from(folder):
    loud = packaged("vendor/loud.yaml").replace("profile: loud", "profile: louder")
    folder({"vendor/loud.yaml": loud})
    assert typed(entry.run, "-m", "--config-dir", "my", "vendor=careful,loud", "hydra.sweep.dir=out", *SMALL) == 0
    about = json.loads(Path("out/provenance.json").read_text(encoding="utf-8"))["configuration"]
    assert about["vendor/careful.yaml"] == "packaged" and about["vendor/loud.yaml"]["file"] == "my/vendor/loud.yaml"


def test_a_study_is_made_of_the_users_files_and_its_report_anywhere(folder, monkeypatch, capsys):
    table = packaged("facts.csv").replace("group revenue, all streams", "REVENUE", 1)
    text = packaged("study/sweep.yaml").replace("doc: Any parameters", "doc: MY parameters")
    behaviour = changed()["behaviour/default.yaml"]
    folder({"facts.csv": table, "study/sweep.yaml": text, "behaviour/default.yaml": behaviour})
    seen = []

    def text(plan, tables):
        seen.append(cases.facts()["revenue-total-2014"]["quantity"])
        return "text"

    monkeypatch.setattr("experiments.studies.sweep.report.text", text)
    assert typed(cli.run, *STUDY, "--config-dir", "my", "workers=1", "folder=out", "--full") in (0, None)
    about = json.loads(Path("out/provenance.json").read_text(encoding="utf-8"))
    files = {name for name, source in about["configuration"].items() if source != "packaged"}
    assert files == {"facts.csv", "study/sweep.yaml", "behaviour/default.yaml"}
    plan = load(Path("out"), ours=True)
    assert {cell.scenario.choice.cost for cell in plan.cells} == {6} and plan.study.doc.startswith("MY")
    shutil.rmtree("my")
    assert typed(cli.run, "report", "out", "folder=again", "--full") == 0
    assert seen == ["REVENUE", "REVENUE"], "of the table that the study was made with"
    assert cases.facts()["revenue-total-2014"]["quantity"] != "REVENUE"


def test_every_table_of_conf_can_be_the_users(folder):
    my = folder({name: f"{packaged(name)}\n" for name in (*own_tables.NAMES, "found/posterior.csv")})
    assert list(own_tables.errors_of_tables(my)) == of_reports.errors_of_tables(own_tables.texts_in(my), my) == []
    assert file_of("found/posterior.csv", my) == my / "found" / "posterior.csv"
    kept = json.loads(packaged("found/provenance.json")) | {"command": "MINE"}
    (my / "found" / "provenance.json").write_text(json.dumps(kept), encoding="utf-8")
    with own_tables.using(own_tables.texts_in(my)):
        assert credibility.kept().source.startswith("MINE")
    assert not credibility.kept().source.startswith("MINE")


# --- none is ignored -------------------------------------------------------------------------------------------------

BEHAVIOUR = packaged("behaviour/default.yaml")
FAULTS = [
    ("behavior/default.yaml", BEHAVIOUR, "there is no group behavior; nearest: behaviour"),
    ("behaviour/default.yml", "a: 1", "nothing reads it; its name must end in .yaml"),
    ("behaviour/default.YAML", "a: 1", "nothing reads it; its name must end in .yaml"),
    ("behaviour/default.json", "{}", "nothing reads it; nearest: behaviour/default.yaml"),
    ("behaviour.yaml", "a: 1", "the files of the group behaviour are behaviour/NAME.yaml"),
    ("behaviour/default.yaml", "giving: {}", "lacks its first line: # @package _global_"),
    ("behaviour/default.yaml", "# @package _global_\n[{", "cannot be read"),
    (
        "behaviour/default.yaml",
        BEHAVIOUR.replace("  cost: 5\n", ""),
        "yaml lacks it, and it replaces the packaged file",
    ),
    ("behaviour/default.yaml", BEHAVIOUR.replace("cost: 5", "cost: 500"), "choice.cost=500"),
    ("confg.yaml", packaged("config.yaml"), "nearest: config.yaml; --config-name confg reads it"),
    ("config.yml", packaged("config.yaml"), "its name must end in .yaml"),
    ("config.yaml", "seed: 5\n", "has no defaults"),
    ("config.yaml", packaged("config.yaml").replace("vendor: careful", "vendor: ${oc.env:HOME}"), "line 13: refused"),
    ("config.yaml", f"{packaged('config.yaml')}  searchpath: [file:///tmp]\n", "searchpath: refused; --config-dir"),
    ("hydra/sweeper/x.yaml", "_target_: os.system", "line 1: refused: os.system would be imported"),
    ("hydra/sweper/x.yaml", "a: 1", "nothing reads it; nearest: hydra/sweeper"),
    ("policy/deep/er/x.yaml", "a: ${oc.env:HOME}", "line 1: refused"),
    ("policy/exchange_kyc.yaml", packaged("policy/adaptive.yaml"), "it should be # @package policies.exchange_kyc"),
    ("rail/a+b.yaml", "# @package rails.a+b", "rail=a+b means a mix; choose another name"),
    ("shock/nothing.yaml", "# @package shocks.nothing", "shock=nothing means none; choose another name"),
    ("study/mine.yml", "a: 1", "its name must end in .yaml"),
    ("facts.csv", "id,topic\n", "its columns must be id,topic,quantity"),
    ("facts.csv", "\n".join(packaged("facts.csv").splitlines()[:-5]), "lacks "),
    ("facts.csv", packaged("facts.csv").replace("970000000", "lots", 1), "row 2: low=lots: must be a number"),
    ("found/growth.csv", packaged("found/growth.csv"), "found/validation.csv: is missing"),
    ("patterns.yaml", "patterns: []", "is called case/is_core.yaml now"),
    ("case/mine.csv", packaged("case/qassam.csv").splitlines()[0], "nothing reads it without case/mine.yaml"),
    ("case/is core.yaml", packaged("case/is_core.yaml"), "the name of a case has letters, digits, _ and - only"),
    ("found/posterio.csv", "a", "nearest: found/posterior.csv"),
]


@pytest.mark.parametrize(("name", "text", "words"), some(FAULTS, 6))
def test_what_is_wrong_with_a_users_file_is_told_once_by_every_command(folder, capsys, name, text, words):
    my = folder({name: text})
    assert typed(cli.run, "--config-dir", "my", "--plan", "study=sweep", *SHORT) == 2
    said = capsys.readouterr()
    assert said.out == "" and words in said.err and ("my/" in said.err or "searchpath" in said.err), said.err
    told = [one.strip() for one in said.err.splitlines()[1:]]
    assert len(told) == (2 if name == "found/growth.csv" else 1), said.err
    with pytest.raises(ConfigurationError) as error:
        sim.load(config_dir=my)
        raise ConfigurationError(list(own_tables.errors_of_tables(my)))
    assert error.value.errors == told


def test_the_command_judges_all_of_a_users_folder(folder, capsys):
    for name, text in {"behavior/x.yaml": BEHAVIOUR, "found/growth.csv": "part\n", "rail/x.yml": ""}.items():
        folder({name: text})
        assert typed(entry.run, "--config-dir", "my", "--cfg", "job") == 2
        assert f"my/{name}: " in capsys.readouterr().err
        Path("my", name).unlink()


CORE = packaged("case/is_core.yaml")
CASES = [
    ("case/is_core.yaml", CORE.replace("cut: 2020-06-21", "cut: soon"), "cut: must be a date such as"),
    ("case/is_core.yaml", CORE.replace("of: claims_2018", "of: clams_2018"), "clams_2018 is measured nowhere"),
    ("case/is_core.yaml", CORE.replace("of: claims_2018", "of: claims_2018q9"), "a period is 2018, 2020h1"),
    ("case/qassam.csv", f"{packaged('case/qassam.csv')}{packaged('facts.csv').splitlines()[1]}\n", "has this id"),
]


@pytest.mark.parametrize(("name", "text", "words"), some(CASES, 2))
def test_what_is_wrong_with_a_case_of_a_user_is_told_before_a_study_runs(folder, capsys, name, text, words):
    folder({name: text})
    assert typed(cli.run, "--config-dir", "my", "--plan", "study=sweep", *SHORT) == 2
    said = capsys.readouterr()
    assert said.out == "" and f"my/{name}: " in said.err and words in said.err, said.err


MINE = {
    "group/mine.yaml": "# @package _global_\ndefaults: [alqaeda, _self_]\ngroup: {profile: mine, income: 0.9}\n",
    "case/mine.csv": f"{packaged('facts.csv').splitlines()[0]}\na,crypto,b,1,9,USD,2020,c,B,validate,,no\n",
    "case/mine.yaml": "{says: a, cut: 2019-12-31, "
    "patterns: [{says: b, tag: emergent, of: raised_campaign_2020, fact: a}]}",
}
OF_MINE = [
    ("case/mine.csv", ",1,9,", ",,,", "has no range"),
    ("case/mine.csv", "validate", "validat", "use=validat: allowed is calibrate, context, validate; nearest: validate"),
    ("case/mine.csv", ",B,", ",Q,", "grade=Q: allowed is A, B, B-"),
    ("case/mine.yaml", "emergent", "calibrated", "ends by the cut (2019-12-31"),
    ("case/mine.yaml", "raised_campaign_2020", "rail_share", "is measured nowhere"),
    ("case/mine.yaml", "raised_campaign_2020", "elasticity", "no block of the study runs"),
    ("case/mine.yaml", "raised_campaign_2020", "raised_campaign_2031", "lies outside of the run"),
    ("case/mine.yaml", "fact: a", "fact: a, where: {profil: mine}", "where: unknown factor profil; nearest: profile"),
    ("case/mine.yaml", "says: a,", "says: a, cut_of: {syriaa: 2020-01-01},", "no run has syriaa; nearest: syria"),
    ("case/mine.yaml", "emergent", "emergnt", "my/case/mine.yaml: patterns.1.tag: must be 'built in'"),
    ("group/mine.yaml", "profile: mine", "profile: mein", "group.profile=mein: must be the name of the case"),
    ("group/mine.yaml", "incom", "incomm", "unknown key; nearest: group.income"),
    ("group/mine.yaml", "group:", "gruop:", "gruop: unknown key; nearest: group; in my/group/mine.yaml"),
]


def refusal(capsys, *words):
    assert typed(cli.run, "--config-dir", "my", "--plan", "study=validation", *words) == 2
    said = capsys.readouterr()
    assert said.out == "" and len(said.err.splitlines()) == 2, said.err
    return said.err


@pytest.mark.parametrize(("name", "right", "wrong", "words"), some(OF_MINE, 2))
def test_a_case_that_its_study_could_not_judge_is_refused(folder, capsys, name, right, wrong, words):
    folder(MINE | {name: MINE[name].replace(right, wrong, 1)})
    assert words in refusal(capsys, "case=mine")


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["case="], "case=: needs the name of a case"),
        (["case=[]"], "case=[]: needs the name of a case"),
        (["case=../mine"], "case=../mine: unknown case ../mine"),
        (["case=mine", "profile=cases"], "profile=cases: unknown profile cases"),
        (["case=mine", "study=calibrate"], "case=mine: no pattern is calibrated"),
    ],
)
def test_a_case_that_is_none_is_refused(folder, capsys, words, error):
    folder(MINE)
    assert error in refusal(capsys, *words)


def test_a_case_is_run_once_and_its_folder_is_its_own(folder, capsys):
    folder(MINE)
    settings, study, errors = request(["--config-dir", "my", "study=validation", "case=[mine,mine]"])
    assert (settings.case, study.cases, study.blocks["record"].vary["profile"], errors) == (("mine",),) * 2 + (
        ["mine"],
        [],
    )
    data = json.dumps({"study": "validation", "version": "0-1-2", "format": FORMAT}).encode()
    with pytest.raises(ConfigurationError, match=r"records other measures.*choose another folder by folder=PATH"):
        check_manifest("folder=a", data, "validation", "0-3-2")


@pytest.mark.parametrize("changed", [{"cases": ("../x",)}, {"blocks": {"a": {"case": "../x"}}}])
def test_a_case_is_no_path(changed):
    with pytest.raises(ValueError, match="pattern"):
        spec.Study(**spec.load("validation").model_dump() | changed)
    with pytest.raises(ConfigurationError, match="letters, digits"):
        cases.load("../x")


def test_a_link_that_leads_nowhere_and_one_that_leads_back(folder):
    my = folder({"rail/mycoin.yaml": packaged("rail/bitcoin.yaml").replace("rails.bitcoin", "rails.mycoin", 1)})
    (my / "rail" / "back").symlink_to(my.absolute())
    assert validate(Request([], my)).errors == []
    (my / "rail" / "gone.yaml").symlink_to("nowhere")
    assert validate(Request([], my)).errors == ["my/rail/gone.yaml: leads to no file"]


@pytest.mark.parametrize("name", ["foo/default.yaml", "outputs/2020/config.yaml"])
def test_what_is_not_read_is_named(folder, capsys, name):
    folder({name: packaged("vendor/careful.yaml")})
    assert typed(entry.run, "--config-dir", "my", "--cfg", "job") == 0
    said = capsys.readouterr().err
    assert said.startswith("Read from my: nothing.") and f"Not read: {name.replace('2020/config.yaml', '')}." in said
    assert ("There is no group foo; known: appeal, behaviour" in said) == name.startswith("foo")


def test_a_file_that_hydra_reads_from_an_unknown_place_is_judged_before(folder, monkeypatch, capsys):
    monkeypatch.setenv("SECRETX", "leaked")
    config = packaged("config.yaml").replace("  - _self_", "  - _self_\n  - a/b/c")
    folder({"config.yaml": config, "a/b/c.yaml": "defaults: [{/vendor: '${oc.env:SECRETX}'}]\n"})
    assert typed(entry.run, "--config-dir", "my", "--cfg", "job") == 2
    said = capsys.readouterr().err
    assert "my/a/b/c.yaml, line 1: refused" in said and "leaked" not in said


@pytest.mark.parametrize("words", [["--config-dir=my", "-cd", "my"], ["--config-dir="], ["--config-name=a", "-cn=b"]])
def test_an_option_that_names_no_folder_or_two(folder, capsys, words):
    folder({"README.md": ""})
    assert typed(entry.run, *words, "--cfg", "job") == 2
    said = capsys.readouterr().err
    assert "is given 2 times" in said or "needs a value" in said


# --- what a table prints can be typed ---------------------------------------------------------------------------------

LEVELS = [
    "policy=status_quo,exchange_kyc,[exchange_kyc,adaptive],[]",
    "policy=exchange_kyc+adaptive,adaptive",
    "shock=[],[monero_only],[monero_only,oil_iraq],nothing",
    "combat.kernel=[0.1,0.08,0.08,0.04,0.06],[0.2,0.1,0,0,0]",
    "shocks.monero_only.mode=null,full,announcement",
    "shocks.monero_only.enabled=true,false",
    "combat.money=0.1234567,0.2,1e-1",
    "population.donors=12345678,20",
    "horizon.start=2020-05-04,2020-04-27",
    r"group.profile='a,b','it\'s',a b,'5','true'",
    "giving={median: 70},{median: 71, sigma: 1}",
]


@pytest.mark.parametrize(("line",), some([(one,) for one in LEVELS], 4))
def test_whatever_a_sweep_prints_as_a_level_can_be_typed(line):
    key, wanted = line.split("=")[0], Request([line], sweep=True)
    cells = sweeping.plan_of_sweep(wanted, 1).cells
    scenarios = {sweeping_word(cell.levels[key]): cell.scenario for cell in cells if cell.levels["arm"] == "with"}
    assert len(scenarios) > 1
    for word, scenario in scenarios.items():
        assert sim.load(f"{key}={word}") == scenario.model_copy(update={"seed": 1}), word
    again = Request([f"{key}={','.join(scenarios)}"], sweep=True)
    assert validate(again).errors == []
    assert [*sweeping._axes(again, 1)[0][key]] == [*dict.fromkeys(cell.levels[key] for cell in cells)]


def sweeping_word(level):
    """A level as the table of a sweep prints it."""
    number = isinstance(level, int | float) and not isinstance(level, bool)
    return of_text.word(float(level) if number else runner.word_of(level))


PLAIN_STUDY = """
{doc: A, report: sweep, base: {}, replications: 2, seeds_per_draw: 1, uncertain: none,
 blocks: {main: {vary: {policy: [status_quo]}}}}
"""


@pytest.mark.parametrize(("line",), some([(one,) for one in (*LEVELS, "vendor=loud,careful")], 6))
def test_whatever_a_plan_prints_as_a_level_can_be_typed(folder, line):
    folder({"study/mine.yaml": PLAIN_STUDY})
    key, ours = line.split("=")[0], ("study=mine", "--config-dir", "my", *SHORT)
    plan = planned(*ours, line)
    words = next(one for one in estimate.levels_of(plan).splitlines() if one.startswith(f"  {key} "))
    again = planned(*ours, f"{key}={words.strip().removeprefix(key).strip()}")
    assert [cell.digest for cell in again.cells] == [cell.digest for cell in plan.cells] and len(plan.cells) > 1
    assert estimate.levels_of(again) == estimate.levels_of(plan)


# --- nothing to try, and one fault for one cause ----------------------------------------------------------------------

EMPTY = [
    "seed=range(3,3)", "seed=range(0,0)", "seed=", "vendor=", "vendor=glob(x*)", "policy=", "policy=glob(x*)",
    "combat.money=range(1,1)", "combat.money=glob(*)", "combat.money=", "combat.kernel=[]", "rail=[]", "rail=nothing",
    "seed=${oc.env:X}", "vendor=${oc.env:X}", "policy=${oc.env:X}", "combat.money=${oc.env:X}",
    "combat.kernel=[${oc.env:X},1,1,1,1]", "population={donors: '${oc.env:X}'}", "shock=${oc.env:X}",
]  # fmt: skip


@pytest.mark.parametrize(("line",), some([(one,) for one in EMPTY], 3))
def test_one_message_for_nothing_and_for_what_is_refused(capsys, line):
    told = [validate(Request([line], sweep=True)).errors]
    assert cli.run(["--plan", "study=sweep", line, *SHORT]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    told.append([one.strip() for one in said.err.splitlines()[1:]])
    if not any(word in line for word in ("range", "glob")):
        told.append(validate(Request([line])).errors)
    for faults in told:
        assert len(faults) == 1 and faults[0].startswith(f"{line}: "), faults


def test_the_command_says_so_too(folder, capsys):
    for line in ("seed=range(3,3)", "policy=glob(x*)", "seed=${oc.env:X}"):
        assert typed(entry.run, "-m", line) == 2
        said = capsys.readouterr()
        assert said.out == "" and [one.split(": ")[0].strip() for one in said.err.splitlines()[1:]] == [line]
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(
    "line", ["arm=", "arm=glob(z*)", "intensity=", "zip=", "zip=[]", "samples=0", "replications=", "study="]
)
def test_empty_settings_and_factors_of_a_study(capsys, line):
    assert cli.run(["--plan", "study=sweep", line, *SHORT]) == 2
    assert [one.split(": ")[0].strip() for one in capsys.readouterr().err.splitlines()[1:]] == [line]


@pytest.mark.parametrize("line", ["hydra.run.dir=${oc.env:X}", "hydra.searchpath=[/tmp]", "~policy", "~policy=[]",
                                  "seed=${oc.env:X} seed=1", "hydra.sweeper.params={seed: 'range(3,3)'}"])  # fmt: skip
def test_one_message_of_hydras_own_settings(capsys, folder, line):
    words = line.split(" ") if "seed=1" in line else [line]
    assert typed(entry.run, *(["-m"] if "params" in line else []), *words) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(("old", "new", "words"), [
    ("arm: [none, announcement]", "arm: []", "blocks.sweep.vary.arm: is empty"),
    ("blocks:\n", "zip: {a: {factors: [combat.money], rows: []}}\nblocks:\n", "zip.a.rows: is empty"),
    ("blocks:\n", "zip: {a: {factors: [], rows: [[1]]}}\nblocks:\n", "zip.a.factors: is empty"),
    ("levels:\n", "levels:\n  empty: {}\n", "levels.empty: is empty"),
    ("blocks:\n  sweep:", "blocks: {}\nalso_:\n  sweep:", "blocks: is empty"),
])  # fmt: skip
def test_empty_lists_of_a_users_study(folder, old, new, words):
    assert old in packaged("study/sweep.yaml")
    my = folder({"study/mine.yaml": packaged("study/sweep.yaml").replace(old, new, 1)})
    with pytest.raises(ConfigurationError) as error:
        spec.load("mine", my)
    assert any(words in one for one in error.value.errors), error.value.errors
