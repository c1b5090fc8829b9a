"""The report of a sweep: each cell with and without the switch, every effect, and how that of the switch differs."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from experiments.findings import where
from experiments.messages import say
from experiments.stats import contrasts
from experiments.study import tables as of_plan
from experiments.study.design import Plan
from experiments.study.reporting import Tables
from experiments.study.store import Folder
from experiments.text import cell, effects_table, folded

_SHOWN = 40  # lines
_CELL = ("arm", "policy", "intensity")


def tables(plan: Plan, folder: Folder) -> dict[str, pd.DataFrame]:
    """Mean capacity of each cell, the effects, and their differences between levels where a factor has several."""
    runs = of_plan.runs_of(folder, plan)
    found = {"cells": cells(plan, runs), "effects": effects(plan, runs), "levels": between_levels(plan, runs)}
    return {name: table for name, table in found.items() if name != "levels" or len(table)}


def cells(plan: Plan, runs: pd.DataFrame) -> pd.DataFrame:
    """Mean attack capacity of each cell, and the number of its runs that have one."""
    by_cell = runs.groupby([run.cell for run in plan.runs()])
    levels = by_cell[[name for name in plan.factors if name in runs]].first()
    return levels.assign(capacity=by_cell["capacity"].mean(), n=by_cell["capacity"].count()).reset_index(drop=True)


def effects(plan: Plan, runs: pd.DataFrame) -> pd.DataFrame:
    """Every effect that the cells allow; policies tried without a status quo are each compared with themselves."""
    policies = list(dict.fromkeys(runs["policy"])) if "policy" in plan.factors else []
    if not policies or of_plan.reference(plan)["policy"] in policies:
        return of_plan.effects_of(plan, runs)
    factors = [*plan.factors, *(["intensity"] if "intensity" not in plan.factors else [])]
    runs = runs if "intensity" in runs else runs.assign(intensity=1.0)
    judging: dict[str, Any] = {"margin": of_plan.margin(plan), "held": of_plan.held(plan)}
    against = {policy: of_plan.reference(plan) | {"policy": policy} for policy in policies}
    parts = [contrasts.effects(where(runs, policy=one), factors, against[one], **judging) for one in policies]
    return contrasts.judged(pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True))


def between_levels(plan: Plan, runs: pd.DataFrame) -> pd.DataFrame:
    """Switch effect on capacity at each level of a factor less that at its first level, by arm and the other factors.

    Differences are taken replication by replication, on common random numbers and drawn parameters. Columns: the
    factors that vary, ``arm``, ``factor``, ``level``, ``than``, ``outcome``, ``unit``, then those of
    `estimates.Estimate`, ``p_adjusted`` and ``verdict``; the column of ``factor`` holds ``level``. Empty where no
    factor has two levels.
    """
    good = runs[runs["error"].isna()]
    none, quo = of_plan.reference(plan)["arm"], of_plan.reference(plan)["policy"]
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
            about = dict(zip(others, place, strict=True)) | {factor: level, "level": level, "than": levels[0]}
            yield about | of_plan.estimated(plan, apart, "capacity")


# --- as text ---------------------------------------------------------------------------------------------------------


def text(plan: Plan, tables: Tables) -> str:
    """A line a cell with and without the switch, policies against the status quo, and differences between levels."""
    effects, levels = tables["effects"], tables.get("levels", pd.DataFrame())
    parts = [*_switch(plan, tables["cells"], effects), *_policies(plan, effects)]
    if len(levels):
        names = _names(levels.loc[:, :"than"], ("factor", "level", "than"))
        parts += ["", folded(say("sweep-table.levels")), *_shown(levels, names, "levels.csv")]
    return "\n".join([*parts, "", of_plan.legend(plan), *of_plan.empty_words(plan, tables["cells"].assign(error=None))])


def _switch(plan: Plan, cells: pd.DataFrame, effects: pd.DataFrame) -> list[str]:
    """A line a cell: its levels, capacity with and without the switch, the effect and its verdict."""
    none = of_plan.reference(plan)["arm"]
    keys = [name for name in plan.factors if name in effects and name in cells]
    others = [name for name in keys if name != "arm"]

    def level(row: Mapping[Hashable, Any], names: Sequence[str]) -> tuple[Any, ...]:
        return tuple(row[name] for name in names)

    found = {level(row, keys): row for row in where(effects, contrast="switch", outcome="capacity").to_dict("records")}
    without = {level(row, others): row["capacity"] for row in where(cells, arm=none).to_dict("records") if found}
    no_effect = dict.fromkeys(effects, float("nan")) | {"unit": "%", "verdict": say("no-switch")}
    rows = [
        no_effect | {"n": row["n"]} | found.get(level(row, keys), {}) | {name: row[name] for name in keys}
        for row in (cells[cells["arm"] != none] if found else cells).to_dict("records")
    ]
    capacity = {level(row, keys): row["capacity"] for row in cells.to_dict("records")}
    means = {
        "with": [cell(capacity[level(row, keys)], False) for row in rows],
        "without": [cell(without.get(level(row, others), float("nan")), False) for row in rows],
    }
    table = pd.DataFrame(rows)
    head = folded(say("sweep-table", weeks=of_plan.means_over(plan)))
    return [head, *_shown(table, _names(table[keys]), "cells.csv", means)]


def _policies(plan: Plan, effects: pd.DataFrame) -> list[str]:
    """Policies against the status quo, each by the outcome that it is judged by."""
    agencies = of_plan.agencies_of(plan)
    rows = effects[effects["outcome"] == [contrasts.judged_by(str(policy), agencies) for policy in effects["policy"]]]
    rows = where(rows, contrast="policy")
    before = rows.loc[:, :"outcome"].drop(columns=["id", "contrast"])
    head = folded(say("sweep-table.policies"))
    return ["", head, *_shown(rows, _names(before, ("policy", "outcome")), "effects.csv")] if len(rows) else []


def _names(levels: pd.DataFrame, always: Sequence[str] = ("policy",)) -> list[str]:
    """The columns of levels that tell rows apart, and those that are always shown."""
    return [str(name) for name in levels if name in always or levels[name].nunique() > 1]


def _shown(
    rows: pd.DataFrame, names: Sequence[str], file: str, extra: Mapping[str, Sequence[str]] | None = None
) -> list[str]:
    """The first rows of a table, and the number of those that are in its file alone."""
    some = {name: list(values[:_SHOWN]) for name, values in (extra or {}).items()}
    more = [say("sweep-more", count=len(rows) - _SHOWN, file=file)] if len(rows) > _SHOWN else []
    return [effects_table(rows.head(_SHOWN), names, some), *more]
