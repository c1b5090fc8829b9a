"""Every text file is read and written with its encoding: the locale decides nothing."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for part in ("sim", "experiments", "tools", "tests") for path in (ROOT / part).rglob("*.py"))
TEXT = {"read_text", "write_text"}
OPENED = {"open", "fdopen", "NamedTemporaryFile", "TemporaryFile"}
COMMANDS = {"run", "Popen", "check_output"}


def _bare(call: ast.Call) -> bool:
    """Whether a call leaves the encoding of a text to the locale."""
    function = call.func
    name = (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )
    given = {one.arg: one.value for one in call.keywords}
    if "encoding" in given or None in given:
        return False
    if name == "read_text":
        return not call.args
    if name == "write_text":
        return len(call.args) < 2
    if name in COMMANDS:
        return any(
            isinstance(given.get(one), ast.Constant) and given[one].value for one in ("text", "universal_newlines")
        )  # type: ignore[attr-defined]
    if name not in OPENED or (
        isinstance(function, ast.Attribute) and ast.unparse(function.value) == "os" and name == "open"
    ):
        return False
    named = (
        isinstance(function, ast.Name)
        or name == "fdopen"
        or ast.unparse(function.value) in ("io", "gzip", "bz2", "lzma")
    )  # type: ignore[attr-defined]
    place = 0 if name.endswith("File") or not named else 1
    modes = [given["mode"]] if "mode" in given else call.args[place : place + 1]
    mode = modes[0].value if modes and isinstance(modes[0], ast.Constant) else None
    if name.endswith("File"):
        return isinstance(mode, str) and "b" not in mode
    return (mode is None and not modes) or (isinstance(mode, str) and "b" not in mode)


def bare(source: str) -> list[int]:
    """The lines of a source whose calls leave an encoding to the locale."""
    return [node.lineno for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and _bare(node)]


@pytest.mark.parametrize(
    "line",
    [
        "path.read_text()",
        "path.write_text('x')",
        "open('x')",
        "open('x', 'w')",
        "path.open('a')",
        "io.open('x', mode='r')",
        "os.fdopen(3, 'w')",
        "subprocess.run(['x'], text=True)",
        "tempfile.NamedTemporaryFile('w')",
    ],
)
def test_a_bare_call_is_found(line: str):
    assert bare(line) == [1]


@pytest.mark.parametrize(
    "line",
    [
        "path.read_text('utf-8')",
        "path.write_text('x', encoding='utf-8')",
        "open('x', 'rb')",
        "path.open('wb')",
        "os.open('x', os.O_RDONLY)",
        "os.fdopen(3, 'wb')",
        "subprocess.run(['x'], capture_output=True)",
        "tempfile.NamedTemporaryFile()",
    ],
)
def test_other_calls_are_not(line: str):
    assert not bare(line)


def test_every_text_file_has_its_encoding():
    found = [f"{path.relative_to(ROOT)}:{line}" for path in SOURCES for line in bare(path.read_text(encoding="utf-8"))]
    assert not found
