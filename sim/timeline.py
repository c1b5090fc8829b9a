"""What happens when: the Mesa events of shocks and policies.

An event on a date takes effect in the first week that begins on or after it. It is scheduled half a week before that
week's step, so that no event and step ever fall on the same time.
"""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.arithmetic import halved
from sim.conditions import days_of, fading, stepped, straight
from sim.constants import AgencyKind, SwitchMode
from sim.intermediaries import close
from sim.scenario import Policy, Revenue, Scenario, Shock

if TYPE_CHECKING:
    from sim.model import Model

_KEPT = ("territory", "oil_fields")

# --- shocks ----------------------------------------------------------------------------------------------------------


class Event:
    """A shock that waits for its week."""

    def __init__(self, model: "Model", name: str, shock: Shock) -> None:
        self.model = model
        self.name = name
        self.shock = shock

    @property
    def day(self) -> date:
        """The first of its dates."""
        return min(day for day in (self.shock.at, *self.shock.path) if day)

    @property
    def week(self) -> int:
        """The week in which it takes effect; what began before the run is there from its start."""
        return max(0, self.model.config.week(self.day))

    def happen(self) -> None:
        """Write what the shock changes into the model's records."""
        HAPPENINGS[self.shock.type](self.model, self.shock, self.week)


def _where(model: "Model", shock: Shock) -> list[int]:
    """Rows of the theatres that a shock meets: the one it names, or all."""
    if shock.target is None:
        return list(range(len(model.config.theatres)))
    return [model.config.theatre(shock.target)]


def _along(field: str) -> Callable[["Model", Shock, int], None]:
    def happen(model: "Model", shock: Shock, week: int) -> None:
        values = straight(shock.path, days_of(model.config), 0.0)
        for k in _where(model, shock):
            model.conditions[field][week:, k] = values[week:]

    return happen


def _kept(model: "Model", shock: Shock) -> None:
    """A loss that is left out: what was held on the first day of the run is held to its end."""
    held = straight(shock.path, days_of(model.config), 0.0)[0]
    for k in _where(model, shock):
        model.conditions[shock.type][:, k] = held


def _opportunity(model: "Model", shock: Shock, week: int) -> None:
    """Pulses that hold from date to date and revert to 1 from ``at`` on."""
    days = days_of(model.config)
    pulse = 1.0 + (stepped(shock.path, days, 1.0) - 1.0) * fading(shock.at or max(shock.path), shock.half_life, days)
    for k in _where(model, shock):
        model.conditions["opportunity"][week:, k] *= pulse[week:]


def _conflict(model: "Model", shock: Shock, week: int) -> None:
    """Giving is ``size`` times higher at first."""
    days = days_of(model.config)
    spike = 1.0 + (shock.size - 1.0) * fading(shock.at or date.min, shock.half_life, days)
    model.conditions["conflict"][week:] *= spike[week:]


def _leader(model: "Model", shock: Shock, week: int) -> None:
    """A leader's death takes a share of know-how, which is regained with half-life effects.leader_recovery.

    Without a target it meets the theatres of core provinces. Of a death before the run counts what is not yet regained.
    """
    since = max(0, -model.config.week(shock.at)) if shock.at else 0
    size = shock.size * halved(float(since), model.config.effects.leader_recovery)
    core = {cell.theatre for cell in model.config.group.cells.values() if cell.core}
    for k in _where(model, shock) if shock.target else map(model.config.theatre, core):
        lost = model.communities["leaders_lost"]
        lost[k] = lost[k] + (1.0 - lost[k]) * size


def _accept(model: "Model", shock: Shock, mode: SwitchMode) -> None:
    a = model.config.appeal(str(shock.target))
    r = model.config.rail(str(shock.rail))
    appeals = model.appeals
    if mode is SwitchMode.FULL:
        appeals["mode"][a], appeals["moves_to"][a] = mode, r
        appeals["loses"][a] = max(appeals["loses"][a], shock.size)  # who was lost before does not come back
    elif mode is SwitchMode.ANNOUNCEMENT:
        before = np.flatnonzero(appeals["accepts"][a])
        if len(before):
            risk = model.communities["risk"]
            felt = model.config.inspiration.inherited * risk[:, before].max(axis=1)
            risk[:, r] = np.maximum(risk[:, r], felt)
        appeals["accepts"][a] = 0
        appeals["accepts"][a, r] = 1
        appeals["asked"][a] = r


def _campaign(model: "Model", shock: Shock, week: int) -> None:
    """A campaign begins to accept a rail and asks for it."""
    _accept(model, shock, SwitchMode.ANNOUNCEMENT)


def _switch(model: "Model", shock: Shock, week: int) -> None:
    """A campaign accepts one rail only: donors choose (announcement), or all follow but the share ``size`` (full)."""
    _accept(model, shock, SwitchMode[(shock.mode or "announcement").upper()])


def _closure(model: "Model", shock: Shock, week: int) -> None:
    """An intermediary closes."""
    close(model.intermediaries, model.intermediary_names.index(str(shock.target)), week)


def _windfall(model: "Model", shock: Shock, week: int) -> None:
    """The treasury takes ``size`` million USD at once."""
    amount = round(1e8 * shock.size)
    model.cells["funds"][0, model.cash] += amount
    model.book["collected"][week, model.cash] += amount
    model.book["revenue"][week, list(Revenue.model_fields).index("looting")] += amount


def _inflow(model: "Model", shock: Shock, week: int) -> None:
    """``size`` million USD reach the treasury on a rail: ``path`` has the share that has come by date, from ``at`` on.

    Straight between dates; without a path all comes at once. What has come by the end of a week is in whole cents, so
    the parts add up to the whole.
    """
    path = ({shock.at: 0.0 if shock.path else 1.0} if shock.at else {}) | shock.path
    ends = days_of(model.config)[week:] + 7.0
    come = np.floor(1e8 * shock.size * straight(path, ends, 0.0) + 0.5).astype(np.int64)
    model.conditions["inflow"][week:, model.config.rail(str(shock.rail))] += np.diff(come, prepend=0)


HAPPENINGS: dict[str, Callable[["Model", Shock, int], None]] = {
    "territory": _along("territory"),
    "oil_fields": _along("oil_fields"),
    "oil_strikes": _along("oil_strikes"),
    "opportunity": _opportunity,
    "conflict": _conflict,
    "leader": _leader,
    "campaign": _campaign,
    "switch": _switch,
    "closure": _closure,
    "windfall": _windfall,
    "inflow": _inflow,
}


# --- policies --------------------------------------------------------------------------------------------------------


class Lever:
    """A policy that waits for its start and then ramps to its intensity, week by week."""

    def __init__(self, model: "Model", name: str, policy: Policy) -> None:
        self.model = model
        self.name = name
        self.policy = policy

    @property
    def day(self) -> date:
        """The day on which it starts."""
        return self.policy.start

    @property
    def week(self) -> int:
        """The week in which it starts."""
        return max(0, self.model.config.week(self.day))

    def intensity(self, week: int) -> float:
        """Intensity in a week: straight from 0 before the start to full after the ramp."""
        begun = week - self.model.config.week(self.policy.start) + 1
        return self.policy.intensity * min(1.0, max(0.0, begun / max(1, self.policy.ramp)))

    def happen(self) -> None:
        """Set this week's intensity and staff; come back next week until the ramp is done."""
        week = self.model.week
        now = self.intensity(week)
        self.model.levers[self.name][0] = now
        agency = self.model.agencies[AgencyKind[self.policy.agency.upper()]]
        others = 0.0  # a plain sum: Python's own corrects for rounding
        for lever in self.model.timeline:
            if isinstance(lever, Lever) and lever.policy.agency == self.policy.agency:
                others += lever.policy.staff_weeks * float(self.model.levers[lever.name][0])
        agency["staff"] = agency["own_staff"] + others
        if now < self.policy.intensity and week + 1 < self.model.config.horizon.weeks:
            self.model.schedule_event(self.happen, at=self.model.before(week + 1))


def keep_what_is_not_lost(model: "Model") -> None:
    """Territory and oil whose loss is left out stay as they were on the first day of the run."""
    for _, shock in sorted(model.config.shocks.items()):
        if not shock.enabled and shock.type in _KEPT:
            _kept(model, shock)


def schedule(model: "Model") -> list[Any]:
    """Put every enabled shock and every policy on the model's clock, by date and then by name.

    What happened before the model begins (a branch begins late) is in its records already; a policy that began then
    goes on. In a branch its ramp comes before that week's shocks, in a whole run after: no shock touches levers.
    """
    scenario = model.config
    events: list[Any] = [Event(model, name, shock) for name, shock in scenario.shocks.items() if shock.enabled]
    events += [Lever(model, name, policy) for name, policy in scenario.policies.items()]
    events.sort(key=lambda event: (event.day, event.name))
    for event in events:
        week = max(event.week, model.begins) if isinstance(event, Lever) else event.week
        if model.begins <= week < scenario.horizon.weeks:
            model.schedule_event(event.happen, at=model.before(week))
    return events


def parting(one: Scenario, other: Scenario) -> int:
    """The first week in which runs of two scenarios may differ; the length of the run if they never do.

    0 unless they are the same in everything but shocks, policies and what they are judged by (report).
    """
    apart = {name for name in type(one).model_fields if getattr(one, name) != getattr(other, name)}
    if apart - {"shocks", "policies", "report"}:
        return 0
    weeks = [one.horizon.weeks]
    for mine, theirs in ((one.shocks, other.shocks), (one.policies, other.policies)):
        for name in mine.keys() | theirs.keys():
            pair = (mine.get(name), theirs.get(name))
            if pair[0] != pair[1]:
                weeks += [_begins(item, one) for item in pair if item is not None]
    return max(0, min(weeks))


def _begins(item: Shock | Policy, scenario: Scenario) -> int:
    """The first week in which a shock or policy may change a run."""
    if isinstance(item, Policy):
        return scenario.week(item.start)
    if item.type in _KEPT:
        return 0  # left out, it changes the run from its first day
    days = [day for day in (item.at, *item.path) if day]
    return scenario.week(min(days)) if item.enabled and days else scenario.horizon.weeks
