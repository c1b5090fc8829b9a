"""The generated parts of the pages that describe the model: parts.j2 has their words, this module what they list."""

import ast
import csv
import inspect
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import IntEnum
from functools import cache, partial
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, StrictUndefined
from omegaconf import OmegaConf

from experiments.study.codebook import statistics
from sim.config import CONF, groups_in, load
from sim.engine import constants
from sim.engine.parameters import Section
from sim.engine.parameters import table as parameter_table
from sim.engine.records import Record
from sim.engine.rng import Stream, uniforms
from sim.model import Model
from sim.outcomes import COLUMNS, OUTCOMES, Outcome, described
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


TABLES = {
    "": "columns of several tables",
    "outcome": "outcomes: `weekly_*.parquet`, `weekly.parquet`; as means `runs.parquet`, `summary.csv`, `policy.csv`",
    "run": "measures of the whole run: `measures.csv`, `runs.parquet`",
    "ledger": "`ledger.parquet`",
    "week": "`weekly_*.parquet`, `weekly.parquet`",
    "window": "`measures.csv`, `summary.csv`, `policy.csv`: the weeks that a number is of",
    "about": "`measures.csv`, `summary.csv`, `policy.csv`: what a row is",
    "mean": "`summary.csv`, `policy.csv`: means",
    "runs": "`runs.parquet`",
}
"""Tables that are described under another name than that of their file."""
SMALL = ("population.donors=400", "horizon.weeks=6", "horizon.start=2020-06-01", "policy=[exchange_kyc]")
"""The run against which a reimplementation is compared."""


def row(*cells: Any) -> str:
    """A line of a table in Markdown."""
    return f"| {' | '.join(str(cell).replace('|', '\\|').replace(chr(10), ' ') for cell in cells)} |"


def head(names: Sequence[str]) -> str:
    """The heads of a table in Markdown."""
    return f"| {' | '.join(names)} |\n|{'---|' * len(names)}"


def table(rows: pd.DataFrame) -> str:
    """A table of words and numbers in Markdown."""
    return "\n".join([head(list(rows)), *(row(*one) for one in rows.astype(object).itertuples(index=False, name=None))])


def shown(value: Any) -> str:
    """A value as it is written in conf/."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, IntEnum):
        return value.name.lower()
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {shown(one)}" for key, one in value.items()) or "none"
    if isinstance(value, tuple | list):
        return ", ".join(map(shown, value)) or "none"
    return str(value)


def default(name: str) -> str:
    """The value of a parameter in the default scenario."""
    value: Any = load()
    for part in name.split(".") if "*" not in name else ():
        value = getattr(value, part)
    return "*by name*" if "*" in name else shown(value)


def _flat(section: Section, prefix: str = "") -> Iterator[tuple[str, str]]:
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, Section):
            yield from _flat(value, f"{prefix}{name}.")
        elif name != "name":
            yield f"{prefix}{name}", shown(value)


def _sections(sections: dict[str, Section]) -> str:
    columns = pd.DataFrame({name: dict(_flat(section)) for name, section in sections.items()})
    return table(columns.rename(index="`{}`".format).rename_axis("parameter").reset_index())


def _named(field: str) -> str:
    return _sections({one.name: one for one in getattr(load(), field)})


def kinds() -> str:
    """The kinds of intermediaries of the default scenario."""
    return _sections({name: kind for name, kind in load().intermediaries if isinstance(kind, Kind)})


def cells() -> str:
    """The cells of the default scenario, a row each."""
    rows = pd.DataFrame({name: dict(_flat(cell)) for name, cell in load().group.cells.items()}).T
    rows = rows.rename(columns=lambda field: field.removeprefix("revenue."))
    return table(rows.rename_axis("cell").reset_index())


def in_conf(group: str, name: str) -> tuple[Any, str]:
    """The values of a file of conf/, and its comment in a line."""
    file = CONF / group / f"{name}.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()
    comment = " ".join(line[2:] for line in lines if line.startswith("# ") and "@package" not in line)
    return OmegaConf.to_container(OmegaConf.load(file)), comment


def effects_of(policy: str) -> str:
    """The effects of a policy at full intensity."""
    effects = load().effects
    fields = {name: one for name, one in type(effects).model_fields.items() if policy_of(name) == policy}
    about = [f"`effects.{name}` {shown(getattr(effects, name))}: {one.description}" for name, one in fields.items()]
    return "; ".join(about) or "the agencies' effort follows their evidence wholly (rule `move_effort`)"


def values_of(shock: dict[str, Any]) -> str:
    """The values of a shock."""
    hidden = {"type", "enabled"} | ({"half_life"} if shock["type"] not in ("opportunity", "conflict") else set())
    return "; ".join(
        f"{key} {shown(one)}" for key, one in shock.items() if key not in hidden and one not in (None, {}, 0)
    )


def fields(name: str, kind: type[Record]) -> Iterator[tuple[str, str, str]]:
    """The fields of a kind of record: name, type and meaning."""
    comments = _comments(kind)
    for field in kind.fields:
        base, shape = kind.dtype[field].base, kind.dtype[field].shape
        about = comments.get(field, "")
        if name == "book" and field in OUTCOMES and (not about or about.startswith("(")):
            unit = "cents" if OUTCOMES[field].unit.startswith("USD") else OUTCOMES[field].unit
            about = f"{OUTCOMES[field].label}, {unit} {about}".strip()
        yield f"`{field}`", base.str[1:] + (f"[{shape[0]}]" if shape else ""), about


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


def vocabularies() -> Iterator[tuple[str, str]]:
    """Vocabularies of sim/engine/constants.py with their words, then its fixed sizes."""
    known = vars(constants).items()
    for name, value in known:
        if isinstance(value, type) and issubclass(value, IntEnum) and value is not IntEnum:
            yield name, ", ".join(f"{member.value} {member.name}" for member in value)
    yield from ((name, shown(value)) for name, value in known if name.isupper() and isinstance(value, int | float))


def rules_in(*files: str) -> Iterator[tuple[str, str, str]]:
    """The rules of some files: name, docstring and arguments."""
    for function in (one for file in files for one in _functions(file)):
        if {"rule", "typed_rule"} & {*map(_name, function.decorator_list)}:
            paragraphs = (ast.get_docstring(function) or "").split("\n\n")
            text = [" ".join(paragraph.split()) for paragraph in paragraphs if not paragraph.startswith("Raises")]
            yield function.name, "<br>".join(text), ", ".join(one.arg for one in function.args.args)


def _functions(file: str) -> list[ast.FunctionDef]:
    tree = ast.parse((SIM / f"{file}.py").read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def _name(node: ast.expr) -> str:
    return _name(node.func) if isinstance(node, ast.Call) else ast.unparse(node).split(".")[-1]


def draws() -> dict[str, list[tuple[str, ...]]]:
    """Every draw of every rule by its decision: rule, seed, agent, slot, block, and which of the four uniforms."""
    found = defaultdict[str, list[tuple[str, ...]]](list)
    for file in FILES:
        for function in _functions(file):
            for name, line in _draws(function):
                found[name].append((f"`{file}.{function.name}`", *line))
    return found


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


def codebook() -> Iterator[tuple[str, list[tuple[str, dict[str, Outcome]]]]]:
    """Every table by who writes it, with the descriptions of its columns."""
    study = SIM.parent / "experiments"
    files = {"One scenario": COLUMNS, "Every study": study / "study" / "columns.csv"}
    files |= {f"Report `{file.parent.name}`": file for file in sorted(study.glob("studies/*/columns.csv"))}
    for title, file in files.items():
        tables = dict.fromkeys(row["table"] for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
        found = [(TABLES.get(name, f"`{name}.csv`"), described(name, file)) for name in tables]
        yield title, found + ([("statistics of any table of effects", statistics())] if title == "Every study" else [])


def sums(values: Any) -> list[str]:
    """Sums of a field of the book by week."""
    form = ".9g" if values.dtype.kind == "f" else "d"
    return [f"{value:{form}}" for value in values.reshape(len(values), -1).sum(axis=1)]


@cache
def parts() -> dict[str, Any]:
    """What makes each part, by the name in its mark; words after the name are its arguments."""
    environment = Environment(undefined=StrictUndefined, trim_blocks=True, autoescape=False)
    known = (
        codebook, default, draws, effects_of, fields, groups_in, head, in_conf, load, row, rules_in, shown, sums,
        uniforms, values_of, vocabularies, Model, Scenario, Stream,
    )  # fmt: skip
    environment.globals |= {one.__name__: one for one in known}
    environment.globals |= {"phase_table": phase_table, "parameter_table": parameter_table, "constants": constants}
    environment.globals |= {"CONF": CONF, "KINDS": KINDS, "OUTCOMES": OUTCOMES, "SMALL": SMALL}
    page = environment.from_string(Path(__file__).with_suffix(".j2").read_text(encoding="utf-8")).make_module()
    found = {name: macro for name, macro in vars(page).items() if callable(macro)}
    found |= {name: partial(_named, name) for name in ("rails", "theatres", "appeals")}
    return found | {"kinds": kinds, "cells": cells}
