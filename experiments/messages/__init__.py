"""Sentences of console, figures and briefs, from Fluent messages; no other module holds English prose on results.

Shared messages are in ``en.ftl`` here, those of one room or study beside its code: ``brief/en.ftl``,
``studies/NAME/en.ftl``. All that a brief says is in one file a language, ``languages/LANGUAGE.ftl``; `speaking` chooses
the language. A number that is taken from a table is marked with the row and column that it comes from (`marked`), so
that a brief can link it; `say` removes the marks.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from fluent.runtime import FluentBundle, FluentResource

_LANGUAGE = ContextVar("language", default="en")
FOLDER = Path(__file__).with_name("languages")
_MARK = re.compile("\ue000([^\ue001]*)\ue001([^\ue002]*)\ue002")


def language() -> str:
    """Return the language of messages, as a code such as ``en``."""
    return _LANGUAGE.get()


def languages() -> list[str]:
    """Return the languages of briefs, English first."""
    return sorted((file.stem for file in FOLDER.glob("*.ftl")), key=lambda name: (name != "en", name))


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Make messages in a language; a ValueError if it has no file."""
    if language not in languages():
        raise ValueError(f"language={language}: allowed is {', '.join(languages())}")
    before = _LANGUAGE.set(language)
    try:
        yield
    finally:
        _LANGUAGE.reset(before)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse({"en": "en_GB"}.get(language, language))


def locale() -> Locale:
    """Return the locale of lists and dates; that of English is British: 21 June 2020; a, b and c."""
    return _locale(language())


def isolated(text: str) -> str:
    """A text that reads from left to right among words of a language that does not: a number with its sign."""
    return f"\u2066{text}\u2069" if locale().text_direction == "rtl" else text


@cache
def _bundle(language: str) -> FluentBundle:
    """Every message of one language; a ValueError if a file has an error, or two files hold one message."""
    bundle = FluentBundle([language], use_isolating=_locale(language).text_direction == "rtl")
    known: set[str] = set()
    for file in sorted({FOLDER / f"{language}.ftl", *Path(__file__).parents[1].rglob(f"{language}.ftl")}):
        resource: Any = FluentResource(file.read_text(encoding="utf-8"))
        for entry in resource.body:
            name = entry.id.name if hasattr(entry, "id") else None
            if name in known or type(entry).__name__ == "Junk":
                raise ValueError(f"{file}: {name or entry.content.splitlines()[0]}")
            known |= {name} if name else set()
        bundle.add_resource(resource)
    return bundle


def marked(source: str, text: str) -> str:
    """A number as text, marked with where it comes from: ``table:line:column``."""
    return f"\ue000{source}\ue001{text}\ue002"


def with_marks(message: str, values: Mapping[str, Any]) -> str:
    """A message with its values; ``id.attribute`` names another form of it.

    Raises:
        KeyError: for a message that is not there.
        ValueError: for a value that the message lacks.
    """
    bundle = _bundle(language())
    name, _, attribute = message.partition(".")
    found = bundle.get_message(name)
    pattern: Any = found.attributes[attribute] if attribute else found.value
    text, errors = bundle.format_pattern(pattern, dict(values))
    if errors:
        raise ValueError(f"message {message}: {errors[0]}")
    return str(text)


def has(message: str) -> bool:
    """Return whether there is such a message, or such a form of it."""
    name, _, attribute = message.partition(".")
    bundle = _bundle(language())
    return bundle.has_message(name) and (not attribute or attribute in bundle.get_message(name).attributes)


def say(message: str, /, **values: Any) -> str:
    """A message as plain text; see `with_marks`."""
    return unmarked(with_marks(message, values))


def unmarked(text: str) -> str:
    """A text without the marks of its numbers."""
    return _MARK.sub(r"\2", text)


def linked(text: str, link: Callable[[str, str], str]) -> str:
    """A text whose marked numbers are replaced by ``link(source, number)``."""
    return _MARK.sub(lambda found: link(found[1], found[2]), text)


def parts(text: str) -> Iterator[tuple[str, str]]:
    """Yield the parts of a text, each with the source of its number; empty for words."""
    pieces = _MARK.split(text)
    for words, source, number in zip(pieces[::3], [*pieces[1::3], ""], [*pieces[2::3], ""], strict=True):
        yield from [("", words), (source, number)]
