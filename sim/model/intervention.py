"""Interventions: a user's changes of agents between two weeks are booked, so that the books still balance."""

import numpy as np

from sim.engine.records import empty, rule_view
from sim.rules.books import net
from sim.rules.observers import count_holdings
from sim.rules.world import Week
from sim.runs import Run


def book_interventions(model: Run) -> None:
    """Book the user's changes since the last week in the coming week, before its first phase.

    Added money is booked as collected, removed money as raided; added fighters as recruits, removed fighters as killed;
    arrested donors as arrests. Amounts that the week's own events have booked (a windfall) are not counted twice.
    """
    week, book = model.simulated, model.book
    now, last = book[week], book[week - 1] if week else None
    counted = empty(Week, 1)
    now_view, p = rule_view(counted, Week)[0], model.view("parameters")[0]
    count_holdings(model.view("cells"), model.view("appeals"), now_view, p)
    money = counted["held"][0] - (book["opening"][0] if last is None else last["held"]) - net(now)
    now["collected"] += np.maximum(money, 0)
    now["raided"] += np.maximum(-money, 0)
    started = sum([cell.fighters for cell in model.config.group.cells.values()][1:])
    men = int(model.cells["fighters"][1:].sum()) - int(started if last is None else last["fighters"].sum())
    men -= int(now["recruits"] - now["left"] - now["killed"])
    now["recruits"] += max(men, 0)
    now["killed"] += max(-men, 0)
    arrested = int(np.count_nonzero(model.donors["arrested"]))
    now["arrests"] += arrested - (0 if last is None else last["arrested"]) - now["arrests"]
