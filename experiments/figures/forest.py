"""Forest of policy effects: what each policy does to attacks, with and without the switch, in each group."""

import pandas as pd
from matplotlib.figure import Figure

from experiments.figures.marks import colours, legend_of_arms, legend_of_verdicts, mark, markers, relevance
from experiments.figures.words import (
    DEPENDS,
    EFFECT,
    NONE,
    OPEN,
    REFUSED,
    About,
    arms_of,
    counted,
    effect,
    folded,
    group_heading,
    group_words,
    holding,
    idle,
    judged,
    margin_of,
    policy_words,
    profiles_of,
    reference,
    sentence,
    some,
    strongest,
    told,
    told_of,
    told_words,
    too_few,
    within,
)
from sim.engine.text import listed
from sim.plots.layout import PRINT, grid
from sim.plots.panels import plain, scale


def rows_of(effects: pd.DataFrame, about: About) -> pd.DataFrame:
    """Policy effects at highest intensity, each in the outcome by which the policy is judged."""
    if effects.empty:
        return effects
    rows = effects[effects["contrast"] == "policy"]
    rows = judged(strongest(reference(rows, about)), about)
    if rows.empty:
        return rows
    rows = rows[rows["arm"].isin(arms_of(rows))]
    return rows.drop_duplicates(["profile", "arm", "policy"])


def by_effect(rows: pd.DataFrame) -> list[str]:
    """Policies from the one that lowers most to the one that raises most, by the mean over groups and arms."""
    return [str(policy) for policy in rows.groupby("policy")["centre"].mean().sort_values(kind="stable").index]


def title_of_forest(rows: pd.DataFrame) -> str:
    """With which policy attacks fall most in each group, or that none is shown to lower them; and what raises them."""
    rows = rows[rows["arm"] == told_of(arms_of(rows))]
    if few := too_few(rows):
        return few
    shown = rows[rows["verdict"] == EFFECT]
    fall: dict[str, list[str]] = {}
    nothing: list[str] = []
    rise: list[str] = []
    profiles, more = some(profiles_of(rows))
    for profile in profiles:
        here = shown[shown["profile"] == profile].sort_values("centre")
        where = group_words(profile)
        if len(here) and here["centre"].iloc[0] < 0:
            fall.setdefault(str(here["policy"].iloc[0]), []).append(f"{effect(here.iloc[0])} in {where}")
        else:
            nothing.append(_nothing(rows[rows["profile"] == profile], group_heading(profile)))
        if len(here) and here["centre"].iloc[-1] > 0:
            last = here.iloc[-1]
            rise.append(
                f"{'' if rise else 'they rise '}with {within(policy_words(last['policy']))}, {effect(last)} in {where}"
            )
    falls = [f"with {within(policy_words(policy))}: {listed(places)}" for policy, places in fall.items()]
    return sentence(["attacks fall most " + "; ".join(falls) if falls else "", *nothing, *rise, more])


def _nothing(rows: pd.DataFrame, who: str) -> str:
    """That no policy is shown to lower attacks in a group, and how many verdicts are which; of those that can act."""
    rows = rows[~idle(rows)]
    if rows.empty:
        return f"{who}: no policy can act there"
    none, every = int((rows["verdict"] == NONE).sum()), len(rows)
    if none == every:
        which = f"all {every} policies do" if every > 1 else f"{within(policy_words(rows['policy'].iloc[0]))} does"
        return f"{who}: {which} practically nothing to attacks"
    verdicts = [told(pd.Series(row)) for row in rows.to_dict("records")]
    kinds = {kind: verdicts.count(kind) for kind in (NONE, DEPENDS, OPEN, *REFUSED)}
    counts = ", ".join(
        f"{count} {kind.replace('depends', 'depend') if count > 1 else kind}" for kind, count in kinds.items() if count
    )
    return f"{who}: no policy shown to lower attacks" + (f" ({counts})" if counts else "")


def forest(effects: pd.DataFrame, about: About, provenance: dict[str, str]) -> tuple[Figure, str] | None:
    """Policy effects with and without the switch, a panel a group; none if the table has no such rows.

    Args:
        effects: rows of ``effects.csv``.
        about: agencies (military policies are judged by the attack rate), reference cell, margin.
        provenance: for the small print.
    """
    rows = rows_of(effects, about)
    if rows.empty:
        return None
    policies, arms, profiles = by_effect(rows), arms_of(rows), profiles_of(rows)
    step = max(0.19, 0.085 * len(arms) + 0.05)
    figure = PRINT.frame((0.6 + max(0.5, step * len(policies))) * -(-len(profiles) // 3))
    title = title_of_forest(rows)
    PRINT.head_and_foot(
        figure, title, _subtitle(rows, about), provenance, legend_of_arms(arms), legend_of_verdicts(rows)
    )
    margin = margin_of(rows, about)
    panels = grid(figure, len(profiles), 3)
    colour, marker = colours(arms), markers(arms)
    spans = rows[["centre", "low", "high"]].to_numpy().ravel()
    for axes, profile in zip(panels, profiles, strict=True):
        here = rows[rows["profile"] == profile]
        relevance(axes, margin)
        for row in here.to_dict("records"):
            shift = (arms.index(row["arm"]) - (len(arms) - 1) / 2) * 0.7 / len(arms)
            mark(axes, policies.index(row["policy"]) + shift, pd.Series(row), colour[row["arm"]], marker[row["arm"]])
        axes.set_title(folded(group_heading(profile), 26))
        how = scale(axes, "x", [*spans, margin, -margin], margin, plain, 5.4 / min(3, len(profiles)), "%")
        axes.set_yticks(range(len(policies)), [_label(policy, about) for policy in policies], linespacing=0.95)
        axes.set_ylim(len(policies) - 0.4, -0.6)
    PRINT.below(figure, "change of attacks, % of the run with neither policy nor switch" + (f" ({how})" if how else ""))
    return figure, title


def _label(policy: str, about: About) -> str:
    return folded(policy_words(policy) + (" †" if about.outcome(policy) == "rate" else ""), 26)


def _subtitle(rows: pd.DataFrame, about: About) -> str:
    return (
        f"Policy minus status quo, {about.mean}, from most lowered to most raised. Attack capacity; †: attack rate, by "
        f"which military policies are judged. {counted(rows)}{told_words(arms_of(rows))}{holding(rows)}"
    )
