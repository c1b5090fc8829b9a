"""The codebook: every column of every table that a run and a study write, with what it is."""

import json

import pandas as pd
import pyarrow.parquet as pq
import pytest

import sim
from experiments.evidence import observables
from experiments.stats.estimates import Estimate
from experiments.study import cli, reporting, spec
from experiments.study import codebook as of_studies
from experiments.study.store import Folder
from sim import results
from sim.cli import entry
from sim.engine.jit import PLAIN
from sim.output import codebook
from tests.study_helpers import SHORT, make, told

pytestmark = pytest.mark.skipif(PLAIN, reason="runs take too long as plain Python")

SMALL = (
    "population.donors=300",
    "horizon.weeks=30",
    "horizon.start=2020-05-04",
    "report.window=20",
    "report.beside=[5]",
)


def tables_in(folder):
    """Every column of every table in a folder, by file."""
    found = {}
    for file in (*folder.glob("*.parquet"), *folder.glob("*.csv")):
        if file.suffix == ".parquet":
            found[file.name] = pq.read_schema(file).names
            continue
        lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("# ")]
        found[file.name] = lines[0].split(",") if lines and lines[0] else []
    return found


def check(folder):
    """That the codebook says what each of them is, and nothing of others, and is listed among the files."""
    book = pd.read_csv(folder / codebook.NAME, keep_default_na=False)
    there = {(file, column) for file, names in tables_in(folder).items() for column in names}
    assert set(zip(book["file"], book["column"], strict=True)) == there
    assert not book.duplicated(["file", "column"]).any()
    nameless = book[(book["label"] == "") | (book["type"] == "")]
    assert nameless.empty, nameless
    assert set(book["better"]) <= {"lower", "higher", "neither"}
    assert codebook.NAME in json.loads((folder / "provenance.json").read_text(encoding="utf-8"))["files"]
    return book


def fields_say(file):
    """That each field of a Parquet file has a label, a unit and a better way."""
    for field in pq.read_schema(file):
        assert {b"label", b"unit", b"better"} <= set(field.metadata or ()), field.name
        assert field.metadata[b"label"], field.name


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        own = ["policy=exchange_kyc", "--ledger", "--no-figures", "hydra.run.dir=made"]
        assert entry.run([*SMALL, *own]) == 0
    return folder / "made"


def test_every_column_of_a_run_is_in_the_codebook(run):
    book = check(run).set_index(["file", "column"])
    assert book.loc[("weekly_with.parquet", "given_bitcoin"), "unit"] == "USD/week"
    assert book.loc[("ledger.parquet", "status"), "levels"] == "passed; blocked; reported"
    assert book.loc[("ledger.parquet", "date"), "type"] == "date"
    assert book.loc[("summary.csv", "first"), "type"] == "date"
    assert book.loc[("measures.csv", "value"), "unit"] == codebook.BY_ROW
    for file in run.glob("*.parquet"):
        fields_say(file)


def test_the_weeks_of_a_run_are_in_its_files(run):
    for name in ("summary.csv", "policy.csv"):
        table = pd.read_csv(run / name, keep_default_na=False)
        assert table[["weeks", "first", "last", "missing"]].drop_duplicates().values.tolist() == [
            [20, "2020-06-22", "2020-11-08", ""]
        ]
    measures = pd.read_csv(run / "measures.csv").set_index("measure")
    assert measures.loc["recall", "weeks"] == 30 and measures.loc["switch_effect_5", "last"] == "2020-07-26"
    facts = pq.read_schema(run / "weekly_with.parquet").metadata
    assert (facts[b"weeks"], facts[b"first"], facts[b"last"]) == (b"20", b"2020-06-22", b"2020-11-08")


def test_the_ledger_has_dates():
    model = sim.Model(sim.load("population.donors=300"))
    model.run()
    table, start = results.gifts(model), pd.Timestamp(model.config.horizon.start)
    assert list(table) == list(results.GIFTS)
    assert (table["date"] == start + pd.to_timedelta(7 * table["week"], unit="D")).all()
    known = table["found"] != "hidden"
    assert 0 < known.sum() < len(table)
    assert (table["found_date"].notna() == known).all() and (table["found_week"].notna() == known).all()
    found = table[known]
    assert (found["found_date"] == start + pd.to_timedelta(7 * found["found_week"].astype(int), unit="D")).all()
    assert (found["found_date"] >= found["date"]).all()


def test_every_column_of_a_small_study_is_in_the_codebook(tmp_path):
    typed = ("study=sweep", "replications=2", "combat.money=0.1,0.2", "arm=announcement,full", *SHORT)
    settings, plan = cli.settings_and_plan([*typed, "uncertain=plausible", "--no-figures", "--full"])
    folder = Folder(tmp_path / "made")
    make(plan, folder.path)
    parts = {file.name: file.read_bytes() for file in folder.parts.iterdir()}
    text, files = reporting.make(plan, folder, settings, {})
    assert text.endswith("trends.csv, findings.csv, findings.json, codebook.csv, provenance.json")
    (folder.path / "provenance.json").write_text(json.dumps({"files": files}), encoding="utf-8")
    book = check(folder.path).set_index(["file", "column"])
    assert book.loc[("effects.csv", "combat.money"), "label"] == book.loc[("runs.parquet", "combat.money"), "label"]
    assert book.loc[("runs.parquet", "capacity_13"), "label"].endswith("mean of the 13 weeks after the switch")
    assert book.loc[("runs.parquet", "rails.monero.traceability.lag"), "unit"] == "weeks"
    assert book.loc[("runs.parquet", "arm"), "levels"] == "none; announcement; full"
    assert book.loc[("effects.csv", "mean"), "unit"] == codebook.BY_ROW
    fields_say(folder.path / "runs.parquet")
    assert make(plan, folder.path).finished == 0, "the folder goes on where it was"
    assert parts == {file.name: file.read_bytes() for file in folder.parts.iterdir()}
    assert all(not field.metadata for name in parts for field in pq.read_schema(folder.parts / name))


def test_every_column_of_a_sweep_of_the_command_is_in_the_codebook(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert entry.run(["-m", *SMALL, "policy=[],[exchange_kyc]", "seed=1,2", "hydra.sweep.dir=made"]) == 0
    assert "effects.csv, findings.csv, findings.json, " in capsys.readouterr().out
    check(tmp_path / "made")


def test_measures_of_the_record_say_what_they_are():
    every = observables.measures() | observables.series(observables.sections())
    assert all(one.label and one.label != "measure" for one in every.values())
    labels = [one.label for one in observables.measures().values()]
    assert len(set(labels)) == len(labels)
    assert {"dispersion", "severity_exponent", "severity_size"} == {n for n, one in every.items() if not one.unit}


def test_statistics_say_what_they_are():
    assert set(of_studies.statistics()) == set(Estimate.__slots__)


@pytest.mark.slow
@pytest.mark.parametrize("name", [one for one in spec.names() if one != "sweep"])
def test_every_column_of_every_study_is_in_the_codebook(name, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, err = told(
        capsys, f"study={name}", "replications=4", "population.donors=100", "--no-figures", "folder=made"
    )
    assert code == 0, err
    check(tmp_path / "made")
    for file in (tmp_path / "made").glob("*.parquet"):
        fields_say(file)
