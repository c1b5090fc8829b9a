"""The choice of a policy while parameters are not known: regret, and whether the switch or the structure changes it."""

import itertools
import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from experiments import text as texts
from experiments.figures.pick import main_arm
from experiments.findings import Because, Finding, where
from experiments.findings import findings as of_rows
from experiments.messages import say
from experiments.stats import decision
from experiments.stats.decision import CIVIL, MODELLED, SHOWN, attacks, option, share
from experiments.study import tables as of_plan
from experiments.study.design import Plan
from experiments.study.own_findings import rows_of, tallied
from experiments.study.reporting import Tables
from experiments.study.store import Folder

OUTCOMES = ("capacity", "rate", "lawful_frozen", "lawful_hindered")
ANY = "any"
"""The structure of rows whose draws are those of every structure of the rules."""
CASH = "cash"
"""The level of structure that is a scenario of the group and no rule: money goes by cash couriers."""
AT_ONCE = "at_once"
ONE = {"profile": "", "structure": "default", "when": AT_ONCE}
"""The one level of a factor that a study lacks."""
BUDGET = 10.0
"""Staff-weeks a week, at most, of figures and of tables of one budget."""
ARMS = ("none", "announcement", "full")
CHANGES = ("no", "margin", "chance", "yes")
MOST = 8
"""Options of a table and a figure; the others are named below."""

_KEYS = ["profile", "structure", "arm", "policy", "intensity"]
OFTEN = 0.5
"""Share of draws beyond which an option that is not shown is called dominated."""
type Cells = dict[str, list[str]]


def tables(plan: Plan, folder: Folder) -> dict[str, pd.DataFrame]:
    """The tables of `tables_of`, and effects on capacity and the attack rate."""
    runs = of_plan.runs_of(folder, plan, OUTCOMES)
    found = tables_of(of_plan.utilities_of(plan, runs), of_plan.margin(plan))
    found["effects"] = of_plan.effects_of(plan, usual(runs, "structure", "when"), OUTCOMES[:2])
    order = [name for name in ("profile",) if name in plan.factors]
    return {name: of_plan.in_order(plan, one, order) if len(one) and order else one for name, one in found.items()}


def whole(table: pd.DataFrame) -> pd.DataFrame:
    """A table with the factors that its study lacks."""
    return table.assign(**{name: level for name, level in ONE.items() if name not in table})


def usual(table: pd.DataFrame, *names: str) -> pd.DataFrame:
    """Rows of one level of some factors: that of `ONE` if it is there, else the first by name."""
    for name in (name for name in names if name in table and len(table)):
        table = where(table, {name: ONE[name] if ONE[name] in {*table[name]} else min(table[name])})
    return table


def tables_of(averted: pd.DataFrame, margin: float) -> dict[str, pd.DataFrame]:
    """Regret of every option, choices, choices made in another structure, later action, and regret by draw.

    Args:
        averted: `experiments.stats.decision.utilities`; empty if no policy is compared, which makes no tables.
        margin: of relevance, a share of the attacks.
    """
    if averted.empty:
        return {}
    averted = whole(averted)
    at_once = usual(averted, "when")
    rules_ = at_once[at_once["structure"] != CASH]
    both = decision.pooled(rules_ if len(rules_) else at_once, "structure")
    parts = (averted, both.assign(structure=ANY))
    draws = decision.regrets(where(both, arm=_arm(averted)), CIVIL, BUDGET)
    draws[["structure", "draw"]] = draws["draw"].str.split("/", expand=True)
    return {
        "regret": pd.concat([decision.regret(one) for one in parts], ignore_index=True),
        "choice": pd.concat([decision.choice(one, margin=margin) for one in parts], ignore_index=True),
        "structures": decision.mistaken(at_once, "structure", margin),
        "pace": pace(averted),
        "draws": draws,
    }


def pace(averted: pd.DataFrame) -> pd.DataFrame:
    """Attacks a week that a policy averts at once, and less at another pace (``lost_...``): medians of equal draws."""
    wide = averted.groupby([*_KEYS, "draw", "when"])["averted"].mean().unstack("when").dropna()
    wide = wide[wide.index.get_level_values("policy") != decision.STATUS_QUO]
    first = AT_ONCE if AT_ONCE in wide else min(wide)
    lost = wide.rsub(wide[first], axis=0).drop(columns=first).add_prefix("lost_")
    found = lost.assign(averted=wide[first]).groupby(_KEYS).median().reset_index()
    return found if lost.size else pd.DataFrame()


def findings(plan: Plan, tables: Tables) -> list[Finding]:
    """Shares of choices that the switch, or another rule, changes against each group, and the cost of acting late."""
    if "choice" not in tables:
        return []
    choice, others = tables["choice"], where(tables["structures"], arm=_arm(tables["choice"]))
    ignored = usual(choice[choice["structure"] != ANY], "when") if "changes" in choice else choice[:0]
    rules_ = others[(others[["structure", "as_if"]] != CASH).all(axis=1)] if len(others) else others
    found = []
    for by, table, rows in (("switch", "choice", ignored), ("rules", "structures", rules_)):
        if len(rows):
            rows = where(
                rows[rows["changes"].notna()], among=CIVIL, **{key: SHOWN[key] for key in SHOWN if key in rows}
            )
            for group, some in rows.groupby("profile", sort=False):
                changed, draws = some["changes"] == "yes", int(some["draws"].max())
                rows_ = rows_of(table, some.index[changed if changed.any() else ~changed])
                one = Finding("choice-ignored", group=str(group), outcome="rate", draws=draws, verdict="", rows=rows_)
                loss = Because("loss", {"share": float((some["loss"] / some["reference"]).max())})
                why = Because("same") if (some["changes"] == "no").all() else loss
                found.append(tallied(one, by, part=changed.sum(), of=len(some), by=by, because=why))
    late = usual(where(tables["pace"], arm=_arm(choice)), "structure") if len(tables["pace"]) else tables["pace"]
    names = [name for name in late if str(name).startswith("lost_")]
    if len(late):
        worst = late.loc[late.groupby("profile", sort=False)[names[-1]].idxmax()]
        ones = of_rows("choice-late", worst.assign(verdict=""), "pace", str(names[-1]), unit="attacks/week")
        for one, every in zip(ones, worst["averted"], strict=True):
            more: dict[str, Any] = {"of-all": float(f"{every:.2g}")}
            found.append(tallied(one, one.policy, because=Because("waiting"), **more))
    return found


def text(plan: Plan, tables: Tables) -> str:
    """Short sentences, then small tables."""
    if "regret" not in tables:
        return say("choice-none")
    parts = [*map(texts.folded, sentences(tables, of_plan.margin(plan)))]
    for title, cells in small_tables(tables).items():
        words = [head for head, column in cells.items() if not any(map(_is_number, column))]
        parts += ["", texts.folded(title), texts.table(cells, words)]
    about = {"weeks": of_plan.means_over(plan), "margin": texts.share(of_plan.margin(plan))}
    return "\n".join([*parts, "", texts.folded(say("choice-legend", **about))])


def _is_number(cell: str) -> bool:
    return cell[:1].isdigit()


def sentences(tables: Tables, margin: float = 0.01) -> list[str]:
    """Short sentences: the choice against each group, what changes it, and the price of harm."""
    choice, others = tables["choice"], where(tables["structures"], arm=_arm(tables["choice"]))
    lines = [say("choice-by"), *decision.in_words(main(choice), margin)]
    there, here = (where(others, structure=a, as_if=b) for a, b in itertools.permutations([CASH, ONE["structure"]]))
    if "changes" in choice:
        lines.append(decision.changes_in_words(usual(choice[choice["structure"] != ANY], "when"), "switch"))
    if len(there):
        words = say("choice-cash", there=_averts(there), here=_averts(here))
        lines.append(f"{decision.changes_in_words(there, 'cash')} {words}")
    if len(others) and len(others := others[(others[["structure", "as_if"]] != CASH).all(axis=1)]):
        lines.append(decision.changes_in_words(others, "structure"))
    rows = prices(choice)
    later = rows["profile"].duplicated()
    first = list(dict.fromkeys(map(option, rows[~later].to_dict("records"))))
    turns = rows[later].groupby("profile")["price"].min()
    ends = [
        say("choice-accepted", attacks=texts.short(price), group=texts.group(str(group), hypothetical=True))
        for group, price in turns.sort_values(ascending=False).items()
    ]
    about = {
        "first": texts.listed(first),
        "count": len(first),
        "changes": len(turns),
        "ends": texts.listed(ends, either=True),
    }
    return [*lines, say("choice-price", **about)] if first else lines


def _averts(rows: pd.DataFrame) -> str:
    """The least and the most that choices without force avert, as shares of the attacks."""
    rows = where(rows, among=CIVIL, criterion=SHOWN["criterion"])
    parts = rows["averted"] / rows["reference"]
    return " to ".join(texts.share(round(one, 3)) for one in (parts.min(), parts.max()))


def prices(choice: pd.DataFrame) -> pd.DataFrame:
    """Choices among policies of modelled harm against each group: the first, and at every price that changes it."""
    rows = where(main(choice), among=MODELLED, criterion=SHOWN["criterion"])
    chosen = rows[["profile", "policy", "intensity"]]
    return rows[(chosen != chosen.shift()).any(axis=1)]


def small_tables(tables: Tables) -> dict[str, Cells]:
    """Cells of every table by its title."""
    regret, choice = tables["regret"], tables["choice"]
    found = {}
    if "effects" in tables:
        quo = {"contrast": "switch", "policy": decision.STATUS_QUO, "outcome": "rate"}
        effects = where(whole(tables["effects"]), quo, arm=_arm(choice))
        effects = effects.assign(group=effects["profile"].map(texts.group))
        found[say("choice-effect-table")] = texts.effects_cells(effects, ["group"])
    for profile, rows in main(choice).groupby("profile", sort=False):
        title = say("choice-sets-table", group=texts.group(str(profile), hypothetical=True))
        found[title] = set_cells(where(rows, **SHOWN), usual(where(regret, arm=_arm(choice), profile=profile), "when"))
    if "changes" in choice:
        found[say("choice-switch-table", staff=decision.budgets([BUDGET]))] = switch_cells(choice)
    found[say("choice-price-table")] = {
        "group": [texts.group(name) for name in prices(choice)["profile"]],
        "from": [texts.short(price) for price in prices(choice)["price"]],
        "choice": [option(row) for row in prices(choice).to_dict("records")],
    }
    if len(pace := usual(where(tables["pace"], arm=_arm(choice)), "structure")):
        found[say("choice-pace-table")] = pace_cells(pace)
    for profile, rows in main(regret).groupby("profile", sort=False):
        cells, rest = regret_cells(rows)
        found[say("choice-table", group=texts.group(str(profile)), rest=texts.listed(rest) or "none")] = cells
    return {title: cells for title, cells in found.items() if any(cells.values())}


def option_cells(records: list[dict[Any, Any]], regret: str) -> Cells:
    """Cells of options: what each averts and hinders, and its regret from a column."""
    return {
        "option": [option(row) for row in records],
        "averts": [attacks(row["averted"], row) for row in records],
        "lawful harm": [harm(row) for row in records],
        "regret, attacks": [attacks(row[regret], row) for row in records],
        "of attacks": [share(row[regret], row) for row in records],
    }


def set_cells(rows: pd.DataFrame, regret: pd.DataFrame) -> Cells:
    """Cells of the choice from each set of options against one group, and its regret in every structure."""
    records = rows.to_dict("records")
    cells = {"of": [say("choice-among", among=row["among"], staff=f"{row['staff_most']:g}") for row in records]}
    cells |= option_cells(records, "naive")
    cells["95 %"] = [f"{share(row['naive_low'], row)} to {share(row['naive_high'], row)}" for row in records]
    cells["worst draw"] = [share(row["worst"], row) for row in records]
    names = ["among", "staff_most", "policy", "intensity"]
    own = [where(regret[regret["structure"] != ANY], {name: row[name] for name in names}) for row in records]
    most = [one.loc[(one["naive_quantile"] / one["reference"]).idxmax()] for one in own]
    cells["worst rules"] = [f"{share(one['naive_quantile'], one)} ({rules(one['structure'])})" for one in most]
    cells["other harm up to"] = [attacks(row["harm_worth"], row) for row in records]
    cells["else"] = [texts.policy(row["instead"]) or "-" for row in records]
    return cells | {"resamples": [texts.share(round(row["sure"], 2)) for row in records]}


def switch_cells(choice: pd.DataFrame) -> Cells:
    """Cells of the choices without force, with and without the switch, by group and structure."""
    keys, rows = ["profile", "structure"], where(usual(choice, "when"), among=CIVIL, staff_most=BUDGET, **SHOWN)
    rows = rows.assign(option=[option(row) for row in rows.to_dict("records")], part=rows["loss"] / rows["reference"])
    loss = rows.groupby(keys, sort=False)["part"].max()
    wide = rows.pivot(index=keys, columns="arm", values="option").fillna("-").loc[loss.index]
    cells = {"group": [texts.group(name) for name, _ in loss.index], "rules": [rules(name) for _, name in loss.index]}
    cells |= {say("choice-arm", arm=arm): wide[arm].tolist() for arm in ARMS if arm in wide}
    return cells | {"cost of ignoring it": [texts.share(round(one, 3)) for one in loss.fillna(0.0)]}


def pace_cells(rows: pd.DataFrame) -> Cells:
    """Cells of what policies avert at once and at another pace."""
    records = rows.to_dict("records")
    cells = {"group": [texts.group(row["profile"]) for row in records], "option": [option(row) for row in records]}
    cells["at once"] = [texts.short(round(row["averted"], 4)) for row in records]
    for name in (name for name in rows if str(name).startswith("lost_")):
        cells[str(name).removeprefix("lost_")] = [texts.short(round(row["averted"] - row[name], 4)) for row in records]
    return cells


def regret_cells(rows: pd.DataFrame) -> tuple[Cells, list[str]]:
    """Cells of the options against one group that are least regretted without force, and the names of the others."""
    rows = where(rows, among=CIVIL, staff_most=math.inf).sort_values("naive_quantile", kind="stable")
    records = rows.to_dict("records")
    cells = option_cells(records[:MOST], "naive_quantile")
    cells["staff-weeks"] = [texts.short(row["staff_weeks"]) for row in records[:MOST]]
    for name in ("best", "dominated"):
        cells[f"{name} in"] = [texts.share(round(row[name], 2)) for row in records[:MOST]]
    dominated = [texts.share(round(row["dominated"], 2)) if row["dominated"] > OFTEN else "no" for row in records]
    rest = zip(records[MOST:], dominated[MOST:], strict=True)
    return cells, [say("choice-other", policy=option(row), share=share_) for row, share_ in rest]


def rules(name: str) -> str:
    """A structure of the rules in words."""
    return say("choice-rules", structure=name)


def harm(row: Mapping[str, Any]) -> str:
    """Lawful money hindered, USD a week, or that it is not modelled."""
    usd = texts.short(round(row["harm"])) if math.isfinite(row["harm"]) else ""
    return say("choice-harm", modelled=row["harm_modelled"], usd=usd)


def main(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of first sentences: over all structures, policies at once, the switch announced."""
    return usual(where(table, structure=ANY, arm=_arm(table)), "when")


def _arm(table: pd.DataFrame) -> str:
    """The arm of first sentences: the announcement, or the one that is there."""
    return main_arm(list(dict.fromkeys(table["arm"])))
