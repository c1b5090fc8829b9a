"""The live page without a browser: the pair of runs, what a user chooses, and the command."""

import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.config import ConfigurationError
from sim.live.__main__ import run
from sim.results import with_and_without_switch
from sim.runs import Run
from tests.worlds import run_of

solara = pytest.importorskip("solara")
pytest.importorskip("altair")
page = pytest.importorskip("sim.live.page")

ROOT = Path(__file__).parents[2]
FEW = {"group": "donor_funded", "population.donors": "500"}


def test_a_pair_is_the_run_with_and_the_run_without_the_switch():
    pair = page.Pair(**FEW, seed=3, start=-10)
    scenario = sim.load("group=donor_funded", "population.donors=500", "seed=3")
    assert pair.simulated == pair.without.simulated == scenario.week(scenario.switch_day) - 10
    assert pair.book[:171].tobytes() == pair.without.book[:171].tobytes()
    pair.step()
    assert pair.simulated == pair.without.simulated == 172 and pair.running
    book = pair.run()
    assert book.tobytes() == run_of(scenario).book.tobytes() != pair.without.book.tobytes()
    assert pair.without.book.tobytes() == Run(with_and_without_switch(scenario)[1]).run().tobytes()


@pytest.mark.parametrize(("start", "weeks"), [(-10_000, 0), (-181, 0), (-180, 1), (0, 181), (10_000, 259)])
def test_a_start_outside_the_run_is_moved_into_it(start, weeks):
    pair = page.Pair(**FEW, start=start)
    assert (pair.simulated, pair.without.simulated, pair.running) == (weeks, weeks, True)


def test_controls_begin_with_what_was_typed():
    page.ask(["policy=[exchange_kyc,channel_takedown]", "seed=700", "rails.monero.traceability=0.3", "giving.bound=1"])
    try:
        chosen = page.parameters(page._asked)
        values = page.values_of(chosen)
        pair = page.Pair(**values, **{"population.donors": 50})
    finally:
        page.ask([])
    assert chosen["policy"]["values"][:2] == ["[exchange_kyc,channel_takedown]", "adaptive"]
    assert chosen["seed"].max == 700 and "status_quo" in chosen["policy"]["values"]
    assert pair.config == sim.load(
        "policy=[exchange_kyc,channel_takedown]", "seed=700", "rails.monero.traceability=0.3", "giving.bound=1",
        "population.donors=50",
    )  # fmt: skip
    said = "Group is_core; policies: exchange_kyc and channel_takedown; traceability of Monero 0.3; seed 700."
    assert page.in_words(pair.config).startswith(said)


def test_controls_that_nobody_has_touched_are_the_default():
    assert page.Pair(**page.values_of(page.parameters({}))).config == sim.load()


def test_what_a_page_cannot_show_is_refused_before_it_opens():
    with pytest.raises(ConfigurationError, match="takes something away, which the page cannot show"):
        page.ask(["~shocks.territory_iraq"])
    assert page._asked == {}


def test_every_group_and_policy_of_the_controls_can_be_chosen():
    chosen = page.parameters({})
    for name in ("group", "policy"):
        for value in chosen[name]["values"]:
            page.Pair(**{name: value, "population.donors": 10}, start=-10_000)


def test_a_picture_has_both_runs_and_their_difference():
    pair = page.Pair(**FEW, seed=3, start=20)
    upper, lower = page.draw(pair, "capacity").axes
    with_, without = (line.get_ydata() for line in upper.lines[:2])
    assert len(with_) == len(without) == pair.simulated
    assert with_.tolist() == pair.book["capacity"][:201].sum(axis=1).tolist()
    apart = lower.lines[1].get_ydata()
    assert np.array_equal(apart, with_ - without) and not apart[:181].any() and apart[181:].any()
    assert upper.get_ylabel() == "attacks/week"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "error"),
    [("polcy=exchange_kyc", "polcy=exchange_kyc: unknown key; nearest: policy"), ("seed=x", "must be a whole number")],
)
def test_a_wrong_override_is_refused_before_anything_is_served(typed, error):
    done = _command(typed)
    assert done.returncode == 2 and error in done.stderr and "Traceback" not in done.stderr


def test_without_solara_the_command_says_what_to_install(tmp_path):
    (tmp_path / "solara.py").write_text("raise ModuleNotFoundError('', name='solara')\n", encoding="utf-8")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from sim.live.__main__ import main; main()"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "Not installed: solara. The live page needs it; type  pip install 'insurgent-financing-sim[live]'"
    ]


@pytest.mark.parametrize("port", ["99999", "-1", "x"])
def test_a_port_that_there_is_not_is_refused(port, capsys):
    with pytest.raises(SystemExit, match="2"):
        run([f"--port={port}"])
    assert f"{port}: must be a whole number from 0 to 65535" in capsys.readouterr().err


def test_overrides_may_stand_on_both_sides_of_an_option(capsys, monkeypatch):
    monkeypatch.setenv("SOLARA_TELEMETRY_MIXPANEL_ENABLE", "false")  # which the command sets
    assert run(["seed=3", "--port", "5", "polcy=x", "sed=1"]) == 2
    error = capsys.readouterr().err
    assert "polcy=x: unknown key" in error and "sed=1: unknown key" in error


@pytest.mark.slow
def test_a_port_in_use_is_a_failure():
    with socket.create_server(("localhost", 0)) as taken:
        done = _command(f"--port={taken.getsockname()[1]}")
    assert done.returncode == 1 and "Traceback" not in done.stderr


def _command(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "sim.live", "--no-open", "--port=0", *arguments],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=False, timeout=120,
    )  # fmt: skip


def test_the_help_of_the_command():
    done = _command("--help")
    assert done.returncode == 0 and "key=value" in done.stdout and "--no-open" in done.stdout
