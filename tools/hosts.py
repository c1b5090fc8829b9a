"""``make hosts``: try a small study on two hosts, and in the jobs of a Slurm; cut, kill and compare.

  make hosts                             half an hour on two cores: every trial ten times
  make hosts ARGS="tries=3 seed=2"       fewer, at other moments
  make hosts ARGS="only=cut,slurm"       only the trials with one of these in their name

Two hosts with names and addresses of their own stand at a switch. The first has Dask's scheduler, both have workers,
and the command is typed on a third. They are namespaces of Linux, so root must type it. The kernel ends all that runs
in them together with this process, however that ends. docs/cluster.md says what is expected, and what was found.
"""

import functools
import logging
import os
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from typing import Any

from sim.compilation import compile_all
from tools import torture
from tools.torture import ROOT, Ended, Row, as_lines, files_of, harmed, kept, settings_of

_INSIDE = "HOSTS_INSIDE"  # says the place of the trial to the process that is in namespaces of its own
_NETWORK = "10.99.0"
_PORT = 8786
_TOOLS = {"ip": "iproute2", "nsenter": "util-linux", "unshare": "util-linux"}
_QUEUE = {"munged": "munge", "slurmctld": "slurmctld", "slurmd": "slurmd", "sbatch": "slurm-client"}
_LONGER = "population.donors=3000"  # so that there is a middle in which to be hurt
_MEASURED = ("population.donors=10000", "replications=80", "chunk=10")


# --- hosts -----------------------------------------------------------------------------------------------------------


class Host:
    """A host with an address of its own at the switch.

    Args:
        number: its last part.
        place: where what its processes say is kept.
    """

    def __init__(self, number: int, place: Path) -> None:
        self.name, self.address = f"host-{number}", f"{_NETWORK}.{number}"
        self.said = place / self.name
        self.workers = 0
        self.group: subprocess.Popen[bytes] | None = None
        self._port = f"port-{number}"
        self._holder = subprocess.Popen(["unshare", "--net", "--uts", "sleep", "infinity"])
        holder = self._holder.pid
        wait_for(lambda: Path(f"/proc/{holder}/ns/net").readlink() != Path("/proc/self/ns/net").readlink(), self.name)
        _do(f"ip link add {self._port} type veth peer name eth0 netns {holder}")
        _do(f"ip link set {self._port} master switch up")
        for line in (
            f"hostname {self.name}",
            "ip link set lo up",
            f"ip addr add {self.address}/24 dev eth0",
            "ip link set eth0 up",
        ):
            _do(f"nsenter --target {holder} --net --uts {line}")

    def start(self, *words: str, where: Path = ROOT) -> "subprocess.Popen[bytes]":
        """Start a module of Python on it."""
        enter = ["nsenter", "--target", str(self._holder.pid), "--net", "--uts", f"--wd={where}"]
        with self.said.open("a", encoding="utf-8") as said:
            return subprocess.Popen(
                [*enter, sys.executable, "-m", *words],
                stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True,
            )  # fmt: skip

    def work(self, number: int, where: Path = ROOT) -> None:
        """Let it have so many workers, and no others."""
        self.stop()
        self.workers = number
        if number:
            spill = str(self.said.with_suffix(".spill"))
            words = [f"--nworkers={number}", "--nthreads=1", "--no-dashboard", f"--local-directory={spill}"]
            to = f"tcp://{_NETWORK}.1:{_PORT}"
            self.group = self.start("distributed.cli.dask_worker", to, *words, where=where)

    @property
    def at_work(self) -> bool:
        """Whether the process that started its workers is there."""
        return self.group is not None and self.group.poll() is None

    def stop(self) -> None:
        """End its workers as a power cut would."""
        end(self.group)
        self.group, self.workers = None, 0

    def link(self, up: bool) -> None:
        """Plug its cable in, or pull it."""
        _do(f"ip link set {self._port} {'up' if up else 'down'}")


def _do(line: str) -> None:
    subprocess.run(line.split(), check=True)


def end(group: "subprocess.Popen[bytes] | None") -> None:
    """Kill a process and all that it started."""
    if group is not None:
        send(group, signal.SIGKILL)
        group.wait()


def send(group: "subprocess.Popen[bytes]", what: signal.Signals) -> None:
    """Send a signal to a process and all that it started, if it is still there."""
    with suppress(ProcessLookupError):
        os.killpg(group.pid, what)


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


class Trial(torture.Bench):
    """A place where the study is made again and again, by workers on hosts.

    Args:
        place: an empty folder.
        seed: chooses what is left open.
        tries: how often each trial is made.
    """

    def __init__(self, place: Path, seed: int, tries: int) -> None:
        super().__init__(place, random.Random(seed))
        self.tries = tries
        self.measured: list[str] = []
        _do("ip link set lo up")
        _do("ip link add switch type bridge")
        _do(f"ip addr add {_NETWORK}.254/24 dev switch")
        _do("ip link set switch up")
        _do("ip route add default dev switch")  # programs look for their own address on the way to everywhere
        self.hosts = [Host(1, place), Host(2, place)]
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.chunks = 0  # of the study

    def prepare(self, timed: bool = False) -> None:
        """Make the study without hosts."""
        folder = self.fresh()
        job = self.start(folder, "workers=2")
        self.chunks, _ = watched(job, folder)
        assert job.returncode == 0, self.said
        self.whole = files_of(folder)

    def typed(self, folder: Path, *more: str) -> list[str]:
        """What a user types."""
        elsewhere = () if any(one.startswith(("workers=", "engine=")) for one in more) else _DASK
        which = ["--config-dir", str(self.place / "my"), "study=hurt", f"replications={self.replications}", _LONGER]
        return [*which, f"folder={folder}", "chunk=1", *elsewhere, *more]

    @property
    def said(self) -> str:
        """What the command said last."""
        return (self.place / "said").read_text(encoding="utf-8")

    def ended(self, job: "subprocess.Popen[bytes]") -> Ended:
        """How a command ends."""
        job.wait(300)
        return Ended(job.returncode, self.said)

    def ready(self, *each: int) -> None:
        """See to it that there is a scheduler, and so many workers on each host; what stands already stays."""
        if self.scheduler is None or self.scheduler.poll() is not None:
            words = ("--host", f"{_NETWORK}.1", "--port", str(_PORT), "--no-dashboard", "--no-show")
            self.scheduler = self.hosts[0].start("distributed.cli.dask_scheduler", *words)
        for host, number in zip(self.hosts, each, strict=True):
            if host.workers != number or not (host.at_work or not number):
                host.work(number)
        wait_for(lambda: len(self.pids()) == sum(each), f"{sum(each)} workers")

    def pids(self) -> list[int]:
        """The worker processes that the scheduler knows."""
        import distributed

        connect: Any = distributed.Client
        with suppress(OSError), connect(_ADDRESS, timeout=2, set_as_default=False) as client:
            found = client.run(os.getpid, on_error="return").values()
            return [pid for pid in found if isinstance(pid, int)]
        return []

    def moment(self, job: "subprocess.Popen[bytes]", folder: Path, most: float = 0.9) -> None:
        """Wait for a moment: until a drawn number of chunks is kept, or, if that is none, at most three seconds."""
        number = self.random.randrange(int(most * self.chunks))
        if number == 0:
            time.sleep(self.random.uniform(0.0, 3.0))
        wait_for(lambda: parts(folder) >= number or job.poll() is not None, f"{number} chunks")
        time.sleep(self.random.uniform(0.0, 0.1))

    def hurt(self, fault: str, how: Callable[[], None], *each: int) -> None:
        """Make the study once, and hurt those who make it in the middle; it must come to its end in one sitting."""
        self.ready(*each)
        row, folder = self.row(fault), self.fresh()
        job = self.start(folder)
        self.moment(job, folder)
        how()
        row.tried += 1
        self.judge(row, folder, set(), self.ended(job))

    def broken(self, fault: str, how: Callable[["subprocess.Popen[bytes]"], None], code: int, words: str) -> None:
        """End the command in the middle, hear what it says, and type it again."""
        self.ready(1, 1)
        row, folder = self.row(fault), self.fresh()
        job = self.start(folder)
        self.moment(job, folder)
        how(job)
        ended = self.ended(job)
        row.tried += 1
        over = ended.code == 0  # it was over before
        good = over or (ended.code == code and words in ended.said and "Traceback" not in ended.said)
        row.expect(good, f"ended with {ended.code}:\n{ended.said}")
        before = kept(folder)
        self.ready(1, 1)
        self.judge(row, folder, before, self.ended(self.start(folder)))


_ADDRESS = f"tcp://{_NETWORK}.1:{_PORT}"
_DASK = ("engine=dask", f"engine.address={_ADDRESS}")


def parts(folder: Path) -> int:
    """How many parts a folder has."""
    return sum(1 for _ in folder.glob("parts/*.parquet"))


def watched(job: "subprocess.Popen[bytes]", folder: Path) -> tuple[int, float]:
    """How many chunks a command made, and how many a second from the first to the last."""
    first, last, most, less = 0.0, 0.0, 0, 0
    while job.poll() is None:
        now, number = time.monotonic(), parts(folder)
        if number > most:
            if not most:
                first, less = now, number
            last, most = now, number
        time.sleep(0.01)
    return most, (most - less) / max(1e-9, last - first)


# --- trials ----------------------------------------------------------------------------------------------------------


def same(trial: Trial) -> None:
    """Make the study undisturbed: on one host and on two, with one worker or two on each, in small and large chunks."""
    for each, chunk in product(((1, 0), (0, 2), (1, 1), (2, 2)), (1, 7, 100)):
        trial.ready(*each)
        row, folder = trial.row("undisturbed, 1 to 4 workers, 3 sizes of chunk"), trial.fresh()
        row.tried += 1
        trial.judge(row, folder, set(), trial.ended(trial.start(folder, f"chunk={chunk}")))


def joins(trial: Trial) -> None:
    """Let the second host come in the middle."""
    trial.hurt("a host joins", lambda: trial.hosts[1].work(1), 1, 0)


def worker_killed(trial: Trial) -> None:
    """Kill a worker; its nanny makes another."""
    trial.hurt("a worker killed", lambda: os.kill(trial.random.choice(trial.pids()), signal.SIGKILL), 1, 1)


def power_cut(trial: Trial) -> None:
    """Kill all that runs on a host."""
    trial.hurt("all workers of a host killed", trial.hosts[1].stop, 1, 2)


def cut_off(trial: Trial) -> None:
    """Pull the cable of a host, which stays so until the study is done."""
    trial.hurt("a host cut off", functools.partial(trial.hosts[1].link, False), 1, 1)
    trial.hosts[1].link(True)
    trial.hosts[1].stop()


def cut_and_back(trial: Trial) -> None:
    """Pull the cable of a host for some seconds."""

    def cut() -> None:
        trial.hosts[1].link(False)
        time.sleep(trial.random.uniform(0.5, 20.0))
        trial.hosts[1].link(True)

    trial.hurt("a host cut off for some seconds", cut, 1, 1)
    trial.hosts[1].stop()


def scheduler_killed(trial: Trial) -> None:
    """Kill the scheduler: the command ends, and goes on with another."""

    def kill(job: "subprocess.Popen[bytes]") -> None:
        end(trial.scheduler)
        for host in trial.hosts:
            host.stop()

    trial.broken("scheduler killed, study typed again", kill, 1, "no scheduler answers there")


def interrupted(trial: Trial) -> None:
    """Press Ctrl-C."""
    trial.broken("Ctrl-C, study typed again", lambda job: send(job, signal.SIGINT), 130, "To resume:")


def command_killed(trial: Trial) -> None:
    """Kill the command."""
    trial.broken("command killed, study typed again", lambda job: job.kill(), -signal.SIGKILL, "")


def other_version(trial: Trial) -> None:
    """Let the workers of a host have a model that differs in one byte."""
    row, folder, other = trial.row("workers of another version, refused"), trial.fresh(), trial.place / "other"
    if not other.exists():
        for name in ("sim", "experiments", "conf"):
            shutil.copytree(ROOT / name, other / name)
        with (other / "sim" / "week.py").open("a", encoding="utf-8") as file:
            file.write("#\n")
    trial.ready(1, 0)
    trial.hosts[1].work(1, other)
    wait_for(lambda: len(trial.pids()) == 2, "2 workers")
    ended = trial.ended(trial.start(folder))
    row.tried += 1
    told = "1 of 2 workers refused (host-2): another version of the model than here" in ended.said
    row.expect(ended.code == 2 and told and "Traceback" not in ended.said, f"ended with {ended.code}:\n{ended.said}")
    row.expect(not parts(folder), "something was run")
    trial.hosts[1].stop()


def efficiency(trial: Trial) -> None:
    """Time the command, and runs a second while it runs: two workers of this machine against one on each host."""
    trial.ready(1, 1)
    whole: list[float] = []
    rates: list[float] = []
    for number in range(trial.tries):
        found: dict[str, tuple[float, float]] = {}
        for engine in (("workers=2",), _DASK)[:: 1 if number % 2 else -1]:
            folder, began = trial.fresh(), time.monotonic()
            _, rate = watched(trial.start(folder, *_MEASURED, *engine), folder)
            found[engine[0]] = (time.monotonic() - began, rate)
            shutil.rmtree(folder)
        (local, local_rate), (dask, dask_rate) = found["workers=2"], found["engine=dask"]
        whole.append(local / dask)
        rates.append(dask_rate / local_rate)
        trial.measured.append(f"  pair {number + 1}: local {local:.1f} s, two hosts {dask:.1f} s")
    for name, ratios in (("the whole command", whole), ("runs a second while it runs", rates)):
        told = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        trial.measured.append(f"two hosts with a worker each against engine=local workers=2, {name}: {told}")


# --- jobs of a queue -------------------------------------------------------------------------------------------------

_SLURM = """\
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
_JOBS = ("engine=slurm", "engine.jobs=2", "engine.cores=1", "engine.walltime=00:10:00")


@functools.cache
def _slurm(place: Path) -> None:
    """Start a Slurm of one node, with all that it has in one folder."""
    place.mkdir(mode=0o755)
    for name in ("state", "spool"):
        (place / name).mkdir()
    (place / "munge.key").write_bytes(os.urandom(1024))
    (place / "munge.key").chmod(0o400)
    host = socket.gethostname().split(".")[0]
    (place / "slurm.conf").write_text(_SLURM.format(host=host, place=place, cores=os.cpu_count()), encoding="utf-8")
    os.environ["SLURM_CONF"] = str(place / "slurm.conf")
    munge = [f"--{name.replace('_', '-')}={place}/munge.{name.split('_')[0]}" for name in ("key_file", "pid_file")]
    munge += [f"--log-file={place}/munge.log", f"--seed-file={place}/munge.seed", f"--socket={place}/munge.socket"]
    for line in (["munged", "--force", "--foreground", *munge], ["slurmctld", "-D"], ["slurmd", "-D", "-N", host]):
        with (place / f"{line[0]}.said").open("w", encoding="utf-8") as said:
            subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        if line[0] == "munged":
            wait_for(lambda: (place / "munge.socket").exists(), "munged")
    wait_for(lambda: "idle" in _answer("sinfo", "-h", "-o", "%T"), "Slurm")


def _answer(*words: str) -> str:
    return subprocess.run(words, capture_output=True, text=True, encoding="utf-8").stdout


def _queue() -> list[str]:
    """The jobs that the queue holds."""
    return _answer("squeue", "-h", "-o", "%i", "-t", "PENDING,RUNNING").split()


def slurm(trial: Trial) -> None:
    """Make the study in jobs of a Slurm: undisturbed, a job taken away, the command interrupted, the command killed."""
    _slurm(trial.place / "slurm")
    row, folder = trial.row("jobs of Slurm, undisturbed"), trial.fresh()
    row.tried += 1
    trial.judge(row, folder, set(), trial.ended(trial.start(folder, *_JOBS)))
    row.expect(wait_for(lambda: not _queue(), "the queue is empty") < 60, "jobs stayed")

    row, folder = trial.row("a job taken away (scancel)"), trial.fresh()
    job = trial.start(folder, *_JOBS)
    trial.moment(job, folder)
    if jobs := _queue():
        _do(f"scancel {trial.random.choice(jobs)}")
    row.tried += 1
    trial.judge(row, folder, set(), trial.ended(job))

    for fault, sent, code in (
        ("Ctrl-C, jobs taken back, study typed again", signal.SIGINT, 130),
        ("command killed, study typed again in Slurm", signal.SIGKILL, -signal.SIGKILL),
    ):
        row, folder = trial.row(fault), trial.fresh()
        job = trial.start(folder, *_JOBS)
        trial.moment(job, folder)
        send(job, sent)
        ended = trial.ended(job)
        row.tried += 1
        row.expect(ended.code in (0, code) and "Traceback" not in ended.said, f"ended with {ended.code}:\n{ended.said}")
        before, waited = kept(folder), wait_for(lambda: not _queue(), "the queue is empty", 900)
        trial.measured.append(f"{fault}: the queue was empty after {waited:.0f} s")
        trial.judge(row, folder, before, trial.ended(trial.start(folder, *_JOBS)))


# --- all of it -------------------------------------------------------------------------------------------------------

TRIALS: dict[str, Callable[[Trial], None]] = {
    "same": same,
    "joins": joins,
    "worker_killed": worker_killed,
    "power_cut": power_cut,
    "cut_off": cut_off,
    "cut_and_back": cut_and_back,
    "scheduler_killed": scheduler_killed,
    "interrupted": interrupted,
    "command_killed": command_killed,
    "other_version": other_version,
    "efficiency": efficiency,
    "slurm": slurm,
}
"""The trials by the name by which ``only=`` chooses them."""
_ONCE = ("same", "efficiency")
_SELDOM = ("cut_off", "cut_and_back", "scheduler_killed", "slurm")
"""Those that wait long for a silence to be noticed, and so are made half as often."""


def tried(trial: Trial, names: Sequence[str]) -> list[Row]:
    """The rows of all trials that were asked for."""
    trial.prepare()
    for name in names:
        told = len(trial.table)
        for _ in range(1 if name in _ONCE else (trial.tries + 1) // 2 if name in _SELDOM else trial.tries):
            TRIALS[name](trial)
        print("\n".join(as_lines([*trial.table.values()][told:])[1:]), file=sys.stderr, flush=True)
    return list(trial.table.values())


def lacking(names: Sequence[str]) -> str:
    """What this machine lacks for the trials, or an empty text."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "hosts are namespaces of Linux: only root can make them"
    wanted = _TOOLS | (_QUEUE if "slurm" in names else {})
    if missing := {package for tool, package in wanted.items() if not shutil.which(tool)}:
        more = (
            ""
            if missing <= {*_TOOLS.values()}
            else f"; or leave Slurm out: only={','.join(n for n in TRIALS if n != 'slurm')}"
        )
        return f"install {', '.join(sorted(missing))}{more}"
    if not find_spec("distributed"):
        return "install the packages for clusters: pip install '.[cluster]'"
    return ""


def main(arguments: Sequence[str]) -> int:
    """Try and print what came of it; returns 1 if anything was lost, changed or wrong, 2 if nothing could be tried."""
    settings = settings_of(arguments, {"tries": 10, "seed": 1}, {"tries": 1, "seed": 0}, list(TRIALS))
    fault = settings if isinstance(settings, str) else lacking(settings[1])
    if isinstance(settings, str) or fault:
        print(fault, file=sys.stderr)
        return 2
    if _INSIDE not in os.environ:
        return _enter(arguments)
    numbers, names = settings
    for name in ("asyncio", "distributed"):  # they mind that hosts go
        logging.getLogger(name).setLevel(logging.CRITICAL)
    trial = Trial(Path(os.environ[_INSIDE]), numbers["seed"], numbers["tries"])
    rows = tried(trial, names)
    print("\n".join([*as_lines(rows), "", *trial.measured]))
    return int(any(map(harmed, rows)))


def _enter(arguments: Sequence[str]) -> int:
    """Do it in namespaces of its own, in a folder of its own, of which nothing is left."""
    compile_all()
    place = Path(tempfile.mkdtemp(prefix="hosts-"))
    place.chmod(0o755)
    spaces = ["unshare", "--net", "--pid", "--mount", "--fork", "--kill-child", "--mount-proc"]
    inside = subprocess.Popen(
        [*spaces, sys.executable, "-m", "tools.hosts", *arguments], cwd=ROOT, env={**os.environ, _INSIDE: str(place)}
    )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return inside.wait()
    except KeyboardInterrupt:
        return 130
    finally:
        inside.kill()  # and the kernel all that it started
        inside.wait()
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
