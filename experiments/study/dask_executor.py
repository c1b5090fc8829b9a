"""The Dask executor: on this machine, on a cluster at an address, or in jobs of a queue.

No other module knows Dask. Chunks are its tasks; tasks and results are pickled between processes of one user
(docs/cluster.md). The parent gathers the tables and stores them, as with every other executor.
"""

import logging
import pickle
import shlex
import sys
import time
import warnings
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from socket import gethostname
from threading import Event, Thread
from typing import Any, Self

import dask
import distributed as untyped

from experiments.study import watchdog
from experiments.study.arguments import QUEUES, Settings
from experiments.study.executors import Ended, Lost, NoWorkers, prepare, shielded
from experiments.study.version import version
from sim.compilation import compile_all
from sim.config import ConfigurationError
from sim.config.untrusted_yaml import in_words, one_line, shortened
from sim.engine.cache import is_cold
from sim.engine.text import plural
from sim.output import provenance

distributed: Any = untyped
_ANSWER = 10.0  # seconds until a scheduler must have answered, and have a worker
_LOOK = 2.0  # seconds between looks at how many workers there are
_PATIENCE = 600.0  # seconds without any worker after which a study ends
_VAIN = 3  # times in a row that a cluster may end without finishing a chunk


@dataclass(frozen=True)
class VersionMismatch:
    """The answer of a worker that would not give the same bytes: its identity."""

    identity: str


@cache
def identity() -> str:
    """All that bytes depend on besides the chunk: the code of workers and the version of the command."""
    here = Path(__file__).parents[1]
    return f"{provenance.digest_of(sorted(here.rglob('*.py')), here)}-{version()}"


def about() -> tuple[str, str, bool]:
    """Host and identity of a worker, and whether it has yet to compile the model."""
    prepare()
    return gethostname(), identity(), is_cold()


def chunk_of_runs(wanted: str, handed: bytes) -> Any:
    """Do a task if this worker has the wanted identity, else return its own.

    The task is pickled so that the scheduler never deserialises it.
    """
    if identity() != wanted:
        return VersionMismatch(identity())
    worker = distributed.get_worker()
    if worker.nanny and worker.state.nthreads == 1:  # runs one task at a time, and is replaced when it ends
        watchdog.arm()
    function, arguments = pickle.loads(handed)
    return function(*arguments)


def _there() -> None:
    """Importable only where the model is installed."""


class Tasks(Executor):
    """Chunks as tasks of a Dask cluster; their failures are those of `experiments.study.executors`.

    Args:
        client: connected.
        wanted: the identity that a worker must have.
        workers: their number, updated.
    """

    def __init__(self, client: Any, wanted: str, workers: int) -> None:
        self.workers = workers
        self.fruitful = False  # whether any task was finished
        self.ended = False
        self._client, self._wanted = client, wanted
        self._out: set[Future[Any]] = set()
        self._over = Event()
        Thread(target=self._watch, daemon=True).start()

    def submit[**P, T](self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Submit a function with its arguments.

        Raises:
            Ended: if the cluster has ended.
        """
        handed = pickle.dumps((fn, args))
        try:  # errors of the model are rows: if a task fails, the machine failed, and it is run again
            task = self._client.submit(chunk_of_runs, self._wanted, handed, pure=False, retries=2)
        except Exception:  # Dask's own kinds, when the connection has gone
            self.ended = True
            raise Ended from None
        out: Future[T] = Future()
        self._out.add(out)
        self._client.loop.add_callback(self._bring, task, out)
        return out

    async def _bring(self, task: Any, out: Future[Any]) -> None:
        """Wait for a task and pass on its result."""
        found: Any = None
        error: Exception | None = None
        try:
            found = await task
        except BaseException as raised:  # a task that was cancelled raises no Exception
            if task.status != "error":
                self.ended, error = True, Ended()
            elif isinstance(raised, distributed.KilledWorker):
                error = Lost()
            else:
                error = NoWorkers(f"a worker cannot run the model: {in_words(raised)}")
        if isinstance(found, VersionMismatch):
            error = NoWorkers(f"a worker came later with {differing(self._wanted, found.identity)}")
        self._out.discard(out)
        with suppress(InvalidStateError):  # it was abandoned
            if error is None:
                self.fruitful = True
                out.set_result(found)
            else:
                out.set_exception(error)

    def _watch(self) -> None:
        """Update the number of workers; end if there has been none for long."""
        seen = time.monotonic()
        while not self._over.wait(_LOOK):
            try:
                now = int(self._client.scheduler_info(n_workers=0)["total_threads"])
            except Exception:
                continue  # the connection is down; tasks report it
            if now:
                seen = time.monotonic()
            elif self.workers:
                print("All workers are gone; waiting for others (Ctrl-C keeps what is done)", file=sys.stderr)
            elif time.monotonic() - seen > _PATIENCE:
                for out in list(self._out):
                    with suppress(InvalidStateError):
                        out.set_exception(NoWorkers(f"no worker has been there for {_PATIENCE / 60:.0f} minutes"))
            self.workers = now

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End; submitted tasks are cancelled when the client closes."""
        self._over.set()


def differing(ours: str, theirs: str) -> str:
    """Explain how a worker's identity differs."""
    if ours.split("-")[:-1] == theirs.split("-")[:-1]:
        return "other mathematics than here (C library or kind of processor), so that runs do not mix"
    return "another version of the model than here; install the same, and restart scheduler and workers"


class Cluster:
    """The cluster of one command, from its first executor to the end of the context.

    Args:
        settings: its kind and address.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.where = f"engine.address={settings.address}" if settings.address else f"engine={settings.engine}"
        self.own: Any = None  # a cluster that was started here
        self.client: Any = None
        self.tasks: Tasks | None = None
        self.vain = 0

    def __enter__(self) -> Self:
        for name in list(logging.root.manager.loggerDict):
            if name.split(".")[0] in ("asyncio", "distributed", "tornado"):  # this module reports what matters
                logging.getLogger(name).setLevel(logging.CRITICAL)
        return self

    def __exit__(self, *_: object) -> None:
        self._leave()
        if self.own is not None:
            with suppress(Exception):
                self.own.close(timeout=_ANSWER)

    def _leave(self) -> None:
        if self.tasks is not None:
            self.tasks.shutdown()
        if self.client is not None:
            with suppress(Exception):
                self.client.close(timeout=_ANSWER)
        self.tasks = self.client = None

    def executor(self) -> Executor:
        """Return the live executor, or connect and check every worker.

        Raises:
            NoWorkers: if nobody answers, or there is no worker.
            ConfigurationError: if a worker would not give the same bytes.
        """
        if self.tasks is not None and not self.tasks.ended:
            return self.tasks
        if self.tasks is not None:
            self.vain = 0 if self.tasks.fruitful else self.vain + 1
            if self.vain >= _VAIN:
                raise NoWorkers(f"the cluster ended {_VAIN} times without having made a single run")
            print("The connection to the cluster ended; connecting again", file=sys.stderr)
        self._leave()
        if self.own is None and self.settings.address is None:
            self.own = _started(self.settings)
        target = self.settings.address or self.own
        try:
            self.client = distributed.Client(target, timeout=_ANSWER, set_as_default=False)
        except OSError:
            raise NoWorkers(f"engine.address={target}: no scheduler answers there") from None
        except (TypeError, ValueError) as error:  # TLS without certificates
            raise ConfigurationError([f"engine.address={target}: {error}; see docs/cluster.md"]) from None
        try:
            workers = self._first_workers()
            hosts = self._checked()
        except OSError as error:
            raise NoWorkers(f"the connection to the cluster ended: {in_words(error)}") from None
        link = f"; dashboard: {self.client.dashboard_link}" if self.client.dashboard_link else ""
        counts = f"{workers} {plural(workers, 'worker')} on {len(hosts)} {plural(len(hosts), 'host')}"
        print(f"{counts}{link}", file=sys.stderr)
        self.tasks = Tasks(self.client, identity(), workers)
        return self.tasks

    def _first_workers(self) -> int:
        """Wait for a worker; jobs may wait for long in their queue."""
        queued = self.settings.engine in QUEUES
        if queued:
            jobs = f"{self.settings.jobs} jobs" if self.settings.jobs > 1 else "1 job"
            print(f"{jobs} in the queue; their output goes to {_logs(self.settings)}", file=sys.stderr)
        began = time.monotonic()
        while not (workers := int(self.client.scheduler_info(n_workers=0)["total_threads"])):
            waited = time.monotonic() - began
            if not queued and waited > _ANSWER:
                raise NoWorkers(f"{self.where}: there are no workers")
            if queued and waited > _PATIENCE:
                began = time.monotonic()
                print("No job has begun to work; look at the queue, and at the output of the jobs", file=sys.stderr)
            time.sleep(0.2)
        return workers

    def _checked(self) -> list[str]:
        """Return the hosts once every worker has the wanted version and a compiled model."""
        try:
            self.client.run_on_scheduler(_there)
        except (ImportError, AttributeError) as error:
            text = f"{self.where}: the scheduler lacks this version of the model: {error}"
            raise ConfigurationError([text]) from None
        answers: Mapping[str, Any] = self.client.run(about, on_error="return")
        found = {worker: one for worker, one in answers.items() if not isinstance(one, OSError)}  # those have just left
        refused: dict[str, list[str]] = {}
        for worker, one in found.items():
            if isinstance(one, BaseException):
                refused.setdefault(f"their version of the model is unknown: {in_words(one)}", []).append(worker)
            elif one[1] != identity():
                refused.setdefault(differing(identity(), one[1]), []).append(one[0])
        errors = []
        for text, some in refused.items():
            who = ", ".join(sorted({*some})[:3])
            errors.append(f"{self.where}: {len(some)} of {len(found)} workers refused ({who}): {text}")
        if errors:
            raise ConfigurationError(errors)
        hosts = {host: (worker, is_cold) for worker, (host, _, is_cold) in found.items()}
        cold = [worker for worker, is_cold in hosts.values() if is_cold]
        if cold:
            print(f"Compiling the model on {len(cold)} hosts, once: about 15 seconds ...", file=sys.stderr, flush=True)
            self.client.run(compile_all, workers=cold)
        return list(hosts)


def _started(settings: Settings) -> Any:
    """Start jobs in a queue, or worker processes on this machine, unreachable from others."""
    try:
        with shielded(), warnings.catch_warnings():
            warnings.filterwarnings("ignore", r"\s*Port 8787 is already in use")  # another port is taken, and reported
            if settings.engine in QUEUES:
                return _queued(settings)
            quiet = {"dashboard_address": "127.0.0.1:8787", "silence_logs": logging.CRITICAL}
            return distributed.LocalCluster(n_workers=settings.workers, threads_per_worker=1, **quiet, **_secured())
    except NoWorkers:
        raise
    except Exception as error:
        raise NoWorkers(f"engine={settings.engine}: no cluster could be started: {in_words(error)}") from None


def _queued(settings: Settings) -> Any:
    cluster = queue_of(settings)

    async def submit() -> None:
        cluster.scale(jobs=settings.jobs)
        await cluster._correct_state()  # begun by scale(), which would not raise its errors

    try:
        cluster.sync(submit)
    except Exception as error:
        cluster._created.clear()  # jobs that never began would stop close() halfway
        with suppress(Exception):
            cluster.close(timeout=_ANSWER)
        words = one_line(str(error).partition("stderr:")[2] or error)
        raise NoWorkers(f"engine={settings.engine}: the queue refused the job: {shortened(words)}") from None
    return cluster


def queue_of(settings: Settings) -> Any:
    """The cluster of a queue, with no job yet; other settings come from Dask's jobqueue.yaml."""
    import dask_jobqueue  # it writes a file of settings where there is none

    engine = settings.engine
    kind = getattr(dask_jobqueue, f"{engine.upper()}Cluster")
    prologue = dask.config.get(f"jobqueue.{engine}.job-script-prologue", None) or []
    walltime = settings.walltime
    if engine == "lsf":  # it reads hours and minutes
        hours, minutes, seconds = map(int, walltime.split(":"))
        hours, minutes = divmod(60 * hours + minutes + (seconds > 0), 60)
        walltime = f"{hours:02}:{minutes:02}"
    return kind(
        queue=settings.queue,
        cores=settings.cores,
        processes=settings.cores,
        memory=settings.memory or f"{2 * settings.cores}GB",
        death_timeout=600,  # seconds until workers have started: many at once load the model from one disk
        walltime=walltime,
        log_directory=str(_logs(settings)),
        job_script_prologue=[*prologue, f"cd {shlex.quote(str(Path(__file__).resolve().parents[2]))}"],
        **_secured(),
    )


def _logs(settings: Settings) -> Path:
    return (settings.where / "jobs").resolve()


def _secured() -> dict[str, Any]:
    """TLS if Dask's configuration names certificates (distributed.comm.tls)."""
    named = dask.config.get("distributed.comm.tls.ca-file", None)
    return {"security": distributed.Security(), "protocol": "tls://"} if named else {}
