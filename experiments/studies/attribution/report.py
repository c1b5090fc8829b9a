"""The report of the attribution study: jumps of pooled wallets, precision by base rate, what vendors change."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from experiments.evidence import base_rates, patterns
from experiments.stats import contrasts, estimates
from experiments.stats.estimates import Floats
from experiments.studies.attribution import wallets
from experiments.studies.attribution import words as attribution_words
from experiments.study.arguments import Settings
from experiments.study.design import Plan
from experiments.study.reporting import Said
from experiments.study.store import Folder
from experiments.study.tables import few_words, held, margin, parameters, with_windows, write_csv
from sim.engine.constants import WEEKS_A_YEAR
from sim.output import provenance

OUTCOMES = (
    "capacity", "rate", "true_attributions", "false_attributions", "lawful_frozen", "frozen", "wasted_cases",
    "wasted_staff",
)  # fmt: skip
"""What vendors are compared by."""
_FACTORS = ("policy", "intensity", "vendor", "profile", "money", "agencies", "lawful", "intermediaries.pool_jumps")
_PARAMETERS = {
    "recall": "enforcement.vendor.recall",
    "false_positive": "enforcement.vendor.false_positive",
    "misread": "enforcement.vendor.misreads_pool",
    "transfers": "intermediaries.pool_jumps",
    "size": "intermediaries.pool_jump",
    "pool": "intermediaries.pool",
    "sigma": "intermediaries.pool_sigma",
    "processors": "intermediaries.processor.count",
}


def make(plan: Plan, folder: Folder, settings: Settings, facts: dict[str, Any]) -> Said:
    """Write the tables, draw the figures, say what was found."""
    weekly = pd.read_parquet(folder.path / "weekly.parquet")
    runs = with_windows(plan, pq.read_table(folder.path / "runs.parquet").to_pandas())
    tables = tables_of(plan, runs, weekly)
    files = ["runs.parquet", "weekly.parquet"]
    files += [write_csv(folder, f"{name}.csv", table) for name, table in tables.items()]
    said = [attribution_words.text(tables), ""]
    said += few_words(plan)
    if settings.figures:
        from experiments.studies.attribution import figures as attribution

        drawn = attribution.draw(tables, folder.path / "figures", provenance.small_print(facts))
        files += [str(path.relative_to(folder.path)) for path in drawn]
    return Said("\n".join(said).rstrip(), files)


def tables_of(plan: Plan, runs: pd.DataFrame, weekly: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Every table, from the run table and the weekly series."""
    values = parameters(plan, runs, _PARAMETERS.values())
    runs = runs.assign(**{f"p_{name}": values[full] for name, full in _PARAMETERS.items()})
    runs = runs.rename(columns={f"record_{name}": name for name in ("wasted_cases", "wasted_staff")})
    good, base = runs[runs["error"].isna()], dict(plan.study.base)
    more = [name for name in plan.factors if name not in _FACTORS]
    still = _where(good, {"policy": base["policy"]})
    alone = _where(still, {"money": base["money"], "agencies": "vendor"})
    usual = {name: base[name] for name in ("money", "agencies", "lawful", "intermediaries.pool_jumps")}
    some = _where(weekly, {name: base[name] for name in ("policy", "intermediaries.pool_jumps")} | {"money": "none"})
    rates = precision(alone, [*more, "vendor", "profile", "lawful"], held(plan))
    return {
        "jumps": jumps(_where(still, {"money": "none"}), [*more, "vendor", "intermediaries.pool_jumps"]),
        "waiting": waiting(some, _where(still, {"money": "none"}), base),
        "wallet": wallet(some),
        "precision": rates,
        "by_base": by_base(alone, [*more, "vendor", "profile"]),
        "curve": curve(alone, [*more, "vendor"]),
        "even": even(alone, [*more, "vendor"], _as_written(plan)),
        "claims": claims(_where(still, usual), [*more, "vendor", "profile"], held(plan)),
        "harm": harm(_where(still, usual), [*more, "vendor", "profile"]),
        "effects": effects(_where(good, usual), plan, more),
    }


def _where(table: pd.DataFrame, levels: Mapping[str, Any]) -> pd.DataFrame:
    """Rows of these levels, of the factors that the table has."""
    for name, level in levels.items():
        table = table[table[name] == level] if name in table else table
    return table


def _groups(table: pd.DataFrame, keys: Sequence[str]) -> "list[tuple[dict[str, Any], pd.DataFrame]]":
    """The rows of each combination of levels, in the order in which they come."""
    found = table.groupby(list(keys), sort=False, dropna=False)
    return [(dict(zip(keys, levels, strict=True)), rows) for levels, rows in found]


def _as_written(plan: Plan) -> pd.DataFrame:
    """Recall and false-positive rate of each vendor as conf/ or the user has them, before anything is drawn."""
    rows = [
        {"vendor": cell.levels["vendor"], "recall": one.recall, "false_positive": one.false_positive}
        for cell in plan.cells
        for one in (cell.scenario.enforcement.vendor,)
    ]
    return pd.DataFrame(rows).drop_duplicates("vendor").set_index("vendor")


def _ends(values: "Floats | pd.Series[float]", name: str) -> dict[str, float]:
    """The middle of some values and the ends of their middle 95 %; infinite ones count."""
    known = np.asarray(values, dtype=float)
    known = known[~np.isnan(known)]
    if not len(known):
        return {name: np.nan, f"{name}_low": np.nan, f"{name}_high": np.nan}
    low, middle, high = np.quantile(known, [0.025, 0.5, 0.975], method="inverted_cdf").tolist()
    return {name: middle, f"{name}_low": low, f"{name}_high": high}


def _rate(events: float, exposure: float, name: str) -> dict[str, float]:
    """A rate of events with its exact interval; NaN where nothing was watched."""
    low, high = estimates.rate(int(events), exposure) if exposure else (np.nan, np.nan)
    return {name: events / exposure if exposure else np.nan, f"{name}_low": low, f"{name}_high": high}


def _share(part: float, whole: float, name: str) -> dict[str, float]:
    """A share of independent trials with its exact interval."""
    low, high = estimates.share(int(part), int(whole)) if whole else (np.nan, np.nan)
    return {name: part / whole if whole else np.nan, f"{name}_low": low, f"{name}_high": high}


def _ratio(over: "pd.Series[float]", under: "pd.Series[float]", rows: pd.DataFrame, name: str, of_luck: bool) -> Any:
    """A ratio of means over runs with the interval that more runs would narrow."""
    top, bottom = (side.to_numpy(dtype=float)[None] for side in (over, under))
    _, low, high = estimates.ratios(top, bottom, rows["draw"].to_numpy(), of_luck)
    mean = over.sum() / under.sum() if under.sum() else np.nan
    return {name: mean, f"{name}_low": float(low[0]), f"{name}_high": float(high[0])}


# --- pooled wallets --------------------------------------------------------------------------------------------------


def jumps(runs: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """How often pooled wallets jump without any money of the group, and how often that is claimed, beside formulas.

    A row a vendor and rate of transfers: jumps a processor-year and a year over all processors, share of jumps that
    the vendor reads as the group's, weeks a year with such a claim; each with what a formula expects. Intervals are of
    luck alone, for what moves a wallet is not drawn.
    """
    found = []
    for about, rows in _groups(runs, keys):
        every, watched = rows["record_wallet_jumps"].sum(), rows["record_wallet_years"].sum()
        years = (rows["record_wallet_years"] / rows["p_processors"].replace(0, np.nan)).sum()
        by_rows = rows.groupby(
            [f"p_{name}" for name in ("transfers", "size", "pool", "sigma", "misread", "processors")]
        )
        known = {key: _expected(*map(float, key)) for key in by_rows.groups}
        counts = by_rows.size()
        formula = np.average([known[key] for key in counts.index], axis=0, weights=counts)
        found.append(
            about
            | {"processors": rows["p_processors"].mean(), "processor_years": watched, "jumps": every}
            | _rate(every, watched, "a_processor")
            | {"a_processor_formula": formula[0]}
            | _rate(every, years, "a_year")
            | {"a_year_formula": formula[1]}
            | _share(rows["record_jumps_read"].sum(), rows["record_jumps_alone"].sum(), "read")
            | {"read_formula": rows["p_misread"].mean()}
            | _rate(rows["record_claim_weeks"].sum(), years, "claims")
            | {"claims_formula": formula[2], "n": len(rows)}
        )
    return pd.DataFrame(found)


def _expected(
    transfers: float, size: float, pool: float, sigma: float, misread: float, processors: float
) -> tuple[float, float, float]:
    """What formulas expect: jumps a processor-year, a year over all processors, weeks a year with a claim."""
    one = wallets.expected_jumps(transfers, size, pool, sigma)
    return one, one * processors, wallets.expected_claims(transfers, misread, int(processors))


def waiting(weekly: pd.DataFrame, runs: pd.DataFrame, base: Mapping[str, Any]) -> pd.DataFrame:
    """Share of runs in which a wallet, and any of them, has jumped within so many weeks, beside the formula."""
    rows = _where(weekly, {"vendor": base["vendor"]})
    own = _where(runs, {"vendor": base["vendor"], "intermediaries.pool_jumps": base["intermediaries.pool_jumps"]})
    if rows.empty or own.empty:
        return pd.DataFrame()
    one = own.iloc[0]
    rate = wallets.expected_jumps(*(float(one[f"p_{name}"]) for name in ("transfers", "size", "pool", "sigma")))
    found = []
    for whose, flags in (("one wallet", _jumped(rows)), ("any wallet", rows["wallet_jumps"] > 0)):
        first = rows["week"].where(flags).groupby(rows["run"]).min()
        weeks = np.arange(1.0, float(rows["week"].max()))
        expected = wallets.chance_within(weeks, rate, 1 if whose == "one wallet" else int(one["p_processors"]))
        for week, formula in zip(weeks.tolist(), expected.tolist(), strict=True):
            share = _share(float((first <= week).sum()), len(first), "share")
            found.append({"whose": whose, "weeks": week} | share | {"formula": formula, "n": len(first)})
    return pd.DataFrame(found)


def _jumped(weekly: pd.DataFrame) -> "pd.Series[bool]":
    """Weeks in which the first wallet jumps and is back the week after, told from its balance."""
    by_run = weekly.groupby("run", sort=False)["wallet"]
    return by_run.transform(lambda usd: wallets.jumps(usd.to_numpy()[:, None])[:, 0]).astype(bool)


def wallet(weekly: pd.DataFrame) -> pd.DataFrame:
    """One wallet over time: that of the first replication in which it jumps, and which vendors claim its jumps."""
    rows = weekly.assign(jump=_jumped(weekly)) if len(weekly) else weekly.assign(jump=[])
    if not rows["jump"].any():
        return pd.DataFrame()
    rows = rows[rows["replication"] == rows[rows["jump"]]["replication"].min()]
    read = rows[rows["jump"] & (rows["wallet_jumps"] == 1) & (rows["pool_claim"] > 0)]
    by_week = read.groupby("week")["vendor"].agg(lambda names: "+".join(dict.fromkeys(names)))
    one = rows[rows["run"] == rows["run"].iloc[0]][["replication", "week", "date", "wallet", "jump"]]
    return one.assign(read_by=one["week"].map(by_week).fillna("")).reset_index(drop=True)


# --- precision -------------------------------------------------------------------------------------------------------


def _by_draw(rows: pd.DataFrame, keys: Sequence[str] = ()) -> pd.DataFrame:
    """Sums of the vendor's counts, with base rate and precision; a row a draw and level of the keys."""
    counts = [str(name) for name in rows if str(name).startswith("record_vendor_")]
    found = rows.groupby([*keys, "draw"])[counts].sum().rename(columns=lambda name: name.removeprefix("record_vendor_"))
    leads = found["leads_right"] + found["leads_wrong"] + found["leads_lawful"]
    return found.assign(
        base=found["leads_right"] / leads.replace(0.0, np.nan),
        precision=base_rates.share(found["true"].to_numpy(), found["false"].to_numpy()),
    )


def precision(runs: pd.DataFrame, keys: Sequence[str], of_luck: bool) -> pd.DataFrame:
    """The vendor's hits at each base rate, beside Bayes' rule and what the model has beyond it; a row a cell.

    ``base`` is the share of right links among all leads, ``precision`` that of true hits; both the middle of draws.
    Beside it the middle of four formulas, each with one thing more: ``bayes`` (recall and false-positive rate alone),
    ``with_staff`` (only what staff can examine, rail by rail and week by week), ``with_links`` (a wrong link is
    attributed like a right one), ``with_pools`` (pooled wallets misread). ``true_ratio`` and ``false_ratio`` are all
    hits over what the last formula expects.
    """
    found = []
    for about, rows in _groups(runs, keys):
        draws, expected = _by_draw(rows), _formulas(rows)
        true, false = rows["record_vendor_true"], rows["record_vendor_false"]
        last = expected["with_pools"]
        found.append(
            about
            | _ends(draws["base"], "base")
            | {
                "true": true.mean(),
                "false": false.mean(),
                "recall": true.sum() / rows["record_vendor_leads_right"].sum(),
            }
            | _ends(draws["precision"], "precision")
            | {name: _middle(pair.groupby(rows["draw"]).sum()) for name, pair in expected.items()}
            | _ratio(true, last["true"], rows, "true_ratio", of_luck)
            | _ratio(false, last["false"], rows, "false_ratio", of_luck)
            | {"draws": len(draws), "n": len(rows)}
        )
    return pd.DataFrame(found)


def by_base(runs: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Precision of draws whose base rates are near each other, over all levels of lawful money; a row a bin.

    Bins are half decades of the base rate of a draw, which the share of lawful transfers that look alike moves too.
    """
    found = []
    for about, rows in _groups(runs, keys):
        every = _by_draw(rows, ["lawful"])
        every = every[every["base"] > 0]
        for place, some in every.groupby(np.floor(2.0 * np.log10(every["base"]))):
            ends = _ends(some["precision"], "precision")
            found.append(about | {"bin": place} | {"base": some["base"].median()} | ends | {"n": len(some)})
    return pd.DataFrame(found, columns=[*keys, "bin", "base", "precision", "precision_low", "precision_high", "n"])


def _middle(expected: pd.DataFrame) -> float:
    """The middle of the draws' shares of true hits."""
    return _ends(base_rates.share(expected["true"].to_numpy(), expected["false"].to_numpy()), "middle")["middle"]


def _formulas(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Expected true and false hits of each run, by formula; each has one thing more than the one before."""
    recall, wrong = rows["p_recall"], rows["p_false_positive"]
    part = {name: rows[f"record_vendor_{name}"] for name in ("leads_right", "leads_wrong", "leads_lawful")}
    part |= {name: rows[f"record_vendor_{name}"] for name in ("examined_right", "examined_wrong", "examined_lawful")}
    weeks = rows["record_wallet_years"] * WEEKS_A_YEAR / rows["p_processors"].replace(0, np.nan) + 2.0
    moved = rows["p_transfers"].map(wallets.chance_of_transfer)
    pools = (weeks * rows["p_processors"] * moved * rows["p_misread"]).fillna(0.0)
    links = wrong * part["examined_lawful"] + recall * part["examined_wrong"]
    pairs = {
        "bayes": (recall * part["leads_right"], wrong * (part["leads_wrong"] + part["leads_lawful"])),
        "with_staff": (recall * part["examined_right"], wrong * (part["examined_wrong"] + part["examined_lawful"])),
        "with_links": (recall * part["examined_right"], links),
        "with_pools": (recall * part["examined_right"], links + pools),
    }
    return {name: pd.DataFrame({"true": true, "false": false}) for name, (true, false) in pairs.items()}


def curve(runs: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Bayes' precision over base rates: the middle draw of recall and false-positive rate, and the middle 95 %."""
    found = []
    for about, rows in _groups(runs, keys):
        draws = rows.groupby("draw")[["p_recall", "p_false_positive"]].first().to_numpy().T
        for base in np.geomspace(1e-6, 0.999, 121).tolist():
            found.append(about | {"base": base} | _ends(base_rates.precision(base, *draws), "precision"))
    return pd.DataFrame(found)


def even(runs: pd.DataFrame, keys: Sequence[str], written: pd.DataFrame) -> pd.DataFrame:
    """The base rate below which a hit of a vendor is more likely false than true, and the published illicit share.

    ``even`` is that of the vendor as conf/ has it, ``formula`` over draws of recall and false-positive rate,
    ``measured`` where measured precision crosses one half, over draws. ``never`` is the share of draws in which it does
    at no base rate. ``at_least`` and ``at_most`` are shares of draws in which a hit is more likely false than true at
    the low and the high end of the published illicit share of crypto (facts:illicit-share).
    """
    known = patterns.facts()["illicit-share"]
    low, high = float(known["low"]), float(known["high"])
    found = []
    for about, rows in _groups(runs, keys):
        draws = rows.groupby("draw")[["p_recall", "p_false_positive"]].first()
        formula = base_rates.even(draws["p_recall"].to_numpy(), draws["p_false_positive"].to_numpy())
        own = written.loc[about["vendor"]]
        crossed = crossings(rows)
        found.append(
            about
            | {"even": float(base_rates.even(own["recall"], own["false_positive"]))}
            | _ends(formula, "formula")
            | _ends(crossed, "measured")
            | {"never": float(np.isnan(crossed).mean()), "published_low": low, "published_high": high}
            | {"false_at_low": float((formula > low).mean()), "false_at_high": float((formula > high).mean())}
            | {"draws": len(draws)}
        )
    return pd.DataFrame(found)


def crossings(rows: pd.DataFrame) -> Floats:
    """Where precision crosses one half over levels of lawful money, for each group and draw."""
    by_draw = _by_draw(rows, ["profile", "lawful"]).groupby(["profile", "draw"])
    return np.array([base_rates.crossing(one["base"].to_numpy(), one["precision"].to_numpy()) for _, one in by_draw])


# --- claims and harm -------------------------------------------------------------------------------------------------


def claims(runs: pd.DataFrame, keys: Sequence[str], of_luck: bool) -> pd.DataFrame:
    """What a vendor claims of pooled wallets against what truly reaches the group on public ledgers.

    ``overstated`` is the largest claim of a run as a multiple of all crypto of the year around it, in runs with a
    claim; ``times`` all claims of all runs over all crypto. Published: facts:claim-overstatement.
    """
    known = patterns.facts()["claim-overstatement"]
    found = []
    for about, rows in _groups(runs, keys):
        found.append(
            about
            | _share(float((rows["record_claim_weeks"] > 0).sum()), len(rows), "with_claim")
            | _ends(rows["record_overstatement"], "overstated")
            | {"claimed": rows["record_claimed"].mean(), "crypto": rows["record_crypto"].mean()}
            | _ratio(rows["record_claimed"], rows["record_crypto"], rows, "times", of_luck)
            | {"published_low": float(known["low"]), "published_high": float(known["high"]), "n": len(rows)}
        )
    return pd.DataFrame(found)


def harm(runs: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Means by vendor and group: hits, lawful money frozen, cases and staff-weeks on lawful money, capacity."""
    found = runs.groupby(list(keys), sort=False)[[*OUTCOMES, "cases"]].mean().reset_index()
    return found.assign(cases_for_one=found["cases"] / found["true_attributions"].replace(0.0, np.nan))


def effects(runs: pd.DataFrame, plan: Plan, more: Sequence[str]) -> pd.DataFrame:
    """What each vendor changes against the one that is always run, on the same luck; vendors take the place of arms."""
    rows = runs.rename(columns={"vendor": "arm"})
    against = {"arm": plan.study.keep["vendor"], "policy": plan.study.base["policy"]}
    factors = ["arm", "profile", *(name for name in ("policy", "intensity") if name in rows), *more]
    found = contrasts.effects(rows, factors, against, OUTCOMES, margin=margin(plan), held=held(plan))
    found = found[found["contrast"] == "switch"].rename(columns={"arm": "vendor"})
    named = [f"vendor/{one.removeprefix('switch/')}" for one in found["id"]]
    units = {"wasted_cases": "cases/week", "wasted_staff": "staff-weeks/week"}
    unit = found["outcome"].map(units).fillna(found["unit"])
    return found.assign(id=named, contrast="vendor", unit=unit).reset_index(drop=True)
