"""Every error of a configuration is told at once, in the user's words, before anything is run or written."""

import itertools
from pathlib import Path

import pytest
from pydantic import ValidationError

import sim
import sim.config
from experiments.study import spec
from sim.config import ConfigurationError, Request, load, untrusted_yaml, validate
from sim.engine.constants import MAX_RAILS, MAX_THEATRES
from sim.rules.conditions import conditions_of
from sim.runs import Run
from sim.scenario import Scenario
from tests.golden.update import MESSAGES, messages
from tests.worlds import base

RAILS = "bank,cash,hawala,bitcoin,stablecoin,monero"


def faults(*overrides, **more):
    return validate(Request(list(overrides), **more)).errors


def test_the_default_and_every_option_that_ships_are_without_fault():
    assert faults() == []
    assert faults("policy=[]") == faults("policy=status_quo") == faults("vendor=eager") == []
    for group in ("is_core", "donor_funded", "external_network"):
        assert faults(f"group={group}") == []
    every = "adaptive,chain_analytics,channel_takedown,counter_inspiration,decapitation,donor_prosecution"
    assert faults(f"policy=[{every}]") == []


def test_the_messages_are_those_of_the_golden_file():
    text = MESSAGES.read_text(encoding="utf-8")
    assert messages(text) == text, "if this is meant: .venv/bin/python tests/golden/update.py --messages"
    assert "[type=" not in text, "a message of the validator itself"


def test_values_are_laid_on_as_hydra_lays_them():
    moved = load("~rails.cash", "+rails.cash=${rails.bank}", "rails.monero.fee=0.3", "seed=7")
    assert [rail.name for rail in moved.rails] == ["bank", "hawala", "bitcoin", "stablecoin", "monero", "cash"]
    assert moved.rails[moved.cash].fee == moved.rails[0].fee and moved.rails[4].fee == 0.3 and moved.seed == 7
    before = load()
    dated = load("shocks.territory_iraq.path={2030-01-01: 0.5}")
    assert len(dated.shocks["territory_iraq"].path) == len(before.shocks["territory_iraq"].path) + 1
    assert before == load(), "what others laid on changed nothing"


def test_every_fault_is_told_at_once():
    typed = [
        "seed=abc",
        "policy=exchang_kyc",
        "rails.moner.traceability=0.1",
        "rails.monero.traceability=1.5",
        "+foo=1",
    ]
    typed += ["population.donrs=4", "giving.median=0", "group.carrier=halala", "a==[", "theatres.iraq.donors=0.5"]
    typed += ["appeals.network.weight=0", "campaigns.life=${oc.env:HOME}", "ledger=3", "horizon.start=2021-13-01"]
    found = faults(*typed)
    assert [one for one in typed if not any(fault.startswith(one) for fault in found)] == []
    assert len(found) == len(typed)


def test_a_date_beyond_the_run_and_one_before_it():
    late = faults("policy=exchange_kyc", "policies.exchange_kyc.start=2022-01-01")
    assert [fault.split(":")[0] for fault in late] == ["policies.exchange_kyc.start=2022-01-01"]
    assert faults("policy=exchange_kyc", "policies.exchange_kyc.start=2010-01-01") == []
    assert faults("shocks.monero_only.at=2010-01-01") == []
    short = faults("horizon.weeks=52")
    assert len(short) == 1 and "shocks.monero_only.enabled=false" in short[0]
    assert faults("horizon.weeks=52", "shocks.monero_only.enabled=false") == []


def test_an_override_that_is_no_text_is_an_error():
    with pytest.raises(ConfigurationError, match="3: must be a text, such as 'seed=7'"):
        load(3)


def test_a_preset_undoes_no_choice_in_silence():
    said = "preset=quick sets horizon itself; leave out one of the two, or write horizon.NAME=VALUE"
    assert faults("preset=quick", "horizon=from_2014") == [f"horizon=from_2014: {said}"]
    assert len(faults("preset=teaching", "horizon=short", "population=default")) == 2
    assert faults("preset=quick", "horizon.weeks=110", "population.donors=50") == faults("horizon=short") == []
    assert load("preset=quick", "horizon.weeks=110").horizon.weeks == 110
    assert faults("group=khorasan", "preset=quick"), "docs/studies.md says so"


def test_no_cash_and_what_is_named_but_not_chosen():
    said = "\n".join(faults("rail=[bank,hawala,bitcoin,stablecoin]"))
    assert "no rail cash" in said
    assert "appeals.network.rails: rail cash is not chosen" in said
    assert "shocks.monero_only.rail=monero: rail monero is not chosen" in said


def own_rails(folder: Path, count: int) -> str:
    (folder / "rail").mkdir(parents=True)
    text = (sim.config.CONF / "rail" / "bitcoin.yaml").read_text(encoding="utf-8").split("\n", 1)[1]
    for number in range(count):
        (folder / "rail" / f"own{number}.yaml").write_text(f"# @package rails.own{number}\n{text}", encoding="utf-8")
    return f"rail=[{RAILS},{','.join(f'own{number}' for number in range(count))}]"


def test_too_many_rails_and_theatres(tmp_path):
    typed = own_rails(tmp_path / "my own", MAX_RAILS - 6)
    assert faults(typed, config_dir=tmp_path / "my own") == []
    typed = own_rails(tmp_path / "more", MAX_RAILS)
    assert f"allowed are at most {MAX_RAILS}" in faults(typed, config_dir=tmp_path / "more")[0]
    raw = base()
    raw["theatres"] |= {f"place{n}": {**raw["theatres"]["iraq"], "donors": 0} for n in range(MAX_THEATRES)}
    with pytest.raises(ValidationError, match=f"allowed are at most {MAX_THEATRES}"):
        Scenario(**raw)


def test_too_many_appeals(tmp_path):
    """As for rails: told before the run, with the key as typed."""
    (tmp_path / "appeal").mkdir()
    text = "public: true\nrails: [bitcoin]\nopens: 2017-01-02\nweight: 1\n"
    for number in range(MAX_RAILS):
        whole = f"# @package appeals.own{number}\n{text}"
        (tmp_path / "appeal" / f"own{number}.yaml").write_text(whole, encoding="utf-8")
    own = [f"own{number}" for number in range(MAX_RAILS)]
    typed = f"appeal=[news_site,{','.join(own)}]"
    assert faults(typed, config_dir=tmp_path) == [f"{typed}: {MAX_RAILS + 1} appeals: allowed are at most {MAX_RAILS}"]
    most = load(f"appeal=[news_site,{','.join(own[1:])}]", "population.donors=10", config_dir=tmp_path)
    assert Run(most).run()["gifts"].sum() >= 0 and len(most.appeals) == MAX_RAILS


def test_a_users_rail_that_lacks_its_first_line_or_a_value(tmp_path):
    typed = own_rails(tmp_path, 1)
    file = tmp_path / "rail" / "own0.yaml"
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole.split("\n", 1)[1], encoding="utf-8")
    assert "lacks its first line" in "\n".join(faults(typed, config_dir=tmp_path))
    file.write_text(whole.replace("fee: ", "fea: "), encoding="utf-8")
    found = faults(typed, config_dir=tmp_path)
    assert any("rails.own0.fea" in one and "nearest: rails.own0.fee" in one for one in found)
    assert any("rails.own0.fee: is missing" in one for one in found)
    file.write_text(whole + "{[", encoding="utf-8")
    assert len(faults(typed, config_dir=tmp_path)) == 1
    assert "no such folder" in faults(config_dir=tmp_path / "nowhere")[0]


DANGEROUS = [
    "seed=${oc.env:HOME}",
    "seed=${oc.decode:1}",
    "group.profile='a${oc.${horizon.weeks}:x}'",
    "combat.kernel=[${oc.env:HOME},1,1,1,1]",
    "+population._target_=os.system",
    "giving={_target_: os.system}",
    "+hydra.callbacks.own._target_=os.system",
    "hydra.launcher._target_=os.system",
    "hydra.searchpath=[pkg://antigravity]",
    "hydra.run.dir='${oc.env:HOME}/x'",
    "+hydra.job_logging.handlers.own.class=os.system",
    "+hydra.job_logging.formatters.own={(): os.system}",
]


@pytest.mark.parametrize("typed", DANGEROUS)
def test_nothing_is_imported_or_evaluated(typed):
    said = "\n".join(faults(typed))
    assert "refused" in said or "cannot be read" in said


@pytest.mark.parametrize(
    "line", ["seed: ${oc.env:HOME}", "_target_: os.system", "hydra: {searchpath: ['pkg://antigravity']}"]
)
def test_nothing_in_a_users_file_is_imported_or_evaluated(tmp_path, line):
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "mine.yaml").write_text(f"# @package _global_\n{line}\n", encoding="utf-8")
    found = faults("policy=mine", config_dir=tmp_path)
    assert len(found) == 1 and "line 2: refused" in found[0]


def test_plain_references_are_followed():
    assert sim.load("seed=${observer.seed}", "observer.seed=9").seed == 9


def test_output_folders(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").mkdir()
    (tmp_path / "file").write_text("kept", encoding="utf-8")
    assert "exists already" in faults("hydra.run.dir=there", writes=True)[0]
    assert "exists already" in faults("hydra.sweep.dir=there", "seed=1,2", writes=True, sweep=True)[0]
    assert "cannot be made" in faults("hydra.run.dir=file/below", writes=True)[0]
    assert faults("hydra.run.dir=new/below", writes=True) == []
    assert len(faults("hydra.run.dir=there", "seed=x", writes=True)) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "there"]


def test_sweeps_are_judged_whole():
    assert faults("seed=1,2", "policy=status_quo,[exchange_kyc,adaptive]", sweep=True) == []
    assert faults("seed=range(0,3)", "policy=glob(e*)", sweep=True) == []
    found = faults("seed=1,x", "policy=status_quo,nothing", "rails.monero.traceability=0.01,7", sweep=True)
    assert len(found) == 3


def test_python_is_judged_as_the_command_line_is():
    raw = base()
    raw["group"]["carrier"] = "halala"
    raw["theatres"]["iraq"]["donors"] = 0.9
    with pytest.raises(ValidationError) as error:
        Scenario(**raw)
    assert {one["loc"] for one in error.value.errors()} == {("group", "carrier"), ("theatres", "*", "donors")}
    with pytest.raises(ConfigurationError) as refused:
        sim.load("seed=x", "giving.median=0")
    assert len(refused.value.errors) == 2


def test_a_typed_traceability_takes_effect_and_leaves_the_rest():
    default, typed = sim.load(), sim.load("rails.monero.traceability=0.05")
    r = typed.rail("monero")
    assert typed.rails[r].traceability == default.rails[r].traceability.model_copy(update={"link": 0.05})
    link = conditions_of(typed)["link"][:, r]
    assert link[0] == 0.62
    assert link[-1] == 0.05


def test_a_file_of_ones_own_that_would_replace_another_is_told(tmp_path):
    (tmp_path / "rail").mkdir()
    (tmp_path / "rail" / "newcoin.yaml").write_text(
        (sim.config.CONF / "rail" / "bitcoin.yaml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    with pytest.raises(ConfigurationError) as error:
        sim.load("rail=[bank,cash,hawala,bitcoin,stablecoin,monero,newcoin]", config_dir=tmp_path)
    assert "it should be # @package rails.newcoin" in "\n".join(error.value.errors)


LAUGHS = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in itertools.pairwise("abcdefghi")
)


@pytest.mark.parametrize("text", [LAUGHS, "x: &a {y: *a}"])
def test_anchors_upon_anchors_are_refused_before_they_are_written_out(tmp_path, text, capsys):
    """Nine lines that stand for 400 million values."""
    for place in ("rail", "study"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match="once its anchors are written out"):
        load("rail=[bank,mine]", config_dir=tmp_path)
    with pytest.raises(ConfigurationError, match="once its anchors are written out"):
        spec.load("mine", tmp_path)
    assert (
        untrusted_yaml.size_of("a: &a [1, 2]\nb: [*a, *a]") == 1 + 2 + 3 + 7
    )  # the whole, two keys, a, b with twice a


# --- paths that are none ---------------------------------------------------------------------------------------------

LONG = "a" * 300


@pytest.mark.parametrize("bad", [LONG, "a\0b"], ids=["long", "nul"])
@pytest.mark.parametrize(
    ("module", "typed"),
    [
        ("sim", ["hydra.run.dir={}"]),
        ("sim", ["-m", "seed=1,2", "hydra.sweep.dir={}"]),
        ("sim", ["--config-dir", "{}"]),
        ("sim", ["--config-name", "{}"]),
        ("sim", ["--help", "--config-dir", "{}"]),
        ("experiments", ["--plan", "study=sweep", "folder={}"]),
        ("experiments", ["--plan", "study=sweep", "--config-dir", "{}"]),
        ("experiments", ["--help", "--config-dir", "{}"]),
        ("experiments", ["report", "{}"]),
        ("experiments", ["report", ".", "folder={}"]),
    ],
)
def test_what_the_system_takes_for_no_path_is_told(capsys, module, typed, bad):
    from experiments.study import cli
    from sim.cli import entry

    run = {"sim": entry.run, "experiments": cli.run}[module]
    assert run([one.format(bad) for one in typed]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert any(words in said.err for words in ("too long", "no path holds such a character", "cannot be read"))
    assert len(said.err.splitlines()) <= 2


@pytest.mark.parametrize("written", ['"#${oc.env:SECRETX}"', '"\\x24{oc.env:SECRETX}"', '"\\u0024{oc.env:SECRETX}"'])
def test_a_file_that_hides_an_interpolation_tells_nothing(tmp_path, monkeypatch, capsys, written):
    from sim.cli import entry

    monkeypatch.setenv("SECRETX", "leaked")
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "mine.yaml").write_text(
        f"# @package policies.mine\ndefaults:\n  - /rail@x: {written}\n", encoding="utf-8"
    )
    assert entry.run(["--config-dir", str(tmp_path), "policy=mine", "--cfg", "job"]) == 2
    said = capsys.readouterr()
    assert "leaked" not in said.out + said.err and "would be imported or evaluated" in said.err
