"""Figures of the calibration study: what the record narrows, what it predicts, and whether planted values are found."""

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from experiments.figures.marks import BAND
from experiments.studies.validation.figures import on_log_scale, scaled
from sim.engine.text import listed
from sim.plots.layout import DARK, GREY, PRINT

_PRIOR, _POSTERIOR = "#949494", "#0173b2"
_MOST = 24  # parameters shown
_BINS = 10
_FEW = 4  # names in a title


def title_of_parameters(table: pd.DataFrame) -> str:
    """How many parameters the record narrows."""
    narrowed = table[table["says"] == "narrowed"]
    if narrowed.empty:
        return f"The record narrows none of {len(table)} uncertain parameters"
    names = listed(narrowed["parameter"].head(_FEW).tolist())
    most = "most of all " if len(narrowed) > _FEW else ""
    told = f"The record narrows {len(narrowed)} of {len(table)} uncertain parameters, {most}{names}"
    left = len(table) - len(narrowed)
    return f"{told}; of {left} no shift is shown" if left else told


def parameters(table: pd.DataFrame, summary: str, provenance: dict[str, str]) -> tuple[Figure, str]:
    """Posterior of the parameters that differ most from their prior, as quantiles of the plausible range.

    Args:
        table: of `experiments.evidence.posterior.learned`.
        summary: what is left of the draws.
        provenance: for the small print.
    """
    rows = table.head(_MOST)
    figure = PRINT.frame(0.2 * (len(rows) + 3))
    title = title_of_parameters(table)
    colours = {"narrowed": _POSTERIOR, "no shift shown": GREY}
    marks = [Line2D([], [], color=colour, marker="o", markersize=5, label=name) for name, colour in colours.items()]
    PRINT.head_and_foot(
        figure,
        title,
        f"{summary}. Point and line: middle and middle 90 % of the posterior; grey band: the same of the prior. The "
        f"{len(rows)} of {len(table)} parameters whose posterior lies farthest from the prior.",
        provenance,
        [*marks, Patch(color=BAND, label="prior, middle 90 %")],
    )
    axes = figure.subplots()
    axes.axvspan(0.05, 0.95, color=BAND, linewidth=0)
    axes.axvline(0.5, color=GREY, linewidth=0.8)
    for place, row in enumerate(rows.to_dict("records")):
        colour = colours[row["says"]]
        axes.plot([row["low"], row["high"]], [place, place], color=colour, linewidth=1.6)
        axes.plot([row["middle"]], [place], marker="o", markersize=5, color=colour)
    axes.set_yticks(range(len(rows)), rows["parameter"])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(0, 1)
    axes.set_xlabel("quantile of the plausible range (0: its low end, 0.5: the default, 1: its high end)")
    axes.grid(visible=False, axis="y")
    return figure, title


def title_of_predictive(table: pd.DataFrame) -> str:
    """How the patterns stand before and after."""
    after = table[table["draws"] == "posterior"]
    told = []
    for tag, words in (("calibrated", "calibrated"), ("emergent", "emergent")):
        some = after[after["tag"] == tag]
        if len(some):
            told.append(f"{(some['verdict'] == 'agrees').sum()} of {len(some)} {words} patterns agree")
    wrong = after[after["verdict"] == "disagrees"]["pattern"].tolist()
    ending = f"; not: {listed(wrong)}" if wrong else ""
    return "With the record heard, " + " and ".join(told) + ending


def predictive(table: pd.DataFrame, provenance: dict[str, str]) -> tuple[Figure, str]:
    """Every pattern as a multiple of what is published, before and after; of `posterior.predicted`."""
    rows = scaled(table[table["tag"].isin(["calibrated", "emergent"])])
    patterns = list(dict.fromkeys(rows["pattern"]))
    figure = PRINT.frame(0.27 * (len(patterns) + 3))
    title = title_of_predictive(table)
    looks = {"prior": (_PRIOR, -0.16), "posterior": (_POSTERIOR, 0.16)}
    marks = [Line2D([], [], color=colour, marker="o", markersize=5, label=name) for name, (colour, _) in looks.items()]
    bands = [
        Patch(color="#c8c8c8", label="published"),
        Patch(color=BAND, label="widened by what its grade leaves open"),
    ]
    PRINT.head_and_foot(
        figure,
        title,
        "Point: middle draw; line: middle 90 % of draws, before (prior) and after (posterior) the calibrated patterns "
        "were heard. Dark letters: emergent patterns, which were not used.",
        provenance,
        [*marks, *bands],
    )
    axes = figure.subplots()
    axes.set_xscale("log")
    shown = rows[["middle", "draws_low", "draws_high"]].to_numpy().ravel()
    shown = shown[np.isfinite(shown) & (shown > 0)]
    least, most = max(1e-3, shown.min() / 1.3), shown.max() * 1.3
    for row in rows.to_dict("records"):
        place = patterns.index(row["pattern"])
        colour, aside = looks[row["draws"]]
        if row["draws"] == "prior":
            for low, high, shade in (("low", "high", BAND), ("published_low", "published_high", "#c8c8c8")):
                left, right = max(least, row[low]), min(most, row[high])
                axes.fill_between([left / 1.004, right * 1.004], place - 0.4, place + 0.4, color=shade, linewidth=0)
        ends = [max(least, row["draws_low"]), max(least, row["draws_high"])]
        axes.plot(ends, [place + aside] * 2, color=colour, linewidth=1.4)
        axes.plot([max(least, row["middle"])], [place + aside], marker="o", markersize=4, color=colour)
    axes.axvline(1.0, color=GREY, linewidth=0.8)
    axes.set_yticks(range(len(patterns)), patterns)
    emergent = set(rows[rows["tag"] == "emergent"]["pattern"])
    for label, name in zip(axes.get_yticklabels(), patterns, strict=True):
        label.set_color(DARK if name in emergent else GREY)
    axes.set_ylim(len(patterns) - 0.4, -0.6)
    axes.set_xlim(least, most)
    on_log_scale(axes)
    axes.set_xlabel("multiple of the published figure (log scale)")
    axes.grid(visible=False, axis="y")
    return figure, title


def title_of_recovery(table: pd.DataFrame, names: set[str]) -> str:
    """Whether planted values are found as often as said."""
    group = table[~table["parameter"].isin(names)].iloc[-1]
    told = f"90 % intervals of {group['parameter']} hold the planted value in {100 * group['covered']:.0f} % of trials"
    fits = group["low"] <= 0.9 <= group["high"]
    if fits:
        return f"Planted values are found: {told}"
    return f"Planted values are found {'too seldom' if group['covered'] < 0.9 else 'more often than said'}: {told}"


def recovery(
    trials: pd.DataFrame, table: pd.DataFrame, parameters_: pd.DataFrame, provenance: dict[str, str]
) -> tuple[Figure, str]:
    """Where planted values lie in their posteriors, and coverage by parameter.

    Args:
        trials: a row a trial, a column a parameter: share of the posterior below the planted value.
        table: of `experiments.evidence.posterior.coverage`.
        parameters_: of `experiments.evidence.posterior.learned`.
        provenance: for the small print.
    """
    names = parameters_["parameter"].tolist()
    informed = parameters_[parameters_["says"] == "narrowed"]["parameter"].tolist() or names
    figure = PRINT.frame(2.5)
    title = title_of_recovery(table, set(names))
    PRINT.head_and_foot(
        figure,
        title,
        f"{len(trials)} draws of the prior played the truth, each with one history, published with the errors of the "
        "record; the other draws looked for it. Left: if intervals are right, bars are level (band: 95 % by chance). "
        "Right: coverage of each parameter with its 95 % interval; dark: those that the record narrows.",
        provenance,
    )
    left, right = figure.subplots(1, 2, gridspec_kw={"width_ratios": [1, 1.35]})
    _places(left, trials[informed])
    _coverage(right, table[table["parameter"].isin(names)], set(informed))
    return figure, title


def _places(axes: Axes, places: pd.DataFrame) -> None:
    values = places.to_numpy().ravel()
    sns.histplot(x=values, bins=np.linspace(0, 1, _BINS + 1), stat="probability", color=_POSTERIOR, alpha=0.75, ax=axes)
    shares = np.array([np.histogram(places[name], _BINS, (0, 1))[0] / len(places) for name in places])
    error = 1.96 * np.sqrt(0.1 * 0.9 / len(places) / max(1, len(shares)))
    axes.axhspan(1 / _BINS - error, 1 / _BINS + error, color="#c8c8c8", alpha=0.7, zorder=0)
    axes.axhline(1 / _BINS, color=DARK, linewidth=0.8)
    axes.set_xlabel("share of the posterior below the planted value")
    axes.set_ylabel("share of trials")
    axes.set_xlim(0, 1)


def _coverage(axes: Axes, table: pd.DataFrame, informed: set[str]) -> None:
    rows = table.sort_values("covered").reset_index(drop=True)
    axes.axhline(0.9, color=DARK, linewidth=0.8)
    for place, row in enumerate(rows.to_dict("records")):
        colour = _POSTERIOR if row["parameter"] in informed else _PRIOR
        axes.plot([place, place], [row["low"], row["high"]], color=colour, linewidth=1.0)
        axes.plot([place], [row["covered"]], marker="o", markersize=2.6, color=colour)
    axes.set_xticks([])
    axes.set_xlabel(f"{len(rows)} parameters, in order of coverage")
    axes.set_ylabel("coverage of 90 % intervals")
    axes.set_ylim(min(0.75, float(rows["low"].min()) - 0.02), 1.0)


def save_calibration(
    tables: dict[str, pd.DataFrame], summary: str, folder: Path, provenance: dict[str, str]
) -> list[Path]:
    """Draw and write the three figures; return the files."""
    figures = {
        "1_parameters": partial(parameters, tables["parameters"], summary),
        "2_predictive": partial(predictive, tables["predictive"]),
        "3_recovery": partial(recovery, tables["trials"], tables["recovery"], tables["parameters"]),
    }
    return PRINT.draw(figures, folder, provenance)
