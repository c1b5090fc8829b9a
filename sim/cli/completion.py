"""Completion by Tab: ``--completion SHELL`` prints a script, which asks ``--complete`` for candidates.

Keys and groups are read from the files of conf/ and of a user's own folder. Nothing is composed, and nothing heavy is
imported.
"""

import itertools
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.cli.arguments import OPTIONS
from sim.config import CONF, groups_in
from sim.config.own_folder import content_of
from sim.config.untrusted_yaml import Place, no_folder
from sim.output.program import INSTALLED, is_installed

SHELLS = ("bash", "zsh")
PATH = 3
"""The exit code by which the shell completes a path."""
_CURSOR = "\x01"


@dataclass
class Offer:
    """The arguments of a command: words, keys with their possible values, and options and keys that take a path."""

    words: list[str]
    keys: dict[str, list[str]]
    after: dict[str, list[str]] = field(default_factory=dict)  # values of an option
    paths: Sequence[str] = ()


def answer(arguments: Sequence[str], offer: Callable[[list[str], str], Offer]) -> int:
    """Print the candidates at the cursor, one a line, and return `PATH` where a path is possible.

    Args:
        arguments: the text that the shell will replace, and the line up to the cursor.
        offer: the arguments of the command, by the words before the cursor and the one at it.
    """
    part, line = [*arguments, "", ""][:2]
    before, word = split(line)
    offered = offer(before, word)
    last, key = before[-1] if before else "", word.split("=", 1)[0]
    if last in offered.paths or ("=" in word and key in offered.paths):
        return PATH
    found = offered.after[last] if last in offered.after else list(_candidates(word, offered))
    lead = word.removesuffix(part)  # the rest that the shell leaves, which may break words at = and :
    print("".join(f"{one.removeprefix(lead)}\n" for one in dict.fromkeys(found) if one.startswith(word)), end="")
    return 0


def split(line: str) -> tuple[list[str], str]:
    """Return the complete words after the command's name, and the word at the cursor, whose quotes may be open."""
    for end in ("", "'", '"'):
        try:
            words = shlex.split(line + _CURSOR + end)
        except ValueError:
            continue
        starts = [number for number, one in enumerate(words) if Path(one).name in (*INSTALLED, *INSTALLED.values())]
        words = words[starts[0] + 1 :] if starts else words[1:]
        return words[:-1], (words or [""])[-1].replace(_CURSOR, "")
    return [], ""


def _candidates(word: str, offered: Offer) -> Iterator[str]:
    """Yield words and keys, each key up to its next dot, or the possible values of a key, also after a comma."""
    adds = word[: len(word) - len(word.lstrip("+~"))]
    key, given, value = word.partition("=")
    if given:
        lead = value[: max(value.rfind(sign) for sign in ",[") + 1]
        yield from (f"{key}={lead}{one}" for one in offered.keys.get(key.lstrip("+~"), ()))
        return
    yield from offered.words
    for name in offered.keys:
        dot = name.find(".", len(word) - len(adds))
        yield adds + (f"{name}=" if dot < 0 else name[: dot + 1])


def offer(before: Sequence[str], word: str) -> Offer:
    """Return the arguments that the command of one scenario takes."""
    folders = folders_in(before)
    keys = keys_in(folders, word) | {
        "seed": [], "ledger": ["true", "false"], "figures": ["true", "false"],
        "hydra.run.dir": [], "hydra.sweep.dir": [], "hydra/sweeper": ["study", "basic"],
    }  # fmt: skip
    after = {"--cfg": ["job", "hydra", "all"], "--completion": [*SHELLS]}
    return Offer([*OPTIONS], keys, after, ("--config-dir", "-cd", "hydra.run.dir", "hydra.sweep.dir"))


def folders_in(before: Sequence[str], *names: str) -> list[Path]:
    """Return the folders that hold groups: conf/, and the folder that was typed."""
    pairs = [one.partition("=")[::2] for one in before if "=" in one] + [*itertools.pairwise(before)]
    own = [name for key, name in pairs if key in ("--config-dir", "-cd", *names)]
    return [CONF, *(Path(one) for one in own[-1:] if not no_folder(one))]


def keys_in(folders: list[Path], word: str) -> dict[str, list[str]]:
    """Return every group and parameter, and the possible values of the one at the cursor."""
    keys = groups_in(folders)
    files = [folder / group / f"{name}.yaml" for folder in folders for group in keys for name in keys[group]]
    for file in filter(Path.is_file, files):
        for place, value in _below(*content_of(file, file.parent.name)):
            keys.setdefault(".".join(place), ["true", "false"] if isinstance(value, bool) else [])
    name, given, _ = word.lstrip("+~").partition("=")
    if given and not keys.get(name):
        from sim.config.messages import field_at, options_of

        keys[name] = options_of(field_at(tuple(name.split("."))))
    return keys


def _below(place: Place, value: Any) -> Iterator[tuple[Place, Any]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _below((*place, str(name)), inner)
    elif place:
        yield place, value


def script(shell: str) -> str:
    """Return the script that completes the commands in a shell.

    The commands are the installed ones or those of a clone, as this one was started.
    """
    names: Iterable[str] = INSTALLED.values()
    if not is_installed():
        names = dict.fromkeys(["python", "python3", Path(sys.executable).name])
    text = Path(__file__).with_name(f"completion.{shell}").read_text(encoding="utf-8")
    return text.replace("NAMES", " ".join(names)).replace("PATH", str(PATH))
