"""Dated practice: the level of a policy that is common already, and an appeal that asks for a rail beside others."""

from datetime import date, timedelta

import numpy as np
import pytest

from sim.config import ConfigurationError, load
from sim.engine.constants import POLICIES
from sim.events import first_difference
from sim.rules.conditions import levers_of
from sim.runs import Run
from sim.scenario import Scenario
from tests.paired import NO_PRACTICE, with_shock
from tests.worlds import run_of

FEW = (*NO_PRACTICE, "population.donors=2000", "horizon.start=2019-07-01", "horizon.weeks=104")
DAY = date(2020, 3, 2)


def common(which: Scenario, policy: str, path: dict[date, float], **fields: object) -> Scenario:
    """The scenario with a practice."""
    return with_shock(which, type="practice", at=None, target=policy, path=path, **fields)


@pytest.mark.parametrize("policy", ["issuer_freezing", "privacy_delisting", "exchange_kyc", "channel_takedown"])
def test_full_practice_is_the_full_policy_without_staff(policy):
    lever = [f"policies.{policy}.{field}" for field in (f"start={DAY}", "ramp=0", "intensity=1", "staff_weeks=0")]
    chosen = run_of(load(*FEW, f"policy={policy}", *lever))
    usual = run_of(common(load(*FEW), policy, {DAY - timedelta(weeks=1): 0.0, DAY: 1.0}))
    assert usual.book.tobytes() == chosen.book.tobytes()
    assert usual.book.tobytes() != run_of(load(*FEW)).book.tobytes()


def test_a_practice_that_is_off_changes_no_byte():
    off = load(*FEW)
    without = off.model_copy(update={"shocks": {k: v for k, v in off.shocks.items() if v.type != "practice"}})
    assert len(without.shocks) == len(off.shocks) - 3
    assert run_of(off).book.tobytes() == run_of(without).book.tobytes()


def test_the_larger_of_practice_and_policy_holds_and_only_policy_adds_staff():
    policy = ("policy=exchange_kyc", f"policies.exchange_kyc.start={DAY}", "policies.exchange_kyc.intensity=0.5")
    scenario = load(*FEW, *policy)
    ahead = levers_of(common(scenario, "exchange_kyc", {DAY: 0.0, DAY + timedelta(weeks=40): 0.8}))
    alone, begins = levers_of(scenario), scenario.week(DAY)
    ramp = np.clip(np.arange(-begins, 104 - begins) / 40.0, 0.0, 1.0) * 0.8
    assert ahead["exchange_kyc"] == pytest.approx(np.maximum(alone["exchange_kyc"], ramp))
    assert (ahead["exchange_kyc"] > alone["exchange_kyc"]).any()
    assert (ahead["staff"] == alone["staff"]).all()
    assert all((ahead[name] == alone[name]).all() for name in POLICIES if name != "exchange_kyc")


def test_issuers_of_one_currency_freeze_that_one():
    levers = levers_of(load("horizon=to_2026"))
    scenario = load("horizon=to_2026")
    freeze = scenario.rails[scenario.rail("stablecoin")].traceability.freeze
    week = scenario.week(date(2023, 10, 16))
    chance = freeze + (1 - freeze) * scenario.effects.issuer_freezing * levers["freezing"][week]
    assert chance[scenario.rail("stablecoin")] == pytest.approx(0.52, abs=0.001)  # facts:frozen-share-stablecoin
    assert not levers["issuer_freezing"].any()
    assert not np.delete(levers["freezing"], scenario.rail("stablecoin"), axis=1).any()
    full = levers_of(load("policy=issuer_freezing", "horizon=to_2026"))
    assert full["freezing"][-1, : scenario.n_rails].tolist() == [1.0] * scenario.n_rails


def test_a_practice_is_part_of_a_branch():
    base = load(*FEW)
    later = common(base, "privacy_delisting", {DAY: 0.0, DAY + timedelta(weeks=10): 1.0})
    at_once = common(base, "privacy_delisting", {DAY: 0.3})
    assert first_difference(base, later) == base.week(DAY)
    assert first_difference(base, at_once) == 0  # a value holds before its first date too
    parent = Run(base)
    parent.advance(base.week(DAY))
    assert parent.branch(later).run().tobytes() == run_of(later).book.tobytes()


def test_an_appeal_that_asks_for_a_rail_still_takes_the_others():
    asked, only = (
        run_of(load(*FEW, "giving.public_rate=2", f"shocks.monero_only.mode={mode}", "choice.ask=0.33"))
        for mode in ("asked", "announcement")
    )
    place = asked.config.appeal("news_site")
    bitcoin, monero = asked.config.rail("bitcoin"), asked.config.rail("monero")
    accepts = asked.appeals["accepts"][place]
    assert np.flatnonzero(accepts).tolist() == sorted([bitcoin, monero])
    assert asked.appeals["asked"][place] == only.appeals["asked"][place] == monero
    after = asked.config.week(date(2020, 6, 21)) + 1
    gifts = {name: run.ledger[: run.book["last_gift"][-1]] for name, run in (("asked", asked), ("only", only))}
    rails = {
        name: set(rows["rail"][(rows["appeal"] == place) & (rows["week"] >= after)]) for name, rows in gifts.items()
    }
    assert rails == {"asked": {bitcoin, monero}, "only": {monero}}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("target=privacy_delistin", "unknown policy privacy_delistin; nearest: privacy_delisting"),
        ("target=null", "practice needs one: name of the policy"),
        ("path={}", "practice needs values by date"),
        ("path={2020-01-01: 1.5}", "an intensity lies between 0 and 1"),
        ("rail=monero", "privacy_delisting is common practice on all rails; allowed is null"),
    ],
)
def test_a_practice_that_cannot_be_is_refused(typed, words):
    with pytest.raises(ConfigurationError) as refused:
        load(f"shocks.delistings.{typed}")
    assert refused.value.errors == [f"shocks.delistings.{typed}: {words}"]


def test_a_campaign_that_has_ended_stays_so_under_any_rule_of_routes():
    for rules in ("rules=[]", "rules=rerouting"):
        model = run_of(load("group=qassam", rules, "population.donors=2000", "horizon.weeks=400"))
        given = model.book["campaign_given"]
        ended = model.config.week(date(2023, 4, 26)) + 1
        assert given[:ended].any() and not given[ended:].any()
