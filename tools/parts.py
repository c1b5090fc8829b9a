"""The generated parts of the pages that describe the model."""

import ast
import inspect
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import IntEnum
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from omegaconf import OmegaConf

from sim.config import CONF, groups_in, load
from sim.engine import constants
from sim.engine.parameters import Section
from sim.engine.parameters import table as parameter_table
from sim.engine.records import Record
from sim.engine.rng import Stream, uniforms
from sim.model import Model
from sim.outcomes import OUTCOMES
from sim.phases import table as phase_table
from sim.scenario import Kind, Scenario
from sim.scenario.sections import policy_of
from sim.state import KINDS

SIM = Path(__file__).resolve().parents[1] / "sim"
FILES = (
    "engine/arithmetic", "engine/rng", *(f"rules/{name}" for name in (
        "appeals", "donors", "intermediaries", "transfers", "tracing", "enforcement", "cells", "attacks", "sympathy",
        "adaptation", "observers", "books",
    )), "state",
)  # fmt: skip
"""Files of sim/ that draw random numbers, in the order of the table of draws."""


def table(heads: str, lines: Sequence[Sequence[Any]]) -> pd.DataFrame:
    """A table from its heads, separated by bars, and its lines."""
    return pd.DataFrame([tuple(line) for line in lines], columns=heads.split(" | "), dtype=object)


def shown(value: Any) -> str:
    """A value as it is written in conf/."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {shown(one)}" for key, one in value.items()) or "none"
    if isinstance(value, tuple | list):
        return ", ".join(map(shown, value)) or "none"
    return str(value)


# --- phases and state -------------------------------------------------------------------------------------------------


def phases() -> pd.DataFrame:
    """The week, in order."""
    lines = []
    for number, phase in enumerate(phase_table(), 1):
        sentence = phase.doc.split(". ")[0].rstrip(".") + "."
        file = f"`{phase.module.replace('.', '/')}.py`"
        lines.append((number, f"`{phase.name}`", file, sentence, ", ".join(phase.reads), ", ".join(phase.writes)))
    return table("phase | name | in | what it does | reads | writes", lines)


def state() -> list[str | pd.DataFrame]:
    """State variables, kind by kind."""
    found: list[str | pd.DataFrame] = []
    for name, kind in KINDS.items():
        comments, lines = _comments(kind), []
        for field in kind.fields:
            base, shape = kind.dtype[field].base, kind.dtype[field].shape
            about = comments.get(field, "")
            if name == "book" and field in OUTCOMES and (not about or about.startswith("(")):
                unit = "cents" if OUTCOMES[field].unit.startswith("USD") else OUTCOMES[field].unit
                about = f"{OUTCOMES[field].label}, {unit} {about}".strip()
            lines.append((f"`{field}`", base.str[1:] + (f"[{shape[0]}]" if shape else ""), about))
        doc, file = " ".join((kind.__doc__ or "").split()), kind.__module__.replace(".", "/")
        found += [f"**`{name}`: {kind.__name__}** (`{file}.py`). {doc}", table("field | type | meaning", lines)]
    return found


def _comments(kind: type[Record]) -> dict[str, str]:
    """The comment beside each field; without one, that of the group that it stands in."""
    found, group = {}, ""
    for line in inspect.getsource(kind).splitlines():
        field = re.match(r"    (\w+): [^#]+?(?:  # (.*))?$", line)
        if heading := re.match(r"    # (.*)$", line):
            group = heading[1]
        elif field and field[1] in kind.fields:
            found[field[1]] = field[2] or (f"({group})" if group else "")
    return found


def enumerations() -> pd.DataFrame:
    """Vocabularies and fixed sizes of sim/engine/constants.py."""
    names, sizes = [], []
    for name, value in vars(constants).items():
        if isinstance(value, type) and issubclass(value, IntEnum) and value is not IntEnum:
            names.append((f"`{name}`", ", ".join(f"{member.value} {member.name}" for member in value)))
        elif name.isupper() and isinstance(value, int | float):
            sizes.append((f"`{name}`", shown(value)))
    return table("name | values", names + sizes)


def outcomes() -> pd.DataFrame:
    """Every outcome."""
    lines = [(f"`{name}`", one.label, one.unit, one.better) for name, one in OUTCOMES.items()]
    return table("outcome | label | unit | better for those who disrupt", lines)


# --- the scenario -----------------------------------------------------------------------------------------------------


def parameters() -> list[str | pd.DataFrame]:
    """Every parameter, with its value in the default scenario."""
    values, lines = load(), []
    for row in parameter_table(Scenario):
        value: Any = values
        for name in row.name.split(".") if "*" not in row.name else ():
            value = getattr(value, name)
        default = "*by name*" if "*" in row.name else shown(value)
        span = f"{row.low} to {row.high}" if row.low or row.high else ""
        about = (row.plausible, row.role, row.grade, row.source, row.doc)
        lines.append((f"`{row.name}`", default, row.unit, span, *about))
    heads = "parameter | default | unit | range | plausible | role | grade | source | meaning"
    return [table(heads, lines), f"{len(lines)} parameters."]


def _flat(section: Section, prefix: str = "") -> Iterator[tuple[str, str]]:
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, Section):
            yield from _flat(value, f"{prefix}{name}.")
        elif name != "name":
            yield f"{prefix}{name}", shown(value)


def _sections(sections: dict[str, Section]) -> pd.DataFrame:
    """The parameters of some sections, a column each."""
    columns = pd.DataFrame({name: dict(_flat(section)) for name, section in sections.items()})
    return columns.rename(index="`{}`".format).rename_axis("parameter").reset_index()


def _named(field: str) -> pd.DataFrame:
    return _sections({one.name: one for one in getattr(load(), field)})


def kinds() -> pd.DataFrame:
    """The kinds of intermediaries of the default scenario."""
    return _sections({name: kind for name, kind in load().intermediaries if isinstance(kind, Kind)})


def cells() -> pd.DataFrame:
    """The cells of the default scenario, a row each."""
    rows = pd.DataFrame({name: dict(_flat(cell)) for name, cell in load().group.cells.items()}).T
    return rows.rename(columns=lambda field: field.removeprefix("revenue.")).rename_axis("cell").reset_index()


def policies() -> pd.DataFrame:
    """The policies of conf/policy, with the effects of each at full intensity."""
    effects, lines = load().effects, []
    for name in groups_in([CONF])["policy"]:
        policy = OmegaConf.load(CONF / "policy" / f"{name}.yaml")
        if not policy:
            continue
        about = [
            f"`effects.{field}` {shown(getattr(effects, field))}: {info.description}"
            for field, info in type(effects).model_fields.items()
            if policy_of(field) == name
        ] or ["the agencies' effort follows their evidence wholly (rule `move_effort`)"]
        staff = f"{shown(policy.staff_weeks)} to {policy.agency}"
        lines.append((f"`{name}`", policy.start, policy.ramp, staff, "; ".join(about)))
    return table("policy | start | ramp, weeks | staff-weeks a week | effect at full intensity", lines)


def shocks() -> pd.DataFrame:
    """The shocks of conf/shock; those of the default timeline are marked."""
    default, lines = load().shocks, []
    for name in groups_in([CONF])["shock"]:
        file = CONF / "shock" / f"{name}.yaml"
        shock: Any = OmegaConf.to_container(OmegaConf.load(file))
        hidden = {"type", "enabled"}
        if shock["type"] not in ("opportunity", "conflict"):
            hidden.add("half_life")
        values = [f"{key} {shown(one)}" for key, one in shock.items() if key not in hidden and one not in (None, {}, 0)]
        text = file.read_text(encoding="utf-8").splitlines()
        about = " ".join(line[2:] for line in text if line.startswith("# ") and "@package" not in line)
        lines.append((f"`{name}`", shock["type"], "yes" if name in default else "no", "; ".join(values), about))
    return table("shock | type | default | values | what it is", lines)


def options() -> pd.DataFrame:
    """The folders of conf/ and their files."""
    lines = [(f"`{name}`", ", ".join(f"`{one}`" for one in files)) for name, files in groups_in([CONF]).items()]
    return table("group | options", lines)


# --- rules and draws --------------------------------------------------------------------------------------------------


def rules(*files: str) -> pd.DataFrame:
    """The rules of some files, with their docstrings."""
    lines = []
    for function in (one for file in files for one in _rules(file)):
        paragraphs = (ast.get_docstring(function) or "").split("\n\n")
        text = [" ".join(paragraph.split()) for paragraph in paragraphs if not paragraph.startswith("Raises")]
        lines.append((f"`{function.name}`", "<br>".join(text), ", ".join(one.arg for one in function.args.args)))
    return table("rule | what it says | takes", lines)


def rule_names() -> list[str]:
    """Names of all rules; the week itself is the table of phases."""
    files = [str(path.relative_to(SIM).with_suffix("")) for path in sorted(SIM.rglob("*.py"))]
    return [one.name for file in files if file != "week" for one in _rules(file)]


def _functions(file: str) -> list[ast.FunctionDef]:
    tree = ast.parse((SIM / f"{file}.py").read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def _rules(file: str) -> list[ast.FunctionDef]:
    return [one for one in _functions(file) if {"rule", "typed_rule"} & {*map(_name, one.decorator_list)}]


def _name(node: ast.expr) -> str:
    """The last name of what a decorator or call refers to."""
    return _name(node.func) if isinstance(node, ast.Call) else ast.unparse(node).split(".")[-1]


def decisions() -> pd.DataFrame:
    """Every draw of every rule: decision, agent, slot, block, and which of the four uniforms."""
    found = defaultdict[str, list[tuple[str, ...]]](list)
    for file in FILES:
        for function in _functions(file):
            for name, line in _draws(function):
                found[name].append((f"`{file}.{function.name}`", *line))
    lines = [
        (one.value, f"`{one.name}`", *line)
        for one in Stream
        for line in found[one.name] or [("not drawn", "", "", "", "", "")]
    ]
    return table("number | decision | rule | seed | agent | slot | block | uniforms used", lines)


def _draws(function: ast.FunctionDef) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The draws in a function's text: name of the decision, and how it is keyed and used."""
    parents = {child: node for node in ast.walk(function) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(function):
        if not isinstance(node, ast.Call) or _name(node) not in ("uniform", "uniforms", "gamma"):
            continue
        seed, stream, agent, slot, *rest = [ast.unparse(argument) for argument in node.args]
        if not stream.startswith("Stream."):
            continue
        how = {
            "gamma": ("0, 1, 2, ... until accepted", "0, 1 normal; 2 acceptance; 3 boost"),
            "uniform": ("0", "0"),
        }.get(_name(node)) or (rest[0], _used(parents[node], function))
        yield stream.split(".")[1], (seed, agent, slot, *how)


def _used(parent: ast.AST, function: ast.FunctionDef) -> str:
    """Which of the four uniforms of a call are used, and under which name, by the node around the call."""
    match parent:
        case ast.Subscript():
            return ast.unparse(parent.slice)
        case ast.Assign(targets=[ast.Tuple(elts=targets)]):
            names = enumerate(map(ast.unparse, targets))
            return ", ".join(f"{place} {name}" for place, name in names if not name.strip("*").startswith("_"))
        case ast.Assign(targets=[ast.Name(id=name)]):
            items = (one for one in ast.walk(function) if isinstance(one, ast.Subscript))
            return ", ".join(sorted({ast.unparse(one.slice) for one in items if ast.unparse(one.value) == name}))
    return "all"


# --- values to check a reimplementation against -----------------------------------------------------------------------

SMALL = ("population.donors=400", "horizon.weeks=6", "horizon.start=2020-06-01", "policy=[exchange_kyc]")
SHOWN = (
    "attempts", "given", "blocked", "delivered", "collected", "spent", "fees", "raided", "held", "cases",
    "followed", "false_reports", "backlog", "fighters", "left", "killed", "capacity", "attacks", "deaths",
    "sympathy", "claims", "crypto_estimate",
)  # fmt: skip


def checks() -> list[str | pd.DataFrame]:
    """Draws and a small run, so that a reimplementation can be compared step by step."""
    keys = [(1, 0, 0, 0, 0), (1, 3, 17, 5, 0), (1, 3, 17, 5, constants.key_of("monero")), (2**40 + 7, 9, 1, 259, 0)]
    lines = [(*key, *(f"{u:.12f}" for u in uniforms(*key))) for key in keys]
    names = [(name, constants.key_of(name)) for name in ("monero", "iraq_1", "exchange_1")]
    book, sums = Model(load(*SMALL)).run(), []
    for name in SHOWN:
        values = book[name].reshape(len(book), -1).sum(axis=1)
        sums.append((f"`{name}`", *(f"{value:{'.9g' if values.dtype.kind == 'f' else 'd'}}" for value in values)))
    weeks = " | ".join(f"week {week}" for week in range(len(book)))
    return [
        table("seed | decision | agent | slot | block | 0 | 1 | 2 | 3", lines),
        table("name | key", names),
        f"The run of `{' '.join(SMALL)}`, everything else as in conf/:",
        table(f"field, summed over rails or theatres | {weeks}", sums),
    ]


_PARTS = (
    phases, state, enumerations, outcomes, parameters, kinds, cells, policies, shocks, options, rules, decisions,
    checks,
)  # fmt: skip
PARTS: dict[str, Any] = {one.__name__: one for one in _PARTS}
"""What makes each part, by the name in its mark; words after the name are its arguments."""
PARTS |= {name: partial(_named, name) for name in ("rails", "theatres", "appeals")}
