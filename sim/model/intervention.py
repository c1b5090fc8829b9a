"""Interventions: a user's changes of agents between two weeks are booked, so that the books still balance."""

from typing import TYPE_CHECKING

import numpy as np

from sim.engine.constants import MAX_DELAY, MAX_RAILS
from sim.rules.books import net

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.run import Run


def holdings_by_rail(model: "Run") -> "NDArray[np.int64]":
    """Return the holdings of the group by rail in cents, in funds and in transit.

    These are the holdings that `sim.rules.observers.count_holdings` records.
    """
    held = model.cells["funds"].sum(axis=0)
    held += model.appeals["arriving"].reshape(-1, MAX_DELAY, MAX_RAILS).sum(axis=(0, 1))
    held[model.config.cash] += model.cells["chest"].sum() + model.cells["arriving"].sum()
    found: NDArray[np.int64] = held
    return found


def book_interventions(model: "Run") -> None:
    """Book the user's changes since the last week in the coming week, before its first phase.

    Added money is booked as collected, removed money as raided; added fighters as recruits, removed fighters as killed;
    arrested donors as arrests. Amounts that the week's own events have booked (a windfall) are not counted twice.
    """
    week, book = model.simulated, model.book
    now, last = book[week], book[week - 1] if week else None
    money = holdings_by_rail(model) - (book["opening"][0] if last is None else last["held"]) - net(now)
    now["collected"] += np.maximum(money, 0)
    now["raided"] += np.maximum(-money, 0)
    started = sum([cell.fighters for cell in model.config.group.cells.values()][1:])
    men = int(model.cells["fighters"][1:].sum()) - int(started if last is None else last["fighters"].sum())
    men -= int(now["recruits"] - now["left"] - now["killed"])
    now["recruits"] += max(men, 0)
    now["killed"] += max(-men, 0)
    arrested = int(np.count_nonzero(model.donors["arrested"]))
    now["arrests"] += arrested - (0 if last is None else last["arrested"]) - now["arrests"]
