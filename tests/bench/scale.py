"""What a run costs as donors, cells, draws and the horizon grow, beside the least that it could cost.

  python -m tests.bench.scale           measure (three minutes), store and draw docs/benchmarks/scale.json, .png, .svg
  python -m tests.bench.scale draw      draw what is stored

Points are CPU time of a process of its own (`tests.bench.side`), whatever other processes do meanwhile.
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.output.provenance import commit, model_version
from sim.plots.layout import DARK, GREY, SCREEN, Drawn, Sheet
from tests.bench.pairs import ROOT, Side, cache_folder

STORED = ROOT / "docs" / "benchmarks" / "scale.json"
CELLS = ["study=privacy_switch", "replications=1", "uncertain=none"]
DRAWS = ["study=sweep", "uncertain=plausible", "combat.money=0.15"]
LONG = ["horizon=to_2026", "shocks.monero_only.enabled=false"]  # a switch in 2020 would lie beyond shorter runs
LEAST = {"donor": (600.0, 1.0), "attempt": (28.0, 8.3), "choice": (105.0, 2.3), "gift": (150.0, 1.4)}
"""The least nanoseconds of each, and how many a donor has in 260 weeks: docs/speed.md, "The limit"."""
BRANCH, WEEK = 1.4, 6_000.0 + 61 * 40.0  # ms of a branch of 79 weeks; ns of a week with its 61 attacks
PANELS = {
    "donors": ("Donors (each line is ten times the last)", "Donors", "CPU time, ms"),
    "cells": ("Cells of a study that share a past", "Cells", "CPU time a run, ms"),
    "draws": ("Draws of the uncertain parameters", "Draws", "CPU time a run, ms"),
    "weeks": ("Horizon", "Weeks from January 2017", "CPU time, ms"),
}


def least(donors: float = 10_000, weeks: float = 260) -> float:
    """Return the least ms of a run as it is defined now: its random numbers, logarithms and memory."""
    a_donor = sum(each * times * (1.0 if name == "donor" else weeks / 260) for name, (each, times) in LEAST.items())
    return (donors * a_donor + weeks * WEEK) / 1e6


LIMITS: dict[str, Callable[[float], float]] = {
    "donors": lambda x: least(donors=x),
    "cells": lambda x: (least() + (x - 1) * BRANCH) / x,
    "draws": lambda x: (least() + BRANCH) / 2,
    "weeks": lambda x: least(weeks=x),
}


def measure() -> dict[str, Any]:
    """Measure every point of the four curves, and print it."""
    asked: dict[str, dict[int, list[Any]]] = {
        "donors": {10**n: ["large", 10**n] for n in range(3, 8)},
        "cells": {n: ["cells", n, *CELLS] for n in (1, 3, 10, 20, 40, 80)},
        "draws": {n: ["study", *DRAWS, f"replications={n}"] for n in (5, 50, 100, 200)},
        "weeks": {n: ["run", *LONG, f"horizon.weeks={n}"] for n in (52, 104, 156, 208, 260, 391, 522)},
    }
    found: dict[str, Any] = {
        "version": model_version(),
        "commit": (commit()[0] or "")[:10],
        "date": time.strftime("%F"),
    }
    with tempfile.TemporaryDirectory() as work:
        side = Side(ROOT, [], [], Path(work), cache_folder())
        for curve, points in asked.items():
            found[curve] = []
            for x, request in points.items():
                answer = side.ask(*request, anew=curve == "donors")
                found[curve].append({"x": answer.get("runs", x), "ms": 1e3 * answer["seconds"]} | answer)
                print(f"  {curve:<8}{found[curve][-1]['x']:>12,.0f}{found[curve][-1]['ms']:>12,.2f} ms", flush=True)
            side.end()
    return found


def title_of(found: dict[str, Any]) -> str:
    """Return the finding: what a donor and a further cell cost, and how far each is from the least."""
    donors, cells = found["donors"][-2], found["cells"]
    branch = (cells[-1]["ms"] * cells[-1]["x"] - cells[0]["ms"]) / (cells[-1]["x"] - 1)
    return (
        f"A donor costs {1e3 * donors['ms'] / donors['x']:.1f} microseconds in five years, "
        f"{donors['ms'] / least(donors['x']):.1f} times the least that its random numbers take; "
        f"a further cell that shares a past costs {branch:.1f} ms, where a run alone costs {cells[0]['ms']:.0f}"
    )


def draw(found: dict[str, Any], sheet: Sheet) -> Drawn:
    """Draw the four curves with the limit in each."""

    def panel(axes: Axes, curve: str) -> None:
        heading, below, beside = PANELS[curve]
        x = [point["x"] for point in found[curve]]
        fine = [x[0] + (x[-1] - x[0]) * n / 200 for n in range(201)] if curve != "donors" else x
        axes.plot(x, [point["ms"] for point in found[curve]], "o-", color=DARK)
        axes.plot(fine, list(map(LIMITS[curve], fine)), "--", color=GREY)
        axes.set(title=heading, xlabel=below, ylabel=beside)
        if curve == "donors":
            axes.set(xscale="log", yscale="log")
            axes.grid(visible=True, which="major", axis="both")
            tens = [10**n for n in range(1, 6) if 10**n < 2 * found[curve][-1]["ms"]]
            axes.set_xticks(x, [f"{one:,}" for one in x])
            axes.set_yticks(tens, [f"{one:,}" for one in tens])
        else:
            axes.set_ylim(0, 1.1 * max(point["ms"] for point in found[curve]))
        for week, year in ((260, "end of 2021"), (522, "end of 2026")) if curve == "weeks" else ():
            axes.annotate(year, (week, 0), (0, 4), textcoords="offset points", ha="right", fontsize=sheet.tick)

    handles = [Line2D([], [], color=DARK, marker="o", label="Measured")]
    handles.append(Line2D([], [], color=GREY, linestyle="--", label="The least that it could cost"))
    return sheet.small_multiples(list(PANELS), panel, title=title_of(found), legends=[handles], columns=2, share="")


if __name__ == "__main__":
    if sys.argv[1:] != ["draw"]:
        STORED.write_text(json.dumps(measure(), indent=1) + "\n", encoding="utf-8")
    stored = json.loads(STORED.read_text(encoding="utf-8"))
    about = {name: stored[name] for name in ("version", "commit", "date")}
    for file in SCREEN.draw({"scale": lambda sheet: draw(stored, sheet)}, STORED.parent, about):
        print(file.relative_to(ROOT))
