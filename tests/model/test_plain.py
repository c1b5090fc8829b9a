"""Compiling changes nothing: the same rules as plain Python give the same bytes, every week, in 80 worlds.

The plain run is also the check that nothing overflows, divides by zero or reads past an array: where compiled code is
silent, Python and NumPy raise.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.worlds import POPULATIONS, history, random_scenario, run_of

ROOT = Path(__file__).parents[2]
WORLDS = 80
PROCESSES = 2


def _plain(first: int, last: int) -> "subprocess.Popen[str]":
    """A process that prints what small worlds hold after every week, with no rule compiled."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.worlds", str(first), str(last)],
        cwd=ROOT,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def test_uncompiled_rules_give_the_same_bytes_every_week():
    step = WORLDS // PROCESSES
    runs = [_plain(first, first + step) for first in range(0, WORLDS, step)]
    compiled = {number: history(random_scenario(number, small=True)) for number in range(WORLDS)}
    plain: dict[int, list[list[str]]] = {}
    for run in runs:
        out, err = run.communicate(timeout=300)
        assert run.returncode == 0, err[-3000:]
        plain |= {int(number): seen for number, seen in json.loads(out).items()}
    differences = [
        (f"world {number}, week {week - 1}", [name for name, a, b in zip(POPULATIONS, *both, strict=True) if a != b])
        for number in range(WORLDS)
        for week, both in enumerate(zip(compiled[number], plain[number], strict=True))
        if both[0] != both[1]
    ]
    assert not differences, differences[:5]


def test_those_worlds_are_lively():
    """Gifts, attacks, finds: all that the rules compute with is there."""
    totals = dict.fromkeys(("gifts", "attacks", "deaths", "true_attributions", "frozen", "arrests", "blocked"), 0)
    for number in range(WORLDS):
        book = run_of(random_scenario(number, small=True)).book
        for name in totals:
            totals[name] += int((book[name] > 0).sum())
    assert totals.pop("arrests") >= 2
    assert min(totals.values()) >= 15, totals


@pytest.mark.slow
def test_nothing_is_left_to_compile_once_all_is_compiled(tmp_path):
    """Two processes and this one leave every rule in the cache: a run of everything that there is adds none."""
    code = """
import sys
from pathlib import Path
from sim.compilation import compile_all
from sim.config import groups_in, load, CONF
from sim.engine.cache import CACHE, is_cold
from sim.runs import Run
compile_all()
assert not is_cold()
files = sorted(CACHE.rglob("*.nbc"))
options = groups_in([CONF])
Run(load(f"policy=[{','.join(options['policy'])}]", f"shock=[{','.join(options['shock'])}]", "population.donors=300",
         "adaptation.mode=logit")).run()
assert sorted(CACHE.rglob("*.nbc")) == files and len(files) > 100
"""
    settings = {key: value for key, value in os.environ.items() if key != "NUMBA_DISABLE_JIT"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=settings | {"XDG_CACHE_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
