"""Blocks of a brief: what it says in order, whatever the form that shows it (HTML, PDF, DOCX, PPTX).

Words hold marks (`experiments.messages.marked`) where a number comes from a row. Blocks hold no layout and no language
but that of their words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any, Literal

from experiments.findings import Finding
from sim.plots.layout import Picture as Figure


@dataclass(frozen=True)
class Heading:
    """A heading: level 1 is the title of the brief."""

    words: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; ``markdown`` if it is a user's own."""

    words: str
    role: Literal["text", "kicker", "note", "command", "markdown"] = "text"


@dataclass(frozen=True)
class Point:
    """A point of a list: a statement, its confidence in a sentence of its own, and the finding it is from."""

    words: str
    confidence: str = ""
    finding: Finding | None = None


@dataclass(frozen=True)
class Points:
    """A list; ``title`` and ``role`` set it in a box: do, do_not, ask."""

    points: Sequence[Point]
    title: str = ""
    role: Literal["list", "bottom_line", "do", "do_not", "ask"] = "list"


@dataclass(frozen=True)
class Picture:
    """A figure: its finding is its alternative text; PNG of 200 dpi and SVG with text as text."""

    name: str
    alt: str
    svg: bytes
    png: bytes
    caption: str = ""
    share: float = 1.0  # of the width of the page
    outlined: bytes = b""  # the SVG with words as paths, for a renderer that cannot join Arabic letters; else empty
    figure: Figure | None = field(default=None, compare=False, repr=False)  # if it is drawn for the brief, not read


@dataclass(frozen=True)
class Cell:
    """A cell of a table: words, and dots if it counts draws (changes in per cent)."""

    words: str = ""
    dots: Sequence[float] = ()
    finding: Finding | None = None
    modelled: bool = True


@dataclass(frozen=True)
class Table:
    """A table whose first column heads its rows.

    ``numbers`` are the columns set to the end; ``ranks`` are the places of rows, the most important first.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    caption: str = ""
    numbers: Sequence[int] = ()
    ranks: Sequence[int] = ()

    def first(self, most: int) -> "Table":
        """The table with so many of its rows, the most important ones."""
        if most >= len(self.rows):
            return self
        places = sorted([*self.ranks, *(one for one in range(len(self.rows)) if one not in self.ranks)][:most])
        return replace(self, rows=[self.rows[one] for one in places], ranks=())


@dataclass(frozen=True)
class Tiles:
    """A tally: label and verdict of each tile (agrees, possible, disagrees)."""

    tiles: Sequence[tuple[str, str]]
    caption: str = ""


@dataclass(frozen=True)
class Terms:
    """A glossary: term and meaning."""

    terms: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class PageBreak:
    """What follows begins a page in print."""


type Block = Heading | Paragraph | Points | Picture | Table | Tiles | Terms | PageBreak


def together(blocks: Sequence[Block]) -> Iterator[tuple[str, Any]]:
    """Yield blocks one by one, and boxes that follow each other as one row: the word block or boxes, and which."""
    for boxed, some in groupby(blocks, lambda one: isinstance(one, Points) and bool(one.title)):
        found = list(some)
        yield from [("boxes", found)] if boxed else [("block", one) for one in found]


@dataclass(frozen=True)
class Document:
    """A brief in one language.

    Attributes:
        title: its headline, at most 14 words.
        language: code, such as ``ar``.
        direction: of its words.
        blocks: in order.
        slide: the blocks of one slide: a picture, a table, paragraphs of the foot; empty where there is none.
        notes: command, commit and ids, for the notes of the slide and the end of a document.
        date: of the runs, ISO.
    """

    title: str
    language: str
    direction: Literal["ltr", "rtl"]
    blocks: Sequence[Block]
    slide: Sequence[Block] = ()
    notes: Sequence[str] = ()
    date: str = ""
