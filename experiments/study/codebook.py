"""Descriptions of the columns of a study's tables: label, unit, direction that is better, and words that it may hold.

Outcomes, parameters, aliases of factors, observables and statistics are described where they are declared. Further
columns are described in ``columns.csv``: those of every study beside this file, those of one study in its folder.
"""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, partial
from importlib import resources
from pathlib import PurePath
from typing import Any, get_args, get_type_hints

import pandas as pd
import pyarrow.parquet as pq

from experiments.evidence import observables
from experiments.study.design import Plan
from experiments.study.store import Folder
from experiments.study.worker import BESIDE
from sim.engine.parameters import Row, table
from sim.outcomes import OF_THE_RUN, OUTCOMES, Outcome
from sim.output.codebook import ABOUT, BY_ROW, NAME, WEEKS, book, of_schema, of_table
from sim.output.tables import as_csv
from sim.scenario import Scenario

_SHARE = "share"
_END = re.compile(r"(?P<of>.+)_(?P<end>low|high)")
_ENDS = {"low": "lower", "high": "upper"}


@cache
def _columns(folder: str) -> dict[tuple[str, str], Outcome]:
    """Columns that ``columns.csv`` in a folder of experiments/ describes, by table and name; table "" is any."""
    file = resources.files("experiments").joinpath(folder, "columns.csv")
    if not file.is_file():
        return {}
    rows = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8")))
    return {(row["table"], row["column"]): _outcome(row) for row in rows}


def _outcome(row: Mapping[str, str]) -> Outcome:
    better: Any = row["better"] or "neither"
    return Outcome(row["label"], row["unit"], better, tuple(row["levels"].split("; ")) if row["levels"] else ())


def _described_in(plan: Plan, table: str, column: str) -> Outcome | None:
    """The description of a column that the study's folder has, or the machinery's."""
    own, shared = _columns(f"studies/{plan.study.report}"), _columns("study")
    places = [(own, table), (shared, table)]
    return next((known[name, column] for known, name in places if (name, column) in known), None)


@cache
def _statistics() -> dict[str, Outcome]:
    """Columns of an estimate, from what its fields say."""
    from experiments.stats.estimates import Estimate

    hints = get_type_hints(Estimate, include_extras=True)
    units = {"n": "pairs", "draws": "draws"}
    shares = (
        "below", "within", "above", "max_draw_share", "mc_share", "p_beyond_margin", "p_beyond_margin_low",
        "p_beyond_margin_high", "variance_reduction",
    )  # fmt: skip
    units |= dict.fromkeys(shares, _SHARE) | {"p": ""}
    return {name: Outcome(get_args(hint)[1], units.get(name, BY_ROW)) for name, hint in hints.items()}


def of_runs(plan: Plan, column: str) -> Outcome | None:
    """What a column of the run table is."""
    if about := _columns("study").get(("runs", column)):
        return about
    if column in plan.factors:
        return _factor(plan, column)
    if column.startswith("record_"):
        one = observables.measures().get(column.removeprefix("record_"))
        return Outcome(one.label, one.unit) if one else None
    if column in OF_THE_RUN:
        about = OF_THE_RUN[column]
        return Outcome(f"{about.label}, over the whole run", about.unit, about.better)
    beside = re.fullmatch(rf"({'|'.join(BESIDE)})_(\d+)", column)
    name, weeks = (beside[1], beside[2]) if beside else (column, _window(plan))
    if name in OUTCOMES:
        about = OUTCOMES[name]
        return Outcome(f"{about.label}, mean of the {weeks} weeks after the switch", about.unit, about.better)
    return _parameter(column)


def of_weekly(plan: Plan, column: str) -> Outcome | None:
    """What a column of the weekly table is."""
    series = observables.series(plan.study.observables)
    if column in series:
        return Outcome(series[column].label, series[column].unit)
    if column in WEEKS or column in OUTCOMES:
        return (WEEKS | OUTCOMES)[column]
    return of_runs(plan, column)


def described(plan: Plan, file: str, column: str) -> Outcome | None:
    """What a column of a CSV file of a study is; nothing if nobody says."""
    if about := _described_in(plan, PurePath(file).stem, column):
        return about
    common = {name: one for (table_, name), one in _columns("study").items() if not table_}
    for known in (_levels(plan), ABOUT, common, WEEKS, _statistics()):
        if column in known:
            return known[column]
    if about := _columns("study").get(("runs", column)):
        return about
    if end := _END.fullmatch(column):
        about = described(plan, file, end["of"])
        return about and Outcome(f"{_ENDS[end['end']]} end of its interval: {about.label}", about.unit, about.better)
    if column.endswith("_formula") and (about := described(plan, file, column.removesuffix("_formula"))):
        return Outcome(f"what a formula expects: {about.label}", about.unit)
    measured = column in observables.measures() and column not in OUTCOMES
    return of_runs(plan, f"record_{column}" if measured else column)


def _levels(plan: Plan) -> dict[str, Outcome]:
    """Factors by their names in the run table and, where that is the last part, in tables of effects."""
    found: dict[str, Outcome] = {}
    for name in reversed(plan.factors):
        about = _factor(plan, name)
        found |= {name.rpartition(".")[2]: about, name: about}
    return found


def _factor(plan: Plan, name: str) -> Outcome:
    """What a factor is, with its levels if they are words."""
    study = plan.study
    words = tuple(dict.fromkeys(str(cell.levels[name]) for cell in plan.cells if name in cell.levels))
    levels = words if any(isinstance(cell.levels.get(name), str | bool) for cell in plan.cells) else ()
    if name in study.aliases:
        return Outcome(study.aliases[name].doc, study.aliases[name].unit, levels=levels)
    if common := _columns("study").get(("", name)):
        return replace(common, levels=levels)
    about = _parameter(name)
    if about is not None:
        return Outcome(about.label, about.unit, levels=levels)
    what = "factor of the study" if name in study.levels else "which file of the group in conf/"
    return Outcome(f"{what}: {name}", levels=levels)


@cache
def _rows() -> dict[tuple[str, ...], Row]:
    return {tuple(row.name.split(".")): row for row in table(Scenario)}


@cache
def _parameter(name: str) -> Outcome | None:
    """What a parameter is, from its declaration; ``*`` there stands for any name."""
    parts = tuple(name.split("."))
    for declared, row in _rows().items():
        rest = ".".join(parts[len(declared) :])  # a name in a mapping: of values by date, by theatre
        if all(b in ("*", a) for a, b in zip(parts, declared, strict=False)) and len(parts) >= len(declared):
            return Outcome(f"{row.doc}: {rest}" if rest else row.doc, row.unit)
    return None


def _window(plan: Plan) -> str:
    weeks = sorted({cell.scenario.report.window for cell in plan.cells})
    return " or ".join(map(str, weeks))


def write_codebook(plan: Plan, folder: Folder, files: list[str]) -> str:
    """Write what each column of some tables is; returns the name of the file."""
    rows = []
    for name in files:
        if name.endswith(".parquet"):
            rows += of_schema(name, pq.read_schema(folder.path / name))
        elif name.endswith(".csv"):
            rows += of_table(name, _read(folder, name), partial(described, plan, name))
    folder.write(NAME, as_csv(book(rows)))
    return NAME


def _read(folder: Folder, name: str) -> pd.DataFrame:
    """A table as it was written, dates as dates; the first line of a posterior says where it is from."""
    try:
        found = pd.read_csv(folder.path / name, low_memory=False, comment="#" if name == "posterior.csv" else None)
    except pd.errors.EmptyDataError:  # there was nothing to write
        return pd.DataFrame()
    return found.assign(date=pd.to_datetime(found["date"])) if "date" in found else found
