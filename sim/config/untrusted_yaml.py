"""The parts that no configuration may hold: anything that would be imported, evaluated or unpickled."""

import math
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any
from unicodedata import category

import yaml

type Place = tuple[str, ...]

NO_TEXT = re.compile("[\ud800-\udfff]")
"""Bytes that are no text, as Python has them from the command line."""
_SPACES = {ord("\n"): " ", ord("\t"): " "}
_PLAIN = re.compile(r"\$\{[A-Za-z0-9_.\-\[\]]+\}")
_STRANGE = re.compile(r"_target_|pkg://|\$\{\s*[^{}$\s]*:")
_FROM_HYDRA = ("hydra._internal.core_plugins.", "hydra_plugins.", "experiments.study.sweeping.sweep")
_RESOLVERS = re.compile(r"\$\{(now|hydra):[^${}]*\}")
_NOTED = (("hydra", "runtime"), ("hydra", "overrides"))
"""Records of Hydra on its sources and the arguments. They only repeat an error, which lies where it takes effect."""


def shown(text: str) -> str:
    r"""Return a text on one line in which every character that cannot be printed is written out, such as ``\x1b``."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() or category(one) == "Zs" else ascii(one)[1:-1] for one in text)


@lru_cache(4096)
def plain(text: str) -> bool:
    """Return whether a text of several lines can be printed as it is."""
    return (tabless := text.translate(_SPACES)) == shown(tabless)


def one_line(text: object) -> str:
    """Return a foreign text, such as a library's error, on one line."""
    return " ".join(str(text).split())


def in_words(error: BaseException, most: int = 300) -> str:
    """Return kind and text of an error, on one line of limited length."""
    return shortened(f"{type(error).__name__}: {one_line(error)}", most)


def shortened(text: str, most: int = 300) -> str:
    """Return a text of limited length, with a mark where it was cut."""
    return text if len(text) <= most else f"{text[: most - 4]} ..."


def no_path(text: str | Path) -> str:
    """Return why the system does not accept a text as a path that this user may read, or an empty text."""
    if str(text).startswith("~"):
        return "the shell leaves ~ as it is here; write the whole path"
    if NO_TEXT.search(str(text)):
        return "it holds bytes that are no text (UTF-8)"
    try:
        Path(text).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        return (error.strerror or str(error)).lower()
    except ValueError:
        return "no path holds such a character"
    return ""


def no_folder(path: str | Path) -> str:
    """Return why a path leads to no existing folder, or an empty text."""
    return no_path(path) or ("" if Path(path).is_dir() else "there is no such folder")


def is_plain(text: str) -> bool:
    """Return whether a text refers to other values by their names alone: ``${seed}``, never ``${oc.env:HOME}``."""
    before = ""
    while before != text:
        before, text = text, _PLAIN.sub("x", text)
    return "${" not in text


def refused_as_typed(text: str, of_hydra: bool) -> str:
    """Return why a typed text is refused (part of it would be evaluated), or an empty text."""
    good = is_plain(_RESOLVERS.sub("x", text) if of_hydra else text)
    allowed = "references and times such as ${now:%Y}" if of_hydra else "references such as ${seed}"
    return "" if good else f"refused: it would be evaluated; only {allowed} are allowed"


def walk(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Yield every key (with None) and every leaf of plain values, with its place."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield (*place, str(name)), None
            yield from walk(inner, (*place, str(name)))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from walk(inner, (*place, str(index)))
    else:
        yield place, value


def refused(values: dict[str, Any]) -> Iterator[tuple[Place, str]]:
    """Yield every place of a scenario that would have something imported or evaluated."""
    for place, value in walk(values):
        if place[-1:] == ("_target_",):
            yield place, "refused: nothing in a configuration is ever imported"
        if isinstance(value, str) and not is_plain(value):
            yield place, f"refused: {value} would be evaluated; only references such as ${{seed}} are allowed"


def refused_by_hydra(values: dict[str, Any]) -> Iterator[tuple[Place, str]]:
    """Yield the same for Hydra's own settings, which may hold the time and Hydra's own classes."""
    for place, value in walk(values):
        text, name = value if isinstance(value, str) else "", place[-1]
        if name == "_target_" and value is not None and not text.startswith(_FROM_HYDRA):
            yield place, f"refused: {value} would be imported"
        elif name == "()" or (name == "class" and text and not text.startswith("logging.")):
            yield place, "refused: it would be imported"
        elif text.startswith("ext://") and text not in ("ext://sys.stdout", "ext://sys.stderr"):
            yield place, f"refused: {value} would be imported"
        elif place[1:2] == ("searchpath",) and text:
            yield place[:2], "refused; --config-dir adds a folder of your own"
        elif place[:2] not in _NOTED and not is_plain(_RESOLVERS.sub("x", text)):
            yield place, f"refused: {value} would be evaluated"


MOST = 100_000
"""Values that a file may hold once its anchors are written out: 300 times as many as the largest scenario."""


def size_of(text: str) -> float:
    """Return how many values a YAML text holds once its anchors are written out; infinite if one holds itself.

    A few lines of anchors upon anchors may mean billions of values.
    """
    known: dict[int, float] = {}

    def size(node: Any) -> float:
        if id(node) not in known:
            known[id(node)] = math.inf  # while it is counted: should it come up within itself
            parts = list(node.value) if isinstance(node, yaml.CollectionNode) else []
            inner = [one for part in parts for one in (part if isinstance(part, tuple) else (part,))]
            known[id(node)] = 1.0 + sum(map(size, inner))
        return known[id(node)]

    try:
        return sum(size(node) for node in yaml.compose_all(text, yaml.SafeLoader) if node is not None)
    except (yaml.YAMLError, RecursionError, ValueError):
        return 0.0  # the reader of the file reports the error


def bulky(file: Path) -> Iterator[str]:
    """Yield the error of a file that would be too large once its anchors are written out."""
    if size_of(file.read_text(encoding="utf-8", errors="replace")) > MOST:
        yield f"{file}: refused: more than {MOST:,} values once its anchors are written out"


_OTHERWISE = re.compile(r"[+-]?(0[0-7_]+|[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?)")


def misread(file: Path) -> Iterator[str]:
    """Yield every number of a file that YAML 1.1 takes for another one than a reader does: 010 for 8, 12:30 for 750."""
    for line, word, plain in _words(file):
        if plain and _OTHERWISE.fullmatch(word):
            read = yaml.safe_load(word)
            if ":" in word or read != int(word.replace("_", "")):
                yield f"{file}, line {line}: {word} would be read as {read}; write it in plain digits"


def _words(file: Path) -> Iterator[tuple[int, str, bool]]:
    """Yield every word of a YAML file as its reader takes it: line, text, and whether it is without quotes.

    Escapes are resolved. Where the text is no YAML, its lines are the words; the reader of the file reports the error.
    """
    text = file.read_text(encoding="utf-8", errors="replace")
    try:
        tokens = [one for one in yaml.scan(text, yaml.SafeLoader) if isinstance(one, yaml.ScalarToken)]
    except yaml.YAMLError:
        yield from ((number, line, False) for number, line in enumerate(text.splitlines(), 1))
    else:
        yield from ((one.start_mark.line + 1, one.value, one.plain) for one in tokens)


def refused_in_file(file: Path, group: str) -> list[str]:
    """Return the refused parts of a user's own file, before Hydra reads it.

    Args:
        file: the file.
        group: the group that holds it; Hydra's own groups may name Hydra's own classes.
    """
    about = file.stat()
    return _refused_in(file, group.split("/")[0] == "hydra", about.st_mtime_ns, about.st_size)


@lru_cache(4096)
def _refused_in(file: Path, of_hydra: bool, *stamp: int) -> list[str]:
    if found := [*bulky(file), *misread(file)]:
        return found
    before = ""
    for line, word, _ in _words(file):
        strange = _STRANGE.search(_RESOLVERS.sub("", word))
        if of_hydra and before == "_target_" and not word.startswith(_FROM_HYDRA):
            found.append(f"{file}, line {line}: refused: {word} would be imported")
        elif strange and not (of_hydra and "_target_" in (word, before)):
            # the value of the key is validated, and all of it once more when it is composed
            found.append(f"{file}, line {line}: refused: {strange[0]} would be imported or evaluated")
        before = word
    return found
