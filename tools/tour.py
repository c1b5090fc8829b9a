"""Draw the diagram of docs/tour.md: ``python tools/tour.py`` writes docs/figures/tour.svg and tour.png."""

import sys
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from sim.plots.layout import DARK, DPI, PRINT  # noqa: E402
from sim.plots.panels import colours  # noqa: E402

WIDTH, HEIGHT = 9.2, 7.2
RAIL, AGENCY = (colours(names, kind) for names, kind in ((("cash", "bank"), "rails"), (("military",), "agencies")))
KINDS: dict[str, tuple[str, Any]] = {
    "money": (RAIL["cash"], "-"),
    "information": (RAIL["bank"], (0, (3, 1.5))),
    "people and attacks": (DARK, "-"),
    "enforcement": (AGENCY["military"], "-"),
}
"""What an arrow carries: colour and dashes."""
ACROSS, UP = (1.0, 3.3, 5.6, 7.9), (5.65, 3.75)
BOXES = {
    "Communities": (ACROSS[0], UP[0], "sympathy, and the risk\nthat donors see in\neach rail"),
    "Appeals": (ACROSS[1], UP[0], "public campaigns and\nnetworks; the switch\nchanges what they take"),
    "Local revenue": (ACROSS[2], UP[0], "taxes, oil, looting,\nmoney from outside"),
    "Attacks": (ACROSS[3], UP[0], "capacity times\nopportunity; each may\ntrigger others"),
    "Donors": (ACROSS[0], UP[1], "choose a rail, or give\nnothing: cost, risk,\nhabit, liking"),
    "Intermediaries": (ACROSS[1], UP[1], "exchanges, banks, hawala,\ncouriers; lawful money\ngoes through them too"),
    "Treasury": (ACROSS[2], UP[1], "holdings by rail, turned\ninto cash within limits;\nreserves"),
    "Cells": (ACROSS[3], UP[1], "provinces and network:\npeople, money and\nknow-how"),
}
"""Centre and words of a box of the usual size."""
SIZE = (1.76, 1.0)
ARROWS = (
    ("money", ["Donors", "Intermediaries"], "gifts", 0.12),
    ("money", ["Intermediaries", "Treasury"], "less\nfees", 0.2),
    ("money", ["Treasury", "Cells"], "pay", 0.12),
    ("money", [(5.3, 5.15), (5.3, 4.25)], "", 0.0),
    ("money", [(6.15, 5.15), (7.25, 4.25)], "", 0.0),
    ("people and attacks", [(8.2, 4.25), (8.2, 5.15)], "", 0.0),
    ("information", [(7.9, 6.15), (7.9, 6.55), (1.0, 6.55), (1.0, 6.15)], "publicity moves sympathy", 0.12),
    ("information", [(0.6, 5.15), (0.6, 4.25)], "", 0.0),
    ("information", [(2.6, 5.15), (1.65, 4.25)], "", 0.0),
    ("people and attacks", [(1.2, 5.15), (1.2, 4.75), (7.7, 4.75), (7.7, 4.25)], "recruits", 0.1),
    ("enforcement", [(1.0, 2.4), (1.0, 3.25)], "arrests", 0.0),
    ("information", [(2.9, 3.25), (2.9, 2.4)], "reports,\nlinks", 0.0),
    ("enforcement", [(3.75, 2.4), (3.75, 3.25)], "sanctions", 0.0),
    ("enforcement", [(5.6, 2.4), (5.6, 3.25)], "freezes", 0.0),
    ("enforcement", [(7.9, 2.4), (7.9, 3.25)], "raids", 0.0),
    ("enforcement", [(2.2, 0.97), (2.2, 1.58)], "strength, start", 0.0),
    ("information", [(8.78, 5.65), (9.03, 5.65), (9.03, 0.56), (8.78, 0.56)], "", 0.0),
)
"""What is carried, along which points or between which boxes, its word, and how far above the line that is."""
WIDE = (
    (4.45, 1.99, 8.66, "Agencies", "six kinds, each with staff for so many cases a week: analysts of reports "
     "and of ledgers,\nregulators, prosecutors, military, communicators. Channels of appeals are taken down."),
    (2.2, 0.56, 4.16, "Policies", "twelve, alone or mixed: how hard an agency\nacts, from which day on"),
    (6.7, 0.56, 4.16, "Observers", "vendors and databases see a part of gifts and\n"
     "attacks; what they claim never changes the run"),
)  # fmt: skip
"""Boxes of a width of their own."""


def box(axes: Axes, x: float, y: float, width: float, height: float, name: str, words: str) -> None:
    """Draw a box with its name and words."""
    look: dict[str, Any] = {
        "boxstyle": "round,pad=0,rounding_size=0.08",
        "facecolor": "#f6f6f6",
        "edgecolor": "#bbbbbb",
    }
    axes.add_patch(FancyBboxPatch((x - width / 2, y - height / 2), width, height, linewidth=1.1, zorder=2, **look))
    axes.text(x, y + height / 2 - 0.1, name, ha="center", va="top", size=9.5, weight="bold", color=DARK, zorder=3)
    axes.text(x, y + height / 2 - 0.34, words, ha="center", va="top", size=7.8, color=DARK, linespacing=1.25, zorder=3)


def arrow(axes: Axes, kind: str, ends: list[str] | list[tuple[float, float]], word: str, above: float) -> None:
    """Draw an arrow along its points, or from the right side of a box to the left side of another."""
    colour, dashes = KINDS[kind]
    if isinstance(ends[0], str):
        (left, y, _), (right, _, _) = (BOXES[str(name)] for name in ends)
        points = [(left + SIZE[0] / 2, y), (right - SIZE[0] / 2, y)]
    else:
        points = [(float(x), float(y)) for x, y in ends]
    line: dict[str, Any] = {"color": colour, "linewidth": 1.8, "linestyle": dashes}
    *path, last = points
    axes.plot(*zip(*points[:-1], strict=True), solid_joinstyle="round", zorder=1, **line)
    axes.annotate("", last, path[-1], arrowprops={"arrowstyle": "-|>,head_width=0.25", "shrinkA": 0, "shrinkB": 1,
                  "mutation_scale": 12, **line}, zorder=1)  # fmt: skip
    if word:
        middle = len(points) // 2
        (x, y), (right, top) = points[middle - 1], points[middle]
        beside = x == right
        where = (x + 0.08, (y + top) / 2) if beside else ((x + right) / 2, y + above)
        look: dict[str, Any] = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
        axes.text(*where, word, ha="left" if beside else "center", va="center", size=7.8, color=colour, bbox=look)


def diagram() -> Figure:
    """Return the diagram."""
    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH), ylim=(0, HEIGHT))
    axes.axis("off")
    for name, (x, y, words) in BOXES.items():
        box(axes, x, y, *SIZE, name, words)
    for x, y, width, name, words in WIDE:
        box(axes, x, y, width, 0.82, name, words)
    for one in ARROWS:
        arrow(axes, *one)
    handles = [Line2D([], [], color=colour, linestyle=dashes, linewidth=1.8, label=name)
               for name, (colour, dashes) in KINDS.items()]  # fmt: skip
    figure.legend(handles=handles, loc="upper left", ncols=4, frameon=False, fontsize=8.5, handlelength=2.6)
    return figure


if __name__ == "__main__":
    with matplotlib.rc_context(PRINT.style()):
        made = diagram()
        for kind in ("png", "svg"):
            made.savefig(ROOT / "docs" / "figures" / f"tour.{kind}", metadata={"Date": None} if kind == "svg" else None)
