"""Inputs that nobody should type, write or send, as strategies of Hypothesis."""

import copy
import json
from functools import cache
from typing import Any

from hypothesis import strategies as st

from experiments.study.arguments import SETTINGS
from experiments.study.saved_plan import PLAN
from sim.config.untrusted_yaml import walk
from tests.worlds import base

SECRET = "a-secret-of-the-environment"
CANARY = "fuzz_canary"
"""A module that nothing may import; a variable of the environment that nothing may print."""

# --- command lines -------------------------------------------------------------------------------------------------

ODD = (
    "", " ", "''", '"', "[", "{", "[[[[[[[[[[1]]]]]]]]]]", "{a: {b: {c: 1}}}", "[" * 200, "{a: " * 60 + "1" + "}" * 60,
    "nan", ".nan", "inf", "-inf", "1e309", "-0", "9" * 400, "1e-400", "0x10", "1_000", "07", "1.5", "-1", "2e3",
    "2020-02-30", "9999-12-31", "0000-00-00", "2017-01-02", "2020-06-21T00:00:00Z", "0001-01-01", "true", "null", "~",
    "yes", "None", "a" * 5000, "é", "日本", "\u202e", "\x00", "\x1b[2J", "\n", "\t", "a\nb=1", "\ud800", "=1+1", "@x",
    "+x", "-x", "a=b", "a,b", "1,2", "1,,2", "range(0,3)", "range(0,3,0)", "range(0,1e18)", "range(a,b)",
    "interval(0,1)", "interval(1,0)", "choice(a,b)", "glob(*)", "glob([)", "sort(3,1)", "shuffle(1,2)", "int(x)",
    "tag(a,b)", "json_str({})", "cast(", "str(1)", "extend_list(1)", f"${{oc.env:{SECRET.upper()}}}", "${oc.env:HOME}",
    "${oc.decode:1}", "${oc.create:[1]}", "${now:%Y}", "${seed}", "${hydra:runtime.cwd}", "${a${b}}", "${", "${.}",
    "${..seed}", "\\${oc.env:HOME}", "${oc.select:seed}", "${seed:x}", f"!!python/object/apply:{CANARY}.boom []",
    f"!!python/name:{CANARY}.boom", "!!binary aGk=", "&a [*a]", "*a", "<<: *a", f"{{_target_: {CANARY}.boom}}",
    f"pkg://{CANARY}", f"file://{CANARY}", "ext://os.system", f"py:{CANARY}", "../../../etc/passwd", "/etc/passwd",
    "/proc/self/environ", "~root", "..", ".", "/", "a/b", "C:\\x", "%s%n", "$(id)", "`id`", "; rm -rf x", "<script>",
    "{{7*7}}", "monero", "is_core", "exchange_kyc", "status_quo", "sobol", "posterior",
)  # fmt: skip
FLAGS = (
    "--help", "-h", "--plan", "--no-figures", "--no-brief", "--phases", "--parameters", "--ledger", "-m", "--multirun",
    "--run", "--version", "--resolve", "--config-dir", "-cd", "--config-name", "-cn", "--config-path", "-cp", "--cfg",
    "-c", "--info", "-i", "--package", "-p", "--experimental-rerun", "--plann", "--no-figure", "-x", "--", "-", "---",
    "--config-dir=nowhere", "--config-dir=.", "--config-dir=mine", "--config-name=config", "--config-name=../mine",
    "-sc", "--shell-completion=x", "job", "hydra", "report",
)  # fmt: skip
HYDRA = (
    "hydra.run.dir", "hydra.sweep.dir", "hydra.sweep.subdir", "hydra.output_subdir", "hydra.searchpath",
    "hydra.verbose", "hydra/launcher", "hydra/sweeper", "hydra/job_logging", "hydra.launcher._target_",
    "hydra.sweeper._target_", "hydra.sweeper.params", "hydra.sweeper.workers", "hydra.job.chdir",
    "hydra.job.env_set.PATH", "hydra.mode", "+hydra.callbacks.x._target_", "+hydra.job_logging.handlers.x.class",
    "hydra.help.template", "hydra.job.name", "hydra",
)  # fmt: skip
FACTORS = ("arm", "policy", "intensity", "profile", "group.routing")
GROUPS = ("group", "rail", "policy", "shock", "theatre", "vendor", "appeal", "horizon", "population", "enforcement")


@cache
def parameters() -> dict[str, Any]:
    """The value of every parameter of the default scenario, by full name."""
    return {".".join(place): leaf for place, leaf in walk(base()) if leaf is not None}


def mangled(name: str, place: int, how: int) -> str:
    """A name with one slip of the finger."""
    place %= max(1, len(name))
    head, tail = name[:place], name[place:]
    slips = (
        head + tail[1:], head + tail[:1] + tail, f"{head}.{tail}", f"{head}é{tail}", name.upper(), f"../{name}",
        f"{name}._target_", f"{name}[0]", f"{name}@x", f"{name}.{name}",
    )  # fmt: skip
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
    "base: 5", "blocks: {main: {vary: {arm: [none, full]}}}", "blocks: {}", "blocks: {main: {vary: {run: [1]}}}",
    "uncertain: none", "replications: 2", "replications: .inf", "replications: 1e99", "seeds_per_draw: 1",
    "seeds_per_draw: 0", "reference_levels: []", "levels: {arm: {none: ['seed=${oc.env:HOME}'], full: []}}",
    "levels: {arm: {none: [], full: []}}", "levels: 1", "overrides: ['population.donors=${oc.env:HOME}']",
    "overrides: [7]", "extra_ranges: {combat.money: [0.1, 0.2]}", "zip: {x: {factors: [a], rows: [[1, 2]]}}",
    "hold: [nothing]", "doc: \"\\x1b[2J\"", "- a", "? [a]", "a", "", "# @package _global_", "# @package rails.mine",
    "defaults: [/hydra/launcher: joblib]", "defaults: [../../x]", "defaults: [{override /policy: nothing}]",
    "seed: ${oc.env:HOME}", "seed: ${observer.seed}", "seed: 5", "seed: .nan", f"_target_: {CANARY}.boom",
    f"x: {{_target_: {CANARY}.boom}}", f"x: !!python/object/apply:{CANARY}.boom []", f"!!python/module:{CANARY}",
    "x: &a {y: *a}", "x: *nowhere", "<<: {seed: 5}", LAUGHS, "seed: 1\nseed: 2", "\t- x", "\x00", "x: " + "[" * 300,
    "x: 0x" + "f" * 300, "x: 2001-12-14t21:59:43.10-05:00", "%YAML 9.9\n---", "--- 1\n--- 2", "x: !mine y",
    f"hydra: {{searchpath: ['pkg://{CANARY}']}}", f"hydra: {{launcher: {{_target_: {CANARY}.boom}}}}", "x: ${x}",
    "x: ${", "fee: -1", "fee: .inf", "x: " + "a" * 10_000, "é: 日本", "\ufeffx: 1", "on: off", "1: 2", "null: 1",
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


# --- folders of studies --------------------------------------------------------------------------------------------

WORSE: tuple[Any, ...] = (
    None, True, -1, 0, 7, 2**70, 1.5, -1e300, "", "x", "../../x", "=1+1", "<script>", "\x1b[2J", "${oc.env:HOME}",
    "a" * 9999,
    [], {}, [[]], {"_target_": f"{CANARY}.boom"}, [1, "a", None], [[0, 2**62]], "sweep", "none", "posterior",
)  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn, whole: dict[str, Any]) -> tuple[str, bytes | None]:
    """A file of a study's folder, and what it holds instead: something else in a place, less, or other bytes."""
    name = draw(st.sampled_from([*whole, PLAN, PLAN]))
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
            spot[place] = copy.deepcopy(draw(st.sampled_from(WORSE)))  # a later damage must not change the list itself
        else:
            del spot[place]
        if not isinstance(spot, dict | list):
            break
    return name, json.dumps(values).encode()
