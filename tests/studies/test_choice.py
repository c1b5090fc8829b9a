"""The study choice: its sentences say what its tables say, every draw is a dot, and it runs small."""

import dataclasses
import itertools
import re

import numpy as np
import pandas as pd
import pytest

from experiments.stats import decision
from experiments.studies.choice import figures, page, report
from sim.engine.jit import PLAIN
from sim.plots.layout import PRINT
from tests.study_helpers import SHORT, told

TYPED = (
    "study=choice", "replications=4", "profile=donor_funded", "structure=default,rivals", "arm=none,announcement",
    "policy=status_quo,hawala_licensing,kinetic_pressure", "population.donors=100",
)  # fmt: skip
POLICIES = {  # agency, staff, attacks averted and harm
    "status_quo": ("", 0.0, 0.0, 0.0),
    "hawala_licensing": ("regulator", 4.0, 3.0, 1e6),
    "channel_takedown": ("communicators", 5.0, 2.0, np.nan),
    "kinetic_pressure": ("military", 100.0, 9.0, np.nan),
    "privacy_delisting": ("regulator", 6.0, 0.0, 2e6),
}


def made_up() -> pd.DataFrame:
    """What policies avert in 40 draws: the switch takes 2 of the 3 attacks that licensing averts, but not in rivals."""
    parts = []
    levels = (("default", "rivals"), ("none", "announcement"), ("at_once", "slowly"))
    for structure, arm, when in itertools.product(*levels):
        for policy, (agency, staff, averts, harm) in POLICIES.items():
            lost = 2.0 * (policy == "hawala_licensing" and arm != "none" and structure == "default")
            about = {"profile": "donor_funded", "structure": structure, "when": when, "arm": arm, "policy": policy}
            about |= {"intensity": float(policy != "status_quo"), "agency": agency, "staff_weeks": staff, "harm": harm}
            about |= {"averted": (averts - lost) * (0.5 if when == "slowly" else 1.0), "reference": 50.0, "seed": 0}
            parts.append(pd.DataFrame(about, index=range(40)).assign(draw=range(40)))
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return report.tables_of(made_up(), 0.01)


def test_sentences_say_what_the_tables_say(tables):
    by, group, switch, structures, prices = report.sentences(tables)
    assert "without force, with any staff: licensing hawala, which averts 2.00 of 50 attacks a week" in group
    assert "(regret 2%, 95 % interval 2% to 2%, at worst 2%)" in group and "no policy" not in group
    assert "With force, attacks alone pick military pressure (9.00); its harm is not counted" in group
    assert (
        "in 4 of 8 cases, beyond the margin in 4 (the donor-funded group with any staff); ignoring it costs at most 2%"
        in switch
    )
    assert "Other rules change this choice in 8 of 8 cases" in structures and "at most 2% of attacks" in structures
    assert prices.startswith("With a price on modelled harm licensing hawala leads, but not for one who would ")
    assert re.search(r"accept [\d.]+ more attacks by the hypothetical donor-funded group to spare lawful users", prices)
    sentences = [one for line in (by, group, switch, structures, prices) for one in line.split(". ")]
    assert max(len(one.split()) for one in sentences) <= 31


@pytest.mark.slow
def test_cash_couriers_are_a_scenario_and_no_rule():
    """Licensing averts nothing where money goes by cash: takedown is chosen there, and rules alone are pooled."""
    cash = made_up().query("structure == 'default'").assign(structure="cash")
    cash["averted"] = cash["averted"].mask(cash["policy"] == "hawala_licensing", 0.0)
    with_cash = pd.concat([made_up(), cash], ignore_index=True)
    found = report.tables_of(with_cash, 0.01)
    alone = report.tables_of(made_up(), 0.01)["regret"]
    pooled, alone = (report.where(one, structure=report.ANY) for one in (found["regret"], alone))
    assert pooled.to_csv(index=False) == alone.to_csv(index=False)
    assert "cash" not in {*found["draws"]["structure"]}
    lines = report.sentences(found)
    assert any(line.startswith("If money goes by cash couriers and not by hawala, that changes this") for line in lines)
    end = "There the choice averts 4% to 4% of attacks in the median draw, by hawala 4% to 4%."
    assert any(line.endswith(end) for line in lines)
    switch = {title: cells for title, cells in report.small_tables(found).items() if "10 staff-weeks" in title}
    assert "money by cash couriers" in next(iter(switch.values()))["rules"]


@pytest.mark.parametrize("missing", [["when"], ["structure"], ["profile"], ["when", "structure", "profile"]])
def test_a_factor_that_a_study_lacks_has_one_level(missing):
    table = made_up().query("structure == 'default' and when == 'at_once'").drop(columns=missing)
    found = report.tables_of(table, 0.01)
    assert report.sentences(found)[1].startswith("Against the ") and report.small_tables(found)
    for figure in figures.figures(None, found).values():
        assert figure(dataclasses.replace(PRINT))


def test_a_study_without_the_usual_levels_is_reported_at_the_first_ones():
    table = made_up().replace({"at_once": "early", "default": "rules"})
    assert len(report.sentences(report.tables_of(table, 0.01))) == 5


def test_harm_that_is_not_modelled_is_a_word(tables):
    cells, rest = report.regret_cells(report.main(tables["regret"]))
    harm = dict(zip(cells["option"], cells["lawful harm"], strict=True))
    assert harm["taking down channels"] == "not modelled" and harm["today's measures"] == "0" and not rest
    assert harm["licensing hawala"] == "1 million" and cells["option"][0] == "licensing hawala"
    rows = tables["regret"]
    assert rows.loc[rows["policy"].isin(["kinetic_pressure", "channel_takedown"]), "harm"].isna().all()
    assert not rows["dominated_by"].isin(["kinetic_pressure", "channel_takedown"]).any()


def test_the_tables_have_the_loss_the_prices_and_the_pace(tables):
    cells = {title.split(",")[0]: pd.DataFrame(one) for title, one in report.small_tables(tables).items()}
    switch = cells["Choice without force"].set_index("rules")
    assert switch.loc["default"].tolist() == [
        "the donor-funded group",
        "licensing hawala",
        "taking down channels",
        "2%",
    ]
    assert switch.loc["rival rules", ["no switch", "announced", "cost of ignoring it"]].tolist() == [
        "licensing hawala"
    ] * 2 + ["0%"]
    pace = cells["Attacks a week averted"].set_index("option")
    assert pace.loc["military pressure", ["at once", "slowly"]].tolist() == ["9", "4.5"]
    sets = cells["Choice against the hypothetical donor-funded group"].set_index("of")
    assert sets.loc["all policies", ["option", "lawful harm"]].tolist() == ["military pressure", "not modelled"]
    assert cells["Choice among policies of modelled harm"]["choice"].tolist() == [
        "licensing hawala",
        "today's measures",
    ]


def test_every_draw_is_a_dot_and_a_changed_choice_is_named(tables):
    every = figures.figures(None, tables)
    figure, title = every["1_regret"](dataclasses.replace(PRINT))
    assert title == "licensing hawala is least regretted against every group, with at most 10 staff-weeks a week"
    [axes] = figure.axes
    assert [len(dots.get_offsets()) for dots in axes.collections] == [80] * 4 and axes.get_xscale() == "linear"
    figure, title = every["2_switch"](dataclasses.replace(PRINT))
    assert title.startswith("The switch changes the choice without force beyond the margin in 4 of 8 cases")
    words = [text.get_text() for text in figure.axes[0].texts]
    assert "licensing hawala\nannounced: taking down\nchannels" in words and words.count("military pressure") == 3


def test_without_a_policy_there_is_nothing_to_choose():
    assert report.tables_of(pd.DataFrame(), 0.01) == {} and figures.figures(None, {}) == {}


def test_the_page_has_the_same_parts_with_tables_and_without(tables, tmp_path, monkeypatch):
    monkeypatch.setattr(page, "CONF", tmp_path / "conf")
    assert page.page_parts().keys() == set(page.PARTS)
    (tmp_path / "docs" / "choice").mkdir(parents=True)
    for name in page.TABLES:
        tables[name].to_csv(tmp_path / "docs" / "choice" / f"{name}.csv", index=False)
    parts = page.page_parts()
    assert parts["choice sentences"].splitlines() == [f"- {one}" for one in report.sentences(tables)]
    assert len(parts["choice tables"]) == len(report.small_tables(tables))


@pytest.mark.slow
@pytest.mark.skipif(PLAIN, reason="a study is run")
def test_the_study_runs_small(here, capfd):
    code, out, _ = told(capfd, *TYPED, "--full")
    assert code == 0
    assert "Against the hypothetical donor-funded group without force, with " in " ".join(out.split())
    regret = pd.read_csv(here / "results" / "choice" / "regret.csv")
    assert {*regret["structure"]} == {"default", "rivals", report.ANY} and {*regret["among"]} <= {*decision.SETS}
    book = pd.read_csv(here / "results" / "choice" / "codebook.csv")
    assert book["label"].notna().all()


@pytest.mark.skipif(PLAIN, reason="a study is run")
def test_a_study_of_ones_own_needs_neither_pace_nor_structure_nor_group(here, capfd):
    (here / "my" / "study").mkdir(parents=True)
    (here / "my" / "study" / "own.yaml").write_text(
        "{doc: one, report: choice, replications: 4, seeds_per_draw: 2, uncertain: plausible, "
        "overrides: [group=donor_funded], "
        "base: {arm: none, policy: status_quo}, reference_levels: {arm: none, policy: status_quo}, "
        "levels: {arm: {none: [shocks.monero_only.enabled=false], announcement: [shocks.monero_only.enabled=true]}}, "
        "blocks: {one: {vary: {arm: [none, announcement], policy: [status_quo, hawala_licensing]}}}}",
        encoding="utf-8",
    )
    code, out, _ = told(capfd, "--config-dir", "my", "study=own", "--full", *SHORT)
    assert code == 0 and "without force, with any staff: " in " ".join(out.split())
    assert set(pd.read_csv(here / "results" / "own" / "choice.csv")["when"]) == {report.AT_ONCE}
