"""The brief of a study: three pages for those who decide, each number of which leads to the row it is taken from."""

import csv
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from experiments.brief import figures, page
from experiments.brief.blocks import Document, Picture
from experiments.brief.content import document
from experiments.brief.page import Source
from experiments.brief.sections_file import Part
from experiments.findings import Answers
from experiments.messages import languages, linked
from sim.output.files import write_whole

_LANGUAGES = re.compile('<nav class="languages">.*?</nav>')


def write(
    folder: Path,
    answers: Answers,
    language: str,
    forms: Sequence[str],
    chosen: Sequence[Part] | None = None,
    template: Path | None = None,
    source: Path | None = None,
    tell: Callable[[Path], None] = lambda file: None,
) -> tuple[list[Path], list[str]]:
    """Write a brief: ``brief.html``, ``brief.pdf``, ``brief.docx``, ``brief.pptx``; ``brief.ar.html`` in Arabic.

    Args:
        folder: where it goes.
        answers: of one study, or of several together.
        language: of its words.
        forms: some of `experiments.study.arguments.FORMS`.
        chosen: its parts, if a user chose them.
        template: a DOCX whose styles the DOCX takes.
        source: the folder to which names of tables and figures are relative; ``folder`` if it is left out.
        tell: takes each file as it is there.

    Returns:
        The files, and a message for each form that could not be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    whole = document(_placed(answers, source or folder), language, chosen, "pptx" in forms)
    known = _sources(whole, answers, source or folder)
    ending = "" if language == "en" else f".{language}"
    files, messages = list[Path](), list[str]()

    def keep(form: str, content: bytes | None, message: str | None = None) -> None:
        if message:
            messages.append(message)
        if content:
            files.append(folder / f"brief{ending}.{form}")
            write_whole(files[-1], content)
            tell(files[-1])

    if "html" in forms:
        keep("html", page.html(whole, known).encode())
    if "pdf" in forms:
        linked_to = known if "html" in forms else {}
        keep("pdf", *page.pdf(whole, linked_to, f"brief{ending}.html", most=0 if chosen else page.PAGES))
    if {"docx", "pptx"} & {*forms}:
        from experiments.brief import office

        if "docx" in forms:
            keep("docx", office.docx(whole, known, template))
        if "pptx" in forms:
            keep("pptx", *office.pptx(whole))
    pictures = [replace(one, name=f"{one.name}{ending}") for one in drawn(whole)]
    return [*files, *figures.keep(pictures, folder / "figures")], messages


def drawn(whole: Document) -> list[Picture]:
    """Return the pictures of a brief that are drawn for it, and are not figures of its study."""
    return [one for one in whole.blocks if isinstance(one, Picture) and one.figure]


def _placed(answers: Answers, source: Path) -> Answers:
    """Answers whose figures have their whole path."""
    placed = [{**one, "file": os.path.normpath(source / one["file"])} for one in answers.about.get("figures", ())]
    return replace(answers, about={**answers.about, "figures": placed})


def link_languages(folder: Path) -> None:
    """Link the pages of a brief in several languages to each other, once all are written."""
    named = {name: f"brief{'' if name == 'en' else f'.{name}'}.html" for name in languages()}
    there = {name: file for name, file in named.items() if (folder / file).exists()}
    for name, file in there.items():
        before = (folder / file).read_text(encoding="utf-8")
        others = page.switch({one: at for one, at in there.items() if one != name})
        after = _LANGUAGES.sub(others, before, 1)
        if after != before:
            write_whole(folder / file, after)


# --- sources of numbers -----------------------------------------------------------------------------------------------


def _sources(whole: Document, answers: Answers, folder: Path) -> dict[str, Source]:
    """The sources of the marked numbers of a brief, in order, each with its full value."""
    marks: dict[str, None] = {}
    for words in page.texts(whole):
        linked(words, lambda mark, inside: marks.setdefault(mark) or inside)
    ids = {(row.table, row.line): row.id for one in answers.findings for row in one.rows}
    read = cache(_table)
    found = {}
    for mark in filter(lambda one: not one.startswith(":"), marks):
        name, line, column = mark.rsplit(":", 2)
        rows = read(Path(os.path.normpath(folder / f"{name}.csv")))
        value = rows[int(line) - 2].get(column, "") if 2 <= int(line) < len(rows) + 2 else ""
        found[mark] = Source(f"{name}.csv", line, ids.get((name, int(line)), ""), column, value)
    return found


def _table(file: Path) -> list[dict[str, str]]:
    if not file.exists():
        return []
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
