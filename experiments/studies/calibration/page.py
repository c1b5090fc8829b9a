"""Generated parts of docs/calibration.md, from the tables in docs/calibration."""

import math
import re
from collections.abc import Iterator
from functools import cache
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd

from experiments.evidence.likelihood import family
from experiments.evidence.posterior import ENOUGH, GROUPS, NOTHING
from experiments.messages import say
from experiments.studies.calibration.report import (
    cells,
    checked_in_words,
    checks,
    choice_in_words,
    discrepancy_in_words,
    pairs_in_words,
    predictive_in_words,
)
from experiments.study import saved_posterior
from experiments.study.parameter_sampling import Range, names_of, pooled_in, ranges
from experiments.text import cell, listed, span
from sim.config import CONF, load

FOLDER = CONF.parent / "docs" / "calibration"
SOURCES = {"plausible": "plausible ranges", "posterior": "posterior", "none": "defaults held"}
_SHIFTED = 0.1  # share of a parameter's variance below which it is shifted rather than narrowed

type Part = str | pd.DataFrame | list[Part]


def page_parts() -> dict[str, Part]:
    """Return the parts by name."""
    tables = {file.stem: pd.read_csv(file) for file in FOLDER.glob("*.csv")}
    pairs = pairs_in_words(tables["pairs"])
    pairs[["parameter", "other"]] = "`" + pairs[["parameter", "other"]] + "`"
    return {
        "calibration_summary": _summary(tables["evidence"], tables["default"]),
        "calibration_parameters": _parameters(tables["parameters"]),
        "calibration_discrepancy": discrepancy_in_words(tables["discrepancy"]) if "discrepancy" in tables else "",
        "calibration_checked": _checked(tables),
        "calibration_choice": _choice(tables["left_out"]) if "left_out" in tables else "",
        "calibration_pairs": pairs if len(pairs) else say("calibration-no-pairs"),
        "calibration_predictive": _predictive(tables["predictive"]),
        "calibration_recovery": _recovery(tables["recovery"], tables["worth"]),
        "calibration_survives": _survives(tables["survives"]),
    }


def _summary(evidence: pd.DataFrame, default: pd.DataFrame) -> Part:
    about = saved_posterior.load().about
    counts = {"draws": f"{about['draws']:,}", "effective": f"{about['effective']:,.0f}"}
    named = {name: about[name] for name in ("command", "model", "date")}
    errors = {"spread": np.hypot(evidence["spread"], evidence.get("transfer", 0.0)), "noise": evidence["noise"]}
    rows = evidence.assign(**np.expm1(pd.DataFrame(errors)))  # errors in per cent
    ranges_ = map(span, rows["published_low"], rows["published_high"])
    words = {
        "pattern": rows["pattern"],
        "published": [f"{ends} {unit}" for ends, unit in zip(ranges_, rows["unit"], strict=True)],
        "source, grade": cells(rows, "facts:{}, {}", "fact", "grade"),
        "error of the source": cells(rows, "{:.0%}", "spread"),
        "noise": cells(rows, "{:.0%}", "noise"),
        "draws ruled out": cells(rows, "{:.0%}", "ruled_out"),
        "left by it alone": cells(rows, "{:.0%}", "effective_share"),
        "default point: errors outside": cells(default, "{:.2f}", "implausibility"),
    }
    parts: Part = [say("calibration-about", seeds=about["seeds_per_draw"], **counts, **named), pd.DataFrame(words)]
    return [*parts, *_families(evidence)] if "source" in evidence else parts


def _families(evidence: pd.DataFrame) -> Iterator[str]:
    """How many figures are of each family of sources that has several."""
    known: dict[str, list[str]] = {}
    for source in evidence["source"]:
        known.setdefault(family(source), []).append(source)
    shared = [f"{re.split(',|;', one[0])[0]} ({len(one)})" for one in known.values() if len(one) > 1]
    if shared:
        yield say("calibration-families", families=listed(shared), all=len(evidence), own=len(known) - len(shared))


def _checked(tables: dict[str, pd.DataFrame]) -> Part:
    """Runs of the posterior beside the emulators."""
    table = tables.get("checked", pd.DataFrame())
    return [checked_in_words(table), checks(table)] if len(table) else ""


def _values(table: pd.DataFrame) -> pd.DataFrame:
    """Full name, default, range and posterior of each parameter in its own unit, as words; a row each."""
    values, also = load().model_dump(mode="json"), saved_posterior.load().also

    @cache
    def spans(case: str) -> dict[str, Range]:
        own = load(f"group={case}").model_dump(mode="json") if case else values
        return {one.name: one for one in ranges(own, values, also, (), case)}

    rows = []
    for row in table.to_dict("records"):
        name, drawn = row["parameter"], (row["median"], row["low"], row["high"])
        head, at, case = name.partition("@")
        if at and head in pooled_in(also):  # a factor of one case; its range is the central 90 %
            apart = NormalDist(sigma=math.log(also[name][1]))
            each = [math.exp(apart.inv_cdf(place)) for place in (0.5, 0.05, 0.95, *drawn)]
        else:
            own = next(spans(case)[one] for one in names_of(values, head) if one in spans(case))
            name, each = own.name + at + case, [float(own.at(place)) for place in (0.5, 0.0, 1.0, *drawn)]
        default, least, most, median, low, high = (cell(one, False) for one in each)
        rows.append((f"`{name}`", default, f"{least} to {most}", f"{median} ({low} to {high})"))
    return pd.DataFrame(rows, columns=["parameter", "default", "plausible range", "posterior: median (90 %)"])


def _parameters(table: pd.DataFrame) -> Part:
    """The narrowed parameters in their own units, and those that stay at their prior."""
    narrowed = table[table["result"] == "narrowed"]
    words = _values(narrowed)
    words["share of its variance removed"] = cells(narrowed, "{:.0%}", "narrowed")
    shifted = narrowed.loc[narrowed["narrowed"] < _SHIFTED, "parameter"]
    moved = "".join(say("calibration-shifted", name=name) for name in shifted)
    rest = [f"`{name}`" for name in sorted(table["parameter"][table["result"] != "narrowed"])]
    sentences = [say("calibration-left", shifted=moved or "none")]
    sentences += [say("calibration-stay", rest=len(rest), names=", ".join(rest))]
    return [words, *filter(None, sentences)]


def _choice(table: pd.DataFrame) -> Part:
    """The parameters of choice in their own units, and what each kind of evidence says of them."""
    choice, words = choice_in_words(table), _values(table[table["left_out"] == NOTHING])
    words["variance removed"], words["without who follows"] = choice["variance removed"], choice["without"]
    words["the record disciplines it"] = choice["disciplined"]
    kinds = table.pivot_table(index=["left_out", "effective"], columns="parameter", values="narrowed", sort=False)
    shown = [name for name in ("rails.monero.gap", "choice.closing", "choice.risk") if name in kinds]
    about = pd.DataFrame({"left out": kinds.index.get_level_values(0)})
    about["effective draws"] = [f"{size:,.0f}" for size in kinds.index.get_level_values(1)]
    for name in shown:
        about[f"variance of `{name}` removed"] = [f"{share:.0%}" for share in kinds[name]]
    return [words, say("calibration-kinds"), about]


def _predictive(table: pd.DataFrame) -> Part:
    emergent = table[table["tag"] == "emergent"]
    counts = []
    for draws in ("prior", "posterior"):
        found = emergent["verdict"][emergent["draws"] == draws].tolist()
        verdicts: dict[str, Any] = {name: found.count(name) for name in ("agrees", "possible", "disagrees")}
        counts.append(say("calibration-verdicts", draws=draws, **verdicts))
    wrong = emergent["pattern"][(emergent["draws"] == "posterior") & (emergent["verdict"] == "disagrees")]
    about = {"counts": "; ".join(counts), "wrong": "; ".join(wrong) or "none"}
    return [say("calibration-emergent", all=table["pattern"].nunique(), **about), predictive_in_words(table)]


def _recovery(table: pd.DataFrame, worth: pd.DataFrame) -> Part:
    groups = table[table["parameter"].isin(GROUPS)]
    each = 100 * table.loc[~table["parameter"].isin(GROUPS), "covered"]
    counts: dict[str, Any] = {"all": f"{worth['trials'].sum():,}", "count": int(table["trials"].max())}
    counts |= {"lowest": f"{each.min():.0f}", "highest": f"{each.max():.0f}", "needed": ENOUGH}
    covered = {
        "90 % intervals of": groups["parameter"],
        "hold the planted value in": cells(groups, "{:.1%}", "covered"),
        "95 %": cells(groups, "{:.1%} to {:.1%}", "low", "high"),
    }
    coarse = {
        "effective draws of a trial": [
            span(*ends, "{:.0f}".format) for ends in zip(worth["from"], worth["to"], strict=True)
        ],
        "trials": worth["trials"],
        "90 % intervals of all parameters hold the planted value in": cells(worth, "{:.1%}", "covered"),
    }
    return [say("calibration-trials", **counts), pd.DataFrame(covered), pd.DataFrame(coarse)]


def _survives(table: pd.DataFrame) -> Part:
    words = {"effect on attack capacity, %": table["conclusion"]}
    for name, head in SOURCES.items():
        ends = table[[f"{name}_{end}" for end in ("median", "low", "high")]].map(cell).assign(verdict=table[name])
        words[head] = cells(ends, "{} ({} to {}): {}", *ends)
    counts = listed([f"{number} {name}" for name, number in table["survives"].value_counts().items()])
    about = say("calibration-survives", all=len(table), counts=counts)
    return [about, pd.DataFrame(words | {"survives": table["survives"]})]
