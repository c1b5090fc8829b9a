"""An agent-based simulation of how an insurgent group is financed, and of the effects of policies against it.

``sim.load("policy=exchange_kyc", "seed=7")`` returns a `Scenario`; ``sim.Model(scenario).run()`` simulates it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.config import ConfigurationError as ConfigurationError
    from sim.config import load as load
    from sim.model import Model as Model
    from sim.scenario import Scenario as Scenario

_HOME = {"load": "config", "ConfigurationError": "config", "Model": "model", "Scenario": "scenario"}


def __getattr__(name: str) -> Any:
    """Import a public name at its first use, so that ``import sim`` alone costs nothing."""
    if name not in _HOME:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(f"sim.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
