"""The parts of docs/speed.md: bench_page.j2 filled with the stored figures of the newest version (`tests.bench`)."""

import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from sim.config import CONF


def page_parts() -> dict[str, Any]:
    """The parts by name."""
    files = (CONF.parent / "docs" / "benchmarks").glob("*.json")
    newest = max(files, key=lambda file: [int(number) for number in file.stem.split(".")])
    stored = json.loads(newest.read_text(encoding="utf-8"))

    def shown(name: str, digits: int = 0) -> str:
        """A figure with its range, where it was taken more than once."""
        one = stored["figures"][name]
        low, median, high = (f"{one[key]:,.{digits}f}" for key in ("least", "median", "most"))
        return f"{median} ({low} to {high}, {one['times']} times)" if one["times"] > 1 else median

    template = Path(__file__).with_suffix(".j2").read_text(encoding="utf-8")
    medians = {name: one["median"] for name, one in stored["figures"].items()}
    environment = Environment(undefined=StrictUndefined, trim_blocks=True, autoescape=False)
    page: Any = environment.from_string(template).make_module({**stored, "shown": shown, "median": medians})
    return {name: getattr(page, name)().strip() for name in ("bench", "bench_goals", "bench_phases")}
