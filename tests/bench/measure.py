"""``make bench``: how fast the model runs and what it holds, side by side in one go.

  make bench                    all of it: a quarter of an hour on two cores
  make bench ARGS="--only twin,phases --times 1"    some parts, less often
  make bench ARGS=--keep        also stores the figures as docs/benchmarks/VERSION.json and draws their history

Beside it: python -m tests.bench.pairs (against an earlier commit), python -m tests.bench.scale (as a run grows).

Nothing here is asserted: machines differ, and a busy one shows nothing of the code. Compare ratios, not seconds.
"""

import argparse
import json
import os
import platform
import statistics
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
from sim.model import Model
from sim.output.provenance import commit, model_version
from sim.rules.world import World
from sim.runs import Run
from sim.scenario import Scenario
from sim.week import PHASES
from tests import twin
from tests.bench.pairs import ROOT, Side, cache_folder

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
    """How long a call takes, in CPU time of this process: others slow it less than they delay it."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def _whole(scenario: Scenario) -> None:
    Model(scenario).run()


def against_the_twin(figures: Figures, donors: int, times: int) -> None:
    """Whole runs, set-up and all weeks, of the model and of its plain twin in turn."""
    scenario = load(f"population.donors={donors}")
    rows = []
    for turn in range(times):
        seeds = [scenario.model_copy(update={"seed": 100 * turn + n}) for n in range(10)]  # each draws its donors
        model = statistics.median(seconds(partial(_whole, seed)) for seed in seeds[:5])
        set_up = statistics.median(seconds(partial(Model, seed)) for seed in seeds[5:])
        plain = seconds(lambda: twin.run(scenario))
        rows.append((1e3 * model, 1e3 * set_up, plain, plain / model))
    labels = (
        ("run", f"{donors:,} donors: the model", "ms", 1),
        ("set_up", "of that, set-up", "ms", 1),
        ("twin", "the twin", "s", 1),
        ("ratio", "ratio", "", 0),
    )
    for (name, label, unit, digits), values in zip(labels, zip(*rows, strict=True), strict=True):
        figures.note(f"{name}_{donors}", values, label, unit, digits)


@rule
def nothing(world: World) -> None:
    """Do nothing, for what a call costs."""


def by_phase(figures: Figures, times: int) -> None:
    """Share of a run's weeks by phase: each called alone, less what a call costs, scaled to what all take as one."""
    scenario, took = load(), defaultdict[str, float](float)

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
    for _ in range(2 * times + 1):
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


def large(figures: Figures, times: int, donors: int = 1_000_000) -> None:
    """A large population, each time in a process of its own (`tests.bench.side`), so that memory is its own."""
    with tempfile.TemporaryDirectory() as work:
        side = Side(ROOT, [], [], Path(work), cache_folder())
        rows = [side.ask("large", donors, anew=True) for _ in range(times)]
        side.end()
    for key, label, unit, digits in (("seconds", f"{donors:,} donors, CPU", "s", 2), ("bytes", "bytes a donor", "", 0)):
        name = f"large_{donors}" + ("_bytes" if key == "bytes" else "")
        figures.note(name, [row[key] for row in rows], label, unit, digits)


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
                plan, store, lambda: executor, workers, settings.chunk, lambda table, progress: watch(progress)
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


def alternatives(figures: Figures, times: int) -> None:
    """What a user would take instead, and the headline study, in turn: runs a second on two processes."""
    from tests.bench.alternatives import nearness, of_mesa, of_numpy

    rows = [(study(HEADLINE, 2), of_mesa(16), of_numpy(60)) for _ in range(times)]
    for name, place, label in (("mesa", 1, "batch_run of the twin"), ("numpy", 2, "NumPy by week")):
        figures.note(f"alternative_{name}", [row[place] for row in rows], label, "runs/s", 2)
        figures.note(f"ratio_{name}", [row[0] / row[place] for row in rows], "the study is faster by", "times", 0)
    for name, shares in nearness(8).items():
        figures.note(f"nearness_{name}", shares, f"{name} of NumPy by week, share of the model's", "", 2)


def long_study(figures: Figures, times: int) -> None:
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


# --- all of it -------------------------------------------------------------------------------------------------------


def machine() -> str:
    """The machine in words."""
    cores = os.cpu_count() or 1
    return f"{cores} cores, {platform.machine()}, {platform.system()}, CPython {platform.python_version()}"


def twins(figures: Figures, times: int) -> None:
    """Runs of three sizes against the plain twin, the large ones less often."""
    for donors in (1_000, 10_000, 100_000):
        against_the_twin(figures, donors, 2 * times - 1 if donors < 100_000 else times)


PARTS: dict[str, tuple[str, Callable[[Figures, int], None]]] = {
    "twin": ("Whole runs against the plain twin", twins),
    "phases": ("Where the time of a default run goes", by_phase),
    "large": ("A large population", large),
    "studies": ("Studies, store included", studies),
    "alternatives": ("What a user would take instead, on two processes", alternatives),
    "long": ("A long study", long_study),
}


def keep(figures: Figures) -> Path:
    """Write the figures of this version; those of its parts that were not measured now are left."""
    KEPT.mkdir(exist_ok=True)
    file = KEPT / f"{model_version()}.json"
    rounded = {name: {key: float(f"{value:.4g}") for key, value in one.items()} for name, one in figures.all.items()}
    left = json.loads(file.read_text(encoding="utf-8"))["figures"] if file.exists() else {}
    head, dirty = commit()
    code = f"{(head or '')[:10]}{' (changed)' if dirty else ''}"
    about = {"version": model_version(), "date": time.strftime("%Y-%m-%d"), "commit": code, "machine": machine()}
    file.write_text(json.dumps(about | {"figures": left | rounded}, indent=1) + "\n", encoding="utf-8")
    return file


def main() -> None:
    """Print the bench."""
    parser = argparse.ArgumentParser("make bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", default=",".join(PARTS), help="some of its parts: %(default)s")
    parser.add_argument("--times", type=int, default=3, help="repetitions")
    parser.add_argument("--keep", action="store_true", help="store the figures in docs/benchmarks and draw the history")
    options = parser.parse_args()
    compile_all()
    Model(load()).run()
    print(f"Version {model_version()} on {machine()}; times are of this machine only\n")
    figures = Figures()
    for name in options.only.split(","):
        title, part = PARTS[name]
        print(title)
        part(figures, options.times)
        if options.keep:
            file = keep(figures)
    if options.keep:
        from tests.bench.history import draw

        print(f"\nStored in {file.relative_to(ROOT)}; history in {draw().relative_to(ROOT)}")


if __name__ == "__main__":
    main()
