"""Sentences of console, figures and briefs, from Fluent messages; no other module holds English prose on results.

Shared messages are in ``en.ftl`` here, those of one room or study beside its code: ``brief/en.ftl``,
``studies/NAME/en.ftl``. A number that is taken from a table is marked with the row and column that it comes from
(`marked`), so that a brief can link it; `say` removes the marks.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fluent.runtime import FluentBundle, FluentResource

LANGUAGE = "en"
_MARK = re.compile("\ue000([^\ue001]*)\ue001([^\ue002]*)\ue002")


@cache
def _bundle(language: str) -> FluentBundle:
    """Every message of one language; a ValueError if a file has an error, or two files hold one message."""
    bundle = FluentBundle([language], use_isolating=False)
    known: set[str] = set()
    for file in sorted(Path(__file__).parents[1].rglob(f"{language}.ftl")):
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
    bundle = _bundle(LANGUAGE)
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
    bundle = _bundle(LANGUAGE)
    return bundle.has_message(name) and (not attribute or attribute in bundle.get_message(name).attributes)


def say(message: str, /, **values: Any) -> str:
    """A message as plain text; see `with_marks`."""
    return _MARK.sub(r"\2", with_marks(message, values))


def linked(text: str, link: Callable[[str, str], str]) -> str:
    """A text whose marked numbers are replaced by ``link(source, number)``."""
    return _MARK.sub(lambda found: link(found[1], found[2]), text)
