"""The ledger of gifts, with the truth and what enforcement saw of it, and the proof that no cent is lost."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.constants import MAX_RAILS
from sim.engine.jit import rule
from sim.engine.records import Records, Rows, rule_view
from sim.rules.world import Week


class BooksError(AssertionError):
    """Money appeared or vanished: a defect of the model, never of a scenario."""


def net(book: Any) -> NDArray[np.int64]:
    """Cents that came in less those that went out, by week and rail; of one week if it is one row."""
    into = book["given"] + book["collected"] + book["price"] + book["converted_in"]
    leaving = ("blocked", "fees", "skimmed", "spent", "frozen", "raided", "converted_out")
    found: NDArray[np.int64] = into - np.sum([book[name] for name in leaving], axis=0)
    return found


def imbalance(book: Rows) -> NDArray[np.int64]:
    """Cents that appeared (+) or vanished (-), by week and rail: all zero, always.

    given + collected + price + converted in = blocked + fees + skimmed + spent + frozen + raided + converted out
    + what the holdings grew by; and frozen = forfeited + what the custody grew by.
    """
    held = np.concatenate([book["opening"][:1], book["held"]])
    custody = np.concatenate([np.zeros_like(book["custody"][:1]), book["custody"]])
    gap: NDArray[np.int64] = np.abs(net(book) - np.diff(held, axis=0)) + np.abs(
        book["frozen"] - book["forfeited"] - np.diff(custody, axis=0)
    )
    return gap


@rule
def balanced(book: Records[Week]) -> bool:
    """Whether no cent appears or vanishes in any week on any rail, and nothing is overdrawn (see `imbalance`)."""
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


class Book(np.ndarray[Any, np.dtype[np.void]]):
    """The weekly records as a run returns them: an array that a notebook shows in one line."""

    def __repr__(self) -> str:
        if self.dtype.names is None or self.ndim != 1:
            return repr(np.asarray(self))
        return f"Book({len(self)} weeks, {len(self.dtype.names)} fields; sim.results.weekly(model) is the table)"

    __str__ = __repr__


def check_books(book: Rows) -> None:
    """Raise `BooksError` if a cent is missing or a balance negative.

    Raises:
        BooksError: with the first week and rail where it happened.
    """
    if balanced(rule_view(book, Week)):
        return
    for what, wrong in (("cents out of balance", imbalance(book)), ("cents overdrawn", -np.minimum(book["held"], 0))):
        if wrong.any():
            week, rail = np.argwhere(wrong)[0]
            raise BooksError(f"week {week}, rail {rail}: {wrong[week, rail]} {what}")
