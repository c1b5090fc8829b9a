"""The parts of docs/speed.md, from the stored figures of the newest version (`tools.bench`)."""

import json
import operator
from typing import Any

import pandas as pd

from sim.config import CONF

GOALS = (
    ("300 times the twin at 10,000 donors", "ratio_10000", operator.ge, 300, ",.0f"),
    ("500 times the twin at 1,000,000 (extrapolated)", "ratio_1000000", operator.ge, 500, ",.0f"),
    ("1,000,000 donors x 260 weeks in 5 s", "large_1000000", operator.le, 5, ",.1f"),
    ("200 bytes a donor", "large_1000000_bytes", operator.le, 200, ",.0f"),
    ("10,000,000 donors in 4 GB", "large_10000000_peak", operator.le, 4, ",.2f"),
    ("100 runs a second of the headline study on two cores", "study_2", operator.ge, 100, ",.0f"),
    ("the same for runs that share no past", "apart_2", operator.ge, 100, ",.0f"),
    ("memory of a study flat: growth of a worker", "growth", operator.le, 0.05, ".1%"),
)


def page_parts() -> dict[str, Any]:
    """The parts by name."""
    files = (CONF.parent / "docs" / "benchmarks").glob("*.json")
    newest = max(files, key=lambda file: [int(number) for number in file.stem.split(".")])
    stored = json.loads(newest.read_text(encoding="utf-8"))
    figures = stored["figures"]
    about = f"Version {stored['version']} (commit {stored['commit']}), {stored['date']}, on {stored['machine']}."
    return {
        "bench": [about, _runs(figures), _others(figures)],
        "bench_goals": _goals(figures),
        "bench_phases": [_phases(figures), _arithmetic(figures)],
    }


def _measured(figures: dict[str, Any], name: str, digits: int = 0) -> str:
    """A figure with its range, where it was taken more than once."""
    one = figures[name]
    low, median, high = (f"{one[key]:,.{digits}f}" for key in ("least", "median", "most"))
    return f"{median} ({low} to {high}, {one['times']} times)" if one["times"] > 1 else median


def _runs(figures: dict[str, Any]) -> pd.DataFrame:
    lines = []
    for donors in (1_000, 10_000, 100_000):
        times = [_measured(figures, f"{name}_{donors}", 1) for name in ("run", "twin")]
        ratios = [_measured(figures, f"{name}_{donors}") for name in ("ratio", "bare")]
        lines.append((f"{donors:,}", *times, *ratios))
    took, twin = figures["large_1000000"]["median"], figures["twin_1000000"]["median"]
    ratio = _measured(figures, "ratio_1000000")
    lines.append(("1,000,000", f"{1e3 * took:,.0f}", f"{twin:,.0f} (extrapolated)", ratio, ""))
    heads = "donors | the model, ms | the twin, s | ratio | ratio without the twin's Philox"
    return pd.DataFrame(lines, columns=heads.split(" | "))


def _others(figures: dict[str, Any]) -> pd.DataFrame:
    """Everything else that is measured once for a version."""
    lines = {"set-up of a default run, of 10,000 donors": f"{_measured(figures, 'set_up_10000', 1)} ms"}
    for donors in (1_000_000, 10_000_000):
        took, held, most = (figures[f"large_{donors}{name}"]["median"] for name in ("", "_bytes", "_peak"))
        words = f"{took:,.1f} s, {held:,.0f} bytes a donor, {most:,.2f} GB in all"
        lines[f"{donors:,} donors, 260 weeks"] = words
    for name, label in (("study", "headline study (4 replications)"), ("apart", "runs that share no past")):
        for workers in ("1 worker", "2 workers"):
            rate = _measured(figures, f"{name}_{workers[0]}")
            lines[f"{label}, store included, {workers}"] = f"{rate} runs a second"
    early, late = (figures[f"long_workers_{when}"]["median"] for when in ("early", "late"))
    lines["memory of a worker over a long study, early and late"] = f"{early:,.0f} MB, {late:,.0f} MB"
    lines["`python -m sim --help`"] = f"{_measured(figures, 'help_sim')} ms"
    lines["first run of all, with compilation"] = f"{_measured(figures, 'cold')} s"
    lines["every later first run of a process"] = f"{_measured(figures, 'warm', 1)} s"
    return pd.DataFrame(lines.items(), columns=["what", "measured"])


def _goals(figures: dict[str, Any]) -> pd.DataFrame:
    values = {name: float(one["median"]) for name, one in figures.items()}
    values["growth"] = values["long_workers_late"] / values["long_workers_early"] - 1.0
    lines = []
    for goal, name, meets, limit, form in GOALS:
        lines.append((goal, f"{values[name]:{form}}", "yes" if meets(values[name], limit) else "no"))
    return pd.DataFrame(lines, columns=["goal", "measured", "met"])


def _phases(figures: dict[str, Any]) -> pd.DataFrame:
    names = [name for name in figures if name.startswith("phase_")]
    labels = [f"`{name.removeprefix('phase_')}`" for name in names]
    labels = ["clock and events (Mesa)" if label == "`rest`" else label for label in labels]
    shares = [f"{_measured(figures, name, 1)} %" for name in names]
    return pd.DataFrame({"phase": labels, "share of the weeks' time": shares})


def _arithmetic(figures: dict[str, Any]) -> pd.DataFrame:
    lines = []
    for name, label in (
        ("block", "a block of Philox (ten rounds)"),
        ("gumbel", "a Gumbel variate (two logarithms)"),
    ):
        ratio = figures[f"{name}_plain"]["median"] / figures[f"{name}_compiled"]["median"]
        compiled, plain = _measured(figures, f"{name}_compiled", 1), _measured(figures, f"{name}_plain")
        lines.append((label, f"{compiled} ns", f"{plain} ns", f"{ratio:,.0f}"))
    return pd.DataFrame(lines, columns=["what", "compiled", "in Python", "ratio"])
