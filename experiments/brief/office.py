"""A brief as a memo to edit (DOCX) and as one slide (PPTX), with the same bytes every time.

The memo has styles of its own (``memo.xml``), or those of a ministry's template. Each number of it that comes from a
row is a link to the numbered list of sources at its end. Languages that are written from the right have their
paragraphs, tables and slide turned round, and numbers and Latin words set off by marks that every program obeys.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any
from unicodedata import bidirectional

import docx as word
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_DIRECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from experiments.brief import blocks, figures, markdown
from experiments.brief.page import Source, Sources
from experiments.messages import parts, say, speaking
from sim.config.request import ConfigurationError

__all__ = ["docx", "opened", "parts_of", "plain", "pptx", "spans"]

_LARGEST = 50_000_000  # bytes of an unpacked template
_TEXT_WIDTH = 170  # mm, of an A4 page
_LETTER, _NASKH = 1.6, 1.3  # mm, of a letter in a cell; in the face of Arabic
_WHOLE = 10  # rows of a table that is not parted
_STRIP_WIDTH = 21  # mm, of the dots in a cell
_SHADES = {"agrees": "DCE8F2", "possible": "F0F0F0", "disagrees": "FBE3D0"}
_FALLBACK = '<w:font w:name="Noto Naskh Arabic"><w:altName w:val="Sakkal Majalla"/><w:charset w:val="B2"/></w:font>'
"""The face that Word shows where that of Arabic is missing: one that comes with it."""
_AFTER_BIDI = ("w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr")
"""Properties of a paragraph that come after its direction."""


# --- words ------------------------------------------------------------------------------------------------------------

_LEFT, _RIGHT, _OPEN, _CLOSE = "\u200e", "\u200f", "\u2066\u2067\u2068", "\u2069"
_DEEPEST = 99
"""Isolates of one text, which a hostile name may have many more of."""
_FORBIDDEN = re.compile("[^\t\n\u0020-\u007e\u00a0-\u200d\u2010-\u2029\u202f-\ud7ff\uf900-\ufffd\U00010000-\U0010ffff]")
"""Characters that no word needs and no file may hold: control and private ones, and those that turn direction."""
_FOREIGN = re.compile(r"[−+±-]?\d(?:[\d.,:/-]*\d)?(?:\s?%)?|[A-Za-z](?:[\w.,:/=@\u2019'+-]| (?=[A-Za-z]))*", re.ASCII)
"""Numbers with their signs, and Latin words, in a text that is written from the right."""

type _Letters = list[tuple[str, str]]
"""Letters, each with the source of the number that it belongs to."""


@dataclass(frozen=True)
class Span:
    """Words of one direction; ``source`` if they are a number from a row."""

    words: str
    source: str = ""
    back: bool = False


def spans(words: str, back: bool) -> list[Span]:
    """Return marked words as spans of one direction each; ``back``: in a text that is written from the right.

    Unicode's isolates, which Word and PowerPoint do not obey, become marks of direction, which every program obeys.
    """
    letters = [(letter, source) for source, some in parts(words) for letter in _FORBIDDEN.sub("", some)]
    if sum(letter in _OPEN for letter, _ in letters) > _DEEPEST:
        letters = [one for one in letters if one[0] not in _OPEN]
    if back:
        native = any(bidirectional(letter) in ("R", "AL") for letter, _ in letters)
        turned = [*(_turned(letters) if native else _foreign(letters))]
    else:
        turned = [(letter, source, False) for letter, source in letters if letter not in _OPEN + _CLOSE]
    grouped = groupby(turned, key=lambda one: one[1:])
    return [Span("".join(letter for letter, *_ in some), source, right) for (source, right), some in grouped]


def _turned(letters: _Letters) -> Iterator[tuple[str, str, bool]]:
    """Letters of a text from the right, each with its source and whether it is written from the right itself."""
    while letters:
        start = next((place for place, (letter, _) in enumerate(letters) if letter in _OPEN), len(letters))
        yield from _native([one for one in letters[:start] if one[0] != _CLOSE])
        end = _end(letters, start)
        inside = letters[start + 1 : end]
        kinds = [bidirectional(letter) for letter, _ in inside]
        first = next((kind for kind in kinds if kind in ("L", "R", "AL")), "L" if "EN" in kinds else "R")
        yield from _foreign(inside) if first == "L" else _turned(inside)
        letters = letters[end + 1 :]


def _end(letters: _Letters, start: int) -> int:
    """The place at which the isolate that begins at a place ends."""
    depth = 0
    for place in range(start, len(letters)):
        depth += (letters[place][0] in _OPEN) - (letters[place][0] == _CLOSE)
        if depth == 0:
            return place
    return len(letters)


def _native(letters: _Letters) -> Iterator[tuple[str, str, bool]]:
    done = 0
    for found in _FOREIGN.finditer("".join(letter for letter, _ in letters)):
        yield from ((*one, True) for one in letters[done : found.start()])
        yield from _foreign(letters[found.start() : (done := found.end())])
    yield from ((*one, True) for one in letters[done:])


def _foreign(letters: _Letters) -> Iterator[tuple[str, str, bool]]:
    """Letters of a number or of Latin words, set off by marks; spaces around them belong to the text."""
    own = [one for one in letters if one[0] not in _OPEN + _CLOSE]
    words = "".join(letter for letter, _ in own)
    start, end = len(words) - len(words.lstrip()), len(words.rstrip())
    yield from ((*one, True) for one in own[:start])
    if start < end:
        within = [(_LEFT, own[start][1]), *own[start:end], (_LEFT, own[end - 1][1])]
        yield from [(_RIGHT, "", True), *((*one, False) for one in within), (_RIGHT, "", True)]
    yield from ((*one, True) for one in own[max(start, end) :])


def plain(words: str) -> str:
    """Return marked words without any marks."""
    return "".join(one.words for one in spans(words, back=False))


def _saved(package: Any, document: blocks.Document) -> bytes:
    """A file with title, language and date of a brief, the date for all of its parts, and nothing of who made it."""
    about, date = package.core_properties, datetime.fromisoformat(document.date or "2000-01-01").replace(tzinfo=None)
    about.title, about.language, about.revision = plain(document.title)[:255], document.language, 1
    about.author, about.last_modified_by, about.subject = "insurgent-financing-sim", "", ""
    about.comments, about.keywords, about.category = "", "", ""
    about.created = about.modified = date
    first, whole = io.BytesIO(), io.BytesIO()
    package.save(first)
    with zipfile.ZipFile(first) as old, zipfile.ZipFile(whole, "w") as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, (date.year, date.month, date.day, 0, 0, 0))
            info.create_system = 3  # on every system
            new.writestr(info, old.read(name), zipfile.ZIP_DEFLATED)
    return whole.getvalue()


# --- memo -------------------------------------------------------------------------------------------------------------


def docx(document: blocks.Document, sources: Sources, template: Path | None = None) -> bytes:
    """Return a brief as a Word document: real headings, native tables, alternative texts, and a list of sources.

    Args:
        document: the brief.
        sources: of its numbers, by their mark; a number without one is plain text.
        template: a Word document whose styles, page, headers and footers it takes, and whose text it drops.

    Raises:
        ConfigurationError: for a template that is no Word document, or a damaged one.
    """
    made = opened(template)
    _language(made, document, template is None)
    with speaking(document.language):
        memo = _Memo(made, document, sources)
        for kind, found in blocks.together(document.blocks):
            memo.boxes(found) if kind == "boxes" else memo.add(found)
        memo.list_sources()
    return _saved(made, document)


def opened(template: Path | None) -> Any:
    """Return an empty document with all styles of a memo: those of a template first.

    Raises:
        ConfigurationError: for a template that is no Word document, a damaged one, or one that unpacks to far more.
    """
    try:
        if template:
            with zipfile.ZipFile(template) as package:
                if sum(one.file_size for one in package.infolist()) > _LARGEST:
                    raise ConfigurationError([f"template={template}: unpacks to far more than a document"])
        found = word.Document(str(template) if template else None)
        _empty(found)
    except ConfigurationError:
        raise
    except Exception as error:  # whatever a damaged package makes the library raise
        raise ConfigurationError([say("template-unreadable", file=str(template))]) from error
    _add_styles(found, template is None)
    if template is None:
        page = found.sections[0]
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.left_margin = page.right_margin = Mm((210 - _TEXT_WIDTH) // 2)
        page.top_margin = page.bottom_margin = Mm(15)
        number = page.footer.paragraphs[0]
        number.style, number.alignment = "Brief Cell", WD_ALIGN_PARAGRAPH.RIGHT
        number._p.append(_element("fldSimple", instr="PAGE"))
        fonts = found.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
        fonts._blob = fonts.blob.replace(b"</w:fonts>", _FALLBACK.encode() + b"</w:fonts>")
    return found


def _empty(opened: Any) -> None:
    """Take the text out of a document, with its pictures, addresses and comments."""
    opened.element.body.clear_content()
    opened.element.body.get_or_add_sectPr()
    gone = ("image", "hyperlink", "oleObject", "chart", "comments")
    for name, one in [*opened.part.rels.items()]:
        if one.reltype.rsplit("/", 1)[-1].startswith(gone):
            del opened.part.rels[name]


def _element(tag: str, **values: str) -> Any:
    return OxmlElement(f"w:{tag}", {qn(f"w:{name}"): one for name, one in values.items()})


def _add_styles(opened: Any, own: bool) -> None:
    """Add the styles of a memo to those that a document has; ``own``: instead of those that it has."""
    there = opened.styles.element
    known = {one.find(qn("w:name")).get(qn("w:val")).lower(): one for one in there.findall(qn("w:style"))}
    usual = next((one for one in known.values() if one.get(qn("w:default")) == "1" and one.type == 1), None)
    for style in parse_xml(files(__package__).joinpath("memo.xml").read_bytes()):
        old = known.get(style.find(qn("w:name")).get(qn("w:val")).lower())
        if old is not None and own:
            there.replace(old, style)
        elif old is None:
            for after in [*style.findall(qn("w:basedOn")), *style.findall(qn("w:next"))]:
                if after.get(qn("w:val")) == "Normal" and usual is not None and not own:
                    after.set(qn("w:val"), usual.get(qn("w:styleId")))
            there.append(style)


def _language(opened: Any, document: blocks.Document, own: bool) -> None:
    """The language of a document, in its usual style of paragraphs, and the side on which its pages begin.

    The face of Arabic has very high lines, which styles of our ``own`` make lower.
    """
    style = opened.styles.default(WD_STYLE_TYPE.PARAGRAPH).element.get_or_add_rPr()
    for one in style.findall(qn("w:lang")):
        style.remove(one)
    back = document.direction == "rtl"
    style.append(_element("lang", **{"bidi" if back else "val": document.language}))
    for one in opened.styles if own and back else ():
        if one.type == WD_STYLE_TYPE.PARAGRAPH and (size := one.element.find(f".//{qn('w:szCs')}")) is not None:
            one.paragraph_format.line_spacing = Pt(0.7 * int(size.get(qn("w:val"))))  # of half points
    for section in opened.sections if back else ():
        section._sectPr.insert_element_before(_element("bidi"), "w:rtlGutter", "w:docGrid", "w:printerSettings")


@dataclass
class _Memo:
    """A Word document that is being written."""

    word: Any
    document: blocks.Document
    sources: Sources
    met: dict[tuple[str, str], dict[str, Source]] = field(default_factory=dict)  # by row, by column

    @cached_property
    def back(self) -> bool:
        """True if it is written from the right."""
        return self.document.direction == "rtl"

    @cached_property
    def width(self) -> int:
        """Width of its text."""
        section = self.word.sections[0]
        margins = (section.left_margin or 0) + (section.right_margin or 0)
        return int((section.page_width or Mm(_TEXT_WIDTH)) - margins)

    def add(self, block: blocks.Block) -> None:
        """Write a block at the end; no page is broken, as other fonts or an edited word would leave it empty."""
        match block:
            case blocks.Heading():
                self.paragraph(block.words, f"Heading {min(block.level - 1, 3)}" if block.level > 1 else "Title")
            case blocks.Paragraph(role="markdown"):
                self.markdown(block.words)
            case blocks.Paragraph():
                self.paragraph(block.words, {"text": "Normal"}.get(block.role, f"Brief {block.role.title()}"))
            case blocks.Points():
                for point in block.points:
                    self.point(point)
            case blocks.Picture():
                at = self.paragraph("", "Normal")
                at.paragraph_format.keep_with_next = bool(block.caption)
                self.picture(at, block.png, block.alt, int(self.width * block.share), block.name)
                self.caption(block.caption)
            case blocks.Table():
                self.caption(block.caption)
                self.table(block)
            case blocks.Tiles():
                self.tiles(block)
                self.caption(block.caption)
            case blocks.Terms():
                for term, meaning in block.terms:
                    self.write(self.write(self.paragraph("", "Brief Note"), f"{term}: ", bold=True), meaning)

    def paragraph(self, words: str, style: str, at: Any = None, number: bool = False) -> Any:
        """Write a paragraph into a cell, or at the end of the document; ``number``: set to the end of its lines."""
        found = (at or self.word).add_paragraph(style=style)
        if number:
            found.alignment = WD_ALIGN_PARAGRAPH.RIGHT  # the left in a paragraph from the right
        if style == "Brief Command":  # from the left in every language
            found.add_run(plain(words))
            return found
        if self.back:
            found._p.get_or_add_pPr().insert_element_before(_element("bidi"), *_AFTER_BIDI)
        return self.write(found, words)

    def write(
        self, paragraph: Any, words: str, style: str | None = None, bold: bool = False, italic: bool = False
    ) -> Any:
        """Add words to a paragraph, and return it."""
        for span in spans(words, self.back):
            run = paragraph.add_run(span.words, style)
            for name in [*(["bold", "cs_bold"] if bold else []), *(["italic", "cs_italic"] if italic else [])]:
                setattr(run.font, name, True)
            if span.back:
                run.font.rtl = True
            if span.source in self.sources:
                link = _element("hyperlink", anchor=f"source_{self._number(self.sources[span.source])}", history="1")
                paragraph._p.append(link)
                link.append(run._r)
                run.style = style or "Brief Number"
        return paragraph

    def _number(self, source: Source) -> int:
        """The number of a row in the list of sources."""
        self.met.setdefault((source.file, source.line), {})[source.column] = source
        return [*self.met].index((source.file, source.line)) + 1

    def caption(self, words: str) -> None:
        """Write a caption, if there is one."""
        if words:
            self.paragraph(words, "Caption")

    def point(self, point: blocks.Point, at: Any = None, style: str = "") -> None:
        """Write a point of a list, with its confidence as a sentence of its own."""
        found = self.paragraph(point.words, style, at) if style else self.listed(point.words)
        if point.confidence:
            self.write(found, " " + point.confidence, "Brief Confidence")

    def listed(self, words: str, sign: str = "") -> Any:
        """Write a point after a sign; the style of lists has its own in most templates."""
        styles = self.word.styles
        bullets = "List Bullet" in styles and styles["List Bullet"].element.find(f".//{qn('w:numPr')}") is not None
        if bullets and not sign:
            return self.paragraph(words, "List Bullet")
        return self.write(self.paragraph(f"{sign or '•'}\t", "Brief List"), words)

    def markdown(self, words: str) -> None:
        """Write a user's own paragraphs."""
        number = 0
        for piece in markdown.pieces(words):
            number = number + 1 if piece.kind == "number" else 0
            if piece.kind == "heading":
                found = self.paragraph("", f"Heading {min(piece.level - 1, 3)}")
            elif piece.kind == "paragraph":
                found = self.paragraph("", "Normal")
            else:
                found = self.listed("", f"{number}." if number else "")
            for run in piece.runs:
                address = f" ({run.address})" if run.address not in ("", run.words) else ""
                self.write(found, run.words + address, bold=run.bold, italic=run.italic)

    def picture(self, paragraph: Any, png: bytes, alt: str, width: int, name: str) -> None:
        """Add a picture with its alternative text to a paragraph, whose lines are as high as it is in any template."""
        paragraph.paragraph_format.line_spacing = 1.0
        shape = paragraph.add_run().add_picture(io.BytesIO(png), width=width)
        for side in "TBLR":
            shape._inline.set(f"dist{side}", "0")
        about = shape._inline.docPr
        about.set("name", plain(name))
        about.set("descr", plain(alt))

    def grid(self, rows: int, widths: Sequence[float], style: str, heads: int = 1) -> Any:
        """An empty table whose columns have parts of the width of the text; a reader hears its first rows as heads."""
        table = self.word.add_table(rows, len(widths), style)
        table.autofit = False
        if self.back:
            table.table_direction = WD_TABLE_DIRECTION.RTL
        for place, row in enumerate(table.rows):
            properties = row._tr.get_or_add_trPr()
            properties.append(_element("cantSplit"))
            if place < heads:
                properties.append(_element("tblHeader"))
        for column, part in zip(table.columns, widths, strict=True):
            column.width = int(self.width * part / sum(widths))
            for cell in column.cells:
                cell.width = column.width
                cell._tc.remove(cell.paragraphs[0]._p)
        return table

    def after(self, table: Any, whole: bool = True) -> None:
        """Part a table from what follows, and keep it on one page if it is to be ``whole``."""
        for row in table.rows[: -1 if whole else 1]:
            for paragraph in row._tr.iter(qn("w:pPr")):
                paragraph.get_or_add_keepNext()
        self.paragraph("", "Brief Cell")

    def table(self, block: blocks.Table) -> None:
        """Write a table whose first row is repeated on each page."""
        table = self.grid(
            len(block.rows) + 1,
            parts_of(block, self.width / Mm(_NASKH if self.back else _LETTER), dotted=17),
            "Brief Table",
        )
        for place, words in enumerate(block.head):
            self.paragraph(words, "Brief Head", table.cell(0, place), place in block.numbers)
        dotted = {place for row in block.rows for place, one in enumerate(row) if one.dots}
        width = min([Mm(_STRIP_WIDTH), *(table.columns[place].width - Mm(2.2) for place in dotted)])
        for line, row in enumerate(block.rows, 1):
            cells = table.rows[line].cells
            for place, one in enumerate(row):
                if one.dots and one.finding:
                    at = self.paragraph("", "Brief Cell", cells[place])
                    alt, name = one.finding.sentence("alt"), f"dots {one.finding.id}"
                    self.picture(at, figures.strip_png(one.finding), alt, width, name)
                self.paragraph(one.words, "Brief Cell", cells[place], place in block.numbers)
        self.after(table, whole=len(block.rows) <= _WHOLE)

    def boxes(self, every: Sequence[blocks.Points]) -> None:
        """Write boxes side by side."""
        table = self.grid(1, [1] * len(every), "Brief Boxes", heads=0)
        for cell, one in zip(table.rows[0].cells, every, strict=True):
            self.paragraph(one.title, "Brief Box Title", cell)
            for point in one.points:
                self.point(point, cell, "Brief Box")
        self.after(table)

    def tiles(self, block: blocks.Tiles, across: int = 3) -> None:
        """Write a tally as a table, each cell with its verdict in words and in a shade."""
        table = self.grid(-(-len(block.tiles) // across), [1] * across, "Brief Table", heads=0)
        cells = [cell for row in table.rows for cell in row.cells]
        for cell, (label, verdict) in zip(cells, block.tiles, strict=False):
            said = say("figure-tiles.word", word=verdict)
            self.write(self.write(self.paragraph("", "Brief Cell", cell), f"{label}: "), said, bold=True)
            shade = _element("shd", val="clear", color="auto", fill=_SHADES.get(verdict, "FFFFFF"))
            cell._tc.get_or_add_tcPr().append(shade)
        for cell in cells[len(block.tiles) :]:
            self.paragraph("", "Brief Cell", cell)
        self.after(table, whole=False)

    def list_sources(self) -> None:
        """Write the rows that numbers come from: file, line, name, and columns with their values."""
        if not self.met:
            return
        self.paragraph(say("brief-rows"), "Heading 1")
        self.paragraph(say("document-sources"), "Brief Note").paragraph_format.keep_with_next = True
        for number, ((file, line), columns) in enumerate(self.met.items(), 1):
            values = [say("document-value", column=one.column, value=one.value) for one in columns.values()]
            name = next(iter(columns.values())).id or "none"
            said = say("document-source", file=file, line=line, id=name, values=", ".join(values))
            found = self.paragraph(f"{number}\t", "Brief Source")
            mark = {"id": str(number)}
            found._p.append(_element("bookmarkStart", name=f"source_{number}", **mark))
            self.write(found, said)
            found._p.append(_element("bookmarkEnd", **mark))


def parts_of(block: blocks.Table, room: float, dotted: int = 0) -> list[float]:
    """Widths of columns in letters: the longest word of each fits first, then long cells get what is left of ``room``.

    Args:
        block: the table.
        room: letters that its whole width holds.
        dotted: least width of a column of dots.
    """
    least, wished = [], []
    for place, head in enumerate(block.head):
        cells = [plain(row[place].words) for row in block.rows]
        word = max((len(one) for cell in [*cells, plain(head)] for one in cell.split()), default=1)
        dots = dotted if any(row[place].dots for row in block.rows) else 0
        least.append(max(1.2 * min(word, 18) + 1.0, 0.75 * dots))
        wished.append(max(least[-1], dots, min(max(0.6 * len(plain(head)), *map(len, cells)), 60) / 2.5))
    rest = sum(wished) - sum(least)
    part = min(max((room - sum(least)) / rest, 0.0), 1.0) if rest else 0.0
    return [small + part * (large - small) for small, large in zip(least, wished, strict=True)]


# --- slide ------------------------------------------------------------------------------------------------------------


def pptx(document: blocks.Document) -> tuple[bytes | None, str | None]:
    """Return the slide of a brief: its answer as title, a picture, a table of five rows, and what they rest on.

    Returns:
        The slide, or None and a message that names the extra to install.
    """
    try:
        from experiments.brief.slide import shown
    except ImportError:
        return None, say("office-missing")
    return _saved(shown(document), document), None
