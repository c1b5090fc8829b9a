"""The memo (DOCX) and the slide (PPTX) of a brief: what they hold when they are opened again, and how they look."""

import io
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import docx as word
import pytest
from docx.oxml.ns import qn
from PIL import Image
from pptx import Presentation

from experiments.brief import office
from experiments.brief.blocks import (
    Block,
    Cell,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Picture,
    Point,
    Points,
    Table,
    Terms,
    Tiles,
)
from experiments.brief.page import Source, html
from experiments.findings import Finding, Row
from experiments.messages import marked, speaking
from sim.config.request import ConfigurationError

_DATE = "2026-11-29"
_SOURCES = {
    f"effects:{line}:{column}": Source("effects.csv", str(line), f"policy/{line}", column, f"{line / 7:.6f}")
    for line in range(2, 40)
    for column in ("median", "below", "harm")
}
_WORDS = {
    "en": (
        "Asking for Monero hardly changes attacks by the large group",
        "in nearly all",
        "of",
        "Confidence: high.",
        "Limits",
    ),
    "ar": (
        "طلب العطاء بعملة مونيرو لا يكاد يغيّر هجمات الجماعة الكبيرة",
        "في كلّ الحالات تقريباً",
        "من",
        "الثقة: عالية.",
        "الحدود",
    ),
}


def _png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (600, 240), "#dce8f2").save(file, "PNG")
    return file.getvalue()


def _number(line: int, words: str, column: str = "median") -> str:
    return marked(f"effects:{line}:{column}", words)


def _document(language: str = "en", name: str = "", rows: int = 6) -> Document:
    """A brief of all kinds of blocks; ``name`` stands in each of them."""
    title, nearly, of, sure, limits = _WORDS[language]
    apart = "\u2068{}\u2069" if language == "ar" else "{}"
    counted = f"{name} {nearly} ({apart.format(_number(2, '19', 'below'))} {of} {apart.format('20')})."
    change = f"{title}: {apart.format(_number(3, '−19%'))} {apart.format('XMR (Monero)')} {name}"
    about = {"group": "is_core", "policy": "kinetic_pressure", "agency": "military", "rows": (Row("effects", 2),)}
    counts = {"margin": 1.0, "below": 19, "above": 1, "draws": 20, "base": 70.0, "changes": (*[-5.0] * 19, 2.0)}
    dots = Finding("policy", "policy/one", outcome="rate", **about, **counts)

    def line(at: int) -> list[Cell]:
        return [
            Cell(f"{title} {at} {name}"),
            Cell(counted, dots.changes, dots),
            Cell(_number(at, f"{at * 1000:,}", "harm")),
        ]

    table = Table([limits, title, f"{limits} USD"], [line(at) for at in range(4, 4 + rows)], name, numbers=(2,))
    picture = Picture("switch", f"{title} {name}", b"", _png(), f"{limits} {name}")
    own = [
        f"## {limits}",
        f"{title} **{limits}** {change} [{limits}](https://example.org/a) <b>",
        f"- {limits}\n- {name}",
    ]
    own.append(f"1. {limits}\n2. {title}")
    blocks: list[Block] = [
        Paragraph(f"{limits} · {_DATE} {name}", "kicker"),
        Heading(title + name, 1),
        Heading(limits),
        Points([Point(counted, sure), Point(change, sure), Point(name or title)], role="bottom_line"),
        picture,
        *(Points([Point(change, sure)], limits + name, role) for role in ("do", "do_not", "ask")),
        PageBreak(),
        Heading(limits, 3),
        table,
        Paragraph("\n\n".join(own), "markdown"),
        Tiles(
            [(f"{limits} {name}", "agrees"), (limits, "possible"), (limits, "disagrees"), (limits, "agrees")], limits
        ),
        Terms([(limits + name, title)]),
        Paragraph(f"python -m experiments {name}", "command"),
        Paragraph(limits, "note"),
    ]
    slide = [Heading(change, 1), picture, table, Paragraph(sure, "note"), Paragraph(counted, "note")]
    notes = [f"python -m experiments {name}", "0123456789"]
    return Document(title + name, language, "rtl" if language == "ar" else "ltr", blocks, slide, notes, _DATE)


def _opened(made: bytes) -> word.document.Document:
    return word.Document(io.BytesIO(made))


def _words(made: bytes) -> str:
    """All words of a memo, without marks of direction."""
    said = "".join(one.text or "" for one in _opened(made).element.body.iter(qn("w:t")))
    return re.sub("[\u200e\u200f]", "", said)


def _slide(made: bytes | None) -> object:
    assert made
    (slide,) = Presentation(io.BytesIO(made)).slides
    return slide


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_memo_has_real_headings_tables_alternative_texts_and_boxes(language: str) -> None:
    document = _document(language)
    opened = _opened(office.docx(document, _SOURCES))
    title, *_, limits = _WORDS[language]
    heads = [(one.style.name, one.text) for one in opened.paragraphs if one.style.name.startswith(("Title", "Heading"))]
    assert heads[:3] == [("Title", title), ("Heading 1", limits), ("Heading 2", limits)]
    boxes, table, tiles = opened.tables
    assert len(boxes.columns) == 3
    assert len(table.rows) == 7
    assert len(tiles._cells) == 6
    assert [row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in table.rows] == [True] + [
        False
    ] * 6
    alts = [one.get("descr") for one in opened.element.body.iter(qn("wp:docPr"))]
    cell = next(one for block in document.blocks if isinstance(block, Table) for one in block.rows[0] if one.dots)
    with speaking(language):
        assert alts == [office.plain(f"{title} "), *[office.plain(cell.finding.sentence("alt"))] * 6]
    about = opened.core_properties
    assert (about.title, about.language, f"{about.created:%Y-%m-%d}") == (title, language, _DATE)
    defaults = opened.styles["Normal"].element.find(f"{qn('w:rPr')}/{qn('w:lang')}")
    assert defaults.get(qn("w:bidi" if language == "ar" else "w:val")) == language


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_number_of_the_page_is_in_the_memo_and_links_to_its_source(language: str) -> None:
    document = _document(language)
    made = office.docx(document, _SOURCES)
    page = re.sub("[\u2066-\u2069]", "", html(document, _SOURCES))
    numbers = set(re.findall('<a class="number"[^>]*>([^<]*)</a>', page))
    assert len(numbers) > 6
    assert all(one in _words(made) for one in numbers)
    body = _opened(made).element.body
    links = [one.get(qn("w:anchor")) for one in body.iter(qn("w:hyperlink"))]
    marks = [one.get(qn("w:name")) for one in body.iter(qn("w:bookmarkStart"))]
    assert set(links) == set(marks)
    assert len(marks) == len(set(marks)) == 8  # rows: two of the sentences, six of the table
    listed = [one for one in _opened(made).paragraphs if one.style.name == "Brief Source"]
    assert [re.sub("[\u200e\u200f]", "", one.text).split()[0] for one in listed] == [
        f"{place}" for place in range(1, 9)
    ]
    for source in (_SOURCES["effects:3:median"], _SOURCES["effects:9:harm"]):
        assert any(all(part in one.text for part in (source.file, source.column, source.value)) for one in listed)


def test_a_number_without_a_row_is_plain_text() -> None:
    made = office.docx(_document(), {})
    assert not [*_opened(made).element.body.iter(qn("w:hyperlink"))]
    assert "−19%" in _words(made)


def test_arabic_is_turned_round_in_every_paragraph_and_cell_and_its_numbers_are_not() -> None:
    made = office.docx(_document("ar"), _SOURCES)
    body = _opened(made).element.body
    for paragraph in body.iter(qn("w:p")):
        if re.search("[\u0600-\u06ff]", "".join(one.text or "" for one in paragraph.iter(qn("w:t")))):
            assert paragraph.find(f"{qn('w:pPr')}/{qn('w:bidi')}") is not None
    for run in body.iter(qn("w:r")):
        said = "".join(one.text or "" for one in run.iter(qn("w:t")))
        turned = run.find(f"{qn('w:rPr')}/{qn('w:rtl')}") is not None
        assert turned or not re.search("[\u0600-\u06ff]", said)
        assert not (turned and re.search("[0-9A-Za-z]", said)), said
    assert all(one.table_direction for one in _opened(made).tables)
    assert "\u200e−19%\u200e" in "".join(one.text or "" for one in body.iter(qn("w:t")))
    assert not re.search("[\u2066-\u2069]", body.xml)


def test_spans_keep_words_and_their_order() -> None:
    assert office.spans("all (19 of 20)", back=False) == [office.Span("all (19 of 20)")]
    right, left = "\u200f", "\u200e"
    (first, number, last) = office.spans("أقلّ \u2068" + _number(2, "−19%") + "\u2069 هنا", back=True)
    assert (first.words, number.words, last.words) == (f"أقلّ {right}", f"{left}−19%{left}", f"{right} هنا")
    assert (first.back, number.back, number.source) == (True, False, "effects:2:median")
    assert [one.source for one in office.spans("أ " + _number(2, "−19%"), back=True) if one.source] == [
        "effects:2:median"
    ]
    latin = office.spans("الأداة \u2068python -m experiments (x)\u2069", back=True)
    assert [one.words for one in latin if not one.back] == [f"{left}python -m experiments (x){left}"]
    spaced = office.spans("أ\u2068 (b)\u2069", back=True)
    assert [one.words for one in spaced] == [f"أ {right}", f"{left}(b){left}", right]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_bytes_are_the_same_twice_and_hold_no_address_outside(language: str) -> None:
    document = _document(language)
    for make in (lambda: office.docx(document, _SOURCES), lambda: office.pptx(document)[0]):
        made = make()
        assert made == make()
        with zipfile.ZipFile(io.BytesIO(made)) as package:
            assert {one.date_time for one in package.infolist()} == {(2026, 11, 29, 0, 0, 0)}
            for name in package.namelist():
                assert not (name.endswith(".rels") and b'TargetMode="External"' in package.read(name)), name


@pytest.mark.parametrize(
    "name",
    [
        "<w:p>&amp;]]>",
        "\x00\x07\x1b\ufffe\u202e\u2066{x}",
        "x" * 3000,
        "a\nb\tc",
        "\ue000a\ue001b",
        "\u2068\u0627" * 2000,
    ],
)
def test_hostile_names_survive(name: str) -> None:
    for language in ("en", "ar"):
        document = _document(language, name)
        made = office.docx(document, _SOURCES)
        assert len(_opened(made).tables) == 3
        assert "\u202e" not in _words(made)
        assert _slide(office.pptx(document)[0])


def test_a_template_keeps_its_styles_headers_and_page_and_loses_its_words(tmp_path: Path) -> None:
    theirs = word.Document()
    theirs.add_paragraph("secret draft", style="Heading 1")
    theirs.add_picture(io.BytesIO(_png()))
    theirs.styles["Heading 1"].font.name = "Ministry Serif"
    for gone in ("List Bullet", "Caption"):
        theirs.styles[gone].delete()
    theirs.sections[0].header.paragraphs[0].text = "Ministry of Examples"
    theirs.sections[0].page_width = 7_000_000
    file = tmp_path / "memo.docx"
    theirs.save(str(file))
    made = office.docx(_document(), _SOURCES, file)
    opened = _opened(made)
    assert opened.sections[0].header.paragraphs[0].text == "Ministry of Examples"
    assert abs(opened.sections[0].page_width - 7_000_000) < 1000
    assert opened.styles["Heading 1"].font.name == "Ministry Serif"
    assert "secret" not in opened.element.xml
    assert sum("/media/" in one for one in zipfile.ZipFile(io.BytesIO(made)).namelist()) == 2  # the figure and the dots
    points = [one for one in opened.paragraphs if one.style.name == "Brief List"]
    assert points[0].text.startswith("•\t")
    assert made == office.docx(_document(), _SOURCES, file)


def test_a_template_that_is_no_document_is_one_clear_error(tmp_path: Path) -> None:
    whole = office.docx(_document(), _SOURCES)
    slide = office.pptx(_document())[0]
    assert slide
    for place, content in enumerate((b"", b"no package", whole[: len(whole) // 2], slide, None)):
        file = tmp_path / f"{place}.docx"
        if content is not None:
            file.write_bytes(content)
        with pytest.raises(ConfigurationError, match=r"template=.*\.docx"):
            office.docx(_document(), _SOURCES, file)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_slide_has_a_title_a_picture_a_table_of_five_rows_and_notes(language: str) -> None:
    document = _document(language)
    made, message = office.pptx(document)
    slide = _slide(made)
    assert message is None
    shapes = {one.shape_type: one for one in slide.shapes if not one.is_placeholder}
    assert slide.shapes.title.text_frame.text.startswith(_WORDS[language][0])
    (table,) = [one for one in slide.shapes if one.has_table]
    assert len(table.table.rows) == 6
    assert table.top + sum(row.height for row in table.table.rows) < slide.shapes[-1].top
    (picture,) = [one for kind, one in shapes.items() if kind == 13]
    assert picture._element.nvPicPr.cNvPr.get("descr") == office.plain(document.slide[1].alt)
    assert picture.left > table.left if language == "ar" else picture.left < table.left
    assert slide.notes_slide.notes_text_frame.text == "\n".join(document.notes)
    for paragraph in slide._element.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}pPr"):
        assert paragraph.get("rtl") == ("1" if language == "ar" else "0")


def test_a_missing_library_is_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "experiments.brief.slide", None)
    made, message = office.pptx(_document())
    assert made is None
    assert message and "'.[office]'" in message


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice (soffice)")
@pytest.mark.parametrize("language", ["en", "ar"])
def test_libreoffice_shows_few_pages_and_one_slide(language: str, tmp_path: Path) -> None:
    document = _document(language, rows=14)
    (tmp_path / "memo.docx").write_bytes(office.docx(document, _SOURCES))
    (tmp_path / "slide.pptx").write_bytes(office.pptx(document)[0] or b"")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    for file, most in (("memo.docx", 5), ("slide.pptx", 1)):
        command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), file]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=180)
        pages = len(re.findall(rb"/Type\s*/Page\b", (tmp_path / file).with_suffix(".pdf").read_bytes()))
        assert 1 <= pages <= most
