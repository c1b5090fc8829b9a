"""The driver of reports: a study's tables, figures, console text and brief, made in one way for every study.

A report is ``experiments/studies/NAME/report.py``, never in a folder of a user's. It takes tables and a plan, never
models, and has the functions

- ``tables(plan, folder)``: every table by name, computed from runs.parquet and weekly.parquet;
- ``text(plan, tables)``: the main findings for the console;
- optionally ``files(plan, folder, tables, facts)``: writes further files and returns their names;
- optionally the text ``QUESTION``: with it a brief is written.

``figures.py`` beside it is optional. Its ``figures(plan, tables)`` returns each figure by the stem of its file: a
function of the small print that draws it. Tables are those of the report, and ``weekly`` where the study keeps weekly
series.
"""

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pandas as pd

from experiments.stats import estimates
from experiments.study import explained
from experiments.study.arguments import Settings
from experiments.study.codebook import write_codebook
from experiments.study.design import Plan
from experiments.study.store import Folder
from experiments.study.tables import effects_of, enough, few_words, listed, runs_of, write_csv
from sim.config.own_tables import using
from sim.output import provenance
from sim.plots.layout import PRINT

__all__ = ["Folder", "Plan", "Tables", "make", "more_precise"]

Tables = Mapping[str, pd.DataFrame]
"""Tables of a report by name, each written as NAME.csv, in order."""


def make(plan: Plan, folder: Folder, settings: Settings, facts: dict[str, Any]) -> tuple[str, list[str]]:
    """Make the report that the study names, and the codebook of its tables; return the console text and the files."""
    with using(plan.tables):
        package = f"experiments.studies.{plan.study.report}"
        report = import_module(f"{package}.report")
        tables, explanation = explained.beside(plan, folder, report.tables(plan, folder), settings.axes)
        files = [name for name in ("runs.parquet", "weekly.parquet") if (folder.path / name).exists()]
        files += [write_csv(folder, f"{name}.csv", table) for name, table in tables.items()]
        if hasattr(report, "files"):
            files += report.files(plan, folder, tables, facts)
        parts = [report.text(plan, tables), *explanation, "", *few_words(plan)]
        if settings.figures:
            weekly = folder.path / "weekly.parquet"
            more = {"weekly": pd.read_parquet(weekly)} if weekly.exists() else {}
            own = find_spec(f"{package}.figures")
            drawings = import_module(f"{package}.figures").figures(plan, {**tables, **more}) if own else {}
            drawings = drawings | explained.figures(plan, tables)
            drawn = PRINT.draw(drawings, folder.path / "figures", provenance.small_print(facts)) if drawings else []
            files += [str(path.relative_to(folder.path)) for path in drawn]
        if settings.figures and settings.brief and hasattr(report, "QUESTION"):
            from experiments.brief import write_brief_of

            written, message = write_brief_of(plan, folder, tables, facts, report.QUESTION)
            files += written
            parts += [message] if message else []
        files.append(write_codebook(plan, folder, files))
    return "\n".join(["\n".join(parts).rstrip(), "", *listed(folder, files)]), files


def more_precise(plan: Plan, folder: Folder, precision: float, most: int) -> tuple[Plan | None, str]:
    """Return the plan with the replications that a precision needs, if it needs more and may have more; a message.

    The precision is the half-width of the Monte Carlo interval of the switch effects, per cent. There are no fewer
    replications than a verdict needs: two runs that happen to agree have no width at all.
    """
    found = effects_of(plan, runs_of(folder, plan, ["capacity"]), ["capacity"])
    quo = found["policy"] == "status_quo" if "policy" in found else True
    every = found[(found["contrast"] == "switch") & quo & (found["draws"] > 0.9 * found["draws"].max())]
    rows: Any = every.itertuples()
    needed = max(estimates.more_runs_for(rows, precision, len(plan.seeds)), enough(plan))
    if needed <= len(plan.seeds):
        return None, ""
    words = f"For a verdict and a half-width of {precision:g} %: {needed:,} replications"
    if len(plan.seeds) >= most:
        return None, f"{words}, but most={most:,}; it is not reached"
    return plan.longer(range(min(needed, most))), words
