"""Numbers, intervals, lists, names and tables as text, once for console, figures and briefs."""

import math
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Context
from typing import Any

import pandas as pd
from babel.dates import format_date
from babel.lists import format_list

from experiments.messages import has, isolated, language, locale, say, with_marks
from experiments.stats.estimates import is_held
from experiments.study.parameter_sampling import declaration
from sim.config.shorthand import written
from sim.engine.text import capital, named, paragraph, plural, span
from sim.engine.text import number as cell
from sim.engine.text import usd as usd_in_english
from sim.outcomes import OUTCOMES
from sim.output.columns import aligned, folded

__all__ = ["aligned", "capital", "cell", "folded", "named", "paragraph", "plural", "span"]

MINUS = "−"
HYPOTHETICAL = ("donor_funded", "external_network")
"""Group profiles that stand for no group on record."""

type Mark = Callable[[str, str], str]


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
    return _signed(value, f"{round(abs(value), places):,.{max(places, 0)}f}", sign)


def _signed(value: float, digits: str, sign: bool) -> str:
    before = MINUS if value < 0 else "+" if sign else ""
    return isolated(before + digits) if before else digits


def short(value: float) -> str:
    """A number with at most three significant digits and no trailing zeros; millions in words: 31.5 million."""
    if math.isfinite(value) and abs(value) >= 1e6:
        return say("millions", digits=short(value / 1e6), count=_count(value / 1e6))
    digits = number(value, decimals(value))
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def brief_number(value: float, margin: float = 0.0, digits: int = 2, sign: bool = False) -> str:
    """A number of a brief: 0.38, −18, 6.4 million; no change if it is below a tenth of a margin.

    The explorer does the same: ``Intl.NumberFormat("en", {maximumSignificantDigits: 2})`` for its size, or for that in
    millions or billions, the sign before it; messages ``no-change``, ``millions``, ``billions``.

    Args:
        value: the number.
        margin: of relevance.
        digits: significant digits, at most two of a number below 100; a half is rounded up.
        sign: write a plus.
    """
    if not math.isfinite(value):
        return "–"
    if abs(value) < margin / 10.0:
        return say("no-change")
    digits = digits if abs(value) >= 100.0 else min(digits, 2)
    size = Context(prec=digits, rounding=ROUND_HALF_UP).create_decimal(repr(abs(float(value)))).normalize()
    for message, unit in (("billions", 10**9), ("millions", 10**6)):
        if size >= unit:
            return say(message, digits=_signed(value, f"{size / unit:,f}", sign), count=_count(float(size / unit)))
    return _signed(value, f"{size:,f}", sign)


def brief_quantity(value: float, unit: str, margin: float = 0.0, sign: bool = False) -> str:
    """A number of a brief with its unit; a sum of money may have three digits."""
    small = abs(value) < margin / 10.0
    digits = brief_number(value, margin, 3 if unit.startswith("USD") else 2, sign)
    return digits if small else with_unit(digits, unit)


def _count(value: float) -> float:
    """A number that selects a plural: whole if it can be, as 1.0 is not the singular."""
    return int(value) if value == int(value) else value


def with_unit(digits: str, unit: str) -> str:
    """A number with its unit: 1.2%, 12 attacks a week."""
    if unit == "%":
        return isolated(f"{digits}%")
    message = "unit-" + re.sub("[^a-z]+", "-", unit.lower())
    if not has(message):
        return f"{digits} {unit.replace('/week', ' a week')}".rstrip()
    written_out = any(letter.isalpha() for letter in digits)  # 6.4 million
    count = 10.0**6 if written_out else float(re.sub("[^0-9.]", "", digits) or 0)
    return with_marks(message, {"digits": digits, "count": _count(count)})


def quantity(value: float, unit: str = "", low: float = math.nan, high: float = math.nan, sign: bool = False) -> str:
    """A value with its unit, and as many decimals as its interval bears."""
    return with_unit(number(value, decimals(value, low, high), sign), unit)


def interval(low: float, high: float, unit: str = "", brief: bool = False, mark: Mark = lambda _, words: words) -> str:
    """An interval in words: −26% to −9%; ``brief``: with the digits of a brief, and without plus if both ends have it.

    ``mark`` is given ``low`` and ``high`` with the words of each end.
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return say("no-interval")
    places, words = decimals(low, high), dict[str, str]()
    for name, end in (("low", low), ("high", high)):
        digits = brief_number(end, sign=low < 0.0) if brief else number(end, places, sign=True)
        words[name] = mark(name, with_unit(digits, unit if unit == "%" or name == "high" else ""))
    return with_marks("interval", words)


def amount(value: float, low: float, high: float, unit: str = "%") -> str:
    """An effect with its interval: +4.2% (+1.0% to +8.3%)."""
    if not math.isfinite(value):
        return say("not-defined")
    return f"{quantity(value, unit, low, high, sign=True)} ({interval(low, high, unit)})"


def cost(priced: str, value: float, *ends: float) -> str:
    """A cost in USD with its interval, 2.7m (1.2m to ∞); "at least" so much if a part of it is priced alone."""
    first, *others = ("∞" if math.isinf(one) else cell(one) if math.isnan(one) else usd(one) for one in (value, *ends))
    return say("cost", priced=priced, usd=f"{first} ({' to '.join(others)})" if others else first)


def share(part: float) -> str:
    """A share in per cent: 2%, 0.2%, 85%."""
    return isolated(f"{100 * part:.3g}%")


def usd(value: float, sign: bool = False) -> str:
    """An amount of money without its currency: 2.7m in English, else in words."""
    return usd_in_english(value, sign) if language() == "en" else brief_number(value, sign=sign)


def day(when: date) -> str:
    """A date in words: 21 June 2020."""
    return str(format_date(when, "long", locale=locale()))


def listed(words: Sequence[str], either: bool = False) -> str:
    """Words as a list: a, b and c; ``either``: a, b or c."""
    return str(format_list(words, style="or" if either else "standard", locale=locale()))


def listed_to(names: Sequence[str], most: int = 3) -> str:
    """At most so many names in a list, and how many more there are."""
    rest = len(names) - most
    return listed([*names[:most], say("more", count=rest)] if rest > 0 else list(names))


def _message(kind: str, name: str) -> str:
    return f"{kind}-{name.replace('_', '-')}"


def _name(kind: str, name: str, own: Callable[[str], str] = named) -> str:
    """The message for a name of conf/, or words for a name of a user's own."""
    message = _message(kind, name)
    return say(message) if has(message) else own(name)


def gender(kind: str, name: str) -> str:
    """The grammatical gender of a name, masculine or feminine; ``none`` in a language that needs none.

    Args:
        kind: group, policy, agency, rail, ...
        name: as in conf/; a mix of policies has the gender of its first.
    """
    message = f"{_message(kind, (name or 'one').split('+')[0])}.gender"
    return say(message) if has(message) else "none"


def study(name: str, title: str) -> str:
    """The title of a study; that of a user's own as its file has it."""
    return _name("study", name, lambda _: title)


def group(name: str, hypothetical: bool = False) -> str:
    """A group profile in a sentence: the large group for is_core; a user's own by its name.

    Args:
        name: as in conf/; empty in a study of one group.
        hypothetical: call a hypothetical group so.
    """
    words = _name("group", name or "one", lambda own: textwrap.shorten(named(own), 32, placeholder=" …"))
    if not hypothetical or name not in HYPOTHETICAL:
        return words
    return say("hypothetical", group=words.removeprefix("the "), gender=gender("group", name))


def heading(name: str) -> str:
    """A group profile above a panel: Large group."""
    return capital(group(name).removeprefix("the "))


def arm(name: str) -> str:
    """An arm in words: full switch (no gift stays behind)."""
    return _name("arm", name, lambda own: named(own).lower())


def short_arm(name: str) -> str:
    """An arm in a word or two: full switch."""
    return arm(name).split(" (")[0]


def policy(name: str) -> str:
    """A policy in a sentence: chain analytics for chain_analytics; of a mix, a+b, one with the others."""
    first, *others = (_name("policy", one, lambda own: own.replace("_", " ").strip() or own) for one in name.split("+"))
    return say("mix", first=first, others=listed(others)) if others else first


def policy_what(name: str) -> str:
    """A policy in one line: who does what, and how strong it may be; empty for a mix or a user's own."""
    message, values = f"{_message('policy', name)}.what", dict[str, str]()
    for prefix, parameter_ in (("", name), ("opportunity-", "kinetic_opportunity")):
        declared = declaration(f"effects.{parameter_}")
        row = declared[0] if declared else None
        ends = row.plausible.split(" to ") if row else []
        scale = 100.0 if row and row.unit.startswith("share") else 1.0
        strength = [with_unit(short(scale * float(end)), "%" if scale > 1.0 else "") for end in ends]
        values |= dict(zip((f"{prefix}low", f"{prefix}high"), strength, strict=False))
    return say(message, **values) if has(message) else ""


def policy_heading(name: str) -> str:
    """A policy or mix at the head of a line: Chain analytics."""
    return capital(policy(name))


def agency(name: str) -> str:
    """An agency in a sentence: the military; of several, a+b, all of them."""
    return listed([_name("agency", one or "none") for one in name.split("+")])


def rail(name: str) -> str:
    """A rail in a sentence: stablecoins."""
    return _name("rail", "every" if name == "*" else name)


def place(name: str) -> str:
    """A theatre in a sentence, or the place of a cell: Iraq 2 for iraq_2."""
    theatre, _, number = name.rpartition("_") if name[-1:].isdigit() else (name, "", "")
    return f"{_name('theatre', theatre)} {number}".rstrip()


def structure(name: str) -> str:
    """A structure of rules in a clause: an attack needs its cost in hand."""
    return _name("structure", name, lambda own: own.replace("_", " "))


def outcome(name: str) -> str:
    """An outcome in a sentence."""
    return _name("outcome", name, lambda own: OUTCOMES[own].label.lower() if own in OUTCOMES else named(own).lower())


def parameter(name: str) -> str:
    """A parameter, measured quantity or product of two (``a x b``): by its own words, else by how it is declared."""
    if " x " in name:
        a, b = name.split(" x ")
        return say("parameter-product", a=parameter(a), b=parameter(b))
    row = (declaration(name) or [None])[0]
    parts = [*zip(name.split("."), row.name.split("."), strict=False)] if row else []
    own = next((own for own, declared in parts if declared == "*"), "")
    keys = ["parameter-" + re.sub(r"[._*]+", "-", one) for one in (name, row.name if row else name)]
    if key := next(filter(has, keys), ""):
        return say(key, rail=rail(own), place=place(own))
    of = capital(own.replace("_", " ")) or (policy(parts[1][0]) if name.startswith("effects.") and row else "")
    words = re.split("[:;,(]", row.doc)[0].strip() if row else name
    return f"{words} ({of})" if of else words


def levels(some: Mapping[str, Any]) -> str:
    """The levels of parameters in words: share lost (Monero only) 0.3."""
    return listed([f"{parameter(name)} {word(level)}" for name, level in some.items()])


def word(level: Any) -> str:
    """A level of a factor as one would type it."""
    return level if isinstance(level, str) else written(level)


def table(columns: Mapping[str, Sequence[str]], words: Sequence[str]) -> str:
    """A table for the console, fitted to the terminal.

    Args:
        columns: cells by the head of their column.
        words: heads of columns of words, which are set to the left; the first of them lead each line.
    """
    heads = list(columns)
    right = [place for place, head in enumerate(heads) if head not in words]
    lines = [heads, *zip(*columns.values(), strict=True)]
    return "\n".join(aligned(lines, right, max(1, right[0] if right else len(heads))))


def tally(lower: float, higher: float, of: float, sampled: str = "none") -> str:
    """The side of zero on which most draws lie: lower in 19 of 20.

    Args:
        lower: number of draws or seeds below zero.
        higher: the same above zero.
        of: number of all of them.
        sampled: what is counted, ``draws`` or ``seeds``; ``none`` leaves it out.
    """
    side = "none" if lower == higher == 0 else "lower" if lower >= higher else "higher"
    count = f"{of - lower - higher if side == 'none' else max(lower, higher):,.0f}"
    return say("tally", side=side, count=count, of=f"{of:,.0f}", sampled=sampled)


def tally_of(row: Mapping[Any, Any]) -> str:
    """The count of a row of an effects table; empty in a table of an earlier version, which has none."""
    of = row["n"] if is_held(row["draws"], row.get("mc_share", math.nan)) else row["draws"]
    return tally(row["lower"] * of, row["higher"] * of, of) if math.isfinite(row.get("lower", math.nan)) else ""


def effects_cells(
    rows: pd.DataFrame, names: Sequence[str], more: Mapping[str, Sequence[str]] | None = None
) -> dict[str, list[str]]:
    """Cells of an effects table: columns that name rows, median, interval, mean, half-width, n, count and verdict.

    ``more``: further columns of numbers, before the median.
    """
    records = rows.to_dict("records")
    columns = {name: [word(row[name]) for row in records] for name in names}
    columns |= {name: list(cells) for name, cells in (more or {}).items()}
    return columns | {
        "median": [f"{cell(row['median'])} {row['unit']}" for row in records],
        "95 % interval": [f"{cell(row['low'])} to {cell(row['high'])}" for row in records],
        "mean": [cell(row["mean"]) for row in records],
        "±": [cell((row["mc_high"] - row["mc_low"]) / 2.0, False) for row in records],
        "n": [str(row["n"]) for row in records],
        "count": [tally_of(row) for row in records],
        "verdict": [row["verdict"] for row in records],
    }


def effects_table(rows: pd.DataFrame, names: Sequence[str], more: Mapping[str, Sequence[str]] | None = None) -> str:
    """An effects table for the console; see `effects_cells`."""
    return table(effects_cells(rows, names, more), [*names, "count", "verdict"])


def word_table(cells: pd.DataFrame, right: Sequence[int] = ()) -> str:
    """A table of words for the console; ``right``: columns of numbers."""
    return "\n".join(aligned([list(cells), *cells.to_numpy().tolist()], right))
