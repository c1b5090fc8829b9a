"""Attacks that policies avert against the harm they do to lawful users, as they are made stronger."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from experiments import text
from experiments.figures import marks, pick
from experiments.figures.captions import caption, folded, leaders, title
from experiments.figures.pick import About
from experiments.findings import Finding, findings, say, where
from experiments.stats.contrasts import PLACEBO_NONE
from sim.plots.layout import GREY, Drawn, Sheet
from sim.plots.panels import colours, label_right, legend_of, plain, scale

_BOUNDS = ["averted_low", "averted_high", "harm_low", "harm_high"]


def rows_of(frontier: pd.DataFrame) -> pd.DataFrame:
    """Return policies with the switch as donors choose, or in the arm that is there, from weak to strong.

    With ``still``: whether a policy changes exactly nothing in every draw, so that it cannot act there.
    """
    if frontier.empty:
        return frontier
    rows = pick.grouped(frontier).dropna(subset=["averted"])
    rows = rows[rows["harm"].notna() | (rows["harm_modelled"] == "no")]
    rows = rows[(rows["policy"] != pick.STATUS_QUO) & (rows["arm"] != PLACEBO_NONE)]
    if rows.empty:
        return rows
    rows = rows[rows["arm"] == pick.main_arm(pick.arms_of(rows))]
    known = rows[["averted", "harm", *_BOUNDS]].fillna(dict.fromkeys(("harm", "harm_low", "harm_high"), 0.0))
    rows = rows.assign(agency=rows["agency"].fillna("several").astype(str), still=(known == 0.0).all(axis=1))
    return rows.drop_duplicates(["profile", "policy", "intensity"]).sort_values("intensity", kind="stable")


def found_in(rows: pd.DataFrame) -> list[Finding]:
    """Return for each group the policies that avert most and least at full strength, with the verdict on their harm.

    The main verdict is that on attacks: a policy that averts them lowers them.
    """
    found = []
    rows = pick.strongest(rows).sort_values("averted", ascending=False, kind="stable")
    for profile in pick.profiles_of(rows):
        here = where(rows, profile=profile)
        every = findings("plot-frontier", here, "frontier", "averted", unit="")
        money = here["harm"].abs().fillna(0.0).map(text.usd)
        harms = [{"harm": _harm(row), "money": usd} for row, usd in zip(here.to_dict("records"), money, strict=True)]
        found += leaders([replace(one, more=harm) for one, harm in zip(every, harms, strict=True)])
    return found


def _harm(row: dict[Any, Any]) -> str:
    """Return the verdict on the harm of a policy: raises, lowers, negligible, depends, unknown, part, unmodelled.

    Of a mix of which the model has a part of the harm: part, if that is shown, else unmodelled.
    """
    low, high = float(row["harm_low"]), float(row["harm_high"])
    if row["harm_modelled"] != "yes":
        return "part" if row["harm_modelled"] == "part" and low > 0 else "unmodelled"
    if not math.isfinite(low + high):
        return "unknown"
    if low <= 0 <= high or abs(float(row["harm"])) < 0.5:
        return "negligible" if low == high == 0.0 else "depends"
    return "raises" if row["harm"] > 0 else "lowers"


def frontier(table: pd.DataFrame, about: About, sheet: Sheet) -> Drawn | None:
    """Draw averted attacks against lawful harm by policy, a panel a group; None if the table is empty.

    Policies whose harm is not modelled are in a column of their own, right of the axis of harm.
    """
    rows = rows_of(table)
    if rows.empty:
        return None
    words, profiles, still = title(found_in(rows)), pick.profiles_of(rows), pick.strongest(rows[rows["still"]])
    rows = rows if rows["still"].all() else rows[~rows["still"]]
    colour = colours(rows["agency"].unique(), "agencies")
    agencies = rows.loc[rows["averted_verdict"].isin(pick.ANSWERED), "agency"].unique()
    names = {agency: say("plot-frontier.agency", agency=text.listed(agency.split("+"))) for agency in agencies}
    labels: dict[str, list[tuple[str, float, float, str]]] = {profile: [] for profile in profiles}
    unmodelled = pick.in_order(rows.loc[rows["harm_modelled"] == "no", "policy"])
    inches = 1.8 if len(profiles) > 1 else 5.0

    def panel(axes: Axes, profile: str) -> None:
        here = where(rows, profile=profile)
        scale(axes, "y", here[["averted", "averted_low", "averted_high"]].to_numpy().ravel(), plain, 1.5)
        scale(axes, "x", rows[["harm", "harm_low", "harm_high"]].to_numpy().ravel(), text.usd, inches)
        here = here.fillna({"harm": here["policy"].map(_apart(axes, unmodelled))})
        marks.relevance(axes, 0.0)
        marks.relevance(axes, 0.0, upright=True)
        for policy, line in here.groupby("policy", sort=False):
            shade = colour[line["agency"].iloc[0]] if line["averted_verdict"].isin(pick.ANSWERED).any() else GREY
            _draw(axes, line, shade)
            name, (harm, averted) = folded(text.policy_heading(str(policy)), 24, 1), line[["harm", "averted"]].iloc[-1]
            labels[profile].append((name, float(harm), float(averted), shade))
        axes.set_title(folded(text.heading(profile), 40))

    idle = [say("plot-frontier.still", **one.values) for one in findings("plot-frontier", still, value="averted")]
    parts = {part for policy in rows["policy"] for part in policy.split("+")}
    method = {
        "arm": text.arm(str(rows["arm"].iloc[0])),
        "strengths": text.listed([f"{one:g}" for one in sorted(rows["intensity"].unique())]),
        "unmodelled": "yes" if unmodelled else "no",
        "part": "yes" if (rows["harm_modelled"] == "part").any() else "no",
        "delisting": "yes" if "privacy_delisting" in parts else "no",
        "count": len(idle),
        "still": text.listed(idle),
    }
    figure, _ = sheet.small_multiples(
        profiles,
        panel,
        title=words,
        caption=caption("plot-frontier", rows, about, **method),
        legends=[legend_of(names, colour, dict.fromkeys(names, "o")), marks.legend_of_verdicts(band=False)],
        height=max(1.9, 0.45 + 0.13 * int(rows.groupby("profile")["policy"].nunique().max())),
        columns=2,
        share="x",
        below=say("plot-frontier.axis"),
        ylabel=say("plot-frontier.beside"),
    )
    for axes, profile in zip(figure.axes, profiles, strict=True):
        label_right(axes, labels[profile])
    return figure, words


def _apart(axes: Axes, policies: Sequence[str]) -> dict[str, float]:
    """Add a column right of the axis of harm, if there are policies whose harm is not modelled; return their places."""
    low, high = axes.get_xlim()
    wide = 0.4 * (high - low) if policies else 0.0
    if policies:
        ticks = [float(tick) for tick in axes.get_xticks() if low <= tick <= high]
        axes.set_xlim(low, high + wide)
        axes.axvspan(high, high + wide, color=marks.BAND, linewidth=0, zorder=0)
        words = [*map(text.usd, ticks), say("plot-frontier.unmodelled").replace(" ", "\n")]
        axes.set_xticks([*ticks, high + wide / 2], words)
    return {policy: high + wide * (place + 1) / (len(policies) + 1) for place, policy in enumerate(policies)}


def _draw(axes: Axes, line: pd.DataFrame, shade: str) -> None:
    """Draw the line of a policy from the status quo on, with intervals, fainter below full strength."""
    modelled = line["harm_modelled"].iloc[0]
    start = [line["harm"].iloc[0] if modelled == "no" else 0.0]
    axes.plot([*start, *line["harm"]], [0.0, *line["averted"]], color=shade, linewidth=1.2, alpha=0.75, zorder=3)
    for row in line.to_dict("records"):
        whole = row["intensity"] == line["intensity"].max()
        bars: dict[str, Any] = {"color": shade, "linewidth": 0.9 if whole else 0.5, "zorder": 2}
        bars["alpha"] = 0.7 if whole else 0.25
        for ends, place in (("harm", [row["averted"]] * 2), ("averted", [row["harm"]] * 2)):
            interval = [row[f"{ends}_low"], row[f"{ends}_high"]]
            if math.isfinite(sum(interval)):
                axes.plot(*((interval, place) if ends == "harm" else (place, interval)), **bars)
        how = marks.look(str(row["averted_verdict"]), shade, ">" if modelled == "part" else "o", 4.5)
        if modelled == "part":  # large enough that its shape is seen
            how["markersize"] = max(4.0, how["markersize"])
        axes.plot([row["harm"]], [row["averted"]], gid=f"{row['policy']}@{row['intensity']:g}/{row['profile']}", **how)
