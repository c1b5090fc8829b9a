"""Engines: anything that is a `concurrent.futures.Executor`. Nothing here assumes that workers share a machine."""

import gc
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from experiments.running import Chunk, failed, run_chunk
from experiments.store import DIED

if TYPE_CHECKING:
    from experiments.request import Settings

_WAITING = 2  # chunks a worker that are handed out ahead
_TRIES = 3  # times that a chunk may bring its worker down before its runs are recorded as failed


class NoWorkers(RuntimeError):
    """There is nobody to run a study, or not any more; what is done is kept."""


class Ended(BrokenExecutor):
    """An executor ended through no fault of any chunk."""


class Lost(RuntimeError):
    """A chunk ended several workers, which its executor has replaced: others go on meanwhile."""


@contextmanager
def engine(settings: "Settings") -> "Iterator[Callable[[], Executor]]":
    """What makes the executor of a study, anew when one breaks; what it had started ends with the context.

    Args:
        settings: which engine, and how many workers.
    """
    if settings.engine == "local":
        yield lambda: local(settings.workers)
        return
    from experiments.cluster import Cluster  # an extra: not there unless it was installed

    with Cluster(settings) as cluster:
        yield cluster.executor


def local(workers: int) -> Executor:
    """Worker processes on this machine (loky)."""
    from loky import get_reusable_executor

    executor: Executor = get_reusable_executor(
        max_workers=workers, timeout=600, initializer=_begin, initargs=(os.getpid(),)
    )
    return executor


def stop(executor: Executor) -> None:
    """End an executor now, whatever its workers are at."""
    shutdown: Any = executor.shutdown
    try:
        shutdown(wait=True, kill_workers=True)  # loky's own
    except TypeError:
        shutdown(wait=False, cancel_futures=True)


def _begin(parent: int) -> None:
    """What a worker does first.

    Ctrl-C is left to the parent, and it ends soon after it: loky's workers outlive one that was killed by ten minutes.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_after, args=(parent,), daemon=True).start()
    prepare()


def prepare() -> None:
    """Load what runs need, and leave it out of garbage collection, which else goes through it again and again."""
    with suppress(Exception):  # the first run says what is wrong
        import sim.results  # noqa: F401  # what runs need

        gc.collect()
        gc.freeze()


def _end_after(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(1)


def drive(make: Callable[[], Executor], workers: int, chunks: Iterable[Chunk]) -> Iterator[pa.Table]:
    """Have chunks run, a few ahead, and give back their tables as they come.

    An executor that breaks (a worker was killed, or ran out of memory) is made anew. What it was at is run again, each
    chunk alone, so that the one that breaks it shows; after three times its runs are recorded as failed. One that
    survives its workers (Dask) names the chunk, which is then tried once more, alone. Of an executor that ended by
    itself no chunk is to blame. An executor whose number of workers changes says it as ``workers``.
    """
    executor = make()
    waiting = iter(chunks)
    at: dict[Future[pa.Table], tuple[Chunk, int]] = {}
    again: list[tuple[Chunk, int]] = []
    try:
        while True:
            broken = blame = False
            alone = any(tries for _, tries in [*again, *at.values()])
            most = _WAITING * max(1, getattr(executor, "workers", workers))
            while not broken and len(at) < (1 if alone else most):
                chunk, tries = again.pop() if again else (next(waiting, None), 0)
                if chunk is None:
                    break
                if tries >= _TRIES:
                    yield failed(chunk, f"{DIED} {tries} times (out of memory?)")
                    continue
                try:
                    at[executor.submit(run_chunk, chunk)] = (chunk, tries)
                except BrokenExecutor as error:  # before it was handed out
                    blame = not isinstance(error, Ended)
                    again.append((chunk, tries + blame))
                    broken = True
            if not at and not again:
                return
            for future in wait(at, return_when=FIRST_COMPLETED).done:
                chunk, tries = at.pop(future)
                try:
                    yield future.result()
                except Lost:
                    again.append((chunk, max(tries + 1, _TRIES - 1)))
                except BrokenExecutor as error:
                    blame = not isinstance(error, Ended)
                    again.append((chunk, tries + blame))
                    broken = True
            if broken:
                again += [(chunk, tries + blame) for chunk, tries in at.values()]
                at.clear()
                executor = make()
    except BaseException:
        stop(executor)
        raise
