"""Executors of chunks: any `concurrent.futures.Executor`. Nothing here assumes that workers share a machine."""

import gc
import os
import re
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from multiprocessing import resource_tracker
from typing import Any

import pyarrow as pa

from experiments.study import watchdog
from experiments.study.arguments import Settings, cores
from experiments.study.chunk import Chunk, failed
from experiments.study.store import DIED, LATE
from sim.config.untrusted_yaml import one_line

_LOST = "out of memory, or over the limit?"
_TRIES = 3  # times that a run may end its worker before it is recorded as failed


class InlineExecutor(Executor):
    """An executor that runs at once and in this process: for runs that are done before workers have started."""

    def submit[**P, T](self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run a function and return its result as a finished future."""
        done: Future[T] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


class NoWorkers(RuntimeError):
    """No worker can run the study, or none is left; finished runs are stored."""


class Ended(BrokenExecutor):
    """The executor itself ended; no chunk is to blame."""


class Lost(RuntimeError):
    """A chunk ended several workers, which its executor has replaced; other chunks continue."""


@contextmanager
def engine(settings: Settings) -> Iterator[Callable[[], Executor]]:
    """Yield a factory of the study's executor, called again when one breaks; all that it started ends with the context.

    Args:
        settings: the engine and the number of workers.
    """
    if settings.inline:
        yield InlineExecutor
        return
    if settings.engine == "local":
        yield lambda: local(settings.workers)
        return
    from experiments.study.dask_executor import Cluster  # an extra: missing unless it was installed

    with Cluster(settings) as cluster:
        yield cluster.executor


type Submit = Callable[..., Callable[[], Any]]
"""A function that begins work elsewhere, and returns a function that waits for its result; `functools.partial` does it
here, when it is asked for."""


@contextmanager
def helper(settings: Settings) -> Iterator[Submit]:
    """Yield what begins parts of a report in a second process, where there is a second core for it.

    What it has not begun when it is asked for, or not finished when it ended, is done here.
    """
    if settings.inline or min(settings.workers, cores()) < 2:
        yield partial
        return
    try:
        from loky import ProcessPoolExecutor

        executor = ProcessPoolExecutor(1, initializer=_begin, initargs=(os.getpid(),))
        with shielded():
            executor.submit(os.getpid)  # with the first task it starts
    except (OSError, ImportError):  # as in a container without /dev/shm
        yield partial
        return
    try:
        yield partial(_begun, executor)
    finally:
        executor.shutdown(wait=True, kill_workers=True)


def _begun[T](executor: Executor, do: Callable[..., T], *arguments: Any) -> Callable[[], T]:
    here = partial(do, *arguments)
    try:
        future = executor.submit(do, *arguments)
    except BrokenExecutor:
        return here

    def result() -> T:
        try:
            return here() if future.cancel() else future.result()
        except BrokenExecutor:
            return here()

    return result


def local(workers: int) -> Executor:
    """Worker processes on this machine (loky).

    Raises:
        NoWorkers: where the system has no semaphores for them, as in a container without /dev/shm.
    """
    try:
        from loky import get_reusable_executor

        begin = {"initializer": _begin, "initargs": (os.getpid(),)}
        executor: Executor = get_reusable_executor(max_workers=workers, timeout=600, **begin)
        with shielded(), suppress(BrokenExecutor):  # the first submitted chunk reports it
            executor.submit(os.getpid)  # with the first task the workers start
    except (OSError, ImportError) as error:
        raise NoWorkers(f"no worker process can be started ({one_line(error)}); they need /dev/shm") from None
    return executor


@contextmanager
def shielded() -> Iterator[None]:
    """Block Ctrl-C while workers start, who inherit the block, so that only this process receives it.

    A terminal sends it to every process. One that is still loading its modules would print a traceback.
    """
    resource_tracker.ensure_running()  # else it starts in between and unblocks Ctrl-C (bpo-33613)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def stop(executor: Executor) -> None:
    """Stop an executor now, even while its workers are busy."""
    shutdown: Any = executor.shutdown
    try:
        shutdown(wait=True, kill_workers=True)  # loky's own
    except TypeError:
        shutdown(wait=False, cancel_futures=True)


def _begin(parent: int) -> None:
    """Let a worker leave Ctrl-C to the parent and end soon after it: loky's outlive a killed parent by ten minutes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    watchdog.arm()
    threading.Thread(target=_end_after, args=(parent,), daemon=True).start()
    prepare()


def prepare() -> None:
    """Load the model, and exclude all modules from garbage collection, which would scan them repeatedly."""
    import_module("experiments.study.worker")
    gc.collect()
    gc.freeze()


def run_chunk(chunk: Chunk) -> pa.Table:
    """Run a chunk in a worker; the process that hands it out does not load the model."""
    from experiments.study import worker

    return worker.run_chunk(chunk)


def _end_after(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(1)


def run_chunks(make: Callable[[], Executor], workers: int, chunks: Iterable[Chunk]) -> Generator[pa.Table, None, None]:
    """Run chunks, submitting a few ahead, and yield their tables as they are finished.

    If an executor breaks (a worker was killed, ran out of memory, or took too long), a new one is made. Its chunks run
    again one at a time, which shows the chunk that breaks it, and then each run of that chunk. A run that breaks it for
    the third time is recorded as failed. An executor that survives its workers (Dask) names the chunk, and each of its
    runs is tried once more. If the executor itself ended, no chunk is charged a failure. One whose number of workers
    changes has it as the attribute ``workers``.
    """
    executor = make()
    waiting = map(_Attempt, chunks)
    at: dict[Future[pa.Table], _Attempt] = {}
    again: list[_Attempt] = []
    try:
        while True:
            broken: BrokenExecutor | None = None
            alone = any(one.tries and one.why != _LOST for one in [*again, *at.values()])
            most = 1 if alone else 2 * max(1, getattr(executor, "workers", workers))  # some are submitted ahead
            while not broken and len(at) < most:
                one = again.pop() if again else next(waiting, None)
                if one is None:
                    break
                if one.tries >= _TRIES:
                    yield failed(one.chunk, one.error)
                    continue
                try:
                    at[executor.submit(run_chunk, one.chunk)] = one
                except BrokenExecutor as error:  # before it was submitted
                    again += one.after(error)
                    broken = error
            if not at and not again:
                return
            for future in wait(at, return_when=FIRST_COMPLETED).done:
                one = at.pop(future)
                try:
                    yield future.result()
                except Lost:
                    again += one.apart()
                except BrokenExecutor as error:
                    again += one.after(error)
                    broken = error
            if broken:
                cause = broken if isinstance(broken, Ended) else None  # a signal is reported of one worker alone
                again += [left for one in at.values() for left in one.after(cause)]
                at.clear()
                executor = make()
    except BaseException:
        stop(executor)
        raise


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A chunk to try, how often its worker ended before, and why the last time."""

    chunk: Chunk
    tries: int = 0
    why: str = ""

    def after(self, error: BrokenExecutor | None) -> "list[_Attempt]":
        """Return the next attempts after its worker ended: first the whole chunk, then single runs."""
        if isinstance(error, Ended):
            return [self]
        why = ", ".join(sorted({*re.findall(r"SIG[A-Z]+", str(error))}))  # loky names the signals that ended workers
        return [_Attempt(one, self.tries + 1, why) for one in (self.chunk.one_by_one() if self.tries else [self.chunk])]

    def apart(self) -> "list[_Attempt]":
        """Return the last attempts after it ended several workers: each of its runs."""
        return [_Attempt(one, max(self.tries + 1, _TRIES - 1), _LOST) for one in self.chunk.one_by_one()]

    @property
    def error(self) -> str:
        """The error of a run that ended its worker too often."""
        if "SIGALRM" in self.why:
            return f"{LATE} of {self.chunk.limit:g} s"
        why = "out of memory?" if self.why in ("", "SIGKILL") else self.why
        return f"{DIED} {self.tries} times ({why})"
