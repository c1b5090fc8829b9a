"""Parts of pages: their register, and how their tables are written."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]

PARTS: dict[str, Callable[..., str]] = {}


def part(make: Callable[..., str]) -> Callable[..., str]:
    """Register what makes a part under its function's name."""
    PARTS[make.__name__] = make
    return make


def rows_of(head: str, lines: list[tuple[Any, ...]]) -> str:
    """A Markdown table."""
    titles = head.split(" | ")
    text = [f"| {head} |", "|" + "---|" * len(titles)]
    text += ["| " + " | ".join(_cell(value) for value in line) + " |" for line in lines]
    return "\n".join(text)


def _cell(value: Any) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def value_of(value: Any) -> str:
    """A value as one writes it in conf/."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {value_of(one)}" for key, one in value.items()) or "none"
    if isinstance(value, tuple | list):
        return ", ".join(value_of(one) for one in value) or "none"
    return str(value)
