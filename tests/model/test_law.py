"""The law of traceability: its tables, its properties, and runs beside it."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import law
from sim.cli.law import run as command
from sim.config import CONF, load
from sim.engine.constants import Status
from sim.engine.jit import PLAIN
from sim.runs import Run

GROUP = {"freezable": 1.0, "gifts": 4.0, "cashed": 0.15, "renewal": 0.1, "lag": 26.0}
SCREENED = 0.055
"""Share frozen where all can be stopped and nothing is linked, as measured in the runs of the table."""


# --- the tables of the design -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "about", "frozen"),
    [
        (0.2, {"freezable": 0.52}, 0.032), (0.5, {"freezable": 0.15}, 0.046), (0.5, {}, 0.27),
        (0.8, {"freezable": 0.52}, 0.39), (1.0, {"freezable": 0.15}, 0.133), (1.0, {}, 0.846),
        (0.5, {"renewal": 0.0}, 0.48), (0.5, {"renewal": 0.5}, 0.13), (0.5, {"cashed": 0.6}, 0.09),
        (0.5, {"cashed": 0.05}, 0.53), (0.5, {"gifts": 8.7}, 0.44), (0.8, {"renewal": 0.5}, 0.55),
    ],
)  # fmt: skip
def test_steady_states(link, about, frozen):
    """The table has 3.5 to 4.4 gifts a week from case to case: one of them fits within 0.01."""
    weekly = np.array([about["gifts"]]) if "gifts" in about else np.linspace(3.4, 4.5, 12)
    shares = law.frozen_share(link, **GROUP | about | {"gifts": weekly})
    every = 1 - (1 - shares) * (1 - SCREENED * about.get("freezable", 1.0))
    assert np.abs(every - frozen).min() < 0.01


LINKS = np.array([0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.85, 1.0])


@pytest.mark.parametrize(
    ("gifts", "shares", "half"),
    [
        (4, (0, 0, 0.01, 0.03, 0.25, 0.60, 0.77, 0.84), 0.60), (20, (0, 0, 0.03, 0.15, 0.60, 0.82, 0.85, 0.85), 0.43),
        (100, (0, 0.01, 0.13, 0.45, 0.82, 0.85, 0.85, 0.85), 0.30),
        (500, (0, 0.04, 0.42, 0.75, 0.85, 0.85, 0.85, 0.85), 0.21),
    ],
)  # fmt: skip
def test_regime_map(gifts, shares, half):
    about = GROUP | {"gifts": gifts}
    assert np.round(law.frozen_share(LINKS, **about), 2) == pytest.approx(shares, abs=0.011)
    assert law.threshold_link(0.425, **about, income_share=1, elasticity=1) == pytest.approx(half, abs=0.011)


@pytest.mark.parametrize(("about", "half"), [({"cashed": 0.35}, 0.70), ({"renewal": 0}, 0.48), ({"lag": 1}, 0.48)])
def test_what_moves_half_of_the_ceiling(about, half):
    about = GROUP | about
    goal = (1 - about["cashed"]) / 2
    assert law.threshold_link(goal, **about, income_share=1, elasticity=1) == pytest.approx(half, abs=0.011)


@pytest.mark.parametrize(("freezable", "needed"), [(0.15, 0.078), (0.52, 0.023), (0.02, 0.59)])
def test_necessary_condition(freezable, needed):
    """Elasticity x share that a coin needs to matter by 1 % of capacity, however well it is traced."""
    assert law.ceiling(freezable, 0.15, 0.96 * needed, 1.0) > -0.01 > law.ceiling(freezable, 0.15, 1.04 * needed, 1.0)


# --- the derivation ---------------------------------------------------------------------------------------------------


def test_race_week_by_week():
    """Deposits and links at random, cash first within a week: the mean share frozen is the race of the law."""
    dice = np.random.default_rng(1)
    link, hops, recall, about = 0.6, 2, 0.7, GROUP | {"gifts": 12.0, "lag": 10.0}
    weeks, burn = 60_000, 500
    gifts = dice.poisson(about["gifts"], weeks)
    reach = np.ones(weeks)
    for week, number in enumerate(gifts):
        linked = dice.binomial(number, link**hops * recall)
        for age in (dice.exponential(about["lag"] / math.log(2), linked)).astype(int):
            if week + age < weeks:
                reach[week + age] *= 1 - link**hops * (1 - about["renewal"] * (1 - link)) ** age
    held = frozen = 0.0
    for week in range(weeks):
        held = (held + gifts[week]) * (1 - about["cashed"])
        frozen += held * (1 - reach[week]) * (week >= burn)
        held *= reach[week]
    expected = law.frozen_share(link, **about, hops=hops, recall=recall)
    assert frozen / gifts[burn:].sum() == pytest.approx(expected, abs=0.01)


def test_young_rail():
    """Links grow with the age of a rail up to the steady state."""
    ages = law.frozen_share(0.7, **GROUP, weeks=np.array([0.0, 1.0, 13.0, 52.0, 500.0, np.inf]))
    assert ages[0] == 0 and (np.diff(ages) >= 0).all()
    assert ages[-1] == pytest.approx(law.frozen_share(0.7, **GROUP)) == pytest.approx(ages[-2])


def test_screening_at_cash_out_and_reports():
    """Every cent by itself: reported, or tried at an exchange until it is cashed or frozen, or reached by a link."""
    dice, cents = np.random.default_rng(2), 200_000
    about, flagged, reported, q = GROUP | {"freezable": 0.4}, 0.3, 0.1, 0.08
    stoppable = dice.random(cents) < about["freezable"]
    frozen = (dice.random(cents) < reported) & (dice.random(cents) < about["freezable"])
    held, cashed = ~frozen, 0
    while held.any():
        tried = held & (dice.random(cents) < about["cashed"])
        flags = tried & (dice.random(cents) < flagged)
        cashed += (tried & ~flags).sum()
        frozen |= flags & (dice.random(cents) < about["freezable"])
        held &= ~(tried & ~flags) & ~frozen
        frozen |= held & stoppable & (dice.random(cents) < q)
        held &= ~frozen
    leaves = about["cashed"] * (1 - flagged * (1 - about["freezable"]))
    linked = about["freezable"] * (1 - leaves) * q / ((1 - leaves) * q + leaves)
    expected = 1 - (1 - linked) * (1 - law.screened(about["freezable"], flagged, reported))
    assert frozen.mean() == pytest.approx(expected, abs=0.005)


def test_wallets():
    """Links on one wallet do not lead to another: the mean of the wallets, each with its gifts."""
    parts = (0.7, 0.3)
    each = [law.frozen_share(0.7, **GROUP | {"gifts": part * GROUP["gifts"]}) for part in parts]
    assert law.frozen_share(0.7, **GROUP, wallets=parts) == pytest.approx(np.average(each, weights=parts))
    assert law.found(0.5, 8.0, recall=0.5, followed=0.5) == pytest.approx(0.5)


# --- properties -------------------------------------------------------------------------------------------------------

SHARE = st.floats(0.0, 1.0)
POINT = st.fixed_dictionaries(
    {
        "link": SHARE, "freezable": SHARE, "gifts": st.floats(0.0, 1e4), "cashed": st.floats(0.001, 1.0),
        "renewal": SHARE, "lag": st.floats(0.01, 520.0), "income_share": SHARE, "elasticity": st.floats(0.0, 5.0),
    }
)  # fmt: skip


@given(POINT, SHARE)
def test_bounds_and_monotony(point, other):
    """More link, freezable share, gifts, share of income or elasticity lose more; cashing and renewing lose less."""
    here = law.loss(**point)
    ends = {name: point[name] for name in ("freezable", "cashed", "income_share", "elasticity")}
    assert -1 <= law.ceiling(**ends) - 1e-12 <= here <= 0
    assert law.loss(**point | {"link": 0.0}) == 0
    scale = {"gifts": 1e4, "elasticity": 5.0}
    for name in ("link", "freezable", "gifts", "income_share", "elasticity"):
        low, high = sorted((point[name], other * scale.get(name, 1.0)))
        assert law.loss(**point | {name: high}) <= law.loss(**point | {name: low}) + 1e-12, name
    for name, least in (("cashed", 0.001), ("renewal", 0.0)):
        low, high = sorted((point[name], max(least, other)))
        assert law.loss(**point | {name: low}) <= law.loss(**point | {name: high}) + 1e-12, name


@given(POINT, st.floats(0.001, 0.2))
def test_threshold(point, margin):
    about = {name: value for name, value in point.items() if name != "link"}
    link = law.threshold_link(margin, **about)
    if math.isnan(link):
        assert law.loss(1.0, **about) > -margin
    else:
        assert law.loss(link, **about) <= -margin
        assert link < 1e-9 or law.loss(max(0.0, link - 1e-6), **about) >= -margin


def test_arrays_are_numbers_side_by_side():
    links, gifts = np.array([0.0, 0.3, 1.0]), np.array([[4.0], [50.0]])
    about = GROUP | {"income_share": 0.5, "elasticity": 0.5}
    table = law.loss(links, **about | {"gifts": gifts})
    thresholds = law.threshold_link(0.05, **about | {"gifts": gifts})
    assert table.shape == (2, 3) and thresholds.shape == (2, 1)
    for (row, weekly), (column, link) in itertools.product(enumerate(gifts[:, 0]), enumerate(links)):
        assert table[row, column] == law.loss(link, **about | {"gifts": weekly})
        assert thresholds[row, 0] == law.threshold_link(0.05, **about | {"gifts": weekly})


@given(SHARE, st.floats(0.01, 5.0), st.floats(0.0, 0.9), st.floats(0.0, 0.9), st.floats(0.0, 3.0))
def test_switched(share, elasticity, before, after, kept):
    """The threshold inverts the effect; the sign turns where as much money can be used as before."""
    about = {"campaign_share": share, "elasticity": elasticity, "frozen_before": before, "frozen_after": after}
    zero = law.threshold_kept(**about)
    assert zero == pytest.approx((1 - before) / (1 - after))
    assert law.switched(zero, **about) == pytest.approx(0, abs=1e-9)
    change = law.switched(kept, **about)
    assert -1 <= law.switched(0.0, **about) <= change and law.switched(1.0, 0.0, elasticity, before, after) == 0
    assert abs(change) < 1e-9 or (change > 0) == (kept * (1 - after) > 1 - before)
    if change + 1 > 0.001 and 0.001 < abs(change) < 10:  # at a loss of all, any smaller kept has the same effect
        assert law.threshold_kept(**about, change=change) == pytest.approx(kept, abs=1e-6)


def test_what_waits_to_be_cash():
    """Gifts of ten weeks, of which a share is cashed every week from the first on."""
    held = 0.0
    for _ in range(10):
        held = (held + 1.0) * 0.7
    assert law.waiting(0.3, 10) == pytest.approx(held / 10) and law.waiting(1.0, 10) == 0.0 == law.waiting(0.3, 0)


def test_limits_of_the_threshold_of_what_campaigns_keep():
    assert law.threshold_kept(0.0, 0.0) == law.threshold_kept(0.3, 0.3, 0.2, 0.2) == 1.0
    least = law.switched(0.0, 0.3, 0.2)  # all gifts lost
    found = law.threshold_kept(0.3, 0.2, change=np.array([-0.01, 1.01 * least, 0.01]))
    assert 0 < found[0] < 1 < found[2] and np.isnan(found[1]), "nothing that campaigns keep loses so much"
    for share, elasticity, after in ((0.0, 0.5, 0.0), (0.3, 0.0, 0.0), (0.3, 0.5, 1.0)):
        assert np.isnan(law.threshold_kept(share, elasticity, 0.0, after, change=-0.01))
    with pytest.raises(ValueError, match=r"^frozen_before=1.0: allowed"):
        law.switched(1.0, 0.5, 0.5, 1.0)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("link", 1.01), ("link", -0.1), ("link", math.nan), ("link", "0.5"), ("link", None), ("link", True),
        ("link", [0.5]), ("freezable", 2), ("gifts", -1.0), ("gifts", math.inf), ("cashed", 0.0), ("renewal", 1.5),
        ("lag", 0.0), ("income_share", np.array([0.5, 1.5])), ("elasticity", -0.1), ("hops", 0), ("recall", 1.2),
        ("followed", -1.0), ("weeks", -1.0),
    ],
)  # fmt: skip
def test_what_is_out_of_range_is_refused(name, value):
    about = GROUP | {"link": 0.5, "income_share": 0.5, "elasticity": 0.5}
    with pytest.raises(ValueError, match=f"^{name}=.*allowed"):
        law.loss(**about | {name: value})


# --- runs beside the law ----------------------------------------------------------------------------------------------

compiled = pytest.mark.skipif(PLAIN, reason="hundreds of runs: compiled only")
WEEKS, SETTLED = 300, 100
FREEZING_ALONE = (
    "group=donor_funded", f"horizon.weeks={WEEKS}", "shocks.bitcoin_accepted.at=2017-01-02",
    "shocks.monero_only.at=2017-01-09", "screening.suspicion=0", "enforcement.off_ledger=0", "enforcement.arrest=0",
    "enforcement.sanctions=0", "enforcement.staff.chain_analyst=1e6", "rails.monero.traceability.eras={}",
    *(f"rails.{rail}.{last}=0" for rail in ("bitcoin", "monero") for last in ("volatility", "traceability.false_link")),
)  # fmt: skip


def finished(which, seed, income=1.0):
    one = Run(which.model_copy(update={"seed": seed}))
    for name in ("median", "large_from", "cap"):
        one.parameters["giving"][name] *= income
    one.parameters["group"]["routing"] /= income  # as much goes straight to cells
    one.run()
    return one


def shares(mode, rail, link, freezable, *others, seeds=range(1, 7)):
    """Share frozen of what the treasury gets on a rail, in runs and by the law with their gifts to each campaign."""
    of_rail = f"rails.{rail}.traceability"
    which = load(
        *FREEZING_ALONE, "rules=[unheard]", f"shocks.monero_only.mode={mode}", f"{of_rail}.link={link}",
        f"{of_rail}.freeze={freezable}", *others,
    )  # fmt: skip
    r, seen, expected = which.rail(rail), [], []
    for seed in seeds:
        one = finished(which, seed)
        rows = one.ledger[one.book["first_gift"][SETTLED] : one.book["last_gift"][-1]]
        rows = rows[(rows["rail"] == r) & (rows["status"] != Status.BLOCKED)]
        gifts = np.bincount(rows["appeal"])
        came = one.book["delivered"][SETTLED:, r].sum() * (1 - which.group.routing)
        seen.append(one.book["frozen"][SETTLED:, r].sum() / came)
        about = law.frozen_share(
            link, freezable, gifts.sum() / (WEEKS - SETTLED), which.rails[r].acceptance[which.theatre("syria")],
            which.group.renewal, which.rails[r].traceability.lag, wallets=gifts[gifts > 0] / gifts.sum(),
        )  # fmt: skip
        expected.append(about)
    return np.mean(seen), np.mean(expected)


@compiled
@pytest.mark.parametrize(("mode", "rail"), [("none", "bitcoin"), ("full", "monero")])
def test_runs_freeze_what_the_law_says(mode, rail):
    frozen = {}
    for link, freezable in ((0.0, 1.0), (0.5, 1.0), (1.0, 0.52), (1.0, 1.0)):
        seen, expected = frozen[link, freezable] = shares(mode, rail, link, freezable)
        assert seen == pytest.approx(expected, abs=0.02), (link, freezable)
    assert frozen[0.0, 1.0][0] == 0
    half, whole = frozen[0.5, 1.0], frozen[1.0, 1.0]
    assert whole[0] / half[0] == pytest.approx(whole[1] / half[1], rel=0.1)


@compiled
@pytest.mark.parametrize(
    "others",
    [
        ("group.renewal=0",), ("group.renewal=0.5",), ("rails.bitcoin.traceability.lag=2",), ("giving.public_rate=5",),
        ("rails.bitcoin.acceptance={other:0.05,abroad:0.4}",), ("rails.bitcoin.acceptance={other:0.6,abroad:0.6}",),
        ("group.routing=0.4",),
    ],
)  # fmt: skip
def test_runs_freeze_what_the_law_says_whatever_the_group_does(others):
    seen, expected = shares("none", "bitcoin", 0.6, 1.0, *others)
    assert seen == pytest.approx(expected, abs=0.02)


@compiled
@pytest.mark.parametrize("weeks", [13, 52])
def test_runs_freeze_after_a_switch_what_the_law_says_of_a_young_rail(weeks):
    which = load(*FREEZING_ALONE, "rules=[unheard]", "shocks.monero_only.mode=full", "shocks.monero_only.at=2020-01-06",
                 "rails.monero.traceability.link=0.7", "rails.monero.traceability.freeze=1")  # fmt: skip
    r, seen, expected = which.rail("monero"), [], []
    for seed in range(1, 37):  # of 12 seeds the standard error is 0.035
        book = finished(which, seed).book[which.week(which.switch_day) :][:weeks]
        seen.append(book["frozen"][:, r].sum() / book["delivered"][:, r].sum() / (1 - which.group.routing))
        about = GROUP | {"gifts": book["gifts"][:, r].mean(), "lag": which.rails[r].traceability.lag}
        expected.append(law.frozen_share(0.7, **about, weeks=np.arange(1, weeks + 1)).mean())
    assert np.mean(seen) == pytest.approx(np.mean(expected), abs=0.025)
    assert np.mean(expected) < law.frozen_share(0.7, **about) - 0.05, "less than in the long run"


@compiled
def test_screening_freezes_in_runs_what_the_law_says():
    """Cells, whose cash-outs are screened too, add the share that goes straight to them."""
    others = ("screening.suspicion=1", "enforcement.staff.fiu=0", "intermediaries.exchange.strictness=0.5")
    others += tuple(f"intermediaries.{kind}.strictness=0.5" for kind in ("processor", "otc_trader"))
    others += ("intermediaries.compliant=0", "group.routing=0")
    seen, linked = shares("none", "bitcoin", 0.0, 0.6, *others)
    assert linked == 0
    assert seen == pytest.approx(law.screened(0.6, 0.5 * 0.6), abs=0.03)


@compiled
@pytest.mark.parametrize("structure", ["product", "ces", "displacement"])
def test_capacity_in_runs_falls_as_the_law_says(structure):
    """Four points with losses of 1 to 20 %, nothing fitted: freezing lowers capacity as any fall of income does."""
    points = ((0.6, 1, 0.5, 0.0), (0.8, 0.5, 0.3, 0.1), (1, 0.3, 0.8, 0.1), (0.9, 1, 0.8, 0.3))
    for link, freezable, money, renewal in points:
        typed = (*FREEZING_ALONE, f"rules=[unheard,{structure}]", f"combat.money={money}",
                 "shocks.monero_only.mode=none", f"rails.bitcoin.traceability.freeze={freezable}",
                 f"group.renewal={renewal}")  # fmt: skip
        none, linked = (load(*typed, f"rails.bitcoin.traceability.link={one}") for one in (0.0, link))
        arms = [
            [finished(which, seed, by) for seed in (1, 2, 3)] for which, by in ((none, 1.0), (linked, 1.0), (none, 0.8))
        ]
        whole, there, less = (sum(one.book["capacity"][SETTLED:].sum() for one in arm) for arm in arms)
        about = law.arguments(arms[0], none.rail("bitcoin")) | {"link": link}
        expected = law.loss(**about, elasticity=math.log(less / whole) / math.log(0.8))
        assert there / whole - 1 == pytest.approx(expected, abs=0.01 + 0.05 * abs(expected)), (link, freezable, money)


@compiled
@pytest.mark.parametrize(
    ("mode", "gap", "link", "freezable", "money"),
    [("announcement", 0, 0.2, 0.3, 0.5), ("announcement", 2, 0.2, 0.3, 0.5), ("full", 4, 0.8, 1, 0.8)],
)
def test_a_switch_in_runs_does_what_the_law_says(mode, gap, link, freezable, money):
    """With fewer gifts capacity rises, with far fewer it falls, and with nearly all of them it falls by a tenth."""
    typed = (*FREEZING_ALONE, "rules=[unheard]", "group.routing=0", "giving.public_rate=2", f"combat.money={money}",
             "rails.bitcoin.traceability.freeze=0.5", f"rails.monero.traceability.freeze={freezable}",
             f"rails.monero.traceability.link={link}", f"rails.monero.gap={gap}", "rails.monero.fee=0")  # fmt: skip
    none, with_ = (load(*typed, f"shocks.monero_only.mode={one}") for one in ("none", mode))
    arms = [[finished(one, seed, by) for seed in (1, 2, 3)] for one, by in ((none, 1.0), (with_, 1.0), (none, 0.8))]
    whole, there, less = (sum(one.book["capacity"][SETTLED:].sum() for one in arm) for arm in arms)
    elasticity = math.log(less / whole) / math.log(0.8)
    coins = [none.rail("bitcoin"), none.rail("monero")]
    given = [sum(one.book["campaign_delivered"][SETTLED:].sum() for one in arm) for arm in arms[:2]]
    frozen = [sum(one.book["frozen"][SETTLED:, coins].sum() for one in arm) for arm in arms[:2]]
    income = sum(one.book[name][SETTLED:].sum() for one in arms[0] for name in ("delivered", "collected"))
    about = {
        "campaign_share": (given[0] - frozen[0]) / (income - frozen[0]), "elasticity": elasticity,
        "frozen_before": frozen[0] / given[0], "frozen_after": frozen[1] / given[1],
    }  # fmt: skip
    kept, change = given[1] / given[0], there / whole - 1
    assert change == pytest.approx(law.switched(kept, **about), abs=0.01)
    assert (change > 0) == (kept > law.threshold_kept(**about))


# --- the command ------------------------------------------------------------------------------------------------------


def test_command_lands_a_rail_of_the_user_on_the_map(tmp_path, capsys):
    (tmp_path / "rail").mkdir()
    text = (CONF / "rail" / "stablecoin.yaml").read_text(encoding="utf-8").split("\n", 1)[1]
    (tmp_path / "rail" / "mycoin.yaml").write_text("# @package rails.mycoin\n" + text, encoding="utf-8")
    rails = "rail=[bank,cash,hawala,bitcoin,stablecoin,monero,mycoin]"
    typed = ["group=donor_funded", rails, "--config-dir", str(tmp_path), "rails.mycoin.traceability.freeze=1"]
    assert command([*typed, "giving.public_rate=4", "combat.money=0.8", "group.renewal=0"]) == 0
    out = capsys.readouterr().out
    table = {line.split()[0]: line.split() for line in out.splitlines()[2:6]}
    assert list(table) == ["bitcoin", "stablecoin", "monero", "mycoin"]
    assert table["bitcoin"][1:3] == ["0.85", "0.15"] and table["mycoin"][2] == "1"
    assert float(table["mycoin"][-3].rstrip("%")) < -1 and 0 < float(table["mycoin"][-1]) < 0.9
    assert "\nmonero: not used; with all gifts of bitcoin it cannot matter through freezing, whatever" in out
    assert "\nmycoin: not used; with all gifts of bitcoin it matters through freezing from link" in out


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        (["group=donors_funded"], "unknown group donors_funded; nearest: donor_funded"),
        (["-m"], "--multirun: allowed"),
        (["rules=former"], "rules.freezing: the law"), (["--nix"], "--nix: unknown option"),
        (["shocks.monero_only.at=2022-01-03"], "nothing was run"),
    ],
)  # fmt: skip
def test_command_refuses_bad_input(typed, error, capsys):
    assert command(typed) == 2
    out, err = capsys.readouterr()
    assert out == "" and error in err and "nothing was run" in err
