"""How traceable is too traceable: the switch effect over the chance of a link and the share of donors that follow."""

import math
from itertools import batched
from typing import Any

import numpy as np
import pandas as pd
import seaborn
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import Normalize
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from experiments import text
from experiments.figures import marks, pick
from experiments.figures.captions import caption, folded
from experiments.figures.pick import About
from experiments.findings import Finding, findings
from experiments.messages import say
from sim.plots.layout import DARK, Drawn, Sheet
from sim.plots.panels import plain

_OUTCOMES = ("capacity", "delivered", "seized")
_COLUMNS = 5
_LINE: dict[str, Any] = {"color": DARK, "linewidth": 1.3, "linestyle": (0, (4, 1.5))}
type Grid = NDArray[np.float64]


def rows_of(table: pd.DataFrame, profile: str) -> pd.DataFrame:
    """Return the rows of one group, with a mean."""
    if table.empty or not {"link", "follow"} <= set(table):
        return table.iloc[:0]
    rows = pick.grouped(table)
    rows = rows[(rows["profile"] == profile) & rows["mean"].notna()]
    return rows.drop_duplicates(["policy", "outcome", "link", "follow"])


def found_in(rows: pd.DataFrame) -> Finding:
    """Return where the switch begins to raise the first outcome under the first policy, else its largest effect.

    It begins at the highest chance of a link, and there with the fewest that follow. Cells where it lowers the outcome
    count before inconclusive ones, and these before negligible ones.
    """
    for column, first in {"outcome": _OUTCOMES, "policy": [pick.STATUS_QUO]}.items():
        rows = rows[rows[column] == pick.in_order(rows[column], first)[0]]
    cells = {verdict: rows[rows["verdict"] == verdict] for verdict in (*pick.SHOWN, "inconclusive", "negligible")}
    verdict, some = next((verdict, some) for verdict, some in cells.items() if len(some))
    first = some.sort_values(["link", "follow"], ascending=[False, True], kind="stable").iloc[:1]
    cell = first if verdict == "raises" else some.loc[[some["mean"].abs().idxmax()]]
    shares = {name: text.share(float(cell[name].iloc[0])) for name in ("link", "follow")}
    [found] = findings("plot-surface", cell, "surface", cells=len(rows), open=len(cells["inconclusive"]), **shares)
    return found


def threshold_words(thresholds: pd.DataFrame, policy: str = pick.STATUS_QUO) -> str:
    """Return the share that must follow, in closed form, at the least and at the most traceable; empty if unknown."""
    rows = thresholds if thresholds.empty else thresholds[thresholds["policy"] == policy].dropna(subset="threshold")
    if rows.empty:
        return ""
    first, last = (rows.sort_values("link").iloc[place] for place in (0, -1))
    needs = [f"{one['threshold']:.0%}" if one["threshold"] <= 1.0 else "all" for one in (first, last)]
    links = {"first-link": text.share(first["link"]), "last-link": text.share(last["link"])}
    same = "yes" if needs[0] == needs[1] else "no"
    return say("plot-surface.threshold", first=needs[0], last=needs[1], same=same, **links)


def surface(table: pd.DataFrame, thresholds: pd.DataFrame, profile: str, about: About, sheet: Sheet) -> Drawn | None:
    """Draw the switch effect over link and share that follows, a row an outcome, a column a policy; None if no row."""
    rows = rows_of(table, profile)
    if rows.empty:
        return None
    outcomes = pick.in_order(rows["outcome"], _OUTCOMES)
    every = pick.in_order(rows["policy"], [pick.STATUS_QUO])
    policies = every[:_COLUMNS]
    links, follows = sorted(rows["link"].unique()), sorted(rows["follow"].unique())
    lines = pick.grouped(thresholds)
    lines = lines[lines["profile"] == profile] if len(lines) else lines
    closed_form = [Line2D([], [], label=say("plot-surface.line"), **_LINE)] if len(lines) else []
    keys = [(outcome, policy) for outcome in outcomes for policy in policies]
    meshes: dict[str, QuadMesh] = {}

    def panel(axes: Axes, key: tuple[str, str]) -> None:
        outcome, policy = key
        here = rows[(rows["outcome"] == outcome) & rows["policy"].isin(policies)]
        most = max(float(here["mean"].abs().max()), about.margin if outcome == "capacity" else 0.0) or 1.0
        meshes[outcome] = _draw(axes, here[here["policy"] == policy], links, follows, most)
        line = lines[lines["policy"] == policy].dropna(subset=["link", "threshold"]) if len(lines) else lines
        if len(line):  # the share that must follow so that as much is delivered as before
            line = line.sort_values("link")
            x, y = place_of(line["link"].to_numpy(), links), place_of(line["threshold"].to_numpy(), follows)
            halo = [patheffects.Stroke(linewidth=2.6, foreground="white"), patheffects.Normal()]
            axes.plot(x, y, zorder=5, path_effects=halo, **_LINE)
        axes.set(xlim=(-0.5, len(links) - 0.5), ylim=(-0.5, len(follows) - 0.5))
        step = max(1, math.ceil(len(links) * 0.3 * len(policies) / 5.6))  # ticks that there is room for
        axes.set_xticks(range(0, len(links), step), [f"{value:.3g}" for value in links[::step]])
        step = max(1, math.ceil(len(follows) / 7))
        axes.set_yticks(range(0, len(follows), step), [text.share(value) for value in follows[::step]])
        axes.tick_params(labelleft=policy == policies[0], labelbottom=outcome == outcomes[-1], labelsize=7)
        if outcome == outcomes[0]:
            axes.set_title(folded(text.policy_heading(policy), 100 // len(policies)), fontsize=8)

    figure, found = sheet.small_multiples(
        keys,
        panel,
        title="; ".join(filter(None, [found_in(rows).sentence(), threshold_words(lines, policies[0])])),
        caption=caption(
            "plot-surface", rows.assign(arm=""), about, group=text.group(profile), more=len(every) - len(policies)
        ),
        legends=[[*marks.legend_of_verdicts(band=False), *closed_form]],
        height=(0.55 + max(1.7, 1.15 * len(outcomes))) / len(outcomes),
        columns=len(policies),
        share="",
        below=say("plot-surface.axis"),
        beside=say("plot-surface.beside"),
    )
    for outcome, row in zip(outcomes, list(batched(figure.axes, len(policies))), strict=True):
        bar = figure.colorbar(meshes[outcome], ax=row, aspect=9, pad=0.015, shrink=0.95)
        bar.set_label(say("plot-surface.bar", outcome=outcome), size=7.5)
        if outcome == "capacity":
            bar.ax.yaxis.set_major_formatter(lambda value, _: plain(value))
        else:
            bar.ax.yaxis.set_major_formatter(lambda value, _: text.usd(value, sign=True))
        bar.ax.locator_params(nbins=5)
        bar.ax.tick_params(labelsize=7)
        bar.outline.set_visible(False)
    return figure, found


def _draw(axes: Axes, rows: pd.DataFrame, links: list[float], follows: list[float], most: float) -> QuadMesh:
    """Draw one outcome under one policy: a cell a scenario that was run, none in between; blank where none was run."""
    means = rows.pivot(index="follow", columns="link", values="mean").reindex(index=follows, columns=links)
    edges = (np.arange(len(some) + 1) - 0.5 for some in (links, follows))
    shades: dict[str, Any] = {"cmap": seaborn.color_palette("vlag", as_cmap=True), "norm": Normalize(-most, most)}
    values = np.ma.masked_invalid(means.to_numpy(dtype=float))
    mesh = axes.pcolormesh(*edges, values, edgecolors="face", linewidth=0.2, **shades)
    for row in rows.to_dict("records"):
        how = marks.look(row["verdict"], DARK, size=3.0)
        axes.plot([links.index(row["link"])], [follows.index(row["follow"])], **how)
    axes.grid(visible=False)
    return mesh


def place_of(values: Grid, known: list[float]) -> Grid:
    """Return where values lie among cells of known ones: linear in between, and on beyond the ends."""
    if len(known) == 1:
        return np.where(values == known[0], 0.0, np.nan)
    grid = np.asarray(known, dtype=float)
    cell = np.clip(np.searchsorted(grid, values) - 1, 0, len(grid) - 2)
    return np.asarray(cell + (values - grid[cell]) / (grid[cell + 1] - grid[cell]), dtype=float)
