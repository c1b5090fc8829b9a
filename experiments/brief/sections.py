"""Sections of a brief: for each, the rows of which table become findings of which kind. No prose is here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from experiments import text
from experiments.figures.pick import ARMS, in_order
from experiments.findings import Finding, Row, base_levels, findings, say, together, where, with_marks
from experiments.stats.contrasts import judged_by
from experiments.stats.estimates import DEPENDS, EFFECTS
from sim.engine.constants import harm_modelled

MOST = 10
"""Sections that a brief holds at most."""

TABLES = ("effects", "frontier", "breakeven", "staff")
_USED = (
    "profile", "arm", "policy", "intensity", "outcome", "mean", "low", "verdict", "agency", "averted_low", "harm_low",
    "ratio_low",
)  # fmt: skip
"""Columns that an empty table has too."""


@dataclass(frozen=True)
class Section:
    """Findings on one matter, under a heading."""

    heading: str
    findings: list[Finding]

    @property
    def runs(self) -> str:
        """The number of pairs of runs, with marks; empty if it is not known."""
        counted = sorted((one for one in self.findings if one.n), key=lambda one: one.n)
        if not counted:
            return ""
        few, many = (one.values["pairs"] for one in (counted[0], counted[-1]))
        differ = "yes" if counted[0].n < counted[-1].n else "no"
        return with_marks("pairs", {"few": few, "many": many, "differ": differ, "count": counted[-1].n})


class Source:
    """The tables of a study, and their rows at the base levels.

    Args:
        tables: by name, rows in the order of their files; one that is missing or None is as good as empty.
        base: level of each setting.
        agencies: agency of each policy.
    """

    def __init__(
        self,
        tables: Mapping[str, pd.DataFrame | None],
        base: Mapping[str, Any] | None = None,
        agencies: Mapping[str, str] | None = None,
    ) -> None:
        self.tables = dict.fromkeys(TABLES, pd.DataFrame(columns=list(_USED)))
        for name, table in tables.items():
            if name in TABLES and table is not None and len(table):  # a study of one group has no profile
                profile = table["profile"].astype(str).array if "profile" in table else ""
                self.tables[name] = table.reset_index(drop=True).assign(profile=profile)
        self.agencies = agencies or {}
        self.levels = base_levels(self.tables["effects"], base or {})

    @cached_property
    def groups(self) -> list[str]:
        """Profiles: the large group first, then in order of appearance."""
        names = [name for table in ("effects", "frontier") for name in self.names(table, "profile")]
        return sorted(dict.fromkeys(names), key=lambda name: name != "is_core")

    @cached_property
    def arms(self) -> list[str]:
        """Arms that are compared with no switch, the announcement first."""
        names = self.names("effects", "arm", contrast="switch")
        return in_order([name for name in names if name != "none" and not name.startswith("placebo")], ARMS)

    @cached_property
    def varied(self) -> dict[str, Any]:
        """Settings that vary in the effects, and their base level."""
        return {name: level for name, level in self.levels.items() if len(self.names("effects", name)) > 1}

    def names(self, table: str, column: str, **levels: Any) -> list[Any]:
        """Distinct values of a column, in order of appearance."""
        rows = where(self.tables[table], levels)
        return list(dict.fromkeys(rows[column].tolist())) if column in rows else []

    def home(self, table: str = "effects") -> str:
        """The policy in which the switch is judged: the status quo, or the first that there is."""
        names = [str(name) for name in self.names(table, "policy")]
        return "status_quo" if "status_quo" in names or not names else names[0]

    def effects(self, contrast: str, bare: bool = False, **levels: Any) -> pd.DataFrame:
        """Effects at the base levels, on capacity unless ``levels`` differ; bare ones may lack an interval."""
        rows = where(self.tables["effects"], {**self.levels, "outcome": "capacity", "contrast": contrast, **levels})
        rows = rows[rows["mean"].notna() & (rows["low"].notna() | bare)]
        return rows.sort_values("profile", key=lambda column: column.map(self.groups.index), kind="stable")

    def switch(self, kind: str = "switch", bare: bool = False, **levels: Any) -> list[Finding]:
        """Effects of the switch in the status quo."""
        return findings(kind, self.effects("switch", bare, **{"policy": self.home(), **levels}))

    def policies(self, group: str) -> list[Finding]:
        """Policies at their greatest intensity, by what they are judged by, the largest effect first."""
        rows = where(self.tables["effects"], self.levels, contrast="policy", profile=group)
        judged = rows["policy"].map(lambda name: judged_by(str(name), self.agencies))
        order = {arm: place for place, arm in enumerate([*self.arms, "none"])}
        rows = rows[(rows["outcome"] == judged) & rows["low"].notna() & rows["arm"].isin(list(order))]
        rows = rows.assign(order=rows["arm"].map(order)).sort_values(["order", "intensity"], ascending=[True, False])
        return sorted(findings("policy", rows.drop_duplicates("policy")), key=lambda one: -abs(one.median))


def _shown(found: Sequence[Finding], *verdicts: str) -> list[Finding]:
    """Findings with one of these verdicts; raises or lowers if none is given."""
    return [one for one in found if one.verdict in (verdicts or EFFECTS)]


def sections(source: Source, failed: int = 0, runs: int = 0) -> list[Section]:
    """The findings by section, the most important first, at most ten; the last section counts failed runs."""
    found = [Section(heading, some) for heading, some in _of_study(source) if some]
    if not failed:
        return found[:MOST]
    row = Row("runs", 0, say("failed-rows"))
    counts = {"failed": row.mark("failed", f"{failed:,}"), "runs": row.mark("runs", f"{runs:,}")}
    lost = Finding("failed", verdict="", more=counts, rows=(row,))
    return [*found[: MOST - 1], Section(say("section-failed"), [lost])]


def _of_study(source: Source) -> Iterator[tuple[str, list[Finding]]]:
    for arm in source.arms:
        yield say("section-switch", arm=arm, words=text.arm(arm)), source.switch(bare=True, arm=arm)
    yield say("section-privacy"), findings("privacy", source.effects("privacy", policy=source.home()))
    for name, make in {"policies": _policies, "interaction": _interaction, "averted": _averted}.items():
        yield say(f"section-{name}"), [one for group in source.groups for one in make(source, group)]
    yield say("section-routing"), _elsewhere(source, "group.routing", "routing")
    yield say("section-world"), _elsewhere(source, "world", "world-switch")
    yield say("section-loop"), _elsewhere(source, "loop", "loop")
    yield say("section-staff"), [one for group in source.groups[:1] for one in _staff(source, group)]


def _policies(source: Source, group: str) -> list[Finding]:
    """The policy that lowers most with its lawful harm, or the one that may, or the largest; and the one that harms."""
    found = source.policies(group)
    hurts = _shown(found, "raises")[:1]
    if helps := _shown(found, "lowers"):
        return [_with_harm(source, replace(helps[0], kind="policy-largest")), *hurts]
    may = sorted(_shown(found, DEPENDS), key=lambda one: one.median > 0)
    rest = [replace(one, kind="policy-none") for one in found if one.verdict != "raises"]
    return [*(may or rest)[:1], *hurts]


def _with_harm(source: Source, one: Finding) -> Finding:
    """A finding on a policy beside the lawful money that it freezes or hinders, where the frontier has it."""
    rows = where(source.tables["frontier"], profile=one.group, arm=one.arm, policy=one.policy)
    rows = rows[rows["harm_low"].notna()].sort_values("intensity", ascending=False)
    return one.beside(harm=next(iter(findings("harm", rows, "frontier", "harm", unit="USD/week")), None))


def _interaction(source: Source, group: str) -> list[Finding]:
    """The policy that counters the switch most; else the largest interaction."""
    arm = source.arms[0] if source.arms else ""
    found = findings("countering", source.effects("interaction", arm=arm, profile=group))
    found.sort(key=lambda one: -abs(one.median))
    switch = source.switch(arm=arm, profile=group)
    if not (found and switch):
        return []
    opposite = {"raises": "lowers", "lowers": "raises"}.get(switch[0].verdict, "none")
    against = _shown(found, opposite)
    one = [*against, *_shown(found), *_shown(found, DEPENDS), *found][0]
    how = "against" if against else "adds" if one.verdict in EFFECTS else "none"
    how = DEPENDS if one.verdict == DEPENDS else how
    return [replace(one, more={"how": how, "switched": switch[0].verdict})]


def _averted(source: Source, group: str) -> list[Finding]:
    """The military policy and the one against finance that avert most, and up to which cost one beats the other."""
    arms = source.arms or source.names("frontier", "arm")
    rows = where(source.tables["frontier"], profile=group)
    rows = rows[rows["arm"].isin(arms[:1]) & rows["averted_low"].notna() & (rows["policy"] != "status_quo")]
    rows = rows[rows["intensity"] == rows.groupby("policy")["intensity"].transform("max")]
    found = findings("averted", rows, "frontier", "averted", unit="attacks/week")
    order = ("lowers", DEPENDS)
    found.sort(key=lambda one: (order.index(one.verdict) if one.verdict in order else len(order), -one.median))
    forces = [one for one in found if judged_by(one.policy, source.agencies) == "rate"]
    others = [one for one in found if one not in forces]
    if not (forces and others):
        return []
    force, other = forces[0], others[0]
    relative = {one.policy: text.outcome(one.outcome) for one in _shown(source.policies(group), "lowers")}
    made = [
        _with_harm(source, replace(one, more={"side": side, "relative": relative.get(one.policy, "none")}))
        for side, one in (("military", force), ("finance", other))
    ]
    for a, b in ((other, force), (force, other)):
        pair = where(source.tables["breakeven"], profile=group, arm=a.arm, a=a.policy, b=b.policy, verdict="lowers")
        names = {"a": text.policy(a.policy), "b": text.policy(b.policy), "unit": ""} | _unmodelled(a.policy, b.policy)
        if ratios := findings("breakeven", pair[pair["ratio_low"].notna()], "breakeven", "ratio", **names):
            return [*made, ratios[0]]
    return made


def _unmodelled(*policies: str) -> dict[str, str]:
    """Which of some policies that are ranked have harm that is not modelled."""
    names = [text.policy(one) for one in policies if harm_modelled(one) != "yes"]
    return {"unmodelled": text.listed(names) or "none"}


def _elsewhere(source: Source, setting: str, kind: str) -> list[Finding]:
    """Another level than the base of one setting: its own effect, where the table has it, and that of the switch."""
    found = []
    for level in source.names("effects", setting) if source.arms else []:
        if level == source.levels[setting]:
            continue
        there = {setting: level}
        alone = findings(setting, source.effects(setting, policy=source.home(), **there))
        for one in [*alone, *source.switch(kind, arm=source.arms[0], **there)]:
            about = {"level": str(level), "at": text.named(str(level)).lower()}
            if isinstance(level, int | float):
                share = {0.0: "none", 1.0: "all"}.get(float(level), "some")
                about = {"level": share, "at": one.rows[0].mark(setting, text.short(level))}
            found.append(replace(one, more=about))
    return sorted(found, key=lambda one: (one.kind == kind, source.groups.index(one.group)))


def _staff(source: Source, group: str) -> Iterator[Finding]:
    """For each agency with several policies, the one that averts most for a staff-week, if it averts any."""
    rows = where(source.tables["staff"], profile=group)
    rows = rows[rows["arm"].isin(source.arms[:1])] if source.arms else rows
    for agency, some in rows.groupby("agency", sort=False):
        value = "averted_per_staff_week"
        made = findings("staff", some, "staff", value, unit="", agency=str(agency).replace("_", " "))
        best = max(made, key=lambda one: one.median)
        if some["policy"].nunique() > 1 and best.low > 0:
            yield replace(best, more={**best.more, **_unmodelled(*some["policy"].unique())})


def headline(source: Source) -> str:
    """The finding of the study in one line, without numbers."""
    found = next((some for arm in source.arms if (some := source.switch(bare=True, arm=arm))), [])
    named = [replace(one, more={"group": text.group(one.group, hypothetical=True)}) for one in found]
    return together(named) or say("headline-none")


def in_short(source: Source) -> list[tuple[str, str]]:
    """Each group by its name, and sentences on the switch and on policies."""
    found = []
    for group in source.groups:
        switch = [one for arm in source.arms for one in source.switch(bare=True, arm=arm, profile=group)]
        arms = [say("donors", arm=one.arm, words=text.arm(one.arm)) for one in switch]
        switch = [replace(one, more={"donors": arm}) for one, arm in zip(switch, arms, strict=True)]
        policies = source.policies(group)
        best = [*_shown(policies, "lowers"), *_shown(policies, DEPENDS), *policies][:1]
        clauses = [together(switch, "short", over="donors"), *(one.sentence("short") for one in best)]
        words = say("short-group", group=text.heading(group), known="no" if group in text.HYPOTHETICAL else "yes")
        found.append((words, " ".join(f"{text.capital(one)}." for one in clauses if one)))
    return [(words, sentences) for words, sentences in found if sentences]
