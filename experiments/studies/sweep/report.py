"""The report of a sweep: each cell with and without the switch, every effect, and its trend along each factor."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from experiments import text as texts
from experiments.findings import say, where
from experiments.stats import contrasts
from experiments.stats.estimates import EFFECTS
from experiments.stats.trends import trends as along
from experiments.study import tables as of_plan
from experiments.study.reporting import Folder, Plan, Tables
from experiments.text import cell, effects_table, folded, short, word

_SHOWN = 40  # lines
_SAID = 12  # sentences


def tables(plan: Plan, folder: Folder) -> dict[str, pd.DataFrame]:
    """Mean capacity of each cell, the effects, and how they change along each factor that has several levels."""
    runs = of_plan.runs_of(folder, plan)
    found = {"cells": cells(plan, runs), "effects": effects(plan, runs), "trends": trends(plan, runs)}
    return {name: table for name, table in found.items() if name != "trends" or len(table)}


def cells(plan: Plan, runs: pd.DataFrame) -> pd.DataFrame:
    """Mean attack capacity of each cell, and the number of its runs that have one."""
    by_cell = runs.groupby([run.cell for run in plan.runs()])
    levels = by_cell[[name for name in plan.factors if name in runs]].first()
    return levels.assign(capacity=by_cell["capacity"].mean(), n=by_cell["capacity"].count()).reset_index(drop=True)


def effects(plan: Plan, runs: pd.DataFrame) -> pd.DataFrame:
    """Every effect that the cells allow."""
    judging: dict[str, Any] = {"margin": of_plan.margin(plan), "held": of_plan.held(plan)}
    parts = [contrasts.effects(*some, **judging) for some in _compared(plan, runs)]
    return contrasts.judged(pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True))


def _compared(plan: Plan, runs: pd.DataFrame) -> Iterator[tuple[pd.DataFrame, list[str], dict[str, Any]]]:
    """Runs, factors and reference; of policies tried without a status quo each by itself, compared with itself."""
    reference, factors = of_plan.reference(plan), list(plan.factors)
    policies = list(dict.fromkeys(runs["policy"])) if "policy" in factors else []
    if not policies or reference["policy"] in policies:
        yield runs, factors, reference
        return
    runs = runs if "intensity" in runs else runs.assign(intensity=1.0)
    for policy in policies:
        yield where(runs, policy=policy), list(dict.fromkeys([*factors, "intensity"])), reference | {"policy": policy}


def trends(plan: Plan, runs: pd.DataFrame) -> pd.DataFrame:
    """How the switch effect without policies, and that of each policy, change along each factor; see `stats.trends`."""
    agencies, parts = of_plan.agencies_of(plan), [pd.DataFrame()]
    for rows, factors, reference in _compared(plan, runs):
        for name in ("capacity", "rate"):
            found = contrasts.by_draw(rows, factors, reference, name, by_seed=True)
            if len(found):
                judged_by = [contrasts.judged_by(str(policy), agencies) for policy in found["policy"]]
                parts += [where(found, contrast="switch", policy=reference["policy"], outcome="capacity")]
                parts += [found[(found["contrast"] == "policy") & (name == pd.Series(judged_by, found.index))]]
    changes = pd.concat(parts, ignore_index=True)
    names = [name for name in plan.factors if name in changes and name not in ("arm", "policy")]
    levels = {name: list(dict.fromkeys(runs[name])) for name in names}
    return along(changes, levels, 100.0 * of_plan.margin(plan), of_plan.held(plan)) if levels else pd.DataFrame()


def text(plan: Plan, tables: Tables) -> str:
    """A line a cell with and without the switch, policies against the status quo, and trends along each factor."""
    effects, found = tables["effects"], tables.get("trends", pd.DataFrame())
    parts = [*_switch(plan, tables["cells"], effects), *_policies(plan, effects)]
    if len(found):
        sentences = on_trends(plan, found)
        more = [say("sweep-more", count=len(sentences) - _SAID, file="trends.csv")] if len(sentences) > _SAID else []
        parts += ["", *map(folded, sentences[:_SAID]), *more]
        if len(found) > len(sentences):  # words, and trends at the levels of other factors
            names = _names(found.loc[:, :"level"], ("factor", "than", "level"))
            shown = found.astype(dict.fromkeys(names, object)).fillna(dict.fromkeys(names, "-"))
            parts += ["", folded(say("sweep-table.trends")), *_shown(shown, names, "trends.csv")]
    cells, empty = tables["cells"], [say("empty", weeks=plan.cells[0].scenario.report.window)]
    nothing = len(cells) and cells["capacity"].isna().all()  # to compare
    return "\n".join([*parts, "", of_plan.legend(plan), *(empty if nothing else [])])


def on_trends(plan: Plan, found: pd.DataFrame) -> list[str]:
    """A sentence on each trend along a number: its size, and where the effect crosses zero.

    Where other factors vary, it is on the mean over their levels.
    """
    words = [name for name in plan.factors if name in found and not is_numeric_dtype(found[name])]
    rows = found[found["crossing"] != ""].drop_duplicates(["contrast", "arm", "policy", "intensity", *words, "factor"])
    named = [name for name in plan.factors if name in found]
    several = found.groupby("contrast")[named].nunique() > 1
    sentences = []
    for row in rows.to_dict("records"):
        size, sign = row["mean" if of_plan.held(plan) else "median"], -1 if row["verdict"] == "lowers" else 1
        numbers = [size, *(row["low"], row["high"])[::sign]]
        signed, digits = row["verdict"] not in EFFECTS, texts.decimals(*numbers)
        size, *ends = (texts.number(sign * one, digits, signed) for one in numbers)
        subject = "policy" if row["contrast"] == "policy" else ""
        varied = [name for name in named if several.loc[row["contrast"], name] and name != subject]
        some = where(found, factor=row["factor"])
        mean = [name for name in varied if pd.isna(row[name]) and some[name].notna().any()]
        about = {name: str(row[name]) for name in ("contrast", "verdict", "crossing", "factor")}
        about |= {name: word(row[name]) for name in ("than", "level")}
        about |= {"policy": texts.policy_heading(str(row["policy"])), "outcome": texts.outcome(row["outcome"])}
        about |= {"case": _case(row, varied), "mean": texts.listed(mean) or "none"}
        of, sampled = (row["n"], "seeds") if of_plan.held(plan) else (row["draws"], "draws")
        about |= {"size": size, "interval": say("interval", low=ends[0], high=ends[1])}
        about |= {"count": texts.tally(row["lower"] * of, row["higher"] * of, of, sampled)}
        about |= {name.replace("_", "-"): short(row[name]) for name in ("zero", "zero_low", "zero_high")}
        about |= {"range": "none" if pd.isna(row["zero_low"]) else "some" if pd.isna(row["zero"]) else "at"}
        sentences.append(" ".join(say("sweep-trend", times=int(np.nan_to_num(row["crossings"])), **about).split()))
    return sentences


def _case(row: Mapping[Hashable, Any], varied: Sequence[str]) -> str:
    """The levels of what else varies, in brackets."""
    levels = {name: row[name] for name in varied if not pd.isna(row[name])}
    said = {"arm": texts.short_arm, "policy": texts.policy}
    words = {name: said.get(name, word)(level) for name, level in levels.items()}
    cases = [words[name] if isinstance(level, str) else f"{name} {words[name]}" for name, level in levels.items()]
    return f" ({', '.join(cases)})" if cases else ""


def _switch(plan: Plan, cells: pd.DataFrame, effects: pd.DataFrame) -> list[str]:
    """A line a cell: its levels, capacity with and without the switch, the effect and its verdict."""
    none = of_plan.reference(plan)["arm"]
    keys = [name for name in plan.factors if name in effects and name in cells]

    def level(row: Mapping[Hashable, Any], **other: Any) -> tuple[Any, ...]:
        return tuple(other.get(name, row[name]) for name in keys)

    found = {level(row): row for row in where(effects, contrast="switch", outcome="capacity").to_dict("records")}
    capacity = {level(row): row["capacity"] for row in cells.to_dict("records")}
    no_effect = dict.fromkeys(effects, float("nan")) | {"unit": "%", "verdict": say("no-switch")}
    rows = [
        no_effect | {"n": row["n"]} | found.get(level(row), {}) | {name: row[name] for name in keys}
        for row in (cells[cells["arm"] != none] if found else cells).to_dict("records")
    ]
    without = capacity if found else {}
    means = {
        "with": [cell(capacity[level(row)], False) for row in rows],
        "without": [cell(without.get(level(row, arm=none), float("nan")), False) for row in rows],
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
