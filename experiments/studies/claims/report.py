"""The report of a claimed sum: how much less probable the record is with it, what rejects it, and from which sum on."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from experiments.stats import estimates
from experiments.studies.claims import measures
from experiments.studies.claims.measures import AMOUNT, ORIGIN
from experiments.study import spec as studies
from experiments.study.arguments import Settings
from experiments.study.design import Cell, Plan
from experiments.study.reporting import Said
from experiments.study.spec import Alias
from experiments.study.store import Folder
from experiments.study.tables import aligned, drawn_from, runs_of, write_csv
from sim.engine.text import capital, number, paragraph, plural
from sim.output import provenance

TABLES = ("claims", "limits", "over_time", "conversion")


def make(plan: Plan, folder: Folder, settings: Settings, facts: dict[str, Any]) -> Said:
    """Write the tables, say the verdict, draw the figures; for each setting (rail, dates) beside the sum."""
    runs = runs_of(folder, plan)
    some = [tables_of(plan, runs, setting) for setting in settings_of(plan)]
    tables = {name: pd.concat([one[name] for one in some], ignore_index=True) for name in TABLES}
    files = ["runs.parquet", *(write_csv(folder, f"{name}.csv", table) for name, table in tables.items())]
    said = [text(one, about_of(plan, setting)) for one, setting in zip(some, settings_of(plan), strict=True)]
    if settings.figures:
        from experiments.studies.claims import figures

        small = provenance.small_print(facts)
        for number_, (one, setting) in enumerate(zip(some, settings_of(plan), strict=True)):
            stem = f"_{number_ + 1}" if len(some) > 1 else ""
            drawn = figures.save_claims(one, about_of(plan, setting), folder.path / "figures", small, stem)
            files += [str(path.relative_to(folder.path)) for path in drawn]
    return Said("\n\n".join(said), files)


# --- what is asked ---------------------------------------------------------------------------------------------------


def settings_of(plan: Plan) -> list[dict[str, Any]]:
    """Every combination of the levels of all factors but the sum."""
    every = [{name: level for name, level in cell.levels.items() if name != AMOUNT} for cell in plan.cells]
    return [one for place, one in enumerate(every) if one not in every[:place]]


def claimed_in(plan: Plan) -> list[float]:
    """The sums that are asked about; the others are run to compare with."""
    levels = [level for block in plan.study.blocks.values() for level in block.vary.get(AMOUNT, ())]
    return list(dict.fromkeys(float(level) for level in levels if float(level) > 0.0))


def _cell(plan: Plan, setting: dict[str, Any]) -> Cell:
    return next(cell for cell in plan.cells if setting.items() <= cell.levels.items())


def about_of(plan: Plan, setting: dict[str, Any]) -> dict[str, Any]:
    """What figures and words need to know of a setting."""
    own = (*(f"claim.{name}" for name in ("since", "by", "rail")), ORIGIN)
    others = {name: level for name, level in setting.items() if name not in own}
    return about_claim(plan.study.aliases, setting) | {
        "claimed": claimed_in(plan),
        "draws": plan.draws,
        "from": drawn_from(plan),
        "histories": len(plan.seeds),
        "others": others if len(settings_of(plan)) > 1 else {},
    }


def about_claim(names: Mapping[str, Alias], setting: Mapping[str, Any]) -> dict[str, Any]:
    """What a claim says besides its sum."""
    days = {key: names[f"claim.{key}"].date_of(setting[f"claim.{key}"]) for key in ("since", "by")}
    return days | {"rail": str(setting["claim.rail"]), "origin": str(setting[ORIGIN])}


def about_kept(table: pd.DataFrame) -> dict[str, Any]:
    """What words need to know, from a kept table of one setting."""
    first = table.iloc[0]
    sums = table.loc[table["claimed"], "amount"].unique().tolist()
    counts = {"draws": int(first["draws"]), "histories": int(first["histories"]), "others": {}}
    counts |= {"from": str(first["drawn_from"])}
    return about_claim(studies.load("claims").aliases, dict(first)) | {"claimed": sums} | counts


def tables_of(plan: Plan, runs: pd.DataFrame, setting: dict[str, Any]) -> dict[str, pd.DataFrame]:
    """All tables of one setting, each with the setting's levels as its first columns."""
    about, rules, scenario = about_of(plan, setting), measures.load(), _cell(plan, setting).scenario
    own = runs
    for name, level in setting.items():
        own = own[own[name] == (str(level).lower() if isinstance(level, bool) else level)]
    own = measures.with_campaigns(own, sum(appeal.public for appeal in scenario.appeals))
    found = measures.factors_of(own, rules, about["origin"], plan.study.uncertain == "posterior")
    weeks = max(1, math.ceil((about["by"] - about["since"]).days / 7))
    limit = scenario.rails[scenario.rail(about["rail"])].limit
    tables = {
        "claims": measures.compatibility(found, about["claimed"]).assign(
            draws=about["draws"], histories=about["histories"], drawn_from=about["from"]
        ),
        "limits": measures.limits(found),
        "over_time": measures.over_time(own, rules, about["claimed"]),
        "conversion": measures.conversion(own, weeks, limit),
    }
    for table in tables.values():
        for name, level in reversed(setting.items()):
            table.insert(0, name, level)
    return tables


# --- in words --------------------------------------------------------------------------------------------------------


def usd(amount: float) -> str:
    """An amount in words: 300 million USD."""
    for size, word in ((1e9, "billion"), (1e6, "million")):
        if amount >= size:
            return f"{amount / size:.4g} {word} USD"
    return f"{amount:,.0f} USD"


def times(factor: float) -> str:
    """How much more or less probable: 20 times less."""
    if math.isnan(factor):
        return "not known"
    size = max(factor, 1.0 / factor) if factor > 0.0 else math.inf
    if size < 1.05:
        return "as probable"
    words = "more than a million" if size > 1e6 else f"{size:,.0f}" if size >= 10.0 else f"{size:.1f}"
    return f"{words} times {'less' if factor < 1.0 else 'more'} probable"


def span(low: float, high: float) -> str:
    """An interval of a Bayes factor in words."""
    ends = (times(low), times(high))
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


VERDICTS = {
    "rejected": "the record rejects it",
    "hardly compatible": "it is hardly compatible with the record",
    measures.SILENT: "the record is silent",
    "compatible": "it is compatible with the record",
    estimates.OPEN: "these runs cannot tell",
    estimates.TOO_FEW: "these runs cannot tell (too few draws)",
}
EQUALLY = "if shared equally"  # of a sum given to campaigns: nothing says how it was shared


def condition(about: Mapping[str, Any], kind: str, name: str) -> str:
    """What a verdict rests on besides the figures: of gifts, that campaigns had equal parts of them."""
    counts = about["origin"] == "gifts" and (kind == "reading" or name == "campaigns")
    return EQUALLY if counts else ""


def carried_words(effective: float) -> str:
    """How many draws carry a number."""
    return f"carried by about {effective:,.0f} {plural(round(effective), 'draw')}"


def claim_words(amount: float, about: dict[str, Any]) -> str:
    """The claim in words."""
    when = f"{about['since']:%-d %B %Y} to {about['by']:%-d %B %Y}"
    gifts = ", as gifts to public campaigns" if about["origin"] == "gifts" else ""
    others = "".join(f", {name}={level}" for name, level in about["others"].items())
    return f"{usd(amount)} in {about['rail']}, {when}{gifts}{others}"


def main_reading(table: pd.DataFrame) -> str:
    """The reading by which the verdict is given: the first."""
    return str(table.loc[table["kind"] == "reading", "name"].iloc[0])


def row_of(table: pd.DataFrame, amount: float, kind: str, name: str) -> dict[str, Any]:
    """The row of a sum and a figure, group or reading."""
    own = table[(table["amount"] == amount) & (table["kind"] == kind) & (table["name"] == name)]
    return dict(own.to_dict("records")[0])


def why(table: pd.DataFrame, amount: float, about: Mapping[str, Any]) -> str:
    """Which figures speak against a sum, of those that the verdict is given by; which do not."""
    rules = measures.load()
    counted = rules.readings[main_reading(table)]
    own = table[(table["amount"] == amount) & (table["kind"] == "group")]
    own = own[own["name"].isin([*counted, "campaigns"])]
    parts, shared = [], {name: condition(about, "group", name) for name in own["name"]}
    for words, verdicts in (
        ("rejected by", ["rejected"]),
        ("hardly compatible with", ["hardly compatible"]),
        ("the record is silent on", [measures.SILENT]),
        ("compatible with", ["compatible"]),
        ("these runs cannot tell from", [estimates.OPEN]),
        ("these runs cannot tell (too few draws) from", [estimates.TOO_FEW]),
    ):
        names = own.loc[own["verdict"].isin(verdicts), "name"].tolist()
        names = [f"{name} ({shared[name]})" if shared[name] else name for name in names]
        parts += [f"{words} {', '.join(names)}"] if names else []
    return "; ".join(parts)


def limit_words(limits: pd.DataFrame, name: str, largest: float, smallest: float) -> str:
    """From which sum on the factor is most likely below 1/20, with the interval, if enough draws carry it."""
    row = limits[(limits["kind"] == "reading") & (limits["name"] == name)].to_dict("records")[0]

    if estimates.few(row["effective"]):
        return f"no limit, for too few draws carry it (about {row['effective']:,.0f})"

    def end(value: float) -> str:
        over = f"more than {usd(largest)}" if math.isinf(value) else ""
        return over or (f"{usd(smallest)} or less" if value <= smallest else usd(float(f"{value:.2g}")))

    first, low, high = (end(float(row[key])) for key in ("from", "low", "high"))
    interval = f"95 %: {low if low == high else f'{low} to {high}'}; {carried_words(row['effective'])}"
    if math.isinf(row["from"]):
        return f"no sum up to {usd(largest)} is most likely below 1/20 ({interval})"
    return f"most likely below 1/20 from {first} on ({interval})"


def conversion_words(table: pd.DataFrame, amount: float, about: dict[str, Any]) -> str:
    """What became of the money by the day by which it had come."""
    row = table[table["amount"] == amount].to_dict("records")[0]
    shares = ", ".join(
        f"{100 * row[fate]:.0f} % {words} ({100 * row[f'{fate}_low']:.0f} to {100 * row[f'{fate}_high']:.0f})"
        for fate, words in (("converted", "turned into cash"), ("frozen", "frozen"), ("left", "not yet converted"))
    )
    return (
        f"By {about['by']:%-d %B %Y}: {shares}, middle draw (middle 90 %). To convert all of it as it came takes "
        f"{usd(row['needed_a_week'])} a week; {about['rail']} lets through {usd(row['limit_a_week'])} a week."
    )


def text(tables: dict[str, pd.DataFrame], about: dict[str, Any]) -> str:
    """The verdict on each sum that was asked about, and all sums as a table."""
    table, name = tables["claims"], main_reading(tables["claims"])
    lines: list[str] = []
    for amount in about["claimed"]:
        row = row_of(table, amount, "reading", name)
        lines += [f"Claim: {claim_words(amount, about)}", ""]
        lines += [
            paragraph(verdict_words(row, condition(about, "reading", name))),
            paragraph(f"By kind of figure: {why(table, amount, about)}."),
        ]
        for other in measures.load().readings:
            if other != name:
                read = row_of(table, amount, "reading", other)
                told = ", ".join(filter(None, (read["verdict"], condition(about, "reading", other))))
                lines.append(
                    paragraph(
                        f"{capital(other)}: {told} ({times(read['factor'])}; {span(read['low'], read['high'])}; "
                        f"{carried_words(read['effective'])})."
                    )
                )
        lines += [paragraph(conversion_words(tables["conversion"], amount, about)), ""]
    amounts = table["amount"].unique()
    for other in measures.load().readings:
        told = limit_words(tables["limits"], other, float(amounts.max()), float(amounts.min()))
        lines.append(
            paragraph(f"{capital(', '.join(filter(None, (other, condition(about, 'reading', other)))))}: {told}.")
        )
    lines += ["", "How many times as probable the published figures are with the money as without (95 % interval)"]
    lines += grid(table, about)
    return "\n".join([*lines, "", *footer(table, about)])


def verdict_words(row: Mapping[str, Any], shared: str) -> str:
    """The verdict on all figures together, with its numbers."""
    verdict = ", ".join(filter(None, (shared, VERDICTS[row["verdict"]])))
    factor = f"{times(row['factor'])} than without".replace("as probable than", "as probable as")
    some = f"95 % of resampled draws: {span(row['low'], row['high'])}; {carried_words(row['effective'])}"
    words = f"{capital(verdict)}: all figures together are {factor} ({some})"
    return f"{words}; {row['strength']}." if isinstance(row["strength"], str) and row["strength"] else f"{words}."


def grid(table: pd.DataFrame, about: Mapping[str, Any]) -> list[str]:
    """All that is told of the sums that were asked about, and of the others what is told of all figures together."""
    name = main_reading(table)
    some = table[(table["kind"] != "figure") & (table["claimed"] | (table["name"] == name))]
    rows = [("claimed sum", "figures", "factor", "95 % interval", "effective", "verdict")]
    for row in some.to_dict("records"):
        what = f"together, {row['name']}" if row["kind"] == "reading" else row["name"]
        ends = f"{_number(row['low'])} to {_number(row['high'])}"
        told = ", ".join(filter(None, (row["verdict"], condition(about, row["kind"], row["name"]))))
        rows.append((usd(row["amount"]), what, _number(row["factor"]), ends, f"{row['effective']:,.0f}", told))
    return aligned(rows, (0, 2, 4))


def _number(factor: float) -> str:
    return "< 0.00001" if factor < 1e-5 else number(factor, False)


def footer(table: pd.DataFrame, about: dict[str, Any]) -> list[str]:
    """What the numbers are, and how far they carry."""
    lines = [
        "Factors are Bayes factors against no such money, on the same luck and draws of what nobody knows, from "
        f"{about['from']}; the rules of the model are held. Rejected: the interval lies below 1/20; hardly compatible: "
        "below 1/3; compatible: the interval lies above 1/3 and the factor above 3.",
        "The record is silent: the interval lies between 1/3 and 3, so published figures would look the same with the "
        f"money and without. Cannot tell (too few draws): fewer than {estimates.FEW} draws carry the factor, so that "
        "its interval, which cannot see draws never made, is too narrow; or the factor lies there and only its "
        "interval goes beyond 3. Cannot tell: the interval lies in none of these. replications=N makes more draws.",
        f"{about['histories']:,} histories of {about['draws']:,} draws. Effective: how many draws carry the factor "
        "(Kish 1965).",
    ]
    if about["origin"] == "gifts":
        lines.append(
            "If shared equally: the sum is held against what campaigns raised in equal parts, one to each public "
            "campaign; the record allows one campaign more than most of them."
        )
    return [paragraph(line) for line in lines]
