"""Figures of the calibration study: posterior of the parameters, its predictions, and recovery of planted values."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.evidence.posterior import GROUPS, effective
from experiments.figures.marks import BAND
from experiments.figures.published import PUBLISHED, draw_patterns, legend_of_ranges, multiples
from experiments.messages import say
from experiments.study.design import Plan
from experiments.study.reporting import Tables
from experiments.study.tables import held
from sim.plots.layout import DARK, GREY, Drawing, Drawn, Sheet

_PRIOR, _POSTERIOR = "#949494", "#0173b2"
_SHOWN = 24  # parameters
_BINS = 10


def figures(plan: Plan, tables: Tables) -> dict[str, Drawing]:
    """Return the three figures; none of held parameters or of draws of a posterior."""
    if held(plan) or plan.posterior:
        return {}
    return {
        "1_parameters": partial(parameters, tables["parameters"], effective(tables["weights"]["weight"])),
        "2_predictive": partial(predictive, tables["predictive"]),
        "3_recovery": partial(recovery, tables["trials"], tables["recovery"], tables["parameters"]),
    }


def _legend(colours: dict[str, str]) -> list[Any]:
    return [Line2D([], [], color=colour, marker="o", markersize=5, label=name) for name, colour in colours.items()]


def parameters(table: pd.DataFrame, size: float, sheet: Sheet) -> Drawn:
    """Draw the posterior of the parameters that differ most from their prior, as quantiles of the plausible range.

    Args:
        table: of `experiments.evidence.posterior.marginals`.
        size: effective draws.
        sheet: to draw on.
    """
    colours = {"narrowed": _POSTERIOR, "no shift shown": GREY}
    rows = table.head(_SHOWN)

    def draw(axes: Axes, rows: pd.DataFrame) -> None:
        axes.axvspan(0.05, 0.95, color=BAND, linewidth=0)
        axes.axvline(0.5, color=GREY, linewidth=0.8)
        places, shades = range(len(rows)), rows["result"].map(colours)
        axes.hlines(places, rows["low"], rows["high"], colors=shades, linewidth=1.6)
        axes.scatter(rows["median"], places, s=25, c=shades, zorder=3)
        axes.set_yticks(range(len(rows)), rows["parameter"])
        axes.set(ylim=(len(rows) - 0.4, -0.6), xlim=(0, 1), xlabel=say("calibration-parameters-axis"))
        axes.grid(visible=False, axis="y")

    narrowed = int((table["result"] == "narrowed").sum())
    counts: dict[str, Any] = {"narrowed": narrowed, "all": len(table), "rest": len(table) - narrowed}
    return sheet.small_multiples(
        [rows],
        draw,
        title=say("calibration-parameters-title", **counts),
        caption=say("calibration-parameters-caption", effective=f"{size:,.0f}", shown=len(rows), all=len(table)),
        legends=[[*_legend(colours), Patch(color=BAND, label=say("calibration-prior"))]],
        height=0.2 * (len(rows) + 3),
    )


def predictive(table: pd.DataFrame, sheet: Sheet) -> Drawn:
    """Draw every pattern as a multiple of its published figure under prior and posterior (`posterior.predicted`)."""
    rows = multiples(table[table["tag"].isin(["calibrated", "emergent"])])
    colours = {"prior": _PRIOR, "posterior": _POSTERIOR}

    def draw(axes: Axes, rows: pd.DataFrame) -> None:
        draw_patterns(axes, rows, "draws", {name: (colour, "o") for name, colour in colours.items()})
        axes.set_xlabel(say("multiple-axis"))

    agree = (table[table["draws"] == "posterior"].set_index("tag")["verdict"] == "agrees").groupby(level=0)
    counts: dict[str, Any] = {tag: say("calibration-of", part=int(one.sum()), all=len(one)) for tag, one in agree}
    return sheet.small_multiples(
        [rows],
        draw,
        title=say("calibration-predictive-title", **counts),
        caption=say("calibration-predictive-caption"),
        legends=[[*_legend(colours), *legend_of_ranges()]],
        height=0.27 * (rows["pattern"].nunique() + 3),
    )


def recovery(trials: pd.DataFrame, table: pd.DataFrame, parameters: pd.DataFrame, sheet: Sheet) -> Drawn:
    """Draw the places of planted values in their posteriors, and coverage by parameter.

    Args:
        trials: a row a trial, a column a parameter: share of the posterior below the planted value.
        table: of `experiments.evidence.posterior.coverage`.
        parameters: of `experiments.evidence.posterior.marginals`.
        sheet: to draw on.
    """
    names = parameters["parameter"].tolist()
    narrowed = parameters.loc[parameters["result"] == "narrowed", "parameter"].tolist() or names
    group = table[table["parameter"].isin(GROUPS)].iloc[-1]  # narrowed parameters, if there are some
    missed = "seldom" if group["covered"] < 0.9 else "often"
    fits = "yes" if group["low"] <= 0.9 <= group["high"] else missed
    rows = table[table["parameter"].isin(names)].sort_values("covered")

    def places(axes: Axes) -> None:
        values, bins = trials[narrowed].to_numpy(), np.linspace(0, 1, _BINS + 1)
        sns.histplot(x=values.ravel(), bins=bins, stat="probability", color=_POSTERIOR, alpha=0.75, ax=axes)
        error = 1.96 * np.sqrt(0.1 * 0.9 / max(1, values.size))
        axes.axhspan(1 / _BINS - error, 1 / _BINS + error, color=PUBLISHED, alpha=0.7, zorder=0)
        axes.axhline(1 / _BINS, color=DARK, linewidth=0.8)
        axes.set(xlim=(0, 1), xlabel=say("calibration-places-axis"), ylabel=say("calibration-trials-axis"))

    def coverage(axes: Axes) -> None:
        order = range(len(rows))
        shades = [_POSTERIOR if name in narrowed else _PRIOR for name in rows["parameter"]]
        axes.axhline(0.9, color=DARK, linewidth=0.8)
        axes.vlines(order, rows["low"], rows["high"], colors=shades, linewidth=1.0)
        axes.scatter(order, rows["covered"], s=6.8, c=shades, zorder=3)
        axes.set(xticks=[], xlabel=say("calibration-order-axis", count=len(rows)))
        axes.set(ylabel=say("calibration-coverage-axis"), ylim=(min(0.75, float(rows["low"].min()) - 0.02), 1.0))

    return sheet.small_multiples(
        [places, coverage],
        lambda axes, panel: panel(axes),
        title=say("calibration-recovery-title", fits=fits, share=f"{100 * group['covered']:.0f} %"),
        caption=say("calibration-recovery-caption", trials=f"{len(trials):,}"),
        share="",
        widths=[1, 1.35],
    )
