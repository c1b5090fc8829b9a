"""What switch effects depend on: their drivers beside chance, and the draws on the map of two axes with the line."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments import text
from experiments.figures import marks
from experiments.figures.captions import folded
from experiments.messages import say
from experiments.stats import dependence
from sim.plots.layout import DARK, GREY, Drawn, Sheet

_LINES = 8  # parameters of a group
_WORDS = {"lowers": ("v", "#0072b2"), "negligible": ("o", GREY), "raises": ("^", "#d55e00")}


class Switches(NamedTuple):
    """The switch effect of each group: values of its sentence, with its rows of the tables by effect."""

    found: Sequence[Mapping[str, Any]]
    drivers: pd.DataFrame
    turning: pd.DataFrame
    draws: pd.DataFrame

    def rows(self, table: str, id_: str) -> pd.DataFrame:
        """Return the rows of an effect."""
        rows: pd.DataFrame = getattr(self, table)
        return rows[rows["id"] == id_]


def drivers(about: Switches, sheet: Sheet) -> Drawn | None:
    """Draw the share of each group's switch effect that single parameters and quantities explain, beside chance."""
    shown = {str(one["id"]): _strongest(about.rows("drivers", str(one["id"]))) for one in about.found}
    groups = {str(one["id"]): str(one["group"]) for one in about.found if len(shown[str(one["id"])])}
    if not groups:
        return None

    sizes = [len(shown[id_]) for id_ in groups]

    def panel(axes: Axes, id_: str) -> None:
        rows = shown[id_].reset_index(drop=True)
        marks.lines_of(axes, [folded(_label(name), 34) for name in rows["parameter"]])
        axes.axvspan(0.0, 100.0 * float(rows["chance"].max()), color=marks.BAND, linewidth=0, zorder=0)
        for place, row in rows.iterrows():
            colour = DARK if row["kind"] == "parameter" else GREY
            axes.plot(
                100.0 * row[["share_low", "share_high"]].astype(float), [place, place], color=colour, linewidth=0.9
            )
            face = colour if pd.notna(row["order"]) else "white"
            axes.plot(
                [100.0 * row["share"]],
                [place],
                marker="o",
                markersize=5.0,
                linestyle="none",
                zorder=5,
                color=colour,
                markerfacecolor=face,
            )
        axes.set_title(folded(text.capital(groups[id_].removeprefix("the ")), 40))
        axes.set_xlim(0.0, 100.0)

    labels: dict[str, dict[str, Any]] = {
        "driver": {"color": DARK},
        "lent": {"color": DARK, "markerfacecolor": "white"},
        "measured": {"color": GREY},
    }
    handles: list[Any] = [
        Line2D([], [], marker="o", linestyle="none", label=say("plot-drivers.mark", kind=kind), **how)
        for kind, how in labels.items()
    ]
    return sheet.small_multiples(
        list(groups),
        panel,
        title=say("plot-drivers.title", names=text.listed_to(_clauses(about, groups))),
        caption=" ".join(say("plot-drivers.caption", draws=f"{int(about.turning['draws'].max()):,}").split()),
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
    chosen = rows[rows["order"].notna() | (rows["share"] > rows["chance"])]
    return (chosen if len(chosen) else rows).head(_LINES)


def _label(name: str) -> str:
    """A parameter in words at the head of a line, or as it is typed."""
    words = text.parameter(name)
    return words if words == name else text.capital(words.removeprefix("the "))


def _clauses(about: Switches, groups: Mapping[str, str]) -> list[str]:
    """The strongest driver with the groups that have it, a clause each."""
    alike: dict[str, list[str]] = {}
    for one in about.found:
        if str(one["id"]) in groups:
            alike.setdefault(str(one["first"]), []).append(groups[str(one["id"])])
    return [say("plot-drivers.item", group=text.listed(names), driver=driver) for driver, names in alike.items()]


def turning(about: Switches, sheet: Sheet) -> Drawn | None:
    """Draw each group's draws on the map of two axes by their word, with the lines on which the effect turns."""
    groups = {str(one["id"]): one for one in about.found if len(about.rows("draws", str(one["id"])))}
    if not groups:
        return None
    axes_of = about.rows("turning", next(iter(groups)))[["x", "y"]].iloc[0]

    def panel(axes: Axes, id_: str) -> None:
        draws = about.rows("draws", id_).replace([np.inf, -np.inf], np.nan).dropna()
        for word, some in draws.groupby("word"):
            marker, colour = _WORDS[str(word)]
            axes.scatter(some["x"], some["y"], s=14, c=colour, marker=marker, linewidths=0.0, alpha=0.75, zorder=3)
        low, high = draws[["x", "y"]].min(), draws[["x", "y"]].max()
        room = 0.04 * (high - low)
        limits = [(low[name] - room[name], high[name] + room[name]) for name in ("x", "y")]
        x, y = np.meshgrid(*(np.linspace(*limit, 200) for limit in limits))
        rows = about.rows("turning", id_)
        for row in rows[dependence.tells_apart(rows["right"], rows["majority"])].to_dict("records"):
            height = row["constant"] + row["per_x"] * x + row["per_y"] * y + row["per_xy"] * x * y
            style = "solid" if row["level"] == 0.0 else "dashed"
            axes.contour(x, y, height, levels=[0.0], colors=DARK, linewidths=1.1, linestyles=style, zorder=4)
        axes.set_xlim(*limits[0])
        axes.set_ylim(*limits[1])
        axes.set_title(folded(text.capital(str(groups[id_]["group"]).removeprefix("the ")), 40))

    looks: dict[str, dict[str, Any]] = {
        word: {"color": colour, "marker": marker, "linestyle": "none"} for word, (marker, colour) in _WORDS.items()
    }
    looks |= {"sign": {"color": DARK}, "margin": {"color": DARK, "linestyle": "dashed"}}
    handles = [Line2D([], [], label=say("plot-turning.mark", kind=kind), **how) for kind, how in looks.items()]
    items = [say("plot-turning.item", **one) for one in groups.values()]
    return sheet.small_multiples(
        list(groups),
        panel,
        title="; ".join(items[:2]),
        caption=" ".join(say("plot-turning.caption", draws=f"{int(about.turning['draws'].max()):,}").split()),
        legends=[handles[:3], handles[3:]],
        height=2.6,
        share="",
        below=_label(str(axes_of["x"])),
        ylabel=folded(_label(str(axes_of["y"])), 40),
    )
