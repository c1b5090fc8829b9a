"""A brief holds for any study: three pages, plain words, numbers from rows, and the largest harm on page one."""

import csv
import html.parser
import os
import re
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from math import nan
from pathlib import Path
from typing import Any

import pytest

from experiments import brief, text
from experiments.brief import content, figures, page
from experiments.brief.blocks import (
    Block,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Picture,
    Point,
    Points,
    Table,
    Tiles,
)
from experiments.brief.sections_file import Part
from experiments.findings import Answers, Row
from experiments.messages import linked, say
from experiments.study.answering import table_of
from tests.study.answers import answers

STANDING = {
    "tiles": [["claims worldwide fell, 2018 to 2020", "agrees"], ["something new", "disagrees"]],
    "minds": [{"pattern": "something new", "low": 0.0188, "high": 0.599, "unit": "%", "disagrees": False}],
}
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 72 54'><rect width='72' height='54' fill='#ccc'/></svg>"
HOSTILE = "</title><script>alert(1)</script>\"'&"
LONG = "a_group_with_a_name_that_has_very_many_words_in_it_so_that_no_cell_holds_it"


@pytest.fixture()
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures that cost no time, for tests of words."""
    for name in ("switch_dots", "conditions", "traceability", "soon"):
        monkeypatch.setattr(figures, name, lambda *_, name=name: Picture(name, "A picture.", SVG, b""))


@pytest.fixture()
def no_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine without WeasyPrint, for tests of the HTML alone."""
    monkeypatch.setitem(sys.modules, "weasyprint", None)


def made(draws: int = 20, seed: int = 0, **about: Any) -> Answers:
    return answers(draws, seed, **{"standing": STANDING, **about})


def words_of(*blocks: Any) -> list[str]:
    """Every text of blocks, without marks."""
    return [linked(one, lambda _, inside: inside) for block in blocks for one in page.texts(block)]


def pages(document: Document) -> list[list[Block]]:
    found: list[list[Block]] = [[]]
    for one in document.blocks:
        if isinstance(one, PageBreak):
            found.append([])
        else:
            found[-1].append(one)
    return found


def shown(document: Document) -> list[str]:
    """Every text that pages one and two print, but for sums of money in cells."""
    short = next(page.printed(document))
    assert page.words_of_pages(short) <= page.WORDS == 650
    blocks = [one for some in pages(short)[:2] for one in some if not isinstance(one, Picture)]
    texts: list[str] = []
    for one in blocks:
        if isinstance(one, Points):
            texts += words_of(one.title, *((each.words, each.confidence) for each in one.points))
        elif isinstance(one, Table):
            cells = (zip(row, one.head, strict=True) for row in one.rows)
            texts += words_of(*one.head, *(cell.words for row in cells for cell, head in row if "USD" not in head))
        elif isinstance(one, Heading | Paragraph):
            texts += words_of(one.words)
    return [one for one in texts if one]


def test_pictures_stay_where_every_version_has_too_many_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Document] = []
    html = page.html
    monkeypatch.setattr(page, "html", lambda one, *more, **how: seen.append(one) or html(one, *more, **how))
    monkeypatch.setattr(page, "WORDS", 0)
    brief.write(tmp_path, made(40), "en", ["pdf"])
    assert count(tmp_path / "brief.pdf") == page.PAGES and "switch" in names_of(seen[-1])


def names_of(document: Document) -> list[str]:
    return [one.name for one in document.blocks if isinstance(one, Picture)]


def sentences(texts: Sequence[str]) -> list[str]:
    return [one for words in texts for one in re.split(r"(?<=[.!?])\s+(?=[A-Z])", words)]


class Page(html.parser.HTMLParser):
    """Tags with their attributes, links of numbers, and text of a page that is well-formed."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.numbers: list[tuple[str, str]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(words)
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if tag not in ("meta", "img"):
            self._open.append(tag)
        if found.get("class") == "number" and tag == "a":
            self.numbers.append((str(found["href"]), ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "style":
            return
        self.text += data
        if self._open and self._open[-1] == "a" and self.numbers:
            self.numbers[-1] = (self.numbers[-1][0], self.numbers[-1][1] + data)


def same(words: str, value: float) -> bool:
    """A text is a value rounded to its last digit, 6.4 million too; one without digits is no change."""
    digits = re.sub(r"[^\d.]", "", words).strip(".")
    if not digits:
        return abs(value) < 0.1
    scale = 1e6 if "million" in words else 1e9 if "billion" in words else 1.0
    whole, _, decimals = digits.partition(".")
    step = 10.0 ** (-len(decimals) or len(whole) - len(whole.rstrip("0")))
    return abs(float(digits) - abs(value) / scale) <= 0.5001 * step


def page_of(folder: Path) -> Page:
    return Page((folder / "brief.html").read_text(encoding="utf-8"))


def opened(pdf: bytes) -> bytes:
    """A PDF with its compressed parts laid open."""
    parts = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        with suppress(zlib.error):
            parts.append(zlib.decompress(stream))
    return b"\n".join(parts)


def names(files: Sequence[Path]) -> list[str]:
    """Names of files but for pictures."""
    return [file.name for file in files if file.parent.name != "figures"]


def count(pdf: Path) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", opened(pdf.read_bytes())))


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(50))
@pytest.mark.usefixtures("no_pictures")
def test_a_brief_is_short_and_plain(seed: int) -> None:
    draws = (20, 40, 200)[seed % 3]
    study = made(draws, seed)
    document = content.document(study, "en")
    texts = shown(document)
    assert 0 < len(document.title.split()) <= content.MOST_WORDS
    for one in sentences(texts):
        assert len(one.split()) <= 22, one
        assert not re.search(r"cannot tell|anything from|room for|superscript|undo", one)
    years = document.date[:4], str(study.about["switch"])[:4]
    for one in texts:
        for number in re.findall(r"\d[\d,.]*\d{2,}[\d,.]*", one):  # three digits or more
            sum_of_money = f"{number} USD" in one or "," in number or number in years
            count = number.isdigit() and int(number) <= draws
            assert count or sum_of_money or len(number.strip("0.,").replace(",", "").replace(".", "")) <= 2, one


@pytest.mark.parametrize("seed", range(50))
@pytest.mark.usefixtures("no_pictures")
def test_the_largest_harm_is_on_page_one_and_each_policy_has_an_agency_and_a_price(seed: int) -> None:
    study = made((20, 40, 200)[seed % 3], seed)
    document = content.document(study, "en")
    largest = max(study.of("policy"), key=lambda one: one.harm.median if one.harm else 0.0)
    first = [one for block in pages(document)[0] if isinstance(block, Points) for one in block.points]
    (said, *_) = [one for one in first if one.finding and one.finding.policy == largest.policy]
    assert text.policy(largest.policy) in said.words.lower() and "lawful payments" in said.words
    (table,) = [one for one in document.blocks if isinstance(one, Table)]
    shown = content._shown(study)
    assert len(table.rows) == len(shown) <= content.MOST_ROWS and {one.policy for one in content.only_harm(study)} <= {
        *shown
    }
    assert [table.first(1).rows[0][0].finding.policy] == shown[:1]  # type: ignore[union-attr]
    for row in table.rows:
        finding = row[0].finding
        assert finding is not None and text.agency(finding.agency).lower() in row[0].words.lower()
        assert len(row) == len(table.head) and all(cell.words for cell in row)
        (harm,) = [cell for cell, head in zip(row, table.head, strict=True) if head == say("brief-head-harm")]
        assert harm.words == "not modelled" if finding.harm_modelled == "no" else "not modelled" not in harm.words
    for one in [*study.of("switch"), *study.of("policy")]:
        assert one.because is not None and one.values["because"]


@pytest.mark.usefixtures("no_pictures")
def test_boxes_are_only_where_rows_carry_them() -> None:
    def roles(study: Answers) -> list[str]:
        return [one.role for one in content.document(study, "en").blocks if isinstance(one, Points) and one.title]

    study = made(200)
    policies = [replace(one, verdict="negligible") for one in study.of("policy")]
    others = tuple(one for one in study.findings if one.kind not in ("policy", "value"))
    futile = replace(study, findings=(*others, *policies))
    assert roles(futile) == ["do_not"]
    harmless = [replace(one, harm=None, verdict="lowers", policy="channel_takedown") for one in policies]
    assert roles(replace(study, findings=(*others, *harmless))) == []
    assert "ask" in roles(study)


@pytest.mark.usefixtures("no_pictures")
def test_sections_without_content_are_left_out() -> None:
    study = made(40, caveat="", standing={}, evidence={})
    switches = tuple(one for one in study.findings if one.kind == "switch" and one.group == "donor_funded")
    document = content.document(replace(study, findings=switches), "en")
    headings = [one.words for one in document.blocks if isinstance(one, Heading)]
    assert say("brief-policies") not in headings and say("brief-record") not in headings
    assert not any(isinstance(one, Tiles) for one in document.blocks) and all(map(str.strip, headings))
    assert [type(one) for one in document.blocks].count(PageBreak) <= 1
    assert not any(a == b == PageBreak() for a, b in pairwise(document.blocks))


@pytest.mark.usefixtures("no_pictures")
def test_a_user_chooses_the_parts() -> None:
    study = made(20)
    one = study.of("policy")[0]
    parts = [Part(markdown="Some **words**."), Part(findings=(one,)), Part("limits")]
    document = content.document(study, "en", parts)
    kinds = [type(block) for block in document.blocks]
    assert kinds[-4:] == [Paragraph, Points, Heading, Points] and PageBreak not in kinds
    assert document.blocks[-3] == Points([Point(one.with_marks(), one.with_marks("confidence"), one)])


# --- odd studies ------------------------------------------------------------------------------------------------------


def named(study: Answers, group: str, policy: str = "") -> Answers:
    """A study whose names are a user's own."""
    found = [replace(one, group=group, policy=one.policy and (policy or one.policy)) for one in study.findings]
    return replace(study, findings=tuple(found))


def odd() -> dict[str, Answers]:
    study = made(20)
    policies = tuple(study.of("policy"))
    held = [replace(one, draws=1, n=40, mc_share=1.0, changes=one.changes[:1]) for one in study.findings]
    bare = [replace(one, averted=None, harm=None, base=nan, median=nan, changes=()) for one in policies]
    return {
        "no findings": Answers("none", {}, ()),
        "no switch": replace(study, findings=policies),
        "one group": replace(study, findings=tuple(one for one in study.findings if one.group == "khorasan")),
        "one draw": made(1),
        "held": replace(study, findings=tuple(held)),
        "nothing known": replace(study, findings=tuple(bare)),
        "long names": named(study, LONG),
        "markup": named(replace(study, about={**study.about, "title": HOSTILE, "question": HOSTILE}), HOSTILE, HOSTILE),
        "no group": named(study, ""),
        "many groups": many(study, 9),
    }


def many(study: Answers, number: int) -> Answers:
    found = [
        replace(one, group=f"group_{place}") for place in range(number) for one in study.of("policy", group="is_core")
    ]
    found += [
        replace(one, group=f"group_{place}") for place in range(number) for one in study.of("switch", group="is_core")
    ]
    return replace(study, findings=tuple(found))


@pytest.mark.parametrize("name", odd())
@pytest.mark.usefixtures("no_pdf")
def test_an_odd_study_has_a_page_all_the_same(name: str, tmp_path: Path) -> None:
    study = odd()[name]
    files, messages = brief.write(tmp_path, study, "en", ["html", "pdf"])
    assert names(files) == ["brief.html"] and len(messages) == 1
    found = page_of(tmp_path)
    assert not re.search(rb"https?:(?!//www.w3.org/)", files[0].read_bytes())
    assert not any(key.startswith("on") for _, attributes in found.tags for key in attributes)
    assert "script" not in {tag for tag, _ in found.tags} and "nan" not in found.text.lower().split()
    assert {"lang", "dir"} <= {*found.tags[0][1]} and [tag for tag, _ in found.tags].count("h1") == 1
    assert all(attributes.get("alt") for tag, attributes in found.tags if tag == "img")
    if name == "markup":
        assert HOSTILE in found.text


@pytest.mark.slow
def test_three_pages_hold_many_groups_and_policies(tmp_path: Path) -> None:
    study = many(made(20), 7)
    brief.write(tmp_path, study, "en", ["html", "pdf"])
    assert count(tmp_path / "brief.pdf") <= page.PAGES
    assert "Group 6" in page_of(tmp_path).text


# --- numbers ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole brief beside a table with its rows."""
    folder = tmp_path_factory.mktemp("brief")
    study, rows = numbered(made(40, failed=7))
    with (folder / "effects.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(dict.fromkeys(name for row in rows for name in row)))
        writer.writeheader()
        writer.writerows(rows)
    table_of(study).to_csv(folder / "findings.csv", index=False)
    files, messages = brief.write(folder, study, "en", ["html", "pdf"])
    assert not messages and names(files) == ["brief.html", "brief.pdf"]
    return folder


def numbered(study: Answers) -> tuple[Answers, list[dict[str, Any]]]:
    """A study whose findings have a row each in one table."""
    found, rows = [], []
    for one in study.findings:
        rows.append({"id": one.id, "median": one.median, "reference": one.base, "margin": one.margin})
        rows[-1] |= {"low": one.low, "high": one.high}
        rows[-1] |= {name: getattr(one, name) / max(one.draws, 1) for name in ("below", "within", "above")}
        row, parts = Row("effects", len(rows) + 1, one.id), {}
        for name in ("averted", "harm", "harm_share"):
            if amount := getattr(one, name):
                rows[-1][name] = amount.median
                parts[name] = replace(amount, row=row, column=name)
        found.append(replace(one, rows=(row,), **parts))
    return replace(study, findings=tuple(found)), rows


def test_every_number_leads_to_its_row_and_equals_it(folder: Path) -> None:
    found = page_of(folder)
    tables = {name: brief._table(folder / f"{name}.csv") for name in ("effects", "findings")}
    anchors = {str(attributes["id"]) for tag, attributes in found.tags if tag == "tr" and attributes.get("id")}
    assert len(found.numbers) > 12
    for link, words in found.numbers:
        assert link.startswith("#") and link[1:] in anchors
        name, line, column = re.fullmatch(r"#(effects|findings)\.csv-(\d+)-(\w+)", link).groups()  # type: ignore[union-attr]
        value = tables[name][int(line) - 2].get(column)
        assert value, (words, link)
        assert same(words, float(value)), (words, value, link)


def test_the_page_is_one_file_and_says_how_to_make_it_again(folder: Path) -> None:
    found = page_of(folder)
    links = [str(attributes.get("src") or attributes.get("href")) for _, attributes in found.tags]
    assert all(one.startswith(("#", "data:")) or one in ("None", "effects.csv", "findings.csv") for one in links)
    policy = next(str(each["content"]) for tag, each in found.tags if tag == "meta" and "http-equiv" in each)
    assert "default-src 'none'" in policy and "script" not in policy
    for part in ("python -m experiments study=made_up", "7 of 1,000 runs failed", say("brief-minds"), "Something new"):
        assert part in found.text
    levels = [int(tag[1]) for tag, _ in found.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and all(after <= before + 1 for before, after in pairwise(levels))


def test_the_pdf_has_three_pages_with_title_language_and_tags(folder: Path) -> None:
    pdf = folder / "brief.pdf"
    assert pdf.read_bytes().startswith(b"%PDF-1.7") and count(pdf) == page.PAGES
    for part in (b"/Lang (en)", b"/MarkInfo", b"/StructTreeRoot", b"/URI (brief.html#effects.csv"):
        assert part in opened(pdf.read_bytes())


def test_the_same_bytes_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "5")
    files = [brief.write(tmp_path / name, made(20), "en", ["html", "pdf"])[0] for name in ("one", "two")]
    one, two = ([file.read_bytes() for file in some] for some in files)
    assert len(one) >= 4 and one == two
    assert os.environ["SOURCE_DATE_EPOCH"] == "5"


def test_a_study_without_a_switch_shows_its_own_figures_and_findings(tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    for kind, whole in {"svg": SVG, "png": b""}.items():
        (tmp_path / "figures" / f"hits.{kind}").write_bytes(whole)
    study = made(20, title="Can a hit be believed")
    own = tuple(replace(one, policy="") for one in study.of("value"))
    study.about["figures"] = [{"file": "figures/hits.svg", "finding": own[0].id}]  # type: ignore[index]
    brief.write(tmp_path, replace(study, findings=own * 4), "en", ["html"])
    found = page_of(tmp_path)
    assert [attributes["alt"] for tag, attributes in found.tags if tag == "img"] == [own[0].sentence()]
    assert found.text.count(linked(own[0].with_marks(), lambda _, inside: inside)) >= 3


@pytest.mark.usefixtures("no_pictures")
def test_languages_link_each_other_only_if_both_are_there(tmp_path: Path) -> None:
    def links(language: str) -> list[str | None]:
        file = tmp_path / ("brief.html" if language == "en" else f"brief.{language}.html")
        found = Page(file.read_text(encoding="utf-8"))
        assert found.tags[0][1] == {"lang": language, "dir": "rtl" if language == "ar" else "ltr"}
        return [attributes["href"] for tag, attributes in found.tags if tag == "a" and "hreflang" in attributes]

    study = made(20)
    brief.write(tmp_path, study, "en", ["html"])
    assert links("en") == []
    brief.write(tmp_path, study, "ar", ["html"])
    brief.link_languages(tmp_path)
    assert (links("en"), links("ar")) == (["brief.ar.html"], ["brief.html"])


# --- print ------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("no_pictures")
def test_print_leaves_out_what_comes_last_and_says_so() -> None:
    document = content.document(made(20), "en")
    whole = page.shortened(document, page._Room())
    short = page.shortened(document, page.ROOMS[-1])
    assert [*whole.blocks] == [*document.blocks] and len(short.blocks) < len(document.blocks)
    assert Paragraph(say("brief-more"), "note") in short.blocks
    assert not any(isinstance(one, Picture) for one in short.blocks)
    ends = [*short.blocks[1:], PageBreak()]
    assert not any(
        page._heads(one) and page._heads(after, breaks=True) for one, after in zip(short.blocks, ends, strict=True)
    )


@pytest.fixture()
def no_pango(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As on a machine where WeasyPrint is installed and Pango is not."""
    import cffi

    def missing(self: Any, name: str, *flags: Any) -> Any:
        raise OSError(f"cannot load library {name}")

    before = {name: module for name, module in sys.modules.items() if name.split(".")[0] == "weasyprint"}
    for name in before:
        del sys.modules[name]
    monkeypatch.setattr(cffi.FFI, "dlopen", missing)
    yield
    for name in [name for name in sys.modules if name.split(".")[0] == "weasyprint"]:
        del sys.modules[name]
    sys.modules.update(before)


@pytest.mark.parametrize("lack", ["no_pdf", "no_pango"])
@pytest.mark.usefixtures("no_pictures")
def test_without_its_libraries_there_is_html_and_a_message(
    lack: str, tmp_path: Path, request: pytest.FixtureRequest, capfd: pytest.CaptureFixture[str]
) -> None:
    request.getfixturevalue(lack)
    files, (message,) = brief.write(tmp_path, made(20), "en", ["html", "pdf"])
    assert names(files) == ["brief.html"] and not (tmp_path / "brief.pdf").exists()
    assert "libpango-1.0-0" in message and "libharfbuzz-subset0" in message and "Homebrew" in message
    assert capfd.readouterr() == ("", "")


def swept(held: bool, **about: Any) -> Answers:
    """Answers of a sweep of the share lost, at 0 and with another answer at 0.6."""
    name = "shocks.monero_only.size"
    level = {"levels": {name: 0.0}, "to": {name: 0.6}, "verdict": "lowers", "median": -1.9, "count": 1, "of": 2} | about
    study = named(made(40, levels={name: 0.0}), "donor_funded")
    held_as = {"draws": 1, "mc_share": 1.0, "verdict": "negligible", "reasons": ("luck",)} if held else {}
    found = [
        replace(one, arm="full", more={**one.more, "mode": "full", "swept": level}, **held_as)
        for one in study.of("switch")[:1]
    ]
    facts = {**study.about, "draws": 0} if held else study.about
    policies = [replace(one, draws=1, mc_share=1.0) if held else one for one in study.of("policy")]
    return replace(study, about=facts, findings=(*found, *policies))


@pytest.mark.usefixtures("no_pictures")
def test_a_sweep_says_at_which_levels_it_answers_and_where_it_answers_otherwise() -> None:
    document = content.document(swept(held=True), "en")
    words = " ".join(shown(document))
    assert document.title == "What a full switch to Monero does depends on share of donors lost"
    assert "Answers are at share of donors lost 0, unless they name another level." in words
    assert "At share of donors lost 0, a full switch to Monero hardly changes attacks" in words
    assert "At 0.6, attacks fall by 1.9%; the answer is another at 1 of 2 other levels." in words
    assert "A full switch to Monero: no gift stays behind" in words and "they choose" not in words
    same = content.document(swept(held=True, count=0), "en")
    assert "hardly changes attacks" in same.title and "same at every other level" in " ".join(shown(same))
    assert "نسبة المتبرّعين المفقودين" in " ".join(words_of(*content.document(swept(held=True), "ar").blocks))


@pytest.mark.usefixtures("no_pictures")
def test_page_one_says_what_is_not_in_the_model_when_attacks_are_and_what_was_tried() -> None:
    words = " ".join(shown(content.document(made(40, tried=4), "en")))
    assert f"in any set. {say('limit-campaign')}" in words or f"). {say('limit-campaign')}" in words
    assert words.count("Attacks: in the simulated 52 weeks after 22 June 2020; today: measures") == 1
    assert "Of the 4 policies tried, military pressure lowers attacks by the large group most" in words
    assert "Of the" not in " ".join(shown(content.document(made(40), "en")))
    dearest = [
        replace(one, more={**one.more, "hinders-most": "yes"}) if one.kind == "choice" else one
        for one in made(40).findings
    ]
    words = " ".join(words_of(*content.document(replace(made(40), findings=tuple(dearest)), "en").blocks))
    assert "Without force, licensing hawala gives up least in attacks averted against the large group" in words
    assert "It also hinders most lawful payments." in words and "safest" not in words
    assert "moderate: the reason is judged" in words and "of why sets disagree (8% to 61%)" in words


@pytest.mark.usefixtures("no_pictures")
def test_no_effect_and_no_harm_are_those_that_the_model_can_show() -> None:
    every = made(40).findings
    idle = [replace(one, policy="counter_inspiration") if one.policy == "channel_takedown" else one for one in every]
    words = " ".join(words_of(*content.document(replace(made(40), findings=tuple(idle)), "en").blocks))
    assert "nobody known" not in words and "Of no use" not in words
    assert say("brief-no-use") == "No effect on attacks found in this model"
    assert content._harmed("counter_inspiration") == "not modelled"
    assert content._harmed("counter_inspiration+channel_takedown") == "lawful speech"


@pytest.mark.usefixtures("no_pictures")
def test_a_brief_of_held_parameters_counts_seeds() -> None:
    blocks = content.document(swept(held=True), "en").blocks
    words = " ".join(words_of(*blocks))
    assert "one set of assumptions (parameters are held), 80 seeds: 0 to 79" in words
    assert "in all 40 repeats of one set of assumptions." in words
    assert "There is one set of assumptions: runs" in words and "luck hides which runs agree" in words
    assert not re.search("Dots are sets|whether sets|[Ss]ets of assumptions:", words)
    assert "sets of assumptions: 40;" in " ".join(words_of(*content.document(swept(held=False), "en").blocks))


def test_the_picture_of_a_sweep_names_arm_and_level() -> None:
    [one] = swept(held=True).of("switch")
    title = say("figure-switch", **one.values, every="no")
    assert title.startswith("A full switch to Monero hardly changes") and title.endswith("at share of donors lost 0")
