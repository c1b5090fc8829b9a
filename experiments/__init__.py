"""Studies: many runs of the model, their statistics, figures and briefs.

What a table of effects by draw says is one call each: ``drivers``, ``turning``, ``boxes``, ``regret``, ``choice`` and
``value_of_information``.
"""

from importlib import import_module
from typing import Any

_FUNCTIONS = {
    "drivers": "dependence",
    "turning": "dependence",
    "boxes": "dependence",
    "regret": "decision",
    "choice": "decision",
    "value_of_information": "information",
}
__all__ = list(_FUNCTIONS)


def __getattr__(name: str) -> Any:
    """Return a function of a module of `experiments.stats`, which is imported when it is first needed."""
    if name not in _FUNCTIONS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"experiments.stats.{_FUNCTIONS[name]}"), name)
