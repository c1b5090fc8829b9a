"""Errors in the tables of a user's own that reports read, found before anything is run."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path

from pydantic import ValidationError

from experiments.evidence import cases, credibility, patterns
from sim.config import ConfigurationError
from sim.config.own_tables import using
from sim.config.untrusted_yaml import one_line


def errors_of_tables(texts: Mapping[str, str], folder: Path | None) -> list[str]:
    """Return every error that would stop a report from reading a user's own tables.

    A study with a table of its own names it in ``studies/NAME/measures.py``: ``TABLE``, and ``errors()``.

    Args:
        texts: the tables, by name.
        folder: where they lie.
    """
    if not texts or folder is None:
        return []
    files = sorted((Path(__file__).parents[1] / "studies").glob("*/measures.py"))
    modules = [import_module(f"experiments.studies.{file.parent.name}.measures") for file in files]
    tables = {one.TABLE: one.errors for one in (*modules, credibility) if hasattr(one, "TABLE")}
    with using(texts):
        by_case = {f"case/{name}.yaml": partial(patterns.errors, name) for name in cases.names()}
        every = [(name, error) for name, find in (by_case | tables).items() for error in _raised(find)]
    first = {error: name for name, error in reversed(every)}  # a table that reads another repeats its errors
    places = {name: (name, name.replace(".yaml", ".csv")) for name in first.values()}
    own = {name: next((one for one in some if one in texts), "facts.csv") for name, some in places.items()}
    return [f"{folder / own[name]}: {error.removeprefix(f'{name}: ')}" for error, name in reversed(first.items())]


def _raised(find: Callable[[], Iterator[str]]) -> Iterator[str]:
    try:
        yield from find()
    except ConfigurationError as error:
        yield from error.errors
    except ValidationError as error:
        for one in error.errors(include_url=False, include_context=False, include_input=False):
            yield f"{'.'.join(map(str, one['loc']))}: {one['msg']}".removeprefix(": ")
    except (LookupError, TypeError, ValueError) as error:
        yield f"cannot be read: {type(error).__name__}: {one_line(error)}"
