"""The saved posterior: weighted draws of the uncertain parameters (conf/found/posterior.csv).

Each row is a draw of `study=calibrate` with its weight: for every parameter the quantile of its plausible range at
which it was drawn, so that any study can use it. ``uncertain=posterior`` draws from these rows, or from those of
``found/posterior.csv`` in a user's own folder (``--config-dir``).
"""

import hashlib
import json
import math
import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.study.parameter_sampling import DRAWS, declared
from sim.config import CONF, ConfigurationError
from sim.config.own_folder import POSTERIOR

FILE = CONF / POSTERIOR

if TYPE_CHECKING:  # imported where it is used: an error needs none of it and is shown at once
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

type Spans = dict[str, tuple[float, float]]


@dataclass(frozen=True)
class Posterior:
    """Draws with their weights, which sum to 1.

    Attributes:
        names: parameters, as they are declared; a column of ``quantiles`` each.
        quantiles: in [0, 1], one row a draw.
        weights: one a draw.
        also: further ranges in which it was drawn, besides the declared plausible ones.
        about: how it was made.
    """

    names: tuple[str, ...]
    quantiles: tuple[tuple[float, ...], ...]
    weights: tuple[float, ...]
    also: Spans
    about: dict[str, Any]

    def is_whole(self, known: Container[str]) -> bool:
        """Return whether all parameters are known, and each row has a quantile of each and a weight."""
        widths = {len(row) for row in self.quantiles}
        square = widths == {len(self.names)} and len(self.weights) == len(self.quantiles)
        return square and sum(self.weights) > 0 and all(name in known for name in self.names)

    def rows(self, draws: Sequence[int]) -> "npt.NDArray[np.int64]":
        """Return the row of each draw: the same however many draws there are, each row as often as it weighs.

        Draw k looks up the k-th point of the van der Corput sequence (1935) among the summed weights.
        """
        import numpy as np

        bits = DRAWS.bit_length() - 1
        reverse = [int(f"{draw % DRAWS:0{bits}b}"[::-1], 2) for draw in draws]  # 0, 1/2, 1/4, 3/4, 1/8, ... of all
        ends = np.cumsum(self.weights)
        places = (np.array(reverse) + 0.5) / DRAWS
        return np.searchsorted(ends / ends[-1], places, side="right").astype(np.int64)


def ranges_digest(also: Spans) -> str:
    """Return a hash of the ranges that quantiles refer to: the plausible ones and further ones."""
    known = {**declared(), **also}
    return hashlib.sha256(json.dumps(sorted((name, *span) for name, span in known.items())).encode()).hexdigest()[:16]


@cache
def load(file: Path = FILE) -> Posterior:
    """Return the posterior in a file.

    Raises:
        ConfigurationError: if there is none, it is not one, or plausible ranges have changed since it was made.
    """
    import numpy as np

    try:
        first, head, *lines = file.read_text(encoding="utf-8").rstrip("\n").split("\n")
        about = json.loads(first.removeprefix("# "))
        also: Spans = {name: (float(low), float(high)) for name, (low, high) in about["also"].items()}
        names = head.split(",")
        values = np.array([[float(word) for word in line.split(",")] for line in lines])
        weights, quantiles = values[:, 1], values[:, 2:]
        named = names[:2] == ["draw", "weight"] and {*declared(), *also}.issuperset(names[2:])
        weighed = (weights >= 0.0).all() and 0.0 < weights.sum() < math.inf
        within = ((quantiles >= 0.0) & (quantiles <= 1.0)).all()
        if not (named and weighed and within) or len({*names}) < len(names) or values.shape[1] != len(names):
            raise ValueError
    except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError):
        raise ConfigurationError([f"uncertain=posterior: {file} cannot be read; study=calibrate makes one"]) from None
    if about.get("ranges") != ranges_digest(also):
        text = "was made for other plausible ranges than those of this version; study=calibrate makes a new one"
        raise ConfigurationError([f"uncertain=posterior: {file} {text}"])
    rows = tuple(map(tuple, quantiles.tolist()))
    return Posterior(tuple(names[2:]), rows, tuple(weights.tolist()), also, about)


def written(weights: "pd.Series", quantiles: "pd.DataFrame", also: Spans, about: dict[str, Any]) -> bytes:
    """Return the file of a posterior: how it was made, then a row a draw; weights are by draw."""
    head = json.dumps(about | {"also": also, "ranges": ranges_digest(also)})
    head = re.sub(r"([,;])([=+\-@])", lambda two: f"{two[1]}\\u{ord(two[2]):04x}", head)  # no cell is a formula
    lines = [f"# {head}", ",".join(["draw", "weight", *quantiles])]
    for (draw, weight), row in zip(weights.items(), quantiles.to_numpy(), strict=True):
        lines.append(",".join([str(draw), f"{weight:.6g}", *(f"{value:.4f}" for value in row)]))
    return ("\n".join(lines) + "\n").encode()
