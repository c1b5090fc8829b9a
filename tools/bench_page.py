"""The parts of docs/speed.md: bench_page.j2 filled with the stored figures (`tests.bench`), newest version first."""

import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from sim.config import CONF

_STORED = CONF.parent / "docs" / "benchmarks"


def page_parts() -> dict[str, Any]:
    """The parts by name."""
    newest = max(_STORED.glob("[0-9]*.json"), key=lambda file: [int(number) for number in file.stem.split(".")])
    stored, pairs, scale = (
        json.loads((_STORED / name).read_text(encoding="utf-8")) for name in (newest.name, "pairs.json", "scale.json")
    )

    def shown(name: str, digits: int = 0, figures: dict[str, Any] = stored["figures"]) -> str:
        """A figure with its range, where it was taken more than once."""
        one = figures[name]
        low, median, high = (f"{one[key]:,.{digits}f}" for key in ("least", "median", "most"))
        return f"{median} ({low} to {high}, {one['times']:.0f} times)" if one["times"] > 1 else median

    template = Path(__file__).with_suffix(".j2").read_text(encoding="utf-8")
    medians = {name: one["median"] for name, one in stored["figures"].items()}
    values = {**stored, "shown": shown, "median": medians, "pairs": pairs, "scale": scale}
    environment = Environment(undefined=StrictUndefined, trim_blocks=True, autoescape=False)
    page: Any = environment.from_string(template).make_module(values)
    names = ("bench", "bench_others", "bench_pairs", "bench_goals", "bench_phases", "bench_scale")
    return {name: getattr(page, name)().strip() for name in names}
