"""Measures of a run that have a published counterpart.

A section is a module with ``MEASURES`` and, if it has some, weekly ``SERIES``: NAME.py here or
``experiments/studies/NAME/observables.py``. A study names the sections that its runs are measured by, and measures such
as ``attacks_iraq_2018`` (`experiments.evidence.grammar`); nothing else is computed. Each measure is in the unit of the
published figure that it stands beside.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from experiments.evidence import grammar

if TYPE_CHECKING:  # it imports the model
    from experiments.evidence.observables.recorder import Measure, RecordingModel, Series


@cache
def sections() -> dict[str, ModuleType]:
    """Return the sections by name, as they are found in their folders."""
    studies = Path(__file__).parents[2] / "studies"
    modules = {file.stem: f"{__name__}.{file.stem}" for file in Path(__file__).parent.glob("[!_]*.py")}
    for file in studies.glob("*/observables.py"):
        modules[file.parent.name] = f"experiments.studies.{file.parent.name}.observables"
    found = {name: import_module(module) for name, module in sorted(modules.items())}
    return {name: module for name, module in found.items() if hasattr(module, "MEASURES")}


def measures(names: Iterable[str] | None = None) -> "dict[str, Measure]":
    """Return the measures of some sections and names, in order; of all sections by default."""
    found: dict[str, Measure] = {}
    for name in sections() if names is None else names:  # a study without any imports none
        found |= sections()[name].MEASURES if name in sections() else {name: _named(name)}
    return found


def _named(name: str) -> "Measure":
    from experiments.evidence.observables.history import named  # which imports pandas: 0.3 s

    return named(name)


def measure_of(name: str) -> "Measure | None":
    """Return the measure of a section or of a name of quantity, place and period; None if there is none."""
    return measures().get(name) or (None if grammar.error_of(name) else _named(name))


def series(names: Iterable[str]) -> "dict[str, Series]":
    """Return the weekly series of some sections by name, in order."""
    return {key: one for name in names for key, one in getattr(sections().get(name), "SERIES", {}).items()}


def measured(model: "RecordingModel", names: Sequence[str]) -> dict[str, float]:
    """Return the measures of a finished run; NaN where the run lacks what a measure needs."""
    return {name: measure(model) for name, measure in measures(names).items()}
