"""Briefs say what the tables say: every number is that of the row which its footnote names, and no word says more."""

import contextlib
import html.parser
import math
import os
import re
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from experiments.brief.sentences import findings
from experiments.brief.summary import headline, in_short
from experiments.brief.words import Finding, Tables, decimals, number

from experiments.brief import _layouts, write_brief
from experiments.brief.pdf import _fitting
from experiments.evidence.credibility import Standing, drawn_on
from experiments.stats import estimates

ABOUT: dict[str, Any] = {
    "title": "Privacy coins and attack capacity",
    "question": "A group moves its appeal to a privacy coin. Does its capacity to attack change?",
    "command": "python -m experiments",
    "version": "0.2.0",
    "commit": "0123abcdef",
    "date": "2026-01-02",
    "seeds": "0 to 255",
    "runs": 61_440,
    "failed": 7,
    "replications": 256,
    "draws": 128,
    "evidence": {"A": (14, 3), "B": (88, 41), "C": (214, 120), "D": (31, 0), "M": (9, 5)},
    "standing": Standing("Of 3 published patterns, 1 agrees.", gaps=("Attacks in 2020: too high.",), source="typed so"),
    "switch": "21 June 2020",
    "window": 52,
}
AGENCIES = {
    "exchange_kyc": "regulator",
    "privacy_delisting": "regulator",
    "chain_analytics": "chain_analyst",
    "kinetic_pressure": "military",
    "decapitation": "military",
}
SIZES = {"is_core": (0.0014, 0.0021), "donor_funded": (3.12, 1.9), "external_network": (0.7, 1.8)}
SVG = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 72 54'><rect width='72' height='54' fill='#ccc'/></svg>"


def judged(mean: float, half: float, margin: float = 1.0) -> dict[str, Any]:
    low, high = mean - half, mean + 1.2 * half
    none, told = -margin <= low and high <= margin, low > 0 or high < 0
    verdict = "practically none" if none else "effect" if told else "cannot tell"
    return {"mean": mean, "low": low, "high": high, "margin": margin, "verdict": verdict, "mde": 1.4 * half}


def row(contrast: str, arm: str, mean: float, half: float, **cell: Any) -> dict[str, Any]:
    usual = {"contrast": contrast, "arm": arm, "policy": "status_quo", "intensity": 0, "profile": "is_core"}
    usual |= {
        "group.routing": 0.1,
        "world": "as_it_was",
        "loop": "on",
        "outcome": "capacity",
        "window": 52,
        "unit": "%",
    }
    own = {name: value for name, value in cell.items() if name not in usual}  # a setting that a user varies
    cell = {**{key: usual[key] for key in list(usual)[:5]}, **own, **usual, **cell, "n": cell.get("n", 256)}
    return {"id": "/".join(str(value) for value in cell.values()), **cell, **judged(mean, half)}


def effects(sizes: dict[str, tuple[float, float]] = SIZES, sign: float = 1.0) -> pd.DataFrame:
    """effects.csv of a headline study, small."""
    rows = []
    for profile, (size, half) in sizes.items():
        mean, here = sign * size, {"profile": profile}
        for arm, factor in (("announcement", 1.0), ("full", 1.6), ("placebo", 0.3)):
            rows.append(row("switch", arm, mean * factor, half * factor, **here))
            rows.append(row("switch", arm, 30 * mean, 30 * half, outcome="delivered", unit="USD/week", **here))
            rows += [
                row("switch", arm, mean * (1 + share), half, **{"group.routing": share}, **here) for share in (0, 0.5)
            ]
            rows.append(row("switch", arm, mean * 0.9, half, loop="cut", n=128, **here))
            rows.append(row("switch", arm, 9.0, 1.0, outcome="capacity", window=13, **here))
        rows.append(row("privacy", "full", mean * 1.3, half * 1.3, **here))
        for place, name in enumerate(AGENCIES):
            for intensity in (0.5, 1):
                policy = {"policy": name, "intensity": intensity, **here}
                own = sign * -intensity * (place + 1)
                for outcome in ("capacity", "rate"):
                    rows.append(row("policy", "announcement", own, 0.4 * abs(own), outcome=outcome, **policy))
                undone = -mean * intensity * 0.3 * place
                rows.append(row("interaction", "announcement", undone, 0.3 * half, **policy))
    rows.append(row("switch", "announcement", 0.0007, 0.002, world="no_oil_loss"))
    rows.append(row("world", "none", sign * 18.2, 4.0, world="no_oil_loss"))
    return pd.DataFrame(rows)


def tables(sizes: dict[str, tuple[float, float]] = SIZES, sign: float = 1.0) -> dict[str, pd.DataFrame]:
    """Every table of a headline study."""
    weighed, ratios = [], []
    for profile in sizes:
        for place, (name, agency) in enumerate(AGENCIES.items(), start=1):
            for intensity in (0.5, 1):
                harm = 0.0 if agency == "military" else 2345.6 * place * intensity
                own = judged(0.0123 * place * intensity, 0.004 * place, 0.001)
                cell = {"profile": profile, "arm": "announcement", "policy": name, "intensity": intensity}
                cell |= {"agency": agency, "staff_weeks": 10 * intensity, "n": 250}
                cell |= {"averted": own["mean"], "averted_low": own["low"], "averted_high": own["high"]}
                cell |= {"averted_verdict": own["verdict"], "harm": harm, "harm_low": 0.6 * harm}
                weighed.append(cell | {"harm_high": 1.7 * harm, "outcome": "capacity"})
        for a in AGENCIES:
            for b in AGENCIES:
                cell = {"profile": profile, "arm": "announcement", "a": a, "b": b, "verdict": "effect"}
                ratios.append(cell | {"ratio": 0.61, "ratio_low": 0.2, "ratio_high": 0.94})
    frontier = pd.DataFrame(weighed)
    ends = {"": "averted", "_low": "averted_low", "_high": "averted_high"}
    per = {f"averted_per_staff_week{end}": frontier[name] / frontier["staff_weeks"] for end, name in ends.items()}
    kept = ["profile", "arm", "agency", "policy", "intensity", "staff_weeks", *per]
    staff = frontier.assign(**per)[kept]
    staff = staff[staff["agency"].isin(["regulator", "military"])].reset_index(drop=True)
    breakeven = pd.DataFrame(ratios)
    return {"effects": effects(sizes, sign), "frontier": frontier, "breakeven": breakeven, "staff": staff}


def sweep(capacity: float = 2.0, half: float = 0.4) -> dict[str, pd.DataFrame]:
    """surface.csv and threshold.csv of one profile: capacity rises if all follow, and falls if none does."""
    rows, lines = [], []
    for link in (0, 0.2, 1):
        for follow in (0, 0.4, 1):
            cell = {"profile": "donor_funded", "policy": "status_quo", "follow": follow, "link": link, "n": 96}
            size = (follow - 0.5) * (1.1 - link)
            rows.append(cell | {"outcome": "capacity", "unit": "%"} | judged(capacity * size, half))
            rows.append(cell | {"outcome": "delivered", "unit": "USD/week"} | judged(400 * size, 31.0, 9.1))
        limit = {"profile": "donor_funded", "policy": "status_quo", "link": link, "loss_old": 0.3, "loss_new": 0.1}
        lines.append(limit | {"threshold": 0.7778 + 0.5 * link})
    return {"surface": pd.DataFrame(rows), "threshold": pd.DataFrame(lines)}


class Page(html.parser.HTMLParser):
    """What a test needs of a brief: text, numbers with the row they name, and the text of findings without them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.numbers: list[tuple[dict[str, str | None], str, str]] = []  # attributes, text, its next footnote
        self.prose = ""  # of findings, without numbers and footnotes
        self.text = ""
        self._stack: list[tuple[str, dict[str, str | None]]] = []
        self._waiting: list[tuple[dict[str, str | None], str]] = []
        self.feed(text)
        assert not self._waiting  # every number is followed by a footnote

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "img"):
            self._stack.append((tag, dict(attrs)))
        if tag == "data":
            self._waiting.append((dict(attrs), ""))
        if tag == "a" and self._within("sup"):
            note = f"{dict(attrs)['href']} {dict(attrs)['title']}"
            self.numbers += [(*one, note) for one in self._waiting]
            self._waiting = []

    def handle_endtag(self, tag: str) -> None:
        assert self._stack.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if self._within("style"):
            return
        self.text += data
        if self._within("data"):
            self._waiting[-1] = (self._waiting[-1][0], self._waiting[-1][1] + data)
        elif any(attrs.get("class") == "finding" for _, attrs in self._stack) and not self._within("sup"):
            self.prose += data

    def _within(self, tag: str) -> bool:
        return any(name == tag for name, _ in self._stack)


def same(text: str, value: float) -> bool:
    """Whether a text is a value rounded: to its last digit, with at least one that is not zero."""
    shown = re.sub(r"[^\d.]", "", text.replace(",", ""))
    places = len(shown.partition(".")[2])
    coarse = len(re.sub(r"[^\d]", "", shown)) - len(shown.partition(".")[0].rstrip("0")) if not places else 0
    step = 10.0 ** (coarse if places == 0 else -places)
    sign = text[0] == "−"
    return (
        abs(float(shown) - abs(value)) <= 0.5001 * step and (not sign or value < 0) and (float(shown) > 0 or value == 0)
    )


def said(found: list[Finding]) -> str:
    """Findings as plain text."""
    pieces = [piece for one in found for clause in (one.runs, *one.clauses) for piece in clause]
    return "".join(piece if isinstance(piece, str) else _said(piece) for piece in pieces)


def _said(piece: Any) -> str:
    return {"number": lambda: piece.text, "verdict": lambda: f"[{piece.word}] ", "source": str}[piece.kind]()


def switch(mean: float, half: float, **cell: Any) -> dict[str, pd.DataFrame]:
    return {"effects": pd.DataFrame([row("switch", "announcement", mean, half, **cell)])}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole brief, with figures."""
    folder = tmp_path_factory.mktemp("brief")
    figures = {}
    for stem in ("1_forest", "3_frontier", "4_paths"):
        figures[stem] = folder / f"{stem}.svg"
        figures[stem].write_text(SVG, encoding="utf-8")
    few = {"donor_funded": SIZES["donor_funded"]}
    written, message = write_brief(folder, tables(few), figures, ABOUT)
    assert message is None and [path.name for path in written] == ["brief.html", "brief.pdf"]
    return folder


@pytest.fixture()
def no_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine without WeasyPrint, for tests of the HTML alone."""
    monkeypatch.setitem(sys.modules, "weasyprint", None)


def whole(pdf: bytes) -> bytes:
    """A PDF with its compressed parts laid open."""
    parts = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        with contextlib.suppress(zlib.error):
            parts.append(zlib.decompress(stream))
    return b"\n".join(parts)


def count(pdf: bytes) -> int:
    """Number of pages."""
    return len(re.findall(rb"/Type\s*/Page\b", whole(pdf)))


# --- numbers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", [tables(), tables(sign=-1.0), sweep(), sweep(0.01, 0.002)])
@pytest.mark.usefixtures("no_pdf")
def test_every_number_is_that_of_the_row_its_footnote_names(which: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    write_brief(tmp_path, which, {}, ABOUT)
    page = Page((tmp_path / "brief.html").read_text(encoding="utf-8"))
    assert len(page.numbers) > 15
    for attributes, text, note in page.numbers:
        file, _, line = str(attributes["data-row"]).partition(":")
        assert note == f"{file} {attributes['title']}"
        if file == "runs.parquet":
            assert same(text, ABOUT[str(attributes["data-column"])])
            continue
        found = which[file.removesuffix(".csv")].iloc[int(line) - 2]
        value = float(found[str(attributes["data-column"])])
        assert float(str(attributes["value"])) == value
        assert same(text, value), (text, value)
        assert file != "effects.csv" or attributes["title"] == found["id"]
    assert not re.search(r"\d", page.prose)  # there is no number that names no row


def test_the_line_counts_rows_of_the_file_as_written(folder: Path) -> None:
    page = Page((folder / "brief.html").read_text(encoding="utf-8"))
    few = {"donor_funded": SIZES["donor_funded"]}
    lines = effects(few).to_csv(index=False).splitlines()
    for attributes, *_ in page.numbers:
        file, _, line = str(attributes["data-row"]).partition(":")
        assert file != "effects.csv" or lines[int(line) - 1].startswith(f"{attributes['title']},")


def test_numbers_keep_their_digits_and_no_more() -> None:
    assert number(0.0014, decimals(0.0014, -0.0003, 0.0031), sign=True) == "+0.0014"
    assert number(-12.345, decimals(-12.345, -14.6, -10.1)) == "−12.3"
    assert number(1_234_567.0, decimals(1_234_567.0, 1.1e6, 1.4e6)) == "1,230,000"
    assert number(0.000_012, decimals(0.000_012, -0.5, 0.5)) == "0.00001"  # never shown as zero
    assert number(0.0, 2) == "0" and number(0.0, decimals(0.0, 0.0, 0.0), sign=True) == "0"
    assert number(1.0, decimals(1.0, 1.0 - 1e-9, 1.0 + 1e-9)) == "1.0000"


# --- words -----------------------------------------------------------------------------------------------------------


def test_the_three_verdicts_have_three_phrasings() -> None:
    told = said(findings(Tables(switch(-3.0, 1.0))))
    assert told == (
        "256 pairs of runs[effect] In the large group the switch lowers attack capacity by 3.0% "
        "(between 1.8% and 4.0%)."
    )
    none = said(findings(Tables(switch(0.0014, 0.001))))
    assert none == (
        "256 pairs of runs[practically none] In the large group the switch makes practically no difference to attack "
        "capacity, inside the margin of 1%: +0.0014% (+0.0004% to +0.0026%)."
    )
    unknown = said(findings(Tables(switch(0.5, 2.0))))
    assert unknown == (
        "256 pairs of runs[cannot tell] In the large group the runs cannot tell what the switch does to attack "
        "capacity: they leave room for anything from −1.5% to +2.9%; an effect smaller than 2.8% could not have "
        "been seen."
    )


def test_opposite_data_give_opposite_words() -> None:
    up, down = (said(findings(Tables(switch(mean, 1.0)))) for mean in (3.0, -3.0))
    assert "raises" in up and "lowers" not in up and "lowers" in down and "raises" not in down
    policy = [row("policy", "announcement", -3.0, 1.0, policy="exchange_kyc", intensity=1)]
    worse = [row("policy", "announcement", 3.0, 1.0, policy="exchange_kyc", intensity=1)]
    base = [row("switch", "announcement", 3.0, 1.0)]
    helps, hurts = (Tables({"effects": pd.DataFrame([*base, *rows])}) for rows in (policy, worse))
    assert "largest effect is that of exchange KYC" in said(findings(helps))
    assert "In the large group exchange KYC raises attack capacity" in said(findings(hurts))
    assert in_short(helps)[0][2].endswith("the largest effect is that of exchange KYC.")
    assert in_short(hurts)[0][2].endswith("No policy tried can be told to lower attacks.")


def test_the_headline_is_that_of_the_table() -> None:
    both = {"is_core": (0.001, 0.001), "donor_funded": (0.002, 0.001)}
    assert headline(Tables({"effects": effects(both)})) == (
        "The switch makes practically no difference to attack capacity in every group tried"
    )
    assert headline(Tables({"effects": effects()}), "the move") == (
        "The move makes practically no difference to attack capacity in the large group and raises it in the "
        "hypothetical donor-funded group; it stays open in the hypothetical external network"
    )
    assert "lowers it in the hypothetical donor-funded group" in headline(Tables({"effects": effects(sign=-1)}))
    assert (
        headline(Tables(switch(0.5, 2.0)))
        == "These runs cannot tell what the switch does to attack capacity in the large group"
    )
    assert (
        headline(Tables(sweep()))
        == "The switch may raise or lower attack capacity in the hypothetical donor-funded group"
    )
    assert "practically no difference" in headline(Tables(sweep(0.01, 0.002)))
    assert "cannot tell" in headline(Tables(sweep(0.5, 2.0)))
    assert "no row" in headline(Tables({}))


def test_nothing_is_undone_where_nothing_can_be_told() -> None:
    def undone(effect: float, half: float, change: float, width: float) -> str:
        rows = [row("switch", "announcement", effect, half)]
        rows.append(row("interaction", "announcement", change, width, policy="exchange_kyc", intensity=1))
        return said([one for one in findings(Tables({"effects": pd.DataFrame(rows)})) if "undo" in one.lead])

    assert "practically nothing to undo" in undone(0.001, 0.001, -0.0005, 0.0001)
    assert "no policy undoes anything that can be told" in undone(3.0, 1.0, -0.5, 2.0)
    assert "nothing to undo" not in undone(3.0, 1.0, -0.5, 2.0)
    assert "exchange KYC works most against it" in undone(3.0, 1.0, -2.0, 0.5)
    assert "exchange KYC works most against it" in undone(-3.0, 1.0, 2.0, 0.5)
    assert "nothing undoes it" in undone(3.0, 1.0, 2.0, 0.5)  # it adds to the switch
    assert "works most against" not in undone(0.5, 2.0, -2.0, 0.5)  # no switch effect that can be told


@pytest.mark.parametrize(
    ("refused", "counts"),
    [
        (estimates.TOO_FEW, "only 2 draws were made, and nothing is judged by fewer than 20."),
        (estimates.FEW_SEEDS, "only 256 seeds were run, and nothing is judged by fewer than 20."),
    ],
)
def test_too_few_draws_or_seeds_are_told_everywhere(refused, counts) -> None:
    few = Tables({"effects": effects().assign(verdict=refused, draws=2)})
    assert counts in said(findings(few))
    assert headline(few) == f"These runs {refused} what the switch does to attack capacity in any group tried"
    assert all(f"these runs {refused} what the switch does" in words for *_, words in in_short(few))
    page = "".join(words for *_, words in in_short(few))
    assert f"No policy tried can be told to lower attacks{refused.removeprefix('cannot tell')}." in page


def test_what_a_table_lacks_is_left_out() -> None:
    leads = [one.lead for one in findings(Tables(tables()), failed=2, runs=10)]
    assert len(leads) == 10 and leads[-1] == "Runs that failed"
    assert [one.lead for one in findings(Tables(switch(3.0, 1.0)))] == ["If donors choose"]
    assert findings(Tables({"effects": None, "frontier": pd.DataFrame()})) == []
    gaps = effects().drop(columns=["mde", "margin", "n", "group.routing", "loop"])
    text = said(findings(Tables({"effects": gaps})))
    assert "margin of" not in text and "could not have been seen" not in text and "pairs" not in text
    few = effects().assign(low=math.nan, high=math.nan, smallest=math.nan, verdict="cannot tell")
    assert {one.lead for one in findings(Tables({"effects": few}))} == {"If donors choose", "If every gift follows"}
    assert "what the switch does to attack capacity: they are too few for an interval." in said(
        findings(Tables({"effects": few}))
    )
    assert headline(Tables({"effects": few})).endswith(
        "cannot tell what the switch does to attack capacity in any group tried"
    )
    broken = switch(3.0, 1.0)["effects"].assign(low=math.nan)
    assert findings(Tables({"effects": broken})) == []
    unnamed = switch(3.0, 1.0)["effects"].drop(columns="profile")
    assert "In the group the switch raises" in said(findings(Tables({"effects": unnamed})))


def test_a_study_of_a_users_own_is_told_at_its_base() -> None:
    rows = [
        row("switch", "partial", mean, 0.5, profile="my_group", money=money) for money, mean in ((0.1, 2), (0.3, 9))
    ]
    asked = Tables({"effects": pd.DataFrame(rows)}, base={"money": 0.3})
    assert asked.held() == {"money": 0.3} and Tables({"effects": pd.DataFrame(rows)}).held() == {"money": 0.1}
    assert "In My Group the switch raises attack capacity by 9.00%" in said(findings(asked))
    assert findings(asked)[0].lead == "The switch, arm “partial”"


def test_a_mix_with_the_military_is_judged_by_the_rate() -> None:
    asked = Tables({}, agencies={"a": "military", "b": "regulator"})
    assert asked.military("a+b") and asked.military("a") and not asked.military("b") and asked.military("decapitation")


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_brief_is_whole_and_names_no_address(folder: Path) -> None:
    text = (folder / "brief.html").read_text(encoding="utf-8")
    page = Page(text)
    assert not re.search(r"https?:", text)
    sources = [attributes.get("src") or attributes.get("href") for _, attributes in page.tags]
    local = {"effects.csv", "frontier.csv", "breakeven.csv", "staff.csv", "runs.parquet"}
    assert all(one is None or one.startswith("data:") or one in local for one in sources)
    assert [tag for tag, _ in page.tags].count("img") == 3
    for part in (ABOUT["question"], ABOUT["command"], "61,440, of which 7 failed", "Of 3 published patterns, 1 agrees.",
                 "What does not hold", "Attacks in 2020: too high.", "typed so",
                 "Most parameters are judgement", "before the switch",
                 "Hypothetical, to show where the answer could differ: the donor-funded group",
                 "Where each number comes from"):  # fmt: skip
        assert part in page.text
    assert "7" in page.text and "lang" in page.tags[0][1]


def test_the_pdf_has_two_pages_with_title_language_and_tags(folder: Path) -> None:
    pdf = (folder / "brief.pdf").read_bytes()
    assert pdf.startswith(b"%PDF-1.7") and count(pdf) == 2
    for part in (b"/Lang (en)", b"/MarkInfo", b"/StructTreeRoot", b"/URI (effects.csv)"):
        assert part in whole(pdf)


@pytest.mark.usefixtures("no_pdf")
def test_the_brief_says_where_there_is_no_standing_and_what_is_uncertain(tmp_path: Path) -> None:
    about = ABOUT | {"uncertain": ["choice.cost", "combat.money"], "failed": 0, "standing": Standing()}
    write_brief(tmp_path, switch(3.0, 1.0), {}, about)
    text = re.sub(r"\s+", " ", Page((tmp_path / "brief.html").read_text(encoding="utf-8")).text)
    assert "No runs of the validation study are kept" in text and "What does not hold" not in text
    assert "Most uncertain: choice.cost, combat.money." in text
    assert "failed" not in text and "Hypothetical" not in text


def test_on_what_grade_the_drawn_parameters_stand() -> None:
    evidence = {"A": (20, 2), "B": (9, 1), "C": (200, 60), "D": (10, 4), "M": (3, 1)}
    assert drawn_on(evidence) == (
        "Of 68 kinds of parameters that are drawn, 3 rest on measurements, 4 are derived from measurements, and 61 "
        "rest on judgement or memory."
    )
    assert drawn_on({"A": (20, 0)}) == drawn_on({}) == ""


@pytest.mark.usefixtures("no_pdf")
def test_hostile_labels_are_escaped(tmp_path: Path) -> None:
    bad = "</title><script>alert(1)</script>\"'&"
    rows = [row("switch", arm, 3.0, 1.0, profile=bad) for arm in (bad, "announcement")]
    rows += [row("policy", "announcement", -3.0, 1.0, profile=bad, policy=bad, intensity=1)]
    rows += [row("switch", "announcement", 3.0, 1.0, profile=bad, world=bad)]
    about = {key: bad if isinstance(value, str) else value for key, value in ABOUT.items()}
    about |= {
        "standing": Standing(bad, bad, bad, (bad,), (bad,), (bad,), bad),
        "uncertain": [bad],
        "evidence": {bad: (1, 1)},
        "base": {bad: bad},
    }
    write_brief(tmp_path, {"effects": pd.DataFrame(rows)}, {}, about)
    page = Page((tmp_path / "brief.html").read_text(encoding="utf-8"))
    allowed = "html head meta title style body main header p h1 h2 h3 section dl dt dd div ul li span data sup a table "
    allowed += "thead tbody tr th td b code"
    assert {tag for tag, _ in page.tags} <= set(allowed.split())
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert bad in page.text  # as it was typed
    assert any(bad in str(attributes.get("title")) for _, attributes in page.tags)


def test_the_same_bytes_twice_two_pages_and_nothing_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "5")
    picture = tmp_path / "1_forest.svg"
    picture.write_text(
        SVG.replace("<rect", "<image href='file:///etc/hostname' width='9' height='9'/><rect"), encoding="utf-8"
    )
    made = []
    for name in ("one", "two"):
        written, message = write_brief(tmp_path / name, switch(3.0, 1.0), {"1_forest": picture}, ABOUT)
        assert message is None
        made.append([path.read_bytes() for path in written])
    assert made[0] == made[1] and count(made[0][1]) == 2  # what would go on one page has two all the same
    assert os.environ["SOURCE_DATE_EPOCH"] == "5"


@pytest.mark.parametrize("fits", range(8))
def test_the_first_layout_that_fits_is_taken(fits: int) -> None:
    tried = []

    def render(layout: int) -> Any:
        tried.append(layout)
        return SimpleNamespace(layout=layout, pages=[None] * (2 if layout >= fits else 3))

    assert _fitting(range(8), render).layout == fits
    assert len(tried) == len(set(tried)) <= 4
    assert _fitting([0, 1], lambda layout: SimpleNamespace(layout=layout, pages=[None] * 9)).layout == 1


def test_a_study_of_many_groups_still_has_two_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tightest = _layouts()[-1]
    monkeypatch.setattr("experiments.brief._layouts", lambda: [tightest])
    written, _ = write_brief(tmp_path, tables({f"group_{place}": (3.0, 1.0) for place in range(15)}), {}, ABOUT)
    assert count(written[1].read_bytes()) == 2
    assert "In Group 14 the switch" in Page(written[0].read_text(encoding="utf-8")).text


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
def test_without_its_libraries_there_is_html_and_a_message(
    lack: str, tmp_path: Path, request: pytest.FixtureRequest, capfd: pytest.CaptureFixture[str]
) -> None:
    request.getfixturevalue(lack)
    written, message = write_brief(tmp_path, switch(3.0, 1.0), {}, ABOUT)
    assert [path.name for path in written] == ["brief.html"] and not (tmp_path / "brief.pdf").exists()
    assert message and "libpango-1.0-0" in message and "libharfbuzz-subset0" in message and "Homebrew" in message
    assert capfd.readouterr() == ("", "")
