"""Bad input: each is refused in one message and with exit code 2, or is valid, and nothing else happens.

Nothing may be imported, evaluated or written outside of the folder of the study. `make fuzz` tries thousands of inputs
and of valid worlds, in each of which every law must hold.
"""

import contextlib
import gc
import gzip
import importlib
import io
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from experiments.study import cli, executors
from experiments.study.saved_plan import PLAN, content_of
from sim import config
from sim.cli import entry, single_run
from sim.engine.cache import CACHE
from sim.engine.jit import PLAIN
from sim.model import Model
from sim.output import provenance
from tests.laws import checked_run
from tests.stress.inputs import CANARY, SECRET, arguments, calls_of, damaged, files
from tests.study_helpers import Fake
from tests.worlds import digests, random_values, scenario_of

pytestmark = pytest.mark.skipif(PLAIN, reason="takes too long as plain Python")

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = st.tuples(st.sampled_from(["sim", "experiments"]), arguments())
SMALL = ("study=sweep", "replications=2", "population.donors=20", "horizon.start=2020-05-04", "horizon.weeks=87")
FORBIDDEN = ("os.system", "os.exec", "os.posix_spawn", "subprocess.Popen", "os.fork", "pty.spawn", "pickle.find_class",
             "marshal.load", "ctypes.dlopen", "webbrowser.open", "code.__new__")  # fmt: skip
CHANGES = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.chmod", "os.truncate",
           "shutil.rmtree")  # fmt: skip
settings.register_profile(
    "fuzz",
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate, Phase.shrink),
)


def over(strategy: st.SearchStrategy[Any], count: int, seed: int, check: Callable[[Any], None]) -> None:
    """Check so many examples of a strategy; one that fails is made as small as can be."""

    def each(example: Any) -> None:
        check(example)

    seeded(seed)(settings(settings.get_profile("fuzz"), max_examples=count)(given(strategy)(each)))()


# --- what may happen -------------------------------------------------------------------------------------------------


class Sandbox:
    """A folder in which command lines are judged, and a watch over what happens meanwhile (audit hooks, PEP 578)."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.watching = False
        self.events: list[str] = []
        self.tally: Counter[str] = Counter()
        gc.collect()  # temporary folders of earlier tests go now
        sys.addaudithook(self.watch)

    def watch(self, event: str, about: tuple[Any, ...]) -> None:
        """Note what must not happen: a file written elsewhere, a module imported, a process, a connection."""
        if not self.watching:
            return
        if event == "import":
            if str(about[0]).split(".")[0] in (CANARY, "antigravity", "this"):
                self.events.append(f"import {about[0]}")
        elif event in FORBIDDEN or event.startswith(("socket.", "urllib.")):
            self.events.append(f"{event} {about}"[:300])
        elif event in CHANGES or (event == "open" and _writes(*about)):
            named = about[:1] if event == "open" else about[:2]
            paths = [Path(os.fsdecode(one)).absolute() for one in named if isinstance(one, str | bytes)]
            ours = [self.place, *filter(None, [CACHE and CACHE.parents[1]])]
            if not all(
                path == Path(os.devnull) or any(path.resolve().is_relative_to(one) for one in ours) for path in paths
            ):
                self.events.append(f"{event} {about}"[:300])

    def files(self) -> list[Path]:
        return sorted(path for path in self.place.rglob("*") if "made" not in path.parts)

    def judge(self, module: str, typed: list[str], allowed: tuple[int, ...] = (0, 2)) -> int:
        """Judge a command line in this process; its exit code must be one of those allowed.

        Raises:
            AssertionError: for anything but a refusal in one message, or a valid input.
        """
        out, err, before = io.StringIO(), io.StringIO(), self.files()
        self.events.clear()
        self.watching = True
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = CALLS[module](typed) or 0
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 1
        except BaseException as error:
            raise AssertionError(f"{module} {typed!r}: {type(error).__name__} {'; '.join(self.events)}") from error
        finally:
            self.watching = False
        self.tally["refused" if code == 2 else "valid"] += 1
        wrong = [error_of(code, out.getvalue(), err.getvalue(), allowed), *self.events]
        wrong.append("left files" if before != self.files() else "")
        assert not any(wrong), f"python -m {module} {typed!r}: {wrong}\n{err.getvalue()[:2000]}"
        return code


def _writes(path: object, mode: object, flags: object) -> bool:
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def error_of(code: int, out: str, err: str, allowed: tuple[int, ...] = (0, 2)) -> str:
    """What is wrong with the answer of a command; empty if nothing is."""
    lines = err.replace("\u00a0", " ").replace("\u3000", " ").splitlines()
    if code not in allowed:
        return f"exit code {code}"
    if "Traceback" in err or "Traceback" in out:
        return "a traceback"
    if SECRET in out + err:
        return "prints a variable of the environment"
    if code == 2 and (out or not err.strip()):
        return "refused without a message, or with more than that"
    if code == 2 and not all(map(str.isprintable, lines)):
        return "a message that cannot be printed"
    if code == 2 and any(len(line) > 20_000 for line in lines):
        return "a message too long to be read"
    return ""


class Composed(config.Request):
    """A request that looks at no output folder: what is composed for it is remembered, and much faster."""

    def __init__(self, *about: Any) -> None:
        super().__init__(*about[:4])


def sim(typed: list[str]) -> int:
    """Judge a command line of sim up to where it would run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(entry, "_hydra", lambda *_: 0)
        patch.setattr(entry, "_sweep", lambda *_: 0)
        patch.setattr(single_run, "run", lambda *_: None)
        if not any("hydra" in one or one.startswith("-") for one in typed):  # the folder need not be looked at again
            patch.setattr(config, "Request", Composed)
        return entry.run(list(typed))


def planned(typed: list[str]) -> list[str]:
    """A command line of experiments that prints a small plan, unless it reports a folder."""
    return typed if "report" in typed else ["--plan", "replications=1", "study=sweep", *typed]


def experiments(typed: list[str]) -> int:
    """Judge a command line of experiments."""
    return cli.run(planned(typed))


CALLS: dict[str, Callable[[list[str]], int | None]] = {"sim": sim, "experiments": experiments}


@pytest.fixture
def sandbox(tmp_path, monkeypatch, capsys, record_property):
    """A folder of its own, a module that nothing may import, and a watch over what happens."""
    importlib.import_module("seaborn")  # once, before anything is watched: it may make a cache of its own
    for name in ("mine", "lib"):
        (tmp_path / "place" / name).mkdir(parents=True)
    lib = tmp_path / "place" / "lib"
    (lib / f"{CANARY}.py").write_text("raise SystemError('imported')\n", encoding="utf-8")
    monkeypatch.chdir(lib.parent)
    monkeypatch.setattr(sys, "path", [*sys.path, str(lib)])
    monkeypatch.setenv(SECRET.upper(), SECRET)
    monkeypatch.setattr(provenance, "commit", lambda: (None, None))  # asks git, a process
    for call in CALLS.values():  # what they load the first time
        call(["seed=1"])
    made = Sandbox(lib.parent.resolve())
    yield made
    for key, number in made.tally.items():
        record_property(key, number)


# --- bad input -------------------------------------------------------------------------------------------------------


@pytest.mark.examples(50, 10_000)
def test_command_lines(count, seed, sandbox):
    over(COMMANDS, count, seed, lambda one: sandbox.judge(*one))
    assert sandbox.tally["refused"] > sandbox.tally["valid"]


@pytest.mark.examples(25, 2_000)
def test_files_of_a_users_own(count, seed, sandbox):
    mine = sandbox.place / "mine"

    def check(one):
        name, text = one
        (mine / name).parent.mkdir(parents=True, exist_ok=True)
        (mine / name).write_text(text, encoding="utf-8", errors="surrogatepass")
        try:
            for module, typed in calls_of(name):
                sandbox.judge(module, typed)
        finally:
            shutil.rmtree(mine)
            mine.mkdir()

    over(files(), count, seed, check)
    assert sandbox.tally["refused"] > 5


@pytest.mark.examples(25, 1_000)
def test_folders_that_were_tampered_with(count, seed, sandbox, monkeypatch):
    folder = sandbox.place / "made"
    monkeypatch.setattr(executors, "local", lambda workers: Fake(lambda work, *about: work(*about)))
    assert cli.run([*SMALL, f"folder={folder}", "--no-figures"]) == 0
    whole = {name: (folder / name).read_bytes() for name in (PLAN, "study.json", "provenance.json")}
    values = {name: json.loads(content_of(folder / name)) for name in whole}

    def check(one):
        name, data = one
        (folder / name).unlink()
        if data is not None:
            (folder / name).write_bytes(gzip.compress(data) if name == PLAN else data)
        try:  # 1: its report cannot be written, and the message says so
            code = sandbox.judge("experiments", ["report", str(folder), "--no-figures"], (0, 1, 2))
            sandbox.tally["valid but not reported"] += code == 1
        finally:
            for name, data in whole.items():
                (folder / name).write_bytes(data)

    over(damaged(values), count, seed, check)
    assert sandbox.tally["refused"] > sandbox.tally["valid"]


@pytest.mark.examples(0, 40)
def test_command_lines_as_processes(count, seed, tmp_path):
    def check(one):
        module, typed = one
        words = planned(typed) if module == "experiments" else ["--cfg", "job", *typed]
        if any("\0" in word for word in words):
            return  # no process can be given one
        encoded = [
            os.fsencode(word.encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape")) for word in words
        ]
        done = subprocess.run(
            [os.fsencode(sys.executable), b"-m", module.encode(), *encoded],
            cwd=tmp_path, capture_output=True, timeout=600, check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT), SECRET.upper(): SECRET},
        )  # fmt: skip
        err = done.stderr.decode(errors="replace")
        wrong = error_of(done.returncode, done.stdout.decode(errors="replace"), err)
        assert not wrong and not any(tmp_path.iterdir()), f"python -m {module} {words!r}: {wrong}\n{err[:2000]}"

    over(COMMANDS, count, seed, check)


@pytest.mark.parametrize(
    ("happens", "message"),
    [
        (lambda place: (place.parent / "elsewhere").write_text("", encoding="utf-8"), "open"),
        (lambda place: (place.parent / "elsewhere").mkdir(), "os.mkdir"),
        (lambda place: os.system("true"), "os.system"),
        (lambda place: subprocess.run(["true"], check=True), "subprocess.Popen"),
        (lambda place: __import__(CANARY), f"import {CANARY}"),
        (lambda place: print(os.environ[SECRET.upper()]), "environment"),
        (lambda place: (place / "left").write_text("", encoding="utf-8"), "left files"),
        (lambda place: 1 / 0, "ZeroDivisionError"),
        (lambda place: sys.exit(1), "exit code 1"),
        (lambda place: sys.exit(2), "without a message"),
    ],
)
def test_the_sandbox_notices_what_must_not_happen(happens, message, sandbox, monkeypatch):
    monkeypatch.setitem(CALLS, "sim", lambda typed: happens(sandbox.place) and None)
    with pytest.raises(AssertionError, match=message):
        sandbox.judge("sim", ["seed=1"])


# --- valid worlds ----------------------------------------------------------------------------------------------------


@pytest.mark.examples(40, 10_000)
def test_worlds(count, seed):
    """Every law holds in every week, and a run that branches off on its way is the same to the byte."""

    def check(number):
        scenario = scenario_of(random_values(number, small=True))
        model = checked_run(Model(scenario), number)
        parent = Model(scenario)
        if shared := number % scenario.horizon.weeks:
            parent.run_for(shared)
        branch = parent.branch(scenario)
        branch.run()
        assert digests(branch) == digests(model), number

    over(st.integers(0, 2**63 - 1), count, seed, check)
