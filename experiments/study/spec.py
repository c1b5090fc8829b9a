"""What a study is: factors, blocks that cross them, replications, what is uncertain. Values stand in conf/study."""

import calendar
import math
import re
from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sim.config import ConfigurationError, file_of, folders_of
from sim.config.own_folder import NOTHING
from sim.config.shorthand import written
from sim.config.untrusted_yaml import bulky, misread, one_line, plain, shown, walk
from sim.engine.constants import POLICIES
from sim.engine.text import nearest

type Value = str | int | float | bool
"""A level of a factor: a number, or a word."""

type Section = Literal["history", "campaigns", "attacks", "claims", "attribution"]
"""A section of the record."""

STATUS_QUO = "status_quo"
_COLUMNS = ("run", "replication", "draw", "seed", "error", "week", "date")


class Frozen(BaseModel):
    """Plain values that never change; nothing unknown, infinite or unprintable is among them."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _printable(cls, data: Any) -> Any:
        """Refuse texts that would steer a terminal or break a page."""
        for place, leaf in walk(data):
            if not all(plain(text) for text in (leaf, *place[-1:]) if isinstance(text, str)):
                raise ValueError(f"{shown('.'.join(place))}: holds a character that cannot be printed")
        return data


class Block(Frozen):
    """Cells that are crossed with each other: every combination of the levels of the factors that it varies."""

    vary: dict[str, Annotated[list[Value], Field(min_length=1)]] = {}
    every: Annotated[int, Field(ge=1)] = 1  # 4: a quarter of the draws, for what stands beside the main question
    weekly: bool = False  # whether weekly series are kept too


class Together(Frozen):
    """Factors whose levels are walked together, row by row, instead of being crossed."""

    factors: Annotated[list[str], Field(min_length=1)]
    rows: Annotated[list[list[Value]], Field(min_length=1)]


class Name(Frozen):
    """A name that a study has for a parameter, in the unit that its readers use."""

    doc: str
    kind: Literal["number", "date", "word"]
    sets: str  # an override, with {} where the value stands
    unit: str = ""
    times: float = 1.0  # from this unit to that of the parameter: 1e-6 from USD to million USD
    low: float = -math.inf
    high: float = math.inf
    day: Literal["first", "last"] = "first"  # which day a month stands for

    def unfit(self, level: Value) -> str:
        """What to say of a level that it cannot have; empty if it can."""
        if self.kind == "number":
            fits = isinstance(level, int | float) and not isinstance(level, bool) and self.low <= level <= self.high
            return "" if fits else f"allowed is {self.low:,.12g} to {self.high:,.12g} {self.unit}".rstrip()
        if self.kind == "date":
            return "" if _day(str(level), self.day) else "must be a date such as 2020-05-31, or a month such as 2020-05"
        return "" if str(level) else "must be a name"

    def date_of(self, level: Value) -> date:
        """The day that a level stands for."""
        found = _day(str(level), self.day)
        assert found is not None  # judged when it was typed
        return found

    def override(self, level: Value) -> str:
        """What a level sets."""
        if self.kind == "number":
            return self.sets.replace("{}", f"{float(level) * self.times:.12g}")
        return self.sets.replace("{}", str(self.date_of(level) if self.kind == "date" else level))


def _day(text: str, which: Literal["first", "last"]) -> date | None:
    """The day of a date or of a month as typed."""
    month = re.fullmatch(r"(\d{4})-(\d{2})", text)
    try:
        if month is None:
            return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
        year, number = int(month[1]), int(month[2])
        return date(year, number, 1 if which == "first" else calendar.monthrange(year, number)[1])
    except (ValueError, calendar.IllegalMonthError):
        return None


class Study(Frozen):
    """A study as conf/study/NAME.yaml declares it.

    A factor is a word of ``levels`` (each level a list of overrides), a name of ``names``, ``policy`` or ``intensity``,
    a group of conf/, or the full name of a parameter.
    """

    doc: str
    report: str  # the folder of experiments/studies whose report.py makes its tables, figures and text
    base: dict[str, Value]  # the level of a factor in blocks that do not vary it
    keep: dict[str, Value | list[Value]] = {}  # levels that are always run; the first is what others are compared with
    levels: dict[str, Annotated[dict[str, list[str]], Field(min_length=1)]] = {}
    names: dict[str, Name] = {}  # factors that set one parameter, under another name and in another unit
    together: dict[str, Together] = {}
    blocks: Annotated[dict[str, Block], Field(min_length=1)]
    overrides: list[str] = []
    replications: Annotated[int, Field(ge=1, le=1_000_000)]
    seeds_per_draw: Annotated[int, Field(ge=1)]
    uncertain: Literal["plausible", "posterior", "none"]  # from where each draw draws the parameters that nobody knows
    also: dict[str, tuple[float, float]] = {}  # ranges besides the declared plausible ones
    record: tuple[
        Section, ...
    ] = ()  # by which sections of the record (experiments.evidence.observables) runs are also measured
    hold: list[str] = []  # parameters with a plausible range that are held all the same

    def kept(self, factor: str) -> list[Value]:
        """The levels of a factor that are always run."""
        found = self.keep.get(factor, [])
        return found if isinstance(found, list) else [found]


def level_of(factor: str, value: Any, mixed: Container[str] = ("policy",)) -> Value:
    """A value that somebody typed as a level; as a text it is such that it can be typed again.

    Of ``mixed`` groups, several options are ``a+b``, and none of them the status quo or ``nothing``.
    """
    if factor in mixed and isinstance(value, list):
        return "+".join(map(str, value)) or (STATUS_QUO if factor == "policy" else NOTHING)
    return value if isinstance(value, int | float) else written(value)


def folders(config_dir: Path | None = None) -> list[Path]:
    """Where studies are found; the first that has one wins."""
    return [place / "study" for place in folders_of(config_dir) if (place / "study").is_dir()]


def names(config_dir: Path | None = None) -> list[str]:
    """The studies that there are."""
    return sorted({file.stem for folder in folders(config_dir) for file in folder.glob("*.yaml")})


def load(name: str, config_dir: Path | None = None) -> Study:
    """The study of that name.

    Raises:
        ConfigurationError: if there is none, or its file is faulty.
    """
    if name not in names(config_dir):
        raise ConfigurationError([f"study={name}: unknown study{nearest(name, names(config_dir))}"])
    file = file_of(f"study/{name}.yaml", config_dir)
    try:
        study = Study(**plain_yaml(file))
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)
        words = {"too_short": "is empty; name at least one"}
        told = [f"{'.'.join(map(str, one['loc']))}: {words.get(one['type'], one['msg'])}" for one in found]
        raise ConfigurationError([f"{file}: {one}" for one in told]) from None
    faults = list(faults_in(study))
    if faults:
        raise ConfigurationError([f"{file}: {one}" for one in faults])
    return study


def faults_in(study: Study) -> Iterator[str]:
    """Faults that lie between the parts of a study."""
    varied = {name for block in study.blocks.values() for name in block.vary}
    for name in (name for name in (*study.base, *sorted(varied)) if name in _COLUMNS):
        yield f"{name}: no factor can have this name; a column has it"
    for key, block in study.blocks.items():
        for name, levels in block.vary.items():
            yield from (f"blocks.{key}.vary.{name}: {one}" for one in unknown_levels(study, name, levels))
        for name in sorted(varied - block.vary.keys() - study.base.keys()):
            yield f"base: needs a level of {name}, which blocks.{key} does not vary"
    for name, level in study.base.items():
        yield from (f"base.{name}: {one}" for one in unknown_levels(study, name, [level]))
    for name in study.keep:
        yield from (f"keep.{name}: {one}" for one in unknown_levels(study, name, study.kept(name)))
    for name, together in study.together.items():
        if any(len(row) != len(together.factors) for row in together.rows):
            yield f"together.{name}: every row needs a level of each of {', '.join(together.factors)}"
        for factor, *levels in zip(together.factors, *together.rows, strict=False):
            yield from (f"together.{name}: {one}" for one in unknown_levels(study, str(factor), levels))


def unknown_levels(study: Study, factor: str, levels: Iterable[Value]) -> list[str]:
    """What to say of levels that a factor of words does not have; a mix is of different policies."""
    if factor == "policy":
        return [fault for level in levels for fault in _bad_mix(str(level).split("+"))]
    if factor in study.together:
        rows = len(study.together[factor].rows)
        return [f"there is no row {one}" for one in levels if not isinstance(one, int) or not 0 <= one < rows]
    if factor in study.names:
        return [unfit for unfit in map(study.names[factor].unfit, levels) if unfit]
    if factor == "intensity":
        return [f"must be a number, 0 to 1; not {one}" for one in levels if not isinstance(one, int | float)]
    known = list(study.levels.get(factor, ()))
    return [f"unknown {factor} {one}{nearest(str(one), known)}" for one in levels if known and str(one) not in known]


def _bad_mix(policies: Sequence[str]) -> Iterator[str]:
    for one in policies:
        if one not in (*POLICIES, STATUS_QUO):
            yield f"unknown policy {one}{nearest(one, [*POLICIES, STATUS_QUO])}"
    if len(policies) > 1 and (STATUS_QUO in policies or len(set(policies)) < len(policies)):
        yield f"{'+'.join(policies)}: a mix is of different policies, each once"


def plain_yaml(file: Path) -> dict[str, Any]:
    """A mapping of plain values; references such as ``${seed}`` stay as they are.

    Raises:
        ConfigurationError: if it cannot be read.
    """
    faults_ = [*bulky(file), *misread(file)] if file.is_file() else []
    if faults_:
        raise ConfigurationError(faults_)
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise ConfigurationError([f"{file}: cannot be read: {one_line(error)}"]) from None
    return plain_text(text, str(file))


def plain_text(text: str, file: str) -> dict[str, Any]:
    """The same, of a text of no harmful size; ``file`` is what it is called.

    Raises:
        ConfigurationError: if it cannot be read.
    """
    from omegaconf import OmegaConf

    try:
        found: Any = OmegaConf.to_container(OmegaConf.create(text), resolve=False)
    except Exception as error:  # OmegaConf and YAML raise errors of many kinds
        raise ConfigurationError([f"{file}: cannot be read: {one_line(error)}"]) from None
    if not isinstance(found, dict):
        raise ConfigurationError([f"{file}: needs keys with values"])
    return {str(key): value for key, value in found.items()}
