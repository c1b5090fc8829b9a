"""Money that reaches the treasury from outside: how much comes when, what it passes, and what sees it."""

from datetime import date

import numpy as np
import pytest

import sim
from sim.config import ConfigurationError
from sim.engine.jit import PLAIN
from sim.events import first_difference
from sim.plots.money import other_income
from tests.paired import NO_ENFORCEMENT, by_rail, model_of, scenario, total, with_shock

pytestmark = pytest.mark.skipif(PLAIN, reason="runs of five years take too long as plain Python")

FIRST, LAST = date(2018, 1, 1), date(2018, 12, 30)
SHORT = ("population.donors=500", "horizon.start=2018-01-01", "horizon.weeks=60", "shocks.monero_only.enabled=false")


def claimed(size, *overrides, rail="bitcoin", at=FIRST, path=None):
    """The scenario of a short run with an inflow of so many million USD."""
    path = {LAST: 1.0} if path is None else path
    return with_shock(scenario(*SHORT, *overrides), type="inflow", at=at, path=path, rail=rail, size=size)


@pytest.mark.parametrize("size", [1e-8, 1.0 / 3.0, 300.0, 5000.0])
def test_it_comes_to_the_cent_in_equal_weekly_parts_by_its_date(size):
    came = model_of(claimed(size)).book["collected"][:, sim.load(*SHORT).rail("bitcoin")]
    assert came.sum() == round(1e8 * size)
    assert came[52:].sum() == 0  # week 51 ends on the last date
    assert came[:52].max() - came[:51].min() <= round(1e8 * size) / 364 + 1  # the last week lacks the day after it


def test_the_share_that_has_come_is_straight_between_dates():
    path = {date(2018, 1, 29): 0.5, date(2018, 3, 26): 0.5, date(2018, 4, 2): 1.0}
    came = model_of(claimed(1.0, path=path)).book["collected"][:, sim.load(*SHORT).rail("bitcoin")]
    assert came[:4].tolist() == [12_500_000] * 4
    assert came[4:12].sum() == 0 and came[12] == 50_000_000 and came.sum() == 100_000_000


def test_what_began_before_the_run_is_there_from_its_start():
    for path in ({date(2018, 1, 1): 1.0}, {}):
        came = model_of(claimed(1.0, at=date(2017, 1, 2), path=path)).book["collected"]
        assert came[0, sim.load(*SHORT).rail("bitcoin")] == 100_000_000


def test_cash_is_income_at_once_and_crypto_waits_for_the_weekly_limit():
    none, cash, coin = (
        model_of(claimed(size, rail=rail)) for size, rail in ((0, "cash"), (50, "cash"), (50, "bitcoin"))
    )
    assert total(cash, "operations") > 1.02 * total(none, "operations")
    made = total(coin, "converted_in") - total(none, "converted_in")
    limit = coin.config.rails[coin.config.rail("bitcoin")].limit
    assert 0 < made <= 100 * limit * 60  # cents
    assert total(coin, "spent") - total(none, "spent") <= made < 0.15 * 50e8


def test_nobody_who_is_blind_seizes_it():
    eyes = ("screening.suspicion=1", "rails.bitcoin.traceability.freeze=1")
    seen, unseen = model_of(claimed(50.0, *eyes)), model_of(claimed(50.0, *NO_ENFORCEMENT))
    assert by_rail(seen, "frozen", "bitcoin") > 0
    assert by_rail(unseen, "frozen", "bitcoin") == 0


def test_of_size_zero_it_changes_nothing():
    nothing = model_of(claimed(0.0))
    assert nothing.book.tobytes() == model_of(scenario(*SHORT)).book.tobytes()


def test_a_branch_from_the_middle_of_it_is_the_whole_run():
    plain = claimed(4.0)
    other = plain.model_copy(
        update={
            "shocks": {
                **plain.shocks,
                "leader_killed": plain.shocks["leader_killed"].model_copy(update={"at": date(2018, 7, 2)}),
            }
        }
    )
    parent = sim.Model(plain)
    parent.run_for(20)
    assert first_difference(plain, other) > 20
    branch = parent.branch(other)
    assert np.array_equal(branch.run(), model_of(other, plain.seed).book)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("rail=bitcoyn", "rail bitcoyn is not chosen; nearest: bitcoin"),
        ("at=null", "inflow needs a date"),
        ("path={2020-05-31:1.5}", "lie between 0 and 1 and never fall"),
        ("path={2019-01-07:1,2020-05-31:0.5}", "lie between 0 and 1 and never fall"),
        ("path={2017-11-01:1}", "lies after 2017-11-01"),
        ("size=5001", "allowed is 0 to 5000"),
    ],
)
def test_bad_input(typed, message):
    with pytest.raises(ConfigurationError) as error:
        sim.load("shock=[claimed_crypto]", f"shocks.claimed_crypto.{typed}")
    assert message in str(error.value)


def test_no_shipped_scenario_has_it():
    for group in ("is_core", "donor_funded", "external_network"):
        assert not any(shock.type == "inflow" for shock in sim.load(f"group={group}").shocks.values())


def test_figures_say_that_income_is_not_local_revenue_alone():
    assert other_income(claimed(1.0)) == "local revenue and inflow"
    assert other_income(scenario(*SHORT)) == "local revenue"
