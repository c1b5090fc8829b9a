"""Attacks that policies avert against the harm they do to lawful users, as they are made stronger."""

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.figures.frame import (
    below,
    colours,
    frame,
    head_and_foot,
    label_right,
    legend_of,
    legend_of_verdicts,
    look,
    plain,
    scale,
)
from experiments.figures.words import (
    EFFECT,
    NONE,
    STATUS_QUO,
    About,
    amount,
    arm_words,
    arms_of,
    folded,
    group_heading,
    group_words,
    grouped,
    listed,
    pairs,
    policy_words,
    profiles_of,
    sentence,
    some,
    told_of,
    within,
)
from sim.command.figures_frame import GREY, named, usd

_AGENCIES = {
    "fiu": "#0173b2",
    "chain_analyst": "#cc78bc",
    "regulator": "#029e73",
    "prosecutor": "#de8f05",
    "military": "#b83b00",
    "communicators": "#56b4e9",
    "several": "#332288",
}
_BOUNDS = ["averted_low", "averted_high", "harm_low", "harm_high"]


def rows_of(frontier: pd.DataFrame) -> pd.DataFrame:
    """Policies with the switch as donors choose, or in the arm that is there, from weak to strong."""
    if frontier.empty:
        return frontier
    rows = grouped(frontier).dropna(subset=["averted", "harm"])
    rows = rows[rows["policy"] != STATUS_QUO]
    if rows.empty:
        return rows
    rows = rows[rows["arm"] == told_of(arms_of(rows))]
    return rows.drop_duplicates(["profile", "policy", "intensity"]).sort_values("intensity", kind="stable")


def title_of_frontier(rows: pd.DataFrame) -> str:
    """Which policy averts most in each group, and at what harm; or that none is shown to avert any."""
    most: list[str] = []
    others: dict[str, list[str]] = {}
    profiles, more = some(profiles_of(rows))
    for profile in profiles:
        here, where = rows[rows["profile"] == profile], group_words(profile)
        told = here[here["averted_verdict"] == EFFECT]
        if (told["averted"] > 0).any():
            best = told.loc[told["averted"].idxmax()]
            low, high = float(best["averted_low"]), float(best["averted_high"])
            averted = amount(float(best["averted"]), low, high, "", sign=False)
            most.append(f"{within(policy_words(str(best['policy'])))} in {where}, {averted}, {_harm(best)}")
        else:
            none = (here["averted_verdict"] == NONE).all()
            words = "policies avert practically no attacks in" if none else "no policy is shown to avert attacks in"
            others.setdefault(words, []).append(where)
        for policy in told[told["averted"] < 0]["policy"].unique():
            others.setdefault(f"attacks rise with {within(policy_words(str(policy)))} in", []).append(where)
    first = "most attacks averted a week: " + "; ".join(most) if most else ""
    return sentence([first, *(f"{words} {listed(places)}" for words, places in others.items()), more])


def _harm(row: "pd.Series[float]") -> str:
    low, high = float(row["harm_low"]), float(row["harm_high"])
    if low <= 0 <= high or abs(float(row["harm"])) < 0.5:
        return "no lawful harm shown"
    return f"{'hindering' if row['harm'] > 0 else 'sparing'} {usd(abs(float(row['harm'])))} USD of lawful money"


def frontier(table: pd.DataFrame, about: About, provenance: dict[str, str]) -> tuple[Figure, str] | None:
    """Averted attacks against lawful harm by policy, a panel a group; none if the table is empty.

    Args:
        table: rows of ``frontier.csv``.
        about: the switch and its window.
        provenance: for the small print.
    """
    rows = rows_of(table)
    if rows.empty:
        return None
    profiles = profiles_of(rows)
    rows = rows.assign(agency=rows["agency"].fillna("several").astype(str))
    colour = colours(rows["agency"].unique(), _AGENCIES)
    agencies = rows.loc[rows["averted_verdict"] == EFFECT, "agency"].unique()
    columns = min(2, len(profiles))
    most = int(rows.groupby("profile")["policy"].nunique().max())
    deep = -(-len(profiles) // columns)
    figure = frame(max(1.9, 0.45 + 0.13 * most) * deep)
    title = title_of_frontier(rows)
    handles = legend_of({agency: _agency(agency) for agency in agencies}, colour)
    head_and_foot(figure, title, _subtitle(rows, about), provenance, handles, legend_of_verdicts(band=False))
    first = None
    panels: list[tuple[Axes, list[tuple[str, float, float, str]]]] = []
    for place, profile in enumerate(profiles):
        axes = figure.add_subplot(deep, columns, place + 1, sharex=first)
        first = first or axes
        here = rows[rows["profile"] == profile]
        panels.append((axes, _draw(axes, here, colour)))
        axes.set_title(folded(group_heading(profile), 40))
        averted = here[["averted", "averted_low", "averted_high"]].to_numpy().ravel()
        scale(axes, "y", averted, _threshold(here["averted"]), plain, 1.5)
        axes.set_ylabel("attacks averted a week" if place % columns == 0 else "")
    harm = rows[["harm", "harm_low", "harm_high"]].to_numpy().ravel()
    for axes, _ in panels:
        how = scale(axes, "x", harm, _threshold(rows["harm"]), usd, 1.8 if columns == 2 else 5.0)
    below(figure, "lawful money frozen or hindered, USD/week" + (f" ({how})" if how else ""))
    for axes, labels in panels:
        label_right(axes, labels)
    return figure, title


def _draw(axes: Axes, rows: pd.DataFrame, colour: dict[str, str]) -> list[tuple[str, float, float, str]]:
    """Lines of policies from the status quo on; returns their labels with the ends."""
    axes.axhline(0, color="#777777", linewidth=0.8, zorder=1)
    axes.axvline(0, color="#777777", linewidth=0.8, zorder=1)
    labels = []
    for policy, line in rows.groupby("policy", sort=False):
        told = (line["averted_verdict"] == EFFECT).any()
        shade = colour[line["agency"].iloc[0]] if told else GREY
        x, y = line["harm"].to_numpy(), line["averted"].to_numpy()
        axes.plot([0.0, *x], [0.0, *y], color=shade, linewidth=1.2, alpha=0.75, zorder=3)
        for row in line.to_dict("records"):
            at = (row["harm"], row["averted"])
            if all(math.isfinite(row[bound]) for bound in _BOUNDS):
                bars: dict[str, Any] = {"color": shade, "linewidth": 0.8, "alpha": 0.6, "zorder": 2}
                axes.plot([row["harm_low"], row["harm_high"]], [at[1], at[1]], **bars)
                axes.plot([at[0], at[0]], [row["averted_low"], row["averted_high"]], **bars)
            key = f"{policy}@{row['intensity']:g}/{row['profile']}"
            axes.plot([at[0]], [at[1]], gid=key, **look(str(row["averted_verdict"]), shade, size=4.5))
        labels.append((folded(policy_words(str(policy)), 24, 1), float(x[-1]), float(y[-1]), shade))
    return labels


def _threshold(values: "pd.Series[float]") -> float:
    """Where a scale may turn logarithmic: the power of ten nearest to the middle size of what is not zero."""
    sizes = values.abs()[values.abs() > 1e-9]
    if sizes.empty:
        return 0.0
    threshold = 10.0 ** math.floor(math.log10(float(np.quantile(sizes, 0.35))))
    return max(threshold, 10.0 ** (math.ceil(math.log10(float(sizes.max()))) - 4))


def _agency(name: str) -> str:
    words = [{"fiu": "FIU"}.get(part, named(part).lower()) for part in name.split("+")]
    return listed([words[0][:1].upper() + words[0][1:], *words[1:]])


def _subtitle(rows: pd.DataFrame, about: About) -> str:
    strengths = sorted(rows["intensity"].unique())
    points = (
        f"Points on a line: intensity {listed([f'{one:g}' for one in strengths])}, from the status quo at zero. "
        if len(strengths) > 1
        else f"Intensity {strengths[0]:g}; lines begin at the status quo. "
    )
    return (
        f"Policy minus status quo, {arm_words(str(rows['arm'].iloc[0]))}, {about.mean}. {points}Military policies: "
        "attack rate; others: attack capacity. Bars: 95% over uncertain parameters, which count. "
        f"{pairs(rows['n'])} of runs on the same luck. Markers: verdict on attacks averted; grey where no "
        "point has an effect. "
        "A vertical axis with tenfold ticks is linear to the first of them and logarithmic beyond."
    )
