"""Pictures of a brief: each shows one finding at a glance, in the language of messages, and says it in its alt text.

A picture has a title of one line, linear axes, one line of key, and no method. Blue, on the side of fewer attacks, is a
weaker group; grey no change; orange a stronger one. The three differ in brightness too, and are counted in words.
Languages that are written from right to left have their pictures mirrored.
"""

import io
import math
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib
import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy.optimize import isotonic_regression

from experiments import text
from experiments.brief.blocks import Picture
from experiments.findings import Finding, in_twentieths
from experiments.messages import language, locale, say
from experiments.stats import dependence
from experiments.stats.estimates import Floats
from sim.engine.text import capital
from sim.output.files import write_whole
from sim.plots.layout import DARK, GREY, PRINT
from sim.plots.layout import Picture as Figure

__all__ = ["NAMES", "conditions", "dots", "keep", "soon", "strip", "strip_png", "switch_dots", "traceability"]

type Study = Mapping[str, Any]
"""Facts on a study (`experiments.findings.Answers`), of which the metadata of files are made."""
_UNKNOWN: Study = {}
_PROVENANCE = dict(note="caveat", version="model", commit="commit", seed="seed", command="command", date="date")

NAMES = ("switch", "conditions", "traceability", "soon")
"""The pictures by the name of their files."""
COLOURS = {"lowers": "#0a4f93", "negligible": "#9a9a9a", "raises": "#e5751f"}
"""The colour of each word of a draw."""
INKS = {"lowers": "#0a4f93", "negligible": "#555555", "raises": "#a84700"}
"""The same for words on white."""
BAND = "#ececec"
_COINS = ("#332288", "#117733", "#aa4499", "#661100", "#999933")
WIDTH = 6.7
"""Width in inches: that of the text of an A4 page, so that 7.5 points are 7.5 points in print."""
HALF = 3.2
"""The same of a picture that has another one beside it."""
DPI = 200
TITLE, TEXT, SMALL = 10.5, 8.0, 7.5  # points
_INSET = 0.03  # inches: letters may be a little wider on another machine
_ROOM = 0.6  # inches that dots of a row may be high
_LEAST = 0.05  # area of the smallest dot that is still seen; 1 is a whole one
_FARTHEST = 15.0  # margins beyond which a dot lies at the edge, with its value in words


# --- draws as dots ----------------------------------------------------------------------------------------------------


class Dots(NamedTuple):
    """Dots that stand for so many draws: the change where each lies, sorted, and its area; 1 is a whole dot."""

    draws: int
    changes: Floats
    areas: Floats


def dots(one: Finding) -> dict[str, Dots]:
    """Return the dots that stand for a finding's draws by their word.

    They are all draws of a few, else twentieths of them, the last dot of a word the rest: order statistics of the word,
    each in the middle of the draws that it stands for.
    """
    changes = np.sort(np.asarray(one.changes))
    words = dependence.words_of(changes, one.margin)
    groups = [changes[words == word] for word in dependence.WORDS]
    found = {}
    for word, own, every in zip(dependence.WORDS, groups, in_twentieths([*map(len, groups)]), strict=True):
        areas = np.array(every)
        shares = (areas.cumsum() - areas / 2.0) / max(areas.sum(), 1e-9)
        found[word] = Dots(len(own), np.quantile(own, shares, method="inverted_cdf") if len(own) else own, areas)
    return found


def _limit(sizes: Floats, margin: float, least: float = 3.0) -> float:
    """The end of an axis that holds changes of these sizes: some margins at least, 15 at most if most lie within."""
    farthest = max(_FARTHEST * margin, float(np.quantile(sizes, 0.8)))
    return max(least * margin, min(float(sizes.max()), farthest))


def _stacks(values: Floats, size: float, most: int) -> list[Floats]:
    """Sorted values in stacks of at most so many, each no wider than a dot."""
    found: list[Floats] = []
    while len(values):
        near = int((values <= values[0] + size).sum())
        found += np.array_split(values[:near], -(-near // most))
        values = values[near:]
    return found


def _places(stacks: Sequence[Floats], size: float, low: float, high: float) -> tuple[Floats, Floats]:
    """Where dots of a size lie, from low to high: across, moved no more than the stacks need, and their level."""
    if not stacks:
        return np.array([]), np.array([])
    counts = [*map(len, stacks)]
    steps = size * np.arange(len(stacks))
    centres = np.array([stack.mean() for stack in stacks]) - steps
    across = np.clip(isotonic_regression(centres, weights=counts).x, low, high - steps[-1]) + steps
    return np.repeat(across, counts), np.concatenate([np.arange(float(count)) for count in counts])


# --- a sheet ----------------------------------------------------------------------------------------------------------


def _mirrored() -> bool:
    return locale().text_direction == "rtl"


@cache
def _fonts() -> list[str]:
    """The families that the brief carries, known to matplotlib from here on."""
    carried = [Path(str(file)) for file in files("experiments.brief").joinpath("fonts").iterdir()]
    faces = sorted(path for path in carried if path.suffix == ".ttf")
    for path in faces:
        font_manager.fontManager.addfont(path)
    return [*dict.fromkeys(font_manager.get_font(path).family_name for path in faces)]


@contextmanager
def _style() -> Iterator[None]:
    """Draw with the settings of all figures, in the face of the language; a user's own names may be in any script."""
    families = [*(_fonts() if _mirrored() else []), "DejaVu Sans"]
    more = {"font.family": families, "xtick.labelsize": SMALL, "ytick.labelsize": SMALL, "axes.linewidth": 0.8}
    with matplotlib.rc_context(PRINT.style() | more), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        yield


class _Sheet:
    """A sheet of paper, measured in inches from the top and from the side on which a line of words begins."""

    def __init__(self, height: float, title: str, width: float = WIDTH) -> None:
        self.height, self.title, self.width = height, title, width
        self.figure = Figure(figsize=(width, height), dpi=DPI)
        FigureCanvasAgg(self.figure)
        self.back = _mirrored()
        self.start, self.end = ("right", "left") if self.back else ("left", "right")
        self.write(title, 0.0, 0.02, size=TITLE, weight="bold")

    def across(self, inches: float) -> float:
        """A distance from where lines begin, as a part of the width from the left."""
        part = (inches + _INSET) / self.width
        return 1.0 - part if self.back else part

    def write(self, words: str, start: float, top: float, width: float = 0.0, size: float = TEXT, **look: Any) -> float:
        """Write words, in lines no wider than so many inches; if 0, in one line, smaller if it is too long.

        Returns:
            Where they end, in inches from the top.
        """
        high, room = (
            size * (1.5 if self.back else 1.35) / 72,
            (width or self.width - start - 2 * _INSET) * self.figure.dpi,
        )
        look = {"color": DARK, "ha": self.start, "size": size, **look}
        rest = words.split() if width else [words]
        while rest:
            top += high
            line = self.figure.text(self.across(start), 1.0 - (top - 0.25 * high) / self.height, "", **look)
            for count in range(1, len(rest) + 1):
                line.set_text(self.lined(" ".join(rest[:count])))
                if count > 1 and line.get_window_extent().width > room:
                    count -= 1
                    break
            line.set_text(self.lined(" ".join(rest[:count])))
            rest = rest[count:]
        if not width and (wide := line.get_window_extent().width) > room:
            line.set_fontsize(size * room / wide * 0.99)
        return top

    def lined(self, line: str) -> str:
        """A line that begins at the right where it must, even with a number or a Latin word."""
        return ("\u200f" if self.back else "") + line

    def panel(self, start: float, top: float, width: float, height: float, **settings: Any) -> Axes:
        """A panel whose x-axis rises along the lines of words, as does its grid."""
        left = self.across(start + width) if self.back else self.across(start)
        axes = self.figure.add_axes(
            (left, 1.0 - (top + height) / self.height, width / self.width, height / self.height)
        )
        axes.set(**settings)
        axes.grid(visible=False)
        if self.back:
            axes.invert_xaxis()
            axes.tick_params(right=False, left=False, labelright=True, labelleft=False)
            axes.spines["right"].set_visible(True)
            axes.spines["left"].set_visible(False)
        return axes

    def picture(self, name: str, alt: str, study: Study, caption: str = "") -> Picture:
        """The picture as SVG and PNG, the same bytes each time, with title, alternative text and provenance."""
        known = {name: str(study[key]) for name, key in _PROVENANCE.items() if study.get(key)}
        about = {"Title": self.title, "Description": "; ".join([alt, *(f"{key}: {one}" for key, one in known.items())])}
        of_svg = about | {"Date": known.get("date")}
        svg, png = self.saved("svg", of_svg), self.saved("png", about | known)
        # anchors stay where they were drawn, whatever the direction of the page, and each line finds its own
        svg = svg.replace(b'<text style="', b'<text style="direction: ltr; unicode-bidi: plaintext; ')
        with matplotlib.rc_context({"svg.fonttype": "path"}):
            outlined = self.saved("svg", of_svg) if self.back else b""
        self.figure.style = dict(matplotlib.rcParams)  # those of `_style`, for who draws it again
        return Picture(name, alt, svg, png, caption, round(self.width / WIDTH, 1), outlined, self.figure)

    def saved(self, kind: str, metadata: Mapping[str, Any]) -> bytes:
        """The figure in a format."""
        file = io.BytesIO()
        self.figure.savefig(file, format=kind, dpi=DPI, metadata=metadata)
        return file.getvalue()


def _dot(word: str, name: str) -> dict[str, Any]:
    """The look of dots of a word, a ring where nothing changes; ``name`` tells them from others in the SVG."""
    ring = word == "negligible"
    face, edge = ("white", COLOURS[word]) if ring else (COLOURS[word], "white")
    return {"c": face, "edgecolors": edge, "linewidths": 0.9 if ring else 0.5, "zorder": 3, "gid": name}


def _percent(value: float) -> str:
    """A change at a tick or beside a dot, without the sign of per cent."""
    return text.number(value, 0 if float(value).is_integer() else 1, sign=True)


def _ticks(axes: Axes, limit: float, axis: str = "x") -> None:
    """Round ticks of a linear axis of changes."""
    places = MaxNLocator(5, steps=[1, 2, 5, 10], symmetric=True).tick_values(-limit, limit)
    inside = [place for place in places if abs(place) <= limit]
    axes.set(**{f"{axis}ticks": inside, f"{axis}ticklabels": [*map(_percent, inside)]})


def _margin(one: Finding) -> str:
    return text.with_unit(text.short(one.margin), "%")


def keep(pictures: Sequence[Picture], folder: Path) -> list[Path]:
    """Write pictures as PNG and SVG, ``switch.svg`` or in another language ``switch.ar.svg``; return the files."""
    ending = "" if language() == "en" else f".{language()}"
    written = {folder / f"{one.name}{ending}.{kind}": getattr(one, kind) for one in pictures for kind in ("png", "svg")}
    for path, whole in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, whole)
    return [*written]


# --- pictures ---------------------------------------------------------------------------------------------------------


def _counts(one: Finding) -> str:
    """How many draws of a finding are weaker, hardly changed and stronger, for an alternative text."""
    return say("figure-all-counted", **one.values, head=text.heading(one.group))


def switch_dots(findings: Sequence[Finding], study: Study = _UNKNOWN) -> Picture | None:
    """Draw what the switch does: a row a group, a dot a draw on one linear axis, its count above and why at the end."""
    shown = [one for one in findings if one.changes]
    if not shown:
        return None
    row, wide = 1.08, 4.35  # inches: of a row, of the axis
    first, drawn = shown[0], [dots(one) for one in shown]
    scale = _scale([some.changes for one in drawn for some in one.values()], max(one.margin for one in shown), wide)
    alike = len(shown) > 1 and len({one.answer for one in shown}) == 1
    with _style():
        title = say("figure-switch", **first.values, every="yes" if alike else "no")
        sheet = _Sheet(0.36 + row * len(shown) + 0.36, title)
        for place, (one, by_word) in enumerate(zip(shown, drawn, strict=True)):
            top = 0.36 + place * row
            sheet.write(say("figure-switch.row", **one.values, head=text.heading(one.group)), 0.0, top, weight="bold")
            if one.because:
                because = say("figure-switch.because", **one.values)
                sheet.write(because, wide + 0.2, top + 0.26, width=WIDTH - wide - 0.3, size=SMALL)
            axes = sheet.panel(0.0, top + 0.19, wide, _ROOM + 0.16, ylim=(0.0, _ROOM + 0.16), yticks=[])
            axes.axvspan(-scale.margin, scale.margin, color=BAND, linewidth=0, zorder=0)
            axes.set_xlim(*((scale.edge, -scale.edge) if sheet.back else (-scale.edge, scale.edge)))
            axes.spines[["left", "right"]].set_visible(False)
            _ticks(axes, scale.limit)
            axes.tick_params(labelbottom=place == len(shown) - 1)
            for word, some in by_word.items():
                _stacked(sheet, axes, scale, word, some, f"{word}-{place}")
        key = say("figure-switch.key", **first.values | {"margin": _margin(first)})
        sheet.write(key, 0.0, sheet.height - 0.19, size=SMALL)
        return sheet.picture("switch", " ".join([f"{title}.", *map(_counts, shown)]), study)


class _Scale(NamedTuple):
    """The axis of a row of dots: its end, margin and inch in changes, and the size of a dot in inches."""

    limit: float
    margin: float
    inch: float
    size: float = 0.085

    @property
    def edge(self) -> float:
        """Where the axis ends, with room for half a dot at its limit."""
        return self.limit + 0.1 * self.inch

    def stacks(self, values: Floats) -> list[Floats]:
        """Values in stacks that fit into a row."""
        return _stacks(np.clip(values, -self.limit, self.limit), self.size * self.inch, int(_ROOM / self.size))


def _scale(groups: Sequence[Floats], margin: float, wide: float) -> _Scale:
    """The axis that holds all dots, as large as they can be while those of no change lie within the margin."""
    limit = _limit(np.abs(np.concatenate([*groups])), margin)
    scale = _Scale(limit, margin, 2.0 * limit / (wide - 0.2))
    inside = [values for values in groups if len(values) and np.abs(values).max() <= margin]
    while scale.size > 0.03 and any(
        len(scale.stacks(values)) * scale.size * scale.inch > 2.0 * margin for values in inside
    ):
        scale = scale._replace(size=0.95 * scale.size)
    return scale


def _stacked(sheet: _Sheet, axes: Axes, scale: _Scale, word: str, some: Dots, name: str) -> None:
    """Draw the dots of one word, the count of draws above them, and the value of the farthest beyond the axis."""
    side = {"lowers": -1.0, "negligible": 0.0, "raises": 1.0}[word]
    half = scale.size * scale.inch / 2.0
    ends = (scale.margin + half, scale.limit) if side else (half - scale.margin, scale.margin - half)
    x, level = _places(scale.stacks(some.changes), 2.0 * half, *sorted(side * end if side else end for end in ends))
    look, areas = _dot(word, name), np.maximum(some.areas, _LEAST)
    look |= {"s": (72.0 * 0.93 * scale.size) ** 2 * areas, "linewidths": look["linewidths"] * np.sqrt(areas)}
    axes.scatter(x, (level + 0.55) * scale.size, clip_on=False, **look)
    farthest = float(np.abs(some.changes).max(initial=0.0))
    end = text.with_unit(_percent(round(side * farthest)), "%")
    counted = say("figure-far" if farthest > scale.limit else "figure-counted", word=word, count=some.draws, end=end)
    ink: dict[str, Any] = {"color": INKS[word], "weight": "bold"} if some.draws else {"color": "#707070"}
    to = {-1.0: sheet.start, 0.0: "center", 1.0: sheet.end}[side]
    axes.text(side * scale.edge, _ROOM + 0.15, sheet.lined(counted), ha=to, va="top", size=SMALL, **ink)


_STRIP = 80.0  # units that a strip is wide


def _of_strip(one: Finding) -> tuple[list[tuple[float, float, float, str]], float, float]:
    """The dots of a strip, row by row: weaker, then no change, then stronger; the space of a dot, and the height.

    Of each dot: where it is, its radius, its word.
    """
    words = [(word, area) for word, some in dots(one).items() for area in some.areas]
    rows = max(2, round((len(words) / 5.0) ** 0.5))  # 2 rows of 11, and room for them where draws are fewer
    columns = max(11, -(-len(words) // rows))
    pitch = _STRIP / columns
    places = []
    for n, (word, area) in enumerate(words):
        x, y = pitch * (n % columns + 0.5), pitch * (n // columns + 0.5)
        places.append((_STRIP - x if _mirrored() else x, y, 0.38 * pitch * math.sqrt(max(area, _LEAST)), word))
    return places, pitch, pitch * rows


def strip(one: Finding) -> str:
    """Return the dots of a finding as a small inline SVG for a cell of a table, hidden from readers of words."""
    places, pitch, height = _of_strip(one)
    look = {word: f'fill="{colour}"' for word, colour in COLOURS.items()}
    look["negligible"] = f'fill="none" stroke="{COLOURS["negligible"]}" stroke-width="{pitch / 9:.3g}"'
    drawn = "".join(f'<circle cx="{x:.4g}" cy="{y:.4g}" r="{r:.3g}" {look[word]}/>' for x, y, r, word in places)
    size = f'viewBox="0 0 {_STRIP:g} {height:.4g}" width="{_STRIP:g}" height="{height:.4g}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" class="strip" {size} aria-hidden="true">{drawn}</svg>'


def strip_png(one: Finding) -> bytes:
    """Return the same as PNG, six times as large."""
    places, pitch, height = _of_strip(one)
    scale = 24
    image = Image.new("RGB", (round(scale * _STRIP), round(scale * height)), "white")
    draw = ImageDraw.Draw(image)
    for x, y, radius, word in places:
        box = [scale * (x - radius), scale * (y - radius), scale * (x + radius), scale * (y + radius)]
        draw.ellipse(box, None if word == "negligible" else COLOURS[word], COLOURS[word], round(scale * pitch / 9.0))
    file = io.BytesIO()
    image.resize((image.width // 4, image.height // 4), Image.Resampling.LANCZOS).save(file, "PNG", optimize=True)
    return file.getvalue()


def _part(upper: NDArray[np.bool_], hits: NDArray[np.bool_]) -> tuple[int, int]:
    """The half or quarter of a map that tells most hits from others: sides of x and y, 1 high, -1 low, 0 any."""

    def told(sides: tuple[int, int]) -> float:
        inside = _inside(upper, sides)
        return float(inside[hits].mean() - inside[~hits].mean()) if (~hits).any() else float(inside.mean())

    return max(((x, y) for x in (1, 0, -1) for y in (1, 0, -1) if x or y), key=told)


def _inside(upper: NDArray[np.bool_], sides: tuple[int, int]) -> NDArray[np.bool_]:
    return np.all([upper[:, axis] == (side > 0) for axis, side in enumerate(sides) if side], axis=0)


def _told(one: Finding) -> tuple[int, float, int] | None:
    """The line of the sentence on a map: its axis, where it is, and the side on which attacks change; none without."""
    axes = [one.more["x"], one.more["y"]]
    if one.more.get("turn") not in ("falls", "rises") or one.more.get("axis") not in axes:
        return None
    return axes.index(one.more["axis"]), float(one.more["at"]), 1 if one.more["side"] == "more" else -1


def conditions(one: Finding, study: Study = _UNKNOWN) -> Picture | None:
    """Draw a group's draws on the map of two conditions, by word and size of the change.

    The line of the finding's sentence parts the map, or else medians do: shaded is the side, half or quarter in which
    draws most often weaken the group, or strengthen it.
    """
    points = np.array(one.more.get("points", ()), dtype=float).reshape(-1, 3)
    points = points[np.isfinite(points).all(axis=1)]
    words = dependence.words_of(points[:, 2], one.margin)
    told = _told(one)
    word = str(one.more["turn"]).replace("falls", "lowers").replace("rises", "raises") if told else ""
    word = word or max(("lowers", "raises"), key=lambda side: int((words == side).sum()))
    hits = words == word
    if not hits.any():
        return None
    middle = np.median(points[:, :2], axis=0)
    if told:
        middle[told[0]] = told[1]
    upper = points[:, :2] > middle
    sides = ((told[2], 0) if told[0] == 0 else (0, told[2])) if told else _part(upper, hits)
    there = _inside(upper, sides)
    names = [text.parameter(str(one.more[axis])) for axis in ("x", "y")]
    where = [
        say("figure-conditions.side", name=name, side="high" if side > 0 else "low")
        for name, side in zip(names, sides, strict=True)
        if side
    ]
    about: dict[str, Any] = {
        **one.values,
        "head": text.heading(one.group),
        "word": word,
        "where": text.listed(where),
        "inside": int(hits[there].sum()),
        "of": int(there.sum()),
        "outside": int(hits[~there].sum()),
        "others": int((~there).sum()),
        "made": int(study.get("draws") or len(points)),
        "shown": len(points),
    }
    more = [say("figure-conditions.rows", **about)] if len(points) < about["made"] else []
    gaining = one.more["x"] == "gifts_kept" and points[:, 0].max() > 1.0
    more += [say("figure-conditions.gain")] if gaining else []
    with _style():
        caption = " ".join([say("figure-conditions.caption", **about).strip(), *more])
        sheet = _Sheet(2.6, say("figure-conditions", **about), HALF)
        axes = sheet.panel(0.32, 0.68, HALF - 0.45, 1.24)
        size = np.minimum(np.abs(points[:, 2]) / _limit(np.abs(points[:, 2]), one.margin), 1.0)
        for place, kind in enumerate(dependence.WORDS):
            own = words == kind
            axes.scatter(points[own, 0], points[own, 1], s=10.0 + 60.0 * size[own], **_dot(kind, kind))
            counted = say("figure-counted", word=kind, count=int(own.sum()))
            sheet.write(counted, 1.08 * place, 0.29, size=SMALL, weight="bold", color=INKS[kind])
        sheet.write(capital(names[1]), 0.0, 0.46, size=SMALL)
        axes.margins(0.05)
        limits = np.array([sorted(axes.get_xlim()), axes.get_ylim()])
        lines = [told[0]] if told else [0, 1]
        for axis, draw in ((0, axes.axvline), (1, axes.axhline)):
            if axis in lines:
                draw(middle[axis], color=GREY, linewidth=0.7)
        (left, right), (low, high) = (
            (centre if side > 0 else start, centre if side < 0 else end)
            for centre, side, (start, end) in zip(middle, sides, limits, strict=True)
        )
        axes.fill_between([left, right], low, high, color=COLOURS[word], alpha=0.12, linewidth=0, zorder=0)
        axes.set(xlim=limits[0][:: -1 if sheet.back else 1], ylim=limits[1])
        axes.locator_params(nbins=5)
        sheet.write(capital(names[0]), 0.0, 2.17, size=SMALL)
        sheet.write(say("figure-conditions.key", lines="told" if told else "medians"), 0.0, 2.36, size=SMALL)
        return sheet.picture("conditions", f"{sheet.title}. {caption}", study, caption)


def traceability(findings: Sequence[Finding], study: Study = _UNKNOWN) -> Picture | None:
    """Draw where a group and its coins lie: how well each is traced, and what freezing then takes from attacks.

    The line of a coin says what freezing would take if it were traced otherwise, by the law (`sim.law.loss`).
    """
    shown = [one for one in findings if one.group == findings[0].group and np.isfinite(one.more.get("link", np.nan))]
    if not shown:
        return None
    first, margin = shown[0], shown[0].margin
    lost = {id(one): (float(one.more["loss"]), float(one.more["loss-at-one"])) for one in shown}
    reach = any(most <= -margin for _, most in lost.values())
    with _style():
        title = say("figure-traceability", **first.values | {"reach": "yes" if reach else "no"})
        sheet = _Sheet(2.6, title, HALF)
        sheet.write(say("figure-traceability.y", head=text.heading(first.group)), 0.0, 0.29, size=SMALL)
        axes = sheet.panel(0.4, 0.55, HALF - 0.53, 1.37)
        axes.axhspan(-margin, 0.0, color=BAND, linewidth=0, zorder=0)
        limit = _limit(np.abs(np.array([*lost.values()]).ravel()), margin, 2.0)
        line = 0.16 * limit  # the height of a name
        placed: list[tuple[float, float]] = []
        for one, colour in zip(sorted(shown, key=lambda one: one.more["link"]), _COINS, strict=False):
            link, now = float(one.more["link"]), max(lost[id(one)][0], -limit)
            curve = one.more.get("curve", [(link, now), (1.0, lost[id(one)][1])])
            axes.plot(*np.transpose(curve), color=colour, linewidth=1.4)
            axes.plot([link], [now], color=colour, marker="o", markersize=7.0, zorder=4, clip_on=False)
            at = now - 0.09 * limit
            for other, below in placed:
                at = min(at, below - line) if link - other < 0.5 and at < below + line else at
            placed.append((link, at))
            early = link < 0.25
            name, to = sheet.lined(capital(str(one.values["rail"]))), sheet.start if early else sheet.end
            look: dict[str, Any] = {"size": SMALL, "color": colour, "weight": "bold", "va": "top", "ha": to}
            axes.text(link - 0.01, at, name, **look)
        axes.set_ylim(-1.25 * limit, 0.06 * limit)
        axes.set_xlim(*((1.0, 0.0) if sheet.back else (0.0, 1.0)))
        places = MaxNLocator(4, steps=[1, 2, 5, 10]).tick_values(-limit, 0.0)
        inside = [place for place in places if -limit <= place <= 0.0]
        axes.set(yticks=inside, yticklabels=[*map(_percent, inside)])
        axes.set(xticks=[0.0, 0.5, 1.0])
        sheet.write(say("figure-traceability.x"), 0.0, 2.17, size=SMALL)
        sheet.write(say("figure-traceability.key", margin=_margin(first)), 0.0, 2.36, size=SMALL)
        about = [
            say("figure-traceability.alt", **one.values | {"now": _change(now, margin), "most": _change(most, margin)})
            for one, (now, most) in zip(shown, lost.values(), strict=True)
        ]
        return sheet.picture("traceability", " ".join([f"{sheet.title}.", *map(capital, about)]), study)


def _change(value: float, margin: float) -> str:
    return text.brief_quantity(value, "%", margin, sign=True)


def soon(findings: Sequence[Finding], study: Study = _UNKNOWN) -> Picture | None:
    """Draw what changes with time: a panel a policy and group whose answer does, a line a draw over the windows."""
    by_what: dict[tuple[str, str, str], list[Finding]] = {}
    for one in sorted(findings, key=lambda one: one.window):
        if one.changes:
            by_what.setdefault((one.policy, one.group, one.arm), []).append(one)
    whole = [some for some in by_what.values() if len({len(one.changes) for one in some}) == 1]  # of the same draws
    turned = [some for some in whole if len({one.answer for one in some}) > 1]

    def order(some: Sequence[Finding]) -> tuple[bool, float]:
        """Single policies first, then those whose counts change most."""
        first, last = some[0], some[-1]
        return "+" in first.policy, -abs(last.below / len(last.changes) - first.below / len(first.changes))

    turned.sort(key=order)
    if not (turned := turned[:2]):
        return None
    first, margin = turned[0], turned[0][0].margin
    changes = np.concatenate([one.changes for some in turned for one in some])
    limit = _limit(np.abs(changes), margin)
    low, high = min(-2.0 * margin, changes.min()), max(2.0 * margin, changes.max())

    def tally(some: Sequence[Finding]) -> dict[str, Any]:
        ends = {"first": some[0].values["below"], "last": some[-1].values["below"], "of": some[-1].values["of"]}
        return {**some[0].values, **ends, "soon": some[0].window, "late": some[-1].window}

    with _style():
        later = tally(first)["last"] > tally(first)["first"]
        sheet = _Sheet(2.35, say("figure-soon", **first[0].values, later="yes" if later else "no"), HALF)
        wide = (HALF - 0.35) / len(turned)
        starts, top = [0.35 + place * wide for place in range(len(turned))], 0.0
        for start, some in zip(starts, turned, strict=True):
            name = capital(say("figure-soon.panel", **some[0].values))
            down = sheet.write(name, start, 0.32, width=wide - 0.15, weight="bold", size=SMALL)
            top = max(
                top,
                sheet.write(say("figure-soon.tally", **tally(some)), start, down, width=wide - 0.15, size=SMALL) + 0.08,
            )
        for place, (start, some) in enumerate(zip(starts, turned, strict=True)):
            axes = sheet.panel(start, top, wide - 0.15, sheet.height - top - 0.5)
            axes.axhspan(-margin, margin, color=BAND, linewidth=0, zorder=0)
            weeks, lines = [one.window for one in some], np.array([one.changes for one in some])
            for word, line in zip(dependence.words_of(lines[-1], margin), lines.T, strict=True):
                axes.plot(weeks, line, color=COLOURS[word], linewidth=0.9 if lines.shape[1] <= 50 else 0.35, zorder=3)
            _ticks(axes, limit, "y")
            axes.set(ylim=(1.05 * max(low, -limit), 1.05 * min(high, limit)), xticks=weeks)
            axes.tick_params(labelleft=not place and not sheet.back, labelright=not place and sheet.back)
        sheet.write(say("figure-soon.key", **first[0].values | {"margin": _margin(first[0])}), 0.0, 2.15, size=SMALL)
        about = [say("figure-soon.alt", **tally(some)) for some in turned]
        return sheet.picture("soon", " ".join([f"{sheet.title}.", *map(capital, about)]), study)
