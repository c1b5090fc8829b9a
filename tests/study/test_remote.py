"""A second place for what a study keeps: nothing is lost with a machine, and what cannot be reached is told."""

import json

import pytest

from experiments.study import arguments
from experiments.study.arguments import request
from experiments.study.remote import Mirror
from experiments.study.store import Folder
from sim.engine.jit import PLAIN
from tests.study_helpers import STUDY, make, planned, thread, told

fsspec = pytest.importorskip("fsspec")
pytestmark = pytest.mark.skipif(PLAIN, reason="runs of a study take too long as plain Python")

URL = "memory://bucket/study"


@pytest.fixture(autouse=True)
def files():
    """The file system of the mirror, empty."""
    found = fsspec.filesystem("memory")
    if found.exists("/bucket"):
        found.rm("/bucket", recursive=True)
    return found


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The study where there is no mirror."""
    path = tmp_path_factory.mktemp("whole") / "made"
    make(planned(*STUDY), path, chunk=4)
    return path


@pytest.fixture
def typed(tmp_path, monkeypatch, capsys):
    """What the command says in an empty folder; runs are made in this process."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("experiments.study.executors.local", lambda workers: thread())

    def run(*arguments):
        code, _, err = told(capsys, *STUDY, "--no-figures", "--no-brief", "chunk=4", *arguments)
        return code, err

    return run


def parts(path):
    return {file.name: file.read_bytes() for file in (path / "parts").iterdir()}


def test_what_one_machine_made_another_goes_on_with(typed, tmp_path, files, whole):
    code, err = typed("replications=2", f"mirror={URL}", "folder=one")
    assert code == 0 and f"{URL}: 0 parts came from there, 0 went there" in err
    kept = {name.rpartition("/")[2]: files.cat_file(name) for name in files.ls("/bucket/study/parts", detail=False)}
    assert kept == parts(tmp_path / "one") and len(kept) == 2
    code, err = typed(f"mirror={URL}", "folder=two")
    assert code == 0 and "2 parts came from there" in err and "8 runs existed; 8 are new" in err
    assert (tmp_path / "two/runs.parquet").read_bytes() == (whole / "runs.parquet").read_bytes()
    code, err = typed(f"mirror={URL}", "folder=one")
    assert code == 0 and "2 parts came from there" in err and "16 runs existed; 0 are new" in err
    assert parts(tmp_path / "one") == parts(tmp_path / "two")
    for name in ("study.json", "plan.json.gz", "effects.csv"):
        assert files.cat_file(f"/bucket/study/{name}") == (tmp_path / "one" / name).read_bytes()
    assert json.loads(files.cat_file("/bucket/study/provenance.json"))["mirror"] == URL


def test_a_folder_that_was_there_before_is_sent(typed, tmp_path, files):
    assert typed("folder=one")[0] == 0
    code, err = typed("folder=one", f"mirror={URL}")
    assert code == 0 and "0 parts came from there, 4 went there" in err
    assert len(files.ls("/bucket/study/parts")) == 4
    assert files.cat_file("/bucket/study/study.json") == (tmp_path / "one/study.json").read_bytes()


def test_a_place_with_other_files_is_no_mirror(typed, tmp_path, files):
    files.pipe_file("/bucket/study/plan.json.gz", b"mine")
    code, err = typed("folder=one", f"mirror={URL}")
    assert code == 2 and f"mirror={URL}: holds other files; choose a new or empty folder" in err
    assert files.cat_file("/bucket/study/plan.json.gz") == b"mine" and not (tmp_path / "one").exists()


def test_damage_on_either_side_is_mended_by_the_other(typed, tmp_path, files):
    typed("folder=one", f"mirror={URL}")
    here = sorted((tmp_path / "one/parts").iterdir())
    data = here[0].read_bytes()
    here[0].write_bytes(data[:-1])
    files.pipe_file(f"/bucket/study/parts/{here[1].name}", b"PAR1")  # cut short
    files.pipe_file("/bucket/study/parts/alien.parquet", b"PAR1")
    code, err = typed("folder=one", f"mirror={URL}")
    assert code == 0 and "1 parts came from there, 1 went there" in err and "0 are new" in err
    assert "parts/alien.parquet in memory://bucket/study is damaged; it is left there" in err
    assert here[0].read_bytes() == data
    assert files.cat_file(f"/bucket/study/parts/{here[1].name}") == here[1].read_bytes()


def test_parts_that_are_put_together_are_so_there_too(tmp_path, files, monkeypatch):
    monkeypatch.setattr("experiments.study.store._MANY", 4)
    plan, folder = planned(*STUDY), Folder(tmp_path / "made", mirror=Mirror(URL))
    make(plan, tmp_path / "made", chunk=4)
    with folder.opened(plan.name, plan.version):
        folder.mirror.sync(folder)
        before = files.ls("/bucket/study/parts", detail=False)
        folder.merge_parts()
    (name,) = files.ls("/bucket/study/parts", detail=False)
    assert len(before) == 4 and name not in before
    assert [name.rpartition("/")[2]] == [file.name for file in folder.parts.iterdir()]


def test_a_mirror_that_is_lost_meanwhile_ends_the_command_and_nothing_is_lost(typed, tmp_path, monkeypatch):
    count = []

    def put(self, name, data, put=Mirror.put):
        count.append(name)
        if len(count) > 5:
            with self._reached():
                raise RuntimeError("Access\ndenied")
        put(self, name, data)

    monkeypatch.setattr(Mirror, "put", put)
    code, err = typed("folder=one", f"mirror={URL}")
    assert code == 1
    assert (
        f"Could not reach mirror={URL}: Access denied; 12 of 16 runs are finished in one. To resume after that" in err
    )
    monkeypatch.undo()
    assert json.loads((tmp_path / "one/provenance.json").read_text(encoding="utf-8"))["state"] == "failed"


def test_a_mirror_of_something_else_is_refused(typed, tmp_path, files):
    typed("folder=one", f"mirror={URL}")
    about = json.loads(files.cat_file("/bucket/study/study.json"))
    for change, words in (
        ({"study": "claims"}, "holds the study claims"),
        ({"version": "0-0-0"}, "was made by another version of the model"),
        (None, "study.json cannot be read"),
    ):
        files.pipe_file("/bucket/study/study.json", json.dumps(change and about | change).encode())
        code, err = typed("folder=two", f"mirror={URL}")
        assert code == 2 and f"mirror={URL}: {words}" in err
        assert not (tmp_path / "two").exists()


@pytest.mark.parametrize(
    ("typed_", "text"),
    [
        ("mirror=here", "mirror=here: must be an address such as s3://BUCKET/STUDY, without a password"),
        ("mirror=s3://me:secret@host/x", "mirror=s3://...@host/x: must be an address"),
        ("mirror=file://", "mirror=file://: must be an address"),
        ("mirror=file:///", "mirror=file:///: must be an address"),
        ("mirror=file://here/x", "mirror=file://here/x: must be an address"),
        ("mirror=simplecache::s3://a/b", "mirror=simplecache::s3://a/b: must be an address"),
        (
            "mirror=sftpp://a/b",
            "mirror=sftpp://a/b: sftpp:// is unknown; allowed is s3, gs, abfs, sftp, hdfs, file or ",
        ),
    ],
)
def test_faults_are_told(typed_, text):
    _, _, faults = request(["study=sweep", typed_])
    assert any(fault.startswith(text) for fault in faults), faults


def test_what_is_not_installed_is_told(monkeypatch, typed):
    code, err = typed("mirror=sftp://nobody@localhost:1/x")
    assert code in (1, 2) and "mirror=sftp://nobody@localhost:1/x: " in err and len(err.splitlines()) == 1
    monkeypatch.setattr(arguments, "find_spec", lambda name: None)
    _, _, faults = request(["study=sweep", f"mirror={URL}"])
    needs = "needs packages that are not installed; type: make setup-dev, or pip install '.[cluster]'"
    assert faults == [f"mirror={URL}: {needs}"]
