"""Fixtures of tests that type a whole study."""

from pathlib import Path

import pytest

from experiments.study import executors
from tests.study_helpers import thread


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, where studies run in a thread of this process."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(executors, "local", lambda workers: thread())
    return tmp_path
