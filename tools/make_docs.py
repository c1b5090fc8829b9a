# ruff: noqa: E402  # the model is imported once it is known how
"""Write the parts of the pages that are made from the code: ``python tools/make_docs.py``.

A page (*.md, docs/*.md) holds ``<!-- made: NAME -->`` and ``<!-- end -->``; what stands between
them is made anew by the function registered under NAME. Prose that describes rules by hand holds
``<!-- read: sim/FILE.py HASH -->``: the hash of that file, without comments and docstrings, as it was when the prose
was last compared with it.

  python tools/make_docs.py            write the pages
  python tools/make_docs.py --check    write nothing; exit 1 and say what differs
  python tools/make_docs.py --read     the prose has been compared with the code: renew the hashes
  python tools/make_docs.py --run      run the commands between ``<!-- ran: COMMAND -->`` and ``<!-- end -->`` and put
                                       there what they print; renew docs/figures from the default run
"""

import ast
import csv
import difflib
import hashlib
import inspect
import io
import json
import math
import operator
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import tokenize
from collections.abc import Callable, Iterator
from enum import IntEnum
from pathlib import Path
from typing import Any, cast

import pandas as pd
from omegaconf import OmegaConf

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    os.environ.setdefault("NUMBA_DISABLE_JIT", "1")  # nothing here is worth compiling
    sys.path.insert(0, str(ROOT))

from experiments import posterior
from experiments.calibration import ENOUGH
from experiments.reports import inspiration_text
from experiments.reports.common import number, span
from experiments.uncertainty import ranges
from sim import constants
from sim.configuration import CONF, groups_in, load
from sim.draws import Decision, uniforms
from sim.model import KINDS, Model
from sim.outcomes import OUTCOMES
from sim.parameters import Row, Section, table
from sim.records import Record
from sim.scenario import Kind, Scenario
from sim.week import WEEK

_MADE = re.compile(r"(<!-- made: (?P<name>[^>]+?) -->\n)(?P<old>.*?)(<!-- end -->)", re.DOTALL)
_READ = re.compile(r"<!-- read: (?P<file>\S+) (?P<hash>\S+) -->")
_MODULES = (
    "arithmetic", "draws", "appeals", "donors", "intermediaries", "money", "enforcement", "cells", "attacks",
    "theatres", "adaptation", "observers", "policies",
)  # fmt: skip
"""Files of sim/ whose rules a run calls."""

_RAN = re.compile(r"(<!-- ran: (?P<command>[^>]+?) -->\n)(?P<old>.*?)(<!-- end -->)", re.DOTALL)
_FIGURES = ("1_capacity.png",)

PARTS: dict[str, Callable[..., str]] = {}


def part(make: Callable[..., str]) -> Callable[..., str]:
    """Register what makes a part under its function's name."""
    PARTS[make.__name__] = make
    return make


def pages() -> list[Path]:
    """The pages that may hold made parts."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]


def made(text: str) -> str:
    """A page with every made part made anew.

    Raises:
        KeyError: if a part has no maker.
    """

    def anew(found: re.Match[str]) -> str:
        name, *arguments = found["name"].split()
        return f"{found[1]}\n{PARTS[name](*arguments).strip()}\n\n{found[4]}"

    return _MADE.sub(anew, text)


def unread(text: str) -> list[str]:
    """Files that changed since the prose of a page was last compared with them."""
    return [found["file"] for found in _READ.finditer(text) if found["hash"] != hash_of(ROOT / found["file"])]


def read(text: str) -> str:
    """A page whose prose has been compared with the code."""
    return _READ.sub(lambda found: f"<!-- read: {found['file']} {hash_of(ROOT / found['file'])} -->", text)


def ran(text: str) -> str:
    """A page with the output of every command that it shows."""

    def anew(found: re.Match[str]) -> str:
        return f"{found[1]}\n```text\n{_output(found['command'])}\n```\n\n{found[4]}"

    return _RAN.sub(anew, text)


def _output(command: str) -> str:
    """What a command prints, run in an empty folder; the default run leaves its figures in docs/figures."""
    words = shlex.split(command)
    if words[0] == "python":
        words[0] = sys.executable
    settings = {key: value for key, value in os.environ.items() if key != "NUMBA_DISABLE_JIT"}
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            words, cwd=folder, env=settings | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
        )
        for drawn in Path(folder).glob("outputs/*/*/figures/*.png"):
            if command == "python -m sim" and drawn.name in _FIGURES:
                (ROOT / "docs" / "figures").mkdir(exist_ok=True)
                shutil.copy(drawn, ROOT / "docs" / "figures" / drawn.name)
    return (done.stdout or done.stderr).strip()


def hash_of(path: Path) -> str:
    """Hash of a file's code: comments, docstrings and line breaks do not count."""
    words, before = [], tokenize.NEWLINE
    tokens = list(tokenize.generate_tokens(io.StringIO(path.read_text()).readline))
    quiet = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER)
    starts = (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
    for token in tokens:
        text_alone = token.type == tokenize.STRING and before in starts
        if token.type not in quiet and not text_alone:
            indent = token.type in (tokenize.INDENT, tokenize.DEDENT)
            words.append(tokenize.tok_name[token.type] if indent else token.string)
        if token.type not in (tokenize.COMMENT, tokenize.NL):
            before = token.type
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:12]


# --- how tables are written ------------------------------------------------------------------------------------------


def rows_of(head: str, lines: list[tuple[Any, ...]]) -> str:
    """A Markdown table."""
    titles = head.split(" | ")
    text = [f"| {head} |", "|" + "---|" * len(titles)]
    text += ["| " + " | ".join(_cell(value) for value in line) + " |" for line in lines]
    return "\n".join(text)


def _cell(value: Any) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def value_of(value: Any) -> str:
    """A value as one writes it in conf/."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {value_of(one)}" for key, one in value.items()) or "none"
    if isinstance(value, tuple | list):
        return ", ".join(value_of(one) for one in value) or "none"
    return str(value)


def first_sentence(text: str) -> str:
    """The first sentence of a docstring."""
    return " ".join(text.split("\n\n")[0].split()).split(". ")[0].rstrip(".") + "."


def _sentences(function: ast.FunctionDef) -> str:
    paragraphs = (ast.get_docstring(function) or "").split("\n\n")
    return "<br>".join(" ".join(paragraph.split()) for paragraph in paragraphs if not paragraph.startswith("Raises"))


# --- the parts -------------------------------------------------------------------------------------------------------


def _bench() -> dict[str, Any]:
    """The kept figures of the newest version of the bench."""
    files = (ROOT / "docs" / "benchmarks").glob("*.json")
    newest = max(files, key=lambda file: [int(number) for number in file.stem.split(".")])
    return cast("dict[str, Any]", json.loads(newest.read_text()))


def _measured(figures: dict[str, Any], name: str, digits: int = 0) -> str:
    """A figure with its range, where it was taken more than once."""
    one = figures[name]
    low, middle, high = (f"{one[key]:,.{digits}f}" for key in ("least", "median", "most"))
    return f"{middle} ({low} to {high}, {one['times']} times)" if one["times"] > 1 else middle


@part
def bench() -> str:
    """What the bench measured for the newest version."""
    kept = _bench()
    figures = kept["figures"]
    runs = [
        (
            f"{donors:,}",
            f"{_measured(figures, f'run_{donors}', 1)}",
            f"{_measured(figures, f'twin_{donors}', 1)}",
            _measured(figures, f"ratio_{donors}"),
            _measured(figures, f"bare_{donors}"),
        )
        for donors in (1_000, 10_000, 100_000)
    ]
    took, twin = figures["large_1000000"]["median"], figures["twin_1000000"]["median"]
    runs.append(
        ("1,000,000", f"{1e3 * took:,.0f}", f"{twin:,.0f} (extrapolated)", _measured(figures, "ratio_1000000"), "")
    )
    others = [("set-up of a default run, of 10,000 donors", f"{_measured(figures, 'set_up_10000', 1)} ms")]
    for donors in (1_000_000, 10_000_000):
        names = (f"large_{donors}", f"large_{donors}_bytes", f"large_{donors}_peak")
        took, held, most = (figures[name]["median"] for name in names)
        others.append(
            (f"{donors:,} donors, 260 weeks", f"{took:,.1f} s, {held:,.0f} bytes a donor, {most:,.2f} GB in all")
        )
    for name, label in (("study", "headline study (4 replications)"), ("apart", "runs that share no past")):
        for workers in (1, 2):
            words = f"{label}, store included, {workers} worker{'s'[: workers - 1]}"
            others.append((words, f"{_measured(figures, f'{name}_{workers}')} runs a second"))
    early, late = (figures[f"long_workers_{when}"]["median"] for when in ("early", "late"))
    others += [
        ("memory of a worker over a long study, early and late", f"{early:,.0f} MB, {late:,.0f} MB"),
        ("`python -m sim --help`", f"{_measured(figures, 'help_sim')} ms"),
        ("first run of all, with compilation", f"{_measured(figures, 'cold')} s"),
        ("every later first run of a process", f"{_measured(figures, 'warm', 1)} s"),
    ]
    about = f"Version {kept['version']} (commit {kept['commit']}), {kept['date']}, on {kept['machine']}."
    heads = "donors | the model, ms | the twin, s | ratio | ratio without the twin's Philox"
    return "\n\n".join([about, rows_of(heads, runs), rows_of("what | measured", others)])


@part
def bench_goals() -> str:
    """The goals of the bench and what was measured."""
    figures = _bench()["figures"]

    measured = {name: float(one["median"]) for name, one in figures.items()}
    measured["growth"] = measured["long_workers_late"] / measured["long_workers_early"] - 1.0
    goals: tuple[tuple[str, str, Callable[[float, float], bool], float, str], ...] = (
        ("300 times the twin at 10,000 donors", "ratio_10000", operator.ge, 300, ",.0f"),
        ("500 times the twin at 1,000,000 (extrapolated)", "ratio_1000000", operator.ge, 500, ",.0f"),
        ("1,000,000 donors x 260 weeks in 5 s", "large_1000000", operator.le, 5, ",.1f"),
        ("200 bytes a donor", "large_1000000_bytes", operator.le, 200, ",.0f"),
        ("10,000,000 donors in 4 GB", "large_10000000_peak", operator.le, 4, ",.2f"),
        ("100 runs a second of the headline study on two cores", "study_2", operator.ge, 100, ",.0f"),
        ("the same for runs that share no past", "apart_2", operator.ge, 100, ",.0f"),
        ("memory of a study flat: growth of a worker", "growth", operator.le, 0.05, ".1%"),
    )
    lines = [
        (goal, f"{measured[name]:{form}}", "yes" if meets(measured[name], limit) else "no")
        for goal, name, meets, limit, form in goals
    ]
    return rows_of("goal | measured | met", lines)


@part
def bench_phases() -> str:
    """Share of a default run's weeks by phase, and what luck and logarithms take in both."""
    figures = _bench()["figures"]
    names = [name.removeprefix("phase_") for name in figures if name.startswith("phase_")]
    lines = [
        ("clock and events (Mesa)" if name == "rest" else f"`{name}`", f"{_measured(figures, f'phase_{name}', 1)} %")
        for name in names
    ]
    parts = [
        (label, f"{_measured(figures, f'{name}_compiled', 1)} ns", f"{_measured(figures, f'{name}_plain')} ns",
         f"{figures[f'{name}_plain']['median'] / figures[f'{name}_compiled']['median']:,.0f}")
        for name, label in (
            ("block", "a block of luck (ten rounds of Philox)"), ("gumbel", "a Gumbel variate (two logarithms)"),
        )
    ]  # fmt: skip
    tables = [rows_of("phase | share of the weeks' time", lines), rows_of("what | compiled | in Python | ratio", parts)]
    return "\n\n".join(tables)


@part
def validation() -> str:
    """The kept table of the validation study."""
    rows = _kept("validation")
    lines = [
        (
            row["pattern"],
            row["tag"],
            f"{number(float(row['middle']), False)} ({span(float(row['draws_low']), float(row['draws_high']))})",
            f"{span(float(row['published_low']), float(row['published_high']))} {row['unit']}".strip(),
            f"facts:{row['fact']}, {row['grade'] or '-'}" if row["fact"] else "",
            f"**{row['verdict']}**" if row["counts"] == "True" else row["verdict"],
        )
        for row in rows
    ]
    counted = [row["verdict"] for row in rows if row["counts"] == "True"]
    words = ", ".join(f"{counted.count(name)} {name}" for name in ("agrees", "possible", "disagrees"))
    heads = "pattern | tag | model: middle draw (middle 90 % of draws) | published | source, grade | verdict"
    draws = max(int(row["draws"]) for row in rows)
    about = f"Of {len(counted)} emergent patterns: {words}. {draws} draws of the parameters, two seeds each."
    return f"{about}\n\n{rows_of(heads, lines)}"


@part
def validation_growth() -> str:
    """The kept growth accounting of the validation study."""
    lines = [
        (row["part"], *(number(float(row[name])) for name in ("middle", "draws_low", "draws_high")))
        for row in _kept("growth")
    ]
    return rows_of("part | middle draw | 5 % | 95 % of draws", lines)


@part
def inspiration(which: str) -> str:
    """A table or the sentences of the study of inspiration, from its kept tables."""
    names = ("effects", "kiser", "turns", "loop", "apart", "drivers", "breakeven")
    tables = {name: pd.read_csv(ROOT / "docs" / "inspiration" / f"{name}.csv") for name in names}
    told: dict[str, Callable[[], list[str]]] = {
        "answers": lambda: inspiration_text.answers(tables),
        "core": lambda: inspiration_text.core_and_network(tables),
        "loop": lambda: inspiration_text.what_the_loop_adds(tables["loop"]),
        "inspired": lambda: inspiration_text.inspired(tables["effects"]),
        "drivers": lambda: inspiration_text.deciding(tables["drivers"]),
    }
    if which in told:
        return "\n".join(f"- {line}" for line in told[which]())
    return _inspired_effects(tables["effects"]) if which == "effects" else _inspired_prices(tables["breakeven"])


def _inspired_effects(effects: pd.DataFrame) -> str:
    lines = [
        (row["profile"], row["policy"], row["window"], number(row["median"]), _ends(row, "low", "high"),
         number(row["mean"]), f"**{row['verdict']}**" if row["verdict"] == "effect" else row["verdict"])
        for row in inspiration_text.families(effects).to_dict("records")
    ]  # fmt: skip
    heads = "profile | policy | window | middle, % | interval that counts | mean, % | verdict"
    return f"{int(effects['draws'].max())} draws of the parameters, two seeds each.\n\n{rows_of(heads, lines)}"


def _inspired_prices(breakeven: pd.DataFrame) -> str:
    rows = inspiration_text.with_ratio(breakeven).to_dict("records")
    lines = [
        (row["profile"], row["window"], row["a"], row["b"], number(row["ratio"], False),
         _ends(row, "ratio_low", "ratio_high", False))
        for row in rows
    ]  # fmt: skip
    return rows_of("profile | window | A | B | ratio | interval", lines)


def _ends(row: Any, low: str, high: str, signed: bool = True) -> str:
    return f"{number(row[low], signed)} to {number(row[high], signed)}"


def _kept(name: str, of: str = "validation") -> list[dict[str, str]]:
    with (ROOT / "docs" / of / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- calibration ---------------------------------------------------------------------------------------------------


@part
def calibration_summary() -> str:
    """What is left of the draws, and what each published figure rules out."""
    about = posterior.load().about
    words = (
        f"{about['draws']:,} draws, {about['seeds_per_draw']} seeds each, by `{about['command']}` (model "
        f"{about['model']}, {about['date']}). Weighed by all figures together they are worth "
        f"**{about['effective']:,.0f} equal draws**."
    )
    lines = [
        (
            row["pattern"],
            f"{span(float(row['published_low']), float(row['published_high']))} {row['unit']}",
            f"facts:{row['fact']}, {row['grade']}",
            *(f"{100 * math.expm1(float(row[name])):.0f} %" for name in ("spread", "luck")),
            *(f"{100 * float(row[name]):.0f} %" for name in ("ruled_out", "effective_share")),
            f"{float(default['implausibility']):.2f}",
        )
        for row, default in zip(_kept("evidence", "calibration"), _kept("default", "calibration"), strict=True)
    ]
    heads = (
        "pattern | published | source, grade | error of the source | luck | draws ruled out | draws worth, alone | "
        "default point: errors outside"
    )
    return f"{words}\n\n{rows_of(heads, lines)}"


@part
def calibration_parameters() -> str:
    """The parameters that the record narrows, in their own units, and those that stay at their prior."""
    rows = _kept("parameters", "calibration")
    narrowed = [row for row in rows if row["says"] == "narrowed"]
    values = load().model_dump(mode="json")
    also = posterior.load().also
    spans = {one.name: one for one in ranges(values, values, also, ())}
    lines = []
    for row in narrowed:
        own = spans[row["parameter"]]
        ends = [number(float(own.at(u)), False) for u in (0.0, 1.0)]
        found = [number(float(own.at(float(row[name]))), False) for name in ("middle", "low", "high")]
        lines.append(
            (f"`{row['parameter']}`", f"{own.middle:,g}", " to ".join(ends), f"{found[0]} ({found[1]} to {found[2]})",
             f"{100 * float(row['narrowed']):.0f} %")
        )  # fmt: skip
    left = ", ".join(f"`{row['parameter']}`" for row in sorted(rows, key=lambda row: row["parameter"])
                     if row["says"] != "narrowed")  # fmt: skip
    heads = "parameter | default | plausible range | posterior: middle (90 %) | variance of the quantile taken away"
    said = f"**The other {len(rows) - len(narrowed)} of {len(rows)} parameters stay at their prior:** {left}."
    return f"{rows_of(heads, lines)}\n\n{said}"


@part
def calibration_pairs() -> str:
    """Pairs of parameters that the record knows together only."""
    lines = [
        (f"`{row['parameter']}`", f"`{row['other']}`", number(float(row["correlation"])),
         f"{number(float(row['low']))} to {number(float(row['high']))}")
        for row in _kept("pairs", "calibration")
    ]  # fmt: skip
    return rows_of("parameter | other | correlation | 95 %", lines) if lines else "There are none."


@part
def calibration_predictive() -> str:
    """Patterns under the prior and under the posterior."""
    rows = _kept("predictive", "calibration")
    lines = []
    for prior, after in zip(rows[::2], rows[1::2], strict=True):
        lines.append(
            (prior["pattern"], prior["tag"], span(float(prior["published_low"]), float(prior["published_high"])),
             *(f"{number(float(one['middle']), False)} ({span(float(one['draws_low']), float(one['draws_high']))})"
               for one in (prior, after)), prior["verdict"], after["verdict"])
        )  # fmt: skip
    heads = "pattern | tag | published | prior: middle (90 %) | posterior: middle (90 %) | prior | posterior"
    return rows_of(heads, lines)


@part
def calibration_recovery() -> str:
    """How often intervals hold what was planted."""
    rows, worth = _kept("recovery", "calibration"), _kept("worth", "calibration")
    known = {row["parameter"] for row in _kept("parameters", "calibration")}
    groups = [row for row in rows if row["parameter"] not in known]
    each = [float(row["covered"]) for row in rows if row["parameter"] in known]
    lines = [
        (row["parameter"], f"{100 * float(row['covered']):.1f} %",
         f"{100 * float(row['low']):.1f} to {100 * float(row['high']):.1f} %")
        for row in groups
    ]  # fmt: skip
    coarse = [
        (f"{row['from']} to {row['to']}" if row["to"] != "inf" else f"{row['from']} and more", row["trials"],
         f"{100 * float(row['covered']):.1f} %")
        for row in worth
    ]  # fmt: skip
    words = (
        f"{sum(int(row['trials']) for row in worth):,} draws played the truth in turn: one history of theirs was "
        "published with the errors of the record, and the other draws looked for it (simulation-based calibration: "
        f"Talts et al. 2018). {rows[0]['trials']} trials count: their posterior is worth at least {ENOUGH} draws, "
        "as the real one is. Of fewer draws a 90 % interval comes out too narrow; how many there are hangs on what was "
        "published alone, so leaving those trials out flatters nothing. Of single parameters coverage goes from "
        f"{100 * min(each):.0f} to {100 * max(each):.0f} %."
    )
    tables = [
        rows_of("90 % intervals of | hold the planted value in | 95 %", lines),
        rows_of("trials whose posterior is worth | number | intervals of all parameters hold it in", coarse),
    ]
    return "\n\n".join([words, *tables])


@part
def calibration_survives() -> str:
    """Conclusions of the headline study by where parameters come from."""
    lines = [
        (row["conclusion"], *(
            f"{row[name]}: {number(float(row[f'{name}_middle']))} % "
            f"({number(float(row[f'{name}_low']))} to {number(float(row[f'{name}_high']))})".replace(f"{name}: ", "")
            + f", {row[name]}" for name in ("plausible", "posterior", "none")
        ), row["survives"])
        for row in _kept("survives", "calibration")
    ]  # fmt: skip
    return rows_of("effect on attack capacity | plausible ranges | posterior | defaults held | survives", lines)


@part
def phases() -> str:
    """The week, in order."""
    lines = [
        (number, f"`{phase.name}`", f"`{_where(phase.call)}`", first_sentence(phase.doc), ", ".join(phase.takes))
        for number, phase in enumerate(WEEK, 1)
    ]
    return rows_of("phase | name | in | what it does | touches", lines)


def _where(function: Any) -> str:
    return f"{getattr(function, 'py_func', function).__module__.replace('.', '/')}.py"


def _comments(kind: type[Record]) -> dict[str, str]:
    """What the comment beside each field says; without one, that of the group that it stands in."""
    found, group = {}, ""
    for line in inspect.getsource(kind).splitlines():
        field = re.match(r"    (\w+): [^#]+?(?:  # (.*))?$", line)
        heading = re.match(r"    # (.*)$", line)
        if heading:
            group = heading[1]
        elif field and field[1] in kind.fields:
            found[field[1]] = field[2] or (f"({group})" if group else "")
    return found


@part
def state() -> str:
    """State variables, kind by kind."""
    text = []
    for name, kind in KINDS.items():
        comments = _comments(kind)
        lines = []
        for field in kind.fields:
            base, shape = kind.dtype[field].base, kind.dtype[field].shape
            size = f"{base.str[1:]}[{shape[0]}]" if shape else base.str[1:]
            about = comments.get(field, "")
            if kind is KINDS["book"] and field in OUTCOMES and (not about or about.startswith("(")):
                cents = OUTCOMES[field].unit.startswith("USD")
                about = f"{OUTCOMES[field].label}, {'cents' if cents else OUTCOMES[field].unit} {about}".strip()
            lines.append((f"`{field}`", size, about))
        doc = " ".join((kind.__doc__ or "").split())
        fields = rows_of("field | type | meaning", lines)
        text.append(f"**`{name}`: {kind.__name__}** ({_where(kind)}). {doc}\n\n{fields}")
    return "\n\n".join(text)


@part
def enumerations() -> str:
    """Vocabularies and fixed sizes of sim/constants.py."""
    lines = [
        (f"`{name}`", ", ".join(f"{member.value} {member.name}" for member in kind))
        for name, kind in vars(constants).items()
        if isinstance(kind, type) and issubclass(kind, IntEnum) and kind is not IntEnum
    ]
    sizes = [
        (f"`{name}`", value_of(value))
        for name, value in vars(constants).items()
        if name.isupper() and isinstance(value, int | float)
    ]
    return rows_of("name | values", lines + sizes)


@part
def parameters() -> str:
    """Every parameter, with its value in the default scenario."""
    scenario = load()
    rows = list(table(Scenario))
    lines: list[tuple[Any, ...]] = [_parameter(row, scenario) for row in rows]
    head = "parameter | default | unit | range | plausible | role | grade | source | meaning"
    return f"{rows_of(head, lines)}\n\n{len(rows)} parameters."


def _parameter(row: Row, scenario: Scenario) -> tuple[Any, ...]:
    value: Any = scenario
    if "*" in row.name:
        shown = "*by name*"
    else:
        for name in row.name.split("."):
            value = getattr(value, name)
        shown = value_of(value)
    span = f"{row.low} to {row.high}" if row.low or row.high else ""
    return f"`{row.name}`", shown, row.unit, span, row.plausible, row.role, row.grade, row.source, row.doc


def _flat(section: Section, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, Section):
            yield from _flat(value, f"{prefix}{name}.")
        elif name != "name":
            yield f"{prefix}{name}", value


def _by_name(sections: dict[str, Section]) -> str:
    columns = list(sections)
    flat = {name: dict(_flat(section)) for name, section in sections.items()}
    lines = [
        (f"`{field}`", *(value_of(flat[name][field]) for name in columns)) for field in next(iter(flat.values()), {})
    ]
    return rows_of(" | ".join(["parameter", *columns]), lines)


@part
def rails() -> str:
    """The rails of the default scenario."""
    return _by_name({rail.name: rail for rail in load().rails})


@part
def theatres() -> str:
    """The theatres of the default scenario."""
    return _by_name({theatre.name: theatre for theatre in load().theatres})


@part
def appeals() -> str:
    """The appeals of the default scenario."""
    return _by_name({appeal.name: appeal for appeal in load().appeals})


@part
def kinds() -> str:
    """The kinds of intermediaries of the default scenario."""
    p = load().intermediaries
    named = {name: getattr(p, name) for name in type(p).model_fields}
    return _by_name({name: kind for name, kind in named.items() if isinstance(kind, Kind)})


@part
def cells() -> str:
    """The cells of the default scenario."""
    flat = {name: dict(_flat(cell)) for name, cell in load().group.cells.items()}
    fields = list(next(iter(flat.values())))
    lines = [(name, *(value_of(flat[name][field]) for field in fields)) for name in flat]
    return rows_of(" | ".join(["cell", *(field.removeprefix("revenue.") for field in fields)]), lines)


@part
def outcomes() -> str:
    """Every outcome."""
    lines = [(f"`{name}`", one.label, one.unit, one.better) for name, one in OUTCOMES.items()]
    return rows_of("outcome | label | unit | better for those who disrupt", lines)


def _comment_of(path: Path) -> str:
    lines = [line[2:] for line in path.read_text().splitlines() if line.startswith("# ") and "@package" not in line]
    return " ".join(lines)


def _values(path: Path) -> dict[str, Any]:
    return cast("dict[str, Any]", OmegaConf.to_container(OmegaConf.load(path)))


@part
def policies() -> str:
    """The policies of conf/policy, with what each does at full intensity."""
    scenario, lines = load(), []
    for name in groups_in([CONF])["policy"]:
        policy = _values(CONF / "policy" / f"{name}.yaml")
        if not policy:
            continue
        effects = [
            f"`effects.{field}` {value_of(getattr(scenario.effects, field))}: {info.description}"
            for field, info in type(scenario.effects).model_fields.items()
            if _belongs(field, name)
        ]
        about = "; ".join(effects) or "the agencies' effort follows their evidence wholly (rule `move_effort`)"
        staff = f"{value_of(policy['staff_weeks'])} to {policy['agency']}"
        lines.append((f"`{name}`", policy["start"], policy["ramp"], staff, about))
    return rows_of("policy | start | ramp, weeks | staff-weeks a week | effect at full intensity", lines)


_FURTHER = {
    "delisting_spread": "privacy_delisting", "licensing_spread": "hawala_licensing",
    "licensing_seen": "hawala_licensing", "strike_repair": "revenue_strikes", "takedown_audience": "channel_takedown",
    "leader_know_how": "decapitation", "leader_recovery": "decapitation", "kinetic_opportunity": "kinetic_pressure",
}  # fmt: skip


def _belongs(effect: str, policy: str) -> bool:
    return effect == policy or _FURTHER.get(effect) == policy


@part
def shocks() -> str:
    """The shocks of conf/shock; those of the default timeline are marked."""
    default, lines = load().shocks, []
    for name in groups_in([CONF])["shock"]:
        shock = _values(CONF / "shock" / f"{name}.yaml")
        known = {key: value_of(value) for key, value in shock.items() if value not in (None, {}, 0)}
        what = {key: value for key, value in known.items() if key not in ("type", "enabled")}
        if shock["type"] not in ("opportunity", "conflict"):
            what.pop("half_life", None)
        about = _comment_of(CONF / "shock" / f"{name}.yaml")
        marked = "yes" if name in default else "no"
        lines.append((f"`{name}`", shock["type"], marked, "; ".join(f"{k} {v}" for k, v in what.items()), about))
    return rows_of("shock | type | default | values | what it is", lines)


@part
def options() -> str:
    """The folders of conf/ and their files."""
    lines = [(f"`{name}`", ", ".join(f"`{one}`" for one in files)) for name, files in groups_in([CONF]).items()]
    return rows_of("group | options", lines)


@part
def rules(*modules: str) -> str:
    """The rules of some files, with their docstrings."""
    lines = []
    for function in _rules(*modules):
        names = ", ".join(one.arg for one in function.args.args)
        lines.append((f"`{function.name}`", _sentences(function), names))
    return rows_of("rule | what it says | takes", lines)


def rule_names() -> list[str]:
    """Names of all rules of all files that hold some; but for the week itself, which is the table of phases."""
    return [one.name for path in (ROOT / "sim").glob("*.py") if path.stem != "week" for one in _rules(path.stem)]


def _rules(*modules: str) -> list[ast.FunctionDef]:
    functions = [function for module in modules for function in _functions(module)]
    return [one for one in functions if any(_name(decorator) in ("rule", "drawn") for decorator in one.decorator_list)]


def _functions(module: str) -> list[ast.FunctionDef]:
    tree = ast.parse((ROOT / "sim" / f"{module}.py").read_text())
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        return _name(node.func)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


# --- draws -----------------------------------------------------------------------------------------------------------


@part
def decisions() -> str:
    """Every draw of every rule: decision, agent, slot, block, and which of the four uniforms."""
    found: dict[str, list[tuple[Any, ...]]] = {one.name: [] for one in Decision}
    for module in (*_MODULES, "model"):
        for function in _functions(module):
            for name, line in _draws(function):
                found[name].append((f"`{module}.{function.name}`", *line))
    lines: list[tuple[Any, ...]] = []
    for one in Decision:
        for line in found[one.name] or [("not drawn", "", "", "", "", "")]:
            lines.append((one.value, f"`{one.name}`", *line))
    return rows_of("number | decision | rule | seed | agent | slot | block | uniforms used", lines)


def _draws(function: ast.FunctionDef) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The draws in a function's text: name of the decision, and how it is keyed and used."""
    parents = {child: node for node in ast.walk(function) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(function):
        if not isinstance(node, ast.Call) or _name(node) not in ("uniform", "uniforms", "gamma"):
            continue
        seed, decision, *rest = [ast.unparse(argument) for argument in node.args]
        if not decision.startswith("Decision."):
            continue
        agent, slot = rest[0], rest[1]
        if _name(node) == "gamma":
            block, used = "0, 1, 2, ... until accepted", "0, 1 normal; 2 acceptance; 3 boost"
        elif _name(node) == "uniform":
            block, used = "0", "0"
        else:
            block, used = rest[2], _used(node, parents, function)
        yield decision.removeprefix("Decision.").removesuffix(".value"), (seed, agent, slot, block, used)


def _used(node: ast.Call, parents: dict[ast.AST, ast.AST], function: ast.FunctionDef) -> str:
    """Which of the four uniforms are used, and under which name."""
    parent = parents[node]
    if isinstance(parent, ast.Subscript):
        return ast.unparse(parent.slice)
    if isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Tuple):
        names = [ast.unparse(one) for one in parent.targets[0].elts]
        return ", ".join(f"{place} {name}" for place, name in enumerate(names) if not name.strip("*").startswith("_"))
    if isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Name):
        name = parent.targets[0].id
        subscripts = [one for one in ast.walk(function) if isinstance(one, ast.Subscript) and _name(one.value) == name]
        return ", ".join(sorted({ast.unparse(one.slice) for one in subscripts}))
    return "all"


# --- values to check a rewriting against -----------------------------------------------------------------------------

_SMALL = ("population.donors=400", "horizon.weeks=6", "horizon.start=2020-06-01", "policy=[exchange_kyc]")


@part
def checks() -> str:
    """Draws and a small run, so that a rewriting can be compared step by step."""
    keys = [(1, 0, 0, 0, 0), (1, 3, 17, 5, 0), (1, 3, 17, 5, constants.key_of("monero")), (2**40 + 7, 9, 1, 259, 0)]
    lines = [(*key, *(f"{u:.12f}" for u in uniforms(*key))) for key in keys]
    draws = rows_of("seed | decision | agent | slot | block | 0 | 1 | 2 | 3", lines)
    names = rows_of("name | key", [(name, constants.key_of(name)) for name in ("monero", "iraq_1", "exchange_1")])
    return f"{draws}\n\n{names}\n\nThe run of `{' '.join(_SMALL)}`, everything else as in conf/:\n\n{_small_run()}"


def _small_run() -> str:
    model = Model(load(*_SMALL))
    book = model.run()
    fields = (
        "attempts", "given", "blocked", "delivered", "collected", "spent", "fees", "raided", "held", "cases",
        "followed", "false_reports", "backlog", "fighters", "left", "killed", "capacity", "attacks", "deaths",
        "sympathy", "claims", "crypto_estimate",
    )  # fmt: skip
    lines = []
    for field in fields:
        values = book[field].reshape(len(book), -1).sum(axis=1)
        lines.append((f"`{field}`", *(f"{value:.9g}" if values.dtype.kind == "f" else int(value) for value in values)))
    head = ["field, summed over rails or theatres", *(f"week {week}" for week in range(len(book)))]
    return rows_of(" | ".join(head), lines)


def main(arguments: list[str]) -> int:
    """Write or check the pages; returns the exit code."""
    check, faults = "--check" in arguments, 0
    if set(arguments) - {"--check", "--read", "--run"}:
        print(__doc__)
        return 2
    for path in pages():
        old = path.read_text()
        new = made(read(old) if "--read" in arguments and not check else old)
        if "--run" in arguments and not check:
            new = ran(new)
        name = path.relative_to(ROOT)
        for file in unread(new):
            print(f"{name}: {file} changed since the prose about it was compared with it; compare, then --read")
            faults += 1
        if new == old:
            continue
        if check:
            print("".join(difflib.unified_diff(old.splitlines(True), new.splitlines(True), str(name), "the code", n=0)))
            faults += 1
        else:
            path.write_text(new)
            print(f"{name}: written")
    if check and faults:
        print("The pages differ from the code: python tools/make_docs.py")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
