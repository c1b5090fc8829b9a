"""Studies import the shared rooms, the rooms import sim, and nothing points back or round in a circle."""

import ast
import graphlib
from pathlib import Path

ROOT = Path(__file__).parents[2]
STUDIES = ROOT / "experiments" / "studies"
NAMES = sorted(folder.name for folder in STUDIES.iterdir() if (folder / "report.py").exists())
MODULES = {
    ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file
    for place in ("experiments", "sim")
    for file in (ROOT / place).rglob("*.py")
}
TREES = {name: ast.parse(file.read_text(encoding="utf-8")) for name, file in MODULES.items()}


def imported(name: str, everywhere: bool = True) -> set[str]:
    """The modules of this project that a module imports; when it is loaded, or anywhere in it."""
    found: set[str] = set()
    todo: list[ast.AST] = [TREES[name]]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.FunctionDef) and not everywhere:
            continue
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            continue
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {
                f"{node.module}.{one.name}" if f"{node.module}.{one.name}" in MODULES else node.module
                for one in node.names
            }
        todo += ast.iter_child_nodes(node)
    return {one for one in found if one in MODULES} - {name}


def test_arrows_point_from_studies_over_rooms_to_sim():
    found = set()
    for name in MODULES:
        own = ".".join(name.split(".")[:3]) if name.startswith("experiments.studies.") else "no study"
        studies = {one for one in imported(name) if one.startswith("experiments.studies.")}
        found |= {f"{name} -> {one}" for one in studies if not one.startswith(f"{own}.")}
        found |= {f"{name} -> {one}" for one in imported(name) if name.startswith("sim") and not one.startswith("sim")}
    assert not found


def test_the_machinery_names_no_study():
    found = {
        f"{name}: {node.value}"
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if name.startswith("experiments.study.") and isinstance(node, ast.Constant) and node.value in NAMES
    }
    assert not found


def test_no_circle_when_modules_are_loaded():
    graph = {name: imported(name, everywhere=False) for name in MODULES if name.startswith("experiments")}
    tuple(graphlib.TopologicalSorter(graph).static_order())
