"""Compile all rules once, before anybody needs them: the phases in two processes, then the week in this one."""

import os
import subprocess
import sys
from typing import Any

import numba
import numpy as np

from sim.engine.jit import CACHE, is_cold, mark_warm
from sim.engine.parameters import layout
from sim.engine.records import empty
from sim.rules.appeals import draw_campaign_size
from sim.rules.donors import initialise, order_attempts, time_attempts
from sim.rules.world import World
from sim.scenario import Scenario
from sim.state import KINDS
from sim.week import PHASES, simulate

_FIRST = ("trace", "give", "collect", "record", "screen")
"""Phases that the first process compiles; they take it about as long as the others take the second."""


def compile_all() -> None:
    """Compile every rule unless that is done, and print that it takes a while.

    Two processes compile the phases and leave them in the cache folder, where a study's workers find them too.
    """
    if not is_cold():
        return
    print("Compiling the model, once: about 15 seconds ...", file=sys.stderr, flush=True)
    if CACHE is not None and (os.cpu_count() or 1) > 1:
        code = "from sim.compilation import compile_phases; compile_phases({})"
        commands = [[sys.executable, "-c", code.format(half)] for half in (0, 1)]
        apart: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "process_group": 0}
        apart |= {"env": os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}}
        halves = [subprocess.Popen(command, **apart) for command in commands]  # if one fails, this process compiles it
        try:
            for half in halves:
                half.wait()
        finally:
            for half in halves:
                half.kill()
    compile_phases(0)
    compile_phases(1)
    _compile(simulate, _world(), 0)
    mark_warm()


def compile_phases(half: int) -> None:
    """Compile half of the phases and the other rules that Python calls, or load what is compiled already."""
    world = _world()
    for phase in PHASES:
        if (phase.__name__ in _FIRST) == (half == 0):
            _compile(phase, world)
    if half == 1:
        weeks, donors, appeal = np.zeros(1, np.int64), world.donors, world.appeals[0]
        _compile(draw_campaign_size, appeal, world.parameters[0])
        _compile(initialise, donors, np.zeros(1), world.appeals, world.conditions, world.parameters)
        _compile(time_attempts, donors, weeks, np.zeros(1, np.uint16), 0, 0)
        _compile(order_attempts, donors, weeks, np.zeros(1, np.uint16), world.order, 0)


def _world() -> World:
    """Return a world of one row each: enough to tell the types."""
    arrays: dict[str, Any] = {name: empty(kind, 1) for name, kind in KINDS.items()}
    calendar: dict[str, Any] = {"first": np.zeros(1, np.int64), "order": np.zeros(1, np.uint32)}
    return World(**arrays, **calendar, parameters=np.zeros(1, layout(Scenario)), week=0)


def _compile(rule: Any, *like: Any) -> None:
    rule.compile(tuple(map(numba.typeof, like)))
