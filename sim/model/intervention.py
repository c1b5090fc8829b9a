"""What a hand changed between two weeks is booked, so that the books balance whoever moves money or people."""

from typing import TYPE_CHECKING

import numpy as np

from sim.engine.constants import MAX_DELAY, MAX_RAILS
from sim.rules.ledger import net

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.run import Run


def holdings(model: "Run") -> "NDArray[np.int64]":
    """Cents that the group holds by rail, wherever they lie or travel: what `sim.observers.take_stock` writes down."""
    held = model.cells["funds"].sum(axis=0)
    held += model.appeals["arriving"].reshape(-1, MAX_DELAY, MAX_RAILS).sum(axis=(0, 1))
    held[model.config.cash] += model.cells["chest"].sum() + model.cells["arriving"].sum()
    found: NDArray[np.int64] = held
    return found


def book_by_hand(model: "Run") -> None:
    """Book in the coming week what was written into agents since the last: before its first phase.

    Money that came is collected, money that is gone is raided; fighters joined, or were killed or captured; donors were
    arrested. What the week's own events booked (a windfall) is known.
    """
    week, book = model.simulated, model.book
    now, last = book[week], book[week - 1] if week else None
    money = holdings(model) - (book["opening"][0] if last is None else last["held"]) - net(now)
    now["collected"] += np.maximum(money, 0)
    now["raided"] += np.maximum(-money, 0)
    started = sum([cell.fighters for cell in model.config.group.cells.values()][1:])
    men = int(model.cells["fighters"][1:].sum()) - int(started if last is None else last["fighters"].sum())
    men -= int(now["recruits"] - now["left"] - now["killed"])
    now["recruits"] += max(men, 0)
    now["killed"] += max(-men, 0)
    arrested = int(np.count_nonzero(model.donors["arrested"]))
    now["arrests"] += arrested - (0 if last is None else last["arrested"]) - now["arrests"]
