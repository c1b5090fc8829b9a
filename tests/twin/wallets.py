"""Wallets on a ledger, and what a link reaches of them (ODD, section 7.7; rule renewed_wallets)."""

from math import floor
from typing import TYPE_CHECKING

from sim.engine.constants import Freezing
from tests.twin.arithmetic import share_of
from tests.twin.intermediaries import freeze_probability

if TYPE_CHECKING:
    from tests.twin.appeals import Appeal
    from tests.twin.book import Gift
    from tests.twin.model import Model


def in_wallets(model: "Model", r: int) -> bool:
    """True if what the treasury holds on a rail lies in wallets, of which a link reaches some."""
    return model.p.rails[r].ledger and model.p.rules.freezing == Freezing.RENEWED_WALLETS


def settle(model: "Model", appeal: "Appeal", r: int, amount: int) -> None:
    """A share of what comes in lies from now on where it can be stopped."""
    if in_wallets(model, r):
        appeal.stoppable[r] += share_of(amount, freeze_probability(model, r))


def keep_in_step(model: "Model", r: int, before: int) -> None:
    """The treasury held so much before: what can be stopped of it has changed by the same factor."""
    after = model.treasury.funds[r]
    if after == before or not in_wallets(model, r):
        return
    factor = after / before if before > 0 else 0.0
    for appeal in model.appeals:
        appeal.stoppable[r] = floor(appeal.stoppable[r] * factor)


def freeze_reached(model: "Model", gift: "Gift") -> int:
    """Cents frozen by a link: all that it reaches of what can be stopped of the campaign's money."""
    appeal, funds, r = gift.appeal, model.treasury.funds, gift.rail
    link = model.world.link[r]
    cluster: float = link**model.p.enforcement.hops
    still_tied: float = (1.0 - model.p.group.renewal * (1.0 - link)) ** (model.week - gift.week)
    stopped = min(funds[r], share_of(appeal.stoppable[r], cluster * still_tied))
    appeal.stoppable[r] -= stopped
    funds[r] -= stopped
    model.now.frozen[r] += stopped
    return stopped
