"""A study in one call, as a user types it in Python, in a folder that is not the clone."""

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.image import imread

import experiments
import sim
from experiments.api import Study, _levels
from experiments.study import cli, executors, runner
from sim.config import ConfigurationError
from sim.engine.jit import PLAIN
from sim.plots.layout import PRINT
from tests.study_helpers import SHORT, planned, thread, told

pytestmark = pytest.mark.skipif(PLAIN, reason="runs of a study take too long as plain Python")

ROOT = Path(__file__).resolve().parents[2]
MORE = {"population.donors": 400, "horizon.start": "2020-05-04", "horizon.weeks": 87}
TYPED = ["study=headline", "replications=2", "group=donor_funded", "policy=exchange_kyc,kinetic_pressure"]
TYPED += [f"{key}={value}" for key, value in MORE.items()]


@pytest.fixture(autouse=True)
def of_this_process(monkeypatch, tmp_path):
    """Runs are made by a thread of this process, in an empty folder."""
    monkeypatch.setattr(executors, "local", lambda workers: thread())
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A study of two replications."""
    folder = tmp_path_factory.mktemp("made") / "mine"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(executors, "local", lambda workers: thread())
        policies = ["exchange_kyc", "kinetic_pressure"]
        return experiments.run(
            "headline", replications=2, group=["donor_funded"], policy=policies, folder=folder, **MORE
        )


def test_it_is_what_the_command_makes(made, tmp_path, capsys):
    code, printed, _ = told(capsys, *TYPED, f"folder={tmp_path / 'typed'}")
    typed = experiments.load(tmp_path / "typed")
    assert code == 0 and f"{typed!r}\n" == printed.replace("--full names", "study.files names")
    texts = [" ".join(repr(one).replace(str(one.folder), "HERE").split()) for one in (typed, made)]
    assert texts[0] == texts[1]
    assert typed.plan.cells == made.plan.cells
    pd.testing.assert_frame_equal(typed.effects, made.effects)
    facts = json.loads((made.folder / "provenance.json").read_bytes())
    assert facts["command"].startswith("python -m experiments study=headline replications=2 group=donor_funded")


def test_nothing_is_printed_but_progress(tmp_path, capsys):
    experiments.run("sweep", replications=1, brief=False, folder=tmp_path / "one", **MORE)
    said = capsys.readouterr()
    assert not said.out and "2 of 2 runs" in said.err
    again = experiments.run("sweep", replications=1, brief=False, folder=tmp_path / "one", **MORE)
    assert "Nothing has changed" in capsys.readouterr().err and len(again.runs) == 2


def test_tables_are_as_they_were_before_they_were_written(made, monkeypatch):
    """Types, empty words and the last bit of numbers; a copy of the report's own tables says so."""
    from experiments.study import reporting

    kept = {}

    def keep(folder, name, table):
        kept[Path(name).stem] = table
        return name

    monkeypatch.setattr(reporting, "write_csv", keep)
    monkeypatch.setattr(reporting, "write_codebook", lambda *_: "codebook.csv")
    settings, _ = cli.settings_and_plan([*TYPED, f"folder={made.folder}", "--no-figures", "--no-brief"])
    facts = json.loads((made.folder / "provenance.json").read_bytes())
    with monkeypatch.context() as patch:
        patch.setattr(reporting.Folder, "write", lambda *_: None)
        reporting.make(made.plan, reporting.Folder(made.folder), settings, facts)
    assert {*kept} == {*made.tables} - {"runs", "weekly"}
    for name, table in kept.items():
        if len(table.columns):
            mine = made.tables[name]
            words = table.select_dtypes(exclude=["number", "bool"]).columns
            pd.testing.assert_frame_equal(
                mine, table.assign(**{one: table[one].fillna("") for one in words}), check_dtype=False,
                check_column_type=False, check_index_type=False, obj=name,
            )  # fmt: skip


def test_tables_carry_units_and_labels(made):
    assert made.runs.attrs["units"]["rate"] == "attacks/week"
    assert made.runs.attrs["labels"]["rate"].startswith("attack rate")
    assert made.tables["frontier"].attrs["units"]["usd_a_year"] and made.effects.attrs["labels"]["verdict"]
    assert {"runs", "effects", "findings"} <= {*made.tables}
    assert made.tables["effects"] is made.effects
    assert made.findings["answered"].isin(["lowers", "raises", "no", "depends", "few", ""]).all()
    assert (made.findings["policy"].str.len() >= 0).all(), "a word that is empty is no missing number"


def test_a_table_that_there_is_not(made, tmp_path):
    with pytest.raises(KeyError):
        made.tables["effect"]
    assert "effect" not in made.tables
    (bare := tmp_path / "bare").mkdir()
    for name in ("plan.json.gz", "findings.json", "codebook.csv"):
        shutil.copy(made.folder / name, bare)
    with pytest.raises(LookupError, match="effects: this study has no such table"):
        experiments.load(bare).effects  # noqa: B018


def test_figures_are_those_of_the_report(made):
    files = {one.stem: one for one in (made.folder / "figures" / "analyst").glob("*.png")}
    of_brief = {one.stem for one in (made.folder / "figures").glob("*.png")} - {*files}
    assert {*files} | of_brief == {*made.figures} and len(files) > 1 and "switch" in of_brief
    assert all(made.plot(name)._repr_png_() for name in of_brief)
    for name in files:
        assert (pixels(made.plot(name)._repr_png_()) == pixels(files[name].read_bytes())).all(), name
    assert made.plot().get_figwidth() == PRINT.width
    with pytest.raises(ValueError, match=r"forst: there is no such figure; nearest: 1_forest"):
        made.plot("forst")


def pixels(content):
    return imread(io.BytesIO(content), format="png")


def test_a_brief_of_ones_own(made, tmp_path):
    files = made.brief(question="What follows?", form=["html", "docx"], folder=tmp_path / "briefs")
    assert {one.name for one in files} >= {"brief.html", "brief.docx"} and all(one.is_file() for one in files)
    assert "What follows?" in (tmp_path / "briefs" / "brief.html").read_text(encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"form=doc: allowed is html, pdf, docx, pptx; nearest: docx"):
        made.brief(form="doc")


def test_html_is_text(made, monkeypatch):
    monkeypatch.setattr(type(made), "__repr__", lambda self: "<script>alert(1)</script>")
    assert "<script" not in made._repr_html_()


@pytest.mark.parametrize(
    ("keywords", "typed"),
    [
        ({"combat.money": [0.1, 0.2]}, "combat.money=0.1,0.2"),
        ({"seed": range(3)}, "seed=0,1,2"),
        (
            {"policy": ["exchange_kyc+kinetic_pressure", "status_quo"]},
            "policy=exchange_kyc+kinetic_pressure,status_quo",
        ),
        ({"combat.money": "interval(0.1,0.2)", "samples": 4}, "combat.money=interval(0.1,0.2) samples=4"),
        (
            {"combat.money": [0.1, 0.2], "group.routing": (0, 0.5), "zip": ["combat.money", "group.routing"]},
            "combat.money=0.1,0.2 group.routing=0,0.5 zip=[combat.money,group.routing]",
        ),
        ({"rail": [["bank", "cash"], "bitcoin"]}, "rail=[bank,cash],bitcoin"),
        ({"config_dir": Path("my")}, "config_dir=my"),
    ],
)
def test_keywords_are_words_of_the_command(keywords, typed):
    from experiments.api import _lines_of

    assert " ".join(_lines_of(keywords)) == typed


def test_every_error_is_named_and_nothing_is_made(tmp_path):
    with pytest.raises(ConfigurationError) as error:
        experiments.run("privacy_switch", replikations=3, group=["khorasan", "donor_funded"], folder="there")
    assert "replikations=3: unknown key; nearest: replications" in str(error.value)
    assert "group=khorasan,donor_funded: unknown profile khorasan" in str(error.value)
    with pytest.raises(ConfigurationError, match="--plan: an option of the command"):
        experiments.run("sweep", "--plan")
    with pytest.raises(ConfigurationError, match=r"study=headlne: unknown study; nearest: headline"):
        experiments.run("headlne")
    assert not [*tmp_path.iterdir()]


def test_what_is_no_study_is_told(tmp_path, made):
    with pytest.raises(ConfigurationError, match="nowhere: there is no such folder"):
        experiments.load("nowhere")
    with pytest.raises(ConfigurationError, match=r"holds no study; plan.json.gz is missing"):
        experiments.load(tmp_path)
    shutil.copy(made.folder / "plan.json.gz", tmp_path)
    with pytest.raises(
        ConfigurationError, match=r"has no findings.json and no codebook.csv; python -m experiments report"
    ):
        experiments.load(tmp_path)


def test_the_codebook_names_no_file_elsewhere(made, tmp_path):
    """A folder may come from anybody: only tables in it are read."""
    shutil.copytree(made.folder, bad := tmp_path / "bad")
    book = pd.read_csv(bad / "codebook.csv", dtype=str)
    outside = pd.DataFrame([{"file": name, "column": "a"} for name in ("../made.csv", "/etc/passwd", "findings.json")])
    (tmp_path / "made.csv").write_text("a\n1\n", encoding="utf-8")
    pd.concat([book, outside]).to_csv(bad / "codebook.csv", index=False)
    assert {*experiments.load(bad).tables} == {*made.tables}


@pytest.mark.parametrize(
    ("file", "text"),
    [("codebook.csv", ""), ("codebook.csv", "file,column\n"), ("effects.csv", ""), ("runs.parquet", "P")],
)
def test_a_table_that_cannot_be_read_is_an_error(made, tmp_path, file, text):
    shutil.copytree(made.folder, bad := tmp_path / "bad")
    (bad / file).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=f"{file}: cannot be read"):
        experiments.load(bad).tables[Path(file).stem]


def test_figures_pair_no_plan_with_runs_of_another(made, tmp_path):
    shutil.copytree(made.folder, other := tmp_path / "other")
    made.tables["runs"].iloc[::-1].to_parquet(other / "runs.parquet")
    with pytest.raises(ConfigurationError, match="is of another plan than"):
        experiments.load(other).plot()


def test_levels_may_be_of_numpy():
    assert [_levels(one) for one in (np.array(3), np.array([1, 2]), np.float64(0.1), [0.1, True])] == [
        "3", "1,2", "0.1", "0.1,true",
    ]  # fmt: skip


def test_ctrl_c_keeps_what_is_done(monkeypatch, tmp_path, capsys):
    whole = runner.run_missing

    def interrupted(plan, folder, make, workers, chunk, tell, limit):
        whole(plan, folder, make, workers, 1, tell, limit)
        raise KeyboardInterrupt

    typed = {"replications": 2, "folder": tmp_path / "mine", "brief": False, **MORE}
    monkeypatch.setattr(runner, "run_missing", interrupted)
    with pytest.raises(KeyboardInterrupt):
        experiments.run("sweep", **typed)
    assert "4 of 4 runs are finished" in capsys.readouterr().err
    monkeypatch.setattr(runner, "run_missing", whole)
    assert len(experiments.run("sweep", **typed).runs) == 4
    assert "4 runs existed; 0 are new" in capsys.readouterr().err


def test_what_cannot_be_written_is_raised(monkeypatch, tmp_path, capsys):
    (tmp_path / "file").touch()
    with pytest.raises((OSError, ConfigurationError)):
        experiments.run("sweep", replications=1, folder=tmp_path / "file" / "mine", **MORE)


@pytest.mark.slow
def test_a_script_needs_no_guard(tmp_path):
    """Worker processes start from a script without ``if __name__ == "__main__"``, and do not run it again."""
    (tmp_path / "mine.py").write_text(
        "import experiments\nprint('once')\n"
        "study = experiments.run('sweep', replications=1, workers=2, chunk=1, brief=False, figures=False,\n"
        f"    **{MORE!r})\n"
        "print(len(study.runs), study.folder)\n",
        encoding="utf-8",
    )
    said = subprocess.run(
        [sys.executable, "mine.py"], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True,
        encoding="utf-8", timeout=300,
    )  # fmt: skip
    assert said.stdout == "once\n2 results/sweep\n", said.stderr


def test_group_is_the_factor_profile():
    for study in ("headline", "privacy_switch"):
        mine = planned(f"study={study}", "group=donor_funded", "replications=2", *SHORT)
        theirs = planned(f"study={study}", "profile=donor_funded", "replications=2", *SHORT)
        assert mine.cells == theirs.cells and "group" not in mine.factors
    assert "group" in planned("study=sweep", "group=donor_funded,qassam", "replications=1").factors
    for typed in ("group=is_core profile=donor_funded", "profile=donor_funded group=is_core"):
        with pytest.raises(ConfigurationError, match="gives the factor profile a second time"):
            planned("study=headline", *typed.split())
    zipped = planned("group=is_core,donor_funded", "policy=exchange_kyc,status_quo", "zip=[group,policy]")
    assert {"profile", "policy"} <= {*zipped.factors}


def test_what_is_public():
    assert isinstance(experiments.load, type(sim.load)) and experiments.Study is Study
    assert {"run", "load", "Study"} <= {*experiments.__all__}
