"""A week: its phases, in order. The shocks of the week are applied before the first phase (`sim.events`)."""

from collections.abc import Callable

from sim.engine.jit import rule
from sim.rules.adaptation import adapt
from sim.rules.appeals import update_channels
from sim.rules.attacks import attack
from sim.rules.cells import spend
from sim.rules.donors import deter, give
from sim.rules.enforcement import enforce
from sim.rules.intermediaries import screen
from sim.rules.observers import record
from sim.rules.sympathy import inspire
from sim.rules.tracing import trace
from sim.rules.transfers import collect, convert, move
from sim.rules.world import World

PHASES: tuple[Callable[[World], None], ...] = (
    update_channels, give, screen, collect, convert, move, trace, enforce, deter, spend, attack, inspire, adapt, record,
)  # fmt: skip
"""The phases of `step` as a list, to run or time them one by one; a test compares the two."""


@rule
def step(world: World) -> None:
    """Simulate one week."""
    update_channels(world)
    give(world)
    screen(world)
    collect(world)
    convert(world)
    move(world)
    trace(world)
    enforce(world)
    deter(world)
    spend(world)
    attack(world)
    inspire(world)
    adapt(world)
    record(world)


@rule
def in_week(world: World, week: int) -> World:
    """The same world in another week."""
    return World(*world[:-1], week)


@rule
def simulate(world: World, after: int) -> int:
    """Simulate from the world's week up to, not including, the week ``after``, in one compiled call.

    Returns:
        The next week to simulate. It is earlier than ``after`` if the ledger may be too small for its gifts.
    """
    for week in range(world.week, after):
        last = world.book[week - 1].last_gift if week > 0 else 0
        if last + world.first[week + 1] - world.first[week] > len(world.ledger):
            return week
        step(in_week(world, week))
    return after
