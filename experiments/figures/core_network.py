"""The switch effect on the core and on the global network apart, by how much campaign money goes straight to cells."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.figures.marks import colours, legend_of_arms, legend_of_verdicts, mark, markers, relevance
from experiments.figures.words import (
    DEPENDS,
    ROUTING,
    STATUS_QUO,
    About,
    arms_of,
    by_draws,
    centred,
    counted,
    effect,
    folded,
    group_heading,
    held,
    holding,
    idle,
    margin_of,
    profiles_of,
    reference,
    sentence,
    share,
    short_arm,
    some,
    told,
    told_of,
    too_few,
)
from sim.plots.layout import DARK, GREY, PRINT, grid
from sim.plots.panels import plain, scale

_PARTS = {"capacity_core": "core", "capacity_network": "network"}


def rows_of(effects: pd.DataFrame, about: About) -> pd.DataFrame:
    """Switch effects on core and network in the status quo, at every routing."""
    if effects.empty:
        return effects
    rows = effects[(effects["contrast"] == "switch") & effects["outcome"].isin(_PARTS) & effects["mean"].notna()]
    rows = held(reference(rows, about, routing=False), "policy", STATUS_QUO)
    rows = rows if ROUTING in rows else rows.assign(**{ROUTING: about.routing})
    return centred(rows.drop_duplicates(["profile", "arm", ROUTING, "outcome"]))


def title_of_core_network(rows: pd.DataFrame, about: About) -> str:
    """What the switch does to core and network of each group at the reference routing, by verdict."""
    rows = held(rows[rows["arm"] == told_of(arms_of(rows))], ROUTING, about.routing)
    if few := too_few(rows):
        return few
    clauses = []
    profiles, more = some(profiles_of(rows))
    for profile in profiles:
        parts = rows[rows["profile"] == profile].set_index("outcome")
        said = [_said(name, parts.loc[outcome]) for outcome, name in _PARTS.items() if outcome in parts.index]
        verdicts = {verdict for _, verdict in said if verdict}
        if len(verdicts) == 1:
            clauses.append(f"{group_heading(profile)}, {verdicts.pop()}: {', '.join(words for words, _ in said)}")
        else:
            each = (f"{words} {verdict}".strip() for words, verdict in said)
            clauses.append(f"{group_heading(profile)}: {', '.join(each)}")
    return sentence([*clauses, more])


def _said(name: str, row: "pd.Series[float]") -> tuple[str, str]:
    """A part and its effect in words, and the verdict; none where nothing changes at all."""
    if idle(row.to_frame().T).all():
        return f"{name} unchanged", ""
    verdict = told(row)
    return (by_draws(row, f"{name} raised", "lowered") if verdict == DEPENDS else f"{name} {effect(row)}"), verdict


def core_network(effects: pd.DataFrame, about: About, provenance: dict[str, str]) -> tuple[Figure, str] | None:
    """Switch effect on core and network by routing, a panel a group; none without such rows.

    Args:
        effects: rows of ``effects.csv``.
        about: reference cell, margin.
        provenance: for the small print.
    """
    rows = rows_of(effects, about)
    if rows.empty:
        return None
    profiles = profiles_of(rows)
    arms = arms_of(rows, ("announcement", "full", "placebo"))
    rows = rows[rows["arm"].isin(arms)]
    figure = PRINT.frame(2.5 * -(-len(profiles) // 3))
    title = title_of_core_network(rows, about)
    PRINT.head_and_foot(
        figure, title, _subtitle(rows, about), provenance, legend_of_arms(arms), legend_of_verdicts(rows)
    )
    margin = margin_of(rows, about)
    panels = grid(figure, len(profiles), 3)
    spans = rows[["centre", "low", "high"]].to_numpy().ravel()
    for place, (axes, profile) in enumerate(zip(panels, profiles, strict=True)):
        relevance(axes, margin, upright=True)
        _draw(axes, rows[rows["profile"] == profile], sorted(rows[ROUTING].unique()), arms)
        axes.set_title(folded(group_heading(profile), 26), pad=14)
        how = scale(axes, "y", [*spans, margin, -margin], margin, plain, 1.7, "%")
        if place % 3 == 0:
            axes.set_ylabel("switch effect, % of no switch" + (f"\n({how})" if how else ""))
    PRINT.below(figure, "share of campaign money that goes straight to cells")
    return figure, title


def _draw(axes: Axes, rows: pd.DataFrame, routings: list[float], arms: list[str]) -> None:
    """Core to the left, network to the right, each at every routing."""
    colour, marker = colours(arms), markers(arms)
    parts = list(_PARTS)
    width = len(routings) + 0.6
    for row in rows.to_dict("records"):
        shift = (arms.index(row["arm"]) - (len(arms) - 1) / 2) * 0.6 / len(arms)
        x = parts.index(row["outcome"]) * width + routings.index(row[ROUTING]) + shift
        mark(axes, x, pd.Series(row), colour[row["arm"]], marker[row["arm"]], upright=True)
    axes.set_xticks(
        [part * width + place for part in range(2) for place in range(len(routings))],
        [share(one) for one in routings] * 2,
    )
    axes.set_xlim(-0.6, width + len(routings) - 0.4)
    axes.axvline(width - 0.8, color="#bbbbbb", linewidth=0.8)
    axes.grid(visible=False, axis="x")
    for part, (outcome, name) in enumerate(_PARTS.items()):
        middle = part * width + (len(routings) - 1) / 2
        words, shade = (name, DARK) if (rows["outcome"] == outcome).any() else (f"no {name}", GREY)
        look: dict[str, Any] = {"ha": "center", "va": "bottom", "fontsize": 7.8, "color": shade}
        axes.text(middle, 1.01, words, transform=axes.get_xaxis_transform(), **look)


def _subtitle(rows: pd.DataFrame, about: About) -> str:
    routing = float(held(rows, ROUTING, about.routing)[ROUTING].iloc[0])
    arm = short_arm(told_of(arms_of(rows)))
    return (
        f"Switch effect on attack capacity of core provinces and of the global network, status quo, {about.mean}. "
        f"{counted(rows)} The title tells of the {arm} with {share(routing)} straight to cells.{holding(rows)}"
    )
