"""The two commands by the names under which they are typed: installed, or as modules of a clone."""

import importlib.util
import shlex
import shutil
import sys
from pathlib import Path

INSTALLED = {"sim": "insurgent-financing", "experiments": "insurgent-financing-study"}
"""The command that the package installs for each module (pyproject.toml)."""


def is_installed() -> bool:
    """Return whether the command was started under the name that installation gave it."""
    return Path(sys.argv[0]).name in INSTALLED.values()


def program(module: str = "sim") -> str:
    """Return the words that start a module, as this command was started."""
    return INSTALLED[module] if is_installed() else f"python -m {module}"


def as_started(text: str) -> str:
    """Return a text that names the commands as modules, with the names by which a user types them."""
    for module in INSTALLED:
        text = text.replace(f"python -m {module}", typed(program(module)))
    return text


def typed(command: str) -> str:
    """Return a command as it can be typed here: with the path of this Python where ``python`` is another, or none."""
    ours, found = Path(sys.executable), shutil.which("python")
    same = found and Path(found).parent.samefile(ours.parent) and Path(found).samefile(ours)
    if same or not command.startswith("python "):
        return command
    here = ours.relative_to(Path.cwd()) if ours.is_relative_to(Path.cwd()) else ours
    return shlex.quote(str(here)) + command.removeprefix("python")


def foreign(package: str) -> str:
    """Return why Python would import a foreign package in place of one of the project; empty if it would not."""
    ours = Path(__file__).resolve().parents[2] / package
    spec = importlib.util.find_spec(package)
    found = Path(spec.origin).resolve() if spec is not None and spec.origin else ours / "__init__.py"
    if found == ours / "__init__.py" or not ours.is_dir():
        return ""
    return f"Python finds another {package} first, {found}; {INSTALLED['sim']} and {INSTALLED['experiments']} do not"
