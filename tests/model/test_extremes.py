"""Sensible extremes: nobody, nothing, one week, the most of everything. Books balance, and what must be nil is nil."""

import copy

import numpy as np
import pytest
from pydantic import ValidationError

from sim.engine.constants import MAX_RAILS, MAX_THEATRES
from sim.engine.parameters import bounds
from sim.model import Model
from sim.rules.books import imbalance
from sim.scenario import Scenario
from sim.state import KINDS
from tests.worlds import base, changed, content, numbers, options, run_of, scenario_of, without_nan

EVERYTHING = ("policy=[{}]", "shock=[{}]")


def world(*overrides: str, **changes):
    """The default for 30 weeks with 400 donors, every policy and every shock, all within them."""
    values = base(*(text.format(",".join(options(text.split("=")[0]))) for text in EVERYTHING), *overrides)
    values["horizon"]["weeks"] = 30
    values["population"]["donors"] = 400
    for policy in values["policies"].values():
        policy |= {"start": "2017-02-06", "ramp": 4}
    for shock in values["shocks"].values():
        shock["at"] = shock["at"] and "2017-03-06"
    return changed(values, {name.replace("__", "."): value for name, value in changes.items()})


def sound(values) -> Model:
    """Run it; the books balance and every number is one."""
    model = run_of(scenario_of(values))
    assert not imbalance(model.book).any()
    for name in KINDS:
        assert without_nan(getattr(model, name)), name
        for column in getattr(model, name).dtype.names:
            column_values = getattr(model, name)[column]
            if (name, column) == ("appeals", "values"):  # minus infinity: a rail that nobody can choose
                column_values = column_values[column_values > -np.inf]
            assert column_values.dtype.kind != "f" or np.isfinite(column_values).all(), (name, column)
    for name in ("held", "custody", "reserves", "fighters", "capacity", "attacks", "deaths", "spent", "lawful_frozen"):
        assert (model.book[name] >= 0).all(), name
    return model


def nil(model: Model, *names: str) -> None:
    """These outcomes are zero throughout."""
    for name in names:
        assert not model.book[name].any(), name


def test_the_world_of_these_tests_is_lively():
    """Else the extremes below would show nothing."""
    book = sound(world()).book
    for name in (
        "gifts",
        "attacks",
        "raided",
        "collected",
        "converted_in",
        "closed",
        "false_reports",
        "killed",
        "followed",
    ):
        assert book[name].any(), name


# --- nobody and nothing -----------------------------------------------------------------------------------------------


def test_no_donors():
    model = sound(world(population__donors=0))
    nil(model, "attempts", "gifts", "given", "delivered", "reports", "true_attributions", "deterred", "arrests")
    assert model.book["attacks"].any()


def test_one_donor():
    sound(world(population__donors=1))


def test_no_intermediaries_are_refused_and_told():
    """Cash must be offered by somebody: a scenario without any intermediary cannot be meant."""
    values = world()
    for kind in ("bank", "exchange", "processor", "hawala_broker", "otc_trader", "courier"):
        values["intermediaries"][kind]["count"] = 0
    with pytest.raises(ValidationError, match="no intermediary offers cash"):
        scenario_of(values)


def test_no_intermediary_open_closes_all_rails():
    """Every intermediary closes before the first week: no rail is served, nobody gives, nothing is converted."""
    values = world()
    closure = copy.deepcopy(values["shocks"]["exchange_closes"]) | {"at": "2016-12-26", "enabled": True}
    kinds = values["intermediaries"]
    for kind in ("bank", "exchange", "processor", "hawala_broker", "otc_trader", "courier"):
        for n in range(kinds[kind]["count"]):
            values["shocks"][f"closes_{kind}_{n}"] = closure | {"target": f"{kind}_{n + 1}"}
    model = sound(values)
    nil(model, "serves", "gifts", "given", "delivered", "converted_out", "pool_claim")
    assert (model.book["closed"] == len(model.intermediaries)).all()
    assert model.book["attacks"].any() and model.book["spent"].any()


def test_no_staff_at_all():
    values = world(enforcement__off_ledger=0.0)
    values["enforcement"]["staff"] = dict.fromkeys(values["enforcement"]["staff"], 0.0)
    for policy in values["policies"].values():
        policy["staff_weeks"] = 0.0
    model = sound(changed(values, {"policies": {}, "enforcement.vendor.misreads_pool": 0.0}))
    nil(model, "true_attributions", "false_attributions", "followed", "arrests", "lawful_frozen")
    assert (model.intermediaries["state"] != 1).all()


def test_no_cells_but_the_treasury():
    values = world()
    values["group"]["cells"] = {"treasury": values["group"]["cells"]["treasury"]}
    model = sound(values)
    nil(model, "attacks", "capacity", "rate", "fighters", "deaths", "recruits", "killed", "claims")
    assert model.book["held"].any() and not model.book["revenue"][:, 0].any()


def test_the_treasury_cannot_be_left_out():
    values = world()
    values["group"]["cells"] = {}
    with pytest.raises(ValidationError, match="treasury"):
        scenario_of(values)


def test_no_appeals():
    model = sound(world(appeals={}, adaptation__mode="none") | {"shocks": {}})
    nil(model, "gifts", "given")
    assert model.book["attempts"].any()


def test_one_week():
    values = world(horizon__weeks=1, policies={}) | {"shocks": {}}
    model = sound(values)
    assert len(model.book) == 1
    assert model.book["attacks"].any()


def test_zero_sympathy():
    model = sound(changed(world(), {"theatres.*.sympathy": 0.0}))
    nil(model, "gifts", "sympathy", "inspired", "given")


def test_zero_capacity():
    """No fighters and nobody who joins: no attacks, and money is still accounted for."""
    model = sound(changed(world(), {"group.cells.*.fighters": 0}))
    nil(model, "attacks", "capacity", "rate", "fighters", "deaths", "pay")


def test_no_reference_attacks():
    """A_ref 0: no capacity, no reference money; 0/0 must not arise."""
    nil(sound(changed(world(), {"group.cells.*.attacks_reference": 0.0})), "attacks", "capacity", "rate")


def test_no_money_at_all():
    values = changed(world(population__donors=0, group__reserves=0.0), {"shocks": {}})
    for cell in values["group"]["cells"].values():
        cell["revenue"] = dict.fromkeys(cell["revenue"], 0.0)
    model = sound(values)
    nil(model, "held", "spent", "raided", "reserves")
    assert model.book["attacks"].any()


def test_no_policies_and_no_shocks():
    sound(changed(world(), {"policies": {}, "shocks": {}}))


def test_only_cash():
    values = world(group__carrier="cash", appeals={}, adaptation__mode="none") | {"shocks": {}}
    values["rails"] = {"cash": values["rails"]["cash"]}
    nil(sound(values), "converted_in", "price", "gifts")


def test_only_one_theatre():
    values = changed(world(), {"shocks": {}, "population.abroad": 0.0, "group.cells.*.theatre": "iraq"})
    values["theatres"] = {"iraq": values["theatres"]["iraq"] | {"donors": 1.0}}
    for rail in values["rails"].values():
        rail["acceptance"] = {"other": 0.5}
    model = sound(values)
    assert not model.book["attacks"][:, 1:].any() and model.book["attacks"].any()


# --- the most of everything -------------------------------------------------------------------------------------------


def test_twelve_rails_and_twelve_theatres():
    values = world(population__abroad=0.0)
    values["shocks"], values["policies"] = {}, {}
    rails, theatres = values["rails"], values["theatres"]
    for n in range(MAX_RAILS - len(rails)):
        rails[f"coin_{n}"] = copy.deepcopy(rails["bitcoin"]) | {"volatility": 0.5 * n}
    values["appeals"]["campaign_a"]["rails"] = [name for name in rails if name.startswith("coin")]
    theatres["abroad"]["donors"] = 0.0
    for n in range(MAX_THEATRES - len(theatres)):
        theatres[f"land_{n}"] = copy.deepcopy(theatres["iraq"])
    places = [name for name in theatres if name != "abroad"]
    for name in places:
        theatres[name]["donors"] = 1.0 / len(places)
    for n, cell in enumerate(values["group"]["cells"].values()):
        cell["theatre"] = places[-n % len(places)]
    for rail in rails.values():
        rail["acceptance"] = {"other": 0.5}
    values["giving"]["public_rate"] = 5.0
    values["population"]["donors"] = 5000
    model = sound(values)
    assert model.book["given"][:, MAX_RAILS - 1].any()
    assert model.book["attacks"][:, MAX_THEATRES - 1].any()
    assert len(np.unique(model.all_donors()["community"])) == MAX_THEATRES - 1
    for more, least in (("rails", "coin_0"), ("theatres", "land_0")):
        too_many = changed(values, {})
        too_many[more]["one_more"] = copy.deepcopy(too_many[more][least])
        with pytest.raises(
            ValidationError, match=f"allowed are at most {MAX_RAILS if more == 'rails' else MAX_THEATRES}"
        ):
            scenario_of(too_many)


_TOO_MUCH = {
    "donors": 3000, "weeks": 40, "count": 30, "attacks_reference": 2000, "fighters": 20_000, "hops": 20,
}  # fmt: skip
"""Sizes, held to what a test has time for."""


def _ends(end: str):
    """Each number of the scenario, alone at one end of its range."""
    values = world()
    cells = values["group"]["cells"]
    values["group"]["cells"] = {name: cells[name] for name in list(cells)[:3]}
    for spot, name, info, whole in list(numbers(Scenario, values)):
        low, high = bounds(info)
        value = low if end == "low" else min(high, _TOO_MUCH.get(name, high))
        before, spot[name] = spot[name], int(value) if whole else float(value)
        yield f"{name} = {value}", values
        spot[name] = before


@pytest.mark.parametrize("end", ["low", "high"])
def test_every_number_alone_at_the_end_of_its_range(end):
    """Where the range is allowed at all beside the rest, the run is sound."""
    ran, refused, wrong = 0, 0, []
    for what, values in _ends(end):
        try:
            scenario_of(values)
        except ValidationError:
            refused += 1
            continue
        try:
            sound(values)
            ran += 1
        except AssertionError as error:
            wrong.append((what, str(error)[:200]))
    assert not wrong, wrong
    assert ran > 300 and refused < 40, (ran, refused)


def test_a_leader_takes_no_more_than_all_know_how():
    values = world()
    values["shocks"]["leader_killed"]["size"] = 1.5
    with pytest.raises(ValidationError, match="at most 1"):
        scenario_of(values)
    values["shocks"]["leader_killed"]["size"] = 1.0
    sound(values)


def test_all_shares_at_their_greatest_at_once():
    values = world()
    for place, name, info, whole in numbers(Scenario, values):
        if bounds(info)[1] == 1 and not whole and name not in ("donors", "abroad"):
            place[name] = 1.0
    sound(values)


def test_all_shares_at_zero_at_once():
    values = world()
    for place, name, info, whole in numbers(Scenario, values):
        low, high = bounds(info)
        if low == 0 and high == 1 and not whole and name not in ("donors", "abroad"):
            place[name] = 0.0
    sound(values)


def test_ledger_grows_when_a_week_brings_more_gifts_than_there_is_room():
    values = world(giving__public_rate=5.0, giving__network_rate=10.0, giving__visibility=1.0, giving__bound=3.0)
    values |= {"policies": {}}
    values["population"] |= {"donors": 3000, "propensity_shape": 5.0}
    values = changed(values, {"theatres.*.sympathy": 1.0, "rails.*.constant": 5.0})
    model = sound(values)
    assert len(content(model, "ledger")) > 1 + len(model.order) // 8
