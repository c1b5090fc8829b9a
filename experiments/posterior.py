"""The kept posterior: draws of the uncertain parameters, weighed by the record (conf/found/posterior.csv).

Each row is a draw of `study=calibrate` with its weight: for every parameter the quantile of its plausible range at
which it was drawn, so that it can be used by any study. ``uncertain=posterior`` draws from these rows.
"""

import hashlib
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.uncertainty import DRAWS, declared
from sim.configuration import CONF, ConfigurationError

FILE = CONF / "found" / "posterior.csv"

if TYPE_CHECKING:  # imported where it is used: a fault needs none of it, and is told at once
    import numpy as np
    import numpy.typing as npt

type Spans = dict[str, tuple[float, float]]


@dataclass(frozen=True)
class Posterior:
    """Draws with their weights, which sum to 1.

    Attributes:
        names: parameters, as they are declared; a column of ``quantiles`` each.
        quantiles: in [0, 1], one row a draw.
        weights: one a draw.
        also: ranges besides the declared plausible ones in which it was drawn.
        about: how it was made.
    """

    names: tuple[str, ...]
    quantiles: "npt.NDArray[np.float64]"
    weights: "npt.NDArray[np.float64]"
    also: Spans
    about: dict[str, Any]

    def rows(self, draws: Sequence[int]) -> "npt.NDArray[np.int64]":
        """The row that each draw takes: the same for a draw however many there are, and in all as often as it weighs.

        Draw k looks up the k-th point of the van der Corput sequence (1935) among the summed weights.
        """
        import numpy as np

        ends = np.cumsum(self.weights)
        places = np.array([_reversed(draw) for draw in draws])
        return np.searchsorted(ends / ends[-1], places, side="right").astype(np.int64)


def _reversed(number: int) -> float:
    """Bits of a number, read backwards behind the point: 0, 1/2, 1/4, 3/4, 1/8, ..."""
    bits = DRAWS.bit_length() - 1
    return (int(f"{number % DRAWS:0{bits}b}"[::-1], 2) + 0.5) / DRAWS


def ranges_digest(also: Spans) -> str:
    """What quantiles depend on: the plausible ranges, and those besides."""
    known = {**declared(), **also}
    return hashlib.sha256(json.dumps(sorted((name, *span) for name, span in known.items())).encode()).hexdigest()[:16]


@cache
def load(file: Path = FILE) -> Posterior:
    """The posterior that is kept.

    Raises:
        ConfigurationError: if there is none, or plausible ranges have changed since it was made.
    """
    import numpy as np

    try:
        first, rest = file.read_text(encoding="utf-8").split("\n", 1)
        about = json.loads(first.removeprefix("# "))
        also: Spans = {name: (float(low), float(high)) for name, (low, high) in about["also"].items()}
        names = rest.split("\n", 1)[0].split(",")
        values = np.loadtxt(io.StringIO(rest), delimiter=",", skiprows=1, ndmin=2)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise ConfigurationError([f"uncertain=posterior: {file} cannot be read; study=calibrate makes one"]) from None
    if about.get("ranges") != ranges_digest(also):
        text = "was made for other plausible ranges than those of this version; study=calibrate makes a new one"
        raise ConfigurationError([f"uncertain=posterior: {file} {text}"])
    return Posterior(tuple(names[2:]), values[:, 2:], values[:, 1], also, about)


def written(
    draws: Sequence[int],
    weights: "npt.NDArray[np.float64]",
    quantiles: "npt.NDArray[np.float64]",
    names: Sequence[str],
    also: Spans,
    about: dict[str, Any],
) -> bytes:
    """The file of a posterior: what is known of it, then a row a draw."""
    head = json.dumps(about | {"also": also, "ranges": ranges_digest(also)})
    head = re.sub(r"([,;])([=+\-@])", lambda two: f"{two[1]}\\u{ord(two[2]):04x}", head)  # no cell is a formula
    lines = [f"# {head}", ",".join(["draw", "weight", *names])]
    for draw, weight, row in zip(draws, weights, quantiles, strict=True):
        lines.append(",".join([str(draw), f"{weight:.6g}", *(f"{value:.4f}" for value in row)]))
    return ("\n".join(lines) + "\n").encode()
