"""The declaration of a study (conf/study/NAME.yaml): factors, blocks that cross them, replications, uncertainty."""

import math
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from experiments.evidence import grammar
from experiments.studies import MULTIRUN
from sim.config import ConfigurationError, file_of, folders_of
from sim.config.own_folder import NOTHING
from sim.config.shorthand import written
from sim.config.untrusted_yaml import bulky, misread, one_line, plain, shown, walk
from sim.engine.constants import POLICIES
from sim.engine.text import nearest

type Value = str | int | float | bool
"""A level of a factor: a number, or a word."""

STATUS_QUO = "status_quo"
CASES = ("profile", "cases")
"""The factor, and its level in a block, that means the profiles of all cases of the study."""
_ROOT = Path(__file__).parents[1]
_COLUMNS = ("run", "replication", "draw", "seed", "error", "week", "date")
_DECIMAL = re.compile(r"-?\d{1,15}(\.\d+)?(e[+-]?\d{1,2})?", re.ASCII)
_RENAMED = {
    "also": "extra_ranges",
    "every": "thin",
    "keep": "reference_levels",
    "names": "aliases",
    "record": "observables",
    "together": "zip",
}
"""Keys of earlier versions, and their names now."""


def printable(data: Any) -> Any:
    """Return plain values.

    Raises:
        ValueError: if one of them, or its name, would steer a terminal or break a page.
    """
    for place, leaf in walk(data):
        for text in (leaf, *place[-1:]):
            if isinstance(text, str) and not plain(text):
                raise ValueError(f"{shown('.'.join(place))}: holds a character that cannot be printed")
    return data


class Frozen(BaseModel):
    """Plain values that never change; unknown keys, infinite numbers and unprintable texts are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    _printable = model_validator(mode="before")(printable)


def _named(levels: Any) -> Any:
    """Return levels of factors with their names as texts: YAML reads 0.9 as a number."""
    numbers = (int, float)
    if not isinstance(levels, dict):
        return levels
    return {
        name: {str(key) if type(key) in numbers else key: one for key, one in some.items()}
        if isinstance(some, dict)
        else some
        for name, some in levels.items()
    }


type _Case = Annotated[str, Field(pattern=r"^[\w-]+$")]  # a part of a path


class Block(Frozen):
    """Cells of all combinations of the levels of some factors."""

    vary: dict[str, Annotated[list[Value], Field(min_length=1)]] = {}
    thin: Annotated[int, Field(ge=1)] = 1  # 4: only the first quarter of the draws, for minor questions
    weekly: bool = False  # whether weekly series are stored too
    case: Annotated[str, Field(pattern=r"^[\w-]*$")] = ""  # run only if this is among the cases of the study


class Zip(Frozen):
    """Factors whose levels are combined row by row instead of being crossed."""

    factors: Annotated[list[str], Field(min_length=1)]
    rows: Annotated[list[list[Value]], Field(min_length=1)]


class Alias(Frozen):
    """A study's own name of a parameter, in the unit of its readers."""

    doc: str
    kind: Literal["number", "date", "word"]
    sets: str  # an override, with {} in place of the value
    unit: str = ""
    times: float = 1.0  # from this unit to that of the parameter: 1e-6 from USD to million USD
    low: float = -math.inf
    high: float = math.inf
    day: Literal["first", "last"] = "first"  # the day that a month means

    def error_of(self, level: Value) -> str:
        """Return why a level is not allowed; empty if it is."""
        if self.kind == "number":
            fits = isinstance(level, int | float) and not isinstance(level, bool) and self.low <= level <= self.high
            return "" if fits else f"allowed is {self.low:,.12g} to {self.high:,.12g} {self.unit}".rstrip()
        if self.kind == "date":
            return "" if _day(str(level), self.day) else "must be a date such as 2020-05-31, or a month such as 2020-05"
        return "" if str(level) else "must be a name"

    def date_of(self, level: Value) -> date:
        """Return the day that a valid level means."""
        found = _day(str(level), self.day)
        assert found is not None  # validated as it was typed
        return found

    def override(self, level: Value) -> str:
        """Return the override that a level makes."""
        if self.kind == "number":
            return self.sets.replace("{}", f"{float(level) * self.times:.12g}")
        return self.sets.replace("{}", str(self.date_of(level) if self.kind == "date" else level))


def _day(text: str, which: Literal["first", "last"]) -> date | None:
    if not re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", text):
        return None
    try:
        first, before = grammar.period(text)
    except (ValueError, OverflowError):
        return None
    return first if which == "first" else before - timedelta(days=1)


class Study(Frozen):
    """A study as conf/study/NAME.yaml declares it.

    A factor is a word of ``levels`` (each level a list of overrides), a name of ``aliases``, ``policy`` or
    ``intensity``, a group of conf/, or the full name of a parameter.
    """

    doc: str
    report: str  # the folder of experiments/studies whose report.py makes its tables, figures and text
    base: dict[str, Value]  # the level of a factor in blocks that do not vary it
    reference_levels: dict[str, Value | list[Value]] = {}  # always run; others are compared with the first
    levels: Annotated[dict[str, Annotated[dict[str, list[str]], Field(min_length=1)]], BeforeValidator(_named)] = {}
    aliases: dict[str, Alias] = {}  # factors that set one parameter, under another name and in another unit
    zip: dict[str, Zip] = {}
    blocks: Annotated[dict[str, Block], Field(min_length=1)]
    overrides: list[str] = []  # hold in every cell
    replications: Annotated[int, Field(ge=1, le=1_000_000)]
    seeds_per_draw: Annotated[int, Field(ge=1)]
    uncertain: Literal["plausible", "posterior", "none"]  # the distribution of the uncertain parameters
    extra_ranges: dict[str, tuple[float, float]] = {}  # ranges besides the declared plausible ones
    pooled: dict[str, Annotated[float, Field(gt=0.0, le=2.0)]] = {}  # log-sd of each case's own deviation (NAME@CASE)
    apart: tuple[str, ...] = ()  # parameters that each case draws by itself, from its own range (NAME@CASE)
    observables: tuple[str, ...] = ()  # by which runs are measured too: sections, and names such as attacks_iraq_2018
    hold: list[str] = []  # parameters with a plausible range that are not drawn
    cases: tuple[_Case, ...] = ()  # the word `cases` in a block means their profiles; case=NAME chooses others

    @field_validator("report", "observables")
    @classmethod
    def _are_known[T: (str, tuple[str, ...])](cls, value: T, info: ValidationInfo) -> T:
        kind, known = ("report", reports()) if info.field_name == "report" else ("section or measure", sections())
        for name in [value] if isinstance(value, str) else value:
            error = "" if name in known else kind == "report" or grammar.error_of(name)
            if error and kind != "report" and name.split("_")[0] in grammar.QUANTITIES:
                raise ValueError(shown(str(error)))
            if error:
                raise ValueError(f"unknown {kind} {shown(name)}{nearest(name, known)}")
        return value

    def reference_levels_of(self, factor: str) -> list[Value]:
        """Return the levels of a factor that are always run."""
        found = self.reference_levels.get(factor, [])
        return found if isinstance(found, list) else [found]


@cache
def reports() -> list[str]:
    """Return the names of all reports: the folders of experiments/studies, never of a user's own folder."""
    return sorted(file.parent.name for file in _ROOT.glob("studies/*/report.py"))


@cache
def sections() -> list[str]:
    """Return the names of the sections of observables; nothing is imported, as most commands need no model."""
    files = [*_ROOT.glob("evidence/observables/*.py"), *_ROOT.glob("studies/*/observables.py")]
    found = [file for file in files if "\nMEASURES" in file.read_text(encoding="utf-8")]
    return sorted(file.parent.name if file.stem == "observables" else file.stem for file in found)


def level_of(factor: str, value: Any, mixed: Container[str] = ("policy",)) -> Value:
    """Return a typed value as a level; a text in the form in which it can be typed again.

    Of ``mixed`` groups, several options are ``a+b``, and none of them is the status quo or ``nothing``.
    """
    if factor in mixed and isinstance(value, list):
        return "+".join(map(str, value)) or (STATUS_QUO if factor == "policy" else NOTHING)
    return value if isinstance(value, int | float) else written(value)


def names(config_dir: Path | None = None) -> list[str]:
    """Return the names of all studies."""
    return sorted({file.stem for folder in folders_of(config_dir) for file in folder.glob("study/*.yaml")})


def load(name: str, config_dir: Path | None = None, cases: Sequence[str] = ()) -> Study:
    """Return the study of that name, of the cases that it names itself or of others.

    Raises:
        ConfigurationError: if there is none, or with every error of its file.
    """
    if name not in names(config_dir):
        raise ConfigurationError([f"study={name}: unknown study{nearest(name, names(config_dir))}"])
    file = file_of(f"study/{name}.yaml", config_dir)
    try:
        study = _with_numbers(Study(**plain_yaml(file)))
        errors = list(errors_in(study))
    except ValidationError as error:
        errors = [_in_words(one) for one in error.errors(include_url=False, include_context=False)]
    if errors:
        raise ConfigurationError([f"{file}: {one}" for one in errors])
    if study.cases or cases:
        from experiments.evidence.cases import of_study  # which reads its tables by this module

        return of_study(study, cases, config_dir)
    return study


def _with_numbers(study: Study) -> Study:
    """Return a sweep whose levels are numbers where all names of a factor's levels are: 0.9 of ``"0.9": [...]``."""
    found: dict[str, dict[str, Value]] = {}
    for factor, names in study.levels.items() if study.report == MULTIRUN else ():
        numbers = [
            int(name) if name.lstrip("-").isdecimal() else float(name) for name in names if _DECIMAL.fullmatch(name)
        ]
        if len({*numbers}) == len(names):  # 0.9 and 0.90 are two levels, so they stay words
            found[factor] = dict(zip(names, numbers, strict=True))

    def level(factor: str, value: Value) -> Value:
        return found.get(factor, {}).get(str(value), value)

    def all_of(factors: Mapping[str, Value | list[Value]]) -> dict[str, Any]:
        each = factors.items()
        return {
            name: [level(name, v) for v in one] if isinstance(one, list) else level(name, one) for name, one in each
        }

    levels = {
        name: {str(level(name, key)): value for key, value in some.items()} for name, some in study.levels.items()
    }
    blocks = {key: one.model_copy(update={"vary": all_of(one.vary)}) for key, one in study.blocks.items()}
    zips = {
        key: one.model_copy(update={"rows": [[*map(level, one.factors, row)] for row in one.rows]})
        for key, one in study.zip.items()
    }
    parts = {"base": all_of(study.base), "reference_levels": all_of(study.reference_levels)}
    return study.model_copy(update={"levels": levels, "blocks": blocks, "zip": zips, **parts}) if found else study


def _in_words(error: Any) -> str:
    *above, key = map(str, error["loc"] or [""])
    words = {
        "too_short": "is empty; name at least one",
        "string_pattern_mismatch": "must be a name of letters, digits, _ and -",
    }
    message = words.get(error["type"], error["msg"])
    if error["type"] == "extra_forbidden":
        part: Any = {"blocks": Block, "zip": Zip, "aliases": Alias}[above[0]] if above else Study
        fields = [*part.model_fields]
        message = f"is called {_RENAMED[key]} now" if key in _RENAMED else f"unknown key{nearest(key, fields)}"
    return f"{'.'.join([*above, key])}: {message.removeprefix('Value error, ')}".removeprefix(": ")


def errors_in(study: Study) -> Iterator[str]:
    """Yield errors that lie between the parts of a study."""
    varied = {name for block in study.blocks.values() for name in block.vary}
    for name in (name for name in (*study.base, *sorted(varied)) if name in _COLUMNS):
        yield f"{name}: no factor can have this name; a column has it"
    levels = {f"base.{name}": (name, [level]) for name, level in study.base.items()}
    levels |= {f"reference_levels.{name}": (name, study.reference_levels_of(name)) for name in study.reference_levels}
    for key, block in study.blocks.items():
        for name, some in block.vary.items():
            real = [one for one in some if not study.cases or (name, one) != CASES]
            levels[f"blocks.{key}.vary.{name}"] = name, real
        for name in sorted(varied - block.vary.keys() - study.base.keys()):
            yield f"base: needs a level of {name}, which blocks.{key} does not vary"
    for place, (name, some) in levels.items():
        yield from (f"{place}: {one}" for one in unknown_levels(study, name, some))
    for name, zipped in study.zip.items():
        if any(len(row) != len(zipped.factors) for row in zipped.rows):
            yield f"zip.{name}: every row needs a level of each of {', '.join(zipped.factors)}"
        for factor, *column in zip(zipped.factors, *zipped.rows, strict=False):
            yield from (f"zip.{name}: {one}" for one in unknown_levels(study, str(factor), column))


def unknown_levels(study: Study, factor: str, levels: Iterable[Value]) -> list[str]:
    """Return the errors of levels that a factor does not have; a mix holds different policies."""
    if factor == "policy":
        return [error for level in levels for error in _bad_mix(str(level).split("+"))]
    if factor in study.zip:
        rows = len(study.zip[factor].rows)
        return [f"there is no row {one}" for one in levels if not isinstance(one, int) or not 0 <= one < rows]
    if factor in study.aliases:
        return [error for error in map(study.aliases[factor].error_of, levels) if error]
    if factor == "intensity":
        return [f"must be a number, 0 to 1; not {one}" for one in levels if not isinstance(one, int | float)]
    known = [*study.levels.get(factor, ())]
    return [f"unknown {factor} {one}{nearest(str(one), known)}" for one in levels if known and str(one) not in known]


def _bad_mix(policies: Sequence[str]) -> Iterator[str]:
    for one in policies:
        if one not in (*POLICIES, STATUS_QUO):
            yield f"unknown policy {one}{nearest(one, [*POLICIES, STATUS_QUO])}"
    if len(policies) > 1 and (STATUS_QUO in policies or len(set(policies)) < len(policies)):
        yield f"{'+'.join(policies)}: a mix is of different policies, each once"


def plain_yaml(file: Path) -> dict[str, Any]:
    """Return a file as a mapping of plain values; references such as ``${seed}`` stay as they are.

    Raises:
        ConfigurationError: if it cannot be read.
    """
    errors = [*bulky(file), *misread(file)] if file.is_file() else []
    if errors:
        raise ConfigurationError(errors)
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise ConfigurationError([f"{file}: cannot be read: {one_line(error)}"]) from None
    return plain_text(text, str(file))


def plain_text(text: str, file: str) -> dict[str, Any]:
    """Return a text of harmless size as a mapping of plain values.

    Raises:
        ConfigurationError: if it cannot be read; ``file`` names it.
    """
    from omegaconf import OmegaConf

    try:
        found: Any = OmegaConf.to_container(OmegaConf.create(text), resolve=False)
    except Exception as error:  # OmegaConf and YAML raise errors of many kinds
        raise ConfigurationError([f"{file}: cannot be read: {one_line(error)}"]) from None
    if not isinstance(found, dict):
        raise ConfigurationError([f"{file}: needs keys with values"])
    return {str(key): value for key, value in found.items()}
