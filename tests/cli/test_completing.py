"""Completion by Tab: what may stand at the cursor, and the shells that ask for it."""

import contextlib
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from experiments.messages import languages
from experiments.study import cli as of_studies
from experiments.study import spec as studies
from experiments.study.arguments import BRIEF_KEYS, SETTINGS
from sim.cli import completion as completing
from sim.cli import entry
from sim.config import CONF

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def tab(capsys):
    """What may stand at the end of a line, as whole words, and the exit code."""

    def press(line):
        run = of_studies.run if "experiments" in line or "-study" in line else entry.run
        code = run(["--complete", completing.split(line)[1], line])
        return capsys.readouterr().out.split("\n")[:-1], code

    def words(line):
        return press(line)[0]

    words.code = lambda line: press(line)[1]
    return words


def options(group):
    return sorted(file.stem for file in (CONF / group).glob("*.yaml"))


def test_groups_parameters_and_options(tab):
    assert tab("python -m sim pol") == ["policy=", "policies."]
    assert tab("insurgent-financing --comp") == ["--completion"]
    assert tab(".venv/bin/python -m sim vendor=") == [f"vendor={one}" for one in options("vendor")]
    assert tab("python -m sim rails.") == [f"rails.{one}." for one in options("rail")]
    assert tab("python -m sim rails.monero.traceability.l") == [
        "rails.monero.traceability.link=", "rails.monero.traceability.lag="
    ]  # fmt: skip
    assert "group.cells." in tab("python -m sim group.c") and "report.window=" in tab("python -m sim report.")
    assert tab("python -m sim shocks.monero_only.mode=f") == ["shocks.monero_only.mode=full"]
    assert tab("python -m sim shocks.monero_only.enabled=") == [
        f"shocks.monero_only.enabled={one}" for one in ("true", "false")
    ]
    assert tab("python -m sim +rails.bank.fe") == ["+rails.bank.fee="]
    assert tab("python -m sim --cfg j") == ["job"] and tab("python -m sim --completion ") == ["bash", "zsh"]
    assert tab("python -m sim nothing_of_that_name") == []


def test_lists_and_quotes(tab):
    assert tab("python -m sim -m policy=adaptive,exchange_k") == ["policy=adaptive,exchange_kyc"]
    assert tab("python -m sim 'policy=[adaptive,exchange_k") == ["policy=[adaptive,exchange_kyc"]
    assert tab('python -m sim "vendor=e') == ["vendor=eager"]


def test_the_shell_is_given_what_it_replaces(capsys):
    """Bash breaks words at = and keeps what stands before."""
    entry.run(["--complete", "ea", "insurgent-financing seed=1 vendor=ea"])
    assert capsys.readouterr().out == "eager\n"


def test_studies_settings_and_factors(tab):
    assert tab("python -m experiments study=") == [f"study={name}" for name in studies.names()]
    everything = tab("insurgent-financing-study ")
    assert {"report", "brief", "full", "--plan", "--full", "--no-brief", "study=", "arm=", "group="} <= {*everything}
    assert {name.split(".")[0] for name in SETTINGS} <= {re.split("[=.]", one)[0] for one in everything}
    assert tab("python -m experiments study=sweep arm=") == ["arm=none", "arm=announcement", "arm=full"]
    assert tab("python -m experiments engine=d") == ["engine=dask"]
    assert tab("python -m experiments study=claims claim.am") == ["claim.amount="]
    assert tab("python -m experiments brief a ") == [f"{key}=" for key in BRIEF_KEYS]
    assert tab("python -m experiments brief a language=") == [f"language={name}" for name in languages()]
    assert tab("python -m experiments brief a b form=html,d") == ["form=html,docx"]
    assert tab("python -m experiments study=no_such_study replic") == ["replications="]


@pytest.mark.parametrize(
    "line",
    [
        "python -m sim --config-dir x",
        "python -m sim hydra.run.dir=x",
        "python -m experiments report x",
        "python -m experiments folder=x",
        "python -m experiments report a folder=x",
        "python -m experiments brief x",
        "python -m experiments brief a x",
        "python -m experiments brief a sections=x",
        "python -m experiments brief a language=ar template=x",
    ],
)
def test_paths_are_left_to_the_shell(tab, line):
    assert tab.code(line) == completing.PATH and tab(line) == []


def test_files_of_ones_own_and_faulty_ones(tab, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in (
        ("rail/mine.yaml", "# @package rails.mine\nfee: 1\n"),
        ("rail/bad.yaml", "a: [1,"),
        ("rail/laughs.yaml", "x: &a {y: *a}"),
        ("study/own.yaml", "doc: ["),
    ):
        Path("my", name).parent.mkdir(parents=True, exist_ok=True)
        Path("my", name).write_text(text, encoding="utf-8")
    assert tab("python -m sim --config-dir my rails.mi") == ["rails.mine."]
    assert tab("python -m sim --config-dir=my rail=m") == ["rail=mine", "rail=monero"]
    assert tab("python -m experiments config_dir=my study=o") == ["study=own"]
    assert tab("python -m sim --config-dir nowhere rails.mi") == []


def test_a_query_imports_nothing_heavy():
    lines = ("python -m sim ", "python -m sim rails.bank.fee=", "python -m experiments study=sweep ")
    code = f"""
import contextlib, io, sys
from sim.cli import entry
from experiments.study import cli
for line in {lines}:
    with contextlib.redirect_stdout(io.StringIO()):
        (cli if "experiments" in line else entry).run(["--complete", "", line])
print({{"hydra", "mesa", "numba", "numpy", "pandas", "scipy", "pyarrow", "matplotlib", "loky"}} & {{*sys.modules}})
"""
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert said.stdout == "set()\n"


def test_another_shell_is_refused(capsys):
    for run in (entry.run, of_studies.run):
        assert run(["--completion", "fish"]) == run(["--completion"]) == run(["--completion=csh"]) == 2
        assert "allowed is bash or zsh" in capsys.readouterr().err
        assert run(["--completion=bash"]) == run(["--completion", "zsh"]) == 0
        assert "_insurgent_financing" in capsys.readouterr().out


# --- shells ----------------------------------------------------------------------------------------------------------


def typed_in(shell, folder, path, *lines, wanted):
    """What a shell at a terminal shows when lines are typed there, until it shows what is wanted."""
    child, terminal = pty.fork()
    if not child:
        os.chdir(folder)
        environment = {"PATH": path, "TERM": "dumb", "PS1": "$ ", "HOME": str(folder), "PYTHONPATH": str(ROOT)}
        start = {"bash": ["--norc", "-i"], "zsh": ["-f", "-i"]}[Path(shell).name]
        os.execve(shell, [shell, *start], environment)
    shown, deadline = "", time.monotonic() + 60
    try:
        for line in lines:
            os.write(terminal, line.encode())
        while wanted not in shown and time.monotonic() < deadline:
            if select.select([terminal], [], [], 0.5)[0]:
                shown += os.read(terminal, 10_000).decode(errors="replace")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, 9)
        os.waitpid(child, 0)
        os.close(terminal)
    return shown


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """A search path with both commands as installation makes them, and Python."""
    folder = tmp_path_factory.mktemp("bin")
    for module, name in (("sim", "insurgent-financing"), ("experiments", "insurgent-financing-study")):
        (folder / name).write_text(
            f"#!{sys.executable}\nfrom {module}.__main__ import main\nmain()\n", encoding="utf-8"
        )
        (folder / name).chmod(0o755)
    (folder / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n', encoding="utf-8")
    (folder / "python").chmod(0o755)
    return f"{folder}:/usr/bin:/bin"


@pytest.mark.slow
@pytest.mark.parametrize("shell", completing.SHELLS)
def test_a_shell_completes_what_is_typed(shell, path, tmp_path):
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"no {shell} here")
    load = "autoload -Uz compinit; compinit -D; " if shell == "zsh" else ""

    def after(start, typed, whole, folder=tmp_path):
        setup = f'{load}eval "$({start} --completion {shell})"; cd "{folder}"\n'
        shown = typed_in(found, folder, path, setup, f"{typed}\t\x01echo \n", wanted=f"\n{whole}")
        assert f"\n{whole}" in shown, shown

    (tmp_path / "results").mkdir()
    after("insurgent-financing", "insurgent-financing vendor=eag", "insurgent-financing vendor=eager")
    after("insurgent-financing", "insurgent-financing-study study=sw", "insurgent-financing-study study=sweep")
    after("insurgent-financing-study", "insurgent-financing rails.mon", "insurgent-financing rails.monero.")
    after(
        "insurgent-financing-study", "insurgent-financing-study report re", "insurgent-financing-study report results"
    )
    after("python -m sim", "python -m sim --ledg", "python -m sim --ledger", ROOT)
    after("python -m experiments", "python -m experiments replic", "python -m experiments replications=", ROOT)
    after("python -m sim", "python resu", "python results")
    after("python -m sim", "python -m sim resu", "python -m sim results")  # no clone: nothing of ours is run
