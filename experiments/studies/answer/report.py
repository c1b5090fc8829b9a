"""The question put to every case and date: the answer, what changed between two years, and policies in order."""

from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from experiments import text as texts
from experiments.findings import where
from experiments.messages import say
from experiments.stats import contrasts, estimates
from experiments.study import tables as of_plan
from experiments.study.design import Plan
from experiments.study.reporting import Tables
from experiments.study.spec import STATUS_QUO
from experiments.study.store import Folder
from sim.scenario import Scenario

OUTCOMES = ("capacity", "rate")
ARMS = ("announcement", "asked", "full")
VERDICTS = ("lowers", "raises", "negligible", "inconclusive")
BETWEEN = ("2020", "2026")
"""The years whose answers are compared."""
AS_IT_WAS = "as_it_was"
SWITCH = "monero_only"
"""The shock that is the switch, in every case."""

_CASE = ["profile", "year"]
_OF_DRAW = [*_CASE, "effect", "draw", "change"]
_DEFAULT = {"structure": "default"}


def tables(plan: Plan, folder: Folder) -> dict[str, pd.DataFrame]:
    """The answer by case, year and arm, dated changes, policies in order, effects by draw, and all effects."""
    runs = of_plan.runs_of(folder, plan, OUTCOMES)
    past, quo = where(runs, history=AS_IT_WAS), where(runs, _DEFAULT, policy=STATUS_QUO)
    effects = of_plan.effects_of(plan, past, OUTCOMES)
    factors, reference = plan.factors, of_plan.reference(plan)
    capacity, rate = (contrasts.by_draw(where(past, _DEFAULT), factors, reference, outcome) for outcome in OUTCOMES)
    found = {
        "answer": answer(effects).sort_values("year", kind="stable"),
        "changes": changes(quo, 100.0 * of_plan.margin(plan), of_plan.held(plan)),
        "policies": ranked(effects, rate, of_plan.agencies_of(plan)),
        "draws": of_the_switch(capacity)[_OF_DRAW],
    }
    return {name: of_plan.in_order(plan, table, ["profile"]) for name, table in found.items()} | {"effects": effects}


def of_the_switch(rows: pd.DataFrame) -> pd.DataFrame:
    """Contrasts that are effects of the switch, named ``effect``: the arm, or privacy (full less placebo)."""
    privacy = rows["contrast"] == "privacy"
    wanted = privacy | ((rows["contrast"] == "switch") & rows["arm"].isin(ARMS))
    return where(rows.assign(effect=rows["arm"].mask(privacy, "privacy"))[wanted], policy=STATUS_QUO)


def answer(effects: pd.DataFrame) -> pd.DataFrame:
    """Effects of the switch on capacity, and the number of structures of the rules with each verdict.

    ``agree`` counts the structures with the verdict of the default, ``except`` names the others.
    """
    rows = where(of_the_switch(effects), outcome="capacity")
    found, more = where(rows, _DEFAULT), []
    for row in found.to_dict("records"):
        others = where(rows, {name: row[name] for name in (*_CASE, "effect")})
        unlike = others["structure"][others["verdict"] != row["verdict"]]
        counts = {f"{one}_in": int((others["verdict"] == one).sum()) for one in VERDICTS}
        about = {"structures": len(others), "agree": len(others) - len(unlike), "except": "+".join(unlike)}
        more.append(counts | about)
    return found.join(pd.DataFrame(more, found.index))


def changes(runs: pd.DataFrame, margin: float, held: bool = False) -> pd.DataFrame:
    """Effects of the switch on capacity by history, and their difference between two years, in percentage points.

    ``of`` is a year, or difference: the last year less the first, of a case that is asked in both. ``contrast`` is
    effect, or due: the effect as it was less that without one dated change.
    """
    keys = ["arm", "profile", "year", "history", "replication"]
    capacity = runs.set_index(keys)["capacity"].unstack("replication")
    none = capacity.loc["none"]
    about: list[tuple[str, ...]] = []
    values = []
    for arm in (one for one in ARMS if one in capacity.index):
        effects = 100.0 * (capacity.loc[arm] / none.where(none > 0.0) - 1.0)
        for profile in runs["profile"].unique():
            of = {year: effects.loc[profile, year] for year in BETWEEN if (profile, year) in effects.index}
            if len(of) == len(BETWEEN):
                of["difference"] = of[BETWEEN[1]] - of[BETWEEN[0]]
            for name, rows in of.items():
                due = (rows.loc[AS_IT_WAS] - rows).drop(AS_IT_WAS)
                for contrast, some in (("effect", rows), ("due", due)):
                    about += [(contrast, profile, arm, name, str(history)) for history in some.index]
                    values += [*some.to_numpy()]
    columns = ["contrast", "profile", "arm", "of", "history"]
    found = pd.DataFrame(about, columns=columns).assign(outcome="capacity", unit="%")
    draws = runs.groupby("replication")["draw"].first()[capacity.columns]
    numbers = estimates.estimates(np.array(values), draws, margin=margin, held=held) if values else []
    found = contrasts.judged(found.join(pd.DataFrame(map(asdict, numbers), columns=[*estimates.Estimate.__slots__])))
    return found.assign(id=["/".join(row) for row in about])


def ranked(effects: pd.DataFrame, draws: pd.DataFrame, agencies: dict[str, str]) -> pd.DataFrame:
    """Policies by their median effect on the attack rate, within each case and year, the strongest first.

    ``best`` is the share of draws in which a policy averts most attacks, ``best_civil`` the same among policies without
    force; where none averts any, none is best.
    """
    rows, draws = (where(one, _DEFAULT, contrast="policy", arm=ARMS[0]) for one in (effects, draws))
    keys = [*_CASE, "policy"]
    capacity = where(rows, outcome="capacity").set_index(keys)["median"].rename("capacity")
    change = draws.set_index([*keys, "draw"])["change"]
    civil = change[[agencies.get(policy) != "military" for policy in change.index.get_level_values("policy")]]
    rows = where(rows, outcome="rate").join(capacity, on=keys)
    for name, some in (("best", change), ("best_civil", civil)):
        first = (some < 0.0) & (some == some.groupby([*_CASE, "draw"]).transform("min"))
        rows = rows.join(first.groupby(keys).mean().rename(name), on=keys)
    order = rows.groupby(_CASE)["median"].rank(method="min").astype(int)
    rows = rows.assign(rank=order, agency=rows["policy"].map(agencies))
    return rows.sort_values(["year", "rank", "policy"], ignore_index=True)


def not_asked(scenario: Scenario) -> str:
    """Return why a switch is not asked about on its date: its appeal is not open yet, or takes nothing; else empty."""
    switch = scenario.shocks[SWITCH]
    day = scenario.switch_day
    appeal = next(one for one in scenario.appeals if one.name == switch.target)
    of_it = [one for one in scenario.shocks.values() if one.type == "campaign" and one.target == switch.target]
    taken = sorted((one.at, one.rail or "") for one in of_it if one.enabled and one.at and one.at <= day)
    open_now = taken[-1][1] if taken else appeal.rails
    return "not open yet" if appeal.opens > day else "" if open_now else "takes nothing"


def text(plan: Plan, tables: Tables) -> str:
    """Three sentences, the answer by case and year, what is due to dated changes, policies in order, and the limits."""
    answers, found = tables["answer"], tables["changes"]
    margin = f"{100 * of_plan.margin(plan):g}"
    head = say("answer-table", weeks=of_plan.means_over(plan), margin=margin)
    shown = texts.table(answer_cells(answers), [*_CASE, "effect", "verdict", "in structures"])
    parts = [*map(texts.folded, sentences(tables, margin)), "", texts.folded(head), shown]
    due = where(found, contrast="due", arm=ARMS[0])
    if len(due):
        parts += ["", texts.folded(say("answer-due")), texts.effects_table(due, ["profile", "of", "history"])]
    lines = [texts.folded(one) for one in in_order(tables["policies"])]
    parts += ["", texts.folded(say("answer-ranks")), *lines] if lines else []
    why = {(cell.levels["profile"], cell.levels["year"]): not_asked(cell.scenario) for cell in plan.cells}
    closed = [f"{profile} {year} ({reason})" for (profile, year), reason in why.items() if reason]
    parts += ["", texts.folded(say("answer-not-asked", cases=texts.listed(closed)))] if closed else []
    return "\n".join([*parts, "", texts.folded(say("answer-limits")), "", of_plan.legend(plan)])


def answer_cells(rows: pd.DataFrame) -> dict[str, list[str]]:
    """Cells of the answer table: case, year, effect, median, 95 % interval, verdict, and where structures agree."""
    cells = texts.effects_cells(rows, [*_CASE, "effect"])
    kept = (*_CASE, "effect", "median", "95 % interval", "verdict")
    agree = rows[["agree", "structures", "except"]].to_dict("records")
    places = [say("answer-structures" + ".except" * bool(row["except"]), **row) for row in agree]
    return {name: cells[name] for name in kept} | {"in structures": places}


def sentences(tables: Tables, margin: str) -> list[str]:
    """Three sentences: the switch in every case and year, what changed between two years, and policies."""
    answers, found, policies = tables["answer"], tables["changes"], tables["policies"]
    by_arm = {arm: clauses(where(answers, effect=arm), margin) for arm in (ARMS[0], ARMS[-1])}
    lines = [" ".join(say("answer-switch", arm=arm, clauses=words) for arm, words in by_arm.items() if words)]
    rows = where(found, arm=ARMS[0], of="difference")
    if len(rows):
        change = clauses(where(rows, contrast="effect", history=AS_IT_WAS), margin, "answer-changed-clause", "points")
        lines.append(say("answer-changed", clauses=change, **altered(where(rows, contrast="due"), margin)))
    return [*lines, say("answer-policies", **leaders(policies)).strip()] if len(policies) else lines


def altered(due: pd.DataFrame, margin: str) -> dict[str, Any]:
    """The dated changes that are shown to make a difference, and whether it is settled that none does."""
    shown = due[due["verdict"].isin(VERDICTS[:2])].drop_duplicates(["history", "profile"]).to_dict("records")
    names = [say("answer-maker", history=row["history"], group=texts.group(row["profile"])) for row in shown]
    settled = "yes" if len(due) and (due["verdict"] == "negligible").all() else "no"
    return {"count": len(names), "makers": texts.listed(names), "settled": settled, "margin": margin}


def clauses(rows: pd.DataFrame, margin: str, message: str = "answer-clause", unit: str = "%") -> str:
    """A clause a verdict, with the cases and years that have it; effects that are shown with their size."""
    found = []
    for verdict in VERDICTS:
        cases = []
        for profile, some in where(rows, verdict=verdict).groupby("profile", sort=False):
            names = some["year"] if "year" in some else [""] * len(some)
            sizes = [texts.quantity(one, unit, sign=True) * (verdict in VERDICTS[:2]) for one in some["median"]]
            parts = [": ".join(filter(None, both)) for both in zip(names, sizes, strict=True)]
            years = texts.listed([*filter(None, parts)])
            cases.append(say("answer-case", group=texts.group(str(profile)), years=years, count=len(years)))
        if cases:
            found.append(say(message, verdict=verdict, cases=texts.listed(cases), margin=margin))
    return "; ".join(found)


def leaders(policies: pd.DataFrame) -> dict[str, Any]:
    """The policy that ranks first in most cases and years, and the same among those without force."""
    found: dict[str, Any] = {"of": policies.groupby(_CASE).ngroups}
    for name, some in (("any", policies), ("civil", policies[policies["agency"] != "military"])):
        first = some.loc[some.groupby(_CASE)["rank"].idxmin()]
        often = str(first["policy"].mode().iloc[0]) if len(first) else ""
        first = where(first, policy=often)
        found |= {name: texts.policy(often), f"{name}-first": len(first)}
        found[f"{name}-lowers"] = int((first["verdict"] == "lowers").sum())
    return found


def in_order(policies: pd.DataFrame) -> list[str]:
    """A line a case and year: its policies in order, with effect, verdict and the share of draws in which each is best.

    That of a policy without force is among those without. Policies that are negligible follow by name alone.
    """
    lines = []
    for (profile, year), some in policies.groupby(_CASE, sort=False):
        none = some["verdict"] == "negligible"
        ranks = []
        for row in some[~none].to_dict("records"):
            best = texts.share(row["best" if row["agency"] == "military" else "best_civil"])
            about = {"policy": texts.policy(row["policy"]), "verdict": row["verdict"], "best": best}
            ranks.append(say("answer-rank", effect=texts.quantity(row["median"], "%", sign=True), **about))
        names = texts.listed([*map(texts.policy, some["policy"][none])])
        ranks += [say("answer-rank.negligible", policies=names)] if names else []
        lines.append(f"{profile} {year}: {'; '.join(ranks)}")
    return lines
