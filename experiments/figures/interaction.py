"""What each policy undoes of the switch: switch effects under each policy, and their difference to the status quo."""

import pandas as pd
from matplotlib.figure import Figure

from experiments.figures.marks import PROFILES, colours, legend_of_verdicts, mark, markers, relevance
from experiments.figures.words import (
    DEPENDS,
    EFFECT,
    NONE,
    STATUS_QUO,
    About,
    arms_of,
    by_draws,
    counted,
    effect,
    folded,
    group_heading,
    group_words,
    holding,
    idle,
    in_order,
    judged,
    margin_of,
    policy_words,
    profiles_of,
    reference,
    sentence,
    short_arm,
    some,
    strongest,
    told,
    told_of,
    told_words,
    too_few,
    within,
)
from sim.plots.layout import PRINT
from sim.plots.panels import legend_of, plain, scale

_CONTRASTS = {"switch": "Switch effect", "interaction": "Change by policy"}


def rows_of(effects: pd.DataFrame, about: About) -> pd.DataFrame:
    """Switch effects and what policies undo of them, at highest intensity, in the outcome by which each is judged."""
    if effects.empty:
        return effects
    rows = effects[effects["contrast"].isin(_CONTRASTS)]
    rows = judged(strongest(reference(rows, about)), about)
    if rows.empty or not (rows["contrast"] == "interaction").any():
        return rows.iloc[:0]
    rows = rows[rows["arm"].isin(arms_of(rows, ("announcement", "full")))]
    return rows.drop_duplicates(["contrast", "profile", "arm", "policy"])


def by_undone(rows: pd.DataFrame) -> list[str]:
    """Status quo, then policies from the one after which least is left of the switch effect to the one with most."""
    means = rows[rows["contrast"] == "interaction"].groupby("policy")["centre"].mean().sort_values(kind="stable")
    return in_order([*means.index, *rows["policy"]], [STATUS_QUO])


def title_of_interaction(rows: pd.DataFrame) -> str:
    """For each group: whether there is a switch effect to undo, and which policy takes most of it back."""
    rows = rows[rows["arm"] == told_of(arms_of(rows))]
    if few := too_few(rows):
        return few
    clauses = []
    profiles, more = some(profiles_of(rows))
    for profile in profiles:
        here = rows[rows["profile"] == profile]
        base = here[(here["contrast"] == "switch") & (here["policy"] == STATUS_QUO)]
        undone = here[(here["contrast"] == "interaction") & (here["verdict"] == EFFECT)]
        clauses.append(_clause(None if base.empty else base.iloc[0], undone, profile))
    return sentence([*clauses, more])


def _clause(base: "pd.Series[float] | None", undone: pd.DataFrame, profile: str) -> str:
    who = group_heading(profile)
    if base is None:
        return f"{who}: {_most(undone)}" if len(undone) else ""
    if base["verdict"] != EFFECT:
        words = _no_effect(base, profile)
        return f"{words}, yet {_most(undone)}" if len(undone) else words
    verb = "raises" if base["centre"] > 0 else "lowers"
    words = f"{who}: the switch {verb} capacity, {effect(base)}, and "
    against = undone[undone["centre"] * base["centre"] < 0]
    return words + (f"what undoes most is {_named(against)}" if len(against) else "no policy is shown to undo it")


def _no_effect(base: "pd.Series[float]", profile: str) -> str:
    """That a switch effect is nothing, practically none, or open, and why."""
    who = group_heading(profile)
    if idle(base.to_frame().T).all():
        return f"{who}, nothing to undo: the switch changes nothing at all"
    if told(base) == DEPENDS:
        words = by_draws(base, "the switch raises capacity", "lowers it")
        return f"in {group_words(profile)} it {DEPENDS}: {words}"
    kind = "nothing to undo" if base["verdict"] == NONE else told(base)
    return f"{who}, {kind}: the switch moves capacity by {effect(base)}"


def _most(undone: pd.DataFrame) -> str:
    return f"what changes that most is {_named(undone)}"


def _named(undone: pd.DataFrame) -> str:
    """The policy that changes the switch effect most, and by how much."""
    row = undone.loc[undone["centre"].abs().idxmax()]
    return f"{within(policy_words(str(row['policy'])))}, {effect(row, ' points')}"


def interaction(effects: pd.DataFrame, about: About, provenance: dict[str, str]) -> tuple[Figure, str] | None:
    """Switch effect under each policy, and what of it the policy undoes, a column an arm; none without such rows.

    Args:
        effects: rows of ``effects.csv``.
        about: agencies, reference cell, margin.
        provenance: for the small print.
    """
    rows = rows_of(effects, about)
    if rows.empty:
        return None
    policies, profiles = by_undone(rows), profiles_of(rows)
    arms = arms_of(rows, ("announcement", "full"))
    figure = PRINT.frame(0.75 + max(0.19, 0.075 * len(profiles) + 0.055) * len(policies))
    title = title_of_interaction(rows)
    colour, marker = colours(profiles, PROFILES), markers(profiles)
    handles = legend_of({profile: group_heading(profile) for profile in profiles}, colour, marker)
    PRINT.head_and_foot(figure, title, _subtitle(rows, about), provenance, handles, legend_of_verdicts(rows))
    columns = [(contrast, arm) for contrast in _CONTRASTS for arm in arms]
    margin = margin_of(rows, about)
    spans = rows[["centre", "low", "high"]].to_numpy().ravel()
    first = None
    for place, (contrast, arm) in enumerate(columns):
        axes = figure.add_subplot(1, len(columns), place + 1, sharey=first, sharex=first)
        first = first or axes
        axes.tick_params(labelleft=place == 0)
        relevance(axes, margin)
        for row in rows[(rows["contrast"] == contrast) & (rows["arm"] == arm)].to_dict("records"):
            shift = (profiles.index(row["profile"]) - (len(profiles) - 1) / 2) * 0.7 / len(profiles)
            key = row["profile"]
            mark(axes, policies.index(row["policy"]) + shift, pd.Series(row), colour[key], marker[key], size=4.5)
        axes.set_title(f"{_CONTRASTS[contrast]}:\n{short_arm(arm)}", fontsize=8)
        how = scale(axes, "x", [*spans, margin, -margin], margin, plain, 5.2 / len(columns), "%")
        labels = [folded(policy_words(one) + (" †" if _military(one, about) else ""), 26) for one in policies]
        axes.set_yticks(range(len(policies)), labels, linespacing=0.95)
        axes.set_ylim(len(policies) - 0.4, -0.6)
    words = "% of the run with neither policy nor switch; right: difference in points"
    PRINT.below(figure, words + (f" ({how})" if how else ""))
    return figure, title


def _military(policy: str, about: About) -> bool:
    return policy != STATUS_QUO and about.outcome(policy) == "rate"


def _subtitle(rows: pd.DataFrame, about: About) -> str:
    return (
        f"Switch effect on attack capacity (†: attack rate), {about.mean}: with the switch minus without, under each "
        f"policy; right, what the policy changes of it, a difference of effects. {counted(rows)}"
        f"{told_words(arms_of(rows))}{holding(rows)}"
    )
