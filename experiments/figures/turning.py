"""What switch effects depend on: their drivers beside chance, and the draws on the map of two axes with the line."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments import text
from experiments.figures import marks
from experiments.figures.captions import folded
from experiments.findings import where
from experiments.messages import say
from experiments.stats import dependence
from sim.plots.layout import DARK, GREY, Drawn, Sheet

type Switches = Sequence[Mapping[str, Any]]
"""Values of the sentence on each group's switch effect (`experiments.study.explained.switches`)."""

_LINES = 8  # parameters of a group
_WORDS = {"lowers": ("v", "#0072b2"), "negligible": ("o", GREY), "raises": ("^", "#d55e00")}
_POINT: dict[str, Any] = {"marker": "o", "linestyle": "none"}
_KINDS: dict[str, dict[str, Any]] = {
    "driver": {"color": DARK},
    "lent": {"color": DARK, "markerfacecolor": "white"},
    "measured": {"color": GREY},
}


def drivers(switches: Switches, tables: Mapping[str, pd.DataFrame], sheet: Sheet) -> Drawn | None:
    """Draw the share of each group's switch effect that single parameters and quantities explain, beside chance."""
    every = {str(one["id"]): _strongest(where(tables["drivers"], id=one["id"])) for one in switches}
    groups = {str(one["id"]): one["group"] for one in switches if len(every[str(one["id"])])}
    if not groups:
        return None
    shown = pd.concat([every[id_] for id_ in groups])

    def panel(axes: Axes, id_: str) -> None:
        rows = every[id_]
        marks.lines_of(axes, [folded(_label(name), 34) for name in rows["parameter"]])
        axes.axvspan(0.0, 100.0 * float(rows["chance"].max()), color=marks.BAND, linewidth=0, zorder=0)
        for place, row in enumerate(rows.to_dict("records")):
            look = _KINDS[row["look"]]
            ends = [100.0 * row["share_low"], 100.0 * row["share_high"]]
            axes.plot(ends, [place, place], color=look["color"], linewidth=0.9)
            axes.plot([100.0 * row["share"]], [place], markersize=5.0, zorder=5, **_POINT, **look)
        axes.set_title(_heading(groups[id_]))
        axes.set_xlim(0.0, 100.0)

    first = [every[id_]["parameter"].iloc[0] for id_ in groups]
    top = max(first, key=first.count)
    handles: list[Any] = [
        Line2D([], [], label=say("plot-drivers.mark", kind=kind), **_POINT, **look)
        for kind, look in _KINDS.items()
        if kind in {*shown["look"]}
    ]
    sizes = [len(every[id_]) for id_ in groups]
    return sheet.small_multiples(
        list(groups),
        panel,
        title=say("plot-drivers.title", top=text.parameter(top), count=first.count(top), of=len(groups)),
        caption=" ".join(say("plot-drivers.caption", draws=f"{int(shown['draws'].max()):,}").split()),
        legends=[handles, [Patch(color=marks.BAND, label=say("plot-drivers.mark", kind="chance"))]],
        height=0.5 + 0.28 * float(np.mean(sizes)),
        heights=[1.8 + size for size in sizes],
        columns=1,
        share="x",
        below=say("plot-drivers.axis"),
    )


def _strongest(rows: pd.DataFrame) -> pd.DataFrame:
    """The parameters and quantities of largest share, drivers first among them; products have none of their own."""
    rows = rows.dropna(subset="share").sort_values("share", ascending=False, kind="stable")
    own = np.where(rows["order"].notna(), "driver", "lent")
    rows = rows.assign(look=np.where(rows["kind"] == "measured", "measured", own))
    chosen = rows[rows["order"].notna() | (rows["share"] > rows["chance"])]
    return (chosen if len(chosen) else rows).head(_LINES)


def _label(name: str) -> str:
    """A parameter in words at the head of a line, or as it is typed."""
    words = text.parameter(name)
    return words if words == name else text.capital(words.removeprefix("the "))


def _heading(group: str) -> str:
    return folded(text.capital(group.removeprefix("the ").removeprefix("hypothetical ")), 40)


def turning(switches: Switches, tables: Mapping[str, pd.DataFrame], sheet: Sheet) -> Drawn | None:
    """Draw each group's draws on the map of two axes by their word, with the lines on which the effect turns."""
    points = tables["turning_draws"].replace([np.inf, -np.inf], np.nan).dropna(subset=["x", "y"])
    groups = {str(one["id"]): one for one in switches if one["id"] in {*points["id"]}}
    if not groups:
        return None
    points = points[points["id"].isin(groups)]
    rows = tables["turning"][tables["turning"]["id"].isin(groups)]
    lines = rows[dependence.tells_apart(rows["right"], rows["majority"])]
    lines = lines.assign(kind=np.where(lines["level"] == 0.0, "sign", "margin"))
    looks: dict[str, dict[str, Any]] = {
        word: {"color": colour, "marker": marker, "linestyle": "none"} for word, (marker, colour) in _WORDS.items()
    }
    looks |= {"sign": {"color": DARK}, "margin": {"color": DARK, "linestyle": "dashed"}}

    def panel(axes: Axes, id_: str) -> None:
        draws = where(points, id=id_)
        for word, some in draws.groupby("word"):
            marker, colour = _WORDS[str(word)]
            axes.scatter(some["x"], some["y"], s=14, c=colour, marker=marker, linewidths=0.0, alpha=0.75, zorder=3)
        low, high = draws[["x", "y"]].min(), draws[["x", "y"]].max()
        room = 0.04 * (high - low)
        limits = [(low[name] - room[name], high[name] + room[name]) for name in ("x", "y")]
        x, y = np.meshgrid(*(np.linspace(*limit, 200) for limit in limits))
        for row in where(lines, id=id_).to_dict("records"):
            height = row["constant"] + row["per_x"] * x + row["per_y"] * y + row["per_xy"] * x * y
            style = looks[row["kind"]].get("linestyle", "solid")
            axes.contour(x, y, height, levels=[0.0], colors=DARK, linewidths=1.1, linestyles=style, zorder=4)
        axes.set(xlim=limits[0], ylim=limits[1], title=_heading(str(groups[id_]["group"])))

    used = {*points["word"], *lines["kind"]}
    handles = [
        Line2D([], [], label=say("plot-turning.mark", kind=kind), **how) for kind, how in looks.items() if kind in used
    ]
    turned = [one for one in groups.values() if one["right"] != "none"] or [*groups.values()]
    return sheet.small_multiples(
        list(groups),
        panel,
        title=say("plot-turning.title", **turned[0], head=_heading(turned[0]["group"])),
        caption=" ".join(say("plot-turning.caption", draws=f"{int(rows['draws'].max()):,}").split()),
        legends=[handles],
        height=2.6,
        share="",
        below=_label(str(rows["x"].iloc[0])),
        ylabel=folded(_label(str(rows["y"].iloc[0])), 40),
    )
