"""A study on two hosts and in the jobs of a Slurm: cut off, killed, and the same bytes as on one machine.

Two hosts with names and addresses of their own stand at a switch. The first has Dask's scheduler, both have workers,
and the command is typed on a third. They are network namespaces of Linux. `make hosts` as root puts the tests into
namespaces of their own, with which the kernel ends all that runs in them. docs/cluster.md says what is expected.
"""

import functools
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from sim.engine.jit import PLAIN
from tests.stress.small_study import ROOT, SmallStudy, files_of, stored

NETWORK = "10.99.0"
ADDRESS = f"tcp://{NETWORK}.1:8786"
DASK = ("engine=dask", f"engine.address={ADDRESS}")
TOOLS = {"ip": "iproute2", "nsenter": "util-linux", "unshare": "util-linux"}
QUEUE = {"munged": "munge", "slurmctld": "slurmctld", "slurmd": "slurmd", "sbatch": "slurm-client"}
MEASURED = ("population.donors=10000", "replications=80", "chunk=10")


def to_install(tools: dict[str, str]) -> str:
    """Which packages to install for some tools; empty if all are there."""
    packages = sorted({package for tool, package in tools.items() if not shutil.which(tool)})
    return f"install {', '.join(packages)}" if packages else ""


def lacking() -> str:
    """What this machine lacks for the tests; empty if nothing."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "hosts are namespaces of Linux: only root can make them"
    if missing := to_install(TOOLS):
        return missing
    if not find_spec("distributed"):
        return "install the packages for clusters: make setup-dev, or pip install '.[cluster]'"
    if [name for _, name in socket.if_nameindex()] != ["lo"]:
        return "not in a network of its own: type make hosts"
    return ""


pytestmark = [
    pytest.mark.skipif(PLAIN, reason="runs of a study take too long as plain Python"),
    pytest.mark.skipif(bool(lacking()), reason=lacking()),
]


# --- hosts -----------------------------------------------------------------------------------------------------------


class Host:
    """A host with an address of its own at the switch.

    Args:
        number: the last part of its address.
        place: folder of the output of its processes.
    """

    def __init__(self, number: int, place: Path) -> None:
        self.name, self.place = f"host-{number}", place
        self.workers = 0
        self.group: subprocess.Popen[bytes] | None = None
        self._port = f"port-{number}"
        self._holder = subprocess.Popen(["unshare", "--net", "--uts", "sleep", "infinity"])
        holder = self._holder.pid
        wait_for(lambda: Path(f"/proc/{holder}/ns/net").readlink() != Path("/proc/self/ns/net").readlink(), self.name)
        do(f"ip link add {self._port} type veth peer name eth0 netns {holder}")
        do(f"ip link set {self._port} master switch up")
        inside = ("ip link set lo up", f"ip addr add {NETWORK}.{number}/24 dev eth0", "ip link set eth0 up")
        for line in (f"hostname {self.name}", *inside):
            do(f"nsenter --target {holder} --net --uts {line}")

    def start(self, *words: str, where: Path = ROOT) -> "subprocess.Popen[bytes]":
        """Start a module of Python on it."""
        enter = ["nsenter", "--target", str(self._holder.pid), "--net", "--uts", f"--wd={where}"]
        with (self.place / self.name).open("a", encoding="utf-8") as output:
            return subprocess.Popen(
                [*enter, sys.executable, "-m", *words],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip

    def work(self, number: int, where: Path = ROOT) -> None:
        """Let it have so many workers, and no others."""
        self.stop()
        self.workers = number
        if number:
            folder = self.place / f"{self.name}.spill"
            words = (f"--nworkers={number}", "--nthreads=1", "--no-dashboard", f"--local-directory={folder}")
            self.group = self.start("distributed.cli.dask_worker", ADDRESS, *words, where=where)

    def stop(self) -> None:
        """End its workers as a power cut would."""
        if self.group is not None:
            end(self.group)
        self.group, self.workers = None, 0

    def remove(self) -> None:
        """End all that it has."""
        self.stop()
        self._holder.kill()
        self._holder.wait()

    def link(self, up: bool) -> None:
        """Plug its cable in, or pull it."""
        do(f"ip link set {self._port} {'up' if up else 'down'}")


def do(line: str) -> None:
    subprocess.run(line.split(), check=True)


def send(group: "subprocess.Popen[bytes]", what: signal.Signals) -> None:
    """Send a signal to a process and all that it started, if it is still there."""
    with suppress(ProcessLookupError):
        os.killpg(group.pid, what)


def end(group: "subprocess.Popen[bytes]") -> None:
    """Kill a process and all that it started."""
    send(group, signal.SIGKILL)
    group.wait()


def wait_for(holds: Callable[[], bool], what: str, seconds: float = 120.0) -> float:
    """Wait until something holds; returns how many seconds that took.

    Raises:
        TimeoutError: if it never does.
    """
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"{what}: not after {seconds:.0f} seconds")
        time.sleep(0.02)
    return time.monotonic() - began


# --- the study on them -----------------------------------------------------------------------------------------------


class StudyOnHosts(SmallStudy):
    """The small study with more donors, made by workers on two hosts.

    Args:
        place: an empty folder.
    """

    def __init__(self, place: Path) -> None:
        super().__init__(place)
        for line in (
            "ip link set lo up",
            "ip link add switch type bridge",
            f"ip addr add {NETWORK}.254/24 dev switch",
            "ip link set switch up",
            "ip route add default dev switch",  # programs look for their own address on the way to everywhere
        ):
            do(line)
        self.hosts = [Host(1, place), Host(2, place)]
        self.scheduler: subprocess.Popen[bytes] | None = None

    def typed(self, folder: Path, *more: str) -> list[str]:
        """The arguments of a command that makes the study in a folder; with Dask unless another engine is given."""
        engine = () if any(one.startswith(("workers=", "engine=")) for one in more) else DASK
        return [*super().typed(folder)[:-1], "population.donors=3000", *engine, *more]

    @functools.cached_property
    def reference(self) -> dict[str, bytes]:
        """The files of the study as workers of this machine make it."""
        folder = self.fresh()
        ended = self.ended(self.start(folder, "workers=2"))
        assert ended.code == 0, ended
        return files_of(folder)

    @functools.cached_property
    def chunks(self) -> int:
        """How many chunks the study has."""
        folder = self.fresh()
        number, _ = watched(self.start(folder, "workers=2"), folder)
        return number

    def ready(self, *each: int) -> None:
        """Make sure of a scheduler and of so many workers on each host; those that are there stay."""
        if self.scheduler is None or self.scheduler.poll() is not None:
            words = ("--host", f"{NETWORK}.1", "--port", "8786", "--no-dashboard", "--no-show")
            self.scheduler = self.hosts[0].start("distributed.cli.dask_scheduler", *words)
        for host, number in zip(self.hosts, each, strict=True):
            if host.workers != number or (host.group is not None and host.group.poll() is not None):
                host.work(number)
        wait_for(lambda: len(self.pids()) == sum(each), f"{sum(each)} workers")

    def pids(self) -> list[int]:
        """The worker processes that the scheduler knows."""
        import distributed

        connect: Any = distributed.Client
        with suppress(OSError), connect(ADDRESS, timeout=2, set_as_default=False) as client:
            found = client.run(os.getpid, on_error="return").values()
            return [pid for pid in found if isinstance(pid, int)]
        return []

    def started(self, random, *more: str) -> "tuple[subprocess.Popen[bytes], Path]":
        """Start the command and wait until a random number of chunks is stored, or, if none, at most three seconds."""
        number, folder = random.randrange(int(0.9 * self.chunks)), self.fresh()
        job = self.start(folder, *more)
        if number == 0:
            time.sleep(random.uniform(0.0, 3.0))
        wait_for(lambda: parts(folder) >= number or job.poll() is not None, f"{number} chunks")
        time.sleep(random.uniform(0.0, 0.1))
        return job, folder

    def resumed(self, folder: Path, *more: str) -> None:
        """Type the command again and compare."""
        before = stored(folder)
        self.compare(folder, before, self.ended(self.start(folder, *more)))


def parts(folder: Path) -> int:
    """How many parts a folder has."""
    return sum(1 for _ in folder.glob("parts/*.parquet"))


def watched(job: "subprocess.Popen[bytes]", folder: Path) -> tuple[int, float]:
    """How many chunks a command makes, and how many a second from the first to the last."""
    seen: list[tuple[float, int]] = []
    while job.poll() is None:
        number = parts(folder)
        if number > (seen[-1][1] if seen else 0):
            seen.append((time.monotonic(), number))
        time.sleep(0.01)
    (first, least), (last, most) = seen[0], max(seen, key=lambda one: one[1])
    return most, (most - least) / max(1e-9, last - first)


@pytest.fixture(scope="module")
def study():
    for name in ("asyncio", "distributed"):  # they mind that hosts go
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with TemporaryDirectory(prefix="hosts-", ignore_cleanup_errors=True) as place:
        made = StudyOnHosts(Path(place))
        yield made
        if made.scheduler is not None:
            end(made.scheduler)
        for host in made.hosts:
            host.remove()


# --- hosts that come and go ------------------------------------------------------------------------------------------


@pytest.mark.tries(0, 1)
@pytest.mark.parametrize("chunk", [1, 7, 100])
@pytest.mark.parametrize("each", [(1, 0), (0, 2), (1, 1), (2, 2)])
def test_undisturbed(number, each, chunk, study):
    study.ready(*each)
    folder = study.fresh()
    study.compare(folder, set(), study.ended(study.start(folder, f"chunk={chunk}")))


def kill_worker(study, random):
    """Its nanny makes another."""
    os.kill(random.choice(study.pids()), signal.SIGKILL)


@pytest.mark.tries(0, 10)
@pytest.mark.parametrize(
    ("each", "disturb"),
    [
        pytest.param((1, 0), lambda study, random: study.hosts[1].work(1), id="a host joins"),
        pytest.param((1, 1), kill_worker, id="a worker is killed"),
        pytest.param((1, 2), lambda study, random: study.hosts[1].stop(), id="all workers of a host are killed"),
    ],
)
def test_workers_come_or_go(number, each, disturb, study, random):
    study.ready(*each)
    job, folder = study.started(random)
    disturb(study, random)
    study.compare(folder, set(), study.ended(job))


@pytest.mark.tries(0, 5)
@pytest.mark.parametrize("back", [False, True])
def test_a_host_cut_off(number, back, study, random):
    """For some seconds, or until the study is done."""
    study.ready(1, 1)
    job, folder = study.started(random)
    study.hosts[1].link(False)
    try:
        if back:
            time.sleep(random.uniform(0.5, 20.0))
            study.hosts[1].link(True)
        study.compare(folder, set(), study.ended(job))
    finally:
        study.hosts[1].link(True)
        study.hosts[1].stop()


# --- commands that end -----------------------------------------------------------------------------------------------


def kill_scheduler(study, job):
    end(study.scheduler)
    for host in study.hosts:
        host.stop()


@pytest.mark.tries(0, 10)
@pytest.mark.parametrize(
    ("disturb", "code", "words"),
    [
        pytest.param(kill_scheduler, 1, "no scheduler answers there", id="the scheduler is killed"),
        pytest.param(lambda study, job: send(job, signal.SIGINT), 130, "To resume:", id="Ctrl-C"),
        pytest.param(lambda study, job: job.kill(), -signal.SIGKILL, "", id="the command is killed"),
    ],
)
def test_command_ends(number, disturb, code, words, study, random):
    """And resumes, with another scheduler if need be."""
    study.ready(1, 1)
    job, folder = study.started(random)
    disturb(study, job)
    expect(study.ended(job), code, words)
    study.ready(1, 1)
    study.resumed(folder)


def expect(ended, code, words=""):
    """A command ended with this code and these words, or was done before."""
    assert ended.code == 0 or (ended.code == code and words in ended.output), ended
    assert "Traceback" not in ended.output, ended


@pytest.mark.tries(0, 10)
def test_workers_of_another_version_are_refused(number, study):
    """One byte of their model differs."""
    other, folder = study.place / "other", study.fresh()
    if not other.exists():
        for name in ("sim", "experiments", "conf"):
            shutil.copytree(ROOT / name, other / name)
        with (other / "sim" / "week.py").open("a", encoding="utf-8") as file:
            file.write("#\n")
    study.ready(1, 0)
    study.hosts[1].work(1, other)
    wait_for(lambda: len(study.pids()) == 2, "2 workers")
    ended = study.ended(study.start(folder))
    study.hosts[1].stop()
    assert ended.code == 2 and "Traceback" not in ended.output, ended
    assert "1 of 2 workers refused (host-2): another version of the model than here" in ended.output
    assert not parts(folder)


@pytest.mark.tries(0, 10)
def test_efficiency(number, study, record_property):
    """Seconds of the command, and runs a second while it runs: two workers of this machine, and one on each host."""
    study.ready(1, 1)
    found = {}
    for engine in (("workers=2",), DASK)[:: 1 if number % 2 else -1]:
        folder, began = study.fresh(), time.monotonic()
        _, rate = watched(study.start(folder, *MEASURED, *engine), folder)
        found[engine[0]] = (time.monotonic() - began, rate)
        shutil.rmtree(folder)
    (local, local_rate), (dask, dask_rate) = found["workers=2"], found["engine=dask"]
    ratios = f"{local / dask:.2f}, of runs a second {dask_rate / local_rate:.2f}"
    record_property("pair", f"local {local:.1f} s, two hosts {dask:.1f} s, ratio {ratios}")


# --- jobs of a queue -------------------------------------------------------------------------------------------------

SLURM = """\
ClusterName=trial
SlurmctldHost={host}
AuthType=auth/munge
AuthInfo=socket={place}/munge.socket
SlurmUser=root
SlurmdUser=root
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MailProg=/bin/true
ReturnToService=2
StateSaveLocation={place}/state
SlurmdSpoolDir={place}/spool
SlurmctldPidFile={place}/slurmctld.pid
SlurmdPidFile={place}/slurmd.pid
SlurmctldLogFile={place}/slurmctld.log
SlurmdLogFile={place}/slurmd.log
NodeName={host} NodeAddr=127.0.0.1 CPUs={cores} RealMemory=8000 State=UNKNOWN
PartitionName=trial Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""
JOBS = ("engine=slurm", "engine.jobs=2", "engine.cores=1", "engine.walltime=00:10:00")


@pytest.fixture(scope="module")
def slurm(study):
    """A Slurm of one node, with all that it has in one folder."""
    if missing := to_install(QUEUE):
        pytest.skip(missing)
    place = study.place / "slurm"
    for name in ("state", "spool"):
        (place / name).mkdir(parents=True)
    (place / "munge.key").write_bytes(os.urandom(1024))
    (place / "munge.key").chmod(0o400)
    host = socket.gethostname().split(".")[0]
    (place / "slurm.conf").write_text(SLURM.format(host=host, place=place, cores=os.cpu_count()), encoding="utf-8")
    os.environ["SLURM_CONF"] = str(place / "slurm.conf")
    files = {"key-file": "key", "pid-file": "pid", "log-file": "log", "seed-file": "seed", "socket": "socket"}
    munge = [f"--{option}={place}/munge.{name}" for option, name in files.items()]
    started = []
    for line in (["munged", "--force", "--foreground", *munge], ["slurmctld", "-D"], ["slurmd", "-D", "-N", host]):
        with (place / f"{line[0]}.output").open("w", encoding="utf-8") as output:
            started.append(subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=output, stderr=output))
        if line[0] == "munged":
            wait_for(lambda: (place / "munge.socket").exists(), "munged")
    wait_for(lambda: "idle" in answer("sinfo", "-h", "-o", "%T"), "Slurm")
    yield
    for process in reversed(started):
        process.terminate()
        process.wait()


def answer(*words):
    return subprocess.run(words, capture_output=True, text=True, encoding="utf-8").stdout


def queue():
    """The jobs that the queue holds."""
    return answer("squeue", "-h", "-o", "%i", "-t", "PENDING,RUNNING").split()


@pytest.mark.tries(0, 5)
def test_slurm_undisturbed(number, study, slurm):
    folder = study.fresh()
    study.compare(folder, set(), study.ended(study.start(folder, *JOBS)))
    assert wait_for(lambda: not queue(), "the queue is empty") < 60


@pytest.mark.tries(0, 5)
def test_slurm_job_taken_away(number, study, slurm, random):
    job, folder = study.started(random, *JOBS)
    if jobs := queue():
        do(f"scancel {random.choice(jobs)}")
    study.compare(folder, set(), study.ended(job))


@pytest.mark.tries(0, 5)
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_slurm_command_ends(number, sent, code, study, slurm, random, record_property):
    """Jobs are taken back, and the study resumes."""
    job, folder = study.started(random, *JOBS)
    send(job, sent)
    expect(study.ended(job), code)
    waited = wait_for(lambda: not queue(), "the queue is empty", 900)
    record_property("queue", f"{sent.name}: the queue was empty after {waited:.0f} s")
    study.resumed(folder, *JOBS)
