"""What the books say at the end of a week, and apart from it what outsiders would see."""

import math

from sim.engine.constants import MAX_DELAY, MAX_RAILS
from sim.engine.jit import rule
from sim.engine.records import Records
from sim.engine.rng import Stream, uniforms
from sim.rules.world import Appeal, Cell, Conditions, Week, World
from sim.scenario import Scenario


@rule
def take_stock(cells: Records[Cell], appeals: Records[Appeal], now: Week, p: Scenario) -> None:
    """All that the group holds by rail, wherever it lies or travels; and the reserves of its treasury."""
    for r in range(p.n_rails):
        held = 0
        for c in range(len(cells)):
            held += cells[c].funds[r]
        for a in range(len(appeals)):
            for d in range(MAX_DELAY):
                held += appeals[a].arriving[d * MAX_RAILS + r]
        if r == p.cash:
            for c in range(len(cells)):
                held += cells[c].chest
                for d in range(MAX_DELAY):
                    held += cells[c].arriving[d]
        now.held[r] = held
        now.reserves += cells[0].funds[r]


@rule
def claimed(ratio: float, u: float) -> int:
    """How often one attack is claimed at this ratio of claims to attacks: its whole part, and one more by chance."""
    whole = int(math.floor(ratio))
    return whole + (1 if u < ratio - whole else 0)


@rule
def observe_attacks(cells: Records[Cell], ratio: float, now: Week, week: int, p: Scenario) -> None:
    """The group's claims and a public database, attack by attack.

    Reads observer.seed, observer.claims (facts:observation-claims), observer.database (facts:observation-gtd).
    """
    for c in range(1, len(cells)):
        for ordinal in range(cells[c].history[0]):
            u, v, _, _ = uniforms(p.observer.seed, Stream.OBSERVER, cells[c].key, week, ordinal)
            now.claims += claimed(ratio, u)
            now.recorded += 1 if v < p.observer.database else 0


@rule
def estimate_crypto(now: Week, world: Conditions, p: Scenario) -> None:
    """A first estimate of crypto received: what tracing makes of it within a year, and pooled wallets misread.

    Reads observer.first_year (facts:attribution-recall-year-one), rails.*.ledger.
    """
    usd = 0.0
    for r in range(p.n_rails):
        if p.rails[r].ledger:
            usd += now.delivered[r] * world.link[r]
    now.crypto_estimate = int(math.floor(usd * p.observer.first_year)) + now.pool_claim


@rule
def record(world: World) -> None:
    """The week is put on record, and outsiders see their part of it; observing never moves the truth.

    Reads observer.enabled.
    """
    p = world.parameters[0]
    week = world.week
    now = world.book[week]
    now.arrested = now.arrests + (world.book[week - 1].arrested if week > 0 else 0)
    take_stock(world.cells, world.appeals, now, p)
    if p.observer.enabled:
        observe_attacks(world.cells, world.conditions[week].claims, now, week, p)
        estimate_crypto(now, world.conditions[week], p)
