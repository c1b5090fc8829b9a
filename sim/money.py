"""Money on its way: from donors and provinces to the treasury, into cash, and out to the cells."""

import math

from sim.appeals import Appeal
from sim.cells import Cell, plan, wages
from sim.compiling import rule
from sim.conditions import Conditions
from sim.constants import MAX_DELAY, MAX_RAILS, NOBODY, WEEKS_A_YEAR, Status
from sim.draws import Decision, normal, uniform, uniforms
from sim.intermediaries import Intermediary, flagged, freezing, pick, spread_of
from sim.ledger import Gift
from sim.outcomes import Week
from sim.policies import Levers, closing
from sim.records import Records
from sim.scenario import Scenario
from sim.theatres import Community

# --- the rules -------------------------------------------------------------------------------------------------------


@rule
def cents(usd: float) -> int:
    """Whole cents of an amount in USD, to the nearest."""
    return int(math.floor(100.0 * usd + 0.5))


@rule
def part(amount: int, share: float) -> int:
    """A share of an amount in whole cents, rounded down, never more than the amount."""
    return max(0, min(amount, int(math.floor(amount * share))))


@rule
def price_step(r: int, week: int, seed: int, p: Scenario) -> float:
    """This week's factor on the price of a rail: lognormal with mean 1. Reads rails.*.volatility."""
    sigma = p.rails[r].volatility / math.sqrt(WEEKS_A_YEAR)
    u, v, _, _ = uniforms(seed, Decision.PRICE, p.rails[r].slot, week, 0)
    return math.exp(sigma * normal(u, v) - 0.5 * sigma * sigma)


@rule
def revalued(amount: int, factor: float) -> int:
    """Cents gained or lost by a price move, to the nearest."""
    return int(math.floor(amount * (factor - 1.0) + 0.5))


@rule
def local_revenue(cell: Cell, world: Conditions, damage: float, now: Week, p: Scenario) -> int:
    """Cents of local revenue this week, after the cost of holding territory.

    ((tax + looting + kidnap) territory + oil x fields x what strikes left) (1 - holding cost) + insurgent x rebuilt.
    All of it times group.income. Reads group.holding_cost.
    """
    held = p.group.income * world.territory[cell.theatre]
    oil = p.group.income * cell.oil * world.oil_fields[cell.theatre] * world.oil_strikes[cell.theatre] * (1.0 - damage)
    insurgent = p.group.income * cell.insurgent * world.insurgency[cell.theatre]
    now.revenue[0] += cents(cell.tax * held)
    now.revenue[1] += cents(oil)
    now.revenue[2] += cents(cell.looting * held)
    now.revenue[3] += cents(cell.kidnap * held)
    now.revenue[4] += cents(insurgent)
    territorial = (cell.tax + cell.looting + cell.kidnap) * held + oil
    return cents(territorial * (1.0 - p.group.holding_cost) + insurgent)


@rule
def need(cell: Cell, p: Scenario) -> int:
    """Cents a week that a cell needs for pay and operations: whole, so that no order of cells changes a share."""
    return cents(wages(cell, p) + plan(cell, p))


@rule
def convertible(cell: Cell, r: int, p: Scenario) -> int:
    """Cents that a cell would turn into cash this week: the share acceptance of what it holds.

    Reads rails.*.acceptance.
    """
    return part(int(cell.funds[r]), p.rails[r].acceptance[cell.theatre])


@rule
def deposit(appeal: Appeal, r: int, cells: Records[Cell], cash: int, amount: int, p: Scenario) -> None:
    """Campaign money goes to the treasury; the share group.routing goes straight to the cells, by planned operations.

    Money of network appeals all goes to the treasury.
    """
    straight = part(amount, p.group.routing) if appeal.public else 0
    total = 0
    for c in range(1, len(cells)):
        total += cents(cells[c].money_reference)
    sent = 0
    if total > 0:
        for c in range(1, len(cells)):
            own = part(straight, cents(cells[c].money_reference) / total)
            if r == cash:
                cells[c].chest += own
            else:
                cells[c].funds[r] += own
            sent += own
    cells[0].funds[r] += amount - sent
    if r == cash:
        cells[0].income += amount - sent


@rule
def hop_cost(carrier: int, levers: Levers, p: Scenario) -> float:
    """Cost of one transfer inside the group, more where licensing makes an informal carrier dearer.

    Reads group.hop_cost, effects.licensing_spread, rails.*.informal.
    """
    added = p.effects.licensing_spread * levers.hawala_licensing if p.rails[carrier].informal else 0.0
    return min(1.0, p.group.hop_cost + added)


@rule
def hop_seen(carrier: int, levers: Levers, p: Scenario) -> float:
    """Chance that one transfer inside the group is seen and stopped, more where an informal carrier is licensed.

    Reads group.hop_seen, effects.licensing_seen, rails.*.informal.
    """
    added = p.effects.licensing_seen * levers.hawala_licensing if p.rails[carrier].informal else 0.0
    return closing(p.group.hop_seen, added)


@rule
def carried(amount: int, each: float, now: Week, cash: int, p: Scenario) -> int:
    """Cents that arrive of cash sent inside the group: each hop has its cost, and a share is skimmed.

    amount (1 - cost of each hop) ** hops (1 - skim). Reads group.hops, group.skim (facts:internal-friction).
    """
    left = part(amount, (1.0 - each) ** float(p.group.hops))
    skimmed = part(left, p.group.skim)
    now.fees[cash] += amount - left
    now.skimmed[cash] += skimmed
    return left - skimmed


@rule
def convert_at(
    cell: Cell, r: int, cash: int, share: float, intermediaries: Records[Intermediary], levers: Levers, now: Week,
    week: int, seed: int, p: Scenario,
) -> int:  # fmt: skip
    """Cents of cash that a cell makes this week of what it holds on a rail.

    A share of what is convertible, all of it unless the weekly limit binds, at the spread. The intermediary screens
    again: what stands out is refused, and may be frozen where it lies.
    """
    amount = part(convertible(cell, r, p), share)
    if amount <= 0:
        return 0
    u, v, w, _ = uniforms(seed, Decision.MOVE, cell.key, week, p.rails[r].slot)
    at = pick(u, r, intermediaries, week, levers, p)
    if at == NOBODY:
        return 0
    if v < flagged(intermediaries[at], r, levers, p):
        if w < freezing(r, levers, p):
            cell.funds[r] -= amount
            now.frozen[r] += amount
        return 0
    loss = part(amount, min(1.0, spread_of(r, levers, p) + intermediaries[at].fee))
    cell.funds[r] -= amount
    now.fees[r] += loss
    now.converted_out[r] += amount - loss
    now.converted_in[cash] += amount - loss
    return amount - loss


# --- the phases ------------------------------------------------------------------------------------------------------


@rule
def collect(
    ledger: Records[Gift], appeals: Records[Appeal], intermediaries: Records[Intermediary], cells: Records[Cell],
    communities: Records[Community], cash: int, carrier: int, book: Records[Week], conditions: Records[Conditions],
    levers: Records[Levers], week: int, parameters: Records[Scenario],
) -> None:  # fmt: skip
    """Gifts that pass reach the group after fee and delay; provinces collect local revenue and remit a share.

    Money from outside reaches the treasury on its rail. Reads rails.*.fee, rails.*.delay, group.remit.
    """
    p = parameters[0]
    now = book[week]
    for g in range(now.first_gift, now.last_gift):
        gift = ledger[g]
        if gift.status == Status.BLOCKED:
            continue
        fee = part(int(gift.amount), min(1.0, p.rails[gift.rail].fee + intermediaries[gift.intermediary].fee))
        now.fees[gift.rail] += fee
        slot = (week + p.rails[gift.rail].delay) % MAX_DELAY
        appeals[gift.appeal].arriving[slot * MAX_RAILS + gift.rail] += gift.amount - fee
    for a in range(len(appeals)):
        for r in range(p.n_rails):
            slot = (week % MAX_DELAY) * MAX_RAILS + r
            amount = int(appeals[a].arriving[slot])
            appeals[a].arriving[slot] = 0
            now.delivered[r] += amount
            if appeals[a].public:
                now.campaign_delivered += amount
            deposit(appeals[a], r, cells, cash, amount, p)
    treasury = cells[0]
    for r in range(p.n_rails):
        amount = int(conditions[week].inflow[r])
        now.collected[r] += amount
        treasury.funds[r] += amount
        if r == cash:
            treasury.income += amount
    extorted = cents(max(0.0, treasury.extortion))
    now.collected[cash] += extorted
    treasury.funds[cash] += extorted
    treasury.income += extorted
    for c in range(1, len(cells)):
        cell = cells[c]
        revenue = local_revenue(cell, conditions[week], communities[cell.theatre].oil_damage, now, p)
        now.collected[cash] += revenue
        remitted = part(revenue, p.group.remit)
        arrived = carried(remitted, hop_cost(carrier, levers[0], p), now, cash, p)
        cell.funds[cash] += revenue - remitted
        treasury.funds[cash] += arrived
        treasury.income += arrived


@rule
def convert(
    cells: Records[Cell], intermediaries: Records[Intermediary], cash: int, book: Records[Week],
    levers: Records[Levers], week: int, seed: int, parameters: Records[Scenario],
) -> None:  # fmt: skip
    """Prices move what is held; treasury and cells turn rails into spendable cash, all alike where a limit binds.

    Reads rails.*.limit, rails.*.volatility.
    """
    p = parameters[0]
    now = book[week]
    for r in range(p.n_rails):
        if r == cash:
            continue
        factor = price_step(r, week, seed, p) if p.rails[r].volatility > 0.0 else 1.0
        wanted = 0
        for c in range(len(cells)):
            gain = revalued(int(cells[c].funds[r]), factor)
            cells[c].funds[r] += gain
            now.price[r] += gain
            wanted += convertible(cells[c], r, p)
        limit = cents(p.rails[r].limit)
        share = 1.0 if wanted <= limit else limit / wanted
        for c in range(len(cells)):
            cell = cells[c]
            made = convert_at(cell, r, cash, share, intermediaries, levers[0], now, week, seed, p)
            if c == 0:
                cell.funds[cash] += made
                cell.income += made
            else:
                cell.chest += made


@rule
def move(
    cells: Records[Cell], cash: int, carrier: int, book: Records[Week], levers: Records[Levers], week: int, seed: int,
    parameters: Records[Scenario],
) -> None:  # fmt: skip
    """The treasury sends the week's budget to the cells in proportion to need, over hops that cost and may be seen.

    Budget: what came in, less the share group.saving of what exceeds need, and group.drawdown of the reserves.
    Reads group.saving, group.drawdown, group.hops, rails.*.delay.
    """
    p = parameters[0]
    now = book[week]
    treasury = cells[0]
    reserves = int(treasury.funds[cash])
    total = 0
    for c in range(1, len(cells)):
        total += need(cells[c], p)
    income = int(treasury.income)
    saved = part(max(0, income - total), p.group.saving)
    budget = min(reserves, income - saved + part(reserves, p.group.drawdown / WEEKS_A_YEAR))
    treasury.income = 0
    seen = 1.0 - (1.0 - hop_seen(carrier, levers[0], p)) ** float(p.group.hops)
    for c in range(1, len(cells)):
        cell = cells[c]
        if total > 0:
            sent = part(budget, need(cell, p) / total)
            treasury.funds[cash] -= sent
            if uniform(seed, Decision.MOVE, cell.key, week) < seen:
                now.raided[cash] += sent
            else:
                slot = (week + p.rails[carrier].delay) % MAX_DELAY
                cell.arriving[slot] += carried(sent, hop_cost(carrier, levers[0], p), now, cash, p)
        cell.funds[cash] += cell.arriving[week % MAX_DELAY]
        cell.arriving[week % MAX_DELAY] = 0
