"""The report of a sweep: every effect that its cells allow, and how that of the switch differs between levels."""

from dataclasses import asdict
from typing import Any

import pandas as pd

from experiments import comparisons, statistics
from experiments.plan import Plan
from experiments.reports import Said
from experiments.reports.common import (
    as_text,
    effects_of,
    few_words,
    held,
    margin,
    means_over,
    reference,
    runs_of,
    write_csv,
)
from experiments.request import Settings
from experiments.store import Folder
from sim.command.layout import folded

_SHOWN = 40  # lines
_CELL = ("arm", "policy", "intensity")


def make(plan: Plan, folder: Folder, settings: Settings, facts: dict[str, Any]) -> Said:
    """Write the effects and how they differ between levels; say those on capacity."""
    runs = runs_of(folder, plan)
    effects, levels = effects_of(plan, runs), between_levels(plan, runs)
    files = ["runs.parquet", write_csv(folder, "effects.csv", effects)]
    shown = effects[(effects["outcome"] == "capacity") & effects["contrast"].isin(["switch", "policy"])]
    varied = [name for name in shown.columns[: list(shown.columns).index("outcome")] if name != "id"]
    names = [name for name in varied if name == "contrast" or shown[name].nunique() > 1]
    parts = []
    if len(shown):
        head = folded(f"Effects on attack capacity, per cent; {means_over(plan)}")
        parts += [head, as_text(shown.head(_SHOWN), names)]
    if len(shown) > _SHOWN:
        parts.append(f"... {len(shown) - _SHOWN} more in effects.csv")
    if len(levels):
        files.append(write_csv(folder, "levels.csv", levels))
        others = [name for name in levels.columns[: list(levels.columns).index("factor")] if levels[name].nunique() > 1]
        parts += [
            "",
            "Switch effect on capacity at one level less that at another, on the same luck, points of per cent",
        ]
        parts.append(as_text(levels.head(_SHOWN), [*others, "factor", "level", "than"]))
    parts += ["", *_footer(plan), "", *few_words(plan)]
    return Said("\n".join(parts).rstrip(), files)


def _footer(plan: Plan) -> list[str]:
    """What the numbers are, and what they cannot say."""
    lines = ["+-: half-width of the 95 % interval of the mean over runs made; n: pairs of runs."]
    if held(plan):
        return [
            "Parameters are held: the intervals are of luck alone and say nothing of what nobody knows; with",
            "uncertain=plausible the parameters are drawn.",
            *lines,
        ]
    return ["The interval that counts is where the middle 95 % of draws would lie, estimated from those made.", *lines]


def between_levels(plan: Plan, runs: pd.DataFrame) -> pd.DataFrame:
    """Switch effect on capacity at each level of a factor less that at its first level, by arm and the other factors.

    Differences are taken replication by replication, so that luck and drawn parameters are shared. Columns: the other
    factors, ``arm``, ``factor``, ``level``, ``than``, ``outcome``, ``unit``, then
    those of `statistics.Estimate`, ``p_adjusted`` and ``verdict``; empty where no factor has two levels.
    """
    good = runs[runs["error"].isna()]
    none, quo = reference(plan)["arm"], reference(plan)["policy"]
    if "arm" not in good:
        return pd.DataFrame()
    good = good[good["policy"] == quo] if "policy" in good else good
    factors = [name for name in plan.factors if name in good and name not in _CELL]
    varied = [name for name in factors if good[name].nunique() > 1]
    wide = good.set_index([*varied, "replication", "draw", "arm"])["capacity"].unstack("arm")
    rows: list[dict[str, Any]] = []
    for arm in [name for name in dict.fromkeys(good["arm"]) if name != none and none in wide]:
        effect = 100.0 * (wide[arm] / wide[none] - 1.0)
        for factor in varied:
            rows += _between(effect.unstack(factor), list(dict.fromkeys(good[factor])), factor, arm, plan)
    return comparisons.judged(pd.DataFrame(rows)) if rows else pd.DataFrame()


def _between(effects: pd.DataFrame, levels: list[Any], factor: str, arm: str, plan: Plan) -> list[dict[str, Any]]:
    """The rows of one factor: a table of effects with a column a level."""
    rows = []
    others = [name for name in effects.index.names if name not in ("replication", "draw")]
    for place, some in effects.groupby(level=others) if others else [((), effects)]:
        for level in levels[1:]:
            apart = (some[level] - some[levels[0]]).dropna()
            if apart.empty:
                continue
            draws = apart.index.get_level_values("draw").to_numpy()
            found = statistics.estimate(apart.to_numpy(), draws, margin=100.0 * margin(plan), held=held(plan))
            about = dict(zip(others, place, strict=True)) | {"arm": arm, "factor": factor, "level": level}
            rows.append(about | {"than": levels[0], "outcome": "capacity", "unit": "%"} | asdict(found))
    return rows
