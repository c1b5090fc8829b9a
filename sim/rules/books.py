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
    holdings = net(book) - np.diff(book["held"], axis=0, prepend=book["opening"][:1])
    custody = book["frozen"] - book["forfeited"] - np.diff(book["custody"], axis=0, prepend=0)
    gap: NDArray[np.int64] = np.abs(holdings) + np.abs(custody)
    return gap


@rule
def is_balanced(book: Records[Week], begin: int) -> bool:
    """True if every cent is accounted for from a week on, and no holding is negative (`imbalance` in one pass)."""
    for week in range(begin, len(book)):
        now = book[week]
        for r in range(MAX_RAILS):
            held = book[week - 1].held[r] if week > 0 else now.opening[r]
            custody = book[week - 1].custody[r] if week > 0 else 0
            held += now.given[r] + now.collected[r] + now.price[r] + now.converted_in[r]
            held -= now.blocked[r] + now.fees[r] + now.skimmed[r] + now.spent[r]
            held -= now.frozen[r] + now.raided[r] + now.converted_out[r]
            if held != now.held[r] or held < 0 or custody + now.frozen[r] - now.forfeited[r] != now.custody[r]:
                return False
    return True


def check_books(book: Rows, begin: int = 0) -> None:
    """Raise `BooksError` if the books do not balance or a holding is negative, from a week on.

    Raises:
        BooksError: with the first such week and rail.
    """
    if is_balanced(rule_view(book, Week), begin):
        return
    for what, wrong in (("cents out of balance", imbalance(book)), ("cents overdrawn", -np.minimum(book["held"], 0))):
        if wrong.any():
            week, rail = np.argwhere(wrong)[0]
            raise BooksError(f"week {week}, rail {rail}: {wrong[week, rail]} {what}")
    raise BooksError("the books do not balance, though no rail is out of balance")
