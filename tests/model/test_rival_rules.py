"""Rival rules: each file of conf/rules/ decides one thing, and each alternative obeys its law."""

import math
from itertools import pairwise

import numpy as np
import pytest
import yaml

from sim.config import CONF, ConfigurationError, load
from sim.engine.jit import PLAIN
from sim.model import Model
from sim.rules.attacks import capacity_of
from sim.rules.wallets import reached_by_link
from sim.rules.world import Cell, Gift
from sim.scenario import Scenario
from tests.paired import (
    GIVING_ALONE,
    MANY_GIFTS,
    NO_ENFORCEMENT,
    NO_RESPONSE,
    by_rail,
    near,
    parameters,
    row,
    run,
    scenario,
    total,
)  # fmt: skip
from tests.worlds import gifts_of, run_of

pytestmark = pytest.mark.skipif(PLAIN, reason="runs of five years: compiled only")

FILES = {
    file.stem: yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted((CONF / "rules").glob("*.yaml"))
}
CORNERS = ("former", "rivals")
NAMED = (*MANY_GIFTS, "appeals.news_site.weight=1000")
SEEING = ("rules=unheard", "screening.suspicion=0", "enforcement.staff.chain_analyst=1e9", "enforcement.off_ledger=0")
"""Links alone find gifts, nobody is frightened, and every lead is followed."""


def bytes_of(*overrides: str) -> bytes:
    """The weekly outcomes of a short run."""
    return run_of(load("population.donors=2000", "horizon.weeks=220", *overrides)).book.tobytes()


# --- the group rules -------------------------------------------------------------------------------------------------


def test_a_file_sets_one_decision_and_every_word_has_its_file():
    single = [(decision, word) for name, one in FILES.items() if name not in CORNERS for decision, word in one.items()]
    kinds = type(scenario().rules).model_fields
    words = [(decision, word.lower()) for decision, info in kinds.items() for word in info.annotation.__members__]
    assert sorted(single) == sorted(words)
    assert all(len(FILES[name]) == len(kinds) for name in CORNERS)
    assert [one for one in kinds if FILES["former"][one] == FILES["rivals"][one]] == []


def test_a_choice_changes_its_own_decision_alone():
    default = scenario().rules.model_dump()
    for name, one in FILES.items():
        chosen = load(f"rules={name}").rules.model_dump()
        assert {key for key in chosen if chosen[key] != default[key]} <= set(one)
        assert chosen == default | one


@pytest.mark.parametrize("typed", ["rules=[ces,lumpy]", "rules=ces+product", "rules=[former,ces]"])
def test_two_alternatives_of_one_decision_are_refused(typed):
    with pytest.raises(ConfigurationError, match=r"are alternatives of one decision, capacity; choose one") as error:
        load(typed)
    assert typed in str(error.value)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        (["rules=ces", "rules=displacement"], r"rules=displacement: rules is given twice; write rules=\[a,b\]"),
        (["policy=exchange_kyc", "policy=travel_rule"], r"policy=travel_rule: policy is given twice; write policy="),
        (["group=is_core", "seed=1", "group=donor_funded"], r"group=donor_funded: group is given twice$"),
    ],
)
def test_a_choice_of_a_group_is_given_once(typed, error):
    with pytest.raises(ConfigurationError, match=error):
        load(*typed)


def test_a_file_of_the_users_own_is_an_alternative_too(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "mine.yaml").write_text(
        "# @package rules\ncapacity: lumpy\nnews: unheard\n", encoding="utf-8"
    )
    assert load("rules=mine", config_dir=tmp_path).rules.model_dump()["news"] == "unheard"
    with pytest.raises(ConfigurationError, match="one decision, news"):
        load("rules=[mine,weighed]", config_dir=tmp_path)


# --- wallets and clusters --------------------------------------------------------------------------------------------


def test_what_can_be_stopped_never_exceeds_what_is_there():
    model = Model(load(*NAMED, "policy=[issuer_freezing,chain_analytics]", "rails.bitcoin.traceability.freeze=1"))
    seen = 0
    for _ in range(model.config.horizon.weeks):
        model.step()
        stoppable = model.appeals["stoppable"].sum(axis=0)
        assert (model.appeals["stoppable"] >= 0).all() and (stoppable <= model.cells["funds"][0]).all()
        seen += int(stoppable.sum() > 0)
    assert seen > 100


@pytest.mark.parametrize(("link", "age"), [(0.0, 3), (0.3, 0), (0.5, 10), (1.0, 200)])
def test_reach_of_a_link(link, age):
    """link ** hops, less what was renewed since; renewal does not protect what is traceable for certain."""
    p = parameters("group.renewal=0.2", "enforcement.hops=2")
    reach = reached_by_link(row(Gift)[1], link, age, p)
    assert reach == pytest.approx(link**2 * (1 - 0.2 * (1 - link)) ** age)


def test_more_traceable_money_is_frozen_more_and_never_without_a_link():
    frozen = [
        by_rail(run(1, *NAMED, *NO_RESPONSE, *SEEING, f"rails.bitcoin.traceability.link={link}",
                    "shocks.monero_only.mode=none", "rails.bitcoin.traceability.freeze=0.5"), "frozen", "bitcoin")
        for link in (0.0, 0.3, 0.6, 0.9)
    ]  # fmt: skip
    assert frozen[0] == 0
    assert all(a < b for a, b in pairwise(frozen))


def test_renewal_protects_a_rail_that_is_hardly_traceable_and_not_one_that_is():
    def frozen(link: float, renewal: float) -> float:
        typed = (f"rails.bitcoin.traceability.link={link}", f"group.renewal={renewal}", "shocks.monero_only.mode=none")
        return by_rail(run(1, *NAMED, *NO_RESPONSE, *SEEING, *typed), "frozen", "bitcoin")

    assert frozen(0.4, 0.5) < 0.7 * frozen(0.4, 0.0)
    assert frozen(1.0, 0.5) == frozen(1.0, 0.0)


# --- donors ----------------------------------------------------------------------------------------------------------


def test_the_adoption_gap_closes_as_the_logistic_says():
    model = run(1, "population.donors=10", *NO_ENFORCEMENT)
    p = model.config
    monero, bitcoin = p.rails[p.rail("monero")], p.rails[p.rail("bitcoin")]
    liking = model.conditions["liking"][:, p.rail("monero")]
    half = p.week(p.choice.closing_half)
    assert liking[half] == pytest.approx(bitcoin.constant - monero.gap * (1 - p.choice.closing / 2), abs=0.02)
    assert (np.diff(liking) > 0).all()
    assert (liking < bitcoin.constant - monero.gap * (1 - p.choice.closing)).all()
    other = load("rails.monero.gap=0")
    assert (run_of(other).conditions["liking"][:, p.rail("monero")] == bitcoin.constant).all()


def test_the_placebo_has_no_gap():
    placebo = run_of(load("rails.monero=${rails.bitcoin}", "population.donors=10"))
    liking = placebo.conditions["liking"]
    assert (liking[:, placebo.config.rail("monero")] == liking[:, placebo.config.rail("bitcoin")]).all()


def test_a_predecessor_that_is_not_chosen_is_refused_with_what_to_do():
    rails = "rail=[bank,cash,hawala,stablecoin,monero]"
    appeals = "appeal=[news_site,network]"
    with pytest.raises(ConfigurationError, match="with null monero has its own constant"):
        load(rails, appeals, "shock=[monero_only]")
    assert load(rails, appeals, "shock=[monero_only]", "rails.monero.successor_of=null").rails[4].gap > 0


def test_the_displaced_share_gives_elsewhere():
    """With chance 1, donors turned away give to a network appeal if they find a rail; with chance 0 nothing changes."""
    lost = run(1, *NAMED, *GIVING_ALONE)
    none, some, all_ = (
        run(1, *NAMED, *GIVING_ALONE, "rules=displacement", f"giving.displaced={d}") for d in (0.0, 0.5, 1.0)
    )
    assert none.book.tobytes() == lost.book.tobytes()
    to_network = [total(model, "gifts") - total(lost, "gifts") for model in (some, all_)]
    assert 0 < to_network[0] < to_network[1]
    assert near(to_network[0], to_network[1] / 2, math.sqrt(to_network[1] / 4))
    rows = gifts_of(all_)
    network = all_.config.appeal("network")
    public = [len(gifts_of(model)[gifts_of(model)["appeal"] != network]) for model in (lost, all_)]
    assert public[0] == public[1] and (rows["appeal"] == network).sum() > (gifts_of(lost)["appeal"] == network).sum()


def test_news_frightens_by_what_donors_hear():
    risk = {
        name: run(1, *NAMED, f"rules={name}", "shocks.monero_only.mode=none").book["risk"].sum()
        for name in ("every_event", "weighed", "arrests_only", "unheard")
    }
    assert risk["every_event"] > risk["weighed"] > risk["arrests_only"] > risk["unheard"] == 0.0


def test_crime_repels_as_far_as_it_is_a_source_of_income():
    typed = ("group=is_core", "giving.repelled=1")
    gifts = [total(run(1, *typed, f"rules={name}", *GIVING_ALONE), "gifts") for name in ("indifferent", "repelled")]
    assert gifts[1] < gifts[0]
    assert bytes_of("rules=repelled", "giving.repelled=0") == bytes_of()


# --- capacity --------------------------------------------------------------------------------------------------------


def _capacity(people: float, money: float, *overrides: str) -> float:
    """Capacity of a cell with people and money over those of the reference point, per attack of the reference."""
    reference = {"fighters_reference": 1000.0, "money_reference": 80.0, "money_floor": 20.0, "attacks_reference": 2.0}
    cell = row(Cell, **reference, fighters=int(1000 * people), purse=1e9)[1]
    return float(capacity_of(cell, 100.0 * money - 20.0, 1.0, parameters(*overrides))) / 2.0


@pytest.mark.parametrize("name", ["product", "ces"])
def test_the_reference_point_and_its_elasticities(name):
    typed = (f"rules={name}", "combat.people=0.5", "combat.money=0.2")
    assert _capacity(1.0, 1.0, *typed) == pytest.approx(1.0)
    by_money = math.log(_capacity(1.0, 1.01, *typed) / _capacity(1.0, 0.99, *typed)) / math.log(1.01 / 0.99)
    by_people = math.log(_capacity(1.01, 1.0, *typed) / _capacity(0.99, 1.0, *typed)) / math.log(1.01 / 0.99)
    assert by_money == pytest.approx(0.2, abs=0.002) and by_people == pytest.approx(0.5, abs=0.002)


def test_money_does_not_make_up_for_people_where_substitution_is_low():
    rich = [_capacity(0.5, 20.0, f"rules={name}", "combat.substitution=0.2") for name in ("product", "ces")]
    poor = [_capacity(1.0, 0.05, f"rules={name}", "combat.substitution=0.2") for name in ("product", "ces")]
    assert rich[1] < rich[0] and poor[1] < poor[0]
    assert _capacity(1.0, 0.2, "rules=ces") > _capacity(1.0, 0.0, "rules=ces") == 0.0
    near_product = _capacity(0.6, 1.5, "rules=ces", "combat.substitution=0.95")
    assert near_product == pytest.approx(_capacity(0.6, 1.5), rel=0.02)


def test_a_lumpy_cell_never_attacks_beyond_its_purse():
    """Attacks cost (K_ref + K_0) / A_ref each; money beyond their cost changes nothing, less money means fewer."""

    def attacks(income: float) -> tuple[float, float]:
        model = run(1, "group=donor_funded", "rules=lumpy", f"group.income={income}", "group.reserves=0")
        cells = model.cells[1:]
        cost = (cells["money_reference"] + cells["money_floor"]) / cells["attacks_reference"]
        spent = total(model, "operations") / 100.0 + len(model.book) * float(cells["money_floor"].sum())
        started = float((5 * (cells["money_reference"] + cells["money_floor"])).sum()) + float(cost.sum())
        done = float(model.book["attacks"].sum())
        assert done * float(cost.min()) <= spent + started
        return done, spent

    few, many, more = (attacks(income)[0] for income in (0.05, 5.0, 10.0))
    assert few < 0.7 * many
    assert more == pytest.approx(many, rel=0.15)


# --- force and routes ------------------------------------------------------------------------------------------------

FORCE = ("policy=[kinetic_pressure,decapitation,donor_prosecution]", "group=donor_funded")


def test_backlash_of_nothing_is_one_sign():
    zero = "backlash={attacks: 0.2, by_force: 0, by_arrests: 0, by_leaders: 0}"
    assert scenario().effects.kinetic_opportunity == 0.2
    assert bytes_of(*FORCE, "rules=backlash", zero) == bytes_of(*FORCE)


@pytest.mark.parametrize("name", ["by_force", "by_arrests", "by_leaders"])
def test_backlash_goes_both_ways(name):
    none = {"attacks": 0.2, "by_force": 0, "by_arrests": 0, "by_leaders": 0}
    sympathy = [
        run(1, *FORCE, "rules=backlash", "backlash=" + str(none | {name: value}).replace("'", ""))
        .book["sympathy"]
        .sum()
        for value in (-0.3, 0, 0.3)
    ]
    assert sympathy[0] < sympathy[1] < sympathy[2]


def test_force_may_raise_attacks():
    rates = [
        run(1, *FORCE, "rules=backlash", f"backlash.attacks={value}").book["rate_core"][-50:].mean()
        for value in (-0.3, 0.3)
    ]
    assert rates[0] > 1.2 * rates[1]


def _routes(*overrides: str) -> Scenario:
    return load("rules=rerouting", "adaptation.sensitivity=50", "adaptation.inertia=0.5", *overrides)


def test_the_group_leaves_a_carrier_that_loses_its_money():
    """Licensing takes a third of what goes by hawala; the group finds that bank or cash brings more."""
    dear = ("policy=hawala_licensing", "effects.licensing_spread=0.2", "policies.hawala_licensing.start=2017-01-02")
    model = run_of(_routes(*dear))
    assert model.cells["carrier"][0] != model.config.rail("hawala")
    assert load(*dear).carrier == model.config.rail("hawala")
    assert run_of(load(*dear)).cells["carrier"][0] == model.config.rail("hawala")


@pytest.mark.parametrize(("no_coin", "asks"), [(0.0, True), (1.0, False)])
def test_a_campaign_may_ask_for_no_coin(no_coin, asks):
    model = run_of(_routes(f"adaptation.no_coin={no_coin}", *NAMED))
    assert bool(model.appeals["accepts"][model.config.appeal("news_site")].any()) is asks
