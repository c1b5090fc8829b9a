"""The sheet on which every figure is drawn: style, title, legends, small print, and saving with provenance."""

import io
import textwrap
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import batched, chain
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D

from sim.engine.text import capital, nearest
from sim.output.files import replacing

type Drawn = tuple[Picture, str]
"""A figure and its title."""
type Drawing = Callable[[Sheet], Drawn | None]
"""A function that draws a figure on a sheet, or returns None if there is nothing to show."""

DARK, GREY = "#222222", "#8a8a8a"
DPI = 150
_LINES = 4  # of small print on provenance
_STYLE = Path(__file__).with_name("style.mplstyle")


class Picture(Figure):
    """A figure that is drawn in its own style wherever that is, and that notebooks show without pyplot.

    ``about``: title and provenance, which every file of it carries.
    """

    style: Any = MappingProxyType({})
    about: Mapping[str, str] = MappingProxyType({})

    def draw(self, renderer: Any) -> None:
        """Draw in the style of the figure."""
        with matplotlib.rc_context(self.style):
            super().draw(renderer)

    def savefig(self, fname: Any, **how: Any) -> None:
        """Save it, with title, method and provenance in the metadata of PNG, SVG and PDF where no others are given."""
        ending = Path(fname).suffix if isinstance(fname, str | PathLike) else ""
        kind = str(how.get("format") or ending.removeprefix(".") or "png").lower()
        super().savefig(fname, **{"metadata": metadata(kind, str(self.get_label()), self.about)} | how)

    def _repr_png_(self) -> bytes:
        content = io.BytesIO()
        self.savefig(content, format="png", dpi=DPI)
        return content.getvalue()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A format of figures: width in inches, sizes of words in points, and provenance for the small print.

    ``bare``: without title, subtitle and small print, for a page that gives them as its own words.
    """

    width: float
    title: float
    text: float
    small: float
    panel: float
    label: float
    tick: float
    provenance: Mapping[str, str] = field(default_factory=dict)
    bare: bool = False

    def style(self) -> Any:
        """Return the settings under which figures are drawn; used with matplotlib.rc_context, so nothing leaks.

        They are all that matplotlib has: a matplotlibrc, of the user or in this folder, moves no date and no point.
        """
        style = matplotlib.rc_params_from_file(_STYLE, use_default_template=True)
        of_screens = {"backend", "backend_fallback", "interactive", "toolbar"}
        return {key: value for key, value in style.items() if key not in of_screens} | {
            "axes.titlesize": self.panel,
            "axes.labelsize": self.label,
            "xtick.labelsize": self.tick,
            "ytick.labelsize": self.tick,
            "legend.fontsize": self.tick,
        }

    def draw(self, figures: Mapping[str, Drawing], folder: Path, provenance: dict[str, str]) -> list[Path]:
        """Draw figures with their provenance and write those that are not empty, each under its name.

        Args:
            figures: the function that draws each, by the name of its files.
            folder: the output folder; created if missing.
            provenance: commit, version, command and date, for the metadata and the small print.

        Returns:
            The files written: of each figure PNG and SVG.
        """
        folder.mkdir(parents=True, exist_ok=True)
        written: list[Path] = []
        with matplotlib.rc_context(self.style()):
            for name, made in figures.items():
                if drawn := made(replace(self, provenance=provenance)):
                    written += save(drawn[0], name, drawn[1], folder, provenance)
        return written

    def figure(self, figures: Mapping[str, Drawing], name: str, provenance: dict[str, str]) -> "Picture":
        """Return one of some figures as `draw` would write it.

        Args:
            figures: the function that draws each, by the name of its files.
            name: of one of them, or without its number where none has that name (``money`` is ``2_money``); empty for
                the first that shows something.
            provenance: for the small print.

        Raises:
            ValueError: for an unknown name, or if there is nothing to show.
        """
        wanted = [name] if name in figures else [stem for stem in figures if name in ("", stem.partition("_")[2])]
        if not wanted:
            raise ValueError(f"{name}: there is no such figure{nearest(name, self.not_empty(figures))}")
        with matplotlib.rc_context(style := self.style()):
            for stem in wanted:
                if drawn := figures[stem](replace(self, provenance=provenance)):
                    settle(drawn[0])
                    drawn[0].style = drawn[0].style or style
                    drawn[0].about = {"title": drawn[1], **provenance}
                    return drawn[0]
        raise ValueError(f"{name or 'figures'}: there is nothing to show")

    def not_empty(self, figures: Mapping[str, Drawing]) -> list[str]:
        """Return the names of the figures that show something; to know it, all are drawn."""
        with matplotlib.rc_context(self.style()):
            return [stem for stem, drawing in figures.items() if drawing(self)]

    def small_multiples[Key](
        self,
        keys: Sequence[Key],
        draw: Callable[[Axes, Key], None],
        *,
        title: str,
        subtitle: str = "",
        caption: str = "",
        legends: Sequence[Sequence[Any]] = (),
        height: float = 2.5,
        columns: int = 3,
        share: str = "xy",
        below: str = "",
        beside: str = "",
        ylabel: str = "",
        widths: Sequence[float] | None = None,
        heights: Sequence[float] | None = None,
    ) -> Drawn:
        """Return a figure with a panel for each key, and its title.

        Args:
            keys: what each panel shows, row by row.
            draw: draws a panel.
            title: the finding; each clause goes on a line of its own.
            subtitle: what is drawn, and how to read it.
            caption: the method, for the small print and the metadata; the label of the figure.
            legends: handles of each legend.
            height: of a row of panels, in inches.
            columns: the most panels in a row.
            share: the axes that all panels share: "x", "y", "xy" or "".
            below: one label for all x-axes.
            beside: one label for all y-axes.
            ylabel: a label for the y-axes of the first column.
            widths: relative widths of the columns.
            heights: relative heights of the rows.
        """
        columns = min(columns, len(keys))
        rows = -(-len(keys) // columns)
        figure = Picture(figsize=(self.width, height * rows), dpi=DPI)  # words are measured as saved
        FigureCanvasAgg(figure)  # no pyplot, so nothing to close and nothing shared
        figure.set_label(caption)
        self._frame(figure, title, subtitle, legends, below, beside)
        places = figure.add_gridspec(rows, columns, width_ratios=widths, height_ratios=heights)
        panels: list[Axes] = []
        for place in range(len(keys)):
            shared = {f"share{axis}": panels[0] for axis in share if panels}
            axes = figure.add_subplot(places[divmod(place, columns)], **shared)
            panels.append(axes)
            if "y" in share and place % columns:
                axes.tick_params(labelleft=False)
            if "x" in share and place + columns < len(keys):
                axes.tick_params(labelbottom=False)
        for axes, key in zip(panels, keys, strict=True):
            draw(axes, key)
        for axes in panels[::columns] if ylabel else []:
            axes.set_ylabel(ylabel)
        return figure, title

    def _frame(
        self, figure: Figure, title: str, subtitle: str, legends: Sequence[Sequence[Any]], below: str, beside: str
    ) -> None:
        """Put title, subtitle and legends above the panels, small print below, and leave the panels the rest.

        The figure grows by the height that they need; its height before the call is that of the panels.
        """
        title, subtitle, caption = ("", "", "") if self.bare else (title, subtitle, str(figure.get_label()))
        first = [line for clause in title.split("; ") for line in self._lines(capital(clause), self.title, 1.615)]
        second = self._lines(subtitle, self.text, 1.9)
        third = self._lines(caption, self.small, 1.735)
        third += [] if self.bare else self._small_print()
        keys = [self._legend(figure, handles) for handles in legends if handles]
        above, amid, row = 1.35 * self.title / 72, 1.34 * self.text / 72, 1.66 * self.text / 72  # a line in inches
        gap, panels = self.title / 475, figure.get_figheight()
        top = above * len(first) + amid * len(second) + row * sum(rows for _, rows in keys) + 7 * gap
        foot = 1.3 * self.small / 72 * len(third) + 3 * gap
        height = panels + top + foot
        figure.set_figheight(height)
        left, down = 0.008, 3 * gap
        look: dict[str, Any] = {"va": "top", "linespacing": 1.2}
        figure.text(left, 1 - down / height, "\n".join(first), size=self.title, weight="bold", color=DARK, **look)
        down += above * len(first) + gap
        figure.text(left, 1 - down / height, "\n".join(second), size=self.text, color="#444444", **look)
        down += amid * len(second) + gap
        for legend, rows in keys:
            legend.set_bbox_to_anchor((0, 1 - down / height))
            down += row * rows
        look["va"] = "bottom"
        figure.text(left, 2 * gap / height, "\n".join(third), size=self.small, color=GREY, **look)
        if below:
            figure.text(0.54, (foot + 0.02) / height, below, size=self.label, color=DARK, ha="center", va="bottom")
            foot, panels = foot + self.label / 50, panels - self.label / 50
        if beside:
            figure.supylabel(beside, y=(foot + panels / 2) / height, size=self.label, color=DARK)
        room, pad = (0.006, foot / height, 0.988, panels / height), 0.05 * self.width / PRINT.width
        figure.set_layout_engine("constrained", rect=room, w_pad=pad, h_pad=pad)

    def _small_print(self) -> list[str]:
        """Return the provenance in lines; a command that needs more than a few is in the metadata alone."""
        long = {"command": "in the metadata of this file"} if "command" in self.provenance else {}
        for facts in (self.provenance, {**self.provenance, **long}):
            words = " · ".join(f"{key} {value}" for key, value in facts.items())
            lines = textwrap.wrap(words, self._letters(self.small, 1.735), break_on_hyphens=False)
            if len(lines) <= _LINES:
                break
        return lines

    def _letters(self, size: float, narrow: float) -> int:
        """Return how many letters of a size a line holds, `narrow` of which are as wide as the size."""
        return int(72 * self.width / size * narrow)

    def _lines(self, words: str, size: float, narrow: float) -> list[str]:
        return balanced(words, self._letters(size, narrow))

    def _legend(self, figure: Figure, handles: Sequence[Any]) -> tuple[Legend, int]:
        for rows in range(1, len(handles) + 1):
            columns = -(-len(handles) // rows)
            every = [*handles, *[Line2D([], [], linestyle="none", label=" ")] * (rows * columns - len(handles))]
            by_row = chain.from_iterable(zip(*batched(every, columns), strict=True))  # a legend is filled by column
            legend = figure.legend(
                handles=list(by_row), loc="upper left", ncols=columns, frameon=False, fontsize=self.text,
                columnspacing=1.3, handletextpad=0.5, handlelength=1.7, borderaxespad=0.2, labelspacing=0.3,
            )  # fmt: skip
            legend.set_in_layout(False)
            if columns == 1 or legend.get_window_extent().width <= 0.99 * figure.bbox.width:
                break
            legend.remove()
        return legend, -(-len(handles) // columns)


SCREEN = Sheet(width=12.0, title=14.5, text=10.0, small=6.5, panel=10.5, label=9.0, tick=8.5)
"""The sheet of figures of a run: as wide as a screen."""
PRINT = Sheet(width=7.2, title=9.5, text=7.8, small=5.8, panel=8.5, label=8.0, tick=7.5)
"""The sheet of figures of a study: 18 cm, so that at the 17 cm of a printed page the smallest labels keep 7 points."""


def lay_out(figure: Figure) -> None:
    """Give every panel its place."""
    layout = figure.get_layout_engine()
    if layout is not None:
        layout.execute(figure)


def settle(figure: Figure) -> None:
    """Give every panel its place for good: it is not sought again for each file, nor drawn twice."""
    lay_out(figure)
    figure.set_layout_engine(None)
    for axes in figure.axes:  # the solver of the layout goes by addresses in memory, which shows in the last bits
        left, bottom, width, height = (round(float(number), 9) for number in axes.get_position().bounds)
        axes.set_position((left, bottom, width, height))


def balanced(text: str, width: int) -> list[str]:
    """Return a text in lines, as few as fit and then as even as can be, so that the last holds more than a word."""
    lines = textwrap.wrap(text, width, break_on_hyphens=False)
    longest = max((len(word) for word in text.split()), default=0)
    for narrower in range(width - 1, longest, -1):
        fewer = textwrap.wrap(text, narrower, break_on_hyphens=False)
        if len(fewer) > len(lines):
            break
        lines = fewer
    return lines


def metadata(kind: str, method: str, about: Mapping[str, str]) -> dict[str, str | None] | None:
    """Return title, method and provenance, with the whole command, in the words of a format; None for another one."""
    title, provenance = about.get("title"), {key: value for key, value in about.items() if key != "title"}
    words = "; ".join(filter(None, [method, *(f"{key}: {value}" for key, value in provenance.items())]))
    maker = {"Creator": f"Matplotlib {matplotlib.__version__}"}
    found: dict[str, dict[str, str | None]] = {
        "png": {"Title": title or "", "Description": words, **provenance},
        "svg": {"Title": title, "Description": words, "Date": provenance.get("date"), **maker},
        "pdf": {"Title": title, "Subject": words, **maker},
    }
    return found.get(kind)


def save(figure: Figure, stem: str, title: str, folder: Path, provenance: dict[str, str]) -> list[Path]:
    """Write PNG and SVG, both with title and provenance in their metadata."""
    about, paths = {"title": title, **provenance}, []
    settle(figure)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")  # a user's own names may be in any script
        for kind in ("png", "svg"):
            path = folder / f"{stem}.{kind}"
            with replacing(path) as aside:
                figure.savefig(aside, format=kind, dpi=DPI, metadata=metadata(kind, str(figure.get_label()), about))
            paths.append(path)
    return paths
