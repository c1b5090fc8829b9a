"""A little of ``make fuzz``: what is typed or sent is refused in one message or is valid, and nothing else happens."""

import os
import subprocess
import tempfile

import pytest

from sim.engine.jit import PLAIN
from tools import fuzz

pytestmark = pytest.mark.skipif(PLAIN, reason="takes too long as plain Python")


def test_command_lines():
    tally = fuzz.typed_badly(50, luck=1)
    assert tally.total() == 50 and tally["refused"] > 25


def test_files_of_a_users_own():
    tally = fuzz.written_badly(10, luck=1)
    assert tally["refused"] > 5


def test_folders_that_were_tampered_with():
    tally = fuzz.folders_badly(25, luck=1)
    assert tally.total() == 25 and tally["refused"] > 12


def test_worlds():
    assert fuzz.worlds(40, luck=1)["ran"] == 40


@pytest.mark.parametrize(
    ("happens", "told"),
    [
        (lambda place: (place.parent / "elsewhere").write_text("", encoding="utf-8"), "open"),
        (lambda place: (place.parent / "elsewhere").mkdir(), "os.mkdir"),
        (lambda place: os.system("true"), "os.system"),
        (lambda place: subprocess.run(["true"], check=True), "subprocess.Popen"),
        (lambda place: __import__(fuzz.CANARY), f"import {fuzz.CANARY}"),
        (lambda place: print(os.environ[fuzz.SECRET.upper()]), "environment"),
        (lambda place: (place / "left").write_text("", encoding="utf-8"), "left files"),
        (lambda place: 1 / 0, "ZeroDivisionError"),
        (lambda place: 1, "exit code 1"),
        (lambda place: 2, "without a message"),
    ],
)
def test_what_must_not_happen_is_seen(happens, told, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with fuzz.judging() as found:
        monkeypatch.setitem(fuzz._calls(), "sim", lambda typed: happens(found.place) and None)
        if told in ("exit code 1", "without a message"):
            monkeypatch.setitem(fuzz._calls(), "sim", lambda typed: happens(found.place))
        with pytest.raises(fuzz.Surprise, match=told):
            found.judge("sim", ["seed=1"])
