"""What the record has, as a run has it: the figures by which the model is judged against history.

Each measure is a number of one finished run, in the units of the published figure that it stands beside. A study names
the sections that its runs are measured by; nothing else is paid for.
"""

from collections.abc import Sequence

from experiments.evidence.observables import attacks, campaigns, history
from experiments.evidence.observables.recorder import Measure, Watched
from experiments.studies.attribution import observables as attribution
from experiments.studies.claims import observables as claims

SECTIONS: dict[str, dict[str, Measure]] = {
    "history": history.MEASURES,
    "campaigns": campaigns.MEASURES,
    "attacks": attacks.MEASURES,
    "claims": claims.MEASURES,
    "attribution": attribution.MEASURES,
}
"""Measures by section and name: a column each of a study that keeps the section."""
MEASURES = {name: measure for section in SECTIONS.values() for name, measure in section.items()}
SERIES = {"attribution": attribution.SERIES}
"""Weekly series by section and name."""


def names(sections: Sequence[str]) -> list[str]:
    """The measures of some sections, in order."""
    return [name for section in sections for name in SECTIONS[section]]


def measured(model: Watched, sections: Sequence[str]) -> dict[str, float]:
    """The measures of a finished run; NaN where the run does not have what a measure needs."""
    return {name: MEASURES[name](model) for name in names(sections)}


def series(model: Watched, sections: Sequence[str]) -> dict[str, list[float]]:
    """The weekly series of a finished run."""
    return {name: make(model) for section in sections for name, make in SERIES.get(section, {}).items()}


def series_names(sections: Sequence[str]) -> list[str]:
    """Their names, in order."""
    return [name for section in sections for name in SERIES.get(section, ())]
