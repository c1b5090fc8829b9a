"""Pictures of briefs count what findings count, draw every draw, overlap nothing, and read right in every language."""

import io
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from experiments.brief import figures
from experiments.brief.blocks import Picture
from experiments.findings import Answers, Because, Finding, Row, in_twentieths
from experiments.messages import languages, speaking
from tests.study.answers import answers, effect

STUDY = {"model": "0.2.0", "commit": "0123abcdef", "date": "2026-01-02", "runs": 7}
WORDS = ("below", "within", "above")
SVG = "{http://www.w3.org/2000/svg}"


def changed(changes: Any, group: str = "is_core", **about: Any) -> Finding:
    """A switch with these changes in per cent."""
    because = Because("campaigns", {"most": 0.004}, "arithmetic")
    return effect("switch", np.array(changes), 72.0, group=group, arm="announcement", because=because, **about)


def switches(draws: int, groups: int = 3) -> list[Finding]:
    return [one for one in answers(draws).of("switch") if one.arm == "announcement"][:groups]


def laws(link: float, most: float) -> list[Finding]:
    """Two coins of a group, the first traced so well; what freezing takes if they were traced fully."""
    coins = (("bitcoin", link, most / 2, most), ("monero", 0.02, 0.0, most / 3))
    about = {"threshold": 0.5, "reach": "now" if most < -1.0 else "never"}
    return [
        Finding("law", f"law/{rail}", "is_core", margin=1.0, rows=(Row("findings", 2),), more=found | about)
        for rail, at, now, one in coins
        for found in ({"rail": rail, "link": at, "loss": now, "loss-at-one": one},)
    ]


EXTREME = [changed([-80.0, -2.0, *[0.0] * 20, 1.5, 300.0]), changed(np.linspace(-60.0, 90.0, 24), "donor_funded")]
CASES: dict[str, Callable[[], Picture | None]] = {
    **{f"switch-{n}": lambda n=n: figures.switch_dots(switches(n), STUDY) for n in (6, 20, 40, 200)},
    "switch-one": lambda: figures.switch_dots(switches(20, 1), STUDY),
    "switch-zero": lambda: figures.switch_dots([changed([0.0] * 20)], STUDY),
    "switch-extreme": lambda: figures.switch_dots(EXTREME, STUDY),
    "conditions": lambda: figures.conditions(answers(40).of("turn")[1], STUDY),
    "conditions-200": lambda: figures.conditions(answers(200).of("turn")[1], STUDY),
    "traceability": lambda: figures.traceability(laws(0.8, -11.0), STUDY),
    "traceability-none": lambda: figures.traceability(laws(0.9, -0.001), STUDY),
    "soon": lambda: figures.soon(answers(40).of("soon"), STUDY),
}


@pytest.fixture(params=languages())
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    with speaking(request.param):
        yield request.param


def kept(sheets: list[figures._Sheet]) -> Callable[..., Picture]:
    """What makes the picture of a sheet and keeps the sheet."""
    whole = figures._Sheet.picture

    def picture(sheet: figures._Sheet, *about: Any) -> Picture:
        sheets.append(sheet)
        return whole(sheet, *about)

    return picture


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[figures._Sheet]:
    """The sheets of the pictures that a test makes."""
    sheets: list[figures._Sheet] = []
    monkeypatch.setattr(figures._Sheet, "picture", kept(sheets))
    return sheets


@cache
def made(case: str, language: str) -> tuple[Picture, figures._Sheet]:
    """The picture of a case and its sheet."""
    sheets: list[figures._Sheet] = []
    with pytest.MonkeyPatch.context() as patch, speaking(language):
        patch.setattr(figures._Sheet, "picture", kept(sheets))
        return CASES[case]() or pytest.fail(f"no {case}"), sheets[0]


def dots_of(figure: Figure) -> list[PathCollection]:
    return [one for axes in figure.axes for one in axes.collections if isinstance(one, PathCollection)]


def words_of(figure: Figure) -> list[Text]:
    """Every text that is drawn."""
    found = [*figure.texts, *(text for axes in figure.axes for text in axes.texts)]
    for axes in figure.axes:
        for axis, on in ((axes.xaxis, axes.xaxis.get_visible()), (axes.yaxis, axes.yaxis.get_visible())):
            ticks = axis._update_ticks() if on else []
            found += [label for tick in ticks for label in (tick.label1, tick.label2)]
    return [one for one in found if one.get_visible() and one.get_text().strip("\u200f \u2066\u2069")]


# --- counts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("draws", [6, 20, 40, 50, 200])
def test_dots_are_the_counts_of_findings_and_every_draw_up_to_fifty(draws: int, drawn: list[figures._Sheet]) -> None:
    shown = switches(draws)
    assert figures.switch_dots(shown)
    rows = itertools.batched(dots_of(drawn[0].figure), 3)
    for one, row in zip(shown, rows, strict=True):
        counts = [one.values[word] for word in WORDS]
        areas = in_twentieths(counts)
        assert [len(dots.get_offsets()) for dots in row] == [*map(len, areas)]
        whole = row[counts.index(max(counts))].get_sizes()[0]
        assert [some.get_sizes().sum() / whole for some in row] == pytest.approx([*map(sum, areas)])
        above = [words.get_text().strip() for axes in drawn[0].figure.axes for words in axes.texts]
        assert {f"{one.below} weaker", f"{one.within} no change"} <= {words.split(" (")[0] for words in above}
        by_word = figures.dots(one)
        assert [some.draws for some in by_word.values()] == counts
        assert sum(some.areas.sum() for some in by_word.values()) == pytest.approx(draws if draws <= 50 else 20)
        changes = np.concatenate([some.changes for some in by_word.values()])
        if draws <= 50:
            assert changes == pytest.approx(sorted(one.changes))
        else:
            assert {*changes} <= {*one.changes}


def test_one_draw_of_many_is_no_twentieth(drawn: list[figures._Sheet]) -> None:
    assert figures.switch_dots([changed([*[-3.0] * 100, *[0.0] * 99, 3.0])])
    _, within, above = dots_of(drawn[0].figure)
    assert above.get_sizes() / within.get_sizes()[0] == pytest.approx(0.1)
    shown = {one.get_text() for one in words_of(drawn[0].figure)}
    assert {"100 weaker", "99 no change", "1 stronger"} <= shown


def test_dots_of_many_draws_are_order_statistics() -> None:
    by_word = figures.dots(changed(np.linspace(-1.995, 1.995, 400)))
    found = np.concatenate([some.changes for some in by_word.values()])
    assert found == pytest.approx(np.quantile(np.linspace(-2.0, 2.0, 401), (np.arange(20) + 0.5) / 20), abs=0.1)


def test_no_dot_is_on_the_wrong_side_of_the_margin_or_on_another(drawn: list[figures._Sheet]) -> None:
    near = [-1.0001, -1.0, -0.999, 0.999, 1.0, 1.0001]
    for case in ([0.0] * 50, near * 6, [*near, 40.0, -40.0], [*[1.2] * 30, *[0.9] * 20]):
        one = changed(case)
        assert figures.switch_dots([one])
        axes = drawn[-1].figure.axes[0]
        below, within, above = (dots.get_offsets()[:, 0] for dots in dots_of(drawn[-1].figure))
        assert (below < -1.0).all() and (np.abs(within) <= 1.0).all() and (above > 1.0).all()
        centres = [
            axes.transData.transform(place) for dots in dots_of(drawn[-1].figure) for place in dots.get_offsets()
        ]
        sizes = np.concatenate([dots.get_sizes() for dots in dots_of(drawn[-1].figure)])
        size = np.sqrt(sizes.max()) / 72.0 * figures.DPI
        apart = [np.hypot(*(a - b)) for a, b in itertools.combinations(centres, 2)]
        assert min(apart) > 0.99 * size


def test_dots_lie_where_their_changes_are(drawn: list[figures._Sheet]) -> None:
    spread = [-9.0, -6.0, -3.0, 0.0, 3.0, 6.0, 9.0]
    assert figures.switch_dots([changed(spread)])
    places = np.concatenate([dots.get_offsets()[:, 0] for dots in dots_of(drawn[0].figure)])
    assert [*places] == pytest.approx(spread, abs=1e-9)


@pytest.mark.parametrize(
    ("changes", "limit"), [([0.0], 3.0), ([0.5, -7.0], 7.0), ([14.0] * 9 + [90.0], 15.0), ([40.0], 40.0)]
)
def test_the_axis_has_a_floor_and_leaves_out_few(changes: list[float], limit: float) -> None:
    assert figures._limit(np.abs(changes), 1.0) == pytest.approx(limit)


def test_what_lies_beyond_the_axis_is_said(drawn: list[figures._Sheet]) -> None:
    assert figures.switch_dots([changed([*[0.0] * 18, -2.0, 250.0])])
    shown = [text.get_text() for text in words_of(drawn[0].figure)]
    assert any("1" in one and "+250%" in one for one in shown)


def test_every_draw_is_on_the_map_and_in_the_lines(drawn: list[figures._Sheet]) -> None:
    one = answers(200).of("turn")[1]
    one = replace(one, more={**one.more, "turn": "none"})  # no line of a sentence: medians part the map
    missing = replace(one, more={**one.more, "points": [*one.more["points"], [float("nan"), 0.5, 2.0]]})
    picture = figures.conditions(missing) or pytest.fail("no map")
    assert sum(len(dots.get_offsets()) for dots in dots_of(drawn[0].figure)) == 200
    assert figures.soon(answers(40).of("soon"))
    assert {len(axes.lines) for axes in drawn[1].figure.axes} == {40}
    inside, of, outside, others = (int(found) for found in re.findall(r"\d+", picture.caption)[:4])
    words = np.array([change for *_, change in one.more["points"]])
    assert of + others == 200 and inside + outside in ((words < -1.0).sum(), (words > 1.0).sum())
    assert inside / of >= outside / others


def test_only_what_changes_with_time_is_drawn(drawn: list[figures._Sheet]) -> None:
    same = [replace(one, verdict="negligible") for one in answers(40).of("soon")]
    assert figures.soon(same) is None
    late = [replace(one, verdict="lowers") if one.window == 79 and one.group == "khorasan" else one for one in same]
    assert figures.soon(late)
    fewer = [replace(one, changes=one.changes[1:]) if one.window == late[0].window else one for one in late]
    assert figures.soon(fewer) is None  # draws that lack a window are not those of the others
    assert 1 <= len(drawn[0].figure.axes) <= 3
    first = drawn[0].figure.axes[0]
    assert [*first.get_xticks()] == [13, 52, 79]
    assert len({axes.get_ylim() for axes in drawn[0].figure.axes}) == 1


def test_strips_count_what_findings_count(language: str) -> None:
    for draws in (6, 20, 40, 200):
        for one in answers(draws).of("policy")[:3]:
            tree = ElementTree.fromstring(figures.strip(one))
            fills = [dot.get("fill") for dot in tree]
            colours = (figures.COLOURS["lowers"], "none", figures.COLOURS["raises"])
            areas = in_twentieths([one.values[word] for word in WORDS])
            assert [fills.count(colour) for colour in colours] == [*map(len, areas)]
            sizes = np.array([float(dot.get("r", "")) for dot in tree]) ** 2
            assert sizes / sizes.max() == pytest.approx(np.concatenate(areas), abs=0.01)
            assert len(figures.strip(one)) < 5000
            across = [float(dot.get("cx", "")) for dot in tree]
            assert (across[0] < across[1]) == (language != "ar")
            with Image.open(io.BytesIO(figures.strip_png(one))) as image:
                ratio = float(tree.get("width", "")) / float(tree.get("height", ""))
                assert image.width == 480 and image.width / image.height == pytest.approx(ratio, rel=0.02)


def test_nothing_to_draw() -> None:
    nothing = Answers("made_up", {}, ())
    assert figures.switch_dots([]) is figures.soon(nothing.of("soon")) is figures.traceability([]) is None
    still = replace(
        answers(20).of("turn")[0], more={"points": [[0.1, 0.2, 0.0]], "x": "gifts_kept", "y": "campaign_share"}
    )
    assert figures.conditions(still) is None


# --- how they look ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES)
def test_no_words_overlap_or_are_cut(case: str, language: str) -> None:
    picture, sheet = made(case, language)
    figure = sheet.figure
    boxes = [(one.get_text(), one.get_window_extent()) for one in words_of(figure)]
    for words, box in boxes:
        assert box.x0 >= -1 and box.x1 <= figure.bbox.x1 + 1, words
        assert box.y0 >= -1 and box.y1 <= figure.bbox.y1 + 1, words
    for (words, one), (others, other) in itertools.combinations(boxes, 2):
        over = min(one.x1, other.x1) - max(one.x0, other.x0), min(one.y1, other.y1) - max(one.y0, other.y0)
        assert over[0] < 3 or over[1] < (0.3 if language == "ar" else 0.1) * one.height, (
            words,
            others,
        )  # marks of vowels
    assert {(axes.get_xscale(), axes.get_yscale()) for axes in figure.axes} == {("linear", "linear")}
    assert picture.alt.startswith(sheet.title) and "\ue000" not in picture.alt
    if case.startswith("switch"):
        for dots in dots_of(figure):
            cloud = dots.get_window_extent() if len(dots.get_offsets()) else None
            texts = [box for words, box in boxes if cloud and cloud.x0 < box.x1 and box.x0 < cloud.x1]
            assert not cloud or not any(cloud.y0 + 1 < box.y1 - 1 and box.y0 + 1 < cloud.y1 - 1 for box in texts)


@pytest.mark.parametrize("case", CASES)
def test_the_title_is_one_line_of_words_large_enough_to_read(case: str, language: str) -> None:
    _, sheet = made(case, language)
    sizes = [one.get_fontsize() for one in words_of(sheet.figure)]
    assert "\n" not in sheet.title and len(sheet.title.split()) <= 14
    assert min(sizes) >= 7.0 and sheet.figure.texts[0].get_fontsize() == max(sizes) >= 8.5


@pytest.mark.parametrize("case", CASES)
def test_svg_holds_words_as_text_and_files_their_provenance(case: str, language: str) -> None:
    picture, _ = made(case, language)
    tree = ElementTree.fromstring(picture.svg)
    texts = ["".join(one.itertext()).strip("\u200f") for one in tree.iter(f"{SVG}text")]
    assert len(texts) >= 4 and any(len(words) > 12 and picture.alt.startswith(words) for words in texts)
    assert not re.search("[\ue000-\ue002]", picture.svg.decode())
    ids = [one.get("id") for one in tree.iter() if one.get("id")]
    assert len(ids) == len({*ids})
    assert "commit: 0123abcdef" in picture.svg.decode() and "2026-01-02" in picture.svg.decode()
    with Image.open(io.BytesIO(picture.png)) as image:
        assert image.width == round(
            (figures.WIDTH if picture.share == 1.0 else figures.HALF) * figures.DPI
        ) and image.info["dpi"] == pytest.approx((200, 200), abs=0.1)
        assert [image.info[key] for key in ("version", "commit", "date")] == [*STUDY.values()][:3]
        assert np.asarray(image.convert("L")).std() > 5
    again = CASES[case]() or pytest.fail(f"no {case}")
    assert (again.svg, again.png, again.outlined) == (picture.svg, picture.png, picture.outlined)


def test_languages_from_the_right_are_mirrored_and_joined() -> None:
    picture, sheet = made("switch-extreme", "ar")
    below, _, above = dots_of(sheet.figure)[:3]
    across = sheet.figure.axes[0].transData.transform
    assert across(below.get_offsets()[0])[0] > across(above.get_offsets()[0])[0]
    assert made("conditions", "ar")[1].figure.axes[0].xaxis_inverted()
    assert b"unicode-bidi: plaintext" in picture.svg and b"Noto Naskh Arabic" in picture.svg
    assert b"<text" not in picture.outlined and picture.outlined
    assert not made("switch-extreme", "en")[0].outlined


def test_names_of_a_users_own_are_words_and_not_markup(language: str) -> None:
    name = "<b>集团</b> $x^2$ & a name that is much longer than any line of a title should ever be"
    picture = figures.switch_dots([changed([0.0] * 20, name)]) or pytest.fail("no picture")
    assert b"<B>" not in picture.svg and b"$X^2$" in picture.svg
    ElementTree.fromstring(picture.svg)


def test_files_of_pictures_bear_their_language(tmp_path: Path) -> None:
    picture = Picture("switch", "", b"<svg/>", b"png")
    assert [path.name for path in figures.keep([picture], tmp_path / "figures")] == ["switch.png", "switch.svg"]
    with speaking("ar"):
        assert [path.name for path in figures.keep([picture], tmp_path)] == ["switch.ar.png", "switch.ar.svg"]
