"""What each column of the tables of a study means: label, unit, better way, and the words that it may hold.

Outcomes, parameters, names of factors, measures of the record and statistics say it where they are declared; here are
those columns that a report makes of them.
"""

import re
from functools import cache, partial
from pathlib import PurePath
from typing import get_args, get_type_hints

import pandas as pd
import pyarrow.parquet as pq

from experiments.evidence import observables
from experiments.study.design import Plan
from experiments.study.store import Folder
from experiments.study.worker import BESIDE
from sim.engine.parameters import Row, table
from sim.outcomes import OF_THE_RUN, OUTCOMES, Outcome
from sim.output.codebook import ABOUT, BY_ROW, NAME, WEEKS, book, of_schema, of_table
from sim.output.tables import as_csv
from sim.scenario import Scenario

RUNS: dict[str, Outcome] = {
    "run": Outcome("identity of the run: a hash of all that it depends on"),
    "replication": Outcome("number of the seed, from 0 on"),
    "draw": Outcome("number of the draw of the uncertain parameters"),
    "seed": Outcome("seed of the run's luck"),
    "error": Outcome("why the run failed, if it did"),
}
"""Columns of the run table besides factors, parameters and outcomes."""

_SHARE = "share"
_END = re.compile(r"(?P<of>.+)_(?P<end>low|high)")
_ENDS = {"low": "lower", "high": "upper"}

_COMMON: dict[str, Outcome] = {
    **ABOUT,
    "id": Outcome("what the row is of, as one word that no other row has"),
    "contrast": Outcome("what is compared"),
    "arm": Outcome("whether the group's appeal switches to another rail, and how donors take it"),
    "profile": Outcome("profile of the group"),
    "policy": Outcome("policy, or mix of policies joined by +"),
    "intensity": Outcome("share of full strength at which policies act", _SHARE),
    "window": Outcome("weeks after the switch that outcomes are means of", "weeks"),
    "reference": Outcome("mean of the runs with neither switch nor policy", "that of the outcome"),
    "p_adjusted": Outcome("p adjusted for all tests of its kind (Holm)"),
    "verdict": Outcome("what can be told"),
    "agency": Outcome("agencies whose staff a policy takes"),
    "staff_weeks": Outcome("staff that the policy takes", "staff-weeks/week"),
    "fact": Outcome("row of conf/facts.csv that has the published figure"),
    "grade": Outcome("strength of the evidence of the published figure", levels=("A", "B", "B-", "C", "D", "M")),
    "published": Outcome("published figure", BY_ROW),
    "middle": Outcome("middle draw", BY_ROW),
    "draws_low": Outcome("lower end of the middle 90 % of draws", BY_ROW),
    "draws_high": Outcome("upper end of the middle 90 % of draws", BY_ROW),
    "pattern": Outcome("pattern of the record (conf/patterns.yaml)"),
    "tag": Outcome("what may be learnt from the pattern"),
    "parameter": Outcome("parameter, by its declared name"),
    "against": Outcome("what it is set against"),
    "factor": Outcome("factor whose levels are compared"),
    "level": Outcome("level of the factor"),
    "than": Outcome("level that it is compared with"),
    "formula": Outcome("what a formula expects of the number before it"),
    "published_low": Outcome("lower end of the published range", BY_ROW),
    "published_high": Outcome("upper end of the published range", BY_ROW),
    "effective": Outcome("how many equal draws the weighted ones are worth", "draws"),
    "week": WEEKS["week"],
    "date": WEEKS["date"],
}

_TABLES: dict[str, dict[str, Outcome]] = {
    "frontier": {
        "averted": Outcome("attacks averted, of the attack rate: mean", "attacks/week", "higher"),
        "averted_median": Outcome("attacks averted: median of draws", "attacks/week", "higher"),
        "averted_verdict": Outcome("what can be told of the attacks averted"),
        "harm": Outcome("lawful money hindered or frozen: mean", "USD/week", "lower"),
    },
    "breakeven": {
        "a": Outcome("policy that is weighed"),
        "b": Outcome("policy against which it is weighed"),
        "ratio": Outcome("a beats b if a unit of a costs less than so many times a unit of b", "times"),
    },
    "staff": {
        "averted_per_staff_week": Outcome("attacks averted by a staff-week", "attacks/staff-week", "higher"),
    },
    "threshold": {
        "threshold": Outcome("share of donors that must follow for the campaign to receive as before", _SHARE),
        "loss_old": Outcome("share of what the campaign is given that it loses without the switch", _SHARE, "higher"),
        "loss_new": Outcome("share of what the campaign is given that it loses with the switch", _SHARE, "higher"),
    },
    "validation": {
        "low": Outcome("lower end of the published range, widened by its grade", BY_ROW),
        "high": Outcome("upper end of the published range, widened by its grade", BY_ROW),
        "counts": Outcome("whether agreement can support the model"),
        "reason": Outcome("why the pattern cannot be measured in this model"),
    },
    "growth": {
        "part": Outcome("what the growth of the attack rate in Iraq came from"),
        **{
            name: Outcome(f"growth of the attack rate in Iraq, 2018 to 2020 Q2: {_COMMON[name].label}", "logs")
            for name in ("middle", "draws_low", "draws_high")
        },
    },
    "evidence": {
        "spread": Outcome("standard error of the published figure, in logs unless it is a comparison"),
        "luck": Outcome("standard error of a draw's mean that luck causes, likewise"),
        "ruled_out": Outcome("share of draws that the figure alone rules out", _SHARE),
        "effective_share": Outcome("what draws weighed by the figure alone are worth, of all draws", _SHARE),
        "implausibility": Outcome("mean distance of draws from the figure", "standard deviations"),
    },
    "parameters": {
        "low": Outcome("quantile of the range that 5 % of weighted draws lie below", "quantile"),
        "middle": Outcome("quantile of the range of the middle weighted draw", "quantile"),
        "high": Outcome("quantile of the range that 5 % of weighted draws lie above", "quantile"),
        "narrowed": Outcome("share of the variance that the record takes away", _SHARE),
        "distance": Outcome("largest distance between weighted and equally weighted draws", _SHARE),
        "p": Outcome("p of such a distance by chance"),
        "says": Outcome("what the record says of it"),
    },
    "pairs": {
        "other": Outcome("parameter with which it goes"),
        "correlation": Outcome("correlation of their quantiles in the posterior"),
        "low": Outcome("lower end of the 95 % interval of the correlation"),
        "high": Outcome("upper end of the 95 % interval of the correlation"),
    },
    "predictive": {
        "draws": Outcome("before or after the record was heard", levels=("prior", "posterior")),
        "low": Outcome("lower end of the published range, widened by its grade", BY_ROW),
        "high": Outcome("upper end of the published range, widened by its grade", BY_ROW),
    },
    "recovery": {
        "parameter": Outcome("parameter, or which parameters together"),
        "covered": Outcome("share of trials whose 90 % interval holds the planted value", _SHARE, "higher"),
        "low": Outcome("lower end of the 95 % interval of that share", _SHARE),
        "high": Outcome("upper end of the 95 % interval of that share", _SHARE),
        "trials": Outcome("trials", "trials"),
    },
    "worth": {
        "from": Outcome("fewest equal draws that the posterior of a trial is worth", "draws"),
        "to": Outcome("trials whose posterior is worth so many draws are in the next row", "draws"),
        "trials": Outcome("trials", "trials"),
        "covered": Outcome("share of 90 % intervals that hold the planted value", _SHARE, "higher"),
    },
    "posterior": {"weight": Outcome("weight of the draw", _SHARE)},
    "claims": {
        "amount": Outcome("claimed sum", "USD"),
        "claimed": Outcome("whether the sum was asked about"),
        "kind": Outcome("one figure, a kind of figure, or a reading of all", levels=("figure", "group", "reading")),
        "name": Outcome("figure, kind of figure or reading (conf/claims.yaml)"),
        "factor": Outcome("Bayes factor: how much more probable the figures are with the money", "times"),
        "low": Outcome("lower end of the 95 % interval of the factor over draws", "times"),
        "high": Outcome("upper end of the 95 % interval of the factor over draws", "times"),
        "strength": Outcome("the factor in the words of Kass & Raftery (1995)"),
        "draws": Outcome("draws of the parameters", "draws"),
        "histories": Outcome("histories that were run", "runs"),
        "drawn_from": Outcome("where draws come from"),
    },
    "limits": {
        "kind": Outcome("one figure, a kind of figure, or a reading of all", levels=("figure", "group", "reading")),
        "name": Outcome("figure, kind of figure or reading (conf/claims.yaml)"),
        "from": Outcome("sum from which on the factor is most likely below 1/20", "USD"),
        "low": Outcome("lower end of the 95 % interval of that sum", "USD"),
        "high": Outcome("upper end of the 95 % interval of that sum", "USD"),
    },
    "over_time": {
        "what": Outcome("what is shown by quarter"),
        "amount": Outcome("claimed sum; 0 without it", "USD"),
        "quarter": Outcome("quarter, 2020q2"),
        "date": Outcome("day of the quarter that the number is of"),
    },
    "conversion": {
        "amount": Outcome("claimed sum", "USD"),
        "needed_a_week": Outcome("what converting all of it as it came takes", "USD/week"),
        "limit_a_week": Outcome("what its rail lets through", "USD/week"),
        "converted": Outcome("share turned into cash by the claimed day: middle draw", _SHARE),
        "frozen": Outcome("share frozen by the claimed day: middle draw", _SHARE),
        "left": Outcome("share not yet converted by the claimed day: middle draw", _SHARE),
    },
    "jumps": {
        "processors": Outcome("processors, mean of runs", "processors"),
        "processor_years": Outcome("processor-years watched", "years"),
        "jumps": Outcome("jumps of pooled wallets", "jumps"),
        "a_processor": Outcome("jumps a processor-year", "jumps/year"),
        "a_year": Outcome("jumps a year over all processors", "jumps/year"),
        "read": Outcome("share of jumps that the vendor reads as the group's", _SHARE, "lower"),
        "claims": Outcome("weeks a year with such a claim", "weeks/year", "lower"),
    },
    "waiting": {
        "whose": Outcome("of one wallet or any"),
        "weeks": Outcome("within so many weeks", "weeks"),
        "share": Outcome("share of runs in which it has jumped", _SHARE),
        "formula": Outcome("share that a formula expects", _SHARE),
    },
    "wallet": {
        "wallet": Outcome("what the wallet holds", "USD"),
        "jump": Outcome("whether it jumps and is back the week after"),
        "read_by": Outcome("vendors that claim the jump, joined by +"),
    },
    "precision": {
        "base": Outcome("share of right links among all leads: middle of draws", _SHARE),
        "true": Outcome("true hits a run", "cases", "higher"),
        "false": Outcome("false hits a run", "cases", "lower"),
        "recall": Outcome("true hits over right links among leads", _SHARE, "higher"),
        "precision": Outcome("share of true hits: middle of draws", _SHARE, "higher"),
        "bayes": Outcome("precision by recall and false-positive rate alone", _SHARE),
        "with_staff": Outcome("precision that a formula expects with staff that examines only so much", _SHARE),
        "with_links": Outcome("precision that a formula expects with wrong links too", _SHARE),
        "with_pools": Outcome("precision that a formula expects with pooled wallets too", _SHARE),
        "true_ratio": Outcome("true hits over what the last formula expects", "times"),
        "false_ratio": Outcome("false hits over what the last formula expects", "times"),
    },
    "by_base": {
        "bin": Outcome("half decade of the base rate: twice its logarithm to base 10, rounded down"),
        "base": Outcome("base rate: median of the draws in the bin", _SHARE),
        "precision": Outcome("share of true hits: middle of draws", _SHARE, "higher"),
        "n": Outcome("draws in the bin", "draws"),
    },
    "curve": {
        "base": Outcome("base rate", _SHARE),
        "precision": Outcome("precision by Bayes' rule: middle of draws", _SHARE),
    },
    "even": {
        "even": Outcome("base rate of even odds of the vendor as conf/ has it", _SHARE),
        "formula": Outcome("base rate of even odds by Bayes' rule: middle of draws", _SHARE),
        "measured": Outcome("base rate where measured precision crosses one half: middle of draws", _SHARE),
        "never": Outcome("share of draws in which it does at no base rate", _SHARE),
        "false_at_low": Outcome("share of draws with even odds above the low end of what is published", _SHARE),
        "false_at_high": Outcome("share of draws with even odds above the high end of what is published", _SHARE),
        "published_low": Outcome("lower end of the published illicit share of crypto", _SHARE),
        "published_high": Outcome("upper end of the published illicit share of crypto", _SHARE),
    },
    "attribution/claims": {
        "with_claim": Outcome("share of runs with a claim", _SHARE),
        "overstated": Outcome("largest claim over crypto of the year around it: middle of runs", "times"),
        "claimed": Outcome("what the vendor claims of pooled wallets", "USD/year"),
        "crypto": Outcome("what truly reaches the group on public ledgers", "USD/year"),
        "times": Outcome("all claims over all crypto", "times"),
        "published_low": Outcome("lower end of the published overstatement", "times"),
        "published_high": Outcome("upper end of the published overstatement", "times"),
    },
    "harm": {"cases_for_one": Outcome("reports and leads examined for one true attribution", "cases")},
    "kiser": {"fewer": Outcome("share of draws in which the policy leaves fewer attacks", _SHARE)},
    "turns": {
        "late": Outcome("the late window"),
        "turns": Outcome("share of draws: the other leaves fewer attacks soon, the policy late", _SHARE),
        "back": Outcome("share of draws: the policy leaves fewer attacks soon, the other late", _SHARE),
        "stays_inspiration": Outcome("share of draws: the policy leaves fewer attacks soon and late", _SHARE),
        "stays_rival": Outcome("share of draws: the other leaves fewer attacks soon and late", _SHARE),
    },
    "drivers": {
        "correlation": Outcome("rank correlation with the difference, given the parameters before it"),
        "low": Outcome("lower end of the 95 % interval of the correlation"),
        "high": Outcome("upper end of the 95 % interval of the correlation"),
        "p": Outcome("p of no correlation"),
        "tried": Outcome("how many parameters were tried", "parameters"),
    },
}
"""Columns by table; a table that two reports make by one name has the report's before it."""


@cache
def _statistics() -> dict[str, Outcome]:
    """Columns of an estimate, from what its fields say."""
    from experiments.stats.estimates import Estimate

    hints = get_type_hints(Estimate, include_extras=True)
    units = {"n": "pairs", "draws": "draws"}
    shares = (
        "below", "within", "above", "max_draw_share", "mc_share", "p_beyond_margin", "p_beyond_margin_low",
        "p_beyond_margin_high", "variance_reduction",
    )  # fmt: skip
    units |= dict.fromkeys(shares, _SHARE) | {"p": ""}
    return {name: Outcome(get_args(hint)[1], units.get(name, BY_ROW)) for name, hint in hints.items()}


def of_runs(plan: Plan, column: str) -> Outcome | None:
    """What a column of the run table is."""
    if column in RUNS:
        return RUNS[column]
    if column in plan.factors:
        return _factor(plan, column)
    if column.startswith("record_"):
        one = observables.MEASURES.get(column.removeprefix("record_"))
        return Outcome(one.label, one.unit) if one else None
    if column in OF_THE_RUN:
        about = OF_THE_RUN[column]
        return Outcome(f"{about.label}, over the whole run", about.unit, about.better)
    beside = re.fullmatch(rf"({'|'.join(BESIDE)})_(\d+)", column)
    name, weeks = (beside[1], beside[2]) if beside else (column, _window(plan))
    if name in OUTCOMES:
        about = OUTCOMES[name]
        return Outcome(f"{about.label}, mean of the {weeks} weeks after the switch", about.unit, about.better)
    return _parameter(column)


def of_weekly(plan: Plan, column: str) -> Outcome | None:
    """What a column of the weekly table is."""
    series = {
        name: one for section in plan.study.observables for name, one in observables.SERIES.get(section, {}).items()
    }
    if column in series:
        return Outcome(series[column].label, series[column].unit)
    if column in WEEKS or column in OUTCOMES:
        return (WEEKS | OUTCOMES)[column]
    return of_runs(plan, column)


def described(plan: Plan, file: str, column: str) -> Outcome | None:
    """What a column of a CSV file of a study is; nothing if nobody says."""
    stem = PurePath(file).stem
    own = _TABLES.get(f"{plan.study.report}/{stem}", _TABLES.get(stem, {}))
    for known in (own, _levels(plan), _COMMON, _statistics(), RUNS):
        if column in known:
            return known[column]
    if end := _END.fullmatch(column):
        about = described(plan, file, end["of"])
        return about and Outcome(f"{_ENDS[end['end']]} end of its interval: {about.label}", about.unit, about.better)
    if column.endswith("_formula") and (about := described(plan, file, column.removesuffix("_formula"))):
        return Outcome(f"what a formula expects: {about.label}", about.unit)
    measured = column in observables.MEASURES and column not in OUTCOMES
    return of_runs(plan, f"record_{column}" if measured else column)


def _levels(plan: Plan) -> dict[str, Outcome]:
    """Factors by their names in the run table and, where that is the last part, in tables of effects."""
    found: dict[str, Outcome] = {}
    for name in reversed(plan.factors):
        about = _factor(plan, name)
        found |= {name.rpartition(".")[2]: about, name: about}
    return found


def _factor(plan: Plan, name: str) -> Outcome:
    """What a factor is, with its levels if they are words."""
    study = plan.study
    words = tuple(dict.fromkeys(str(cell.levels[name]) for cell in plan.cells if name in cell.levels))
    levels = words if any(isinstance(cell.levels.get(name), str | bool) for cell in plan.cells) else ()
    if name in study.aliases:
        return Outcome(study.aliases[name].doc, study.aliases[name].unit, levels=levels)
    if name in _COMMON:
        return Outcome(_COMMON[name].label, _COMMON[name].unit, levels=levels)
    about = _parameter(name)
    if about is not None:
        return Outcome(about.label, about.unit, levels=levels)
    what = "factor of the study" if name in study.levels else "which file of the group in conf/"
    return Outcome(f"{what}: {name}", levels=levels)


@cache
def _rows() -> dict[tuple[str, ...], Row]:
    return {tuple(row.name.split(".")): row for row in table(Scenario)}


@cache
def _parameter(name: str) -> Outcome | None:
    """What a parameter is, from its declaration; ``*`` there stands for any name."""
    parts = tuple(name.split("."))
    for declared, row in _rows().items():
        rest = ".".join(parts[len(declared) :])  # a name in a mapping: of values by date, by theatre
        if all(b in ("*", a) for a, b in zip(parts, declared, strict=False)) and len(parts) >= len(declared):
            return Outcome(f"{row.doc}: {rest}" if rest else row.doc, row.unit)
    return None


def _window(plan: Plan) -> str:
    weeks = sorted({cell.scenario.report.window for cell in plan.cells})
    return " or ".join(map(str, weeks))


def write_codebook(plan: Plan, folder: Folder, files: list[str]) -> str:
    """Write what each column of some tables is; returns the name of the file."""
    rows = []
    for name in files:
        if name.endswith(".parquet"):
            rows += of_schema(name, pq.read_schema(folder.path / name))
        elif name.endswith(".csv"):
            rows += of_table(name, _read(folder, name), partial(described, plan, name))
    folder.write(NAME, as_csv(book(rows)))
    return NAME


def _read(folder: Folder, name: str) -> pd.DataFrame:
    """A table as it was written, dates as dates; the first line of a posterior says where it is from."""
    try:
        found = pd.read_csv(folder.path / name, low_memory=False, comment="#" if name == "posterior.csv" else None)
    except pd.errors.EmptyDataError:  # there was nothing to write
        return pd.DataFrame()
    return found.assign(date=pd.to_datetime(found["date"])) if "date" in found else found
