"""Paths over time around the switch: attack capacity and delivered money in each arm against no switch."""

import math
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from experiments import text
from experiments.figures import marks, pick
from experiments.figures.captions import caption, title
from experiments.figures.pick import About
from experiments.findings import Finding, finding, say, where
from experiments.stats import estimates
from experiments.stats.contrasts import PLACEBO, PLACEBO_NONE
from sim.plots.arms import DOTTED
from sim.plots.layout import Drawn, Sheet
from sim.plots.panels import plain, scale

BEFORE, AFTER = 26, 79
"""Weeks that are shown."""
SMOOTH = 4
"""Weeks over which delivered money is averaged, up to each week: single gifts are large."""


def differences(weekly: pd.DataFrame, about: About) -> pd.DataFrame:
    """Return arm minus no switch on common random numbers, by week and draw.

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
    rows = pick.nearest(pick.reference(weekly, about), {"policy": pick.STATUS_QUO})
    rows = rows if about.drawn else rows.assign(draw=rows["replication"])
    after = (pd.to_datetime(rows["date"]) - pd.Timestamp(about.switch)).dt.days / 7.0
    rows = rows.assign(after=after)[(after >= -BEFORE - SMOOTH) & (after <= AFTER)]
    key = ["profile", "replication", "draw", "arm"]
    wide = rows.drop_duplicates([*key, "after"]).pivot(index="after", columns=key, values=["capacity", "delivered"])
    capacity, money = wide.get("capacity", wide), wide.get("delivered", wide).rolling(SMOOTH).mean()
    bases = {arm: PLACEBO_NONE if arm == PLACEBO else "none" for arm in rows["arm"].unique() if arm != "none"}
    able = rows[rows["arm"].isin([arm for arm, base in bases.items() if base in set(rows["arm"])])]
    made = []
    for arm in pick.arms_of(able) if len(able) else []:
        (ours, base), (paid, before) = (
            table.xs(arm, axis=1, level="arm").align(table.xs(bases[arm], axis=1, level="arm"), join="inner", axis=1)
            for table in (capacity, money)
        )
        parts = {"capacity": 100.0 * (ours / base.where(base > 0) - 1.0), "delivered": paid - before, "level": before}
        means = {name: part.T.groupby(level=["profile", "draw"]).mean().stack() for name, part in parts.items()}
        made.append(pd.DataFrame(means).reset_index().assign(arm=arm).query("after >= -@BEFORE"))
    return pd.concat(made, ignore_index=True) if made else rows.iloc[:0]


def banded(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return mean and 95% band over draws, by week: after, mean, low, high. With one draw the band is NaN."""
    table = rows.pivot(index="after", columns="draw", values=column).sort_index().dropna(how="all")
    low, high = (table.quantile(end, axis=1) if table.shape[1] > 1 else np.nan for end in (0.025, 0.975))
    return pd.DataFrame({"mean": table.mean(axis=1), "low": low, "high": high}).reset_index()


def found_in(rows: pd.DataFrame, about: About) -> list[Finding]:
    """Return for each group the largest weekly difference of mean capacity after the switch."""
    rows = rows[rows["arm"] == pick.main_arm(pick.in_order(rows["arm"], pick.ARMS))]
    found = []
    for profile in pick.profiles_of(rows):
        here = where(rows, profile=profile)
        band, n = banded(here, "capacity"), here["draw"].nunique()
        band = band[band["after"] > 0]
        if len(band):
            peak = band.loc[band["mean"].abs().idxmax()]
            sample = {"n": n, "draws": n} if about.drawn else {"n": n, "draws": 1, "mc_share": 1.0}
            row = {"profile": profile, "margin": about.margin, **peak, **sample}
            within = band["low"].min() >= -about.margin and band["high"].max() <= about.margin
            cases = {"negligible": within, "raises": peak["low"] > 0, "lowers": peak["high"] < 0}
            cases |= {"depends": about.drawn, "inconclusive": True}
            shown = next(verdict for verdict, holds in cases.items() if holds)
            row["verdict"] = estimates.INCONCLUSIVE if estimates.shortage_of(row) else shown
            found.append(finding("plot-paths", row, weeks=math.ceil(peak["after"])))
    return found


def paths(weekly: pd.DataFrame, about: About, sheet: Sheet) -> Drawn | None:
    """Draw capacity and delivered money around the switch against no switch, a row a group; None without such weeks."""
    rows = differences(weekly, about)
    if rows.empty:
        return None
    profiles, arms = pick.profiles_of(rows), pick.in_order(rows["arm"], pick.ARMS)
    series = marks.by_arm(arms)._replace(marker=dict.fromkeys(arms, ""))
    keys = [(profile, column) for profile in profiles for column in ("capacity", "delivered")]

    def panel(axes: Axes, key: tuple[str, str]) -> None:
        profile, column = key
        here = where(rows, profile=profile)
        level = here[(here["arm"] == arms[0]) & (here["after"] > 0)]["level"].mean()
        words = say("plot-paths.panel", group=text.heading(profile), outcome=column, money=text.usd(float(level)))
        axes.set_title(words, fontweight="bold" if column == "capacity" else "normal", fontsize=7.8)
        marks.relevance(axes, about.margin if column == "capacity" else 0.0, upright=True)
        axes.axvline(0, linewidth=1.1, zorder=6, **DOTTED)
        drawn = []
        for arm, colour in series.colour.items():
            band = banded(here[here["arm"] == arm], column)
            weeks = band["after"]
            axes.fill_between(weeks, band["low"], band["high"], color=colour, alpha=0.18, linewidth=0, zorder=2)
            axes.plot(weeks, band["mean"], color=colour, linewidth=1.4, zorder=4, gid=arm)
            drawn += [*band[["mean", "low", "high"]].to_numpy().ravel()]
        axes.set_xlim(-BEFORE, AFTER)
        axes.set_xticks(range(-26, AFTER + 1, 26))
        axes.grid(visible=False, axis="x")
        ends = [about.margin, -about.margin] if column == "capacity" else []
        scale(axes, "y", [*drawn, *ends], plain if column == "capacity" else partial(text.usd, sign=True), 1.2)

    counts = {"draws": rows["draw"].nunique(), "runs": weekly["replication"].nunique(), "smooth": SMOOTH}
    method = {"parameters": "drawn" if about.drawn else "held", "placebo": "yes" if PLACEBO in arms else "no"}
    return sheet.small_multiples(
        keys,
        panel,
        title=title(found_in(rows, about)) or say("plot-paths.empty"),
        caption=caption("plot-paths", rows, about, **counts, **method),
        legends=[series.legend()],
        height=1.35,
        columns=2,
        share="x",
        below=say("plot-paths.axis"),
    )
