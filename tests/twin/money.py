"""Money of the group: what arrives, what is turned into cash, what is sent on (ODD, section 7.6)."""

from math import exp, floor, sqrt
from typing import TYPE_CHECKING

from sim.engine.constants import MAX_DELAY, WEEKS_A_YEAR, Status, Stream
from tests.twin.arithmetic import cents, close_gap, decay, normal, share_of
from tests.twin.intermediaries import cash_out_spread, choose_intermediary, freeze_probability
from tests.twin.philox import uniforms
from tests.twin.wallets import keep_in_step, settle

if TYPE_CHECKING:
    from tests.twin.appeals import Appeal
    from tests.twin.cells import Cell
    from tests.twin.model import Model


def price_step(model: "Model", r: int) -> float:
    """This week's factor on the price of a rail."""
    p = model.p
    if p.rails[r].volatility <= 0.0:
        return 1.0
    u, v, _, _ = uniforms(p.seed, Stream.PRICE, model.rail_keys[r], model.week)
    s = p.rails[r].volatility / sqrt(WEEKS_A_YEAR)
    return exp(s * normal(u, v) - 0.5 * s * s)


def local_revenue(model: "Model", cell: "Cell") -> int:
    """Cents of local revenue of a cell this week, after the cost of holding territory."""
    world, theatre = model.world, cell.community.row
    income = model.p.group.income
    held = income * world.territory[theatre]
    oil = income * cell.oil * world.oil_fields[theatre] * world.oil_strikes[theatre] * (1.0 - cell.community.oil_damage)
    insurgent = income * cell.insurgent * world.insurgency[theatre]
    streams = (cell.tax * held, oil, cell.looting * held, cell.kidnap * held, insurgent)
    for n, stream in enumerate(streams):
        model.now.revenue[n] += cents(stream)
    on_land = (cell.tax + cell.looting + cell.kidnap) * held + oil
    return cents(on_land * (1.0 - model.p.group.holding_cost) + insurgent)


def transfer_within_group(model: "Model", amount: int) -> int:
    """Cents that arrive of cash sent inside the group."""
    p, now = model.p, model.now
    licensing = model.levers["hawala_licensing"] if p.rails[model.treasury.carrier].informal else 0.0
    each = min(1.0, p.group.hop_cost + p.effects.licensing_spread * licensing)
    left = share_of(amount, (1.0 - each) ** p.group.hops)
    skimmed = share_of(left, p.group.skim)
    now.fees[model.cash] += amount - left
    now.skimmed[model.cash] += skimmed
    return left - skimmed


def deposit(model: "Model", appeal: "Appeal", r: int, amount: int) -> None:
    """Share out what an appeal brought: some straight to the cells, the rest to the treasury."""
    straight = share_of(amount, model.p.group.routing) if appeal.public else 0
    total = sum(cents(cell.money_reference) for cell in model.field_cells)
    left = amount
    if total > 0:
        for cell in model.field_cells:
            got = share_of(straight, cents(cell.money_reference) / total)
            left -= got
            if r == model.cash:
                cell.chest += got
            else:
                cell.funds[r] += got
    model.treasury.funds[r] += left
    settle(model, appeal, r, left)
    if r == model.cash:
        model.treasury.income += left


def convert_at(model: "Model", cell: "Cell", r: int, share: float) -> None:
    """A cell turns what it holds on a rail into cash; the intermediary screens again."""
    p, now = model.p, model.now
    amount = share_of(share_of(cell.funds[r], cell.acceptance(r)), share)
    if amount <= 0:
        return
    u, v, w, _ = uniforms(p.seed, Stream.MOVE, cell.key, model.week, model.rail_keys[r])
    intermediary = choose_intermediary(model, u, r)
    if intermediary is None:
        return
    if v < intermediary.flag_probability(r):
        if w < freeze_probability(model, r):
            cell.funds[r] -= amount
            now.frozen[r] += amount
        return
    loss = share_of(amount, min(1.0, cash_out_spread(model, r) + intermediary.fee))
    cell.funds[r] -= amount
    now.fees[r] += loss
    now.converted_out[r] += amount - loss
    now.converted_in[model.cash] += amount - loss
    if cell is model.treasury:
        cell.funds[model.cash] += amount - loss
        cell.income += amount - loss
    else:
        cell.chest += amount - loss


# --- phases ---


def collect(model: "Model") -> None:
    """Phase 4: gifts reach the group after fee and delay; provinces collect revenue and remit a share."""
    p, now, week, cash, treasury = model.p, model.now, model.week, model.cash, model.treasury
    for gift in model.gifts_of_the_week():
        if gift.status == Status.BLOCKED:
            continue
        rail = p.rails[gift.rail]
        fee = share_of(gift.amount, min(1.0, rail.fee + gift.intermediary.fee))
        now.fees[gift.rail] += fee
        gift.appeal.arriving[(week + rail.delay) % MAX_DELAY][gift.rail] += gift.amount - fee
    for appeal in model.appeals:
        arriving = appeal.arriving[week % MAX_DELAY]
        for r in range(len(p.rails)):
            amount, arriving[r] = arriving[r], 0
            now.delivered[r] += amount
            if appeal.public:
                now.campaign_delivered += amount
            deposit(model, appeal, r, amount)
    for r, amount in enumerate(model.world.inflow):
        treasury.funds[r] += amount
        now.collected[r] += amount
        if r == cash:
            treasury.income += amount
    extorted = cents(max(0.0, treasury.extortion))
    treasury.funds[cash] += extorted
    treasury.income += extorted
    now.collected[cash] += extorted
    for cell in model.field_cells:
        revenue = local_revenue(model, cell)
        now.collected[cash] += revenue
        remitted = share_of(revenue, p.group.remit)
        cell.funds[cash] += revenue - remitted
        arrived = transfer_within_group(model, remitted)
        treasury.funds[cash] += arrived
        treasury.income += arrived


def convert(model: "Model") -> None:
    """Phase 5: prices move what is held; treasury and cells turn rails into cash."""
    p, now = model.p, model.now
    for r, rail in enumerate(p.rails):
        if r == model.cash:
            continue
        factor = price_step(model, r)
        before = model.treasury.funds[r]
        wanted = 0
        for cell in model.cells:
            gained = floor(cell.funds[r] * (factor - 1.0) + 0.5)
            cell.funds[r] += gained
            now.price[r] += gained
            wanted += share_of(cell.funds[r], cell.acceptance(r))
        limit = cents(rail.limit)
        share = 1.0 if wanted <= limit else limit / wanted
        for cell in model.cells:
            convert_at(model, cell, r, share)
        keep_in_step(model, r, before)


def move(model: "Model") -> None:
    """Phase 6: the treasury sends the week's budget to the cells in proportion to need."""
    p, now, week, cash, treasury = model.p, model.now, model.week, model.cash, model.treasury
    group, carrier = p.group, p.rails[treasury.carrier]
    total = sum(cell.need() for cell in model.field_cells)
    saved = share_of(max(0, treasury.income - total), group.saving)
    drawn = share_of(treasury.funds[cash], group.drawdown / WEEKS_A_YEAR)
    budget = min(treasury.funds[cash], treasury.income - saved + drawn)
    treasury.income = 0
    added = p.effects.licensing_seen * model.levers["hawala_licensing"] if carrier.informal else 0.0
    seen = close_gap(group.hop_seen, added)
    all_sent = all_come = 0
    for cell in model.field_cells:
        if total > 0:
            sent = share_of(budget, cell.need() / total)
            treasury.funds[cash] -= sent
            all_sent += sent
            if uniforms(p.seed, Stream.MOVE, cell.key, week)[0] < 1.0 - (1.0 - seen) ** group.hops:
                now.raided[cash] += sent
            else:
                come = transfer_within_group(model, sent)
                all_come += come
                cell.arriving[(week + carrier.delay) % MAX_DELAY] += come
        cell.funds[cash] += cell.arriving[week % MAX_DELAY]
        cell.arriving[week % MAX_DELAY] = 0
    if all_sent > 0:
        fade = decay(1, p.adaptation.memory)
        before = treasury.carried[treasury.carrier]
        treasury.carried[treasury.carrier] = fade * before + (1.0 - fade) * (all_come / all_sent)
