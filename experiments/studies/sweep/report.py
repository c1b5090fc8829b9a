"""The report of a sweep: every effect that its cells allow, and how that of the switch differs between levels."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pandas as pd

from experiments.stats import contrasts, estimates
from experiments.study.arguments import Settings
from experiments.study.design import Plan
from experiments.study.reporting import Said
from experiments.study.store import Folder
from experiments.study.tables import (
    as_text,
    effects_of,
    empty_words,
    few_words,
    held,
    margin,
    means_over,
    policies_of,
    reference,
    runs_of,
    write_csv,
)
from sim.output.columns import folded

_SHOWN = 40  # lines
_CELL = ("arm", "policy", "intensity")


def make(plan: Plan, folder: Folder, settings: Settings, facts: dict[str, Any]) -> Said:
    """Write the effects and how they differ between levels; say those on capacity."""
    if "with" in plan.cells[0].levels.values():  # of python -m sim -m
        from experiments.studies.jobs import report

        return report.make(plan, folder, settings, facts)
    runs = runs_of(folder, plan)
    effects, levels = effects_of(plan, runs), between_levels(plan, runs)
    files = ["runs.parquet", write_csv(folder, "effects.csv", effects)]
    parts = _table(_judged(plan, effects), "effects.csv", "Effects on attack capacity", over=means_over(plan))
    if len(levels):
        files.append(write_csv(folder, "levels.csv", levels))
        quo = " (status quo)" if effects["policy"].nunique() > 1 else ""
        head = f"Effect of the switch on attack capacity at one level less that at the first, on the same luck{quo}"
        parts += ["", *_table(levels, "levels.csv", head, "percentage points")]
    parts += ["", *_footer(plan), ""]
    parts += empty_words(plan, runs) or few_words(plan)[:1]
    return Said("\n".join(parts).rstrip(), files)


def _judged(plan: Plan, effects: pd.DataFrame) -> pd.DataFrame:
    """What the switch and policies do, the latter to what they are judged by: military ones to the attack rate."""
    agencies = {name: agency for name, (agency, _) in policies_of(plan).items()}
    by = effects["policy"].map(lambda policy: contrasts.judged_by(str(policy), agencies))
    by = by.where(effects["contrast"] == "policy", "capacity")
    return effects[effects["contrast"].isin(["switch", "policy"]) & (effects["outcome"] == by)]


def _table(rows: pd.DataFrame, file: str, head: str, unit: str = "per cent", over: str = "") -> list[str]:
    """The first rows under their head, with all that tells them apart; and how many more there are, in which file."""
    about = [name for name in rows.columns[: list(rows.columns).index("unit")] if name not in ("id", "window")]
    names = [name for name in about if name in _ALWAYS or rows[name].nunique() > 1]
    if rows.empty:
        return []
    if "outcome" in names:
        head = f"{head}; of military policies on the attack rate"
    more = [f"... {len(rows) - _SHOWN:,} more in {file}"] if len(rows) > _SHOWN else []
    return [folded(f"{head}, {unit}" + (f"; {over}" if over else "")), as_text(rows.head(_SHOWN), names), *more]


_ALWAYS = ("contrast", "factor", "level", "than")
"""Columns that are shown though all rows may have the same in them."""


def _footer(plan: Plan) -> list[str]:
    """What the numbers are, and what they cannot say."""
    lines = [
        "+-: half-width of the 95 % interval of the mean over runs made; n: pairs of runs.",
        f"Practically none: within the margin of {100 * margin(plan):g} % (report.margin).",
    ]
    if held(plan):
        return [
            "Parameters that are no factor are held: the intervals are those of random numbers alone; with",
            "uncertain=plausible these parameters are drawn.",
            *lines,
        ]
    return ["The interval that counts is where the middle 95 % of draws would lie, estimated from those made.", *lines]


def between_levels(plan: Plan, runs: pd.DataFrame) -> pd.DataFrame:
    """Switch effect on capacity at each level of a factor less that at its first level, by arm and the other factors.

    Differences are taken replication by replication, so that luck and drawn parameters are shared. Columns: the factors
    that vary, ``arm``, ``factor``, ``level``, ``than``, ``outcome``, ``unit``, then those of `estimates.Estimate`,
    ``p_adjusted`` and ``verdict``; the column of ``factor`` holds ``level``. Empty where no factor has two levels.
    """
    good = runs[runs["error"].isna()]
    none, quo = reference(plan)["arm"], reference(plan)["policy"]
    if "arm" not in good:
        return pd.DataFrame()
    good = good[good["policy"] == quo] if "policy" in good else good
    varied = [name for name in plan.factors if name in good and name not in _CELL and good[name].nunique() > 1]
    wide = good.set_index([*varied, "replication", "draw", "arm"])["capacity"].unstack("arm")
    rows: list[dict[str, Any]] = []
    for arm in [name for name in dict.fromkeys(good["arm"]) if name != none and none in wide]:
        effect = 100.0 * (wide[arm] / wide[none] - 1.0)
        for factor in varied:
            about = {name: None for name in varied} | {"arm": arm, "factor": factor}
            levels = list(dict.fromkeys(good[factor]))
            rows += (about | row for row in _between(effect.unstack(factor), factor, levels, plan))
    return contrasts.judged(pd.DataFrame(rows)) if rows else pd.DataFrame()


def _between(effects: pd.DataFrame, factor: str, levels: list[Any], plan: Plan) -> Iterator[dict[str, Any]]:
    """The rows of one factor: of a table of effects with a column a level, each level less the first."""
    others = [name for name in effects.index.names if name not in ("replication", "draw")]
    for place, some in effects.groupby(level=others, sort=False) if others else [((), effects)]:
        there = some.dropna(axis=1, how="all")  # factors that are walked together have one level at each place
        for level in levels[1:] if levels[0] in there else ():
            apart = (there[level] - there[levels[0]]).dropna() if level in there else pd.Series()
            if apart.empty:
                continue
            draws = apart.index.get_level_values("draw").to_numpy()
            found = estimates.estimate(apart.to_numpy(), draws, margin=100.0 * margin(plan), held=held(plan))
            about = dict(zip(others, place, strict=True)) | {factor: level, "level": level, "than": levels[0]}
            yield about | {"outcome": "capacity", "unit": "%"} | asdict(found)
