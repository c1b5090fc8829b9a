"""Mesa's tools on the model: agent sets beside Mesa's own, batch runs in processes, scenarios, signals, recorders."""

import random

import mesa
import numpy as np
import pytest
from mesa.agent import AgentSet
from mesa.experimental.data_collection import DataRecorder
from mesa.experimental.mesa_signals import ModelSignals
from mesa.experimental.scenarios import Scenario
from mesa.time import Schedule

import sim
from sim.model.agents import Cell, Donor, Intermediary
from tests.worlds import run_of

FEW = {"group": "donor_funded", "population.donors": 60, "horizon.weeks": 190}


@pytest.fixture(scope="module")
def ran():
    model = sim.Model(**FEW)
    model.run_for(40)
    return model


METHODS = {
    "len": len,
    "to_list": lambda some: some.to_list(),
    "iterate": list,
    "get": lambda some: some.get("unique_id"),
    "get several": lambda some: some.get(["unique_id", "name"]),
    "get a default": lambda some: some.get("nothing", handle_missing="default", default_value=7),
    "agg": lambda some: some.agg("unique_id", sum),
    "agg several": lambda some: some.agg("unique_id", [min, max, np.mean]),
    "select": lambda some: some.select(lambda one: one.unique_id % 3 == 0).to_list(),
    "select a part": lambda some: some.select(at_most=0.25).to_list(),
    "select some": lambda some: some.select(lambda one: one.unique_id % 2 == 0, at_most=4).to_list(),
    "select a type": lambda some: len(some.select(agent_type=Cell)),
    "sort": lambda some: some.sort("unique_id").to_list(),
    "sort by a function": lambda some: some.sort(lambda one: one.name, ascending=True).to_list(),
    "map": lambda some: some.map(lambda one, by: one.unique_id + by, 3),
    "do": lambda some: some.do(lambda one: None) is some,
    "shuffle": lambda some: set(some.shuffle()) == set(some) and len(some.shuffle()) == len(some),
    "shuffle_do": lambda some: len(some.shuffle_do(lambda one: None)),
    "group": lambda some: some.groupby(lambda one: one.unique_id % 3).count(),
    "group and agg": lambda some: some.groupby(lambda one: one.unique_id % 3).agg("unique_id", np.mean),
    "group and map": lambda some: some.groupby(lambda one: one.unique_id % 3).map(lambda group: len(group)),
    "lists of groups": lambda some: dict(some.groupby(lambda one: one.unique_id % 3, result_type="list")),
    "contains": lambda some: (some.to_list()[1] in some, some.to_list()[-1] in some, None in some),
    "and": lambda some: (some & some.to_list()[2:5]).to_list(),
    "minus": lambda some: (some - some.to_list()[2:]).to_list(),
}


@pytest.mark.parametrize("kind", [Donor, Cell, Intermediary])
@pytest.mark.parametrize("method", METHODS)
def test_an_agent_set_answers_as_mesas_does(ran, method, kind):
    own = ran.agents_by_type[kind]
    assert METHODS[method](own) == METHODS[method](AgentSet(list(own), random=random.Random(1)))


@pytest.mark.parametrize("kind", [Donor, Cell])
def test_an_agent_set_has_every_method_of_mesas(ran, kind):
    wanted = {name for name in dir(type(mesa.Model(rng=1).agents)) if not name.startswith("_")}
    assert not wanted - set(dir(ran.agents_by_type[kind]))


def test_scenarios_of_mesa_make_runs():
    """What takes the place of batch_run in Mesa 4: a list of scenarios, a model each."""
    for group in ("donor_funded", "is_core"):
        model = sim.Model(Scenario(seed=3, group=group, **{"population.donors": 50}))
        model.run_for(20)
        whole = run_of(sim.load(f"group={group}", "seed=3", "population.donors=50"))
        shown = model.datacollector.get_model_vars_dataframe()["attacks"]
        assert shown.tolist() == whole.book["attacks"][:20].sum(axis=1).tolist()


def test_recurring_events_and_signals_of_mesa():
    model, weeks, gone = sim.Model(**FEW), [], []

    def note():
        weeks.append(model.simulated)

    def leave(signal):
        gone.append(signal)

    model.schedule_recurring(note, Schedule(interval=4.0, start=2.5))
    model.observe("agents", ModelSignals.AGENT_REMOVED, leave)
    model.run_until(15)
    next(iter(model.agents_by_type[Intermediary])).remove()
    assert weeks == [2, 6, 10, 14] and len(gone) == 1


def test_a_data_recorder_of_mesa_reads_the_model():
    model = sim.Model(**FEW)
    model.data_registry.track_model(model, "model", fields=["simulated", "week"])
    recorder = DataRecorder(model, {"model": {}})
    model.run_for(5)
    table = recorder.get_table_dataframe("model")
    assert table["simulated"].tolist()[:5] == [0, 1, 2, 3, 4], "Mesa records when the clock moves, before the step"


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(mesa, "batch_run"), reason="Mesa 4 has no batch_run")
def test_batch_run_in_processes_is_that_in_one():
    asked = {"group": ["donor_funded", "is_core"], "population.donors": 50, "horizon.weeks": 190}
    look = {"rng": [1, 2], "data_collection_period": -1, "display_progress": False}
    one, two = (mesa.batch_run(sim.Model, asked, number_processes=number, **look) for number in (1, 2))
    key = ("group", "rng")
    assert [*map(repr, sorted(one, key=lambda row: [str(row[name]) for name in key]))] == [
        *map(repr, sorted(two, key=lambda row: [str(row[name]) for name in key]))
    ]
    assert len(two) == 4
