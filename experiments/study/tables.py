"""Helpers of all reports: reading run tables, comparing cells, and sentences on a plan as a whole."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from experiments import text
from experiments.evidence.cases import facts
from experiments.messages import say
from experiments.stats import contrasts, decision, estimates
from experiments.study.design import Plan
from experiments.study.parameter_sampling import at
from experiments.study.parameter_sampling import evidence as evidence
from experiments.study.spec import STATUS_QUO
from experiments.study.store import Folder
from sim.engine.text import nearest
from sim.output.tables import as_csv
from sim.windows import switches, window_of

PRICED = ("fiu", "chain_analyst", "regulator", "prosecutor")
"""Agencies whose staff-weeks have a published price, `enforcement.staff_week`."""


def runs_of(folder: Folder, plan: Plan, outcomes: Iterable[str] | None = None) -> pd.DataFrame:
    """The run table without drawn parameters: identity, seed, factors, error, outcomes and their window."""
    file = folder.path / "runs.parquet"
    names = pq.read_schema(file).names
    kept = {"run", "replication", "draw", "seed", "error", *plan.factors, *(names if outcomes is None else outcomes)}
    kept -= {one.name for group in plan.groups for one in group.ranges}
    return with_windows(plan, pq.read_table(file, columns=[name for name in names if name in kept]).to_pandas())


def with_windows(plan: Plan, runs: pd.DataFrame) -> pd.DataFrame:
    """A whole run table with the weeks over which each run's outcomes are means (`contrasts.WINDOW`)."""
    weeks = [plan.cells[cell].scenario.report.window for cell in plan.run_cells()]
    return runs.assign(**{contrasts.WINDOW: weeks})


def means_over(plan: Plan) -> str:
    """The weeks over which the outcomes of a plan's runs are means, and the reason why there are none."""
    cells = sorted(plan.cells, key=lambda cell: not switches(cell.scenario))  # a switch that happens names the window
    windows = [window_of(cell.scenario, cell.scenario.report.window) for cell in cells]
    one = len({(window.first, window.last) for window in windows}) == 1
    counts = " or ".join(map(str, sorted({window.weeks for window in windows})))
    weeks = windows[0].words if one else say("weeks-of-cells", weeks=counts)
    missing = next((window.missing for window in windows if window.missing), "")
    which = "some" if missing and not all(window.missing for window in windows) else "every" if missing else "none"
    return say("means-over", weeks=weeks, missing=which, reason=missing)


def parameters(plan: Plan, runs: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    """The value of parameters in every run of the whole run table: as drawn or varied, else as its cell has it."""
    groups = [plan.group_of[cell] for cell in plan.run_cells()]
    found = {}
    for name in names:
        by_group = np.array([at(group.values, name) for group in plan.groups], dtype=float)
        own = pd.Series(by_group[groups], index=runs.index)
        found[name] = runs[name].fillna(own) if name in runs else own
    return pd.DataFrame(found)


def of_the_record(plan: Plan, folder: Folder, runs: pd.DataFrame) -> pd.DataFrame:
    """Runs whose elasticity to operations money lies in the range of the record (facts:attack-finance-elasticity).

    None if they have fewer draws than a verdict needs.
    """
    low, high = (float(facts()["attack-finance-elasticity"][end]) for end in ("low", "high"))
    file = folder.path / "runs.parquet"
    names = [name for name in pq.read_schema(file).names if name in ("run", "combat.money")]
    drawn = parameters(plan, pq.read_table(file, columns=names).to_pandas(), ["combat.money"])["combat.money"]
    found = runs[drawn.between(low, high).to_numpy()]
    return found if found["draw"].nunique() >= estimates.MIN_DRAWS else found.iloc[:0]


def in_order(plan: Plan, rows: pd.DataFrame, factors: Sequence[str]) -> pd.DataFrame:
    """Rows in the order in which the plan has the levels of some factors."""
    places = {name: list(dict.fromkeys(cell.levels[name] for cell in plan.cells)).index for name in factors}
    by = list(factors)
    return rows.sort_values(by, key=lambda one: one.map(places[str(one.name)]), ignore_index=True, kind="stable")


def reference(plan: Plan) -> dict[str, Any]:
    """The arm and the policy that others are compared with."""
    usual = {"arm": "none", "policy": STATUS_QUO}
    return {name: (plan.study.reference_levels_of(name) or [level])[0] for name, level in usual.items()}


def place_of(plan: Plan, at: Mapping[str, Any]) -> dict[str, Any]:
    """The levels of factors other than arm, policy and intensity, as typed: full names or their ends, ``size=0.6``.

    Raises:
        ValueError: for a name or level that the study has not, or that is of several factors.
    """
    names = [name for name in plan.factors if name not in ("arm", "policy", "intensity")]
    ends = {name: "group" if name == "profile" else name.rpartition(".")[2] for name in names}
    found = {}
    for typed, level in at.items():
        meant = [name for name in names if name == typed] or [name for name in names if ends[name] == typed]
        if len(meant) != 1:
            why = f"is the end of {' and '.join(meant)}" if meant else "no factor of this study that chooses a place"
            known = [*ends.values(), *names]
            raise ValueError(f"at: {typed}: {why}{'' if meant else nearest(typed, list(dict.fromkeys(known)))}")
        levels = {text.word(one): one for one in (cell.levels.get(meant[0]) for cell in plan.cells) if one is not None}
        chosen = [one for word, one in levels.items() if level == one or text.word(level) == word]
        if not chosen:
            raise ValueError(f"at: {typed}={text.word(level)}: no such level{nearest(text.word(level), [*levels])}")
        found[meant[0]] = chosen[0]
    return found


def held(plan: Plan) -> bool:
    """Return whether all runs hold the same parameters."""
    return plan.study.uncertain == "none"


def shortage(plan: Plan) -> str:
    """Name the sample of a plan that is too small for any verdict, ``draws`` or ``seeds``; empty if none is."""
    return estimates.shortage(plan.draws, len(plan.seeds), held(plan))


def needed(plan: Plan) -> int:
    """The draws that a verdict needs, or the seeds if parameters are held."""
    return estimates.MIN_SEEDS if held(plan) else estimates.MIN_DRAWS


def enough(plan: Plan) -> int:
    """The replications that make as many draws, or seeds if parameters are held, as a verdict needs."""
    return needed(plan) * (1 if held(plan) else plan.study.seeds_per_draw)


def few_words(plan: Plan) -> list[str]:
    """Lines on a plan that is too small for a verdict, with what to type; none if it is not."""
    if not (short := shortage(plan)):
        alone = not held(plan) and plan.study.seeds_per_draw == 1 and len(plan.seeds) == plan.draws
        return [text.folded(say("one-seed")), ""] if alone else []
    first, more = min(plan.seeds), enough(plan)
    of_jobs = any(cell.levels.get("arm") == "with" for cell in plan.cells)  # those of `python -m sim -m`
    by_number = not of_jobs and list(plan.seeds) == list(range(len(plan.seeds)))
    typed = f"replications={more}" if by_number else f"'seed=range({first},{first + more})'"
    count = len(plan.seeds) if held(plan) else plan.draws
    return [say("too-few", shortage=short, count=count, needed=needed(plan), typed=typed), ""]


def margin(plan: Plan) -> float:
    """The margin of relevance, a share of the attacks."""
    return plan.cells[0].scenario.report.margin


def effects_of(
    plan: Plan, runs: pd.DataFrame, outcomes: Sequence[str] | None = None, own_units: bool = False
) -> pd.DataFrame:
    """The effects table of a plan's runs; in per cent of the run with neither, or all in own units."""
    percent = () if own_units else contrasts.PERCENT
    return contrasts.effects(runs, plan.factors, reference(plan), outcomes, margin(plan), held(plan), percent)


def effects_between(
    plan: Plan,
    runs: pd.DataFrame,
    factors: Sequence[str],
    against: Mapping[str, Any],
    outcomes: Sequence[str] | None = None,
    percent: Collection[str] = contrasts.PERCENT,
) -> pd.DataFrame:
    """Effects of the levels of the first factor, which takes the place of the arm and names the contrast."""
    name, *others = factors
    rows = runs.drop(columns="arm", errors="ignore").rename(columns={name: "arm"})
    reference = {("arm" if one == name else one): level for one, level in against.items()}
    found = contrasts.effects(rows, ["arm", *others], reference, outcomes, margin(plan), held(plan), percent)
    found = found[found["contrast"] == "switch"].rename(columns={"arm": name}).reset_index(drop=True)
    return found.assign(id=[f"{name}{one.removeprefix('switch')}" for one in found["id"]], contrast=name)


def utilities_of(plan: Plan, runs: pd.DataFrame) -> pd.DataFrame:
    """What each policy of a plan averts and hinders by draw and seed; see `experiments.stats.decision.utilities`."""
    found = decision.utilities(runs, plan.factors, reference(plan), policies_of(plan))
    return found if plan.posterior is None or found.empty else found.assign(row=rows_of(plan, found["draw"]))


def rows_of(plan: Plan, draws: Iterable[int]) -> "pd.Index[Any]":
    """The row of the posterior that each draw takes, or the draw itself.

    Draws of one row are no independent evidence on its parameters.
    """
    return pd.Index(list(draws) if plan.posterior is None else plan.posterior.rows(list(draws)))


def estimated(plan: Plan, differences: "pd.Series[float]", outcome: str) -> dict[str, Any]:
    """The estimate of differences on an outcome in per cent, by replication and draw, as columns of a table."""
    draws = differences.index.get_level_values("draw").to_numpy()
    found = estimates.estimate(differences.to_numpy(), draws, margin=100.0 * margin(plan), held=held(plan))
    return {"outcome": outcome, "unit": "%"} | asdict(found)


def policies_of(plan: Plan) -> dict[str, tuple[str, float, float]]:
    """Agency, staff-weeks and USD a staff-week of each policy of a plan; NaN where the agency is not priced."""
    price = getattr(plan.cells[0].scenario.enforcement, "staff_week", np.nan)  # of another version, it may be invalid
    prices = dict.fromkeys(PRICED, price)
    found = {name: one for cell in plan.cells for name, one in cell.scenario.policies.items()}
    return {name: (one.agency, one.staff_weeks, prices.get(one.agency, np.nan)) for name, one in found.items()}


def costs(frontier: pd.DataFrame, names: Sequence[str]) -> tuple[dict[str, list[str]], str]:
    """What priced policies cost at their greatest intensity, where they avert more than a negligible number; a note."""
    unpriced = frontier.loc[frontier["priced"] == "no", "policy"].unique()
    note = say("cost-note", unpriced=text.listed([*map(text.policy, unpriced)]) or "none")
    rows = frontier[frontier["usd_a_year"].notna() & (frontier["intensity"] == frontier["intensity"].max())]
    rows = rows[rows["averted_verdict"] != "negligible"]
    cells = {name: rows[name].tolist() for name in names if name in rows}
    per_attack = [rows[f"usd_per_averted{end}"] for end in ("", "_low", "_high")]
    cells |= {
        "USD a year": list(map(text.cost, rows["priced"], rows["usd_a_year"])),
        "USD an attack averted": list(map(text.cost, rows["priced"], *per_attack)),
        "effect on attacks": rows["averted_verdict"].tolist(),
    }
    return cells, note


def agencies_of(plan: Plan) -> dict[str, str]:
    """Agency of each policy of a plan."""
    return {name: agency for name, (agency, *_) in policies_of(plan).items()}


def base_of(plan: Plan) -> dict[str, Any]:
    """The settings by which policies are weighed: the base of the study."""
    left = ("arm", "policy", "intensity", "profile")
    return {name: level for name, level in plan.study.base.items() if name in plan.factors and name not in left}


def write_csv(folder: Folder, name: str, table_: pd.DataFrame) -> str:
    """Write a table as CSV, numbers with enough digits to come back the same; returns its name."""
    folder.write(name, as_csv(table_))
    return name


def listed(folder: Folder, files: list[str]) -> list[str]:
    """Lines that name the files of a study."""
    names = ", ".join([*(name for name in files if "/" not in name), "provenance.json"])
    lines = [text.folded(say("files", folder=str(folder.path), names=names))]
    stems = sorted({Path(name).stem for name in files if name.startswith("figures/analyst/")})
    if stems:
        there = folder.path / "figures" / "analyst"
        lines.append(text.folded(say("files.figures", folder=str(there), names=", ".join(stems))))
    return lines


def drawn_from(plan: Plan) -> str:
    """The distribution of uncertain parameters in words."""
    return say("drawn-from", source=plan.study.uncertain)


def legend(plan: Plan) -> str:
    """The meaning of the columns of an effects table, a line each."""
    words = {"held": "yes" if held(plan) else "no", "drawn": drawn_from(plan), "margin": f"{100 * margin(plan):g}"}
    return "\n".join(map(text.folded, say("legend", **words).splitlines()))
