"""What all figures share: style, colours, words, the frame around the panels, and saving with provenance."""

import math
import textwrap
import warnings
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import matplotlib
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.dates import date2num as _date2num
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator

from sim.output.files import replacing
from sim.scenario import Scenario
from sim.windows import day as day

WIDTH = 12.0
"""Inches; every figure is as wide."""
DARK, GREY, SWITCH = "#222222", "#8a8a8a", "#444444"
MARKERS = "osD^vPX*<>hp"

# Rails: the colour-blind safe palette of seaborn. Theatres: Paul Tol's muted scheme. Two palettes, so that no rail
# is taken for a theatre. A name keeps its colour in every scenario; names of a user's own take what is left, in order.
_RAILS = {
    "bank": "#0173b2",
    "cash": "#029e73",
    "hawala": "#cc78bc",
    "bitcoin": "#de8f05",
    "stablecoin": "#56b4e9",
    "monero": "#b83b00",
}
_MORE_RAILS = ("#ca9161", "#949494", "#c9b800", "#fbafe4", "#332288", "#222222", "#44aa99", "#661100", "#777733")
_THEATRES = {
    "iraq": "#cc6677",
    "syria": "#332288",
    "afghanistan": "#999933",
    "west_africa": "#117733",
    "abroad": "#4aa5d6",
}
_MORE_THEATRES = ("#882255", "#44aa99", "#aa4499", "#661100", "#cca833", "#6699cc", "#aa6644", "#88aa33", "#555555")


_OF_SCREENS = ("backend", "backend_fallback", "interactive", "toolbar")


def style() -> Any:
    """Settings under which every figure is drawn; used with matplotlib.rc_context, so nothing leaks.

    They are all that matplotlib has: a matplotlibrc, of the user or in this folder, moves no date and no point.
    """
    import seaborn

    return {
        **{key: value for key, value in matplotlib.rcParamsDefault.items() if key not in _OF_SCREENS},
        **seaborn.axes_style("whitegrid"),
        **seaborn.plotting_context("notebook", font_scale=0.85),
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlelocation": "left",
        "axes.titlesize": 10.5,
        "axes.titleweight": "bold",
        "axes.labelsize": 9,
        "axes.edgecolor": "#bbbbbb",
        "grid.color": "#e6e6e6",
        "xtick.labelsize": 8.5,
        "ytick.labelsize": 8.5,
        "font.family": ["DejaVu Sans"],
        "text.parse_math": False,
        "svg.hashsalt": "figures",
    }


# --- colours and words ----------------------------------------------------------------------------------------------


def _colours(names: Iterable[str], known: dict[str, str], more: Sequence[str]) -> dict[str, str]:
    left = iter([*more, *known.values()])
    return {name: known[name] if name in known else next(left) for name in names}


def rail_colours(scenario: Scenario) -> dict[str, str]:
    """The colour of each rail."""
    return _colours([rail.name for rail in scenario.rails], _RAILS, _MORE_RAILS)


def theatre_colours(scenario: Scenario) -> dict[str, str]:
    """The colour of each theatre."""
    return _colours([theatre.name for theatre in scenario.theatres], _THEATRES, _MORE_THEATRES)


def named(name: str) -> str:
    """A name from conf/ as a reader would write it: West Africa for west_africa."""
    return name.replace("_", " ").strip().title() or name


def signed(percent: float) -> str:
    """A percentage with its sign, and enough digits that a small one is not shown as zero."""
    if not math.isfinite(percent):
        return "not defined"
    if abs(percent) < 0.0005:
        return "0.00%"
    digits = 3 if abs(percent) < 0.01 else 2 if abs(percent) < 10 else 0
    return f"{percent:+.{digits}f}%"


def share(part: float, whole: float) -> str:
    """A share in percent, and enough digits that a small one is not shown as zero."""
    percent = 100.0 * part / whole if whole else 0.0
    digits = 0 if percent >= 10 or percent == 0 else 1 if percent >= 1 else 2 if percent >= 0.01 else 4
    return f"{percent:.{digits}f}%"


def usd(value: float) -> str:
    """An amount of money, short."""
    for size, unit in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.2g}{unit}" if abs(value) < 9.95 * size else f"{value / size:.0f}{unit}"
    return f"{value:.0f}" if abs(value) >= 9.95 or value == int(value) else f"{value:.2g}"


def at(when: Any) -> Any:
    """Where a date, or an array of dates, lies on an axis of dates."""
    return _date2num(when)  # type: ignore[no-untyped-call]


# --- the switch ------------------------------------------------------------------------------------------------------


def end_of(scenario: Scenario) -> date:
    """The day after the run."""
    return scenario.horizon.start + timedelta(weeks=scenario.horizon.weeks)


def switch_of(scenario: Scenario) -> tuple[date, str] | None:
    """Date and rail of the first switch; none if no shock of that type is enabled."""
    found = [
        (shock.at or scenario.switch_day, str(shock.rail))
        for shock in scenario.shocks.values()
        if shock.enabled and shock.type == "switch" and shock.mode != "none"
    ]
    return min(found) if found else None


def in_run(when: date, scenario: Scenario) -> bool:
    """Whether a day lies in the run."""
    return scenario.horizon.start <= when < end_of(scenario)


def arm_in_words(scenario: Scenario) -> str:
    """Which of the two runs a figure of only one shows."""
    switch = switch_of(scenario)
    if switch is None:
        return "no switch"
    return "with the switch (dotted line)" if in_run(switch[0], scenario) else "with the switch"


def after_switch(scenario: Scenario, weeks: int) -> str:
    """A window after the switch that the run has, in words."""
    return f"in the {weeks} weeks after {day(scenario.switch_day)}"


def mark_switch(axes: Axes, scenario: Scenario) -> None:
    """A vertical line at the switch, where the run reaches it."""
    switch = switch_of(scenario)
    if switch and in_run(switch[0], scenario):
        axes.axvline(at(switch[0]), color=SWITCH, linewidth=1.3, linestyle=(0, (1, 1.5)), zorder=6)


def arms(scenario: Scenario) -> list[Line2D]:
    """Legend of the two arms and of the line at the switch."""
    switch = switch_of(scenario)
    lines = [Line2D([], [], color="#777777", linewidth=3.2, label="with the switch" if switch else "the run")]
    if switch:
        lines.append(Line2D([], [], color=DARK, linewidth=1.2, linestyle=(0, (4, 2)), label="without"))
        if in_run(switch[0], scenario):
            label = f"the switch to {named(switch[1])}, {day(switch[0])}"
            lines.append(Line2D([], [], color=SWITCH, linewidth=1.3, linestyle=(0, (1, 1.5)), label=label))
    return lines


# --- panels ----------------------------------------------------------------------------------------------------------


def dates_on(axes: Axes, scenario: Scenario, ticks: int = 7) -> None:
    """Dates on the x-axis, over the whole run."""
    axes.set_xlim(at(scenario.horizon.start) - 2, at(end_of(scenario)) + 2)
    locator = AutoDateLocator(minticks=2, maxticks=ticks)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    axes.grid(visible=False, axis="x")


def log_scale(axes: Axes, words: Callable[[float], str]) -> None:
    """A log scale with enough ticks to be read: at least half a decade, and 1, 2, 5 where it spans less than two."""
    axes.set_yscale("log")
    low, high = axes.get_ylim()
    if high < 4.0 * low:
        low, high = low / 2.0, high * 2.0
        axes.set_ylim(low, high)
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if high < 100.0 * low else (1.0,)))
    axes.yaxis.set_major_formatter(lambda value, _: words(value))
    axes.minorticks_off()


def draw_line(axes: Axes, table: pd.DataFrame, column: str, colour: str, **more: Any) -> None:
    """One weekly series; a run of a week or two is drawn as points."""
    few = {"marker": "o", "markersize": 6} if len(table) < 3 else {}
    axes.plot(at(table["date"].to_numpy()), table[column].to_numpy(), color=colour, **{**few, **more})


def draw_arms(axes: Axes, weekly: dict[str, pd.DataFrame], column: str, colour: str, scenario: Scenario) -> None:
    """One outcome with (solid, wide) and without (dashed, thin, on top)."""
    draw_line(axes, weekly["with"], column, colour, linewidth=3.2, alpha=0.6)
    if switch_of(scenario):
        draw_line(axes, weekly["without"], column, DARK, linewidth=1.1, linestyle=(0, (4, 3)), markersize=3)


def label_ends(axes: Axes, labels: list[tuple[str, float, str]]) -> None:
    """Words at the right end of lines, moved apart where they would overlap: text, value, colour."""
    figure = axes.figure
    assert isinstance(figure, Figure)
    lay_out(figure)
    gap = 11.5 / 72.0 / (axes.get_position().height * figure.get_figheight())
    low = 0.0
    into = axes.transScale + axes.transLimits
    spots = sorted((float(into.transform((1.0, value))[1]), text, colour) for text, value, colour in labels)
    for spot, text, colour in spots:
        height = max(low, spot)
        low = height + gap
        axes.annotate(
            text, (1.0, height), xytext=(5, 0), xycoords="axes fraction", textcoords="offset points", color=colour,
            va="center", ha="left", fontsize=9, fontweight="bold", annotation_clip=False,
        )  # fmt: skip


# --- the frame -------------------------------------------------------------------------------------------------------


def frame(height: float) -> Figure:
    """An empty figure of its own canvas: no pyplot, so nothing to close and nothing shared."""
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def lay_out(figure: Figure) -> None:
    """Give every panel its place."""
    layout = figure.get_layout_engine()
    if layout is not None:
        layout.execute(figure)


def head_and_foot(
    figure: Figure, title: str, subtitle: str, provenance: dict[str, str], handles: Sequence[Any] = ()
) -> None:
    """Title, subtitle, legend above the panels; provenance in small grey print below. Call before `label_ends`."""
    height = figure.get_figheight()
    first, second = balanced(title, 96), balanced(subtitle, 155)
    small = footnote(provenance)
    left = 0.012
    top = 0.12
    figure.text(
        left, 1 - top / height, "\n".join(first), size=14.5, weight="bold", color=DARK, va="top", linespacing=1.15
    )
    top += 0.25 * len(first) + 0.04
    figure.text(left, 1 - top / height, "\n".join(second), size=10, color="#444444", va="top", linespacing=1.2)
    top += 0.175 * len(second) + 0.05
    if handles:
        anchor = (left - 0.004, 1 - top / height)
        figure.legend(
            handles=list(handles),
            loc="upper left",
            bbox_to_anchor=anchor,
            ncols=len(handles),
            frameon=False,
            fontsize=10,
        )
        top += 0.32
    foot = 0.12 * len(small) + 0.16
    figure.text(left, 0.05 / height, "\n".join(small), size=6.5, color=GREY, va="bottom", linespacing=1.2)
    layout = figure.get_layout_engine()
    assert layout is not None
    layout.set(rect=(0.006, foot / height, 0.988, 1 - (top + foot) / height), w_pad=0.08, h_pad=0.08)  # type: ignore[call-arg]


def balanced(text: str, width: int) -> list[str]:
    """Lines of a text, as few as fit and then as even as they can be, so that no word stands alone on the last."""
    lines = textwrap.wrap(text, width, break_on_hyphens=False)
    longest = max((len(word) for word in text.split()), default=0)
    for narrower in range(width - 1, longest, -1):
        fewer = textwrap.wrap(text, narrower, break_on_hyphens=False)
        if len(fewer) > len(lines):
            break
        lines = fewer
    return lines


def footnote(provenance: dict[str, str]) -> list[str]:
    """Provenance as lines of small print; a long command is cut short here, and whole in the file's metadata."""
    return textwrap.wrap(
        " · ".join(f"{key} {value}" for key, value in provenance.items()), 215, max_lines=2, placeholder=" …"
    )


def save(figure: Figure, stem: str, title: str, folder: Path, provenance: dict[str, str]) -> list[Path]:
    """Write PNG (150 dpi) and SVG, both with title and provenance in their metadata."""
    words = "; ".join(f"{key}: {value}" for key, value in provenance.items())
    about = {
        "png": {"Title": title, "Description": words, **provenance},
        "svg": {
            "Title": title,
            "Description": words,
            "Date": provenance.get("date"),
            "Creator": f"Matplotlib {matplotlib.__version__}",
        },
    }
    paths = []
    lay_out(figure)
    figure.set_layout_engine("none")  # laid out: not again for each file
    for axes in figure.axes:  # the solver of the layout goes by addresses in memory, which shows in the last bits
        left, bottom, width, height = (round(float(number), 9) for number in axes.get_position().bounds)
        axes.set_position((left, bottom, width, height))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")  # a user's own names may be in any script
        for kind, metadata in about.items():
            path = folder / f"{stem}.{kind}"
            with replacing(path) as aside:
                figure.savefig(aside, format=kind, dpi=150, metadata=metadata)
            paths.append(path)
    return paths
