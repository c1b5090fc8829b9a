"""The tables of conf/ that reports read beside the groups; a user's own of the same name win.

A study stores the tables that it was made with as texts (`texts_of`), so that its report can be rebuilt anywhere.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from sim.config.own_folder import CASE, CONF, FOUND, TABLES, folders_of
from sim.config.untrusted_yaml import bulky, no_folder, one_line, plain
from sim.engine.text import close

FACTS = "facts.csv"
NAMES = (*TABLES, *FOUND)
"""Every such table but those of the cases, by its path in conf/ or in a user's own folder."""

_own: ContextVar[Mapping[str, str]] = ContextVar("own tables", default={})  # noqa: B039  it is never changed


def text_of(name: str) -> str:
    """Return the text of a table: the user's own within `using`, else the packaged one; empty if there is none."""
    own = _own.get()
    if any(one in own for one in FOUND) and name in FOUND:
        return own.get(name, "")
    file = CONF / name
    return own[name] if name in own else file.read_text(encoding="utf-8") if file.exists() else ""


@contextmanager
def using(texts: Mapping[str, str]) -> Iterator[None]:
    """Give these tables precedence for every reader within the context."""
    before = _own.set(texts)
    try:
        yield
    finally:
        _own.reset(before)


def is_table(name: str) -> bool:
    """Return whether a path within a folder is one of a table."""
    return name in NAMES or CASE.fullmatch(name) is not None


def tables_in(config_dir: Path | None) -> list[str]:
    """Return the names of all tables, packaged or the user's own."""
    found = {f"case/{file.name}" for folder in folders_of(config_dir) for file in folder.glob("case/*")}
    return [*NAMES, *sorted(filter(is_table, found))]


def cases_in() -> set[str]:
    """Return the names of all cases: packaged, and within `using` the user's own."""
    return {Path(name).stem for name in (*tables_in(None), *_own.get()) if re.fullmatch(r"case/.*\.yaml", name)}


def _files_in(folder: Path | None) -> dict[str, Path]:
    if folder is None or no_folder(folder):
        return {}
    return {name: folder / name for name in tables_in(folder) if (folder / name).is_file()}


def texts_in(folder: Path | None) -> dict[str, str]:
    """Return a user's own tables with plain line ends and without a byte order mark, both of which Windows adds."""
    return {name: file.read_text(encoding="utf-8-sig") for name, file in _files_in(folder).items()}


def errors_of_tables(folder: Path | None) -> Iterator[str]:
    """Yield every error in the tables of a user's own folder, as far as every command reads them."""
    found = _files_in(folder)
    for name, file in found.items():
        try:
            text = file.read_text(encoding="utf-8-sig")
        except (OSError, ValueError) as error:
            yield f"{file}: cannot be read: {one_line(error)}"
            continue
        strange = next((number for number, line in enumerate(text.split("\n"), 1) if not plain(line)), None)
        if strange:
            yield f"{file}, line {strange}: holds a character that cannot be printed"
        if name.endswith(".yaml"):
            yield from bulky(file)
        elif name.endswith(".csv"):
            ours = CONF / (FACTS if CASE.fullmatch(name) else name)
            yield from (f"{file}: {error}" for error in _unlike(text, ours.read_text(encoding="utf-8"), name))
    if folder is not None and any(name in found for name in FOUND):
        lacking = [name for name in FOUND if name not in found]
        yield from (f"{folder / name}: is missing; {', '.join(FOUND)} belong together" for name in lacking)


def _unlike(text: str, ours: str, name: str) -> Iterator[str]:
    """Yield what a table lacks that the packaged one has: columns, numbers in their columns, facts in facts.csv."""
    table, packaged = csv.DictReader(io.StringIO(text)), csv.DictReader(io.StringIO(ours))
    try:
        rows, known = list(table), list(packaged)
    except csv.Error as error:
        yield f"cannot be read: {error}"
        return
    columns = list(packaged.fieldnames or ())
    if list(table.fieldnames or ()) != columns:
        yield f"its columns must be {','.join(columns)}"
        return
    numbers = [one for one in columns if all(_is_number(row[one]) or row.get("unit") == "date" for row in known)]
    for number, row in enumerate(rows, 2):
        if None in row or None in row.values():
            yield f"row {number}: has not as many cells as there are columns"
            continue
        bad = [one for one in numbers if not _is_number(row[one]) and row.get("unit") != "date"]
        yield from (f"row {number}: {one}={row[one]}: must be a number" for one in bad)
    if name == FACTS or CASE.fullmatch(name):
        for column in ("use", "grade"):
            words = sorted({row[column] for row in known})
            wrong = [(number, row[column]) for number, row in enumerate(rows, 2) if row[column] not in (*words, None)]
            allowed = f"allowed is {', '.join(words)}"
            yield from (f"row {number}: {column}={one}: {allowed}{close(one, words)}" for number, one in wrong)
        there = [row["id"] for row in rows]
        if lacks := [row["id"] for row in known if name == FACTS and row["id"] not in there]:
            more = f" and {len(lacks) - 3} more" if len(lacks) > 3 else ""
            yield f"lacks {', '.join(lacks[:3])}{more}; it replaces the packaged table, so begin with a copy of it"
        yield from (f"{one}: is there twice" for one in dict.fromkeys(there) if there.count(one) > 1)


def _is_number(text: str) -> bool:
    try:
        float(text or 0)
    except ValueError:
        return False
    return True
