"""Generated parts of docs/calibration.md, from the tables in docs/calibration."""

from typing import Any

import numpy as np
import pandas as pd

from experiments.evidence.posterior import ENOUGH, GROUPS
from experiments.messages import say
from experiments.studies.calibration.report import cells, pairs_in_words, predictive_in_words
from experiments.study import saved_posterior
from experiments.study.parameter_sampling import names_of, ranges
from experiments.text import cell, listed, span
from sim.config import CONF, load

FOLDER = CONF.parent / "docs" / "calibration"
SOURCES = {"plausible": "plausible ranges", "posterior": "posterior", "none": "defaults held"}
_SHIFTED = 0.1  # share of a parameter's variance below which it is shifted rather than narrowed

type Part = str | pd.DataFrame | list[Part]


def page_parts() -> dict[str, Part]:
    """Return the parts by name."""
    tables = {file.stem: pd.read_csv(file) for file in FOLDER.glob("*.csv")}
    pairs = tables["pairs"]
    return {
        "calibration_summary": _summary(tables["evidence"], tables["default"]),
        "calibration_parameters": _parameters(tables["parameters"]),
        "calibration_pairs": pairs_in_words(pairs) if len(pairs) else say("calibration-no-pairs"),
        "calibration_predictive": _predictive(tables["predictive"]),
        "calibration_recovery": _recovery(tables["recovery"], tables["worth"]),
        "calibration_survives": _survives(tables["survives"]),
    }


def _summary(evidence: pd.DataFrame, default: pd.DataFrame) -> Part:
    """How the posterior was made, and what each published figure rules out; errors in per cent."""
    about = saved_posterior.load().about
    counts = {"draws": f"{about['draws']:,}", "effective": f"{about['effective']:,.0f}"}
    named = {name: about[name] for name in ("command", "model", "date")}
    errors = evidence.assign(**{name: np.expm1(evidence[name]) for name in ("spread", "noise")})
    published = [span(row["published_low"], row["published_high"]) for row in evidence.to_dict("records")]
    words = {
        "pattern": evidence["pattern"],
        "published": [" ".join(one) for one in zip(published, evidence["unit"], strict=True)],
        "source, grade": cells(evidence, "facts:{}, {}", "fact", "grade"),
        "error of the source": cells(errors, "{:.0%}", "spread"),
        "noise": cells(errors, "{:.0%}", "noise"),
        "draws ruled out": cells(evidence, "{:.0%}", "ruled_out"),
        "left by it alone": cells(evidence, "{:.0%}", "effective_share"),
        "default point: errors outside": cells(default, "{:.2f}", "implausibility"),
    }
    return [say("calibration-about", seeds=about["seeds_per_draw"], **counts, **named), pd.DataFrame(words)]


def _parameters(table: pd.DataFrame) -> Part:
    """The narrowed parameters in their own units, and those that stay at their prior."""
    values = load().model_dump(mode="json")
    spans = {one.name: one for one in ranges(values, values, saved_posterior.load().also, ())}
    narrowed, rest = (table[(table["result"] == "narrowed") == is_] for is_ in (True, False))
    rows = []
    for row in narrowed.to_dict("records"):
        own = next(spans[name] for name in names_of(values, row["parameter"]) if name in spans)
        places = (0.0, 1.0, row["median"], row["low"], row["high"])
        least, most, median, low, high = (cell(float(own.at(place)), False) for place in places)
        found = (f"{least} to {most}", f"{median} ({low} to {high})", f"{row['narrowed']:.0%}")
        rows.append((f"`{own.name}`", cell(float(own.median), False), *found))
    heads = ["parameter", "default", "plausible range", "posterior: median (90 %)", "share of its variance removed"]
    shifted = narrowed.loc[narrowed["narrowed"] < _SHIFTED, "parameter"]
    moved = "".join(say("calibration-shifted", name=name) for name in shifted)
    left = ", ".join(f"`{name}`" for name in sorted(rest["parameter"]))
    sentences = [say("calibration-left", shifted=moved or "none"), say("calibration-stay", rest=len(rest), names=left)]
    return [pd.DataFrame(rows, columns=heads), *filter(None, sentences)]


def _predictive(table: pd.DataFrame) -> Part:
    """Patterns under prior and posterior."""
    emergent = table[table["tag"] == "emergent"]
    told = []
    for draws in ("prior", "posterior"):
        counts = emergent.loc[emergent["draws"] == draws, "verdict"].value_counts()
        verdicts: dict[str, Any] = {name: int(counts.get(name, 0)) for name in ("agrees", "possible", "disagrees")}
        told.append(say("calibration-verdicts", draws=draws, **verdicts))
    wrong = emergent[(emergent["draws"] == "posterior") & (emergent["verdict"] == "disagrees")]["pattern"]
    words = say(
        "calibration-emergent", all=table["pattern"].nunique(), counts="; ".join(told), wrong="; ".join(wrong) or "none"
    )
    return [words, predictive_in_words(table)]


def _recovery(table: pd.DataFrame, worth: pd.DataFrame) -> Part:
    """How often intervals hold the planted values."""
    groups = table[table["parameter"].isin(GROUPS)]
    each = table.loc[~table["parameter"].isin(GROUPS), "covered"]
    counts: dict[str, Any] = {"all": f"{worth['trials'].sum():,}", "count": int(table["trials"].max())}
    ends: dict[str, Any] = {"lowest": f"{100 * each.min():.0f}", "highest": f"{100 * each.max():.0f}", "needed": ENOUGH}
    covered = {
        "90 % intervals of": groups["parameter"],
        "hold the planted value in": cells(groups, "{:.1%}", "covered"),
        "95 %": cells(groups, "{:.1%} to {:.1%}", "low", "high"),
    }
    coarse = {
        "effective draws of a trial": cells(worth, "{:.0f} to {:.0f}", "from", "to"),
        "trials": worth["trials"],
        "90 % intervals of all parameters hold the planted value in": cells(worth, "{:.1%}", "covered"),
    }
    return [say("calibration-trials", **counts, **ends), pd.DataFrame(covered), pd.DataFrame(coarse)]


def _survives(table: pd.DataFrame) -> Part:
    """Conclusions of the headline study by the source of its parameters."""

    def told(row: dict[Any, Any], name: str) -> str:
        median, low, high = (cell(row[f"{name}_{end}"]) for end in ("median", "low", "high"))
        return f"{median} ({low} to {high}): {row[name]}"

    rows = [
        (row["conclusion"], *(told(row, name) for name in SOURCES), row["survives"]) for row in table.to_dict("records")
    ]
    heads = ["effect on attack capacity, %", "plausible ranges", "posterior", "defaults held", "survives"]
    counts = listed([f"{number} {name}" for name, number in table["survives"].value_counts().items()])
    return [say("calibration-survives", all=len(table), counts=counts), pd.DataFrame(rows, columns=heads)]
