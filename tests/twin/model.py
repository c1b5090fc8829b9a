"""The model: what there is at the start, and the phases of a week (ODD, sections 3 and 5)."""

from math import fsum
from typing import Any

import mesa
from mesa.agentset import AgentSet

from sim.engine.constants import POLICIES, AgencyKind, IntermediaryKind
from sim.scenario import Kind, Scenario
from tests.twin.adaptation import adapt
from tests.twin.appeals import Appeal
from tests.twin.arithmetic import cents
from tests.twin.attacks import attack
from tests.twin.book import Gift, Week
from tests.twin.cells import Cell, spend
from tests.twin.conditions import Conditions, conditions_of
from tests.twin.donors import Donor, deter, give
from tests.twin.enforcement import Agency, enforce, trace
from tests.twin.intermediaries import Intermediary, market_shares, screen, update_channels
from tests.twin.money import collect, convert, move
from tests.twin.observers import record
from tests.twin.philox import key_of
from tests.twin.theatres import Community, inspire, shares_of_donors
from tests.twin.timeline import Timeline

AGENCIES = [kind.name.lower() for kind in AgencyKind]


class Model(mesa.Model[Any, Any]):  # type: ignore[no-untyped-call]  # of Mesa's __init_subclass__
    """The world of one run; ``step()`` is one week."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(rng=scenario.seed)
        p = self.p = scenario
        self.weeks = p.horizon.weeks
        self.week = -1
        self.cash = p.rail("cash")
        self.rail_keys = [key_of(rail.name) for rail in p.rails]
        self.book = [Week(len(p.rails), len(p.theatres)) for _ in range(self.weeks)]
        self.conditions: list[Conditions] = conditions_of(p)
        self.levers = dict.fromkeys(POLICIES, 0.0)
        self.freezing = [0.0] * len(p.rails)

        places, donors = len(p.theatres), p.population.donors
        self.communities = Community.create_agents(self, places, list(range(places)), shares_of_donors(p))
        self.appeals = Appeal.create_agents(self, len(p.appeals), list(p.appeals))
        self.public_rate = 0.0
        for appeal in self.appeals:
            appeal.campaigns = fsum(one.share for one in self.appeals if one.public)
            self.public_rate = p.giving.public_rate * appeal.campaigns
        self.intermediaries = self.create_intermediaries()
        self.offering = [[one for one in self.intermediaries if one.offers[r]] for r in range(len(p.rails))]
        self.cells = Cell.create_agents(self, len(p.group.cells), list(p.group.cells))
        self.treasury = self.cells.to_list()[0]
        self.field_cells = self.cells.select(lambda cell: cell is not self.treasury)
        self.agencies = Agency.create_agents(self, len(AGENCIES), AGENCIES)
        self.agency = {agency.name: agency for agency in self.agencies}
        self.donors = Donor.create_agents(self, donors, list(range(donors)))

        self.calendar: list[list[Donor]] = [[] for _ in range(self.weeks)]
        for donor in self.donors:
            for week in donor.attempt_weeks():
                self.calendar[week].append(donor)
        self.ledger: list[Gift] = []
        self.due: list[list[Gift]] = [[] for _ in range(self.weeks)]
        self.found: list[Gift] = []
        self.treasury.funds[self.cash] = cents(p.group.reserves)
        self.book[0].opening[self.cash] = cents(p.group.reserves)
        self.timeline = Timeline(self)

    def create_intermediaries(self) -> AgentSet[Intermediary]:
        """The intermediaries, by kind and then by number."""
        found: list[Intermediary] = []
        for kind in IntermediaryKind:
            about: Kind = getattr(self.p.intermediaries, kind.name.lower())
            shares = market_shares(about.market, about.count, self.p.intermediaries.concentration)
            found += [Intermediary(self, kind, n + 1, share) for n, share in enumerate(shares)]
        return AgentSet(found, random=self.random)

    def community_called(self, name: str) -> Community:
        """The community of the theatre of that name."""
        return next(community for community in self.communities if community.name == name)

    def appeal_called(self, name: str) -> Appeal:
        """The appeal of that name."""
        return next(appeal for appeal in self.appeals if appeal.name == name)

    @property
    def now(self) -> Week:
        """The week's row of the book."""
        return self.book[self.week]

    @property
    def world(self) -> Conditions:
        """The week's conditions."""
        return self.conditions[self.week]

    def gifts_of_the_week(self) -> list[Gift]:
        """The gifts given this week."""
        return self.ledger[self.now.first_gift : self.now.last_gift]

    def step(self) -> None:
        """One week: what begins in it, then the phases of section 3 in their order."""
        self.week += 1
        self.timeline.begin(self.week)
        update_channels(self)
        give(self)
        screen(self)
        collect(self)
        convert(self)
        move(self)
        trace(self)
        enforce(self)
        deter(self)
        spend(self)
        attack(self)
        inspire(self)
        adapt(self)
        record(self)

    def outcomes(self) -> dict[str, list[Any]]:
        """Every outcome of the book by its name: one value, or list of values by rail or theatre, a week."""
        return {name: [getattr(week, name) for week in self.book] for name in vars(self.book[0])}


def run(scenario: Scenario) -> dict[str, list[Any]]:
    """Run a scenario to its end; returns its outcomes."""
    model = Model(scenario)
    for _ in range(scenario.horizon.weeks):
        model.step()
    return model.outcomes()
