"""Enforcement: agencies freeze, arrest, seize, sanction, raid and strike."""

import math

from sim.engine.arithmetic import cents, close_gap, decay, share_of
from sim.engine.constants import MAX_DELAY, MAX_RAILS, NOBODY, WEEKS_A_YEAR, AgencyKind, Found, IntermediaryState
from sim.engine.jit import rule
from sim.engine.records import Records
from sim.engine.rng import Stream, uniform, uniforms
from sim.rules.cells import pressure_on
from sim.rules.intermediaries import freeze_probability, strictness_of
from sim.rules.sympathy import weight_in_news
from sim.rules.tracing import recall_on
from sim.rules.wallets import has_wallets, keep_in_step, reached_by_link
from sim.rules.world import Agency, Appeal, Cell, Community, Donor, Gift, Intermediary, Levers, Week, World
from sim.scenario import Scenario


@rule
def freeze_reached(gift: Gift, appeal: Appeal, treasury: Cell, link: float, now: Week, week: int, p: Scenario) -> int:
    """Cents frozen once a link on a ledger was found: what it reaches of the campaign's stoppable balance.

    The rule renewed_wallets; nothing more is drawn, since what can be stopped was settled at deposit.
    """
    r = gift.rail
    stopped = min(int(treasury.funds[r]), share_of(int(appeal.stoppable[r]), reached_by_link(gift, link, week, p)))
    appeal.stoppable[r] -= stopped
    treasury.funds[r] -= stopped
    now.frozen[r] += stopped
    return stopped


@rule
def freeze(gift: Gift, appeal: Appeal, cells: Records[Cell], levers: Levers, now: Week, week: int, p: Scenario) -> int:
    """Cents frozen of an attributed balance, with the freeze probability of its rail.

    A link leads to the wallet: recall x the money in transit and in the treasury on that rail. If several links lead to
    one wallet in a week, the first decides. A report or evidence off the ledger leads to the gift alone, and freezes
    what is left of it.
    """
    r = gift.rail
    wallet = gift.found == Found.BY_LINK
    if wallet and appeal.looked_at[r] == week:
        return 0
    u = uniforms(p.seed, Stream.EVIDENCE, gift.donor, gift.attempt, 0)[2]
    if wallet:
        u = uniforms(p.seed, Stream.FREEZE, appeal.key, week, p.rails[r].slot)[0]
        appeal.looked_at[r] = week
    if u >= freeze_probability(r, levers, p):
        return 0
    treasury = cells[0]
    reach = recall_on(r, levers, p) if wallet else 1.0
    limit = cents(1e12) if wallet else int(gift.amount)
    stopped = 0
    for d in range(MAX_DELAY):
        taken = min(limit - stopped, share_of(int(appeal.arriving[d * MAX_RAILS + r]), reach))
        appeal.arriving[d * MAX_RAILS + r] -= taken
        stopped += taken
    taken = min(limit - stopped, share_of(int(treasury.funds[r]), reach))
    treasury.funds[r] -= taken
    stopped += taken
    now.frozen[r] += stopped
    return stopped


@rule
def balance_on(r: int, appeal: Appeal, treasury: Cell) -> int:
    """Cents on a rail in the treasury and on their way to it from one appeal."""
    balance = int(treasury.funds[r])
    for d in range(MAX_DELAY):
        balance += appeal.arriving[d * MAX_RAILS + r]
    return balance


@rule
def stop_money(
    gift: Gift, appeals: Records[Appeal], cells: Records[Cell], link: float, levers: Levers, now: Week, week: int,
    p: Scenario,
) -> int:  # fmt: skip
    """Cents frozen because a gift was found: by a link on a ledger what it reaches, else the balance or the gift."""
    appeal = appeals[gift.appeal]
    if gift.found == Found.BY_LINK and has_wallets(gift.rail, p):
        return freeze_reached(gift, appeal, cells[0], link, now, week, p)
    before = int(cells[0].funds[gift.rail])
    stopped = freeze(gift, appeal, cells, levers, now, week, p)
    keep_in_step(appeals, gift.rail, before, int(cells[0].funds[gift.rail]), p)
    return stopped


@rule
def arrest(
    gift: Gift, donor: Donor, intermediary: Intermediary, prosecutor: Agency, levers: Levers, now: Week, p: Scenario
) -> bool:
    """Arrest of a donor identified at the intermediary, limited by the prosecutor's staff; True if it happens.

    Probability identify x strictness x arrest; policy closes a share of the gap to certain arrest.
    Reads rails.*.traceability.identify, enforcement.arrest, effects.donor_prosecution.
    """
    if prosecutor.budget < 1.0 or donor.arrested:
        return False
    u, v, _, _ = uniforms(p.seed, Stream.EVIDENCE, gift.donor, gift.attempt, 1)
    named = 1.0
    if gift.found == Found.BY_LINK:
        named = p.rails[gift.rail].traceability.identify * strictness_of(intermediary, levers, p)
    if u >= named or v >= close_gap(p.enforcement.arrest, p.effects.donor_prosecution * levers.donor_prosecution):
        return False
    prosecutor.budget -= 1.0
    prosecutor.cases += 1
    donor.arrested = 1
    now.arrests += 1
    return True


@rule
def sanction(intermediary: Intermediary, all_exposure: float, regulator: Agency, week: int, p: Scenario) -> None:
    """The regulator may sanction an open intermediary that handled traced gifts.

    Hazard a year: sanctions x own staff x exposure / (1 + exposure of all), so staff limits the number of sanctions.
    The staff that a policy adds works on that policy alone.
    Reads enforcement.sanctions.
    """
    hazard = p.enforcement.sanctions * regulator.own_staff / WEEKS_A_YEAR
    hazard *= intermediary.exposure / (1.0 + all_exposure)
    if uniform(p.seed, Stream.SANCTION, intermediary.key, week) < 1.0 - math.exp(-hazard):
        intermediary.state = IntermediaryState.SANCTIONED.value
        regulator.cases += 1


@rule
def raid(cell: Cell, pressure: float, now: Week, p: Scenario) -> None:
    """A cell loses cash with its fighters: the share of fighters lost to pressure times enforcement.raids."""
    taken = share_of(int(cell.funds[p.cash]), min(1.0, pressure * p.enforcement.raids))
    cell.funds[p.cash] -= taken
    now.raided[p.cash] += taken


@rule
def strike(community: Community, k: int, military: Agency, fade: float, levers: Levers, week: int, p: Scenario) -> None:
    """Strikes on oil and on leaders in one theatre, as far as they reach it; both losses recover over time.

    damage <- damage (1 - repair); damage <- damage + (1 - damage) hit; know-how lost <- know-how lost x fade.
    Reads theatres.*.military, effects.revenue_strikes, effects.strike_repair, effects.decapitation,
    effects.leader_know_how.
    """
    reach = p.theatres[k].military
    community.oil_damage *= 1.0 - p.effects.strike_repair
    community.oil_damage = close_gap(community.oil_damage, p.effects.revenue_strikes * levers.revenue_strikes * reach)
    community.leaders_lost *= fade
    hazard = p.effects.decapitation * levers.decapitation * reach / WEEKS_A_YEAR
    if hazard > 0.0 and uniform(p.seed, Stream.LEADER, p.theatres[k].slot, week) < 1.0 - math.exp(-hazard):
        community.leaders_lost = close_gap(community.leaders_lost, p.effects.leader_know_how)
        military.cases += 1


# --- the phase -------------------------------------------------------------------------------------------------------


@rule
def enforce(world: World) -> None:
    """Agencies freeze, arrest, seize, sanction, raid and strike.

    Reads enforcement.arrests, enforcement.forfeiture, enforcement.exposure_memory, effects.leader_recovery.
    """
    p = world.parameters[0]
    week = world.week
    levers = world.levers[week]
    now = world.book[week]
    links = world.conditions[week].link
    prosecutor = world.agencies[AgencyKind.PROSECUTOR.value]
    prosecutor.budget = min(prosecutor.budget, 4.0 * prosecutor.staff * p.enforcement.arrests)
    prosecutor.budget += prosecutor.staff * p.enforcement.arrests
    g = now.found
    while g != NOBODY:
        gift = world.ledger[g]
        frozen = stop_money(gift, world.appeals, world.cells, links[gift.rail], levers, now, week, p)
        at = world.intermediaries[gift.intermediary]
        arrested = arrest(gift, world.donors[gift.row], at, prosecutor, levers, now, p)
        left = balance_on(gift.rail, world.appeals[gift.appeal], world.cells[0])
        news = weight_in_news(arrested, frozen, left, p)
        world.communities[gift.community].events[gift.chosen] += news
        at.exposure += 1.0
        g = gift.next_found
    shrinking = 1.0 - decay(1.0, p.enforcement.forfeiture)
    for r in range(p.n_rails):
        prosecutor.custody[r] += now.frozen[r]
        final = share_of(int(prosecutor.custody[r]), shrinking)
        prosecutor.custody[r] -= final
        now.forfeited[r] += final
        now.custody[r] = prosecutor.custody[r]
    exposure = 0.0
    for i in range(len(world.intermediaries)):
        exposure += world.intermediaries[i].exposure
    fade = decay(1.0, p.enforcement.exposure_memory)
    for i in range(len(world.intermediaries)):
        one = world.intermediaries[i]
        if one.state == IntermediaryState.OPEN and one.exposure > 0.0:
            sanction(one, exposure, world.agencies[AgencyKind.REGULATOR.value], week, p)
        one.exposure *= fade
    for c in range(1, len(world.cells)):
        raid(world.cells[c], pressure_on(world.cells[c], world.conditions[week], levers, p), now, p)
    fade = decay(1.0, p.effects.leader_recovery)
    for k in range(len(world.communities)):
        strike(world.communities[k], k, world.agencies[AgencyKind.MILITARY.value], fade, levers, week, p)
