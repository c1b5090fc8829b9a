"""A brief as one slide (PPTX); it needs python-pptx, of the extra ``office``. Lengths are in inches."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from experiments.brief.blocks import Block, Document, Heading, Paragraph, Picture, Points, Table
from experiments.brief.office import parts_of, plain, spans

__all__ = ["shown"]

_WIDE, _EDGE = 13.333, 0.5
_ROOM = _WIDE - 2 * _EDGE
_PICTURE, _TABLE = (_EDGE, 1.6, 6.6, 4.55), (7.4, 1.6, 5.43)
_HEAD, _ROW, _ROWS = 0.8, 0.72, 5
_INK, _QUIET = "12304F", "444444"


def shown(document: Document) -> Any:
    """Return a presentation of one slide: title, picture, the first rows of a table, paragraphs of the foot, notes."""
    found = Presentation()
    found.slide_width, found.slide_height = Inches(_WIDE), Inches(7.5)
    slide = _Slide(found.slides.add_slide(found.slide_layouts[5]), document.direction == "rtl", document.language)
    blocks = document.slide or _first(document.blocks)
    heads = [one.words for one in blocks if isinstance(one, Heading)]
    slide.title((heads or [document.title])[0])
    for picture in [one for one in blocks if isinstance(one, Picture)][:1]:
        slide.picture(picture)
    for table in [one for one in blocks if isinstance(one, Table)][:1]:
        slide.table(table)
    slide.foot([one.words for one in blocks if isinstance(one, Paragraph)])
    slide.slide.notes_slide.notes_text_frame.text = "\n".join(map(plain, document.notes))
    return found


def _first(blocks: Sequence[Block]) -> list[Block]:
    """The slide of a brief that has none of its own: its first picture and its bottom line."""
    points = [point for one in blocks if isinstance(one, Points) for point in one.points][:3]
    return [*[one for one in blocks if isinstance(one, Picture)][:1], *(Paragraph(one.words) for one in points)]


def _fit(words: str, width: float, height: float, size: float, least: float = 8.0) -> tuple[str, float]:
    """Words and a size in points, at most that given, in which they do not grow beyond a box of so many inches."""
    said = plain(words)
    while True:
        across, lines = int(72 * width / (0.54 * size)), int(72 * height / (1.22 * size))
        wrapped = wrap(said, across)
        if len(wrapped) <= lines:
            return words, size
        if size <= least:
            return " ".join(wrapped[: max(lines, 1)])[:-1] + "…", size
        size -= 0.5


@dataclass
class _Slide:
    """A slide that is being written; lengths in inches, from the side on which lines of words begin."""

    slide: Any
    back: bool
    language: str

    def _left(self, start: float, width: float) -> Any:
        return Inches(_WIDE - start - width if self.back else start)

    def _write(
        self, frame: Any, every: Sequence[str], size: float, bold: bool = False, ink: str = "1A1A1A", end: bool = False
    ) -> None:
        """Write paragraphs into a frame of text; ``end``: set to the end of their lines."""
        frame.word_wrap = True
        for place, words in enumerate(every):
            paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
            properties = paragraph._p.get_or_add_pPr()
            properties.set("algn", "l" if self.back == end else "r")
            properties.set("rtl", "1" if self.back else "0")
            for span in spans(words, self.back):
                run = paragraph.add_run()
                run.text, run.font.size, run.font.bold, run.font.name = span.words, Pt(size), bold, "Arial"
                run.font.color.rgb = RGBColor.from_string(ink)
                run._r.rPr.set("lang", self.language if span.back or not self.back else "en")
                if span.back:
                    latin = run._r.rPr.find(qn("a:latin"))
                    latin.addnext(latin.makeelement(qn("a:cs"), {"typeface": "Noto Naskh Arabic"}))

    def title(self, words: str) -> None:
        """Write the title."""
        place = self.slide.shapes.title
        place.left, place.width, place.top, place.height = map(Inches, (_EDGE, _ROOM, 0.35, 1.1))
        said, size = _fit(words, _ROOM - 0.2, 1.0, 30.0, 16.0)
        self._write(place.text_frame, [said], size, bold=True, ink=_INK)

    def picture(self, picture: Picture) -> None:
        """Show a picture, as large as it can be."""
        start, top, width, height = _PICTURE
        shape = self.slide.shapes.add_picture(io.BytesIO(picture.png), 0, Inches(top))
        scale = min(Inches(width) / shape.width, Inches(height) / shape.height)
        shape.width, shape.height = round(shape.width * scale), round(shape.height * scale)
        shape.left = self._left(start, shape.width.inches)
        shape._element.nvPicPr.cNvPr.set("descr", plain(picture.alt))
        shape.name = plain(picture.name)

    def table(self, block: Table) -> None:
        """Show the first rows of a table, in rows of one height whose words fit."""
        start, top, width = _TABLE
        rows, parts = block.rows[:_ROWS], parts_of(block, room=64.0)
        heights = [_HEAD, *[_ROW] * len(rows)]
        box = (self._left(start, width), Inches(top), Inches(width), Inches(sum(heights)))
        shape = self.slide.shapes.add_table(len(heights), len(parts), *box)
        shape.name = plain(block.caption or block.head[0])
        table = shape.table
        if self.back:
            table._tbl.tblPr.set("rtl", "1")
        lines = [block.head, *([one.words for one in row] for row in rows)]
        for line, (cells, height) in enumerate(zip(lines, heights, strict=True)):
            table.rows[line].height = Inches(height)
            for place, (words, part) in enumerate(zip(cells, parts, strict=True)):
                wide = width * part / sum(parts)
                table.columns[place].width = Inches(wide)
                cell = table.cell(line, place)
                cell.margin_left = cell.margin_right = Inches(0.06)
                cell.margin_top = cell.margin_bottom = Inches(0.03)
                said, size = _fit(words, wide - 0.14, height - 0.08, 11.0)
                cell.vertical_anchor = MSO_ANCHOR.MIDDLE
                cell.fill.solid()
                fill, ink = (_INK, "FFFFFF") if line == 0 else ("FFFFFF" if line % 2 else "EEF2F6", "1A1A1A")
                cell.fill.fore_color.rgb = RGBColor.from_string(fill)
                self._write(cell.text_frame, [said], size, bold=line == 0, ink=ink, end=place in block.numbers)

    def foot(self, every: Sequence[str]) -> None:
        """Write what the answer rests on below."""
        box = self.slide.shapes.add_textbox(Inches(_EDGE), Inches(6.35), Inches(_ROOM), Inches(0.9))
        size = _fit(" ".join(every), _ROOM - 0.2, 1.0 - 0.15 * (len(every) - 1), 12.0)[1]
        said = [_fit(one, _ROOM - 0.2, 0.6, size)[0] for one in every]
        self._write(box.text_frame, said, size, ink=_QUIET)
