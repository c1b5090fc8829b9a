"""Forest of policy effects: the effect of each policy on attacks, with and without the switch, in each group."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments import text
from experiments.figures import marks, pick
from experiments.figures.about import About
from experiments.figures.captions import caption, folded, leaders, title
from experiments.findings import Finding, findings
from experiments.messages import say
from sim.plots.layout import PRINT
from sim.plots.panels import plain, scale


def rows_of(effects: pd.DataFrame, about: About) -> pd.DataFrame:
    """Return policy effects at highest intensity, each in the outcome by which the policy is judged."""
    if effects.empty:
        return effects
    rows = pick.judged(pick.strongest(pick.reference(effects[effects["contrast"] == "policy"], about)), about)
    return rows[rows["arm"].isin(pick.arms_of(rows))].drop_duplicates(["profile", "arm", "policy"])


def found_in(rows: pd.DataFrame) -> list[Finding]:
    """Return for each group the policies that lower and raise attacks most."""
    rows = rows[rows["arm"] == pick.main_arm(pick.arms_of(rows))].sort_values("centre", kind="stable")
    groups = [findings("plot-forest", rows[rows["profile"] == profile]) for profile in pick.profiles_of(rows)]
    return [one for every in groups for one in leaders(every)]


def forest(effects: pd.DataFrame, about: About, provenance: dict[str, str]) -> tuple[Figure, str] | None:
    """Draw policy effects with and without the switch, a panel a group; None if the table has no such rows."""
    rows = rows_of(effects, about)
    if rows.empty:
        return None
    means = rows.groupby("policy")["centre"].mean()
    policies = [str(policy) for policy in means.sort_values(kind="stable").index]
    arms, profiles, margin = pick.arms_of(rows), pick.profiles_of(rows), pick.margin_of(rows, about)
    rows = rows.assign(place=rows["policy"].map(policies.index))

    def panel(axes: Axes, profile: str) -> None:
        marks.relevance(axes, margin)
        marks.marks(axes, rows[rows["profile"] == profile], "arm", arms, marks.colours(arms), marks.markers(arms))
        axes.set_title(folded(text.heading(profile), 24))
        scale(axes, "x", marks.spans(rows, margin), 0.0, plain, 5.4 / min(3, len(profiles)))
        marks.policies_on(axes, policies, about)

    return PRINT.small_multiples(
        profiles,
        panel,
        title=title(found_in(rows)),
        caption=caption("plot-forest", rows, about),
        provenance=provenance,
        legends=[marks.legend_of_arms(arms), marks.legend_of_verdicts(rows)],
        height=0.6 + max(0.5, max(0.19, 0.085 * len(arms) + 0.05) * len(policies)),
        below=say("plot-forest.axis"),
    )
