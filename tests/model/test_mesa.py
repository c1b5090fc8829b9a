"""The model as a Mesa model: agents, agent sets, data collection, events, for whoever extends it the usual way."""

import ast
import copy
import inspect
import math
import multiprocessing
import pickle
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pytest
from mesa.datacollection import DataCollector
from mesa.experimental.mesa_signals import ModelSignals
from mesa.experimental.scenarios import Scenario as MesaScenario

import sim
from sim.engine.constants import MAX_RAILS, AgencyKind
from sim.model import Model
from sim.model.agent_sets import DonorSet
from sim.model.agents import Agency, Appeal, Cell, Donor, Intermediary
from sim.model.tables import COLUMNS, dataframe_of
from sim.outcomes import OUTCOMES, described
from sim.phases import table
from sim.results import gifts, ledger, weekly
from sim.rules.books import imbalance
from tests.laws import check_sums
from tests.worlds import base, changed, digests, random_scenario, run_of, scenario_of

BATCH_RUN = pytest.mark.skipif(not hasattr(mesa, "batch_run"), reason="Mesa 4 has no batch_run")


def small(shocks=None, **changes):
    values = changed(base(), {"population.donors": 500, "horizon.weeks": 30, "giving.bound": 1.0} | changes)
    values["shocks"] = shocks or {}
    return scenario_of(values)


@pytest.fixture(scope="module")
def ran():
    """A model after 30 weeks; tests that use it do not change it."""
    return run_of(small())


@pytest.fixture
def model():
    return Model(small())


# --- who is an agent --------------------------------------------------------------------------------------------------


def test_intermediaries_cells_agencies_and_appeals_are_registered_agents(ran):
    assert isinstance(ran, mesa.Model)
    for kind, rows in (
        (Intermediary, ran.intermediaries),
        (Cell, ran.cells),
        (Agency, ran.agencies),
        (Appeal, ran.appeals),
    ):
        agents = ran.agents_by_type[kind]
        assert len(agents) == len(rows) > 0
        assert all(isinstance(agent, mesa.Agent) and agent.model is ran for agent in agents)
        name = kind.fields[0]
        assert agents.get(name) == rows[name].tolist()
    assert len(ran.agents) == sum(len(rows) for rows in (ran.intermediaries, ran.cells, ran.agencies, ran.appeals))
    assert {type(agent) for agent in ran.agents} == {Intermediary, Cell, Agency, Appeal}


def test_donors_are_agents_by_type(ran):
    donors = ran.agents_by_type[Donor]
    assert isinstance(donors, DonorSet)
    assert len(donors) == 500
    assert isinstance(donors[0], mesa.Agent)
    assert donors[7].model is ran


def test_every_agent_has_an_id_of_its_own(ran):
    ids = [agent.unique_id for agent in ran.agents] + [donor.unique_id for donor in ran.agents_by_type[Donor]]
    assert len(set(ids)) == len(ids)


def test_cells_are_live_views_of_what_phases_write(model):
    cells = list(model.agents_by_type[Cell])
    model.step()
    assert [cell.fighters for cell in cells] == model.cells["fighters"].tolist()
    assert cells[1].spent[0] == model.cells["spent"][1, 0]
    assert isinstance(cells[1].fighters, int)


# --- views ------------------------------------------------------------------------------------------------------------


def test_views_of_the_same_donor_are_equal(ran):
    donors = ran.agents_by_type[Donor]
    assert donors[3] == donors[3]
    assert hash(donors[3]) == hash(donors[3])
    assert donors[3] != donors[4]
    assert donors[3] in donors
    assert len({donors[3], donors[3], donors[4]}) == 2
    other = run_of(small(seed=2))
    assert other.agents_by_type[Donor][3] != donors[3]


def test_a_misspelt_field_is_refused(model):
    donor, cell = model.agents_by_type[Donor][0], model.agents_by_type[Cell][0]
    for view, name in ((donor, "litracy"), (cell, "figthers")):
        with pytest.raises(AttributeError, match=name):
            setattr(view, name, 3)
        with pytest.raises(AttributeError):
            getattr(view, name)
    with pytest.raises(AttributeError, match="litracy"):
        model.agents_by_type[Donor].set("litracy", 3)


def test_views_write_through(model):
    donors = model.agents_by_type[Donor]
    donors[5].literacy = 0.25
    assert model.all_donors()["literacy"][5] == 0.25
    assert donors[5].literacy == 0.25
    cell = model.agents_by_type[Cell][1]
    cell.funds[2] = 77
    assert model.cells["funds"][1, 2] == 77


def test_a_number_that_does_not_fit_its_field_is_refused(model):
    donor = model.agents_by_type[Donor][0]
    with pytest.raises(OverflowError, match="habit"):
        donor.habit = 300
    with pytest.raises(TypeError, match="whole"):
        donor.habit = 1.5


def test_an_agents_field_changes_the_run(model):
    """A user's intervention through views: no fighters, no attacks."""
    for cell in model.agents_by_type[Cell]:
        cell.fighters = 0
    model.run()
    assert model.book["capacity"][0].sum() == 0
    assert run_of(small()).book["capacity"][0].sum() > 0


# --- the set of donors ------------------------------------------------------------------------------------------------


def test_get_and_agg(ran):
    donors = ran.agents_by_type[Donor]
    rates = ran.all_donors()["rate"]
    assert donors.get("rate") == rates.tolist()
    assert donors.get(["rate", "habit"]) == [
        list(both) for both in zip(rates.tolist(), ran.all_donors()["habit"].tolist(), strict=True)
    ]
    assert donors.agg("rate", np.sum) == pytest.approx(rates.sum())
    assert donors.agg("rate", [min, max]) == [rates.min(), rates.max()]
    assert donors.get("nothing", handle_missing="default", default_value=9) == [9] * 500
    with pytest.raises(AttributeError):
        donors.get("nothing")


def test_select(ran):
    donors = ran.agents_by_type[Donor]
    skilled = donors.select(lambda donor: donor.literacy > 0.5)
    assert len(skilled) == (ran.all_donors()["literacy"] > 0.5).sum() > 0
    assert all(donor.literacy > 0.5 for donor in skilled)
    assert len(skilled.select(at_most=3)) == 3
    assert len(donors.select(at_most=0.1)) == 50
    assert len(donors.select(agent_type=Cell)) == 0
    assert len(donors) == 500


def test_groupby(ran):
    donors = ran.agents_by_type[Donor]
    groups = donors.groupby("community")
    values, counts = np.unique(ran.all_donors()["community"], return_counts=True)
    assert groups.count() == dict(zip(values.tolist(), counts.tolist(), strict=True))
    means = groups.agg("literacy", np.mean)
    for value in values.tolist():
        literacy = ran.all_donors()["literacy"][ran.all_donors()["community"] == value]
        assert means[value] == pytest.approx(literacy.mean())
    by_function = donors.groupby(lambda donor: donor.literacy > 0.5, result_type="list")
    assert sum(len(group) for _, group in by_function) == 500


def test_sort_and_shuffle(ran):
    donors = ran.agents_by_type[Donor]
    assert donors.sort("rate").get("rate") == sorted(ran.all_donors()["rate"].tolist(), reverse=True)
    assert donors.sort("rate", ascending=True).get("rate") == sorted(ran.all_donors()["rate"].tolist())
    mixed = donors.shuffle()
    assert mixed.get("rate") != donors.get("rate")
    assert sorted(mixed.get("rate")) == sorted(donors.get("rate"))
    assert donors.get("rate") == ran.all_donors()["rate"].tolist()


def test_do_map_and_set(model):
    donors = model.agents_by_type[Donor]

    def teach(donor, by):
        donor.literacy = min(1.0, donor.literacy + by)

    before = model.all_donors()["literacy"].copy()
    assert donors.do(teach, 0.1) is donors
    assert np.allclose(model.all_donors()["literacy"], np.minimum(1.0, before + 0.1))
    assert donors.map(lambda donor: donor.habit) == model.all_donors()["habit"].tolist()
    donors.select(lambda donor: donor.habit == 0).set("habit", 1)
    assert not (model.all_donors()["habit"] == 0).any()


def test_adding_and_removing_changes_the_set_alone(ran):
    donors = ran.agents_by_type[Donor].copy()
    first = donors[0]
    donors.remove(first)
    assert len(donors) == 499 and first not in donors
    with pytest.raises(KeyError):
        donors.remove(first)
    donors.discard(first)
    donors.add(first)
    donors.add(first)
    assert len(donors) == 500
    assert len(ran.agents_by_type[Donor]) == 500


# --- data collection --------------------------------------------------------------------------------------------------


def test_a_data_collector_reads_donors_and_cells():
    model = Model(small())
    collector = DataCollector(
        model_reporters={"attacks": lambda m: int(m.book["attacks"][m.week].sum())},
        agenttype_reporters={Donor: {"given": "given", "habit": "habit"}, Cell: {"fighters": "fighters"}},
    )
    for _ in range(4):
        model.step()
        collector.collect(model)
    donors = collector.get_agenttype_vars_dataframe(Donor)
    assert len(donors) == 4 * 500
    assert donors["given"].groupby("Step").sum().iloc[-1] == model.all_donors()["given"].sum()
    cells = collector.get_agenttype_vars_dataframe(Cell)
    assert cells["fighters"].groupby("Step").sum().iloc[-1] == model.cells["fighters"].sum()
    assert collector.get_model_vars_dataframe()["attacks"].tolist() == model.book["attacks"][:4].sum(axis=1).tolist()


# --- time -------------------------------------------------------------------------------------------------------------


def test_week_by_week_equals_a_run():
    for number in range(40):
        scenario = random_scenario(number)
        whole, stepped = run_of(scenario), Model(scenario)
        for week in range(scenario.horizon.weeks):
            assert stepped.week == week - 1
            stepped.step()
        assert digests(whole) == digests(stepped), number


def test_half_by_steps_and_half_by_run():
    scenario = small()
    model = Model(scenario)
    for _ in range(13):
        model.step()
    model.run()
    assert digests(model) == digests(run_of(scenario))
    assert model.week == 29


@pytest.mark.filterwarnings("error")
def test_no_week_after_the_last():
    """A step beyond the end changes nothing: not the clock, not a byte."""
    model = Model(small())
    while model.running:
        model.step()
    assert (model.time, model.week, model.simulated) == (30.0, 29, 30)
    before, book = digests(model), model.run()
    model.step()
    model.run_for(7)
    model.run_until(50)
    model.run_model()
    model.running = True
    model.run_model()
    assert (model.time, model.week, model.simulated, model.running) == (30.0, 29, 30, False)
    assert getattr(model, "steps", 30) == 30  # Mesa 4 counts none
    assert model.run().tobytes() == book.tobytes() and digests(model) == before
    branch = model.branch(model.config)
    assert not branch.running and branch.run().tobytes() == book.tobytes()
    branch.step()
    assert (branch.time, branch.week, branch.simulated) == (0.0, 29, 30)


def test_a_clock_that_is_set_within_a_week_reaches_the_end():
    model = Model(small())
    model.run_for(0.5)
    assert model.simulated == 0
    with pytest.raises(ValueError, match="begins with a week"):
        model.branch(model.config)
    model.run_until(12.75)
    assert model.simulated == 12 and len(model.datacollector.get_model_vars_dataframe()) == 12
    assert len(gifts(model)) == model.book["gifts"][:12].sum() > 0
    model.run()
    assert digests(model) == digests(run_of(small())) and not model.running


def test_the_order_of_phases_is_the_order_of_the_design():
    names = "update_channels give screen collect convert move trace enforce deter spend attack inspire adapt record"
    assert [phase.name for phase in table()] == names.split()
    assert all(phase.doc.endswith(".") or "." in phase.doc for phase in table())


def test_an_event_of_a_user_runs_between_the_weeks(model):
    """Half a week before a step: week 5 sees what the event did, week 4 does not."""
    seen = []

    def double():
        seen.append(model.time)
        model.cells["fighters"] *= 2

    model.schedule_event(double, at=5.5)
    plain = run_of(small())
    model.run()
    assert seen == [5.5]
    assert (model.book[:5] == plain.book[:5]).all()
    assert model.book["fighters"][5].sum() > 1.8 * plain.book["fighters"][5].sum()


@pytest.mark.parametrize(("ramp", "start"), [(0, 3), (1, 3), (4, 3), (13, 0), (50, 3), (8, -4), (4, -10)])
def test_a_lever_ramps_exactly(ramp, start):
    """Straight to full intensity over the ramp: in week start + k it is (k + 1) / ramp; staff follows."""
    values = base("policy=[exchange_kyc,hawala_licensing]")
    values = changed(values, {"population.donors": 50, "horizon.weeks": 30, "shocks": {}})
    first = date.fromisoformat(values["horizon"]["start"]) + timedelta(weeks=start)
    for name, staff in (("exchange_kyc", 2.0), ("hawala_licensing", 3.0)):
        about = {"start": first, "ramp": ramp, "intensity": 0.8, "staff_weeks": staff, "agency": "regulator"}
        values["policies"][name] |= about
    model = Model(scenario_of(values))
    regulator = next(agency for agency in model.agents_by_type[Agency] if agency.kind == 2)
    for week in range(30):
        model.step()
        expected = 0.8 * min(1.0, max(0.0, (week - start + 1) / max(1, ramp)))
        assert float(model.levers["exchange_kyc"][week]) == expected, week
        assert float(model.levers["hawala_licensing"][week]) == expected, week
        assert regulator.staff == pytest.approx(regulator.own_staff + 5.0 * expected), week


def test_a_date_takes_effect_in_the_first_week_that_begins_on_or_after_it():
    scenario = small()
    assert scenario.week(scenario.horizon.start) == 0
    assert scenario.week(scenario.horizon.start + timedelta(days=1)) == 1
    assert scenario.week(scenario.horizon.start + timedelta(days=7)) == 1
    assert scenario.week(scenario.horizon.start - timedelta(days=7)) == -1
    assert scenario.week(scenario.horizon.start - timedelta(days=1)) == 0


def test_mesa_time_counts_weeks(model):
    assert model.week == -1
    model.step()
    assert model.week == 0
    assert math.isclose(model.time, 1.0)


# --- how a model is made ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keywords", "overrides"),
    [
        ({}, []),
        ({"rng": 3}, ["seed=3"]),
        ({"rng": np.int64(3), "seed": 3}, ["seed=3"]),
        (
            {"seed": 3, "group": "donor_funded", "policy": "exchange_kyc"},
            ["seed=3", "group=donor_funded", "policy=exchange_kyc"],
        ),
        ({"policy": ["exchange_kyc", "channel_takedown"]}, ["policy=[exchange_kyc,channel_takedown]"]),
        ({"policy": "[exchange_kyc,channel_takedown]"}, ["policy=[exchange_kyc,channel_takedown]"]),
        ({"rails.monero.traceability": 0.1}, ["rails.monero.traceability=0.1"]),
        ({"rails": {"monero": {"fee": np.float64(0.25)}}}, ["rails.monero.fee=0.25"]),
        ({"rails.bitcoin.traceability.memory": None, "seed": None}, ["rails.bitcoin.traceability.memory=null"]),
        ({"observer.enabled": False}, ["observer.enabled=false"]),
        ({"shocks.monero_only.at": date(2020, 1, 6)}, ["shocks.monero_only.at=2020-01-06"]),
        ({"theatres.syria.pressure": {date(2018, 1, 1): 0.01}}, ["theatres.syria.pressure={2018-01-01: 0.01}"]),
        ({"scenario": MesaScenario(seed=3, policy="exchange_kyc"), "rng": 3}, ["seed=3", "policy=exchange_kyc"]),
    ],
)
def test_keywords_are_overrides(keywords, overrides):
    assert Model(**keywords).config == sim.load(*overrides)


@pytest.mark.parametrize(
    ("keywords", "error"),
    [
        ({"polcy": "exchange_kyc"}, "polcy=exchange_kyc: unknown key; nearest: policy"),
        ({"policy": ["exchange_kyk"]}, "policy=[exchange_kyk]: unknown policy exchange_kyk; nearest: exchange_kyc"),
        ({"rails.monero.traceability": 2}, "rails.monero.traceability=2: allowed is 0 to 1 (chance)"),
        ({"group": None}, "group=null: "),
        ({"rng": -1}, "rng=-1: allowed is 0 to 9223372036854775807"),
        ({"seed": "x"}, "seed=x: must be a whole number"),
        ({"rng": 1.5}, "rng=1.5: must be a whole number"),
        ({"rng": np.random.default_rng(1)}, "must be a whole number"),
        ({"rng": 3, "seed": 4}, "seed=4, rng=3: two seeds; give one"),
        ({"scenario": "seed=3"}, "scenario=seed=3: a str; give sim.load(...), or overrides by keyword"),
        ({"scenario": MesaScenario(rng=3), "rng": 4}, "rng=4: contradicts rng="),
        ({"scenario": MesaScenario(seed=3), "rng": 4}, "seed=3, rng=4: two seeds; give one"),
        ({"scenario": MesaScenario(group="is_core"), "group": "x"}, "group=x: contradicts group=is_core"),
        ({"scenario": small(), "rng": 4}, "rng=4: contradicts seed=1 of the scenario"),
        ({"scenario": small(), "group": "is_core"}, "group=is_core: a scenario is complete"),
        ({"seed": "${oc.env:HOME}"}, "refused"),
    ],
)
def test_invalid_keywords_are_refused_as_overrides_are(keywords, error):
    with pytest.raises(sim.ConfigurationError) as raised:
        Model(**keywords)
    assert error in str(raised.value)


def test_a_scenario_and_its_own_seed_agree():
    assert Model(small(seed=4), seed=4).config == Model(small(seed=4), rng=4).config == small(seed=4)


@pytest.mark.parametrize("rng", [3, 4, np.int64(5)])
def test_the_seed_of_a_mesa_scenario_is_that_of_the_run(rng):
    """Mesa 4 keeps of it only the state in which its generator begins, which is a seed too."""
    given = MesaScenario(rng=rng, policy="exchange_kyc")
    seed = getattr(given, "_stdlib_seed", rng)
    assert Model(given).config == Model(MesaScenario(rng=rng, policy="exchange_kyc")).config
    assert Model(given).config == sim.load(f"seed={seed}", "policy=exchange_kyc")


@BATCH_RUN
def test_batch_run_of_mesa(monkeypatch):
    """The same numbers as the table of each run, for every week."""
    monkeypatch.setattr(multiprocessing, "set_start_method", lambda *_, **__: None)
    parameters = {"group": ["donor_funded", "is_core"], "population.donors": 50, "policy": [["exchange_kyc"], []]}
    rows = mesa.batch_run(
        Model, parameters, rng=[1, 2], data_collection_period=1, max_steps=4, display_progress=False, number_processes=1
    )
    assert len(rows) == 2 * 2 * 2 * 4
    names, tables = [name for name in OUTCOMES if name != "share"], {}
    for row in rows:
        policy = row["policy"]
        key = (row["group"], row["rng"], *policy)
        if key not in tables:
            lines = (f"group={row['group']}", f"seed={row['rng']}", f"policy=[{','.join(policy)}]")
            tables[key] = weekly(run_of(sim.load(*lines, "population.donors=50")))
        table = tables[key].iloc[int(row["Step"]) - 1]
        assert {name: row[name] for name in names} == pytest.approx(table[names].to_dict(), rel=1e-12)
    assert len(tables) == 8


@BATCH_RUN
def test_without_a_seed_the_same_run_again_is_not_taken_for_another(monkeypatch):
    monkeypatch.setattr(multiprocessing, "set_start_method", lambda *_, **__: None)
    asked = {"population.donors": 10, "horizon.weeks": 200}
    mesa.batch_run(Model, asked, max_steps=1, display_progress=False)
    with pytest.warns(UserWarning, match="repeats the run"):
        mesa.batch_run(Model, asked, rng=[None, None], max_steps=1, display_progress=False)


def _of_solara() -> dict[str, Any]:
    """What SolaraViz checks of parameters and makes of them on a reset, from its source: it need not be installed."""
    package = find_spec("mesa").submodule_search_locations[0]
    tree = ast.parse(Path(package, "visualization", "solara_viz.py").read_text(encoding="utf-8"))
    names = {"_get_scenario_defaults", "_build_model_init_kwargs", "_check_model_params"}
    tree.body = [one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name in names]
    found: dict[str, Any] = {"inspect": inspect, "Scenario": MesaScenario, "Model": mesa.Model, "Any": Any}
    exec(compile(tree, "solara_viz", "exec"), found)
    return found


def _reset(model: Model, parameters: dict[str, Any]) -> Model:
    """SolaraViz's `do_reset`."""
    solara = _of_solara()
    solara["_check_model_params"](model, parameters)
    kwargs = solara["_build_model_init_kwargs"](
        model, parameters, add_scenario_when_empty=True, require_model_accepts_scenario=True
    )
    return type(model)(**kwargs)


def test_solara_plays_to_the_end_and_resets():
    chosen = {"seed": 3, "group": "donor_funded", "population.donors": 20, "horizon.weeks": 185}
    model = _reset(Model(**chosen), chosen)
    assert model.config == Model(**chosen).config
    while model.running:  # `step` and `do_step`
        model.step()
        shown = model.datacollector.get_model_vars_dataframe().loc[:, "capacity"]
    assert len(shown) == 185 and shown.tolist() == pytest.approx(weekly(model)["capacity"].tolist(), rel=1e-12)
    assert _reset(model, chosen | {"seed": 4}).config.seed == 4


def test_a_reset_without_parameters_is_the_same_scenario():
    scenario = small(seed=9)
    model = Model(scenario)
    assert _reset(model, {}).config == _reset(model, {"scenario": scenario}).config == scenario
    assert _reset(model, {"seed": 3}).config == small(seed=3)
    assert _reset(_reset(model, {}), {}).config == scenario
    with pytest.raises(sim.ConfigurationError, match="must be a whole number"):
        _reset(model, {"seed": "x"})
    with pytest.warns(UserWarning, match="model_params alone"):
        assert _reset(model, {"group": "donor_funded"}).config == sim.load("group=donor_funded")


def test_the_scenario_as_mesa_has_it():
    model, given = Model(small()), MesaScenario(rng=3)
    assert model.scenario.seed == 1 and model.scenario.config is model.config
    assert next(iter(model.agents)).scenario is model.scenario
    assert getattr(model.scenario, "model", model) is model  # Mesa 4 has no such field
    user = Model(given)
    assert user.scenario is given and getattr(given, "model", user) is user and Model(given).config == user.config
    with pytest.raises(AttributeError, match="cannot change"):
        model.scenario = given


# --- outcomes for Mesa's tools ----------------------------------------------------------------------------------------


def test_the_data_collector_has_the_weekly_table():
    scenario = random_scenario(3)
    model = Model(scenario)
    collector = model.datacollector
    assert isinstance(collector, DataCollector) and collector.get_model_vars_dataframe().empty
    for weeks in (1, 5, scenario.horizon.weeks):
        model.run_until(weeks)
        collector.collect(model)
        found, table = collector.get_model_vars_dataframe(), weekly(model)[:weeks]
        assert list(found) == [name for name in OUTCOMES if name != "share"]
        assert all(found[name].tolist() == pytest.approx(table[name].tolist(), rel=1e-12) for name in found)
    assert model.branch(scenario).datacollector.get_model_vars_dataframe().equals(found)
    for ask in (collector.get_agent_vars_dataframe, lambda: collector.get_agenttype_vars_dataframe(Cell)):
        with pytest.raises(UserWarning, match="agenttype_reporters"):
            ask()


@BATCH_RUN
def test_a_collector_of_a_users_own_takes_its_place(monkeypatch):
    class Mine(Model):
        def __init__(self, **keywords):
            super().__init__(**keywords)
            self.datacollector = DataCollector({"fighters": lambda m: m.cells["fighters"].sum()}, {"who": "name"})

        def step(self):
            super().step()
            self.datacollector.collect(self)

    monkeypatch.setattr(multiprocessing, "set_start_method", lambda *_, **__: None)
    few = {"population.donors": 10}
    rows = mesa.batch_run(Mine, few, rng=[1], max_steps=3, data_collection_period=1, display_progress=False)
    plain = Model(**few)
    assert len(rows) == 3 * len(plain.agents) and {row["who"] for row in rows} == set(plain.agents.get("name"))
    plain.run_for(3)
    assert rows[-1]["fighters"] == plain.cells["fighters"].sum()


# --- copies -----------------------------------------------------------------------------------------------------------

COPIES = (copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model)))


@pytest.mark.parametrize("number", range(8))
@pytest.mark.parametrize("copied", COPIES)
def test_a_copy_goes_on_by_itself_to_the_same_bytes(number, copied):
    scenario = random_scenario(number)
    whole, model = digests(run_of(scenario)), Model(scenario)
    if number % 2:
        assert len(model.agents)
    model.run_for(scenario.horizon.weeks // 2)
    before, other = digests(model), copied(model)
    assert (other.time, other.simulated) == (model.time, model.simulated)
    assert [agent.unique_id for agent in other.agents] == [agent.unique_id for agent in model.agents]
    other.run()
    assert digests(other) == whole and digests(model) == before and not other.running
    model.run()
    assert digests(model) == whole
    cell = list(other.agents_by_type[Cell])[-1]
    assert cell.model is other and cell.fighters == other.cells["fighters"][-1] and cell in other.agents
    assert cell not in model.agents


def test_a_copy_of_a_branch_and_of_what_a_user_holds():
    model = Model(small())
    model.run_for(7)
    model.mine = [list(model.agents_by_type[Intermediary])[2], model.agents.select(agent_type=Cell)]
    branch = model.branch(model.config)
    for one in (model, branch):
        for copied in COPIES:
            other = copied(one)
            other.run()
            assert digests(other) == digests(run_of(small()))
    other = copy.deepcopy(model)
    assert other.mine[0] in other.agents and len(other.mine[1]) == len(model.cells)
    agent = pickle.loads(pickle.dumps(model.mine[0]))
    assert agent.name == model.mine[0].name and agent in agent.model.agents


def test_a_copy_that_could_not_go_on_alone_is_refused():
    model = Model(small())

    def event():
        raise AssertionError("never reached")

    with pytest.raises(TypeError, match=r"copy\.deepcopy"):
        copy.copy(model)
    model.schedule_event(event, at=3.5)
    with pytest.raises(TypeError, match="is scheduled"):
        copy.deepcopy(model)
    watched = Model(small())
    watched.observe("agents", ModelSignals.AGENT_REMOVED, event)
    with pytest.raises(TypeError, match="observers"):
        pickle.dumps(watched)


# --- events -----------------------------------------------------------------------------------------------------------


def test_an_event_that_would_be_lost_is_kept_or_refused():
    model, seen = Model(small()), []

    def schedule():
        def note():
            seen.append(model.time)

        model.schedule_event(note, at=2.5)
        model.schedule_recurring(note, mesa.time.Schedule(interval=10.0, start=5.0))

    schedule()
    for wrong in (30.5, 99):
        with pytest.raises(ValueError, match="the run ends at 30"):
            model.schedule_event(schedule, at=wrong)
        with pytest.raises(ValueError, match="the run ends at 30"):
            model.schedule_recurring(schedule, mesa.time.Schedule(start=wrong))
    model.run()
    assert seen == [2.5, 5.0, 15.0, 25.0]


# --- agents that go, and agents that cannot ---------------------------------------------------------------------------


@pytest.mark.parametrize("take", ["remove", "deregister"])
@pytest.mark.parametrize("week", [0, 11])
def test_an_intermediary_that_is_removed_closes_as_by_a_shock(week, take):
    scenario, target = small(), "exchange_1"
    day = scenario.horizon.start + timedelta(weeks=week)
    like = next(iter(base()["shocks"].values()))
    closed = small({"x": like | {"type": "closure", "at": day, "path": {}, "target": target}})
    model, seen = Model(scenario), []

    def note(message):
        seen.append(message.additional_kwargs["args"][0].name)

    model.observe("agents", ModelSignals.AGENT_REMOVED, note)
    model.run_for(week) if week else None
    one = next(agent for agent in model.agents_by_type[Intermediary] if agent.name == target)
    one.remove() if take == "remove" else model.deregister_agent(one)
    one.remove()  # as in Mesa, nothing happens twice
    with pytest.raises(KeyError):
        model.deregister_agent(one)
    assert seen == [target] and one not in model.agents and one not in model.agents_by_type[Intermediary]
    model.clear_all_subscriptions("agents")
    branch, early = model.branch(scenario), copy.deepcopy(model) if not week else None
    assert branch.run().tobytes() == model.run().tobytes() == run_of(closed).book.tobytes()
    assert model.book.tobytes() != run_of(scenario).book.tobytes()
    if not week:
        with pytest.raises(ValueError, match="first week on"):
            early.branch(small(seed=2))


def test_removing_all_intermediaries_ends_giving():
    model = Model(small())
    model.run_for(10)
    model.agents_by_type[Intermediary].do("remove")
    assert len(model.agents_by_type[Intermediary]) == 0 and model.book["gifts"][:10].sum() > 0
    model.run()
    assert model.book["gifts"][10:].sum() == 0
    assert (model.book["closed"][10:] == len(model.intermediaries)).all()


@pytest.mark.parametrize(
    ("act", "way"),
    [
        (lambda m: [agent.remove() for agent in list(m.agents)], "kinetic_pressure"),
        (lambda m: m.agents.do("remove"), "group.cells"),
        (lambda m: m.agents.shuffle_do("remove"), "cannot be removed"),
        (lambda m: m.remove_all_agents(), "only intermediaries"),
        (lambda m: next(iter(m.agents_by_type[Agency])).remove(), "enforcement.staff"),
        (lambda m: next(iter(m.agents_by_type[Appeal])).remove(), "channel_takedown"),
        (lambda m: m.agents_by_type[Donor][0].remove(), "donor_prosecution"),
        (lambda m: m.agents_by_type[Donor].do("remove"), "population.donors"),
        (lambda m: m.deregister_agent(m.agents_by_type[Donor][0]), "population.donors"),
        (lambda m: m.register_agent(next(iter(m.agents))), "registered from the start"),
        (lambda m: Intermediary(m), "intermediaries.KIND.count"),
        (lambda m: Cell.create_agents(m, 3), "group.cells"),
        (lambda m: Appeal.create_agents(m, 2, [1, 2]), "appeal="),
        (lambda m: Agency(model=m), "one of each kind"),
        (lambda m: Donor.from_dataframe(m, weekly(m)[["week"]]), "population.donors"),
        (lambda m: m.agents.do("step"), r"model\.step"),
        (lambda m: m.agents_by_type[Donor].shuffle_do("step"), r"model\.step"),
        (lambda m: next(iter(m.agents)).advance(), r"model\.step"),
        (lambda m: m.agents.remove(next(iter(m.agents))), "own set"),
        (lambda m: m.agents.discard(next(iter(m.agents))), "own set"),
        (lambda m: m.agents.add(next(iter(Model(small()).agents))), "own set"),
        (lambda m: m.agents.pop(), "own set"),
        (lambda m: m.agents.clear(), "own set"),
        (lambda m: m.agents.select(lambda agent: False, inplace=True), "own set"),
        (lambda m: m.agents_by_type[Cell].remove(next(iter(m.agents_by_type[Cell]))), "own set"),
        (lambda m: m.agents_by_type[Donor].remove(m.agents_by_type[Donor][0]), "own set"),
        (lambda m: m.agents_by_type[Donor].clear(), "own set"),
        (lambda m: m.agents_by_type[Donor].select(at_most=3, inplace=True), "own set"),
        (lambda m: m.agents_by_type.__setitem__(Cell, []), "setitem"),
        (lambda m: m.data_registry.track_agents_numpy(Donor, "x", fields="literacy"), "columns of an array"),
        (lambda m: m.agents_by_type[Donor].set("literacy", [0.5] * 500), r"donors\.do"),
    ],
)
def test_what_agents_cannot_do_is_refused_with_the_way_to_do_it(act, way):
    model = Model(small())
    model.run_for(2)
    model.running = True
    with pytest.raises((TypeError, AttributeError), match=way):
        act(model)
    assert set(model.agents_by_type[Donor].chosen.tolist()) == set(range(500))


def test_sets_that_are_no_registry_are_free(model):
    cells, banks = model.agents_by_type[Cell], model.agents.copy()
    for agent in model.agents:
        if not isinstance(agent, Intermediary):
            banks.remove(agent)
    assert len(banks) == len(model.intermediaries) and len(model.agents) > len(banks)
    assert len(model.agents & list(cells)) == len(cells)
    assert len(model.agents - list(cells)) == len(model.agents) - len(cells)
    model.agents.sort("unique_id", ascending=True, inplace=True).shuffle(inplace=True)
    donors = model.agents_by_type[Donor]
    assert [one.unique_id for one in donors[2:4]] == donors.get("unique_id")[2:4]
    assert donors.get("unique_id", handle_missing="default", default_value=0) == donors.get("unique_id")
    assert len(donors & donors[:5]) == 5 and len(donors - donors[:5]) == 495
    with pytest.raises(ValueError, match="handle_missing"):
        donors.get("rate", handle_missing="ignore")


def test_an_agent_of_a_users_own_comes_and_goes(model):
    class Watcher(mesa.Agent):
        seen = 0

        def step(self):
            self.seen += 1

    one, other = Watcher.create_agents(model, 2)
    model.agents_by_type[Watcher].do("step")
    assert one.seen == 1 and other in model.agents and one.unique_id not in model.agents_by_type[Donor].get("unique_id")
    assert len({agent.unique_id for agent in model.agents}) == len(model.agents)
    one.remove()
    assert one not in model.agents and len(model.agents_by_type[Watcher]) == 1
    twin = copy.deepcopy(model)
    assert len(twin.agents_by_type[Watcher]) == 1
    assert twin.run().tobytes() == run_of(small()).book.tobytes()


def test_studies_make_no_agents():
    model = Model(small())
    model.run_for(3)
    branch = model.branch(small())
    branch.run()
    assert not {"_agents_by_type", "_all_agents", "datacollector"} & (model.__dict__.keys() | branch.__dict__.keys())


# --- fields of agents -------------------------------------------------------------------------------------------------


def _other(agent, name, rails):
    """Another value that a field may have."""
    value = getattr(agent, name)
    if isinstance(value, int | float):
        given = {"arrested": 1, "habit": (value + 1) % rails, "self_financed": 1 - value, "opens": 10_000, "share": 0}
        return given.get(
            name, 1 - min(value, 0) if name == "asked" else 4 * value + (1 if isinstance(value, int) else 0.5)
        )
    values = np.asarray(value)
    others = 1 - values if name in ("offers", "accepts") else 3 * values + 1
    if name in agent._by_rail:
        real = np.tile(np.arange(MAX_RAILS) < rails, len(values) // MAX_RAILS)
        others = np.where(real, others, values)
    return others


def _some(model):
    """Agents of every kind, and of each kind those whose fields differ."""
    for kind, agents in model.agents_by_type.items():
        everyone = list(agents) if kind is not Donor else agents.sort("rate")[:6]
        yield from everyone if kind is Agency else [*everyone[:3], *everyone[3:][-3:]]


def test_a_field_of_an_agent_changes_the_run_or_is_refused():
    """Of every field of every kind of agent: no value is written for nothing, and the books balance whatever is."""
    effects: dict[tuple[str, str, str], bool] = {}
    for number in range(80):
        scenario = random_scenario(number)
        model, rails = Model(scenario), len(scenario.rails)
        model.run_for(min(10, scenario.horizon.weeks // 2))
        whole = copy.deepcopy(model).run().tobytes()
        for agent in _some(model):
            kind = type(agent).__name__
            role = {"Agency": agent.name, "Cell": str(agent._row == 0)}
            for name in agent.fields:
                place = (kind, role.get(kind, ""), name)
                if effects.get(place) or agent.reason_not_settable(name):
                    continue
                other = copy.deepcopy(model)
                twin = next(one for one in other.agents_by_type[type(agent)] if one == agent or one._row == agent._row)
                men = int(model.cells["fighters"][1:].sum())
                setattr(twin, name, _other(agent, name, rails))
                effects[place] = other.run().tobytes() != whole
                assert not imbalance(other.book).any(), place
                assert men >= 0
    assert len(effects) > 50
    rare = {("Agency", "prosecutor", "budget"), ("Agency", "prosecutor", "own_staff")}
    assert {place for place, changes in effects.items() if not changes} <= rare


@pytest.mark.parametrize("name", ["budget", "own_staff"])
def test_what_the_prosecutor_has_changes_the_run(name):
    busy = (
        "group=donor_funded", "population.donors=3000", "giving.network_rate=5", "screening.suspicion=1",
        "screening.block=0", "enforcement.arrest=1", "enforcement.reports_followed=1000", "enforcement.staff.fiu=1000",
        "enforcement.staff.prosecutor=1", "enforcement.arrests=0.25", "rails.bank.traceability.identify=1",
        "enforcement.vendor.recall=1",
    )  # fmt: skip
    model = Model(sim.load(*busy))
    model.run_for(20)
    other = copy.deepcopy(model)
    setattr(list(other.agents_by_type[Agency])[AgencyKind.PROSECUTOR], name, 0.0)
    assert other.run().tobytes() != model.run().tobytes()


def test_money_and_people_that_a_hand_moves_are_booked():
    """Every law holds, in the run and in a branch, and the outcomes show what was done."""
    scenario = random_scenario(4)
    model = Model(scenario)
    men = int(model.cells["fighters"][1:].sum())
    model.run_for(5)
    treasury, *cells = list(model.agents_by_type[Cell])
    before = model.book["held"][4].copy()
    treasury.funds[1] = treasury.funds[1] + 700_000
    treasury.funds[0] = 0
    cells[0].chest = 1_200
    cells[0].arriving[3] = 90
    next(iter(model.agents_by_type[Appeal])).arriving[2] = 5_000
    fighters = cells[0].fighters
    cells[0].fighters = fighters + 50
    cells[-1].fighters = 0
    donors = [donor for donor in model.agents_by_type[Donor] if not donor.arrested][:3]
    for donor in donors:
        donor.arrested = 1
    branch = model.branch(scenario)
    for one in (model, branch):
        one.run()
        check_sums(one, men)
        assert not imbalance(one.book).any()
    assert branch.book.tobytes() == model.book.tobytes()
    assert model.book["collected"][5][1] >= 700_000 and before[0] >= 0
    assert model.book["arrests"][5] >= 3


@pytest.mark.parametrize(
    ("kind", "name", "value", "what"),
    [
        (Donor, "rate", 1.0, "giving.public_rate"),
        (Donor, "attempts", 7, "random numbers"),
        (Donor, "community", 1, "drawn at the start"),
        (Donor, "deterred_until", 50, "inspiration.pause"),
        (Donor, "arrested", 2, "permanent"),
        (Donor, "literacy", math.nan, "finite"),
        (Donor, "literacy", -1.0, "below zero"),
        (Donor, "habit", 300, "at most 127"),
        (Donor, "model", None, "identifies the agent"),
        (Donor, "unique_id", 5, "identifies the agent"),
        (Donor, "litracy", 1, "nearest: literacy"),
        (Intermediary, "key", 1, "random numbers"),
        (Intermediary, "state", 2, r"remove\(\) closes it"),
        (Intermediary, "pool", 1.0, "drawn every week"),
        (Cell, "income", 5, None),
        (Cell, "fighters", 5, "the treasury holds money"),
        (Cell, "capacity", 5.0, "computed every week"),
        (Agency, "staff", 5.0, "set own_staff"),
        (Agency, "custody", 5, "enforcement.forfeiture"),
        (Agency, "budget", 5.0, "only prosecutor uses it"),
        (Appeal, "mode", 2, "type switch"),
        (Appeal, "visible", 0.5, "computed every week"),
        (Appeal, "yields", 0.5, "adaptation.mode"),
    ],
)
def test_a_field_says_what_sets_it_instead(model, kind, name, value, what):
    agent = next(iter(model.agents_by_type[kind]))
    if what is None:
        setattr(agent, name, value)
        assert getattr(agent, name) == value
        return
    refused = pytest.raises((AttributeError, ValueError, OverflowError), match=what)
    with refused:
        setattr(agent, name, value)
    if name in kind.fields and kind is not Cell and kind is not Agency:
        with refused:
            model.agents_by_type[kind].set(name, value)


def test_elements_of_a_field_are_judged_too(model):
    treasury, cell, *_ = list(model.agents_by_type[Cell])
    rails = len(model.config.rails)
    for act, what in (
        (lambda: cell.funds.__setitem__(rails, 5), f"there are {rails} rails"),
        (lambda: setattr(cell, "funds", 5), f"there are {rails} rails"),
        (lambda: cell.funds.__setitem__(0, 0.5), "whole"),
        (lambda: cell.funds.__setitem__(0, -5), "below zero"),
        (lambda: treasury.arriving.__setitem__(0, 5), "the treasury holds money"),
        (lambda: list(model.agents_by_type[Agency])[3].custody.__setitem__(0, 5), "forfeiture"),
        (lambda: list(model.agents_by_type[Agency])[4].effort.__setitem__(0, 0.5), "fiu and chain_analyst use it"),
    ):
        with pytest.raises((AttributeError, IndexError, TypeError, ValueError), match=what):
            act()
    cell.funds[0] = cell.funds[0]
    treasury.fighters = treasury.fighters  # what is there already can be written


def test_staff_of_a_users_own_adds_to_that_of_policies():
    model = Model(sim.load("policy=exchange_kyc", "policies.exchange_kyc.start=2017-01-02", "population.donors=10"))
    model.run_for(3)
    regulator = list(model.agents_by_type[Agency])[AgencyKind.REGULATOR]
    added = regulator.staff - regulator.own_staff
    regulator.own_staff = 50.0
    assert added > 0 and regulator.staff == 50.0 + added


def test_nothing_is_written_for_nothing_after_the_end():
    model = run_of(small())
    cell, bank = list(model.agents_by_type[Cell])[1], next(iter(model.agents_by_type[Intermediary]))
    for act in (lambda: setattr(cell, "fighters", 1), lambda: cell.funds.__setitem__(1, 7), bank.remove):
        with pytest.raises((AttributeError, TypeError), match="the run has ended after 30 weeks"):
            act()
    with pytest.raises(AttributeError, match="has ended"):
        model.agents_by_type[Donor].set("literacy", 0.3)


# --- what a person sees -----------------------------------------------------------------------------------------------


def test_what_a_notebook_shows_is_short():
    model = Model(sim.load("group=donor_funded", "seed=7", "policy=[exchange_kyc,channel_takedown]"))
    scenario, few = model.config, list(model.agents)
    shown = [repr(one) for one in (model, scenario, *few, model.agents, model.agents_by_type[Donor], model.run())]
    sections = [getattr(scenario, name) for name in type(scenario).model_fields]
    for section in sections:
        parts = section if isinstance(section, tuple) else section.values() if isinstance(section, dict) else [section]
        shown += [repr(one) for one in parts]
    assert max(map(len, shown)) < 300 and str(scenario) == str(scenario).replace("\n", "")
    assert "group='donor_funded', seed=7, weeks=260" in shown[1] and "'exchange_kyc', 'channel_takedown'" in shown[0]
    assert "monero_only: announcement, 2020-06-21" in shown[1]
    assert any(one.startswith("Intermediary(bank_1, open, share=") for one in shown)
    assert repr(model.agents_by_type[Donor].select(at_most=3)) == "DonorSet(3 of 10,000 donors)"
    assert scenario.model_dump()["giving"]["median"] == scenario.giving.median
    assert repr(model.run()["attacks_core"][:2]) == repr(model.book["attacks_core"][:2])


# --- tables of populations --------------------------------------------------------------------------------------------

KINDS = (Intermediary, Cell, Agency, Appeal)


def test_every_field_of_agents_is_in_their_tables():
    """But for fields by week, keys of random numbers and what rules alone use."""
    apart = {
        "Donor": set(), "Intermediary": {"key"}, "Agency": set(), "Appeal": {"key", "arriving"},
        "Cell": {"key", "arriving", "spent", "history"},
    }  # fmt: skip
    for kind in (Donor, *KINDS):
        fields = described(kind.__name__, COLUMNS)
        assert {*kind.fields} - {*fields} == apart[kind.__name__], kind
        assert {*fields} - {*kind.fields} <= {"attempts"} and all(one.label for one in fields.values())


def test_donors_as_a_table(ran):
    donors = ran.agents_by_type[Donor]
    table = donors.to_dataframe()
    assert table.index.name == "unique_id" and [*table.index[:3]] == [donors[k].unique_id for k in range(3)]
    for name in ("rate", "given", "identity", "attempts", "arrested"):
        assert table[name].tolist() == donors.get(name), name
    rails = [one.name for one in ran.config.rails]
    assert table["habit"].astype(str).tolist() == [rails[code] for code in donors.get("habit")]
    assert [*table["community"].cat.categories] == [one.name for one in ran.config.theatres]
    assert table["arrested"].dtype == bool
    assert table.attrs["units"]["given"] == "US cents" and table.attrs["labels"]["habit"] == "habitual rail"
    assert {*table.attrs["labels"]} == {*table.columns}
    some = donors.select(lambda donor: donor.given > 0)
    assert 0 < len(some.to_dataframe()) == len(some) and (some.to_dataframe()["given"] > 0).all()
    table["given"] = 0
    assert sum(donors.get("given")) > 0, "a table is a copy"


def test_donors_become_a_table_without_a_loop(ran, monkeypatch):
    monkeypatch.setattr(Donor, "at", lambda *_: pytest.fail("a view of a donor was made"))
    assert len(ran.agents_by_type[Donor].to_dataframe()) == 500


@pytest.mark.parametrize("kind", KINDS)
def test_agents_as_a_table(ran, kind):
    agents = ran.agents_by_type[kind]
    table = agents.to_dataframe()
    assert table["name"].tolist() == [one.name for one in agents] and table.columns[0] == "name"
    assert table.index.tolist() == [one.unique_id for one in agents]
    assert {*table.attrs["labels"]} == {*table.attrs["units"]} == {*table.columns}
    rails = [one.name for one in ran.config.rails]
    for name in (name for name in kind.fields if table.columns.str.startswith(f"{name}_{rails[0]}").any()):
        for place, rail in enumerate(rails):
            assert table[f"{name}_{rail}"].tolist() == [getattr(one, name)[place] for one in agents]


def test_codes_are_names(model):
    first = model.agents_by_type[Intermediary][0]
    first.remove()
    table = model.agents_by_type[Cell].to_dataframe()
    assert table.loc[table["name"] == "treasury", "kind"].tolist() == ["treasury"]
    assert [*table["kind"].cat.categories] == ["treasury", "province", "external"]
    agencies = model.agents_by_type[Agency].to_dataframe()
    assert agencies["kind"].tolist() == agencies["name"].tolist() == [one.name.lower() for one in AgencyKind]
    appeals = model.agents_by_type[Appeal].to_dataframe()
    assert appeals["asked"].cat.codes.tolist() == model.appeals["asked"].tolist() and appeals["asked"].isna().any()
    assert set(dataframe_of([first])["state"]) == {"closed"}


def test_all_agents_as_one_table(ran):
    table = ran.agents.to_dataframe()
    assert table.columns[0] == "type" and len(table) == len(ran.agents) and table.index.is_unique
    assert {*table["type"]} == {kind.__name__ for kind in KINDS}
    assert table.loc[table["type"] == "Agency", "fighters"].isna().all()
    banks = ran.agents.select(lambda one: one.name.startswith("bank_"))
    assert [*banks.to_dataframe()["name"]] == [one.name for one in banks]
    assert [*ran.agents.copy().to_dataframe()["name"]] == [*table["name"]]
    assert not len(ran.agents.select(lambda one: False).to_dataframe())


def test_a_users_own_agent_has_a_type_alone(model):
    class Reporter(mesa.Agent):
        pass

    one = Reporter(model)
    row = model.agents.to_dataframe().loc[one.unique_id]
    assert row["type"] == "Reporter" and row.drop("type").isna().all()


def test_gifts_have_categories_and_units(ran):
    table, plain = gifts(ran), ledger(ran)
    assert len(table) == len(plain) > 0 and [*table.columns] == [*plain.columns]
    for name in ("community", "appeal", "rail", "intermediary", "status", "linked", "found"):
        assert table[name].dtype == "category" and table[name].astype(str).tolist() == plain[name].tolist(), name
    assert [*table["status"].cat.categories] == ["passed", "blocked", "reported"]
    assert table.attrs["units"]["usd"] == "USD" and table.attrs["labels"]["rail"] == "rail of the gift"
    assert not plain.attrs, "what is written to a file stays as it is"
