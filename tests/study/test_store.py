"""The folder of a study: whatever happens to it, what is whole is kept and the rest is made again."""

import io
import os
import platform
import random
import resource
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.study import building, cli, store
from experiments.study.runner import pending_chunks, write_tables
from experiments.study.store import Busy, Folder
from experiments.study.worker import run_chunk
from sim.config import ConfigurationError
from sim.engine.jit import PLAIN
from tests.study_helpers import SHORT, STUDY, make, planned, table


def part(*runs, weekly=False, error=None):
    """A small part: runs, a number each, perhaps by week."""
    number = [float(sum(map(ord, run))) for run in runs]
    series = [[1.0, 2.0] if weekly else None for _ in runs]
    columns = {"run": list(runs), "error": pa.array([error] * len(runs), pa.string()), "capacity": number}
    return pa.table(columns | {"weekly_capacity": pa.array(series, pa.list_(pa.float64()))})


@pytest.fixture
def folder(tmp_path):
    """A folder that is open, with two parts."""
    one = Folder(tmp_path / "made")
    with one.opened("sweep", "v"):
        one.add(part("a", "b"))
        one.add(part("c"))
        yield one


def file_of(folder, run):
    (found,) = (file for file in folder.parts.glob("*.parquet") if run in pq.read_table(file)["run"].to_pylist())
    return found


def test_what_is_kept_is_there(folder):
    assert folder.done() == {"a": False, "b": False, "c": False}
    assert folder.finder().rows(["c", "a"])["run"].to_pylist() == ["c", "a"]


def test_a_part_that_was_cut_or_altered_is_put_aside(folder):
    file = file_of(folder, "a")
    whole = file.read_bytes()
    cuts = [whole[:size] for size in (0, 1, len(whole) // 2, len(whole) - 1)] + [whole + b"x"]
    flips = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(0, len(whole), 50)]
    assert len(flips) > 20
    for number, data in enumerate([*cuts, *flips]):
        file.write_bytes(data)
        assert folder.done() == {"c": False}, number
        assert folder.damaged == [file.name] and not file.exists()
        aside = file.with_suffix(".damaged")
        assert aside.read_bytes() == data
        folder.damaged.clear()
    file.write_bytes(whole)
    assert folder.done().keys() == {"a", "b", "c"}


def test_what_is_not_a_part_harms_nothing(folder):
    for name in ("notes.txt", "alien.parquet", ".DS_Store"):
        (folder.parts / name).write_bytes(b"PAR1 not at all")
    assert folder.done().keys() == {"a", "b", "c"}
    assert folder.damaged == ["alien.parquet"]
    assert (folder.parts / "notes.txt").exists()


def test_a_file_with_the_name_of_a_part_that_is_none_is_put_aside(folder):
    strangers = [b"PAR1 not at all"]
    for columns in ({"x": [1.0]}, {"run": ["z"], "error": ["no"]}, {"run": [1], "error": [2], "weekly_x": [3]}):
        buffer = io.BytesIO()
        pq.write_table(pa.table(columns), buffer)
        strangers.append(buffer.getvalue())
    names = sorted(store.name_of(data) for data in strangers)
    for data in strangers:
        (folder.parts / store.name_of(data)).write_bytes(data)
    assert folder.done().keys() == {"a", "b", "c"}
    assert sorted(folder.damaged) == names
    assert folder.finder().rows(["a"])["run"].to_pylist() == ["a"]


@contextmanager
def no_file_larger_than(size):
    """As on a full disk: what is written beyond this does not fit."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_does_not_fit_on_the_disk_leaves_what_was_there(folder):
    large = pa.table({"x": random.Random(1).sample(range(10**9), 10_000)})
    acts = {
        "runs.parquet": lambda: folder.write_table("runs.parquet", large.schema, [large]),
        "effects.csv": lambda: folder.write("effects.csv", b"1" * 100_000),
        "parts/new": lambda: folder.write("parts/new", b"1" * 100_000),
    }
    for name in acts:
        (folder.path / name).write_bytes(b"old")
    before = sorted(folder.path.rglob("*"))
    for name, act in acts.items():
        with no_file_larger_than(1000), pytest.raises(OSError) as raised:
            act()
        assert cli.write_error(raised.value) == f"Could not write {folder.path / name}: File too large"
        assert (folder.path / name).read_bytes() == b"old"
        assert sorted(folder.path.rglob("*")) == before, "nothing is left beside it"
        act()
        assert (folder.path / name).stat().st_size > 10_000


def test_what_was_half_written_is_swept_away(tmp_path):
    one = Folder(tmp_path / "made")
    with one.opened("sweep", "v"):
        one.add(part("a"))
    for aside in (one.parts / ".ab12.parquet.aside", one.path / ".runs.parquet.aside"):
        aside.write_bytes(b"PAR1 half")
    with one.opened("sweep", "v"):
        assert one.done() == {"a": False} and one.damaged == []
        assert not list(one.path.rglob("*.aside"))


def test_who_only_looks_changes_nothing(folder):
    file_of(folder, "a").write_bytes(b"")
    before = sorted(folder.path.rglob("*"))
    looking = Folder(folder.path)
    assert looking.done() == {"c": False}
    assert sorted(folder.path.rglob("*")) == before and looking.damaged == []


def test_a_run_with_its_series_is_preferred(folder):
    folder.add(part("a", weekly=True))
    folder.add(part("d", error="broken"))
    folder.add(part("e", error=f"{store.DIED} 3 times"))
    folder.add(part("f", error=f"{store.LATE} of 5 s"))
    assert folder.done() == {"a": True, "b": False, "c": False, "d": True}, "a run's own failure is not tried again"
    assert folder.finder().rows(["a", "b"])["weekly_capacity"].to_pylist() == [[1.0, 2.0], None]


def test_many_parts_are_put_together_and_none_is_lost(folder, monkeypatch):
    runs = [f"r{n}" for n in range(100)]
    for run in runs:
        folder.add(part(run))
    folder.add(part("r7", weekly=True))
    lost = file_of(folder, "r9")
    lost.write_bytes(lost.read_bytes()[:-1])
    before = folder.finder().rows([run for run in runs if run != "r9"])
    folder.merge_parts()
    assert len(list(folder.parts.glob("*.parquet"))) == 1
    assert folder.done() == {run: run == "r7" for run in ["a", "b", "c", *runs] if run != "r9"}
    assert folder.finder().rows(before["run"].to_pylist()).equals(before)
    assert folder.damaged == [lost.name]
    folder.merge_parts()
    assert len(list(folder.parts.glob("*.parquet"))) == 1


def test_a_putting_together_that_was_killed_doubles_nothing(folder, monkeypatch):
    monkeypatch.setattr(store, "_MANY", 3)
    folder.add(pa.concat_tables(folder.tables()))  # then it was killed, before the parts were removed
    assert sum(map(len, folder.tables())) == 6
    folder.merge_parts()
    assert sorted(pa.concat_tables(folder.tables())["run"].to_pylist()) == ["a", "b", "c"]


def test_damage_that_is_seen_only_when_parts_are_put_together_stops_nothing(folder, monkeypatch):
    monkeypatch.setattr(store, "_MANY", 2)
    file_of(folder, "c").write_bytes(b"")
    folder.merge_parts()
    assert folder.done().keys() == {"a", "b"} and len(folder.damaged) == 1


def test_parts_with_other_windows_fit_together(folder):
    folder.add(part("w").append_column("capacity_26", pa.array([3.0])))
    rows = folder.finder().rows(["a", "w"])
    assert rows["capacity_26"].to_pylist() == [None, 3.0]


def test_a_table_that_cannot_be_finished_leaves_the_old_one(folder):
    schema = pa.schema([("x", pa.int64())])

    def breaks():
        yield pa.table({"x": [1]})
        raise RuntimeError

    folder.write_table("runs.parquet", schema, [pa.table({"x": [7]})])
    with pytest.raises(RuntimeError):
        folder.write_table("runs.parquet", schema, breaks())
    assert pq.read_table(folder.path / "runs.parquet")["x"].to_pylist() == [7]


# --- one at a time ---------------------------------------------------------------------------------------------------


def test_two_commands_do_not_work_on_one_folder(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    plan = planned(*STUDY)
    one = Folder(tmp_path / "made")
    with one.opened("sweep", plan.version):
        with pytest.raises(Busy), Folder(one.path).opened("sweep", plan.version):
            pass
        assert cli.run([*STUDY, "folder=made"]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        who = f"(process {os.getpid()} of {platform.node()})"
        assert said.err == (
            f"Another command is at work on made {who}; wait for it, or choose another folder by folder=PATH: "
            "jobs that run at once need one each\n"
        )
        assert cli.run([*STUDY, "folder=made", "--plan"]) == 0, "looking is allowed"
    with Folder(one.path).opened("sweep", plan.version):
        pass


def test_a_folder_that_another_study_took_meanwhile_is_refused(tmp_path):
    late = Folder(tmp_path / "made")
    late.check("sweep", "v")  # nobody is there yet
    with Folder(late.path).opened("other", "v"):
        pass
    with pytest.raises(ConfigurationError, match="holds the study other"), late.opened("sweep", "v"):
        pass


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert cli.run([*STUDY, "folder=file/made"]) == 1
    said = capsys.readouterr()
    assert said.out == "" and len(said.err.splitlines()) == 1
    assert said.err.startswith("Could not write file/made")


def test_a_folder_that_cannot_be_written_is_not_opened():
    place = Path(tempfile.mkdtemp())
    me = os.geteuid()
    try:
        place.chmod(0o555)
        if me == 0:
            os.seteuid(65534)  # root may write everywhere
        with pytest.raises(PermissionError), Folder(place).opened("sweep", "v"):
            pass
        assert not any(place.iterdir())
    finally:
        os.seteuid(me)
        place.chmod(0o755)
        shutil.rmtree(place)


# --- the tables of a study -------------------------------------------------------------------------------------------

runs_models = pytest.mark.skipif(PLAIN, reason="runs of a study take too long as plain Python")


@pytest.fixture(scope="module", autouse=True)
def no_series():
    """Small sweeps have weekly series only where a test wants them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "WEEKLY", 0)
        yield


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A small study that was made without a hitch."""
    path = tmp_path_factory.mktemp("whole") / "made"
    make(planned(*STUDY), path)
    return path


def weekly(plan):
    """The plan with weekly series of some cells."""
    for number, cell in enumerate(plan.cells[:2]):
        plan.cells[number] = type(cell)(**{**vars(cell), "weekly": True})
    return plan


@runs_models
def test_the_tables_are_the_same_whatever_came_first(tmp_path):
    found = set()
    for number, size in enumerate((1, 3, 100, 3)):
        plan = weekly(planned(*STUDY))
        parts = [run_chunk(chunk) for chunk in pending_chunks(plan, {}, size)]
        random.Random(number).shuffle(parts)
        one = Folder(tmp_path / str(number))
        with one.opened(plan.name, plan.version):
            for made in parts:
                one.add(made)
            write_tables(plan, one)
        found.add(tuple((one.path / name).read_bytes() for name in ("runs.parquet", "weekly.parquet")))
    assert len(found) == 1


@runs_models
def test_what_is_damaged_is_made_again_and_nothing_else(whole):
    plan = planned(*STUDY)
    before = (whole / "runs.parquet").read_bytes()
    file = sorted((whole / "parts").glob("*.parquet"))[0]
    lost = pq.read_metadata(file).num_rows
    data = file.read_bytes()
    file.write_bytes(data[:100] + bytes([data[100] ^ 4]) + data[101:])
    progress = make(plan, whole)
    assert progress.finished == lost and progress.stored == plan.size - lost
    assert (whole / "runs.parquet").read_bytes() == before


@runs_models
def test_a_table_that_was_lost_is_made_of_the_parts(whole):
    before = (whole / "runs.parquet").read_bytes()
    (whole / "runs.parquet").unlink()
    assert make(planned(*STUDY), whole).finished == 0
    assert (whole / "runs.parquet").read_bytes() == before


@runs_models
def test_series_that_are_wanted_later_are_made(whole):
    plan = weekly(planned(*STUDY))
    wanted = sum(cell.weekly for cell in plan.cells) * len(plan.seeds)
    before = (whole / "runs.parquet").read_bytes()
    progress = make(plan, whole)
    assert (progress.stored, progress.finished, progress.missing) == (plan.size - wanted, wanted, 0)
    assert (whole / "runs.parquet").read_bytes() == before, "the run is the same, by week or not"
    assert len(table(whole, "weekly")) == wanted * 87


@runs_models
def test_a_run_that_two_cells_share_has_its_series_if_one_of_them_wants_them(tmp_path):
    plan = planned("study=sweep", *SHORT, "replications=1", "arm=full", "shocks.monero_only.size=0,0.5")
    none = [number for number, cell in enumerate(plan.cells) if cell.levels["arm"] == "none"]
    cell = plan.cells[none[-1]]
    plan.cells[none[-1]] = type(cell)(**{**vars(cell), "weekly": True})
    progress = make(plan, tmp_path / "made")
    assert (plan.size, progress.finished) == (3, 3)
    assert len(table(tmp_path / "made")) == 4, "a row for each cell"
    assert len(table(tmp_path / "made", "weekly")) == 87


@runs_models
def test_windows_that_differ_by_cell_are_all_there(tmp_path):
    plan = planned("study=sweep", *SHORT, "replications=1", "report.beside=[13],[26,39]")
    make(plan, tmp_path / "made")
    found = table(tmp_path / "made").set_index("report.beside")
    assert found.loc["[13]", "capacity_13"].notna().all() and found.loc["[13]", "capacity_26"].isna().all()
    assert found.loc["[26,39]", ["capacity_26", "rate_39"]].notna().all(axis=None)


def test_a_part_is_named_by_its_content(folder):
    assert all(file.name == store.name_of(file.read_bytes()) for file in folder.parts.glob("*.parquet"))


def test_the_lock_is_never_opened_through_a_link(tmp_path):
    (tmp_path / "made").mkdir()
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    (tmp_path / "made" / ".lock").symlink_to(tmp_path / "mine")
    with pytest.raises(OSError), Folder(tmp_path / "made").opened("sweep", "v"):
        pass
    assert (tmp_path / "mine").read_text(encoding="utf-8") == "mine"
