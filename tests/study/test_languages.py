"""Every language says the same: messages, values, plural forms, names, and nothing in another language's letters."""

import hashlib
import math
import re
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path

import pytest
import yaml
from babel import Locale
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from experiments import messages, text
from experiments.brief.content import document
from experiments.findings import Finding
from experiments.messages import isolated, languages, say, speaking
from experiments.study.parameter_sampling import declaration
from sim.engine.constants import POLICIES
from sim.engine.parameters import DRAWN, table
from sim.scenario import REAL, Scenario
from tests.study.answers import answers

FOLDER = Path(messages.__file__).with_name("languages")
FONTS = Path(messages.__file__).parents[1] / "brief" / "fonts"
CONF = Path(messages.__file__).parents[2] / "conf"
OTHERS = [name for name in languages() if name != "en"]
ISOLATE, ISOLATES = re.compile("\u2066[^\u2069]*\u2069"), re.compile("[\u2066-\u2069]")


class _Parts(Visitor):
    """What a pattern is made of: its words, values, the messages that it names, and the keys of its selects."""

    def __init__(self):
        self.words, self.values, self.names, self.selects = "", set(), set(), []

    def visit_TextElement(self, node):
        self.words += node.value

    def visit_StringLiteral(self, node):
        self.words += node.parse()["value"]

    def visit_VariableReference(self, node):
        self.values.add(node.id.name)

    def visit_MessageReference(self, node):
        self.names.add(node.id.name + (f".{node.attribute.name}" if node.attribute else ""))

    def visit_SelectExpression(self, node):
        keys = {one.key.name if isinstance(one.key, ast.Identifier) else one.key.value for one in node.variants}
        self.selects.append(keys)
        self.generic_visit(node)


def parts_of(language):
    """The parts of every message and form of a language by name."""
    found = {}
    for entry in FluentParser().parse((FOLDER / f"{language}.ftl").read_text(encoding="utf-8")).body:
        if isinstance(entry, ast.Message):
            forms = {entry.id.name: entry.value} if entry.value else {}
            forms |= {f"{entry.id.name}.{one.id.name}": one.value for one in entry.attributes}
            for name, pattern in forms.items():
                found[name] = _Parts()
                found[name].visit(pattern)
    return found


def values_of(name, parts):
    """The values of a message and of those that it names; not gender nor the number that selects a plural."""
    one = parts[name]
    every = one.values.union(*(values_of(other, parts) for other in one.names))
    return {value for value in every if not value.endswith("gender") and (value != "count" or "digits" not in every)}


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_there_with_the_same_values(language):
    own, english = parts_of(language), parts_of("en")
    parts = {name for one in (*own.values(), *english.values()) for name in one.names}  # of sentences, each in its way
    assert {name for name in own if not name.endswith(".gender")} - parts <= english.keys() <= own.keys()
    different = {name: values_of(name, own) ^ values_of(name, english) for name in english.keys() - parts}
    assert not {name: values for name, values in different.items() if values}


@pytest.mark.parametrize("language", languages())
def test_a_number_that_selects_has_every_plural_form(language):
    forms = {*Locale.parse(language).plural_form.tags, "other"}
    for name, parts in parts_of(language).items():
        assert all(keys == forms for keys in parts.selects if keys <= forms), name


@pytest.mark.parametrize("language", ["ar"])
def test_no_word_in_other_letters_is_left_but_isolated_ones(language):
    for name, parts in parts_of(language).items():
        assert name.endswith(".gender") or not re.search("[A-Za-z]", ISOLATE.sub("", parts.words)), name
    source = (FOLDER / f"{language}.ftl").read_text(encoding="utf-8")
    assert not re.findall(r".*\b[لبك]ـ?{ .*", source), "a prefix before a value does not join its word"


def words_of(one):
    """All words of a document but its commands."""
    if isinstance(one, str):
        return [one]
    if is_dataclass(one) and not isinstance(one, Finding) and getattr(one, "role", "") != "command":
        one = [getattr(one, part.name) for part in fields(one)]
    return [words for part in one for words in words_of(part)] if isinstance(one, list | tuple) else []


@pytest.mark.parametrize("draws", [20, 200])
def test_a_brief_in_arabic_is_arabic(draws):
    made = document(answers(draws, title="", question="", caveat=REAL), "ar")  # a user's own stay as they are
    every = [messages.linked(words, lambda _, number: number) for words in words_of([made.title, made.blocks])]
    assert len(every) > 50 and not [words for words in every if re.search("[A-Za-z]{2,} [A-Za-z]{2,}", words)]


def drawn():
    """Parameters that studies draw: those with a plausible range, and those that a study gives one."""
    studies = "\n".join(one.read_text(encoding="utf-8") for one in CONF.glob("study/*.yaml"))
    own = re.findall(r"^  ([a-z_.]+): \[[^\]]*\]", studies, re.M)
    ranges = {row.name for row in table(Scenario) if row.plausible and row.role in DRAWN}
    return sorted(ranges | {declaration(name)[0].name for name in own if declaration(name)})


@pytest.mark.parametrize("language", languages())
def test_whatever_a_brief_names_has_a_name(language):
    names = [f"policy-{one}" for one in [*POLICIES, "status_quo"]] + [f"policy-{one}.what" for one in POLICIES]
    kinds = "group", "rail", "theatre", "study"
    names += [f"{kind}-{file.stem}" for kind in kinds for file in CONF.glob(f"{kind}/*.yaml")]
    names += [
        f"agency-{row.name.split('.')[-1]}" for row in table(Scenario) if row.name.startswith("enforcement.staff.")
    ]
    cases = [yaml.safe_load(case.read_text(encoding="utf-8")) for case in CONF.glob("case/*.yaml")]
    patterns = [one["says"] for case in cases for one in case["patterns"]]
    names += [f"pattern-{'-'.join(re.findall('[a-z0-9]+', one.lower()))}" for one in patterns]
    names += ["parameter-" + re.sub(r"[._*]+", "-", name) for name in drawn()]
    with speaking(language):
        assert not [name for name in names if not messages.has(name.replace("_", "-"))]
        kinds = [
            (kind, name) for kind in ("group", "policy", "agency", "rail") for name in names if name.startswith(kind)
        ]
        genders = {text.gender(kind, one.split(".")[0].removeprefix(f"{kind}-")) for kind, one in kinds}
    assert genders <= ({"none"} if language == "en" else {"masculine", "feminine"})


def test_numbers_of_a_brief():
    assert [text.brief_number(one) for one in (0.384, -18.4, 12.5, 6.42e6, 1234.0, 2e9, 0.0)] == [
        "0.38", "−18", "13", "6.4 million", "1,200", "2 billion", "0"]  # fmt: skip
    assert text.brief_number(0.09, margin=1.0) == say("no-change") == text.brief_quantity(-0.09, "%", margin=1.0)
    assert text.brief_number(0.11, margin=1.0, sign=True) == "+0.11" and text.brief_number(math.nan) == "–"
    assert text.brief_quantity(1.0, "attacks/week") == "1 attack a week"
    assert text.brief_quantity(-822_100.0, "USD/week") == "−822,000 USD a week"
    assert (
        text.brief_quantity(6.42e6, "USD") == "6.42 million USD"
        and text.with_unit("3", "moons/week") == "3 moons a week"
    )


def test_arabic_numbers_keep_their_sign_and_govern_their_noun():
    with speaking("ar"):
        counted = [text.brief_quantity(one, "attacks/week") for one in (0.0, 1.0, 2.0, 5.0, 12.0, 100.0, 0.38)]
        nouns = ["هجوم", "هجوم واحد", "هجومين", "هجمات", "هجوماً", "هجوم", "هجوم"]
        plain = [ISOLATES.sub("", one).removesuffix(" في الأسبوع") for one in counted]
        assert [re.sub(r"^[\d.]+ ", "", one) for one in plain] == nouns
        assert ISOLATES.sub("", text.brief_quantity(3e6, "USD")) == "3 ملايين دولار"
        assert text.with_unit(text.brief_number(-18.4), "%") == isolated(isolated("−18") + "%")
        low, high = re.findall("\u2066+([^\u2066\u2069]*)", text.interval(-26.0, -9.1, "%"))
        assert low.startswith("−26") and high.startswith("−9")
        assert text.listed(["أ", "ب", "ج"]) == "أ وب وج" and text.day(date(2020, 6, 21)) == "21 يونيو 2020"
        assert text.usd(2.7e6) == text.brief_number(2.7e6)
    assert text.listed(["a", "b", "c"]) == "a, b and c" and text.day(date(2020, 6, 21)) == "21 June 2020"


def test_a_third_language_is_one_file(tmp_path, monkeypatch):
    english = (FOLDER / "en.ftl").read_text(encoding="utf-8")
    (tmp_path / "en.ftl").write_text(english, encoding="utf-8")
    (tmp_path / "fr.ftl").write_text(
        english.replace("policy-chain-analytics = chain analytics", "policy-chain-analytics = analyse de chaînes"),
        encoding="utf-8",
    )
    monkeypatch.setattr(messages, "FOLDER", tmp_path)
    assert languages() == ["en", "fr"]
    with speaking("fr"):
        assert text.policy("chain_analytics") == "analyse de chaînes" and text.listed(["a", "b"]) == "a et b"
        assert text.day(date(2020, 6, 1)) == "1 juin 2020"
    with pytest.raises(ValueError, match="language=de: allowed is en, fr"), speaking("de"):
        pass


def test_faces_are_those_of_their_hashes_and_come_with_their_licence():
    lines = (FONTS / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    hashes = dict(reversed(line.split()) for line in lines)
    assert {file.name for file in FONTS.glob("*.ttf")} == hashes.keys()
    assert all(hashlib.sha256((FONTS / name).read_bytes()).hexdigest() == known for name, known in hashes.items())
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
