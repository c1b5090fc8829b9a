"""The ledger of gifts, with the truth and what enforcement saw of it, and the proof that no cent is lost."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.records import I1, I4, I8, Record, Rows


class Gift(Record):
    """One transfer from a donor, known by its lineage (donor, attempt)."""

    amount: I8  # cents
    next: I8  # next gift whose lead falls due in the same week, or NOBODY
    next_found: I8  # next gift found in the same week, or NOBODY
    donor: I4
    attempt: I4
    week: I4
    due: I4  # week in which a lead falls due
    intermediary: I4
    found_week: I4
    community: I1
    appeal: I1
    rail: I1
    chosen: I1  # rail the donor chose: in a full switch the gift goes over another, and the donor does not know
    status: I1  # Status
    linked: I1  # 0 no link, 1 right link, 2 confident wrong link
    found: I1  # Found


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
    for what, wrong in (("cents out of balance", imbalance(book)), ("cents overdrawn", -np.minimum(book["held"], 0))):
        if wrong.any():
            week, rail = np.argwhere(wrong)[0]
            raise BooksError(f"week {week}, rail {rail}: {wrong[week, rail]} {what}")
