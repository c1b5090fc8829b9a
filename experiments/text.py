"""Numbers, intervals, lists and names as text, once for console, figures and briefs."""

import math
import re
import textwrap

from experiments.messages import has, say
from sim.engine.text import capital, listed, named
from sim.outcomes import OUTCOMES

__all__ = ["capital", "listed", "named"]


# --- numbers ---------------------------------------------------------------------------------------------------------


def decimals(*values: float) -> int:
    """Decimals that give the half-width of an interval two significant digits, or a lone value three.

    No value gets more than five digits. Negative for large numbers: -2 rounds to hundreds.
    """
    real = [value for value in values if math.isfinite(value)]
    largest = max((abs(value) for value in real), default=0.0)
    if largest == 0:
        return 0
    first = math.floor(math.log10(largest))
    half = (max(real) - min(real)) / 2
    return min(1 - math.floor(math.log10(half)), 4 - first) if half > 0 else 2 - first


def number(value: float, places: int, sign: bool = False) -> str:
    """A number with so many decimals and a typographic minus; a small one keeps its first digit instead of being 0."""
    if not math.isfinite(value):
        return "–"
    if abs(value) < 1e-12:
        return "0"
    if abs(value) < 0.5 * 10.0**-places:
        places = -math.floor(math.log10(abs(value)))
    digits = f"{round(abs(value), places):,.{max(places, 0)}f}"
    return ("−" if value < 0 else "+" if sign else "") + digits


def with_unit(digits: str, unit: str) -> str:
    """A number with its unit: 1.2%, 12 USD a week."""
    return f"{digits}%" if unit == "%" else f"{digits} {unit.replace('/week', ' a week')}".rstrip()


def quantity(value: float, unit: str = "", low: float = math.nan, high: float = math.nan, sign: bool = False) -> str:
    """A value with its unit, and as many decimals as its interval bears."""
    return with_unit(number(value, decimals(value, low, high), sign), unit)


def interval(low: float, high: float, unit: str = "") -> str:
    """An interval in words: −26% to −9%."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return say("no-interval")
    places = decimals(low, high)
    first, last = (number(end, places, sign=True) for end in (low, high))
    return f"{with_unit(first, unit) if unit == '%' else first} to {with_unit(last, unit)}"


# --- names -----------------------------------------------------------------------------------------------------------


def group(name: str) -> str:
    """A group profile in a sentence: the large group for is_core; a user's own by its name."""
    message = f"group-{name.replace('_', '-') or 'one'}"
    return say(message) if has(message) else textwrap.shorten(named(name), 32, placeholder=" …")


def policy(name: str) -> str:
    """A policy or mix in a sentence: exchange KYC for exchange_kyc."""
    parts = (re.sub(r"^counter_(?=.)", "counter-", part) for part in name.split("+"))
    return " + ".join(part.replace("_", " ").strip().replace("kyc", "KYC") for part in parts)


def outcome(name: str) -> str:
    """An outcome in a sentence."""
    message = f"outcome-{name.replace('_', '-')}"
    return say(message) if has(message) else named(name).lower()


def unit_of(name: str) -> str:
    """The unit of an outcome, empty if it has none."""
    return OUTCOMES[name].unit if name in OUTCOMES else ""
