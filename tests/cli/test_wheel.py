"""The installed package runs in any folder, with conf/ inside, and finds nothing of the clone."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from importlib.util import find_spec
from pathlib import Path

import pyarrow.parquet as pq
import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


def call(*words, **more):
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    environment["NUMBA_DISABLE_JIT"] = "1"  # a few donors run faster in plain Python than rules compile
    return subprocess.run([str(word) for word in words], env=environment, capture_output=True, text=True, **more)


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """An environment of its own with the wheel, and with the packages of this one: no network is needed."""
    place = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet")
    built = call(*pip, "wheel", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", place, ROOT)
    assert built.returncode == 0, built.stderr
    (wheel,) = place.glob("*.whl")
    made = call(sys.executable, "-m", "venv", "--without-pip", place / "venv")
    assert made.returncode == 0, made.stderr
    python = place / "venv" / "bin" / "python"
    packages = call(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").stdout.strip()
    (Path(packages) / "locked.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    put = call(*pip, "--python", python, "install", "--no-deps", "--no-index", wheel)
    assert put.returncode == 0, put.stderr
    return place / "venv" / "bin"


def test_the_installed_command_runs_in_any_folder(installed, tmp_path):
    mine = tmp_path / "my own" / "rail"
    mine.mkdir(parents=True)
    where = call(installed / "python", "-c", "import sim.config as c; print(c.CONF)", cwd=tmp_path).stdout.strip()
    assert Path(where).parts[-2:] == ("sim", "conf") and not Path(where).is_relative_to(ROOT)
    found = {file.name for file in (Path(where) / "found").iterdir()}
    assert found == {"validation.csv", "growth.csv", "provenance.json", "posterior.csv"}
    text = (Path(where) / "rail" / "bitcoin.yaml").read_text(encoding="utf-8").split("\n", 1)[1]
    (mine / "mycoin.yaml").write_text("# @package rails.mycoin\n" + text, encoding="utf-8")
    arguments = ["--config-dir", "my own", "rail=[bank,cash,hawala,bitcoin,stablecoin,monero,mycoin]"]
    arguments += [
        "population.donors=20",
        "horizon.start=2020-06-01",
        "horizon.weeks=10",
        "--no-figures",
        "policy=exchange_kyc",
    ]
    done = call(installed / "insurgent-financing", *arguments, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "attack capacity" in done.stdout
    (file,) = tmp_path.glob("outputs/*/*/provenance.json")
    facts = json.loads(file.read_text(encoding="utf-8"))
    assert facts["state"] == "finished" and facts["commit"] is None and facts["model"] != "None"
    assert (file.parent / "weekly_with.parquet").exists()


def test_the_installed_command_judges_helps_and_sweeps(installed, tmp_path):
    bad = call(installed / "python", "-m", "sim", "policy=exchang_kyc", "rails.moner.fee=1", cwd=tmp_path)
    assert bad.returncode == 2
    assert "nearest: exchange_kyc" in bad.stderr and "nearest: monero" in bad.stderr
    assert list(tmp_path.iterdir()) == []
    assert "exchange_kyc" in call(installed / "insurgent-financing", "--help", cwd=tmp_path).stdout
    sweep = ("-m", "population.donors=5", "horizon.start=2020-06-01", "horizon.weeks=10", "seed=1,2")
    for _ in range(2):
        swept = call(installed / "insurgent-financing", *sweep, "hydra.sweep.dir=swept", cwd=tmp_path)
        assert swept.returncode == 0, swept.stderr
        assert "Files in swept: runs.parquet, weekly.parquet, cells.csv, effects.csv" in swept.stdout
    assert "4 runs existed; 0 are new" in swept.stderr
    assert len(pq.read_table(tmp_path / "swept" / "runs.parquet")) == 4


@pytest.mark.slow
def test_packages_of_the_same_names_in_the_users_folder_are_left_alone(installed, tmp_path):
    """By both commands, their workers of every kind, and Hydra's search for plugins; `python -m` says why it fails."""
    for name in ("sim", "experiments", "hydra_plugins", "conf"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('a stranger was imported')", encoding="utf-8")
    short = ("population.donors=5", "horizon.start=2020-05-04", "horizon.weeks=87")
    study = ("study=sweep", "replications=2", "--no-figures", "workers=2", *short)
    lines = {
        "insurgent-financing": [
            [*short, "--no-figures", "hydra.run.dir=one"],
            ["-m", *short, "seed=1,2", "hydra.sweep.dir=swept", "hydra.sweeper.workers=2"],
            ["--version"],
        ],
        "insurgent-financing-study": [
            [*study, "folder=local"],
            *([[*study, "engine=dask", "folder=dask"]] if find_spec("distributed") else []),
            ["report", "local"],
            ["--version"],
        ],
    }
    for name, typed in lines.items():
        for arguments in typed:
            done = call(installed / name, *arguments, cwd=tmp_path)
            assert done.returncode == 0, (name, arguments, done.stderr)
            assert "stranger" not in done.stdout + done.stderr
            assert arguments != ["--version"] or "no commit is known" in done.stdout
    facts = {
        file.parent.name: json.loads(file.read_text(encoding="utf-8")) for file in tmp_path.rglob("provenance.json")
    }
    assert {*facts} >= {"one", "swept", "local"} and {one["state"] for one in facts.values()} == {"finished"}
    assert all(one["command"].startswith("insurgent-financing") for one in facts.values())
    shown = call(installed / "insurgent-financing-study", "--help", cwd=tmp_path).stdout
    assert "  insurgent-financing-study study=" in shown and "python -m" not in shown
    shutil.rmtree(tmp_path / "experiments")
    told = call(installed / "python", "-m", "experiments", "--help", cwd=tmp_path)
    assert told.returncode == 2 and "Python finds another sim first" in told.stderr and "Traceback" not in told.stderr
