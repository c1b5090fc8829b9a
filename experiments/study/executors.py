"""Engines: anything that is a `concurrent.futures.Executor`. Nothing here assumes that workers share a machine."""

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
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from experiments.study import watchdog
from experiments.study.store import DIED, LATE
from experiments.study.worker import Chunk, failed, run_chunk
from sim.config.untrusted_yaml import one_line

if TYPE_CHECKING:
    from experiments.study.arguments import Settings

_WAITING = 2  # chunks a worker that are handed out ahead
_LOST = "out of memory, or over the limit?"
_TRIES = 3  # times that a run may bring its worker down before it is recorded as failed


class InlineExecutor(Executor):
    """An executor that runs at once and in this process: for runs that are done before workers have started."""

    def submit[**P, T](self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run a function and return its result as a finished future."""
        done: Future[T] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


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
    if settings.inline:
        yield InlineExecutor
        return
    if settings.engine == "local":
        yield lambda: local(settings.workers)
        return
    from experiments.study.dask_executor import Cluster  # an extra: not there unless it was installed

    with Cluster(settings) as cluster:
        yield cluster.executor


def local(workers: int) -> Executor:
    """Worker processes on this machine (loky).

    Raises:
        NoWorkers: where the system has no semaphores for them, as in a container without /dev/shm.
    """
    try:
        from loky import get_reusable_executor

        executor: Executor = get_reusable_executor(
            max_workers=workers, timeout=600, initializer=_begin, initargs=(os.getpid(),)
        )
        with shielded(), suppress(BrokenExecutor):  # whoever hands out the first chunk hears of it
            executor.submit(os.getpid)  # with the first task the workers start
    except (OSError, ImportError) as error:
        raise NoWorkers(f"no worker process can be started ({one_line(error)}); they need /dev/shm") from None
    return executor


@contextmanager
def shielded() -> Iterator[None]:
    """Ctrl-C waits until workers have been started, and never comes to them, who inherit that: this process has it.

    A terminal sends it to every process in it. One that is still loading its modules would print a traceback.
    """
    resource_tracker.ensure_running()  # else it is started in between, and lets Ctrl-C through again (bpo-33613)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


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
    watchdog.arm()
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


def drive(make: Callable[[], Executor], workers: int, chunks: Iterable[Chunk]) -> Generator[pa.Table, None, None]:
    """Have chunks run, a few ahead, and give back their tables as they come.

    An executor that breaks (a worker was killed, ran out of memory, or took too long) is made anew. What it was at is
    run again, each chunk alone, so that the one that breaks it shows, and then each run of that one. A run that breaks
    it for the third time is recorded as failed. An executor that survives its workers (Dask) names the chunk: each of
    its runs is tried once more. Of an executor that ended by itself no chunk is to blame. One whose number of workers
    changes says it as ``workers``.
    """
    executor = make()
    waiting = map(_Attempt, chunks)
    at: dict[Future[pa.Table], _Attempt] = {}
    again: list[_Attempt] = []
    try:
        while True:
            broken: BrokenExecutor | None = None
            alone = any(one.tries and one.why != _LOST for one in [*again, *at.values()])
            most = 1 if alone else _WAITING * max(1, getattr(executor, "workers", workers))
            while not broken and len(at) < most:
                one = again.pop() if again else next(waiting, None)
                if one is None:
                    break
                if one.tries >= _TRIES:
                    yield failed(one.chunk, one.error)
                    continue
                try:
                    at[executor.submit(run_chunk, one.chunk)] = one
                except BrokenExecutor as error:  # before it was handed out
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
                cause = broken if isinstance(broken, Ended) else None  # a signal is told of one worker alone
                again += [left for one in at.values() for left in one.after(cause)]
                at.clear()
                executor = make()
    except BaseException:
        stop(executor)
        raise


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A chunk that is tried, how often its worker went down before, and of what the last time."""

    chunk: Chunk
    tries: int = 0
    why: str = ""

    def after(self, error: BrokenExecutor | None) -> "list[_Attempt]":
        """What is tried when its worker went down: itself alone; when it was alone, each of its runs."""
        if isinstance(error, Ended):
            return [self]
        why = ", ".join(sorted({*re.findall(r"SIG[A-Z]+", str(error))}))  # loky tells by which signals workers ended
        return [_Attempt(one, self.tries + 1, why) for one in (self.chunk.one_by_one() if self.tries else [self.chunk])]

    def apart(self) -> "list[_Attempt]":
        """What is tried when several workers went down with it: each of its runs, for the last time."""
        return [_Attempt(one, max(self.tries + 1, _TRIES - 1), _LOST) for one in self.chunk.one_by_one()]

    @property
    def error(self) -> str:
        """What is recorded of a run that brought its worker down too often."""
        if "SIGALRM" in self.why:
            return f"{LATE} of {self.chunk.limit:g} s"
        why = "out of memory?" if self.why in ("", "SIGKILL") else self.why
        return f"{DIED} {self.tries} times ({why})"
