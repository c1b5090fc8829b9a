"""From conf/ and what a user types to one scenario."""

from pathlib import Path
from typing import Any

from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf

from sim.scenario import Scenario

_HERE = Path(__file__).resolve().parent
CONF: Path = next(folder for folder in (_HERE / "conf", _HERE.parent / "conf") if (folder / "config.yaml").exists())


def composed(overrides: list[str]) -> dict[str, Any]:
    """The configuration with overrides applied, as plain values."""
    with initialize_config_dir(str(CONF), version_base="1.3"):
        config = compose("config", overrides=overrides)
    return OmegaConf.to_container(config, resolve=True)  # type: ignore[return-value]


def load(*overrides: str) -> Scenario:
    """The scenario that overrides of the default make: ``load("seed=7", "policy=exchange_kyc")``."""
    return Scenario(**composed(list(overrides)))
