"""The answers of a study: findings from its tables and runs, made once for every surface that shows them.

At the base levels of the study: what the switch does and what policies do at full intensity, by one yardstick, the
attack rate in per cent of the run with neither; what the switch depends on, which policy is least regretted, and what
is worth knowing. A report adds findings of its own kinds (``findings(plan, tables)``).
"""

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial
from typing import Any

import numpy as np
import pandas as pd

from experiments import text
from experiments.evidence import credibility
from experiments.figures.pick import ARMS, GROUPS, in_order, main_arm
from experiments.findings import (
    AGREED,
    AMOUNTS,
    FEWEST,
    MOST,
    NOISY,
    TABLE,
    Amount,
    Answers,
    Because,
    Finding,
    Row,
    base_levels,
    finding,
    findings,
    where,
)
from experiments.messages import say
from experiments.stats import contrasts, decision, estimates
from experiments.stats.contrasts import HARM, JUDGED_BY, PLACEBO, PLACEBO_NONE
from experiments.stats.estimates import DEPENDS
from experiments.study import explained
from experiments.study import tables as of_plan
from experiments.study.design import Plan, plain, scenario_of
from experiments.study.executors import Submit
from experiments.study.own_findings import graded, sure
from experiments.study.store import Folder
from sim import law
from sim.config.keywords import plain_value
from sim.engine.constants import POLICIES
from sim.outcomes import OUTCOMES

MOVED = {"spent": "money", "fighters": "fighters", "know_how": "know_how"}
"""What a policy may move, and the message ``because-KIND`` that says so."""
RULES = "structure"
"""The factor of a study that has other rules of the model as levels."""
OPPORTUNITY = frozenset({"kinetic_pressure"})
"""Policies that act on the opportunity for attacks too."""
ONE_ASSUMPTION = frozenset({"privacy_delisting"})
"""Policies whose harm rests on one assumption: that an exchange's trade is spread evenly over its coins."""
BECAUSE = ("given", "money", "kept", "share", "change", "most", "low", "high")
"""Numbers of a reason, which the table of findings has as columns."""
type _Measured = tuple[float, dict[str, dict[str, Any]]]
"""The elasticity and, by rail, the other arguments of the closed form."""
_SEEDS = 4  # on which the arguments of the law are measured
_SETTLED = 0.05  # p of a value of information that is shown


def answers_of(
    plan: Plan, folder: Folder, tables: Mapping[str, pd.DataFrame], facts: Mapping[str, Any],
    own: Sequence[Finding] = (), submit: Submit = partial,
) -> Answers:  # fmt: skip
    """Return all findings of a study and the facts on it.

    Args:
        plan: of the study.
        folder: with its runs.
        tables: of its report and those that explain it, rows in the order of their files.
        facts: provenance.
        own: findings of the study's own kinds.
        submit: begins what can be worked out meanwhile (`experiments.study.executors.helper`).
    """
    measured = {values: submit(_measured, values) for _, _, values in _worlds(plan)}
    effects = [*_of_effects(plan, folder, tables)]
    every = [*effects, *own, *_turns(plan, tables, effects)]
    if not plan.study.cases:  # against the record policies are patterns, and nobody's choice
        every += [*_choices(plan, tables, effects), *_values(plan, tables)]
    every += _laws(plan, measured) if any(one.kind == "switch" for one in every) else []
    every = [_named(one, plan.only_group) for one in every]
    lines = {one.id: line for line, one in enumerate(every, 2)}  # the header is line 1
    return Answers(plan.name, _about(plan, facts), tuple(_placed(one, lines[one.id]) for one in every))


def _named(one: Finding, group: str) -> Finding:
    """A finding of a study of one group with its name, and the confidence that it then has."""
    if one.group or not group:
        return one
    one = replace(one, group=group, more={**one.more, "alone": "yes"})
    if one.kind in ("switch", "policy", "soon"):
        confidence, reasons = confidence_of(one)
        return replace(one, confidence=confidence, reasons=reasons)
    agreed = one.more["count"] / one.more["of"] if one.more.get("of") else math.nan
    return one if one.confidence == "none" else sure(one, agreed)


def _placed(one: Finding, line: int) -> Finding:
    """A finding that names its own row of the table of findings after those that it comes from."""
    row = Row(TABLE, line, one.id)
    amounts = {name: replace(found, row=row) for name in AMOUNTS if (found := getattr(one, name))}
    return replace(one, rows=(*one.rows, row), **amounts)


def table_of(answers: Answers) -> pd.DataFrame:
    """The table of findings: a row each, with the row that it comes from (``source``) and all numbers of sentences."""
    plain = ("id", "kind", "group", "policy", "arm", "outcome", "window", "below", "within", "above", "draws")
    numbers = (
        "median",
        "low",
        "high",
        "unit",
        "base",
        "margin",
        "harm_verdict",
        "harm_modelled",
        "cost",
        "priced",
        "soonest",
    )
    rows = []
    for one in answers.findings:
        row = {name: getattr(one, name) for name in (*plain, *numbers, "confidence")} | {"answered": one.answer}
        for name in AMOUNTS:
            amount = getattr(one, name)
            ends = (math.nan,) * 3 if amount is None else (amount.median, amount.low, amount.high)
            row |= dict(zip((name, f"{name}_low", f"{name}_high"), ends, strict=True))
        row |= {"reasons": " ".join(one.reasons), "because": one.because.kind if one.because else ""}
        values = one.because.values if one.because else {}
        row |= {f"because_{name}": values.get(name, math.nan) for name in BECAUSE}
        row |= {
            name.replace("-", "_"): one.more.get(name, math.nan)
            for name in ("link", "loss", "loss-at-one", "threshold")
        }
        rows.append(row | {"source": one.rows[0].id if len(one.rows) > 1 else ""})
    return pd.DataFrame(rows)


def _about(plan: Plan, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts on the study as plain values."""
    scenario = plan.cells[0].scenario
    evidence, title, swept = facts.get("evidence") or of_plan.evidence(plan.study), plan.title, _swept(plan)
    return {
        "title": say("title-at", title=title, levels=text.levels(swept)) if swept else title,
        "levels": swept,
        "tried": _tried(plan),
        "question": f"question-{plan.study.report.replace('_', '-')}",
        "report": plan.study.report,
        "standing": credibility.tallied(),
        "commit": (facts.get("commit") or "")[:10] + ("+" if facts.get("dirty") else ""),
        "date": str(facts.get("started", ""))[:10],
        **{name: facts.get(name, "") for name in ("command", "model", "seed", "caveat")},
        **{name: facts.get(name, 0) for name in ("runs", "failed", "replications", "planned")},
        "draws": 0 if of_plan.held(plan) else plan.draws,
        "switch": scenario.switch_day.isoformat(),
        "window": scenario.report.window,
        "base": of_plan.base_of(plan),
        "margin": 100.0 * of_plan.margin(plan),
        "drawn_from": plan.study.uncertain,
        "evidence": {grade: [*counts] for grade, counts in evidence.items()},
    }


def _tried(plan: Plan) -> int | str:
    """How many policies a study tries; ``all`` if it has every policy of the model."""
    names = {str(cell.levels.get("policy", decision.STATUS_QUO)) for cell in plan.cells} - {decision.STATUS_QUO}
    return "all" if {*POLICIES} <= {one for name in names for one in name.split("+")} else len(names)


def _swept(plan: Plan) -> dict[str, Any]:
    """The levels of swept parameters at which answers are that name none."""
    base = of_plan.base_of(plan)
    return {name: base.get(name, levels[0]) for name, levels in plan.varied.items() if "." in name}


def completed(plan: Plan, folder: Folder, effects: pd.DataFrame) -> pd.DataFrame:
    """Return an effects table with the attack rate in all windows at the base levels, after its own rows."""
    names = [name for name in _windows(plan) if name not in {*effects.get("outcome", ())}]
    if not names or not _plain(plan, effects):
        return effects
    runs = of_plan.runs_of(folder, plan)
    names = [name for name in names if name in runs]
    runs = where(runs, _levels(plan, effects))
    more = of_plan.effects_of(plan, runs, names) if names else pd.DataFrame()
    own = {*effects} - {*more}  # columns of a study's own, of which these rows would have none
    return effects if more.empty or own else pd.concat([effects, more], ignore_index=True)


def _plain(plan: Plan, effects: pd.DataFrame) -> bool:
    """Whether a table is one of `experiments.stats.contrasts.effects`, on the attack rate among others.

    A study that has several windows in one column names them itself.
    """
    known = {"id", "contrast", "arm", "policy", "intensity", "outcome", "window", *plan.factors}
    if "window" not in effects or not pd.api.types.is_numeric_dtype(effects["window"]):
        return False
    return {*effects.loc[:, :"window"]} <= known and JUDGED_BY in {*effects["outcome"]}


def _levels(plan: Plan, effects: pd.DataFrame) -> dict[str, Any]:
    """The level of each setting at which findings are."""
    return {name: one for name, one in base_levels(effects, of_plan.base_of(plan)).items() if name != "window"}


def _windows(plan: Plan) -> dict[str, int]:
    """The attack rate in each window, shortest first: the name of the outcome, and weeks."""
    report = plan.cells[0].scenario.report
    found = {JUDGED_BY: report.window} | {f"{JUDGED_BY}_{weeks}": weeks for weeks in report.beside}
    return dict(sorted(found.items(), key=lambda one: one[1]))


def _of_effects(plan: Plan, folder: Folder, tables: Mapping[str, pd.DataFrame]) -> Iterator[Finding]:
    """Findings on the switch and on policies, each in the main window and then in the others."""
    effects = tables.get("effects", pd.DataFrame()).reset_index(drop=True)
    if not {"contrast", "arm", "outcome", "verdict"} <= {*effects} or JUDGED_BY not in {*effects["outcome"]}:
        return
    if not pd.api.types.is_numeric_dtype(effects["window"]):  # several windows in one column: findings of its own
        return
    levels = _levels(plan, effects)
    rows = where(effects, levels)
    every_run = of_plan.runs_of(folder, plan)
    runs = explained.at_base(plan, where(every_run, levels))
    found = {name: [*_shown(plan, rows, name)] for name in _windows(plan) if name in runs}
    known = {name: _Changes(plan, runs, name) for name in found}
    free = {name: level for name, level in levels.items() if name != RULES}
    about, swept = _Runs(plan, runs, where(every_run, free)), _Swept(plan, effects, every_run, levels)
    main = [swept.beside(about.complete(known[JUDGED_BY].counted(one))) for one in found[JUDGED_BY]]
    every = {(one.id, name): known[name].counted(one) for name, some in found.items() for one in some}
    for one in main:
        windows = [
            replace(
                there, kind="soon", id=f"soon/{one.id}/{weeks}", window=weeks, agency=one.agency, outcome=JUDGED_BY,
                because=one.because,
            )
            for name, weeks in _windows(plan).items()
            if (there := every.get((one.id, name)))
        ]  # fmt: skip
        beyond = (w.window for w in windows if abs(w.median) > w.margin and w.median * one.median > 0.0)
        soonest = next(beyond, 0) if one.answer != "no" else 0
        yield replace(one, soonest=soonest)
        if len(windows) > 1 and one.arm == about.arm:
            for w in windows:
                confidence, reasons = confidence_of(w)
                yield replace(w, soonest=soonest, confidence=confidence, reasons=reasons)


def of_the_switch(plan: Plan, runs: pd.DataFrame) -> list[Finding]:
    """Findings on the switch in the main arm by group, from some runs at the base levels without a policy."""
    changes = _Changes(plan, runs, JUDGED_BY)
    found = [
        one for one in _shown(plan, of_plan.effects_of(plan, runs, [JUDGED_BY]), JUDGED_BY) if one.kind == "switch"
    ]
    arm = main_arm([one.arm for one in found]) if found else ""
    return [_named(changes.counted(one), plan.only_group) for one in found if one.arm == arm]


def _shown(plan: Plan, rows: pd.DataFrame, outcome: str) -> Iterator[Finding]:
    """Findings on the switch without policies in each arm, and on policies at full intensity in the main arm."""
    usual = {"policy": of_plan.reference(plan)["policy"], "profile": "", "intensity": 0.0}
    rows = rows[(rows["outcome"] == outcome) & ~rows["arm"].isin((PLACEBO, PLACEBO_NONE)) & rows["median"].notna()]
    rows = rows.assign(**{name: one for name, one in usual.items() if name not in rows})
    groups = in_order(rows["profile"].astype(str), GROUPS)
    policies = where(rows, contrast="policy")
    policies = policies[policies["intensity"] == policies.groupby("policy")["intensity"].transform("max")]
    policies = where(policies, arm=main_arm(arms)) if (arms := in_order(policies["arm"], ARMS)) else policies
    switch, rail = where(rows, contrast="switch", policy=usual["policy"]), _coin(plan)
    for group in groups:
        for kind, some in (("switch", switch), ("policy", policies)):
            own = where(some, profile=group)
            for one, intensity in zip(findings(kind, own), own["intensity"], strict=True):
                parts = (kind, one.arm if kind == "switch" else one.policy, group)
                more = (
                    {"rail": rail, "mode": _mode(plan, one.arm)}
                    if kind == "switch"
                    else {"intensity": float(intensity)}
                )
                yield replace(one, id="/".join(filter(None, parts)), window=_windows(plan)[outcome], more=more)


def _coin(plan: Plan) -> str:
    """The coin that the group asks for; of several, the last."""
    shocks = _switches(plan)
    return str(shocks[-1].rail) if shocks else "new_coin"


def _mode(plan: Plan, arm: str) -> str:
    """How donors respond to the switch in an arm; of several switches, to the last."""
    shocks = _switches(plan, arm)
    return str(shocks[-1].mode) if shocks else "none"


def _switches(plan: Plan, arm: str = "") -> list[Any]:
    """The shocks that are a switch, in all cells or those of an arm."""
    cells = [cell for cell in plan.cells if arm in ("", cell.levels.get("arm"))]
    return [shock for cell in cells for shock in cell.scenario.shocks.values() if shock.type == "switch"]


class _Changes:
    """Changes of one outcome by draw, or by seed if parameters are held, of each contrast at the base levels."""

    def __init__(self, plan: Plan, runs: pd.DataFrame, outcome: str, percent: bool = True) -> None:
        held, reference = of_plan.held(plan), of_plan.reference(plan)
        found = contrasts.by_draw(runs, plan.factors, reference, outcome, percent, by_seed=held)
        found = (
            found.assign(profile=found["profile"].astype(str) if "profile" in found else "") if len(found) else found
        )
        keys = ["contrast", "profile", "arm", "policy"]
        self.every = {key: some for key, some in found.groupby(keys, sort=False)} if len(found) else {}

    def of(self, one: Finding, index: str = "") -> "pd.Series[float]":
        """The changes that a finding is of, by ``index`` if it is named."""
        found = self.every.get((one.kind, one.group, one.arm, one.policy), pd.DataFrame({"change": [], index: []}))
        return (found.set_index(index) if index else found)["change"]

    def counted(self, one: Finding) -> Finding:
        """A finding with its changes, and counts of them."""
        changes = tuple(float(f"{change:.6g}") for change in self.of(one))
        below, within, above = _tally(pd.Series(changes), one.margin)
        return replace(one, changes=changes, below=below, within=within, above=above)


class _Swept:
    """Findings at the levels of swept parameters at which a study does not report: the levels, and findings by id."""

    def __init__(self, plan: Plan, effects: pd.DataFrame, runs: pd.DataFrame, levels: Mapping[str, Any]) -> None:
        names = [name for name in levels if "." in name and effects[name].nunique() > 1]
        self.levels = {name: plain_value(levels[name]) for name in names}
        self.others: list[tuple[dict[str, Any], dict[str, Finding]]] = []
        for row in effects[names].drop_duplicates().to_dict("records") if names else []:
            if len(where(pd.DataFrame([row]), self.levels)):
                continue
            to = {name: plain_value(level) for name, level in row.items() if level != levels[name]}
            changes = _Changes(plan, explained.at_base(plan, where(runs, {**levels, **row})), JUDGED_BY)
            found = _shown(plan, where(effects, {**levels, **row}), JUDGED_BY)
            self.others.append((to, {one.id: changes.counted(one) for one in found}))

    def beside(self, one: Finding) -> Finding:
        """A finding with its levels, how many others have another answer, and the one whose effect differs most."""
        others = [(to, found[one.id]) for to, found in self.others if one.id in found]
        if not others:
            return one
        differing = [(to, other) for to, other in others if other.answer != one.answer]
        to, other = max(differing or others, key=lambda some: abs(some[1].median - one.median))
        swept = {"levels": self.levels, "to": to, "verdict": other.answer, "median": other.median}
        return replace(one, more={**one.more, "swept": {**swept, "count": len(differing), "of": len(others)}})


@dataclass(frozen=True)
class _Runs:
    """The runs of a study at its base levels, and what they say on findings beside the attack rate."""

    plan: Plan
    runs: pd.DataFrame
    every: pd.DataFrame
    made: dict[tuple[str, bool], _Changes] = field(default_factory=dict)

    @cached_property
    def arm(self) -> str:
        """The arm of policies."""
        arms = in_order(self.runs["arm"], ARMS) if "arm" in self.runs else [""]
        return main_arm([arm for arm in arms if arm not in (PLACEBO, PLACEBO_NONE)])

    def complete(self, one: Finding) -> Finding:
        """A finding with who acts, why, at what price, and how sure it is."""
        if one.kind == "policy":
            prices = of_plan.policies_of(self.plan)
            intensity = float(one.more.get("intensity", 1.0))
            agency, _, cost, priced = contrasts.resources(one.policy, prices, intensity)
            one = replace(one, agency=agency, cost=cost, priced=priced)
            one = one if one.harm_modelled == "no" else self.with_harm(one)
        one = replace(one, averted=self.amount(one, JUDGED_BY, OUTCOMES[JUDGED_BY].unit), because=self.because(one))
        one = replace(one, more={**one.more, **({"rules": rules} if (rules := self.under_rules(one)) else {})})
        confidence, reasons = confidence_of(one)
        return replace(one, confidence=confidence, reasons=reasons)

    def changes(self, outcome: str, percent: bool) -> "_Changes | None":
        """Changes of an outcome, made once; none where runs lack it."""
        there = {"lawful_frozen", "lawful_hindered"} if outcome == "harm" else {outcome}
        if (outcome, percent) not in self.made and there <= {*self.runs}:
            self.made[outcome, percent] = _Changes(self.plan, self.runs, outcome, percent)
        return self.made.get((outcome, percent))

    @cached_property
    def _harm(self) -> pd.DataFrame:
        """The effects of policies on harm."""
        there = {"lawful_frozen", "lawful_hindered"} <= {*self.runs}
        found = of_plan.effects_of(self.plan, self.runs, ["harm"]) if there else pd.DataFrame()
        return where(found, contrast="policy") if len(found) else found

    def with_harm(self, one: Finding) -> Finding:
        """A finding on a policy with its harm, judged as attacks are."""
        profile: dict[str, Any] = {"profile": one.group} if one.group else {}
        rows = where(self._harm, arm=one.arm, policy=one.policy, **profile) if len(self._harm) else self._harm
        if rows.empty or math.isnan(rows["median"].iloc[0]):
            return one
        harm, share = (self.amount(one, "harm", unit) for unit in (HARM.unit, "%"))
        return replace(one, harm=harm, harm_share=share, harm_verdict=str(rows["verdict"].iloc[0]))

    @cached_property
    def _ruled(self) -> "dict[str, _Changes]":
        """Changes of the attack rate under each structure of the rules that was run, the usual one first."""
        there = RULES in self.runs and len(self.runs) and not of_plan.held(self.plan)
        usual = self.runs[RULES].iloc[0] if there else ""
        rules = [usual, *(rule for rule in self.every[RULES].unique() if rule != usual)] if usual else []
        return {
            rule: _Changes(self.plan, explained.at_base(self.plan, where(self.every, {RULES: rule})), JUDGED_BY)
            for rule in (rules if len(rules) > 1 else [])
        }

    def under_rules(self, one: Finding) -> dict[str, list[int]]:
        """Counts below, within and above the margin under each structure of the rules, of the draws that all have."""
        found = {rule: some for rule, changes in self._ruled.items() if len(some := changes.of(one, "draw"))}
        draws = sorted(set[int].intersection(*({*some.index} for some in found.values()))) if len(found) > 1 else []
        return {rule: _tally(some.loc[draws], one.margin) for rule, some in found.items()} if draws else {}

    def amount(self, one: Finding, outcome: str, unit: str) -> Amount | None:
        """The median and interval over draws of attacks averted, or of harm; in per cent of the base if that is it."""
        found = self.changes(outcome, percent=unit == "%")
        values = np.array([]) if found is None else found.of(one).to_numpy()
        if not len(values):
            return None
        name = "averted" if outcome == JUDGED_BY else f"{outcome}_share" if unit == "%" else outcome
        values = 0.0 - values if outcome == JUDGED_BY else values
        low, high = np.quantile(values, (0.025, 0.975), method="weibull") if len(values) > 1 else (math.nan,) * 2
        return Amount(float(np.median(values)), float(low), float(high), unit, Row(TABLE, 0), name)

    def because(self, one: Finding) -> Because | None:
        """Why: what campaigns bring without the switch, or what a policy moves most."""
        return self._of_campaigns(one) if one.kind == "switch" else self._of_moved(one)

    def _of_campaigns(self, one: Finding) -> Because | None:
        reference = of_plan.reference(self.plan)
        quo = where(self.runs, {"profile": one.group} if one.group else {}, policy=reference["policy"])
        if not {"campaign_given", "spent"} <= {*quo}:
            return None
        means = quo.groupby(["arm", "draw"])[["campaign_given", "spent"]].mean()
        if not {reference["arm"], one.arm} <= {*means.index.get_level_values("arm")}:
            return None
        without, with_ = (means.loc[arm] for arm in (reference["arm"], one.arm))
        shares = _finite(without["campaign_given"] / without["spent"])
        kept = _finite(with_["campaign_given"] / without["campaign_given"])
        if one.answer == "few" or not len(shares) or not len(kept):
            return None
        if one.answer == "no" and 100.0 * (most := float(shares.max())) < one.margin:
            return Because("campaigns", {"most": most}, "arithmetic")
        about = shares if one.answer == DEPENDS else kept
        low, high = (float(about.quantile(end)) for end in (0.025, 0.975))
        values = {"low": low, "high": high} | ({} if about is shares else {"kept": float(kept.median())})
        return Because("spread" if about is shares else "kept", values)

    def _of_moved(self, one: Finding) -> Because | None:
        medians = {
            kind: float(changes.median())
            for outcome, kind in MOVED.items()
            if (found := self.changes(outcome, percent=True)) and len(changes := found.of(one))
        }
        if not medians:
            return None
        kind = max(medians, key=lambda name: abs(medians[name]))
        if not any(one.changes) and not any(medians.values()):
            return Because("idle", {}, "arithmetic")
        beyond = abs(one.median) > one.margin and abs(medians[kind]) < abs(one.median) / 2.0
        if beyond and OPPORTUNITY & {*one.policy.split("+")}:
            return Because("opportunity", {"change": one.median})
        return Because(kind, {"change": medians[kind]})


def confidence_of(one: Finding) -> tuple[str, tuple[str, ...]]:
    """How sure an answer is: high, moderate, low, or none where runs are too few; and the reasons."""
    if one.answer == "few" or not one.changes:
        return "none", ("few",)
    agree = max(one.below, one.within, one.above) >= AGREED * len(one.changes)
    priced = one.harm_verdict == estimates.EFFECTS[0]
    noisy = one.mc_share > NOISY
    low = {
        "hypothetical": one.group in text.HYPOTHETICAL,
        "split": not agree and not noisy,
        "luck": not agree and noisy,
        "rules": hangs_on_rules(one.more.get("rules", {})),
        "size-assumed": decision.FORCE in one.agency.split("+") and not (one.because and one.because.kind == "idle"),
        "harm-assumed": priced,
        "one-assumption": priced and bool(ONE_ASSUMPTION & {*one.policy.split("+")}),
    }
    return graded(one, low, agree=True)


def hangs_on_rules(counts: Mapping[str, Sequence[int]]) -> bool:
    """Whether the side with most draws, or its word, is another under any structure of the rules."""
    found = set[tuple[int, str]]()
    for some in counts.values():
        side = max(range(len(some)), key=lambda place: some[place])
        share = some[side] / sum(some)
        found.add((side, "nearly-all" if share >= AGREED else "most" if share >= MOST else "split"))
    return len(found) > 1


def _tally(changes: "pd.Series[float]", margin: float) -> list[int]:
    """Numbers of changes below, within and above the margin."""
    below, above = int((changes < -margin).sum()), int((changes > margin).sum())
    return [below, len(changes) - below - above, above]


def _finite(shares: "pd.Series[float]") -> "pd.Series[float]":
    return shares[np.isfinite(shares)]


def _turns(plan: Plan, tables: Mapping[str, pd.DataFrame], effects: Sequence[Finding]) -> Iterator[Finding]:
    """What the switch against each group depends on, and its draws on the map of two conditions.

    The map has the changes of the switch that all else counts; its own, without the seed of the measured quantities,
    only where draws are not numbered as they are.
    """
    draws = tables.get("turning_draws", pd.DataFrame())
    for values in explained.turns(tables):
        id_, group = values.pop("id"), values.pop("group")
        rows = where(tables["turning"].reset_index(drop=True), id=id_)
        found = where(draws, id=id_).sort_values("draw")
        changes = next((one.changes for one in effects if one.rows[0].id == id_), ())
        if len(found) and found["draw"].max() < len(changes):
            found = found.assign(change=[changes[int(draw)] for draw in found["draw"]])
        points = found[["x", "y", "change"]].to_numpy().tolist()
        one = finding("turn", rows.iloc[0].to_dict(), "turning", int(rows.index[0]) + 2)
        values = {name: one for name, one in values.items() if name not in ("draws", "margin")}
        axes = {name: str(rows[name].iloc[0]) for name in ("x", "y")}
        more = values | axes | {"rail": _coin(plan), "points": [[float(f"{x:.6g}") for x in point] for point in points]}
        margin = float(rows["level"].max())
        none: dict[str, Any] = {"below": 0, "within": 0, "above": 0, "verdict": "", "outcome": JUDGED_BY}
        yield replace(one, id="/".join(filter(None, ("turn", group))), group=group, more=more, margin=margin, **none)


def _choices(plan: Plan, tables: Mapping[str, pd.DataFrame], effects: Sequence[Finding]) -> Iterator[Finding]:
    """The least regretted policy against each group, without force by budget and of all; none of few draws."""
    name = decision.TABLES[1]
    rows = tables.get(name, pd.DataFrame()).reset_index(drop=True)
    if rows.empty:
        return
    base = of_plan.base_of(plan)
    at_base = where(rows, {name: level for name, level in base.items() if name in rows})  # as all other findings are
    rows = decision.main(where(at_base if len(at_base) else rows, **decision.SHOWN), base)
    rows = where(rows, arm=main_arm(in_order(rows["arm"], ARMS)))
    rows = rows[rows["among"].isin((decision.CIVIL, decision.EVERY)) & (rows["draws"] >= FEWEST)]
    known = of_plan.policies_of(plan)
    worst = max(effects, key=lambda one: one.hindered, default=None)
    most = worst.policy if worst and worst.hindered else ""
    for place, row in zip(rows.index, rows.to_dict("records"), strict=True):
        staff = "any" if math.isinf(row["staff_most"]) else f"{row['staff_most']:g}"
        parts = (name, row["among"], staff, row["policy"], row.get("profile", ""))
        source = Row(name, int(place) + 2, "/".join(map(str, filter(None, parts))))
        amounts: dict[str, Any] = {
            one: Amount(float(row[one]), math.nan, math.nan, unit, source, one)
            for one, unit in (("averted", OUTCOMES[JUDGED_BY].unit), ("harm", HARM.unit))
            if math.isfinite(row[one])
        }
        share = {end: 100.0 * row[f"naive{end}"] / row["reference"] for end in ("", "_low", "_high")}
        yield Finding(
            name,
            id="/".join(filter(None, (name, row["among"], staff, str(row.get("profile", ""))))),
            group=str(row.get("profile", "")),
            policy=row["policy"],
            arm=row["arm"],
            outcome=JUDGED_BY,
            draws=int(row["draws"]),
            median=share[""],
            low=share["_low"],
            high=share["_high"],
            base=row["reference"],
            margin=100.0 * of_plan.margin(plan),
            verdict="",
            columns=("naive", "naive_low", "naive_high"),
            agency=contrasts.resources(row["policy"], known, 1.0)[0] if row["policy"] != decision.STATUS_QUO else "",
            more={
                "staff": staff,
                "among": row["among"],
                "intensity": row["intensity"],
                "instead": str(row["instead"]),
                "tried": _tried(plan),
                "hinders-most": "yes" if row["policy"] == most else "no",
            },
            rows=(source,),
            **amounts,
        )


def _values(plan: Plan, tables: Mapping[str, pd.DataFrame]) -> Iterator[Finding]:
    """The parameter that is most worth measuring for each question on each group, if it is shown to settle some."""
    rows = tables.get("value", pd.DataFrame()).reset_index(drop=True)
    if len(rows):  # parameters overlap in what they settle, and a measured quantity is none
        rows = rows[(rows["p"] < _SETTLED) & (rows["share_low"] > 0.0) & ~rows["parameter"].isin(explained.MEASURED)]
        rows = rows[(rows["about"] != "verdict") | rows["parameter"].isin(_selected(tables, rows))]
        rows = rows.sort_values("share", ascending=False, kind="stable").drop_duplicates(["about", "profile"])
    for place, row in zip(rows.index, rows.to_dict("records"), strict=True):
        known = {end: 100.0 * min(1.0, row[f"share{end}"]) for end in ("", "_low", "_high")}
        parts = ("value", row["about"], row["parameter"], str(row["profile"]))
        yield Finding(
            "value",
            id="/".join(filter(None, parts)),
            group=str(row["profile"]),
            arm=row["arm"],
            outcome=JUDGED_BY,
            draws=int(row["draws"]),
            median=known[""],
            low=known["_low"],
            high=known["_high"],
            margin=100.0 * of_plan.margin(plan),
            verdict="",
            columns=("share", "share_low", "share_high"),
            more={"question": row["about"], "parameter": row["parameter"]},
            rows=(Row("value", int(place) + 2, "/".join(filter(None, parts))),),
        )


def _selected(tables: Mapping[str, pd.DataFrame], rows: pd.DataFrame) -> set[str]:
    """Parameters that drive an effect beside others: some draws of two parameters go together by chance (Sobol)."""
    drivers = tables.get("drivers", rows.assign(order=1))
    return {*drivers.loc[drivers["order"].notna(), "parameter"]}


def _laws(plan: Plan, measured: Mapping[str, Callable[[], _Measured]]) -> Iterator[Finding]:
    """Where each group and its coins lie: what freezing takes from attacks now, and at most, by the closed form.

    Its arguments are measured on few seeds of the default parameters: of the coin that is asked for with the switch, of
    others without it. None of a scenario that this version does not allow.
    """
    coin, margin, none = _coin(plan), of_plan.margin(plan), of_plan.reference(plan)["arm"]
    for group, arm, values in _worlds(plan):
        try:
            elasticity, rails = measured[values]()
        except (KeyError, ValueError):
            continue
        for rail in (one for one in rails if (one == coin) == (arm != none)):
            yield _law(group, rail, rails[rail] | {"elasticity": elasticity}, margin)


def _worlds(plan: Plan) -> Iterator[tuple[str, str, str]]:
    """The scenario of each group, without the switch and with it, at the base levels: group, arm, and JSON."""
    usual = of_plan.base_of(plan) | {"policy": of_plan.reference(plan)["policy"]}
    cells = {(str(cell.levels.get("profile", "")), cell.levels.get("arm", "")): cell for cell in reversed(plan.cells)
             if all(cell.levels.get(name, level) == level for name, level in usual.items())}  # fmt: skip
    for group in in_order([group for group, _ in cells], GROUPS):
        arms = [str(arm) for name, arm in cells if name == group]
        for arm in (of_plan.reference(plan)["arm"], main_arm(in_order(arms, ARMS))):
            if (group, arm) in cells:
                yield group, arm, json.dumps(plain(cells[group, arm].scenario))


@cache
def _measured(values: str) -> _Measured:
    """The arguments of the closed form in a scenario as JSON."""
    return law.measured(scenario_of(json.loads(values), 0, {}), _SEEDS)


def _law(group: str, rail: str, about: dict[str, Any], margin: float) -> Finding:
    """What freezing gifts on one rail takes from the attacks of a group, by how well it is traced."""
    rest = {name: value for name, value in about.items() if name != "link"}
    links = np.linspace(0.0, 1.0, 21)
    losses = [100.0 * float(law.loss(link=float(link), **rest)) for link in (about["link"], *links)]
    threshold = float(law.threshold_link(margin, **rest))
    reach = "never" if math.isnan(threshold) else "now" if threshold <= about["link"] else "later"
    more = {"rail": rail, "link": float(about["link"]), "loss": losses[0], "loss-at-one": losses[-1]}
    curve = [[float(link), float(f"{loss:.6g}")] for link, loss in zip(links, losses[1:], strict=True)]
    more |= {"threshold": 0.0 if math.isnan(threshold) else threshold, "reach": reach, "curve": curve}
    id_ = "/".join(filter(None, ("law", rail, group)))
    return Finding("law", id_, group, outcome=JUDGED_BY, margin=100.0 * margin, verdict="", median=losses[0], more=more)
