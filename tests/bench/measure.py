"""``make bench``: how fast the model runs and what it holds, side by side in one go.

  make bench                    all of it: a quarter of an hour on two cores
  make bench ARGS=--quick       without the large populations, the long study and the twin at 100,000 donors
  make bench ARGS=--keep        also stores the figures as docs/benchmarks/VERSION.json and draws their history

Nothing here is asserted: machines differ, and a busy one shows nothing of the code. Compare ratios, not seconds.
"""

import argparse
import itertools
import json
import math
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from unittest.mock import patch

import psutil

from experiments.study.cli import settings_and_plan
from experiments.study.executors import local, stop
from experiments.study.runner import Progress, run_missing
from experiments.study.store import Folder
from sim.compilation import compile_all
from sim.config import load
from sim.engine.jit import rule
from sim.engine.rng import gumbel, uniform
from sim.model import Model
from sim.output.provenance import commit, model_version
from sim.rules.world import World
from sim.run import Run
from sim.scenario import Scenario
from sim.week import PHASES
from tests import twin
from tests.twin import philox

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "docs" / "benchmarks"


@dataclass
class Figures:
    """The figures by name: median, least and most of some repetitions; each is printed when it is measured."""

    all: dict[str, dict[str, float]] = field(default_factory=dict)

    def note(self, name: str, values: Sequence[float], label: str, unit: str = "", digits: int = 1) -> None:
        """Store a figure under a name, and print it."""
        low, median, high = min(values), statistics.median(values), max(values)
        self.all[name] = {"median": median, "least": low, "most": high, "times": len(values)}
        span = f"   ({low:,.{digits}f} to {high:,.{digits}f}, {len(values)} times)" if len(values) > 1 else ""
        print(f"  {label:<46}{median:>10,.{digits}f} {unit}{span}", flush=True)


def seconds(work: Callable[[], object]) -> float:
    """How long a call takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def against_the_twin(figures: Figures, donors: int, times: int) -> None:
    """Whole runs, set-up and all weeks, of the model and of its plain twin in turn."""
    scenario = load(f"population.donors={donors}")
    blocks, rows = _blocks(scenario), []
    for _ in range(times):
        model = statistics.median(seconds(lambda: Model(scenario).run()) for _ in range(5))
        set_up = statistics.median(seconds(lambda: Model(scenario)) for _ in range(5))
        plain = seconds(lambda: twin.run(scenario))
        drawing = blocks * statistics.median(_nanoseconds(_plain_block, 5_000) for _ in range(15)) / 1e9
        shares = (100.0 * drawing / plain, plain / model, (plain - drawing) / model)
        rows.append((1e3 * model, 1e3 * set_up, plain, *shares))
    labels = (
        ("run", f"{donors:,} donors: the model", "ms", 1),
        ("set_up", "of that, set-up", "ms", 1),
        ("twin", "the twin", "s", 1),
        ("philox", "of that, Philox in Python", "%", 0),
        ("ratio", "ratio", "", 0),
        ("bare", "ratio, without the twin's Philox", "", 0),
    )
    for (name, label, unit, digits), values in zip(labels, zip(*rows, strict=True), strict=True):
        figures.note(f"{name}_{donors}", values, label, unit, digits)


def _blocks(scenario: Scenario) -> int:
    """How many blocks of Philox the twin draws in a run (of at most 10,000 donors; beyond, in proportion)."""
    donors, drawn, real = scenario.population.donors, itertools.count(), philox.philox

    def counted(*counter: int) -> tuple[int, int, int, int]:
        next(drawn)
        return real(*counter)

    few = load(f"population.donors={min(donors, 10_000)}")
    with patch.object(philox, "philox", counted):
        twin.run(few)
    return next(drawn) * donors // few.population.donors


def _plain_block(times: int) -> None:
    for n in range(times):
        philox.uniforms(1, 3, n, 7)


def _plain_gumbel(times: int) -> None:
    for n in range(times):
        -math.log(-math.log((n + 0.5) / times))


@rule
def _compiled_block(times: int) -> float:
    total = 0.0
    for n in range(times):
        total += uniform(1, 3, n, 7)
    return total


@rule
def _compiled_gumbel(times: int) -> float:
    total = 0.0
    for n in range(times):
        total += gumbel((n + 0.5) / times)
    return total


def _nanoseconds(work: Callable[[int], object], times: int) -> float:
    return 1e9 * seconds(lambda: work(times)) / times


def arithmetic(figures: Figures) -> None:
    """What a run is made of: a block of Philox and a Gumbel variate, compiled and in Python."""
    for name, label, compiled, plain in (
        ("block", "a block of Philox", _compiled_block, _plain_block),
        ("gumbel", "a Gumbel variate (two logarithms)", _compiled_gumbel, _plain_gumbel),
    ):
        compiled(10)
        fast = [_nanoseconds(compiled, 300_000) for _ in range(7)]
        slow = [_nanoseconds(plain, 30_000) for _ in range(7)]
        figures.note(f"{name}_compiled", fast, f"{label}, compiled", "ns")
        figures.note(f"{name}_plain", slow, f"{label}, Python", "ns", 0)


@rule
def nothing(world: World) -> None:
    """Do nothing, for what a call costs."""


def by_phase(figures: Figures, scenario: Scenario, times: int = 7) -> None:
    """Share of a run's weeks by phase: each called alone, less what a call costs, scaled to what all take as one."""
    took = defaultdict[str, float](float)

    class Timed(Run):
        """A run that notes how long each phase takes, and one that does nothing."""

        def _simulate(self, until: int) -> None:
            self.grow_ledger(len(self.order))
            for week in range(self.simulated, until):
                world = self.world(week)
                for phase in (*PHASES, nothing):
                    took[phase.__name__] += seconds(partial(phase, world))
            self.simulated = until

    Timed(scenario).run()  # compiles what is called alone
    shares = defaultdict[str, list[float]](list)
    for _ in range(times):
        took.clear()
        timed, plain, idle = Timed(scenario), Run(scenario), Run(scenario)
        timed.run()
        with patch.object(idle, "_simulate", partial(setattr, idle, "simulated")):  # events and calls are left
            rest = 100.0 * seconds(partial(idle.advance, scenario.horizon.weeks)) / seconds(plain.run)
        bare = {phase.__name__: max(0.0, took[phase.__name__] - took["nothing"]) for phase in PHASES}
        for name, value in bare.items():
            shares[name].append((100.0 - rest) * value / sum(bare.values()))
        shares["rest"].append(rest)
    for name, values in shares.items():
        figures.note(f"phase_{name}", values, "events and calls" if name == "rest" else f"phase {name}", "%")


def population(donors: int) -> None:
    """One run of so many donors in this process; prints seconds of set-up, seconds of the run, bytes a donor, peak."""
    Model(load()).run()
    scenario = load(f"population.donors={donors}")
    before = peak()
    begin = time.perf_counter()
    model = Model(scenario)
    ready = time.perf_counter()
    model.run()
    end = time.perf_counter()
    print(ready - begin, end - ready, (peak() - before) / donors, peak() / 1e9)


def peak() -> int:
    """Most memory that this process has held, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss begins at what the parent held
        return 1024 * int(re.findall(r"VmHWM:\s*(\d+)", status.read_text(encoding="utf-8"))[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def large(figures: Figures, donors: int) -> None:
    """A large population in a process of its own, so that memory is its own."""
    code = f"from tests.bench.measure import population; population({donors})"
    done = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, encoding="utf-8")
    set_up, run, held, most = map(float, done.split())
    figures.note(f"large_{donors}", [set_up + run], f"{donors:,} donors, {load().horizon.weeks} weeks", "s")
    figures.note(f"large_{donors}_set_up", [set_up], "of that, set-up", "s")
    figures.note(f"large_{donors}_bytes", [held], "bytes a donor", "", 0)
    figures.note(f"large_{donors}_peak", [most], "most memory, in all", "GB", 2)


def twin_of_a_million(figures: Figures) -> None:
    """What the twin would take at a million donors, straight from what it took at 10,000 and 100,000."""
    small, big = (figures.all[f"twin_{donors}"]["median"] for donors in (10_000, 100_000))
    figures.note("twin_1000000", [big + (big - small) * 10], "the twin, extrapolated from 10,000 and 100,000", "s", 0)
    ratio = figures.all["twin_1000000"]["median"] / figures.all["large_1000000"]["median"]
    figures.note("ratio_1000000", [ratio], "ratio", "", 0)


# --- studies ---------------------------------------------------------------------------------------------------------


def study(words: list[str], workers: int, watch: Callable[[Progress], None] = lambda progress: None) -> float:
    """Runs a second of a study in a new folder, stored as always; the start of the workers is not counted."""
    with tempfile.TemporaryDirectory() as folder:
        settings, plan = settings_and_plan([*words, f"folder={folder}/study", f"workers={workers}"])
        executor = local(workers)
        list(executor.map(_warm, range(4 * workers)))
        begin = time.perf_counter()
        with (store := Folder(settings.where)).opened(settings.study, plan.version):
            progress = run_missing(
                plan, store, lambda: executor, workers, settings.chunk, lambda new, progress: watch(progress)
            )
            rate = progress.finished / (time.perf_counter() - begin)
        stop(executor)
    if progress.failed:
        raise RuntimeError(f"{progress.failed} runs failed")
    return rate


def _warm(_: int) -> None:
    Model(load("population.donors=200")).run()
    time.sleep(0.2)  # so that each worker gets some


HEADLINE = ["study=privacy_switch", "replications=4"]
APART = ["study=sweep", "uncertain=none", "replications=400", "combat.money=0.15"]


def studies(figures: Figures, times: int) -> None:
    """Runs a second: of the headline study, whose runs share their pasts, and of runs that share nothing."""
    for name, words, label in (("study", HEADLINE, "headline study"), ("apart", APART, "runs that share no past")):
        pairs = [(study(words, 1), study(words, 2)) for _ in range(times)]
        one, two = zip(*pairs, strict=True)
        figures.note(f"{name}_1", one, f"{label}, 1 worker", "runs/s")
        figures.note(f"{name}_2", two, f"{label}, 2 workers", "runs/s")
        figures.note(f"{name}_scaling", [second / first for first, second in pairs], "two against one", "", 2)


def long_study(figures: Figures) -> None:
    """Memory of parent and workers over 20,000 runs: from a twentieth to an eighth of them, and in the last tenth."""
    held: list[tuple[int, float, float]] = []
    rate = study([HEADLINE[0], "replications=52"], 2, lambda progress: held.append((progress.finished, *_memory())))
    runs = held[-1][0]
    figures.note("long_rate", [rate], f"{runs:,} runs in a row", "runs/s")
    for place, who in ((1, "parent"), (2, "workers")):
        for when, first, last in (("early", 0.05, 0.125), ("late", 0.9, 1.0)):
            values = [one[place] for one in held if first * runs <= one[0] <= last * runs]
            figures.note(f"long_{who}_{when}", values, f"memory, {who}, {when}", "MB", 0)


def _memory() -> tuple[float, float]:
    """Memory held now by this process, and by the largest of its children, in MB."""
    this = psutil.Process()
    held = [0.0]
    for child in this.children():
        with suppress(psutil.NoSuchProcess):  # it has just ended
            held.append(child.memory_info().rss / 1e6)
    return this.memory_info().rss / 1e6, max(held)


# --- commands --------------------------------------------------------------------------------------------------------


def commands(figures: Figures) -> None:
    """Start of commands, and a compilation from nothing."""
    for name in ("sim", "experiments"):
        times = [1e3 * seconds(partial(_quiet, [sys.executable, "-m", name, "--help"])) for _ in range(5)]
        figures.note(f"help_{name}", times, f"python -m {name} --help", "ms", 0)
    with tempfile.TemporaryDirectory() as folder:
        code = "from sim.config import load; from sim.model import Model; Model(load()).run()"
        run = [sys.executable, "-c", code]
        cold = seconds(lambda: _quiet(run, XDG_CACHE_HOME=folder))
        warm = [seconds(lambda: _quiet(run, XDG_CACHE_HOME=folder)) for _ in range(3)]
    figures.note("cold", [cold], "first run of all, with compilation", "s")
    figures.note("warm", warm, "every later first run of a process", "s")


def _quiet(command: list[str], **environment: str) -> None:
    subprocess.run(command, env=os.environ | environment, capture_output=True, check=True, cwd=ROOT)


# --- all of it -------------------------------------------------------------------------------------------------------


def machine() -> str:
    """The machine in words."""
    cores = os.cpu_count() or 1
    return f"{cores} cores, {platform.machine()}, {platform.system()}, CPython {platform.python_version()}"


def measure(quick: bool) -> Figures:
    """Measure, and print as it goes."""
    figures, scenario = Figures(), load()
    compile_all()
    Model(scenario).run()
    print(f"Version {model_version()} on {machine()}; {scenario.horizon.weeks} weeks; times are of this machine only\n")
    print("What a run is made of")
    arithmetic(figures)
    by_phase(figures, scenario)
    print("Whole runs against the plain twin")
    against_the_twin(figures, 1_000, 7)
    against_the_twin(figures, 10_000, 3 if quick else 5)
    if not quick:
        against_the_twin(figures, 100_000, 3)
    print("Large populations")
    large(figures, 1_000_000)
    if not quick:
        twin_of_a_million(figures)
        large(figures, 10_000_000)
    print("Studies, store included")
    studies(figures, 1 if quick else 3)
    if not quick:
        long_study(figures)
    print("Commands")
    commands(figures)
    return figures


def keep(figures: Figures) -> Path:
    """Write the figures of this version."""
    KEPT.mkdir(exist_ok=True)
    file = KEPT / f"{model_version()}.json"
    rounded = {name: {key: float(f"{value:.4g}") for key, value in one.items()} for name, one in figures.all.items()}
    head, dirty = commit()
    code = f"{(head or '')[:10]}{' (changed)' if dirty else ''}"
    about = {"version": model_version(), "date": time.strftime("%Y-%m-%d"), "commit": code, "machine": machine()}
    file.write_text(json.dumps(about | {"figures": rounded}, indent=1) + "\n", encoding="utf-8")
    return file


def main() -> None:
    """Print the bench."""
    parser = argparse.ArgumentParser("make bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="leave out what takes long")
    parser.add_argument("--keep", action="store_true", help="store the figures in docs/benchmarks and draw the history")
    options = parser.parse_args()
    figures = measure(options.quick)
    if options.keep:
        from tests.bench.history import draw

        print(f"\nStored in {keep(figures).relative_to(ROOT)}; history in {draw().relative_to(ROOT)}")


if __name__ == "__main__":
    main()
