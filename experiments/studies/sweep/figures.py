"""The figures of a sweep: the switch along a factor or over two, policies, what undoes the switch, and time paths."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.transforms import offset_copy

from experiments import text
from experiments.figures import marks, pick
from experiments.figures.captions import caption, folded, title
from experiments.figures.effects import strips
from experiments.figures.paths import AFTER, BEFORE, banded, differences
from experiments.figures.paths import found_in as paths_findings
from experiments.figures.pick import About
from experiments.findings import VERDICTS, Finding, findings, rounded_up, say, where
from experiments.stats.contrasts import JUDGED_BY
from experiments.stats.estimates import INCONCLUSIVE, MOST, NEGLIGIBLE, shortage_of
from experiments.stats.trends import is_numeric
from experiments.studies.sweep.report import changes_of
from experiments.study import tables as of_plan
from experiments.study.parameter_sampling import declaration
from experiments.study.reporting import Plan, Tables
from experiments.study.runner import word_of
from sim.plots.arms import DOTTED
from sim.plots.layout import DARK, GREY, Drawing, Drawn, Sheet
from sim.plots.panels import plain, scale
from sim.scenario import Scenario

_OWN = ("arm", "policy", "intensity")
_PANELS = 12
_NUMBERS = 72  # squares of a map that have a number
_DOTS = 3_000
_TICKS = 8  # levels that are all written on an axis
_LOG = 50.0  # ratio of levels from which an axis is logarithmic
_LETTERS = 110  # of a clause of a title
_NARROW = 0.4  # of the mean step: a narrower one has no room in a map

type Place = dict[str, Any]
"""Levels of factors."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep varies.

    Attributes:
        levels: of each factor that has several, as tables have them, in the order of the plan; without arm, policy and
            intensity.
        base: the arm, policy that others are compared with.
        about: the study.
        names: each factor in words, and with its unit; one that is missing by the words of its parameter.
    """

    levels: Mapping[str, Sequence[Any]]
    base: Mapping[str, Any]
    about: About
    names: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: Plan) -> "Swept":
        """Return what a plan varies."""
        levels = {name: list(dict.fromkeys(cell.levels.get(name) for cell in plan.cells)) for name in plan.factors}
        varied = {
            name: some for name, some in levels.items() if name not in _OWN and len(some) > 1 and None not in some
        }
        found: dict[str, Sequence[Any]] = {
            name: np.sort(np.array(some, dtype=float)).tolist() if is_numeric(some) else [*map(word_of, some)]
            for name, some in varied.items()
        }
        base = of_plan.reference(plan)
        policies = levels.get("policy", [base["policy"]])
        base |= {"policy": base["policy"] if base["policy"] in policies else policies[0]}
        days = {cell.scenario.switch_day for cell in plan.cells}
        names = {name: _names(name, plan.cells[0].scenario) for name in found}
        return cls(found, base, replace(About.of(plan), varies=len(days) > 1), names)

    def name(self, factor: str) -> str:
        """Return a factor in a sentence: the share of donors who stop giving."""
        return self.names.get(factor, [text.parameter(factor)])[0]

    def label(self, factor: str) -> str:
        """Return a factor at an axis, with its unit: Share of donors who stop giving (0 to 1)."""
        words, unit = self.names.get(factor, (text.parameter(factor), ""))
        return folded(text.capital(words.removeprefix("the ")) + (f" ({unit})" if unit else ""), 70)

    def words(self, place: Place) -> str:
        """Return levels of factors in a title: the share of donors who stop giving at 0.8."""
        numbers = [name for name, levels in self.levels.items() if name in place and is_numeric(levels)]
        words = [say("sweep-figure.at", name=self.name(one), level=text.word(place[one])) for one in numbers]
        rest = {name: level for name, level in place.items() if name not in numbers}
        return text.listed([*words, *([_place(rest)] if rest else [])])

    def key(self, factors: Sequence[str]) -> str:
        """Return what the short names of numbers above panels stand for; empty if there is none."""
        numbers = [name for name in factors if is_numeric(self.levels[name])]
        names = [say("sweep-figure.short", short=one.rpartition(".")[2], name=self.name(one)) for one in numbers]
        return say("sweep-figure.key", names=text.listed(names)) if names else ""

    def axes(self) -> list[str]:
        """Return the factors, those of numbers first, then those with most levels."""
        return sorted(self.levels, key=lambda name: (not is_numeric(self.levels[name]), -len(self.levels[name])))

    def places(self, rows: pd.DataFrame, names: Sequence[str]) -> list[dict[str, Any]]:
        """Return the combinations of levels of some factors that rows have, evenly chosen if they are many."""
        every = self.every_place(rows, names)
        chosen = np.linspace(0, len(every) - 1, min(len(every), _PANELS)).round().astype(int)
        return [every[place] for place in chosen]

    def every_place(self, rows: pd.DataFrame, names: Sequence[str]) -> list[dict[str, Any]]:
        """Return the combinations of levels of some factors that rows have, in the order of the levels."""
        order = {name: {level: place for place, level in enumerate(self.levels[name])} for name in names}
        there = rows[[*names]].drop_duplicates().to_dict("records") if names else [{}][: len(rows)]
        found = [{str(name): level for name, level in one.items()} for one in there]
        return sorted(found, key=lambda one: [order[name].get(one[name], 0) for name in names])


def figures(plan: Plan, tables: Tables) -> dict[str, Drawing]:
    """Return each figure by the stem of its file."""
    swept, runs = Swept.of(plan), tables["runs"]
    rows = where(pick.centred(pick.grouped(tables["effects"])), outcome=JUDGED_BY)
    switch = where(rows, contrast="switch", policy=swept.base["policy"])
    changes = changes_of(plan, runs)
    made: dict[str, Drawing] = {
        "1_switch": partial(along, switch, changes, tables.get("trends", pd.DataFrame()), swept)
    }
    if switch.empty and swept.levels:
        made = {"1_attacks": partial(levels, where(runs, arm=swept.base["arm"], policy=swept.base["policy"]), swept)}
    for place, contrast in enumerate(("policy", "interaction"), 2):
        made[f"{place}_{contrast}"] = partial(policies, where(rows, contrast=contrast), switch, swept)
    return made | {"4_paths": partial(paths, _dated(plan, tables.get("weekly", pd.DataFrame())), swept)}


def _dated(plan: Plan, weekly: pd.DataFrame) -> pd.DataFrame:
    """Rows with the day of the switch of their own run."""
    if weekly.empty:
        return weekly
    days = {run.id: plan.cells[run.cell].scenario.switch_day for run in plan.runs()}
    return weekly.assign(switch=weekly["run"].map(days))


def _names(name: str, scenario: Scenario) -> tuple[str, str]:
    """A factor in words, and its unit; of the size of a shock by the type of the shock."""
    section, _, rest = name.partition(".")
    shock = scenario.shocks.get(rest.removesuffix(".size")) if section == "shocks" else None
    if shock and rest.endswith(".size"):
        about = {"type": shock.type, "shock": text.named(rest.removesuffix(".size"))}
        return say("sweep-size", **about), say("sweep-size.unit", **about)
    row = (declaration(name) or [None])[0]
    kind = row.unit if row else ""
    bounded = row is not None and (row.low, row.high) == ("0", "1")
    return text.parameter(name), say("sweep-figure.unit", unit=kind) if bounded and kind else kind


def _word(name: str, level: Any) -> str:
    """A level at a tick or above a panel."""
    if isinstance(level, str):
        known = {"profile": text.heading, "group": text.heading}
        return folded(known.get(name, str)(level), 26)
    return text.word(level)


def _place(levels: Mapping[str, Any]) -> str:
    """Levels of several factors in words: money 0.1, the large group."""
    last = [name.rpartition(".")[2] for name in levels]
    words = []
    for name, short in zip(levels, last, strict=True):
        number = not isinstance(levels[name], str)
        word = text.group(str(levels[name])) if name in ("profile", "group") else text.word(levels[name])
        word = text.short(levels[name]) if number and len(word) > 6 else word
        named = number or word in ("true", "false")
        words.append(f"{short if last.count(short) == 1 else name} {word}" if named else word)
    return ", ".join(words)


def _heading(levels: Mapping[str, Any], panels: int, *before: str) -> str:
    """Levels above a panel, folded to its width."""
    words = ", ".join(filter(None, [*before, _place(levels).removeprefix("the ")]))
    return folded(text.capital(words), 70 // min(3, panels))


def _title(found: Sequence[Finding], places: Sequence[Place], what: str, swept: Swept) -> str:
    """Return from which level of a number on effects have a sign, and which numbers hardly matter.

    Where that is no matter of one number: how many effects have each verdict, and where the largest is.
    """
    if found and all(one.shortage for one in found):
        return title(found[:1])
    turns = {verdict: _turn(found, places, verdict, swept) for verdict in pick.SHOWN}
    clauses = []
    for verdict in VERDICTS:
        some = [(one, place) for one, place in zip(found, places, strict=True) if one.verdict == verdict]
        if some and (turn := turns.get(verdict)):
            clauses.append(say("sweep-figure.turn", **some[0][0].values | turn | {"what": what}))
        elif some and not (any(turns.values()) and verdict in (NEGLIGIBLE, INCONCLUSIVE)):
            clauses.append(_counted(some, len(found), what, swept))
    if what == "switch" and not any(turn and turn["range"] == "yes" for turn in turns.values()):
        clauses.append(_flat(found, places, {str(turn["factor"]) for turn in turns.values() if turn}, swept))
    return text.capital("; ".join(filter(None, clauses))) or say("sweep-figure.empty")


def _counted(some: Sequence[tuple[Finding, Place]], of: int, what: str, swept: Swept) -> str:
    """Return how many effects have a verdict, and where the largest is if that is no long name."""
    most, place = max(some, key=lambda one: abs(np.nan_to_num(one[0].median)))
    about = most.values | {"count": len(some), "of": of, "what": what, "every": "yes" if len(some) == of else "no"}
    policy = [text.policy(most.policy)] if what in ("policy", "interaction") else []
    named = text.listed([*policy, *filter(None, [swept.words(place)])]) or "none"
    words = [say("sweep-figure.title", **about, place=one) for one in (named, "none")]
    return words[0] if len(words[0]) <= _LETTERS else words[1]


def _lines_along[One](found: Sequence[Finding], places: Sequence[Place], name: str, of: Sequence[One]) -> list[Any]:
    """Return for each place of all else the levels of a number, ascending, each with what it has there."""
    lines: dict[Any, list[tuple[float, One]]] = {}
    for one, place, value in zip(found, places, of, strict=True):
        rest = tuple(level for other, level in place.items() if other != name)
        lines.setdefault((one.arm, one.policy, rest), []).append((place[name], value))
    return [sorted(line, key=lambda pair: pair[0]) for line in lines.values()]


def _turn(found: Sequence[Finding], places: Sequence[Place], verdict: str, swept: Swept) -> dict[str, Any] | None:
    """Return the number, and its level, from which on a verdict holds wherever all else is; None if there is none.

    Of several numbers that of which the level varies least with all else.
    """
    turns = []
    for name in _numbers(places, swept):
        lines = _lines_along(found, places, name, [one.verdict == verdict for one in found])
        for side, way in (("more", 1), ("less", -1)):
            firsts = [first for line in lines if (first := _first(line[::way])) is not None]
            if len(firsts) == len(lines) and not all(all(holds for _, holds in line) for line in lines):
                others = [one for one in swept.axes() if one != name]
                if all(_is_flat(found, places, one) for one in others):  # what differs is noise
                    firsts = [way * max(way * first for first in firsts)]
                ends = {end: text.word(of(firsts)) for end, of in (("low", min), ("high", max))}
                on = swept.name(others[0]) if len(others) == 1 and len({*firsts}) > 1 else "none"
                about = {"factor": name, "name": swept.name(name), "side": side, "on": on, **ends}
                turns.append((len({*firsts}), about | {"range": "no" if len({*firsts}) == 1 else "yes"}))
    return min(turns, key=lambda turn: turn[0])[1] if turns else None


def _first(line: Sequence[tuple[float, bool]]) -> float | None:
    """Return the level from which on something holds; None if it holds nowhere, or comes and goes."""
    flags = [holds for _, holds in line]
    return line[flags.index(True)][0] if any(flags) and flags == sorted(flags) else None


def _flat(found: Sequence[Finding], places: Sequence[Place], turning: set[str], swept: Swept) -> str:
    """Return the numbers along which effects change by no more than the margin; empty if there are none."""
    if all(one.verdict == INCONCLUSIVE for one in found) or all(one.verdict == NEGLIGIBLE for one in found):
        return ""
    flat = (one for one in _numbers(places, swept) if one not in turning and _is_flat(found, places, one))
    names = [swept.name(one) for one in flat]
    return say("sweep-figure.flat", names=text.listed(names), count=len(names)) if names else ""


def _is_flat(found: Sequence[Finding], places: Sequence[Place], name: str) -> bool:
    """Return whether effects change by no more than the margin along a number, wherever all else is."""
    if not all(isinstance(place.get(name), int | float) for place in places):
        return False
    lines = _lines_along(found, places, name, [one.median for one in found])
    return min(map(len, lines)) > 1 and max(np.ptp([value for _, value in line]) for line in lines) <= found[0].margin


def _numbers(places: Sequence[Place], swept: Swept) -> list[str]:
    """The factors of numbers by which some places differ."""
    return [name for name in swept.axes() if is_numeric(swept.levels[name]) and places and name in places[0]]


def _found(rows: pd.DataFrame, names: Sequence[str], **more: Any) -> tuple[list[Finding], list[Place]]:
    """Return a finding for each effect, and its place."""
    return findings("plot-sweep", rows, **more), [
        {name: row[name] for name in names} for row in rows.to_dict("records")
    ]


def _crossing(trends: pd.DataFrame, names: Sequence[str]) -> str:
    """Return where the switch effect crosses zero along its factor; empty if it does not."""
    rows = where(trends, contrast="switch", crossing="crosses", factor=names[0]) if names else pd.DataFrame()
    if rows.empty:
        return ""
    row = rows.iloc[0]
    return say(
        "sweep-figure.crossing",
        **{name: text.short(row[f"zero_{name}"]) for name in ("low", "high")},
        zero=text.short(row["zero"]),
    )


def along(rows: pd.DataFrame, changes: pd.DataFrame, trends: pd.DataFrame, swept: Swept, sheet: Sheet) -> Drawn | None:
    """Draw the switch effect: along one factor of numbers as lines, of words as dots, over two or more as a map."""
    if rows.empty:
        return None
    names = swept.axes()
    if len(names) > 1:
        return _map(rows, names, swept, sheet)
    words = "; ".join(filter(None, [_title(*_found(rows, names), "switch", swept), _crossing(trends, names)]))
    series = marks.by_arm(pick.arms_of(rows, pick.ARMS[1:]))
    if names and is_numeric(swept.levels[names[0]]):
        dots = where(changes, contrast="switch", policy=swept.base["policy"])
        return _lines(rows, dots, names[0], series, words, swept, sheet)
    levels = swept.levels[names[0]] if names else [""]
    rows = rows.assign(place=rows[names[0]].map(list(levels).index) if names else 0)
    lines = [_word(names[0], level) for level in levels] if names else [say("sweep-figure.switch")]
    panels = [(swept.label(names[0]) if names else "", rows)]
    return strips("plot-sweep", words, rows, panels, lines, series, swept.about, sheet, 1, _settled(rows))


def _lines(
    rows: pd.DataFrame, dots: pd.DataFrame, name: str, series: marks.Series, words: str, swept: Swept, sheet: Sheet
) -> Drawn:
    """Draw effects along numbers: line, band of the interval, a marker by verdict, and a dot a draw."""
    margin = pick.margin_of(rows, swept.about)
    dots = dots.groupby(["arm", name, "draw"], as_index=False)["change"].mean()
    dots = dots.iloc[:: -(-len(dots) // _DOTS)] if len(dots) else dots

    def panel(axes: Axes, _: str) -> None:
        marks.relevance(axes, margin, upright=True)
        for arm, colour in series.colour.items():
            line, some = where(rows, arm=arm).sort_values(name), where(dots, arm=arm)
            axes.fill_between(line[name], line["low"], line["high"], color=colour, alpha=0.18, linewidth=0, zorder=2)
            axes.plot(line[name], line["centre"], color=colour, linewidth=1.3, zorder=4)
            axes.scatter(some[name], some["change"], s=5, color=colour, alpha=0.3, linewidths=0, zorder=3)
            for row in line.to_dict("records"):
                how = marks.look(str(row["verdict"]), colour, series.marker[arm])
                axes.plot([row[name]], [row["centre"]], gid=str(row["id"]), **how)
        _number_axis(axes, swept.levels[name])
        seen = dots["change"].quantile([0.01, 0.99]).tolist() if len(dots) else []
        scale(axes, "y", [*rows[["centre", "low", "high"]].to_numpy().ravel(), *seen, margin, -margin], plain, 2.6)
        axes.set_title("")

    return sheet.small_multiples(
        [""],
        panel,
        title=words,
        caption=_joined(
            caption("plot-sweep", rows, swept.about, shape="band"), say("sweep-figure.dots"), _settled(rows)
        ),
        legends=[series.legend(), marks.legend_of_verdicts(rows)],
        height=3.0,
        below=swept.label(name),
        ylabel=say("sweep-figure.axis"),
    )


def _number_axis(axes: Axes, levels: Sequence[float]) -> None:
    """Scale the x-axis to levels, and write all of them if they are few and apart."""
    low, high = min(levels), max(levels)
    if low > 0 and high / low >= _LOG:
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    elif high > low:
        axes.set_xlim(low - 0.03 * (high - low), high + 0.03 * (high - low))
    along = np.log(levels) if axes.get_xscale() == "log" else np.array(levels, dtype=float)
    near = len(levels) > 1 and np.diff(along).min() < 0.06 * np.ptp(along)
    if len(levels) <= _TICKS and not near:
        axes.minorticks_off()
        axes.set_xticks(list(levels), [text.word(level) for level in levels])


def _map(rows: pd.DataFrame, names: Sequence[str], swept: Swept, sheet: Sheet) -> Drawn:
    """Draw effects over two factors in colour, with a mark by verdict; a panel an arm and place of other factors."""
    x, y, *others = names
    arms = pick.arms_of(rows, pick.ARMS[1:])
    keys = [(arm, one) for one in swept.places(rows, others) for arm in arms]
    most = max(float(np.nanmax(rows["centre"].abs())), pick.margin_of(rows, swept.about))  # what is negligible is pale
    look: dict[str, Any] = {"cmap": sns.color_palette("vlag", as_cmap=True), "norm": Normalize(-most, most)}
    grid = 2 * len(rows) >= len(arms) * len(swept.places(rows, others)) * len(swept.levels[x]) * len(swept.levels[y])

    def panel(axes: Axes, key: tuple[str, dict[str, Any]]) -> None:
        here = where(rows, key[1], arm=key[0])
        axes.set_title(_heading(key[1], len(keys), text.short_arm(key[0]) if len(arms) > 1 else ""))
        (_squares if grid else _points)(axes, here, (x, y), swept, look, len(keys))

    figure, words = sheet.small_multiples(
        keys,
        panel,
        title=_title(*_found(rows, names), "switch", swept),
        caption=_joined(
            caption("plot-sweep", rows, swept.about, shape="none"),
            "" if not grid or all(_in_proportion(swept.levels[name]) for name in (x, y)) else say("sweep-figure.even"),
            _settled(rows),
            swept.key(others),
            _left_out(rows, others, swept),
        ),
        legends=[marks.legend_of_verdicts(rows, band=False)],
        height=min(6.0, max(1.7, 0.9 + 0.3 * len(swept.levels[y]))) if grid else 3.0,
        columns=min(3, len(keys)) if len(swept.levels[x]) < 9 else 1,
        below=swept.label(x),
        ylabel=textwrap.fill(swept.label(y), 24),
    )
    shown = figure.colorbar(figure.axes[0].collections[0], ax=figure.axes, aspect=30, pad=0.02)
    shown.set_label(say("sweep-figure.axis"))
    shown.ax.yaxis.set_major_formatter(lambda value, _: plain(value))
    return figure, words


def _squares(
    axes: Axes, rows: pd.DataFrame, names: tuple[str, str], swept: Swept, look: dict[str, Any], panels: int
) -> None:
    """Draw a square for each pair of levels, with its number where there is room."""
    across, up = (list(swept.levels[name]) for name in names)
    up = up if is_numeric(up) else up[::-1]  # numbers grow upwards, words are read downwards
    table = rows.pivot_table(index=names[1], columns=names[0], values="centre", observed=True)
    table = table.reindex(index=up, columns=across)
    (at_x, edges_x), (at_y, edges_y) = (_squared(levels) for levels in (across, up))
    axes.pcolormesh(edges_x, edges_y, np.ma.masked_invalid(table), linewidth=0.6, edgecolor="white", **look)
    numbers = panels == 1 and table.size <= _NUMBERS and len(across) <= 12
    below, above = (
        offset_copy(axes.transData, axes.get_figure(root=True), 0, points * numbers, "points") for points in (-5, 3)
    )
    for row in rows.to_dict("records"):
        place = at_x[across.index(row[names[0]])], at_y[up.index(row[names[1]])]
        how = marks.look(str(row["verdict"]), DARK, size=4.0)
        axes.plot([place[0]], [place[1]], gid=str(row["id"]), transform=below, **how)
        if numbers:
            shade = "white" if abs(row["centre"]) > 0.6 * look["norm"].vmax else DARK
            words = text.number(row["centre"], 2, sign=True)
            axes.text(*place, words, ha="center", va="center", fontsize=7, color=shade, transform=above)
    turned = not is_numeric(across) and len(across) > 4
    heads = [_word(names[0], level) for level in across]
    how = {"rotation": 30, "ha": "right"} if turned else {"rotation": 0}
    axes.set_xticks(at_x, heads, **how)
    axes.set_yticks(at_y, [_word(names[1], level) for level in up], rotation=0)
    axes.set(xlabel="", ylabel="", xlim=(edges_x[0], edges_x[-1]), ylim=(edges_y[0], edges_y[-1]))
    axes.minorticks_off()
    axes.grid(visible=False)


def _in_proportion(levels: Sequence[Any]) -> bool:
    """Return whether squares can be as far apart as their levels; words have no distance."""
    steps = np.diff(levels) if is_numeric(levels) else np.ones(1)
    return bool(steps.min(initial=np.inf) >= _NARROW * steps.mean()) if len(steps) else True


def _squared(levels: Sequence[Any]) -> tuple[Sequence[float], Sequence[float]]:
    """Return where levels are in a map, and the edges of their squares, midway between them."""
    proper = is_numeric(levels) and _in_proportion(levels) and len(levels) > 1
    places = np.array(levels if proper else range(len(levels)), dtype=float)
    steps = np.diff(places) if len(places) > 1 else np.ones(1)
    ends = [places[0] - steps[0] / 2], [places[-1] + steps[-1] / 2]
    return places.tolist(), np.concatenate([ends[0], (places[1:] + places[:-1]) / 2, ends[1]]).tolist()


def _points(
    axes: Axes, rows: pd.DataFrame, names: tuple[str, str], swept: Swept, look: dict[str, Any], panels: int
) -> None:
    """Draw a point for each pair of levels that is there, where these make no grid."""
    axes.scatter(rows[names[0]], rows[names[1]], c=rows["centre"], s=42, edgecolors="#bbbbbb", linewidths=0.4, **look)
    for row in rows.to_dict("records"):
        how = marks.look(str(row["verdict"]), DARK, size=3.0)
        axes.plot([row[names[0]]], [row[names[1]]], gid=str(row["id"]), **how)
    _number_axis(axes, swept.levels[names[0]])


def _left_out(rows: pd.DataFrame, others: Sequence[str], swept: Swept, file: str = "effects.csv") -> str:
    """Return how many panels are left out, and the file that has them; empty if none is."""
    every, shown = (len(some(rows, others)) for some in (swept.every_place, swept.places))
    return say("sweep-figure.more", shown=shown, every=every, file=file) if every > shown else ""


def _settled(rows: pd.DataFrame) -> str:
    """Return how many replications would settle most of the effects that are inconclusive; empty if none is."""
    some = rows[rows["verdict"] == INCONCLUSIVE]
    some = some[[not shortage_of(row) for row in some.to_dict("records")]] if "runs_needed" in some else some.iloc[:0]
    if some.empty:
        return ""
    needed = float(sorted(some["runs_needed"].fillna(np.inf))[len(some) // 2])
    runs = f"{rounded_up(needed):,.0f}" if np.isfinite(needed) else "none"
    return say("sweep-figure.settled", runs=runs, count=len(some), most=MOST)


def _joined(*sentences: str) -> str:
    """The sentences of a caption that there are."""
    return " ".join(filter(None, sentences))


def policies(rows: pd.DataFrame, switch: pd.DataFrame, swept: Swept, sheet: Sheet) -> Drawn | None:
    """Draw policies as dots, or their change of the switch effect; a panel a place of what else varies.

    ``switch`` has the switch effects without policies.
    """
    if rows.empty:
        return None
    strong = rows["intensity"].nunique() > 1
    named = [(policy, part) for policy, part in zip(rows["policy"], rows["intensity"], strict=True)]
    order = rows.assign(key=named).groupby("key")["centre"].mean().sort_values(kind="stable").index
    order = sorted(order, key=lambda key: [one[0] for one in order].index(key[0])) if strong else list(order)
    rows = rows.assign(place=[order.index(key) for key in named])
    names = [text.policy_heading(policy) + (f" ({text.share(part)})" if strong else "") for policy, part in order]
    factors = swept.axes()
    places = swept.places(rows, factors)
    panels = [(_heading(one, len(places)), where(rows, one)) for one in places]
    contrast = str(rows["contrast"].iloc[0])
    words = _title_of_policies(rows, switch, contrast, factors, swept)
    arms = pick.in_order(rows["arm"], pick.ARMS)
    more = _joined(_settled(rows), swept.key(factors), _left_out(rows, factors, swept))
    return strips(f"sweep-{contrast}", words, rows, panels, names, marks.by_arm(arms), swept.about, sheet, 3, more)


def _title_of_policies(
    rows: pd.DataFrame, switch: pd.DataFrame, contrast: str, factors: Sequence[str], swept: Swept
) -> str:
    """Return which policies move attacks, or the switch effect, in which direction, and by how much at most."""
    unit = {"unit": "points"} if contrast == "interaction" else {}
    found, places = _found(rows, factors, **unit)
    base = {(one.arm, *place.values()): one for one, place in zip(*_found(switch, factors), strict=True)}
    by_move: dict[str, list[Finding]] = {}
    for one, place in zip(found, places, strict=True):
        if one.verdict in pick.SHOWN:
            move = one.verdict if contrast == "policy" else _moved(one, base.get((one.arm, *place.values())))
            by_move.setdefault(move, []).append(one)
    clauses = []
    for move, some in sorted(by_move.items()):
        some = sorted(some, key=lambda one: -abs(one.median))
        names = list(dict.fromkeys(text.policy(one.policy) for one in some))
        about = {"move": move, "size": some[0].values["size"], "several": "yes" if len(some) > 1 else "no"}
        words = [say("sweep-figure.policies", **about, policies=text.listed_to(names, most)) for most in (3, 2, 1)]
        clauses.append(next((one for one in words if len(one) <= _LETTERS), words[-1]))
    return text.capital("; ".join(clauses)) or _title(found, places, contrast, swept)


def _moved(one: Finding, switch: Finding | None) -> str:
    """Return whether a policy makes what the switch does more or less; without a shown effect its sign."""
    if switch is None or switch.verdict not in pick.SHOWN:
        return f"leaves-{'more' if one.median > 0.0 else 'fewer'}"
    return f"{switch.verdict}-{'more' if one.verdict == switch.verdict else 'less'}"


def levels(runs: pd.DataFrame, swept: Swept, sheet: Sheet) -> Drawn | None:
    """Draw attacks a week at each level where nothing is compared: mean over runs, and its 95 % interval."""
    name, *others = swept.axes()
    runs = runs[runs["error"].isna()] if "error" in runs else runs
    by_place = runs.groupby([name, *others])[JUDGED_BY]
    rows = by_place.agg(["mean", "sem", "count"]).dropna(subset="mean").reset_index()
    if rows.empty:
        return None
    rows = rows.assign(half=1.96 * rows["sem"].fillna(0.0))
    numbers = is_numeric(swept.levels[name])

    def panel(axes: Axes, place: dict[str, Any]) -> None:
        here = where(rows, place)
        across = here[name] if numbers else here[name].map(list(swept.levels[name]).index)
        how: dict[str, Any] = {"color": DARK, "marker": "o", "markersize": 4, "linewidth": 1.2}
        axes.errorbar(across, here["mean"], yerr=here["half"], linestyle="-" if numbers else "none", **how)
        axes.set_title(_heading(place, len(keys)))
        if numbers:
            _number_axis(axes, swept.levels[name])
        else:
            words = [_word(name, level) for level in swept.levels[name]]
            axes.set_xticks(range(len(words)), words, rotation=30, ha="right")

    keys = swept.places(rows, others)
    ends = rows.loc[[rows["mean"].idxmin(), rows["mean"].idxmax()]].to_dict("records")
    about = {
        end: {"place": _place({one: row[one] for one in (name, *others)}), "rate": text.short(row["mean"])}
        for end, row in zip(("least", "most"), ends, strict=True)
    }
    values = {f"{end}-{key}": value for end, one in about.items() for key, value in one.items()}
    return sheet.small_multiples(
        keys,
        panel,
        title=say("sweep-levels.title", **values),
        caption=_joined(
            say("sweep-levels.caption", weeks=swept.about.window, runs=text.short(float(rows["count"].max()))),
            swept.key(others),
            _left_out(rows, others, swept, "cells.csv"),
        ),
        height=2.6,
        below=swept.label(name),
        ylabel=say("sweep-levels.axis"),
    )


def paths(weekly: pd.DataFrame, swept: Swept, sheet: Sheet) -> Drawn | None:
    """Draw attack capacity by week with and without the switch, a panel a place of what varies, in the status quo."""
    if weekly.empty or weekly["capacity"].isna().all():
        return None
    rows = where(weekly, policy=swept.base["policy"])
    factors = swept.axes()
    keys = swept.places(rows, factors)
    if not keys:
        return None
    after = (pd.to_datetime(rows["date"]) - pd.to_datetime(rows["switch"])).dt.days / 7.0
    near = after.between(-BEFORE, AFTER)
    rows = rows.assign(after=after)[near] if near.any() else rows.assign(after=after)
    arms = pick.in_order(rows["arm"], pick.ARMS)
    colour = {arm: GREY if arm == swept.base["arm"] else shade for arm, shade in marks.by_arm(arms).colour.items()}
    series = marks.by_arm(arms)._replace(colour=colour, marker=dict.fromkeys(arms, ""))

    def panel(axes: Axes, place: dict[str, Any]) -> None:
        here, drawn = where(rows, place), []
        for arm in arms:
            band = banded(_by_draw(where(here, arm=arm)), "capacity")
            axes.fill_between(band["after"], band["low"], band["high"], color=colour[arm], alpha=0.15, linewidth=0)
            axes.plot(band["after"], band["mean"], color=colour[arm], linewidth=1.3, gid=arm)
            drawn += [*band[["mean", "low", "high"]].to_numpy().ravel()]
        axes.axvline(0, linewidth=1.0, zorder=6, **DOTTED)
        axes.set_title(_heading(place, len(keys)))
        least, most = float(np.nanmin(drawn)), float(np.nanmax(drawn))
        room = 0.15 * (most - least) or 0.05 * most or 1.0
        axes.set_ylim(max(0.0, least - room), most + room)
        axes.grid(visible=False, axis="x")

    return sheet.small_multiples(
        keys,
        panel,
        title=_title_of_paths(rows, keys, swept) if len(arms) > 1 else say("sweep-paths.alone"),
        caption=_joined(
            say("sweep-paths.caption", day=swept.about.day, runs=rows["replication"].nunique()),
            swept.key(factors),
            _left_out(rows, factors, swept, "weekly.parquet"),
        ),
        legends=[series.legend()],
        height=2.6 if len(keys) < 4 else 1.7,
        share="x",
        below=say("plot-paths.axis"),
        beside=say("sweep-paths.axis"),
    )


def _by_draw(rows: pd.DataFrame) -> pd.DataFrame:
    """Means over the replications of a draw by week; of held parameters a draw is a replication."""
    draw = rows["draw"] if rows["draw"].nunique() > 1 else rows["replication"]
    return rows.assign(draw=draw).groupby(["draw", "after"], as_index=False)["capacity"].mean()


def _title_of_paths(rows: pd.DataFrame, keys: Sequence[dict[str, Any]], swept: Swept) -> str:
    """Return at how many places capacity leaves the run without the switch, and where most."""
    found: list[Finding] = []
    places: list[Place] = []
    for place in keys:
        here = where(rows, place).drop(columns=[*swept.levels, "policy", "intensity", "profile"], errors="ignore")
        about = replace(swept.about, levels={}, switch=here["switch"].iloc[0])
        changes = differences(here, about)
        some = paths_findings(changes, about) if len(changes) else []
        found += some
        places += [place] * len(some)
    return _title(found, places, "paths", swept)
