"""Overrides as typed: their parsing, the levels that they name, and the jobs that they make."""

import math
from collections.abc import Iterator, Sequence
from itertools import islice, product
from typing import TYPE_CHECKING, Any

from sim.config.own_folder import MIXED
from sim.config.requests import Request, Validation
from sim.config.shorthand import parse, rewritten, unreadable
from sim.config.untrusted_yaml import refused_as_typed
from sim.engine.text import nearest

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override

_JOBS_VALIDATED = 400  # of a larger sweep, every value is validated but not every combination
_VALUES_READ = 100_000  # most values of one parameter in a sweep


def read_overrides(request: Request, validation: Validation) -> "list[Override]":
    """Parse overrides; those that are unreadable, would be evaluated, or name no values or options are errors."""
    from hydra.errors import HydraException

    read = []
    for typed in request.overrides:
        try:
            one = parse(rewritten(typed))
        except HydraException:
            validation.add(unreadable(typed))
            continue
        errors = list(_errors_of(one, request))
        validation.add(*(f"{typed}: {error}" for error in errors))
        read += [] if errors else [one]
    return read


def _errors_of(one: "Override", request: Request) -> Iterator[str]:
    """Yield every error of one override that needs no composition."""
    of_hydra, groups = one.is_hydra_override(), request.groups
    if error := refused_as_typed(one.input_line or "", of_hydra):
        yield error
    elif one.is_sweep_override() and not request.sweep and not of_hydra:
        yield "several values; -m tries each of them, and [a,b] is a list"
    elif one.is_sweep_override() and (error := _no_levels(one, groups)):
        yield error
    elif one.key_or_group in groups:
        yield from _unknown_options(one, groups[one.key_or_group], levels_of(one, groups))


def _no_levels(one: "Override", groups: dict[str, list[str]]) -> str:
    """Return why the values of a sweep cannot be listed, or an empty text."""
    from hydra.errors import HydraException

    try:
        count = len(levels_of(one, groups, _VALUES_READ + 1))
    except (HydraException, ValueError, ArithmeticError):
        count = _VALUES_READ + 1
    if count > _VALUES_READ:
        return "cannot be tried one by one; write a,b,c or range(from,to,step)"
    return "" if count else no_values(one, groups.get(one.key_or_group, ()))


def _unknown_options(one: "Override", known: list[str], levels: list[str]) -> Iterator[str]:
    """Yield the errors of an override that chooses options of a group."""
    group = one.key_or_group
    if one.is_delete():
        if group in MIXED:
            yield f"write {group}=[] to choose none"
        return
    for level in levels:
        value = parse(f"{group}={level}").value()
        names = [str(item) for item in (value if isinstance(value, list) else [value]) if item is not None]
        for name in names:
            if not name:
                yield f"is empty; known: {', '.join(known)}"
            elif name not in known:
                yield f"unknown {group} {name}{nearest(name, known)}"
            elif names.count(name) > 1:
                yield f"{name} is given twice"


def levels_of(one: "Override", groups: dict[str, list[str]], most: int = _VALUES_READ) -> list[str]:
    """Return the values of an override as text: one, or those of a sweep up to a limit."""
    from hydra.core.override_parser.types import Glob

    if not one.is_sweep_override():
        return [one.get_value_element_as_str()]
    value: Any = one._value
    if isinstance(value, Glob):
        return value.filter(groups.get(one.key_or_group, []))
    return list(islice(one.sweep_string_iterator(), most))


def no_values(one: "Override", options: Sequence[str]) -> str:
    """Return the error of a sweep that has no values."""
    from hydra.core.override_parser.types import Glob

    value: Any = one._value
    if isinstance(value, Glob):
        return "matches nothing that there is" + (f"; known: {', '.join(options)}" if options else "")
    return "an empty list; name at least one value"


def jobs_of(overrides: "list[Override]", groups: dict[str, list[str]]) -> Iterator[list[str]]:
    """Yield the overrides of each job; of a large sweep, jobs that have every value but not every combination."""
    axes: list[list[str]] = []
    for one in overrides:
        if one.is_sweep_override():
            values = levels_of(one, groups)
            values = _extremes(values) if one.key_or_group == "seed" else values
            axes.append([f"{one.get_key_element()}={value}" for value in values])
        else:
            axes.append([one.input_line or ""])
    if math.prod(map(len, axes)) <= _JOBS_VALIDATED:
        yield from (list(job) for job in product(*axes))
        return
    first = [axis[0] for axis in axes]
    yield first
    for place, axis in enumerate(axes):
        yield from ([*first[:place], value, *first[place + 1 :]] for value in islice(axis, 1, None))


def _extremes(seeds: list[str]) -> list[str]:
    """Return only the seeds to validate: the smallest and the largest whole number, and everything that is not one."""
    whole = sorted({seed for seed in seeds if seed.isdecimal()}, key=int)
    return [seed for seed in seeds if not seed.isdecimal()] + whole[:1] + whole[1:][-1:]


def is_choice(one: "Override", groups: dict[str, list[str]]) -> bool:
    """Return whether an override chooses packaged files or files of Hydra, or changes a setting of Hydra."""
    return one.key_or_group in groups or one.is_hydra_override() or "/" in one.key_or_group
