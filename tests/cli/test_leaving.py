"""How both commands end: a reader who leaves early, characters that a terminal lacks, Ctrl-C whatever becomes of it."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from experiments.study.executors import shielded
from sim import api
from sim.cli import entry, frame
from sim.output import program

ROOT = Path(__file__).resolve().parents[2]
SHORT = ("population.donors=100", "horizon.start=2020-05-04", "horizon.weeks=87", "--no-figures")
ALL_SAID = {
    "sim": [["--help"], ["--parameters"], ["--phases"], ["--cfg", "job"], ["--version"], ["--hydra-help"]],
    "experiments": [["--help"], ["--plan", "study=sweep"], ["--version"]],
}


def start(folder, module, *arguments, **more):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)} | more.pop("env", {})
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments], cwd=folder, env=environment, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL), **more,
    )  # fmt: skip


def unread(folder, module, *arguments):
    """The exit code of a command whose output and errors nobody reads, as in ``2>&1 | true``."""
    reading, writing = os.pipe()
    os.close(reading)
    job = start(folder, module, *arguments, stdout=writing, stderr=writing)
    os.close(writing)
    return job.wait(600)


@pytest.fixture
def attended(monkeypatch):
    """What becomes of a command that does something in the outer frame: its exit code, and what it said."""
    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background ignores it
    for name in ("noted", "taken"):
        monkeypatch.setattr(frame._Interrupt, name, False)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)

    def attend(does, load=lambda does: lambda arguments: does(), encoding="utf-8", read=True):
        pipes = {name: os.pipe() for name in ("stdout", "stderr")}
        said = {}
        with monkeypatch.context() as patch:
            for name, (reading, writing) in pipes.items():
                if not read:
                    os.close(reading)
                patch.setattr(sys, name, os.fdopen(writing, "w", encoding=encoding))
            opened = (sys.stdout, sys.stderr)
            with pytest.raises(SystemExit) as end:
                frame.attend(lambda: load(does))
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
            for name, stream in zip(pipes, opened, strict=True):
                stream.close()
                if read:
                    with os.fdopen(pipes[name][0], encoding=encoding) as heard:
                        said[name] = heard.read()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        return end.value.code, said.get("stdout"), said.get("stderr")

    yield attend
    signal.signal(signal.SIGINT, before)


def interrupted():
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(1)


def swallowed():
    """Ctrl-C in code that takes every error for its own."""
    try:
        interrupted()
    except BaseException:
        raise RuntimeError("LLVM: callback failed") from None


def lost():
    """Ctrl-C where it cannot be raised, as in a callback of LLVM."""

    class Dropped:
        def __del__(self):
            interrupted()

    Dropped()
    time.sleep(5)


def ignored():
    try:
        interrupted()
    except KeyboardInterrupt:
        return 0


def ends(code):
    def does():
        try:
            interrupted()
        except BaseException:
            sys.exit(code)

    return does


@pytest.mark.parametrize("does", [interrupted, swallowed, lost, ignored, ends(0), ends(1)])
def test_ctrl_c_ends_with_its_code_whatever_is_made_of_it(attended, does):
    code, out, err = attended(does)
    assert (code, out, err) == (130, "", "Interrupted.\n")


def test_ctrl_c_while_modules_are_loaded(attended):
    code, _, err = attended(swallowed, load=lambda does: does())
    assert (code, err) == (130, "Interrupted; nothing was run.\n")


def test_a_command_that_starts_slowly_says_so_until_it_says_something(attended, monkeypatch):
    monkeypatch.setattr(frame, "_OFTEN", 0.1)

    def slow(load=0.0, says=0.0):
        time.sleep(load)
        print("itself", file=sys.stderr, flush=True)
        time.sleep(says)
        print("found")

    code, out, err = attended(lambda: slow(load=0.5))
    assert (code, out) == (0, "found\n") and len(err.splitlines()) > 2
    assert {*err.splitlines()} == {"Starting: 0 s ...", "itself"}
    assert attended(lambda: slow(says=0.5)) == (0, "found\n", "itself\n")
    late = attended(slow, load=lambda does: time.sleep(0.3) or (lambda arguments: does()))
    assert late[2].startswith("Starting: 0 s")


def test_an_error_without_ctrl_c_is_one(attended):
    with pytest.raises(ZeroDivisionError):
        frame.attend(lambda: lambda arguments: 1 // 0)


@pytest.mark.parametrize(("code", "found"), [(0, frame.UNREAD), (2, 2), (130, 130)])
def test_a_reader_who_leaves_changes_the_code_of_success_alone(attended, code, found):
    def says():
        for stream in (sys.stdout, sys.stderr):
            print("x" * 100_000, file=stream, flush=True)
        return code

    assert attended(says, read=False)[0] == found


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "euc-jp", "utf-8"])
def test_no_character_fails_a_run(attended, encoding):
    text = "é–Ж\U0001f600\udcff"  # the last is a byte of a name that is no text

    def says():
        from tqdm import tqdm

        print(text)
        for _ in tqdm(range(2), desc=text):
            pass
        return 0

    code, out, err = attended(says, encoding=encoding)
    assert code == 0 and out.endswith("\\udcff\n") and "\\udcff" in err and "2/2" in err
    assert ("\\U0001f600" in out) == (encoding != "utf-8")


def test_streams_that_are_closed(attended, monkeypatch):
    """As by ``>&-``: Python then has none."""
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    with pytest.raises(SystemExit) as end:
        frame.attend(lambda: lambda arguments: print("x") or sys.stderr.isatty())
    assert end.value.code == 0


@pytest.mark.slow
def test_a_run_nobody_reads_is_whole(tmp_path):
    assert unread(tmp_path, "sim", *SHORT, "hydra.run.dir=made") == frame.UNREAD
    facts = json.loads((tmp_path / "made" / "provenance.json").read_text(encoding="utf-8"))
    assert facts["state"] == "finished" and all((tmp_path / "made" / name).stat().st_size for name in facts["files"])


def test_a_fault_nobody_reads_is_a_fault(tmp_path):
    assert unread(tmp_path, "sim", "sed=1") == 2


@pytest.mark.slow
def test_nothing_that_is_said_needs_a_reader(tmp_path):
    for module, lines in ALL_SAID.items():
        for line in lines:
            assert unread(tmp_path, module, *line) == frame.UNREAD, line
    study = ("study=sweep", "replications=2", "workers=2", *SHORT, "folder=made")
    assert unread(tmp_path, "experiments", *study) == unread(tmp_path, "experiments", "report", "made") == 141
    sweep = ("-m", *SHORT[:-1], "seed=1,2")
    assert unread(tmp_path, "sim", *sweep, "hydra.sweep.dir=swept") == 141
    assert unread(tmp_path, "sim", *sweep, "hydra.sweep.dir=each", "hydra/sweeper=basic", "--no-figures") == 141
    found = {
        file.parent: json.loads(file.read_text(encoding="utf-8"))["state"] for file in tmp_path.rglob("provenance.json")
    }
    assert len(found) == 4 and set(found.values()) == {"finished"}


# --- Ctrl-C in runs --------------------------------------------------------------------------------------------------


def test_what_numba_makes_of_ctrl_c_in_a_run_is_told_as_ctrl_c(tmp_path, monkeypatch, capsys):
    def breaks(scenario, options):
        frame._Interrupt.noted = True
        raise SystemError("returned a result with an exception set")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["__main__.py"])
    for name in ("noted", "taken"):
        monkeypatch.setattr(frame._Interrupt, name, False)
    monkeypatch.setattr(api, "_simulated", breaks)
    assert entry.run([*SHORT, "hydra.run.dir=made"]) == 130
    assert capsys.readouterr().err == "\nInterrupted; kept in made: config.yaml, provenance.json\n"
    assert json.loads((tmp_path / "made" / "provenance.json").read_text(encoding="utf-8"))["state"] == "interrupted"


def test_workers_inherit_that_ctrl_c_is_not_theirs():
    ask = "import signal; print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []))"
    with shielded():
        inside = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, encoding="utf-8").stdout
    assert inside == "True\n"
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="looks there for what is loaded")
def test_ctrl_c_at_drawn_moments_from_the_first_compilation_on(tmp_path):
    """To every process of a terminal, with nothing compiled."""
    drawn = random.Random()
    study = ("study=sweep", "replications=40", "workers=2", "population.donors=3000", "folder=made")
    for number, most in enumerate([2.0, 30.0, 2.0, 30.0, 10.0, 20.0]):
        module, arguments = (("sim", SHORT), ("experiments", study))[number % 2]
        place = tmp_path / str(number)
        place.mkdir()
        moment = drawn.uniform(0.0, most)
        job = start(
            place, module, *arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={"XDG_CACHE_HOME": str(place / "cache")},
        )  # fmt: skip
        while job.poll() is None and "pydantic_core" not in Path(f"/proc/{job.pid}/maps").read_text(encoding="utf-8"):
            time.sleep(0.01)
        time.sleep(moment)
        done = job.poll() is not None
        if not done:
            os.killpg(job.pid, signal.SIGINT)
        said = job.communicate(timeout=300)[0]
        assert job.returncode == (0 if done else 130), (module, moment, said)
        assert "Traceback" not in said and "Exception ignored" not in said, (module, moment, said)
        assert done or "Interrupted" in said, (module, moment, said)


@pytest.mark.slow
@pytest.mark.parametrize("again", [False, True])
def test_ctrl_c_reports_what_a_study_has_and_again_ends_it_at_once(tmp_path, again):
    study = ("study=headline", "profile=donor_funded", "structure=default", "policy=exchange_kyc", "folder=made")
    said, parts = tmp_path / "said", tmp_path / "made" / "parts"
    with said.open("w", encoding="utf-8") as file:
        job = start(tmp_path, "experiments", *study, "chunk=20", "workers=2", stdout=file, stderr=subprocess.STDOUT)
        until(job, lambda: len([*parts.glob("*.parquet")]) > 9)
        os.killpg(job.pid, signal.SIGINT)
        if again:
            until(job, lambda: "Ctrl-C again ends at once" in said.read_text(encoding="utf-8"))
            begun = time.monotonic()
            os.killpg(job.pid, signal.SIGINT)
        assert job.wait(600) == 130
    words = said.read_text(encoding="utf-8")
    assert "Traceback" not in words and "To resume:" in words
    if again:
        assert time.monotonic() - begun < 5.0 and "To go on:" not in words
    else:
        assert "of 200 sets of assumptions" in words and "To go on:" in words
        assert {"brief.html", "brief.ar.pdf", "effects.csv"} <= {one.name for one in (tmp_path / "made").iterdir()}
        page = (tmp_path / "made" / "brief.html").read_text(encoding="utf-8")
        assert "of the 200 sets of assumptions that were planned" in page


def until(job, holds):
    """Wait as long as a command runs, until something holds."""
    while job.poll() is None and not holds():
        time.sleep(0.05)
    assert holds()


# --- names and versions ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("/x/sim/__main__.py", ("python -m sim", "python -m experiments")),
        ("/y/bin/insurgent-financing", ("insurgent-financing", "insurgent-financing-study")),
        ("/y/bin/insurgent-financing-study", ("insurgent-financing", "insurgent-financing-study")),
    ],
)
def test_help_and_hints_say_what_was_typed(monkeypatch, capsys, typed, names):
    from experiments.study import cli
    from sim.output.provenance import command_of

    monkeypatch.setattr("sys.argv", [typed])
    shown = []
    for run in (entry.run, cli.run):
        assert run(["--help"]) == 0
        shown.append(capsys.readouterr().out)
    assert f"\n  {names[0]} policy=" in shown[0] and f"\n  {names[1]} study=sweep" in shown[1]
    assert f"{names[0]} --parameters" in shown[1]
    for name in ({*program.INSTALLED.values(), "python -m"} - {*names}) if "bin" in typed else ["insurgent-financing"]:
        assert name not in shown[0] + shown[1]
    assert command_of(["a b"], "experiments") == f"{names[1]} 'a b'"


def test_hints_name_this_python_where_another_is_found(monkeypatch, tmp_path):
    ours = tmp_path / "a b" / "bin" / "python"
    ours.parent.mkdir(parents=True)
    ours.touch(0o755)
    (tmp_path / "else").mkdir()
    monkeypatch.setattr("sys.executable", str(ours))
    for path in (os.defpath, str(tmp_path / "else")):  # another Python, and none
        monkeypatch.setenv("PATH", path)
        monkeypatch.chdir(tmp_path)
        assert program.typed("python -m sim seed=1") == "'a b/bin/python' -m sim seed=1"
        monkeypatch.chdir(tmp_path / "else")
        assert program.typed("python -m sim") == f"'{ours}' -m sim"
        assert program.as_started("Type python -m experiments.") == f"Type '{ours}' -m experiments."
        assert program.typed("insurgent-financing seed=1") == "insurgent-financing seed=1"
    monkeypatch.setenv("PATH", str(ours.parent))
    assert program.typed("python -m sim") == "python -m sim"


def test_version(capsys, tmp_path):
    from experiments.study import cli

    for run in (entry.run, cli.run):
        assert run(["--version"]) == 0
        said = capsys.readouterr().out
        assert said.startswith("insurgent-financing-sim 0.") and said.endswith(f", in {ROOT}\n")
        assert "commit " in said


@pytest.mark.parametrize(("theirs", "module"), [("sim", "experiments"), ("experiments", "sim")])
def test_another_package_of_the_same_name_is_told(tmp_path, theirs, module):
    (tmp_path / theirs).mkdir()
    (tmp_path / theirs / "__init__.py").write_text("raise SystemExit('ran')", encoding="utf-8")
    arguments = {"sim": ["-m", *SHORT[:-1], "seed=1,2"], "experiments": []}[module]
    job = start(
        tmp_path, module, *arguments, env={"PYTHONPATH": f"{tmp_path}:{ROOT}"}, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    said = job.communicate(timeout=60)[0]
    assert job.returncode == 2 and f"Python finds another {theirs} first, {tmp_path / theirs}" in said
    assert "ran" not in said.split() and "Traceback" not in said
    assert sorted(one.name for one in tmp_path.iterdir()) == [theirs]


@pytest.mark.parametrize("typed", ["hydra/launcher=joblib", "hydra/sweeper=optuna", "+hydra/launcher=joblib"])
def test_a_plugin_that_is_not_there_is_named_whole(capsys, typed):
    assert entry.run([typed]) == 2
    said = capsys.readouterr().err
    group, name = typed.lstrip("+").split("=")
    assert f"{typed}: there is no {group} {name} here" in said and "not installed" in said and "there is basic" in said


@pytest.mark.parametrize(
    ("typed", "end"), [("hydra.job.num=abc", "could not be converted to Integer"), ("hydra/foo=bar", "in struct")]
)
def test_what_hydra_says_is_whole(capsys, typed, end):
    assert entry.run([typed]) == 2
    assert capsys.readouterr().err.endswith(f"{end}\n")
