"""What rules must look like to give the same bits compiled and plain, and to be read beside the table of parameters."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from sim.engine.cache import sources
from sim.engine.parameters import layout, table
from sim.output import provenance
from sim.scenario import Scenario
from sim.state import KINDS
from sim.week import PHASES as WEEK

SIM = Path(__file__).parents[2] / "sim"
APART = ("api.py", "cli", "config", "live", "model", "output", "plots")
FILES = sorted(file for file in SIM.rglob("*.py") if file.relative_to(SIM).parts[0] not in APART)
LONGEST = 25
"""Lines of a rule, without signature and docstring; the phases of the week may be longer, up to twice that."""
PHASES = {phase.__name__ for phase in WEEK}


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def decorator(function: ast.FunctionDef) -> set[str]:
    names = set()
    for one in function.decorator_list:
        one = one.func if isinstance(one, ast.Call) else one
        names.add(one.id if isinstance(one, ast.Name) else "")
    return names


def rules() -> list[tuple[Path, ast.FunctionDef]]:
    """Every function that is compiled."""
    return [
        (file, node)
        for file in FILES
        for node in ast.walk(tree(file))
        if isinstance(node, ast.FunctionDef) and decorator(node) & {"rule", "typed_rule"}
    ]


RULES = rules()


def body(function: ast.FunctionDef) -> list[ast.stmt]:
    """The statements after the docstring."""
    return function.body[1:] if ast.get_docstring(function) else function.body


def nodes(function: ast.FunctionDef) -> Iterator[ast.AST]:
    for statement in body(function):
        yield from ast.walk(statement)


def at(file: Path, node: ast.AST) -> str:
    return f"{file.name}:{getattr(node, 'lineno', 0)}"


def constant(node: ast.expr) -> bool:
    """A number that is written out, negated or not."""
    return isinstance(node, ast.Constant) or (isinstance(node, ast.UnaryOp) and constant(node.operand))


# --- the same bits ----------------------------------------------------------------------------------------------------


def forbidden(function: ast.FunctionDef) -> Iterator[tuple[ast.AST, str]]:
    """What compiled code computes in other last bits than plain Python, or not at all."""
    for node in nodes(function):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("np", "numpy"):
            yield node, f"np.{node.attr} has other last bits than math"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("sum", "pow"):
            yield node, f"{node.func.id}: write a loop, or math.exp"
        elif isinstance(node, ast.Attribute) and node.attr in (
            "lgamma",
            "gamma",
            "fsum",
            "pow",
            "erfc",
            "sum",
            "mean",
            "dot",
        ):
            yield node, f".{node.attr} differs"
        elif isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Pow):
            left, right = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.target, node.value)
            if constant(left) or constant(right):
                yield node, "a power with constant base or exponent: x * x, math.sqrt, or sim.engine.arithmetic.decay"


def test_rules_are_found():
    assert len(RULES) > 80
    assert {function.name for _, function in RULES} >= PHASES


def test_rules_compute_the_same_bits_compiled_and_plain():
    wrong = [f"{at(file, node)} {why}" for file, function in RULES for node, why in forbidden(function)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "text",
    ["np.exp(x)", "sum(x)", "x ** 2", "2.0 ** x", "x ** -1", "x ** 0.5", "math.lgamma(x)", "x.sum()", "pow(x, y)"],
)
def test_the_lint_sees_what_is_forbidden(text):
    function = ast.parse(f"@rule\ndef f(x):\n    return {text}").body[0]
    assert isinstance(function, ast.FunctionDef)
    assert list(forbidden(function))


@pytest.mark.parametrize("text", ["x ** y", "x * x", "math.exp(x)", "math.sqrt(x)", "max(x, 1.0)"])
def test_the_lint_lets_pass_what_is_the_same(text):
    function = ast.parse(f"@rule\ndef f(x, y):\n    return {text}").body[0]
    assert isinstance(function, ast.FunctionDef)
    assert not list(forbidden(function))


def test_nothing_is_compiled_with_fast_but_inexact_arithmetic_or_in_parallel():
    words = ("fastmath", "parallel", "prange", "njit", "@jit", "vectorize")
    found = {file.name for file in FILES for word in words if word in file.read_text(encoding="utf-8")}
    assert found == {"jit.py"}
    assert not {"fastmath", "parallel"} & {
        keyword.arg
        for node in ast.walk(tree(SIM / "engine" / "jit.py"))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
    }


def _types(dtype: np.dtype) -> Iterator[np.dtype]:
    if dtype.names is None:
        yield dtype.base
    else:
        for name in dtype.names:
            yield from _types(dtype[name].base)


def test_every_float_is_of_64_bits_and_every_sum_of_money_an_integer_of_64():
    """A product of two floats of 32 bits would be of 32 bits compiled and of 64 plain."""
    for dtype in (*(kind.dtype for kind in KINDS.values()), layout(Scenario)):
        assert not [one for one in _types(dtype) if one.kind == "f" and one.itemsize != 8]
    cents = {"amount", "given", "funds", "chest", "income", "custody", "held", "spent", "frozen", "raided", "fees"}
    found = {(name, kind.dtype[name].base) for kind in KINDS.values() for name in kind.fields if name in cents}
    assert {name for name, _ in found} == cents
    assert all(base == np.int64 for _, base in found)


# --- what a reader sees -----------------------------------------------------------------------------------------------


def test_every_rule_says_in_one_sentence_what_it_does():
    wrong = []
    for file, function in RULES:
        text = ast.get_docstring(function) or ""
        first = text.split("\n\n")[0].strip()
        if not first or not re.search(r"\.(\s|$)", first) or not first[0].isupper():
            wrong.append(f"{at(file, function)} {function.name}")
    assert not wrong, "\n".join(wrong)


def test_rules_are_short():
    wrong = []
    for file, function in RULES:
        statements = body(function)
        lines = (statements[-1].end_lineno or 0) - statements[0].lineno + 1
        if lines > (2 if function.name in PHASES else 1) * LONGEST:
            wrong.append(f"{at(file, function)} {function.name}: {lines} lines")
    assert not wrong, "\n".join(wrong)


# --- what a rule reads ------------------------------------------------------------------------------------------------

PARAMETERS = [row.name for row in table(Scenario)]
SECTIONS = set(Scenario.model_fields)
_DOTTED = re.compile(r"[a-z_]+(?:\.(?:[a-z_]+|\*))+")
_READS = re.compile(r"\b[Rr]eads ([^.:;(]*(?:\.(?![\s]|$)[^.:;(]*)*)")
_COMPUTED = {"n_rails", "n_theatres", "slot"}


def named_in(text: str) -> set[str]:
    """The parameters, and whole sections, that a docstring names."""
    names = {name for name in _DOTTED.findall(text) if name.split(".")[0] in SECTIONS}
    for listed in _READS.findall(" ".join(text.split())):
        names |= {f"{word}.*" for word in re.split(r"[,\s]+(?:and\s)?", listed) if word in SECTIONS}
    return names


def covers(name: str, path: str) -> bool:
    """True if a name covers a path; a star is any one part or, at the end, all that follow."""
    wanted, parts = name.split("."), path.split(".")
    if wanted[-1] == "*":
        wanted = wanted[:-1]
    elif len(wanted) != len(parts):
        return False
    return len(wanted) <= len(parts) and all(a in ("*", b) or b == "*" for a, b in zip(wanted, parts, strict=False))


def path_of(node: ast.expr, aliases: dict[str, str]) -> str | None:
    """``rails.*.fee`` of ``p.rails[r].fee``."""
    if isinstance(node, ast.Name):
        return aliases.get(node.id)
    if isinstance(node, ast.Attribute):
        inner = path_of(node.value, aliases)
        return None if inner is None else f"{inner}.{node.attr}".lstrip(".")
    if isinstance(node, ast.Subscript):
        inner = path_of(node.value, aliases)
        return None if inner is None else f"{inner}.*"
    return None


def read_by(function: ast.FunctionDef) -> set[str]:
    """Every parameter that a rule reads itself, as in the table of parameters."""
    aliases = {"p": ""}
    for node in nodes(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id != "p":
            path = path_of(node.value, aliases)
            if path:
                aliases[node.targets[0].id] = path
    paths = {path_of(node, aliases) for node in nodes(function) if isinstance(node, ast.Attribute | ast.Subscript)}
    found = {path.removesuffix(".*") for path in paths if path}
    return {path for path in found - {"seed"} if any(name == path or name == f"{path}.*" for name in PARAMETERS)}


def test_docstrings_name_parameters_that_exist():
    wrong = []
    for file in FILES:
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                for name in named_in(ast.get_docstring(node) or ""):
                    if not any(covers(name, path) for path in PARAMETERS):
                        wrong.append(f"{at(file, node)} {node.name}: {name}")
    assert not wrong, "\n".join(wrong)


def test_every_parameter_that_a_rule_reads_is_named_in_its_docstring():
    """But for the seed, which every draw reads."""
    wrong = []
    for file, function in RULES:
        names = named_in(ast.get_docstring(function) or "")
        missing = [path for path in sorted(read_by(function)) if not any(covers(name, path) for name in names)]
        if missing:
            wrong.append(f"{at(file, function)} {function.name}: {', '.join(missing)}")
    assert not wrong, "\n".join(wrong)


_BY_NAME = {function.name: function for _, function in RULES}
_CARRIED = {
    "lawful_on": "intermediaries.*.lawful",  # these three: a record or the week's conditions carry them
    "observe_attacks": "theatres.*.claims",
    "draw_community": "theatres.*.donors population.abroad",
    "life_of_channel": "campaigns.audience_lost campaigns.rebuild",  # names the other half of the mechanism
}


def read_below(name: str, seen: set[str]) -> set[str]:
    """What a rule and all the rules that it calls read."""
    if name in seen or name not in _BY_NAME:
        return set()
    seen.add(name)
    calls = [
        node.func.id for node in nodes(_BY_NAME[name]) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    return read_by(_BY_NAME[name]).union(*(read_below(call, seen) for call in calls))


def test_no_docstring_names_a_parameter_that_is_not_read():
    """Neither by the rule nor by those it calls: a leftover."""
    wrong = []
    for file, function in RULES:
        read = read_below(function.name, set())
        for name in named_in(ast.get_docstring(function) or ""):
            if not any(covers(name, path) for path in read) and name not in _CARRIED.get(function.name, "").split():
                wrong.append(f"{at(file, function)} {function.name}: {name}")
    assert not wrong, "\n".join(wrong)


def test_every_parameter_of_the_rules_is_read_somewhere():
    """No knob without a wire: what no rule reads, the set-up, the timeline or the report does."""
    text = " ".join(file.read_text(encoding="utf-8") for file in [*FILES, *(SIM / "cli").glob("*.py")])
    read = {path for _, function in RULES for path in read_by(function)}
    wrong = []
    for name in PARAMETERS:
        last = name.removesuffix(".*").split(".")[-1]
        carried = name.startswith("enforcement.staff")  # by the names of the agencies; the price of a week by studies
        if name.removesuffix(".*") not in read and not carried and not re.search(rf"[.\"]{last}\b", text):
            wrong.append(name)
    assert not wrong, wrong


def test_reads_are_understood():
    function = ast.parse("""
def f(p, r):
    trace = p.rails[r].traceability
    return trace.lag + p.choice.cost * p.rails[r].fee + p.rails[r].acceptance[2] + p.n_rails
""").body[0]
    assert isinstance(function, ast.FunctionDef)
    assert read_by(function) == {"rails.*.traceability.lag", "choice.cost", "rails.*.fee", "rails.*.acceptance"}
    assert named_in("Reads choice, giving. Of rails.*.fee (facts:x).") == {"choice.*", "giving.*", "rails.*.fee"}
    assert covers("choice.*", "choice.cost") and covers("rails.*.traceability.*", "rails.*.traceability.lag")
    assert not covers("choice.costs", "choice.cost") and not covers("choice.cost", "choice.cost.x")


# --- who may import whom ----------------------------------------------------------------------------------------------


def imports(file: Path, *, always: bool = False, types: bool = False) -> set[str]:
    """Modules that a file imports, or names in them; in functions too, unless only what always runs counts."""
    found: set[str] = set()
    pending: list[ast.AST] = list(tree(file).body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{name.name}" for name in node.names}
        if (
            not types
            and isinstance(node, ast.If)
            and isinstance(node.test, ast.Name)
            and node.test.id == "TYPE_CHECKING"
        ):
            continue
        if not (always and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)):
            pending.extend(ast.iter_child_nodes(node))
    return found


def among(found: set[str], *packages: str) -> set[str]:
    return {name for name in found if any(name == one or name.startswith(f"{one}.") for one in packages)}


ALL = sorted(SIM.rglob("*.py"))
ORDER = ("engine", "scenario", "rules", "runs", "config", "output", "model", "plots", "api", "cli", "live")
"""From below to above: what is in one of these imports nothing from a later one. Files of sim/ itself are the run."""


def module(file: Path) -> str:
    """The dotted name of a file of sim/."""
    inner = file.relative_to(SIM.parent).with_suffix("")
    return ".".join(inner.parts[:-1] if inner.name == "__init__" else inner.parts)


def level(name: str) -> int:
    """The place of a module in the order."""
    part = name.split(".")[1] if "." in name else "__main__"
    return len(ORDER) if part == "__main__" else ORDER.index(part if part in ORDER else "runs")


def graph() -> dict[str, set[str]]:
    """The modules of sim/ that each of them imports, in functions and for types too; a package is one of them."""
    names = {module(file): file for file in ALL}
    found = {}
    for name, file in names.items():
        reached = {one if one in names else one.rpartition(".")[0] for one in imports(file, types=True)}
        found[name] = {one for one in reached if one in names and one != name}
    return found


def test_nothing_imports_upward():
    wrong = [f"{name} imports {one}" for name, found in graph().items() for one in found if level(one) > level(name)]
    assert not wrong, wrong


def test_no_circle_of_imports():
    arrows, done = graph(), set[str]()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " -> ".join((*path, name))
        if name not in done:
            for other in sorted(arrows[name]):
                visit(other, (*path, name))
            done.add(name)

    for name in arrows:
        visit(name, ())


def test_such_a_circle_would_be_seen():
    arrows = graph()
    assert "sim.engine.jit" in arrows["sim.rules.donors"] and "sim.config.loading" in arrows["sim.config"]
    assert "sim.scenario" in arrows["sim.config.values"], "a package that is imported as such"
    order = ("sim.rules.donors", "sim.runs", "sim.config", "sim.model", "sim.cli.entry")
    assert sorted(order, key=level) == list(order) and level("sim.week") == level("sim.runs")


def test_the_model_knows_nothing_of_files_or_drawing():
    for file in FILES:
        if file.name != "__main__.py":
            assert not among(imports(file), "matplotlib", "seaborn", "tqdm", "hydra", "omegaconf"), file
        assert not among(imports(file), "experiments"), file


def test_a_faulty_configuration_is_told_without_loading_the_model():
    """Scenario, parameters and constants do without Mesa, Numba and NumPy, and so without any rule."""
    engine = SIM / "engine"
    for file in (*(SIM / "scenario").rglob("*.py"), engine / "parameters.py", engine / "constants.py"):
        assert not among(imports(file, always=True), "mesa", "numba", "numpy", "pandas", "sim.engine.jit"), file


# --- what results depend on -------------------------------------------------------------------------------------------


def reached(*names: str) -> set[str]:
    """All modules of sim/ that some of them import, directly or by others."""
    arrows, found, pending = graph(), set[str](), list(names)
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending += arrows[name]
    return found


def test_the_key_of_compiled_code_holds_every_file_that_rules_depend_on():
    known = {module(file) for file in sources()}
    assert {module(file) for file, _ in RULES} <= known
    assert reached("sim.week") - {"sim"} <= known


def test_the_version_of_results_holds_every_file_that_they_depend_on():
    known = {module(file) for file in provenance.sources()}
    assert reached("sim.runs", "sim.results") <= known
