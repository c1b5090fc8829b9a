"""``python -m experiments report FOLDER``: the same bytes from the parts alone, wherever they are."""

import gzip
import json
import os
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy.stats import qmc

from experiments.study import arguments, cli, reporting, saved_plan
from experiments.study import spec as studies
from experiments.study.chunk import schema
from experiments.study.runner import MISSING, write_tables
from experiments.study.saved_plan import PLAN, load, save
from experiments.study.store import Folder
from experiments.study.sweeping import plan_of_sweep
from sim.config import ConfigurationError, Request
from sim.engine.jit import PLAIN
from sim.output import provenance
from tests.study_helpers import SHORT, misheaded, table, thread, told

FEW = {
    "privacy_switch": ("profile=donor_funded", "policy=exchange_kyc", "intensity=1"),
    "traceability_sweep": ("profile=donor_funded", "structure=default,freezing"),
    "structures": ("profile=donor_funded", "structure=default,ces", "policy=exchange_kyc"),
    "choice": ("structure=default,rivals",),
    "sweep": ("combat.money=0.1,0.2", "arm=full", "uncertain=plausible"),
}
"""Less of the larger studies; nothing is run for these tests, but effects are worked out."""


def invented(plan, folder, parts=3):
    """Parts with invented outcomes for every run of a plan."""
    luck = np.random.default_rng(7)
    runs = list(plan.runs())
    weekly, ids = {run.id for run in runs if plan.cells[run.cell].weekly}, list(dict.fromkeys(run.id for run in runs))
    weeks = {run.id: plan.cells[run.cell].scenario.horizon.weeks for run in runs}
    beside = list(dict.fromkeys(n for cell in plan.cells for n in cell.scenario.report.beside))
    shape = schema(beside, plan.study.observables)
    for some in np.array_split(np.array(ids), parts):
        columns = {}
        for field in shape:
            if field.name.startswith("weekly_"):
                columns[field.name] = [luck.lognormal(size=weeks[run]) if run in weekly else None for run in some]
            else:
                columns[field.name] = luck.lognormal(3.0, 0.2, len(some))
        columns |= {"run": some.tolist(), "error": [None] * len(some)}
        folder.add(pa.table(columns, schema=shape))


def made(plan, settings, path):
    """A study's folder as its command leaves it, with invented outcomes; returns what was said."""
    folder = Folder(path)
    with folder.opened(plan.name, plan.version):
        facts = cli.provenance_of(plan, settings, "python -m experiments")
        save(plan, folder)
        invented(plan, folder)
        failed = write_tables(plan, folder)
        facts |= {"runs": plan.size, "failed": failed, "replications": len(plan.seeds)}
        text, files = reporting.make(plan, folder, settings, facts)
        cli.save_provenance(facts | {"state": "finished", "files": files}, folder)
    return text


@pytest.fixture(scope="module")
def sweep(tmp_path_factory):
    """A sweep of 4 cells and 4 seeds in 3 parts."""
    path = tmp_path_factory.mktemp("sweep") / "made"
    settings, plan = cli.settings_and_plan(["study=sweep", "replications=4", *FEW["sweep"], f"folder={path}"])
    made(plan, settings, path)
    return path


@pytest.fixture
def there(sweep, tmp_path):
    """A copy of it, elsewhere, with no more than it needs."""
    return bare(sweep, tmp_path / "sent" / "sweep")


def bare(source, path):
    path.mkdir(parents=True)
    for name in ("study.json", PLAN, "provenance.json"):
        shutil.copy(source / name, path / name)
    shutil.copytree(source / "parts", path / "parts")
    return path


def outcome(path):
    """Every file that was made, but for provenance."""
    left = ("study.json", PLAN, "provenance.json", ".lock")
    return {
        str(file.relative_to(path)): file.read_bytes()
        for file in path.rglob("*")
        if file.is_file() and file.name not in left and file.parent.name != "parts"
    }


def report(capsys, *arguments):
    return told(capsys, "report", *map(str, arguments))


LARGE = ("answer", "calibrate", "choice")  # whose reports take twenty seconds each


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] * (name in LARGE)) for name in studies.names()]
)
def test_every_study_is_reported_to_the_same_bytes(name, tmp_path, capsys):
    path, plain = tmp_path / "made", ("--no-figures", "--full")
    settings, plan = cli.settings_and_plan([f"study={name}", "replications=4", *FEW.get(name, ()), *plain])
    said = made(plan, settings, path)
    copy = bare(path, tmp_path / "elsewhere" / name)
    code, out, err = report(capsys, copy, *plain)
    assert (code, err) == (0, "")
    assert (
        out == said.replace(str(path), str(copy)) + "\n" or out == said.replace(str(settings.where), str(copy)) + "\n"
    )
    assert outcome(copy) == outcome(path) and len(outcome(copy)) > 1
    count, wrong = misheaded(said, path)
    assert not wrong and count > 10, "what is printed is what the table has in the column of that name"


def test_a_report_that_is_refused_leaves_nothing(capsys, there, tmp_path):
    code, _, err = report(capsys, there, "axes=[combat.money,nothing]", f"folder={tmp_path / 'again'}")
    assert code == 2 and "nothing is no drawn parameter" in err and not (tmp_path / "again").exists()
    assert not (there / ".lock").exists()


def test_every_report_is_of_a_study_above():
    assert {studies.load(name).report for name in studies.names()} == {*studies.reports()}


def test_a_sweep_of_scenarios_is_reported_too(tmp_path, capsys, monkeypatch):
    typed = Request(
        ["policy=status_quo,[exchange_kyc,adaptive]", "combat.money=0.1,0.3", "seed=range(0,3)"], sweep=True
    )
    plan = plan_of_sweep(typed, 1)
    said = made(plan, cli.Settings(study=plan.name, full=True), tmp_path / "made")
    copy = bare(tmp_path / "made", tmp_path / "copy")
    code, out, err = report(capsys, copy, "--full")
    assert (code, out, err) == (0, said.replace(str(tmp_path / "made"), str(copy)) + "\n", "")
    assert outcome(copy) == outcome(tmp_path / "made")
    count, wrong = misheaded(said, tmp_path / "made")
    assert not wrong and count > 30
    assert "3 seeds are too few" in said and "'seed=range(0,20)'" in said


def test_levels_of_two_factors_are_told_apart_by_names_that_can_be_typed(tmp_path):
    """Both factors in every line; the same names in every file; numbers as numbers."""
    typed = ("combat.money=0.1,0.2,0.4", "group=is_core,donor_funded", "--full")
    settings, plan = cli.settings_and_plan(["study=sweep", "replications=2", *typed])
    said = made(plan, settings, tmp_path / "made")
    trends, effects = (pd.read_csv(tmp_path / "made" / f"{name}.csv") for name in ("trends", "effects"))
    names = ["combat.money", "group"]
    for one in (trends, effects, table(tmp_path / "made")):
        assert {*names} <= {*one} and one["combat.money"].dtype == float
    assert trends["arm"].tolist() == ["announcement"] * 6
    assert trends["factor"].value_counts().to_dict() == {"group": 4, "combat.money": 2}
    assert sorted(trends["group"].dropna()) == ["donor_funded", "is_core"] and trends["combat.money"].count() == 3
    assert not trends.duplicated([*names, "factor"]).any()
    heads = [line for line in said.splitlines() if {*names} <= {*line.split()}]
    assert len(heads) == 2, "cells and trends"
    assert misheaded(said, tmp_path / "made")[1] == []
    assert set(trends["verdict"]) | set(effects["verdict"]) == {"inconclusive"}


def test_a_head_over_another_column_is_noticed(tmp_path):
    """That is, the check above can fail."""
    row = {"arm": "full", "median": 1.0, "mean": 2.0, "low": 0.0, "high": 3.0}
    pd.DataFrame([row]).to_csv(tmp_path / "x.csv")
    right, wrong = (f"arm   median  mean  95 % interval\nfull  +{one}    +2.00  0 to 3" for one in "12")
    assert misheaded(right, tmp_path) == (4, []) and len(misheaded(wrong, tmp_path)[1]) == 1


@pytest.mark.slow
def test_figures_and_brief_are_the_same_bytes_too(tmp_path, capsys, every_form):
    few = ("study=privacy_switch", "replications=4", *FEW["privacy_switch"])
    settings, plan = cli.settings_and_plan([*few])
    made(plan, settings, tmp_path / "made")
    copy = bare(tmp_path / "made", tmp_path / "copy")
    assert report(capsys, copy)[0] == 0
    first, second = outcome(tmp_path / "made"), outcome(copy)
    briefs = {f"brief{language}.{form}" for language in ("", ".ar") for form in arguments.FORMS[:2]}
    assert {*briefs, "explorer.html"} <= {*second} and any(name.endswith(".svg") for name in second)
    assert first == second


def test_the_plan_comes_back_whole(sweep):
    plan = load(sweep, ours=True)
    own = cli.settings_and_plan(["study=sweep", "replications=4", *FEW["sweep"]])[1]
    assert list(plan.runs()) == list(own.runs())
    assert plan.study == own.study and plan.cells == own.cells and plan.groups == own.groups
    assert plan.seeds == list(own.seeds) and plan.factors == own.factors


def test_a_plan_that_draws_from_the_record_comes_back_whole(tmp_path):
    own = cli.settings_and_plan(["study=sweep", "seed=3,8,9,40", "uncertain=posterior", *SHORT])[1]
    save(own, Folder(tmp_path))
    plan = load(tmp_path, ours=True)
    assert list(plan.runs()) == list(own.runs())
    assert plan.drawn(0, 8) == own.drawn(0, 8)


# --- what is damaged, missing or of another version ------------------------------------------------------------------


def test_a_damaged_part_is_named_and_what_it_held_is_missing(there, capsys):
    first, *_ = sorted((there / "parts").iterdir())
    held = set(pq.read_table(first)["run"].to_pylist())
    data = first.read_bytes()
    first.write_bytes(data[:200] + bytes([data[200] ^ 1]) + data[201:])
    code, out, err = report(capsys, there, "--full")
    assert code == 1 and out.startswith("Attacks a week")
    assert f"parts/{first.name} is damaged; its runs are missing" in err
    assert f"{len(held)} of 16 planned runs are missing; the rest is reported" in err
    runs = table(there)
    assert set(runs[runs["error"] == MISSING]["run"]) == held and len(runs) == 16
    assert runs["capacity"].isna().sum() == len(held)
    assert pd.read_csv(there / "effects.csv")["n"].min() < 4
    assert first.exists() and json.loads((there / "provenance.json").read_text(encoding="utf-8"))["remade"][
        "damaged"
    ] == [first.name]


def test_with_no_part_left_nothing_is_reported(there, capsys):
    shutil.rmtree(there / "parts")
    code, out, err = report(capsys, there)
    assert (code, out) == (2, "") and "none of the 16 planned runs exists" in err
    assert outcome(there) == {}


def test_what_is_no_part_is_damaged_even_under_its_own_hash(there, capsys):
    from experiments.study.store import name_of

    for data in (b"PAR1", b"not parquet"):
        (there / "parts" / name_of(data)).write_bytes(data)
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"run": ["x"], "error": [1.5], "weekly_capacity": [[1.0]]}), sink)
    data = sink.getvalue().to_pybytes()
    (there / "parts" / name_of(data)).write_bytes(data)
    code, _, err = report(capsys, there)
    assert code == 0 and err.count("is damaged") == 3 and "missing; the rest" not in err


def test_runs_of_another_version_are_reported_as_theirs(there, capsys, monkeypatch):
    monkeypatch.setattr(provenance, "code", lambda: "f" * 16)
    monkeypatch.setattr(provenance, "model_version", lambda: "9.9.9")
    code, _, err = report(capsys, there)
    assert code == 0
    assert "The runs are of version 0.2.0" in err and "this is version 9.9.9 (rules ffffffffffffffff)" in err
    facts = json.loads((there / "provenance.json").read_text(encoding="utf-8"))
    assert facts["model"] == "0.2.0" and facts["remade"]["model"] == "9.9.9"


def test_parameters_of_another_version_do_not_matter(there, capsys, monkeypatch):
    values = read(there / PLAN)
    for cell in values["cells"]:
        combat = cell["scenario"]["combat"]
        combat["new_in_the_next_version"] = combat.pop("attack_cost")
        cell["scenario"]["report"]["new"] = 1
    write(there / PLAN, values)
    code, _, err = report(capsys, there)
    assert code == 2 and "plan.json.gz: cells.0.scenario" in err and len(err.splitlines()) == 2
    monkeypatch.setattr(provenance, "code", lambda: "f" * 16)
    code, _, err = report(capsys, there)
    assert code == 0, err


def test_on_another_machine_nothing_is_said(there, capsys, monkeypatch):
    monkeypatch.setattr(provenance, "mathematics", lambda: "0" * 16)
    assert report(capsys, there)[::2] == (0, "")


def test_outcomes_that_another_version_did_not_have_are_empty(there, capsys):
    from experiments.study.store import name_of

    for file in list((there / "parts").iterdir()):
        less = pq.read_table(file).drop_columns(["inspired", "capacity_79"])
        sink = pa.BufferOutputStream()
        pq.write_table(less, sink)
        file.unlink()
        data = sink.getvalue().to_pybytes()
        (there / "parts" / name_of(data)).write_bytes(data)
    code, _, err = report(capsys, there)
    assert code == 0, err
    runs = table(there)
    assert runs[["inspired", "capacity_79"]].isna().all(axis=None) and runs["capacity"].notna().all()


# --- where it is, and where it goes ----------------------------------------------------------------------------------


def test_a_folder_that_cannot_be_written_is_reported_elsewhere(there, sweep, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("sim.compilation.compile_all", lambda: None)  # done, and its cache is another user's below
    before = {path: path.stat().st_mtime_ns for path in there.rglob("*")}
    me = os.geteuid()
    for folder in (there, there / "parts", tmp_path):
        folder.chmod(0o755)
    out = tmp_path / "out"
    out.mkdir()
    out.chmod(0o777)
    qmc.Sobol(2)  # loads what another user may not read
    there.chmod(0o555)
    try:
        if me == 0:
            for parent in (tmp_path, *tmp_path.parents):
                if parent != Path("/tmp") and parent.stat().st_uid == 0 and str(parent).startswith("/tmp/"):
                    parent.chmod(0o755)
            os.seteuid(65534)
        code, _, err = report(capsys, there)
        assert code == 1 and err.startswith(f"Could not write {there}")
        code, said, err = report(capsys, there, f"folder={out}")
        assert (code, err) == (0, ""), err
        assert f"Files in {out}" in said
    finally:
        os.seteuid(me)
        there.chmod(0o755)
    assert before == {path: path.stat().st_mtime_ns for path in there.rglob("*")}
    assert outcome(out).keys() == outcome(sweep).keys()
    assert " report " in json.loads((out / "provenance.json").read_text(encoding="utf-8"))["remade"]["command"]


def zipped(path, file, above="sweep/"):
    with zipfile.ZipFile(file, "w") as pack:
        for one in sorted(path.rglob("*")):
            pack.write(one, above + str(one.relative_to(path)))
    return file


@pytest.mark.parametrize("above", ["", "sweep/"])
def test_a_zip_file_is_reported_beside_itself(there, tmp_path, sweep, capsys, above):
    file = zipped(there, tmp_path / "mail.zip", above)
    code, _, err = report(capsys, file)
    assert (code, err) == (0, "")
    assert outcome(tmp_path / "mail") == outcome(sweep)
    assert not (tmp_path / "mail" / "parts").exists()
    code, _, err = report(capsys, file)
    assert code == 2 and "holds other files" in err


def test_a_zip_file_writes_nowhere_else(there, tmp_path, capsys):
    file = zipped(there, tmp_path / "mail.zip")
    with zipfile.ZipFile(file, "a") as pack:
        for name in (
            "../evil",
            "sweep/../../evil",
            "/tmp/evil_of_fuzz",
            "sweep/parts/../../evil",
            "sweep/evil.py",
            "evil",
        ):
            pack.writestr(name, "x")
        link = zipfile.ZipInfo("sweep/parts/" + "0" * 24 + ".parquet")
        link.external_attr = 0o120777 << 16
        pack.writestr(link, "/etc/passwd")
    (tmp_path / "in").mkdir()
    code, _, err = report(capsys, file, f"folder={tmp_path / 'in'}")
    assert code == 0 and err == f"parts/{'0' * 24}.parquet is damaged; its runs are missing\n"
    assert not [path for path in tmp_path.rglob("*evil*")] and not Path("/tmp/evil_of_fuzz").exists()


def test_what_is_no_zip_file_of_a_study_is_told(there, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(saved_plan, "_ROOM", 2**20)
    plain, swollen, none = tmp_path / "a.txt", tmp_path / "b.zip", tmp_path / "c.zip"
    plain.write_text("hello", encoding="utf-8")
    with zipfile.ZipFile(none, "w") as pack:
        pack.writestr("x", "y")
    with zipfile.ZipFile(swollen, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr(PLAN, b"")
        pack.writestr("provenance.json", " " * 2**22)
    cut = zipped(there, tmp_path / "d.zip")
    cut.write_bytes(cut.read_bytes()[:-30])
    for file, words in (
        (plain, "neither a folder nor a zip"),
        (none, "no plan.json.gz"),
        (swollen, "far more"),
        (cut, "zip"),
    ):
        code, out, err = report(capsys, file)
        assert (code, out) == (2, "") and words in err and len(err.splitlines()) == 2, err


# --- what is typed, and what is hostile ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ([], "needs the folder of a study"),
        (["nowhere"], "report nowhere: there is no such folder"),
        ([str(Path(cli.__file__).parents[1] / "studis")], "there is no such folder; nearest: studies"),
        (["a", "b"], "b: one folder at a time"),
        (["nowhere", "--no-figure"], "--no-figure: unknown option; nearest: --no-figures"),
        (["nowhere", "folder="], "folder=: needs a path"),
        (["no\0where"], "no path holds such a character"),
        (["."], "study.json: is missing"),
    ],
)
def test_bad_input_is_told(typed, words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    code, out, err = report(capsys, *typed)
    assert (code, out) == (2, "") and words in err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_other_files_is_not_written_to(there, tmp_path, capsys):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("keep", encoding="utf-8")
    code, _, err = report(capsys, there, f"folder={tmp_path / 'full'}")
    assert code == 2 and "holds other files" in err
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]


def test_a_folder_of_an_earlier_version_is_told_what_to_do(there, capsys):
    (there / PLAN).unlink()
    code, _, err = report(capsys, there)
    assert code == 2 and "has no plan.json.gz" in err and "repeat the command" in err


def read(file):
    """The values in a file of a study."""
    return json.loads(saved_plan.content_of(file))


def write(file, values):
    """Put values, or a text, into a file of a study."""
    data = (values if isinstance(values, str) else json.dumps(values)).encode()
    file.write_bytes(gzip.compress(data) if file.suffix == ".gz" else data)


def put(values, place, value):
    *above, last = place
    for part in above:
        values = values[part]
    values[last] = value


HOSTILE = [
    (PLAN, ["study", "report"], "os.system"),
    (PLAN, ["study", "doc"], "\x1b[2J"),
    (PLAN, ["study", "levels", "arm", "\u202e"], []),
    (PLAN, ["cells", 0, "levels", "arm"], {"_target_": "os.system"}),
    (PLAN, ["cells", 0, "scenario", "horizon"], 10**9),
    (PLAN, ["cells", 0, "digest"], "x"),
    (PLAN, ["groups", 0, "cells"], [0, 0]),
    (PLAN, ["groups", 0, "ranges", 0, "dimension"], 10**9),
    (PLAN, ["seeds"], [-1]),
    (PLAN, ["seeds"], [2**62]),
    (PLAN, ["dimensions"], {}),
    (PLAN, ["version"], "../../x"),
    (PLAN, ["more"], 1),
    (PLAN, ["study", "uncertain"], "posterior"),
    ("provenance.json", ["commit"], "<script>"),
    ("provenance.json", ["started"], "x"),
    ("provenance.json", ["command"], 7),
    ("study.json", ["version"], None),
    ("study.json", ["format"], 99),
]


@pytest.mark.parametrize(("name", "place", "value"), HOSTILE, ids=[f"{one[0]} {one[1][-1]}" for one in HOSTILE])
def test_what_is_hostile_is_refused_in_one_message(there, capsys, name, place, value):
    values = read(there / name)
    put(values, place, value)
    write(there / name, values)
    code, out, err = report(capsys, there)
    assert (code, out) == (2, "") and name.split(".")[0] in err and len(err.splitlines()) == 2, err
    assert all(line.isprintable() for line in err.splitlines())
    assert outcome(there) == {}


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "NaN", "null", "\x00", '{"a": 1}'])
@pytest.mark.parametrize("name", [PLAN, "provenance.json", "study.json"])
def test_what_is_no_such_file_is_refused(there, capsys, name, text):
    write(there / name, text)
    code, out, err = report(capsys, there)
    assert (code, out) == (2, "") and name in err and len(err.splitlines()) == 2, err


def test_a_file_that_is_too_large_is_not_read(there, monkeypatch):
    monkeypatch.setattr(saved_plan, "_LARGEST", 10)
    with pytest.raises(ConfigurationError, match="too large"):
        load(there, ours=True)


@pytest.mark.skipif(PLAIN, reason="runs of a study take too long as plain Python")
def test_the_command_keeps_what_a_report_needs(tmp_path, monkeypatch, capsys):
    from experiments.study import executors

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(executors, "local", lambda workers: thread())
    assert cli.run(["study=sweep", "replications=2", *SHORT]) == 0
    folder = tmp_path / "results" / "sweep"
    first = outcome(folder)
    assert {path.name for path in folder.iterdir()} >= {PLAN, "study.json", "provenance.json", "parts"}
    for name in first:
        (folder / name).unlink()
    assert report(capsys, "results/sweep")[0] == 0
    assert outcome(folder) == first
    assert cli.run(["study=sweep", "replications=2", *SHORT]) == 0, "and the study can go on"
    assert "4 runs existed; 0 are new" in capsys.readouterr().err


def test_the_help_speaks_of_it(capsys):
    assert cli.run(["--help"]) == 0
    assert f"python -m experiments {arguments.WORD} FOLDER" in capsys.readouterr().out


def test_nothing_is_written_through_a_link(there, tmp_path, capsys):
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    (there / "brief.html").symlink_to(tmp_path / "mine")
    code, out, err = report(capsys, there)
    assert (code, out) == (2, "") and "is a link, through which another file would be overwritten" in err
    assert (tmp_path / "mine").read_text(encoding="utf-8") == "mine"
