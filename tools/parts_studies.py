"""The parts of the pages on studies, from the tables that were kept of them."""

import csv
import math
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.evidence import credibility
from experiments.evidence.patterns import OUTSIDE
from experiments.evidence.posterior import ENOUGH
from experiments.studies.attribution import words as attribution_words
from experiments.studies.claims import report as claims
from experiments.studies.inspiration import words as inspiration_text
from experiments.study import saved_posterior, spec
from experiments.study.parameter_sampling import names_of, ranges
from experiments.study.tables import evidence
from sim.config import load
from sim.engine.text import number, span
from tools.parts import ROOT, part, rows_of


@part
def validation() -> str:
    """The kept table of the validation study."""
    rows = _kept("validation")
    lines = [
        (
            row["pattern"],
            row["tag"],
            _of_draws(row),
            f"{span(float(row['published_low']), float(row['published_high']))} {row['unit']}".strip(),
            f"facts:{row['fact']}, {row['grade'] or '-'}" if row["fact"] else "",
            f"**{row['verdict']}**" if row["counts"] == "True" else row["verdict"],
        )
        for row in rows
    ]
    heads = "pattern | tag | model: middle draw (middle 90 % of draws) | published | source, grade | verdict"
    stands = credibility.kept()
    draws = max(int(row["draws"]) for row in rows)
    about = f"{stands.summary} {draws} draws of the parameters. From `{stands.source}`."
    return f"{about}\n\n{rows_of(heads, lines)}"


def _of_draws(row: dict[str, str]) -> str:
    """The middle draw and the middle 90 % of draws; a dash where nothing is measured."""
    if row["verdict"] == OUTSIDE or not row["middle"]:
        return "-"
    return f"{number(float(row['middle']), False)} ({span(float(row['draws_low']), float(row['draws_high']))})"


@part
def validation_gaps() -> str:
    """What disagrees, and what it means; what agrees in some draws only."""
    stands = credibility.kept()
    return "\n".join([*(f"- {one}" for one in stands.gaps), "", stands.open, "", stands.rise])


@part
def validation_outside() -> str:
    """What the model cannot be asked."""
    return "\n".join(f"- {one}" for one in credibility.kept().outside)


@part
def validation_minds() -> str:
    """What would change our mind."""
    return "\n".join(f"- {one}" for one in credibility.kept().minds)


@part
def validation_evidence() -> str:
    """Number of parameters by grade of evidence, and how many of them are drawn."""
    grades = evidence(spec.load("validation"))
    lines = [(grade, credibility.GRADES[grade], *counts) for grade, counts in grades.items()]
    words = credibility.drawn_on(grades)
    return f"{rows_of('grade | what it means | parameters | of them drawn', lines)}\n\n{words}"


@part
def validation_growth() -> str:
    """The kept growth accounting of the validation study."""
    lines = [
        (row["part"], *(number(float(row[name])) for name in ("middle", "draws_low", "draws_high")))
        for row in _kept("growth")
    ]
    return rows_of("part | middle draw | 5 % | 95 % of draws", lines)


@part
def claim(which: str) -> str:
    """The command of a claim, and what its kept tables say, as the command prints it."""
    folder = ROOT / "docs" / "claims" / which
    tables = {name: pd.read_csv(folder / f"{name}.csv") for name in ("claims", "limits", "conversion")}
    command = (folder / "command.txt").read_text(encoding="utf-8")
    return f"```sh\n{command}```\n\n```text\n{claims.text(tables, claims.about_kept(tables['claims']))}\n```"


@part
def inspiration(which: str) -> str:
    """A table or the sentences of the study of inspiration, from its kept tables."""
    names = ("effects", "kiser", "turns", "loop", "apart", "drivers", "breakeven")
    tables = {name: pd.read_csv(ROOT / "docs" / "inspiration" / f"{name}.csv") for name in names}
    told: dict[str, Callable[[], list[str]]] = {
        "answers": lambda: inspiration_text.answers(tables),
        "core": lambda: inspiration_text.core_and_network(tables),
        "loop": lambda: inspiration_text.what_the_loop_adds(tables["loop"]),
        "inspired": lambda: inspiration_text.inspired(tables["effects"]),
        "drivers": lambda: inspiration_text.going_with(tables["drivers"]),
    }
    if which in told:
        return "\n".join(f"- {line}" for line in told[which]())
    return _inspired_effects(tables["effects"]) if which == "effects" else _inspired_prices(tables["breakeven"])


def _inspired_effects(effects: pd.DataFrame) -> str:
    lines = [
        (row["profile"], row["policy"], row["window"], number(row["median"]), _ends(row, "low", "high"),
         number(row["mean"]), f"**{row['verdict']}**" if row["verdict"] == "effect" else row["verdict"])
        for row in inspiration_text.families(effects).to_dict("records")
    ]  # fmt: skip
    heads = "profile | policy | window | middle, % | interval that counts | mean, % | verdict"
    still = "\n".join(f"- {line}" for line in inspiration_text.cannot_act(effects))
    return (
        f"{int(effects['draws'].max())} draws of the parameters, two seeds each.\n\n{rows_of(heads, lines)}\n\n{still}"
    )


def _inspired_prices(breakeven: pd.DataFrame) -> str:
    rows = inspiration_text.with_ratio(breakeven).to_dict("records")
    lines = [
        (row["profile"], row["window"], row["a"], row["b"], number(row["ratio"], False),
         _ends(row, "ratio_low", "ratio_high", False),
         f"**{row['verdict']}**" if row["verdict"] == "effect" else row["verdict"])
        for row in rows
    ]  # fmt: skip
    heads = "profile | window | A | B | ratio of means | interval of that ratio (more draws narrow it) | what A averts"
    return f"{rows_of(heads, lines)}\n\n{inspiration_text.OF_MEANS}"


def _ends(row: Any, low: str, high: str, signed: bool = True) -> str:
    return f"{number(row[low], signed)} to {number(row[high], signed)}"


@part
def attribution(name: str) -> str:
    """A kept table of the attribution study as its report words it; ``findings`` are the sentences on all of them."""
    names = ("jumps", "even", "precision", "claims", "harm", "effects")
    tables = {one: pd.read_csv(ROOT / "docs" / "attribution" / f"{one}.csv") for one in names}
    if name == "findings":
        told = attribution_words.findings(tables).items()
        return "\n\n".join("\n".join([f"**{title}**", "", *(f"- {one}" for one in some)]) for title, some in told)
    heads, *lines = attribution_words.LINES[name](tables[name])
    return rows_of(" | ".join(heads), [tuple(line) for line in lines])


def _kept(name: str, folder: Path = credibility.FOUND) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


_CALIBRATION = ROOT / "docs" / "calibration"
_SHIFTED = 0.1
"""Share of a parameter's variance below which it is not said to be narrowed, but shifted."""

# --- calibration ---------------------------------------------------------------------------------------------------


@part
def calibration_summary() -> str:
    """What is left of the draws, and what each published figure rules out."""
    about = saved_posterior.load().about
    words = (
        f"{about['draws']:,} draws, {about['seeds_per_draw']} seeds each, by `{about['command']}` (model "
        f"{about['model']}, {about['date']}). Weighed by all figures together they are worth "
        f"**{about['effective']:,.0f} equal draws**."
    )
    lines = [
        (
            row["pattern"],
            f"{span(float(row['published_low']), float(row['published_high']))} {row['unit']}",
            f"facts:{row['fact']}, {row['grade']}",
            *(f"{100 * math.expm1(float(row[name])):.0f} %" for name in ("spread", "luck")),
            *(f"{100 * float(row[name]):.0f} %" for name in ("ruled_out", "effective_share")),
            f"{float(default['implausibility']):.2f}",
        )
        for row, default in zip(_kept("evidence", _CALIBRATION), _kept("default", _CALIBRATION), strict=True)
    ]
    heads = (
        "pattern | published | source, grade | error of the source | luck | draws ruled out | left by it alone | "
        "default point: errors outside"
    )
    return f"{words}\n\n{rows_of(heads, lines)}"


@part
def calibration_parameters() -> str:
    """The parameters that the record narrows, in their own units, and those that stay at their prior."""
    rows = _kept("parameters", _CALIBRATION)
    narrowed = [row for row in rows if row["says"] == "narrowed"]
    values = load().model_dump(mode="json")
    also = saved_posterior.load().also
    spans = {one.name: one for one in ranges(values, values, also, ())}
    lines = []
    for row in narrowed:
        own = next(spans[name] for name in names_of(values, row["parameter"]) if name in spans)
        ends = [number(float(own.at(u)), False) for u in (0.0, 1.0)]
        found = [number(float(own.at(float(row[name]))), False) for name in ("middle", "low", "high")]
        lines.append(
            (f"`{own.name}`", number(float(own.middle), False), " to ".join(ends),
             f"{found[0]} ({found[1]} to {found[2]})", f"{100 * float(row['narrowed']):.0f} %")
        )  # fmt: skip
    left = ", ".join(f"`{row['parameter']}`" for row in sorted(rows, key=lambda row: row["parameter"])
                     if row["says"] != "narrowed")  # fmt: skip
    heads = (
        "parameter | default | plausible range | posterior: middle (90 %) | share of its variance that is taken away"
    )
    shifted = [row["parameter"] for row in narrowed if float(row["narrowed"]) < _SHIFTED]
    moved = "".join(f" `{one}` is shifted more than narrowed: nearly all of its variance is left." for one in shifted)
    said = f"Of these the record shows that posterior and prior differ.{moved}\n\n" if shifted else ""
    said += f"**Of the other {len(rows) - len(narrowed)} no shift is shown**, so they stay at their prior: {left}."
    return f"{rows_of(heads, lines)}\n\n{said}"


@part
def calibration_pairs() -> str:
    """Pairs of parameters that the record knows together only."""
    lines = [
        (f"`{row['parameter']}`", f"`{row['other']}`", number(float(row["correlation"])),
         f"{number(float(row['low']))} to {number(float(row['high']))}")
        for row in _kept("pairs", _CALIBRATION)
    ]  # fmt: skip
    return rows_of("parameter | other | correlation | 95 %", lines) if lines else "There are none."


@part
def calibration_predictive() -> str:
    """Patterns under the prior and under the posterior."""
    rows = _kept("predictive", _CALIBRATION)
    lines = []
    for prior, after in zip(rows[::2], rows[1::2], strict=True):
        lines.append(
            (prior["pattern"], prior["tag"], span(float(prior["published_low"]), float(prior["published_high"])),
             *(f"{number(float(one['middle']), False)} ({span(float(one['draws_low']), float(one['draws_high']))})"
               for one in (prior, after)), prior["verdict"], after["verdict"])
        )  # fmt: skip
    heads = "pattern | tag | published | prior: middle (90 %) | posterior: middle (90 %) | prior | posterior"
    told = []
    for name in ("prior", "posterior"):
        some = [row for row in rows if row["tag"] == "emergent" and row["draws"] == name]
        counts = Counter(row["verdict"] for row in some)
        told.append(f"{name}: " + ", ".join(f"{counts[one]} {one}" for one in ("agrees", "possible", "disagrees")))
    wrong = [row["pattern"] for row in rows[1::2] if row["tag"] == "emergent" and row["verdict"] == "disagrees"]
    ending = f" With the record heard these disagree: {'; '.join(wrong)}." if wrong else ""
    return f"Of {len(rows[::2])} patterns, the emergent ones: {'; '.join(told)}.{ending}\n\n{rows_of(heads, lines)}"


@part
def calibration_recovery() -> str:
    """How often intervals hold what was planted."""
    rows, worth = _kept("recovery", _CALIBRATION), _kept("worth", _CALIBRATION)
    known = {row["parameter"] for row in _kept("parameters", _CALIBRATION)}
    groups = [row for row in rows if row["parameter"] not in known]
    each = [float(row["covered"]) for row in rows if row["parameter"] in known]
    lines = [
        (row["parameter"], f"{100 * float(row['covered']):.1f} %",
         f"{100 * float(row['low']):.1f} to {100 * float(row['high']):.1f} %")
        for row in groups
    ]  # fmt: skip
    coarse = [
        (f"{row['from']} to {row['to']}" if row["to"] != "inf" else f"{row['from']} and more", row["trials"],
         f"{100 * float(row['covered']):.1f} %")
        for row in worth
    ]  # fmt: skip
    words = (
        f"{sum(int(row['trials']) for row in worth):,} draws played the truth in turn: one history of theirs was "
        "published with the errors of the record, and the other draws looked for it (simulation-based calibration: "
        f"Talts et al. 2018). {rows[0]['trials']} trials count: their posterior is worth at least {ENOUGH} draws, "
        "as the real one is. Of fewer draws a 90 % interval comes out too narrow; how many there are hangs on what was "
        "published alone, so leaving those trials out flatters nothing. Of single parameters coverage goes from "
        f"{100 * min(each):.0f} to {100 * max(each):.0f} %."
    )
    tables = [
        rows_of("90 % intervals of | hold the planted value in | 95 %", lines),
        rows_of("trials whose posterior is worth | number | intervals of all parameters hold it in", coarse),
    ]
    return "\n\n".join([words, *tables])


@part
def calibration_survives() -> str:
    """Conclusions of the headline study by where parameters come from."""
    rows = _kept("survives", _CALIBRATION)

    def told(row: dict[str, str], name: str) -> str:
        middle, low, high = (number(float(row[f"{name}_{end}"])) for end in ("middle", "low", "high"))
        return f"{middle} ({low} to {high}): {row[name]}"

    lines = [
        (row["conclusion"], *(told(row, name) for name in ("plausible", "posterior", "none")), row["survives"])
        for row in rows
    ]
    counts = Counter(row["survives"] for row in rows)
    words = ", ".join(f"{number_} {name}" for name, number_ in counts.most_common())
    heads = "effect on attack capacity, % | plausible ranges | posterior | defaults held | survives"
    return f"Of {len(rows)} conclusions: {words}.\n\n{rows_of(heads, lines)}"
