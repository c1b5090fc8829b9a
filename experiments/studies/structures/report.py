"""The report across structures: effects in each, and which conclusions hold in all of them, in most, in one."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from experiments import text as texts
from experiments.findings import Because, Finding, say, where
from experiments.stats import contrasts
from experiments.stats.estimates import MIN_DRAWS, VERDICTS
from experiments.study import tables as of_plan
from experiments.study.own_findings import rows_of, tallied
from experiments.study.reporting import Folder, Plan, Tables
from experiments.study.spec import STATUS_QUO

OUTCOMES = ("capacity", "rate")
FEW, MANY, MOST = 0.05, 0.9, 0.5
_EFFECT = ["profile", "effect", "outcome", "elasticity"]
_OF_DRAW = ["structure", "profile", "effect", "draw", "change"]


def tables(plan: Plan, folder: Folder) -> dict[str, pd.DataFrame]:
    """Effects in every structure, conclusions on them, and the effects of the switch on attacks by draw.

    Every effect has a second reading, ``elasticity`` record: draws whose elasticity of capacity to operations money
    lies in the range of the record.
    """
    runs = of_plan.runs_of(folder, plan, OUTCOMES)
    every = {"plausible": runs, "record": of_plan.of_the_record(plan, folder, runs)}
    found = pd.concat([effects(plan, some, name) for name, some in every.items() if len(some)])
    draws = where(by_draw(plan, runs, contrasts.JUDGED_BY), policy=STATUS_QUO)[_OF_DRAW]
    found, draws = (of_plan.in_order(plan, one, ["profile", "structure"]) for one in (found, draws))
    return {"effects": found, "conclusions": conclusions(found), "draws": draws}


def effects(plan: Plan, runs: pd.DataFrame, elasticity: str) -> pd.DataFrame:
    """The effects of some runs; ``effect`` names the arm or the policy."""
    found = _named(of_plan.effects_of(plan, runs, OUTCOMES)).assign(elasticity=elasticity)
    return found.assign(id=found["id"] + f"/{elasticity}")


def by_draw(plan: Plan, runs: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Every effect on one outcome by draw, per cent."""
    return _named(contrasts.by_draw(runs, plan.factors, of_plan.reference(plan), outcome))


def _named(rows: pd.DataFrame) -> pd.DataFrame:
    """Effects by one name: that of the arm, of the policy with the switch announced, or privacy: full less placebo."""
    switch = (rows["contrast"] == "switch") & (rows["arm"] != contrasts.PLACEBO) & (rows["policy"] == STATUS_QUO)
    policy = (rows["contrast"] == "policy") & (rows["arm"] == "announcement")
    rows = rows[switch | policy | (rows["contrast"] == "privacy")]
    names = rows["arm"].where(rows["contrast"] == "switch", rows["policy"])
    return rows.assign(effect=names.mask(rows["contrast"] == "privacy", "privacy")).reset_index(drop=True)


def statements(effects: pd.DataFrame) -> pd.DataFrame:
    """Which statements are true of each effect: its verdict and, from 39 draws on, what holds of nearly all or most."""
    verdicts = {one: effects["verdict"] == one for one in VERDICTS}
    of_draws = {
        "falls": effects["lower"] >= MANY,
        "mostly_lowers": effects["below"] > MOST,
        "hardly_raises": effects["above"] <= FEW,
        "hardly_lowers": effects["below"] <= FEW,
    }
    enough = effects["draws"] >= MIN_DRAWS
    return pd.DataFrame(verdicts | {name: held & enough for name, held in of_draws.items()})


def conclusions(effects: pd.DataFrame) -> pd.DataFrame:
    """In how many structures each statement is true of an effect: all, most, some, one or none, and which ones.

    ``where`` names the structures in which it holds, ``except`` those in which it does not.
    """
    true = pd.concat([effects[[*_EFFECT, "contrast", "structure"]], statements(effects)], axis=1)
    rows: list[dict[str, Any]] = []
    for levels, some in true.groupby([*_EFFECT, "contrast"], sort=False):
        for name in statements(effects.iloc[:0]):
            yes, no = some["structure"][some[name]], some["structure"][~some[name]]
            about = dict(zip([*_EFFECT, "contrast"], levels, strict=True)) | {"statement": name}
            about |= {"holds": len(yes), "structures": len(some), "in": extent(len(yes), len(some))}
            rows.append(about | {"where": "+".join(yes), "except": "+".join(no)})
    return pd.DataFrame(rows)


def extent(holds: int, structures: int) -> str:
    """How many structures that is, in a word."""
    if holds in (0, structures):
        return "all" if holds else "none"
    return "most" if holds > structures / 2 else "one" if holds == 1 else "some"


def findings(plan: Plan, tables: Tables) -> list[Finding]:
    """The commonest verdict on the switch over structures, and the policy that lowers attacks in most of them."""
    rows = where(tables["conclusions"], outcome="rate", elasticity="plausible")
    switch, policies = ((rows["contrast"] == "policy") == one for one in (False, True))
    verdicts = rows[switch & rows["statement"].isin(VERDICTS)]
    decided = verdicts["holds"].where(verdicts["statement"] != "inconclusive", 0.5)  # if any rule gives an answer
    most = verdicts.loc[decided.groupby([verdicts["profile"], verdicts["effect"]], sort=False).idxmax()]
    found = [_own("switch", line, row, plan.draws) for line, row in most.iterrows()]
    lowers = rows[policies & (rows["statement"] == "lowers") & (rows["holds"] > 0)]
    best = lowers.loc[lowers.groupby("profile", sort=False)["holds"].idxmax()]
    return [*found, *(_own("policy", line, row, plan.draws) for line, row in best.iterrows())]


def _own(kind: str, line: Any, row: Mapping[Any, Any], draws: int) -> Finding:
    """The finding in a row of conclusions, which counts structures."""
    policy, verdict = (row["effect"] if kind == "policy" else ""), row["statement"]
    about = {"group": row["profile"], "policy": policy, "arm": "" if policy else row["effect"], "outcome": "rate"}
    one = Finding(f"structures-{kind}", **about, verdict=verdict, draws=draws, rows=rows_of("conclusions", [line]))
    counted = {"part": row["holds"], "of": row["structures"]}
    return tallied(one, row["effect"], **counted, judged=verdict, because=Because("rules"))


def text(plan: Plan, tables: Tables) -> str:
    """Sentences on the switch in each group, a table of structures, and what holds in all, in most, in one."""
    effects, found = tables["effects"], tables["conclusions"]
    margin = f"{100 * of_plan.margin(plan):g}"
    parts: list[str] = [texts.folded(say("structures-gap")), ""]
    for reading, rows in where(found, outcome=contrasts.JUDGED_BY).groupby("elasticity", sort=False):
        draws = int(where(effects, elasticity=reading)["draws"].max())
        parts += [texts.folded(say("structures-reading", reading=reading, draws=draws, margin=margin))]
        parts += [*map(texts.folded, sentences(rows[rows["contrast"] != "policy"], margin)), ""]
    shown = where(effects, elasticity="plausible", outcome=contrasts.JUDGED_BY)
    for profile, rows in shown.groupby("profile", sort=False):
        rows = rows[rows["contrast"] != "policy"].sort_values("effect", kind="stable")
        heads = {name: say(f"structures-{name}", margin=margin) for name in ("below", "above")}
        head = say("structures-table", group=texts.group(str(profile)), weeks=of_plan.means_over(plan))
        shares = {head: [*map(texts.share, rows[name])] for name, head in heads.items()}
        parts += [texts.folded(head), texts.effects_table(rows, ["effect", "structure"], shares), ""]
    lines = _lines(plan, where(found, elasticity="plausible"), margin)
    return "\n".join([*parts, texts.folded(say("structures-conclusions")), lines, "", of_plan.legend(plan)])


def sentences(rows: pd.DataFrame, margin: str) -> list[str]:
    """A sentence a group and effect: in how many structures it has which verdict, and in how many draws agree."""
    found = []
    for (profile, effect), some in rows.groupby(["profile", "effect"], sort=False):
        by = some.set_index("statement").to_dict("index")
        holding = {one: _places(by[one]) for one in VERDICTS if by[one]["holds"]}
        verdicts = [say("structures-verdict", verdict=one, places=places) for one, places in holding.items()]
        about = {name: _places(by[name]) for name in ("hardly_raises", "falls")}
        about |= {"effect": effect, "group": texts.group(str(profile)), "margin": margin}
        settled = "yes" if by["negligible"]["in"] == "all" else "no"
        words = say("structures-sentence", settled=settled, verdicts=texts.listed(verdicts), **about)
        found.append(" ".join(words.split()))
    return found


def _places(row: Mapping[str, Any]) -> str:
    """In how many structures a statement holds; those in which it does not, if it holds in most."""
    names = row["except" if row["in"] == "most" else "where"].split("+")
    about = {name: int(row[name]) for name in ("holds", "structures")}
    return say("structures-places", extent=row["in"], names=", ".join(names), **about)


def _lines(plan: Plan, found: pd.DataFrame, margin: str) -> str:
    """A line a conclusion and the effects that share it, those first that hold in all structures.

    An effect that is negligible in all structures has no other line, and a policy has those on its sign alone.
    """
    rows = found[(found["outcome"] == contrasts.JUDGED_BY) & (found["in"] != "none")]
    settled = (rows["statement"] == "negligible") & (rows["in"] == "all")
    more = ~settled.groupby([rows["profile"], rows["effect"]]).transform("any")
    more &= (rows["contrast"] != "policy") | rows["statement"].isin([*VERDICTS[:4], "falls"])
    rows = rows[settled | more].assign(places=lambda some: [_places(row) for row in some.to_dict("records")])
    rows = rows.sort_values("in", key=lambda words: words.map(["all", "most", "some", "one"].index), kind="stable")
    groups = rows.groupby(["profile", "contrast", "statement", "places"], sort=False)
    lines = [
        [profile, ", ".join(some["effect"]), say("structures-statement", statement=statement, margin=margin), places]
        for (profile, _, statement, places), some in groups
    ]
    return texts.word_table(pd.DataFrame(lines, columns=["profile", "effect", "conclusion", "holds"]))
