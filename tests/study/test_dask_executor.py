"""Dask as an engine: the same bytes, whoever is killed, cut off or refused meanwhile; one message for each fault."""

import gc
import json
import os
import signal
from concurrent.futures import BrokenExecutor
from pathlib import Path

import pytest

from experiments.study import arguments
from experiments.study.arguments import request
from experiments.study.executors import Ended, Lost, NoWorkers, run_chunks
from experiments.study.runner import pending_chunks
from experiments.study.store import Folder
from sim.engine.jit import PLAIN
from tests.study_helpers import STUDY, Fake, make, planned, told
from tests.tasks import endless, flaky

dask = pytest.importorskip("dask")
pytest.importorskip("dask_jobqueue")

from distributed import LocalCluster  # noqa: E402

from experiments.study import dask_executor  # noqa: E402

pytestmark = [
    pytest.mark.skipif(PLAIN, reason="runs of a study take too long as plain Python"),
    pytest.mark.filterwarnings("default"),  # Dask's own
]


@pytest.fixture(scope="module")
def bytes_(tmp_path_factory):
    """The run table of the small study as a thread makes it."""
    path = tmp_path_factory.mktemp("thread") / "made"
    make(planned(*STUDY), path)
    return (path / "runs.parquet").read_bytes()


@pytest.fixture(scope="module")
def there():
    """A scheduler with two worker processes that a user has started; a task that ends two of them is given up."""
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 1}),
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0") as one,
    ):
        yield one.scheduler_address


@pytest.fixture
def brief(monkeypatch):
    """No patience."""
    monkeypatch.setattr(dask_executor, "_ANSWER", 1.0)


@pytest.fixture
def typed(tmp_path, monkeypatch, capsys):
    """What the command says in an empty folder."""
    monkeypatch.chdir(tmp_path)

    return lambda *arguments: told(capsys, *arguments)


def at(address, **more):
    return dask_executor.Cluster(arguments.Settings(engine="dask", address=address, **more))


# --- the same bytes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("chunk", [1, 7, 100])
def test_the_bytes_are_the_same(tmp_path, bytes_, there, chunk):
    with at(there) as one:
        assert make(planned(*STUDY), tmp_path / "made", one.executor, chunk).finished == 16
    assert (tmp_path / "made" / "runs.parquet").read_bytes() == bytes_


def test_as_a_user_types_it(typed, tmp_path, there, bytes_):
    code, out, err = typed(*STUDY, "engine=dask", f"engine.address={there}", "chunk=3")
    assert code == 0, err
    assert "2 workers on 1 host; dashboard: http://127.0.0.1:" in err
    assert (tmp_path / "results/sweep/runs.parquet").read_bytes() == bytes_
    assert (
        json.loads((tmp_path / "results/sweep/provenance.json").read_text(encoding="utf-8"))["engine"]
        == f"dask at {there}"
    )
    code, again, err = typed(*STUDY, "engine=dask", "engine.address=tcp://127.0.0.1:9")
    assert (code, again) == (0, out), "where nothing is missing nobody is asked"


@pytest.mark.slow
def test_a_cluster_of_its_own_is_there_and_gone(typed, tmp_path, bytes_):
    code, _, err = typed(*STUDY, "engine=dask", "workers=1")
    assert code == 0 and "1 worker on 1 host" in err
    assert (tmp_path / "results/sweep/runs.parquet").read_bytes() == bytes_


# --- what may happen -------------------------------------------------------------------------------------------------


def test_a_worker_that_is_killed_is_survived(tmp_path, bytes_, there):
    killed = []
    with at(there) as one:

        def kill_one(table, progress):
            if not killed:
                killed.extend(one.client.run(os.getpid).values())
                os.kill(killed[0], signal.SIGKILL)

        progress = make(planned(*STUDY), tmp_path / "made", one.executor, 1, on_progress=kill_one)
    assert killed and (progress.finished, progress.failed) == (16, 0)
    assert (tmp_path / "made" / "runs.parquet").read_bytes() == bytes_


def test_a_task_that_raises_is_tried_again_and_then_told(tmp_path, there):
    with at(there) as one:
        tasks = one.executor()
        assert tasks.submit(flaky, str(tmp_path / "tried")).result(600) == "done"
        with pytest.raises(NoWorkers, match="cannot run the model: ValueError: could not convert string"):
            tasks.submit(float, "x").result(600)


def test_a_task_that_ends_its_workers_is_named_and_others_go_on(there):
    with at(there) as one:
        tasks = one.executor()
        with pytest.raises(Lost):
            tasks.submit(endless).result(500)
        assert tasks.submit(abs, -1).result(600) == 1


def test_a_scheduler_that_goes_ends_the_command_and_what_is_done_is_kept(tmp_path, bytes_, brief):
    path = tmp_path / "made"
    one = LocalCluster(n_workers=1, processes=False, protocol="tcp", dashboard_address=None)
    with pytest.raises(NoWorkers, match="no scheduler answers there"), at(one.scheduler_address) as here:
        make(planned(*STUDY), path, here.executor, 2, on_progress=lambda table, progress: one.close())
    kept = len(Folder(path).done())
    assert 0 < kept < 16
    assert make(planned(*STUDY), path).stored == kept
    assert (path / "runs.parquet").read_bytes() == bytes_


# --- what run_chunks makes of it ----------------------------------------------------------------------------------


def driven(fate):
    """How often each chunk or a run of it was tried, how many rows came, and errors.

    A chunk fares as is told of its place, its first run's place in it, and how often it was tried.
    """
    chunks = list(pending_chunks(planned(*STUDY), {}, 1))
    ids = [[one.id for task in chunk.tasks for one in task.wanted] for chunk in chunks]
    times = [0] * len(chunks)

    def does(function, chunk):
        first = chunk.tasks[0].wanted[0].id
        place = next(place for place, runs in enumerate(ids) if first in runs)
        times[place] += 1
        return fate(place, ids[place].index(first), times[place]) or function(chunk)

    rows = [row for made in run_chunks(lambda: Fake(does), 2, chunks) for row in made.to_pylist()]
    return times, len(rows), [row["error"] for row in rows if row["error"]]


def test_a_chunk_that_ended_its_workers_is_tried_once_more():
    times, rows, errors = driven(lambda place, run, time: Lost() if place == 2 and time == 1 else None)
    assert (times, rows, errors) == ([1, 1, 3, 1, 1, 1, 1, 1], 16, []), "once whole, then each run"
    times, rows, errors = driven(lambda place, run, time: Lost() if place == 2 and run == 0 else None)
    assert (times, rows, len(errors)) == ([1, 1, 3, 1, 1, 1, 1, 1], 16, 1), "only the run at fault fails"
    assert errors[0].startswith("its worker ended unexpectedly 3 times")


def test_nobody_is_to_blame_when_the_cluster_ends():
    times, rows, errors = driven(lambda place, run, time: Ended() if time < 9 else None)
    assert (rows, errors) == (16, []) and min(times) >= 9
    _, rows, errors = driven(lambda place, run, time: BrokenExecutor() if time < 9 else None)
    assert rows == 16 and errors, "unlike one that breaks"


# --- who may work ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (-1, "other mathematics than here (C library or kind of processor)"),
        (0, "another version of the model than here;"),
    ],
)
def test_workers_of_another_version_are_refused(typed, tmp_path, monkeypatch, there, part, words):
    ours = dask_executor.identity().split("-")
    ours[part] = "0123"
    monkeypatch.setattr(dask_executor, "identity", lambda: "-".join(ours))
    code, out, err = typed(*STUDY, "engine=dask", f"engine.address={there}")
    assert (code, out) == (2, "")
    assert f"engine.address={there}: 2 of 2 workers refused (" in err and f"): {words}" in err
    assert not list((tmp_path / "results/sweep/parts").iterdir())


def test_a_worker_of_another_version_that_comes_later_is_refused(tmp_path, there):
    with at(there) as one:
        one.executor()
        tasks = dask_executor.Tasks(one.client, "0123-4567-89", 2)
        with pytest.raises(NoWorkers, match="a worker came later with another version of the model"):
            make(planned(*STUDY), tmp_path / "made", lambda: tasks)
    assert not Folder(tmp_path / "made").done()


def test_nobody_there(typed, brief):
    code, out, err = typed(*STUDY, "engine=dask", "engine.address=tcp://127.0.0.1:9")
    assert (code, out) == (1, "")
    assert "Engine.address=tcp://127.0.0.1:9: no scheduler answers there: 0 of 16 runs are finished in" in err
    assert "To resume:" in err
    with LocalCluster(n_workers=0, processes=False, protocol="tcp", dashboard_address=None) as empty:
        code, _, err = typed(*STUDY, "engine=dask", f"engine.address={empty.scheduler_address}")
    assert code == 1 and "there are no workers" in err


# --- queues ----------------------------------------------------------------------------------------------------------

QUEUE = ("engine=slurm", "engine.jobs=1", "engine.cores=1", "engine.memory=2GB")


@pytest.fixture
def submit(tmp_path, monkeypatch):
    """A command that takes the place of a queue's."""

    def put(text, name="sbatch"):
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        (tmp_path / "bin" / name).chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")

    return put


@pytest.mark.slow
def test_jobs_of_a_queue_run_a_study(typed, tmp_path, submit, bytes_):
    submit('cp "$1" job.sh; setsid sh job.sh >job.log 2>&1 & echo "Submitted batch job $!"')
    submit('kill -- "-$1"; touch cancelled', "scancel")
    code, _, err = typed(*STUDY, *QUEUE, "folder=made")
    assert code == 0, err
    assert "1 job in the queue; their output goes to" in err and "1 worker on 1 host" in err
    assert (tmp_path / "made" / "runs.parquet").read_bytes() == bytes_
    assert (tmp_path / "cancelled").exists(), "no job outlives its study"


def test_a_queue_that_refuses_is_heard(typed, submit):
    submit("echo 'sbatch: error: invalid partition specified: nowhere' >&2; exit 1")
    code, _, err = typed(*STUDY, *QUEUE, "engine.queue=nowhere")
    assert code == 1
    assert "the queue refused the job: sbatch: error: invalid partition specified: nowhere" in err
    gc.collect()  # Dask's cluster of jobs that never began complains here, and not of another test


@pytest.mark.parametrize(
    ("engine", "lines"),
    [
        ("slurm", ["#SBATCH -p long", "#SBATCH -t 02:30:00", "#SBATCH --cpus-per-task=4", "#SBATCH --mem=8G"]),
        ("pbs", ["#PBS -q long", "#PBS -l walltime=02:30:00", "#PBS -l select=1:ncpus=4"]),
        ("sge", ["#$ -q long", "#$ -l h_rt=02:30:00"]),
        ("lsf", ["#BSUB -q long", "#BSUB -W 02:30", "#BSUB -n 4"]),
    ],
)
def test_what_a_job_asks_for(tmp_path, submit, engine, lines):
    submit("exit 1", arguments.QUEUES[engine])
    typed = (f"engine={engine}", "engine.queue=long", "engine.walltime=02:30:00", "engine.cores=4", "engine.memory=8GB")
    settings, _, faults = request(["study=sweep", *typed, f"folder={tmp_path / 'made'}"])
    assert faults == []
    with dask_executor.queue_of(settings) as queue:
        script = queue.job_script()
    assert all(any(one.startswith(line) for one in script.splitlines()) for line in lines), script
    assert (
        "--nworkers 4" in script
        and "--nthreads 1" in script
        and f"cd {Path(dask_executor.__file__).parents[2]}" in script
    )


# --- what may be typed -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        (["engine=daks"], "engine=daks: allowed is local or dask or slurm or pbs or sge or lsf; nearest: dask"),
        (["engine.adress=tcp://a:1"], "engine.adress=tcp://a:1: unknown key; nearest: engine.address"),
        (["engine=dask", "engine.address=here"], "engine.address=here: must be tcp://HOST:PORT or tls://HOST:PORT"),
        (["engine=dask", "engine.address=tcp://a"], "engine.address=tcp://a: must be tcp://HOST:PORT"),
        (["engine.address=tcp://a:1"], "engine.address: is only for engine=dask"),
        (["engine=dask", "engine.queue=long"], "engine.queue: is only for engine=slurm or pbs or sge or lsf"),
        (["engine=dask", "engine.address=tcp://a:1", "workers=3"], "workers=3: the cluster has its own; leave it out"),
        (["engine=slurm"], "engine=slurm: there is no sbatch here; type it where jobs are submitted"),
        (["engine=slurm", "engine.memory=much"], "engine.memory=much: must be a size such as 16GB"),
        (["engine=slurm", "engine.walltime=1h"], "engine.walltime=1h: must be HOURS:MINUTES:SECONDS"),
        (["engine=slurm", "engine.queue=a b"], "engine.queue=a b: must be the name of a queue"),
        (["engine=slurm", "engine.queue=a\nrm"], "engine.queue=a\nrm: must be the name of a queue"),
        (["engine=slurm", "engine.jobs=0"], "engine.jobs=0: must be a whole number, 1 to 10,000"),
        (["folder=s3://a/b"], "folder=s3://a/b: must be a folder of this machine"),
    ],
)
def test_faults_are_told(monkeypatch, typed, text):
    monkeypatch.setenv("PATH", "")
    _, _, faults = request(["study=sweep", *typed])
    assert any(fault.startswith(text) for fault in faults), faults


def test_what_is_not_installed_is_told(monkeypatch):
    monkeypatch.setattr(arguments, "find_spec", lambda name: None)
    _, _, faults = request(["study=sweep", "engine=dask"])
    assert faults == [
        "engine=dask: needs packages that are not installed; type: make setup-dev, or pip install '.[cluster]'"
    ]
