"""Displays that need no run: help, the phases of a week, the table of parameters."""

import os
import textwrap
from collections.abc import Sequence
from pathlib import Path

from sim.cli.completion import SHELLS, script
from sim.config import ConfigurationError, folders_of, groups_in
from sim.config.own_folder import file_of, what_is
from sim.config.untrusted_yaml import no_folder
from sim.output.columns import aligned, folded
from sim.output.program import as_started
from sim.output.provenance import version_in_words

EXPLAINED = ("policy", "shock", "group", "preset")
"""Groups whose options are explained, each by the first comment of its file."""


def show_help(config_dir: str | None) -> int:
    """Print how to call the command, with every group and its options.

    Raises:
        ConfigurationError: if there is no such folder of a user's own.
    """
    if config_dir and (error := no_folder(config_dir)):
        raise ConfigurationError([f"--config-dir {config_dir}: {error}"])
    own = Path(config_dir) if config_dir else None
    groups = groups_in(folders_of(own))
    lines = []
    for name, some in groups.items():
        if name in EXPLAINED:
            files = {option: file_of(f"{name}/{option}.yaml", own) for option in some}
            lines += [f"  {name}", *(f"    {option:<21}{what_is(file)}".rstrip() for option, file in files.items())]
        else:
            lines.append(f"  {name:<13}{textwrap.fill(', '.join(some), 92, subsequent_indent=' ' * 15)}")
    text = Path(__file__).with_name("help.txt").read_text(encoding="utf-8")
    print(as_started(text).replace("GROUPS", "\n".join(lines)), end="")
    return 0


def show_version() -> int:
    """Print version, commit and place of this program."""
    print(version_in_words())
    return 0


def show_completion(arguments: Sequence[str]) -> int:
    """Print the script that completes both commands in a shell.

    Raises:
        ConfigurationError: if another shell is meant.
    """
    words = [word for one in arguments for word in one.split("=", 1)]
    shell = "".join(words[words.index("--completion") + 1 :][:1])
    if shell not in SHELLS:
        raise ConfigurationError([f"--completion {shell}: allowed is {' or '.join(SHELLS)}"])
    print(script(shell))
    return 0


def show_phases() -> int:
    """Print the phases of a week: number, name, description, inputs and outputs."""
    os.environ.setdefault("NUMBA_DISABLE_JIT", "1")  # nothing is run, so nothing need be compiled
    from sim.phases import table

    print("A week, in order; shocks and policies that begin come before the first phase.\n")
    for number, phase in enumerate(table(), 1):
        first = phase.doc.split(". ")[0].rstrip(".")
        print(f"{number:>3}  {phase.name:<15}{textwrap.fill(first, 100, subsequent_indent=' ' * 20)}.")
        for word, names in (("reads", phase.reads), ("writes", phase.writes)):
            print(f"     {'':<15}{textwrap.fill(f'{word} ' + ', '.join(names), 100, subsequent_indent=' ' * 20)}")
    return 0


def _meant(text: str, name: str, doc: str) -> bool:
    """Return whether a filter matches a parameter: part of its name or description, or its name with a rail for *."""
    parts, stars = text.split("."), name.split(".")
    concrete = len(parts) > 1 and all(star in ("*", part) for part, star in zip(parts, stars, strict=False))
    return text in name or text in doc or (concrete and len(parts) <= len(stars))


def show_parameters(text: str = "") -> int:
    """Print every parameter whose name or description holds a text: unit, range, source, grade."""
    from sim.engine.parameters import table
    from sim.scenario import Scenario

    rows = [row for row in table(Scenario) if _meant(text.lower(), row.name, row.doc.lower())]
    if not rows:
        print(f"No parameter holds {text!r} in its name or description.")
        return 0
    cells = [("parameter", "range", "plausible", "unit", "grade", "source", "meaning")]
    for row in rows:
        span = f"{row.low} to {row.high}" if row.low or row.high else ""
        cells.append((row.name, span, row.plausible, row.unit, row.grade, row.source, row.doc))
    print("\n".join(aligned(cells)))
    grades = "Grades: A, B measured; C judgement; D derived; M from memory; - needs none."
    print(f"\n{folded(f'{len(rows)} parameters. {grades}')}")
    return 0
