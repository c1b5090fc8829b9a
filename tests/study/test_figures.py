"""Figures of studies say what the tables say, draw what they hold, overlap nothing and carry their provenance."""

import dataclasses
import html
import itertools
import math
from datetime import date
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

from experiments.figures import About, core_network, draw, forest, frontier, interaction, paths, surface
from experiments.figures.core_network import rows_of as core_network_rows
from experiments.figures.core_network import title_of_core_network
from experiments.figures.forest import rows_of as forest_rows
from experiments.figures.forest import title_of_forest
from experiments.figures.frontier import rows_of as frontier_rows
from experiments.figures.frontier import title_of_frontier
from experiments.figures.interaction import rows_of as interaction_rows
from experiments.figures.interaction import title_of_interaction
from experiments.figures.paths import banded, differences, title_of_paths
from experiments.figures.surface import place_of, rows_of, title_of_surface
from experiments.figures.words import amount, policy_words, within
from experiments.stats import estimates
from sim.engine.text import listed
from sim.plots.layout import PRINT, lay_out
from sim.plots.panels import apart, uncrossed

PROVENANCE = {"version": "0.2.0", "commit": "0123abcdef", "study": "headline 9f8e7d", "date": "2026-01-02"}
PROFILES = ("is_core", "donor_funded", "external_network")
POLICIES = {
    "exchange_kyc": "regulator",
    "privacy_delisting": "regulator",
    "chain_analytics": "chain_analyst",
    "issuer_freezing": "fiu",
    "donor_prosecution": "prosecutor",
    "hawala_licensing": "regulator",
    "channel_takedown": "communicators",
    "revenue_strikes": "military",
    "decapitation": "military",
    "kinetic_pressure": "military",
    "counter_inspiration": "communicators",
    "adaptive": "chain_analyst",
}
ABOUT = About(switch=date(2020, 6, 21), agencies=POLICIES)


def verdict(mean: float, low: float, high: float, margin: float) -> str:
    """The verdict of a row, leaving p aside."""
    if -margin <= low and high <= margin:
        return "practically none"
    return "effect" if low > 0 or high < 0 else "cannot tell"


def interval(mean: float, spread: float, margin: float) -> dict[str, Any]:
    low, high = mean - spread, mean + 1.3 * spread
    mc = {"mc_low": mean - 0.3 * spread, "mc_high": mean + 0.3 * spread}
    return {"mean": mean, "low": low, "high": high, **mc, "verdict": verdict(mean, low, high, margin)}


def effects_table(sizes: dict[str, float] | None = None, n: int = 240) -> pd.DataFrame:
    """effects.csv of a study with every policy; ``sizes`` is the switch effect in each profile, per cent."""
    sizes = sizes or {"is_core": 0.004, "donor_funded": 3.1, "external_network": -0.9}
    luck = np.random.default_rng(1)
    rows = []
    for profile, size in sizes.items():
        for arm, factor in (("none", 0.0), ("announcement", 1.0), ("full", 1.8), ("placebo", 0.3)):
            for policy in ("status_quo", *POLICIES):
                for strength in (0.5, 1.0) if policy != "status_quo" else (0.0,):
                    strike = {"kinetic_pressure": -11, "decapitation": -4, "revenue_strikes": -1.5}.get(policy, 0.0)
                    own = strike + abs(size) * luck.normal(-0.8, 0.8)
                    undone = -size * factor * luck.uniform(-0.1, 0.9)
                    for outcome in ("capacity", "rate"):
                        cell = {"arm": arm, "policy": policy, "intensity": strength, "profile": profile}
                        cell |= {"group.routing": 0.1, "outcome": outcome}
                        if policy != "status_quo":
                            rows.append(cell | {"contrast": "policy"} | interval(own * strength, 0.4 * abs(own), 1.0))
                        if arm == "none":
                            continue
                        left = size * factor + (undone * strength if policy != "status_quo" else 0.0)
                        spread = 0.5 * abs(size) * factor
                        rows.append(cell | {"contrast": "switch"} | interval(left, spread, 1.0))
                        if policy != "status_quo":
                            rows.append(
                                cell | {"contrast": "interaction"} | interval(undone * strength, 0.3 * spread, 1.0)
                            )
            for routing in (0.0, 0.1, 0.5) if arm != "none" else ():
                for outcome, part in (("capacity_core", 1.0 - routing), ("capacity_network", 0.5 + 12 * routing)):
                    cell = {"arm": arm, "policy": "status_quo", "intensity": 0.0, "profile": profile}
                    cell |= {"group.routing": routing, "outcome": outcome, "contrast": "switch"}
                    rows.append(cell | interval(size * factor * part, 0.4 * abs(size) * part, 1.0))
    table = pd.DataFrame(rows).assign(world="as_it_was", loop="on", window=52, unit="%", n=n, draws=n // 4, margin=1.0)
    words = ["contrast", "arm", "policy", "intensity", "profile", "group.routing", "outcome"]
    return table.assign(id=["/".join(map(str, row)) for row in table[words].itertuples(index=False)])


def frontier_table() -> pd.DataFrame:
    """frontier.csv with every policy at three intensities."""
    luck = np.random.default_rng(2)
    rows = []
    for profile, size in zip(PROFILES, (3.0, 0.08, 0.5), strict=True):
        for policy, agency in POLICIES.items():
            most = size * (1.0 if agency == "military" else 0.05) * luck.lognormal(-0.5, 1)
            harm = 0.0 if agency == "military" else luck.choice([0.0, 30.0, 4_000.0, 90_000.0])
            for strength in (0.25, 0.5, 1.0):
                averted, cost = most * strength**0.8, harm * strength
                rows += [
                    {
                        "profile": profile, "arm": arm, "policy": policy, "intensity": strength, "agency": agency,
                        "staff_weeks": 10 * strength, "averted": averted, "averted_low": 0.5 * averted - 0.01 * size,
                        "averted_high": 1.7 * averted, "harm": cost, "harm_low": 0.7 * cost, "harm_high": 1.4 * cost,
                        "outcome": "rate" if agency == "military" else "capacity", "n": 240,
                        "averted_verdict": verdict(averted, 0.5 * averted - 0.01 * size, 1.7 * averted, 0.012 * size),
                    }
                    for arm in ("none", "announcement")
                ]  # fmt: skip
    return pd.DataFrame(rows)


def weekly_table(peaks: dict[str, float] | None = None, replications: int = 40) -> pd.DataFrame:
    """weekly.parquet: capacity rises after the switch by a peak (per cent of no switch), with luck by draw."""
    peaks = peaks or {"is_core": 0.004, "donor_funded": 3.1, "external_network": -0.9}
    weeks = np.arange(140, 260)
    dates = pd.to_datetime("2017-01-02") + pd.to_timedelta(7 * weeks, unit="D")
    after = np.clip(weeks - 181, 0, None)
    shape = after / 26.0 * np.exp(1 - after / 26.0)
    frames = []
    for profile, peak in peaks.items():
        for replication in range(replications):
            luck = np.random.default_rng(replication // 2)
            own = peak * luck.normal(1.0, 0.25)
            noise = np.random.default_rng(1000 + replication)
            base = 8.0 + noise.normal(0, 0.3, len(weeks))
            money = 900 * noise.lognormal(0, 0.7, len(weeks))
            for arm, factor in (("none", 0.0), ("announcement", 1.0), ("full", 1.8), ("placebo", 0.3)):
                wobble = noise.normal(0, 0.02 * abs(peak), len(weeks)) * (factor > 0) * (after > 0)
                frames.append(
                    pd.DataFrame(
                        {
                            "replication": replication, "draw": replication // 2, "arm": arm, "policy": "status_quo",
                            "intensity": 0.0, "profile": profile, "group.routing": 0.1, "world": "as_it_was",
                            "loop": "on", "week": weeks, "date": dates,
                            "capacity": base * (1 + (own * factor * shape + wobble) / 100),
                            "delivered": money * (1 + 0.1 * own * factor * (after > 0)),
                        }
                    )
                )  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def surface_tables(peak: float = 4.0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """surface.csv and threshold.csv of two policies in two profiles."""
    links, follows = (0.002, 0.02, 0.05, 0.1, 0.25, 0.5, 0.85), (0.0, 0.25, 0.5, 0.75, 1.0)
    rows, lines = [], []
    for profile, size in (("donor_funded", peak), ("is_core", 0.003 * peak)):
        for policy, cut in (("status_quo", 1.0), ("exchange_kyc", 0.4), ("chain_analytics", 0.7)):
            for link in links:
                lines.append({"profile": profile, "policy": policy, "link": link, "loss_old": 0.4})
                lines[-1] |= {"loss_new": 0.9 * link**0.5, "threshold": 0.6 / (1 - 0.9 * link**0.5)}
                for follow in follows:
                    gain = size * cut * (follow * (1 - 0.9 * link**0.5) - 0.35)
                    cell = {"profile": profile, "policy": policy, "link": link, "follow": follow, "n": 120}
                    rows.append(cell | {"outcome": "capacity"} | interval(gain, 0.3 * abs(size) * cut, 1.0))
                    rows.append(cell | {"outcome": "delivered"} | interval(900 * gain, 300 * abs(size) * cut, 0.0))
                    seized = -60 * size * follow * (1 - link) * cut
                    rows.append(cell | {"outcome": "seized"} | interval(seized, 15 * abs(size) * cut, 0.0))
    return pd.DataFrame(rows), pd.DataFrame(lines)


def tables_of_a_study() -> dict[str, pd.DataFrame]:
    """All tables that figures read."""
    surface, threshold = surface_tables()
    made = {"effects": effects_table(), "frontier": frontier_table(), "weekly": weekly_table()}
    return made | {"surface": surface, "threshold": threshold}


FEW = ["status_quo", "exchange_kyc", "hawala_licensing", "privacy_delisting", "revenue_strikes", "kinetic_pressure"]
STUDY = tables_of_a_study()
EFFECTS = STUDY["effects"][STUDY["effects"]["policy"].isin(FEW)].reset_index(drop=True)
STUDY["effects"] = EFFECTS
MADE = {
    "forest": lambda tables: forest(tables["effects"], ABOUT, PROVENANCE),
    "interaction": lambda tables: interaction(tables["effects"], ABOUT, PROVENANCE),
    "frontier": lambda tables: frontier(tables["frontier"], ABOUT, PROVENANCE),
    "paths": lambda tables: paths(tables["weekly"], ABOUT, PROVENANCE),
    "core_network": lambda tables: core_network(tables["effects"], ABOUT, PROVENANCE),
    "surface": lambda tables: surface(tables["surface"], tables["threshold"], "donor_funded", ABOUT, PROVENANCE),
}


def made(name: str, tables: dict[str, pd.DataFrame]) -> tuple[Figure, str]:
    """A figure that must not be empty, laid out."""
    with matplotlib.rc_context(PRINT.style()):
        figure, title = MADE[name](tables) or pytest.fail(f"no {name}")
        lay_out(figure)
        figure.draw_without_rendering()
    return figure, title


def title_of(name: str, tables: dict[str, pd.DataFrame]) -> str:
    """The title that a figure would have."""
    if name == "frontier":
        return title_of_frontier(frontier_rows(tables["frontier"]))
    if name == "paths":
        return title_of_paths(differences(tables["weekly"], ABOUT), ABOUT)
    if name == "core_network":
        return title_of_core_network(core_network_rows(tables["effects"], ABOUT), ABOUT)
    if name == "forest":
        return title_of_forest(forest_rows(tables["effects"], ABOUT))
    return title_of_interaction(interaction_rows(tables["effects"], ABOUT))


def said(title: str) -> list[str]:
    """The clauses of a title."""
    return title.split("; ")


def subtitle(figure: Figure) -> str:
    """What a figure says below its title, on one line."""
    return figure.texts[1].get_text().replace("\n", " ")


def words_of(figure: Figure) -> list[Text]:
    """Every text that is drawn, one for each label."""
    found = [*figure.texts, *(text for legend in figure.legends for text in legend.get_texts())]
    for axes in figure.axes:
        found += [*axes.texts, axes.title, axes._left_title, axes.xaxis.label, axes.yaxis.label]
        for axis in (axes.xaxis, axes.yaxis):
            found += [tick.label1 for tick in axis._update_ticks()] + [tick.label2 for tick in axis._update_ticks()]
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def flipped(table: pd.DataFrame, ends: tuple[str, ...] = ("", "mc_")) -> pd.DataFrame:
    """The same table with every effect of the opposite sign."""
    change = {"mean": -table["mean"]}
    for end in ends:
        change |= {f"{end}low": -table[f"{end}high"], f"{end}high": -table[f"{end}low"]}
    return table.assign(**change)


@pytest.fixture(scope="module")
def figures() -> dict[str, tuple[Figure, str]]:
    return {name: made(name, STUDY) for name in MADE}


# --- files -----------------------------------------------------------------------------------------------------------


def test_files_and_provenance(tmp_path: Path) -> None:
    few = {
        "effects": EFFECTS[EFFECTS["policy"].isin(["status_quo", "exchange_kyc"]) & (EFFECTS["profile"] == "is_core")],
        "frontier": STUDY["frontier"].query("policy == 'exchange_kyc' and profile == 'is_core'"),
        "weekly": weekly_table({"is_core": 2.0}, 4),
        "surface": STUDY["surface"].query("policy == 'status_quo' and profile == 'donor_funded'"),
    }
    before = dict(matplotlib.rcParams)
    written = draw(few, ABOUT, tmp_path / "figures", PROVENANCE)
    stems = ["1_forest", "2_interaction", "3_frontier", "4_paths", "5_core_network", "6_surface_donor_funded"]
    assert [path.name for path in written] == [f"{stem}.{kind}" for stem in stems for kind in ("png", "svg")]
    for png, svg in zip(written[::2], written[1::2], strict=True):
        with Image.open(png) as image:
            about = dict(image.info)
            assert image.width == 1080
            assert np.asarray(image.convert("L")).std() > 5
        assert {key: about[key] for key in PROVENANCE} == PROVENANCE
        text = html.unescape(svg.read_text(encoding="utf-8"))
        assert all(f"{key}: {value}" in text for key, value in PROVENANCE.items())
        assert about["Title"] in text
    assert dict(matplotlib.rcParams) == before
    assert not Gcf.figs


def test_nothing_to_draw(tmp_path: Path) -> None:
    assert draw({}, ABOUT, tmp_path, PROVENANCE) == []
    empty = {name: table.iloc[:0] for name, table in STUDY.items()}
    assert draw(empty, ABOUT, tmp_path, PROVENANCE) == []
    assert all(figure(empty) is None for figure in MADE.values())


def test_what_a_study_lacks_is_not_drawn() -> None:
    effects = {"effects": EFFECTS[EFFECTS["contrast"] == "policy"]}
    assert MADE["interaction"](effects) is None
    assert MADE["core_network"](effects) is None
    assert MADE["forest"](effects) is not None
    assert MADE["forest"]({"effects": EFFECTS.assign(mean=np.nan)}) is None
    assert paths(STUDY["weekly"].query("arm != 'none'"), ABOUT, PROVENANCE) is None
    assert surface(STUDY["surface"], STUDY["threshold"], "nobody", ABOUT, PROVENANCE) is None
    assert surface(STUDY["surface"].drop(columns="link"), STUDY["threshold"], "is_core", ABOUT, PROVENANCE) is None


# --- how it looks ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MADE)
def test_no_word_is_cut_or_runs_into_another(figures: dict[str, tuple[Figure, str]], name: str) -> None:
    assert len(apart_words(figures[name][0])) > 20


def apart_words(figure: Figure) -> list[Any]:
    """The texts of a figure, of which none is cut or runs into another."""
    texts = words_of(figure)
    spots = [text.get_window_extent() for text in texts]
    for text, spot in zip(texts, spots, strict=True):
        assert spot.x0 >= 0 and spot.y0 >= 0, text
        assert spot.x1 <= figure.bbox.width and spot.y1 <= figure.bbox.height, text
    for a, b in itertools.combinations(range(len(texts)), 2):
        across = min(spots[a].x1, spots[b].x1) - max(spots[a].x0, spots[b].x0)
        deep = min(spots[a].y1, spots[b].y1) - max(spots[a].y0, spots[b].y0)
        assert across < 1 or deep < 1, (texts[a], texts[b])
    assert min(text.get_fontsize() for text in texts) >= 5.8
    return texts


@pytest.mark.parametrize("peak", [0.5, 3.0, 300.0])
def test_labels_of_paths_have_room_with_one_group(peak: float) -> None:
    """One panel is as high as one of three, so that a label that says how it is scaled must be folded."""
    with matplotlib.rc_context(PRINT.style()):
        figure, _ = made("paths", {"weekly": weekly_table({"donor_funded": peak}, 40)})
        labels = [axes.get_ylabel() for axes in figure.axes]
        assert any("logarithmic" in label for label in labels) == (peak > 3.0)
        apart_words(figure)


@pytest.mark.parametrize("name", MADE)
def test_the_title_is_drawn_whole(figures: dict[str, tuple[Figure, str]], name: str) -> None:
    figure, title = figures[name]
    drawn = figure.texts[0].get_text().replace("\u00a0", " ").replace("\n", " ").lower()
    assert drawn == title.replace("; ", " ").lower()
    assert all(value in figure.texts[2].get_text() for value in PROVENANCE.values())


def test_axes_say_how_they_are_scaled(figures: dict[str, tuple[Figure, str]]) -> None:
    def below(name: str) -> str:
        return " ".join(text.get_text() for text in figures[name][0].texts[3:])

    assert "linear to ±1%, then logarithmic" in below("forest")
    assert "logarithmic" not in below("interaction")
    assert figures["forest"][0].axes[0].get_xscale() == "symlog"
    assert figures["interaction"][0].axes[0].get_xscale() == "linear"


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
        found = uncrossed(points, heights)
        assert sorted(found) == sorted(heights) and crossings(points, found) == 0
    assert before > 30
    assert uncrossed([(0.1, 0.5), (0.1, 0.5)], [0.4, 0.6]) == [0.4, 0.6]


def test_labels_are_moved_apart_in_their_order() -> None:
    moved = apart([0.5, 0.52, 0.1, 0.51], 0.1)
    assert np.diff(sorted(moved)).min() >= 0.1 - 1e-12
    assert list(np.argsort(moved)) == [2, 0, 3, 1]
    assert apart([0.9, 2.0, -1.0], 0.1) == pytest.approx([0.88, 0.98, 0.0])


# --- what is drawn is what the table says ----------------------------------------------------------------------------


def points(figure: Figure) -> dict[str, tuple[float, float]]:
    """Where markers are, by the row that they stand for."""
    lines = [line for axes in figure.axes for line in axes.lines if line.get_gid()]
    return {str(line.get_gid()): (float(line.get_xdata()[0]), float(line.get_ydata()[0])) for line in lines}


def test_markers_and_bars_of_the_forest_lie_at_the_table(figures: dict[str, tuple[Figure, str]]) -> None:
    figure = figures["forest"][0]
    rows = EFFECTS[(EFFECTS["contrast"] == "policy") & (EFFECTS["intensity"] == 1) & (EFFECTS["arm"] != "placebo")]
    military = rows["policy"].map(POLICIES) == "military"
    rows = rows[rows["outcome"] == np.where(military, "rate", "capacity")].set_index("id")
    drawn = points(figure)
    assert set(drawn) == set(rows.index)
    assert all(drawn[key][0] == row["mean"] for key, row in rows.iterrows())
    spans = {tuple(line.get_xdata()) for axes in figure.axes for line in axes.lines if len(line.get_xdata()) == 2}
    assert {(row["low"], row["high"]) for _, row in rows.iterrows()} <= spans
    assert {(row["mc_low"], row["mc_high"]) for _, row in rows.iterrows()} <= spans
    order = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    means = rows.groupby("policy")["mean"].mean().sort_values()
    assert order == [policy_words(name) + " †" * (POLICIES[name] == "military") for name in means.index]


def test_markers_of_the_interaction_lie_at_the_table(figures: dict[str, tuple[Figure, str]]) -> None:
    drawn = points(figures["interaction"][0])
    rows = EFFECTS.set_index("id")
    assert len(drawn) == 3 * 2 * (len(FEW) + len(FEW) - 1)
    assert all(at[0] == rows.loc[key, "mean"] for key, at in drawn.items())
    assert {rows.loc[key, "contrast"] for key in drawn} == {"switch", "interaction"}


def test_markers_of_core_and_network_lie_at_the_table(figures: dict[str, tuple[Figure, str]]) -> None:
    drawn = points(figures["core_network"][0])
    rows = EFFECTS[EFFECTS["outcome"].isin(["capacity_core", "capacity_network"])].set_index("id")
    assert set(drawn) == set(rows.index)
    assert all(at[1] == rows.loc[key, "mean"] for key, at in drawn.items())


def test_points_of_the_frontier_lie_at_the_table(figures: dict[str, tuple[Figure, str]]) -> None:
    drawn = points(figures["frontier"][0])
    rows = STUDY["frontier"].query("arm == 'announcement'")
    wanted = {
        f"{row.policy}@{row.intensity:g}/{row.profile}": (row.harm, row.averted) for row in rows.itertuples(index=False)
    }
    assert drawn == wanted


def test_markers_tell_verdicts_apart(figures: dict[str, tuple[Figure, str]]) -> None:
    looks: dict[str, set[Any]] = {}
    kinds = EFFECTS.set_index("id")["verdict"]
    for line in (line for axes in figures["interaction"][0].axes for line in axes.lines if line.get_gid()):
        looks.setdefault(kinds[line.get_gid()], set()).add((line.get_markerfacecolor(), line.get_markersize()))
    assert set(looks) == {"effect", "practically none", "cannot tell"}
    assert looks["cannot tell"] == {("white", 4.5)}
    assert {size for _, size in looks["practically none"]} == {0.55 * 4.5}
    assert not looks["effect"] & (looks["practically none"] | looks["cannot tell"])


def test_paths_are_differences_on_the_same_luck(figures: dict[str, tuple[Figure, str]]) -> None:
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


def test_cells_of_the_surface_lie_at_the_table(figures: dict[str, tuple[Figure, str]]) -> None:
    table = STUDY["surface"].query("profile == 'donor_funded'")
    cells = [axes.collections[0] for axes in figures["surface"][0].axes if axes.get_label() != "<colorbar>"]
    wanted = [
        table.query(f"outcome == '{outcome}' and policy == '{policy}'").pivot(index="follow", columns="link")["mean"]
        for outcome in ("capacity", "delivered", "seized")
        for policy in ("status_quo", "exchange_kyc", "chain_analytics")
    ]
    assert len(cells) == len(wanted)
    for mesh, values in zip(cells, wanted, strict=True):
        assert np.asarray(mesh.get_array()) == pytest.approx(values.to_numpy())
    hatched = sum(patch.get_hatch() is not None for axes in figures["surface"][0].axes for patch in axes.patches)
    assert hatched == (table["verdict"] == "cannot tell").sum()
    assert place_of(np.array([0.0, 0.05, 0.2, 0.3]), [0.0, 0.1, 0.3]).tolist() == pytest.approx([0, 0.5, 1.5, 2])


# --- titles ----------------------------------------------------------------------------------------------------------


def test_title_of_the_forest_follows_the_table(figures: dict[str, tuple[Figure, str]]) -> None:
    rows = EFFECTS.query("contrast == 'policy' and arm == 'announcement' and intensity == 1 and outcome == 'rate'")
    row = rows.query("policy == 'kinetic_pressure' and profile == 'is_core'").iloc[0]
    title = figures["forest"][1]
    assert title.startswith("Attacks fall most with kinetic pressure: ")
    assert f"{row['mean']:.0f}% ({row['low']:.0f} to {row['high']:.0f}) in the large group" in title
    assert "They rise with" not in title and "they rise with" in title
    other = title_of("forest", {"effects": flipped(EFFECTS)})
    assert "they rise with kinetic pressure, +11% (+5 to +15) in the large group" in other
    assert "Large group: no policy shown to lower attacks (3 practically none)" in other
    none = title_of("forest", {"effects": EFFECTS.assign(verdict="practically none")})
    assert said(none)[0] == "Large group: all 5 policies do practically nothing to attacks"
    unknown = title_of("forest", {"effects": EFFECTS.assign(verdict="cannot tell")})
    assert said(unknown)[0] == "Large group: no policy shown to lower attacks (5 cannot tell)"


def test_title_of_the_interaction_follows_the_table(figures: dict[str, tuple[Figure, str]]) -> None:
    first, second, third = said(figures["interaction"][1])
    assert first == "Large group, nothing to undo: the switch moves capacity by 0.00% (0.00 to +0.01)"
    rows = EFFECTS.query(
        "contrast == 'interaction' and arm == 'announcement' and intensity == 1 and verdict == 'effect'"
    )
    rows = rows.query("profile == 'donor_funded'")
    rows = rows[rows["outcome"] == np.where(rows["policy"].map(POLICIES) == "military", "rate", "capacity")]
    most = rows.loc[rows["mean"].idxmin()]
    assert second.startswith("Donor-funded group: the switch raises capacity, +3.1% (+1.6 to +5.1)")
    assert f"what undoes most is {within(policy_words(most['policy']))}, {most['mean']:.1f} points" in second
    assert third.startswith("External network: the switch lowers capacity, -0.9%")
    other = said(title_of("interaction", {"effects": flipped(EFFECTS)}))
    assert other[1].startswith("Donor-funded group: the switch lowers capacity, -3.1% (-5.1 to -1.6)")
    assert f"what undoes most is {within(policy_words(most['policy']))}, +{-most['mean']:.1f} points" in other[1]
    assert other[2].startswith("External network: the switch raises capacity, +0.9%")
    unknown = said(title_of("interaction", {"effects": EFFECTS.assign(verdict="cannot tell")}))
    assert unknown[1] == "Donor-funded group, cannot tell: the switch moves capacity by +3.1% (+1.6 to +5.1)"
    alone = EFFECTS[(EFFECTS["contrast"] != "interaction") | (EFFECTS["mean"] > 0)]  # what undoes is not there
    assert said(title_of("interaction", {"effects": alone}))[1].endswith("and no policy is shown to undo it")


def test_title_of_core_and_network_follows_the_table(figures: dict[str, tuple[Figure, str]]) -> None:
    first, second, _ = said(figures["core_network"][1])
    assert first == "Large group, practically none: core 0.00% (0.00 to +0.01), network +0.01% (0.00 to +0.01)"
    assert second == "Donor-funded group, effect: core +2.8% (+1.7 to +4.2), network +5.3% (+3.2 to +8.0)"
    core = EFFECTS["outcome"] == "capacity_core"
    mixed = flipped(EFFECTS).assign(verdict=np.where(core, "cannot tell", "effect"))
    assert said(title_of("core_network", {"effects": mixed}))[1] == (
        "Donor-funded group: core -2.8% (-4.2 to -1.7) cannot tell, network -5.3% (-8.0 to -3.2) effect"
    )


def test_title_of_the_frontier_follows_the_table(figures: dict[str, tuple[Figure, str]]) -> None:
    table = STUDY["frontier"]
    rows = table.query("arm == 'announcement' and averted_verdict == 'effect'")
    best = rows.loc[rows.query("profile == 'donor_funded'")["averted"].idxmax()]
    clause = next(one for one in said(figures["frontier"][1]) if "donor-funded" in one)
    assert clause.startswith(
        f"{within(policy_words(best['policy']))} in the donor-funded group, {best['averted']:.3f} ("
    )
    assert clause.endswith("hindering 90k USD of lawful money")
    worse = {"averted": -table["averted"], "averted_low": -table["averted_high"], "averted_high": -table["averted_low"]}
    other = title_of("frontier", {"frontier": table.assign(**worse)})
    assert other.startswith(
        "No policy is shown to avert attacks in the large group, the donor-funded group and the ext"
    )
    assert f"attacks rise with {within(policy_words(best['policy']))} in" in other
    none = title_of("frontier", {"frontier": table.assign(averted_verdict="practically none")})
    assert none.startswith("Policies avert practically no attacks in the large group")


def test_title_of_paths_follows_the_table(figures: dict[str, tuple[Figure, str]]) -> None:
    first, second, third = said(figures["paths"][1])
    assert first.startswith("Large group, practically none in any week: largest mean difference 0.00% (0.00 to +0.01)")
    rows = differences(STUDY["weekly"], ABOUT).query(
        "profile == 'donor_funded' and arm == 'announcement' and after > 0"
    )
    band = banded(rows, "capacity")
    peak = band.loc[band["mean"].idxmax()]
    words = f"{peak['mean']:+.1f}% ({peak['low']:+.1f} to {peak['high']:+.1f}) after {math.ceil(peak['after'])} weeks"
    assert second == f"Donor-funded group: capacity rises by up to {words}"
    assert third.startswith("External network: capacity falls by up to -0.9% (")
    weekly = weekly_table({"donor_funded": -3.1, "is_core": 0.9})
    assert "Donor-funded group: capacity falls by up to -3" in title_of("paths", {"weekly": weekly})
    noise = weekly.assign(capacity=weekly["capacity"] * (1 + 0.05 * np.where(weekly["arm"] != "none", 1, 0)
                                                         * np.where(weekly["draw"] % 2, 1.0, -1.0)))  # fmt: skip
    assert all("cannot tell" in clause for clause in said(title_of("paths", {"weekly": noise})))


def test_title_of_the_surface_follows_the_table() -> None:
    def title(table: pd.DataFrame, profile: str = "donor_funded", threshold: float = 0.5) -> list[str]:
        lines = STUDY["threshold"].assign(threshold=threshold)
        return said(title_of_surface(rows_of(table, profile), lines[lines["profile"] == profile], profile))

    table = STUDY["surface"]
    cells = table.query("profile == 'donor_funded' and policy == 'status_quo' and outcome == 'capacity' and mean > 0")
    link = cells.query("verdict == 'effect'")["link"].max()
    assert f'"cannot be traced" begins to matter where {100 * link:g}% of transfers or fewer' in title(table)[0]
    assert title(table)[-1] == "by closed form 50% of donors must follow for as much money to arrive"
    assert "more than all donors must follow" in title(table, threshold=1.5)[-1]
    assert title(table, "is_core")[0].startswith("Practically none at any traceability in the large group")
    assert "the switch raise capacity in the donor-funded group" not in title(table)[0]
    lowered = title(table.assign(verdict=np.where(table["mean"] < 0, "effect", "cannot tell")))
    assert lowered[0].startswith("At no traceability does the switch raise capacity in the donor-funded group")
    assert title(table.assign(verdict="cannot tell"))[0].startswith("Cannot tell in the donor-funded group: 35 of 35")


# --- studies of a user's own -----------------------------------------------------------------------------------------


def test_one_run_has_no_intervals() -> None:
    bounds = dict.fromkeys(["low", "high", "mc_low", "mc_high"], np.nan)
    one = EFFECTS.assign(**bounds, verdict="cannot tell", n=1, draws=1)
    for name in ("forest", "core_network"):
        assert "1 pair of runs on the same luck, 1 draw" in subtitle(made(name, {"effects": one})[0])
    assert "+3.1% (no interval)" in title_of("interaction", {"effects": one})
    figure, title = made("paths", {"weekly": weekly_table({"is_core": 2.0}, 1)})
    assert "cannot tell (too few draws): largest mean difference" in title and "(no interval)" in title
    assert "1 run in each arm, 1 draw." in figure.texts[1].get_text().replace("\n", " ")


@pytest.mark.parametrize(
    ("refused", "made_", "few"),
    [
        (estimates.TOO_FEW, {"draws": 2}, "draws of the parameters"),
        (estimates.FEW_SEEDS, {"draws": 1, "mc_share": 1.0, "n": 2}, "seeds"),
    ],
)
def test_where_all_draws_or_seeds_are_too_few_every_title_says_so_and_nothing_else(refused, made_, few) -> None:
    said_ = f"C{refused[1:]}"
    effects = EFFECTS.assign(verdict=refused, **made_)
    for name in ("forest", "interaction", "core_network"):
        title = title_of(name, {"effects": effects})
        assert title == f"{said_}: nothing is judged by fewer than 20 {few}, and there are 2"
    frontier_ = STUDY["frontier"].assign(averted_verdict=refused)
    assert title_of("frontier", {"frontier": frontier_}).startswith(said_)
    surface = title_of_surface(rows_of(STUDY["surface"].assign(verdict=refused), "is_core"), pd.DataFrame(), "is_core")
    assert surface.startswith(f"{said_} in the large group")


def test_paths_of_held_parameters_are_judged_by_their_seeds() -> None:
    held = dataclasses.replace(ABOUT, drawn=False)

    def title(seeds: int, about: About = held) -> str:
        return title_of_paths(differences(weekly_table({"is_core": 0.0}, seeds), about), about)

    assert "cannot tell (too few seeds)" in title(19) and "practically none in any week" in title(20)
    assert "cannot tell (too few draws)" in title(38, ABOUT) and "practically none in any week" in title(40, ABOUT)
    with matplotlib.rc_context(PRINT.style()):
        drawn = paths(weekly_table({"is_core": 0.0}, 20), held, PROVENANCE)
    assert drawn is not None and "over seeds; band: middle 95%. 20 runs in each arm, parameters held." in subtitle(
        drawn[0]
    )


def test_parameters_held_are_told() -> None:
    figure, _ = made("forest", {"effects": EFFECTS.assign(mc_share=1.0, draws=1)})
    words = subtitle(figure)
    assert "parameters held. Marker: mean. Bars: 95% interval of the mean." in words and "Monte Carlo" not in words


def test_own_groups_policies_and_settings() -> None:
    names = {
        "is_core": "my_group",
        "donor_funded": "a_group_whose_name_is_much_longer_than_others",
        "external_network": "x",
    }
    mixes = {
        "hawala_licensing": "exchange_kyc+channel_takedown+donor_prosecution",
        "revenue_strikes": "kinetic_pressure+exchange_kyc",
    }
    own = EFFECTS.assign(profile=EFFECTS["profile"].map(names), policy=EFFECTS["policy"].replace(mixes))
    more = own[own["profile"] == "x"]
    own = pd.concat([own, more.assign(profile="fourth"), more.assign(profile="fifth")])
    own = own[own["policy"].isin(["status_quo", "exchange_kyc", *mixes.values()])]
    for name in ("forest", "interaction"):
        figure, title = made(name, {"effects": own})
        assert title.endswith("2 more groups below")
        for text in words_of(figure):
            assert text.get_window_extent().x0 >= 0 and text.get_window_extent().x1 <= figure.bbox.width
    assert ABOUT.outcome("kinetic_pressure+exchange_kyc") == "rate"
    assert ABOUT.outcome("exchange_kyc+channel_takedown") == "capacity"
    assert ABOUT.outcome("unknown") == "capacity"


def test_a_study_of_one_group_that_varies_something_else() -> None:
    one = EFFECTS[EFFECTS["profile"] == "donor_funded"].drop(columns=["profile", "group.routing", "world", "loop"])
    one = one.drop_duplicates(["contrast", "arm", "policy", "intensity", "outcome"])
    both = pd.concat([one.assign(money=0.1), flipped(one).assign(money=0.3)])
    about = dataclasses.replace(ABOUT, others={"money": 0.3})
    titles = [
        (interaction(both, chosen, PROVENANCE) or pytest.fail("no figure"))[1] for chosen in (ABOUT, about)
    ]  # fmt: skip
    assert "Group: the switch raises capacity, +3.1%" in titles[0]
    assert "Group: the switch lowers capacity, -3.1%" in titles[1]
    figure, _ = forest(both, about, PROVENANCE) or pytest.fail("no figure")
    assert figure.texts[1].get_text().endswith("Held: money 0.3.")
    assert core_network(both, ABOUT, PROVENANCE) is not None
    assert frontier(STUDY["frontier"].drop(columns="profile").head(6), ABOUT, PROVENANCE) is not None


def test_reference_cell_is_held() -> None:
    other = flipped(EFFECTS).assign(verdict="effect")
    for change in ({"world": "no_oil_loss"}, {"loop": "cut"}, {"group.routing": 0.5}, {"window": 13}):
        both = {"effects": pd.concat([other.assign(**change), EFFECTS], ignore_index=True)}
        assert title_of("interaction", both) == title_of("interaction", {"effects": EFFECTS})


def test_without_announcement_titles_tell_of_the_arm_that_is_there() -> None:
    figure, title = made("interaction", {"effects": EFFECTS[EFFECTS["arm"] == "full"]})
    assert "the switch raises capacity, +5.6%" in title
    assert [axes.get_title(loc="left").split("\n")[1] for axes in figure.axes] == ["full switch"] * 2


# --- what a referee asked for ----------------------------------------------------------------------------------------


def shared(table: pd.DataFrame, **more: Any) -> pd.DataFrame:
    """effects.csv with medians beside the mean and shares of draws beyond the margin; every column is a given one."""
    share = {"below": 0.2, "within": 0.68, "above": 0.12, "max_draw_share": 9.0, "mc_share": 0.1}
    return table.assign(median=0.8 * table["mean"], **(share | more))


def test_medians_stand_for_effects_where_they_are_known() -> None:
    table = shared(EFFECTS)
    table.loc[table["profile"] == "is_core", "median"] = np.nan
    wanted = table.set_index("id")["median"].fillna(table.set_index("id")["mean"])
    for name in ("forest", "interaction", "core_network"):
        figure, _ = made(name, {"effects": table})
        drawn = points(figure)
        assert set(drawn) == set(points(made(name, {"effects": EFFECTS})[0]))
        assert all(at[name == "core_network"] == wanted[key] for key, at in drawn.items())
        assert "Marker: median of draws; thick bar: 95% Monte Carlo interval of the mean" in subtitle(figure)
        assert "thin bar: middle 95% of draws, which counts." in subtitle(figure)
        assert "Held:" not in subtitle(figure)
        assert "Marker: mean of draws;" in subtitle(made(name, {"effects": EFFECTS})[0])
    assert "+2.5% (+1.6 to +5.1)" in title_of("interaction", {"effects": table})


def test_titles_say_what_depends_on_what_is_not_known() -> None:
    open_ = shared(EFFECTS, verdict="cannot tell")
    titles = {name: said(title_of(name, {"effects": open_})) for name in ("forest", "interaction", "core_network")}
    assert titles["interaction"][1] == (
        "in the donor-funded group it depends on what is not known: the switch raises capacity by more than 1% in 12% "
        "of draws, lowers it in 20%"
    )
    assert titles["forest"][0] == ("Large group: no policy shown to lower attacks (5 depend on what is not known)")
    assert titles["core_network"][1] == (
        "Donor-funded group, depends on what is not known: core raised by more than 1% in 12% of draws, lowered in "
        "20%, network raised by more than 1% in 12% of draws, lowered in 20%"
    )
    for few in ({"mc_share": 0.6}, {"mc_share": np.nan}, {"draws": 19}, {"below": np.nan}):
        for name in titles:
            title = title_of(name, {"effects": shared(EFFECTS, verdict="cannot tell", **few)})
            assert "cannot tell" in title and "not known" not in title
    legends = [text.get_text() for legend in made("forest", {"effects": open_})[0].legends for text in legend.texts]
    assert "depends on what is not known" in legends and "cannot tell" not in legends


def still(table: pd.DataFrame, here: "pd.Series[bool]", *columns: str) -> pd.DataFrame:
    """A table in which some rows are exactly zero and so practically none."""
    table = table.copy()
    table.loc[here, list(columns)] = 0.0
    table.loc[here, [name for name in table if name.endswith("verdict")]] = "practically none"
    return table


def test_what_cannot_act_is_a_dash_and_is_not_counted() -> None:
    spans = ("mean", "low", "high", "mc_low", "mc_high")
    none = EFFECTS.assign(verdict="practically none")
    strikes = (none["policy"] == "revenue_strikes") & (none["profile"] == "is_core")
    table = {"effects": still(none, strikes, *spans)}
    assert said(title_of("forest", table))[0] == "Large group: all 4 policies do practically nothing to attacks"
    figure = made("forest", table)[0]
    dashes = {line.get_gid() for axes in figure.axes for line in axes.lines if line.get_marker() == "_"}
    rows = none[strikes & (none["contrast"] == "policy") & (none["intensity"] == 1) & (none["arm"] != "placebo")]
    assert dashes == set(rows.loc[rows["outcome"] == "rate", "id"])
    assert any("cannot act" in text.get_text() for text in words_of(figure))
    assert not any("cannot act" in text.get_text() for text in words_of(made("forest", STUDY)[0]))
    nothing = {"effects": still(none, none["profile"] == "is_core", *spans)}
    assert said(title_of("forest", nothing))[0] == "Large group: no policy can act there"
    assert said(title_of("interaction", nothing))[0].endswith("nothing to undo: the switch changes nothing at all")
    assert said(title_of("core_network", nothing))[0] == "Large group: core unchanged, network unchanged"


def test_a_policy_that_cannot_act_is_not_on_the_frontier() -> None:
    table = STUDY["frontier"]
    here = (table["policy"] == "revenue_strikes") & (table["profile"] == "donor_funded")
    bounds = [f"{name}{end}" for name in ("averted", "harm") for end in ("", "_low", "_high")]
    figure, _ = made("frontier", {"frontier": still(table, here, *bounds)})
    assert "Not drawn, as they change no attack at all: revenue strikes (the donor-funded group)." in subtitle(figure)
    drawn = points(figure)
    assert "revenue_strikes@1/donor_funded" not in drawn and "revenue_strikes@1/is_core" in drawn
    harmful = still(table, here, *bounds[:3]).assign(harm=5.0, harm_low=4.0, harm_high=6.0)
    assert "revenue_strikes@1/donor_funded" in points(made("frontier", {"frontier": harmful})[0])
    nothing = still(table, table["profile"] == "donor_funded", *bounds)
    assert "no policy can act in the donor-funded group" in title_of("frontier", {"frontier": nothing})


def test_harm_to_civilians_is_said_not_to_be_modelled(figures: dict[str, tuple[Figure, str]]) -> None:
    figure = figures["frontier"][0]
    shapes: dict[bool, set[Any]] = {True: set(), False: set()}
    for line in (line for axes in figure.axes for line in axes.lines if line.get_gid()):
        shapes[POLICIES[line.get_gid().split("@")[0]] == "military"].add(line.get_marker())
    assert shapes == {True: {"^"}, False: {"o"}}
    assert "Triangles: military policies, whose harm to civilians is not modelled" in subtitle(figure)
    assert "the lawful volume of an intermediary splits equally over its rails" in subtitle(figure)
    assert "Military policies: attack rate; others: attack capacity." in subtitle(figure)
    table = STUDY["frontier"].assign(outcome="rate")
    lawful = table[~table["agency"].eq("military") & (table["policy"] != "privacy_delisting")]
    words = subtitle(made("frontier", {"frontier": lawful})[0])
    assert "Averted: of the attack rate." in words and "capacity" not in words
    assert "civilians" not in words and "splits equally" not in words
    military = table[table["agency"] == "military"].assign(averted_verdict="effect")
    for harm in (0.0, -50.0):
        title = title_of("frontier", {"frontier": military.assign(harm=harm, harm_low=harm, harm_high=harm)})
        assert "harm to civilians is not modelled" in title and "lawful" not in title and "sparing" not in title
    mixed = military.assign(policy="kinetic_pressure+exchange_kyc", agency="military+regulator")
    assert "harm to civilians is not modelled" in title_of("frontier", {"frontier": mixed})


def test_only_harm_that_is_shown_is_spared_or_done() -> None:
    table = STUDY["frontier"].query("agency != 'military'").assign(averted_verdict="effect", averted=1.0, harm=-900.0)
    told = {
        (-2e3, -100.0): "sparing 900 USD",
        (-2e3, 50.0): "cannot tell the lawful harm (",
        (np.nan, np.nan): "cannot be told",
    }
    for (low, high), words in told.items():
        title = title_of("frontier", {"frontier": table.assign(harm_low=low, harm_high=high)})
        assert words in title and ("sparing" in title) == ("sparing" in words)


def test_the_world_of_the_placebo_is_no_arm() -> None:
    def twin(table: pd.DataFrame, **change: Any) -> pd.DataFrame:
        return pd.concat([table[table["arm"] == "none"].assign(arm="placebo_none", **change), table])

    effects = twin(EFFECTS, id="world", mean=-99.0, verdict="effect")
    bare = EFFECTS[EFFECTS["arm"] == "announcement"].assign(arm="placebo_none", id="world")
    effects = pd.concat([bare, effects], ignore_index=True)
    for name in ("forest", "interaction", "core_network"):
        figure, title = made(name, {"effects": effects})
        assert title == title_of(name, STUDY) and "world" not in points(figure)
    alone = {"effects": bare, "frontier": STUDY["frontier"].assign(arm="placebo_none")}
    assert all(MADE[name](alone) is None for name in ("forest", "interaction", "core_network", "frontier"))
    weekly = weekly_table({"donor_funded": 3.1}, 4)
    assert set(differences(twin(weekly), ABOUT)["arm"]) == {"announcement", "full"}
    world = twin(weekly)
    world.loc[world["arm"] == "placebo_none", "capacity"] *= 0.5
    placebo = differences(world[world["arm"].isin(["none", "placebo", "placebo_none"])], ABOUT)
    assert set(placebo["arm"]) == {"placebo"} and placebo.query("after < 0")["capacity"].to_numpy() == pytest.approx(
        100
    )
    assert differences(weekly[weekly["arm"].isin(["none", "placebo"])], ABOUT).empty
    shown = paths(world[world["arm"].isin(["placebo", "placebo_none"])], ABOUT, PROVENANCE) or pytest.fail("no figure")
    assert "the placebo: minus its own world without a switch" in subtitle(shown[0])
    assert "middle 95% of draws" in subtitle(shown[0])


# --- words -----------------------------------------------------------------------------------------------------------


def test_words() -> None:
    assert policy_words("exchange_kyc+hawala_licensing") == "Exchange KYC + hawala licensing"
    assert within("KYC of exchanges") == "KYC of exchanges" and within("Exchange KYC") == "exchange KYC"
    assert listed(["a"]) == "a" and listed(["a", "b", "c"]) == "a, b and c" and listed([]) == ""
    assert amount(0.004, -0.01, 0.02) == "0.00% (-0.01 to +0.02)"
    assert amount(-18.85, -37.27, -0.428) == "-18.9% (-37.3 to -0.4)"  # excludes zero, and says so
    assert amount(-18.85, -37.27, 0.4) == "-19% (-37 to 0)"
    assert amount(0.0123, 0.005, 0.02, "", sign=False) == "0.012 (0.005 to 0.020)"
    assert amount(2.0, math.nan, math.nan) == "+2.0% (no interval)"
    assert amount(math.nan, 0.0, 0.0) == "not defined"


def test_no_column_of_statistics_is_taken_for_a_factor():
    from experiments.figures import words
    from experiments.stats import contrasts

    assert {*contrasts._COLUMNS, *contrasts._about_columns([])} <= words._KNOWN
