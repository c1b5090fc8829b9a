"""What is wrong with tables of a user's own that reports read, before anything is run."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from experiments.evidence import credibility, observables, patterns
from experiments.evidence.observables import MEASURES
from experiments.studies.claims import measures
from sim.config import ConfigurationError
from sim.config.own_folder import FOUND
from sim.config.own_tables import using
from sim.config.untrusted_yaml import one_line
from sim.engine.text import nearest
from sim.outcomes import OUTCOMES

_COMPARED = ("elasticity", "effect")
_CLAIMED = ("campaign_typical_claimed", "campaign_first_claimed")


def faults_of_reports(texts: Mapping[str, str], folder: Path | None) -> list[str]:
    """What reports could not make of a user's own tables.

    Args:
        texts: the tables, by name.
        folder: where they lie.
    """
    if not texts or folder is None:
        return []
    with using(texts):
        tables = {"patterns.yaml": _of_patterns, "claims.yaml": _of_claims, FOUND[0]: _of_found}
        found = [(name, fault) for name, find in tables.items() for fault in _told(find)]
    return [f"{folder / (name if name in texts else 'facts.csv')}: {fault}" for name, fault in found]


def _told(find: Callable[[], Iterator[str]]) -> Iterator[str]:
    try:
        yield from find()
    except ConfigurationError as error:
        yield from error.errors
    except ValidationError as error:
        for one in error.errors(include_url=False, include_context=False, include_input=False):
            yield f"{'.'.join(map(str, one['loc']))}: {one['msg']}".removeprefix(": ")
    except (LookupError, TypeError, ValueError) as error:
        yield f"cannot be read: {type(error).__name__}: {one_line(error)}"


def _of_patterns() -> Iterator[str]:
    yield from _unmeasured(patterns.load(), [*observables.names([*observables.SECTIONS]), *OUTCOMES, *_COMPARED])


def _of_claims() -> Iterator[str]:
    rules, known = measures.load(), patterns.facts()
    yield from _unmeasured(rules.observables, [*MEASURES, *_CLAIMED])
    groups = {one.group for one in rules.observables}
    for name, read in rules.readings.items():
        yield from (f"readings.{name}: no figure is of the group {one}" for one in read if one not in groups)
    for shown in rules.over_time:
        for one in shown.observed:
            yield from _unknown(one.fact, known)
            lacking = [quarter for quarter in one.quarters if f"{shown.of}_{quarter}" not in MEASURES]
            yield from (f"{shown.says}: {shown.of} is not measured in {quarter}" for quarter in lacking)


def _of_found() -> Iterator[str]:
    credibility.kept()
    yield from ()


def _unmeasured(wanted: Sequence[patterns.Pattern], measures: Sequence[str]) -> Iterator[str]:
    """What is measured nowhere, or beside nothing that is published."""
    known = patterns.facts()
    for one in wanted:
        if one.of and one.of not in measures:
            yield f"{one.says}: of={one.of} is measured nowhere{nearest(one.of, list(measures))}"
        if one.fact is not None:
            yield from _unknown(one.fact, known)
        low, high, _ = patterns.published(one, known)
        if not low <= high:
            yield f"{one.says}: the published range ends before it begins"


def _unknown(fact: str, known: Mapping[str, object]) -> Iterator[str]:
    if fact not in known:
        yield f"there is no fact {fact} in facts.csv{nearest(fact, list(known))}"
