"""Studies: many runs of the model, their statistics, figures and briefs.

``experiments.run("privacy_switch", replications=40)`` runs a study and ``experiments.load(folder)`` opens one that has
been run; both return a `Study`, with its tables, figures and briefs.

What a table of effects by draw says is one call each: ``drivers``, ``turning``, ``boxes``, ``regret``, ``choice`` and
``value_of_information``.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.api import Study as Study
    from experiments.api import load as load
    from experiments.api import run as run

_HOME = {
    "run": "api",
    "load": "api",
    "Study": "api",
    "drivers": "stats.dependence",
    "turning": "stats.dependence",
    "boxes": "stats.dependence",
    "regret": "stats.decision",
    "choice": "stats.decision",
    "value_of_information": "stats.information",
}
__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    """Import a public name at its first use, so that ``import experiments`` alone costs nothing."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"experiments.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
