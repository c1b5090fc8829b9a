"""``make bench``: how fast the model runs and what it holds, as rates and ratios measured in one go.

Nothing here is asserted: machines differ, and a noisy one tells nothing about the code. Compare ratios, not seconds.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sim.configuration import load
from sim.model import WEEK, Model, Phase
from sim.scenario import Scenario


def seconds(work: Callable[[], object]) -> float:
    """How long a call takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def spread(times: list[float]) -> str:
    """Median and range of some times, in milliseconds."""
    low, middle, high = (1e3 * value for value in (min(times), statistics.median(times), max(times)))
    return f"{middle:8.1f} ms  ({low:.1f} .. {high:.1f}, {len(times)} times)"


def peak() -> int:
    """Most memory that this process has held, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss begins at what the parent held
        return 1024 * int(next(line for line in status.read_text().splitlines() if line.startswith("VmHWM")).split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def default_run(scenario: Scenario, times: int = 15) -> Iterator[str]:
    """The default run: set-up and all weeks, figures apart."""
    setting_up, whole = [], []
    for _ in range(times):
        begin = time.perf_counter()
        model = Model(scenario)
        setting_up.append(time.perf_counter() - begin)
        model.run()
        whole.append(time.perf_counter() - begin)
    donor_weeks = scenario.population.donors * scenario.horizon.weeks
    yield f"default run                {spread(whole)}"
    yield f"  of that, set-up          {spread(setting_up)}"
    yield f"  per donor-week           {1e9 * statistics.median(whole) / donor_weeks:8.1f} ns"


def by_phase(scenario: Scenario) -> Iterator[str]:
    """Share of the weeks' time by phase."""
    spent = dict.fromkeys((phase.name for phase in WEEK), 0.0)

    class Timed(Model):  # type: ignore[no-untyped-call]  # of Mesa's __init_subclass__
        """A model that notes how long each phase takes."""

        def run_phase(self, phase: Phase, arguments: list[Any]) -> None:
            spent[phase.name] += seconds(lambda: phase.rule(*arguments))

    total = seconds(Timed(scenario).run)
    for name, took in spent.items():
        yield f"  {name:<25}{100 * took / total:8.1f} %"
    yield f"  {'between phases':<25}{100 * (1 - sum(spent.values()) / total):8.1f} %"


def population(donors: int) -> None:
    """One run of so many donors in this process; prints seconds of set-up, seconds of the run, bytes a donor."""
    Model(load()).run()
    scenario = load(f"population.donors={donors}")
    before = peak()
    begin = time.perf_counter()
    model = Model(scenario)
    ready = time.perf_counter()
    model.run()
    end = time.perf_counter()
    print(ready - begin, end - ready, (peak() - before) / donors)


def populations(sizes: list[int], weeks: int) -> Iterator[str]:
    """Larger populations, each in a process of its own, so that memory is its own."""
    for donors in sizes:
        code = f"from sim.bench import population; population({donors})"
        words = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
        setting_up, run, held = (float(word) for word in words)
        each = 1e9 * (setting_up + run) / donors / weeks
        yield (
            f"{donors:>11,} donors        {setting_up + run:8.2f} s   (set-up {setting_up:.2f} s)  "
            f"{each:5.1f} ns a donor-week  {held:5.0f} bytes a donor"
        )


def start_up() -> Iterator[str]:
    """Commands that only speak, and a compilation from nothing."""
    help_ = [sys.executable, "-m", "sim", "--help"]
    yield f"--help                     {spread([seconds(lambda: _quiet(help_)) for _ in range(5)])}"
    with tempfile.TemporaryDirectory() as folder:
        code = "from sim.configuration import load; from sim.model import Model; Model(load()).run()"
        run = [sys.executable, "-c", code]
        cold, warm = (seconds(lambda: _quiet(run, XDG_CACHE_HOME=folder)) for _ in range(2))
    yield f"cold compile               {cold:8.1f} s   (from the cache afterwards: {warm:.1f} s, imports included)"


def _quiet(command: list[str], **environment: str) -> None:
    subprocess.run(command, env=os.environ | environment, capture_output=True, check=True)


def main() -> None:
    """Print the bench."""
    parser = argparse.ArgumentParser(prog="python -m sim.bench", description=__doc__)
    parser.add_argument("--large", action="store_true", help="10 million donors as well (some 1.5 GB, half a minute)")
    large = parser.parse_args().large
    scenario = load()
    Model(scenario).run()
    print(f"{scenario.population.donors:,} donors x {scenario.horizon.weeks} weeks, one core")
    for lines in (
        default_run(scenario),
        by_phase(scenario),
        populations([10_000, 100_000, 1_000_000, *([10_000_000] if large else [])], scenario.horizon.weeks),
        start_up(),
    ):
        for line in lines:
            print(line, flush=True)


if __name__ == "__main__":
    main()
