"""The parts of docs/calibration.md, from the stored tables of the calibration."""

from typing import Any

import numpy as np
import pandas as pd

from experiments.evidence.posterior import ENOUGH
from experiments.study import saved_posterior
from experiments.study.parameter_sampling import names_of, ranges
from sim.config import CONF, load
from sim.engine.text import number, span

SHIFTED = 0.1
"""Share of a parameter's variance below which it is called shifted, not narrowed."""


def page_parts() -> dict[str, Any]:
    """The parts by name."""
    return {
        "calibration_summary": _summary(),
        "calibration_parameters": _parameters(),
        "calibration_pairs": _pairs(),
        "calibration_predictive": _predictive(),
        "calibration_recovery": _recovery(),
        "calibration_survives": _survives(),
    }


def _stored(name: str) -> pd.DataFrame:
    return pd.read_csv(CONF.parent / "docs" / "calibration" / f"{name}.csv", keep_default_na=False)


def _per_cent(values: Any, digits: int = 0) -> Any:
    return (100 * values).map(f"{{:.{digits}f}} %".format)


def _spans(rows: pd.DataFrame, low: str, high: str) -> Any:
    return rows.apply(lambda row: span(float(row[low]), float(row[high])), axis=1)


def _summary() -> list[str | pd.DataFrame]:
    """What is left of the draws, and how many of them each published figure rules out."""
    about, rows, default = saved_posterior.load().about, _stored("evidence"), _stored("default")
    words = (
        f"{about['draws']:,} draws, {about['seeds_per_draw']} seeds each, by `{about['command']}` (model "
        f"{about['model']}, {about['date']}). Weighed by all figures together they are worth "
        f"**{about['effective']:,.0f} equal draws**."
    )
    table = pd.DataFrame({
        "pattern": rows["pattern"],
        "published": _spans(rows, "published_low", "published_high") + " " + rows["unit"],
        "source, grade": "facts:" + rows["fact"] + ", " + rows["grade"],
        "error of the source": _per_cent(np.expm1(rows["spread"])),
        "luck": _per_cent(np.expm1(rows["luck"])),
        "draws ruled out": _per_cent(rows["ruled_out"]),
        "left by it alone": _per_cent(rows["effective_share"]),
        "default point: errors outside": default["implausibility"].map("{:.2f}".format),
    })  # fmt: skip
    return [words, table]


def _parameters() -> list[str | pd.DataFrame]:
    """The parameters that the record narrows, in their own units, and those that stay at their prior."""
    rows, values = _stored("parameters"), load().model_dump(mode="json")
    spans = {one.name: one for one in ranges(values, values, saved_posterior.load().also, ())}
    narrowed = rows[rows["says"] == "narrowed"]
    others = ", ".join(f"`{name}`" for name in sorted(rows["parameter"][rows["says"] != "narrowed"]))
    lines = []
    for row in narrowed.to_dict("records"):
        own = next(spans[name] for name in names_of(values, row["parameter"]) if name in spans)
        ends = [number(float(own.at(u)), False) for u in (0.0, 1.0)]
        middle, low, high = (number(float(own.at(row[name])), False) for name in ("middle", "low", "high"))
        lines.append({
            "parameter": f"`{own.name}`",
            "default": number(float(own.middle), False),
            "plausible range": " to ".join(ends),
            "posterior: middle (90 %)": f"{middle} ({low} to {high})",
            "share of its variance that is taken away": f"{100 * row['narrowed']:.0f} %",
        })  # fmt: skip
    shifted = narrowed["parameter"][narrowed["narrowed"] < SHIFTED]
    moved = "".join(f" `{one}` is shifted more than narrowed: nearly all of its variance is left." for one in shifted)
    shown = [f"Of these the record shows that posterior and prior differ.{moved}"] if moved else []
    left = f"**Of the other {len(rows) - len(narrowed)} no shift is shown**, so they stay at their prior: {others}."
    return [pd.DataFrame(lines), *shown, left]


def _pairs() -> str | pd.DataFrame:
    """Pairs of parameters that the record knows together only."""
    rows = _stored("pairs")
    table = pd.DataFrame({
        "parameter": rows["parameter"].map("`{}`".format),
        "other": rows["other"].map("`{}`".format),
        "correlation": rows["correlation"].map(number),
        "95 %": rows["low"].map(number) + " to " + rows["high"].map(number),
    })  # fmt: skip
    return "There are none." if table.empty else table


def _predictive() -> list[str | pd.DataFrame]:
    """Patterns under the prior and under the posterior."""
    rows = _stored("predictive")
    rows["shown"] = rows["middle"].map(lambda value: number(float(value), False))
    rows["shown"] += " (" + _spans(rows, "draws_low", "draws_high") + ")"
    sources = ("prior", "posterior")
    prior, after = (rows[rows["draws"] == name].reset_index(drop=True) for name in sources)
    table = pd.DataFrame({
        "pattern": prior["pattern"],
        "tag": prior["tag"],
        "published": _spans(prior, "published_low", "published_high"),
        "prior: middle (90 %)": prior["shown"],
        "posterior: middle (90 %)": after["shown"],
        "prior": prior["verdict"],
        "posterior": after["verdict"],
    })  # fmt: skip
    emergent, counted = rows[rows["tag"] == "emergent"], []
    for name in sources:
        verdicts = emergent["verdict"][emergent["draws"] == name]
        counts = (f"{(verdicts == one).sum()} {one}" for one in ("agrees", "possible", "disagrees"))
        counted.append(f"{name}: {', '.join(counts)}")
    wrong = emergent["pattern"][(emergent["draws"] == "posterior") & (emergent["verdict"] == "disagrees")]
    ending = f" With the record heard these disagree: {'; '.join(wrong)}." if len(wrong) else ""
    return [f"Of {len(prior)} patterns, the emergent ones: {'; '.join(counted)}.{ending}", table]


def _recovery() -> list[str | pd.DataFrame]:
    """How often intervals hold what was planted."""
    rows, worth = _stored("recovery"), _stored("worth")
    single = rows["parameter"].isin(_stored("parameters")["parameter"])
    groups, each = rows[~single], rows["covered"][single]
    words = (
        f"{worth['trials'].sum():,} draws played the truth in turn: one history of theirs was "
        "published with the errors of the record, and the other draws looked for it (simulation-based calibration: "
        f"Talts et al. 2018). {rows['trials'][0]} trials count: their posterior is worth at least {ENOUGH} draws, "
        "as the real one is. Of fewer draws a 90 % interval comes out too narrow; how many there are hangs on what was "
        "published alone, so leaving those trials out flatters nothing. Of single parameters coverage goes from "
        f"{100 * each.min():.0f} to {100 * each.max():.0f} %."
    )
    intervals = pd.DataFrame({
        "90 % intervals of": groups["parameter"],
        "hold the planted value in": _per_cent(groups["covered"], 1),
        "95 %": (100 * groups["low"]).map("{:.1f}".format) + " to " + _per_cent(groups["high"], 1),
    })  # fmt: skip
    ends = worth["to"].astype(str)
    by_worth = pd.DataFrame({
        "trials whose posterior is worth": np.where(
            ends == "inf", worth["from"].astype(str) + " and more", worth["from"].astype(str) + " to " + ends
        ),
        "number": worth["trials"],
        "intervals of all parameters hold it in": _per_cent(worth["covered"], 1),
    })  # fmt: skip
    return [words, intervals, by_worth]


def _survives() -> list[str | pd.DataFrame]:
    """Conclusions of the headline study by where parameters come from."""
    rows = _stored("survives")
    table = pd.DataFrame({"effect on attack capacity, %": rows["conclusion"]})
    for name, head in {"plausible": "plausible ranges", "posterior": "posterior", "none": "defaults held"}.items():
        middle, low, high = (rows[f"{name}_{end}"].map(number) for end in ("middle", "low", "high"))
        table[head] = middle + " (" + low + " to " + high + "): " + rows[name]
    table["survives"] = rows["survives"]
    counts = rows["survives"].value_counts()
    return [f"Of {len(rows)} conclusions: {', '.join(f'{n} {name}' for name, n in counts.items())}.", table]
