"""The report of the validation study: each pattern with its verdict, and what the growth of attacks came from."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from experiments.evidence import patterns
from experiments.evidence.credibility import summary
from experiments.study.arguments import Settings
from experiments.study.design import Plan
from experiments.study.reporting import Said
from experiments.study.store import Folder
from experiments.study.tables import aligned, few_words, refusal, write_csv
from sim.engine.text import capital, number, span
from sim.output import provenance


def make(plan: Plan, folder: Folder, settings: Settings, facts: dict[str, Any]) -> Said:
    """Write validation.csv and growth.csv, and draw the figure."""
    runs = pq.read_table(folder.path / "runs.parquet").to_pandas()
    base = dict(plan.study.base)
    tables = {"validation": patterns.table(runs, base), "growth": patterns.growth(runs, base)}
    files = ["runs.parquet", *(write_csv(folder, f"{name}.csv", table) for name, table in tables.items())]
    said = [text(tables["validation"], tables["growth"]), "", *few_words(plan)]
    if settings.figures:
        from experiments.studies.validation import figures as validation

        small = provenance.small_print(facts)
        drawn = validation.save_validation(tables["validation"], folder.path / "figures", small, refusal(plan))
        files += [str(path.relative_to(folder.path)) for path in drawn]
    return Said("\n".join(said).rstrip(), files)


def text(table: pd.DataFrame, growth: pd.DataFrame) -> str:
    """Both tables as text."""
    lines = [summary(table)]
    for tag in dict.fromkeys(table["tag"]):
        lines += ["", capital(tag)]
        rows = [
            (
                row["pattern"],
                _drawn(row, False),
                span(row["published_low"], row["published_high"]),
                row["unit"],
                row["grade"],
                row["verdict"],
            )
            for row in table[table["tag"] == tag].to_dict("records")
        ]
        head = ("pattern", "middle draw [middle 90 % of draws]", "published", "unit", "grade", "verdict")
        lines += aligned([head, *rows])
    outside = table[table["verdict"] == patterns.OUTSIDE]
    lines += ["", *(f"{row['pattern']}: {patterns.OUTSIDE}; {row['reason']}" for row in outside.to_dict("records"))]
    lines += [
        "",
        "Growth of the attack rate in Iraq, 2018 to second quarter of 2020 (log points), by what it came from",
    ]
    parts = [(row["part"], _drawn(row)) for row in growth.to_dict("records")]
    return "\n".join([*lines, *aligned([("part", "middle draw [middle 90 % of draws]"), *parts])])


def _drawn(row: Mapping[Any, Any], signed: bool = True) -> str:
    """The middle draw and the middle 90 % of draws; a dash where nothing is measured."""
    if pd.isna(row["middle"]):
        return "-"
    return f"{number(row['middle'], signed)} [{span(row['draws_low'], row['draws_high'])}]"
