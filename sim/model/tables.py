"""Populations as tables: one row an agent, names instead of codes, and units in the attributes of the table."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.engine import constants
from sim.engine.records import Rows
from sim.outcomes import Outcome, described, labelled
from sim.scenario import Scenario

COLUMNS = Path(__file__).with_name("columns.csv")
"""The descriptions of fields; fields by week, and keys of random numbers, are no columns."""
_YES = ("no", "yes")


def table_of(kind: str, rows: Rows, ids: Sequence[int] | NDArray[Any], scenario: Scenario, **more: Any) -> pd.DataFrame:
    """Return agents of one type as a table, with their identifiers as index.

    A field by rail or theatre has a column for each, such as ``funds_cash``. Rails, theatres, kinds and states are
    categories with their names, missing where there is none. Money is as agents have it: in US cents where
    ``attrs["units"]`` says so.

    Args:
        kind: the name of their type.
        rows: their records.
        ids: their identifiers.
        scenario: of their model.
        more: further columns.
    """
    parts = {"rails": [one.name for one in scenario.rails], "theatres": [one.name for one in scenario.theatres]}
    columns, about, fields = dict[str, Any](), dict[str, Outcome](), rows.dtype.names or ()
    for name, meaning in (described("any", COLUMNS) | described(kind, COLUMNS)).items():
        if name in more:
            columns[name] = more[name]
        elif name in fields and meaning.by:
            for place, part in enumerate(parts[meaning.by]):
                columns[f"{name}_{part}"] = _values(rows[name][:, place], meaning.levels, parts)
                about[f"{name}_{part}"] = Outcome(f"{meaning.label}: {part}", meaning.unit)
        elif name in fields:
            columns[name] = _values(rows[name], meaning.levels, parts)
        about[name] = meaning
    return labelled(pd.DataFrame(columns, pd.Index(ids, name="unique_id", dtype=np.int64)), about.get)


def _values(codes: NDArray[Any], levels: tuple[str, ...], parts: Mapping[str, list[str]]) -> Any:
    """Return the content of a field: numbers, True or False, or categories with the names of its codes."""
    if not levels or levels == _YES:
        return codes.astype(bool) if levels else codes.copy()
    [source] = levels
    words = parts.get(source) or [one.name.lower() for one in getattr(constants, source)]
    return pd.Categorical.from_codes(codes, words)


def dataframe_of(agents: Iterable[Any]) -> pd.DataFrame:
    """Return some agents as a table (`table_of`), those of several types with their type in the first column.

    What a type does not have is missing. A user's own agents have a type alone.
    """
    by_type = dict[str, list[Any]]()
    for one in agents:
        by_type.setdefault(type(one).__name__, []).append(one)
    tables = [_of_type(kind, some, len(by_type) > 1) for kind, some in by_type.items()]
    if len(tables) == 1:
        return tables[0]
    whole = pd.concat(tables) if tables else pd.DataFrame(index=pd.Index([], name="unique_id", dtype=np.int64))
    if tables:
        whole["type"] = pd.Categorical(whole["type"], [*by_type])
    for what in ("labels", "units"):
        whole.attrs[what] = {name: word for one in tables for name, word in one.attrs[what].items()}
    return whole


def _of_type(kind: str, agents: Sequence[Any], several: bool) -> pd.DataFrame:
    ids = [one.unique_id for one in agents]
    more: dict[str, Any] = {"type": [kind] * len(agents)} if several else {}
    first = agents[0]
    if not hasattr(first, "_rows"):
        return labelled(pd.DataFrame(more, pd.Index(ids, name="unique_id")), described("any", COLUMNS).get)
    rows = np.concatenate([one._rows[one._row : one._row + 1] for one in agents])
    return table_of(kind, rows, ids, first.model.config, name=[one.name for one in agents], **more)
