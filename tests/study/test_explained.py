"""Every report says what its effects turn on: of a small study, from the command on."""

import matplotlib
import numpy as np
import pandas as pd
import pytest

from experiments.messages import say
from experiments.study import explained, reporting
from experiments.study.arguments import Settings
from experiments.study.store import Folder
from sim.engine.jit import PLAIN
from sim.plots.layout import PRINT, lay_out
from tests.study_helpers import SHORT, make, planned, told

pytestmark = pytest.mark.skipif(PLAIN, reason="runs take too long as plain Python")

STUDY = ("study=sweep", "replications=24", "uncertain=plausible", "policy=status_quo,channel_takedown", *SHORT)
STUDY += ("population.donors=3000",)  # so that campaigns are given something in every draw


@pytest.fixture(scope="module")
def plan():
    return planned(*STUDY, "seeds_per_draw=2")


@pytest.fixture(scope="module")
def folder(plan, tmp_path_factory):
    path = tmp_path_factory.mktemp("explained")
    make(plan, path)
    return Folder(path)


def test_what_the_group_chooses_is_no_driver(plan):
    names = explained.drawn(plan)
    assert "combat.money" in names
    assert not {"group.routing", "group.renewal"} & {*names}
    assert "combat.money" not in explained.drawn(planned("combat.money=0.1,0.2", *STUDY))


def test_few_draws_give_a_hint_of_named_parameters(plan, folder):
    found, lines = explained.beside(plan, folder, {})
    drivers, turning = found["drivers"], found["turning"]
    assert set(drivers["hint"]) == {"yes"}
    named = drivers.loc[(drivers["kind"] == "parameter") & ~drivers["parameter"].str.contains(" x "), "parameter"]
    assert {*named} == {*explained.hinted(plan)} == {"combat.money"}  # the gap has no range of its own here
    assert set(turning["x"]) == {"gifts_kept"}
    assert set(turning["contrast"]) == {"switch"}
    assert "A hint from 12 draws" in " ".join(lines)
    assert {"regret", "choice"} <= {*found}


def test_measured_quantities_are_those_of_the_runs(plan, folder):
    runs = pd.read_parquet(folder.path / "runs.parquet")
    points = explained.beside(plan, folder, {})[0]["turning_draws"]
    quo = runs[runs["policy"] == "status_quo"]
    quo = quo[quo["replication"] == quo.groupby("draw")["replication"].transform("min")]  # effects are of other seeds
    given = quo.groupby(["arm", "draw"])[["campaign_given", "delivered"]].mean()
    none, switched = given.loc["none"], given.loc["announcement"]
    own = points[points["arm"] == "announcement"].set_index("draw")
    kept = (switched["campaign_given"] / none["campaign_given"])[own.index]
    assert own["x"].to_numpy() == pytest.approx(kept.to_numpy(), nan_ok=True)
    share = (none["campaign_given"] / none["delivered"]).clip(upper=1.0)[own.index]
    assert own["y"].to_numpy() == pytest.approx(share.to_numpy(), nan_ok=True)


def test_held_parameters_and_a_lone_arm_give_nothing(tmp_path):
    for arguments in (("uncertain=none", "replications=2"), ("arm=none", "replications=2", "uncertain=plausible")):
        plan = planned("study=sweep", *arguments, *SHORT)
        assert explained.beside(plan, Folder(tmp_path), {}) == ({}, [])


def test_a_report_says_it(plan, folder):
    text, files = reporting.make(plan, folder, Settings(study="sweep", brief=False, figures=False, full=True), {})
    assert {"drivers.csv", "turning.csv", "regret.csv"} <= {*files}
    assert "A hint from 12 draws" in " ".join(text.split())
    effects = pd.read_csv(folder.path / "effects.csv")
    assert "depends_on" in effects


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("[gifts_kept,combat.mony]", "combat.mony is no drawn parameter or measured quantity; nearest: combat.money"),
        ("[gifts_kept,group.routing]", "group.routing is a scenario, chosen and not unknown"),
        ("[rails.monero.gap,combat.money]", "rails.monero.gap is not drawn here: give it a range in extra_ranges"),
        ("[gifts_kept]", "needs two different names"),
        ("gifts_kept,gifts_kept", "needs two different names"),
    ],
)
def test_bad_axes_are_told_in_one_line(capsys, typed, words, tmp_path):
    code, _, err = told(capsys, *STUDY, f"axes={typed}", f"folder={tmp_path}")
    assert code == 2
    assert [line for line in err.splitlines() if words in line], err
    assert not [*tmp_path.iterdir()]


def test_axes_need_drawn_parameters(capsys, tmp_path):
    code, _, err = told(capsys, "study=sweep", "uncertain=none", "axes=[a,b]", *SHORT, f"folder={tmp_path}")
    assert code == 2
    assert "axes: parameters are held" in err


def test_axes_of_ones_own(plan, folder):
    turning = explained.beside(plan, folder, {}, ("combat.money", "campaign_share"))[0]["turning"]
    assert set(turning["x"]) == {"combat.money"}
    assert set(turning["y"]) == {"campaign_share"}
    assert "policy" in set(turning["contrast"])


def rows(above: tuple[float, float, float], **more: object) -> pd.DataFrame:
    """The three rows of an effect: zero, below and above; each axis tells nothing apart unless ``more`` says so."""
    blank = dict.fromkeys(("x_at", "x_low", "x_high", "x_right", "y_at", "y_low", "y_high", "y_right"), np.nan)
    common = {"x": "gifts_kept", "y": "campaign_share", "x_rises": True, "y_rises": False} | blank
    levels = zip((0.0, -1.0, 1.0), above, strict=True)
    made = [common | {"level": level, "above": share, "majority": max(share, 1 - share)} for level, share in levels]
    for name, value in more.items():
        made[int(name[-1])][name[:-1]] = value
    return pd.DataFrame(made)


def test_where_it_turns_in_words():
    sign = explained.turn_of(
        rows((0.5, 0.8, 0.2), x_right0=0.95, x_at0=1.0, x_low0=0.96, x_high0=1.04, y_right0=0.5),
    )
    assert say("explained-turn", **explained.in_words(sign)) == (
        "Its sign turns where campaigns keep about 100% of their gifts (96% to 104%). "
        "This sorts 95% of draws rightly (50% without it)."
    )
    falls = explained.turn_of(
        rows((0.0, 0.3, 0.0), y_right1=0.9, x_right1=0.7, y_at1=0.12, y_low1=0.1, y_high1=0.15),
    )
    assert falls["turn"] == "falls"
    assert "It lowers attacks by over 1% in 70% of draws, mostly where campaigns bring over 12%" in (
        say("explained-turn", **explained.in_words(falls))
    )
    assert explained.turn_of(rows((0.5, 1.0, 0.0)))["turn"] == "within"
    nowhere = explained.turn_of(rows((0.5, 0.8, 0.2), x_right0=0.6, x_right1=0.8, x_right2=0.8))
    assert nowhere["turn"] == "none"


def test_figures_show_the_draws_and_say_where_they_turn(plan, folder):
    found, _ = explained.beside(plan, folder, {})
    drawn = {}
    with matplotlib.rc_context(PRINT.style()):
        for name, draw in explained.figures(plan, found).items():
            drawn[name] = draw(PRINT)
            lay_out(drawn[name][0])
            drawn[name][0].draw_without_rendering()
    assert set(drawn) == {"drivers", "turning"}
    figure, title = drawn["turning"]
    [panel] = figure.axes
    first = found["turning_draws"][found["turning_draws"]["arm"] == "announcement"]
    points = sum(len(marks.get_offsets()) for marks in panel.collections if marks.get_offsets().size > 2)
    assert points >= np.isfinite(first[["x", "y"]]).all(axis=1).sum() - 1
    assert title.startswith("Large group: ")
    assert "matters most in 1 of 1 group" in drawn["drivers"][1]
