"""The sections of a brief that a user chooses in a YAML file: standard ones, findings, and paragraphs of their own.

A file lists them in order. A word is a standard section, ``findings`` selects findings by id or by their values, and
``text`` is Markdown in which ``{finding:ID.median}`` stands for a number of a finding, linked to its row.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any

from experiments import text
from experiments.brief.markdown import escaped
from experiments.findings import Answers, Finding
from experiments.messages import say, with_marks
from experiments.study.spec import plain_yaml
from sim.config import ConfigurationError
from sim.config.untrusted_yaml import shortened, shown
from sim.engine.text import close, nearest

SECTIONS = (
    "bottom_line", "dots", "advice", "decisions", "depends", "traceability", "soon", "figures", "limits", "validation",
    "minds", "reproduce", "words",
)  # fmt: skip
"""Standard sections of a brief, in its order."""
FILTERS = ("kind", "group", "policy", "arm", "outcome", "window", "answer", "confidence")
"""Values by which findings are selected."""
_LARGEST = 100_000
"""Characters of a file."""
_PLACE = re.compile(r"\{finding:([^{}\n]*)\}")
_PRIVATE = re.compile("[\ue000-\ue002]")
"""Characters that mark numbers (`experiments.messages.marked`), which no text of a user's may hold."""


@dataclass(frozen=True)
class Part:
    """A part of a brief: a standard section, findings, or a user's own Markdown with the findings that it names."""

    name: str = ""
    findings: tuple[Finding, ...] = ()
    markdown: str = ""
    named: Mapping[str, Finding] = field(default_factory=dict)

    def words(self) -> str:
        """Return the Markdown with the values of findings, each with its mark, in the language of messages."""

        def filled(place: re.Match[str]) -> str:
            name, _, value = place[1].rpartition(".")
            return escaped(_value(self.named[name], value))

        return _PLACE.sub(filled, self.markdown)


type _Known = Mapping[str, Finding]

_FORMS = {"sentence": "", "title": "title", "confidence": "confidence", "price": "price"}
ENDS = ("median", "low", "high")
FIELDS = (
    *_FORMS, *ENDS, "interval", "count", "below", "within", "above", "base", "margin", "averted",
    "harm", "cost", "because", "soonest", "group", "policy",
)  # fmt: skip
"""Values of a finding that a text may name."""


def read(file: Path, answers: Answers) -> list[Part]:
    """Return the parts that a file lists.

    Raises:
        ConfigurationError: with every error: what is unknown, and the nearest name that is known.
    """
    if file.is_file() and file.stat().st_size > _LARGEST:
        raise ConfigurationError([f"{file}: is larger than {_LARGEST:,} characters"])
    found = plain_yaml(file)
    every, known = found.pop("sections", None), {one.id: one for one in answers.findings}
    errors = [f"{file}: unknown key {shown(key)}; the only one is sections" for key in found]
    if not isinstance(every, list) or not every:
        raise ConfigurationError([*errors, f"{file}: needs a list, such as sections: [bottom_line, limits]"])
    parts = list[Part]()
    for number, one in enumerate(every, 1):
        try:
            parts.append(_part(one, known))
        except ConfigurationError as error:
            errors += [f"{file}, section {number}: {why}" for why in error.errors]
    if errors:
        raise ConfigurationError(errors)
    return parts


def _part(one: Any, known: _Known) -> Part:
    [(key, value)] = one.items() if isinstance(one, dict) and len(one) == 1 else [("", one)]
    if key == "text" and isinstance(value, str):
        markdown = without_marks(value)
        if errors := [*_errors_in(markdown, known)]:
            raise ConfigurationError(errors)
        return Part(markdown=markdown, named=known)
    if key == "findings":
        return Part(findings=tuple(_selected(value, known)))
    if not key and isinstance(value, str):
        if value not in SECTIONS:
            raise ConfigurationError([f"unknown section {shown(shortened(value, 80))}{nearest(value, SECTIONS)}"])
        return Part(value)
    raise ConfigurationError(["must be the name of a section, findings: ... or text: ..."])


def _selected(value: Any, known: _Known) -> list[Finding]:
    if isinstance(value, dict):
        return _filtered({str(key): _words(one) for key, one in value.items()}, known)
    names = _words(value)
    if errors := [_unknown(name, known) for name in names if name not in known]:
        raise ConfigurationError(errors)
    return [known[name] for name in names]


def _filtered(filters: dict[str, list[str]], known: _Known) -> list[Finding]:
    errors = list[str]()
    for key, names in filters.items():
        if key not in FILTERS:
            errors.append(f"unknown filter {shown(key)}{nearest(key, FILTERS)}")
            continue
        levels = sorted({str(getattr(one, key)) for one in known.values()} - {""})
        errors += [f"no finding has {key} {shown(name)}{nearest(name, levels)}" for name in names if name not in levels]
    if errors:
        raise ConfigurationError(errors)
    found = [one for one in known.values() if all(str(getattr(one, key)) in filters[key] for key in filters)]
    if not found:
        raise ConfigurationError(["no finding has all of these values"])
    return found


def _words(value: Any) -> list[str]:
    """Return a value or a list of values as words; ``no`` is a word, which YAML takes for a truth value."""
    return [
        {False: "no", True: "yes"}.get(one, str(one)) if isinstance(one, bool) else str(one)
        for one in (value if isinstance(value, list) else [value])
    ]


def _unknown(name: str, known: Iterable[str]) -> str:
    return f"unknown finding {shown(shortened(name, 80))}{close(name, list(known), 0.4) or '; findings.csv lists them'}"


def without_marks(text: str) -> str:
    """Return a text of a user's without the characters that mark numbers of findings."""
    return _PRIVATE.sub("", text)


def _errors_in(markdown: str, known: _Known) -> Iterator[str]:
    for place in dict.fromkeys(_PLACE.findall(markdown)):
        name, _, value = place.rpartition(".")
        if place in known:
            yield f"{place}: needs a value, such as {place}.sentence or {place}.median"
        elif name not in known:
            yield _unknown(name or place, known)
        elif value not in FIELDS:
            yield f"unknown value {shown(value)} of {name}{nearest(value, FIELDS)}"
        elif not _value(known[name], value):
            yield f"{name} has no {value}"


def _value(finding: Finding, name: str) -> str:
    """Return a value of a finding as marked words; empty if it has none."""
    if name in _FORMS:
        try:
            return finding.with_marks(_FORMS[name])
        except (LookupError, TypeError, ValueError):
            return ""  # not every kind has every form
    values = finding.values
    if name in ENDS:
        number, column, least = getattr(finding, name), finding.columns[ENDS.index(name)], finding.margin / 10.0
        few = abs(number) < least  # of the margin, shown as less than its tenth
        words = say("brief-less", limit=text.brief_quantity(least, finding.unit)) if few else ""
        words = words or text.brief_quantity(number, finding.unit, sign=True)
        return finding.rows[0].mark(column, words) if isfinite(number) and finding.rows else ""
    if name in ("count", "below", "within", "above"):
        return with_marks("brief-counted", {**values, "count": values[name]}) if values.get("of") else ""
    if name == "soonest" and not finding.soonest:
        return ""
    found = str(values.get(name, ""))
    return "" if found in ("none", "unknown", "–", "") else found
