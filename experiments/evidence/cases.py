"""Cases: what each is judged by (conf/case/NAME.yaml), and published figures (conf/facts.csv, conf/case/NAME.csv).

No model is imported here, as completion needs the names.
"""

import csv
import io
import math
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from experiments.evidence import grammar
from experiments.study.spec import CASES, Study, Value, plain_text
from sim.config import ConfigurationError
from sim.config.messages import KINDS
from sim.config.own_folder import CASE
from sim.config.own_tables import FACTS, cases_in, text_of, texts_in, using
from sim.config.untrusted_yaml import shown
from sim.engine.text import nearest

CORE = "is_core"
COMPARISONS = ("elasticity", "effect", "fear", "direction")
"""Measures that compare runs, or two measures."""


class Entry(BaseModel):
    """An entry of a table in conf/: it never changes, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Pattern(Entry):
    """One pattern; conf/case/is_core.yaml explains its fields and the rule of agreement."""

    says: str
    tag: Literal["built in", "calibrated", "in view", "emergent", "negative control"]
    of: str = ""
    between: tuple[str, ...] = ()
    unit: str = ""
    fact: str | None = None
    low: float | None = None
    high: float | None = None
    where: dict[str, Value] = {}
    if_low: str = ""
    if_high: str = ""
    decides: bool = False
    general: bool = False
    group: str = ""
    outside: str = ""

    @model_validator(mode="after")
    def _asked_or_outside(self) -> Self:
        if bool(self.of) == bool(self.outside):
            raise ValueError(f"{self.says}: needs either of (what is measured) or outside (why nothing is)")
        if (self.of == "direction") != (len(self.between) == 2):
            raise ValueError(f"{self.says}: of: direction, and it alone, needs between: [EARLIER, LATER]")
        return self

    @property
    def compared(self) -> bool:
        """Return whether it is of a comparison of runs or a correlation, whose range is not widened."""
        return self.of in (*COMPARISONS, "severity_size")

    @property
    def counts(self) -> bool:
        """Return whether it can support the model: nothing was tuned to it."""
        return self.tag == "emergent" and not self.outside

    @property
    def measures(self) -> tuple[str, ...]:
        """Return the measures that it needs."""
        return self.between or (self.of,)


class Case(Entry):
    """A case: a phrase, its cut (of some theatres another), gaps, what is put in after it, and patterns."""

    says: str
    cut: date
    cut_of: dict[str, date] = {}
    unknown: tuple[str, ...] = ()
    put_in: tuple[str, ...] = ()
    patterns: tuple[Pattern, ...]


def names() -> list[str]:
    """Return the names of all cases, the core first."""
    return sorted(cases_in(), key=lambda name: (name != CORE, name))


def load(name: str) -> Case:
    """Return a case; its patterns are of runs of its own group unless they say otherwise.

    Raises:
        ConfigurationError: with every error of its file.
    """
    file = f"case/{name}.yaml"
    if not CASE.fullmatch(file):
        raise ConfigurationError([f"{shown(name)}: the name of a case has letters, digits, _ and - only"])
    try:
        case = Case(**plain_text(text_of(file), file))
    except ValidationError as error:
        raise ConfigurationError([f"{file}: {_in_words(one)}" for one in error.errors(include_url=False)]) from None
    own = [one.model_copy(update={"where": {"profile": name} | one.where}) for one in case.patterns]
    return case.model_copy(update={"patterns": tuple(own)})


def _in_words(error: Any) -> str:
    """Return an error of a file of a case; of a pattern under what it says, or its number."""
    place, message = [str(one) for one in error["loc"]], str(error["msg"]).removeprefix("Value error, ")
    fields = [*(Pattern if len(place) > 2 and place[0] == "patterns" else Case).model_fields]
    kinds = {"extra_forbidden": f"unknown key{nearest(place[-1], fields)}", "missing": "is missing"} if place else {}
    words = (f"must be {words}" for start, words in KINDS.items() if error["type"].startswith(start))
    message = kinds.get(error["type"]) or next(words, message.replace("Input should be", "must be"))
    if place[:1] == ["patterns"] and len(place) > 1:
        place[1] = str(int(place[1]) + 1)  # counted from 1
    return f"{'.'.join(place)}: {message}".removeprefix(": ")


def facts_of(table: str = FACTS) -> list[dict[str, str]]:
    """Return the published figures of one table, a row each."""
    return list(csv.DictReader(io.StringIO(text_of(table))))


def facts() -> dict[str, dict[str, str]]:
    """Return the published figures by name: those of conf/facts.csv and of every case."""
    tables = [FACTS, *(f"case/{name}.csv" for name in names())]
    return {row["id"]: row for table in tables for row in facts_of(table)}


def evidence_patterns(cases: Sequence[str] = (CORE,)) -> list[Pattern]:
    """Return the calibrated patterns of some cases: the evidence on the parameters.

    Their figures have ``use=calibrate`` and are of a period that ends by the cut.
    """
    known = facts()
    loaded = map(load, cases)
    return [one for case in loaded for one in case.patterns if one.tag == "calibrated" and may_tune(case, one, known)]


def may_tune(case: Case, pattern: Pattern, known: dict[str, dict[str, str]]) -> bool:
    """Return whether the figure of a pattern may calibrate its case."""
    fact = known.get(pattern.fact or "", {"use": "", "period": ""})
    named = [grammar.parse(of) for of in pattern.measures if not grammar.error_of(of)]
    cut = max((case.cut_of.get(one.place, case.cut) for one in named), default=case.cut)
    last = grammar.last_day(fact["period"])
    if fact["use"] != "calibrate" or last is None or pattern.outside:
        return False
    return pattern.general or (last <= cut and all(one.before - timedelta(days=1) <= cut for one in named))


def published(pattern: Pattern) -> tuple[float, float, str]:
    """Return the published range and its grade; a limit that it lacks is infinite."""
    fact = facts().get(pattern.fact or "", {})
    own = pattern.of == "direction" or fact.get("unit") == "date"  # a sign or a day, and no figure
    low = float((not own and fact.get("low")) or -math.inf) if pattern.low is None else pattern.low
    high = float((not own and fact.get("high")) or math.inf) if pattern.high is None else pattern.high
    return low, high, fact.get("grade", "")


def of_study(study: Study, chosen: Sequence[str], config_dir: Path | None) -> Study:
    """Return a study of these cases, or of its own: their levels of ``profile``, their blocks and their measures.

    Raises:
        ConfigurationError: if it has no cases, one is unknown, or its file cannot be read.
    """
    typed = f"case={','.join(chosen)}" if chosen else f"cases: [{', '.join(study.cases)}]"
    if not study.cases:
        raise ConfigurationError([f"{typed}: this study has no cases"])
    errors, measures, own = list[str](), list[str](), tuple(dict.fromkeys(chosen or study.cases))
    with using(texts := texts_in(config_dir)):
        known = names()
        errors += [f"{typed}: unknown case {shown(one)}{nearest(one, known)}" for one in own if one not in known]
        errors += [
            f"blocks.{key}.case: unknown case {one.case}{nearest(one.case, known)}"
            for key, one in study.blocks.items()
            if one.case not in ("", *known)
        ]
        for name in (one for one in own if one in known):
            try:
                measures += [of for one in load(name).patterns for of in one.measures if not grammar.error_of(of)]
            except ConfigurationError as error:
                folder = f"{config_dir}/" if f"case/{name}.yaml" in texts else ""
                errors += [folder + one for one in error.errors]
    if errors:
        raise ConfigurationError(errors)
    blocks = {}
    for key, block in study.blocks.items():
        vary = {
            name: list(dict.fromkeys(one for level in levels for one in (own if (name, level) == CASES else [level])))
            for name, levels in block.vary.items()
        }
        if block.case in ("", *own):
            blocks[key] = block.model_copy(update={"vary": vary})
    levels = study.levels | {"profile": {one: [f"group={one}"] for one in own} | study.levels.get("profile", {})}
    observed = tuple(dict.fromkeys((*study.observables, *measures)))
    return study.model_copy(update={"cases": own, "levels": levels, "blocks": blocks, "observables": observed})
