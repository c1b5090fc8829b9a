"""The choice of a policy while parameters are not known: regret, and whether the switch or the structure changes it."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from experiments import text as texts
from experiments.findings import where
from experiments.messages import say
from experiments.stats import decision
from experiments.study import tables as of_plan
from experiments.study.design import Plan
from experiments.study.reporting import Tables
from experiments.study.store import Folder

OUTCOMES = ("capacity", "rate", "lawful_frozen", "lawful_hindered")
ANY = "any"
"""The structure of rows whose draws are those of every structure."""
AT_ONCE = "at_once"
ARMS = ("none", "announcement", "full")
EVERY, CIVIL, ONE, MODELLED = decision.SETS
CRITERION = "quantile"
"""The criterion of figures and first sentences: regret in nine of ten draws, which no single draw decides."""
OFTEN = 0.9
"""Share of draws from which on an option is called dominated."""

_KEYS = ["profile", "structure", "arm", "policy", "intensity"]


def tables(plan: Plan, folder: Folder) -> dict[str, pd.DataFrame]:
    """The tables of `tables_of`, and effects on capacity and the attack rate."""
    runs = of_plan.runs_of(folder, plan, OUTCOMES)
    found = tables_of(of_plan.utilities_of(plan, runs), of_plan.margin(plan))
    found = {name: of_plan.in_order(plan, one, ["profile"]) if len(one) else one for name, one in found.items()}
    usual = where(runs, structure="default", when=AT_ONCE)
    return found | {"effects": of_plan.effects_of(plan, usual, OUTCOMES[:2])}


def tables_of(averted: pd.DataFrame, margin: float) -> dict[str, pd.DataFrame]:
    """Regret of every option, choices, choices made in another structure, later action, and regret by draw.

    Args:
        averted: `experiments.stats.decision.utilities`; empty if no policy is compared, which makes no tables.
        margin: of relevance, a share of the attacks.
    """
    if averted.empty:
        return {}
    at_once = where(averted, when=AT_ONCE)
    both = decision.pooled(at_once, "structure")
    parts = (averted, both.assign(structure=ANY))
    draws = decision.regrets(where(both, arm=_arm(averted)), CIVIL)
    draws[["structure", "draw"]] = draws["draw"].str.split("/", expand=True)
    return {
        "regret": pd.concat([decision.regret(one) for one in parts], ignore_index=True),
        "choice": pd.concat([decision.choice(one, margin=margin) for one in parts], ignore_index=True),
        "structures": decision.mistaken(at_once, "structure", margin),
        "pace": pace(averted),
        "draws": draws,
    }


def pace(averted: pd.DataFrame) -> pd.DataFrame:
    """Attacks a week that a policy averts less at another pace than at once, a row a policy and pace, in equal draws.

    ``lost`` is the median of draws, and ``lost_low`` to ``lost_high`` the central 95 %.
    """
    wide = averted.groupby([*_KEYS, "draw", "when"])["averted"].mean().unstack("when").dropna()
    lost = wide.drop(columns=AT_ONCE).rsub(wide[AT_ONCE], axis=0).stack()
    lost = lost[lost.index.get_level_values("policy") != decision.STATUS_QUO]
    if lost.empty:
        return pd.DataFrame()
    found = lost.groupby([*_KEYS, "when"]).quantile([0.5, 0.025, 0.975]).unstack()
    averts = wide[AT_ONCE].groupby(_KEYS).median().rename("averted")
    return found.set_axis(["lost", "lost_low", "lost_high"], axis=1).join(averts).reset_index()


def text(plan: Plan, tables: Tables) -> str:
    """Points of short sentences, the choices with and without the switch, and regrets by group."""
    if "regret" not in tables:
        return say("choice-none")
    parts = [*map(texts.folded, sentences(tables)), "", texts.folded(say("choice-switch-table"))]
    cells = switch_cells(tables["choice"])
    parts += [texts.table(cells, list(cells)[:-1])] if cells else []
    for profile, cells in regret_cells(tables["regret"]).items():
        head = say("choice-table", group=texts.group(profile), weeks=of_plan.means_over(plan))
        parts += ["", texts.folded(head), texts.table(cells, ["option", "lawful harm", "dominated by"])]
    return "\n".join([*parts, "", texts.folded(say("choice-legend"))])


def sentences(tables: Tables) -> list[str]:
    """Points of short sentences: groups, switch, structure, price of harm, domination, mixes, pace, noise."""
    regret, choice = tables["regret"], tables["choice"]
    lines = [of_group(rows) for _, rows in main(choice).groupby("profile", sort=False)]
    if "changes" in choice:
        lines.append(of_changes("choice-switch", choice[choice["changes"].notna()]))
    if len(tables["structures"]):
        lines.append(of_changes("choice-structures", where(tables["structures"], arm=_arm(choice))))
    lines += [of_price(choice), of_domination(regret), of_mixes(regret), of_pace(tables["pace"]), of_noise(regret)]
    return [one for one in lines if one]


def of_group(choice: pd.DataFrame) -> str:
    """The choice against one group from each set of options."""
    rows = where(choice, criterion=CRITERION, price=0.0).to_dict("records")
    found: list[str] = []
    for row in sorted(rows, key=lambda row: (CIVIL, ONE, MODELLED, EVERY).index(row["among"])):
        about = words(row) | {"regret": attacks(row["regret"], row), "base": texts.short(row["reference"])}
        about |= {"share": share(row["regret"], row), "worth": attacks(row["harm_worth"], row)}
        about |= {"instead": texts.policy(row["instead"]), "modelled": row["harm_modelled"]}
        found.append(say("choice-regret", first="no" if found else "yes", agree=row["seeds_agree"], **about))
    return " ".join(found)


def of_changes(message: str, rows: pd.DataFrame) -> str:
    """In how many comparisons another option is chosen, which ones, and at which loss."""
    rows = where(rows, price=0.0).assign(part=rows["loss"] / rows["reference"])
    own = rows[rows["structure"] != ANY]
    counts = {one: int((own["changes"] == one).sum()) for one in ("no", "margin", "noise", "yes")}
    yes = rows[rows["changes"] == "yes"].sort_values("part", ascending=False, kind="stable")
    first = where(yes, among=CIVIL, criterion=CRITERION)
    groups = []
    for profile, some in first.groupby("profile", sort=False)["structure"]:
        group = texts.group(str(profile), hypothetical=True)
        groups.append(say("choice-group", group=group, structures=texts.listed(sorted({*some}))))
    names = [
        say("choice-change", **words(row), believed=texts.policy(row["believed"]), share=share(row["loss"], row))
        for row in yes[yes["among"].isin([CIVIL, EVERY])].drop_duplicates(["profile", "among"]).to_dict("records")
    ]
    both = pd.concat([yes[name] for name in ("structure", "as_if") if name in yes])
    about: dict[str, Any] = {
        "of": len(own),
        "groups": texts.listed(groups),
        "count": len(groups),
        "names": texts.listed_to(names),
    }
    about |= {"named": len(names), "most": share(rows["part"].max(), {"reference": 1.0})}
    about |= {"structure": next(iter(both.mode()), ""), "often": int(both.value_counts().max()) if len(both) else 0}
    return say(message, **counts, **about)


def of_price(choice: pd.DataFrame) -> str:
    """The choices among policies of modelled harm in order of its price, by group."""
    found = []
    for profile, rows in where(main(choice), among=MODELLED, criterion=CRITERION).groupby("profile", sort=False):
        names = rows[["policy", "intensity"]].agg(tuple, axis=1)
        first, *others = rows[names != names.shift()].to_dict("records")
        steps = [say("choice-from", policy=option(row), price=texts.short(row["price"])) for row in others]
        group = texts.group(str(profile), hypothetical=True)
        about = {"group": group, "first": option(first), "changes": len(steps), "steps": texts.listed(steps)}
        found.append(say("choice-price", **about))
    return " ".join([say("choice-prices"), *found]) if found else ""


def of_domination(regret: pd.DataFrame) -> str:
    """The options that another one dominates in most draws, and which one does."""
    rows = where(main(regret), among=EVERY)
    names = []
    for policy, some in rows[rows["dominated"] > 0.5].groupby("policy", sort=False):
        every = [f"{texts.group(row['profile'])} {round(100 * row['dominated'])}%" for row in some.to_dict("records")]
        names.append(say("choice-dominated-by", policy=texts.policy(str(policy)), groups=", ".join(every)))
    return say("choice-dominated", count=len(names), names=texts.listed(names))


def of_mixes(regret: pd.DataFrame) -> str:
    """In how many groups a mix within the staff of one agency averts more than the better of its policies alone."""
    rows = where(regret, structure="default", when=AT_ONCE, arm=_arm(regret), among=EVERY)
    mixes = rows[rows["policy"].str.contains("+", regex=False) & (rows["intensity"] < 1.0)].to_dict("records")
    better = []
    for row in mixes:
        alone = where(rows, profile=row["profile"], intensity=1.0)
        alone = alone[alone["policy"].isin(row["policy"].split("+"))]
        if (alone["averted"] < row["averted"]).all():
            other = alone.loc[alone["averted"].idxmax()].to_dict()
            sizes = {"averted": attacks(row["averted"], row), "alone": attacks(other["averted"], other)}
            better.append(say("choice-mix", **words(row), other=option(other), **sizes))
    about = {"count": len(better), "of": len(mixes), "names": texts.listed(better)}
    return say("choice-mixes", **about) if mixes else ""


def of_pace(pace: pd.DataFrame) -> str:
    """The policy that loses most by slow action against each group, and how much."""
    rows = where(pace, when="slowly", arm=_arm(pace)) if len(pace) else pace
    if rows.empty:
        return ""
    most = rows.loc[rows.groupby("profile", sort=False)["lost"].idxmax()].to_dict("records")
    lost = [
        say("choice-lost", **words(row), **{name: texts.short(row[name]) for name in ("lost", "averted")})
        for row in most
    ]
    return say("choice-pace", names=texts.listed(lost))


def of_noise(regret: pd.DataFrame) -> str:
    """By how much regrets would be larger if the best option were found and regret measured with the same runs."""
    rows = where(main(regret), among=CIVIL)
    more = {name: (rows[f"naive_{name}"] - rows[f"regret_{name}"]) / rows["reference"] for name in decision.CRITERIA}
    return say("choice-noise", **{name: share(float(one.max()), {"reference": 1.0}) for name, one in more.items()})


def switch_cells(choice: pd.DataFrame) -> dict[str, list[str]]:
    """Cells of the table of choices without force, with and without the switch, by group and structure."""
    rows = where(choice, when=AT_ONCE, price=0.0, criterion=CRITERION, among=CIVIL)
    if rows.empty:
        return {}
    groups = [*rows.groupby(["profile", "structure"], sort=False)]
    found: dict[str, list[str]] = {
        "profile": [profile for (profile, _), _ in groups],
        "structure": [structure for (_, structure), _ in groups],
    }
    for arm in ARMS:
        some = [where(one, arm=arm).to_dict("records") for _, one in groups]
        found[say("choice-arm", arm=arm)] = [option(one[0]) if one else "-" for one in some]
    later = rows[rows["arm"] != ARMS[0]]
    losses = [where(later, profile=profile, structure=structure) for (profile, structure), _ in groups]
    return found | {"cost": [share_of_rows(one) for one in losses]}


def share_of_rows(rows: pd.DataFrame) -> str:
    """The largest loss of some rows, as a share of the attacks."""
    return share(float((rows["loss"] / rows["reference"]).max()), {"reference": 1.0}) if "loss" in rows else "-"


def regret_cells(regret: pd.DataFrame) -> dict[str, dict[str, list[str]]]:
    """Cells of the table of regrets by group: options without force by their regret, and those with force below."""
    found = {}
    for profile, rows in main(regret).groupby("profile", sort=False):
        civil = where(rows, among=CIVIL)
        force = where(rows, among=EVERY)
        force = force[~force["policy"].isin(civil["policy"])]
        records = pd.concat([one.sort_values("regret_quantile") for one in (civil, force)]).to_dict("records")
        cells = {
            "option": [option(row) for row in records],
            "attacks averted": [attacks(row["averted"], row) for row in records],
            "lawful harm": [say("choice-harm", modelled=row["harm_modelled"], usd=usd(row["harm"])) for row in records],
            "staff-weeks": [texts.short(row["staff_weeks"]) for row in records],
        }
        for name in decision.CRITERIA:
            head = say("choice-regret-of", criterion=name)
            cells[head] = [attacks(row[f"regret_{name}"], row) for row in records]
        for name in ("best", "dominated"):
            cells[f"{name} in"] = [f"{round(100 * row[name])}%" for row in records]
        often = [row["dominated"] >= 1.0 - OFTEN for row in records]
        cells["dominated by"] = [
            texts.policy(row["dominated_by"]) * yes or "-" for row, yes in zip(records, often, strict=True)
        ]
        found[str(profile)] = cells
    return found


def attacks(value: float, row: Mapping[str, Any]) -> str:
    """Attacks a week, to a thousandth of those with neither switch nor policy."""
    places = math.ceil(-math.log10(0.001 * row["reference"]))
    return texts.number(round(value, places), places)


def usd(value: float) -> str:
    """USD in three digits, without cents."""
    return texts.short(round(value)) if math.isfinite(value) else ""


def share(value: float, row: Mapping[str, Any]) -> str:
    """Attacks a week as a share of those with neither switch nor policy, to a tenth of a per cent."""
    return f"{round(100.0 * value / row['reference'], 1) + 0.0:g}%"


def option(row: Mapping[str, Any]) -> str:
    """A policy or mix in words, with its intensity unless that is full."""
    intensity = "full" if row["intensity"] in (0.0, 1.0) else texts.share(row["intensity"])
    return say("choice-option", policy=texts.policy(row["policy"]), intensity=intensity)


def words(row: Mapping[str, Any]) -> dict[str, str]:
    """Identity of a row in words, for messages."""
    found = {name: str(row.get(name, "")) for name in ("structure", "arm", "when", "among", "criterion")}
    group = texts.group(row["profile"], hypothetical=True)
    return found | {"group": group, "policy": option(row), "as-if": str(row.get("as_if", "none"))}


def main(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of first sentences: over all structures, policies at once, the switch announced."""
    return where(table, structure=ANY, when=AT_ONCE, arm=_arm(table))


def _arm(table: pd.DataFrame) -> str:
    """The arm of first sentences: the announcement, or the one that is there."""
    return next((arm for arm in ARMS[1:] if arm in {*table["arm"]}), ARMS[0])
