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
import difflib
import hashlib
import inspect
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import tokenize
from collections.abc import Iterator
from enum import IntEnum
from pathlib import Path
from typing import Any, cast

from omegaconf import OmegaConf

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    os.environ.setdefault("NUMBA_DISABLE_JIT", "1")  # nothing here is worth compiling
    sys.path.insert(0, str(ROOT))

from sim.config import CONF, groups_in, load
from sim.engine import constants
from sim.engine.parameters import Row, Section, table
from sim.engine.records import Record
from sim.engine.rng import Stream, uniforms
from sim.model import Model
from sim.outcomes import OUTCOMES
from sim.phases import table as phase_table
from sim.scenario import Kind, Scenario
from sim.scenario.disruption import policy_of
from sim.state import KINDS
from tools import parts_bench, parts_studies  # noqa: F401  # they register their parts
from tools.parts import PARTS, part, rows_of, value_of

_MADE = re.compile(r"(<!-- made: (?P<name>[^>]+?) -->\n)(?P<old>.*?)(<!-- end -->)", re.DOTALL)
_READ = re.compile(r"<!-- read: (?P<file>\S+) (?P<hash>\S+) -->")
_MODULES = (
    "engine/arithmetic", "engine/rng", *(f"rules/{name}" for name in (
        "appeals", "donors", "intermediaries", "transfers", "tracing", "enforcement", "cells", "attacks", "sympathy",
        "adaptation", "observers", "books",
    )),
)  # fmt: skip
"""Files of sim/ whose rules a run calls."""

_RAN = re.compile(r"(<!-- ran: (?P<command>[^>]+?) -->\n)(?P<old>.*?)(<!-- end -->)", re.DOTALL)
_FIGURES = ("1_capacity.png",)


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
            words,
            cwd=folder,
            env=settings | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
            encoding="utf-8",
        )
        for drawn in Path(folder).glob("outputs/*/*/figures/*.png"):
            if command == "python -m sim" and drawn.name in _FIGURES:
                (ROOT / "docs" / "figures").mkdir(exist_ok=True)
                shutil.copy(drawn, ROOT / "docs" / "figures" / drawn.name)
    return (done.stdout or done.stderr).strip()


def hash_of(path: Path) -> str:
    """Hash of a file's code: comments, docstrings and line breaks do not count."""
    words, before = [], tokenize.NEWLINE
    tokens = list(tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline))
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


# --- what docstrings say ----------------------------------------------------------------------------------------------


def first_sentence(text: str) -> str:
    """The first sentence of a docstring."""
    return " ".join(text.split("\n\n")[0].split()).split(". ")[0].rstrip(".") + "."


def _sentences(function: ast.FunctionDef) -> str:
    paragraphs = (ast.get_docstring(function) or "").split("\n\n")
    return "<br>".join(" ".join(paragraph.split()) for paragraph in paragraphs if not paragraph.startswith("Raises"))


# --- the parts -------------------------------------------------------------------------------------------------------


@part
def phases() -> str:
    """The week, in order."""
    lines = [
        (
            number,
            f"`{phase.name}`",
            f"`{phase.module.replace('.', '/')}.py`",
            first_sentence(phase.doc),
            ", ".join(phase.reads),
            ", ".join(phase.writes),
        )
        for number, phase in enumerate(phase_table(), 1)
    ]
    return rows_of("phase | name | in | what it does | reads | writes", lines)


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
        text.append(f"**`{name}`: {kind.__name__}** (`{kind.__module__.replace('.', '/')}.py`). {doc}\n\n{fields}")
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
    lines = [
        line[2:]
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("# ") and "@package" not in line
    ]
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


def _belongs(effect: str, policy: str) -> bool:
    return policy_of(effect) == policy


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
    return [
        one.name
        for path in sorted((ROOT / "sim").rglob("*.py"))
        if path.name != "week.py"
        for one in _rules(str(path.relative_to(ROOT / "sim").with_suffix("")))
    ]


def _rules(*modules: str) -> list[ast.FunctionDef]:
    functions = [function for module in modules for function in _functions(module)]
    return [
        one for one in functions if any(_name(decorator) in ("rule", "typed_rule") for decorator in one.decorator_list)
    ]


def _functions(module: str) -> list[ast.FunctionDef]:
    tree = ast.parse((ROOT / "sim" / f"{module}.py").read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        return _name(node.func)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


# --- draws -----------------------------------------------------------------------------------------------------------


@part
def decisions() -> str:
    """Every draw of every rule: decision, agent, slot, block, and which of the four uniforms."""
    found: dict[str, list[tuple[Any, ...]]] = {one.name: [] for one in Stream}
    for module in (*_MODULES, "state"):
        for function in _functions(module):
            for name, line in _draws(function):
                found[name].append((f"`{module}.{function.name}`", *line))
    lines: list[tuple[Any, ...]] = []
    for one in Stream:
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
        old = path.read_text(encoding="utf-8")
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
            path.write_text(new, encoding="utf-8")
            print(f"{name}: written")
    if check and faults:
        print("The pages differ from the code: python tools/make_docs.py")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
