"""A request as typed: its overrides parsed, the jobs that they make, and the result of its validation."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice, product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.config.own_folder import MIXED, RULES, Sources, folders_of, groups_in, source_of
from sim.config.shorthand import Override, parse, rewritten, unreadable
from sim.config.untrusted_yaml import refused_as_typed, shown
from sim.engine.text import nearest

if TYPE_CHECKING:
    from sim.scenario import Scenario

OPTIONS = ("ledger", "figures")
"""Options for files beside the tables: true or false, typed on the command line like any parameter."""
_OF_PRESETS = ("horizon", "population")  # groups that a preset sets
_JOBS_VALIDATED = 400  # of a larger sweep, every value is validated but not every combination
_VALUES_READ = 100_000  # most values of one parameter in a sweep


class ConfigurationError(ValueError):
    """An invalid configuration; `errors` lists every error."""

    def __init__(self, errors: list[str]) -> None:
        self.errors = errors = _once(errors)
        count = f"{len(errors)} errors" if len(errors) > 1 else "1 error"
        super().__init__("\n  ".join([f"{count} in the configuration; nothing was run:", *map(shown, errors)]))


def _once(errors: list[str]) -> list[str]:
    """Return errors; the one on an unknown key that was typed with several levels once, without them."""
    bare = [re.sub(r"^([^=:]+)=.*?(?=: unknown key)", r"\1", error) for error in errors]
    return list(
        dict.fromkeys(short if bare.count(short) > 1 else error for short, error in zip(bare, errors, strict=True))
    )


@dataclass(frozen=True)
class Request:
    """A request: overrides as typed, and the folders to search."""

    overrides: list[str]
    config_dir: Path | None = None
    config_name: str = "config"
    sweep: bool = False
    writes: bool = False  # whether output folders are validated too

    @cached_property
    def groups(self) -> dict[str, list[str]]:
        """Return every group and its options, packaged and the user's."""
        return groups_in(folders_of(self.config_dir))

    @cached_property
    def typed(self) -> dict[str, str]:
        """Return the argument as typed, for each key that Hydra sees."""
        return {rewritten(argument).split("=", 1)[0].lstrip("+~"): argument for argument in self.overrides}


@dataclass(frozen=True)
class Destination:
    """The output folder, the key that set it, and whether its name is the default."""

    folder: Path
    key: str
    default: bool
    study: bool  # made by the jobs of a sweep together

    @property
    def goes_on(self) -> bool:
        """Return whether the folder holds a study that may resume."""
        return self.study and not self.default and (self.folder / "study.json").is_file()

    @property
    def taken(self) -> str:
        """Return the error of a folder that holds something else."""
        return f"{self.key}={self.folder}: exists already; nothing is written over"


@dataclass
class Validation:
    """The errors found; without any, scenario and values of the first job, and the output folder."""

    errors: list[str] = field(default_factory=list)
    scenario: "Scenario | None" = None
    values: dict[str, object] = field(default_factory=dict)  # of the scenario and the options, references followed
    base: dict[str, Any] = field(default_factory=dict)  # composed from the chosen files, Hydra's settings included
    place: Destination | None = None
    files: dict[str, Path | None] = field(default_factory=dict)  # that were read; packaged files have no path

    @property
    def sources(self) -> Sources:
        """Return each file that was read, as provenance has it."""
        return {name: source_of(file) for name, file in sorted(self.files.items())}

    def add(self, *errors: str) -> None:
        """Add errors, each once."""
        self.errors += [error for error in dict.fromkeys(errors) if error not in self.errors]

    def include(self, job: "Validation") -> None:
        """Add the errors and the files of a job."""
        self.add(*job.errors)
        self.files |= job.files


def read_overrides(request: Request, validation: Validation) -> list[Override]:
    """Parse overrides; those that are unreadable, would be evaluated, or name no values or options are errors."""
    from hydra.errors import HydraException

    read: list[Override] = []
    for typed in request.overrides:
        try:
            one = parse(rewritten(typed))
        except HydraException:
            validation.add(unreadable(typed))
            continue
        errors = list(_errors_of(one, request))
        group = one.key_or_group
        if group in request.groups and any(before.key_or_group == group for before in read):
            errors.append(f"{group} is given twice" + f"; write {group}=[a,b]" * (group in (*MIXED, RULES)))
        validation.add(*(f"{typed}: {error}" for error in errors))
        read += [] if errors else [one]
    undone = dict(_undone(read, request.groups))
    validation.add(*(f"{request.typed.get(group, group)}: {error}" for group, error in undone.items()))
    return [one for one in read if one.key_or_group not in undone]


def _undone(read: list[Override], groups: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Yield each group whose chosen file a preset, which comes after it, would undo, with the error."""
    presets = [level for one in read if one.key_or_group == "preset" for level in levels_of(one, groups)]
    for preset in [preset for preset in presets if preset != "default"][:1]:
        for group in (one.key_or_group for one in read if one.key_or_group in _OF_PRESETS):
            yield group, f"preset={preset} sets {group} itself; leave out one of the two, or write {group}.NAME=VALUE"


def _errors_of(one: Override, request: Request) -> Iterator[str]:
    of_hydra, groups = one.is_hydra_override(), request.groups
    if error := refused_as_typed(one.input_line or "", of_hydra):
        yield error
    elif one.is_sweep_override() and not request.sweep and not of_hydra:
        yield "several values; -m tries each of them, and [a,b] is a list"
    elif one.is_sweep_override() and (error := _no_levels(one, groups)):
        yield error
    elif one.key_or_group in groups and not one.is_delete():
        for level in levels_of(one, groups):
            yield from _unknown_options(one.key_or_group, level, groups[one.key_or_group])
    elif one.key_or_group in MIXED and one.is_delete():
        yield f"write {one.key_or_group}=[] to choose none"


def _no_levels(one: Override, groups: dict[str, list[str]]) -> str:
    """Return why the values of a sweep cannot be listed, or an empty text."""
    from hydra.errors import HydraException

    try:
        count = len(levels_of(one, groups, _VALUES_READ + 1))
    except (HydraException, ValueError, ArithmeticError):
        count = _VALUES_READ + 1
    if count > _VALUES_READ:
        return "cannot be tried one by one; write a,b,c or range(from,to,step)"
    return "" if count else no_values(one, groups.get(one.key_or_group, ()))


def _unknown_options(group: str, level: str, known: list[str]) -> Iterator[str]:
    value = parse(f"{group}={level}").value()
    names = [str(item) for item in (value if isinstance(value, list) else [value]) if item is not None]
    for name in names:
        if not name:
            yield f"is empty; known: {', '.join(known)}"
        elif name not in known:
            yield f"unknown {group} {name}{nearest(name, known)}"
        elif names.count(name) > 1:
            yield f"{name} is given twice"


def levels_of(one: Override, groups: dict[str, list[str]], most: int = _VALUES_READ) -> list[str]:
    """Return the values of an override as text: one, or those of a sweep up to a limit."""
    from hydra.core.override_parser.types import Glob

    if not one.is_sweep_override():
        return [one.get_value_element_as_str()]
    value: Any = one._value
    if isinstance(value, Glob):
        return value.filter(groups.get(one.key_or_group, []))
    return list(islice(one.sweep_string_iterator(), most))


def no_values(one: Override, options: Sequence[str]) -> str:
    """Return the error of a sweep that has no values."""
    if not (one.input_line or "").partition("=")[2].lstrip().startswith("glob("):
        return "an empty list; name at least one value"
    return "matches nothing that there is" + (f"; known: {', '.join(options)}" if options else "")


def jobs_of(overrides: list[Override], groups: dict[str, list[str]]) -> Iterator[list[str]]:
    """Yield the overrides of each job; of a large sweep, jobs that have every value but not every combination."""
    axes: list[list[str]] = []
    for one in overrides:
        axis = [one.input_line or ""]
        if one.is_sweep_override():
            values = levels_of(one, groups)
            if one.key_or_group == "seed":  # the smallest and the largest whole number, and whatever is not one
                whole = sorted({seed for seed in values if seed.isdecimal()}, key=int)
                values = [seed for seed in values if not seed.isdecimal()] + whole[:1] + whole[1:][-1:]
            axis = [f"{one.get_key_element()}={value}" for value in values]
        axes.append(axis)
    if math.prod(map(len, axes)) <= _JOBS_VALIDATED:
        yield from map(list, product(*axes))
        return
    first = [axis[0] for axis in axes]
    yield first
    for place, axis in enumerate(axes):
        yield from ([*first[:place], value, *first[place + 1 :]] for value in axis[1:])
