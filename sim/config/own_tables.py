"""The tables of conf/ that reports read beside the groups; a user's own of the same name win.

A study stores the tables that it was made with as texts (`texts_of`), so that its report can be rebuilt anywhere.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from sim.config.own_folder import CONF, FOUND, TABLES
from sim.config.untrusted_yaml import bulky, no_folder, one_line, plain

FACTS = "facts.csv"
NAMES = (*TABLES, *FOUND)
"""Every such table, by its path in conf/ or in a user's own folder."""

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


def _files_in(folder: Path | None) -> dict[str, Path]:
    if folder is None or no_folder(folder):
        return {}
    return {name: folder / name for name in NAMES if (folder / name).is_file()}


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
            yield from (f"{file}: {error}" for error in _unlike(text, (CONF / name).read_text(encoding="utf-8"), name))
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
    numbers = [one for one in columns if sum(not _is_number(row[one]) for row in known) < len(known) / 2]
    words = {(row[columns[0]], one) for row in known for one in numbers if not _is_number(row[one])}  # such as a date
    for number, row in enumerate(rows, 2):
        if None in row or None in row.values():
            yield f"row {number}: has not as many cells as there are columns"
            continue
        bad = [one for one in numbers if not _is_number(row[one]) and (row[columns[0]], one) not in words]
        yield from (f"row {number}: {one}={row[one]}: must be a number" for one in bad)
    if name == FACTS:
        there = [row["id"] for row in rows]
        if lacks := [row["id"] for row in known if row["id"] not in there]:
            more = f" and {len(lacks) - 3} more" if len(lacks) > 3 else ""
            yield f"lacks {', '.join(lacks[:3])}{more}; it replaces the packaged table, so begin with a copy of it"
        yield from (f"{one}: is there twice" for one in dict.fromkeys(there) if there.count(one) > 1)


def _is_number(text: str) -> bool:
    try:
        float(text or 0)
    except ValueError:
        return False
    return True
