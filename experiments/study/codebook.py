"""Descriptions of the columns of a study's tables: label, unit, direction that is better, and words that it may hold.

Outcomes, parameters, aliases of factors, observables and statistics are described where they are declared. Further
columns are described in ``columns.csv``: those of every study beside this file, those of one study in its folder.
"""

import re
from collections import ChainMap
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pandas as pd
import pyarrow.parquet as pq

from experiments.evidence import observables
from experiments.study.chunk import OVER
from experiments.study.design import Plan
from experiments.study.parameter_sampling import declaration
from experiments.study.saved_plan import readable
from experiments.study.store import Folder
from sim import outcomes
from sim.outcomes import OF_THE_RUN, OUTCOMES, Outcome
from sim.output.codebook import ABOUT, BY_ROW, NAME, WEEKS, book, of_schema, of_table
from sim.output.tables import as_csv

_TABLE = re.compile(r"\w[\w.-]*\.(csv|parquet)")
_SIZES = {
    "switch": Outcome("share of the donors of a campaign who are lost by a full switch", "share"),
    "leader": Outcome("share of know-how that is lost with a leader", "share"),
    "conflict": Outcome("factor of giving at first, which decays to 1", ""),
    "windfall": Outcome("money that comes at once", "million USD"),
    "inflow": Outcome("money that comes along a path", "million USD"),
}
"""What ``shocks.*.size`` is, by the type of the shock."""
_POSTERIOR = "posterior.csv"


def _shared(table: str = "") -> dict[str, Outcome]:
    """Columns of a table, or of any table, that belong to every study."""
    return outcomes.described(table, Path(__file__).with_name("columns.csv"))


@cache
def statistics() -> dict[str, Outcome]:
    """Return the statistics of a table of effects by name."""
    from experiments.stats.estimates import Estimate

    units = {"n": "pairs", "runs_needed": "pairs", "draws": "draws", "p": ""}
    found = {}
    for name, hint in get_type_hints(Estimate, include_extras=True).items():
        label = get_args(hint)[1]
        found[name] = Outcome(label, "share" if "share" in label else units.get(name, BY_ROW))
    return found


def of_runs(plan: Plan, column: str) -> Outcome | None:
    """What a column of the run table is."""
    if about := _shared("runs").get(column):
        return about
    if column in plan.factors:
        return _factor(plan, column)
    if column.startswith("record_"):
        one = observables.measure_of(column.removeprefix("record_"))
        return Outcome(one.label, one.unit) if one else None
    if column in OF_THE_RUN:
        about = OF_THE_RUN[column]
        return Outcome(f"{about.label}, over the whole run", about.unit, about.better)
    beside = OVER.fullmatch(column)
    windows = sorted({cell.scenario.report.window for cell in plan.cells})
    name, weeks = (beside[1], beside[2]) if beside else (column, " or ".join(map(str, windows)))
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
    """Describe a column of a CSV file of a study; None if it is unknown."""
    table = Path(file).stem
    own = outcomes.described(table, Path(__file__).parents[1] / "studies" / plan.study.report / "columns.csv")
    levels: dict[str, Outcome] = {}
    for name in reversed(plan.factors):  # by its name in the run table and, in tables of effects, the last part of it
        about = _factor(plan, name)
        levels |= {name.rpartition(".")[2]: about, name: about}
    known = ChainMap(own, _shared(table), levels, ABOUT, _shared(), WEEKS, statistics(), _shared("runs"))
    if found := known.get(column):
        return found
    if end := re.fullmatch(r"(.+)_(low|high)", column):
        base = described(plan, file, end[1])
        side = {"low": "lower", "high": "upper"}[end[2]]
        return base and Outcome(f"{side} end of its interval: {base.label}", base.unit, base.better)
    if column.endswith("_formula") and (base := described(plan, file, column.removesuffix("_formula"))):
        return Outcome(f"what a formula expects: {base.label}", base.unit)
    measured = column not in OUTCOMES and observables.measure_of(column) is not None
    return of_runs(plan, f"record_{column}" if measured else column)


def _factor(plan: Plan, name: str) -> Outcome:
    study = plan.study
    words = tuple(dict.fromkeys(str(cell.levels[name]) for cell in plan.cells if name in cell.levels))
    levels = words if any(isinstance(cell.levels.get(name), str | bool) for cell in plan.cells) else ()
    if name in study.aliases:
        return Outcome(study.aliases[name].doc, study.aliases[name].unit, levels=levels)
    if common := _shared().get(name):
        return replace(common, levels=levels)
    if about := _size(plan, name):
        return replace(about, levels=levels)
    if about := _parameter(name):
        return Outcome(about.label, about.unit, levels=levels)
    what = "factor of the study" if name in study.levels else "which file of the group in conf/"
    return Outcome(f"{what}: {name}", levels=levels)


def _size(plan: Plan, name: str) -> Outcome | None:
    """What the size of a shock is, by its type; None of another parameter."""
    own = re.fullmatch(r"shocks\.(\w+)\.size", name)
    shocks = [cell.scenario.shocks[own[1]] for cell in plan.cells if own and own[1] in cell.scenario.shocks]
    return _SIZES.get(shocks[0].type) if shocks else None


def _parameter(name: str) -> Outcome | None:
    name, _, case = name.partition("@")
    row, within = declaration(name) or (None, "")
    words = [row.doc, within, case and f"own factor of {case}"] if row else []
    return Outcome(": ".join(filter(None, words)), row.unit) if row else None


def write_codebook(plan: Plan, folder: Folder, files: list[str], tables: Mapping[str, pd.DataFrame]) -> str:
    """Write what each column of some tables is; returns the name of the file.

    Args:
        plan: of the study.
        folder: with the files.
        files: their names.
        tables: those that are at hand, by name: a file does not tell an empty word from a missing number.
    """
    rows = []
    for name in files:
        if name.endswith(".parquet"):
            rows += of_schema(name, pq.read_schema(folder.path / name))
        elif name.endswith(".csv"):
            table = tables.get(Path(name).stem)
            table = _read(folder, name) if table is None else _as_words(table)
            rows += of_table(name, table, partial(described, plan, name))
    folder.write(NAME, as_csv(book(rows)))
    return NAME


def _as_words(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose columns of words and numbers, such as the levels of several factors, are words."""
    mixed = [name for name in table if table[name].dtype == object and str in {*map(type, table[name])}]
    return table.assign(**{str(name): table[name].map(str, na_action="ignore") for name in mixed})


def _read(folder: Folder, name: str) -> pd.DataFrame:
    """A table as it was written, dates as dates; the first line of a posterior is its origin."""
    try:
        found = pd.read_csv(folder.path / name, low_memory=False, comment="#" if name == _POSTERIOR else None)
    except pd.errors.EmptyDataError:  # there was nothing to write
        return pd.DataFrame()
    return found.assign(date=pd.to_datetime(found["date"])) if "date" in found else found


def files_in(folder: Path) -> list[str]:
    """Return the names of the tables that the codebook of a folder describes and that are there."""
    found = dict.fromkeys(_book(folder)["file"])
    return [name for name in found if _TABLE.fullmatch(name) and name != NAME and (folder / name).is_file()]


def read_table(folder: Path, name: str) -> pd.DataFrame:
    """Return a table of a folder: columns have the types that the codebook says.

    Units and labels are in ``attrs``. A word that a spreadsheet would compute keeps its apostrophe.

    Raises:
        ConfigurationError: if the table or the codebook cannot be read.
    """
    book = _book(folder).query("file == @name").set_index("column")
    with readable(folder / name):
        if name.endswith(".parquet"):
            table = pd.read_parquet(folder / name)
        else:
            words = [one for one, kind in book["type"].items() if kind == "text"]
            empty = {one: [""] for one in book.index if one not in words}
            look: dict[str, Any] = {"comment": "#"} if name == _POSTERIOR else {}
            look |= {"dtype": dict.fromkeys(words, str), "na_values": empty}
            dates = [one for one, kind in book["type"].items() if kind == "date"]
            table = pd.read_csv(folder / name, keep_default_na=False, parse_dates=dates, **look)
    table.attrs = {f"{what}s": book[what].to_dict() for what in ("unit", "label")}
    return table


def _book(folder: Path) -> pd.DataFrame:
    with readable(folder / NAME):
        book = pd.read_csv(folder / NAME, dtype=str, keep_default_na=False)
        return book[["file", "column", "type", "unit", "label"]]
