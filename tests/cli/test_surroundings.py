"""Surroundings change no result and end no run: streams, variables, folders, repositories and processors of a user."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import loky
import numpy as np
import pandas as pd
import pytest

import experiments.__main__
import sim.__main__
from experiments.study.arguments import Settings
from experiments.study.executors import NoWorkers, local
from sim.cli import entry
from sim.config import ConfigurationError, load
from sim.engine import cache
from sim.output import provenance
from sim.output.tables import as_csv

ROOT = Path(__file__).parents[2]


def test_closed_streams_are_open_again_and_no_file_takes_their_numbers(tmp_path):
    code = (
        "import os, sys; from sim.cli.frame import begin; begin(); "
        "assert sys.stderr.isatty() is False; print('x', file=sys.stderr); print(sys.stdin.read()); "
        "os.write(os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY), ' '.join(os.readlink(f'/proc/self/fd/{n}') "
        "for n in range(3)).encode())"
    )
    words = [sys.executable, "-c", code, str(tmp_path / "found")]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run(["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *words], check=True, env=environment)
    assert (tmp_path / "found").read_text(encoding="utf-8") == "/dev/null /dev/null /dev/null"


@pytest.mark.parametrize("command", [sim.__main__, experiments.__main__])
def test_a_folder_that_was_removed_is_named_and_a_backend_of_screens_is_not_asked_for(
    tmp_path, monkeypatch, capsys, command
):
    monkeypatch.setenv("MPLBACKEND", "garbage")
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert ended.value.code == 2
    assert capsys.readouterr().err == "The folder you are in was removed; change to another.\n"
    assert os.environ["MPLBACKEND"] == "agg"
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", ["${oc.env:HOME}", "a${b", "x ${seed} y"])
def test_a_folder_whose_name_hydra_would_evaluate_is_refused(tmp_path, monkeypatch, capsys, name):
    (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / name)
    assert entry.run(["population.donors=100"]) == 2
    assert "name of this folder would be evaluated" in capsys.readouterr().err
    assert not list((tmp_path / name).iterdir())


# --- compiled rules --------------------------------------------------------------------------------------------------


def nowhere(*_):
    raise RuntimeError("could not determine the home directory")


def test_a_user_without_a_home_keeps_compiled_rules_in_a_folder_of_their_own(tmp_path, monkeypatch):
    monkeypatch.setattr(cache.platformdirs, "user_cache_dir", nowhere)
    monkeypatch.setattr(cache.tempfile, "gettempdir", lambda: str(tmp_path))
    folder = cache._cache_folder()
    (mine,) = tmp_path.iterdir()
    assert folder is not None and folder.is_relative_to(mine)
    assert mine.stat().st_mode & 0o777 == 0o700
    assert cache._cache_folder() == folder


@pytest.mark.parametrize("planted", ["writable", "link", "file"])
def test_rules_that_another_user_may_have_written_are_not_executed(tmp_path, monkeypatch, planted):
    monkeypatch.setattr(cache.platformdirs, "user_cache_dir", nowhere)
    monkeypatch.setattr(cache.tempfile, "gettempdir", lambda: str(tmp_path))
    place = tmp_path / f"{cache.NAME}-{os.getuid()}"
    if planted == "writable":
        place.mkdir()
        place.chmod(0o777)
    elif planted == "link":
        (tmp_path / "elsewhere").mkdir(mode=0o700)
        place.symlink_to(tmp_path / "elsewhere")
    else:
        place.touch()
    assert cache._cache_folder() is None


def test_without_any_folder_for_temporary_files_the_users_own_is_used(tmp_path, monkeypatch):
    def none():
        raise FileNotFoundError("no usable temporary directory")

    monkeypatch.setattr(cache.tempfile, "gettempdir", none)
    monkeypatch.setattr(cache.platformdirs, "user_cache_dir", lambda _: str(tmp_path))
    assert cache._cache_folder()
    monkeypatch.setattr(cache.platformdirs, "user_cache_dir", nowhere)
    assert cache._cache_folder() is None


# --- provenance ------------------------------------------------------------------------------------------------------


def git(*words):
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *words], check=True, capture_output=True)


def test_the_commit_is_that_of_this_clone_whatever_the_callers_repository_is(tmp_path, monkeypatch):
    before = provenance.commit()
    if before[0] is None:
        pytest.skip("this is no clone")
    git("init", str(tmp_path / "other"))
    git("-C", str(tmp_path / "other"), "commit", "--allow-empty", "-m", "x")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "other"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    assert provenance.commit() == before


def test_a_new_file_is_a_change_whatever_the_user_has_git_show_and_whoever_owns_the_clone(tmp_path, monkeypatch):
    monkeypatch.setattr(provenance, "_ROOT", tmp_path)
    (tmp_path / "sim").mkdir()
    (tmp_path / "sim" / "kept.py").touch()
    git("init", str(tmp_path))
    git("-C", str(tmp_path), "add", ".")
    git("-C", str(tmp_path), "commit", "-m", "x")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "status.showUntrackedFiles")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "no")
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    head, changed = provenance.commit()
    assert head is not None and changed is False
    (tmp_path / "sim" / os.fsdecode(b"new\xff.py")).touch()
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.quotePath")
    assert provenance.commit() == (head, True)


def test_provenance_says_how_rules_ran_as_numba_took_it(monkeypatch):
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "false")  # no number: Numba warns and compiles
    assert provenance.begun(load(), "x", [], {})["plain"] is cache.PLAIN


def test_mathematics_that_take_the_smallest_numbers_for_0_are_other_mathematics(monkeypatch):
    before = provenance.mathematics()
    monkeypatch.setattr(provenance, "sys", SimpleNamespace(float_info=SimpleNamespace(min=0.0)))
    assert provenance.mathematics() != before


def test_numbers_of_a_csv_file_come_back_the_same_however_the_caller_prints_them():
    table = pd.DataFrame({"x": [0.1 + 0.2, 1e-300 / 3.0]})
    with np.printoptions(legacy="1.13", precision=2):
        written = as_csv(table)
    assert [float(word) for word in written.split()[1:]] == table["x"].tolist()


# --- files of a user's own -------------------------------------------------------------------------------------------

MISREAD = [
    ("010", "8"), ("-017", "-15"), ("1_0:30", "630"), ("12:30", "750"), ("1:30:00", "5400"), ("1:30.5", "90.5"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "read"), MISREAD)
def test_a_number_that_yaml_reads_otherwise_is_refused(tmp_path, written, read):
    (tmp_path / "population").mkdir()
    (tmp_path / "population" / "mine.yaml").write_text(
        f"# @package population\n# 010\ndonors: {written}\n", encoding="utf-8"
    )
    with pytest.raises(ConfigurationError) as error:
        load("population=mine", config_dir=tmp_path)
    assert f"mine.yaml, line 3: {written} would be read as {read}" in error.value.errors[0]


@pytest.mark.parametrize("written", ["300", "'010'", "007", "0", "1_000", "3e2", "08", "300.0", "0x10"])
def test_other_numbers_are_read_as_they_are_written(tmp_path, written):
    (tmp_path / "population").mkdir()
    plain = (ROOT / "conf" / "population" / "default.yaml").read_text(encoding="utf-8").replace("10000", written)
    (tmp_path / "population" / "mine.yaml").write_text(plain, encoding="utf-8")
    wanted = int(written.strip("'"), 16) if "x" in written else int(float(written.strip("'")))
    assert load("population=mine", config_dir=tmp_path).population.donors == wanted


def test_a_study_of_a_users_own_is_read_as_carefully(tmp_path):
    from experiments.study.spec import load as study

    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "mine.yaml").write_text("doc: x\nreplications: 010\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="line 2: 010 would be read as 8"):
        study("mine", tmp_path)


# --- workers ---------------------------------------------------------------------------------------------------------


def test_there_are_no_more_workers_than_processors_that_a_process_may_use():
    allowed = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(allowed)})
        assert Settings().workers == 1
    finally:
        os.sched_setaffinity(0, allowed)


def test_a_system_without_semaphores_is_named(monkeypatch):
    def refuse(**_):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(loky, "get_reusable_executor", refuse)
    with pytest.raises(NoWorkers, match=r"no worker process can be started .*Read-only file system.*/dev/shm"):
        local(2)


@pytest.mark.parametrize(
    ("typed", "count"), [([], 1), (["group=donor_funded"], 0), (["horizon=to_2026"], 1), (["horizon=to_2028"], 2)]
)
def test_a_real_group_and_weeks_after_2026_are_marked_in_the_small_print(typed, count):
    scenario = load(*typed)
    assert len(scenario.caveats) == count
    print_of = provenance.small_print(provenance.begun(scenario, "x", [], {}))
    assert print_of.get("note", "") == "; ".join(scenario.caveats)
