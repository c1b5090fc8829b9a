"""Bad input at scale: command lines, files and folders that nobody should type, and worlds that anybody may.

``python -m tools.fuzz`` (``make fuzz``) makes 10,000 bad or odd inputs for both commands and 10,000 valid worlds, and
prints what was tried, refused and run. Each input must be refused in one message and with exit code 2, or be valid;
nothing may be imported, evaluated or written outside of the folder of the study. In each world every law must hold.
"""

import argparse
import contextlib
import copy
import importlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from experiments.study.arguments import SETTINGS
from sim import config
from sim.config import composed
from sim.config.untrusted_yaml import walk

ROOT = Path(__file__).resolve().parents[1]
SECRET = "a-secret-of-the-environment"
CANARY = "fuzz_canary"
"""A module that nothing may import; a variable of the environment that nothing may tell."""

PLANNED = ("--plan", "replications=1", "study=sweep")

type Call = Callable[[list[str]], int | None]

# --- what is typed ---------------------------------------------------------------------------------------------------

ODD = (
    "", " ", "''", '"', "[", "{", "[[[[[[[[[[1]]]]]]]]]]", "{a: {b: {c: 1}}}", "[" * 200, "{a: " * 60 + "1" + "}" * 60,
    "nan", ".nan", "inf", "-inf", "1e309", "-0", "9" * 400, "1e-400", "0x10", "1_000", "07", "1.5", "-1", "2e3",
    "2020-02-30", "9999-12-31", "0000-00-00", "2017-01-02", "2020-06-21T00:00:00Z", "0001-01-01",
    "true", "null", "~", "yes", "None", "a" * 5000, "é", "日本", "\u202e", "\x00", "\x1b[2J", "\n", "\t", "a\nb=1",
    "\ud800",
    "=1+1", "@x", "+x", "-x", "a=b", "a,b", "1,2", "1,,2", "range(0,3)", "range(0,3,0)", "range(0,1e18)", "range(a,b)",
    "interval(0,1)", "interval(1,0)", "choice(a,b)", "glob(*)", "glob([)", "sort(3,1)", "shuffle(1,2)", "int(x)",
    "tag(a,b)", "json_str({})", "cast(", "str(1)", "extend_list(1)",
    f"${{oc.env:{SECRET.upper()}}}", "${oc.env:HOME}", "${oc.decode:1}", "${oc.create:[1]}", "${now:%Y}", "${seed}",
    "${hydra:runtime.cwd}", "${a${b}}", "${", "${.}", "${..seed}", "\\${oc.env:HOME}", "${oc.select:seed}", "${seed:x}",
    f"!!python/object/apply:{CANARY}.boom []", f"!!python/name:{CANARY}.boom", "!!binary aGk=", "&a [*a]", "*a",
    "<<: *a",
    f"{{_target_: {CANARY}.boom}}", f"pkg://{CANARY}", f"file://{CANARY}", "ext://os.system", f"py:{CANARY}",
    "../../../etc/passwd", "/etc/passwd", "/proc/self/environ", "~root", "..", ".", "/", "a/b", "C:\\x", "%s%n",
    "$(id)",
    "`id`", "; rm -rf x", "<script>", "{{7*7}}", "monero", "is_core", "exchange_kyc", "status_quo", "sobol",
    "posterior",
)  # fmt: skip
FLAGS = (
    "--help", "-h", "--plan", "--no-figures", "--no-brief", "--phases", "--parameters", "--ledger", "-m", "--multirun",
    "--run", "--version", "--resolve", "--config-dir", "-cd", "--config-name", "-cn", "--config-path", "-cp", "--cfg",
    "-c", "--info", "-i", "--package", "-p", "--experimental-rerun", "--plann", "--no-figure", "-x", "--", "-", "---",
    "--config-dir=nowhere", "--config-dir=.", "--config-dir=mine", "--config-name=config", "--config-name=../mine",
    "-sc",
    "--shell-completion=x", "job", "hydra", "report",
)  # fmt: skip
HYDRA = (
    "hydra.run.dir", "hydra.sweep.dir", "hydra.sweep.subdir", "hydra.output_subdir", "hydra.searchpath",
    "hydra.verbose",
    "hydra/launcher", "hydra/sweeper", "hydra/job_logging", "hydra.launcher._target_", "hydra.sweeper._target_",
    "hydra.sweeper.params", "hydra.sweeper.workers", "hydra.job.chdir", "hydra.job.env_set.PATH", "hydra.mode",
    "+hydra.callbacks.x._target_", "+hydra.job_logging.handlers.x.class", "hydra.help.template", "hydra.job.name",
    "hydra",
)  # fmt: skip
FACTORS = ("arm", "policy", "intensity", "profile", "group.routing")
GROUPS = ("group", "rail", "policy", "shock", "theatre", "vendor", "appeal", "horizon", "population", "enforcement")


@cache
def parameters() -> dict[str, Any]:
    """The value of every parameter of the default scenario, by full name."""
    return {".".join(place): leaf for place, leaf in walk(composed([])) if leaf is not None}


def mangled(name: str, place: int, how: int) -> str:
    """A name with one slip of the finger."""
    place %= max(1, len(name))
    slips = (
        name[:place] + name[place + 1 :],
        name[:place] + name[place : place + 1] * 2 + name[place + 1 :],
        name[:place] + "." + name[place:],
        name[:place] + "é" + name[place:],
        name.upper(),
        f"../{name}",
        f"{name}._target_",
        f"{name}[0]",
        f"{name}@x",
        f"{name}.{name}",
    )
    return slips[how % len(slips)]


def keys() -> st.SearchStrategy[str]:
    """Keys that there are, keys that there nearly are, and keys that nobody should try."""
    known = st.sampled_from([*parameters(), *SETTINGS, *FACTORS, *GROUPS, *HYDRA])
    slips = st.builds(mangled, known, st.integers(0, 40), st.integers(0, 20))
    added = st.builds("{}{}".format, st.sampled_from(["+", "++", "~", "+~", " ", "$"]), known)
    return known | known | slips | added | st.sampled_from(ODD)


def values() -> st.SearchStrategy[str]:
    """Values of every kind, now and then a good one."""
    numbers = st.floats().map(repr) | st.integers(-5, 5).map(str) | st.integers().map(str)
    texts = st.text(st.characters(exclude_categories=()), max_size=12)
    return st.sampled_from(ODD) | st.sampled_from(ODD) | numbers | texts


def arguments() -> st.SearchStrategy[list[str]]:
    """A few words of a command line."""
    typed = st.builds("{}={}".format, keys(), values())
    good = st.sampled_from([f"{key}={value}" for key, value in parameters().items() if not isinstance(value, str)])
    words = typed | typed | typed | good | st.sampled_from(FLAGS) | values()
    return st.lists(words, min_size=1, max_size=4)


# --- what is in files ------------------------------------------------------------------------------------------------

LAUGHS = "a: &a [1,1,1,1,1,1,1,1,1]\n" + "\n".join(
    f"{new}: &{new} [*{old},*{old},*{old},*{old},*{old},*{old},*{old},*{old},*{old}]"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
LINES = (
    "doc: mine", "report: sweep", "report: jobs", "report: os.system", "base: {arm: none, policy: status_quo}",
    "base: 5",
    "blocks: {main: {vary: {arm: [none, full]}}}", "blocks: {}", "blocks: {main: {vary: {run: [1]}}}",
    "uncertain: none",
    "replications: 2", "replications: .inf", "replications: 1e99", "seeds_per_draw: 1", "seeds_per_draw: 0", "keep: []",
    "levels: {arm: {none: ['seed=${oc.env:HOME}'], full: []}}", "levels: {arm: {none: [], full: []}}", "levels: 1",
    "overrides: ['population.donors=${oc.env:HOME}']", "overrides: [7]", "also: {combat.money: [0.1, 0.2]}",
    "together: {x: {factors: [a], rows: [[1, 2]]}}", "hold: [nothing]", "doc: \"\\x1b[2J\"", "- a", "? [a]", "a", "",
    "# @package _global_", "# @package rails.mine", "defaults: [/hydra/launcher: joblib]", "defaults: [../../x]",
    "defaults: [{override /policy: nothing}]", "seed: ${oc.env:HOME}", "seed: ${observer.seed}", "seed: 5",
    "seed: .nan",
    f"_target_: {CANARY}.boom", f"x: {{_target_: {CANARY}.boom}}", f"x: !!python/object/apply:{CANARY}.boom []",
    f"!!python/module:{CANARY}", "x: &a {y: *a}", "x: *nowhere", "<<: {seed: 5}", LAUGHS, "seed: 1\nseed: 2", "\t- x",
    "\x00",
    "x: " + "[" * 300, "x: 0x" + "f" * 300, "x: 2001-12-14t21:59:43.10-05:00", "%YAML 9.9\n---", "--- 1\n--- 2",
    "x: !mine y",
    f"hydra: {{searchpath: ['pkg://{CANARY}']}}", f"hydra: {{launcher: {{_target_: {CANARY}.boom}}}}", "x: ${x}",
    "x: ${",
    "fee: -1", "fee: .inf", "x: " + "a" * 10_000, "é: 日本", "\ufeffx: 1", "on: off", "1: 2", "null: 1",
    "? {a: 1}\n: 2",
)  # fmt: skip
FILES = ("policy/mine.yaml", "rail/mine.yaml", "study/mine.yaml", "study/mine.yaml", "shock/mine.yaml", "config.yaml",
         "hydra/launcher/mine.yaml")  # fmt: skip


def files() -> st.SearchStrategy[tuple[str, str]]:
    """A file of a user's own: its name and what is in it."""
    lines = st.lists(st.sampled_from(LINES), min_size=1, max_size=9).map("\n".join)
    return st.tuples(st.sampled_from(FILES), lines)


def calls_of(name: str) -> list[tuple[str, list[str]]]:
    """The command lines that read a file of a user's own."""
    group = name.split("/")[0]
    if group == "study":
        return [("experiments", ["--config-dir", "mine", "study=mine"])]
    more = {"rail": ["rail=[cash,mine]"], "config.yaml": [], "hydra": ["hydra/launcher=mine"]}
    typed = ["--config-dir", "mine", *more.get(group, [f"{group}=mine"])]
    return [("sim", typed), ("experiments", [*typed, "study=sweep"] if group != "hydra" else typed)]


# --- what may happen -------------------------------------------------------------------------------------------------


class Surprise(AssertionError):
    """What should not have happened."""


@dataclass
class Watch:
    """What happens while an input is judged, as Python's audit hooks tell it (PEP 578)."""

    place: Path
    on: bool = False
    seen: list[str] = field(default_factory=list)

    def __call__(self, event: str, about: tuple[Any, ...]) -> None:
        """Note what must not happen: a file written elsewhere, a module loaded, a process, a connection."""
        if not self.on:
            return
        if event == "import" and str(about[0]).split(".")[0] in (CANARY, "antigravity", "this"):
            self.seen.append(f"import {about[0]}")
        elif event in _FORBIDDEN or event.startswith("socket.") or event.startswith("urllib."):
            self.seen.append(f"{event} {about}"[:300])
        elif (event == "open" and _writes(about)) or event in _CHANGES:
            paths = [Path(os.fsdecode(one)) for one in about[:2] if isinstance(one, str | bytes)]
            paths = paths[:1] if event == "open" else paths
            if any(
                not path.absolute().resolve().is_relative_to(self.place) and path != Path(os.devnull) for path in paths
            ):
                self.seen.append(f"{event} {about}"[:300])


_FORBIDDEN = ("os.system", "os.exec", "os.posix_spawn", "subprocess.Popen", "os.fork", "pty.spawn", "pickle.find_class",
              "marshal.load", "ctypes.dlopen", "webbrowser.open", "code.__new__")  # fmt: skip
_CHANGES = (
    "os.mkdir",
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.chmod",
    "os.truncate",
    "shutil.rmtree",
)


def _writes(about: tuple[Any, ...]) -> bool:
    mode, flags = about[1], about[2] if len(about) > 2 else 0
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return bool(isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


@dataclass
class Judged:
    """Where inputs are judged, one after the other, and what came of them."""

    place: Path
    watch: Watch
    tally: Counter[str] = field(default_factory=Counter)

    def judge(self, module: str, typed: list[str], allowed: tuple[int, ...] = (0, 2)) -> int:
        """Judge one command line in this process; returns its exit code, which must be one of those allowed.

        Raises:
            Surprise: for anything but a refusal in one message, or a valid input.
        """
        out, err = io.StringIO(), io.StringIO()
        before = sorted(path for path in self.place.rglob("*") if "made" not in path.parts)
        self.watch.seen.clear()
        self.watch.on = True
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = _calls()[module](typed) or 0
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 1
        except BaseException as error:
            seen = "; ".join(self.watch.seen)
            raise Surprise(f"{module} {typed!r}: {type(error).__name__}: {error} {seen}") from error
        finally:
            self.watch.on = False
        self.tally["refused" if code == 2 else "valid"] += 1
        fault = _fault(code, out.getvalue(), err.getvalue(), allowed) or "; ".join(self.watch.seen)
        fault = fault or (
            "left files" if before != sorted(p for p in self.place.rglob("*") if "made" not in p.parts) else ""
        )
        if fault:
            raise Surprise(f"python -m {module} {typed!r}: {fault}\n{err.getvalue()[:2000]}")
        return int(code or 0)


def _fault(code: int | None, out: str, err: str, allowed: tuple[int, ...] = (0, 2)) -> str:
    """What is wrong with an answer; empty if nothing is."""
    if code not in allowed:
        return f"exit code {code}"
    if "Traceback" in err or "Traceback" in out:
        return "a traceback"
    if SECRET in out + err:
        return "tells what stands in the environment"
    if code == 2 and (out or not err.strip()):
        return "refused without a message, or with more than that"
    if code == 2 and any(
        not line.isprintable() for line in err.replace("\u00a0", " ").replace("\u3000", " ").splitlines()
    ):
        return "a message that cannot be printed"
    if code == 2 and any(len(line) > 20_000 for line in err.splitlines()):
        return "a message that nobody can read"
    return ""


def _looks(*about: Any) -> "config.Request":
    """A request that looks at no output folder: what is composed for it is remembered, and much faster."""
    return _REQUEST(*about[:4])


_REQUEST = config.Request


@cache
def _calls() -> dict[str, Call]:
    """Both commands up to where they would run: the first hands over to Hydra there, the second prints its plan."""
    from experiments.study import cli
    from sim.cli import entry

    def of_sim(typed: list[str]) -> int | None:
        with contextlib.ExitStack() as stack:
            stack.enter_context(patch.object(entry, "_hydra", lambda *_: 0))
            if not any("hydra" in one or one.startswith("-") for one in typed):  # the folder need not be told anew
                stack.enter_context(patch.object(config, "Request", _looks))
            return entry.run(list(typed))

    return {"sim": of_sim, "experiments": lambda typed: cli.run([*_study(typed), *typed])}


def _study(typed: list[str]) -> list[str]:
    """What makes the plan of a study small, unless a folder is reported."""
    return [] if "report" in typed else list(PLANNED)


@contextlib.contextmanager
def judging() -> Iterator[Judged]:
    """A folder of its own, a module that nothing may import, and a watch over what happens."""
    before = Path.cwd()
    importlib.import_module("seaborn")  # once, before anything is watched: it may make a cache of its own
    with tempfile.TemporaryDirectory() as name:
        place = Path(name).resolve()
        (place / "mine").mkdir()
        (place / "lib").mkdir()
        (place / "lib" / f"{CANARY}.py").write_text("raise SystemError('imported')\n", encoding="utf-8")
        watch = Watch(place)
        sys.addaudithook(watch)
        os.chdir(place)
        sys.path.append(str(place / "lib"))
        try:
            with patch.dict(os.environ, {SECRET.upper(): SECRET}):
                found = Judged(place, watch)
                with contextlib.redirect_stdout(io.StringIO()):
                    for call in _calls().values():  # what they load the first time
                        call(["seed=1"])
                yield found
        finally:
            watch.on = False
            sys.path.remove(str(place / "lib"))
            os.chdir(before)


# --- bad input -------------------------------------------------------------------------------------------------------


def over(strategy: st.SearchStrategy[Any], count: int, luck: int, judge: Callable[[Any], None]) -> None:
    """Judge so many examples of a strategy; the first surprise is made as small as can be, and raised."""
    done = 0

    def each(example: Any) -> None:
        nonlocal done
        if done < count:
            done += 1
            judge(example)

    about = settings(
        max_examples=count,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    seed(luck)(about(given(strategy)(each)))()
    extra = 0
    while done < count:  # where few different examples are left, Hypothesis stops before
        extra += 1
        seed(luck + extra)(about(given(strategy)(each)))()


def typed_badly(count: int, luck: int = 0) -> Counter[str]:
    """Command lines of both commands."""
    with judging() as found:
        over(
            st.tuples(st.sampled_from(["sim", "experiments"]), arguments()), count, luck, lambda one: _line(found, *one)
        )
        return found.tally


def _line(found: Judged, module: str, typed: list[str]) -> None:
    found.judge(module, typed)


def written_badly(count: int, luck: int = 0) -> Counter[str]:
    """Files of a user's own, each read by every command line that would."""
    with judging() as found:

        def judge(one: tuple[str, str]) -> None:
            name, text = one
            file = found.place / "mine" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", errors="surrogatepass")
            try:
                for module, typed in calls_of(name):
                    found.judge(module, typed)
            finally:
                shutil.rmtree(found.place / "mine")
                (found.place / "mine").mkdir()

        over(files(), count, luck, judge)
        return found.tally


# --- folders of studies ----------------------------------------------------------------------------------------------

SMALL = ("study=sweep", "replications=2", "population.donors=20", "horizon.start=2020-05-04", "horizon.weeks=87")
WORSE: tuple[Any, ...] = (
    None, True, -1, 0, 7, 2**70, 1.5, -1e300, "", "x", "../../x", "=1+1", "<script>", "\x1b[2J", "${oc.env:HOME}",
    "a" * 9999,
    [], {}, [[]], {"_target_": f"{CANARY}.boom"}, [1, "a", None], [[0, 2**62]], "sweep", "none", "posterior",
)  # fmt: skip


def _small_study(place: Path) -> None:
    """A study of four runs, made once."""
    from experiments.study.cli import provenance_of, save_provenance, settings_and_plan
    from experiments.study.executors import InlineExecutor
    from experiments.study.runner import fill, write_tables
    from experiments.study.saved_plan import save
    from experiments.study.store import Folder

    typed, plan = settings_and_plan([*SMALL, f"folder={place}"])
    folder = Folder(place)
    with folder.opened(plan.name, plan.version):
        save_provenance(provenance_of(plan, typed, "python -m experiments"), folder)
        save(plan, folder)
        fill(plan, folder, InlineExecutor, 1, 100)
        write_tables(plan, folder)


@st.composite
def harmed(draw: st.DrawFn, whole: dict[str, Any]) -> tuple[str, bytes | None]:
    """A file of a study's folder, and what it holds instead: something else in a place, less, or other bytes."""
    name = draw(st.sampled_from([*whole, "plan.json", "plan.json"]))
    how = draw(st.integers(0, 9))
    if how == 0:
        return name, None
    text = json.dumps(whole[name]).encode()
    if how == 1:
        place = draw(st.integers(0, len(text)))
        return name, draw(
            st.sampled_from([text[:place], text[:place] + b"\xff\x00" + text[place:], b"[" * 5000, b"NaN", b""])
        )
    values = copy.deepcopy(whole[name])
    spot: Any = values
    for _ in range(draw(st.integers(1, 6))):
        places = list(spot) if isinstance(spot, dict) else list(range(len(spot)))
        if not places:
            break
        place = draw(st.sampled_from(places))
        if isinstance(spot[place], dict | list) and draw(st.booleans()):
            spot = spot[place]
        elif draw(st.integers(0, 3)):
            spot[place] = copy.deepcopy(draw(st.sampled_from(WORSE)))  # a later harm must not change the list itself
        else:
            del spot[place]
        if not isinstance(spot, dict | list):
            break
    return name, json.dumps(values).encode()


def folders_badly(count: int, luck: int = 0) -> Counter[str]:
    """Folders of studies that somebody has tampered with, reported."""
    with judging() as found:
        place = found.place / "made"
        _small_study(place)
        whole = {
            name: json.loads((place / name).read_text(encoding="utf-8"))
            for name in ("plan.json", "study.json", "provenance.json")
        }

        def judge(one: tuple[str, bytes | None]) -> None:
            name, data = one
            kept = (place / name).read_bytes()
            (place / name).unlink()
            if data is not None:
                (place / name).write_bytes(data)
            try:
                _reported(found, place)
            finally:
                (place / name).write_bytes(kept)
                (place / "provenance.json").write_text(json.dumps(whole["provenance.json"]), encoding="utf-8")

        over(harmed(whole), count, luck, judge)
        return found.tally


def _reported(found: Judged, place: Path) -> None:
    """Report a folder: it is refused, reported, or its report cannot be made and is said so."""
    if found.judge("experiments", ["report", str(place), "--no-figures"], (0, 1, 2)) == 1:
        found.tally["valid"] -= 1
        found.tally["reported in part"] += 1


# --- as real processes -----------------------------------------------------------------------------------------------


def processes(count: int, luck: int = 0) -> Counter[str]:
    """Some command lines as a user types them, in an empty folder."""
    tally: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)

        def judge(one: tuple[str, list[str]]) -> None:
            module, typed = one
            if any("\0" in word for word in typed):
                return  # no process can be given one
            words = [*(_study(typed) if module == "experiments" else ["--cfg", "job"]), *typed]
            encoded = [
                os.fsencode(word.encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape")) for word in words
            ]
            done = subprocess.run(
                [os.fsencode(sys.executable), b"-m", module.encode(), *encoded],
                cwd=place, capture_output=True, timeout=600, check=False,
                env={**os.environ, "PYTHONPATH": str(ROOT), SECRET.upper(): SECRET},
            )  # fmt: skip
            out, err = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
            tally["refused" if done.returncode == 2 else "valid"] += 1
            fault = _fault(done.returncode, out, err) or ("left files" if any(place.iterdir()) else "")
            if fault:
                raise Surprise(f"python -m {module} {words!r}: {fault}\n{err[:2000]}")

        over(st.tuples(st.sampled_from(["sim", "experiments"]), arguments()), count, luck, judge)
    return tally


# --- valid worlds ----------------------------------------------------------------------------------------------------


def worlds(count: int, luck: int = 0) -> Counter[str]:
    """Random valid worlds: every law in every week, and the same bytes where a run branches off on its way."""
    from sim.model import Model
    from tests.laws import checked_run
    from tests.worlds import digests, random_values, scenario_of

    tally: Counter[str] = Counter()

    def judge(number: int) -> None:
        scenario = scenario_of(random_values(number, small=True))
        model = checked_run(Model(scenario), number)
        parent = Model(scenario)
        if shared := number % scenario.horizon.weeks:
            parent.run_for(shared)
        branch = parent.branch(scenario)
        branch.run()
        if digests(branch) != digests(model):
            raise Surprise(f"world {number}: a branch differs from the run")
        tally["ran"] += 1

    over(st.integers(0, 2**63 - 1), count, luck, judge)
    return tally


# --- the table -------------------------------------------------------------------------------------------------------

KINDS: dict[str, tuple[Callable[[int, int], Counter[str]], str]] = {
    "lines": (typed_badly, "command lines"),
    "files": (written_badly, "files of a user's own"),
    "folders": (folders_badly, "folders of studies, tampered with"),
    "processes": (processes, "command lines as processes"),
    "worlds": (worlds, "valid worlds"),
}
_COUNTS = {"lines": 10_000, "files": 2_000, "folders": 1_000, "processes": 40, "worlds": 10_000}


def main() -> int:
    """Try as many of each kind as asked for, and print what came of them; 1 if there was a surprise."""
    parser = argparse.ArgumentParser(description="Bad input at scale, and valid worlds at scale.")
    for name, (_, words) in KINDS.items():
        parser.add_argument(
            f"--{name}", type=int, default=_COUNTS[name], metavar="N", help=f"{words} ({_COUNTS[name]:,})"
        )
    parser.add_argument("--seed", type=int, default=0, help="seed of what is made (0)")
    asked = parser.parse_args()
    found = 0
    print(f"{'':<36}{'judged':>9}{'refused':>9}{'valid':>9}  surprises", flush=True)
    for name, (attempt, words) in KINDS.items():
        if not getattr(asked, name):
            continue
        said = "none"
        tally: Counter[str] = Counter()
        try:
            tally = attempt(getattr(asked, name), asked.seed)
        except AssertionError as error:
            found += 1
            said = str(error)
        refused = tally["refused"]
        print(f"{words:<36}{tally.total():>9,}{refused:>9,}{tally.total() - refused:>9,}  {said}", flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
