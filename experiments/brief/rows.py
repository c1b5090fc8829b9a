"""Which rows of a study's tables the brief tells of."""

from collections.abc import Iterable
from typing import Any

from experiments.brief.phrases import OPEN, sound
from experiments.brief.words import Row, Tables

ARMS = ("announcement", "full")
"""Arms that the brief tells of first, in this order."""


def effects(tables: Tables, outcome: str = "capacity", bare: bool = False, **where: Any) -> list[Row]:
    """Rows of effects.csv in the cell that counts unless told otherwise; bare ones may lack an interval."""
    cell = {**tables.cell, "outcome": outcome, **where}
    return [row for row in tables.rows("effects", **cell) if sound(row, bare=bare)]


def arms(tables: Tables) -> list[str]:
    """The arms that are compared with no switch, the announcement first."""
    names = [str(name) for name in tables.names("effects", "arm", contrast="switch")]
    names = [name for name in names if name != "none" and not name.startswith("placebo")]
    return sorted(names, key=lambda name: ARMS.index(name) if name in ARMS else len(ARMS))


def profiles(tables: Tables) -> list[str]:
    """The profiles of the study: the large group first, then in order of appearance."""
    found = [str(name) for table in ("effects", "surface", "frontier") for name in tables.names(table, "profile")]
    return sorted(dict.fromkeys(found), key=lambda name: name != "is_core")


def home(tables: Tables, table: str = "effects") -> str:
    """The policy in which the switch is judged first: the status quo, or the first that there is."""
    names = [str(name) for name in tables.names(table, "policy")]
    return "status_quo" if "status_quo" in names or not names else names[0]


def ranked(tables: Tables, group: str) -> list[Row]:
    """Policies of a profile against the status quo at their greatest intensity, the largest effect first."""
    names = [str(name) for name in tables.names("effects", "policy", contrast="policy", profile=group)]
    found: list[Row] = []
    for name in names:
        cell: dict[str, Any] = {"contrast": "policy", "profile": group, "policy": name}
        outcome = "rate" if tables.military(name) else "capacity"
        rows = next(filter(None, (effects(tables, outcome, **cell, arm=arm) for arm in (*arms(tables), "none"))), [])
        found += sorted(rows, key=lambda row: -row.value("intensity"))[:1]
    return largest(found)


def told(rows: Iterable[Row]) -> list[Row]:
    """Rows whose verdict is an effect."""
    return [row for row in rows if row.text("verdict") == "effect"]


def helping(rows: Iterable[Row]) -> list[Row]:
    """Rows that lower what they judge, so that it can be told."""
    return [row for row in told(rows) if row.value("mean") < 0]


def surface(tables: Tables, group: str, outcome: str) -> list[Row]:
    """Points of the surface in the status quo: what can be told first, what is practically none last, by size."""
    rows = tables.rows("surface", profile=group, outcome=outcome, policy=home(tables, "surface"))
    order = ("effect", *OPEN, "practically none")
    return sorted(largest(row for row in rows if sound(row)), key=lambda row: order.index(row.text("verdict")))


def largest(rows: Iterable[Row]) -> list[Row]:
    """Rows by the size of their effect, the largest first."""
    return sorted(rows, key=lambda row: -abs(row.value("mean")))


def by_profile(tables: Tables, outcome: str = "capacity", bare: bool = False, **where: Any) -> list[Row]:
    """Rows of effects.csv as of `effects`, profile by profile."""
    return [row for group in profiles(tables) for row in effects(tables, outcome, bare, **where, profile=group)]
