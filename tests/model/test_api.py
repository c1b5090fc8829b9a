"""A scenario and a run in one call, as a user types it in Python, in a folder that is not the clone."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import matplotlib
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from matplotlib.image import imread

import sim
from sim.engine.jit import PLAIN
from sim.outcomes import OUTCOMES
from sim.output import progress, provenance, tables
from sim.plots.layout import SCREEN

pytestmark = pytest.mark.skipif(PLAIN, reason="whole runs take too long as plain Python")

ROOT = Path(__file__).resolve().parents[2]
TYPED = {"group": "donor_funded", "policy": ["exchange_kyc", "chain_analytics"], "seed": 3, "population.donors": 400}
LINES = ["group=donor_funded", "policy=[exchange_kyc,chain_analytics]", "seed=3", "population.donors=400"]
FEW = {"population.donors": 10, "horizon.start": "2020-05-04", "horizon.weeks": 30}
"""Seven weeks before the switch and fewer after it than a window."""
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="module")
def result():
    """A run; tests do not change it."""
    return sim.run(**TYPED)


@pytest.fixture(scope="module")
def command(tmp_path_factory):
    """What the command prints and writes for the same scenario."""
    here = tmp_path_factory.mktemp("command")
    words = [sys.executable, "-m", "sim", *LINES, "ledger=true", "hydra.run.dir=mine"]
    said = subprocess.run(
        words, cwd=here, capture_output=True, encoding="utf-8", env=ENVIRONMENT, check=True, timeout=300
    )
    return said.stdout, here / "mine"


def test_keywords_are_overrides():
    assert (
        sim.load(**TYPED) == sim.load(*LINES) == sim.load("seed=3", **{k: v for k, v in TYPED.items() if k != "seed"})
    )
    for keywords, typed in (
        ({"policy": ["exchange_kyc", "decapitation"]}, "policy=[exchange_kyc,decapitation]"),
        ({"combat.money": np.float64(0.1)}, "combat.money=0.1"),
        ({"seed": np.int64(5)}, "seed=5"),
        ({"rails.monero.traceability": 0.05}, "rails.monero.traceability=0.05"),
        ({"shock": ()}, "shock=[]"),
        ({"policy": "exchange_kyc+chain_analytics"}, "policy=[exchange_kyc,chain_analytics]"),
    ):
        assert sim.load(**keywords) == sim.load(typed), typed


def test_every_error_names_what_was_given():
    with pytest.raises(sim.ConfigurationError) as error:
        sim.run(grup="donor_funded", policy="exchange_kcy", seed=-1, **{"rails.monero.fee": "high"})
    text = str(error.value)
    assert all(
        word in text for word in ("grup=donor_funded: ", "group", "nearest: exchange_kyc", "seed=-1", "fee=high")
    )
    with pytest.raises(sim.ConfigurationError, match="nowhere"):
        sim.run(config_dir="nowhere")


def test_the_repr_is_what_the_command_prints(result, command):
    printed, _ = command
    assert printed.replace(" ledger=true", "").startswith(f"\n{result!r}\n\nFiles in mine: ")


def test_tables_are_those_of_the_command(result, command):
    _, folder = command
    for name, table in result.files(ledger=True).items():
        there = folder / name
        if name.endswith(".csv"):
            assert sim.output.tables.as_csv(table) == there.read_bytes(), name
        else:
            pd.testing.assert_frame_equal(table, pd.read_parquet(there), check_dtype=False)
    assert {one.name for one in folder.glob("*.csv")} - {"codebook.csv"} == {
        name for name in result.files() if name.endswith(".csv")
    }


def test_weekly_has_every_arm(result):
    table, weeks = result.weekly, result.scenario.horizon.weeks
    assert [*table.columns[:3]] == ["arm", "date", "week"] and len(table) == 3 * weeks
    assert [*table["arm"].cat.categories] == ["with", "without", "status_quo"]
    assert {*OUTCOMES} - {"share"} <= {*table.columns} and table.index.is_unique
    for arm, one in result.weekly_by_arm.items():
        own = table[table["arm"] == arm]
        assert own["capacity"].tolist() == one["capacity"].tolist() and own["week"].tolist() == [*range(weeks)]
    assert table.attrs["units"]["given_bitcoin"] == "USD/week"
    assert table.attrs["labels"]["capacity"] == "attack capacity"
    assert {*table.attrs["labels"]} == {*table.columns}


def test_the_effect_has_a_row_a_measure(result):
    effect = result.effect
    assert effect.index.name == "measure" and [*effect.columns[:3]] == ["value", "unit", "period"]
    assert effect.index[0] == "switch_effect_52" and "policy_effect_52" in effect.index
    assert effect.loc["switch_effect_52", "period"] == "2020-06-22 to 2021-06-20"
    means = result.weekly[result.weekly["date"].between("2020-06-22", "2021-06-20")].groupby("arm")["capacity"].mean()
    assert effect.loc["policy_effect_52", "value"] == pytest.approx(100 * (means["with"] / means["status_quo"] - 1))


def test_tables_of_the_policies_and_of_the_switch_have_other_headings(result):
    heads = [line.split(":")[0] for line in repr(result).splitlines() if "means of the" in line.lower()]
    assert heads == ["With and without policies", "With and without the switch"]


def test_without_a_policy_there_is_no_table_of_it():
    alone = sim.run(seed=3, **FEW)
    assert alone.policy is None and [*alone.weekly_by_arm] == ["with", "without"]
    assert alone.effect["period"].iloc[0].startswith("the run ends")
    assert repr(alone).count("Means of") == 1


def test_what_a_user_changes_in_a_table_changes_no_other(result):
    before = repr(result)
    result.summary["with"] = 0.0
    assert repr(result) == before and (result.summary["with"] == 0.0).all(), "but it stays in this one"
    del result.__dict__["summary"]


def test_html_is_tables_of_text():
    result = sim.run(seed=3, **FEW)
    html = result._repr_html_()
    assert html.count("<table>") == html.count("</table>") == repr(result).count("\n\n") and "<script" not in html
    assert "attack capacity" in html and "One seed: " in html
    result.provenance["overrides"][0] = "seed=<script>alert(1)</script>"
    assert "&lt;script&gt;" in result._repr_html_() and "<script" not in result._repr_html_()


def test_figures_are_those_of_the_command(result, command):
    _, folder = command
    assert {one.stem.partition("_")[2] for one in (folder / "figures").glob("*.png")} == {*result.figures}
    bare = SCREEN.figure(result.drawings, "money", {})
    file = next(iter(SCREEN.draw({"2_money": result.drawings["2_money"]}, folder / "again", {})))
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "red", "lines.linewidth": 9}):  # a user's own
        assert (pixels(bare._repr_png_()) == pixels(file.read_bytes())).all()
    figure = result.plot()
    assert isinstance(figure, matplotlib.figure.Figure) and figure.axes
    assert "python -m sim group=donor_funded" in " ".join(text.get_text() for text in figure.texts)
    assert (pixels(result.plot("2_money")._repr_png_()) == pixels(result.plot("money")._repr_png_())).all()


def pixels(content):
    return imread(io.BytesIO(content), format="png")


def test_an_unknown_figure_is_refused_and_an_empty_one_not_listed(result):
    with pytest.raises(ValueError, match="mony: there is no such figure; nearest: 2_money"):
        result.plot("mony")
    short = sim.run(**FEW)
    assert "capacity" in short.figures and "attacks" not in short.figures, "no published period lies in the run"
    with pytest.raises(ValueError, match="attacks: there is nothing to show"):
        short.plot("attacks")


def test_a_folder_of_ones_own_has_its_facts(tmp_path, capsys):
    facts = (ROOT / "conf" / "facts.csv").read_text(encoding="utf-8")
    (tmp_path / "my").mkdir()
    (tmp_path / "my" / "facts.csv").write_text(facts, encoding="utf-8")
    mine = sim.run(config_dir=tmp_path / "my", **FEW)
    assert "facts.csv" in capsys.readouterr().err, "it says what it read from there"
    assert mine.provenance["configuration"]["facts.csv"] != provenance.begun(mine.scenario, "", [], {})["configuration"]


def test_parquet_files_carry_units_and_labels(command):
    """What pandas and pyarrow read; other programs that read Parquet find the same in the fields."""
    _, folder = command
    fields = pq.read_schema(folder / "weekly_with.parquet")
    meaning = {key.decode(): text.decode() for key, text in fields.field("given_bitcoin").metadata.items()}
    assert meaning == {"label": "gifts given, bitcoin", "unit": "USD/week", "better": "lower"}
    assert fields.metadata[b"window"].startswith(b"the 52 weeks after the switch")
    table = pd.read_parquet(folder / "weekly_with.parquet")
    assert table["date"].dtype.kind == "M"
    book = pd.read_csv(folder / "codebook.csv").query("file == 'weekly_with.parquet'").set_index("column")
    assert [*book.index] == [*table.columns] and book.loc["given_bitcoin", "unit"] == "USD/week"


def test_a_notebook_shows_bars_although_it_is_no_terminal(monkeypatch):
    assert not progress.in_notebook()
    shell = SimpleNamespace(config={"IPKernelApp": {}})
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    assert progress.in_notebook() and progress.watched()
    shell.config = {"TerminalIPythonApp": {}}
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False)
    assert not progress.watched()


def test_importing_costs_nothing(tmp_path):
    """In a fresh interpreter and another folder: neither Mesa nor pandas, and less than a third of a second."""
    code = """
import sys, time
start = time.process_time()
import sim, experiments
assert {"run", "load", "Model"} <= {*dir(sim)} and {"run", "load"} <= {*dir(experiments)}
print(time.process_time() - start, *{"mesa", "pandas", "numpy", "hydra"} & {*sys.modules})
"""
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=ENVIRONMENT, capture_output=True, encoding="utf-8"
    )
    seconds, *heavy = said.stdout.split()
    assert not heavy and float(seconds) < 0.3, said.stdout + said.stderr


def test_a_plain_load_needs_neither_mesa_nor_pandas(tmp_path):
    code = "import sys, sim; sim.load(seed=3, group='donor_funded'); print({'mesa', 'pandas'} & {*sys.modules})"
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=ENVIRONMENT, capture_output=True, encoding="utf-8"
    )
    assert said.stdout.strip() == "set()", said.stderr
    assert not re.search("Error", said.stderr)


def test_attacks_by_period_leave_out_what_does_not_apply():
    """A hypothetical group has no published attacks, and none in Iraq."""
    nothing = dict.fromkeys(("men", "money", "know_how", "opportunity"), np.nan)
    rows = [("iraq", 0.0, nothing), ("syria", 151.0, nothing), ("syria", 59.0, {**nothing, "money": -0.03})]
    growth = pd.DataFrame(
        [
            {"theatre": place, "period": "2018", "published": np.nan, "simulated": one} | more
            for place, one, more in rows
        ]
    )
    head, *lines = str(tables.growth_shown(growth)).splitlines()[1:]
    assert head.split() == ["attacks", "period", "simulated", "money"]
    assert [line.split() for line in lines] == [["Syria", "2018", "151"], ["2018", "59", "-3.0"]]
