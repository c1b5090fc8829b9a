"""Pooled wallets, precision of attributions by base rate, and the effects of vendors."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from experiments import text as texts
from experiments.evidence import base_rates, cases
from experiments.findings import Because, Finding, say, together, where
from experiments.findings import findings as of_rows
from experiments.stats import estimates
from experiments.stats.estimates import Floats
from experiments.studies.attribution import wallets
from experiments.study.own_findings import large_first, tallied
from experiments.study.reporting import Folder, Plan, Tables
from experiments.study.tables import effects_between, held, parameters, with_windows
from sim.engine.constants import WEEKS_A_YEAR

OUTCOMES = (
    "capacity", "rate", "true_attributions", "false_attributions", "lawful_frozen", "frozen", "wasted_cases",
    "wasted_staff",
)  # fmt: skip
"""Outcomes by which vendors are compared."""
MAIN = ("capacity", "lawful_frozen", "wasted_cases")
"""Those of them that sentences are on."""
_FACTORS = ("policy", "intensity", "vendor", "profile", "money", "agencies", "lawful", "intermediaries.pool_jumps")
_PARAMETERS = {
    "p_transfers": "intermediaries.pool_jumps",
    "p_size": "intermediaries.pool_jump",
    "p_pool": "intermediaries.pool",
    "p_sigma": "intermediaries.pool_sigma",
    "p_misread": "enforcement.vendor.misreads_pool",
    "p_processors": "intermediaries.processor.count",
    "p_recall": "enforcement.vendor.recall",
    "p_false_positive": "enforcement.vendor.false_positive",
}
_OF_WALLETS, _OF_VENDORS = [*_PARAMETERS][:6], [*_PARAMETERS][6:]

type Values = dict[str, Any]


def tables(plan: Plan, folder: Folder) -> dict[str, pd.DataFrame]:
    """Compute every table, from the run table and the weekly series."""
    weekly = pd.read_parquet(folder.path / "weekly.parquet")
    runs = with_windows(plan, pd.read_parquet(folder.path / "runs.parquet"))
    values = parameters(plan, runs, _PARAMETERS.values())
    runs = runs.assign(**{name: values[full] for name, full in _PARAMETERS.items()})
    runs = runs.rename(columns={f"record_{name}": name for name in ("wasted_cases", "wasted_staff")})
    good, base = runs[runs["error"].isna()], dict(plan.study.base)
    more = [name for name in plan.factors if name not in _FACTORS]
    reference = where(good, policy=base["policy"])
    vendor_only = where(reference, money=base["money"], agencies="vendor")
    usual = {name: base[name] for name in ("money", "agencies", "lawful", "intermediaries.pool_jumps")}
    all_usual = where(reference, usual)
    no_money = where(reference, money="none")
    balances = where(weekly, {name: base[name] for name in ("policy", "intermediaries.pool_jumps")}, money="none")
    by_run = balances.groupby("run", sort=False)["wallet"]
    jumped = by_run.transform(lambda usd: wallets.jumps(usd.to_numpy())).astype(bool)
    balances = balances.assign(jump=jumped)
    vendors, groups = [*more, "vendor"], [*more, "vendor", "profile"]
    return {
        "jumps": by_levels(no_money, [*vendors, "intermediaries.pool_jumps"], jumps),
        "waiting": waiting(balances, no_money, base),
        "wallet": wallet(balances),
        "precision": by_levels(vendor_only, [*groups, "lawful"], partial(precision, held=held(plan))),
        "by_base": by_levels(vendor_only, groups, by_base),
        "curve": by_levels(vendor_only, vendors, curve),
        "even": by_levels(vendor_only, vendors, partial(even, plan=plan)),
        "claims": by_levels(all_usual, groups, partial(claims, held=held(plan))),
        "harm": harm(all_usual, groups),
        "effects": effects(where(good, usual), plan, more),
    }


def by_levels(
    runs: pd.DataFrame, keys: Sequence[str], rows: Callable[[pd.DataFrame], Iterable[Values]]
) -> pd.DataFrame:
    """The rows of each combination of levels, in the order in which they come: the levels, and values of its runs."""
    found = runs.groupby(list(keys), sort=False, dropna=False)
    return pd.DataFrame([dict(zip(keys, levels, strict=True)) | row for levels, some in found for row in rows(some)])


def _with_ends(name: str, value: float, low: float, high: float) -> Values:
    return {name: value, f"{name}_low": low, f"{name}_high": high}


def _median(values: "Floats | pd.Series[float]", name: str) -> Values:
    """The median of some values and the interval of 95 % of them; infinite ones count."""
    known = np.asarray(values, dtype=float)
    known = known[~np.isnan(known)]
    ends = np.quantile(known, [0.5, 0.025, 0.975], method="inverted_cdf") if len(known) else np.full(3, np.nan)
    return _with_ends(name, *ends.tolist())


def _exact(part: float, whole: float, name: str, interval: Callable[[int, Any], tuple[float, float]]) -> Values:
    """A share of independent trials or a rate of events with its exact interval; NaN if nothing was observed."""
    if not whole:
        return _with_ends(name, np.nan, np.nan, np.nan)
    return _with_ends(name, part / whole, *interval(int(part), whole))


_rate = partial(_exact, interval=estimates.rate)
_share = partial(_exact, interval=estimates.share)


def _ratio(over: "pd.Series[float]", under: "pd.Series[float]", rows: pd.DataFrame, name: str, held: bool) -> Values:
    """A ratio of means over runs with its Monte Carlo interval."""
    top, bottom = (side.to_numpy(dtype=float)[None] for side in (over, under))
    _, low, high = estimates.ratios(top, bottom, rows["draw"].to_numpy(), held)
    return _with_ends(name, over.sum() / under.sum() if under.sum() else np.nan, float(low[0]), float(high[0]))


def jumps(runs: pd.DataFrame) -> list[Values]:
    """Jumps of pooled wallets without any money of the group, and claims on them, beside what formulas expect.

    Jumps a processor-year and a year over all processors, share of jumps that the vendor claims as the group's, weeks a
    year with such a claim. Intervals are of noise alone, for what moves a wallet is not drawn.
    """
    count, watched = runs["record_wallet_jumps"].sum(), runs["record_wallet_years"].sum()
    years = (runs["record_wallet_years"] / runs["p_processors"].replace(0, np.nan)).sum()
    settings, weights = np.unique(runs[_OF_WALLETS].to_numpy(dtype=float), axis=0, return_counts=True)
    one = np.array([wallets.expected_jumps(*setting[:4]) for setting in settings.tolist()])
    claimed = [wallets.expected_claims(rate, misread, int(many)) for rate, *_, misread, many in settings.tolist()]
    formula = [np.average(each, weights=weights) for each in (one, one * settings[:, -1], claimed)]
    return [
        {"processors": runs["p_processors"].mean(), "processor_years": watched, "jumps": count}
        | _rate(count, watched, "a_processor")
        | {"a_processor_formula": formula[0]}
        | _rate(count, years, "a_year")
        | {"a_year_formula": formula[1]}
        | _share(runs["record_jumps_read"].sum(), int(runs["record_jumps_alone"].sum()), "read")
        | {"read_formula": runs["p_misread"].mean()}
        | _rate(runs["record_claim_weeks"].sum(), years, "claims")
        | {"claims_formula": formula[2], "n": len(runs)}
    ]


def waiting(weekly: pd.DataFrame, runs: pd.DataFrame, base: Mapping[str, Any]) -> pd.DataFrame:
    """Share of runs in which one wallet, and any of them, has jumped within so many weeks, beside the formula."""
    rows = where(weekly, vendor=base["vendor"])
    own = where(runs, {name: base[name] for name in ("vendor", "intermediaries.pool_jumps")})
    if rows.empty or own.empty:
        return pd.DataFrame()
    one = own.iloc[0]
    rate = wallets.expected_jumps(*(float(one[name]) for name in _OF_WALLETS[:4]))
    found = []
    for whose, flags in (("one wallet", rows["jump"]), ("any wallet", rows["wallet_jumps"] > 0)):
        first = rows["week"].where(flags).groupby(rows["run"]).min()
        weeks = np.arange(1.0, float(rows["week"].max()))
        expected = wallets.chance_within(weeks, rate, 1 if whose == "one wallet" else int(one["p_processors"]))
        for week, formula in zip(weeks.tolist(), expected.tolist(), strict=True):
            share = _share(float((first <= week).sum()), len(first), "share")
            found.append({"whose": whose, "weeks": week} | share | {"formula": formula, "n": len(first)})
    return pd.DataFrame(found)


def wallet(weekly: pd.DataFrame) -> pd.DataFrame:
    """One wallet over time: that of the first replication in which it jumps, and which vendors claim its jumps."""
    if not weekly["jump"].any():
        return pd.DataFrame()
    rows = weekly[weekly["replication"] == weekly[weekly["jump"]]["replication"].min()]
    read = rows[rows["jump"] & (rows["wallet_jumps"] == 1) & (rows["pool_claim"] > 0)]
    by_week = read.groupby("week")["vendor"].agg(lambda names: "+".join(dict.fromkeys(names)))
    one = rows[rows["run"] == rows["run"].iloc[0]][["replication", "week", "date", "wallet", "jump"]]
    return one.assign(read_by=one["week"].map(by_week).fillna("")).reset_index(drop=True)


def _by_draw(rows: pd.DataFrame, keys: Sequence[str] = ()) -> pd.DataFrame:
    """Sums of the vendor's counts, with base rate and precision; a row a draw and level of the keys."""
    counts = [str(name) for name in rows if str(name).startswith("record_vendor_")]
    found = rows.groupby([*keys, "draw"])[counts].sum().rename(columns=lambda name: name.removeprefix("record_vendor_"))
    leads = found["leads_right"] + found["leads_wrong"] + found["leads_lawful"]
    return found.assign(
        base=found["leads_right"] / leads.replace(0.0, np.nan),
        precision=base_rates.share(found["true"].to_numpy(), found["false"].to_numpy()),
    )


def precision(runs: pd.DataFrame, held: bool) -> list[Values]:
    """The vendor's hits at one base rate, beside Bayes' rule and the further mechanisms of the model.

    ``base`` is the share of right links among all leads, ``precision`` that of true hits; both medians over draws.
    Beside it the medians of four formulas, each with one mechanism more: ``bayes`` (recall and false-positive rate
    alone), ``with_staff`` (only what staff can examine, rail by rail and week by week), ``with_links`` (a wrong link is
    attributed like a right one), ``with_pools`` (pooled wallets misread). ``true_ratio`` and ``false_ratio`` are all
    hits over what the last formula expects.
    """
    draws, expected = _by_draw(runs), _formulas(runs)
    true, false, last = runs["record_vendor_true"], runs["record_vendor_false"], expected["with_pools"]
    by_draw = {name: pair.groupby(runs["draw"]).sum().to_numpy().T for name, pair in expected.items()}
    return [
        _median(draws["base"], "base")
        | {"true": true.mean(), "false": false.mean(), "recall": true.sum() / runs["record_vendor_leads_right"].sum()}
        | _median(draws["precision"], "precision")
        | {name: _median(base_rates.share(*pair), "median")["median"] for name, pair in by_draw.items()}
        | _ratio(true, last["true"], runs, "true_ratio", held)
        | _ratio(false, last["false"], runs, "false_ratio", held)
        | {"draws": len(draws), "n": len(runs)}
    ]


def _formulas(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Expected true and false hits of each run, by formula; each has one mechanism more than the one before."""
    recall, wrong = rows["p_recall"], rows["p_false_positive"]
    counts = rows.rename(columns=lambda name: name.removeprefix("record_vendor_"))
    hits = recall * counts["examined_right"]
    weeks = rows["record_wallet_years"] * WEEKS_A_YEAR / rows["p_processors"].replace(0, np.nan) + 2.0
    moved = rows["p_transfers"].map(wallets.chance_of_transfer)
    pools = (weeks * rows["p_processors"] * moved * rows["p_misread"]).fillna(0.0)
    links = wrong * counts["examined_lawful"] + recall * counts["examined_wrong"]
    pairs = {
        "bayes": (recall * counts["leads_right"], wrong * (counts["leads_wrong"] + counts["leads_lawful"])),
        "with_staff": (hits, wrong * (counts["examined_wrong"] + counts["examined_lawful"])),
        "with_links": (hits, links),
        "with_pools": (hits, links + pools),
    }
    return {name: pd.DataFrame({"true": true, "false": false}) for name, (true, false) in pairs.items()}


def by_base(runs: pd.DataFrame) -> Iterator[Values]:
    """Precision of draws whose base rates are near each other, over all levels of lawful money; a row a bin.

    Bins are half decades of the base rate of a draw, which also depends on the share of lawful transfers that look
    alike.
    """
    draws = _by_draw(runs, ["lawful"])
    draws = draws[draws["base"] > 0]
    for place, some in draws.groupby(np.floor(2.0 * np.log10(draws["base"]))):
        about = {"bin": place, "base": some["base"].median()}
        yield about | _median(some["precision"], "precision") | {"n": len(some)}


def curve(runs: pd.DataFrame) -> Iterator[Values]:
    """Bayes' precision over base rates: median and 95 % uncertainty interval of recall and false-positive rate."""
    draws = runs.groupby("draw")[_OF_VENDORS].first().to_numpy().T
    for base in np.geomspace(1e-6, 0.999, 121).tolist():
        yield {"base": base} | _median(base_rates.precision(base, *draws), "precision")


def even(runs: pd.DataFrame, plan: Plan) -> list[Values]:
    """The base rate below which a hit of a vendor is more likely false than true, and the published illicit share.

    ``even`` is that of the vendor as conf/ has it, ``formula`` over draws of recall and false-positive rate,
    ``measured`` where measured precision crosses one half, over draws. ``never`` is the share of draws in which it does
    at no base rate. ``false_at_low`` and ``false_at_high`` are shares of draws in which a hit is more likely false than
    true at the low and the high end of the published illicit share of crypto (facts:illicit-share).
    """
    low, high = (float(cases.facts()["illicit-share"][end]) for end in ("low", "high"))
    vendor = next(cell for cell in plan.cells if cell.levels["vendor"] == runs["vendor"].iloc[0])
    configured = vendor.scenario.enforcement.vendor  # before anything is drawn
    draws = runs.groupby("draw")[_OF_VENDORS].first()
    formula = base_rates.even(*draws.to_numpy().T)
    by_draw = _by_draw(runs, ["profile", "lawful"]).groupby(["profile", "draw"])
    crossed = np.array([base_rates.crossing(*one[["base", "precision"]].to_numpy().T) for _, one in by_draw])
    return [
        {"even": float(base_rates.even(configured.recall, configured.false_positive))}
        | _median(formula, "formula")
        | _median(crossed, "measured")
        | {"never": float(np.isnan(crossed).mean()), "published_low": low, "published_high": high}
        | {"false_at_low": float((formula > low).mean()), "false_at_high": float((formula > high).mean())}
        | {"draws": len(draws)}
    ]


def claims(runs: pd.DataFrame, held: bool) -> list[Values]:
    """Claims of a vendor on pooled wallets against what truly reaches the group on public ledgers.

    ``overstated`` is the largest claim of a run as a multiple of all crypto of the year around it, in runs with a
    claim; ``times`` all claims of all runs over all crypto. Published: facts:claim-overstatement.
    """
    known = cases.facts()["claim-overstatement"]
    return [
        _share((runs["record_claim_weeks"] > 0).sum(), len(runs), "with_claim")
        | _median(runs["record_overstatement"], "overstated")
        | {"claimed": runs["record_claimed"].mean(), "crypto": runs["record_crypto"].mean()}
        | _ratio(runs["record_claimed"], runs["record_crypto"], runs, "times", held)
        | {"published_low": float(known["low"]), "published_high": float(known["high"]), "n": len(runs)}
    ]


def harm(runs: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Means by vendor and group: hits, lawful money frozen, cases and staff-weeks on lawful money, capacity."""
    found = runs.groupby(list(keys), sort=False)[[*OUTCOMES, "cases"]].mean().reset_index()
    return found.assign(cases_for_one=found["cases"] / found["true_attributions"].replace(0.0, np.nan))


def effects(runs: pd.DataFrame, plan: Plan, more: Sequence[str]) -> pd.DataFrame:
    """Effects of each vendor against the reference vendor, with common random numbers."""
    factors = ["vendor", "profile", *(name for name in ("policy", "intensity") if name in runs), *more]
    against = {"vendor": plan.study.reference_levels["vendor"], "policy": plan.study.base["policy"]}
    found = effects_between(plan, runs, factors, against, OUTCOMES)
    units = {"wasted_cases": "cases/week", "wasted_staff": "staff-weeks/week"}
    return found.assign(unit=found["outcome"].map(units).fillna(found["unit"]))


_PRINTED = pd.read_csv(Path(__file__).with_name("printed.csv"), keep_default_na=False)
PRINTED = {str(name): rows for name, rows in _PRINTED.groupby("table", sort=False)}
"""Columns of each table as it is printed: names, styles (see `_cell`) and heads."""


def _cells(name: str, row: Mapping[Any, Any]) -> dict[str, str]:
    styles = PRINTED[name].set_index("column")["style"]
    return {str(column): _cell(row, str(column), style) for column, style in styles.items()}


def _cell(row: Mapping[Any, Any], column: str, style: str) -> str:
    """A value with its interval: ``%`` a share in per cent, ``()`` Monte Carlo and ``[]`` uncertainty interval."""
    words = texts.share if "%" in style else partial(texts.cell, sign=False)
    value, low, high = (row.get(f"{column}{end}", math.nan) for end in ("", "_low", "_high"))
    if style.endswith("span"):
        return texts.span(low, high, words)
    if style == "g" or isinstance(value, str):
        return f"{value:{style}}"
    if math.isnan(value):
        return "-"
    brackets = style.strip("%")
    if not brackets or math.isnan(low + high):
        return words(value)
    return f"{words(value)} {brackets[0]}{words(low)} to {words(high)}{brackets[1]}"


def cells(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """A table as text; factors of the user's own come first."""
    own = list(table.columns[: list(table.columns).index("vendor")])
    heads, rows = PRINTED[name]["head"], table.to_dict("records")
    words = [[*(texts.word(row[factor]) for factor in own), *_cells(name, row).values()] for row in rows]
    return pd.DataFrame(words, columns=[*own, *heads])


def _said(message: str, name: str, row: Mapping[Any, Any], **more: Any) -> str:
    """A sentence on a row of a table, from its cells, with the group in words and no dot in a name."""
    values = {column.rpartition(".")[2]: words for column, words in _cells(name, row).items()}
    values |= {"group": texts.group(row["profile"])} if "profile" in row else {}
    return say(f"attribution-{message}", **values | more)


def findings(plan: Plan, tables: Tables) -> list[Finding]:
    """A hit is more likely false than true, whom the vendor with most claims blames, and what following it does."""
    even, jumped, claimed, effects = (first(tables[name]) for name in ("even", "jumps", "claims", "effects"))
    even = even.sort_values("false_at_high", ascending=False, kind="stable") if len(even) else even
    published = {"share": float(even["published_high"].max())} if len(even) else {}
    rare = Because("illicit-share", published, "measured")
    found = [
        tallied(one, row["vendor"], part=row["false_at_high"] * row["draws"], because=rare, vendor=row["vendor"])
        for one, row in zip(of_rows("attribution-hit", even, "even"), even.to_dict("records"), strict=True)
    ]
    if jumped.empty or claimed.empty:
        return found
    worst = usual(jumped).nlargest(1, "claims")
    vendor = str(worst["vendor"].iloc[0])
    misread = Because("misread", {"share": float(worst["read"].iloc[0])}, "measured")
    taken = where(effects, vendor=vendor, outcome="frozen")["median"].abs().max()
    money = Because("vendor-frozen", {"given": float(taken)}) if taken == taken else None
    found += [
        tallied(one, vendor, vendor=vendor, because=misread)
        for one in of_rows("attribution-innocent", worst, "jumps", "claims", unit="")
    ]
    sums = large_first(where(claimed, vendor=vendor))
    for one, crypto in zip(
        of_rows("attribution-overstated", sums, "claims", "times", unit=""), sums["crypto"], strict=True
    ):
        found.append(tallied(one, vendor, vendor=vendor, because=Because("crypto", {"given": float(crypto)})))
    changed = large_first(where(effects, vendor=vendor))
    for outcome, kind, why in (("rate", "attacks", money), ("lawful_frozen", "frozen", misread)):
        some = of_rows(f"attribution-{kind}", where(changed, outcome=outcome))
        found += [tallied(one, vendor, vendor=vendor, because=why) for one in (some if kind == "attacks" else some[:1])]
    return found


def first(table: pd.DataFrame, before: str = "vendor") -> pd.DataFrame:
    """Rows of the first level of every factor of the user's own, which come before a column."""
    names = list(table)[: list(table).index(before)] if before in table else []
    own = [name for name in names if name not in ("id", "contrast")]
    return where(table, {name: table[name].iloc[0] for name in own if len(table)})


def text(plan: Plan, tables: Tables) -> str:
    """Render tables and findings for the console."""
    weeks = weeks_of(tables["effects"])
    parts = []
    for name in PRINTED:
        if len(tables[name]):
            rows = texts.table(cells(name, tables[name]).to_dict("list"), ["vendor", "profile"])
            parts += [say("attribution-table", table=name, weeks=weeks), rows, ""]
    shown = effects_shown(tables["effects"])
    if len(shown):
        extra = list(shown.columns[2 : list(shown.columns).index("vendor")])  # beside id and contrast
        rows = texts.effects_table(shown, [*extra, "vendor", "profile", "outcome"])
        parts += [say("attribution-table", table="effects", weeks=weeks), rows, ""]
    for part, sentences in sections(tables).items():
        parts += [say("attribution-heading", part=part), *map(texts.paragraph, sentences), ""]
    return "\n".join([*parts, texts.paragraph(say("attribution-notes"))])


def weeks_of(effects: pd.DataFrame) -> str:
    """The weeks after the switch over which the outcomes of an effects table are means."""
    return " or ".join(str(weeks) for weeks in sorted({int(one) for one in effects["window"]}))


def effects_shown(effects: pd.DataFrame) -> pd.DataFrame:
    """Effects of vendors with their outcomes in words, without the attack rate, which goes with capacity."""
    rows = effects[effects["outcome"] != "rate"]
    return rows.assign(outcome=[texts.outcome(one) for one in rows["outcome"]])


def sections(tables: Tables) -> dict[str, list[str]]:
    """The sentences of each part of the findings; parts without any are left out."""
    vendors = set(tables["even"]["vendor"]) if len(tables["even"]) else set()
    jumped = usual(tables["jumps"]).to_dict("records") if len(tables["jumps"]) else []
    claimed = tables["claims"].to_dict("records")
    if vendors:  # the other vendors err as often as one of these
        claimed = [row for row in claimed if row["vendor"] in vendors]
    found = {
        "jumps": [*map(jump_sentence, jumped[:1]), *(jump_sentence(row, "misread") for row in jumped)],
        "even": [*map(even_sentence, tables["even"].to_dict("records")), *_on_precision(tables["precision"])],
        "effects": _on_effects(tables["effects"], vendors),
        "claims": [_said("claims", "claims", row) for row in claimed],
    }
    return {part: sentences for part, sentences in found.items() if sentences}


def even_sentence(row: Mapping[Any, Any], message: str = "even") -> str:
    """The base rate below which a hit of a vendor is more likely false than true."""
    return _said(message, "even", row, crosses="yes" if math.isfinite(row["measured"]) else "no")


def usual(jumps: pd.DataFrame) -> pd.DataFrame:
    """Jumps at the median rate of transfers, a row a vendor."""
    rates = sorted(jumps["intermediaries.pool_jumps"].unique())
    return where(jumps, {"intermediaries.pool_jumps": rates[(len(rates) - 1) // 2]})


def jump_sentence(row: Mapping[Any, Any], message: str = "jumps", **more: Any) -> str:
    """How often wallets jump without any money of the group, or how often a vendor claims a jump (``misread``)."""
    return _said(message, "jumps", row, processors=f"{row['processors']:.0f}", **more)


def _on_precision(table: pd.DataFrame) -> list[str]:
    """How far model and formula agree, where Bayes' rule alone is farthest off, and by which mechanism."""
    if table.empty:
        return []
    spans = {name: texts.span(table[f"{name}_ratio"].min(), table[f"{name}_ratio"].max()) for name in ("true", "false")}
    row = table.loc[(table["with_pools"] - table["bayes"]).abs().idxmax()].to_dict()
    steps = ("bayes", "with_staff", "with_links", "with_pools")
    moves = {f"by_{name}": f"{row[name] - row[last]:+.3f}" for last, name in pairwise(steps)}
    known = [say("attribution-published"), say("attribution-agreement", **spans)]
    return [*known, _said("farthest", "precision", row, **moves)]


def of_vendors(rows: pd.DataFrame) -> list[Finding]:
    """Effects of vendors as findings, with the vendor in the place of a policy."""
    vendors = [say("attribution-vendor", vendor=one) for one in rows["vendor"]]
    found = of_rows("attribution-effect", rows.assign(policy=vendors))
    return [replace(one, more={"kind": "policy", "vendor": one.policy}) for one in found]


def _on_effects(effects: pd.DataFrame, known: set[str]) -> list[str]:
    """A sentence on each effect of a known vendor; of another one, and if nothing changes, one on all groups."""
    sentences = []
    shown = effects[effects["outcome"].isin(MAIN)]
    for (vendor, outcome), rows in shown.groupby(["vendor", "outcome"], sort=False):
        if (rows[["median", "low", "high"]] == 0.0).all(axis=None):
            sentences.append(say("attribution-zero", vendor=vendor, outcome=texts.outcome(outcome), name=outcome))
        elif known and vendor not in known:
            sentences.append(f"{together(of_vendors(rows), 'groups')}.")
        else:
            sentences += [one.sentence() for one in of_vendors(rows)]
    return sentences
