"""The figures of a sweep: the switch along a factor or over two, policies, what undoes the switch, and time paths."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import Normalize

from experiments import text
from experiments.figures import marks, pick
from experiments.figures.captions import caption, folded, title
from experiments.figures.effects import strips
from experiments.figures.paths import AFTER, BEFORE, banded, differences
from experiments.figures.paths import found_in as paths_findings
from experiments.figures.pick import About
from experiments.findings import VERDICTS, Finding, findings, say, where
from experiments.stats.contrasts import JUDGED_BY
from experiments.stats.trends import is_numeric
from experiments.studies.sweep.report import changes_of
from experiments.study import tables as of_plan
from experiments.study.reporting import Plan, Tables
from experiments.study.runner import word_of
from sim.plots.arms import DOTTED
from sim.plots.layout import DARK, GREY, Drawing, Drawn, Sheet
from sim.plots.panels import plain, scale

_OWN = ("arm", "policy", "intensity")
_PANELS = 12
_NUMBERS = 72  # squares of a map that have a number
_DOTS = 3_000
_TICKS = 8  # levels that are all written on an axis
_LOG = 50.0  # ratio of levels from which an axis is logarithmic


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep varies.

    Attributes:
        levels: of each factor that has several, as tables have them, in the order of the plan; without arm, policy and
            intensity.
        base: the arm, policy that others are compared with.
        about: the study.
    """

    levels: Mapping[str, Sequence[Any]]
    base: Mapping[str, Any]
    about: About

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
        return cls(found, base, replace(About.of(plan), varies=len(days) > 1))

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
        made = {"1_attacks": partial(levels, runs, swept)}
    for place, contrast in enumerate(("policy", "interaction"), 2):
        made[f"{place}_{contrast}"] = partial(policies, where(rows, contrast=contrast), swept)
    return made | {"4_paths": partial(paths, _dated(plan, tables.get("weekly", pd.DataFrame())), swept)}


def _dated(plan: Plan, weekly: pd.DataFrame) -> pd.DataFrame:
    """Rows with the day of the switch of their own run."""
    if weekly.empty:
        return weekly
    days = {run.id: plan.cells[run.cell].scenario.switch_day for run in plan.runs()}
    return weekly.assign(switch=weekly["run"].map(days))


def _label(name: str) -> str:
    """A factor at an axis: what it is in words, or as it is typed."""
    words = text.parameter(name)
    return folded(text.capital(words.removeprefix("the ")), 60)


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


def _title(found: Sequence[Finding], places: Sequence[str], what: str) -> str:
    """Return how many effects have each verdict, and where the largest is."""
    if found and all(one.shortage for one in found):
        return title(found[:1])
    clauses = []
    for verdict in VERDICTS:
        some = [(one, place) for one, place in zip(found, places, strict=True) if one.verdict == verdict]
        if some:
            most, place = max(some, key=lambda one: abs(np.nan_to_num(one[0].median)))
            about = most.values | {"place": place or "none", "count": len(some), "of": len(found), "what": what}
            clauses.append(say("sweep-figure.title", **about))
    return text.capital("; ".join(clauses)) or say("sweep-figure.empty")


def _found(rows: pd.DataFrame, names: Sequence[str]) -> tuple[list[Finding], list[str]]:
    """Return a finding for each effect, and its place in words."""
    return findings("plot-sweep", rows), [
        _place({name: row[name] for name in names}) for row in rows.to_dict("records")
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
    words = "; ".join(filter(None, [_title(*_found(rows, names), "switch"), _crossing(trends, names)]))
    series = marks.by_arm(pick.arms_of(rows, pick.ARMS[1:]))
    if names and is_numeric(swept.levels[names[0]]):
        dots = where(changes, contrast="switch", policy=swept.base["policy"])
        return _lines(rows, dots, names[0], series, words, swept, sheet)
    levels = swept.levels[names[0]] if names else [""]
    rows = rows.assign(place=rows[names[0]].map(list(levels).index) if names else 0)
    lines = [_word(names[0], level) for level in levels] if names else [say("sweep-figure.switch")]
    panels = [(_label(names[0]) if names else "", rows)]
    return strips("plot-sweep", words, rows, panels, lines, series, swept.about, sheet, 1)


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
        caption=_joined(caption("plot-sweep", rows, swept.about), say("sweep-figure.dots")),
        legends=[series.legend(), marks.legend_of_verdicts(rows)],
        height=3.0,
        below=_label(name),
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
        title=_title(*_found(rows, names), "switch"),
        caption=_joined(caption("plot-sweep", rows, swept.about), _left_out(rows, others, swept)),
        legends=[marks.legend_of_verdicts(rows, band=False)],
        height=min(6.0, max(1.7, 0.9 + 0.3 * len(swept.levels[y]))) if grid else 3.0,
        columns=min(3, len(keys)) if len(swept.levels[x]) < 9 else 1,
        below=_label(x),
        ylabel=textwrap.fill(_label(y), 22),
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
    up = up[::-1] if is_numeric(up) else up  # numbers grow upwards
    table = rows.pivot_table(index=names[1], columns=names[0], values="centre", observed=True)
    table = table.reindex(index=up, columns=across)
    sns.heatmap(table, ax=axes, cbar=False, linewidths=0.6, linecolor="white", **look)
    numbers = panels == 1 and table.size <= _NUMBERS and len(across) <= 12
    for row in rows.to_dict("records"):
        place = across.index(row[names[0]]) + 0.5, up.index(row[names[1]]) + 0.5
        how = marks.look(str(row["verdict"]), DARK, size=4.0)
        axes.plot([place[0]], [place[1] + 0.22 * numbers], gid=str(row["id"]), **how)
        if numbers:
            shade = "white" if abs(row["centre"]) > 0.6 * look["norm"].vmax else DARK
            words = text.number(row["centre"], 2, sign=True)
            axes.text(place[0], place[1] - 0.12, words, ha="center", va="center", fontsize=7, color=shade)
    turned = not is_numeric(across) and len(across) > 4
    heads = [_word(names[0], level) for level in across]
    how = {"rotation": 30, "ha": "right"} if turned else {"rotation": 0}
    axes.set_xticks(np.arange(len(across)) + 0.5, heads, **how)
    axes.set_yticks(np.arange(len(up)) + 0.5, [_word(names[1], level) for level in up], rotation=0)
    axes.set(xlabel="", ylabel="")
    axes.grid(visible=False)


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


def _joined(*sentences: str) -> str:
    """The sentences of a caption that there are."""
    return " ".join(filter(None, sentences))


def policies(rows: pd.DataFrame, swept: Swept, sheet: Sheet) -> Drawn | None:
    """Draw policies as dots, or their change of the switch effect; a panel a place of what else varies."""
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
    kind = f"sweep-{rows['contrast'].iloc[0]}"
    found, words_of = _found(rows, factors)
    words_of = [
        ", ".join(filter(None, [text.policy(one.policy), place])) for one, place in zip(found, words_of, strict=True)
    ]
    words = _title(found, words_of, str(rows["contrast"].iloc[0]))
    arms = pick.in_order(rows["arm"], pick.ARMS)
    more = _left_out(rows, factors, swept)
    return strips(kind, words, rows, panels, names, marks.by_arm(arms), swept.about, sheet, 3, more)


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
            _left_out(rows, others, swept, "cells.csv"),
        ),
        height=2.6,
        below=_label(name),
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
    found, places = [], []
    for place in keys:
        here = where(rows, place).drop(columns=[*swept.levels, "policy", "intensity", "profile"], errors="ignore")
        about = replace(swept.about, levels={}, switch=here["switch"].iloc[0])
        changes = differences(here, about)
        some = paths_findings(changes, about) if len(changes) else []
        found += some
        places += [_place(place)] * len(some)
    return _title(found, places, "paths")
