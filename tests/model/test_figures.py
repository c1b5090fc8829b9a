"""Figures are made for any scenario, say what the tables say, carry their provenance; growth accounting adds up."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib._pylab_helpers import Gcf
from PIL import Image

from sim.config import CONF, load
from sim.engine.text import share, signed, usd
from sim.growth_accounting import PARTS, Period, days_within, growth, growth_table, period_of, published
from sim.model import Model
from sim.plots import layout as figures_frame
from sim.plots.arms import colours_of
from sim.plots.force import (
    attacks_figure,
    capacity_figure,
    count_range,
    reserves_figure,
    title_of_attacks,
    title_of_capacity,
)
from sim.plots.layout import SCREEN, balanced, lay_out, save
from sim.plots.money import money_figure, rails_figure, title_of_money, title_of_rails
from sim.plots.run_figures import figures
from sim.results import switch_effect, weekly, window, with_and_without_switch
from sim.scenario import Scenario

PROVENANCE = {"commit": "0123abc", "version": "0.1.0", "seed": "1", "command": "run a=$b$ c_d", "date": "2026-01-02"}
SHEET = replace(SCREEN, provenance=PROVENANCE)


def runs(scenario: Scenario) -> dict[str, pd.DataFrame]:
    """The tables of a scenario with and without the switch."""
    tables = {}
    for arm, one in zip(("with", "without"), with_and_without_switch(scenario), strict=True):
        model = Model(one)
        model.run()
        tables[arm] = weekly(model)
    return tables


def over(scenario: Scenario, **horizon: Any) -> Scenario:
    """The same scenario over another time, whatever of its shocks that leaves out."""
    return scenario.model_copy(update={"horizon": scenario.horizon.model_copy(update=horizon)})


def drawn(tables: dict[str, pd.DataFrame], scenario: Scenario, facts: pd.DataFrame) -> dict[str, str]:
    """Titles of the figures that hold something; each is laid out and drawn, but not written."""
    figures = {
        "capacity": capacity_figure(tables, scenario, SHEET),
        "money": money_figure(tables, scenario, SHEET),
        "rails": rails_figure(tables, scenario, SHEET),
        "reserves": reserves_figure(tables, scenario, facts, SHEET),
        "attacks": attacks_figure(tables, scenario, facts, SHEET),
    }
    with matplotlib.rc_context(SCREEN.style()):
        for one in figures.values():
            if one:
                one[0].draw_without_rendering()
    return {name: one[1] for name, one in figures.items() if one}


@pytest.fixture(scope="module")
def facts() -> pd.DataFrame:
    return pd.read_csv(CONF / "facts.csv")


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load("population.donors=3000")


@pytest.fixture(scope="module")
def tables(scenario: Scenario) -> dict[str, pd.DataFrame]:
    return runs(scenario)


# --- files -----------------------------------------------------------------------------------------------------------


def test_files_and_provenance(
    tables: dict[str, pd.DataFrame], scenario: Scenario, facts: pd.DataFrame, tmp_path: Path
) -> None:
    paths = SCREEN.draw(figures(tables, scenario, facts), tmp_path / "figures", PROVENANCE)
    assert [path.name for path in paths[::2]] == [
        "1_capacity.png", "2_money.png", "3_rails.png", "4_reserves_fighters.png", "5_attacks.png",
    ]  # fmt: skip
    for png, svg in zip(paths[::2], paths[1::2], strict=True):
        with Image.open(png) as image:
            text = dict(image.info)
            assert text["dpi"] == pytest.approx((150, 150), abs=0.1)
            assert np.asarray(image.convert("L")).std() > 5
        assert all(text[key] == value for key, value in PROVENANCE.items())
        written = svg.read_text(encoding="utf-8")
        assert all(f"{key}: {value}" in written for key, value in PROVENANCE.items())
        assert text["Title"] in written.replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&")
    assert "pyplot" not in Path(figures.__code__.co_filename).read_text(encoding="utf-8")


def test_drawing_twice_gives_the_same_bytes_and_leaves_no_trace(
    tables: dict[str, pd.DataFrame], scenario: Scenario, tmp_path: Path
) -> None:
    before = dict(matplotlib.rcParams)
    written = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        with matplotlib.rc_context(SCREEN.style()):
            figure, title = rails_figure(tables, scenario, SHEET) or pytest.fail("no figure")
            written.append([path.read_bytes() for path in save(figure, "rails", title, folder, PROVENANCE)])
    assert written[0] == written[1]
    assert dict(matplotlib.rcParams) == before
    assert not Gcf.figs


def test_no_setting_of_a_users_own_shows_in_a_figure(
    tables: dict[str, pd.DataFrame], scenario: Scenario, tmp_path: Path
) -> None:
    def written(folder: Path) -> list[bytes]:
        folder.mkdir()
        with matplotlib.rc_context(SCREEN.style()):
            figure, title = rails_figure(tables, scenario, SHEET) or pytest.fail("no figure")
            return [path.read_bytes() for path in save(figure, "rails", title, folder, PROVENANCE)]

    plain = written(tmp_path / "plain")
    theirs = {
        "timezone": "US/Pacific", "savefig.dpi": 30, "savefig.bbox": "tight", "figure.facecolor": "red",
        "lines.linewidth": 9, "svg.fonttype": "none", "axes.unicode_minus": False, "text.usetex": True,
    }  # fmt: skip
    with matplotlib.rc_context(theirs):
        assert written(tmp_path / "theirs") == plain


def test_the_last_bits_of_a_layout_are_not_written(
    tables: dict[str, pd.DataFrame], scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nudged(figure: Any) -> None:
        lay_out(figure)
        for axes in figure.axes:
            axes.set_position([number * (1.0 + nudge) for number in axes.get_position().bounds])

    monkeypatch.setattr(figures_frame, "lay_out", nudged)
    written = []
    for nudge in (0.0, 1e-15):
        folder = tmp_path / str(nudge)
        folder.mkdir()
        with matplotlib.rc_context(SCREEN.style()):
            figure, title = rails_figure(tables, scenario, SHEET) or pytest.fail("no figure")
            written.append([path.read_bytes() for path in save(figure, "rails", title, folder, PROVENANCE)])
    assert written[0] == written[1]


# --- titles ----------------------------------------------------------------------------------------------------------


def test_titles_carry_the_numbers_of_the_tables(
    tables: dict[str, pd.DataFrame], scenario: Scenario, facts: pd.DataFrame
) -> None:
    titles = {
        "capacity": title_of_capacity(tables, scenario),
        "money": title_of_money(tables["with"]),
        "rails": title_of_rails(tables, scenario),
        "reserves": (reserves_figure(tables, scenario, facts, SHEET) or ("", ""))[1],
        "attacks": title_of_attacks(growth_table(tables, scenario, facts).head(4)),
    }
    effect = switch_effect(tables["with"], tables["without"], scenario, scenario.report.window)
    assert signed(effect) in titles["capacity"]
    assert f"in the {scenario.report.window} weeks after 21 June 2020" in titles["capacity"]
    table = tables["with"]
    given, collected = table["given"].sum(), table["collected"].sum()
    assert f"Gifts are {share(given, given + collected)} of what came in" in titles["money"]
    seen = window(table, scenario, scenario.report.window)
    assert f"Monero takes {share(seen['gifts_monero'].sum(), seen['gifts'].sum())} of gifts" in titles["rails"]
    assert usd(table["reserves"].iloc[-1]) in titles["reserves"]
    assert f"{table['fighters_iraq'].iloc[-1] + table['fighters_syria'].iloc[-1]:,}" in titles["reserves"]
    growing = growth_table(tables, scenario, facts).head(4)
    assert f"{100 * (growing['simulated'] / growing['published'] - 1).max():+.0f}%" in titles["attacks"]


@pytest.mark.parametrize(
    ("factor", "words"),
    [(1.00005, "makes no visible difference to attack capacity: +0.005%"), (1.05, "raises attack capacity: +5.00%"),
     (0.7, "lowers attack capacity: -30%")],
)  # fmt: skip
def test_title_of_capacity_follows_the_effect(
    tables: dict[str, pd.DataFrame], scenario: Scenario, factor: float, words: str
) -> None:
    base = tables["without"]
    changed = {"with": base.assign(capacity=base["capacity"] * factor), "without": base}
    assert f"Monero-only {words}" in title_of_capacity(changed, scenario)


def test_title_of_capacity_outside_the_window(tables: dict[str, pd.DataFrame], scenario: Scenario) -> None:
    early = {arm: table.head(60) for arm, table in tables.items()}
    assert title_of_capacity(early, over(scenario, weeks=60)).startswith("The run ends before the switch of 21 June")
    part = {arm: table.head(190) for arm, table in tables.items()}
    title = title_of_capacity(part, over(scenario, weeks=190))
    assert title.startswith("The run ends 9 weeks after the switch of 21 June 2020; the window is 52 weeks: ")
    assert "%" not in title and title.endswith("attacks a week over the 190 weeks of the run")
    none = {arm: table.assign(capacity=0.0) for arm, table in tables.items()}
    assert title_of_capacity(none, scenario) == "The group has no attack capacity in this run"
    late = {arm: table.assign(capacity=table["capacity"] * (table["week"] < 100)) for arm, table in tables.items()}
    assert title_of_capacity(late, scenario).startswith("Without the switch the group has no attack capacity")


# --- extreme scenarios -----------------------------------------------------------------------------------------------


def test_one_week(facts: pd.DataFrame) -> None:
    scenario = over(load("population.donors=500"), weeks=1)
    titles = drawn(runs(scenario), scenario, facts)
    assert titles["capacity"].startswith("The run ends before the switch")
    assert "attacks" not in titles


def test_no_donors_and_no_switch(facts: pd.DataFrame) -> None:
    scenario = load("population.donors=0", "shocks.monero_only.enabled=false")
    tables = runs(scenario)
    titles = drawn(tables, scenario, facts)
    assert titles["capacity"].startswith("No switch in this run")
    assert titles["money"].startswith("No gifts in this run")
    assert "rails" not in titles and "attacks" in titles


def test_run_after_the_switch() -> None:
    enabled = [f"shocks.{name}.enabled=false" for name in load().shocks]
    scenario = load("population.donors=500", "horizon.weeks=20", "horizon.start=2022-01-03", *enabled)
    switch = load().shocks["monero_only"]
    scenario = scenario.model_copy(update={"shocks": {"monero_only": switch}})
    figure, title = capacity_figure(runs(scenario), scenario, SHEET)
    figure.draw_without_rendering()
    assert title.startswith("The run begins 80 weeks after the switch of 21 June 2020; the window is 52 weeks: ")


def test_no_capacity_and_no_money(facts: pd.DataFrame) -> None:
    scenario = over(load("population.donors=500"), weeks=60)
    zero = {arm: table.set_index(["week", "date"]).mul(0.0).reset_index() for arm, table in runs(scenario).items()}
    titles = drawn(zero, scenario, facts)
    assert list(titles) == ["capacity"]
    assert title_of_money(zero["with"]) == "No money came in"
    gifts_only = {arm: table.assign(given=2e6, delivered=1e6) for arm, table in zero.items()}
    words = "All income is gifts: 120m USD over 60 weeks; 50% of what donors gave was delivered"
    assert title_of_money(gifts_only["with"]) == words


def test_no_capacity_over_the_whole_run(
    tables: dict[str, pd.DataFrame], scenario: Scenario, facts: pd.DataFrame
) -> None:
    force = [name for name in tables["with"] if name.startswith(("capacity", "rate", "attacks"))]
    zero = {arm: table.assign(**dict.fromkeys(force, 0.0)) for arm, table in tables.items()}
    figure, title = attacks_figure(zero, scenario, facts, SHEET) or pytest.fail("no figure")
    figure.draw_without_rendering()
    assert title == "Simulated attacks in Iraq differ from published ones by -100%"
    assert growth_table(zero, scenario, facts)[PARTS].isna().all(axis=None)


def test_other_theatres_and_rails(facts: pd.DataFrame) -> None:
    names = {"iraq": "north_1", "syria": "_south$", "bitcoin": "coin", "monero": "dark_coin"}

    def renamed(value: Any) -> Any:
        if isinstance(value, dict):
            return {names.get(key, key): renamed(one) for key, one in value.items()}
        if isinstance(value, (list, tuple)):
            return [renamed(one) for one in value]
        return names.get(value, value) if isinstance(value, str) else value

    known = load("population.donors=5000").model_dump(exclude_computed_fields=True)
    scenario = Scenario(**renamed(known))
    tables = runs(scenario)
    titles = drawn(tables, scenario, facts)
    assert "attacks" not in titles
    assert titles["capacity"].startswith("Dark Coin-only")
    assert titles["rails"].startswith("Dark Coin takes")
    assert "fighters in all" in titles["reserves"]
    assert len(set(colours_of(scenario, "rails").values())) == len(scenario.rails)
    assert len(set(colours_of(scenario, "theatres").values())) == len(scenario.theatres)


def test_most_rails_and_theatres_have_colours_of_their_own(scenario: Scenario) -> None:
    rails = tuple(scenario.rails[0].model_copy(update={"name": f"rail_{k}"}) for k in range(12))
    places = tuple(scenario.theatres[0].model_copy(update={"name": f"place_{k}"}) for k in range(10))
    many = scenario.model_copy(update={"rails": rails, "theatres": places})
    assert len(set(colours_of(many, "rails").values())) == 12
    assert len(set(colours_of(many, "theatres").values())) == 10


def test_other_groups_are_not_compared_with_what_was_published(
    tables: dict[str, pd.DataFrame], scenario: Scenario, facts: pd.DataFrame
) -> None:
    group = scenario.group.model_copy(update={"profile": "donor_funded"})
    other = scenario.model_copy(update={"group": group})
    assert growth_table(tables, other, facts)["published"].isna().all()
    assert attacks_figure(tables, other, facts, SHEET) is None
    figure, title = reserves_figure(tables, other, facts, SHEET) or pytest.fail("no figure")
    figure.draw_without_rendering()
    assert "published" not in title


# --- growth accounting -----------------------------------------------------------------------------------------------


def test_growth_adds_up_to_the_change_of_weekly_attacks(
    tables: dict[str, pd.DataFrame], scenario: Scenario, facts: pd.DataFrame
) -> None:
    everywhere = growth_table(tables, scenario, facts)
    assert list(everywhere["theatre"].unique()) == [theatre.name for theatre in scenario.theatres]
    elsewhere = everywhere[everywhere["theatre"] != "iraq"]
    assert set(elsewhere["period"]) == {"2018", "2020"} and elsewhere["published"].notna().sum() == 4
    table = everywhere[everywhere["theatre"] == "iraq"]
    assert list(table) == ["theatre", "period", "published", "simulated", "men", "money", "know_how", "opportunity"]
    assert list(table["period"]) == ["2018", "2019", "2020 Q1", "2020 Q2"]
    assert list(table["published"]) == [1470, 1669, 566, 808]
    assert table.loc[0, PARTS].isna().all()
    days = np.array([365, 365, 91, 91])
    change = np.diff(np.log(table["simulated"].to_numpy() / days))
    assert table.loc[1:, PARTS].sum(axis=1).to_numpy() == pytest.approx(change, abs=1e-12)


def test_growth_finds_each_part_alone() -> None:
    base = {"rate": 10.0, "capacity": 8.0, "fighters": 100.0, "know_how": 0.5}
    rows = [
        base,
        base | {"fighters": 400.0, "capacity": 16.0, "rate": 20.0},
        base | {"fighters": 400.0, "capacity": 16.0, "rate": 60.0},
        base | {"fighters": 400.0, "capacity": 32.0, "rate": 120.0, "know_how": 1.0},
        base | {"fighters": 400.0, "capacity": 64.0, "rate": 240.0, "know_how": 1.0},
    ]
    found = growth(pd.DataFrame(rows), 0.5)
    expected = np.log([[2, 1, 1, 1], [1, 1, 1, 3], [1, 1, 2, 1], [1, 2, 1, 1]])
    assert found.loc[1:].to_numpy() == pytest.approx(expected, abs=1e-12)


def test_growth_without_numbers_says_so() -> None:
    rows = [{"rate": rate, "capacity": 8.0, "fighters": 100.0, "know_how": 0.5} for rate in (1.0, 0.0, 2.0, 4.0)]
    found = growth(pd.DataFrame(rows), 0.5)
    assert found.isna().all(axis=1).tolist() == [True, True, True, False]


def test_periods() -> None:
    assert [period_of(text).days for text in ("2018", "2020-Q1", "2020-Q4", "2019-02")] == [365, 91, 92, 28]
    assert period_of("2020-Q4").after.isoformat() == "2021-01-01"
    dates = pd.Series(pd.date_range("2017-12-25", periods=60, freq="7D"))
    assert days_within(dates, period_of("2018")).sum() == 365


def test_published_only_where_the_run_covers_it(scenario: Scenario, facts: pd.DataFrame) -> None:
    names = [period.name for period, *_ in published(facts, scenario, "fighters-20")]
    assert names == ["2018-08", "2019-02", "2020-07"]
    assert [use for *_, use in published(facts, scenario, "reserves-")] == ["calibrate", "validate"]
    assert not published(facts, over(scenario, weeks=1), "fighters-20")
    assert isinstance(published(facts, scenario, "reserves-")[0][0], Period)


def test_a_published_range_says_what_it_is_used_for(
    scenario: Scenario, tables: dict[str, pd.DataFrame], facts: pd.DataFrame
) -> None:
    """By its row: ranges that calibrate say nothing, and one that is context is not called one for validation."""

    def words(known: pd.DataFrame) -> tuple[list[str], str]:
        figure, _ = reserves_figure(tables, scenario, known, SHEET) or pytest.fail("no figure")
        texts = [text for axes in figure.axes for text in axes.texts if text.get_bbox_patch()]
        notes = [text.get_text().replace("\n", " ") for text in texts]
        return notes, figure.texts[1].get_text().replace("\n", " ")

    notes, subtitle = words(facts)
    uses = [use for kind in ("reserves-", "fighters-20") for *_, use in published(facts, scenario, kind)]
    said = {"validate": "for validation", "context": "context, no evidence"}
    assert notes == [said[use] for use in uses if use != "calibrate"] and len(notes) == 2
    assert "dotted: no evidence in calibration" in subtitle
    notes, subtitle = words(facts.assign(use="calibrate"))
    assert notes == [] and "published ranges" in subtitle and "dotted:" not in subtitle


def test_interval_widens_with_branching() -> None:
    plain, excited = count_range(400.0, 0.0), count_range(400.0, 0.5)
    assert plain == pytest.approx((361.8, 440.1), abs=1.5)
    assert np.subtract(*excited[::-1]) == pytest.approx(2 * np.subtract(*plain[::-1]), rel=0.01)
    assert count_range(0.0, 0.4) == (0.0, 0.0)


def test_words() -> None:
    assert [signed(x) for x in (0.0, 0.0012, -0.01, 4.0, -31.2, float("nan"))] == [
        "0.00%", "+0.001%", "-0.01%", "+4.00%", "-31%", "not defined",
    ]  # fmt: skip
    assert [share(x, 100.0) for x in (0.0, 0.05, 2.0, 50.0)] == ["0%", "0.05%", "2.0%", "50%"]
    assert [usd(x) for x in (0.001, 5.0, 1000.0, 2.7e6, 9.96e6, 1.5e9)] == ["0.001", "5", "1k", "2.7m", "10m", "1.5bn"]
    assert balanced("one two three four", 15) == ["one two", "three four"]
    assert balanced("", 10) == []


def test_title_of_rails_without_a_switch(tables: dict[str, pd.DataFrame], scenario: Scenario) -> None:
    assert "more than any other rail" in title_of_rails(tables, with_and_without_switch(scenario)[1])


def test_a_group_in_one_theatre_has_one_panel():
    scenario = load("group=donor_funded", "population.donors=100")
    figure, _ = capacity_figure(runs(scenario), scenario, SHEET)
    assert [axes.get_title().split(":")[0] for axes in figure.axes] == ["Syria"]
    scenario = load("population.donors=100")
    figure, _ = capacity_figure(runs(scenario), scenario, SHEET)
    names = [axes.get_title().split(":")[0] for axes in figure.axes]
    assert names[:3] == ["All theatres", "Core provinces", "Global network"] and len(names) == 13
