"""The weekly books, and the check that no cent appears or vanishes."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.constants import MAX_RAILS
from sim.engine.jit import rule
from sim.engine.records import Records, Rows, rule_view
from sim.rules.world import Week


class BooksError(AssertionError):
    """Raised when money appears or vanishes: a defect of the model, never of a scenario."""


def net(book: Any) -> NDArray[np.int64]:
    """Return income minus expenditure in cents, by week and rail; for one row, by rail."""
    into = book["given"] + book["collected"] + book["price"] + book["converted_in"]
    leaving = ("blocked", "fees", "skimmed", "spent", "frozen", "raided", "converted_out")
    found: NDArray[np.int64] = into - np.sum([book[name] for name in leaving], axis=0)
    return found


def imbalance(book: Rows) -> NDArray[np.int64]:
    """Return the cents that do not balance, by week and rail; all are zero in correct books.

    given + collected + price + converted in = blocked + fees + skimmed + spent + frozen + raided + converted out
    + change of the holdings; and frozen = forfeited + change of the custody.
    """
    held = np.concatenate([book["opening"][:1], book["held"]])
    custody = np.concatenate([np.zeros_like(book["custody"][:1]), book["custody"]])
    gap: NDArray[np.int64] = np.abs(net(book) - np.diff(held, axis=0)) + np.abs(
        book["frozen"] - book["forfeited"] - np.diff(custody, axis=0)
    )
    return gap


@rule
def balanced(book: Records[Week]) -> bool:
    """True if the books of every week and rail balance to the cent and no holding is negative (see `imbalance`)."""
    for week in range(len(book)):
        now = book[week]
        for r in range(MAX_RAILS):
            held = book[week - 1].held[r] if week > 0 else now.opening[r]
            custody = book[week - 1].custody[r] if week > 0 else 0
            into = now.given[r] + now.collected[r] + now.price[r] + now.converted_in[r]
            out = now.blocked[r] + now.fees[r] + now.skimmed[r] + now.spent[r] + now.frozen[r] + now.raided[r]
            if into - out - now.converted_out[r] != now.held[r] - held or now.held[r] < 0:
                return False
            if now.frozen[r] - now.forfeited[r] != now.custody[r] - custody:
                return False
    return True


def check_books(book: Rows) -> None:
    """Raise `BooksError` if the books do not balance or a holding is negative.

    Raises:
        BooksError: with the first such week and rail.
    """
    if balanced(rule_view(book, Week)):
        return
    for what, wrong in (("cents out of balance", imbalance(book)), ("cents overdrawn", -np.minimum(book["held"], 0))):
        if wrong.any():
            week, rail = np.argwhere(wrong)[0]
            raise BooksError(f"week {week}, rail {rail}: {wrong[week, rail]} {what}")
