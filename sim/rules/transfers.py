"""Transfers: money from donors and provinces to the treasury, into cash, and on to the cells."""

import math

from sim.engine.arithmetic import cents, close_gap, decay, share_of
from sim.engine.constants import MAX_DELAY, MAX_RAILS, NOBODY, WEEKS_A_YEAR, Status
from sim.engine.jit import rule
from sim.engine.records import Records
from sim.engine.rng import Stream, normal, uniform, uniforms
from sim.rules.cells import funds_on, planned_operations, wage_bill
from sim.rules.intermediaries import cash_out_spread, choose_intermediary, flag_probability, freeze_probability
from sim.rules.wallets import keep_in_step, settle
from sim.rules.world import Appeal, Cell, Conditions, Intermediary, Levers, Market, Week, World
from sim.scenario import Scenario


@rule
def price_step(r: int, week: int, p: Scenario) -> float:
    """Weekly factor on the price of a rail: lognormal with mean 1. Reads rails.*.volatility."""
    sigma = p.rails[r].volatility / math.sqrt(WEEKS_A_YEAR)
    u, v, _, _ = uniforms(p.seed, Stream.PRICE, p.rails[r].slot, week, 0)
    return math.exp(sigma * normal(u, v) - 0.5 * sigma * sigma)


@rule
def revaluation(amount: int, factor: float) -> int:
    """Cents gained or lost by a price move, rounded to the nearest."""
    return int(math.floor(amount * (factor - 1.0) + 0.5))


@rule
def local_revenue(cell: Cell, conditions: Conditions, damage: float, now: Week, p: Scenario) -> int:
    """Local revenue of a cell this week in cents, after the cost of holding territory.

    ((tax + looting + kidnap) territory + oil x fields x share left by strikes) (1 - holding cost) + insurgent x share
    rebuilt, all times group.income. Reads group.holding_cost.
    """
    t = cell.theatre
    held = p.group.income * conditions.territory[t]
    oil = p.group.income * cell.oil * conditions.oil_fields[t] * conditions.oil_strikes[t] * (1.0 - damage)
    insurgent = p.group.income * cell.insurgent * conditions.insurgency[t]
    now.revenue[0] += cents(cell.tax * held)
    now.revenue[1] += cents(oil)
    now.revenue[2] += cents(cell.looting * held)
    now.revenue[3] += cents(cell.kidnap * held)
    now.revenue[4] += cents(insurgent)
    territorial = (cell.tax + cell.looting + cell.kidnap) * held + oil
    return cents(territorial * (1.0 - p.group.holding_cost) + insurgent)


@rule
def weekly_need(cell: Cell, p: Scenario) -> int:
    """Need of a cell for pay and operations, in whole cents a week, so that the order of cells changes no share."""
    return cents(wage_bill(cell, p) + planned_operations(cell, p))


@rule
def convertible(cell: Cell, r: int, p: Scenario) -> int:
    """Cents that a cell would turn into cash this week: the share acceptance of its holdings on a rail.

    Reads rails.*.acceptance.
    """
    return share_of(int(cell.funds[r]), p.rails[r].acceptance[cell.theatre])


@rule
def deposit(appeal: Appeal, r: int, cells: Records[Cell], amount: int, levers: Levers, p: Scenario) -> None:
    """Gifts of network appeals go to the treasury; of campaign gifts, the share group.routing goes to the cells.

    Cells share that part in proportion to their reference money, as planned operations are.
    """
    straight = share_of(amount, p.group.routing) if appeal.public else 0
    total = 0
    for c in range(1, len(cells)):
        total += cents(cells[c].money_reference)
    sent = 0
    if straight > 0 and total > 0:
        for c in range(1, len(cells)):
            own = share_of(straight, cents(cells[c].money_reference) / total)
            if r == p.cash:
                cells[c].chest += own
            else:
                cells[c].funds[r] += own
            sent += own
    cells[0].funds[r] += amount - sent
    settle(appeal, r, amount - sent, levers, p)
    if r == p.cash:
        cells[0].income += amount - sent


@rule
def share_over_hops(carrier: int, levers: Levers, p: Scenario) -> float:
    """Share of money sent inside the group that is left after the cost of every hop: (1 - cost) ** hops.

    Licensing increases the cost for an informal carrier.
    Reads group.hops, group.hop_cost, effects.licensing_spread, rails.*.informal.
    """
    added = p.effects.licensing_spread * levers.hawala_licensing if p.rails[carrier].informal else 0.0
    return float((1.0 - min(1.0, p.group.hop_cost + added)) ** float(p.group.hops))


@rule
def hop_seen(carrier: int, levers: Levers, p: Scenario) -> float:
    """Probability that one transfer inside the group is seen and stopped; licensing increases it likewise.

    Reads group.hop_seen, effects.licensing_seen, rails.*.informal.
    """
    added = p.effects.licensing_seen * levers.hawala_licensing if p.rails[carrier].informal else 0.0
    return close_gap(p.group.hop_seen, added)


@rule
def transfer_within_group(amount: int, share: float, now: Week, p: Scenario) -> int:
    """Cents that arrive of cash sent inside the group: the share left over the hops, less the skimmed share.

    Reads group.skim (facts:internal-friction).
    """
    left = share_of(amount, share)
    skimmed = share_of(left, p.group.skim)
    now.fees[p.cash] += amount - left
    now.skimmed[p.cash] += skimmed
    return left - skimmed


@rule
def convert_at(
    cell: Cell, r: int, share: float, market: Market, intermediaries: Records[Intermediary], levers: Levers, now: Week,
    week: int, p: Scenario,
) -> int:  # fmt: skip
    """Cash in cents that a cell obtains this week from its holdings on a rail.

    The cell converts a share of the convertible amount (all of it unless the weekly limit binds) at the spread. The
    intermediary screens again: a flagged transfer is refused and may be frozen.
    """
    amount = share_of(convertible(cell, r, p), share)
    if amount <= 0:
        return 0
    u, v, w, _ = uniforms(p.seed, Stream.MOVE, cell.key, week, p.rails[r].slot)
    at = choose_intermediary(u, r, market, intermediaries, week, p)
    if at == NOBODY:
        return 0
    if v < flag_probability(intermediaries[at], r, levers, p):
        if w < freeze_probability(r, levers, p):
            cell.funds[r] -= amount
            now.frozen[r] += amount
        return 0
    loss = share_of(amount, min(1.0, cash_out_spread(r, levers, p) + intermediaries[at].fee))
    cell.funds[r] -= amount
    now.fees[r] += loss
    now.converted_out[r] += amount - loss
    now.converted_in[p.cash] += amount - loss
    return amount - loss


# --- the phases ------------------------------------------------------------------------------------------------------


@rule
def collect(world: World) -> None:
    """Gifts that pass reach the group after fee and delay; provinces collect local revenue and remit a share.

    Inflows from outside reach the treasury on their rail. Reads rails.*.fee, rails.*.delay, group.remit.
    """
    p = world.parameters[0]
    week = world.week
    levers = world.levers[week]
    now = world.book[week]
    for g in range(now.first_gift, now.last_gift):
        gift = world.ledger[g]
        if gift.status == Status.BLOCKED:
            continue
        fee = share_of(int(gift.amount), min(1.0, p.rails[gift.rail].fee + world.intermediaries[gift.intermediary].fee))
        now.fees[gift.rail] += fee
        slot = (week + p.rails[gift.rail].delay) % MAX_DELAY
        world.appeals[gift.appeal].arriving[slot * MAX_RAILS + gift.rail] += gift.amount - fee
    for a in range(len(world.appeals)):
        for r in range(p.n_rails):
            slot = (week % MAX_DELAY) * MAX_RAILS + r
            amount = int(world.appeals[a].arriving[slot])
            if amount == 0:
                continue
            world.appeals[a].arriving[slot] = 0
            now.delivered[r] += amount
            if world.appeals[a].public:
                now.campaign_delivered += amount
            deposit(world.appeals[a], r, world.cells, amount, levers, p)
    treasury = world.cells[0]
    for r in range(p.n_rails):
        amount = int(world.conditions[week].inflow[r])
        now.collected[r] += amount
        treasury.funds[r] += amount
        if r == p.cash:
            treasury.income += amount
    extorted = cents(max(0.0, treasury.extortion))
    now.collected[p.cash] += extorted
    treasury.funds[p.cash] += extorted
    treasury.income += extorted
    over_hops = share_over_hops(treasury.carrier, levers, p)
    for c in range(1, len(world.cells)):
        cell = world.cells[c]
        revenue = local_revenue(cell, world.conditions[week], world.communities[cell.theatre].oil_damage, now, p)
        now.collected[p.cash] += revenue
        remitted = share_of(revenue, p.group.remit)
        arrived = transfer_within_group(remitted, over_hops, now, p)
        cell.funds[p.cash] += revenue - remitted
        treasury.funds[p.cash] += arrived
        treasury.income += arrived


@rule
def convert(world: World) -> None:
    """Prices revalue holdings; treasury and cells convert them into cash, by the same share where a limit binds.

    A rail on which the group holds nothing is left out.

    Reads rails.*.limit, rails.*.volatility.
    """
    p = world.parameters[0]
    week = world.week
    levers = world.levers[week]
    now = world.book[week]
    for r in range(p.n_rails):
        if r == p.cash or funds_on(r, world.cells) == 0:
            continue
        factor = price_step(r, week, p) if p.rails[r].volatility > 0.0 else 1.0
        before = int(world.cells[0].funds[r])
        wanted = 0
        for c in range(len(world.cells)):
            cell = world.cells[c]
            if cell.funds[r] == 0:
                continue
            gain = revaluation(int(cell.funds[r]), factor)
            cell.funds[r] += gain
            now.price[r] += gain
            wanted += convertible(cell, r, p)
        limit = cents(p.rails[r].limit)
        share = 1.0 if wanted <= limit else limit / wanted
        for c in range(len(world.cells)):
            cell = world.cells[c]
            if cell.funds[r] == 0:
                continue
            made = convert_at(cell, r, share, world.markets[r], world.intermediaries, levers, now, week, p)
            if c == 0:
                cell.funds[p.cash] += made
                cell.income += made
            else:
                cell.chest += made
        keep_in_step(world.appeals, r, before, int(world.cells[0].funds[r]), p)


@rule
def move(world: World) -> None:
    """The treasury sends the week's budget to the cells in proportion to need, over hops that cost and may be seen.

    Budget: income, minus the share group.saving of its excess over need, plus group.drawdown of the reserves.
    The treasury remembers the share that arrives. Reads group.saving, group.drawdown, group.hops, rails.*.delay,
    adaptation.memory.
    """
    p = world.parameters[0]
    week = world.week
    levers = world.levers[week]
    now = world.book[week]
    treasury = world.cells[0]
    reserves = int(treasury.funds[p.cash])
    total = 0
    for c in range(1, len(world.cells)):
        total += weekly_need(world.cells[c], p)
    income = int(treasury.income)
    saved = share_of(max(0, income - total), p.group.saving)
    budget = min(reserves, income - saved + share_of(reserves, p.group.drawdown / WEEKS_A_YEAR))
    treasury.income = 0
    seen = 1.0 - (1.0 - hop_seen(treasury.carrier, levers, p)) ** float(p.group.hops)
    over_hops = share_over_hops(treasury.carrier, levers, p)
    everything = 0
    arrived = 0
    for c in range(1, len(world.cells)):
        cell = world.cells[c]
        if total > 0:
            sent = share_of(budget, weekly_need(cell, p) / total)
            treasury.funds[p.cash] -= sent
            everything += sent
            if uniform(p.seed, Stream.MOVE, cell.key, week) < seen:
                now.raided[p.cash] += sent
            else:
                slot = (week + p.rails[treasury.carrier].delay) % MAX_DELAY
                came = transfer_within_group(sent, over_hops, now, p)
                cell.arriving[slot] += came
                arrived += came
        cell.funds[p.cash] += cell.arriving[week % MAX_DELAY]
        cell.arriving[week % MAX_DELAY] = 0
    if everything > 0:
        fade = decay(1.0, p.adaptation.memory)
        carried = treasury.carried[treasury.carrier]
        treasury.carried[treasury.carrier] = fade * carried + (1.0 - fade) * (arrived / everything)
