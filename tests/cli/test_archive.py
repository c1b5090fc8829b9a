"""The archive for repositories of models, its metadata and licences, and the export in long form."""

import hashlib
import json
import re
import shutil
import subprocess
import tomllib
import zipfile
from fnmatch import fnmatch
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.study import cli, export
from sim.output.files import replacing
from tests.study_helpers import SHORT
from tools import archive

ROOT = Path(__file__).resolve().parents[2]
SUMS = "SHA256SUMS"


@pytest.fixture
def clone(tmp_path):
    """A small repository with the metadata of this one, and a file that no commit has."""
    folder = tmp_path / "clone"
    folder.mkdir()
    for name in ("pyproject.toml", "CITATION.cff", "codemeta.json", "LICENSE"):
        shutil.copy(ROOT / name, folder / name)
    who = ("-c", "user.name=A", "-c", "user.email=a@b.invalid")
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "All")):
        subprocess.run(["git", "-C", str(folder), *who, *words], check=True)
    (folder / "later.txt").write_text("not committed", encoding="utf-8")
    project = (folder / "pyproject.toml").read_text(encoding="utf-8")
    changed = re.sub(r'^version = ".*"', 'version = "99.0"', project, flags=re.MULTILINE)
    (folder / "pyproject.toml").write_text(changed, encoding="utf-8")
    return folder


def study_in(folder, state="finished"):
    """A folder that looks like one of a study."""
    (folder / "parts").mkdir(parents=True)
    for name, text in (
        ("parts/1.parquet", "x"),
        ("effects.csv", "a,b\n"),
        ("provenance.json", json.dumps({"state": state})),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_metadata_of_all_files_agrees():
    project, citation = archive.sources()
    assert json.loads((ROOT / "codemeta.json").read_text(encoding="utf-8")) == archive.codemeta(), (
        "write it again: python -m tools.archive --metadata"
    )
    assert (citation["version"], citation["license"]) == (project["version"], project["license"])
    assert {"cff-version", "message", "title", "authors", "abstract", "date-released", "keywords"} <= citation.keys()
    assert all(archive.zenodo().values())


def test_an_archive_holds_the_commit_outputs_and_their_hashes(clone, tmp_path):
    file = tmp_path / "out.zip"
    count = archive.archive(file, [study_in(tmp_path / "mine")], clone)
    with zipfile.ZipFile(file) as packed:
        found = {name.split("/", 1)[1]: packed.read(name) for name in packed.namelist() if not name.endswith("/")}
    assert found.keys() == {
        "pyproject.toml", "CITATION.cff", "codemeta.json", "LICENSE", ".zenodo.json", SUMS,
        "outputs/mine/effects.csv", "outputs/mine/provenance.json",
    }  # fmt: skip
    assert count == len(found)
    assert "99.0" not in json.dumps([packed.namelist(), json.loads(found[".zenodo.json"])]), (
        "no commit has this version"
    )
    sums = dict(line.split("  ")[::-1] for line in found.pop(SUMS).decode().splitlines())
    assert sums == {name: hashlib.sha256(content).hexdigest() for name, content in found.items()}


def test_an_archive_overwrites_nothing_and_takes_no_unfinished_study(clone, tmp_path):
    file = tmp_path / "out.zip"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(ValueError, match="exists already"):
        archive.archive(file, [], clone)
    assert file.read_text(encoding="utf-8") == "mine"
    with pytest.raises(ValueError, match="no finished run or study"):
        archive.archive(tmp_path / "a.zip", [study_in(tmp_path / "half", "interrupted")], clone)
    for number, text in enumerate(("{}", "[]")):
        (study_in(tmp_path / f"{number}") / "provenance.json").write_text(text, encoding="utf-8")
        with pytest.raises(ValueError, match="no finished run or study"):
            archive.archive(tmp_path / "a.zip", [tmp_path / f"{number}"], clone)
    one, other = study_in(tmp_path / "a" / "same"), study_in(tmp_path / "b" / "same")
    with pytest.raises(ValueError, match="one name"):
        archive.archive(tmp_path / "a.zip", [one, other], clone)
    assert not (tmp_path / "a.zip").exists() and not list(tmp_path.glob(".*part"))


def test_an_archive_or_export_that_another_made_meanwhile_is_not_written_over(clone, tmp_path, monkeypatch):
    file = tmp_path / "out.zip"
    monkeypatch.setattr(archive, "outputs", lambda study: iter([file.write_text("theirs", encoding="utf-8")][:0]))
    with pytest.raises(FileExistsError):
        archive.archive(file, [study_in(tmp_path / "mine")], clone)
    assert file.read_text(encoding="utf-8") == "theirs" and not list(tmp_path.glob(".*part"))
    with pytest.raises(FileExistsError, match="long"), replacing(tmp_path / "long.csv", new=True) as aside:
        aside.write_text("mine", encoding="utf-8")
        (tmp_path / "long.csv").write_text("theirs", encoding="utf-8")
    assert (tmp_path / "long.csv").read_text(encoding="utf-8") == "theirs" and not list(tmp_path.glob(".*aside"))


def test_an_archive_is_not_written_into_a_study_that_it_holds(clone, tmp_path, monkeypatch):
    study = study_in(tmp_path / "mine")
    monkeypatch.setattr(archive, "outputs", lambda study: iter(()))  # a file that packs itself would fill the disk
    with pytest.raises(ValueError, match="lies in"):
        archive.archive(study / "tables" / ".." / "out.zip", [study], clone)


def test_every_licence_has_its_text_and_fonts_and_javascript_have_theirs():
    rules = tomllib.loads((ROOT / "REUSE.toml").read_text(encoding="utf-8"))["annotations"]
    licences = {one["SPDX-License-Identifier"] for one in rules}
    assert {file.stem for file in (ROOT / "LICENSES").iterdir()} == licences

    def licence(path):
        paths = [(one["path"] if isinstance(one["path"], list) else [one["path"]], one) for one in rules]
        return [one["SPDX-License-Identifier"] for some, one in paths if any(fnmatch(path, each) for each in some)][-1]

    brief = ROOT / "experiments" / "brief"
    binary = [*brief.rglob("*.ttf"), *brief.glob("explorer/vendor/*.js")]
    found = {file.name: licence(file.relative_to(ROOT).as_posix()) for file in binary}
    assert found == {
        "NotoNaskhArabic-Bold.ttf": "OFL-1.1", "NotoNaskhArabic-Regular.ttf": "OFL-1.1",
        "d3.min.js": "ISC", "plot.min.js": "ISC", "fluent.js": "Apache-2.0",
    }  # fmt: skip
    assert [licence(one) for one in ("sim/week.py", "conf/facts.csv", "docs/odd.md")] == [
        "Apache-2.0",
        *["CC-BY-4.0"] * 2,
    ]
    for rule in rules:
        for path in [rule["path"]] if isinstance(rule["path"], str) else rule["path"]:
            assert any(ROOT.glob(path)), f"REUSE.toml: {path} is nowhere"


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    typed = ["study=sweep", "combat.money=0.1,0.2", "replications=2", *SHORT, "workers=1", "--no-figures"]
    assert cli.run([*typed, f"folder={folder}"]) == 0
    return folder


@pytest.mark.parametrize(
    ("form", "read"), [("csv.gz", pd.read_csv), ("csv", pd.read_csv), ("parquet", pd.read_parquet)]
)
def test_long_form_is_read_without_this_project(small, form, read, tmp_path, capsys):
    assert cli.run(["export", str(small), str(tmp_path / f"long.{form}")]) == 0
    assert "is written" in capsys.readouterr().out
    long = read(tmp_path / f"long.{form}")
    columns = ["study", "run", "replication", "draw", "seed", "arm", "policy", "intensity", "combat.money"]
    assert sorted(long.columns[:9]) == sorted(columns)
    assert [*long.columns[9:]] == ["outcome", "window", "value", "unit"]
    runs = pq.read_table(small / "runs.parquet").to_pandas().set_index("run")
    wide = long[(long["outcome"] == "rate") & (long["window"] == 13)].set_index("run")["value"]
    assert (wide == runs["rate_13"]).all() and len(wide) == len(runs) == 8
    assert set(long.loc[long["outcome"] == "rate", "window"]) == {13, 52, 79}
    assert long.loc[long["outcome"] == "loop_gain", "window"].isna().all()
    assert set(long.loc[long["outcome"] == "rate", "unit"]) == {"attacks/week"}


def test_an_export_overwrites_nothing_and_says_what_is_wrong(small, tmp_path, capsys):
    (tmp_path / "long.csv").write_text("mine", encoding="utf-8")
    for typed, said in (
        ([str(small), str(tmp_path / "long.csv")], "exists already; nothing is written over"),
        ([str(small), str(tmp_path / "long.xlsx")], "allowed is a name that ends in .csv.gz, .csv, .parquet"),
        ([str(tmp_path)], "no study that has been run"),
        ([], "export FOLDER [FILE]"),
    ):
        assert cli.run(["export", *typed]) == 2
        assert said in capsys.readouterr().err
    assert (tmp_path / "long.csv").read_text(encoding="utf-8") == "mine"


def test_runs_that_cannot_be_read_are_an_error(small, tmp_path, capsys):
    shutil.copytree(small, bad := tmp_path / "bad")
    whole = (bad / "runs.parquet").read_bytes()
    empty = pq.read_table(small / "runs.parquet").slice(0, 0)
    for write, said in (
        (lambda file: file.write_bytes(whole[: len(whole) // 2]), "runs.parquet: cannot be read"),
        (
            lambda file: pq.write_table(empty, file),
            "runs.parquet: is of another plan than plan.json.gz; python -m experiments report",
        ),
    ):
        write(bad / "runs.parquet")
        assert cli.run(["export", str(bad), str(tmp_path / "bad.csv")]) == 2
        assert said in capsys.readouterr().err and not (tmp_path / "bad.csv").exists()


def test_no_word_of_an_export_is_a_formula():
    table = pa.table({"=x": ["=1+1", "donor", "-5"], "value": [1.0, 2.0, None]})
    assert export._harmless(table).to_pydict() == {"'=x": ["'=1+1", "donor", "-5"], "value": [1.0, 2.0, None]}
