"""The study of traceability: the map is the law's, runs beside the law, roads, figures, the command."""

import numpy as np
import pandas as pd
import pytest

from experiments.studies.traceability import figures, report
from experiments.studies.traceability.observables import COINS, MEASURES
from sim import law
from sim.engine.jit import PLAIN
from sim.plots.layout import PRINT
from tests.study_helpers import told

ABOUT = {
    "freezable": 0.6, "gifts": 30.0, "cashed": 0.15, "renewal": 0.1, "lag": 20.0, "income_share": 0.4, "hops": 2.0,
    "recall": 0.686, "followed": 1.0,
}  # fmt: skip
COLUMNS = {
    f"record_{coin}_{name}": value for coin in ("bitcoin", "stablecoin", "monero") for name, value in ABOUT.items()
}
USUAL = {"profile": "donor_funded", "structure": "freezing", "arm": "none", "income": "as_it_was", "freezable": "drawn"}
USUAL |= {"bitcoin": "drawn", "monero": "drawn", "capacity": 10.0, "campaign_given": 1.0, "record_arrests": 1.0}


def runs_of(elasticity: float = 0.5, draws: int = 3) -> pd.DataFrame:
    """Runs that follow the law to the digit, with a fifth more frozen than by links alone."""
    rows = []
    for draw in range(draws):
        about = ABOUT | {"gifts": ABOUT["gifts"] * (1 + draw)}
        own = COLUMNS | {f"record_{coin}_gifts": about["gifts"] for coin in ("bitcoin", "stablecoin", "monero")}
        one = USUAL | own | {"draw": draw, "replication": draw, "record_bitcoin_link": 0.9}
        one |= {"record_monero_link": 0.02, "record_stablecoin_link": 0.9}
        one |= {f"record_{coin}_frozen": 0.2 for coin in ("bitcoin", "stablecoin", "monero")}
        rows += [one, one | {"income": "less", "capacity": 10.0 * 0.8**elasticity}]
        for link in (0.0, 0.2, 0.5, 1.0):
            terms = {name: value for name, value in about.items() if name != "income_share"}
            frozen = float(law.frozen_share(link, **terms))
            capacity = 10.0 * (1.0 - about["income_share"] * 0.8 * frozen) ** elasticity
            set_ = {"bitcoin": f"{link:g}", "capacity": capacity, "record_bitcoin_link": link}
            rows.append(one | set_ | {"record_bitcoin_frozen": 1 - 0.8 * (1 - frozen)})
    return pd.DataFrame(rows).assign(error=None, elasticity=lambda found: report.elasticity(found))


def test_elasticity_is_that_of_the_pairs():
    assert runs_of(0.4)["elasticity"].to_numpy() == pytest.approx(0.4)
    assert (runs_of(-0.4)["elasticity"] == 0.0).all()


def test_points_have_the_loss_and_the_threshold_of_the_law():
    runs = runs_of().assign(structure="default")
    points = report.points_of(runs, 0.01)
    assert {*points["coin"]} == {"bitcoin", "stablecoin"}, "nobody is asked for Monero without a switch"
    for row in points.to_dict("records"):
        about = {name: row[name] for name in (*ABOUT, "elasticity")}
        assert row["loss"] == pytest.approx(100 * law.loss(row["link"], **about)) and row["loss"] < -1.0
        assert law.loss(row["threshold"], **about) == pytest.approx(-0.01)
    found = report.summary(points).set_index("coin")
    assert (found[["can_matter", "matters", "draws"]] == [1.0, 1.0, 3]).all(axis=None)
    poor = report.summary(report.points_of(runs.assign(record_bitcoin_income_share=1e-4), 0.01)).set_index("coin")
    assert poor.loc["bitcoin", ["can_matter", "matters"]].tolist() == [0.0, 0.0]
    lines = report.sentences(poor.reset_index(), "1")
    assert "cannot matter" in lines[0] and "bitcoin" in lines[0] and lines[1].startswith("stablecoin")


def test_runs_that_follow_the_law_agree_with_it():
    beside = report.beside_the_law(runs_of())
    assert {*beside["link"]} == {0.2, 0.5, 1.0} and len(beside) == 9
    assert beside["frozen_law"].to_numpy() == pytest.approx(beside["frozen"].to_numpy())
    assert beside["change_law"].to_numpy() == pytest.approx(beside["change"].to_numpy())
    found = report.agreement(beside, 0.01).set_index("quantity")
    assert found[["correlation", "slope"]].to_numpy() == pytest.approx(1.0) and (found["miss"] < 1e-12).all()
    assert found.loc["change", "same_side"] == 1.0 and np.isnan(found.loc["frozen", "same_side"])
    off = report.agreement(beside.assign(change=0.0), 0.01).set_index("quantity").loc["change"]
    assert off["same_side"] < 1.0 and off["miss"] == pytest.approx(beside["change"].abs().max() / 100)


def test_the_turning_line_is_the_threshold_of_the_law_with_its_interval_over_draws():
    points = report.points_of(runs_of(draws=9).assign(structure="default"), 0.01)
    line = report.turning(points, 0.01).query("coin == 'bitcoin'").set_index("gifts")
    about = ABOUT | {"elasticity": 0.5}
    for gifts in report.GIFTS[[0, 40, 60]]:
        link = law.threshold_link(0.01, **about | {"gifts": gifts})
        assert line.loc[gifts, ["link", "link_low", "link_high"]].to_numpy() == pytest.approx(link, nan_ok=True)
    assert (line["draws"] == 9).all() and line["link"].isna().iloc[[0, -1]].tolist() == [True, False]
    shares = np.where(points["draw"] < 3, 1e-4, points["income_share"])  # a third of draws cannot matter
    line = report.turning(points.assign(income_share=shares), 0.01).query("coin == 'bitcoin'")
    assert (line["draws"] == 6).all()
    assert report.turning(points.assign(income_share=1e-4), 0.01).empty


def test_intervals_are_order_statistics_and_missing_values_lie_beyond():
    draws = np.arange(1.0, 20.0)
    assert report.over_draws(draws).tolist() == [1.0, 10.0, 19.0]
    assert report.over_draws(np.arange(1.0, 80.0)) == pytest.approx([2.0, 40.0, 78.0])
    low, median, high = report.over_draws(np.where(draws > 12, np.nan, draws))
    assert (low, median) == (1.0, 10.0) and np.isnan(high)


def switched_runs(change_of_sign=1.0):
    """Runs before and after a switch that follow the law of `law.switched` to the digit, 40 draws."""
    rows = []
    for draw in range(40):
        kept, before, after, share, routing = 0.5 + draw / 40, 0.05, 0.2, 0.4, 0.0
        one = USUAL | COLUMNS | {"structure": "default", "draw": draw, "routing": routing, "elasticity": 0.5}
        one |= {f"record_{coin}_{name}": 0.0 for name in ("income_share", "frozen") for coin in COINS}
        none = {"campaign_delivered": 100.0, "delivered": 150.0, "collected": 100.0, "record_bitcoin_income_share": 0.4}
        usable = share * (1 - before) / (1 - share * before)
        lost = 1 - (1 - after) * (1 - law.waiting(ABOUT["cashed"], 52))
        change = change_of_sign * law.switched(kept, usable, 0.5, before, lost)
        moved = {"arm": "full", "campaign_delivered": 100.0 * kept, "capacity": 10.0 * (1 + change)}
        moved |= {"record_monero_income_share": 0.3, "record_monero_frozen": after}
        rows += [
            one | none | {"record_bitcoin_frozen": before},
            one | none | {"record_bitcoin_income_share": 0.0} | moved,
        ]
    return pd.DataFrame(rows)


def test_a_switch_that_follows_the_law_agrees_with_it():
    by_draw = report.switches(switched_runs())
    assert by_draw["change"].to_numpy() == pytest.approx(by_draw["change_law"].to_numpy())
    threshold = 0.95 / 0.8 / (1 - law.waiting(0.15, 52))
    assert by_draw["threshold"].to_numpy() == pytest.approx(threshold)
    [row] = report.of_switches(by_draw, 0.01).to_dict("records")
    assert (row["same_sign"], row["draws"]) == (1.0, 40) and row["correlation"] > 0.999
    assert row["threshold_low"] == pytest.approx(threshold)
    [line] = report.on_switches(pd.DataFrame([row]), "1")
    assert line.startswith("The donor-funded group, full switch") and "has the sign right in 100%" in line
    [row] = report.of_switches(report.switches(switched_runs(-1.0)), 0.01).to_dict("records")
    assert row["same_sign"] == 0.0 and row["correlation"] < -0.9


def test_the_map_has_a_dot_a_draw_of_the_right_kind_and_a_line_a_coin():
    points = report.points_of(runs_of().assign(structure="default"), 0.01)
    assert set(points["side"]) == {"does"}
    turning = report.turning(points, 0.01)
    figure, title = figures.law_map(points, turning, report.summary(points), 0.01, PRINT)
    [axes] = figure.axes
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    assert sum(len(line.get_xdata()) for line in dots) == len(points) and axes.get_yscale() == "log"
    assert len(axes.lines) == len(dots) + 3 and len(axes.collections) == 2, "two coins with a band, and the bound"
    assert (
        title == "What links freeze costs 1% of attack capacity in at most 100% of draws (bitcoin, donor-funded group)"
    )
    nothing = points.assign(threshold=np.nan, side="never")
    args = (turning.iloc[:0], report.summary(nothing), 0.01, PRINT)
    assert "in no draw" in figures.law_map(nothing, *args)[1]
    assert figures.law_map(points.iloc[:0], *args) is None


@pytest.mark.slow
@pytest.mark.skipif(PLAIN, reason="runs of many weeks take too long as plain Python")
def test_the_study_as_a_user_types_it(here, capsys):
    few = ("replications=4", "structure=default,freezing", "population.donors=3000")
    code, said, error = told(capsys, "study=traceability_sweep", *few, "--full")
    assert code == 0, error
    folder = here / "results" / "traceability_sweep"
    names = ("map", "map_turning", "law", "roads", "points", "switch")
    tables = {name: pd.read_csv(folder / f"{name}.csv") for name in names}
    assert {*tables["map"]["coin"]} == {"bitcoin", "stablecoin", "monero"} and tables["roads"]["id"].is_unique
    assert [*tables["map_turning"]] == ["profile", "coin", "gifts", "link", "link_low", "link_high", "draws"]
    law_ = tables["law"].set_index(["profile", "structure", "freezable", "coin", "quantity"])
    assert law_.loc[("donor_funded", "freezing", "1", "bitcoin", "frozen"), "correlation"] > 0.9
    roads = tables["roads"].query("coin == 'bitcoin' and link == 1").set_index(["structure", "outcome"])["mean"]
    assert roads["freezing", "arrests"] == 0 <= roads["default", "arrests"] and roads["freezing", "frozen_share"] > 0
    assert (
        said.index("cannot matter")
        < said.index("The map")
        < said.index("Runs beside the law")
        < said.index("link 0 to")
    )
    assert {*zip(tables["switch"]["profile"], tables["switch"]["arm"], strict=True)} == {
        (group, arm) for group in ("is_core", "donor_funded", "external_network") for arm in ("announcement", "full")
    }
    assert pd.read_csv(folder / "codebook.csv")["label"].notna().all()
    assert {file.stem for file in (folder / "figures" / "analyst").glob("*.png")} == {"1_map", "2_roads"}


def test_measures_have_their_coin_in_their_label():
    assert all(name.partition("_")[0] in one.label for name, one in MEASURES.items() if name != "arrests")
