"""How fast this tree is beside commit c6712cd: ratios of pairs, each of the two measured in turn on one scenario.

  python -m tests.bench.pairs --base PATH       a worktree of c6712cd: git worktree add PATH c6712cd
  python -m tests.bench.pairs --base PATH --only study,run --times 3
  python -m tests.bench.pairs --base PATH --keep          also add the figures to docs/benchmarks/pairs.json

Both simulate what c6712cd simulated (c6712cd.yaml), each in processes and a compile cache of its own. Ratios are of CPU
time, or of waiting where it says so; above 1 this tree is faster, or smaller.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import psutil
import yaml

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
STORED = ROOT / "docs" / "benchmarks" / "pairs.json"
HEADLINE = ["study=privacy_switch", "replications=2"]
REPORTED = ["study=privacy_switch", "replications=12"]
APART = ["study=sweep", "uncertain=none", "replications=100", "arm=none", "combat.money=0.15"]


@dataclass
class Side:
    """A tree with the words that make its scenario, its compile cache, and a process that measures."""

    tree: Path
    words: list[str]
    held: list[str]  # for studies, whose parameters are drawn unless they are held
    work: Path
    cache: Path
    process: "subprocess.Popen[str] | None" = field(default=None, repr=False)

    def environment(self, cache: Path | None = None) -> dict[str, str]:
        """Return the environment of its processes."""
        return os.environ | {"PYTHONPATH": str(self.tree), "XDG_CACHE_HOME": str(cache or self.cache)}

    def ask(self, *request: Any, anew: bool = False) -> dict[str, float]:
        """Ask its process, or a new one, to measure something (`tests.bench.side`)."""
        if self.process is None or anew:
            self.end()
            command, pipe = [sys.executable, str(HERE / "side.py")], subprocess.PIPE
            self.process = subprocess.Popen(
                command, stdin=pipe, stdout=pipe, encoding="utf-8", env=self.environment(), cwd=self.work
            )
        inlet, outlet = self.process.stdin, self.process.stdout
        assert inlet and outlet
        print(json.dumps(request), file=inlet, flush=True)
        found: dict[str, float] = json.loads(outlet.readline())
        return found

    def end(self) -> None:
        """End its process."""
        if self.process is not None:
            self.process.communicate()
            self.process = None

    def study(self, words: Iterable[str]) -> list[str]:
        """Return the words of a study of its scenario."""
        return [*words, *self.words, *self.held]

    def command(self, *words: str) -> dict[str, float]:
        """Run the command of studies to its end: CPU seconds of all processes, of waiting, and its runs a second."""
        command = [sys.executable, "-m", "experiments", *words]
        with tempfile.TemporaryFile() as said:
            before, process = time.perf_counter(), self._begin(command, said)
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            waited = time.perf_counter() - before
            said.seek(0)
            text = said.read().decode()
        if process.returncode:
            raise RuntimeError(f"{self.tree}: {' '.join(command)}\n{text[-2000:]}")
        rates = re.findall(r"([\d.,]+) ?runs/s", text)
        rate = {"runs": float(rates[-1].replace(",", ""))} if rates else {}
        return {"seconds": used.ru_utime + used.ru_stime, "waited": waited} | rate

    def _begin(self, command: list[str], said: IO[bytes], cache: Path | None = None) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            command, stdout=said, stderr=said, env=self.environment(cache), cwd=self.work, process_group=0
        )

    def first_run(self, cache: Path | None = None) -> dict[str, float]:
        """Return CPU seconds, and those of waiting, from the command of the headline study to its first stored runs."""
        with tempfile.TemporaryDirectory(dir=self.work) as place, tempfile.TemporaryFile() as said:
            folder = Path(place) / "study"
            words = [*self.study(HEADLINE), f"folder={folder}", "workers=2", "chunk=1"]
            before = time.perf_counter()
            process = self._begin([sys.executable, "-m", "experiments", *words], said, cache)
            try:
                while not any(folder.glob("parts/*.parquet")):
                    if process.poll() is not None:
                        said.seek(0)
                        raise RuntimeError(said.read().decode()[-2000:])
                    time.sleep(0.01)
                waited = time.perf_counter() - before
            finally:
                used = _end_all(process)
        return {"seconds": used, "waited": waited}


def _end_all(process: "subprocess.Popen[bytes]") -> float:
    """End a command and its workers, and return the CPU seconds that they have used."""
    parent = psutil.Process(process.pid)
    every = [*parent.children(recursive=True), parent]
    used = sum(sum(one.cpu_times()[:4]) for one in every if one.is_running())  # their own, and of children that ended
    for one in reversed(every):
        with suppress(psutil.NoSuchProcess):
            one.kill()
    process.wait()
    psutil.wait_procs(every, timeout=10)
    return used


def cache_folder() -> Path:
    """Return where compiled code is kept."""
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))


def sides(base: Path, work: Path, caches: Path) -> tuple[Side, Side]:
    """Return both sides, with the files that today's lacks of c6712cd's scenario laid into a folder of its own."""
    asked = yaml.safe_load((HERE / "c6712cd.yaml").read_text(encoding="utf-8"))
    own = work / "conf"
    for name, more in asked["files"].items():
        (own / name).parent.mkdir(parents=True, exist_ok=True)
        text = (base / "conf" / name).read_text(encoding="utf-8")
        (own / name).write_text(f"{text}{more}\n", encoding="utf-8")
    held = [f"{name}={value}" for name, value in asked["held"].items()]
    for name in ("base", "today"):
        (work / name).mkdir()
    words = [f"config_dir={own}", *asked["words"]]
    return (
        Side(base, [], [], work / "base", caches / "base"),
        Side(ROOT, words, held, work / "today", caches / "today"),
    )


# --- what is measured ------------------------------------------------------------------------------------------------


def _study(side: Side, turn: int) -> dict[str, float]:
    return side.ask("study", *side.study(HEADLINE))


def _apart(side: Side, turn: int) -> dict[str, float]:
    return side.ask("study", *side.study(APART))


def _run(side: Side, turn: int) -> dict[str, float]:
    return side.ask("run", *side.words, *side.held)


def _million(side: Side, turn: int) -> dict[str, float]:
    return side.ask("large", 1_000_000, *side.words, *side.held, anew=True)


def _command(side: Side, turn: int) -> dict[str, float]:
    return side.command(*side.study(HEADLINE), f"folder=command{turn}", "workers=2", "--no-brief", "--no-figures")


def _reported(side: Side) -> list[str]:
    """Return the words of a study of twelve replications, which has been run and reported."""
    words = [*side.study(REPORTED), "folder=reported", "workers=2"]
    if not (side.work / "reported" / "runs.parquet").exists():
        side.command(*words)
    return words


def _report(side: Side, turn: int) -> dict[str, float]:
    _reported(side)
    return side.command("report", "reported", f"folder=report{turn}")


def _again(side: Side, turn: int) -> dict[str, float]:
    return side.command(*_reported(side))


def _warm(side: Side, turn: int) -> dict[str, float]:
    return side.first_run()


def _cold(side: Side, turn: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(dir=side.work) as cache:
        return side.first_run(Path(cache))


type Measure = Callable[[Side, int], dict[str, float]]
MEASURES: dict[str, tuple[str, Measure]] = {
    "study": ("headline study, one worker, a run", _study),
    "apart": ("runs that share no past, one worker, a run", _apart),
    "run": ("default run", _run),
    "million": ("1,000,000 donors", _million),
    "command": ("headline study, the command on two workers", _command),
    "report": ("report of 12 replications, anew", _report),
    "again": ("the same command again, nothing changed", _again),
    "warm": ("warm start: command to first stored runs", _warm),
    "cold": ("cold start: the same with nothing compiled", _cold),
}
RISES = ("runs",)
"""Figures of which more is better."""


def measure(name: str, pair: tuple[Side, Side], times: int) -> dict[str, dict[str, float]]:
    """Measure both sides in turn, now one first, now the other; print and return ratios and the figures of today."""
    label, ask = MEASURES[name]
    found: list[tuple[dict[str, float], dict[str, float]]] = []
    for side in pair:
        (ask if ask in (_study, _apart) else _run)(side, -1)  # compiles and loads
    for turn in range(times):
        both = {number: ask(pair[number], turn) for number in ((0, 1) if turn % 2 else (1, 0))}
        found.append((both[0], both[1]))
    for side in pair:
        side.end()
    figures: dict[str, dict[str, float]] = {}
    for key in sorted(found[0][0].keys() & found[0][1].keys()):
        base, today = [one[0][key] for one in found], [one[1][key] for one in found]
        ratios = [b / a if key not in RISES else a / b for b, a in zip(base, today, strict=True)]
        figures[f"{name}_{key}"] = {
            "median": statistics.median(ratios), "least": min(ratios), "most": max(ratios), "times": times,
            "base": statistics.median(base), "today": statistics.median(today),
        }  # fmt: skip
        span = f"{statistics.median(ratios):6.2f} ({min(ratios):.2f} to {max(ratios):.2f}, {times} pairs)"
        ends = f"{statistics.median(base):.4g} -> {statistics.median(today):.4g}"
        print(f"  {label:<50}{key:<9}{span}   {ends}", flush=True)
    return figures


def main() -> None:
    """Print the pairs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--base", type=Path, required=True, help="a worktree of c6712cd")
    parser.add_argument("--only", default=",".join(MEASURES), help="some of the measures, by name")
    parser.add_argument("--times", type=int, default=5, help="pairs of each")
    parser.add_argument("--keep", action="store_true", help="add the figures to docs/benchmarks/pairs.json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        pair = sides(options.base.resolve(), Path(work), cache_folder() / "pairs")
        for name in options.only.split(","):
            figures = measure(name, pair, options.times)
            if options.keep:
                there = json.loads(STORED.read_text(encoding="utf-8")) if STORED.exists() else {}
                STORED.write_text(json.dumps(there | figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
