"""The weekly books, and the check that no cent appears or vanishes."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.records import Rows


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


def check_books(book: Rows) -> None:
    """Raise `BooksError` if the books do not balance or a holding is negative.

    Raises:
        BooksError: with the first such week and rail.
    """
    for what, wrong in (("cents out of balance", imbalance(book)), ("cents overdrawn", -np.minimum(book["held"], 0))):
        if wrong.any():
            week, rail = np.argwhere(wrong)[0]
            raise BooksError(f"week {week}, rail {rail}: {wrong[week, rail]} {what}")
