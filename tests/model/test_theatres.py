"""The ten theatres: what may set them, what is put in by date, and that the level of each is the figure that set it."""

import re
from datetime import date

import pytest

from experiments.evidence import cases, grammar
from sim.engine.jit import PLAIN
from tests.paired import run, scenario

CORE = cases.load(cases.CORE)
NAMES = [theatre.name for theatre in scenario().theatres]


def test_no_outcome_calibrates_that_is_later_than_the_cut_of_its_theatre():
    assert CORE.cut == date(2020, 6, 21) and set(CORE.cut_of) < set(NAMES)
    assert max(CORE.cut_of.values()) <= date(2022, 12, 31)
    late, seen = {}, set()
    for row in cases.facts_of():
        if row["topic"] in ("attacks", "personnel") and row["use"] == "calibrate":
            text = row["id"].replace("-", "_").replace("west_africa", "lake_chad")
            places = [name for name in NAMES if name in text]
            last = grammar.last_day(row["period"])
            seen.update(places)
            if last and last > max((CORE.cut_of.get(name, CORE.cut) for name in places), default=CORE.cut):
                late[row["id"]] = last
    assert not late and seen == {*NAMES} - {"abroad"}


def test_a_theatre_names_only_figures_that_may_set_it():
    """By its comment: no figure that validates, and no attack of Khorasan after its cut."""
    from sim.config import CONF

    known = cases.facts()
    for name in NAMES:
        text = (CONF / "theatre" / f"{name}.yaml").read_text(encoding="utf-8")
        for fact in re.findall(r"facts:([a-z0-9-]*[a-z0-9])", text):
            assert known[fact]["use"] != "validate", (name, fact)


def test_shares_of_donors_add_up():
    assert sum(theatre.donors for theatre in scenario().theatres) == pytest.approx(1.0)


def test_what_is_put_in_by_date_is_off_by_its_override():
    """Nothing happens in Syria after the last enclave in either arm but the end of its opportunity."""
    row = NAMES.index("syria")
    with_, without = run(1), run(1, "shocks.last_enclave.enabled=false")
    weeks = slice(with_.config.week(date(2018, 1, 1)), with_.config.week(date(2019, 3, 18)))
    found = with_.conditions["opportunity"][:, row] / without.conditions["opportunity"][:, row]
    assert found[weeks] == pytest.approx(3.0) and found[: weeks.start] == pytest.approx(1.0)
    assert found[-1] == pytest.approx(1.0, abs=1e-6)


@pytest.mark.skipif(PLAIN, reason="a run of ten years: compiled only")
def test_the_expected_level_of_a_theatre_is_the_figure_that_set_it():
    """Attack rate of a year against the published figure; what is put in by date is in it."""
    model = run(1, "horizon=to_2026")
    levels = {"sinai": (2018, 82), "somalia": (2018, 66), "khorasan": (2020, 71), "sahel": (2020, 70)}
    levels |= {"lake_chad": (2022, 508), "central_africa": (2022, 323), "philippines": (2022, 11.5)}
    levels |= {"syria": (2018, 1335)}
    for name, (year, published) in levels.items():
        weeks = slice(model.config.week(date(year, 1, 1)), model.config.week(date(year + 1, 1, 1)))
        assert model.book["rate"][weeks, NAMES.index(name)].sum() == pytest.approx(published, rel=0.1), name
