"""Sampling of the uncertain parameters: which are drawn, from which ranges, and the draws.

A draw is a point of a scrambled Sobol sequence (Sobol 1967; Owen 1998), one dimension a parameter. Draw 17 is the same
however many there are, so a study grows without changing its earlier runs. All cells of a replication share its draw.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from sim.engine.parameters import DRAWN, Row, table
from sim.output.files import replacing
from sim.scenario import Scenario

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from experiments.study.spec import Study

type Values = dict[str, Any]
"""A scenario as plain values, as `sim.scenario.Scenario.model_dump` gives it in JSON mode."""
type Spans = Mapping[str, tuple[float, float]]

DRAWS = 2**20
"""Number of draws, as many as a study may have replications."""
_BLOCK = 2**12  # draws that are made at a time


@dataclass(frozen=True, slots=True)
class Range:
    """The range of one parameter of one scenario.

    ``dimension`` is that of its declared name in the unit cube. ``median`` is the scenario's own value. ``moved``: that
    value is not the default one, and the range has moved with it. ``whole``: draws are rounded. ``own``: the dimension
    of the deviation of this case alone, a lognormal factor of log-sd ``deviation``, if the parameter is pooled.
    """

    name: str
    dimension: int
    low: float
    median: float
    high: float
    whole: bool
    moved: bool
    own: int | None = None
    deviation: float = 0.0

    def at(self, u: float, own: float = 0.5) -> float | int:
        """Return the value at a quantile: half of the draws lie below the scenario's own value, half above.

        On either side uniform in the logarithm where the range is positive, else uniform. A range is the error of the
        best guess, and does not replace it. ``own`` is the quantile of the case's own deviation.
        """
        near, far, share = (self.low, self.median, 2.0 * u) if u < 0.5 else (self.median, self.high, 2.0 * u - 1.0)
        value = near * (far / near) ** share if self.low > 0.0 else near + share * (far - near)
        if self.deviation:
            least, most = _allowed(self.name)
            apart = self.deviation * NormalDist().inv_cdf(min(max(own, 1e-9), 1.0 - 1e-9))
            value = min(most, max(least, value * math.exp(apart)))
        return round(value) if self.whole else float(f"{value:.12g}")


@cache
def declared() -> dict[str, tuple[float, float]]:
    """Return every declared plausible range, by the name of its parameter (``rails.*.traceability.lag``)."""
    found = {}
    for row in table(Scenario):
        if row.plausible and row.role in DRAWN:
            low, high = row.plausible.split(" to ")
            found[row.name] = (float(low), float(high))
    return found


def evidence(study: "Study") -> dict[str, tuple[int, int]]:
    """Number of parameters by grade of evidence, and how many of them are drawn from plausible ranges."""
    rows = [row for row in table(Scenario) if row.grade != "-"]
    drawn = {*declared(), *study.extra_ranges} - {*study.hold} if study.uncertain != "none" else set()
    every, some = Counter(row.grade for row in rows), Counter(row.grade for row in rows if row.name in drawn)
    return {grade: (every[grade], some[grade]) for grade in ("A", "B", "B-", "C", "D", "M") if every[grade]}


def dimensions(extra_ranges: Iterable[str]) -> dict[str, int]:
    """Return the dimension of each parameter with a range, declared or extra."""
    return {name: place for place, name in enumerate(sorted({*declared(), *extra_ranges}))}


def deviations(pooled: Mapping[str, float], cases: Iterable[str]) -> dict[str, tuple[float, float]]:
    """Return the own deviation of each case from each pooled parameter, NAME@CASE: a factor, one sd below and above."""
    each = [(f"{name}@{case}", sd) for name, sd in pooled.items() for case in dict.fromkeys(cases)]
    return {name: (math.exp(-sd), math.exp(sd)) for name, sd in each}


def pooled_in(spans: Spans) -> dict[str, float]:
    """Return the parameters with own deviations in some ranges, with the sd of the deviations.

    The range of a case that draws a parameter by itself is that of the parameter, and no deviation.
    """
    known, own = {**declared(), **spans}, {name: span for name, span in spans.items() if "@" in name}
    heads = {name: name.partition("@")[0] for name in own}
    return {heads[name]: math.log(span[1]) for name, span in own.items() if span != known.get(heads[name])}


def ranges(
    values: Values, default: Values, extra_ranges: Spans, held: Sequence[str], case: str = ""
) -> tuple[Range, ...]:
    """Return the ranges of one scenario.

    A plausible range belongs to the default profile. Where a profile sets another value, the range moves with it by
    the same factor, within what is allowed; one that begins at zero stays if the value lies in it. A value that is zero
    or absent stays so (a bank has no volatility).

    Args:
        values: the scenario.
        default: the default scenario.
        extra_ranges: ranges beside the declared ones, by name.
        held: parameters that are not drawn, or sections by their beginning: a factor or the user sets them.
        case: its own deviations, and what it draws by itself, are among the extra ranges, if it has some.
    """
    known = {name: span for name, span in declared().items() if name not in extra_ranges} | dict(extra_ranges)
    places, pooled = dimensions(extra_ranges), pooled_in(extra_ranges)
    found = []
    for pattern, (low, high) in known.items():
        for name in names_of(values, pattern):
            value, before = at(values, name), at(default, name)
            if not isinstance(value, int | float) or any(name == one or name.startswith(f"{one}.") for one in held):
                continue
            if "*" in pattern and not low <= value <= high:
                continue
            if value == 0 and ("*" in pattern or before != 0):
                continue
            least, most = _allowed(name)
            moves = "*" not in pattern and isinstance(before, int | float) and before and (low > 0 or value > high)
            factor = value / before if moves else 1.0
            span = (max(least, min(value, low * factor)), min(most, max(value, high * factor)))
            if span[0] < span[1]:
                whole = isinstance(before, int) and isinstance(value, int)
                own = places.get(f"{pattern}@{case}")
                place = places[pattern]
                deviation: tuple[int | None, float] = (None, 0.0)
                if own is not None and pattern in pooled:
                    deviation = own, pooled[pattern]
                elif own is not None:
                    place = own
                common = name, place, span[0], value, span[1], whole, value != before
                found.append(Range(*common, *deviation))
    return tuple(found)


def _allowed(name: str) -> tuple[float, float]:
    row, within = declaration(name) or (None, "")
    ends = ("", "") if row is None or within else (row.low, row.high)
    return float(ends[0] or -math.inf), float(ends[1] or math.inf)


_rows = cache(lambda: tuple(table(Scenario)))


@cache
def declaration(name: str) -> tuple[Row, str] | None:
    """Return the declaration of a full name, where ``*`` stands for any name, and what follows it within a mapping."""
    parts = name.split(".")
    for row in _rows():
        declared = row.name.split(".")
        pairs = zip(parts, declared, strict=False)
        if len(parts) >= len(declared) and all(there in ("*", part) for part, there in pairs):
            return row, ".".join(parts[len(declared) :])
    return None


def points(draws: Sequence[int], dimensions: int) -> "dict[int, NDArray[Any]]":
    """Return the point of each draw in the unit cube."""
    if max(draws, default=0) < _BLOCK:
        block = _first_block(dimensions)
        return {draw: block[draw] for draw in draws}
    wanted, found = set(draws), dict[int, Any]()
    for first, block in zip(range(0, max(draws) + 1, _BLOCK), _blocks(dimensions), strict=False):
        found |= {draw: block[draw - first].copy() for draw in range(first, first + _BLOCK) if draw in wanted}
    return found


def _blocks(dimensions: int) -> "Iterator[NDArray[Any]]":
    from scipy.stats import qmc

    sobol = qmc.Sobol(dimensions, scramble=True, rng=20200621)
    while True:
        yield sobol.random(_BLOCK)


def _first_block(dimensions: int) -> "NDArray[Any]":
    """Return the first draws from the cache folder, because the import of scipy.stats takes 0.6 s, or make them."""
    import numpy as np

    from sim.engine.cache import CACHE

    about = (version("scipy"), version("numpy"), Path(__file__).read_bytes())
    file = CACHE and CACHE / f"draws_{dimensions}_{hashlib.sha256(repr(about).encode()).hexdigest()[:24]}.npy"
    if file:
        with suppress(OSError, ValueError, EOFError):
            block = np.load(file, allow_pickle=False)
            if block.shape == (_BLOCK, dimensions):
                return np.asarray(block)
    block = next(_blocks(dimensions))
    if file:
        with suppress(OSError), replacing(file) as aside, aside.open("wb") as stream:  # perhaps the disk is full
            np.save(stream, block)
    return block


def at(values: Values, name: str) -> Any:
    """Return the value of a full name, or None; an item of a list goes by its own name."""
    found: Any = values
    for part in name.split("."):
        if isinstance(found, list):
            found = {item["name"]: item for item in found if isinstance(item, dict) and "name" in item}
        found = found.get(part) if isinstance(found, dict) else None
    return found


def put(values: Values, name: str, value: Any) -> None:
    """Set the value of a full name that is there."""
    *above, last = name.split(".")
    (at(values, ".".join(above)) if above else values)[last] = value


def names_of(values: Values, pattern: str) -> Iterator[str]:
    """Yield the full names that a declared name means in a scenario."""
    head, star, tail = pattern.partition(".*")
    if not star:
        if at(values, pattern) is not None:
            yield pattern
        return
    inner = at(values, head)
    named = [item["name"] for item in inner] if isinstance(inner, list) else list(inner or {})
    for name in named:
        yield from names_of(values, f"{head}.{name}{tail}")
