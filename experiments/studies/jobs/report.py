"""The report of a sweep of the command: the run table, every effect, and a line a job."""

from typing import Any

import numpy as np
import pandas as pd

from experiments.stats import contrasts
from experiments.study.arguments import Settings
from experiments.study.design import STATUS_QUO, Plan
from experiments.study.reporting import Said
from experiments.study.store import Folder
from experiments.study.tables import (
    aligned,
    as_text,
    empty_words,
    few_words,
    margin,
    means_over,
    policies_of,
    reference,
    runs_of,
    word,
    write_csv,
)
from sim.engine.text import number
from sim.output.columns import folded

_SHOWN = 20  # lines of a table


def make(plan: Plan, folder: Folder, settings: Settings, facts: dict[str, Any]) -> Said:
    """Write the effects; say capacity and switch effect of each job, and what policies do against the status quo."""
    runs = runs_of(folder, plan)
    found = effects(plan, runs)
    files = ["runs.parquet", write_csv(folder, "effects.csv", found)]
    few = few_words(plan) if len(found) else []
    parts = [_jobs(plan, runs, found), _policies(plan, found), *(empty_words(plan, runs) or few[:1])]
    return Said("\n\n".join(part for part in parts if part), files)


def effects(plan: Plan, runs: pd.DataFrame) -> pd.DataFrame:
    """Every effect that the jobs allow.

    Where policies are tried and the status quo is not, each is compared with itself without the switch.
    """
    against = reference(plan)
    policies = {cell.levels["policy"]: None for cell in plan.cells if "policy" in cell.levels}
    if not policies or STATUS_QUO in policies:
        return contrasts.effects(runs, plan.factors, against, margin=margin(plan), held=True)
    factors, runs = [*plan.factors, "intensity"], runs.assign(intensity=1.0)
    tables = [
        contrasts.effects(
            runs[runs["policy"] == policy], factors, against | {"policy": policy}, margin=margin(plan), held=True
        )
        for policy in policies
    ]
    return contrasts.judged(pd.concat([table for table in tables if len(table)] or tables[:1], ignore_index=True))


# --- as text ---------------------------------------------------------------------------------------------------------


def _jobs(plan: Plan, runs: pd.DataFrame, found: pd.DataFrame) -> str:
    """A line a job: its levels, capacity with and without the switch, the effect and its verdict."""
    settings = _settings(found)
    keys = ["policy"] * ("policy" in plan.factors) + settings
    factors = [name for name in plan.factors if name != "arm"]
    capacity = runs["capacity"].to_numpy(dtype=float).reshape(len(plan.seeds), len(plan.cells))
    means = np.full(len(plan.cells), np.nan)
    some = np.isfinite(capacity).any(axis=0)
    means[some] = np.nanmean(capacity[:, some], axis=0)
    switch = found[(found["contrast"] == "switch") & (found["outcome"] == "capacity")]
    rows = {tuple(row[name] for name in keys): row for row in switch.to_dict("records")}
    without = {_key(plan, cell): means[cell] for cell in range(len(means)) if plan.cells[cell].levels["arm"] == "none"}
    shown = [cell for cell in range(len(means)) if plan.cells[cell].levels["arm"] == "with"]
    switched = bool(without)
    lines = [[*keys, "with switch", "without", "mean effect", "interval that counts", "n", "verdict"]]
    if not switched:
        lines = [[*keys, "attack capacity", "n"]]
    order = [name for name in ("policy", *(one for one in factors if one != "policy")) if name in factors]
    for cell in shown[:_SHOWN]:
        about = runs.iloc[cell]
        key = tuple(about[name] for name in order)
        words = [word(value) for value in key]
        row: Any = rows.get(key)
        n = str(int(np.isfinite(capacity[:, cell]).sum()))
        if not switched:
            lines.append([*words, number(means[cell], False), n])
            continue
        effect, span, verdict = "-", "-", "no switch"
        if row is not None:
            verdict, n = row["verdict"], str(row["n"])
            effect = f"{number(row['mean'])} %" if np.isfinite(row["mean"]) else "-"
            span = f"{number(row['low'])} to {number(row['high'])}" if np.isfinite(row["low"]) else "-"
        base = without.get(_key(plan, cell), np.nan)
        lines.append([*words, number(means[cell], False), number(base, False), effect, span, n, verdict])
    head = folded(f"Attack capacity, attacks/week, and the effect of the switch; {means_over(plan)}")
    more = [f"... {len(shown) - _SHOWN:,} jobs more in effects.csv"] if len(shown) > _SHOWN else []
    right = [place for place, name in enumerate(lines[0]) if name not in (*keys, "verdict")]
    return "\n".join([head, *aligned(lines, right, max(1, len(keys))), *more])


def _policies(plan: Plan, found: pd.DataFrame) -> str:
    """What policies do against the status quo: those of the military by the attack rate, which alone they lower."""
    agency = {name: one for name, (one, _) in policies_of(plan).items()}
    arm = "with"
    judged = found["policy"].map(lambda policy: contrasts.judged_by(str(policy), agency))
    rows = found[(found["contrast"] == "policy") & (found["arm"] == arm) & (found["outcome"] == judged)]
    if rows.empty:
        return ""
    names = ["policy", *(name for name in _settings(found) if rows[name].nunique() > 1), "outcome"]
    more = [f"... {len(rows) - _SHOWN:,} more in effects.csv"] if len(rows) > _SHOWN else []
    return "\n".join(
        ["Effect of each policy against the status quo, per cent", as_text(rows.head(_SHOWN), names), *more]
    )


def _settings(found: pd.DataFrame) -> list[str]:
    """The columns of the effects table that tell jobs apart besides their policy."""
    columns = list(found.columns)
    return columns[columns.index("intensity") + 1 : columns.index("outcome")]


def _key(plan: Plan, cell: int) -> tuple[Any, ...]:
    return tuple(level for name, level in plan.cells[cell].levels.items() if name != "arm")
