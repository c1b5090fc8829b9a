"""Figures of the study of inspiration: families of policy over windows, core and network apart; frontiers; the loop."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.figures.frontier import frontier
from experiments.figures.marks import colours, legend_of_verdicts, mark, relevance
from experiments.figures.words import (
    DEPENDS,
    EFFECT,
    NONE,
    About,
    centred,
    counted,
    effect,
    folded,
    group_heading,
    group_words,
    grouped,
    held,
    idle,
    in_order,
    margin_of,
    policy_words,
    profiles_of,
    sentence,
    told,
    too_few,
    within,
)
from sim.engine.text import listed
from sim.plots.layout import PRINT, Drawing, grid
from sim.plots.panels import legend_of, plain, scale

__all__ = ["About", "draw"]

_FIRST = ("counter_inspiration", "counter_finance", "kinetic_pressure", "revenue_strikes")
_COLOURS = {
    "counter_inspiration": "#56b4e9",
    "counter_finance": "#029e73",
    "kinetic_pressure": "#b83b00",
    "revenue_strikes": "#949494",
}
_SHAPES = {"counter_inspiration": "o", "counter_finance": "s", "kinetic_pressure": "^", "revenue_strikes": "v"}
_PARTS = {"rate_core": "core", "rate_network": "network"}
_NOTHING = "families alone do practically nothing to attacks in"
_NOT_SHOWN = "no family alone is shown to lower attacks in"
_LOOPS = {"on": "loop on", "cut": "loop cut"}
_ADDS = {
    NONE: "the loop adds practically nothing with",
    DEPENDS: "what the loop adds depends on what is not known with",
}
_LOOP_COLOURS = {"on": "#0173b2", "cut": "#de8f05"}


def draw(tables: Mapping[str, pd.DataFrame], about: About, folder: Path, provenance: dict[str, str]) -> list[Path]:
    """Draw every figure for which the tables hold something, as PNG and SVG; returns the files.

    Args:
        tables: of the study, by name: ``effects``, ``frontier``, ``loop``, ``apart``.
        about: day on which the policies start, agencies, margin.
        folder: where to write; made if missing.
        provenance: for the metadata and the small print.
    """
    figures: dict[str, Drawing] = {}
    figures["1_windows"] = partial(windows, tables["effects"], about)
    for place, (window, weeks) in enumerate({"52 weeks": 52, "5 years": 260}.items(), 2):
        rows = tables["frontier"]
        rows = rows[rows["window"] == window] if "window" in rows else rows
        joint = rows["agency"].str.contains("+", regex=False) & ~rows["agency"].str.contains("military")
        rows = rows.assign(agency=rows["agency"].mask(joint, "several"))
        one = About(about.switch, about.agencies, window=weeks, margin=about.margin)
        figures[f"{place}_frontier_{window.replace(' ', '_')}"] = partial(frontier, rows, one)
    figures["4_loop"] = partial(loop, tables["effects"], tables["loop"], about)
    return PRINT.draw(figures, folder, provenance)


def rows_of(effects: pd.DataFrame, outcomes: Sequence[str]) -> pd.DataFrame:
    """Effects of policies at full strength on some outcomes, with a middle; those of one family, and all together."""
    if effects.empty:
        return effects
    rows = grouped(effects)
    rows = rows[(rows["contrast"] == "policy") & rows["outcome"].isin(list(outcomes)) & rows["mean"].notna()]
    rows = rows[rows["intensity"] == rows.groupby("policy")["intensity"].transform("max")]
    parts = rows["policy"].str.count(r"\+")
    return centred(rows[(parts == 0) | (parts == parts.max())])


def policies_of(rows: pd.DataFrame) -> list[str]:
    """The policies that change anything: families first, then mixes."""
    return in_order(rows[~idle(rows)]["policy"], _FIRST)


# --- over windows ----------------------------------------------------------------------------------------------------


def title_of_windows(rows: pd.DataFrame) -> str:
    """In the last window: with which family alone the largest fall is shown, in core and network of each group."""
    window = in_order(rows["window"])[-1]
    rows = rows[(rows["window"] == window) & ~rows["policy"].str.contains("+", regex=False) & ~idle(rows)]
    if few := too_few(rows):
        return few
    falls: list[str] = []
    others: dict[str, list[str]] = {}
    for profile in profiles_of(rows):
        for outcome, part in _PARTS.items():
            here = rows[(rows["profile"] == profile) & (rows["outcome"] == outcome)].sort_values(
                "centre", kind="stable"
            )
            if here.empty:
                continue
            where, shown = f"{part} of {group_words(profile)}", here[here["verdict"] == EFFECT]
            if len(shown) and shown["centre"].iloc[0] < 0:
                first = shown.iloc[0]
                falls.append(f"{within(policy_words(first['policy']))} in the {where}, {effect(first)}")
            else:
                none = (here["verdict"] == NONE).all()
                others.setdefault(_NOTHING if none else _NOT_SHOWN, []).append(where)
    clauses = [f"largest fall that is shown: {'; '.join(falls)}"] if falls else []
    alone = not falls and len(others) == 1
    clauses += [f"{words} {'any group' if alone else 'the ' + listed(places)}" for words, places in others.items()]
    return sentence([f"{window}: {clauses[0]}", *clauses[1:]]) if clauses else ""


def windows(effects: pd.DataFrame, about: About, provenance: dict[str, str]) -> tuple[Figure, str] | None:
    """Change of the attack rate by family over the windows, a panel for core and network of each group."""
    rows = rows_of(effects, tuple(_PARTS))
    rows = held(rows, "loop", "on")
    if rows.empty:
        return None
    policies = policies_of(rows)
    panels_of = [
        (profile, outcome)
        for profile in profiles_of(rows)
        for outcome in _PARTS
        if ((rows["profile"] == profile) & (rows["outcome"] == outcome)).any()
    ]
    title = title_of_windows(rows)
    colour, shape = colours(policies, _COLOURS), {one: _SHAPES.get(one, "D") for one in policies}
    figure = PRINT.frame(2.1 * -(-len(panels_of) // 2))
    names = {one: _name(one) for one in policies}
    words = (
        "Policies at full strength less the status quo, attack rate of core and of network, means over weeks from the "
        f"start of the policies; the loop is on. {counted(rows)}"
    )
    PRINT.head_and_foot(figure, title, words, provenance, legend_of(names, colour, shape), legend_of_verdicts(rows))
    margin = margin_of(rows, about)
    spans = rows[["centre", "low", "high"]].to_numpy().ravel()
    order = in_order(rows["window"])
    for axes, (profile, outcome) in zip(grid(figure, len(panels_of), 2), panels_of, strict=True):
        relevance(axes, margin, upright=True)
        here = rows[(rows["profile"] == profile) & (rows["outcome"] == outcome)]
        _marks(axes, here, order, policies, colour, shape, "window", "policy")
        axes.set_title(f"{group_heading(profile)}, {_PARTS[outcome]}")
        how = scale(axes, "y", [*spans, margin, -margin], margin, plain, 1.6, "%")
    PRINT.beside(figure, "change of the attack rate, %" + (f"\n({how})" if how else ""))
    return figure, title


def _marks(
    axes: Axes,
    rows: pd.DataFrame,
    places: Sequence[str],
    names: Sequence[str],
    colour: Mapping[str, str],
    shape: Mapping[str, str],
    along: str,
    by: str,
) -> None:
    """Effects side by side at each place along the axis."""
    for row in rows.to_dict("records"):
        if row[by] in names and row[along] in places:
            shift = (names.index(row[by]) - (len(names) - 1) / 2) * 0.72 / len(names)
            at = places.index(row[along]) + shift
            mark(axes, at, pd.Series(row), colour[row[by]], shape[row[by]], upright=True, size=4.5)
    axes.set_xlim(-0.55, len(places) - 0.45)
    for edge in range(1, len(places)):
        axes.axvline(edge - 0.5, color="#dddddd", linewidth=0.7, zorder=0.5)
    axes.set_xticks(range(len(places)), [folded(_name(one), 20, 2) for one in places])
    axes.grid(visible=False, axis="x")


def _name(policy: str) -> str:
    """A policy on a legend; a mix of more than two by how many families it joins."""
    parts = policy.split("+")
    return f"All {len(parts)} together" if len(parts) > 2 else policy_words(policy)


# --- the loop --------------------------------------------------------------------------------------------------------


def title_of_loop(rows: pd.DataFrame) -> str:
    """How much of the effects of families is there only with the loop, by verdict."""
    rows = centred(grouped(rows[~idle(rows) & ~rows["policy"].str.contains("+", regex=False)]))
    if few := too_few(rows):
        return few
    clauses = []
    for profile in profiles_of(rows):
        by: dict[str, list[str]] = {}
        for row in rows[rows["profile"] == profile].to_dict("records"):
            name = within(policy_words(row["policy"]))
            if row["verdict"] == EFFECT:
                words = f"the loop {'deepens' if row['centre'] < 0 else 'weakens'} the fall of attacks with"
                by.setdefault(words, []).append(f"{name} ({effect(pd.Series(row))})")
            else:
                verdict = told(pd.Series(row))
                words = _ADDS.get(verdict, f"{verdict} what the loop adds with")
                by.setdefault(words, []).append(name)
        said = ", ".join(f"{words} {listed(some)}" for words, some in by.items())
        clauses.append(f"{group_heading(profile)}: {said}")
    return sentence(clauses)


def loop(
    effects: pd.DataFrame, added: pd.DataFrame, about: About, provenance: dict[str, str]
) -> tuple[Figure, str] | None:
    """Change of the attack rate with the loop on and cut, in the last window, a panel a group."""
    rows = rows_of(effects, ("rate",))
    if rows.empty or added.empty or rows["loop"].nunique() < 2:
        return None
    window = in_order(rows["window"])[-1]
    rows, added = rows[rows["window"] == window], added[added["window"] == window]
    policies = [one for one in policies_of(rows) if (rows[rows["loop"] == "cut"]["policy"] == one).any()]
    profiles, loops = profiles_of(rows), [one for one in _LOOPS if (rows["loop"] == one).any()]
    figure = PRINT.frame(2.5 * -(-len(profiles) // 3))
    title = title_of_loop(added)
    shape = {"on": "o", "cut": "s"}
    words = (
        f"Policies at full strength less the status quo, attack rate, {window} after the start of the policies. Loop: "
        "attacks, publicity, sympathy, people and money, attacks. The title tells of the difference between both, on "
        f"the same luck. {counted(rows)}"
    )
    PRINT.head_and_foot(
        figure, title, words, provenance, legend_of(_LOOPS, _LOOP_COLOURS, shape), legend_of_verdicts(rows)
    )
    margin = margin_of(rows, about)
    spans = rows[["centre", "low", "high"]].to_numpy().ravel()
    panels = grid(figure, len(profiles), 3)
    for axes, profile in zip(panels, profiles, strict=True):
        relevance(axes, margin, upright=True)
        _marks(axes, rows[rows["profile"] == profile], policies, loops, _LOOP_COLOURS, shape, "policy", "loop")
        axes.set_title(folded(group_heading(profile), 26))
        axes.tick_params(axis="x", labelrotation=40)
        for label in axes.get_xticklabels():
            label.set(ha="right", rotation_mode="anchor")
        how = scale(axes, "y", [*spans, margin, -margin], margin, plain, 1.7, "%")
    PRINT.beside(figure, "change of the attack rate, %" + (f"\n({how})" if how else ""))
    return figure, title
