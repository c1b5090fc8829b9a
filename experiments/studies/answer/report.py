"""The question put to every case and date: the answer, what changed between two years, and policies in order."""

from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from experiments import text as texts
from experiments.findings import Because, Finding, where
from experiments.findings import findings as of_rows
from experiments.messages import say
from experiments.stats import contrasts, estimates
from experiments.stats.estimates import EFFECTS, VERDICTS
from experiments.study import tables as of_plan
from experiments.study.design import Plan
from experiments.study.own_findings import rows_of, tallied
from experiments.study.reporting import Tables
from experiments.study.spec import STATUS_QUO
from experiments.study.store import Folder
from sim.rules.conditions import interpolate
from sim.scenario import Scenario

GIFTS = "campaign_given"
OUTCOMES = ("capacity", "rate", GIFTS)
ARMS = ("announcement", "asked", "full")
GIFTS_ALONE = ("qassam",)
"""Cases that answer for gifts and not for attacks, as their file says (conf/case/qassam.yaml)."""
CANNOT_ACT = "cannot act"
"""Instead of a verdict: leaving the change out alters no effect in any run."""
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
    capacity, rate = (contrasts.by_draw(where(past, _DEFAULT), factors, reference, outcome) for outcome in OUTCOMES[:2])
    usual = [cell for cell in plan.cells if cell.levels.get("history", AS_IT_WAS) == AS_IT_WAS]
    common = {(cell.levels["profile"], cell.levels["year"]): practices(cell.scenario) for cell in usual}
    found = {
        "answer": answer(effects).sort_values("year", kind="stable"),
        "changes": changes(quo, 100.0 * of_plan.margin(plan), of_plan.held(plan)),
        "policies": ranked(effects, rate, of_plan.agencies_of(plan), common),
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

    ``agree`` counts the structures with the verdict of the default, ``except`` names the others. `GIFTS_ALONE` have
    rows for gifts to public campaigns too.
    """
    rows = of_the_switch(effects)
    gifts = (rows["outcome"] == GIFTS) & rows["profile"].isin(GIFTS_ALONE)
    rows = rows[gifts | (rows["outcome"] == "capacity")]
    found, more = where(rows, _DEFAULT), []
    for row in found.to_dict("records"):
        others = where(rows, {name: row[name] for name in (*_CASE, "effect", "outcome")})
        unlike = others["structure"][others["verdict"] != row["verdict"]]
        counts = {f"{one}_in": int((others["verdict"] == one).sum()) for one in VERDICTS}
        about = {"structures": len(others), "agree": len(others) - len(unlike), "except": "+".join(unlike)}
        more.append(counts | about)
    return found.join(pd.DataFrame(more, found.index))


def changes(runs: pd.DataFrame, margin: float, held: bool = False) -> pd.DataFrame:
    """Effects of the switch on capacity by history, and their difference between two years, in percentage points.

    ``of`` is a year that has every history of its case, or difference: the last of them less the first. ``contrast``
    is effect, or due: the effect as it was less that without one dated change, or without any.
    """
    keys = ["arm", "profile", "year", "history", "replication"]
    capacity = runs.set_index(keys)["capacity"].unstack("replication")
    none, counts = capacity.loc["none"], runs.groupby(_CASE)["history"].nunique()
    about: list[tuple[str, ...]] = []
    values = []
    for arm in (one for one in ARMS if one in capacity.index):
        effects = 100.0 * (capacity.loc[arm] / none.where(none > 0.0) - 1.0)
        for profile in runs["profile"].unique():
            count = counts[profile]
            of = {str(year): effects.loc[profile, year] for year in count.index[count == count.max()]}
            if len(of) > 1:
                first, *_, last = of.values()
                of["difference"] = last - first
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
    inert = (found["contrast"] == "due") & np.array([(row == 0.0).all() for row in values], dtype=bool)
    return found.assign(verdict=found["verdict"].mask(inert, CANNOT_ACT), id=["/".join(row) for row in about])


def practices(scenario: Scenario) -> dict[str, float]:
    """Intensity of policies that are already common practice on the day of the switch."""
    day = np.array([float(scenario.switch_day.toordinal())])
    some = [one for one in scenario.shocks.values() if one.type == "practice" and one.enabled]
    return {str(one.target): float(interpolate(one.path, day, 0.0)[0]) for one in some}


def ranked(
    effects: pd.DataFrame, draws: pd.DataFrame, agencies: dict[str, str], common: dict[Any, dict[str, float]]
) -> pd.DataFrame:
    """Policies by their median effect on the attack rate, within each case and year, the strongest first.

    ``best`` is the share of draws in which a policy averts most attacks, ``best_civil`` the same among policies without
    force; where none averts any, none is best. ``common``: `practices` by case and year.
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
    practice = [common.get((one, year), {}).get(policy, 0.0) for one, year, policy in rows[keys].to_numpy()]
    rows = rows.assign(rank=order, agency=rows["policy"].map(agencies), practice=practice)
    return rows.sort_values(["year", "rank", "policy"], ignore_index=True)


def findings(plan: Plan, tables: Tables) -> list[Finding]:
    """The commonest verdict on the switch, its largest effect, the policies that are first, and dated changes."""
    effects, policies, dated = (tables[name] for name in ("effects", "policies", "changes"))
    switch = where(of_the_switch(effects), _DEFAULT, outcome="rate")
    switch, policies, dated = (rows[~rows["profile"].isin(GIFTS_ALONE)] for rows in (switch, policies, dated))
    gifts = where(of_the_switch(effects), _DEFAULT, outcome=GIFTS)
    found = []
    for arm in (ARMS[0], ARMS[-1]):
        if len(rows := where(switch, effect=arm)):
            given = float(where(gifts, effect=arm)["median"].median())
            why = Because("gifts", {"given": given, "less": "yes" if given < 0.0 else "no"})
            found.append(_often("cases", rows, "effects", rows["verdict"], why, arm=arm))
            largest = rows.loc[[rows["median"].abs().idxmax()]]
            about: dict[str, Any] = {"year": str(int(largest["year"].iloc[0])), "because": why}
            found += [tallied(one, arm, **about) for one in of_rows("answer-most", largest)]
    for force, rows in (("yes", policies), ("no", policies[policies["agency"] != "military"])):
        best = rows.loc[rows.groupby(_CASE)["rank"].idxmin()]
        if len(best) and policies["policy"].nunique() > 1:
            first = where(best, policy=best["policy"].mode().iloc[0])["median"].median()
            why = Because("averted", {"change": float(first)})
            found.append(_often("best", best, "policies", best["policy"], why, force=force))
    due = where(dated, contrast="due", arm=ARMS[0], of="difference")
    inert = due["verdict"].isin(["negligible", CANNOT_ACT]).map({True: "inert", False: "acts"})
    why = Because("dated", {"margin": f"{100 * of_plan.margin(plan):g}%"})
    return [*found, *([_often("dated", due, "changes", inert, why, commonest="inert")] if len(due) else [])]


def _often(
    kind: str,
    rows: pd.DataFrame,
    table: str,
    words: "pd.Series[str]",
    why: Because | None,
    commonest: str = "",
    **about: str,
) -> Finding:
    """A finding on how many rows have the commonest of some words, or a given one."""
    decided = words[words != "inconclusive"]
    word = commonest or str((decided if len(decided) else words).mode().iloc[0])
    same = rows[words == word] if (words == word).any() else rows
    judged = {"judged": word} if kind == "cases" else {}
    one = Finding(
        f"answer-{kind}",
        policy=word if kind == "best" else "",
        arm=about.get("arm", ""),
        outcome="rate",
        draws=int(rows["draws"].max()),
        verdict=judged.get("judged", ""),
        rows=rows_of(table, same.index),
    )
    return tallied(one, *about.values(), part=(words == word).sum(), of=len(rows), because=why, **judged, **about)


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
    head = say("answer-table", weeks=of_plan.means_over(plan), draws=draws_of(answers))
    shown = texts.table(answer_cells(answers), [*_CASE, "effect", "of", "count", "verdict", "in structures"])
    parts = [*map(texts.folded, sentences(tables, margin)), "", texts.folded(head), shown]
    due = where(found, contrast="due", arm=ARMS[0])
    if len(due):
        head = texts.folded(say("answer-due", draws=draws_of(due)))
        parts += ["", head, texts.effects_table(due, ["profile", "of", "history"])]
    lines = [texts.folded(one) for one in in_order(tables["policies"])]
    parts += ["", texts.folded(say("answer-ranks", draws=draws_of(tables["policies"]))), *lines] if lines else []
    why = {(cell.levels["profile"], cell.levels["year"]): not_asked(cell.scenario) for cell in plan.cells}
    closed = [f"{profile} {year} ({reason})" for (profile, year), reason in why.items() if reason]
    parts += ["", texts.folded(say("answer-not-asked", cases=texts.listed(closed)))] if closed else []
    return "\n".join([*parts, "", texts.folded(say("answer-limits")), "", of_plan.legend(plan)])


def draws_of(rows: pd.DataFrame) -> str:
    """The number of draws behind the rows of a table, in words."""
    return say("draws", count=int(rows["draws"].max()))


def answer_cells(rows: pd.DataFrame) -> dict[str, list[str]]:
    """Cells of the answer table: case, year, effect and what it is of, its size, and where structures agree."""
    cells = texts.effects_cells(rows, [*_CASE, "effect"])
    records = rows.to_dict("records")
    cells["of"] = [say("answer-of", case=f"{row['profile']}-{row['year']}", outcome=row["outcome"]) for row in records]
    cells["in structures"] = [say("answer-structures" + ".except" * bool(row["except"]), **row) for row in records]
    kept = (*_CASE, "effect", "of", "median", "95 % interval", "count", "verdict", "in structures")
    return {name: cells[name] for name in kept}


def sentences(tables: Tables, margin: str) -> list[str]:
    """Three points of short sentences: the switch, what changed between two years, and policies."""
    some = [tables[name] for name in ("answer", "changes", "policies")]
    answers, found, policies = (one[~one["profile"].isin(GIFTS_ALONE)] for one in some)
    arms = {arm: rows for arm in (ARMS[0], ARMS[-1]) if len(rows := where(answers, effect=arm))}
    told = [
        say("answer-switch", arm=arm, counts=counted(rows), raises=len(where(rows, verdict="raises")), **largest(rows))
        for arm, rows in arms.items()
    ]
    lines = [" ".join(told)] if told else []
    rows = where(found, arm=ARMS[0], of="difference")
    if len(rows):
        about = largest(where(rows, contrast="effect", history=AS_IT_WAS), "points")
        effects = where(found, arm=ARMS[0], contrast="effect", history=AS_IT_WAS)
        effects = effects[effects["of"] != "difference"]
        about |= {f"effect-{name}": words for name, words in largest(effects).items()}
        small = "yes" if effects["median"].abs().max() < float(margin) else "no"
        lines.append(say("answer-changed", small=small, **about, **altered(where(rows, contrast="due"), margin)))
    several = policies["policy"].nunique() > 1  # one alone has no order
    return [*lines, say("answer-policies", **leaders(policies)).strip()] if several else lines


def altered(due: pd.DataFrame, margin: str) -> dict[str, Any]:
    """The dated changes that are shown to make a difference, the largest, and whether it is settled that none does."""
    due = due[due["verdict"] != CANNOT_ACT]
    shown = due[due["verdict"].isin(EFFECTS)]
    names = [
        say("answer-maker", history=row["history"], group=texts.group(row["profile"]))
        for row in shown.drop_duplicates(["history", "profile"]).to_dict("records")
    ]
    settled = "yes" if len(due) and (due["verdict"] == "negligible").all() else "no"
    about = {f"due-{name}": words for name, words in largest(due if shown.empty else shown, "points").items()}
    return about | {"count": len(names), "makers": texts.listed(names), "settled": settled, "margin": margin}


def counted(rows: pd.DataFrame) -> str:
    """The number of cases and years with each verdict."""
    counts = rows["verdict"].value_counts().to_dict()
    return texts.listed([say("answer-count", verdict=one, count=counts[one]) for one in VERDICTS if one in counts])


def largest(rows: pd.DataFrame, unit: str = "%") -> dict[str, Any]:
    """The largest effect with its interval, its case, year and history, and the number of rows."""
    known = rows[rows["median"].notna()]
    if known.empty:
        return {"of": len(rows)} | dict.fromkeys(("size", "group", "year", "history", "agree", "structures"), "")
    row = known.loc[known["median"].abs().idxmax()]
    size = texts.amount(row["median"], row["low"], row["high"], unit)
    about = {"year": row.get("year", row.get("of")), "history": say("answer-change", history=row.get("history", ""))}
    about |= {name: str(row.get(name, "")) for name in ("agree", "structures")}
    return about | {"of": len(rows), "size": size, "group": texts.group(row["profile"], hypothetical=True)}


def leaders(policies: pd.DataFrame) -> dict[str, Any]:
    """The policy that ranks first in most cases and years, and the same among those without force."""
    found: dict[str, Any] = {"of": policies.groupby(_CASE).ngroups}
    for name, some in (("any", policies), ("civil", policies[policies["agency"] != "military"])):
        first = some.loc[some.groupby(_CASE)["rank"].idxmin()]
        often = str(first["policy"].mode().iloc[0]) if len(first) else ""
        first = where(first, policy=often)
        found |= {name: texts.policy(often), f"{name}-first": len(first)}
        shown = where(first, verdict="lowers")
        places = [
            f"{texts.group(profile)} in {year}" for profile, year in zip(*(shown[key] for key in _CASE), strict=True)
        ]
        found |= {f"{name}-lowers": len(shown), f"{name}-where": texts.listed(places)}
        found |= {f"{name}-{key}": words for key, words in largest(first).items()}
    return found


def in_order(policies: pd.DataFrame) -> list[str]:
    """A line a case and year: its policies in order, with effect, verdict and the share of draws in which each is best.

    That of a policy without force is among those without. Policies that are negligible follow by name alone.
    """
    lines = []
    for (profile, year), some in policies.groupby(_CASE, sort=False):
        none, ranks = some["verdict"] == "negligible", []
        names = {}
        for policy, level in zip(some["policy"], some["practice"], strict=True):
            practice = texts.share(level) if level else "none"
            names[policy] = say("answer-policy", policy=texts.policy(policy), practice=practice)
        for row in some[~none].to_dict("records"):
            best = texts.share(row["best" if row["agency"] == "military" else "best_civil"])
            about = {"policy": names[row["policy"]], "verdict": row["verdict"], "best": best}
            ranks.append(say("answer-rank", effect=texts.quantity(row["median"], "%", sign=True), **about))
        rest = texts.listed([names[one] for one in some["policy"][none]])
        ranks += [say("answer-rank.negligible", policies=rest)] if rest else []
        lines.append(f"{profile} {year}: {'; '.join(ranks)}")
    return lines
