"""The share of donors that follow a full switch: `size` of the switch is the share that the campaign loses."""

import math
from functools import cache

import numpy as np
import pytest

from sim.engine.constants import NOBODY, SwitchMode, key_of
from sim.engine.jit import PLAIN, rule
from sim.engine.records import rule_view
from sim.model import Model
from sim.rules.donors import rail_after_switch
from sim.rules.world import Appeal, Week
from tests.paired import (
    GIVING_ALONE,
    MANY_GIFTS,
    by_rail,
    model_of,
    near,
    numbers,
    run,
    scenario,
    to_appeal,
    with_shock,
)
from tests.worlds import gifts_of

compiled = pytest.mark.skipif(PLAIN, reason="many donors: compiled only")

SWITCH = 181  # first week after 2020-06-21
LOSSES = (0.0, 0.2, 0.325, 0.425, 0.6, 1.0)
ALIKE = (
    *MANY_GIFTS, *GIVING_ALONE, "population.donors=50000", "choice.cost=0", "appeals.news_site.weight=1000",
    "campaigns.sigma=0",
    *[f"intermediaries.{kind}.fee=0" for kind in ("exchange", "processor", "otc_trader")],
    "rails.bitcoin.fee=0.5", "rails.monero.fee=0.2",
    "intermediaries.exchange.listed=1", "intermediaries.otc_trader.listed=1",
)  # fmt: skip
"""Nothing is lost on the way but the fees: half of a gift in bitcoin, a fifth in Monero. Nobody reacts to anything."""
THRESHOLD = (1 - 0.5) / (1 - 0.2)


@cache
def full(loses: float, *overrides: str) -> Model:
    """A full switch that loses a share of the campaign's donors."""
    return run(1, *overrides, "shocks.monero_only.mode=full", f"shocks.monero_only.size={loses}")


def gifts_after(loses: float) -> np.ndarray:
    """Gifts to the campaign after such a switch where nothing else is lost."""
    return to_appeal(full(loses, *ALIKE), "news_site", SWITCH)


# --- who follows -----------------------------------------------------------------------------------------------------


@rule
def _followers(out, appeals, now, parameters):
    """Where the gift of each donor goes."""
    for identity in range(len(out)):
        out[identity] = rail_after_switch(appeals[0], identity, 3, now[0], parameters[0])


def _where(loses: float, donors: int, *, mode=SwitchMode.FULL, name="news_site", seed=1, served=1) -> np.ndarray:
    appeals, now, out = np.zeros(1, Appeal.dtype), np.zeros(1, Week.dtype), np.zeros(donors, np.int64)
    appeals["key"], appeals["mode"], appeals["moves_to"], appeals["loses"] = key_of(name), mode, 5, loses
    now["serves"] = served
    _followers(out, rule_view(appeals, Appeal), rule_view(now, Week), numbers(f"seed={seed}"))
    return out


def test_a_share_of_donors_is_lost_the_others_follow():
    donors = 2_000 if PLAIN else 200_000
    for loses in (0.0, 0.05, 0.375, 0.9, 1.0):
        where = _where(loses, donors)
        assert set(where.tolist()) <= {NOBODY, 5}
        assert near((where == NOBODY).sum(), donors * loses, math.sqrt(donors * loses * (1 - loses)))


def test_with_a_smaller_loss_all_who_followed_still_follow():
    before = _where(1.0, 2_000) != NOBODY
    for loses in np.linspace(1.0, 0.0, 41):
        now = _where(float(loses), 2_000) != NOBODY
        assert (now | ~before).all()
        before = now
    assert before.all()


def test_who_is_lost_hangs_on_donor_campaign_and_seed():
    """Of two campaigns, and of two seeds, donors are lost independently: 0.36 to both, not 0.6."""
    base = _where(0.6, 4_000) == NOBODY
    for other in (_where(0.6, 4_000, name="campaign_a"), _where(0.6, 4_000, seed=2)):
        assert near((base & (other == NOBODY)).sum(), 4_000 * 0.36, math.sqrt(4_000 * 0.36 * 0.64))
    assert (base[:100] == (_where(0.6, 100) == NOBODY)).all()


def test_without_a_full_switch_nobody_is_lost():
    for mode in (SwitchMode.NONE, SwitchMode.ANNOUNCEMENT):
        assert (_where(1.0, 50, mode=mode) == 3).all()
    assert (_where(0.0, 50, served=0) == NOBODY).all()


# --- what it does to a run -------------------------------------------------------------------------------------------


@compiled
def test_a_loss_of_none_is_the_full_switch_as_it_was():
    """Every gift that would have gone to the campaign follows, to the cent and the week."""
    none = to_appeal(run(1, *ALIKE, "shocks.monero_only.mode=none"), "news_site", SWITCH)
    same = ["donor", "attempt", "week", "amount"]
    assert len(none) > 5_000
    assert (gifts_after(0.0)[same] == none[same]).all()
    assert full(0.0).book.tobytes() == run(1, "shocks.monero_only.mode=full").book.tobytes()


@compiled
def test_a_loss_of_all_ends_the_campaign_at_the_switch():
    none, lost = full(0.0, *ALIKE), full(1.0, *ALIKE)
    assert len(gifts_after(1.0)) == 0
    assert none.book[:SWITCH].tobytes() == lost.book[:SWITCH].tobytes()
    elsewhere = [rows[rows["appeal"] != none.config.appeal("news_site")] for rows in map(gifts_of, (none, lost))]
    same = ["donor", "attempt", "week", "amount", "rail"]
    assert len(elsewhere[0]) > 1_000
    assert (elsewhere[0][same] == elsewhere[1][same]).all()


@compiled
def test_gifts_are_nested_and_a_donor_is_lost_for_good():
    everyone = set(gifts_after(0.0)["donor"].tolist())
    assert len(everyone) > 1_000
    gifts = [{(int(row["donor"]), int(row["attempt"])) for row in gifts_after(loses)} for loses in LOSSES]
    for loses, more, fewer in zip(LOSSES[1:], gifts, gifts[1:], strict=False):
        assert fewer < more, loses
        followers = {donor for donor, _ in fewer}
        assert fewer == {gift for gift in gifts[0] if gift[0] in followers}, "who follows keeps giving all he gave"
        assert near(len(followers), len(everyone) * (1 - loses), math.sqrt(len(everyone) * loses * (1 - loses)))


@compiled
def test_those_lost_are_met_but_not_taken():
    """What the group remembers of a rail falls with the donors that it lost: they would have given, and did not."""
    met, taken, gifts = np.zeros((3, 2, 9), dtype=np.int64)
    for k, loses in enumerate((0.0, 0.6)):
        model = Model(full(loses, *ALIKE).config)
        campaign = model.config.appeal("news_site")
        model.run_for(SWITCH)
        for week in range(met.shape[1]):
            model.step()
            met[k, week], taken[k, week] = (model.appeals[name][campaign] for name in ("met", "taken"))
        gifts[k] = np.bincount(gifts_after(loses)["week"] - SWITCH)[: met.shape[1]]
    assert met.sum() > 1_000
    assert (met[0] == met[1]).all()
    assert (taken == gifts).all()
    assert taken[1].sum() < 0.5 * taken[0].sum()


@compiled
def test_who_was_lost_does_not_come_back_with_a_second_switch():
    first = scenario(*ALIKE, "shocks.monero_only.mode=full", "shocks.monero_only.size=0.6")
    again = with_shock(first, type="switch", at="2020-12-27", target="news_site", rail="stablecoin", mode="full")
    rows = to_appeal(model_of(again), "news_site", SWITCH)
    remaining = gifts_after(0.6)
    assert (rows["donor"] == remaining["donor"]).all()
    assert set(rows["rail"].tolist()) == {first.rail("monero"), first.rail("stablecoin")}


# --- the closed form -------------------------------------------------------------------------------------------------


@compiled
def test_delivered_money_rises_only_above_the_threshold():
    """It rises only if the share that follows exceeds (1 - loss_old) / (1 - loss_new) = 0.5 / 0.8 = 0.625.

    Followers bring their share of the money: over random followers it has mean f and standard deviation
    sqrt(f (1 - f) sum of squares) / sum of what donors give, here below 0.015. Four of these are allowed, also for the
    share at which delivered money crosses that without a switch.
    """
    none = run(1, *ALIKE, "shocks.monero_only.mode=none")
    old = to_appeal(none, "news_site", SWITCH)
    by_donor = np.bincount(old["donor"], weights=old["amount"])
    spread = math.sqrt((by_donor**2).sum()) / by_donor.sum()
    assert spread < 0.03
    ratios = []
    for loses in LOSSES:
        model, f = full(loses, *ALIKE), 1.0 - loses
        ratios.append(by_rail(model, "delivered", "monero", SWITCH) / (0.5 * by_donor.sum()))
        brought = gifts_after(loses)["amount"].sum() / by_donor.sum()
        assert near(brought, f, spread * math.sqrt(f * (1 - f)))
        assert ratios[-1] == pytest.approx(brought / THRESHOLD, rel=1e-3)
        in_all = [one.book["campaign_delivered"][SWITCH:].sum() for one in (none, model)]
        assert bool(in_all[1] > in_all[0]) is (f > THRESHOLD), loses
    crossing = 1.0 - np.interp(-1.0, -np.array(ratios), LOSSES)
    assert near(crossing, THRESHOLD, spread * math.sqrt(THRESHOLD * (1 - THRESHOLD)))
