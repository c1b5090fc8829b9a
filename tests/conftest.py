"""Fixtures of all tests: an empty working folder, and a header line if the rules must be compiled first."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import chdir, nullcontext
from functools import partial
from pathlib import Path

import pytest

from experiments.messages import languages
from experiments.study import executors, reporting
from sim.cli import frame
from sim.engine.cache import PLAIN, is_cold

_FORMS = reporting.USUAL_FORMS
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # hints say python


def pytest_report_header() -> str:
    """How the rules run."""
    if PLAIN:
        return "rules: plain Python (NUMBA_DISABLE_JIT), slow"
    return "rules: compiled" + (", perhaps for the first time: about a minute more" if is_cold() else "")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile once, before processes begin that would each do so."""
    if session.config.getoption("numprocesses", None) and not hasattr(session.config, "workerinput"):
        from sim.compilation import compile_all

        compile_all()


@pytest.fixture(scope="session", autouse=True)
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Begin in an empty folder: what a user has in results/ of the clone is of no concern."""
    with chdir(tmp_path_factory.mktemp("here")):
        yield


@pytest.fixture(scope="session", autouse=True)
def on_any_machine() -> Iterator[None]:
    """Leave out lines on what takes long, which a slow machine would have and a fast one not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frame, "_OFTEN", 3600.0)
        yield


@pytest.fixture(scope="session", autouse=True)
def one_form() -> Iterator[pytest.MonkeyPatch]:
    """Let reports write their brief in one form and language, in this process: the others take seconds each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(executors, "helper", lambda settings: nullcontext(partial))
        patch.setattr(reporting, "USUAL_FORMS", ("html",))
        patch.setattr(reporting, "languages", lambda: ["en"])
        yield patch


@pytest.fixture
def every_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let reports write their brief in every form and language, as they do for users."""
    monkeypatch.setattr(reporting, "USUAL_FORMS", _FORMS)
    monkeypatch.setattr(reporting, "languages", languages)


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Take away what Hydra adds to logging for a command: it writes to the streams of that test."""
    root = logging.getLogger()
    level = root.level
    yield
    for handler in [one for one in root.handlers if type(one) is logging.StreamHandler]:
        root.removeHandler(handler)
    root.setLevel(level)
