"""The report of the headline study and the full study: effects, interactions, frontier and break-even ratios."""

import pandas as pd

from experiments.findings import Because, Finding, base_levels, say, together, where
from experiments.findings import findings as of_rows
from experiments.stats import contrasts
from experiments.study import tables as of_plan
from experiments.study.own_findings import tallied
from experiments.study.reporting import Folder, Plan, Tables
from experiments.study.spec import STATUS_QUO
from experiments.text import effects_table, folded, paragraph, table


def tables(plan: Plan, folder: Folder) -> dict[str, pd.DataFrame]:
    """Effects, frontier, break-even ratios, and the switch with the elasticity of the record."""
    runs = of_plan.runs_of(folder, plan)
    effects = pd.concat([of_plan.effects_of(plan, runs), worlds(plan, runs)], ignore_index=True)
    record = of_plan.effects_of(plan, of_plan.of_the_record(plan, folder, runs), [contrasts.JUDGED_BY])
    own = of_plan.effects_of(plan, runs, ["rate", "harm"], own_units=True)
    base = of_plan.base_of(plan)
    arms = [arm for arm in ("none", "announcement", "full") if arm in set(effects["arm"])]
    policies, reference, held = of_plan.policies_of(plan), of_plan.reference(plan), of_plan.held(plan)
    frontier = contrasts.frontier(own, policies, base, arms)
    breakeven = contrasts.breakeven(runs, plan.factors, reference, own, policies, held, base, arms[:2])
    weighed = {"effects": effects, "frontier": frontier, "breakeven": breakeven}
    return weighed | {"record": where(record, contrast="switch", policy=STATUS_QUO)}


def worlds(plan: Plan, runs: pd.DataFrame) -> pd.DataFrame:
    """Effect of a counterfactual world, with neither switch nor policy: contrast ``world``.

    The same comparison as between arms, with the world in the place of the arm.
    """
    base = plan.study.base
    if "world" not in plan.factors or runs["world"].nunique() < 2:
        return pd.DataFrame()
    rows = runs[(runs["arm"] == base["arm"]) & (runs["policy"] == base["policy"])]
    both = rows[rows["world"] != base["world"]]
    factors = ["world", *(name for name in plan.factors if name not in ("arm", "world"))]
    rows = rows.merge(both[factors[1:]].drop_duplicates(), on=factors[1:])  # cells that have a counterpart
    found = of_plan.effects_between(plan, rows, factors, of_plan.reference(plan) | {"world": base["world"]})
    return found.assign(arm=base["arm"])


def findings(plan: Plan, tables: Tables) -> list[Finding]:
    """Whether privacy alone does anything, and the switch with the elasticity of the record."""
    levels = base_levels(tables["effects"], of_plan.base_of(plan))
    alone = where(tables["effects"], levels, contrast="privacy", policy=STATUS_QUO, outcome="rate")
    record = where(tables["record"], levels, arm="announcement", outcome="capacity")
    privacy, measured = Because("privacy"), Because("measured", grade="measured")
    return [
        *(tallied(one, because=privacy) for one in of_rows("privacy-alone", alone)),
        *(tallied(one, because=measured) for one in of_rows("privacy-record", record, "record")),
    ]


def text(plan: Plan, tables: Tables) -> str:
    """The effect of the switch, of each policy, and their interaction, at the base of the study."""
    effects = tables["effects"]
    rows = where(effects, base_levels(effects, of_plan.base_of(plan)))
    switch = where(rows, contrast="switch", policy=STATUS_QUO, outcome=contrasts.JUDGED_BY)
    profile = ["profile"] if "profile" in effects else []
    arm = "announcement" if "announcement" in {*switch["arm"]} else next(iter(switch["arm"]), "")
    parts = [
        folded(together(of_rows("switch", where(switch, arm=arm))) + "."),
        "",
        folded(say("privacy-switch-table", weeks=of_plan.means_over(plan))),
        effects_table(switch, [*profile, "arm"]),
    ]
    record = where(tables["record"], base_levels(effects, of_plan.base_of(plan)))
    if len(record):
        parts += ["", folded(say("privacy-switch-record")), effects_table(record, [*profile, "arm"])]
    strongest = where(rows, outcome=contrasts.JUDGED_BY, intensity=rows["intensity"].max())
    for contrast in ("policy", "interaction"):
        some = where(strongest, contrast=contrast, arm="announcement").sort_values([*profile, "mean"])
        if len(some):
            parts += ["", say(f"privacy-switch-table.{contrast}"), *_matters(some, profile)]
    cost, note = of_plan.costs(where(tables["frontier"], arm="announcement"), [*profile, "policy"])
    if cost["policy"]:
        heads = [*profile, "policy", "effect on attacks"]
        parts += ["", say("privacy-switch-table.cost"), table(cost, heads), folded(note)]
    return "\n".join([*parts, "", of_plan.legend(plan)])


def _matters(rows: pd.DataFrame, profile: list[str]) -> list[str]:
    """Rows that may matter, and the policies of those that are negligible by name alone."""
    none = rows["verdict"] == "negligible"
    lines = [effects_table(rows[~none], [*profile, "policy", "outcome"])] if (~none).any() else []
    for name, some in rows[none].groupby(profile[0] if profile else "contrast", sort=False):
        which = {"group": str(name) if profile else "none", "policies": ", ".join(some["policy"])}
        lines.append(paragraph(say("negligible-policies", **which)))
    return lines
