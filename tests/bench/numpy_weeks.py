"""The default model as a good user of NumPy would write it: arrays of all donors, rails and cells, one week at a time.

Its distributions are those of `sim` for the default rules, its random numbers NumPy's; it is leaner: no policies, no
takedowns, no closures, a pooled balance a rail, one wait for a lead. It never asks a donor who does not attempt.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.constants import WEEKS_A_YEAR
from sim.runs import Run
from sim.scenario import Scenario
from tests.twin.theatres import shares_of_donors

type Array = NDArray[Any]


class Inputs:
    """What all runs of a scenario share: inputs by week, and cells, appeals and intermediaries at the start."""

    def __init__(self, scenario: Scenario) -> None:
        few = scenario.model_copy(update={"population": scenario.population.model_copy(update={"donors": 1})})
        self.scenario, self.start, run = scenario, Run(few), Run(few)
        run.run()
        self.conditions, rails = run.conditions, scenario.rails
        self.offers = self.start.intermediaries["offers"][:, : len(rails)] * self.start.intermediaries["share"][:, None]
        self.cumulated = np.cumsum(self.offers / self.offers.sum(0), axis=0).T
        self.cost = np.array([rail.fee + rail.spread for rail in rails])
        self.skill = np.array([rail.literacy for rail in rails])
        self.identify = np.array([rail.traceability.identify for rail in rails])
        self.freeze = np.array([rail.traceability.freeze for rail in rails])
        self.lag = np.array([rail.traceability.lag for rail in rails]) / np.log(2.0)
        self.off_ledger = WEEKS_A_YEAR / scenario.enforcement.off_ledger
        self.volatility = np.array([rail.volatility for rail in rails]) / np.sqrt(WEEKS_A_YEAR)
        self.ledger = np.array([rail.ledger for rail in rails])
        volume = np.array([rail.volume for rail in rails]) * (self.offers > 0)
        lawful = self.start.intermediaries["lawful"][:, None] * volume / volume.sum(1, keepdims=True).clip(1)
        strictness, rate = self.start.intermediaries["strictness"], scenario.enforcement.report_rate
        self.lawful_reports = (strictness * rate * self.start.intermediaries["lawful"] / 1e6).sum()
        self.lookalikes = lawful.sum(0) * scenario.enforcement.lookalike / scenario.enforcement.lawful_transfer


class Weeks:
    """One run: ``Weeks(inputs, seed).run()`` returns gifts, attacks, found gifts and arrests by week."""

    def __init__(self, inputs: Inputs, seed: int) -> None:
        self.inputs, self.rng, p = inputs, np.random.default_rng(seed), inputs.scenario
        self.p, self.weeks, rng, n = p, p.horizon.weeks, self.rng, p.population.donors
        shape, aversion = p.population.propensity_shape, p.population.risk_aversion_shape
        self.public = p.giving.public_rate
        rate = rng.gamma(shape, 1.0 / shape, n) * (self.public + p.giving.network_rate) * p.giving.bound / WEEKS_A_YEAR
        self.aversion = rng.gamma(aversion, 1.0 / aversion, n)
        self.literacy = rng.beta(p.population.literacy_a, p.population.literacy_b, n)
        self.community = rng.choice(len(p.theatres), n, p=shares_of_donors(p))
        liking = inputs.conditions["liking"][0, : len(p.rails)]
        unskilled = np.maximum(0.0, inputs.skill - self.literacy[:, None])
        self.habit = (liking - p.choice.skill * unskilled + rng.gumbel(size=unskilled.shape)).argmax(1)
        self.back, self.arrested = np.zeros(n, np.int32), np.zeros(n, bool)
        counts = rng.poisson(rate * self.weeks)  # all attempts at once, sorted by week
        when = rng.integers(self.weeks, size=counts.sum())
        self.order = np.repeat(np.arange(n), counts)[np.argsort(when, kind="stable")]
        self.first = np.searchsorted(np.sort(when), np.arange(self.weeks + 1))
        self.sympathy = np.array([theatre.sympathy for theatre in p.theatres])
        self.risk = np.zeros((len(p.theatres), len(p.rails)))
        appeals, cells = inputs.start.appeals, inputs.start.cells[1:]
        self.campaign, self.accepts = appeals["public"] == 1, appeals["accepts"][:, : len(p.rails)] == 1
        size = np.exp(p.campaigns.sigma * rng.standard_normal(len(appeals)) - 0.5 * p.campaigns.sigma**2)
        weight = np.array([appeal.weight for appeal in p.appeals])
        whole = np.where(self.campaign, weight[self.campaign].sum(), weight[~self.campaign].sum())
        self.size = weight / whole * np.where(self.campaign, size, 1.0)
        self.funds, self.arriving = np.zeros(len(p.rails)), np.zeros((8, len(p.rails)))
        self.funds[p.cash] = p.group.reserves
        self.leads: list[list[Array]] = [[] for _ in range(self.weeks)]
        self.fighters, self.former = cells["fighters"].astype(float), np.zeros(len(cells))
        self.spent = cells["spent"] / 100.0
        self.history, self.budget = np.full((len(cells), 12), -1.0), 0.0
        self.book = {name: np.zeros(self.weeks) for name in ("gifts", "given", "attacks", "deaths", "found", "arrests")}

    def run(self) -> dict[str, Array]:
        """Simulate all weeks."""
        for week in range(self.weeks):
            events = self.follow(week, self.give(week))
            self.spend(week)
            self.attack(week)
            fade = 0.5 ** (1.0 / self.p.inspiration.risk_memory)
            known = (1.0 - self.p.inspiration.hearsay) * events + self.p.inspiration.hearsay * events.sum(0)
            known *= self.p.inspiration.salience * 10_000 / self.p.population.donors
            self.risk = 1.0 - (1.0 - self.risk * fade) * np.exp(-known)
        return self.book

    def give(self, week: int) -> Array:
        """Donors whose attempt falls in this week give; return the gifts that were reported."""
        p, rng, inputs, giving = self.p, self.rng, self.inputs, self.p.giving
        donors = self.order[self.first[week] : self.first[week + 1]]
        donors = donors[~self.arrested[donors] & (self.back[donors] <= week)]
        open_ = self.size * (inputs.start.appeals["opens"] <= week)
        public = rng.random(len(donors)) * (self.public + giving.network_rate) < self.public
        weight = np.where(self.campaign == public[:, None], open_, 0.0)
        met = weight.cumsum(1)
        appeal = (rng.random(len(donors))[:, None] * met[:, -1:] >= met).sum(1).clip(max=len(open_) - 1)
        wish = self.sympathy[self.community[donors]] * giving.visibility * inputs.conditions["conflict"][week]
        willing = (met[:, -1] > 0.0) & (rng.random(len(donors)) < np.minimum(giving.bound, wish) / giving.bound)
        donors, appeal = donors[willing], appeal[willing]
        utility = inputs.conditions["liking"][week, : len(p.rails)] - p.choice.cost * inputs.cost
        utility = utility - p.choice.risk * self.aversion[donors, None] * self.risk[self.community[donors]]
        utility -= p.choice.skill * np.maximum(0.0, inputs.skill - self.literacy[donors, None])
        utility[np.arange(len(donors)), self.habit[donors]] += p.choice.habit
        utility += rng.gumbel(size=utility.shape)
        utility[~self.accepts[appeal]] = -np.inf
        rail, most = utility.argmax(1), utility.max(1, initial=-np.inf)
        gives = most > rng.gumbel(size=len(donors))
        donors, rail = donors[gives], rail[gives]
        usd = giving.median * np.exp(giving.sigma * rng.standard_normal(len(donors)))
        large = rng.random(len(donors)) < giving.large_share
        usd[large] = giving.large_from * (1.0 + rng.pareto(giving.large_exponent, large.sum()))
        usd = np.minimum(usd, giving.cap) * p.group.income
        self.habit[donors] = rail
        at = (rng.random(len(donors))[:, None] > inputs.cumulated[rail]).sum(1)
        strict = inputs.start.intermediaries["strictness"][at]
        flagged = rng.random(len(donors)) < strict * inputs.identify[rail] * p.screening.suspicion
        blocked = flagged & (rng.random(len(donors)) < p.screening.block)
        self.back[donors[blocked]] = week + 1 + p.inspiration.pause
        passed = ~blocked
        fee = np.array([one.fee for one in p.rails])[rail] + inputs.start.intermediaries["fee"][at]
        for r, one in enumerate(p.rails):
            here = passed & (rail == r)
            self.arriving[(week + one.delay) % 8, r] += (usd * (1.0 - fee))[here].sum()
        self.funds += self.arriving[week % 8]
        self.arriving[week % 8] = 0.0
        self.book["gifts"][week], self.book["given"][week] = len(donors), usd.sum()
        right = inputs.conditions["link"][week, rail] ** p.enforcement.hops
        linked = passed & (rng.random(len(donors)) < right)
        wait, other = rng.exponential(inputs.lag[rail]), rng.exponential(inputs.off_ledger, len(rail))
        linked &= wait < other
        due = week + np.where(linked, wait, other).astype(int)
        gifts = np.stack([donors, rail, at, usd, linked], axis=1)
        traceable = passed & (due < self.weeks)
        for later in np.unique(due[traceable]):
            self.leads[later].append(gifts[traceable & (due == later)])
        found: Array = gifts[flagged & ~blocked]
        return found

    def follow(self, week: int, reported: Array) -> Array:
        """Agencies follow reports and leads, freeze and arrest; return the news of it by community and rail."""
        p, rng, inputs, law = self.p, self.rng, self.inputs, self.p.enforcement
        leads = np.concatenate(self.leads[week]) if self.leads[week] else np.empty((0, 5))
        staff = np.where(inputs.ledger, law.staff.chain_analyst, law.staff.fiu)
        room = staff * np.where(inputs.ledger, law.transfers_examined, law.records_examined)
        room = room / np.where(inputs.ledger, inputs.ledger.sum(), (~inputs.ledger).sum())
        rail = leads[:, 1].astype(int)
        linked = np.bincount(rail, leads[:, 4], len(p.rails))
        share = np.minimum(1.0, room / (linked + inputs.lookalikes).clip(1e-9))
        recall = np.where(inputs.ledger, law.vendor.recall, law.records_recall)
        read = law.staff.fiu * law.reports_followed / (len(reported) + rng.poisson(inputs.lawful_reports))
        traced = leads[(leads[:, 4] == 0.0) | (rng.random(len(leads)) < (share * recall)[rail])]
        found = np.concatenate([traced, reported[rng.random(len(reported)) < read]])
        donors, rail, at = found[:, 0].astype(int), found[:, 1].astype(int), found[:, 2].astype(int)
        events = np.zeros_like(self.risk)
        frozen = rng.random(len(found)) < inputs.freeze[rail]
        stopped = np.minimum(found[:, 3], self.funds[rail]) * frozen
        weight = stopped / self.funds[rail].clip(1e-9)
        np.subtract.at(self.funds, rail, stopped)
        self.budget = min(self.budget, 4.0 * law.arrests * law.staff.prosecutor) + law.arrests * law.staff.prosecutor
        named = np.where(found[:, 4] == 1.0, inputs.identify[rail] * inputs.start.intermediaries["strictness"][at], 1.0)
        caught = (rng.random(len(found)) < named * law.arrest) & ~self.arrested[donors]
        caught &= caught.cumsum() <= self.budget
        self.arrested[donors[caught]] = True
        self.budget -= caught.sum()
        np.add.at(events, (self.community[donors], rail), np.where(caught, 1.0, weight))
        self.book["found"][week], self.book["arrests"][week] = len(found), caught.sum()
        return events

    def spend(self, week: int) -> None:
        """Local revenue, prices, conversion, the week's budget, pay and operations, and people."""
        p, rng, group, now = self.p, self.rng, self.p.group, self.inputs.conditions[week]
        cells = self.inputs.start.cells[1:]
        place = cells["theatre"]
        oil = cells["oil"] * now["oil_fields"][place] * now["oil_strikes"][place]
        held = (cells["tax"] + cells["looting"] + cells["kidnap"]) * now["territory"][place] + oil
        revenue = held * (1.0 - group.holding_cost) + cells["insurgent"] * now["insurgency"][place]
        arrives = (1.0 - group.hop_cost) ** group.hops * (1.0 - group.skim)
        self.funds *= np.exp(self.inputs.volatility * rng.standard_normal(len(p.rails)) - self.inputs.volatility**2 / 2)
        cash = self.funds * np.array([rail.acceptance[cells["theatre"][0]] for rail in p.rails])
        cash[p.cash] = 0.0
        self.funds -= cash
        income = revenue.sum() * group.remit * arrives + (cash * (1.0 - self.inputs.cost)).sum()
        income += now["inflow"][: len(p.rails)].sum() / 100.0
        wages = np.where(cells["self_financed"], 0.0, self.fighters * group.wage / WEEKS_A_YEAR)
        plan = np.where(cells["self_financed"], 0.0, cells["money_reference"] * group.operations)
        need = wages + plan
        reserves = self.funds[p.cash] + income
        saved = max(0.0, income - need.sum()) * group.saving
        budget = min(reserves, income - saved + reserves * group.drawdown / WEEKS_A_YEAR)
        self.funds[p.cash] = (reserves - budget) * (1.0 - group.outflow / WEEKS_A_YEAR)
        seen = rng.random(len(cells)) < 1.0 - (1.0 - group.hop_seen) ** group.hops
        own = revenue * (1.0 - group.remit) + np.where(seen, 0.0, budget * need / max(need.sum(), 1e-9) * arrives)
        first = group.protection * np.minimum(wages, own) + (1.0 - group.protection) * wages * own / need.clip(1e-9)
        paid = np.where(own >= need, wages * own / need.clip(1e-9), first)
        self.spent = np.roll(self.spent, 1, axis=1)
        self.spent[:, 0] = np.where(need > 0.0, own - paid, own)
        arrears = np.where(wages > 0.0, (1.0 - paid / wages.clip(1e-9)).clip(0.0), 0.0)
        mood = self.sympathy[place] / np.array([theatre.sympathy for theatre in p.theatres])[place]
        space = (1.0 - self.fighters / (group.recruits_limit * cells["fighters_reference"])).clip(0.0)
        joined = rng.poisson(self.fighters * group.recruits / WEEKS_A_YEAR * mood * space)
        back = np.minimum(self.former, rng.poisson(self.former * group.rejoin / WEEKS_A_YEAR))
        left = rng.poisson(self.fighters * (group.leaving + group.arrears * arrears) / WEEKS_A_YEAR)
        killed = rng.poisson(self.fighters * now["pressure"][place])
        self.fighters = (self.fighters + joined + back - left - killed).clip(0.0)
        self.former += left - back

    def attack(self, week: int) -> None:
        """Capacity, attacks that trigger others, deaths, and what they do to sympathy."""
        p, rng, combat, now = self.p, self.rng, self.p.combat, self.inputs.conditions[week]
        cells, kernel = self.inputs.start.cells[1:], np.array(self.p.combat.kernel)
        means = self.spent @ kernel / kernel.sum() + cells["money_floor"]
        means /= cells["money_reference"] + cells["money_floor"]
        people = self.fighters / cells["fighters_reference"]
        rate = cells["attacks_reference"] * people**combat.people * means**combat.money
        rate *= (now["know_how"] * now["opportunity"])[cells["theatre"]]
        self.history = np.where(self.history < 0.0, rate[:, None], self.history)
        echo = np.exp(-np.arange(1.0, 13.0) / combat.excitation_decay)
        attacks = rng.poisson((1.0 - combat.branching) * rate + combat.branching * self.history @ echo / echo.sum())
        self.history = np.roll(self.history, 1, axis=1)
        self.history[:, 0] = attacks
        deaths = rng.geometric(1.0 / (1.0 + combat.deaths), attacks.sum()) - 1.0
        severe = rng.random(len(deaths)) < combat.severe_share
        deaths[severe] = combat.severe_from * (1.0 + rng.pareto(combat.severe_exponent - 1.0, severe.sum()))
        self.book["attacks"][week], self.book["deaths"][week] = len(deaths), np.minimum(deaths, combat.deaths_cap).sum()
        by_place = np.bincount(cells["theatre"], attacks, len(p.theatres))
        x = by_place + p.inspiration.elsewhere * (by_place.sum() - by_place)
        x /= p.inspiration.reference
        base, s = np.array([theatre.sympathy for theatre in p.theatres]), p.inspiration.publicity
        self.sympathy += (base * (1.0 - s + s * 2.0 * x / (1.0 + x)) - self.sympathy) / p.inspiration.memory
