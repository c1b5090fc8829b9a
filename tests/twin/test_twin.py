"""The plain twin: the model written a second time from docs/odd.md, in plain Mesa, gives the same numbers to the bit.

Every field of the book is compared in every week: whole numbers and doubles, bit for bit, with no exception.
"""

import ast
import sys
from collections import Counter
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any, get_args

import mesa
import numpy as np
import pytest

import sim
from sim.engine.constants import Capacity, Found, Freezing, IntermediaryState, Routes, SwitchMode
from sim.model import Model
from sim.scenario import Scenario, Shock
from sim.state import KINDS
from tests import twin, worlds
from tests.twin.philox import key_of, uniforms

HERE = Path(__file__).parent
ODD = HERE.parents[1] / "docs" / "odd.md"
NUMBERS = range(560)
CHUNK = 16
"""Random worlds are compared in chunks, which pytest-xdist spreads."""

POLICIES = f"policy=[{','.join(worlds.options('policy'))}]"
SHOCKS = f"shock=[{','.join(worlds.options('shock'))}]"
FEW = ("population.donors=300", "horizon.weeks=40", "horizon.start=2020-03-02")

SHIPPED = {
    **{f"{profile}": (f"group={profile}", *FEW) for profile in worlds.PROFILES},
    **{
        f"{profile}, all policies and shocks": (f"group={profile}", *FEW, POLICIES, SHOCKS)
        for profile in worlds.PROFILES
    },
    **{f"vendor {vendor}": (f"vendor={vendor}", *FEW, "policy=[chain_analytics]") for vendor in worlds.VENDORS},
    **{f"case {case}": (f"group={case}", "population.donors=200") for case in ("khorasan", "qassam", "alqaeda")},
    "from 2014": ("horizon=from_2014", "population.donors=100", "horizon.weeks=60", "shocks.monero_only.enabled=false"),
    "full switch": (*FEW, "shocks.monero_only.mode=full", "shocks.monero_only.size=0.3", "giving.public_rate=3"),
    "former rules": ("rules=former", "group=donor_funded", *FEW, POLICIES, SHOCKS),
    "rival rules": ("rules=rivals", "group=donor_funded", *FEW, POLICIES, SHOCKS, "adaptation.every=4"),
    "adaptive campaign": (*FEW, "group=donor_funded", "adaptation.mode=logit", "adaptation.every=4"),
    "two years": (
        "group=donor_funded",
        "population.donors=200",
        "horizon.weeks=104",
        "horizon.start=2019-09-02",
        POLICIES,
    ),
}
"""The shipped configuration, with few donors."""


SMALL = (*FEW, "horizon.weeks=20")
AT_THE_LIMITS = {
    "a cell that never attacks": (*SMALL, "group=donor_funded", "group.cells.syria_1.attacks_reference=0"),
    "a cell without fighters": (*SMALL, "group=donor_funded", "group.cells.syria_1.fighters=0"),
    "an appeal of weight 0": (*SMALL, "appeals.campaign_a.weight=0"),
    "closed after a sanction": (
        *SMALL, SHOCKS, "shocks.exchange_closes.at=2020-06-29", "enforcement.sanctions=52",
        "enforcement.staff.regulator=1000", "enforcement.hops=1", "enforcement.off_ledger=0.05",
        "giving.public_rate=5", "rails.bitcoin.traceability.lag=0.1", "rails.bitcoin.constant=3",
    ),
    "a leader killed long before": (*SMALL, "shocks.leader_killed.size=1"),
    "losses left out that come in the run and after it": (
        *SMALL, "shocks.territory_iraq.enabled=false", "shocks.oil_iraq.enabled=false",
        "shocks.territory_iraq.path={2020-04-01: 0.9, 2020-05-01: 0.2}", "shocks.oil_iraq.path={2021-04-01: 0.4}",
    ),
    "full switch under strong enforcement": (
        *SMALL, "group=donor_funded", "shocks.monero_only.mode=full", "shocks.monero_only.at=2020-03-09",
        "giving.public_rate=5", "rails.monero.traceability.link=0.8", "rails.monero.traceability.lag=0.1",
        "enforcement.hops=1", "enforcement.arrest=1", "enforcement.arrests=10", "population.propensity_shape=3",
        "rails.monero.traceability.freeze=0.9", "enforcement.off_ledger=0.05", "rails.bitcoin.constant=3",
    ),
    "equals, of which one closes": (
        *SMALL, SHOCKS, "group=donor_funded", "shocks.exchange_closes.at=2020-03-09", "intermediaries.moving=0.1",
        "intermediaries.concentration=0", "giving.public_rate=5", "population.propensity_shape=3",
    ),
    "a theatre that cannot attack at first": (
        *SMALL, "theatres.iraq.know_how={2020-04-06: 0, 2020-05-04: 1}", "horizon.start=2020-04-06",
    ),
    "donors repelled by extortion": (
        *SMALL, "group=donor_funded", "rules=repelled", "giving.repelled=1", "giving.network_rate=10",
        "group.replacement=1", "group.replacement_time=1", "population.propensity_shape=3",
    ),
    "donors in fear": (*SMALL, "inspiration.salience=10", "giving.network_rate=10", "screening.suspicion=1"),
}  # fmt: skip
"""Worlds that random ones miss."""


# --- structures ------------------------------------------------------------------------------------------------------

DEFAULT = worlds.base()["rules"]
ALTERNATIVES = [(name, word) for name, words in worlds.RULES.items() for word in words if word != DEFAULT[name]]
PAIRS = [pair for pair in combinations(ALTERNATIVES, 2) if len(dict(pair)) == 2]
STRUCTURES = {
    "default": DEFAULT,
    **{corner: worlds.base(f"rules={corner}")["rules"] for corner in ("former", "rivals")},
    **{word: DEFAULT | {name: word} for name, word in ALTERNATIVES},
    **{" and ".join(word for _, word in pair): DEFAULT | dict(pair) for pair in PAIRS},
}
"""The rules of the default, of both corners, and of every alternative and pair of alternatives."""

FOLLOWED = {"link": 0.9, "false_link": 0.0, "lag": 0.3, "freeze": 0.6, "identify": 0.7, "eras": {}, "memory": None}
LIVELY = {
    "horizon": {"start": "2014-09-01", "weeks": 16}, "population.donors": 100, "population.propensity_shape": 3,
    "policies.*.start": "2014-09-08", "policies.*.ramp": 2, "policies.channel_takedown.intensity": 0.1,
    "shocks.monero_only.at": "2014-10-13", "appeals.*.opens": "2014-09-01", "giving.public_rate": 5,
    "giving.network_rate": 10, "giving.visibility": 1, "giving.bound": 2, "choice.risk": 5,
    "choice.closing_half": "2014-10-01", "inspiration.salience": 0.01, "rails.cash.constant": 2,
    "rails.bitcoin.constant": 2, "rails.monero.constant": 3,
    "rails.bitcoin.traceability": FOLLOWED, "rails.monero.traceability": FOLLOWED,
    "enforcement.arrest": 0.1, "enforcement.arrests": 1, "enforcement.hops": 2, "enforcement.vendor.recall": 1,
    "enforcement.off_ledger": 0.05, "adaptation.every": 3, "adaptation.inertia": 0.3, "adaptation.sensitivity": 3,
    "backlash.attacks": -0.3, "group.operations": 0.3,
}  # fmt: skip
"""Changes to the default with all policies and shocks after which every alternative changes the run."""


@cache
def structure(name: str) -> Scenario:
    """A small lively world under the rules of a structure."""
    return worlds.scenario_of(worlds.changed(worlds.base(POLICIES, SHOCKS), {**LIVELY, "rules": STRUCTURES[name]}))


@pytest.mark.parametrize("name", STRUCTURES)
def test_every_structure_and_pair_is_equal_to_the_bit(name):
    compare(structure(name))


def test_every_alternative_changes_the_run():
    default = worlds.run_of(structure("default")).book
    for _, word in ALTERNATIVES:
        assert worlds.run_of(structure(word)).book.tobytes() != default.tobytes(), word


# --- comparison ------------------------------------------------------------------------------------------------------


def compare(scenario: Scenario) -> None:
    """Both models give the same book, and are the same when they end, to the bit; else say where they first differ."""
    model, plain, fresh = Model(scenario), twin.Model(scenario), Model(scenario)
    real = model.run()
    for _ in range(scenario.horizon.weeks):
        plain.step()
    book = plain.outcomes()
    assert list(book) == list(real.dtype.names)
    columns = {name: _like(fresh.book[name], book[name]) for name in book}
    apart = [name for name, column in columns.items() if column.tobytes() != real[name].tobytes()]
    for week in range(len(real)):
        for name in apart:
            _equal(f"week {week}, {name}", columns[name][week], real[name][week])
    assert {*POPULATIONS, "book", "levers", "order", "luck", "markets"} == KINDS.keys()
    calendar = [donor.identity for week in plain.calendar for donor in week]
    assert model.donors["identity"][model.order["row"]].tolist() == calendar
    assert model.attempts()[model.add_sleepers()].tolist() == [donor.attempts for donor in plain.donors]
    ledger = worlds.content(model, "ledger")
    assert (model.donors["identity"][ledger["row"]] == ledger["donor"]).all()
    names = [name for name in model.levers.dtype.names if name not in ("staff", "freezing")]
    levers = np.array([plain.levers[name] for name in names])
    _equal("at the end, freezing", np.array(plain.freezing), model.levers["freezing"][-1][: len(plain.freezing)])
    _equal("at the end, levers", levers, np.array(model.levers[names][-1].tolist()))
    people = [getattr(plain, name) for name in POPULATIONS if name != "conditions"]
    places = {agent: place for some in people for place, agent in enumerate(some)}
    for population, unknown in POPULATIONS.items():
        rows, agents = worlds.content(model, population), list(getattr(plain, population))
        assert len(agents) == len(rows), population
        for name in rows.dtype.names if agents else ():
            if name not in unknown:
                held = [getattr(agent, name) for agent in agents]
                values = [places[one] if isinstance(one, mesa.Agent) else one for one in held]
                start = worlds.content(fresh, population)[name] if population != "ledger" else np.zeros_like(rows[name])
                _equal(f"at the end, {name} of {population}", _like(start, values), rows[name])
    assert [cell.community.row for cell in plain.cells] == model.cells["theatre"].tolist()


POPULATIONS: dict[str, set[str]] = {
    "communities": set(),
    "donors": set(),
    "appeals": {"passing", "values"},
    "intermediaries": set(),
    "cells": {"kind", "theatre"},
    "agencies": {"kind"},
    "ledger": {"next", "next_found", "row"},
    "conditions": {"chain"},
}
"""Populations, and fields that the twin has under another name (theatre), as a type (kind) or as a list (chains of
gifts), or computes where it needs them."""


def _like(start: Any, values: list[Any]) -> Any:
    """The twin's values in an array like the model's, whose room for more rails and theatres is as at the start."""
    given = np.array(values)
    assert given.dtype == bool or np.can_cast(given.dtype, start.dtype, "same_kind"), (given.dtype, start.dtype)
    ours = given.astype(start.dtype)
    assert (ours == given).all() or np.isnan(given).any()
    if ours.shape == start.shape:
        return ours
    by_week = (len(start), *ours.shape[1:-1], -1)  # money in transit is by week of arrival and rail
    padded = start.copy().reshape(by_week)
    padded[..., : ours.shape[-1]] = ours
    return padded.reshape(start.shape)


def _equal(where: str, ours: Any, theirs: Any) -> None:
    """Equal to the bit."""
    if ours.tobytes() != theirs.tobytes():
        ours, theirs = np.atleast_1d(ours), np.atleast_1d(theirs)
        k = next(k for k in np.ndindex(ours.shape) if ours[k].tobytes() != theirs[k].tobytes())
        pytest.fail(f"{where}{[int(n) for n in k]}: the twin has {ours[k]!r}, the model {theirs[k]!r}")


@pytest.mark.parametrize("first", NUMBERS[::CHUNK])
def test_random_worlds_are_equal_to_the_bit(first):
    for number in range(first, min(first + CHUNK, NUMBERS.stop)):
        try:
            compare(worlds.random_scenario(number, small=True))
        except pytest.fail.Exception as failure:
            pytest.fail(f"random_scenario({number}, small=True), {failure.msg}")


@pytest.mark.parametrize("overrides", SHIPPED.values(), ids=SHIPPED)
def test_what_is_shipped_is_equal_to_the_bit(overrides):
    compare(sim.load(*overrides))


@pytest.mark.parametrize("overrides", AT_THE_LIMITS.values(), ids=AT_THE_LIMITS)
def test_worlds_at_the_limits_are_equal_to_the_bit(overrides):
    compare(sim.load(*overrides))


def test_a_seed_makes_another_run():
    scenario = sim.load(*SMALL)
    assert twin.run(scenario) != twin.run(scenario.model_copy(update={"seed": 2}))


# --- a twin that is compared on zeros proves nothing -----------------------------------------------------------------


def test_random_worlds_switch_everything_on():
    seen: Counter[str] = Counter()
    for number in NUMBERS:
        p = worlds.random_scenario(number, small=True)
        last = p.horizon.weeks - 1
        seen.update(f"policy {name}" for name, one in p.policies.items() if one.intensity and p.week(one.start) < last)
        for name, shock in p.shocks.items():
            day = min((day for day in (shock.at, *shock.path) if day), default=None)
            if shock.enabled and day and p.week(day) <= last:
                seen.update((f"shock {name}", f"type {shock.type}", f"mode {shock.mode}"))
            elif shock.type in ("territory", "oil_fields"):
                seen.update((f"left out {shock.type}",))
        seen.update(f"rail {rail.name}" for rail in p.rails)
        seen.update(f"theatre {theatre.name}" for theatre in p.theatres)
        seen.update(f"appeal {appeal.name}" for appeal in p.appeals)
        seen.update(f"informal carrier {rail.informal}" for rail in p.rails if rail.name == p.group.carrier)
        seen.update((f"profile {p.group.profile}", f"vendor {p.enforcement.vendor.profile}"))
        seen.update((f"adaptation {p.adaptation.mode}", f"observer {p.observer.enabled}"))
        seen.update((f"by deaths {p.inspiration.by_deaths}",))
        seen.update(f"{name} {word.name.lower()}" for name, word in p.rules)
    wanted = [f"policy {name}" for name in worlds.options("policy") if name != "status_quo"]
    wanted += [f"shock {name}" for name in worlds.options("shock")]
    wanted += [f"type {name}" for name in get_args(Shock.model_fields["type"].annotation)]
    wanted += [f"mode {mode.name.lower()}" for mode in SwitchMode]
    wanted += ["left out territory", "left out oil_fields", "informal carrier True", "informal carrier False"]
    wanted += [f"rail {name}" for name in (*worlds.options("rail"), worlds.OWN_RAIL)]
    wanted += [f"theatre {name}" for name in worlds.options("theatre")]
    wanted += [f"appeal {name}" for name in worlds.base()["appeals"]]
    wanted += [f"profile {name}" for name in worlds.PROFILES] + [f"vendor {name}" for name in worlds.VENDORS]
    wanted += ["adaptation none", "adaptation logit", "observer True", "observer False"]
    wanted += ["by deaths True", "by deaths False"]
    wanted += [f"{name} {word}" for name, words in worlds.RULES.items() for word in words]
    assert {name: seen[name] for name in wanted if seen[name] < 5} == {}


def test_in_random_worlds_everything_happens():
    often = Counter({name: 0 for name in Model(worlds.random_scenario(0, small=True)).book.dtype.names})
    for number in NUMBERS:
        model = worlds.run_of(worlds.random_scenario(number, small=True))
        often.update(_happened(model))
    assert {name: count for name, count in often.items() if count < 3} == {}


def _happened(model: Model) -> dict[str, int]:
    """Outcomes that are not zero and events that the book does not record, each counted at most once."""
    scenario, book = model.config, model.book
    gifts = worlds.content(model, "ledger")
    fiu, analyst, regulator, prosecutor, military, communicators = model.agencies["cases"].tolist()
    found = gifts["found"] > 0
    late = found & (gifts["found_week"] > gifts["week"])
    wallets = np.array([rail.ledger for rail in scenario.rails]) & (scenario.rules.freezing == Freezing.RENEWED_WALLETS)
    reached = (book["frozen"][:, : len(wallets)] > 0) & wallets
    announced = [s for s in scenario.shocks.values() if s.type == "switch" and s.enabled and s.mode == "announcement"]
    happened = {name: bool(book[name].any()) for name in book.dtype.names}
    happened |= {
        "reports followed": fiu > 0,
        "leads examined": analyst > 0,
        "sanctions": regulator > 0,
        "donors caught": prosecutor > 0,
        "leaders struck": military > 0,
        "takedowns": communicators > 0,
        "channels back": bool(((model.appeals["back"] > 0) & (model.appeals["back"] < model.week)).any()),
        "found by report": bool((gifts["found"] == Found.BY_REPORT).any()),
        "found by link": bool((gifts["found"] == Found.BY_LINK).any()),
        "found off the ledger": bool((gifts["found"] == Found.OFF_LEDGER).any()),
        "found late": bool(late.any()),
        "found by link late": bool((late & (gifts["found"] == Found.BY_LINK)).any()),
        "wrong links": bool((gifts["linked"] == 2).any()),
        "switched in full": bool((gifts["rail"] != gifts["chosen"]).any()),
        "switch announced": bool(announced),
        "gifts made good": bool((model.cells["extortion"] > 0).any()),
        "gifts not made good": bool((model.cells["extortion"] < 0).any()),
        "closed": bool((model.intermediaries["state"] == IntermediaryState.CLOSED).any()),
        "donors who pause came back": bool((book["deterred"][1:] < book["deterred"][:-1]).any()),
        "arrears": bool((model.cells["arrears"] > 0).any()),
        "former members": bool((model.cells["former"] > 0).any()),
        "oil damaged": bool((model.communities["oil_damage"] > 0).any()),
        "counts beyond 400": bool((book["false_reports"] > 400).any()),
        "fear": bool((model.communities["risk"] > 0).any()),
        "stoppable": bool((model.appeals["stoppable"] > 0).any()),
        "frozen in wallets": bool(reached.any()),
        "carrier changed": bool(model.cells["carrier"][0] != scenario.carrier),
        "asks for no coin": scenario.rules.routes == Routes.REROUTING
        and bool(scenario.appeals)
        and not model.appeals["accepts"][scenario.adaptive_appeal].any(),
        "empty purse": scenario.rules.capacity == Capacity.LUMPY and bool((model.cells["capacity"] < 1.0)[1:].any()),
        "effort moved": bool(len(set(model.agencies["effort"][1].tolist())) > 2),
    }
    return {name: int(yes) for name, yes in happened.items()}


# --- section 9 of the document, and independence ---------------------------------------------------------------------


@cache
def tables() -> list[list[list[str]]]:
    """The tables of section 9: rows of cells, without their heads."""
    text = ODD.read_text(encoding="utf-8").split("<!-- made: checks -->")[1].split("<!-- end -->")[0]
    found: list[list[list[str]]] = [[]]
    for line in text.splitlines():
        if line.startswith("|"):
            found[-1].append([cell.strip().strip("`") for cell in line.strip("|").split("|")])
        elif found[-1]:
            found.append([])
    return [rows[2:] for rows in found if rows]


def test_the_twin_has_the_documents_random_numbers():
    for *place, u0, u1, u2, u3 in tables()[0]:
        assert [f"{u:.12f}" for u in uniforms(*map(int, place))] == [u0, u1, u2, u3]


def test_the_twin_has_the_documents_keys():
    assert {name: str(key_of(name)) for name, _ in tables()[1]} == dict(tables()[1])


def test_the_twin_has_the_documents_run():
    scenario = sim.load(
        "population.donors=400", "horizon.weeks=6", "horizon.start=2020-06-01", "policy=[exchange_kyc]"
    )  # fmt: skip
    book = twin.run(scenario)
    sums = {
        name: [f"{sum(week) if isinstance(week, list) else week:.9g}" for week in book[name]]
        for name, *_ in tables()[2]
    }
    assert sums == {name: [f"{float(value):.9g}" for value in values] for name, *values in tables()[2]}


def test_the_twin_shares_the_scenario_and_the_vocabularies_and_nothing_else():
    allowed = {"sim.scenario", "sim.engine.constants"}
    files = [file for file in HERE.glob("*.py") if not file.name.startswith("test_")]
    assert len(files) > 10
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            own = {name for name in names if name.split(".")[0] not in (*sys.stdlib_module_names, "mesa", "numpy")}
            assert {name for name in own if not name.startswith("tests.twin")} <= allowed, file.name
