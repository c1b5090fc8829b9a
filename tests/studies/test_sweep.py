"""Every sweep leaves figures: lines, maps, dots, time paths; a mark for each effect, and no word leaves the page."""

import re
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import matplotlib
import pandas as pd
import pytest
from matplotlib.figure import Figure
from PIL import Image

import experiments
from experiments.stats.contrasts import JUDGED_BY
from experiments.studies import MULTIRUN
from experiments.studies.sweep import figures as of_sweep
from experiments.studies.sweep import report
from experiments.study import building, spec, sweeping
from experiments.study.building import WEEKLY
from experiments.study.design import Plan
from experiments.study.saved_plan import load
from experiments.study.store import Folder
from experiments.study.tables import runs_of
from sim.config import Request
from sim.config import load as load_scenario
from sim.plots.layout import PRINT, lay_out
from tests.study_helpers import SHORT, make, planned, told

SMALL = ("population.donors=20", "horizon.start=2020-06-01", "horizon.weeks=60")
FEW = ("replications=3", *SHORT, "--no-figures", "workers=1")
LEVELS = ",".join(f"{0.02 * 1.4**power:g}" for power in range(12))


def drawn(folder: Path) -> dict[str, tuple[Figure, str]]:
    """The figures of a study by name, with their titles, laid out."""
    plan = load(folder, ours=True)
    tables = {file.stem: pd.read_csv(file) for file in folder.glob("*.csv") if file.stem in ("effects", "trends")}
    return laid_out(plan, Folder(folder), tables)


def swept(path: Path, *typed: str) -> dict[str, tuple[Figure, str]]:
    """The same of what is typed after ``python -m sim -m``, without the rest of its report."""
    plan, folder = sweeping.plan_of_sweep(Request([*SMALL, *typed], sweep=True), 1), Folder(path)
    make(plan, path)
    return laid_out(plan, folder, report.tables(plan, folder))


def laid_out(plan: Plan, folder: Folder, tables: dict[str, pd.DataFrame]) -> dict[str, tuple[Figure, str]]:
    tables |= {"runs": runs_of(folder, plan, [JUDGED_BY]), "weekly": pd.read_parquet(folder.path / "weekly.parquet")}
    found = {}
    with matplotlib.rc_context(PRINT.style()):
        for name, draw in of_sweep.figures(plan, tables).items():
            if made := draw(PRINT):
                lay_out(made[0])
                made[0].draw_without_rendering()
                found[name] = made
    return found


def marked(figure: Figure) -> set[str]:
    """The effects that have a mark."""
    return {str(line.get_gid()) for axes in figure.axes for line in axes.lines if "/" in str(line.get_gid())}


def heads(figure: Figure) -> list[str]:
    """The titles of the panels."""
    return [axes.get_title("left") for axes in figure.axes]


def printed(figure: Figure) -> str:
    """The words around the panels."""
    return " ".join(" ".join(one.get_text() for one in figure.texts).split())


def beyond(figure: Figure) -> list[str]:
    """Words that leave the page, on its right or left."""
    words = [*figure.texts, *(one for axes in figure.axes for one in (*axes.texts, axes.title))]
    words += [tick.label1 for axes in figure.axes for axis in (axes.xaxis, axes.yaxis) for tick in axis._update_ticks()]
    width = figure.bbox.width
    boxes = {one.get_text(): one.get_window_extent() for one in words if one.get_visible() and one.get_text().strip()}
    return [text for text, box in boxes.items() if box.x0 < -2 or box.x1 > width + 2]


CASES: dict[str, tuple[tuple[str, ...], dict[str, int]]] = {
    "one level": (("combat.money=0.1",), {"1_switch": 1, "4_paths": 0}),
    "12 numbers": ((f"combat.money={LEVELS}", "arm=announcement,full"), {"1_switch": 24, "4_paths": 0}),
    "long words": (("group=external_network,donor_funded",), {"1_switch": 2, "4_paths": 0}),
    "two factors": (
        ("combat.money=0.05,0.1,0.2", "group=external_network,donor_funded"),
        {"1_switch": 6, "4_paths": 0},
    ),
    "no grid": (
        ("combat.money=interval(0.02,1)", "choice.cost=interval(1,10)", "samples=8"),
        {"1_switch": 8, "4_paths": 0},
    ),
    "intensities": (
        ("policy=status_quo,exchange_kyc", "intensity=0.5,1"),
        {"1_switch": 1, "2_policy": 4, "3_interaction": 2, "4_paths": 0},
    ),
    "policies": (
        ("policy=status_quo,exchange_kyc,counter_inspiration+channel_takedown", "combat.money=0.1,0.2"),
        {"1_switch": 2, "2_policy": 8, "3_interaction": 4, "4_paths": 0},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_every_effect_has_its_mark_and_no_word_leaves_the_page(case: str, tmp_path: Path, capsys: Any) -> None:
    typed, expected = CASES[case]
    code, _, err = told(capsys, "study=sweep", *typed, *FEW, f"folder={tmp_path}")
    assert code == 0, err
    found = drawn(tmp_path)
    assert {name: len(marked(figure)) for name, (figure, _) in found.items()} == expected
    assert all(title for _, title in found.values())
    assert {name: beyond(figure) for name, (figure, _) in found.items()} == {name: [] for name in found}


def test_where_nothing_is_compared_attacks_are_drawn(tmp_path: Path, capsys: Any) -> None:
    typed = ("study=sweep", "arm=none", "combat.money=0.1,0.05,0.4", *FEW, f"folder={tmp_path}")
    assert told(capsys, *typed)[0] == 0
    figure, title = drawn(tmp_path)["1_attacks"]
    assert "money 0.05" in title and "money 0.4" in title
    assert len(figure.axes[0].containers) == 1, "means with their bars"
    assert list(figure.axes[0].lines[0].get_xdata()) == [0.05, 0.1, 0.4], "however they are typed"


@pytest.mark.parametrize(("shock", "marks"), [("delistings", 2), ("monero_only", 1)])
def test_a_boolean_can_be_swept(shock: str, marks: int, tmp_path: Path) -> None:
    found = swept(tmp_path, f"shocks.{shock}.enabled=true,false")
    assert {name: len(marked(figure)) for name, (figure, _) in found.items()} == {"1_switch": marks, "4_paths": 0}
    assert heads(found["4_paths"][0]) == ["Enabled true", "Enabled false"]


def test_where_no_run_has_a_window_attacks_are_not_drawn(tmp_path: Path) -> None:
    typed = ("shocks.monero_only.enabled=false", "horizon.start=2019-01-07", "horizon.weeks=20,30")
    assert set(swept(tmp_path, *typed)) == {"4_paths"}


def test_weeks_count_from_the_switch_of_each_panel(tmp_path: Path) -> None:
    found = swept(tmp_path, "shocks.monero_only.at=2020-06-21,2020-09-06", "horizon.weeks=80")
    figure, _ = found["4_paths"]
    assert [min(min(line.get_xdata()) for line in axes.lines if len(line.get_xdata()) > 2) for axes in figure.axes] == [
        pytest.approx(-20 / 7), pytest.approx(-97 / 7)
    ]  # fmt: skip
    words = "the day of the switch, which varies"
    assert all(words in " ".join(figure.get_label().split()) for figure, _ in found.values())


def test_a_figure_says_how_many_panels_it_leaves_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_sweep, "_PANELS", 1)
    found = swept(tmp_path, "combat.money=0.1,0.2", "policy=status_quo,exchange_kyc")
    for name, file in (("2_policy", "effects.csv"), ("4_paths", "weekly.parquet")):
        assert f"1 of 2 panels are drawn; the others are in {file}." in printed(found[name][0])
    runs = pd.DataFrame({"a": [1, 2, 1, 2], "b": ["one", "one", "two", "two"], JUDGED_BY: 1.0})
    about = of_sweep.Swept({"a": [1, 2], "b": ["one", "two"]}, {}, of_sweep.About(date(2020, 6, 21)))
    attacks = of_sweep.levels(runs, about, PRINT)
    assert attacks and "1 of 2 panels are drawn; the others are in cells.csv." in printed(attacks[0])


def test_panels_are_sought_among_rows_not_among_all_combinations_of_levels() -> None:
    names, points = list("abcd"), range(12)
    levels = {name: [(3 * place) % 13 for place in points] for name in names}
    of = of_sweep.Swept(levels, {}, of_sweep.About(date(2020, 6, 21)))
    rows = pd.DataFrame(levels).sort_values("a")
    began = perf_counter()
    assert of.places(rows, names) == [dict.fromkeys(names, level) for level in levels["a"]], "in the order of levels"
    assert of.places(rows, []) == [{}]
    assert perf_counter() - began < 2.0, "12 of 20,736"


def test_figures_are_made_without_asking(tmp_path: Path, capsys: Any) -> None:
    typed = ("study=sweep", "combat.money=0.05,0.4", "replications=3", *SHORT, "workers=1", "--no-brief")
    code, out, _ = told(capsys, *typed, f"folder={tmp_path}")
    there = {file.name for file in (tmp_path / "figures" / "analyst").iterdir()}
    assert (code, there) == (0, {f"{stem}.{form}" for stem in ("1_switch", "4_paths") for form in ("png", "svg")}), out


def test_a_large_sweep_stores_no_weekly_series() -> None:
    small, large = (planned("study=sweep", f"replications={count}", *SHORT) for count in (WEEKLY // 2, WEEKLY))
    assert all(cell.weekly for cell in small.cells)
    assert not any(cell.weekly for cell in large.cells)


def test_a_sweep_that_grows_too_large_keeps_no_weekly_series_of_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "WEEKLY", 2)
    there = []
    for seeds in ("1", "1,2"):
        make(sweeping.plan_of_sweep(Request([*SMALL, f"seed={seeds}"], sweep=True), 1), tmp_path)
        there.append((tmp_path / "weekly.parquet").exists())
    assert there == [True, False]


@pytest.mark.parametrize(
    ("names", "read"),
    [
        (("-1", "0.50", "1e-05"), ["-1", "0.5", "1e-05"]),
        (("0.9", "0.90"), ["0.9", "0.90"]),  # as numbers they would be one
        (("1_0", "2"), ["1_0", "2"]),
        (("nan", "1"), ["nan", "1"]),
        (("inf", "1"), ["inf", "1"]),
    ],
)
def test_no_level_is_lost_where_its_name_is_read_as_a_number(names: Any, read: list[str], tmp_path: Path) -> None:
    levels = "".join(f'    "{name}": []\n' for name in names)
    text = f"doc: x\nreport: {MULTIRUN}\nreplications: 1\nseeds_per_draw: 1\nuncertain: none\nbase: {{}}\n"
    quoted = ", ".join(f'"{name}"' for name in names)
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "mine.yaml").write_text(
        f"{text}levels:\n  fog:\n{levels}blocks: {{all: {{vary: {{fog: [{quoted}]}}}}}}\n",
        encoding="utf-8",
    )
    study = spec.load("mine", tmp_path)
    assert [*study.levels["fog"]] == [*map(str, study.blocks["all"].vary["fog"])] == read


def test_levels_that_are_numbers_are_numbers_in_tables(tmp_path: Path, capsys: Any) -> None:
    own = tmp_path / "own" / "study"
    own.mkdir(parents=True)
    text = """
doc: Mine
report: sweep
replications: 3
seeds_per_draw: 1
uncertain: none
base: {arm: none, follow: 0.3, policy: status_quo, intensity: 1}
reference_levels: {arm: none, policy: status_quo}
levels:
  arm: {none: ["shocks.monero_only.enabled=false"], full: ["shocks.monero_only.mode=full"]}
  follow: {0.3: ["rails.monero.gap=4"], "0.9": ["rails.monero.gap=1"]}
blocks: {main: {vary: {arm: [none, full], follow: [0.3, "0.9"]}}}
"""
    (own / "mine.yaml").write_text(text, encoding="utf-8")
    typed = ("study=mine", f"--config-dir={tmp_path / 'own'}", *FEW, f"folder={tmp_path / 'out'}")
    code, out, err = told(capsys, *typed, "--full")
    assert code == 0, err
    assert set(runs_of(Folder(tmp_path / "out"), load(tmp_path / "out", ours=True))["follow"]) == {0.3, 0.9}
    assert "from follow 0.3 to 0.9" in out.replace("\n", " ")
    assert told(capsys, *typed, "follow=0.8") == (
        2, "", "1 error in the configuration; nothing was run:\n  follow=0.8: unknown follow 0.8; nearest: 0.9\n"
    )  # fmt: skip


SIZE, LINK = "shocks.monero_only.size", "rails.monero.traceability.link"
SIZES, LINKS = [0.0, 0.1, 0.2, 0.4, 0.6, 0.8], [0.02, 0.3, 0.6, 0.9]


def two(effect: Callable[[float, float], float], **more: Any) -> pd.DataFrame:
    """Switch effects over two numbers, judged by a margin of 1."""
    rows = [{SIZE: size, LINK: link, "mean": effect(size, link)} for size in SIZES for link in LINKS]
    table = pd.DataFrame(rows).assign(arm="full", policy="status_quo", outcome=JUDGED_BY, contrast="switch", unit="%")
    table = table.assign(n=40, draws=1, mc_share=1.0, margin=1.0, intensity=1.0, runs_needed=float("nan"))
    mean = table["mean"]
    verdict = mean.map(lambda one: "lowers" if one < -1 else "raises" if one > 1 else "negligible")
    table = table.assign(median=mean, centre=mean, low=mean - 0.15, high=mean + 0.15, mc_low=mean, mc_high=mean)
    ids = [f"switch/{size}/{link}" for size, link in zip(table[SIZE], table[LINK], strict=True)]
    return table.assign(verdict=verdict, id=ids, **more)


def varied(**levels: Any) -> of_sweep.Swept:
    levels = {SIZE: SIZES, LINK: LINKS} | levels
    names = {name: of_sweep._names(name, load_scenario()) for name in levels}
    return of_sweep.Swept(levels, {"arm": "none", "policy": "status_quo"}, of_sweep.About(date(2020, 6, 21)), names)


def mapped(rows: pd.DataFrame, swept: of_sweep.Swept | None = None) -> tuple[Figure, str]:
    with matplotlib.rc_context(PRINT.style()):
        made = of_sweep.along(rows, pd.DataFrame(), pd.DataFrame(), swept or varied(), PRINT)
    assert made
    lay_out(made[0])
    return made


@pytest.mark.parametrize(
    ("effect", "title"),
    [
        (
            lambda size, link: -3.3 * size - 0.1 * link,
            "The switch lowers attacks where the share of donors who stop giving is 0.4 or more; "
            "how well Monero can be traced hardly changes it",
        ),
        (
            lambda size, link: -3.3 * size - 2.0 * link,
            "The switch lowers attacks where the share of donors who stop giving is 0 to 0.4 or more, depending on "
            "how well Monero can be traced",
        ),
        (
            lambda size, link: link - 3.0 * size,
            "The switch lowers attacks where the share of donors who stop giving is 0.8 or more; "
            "how well Monero can be traced hardly changes it",
        ),
        (
            lambda size, link: 2.0 - 4.5 * size,
            "The switch raises attacks where the share of donors who stop giving is 0.2 or less; the switch lowers "
            "attacks where the share of donors who stop giving is 0.8 or more; how well Monero can be traced hardly "
            "changes it",
        ),
        (
            lambda size, link: -3.0 if size in (0.1, 0.6) else 0.0,
            "The switch lowers attacks in 8 of 24 cases (up to −3.00%); the switch effect is negligible in 16 of 24 "
            "cases; how well Monero can be traced hardly changes it",
        ),
        (lambda size, link: 0.1, "The switch effect is negligible in every case"),
    ],
)  # fmt: skip
def test_a_title_says_from_which_level_on_in_the_words_of_the_axes(effect: Any, title: str) -> None:
    figure, words = mapped(two(effect))
    assert words == title
    assert "Share of donors who stop giving (0 to 1)" in printed(figure)
    assert " ".join(figure.axes[0].get_ylabel().split()) == "How well Monero can be traced (chance, 0 to 1)"


def test_squares_of_a_map_are_as_far_apart_as_their_levels_or_it_says_so() -> None:
    rows = two(lambda size, link: -3.0 * size)
    figure, _ = mapped(rows)
    edges = figure.axes[0].collections[0].get_coordinates()[0, :, 0]
    assert edges.tolist() == pytest.approx([-0.05, 0.05, 0.15, 0.3, 0.5, 0.7, 0.9])
    assert "Squares are of one size" not in figure.get_label()
    near = rows.assign(**{SIZE: rows[SIZE].replace(0.1, 0.001)})
    figure, _ = mapped(near, varied(**{SIZE: sorted({*near[SIZE]})}))
    assert figure.axes[0].collections[0].get_coordinates()[0, :, 0].tolist() == [place - 0.5 for place in range(7)]
    assert "Squares are of one size" in " ".join(figure.get_label().split())


def test_a_map_explains_its_colours_and_how_many_runs_settle_what_is_inconclusive() -> None:
    rows = two(lambda size, link: -3.0 * size)
    assert mapped(rows)[0].get_label().endswith("parameters held; colour: mean.")
    open_ = rows[SIZE] == 0.2
    rows.loc[open_, "verdict"] = "inconclusive"
    rows.loc[open_, "runs_needed"] = [62.0, 81.0, 94.0, float("nan")]
    assert "About 94 replications would settle most of the 4 inconclusive effects." in mapped(rows)[0].get_label()
    rows["runs_needed"] = float("nan")
    assert "would stay so with 64 times as many replications" in mapped(rows)[0].get_label()


@pytest.mark.parametrize(
    ("switch", "change", "title"),
    [
        (-2.0, 1.3, "The switch lowers attacks less under taking down channels (by up to 1.3 points)"),
        (-2.0, -1.3, "The switch lowers attacks more under taking down channels (by up to 1.3 points)"),
        (2.0, -1.3, "The switch raises attacks less under taking down channels (by up to 1.3 points)"),
        (2.0, 1.3, "The switch raises attacks more under taking down channels (by up to 1.3 points)"),
        (0.0, -1.3, "The switch leaves fewer attacks under taking down channels than without (by up to 1.3 points)"),
        (-2.0, 0.1, "Policies hardly change the switch effect in every case"),
    ],
)
def test_what_a_policy_does_to_the_switch_is_said_by_the_size_of_the_switch_effect(
    switch: float, change: float, title: str
) -> None:
    rows = two(lambda size, link: change, policy="channel_takedown", contrast="interaction")
    made = of_sweep.policies(rows, two(lambda size, link: switch), varied(), PRINT)
    assert made and made[1].replace("1.30", "1.3") == title
    words = "Above panels, size is the share of donors who stop giving and link is how well Monero can be traced."
    assert words in " ".join(made[0].get_label().split())


def test_metadata_have_the_whole_command_and_small_print_never_a_part(tmp_path: Path) -> None:
    drawing = {"1_switch": partial(of_sweep.along, two(lambda *_: -2.0), pd.DataFrame(), pd.DataFrame(), varied())}
    for factors in (8, 60):
        command = "python -m experiments study=sweep " + " ".join(f"factor{one}=0,0.1,0.2" for one in range(factors))
        figure = PRINT.figure(drawing, "switch", {"version": "1", "command": command})
        assert (command in printed(figure)) is (factors == 8)
        assert ("command in the metadata of this file" in printed(figure)) is (factors == 60)
        for ending in ("png", "svg", "pdf"):
            figure.savefig(tmp_path / f"x.{ending}")
        with Image.open(tmp_path / "x.png") as image:
            png = image.info
        assert png["command"] == command and command in png["Description"]
        assert command in (tmp_path / "x.svg").read_text(encoding="utf-8")
        pdf = (tmp_path / "x.pdf").read_bytes()
        assert command.encode() in pdf and b"/Title" in pdf


def test_a_figure_at_a_place(tmp_path: Path, capsys: Any) -> None:
    typed = (f"{SIZE}=0.2,0.6", f"{LINK}=0.02,0.9", "arm=full", "policy=status_quo,exchange_kyc")
    code, _, err = told(capsys, "study=sweep", *typed, *FEW, f"folder={tmp_path}")
    assert code == 0, err
    study = experiments.load(tmp_path)
    assert heads(study.plot("3_interaction")) == [
        f"Link {link}, size {size}" for link in (0.02, 0.9) for size in (0.2, 0.6)
    ]
    assert heads(study.plot("interaction", at={"size": 0.6})) == ["Link 0.02", "Link 0.9"]
    assert len(marked(study.plot(at={SIZE: "0.6", "link": 0.02}))) == 1
    assert len(study.plot("paths", at={"link": 0.9}).axes) == 2
    for at, why in (
        ({"sise": 0.6}, "at: sise: no factor of this study that chooses a place; nearest: size"),
        ({"size": 0.61}, "at: size=0.61: no such level; nearest: 0.6"),
        ({"policy": "exchange_kyc"}, "at: policy: no factor of this study that chooses a place"),
    ):
        with pytest.raises(ValueError, match=re.escape(why)):
            study.plot(at=at)


@pytest.mark.parametrize(
    ("contrast", "ends", "said"),
    [
        ("switch", (0.2, -1.8), "The switch lowers attacks by 2 points more at share of donors lost 0.6 than at 0"),
        ("switch", (3.0, 1.0), "The switch raises attacks by 2 points less at share of donors lost 0.6 than at 0"),
        ("policy", (-4.0, -2.0), "Taking down channels averts 2 points less at share of donors lost 0.6 than at 0"),
        ("policy", (-1.0, -3.0), "Taking down channels averts 2 points more at share of donors lost 0.6 than at 0"),
    ],
)
def test_what_an_effect_gains_or_loses_is_said_by_its_sign(contrast: str, ends: tuple[float, float], said: str) -> None:
    factor, trend = "shocks.monero_only.size", ends[1] - ends[0]
    about = {"contrast": contrast, "arm": "full", "policy": "channel_takedown", "outcome": JUDGED_BY}
    effects = pd.DataFrame(
        [about | {factor: level, "median": end} for level, end in zip((0.0, 0.6), ends, strict=True)]
    )
    row = about | {"factor": factor, "than": 0.0, "level": 0.6, "unit": "points", "n": 40, "draws": 40, "margin": 1.0}
    row |= {"median": trend, "low": trend - 0.5, "high": trend + 0.5, "below": 1.0, "within": 0.0, "above": 0.0}
    row |= {"verdict": "raises" if trend > 0.0 else "lowers", "margin_at": 0.3, "margin_low": 0.2, "margin_high": 0.4}
    row |= {"crossing": "above"}
    plan = planned("study=sweep", "replications=1", f"{factor}=0,0.6", "arm=full")
    [one] = report.findings(plan, {"effects": effects, "trends": pd.DataFrame([row])})
    side = "\N{MINUS SIGN}" if ends[1] < 0.0 else ""
    assert one.sentence().replace("\u2066", "").replace("\u2069", "") == (
        f"{said} (1.5 to 2.5); its effect reaches {side}1% at 0.3 (0.2 to 0.4)."
    )


def test_trends_are_said_of_their_own_place_in_the_words_of_their_levels() -> None:
    """Of policies, along words, and along intensity where another factor varies: each with an id of its own."""
    about = {"contrast": "policy", "arm": "none", "intensity": 1.0, "combat.money": 0.1, "profile": "is_core"}
    rows = [about | {"policy": name, "outcome": JUDGED_BY} for name in ("channel_takedown", "exchange_kyc")]
    effects = pd.DataFrame(
        [row | {"intensity": part, "profile": name, "median": side * part}
         for row in rows for part in (0.5, 1.0) for name, side in (("is_core", 9.0), ("donor_funded", -3.0))]
    )  # fmt: skip
    known = {
        "unit": "points",
        "n": 40,
        "draws": 40,
        "low": -2.0,
        "high": -1.0,
        "below": 1.0,
        "within": 0.0,
        "above": 0.0,
    }
    known |= {"median": -1.5, "margin": 1.0, "verdict": "lowers", "crossing": "below"}
    known |= dict.fromkeys(("margin_at", "margin_low", "margin_high"), float("nan"))
    along = {"profile": "donor_funded", "intensity": float("nan"), "factor": "intensity", "than": 0.5, "level": 1.0}
    between = {"profile": None, "factor": "profile", "than": "is_core", "level": "donor_funded", "crossing": ""}
    trends = pd.DataFrame([row | known | along for row in rows] + [row | known | between for row in rows])
    plan = planned(
        "study=sweep", "replications=1", "intensity=0.5,1", "policy=channel_takedown", "combat.money=0.1,0.2"
    )
    found = report.findings(plan, {"effects": effects, "trends": trends})
    assert len({one.id for one in found}) == len(found) == 4
    words = [one.sentence() for one in found]
    assert sum("averts 1.5 points more" in one for one in words if one.startswith("Taking down")) == 1, words
    assert [one.kind for one in found].count("sweep-between") == 2
