"""How traceable is too traceable: the switch effect over the chance of a link and the share of donors that follow."""

import math

import numpy as np
import pandas as pd
import seaborn
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, QuadMesh
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from numpy.typing import NDArray

from experiments.figures.words import (
    EFFECT,
    NONE,
    STATUS_QUO,
    About,
    effect,
    folded,
    group_words,
    grouped,
    in_order,
    open_words,
    pairs,
    policy_words,
    sentence,
    share,
    within,
)
from sim.engine.text import listed, usd
from sim.plots.layout import DARK, PRINT
from sim.plots.panels import plain

_OUTCOMES = {"capacity": "attack capacity, %", "delivered": "delivered, USD/week", "seized": "seized, USD/week"}
_COLUMNS = 5
type Grid = NDArray[np.float64]


def rows_of(table: pd.DataFrame, profile: str) -> pd.DataFrame:
    """Rows of one group, with a mean."""
    if table.empty or not {"link", "follow"} <= set(table):
        return table.iloc[:0]
    rows = grouped(table)
    rows = rows[(rows["profile"] == profile) & rows["mean"].notna()]
    return rows.drop_duplicates(["policy", "outcome", "link", "follow"])


def title_of_surface(rows: pd.DataFrame, thresholds: pd.DataFrame, profile: str) -> str:
    """Where "cannot be traced" begins to matter to capacity, where else, and how many must follow."""
    outcome = in_order(rows["outcome"], _OUTCOMES)[0]
    rows = rows[rows["outcome"] == outcome]
    policies = in_order(rows["policy"], [STATUS_QUO])
    base = rows[rows["policy"] == policies[0]]
    clauses = [_clause(base, outcome, group_words(profile))]
    others: dict[str, list[str]] = {}
    for policy in policies[1:]:
        where = _where(rows[rows["policy"] == policy])
        others.setdefault(where, []).append(within(policy_words(policy)))
    same = _where(base)
    alike = [f"{'likewise' if where == same else where} with {listed(names)}" for where, names in others.items()]
    clauses.append(", ".join(sorted(alike, key=lambda words: not words.startswith("likewise"))))
    return sentence([*(clauses if len(policies) <= 4 else clauses[:1]), _must_follow(thresholds, policies[0])])


def _must_follow(thresholds: pd.DataFrame, policy: str) -> str:
    """The share that must follow, in closed form, at the least and at the most traceable."""
    if thresholds.empty:
        return ""
    rows = thresholds[(thresholds["policy"] == policy) & thresholds["threshold"].notna()].sort_values("link")
    if rows.empty:
        return ""
    needs = [f"{float(one):.0%} of donors" if one <= 1.0 else "more than all donors" for one in rows["threshold"]]
    if needs[0] == needs[-1]:
        return f"by closed form {needs[0]} must follow for as much money to arrive"
    ends = [share(float(one)) for one in rows["link"].iloc[[0, -1]]]
    return (
        f"by closed form {needs[0]} must follow for as much money if {ends[0]} are linked, {needs[-1]} if {ends[1]} are"
    )


def _where(rows: pd.DataFrame) -> str:
    """Where an effect that raises begins, or what is found instead, in a few words."""
    first = begins(rows)
    if first is not None:
        return f"where {share(float(first['link']))} or fewer are"
    if (rows["verdict"] == NONE).all():
        return "practically none"
    return "nowhere raised" if (rows["verdict"] == EFFECT).any() else open_words(rows)


def begins(rows: pd.DataFrame) -> "pd.Series[float] | None":
    """The cell where an effect that raises begins: the highest link with one, there the fewest that follow."""
    raised = rows[(rows["verdict"] == EFFECT) & (rows["mean"] > 0)]
    return None if raised.empty else raised.sort_values(["link", "follow"], ascending=[False, True]).iloc[0]


def _clause(rows: pd.DataFrame, outcome: str, where: str) -> str:
    what = "capacity" if outcome == "capacity" else outcome
    unit = "%" if outcome == "capacity" else " USD/week"
    first = begins(rows)
    if first is not None:
        return (
            f'in {where} "cannot be traced" begins to matter where {share(float(first["link"]))} of transfers or fewer '
            f"are linked: {what} {effect(first, unit)} if {share(float(first['follow']))} of donors follow"
        )
    lowered = rows[rows["verdict"] == EFFECT]
    if len(lowered):
        worst = lowered.loc[lowered["mean"].idxmin()]
        return (
            f"at no traceability does the switch raise {what} in {where}; it lowers it by up to {effect(worst, unit)}"
        )
    most = rows.loc[rows["mean"].abs().idxmax()]
    if (rows["verdict"] == NONE).all():
        return f"practically none at any traceability in {where}: {what} at most {effect(most, unit)}"
    unknown = rows[rows["verdict"] != NONE]
    return (
        f"{open_words(unknown)} in {where}: {len(unknown)} of {len(rows)} cells are open, no effect on {what} is shown"
    )


def surface(
    table: pd.DataFrame, thresholds: pd.DataFrame, profile: str, about: About, provenance: dict[str, str]
) -> tuple[Figure, str] | None:
    """Switch effect over link and share that follows, a row an outcome, a column a policy; none if there is no row.

    Args:
        table: rows of ``surface.csv``.
        thresholds: rows of ``threshold.csv``; may be empty.
        profile: the group.
        about: the switch, window and margin.
        provenance: for the small print.
    """
    rows = rows_of(table, profile)
    if rows.empty:
        return None
    outcomes, every = in_order(rows["outcome"], _OUTCOMES), in_order(rows["policy"], [STATUS_QUO])
    policies = every[:_COLUMNS]
    links, follows = sorted(rows["link"].unique()), sorted(rows["follow"].unique())
    figure = PRINT.frame(0.55 + max(1.7, 1.15 * len(outcomes)))
    lines = grouped(thresholds)
    lines = lines[lines["profile"] == profile] if len(lines) else lines
    title = title_of_surface(rows, lines, profile)
    PRINT.head_and_foot(
        figure, title, _subtitle(rows, about, len(every) - len(policies)), provenance, _handles(rows, len(lines) > 0)
    )
    for deep, outcome in enumerate(outcomes):
        here = rows[(rows["outcome"] == outcome) & rows["policy"].isin(policies)]
        most = max(float(here["mean"].abs().max()), about.margin if outcome == "capacity" else 0.0) or 1.0
        panels = []
        for across, policy in enumerate(policies):
            axes = figure.add_subplot(len(outcomes), len(policies), deep * len(policies) + across + 1)
            mesh = _draw(axes, here[here["policy"] == policy], links, follows, Normalize(-most, most))
            _threshold(axes, lines[lines["policy"] == policy] if len(lines) else lines, links, follows)
            _ticks(axes, links, follows, len(policies), across == 0, deep == len(outcomes) - 1)
            if deep == 0:
                axes.set_title(folded(policy_words(policy), 100 // len(policies)), fontsize=8)
            panels.append(axes)
        bar = figure.colorbar(mesh, ax=panels, aspect=9, pad=0.015, shrink=0.95)
        bar.set_label(_OUTCOMES.get(outcome, outcome), size=7.5)
        bar.ax.yaxis.set_major_formatter(_percent if outcome == "capacity" else _money)
        bar.ax.locator_params(nbins=5)
        bar.ax.tick_params(labelsize=7)
        bar.outline.set_visible(False)
    PRINT.below(figure, "traceability: chance that a transfer is linked")
    PRINT.beside(figure, "share of donors that follow")
    return figure, title


def _percent(value: float, _: float) -> str:
    return plain(value)


def _money(value: float, _: float) -> str:
    return usd(value, sign=True)


def _draw(axes: Axes, rows: pd.DataFrame, links: list[float], follows: list[float], norm: Normalize) -> QuadMesh:
    """One outcome under one policy: a cell a scenario that was run, none in between; blank where none was run."""
    shape = (len(follows), len(links))
    means, verdicts = np.full(shape, np.nan), np.full(shape, "", dtype=object)
    for row in rows.to_dict("records"):
        place = follows.index(row["follow"]), links.index(row["link"])
        means[place], verdicts[place] = row["mean"], row["verdict"]
    palette = seaborn.color_palette("vlag", as_cmap=True)
    edges = np.arange(max(shape) + 1) - 0.5
    mesh = axes.pcolormesh(
        edges[: shape[1] + 1],
        edges[: shape[0] + 1],
        np.ma.masked_invalid(means),
        cmap=palette,
        norm=norm,
        edgecolors="face",
        linewidth=0.2,
    )
    for deep, across in np.argwhere((verdicts != EFFECT) & (verdicts != NONE) & np.isfinite(means)):
        axes.add_patch(
            Rectangle((across - 0.5, deep - 0.5), 1, 1, fill=False, hatch="/////", edgecolor="#777777", linewidth=0)
        )
    axes.add_collection(LineCollection(_outline(verdicts == EFFECT), colors=DARK, linewidths=1.0, zorder=4))
    axes.grid(visible=False)
    return mesh


def _outline(inside: NDArray[np.bool_]) -> list[list[tuple[float, float]]]:
    """Edges between cells inside and outside."""
    wide = np.pad(inside, 1)
    edges = []
    for deep, across in np.argwhere(wide):
        y, x = deep - 1.0, across - 1.0
        sides = {(0, -1): ((-0.5, -0.5), (-0.5, 0.5)), (0, 1): ((0.5, -0.5), (0.5, 0.5))}
        sides |= {(-1, 0): ((-0.5, -0.5), (0.5, -0.5)), (1, 0): ((-0.5, 0.5), (0.5, 0.5))}
        edges += [
            [(x + dx, y + dy) for dx, dy in ends]
            for (up, right), ends in sides.items()
            if not wide[deep + up, across + right]
        ]
    return edges


def _threshold(axes: Axes, line: pd.DataFrame, links: list[float], follows: list[float]) -> None:
    """The share that must follow so that as much is delivered as before, in closed form."""
    line = line.dropna(subset=["link", "threshold"]).sort_values("link") if len(line) else line
    if len(line):
        x, y = place_of(line["link"].to_numpy(), links), place_of(line["threshold"].to_numpy(), follows)
        halo = [patheffects.Stroke(linewidth=2.6, foreground="white"), patheffects.Normal()]
        axes.plot(x, y, color=DARK, linewidth=1.3, linestyle=(0, (4, 1.5)), zorder=5, path_effects=halo)
    axes.set_xlim(-0.5, len(links) - 0.5)
    axes.set_ylim(-0.5, len(follows) - 0.5)


def place_of(values: Grid, known: list[float]) -> Grid:
    """Where values lie among cells of known ones: linear in between, and on beyond the ends."""
    if len(known) == 1:
        return np.where(values == known[0], 0.0, np.nan)
    grid = np.asarray(known, dtype=float)
    cell = np.clip(np.searchsorted(grid, values) - 1, 0, len(grid) - 2)
    return np.asarray(cell + (values - grid[cell]) / (grid[cell + 1] - grid[cell]), dtype=float)


def _ticks(axes: Axes, links: list[float], follows: list[float], columns: int, left: bool, bottom: bool) -> None:
    """Values that were run, thinned to what there is room for."""
    step = max(1, math.ceil(len(links) * 0.3 * columns / 5.6))
    axes.set_xticks(range(0, len(links), step), [f"{value:.3g}" for value in links[::step]])
    every = max(1, math.ceil(len(follows) / 7))
    axes.set_yticks(range(0, len(follows), every), [share(value) for value in follows[::every]])
    axes.tick_params(labelleft=left, labelbottom=bottom, labelsize=7)


def _handles(rows: pd.DataFrame, line: bool) -> list[Patch | Line2D]:
    open_ = open_words(rows[~rows["verdict"].isin([EFFECT, NONE])])
    handles: list[Patch | Line2D] = [
        Patch(facecolor="white", edgecolor=DARK, linewidth=1.0, label="effect"),
        Patch(facecolor="white", edgecolor="#777777", hatch="/////", linewidth=0.3, label=open_),
        Patch(facecolor="#f2f0f0", edgecolor="#cccccc", linewidth=0.5, label="practically none: no mark"),
    ]
    if line:
        label = "closed form: above it, more money is delivered"
        handles.append(Line2D([], [], color=DARK, linewidth=1.3, linestyle=(0, (4, 1.5)), label=label))
    return handles


def _subtitle(rows: pd.DataFrame, about: About, more: int) -> str:
    words = (
        f"Switch minus no switch, {about.mean}, in each scenario that "
        f"was run ({pairs(rows['n'])} of runs on the same luck a cell); the steps of both axes are the values "
        "tried. Verdicts go by the 95% interval over uncertain parameters."
    )
    return words + (f" {more} further polic{'ies are' if more > 1 else 'y is'} in the table." if more else "")
