"""The command ``brief`` as a user types it: what it reads, where it writes, what it leaves alone, what it refuses."""

import json
import math
import shlex
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest

from experiments import brief
from experiments.brief import command, content, markdown, office, sections_file
from experiments.findings import FILE, Answers, Finding, Row, written
from experiments.messages import say
from sim.cli import frame
from sim.config import ConfigurationError
from tests.study.answers import answers as made_up
from tests.study_helpers import told

ROOT = Path(__file__).resolve().parents[2]

PARTS = """\
sections:
- limits
- findings: {kind: switch, answer: [no, depends]}
- findings: switch/announcement/is_core
- text: |
    ## For *the* committee <b>
    It changes by {finding:switch/announcement/is_core.median}.
- bottom_line
"""
ABOUT = {
    "title": "A study", "command": "python -m experiments", "model": "0.2.0", "commit": "abc", "date": "2026-01-01",
    "seed": "0 to 39", "runs": 80, "failed": 0, "draws": 20, "window": 52, "switch": "2020-06-21", "margin": 1.0,
    "drawn_from": "plausible", "caveat": "",
}  # fmt: skip


def answers(**about: object) -> Answers:
    """Findings on the switch in two groups, made up."""

    def switch(group: str, verdict: str, line: int) -> Finding:
        name = f"switch/announcement/{group}"
        return Finding(
            "switch", name, group, arm="announcement", outcome="rate", verdict=verdict, window=52, draws=20, n=40,
            changes=(-3.0,) * 12 + (0.0,) * 5 + (2.0,) * 3, below=12, within=5, above=3, median=-3.0, low=-3.0,
            high=2.0, base=72.0, margin=1.0, rows=(Row("findings", line, name),), confidence="low",
        )  # fmt: skip

    return Answers(
        "sweep", {**ABOUT, **about}, (switch("is_core", "negligible", 2), switch("donor_funded", "depends", 3))
    )


@pytest.fixture
def typed(tmp_path, monkeypatch, capsys):
    """What the command says in a folder with the studies a and b; a form holds what it was given."""
    monkeypatch.chdir(tmp_path)
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / FILE).write_bytes(written(answers()))

    def write(folder, found, language, forms, chosen=None, template=None, source=None):
        files = [folder / f"brief{'' if language == 'en' else f'.{language}'}.{form}" for form in forms]
        shown = {"ids": [one.id for one in found.findings], "about": dict(found.about), "template": str(template)}
        shown["tables"] = sorted({row.table for one in found.findings for row in one.rows})
        shown["parts"] = [part.name or part.words() or [one.id for one in part.findings] for part in chosen or ()]
        for file in files:
            file.write_text(json.dumps(shown), encoding="utf-8")
        return files, []

    monkeypatch.setattr(brief, "write", write)
    return lambda *arguments: told(capsys, "brief", *arguments)


def made(path: str = "a/briefs/brief.html") -> dict:
    """What a form was given."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def errors(err: str) -> list[str]:
    """The errors that the command reports."""
    return [line.strip() for line in err.splitlines()[1:]]


def test_a_brief_of_one_study_lies_in_its_folder(typed, tmp_path):
    code, out, err = typed("a", "question=Does it  matter?", "language=en,ar", "form=[html,docx]")
    assert (code, err) == (0, "")
    assert out == "Files in a/briefs: brief.ar.docx, brief.ar.html, brief.docx, brief.html\n"
    assert made()["ids"] == ["switch/announcement/is_core", "switch/announcement/donor_funded"]
    assert made()["about"]["question"] == "Does it matter?" and made()["tables"] == ["../findings"]
    assert {path.name for path in (tmp_path / "a").iterdir()} == {FILE, command.PLACE}
    record = json.loads(Path("a/briefs/briefs.json").read_text(encoding="utf-8"))
    assert record["brief.docx"]["command"].startswith("python -m experiments brief a ")


def test_several_studies_are_one_brief(typed, tmp_path):
    (tmp_path / "deep" / "a").mkdir(parents=True)
    (tmp_path / "deep" / "a" / FILE).write_bytes(written(answers(window=79, model="0.3.0")))
    Path("my.yaml").write_text("sections: [{findings: {kind: switch}}]", encoding="utf-8")
    code, _, err = typed("a", "b", "deep/a", "folder=out", "form=html", "sections=my.yaml")
    assert code == 0
    found = made("out/brief.html")
    assert found["ids"] == ["a/switch/announcement/is_core", "a/switch/announcement/donor_funded"], "one answer each"
    assert found["parts"] == [[f"{name}/switch/announcement/{group}" for name in ("a", "b", "a_2")
                              for group in ("is_core", "donor_funded")]]  # fmt: skip
    assert found["tables"] == ["../a/findings"]
    assert found["about"]["runs"] == 240 and {*found["about"]["studies"]} == {"a", "b", "a_2"}
    weeks, model, repeated = err.splitlines()
    assert repeated.startswith("4 findings are in several studies")
    assert "a: 52, b: 52 and a_2: 79" in weeks and "0.3.0" in model and weeks in found["about"]["caveat"]


def test_sections_of_a_users_own(typed, tmp_path):
    Path("my.yaml").write_text(PARTS, encoding="utf-8")
    assert typed("a", "sections=my.yaml", "form=html")[0] == 0
    name, found, chosen, own, last = made()["parts"]
    assert (name, last) == ("limits", "bottom_line") and chosen == ["switch/announcement/is_core"]
    assert found == ["switch/announcement/is_core", "switch/announcement/donor_funded"]
    assert "<b>" in own and "\ue000../findings:2:" in own.replace("\\", "")


def test_sections_are_those_of_the_brief():
    assert tuple(content.SECTIONS) == sections_file.SECTIONS


def test_every_error_of_a_sections_file_is_told_with_the_nearest_name(typed):
    bad = [
        "bottom_lin", "3", "{findings: {groop: is_core, answer: nos}}", "findings: switch/announcement/is_cor",
        "text: '{finding:switch/announcement/is_core.medan} {finding:nothing.median}'", "{text: a, findings: b}",
    ]  # fmt: skip
    Path("my.yaml").write_text("other: 1\nsections:\n" + "".join(f"- {one}\n" for one in bad), encoding="utf-8")
    code, out, err = typed("a", "sections=my.yaml")
    assert (code, out) == (2, "") and not Path("a/briefs").exists()
    told_ = errors(err)
    assert [one.split(":")[0] for one in told_] == [
        "my.yaml", *(f"my.yaml, section {number}" for number in (1, 2, 3, 3, 4, 5, 5, 6))
    ]  # fmt: skip
    for word in ("bottom_line", "group", "no", "switch/announcement/is_core", "median"):
        assert any(one.endswith(f"; nearest: {word}") for one in told_), word


@pytest.mark.parametrize(
    "text",
    [
        "", "a: [", "sections: bottom_line", "sections: []", "[bottom_line]", "sections: [" + "[" * 5000,
        "x: &x [1, 1]\ny: &y [*x, *x, *x]\nsections: [" + "*y, " * 40_000 + "]", "sections: [1:30]",
        "!!python/object/apply:os.system [ls]", "sections: ['${oc.env:HOME}']", "x" * 200_000,
    ],
)  # fmt: skip
def test_a_damaged_sections_file_is_one_message(typed, text):
    Path("my.yaml").write_text(text, encoding="utf-8")
    code, out, err = typed("a", "sections=my.yaml")
    assert (code, out) == (2, "") and len(err) < 2000 and not Path("a/briefs").exists()
    assert all(one.startswith("my.yaml") for one in errors(err))


def test_all_errors_of_a_command_at_once(typed):
    arguments = ("a", "nowhere", "--fast", "langage=ar", "language=fr", "form=htm", "template=no.docx", "folder=")
    code, out, err = typed(*arguments, "question=" + "x" * 400)
    assert (code, out) == (2, "")
    found = errors(err)
    for word in ("--fast", "langage", "nowhere", "language=fr", "form=htm", "template=no.docx", "folder=", "question"):
        assert sum(one.startswith(word) for one in found) >= 1, word
    assert any("nearest: language" in one for one in found) and any("nearest: html" in one for one in found)


def test_a_folder_without_findings_says_how_they_are_made(typed, tmp_path):
    (tmp_path / "old").mkdir()
    code, _, err = typed("old")
    assert code == 2 and "report old" in err and FILE in err
    assert typed()[0] == 2 and typed("a", "a")[0] == 2 and typed("a/findings.json")[0] == 2


def damaged() -> list[bytes]:
    whole = written(answers())
    twice = replace(answers(), findings=answers().findings[:1] * 2)
    rows = (Row("../../etc/passwd", 2, ""),)
    foreign = replace(answers(), findings=(replace(answers().findings[0], rows=rows),))
    return [
        b"", b"{", b"[" * 100_000, b"null", b"\xff\xfe", whole[:-40], whole.replace(b'"median"', b'"mediun"'),
        whole.replace(b"-3.0", b'"<script>"'), written(twice), written(foreign), b'{"study": 1}',
    ]  # fmt: skip


@pytest.mark.parametrize("content", damaged())
def test_damaged_findings_are_one_message(typed, content):
    Path("a", FILE).write_bytes(content)
    code, out, err = typed("a")
    assert (code, out) == (2, "") and len(err) < 2000
    assert [one.startswith("a/findings.json: ") for one in errors(err)] == [True]
    assert not Path("a/briefs").exists()


def test_a_kind_without_words_is_one_message(typed, monkeypatch):
    monkeypatch.setattr(brief, "write", lambda *_: say("no-such-message"))
    code, _, err = typed("a")
    assert code == 2 and errors(err)[0].startswith("a: no brief can be made of these findings")


def test_a_file_of_a_users_own_is_never_replaced(typed):
    assert typed("a", "form=docx")[0] == 0
    assert typed("a", "form=docx", "question=Again?")[0] == 0 and made("a/briefs/brief.docx")["about"]["question"]
    Path("a/briefs/brief.docx").write_text("mine", encoding="utf-8")
    Path("b.txt").write_text("mine", encoding="utf-8")
    Path("a/briefs/brief.html").symlink_to(Path("b.txt").resolve())
    code, _, err = typed("a", "form=docx,html")
    assert code == 2 and [one.split(":")[0] for one in errors(err)] == ["a/briefs/brief.docx", "a/briefs/brief.html"]
    assert (
        Path("a/briefs/brief.docx").read_text(encoding="utf-8") == "mine" == Path("b.txt").read_text(encoding="utf-8")
    )
    for record in ("[]", "{", '{"brief.docx": 1}'):
        Path("a/briefs/briefs.json").write_text(record, encoding="utf-8")
        assert typed("a", "form=docx")[0] == 2


def test_a_folder_that_cannot_be_written(typed, tmp_path):
    Path("file").write_text("mine", encoding="utf-8")
    for place in ("file", "file/below"):
        code, out, err = typed("a", f"folder={place}", "form=html")
        assert (code, out) == (1, "") and err.startswith("Could not write")
    assert Path("file").read_text(encoding="utf-8") == "mine"


def test_a_template_must_be_a_document(typed):
    good = Path("good.docx")
    docx.Document().save(str(good))
    assert (
        typed("a", "form=docx", f"template={good}")[0] == 0 and made("a/briefs/brief.docx")["template"] == "good.docx"
    )
    Path("text.docx").write_text("no", encoding="utf-8")
    with zipfile.ZipFile("zip.docx", "w") as file:
        file.writestr("a.txt", "no")
    with zipfile.ZipFile("bomb.docx", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", bytes(office._LARGEST + 1))
    Path("cut.docx").write_bytes(good.read_bytes()[:2000])
    for name in ("text", "zip", "bomb", "cut"):
        code, _, err = typed("a", "form=docx", f"template={name}.docx")
        assert code == 2 and len(errors(err)) == 1 and errors(err)[0].startswith(f"template={name}.docx: ")
    assert "form=docx" in typed("a", "template=good.docx")[2]


def test_ctrl_c_leaves_nothing(typed, tmp_path, monkeypatch):
    def interrupted(folder, *_):
        (folder / "brief.html").write_text("half", encoding="utf-8")
        raise KeyboardInterrupt

    monkeypatch.setattr(frame._Interrupt, "taken", False)
    monkeypatch.setattr(brief, "write", interrupted)
    code, out, err = typed("a", "folder=out")
    assert (code, out) == (130, "") and "the brief was not made" in err and not Path("out").exists()


HOSTILE = """\
<script>alert(1)</script> <img src=http://a/b onerror=alert(1)> ![x](http://a/b.png) [l](javascript:alert(1))
[d](data:text/html,x) [f](file:///etc/passwd) <javascript:alert(1)> **bold** [ok](https://example.org/?a=1&b="2)

<iframe src="x"></iframe>

- a
    1. b
"""


def test_hostile_markdown_is_text():
    found = markdown.html(HOSTILE)
    for word in ("<script", "<img", "<iframe", 'href="javascript', 'href="data', 'href="file'):
        assert word not in found
    assert "<strong>bold</strong>" in found and 'href="https://example.org/?a=1&amp;b=%222"' in found
    runs = [run for piece in markdown.pieces(HOSTILE) for run in piece.runs]
    assert {run.address[:5] for run in runs} <= {"", "https", "http:"} and any(run.bold for run in runs)
    assert [(piece.kind, piece.level) for piece in markdown.pieces(HOSTILE)][-2:] == [("point", 1), ("number", 2)]


@pytest.mark.parametrize(
    "words", ["*a* _b_ `c` [d](e) <f> & \\ # ~", "−3 % (−9 % to +1 %)", "1. a", "\ue000a:1:b_c\ue0013\ue002"]
)
def test_filled_words_are_shown_as_they_are(words):
    [piece] = markdown.pieces(f"So: {markdown.escaped(words)}")
    assert "".join(run.words for run in piece.runs) == f"So: {words}"


def commands() -> list[list[str]]:
    """The commands of docs/briefs.md."""
    page = (ROOT / "docs" / "briefs.md").read_text(encoding="utf-8")
    return [shlex.split(line)[3:] for line in page.splitlines() if line.startswith("python -m experiments brief ")]


@pytest.mark.slow
@pytest.mark.parametrize("typed_", commands(), ids=lambda words: " ".join(words[1:]))
def test_the_commands_and_the_example_of_the_page_work(tmp_path, monkeypatch, capsys, typed_):
    monkeypatch.chdir(tmp_path)
    for name, draws in (("headline", 20), ("choice", 200)):
        (tmp_path / "results" / name).mkdir(parents=True)
        (tmp_path / "results" / name / FILE).write_bytes(written(made_up(draws)))
    page = (ROOT / "docs" / "briefs.md").read_text(encoding="utf-8")
    Path("committee.yaml").write_text(page.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    docx.Document().save("memo.docx")
    code, out, err = told(capsys, *typed_)
    assert code == 0, err
    place = Path("for_the_committee" if "folder=for_the_committee" in typed_ else "results/headline/briefs")
    forms = next((one.removeprefix("form=").split(",") for one in typed_ if one.startswith("form=")), ["html", "pdf"])
    for form in forms:
        end = "ar.html" if "language=ar" in typed_ and form == "html" else form
        [*found] = place.glob(f"brief*{end}")
        assert found and f"{found[0].name}" in out, form
    if "sections=committee.yaml" in typed_:
        assert "The question came up in <strong>May</strong>" in (place / "brief.html").read_text(encoding="utf-8")


def test_every_value_of_the_page_is_one_that_a_text_may_name():
    found = answers().findings[0]
    page = (ROOT / "docs" / "briefs.md").read_text(encoding="utf-8")
    for name in (*sections_file.FIELDS, *sections_file.SECTIONS, *sections_file.FILTERS):
        assert f"`{name}`" in page, name
    for field in ("sentence", "median", "low", "high", "below", "base"):
        assert sections_file._value(found, field), field


def test_marks_cannot_be_forged():
    own = sections_file.without_marks("\ue000effects:2:mean\ue0015 %\ue002")
    assert own == "effects:2:mean5 %"


def test_values_of_a_finding_that_has_none():
    known = {one.id: one for one in answers().findings}
    with pytest.raises(ConfigurationError, match="has no harm"):
        sections_file._part({"text": "{finding:switch/announcement/is_core.harm}"}, known)
    assert math.isnan(answers().findings[0].cost)
