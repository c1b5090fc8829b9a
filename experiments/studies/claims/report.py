"""Report of a claimed sum: its Bayes factor, the verdict, and the sum from which on the record rejects a claim."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from experiments.evidence.cases import CORE
from experiments.findings import Because, Finding, where
from experiments.messages import say
from experiments.studies.claims import measures
from experiments.studies.claims.measures import AMOUNT, CAMPAIGNS, FATES, ORIGIN
from experiments.study.design import Plan
from experiments.study.own_findings import in_per_cent, rows_of, sure
from experiments.study.reporting import Tables
from experiments.study.spec import Alias
from experiments.study.store import Folder
from experiments.study.tables import drawn_from, runs_of
from experiments.text import capital, cell, day, listed, paragraph, table

CASE = "profile"
_SCALES = {"billion": 1e9, "million": 1e6, "one": 0.0}
_OWN = ("claim.since", "claim.by", "claim.rail", ORIGIN, CASE)


def tables(plan: Plan, folder: Folder) -> dict[str, pd.DataFrame]:
    """Compute Bayes factors, limits, series by quarter and conversion, for each setting beside the sum."""
    runs = runs_of(folder, plan)
    every = [_tables_of(plan, runs, setting) for setting in settings_of(plan)]
    return {name: pd.concat([one[name] for one in every], ignore_index=True) for name in every[0]}


def settings_of(plan: Plan) -> list[dict[str, Any]]:
    """Return every combination of the levels of all factors but the sum."""
    every = [{name: level for name, level in cell.levels.items() if name != AMOUNT} for cell in plan.cells]
    return [one for place, one in enumerate(every) if one not in every[:place]]


def claimed_in(plan: Plan) -> list[float]:
    """Return the sums that are asked about; the others are run to compare with."""
    levels = [float(level) for block in plan.study.blocks.values() for level in block.vary.get(AMOUNT, ())]
    return list(dict.fromkeys(level for level in levels if level > 0.0))


def _tables_of(plan: Plan, runs: pd.DataFrame, setting: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """All tables of one setting, each with the levels of the setting as its first columns."""
    rules, claimed = measures.load(str(setting[CASE])), claimed_in(plan)
    scenario = next(cell for cell in plan.cells if setting.items() <= cell.levels.items()).scenario
    for name, level in setting.items():
        runs = runs[runs[name] == (str(level).lower() if isinstance(level, bool) else level)]
    rail = str(setting["claim.rail"])
    since, by = (plan.study.aliases[name].date_of(setting[name]) for name in _OWN[:2])
    runs = measures.with_gifts(runs, rules.observables, scenario, rail, (since, by))
    found = measures.factors_of(runs, rules, str(setting[ORIGIN]), plan.study.uncertain == "posterior")
    weeks = max(1, math.ceil((by - since).days / 7))
    counts = {"draws": plan.draws, "histories": len(plan.seeds), "drawn_from": drawn_from(plan)}
    counts |= {"campaigns": sum(appeal.public for appeal in scenario.appeals)}
    made = {
        "claims": measures.compatibility(found, claimed).assign(**counts),
        "limits": measures.limits(found),
        "over_time": measures.over_time(runs, rules, claimed),
        "conversion": measures.conversion(runs, weeks, scenario.rails[scenario.rail(rail)].limit),
    }
    return {name: pd.concat([pd.DataFrame(setting, one.index), one], axis=1) for name, one in made.items()}


@dataclass(frozen=True)
class Claim:
    """One setting of a claims study: its tables, the sums asked about, and the claim besides its sum."""

    tables: Tables
    sums: list[float]
    since: date
    by: date
    rail: str
    origin: str
    others: str
    case: str
    campaigns: int

    @property
    def rows(self) -> pd.DataFrame:
        """Return the table of Bayes factors."""
        return self.tables["claims"]

    @property
    def readings(self) -> list[str]:
        """Return the readings; the verdict rests on the first."""
        return [str(name) for name in self.rows.loc[self.rows["kind"] == "reading", "name"].unique()]

    def row(self, amount: float, name: str = "") -> dict[str, Any]:
        """Return the row of a sum and a reading, the main one by default."""
        return dict(where(self.rows, amount=amount, kind="reading", name=name or self.readings[0]).iloc[0])

    def money(self, amount: float) -> dict[str, str]:
        """Return the values that messages on a claimed sum name."""
        about = {"sum": usd(amount), "rail": self.rail, "origin": self.origin, "others": self.others}
        return about | {"case": self.case}

    def values(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values that messages on a row name."""
        gifts = self.origin == "gifts" and (row["kind"] == "reading" or row["name"] == CAMPAIGNS)
        found = {"shared": "yes" if gifts and self.campaigns > 1 else "no", "effective": round(row["effective"])}
        if "verdict" not in row:
            return found
        factor, low, high = (times(row[name]) for name in ("factor", "low", "high"))
        found |= {"verdict": row["verdict"].replace(" ", "-"), "factor": factor}
        found |= {"interval": low if low == high else say("interval", low=low, high=high)}
        found |= {"few": "yes" if row["effective"] < measures.ENOUGH else "no"}
        found |= {"same": "yes" if factor == times(1.0) else "no"}
        return found | {"strength": row["strength"] if isinstance(row["strength"], str) and row["strength"] else "none"}


def claims_in(tables: Tables, aliases: Mapping[str, Alias], sums: list[float] | None = None) -> list[Claim]:
    """Return the claim of each setting in the tables of a study; ``sums`` in the order in which they were typed."""
    first = tables["claims"]
    settings = first.loc[:, :"amount"].drop(columns="amount").drop_duplicates().to_dict("records")
    asked = first.loc[first["claimed"], "amount"].unique().tolist()
    found = []
    for one in settings:
        setting = {str(name): level for name, level in one.items()}
        own = {name: where(rows, setting) for name, rows in tables.items()}
        since, by = (aliases[name].date_of(setting[name]) for name in _OWN[:2])
        more = [f", {name}={level}" for name, level in setting.items() if name not in _OWN and len(settings) > 1]
        rail, origin = str(setting["claim.rail"]), str(setting[ORIGIN])
        case = str(setting.get(CASE, CORE))  # older tables are all of the core
        campaigns = int(own["claims"].get("campaigns", pd.Series(6)).iloc[0])
        found.append(Claim(own, sums or asked, since, by, rail, origin, "".join(more), case, campaigns))
    return found


def usd(amount: float) -> str:
    """Return an amount in words: 300 million USD."""
    for size, word in ((1e9, "billion"), (1e6, "million")):
        if amount >= size:
            return say("claim-usd", size=word, number=f"{amount / size:.4g}")
    return say("claim-usd", size="one", number=f"{amount:,.0f}")


def times(factor: float) -> str:
    """Return a Bayes factor in words: 20 times less probable."""
    size = max(factor, 1.0 / factor) if factor > 0.0 else math.inf
    case = "unknown" if math.isnan(factor) else "same" if size < 1.05 else "huge" if size > 1e6 else "other"
    digits = f"{size:,.0f}" if size >= 10.0 else f"{size:.1f}"
    return say("claim-times", case=case, times=digits, than="less" if factor < 1.0 else "more")


def findings(plan: Plan, tables: Tables) -> list[Finding]:
    """The verdict on each sum, the sum from which on the record rejects a claim, and what the largest would need."""
    found: list[Finding] = []
    for place, claim in enumerate(claims_in(tables, plan.study.aliases, claimed_in(plan)), 1):
        main, most = {"kind": "reading", "name": claim.readings[0]}, {"amount": max(claim.sums)}
        for amount in claim.sums:
            found.append(_own("sum", claim, place, main | {"amount": amount}))
        found.append(_own("limit", claim, place, main))
        found += [_own(kind, claim, place, most) for kind in ("needed", "cashed")]
    return found


_OWN_FINDINGS = {
    "sum": ("claims", "factor", ""),
    "limit": ("limits", "from", "USD"),
    "needed": ("conversion", "needed_a_week", "USD/week"),
    "cashed": ("conversion", "converted", ""),
}
"""Table, column and unit of the value of each kind of finding."""


def _own(kind: str, claim: Claim, place: int, levels: dict[str, Any]) -> Finding:
    """The finding in the row of a claim with some levels; ``place`` is that of the claim among all settings."""
    table, value, unit = _OWN_FINDINGS[kind]
    row = where(claim.tables[table], levels).iloc[0]
    low, high = (f"{value}_{end}" if f"{value}_{end}" in row else end for end in ("low", "high"))
    because, more = _about(kind, row)
    found = Finding(
        f"claims-{kind}",
        id=f"claims-{kind}/{place}" + (f"/{levels['amount']:.0f}" if "amount" in levels else ""),
        group=claim.case,
        draws=round(row.get("effective", claim.rows["draws"].iloc[0])),
        median=row[value],
        low=row.get(low, math.nan),
        high=row.get(high, math.nan),
        unit=unit,
        verdict="",
        columns=(value, low, high),
        rows=rows_of(table, [row.name]),
        more={"rail": claim.rail} | more,
        because=because,
    )
    return in_per_cent(sure(found)) if kind == "cashed" else sure(found)


def _about(kind: str, row: pd.Series) -> tuple[Because, dict[str, Any]]:
    """Why: the record, the weeks within which it came, or what its market bears; and further values of the sentence."""
    if kind == "needed":
        weeks = float(round(row["amount"] / row["needed_a_week"]))
        beyond = "yes" if row["needed_a_week"] > row["limit_a_week"] else "no"
        return Because("weeks", {"weeks": weeks}, "arithmetic"), {"beyond": beyond}
    if kind == "cashed":
        return Because("market", {"money": float(row["limit_a_week"])}), {}
    record, effective = Because("record", grade="measured"), round(row["effective"])
    if kind == "limit":
        few = "few" if row["effective"] < measures.ENOUGH else "no" if math.isinf(row["from"]) else "yes"
        return record, {"found": few, "effective": effective}
    size = max(row["factor"], 1.0 / row["factor"]) if row["factor"] > 0.0 else math.inf
    scale = next(name for name, one in _SCALES.items() if row["amount"] >= one)
    than = "same" if size < 1.05 else "less" if row["factor"] < 1.0 else "more"
    about = {"judged": row["verdict"].replace(" ", "-"), "than": than, "effective": effective}
    about |= {"times": float(f"{min(size, 1e6):.2g}"), "huge": "yes" if size > 1e6 else "no"}
    return record, about | {"sum": row["amount"] / (_SCALES[scale] or 1.0), "scale": scale}


def text(plan: Plan, tables: Tables) -> str:
    """Render the verdict on each sum that was asked about, and all sums as a table."""
    return "\n\n".join(words(claim) for claim in claims_in(tables, plan.study.aliases, claimed_in(plan)))


def words(claim: Claim) -> str:
    """Render one setting."""
    lines = []
    for amount in claim.sums:
        values = claim.values(claim.row(amount))
        lines += [say("claim-full", since=day(claim.since), by=day(claim.by), **claim.money(amount)), ""]
        lines.append(say("claim-main", Verdict=capital(say("claim-verdict", **values)), **values))
        lines.append(say("claim-by-kind", clauses=_kinds(claim, amount)))
        for name in claim.readings[1:]:
            lines.append(say("claim-reading", Reading=capital(name), **claim.values(claim.row(amount, name))))
        lines += [_conversion(claim, amount), ""]
    lines += [limit(claim, name) for name in claim.readings]
    first = claim.rows.iloc[0]
    notes = [
        say("claim-about-factors", drawn=first["drawn_from"]),
        say("claim-about-silence", draws=measures.ENOUGH),
        say("claim-about-draws", histories=int(first["histories"]), made=int(first["draws"])),
    ]
    notes += [say("claim-about-gifts", campaigns=claim.campaigns)] if claim.origin == "gifts" else []
    return "\n".join([*map(paragraph, lines), "", say("claim-grid"), _grid(claim), "", *map(paragraph, notes)])


def _kinds(claim: Claim, amount: float) -> str:
    """The verdict by each kind of figure that the main reading rests on."""
    counted = [*measures.load(claim.case).readings[claim.readings[0]], CAMPAIGNS]
    rows = [row for row in where(claim.rows, amount=amount, kind="group").to_dict("records") if row["name"] in counted]
    clauses = []
    for verdict in measures.VERDICTS:
        names = [row["name"] + say("claim-shared", **claim.values(row)) for row in rows if row["verdict"] == verdict]
        clauses += [say("claim-kinds", verdict=verdict.replace(" ", "-"), names=listed(names))] if names else []
    return "; ".join(clauses)


def _conversion(claim: Claim, amount: float) -> str:
    row = where(claim.tables["conversion"], amount=amount).iloc[0]
    shares = {
        fate: f"{100 * row[fate]:.0f} % ({100 * row[f'{fate}_low']:.0f} to {100 * row[f'{fate}_high']:.0f})"
        for fate in FATES
    }
    flows = {"needed": usd(row["needed_a_week"]), "limit": usd(row["limit_a_week"])}
    return say("claim-conversion", by=day(claim.by), rail=claim.rail, **shares, **flows)


def limit(claim: Claim, name: str) -> str:
    """Return the sum from which on the factor is most likely below 1/20, if enough draws carry it."""
    row = where(claim.tables["limits"], kind="reading", name=name).iloc[0]
    smallest, largest = claim.rows["amount"].min(), claim.rows["amount"].max()

    def end(value: float) -> str:
        if math.isinf(value):
            return say("claim-more-than", sum=usd(largest))
        return say("claim-or-less", sum=usd(smallest)) if value <= smallest else usd(float(f"{value:.2g}"))

    first, low, high = (end(row[key]) for key in ("from", "low", "high"))
    case = "few" if row["effective"] < measures.ENOUGH else "none" if math.isinf(row["from"]) else "found"
    ends = low if low == high else say("interval", low=low, high=high)
    about = {"Reading": capital(name), "case": case, "from": first, "largest": usd(largest), "interval": ends}
    return say("claim-limit", **about, **claim.values(row))


def _grid(claim: Claim) -> str:
    """All rows on the sums that were asked about; for the others, those on all figures together."""
    rows = claim.rows[claim.rows["kind"] != "figure"]
    lines = []
    for row in rows[rows["claimed"] | (rows["name"] == claim.readings[0])].to_dict("records"):
        name = say("claim-together", reading=row["name"]) if row["kind"] == "reading" else row["name"]
        line = {"claimed sum": usd(row["amount"]), "figures": name, "factor": _factor(row["factor"])}
        line |= {"95 % interval": f"{_factor(row['low'])} to {_factor(row['high'])}"}
        line |= {"effective": f"{row['effective']:,.0f}", "verdict": say("claim-short", **claim.values(row))}
        lines.append(line)
    return table(pd.DataFrame(lines).to_dict("list"), ["figures", "95 % interval", "verdict"])


def _factor(value: float) -> str:
    return "< 0.00001" if value < 1e-5 else cell(value, False)
