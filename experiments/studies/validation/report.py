"""Report of the validation study: each pattern with its verdict, and the growth of attacks by its parts."""

import pandas as pd

from experiments.evidence import cases, patterns
from experiments.evidence.credibility import summary
from experiments.findings import Because, Finding
from experiments.messages import say
from experiments.study.design import Plan
from experiments.study.own_findings import rows_of, tallied
from experiments.study.reporting import Tables
from experiments.study.store import Folder
from experiments.study.tables import runs_of
from experiments.text import capital, span, word_table

_RECORD = Because("record", grade="measured")


def tables(plan: Plan, folder: Folder) -> dict[str, pd.DataFrame]:
    """Compute the verdict on each pattern, and the parts of growth."""
    runs, base = runs_of(folder, plan), dict(plan.study.base)
    found = patterns.table(runs, base, plan.study.cases)
    tables = {"validation": found, "cases": patterns.by_case(found)}
    return tables | ({"growth": patterns.growth(runs, base)} if cases.CORE in plan.study.cases else {})


def findings(plan: Plan, tables: Tables) -> list[Finding]:
    """Numbers of patterns to which nothing was tuned that each case reproduces, always or sometimes, or contradicts."""
    found = []
    for line, row in tables["cases"].iterrows():
        counts = {verdict: int(row[f"emergent_{verdict}"]) for verdict in patterns.VERDICTS}
        for verdict, part in counts.items():
            if row["case"] == cases.CORE or verdict != "possible":
                about = {"group": row["case"], "draws": plan.draws, "verdict": "", "rows": rows_of("cases", [line])}
                one = Finding(f"validation-{verdict}", **about)
                found.append(tallied(one, part=part, of=sum(counts.values()), because=_RECORD))
    return found


def text(plan: Plan, tables: Tables) -> str:
    """Render both tables."""
    found = tables["validation"]
    lines = [summary(found), "", word_table(cases_in_words(tables["cases"]))]
    real = {cell.levels["profile"]: cell.scenario.caveats for cell in plan.cells}
    for name, own in found.groupby("case", sort=False):
        lines += [
            "",
            f"{name}: {cases.load(str(name)).says}",
            *(f"{capital(one)}." for one in real.get(name, ())),
        ]
        for tag, some in in_words(own).drop(columns="fact").groupby("tag", sort=False):
            lines += ["", capital(str(tag)), word_table(some.drop(columns="tag"))]
        outside = own[own["verdict"] == patterns.OUTSIDE].to_dict("records")
        lines += ["", *(say("validation-outside", **{str(key): one for key, one in row.items()}) for row in outside)]
    if "growth" in tables:
        lines += ["", say("validation-growth"), word_table(growth_in_words(tables["growth"]))]
    return "\n".join(lines)


def cases_in_words(table: pd.DataFrame) -> pd.DataFrame:
    """Return counts by case as words, for console and page."""
    kinds, counts = ("all", "emergent", "limit", "direction"), table.astype(str)
    columns = {say(f"validation-{kind}"): [f"{kind}_{name}" for name in patterns.VERDICTS] for kind in kinds}
    words = {head: counts[names].agg(" / ".join, axis=1) for head, names in columns.items()}
    return table[["case"]].assign(**words, **{say("validation-figures"): counts["figures"]})


def growth_in_words(growth: pd.DataFrame) -> pd.DataFrame:
    """Return the parts of growth as words, for console and page."""
    return growth[["part"]].assign(**{say("drawn-head"): growth.apply(patterns.drawn, axis=1, sign=True)})


def in_words(found: pd.DataFrame) -> pd.DataFrame:
    """Return the table of patterns as words, for console and page."""
    rows = found.to_dict("records")
    ranges = [span(row["published_low"], row["published_high"]) for row in rows]
    words = {say("drawn-head"): [patterns.drawn(row) for row in rows], "published": ranges}
    return found[["pattern", "tag"]].assign(**words, **found[["unit", "fact", "grade", "verdict"]].fillna(""))
