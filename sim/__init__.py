"""An agent-based simulation of how an insurgent group is financed, and of the effects of policies against it.

``sim.run(policy="exchange_kyc", seed=7)`` runs a scenario with and without the switch and returns its tables and
figures, ``sim.load`` with the same arguments the `Scenario` alone, and ``sim.Model`` a Mesa model of it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.api import Result as Result
    from sim.api import run as run
    from sim.config import ConfigurationError as ConfigurationError
    from sim.config import load as load
    from sim.model import Model as Model
    from sim.scenario import Scenario as Scenario

_HOME = {
    "run": "api", "Result": "api", "load": "config", "ConfigurationError": "config", "Model": "model",
    "Scenario": "scenario",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import a public name at its first use, so that ``import sim`` alone costs nothing."""
    if name not in _HOME:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(f"sim.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
