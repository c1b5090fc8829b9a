"""Adaptation: how the group replaces lost gifts and changes rails, and how agencies move their effort."""

import math

from sim.engine.arithmetic import close_gap, decay
from sim.engine.constants import NOBODY, WEEKS_A_YEAR, Routes, SwitchMode
from sim.engine.jit import rule
from sim.engine.rng import Stream, gumbel, uniforms
from sim.rules.world import Agency, Appeal, Cell, Levers, Week, World
from sim.scenario import Scenario


@rule
def replace_lost_gifts(treasury: Cell, delivered: int, week: int, p: Scenario) -> None:
    """Local extortion replaces part of the lost gifts within half a year.

    Lost gifts are the slow mean (half-life four years) of weekly gifts minus the fast mean (four weeks). Both are plain
    means until the run is old enough. extortion <- extortion + (replacement x lost - extortion) / time; a negative
    value has no effect. The group ignores a loss below the share replacement_from of the slow mean.
    Reads group.replacement, group.replacement_from, group.replacement_time.
    """
    slow = max(1.0 / (week + 1.0), 1.0 - decay(1.0, 4.0 * WEEKS_A_YEAR))
    fast = max(1.0 / (week + 1.0), 1.0 - decay(1.0, 4.0))
    treasury.gifts_long += slow * (delivered - treasury.gifts_long)
    treasury.gifts_short += fast * (delivered - treasury.gifts_short)
    lost = ((1.0 - p.group.replacement_from) * treasury.gifts_long - treasury.gifts_short) / 100.0
    treasury.extortion += (p.group.replacement * lost - treasury.extortion) / p.group.replacement_time


@rule
def move_effort(agency: Agency, levers: Levers, p: Scenario) -> None:
    """An agency moves effort to the rails on which it found evidence.

    A share of its effort follows the evidence (all of it at full policy); the rest is spread evenly over its rails.
    Effort moves with half-life enforcement.effort_memory.
    Reads enforcement.effort_follows.
    """
    total = 0.0
    watched = 0
    for r in range(p.n_rails):
        total += agency.evidence[r]
        watched += 1 if agency.effort[r] > 0.0 else 0
    following = close_gap(p.enforcement.effort_follows, levers.adaptive)
    step = 1.0 - decay(1.0, p.enforcement.effort_memory)
    for r in range(p.n_rails):
        if agency.effort[r] > 0.0:
            even = 1.0 / watched
            goal = even if total <= 0.0 else (1.0 - following) * even + following * agency.evidence[r] / total
            agency.effort[r] += step * (goal - agency.effort[r])


@rule
def present_rail(appeal: Appeal) -> int:
    """Rail over which the gifts of an appeal come: in a full switch the new one, else the one that it asks for."""
    return int(appeal.moves_to if appeal.mode == SwitchMode.FULL else appeal.asked)


@rule
def remember_yields(appeal: Appeal, now: Week, p: Scenario) -> None:
    """The group smooths the yield of each rail, and apart from it what is given and frozen there.

    Yield: dollars delivered per dollar given; for the present rail, times the share of willing donors who gave. Freezes
    come later, and with few gifts their ratio to gifts is erratic: so both are smoothed. Reads adaptation.memory.
    """
    fade = decay(1.0, p.adaptation.memory)
    for r in range(p.n_rails):
        appeal.sent[r] = fade * appeal.sent[r] + (1.0 - fade) * now.given[r]
        appeal.seized[r] = fade * appeal.seized[r] + (1.0 - fade) * now.frozen[r]
        if now.given[r] > 0:
            arrived = min(1.0, now.delivered[r] / now.given[r])
            if r == present_rail(appeal) and appeal.met > 0:
                arrived *= appeal.taken / appeal.met
            appeal.yields[r] = fade * appeal.yields[r] + (1.0 - fade) * arrived


@rule
def net_yield(appeal: Appeal, r: int) -> float:
    """Remembered yield of a rail, net of freezes: yield x (1 - seized / sent), at least 0."""
    lost = appeal.seized[r] / appeal.sent[r] if appeal.sent[r] > 0.0 else 0.0
    return float(appeal.yields[r] * max(0.0, 1.0 - lost))


@rule
def choose_rail(appeal: Appeal, now: Week, week: int, p: Scenario) -> None:
    """The group may ask for another rail (logit with inertia).

    Only rails on a ledger are compared; under the rule rerouting, asking for no coin is an alternative with the yield
    no_coin. Reads rules.routes, adaptation.*, rails.*.ledger; off by default (mode none, rule fixed).
    """
    if week % p.adaptation.every != p.adaptation.every - 1:
        return
    asked = present_rail(appeal)
    best = -math.inf
    chosen = asked
    if p.rules.routes == Routes.REROUTING:
        chosen = NOBODY
        best = score_of(p.adaptation.no_coin, asked == NOBODY, appeal.key, 1, week, p)
    for r in range(p.n_rails):
        if p.rails[r].ledger and now.serves[r]:
            score = score_of(net_yield(appeal, r), r == asked, appeal.key, p.rails[r].slot, week, p)
            if score > best:
                best = score
                chosen = r
    if chosen != asked:
        for r in range(p.n_rails):
            appeal.accepts[r] = 1 if r == chosen else 0
        appeal.asked = chosen
        appeal.mode = SwitchMode.NONE.value


@rule
def score_of(remembered: float, present: bool, key: int, slot: int, week: int, p: Scenario) -> float:
    """Score of a route in the group's choice (logit): sensitivity x yield, plus inertia for the present one.

    Reads adaptation.sensitivity, adaptation.inertia.
    """
    score = p.adaptation.sensitivity * remembered + (p.adaptation.inertia if present else 0.0)
    return score + gumbel(uniforms(p.seed, Stream.CAMPAIGN, key, week, slot)[0])


@rule
def choose_carrier(treasury: Cell, now: Week, week: int, p: Scenario) -> None:
    """The group may send its money over another carrier off the ledger, by remembered yield with inertia (Dell 2015).

    Reads rails.*.ledger, adaptation.every.
    """
    if week % p.adaptation.every != p.adaptation.every - 1:
        return
    best = -math.inf
    present = treasury.carrier
    for r in range(p.n_rails):
        if not p.rails[r].ledger and (now.serves[r] or r == present):
            score = score_of(treasury.carried[r], r == present, treasury.key, p.rails[r].slot, week, p)
            if score > best:
                best = score
                treasury.carrier = r


@rule
def adapt(world: World) -> None:
    """The group replaces lost gifts and may change carrier and rail; agencies move their effort. Reads rules.routes."""
    p = world.parameters[0]
    week = world.week
    levers = world.levers[week]
    now = world.book[week]
    delivered = 0
    for r in range(p.n_rails):
        delivered += now.delivered[r]
    replace_lost_gifts(world.cells[0], delivered, week, p)
    for a in range(len(world.agencies)):
        move_effort(world.agencies[a], levers, p)
    if p.rules.routes == Routes.REROUTING:
        choose_carrier(world.cells[0], now, week, p)
    if p.adaptive_appeal != NOBODY:
        remember_yields(world.appeals[p.adaptive_appeal], now, p)
        choose_rail(world.appeals[p.adaptive_appeal], now, week, p)
