"""Every number of a brief is that of the row that it names; its findings follow from the rows."""

import contextlib
import html.parser
import itertools
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

from experiments.brief import LAYOUTS, write_brief
from experiments.brief.pdf import _fitting
from experiments.brief.sections import Source, headline, in_short, sections
from experiments.evidence.credibility import Standing, drawn_on
from experiments.findings import Finding
from experiments.messages import say
from tests.study.figure_tables import POLICIES, frontier_table

ABOUT: dict[str, Any] = {
    "title": "Privacy coins and attack capacity",
    "question": "A group moves its appeal to a privacy coin. Does its capacity to attack change?",
    "command": "python -m experiments",
    "model": "0.2.0",
    "commit": "0123abcdef",
    "date": "2026-01-02",
    "seed": "0 to 255",
    "runs": 61_440,
    "failed": 7,
    "replications": 256,
    "draws": 128,
    "evidence": {"A": (14, 3), "B": (88, 41), "C": (214, 120), "D": (31, 0), "M": (9, 5)},
    "standing": Standing("Of 3 published patterns, 1 agrees.", gaps=("Attacks in 2020: too high.",), source="typed so"),
    "switch": "21 June 2020",
    "window": 52,
    "base": {"group.routing": 0.1, "world": "as_it_was", "loop": "on"},
}
AGENCIES = {name: POLICIES[name] for name in ("exchange_kyc", "chain_analytics", "kinetic_pressure", "decapitation")}
ABOUT["agencies"] = AGENCIES
SIZES = {"is_core": (0.0014, 0.0021), "donor_funded": (3.12, 1.9), "external_network": (0.7, 1.8)}
SVG = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 72 54'><rect width='72' height='54' fill='#ccc'/></svg>"


def judged(mean: float, half: float, margin: float = 1.0) -> dict[str, Any]:
    low, high = mean - half, mean + 1.2 * half
    none = -margin <= low and high <= margin
    verdict = "negligible" if none else "raises" if low > 0 else "lowers" if high < 0 else "depends"
    return {"median": mean, "mean": mean, "low": low, "high": high, "margin": margin, "verdict": verdict}


def row(contrast: str, arm: str, mean: float, half: float, **cell: Any) -> dict[str, Any]:
    first = {"contrast": contrast, "arm": arm, "policy": "status_quo", "intensity": 0, "profile": "is_core"}
    rest = {**ABOUT["base"], "outcome": "capacity", "window": 52, "unit": "%", "n": 256, "draws": 128}
    own = {name: value for name, value in cell.items() if name not in rest}  # first those that a user varies
    cell = {**first, **own, **rest, **cell}
    return {"id": "/".join(map(str, cell.values())), **cell, **judged(mean, half)}


def effects(sizes: dict[str, tuple[float, float]] = SIZES, sign: float = 1.0) -> pd.DataFrame:
    """effects.csv of a headline study, small."""
    rows = []
    for profile, (size, half) in sizes.items():
        mean, here = sign * size, {"profile": profile}
        for arm, factor in (("announcement", 1.0), ("full", 1.6), ("placebo", 0.3)):
            rows.append(row("switch", arm, mean * factor, half * factor, **here))
            rows.append(row("switch", arm, 30 * mean, 30 * half, outcome="delivered", unit="USD/week", **here))
            for share in (0, 0.5):
                rows.append(row("switch", arm, mean * (1 + share), half, **{"group.routing": share}, **here))
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
    one = frontier_table().query("profile == 'is_core'")
    frontier = pd.concat([one.assign(profile=profile) for profile in sizes], ignore_index=True)
    ends = {"": "averted", "_low": "averted_low", "_high": "averted_high"}
    per = {f"averted_per_staff_week{end}": frontier[name] / frontier["staff_weeks"] for end, name in ends.items()}
    staff = frontier.assign(**per)[["profile", "arm", "agency", "policy", "intensity", "staff_weeks", *per]]
    pairs = pd.DataFrame(itertools.product(sizes, AGENCIES, AGENCIES), columns=["profile", "a", "b"])
    ratio = {"ratio": 0.61, "ratio_low": 0.2, "ratio_high": 0.94, "verdict": "lowers"}
    breakeven = pairs.assign(arm="announcement", **ratio)
    return {"effects": effects(sizes, sign), "frontier": frontier, "breakeven": breakeven, "staff": staff}


def few(draws: int = 2, n: int = 256, share: float = 0.1) -> dict[str, pd.DataFrame]:
    """effects.csv of a study with too few draws or seeds for a verdict."""
    return {"effects": effects().assign(verdict="inconclusive", draws=draws, n=n, mc_share=share)}


class Page(html.parser.HTMLParser):
    """The parts of a brief that tests compare: text, numbers with the row that they name, prose of findings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.numbers: list[tuple[dict[str, str | None], str]] = []  # attributes and text
        self.notes: set[tuple[str | None, str | None]] = set()  # file and row of each footnote
        self.prose = ""  # of findings, without numbers and footnotes
        self.text = ""
        self._stack: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if tag not in ("meta", "img"):
            self._stack.append((tag, found))
        if tag == "data":
            self.numbers.append((found, ""))
        if tag == "a" and self._within("sup"):
            self.notes.add((found["href"], found["title"]))

    def handle_endtag(self, tag: str) -> None:
        assert self._stack.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if self._within("style"):
            return
        self.text += data
        if self._within("data"):
            self.numbers[-1] = (self.numbers[-1][0], self.numbers[-1][1] + data)
        elif any(attrs.get("class") == "finding" for _, attrs in self._stack) and not self._within("sup"):
            self.prose += data

    def _within(self, tag: str) -> bool:
        return any(name == tag for name, _ in self._stack)


def same(text: str, value: float) -> bool:
    """A text is a value rounded: to its last digit, with at least one that is not zero."""
    shown = re.sub(r"[^\d.]", "", text)
    whole, _, decimals = shown.partition(".")
    step = 10.0 ** (-len(decimals) or len(whole) - len(whole.rstrip("0")))
    near = abs(float(shown) - abs(value)) <= 0.5001 * step
    return near and (text[0] != "−" or value < 0) and (float(shown) > 0 or value == 0)


def found(tables: dict[str, Any], base: dict[str, Any] | None = None) -> dict[str, list[Finding]]:
    """The findings of a brief by the kind of the first of each section."""
    source = Source(tables, ABOUT["base"] if base is None else base, AGENCIES)
    return {one.findings[0].kind: list(one.findings) for one in sections(source)}


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


def whole(pdf: Path) -> bytes:
    """A PDF with its compressed parts laid open."""
    parts = [pdf.read_bytes()]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", parts[0], re.DOTALL):
        with contextlib.suppress(zlib.error):
            parts.append(zlib.decompress(stream))
    return b"\n".join(parts)


def count(pdf: Path) -> int:
    """Number of pages."""
    return len(re.findall(rb"/Type\s*/Page\b", whole(pdf)))


def page_of(folder: Path) -> Page:
    return Page((folder / "brief.html").read_text(encoding="utf-8"))


# --- numbers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", [tables(), tables(sign=-1.0), few()])
@pytest.mark.usefixtures("no_pdf")
def test_every_number_is_that_of_its_row_and_column(which: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    write_brief(tmp_path, which, {}, ABOUT)
    page = page_of(tmp_path)
    assert len(page.numbers) > 12
    for attributes, text in page.numbers:
        file, _, line = str(attributes["data-row"]).partition(":")
        column = str(attributes["data-column"])
        if file == "runs.parquet":
            assert same(text, ABOUT[column])
            continue
        row = which[file.removesuffix(".csv")].iloc[int(line) - 2]
        assert float(str(attributes["value"])) == float(row[column])
        assert same(text, float(row[column])), (text, row[column])
        if file == "effects.csv" and column != "n":
            assert (file, row["id"]) in page.notes  # each number is followed by the row that it comes from
    assert not re.search(r"\d", page.prose)  # there is no number that names no row


def test_the_line_counts_rows_of_the_file_as_written(folder: Path) -> None:
    page = page_of(folder)
    few = {"donor_funded": SIZES["donor_funded"]}
    lines = effects(few).to_csv(index=False).splitlines()
    notes = {row for file, row in page.notes if file == "effects.csv"}
    used = {str(one["data-row"]).partition(":")[2] for one, _ in page.numbers if "effects" in str(one["data-row"])}
    assert {lines[int(line) - 1].partition(",")[0] for line in used} <= notes


# --- findings --------------------------------------------------------------------------------------------------------


def test_findings_follow_from_the_rows() -> None:
    for mean, verdict in ((-3.0, "lowers"), (3.0, "raises"), (0.0014, "negligible")):
        (one,) = found(switch(mean, 0.001 if verdict == "negligible" else 1.0))["switch"]
        assert (one.verdict, one.group, one.median, one.n) == (verdict, "is_core", mean, 256)
        assert one.rows[0].line == 2
    (one,) = found(switch(0.5, 2.0))["switch"]
    assert one.verdict == "depends" and "depends on the parameters" in one.sentence()


def test_harm_that_is_not_modelled_is_said() -> None:
    base = [row("switch", "announcement", 3.0, 1.0)]
    words = {
        "exchange_kyc": "",
        "kinetic_pressure": "its harm is not modelled",
        "exchange_kyc+kinetic_pressure": "at least",
    }
    for policy, said in words.items():
        rows = [row("policy", "announcement", -3.0, 1.0, policy=policy, intensity=1, outcome="capacity")]
        rows += [one | {"outcome": "rate"} for one in rows]
        harm = {} if policy == "kinetic_pressure" else {"harm": 90.0, "harm_low": 80.0, "harm_high": 99.0}
        about = {"profile": "is_core", "arm": "announcement", "policy": policy, "intensity": 1}
        weighed = pd.DataFrame(
            [about | {"averted_low": math.nan, "harm": math.nan, "harm_low": math.nan, "harm_high": math.nan} | harm]
        )
        source = {"effects": pd.DataFrame([*base, *rows]), "frontier": weighed}
        (one,) = found(source)["policy-largest"]
        assert said in one.sentence() and ("not modelled" in one.sentence()) is bool(said)
        assert ("hindered" in one.sentence()) is bool(harm)
    assert say("harm-ranked", unmodelled="none") == "" and "decapitation" in say(
        "harm-ranked", unmodelled="decapitation"
    )


def test_opposite_rows_give_opposite_findings() -> None:
    base = [row("switch", "announcement", 3.0, 1.0)]
    for mean, kind in ((-3.0, "policy-largest"), (3.0, "policy"), (-0.5, "policy"), (0.0, "policy-none")):
        rows = [row("policy", "announcement", mean, 1.0 if mean else 0.5, policy="exchange_kyc", intensity=1)]
        made = {"effects": pd.DataFrame([*base, *rows])}
        assert [one.policy for one in found(made)[kind]] == ["exchange_kyc"]
        (short,) = in_short(Source(made))
        assert ("xchange KYC" in short[1]) is (mean < 0)


def test_the_headline_is_that_of_the_table() -> None:
    def says(made: dict[str, pd.DataFrame]) -> list[str]:
        return re.findall(
            "raises|raise|lowers|lower|negligible|depends|inconclusive", headline(Source(made, ABOUT["base"]))
        )

    both = {"is_core": (0.001, 0.001), "donor_funded": (0.002, 0.001)}
    assert says({"effects": effects(both)}) == ["negligible"]
    assert says({"effects": effects()}) == ["raises", "depends", "negligible"]
    assert says({"effects": effects(sign=-1)}) == ["lowers", "depends", "negligible"]
    assert "the hypothetical donor-funded group" in headline(Source({"effects": effects()}, ABOUT["base"]))
    assert says({}) == []
    assert "draws" in headline(Source({"effects": effects().assign(verdict="inconclusive", draws=2)}))


@pytest.mark.parametrize(
    ("effect", "half", "change", "width", "how"),
    [
        (0.001, 0.001, -0.0005, 0.0001, "none"),
        (3.0, 1.0, -0.5, 2.0, "depends"),
        (3.0, 1.0, -2.0, 0.5, "against"),
        (-3.0, 1.0, 2.0, 0.5, "against"),
        (3.0, 1.0, 2.0, 0.5, "adds"),
        (0.5, 2.0, -2.0, 0.5, "adds"),  # the effect of the switch depends
    ],
)
def test_a_policy_counters_a_switch_that_has_an_effect(effect, half, change, width, how) -> None:
    rows = [row("switch", "announcement", effect, half)]
    rows.append(row("interaction", "announcement", change, width, policy="exchange_kyc", intensity=1))
    (one,) = found({"effects": pd.DataFrame(rows)})["countering"]
    assert one.more["how"] == how and one.sentence()


@pytest.mark.parametrize(("draws", "n", "share", "short"), [(2, 256, 0.1, "draws"), (1, 12, 1.0, "seeds")])
def test_a_sample_that_is_too_small_is_said_everywhere(draws, n, share, short) -> None:
    small = few(draws, n, share)
    assert {one.reason for one in found(small)["switch"]} == {short}
    assert all(
        f"too few {short}" in words for words in (headline(Source(small)), *dict(in_short(Source(small))).values())
    )
    assert all(f"{short} are too few" in one.sentence() for one in found(small)["switch"])


def test_a_finding_needs_its_row() -> None:
    whole = Source(tables(), ABOUT["base"], AGENCIES)
    assert len(sections(whole, failed=2, runs=10)) == 10 and sections(whole, 2, 10)[-1].findings[0].kind == "failed"
    assert list(found(switch(3.0, 1.0))) == ["switch"]
    assert found({"effects": None, "frontier": pd.DataFrame()}) == {}
    gaps = effects().drop(columns=["margin", "n", "group.routing", "loop"])
    assert "routing" not in found({"effects": gaps}) and "loop" not in found({"effects": gaps})
    bare = {"effects": effects().assign(low=math.nan, high=math.nan, verdict="inconclusive")}
    assert list(found(bare)) == ["switch"] and {one.reason for one in found(bare)["switch"]} == {"single"}
    assert found({"effects": switch(3.0, 1.0)["effects"].assign(mean=math.nan)}) == {}
    (one,) = found({"effects": switch(3.0, 1.0)["effects"].drop(columns="profile")})["switch"]
    assert one.group == "" and one.sentence().startswith("In the group, ")


def test_a_study_of_a_users_own_is_told_at_its_base() -> None:
    rows = [row("switch", "partial", 10 * money, 0.5, profile="my_group", money=money) for money in (0.1, 0.3)]
    made = {"effects": pd.DataFrame(rows)}
    assert Source(made, {"money": 0.3}).varied == {"money": 0.3} and Source(made).varied == {"money": 0.1}
    (one,) = found(made, {"money": 0.3})["switch"]
    assert (one.group, one.median, one.arm) == ("my_group", 3, "partial")


def test_policies_with_the_military_are_judged_by_the_rate() -> None:
    judged = {one.policy: one.outcome for one in Source(tables(), ABOUT["base"], AGENCIES).policies("is_core")}
    assert judged == {name: "rate" if agency == "military" else "capacity" for name, agency in AGENCIES.items()}


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_brief_is_whole_and_names_no_address(folder: Path) -> None:
    page = page_of(folder)
    assert not re.search(rb"https?:", (folder / "brief.html").read_bytes())
    sources = [attributes.get("src") or attributes.get("href") for _, attributes in page.tags]
    local = {"effects.csv", "frontier.csv", "breakeven.csv", "staff.csv", "runs.parquet"}
    assert all(one is None or one.startswith("data:") or one in local for one in sources)
    assert [tag for tag, _ in page.tags].count("img") == 3
    for part in (ABOUT["question"], ABOUT["command"], "61,440, of which 7 failed", "Of 3 published patterns, 1 agrees.",
                 "Attacks in 2020: too high.", "typed so", say("brief-disagrees"), say("brief-sources"),
                 say("limit-judgement"), say("limit-rise"), say("limit-hypothetical", groups="the donor-funded group"),
                 ):  # fmt: skip
        assert part in page.text
    assert "7" in page.text and "lang" in page.tags[0][1]


def test_the_pdf_has_two_pages_with_title_language_and_tags(folder: Path) -> None:
    pdf = folder / "brief.pdf"
    assert pdf.read_bytes().startswith(b"%PDF-1.7") and count(pdf) == 2
    for part in (b"/Lang (en)", b"/MarkInfo", b"/StructTreeRoot", b"/URI (effects.csv)"):
        assert part in whole(pdf)


@pytest.mark.usefixtures("no_pdf")
def test_a_brief_without_standing_failed_runs_and_hypothetical_groups(tmp_path: Path) -> None:
    about = ABOUT | {"failed": 0, "standing": Standing()}
    write_brief(tmp_path, switch(3.0, 1.0), {}, about)
    text = re.sub(r"\s+", " ", page_of(tmp_path).text)
    assert say("brief-no-standing") in text and say("brief-disagrees") not in text
    assert "failed" not in text and "Hypothetical" not in text


def test_on_what_grade_the_drawn_parameters_stand() -> None:
    evidence = {"A": (20, 2), "B": (9, 1), "C": (200, 60), "D": (10, 4), "M": (3, 1)}
    assert re.findall(r"\d+", drawn_on(evidence)) == ["68", "3", "4", "61"]
    assert drawn_on({"A": (20, 0)}) == drawn_on({}) == ""


@pytest.mark.usefixtures("no_pdf")
def test_hostile_labels_are_escaped(tmp_path: Path) -> None:
    bad = "</title><script>alert(1)</script>\"'&"
    rows = [row("switch", arm, 3.0, 1.0, profile=bad) for arm in (bad, "announcement")]
    rows += [row("policy", "announcement", -3.0, 1.0, profile=bad, policy=bad, intensity=1)]
    rows += [row("switch", "announcement", 3.0, 1.0, profile=bad, world=bad)]
    about = {key: bad if isinstance(value, str) else value for key, value in ABOUT.items()}
    standing = Standing(bad, bad, bad, (bad,), (bad,), (bad,), bad)
    about |= {"standing": standing, "evidence": {bad: (1, 1)}, "base": {bad: bad}}
    write_brief(tmp_path, {"effects": pd.DataFrame(rows)}, {}, about)
    page = page_of(tmp_path)
    allowed = "html head meta title style body main header p h1 h2 h3 section dl dt dd div ul li span data sup a table "
    allowed += "thead tbody tr th td b code"
    assert {tag for tag, _ in page.tags} <= set(allowed.split())
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert bad in page.text  # as it was typed
    assert any(bad in str(attributes.get("title")) for _, attributes in page.tags)


def test_the_same_bytes_twice_two_pages_and_nothing_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "5")
    picture = tmp_path / "1_forest.svg"
    outside = "<image href='file:///etc/hostname' width='9' height='9'/>"
    picture.write_text(SVG.replace("<rect", f"{outside}<rect"), encoding="utf-8")
    made = []
    for name in ("one", "two"):
        written, message = write_brief(tmp_path / name, switch(3.0, 1.0), {"1_forest": picture}, ABOUT)
        assert message is None
        made.append([path.read_bytes() for path in written])
    assert made[0] == made[1] and count(written[1]) == 2  # what would go on one page has two all the same
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
    monkeypatch.setattr("experiments.brief.LAYOUTS", LAYOUTS[-1:])
    written, _ = write_brief(tmp_path, tables({f"group_{place}": (3.0, 1.0) for place in range(15)}), {}, ABOUT)
    assert count(written[1]) == 2
    assert "In Group 14, the switch" in page_of(tmp_path).text


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
