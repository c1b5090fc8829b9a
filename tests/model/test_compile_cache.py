"""The cache of compiled rules: the versions used last stay, and the one in use always."""

import os
import shutil
import time

import pytest

from sim.engine import cache as compiled


def versions(parent):
    return {entry.name for entry in parent.iterdir()}


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A cache of compiled rules where four other versions were used, the first of them last."""
    monkeypatch.setattr(compiled.platformdirs, "user_cache_dir", lambda name: str(tmp_path))
    for age, name in enumerate("abcd"):
        (tmp_path / "compiled" / name).mkdir(parents=True)
        (tmp_path / "compiled" / name / "used").touch()
        at = time.time() - 1000 * age
        os.utime(tmp_path / "compiled" / name / "used", (at, at))
    return tmp_path / "compiled"


def test_the_versions_used_last_are_kept(cache):
    own = compiled._cache_folder()
    assert versions(cache) == {own.name, "a", "b"}


def test_a_clock_that_went_back_does_not_take_away_what_is_in_use(cache):
    for name in "abcd":
        at = time.time() + 1e6
        os.utime(cache / name / "used", (at, at))
    own = compiled._cache_folder()
    assert own.is_dir() and len(versions(cache)) == 3


def test_a_cache_that_another_version_took_away_is_made_anew(cache, monkeypatch):
    own = compiled._cache_folder()
    shutil.rmtree(own)
    monkeypatch.setattr(compiled, "CACHE", own)
    monkeypatch.setattr(compiled, "PLAIN", False)
    assert compiled.is_cold()
    compiled.mark_warm()
    assert not compiled.is_cold()
