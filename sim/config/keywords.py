"""Keywords of Python as overrides, as they are typed: of `sim.load`, `sim.run`, `sim.Model` and of studies."""

from collections.abc import Iterable, Mapping
from typing import Any

from sim.config.shorthand import written


def lines_of(keywords: Mapping[str, Any]) -> list[str]:
    """Return an override for each keyword; nested names are given by ``**{"rails.monero.fee": 0.1}``."""
    return [f"{key}={line(value)}" for key, value in keywords.items()]


def line(value: Any) -> str:
    """Format a Python value as an override: text as on the command line, lists in brackets, None as null."""
    return value if isinstance(value, str) else written(plain_value(value))


def plain_value(value: Any) -> Any:
    """Return a value without the types of NumPy and other containers than lists and mappings."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, Mapping):
        return {key: plain_value(one) for key, one in value.items()}
    return [*map(plain_value, value)] if isinstance(value, Iterable) and not isinstance(value, str) else value
