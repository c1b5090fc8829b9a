"""Laws of every world: books, sums, common random numbers, and monotone effects of better information."""

import ast
import inspect
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import sim.week
from sim.engine.constants import MAX_DELAY, MAX_RAILS, NOBODY, POLICIES, Found, Status
from sim.engine.records import empty
from sim.events import SHOCK_EFFECTS
from sim.model import Model
from sim.phases import table
from sim.rules.books import BooksError, check_books, imbalance
from sim.rules.world import Luck, World
from sim.runs import Run
from sim.scenario import Scenario
from sim.week import PHASES
from tests.laws import checked_run
from tests.worlds import (
    OWN_RAIL,
    POPULATIONS,
    PROFILES,
    base,
    changed,
    content,
    digest,
    digests,
    gifts_of,
    history,
    random_scenario,
    random_values,
    scenario_of,
)
from tests.worlds import run_of as run

# --- the random worlds ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("small", [False, True])
def test_two_hundred_worlds_switch_on_everything(small):
    seen: set[str] = set()
    for number in range(200):
        world = random_scenario(number, small=small)
        end = world.horizon.weeks
        seen |= {world.group.profile, world.enforcement.vendor.profile, f"adaptation {world.adaptation.mode}"}
        seen |= {rail.name for rail in world.rails} | {theatre.name for theatre in world.theatres}
        seen |= {f"observer {world.observer.enabled}", f"by deaths {world.inspiration.by_deaths}"}
        seen |= {cell.kind for cell in world.group.cells.values()}
        seen |= {
            f"{len(world.group.cells)} cells",
            f"{len(world.appeals)} appeals",
            f"{min(1, len(world.policies))} policies",
        }
        seen |= {f"{min(1, world.population.donors)} donors"}
        for name, policy in world.policies.items():
            if policy.intensity > 0.1 and world.week(policy.start) < end:
                seen.add(name)
        for shock in world.shocks.values():
            day = min(day for day in (shock.at, *shock.path) if day)
            if shock.enabled and world.week(day) < end:
                seen |= {f"shock {shock.type}", f"{shock.type} {shock.mode}"}
        seen |= {"eras" for rail in world.rails if rail.traceability.eras}
    wanted = {*PROFILES, "careful", "eager", *POLICIES, *(f"shock {kind}" for kind in SHOCK_EFFECTS), "eras", OWN_RAIL}
    wanted |= (
        {f"switch {mode}" for mode in ("none", "announcement", "full", "asked")}
        | set(base()["rails"])
        | set(base()["theatres"])
    )
    wanted |= {f"{what} {on}" for what in ("observer", "by deaths") for on in (True, False)}
    wanted |= {"adaptation none", "adaptation logit", "treasury", "province", "external", "1 cells", "0 appeals"}
    wanted |= {"0 donors", "1 donors", "0 policies", "1 policies"}
    assert wanted <= seen, wanted - seen


def test_worlds_are_lively():
    """Worlds in which nothing happens would prove nothing: most of what can happen does so in some tens of them."""
    happened = dict.fromkeys(
        ("blocked", "frozen", "raided", "forfeited", "arrests", "true_attributions", "false_attributions", "price",
         "converted_in", "skimmed", "attacks", "deaths", "recruits", "left", "killed", "deterred", "closed", "claims",
         "inspired", "followed", "pool_claim"), 0,
    )  # fmt: skip
    for number in range(150):
        book = run(random_scenario(number)).book
        for name in happened:
            happened[name] += bool(book[name].any())
    assert min(happened.values()) >= 10, happened


# --- books and sums ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hundred", range(10))
def test_books_balance_to_the_cent_in_a_thousand_worlds(hundred):
    for number in range(100 * hundred, 100 * hundred + 100):
        checked_run(Model(random_scenario(number)), number)


def test_a_lost_cent_would_be_seen():
    """The check can fail: one cent taken from any column of the books shows."""
    model = run(random_scenario(1))
    for name in ("given", "collected", "blocked", "fees", "spent", "held", "custody", "forfeited", "converted_out"):
        book = model.book.copy()
        book[name][0, 0] += 1
        assert imbalance(book).any(), name
        with pytest.raises(BooksError, match="week 0, rail 0: 1 cents out of balance"):
            check_books(book)


# --- the same again ---------------------------------------------------------------------------------------------------


def test_the_same_scenario_twice_gives_the_same_bytes():
    for number in range(60):
        scenario = random_scenario(number)
        assert history(scenario) == history(scenario), number


def test_another_seed_gives_another_world():
    changes = 0
    for number in range(20):
        scenario = random_scenario(number)
        other = scenario.model_copy(update={"seed": scenario.seed ^ 1})
        changes += run(scenario).book.tobytes() != run(other).book.tobytes()
    assert changes == 20


_OBSERVED = ("claims", "recorded", "crypto_estimate")


def test_observing_never_moves_the_truth():
    """Observers off, on, or with other random numbers: every byte but theirs is the same; theirs are not."""
    differed = 0
    for number in range(100):
        scenario = random_scenario(number)
        off, on, other = (
            run(scenario.model_copy(update={"observer": scenario.observer.model_copy(update=which)}))
            for which in ({"enabled": False}, {"enabled": True, "seed": 5}, {"enabled": True, "seed": 6})
        )
        for model in (on, other):
            for name in POPULATIONS:
                if name == "book":
                    for column in model.book.dtype.names:
                        if column not in _OBSERVED:
                            assert digest(model.book[column]) == digest(off.book[column]), (number, column)
                elif name != "parameters":
                    assert digest(content(model, name)) == digest(content(off, name)), (number, name)
        assert not any(off.book[column].any() for column in _OBSERVED)
        differed += any((on.book[column] != other.book[column]).any() for column in _OBSERVED)
    assert differed > 30


# --- order never matters ----------------------------------------------------------------------------------------------

_RAILS = {"rail", "chosen", "habit", "asked", "moves_to", "carrier"}
_NOT_BY_RAIL = {"history"}
"""Arrays as long as rails that hold something else: weeks."""
_BY_THEATRE = {"passing", "fighters", "know_how", "capacity", "rate", "attacks", "deaths", "sympathy", "claims"}
_POINTERS = {"next", "next_found", "due", "found"}
"""Rows of the ledger: positions, compared by what they point at."""


def by_name(model: Model) -> dict[str, np.ndarray]:
    """Everything that a model holds, with rails, theatres, appeals and cells in the order of their names."""
    scenario = model.config
    rails = np.array([rail.name for rail in scenario.rails])
    theatres = np.array([theatre.name for theatre in scenario.theatres])
    appeals = np.array([appeal.name for appeal in scenario.appeals])
    rail_order, theatre_order = np.argsort(rails), np.argsort(theatres)
    rank = np.full(MAX_RAILS + 1, NOBODY)
    rank[rail_order] = np.arange(len(rails))
    seen: dict[str, np.ndarray] = {}
    for name in ("donors", "appeals", "intermediaries", "cells", "communities", "agencies", "book", "levers", "ledger"):
        rows = content(model, name)
        if name == "appeals":
            rows = rows[np.argsort(appeals)]
        elif name == "cells":
            rows = rows[[0, *(1 + np.argsort(list(scenario.group.cells)[1:]))]]
        elif name == "communities":
            rows = rows[theatre_order]
        for column in rows.dtype.names:
            values = rows[column]
            if column in _RAILS and values.ndim == 1:
                values = rank[values]
            elif column in ("community", "theatre"):
                values = np.argsort(theatre_order)[values]
            elif column == "appeal":
                values = np.argsort(np.argsort(appeals))[values] if len(appeals) else values
            elif column == "arriving" and values.shape[-1] == MAX_DELAY * MAX_RAILS:
                values = values.reshape(len(rows), MAX_DELAY, MAX_RAILS)[:, :, rail_order]
            elif values.ndim == 2 and column in _BY_THEATRE:
                values = values[:, theatre_order]
            elif values.ndim == 2 and values.shape[1] == MAX_RAILS and column not in _NOT_BY_RAIL:
                values = values[:, rail_order]
            if not (name in ("ledger", "book") and column in _POINTERS and values.dtype == np.int64):
                seen[f"{name}.{column}"] = values
    return seen


_ROUNDED = {"book.lawful_hindered"}
"""Cents rounded down from a sum of floats over rails, at every intermediary."""


def same(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> list[str]:
    """Names of what differs: integers by anything, floats by more than rounding of sums (1e-9)."""
    assert one.keys() == other.keys()
    wrong = []
    for name, values in one.items():
        if name in _ROUNDED:
            equal = np.allclose(values, other[name], rtol=0, atol=24)
        elif values.dtype.kind == "f":
            equal = np.allclose(values, other[name], rtol=1e-9, atol=1e-9)
        else:
            equal = np.array_equal(values, other[name])
        if not equal:
            wrong.append(name)
    return wrong


def shuffled(values: dict[str, Any], place: str, seed: int) -> dict[str, Any]:
    """The same values with one mapping in another order; the treasury stays the first cell."""
    values = changed(values, {})
    *parts, last = place.split(".")
    spot = values
    for part in parts:
        spot = spot[part]
    names = list(spot[last])
    fixed = names[:1] if last == "cells" else []
    rest = names[len(fixed) :]
    np.random.default_rng(seed).shuffle(rest)
    if [*fixed, *rest] == names:
        rest.reverse()
    spot[last] = {name: spot[last][name] for name in (*fixed, *rest)}
    return values


@pytest.mark.parametrize("place", ["rails", "theatres", "appeals", "group.cells", "policies", "shocks"])
def test_the_order_of_names_changes_no_outcome(place):
    for number in range(40):
        values = random_values(number)
        one, other = run(scenario_of(values)), run(scenario_of(shuffled(values, place, number)))
        assert same(by_name(one), by_name(other)) == [], number


def test_all_orders_at_once():
    for number in range(120, 170):
        values = other = random_values(number)
        for place in ("rails", "theatres", "appeals", "group.cells", "policies", "shocks"):
            other = shuffled(other, place, number)
        assert same(by_name(run(scenario_of(values))), by_name(run(scenario_of(other)))) == [], number


def test_the_order_of_like_cells_changes_no_cent():
    """Cells of equal needs and unequal ones, over 120 weeks."""
    values = changed(base(), {"population.donors": 300, "horizon.weeks": 120, "shocks": {}})
    one = by_name(run(scenario_of(values)))
    for seed in range(8):
        assert same(one, by_name(run(scenario_of(shuffled(values, "group.cells", seed))))) == [], seed


# --- one more, one less -----------------------------------------------------------------------------------------------

NO_FEEDBACK: dict[str, Any] = {
    "inspiration.publicity": 0.0,
    "inspiration.salience": 0.0,
    "backlash.by_arrests": 0.0,
    "choice.risk": 0.0,
    "enforcement.sanctions": 0.0,
    "enforcement.staff.fiu": 1e9,
    "enforcement.staff.chain_analyst": 1e9,
    "enforcement.staff.prosecutor": 1e9,
    "enforcement.lookalike": 0.001,
    "enforcement.lawful_transfer": 400.0,
    "enforcement.transfers_examined": 60.0,
    "enforcement.records_examined": 60.0,
    "enforcement.reports_followed": 3.0,
    "enforcement.arrests": 1.0,
    "adaptation.mode": "none",
    "rules.routes": "fixed",
}
"""What one donor does reaches no other: nobody hears of it, and staff is never short."""
_TRAITS = ("rate", "risk_aversion", "literacy", "community")
_GIFT = (
    "donor", "attempt", "week", "amount", "rail", "intermediary", "appeal", "community", "status", "linked", "found",
    "found_week", "due",
)  # fmt: skip


def _more_donors(values: dict[str, Any]) -> dict[str, Any]:
    return changed(values, {"population.donors": values["population"]["donors"] + 1})


def _attempts(model: Model, week: int) -> list[tuple[int, ...]]:
    """The attempts of a week: identity of the donor, then what the calendar says."""
    rows = model.order[model.first[week] : model.first[week + 1]]
    return [(int(model.donors["identity"][row]), *rest) for row, *rest in rows.tolist()]


def test_one_more_donor_leaves_the_random_numbers_of_all_others():
    for number in range(100):
        values = random_values(number)
        one, more = Model(scenario_of(values)), Model(scenario_of(_more_donors(values)))
        n = len(one.all_donors())
        assert one.all_donors().tobytes() == more.all_donors()[:n].tobytes(), number
        for week in range(values["horizon"]["weeks"]):
            both = [_attempts(model, week) for model in (one, more)]
            assert [attempt for attempt in both[1] if attempt[0] < n] == both[0], number


def test_one_more_donor_leaves_the_gifts_of_all_others_where_nothing_feeds_back():
    added = 0
    for number in range(80):
        values = changed(random_values(number), NO_FEEDBACK)
        one, more = run(scenario_of(values)), run(scenario_of(_more_donors(values)))
        n, gifts = len(one.all_donors()), gifts_of(more)
        others = gifts[gifts["donor"] < n]
        for column in _GIFT:
            assert np.array_equal(gifts_of(one)[column], others[column]), (number, column)
        assert one.all_donors().tobytes() == more.all_donors()[:n].tobytes(), number
        added += len(gifts) - len(others)
    assert added > 20


def test_a_longer_run_leaves_the_earlier_weeks():
    for number in range(100):
        scenario = random_scenario(number)
        weeks = scenario.horizon.weeks
        longer = scenario.model_copy(update={"horizon": scenario.horizon.model_copy(update={"weeks": weeks + 17})})
        short, long = run(scenario), Model(longer)
        for _ in range(weeks):
            long.step()
        assert short.book.tobytes() == long.book[:weeks].tobytes(), number
        for name in ("donors", "appeals", "intermediaries", "cells", "communities", "agencies"):
            assert digest(content(short, name)) == digest(content(long, name)), (number, name)
        assert short.levers.tobytes() == long.levers[:weeks].tobytes(), number
        for column in gifts_of(short).dtype.names:
            if column not in ("due", "next", "row"):  # leads due after the shorter run's end; fewer donors attempt
                assert np.array_equal(gifts_of(short)[column], gifts_of(long)[column]), (number, column)
        long.run()


def test_a_rail_that_nobody_can_use_leaves_the_random_numbers_of_others():
    """Own rail, no appeal accepts it, hardly a habit: every gift is the same, and every trait but such a habit."""
    compared = 0
    for number in range(100):
        values = changed(random_values(number), NO_FEEDBACK | {"choice.habit": 0.0})
        if len(values["rails"]) > 6 or OWN_RAIL in values["rails"]:
            continue
        rail = changed(values["rails"]["cash"], {"constant": -10.0, "ledger": False, "acceptance": {"other": 0.0}})
        more = changed(values, {"rails": {OWN_RAIL: rail, **values["rails"]}})  # first, so that all others move up
        one, other = run(scenario_of(values)), run(scenario_of(more))
        habits = other.all_donors()["habit"] != 0
        assert (one.all_donors()["habit"][habits] + 1 == other.all_donors()["habit"][habits]).all()
        for column in _TRAITS:
            assert np.array_equal(one.all_donors()[column], other.all_donors()[column]), (number, column)
        for column in _GIFT:
            shift = 1 if column == "rail" else 0
            assert np.array_equal(gifts_of(one)[column] + shift, gifts_of(other)[column]), (number, column)
        compared += len(gifts_of(one))
    assert compared > 1000


def test_closing_an_intermediary_leaves_the_choices_of_others():
    """Gifts by way of others are the same; those of its customers move to the largest survivor or are not made."""
    everyone = NO_FEEDBACK | {"choice.habit": 0.0, "inspiration.pause": 0, "enforcement.arrest": 0.0}
    everyone |= {"population.donors": 20_000, "horizon.weeks": 78, "giving.public_rate": 2.0}
    values = changed(base("policy=[]", "shock=[exchange_closes]"), everyone)
    values["shocks"]["exchange_closes"] |= {"at": values["horizon"]["start"], "enabled": False}
    for name in ("exchange_1", "bank_1", "courier_2", "hawala_broker_1"):
        closing = changed(values, {"shocks.exchange_closes.enabled": True, "shocks.exchange_closes.target": name})
        closing["shocks"]["exchange_closes"]["at"] = closing["horizon"]["start"]
        open_, closed = run(scenario_of(values)), run(scenario_of(closing))
        i = open_.intermediary_names.index(name)
        before, after = gifts_of(open_), gifts_of(closed)
        key = lambda rows: rows["donor"].astype(np.int64) * 1_000_000 + rows["attempt"]  # noqa: E731
        own = before["intermediary"] == i
        assert own.sum() > 20, name
        left = after[np.isin(key(after), key(before[~own]))]
        for column in ("donor", "attempt", "week", "amount", "rail", "intermediary", "appeal", "status"):
            assert np.array_equal(before[~own][column], left[column]), (name, column)
        moved = after[~np.isin(key(after), key(before[~own]))]
        assert set(key(moved)) <= set(key(before[own]))
        assert (moved["intermediary"] != i).all()
        assert 0 < len(moved) <= own.sum()


# --- what a phase may write -------------------------------------------------------------------------------------------


ARRAYS = tuple(name for name in World._fields if name != "week")


class Watched(Run):
    """A run, phase by phase, that notes which arrays each phase changed."""

    def __init__(self, scenario: Scenario, phases: Sequence[Any] = PHASES) -> None:
        super().__init__(scenario)
        self.luck, self.luck_rows = empty(Luck, len(self.order) + 1), np.zeros(len(self.order) + 1, dtype=np.int32)
        self.phases, self.changed = phases, {(phase.__name__, name): False for phase in phases for name in ARRAYS}

    def _simulate(self, until: int) -> None:
        while self.simulated < until:
            self.grow_ledger(int(self.book["last_gift"].max()) + len(self.order))
            for phase in self.phases:
                before = [digest(getattr(self, name)) for name in ARRAYS]
                phase(self.world(self.simulated))
                for name, one in zip(ARRAYS, before, strict=True):
                    self.changed[phase.__name__, name] |= digest(getattr(self, name)) != one
            self.simulated += 1


def test_a_phase_writes_what_its_source_says_and_all_of_it_in_some_world():
    declared = {(phase.name, name) for phase in table() for name in phase.writes}
    seen: set[tuple[str, str]] = set()
    for number in range(60):
        run = Watched(random_scenario(number, small=True))
        run.run()
        seen |= {key for key, changed in run.changed.items() if changed}
    assert seen == declared
    assert not {"parameters", "conditions", "levers", "first", "order"} & {name for _, name in declared}


def test_a_write_that_the_source_does_not_show_would_be_seen():
    def meddle(world: World) -> None:
        world.parameters["seed"] += 1  # type: ignore[call-overload]

    run = Watched(random_scenario(1, small=True), (*PHASES, meddle))
    run.advance(1)
    assert run.changed["meddle", "parameters"]


def test_a_week_as_a_whole_is_its_phases_one_by_one():
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(sim.week))) if isinstance(node, ast.FunctionDef)]
    whole = next(node for node in calls if node.name == "step")
    names = [one.value.func.id for one in whole.body if isinstance(one, ast.Expr) and isinstance(one.value, ast.Call)]  # type: ignore[attr-defined]
    assert names == [phase.__name__ for phase in PHASES]
    for number in range(20):
        watched = Watched(random_scenario(number, small=True))
        watched.run()
        assert digests(watched) == digests(run(watched.config))


# --- seeing -----------------------------------------------------------------------------------------------------------

FROZEN = NO_FEEDBACK | {
    "enforcement.arrest": 0.0,
    "effects.donor_prosecution": 0.0,
    "rails.*.traceability.freeze": 0.0,
    "rails.*.traceability.eras": {},
    "enforcement.effort_follows": 0.0,
    "policies": {},
}
"""A frozen ledger: donors, money and agencies do not answer to what is seen."""
_SAME_GIFTS = ("donor", "attempt", "week", "amount", "rail", "intermediary", "appeal", "status")


def _seen_by(model: Model) -> np.ndarray:
    """Week in which each gift was found; after the end if it was not."""
    gifts = gifts_of(model)
    return np.where(gifts["found"] == Found.HIDDEN, 10_000, gifts["found_week"])


def _frozen_runs(number: int, steps: list[dict[str, Any]]) -> list[Model]:
    values = changed(random_values(number), FROZEN)
    models = [run(scenario_of(changed(values, step))) for step in steps]
    for model in models[1:]:
        for column in _SAME_GIFTS:
            assert np.array_equal(gifts_of(models[0])[column], gifts_of(model)[column]), (number, column)
    return models


_MORE: dict[str, list[dict[str, Any]]] = {
    "link": [
        {"rails.*.traceability.link": link, "rails.*.traceability.false_link": 0.1}
        for link in (0.0, 0.05, 0.4, 0.7, 0.9)
    ],
    "recall": [
        {"enforcement.vendor.recall": recall, "enforcement.records_recall": recall} for recall in (0.0, 0.2, 0.6, 1.0)
    ],
    "analysts": [
        {
            "enforcement.staff.chain_analyst": staff,
            "rails.*.traceability.link": 0.9,
            "rails.*.traceability.false_link": 0.1,
        }
        for staff in (0.0, 1.0, 30.0, 1e9)
    ],
    "intelligence unit": [
        {"enforcement.staff.fiu": staff, "screening.suspicion": 1.0, "screening.block": 0.2}
        for staff in (0, 1, 30, 1e9)
    ],
    "off the ledger": [{"enforcement.off_ledger": share} for share in (0.0, 0.01, 0.05)],
    "memory": [{"rails.*.traceability.memory": weeks} for weeks in (0.0, 2.0, 20.0, None)],
}


@pytest.mark.parametrize("what", _MORE)
def test_more_of_it_never_lowers_what_is_seen(what):
    """Every gift is found no later, whatever else the world is like."""
    gained = 0
    for number in range(40):
        models = _frozen_runs(number, _MORE[what])
        for less, more in pairwise(models):
            assert (_seen_by(less) >= _seen_by(more)).all(), number
        gained += int((_seen_by(models[0]) > _seen_by(models[-1])).sum())
    assert gained > 10


def test_a_vendor_that_errs_more_never_accuses_fewer():
    steps = [
        {"enforcement.vendor.false_positive": wrong, "enforcement.lookalike": 0.0005}
        for wrong in (0.0, 0.001, 0.02, 0.5)
    ]
    gained = 0
    for number in range(40):
        models = _frozen_runs(number, steps)
        for less, more in pairwise(models):
            assert (less.book["false_attributions"] <= more.book["false_attributions"]).all(), number
            assert (_seen_by(less) == _seen_by(more)).all(), number
        gained += int((models[-1].book["false_attributions"] - models[0].book["false_attributions"]).sum())
    assert gained > 1000


NOTHING_SEEN: dict[str, Any] = {
    "rails.*.traceability.link": 0.0,
    "rails.*.traceability.false_link": 0.0,
    "rails.*.traceability.eras": {},
    "screening.suspicion": 0.0,
    "enforcement.off_ledger": 0.0,
    "enforcement.vendor.false_positive": 0.0,
    "enforcement.records_false_positive": 0.0,
    "enforcement.vendor.misreads_pool": 0.0,
    "enforcement.raids": 0.0,
    "group.hop_seen": 0.0,
    "effects.licensing_seen": 0.0,
    "theatres.*.pressure": {},
}


def test_where_nothing_can_be_seen_nothing_is_ever_seized():
    for number in range(100):
        values = changed(random_values(number), NOTHING_SEEN)
        values["policies"].pop("kinetic_pressure", None)
        values["shocks"] = {k: one for k, one in values["shocks"].items() if one["target"] != "kinetic_pressure"}
        book = run(scenario_of(values)).book
        for name in ("frozen", "raided", "forfeited", "custody", "blocked", "arrests", "true_attributions",
                     "false_attributions", "lawful_frozen", "pool_claim", "killed", "reports"):  # fmt: skip
            assert not book[name].any(), (number, name)


EVERYTHING_SEEN: dict[str, Any] = {
    "rails.*.traceability.link": 1.0,
    "rails.*.traceability.false_link": 0.0,
    "rails.*.traceability.lag": 0.01,
    "rails.*.traceability.memory": None,
    "rails.*.traceability.eras": {},
    "enforcement.vendor.recall": 1.0,
    "enforcement.records_recall": 1.0,
    "enforcement.staff.chain_analyst": 1e9,
    "enforcement.staff.fiu": 1e9,
    "enforcement.transfers_examined": 1e6,
    "enforcement.records_examined": 1e6,
    "enforcement.effort_follows": 0.0,
}


def test_where_all_can_be_seen_every_gift_is_found_in_its_week():
    """Effort that moved wholly to one rail would leave another unwatched: so no adaptive policy here."""
    found = 0
    for number in range(100):
        values = changed(random_values(number), EVERYTHING_SEEN)
        values["policies"].pop("adaptive", None)
        gifts = gifts_of(run(scenario_of(values)))
        passed = gifts[gifts["status"] != Status.BLOCKED]
        assert (passed["found"] != Found.HIDDEN).all(), number
        assert (passed["found_week"] == passed["week"]).all(), number
        found += len(passed)
    assert found > 2000


# --- events -----------------------------------------------------------------------------------------------------------


def test_what_happens_after_the_end_does_not_happen():
    """A shock or policy dated beyond the run changes no byte."""
    for number in range(30):
        values = changed(random_values(number), {"policies": {}, "shocks": {}})
        scenario = scenario_of(values)
        late = scenario.horizon.start + timedelta(weeks=scenario.horizon.weeks + 1)
        template = base("shock=[leader_killed]")["shocks"]["leader_killed"]
        with_late = scenario_of(changed(values, {"shocks": {"late": template | {"at": late, "target": None}}}))
        assert digests(run(scenario)) == digests(run(with_late)), number
