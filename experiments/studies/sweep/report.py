"""The report of a sweep: each cell with and without the switch, every effect, and its trend along each factor."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from experiments import text as texts
from experiments.findings import Finding, say, where
from experiments.findings import findings as of_rows
from experiments.stats import contrasts
from experiments.stats.estimates import EFFECTS, NEGLIGIBLE
from experiments.stats.trends import trends as along
from experiments.study import tables as of_plan
from experiments.study.own_findings import tallied
from experiments.study.reporting import Folder, Plan, Tables
from experiments.text import cell, effects_table, folded, short, word

_OWN = 4  # findings


def tables(plan: Plan, folder: Folder) -> dict[str, pd.DataFrame]:
    """Mean attacks of each cell, the effects, and how they change along each factor that has several levels."""
    runs = of_plan.runs_of(folder, plan)
    found = {"cells": cells(plan, runs), "effects": effects(plan, runs), "trends": trends(plan, runs)}
    return {name: table for name, table in found.items() if name != "trends" or len(table)}


def cells(plan: Plan, runs: pd.DataFrame) -> pd.DataFrame:
    """Mean attacks a week of each cell, and the number of its runs that have them."""
    by_cell = runs.groupby([*plan.run_cells()])
    levels = by_cell[[name for name in plan.factors if name in runs]].first()
    return levels.assign(rate=by_cell["rate"].mean(), n=by_cell["rate"].count()).reset_index(drop=True)


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
    changes = changes_of(plan, runs)
    names = [name for name in plan.factors if name in changes and name not in ("arm", "policy")]
    levels = {name: list(dict.fromkeys(runs[name])) for name in names}
    return along(changes, levels, 100.0 * of_plan.margin(plan), of_plan.held(plan)) if levels else pd.DataFrame()


def changes_of(plan: Plan, runs: pd.DataFrame) -> pd.DataFrame:
    """The switch effect without policies, and that of each policy, by draw and seed."""
    parts = [pd.DataFrame()]
    for rows, factors, reference in _compared(plan, runs):
        found = contrasts.by_draw(rows, factors, reference, contrasts.JUDGED_BY, by_seed=True)
        if len(found):
            switch = where(found, contrast="switch", policy=reference["policy"])
            parts += [switch, where(found, contrast="policy")]
    return pd.concat(parts, ignore_index=True)


def text(plan: Plan, tables: Tables) -> str:
    """What policies change of the switch effect, a line a cell with and without the switch, policies, and trends."""
    effects, found = tables["effects"], tables.get("trends", pd.DataFrame())
    parts = [
        *_contrast(effects, "interaction"),
        *_switch(plan, tables["cells"], effects),
        *_contrast(effects, "policy"),
    ]
    if len(found):
        sentences = on_trends(plan, found)
        parts += ["", *map(folded, sentences)]
        if len(found) > len(sentences):  # words, and trends at the levels of other factors
            names = _names(found.loc[:, :"level"].drop(columns=["contrast", "outcome"]))
            shown = found.astype(dict.fromkeys(names, object)).fillna(dict.fromkeys(names, "-"))
            parts += ["", folded(say("sweep-table.trends")), effects_table(shown, names)]
    cells, empty = tables["cells"], [say("empty", weeks=plan.cells[0].scenario.report.window)]
    nothing = len(cells) and cells["rate"].isna().all()  # to compare
    return "\n".join([*parts, "", of_plan.legend(plan), *(empty if nothing else [])])


def findings(plan: Plan, tables: Tables) -> list[Finding]:
    """Trends of the effects of the switch and of policies along each number or from word to word, largest first."""
    if "trends" not in tables:
        return []
    rows = _whole(plan, tables["trends"])
    arms = "several" if where(rows, contrast="switch")["arm"].nunique() > 1 else "one"
    rows = _in_one_arm(rows).sort_values("median", key=abs, ascending=False, kind="stable").head(_OWN)
    found = []
    for one, row in zip(of_rows("sweep-along", rows, "trends"), rows.to_dict("records"), strict=True):
        number = row["crossing"] != ""
        about = {"contrast": row["contrast"], "parameter": row["factor"]}
        strongest = _strongest(tables["effects"], row)
        about |= {"than": word(row["than"]), "level": word(row["level"]), "amount": texts.short(abs(one.median))}
        about |= {"arms": arms, "arm-words": texts.short_arm(one.arm)}
        about |= {"strongest": "raises" if strongest > 0.0 else "lowers"}
        about |= {"moves": "more" if one.median * strongest > 0.0 else "less"}
        about |= _reached(row, -1.0 if strongest < 0.0 else 1.0) if number else {}
        one = one if number else replace(one, kind="sweep-between")
        place = [str(row[name]) for name in ("contrast", *_place_of(rows, row), "factor", "level")]
        found.append(tallied(one, *place, **about))
    return found


def _in_one_arm(rows: pd.DataFrame) -> pd.DataFrame:
    """Trends of the switch, and those of policies in one arm: without the switch, if they were tried there."""
    policies = rows["contrast"] == "policy"
    arms = dict.fromkeys(rows.loc[policies, "arm"])
    return rows[~policies | (rows["arm"] == next((arm for arm in ("none", *arms) if arm in arms), ""))]


def _place_of(rows: pd.DataFrame, row: Mapping[Hashable, Any]) -> list[str]:
    """The columns that say where among other factors a trend is."""
    columns = [str(name) for name in rows.loc[:, :"outcome"] if name not in ("contrast", "profile", "outcome")]
    return [name for name in columns if not pd.isna(row[name])]


def _strongest(effects: pd.DataFrame, row: Mapping[Hashable, Any]) -> float:
    """The effect at that end of a factor at which it is larger, mean over the levels of others; 0 if none is known."""
    names = [name for name in effects.loc[:, :"outcome"] if name != "id" and name in row and not pd.isna(row[name])]
    some = where(effects, {str(name): row[name] for name in names})
    some = some[some[row["factor"]].isin((row["than"], row["level"]))] if row["factor"] in some else some
    found = some.groupby(row["factor"])["median"].mean().dropna() if row["factor"] in some else some["median"]
    return float(found.loc[found.abs().idxmax()]) if len(found) else 0.0


def _reached(row: Mapping[Hashable, Any], sign: float = 1.0) -> dict[str, str]:
    """Where an effect reaches the margin along a factor: the values of a message; ``sign`` is that of the effect."""
    names = {"reach": "at", "reach-low": "low", "reach-high": "high"}
    ends = {name: texts.short(row[f"margin_{end}"]) for name, end in names.items()}
    nowhere = pd.isna(row["margin_low"]) or row["verdict"] == NEGLIGIBLE  # else every level is as near to the margin
    reaches = "nowhere" if nowhere else "perhaps" if pd.isna(row["margin_at"]) else "at"
    return {"reaches": reaches, "least": texts.with_unit(texts.short(sign * row["margin"]), "%"), **ends}


def on_trends(plan: Plan, found: pd.DataFrame) -> list[str]:
    """A sentence on each trend along a number: its size, and where the effect crosses zero.

    Where other factors vary, it is on the mean over their levels.
    """
    rows = _whole(plan, found[found["crossing"] != ""])
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
        about |= _reached(row)
        about |= {"range": "none" if pd.isna(row["zero_low"]) else "some" if pd.isna(row["zero"]) else "at"}
        sentences.append(" ".join(say("sweep-trend", times=int(np.nan_to_num(row["crossings"])), **about).split()))
    return sentences


def _whole(plan: Plan, found: pd.DataFrame) -> pd.DataFrame:
    """The trends over the mean of the levels of other numbers, where there is one; else of all levels."""
    words = [name for name in plan.factors if name in found and not is_numeric_dtype(found[name])]
    told = dict.fromkeys(["contrast", "arm", "policy", "intensity", *words, "factor", "level"])
    return found.drop_duplicates([name for name in told if name in found])


def _case(row: Mapping[Hashable, Any], varied: Sequence[str]) -> str:
    """The levels of what else varies, in brackets."""
    levels = {name: row[name] for name in varied if not pd.isna(row[name])}
    said = {"arm": texts.short_arm, "policy": texts.policy}
    words = {name: said.get(name, word)(level) for name, level in levels.items()}
    cases = [words[name] if isinstance(level, str) else f"{name} {words[name]}" for name, level in levels.items()]
    return f" ({', '.join(cases)})" if cases else ""


def _switch(plan: Plan, cells: pd.DataFrame, effects: pd.DataFrame) -> list[str]:
    """A line a cell: its levels, attacks with and without the switch, the effect and its verdict."""
    none = of_plan.reference(plan)["arm"]
    keys = [name for name in plan.factors if name in effects and name in cells]

    def level(row: Mapping[Hashable, Any], **other: Any) -> tuple[Any, ...]:
        return tuple(other.get(name, row[name]) for name in keys)

    switch = where(effects, contrast="switch", outcome=contrasts.JUDGED_BY)
    found = {level(row): row for row in switch.to_dict("records")}
    rates = {level(row): row["rate"] for row in cells.to_dict("records")}
    no_effect = dict.fromkeys(effects, float("nan")) | {"unit": "%", "verdict": say("no-switch")}
    rows = [
        no_effect | {"n": row["n"]} | found.get(level(row), {}) | {name: row[name] for name in keys}
        for row in (cells[cells["arm"] != none] if found else cells).to_dict("records")
    ]
    without = rates if found else {}
    means = {
        "with": [cell(rates[level(row)], False) for row in rows],
        "without": [cell(without.get(level(row, arm=none), float("nan")), False) for row in rows],
    }
    table = pd.DataFrame(rows)
    head = folded(say("sweep-table", weeks=of_plan.means_over(plan)))
    return [head, effects_table(table, _names(table[keys]), means)]


def _contrast(effects: pd.DataFrame, contrast: str) -> list[str]:
    """Policies against the status quo, or what they change of the switch effect; blank on the side of the switch."""
    rows = where(effects, contrast=contrast, outcome=contrasts.JUDGED_BY)
    levels = rows.loc[:, :"outcome"].drop(columns=["id", "contrast", "outcome"])
    lines = [folded(say(f"sweep-table.{contrast}")), effects_table(rows, _names(levels))] if len(rows) else []
    return ["", *lines] if contrast == "policy" and lines else [*lines, ""] if lines else []


def _names(levels: pd.DataFrame) -> list[str]:
    """The factors of a table: all but arm, and intensity of policies, if these have one level."""
    several = {"arm": levels["arm"].nunique() > 1} if "arm" in levels else {}
    several |= (
        {"intensity": levels["intensity"][levels["intensity"] > 0].nunique() > 1} if "intensity" in levels else {}
    )
    return [str(name) for name in levels if several.get(str(name), True)]
