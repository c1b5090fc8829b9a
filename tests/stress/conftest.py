"""Sizes of the stress tests: a few examples in the ordinary suite, a few tries in the slow one, all under `stress`."""

import re
from collections import Counter, defaultdict
from random import Random

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("stress tests")
    group.addoption("--scale", type=float, default=1.0, help="multiple of the usual number of examples and tries (1)")
    group.addoption("--seed", type=int, default=1, help="seed of the examples, and of the moments of interference (1)")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test its number of examples, or repeat it; the marks `examples` and `tries` hold a few and the usual."""
    scale = metafunc.config.getoption("scale", 1.0)
    for mark in metafunc.definition.iter_markers():
        if mark.name not in ("examples", "tries"):
            continue
        few, usual = mark.args
        many = max(1, round(scale * usual))
        if mark.name == "examples":
            some = [pytest.param(few, id="few")] if few else []
            metafunc.parametrize("count", [*some, pytest.param(many, id="many", marks=pytest.mark.stress)])
        else:
            some = [pytest.param(number, id=f"few-{number}", marks=pytest.mark.slow) for number in range(few)]
            all_of_them = [pytest.param(number, marks=pytest.mark.stress) for number in range(many)]
            metafunc.parametrize("number", [*some, *all_of_them])


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("seed", 1))


@pytest.fixture
def random(request: pytest.FixtureRequest, seed: int) -> Random:
    """The random numbers of one try."""
    return Random(f"{request.node.name} {seed}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print by test how many tries passed and failed, and what they recorded: numbers are added up."""
    if terminalreporter.config.option.markexpr != "stress":
        return
    table, notes = defaultdict[str, Counter[str]](Counter), list[str]()
    for outcome in ("passed", "failed", ""):  # empty: the reports of teardowns, which hold what was recorded
        for report in terminalreporter.stats.get(outcome, []):
            name = re.sub(r"_|\[(\d+|many)-?|\]", " ", report.location[2].removeprefix("test_"))
            table[name][outcome] += bool(outcome)
            for key, value in report.user_properties if report.when == "teardown" else ():
                if isinstance(value, int):
                    table[name][key] += value
                else:
                    notes.append(f"{name}: {value}")
    for name, counts in table.items():
        words = ", ".join(f"{number:,} {key}" for key, number in counts.items() if key)
        terminalreporter.write_line(f"{name:<60}{words}")
    terminalreporter.write("".join(f"{note}\n" for note in notes))
