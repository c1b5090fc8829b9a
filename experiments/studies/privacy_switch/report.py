"""The report of the headline study: effects of the switch and of policies, what policies undo, frontier, brief."""

from typing import Any

import pandas as pd

from experiments.evidence import credibility
from experiments.stats import contrasts
from experiments.study.arguments import Settings
from experiments.study.design import Plan
from experiments.study.reporting import Said
from experiments.study.store import Folder
from experiments.study.tables import (
    about_of,
    as_text,
    base_of,
    drawn_from,
    effects_of,
    few_words,
    held,
    margin,
    means_over,
    policies_of,
    reference,
    runs_of,
    write_csv,
)
from sim.engine.text import paragraph
from sim.output import provenance
from sim.output.columns import folded

QUESTION = (
    "A group moves its public appeal for money from a traceable currency to "
    "a privacy coin. How does its capacity to attack change, and which policies undo the change, with what harm to "
    "lawful users?"
)


def make(plan: Plan, folder: Folder, settings: Settings, facts: dict[str, Any]) -> Said:
    """Write tables, figures and the brief; say the main effects."""
    tables = tables_of(plan, folder)
    files = ["runs.parquet", *(write_csv(folder, f"{name}.csv", table) for name, table in tables.items())]
    if (folder.path / "weekly.parquet").exists():
        tables["weekly"] = pd.read_parquet(folder.path / "weekly.parquet")
        files.append("weekly.parquet")
    said = [text(tables["effects"], plan), ""]
    said += few_words(plan)
    if settings.figures:
        drawn = draw(plan, folder, tables, facts)
        files += [str(path.relative_to(folder.path)) for path in drawn]
        if settings.brief:
            written, message = brief(plan, folder, tables, facts)
            files += written
            said += [message] if message else []
    return Said("\n".join(said).rstrip(), files)


def tables_of(plan: Plan, folder: Folder) -> dict[str, pd.DataFrame]:
    """Effects, frontier, break-even ratios and effect per staff-week, from the run table alone."""
    runs = runs_of(folder, plan)
    effects = pd.concat([effects_of(plan, runs), worlds(plan, runs)], ignore_index=True)
    own = effects_of(plan, runs, ["rate", "harm"], own_units=True)
    policies, where = policies_of(plan), base_of(plan)
    arms = [arm for arm in ("none", "announcement", "full") if arm in set(effects["arm"])]
    frontier = contrasts.frontier(own, policies, where, arms)
    breakeven = contrasts.breakeven(runs, plan.factors, reference(plan), own, held(plan), where, arms[:2])
    return {
        "effects": effects,
        "frontier": frontier,
        "breakeven": breakeven,
        "staff": contrasts.per_staff(frontier),
    }


def worlds(plan: Plan, runs: pd.DataFrame) -> pd.DataFrame:
    """What a counterfactual world changes, with neither switch nor policy: contrast ``world``.

    The same comparison as between arms, with the world in the place of the arm.
    """
    base = plan.study.base
    if "world" not in plan.factors or runs["world"].nunique() < 2:
        return pd.DataFrame()
    rows = runs[(runs["arm"] == base["arm"]) & (runs["policy"] == base["policy"])]
    both = rows[rows["world"] != base["world"]]
    factors = [name for name in plan.factors if name not in ("arm", "world")]
    rows = rows.merge(both[factors].drop_duplicates(), on=factors)  # cells that have a counterpart
    as_arm = rows.drop(columns="arm").rename(columns={"world": "arm"})
    against = reference(plan) | {"arm": base["world"]}
    found = contrasts.effects(as_arm, ["arm", *factors], against, margin=margin(plan), held=held(plan))
    found = found[found["contrast"] == "switch"].rename(columns={"arm": "world"})
    named = found.assign(contrast="world", arm=base["arm"])
    return named.assign(id=[f"world/{one.removeprefix('switch/')}" for one in named["id"]])


def draw(plan: Plan, folder: Folder, tables: dict[str, pd.DataFrame], facts: dict[str, Any]) -> list[Any]:
    """Draw the figures."""
    from experiments import figures

    scenario = plan.cells[0].scenario
    base = base_of(plan)
    about = figures.About(
        switch=scenario.switch_day,
        agencies={name: agency for name, (agency, _) in policies_of(plan).items()},
        window=scenario.report.window,
        margin=100.0 * scenario.report.margin,
        drawn=not held(plan),
        **{field: base[name] for name, field in figures.HELD.items() if name in base},
        others={name: level for name, level in base.items() if name not in figures.HELD},
    )
    return figures.draw(tables, about, folder.path / "figures", provenance.small_print(facts))


def brief(
    plan: Plan, folder: Folder, tables: dict[str, pd.DataFrame], facts: dict[str, Any], question: str = QUESTION
) -> tuple[list[str], str | None]:
    """Write the brief; returns the files and, if there is one, a message on what could not be made."""
    from experiments.brief import write_brief

    about = about_of(plan, facts, question, plan.study.doc) | {"standing": credibility.kept()}
    pictures = {path.stem: path for path in sorted((folder.path / "figures").glob("*.svg"))}
    written, message = write_brief(folder.path, tables, pictures, about)
    return [path.name for path in written], message


def text(effects: pd.DataFrame, plan: Plan) -> str:
    """The main effects as a user reads them first."""
    rows = effects
    for name, level in base_of(plan).items():
        rows = rows[rows[name] == level] if name in rows else rows
    switch = rows[(rows["contrast"] == "switch") & (rows["policy"] == "status_quo") & (rows["outcome"] == "capacity")]
    profile = [name for name in ("profile",) if name in effects]
    parts = [
        folded(f"Switch effect on attack capacity, per cent of the same luck without it; {means_over(plan)}"),
        as_text(switch, [*profile, "arm"]),
    ]
    agencies = {name: agency for name, (agency, _) in policies_of(plan).items()}
    strongest = rows["intensity"] == rows["intensity"].max()
    judged = rows["outcome"] == [contrasts.judged_by(str(policy), agencies) for policy in rows["policy"]]
    for contrast, arm, words in (
        ("policy", "announcement", "Effect of each policy with the switch announced, against the status quo"),
        ("interaction", "announcement", "What each policy undoes of the switch effect (difference of effects)"),
    ):
        some = rows[(rows["contrast"] == contrast) & (rows["arm"] == arm) & strongest & judged]
        if len(some):
            parts += ["", f"{words}, per cent", *_told(some.sort_values([*profile, "mean"]), profile)]
    return "\n".join([*parts, "", legend(plan)])


def _told(rows: pd.DataFrame, profile: list[str]) -> list[str]:
    """Rows that may matter, and those that practically do not by name alone."""
    none = rows["verdict"] == "practically none"
    lines = [as_text(rows[~none], [*profile, "policy", "outcome"])] if (~none).any() else []
    groups = rows[none].groupby("profile", sort=False) if profile else [("", rows[none])]
    for name, some in groups:
        before = f"{name}, practically none: " if name else "practically none: "
        words = paragraph(before + ", ".join(some["policy"]))
        lines += [words] if len(some) else []
    return lines


def legend(plan: Plan) -> str:
    """What the columns of an effect mean."""
    margin = 100 * plan.cells[0].scenario.report.margin
    middle = (
        "Middle: half of the pairs of runs lie on either side. Parameters are held: the interval that counts is that "
        "of the mean over seeds, of luck alone."
        if held(plan)
        else "Middle: half of the draws of uncertain parameters, luck taken out, lie on either side. The interval that "
        f"counts holds the middle 95 % of draws from {drawn_from(plan)}; what is not drawn, and the rules, are held."
    )
    return paragraph(
        f"{middle} Column +-: half-width of the Monte Carlo interval of the mean, which shrinks with more runs. "
        "Verdicts: effect (zero is outside, and the middle or most draws are beyond the margin of "
        f"{margin:g} % of capacity or rate); practically none (all within the margin); cannot tell.",
        indent="",
    )
