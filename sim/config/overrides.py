"""Overrides as typed: their parsing, the levels that they name, and the jobs that they make."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice, product
from math import prod
from typing import TYPE_CHECKING, Any

from sim.config.own_folder import MIXED
from sim.config.requests import Request, Validation
from sim.config.shorthand import rewritten, unreadable
from sim.config.untrusted_yaml import refused_as_typed
from sim.engine.text import nearest

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override

_JOBS_VALIDATED = 400  # of a larger sweep, every value is validated but not every combination
_VALUES_READ = 100_000  # most values of one parameter in a sweep


@lru_cache(4096)
def parse(line: str) -> "Override":
    """Return an override as Hydra reads it.

    Raises:
        HydraException: if it cannot be read.
    """
    from hydra.core.override_parser.overrides_parser import OverridesParser

    return OverridesParser.create().parse_override(line)


def read_overrides(request: Request, validation: Validation) -> "list[Override]":
    """Parse overrides and collect errors: overrides that are unreadable, would be evaluated or have no values."""
    from hydra.errors import HydraException

    read = []
    for typed in request.overrides:
        try:
            one = parse(rewritten(typed))
        except HydraException:
            validation.add(unreadable(typed))
            continue
        if error := refused_as_typed(rewritten(typed), one.is_hydra_override()):
            validation.add(f"{typed}: {error}")
        elif one.is_sweep_override() and not request.sweep and not one.is_hydra_override():
            validation.add(f"{typed}: several values; -m tries each of them, and [a,b] is a list")
        elif one.is_sweep_override() and not _countable(one):
            validation.add(f"{typed}: cannot be tried one by one; write a,b,c or range(from,to,step)")
        elif one.is_sweep_override() and not levels_of(one, request.groups):
            validation.add(f"{typed}: {no_values(one, request.groups.get(one.key_or_group, ()))}")
        else:
            read.append(one)
    return read


def _countable(one: "Override") -> bool:
    """Return whether the values of a sweep can be listed, and are not too many."""
    from hydra.core.override_parser.types import Glob
    from hydra.errors import HydraException

    try:
        glob = isinstance(one._value, Glob)
        return glob or len(list(islice(one.sweep_string_iterator(), _VALUES_READ + 1))) <= _VALUES_READ
    except (HydraException, ValueError, ArithmeticError):
        return False


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


def valid_choice(one: "Override", request: Request, validation: Validation) -> bool:
    """Return whether an override of a group names options that are there; an override of a value always passes."""
    group, groups = one.key_or_group, request.groups
    if group not in groups:
        return True
    said = request.typed.get(one.get_key_element().lstrip("+~"), one.input_line)
    if one.is_delete():
        if group in MIXED:
            validation.add(f"{said}: write {group}=[] to choose none")
        return group not in MIXED
    good = True
    for text in levels_of(one, groups):
        value = parse(f"{group}={text}").value()
        names = [str(item) for item in (value if isinstance(value, list) else [value]) if item is not None]
        for name in names:
            if not name:
                validation.add(f"{said}: is empty; known: {', '.join(groups[group])}")
                good = False
            elif name not in groups[group]:
                validation.add(f"{said}: unknown {group} {name}{nearest(name, groups[group])}")
                good = False
            elif names.count(name) > 1:
                validation.add(f"{said}: {name} is there twice")
                good = False
    return good


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
    if prod(map(len, axes)) <= _JOBS_VALIDATED:
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
