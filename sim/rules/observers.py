"""Records at the end of a week: the group's holdings, and the observations of outsiders."""

import math

from sim.engine.constants import MAX_DELAY, MAX_RAILS
from sim.engine.jit import rule
from sim.engine.records import Records
from sim.engine.rng import Stream, uniforms
from sim.rules.cells import funds_on
from sim.rules.world import Appeal, Cell, Conditions, Week, World
from sim.scenario import Scenario


@rule
def count_holdings(cells: Records[Cell], appeals: Records[Appeal], now: Week, p: Scenario) -> None:
    """Holdings of the group by rail, in its funds and in transit, and the reserves of its treasury."""
    for r in range(p.n_rails):
        held = funds_on(r, cells)
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
def claims_of_attack(ratio: float, u: float) -> int:
    """Number of claims of one attack: the whole part of the ratio of claims to attacks, plus one at random."""
    whole = int(math.floor(ratio))
    return whole + (1 if u < ratio - whole else 0)


@rule
def observe_attacks(cells: Records[Cell], conditions: Conditions, now: Week, week: int, p: Scenario) -> None:
    """Attacks that the group claims and that a public database records, drawn attack by attack.

    Reads observer.seed, theatres.*.claims (facts:observation-claims), observer.database (facts:observation-gtd).
    """
    for c in range(1, len(cells)):
        k = cells[c].theatre
        for ordinal in range(cells[c].history[0]):
            u, v, _, _ = uniforms(p.observer.seed, Stream.OBSERVER, cells[c].key, week, ordinal)
            now.claims[k] += claims_of_attack(conditions.claims[k], u)
            now.recorded += 1 if v < p.observer.database else 0


@rule
def estimate_crypto(now: Week, conditions: Conditions, p: Scenario) -> None:
    """First estimate of the crypto received: the part traced within a year, plus misread pooled wallets.

    Reads observer.first_year (facts:attribution-recall-year-one), rails.*.ledger.
    """
    usd = 0.0
    for r in range(p.n_rails):
        if p.rails[r].ledger:
            usd += now.delivered[r] * conditions.link[r]
    now.crypto_estimate = int(math.floor(usd * p.observer.first_year)) + now.pool_claim


@rule
def record(world: World) -> None:
    """The week's holdings are recorded and outsiders observe their part; observation never changes the run.

    Reads observer.enabled.
    """
    p = world.parameters[0]
    week = world.week
    now = world.book[week]
    now.arrested = now.arrests + (world.book[week - 1].arrested if week > 0 else 0)
    count_holdings(world.cells, world.appeals, now, p)
    if p.observer.enabled:
        observe_attacks(world.cells, world.conditions[week], now, week, p)
        estimate_crypto(now, world.conditions[week], p)
