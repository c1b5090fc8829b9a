"""Names, numbers and lists in words: in messages, tables, reports and figures."""

import math
import textwrap
from collections.abc import Callable, Sequence
from datetime import date
from difflib import get_close_matches

_LINE = 116
"""Characters of a line of a report."""
_FEW = 16
"""Names that a message lists: as many as there are policies, and some of a user's own."""


def close(word: str, known: Sequence[str], least: float = 0.6) -> str:
    """Return the known name that is nearest to a word as the end of a message; empty if none is similar enough."""
    found = get_close_matches(word, known, 1, least)
    return f"; nearest: {found[0]}" if found else ""


def nearest(word: str, known: Sequence[str]) -> str:
    """Return the end of a message about an unknown name: the nearest known one, else all if they are few."""
    return close(word, known) or (f"; known: {', '.join(known)}" if 0 < len(known) <= _FEW else "")


def capital(text: str) -> str:
    """Return a text with a capital at its head."""
    return text[:1].upper() + text[1:]


def named(name: str) -> str:
    """Return a name from conf/ as a reader would write it: Lake Chad for lake_chad."""
    return name.replace("_", " ").strip().title() or name


def listed(words: Sequence[str]) -> str:
    """Return words as a list: a, b and c."""
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1] if words else ""


def plural(count: float, noun: str) -> str:
    """Return a noun as it follows a count: draw after 1, else draws."""
    return noun if count == 1 else f"{noun}s"


def paragraph(words: str, indent: str = "  ") -> str:
    """Return a sentence of a report in lines, all but the first with an indent; a number stays with its per cent."""
    return textwrap.fill(words.replace(" %", "\u00a0%"), _LINE, subsequent_indent=indent).replace("\u00a0%", " %")


def day(when: date) -> str:
    """Return a date in words: 21 June 2020."""
    return f"{when.day} {when:%B %Y}"


def number(value: float | None, sign: bool = True) -> str:
    """Return a number with enough digits that a small one is not shown as zero; a dash if there is none."""
    if value is None or math.isnan(value):
        return "-"
    size = abs(value)
    digits = 0 if size >= 1000 else 1 if size >= 100 else 2 if size >= 1 else 3 if size >= 0.01 or size == 0 else 5
    return f"{value:{'+' if sign else ''},.{digits}f}"


def span(low: float, high: float, words: Callable[[float], str] = lambda value: number(value, False)) -> str:
    """Return a range in words; one-sided where a limit is infinite."""
    if low == high:
        return words(low)
    if high == math.inf:
        return f"above {words(low)}"
    return f"below {words(high)}" if low == -math.inf else f"{words(low)} to {words(high)}"


def bound(value: float) -> str:
    """Return the end of a range as one would write it."""
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def signed(percent: float) -> str:
    """Return a percentage with its sign, and enough digits that a small one is not shown as zero."""
    if not math.isfinite(percent):
        return "not defined"
    if abs(percent) < 0.0005:
        return "0.00%"
    digits = 3 if abs(percent) < 0.01 else 2 if abs(percent) < 10 else 0
    return f"{percent:+.{digits}f}%"


def share(part: float, whole: float) -> str:
    """Return a share in per cent, with enough digits that a small one is not shown as zero."""
    percent = 100.0 * part / whole if whole else 0.0
    digits = 0 if percent >= 10 or percent == 0 else 1 if percent >= 1 else 2 if percent >= 0.01 else 4
    return f"{percent:.{digits}f}%"


def usd(value: float, sign: bool = False) -> str:
    """Return an amount of money, short: 2.7m; with a plus if asked."""
    plus = "+" if sign and value > 0 else ""
    for size, unit in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if abs(value) >= size:
            return f"{plus}{value / size:.2g}{unit}" if abs(value) < 9.95 * size else f"{plus}{value / size:.0f}{unit}"
    return f"{plus}{value:.0f}" if abs(value) >= 9.95 or value == int(value) else f"{plus}{value:.2g}"
