"""Small studies that tests make: few donors, and no more weeks than the windows after the switch need."""

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from experiments import command
from experiments.command import judged
from experiments.plan import Plan
from experiments.session import Tally, fill, write_tables
from experiments.store import Folder

SHORT = ("population.donors=100", "horizon.start=2020-05-04", "horizon.weeks=87")
"""Seven weeks before the switch and the 79 of the longest window after it."""
STUDY = ("study=sweep", "replications=4", "combat.money=0.1,0.2", *SHORT)
"""16 runs: two arms, two levels, four seeds."""


def planned(*arguments: str) -> Plan:
    """The plan of a command line."""
    return judged(arguments)[1]


def thread() -> Executor:
    """The simplest executor: a thread of this process."""
    return ThreadPoolExecutor(1)


def make(
    plan: Plan, path: Path, executor: Callable[[], Executor] = thread, chunk: int = 7, workers: int = 1, **more: Any
) -> Tally:
    """Run what a folder lacks of a plan and write its tables."""
    folder = Folder(path)
    with folder.opened(plan.name, plan.version):
        tally = fill(plan, folder, executor, workers, chunk, **more)
        write_tables(plan, folder)
    return tally


def table(path: Path, name: str = "runs") -> Any:
    """A table of a study."""
    return pq.read_table(path / f"{name}.parquet").to_pandas()


def told(capsys: Any, *arguments: str) -> tuple[int, str, str]:
    """The exit code of what is typed, and what it says; never a traceback."""
    capsys.readouterr()
    code = command.run(arguments)
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return code, said.out, said.err


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
