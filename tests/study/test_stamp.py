"""A report of which nothing has changed is not made again; any other is."""

import pytest

from experiments.study import executors, reporting
from sim.engine.jit import PLAIN
from sim.output import provenance
from tests.study_helpers import SHORT, thread, told

pytestmark = pytest.mark.skipif(PLAIN, reason="runs of a study take too long as plain Python")


@pytest.fixture
def made(tmp_path, monkeypatch, capsys):
    """A small study, and how often its report has been made by what is typed."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(executors, "local", lambda workers: thread())
    count, make = [], reporting.make
    monkeypatch.setattr(reporting, "make", lambda *arguments: count.append(1) or make(*arguments))
    folder = tmp_path / "sweep"
    study = ["study=sweep", "replications=1", "--no-figures", *SHORT, f"folder={folder}"]

    def typed(*arguments: str) -> tuple[int, str]:
        count.clear()
        code, out, _ = told(capsys, *(arguments or study))
        assert code == 0
        return len(count), out

    return folder, typed, study


def test_nothing_is_made_where_nothing_has_changed(made):
    folder, typed, _ = made
    times, text = typed()
    assert times == 1
    before = {file: (file.stat().st_mtime_ns, file.read_bytes()) for file in folder.rglob("*.*") if file.is_file()}
    assert typed() == (0, text)
    assert typed("report", str(folder), "--no-figures") == (0, text)
    assert {file: (file.stat().st_mtime_ns, file.read_bytes()) for file in before} == before


@pytest.mark.parametrize("name", ["effects.csv", "codebook.csv", "runs.parquet", "findings.json", "provenance.json"])
def test_a_damaged_or_missing_file_is_made_again(name, made):
    folder, typed, _ = made
    typed()
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole.replace(b"e", b"f", 1))
    times, _ = typed()
    assert times == 1
    assert name == "provenance.json" or (folder / name).read_bytes() == whole
    (folder / name).unlink()
    assert typed()[0] == 1 and (folder / name).exists()
    assert typed()[0] == 0


def test_another_flag_more_runs_other_code_and_another_place_are_reported_again(made, monkeypatch):
    folder, typed, study = made
    typed()
    assert typed(*study, "--full")[0] == 1
    assert typed()[0] == 1, "the text is another one"
    assert typed(*study, "replications=2")[0] == 1
    assert typed()[0] == 1 and typed()[0] == 0
    with monkeypatch.context() as patch:
        patch.setattr(provenance, "digest_of", lambda files, folder: "other")
        assert typed("report", str(folder), "--no-figures")[0] == 1
    moved = folder.rename(folder.with_name("moved"))
    assert typed("report", str(moved), "--no-figures")[0] == 1


def test_an_extra_part_is_read(made):
    folder, typed, _ = made
    typed()
    (folder / "parts" / f"{'0' * 24}.parquet").write_bytes(b"no part")
    assert typed()[0] == 1
