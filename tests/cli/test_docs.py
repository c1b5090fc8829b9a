"""The pages say what the code does: made parts do not drift, links lead somewhere, facts exist."""

import csv
import re
from pathlib import Path

import pytest

from experiments.evidence import cases
from sim.scenario import Effects
from tools import make_docs, parts

ROOT = Path(__file__).resolve().parents[2]
PAGES = make_docs.pages()
FACTS = {*cases.facts()}
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)\s#]*)(?:#([^)\s]*))?\)")


def anchors(page: Path) -> set[str]:
    """The headings of a page as links name them."""
    heads = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_the_pages_are_there() -> None:
    names = {str(page.relative_to(ROOT)) for page in PAGES}
    assert {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/odd.md"} <= names


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_made_parts_are_what_the_code_says(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text == make_docs.made(text), "python tools/make_docs.py writes them anew"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_prose_was_compared_with_the_code(page: Path) -> None:
    changed = make_docs.unread(page.read_text(encoding="utf-8"))
    assert not changed, "compare the prose of docs/odd.md with these, then: python tools/make_docs.py --read"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    dead = []
    for file, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        target = (page.parent / file).resolve() if file else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            dead.append(f"{file}#{anchor}")
    assert not dead


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_facts_exist(page: Path) -> None:
    named = {name.rstrip(".-") for name in re.findall(r"facts:([a-z0-9][a-z0-9-]*)", page.read_text(encoding="utf-8"))}
    assert named <= FACTS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_named_in_code_marks_exist(page: Path) -> None:
    named = set(
        re.findall(r"`((?:sim|conf|experiments|tests|tools|docs)/[\w./-]+\.\w+)`", page.read_text(encoding="utf-8"))
    )
    assert not [name for name in named if not re.search("NAME|_build", name) and not (ROOT / name).exists()]


def test_every_rule_and_draw_is_on_the_page() -> None:
    text = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
    assert "not drawn" not in text
    files = [str(path.relative_to(parts.SIM).with_suffix("")) for path in parts.SIM.rglob("*.py")]
    names = {name for name, *_ in parts.rules_in(*(file for file in files if file != "week"))}  # the table of phases
    assert names <= set(re.findall(r"`(\w+)`", text))


def test_a_changed_rule_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "rule.py"
    file.write_text('def f(x):\n    """One."""\n    return x + 1  # a\n', encoding="utf-8")
    first = make_docs.hash_of(file)
    file.write_text('def f(x):\n    """Two."""\n\n    return x + 1\n', encoding="utf-8")
    assert make_docs.hash_of(file) == first
    file.write_text('def f(x):\n    """One."""\n    return x + 2\n', encoding="utf-8")
    assert make_docs.hash_of(file) != first


def test_every_effect_stands_beside_its_policy() -> None:
    text = parts.parts()["policies"]()
    assert not [name for name in Effects.model_fields if f"`effects.{name}`" not in text]


def test_a_quote_says_what_the_part_says() -> None:
    page = "<!-- quote: validation: a typical campaign, before the switch -->\nold\n<!-- end -->"
    head, _, row, *_ = [line for line in make_docs.made(page).splitlines() if line.startswith("|")]
    assert head.startswith("| pattern |") and row.startswith("| a typical campaign, before the switch |")
    with pytest.raises(KeyError, match="no line contains 'a campaign of elephants'"):
        make_docs.made(page.replace("a typical campaign, before the switch", "a campaign of elephants"))


def test_the_codebook_has_every_table() -> None:
    text = (ROOT / "docs" / "codebook.md").read_text(encoding="utf-8")
    files = [*ROOT.glob("sim/columns.csv"), *ROOT.glob("experiments/**/columns.csv")]
    named = {row["column"] for file in files for row in csv.DictReader(file.read_text("utf-8").splitlines())}
    assert len(files) > 10 and not [name for name in named if f"| `{name}` |" not in text]


def test_the_first_page_is_one_screen() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 60
