"""Figures of studies say what the tables say, draw what they hold, overlap nothing and carry their provenance."""

import dataclasses
import html
import itertools
import math
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib._pylab_helpers import Gcf
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from experiments import text
from experiments.figures import About, core_network, forest, frontier, interaction, paths
from experiments.figures import effects as of_effects
from experiments.figures.frontier import found_in as frontier_findings
from experiments.figures.frontier import rows_of as frontier_rows
from experiments.figures.paths import banded, differences
from experiments.figures.paths import found_in as paths_findings
from experiments.figures.pick import nearest
from experiments.findings import Finding
from sim.plots.layout import PRINT, Drawing, lay_out
from sim.plots.panels import apart, uncrossed
from tests.study.figure_tables import PROFILES, effects_table, frontier_table, weekly_table

PROVENANCE = {"version": "0.2.0", "commit": "0123abcdef", "study": "headline 9f8e7d", "date": "2026-01-02"}
SHEET = dataclasses.replace(PRINT, provenance=PROVENANCE)
ABOUT = About(switch=date(2020, 6, 21))
FEW = ["status_quo", "exchange_kyc", "hawala_licensing", "privacy_delisting", "revenue_strikes", "kinetic_pressure"]
EFFECTS = effects_table()
EFFECTS = EFFECTS[EFFECTS["policy"].isin(FEW)].reset_index(drop=True)
STUDY = {"effects": EFFECTS, "frontier": frontier_table(), "weekly": weekly_table()}
EFFECT_FIGURES = ("forest", "interaction", "core_network")


def drawings(tables: dict[str, pd.DataFrame], about: About = ABOUT) -> dict[str, Drawing]:
    """Every kind of figure by its name; an absent table is an empty one."""
    nothing = pd.DataFrame()
    kinds: dict[str, Any] = {"forest": forest, "interaction": interaction, "core_network": core_network}
    made: dict[str, Drawing] = {kind: partial(kinds[kind], tables.get("effects", nothing), about) for kind in kinds}
    made["frontier"] = partial(frontier, tables.get("frontier", nothing), about)
    made["paths"] = partial(paths, tables.get("weekly", nothing), about)
    return made


def made(name: str, tables: dict[str, pd.DataFrame], about: About = ABOUT) -> tuple[Figure, str]:
    """A figure that must not be empty, laid out."""
    with matplotlib.rc_context(PRINT.style()):
        figure, title = drawings(tables, about)[name](SHEET) or pytest.fail(f"no {name}")
        lay_out(figure)
        figure.draw_without_rendering()
    return figure, title


def found(name: str, table: pd.DataFrame, about: About = ABOUT) -> list[Finding]:
    """The findings of which the title of a figure is made."""
    if name == "frontier":
        return frontier_findings(frontier_rows(table))
    if name == "paths":
        return paths_findings(differences(table, about), about)
    rows = getattr(of_effects, f"{name}_rows")(table, about)
    return list(getattr(of_effects, f"{name}_findings")(rows, about))


def in_short(findings: list[Finding]) -> list[tuple[str, str, str]]:
    """Group, policy and verdict of findings."""
    return [(one.group, one.policy, one.verdict) for one in findings]


def words_of(figure: Figure) -> list[Text]:
    """Every text that is drawn, one for each label."""
    shown = [*figure.texts, *(text for legend in figure.legends for text in legend.get_texts())]
    for axes in figure.axes:
        shown += [*axes.texts, axes.title, axes._left_title, axes.xaxis.label, axes.yaxis.label]
        for axis in (axes.xaxis, axes.yaxis):
            shown += [tick.label1 for tick in axis._update_ticks()] + [tick.label2 for tick in axis._update_ticks()]
    return [text for text in shown if text.get_visible() and text.get_text().strip()]


def flipped(table: pd.DataFrame) -> pd.DataFrame:
    """The same table with every effect of the opposite sign."""
    change = {"mean": -table["mean"], "verdict": table["verdict"].replace({"raises": "lowers", "lowers": "raises"})}
    for end in ("", "mc_"):
        change |= {f"{end}low": -table[f"{end}high"], f"{end}high": -table[f"{end}low"]}
    return table.assign(**change)


def points(figure: Figure) -> dict[str, tuple[float, float]]:
    """Where markers are, by the row that they stand for."""
    lines = [line for axes in figure.axes for line in axes.lines if line.get_gid()]
    return {str(line.get_gid()): (float(line.get_xdata()[0]), float(line.get_ydata()[0])) for line in lines}


@pytest.fixture(scope="module")
def figures() -> dict[str, tuple[Figure, str]]:
    return {name: made(name, STUDY) for name in drawings(STUDY)}


# --- files -----------------------------------------------------------------------------------------------------------


def test_files_hold_title_caption_provenance_and_words_and_the_same_bytes_again(tmp_path: Path) -> None:
    few = {
        "effects": EFFECTS[EFFECTS["policy"].isin(["status_quo", "exchange_kyc"]) & (EFFECTS["profile"] == "is_core")],
        "frontier": STUDY["frontier"].query("policy == 'exchange_kyc' and profile == 'is_core'"),
        "weekly": weekly_table({"is_core": 2.0}, 4),
    }
    before = dict(matplotlib.rcParams)
    written = PRINT.draw(drawings(few), tmp_path / "figures", PROVENANCE)
    assert [path.name for path in written] == [f"{stem}.{kind}" for stem in drawings(few) for kind in ("png", "svg")]
    for png, svg in itertools.batched(written, 2):
        with Image.open(png) as image:
            about = dict(image.info)
            assert image.width == 1080
            assert np.asarray(image.convert("L")).std() > 5
        assert {key: about[key] for key in PROVENANCE} == PROVENANCE
        assert "common random numbers" in about["Description"]
        text = html.unescape(svg.read_text(encoding="utf-8"))
        assert all(f"{key}: {value}" in text for key, value in PROVENANCE.items())
        assert about["Title"] in text and "<text" in text
    again = PRINT.draw(drawings(few), tmp_path / "again", PROVENANCE)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in written]
    assert dict(matplotlib.rcParams) == before
    assert not Gcf.figs


def test_nothing_to_draw(tmp_path: Path) -> None:
    assert PRINT.draw(drawings({}), tmp_path, PROVENANCE) == []
    empty = {name: table.iloc[:0] for name, table in STUDY.items()}
    assert PRINT.draw(drawings(empty), tmp_path, PROVENANCE) == []


def test_what_a_study_lacks_is_not_drawn() -> None:
    def drawn(**tables: pd.DataFrame) -> set[str]:
        return {name for name, drawing in drawings(tables).items() if drawing(SHEET)}

    assert drawn(effects=EFFECTS[EFFECTS["contrast"] == "policy"]) == {"forest"}
    assert drawn(effects=EFFECTS.assign(mean=np.nan)) == set()
    assert drawn(weekly=STUDY["weekly"].query("arm != 'none'")) == set()


# --- how it looks ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", drawings(STUDY))
def test_no_word_is_cut_or_runs_into_another(figures: dict[str, tuple[Figure, str]], name: str) -> None:
    assert len(apart_words(figures[name][0])) > 20


def apart_words(figure: Figure) -> list[Any]:
    """The texts of a figure, of which none is cut or runs into another."""
    texts = words_of(figure)
    spots = [text.get_window_extent() for text in texts]
    for one, spot in zip(texts, spots, strict=True):
        assert spot.x0 >= 0 and spot.y0 >= 0, one
        assert spot.x1 <= figure.bbox.width and spot.y1 <= figure.bbox.height, one
    for a, b in itertools.combinations(range(len(texts)), 2):
        across = min(spots[a].x1, spots[b].x1) - max(spots[a].x0, spots[b].x0)
        deep = min(spots[a].y1, spots[b].y1) - max(spots[a].y0, spots[b].y0)
        assert across < 1 or deep < 1, (texts[a], texts[b])
    assert min(text.get_fontsize() for text in texts) >= 5.8
    return texts


@pytest.mark.parametrize("peak", [0.5, 300.0])
def test_labels_of_paths_have_room_with_one_group(peak: float) -> None:
    apart_words(made("paths", {"weekly": weekly_table({"donor_funded": peak}, 40)})[0])


@pytest.mark.parametrize("name", drawings(STUDY))
def test_title_and_caption_are_drawn_whole_and_axes_are_linear(
    figures: dict[str, tuple[Figure, str]], name: str
) -> None:
    figure, title = figures[name]
    drawn = [" ".join(text.get_text().split()) for text in figure.texts]
    assert drawn[0].lower() == title.replace("; ", " ").lower()
    assert figure.get_label() in drawn[2] and all(value in drawn[2] for value in PROVENANCE.values())
    assert drawn[1] == ""
    assert {scale for axes in figure.axes for scale in (axes.get_xscale(), axes.get_yscale())} == {"linear"}


def crossings(points: list[tuple[float, float]], heights: list[float]) -> int:
    """How many lines from points to their labels cross: each with its ends on both sides of the other."""

    def side(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    lines = [(point, (1.03, height)) for point, height in zip(points, heights, strict=True)]
    return sum(
        side(*one, other[0]) * side(*one, other[1]) < 0 and side(*other, one[0]) * side(*other, one[1]) < 0
        for one, other in itertools.combinations(lines, 2)
    )


def test_lines_to_labels_do_not_cross() -> None:
    rng = np.random.default_rng(1)
    before = 0
    for _ in range(50):
        points = [(float(x), float(y)) for x, y in rng.random((12, 2))]
        heights = apart([y for _, y in points], 0.07)
        before += crossings(points, heights)
        moved = uncrossed(points, heights)
        assert sorted(moved) == sorted(heights) and crossings(points, moved) == 0
    assert before > 30
    assert uncrossed([(0.1, 0.5), (0.1, 0.5)], [0.4, 0.6]) == [0.4, 0.6]


def test_labels_are_moved_apart_in_their_order() -> None:
    moved = apart([0.5, 0.52, 0.1, 0.51], 0.1)
    assert np.diff(sorted(moved)).min() >= 0.1 - 1e-12
    assert list(np.argsort(moved)) == [2, 0, 3, 1]
    assert apart([0.9, 2.0, -1.0], 0.1) == pytest.approx([0.88, 0.98, 0.0])


# --- marks lie where the table has them ------------------------------------------------------------------------------


def test_markers_and_bars_of_the_forest_lie_at_the_table(figures: dict[str, tuple[Figure, str]]) -> None:
    figure = figures["forest"][0]
    rows = EFFECTS[(EFFECTS["contrast"] == "policy") & (EFFECTS["intensity"] == 1) & (EFFECTS["arm"] != "placebo")]
    rows = rows[rows["outcome"] == "rate"].set_index("id")
    drawn = points(figure)
    assert set(drawn) == set(rows.index)
    assert all(drawn[key][0] == row["mean"] for key, row in rows.iterrows())
    spans = {tuple(line.get_xdata()) for axes in figure.axes for line in axes.lines if len(line.get_xdata()) == 2}
    assert {(row["low"], row["high"]) for _, row in rows.iterrows()} <= spans
    assert {(row["mc_low"], row["mc_high"]) for _, row in rows.iterrows()} <= spans
    order = [label.get_text().replace("\n", " ") for label in figure.axes[0].get_yticklabels()]
    means = rows.groupby("policy")["mean"].mean().sort_values()
    assert order == [text.policy_heading(name) for name in means.index]


def test_markers_of_effects_lie_at_the_table(figures: dict[str, tuple[Figure, str]]) -> None:
    rows = EFFECTS.set_index("id")
    parts = rows[rows["outcome"].isin(["rate_core", "rate_network"])]
    drawn = {name: points(figures[name][0]) for name in ("interaction", "core_network")}
    assert len(drawn["interaction"]) == 3 * 2 * (len(FEW) + len(FEW) - 1)
    assert {rows.loc[key, "contrast"] for key in drawn["interaction"]} == {"switch", "interaction"}
    assert set(drawn["core_network"]) == set(parts.index)
    for axis, name in enumerate(drawn):
        assert all(at[axis] == rows.loc[key, "mean"] for key, at in drawn[name].items())


def test_points_of_the_frontier_lie_at_the_table(figures: dict[str, tuple[Figure, str]]) -> None:
    rows = STUDY["frontier"].query("arm == 'announcement'").itertuples(index=False)
    wanted = {f"{row.policy}@{row.intensity:g}/{row.profile}": (row.harm, row.averted) for row in rows}
    drawn, most = points(figures["frontier"][0]), STUDY["frontier"]["harm_high"].max()
    assert drawn.keys() == wanted.keys()
    for key, (harm, averted) in wanted.items():  # what is not modelled is drawn right of the axis of harm
        assert drawn[key][1] == averted and (drawn[key][0] > most if math.isnan(harm) else drawn[key][0] == harm)


def test_markers_tell_verdicts_apart(figures: dict[str, tuple[Figure, str]]) -> None:
    looks: dict[str, set[Any]] = {}
    kinds = EFFECTS.set_index("id")["verdict"]
    for line in (line for axes in figures["interaction"][0].axes for line in axes.lines if line.get_gid()):
        look = (line.get_markerfacecolor(), line.get_markersize(), line.get_fillstyle())
        looks.setdefault(kinds[line.get_gid()], set()).add(look)
    assert set(looks) == {"raises", "lowers", "negligible", "depends", "inconclusive"}
    assert looks["inconclusive"] == {("white", 4.5, "full")}
    assert {fill for *_, fill in looks["depends"]} == {"left"}
    assert {size for _, size, _ in looks["negligible"]} == {0.55 * 4.5}
    assert not (looks["raises"] | looks["lowers"]) & (looks["negligible"] | looks["inconclusive"] | looks["depends"])


def test_paths_are_differences_on_common_random_numbers(figures: dict[str, tuple[Figure, str]]) -> None:
    table = weekly_table({"donor_funded": 3.1}, 6)
    rows = differences(table, ABOUT)
    wide = table.pivot(index=["draw", "replication", "date"], columns="arm", values="capacity")
    by_hand = (100 * (wide["full"] / wide["none"] - 1)).groupby(["draw", "date"]).mean().unstack("draw")
    weeks = (by_hand.index - pd.Timestamp(ABOUT.switch)).days / 7
    by_hand = by_hand[(weeks >= -26) & (weeks <= 79)]
    band = banded(rows[rows["arm"] == "full"], "capacity")
    assert band["after"].iloc[[0, -1]].tolist() == pytest.approx([-181 / 7, 547 / 7])
    assert band["mean"].to_numpy() == pytest.approx(by_hand.mean(axis=1).to_numpy(), abs=1e-9)
    assert band["high"].to_numpy() == pytest.approx(by_hand.quantile(0.975, axis=1).to_numpy(), abs=1e-9)
    assert band.loc[band["after"] < 0, "mean"].abs().max() == pytest.approx(0, abs=1e-9)
    money = table.pivot(index=["replication", "date"], columns="arm", values="delivered")
    last = (money["full"] - money["none"]).unstack("replication").rolling(4).mean().mean(axis=1).iloc[-1]
    assert banded(rows[rows["arm"] == "full"], "delivered")["mean"].iloc[-1] == pytest.approx(last)
    lines = [line for line in figures["paths"][0].axes[0].lines if line.get_gid()]
    assert [line.get_gid() for line in lines] == ["announcement", "full"]
    every = differences(STUDY["weekly"], ABOUT).query("profile == 'is_core' and arm == 'announcement'")
    assert lines[0].get_ydata() == pytest.approx(banded(every, "capacity")["mean"].to_numpy())


def test_runs_without_their_pair_are_left_out_of_paths() -> None:
    table = weekly_table({"x": 2.0}, 4)
    less = differences(table[~((table["arm"] == "none") & (table["draw"] == 1))], ABOUT)
    assert set(less["draw"]) == {0}


# --- titles ----------------------------------------------------------------------------------------------------------


def test_title_of_the_forest_follows_the_table(figures: dict[str, tuple[Figure, str]]) -> None:
    rows = EFFECTS.query("contrast == 'policy' and arm == 'announcement' and intensity == 1 and outcome == 'rate'")
    row = rows.query("policy == 'kinetic_pressure' and profile == 'is_core'").iloc[0]
    first = found("forest", EFFECTS)[0]
    assert (first.group, first.policy, first.verdict) == ("is_core", "kinetic_pressure", "lowers")
    assert (first.median, first.low, first.high) == (row["mean"], row["low"], row["high"])
    title = figures["forest"][1]
    assert title.endswith("attacks fall most with military pressure in every group")
    other = in_short(found("forest", flipped(EFFECTS)))
    assert other[:2] == [("is_core", other[0][1], "inconclusive"), ("is_core", "kinetic_pressure", "raises")]
    for verdict in ("negligible", "inconclusive"):
        all_alike = found("forest", EFFECTS.assign(verdict=verdict))
        assert [(one.group, one.verdict) for one in all_alike] == [(group, verdict) for group in PROFILES]


def test_title_of_the_interaction_follows_the_table() -> None:
    large, donors, network = found("interaction", EFFECTS)
    assert [one.verdict for one in (large, donors, network)] == ["negligible", "raises", "lowers"]
    rows = EFFECTS.query("contrast == 'interaction' and arm == 'announcement' and profile == 'donor_funded'")
    rows = rows[rows["intensity"] == 1]
    rows = rows[rows["outcome"] == "rate"]
    most = rows[rows["verdict"] == "lowers"].sort_values("mean").iloc[0]
    assert donors.more["change-policy"] == text.policy(most["policy"])
    _, donors, network = found("interaction", flipped(EFFECTS))
    assert [one.verdict for one in (donors, network)] == ["lowers", "raises"]
    assert donors.more["change-policy"] == text.policy(most["policy"])
    none = found("interaction", EFFECTS[(EFFECTS["contrast"] != "interaction") | (EFFECTS["mean"] > 0)])[1]
    assert (none.verdict, none.more["change"]) == ("raises", "no")


def test_title_of_core_and_network_follows_the_table() -> None:
    parts = ("rate_core", "rate_network")
    verdicts = [(one.group, one.more["part"], one.verdict) for one in found("core_network", EFFECTS)]
    assert verdicts[:2] == [("is_core", "both", "negligible"), ("donor_funded", "both", "raises")]
    mixed = EFFECTS.assign(verdict=np.where(EFFECTS["outcome"] == parts[0], "inconclusive", "raises"))
    every = found("core_network", mixed)
    assert [(one.group, one.more["part"]) for one in every] == [(group, part) for group in PROFILES for part in parts]
    rows = EFFECTS.query("arm == 'announcement' and outcome == 'rate_core' and profile == 'donor_funded'")
    assert every[2].median == rows[rows["group.routing"] == 0.1]["mean"].iloc[0]
    title = made("core_network", {"effects": mixed})[1]
    assert "inconclusive on the core of every group" in title
    assert "raises the attacks of the network of every group" in title


def test_title_of_the_frontier_follows_the_table(figures: dict[str, tuple[Figure, str]]) -> None:
    table = STUDY["frontier"]
    rows = table.query("arm == 'announcement' and averted_verdict == 'lowers' and profile == 'donor_funded'")
    best = rows.loc[rows["averted"].idxmax()]
    shown = next(one for one in found("frontier", table) if one.group == "donor_funded")
    assert (shown.policy, shown.median, shown.verdict) == (best["policy"], best["averted"], "lowers")
    assert (best["harm_modelled"], shown.more["harm"]) == ("no", "unmodelled")
    assert "(harm not modelled)" in figures["frontier"][1]
    lawful = table[table["harm_modelled"] == "yes"].assign(averted_verdict="lowers", averted=1.0, harm=9e4)
    words = made("frontier", {"frontier": lawful.assign(harm_low=8e4, harm_high=1e5)})[1]
    assert "hinders 90k USD" in words and "not modelled" not in words
    worse = {"averted": -table["averted"], "averted_low": -table["averted_high"], "averted_high": -table["averted_low"]}
    worse |= {"averted_verdict": table["averted_verdict"].replace({"lowers": "raises"})}
    other = in_short(found("frontier", table.assign(**worse)))
    assert {verdict for _, _, verdict in other} == {"inconclusive", "raises"}
    assert ("donor_funded", best["policy"], "raises") in other
    none = found("frontier", table.assign(averted_verdict="negligible"))
    assert [one.verdict for one in none] == ["negligible"] * 3


def test_title_of_paths_follows_the_table() -> None:
    large, donors, network = found("paths", STUDY["weekly"])
    assert [one.verdict for one in (large, donors, network)] == ["negligible", "raises", "lowers"]
    rows = differences(STUDY["weekly"], ABOUT).query("profile == 'donor_funded' and arm == 'announcement'")
    band = banded(rows[rows["after"] > 0], "capacity")
    peak = band.loc[band["mean"].idxmax()]
    assert (donors.median, donors.low, donors.high) == tuple(peak[["mean", "low", "high"]])
    assert donors.more["weeks"] == math.ceil(peak["after"])
    weekly = weekly_table({"donor_funded": -3.1, "is_core": 0.9})
    assert [one.verdict for one in found("paths", weekly)][1] == "lowers"
    sign = np.where(weekly["arm"] != "none", 1, 0) * np.where(weekly["draw"] % 2, 1.0, -1.0)
    noise = weekly.assign(capacity=weekly["capacity"] * (1 + 0.05 * sign))
    assert {one.verdict for one in found("paths", noise)} == {"depends"}


# --- studies of a user's own -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("few", "shortage"), [({"draws": 2}, "draws"), ({"draws": 1, "mc_share": 1.0, "n": 2}, "seeds")]
)
def test_where_all_draws_or_seeds_are_too_few_every_title_says_only_that(few: dict[str, float], shortage: str) -> None:
    effects = EFFECTS.assign(verdict="inconclusive", **few)
    for name in EFFECT_FIGURES:
        assert {one.shortage for one in found(name, effects)} == {shortage}
        assert made(name, {"effects": effects})[1] == f"2 {shortage} are too few for a verdict"


def test_one_run_has_no_intervals() -> None:
    bounds = dict.fromkeys(["low", "high", "mc_low", "mc_high"], np.nan)
    one = EFFECTS.assign(**bounds, verdict="inconclusive", n=1, draws=1)
    for name in EFFECT_FIGURES:
        figure, _ = made(name, {"effects": one})
        assert "1 pairs of runs on common random numbers, 1 draws" in figure.get_label()
    figure, _ = made("paths", {"weekly": weekly_table({"is_core": 2.0}, 1)})
    assert "1 run in each arm" in figure.get_label()


def test_paths_of_held_parameters_are_judged_by_their_seeds() -> None:
    held = dataclasses.replace(ABOUT, drawn=False)

    def of(seeds: int, about: About) -> tuple[str, str]:
        [one] = found("paths", weekly_table({"is_core": 0.0}, seeds), about)
        return one.verdict, one.shortage

    assert of(19, held) == ("inconclusive", "seeds") and of(20, held) == ("negligible", "")
    assert of(76, ABOUT) == ("inconclusive", "draws") and of(78, ABOUT) == ("negligible", "")
    figure, _ = made("paths", {"weekly": weekly_table({"is_core": 0.0}, 20)}, held)
    assert "mean over seeds, parameters held" in figure.get_label()


def test_parameters_held_are_said() -> None:
    figure, _ = made("forest", {"effects": EFFECTS.assign(mc_share=1.0, draws=1)})
    assert "parameters held; marker: mean; bar: 95% interval of the mean" in figure.get_label()


def test_own_groups_policies_and_settings() -> None:
    names = {"is_core": "my_group", "donor_funded": "a_group_whose_name_is_much_longer_than_others"}
    mixes = {
        "hawala_licensing": "exchange_kyc+channel_takedown+donor_prosecution",
        "revenue_strikes": "kinetic_pressure+exchange_kyc",
    }
    own = EFFECTS.assign(profile=EFFECTS["profile"].replace(names), policy=EFFECTS["policy"].replace(mixes))
    more = own[own["profile"] == "external_network"]
    own = pd.concat([own, more.assign(profile="fourth"), more.assign(profile="fifth")])
    own = own[own["policy"].isin(["status_quo", "exchange_kyc", *mixes.values()])]
    for name in ("forest", "interaction"):
        figure, _ = made(name, {"effects": own})
        for one in words_of(figure):
            assert one.get_window_extent().x0 >= 0 and one.get_window_extent().x1 <= figure.bbox.width


def test_a_study_of_one_group_that_varies_something_else() -> None:
    one = EFFECTS[EFFECTS["profile"] == "donor_funded"].drop(columns=["profile", "group.routing", "world", "loop"])
    one = one.drop_duplicates(["contrast", "arm", "policy", "intensity", "outcome"])
    both = pd.concat([one.assign(money=0.1), flipped(one).assign(money=0.3)])
    both = both[["money", *one.columns]]
    about = dataclasses.replace(ABOUT, levels={**ABOUT.levels, "money": 0.3})
    verdicts = [[shown.verdict for shown in found("interaction", both, chosen)] for chosen in (ABOUT, about)]
    assert verdicts == [["raises"], ["lowers"]]
    assert all(made(name, {"effects": both})[1] for name in EFFECT_FIGURES)
    assert made("frontier", {"frontier": STUDY["frontier"].drop(columns="profile").head(6)})[1]


def test_reference_cell_is_held() -> None:
    other = flipped(EFFECTS).assign(verdict="raises")
    for change in ({"world": "no_oil_loss"}, {"loop": "cut"}, {"group.routing": 0.5}, {"window": 13}):
        both = pd.concat([other.assign(**change), EFFECTS], ignore_index=True)
        assert in_short(found("interaction", both)) == in_short(found("interaction", EFFECTS))


def test_of_a_level_that_is_not_there_the_nearest_number_or_first_text_is_held() -> None:
    table = pd.DataFrame({"money": [0.1, 0.3, 0.3], "world": ["b", "a", "b"]})
    assert nearest(table, {"money": 0.25}).index.tolist() == [1, 2]
    assert nearest(table, {"world": "c"}).index.tolist() == [0, 2]
    assert nearest(table, {"money": "much", "absent": 1}).index.tolist() == [0]


def test_without_announcement_titles_are_of_the_arm_that_is_there() -> None:
    effects = EFFECTS[EFFECTS["arm"] == "full"]
    assert found("interaction", effects)[1].arm == "full"
    figure, _ = made("interaction", {"effects": effects})
    assert [axes.get_title(loc="left").split(":\n")[1] for axes in figure.axes] == ["full switch"] * 2


# --- what a referee asked for ----------------------------------------------------------------------------------------


def test_medians_stand_for_effects_where_they_are_known() -> None:
    table = EFFECTS.assign(median=0.8 * EFFECTS["mean"], mc_share=0.1)
    table.loc[table["profile"] == "is_core", "median"] = np.nan
    wanted = table.set_index("id")["median"].fillna(table.set_index("id")["mean"])
    for name in EFFECT_FIGURES:
        figure, _ = made(name, {"effects": table})
        drawn = points(figure)
        assert set(drawn) == set(points(made(name, {"effects": EFFECTS})[0]))
        assert all(at[name == "core_network"] == wanted[key] for key, at in drawn.items())
        assert "marker: median of draws" in figure.get_label()
    assert found("interaction", table)[1].median == pytest.approx(0.8 * found("interaction", EFFECTS)[1].median)


def still(table: pd.DataFrame, here: "pd.Series[bool]", *columns: str) -> pd.DataFrame:
    """A table in which some rows are exactly zero and so negligible."""
    table = table.copy()
    table.loc[here, list(columns)] = 0.0
    table.loc[here, [name for name in table if name.endswith("verdict")]] = "negligible"
    return table


def test_what_cannot_act_is_a_dash() -> None:
    strikes = (EFFECTS["policy"] == "revenue_strikes") & (EFFECTS["profile"] == "is_core")
    figure = made("forest", {"effects": still(EFFECTS, strikes, "mean", "low", "high", "mc_low", "mc_high")})[0]
    dashes = {line.get_gid() for axes in figure.axes for line in axes.lines if line.get_marker() == "_"}
    rows = EFFECTS[strikes & (EFFECTS["contrast"] == "policy") & (EFFECTS["intensity"] == 1)]
    assert dashes == set(rows.loc[(rows["outcome"] == "rate") & (rows["arm"] != "placebo"), "id"])
    assert any("exactly zero" in one.get_text() for one in words_of(figure))
    assert not any("exactly zero" in one.get_text() for one in words_of(made("forest", STUDY)[0]))


def test_a_policy_that_cannot_act_is_not_on_the_frontier() -> None:
    table = STUDY["frontier"]
    here = (table["policy"] == "revenue_strikes") & (table["profile"] == "donor_funded")
    bounds = [f"{name}{end}" for name in ("averted", "harm") for end in ("", "_low", "_high")]
    figure, _ = made("frontier", {"frontier": still(table, here, *bounds)})
    assert (
        "Not drawn, as they change no attack at all: striking revenue (the donor-funded group)." in figure.get_label()
    )
    drawn = points(figure)
    assert "revenue_strikes@1/donor_funded" not in drawn and "revenue_strikes@1/is_core" in drawn
    harmful = still(table, here, *bounds[:3]).assign(harm=5.0, harm_low=4.0, harm_high=6.0)
    assert "revenue_strikes@1/donor_funded" in points(made("frontier", {"frontier": harmful})[0])
    nothing = still(table, table["profile"] == "donor_funded", *bounds)
    assert [one.verdict for one in found("frontier", nothing) if one.group == "donor_funded"] == ["negligible"]


def test_harm_that_is_not_modelled_is_said_and_drawn_apart(figures: dict[str, tuple[Figure, str]]) -> None:
    figure = figures["frontier"][0]
    words = ("harm is not modelled: unknown, not zero", "volume of exchanges")
    assert all(one in figure.get_label() for one in words)
    assert any(one.get_text() == "not\nmodelled" for one in words_of(figure))
    table = STUDY["frontier"].assign(outcome="rate")
    lawful = table[table["harm_modelled"].eq("yes") & (table["policy"] != "privacy_delisting")]
    assert not any(one in made("frontier", {"frontier": lawful})[0].get_label() for one in words)
    alone = table[table["harm_modelled"] == "no"].assign(averted_verdict="lowers")
    assert {one.more["harm"] for one in found("frontier", alone)} == {"unmodelled"}
    made("frontier", {"frontier": alone})
    force = alone[alone["policy"] == "kinetic_pressure"]
    mixed = force.assign(policy="kinetic_pressure+exchange_kyc", agency="military+regulator", harm_modelled="part")
    for ends, verdict, said in (((10.0, 30.0), "part", "at least 20 USD"), ((-9.0, 30.0), "unmodelled", "(harm not")):
        rows = mixed.assign(harm=20.0, harm_low=ends[0], harm_high=ends[1])
        assert {one.more["harm"] for one in found("frontier", rows)} == {verdict}
        figure, title = made("frontier", {"frontier": rows})
        assert said in title and "Triangles: mixes with at least this harm" in figure.get_label()
        assert {line.get_marker() for axes in figure.axes for line in axes.lines if line.get_gid()} == {">"}


def test_only_harm_that_is_shown_is_spared_or_done() -> None:
    table = STUDY["frontier"].query("harm_modelled == 'yes'").assign(averted_verdict="lowers", averted=1.0, harm=-900.0)
    verdicts = {(-2e3, -100.0): "lowers", (-2e3, 50.0): "depends", (np.nan, np.nan): "unknown"}
    for (low, high), verdict in verdicts.items():
        shown = found("frontier", table.assign(harm_low=low, harm_high=high))
        assert {one.more["harm"] for one in shown} == {verdict}
        assert ("spares 900 USD" in shown[0].sentence("item", groups="")) == (verdict == "lowers")


def test_the_world_of_the_placebo_is_no_arm() -> None:
    def twin(table: pd.DataFrame, **change: Any) -> pd.DataFrame:
        return pd.concat([table[table["arm"] == "none"].assign(arm="placebo_none", **change), table])

    bare = EFFECTS[EFFECTS["arm"] == "announcement"].assign(arm="placebo_none", id="world")
    effects = pd.concat([bare, twin(EFFECTS, id="world", mean=-99.0, verdict="lowers")], ignore_index=True)
    for name in EFFECT_FIGURES:
        figure, _ = made(name, {"effects": effects})
        assert in_short(found(name, effects)) == in_short(found(name, EFFECTS)) and "world" not in points(figure)
    alone = {"effects": bare, "frontier": STUDY["frontier"].assign(arm="placebo_none")}
    assert not any(drawing(SHEET) for drawing in drawings(alone).values())
    weekly = weekly_table({"donor_funded": 3.1}, 4)
    world = twin(weekly)
    assert set(differences(world, ABOUT)["arm"]) == {"announcement", "full"}
    world.loc[world["arm"] == "placebo_none", "capacity"] *= 0.5
    placebo = differences(world[world["arm"].isin(["none", "placebo", "placebo_none"])], ABOUT)
    assert set(placebo["arm"]) == {"placebo"}
    assert placebo.query("after < 0")["capacity"].to_numpy() == pytest.approx(100)
    assert differences(weekly[weekly["arm"].isin(["none", "placebo"])], ABOUT).empty
    figure, _ = made("paths", {"weekly": world[world["arm"].isin(["placebo", "placebo_none"])]})
    assert "the placebo: minus its own world without a switch" in figure.get_label()
