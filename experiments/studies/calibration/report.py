"""Report of the calibration study: the posterior of the parameters, its predictions, and a test of the method."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from experiments.evidence import patterns, posterior
from experiments.evidence.cases import CORE
from experiments.evidence.posterior import ENOUGH, GROUPS, RULED_OUT
from experiments.findings import Because, Finding
from experiments.findings import findings as of_rows
from experiments.messages import say
from experiments.study import saved_posterior
from experiments.study.design import Plan
from experiments.study.own_findings import in_per_cent, rows_of, sure, tallied
from experiments.study.reporting import Tables
from experiments.study.store import Folder
from experiments.study.tables import held, runs_of
from experiments.text import listed, span, word_table

_FEW = 500  # draws that emulators should be fitted to
_PAIRS = 12  # lines
_FOLLOWING = "donors"  # topic of the figures on who follows
_SHOCK = "effects.leader_recovery"  # the one effect that needs no policy


def tables(plan: Plan, folder: Folder) -> dict[str, pd.DataFrame]:
    """Compute weights, posterior, its predictions and recovery; of held parameters the evidence alone.

    Draws of a posterior are not weighted again: their runs check the emulators by which it was made.
    """
    runs, base, cases = runs_of(folder, plan), plan.study.base, plan.study.cases or (CORE,)
    found = _calibration(plan, runs)
    evidence = posterior.evidence_table(found)
    if held(plan):
        return {"evidence": evidence}
    if plan.posterior:
        about, rows = plan.posterior.about, plan.posterior.rows(list(found.quantiles.index))
        texts = about.get("emulated", {}).items()  # by measure: a value a row of the posterior
        values = {of: np.array(some.split(), dtype=float)[rows] for of, some in texts}
        given = {of: pd.Series(some, found.quantiles.index) for of, some in values.items()}
        return {"evidence": evidence, "checked": posterior.checked(found, given, about.get("stated", {}))}
    after, recovered = found.posterior(), posterior.recover(found)
    parameters, counted = posterior.marginals(after), recovered.counted
    narrowed = parameters.loc[parameters["result"] == "narrowed", "parameter"]
    weights = pd.DataFrame({"weight": after.weights, "implausibility": after.implausibility.max(axis=1)})
    draws = found.implausibility.max(axis=1).rename("implausibility")
    return {
        "weights": weights.rename_axis("draw").reset_index(),
        "draws": draws.rename_axis("draw").reset_index(),
        "evidence": evidence,
        "emulators": posterior.emulators(found),
        "discrepancy": posterior.discrepancy(after),
        "left_out": posterior.left_out(found),
        "parameters": parameters,
        "pairs": posterior.tradeoffs(after),
        "predictive": posterior.predicted(found, after, runs, base, cases),
        "recovery": posterior.coverage(counted, narrowed),
        "worth": posterior.by_worth(recovered),
        "trials": counted.places.assign(effective=counted.effective).rename_axis("draw").reset_index(),
    }


def files(plan: Plan, folder: Folder, tables: Tables, facts: dict[str, Any]) -> list[str]:
    """Write the posterior: the draws that weigh anything, from which other studies can draw, and what was emulated."""
    if held(plan) or plan.posterior:
        return []
    found = _calibration(plan, runs_of(folder, plan))
    after = found.posterior()
    about = {name: facts[name] for name in ("command", "model", "commit")}
    about |= {"date": facts["started"][:10], "seeds_per_draw": plan.study.seeds_per_draw}
    about |= {"draws": len(tables["draws"]), "effective": round(posterior.effective(after.weights), 1)}
    weights = posterior.retained(after.weights)
    quantiles = after.quantiles.loc[weights.index]
    about["stated"] = {of: round(math.sqrt(found.emulator(of).error), 4) for of in after.pieces}
    given = {of: one.means[weights.index] for of, one in after.pieces.items()}
    about["emulated"] = {of: " ".join(f"{value:.3f}" for value in some) for of, some in given.items()}
    folder.write("posterior.csv", saved_posterior.written(weights, quantiles, dict(plan.extra_ranges), about))
    return ["posterior.csv"]


def _calibration(plan: Plan, runs: pd.DataFrame) -> posterior.Calibration:
    """The evidence on the draws of a run table."""
    quantiles = quantiles_of(plan, sorted(runs["draw"].unique()))
    return posterior.calibration(runs, plan.study.base, quantiles, plan.study.cases or (CORE,))


def quantiles_of(plan: Plan, draws: list[int]) -> pd.DataFrame:
    """Return the quantile of its range at which each draw has each parameter that it draws; a row a draw.

    Effects of policies are left out if no run has a policy.
    """
    if held(plan):
        return pd.DataFrame(index=pd.Index(draws, name="draw"))
    policies = any(cell.scenario.policies for cell in plan.cells)
    every = [one for group in plan.groups for one in group.ranges]
    drawn = {one.own: one.name for one in every if one.own is not None} | {one.dimension: one.name for one in every}
    idle = () if policies else ("effects.",)
    used = [place for place, name in sorted(drawn.items()) if name == _SHOCK or not name.startswith(idle)]
    rows = [plan.posterior_points[draw][used] for draw in draws]
    return pd.DataFrame(np.array(rows), pd.Index(draws, name="draw"), [plan.declared_at[place] for place in used])


def findings(plan: Plan, tables: Tables) -> list[Finding]:
    """Shares that the record rules out, narrows and leaves to judgement, and that the model then reproduces."""
    record = Because("record", grade="measured")
    if held(plan):
        worst = tables["evidence"].nlargest(1, "implausibility")
        return [
            sure(replace(one, id=one.kind, verdict="", because=record))
            for one in of_rows("calibration-held", worst, "evidence", "implausibility", unit="")
        ]
    if plan.posterior:
        last = tables["checked"].tail(1)
        made, out = int(last["draws"].iloc[0]), 1.0 - last["within"].iloc[0]
        one = Finding("calibration-ruled-out", draws=made, verdict="", rows=rows_of("checked", last.index))
        return [tallied(one, part=out * made, because=record)]
    draws, parameters = tables["draws"], tables["parameters"]
    predicted = tables["predictive"].query("draws == 'posterior' and verdict in @patterns.VERDICTS")
    learned = parameters["result"] == "narrowed"
    counts = {
        "ruled-out": ("draws", draws["implausibility"] > RULED_OUT),
        "moved": ("parameters", learned),
        "judgement": ("parameters", ~learned),
        "predicted": ("predictive", predicted["verdict"] == "agrees"),
    }
    found = []
    for kind, (table, which) in counts.items():
        one = Finding(f"calibration-{kind}", draws=len(draws), verdict="", rows=rows_of(table, which.index[which]))
        found.append(tallied(one, part=which.sum(), of=0 if table == "draws" else len(which), because=record))
    most = parameters.nlargest(1, "narrowed")
    shown = of_rows("calibration-learned", most.assign(draws=len(draws), verdict=""), "parameters", "narrowed")
    parameter = str(most["parameter"].iloc[0])
    return [*found, *(tallied(in_per_cent(one), part=1, of=1, because=record, parameter=parameter) for one in shown)]


def text(plan: Plan, tables: Tables) -> str:
    """Render what the record leaves open, narrows and cannot separate, and the recovery of planted values."""
    if held(plan):
        return _point(tables["evidence"])
    if plan.posterior:
        return "\n".join([checked_in_words(tables["checked"]), "", word_table(checks(tables["checked"]), (1, 2, 3, 4))])
    weights, parameters, pairs = tables["weights"], tables["parameters"], tables["pairs"]
    size, narrowed = posterior.effective(weights["weight"]), parameters[parameters["result"] == "narrowed"]
    draws = tables["draws"]
    counts: dict[str, Any] = {"draws": f"{len(draws):,}", "points": f"{len(weights):,}", "effective": round(size)}
    counts["plausible"] = f"{(draws['implausibility'] <= RULED_OUT).sum():,}"
    lines = [say("calibration-summary", limit=f"{RULED_OUT:g}", **counts), ""]
    lines += [say("calibration-few"), ""] if len(draws) < _FEW else []
    lines += [discrepancy_in_words(tables["discrepancy"]), ""]
    lines += [say("calibration-narrowed", narrowed=len(narrowed), all=len(parameters))]
    lines += [word_table(marginals_in_words(narrowed), (1, 2, 3)), ""]
    lines += [say("calibration-rest", rest=len(parameters) - len(narrowed)), "", say("calibration-pairs")]
    lines += [word_table(pairs_in_words(pairs.head(_PAIRS)), (2, 3)) if len(pairs) else say("calibration-none")]
    lines += [say("calibration-more-pairs", more=len(pairs) - _PAIRS)] if len(pairs) > _PAIRS else []
    lines += ["", say("calibration-choice"), word_table(choice_in_words(tables["left_out"]), (1, 2, 3))]
    lines += ["", say("calibration-predictive"), word_table(predictive_in_words(tables["predictive"]))]
    return "\n".join([*lines, "", *_recovery(tables)])


def _point(evidence: pd.DataFrame) -> str:
    """Whether the held point is ruled out."""
    worst = evidence.loc[evidence["implausibility"].idxmax()]
    out = "yes" if worst["implausibility"] > RULED_OUT else "no"
    about = {"pattern": worst["pattern"], "far": f"{worst['implausibility']:.2f}", "limit": f"{RULED_OUT:g}"}
    words = {"calibrated pattern": evidence["pattern"]}
    words |= {"standard deviations outside": cells(evidence, "{:.2f}", "implausibility")}
    return "\n".join([say("calibration-point", out=out, **about), "", word_table(pd.DataFrame(words), (1,))])


def cells(rows: pd.DataFrame, form: str, *names: str) -> list[str]:
    """Return some columns of each row as text; ``form`` has a place for each column."""
    return [form.format(*values) for values in rows[list(names)].itertuples(index=False)]


def checked_in_words(table: pd.DataFrame) -> str:
    """Return how often runs of the posterior are ruled out by no figure, for console and page."""
    each, last = table[table["stated"] > 0.0], table.iloc[-1]
    times = (each["error"] / each["stated"]).set_axis(each["measure"]).sort_values()
    worst = (
        {"worst": times.index[-1], "times": f"{times.iloc[-1]:.1f}"} if len(times) else {"worst": "none", "times": ""}
    )
    about = {"draws": f"{last['draws']:,}", "within": f"{last['within']:.0%}", "limit": f"{RULED_OUT:g}"}
    return say("calibration-checked", **worst, **about)


def checks(table: pd.DataFrame) -> pd.DataFrame:
    """Return runs of the posterior beside their emulators as words, for console and page; a row a measure."""
    each = table[table["measure"] != posterior.EVERY]
    words = {"measure": each["measure"], "error, logs": cells(each, "{:.2f}", "error")}
    words |= {"stated": cells(each, "{:.2f}", "stated"), "bias": cells(each, "{:+.2f}", "bias")}
    return pd.DataFrame(words | {"error in sd of the figure": cells(each, "{:.2f}", "of_figure")})


def discrepancy_in_words(rows: pd.DataFrame) -> str:
    """Return how far the model is off by itself, for console and page."""
    named = [f"{100 * math.expm1(size):.0f} %" for size in rows["size"]]
    sizes = listed([f"{size}: {odds:.0%}" for size, odds in zip(named, rows["posterior"], strict=True)])
    likeliest = named[int(rows["posterior"].argmax())]
    return say("calibration-discrepancy", prior=f"{rows['prior'].iloc[0]:.0%}", sizes=sizes, size=likeliest)


def marginals_in_words(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the posterior quantiles of parameters as words; a row each."""
    words = {"parameter": rows["parameter"], "median": cells(rows, "{:.2f}", "median")}
    words |= {"90 %": cells(rows, "{:.2f} to {:.2f}", "low", "high")}
    return pd.DataFrame(words | {"variance removed": cells(rows, "{:.0%}", "narrowed")}).reset_index(drop=True)


def choice_in_words(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the parameters of choice, with all evidence and without the kind on whom donors follow; a row each."""
    every, rest = (rows[rows["left_out"] == left] for left in (posterior.NOTHING, _FOLLOWING))
    rest = rest.set_index("parameter").reindex(every["parameter"])
    disciplined = np.where(every["result"] == "narrowed", "yes", "no")
    return marginals_in_words(every).assign(without=cells(rest, "{:.0%}", "narrowed"), disciplined=disciplined)


def pairs_in_words(rows: pd.DataFrame) -> pd.DataFrame:
    """Return pairs of parameters as words, for console and page."""
    correlations, ends = cells(rows, "{:+.2f}", "correlation"), cells(rows, "{:+.2f} to {:+.2f}", "low", "high")
    return rows[["parameter", "other"]].assign(**{"correlation": correlations, "95 %": ends})


def predictive_in_words(rows: pd.DataFrame) -> pd.DataFrame:
    """Return patterns under prior and posterior as words, for console and page; a row each."""
    found = []
    for name, some in rows.groupby("pattern", sort=False):
        prior, after = some.set_index("draws").loc[["prior", "posterior"]].to_dict("records")
        verdicts = {"prior": prior["verdict"], "posterior": after["verdict"]}
        row = {"pattern": name, "tag": after["tag"], "published": span(prior["published_low"], prior["published_high"])}
        row |= {"prior": patterns.drawn(prior), "posterior": patterns.drawn(after)}
        changed = prior["verdict"] != after["verdict"]
        found.append(row | {"verdict": say("calibration-then", **verdicts) if changed else after["verdict"]})
    return pd.DataFrame(found)


def _recovery(tables: Tables) -> list[str]:
    trials, recovery = tables["trials"], tables["recovery"]
    best = trials["effective"].max() if len(trials) else 0.0
    counts: dict[str, Any] = {"trials": f"{tables['worth']['trials'].sum():,}", "count": len(trials), "needed": ENOUGH}
    enough = "yes" if best >= ENOUGH else "no"
    lines = [say("calibration-recovery", enough=enough, best=f"{best:,.0f}", **counts)]
    for row in recovery[recovery["parameter"].isin(GROUPS)].to_dict("records"):
        percent = {name: f"{100 * row[name]:.1f}" for name in ("covered", "low", "high")}
        lines.append("  " + say("calibration-covered", parameter=row["parameter"], **percent))
    return lines
