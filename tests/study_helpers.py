"""Small studies that tests make: few donors, and no more weeks than the windows after the switch need."""

import itertools
import re
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from experiments.study import cli
from experiments.study.cli import settings_and_plan
from experiments.study.design import Plan
from experiments.study.runner import Progress, run_missing, write_tables
from experiments.study.store import Folder
from experiments.text import outcome as outcome_words

SHORT = ("population.donors=100", "horizon.start=2020-05-04", "horizon.weeks=87")
"""Seven weeks before the switch and the 79 of the longest window after it."""
STUDY = ("study=sweep", "replications=4", "combat.money=0.1,0.2", *SHORT)
"""16 runs: two arms, two levels, four seeds."""


def planned(*arguments: str) -> Plan:
    """The plan of a command line."""
    return settings_and_plan(arguments)[1]


def thread() -> Executor:
    """The simplest executor: a thread of this process."""
    return ThreadPoolExecutor(1)


def make(
    plan: Plan, path: Path, executor: Callable[[], Executor] = thread, chunk: int = 7, workers: int = 1, **more: Any
) -> Progress:
    """Run what a folder lacks of a plan and write its tables."""
    folder = Folder(path)
    with folder.opened(plan.name, plan.version):
        progress = run_missing(plan, folder, executor, workers, chunk, **more)
        write_tables(plan, folder)
    return progress


def table(path: Path, name: str = "runs") -> Any:
    """A table of a study."""
    return pq.read_table(path / f"{name}.parquet").to_pandas()


def told(capsys: Any, *arguments: str) -> tuple[int, str, str]:
    """The exit code of what is typed, and what it says but for the files of a brief as they come; no traceback."""
    capsys.readouterr()
    code = cli.run(arguments)
    said = capsys.readouterr()
    assert "Traceback" not in said.err, said.err
    assert all(Path(file).is_file() for file in re.findall(r"(.*) is written\n", said.err)), said.err
    return code, said.out, re.sub(r".* is written\n|.*: \d+ s \.\.\.\n", "", said.err)


def printed(text: str) -> Iterator[tuple[list[str], list[list[str]]]]:
    """The tables in what a command says: heads, and rows with a cell under each."""
    for block in text.split("\n\n"):
        lines = [re.split(r" {2,}", line.strip()) for line in block.splitlines()]
        while lines:
            heads = lines.pop(0)
            rows = list(itertools.takewhile(lambda row, heads=heads: len(row) > 2 and len(heads) > 2, lines))
            if rows:
                yield heads, [row for row in rows if len(row) == len(heads)]
                del lines[: len(rows)]


_ENDS = {"95 % interval": ["low", "high"]}
"""Heads that are no names of columns, and the columns that they stand for."""


def misheaded(text: str, folder: Path) -> tuple[int, list[str]]:
    """How many printed cells stand under the name of a column of a table of the folder, and rows that no row has.

    A head that is there twice names the figure to its left, and no column. Findings are not printed as a table.
    """
    files = [file for file in sorted(folder.glob("*.csv")) if file.stat().st_size > 2 and file.stem != "findings"]
    tables = [pd.read_csv(file) for file in files]
    count, wrong = 0, []
    for heads, rows in printed(text):
        names = [name if heads.count(name) == 1 else "" for name in heads]
        most = max(sum(name in table for name in names) for table in tables)
        tried = [table for table in tables if most and sum(name in table for name in names) == most]
        records = [table.to_dict("records") for table in tried]
        for row in rows:
            held = [_under(row, names, table, rows_of) for table, rows_of in zip(tried, records, strict=True)]
            count += max((cells for cells, _ in held), default=0)
            if tried and not any(there for _, there in held):
                wrong.append(f"{heads}: {row}")
    return count, wrong


def _under(row: list[str], names: list[str], table: pd.DataFrame, records: list[Any]) -> tuple[int, bool]:
    """How many cells of a printed row stand under names of a table's columns, and whether one of its records fits."""
    columns = [[name] if name in table else _ENDS.get(name, []) for name in names]
    if not {one for some in columns for one in some} <= {*table}:
        return 0, False
    pairs = [pair for pair in zip(row, columns, strict=True) if pair[1]]
    return len(pairs), any(all(_holds(cell, [one[name] for name in some]) for cell, some in pairs) for one in records)


def _holds(cell: str, values: list[Any]) -> bool:
    """Whether a printed cell says these values: words, or numbers to the digits that it has; a dash for none."""
    if any(isinstance(value, str) for value in values):
        return cell in (values[0], outcome_words(values[0])) or cell.startswith(f"{values[0]},")
    numbers = re.findall(r"[-+]?\d[\d,]*\.?\d*(?:e[-+]\d+)?", cell)[: len(values)]
    if len(numbers) < len(values):
        return "-" in cell and all(pd.isna(value) for value in values)
    share = 1.0 if cell[0] == "<" else 0.5001  # of the last digit
    return all(
        abs(float(one.replace(",", "")) - value) <= share * 10.0 ** -len(one.partition(".")[2])
        for one, value in zip(numbers, values, strict=True)
    )


class Fake(Executor):
    """An executor that does what it is told when a chunk is handed out."""

    def __init__(self, submit: Callable[..., Any]) -> None:
        self.does = submit

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        """Do it at once; what is raised in the work is the future's, what is raised here is the caller's."""
        future: Future[Any] = Future()
        result = self.does(function, *arguments)
        if isinstance(result, BaseException):
            future.set_exception(result)
        else:
            future.set_result(result)
        return future
