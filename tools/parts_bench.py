"""The parts of docs/speed.md, from the kept figures of the bench."""

import json
import operator
from collections.abc import Callable
from typing import Any, cast

from tools.parts import ROOT, part, rows_of


def _bench() -> dict[str, Any]:
    """The kept figures of the newest version of the bench."""
    files = (ROOT / "docs" / "benchmarks").glob("*.json")
    newest = max(files, key=lambda file: [int(number) for number in file.stem.split(".")])
    return cast("dict[str, Any]", json.loads(newest.read_text(encoding="utf-8")))


def _measured(figures: dict[str, Any], name: str, digits: int = 0) -> str:
    """A figure with its range, where it was taken more than once."""
    one = figures[name]
    low, middle, high = (f"{one[key]:,.{digits}f}" for key in ("least", "median", "most"))
    return f"{middle} ({low} to {high}, {one['times']} times)" if one["times"] > 1 else middle


@part
def bench() -> str:
    """What the bench measured for the newest version."""
    kept = _bench()
    figures = kept["figures"]
    runs = [
        (
            f"{donors:,}",
            f"{_measured(figures, f'run_{donors}', 1)}",
            f"{_measured(figures, f'twin_{donors}', 1)}",
            _measured(figures, f"ratio_{donors}"),
            _measured(figures, f"bare_{donors}"),
        )
        for donors in (1_000, 10_000, 100_000)
    ]
    took, twin = figures["large_1000000"]["median"], figures["twin_1000000"]["median"]
    runs.append(
        ("1,000,000", f"{1e3 * took:,.0f}", f"{twin:,.0f} (extrapolated)", _measured(figures, "ratio_1000000"), "")
    )
    others = [("set-up of a default run, of 10,000 donors", f"{_measured(figures, 'set_up_10000', 1)} ms")]
    for donors in (1_000_000, 10_000_000):
        names = (f"large_{donors}", f"large_{donors}_bytes", f"large_{donors}_peak")
        took, held, most = (figures[name]["median"] for name in names)
        others.append(
            (f"{donors:,} donors, 260 weeks", f"{took:,.1f} s, {held:,.0f} bytes a donor, {most:,.2f} GB in all")
        )
    for name, label in (("study", "headline study (4 replications)"), ("apart", "runs that share no past")):
        for workers in (1, 2):
            words = f"{label}, store included, {workers} worker{'s'[: workers - 1]}"
            others.append((words, f"{_measured(figures, f'{name}_{workers}')} runs a second"))
    early, late = (figures[f"long_workers_{when}"]["median"] for when in ("early", "late"))
    others += [
        ("memory of a worker over a long study, early and late", f"{early:,.0f} MB, {late:,.0f} MB"),
        ("`python -m sim --help`", f"{_measured(figures, 'help_sim')} ms"),
        ("first run of all, with compilation", f"{_measured(figures, 'cold')} s"),
        ("every later first run of a process", f"{_measured(figures, 'warm', 1)} s"),
    ]
    about = f"Version {kept['version']} (commit {kept['commit']}), {kept['date']}, on {kept['machine']}."
    heads = "donors | the model, ms | the twin, s | ratio | ratio without the twin's Philox"
    return "\n\n".join([about, rows_of(heads, runs), rows_of("what | measured", others)])


@part
def bench_goals() -> str:
    """The goals of the bench and what was measured."""
    figures = _bench()["figures"]

    measured = {name: float(one["median"]) for name, one in figures.items()}
    measured["growth"] = measured["long_workers_late"] / measured["long_workers_early"] - 1.0
    goals: tuple[tuple[str, str, Callable[[float, float], bool], float, str], ...] = (
        ("300 times the twin at 10,000 donors", "ratio_10000", operator.ge, 300, ",.0f"),
        ("500 times the twin at 1,000,000 (extrapolated)", "ratio_1000000", operator.ge, 500, ",.0f"),
        ("1,000,000 donors x 260 weeks in 5 s", "large_1000000", operator.le, 5, ",.1f"),
        ("200 bytes a donor", "large_1000000_bytes", operator.le, 200, ",.0f"),
        ("10,000,000 donors in 4 GB", "large_10000000_peak", operator.le, 4, ",.2f"),
        ("100 runs a second of the headline study on two cores", "study_2", operator.ge, 100, ",.0f"),
        ("the same for runs that share no past", "apart_2", operator.ge, 100, ",.0f"),
        ("memory of a study flat: growth of a worker", "growth", operator.le, 0.05, ".1%"),
    )
    lines = [
        (goal, f"{measured[name]:{form}}", "yes" if meets(measured[name], limit) else "no")
        for goal, name, meets, limit, form in goals
    ]
    return rows_of("goal | measured | met", lines)


@part
def bench_phases() -> str:
    """Share of a default run's weeks by phase, and what luck and logarithms take in both."""
    figures = _bench()["figures"]
    names = [name.removeprefix("phase_") for name in figures if name.startswith("phase_")]
    lines = [
        ("clock and events (Mesa)" if name == "rest" else f"`{name}`", f"{_measured(figures, f'phase_{name}', 1)} %")
        for name in names
    ]
    parts = [
        (label, f"{_measured(figures, f'{name}_compiled', 1)} ns", f"{_measured(figures, f'{name}_plain')} ns",
         f"{figures[f'{name}_plain']['median'] / figures[f'{name}_compiled']['median']:,.0f}")
        for name, label in (
            ("block", "a block of luck (ten rounds of Philox)"), ("gumbel", "a Gumbel variate (two logarithms)"),
        )
    ]  # fmt: skip
    tables = [rows_of("phase | share of the weeks' time", lines), rows_of("what | compiled | in Python | ratio", parts)]
    return "\n\n".join(tables)
