"""Report of the validation study: each pattern with its verdict, and the growth of attacks by its parts."""

import pandas as pd

from experiments.evidence import patterns
from experiments.evidence.credibility import summary
from experiments.messages import say
from experiments.study.design import Plan
from experiments.study.reporting import Tables
from experiments.study.store import Folder
from experiments.study.tables import runs_of
from experiments.text import capital, cell, span, table


def tables(plan: Plan, folder: Folder) -> dict[str, pd.DataFrame]:
    """Compute the verdict on each pattern, and the parts of growth."""
    runs, base = runs_of(folder, plan), dict(plan.study.base)
    return {"validation": patterns.table(runs, base), "growth": patterns.growth(runs, base)}


def text(plan: Plan, tables: Tables) -> str:
    """Render both tables."""
    found = tables["validation"]
    lines, cells = [summary(found)], patterns_in_words(found).drop(columns="fact")
    for tag, some in cells.groupby("tag", sort=False):
        columns = some.drop(columns="tag").to_dict("list")
        words = [*columns]
        lines += ["", capital(str(tag)), table({str(name): own for name, own in columns.items()}, words)]
    outside = found[found["verdict"] == patterns.OUTSIDE].to_dict("records")
    lines += ["", *(say("validation-outside", **{str(key): value for key, value in row.items()}) for row in outside)]
    growth = tables["growth"].to_dict("records")
    columns = {"part": [row["part"] for row in growth], say("drawn-head"): [drawn(row, True) for row in growth]}
    return "\n".join([*lines, "", say("validation-growth"), table(columns, list(columns))])


def patterns_in_words(found: pd.DataFrame) -> pd.DataFrame:
    """Return the table of patterns as words, for console and page."""
    rows = found.fillna({"unit": "", "grade": "", "fact": ""}).to_dict("records")
    ranges = [span(row["published_low"], row["published_high"]) for row in rows]
    words = {say("drawn-head"): [drawn(row) for row in rows], "published": ranges}
    return found[["pattern", "tag"]].assign(**words, **{name: [row[name] for row in rows] for name in _PLAIN})


_PLAIN = ("unit", "fact", "grade", "verdict")


def drawn(row: pd.Series, sign: bool = False) -> str:
    """Return the median draw and the central 90 % of draws; a dash where nothing is measured."""
    if pd.isna(row["median"]):
        return "-"
    return f"{cell(row['median'], sign)} [{span(row['draws_low'], row['draws_high'])}]"
