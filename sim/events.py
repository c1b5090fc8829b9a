"""Shocks by date: the effect of each on the state, and the first week in which two scenarios differ.

A shock takes effect in the first week that begins on or after its day, before the phases of that week.
"""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

import numpy as np

from sim.engine.arithmetic import decay
from sim.engine.constants import SwitchMode
from sim.rules.conditions import days_of, decay_from, hold_from, interpolate
from sim.rules.intermediaries import close
from sim.scenario import Policy, Revenue, Scenario, Shock
from sim.state import State

_LOSSES = ("territory", "oil_fields")
"""Types of shock that, if disabled, hold a condition at its initial value: they change a run from its first day."""


class Event(NamedTuple):
    """A shock and the week in which it takes effect."""

    week: int
    shock: Shock

    def apply(self, state: State) -> None:
        """Apply the shock to the state."""
        SHOCK_EFFECTS[self.shock.type](state, self.shock, self.week)


def events_of(scenario: Scenario) -> list[Event]:
    """Return every enabled shock that takes effect within the run, by date and then by name.

    A shock that began before the run takes effect in its first week.
    """
    dated = sorted((shock.first_day, name) for name, shock in scenario.shocks.items() if shock.enabled)
    events = [Event(max(0, scenario.week(day)), scenario.shocks[name]) for day, name in dated]
    return [event for event in events if event.week < scenario.horizon.weeks]


def hold_disabled_losses(state: State) -> None:
    """Hold territory and oil fields whose loss is disabled at their initial value."""
    for _, shock in sorted(state.config.shocks.items()):
        if not shock.enabled and shock.type in _LOSSES:
            held = interpolate(shock.path, days_of(state.config), 0.0)[0]
            state.conditions[shock.type][:, _where(state, shock)] = held


def _where(state: State, shock: Shock) -> list[int]:
    """Return the rows of the theatres that a shock affects: its target, or all."""
    if shock.target is None:
        return list(range(len(state.config.theatres)))
    return [state.config.theatre(shock.target)]


def _follow_path(state: State, shock: Shock, week: int) -> None:
    """Set the condition of the shock's type to the values of its path."""
    values = interpolate(shock.path, days_of(state.config), 0.0)
    for k in _where(state, shock):
        state.conditions[shock.type][week:, k] = values[week:]


def _opportunity(state: State, shock: Shock, week: int) -> None:
    """Multiply opportunity by a step function of pulses, which decays to 1 from ``at`` on."""
    days = days_of(state.config)
    fade = decay_from(shock.at or max(shock.path), shock.half_life, days)
    pulse = 1.0 + (hold_from(shock.path, days, 1.0) - 1.0) * fade
    for k in _where(state, shock):
        state.conditions["opportunity"][week:, k] *= pulse[week:]


def _conflict(state: State, shock: Shock, week: int) -> None:
    """Multiply giving by ``size``, which decays to 1."""
    days = days_of(state.config)
    spike = 1.0 + (shock.size - 1.0) * decay_from(shock.at or date.min, shock.half_life, days)
    state.conditions["conflict"][week:] *= spike[week:]


def _leader(state: State, shock: Shock, week: int) -> None:
    """Remove a share of know-how with a leader's death; it recovers with half-life effects.leader_recovery.

    Without a target, the theatres of core provinces are affected. A death before the run counts as far as its loss has
    not yet recovered.
    """
    since = max(0, -state.config.week(shock.at)) if shock.at else 0
    size = shock.size * decay(float(since), state.config.effects.leader_recovery)
    core = {cell.theatre for cell in state.config.group.cells.values() if cell.core}
    lost = state.communities["leaders_lost"]
    for k in _where(state, shock) if shock.target else map(state.config.theatre, core):
        lost[k] = lost[k] + (1.0 - lost[k]) * size


def _switch(state: State, shock: Shock, week: int) -> None:
    """Make an appeal ask for the shock's rail.

    It takes no other (campaign, announcement) or the others still (asked); in mode full all gifts move to the rail.
    A campaign without a rail ends.
    """
    mode = "announcement" if shock.type == "campaign" else shock.mode or "announcement"
    a, appeals = state.config.appeal(str(shock.target)), state.appeals
    if shock.rail is None:
        appeals["opens"][a] = state.config.horizon.weeks  # never again, whatever the group asks for later
        return
    r = state.config.rail(shock.rail)
    if mode == "full":
        appeals["mode"][a], appeals["moves_to"][a] = SwitchMode.FULL, r
        appeals["loses"][a] = max(appeals["loses"][a], shock.size)  # a donor once lost does not return
    elif mode == "announcement":
        before, risk = np.flatnonzero(appeals["accepts"][a]), state.communities["risk"]
        if len(before):
            inherited = state.config.inspiration.inherited * risk[:, before].max(axis=1)
            risk[:, r] = np.maximum(risk[:, r], inherited)
        appeals["accepts"][a] = 0
    if mode in ("announcement", "asked"):
        appeals["accepts"][a, r] = 1
        appeals["asked"][a] = r


def _closure(state: State, shock: Shock, week: int) -> None:
    close(state.intermediaries, state.intermediary_names.index(str(shock.target)))


def _windfall(state: State, shock: Shock, week: int) -> None:
    """Add ``size`` million USD to the cash of the treasury at once."""
    amount = round(1e8 * shock.size)
    state.cells["funds"][0, state.config.cash] += amount
    state.book["collected"][week, state.config.cash] += amount
    state.book["revenue"][week, list(Revenue.model_fields).index("looting")] += amount


def _inflow(state: State, shock: Shock, week: int) -> None:
    """Add ``size`` million USD to the treasury on a rail; ``path`` is the cumulative share by date, from ``at`` on.

    The share is linear between dates; without a path the whole sum arrives at once. The cumulative sum is in whole
    cents, so the weekly parts add up to the total.
    """
    path = ({shock.at: 0.0 if shock.path else 1.0} if shock.at else {}) | shock.path
    ends = days_of(state.config)[week:] + 7.0
    come = np.floor(1e8 * shock.size * interpolate(path, ends, 0.0) + 0.5).astype(np.int64)
    state.conditions["inflow"][week:, state.config.rail(str(shock.rail))] += np.diff(come, prepend=0)


SHOCK_EFFECTS: dict[str, Callable[[State, Shock, int], None]] = {
    "territory": _follow_path,
    "oil_fields": _follow_path,
    "oil_strikes": _follow_path,
    "opportunity": _opportunity,
    "conflict": _conflict,
    "leader": _leader,
    "campaign": _switch,
    "switch": _switch,
    "closure": _closure,
    "windfall": _windfall,
    "inflow": _inflow,
    "practice": lambda state, shock, week: None,
}


def first_difference(one: Scenario, other: Scenario) -> int:
    """Return the first week in which runs of two scenarios may differ; the length of the run if they never do.

    It is 0 if the scenarios differ in anything other than shocks, policies and report.
    """
    pairs = ((name, getattr(one, name), getattr(other, name)) for name in type(one).model_fields)
    apart = {name for name, mine, theirs in pairs if mine is not theirs and mine != theirs}
    if apart - {"shocks", "policies", "report"}:
        return 0
    weeks = [one.horizon.weeks]
    for mine, theirs in ((one.shocks, other.shocks), (one.policies, other.policies)):
        for name in mine.keys() | theirs.keys():
            pair = (mine.get(name), theirs.get(name))
            if pair[0] is not pair[1] and pair[0] != pair[1]:
                weeks += [_begins(item, one) for item in pair if item is not None]
    return max(0, min(weeks))


def _begins(item: Shock | Policy, scenario: Scenario) -> int:
    """Return the first week in which a shock or policy may change a run."""
    if isinstance(item, Policy):
        return scenario.week(item.start)
    if item.type in _LOSSES or (item.type == "practice" and item.enabled and item.path[min(item.path)]):
        return 0
    return scenario.week(item.first_day) if item.enabled else scenario.horizon.weeks
