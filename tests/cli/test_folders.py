"""Where results go: one command has a folder, whoever asks for it at the same moment, and in whatever script it is."""

import errno
import fcntl
import json
import os
import platform
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from experiments.study import executors, store
from experiments.study.store import Busy, Folder
from sim.cli import entry, single_run
from sim.config import ConfigurationError, Destination, Request, validate
from sim.config.shorthand import rewritten, unreadable
from sim.engine.jit import PLAIN
from sim.output import files, provenance, tables
from tests.study_helpers import SHORT, STUDY, thread, told

ROOT = Path(__file__).resolve().parents[2]
TINY = ("population.donors=20", "horizon.start=2020-06-01", "horizon.weeks=60", "--no-figures")
STALE = ("exists", "is_dir", "is_file", "is_symlink")


@pytest.fixture
def typed(tmp_path, monkeypatch, capsys):
    """What ``python -m sim`` says, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["__main__.py"])

    def call(*arguments):
        try:
            code = entry.run(list(arguments))
        except SystemExit as stop:
            code = stop.code
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return code, said.out, said.err

    return call


@pytest.fixture
def claims(monkeypatch):
    """The folders that the command claims; nothing is run in them."""
    found = []

    def instead(arguments, as_typed, request):
        key, _, folder = arguments[-1].partition("=")
        assert Path(folder[1:-1]).is_dir(), "it is claimed before Hydra has control"
        found.append((key, folder[1:-1]))
        return 0

    def run_instead(job):
        assert job.folder.is_dir(), "it is claimed before the run"
        found.append((job.validation.place.key, str(job.folder)))

    def sweep_instead(request, validation, folder):
        assert folder.is_dir()
        found.append((validation.place.key, str(folder)))

    monkeypatch.setattr(entry, "_hydra", instead)
    monkeypatch.setattr(entry, "_sweep", sweep_instead)
    monkeypatch.setattr(single_run, "run", run_instead)
    return found


def old(monkeypatch, folder):
    """As on a network: what another host has made does not seem to be there yet."""
    for name in STALE:
        real = getattr(Path, name)
        monkeypatch.setattr(Path, name, lambda path, *more, real=real: path.absolute() != folder and real(path, *more))


# --- the folder of a run ---------------------------------------------------------------------------------------------


def test_of_many_that_ask_at_once_one_gets_a_typed_folder(tmp_path):
    place, ready = Destination(tmp_path / "a" / "b" / "c", "hydra.run.dir", False, False), threading.Barrier(8)

    def ask(number):
        ready.wait()
        try:
            with files.claimed(place) as folder:
                (folder / str(number)).touch()
            return "made"
        except ConfigurationError as error:
            return error.errors[0]

    with ThreadPoolExecutor(8) as pool:
        found = sorted(pool.map(ask, range(8)))
    assert found == [f"hydra.run.dir={place.folder}: exists already; nothing is written over"] * 7 + ["made"]
    assert len(list(place.folder.iterdir())) == 1


def test_many_that_ask_at_once_for_the_default_get_one_each(tmp_path):
    place, ready = Destination(tmp_path / "day" / "12-30-05", "hydra.run.dir", True, False), threading.Barrier(8)

    def ask(number):
        ready.wait()
        with files.claimed(place) as folder:
            (folder / str(number)).touch()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(8)))
    names = ["12-30-05", *(f"12-30-05_{number}" for number in range(2, 9))]
    assert sorted(one.name for one in (tmp_path / "day").iterdir()) == names
    assert all(len(list(one.iterdir())) == 1 for one in (tmp_path / "day").iterdir())


@pytest.mark.parametrize(("flags", "key", "stale"), [((), "hydra.run.dir", True), (("-m",), "hydra.sweep.dir", False)])
def test_what_is_typed_and_taken_is_refused_and_a_default_gets_another_name(
    typed, claims, monkeypatch, tmp_path, flags, key, stale
):
    monkeypatch.setattr("hydra.core.utils.datetime", _Noon)
    (tmp_path / "there").mkdir()
    if stale:
        old(monkeypatch, tmp_path / "there")
    code, out, err = typed(*flags, "seed=3", f"{key}=there")
    assert (code, out) == (2, "") and f"{key}=there: exists already; nothing is written over" in err
    assert not any((tmp_path / "there").iterdir()) and claims == []
    kept = []
    for _ in range(3):
        assert typed(*flags, "seed=3")[0] == 0
        assert claims[-1][0] == key
        Path(claims[-1][1]).mkdir(parents=True)  # one that wrote something
        kept.append(Path(claims[-1][1]).name)
        if stale:
            old(monkeypatch, tmp_path / claims[-1][1])
    assert kept == ["12-30-05", "12-30-05_2", "12-30-05_3"]


class _Noon:
    """A clock that has come to a halt: all commands begin in the same second."""

    @staticmethod
    def now():
        from datetime import datetime

        return datetime(2020, 6, 21, 12, 30, 5)


def test_a_claim_that_ends_without_a_file_leaves_no_folder(typed, monkeypatch, tmp_path):
    def interrupted(*arguments):
        assert len(list(tmp_path.glob("outputs/*/*"))) == 1
        raise KeyboardInterrupt

    monkeypatch.setattr(single_run, "run", interrupted)
    code, out, err = typed("seed=3")
    assert (code, out, err) == (130, "", "Interrupted; nothing was written.\n")
    assert list(tmp_path.iterdir()) == []


def test_what_only_shows_claims_nothing(typed, tmp_path):
    assert typed("seed=3", "--cfg", "job", "hydra.run.dir=x")[0] == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("/proc/none/below", "cannot be made; /proc/none: no such file or directory"),
        ("~/x", "write the whole path"),
        ("b\udcff", "no text (UTF-8)"),
        ("x/${hydra.job.num}", "cannot be known before the run"),
        ("\\${seed}", "no path may hold ${"),
    ],
)
def test_a_folder_that_cannot_be_is_told(typed, tmp_path, name, words):
    code, out, err = typed(f"hydra.run.dir={name}")
    assert (code, out) == (2, "") and words in err and len(err.splitlines()) == 2
    assert list(tmp_path.iterdir()) == []


def test_a_folder_may_hang_on_values_but_a_sweep_has_one(typed, claims):
    assert typed("hydra.run.dir=x/${seed}", "seed=7")[0] == 0
    assert claims == [("hydra.run.dir", "x/7")]
    code, _, err = typed("-m", "hydra/sweeper=basic", "hydra.sweep.dir=x/${seed}", "seed=7,8")
    assert code == 2 and "jobs differ in it" in err


@pytest.mark.skipif(PLAIN, reason="runs a model")
def test_of_two_jobs_with_one_folder_one_begins(typed, tmp_path):
    """Where Hydra makes the folder of a job, the first file in it decides."""
    basic = ("-m", "hydra/sweeper=basic", "hydra.sweep.dir=x")
    code, out, err = typed(*basic, "hydra.sweep.subdir=same", "seed=1,2", *TINY)
    assert code == 2 and out.startswith("#0 ") and "x/same: exists already; nothing is written over" in err
    assert json.loads((tmp_path / "x" / "same" / "provenance.json").read_text(encoding="utf-8"))["seed"] == 1


def at_once(folder, module, *commands):
    """Exit codes and messages of commands that begin together."""
    jobs = [
        subprocess.Popen(
            [sys.executable, "-m", module, *one], cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        )
        for one in commands
    ]  # fmt: skip
    said = [job.communicate(timeout=600) for job in jobs]
    return [(job.returncode, *one) for job, one in zip(jobs, said, strict=True)]


@pytest.mark.slow
def test_four_commands_at_once_leave_four_whole_folders(tmp_path):
    ended = at_once(tmp_path, "sim", *([*TINY, f"seed={seed}"] for seed in range(4)))
    assert [code for code, _, _ in ended] == [0] * 4
    folders = list(tmp_path.glob("outputs/*/*"))
    assert len(folders) == 4
    names = {"config.yaml", "provenance.json", "weekly_with.parquet", "weekly_without.parquet"}
    names |= {"measures.csv", "summary.csv", "growth.csv", "codebook.csv"}
    assert all({file.name for file in one.iterdir()} == names for one in folders)
    facts = [json.loads((one / "provenance.json").read_text(encoding="utf-8")) for one in folders]
    assert sorted(one["seed"] for one in facts) == [0, 1, 2, 3]
    assert {one["state"] for one in facts} == {"finished"}


@pytest.mark.slow
@pytest.mark.parametrize("flags", [("hydra.run.dir=x",), ("-m", "hydra.sweep.dir=x")])
def test_a_race_for_one_typed_folder_has_one_winner(tmp_path, flags):
    ended = at_once(tmp_path, "sim", *([*flags, *TINY, f"seed={seed}"] for seed in range(3)))
    assert sorted(code for code, _, _ in ended) == [0, 2, 2]
    (won,) = (seed for seed, (code, _, _) in enumerate(ended) if code == 0)
    facts = json.loads((tmp_path / "x" / "provenance.json").read_text(encoding="utf-8"))
    assert str(facts["seed"]) == str(won) and facts["state"] == "finished"
    assert [entry.name for entry in tmp_path.iterdir()] == ["x"]


@pytest.mark.slow
def test_jobs_of_an_array_that_share_the_default_folder_mix_nothing(tmp_path):
    ended = at_once(tmp_path, "experiments", *([*STUDY[:1], *SHORT, "workers=1", f"seed={n}"] for n in range(3)))
    lost = [err for code, _, err in ended if code]
    assert {code for code, _, _ in ended} <= {0, 2} and len(lost) < 3
    assert all("at work on results/sweep" in err and "folder=PATH: jobs that run at once need one each" in err
               for err in lost)  # fmt: skip
    assert pq.read_table(tmp_path / "results" / "sweep" / "runs.parquet")["seed"].unique().to_pylist() in [
        [0],
        [1],
        [2],
    ]


# --- the folder of a study -------------------------------------------------------------------------------------------


def refused(number):
    def flock(file, how):
        raise OSError(number, os.strerror(number))

    return flock


LOCKS = [*(refused(one) for one in (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS)), lambda file, how: None]


@pytest.mark.parametrize("flock", LOCKS, ids=["ENOLCK", "EOPNOTSUPP", "ENOSYS", "not seen"])
def test_without_locks_of_the_system_others_are_kept_out_too(tmp_path, monkeypatch, flock):
    monkeypatch.setattr(fcntl, "flock", flock)
    path = tmp_path / "made"
    with Folder(path).opened("sweep", "v"):
        here = platform.node()
        monkeypatch.setattr(platform, "node", lambda: "elsewhere")
        monkeypatch.setattr(store, "_boot", lambda: "another")
        with pytest.raises(Busy) as busy, Folder(path).opened("sweep", "v"):
            pass
        who = f"(process {os.getpid()} of {here})"
        assert str(busy.value) == (
            f"another command is at work on {path} {who}; wait for it, or choose another folder by folder=PATH: jobs "
            f"that run at once need one each. If that command is gone, remove {path / '.owner'} and type the same again"
        )
    with Folder(path).opened("sweep", "v"):
        pass
    assert not (path / ".owner").exists()


def test_a_command_that_was_killed_on_this_machine_needs_no_help(tmp_path):
    path = tmp_path / "made"
    with Folder(path).opened("sweep", "v"):
        owner = (path / ".owner").read_text(encoding="utf-8")
    for left in (owner, json.dumps(json.loads(owner) | {"boot": None}), json.dumps(json.loads(owner) | {"host": "x"})):
        (path / ".owner").write_text(left, encoding="utf-8")
        with Folder(path).opened("sweep", "v"):
            pass


@pytest.mark.parametrize("left", ["", "{", "[" * 1000, "7", '{"host": "elsewhere", "process": "\\u001b[2J"}'])
def test_what_else_says_that_the_folder_is_taken_is_believed(tmp_path, left):
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / ".owner").write_text(left, encoding="utf-8")
    with (
        pytest.raises(Busy, match="If that command is gone, remove") as busy,
        Folder(tmp_path / "made").opened("s", "v"),
    ):
        pass
    assert str(busy.value).isprintable()
    assert (tmp_path / "made" / ".owner").read_text(encoding="utf-8") == left


def test_a_study_that_another_host_has_just_made_is_not_written_over(tmp_path, monkeypatch):
    path = tmp_path / "made"
    with Folder(path).opened("other", "v"):
        pass
    old(monkeypatch, path)
    old(monkeypatch, path / "study.json")
    with pytest.raises(ConfigurationError, match="holds the study other"), Folder(path).opened("sweep", "v"):
        pass


def test_the_sweep_names_its_own_key(tmp_path, monkeypatch, capsys):
    from experiments.study import sweeping

    monkeypatch.chdir(tmp_path)
    request = Request([*TINY[:-1]], sweep=True)
    plan = sweeping.plan_of_sweep(request, 1)
    with Folder(tmp_path / "swept").opened(plan.name, plan.version):
        assert sweeping.sweep(request, Path("swept"), seed=1) == 2
    assert "or choose another folder by hydra.sweep.dir=PATH" in capsys.readouterr().err


# --- files -----------------------------------------------------------------------------------------------------------


def test_two_that_write_one_file_never_share_the_file_beside_it(tmp_path):
    """Two hosts may have the same process id."""
    path = tmp_path / "table.csv"
    with files.replacing(path) as mine, files.replacing(path) as theirs:
        assert mine != theirs and mine.parent == tmp_path
        mine.write_text("mine", encoding="utf-8")
        theirs.write_text("theirs", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == "mine" and list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_written_names_folder_and_file(tmp_path, monkeypatch):
    import pandas as pd

    def full(*arguments, **more):
        raise OSError(errno.ENOSPC, "no room")

    table, folder = pd.DataFrame({"x": [1]}), tmp_path / "made"
    folder.mkdir()
    monkeypatch.setattr(Path, "write_bytes", full)
    monkeypatch.setattr(Path, "write_text", full)
    monkeypatch.setattr(pq, "write_table", full)
    acts = {
        "a.csv": lambda path: tables.write_csv(table, path),
        "b.parquet": lambda path: tables.write_parquet(table, path, lambda name: None),
        "provenance.json": lambda path: provenance.begin({}, path.parent),
        "study.json": lambda path: Folder(folder).write("study.json", b""),
    }
    for name, act in acts.items():
        with pytest.raises(OSError) as raised:
            act(folder / name)
        assert files.unwritten(raised.value) == f"Could not write {folder / name}: No space left on device"
        assert list(folder.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0 and not Path("/proc").exists(), reason="no folder that nobody may write")
def test_a_study_that_cannot_be_made_names_its_folder(capsys):
    code, out, err = told(capsys, *STUDY, "folder=/proc/none/made")
    assert (code, out, err) == (1, "", "Could not write /proc/none/made: No such file or directory\n")


# --- any script ------------------------------------------------------------------------------------------------------

NAMES = ["müller", "数据", "a b", "o'brien", "'s", 'a "b"', "x,[1]=(2) {3}", "50% #1 & more", "a\\", "été/نتائج"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("key", ["hydra.run.dir", "hydra.sweep.dir"])
def test_a_folder_may_have_any_name(name, key):
    from hydra.core.override_parser.overrides_parser import OverridesParser

    once = rewritten(f"{key}={name}")
    assert OverridesParser.create().parse_override(once).value() == name and rewritten(once) == once


def test_the_judge_reads_a_folder_as_hydra_does(typed, claims):
    """Folder and quotes are those of the fixture's Hydra; the name is the user's."""
    assert typed("hydra.run.dir=x,[1] é")[0] == 0
    assert claims == [("hydra.run.dir", "x,[1] é")]


VALUES = [
    ("x=[müller,b]", ["müller", "b"]),
    ("x={a: größe, b: 'ü, 1'}", {"a": "größe", "b": "ü, 1"}),
    ("x=a=b", "a=b"),
    ("x=o'brien", "o'brien"),
    ("x=mü\\,ller", "mü,ller"),
    ("x='mü, ller'", "mü, ller"),
    ("x=${seed}ü", "${seed}ü"),
    ("x= ü ", "ü"),
    ("x=1", 1),
    ("x=[1,{a: b}]", [1, {"a": "b"}]),
    ("x=2020-01-01T00:00", "2020-01-01T00:00"),
]


@pytest.mark.parametrize(("typed", "value"), VALUES)
def test_words_are_given_quotes_and_nothing_else_is_changed(typed, value):
    from hydra.core.override_parser.overrides_parser import OverridesParser

    assert OverridesParser.create().parse_override(rewritten(typed)).value() == value
    assert rewritten(rewritten(typed)) == rewritten(typed)


def test_what_cannot_be_read_names_the_letter_or_shows_the_form_that_works():
    import shlex

    assert "no key holds ü" in unreadable("rails.münze.fee=1")
    form = unreadable("group.profile=[ü").partition(", write ")[2]
    (again,) = shlex.split(form)
    assert validate(Request([again])).errors == validate(Request(["group.profile=x"])).errors


@pytest.mark.slow
@pytest.mark.skipif(PLAIN, reason="runs models")
def test_every_command_takes_a_folder_in_any_script(typed, tmp_path, monkeypatch, capsys):
    name = "mü ller's, 数据"
    own = tmp_path / "eigene Größen's" / "vendor"
    own.mkdir(parents=True)
    (own / "größer.yaml").write_text(
        (ROOT / "conf" / "vendor" / "careful.yaml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    code, out, err = typed(*TINY, f"hydra.run.dir={name}", "--config-dir", str(own.parent), "vendor=größer")
    assert code == 0 and f"Files in {name}: " in out, err
    code, out, err = typed(
        "-m", *TINY, f"hydra.sweep.dir=2 {name}", "--config-dir", str(own.parent), "vendor=eager,größer"
    )
    assert code == 0 and f"Files in 2 {name}: " in out and "größer" in out, err
    monkeypatch.setattr(executors, "local", lambda workers: thread())
    code, out, err = told(capsys, *STUDY[:1], *SHORT, "replications=1", f"folder=3 {name}", f"config_dir={own.parent}")
    assert code == 0 and f"Files in 3 {name}: " in out, err
    assert {one.name for one in tmp_path.iterdir()} == {name, f"2 {name}", f"3 {name}", own.parent.name}
