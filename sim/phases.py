"""The phases of a week as a table: the summary, reads and writes of each, extracted from its source."""

import ast
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeGuard

from sim.week import PHASES


class Phase(NamedTuple):
    """One line of the table."""

    name: str
    module: str
    doc: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]


def table() -> list[Phase]:
    """Return the phases in order; an array that a phase writes is also among those that it reads."""
    found = []
    for phase in PHASES:
        function = _functions()[phase.__name__]
        doc = " ".join((ast.get_docstring(function) or "").split("\n\n")[0].split())
        used = dict.fromkeys(node.attr for node in ast.walk(function) if _is_of_world(node) and node.attr != "week")
        writes = tuple(name for name in used if f"world.{name}" in _written(function.name))
        found.append(Phase(phase.__name__, phase.__module__, doc, tuple(used), writes))
    return found


@cache
def _functions() -> dict[str, ast.FunctionDef]:
    rules = Path(__file__).parent / "rules"
    trees = (ast.parse(file.read_text(encoding="utf-8")) for file in sorted(rules.rglob("*.py")))
    return {node.name: node for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)}


def _is_of_world(node: ast.AST) -> TypeGuard[ast.Attribute]:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "world"


@cache
def _written(name: str) -> frozenset[str]:
    """Return the parameters of a rule (``cells``) or the arrays of its world (``world.cells``) that it writes to.

    A rule writes to a parameter if it assigns to an attribute or item of it, or of a name bound to a part of it, or if
    it passes the parameter to a rule that writes to it. No rule calls itself.
    """
    function = _functions()[name]
    roots = {argument.arg: argument.arg for argument in function.args.args if argument.arg != "world"}
    found: set[str] = set()
    for node in ast.walk(function):  # breadth first: a name is bound before the lines nested below it
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            root = _root(_record(node.value), roots)
            if root and not isinstance(node.value, ast.Attribute):
                roots[node.targets[0].id] = root
    for node in ast.walk(function):
        targets = getattr(node, "targets", [node.target] if isinstance(node, ast.AugAssign) else [])
        found |= {root for one in targets if not isinstance(one, ast.Name) and (root := _root(one, roots))}
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _functions():
            called = _functions()[node.func.id]
            writes = _written(node.func.id)
            for argument, value in zip(called.args.args, node.args, strict=True):
                if argument.arg in writes and (root := _root(value, roots)):
                    found.add(root)
    return frozenset(found)


def _record(node: ast.expr) -> ast.expr:
    """Return the expression, or the first argument of a call to a rule that returns one of its records."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _functions():
        returned = _functions()[node.func.id].returns
        if isinstance(returned, ast.Name) and returned.id not in ("int", "float", "bool"):
            return node.args[0]
    return node


def _root(node: ast.AST, roots: dict[str, str]) -> str | None:
    """Return the parameter, or the array of the world, to which an expression belongs."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        if _is_of_world(node):
            return f"world.{node.attr}"
        node = node.value
    return roots.get(node.id) if isinstance(node, ast.Name) else None
