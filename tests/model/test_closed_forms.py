"""The simulation beside its closed forms. Tolerances are four standard deviations unless a test gives another."""

import math

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from sim.engine.constants import EXCITATION_WEEKS, WEEKS_A_YEAR, Found, Status
from sim.engine.jit import PLAIN, rule
from sim.engine.records import rule_view
from sim.engine.rng import Stream, poisson, uniform
from sim.model import Model
from sim.rules.appeals import update_channel
from sim.rules.attacks import capacity_of, severity, triggered_mean
from sim.rules.conditions import chance_of_chain
from sim.rules.donors import size_of_gift
from sim.rules.enforcement import strike
from sim.rules.intermediaries import hindered, lawful_on
from sim.rules.tracing import lookalikes
from sim.rules.transfers import price_step
from sim.rules.world import Agency, Appeal, Cell, Community, Intermediary, Levers
from tests.paired import (
    GIVING_ALONE,
    MANY_GIFTS,
    NO_ENFORCEMENT,
    NO_RESPONSE,
    by_rail,
    model_of,
    near,
    numbers,
    parameters,
    row,
    run,
    scenario,
    to_appeal,
)
from tests.worlds import gifts_of

pytestmark = pytest.mark.skipif(PLAIN, reason="hundreds of runs: compiled only")

YEAR = ("horizon.weeks=52", "shocks.monero_only.enabled=false", "shocks.bitcoin_accepted.enabled=false")

# --- tracing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hops", [1, 2, 3, 5])
@pytest.mark.parametrize("link", [0.0, 0.02, 0.5, 0.9, 1.0])
def test_rule_of_hops(link, hops):
    assert chance_of_chain(link, hops) == pytest.approx(math.prod([link] * hops), rel=1e-14)


@pytest.mark.parametrize("hops", [1, 2, 3])
def test_share_of_gifts_that_can_be_traced_is_link_to_the_hops(hops):
    """3,500 gifts or more on each of five rails: a chance wrong by 0.035 would be seen."""
    links = {"bank": 0.9, "cash": 0.3, "hawala": 0.5, "bitcoin": 0.8, "stablecoin": 0.6}
    typed = [f"rails.{rail}.traceability.link={link}" for rail, link in links.items()]
    typed += [f"rails.{rail}.traceability.false_link=0.1" for rail in links]
    model = run(
        1,
        *MANY_GIFTS,
        *typed,
        *NO_RESPONSE,
        *NO_ENFORCEMENT,
        "appeals.campaign_a.rails=[stablecoin]",
        f"enforcement.hops={hops}",
    )
    rows = gifts_of(model)
    for rail, link in links.items():
        of_rail = rows[rows["rail"] == model.config.rail(rail)]
        n, chance = len(of_rail), link**hops
        assert n > 3_500, rail
        assert near((of_rail["linked"] == 1).sum(), n * chance, math.sqrt(n * chance * (1 - chance))), rail
        wrong = 0.1 * (1 - chance)  # a wrong link only where there is no right one
        assert near((of_rail["linked"] == 2).sum(), n * wrong, math.sqrt(n * wrong * (1 - wrong))), rail


def test_leads_turn_up_with_the_half_life_of_the_rail():
    """Half of the leads on bank transfers fall due within the lag, three quarters within twice the lag."""
    model = run(
        1, "population.donors=50000", *GIVING_ALONE, "rails.bank.traceability.link=1", "rails.bank.traceability.lag=20",
        "rails.bank.traceability.memory=null", "rails.bank.traceability.false_link=0",
    )  # fmt: skip
    rows = gifts_of(model)
    bank = rows[(rows["rail"] == model.config.rail("bank")) & (rows["week"] < 200)]
    waits = np.where(bank["due"] < 0, 10_000, bank["due"] - bank["week"])
    n = len(bank)
    assert n > 4000
    for weeks, share in ((20, 0.5), (40, 0.75)):
        assert near((waits < weeks).sum(), n * share, math.sqrt(n * share * (1 - share)))


def test_lawful_money_is_split_over_rails_by_volume():
    """It adds up to that of the intermediary; delisting hinders the privacy coin's share of those that delist it."""
    model = run(1, "population.donors=10", *YEAR)
    p, places, numbers_ = model.config, model.intermediaries, rule_view(model.parameters)[0]
    every = [rule_view(places, Intermediary)[i] for i in range(len(places))]
    splits = [[lawful_on(one, r, numbers_) for r in range(len(p.rails))] for one in every]
    for lawful, offers, split in zip(places["lawful"], places["offers"], splits, strict=True):
        assert sum(split) == pytest.approx(lawful, rel=1e-12)
        assert [usd > 0.0 for usd in split] == [bool(there) for there in offers[: len(p.rails)]]
        a_unit = [usd / rail.volume for rail, usd in zip(p.rails, split, strict=True) if usd]
        assert a_unit == pytest.approx(a_unit[:1] * len(a_unit))
    seen = sum(lookalikes(r, rule_view(places, Intermediary), numbers_) for r in range(len(p.rails)))
    assert seen * p.enforcement.lawful_transfer == pytest.approx(places["lawful"].sum() * p.enforcement.lookalike)
    monero = p.rail("monero")
    for one, split in zip(every, splits, strict=True):
        levers = (row(Levers, privacy_delisting=much)[1] for much in (0.0, 9.0))
        less, more = (hindered(one, len(model.book) - 1, lever, numbers_) for lever in levers)
        assert more - less == pytest.approx(split[monero])


@pytest.mark.parametrize(("vendor", "recall", "wrong"), [("careful", 0.686, 0.0015), ("eager", 0.95, 0.02)])
def test_precision_follows_from_the_base_rate(vendor, recall, wrong):
    """Bayes: b recall / (b recall + (1 - b) false positives), all leads followed and nothing else known."""
    model = run(
        1, f"vendor={vendor}", "population.donors=50000", *GIVING_ALONE, "enforcement.staff.chain_analyst=1e9",
        "enforcement.staff.fiu=1e9", f"enforcement.records_recall={recall}",
        f"enforcement.records_false_positive={wrong}",
        "enforcement.vendor.misreads_pool=0", "rails.bank.traceability.false_link=0",
        *[f"rails.{rail}.traceability.false_link=0" for rail in ("cash", "hawala", "bitcoin", "stablecoin", "monero")],
    )  # fmt: skip
    p = model.config
    leads = int((gifts_of(model)["due"] >= 0).sum())
    places, numbers_ = rule_view(model.intermediaries, Intermediary), rule_view(model.parameters)[0]
    lawful = len(model.book) * sum(lookalikes(r, places, numbers_) for r in range(len(p.rails)))
    assert (recall, wrong) == (p.enforcement.vendor.recall, p.enforcement.vendor.false_positive)
    true, false = model.book["true_attributions"].sum(), model.book["false_attributions"].sum()
    assert near(true, leads * recall, math.sqrt(leads * recall * (1 - recall)))
    assert near(false, lawful * wrong, math.sqrt(lawful * wrong))
    base = leads / (leads + lawful)
    precision = base * recall / (base * recall + (1 - base) * wrong)
    assert true / (true + false) == pytest.approx(precision, rel=0.05)


def test_share_of_reports_followed():
    """About a tenth (facts:str-followed-up); 5 to 15% counts as about."""
    shares = []
    for seed in range(1, 6):
        book = run(seed).book
        shares.append(book["followed"].sum() / (book["reports"] + book["false_reports"]).sum())
    assert 0.05 <= np.mean(shares) <= 0.15


# --- giving ----------------------------------------------------------------------------------------------------------


def _chances(model: Model, accepts: list[str], asked: str | None) -> np.ndarray:
    """Chance of each rail for every donor, no risk known and no policy in force."""
    p, donors = model.config, model.all_donors()
    weights = np.zeros((len(donors), len(p.rails)))
    for name in accepts:
        r = p.rail(name)
        rail = p.rails[r]
        u = model.conditions["liking"][:, r].mean() - p.choice.cost * (rail.fee + rail.spread)
        u = u - p.choice.skill * np.maximum(0.0, rail.literacy - donors["literacy"])
        u = u + p.choice.ask * (name == asked)
        weights[:, r] = np.exp(u)
    return weights / (1.0 + weights.sum(axis=1, keepdims=True))


def test_gifts_by_rail_are_the_choice_probabilities_summed_over_donors():
    """Donors' records give the exact logit chances; gifts by rail and kind of appeal are Poisson around their sum.

    Six cells of 1,500 to 30,000 gifts: a probability wrong by 10% (rarest cell) to 2% would be seen.
    Costs weigh four times their default, so that a wrong slope shows.
    """
    which = scenario("population.donors=150000", "choice.cost=20", "giving.public_rate=5", *GIVING_ALONE, *YEAR,
                     "appeals.news_site.rails=[monero]", "appeals.campaign_d.opens=2017-01-02",
                     "appeals.campaign_e.opens=2017-01-02", "intermediaries.moving=0.1")  # fmt: skip
    model = Model(which)
    p = which
    visible = np.zeros(len(p.appeals))
    for _ in range(p.horizon.weeks):
        model.step()
        visible += model.appeals["visible"]
    donors = model.all_donors()
    sympathy = np.array([theatre.sympathy for theatre in p.theatres])[donors["community"]]
    rates = donors["rate"] / p.giving.bound * sympathy * p.giving.visibility
    shares = model.appeals["share"]
    both = p.giving.public_rate * shares[model.appeals["public"] == 1].sum() + p.giving.network_rate
    rows = gifts_of(model)
    checked = 0
    for public in (True, False):
        expected = np.zeros(len(p.rails))
        for a, appeal in enumerate(p.appeals):
            if appeal.public is public:
                kind = (p.giving.public_rate if public else p.giving.network_rate) / both
                weeks = visible[a] * kind * shares[a]
                chances = _chances(model, list(appeal.rails), appeal.rails[0] if public else None)
                expected += weeks * (rates[:, None] * chances).sum(axis=0)
        to_kind = np.isin(rows["appeal"], [a for a, appeal in enumerate(p.appeals) if appeal.public is public])
        for r, name in enumerate(rail.name for rail in p.rails):
            seen = int((rows["rail"][to_kind] == r).sum())
            if expected[r] == 0:
                assert seen == 0, name
                continue
            checked += expected[r] > 1500
            assert near(seen, expected[r], math.sqrt(expected[r])), (public, name, seen, expected[r])
    assert checked >= 5


def test_habit_and_risk_enter_the_choice_as_the_logit_says():
    """Donors' first gifts only, when the habit is still the one they were born with."""
    which = scenario("population.donors=40000", *NO_RESPONSE[:-1], *NO_ENFORCEMENT, "giving.public_rate=0", *YEAR)
    fresh = Model(which)
    habit = fresh.all_donors()["habit"].copy()
    model = model_of(which)
    p = which
    names = ["bank", "cash", "hawala"]
    utilities = np.zeros((len(habit), 3))
    for j, name in enumerate(names):
        rail = p.rails[p.rail(name)]
        utilities[:, j] = rail.constant - p.choice.cost * (rail.fee + rail.spread)
        utilities[:, j] -= p.choice.skill * np.maximum(0.0, rail.literacy - model.all_donors()["literacy"])
        utilities[:, j] += p.choice.habit * (habit == p.rail(name))
    weights = np.exp(utilities)
    chances = weights / (1.0 + weights.sum(axis=1, keepdims=True))
    sympathy = np.array([theatre.sympathy for theatre in p.theatres])[model.all_donors()["community"]]
    met = 1.0 - np.exp(-model.all_donors()["rate"] * p.horizon.weeks)  # a first attempt falls within the run
    chances *= (met * sympathy * p.giving.visibility / p.giving.bound)[:, None]
    rows = gifts_of(model)
    first = rows[rows["attempt"] == 0]
    for j, name in enumerate(names):
        seen = int((first["rail"] == p.rail(name)).sum())
        assert seen > 300
        assert near(seen, chances[:, j].sum(), math.sqrt((chances[:, j] * (1 - chances[:, j])).sum())), name


def test_attempts_per_donor_year():
    """Given the donors' rates the attempts are Poisson; over donors the mean is as configured (gamma, so 5%).

    The sizes of a run's campaigns multiply public_rate: where all are small, fewer attempts are made.
    """
    model = run(1, "population.donors=50000", *YEAR)
    p = model.config
    carried = model.all_donors()["rate"].sum() * p.horizon.weeks
    assert near(len(model.order), carried, math.sqrt(carried))
    a_year = len(model.order) / p.population.donors / (p.horizon.weeks / WEEKS_A_YEAR) / p.giving.bound
    size = model.appeals["share"][model.appeals["public"] == 1].sum()
    assert size < 0.7
    assert a_year == pytest.approx(size * p.giving.public_rate + p.giving.network_rate, rel=0.05)


def test_sizes_of_campaigns_add_up_to_one_in_the_mean_over_seeds_and_not_in_a_run():
    which = scenario("population.donors=1", "horizon.weeks=1", "campaigns.sigma=1", "shock=[]")
    runs = [Model(which.model_copy(update={"seed": seed})).appeals for seed in range(400)]
    sizes = np.array([appeals["share"][appeals["public"] == 1].sum() for appeals in runs])
    one = math.sqrt(math.e - 1) / math.sqrt(6)  # six campaigns of equal weight
    assert near(sizes.mean(), 1.0, one / 20) and sizes.std() == pytest.approx(one, rel=0.3)
    assert all((appeals["share"][appeals["public"] == 0] == 1).all() for appeals in runs)


@rule
def _sizes(usd, parameters):
    for i in range(len(usd)):
        usd[i] = size_of_gift(i, 0, parameters[0]) / 100.0


def test_mean_and_cap_of_gifts():
    """200,000 gifts against the mean of the mixture, each part cut at the cap (four standard errors are about 3%)."""
    gift = scenario().giving
    usd = np.zeros(200_000)
    _sizes(usd, numbers())
    z = math.log(gift.cap / gift.median) / gift.sigma

    def below(x: float) -> float:
        return 0.5 * math.erfc(-x / math.sqrt(2.0))

    ordinary = gift.median * math.exp(gift.sigma**2 / 2) * below(z - gift.sigma) + gift.cap * (1 - below(z))
    a, start = gift.large_exponent, gift.large_from
    large = start * (1 + (1 - (gift.cap / start) ** (1 - a)) / (a - 1))
    mean = (1 - gift.large_share) * ordinary + gift.large_share * large
    assert near(usd.mean(), mean, usd.std() / math.sqrt(len(usd)))
    assert usd.max() == gift.cap
    assert mean == pytest.approx(200, rel=0.25)  # the first public campaign's mean gift was 200 to 2,000 USD


# Two rails that differ in nothing but what is lost on the way, and in how many donors follow.
_PLAIN_CHOICE = (
    *MANY_GIFTS, *GIVING_ALONE, "choice.cost=0", "choice.skill=0", "appeals.news_site.weight=1000", "campaigns.sigma=0",
    *[f"intermediaries.{kind}.fee=0" for kind in ("exchange", "processor", "otc_trader")],
    "rails.bitcoin.fee=0.5", "rails.monero.fee=0.2", "rails.bitcoin.constant=1",
    "intermediaries.exchange.listed=1", "intermediaries.otc_trader.listed=1",
)  # fmt: skip


@pytest.mark.parametrize(("constant", "rises"), [(-1.4, False), (-0.1, True)])
def test_the_threshold_of_following(constant, rises):
    """Delivered money rises only if the share that follows exceeds (1 - loss_old) / (1 - loss_new) = 0.625.

    0.46 of those who gave in bitcoin follow on one side, 0.81 on the other; the shares come from the logit.
    """
    typed = (*_PLAIN_CHOICE, "rules=own_constant", f"rails.monero.constant={constant}")
    with_ = run(1, *typed)
    without = run(1, *typed, "shocks.monero_only.mode=none")
    switch = with_.config.week(with_.config.switch_day)
    old, new = (to_appeal(model, "news_site", switch) for model in (without, with_))

    def given(value: float) -> float:
        return math.exp(value + 1.0) / (1.0 + math.exp(value + 1.0))  # choice.ask = 1

    follows = given(constant) / given(1.0)
    n = len(old) * follows
    assert len(old) > 10_000
    assert near(len(new), n, math.sqrt(n * (1 - follows) + n * (1 - given(1.0))))
    threshold = (1 - 0.5) / (1 - 0.2)
    assert (follows > threshold) is rises
    arrived = [model.book["campaign_delivered"][switch:].sum() for model in (without, with_)]
    assert bool(arrived[1] > arrived[0]) is rises
    size = new["amount"].sum() / old["amount"].sum()
    of_campaign = [by_rail(with_, "delivered", "monero", switch), old["amount"].sum() * 0.5]
    assert of_campaign[0] / of_campaign[1] == pytest.approx(size / threshold, rel=1e-3)


# --- prices ----------------------------------------------------------------------------------------------------------


@rule
def _steps(steps, r, parameters):
    for k in range(len(steps)):
        steps[k] = price_step(r, k, parameters[0])


@pytest.mark.parametrize("rail", ["bitcoin", "monero"])
def test_price_steps_have_mean_one_and_the_stated_volatility(rail):
    r, steps = scenario().rail(rail), np.zeros(100_000)
    _steps(steps, r, numbers())
    weekly = scenario().rails[r].volatility / math.sqrt(WEEKS_A_YEAR)
    assert near(steps.mean(), 1.0, weekly / math.sqrt(len(steps)))
    assert np.log(steps).std() == pytest.approx(weekly, rel=0.01)
    assert np.log(steps).mean() == pytest.approx(-0.5 * weekly**2, abs=4 * weekly / math.sqrt(len(steps)))


def test_prices_of_rails_are_independent():
    one, two = np.zeros((2, 20_000))
    _steps(one, scenario().rail("bitcoin"), numbers())
    _steps(two, scenario().rail("monero"), numbers())
    assert abs(np.corrcoef(np.log(one), np.log(two))[0, 1]) < 4 / math.sqrt(20_000)


# --- attacks ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", ["is_core", "donor_funded", "external_network"])
def test_capacity_and_marginal_cost_at_the_reference_point(profile):
    """Capacity is A_ref x know-how; one more attack costs 2,732 USD (facts:marginal-attack-cost)."""
    which = scenario(f"group={profile}")
    p = parameters(f"group={profile}")
    model = Model(which)
    for name, about, cell in zip(which.group.cells, which.group.cells.values(), model.cells, strict=True):
        if about.kind == "treasury":
            continue
        assert about.fighters_reference == int(about.fighters_reference), name
        rows = np.array([cell])
        rows["fighters"] = int(about.fighters_reference)
        at_reference = rule_view(rows, Cell)[0]
        money = float(cell["money_reference"])
        a_week = about.attacks_reference / WEEKS_A_YEAR
        assert capacity_of(at_reference, money, 0.8, p) == pytest.approx(0.8 * a_week, rel=1e-12)
        step = 1e-4 * (money + float(cell["money_floor"]))
        more = capacity_of(at_reference, money + step, 1.0, p) - capacity_of(at_reference, money - step, 1.0, p)
        assert 2 * step / more == pytest.approx(2732, rel=1e-6), name


def test_capacity_has_the_stated_elasticities():
    p = parameters()
    _, cell = row(
        Cell, fighters=1000, fighters_reference=1000.0, attacks_reference=5.0, money_reference=600.0, money_floor=400.0
    )
    base = capacity_of(cell, 600.0, 1.0, p)
    assert math.log(capacity_of(cell, 1600.0, 1.0, p) / base) / math.log(2) == pytest.approx(scenario().combat.money)
    _, larger = row(
        Cell, fighters=2000, fighters_reference=1000.0, attacks_reference=5.0, money_reference=600.0, money_floor=400.0
    )
    assert math.log(capacity_of(larger, 600.0, 1.0, p) / base) / math.log(2) == pytest.approx(scenario().combat.people)


@rule
def _excite(counts, cells, rate, parameters):
    """One cell's attacks at a constant rate, week after week."""
    cell = cells[0]
    for week in range(len(counts)):
        n = poisson(uniform(1, Stream.ATTACK, 7, week), triggered_mean(cell, rate, parameters[0]))
        for s in range(EXCITATION_WEEKS - 1, 0, -1):
            cell.history[s] = cell.history[s - 1]
        cell.history[0] = n
        counts[week] = n


def test_mean_and_variance_of_self_exciting_attacks():
    """Long-run mean is the rate; counts over long spans vary 1 / (1 - n)^2 times as much as Poisson ones.

    800 spans of 200 weeks: four standard errors are 1.4% of the mean and 20% of the factor; the edges of a span take
    about 2% off the factor.
    """
    n = scenario().combat.branching
    rate, span, spans = 4.0, 200, 800
    rows, _ = row(Cell, past=rate, history=[-1] * EXCITATION_WEEKS)
    counts = np.zeros(span * spans)
    _excite(counts, rule_view(rows, Cell), rate, numbers())
    sums = counts.reshape(spans, span).sum(axis=1)
    factor = sums.var() / sums.mean()
    assert counts.mean() == pytest.approx(rate, abs=4 * math.sqrt(rate / (1 - n) ** 2 / len(counts)))
    assert factor == pytest.approx(1 / (1 - n) ** 2, rel=0.2)


def test_a_run_yields_as_many_attacks_as_its_rates_say():
    """Over 20 runs of five years; the loop is on. The history before the run is filled, so no weeks are lost."""
    seen = expected = 0.0
    for seed in range(1, 21):
        book = run(seed).book
        seen += book["attacks"].sum()
        expected += book["rate"].sum()
    n = scenario().combat.branching
    assert near(seen, expected, math.sqrt(expected) / (1 - n))


@rule
def _deaths(deaths, cells, parameters):
    for k in range(len(deaths)):
        deaths[k] = severity(cells[0], k // 400, k % 400, parameters[0])


def test_tail_of_severity_by_maximum_likelihood():
    """Among attacks of x_min deaths or more, in whole numbers up to the cap; the size of the group is nothing to it."""
    combat = scenario().combat
    deaths, of_giant = np.zeros((2, 160_000))
    for out, fighters in ((deaths, 10), (of_giant, 10_000)):
        rows, _ = row(Cell, key=99, fighters=fighters)
        _deaths(out, rule_view(rows, Cell), numbers())
    assert (deaths == of_giant).all()
    body = (combat.deaths / (1 + combat.deaths)) ** combat.severe_from  # ordinary attacks that reach the tail
    tail = deaths[deaths >= combat.severe_from]
    assert body < 0.001
    assert deaths.max() == combat.deaths_cap

    def likelihood(exponent: float) -> float:
        a = exponent - 1.0
        x = tail / combat.severe_from
        more = np.where(tail >= combat.deaths_cap, 0.0, ((tail + 1) / combat.severe_from) ** -a)
        return -np.log(x**-a - more).sum()

    fitted = minimize_scalar(likelihood, bounds=(1.2, 5), method="bounded").x
    a = combat.severe_exponent
    assert fitted == pytest.approx(a, abs=4 * (a - 1) / math.sqrt(len(tail)) + 0.03)
    assert len(tail) > 4000
    assert near(len(tail) / len(deaths), combat.severe_share, math.sqrt(combat.severe_share / len(deaths)), 5)


# --- levers that are fitted to a fact --------------------------------------------------------------------------------


@pytest.mark.parametrize(("intensity", "fall", "tolerance"), [(0.0, 0.15, 0.05), (1.0, 0.955, 0.05)])
def test_posts_under_weak_and_strong_takedown(intensity, fall, tolerance):
    """What is seen of a channel against one that is never taken down (facts:takedown-weak, facts:takedown-strong).

    Lives of channels (302 and 14 days) are given; what a takedown costs is fitted to both facts: within 5 points.
    """
    p = parameters()
    rows, appeal = row(Appeal, key=5, share=1.0, public=1, audience=1.0)
    (_, levers), (_, agency) = row(Levers, channel_takedown=intensity), row(Agency)
    seen = np.zeros(40_000)
    for week in range(len(seen)):
        update_channel(appeal, agency, levers, week, p)
        seen[week] = rows["visible"][0]
    assert 1.0 - seen.mean() == pytest.approx(fall, abs=tolerance)


def test_oil_strikes_take_three_tenths_in_ten_weeks():
    """Full strikes with repair (facts:oil-strikes-effect); within five points."""
    p = parameters()
    rows, community = row(Community, base=0.3)
    _, levers = row(Levers, revenue_strikes=1.0)
    _strike_for(community, levers, 10, p)
    assert rows["oil_damage"][0] == pytest.approx(0.3, abs=0.05)
    _, none = row(Levers)
    _strike_for(community, none, 52, p)
    assert rows["oil_damage"][0] < 0.05


def _strike_for(community, levers, weeks, p):
    _, military = row(Agency)
    for week in range(weeks):
        strike(community, 0, military, 1.0, levers, week, p)


def test_off_the_ledger_the_share_found_is_the_yearly_rate():
    """No link at all: a gift of age t is found with chance 1 - exp(-rate t); 5% a year makes it countable."""
    rails = ("bank", "cash", "hawala", "bitcoin", "stablecoin", "monero")
    model = run(
        1, "population.donors=50000", *NO_RESPONSE, *[one for one in NO_ENFORCEMENT if "off_ledger" not in one],
        "enforcement.off_ledger=0.05", "rails.monero.traceability.eras={}",
        *[f"rails.{rail}.traceability.link=0" for rail in rails],
        *[f"rails.{rail}.traceability.false_link=0" for rail in rails],
    )  # fmt: skip
    rows = gifts_of(model)
    age = (len(model.book) - rows["week"]) / WEEKS_A_YEAR
    chance = 1.0 - np.exp(-0.05 * age)
    found = rows["found"] != Found.HIDDEN
    assert (rows["found"][found] == Found.OFF_LEDGER).all()
    assert found.sum() > 1000
    assert near(found.sum(), chance.sum(), math.sqrt((chance * (1 - chance)).sum()))
    assert (rows["status"] == Status.PASSED).all()
