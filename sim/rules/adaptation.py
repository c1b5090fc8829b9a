"""How the group and the agencies answer what happened."""

import math

from sim.engine.arithmetic import close_gap, decay
from sim.engine.constants import NOBODY, WEEKS_A_YEAR
from sim.engine.jit import rule
from sim.engine.rng import Stream, gumbel, uniforms
from sim.rules.world import Agency, Appeal, Cell, Levers, Week, World
from sim.scenario import Scenario


@rule
def replace_gifts(treasury: Cell, delivered: int, week: int, p: Scenario) -> None:
    """Lost gifts are partly made good by local extortion within half a year.

    Lost is the slow mean (half-life four years) of gifts a week less the fast one (four weeks), both plain means until
    the run is old enough; extortion <- extortion + (replacement x lost - extortion) / time, and nothing below zero.
    A loss below replacement_from of the slow mean is let pass.
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
    """An agency moves effort to the rails where it last found something.

    Half-life enforcement.effort_memory; a share of its effort follows (all of it at full policy), the rest is even.
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
def weigh_rails(appeal: Appeal, now: Week, week: int, p: Scenario) -> None:
    """The group remembers what each rail yielded, and may ask for another (logit with inertia).

    Yield: delivered per dollar given, for the rail asked for now times the share of willing donors who did give.
    Score: sensitivity x yield + inertia if asked now. Only rails on a ledger are weighed.
    Reads adaptation.*, rails.*.ledger; off (mode none) in all arms of the headline study.
    """
    fade = decay(1.0, p.adaptation.memory)
    for r in range(p.n_rails):
        if now.given[r] > 0:
            arrived = min(1.0, now.delivered[r] / now.given[r])
            if r == appeal.asked and appeal.met > 0:
                arrived *= appeal.taken / appeal.met
            appeal.yields[r] = fade * appeal.yields[r] + (1.0 - fade) * arrived
    if week % p.adaptation.every != p.adaptation.every - 1:
        return
    best = -math.inf
    chosen = NOBODY
    for r in range(p.n_rails):
        if p.rails[r].ledger and now.serves[r]:
            score = p.adaptation.sensitivity * appeal.yields[r]
            if r == appeal.asked:
                score += p.adaptation.inertia
            score += gumbel(uniforms(p.seed, Stream.CAMPAIGN, appeal.key, week, p.rails[r].slot)[0])
            if score > best:
                best = score
                chosen = r
    if chosen != NOBODY and chosen != appeal.asked:
        for r in range(p.n_rails):
            appeal.accepts[r] = 1 if r == chosen else 0
        appeal.asked = chosen


@rule
def adapt(world: World) -> None:
    """The group makes lost gifts good and may change its rail; agencies move their effort."""
    p = world.parameters[0]
    week = world.week
    levers = world.levers[week]
    now = world.book[week]
    delivered = 0
    for r in range(p.n_rails):
        delivered += now.delivered[r]
    replace_gifts(world.cells[0], delivered, week, p)
    for a in range(len(world.agencies)):
        move_effort(world.agencies[a], levers, p)
    if p.adaptive_appeal != NOBODY:
        weigh_rails(world.appeals[p.adaptive_appeal], now, week, p)
