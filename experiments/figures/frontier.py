"""Attacks that policies avert against the harm they do to lawful users, as they are made stronger."""

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.figures.marks import colours, legend_of_verdicts, look
from experiments.figures.words import (
    EFFECT,
    NONE,
    OPEN,
    REFUSED,
    STATUS_QUO,
    WORLDS,
    About,
    amount,
    arm_words,
    arms_of,
    folded,
    group_heading,
    group_words,
    grouped,
    pairs,
    policy_words,
    profiles_of,
    sentence,
    some,
    strongest,
    told_of,
    too_few,
    within,
)
from sim.engine.text import capital, listed, named, usd
from sim.plots.layout import GREY, PRINT
from sim.plots.panels import label_right, legend_of, plain, scale

_AGENCIES = {
    "fiu": "#0173b2",
    "chain_analyst": "#cc78bc",
    "regulator": "#029e73",
    "prosecutor": "#de8f05",
    "military": "#b83b00",
    "communicators": "#56b4e9",
    "several": "#332288",
}
_DELISTING = "privacy_delisting"
_CIVILIANS = "harm to civilians is not modelled"
_BOUNDS = ["averted_low", "averted_high", "harm_low", "harm_high"]


def rows_of(frontier: pd.DataFrame) -> pd.DataFrame:
    """Policies with the switch as donors choose, or in the arm that is there, from weak to strong.

    With ``military``: whether a policy is of the military or a mix with one that is, of whose harm little is modelled.
    """
    if frontier.empty:
        return frontier
    rows = grouped(frontier).dropna(subset=["averted", "harm"])
    rows = rows[(rows["policy"] != STATUS_QUO) & ~rows["arm"].isin(WORLDS.values())]
    if rows.empty:
        return rows
    rows = rows[rows["arm"] == told_of(arms_of(rows))]
    agency = rows["agency"].fillna("several").astype(str)
    rows = rows.assign(agency=agency, military=agency.str.split("+").map(lambda parts: "military" in parts))
    return rows.drop_duplicates(["profile", "policy", "intensity"]).sort_values("intensity", kind="stable")


def title_of_frontier(rows: pd.DataFrame) -> str:
    """Which policy at full strength averts most in each group, and at what harm; or that none is shown to avert any."""
    if few := too_few(rows, "averted_verdict"):
        return few
    most: list[str] = []
    others: dict[str, list[str]] = {}
    profiles, more = some(profiles_of(rows))
    for profile in profiles:
        here, where = rows[rows["profile"] == profile], group_words(profile)
        here = strongest(here[~_idle(here)])
        if here.empty:
            others.setdefault("no policy can act in", []).append(where)
            continue
        told = here[here["averted_verdict"] == EFFECT]
        if (told["averted"] > 0).any():
            best = told.loc[told["averted"].idxmax()]
            low, high = float(best["averted_low"]), float(best["averted_high"])
            averted = amount(float(best["averted"]), low, high, "", sign=False)
            most.append(
                f"{within(policy_words(str(best['policy'])))} in {where}, {averted} attacks a week, {_harm(best)}"
            )
        else:
            none = (here["averted_verdict"] == NONE).all()
            words = "policies avert practically no attacks in" if none else "no policy is shown to avert attacks in"
            others.setdefault(words, []).append(where)
        for policy in told[told["averted"] < 0]["policy"].unique():
            others.setdefault(f"attacks rise with {within(policy_words(str(policy)))} in", []).append(where)
    first = "most attacks shown to be averted: " + "; ".join(most) if most else ""
    return sentence([first, *(f"{words} {listed(places)}" for words, places in others.items()), more])


def _idle(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Which rows are of a policy that changes exactly nothing in every draw: it cannot act there."""
    return (rows[["averted", "harm", *_BOUNDS]] == 0.0).all(axis=1)


def _harm(row: "pd.Series[float]") -> str:
    low, high = float(row["harm_low"]), float(row["harm_high"])
    if row["military"]:
        return _CIVILIANS
    if not (math.isfinite(low) and math.isfinite(high)):
        return "lawful harm cannot be told"
    if low <= 0 <= high or abs(float(row["harm"])) < 0.5:
        ends = " to ".join(f"{'-' * (end < 0)}{usd(abs(end))}" for end in (low, high))
        return "lawful money unchanged" if low == high == 0.0 else f"cannot tell the lawful harm ({ends} USD/week)"
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
    title = title_of_frontier(rows)
    still = rows[_idle(rows)]
    rows = rows if len(still) == len(rows) else rows.drop(still.index)
    colour = colours(rows["agency"].unique(), _AGENCIES)
    agencies = rows.loc[rows["averted_verdict"] == EFFECT, "agency"].unique()
    columns = min(2, len(profiles))
    most = int(rows.groupby("profile")["policy"].nunique().max())
    deep = -(-len(profiles) // columns)
    figure = PRINT.frame(max(1.9, 0.45 + 0.13 * most) * deep)
    shapes = {agency: _shape("military" in agency.split("+")) for agency in agencies}
    handles = legend_of({agency: _agency(agency) for agency in agencies}, colour, shapes)
    open_ = next((one for one in REFUSED if (rows["averted_verdict"] == one).any()), OPEN)
    verdicts = legend_of_verdicts(band=False, open_=open_)
    words = _subtitle(rows, about) + _left_out(still)
    PRINT.head_and_foot(figure, title, words, provenance, handles, verdicts)
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
    PRINT.below(figure, "lawful money frozen or hindered, USD/week" + (f" ({how})" if how else ""))
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
                whole = (
                    row["intensity"] == line["intensity"].max()
                )  # the others are fainter, or all would be one thicket
                bars: dict[str, Any] = {"color": shade, "linewidth": 0.9 if whole else 0.5, "zorder": 2}
                bars["alpha"] = 0.7 if whole else 0.25
                axes.plot([row["harm_low"], row["harm_high"]], [at[1], at[1]], **bars)
                axes.plot([at[0], at[0]], [row["averted_low"], row["averted_high"]], **bars)
            key = f"{policy}@{row['intensity']:g}/{row['profile']}"
            axes.plot([at[0]], [at[1]], gid=key, **_look(row, shade))
        labels.append((folded(policy_words(str(policy)), 24, 1), float(x[-1]), float(y[-1]), shade))
    return labels


def _shape(military: bool) -> str:
    return "^" if military else "o"


def _look(row: dict[Any, Any], shade: str) -> dict[str, Any]:
    """The marker of a point; military ones keep their shape large enough to be told apart, whatever the verdict."""
    made = look(str(row["averted_verdict"]), shade, _shape(row["military"]), 4.5)
    return made | {"markersize": max(4.0, made["markersize"])} if row["military"] else made


def _threshold(values: "pd.Series[float]") -> float:
    """Where a scale may turn logarithmic: the power of ten nearest to the middle size of what is not zero."""
    sizes = values.abs()[values.abs() > 1e-9]
    if sizes.empty:
        return 0.0
    threshold = 10.0 ** math.floor(math.log10(float(np.quantile(sizes, 0.35))))
    return max(threshold, 10.0 ** (math.ceil(math.log10(float(sizes.max()))) - 4))


def _agency(name: str) -> str:
    words = [{"fiu": "FIU", "several": "several agencies"}.get(part, named(part).lower()) for part in name.split("+")]
    return listed([capital(words[0]), *words[1:]])


def _subtitle(rows: pd.DataFrame, about: About) -> str:
    strengths = sorted(rows["intensity"].unique())
    points = (
        f"Points on a line: intensity {listed([f'{one:g}' for one in strengths])}, from the status quo at zero. "
        if len(strengths) > 1
        else f"Intensity {strengths[0]:g}; lines begin at the status quo. "
    )
    rate = (rows["outcome"] == "rate").all()
    return (
        f"Policy minus status quo, {arm_words(str(rows['arm'].iloc[0]))}, {about.mean}. {points}"
        f"{'Averted: of the attack rate.' if rate else 'Military policies: attack rate; others: attack capacity.'} "
        "Bars, strong at full strength: middle 95% of draws, which counts. In attacks, where tables have per cent, by "
        f"which a verdict may differ; the title tells of full strength. {pairs(rows['n'])} of runs on the same luck. "
        f"Markers: verdict on attacks averted; grey where no point has an effect.{_of_harm(rows)} "
        "A vertical axis with tenfold ticks is linear to the first of them and logarithmic beyond."
    )


def _of_harm(rows: pd.DataFrame) -> str:
    """What the harm of the policies that are drawn leaves out or assumes."""
    words = ""
    if rows["military"].any():
        words += f" Triangles: military policies, whose {_CIVILIANS}: harm counts lawful money only."
    if rows["policy"].str.split("+").map(lambda parts: _DELISTING in parts).any():
        words += (
            f" Harm of {within(policy_words(_DELISTING))} assumes that the lawful volume of an intermediary splits "
            "equally over its rails."
        )
    return words


def _left_out(rows: pd.DataFrame) -> str:
    """Which policies cannot act in which group, and so are not drawn there."""
    places = [
        f"{within(policy_words(str(policy)))} ({listed([group_words(profile) for profile in profiles_of(here)])})"
        for policy, here in rows.groupby("policy", sort=False)
    ]
    return f" Not drawn, as they change no attack at all: {listed(places)}." if places else ""
