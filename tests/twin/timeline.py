"""Shocks and policies (ODD, section 6)."""

from collections.abc import Callable
from datetime import date
from functools import partial
from math import floor
from typing import TYPE_CHECKING

from sim.engine.constants import IntermediaryState, SwitchMode
from sim.scenario import Policy, Shock
from tests.twin.arithmetic import decay
from tests.twin.conditions import decay_from, first_days, hold_from, interpolate, week_of

if TYPE_CHECKING:
    from tests.twin.model import Model

type Event = tuple[date, str, Callable[[], None]]


class Timeline:
    """Shocks and policies by week."""

    def __init__(self, model: "Model") -> None:
        self.model = model
        self.own = dict(model.levers)
        self.policies = sorted(model.p.policies.items(), key=lambda item: (item[1].start, item[0]))
        self.events: list[list[Event]] = [[] for _ in range(model.weeks)]
        for name, shock in sorted(model.p.shocks.items()):
            day = earliest_day(shock)
            if day is None:
                continue
            week = self.week_of(day)
            if shock.enabled:
                if week < model.weeks:
                    self.events[week].append((day, name, partial(self.apply, shock, week)))
            elif shock.type in ("territory", "oil_fields"):
                self.hold_initial_value(shock)
        for name, policy in self.policies:
            week = self.week_of(policy.start)
            if week < model.weeks:
                self.events[week].append((policy.start, name, partial(self.set_lever, name, policy)))
        days = first_days(model.p)
        self.practices = [
            (str(shock.target), shock.rail, interpolate(shock.path, days, 0.0))
            for shock in model.p.shocks.values()
            if shock.enabled and shock.type == "practice"
        ]
        for events in self.events:
            events.sort(key=lambda event: event[:2])

    def week_of(self, day: date) -> int:
        """The first week that begins on or after a day, at least 0."""
        return max(0, week_of(self.model.p, day))

    def begin(self, week: int) -> None:
        """Apply what begins in this week, then continue the policies that began before."""
        for _, _, apply in self.events[week]:
            apply()
        for name, policy in self.policies:
            if self.week_of(policy.start) < week:
                self.set_lever(name, policy)
        self.model.levers = dict(self.own)
        for name, rail, common in self.practices:
            if rail is None:
                self.model.levers[name] = max(self.model.levers[name], common[week])
        self.model.freezing = [self.model.levers["issuer_freezing"]] * len(self.model.p.rails)
        for name, rail, common in self.practices:
            if name == "issuer_freezing" and rail is not None:
                r = self.model.p.rail(rail)
                self.model.freezing[r] = max(self.model.freezing[r], common[week])

    # --- policies ---

    def set_lever(self, name: str, policy: Policy) -> None:
        """Set the intensity of a policy this week, and the staff of its agency."""
        model = self.model
        begun = model.week - week_of(model.p, policy.start) + 1
        self.own[name] = policy.intensity * min(1.0, max(0.0, begun / max(1, policy.ramp)))
        agency = model.agency[policy.agency]
        added = 0.0  # a plain sum: Python's own corrects for rounding
        for one, other in self.policies:
            if other.agency == policy.agency:
                added += other.staff_weeks * self.own[one]
        agency.staff = agency.own_staff + added

    # --- shocks ---

    def theatres_met(self, shock: Shock) -> list[int]:
        """Rows of the theatres that a shock meets: its target, or all."""
        p = self.model.p
        return list(range(len(p.theatres))) if shock.target is None else [p.theatre(shock.target)]

    def hold_initial_value(self, shock: Shock) -> None:
        """A loss of territory or oil that is left out: what was held in its first week stays held."""
        model = self.model
        values = interpolate(shock.path, first_days(model.p), 0.0)
        for row in self.theatres_met(shock):
            for conditions in model.conditions:
                getattr(conditions, shock.type)[row] = values[0]

    def apply(self, shock: Shock, week: int) -> None:
        """A shock happens."""
        model, p = self.model, self.model.p
        days = first_days(p)
        if shock.type in ("territory", "oil_fields", "oil_strikes"):
            values = interpolate(shock.path, days, 0.0)
            for row in self.theatres_met(shock):
                for later in range(week, model.weeks):
                    getattr(model.conditions[later], shock.type)[row] = values[later]
        elif shock.type == "opportunity":
            values = hold_from(shock.path, days, 1.0)
            left = decay_from(shock.at or max(shock.path), shock.half_life, days)
            for row in self.theatres_met(shock):
                for later in range(week, model.weeks):
                    model.conditions[later].opportunity[row] *= 1.0 + (values[later] - 1.0) * left[later]
        elif shock.type == "conflict":
            assert shock.at
            left = decay_from(shock.at, shock.half_life, days)
            for later in range(week, model.weeks):
                model.conditions[later].conflict *= 1.0 + (shock.size - 1.0) * left[later]
        elif shock.type == "leader":
            self.kill_leader(shock)
        elif shock.type == "campaign":
            self.ask_for_another_rail(shock)
        elif shock.type == "switch":
            self.switch(shock)
        elif shock.type == "closure":
            for intermediary in model.intermediaries:
                if intermediary.name == shock.target:
                    intermediary.state = IntermediaryState.CLOSED
        elif shock.type == "windfall":
            amount = round(1e8 * shock.size)
            model.treasury.funds[model.cash] += amount
            model.now.collected[model.cash] += amount
            model.now.revenue[2] += amount
        elif shock.type == "inflow":
            self.add_inflow(shock, week)

    def add_inflow(self, shock: Shock, week: int) -> None:
        """Money from outside comes on a rail, from week to week as much as brings it to the share that is due."""
        p = self.model.p
        assert shock.rail
        rail, path = p.rail(shock.rail), dict(shock.path)
        if shock.at:
            path.setdefault(shock.at, 0.0 if path else 1.0)
        shares = interpolate(path, [day + 7.0 for day in first_days(p)], 0.0)
        before = 0
        for later in range(week, self.model.weeks):
            come = floor(1e8 * shock.size * shares[later] + 0.5)
            self.model.conditions[later].inflow[rail] += come - before
            before = come

    def kill_leader(self, shock: Shock) -> None:
        """A leader dies, long ago or now."""
        model, p = self.model, self.model.p
        assert shock.at
        ago = max(0, -week_of(p, shock.at))
        lost = shock.size * decay(ago, p.effects.leader_recovery)
        for community in model.communities:
            core = any(cell.core and cell.community is community for cell in model.cells)
            if community.name == shock.target or (shock.target is None and core):
                community.leaders_lost += (1.0 - community.leaders_lost) * lost

    def ask_for_another_rail(self, shock: Shock) -> None:
        """A campaign asks for one rail and takes no other; some of the fear of the old rails moves with it."""
        model, p = self.model, self.model.p
        assert shock.target
        appeal = model.appeal_called(shock.target)
        if shock.rail is None:
            appeal.opens = p.horizon.weeks
            return
        rail = p.rail(shock.rail)
        before = [r for r in range(len(p.rails)) if appeal.accepts[r]]
        if before:
            for community in model.communities:
                most = max(community.risk[r] for r in before)
                community.risk[rail] = max(community.risk[rail], p.inspiration.inherited * most)
        appeal.ask_only_for(rail)

    def switch(self, shock: Shock) -> None:
        """The switch: announced, asked for beside the others, or followed in full."""
        p = self.model.p
        if shock.mode == "announcement":
            self.ask_for_another_rail(shock)
        elif shock.mode == "asked":
            assert shock.target and shock.rail
            appeal = self.model.appeal_called(shock.target)
            appeal.asked = p.rail(shock.rail)
            appeal.accepts[appeal.asked] = True
        elif shock.mode == "full":
            assert shock.target and shock.rail
            appeal = self.model.appeal_called(shock.target)
            appeal.mode = SwitchMode.FULL
            appeal.moves_to = p.rail(shock.rail)
            appeal.loses = max(appeal.loses, shock.size)


def earliest_day(shock: Shock) -> date | None:
    """The earliest of a shock's dates."""
    days = list(shock.path)
    if shock.at:
        days.append(shock.at)
    return min(days, default=None)
