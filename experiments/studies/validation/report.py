"""Report of the validation study: each pattern with its verdict, and the growth of attacks by its parts."""

import pandas as pd

from experiments.evidence import patterns
from experiments.evidence.credibility import summary
from experiments.messages import say
from experiments.study.design import Plan
from experiments.study.reporting import Tables
from experiments.study.store import Folder
from experiments.study.tables import runs_of
from experiments.text import capital, span, word_table


def tables(plan: Plan, folder: Folder) -> dict[str, pd.DataFrame]:
    """Compute the verdict on each pattern, and the parts of growth."""
    runs, base = runs_of(folder, plan), dict(plan.study.base)
    return {"validation": patterns.table(runs, base), "growth": patterns.growth(runs, base)}


def text(plan: Plan, tables: Tables) -> str:
    """Render both tables."""
    found = tables["validation"]
    lines = [summary(found)]
    for tag, some in in_words(found).drop(columns="fact").groupby("tag", sort=False):
        lines += ["", capital(str(tag)), word_table(some.drop(columns="tag"))]
    outside = found[found["verdict"] == patterns.OUTSIDE].to_dict("records")
    lines += ["", *(say("validation-outside", **{str(key): value for key, value in row.items()}) for row in outside)]
    return "\n".join([*lines, "", say("validation-growth"), word_table(growth_in_words(tables["growth"]))])


def growth_in_words(growth: pd.DataFrame) -> pd.DataFrame:
    """Return the parts of growth as words, for console and page."""
    return growth[["part"]].assign(**{say("drawn-head"): growth.apply(patterns.drawn, axis=1, sign=True)})


def in_words(found: pd.DataFrame) -> pd.DataFrame:
    """Return the table of patterns as words, for console and page."""
    rows = found.to_dict("records")
    ranges = [span(row["published_low"], row["published_high"]) for row in rows]
    words = {say("drawn-head"): [patterns.drawn(row) for row in rows], "published": ranges}
    return found[["pattern", "tag"]].assign(**words, **found[["unit", "fact", "grade", "verdict"]].fillna(""))
