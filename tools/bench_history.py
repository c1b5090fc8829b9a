"""The history of the bench as a figure: ``python -m tools.bench_history`` draws docs/benchmarks/history.png.

Only ratios taken in one run on one machine, and bytes, stand side by side: they can be compared between machines.
"""

import json
from pathlib import Path
from typing import Any

import matplotlib
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sim.plots.layout import SCREEN

KEPT = Path(__file__).resolve().parents[1] / "docs" / "benchmarks"
RATIOS = {"ratio_1000": "1,000 donors", "ratio_100000": "100,000 donors"}


def history() -> pd.DataFrame:
    """Every kept figure of every version: version, name, median, least, most."""
    rows: list[dict[str, Any]] = []
    for file in KEPT.glob("*.json"):
        kept = json.loads(file.read_text(encoding="utf-8"))
        rows += [{"version": kept["version"], "name": name} | one for name, one in kept["figures"].items()]
    table = pd.DataFrame(rows)
    return table.sort_values("version", key=lambda column: column.map(_order), kind="stable")


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def draw() -> Path:
    """Draw the history; returns the file."""
    import seaborn

    table = history()
    with matplotlib.rc_context(SCREEN.style()):
        figure = Figure(figsize=(12.0, 4.2), layout="constrained")
        FigureCanvasAgg(figure)
        left, middle, right = figure.subplots(1, 3)
        colours = seaborn.color_palette("colorblind")
        _lines(left, table, RATIOS, colours)
        left.set_ylim(bottom=0)
        left.set_title("Times as fast as the plain twin")
        left.set_ylabel("ratio of whole runs")
        _lines(middle, _in_default_runs(table), {"headline": "headline study", "apart": "no shared past"}, colours[3:])
        middle.set_ylim(bottom=0)
        middle.set_title("A study on two workers, store included")
        middle.set_ylabel("runs in the time of one default run alone")
        _lines(right, table, {"large_1000000_bytes": "1 million donors"}, colours[5:])
        right.set_ylim(0, 250)
        right.set_title("Memory")
        right.set_ylabel("bytes a donor")
        figure.supxlabel("version; bars: least and most of several", fontsize=8.5, x=0.01, ha="left")
        file = KEPT / "history.png"
        figure.savefig(file, dpi=120)
    return file


def _in_default_runs(table: pd.DataFrame) -> pd.DataFrame:
    """Runs a second of a study on two workers, times the seconds of a default run alone in the same bench."""
    alone = table[table["name"] == "run_10000"].set_index("version")["median"] / 1e3
    rows = []
    for name, of in (("headline", "study_2"), ("apart", "apart_2")):
        for _, row in table[table["name"] == of].iterrows():
            scaled = {key: row[key] * alone[row["version"]] for key in ("median", "least", "most")}
            rows.append({"version": row["version"], "name": name} | scaled)
    return pd.DataFrame(rows)


def _lines(axes: Axes, table: pd.DataFrame, names: dict[str, str], colours: Any) -> None:
    """One line for each name over the versions, with what was least and most."""
    versions = list(dict.fromkeys(table["version"]))
    for colour, (name, label) in zip(colours, names.items(), strict=False):
        some = table[table["name"] == name]
        if some.empty:
            continue
        places = [versions.index(version) for version in some["version"]]
        spans = [some["median"] - some["least"], some["most"] - some["median"]]
        axes.errorbar(places, some["median"], spans, fmt="o-", color=colour, capsize=3, markersize=5)
        last = some.iloc[-1]
        axes.annotate(
            f"{label}: {last['median']:,.3g}",
            (places[-1], last["median"]),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            color=colour,
            fontsize=8.5,
        )
    axes.set_xticks(range(len(versions)), versions)
    axes.set_xlim(-0.4, len(versions) + 0.2)
    axes.set_ylim(top=1.1 * table[table["name"].isin(names)]["most"].max())


if __name__ == "__main__":
    print(draw())
