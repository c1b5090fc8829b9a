"""The week is put on record, and outsiders see their part of it (ODD, section 7.12)."""

from math import floor
from typing import TYPE_CHECKING

from sim.engine.constants import Stream
from tests.twin.philox import uniforms

if TYPE_CHECKING:
    from tests.twin.model import Model


def count_holdings(model: "Model") -> None:
    """All that the group holds by rail, wherever it lies or travels."""
    now = model.now
    for r in range(len(model.p.rails)):
        held = sum(cell.funds[r] for cell in model.cells)
        held += sum(arriving[r] for appeal in model.appeals for arriving in appeal.arriving)
        if r == model.cash:
            held += sum(cell.chest + sum(cell.arriving) for cell in model.cells)
        now.held[r] = held
    now.reserves = sum(model.treasury.funds)


def observe_attacks(model: "Model") -> None:
    """The group's claims and a public database, attack by attack."""
    observer, now = model.p.observer, model.now
    for cell in model.field_cells:
        row = cell.community.row
        claims = model.world.claims[row]
        whole = floor(claims)
        for ordinal in range(cell.history[0]):
            u, v, _, _ = uniforms(observer.seed, Stream.OBSERVER, cell.key, model.week, ordinal)
            now.claims[row] += whole + (u < claims - whole)
            now.recorded += v < observer.database


def estimate_crypto(model: "Model") -> None:
    """A first estimate of crypto received."""
    now = model.now
    usd = 0.0
    for r, rail in enumerate(model.p.rails):
        if rail.ledger:
            usd += now.delivered[r] * model.world.link[r]
    now.crypto_estimate = floor(usd * model.p.observer.first_year) + now.pool_claim


def record(model: "Model") -> None:
    """Phase 14: the week is put on record."""
    week, now = model.week, model.now
    now.arrested = now.arrests + (model.book[week - 1].arrested if week > 0 else 0)
    count_holdings(model)
    if model.p.observer.enabled:
        observe_attacks(model)
        estimate_crypto(model)
