"""Each policy: nothing at intensity zero, its own target in the right direction at half and full, an exact start."""

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest

from sim.engine.constants import POLICIES, AgencyKind, IntermediaryKind
from sim.engine.jit import PLAIN
from sim.model import Model
from sim.scenario import Policy, Scenario
from tests.paired import MANY_GIFTS, by_rail, model_of, run, scenario, total
from tests.worlds import gifts_of

pytestmark = pytest.mark.skipif(PLAIN, reason="hundreds of runs: compiled only")

POLICY_ALONE = ("inspiration.publicity=0", "enforcement.sanctions=0", "choice.risk=0", "inspiration.pause=0")
"""Donors and the regulator do not answer, so that a lever is seen alone."""
MANY_CAMPAIGN_GIFTS = (
    *MANY_GIFTS,
    "population.donors=10000",
    *POLICY_ALONE,
    "shocks.monero_only.mode=full",
    "appeals.news_site.weight=10",
)
"""Many gifts to public campaigns, in bitcoin, stablecoin and, after the switch, Monero."""
LISTED = (*MANY_CAMPAIGN_GIFTS, "intermediaries.exchange.listed=0.9")
FROM = 26  # weeks after the start that are left out


def in_force(
    name: str, intensity: float, *overrides: str, start: str = "2018-01-01", ramp: int = 0, staff: float = 0.0
) -> Scenario:
    """The scenario with one policy, without added staff unless given."""
    which = scenario(*overrides)
    agency = scenario(f"policy={name}").policies[name].agency
    policy = Policy(start=start, ramp=ramp, intensity=intensity, staff_weeks=staff, agency=agency)
    return which.model_copy(update={"policies": {**which.policies, name: policy}})


def since(model: Model, name: str) -> float:
    """Sum of an outcome from half a year after 2018-01-01."""
    return total(model, name, 52 + FROM)


def flagged_at(*kinds: IntermediaryKind) -> Callable[[Model], float]:
    """Gifts flagged at intermediaries of some kinds."""

    def count(model: Model) -> float:
        rows = gifts_of(model)
        at = np.isin(model.intermediaries["kind"][rows["intermediary"]], kinds)
        return float((at & (rows["status"] > 0) & (rows["week"] >= 52 + FROM)).sum())

    return count


flagged_at_exchanges = flagged_at(IntermediaryKind.EXCHANGE, IntermediaryKind.PROCESSOR, IntermediaryKind.OTC_TRADER)
flagged_at_brokers = flagged_at(IntermediaryKind.HAWALA_BROKER, IntermediaryKind.COURIER)


def places_for_monero(model: Model) -> float:
    """Intermediaries that served Monero gifts after the switch."""
    rows = gifts_of(model)
    monero = rows[rows["rail"] == model.config.rail("monero")]
    return float(len(np.unique(monero["intermediary"])))


def lost_in_monero(model: Model) -> float:
    """Share of what was given in Monero that fees and spreads took."""
    return by_rail(model, "fees", "monero") / by_rail(model, "given", "monero")


def effort_on_best(model: Model) -> float:
    """Share of the analyst's effort on the rail with most evidence."""
    analyst = model.agencies[AgencyKind.CHAIN_ANALYST]
    return float(analyst["effort"][int(np.argmax(analyst["evidence"]))])


def on_a_rail(outcome: str, rail: str):
    def measure(model: Model) -> float:
        return by_rail(model, outcome, rail, 52 + FROM)

    return measure


def of(outcome: str):
    return lambda model: since(model, outcome)


def oil(model: Model) -> float:
    """Oil revenue of 2017 before the cost of territory."""
    return float(model.book["revenue"][:52, 1].sum())


TARGETS = [
    # policy, world, start, what it aims at, direction, least change at full intensity
    ("exchange_kyc", MANY_CAMPAIGN_GIFTS, "2018-01-01", flagged_at_exchanges, 1, 0.5),
    ("exchange_kyc", POLICY_ALONE, "2018-01-01", of("false_reports"), 1, 0.2),
    ("privacy_delisting", LISTED, "2018-01-01", places_for_monero, -1, 0.3),
    ("privacy_delisting", LISTED, "2018-01-01", lost_in_monero, 1, 0.3),
    ("chain_analytics", MANY_CAMPAIGN_GIFTS, "2018-01-01", of("true_attributions"), 1, 0.1),
    ("issuer_freezing", MANY_CAMPAIGN_GIFTS, "2018-01-01", on_a_rail("frozen", "stablecoin"), 1, 0.1),
    ("issuer_freezing", MANY_CAMPAIGN_GIFTS, "2018-01-01", of("lawful_frozen"), 1, 0.1),
    ("donor_prosecution", POLICY_ALONE, "2018-01-01", of("arrests"), 1, 0.3),
    ("hawala_licensing", POLICY_ALONE, "2018-01-01", flagged_at_brokers, 1, 1.0),
    ("hawala_licensing", POLICY_ALONE, "2018-01-01", on_a_rail("gifts", "hawala"), -1, 0.03),
    ("channel_takedown", MANY_CAMPAIGN_GIFTS, "2018-01-01", of("campaign_delivered"), -1, 0.5),
    ("revenue_strikes", POLICY_ALONE, "2017-01-02", oil, -1, 0.3),
    ("decapitation", POLICY_ALONE, "2018-01-01", of("capacity_core"), -1, 0.03),
    ("kinetic_pressure", POLICY_ALONE, "2018-01-01", of("fighters"), -1, 0.1),
    ("kinetic_pressure", POLICY_ALONE, "2018-01-01", of("rate"), -1, 0.2),
    ("counter_inspiration", POLICY_ALONE, "2018-01-01", of("sympathy"), -1, 0.2),
    ("counter_inspiration", POLICY_ALONE, "2018-01-01", of("recruits"), -1, 0.2),
    ("adaptive", MANY_CAMPAIGN_GIFTS, "2018-01-01", effort_on_best, 1, 0.5),
]


@pytest.mark.parametrize(
    ("name", "world", "start", "target", "direction", "least"),
    TARGETS,
    ids=[f"{row[0]}-{n}" for n, row in enumerate(TARGETS)],
)
def test_each_policy_moves_its_own_target(name, world, start, target, direction, least):
    """Half and full intensity against none, on common random numbers, over three seeds; without any staff added."""
    none, half, full = (
        sum(target(model_of(in_force(name, intensity, *world, start=start), seed)) for seed in (1, 2, 3))
        for intensity in (0.0, 0.5, 1.0)
    )
    assert none > 0
    assert direction * (half - none) > 0
    assert direction * (full - half) > 0 or (name, target) == ("adaptive", effort_on_best)
    assert direction * (full - none) / none >= least, (none, half, full)


def test_every_policy_has_a_target():
    assert {row[0] for row in TARGETS} == set(POLICIES)


@pytest.mark.parametrize("name", POLICIES)
def test_at_intensity_zero_it_is_the_status_quo_in_bytes(name):
    quo = run(7)
    model = run(7, f"policy={name}", f"policies.{name}.intensity=0", f"policies.{name}.start=2017-01-02")
    assert model.book.tobytes() == quo.book.tobytes()
    assert model.ledger.tobytes() == quo.ledger.tobytes()


@pytest.mark.parametrize("name", POLICIES)
def test_start_and_ramp_are_exact(name):
    """Nothing before the first week that begins on or after the start; then a straight ramp, and no more after it."""
    which = in_force(name, 0.8, start="2018-02-07", ramp=4, staff=10.0)
    first = which.week(which.policies[name].start)
    begins = which.horizon.start + timedelta(weeks=first)
    assert 0 <= (begins - which.policies[name].start).days < 7
    model, seen, staff = Model(which), [], []
    agency = AgencyKind[which.policies[name].agency.upper()]
    for _ in range(first + 10):
        model.step()
        seen.append(float(model.levers[name][model.week]))
        staff.append(float(model.agencies["staff"][agency]))
    ramp = [0.2, 0.4, 0.6, 0.8]
    assert seen[:first] == [0.0] * first
    assert seen[first:] == pytest.approx([*ramp, *[0.8] * 6])
    own = float(model.agencies["own_staff"][agency])
    assert staff[:first] == [own] * first
    assert staff[first:] == pytest.approx([own + 10 * value for value in [*ramp, *[0.8] * 6]])
    quo = run(1)
    assert model.book[:first].tobytes() == quo.book[:first].tobytes()


def test_two_policies_are_both_levers_and_share_an_agency():
    """Each lever is what it is alone, staff adds up, and what each aims at is as low as under it alone."""
    two = ("channel_takedown", "counter_inspiration")
    which = in_force(two[1], 1.0, *MANY_CAMPAIGN_GIFTS, staff=20.0)
    alone = {two[1]: which}
    other = in_force(two[0], 0.6, *MANY_CAMPAIGN_GIFTS, staff=5.0)
    alone[two[0]] = other
    both = other.model_copy(update={"policies": {**other.policies, **which.policies}})
    mixed = model_of(both)
    assert mixed.levers[two[0]][-1] == pytest.approx(0.6)
    assert mixed.levers[two[1]][-1] == 1.0
    communicators = mixed.agencies[AgencyKind.COMMUNICATORS]
    assert communicators["staff"] == pytest.approx(communicators["own_staff"] + 0.6 * 5 + 20)
    assert since(mixed, "sympathy") == since(model_of(alone[two[1]]), "sympathy")
    given = {name: since(model_of(one), "campaign_given") for name, one in alone.items()}
    assert since(mixed, "campaign_given") < min(given.values())
    base = since(run(1, *MANY_CAMPAIGN_GIFTS), "campaign_given")
    product = given[two[0]] / base * given[two[1]] / base
    assert since(mixed, "campaign_given") / base == pytest.approx(product, rel=0.1)


def test_a_mix_on_the_command_line_is_the_same_as_its_policies_one_by_one():
    mix = run(5, "policy=[exchange_kyc,decapitation]")
    assert set(mix.config.policies) == {"exchange_kyc", "decapitation"}
    assert mix.levers["exchange_kyc"][-1] == mix.levers["decapitation"][-1] == 1.0
    assert run(5, "policy=[decapitation,exchange_kyc]").book.tobytes() == mix.book.tobytes()


@pytest.mark.parametrize(
    ("name", "outcome", "more"),
    [("chain_analytics", "cases", 1.5), ("donor_prosecution", "arrests", 1.0), ("issuer_freezing", "followed", 1.05)],
)
def test_staff_of_a_policy_does_work(name, outcome, more):
    """The lever at work with and without its staff: the agency opens more cases, or at least no fewer."""
    without, with_ = (
        sum(since(model_of(in_force(name, 1.0, *POLICY_ALONE, staff=staff), seed), outcome) for seed in (1, 2))
        for staff in (0.0, scenario(f"policy={name}").policies[name].staff_weeks)
    )
    assert with_ >= more * without


@pytest.mark.parametrize(
    ("agency", "name"),
    [
        ("fiu", "issuer_freezing"), ("chain_analyst", "chain_analytics"), ("regulator", "exchange_kyc"),
        ("prosecutor", "donor_prosecution"), ("military", "kinetic_pressure"), ("communicators", "channel_takedown"),
    ],
)  # fmt: skip
def test_added_staff_moves_a_rule_in_three_agencies(agency, name):
    """Elsewhere twice the staff of a policy changes nothing, so that policies are not compared at equal staff."""
    once, twice = (in_force(name, 1.0, *MANY_CAMPAIGN_GIFTS, staff=staff) for staff in (2.0, 4.0))
    assert once.policies[name].agency == agency
    moved = model_of(once).book.tobytes() != model_of(twice).book.tobytes()
    assert moved == (agency in ("fiu", "chain_analyst", "prosecutor"))


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_that_starts_before_the_run_is_in_force_from_its_first_week(name):
    model = Model(in_force(name, 1.0, start="2016-01-04", ramp=13))
    model.step()
    assert model.levers[name][model.week] == 1.0


def test_no_policy_before_it_starts_changes_anything():
    """All twelve at once, from their default start in 2020: not a byte before it."""
    everything = run(1, f"policy=[{','.join(POLICIES)}]")
    week = everything.config.week(everything.config.policies["adaptive"].start)
    assert everything.book[:week].tobytes() == run(1).book[:week].tobytes()
    assert everything.book[week:].tobytes() != run(1).book[week:].tobytes()


def test_military_and_financial_policies_act_on_their_own_side():
    """Policies against finance leave opportunity alone; pressure leaves the gifts alone while the loop is cut."""
    finance = model_of(in_force("chain_analytics", 1.0, *POLICY_ALONE))
    quo = run(1, *POLICY_ALONE)
    assert (finance.conditions["opportunity"] == quo.conditions["opportunity"]).all()
    ratio = quo.book["rate"][60:, 0] / quo.book["capacity"][60:, 0]
    same = finance.book["rate"][60:, 0] / finance.book["capacity"][60:, 0]
    assert ratio == pytest.approx(same)
    pressed = model_of(in_force("kinetic_pressure", 1.0, *POLICY_ALONE))
    assert (pressed.book["gifts"] == quo.book["gifts"]).all()
    fall = (pressed.book["rate"][60:, 0] / pressed.book["capacity"][60:, 0]) / ratio
    assert fall == pytest.approx(1 - scenario().effects.kinetic_opportunity)
