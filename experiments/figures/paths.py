"""Paths over time around the switch: attack capacity and delivered money in each arm against no switch."""

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.figures.marks import BAND, colours, legend_of_arms
from experiments.figures.words import (
    ARMS,
    STATUS_QUO,
    WORLDS,
    About,
    amount,
    arms_of,
    folded,
    group_heading,
    held,
    in_order,
    profiles_of,
    reference,
    sentence,
    some,
    told_of,
    told_words,
)
from experiments.stats import estimates
from sim.engine.text import day, plural, usd
from sim.plots.arms import SWITCH
from sim.plots.layout import PRINT
from sim.plots.panels import plain, scale

BEFORE, AFTER = 26, 79
"""Weeks that are shown."""
SMOOTH = 4
"""Weeks over which delivered money is averaged, up to each week: single gifts are large."""


def differences(weekly: pd.DataFrame, about: About) -> pd.DataFrame:
    """Arm minus no switch on the same luck, by week and draw.

    The placebo is shown only where no other arm was run, against its own world without a switch: it differs from the
    others before the switch too.

    Args:
        weekly: rows of ``weekly.parquet``.
        about: day of the switch and reference cell.

    Returns:
        profile, arm, draw (the replication where parameters are held), after (weeks from the switch to the week's
        first day), capacity (% of no switch in the same run and week), delivered (difference, USD/week, mean of the
        last weeks), level (delivered with no switch); means over the replications of a draw.
    """
    if weekly.empty:
        return weekly
    rows = held(reference(weekly, about), "policy", STATUS_QUO)
    rows = rows if about.drawn else rows.assign(draw=rows["replication"])
    after = (pd.to_datetime(rows["date"]) - pd.Timestamp(about.switch)).dt.days / 7.0
    rows = rows.assign(after=after)[(after >= -BEFORE - SMOOTH) & (after <= AFTER)]
    key = ["profile", "replication", "draw", "arm"]
    wide = rows.drop_duplicates([*key, "after"]).pivot(index="after", columns=key, values=["capacity", "delivered"])
    capacity, money = wide.get("capacity", wide), wide.get("delivered", wide).rolling(SMOOTH).mean()
    there = set(rows["arm"])
    able = rows[(rows["arm"] != "none") & rows["arm"].map(_base).isin(there)]
    made = [_against(capacity, money, arm) for arm in (arms_of(able) if len(able) else [])]
    return pd.concat(made, ignore_index=True) if made else rows.iloc[:0]


def _base(arm: str) -> str:
    """The arm without a switch with which another is compared."""
    return WORLDS.get(arm, "none")


def _against(capacity: pd.DataFrame, money: pd.DataFrame, arm: str) -> pd.DataFrame:
    """One arm minus its world without a switch, mean of each draw."""
    (ours, base), (paid, before) = (
        table.xs(arm, axis=1, level="arm").align(table.xs(_base(arm), axis=1, level="arm"), join="inner", axis=1)
        for table in (capacity, money)
    )
    parts = {"capacity": 100.0 * (ours / base.where(base > 0) - 1.0), "delivered": paid - before, "level": before}
    means = {name: part.T.groupby(level=["profile", "draw"]).mean().stack() for name, part in parts.items()}
    table = pd.DataFrame(means).reset_index().assign(arm=arm)
    return table[table["after"] >= -BEFORE]


def banded(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Mean and 95% band over draws, by week: after, mean, low, high. With one draw there is no band (NaN)."""
    table = rows.pivot(index="after", columns="draw", values=column).sort_index().dropna(how="all")
    values = table.to_numpy(dtype=float)
    many = values.shape[1] > 1
    low, high = (
        np.nanquantile(values, [0.025, 0.975], axis=1) if many and len(values) else np.full((2, len(values)), np.nan)
    )
    mean = table.mean(axis=1).to_numpy()
    return pd.DataFrame({"after": table.index.to_numpy(), "mean": mean, "low": low, "high": high})


def title_of_paths(rows: pd.DataFrame, about: About) -> str:
    """For each group: the largest weekly difference of capacity after the switch, when, and whether it can be told."""
    arm = told_of(in_order(rows["arm"], ARMS))
    clauses = []
    profiles, more = some(profiles_of(rows))
    for profile in profiles:
        here = rows[(rows["profile"] == profile) & (rows["arm"] == arm)]
        band = banded(here, "capacity")
        made = here["draw"].nunique()
        refused = estimates.refusal(made, made, held=not about.drawn)
        clauses.append(_clause(band[band["after"] > 0], group_heading(profile), about.margin, refused))
    return sentence([*clauses, more])


def _clause(band: pd.DataFrame, who: str, margin: float, refused: str | None) -> str:
    if band.empty:
        return f"{who}: no attack capacity to compare"
    peak = band.loc[band["mean"].abs().idxmax()]
    low, high = float(peak["low"]), float(peak["high"])
    when = f"{amount(float(peak['mean']), low, high)} after {math.ceil(peak['after'])} weeks"
    if refused:
        return f"{who}, {refused}: largest mean difference {when}"
    if (band["low"] >= -margin).all() and (band["high"] <= margin).all():
        return f"{who}, practically none in any week: largest mean difference {when}"
    if low > 0 or high < 0:
        return f"{who}: capacity {'rises' if peak['mean'] > 0 else 'falls'} by up to {when}"
    return f"{who}, cannot tell: largest mean difference {when}"


def paths(weekly: pd.DataFrame, about: About, provenance: dict[str, str]) -> tuple[Figure, str] | None:
    """Capacity and delivered money around the switch against no switch, a column a group; none without such weeks.

    Args:
        weekly: rows of ``weekly.parquet``.
        about: day of the switch, reference cell, margin.
        provenance: for the small print.
    """
    rows = differences(weekly, about)
    if rows.empty:
        return None
    profiles, arms = profiles_of(rows), in_order(rows["arm"], ARMS)
    columns = min(3, len(profiles))
    deep = 2 * -(-len(profiles) // columns)
    figure = PRINT.frame(1.75 * deep)
    title = title_of_paths(rows, about)
    PRINT.head_and_foot(figure, title, _subtitle(rows, weekly, about), provenance, legend_of_arms(arms, marked=False))
    drawn = {
        (profile, arm, column): banded(rows[(rows["profile"] == profile) & (rows["arm"] == arm)], column)
        for profile in profiles
        for arm in arms
        for column in ("capacity", "delivered")
    }
    for place, profile in enumerate(profiles):
        cell = 2 * columns * (place // columns) + place % columns + 1
        top = figure.add_subplot(deep, columns, cell)
        low = figure.add_subplot(deep, columns, cell + columns, sharex=top)
        bands = {column: {arm: drawn[profile, arm, column] for arm in arms} for column in ("capacity", "delivered")}
        top.axhspan(-about.margin, about.margin, color=BAND, linewidth=0, zorder=0)
        how = _panel(top, bands["capacity"], about.margin, plain)
        top.set_title(folded(group_heading(profile), 26))
        top.tick_params(labelbottom=False)
        level = rows[(rows["profile"] == profile) & (rows["arm"] == arms[0]) & (rows["after"] > 0)]["level"].mean()
        low.set_title(f"no switch: {usd(float(level))} USD/week", fontweight="normal", fontsize=7.5)
        _panel(low, bands["delivered"], 0.0, lambda value: usd(value, sign=True))
        if place % columns == 0:
            top.set_ylabel("capacity,\n% of no switch" + (f"\n({how})".replace(", ", ",\n") if how else ""))
            low.set_ylabel("money delivered,\nUSD/week more or less")
    PRINT.below(figure, "weeks from the switch")
    return figure, title


def _panel(axes: Axes, bands: dict[str, pd.DataFrame], threshold: float, words: Callable[[float], str]) -> str:
    """One outcome in each arm: mean over draws and the band that holds 95% of them."""
    colour = colours(bands)
    axes.axhline(0, color="#777777", linewidth=0.8, zorder=1)
    axes.axvline(0, color=SWITCH, linewidth=1.1, linestyle=(0, (1, 1.5)), zorder=6)
    for arm, band in bands.items():
        weeks = band["after"].to_numpy()
        axes.fill_between(weeks, band["low"], band["high"], color=colour[arm], alpha=0.18, linewidth=0, zorder=2)
        axes.plot(weeks, band["mean"], color=colour[arm], linewidth=1.4, zorder=4, gid=f"{arm}")
    axes.set_xlim(-BEFORE, AFTER)
    axes.set_xticks(range(-26, AFTER + 1, 26))
    axes.grid(visible=False, axis="x")
    drawn = np.concatenate([band[["mean", "low", "high"]].to_numpy().ravel() for band in bands.values()])
    return scale(axes, "y", [*drawn, threshold, -threshold], threshold, words, 1.2, "%")


def _subtitle(rows: pd.DataFrame, weekly: pd.DataFrame, about: About) -> str:
    own = " (the placebo: minus its own world without a switch)" if "placebo" in set(rows["arm"]) else ""
    draws, runs = rows["draw"].nunique(), weekly["replication"].nunique()
    over = "draws of the uncertain parameters; band: middle 95% of draws" if about.drawn else "seeds; band: middle 95%"
    count = f"{draws:,} {plural(draws, 'draw')}" if about.drawn else "parameters held"
    return (
        f"Each arm minus no switch on the same luck{own}, status quo; 0 (dotted) is {day(about.switch)}. Line: mean "
        f"over {over}. {runs:,} {plural(runs, 'run')} in each arm, {count}. "
        "Grey: within the margin of relevance. "
        f"Money: mean of the last {SMOOTH} weeks. Each panel has its own scale."
        f"{told_words(in_order(rows['arm'], ARMS))}"
    )
