"""What reports share: reading tables, comparing cells, writing tables that open everywhere, what a brief must say."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from experiments.stats import contrasts, estimates
from experiments.study.design import STATUS_QUO, Plan
from experiments.study.parameter_sampling import at, declared
from experiments.study.spec import Study
from experiments.study.store import Folder
from sim.config.shorthand import written
from sim.engine.parameters import table
from sim.engine.text import day, number
from sim.outcomes import OUTCOMES
from sim.output.columns import aligned as aligned
from sim.output.columns import folded
from sim.output.tables import as_csv
from sim.scenario import Policy, Scenario
from sim.windows import switches, window_of


def runs_of(folder: Folder, plan: Plan, outcomes: Iterable[str] | None = None) -> pd.DataFrame:
    """The run table without drawn parameters: identity, luck, factors, error, outcomes, and the weeks they are of."""
    names = pq.read_schema(folder.path / "runs.parquet").names
    drawn = {one.name for group in plan.groups for one in group.ranges}
    wanted = [name for name in names if name not in drawn]
    if outcomes is not None:
        kept = {"run", "replication", "draw", "seed", "error", *plan.factors, *outcomes}
        wanted = [name for name in wanted if name in kept]
    return with_windows(plan, pq.read_table(folder.path / "runs.parquet", columns=wanted).to_pandas())


def with_windows(plan: Plan, runs: pd.DataFrame) -> pd.DataFrame:
    """A whole run table with the weeks over which each run's outcomes are means (`contrasts.WINDOW`)."""
    weeks = [plan.cells[run.cell].scenario.report.window for run in plan.runs()]
    return runs.assign(**{contrasts.WINDOW: weeks})


def means_over(plan: Plan) -> str:
    """Over which weeks the outcomes of a plan's runs are means, in words, and why there are none."""
    cells = sorted(plan.cells, key=lambda cell: not switches(cell.scenario))  # a switch that happens names the window
    windows = [window_of(cell.scenario, cell.scenario.report.window) for cell in cells]
    spans = {(one.first, one.last) for one in windows}
    if len(spans) == 1:
        words = windows[0].words
    else:
        counts = sorted({one.weeks for one in windows})
        words = f"the {' or '.join(map(str, counts))} weeks after the switch of each cell"
    missing = list(dict.fromkeys(one.missing for one in windows if one.missing))
    if not missing:
        return f"means of {words}"
    some = "none" if all(one.missing for one in windows) else "in some cells none"
    return f"means of {words}: {some}, for {missing[0]}"


def parameters(plan: Plan, runs: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    """The value of parameters in every run of the whole run table: as drawn or varied, else as its cell has it."""
    groups = [plan.group_of[run.cell] for run in plan.runs()]
    found = {}
    for name in names:
        by_group = np.array([at(group.values, name) for group in plan.groups], dtype=float)
        own = pd.Series(by_group[groups], index=runs.index)
        found[name] = runs[name].fillna(own) if name in runs else own
    return pd.DataFrame(found)


def reference(plan: Plan) -> dict[str, Any]:
    """What others are compared with."""
    usual = {"arm": "none", "policy": STATUS_QUO}
    return {name: (plan.study.reference_levels_of(name) or [level])[0] for name, level in usual.items()}


def held(plan: Plan) -> bool:
    """Whether all runs hold the same parameters."""
    return plan.study.uncertain == "none"


def refusal(plan: Plan) -> estimates.Verdict | None:
    """The verdict on all that a plan compares, if it makes too few draws, or too few seeds with parameters held."""
    return estimates.refusal(plan.draws, len(plan.seeds), held(plan))


def enough(plan: Plan) -> int:
    """How many replications make as many draws, or seeds where parameters are held, as a verdict needs."""
    return estimates.FEW * (1 if held(plan) else plan.study.seeds_per_draw)


def few_words(plan: Plan) -> list[str]:
    """Lines that say that a plan is too small for a verdict, and what to type; none if it is not."""
    refused = refusal(plan)
    if refused is None:
        return []
    made = estimates.counted(refused, len(plan.seeds) if held(plan) else plan.draws)
    words = f"From {made} little can be told: nothing is judged by fewer than {estimates.FEW},"
    first, more = min(plan.seeds), enough(plan)
    by_number = "with" not in plan.cells[0].levels.values() and list(plan.seeds) == list(range(len(plan.seeds)))
    type_ = f"replications={more}" if by_number else f"'seed=range({first},{first + more})'"
    return [f"{words} and {type_} makes as many.", ""]


def margin(plan: Plan) -> float:
    """The margin of relevance, a share of capacity."""
    return plan.cells[0].scenario.report.margin


def effects_of(
    plan: Plan, runs: pd.DataFrame, outcomes: Sequence[str] | None = None, own_units: bool = False
) -> pd.DataFrame:
    """The effects table of a plan's runs; in per cent of capacity, or everything in its own unit."""
    more: dict[str, Any] = {"percent": ()} if own_units else {}
    return contrasts.effects(
        runs, plan.factors, reference(plan), outcomes, margin=margin(plan), held=held(plan), **more
    )


def policies_of(plan: Plan) -> dict[str, tuple[str, float]]:
    """Agency and staff-weeks of each policy of a plan."""
    found: dict[str, Policy] = {}
    for cell in plan.cells:
        found |= cell.scenario.policies
    return {name: (policy.agency, policy.staff_weeks) for name, policy in found.items()}


def base_of(plan: Plan) -> dict[str, Any]:
    """The settings by which policies are weighed: the base of the study."""
    left = ("arm", "policy", "intensity", "profile")
    return {name: level for name, level in plan.study.base.items() if name in plan.factors and name not in left}


def write_csv(folder: Folder, name: str, table_: pd.DataFrame) -> str:
    """Write a table as CSV, numbers with enough digits to come back the same; returns its name."""
    folder.write(name, as_csv(table_))
    return name


def listed(folder: Folder, files: list[str]) -> list[str]:
    """The files of a study in words."""
    lines = [folded(f"Files in {folder.path}: {', '.join(name for name in files if '/' not in name)}, provenance.json")]
    stems = sorted({name.split("/")[1].rsplit(".", 1)[0] for name in files if name.startswith("figures/")})
    if stems:
        lines.append(folded(f"Figures in {folder.path / 'figures'}: {', '.join(stems)} (png, svg)"))
    return lines


def drawn_from(plan: Plan) -> str:
    """Where draws come from, in words."""
    return "assumed ranges" + (", as the record leaves them" if plan.study.uncertain == "posterior" else "")


def evidence(study: Study) -> dict[str, tuple[int, int]]:
    """Number of parameters by grade of evidence, and how many of them are drawn from plausible ranges."""
    rows = [row for row in table(Scenario) if row.grade != "-"]
    drawn = {*declared(), *study.extra_ranges} - {*study.hold} if study.uncertain != "none" else set()
    every, some = Counter(row.grade for row in rows), Counter(row.grade for row in rows if row.name in drawn)
    return {grade: (every[grade], some[grade]) for grade in ("A", "B", "B-", "C", "D", "M") if every[grade]}


def about_of(plan: Plan, facts: Mapping[str, Any], question: str, title: str) -> dict[str, Any]:
    """What a brief says of where it comes from."""
    scenario = plan.cells[0].scenario
    return {
        "title": title,
        "question": question,
        "study": plan.name,
        "command": facts["command"],
        "version": facts["model"],
        "commit": (facts["commit"] or "")[:10] + (" (changed)" if facts["dirty"] else ""),
        "date": facts["started"][:10],
        "seeds": facts["seed"],
        "runs": facts["runs"],
        "failed": facts["failed"],
        "replications": len(plan.seeds),
        "draws": 0 if held(plan) else plan.draws,
        "drawn_from": drawn_from(plan),
        "evidence": facts.get("evidence") or evidence(plan.study),
        "switch": day(scenario.switch_day),
        "window": scenario.report.window,
        "margin": 100.0 * margin(plan),
        "policies": policies_of(plan),
        "base": base_of(plan),
    }


def empty_words(plan: Plan, runs: pd.DataFrame) -> list[str]:
    """A line that says why there is nothing to compare, if there is nothing."""
    if not runs["error"].isna().any() or runs["capacity"].notna().any():
        return []
    return [
        f"Every outcome is empty: the runs end before the window of {plan.cells[0].scenario.report.window} weeks after "
        "the switch does (report.window)."
    ]


# --- as text ---------------------------------------------------------------------------------------------------------


def label(outcome: str) -> str:
    """The label of an outcome as the tables of a run have it."""
    return OUTCOMES[outcome].label if outcome in OUTCOMES else outcome.replace("_", " ")


def word(level: Any) -> str:
    """Return a level of a factor as one would type it."""
    return level if isinstance(level, str) else written(level)


def as_text(rows: pd.DataFrame, names: Sequence[str]) -> str:
    """Effects as lines: what is compared, the median draw, the interval that counts, the mean, the verdict."""
    heads = [*names, "middle", "interval that counts", "mean", "+-", "n", "verdict"]
    lines = [heads]
    for row in rows.to_dict("records"):
        words = [word(row[name]) for name in names]
        unit = " %" if row["unit"] == "%" else f" {row['unit']}"
        span = f"{number(row['low'])} to {number(row['high'])}"
        half = (row["mc_high"] - row["mc_low"]) / 2.0
        told = [number(row["median"]) + unit, span, number(row["mean"]), number(half, False), str(row["n"])]
        lines.append([*words, *told, row["verdict"]])
    return "\n".join(aligned(lines, range(len(names), len(heads) - 1), len(names)))
