"""The history of the bench as a figure: ``python -m tests.bench.history`` draws docs/benchmarks/history.png.

It shows only ratios taken in one run on one machine, and bytes: they can be compared between machines.
"""

import json
from pathlib import Path
from typing import Any

import matplotlib
import pandas as pd
import seaborn
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sim.plots.layout import SCREEN

STORED = Path(__file__).resolve().parents[2] / "docs" / "benchmarks"
LABELS = {
    "ratio_1000": "1,000 donors", "ratio_100000": "100,000 donors", "study_2": "headline study",
    "apart_2": "no shared past", "large_1000000_bytes": "1 million donors",
}  # fmt: skip


def history() -> pd.DataFrame:
    """Every stored figure: median, least and most by name and version, in the order of versions."""
    files = sorted(STORED.glob("[0-9]*.json"), key=lambda file: [int(part) for part in file.stem.split(".")])
    stored = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    tables = {one["version"]: pd.DataFrame(one["figures"]).T for one in stored}
    return pd.concat(tables, names=["version", "name"]).swaplevel()


def draw() -> Path:
    """Draw the history; returns the file."""
    table = history()
    versions = list(dict.fromkeys(table.index.get_level_values("version")))
    in_default_runs = table.mul(table.loc["run_10000"]["median"] / 1e3, axis=0, level="version")
    colours = dict(zip(LABELS, seaborn.color_palette("colorblind"), strict=False))
    with matplotlib.rc_context(SCREEN.style()):
        figure = Figure(figsize=(12.0, 4.2), layout="constrained")
        FigureCanvasAgg(figure)
        left, middle, right = figure.subplots(1, 3)
        left.set(title="Times as fast as the plain twin", ylabel="ratio of whole runs")
        middle.set(title="A study on two workers, store included", ylabel="runs in the time of one default run alone")
        right.set(title="Memory", ylabel="bytes a donor")
        for axes, names, some in (
            (left, ("ratio_1000", "ratio_100000"), table),
            (middle, ("study_2", "apart_2"), in_default_runs),
            (right, ("large_1000000_bytes",), table),
        ):
            for name in names:
                _line(axes, some.loc[name].reindex(versions).dropna(), versions, LABELS[name], colours[name])
            axes.set_xticks(range(len(versions)), versions)
            axes.set_xlim(-0.4, len(versions) + 0.2)
            axes.set_ylim(0, 1.1 * some.loc[list(names)]["most"].max())
        figure.supxlabel("version; bars: least and most of several", fontsize=8.5, x=0.01, ha="left")
        figure.savefig(STORED / "history.png", dpi=120)
    return STORED / "history.png"


def _line(axes: Axes, rows: pd.DataFrame, versions: list[str], label: str, colour: tuple[float, ...]) -> None:
    places = [versions.index(version) for version in rows.index]
    bars = [rows["median"] - rows["least"], rows["most"] - rows["median"]]
    axes.errorbar(places, rows["median"], bars, fmt="o-", color=colour, capsize=3, markersize=5)
    last = rows["median"].iloc[-1]
    style: dict[str, Any] = {"color": colour, "fontsize": 8.5, "va": "center", "textcoords": "offset points"}
    axes.annotate(f"{label}: {last:,.3g}", (places[-1], last), xytext=(8, 0), **style)


if __name__ == "__main__":
    print(draw())
