"""The plan of a study: its cells, what identifies a run, and what is drawn for it."""

import math
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from experiments.study import spec as studies
from experiments.study.building import levels_of, plan_of
from experiments.study.design import scenario_of
from experiments.study.parameter_sampling import DRAWS, Range, at, declared, points
from experiments.study.spec import Block, Study, Zip
from sim.config import ConfigurationError
from sim.engine.parameters import table
from sim.scenario import Scenario
from tests.study_helpers import SHORT, planned

ROOT = Path(__file__).resolve().parents[2]


def study(blocks, **more):
    about = {"doc": "", "report": "sweep", "base": {}, "replications": 4, "seeds_per_draw": 1, "uncertain": "none"}
    return Study(**(about | {"blocks": {f"b{n}": Block(**one) for n, one in enumerate(blocks)}} | more))


def cells(*blocks, **more):
    return levels_of(study(blocks, **more))


# --- cells -----------------------------------------------------------------------------------------------------------


def test_a_block_crosses_its_factors_and_takes_the_base_for_the_rest():
    found = cells({"vary": {"a": [1, 2], "b": ["x", "y"]}}, base={"a": 9, "c": 3})
    assert [levels for levels, *_ in found] == [{"a": a, "c": 3, "b": b} for a in (1, 2) for b in ("x", "y")]


def test_what_is_always_run_is_added_once():
    found = cells({"vary": {"arm": ["full"]}}, {"vary": {"arm": ["none", "full"]}}, reference_levels={"arm": "none"})
    assert [levels["arm"] for levels, *_ in found] == ["none", "full"]


def test_a_cell_of_several_blocks_is_as_in_the_most_demanding():
    found = cells(
        {"vary": {"a": [1, 2]}, "thin": 4}, {"vary": {"a": [2, 3]}, "thin": 2, "weekly": True}, {"vary": {"a": [3]}}
    )
    assert found == [({"a": 1}, 4, False), ({"a": 2}, 2, True), ({"a": 3}, 1, True)]


def test_equal_numbers_are_one_level():
    assert len(cells({"vary": {"a": [0, 0.5]}}, {"vary": {"a": [0.0, 0.50]}})) == 2


def test_no_policy_has_no_intensity():
    found = cells({"vary": {"policy": ["status_quo", "adaptive"], "intensity": [0.5, 1]}})
    assert [(levels["policy"], levels["intensity"]) for levels, *_ in found] == [
        ("status_quo", 0), ("adaptive", 0.5), ("adaptive", 1),
    ]  # fmt: skip


def test_factors_that_go_together_are_not_crossed():
    pairs = {"a+b": Zip(factors=["a", "b"], rows=[[1, "x"], [2, "y"]])}
    found = cells({"vary": {"a+b": [0, 1], "c": [7, 8]}}, zip=pairs)
    assert [tuple(levels[name] for name in "abc") for levels, *_ in found] == [
        (1, "x", 7), (1, "x", 8), (2, "y", 7), (2, "y", 8),
    ]  # fmt: skip


def test_the_order_of_factors_does_not_hang_on_the_hash_seed():
    code = (
        "from experiments.study.building import levels_of\n"
        "from experiments.study.arguments import request\n"
        "lists = ['combat.money=0.1,0.2', 'choice.cost=1,2', 'combat.people=0.1,0.2', 'choice.ask=1,2']\n"
        "zips = 'zip=[[combat.money,choice.cost],[combat.people,choice.ask]]'\n"
        "print(list(levels_of(request(['study=sweep', *lists, zips])[1])[0][0]))"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True, text=True, check=True, encoding="utf-8",
        ).stdout
        for seed in ("1", "5")
    ]  # fmt: skip
    assert said[0] == said[1]


def test_only_the_first_part_of_the_draws():
    plan = plan_of(
        study([{"vary": {"combat.money": [0.1]}}, {"vary": {"combat.money": [0.2]}, "thin": 2}], seeds_per_draw=2),
        "x", range(8), "v",
    )  # fmt: skip
    runs = {cell: [run.seed for run in plan.runs() if run.cell == cell] for cell in (0, 1)}
    assert runs == {0: list(range(8)), 1: [0, 1, 2, 3]}
    assert plan.size == 12
    assert {run.id for run in plan.runs()} < {run.id for run in plan.longer(range(12)).runs()}
    assert [run.draw for run in plan.runs() if run.cell == 0] == [0, 0, 1, 1, 2, 2, 3, 3]


@pytest.mark.parametrize(
    "some", [["privacy_switch"], ["sweep"], ["traceability_sweep"], ["structures", "structure=default,ces"]]
)
def test_the_shipped_studies_are_sound(some):
    assert some[0] in studies.names()
    plan = planned(f"study={some[0]}", "replications=1", *some[1:])
    keys = [frozenset(cell.levels.items()) for cell in plan.cells]
    assert len(set(keys)) == len(keys)
    for cell in plan.cells:
        assert set(cell.scenario.policies) == set(str(cell.levels["policy"]).split("+")) - {"status_quo"}
        assert all(one.intensity == cell.levels["intensity"] for one in cell.scenario.policies.values())


def test_varying_a_factor_leaves_the_other_blocks_their_comparison(plan):
    levels = [cell.levels for cell in plan.cells]
    weekly = {(one.levels["arm"], one.levels["policy"]) for one in plan.cells if one.weekly}
    assert weekly == {(arm, "status_quo") for arm in ("none", "announcement", "full", "placebo", "placebo_none")}
    assert {one["policy"] for one in levels if one["world"] == "no_oil_loss"} == {"status_quo", "exchange_kyc"}


def test_a_mix_has_both_policies_at_its_intensity():
    (cell,) = (
        cell
        for cell in planned(
            "study=sweep", "policy=exchange_kyc+adaptive", "intensity=0.25", "arm=announcement", "replications=1"
        ).cells
        if cell.levels["policy"] != "status_quo" and cell.levels["arm"] == "announcement"
    )
    assert {name: one.intensity for name, one in cell.scenario.policies.items()} == {
        "exchange_kyc": 0.25, "adaptive": 0.25,
    }  # fmt: skip


# --- identity --------------------------------------------------------------------------------------------------------


def ids(*arguments):
    """The identity of every run by its levels and seed."""
    plan = planned("study=sweep", *SHORT, *arguments)
    return {(frozenset(plan.cells[run.cell].levels.items()), run.seed): run.id for run in plan.runs()}


@cache
def values(*arguments):
    return frozenset(ids(*arguments).values())


def test_identity_is_that_of_the_content():
    some = ids("combat.money=0.1,0.2", "policy=exchange_kyc", "replications=2")
    other = ids("replications=3", "policy=adaptive,exchange_kyc", "combat.money=0.3,0.2,0.1", "chunk=3", "workers=1")
    assert some.items() < other.items()
    assert len(set(other.values())) == len(other)


@pytest.mark.parametrize(
    "change",
    [
        "seed=7", "population.donors=101", "combat.money=0.2", "rails.monero.traceability=0.2", "report.window=51",
        "shocks.leader_killed.enabled=false", "shocks.leader_killed.size=0.2", "shocks.monero_only.at=2020-06-28",
        "group=donor_funded", "uncertain=plausible", "policies.exchange_kyc.ramp=12", "horizon.weeks=88",
    ],
)  # fmt: skip
def test_identity_differs_with_all_that_a_run_depends_on(change):
    base = ("policy=exchange_kyc", "arm=announcement", "replications=1")
    before, after = values(*base), values(*base, change)
    same = len(before & after)
    assert same == (2 if change.startswith("policies.") else 0), "a policy's ramp is nothing to the status quo"


def test_identity_differs_by_seed_cell_draw_and_version():
    arguments = ("study=privacy_switch", "replications=3", "seeds_per_draw=1", "profile=is_core", *SHORT)
    plan = planned(*arguments)
    runs = list(plan.runs())
    assert len({run.id for run in runs}) == len(runs)
    other = planned(*arguments, "seeds_per_draw=3")
    pairs = {run.id for run in runs} & {run.id for run in other.runs()}
    assert {run.seed for run in runs if run.id in pairs} == {0}, "seeds 1 and 2 have another draw, and are other runs"
    other = planned(*arguments)
    other.version += "x"
    assert not {run.id for run in runs} & {run.id for run in other.runs()}


def test_the_size_of_a_shock_that_does_not_happen_is_nothing():
    found = ids("arm=full", "shocks.monero_only.size=0,0.5", "replications=1")
    by_arm = {arm: {run for key, run in found.items() if ("arm", arm) in key[0]} for arm in ("none", "full")}
    assert (len(by_arm["none"]), len(by_arm["full"])) == (1, 2)


def test_how_often_and_whether_by_week_is_nothing_to_a_run():
    block = {"vary": {"combat.money": [0.1]}}
    one, other = (plan_of(study([more]), "x", range(2), "v") for more in (block, block | {"thin": 2, "weekly": True}))
    assert next(one.runs()).id == next(other.runs()).id


# --- draws -----------------------------------------------------------------------------------------------------------

PROFILES = ("is_core", "donor_funded", "external_network")


@pytest.fixture(scope="module")
def plan():
    return planned("study=privacy_switch", "policy=exchange_kyc", "replications=400")


def groups_of(plan, **levels):
    """The groups of the cells with these levels."""
    wanted = levels.items()
    return {plan.group_of[n] for n, cell in enumerate(plan.cells) if wanted <= cell.levels.items()}


def group_of(plan, **levels):
    (number,) = groups_of(plan, **levels)
    return number


REST = {"group.routing": 0.1, "world": "as_it_was", "loop": "on"}


def test_arms_and_policies_of_a_setting_are_one_group(plan):
    for profile in PROFILES:
        arms = [groups_of(plan, arm=arm, profile=profile, **REST) for arm in ("none", "announcement", "full")]
        assert arms[0] == arms[1] == arms[2] and len(arms[0]) == 1
        assert groups_of(plan, arm="placebo", profile=profile, **REST).isdisjoint(arms[0])


def test_growing_leaves_the_draws_that_there_are(plan):
    few = planned("study=privacy_switch", "policy=exchange_kyc", "replications=6")
    for number in range(len(few.groups)):
        for draw in range(3):
            assert few.drawn(number, draw) == plan.drawn(number, draw)


def test_points_are_those_of_one_sequence():
    far = points([0, 5, 4095, 4096, 9000], 3)
    near = points(range(6), 3)
    assert far.keys() == {0, 5, 4095, 4096, 9000}
    assert all((far[draw] == near[draw]).all() for draw in (0, 5))
    every = np.array(list(points(range(1024), 5).values()))
    assert np.allclose(every.mean(axis=0), 0.5, atol=0.01)


def test_what_is_set_is_not_drawn(plan):
    drawn = plan.drawn(group_of(plan, arm="full", profile="is_core", **REST), 0)
    assert "group.routing" not in drawn and "rails.monero.traceability.link" in drawn
    assert sum(name.startswith("group.") for name in drawn) > 15, "a profile sets a file, not its parameters"
    settings = ("combat.money=0.2", "choice.cost=1,2", "rails.monero.traceability=0.1")
    other = planned("study=privacy_switch", "policy=exchange_kyc", "replications=2", *settings)
    held = {"combat.money", "choice.cost", "rails.monero.traceability.link"}
    for number, group in enumerate(other.groups):  # the placebo is a twin of bitcoin, with the link drawn for bitcoin
        twin = {"rails.monero.traceability.link"} if group.copies else set()
        assert held & other.drawn(number, 0).keys() == twin
    names = other.drawn(group_of(other, arm="full", profile="is_core", **REST, **{"choice.cost": 1}), 0).keys()
    assert drawn.keys() - names == held


def test_the_others_keep_their_values_when_one_is_held(plan):
    other = planned("study=privacy_switch", "policy=exchange_kyc", "replications=2", "combat.money=0.2")
    key = {"arm": "full", "profile": "is_core", **REST}
    before, after = plan.drawn(group_of(plan, **key), 0), other.drawn(group_of(other, **key), 0)
    assert after == {name: value for name, value in before.items() if name != "combat.money"}


def test_ranges_move_with_the_profile(plan):
    usual = plan.groups[group_of(plan, arm="full", profile="is_core", **REST)]
    other = plan.groups[group_of(plan, arm="full", profile="donor_funded", **REST)]
    bounds = {row.name: (float(row.low or -math.inf), float(row.high or math.inf)) for row in table(Scenario)}
    spans = {one.name: one for one in usual.ranges}
    for name, one in spans.items():
        assert one.median == at(usual.values, name), "half of the draws lie below the scenario's own value"
        if name in declared():
            assert (one.low, one.high) == declared()[name], name
    moved = 0
    for one in (one for one in other.ranges if one.name in declared()):
        before, least, most = spans[one.name], *bounds[one.name]
        assert one.median == at(other.values, one.name)
        assert least <= one.low <= one.median <= one.high <= most
        if before.low > 0 and one.median != before.median:
            factor = one.median / before.median
            assert one.low == pytest.approx(max(least, before.low * factor)), one.name
            assert one.high == pytest.approx(min(most, before.high * factor)), one.name
            moved += 1
    assert moved >= 3, "the profile sets other values"


def test_the_placebo_is_bitcoin_but_for_its_name(plan):
    number = group_of(plan, arm="placebo", profile="is_core", **REST)
    full = group_of(plan, arm="full", profile="is_core", **REST)
    for draw in range(5):
        drawn = plan.drawn(number, draw)
        coins = [
            {name.removeprefix(f"rails.{coin}."): value for name, value in drawn.items() if f"rails.{coin}." in name}
            for coin in ("bitcoin", "monero")
        ]
        assert coins[0] == coins[1] and len(coins[0]) >= 3
        same = {name for name in drawn if not name.startswith("rails.monero.")}
        assert {name: drawn[name] for name in same} == {name: plan.drawn(full, draw)[name] for name in same}
        scenario = scenario_of(plan.groups[number].values, 0, drawn)
        rails = {rail.name: rail for rail in scenario.rails}
        assert rails["monero"].model_copy(update={"name": "bitcoin"}) == rails["bitcoin"]


def test_every_draw_makes_a_scenario(plan):
    seen = {}
    for profile in PROFILES:
        number = group_of(plan, arm="full", profile=profile, **REST)
        for draw in range(200):
            drawn = plan.drawn(number, draw)
            scenario_of(plan.groups[number].values, draw, drawn)  # raises where a value is not allowed
            for one in plan.groups[number].ranges:
                assert one.low <= drawn[one.name] <= one.high or one.whole
                seen.setdefault((profile, one.name), set()).add(drawn[one.name])
    assert min(map(len, seen.values())) > 1, "everything that is drawn varies"


def test_half_of_the_draws_lie_on_either_side_and_evenly_in_the_logarithm(plan):
    group = plan.groups[group_of(plan, arm="full", profile="is_core", **REST)]
    draws = [group.drawn(plan.points[draw], plan.points[draw]) for draw in range(200)]
    for one in (one for one in group.ranges if not one.whole):
        found = np.array([drawn[one.name] for drawn in draws])
        for near, far, half in ((one.low, one.median, found < one.median), (one.median, one.high, found > one.median)):
            if near < far:
                assert half.mean() == pytest.approx(0.5, abs=0.02), one.name
                middle = math.sqrt(near * far) if one.low > 0 else (near + far) / 2
                assert np.median(found[half]) == pytest.approx(middle, abs=0.05 * (far - near)), one.name


def test_a_range_at_its_quantiles():
    span = Range("x", 0, 0.1, 1.0, 100.0, False, False)
    assert [span.at(u) for u in (0.0, 0.25, 0.5, 0.75, 1.0)] == pytest.approx([0.1, math.sqrt(0.1), 1.0, 10.0, 100.0])
    span = Range("x", 0, -2.0, 0.0, 8.0, False, False)
    assert [span.at(u) for u in (0.0, 0.25, 0.5, 0.75, 1.0)] == [-2.0, -1.0, 0.0, 4.0, 8.0]
    assert isinstance(Range("x", 0, 2.0, 3, 9.0, True, False).at(0.4), int)


def test_a_seed_beyond_all_draws_is_refused_if_it_needs_one():
    arguments = ("study=sweep", f"seed={DRAWS}", *SHORT)
    assert planned(*arguments).size == 2
    with pytest.raises(ConfigurationError, match="too large for uncertain=plausible"):
        planned(*arguments, "uncertain=plausible")
