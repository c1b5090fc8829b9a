"""Attacks that policies avert against the harm they do to lawful users, as they are made stronger."""

import math
from dataclasses import replace
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from experiments import text
from experiments.figures import marks, pick
from experiments.figures.about import About
from experiments.figures.captions import caption, folded, leaders, title
from experiments.findings import Finding, findings
from experiments.messages import say
from experiments.stats.contrasts import PLACEBO_NONE
from sim.plots.layout import GREY, PRINT, Drawn
from sim.plots.panels import colours, label_right, legend_of, plain, scale

_DELISTING = "privacy_delisting"
_BOUNDS = ["averted_low", "averted_high", "harm_low", "harm_high"]


def rows_of(frontier: pd.DataFrame) -> pd.DataFrame:
    """Return policies with the switch as donors choose, or in the arm that is there, from weak to strong.

    With ``military``: whether a policy is of the military or a mix with one that is, of whose harm little is modelled;
    and ``still``: whether it changes exactly nothing in every draw, so that it cannot act there.
    """
    if frontier.empty:
        return frontier
    rows = pick.grouped(frontier).dropna(subset=["averted", "harm"])
    rows = rows[(rows["policy"] != pick.STATUS_QUO) & (rows["arm"] != PLACEBO_NONE)]
    if rows.empty:
        return rows
    rows = rows[rows["arm"] == pick.main_arm(pick.arms_of(rows))]
    agency = rows["agency"].fillna("several").astype(str)
    rows = rows.assign(
        agency=agency,
        military=agency.str.split("+").map(lambda parts: "military" in parts),
        still=(rows[["averted", "harm", *_BOUNDS]] == 0.0).all(axis=1),
    )
    return rows.drop_duplicates(["profile", "policy", "intensity"]).sort_values("intensity", kind="stable")


def found_in(rows: pd.DataFrame) -> list[Finding]:
    """Return for each group the policies that avert most and least at full strength, with the verdict on their harm.

    The main verdict is that on attacks: a policy that averts them lowers them.
    """
    found = []
    rows = pick.strongest(rows).sort_values("averted", ascending=False, kind="stable")
    for profile in pick.profiles_of(rows):
        here = rows[rows["profile"] == profile]
        every = findings("plot-frontier", here, "frontier", "averted", unit="")
        harms = [{"harm": _harm(row), "money": text.usd(abs(row["harm"]))} for row in here.to_dict("records")]
        found += leaders([replace(one, more=harm) for one, harm in zip(every, harms, strict=True)])
    return found


def _harm(row: dict[Any, Any]) -> str:
    """Return the verdict on the harm of a policy: raises, lowers, negligible, inconclusive, unknown or civilians."""
    low, high = float(row["harm_low"]), float(row["harm_high"])
    if row["military"]:
        return "civilians"
    if not math.isfinite(low + high):
        return "unknown"
    if low == high == 0.0:
        return "negligible"
    if low <= 0 <= high or abs(float(row["harm"])) < 0.5:
        return "inconclusive"
    return "raises" if row["harm"] > 0 else "lowers"


def frontier(table: pd.DataFrame, about: About, provenance: dict[str, str]) -> Drawn | None:
    """Draw averted attacks against lawful harm by policy, a panel a group; None if the table is empty."""
    rows = rows_of(table)
    if rows.empty:
        return None
    words, profiles, still = title(found_in(rows)), pick.profiles_of(rows), pick.strongest(rows[rows["still"]])
    rows = rows if rows["still"].all() else rows[~rows["still"]]
    colour = colours(rows["agency"].unique(), "agencies")
    agencies = rows.loc[rows["averted_verdict"].isin(pick.SHOWN), "agency"].unique()
    names = {agency: say("plot-frontier.agency", agency=text.listed(agency.split("+"))) for agency in agencies}
    shapes = {agency: _shape("military" in agency.split("+")) for agency in agencies}
    columns = min(2, len(profiles))
    labels: dict[str, list[tuple[str, float, float, str]]] = {}

    def panel(axes: Axes, profile: str) -> None:
        here = rows[rows["profile"] == profile]
        marks.relevance(axes, 0.0)
        marks.relevance(axes, 0.0, upright=True)
        labels[profile] = [
            _draw(axes, str(policy), line, colour) for policy, line in here.groupby("policy", sort=False)
        ]
        axes.set_title(folded(text.heading(profile), 40))
        averted = here[["averted", "averted_low", "averted_high"]].to_numpy().ravel()
        scale(axes, "y", averted, plain, 1.5)
        harm = rows[["harm", "harm_low", "harm_high"]].to_numpy().ravel()
        scale(axes, "x", harm, text.usd, 1.8 if columns == 2 else 5.0)

    figure, _ = PRINT.small_multiples(
        profiles,
        panel,
        title=words,
        caption=caption(
            "plot-frontier",
            rows,
            about,
            arm=text.arm(str(rows["arm"].iloc[0])),
            outcome="rate" if (rows["outcome"] == "rate").all() else "judged",
            strengths=text.listed([f"{one:g}" for one in sorted(rows["intensity"].unique())]),
            military="yes" if rows["military"].any() else "no",
            delisting="yes" if rows["policy"].str.split("+").map(lambda parts: _DELISTING in parts).any() else "no",
            count=len(still),
            still=text.listed(
                [say("plot-frontier.still", **one.values) for one in findings("plot-frontier", still, value="averted")]
            ),
        ),
        provenance=provenance,
        legends=[legend_of(names, colour, shapes), marks.legend_of_verdicts(band=False)],
        height=max(1.9, 0.45 + 0.13 * int(rows.groupby("profile")["policy"].nunique().max())),
        columns=columns,
        share="x",
        below=say("plot-frontier.axis"),
        ylabel=say("plot-frontier.beside"),
    )
    for axes, profile in zip(figure.axes, profiles, strict=True):
        label_right(axes, labels[profile])
    return figure, words


def _draw(axes: Axes, policy: str, line: pd.DataFrame, colour: dict[str, str]) -> tuple[str, float, float, str]:
    """Draw the line of a policy from the status quo on; return its label and end."""
    shade = colour[line["agency"].iloc[0]] if line["averted_verdict"].isin(pick.SHOWN).any() else GREY
    axes.plot([0.0, *line["harm"]], [0.0, *line["averted"]], color=shade, linewidth=1.2, alpha=0.75, zorder=3)
    for row in line.to_dict("records"):
        whole = row["intensity"] == line["intensity"].max()
        bars: dict[str, Any] = {"color": shade, "linewidth": 0.9 if whole else 0.5, "zorder": 2}
        bars["alpha"] = 0.7 if whole else 0.25  # fainter below full strength, or all would be one thicket
        if all(math.isfinite(row[bound]) for bound in _BOUNDS):
            axes.plot([row["harm_low"], row["harm_high"]], [row["averted"]] * 2, **bars)
            axes.plot([row["harm"]] * 2, [row["averted_low"], row["averted_high"]], **bars)
        how = marks.look(str(row["averted_verdict"]), shade, _shape(row["military"]), 4.5)
        if row["military"]:  # large enough that its shape is seen
            how["markersize"] = max(4.0, how["markersize"])
        axes.plot([row["harm"]], [row["averted"]], gid=f"{policy}@{row['intensity']:g}/{row['profile']}", **how)
    last = line.iloc[-1]
    return folded(text.policy_heading(policy), 24, 1), float(last["harm"]), float(last["averted"]), shade


def _shape(military: bool) -> str:
    return "^" if military else "o"
