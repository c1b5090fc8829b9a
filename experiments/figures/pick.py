"""Rows that figures show: the reference cell of a study, policies at full strength, groups and arms in order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

import pandas as pd

from experiments import text
from experiments.findings import base_levels, say
from experiments.stats.contrasts import JUDGED_BY, PLACEBO_NONE, WHERE
from experiments.study import tables
from experiments.study.design import Plan
from experiments.study.spec import STATUS_QUO as STATUS_QUO

ROUTING = "group.routing"
ARMS = ("none", "announcement", "full", "placebo")
GROUPS = ("", "is_core", "donor_funded", "external_network")
SHOWN = ("raises", "lowers")
ANSWERED = (*SHOWN, "depends")
"""The verdicts of an effect that is shown."""


@dataclass(frozen=True, slots=True)
class About:
    """What figures need to know of a study beside its tables.

    Attributes:
        switch: day of the switch; if it varies, that of the first cell.
        levels: the reference cell: the level of each factor at which figures hold it.
        window: weeks after the switch over which outcomes are means.
        margin: margin of relevance, per cent.
        drawn: whether uncertain parameters are drawn; else all runs hold the same.
        varies: whether what figures show differs in the day of the switch.
    """

    switch: date
    levels: Mapping[str, Any] = field(default_factory=lambda: WHERE)
    window: int = 52
    margin: float = 1.0
    drawn: bool = True
    varies: bool = False

    @property
    def day(self) -> str:
        """The day of the switch in words."""
        return say("plot-day") if self.varies else text.day(self.switch)

    @classmethod
    def of(cls, plan: Plan) -> Self:
        """Return what figures need to know of a plan."""
        scenario = plan.cells[0].scenario
        return cls(
            switch=scenario.switch_day,
            levels={**WHERE, **tables.base_of(plan)},
            window=scenario.report.window,
            margin=100.0 * tables.margin(plan),
            drawn=not tables.held(plan),
        )


def grouped(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with profile and policy as text; those of a study of one group or without policies have none."""
    names = {"profile": "", "policy": STATUS_QUO}
    return table.assign(**{name: table[name].astype(str) if name in table else one for name, one in names.items()})


def nearest(table: pd.DataFrame, levels: Mapping[str, Any]) -> pd.DataFrame:
    """Return the rows at these levels; for a level that is missing, those at the nearest number or the first text."""
    for name, level in levels.items():
        if name not in table or table.empty:
            continue
        values = table[name]
        if not (values == level).any():
            numbers = pd.api.types.is_numeric_dtype(values) and not isinstance(level, str)
            level = values.iloc[(values - level).abs().argmin() if numbers else 0]
        table = table[values == level]
    return table


def reference(table: pd.DataFrame, about: About, free: Sequence[str] = ()) -> pd.DataFrame:
    """Return the rows of the reference cell; factors in ``free`` keep all their levels.

    A factor that the reference does not name is held at its first level.
    """
    table = grouped(table)
    table = table[table["arm"] != PLACEBO_NONE] if "contrast" in table else table
    levels = base_levels(table, {}) | dict(about.levels) | {"window": about.window}
    return nearest(table, {name: level for name, level in levels.items() if name not in free})


def strongest(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of each policy at its highest intensity."""
    if table.empty or "intensity" not in table:
        return table
    return table[table["intensity"] == table.groupby("policy")["intensity"].transform("max")]


def judged(
    effects: pd.DataFrame, about: About, contrasts: Sequence[str], arms: Sequence[str] = ARMS[:3]
) -> pd.DataFrame:
    """Return contrasts at highest intensity, by the attack rate, centred."""
    if effects.empty:
        return effects
    rows = strongest(reference(effects[effects["contrast"].isin(list(contrasts))], about))
    rows = centred(rows[rows["outcome"] == JUDGED_BY])
    return rows[rows["arm"].isin(arms_of(rows, arms))].drop_duplicates(["contrast", "profile", "arm", "policy"])


def centred(table: pd.DataFrame) -> pd.DataFrame:
    """Return rows with a mean and their ``centre``: the median of draws where it is known, else the mean."""
    table = table[table["mean"].notna()]
    return table.assign(centre=table["median"].fillna(table["mean"]) if "median" in table else table["mean"])


def idle(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Return which rows are exactly zero in every draw: a policy that cannot act there."""
    return (rows[["mean", "low", "high"]] == 0.0).all(axis=1)


def in_order(values: Iterable[str], first: Iterable[str] = ()) -> list[str]:
    """Return distinct values as they come, known ones first."""
    there = list(dict.fromkeys(values))
    known = [value for value in first if value in there]
    return known + [value for value in there if value not in known]


def profiles_of(table: pd.DataFrame) -> list[str]:
    """Return the profiles of a table, in the order of the headline study."""
    return in_order(table["profile"].astype(str), GROUPS)


def arms_of(table: pd.DataFrame, chosen: Sequence[str] = ARMS[:3]) -> list[str]:
    """Return the arms to show, in order: those chosen that are there, else whatever is there."""
    there = [arm for arm in in_order(table["arm"].astype(str), ARMS) if arm != PLACEBO_NONE]
    return [arm for arm in there if arm in chosen] or there


def main_arm(arms: Sequence[str]) -> str:
    """Return the arm of which titles are: donors choose, if that was run; else the first with a switch."""
    return next((arm for arm in ("announcement", *arms) if arm in arms and arm != "none"), arms[0])


def margin_of(rows: pd.DataFrame, about: About) -> float:
    """Return the margin of relevance of some rows, per cent."""
    return float(rows["margin"].iloc[0]) if "margin" in rows and rows["margin"].notna().any() else about.margin
