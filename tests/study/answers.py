"""Made-up answers of a study, for tests of all that shows findings; and no effect of a model."""

from dataclasses import replace
from typing import Any

import numpy as np

from experiments.findings import Amount, Answers, Because, Finding, Row
from experiments.stats.estimates import MIN_DRAWS
from experiments.study.answering import confidence_of
from sim.engine.constants import harm_modelled

GROUPS = ("is_core", "donor_funded", "khorasan")
POLICIES = {
    "hawala_licensing": ("regulator", -1.5, 0.9),
    "exchange_kyc": ("regulator", -0.01, 0.01),
    "privacy_delisting": ("regulator", -0.3, 0.6),
    "donor_prosecution": ("prosecutor", -0.5, 0.7),
    "channel_takedown": ("platform", -1.4, 0.8),
    "kinetic_pressure": ("military", -18.0, 5.0),
}
"""Agency of each policy, and median and spread of its change over draws."""


def answers(draws: int = 20, seed: int = 0, **about: Any) -> Answers:
    """Answers on the switch, policies, windows, conditions, choices and values; ``about`` replaces facts."""
    rng = np.random.default_rng(seed)
    found: list[Finding] = []
    for group in GROUPS:
        spread = {"is_core": 0.01, "donor_funded": 3.0, "khorasan": 0.8}[group]
        rates, base = {13: 0.6, 52: 1.0, 79: 1.1}, {"is_core": 70.0}.get(group, 1.1)
        for arm, factor in (("announcement", 1.0), ("full", 0.2)):
            changes = factor * spread * rng.normal(-0.4, 1.0, draws)
            share = 0.001 if group == "is_core" else 0.3
            kept = Because("kept", {"kept": 0.6, "low": 0.4, "high": 0.8})
            because = Because("campaigns", {"most": 3.0 * share}, "arithmetic") if share < 0.01 else kept
            one = effect("switch", changes, base, group=group, arm=arm, because=because, more={"rail": "monero"})
            found += [one, *(later(one, weeks, by) for weeks, by in rates.items() if arm == "announcement")]
        for policy, (agency, median, wide) in POLICIES.items():
            changes = rng.normal(median, wide, draws)
            modelled = harm_modelled(policy)
            about_it = {"policy": policy, "group": group, "agency": agency}
            about_it |= {} if modelled == "no" else harmed(1e4 * rng.lognormal(sigma=1.0), draws)
            price = {"cost": 1.4e6, "priced": "yes"} if agency in ("regulator", "prosecutor") else {}
            because = Because("fighters" if agency == "military" else "money", {"change": 2.0 * median})
            one = effect("policy", changes, base, arm="announcement", because=because, **about_it, **price)
            found += [one, *(later(one, weeks, by) for weeks, by in rates.items())]
        points = [[*map(float, rng.uniform(size=2)), float(x)] for x in spread * rng.normal(-0.4, 1.0, draws)]
        turn = {"hint": "yes" if draws < 200 else "no", "drivers": ["giving.public_rate", "combat.money"], "box": []}
        turn |= {"draws": draws, "together": 0.5, "falls": 0.4, "rises": 0.1, "margin": 0.01, "turn": "falls"}
        turn |= {"axis": "campaign_share", "at": 0.3, "low": 0.2, "high": 0.4, "side": "more", "right": 0.9}
        turn |= {"majority": 0.6, "x": "gifts_kept", "y": "campaign_share", "points": points, "rail": "monero"}
        rows = (Row("turning", 2, f"switch/announcement/status_quo/{group}/rate"),)
        found.append(Finding("turn", f"turn/{group}", group, draws=draws, margin=1.0, verdict="", more=turn, rows=rows))
        for staff, policy in (("5", "channel_takedown"), ("any", "hawala_licensing")):
            more = {"staff": staff, "among": "without_force", "intensity": 1.0, "instead": "exchange_kyc"}
            choice = {"median": 1.2, "low": 0.4, "high": 3.1, "averted": amount("averted", 0.02, "attacks/week")}
            choice |= {"base": base, "draws": draws, "margin": 1.0, "verdict": "", "more": more, "outcome": "rate"}
            choice |= {"rows": (Row("choice", 2, f"choice/{staff}/{policy}/{group}"),)}
            about_it = {"group": group, "policy": policy, "arm": "announcement"}
            found.append(Finding("choice", f"choice/without_force/{staff}/{group}", **about_it, **choice))
    worth = {"question": "verdict", "parameter": "giving.network_rate"}
    value = {"median": 35.0, "low": 8.0, "high": 61.0, "draws": draws, "verdict": "", "more": worth, "outcome": "rate"}
    value["rows"] = (Row("value", 2, "value/verdict/giving.network_rate/donor_funded"),)
    found.append(Finding("value", "value/verdict/giving.network_rate/donor_funded", "donor_funded", **value))
    facts = {
        "title": "Which policy is good whatever turns out to be true", "command": "python -m experiments study=made_up",
        "question": "Does the switch matter?", "model": "0.2.0", "commit": "0123456789", "date": "2026-11-29",
        "seed": f"0 to {2 * draws - 1}", "runs": 1000, "failed": 0, "replications": 2 * draws, "draws": draws,
        "window": 52, "switch": "2020-06-22", "base": {}, "margin": 1.0, "drawn_from": "plausible",
        "evidence": {"A": [12, 7], "B": [25, 7], "C": [165, 80]}, "caveat": "a model of published aggregates",
        "standing": {},
    }  # fmt: skip
    return Answers("made_up", facts | about, tuple(found))


def amount(name: str, median: float, unit: str) -> Amount:
    """An amount over draws, a third to thrice its median."""
    return Amount(float(median), float(median) / 3, float(median) * 3, unit, Row("findings", 2, name), name)


def harmed(harm: float, draws: int) -> dict[str, Any]:
    """The harm of a policy, of a market of 4 million USD a week."""
    share = amount("harm_share", harm / 4e4, "%")
    verdict = "inconclusive" if draws < MIN_DRAWS else "raises" if share.low > 0.1 else "negligible"
    return {"harm": amount("harm", harm, "USD/week"), "harm_share": share, "harm_verdict": verdict}


def effect(kind: str, changes: Any, base: float, margin: float = 1.0, **about: Any) -> Finding:
    """A finding with these changes of attacks in per cent; its verdict is by where 95 % of them lie."""
    low, median, high = (float(x) for x in np.quantile(changes, (0.025, 0.5, 0.975)))
    verdict = "lowers" if high < 0 and median < -margin else "raises" if low > 0 and median > margin else "depends"
    verdict = "negligible" if -margin <= low and high <= margin else verdict
    below, above = int((changes < -margin).sum()), int((changes > margin).sum())
    few = "draws" if len(changes) < MIN_DRAWS else ""
    sample: dict[str, Any] = {"draws": len(changes), "n": 2 * len(changes), "shortage": few}
    counts: dict[str, Any] = {"below": below, "within": len(changes) - below - above, "above": above}
    id_ = "/".join((kind, str(about.get("policy") or about["arm"]), about["group"]))
    one = Finding(
        kind, id_, outcome="rate", median=median, low=low, high=high, base=base, margin=margin, **sample, **counts,
        verdict="inconclusive" if sample["shortage"] else verdict, changes=tuple(float(f"{x:.6g}") for x in changes),
        averted=amount("averted", -median * base / 100.0, "attacks/week"), window=52, mc_share=0.1,
        rows=(Row("effects", 2, f"{id_}/rate"),), **about,
    )  # fmt: skip
    confidence, reasons = confidence_of(one)
    soonest = 52 if one.answer != "no" else 0
    return replace(one, confidence=confidence, reasons=reasons, soonest=soonest)


def later(one: Finding, weeks: int, by: float) -> Finding:
    """The same finding in another window."""
    about = {name: getattr(one, name) for name in ("group", "policy", "arm", "agency", "more")}
    made = effect(one.kind, by * np.array(one.changes), one.base, one.margin, **about)
    return replace(made, kind="soon", id=f"soon/{one.id}/{weeks}", window=weeks, soonest=one.soonest)
