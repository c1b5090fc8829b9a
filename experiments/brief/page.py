"""A brief as one file of HTML that opens offline, and as PDF of at most three A4 pages: the same bytes every time.

A brief that is too long for print is shortened there: the rows, points and pictures that come last are left out and
referred to brief.html. Type and figures keep their size.
"""

import base64
import contextlib
import io
import logging
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import chain, pairwise
from typing import Any

import matplotlib
from babel import Locale
from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup, escape

from experiments.brief import figures, markdown
from experiments.brief.blocks import (
    Block,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Picture,
    Points,
    Table,
    Terms,
    together,
)
from experiments.messages import linked, say, speaking

PAGES = 3
WORDS = 650
"""Words of pages one and two, but for those of pictures."""
_FONTS = files(__package__).joinpath("fonts")
_TIME = "1577836800"  # of font files, as seconds since 1970: their bytes do not depend on the clock


@dataclass(frozen=True)
class Source:
    """Where a number comes from: file, its line (the header is line 1), identity of the row, column and full value."""

    file: str
    line: str
    id: str
    column: str
    value: str

    @property
    def anchor(self) -> str:
        """Name of its row in the appendix."""
        return f"{self.file}-{self.line}-{self.column}".replace("/", "-")


type Sources = Mapping[str, Source]
"""Sources of marked numbers by their mark, ``table:line:column``."""


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.tests["block"] = lambda one, name: type(one).__name__ == name
    return environment.from_string(_file("brief.html.j2"))


def html(document: Document, sources: Sources, page: str = "") -> str:
    """Return a brief as HTML.

    Args:
        document: the brief.
        sources: of its numbers, each of which becomes a link to its row.
        page: the file that holds the rows; empty if this one does.
    """

    def number(mark: str, words: str) -> str:
        source = sources.get(mark)
        if source is None:
            return words
        return str(Markup('<a class="number" href="{}#{}">{}</a>').format(page, source.anchor, Markup(words)))

    def words(text: str) -> Markup:
        return Markup(linked(str(escape(text)), number))

    with speaking(document.language):
        return _template().render(
            document=document,
            rows=_rows(_sections(document.blocks)),
            sources=[] if page else list(dict.fromkeys(sources.values())),
            switch="" if page else switch({}),
            together=together,
            words=words,
            own=lambda text: Markup(linked(markdown.html(text), number)),
            plain=lambda text: linked(text, lambda _, inside: inside),
            strip=lambda one: Markup(figures.strip(one)),
            data=lambda one: base64.b64encode((page and one.outlined) or one.svg).decode("ascii"),
            css=Markup(_file("brief.css")),
            say=say,
        )


def switch(languages: Mapping[str, str]) -> Markup:
    """Return links to files of the same brief in other languages."""
    link = Markup('<a href="{}" lang="{}" hreflang="{}">{}</a>')
    links = (
        link.format(file, name, name, Locale.parse(name).get_display_name(name)) for name, file in languages.items()
    )
    return Markup('<nav class="languages">{}</nav>').format(Markup(" ").join(links))


def _sections(blocks: Sequence[Block]) -> list[list[Block]]:
    """Blocks by section: each heading begins one, and each page."""
    found: list[list[Block]] = [[]]
    for one in blocks:
        if _heads(one, breaks=True):
            found.append([])
        found[-1].append(one)
    return [one for one in found if one]


def _rows(sections: Sequence[list[Block]]) -> list[list[list[Block]]]:
    """Sections one by one, but a narrow one and another, or a list, that follows it as one row."""
    found: list[list[list[Block]]] = []
    for one in sections:
        before = found[-1] if found else []
        if len(before) == 1 and _narrow(before[0]) and (_narrow(one) or _lists(one)):
            before.append(one)
        else:
            found.append([one])
    return found


def _narrow(section: Sequence[Block]) -> bool:
    """Whether a section has a picture of half a page's width, and none that is wider."""
    shares = [one.share for one in section if isinstance(one, Picture)]
    return bool(shares) and max(shares) <= 0.5


def _lists(section: Sequence[Block]) -> bool:
    """Whether a section is a heading and a list alone."""
    return [type(one) for one in section] == [Heading, Points]


# --- print ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Room:
    """What print holds: rows of a table, points of a list and of what not to do, pictures, and terms of a list.

    ``moves``: the last section of page two is on page three.
    """

    rows: int = 100
    points: int = 100
    pictures: int = 100
    moves: bool = False
    terms: int = 10
    refused: int = 2


ROOMS = (
    _Room(8, 8, 9),
    _Room(8, 2, 9),
    _Room(8, 1, 9, terms=9),
    _Room(8, 1, 9, terms=8, refused=1),
    _Room(7, 1, 9, terms=8, refused=1),
    _Room(6, 1, 9, terms=8, refused=1),
    _Room(5, 1, 9, terms=7, refused=1),
    _Room(4, 1, 9, terms=5, refused=1),
    _Room(3, 1, 9, terms=5, refused=1),
    _Room(8, 2, 9, moves=True),
    _Room(6, 1, 9, moves=True, refused=1),
    _Room(7, 1, 2, refused=1),
    _Room(6, 1, 1, refused=1),
    _Room(4, 1, 0, refused=1),
)
"""Rooms in the order in which they are tried."""
_PICTURED = min((room for room in ROOMS if room.pictures == ROOMS[0].pictures), key=lambda room: room.rows)


def shortened(document: Document, room: _Room) -> Document:
    """Return a brief without what print has no room for, with a note where something is left out.

    The bottom line and the third page stay whole; what comes after it is left out.
    """
    kept: list[Block] = []
    names: dict[str, None] = {}
    breaks = [place for place, one in enumerate(document.blocks) if isinstance(one, PageBreak)]
    for one in document.blocks[: breaks[PAGES - 1] if len(breaks) >= PAGES else None]:
        last = kept.count(PageBreak()) > 1
        if isinstance(one, Picture):
            again = one.name in names
            names[one.name] = None
            kept += [] if again or len(names) > room.pictures else [one]
        elif isinstance(one, Table):
            again = bool(kept) and isinstance(kept[-1], Table)
            kept += [] if again else [one.first(room.rows)]
        elif isinstance(one, Points) and one.role != "bottom_line" and not last:
            kept.append(replace(one, points=one.points[: room.refused if one.role == "do_not" else room.points]))
        elif isinstance(one, Terms):
            kept.append(replace(one, terms=one.terms[: room.terms]))
        elif room.moves and isinstance(one, PageBreak) and PageBreak() in kept:
            kept.insert(max(place for place, each in enumerate(kept) if _heads(each)), one)
        else:
            kept.append(one)
    filled = [one for one, after in pairwise([*kept, PageBreak()]) if not (_heads(one) and _heads(after, breaks=True))]
    if _size(filled) < _size(document.blocks):
        place = max((place for place, one in enumerate(filled) if isinstance(one, PageBreak)), default=len(filled))
        with speaking(document.language):
            filled.insert(place, Paragraph(say("brief-more"), "note"))
    return replace(document, blocks=filled)


def printed(document: Document) -> Iterator[Document]:
    """Yield the versions of a brief whose first pages have few enough words, in the order of the rooms."""
    for room in ROOMS:
        short = shortened(document, room)
        if words_of_pages(short) <= WORDS:
            yield short


def words_of_pages(document: Document) -> int:
    """Return how many words pages one and two have, without numbers."""
    breaks = [place for place, one in enumerate(document.blocks) if isinstance(one, PageBreak)]
    first = [one for one in document.blocks[: breaks[1] if len(breaks) > 1 else None] if not isinstance(one, Picture)]
    words = [word for one in texts(first) for word in linked(one, lambda _, inside: inside).split()]
    return sum(any(map(str.isalpha, word)) for word in words)


def texts(one: Any) -> Iterator[str]:
    """Yield all words of blocks, but not those of the findings in them."""
    if isinstance(one, str):
        yield one
    elif is_dataclass(one):
        for each in fields(one):
            if each.name not in ("finding", "role", "name", "svg", "png", "outlined"):
                yield from texts(getattr(one, each.name))
    elif isinstance(one, Sequence) and not isinstance(one, bytes):
        for each in one:
            yield from texts(each)


def _size(blocks: Sequence[Block]) -> int:
    """How many pictures, tables, rows and points there are."""
    rows = [one.rows if isinstance(one, Table) else one.points for one in blocks if isinstance(one, Table | Points)]
    return sum(map(len, rows)) + sum(isinstance(one, Picture | Table) for one in blocks)


def _heads(one: Block, breaks: bool = False) -> bool:
    """Whether a block heads a section, or ends one by a break of the page."""
    return (isinstance(one, Heading) and one.level > 1) or (breaks and isinstance(one, PageBreak))


def pdf(document: Document, sources: Sources, page: str, most: int = PAGES) -> tuple[bytes | None, str | None]:
    """Return a brief as PDF/UA, shortened to so many pages.

    Args:
        document: the brief.
        sources: of its numbers.
        page: the HTML beside it, to whose rows numbers link.
        most: pages; 0 for as many as it has.

    Returns:
        The PDF, or None and a message that names the libraries to install.
    """
    with _quiet():
        try:
            import weasyprint
            from weasyprint.text.fonts import FontConfiguration
            from weasyprint.urls import URLFetcher
        except (ImportError, OSError):
            return None, say("brief-no-pdf")
        fetcher = URLFetcher(allowed_protocols=("data",))  # the page reads nothing from disk or network
        fonts = FontConfiguration()
        folders = {"fonts.css": f"{matplotlib.get_data_path()}/fonts/ttf/", "fonts/faces.css": f"{_FONTS}/"}
        sheets = [weasyprint.CSS(string=_file(name), base_url=at, font_config=fonts) for name, at in folders.items()]
        images: dict[str, Any] = {}

        def render(one: Document) -> Any:
            whole = weasyprint.HTML(string=html(one, sources, page=page), url_fetcher=fetcher)
            return whole.render(font_config=fonts, stylesheets=sheets, cache=images, pdf_variant="pdf/ua-1")

        if not most:
            return render(document).write_pdf(pdf_variant="pdf/ua-1"), None
        # Of versions all with too many words, the one with pictures says more.
        versions = chain(printed(document), [shortened(document, _PICTURED)])
        fitting = next((one for one in map(render, versions) if len(one.pages) <= most), None) or render(
            shortened(document, ROOMS[-1])
        )
        return fitting.write_pdf(pdf_variant="pdf/ua-1"), None


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Suppress WeasyPrint's output and fix the time of font files."""
    logging.getLogger("weasyprint").propagate = False
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = _TIME
    try:
        with warnings.catch_warnings(action="ignore"), contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        del os.environ["SOURCE_DATE_EPOCH"]
        if before is not None:
            os.environ["SOURCE_DATE_EPOCH"] = before
