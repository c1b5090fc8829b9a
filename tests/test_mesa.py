"""The model as a Mesa model: agents, agent sets, data collection, events, for whoever extends it the usual way."""

import math
from datetime import date, timedelta

import mesa
import numpy as np
import pytest
from mesa.datacollection import DataCollector
from worlds import base, changed, digests, random_scenario, run_of, scenario_of

from sim.donor_set import DonorSet
from sim.model import Model
from sim.phases import table
from sim.rules.world import Agency, Appeal, Cell, Donor, Intermediary


def small(**changes):
    values = changed(base(), {"population.donors": 500, "horizon.weeks": 30, "giving.bound": 1.0} | changes)
    values["shocks"] = {}
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
    assert model.donors["literacy"][5] == 0.25
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
    rates = ran.donors["rate"]
    assert donors.get("rate") == rates.tolist()
    assert donors.get(["rate", "habit"]) == [
        list(both) for both in zip(rates.tolist(), ran.donors["habit"].tolist(), strict=True)
    ]
    assert donors.agg("rate", np.sum) == pytest.approx(rates.sum())
    assert donors.agg("rate", [min, max]) == [rates.min(), rates.max()]
    assert donors.get("nothing", handle_missing="default", default_value=9) == [9] * 500
    with pytest.raises(AttributeError):
        donors.get("nothing")


def test_select(ran):
    donors = ran.agents_by_type[Donor]
    skilled = donors.select(lambda donor: donor.literacy > 0.5)
    assert len(skilled) == (ran.donors["literacy"] > 0.5).sum() > 0
    assert all(donor.literacy > 0.5 for donor in skilled)
    assert len(skilled.select(at_most=3)) == 3
    assert len(donors.select(at_most=0.1)) == 50
    assert len(donors.select(agent_type=Cell)) == 0
    assert len(donors) == 500


def test_groupby(ran):
    donors = ran.agents_by_type[Donor]
    groups = donors.groupby("community")
    values, counts = np.unique(ran.donors["community"], return_counts=True)
    assert groups.count() == dict(zip(values.tolist(), counts.tolist(), strict=True))
    means = groups.agg("literacy", np.mean)
    for value in values.tolist():
        assert means[value] == pytest.approx(ran.donors["literacy"][ran.donors["community"] == value].mean())
    by_function = donors.groupby(lambda donor: donor.literacy > 0.5, result_type="list")
    assert sum(len(group) for _, group in by_function) == 500


def test_sort_and_shuffle(ran):
    donors = ran.agents_by_type[Donor]
    assert donors.sort("rate").get("rate") == sorted(ran.donors["rate"].tolist(), reverse=True)
    assert donors.sort("rate", ascending=True).get("rate") == sorted(ran.donors["rate"].tolist())
    mixed = donors.shuffle()
    assert mixed.get("rate") != donors.get("rate")
    assert sorted(mixed.get("rate")) == sorted(donors.get("rate"))
    assert donors.get("rate") == ran.donors["rate"].tolist()


def test_do_map_and_set(model):
    donors = model.agents_by_type[Donor]

    def teach(donor, by):
        donor.literacy = min(1.0, donor.literacy + by)

    before = model.donors["literacy"].copy()
    assert donors.do(teach, 0.1) is donors
    assert np.allclose(model.donors["literacy"], np.minimum(1.0, before + 0.1))
    assert donors.map(lambda donor: donor.habit) == model.donors["habit"].tolist()
    donors.select(lambda donor: donor.habit == 0).set("habit", 1)
    assert not (model.donors["habit"] == 0).any()


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
    assert donors["given"].groupby("Step").sum().iloc[-1] == model.donors["given"].sum()
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


def test_no_week_after_the_last():
    model = run_of(small())
    with pytest.raises(IndexError, match="30 weeks"):
        model.step()


def test_the_order_of_phases_is_the_order_of_the_design():
    names = "open_channels give screen collect convert move trace enforce deter spend attack inspire adapt record"
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
