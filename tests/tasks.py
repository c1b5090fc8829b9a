"""What tests hand to workers of a cluster, which load it by name."""

import time
from pathlib import Path

from experiments.study.watchdog import within


def flaky(place: str) -> str:
    """Fail once."""
    if not Path(place).exists():
        Path(place).touch()
        raise OSError("the disk was away")
    return "done"


def endless() -> None:
    """Take longer than it may."""
    with within(0.2):
        time.sleep(600)
