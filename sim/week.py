"""The week: what happens, in order. Events of shocks and policies come before its first phase."""

from collections.abc import Callable
from functools import partial
from types import FunctionType
from typing import TYPE_CHECKING, cast

from sim.adaptation import adapt
from sim.appeals import Appeal
from sim.attacks import attack
from sim.cells import Cell, spend
from sim.compiling import PLAIN, rule
from sim.conditions import Conditions
from sim.donors import Donor, deter, give
from sim.enforcement import Agency, act, trace
from sim.intermediaries import Intermediary, screen, shock
from sim.ledger import Gift
from sim.money import collect, convert, move
from sim.observers import record
from sim.outcomes import Week
from sim.policies import Levers
from sim.records import Records
from sim.scenario import Scenario
from sim.theatres import Community, inspire

if TYPE_CHECKING:
    from sim.model import Model


@rule
def live(
    donors: Records[Donor], first: Records[int], order: Records[int], appeals: Records[Appeal],
    intermediaries: Records[Intermediary], cells: Records[Cell], communities: Records[Community],
    agencies: Records[Agency], ledger: Records[Gift], cash: int, carrier: int, abroad: int, adaptive_appeal: int,
    book: Records[Week], conditions: Records[Conditions], levers: Records[Levers], week: int, seed: int,
    parameters: Records[Scenario],
) -> None:  # fmt: skip
    """One week, phase by phase."""
    shock(intermediaries, appeals, book, levers, week, seed, parameters)
    give(
        donors, first, order, appeals, communities, intermediaries, ledger, book, conditions, levers, week, seed,
        parameters,
    )  # fmt: skip
    screen(intermediaries, ledger, book, levers, week, seed, parameters)
    collect(
        ledger, appeals, intermediaries, cells, communities, cash, carrier, book, conditions, levers, week, parameters
    )
    convert(cells, intermediaries, cash, book, levers, week, seed, parameters)
    move(cells, cash, carrier, book, levers, week, seed, parameters)
    trace(ledger, intermediaries, agencies, book, conditions, levers, week, seed, parameters)
    act(
        ledger, donors, appeals, intermediaries, cells, communities, agencies, cash, book, conditions, levers, week,
        seed, parameters,
    )  # fmt: skip
    deter(donors, communities, ledger, book, week, parameters)
    spend(cells, communities, cash, book, conditions, levers, week, seed, parameters)
    attack(cells, communities, book, conditions, levers, week, seed, parameters)
    inspire(communities, abroad, book, levers, week, seed, parameters)
    adapt(cells, appeals, adaptive_appeal, agencies, book, levers, week, seed, parameters)
    record(cells, appeals, cash, book, conditions, week, parameters)


class Phase:
    """One phase of a week: a compiled rule, which can be run alone too.

    Attributes:
        call: the rule.
        name: its name.
        doc: first paragraph of its docstring.
        takes: names of the attributes of the model that it reads and writes, in the rule's order.
    """

    def __init__(self, call: Callable[..., None]) -> None:
        self.call = call
        function = cast(FunctionType, getattr(call, "py_func", call))
        self.name = function.__name__
        self.doc = (function.__doc__ or "").strip().split("\n\n")[0].replace("\n    ", " ")
        self.takes = function.__code__.co_varnames[: function.__code__.co_argcount]

    def run(self, model: "Model") -> None:
        """Run it on a model's records."""
        look = model.seen if PLAIN else partial(getattr, model)
        self.call(*map(look, self.takes))


WHOLE = Phase(live)
"""The whole week as one: a call into compiled code costs as much as a short phase."""
WEEK: tuple[Phase, ...] = tuple(
    Phase(phase)
    for phase in (
        shock, give, screen, collect, convert, move, trace, act, deter, spend, attack, inspire, adapt, record,
    )
)  # fmt: skip
"""The same phases one by one, for whoever wants to watch them; a test compares the two."""
