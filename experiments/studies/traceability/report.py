"""The report on traceability: the map of the law, runs beside the law, and what a link does in each structure.

Intervals are order statistics of draws (of fewer than 39 draws their range).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from experiments import text as texts
from experiments.findings import Because, Finding, say, where
from experiments.findings import findings as of_rows
from experiments.studies.traceability.observables import COINS, RECORDED
from experiments.study import tables as of_plan
from experiments.study.own_findings import in_per_cent, rows_of, tallied
from experiments.study.reporting import Folder, Plan, Tables
from sim.law import FALL, ceiling, frozen_share, loss, switched, threshold_kept, threshold_link, waiting

ARGUMENTS = [name for name in RECORDED if name not in ("link", "frozen")]
_ARMS = {"bitcoin": "none", "stablecoin": "none", "monero": "full"}
"""The arm in which a coin is looked at: Monero where every gift to the campaign of the news follows."""
_AGES = np.arange(1.0, 53.0)  # of a coin that a campaign has switched to, by week of the window
_DRAWN = {"bitcoin": "drawn", "monero": "drawn", "freezable": "drawn"}
_ROADS = ("capacity", "campaign_given", "frozen_share", "arrests")
_ALONE = ("default", "unheard", "freezing")
"""Structures with all roads, without fear, and without fear and arrests."""
_SHOWN = [
    "link", "gifts", "freezable", "income_share", "elasticity", "loss", "loss_at_one", "can_matter", "matters",
    "threshold", "threshold_low", "threshold_high",
]  # fmt: skip
GIFTS = np.geomspace(0.01, 1000.0, 61)  # a week, of the map
SELDOM = 0.05
"""Share of draws up to which a link is said never to matter."""
_ENDS = ("", "_low", "_high")
_SHOWN_SWITCH = [
    "profile", "arm", "kept", "threshold", "threshold_low", "threshold_high", "campaign_share", "elasticity",
    "frozen_before", "frozen_after", "change", "change_law", "correlation", "draws",
]  # fmt: skip
_SWITCH = ["kept", "campaign_share", "frozen_before", "frozen_after", "change", "change_law"]


def tables(plan: Plan, folder: Folder) -> dict[str, pd.DataFrame]:
    """The map with its points, runs beside the law, and the effects of a link by road and structure."""
    names = [f"record_{coin}_{name}" for coin in COINS for name in ("link", "frozen", *ARGUMENTS)]
    names += ["capacity", "campaign_given", "campaign_delivered", "delivered", "collected", "record_arrests"]
    runs = of_plan.runs_of(folder, plan, names).assign(routing=routing(plan, folder))
    runs = runs[runs["error"].isna()].assign(elasticity=lambda rows: elasticity(rows))
    margin, beside = of_plan.margin(plan), beside_the_law(runs)
    points = of_plan.in_order(plan, points_of(runs, margin), ["profile"])
    by_draw = of_plan.in_order(plan, switches(runs), ["profile", "arm"])
    return {
        "map": summary(points),
        "map_turning": turning(points, margin),
        "switch": of_switches(by_draw, margin),
        "law": agreement(beside, margin),
        "roads": roads(plan, runs),
        "points": points,
        "runs_and_law": beside,
        "switch_by_draw": by_draw,
    }


def routing(plan: Plan, folder: Folder) -> "pd.Series[float]":
    """The share of campaign money that goes straight to cells, by run."""
    file = folder.path / "runs.parquet"
    names = [name for name in pq.read_schema(file).names if name in ("run", "group.routing")]
    return of_plan.parameters(plan, pq.read_table(file, columns=names).to_pandas(), ["group.routing"])["group.routing"]


def elasticity(runs: pd.DataFrame) -> "pd.Series[float]":
    """Elasticity of capacity to a fall of income (level ``less``), by draw, in the group and structure of each run."""
    keys = ["profile", "structure", "draw"]
    usual = where(runs, _DRAWN, arm="none")
    means = {level: where(usual, income=level).groupby(keys)["capacity"].mean() for level in ("as_it_was", "less")}
    found = (np.log(means["less"] / means["as_it_was"]) / np.log(FALL)).clip(lower=0.0).rename("elasticity")
    return runs[keys].merge(found.reset_index(), how="left", on=keys)["elasticity"].set_axis(runs.index)


def arguments(runs: pd.DataFrame, coin: str) -> pd.DataFrame:
    """What the law reads of a coin in each run, with link and share frozen; runs in which it was given."""
    found = pd.DataFrame({name: runs[f"record_{coin}_{name}"] for name in ("link", "frozen", *ARGUMENTS)})
    most = dict.fromkeys(found, 1.0) | {"gifts": np.inf, "lag": 520.0, "hops": 20.0}
    found = found.clip(lower=0.0, upper=pd.Series(most), axis=1).assign(elasticity=runs["elasticity"])
    return found[found["gifts"] > 0].dropna(subset=[*ARGUMENTS, "link", "elasticity"])


def about_of(rows: Any, *more: str) -> dict[str, Any]:
    """The arguments of the law in some rows, or in one."""
    return {name: np.asarray(rows[name], dtype=float) for name in (*ARGUMENTS, *more)}


def points_of(runs: pd.DataFrame, margin: float) -> pd.DataFrame:
    """Where each group and coin lies on the map, by draw, with the loss by links, per cent, and the threshold."""
    parts = []
    for coin, arm in _ARMS.items():
        usual = where(runs, _DRAWN, arm=arm, structure="default", income="as_it_was")
        rows = arguments(usual, coin)
        about = about_of(rows, "elasticity")
        found = rows.drop(columns="frozen").assign(
            loss=100.0 * loss(rows["link"].to_numpy(), **about),
            loss_at_one=100.0 * loss(1.0, **about),
            threshold=threshold_link(margin, **about),
        )
        reaches = np.where(found["link"] >= found["threshold"], "does", "could")
        found["side"] = np.where(found["threshold"].isna(), "never", reaches)
        parts.append(usual[["profile", "draw"]].join(found, how="inner").assign(coin=coin))
    return pd.concat(parts, ignore_index=True)


def over_draws(values: Any) -> Any:
    """Lower end, median and upper end over draws (the last axis); a missing value counts as far beyond all others."""
    there = np.asarray(values, dtype=float)
    found = np.quantile(np.where(np.isnan(there), 1e9, there), [0.025, 0.5, 0.975], axis=-1, method="weibull")
    return np.where(np.abs(found) < 1e6, found, np.nan)


def summary(points: pd.DataFrame) -> pd.DataFrame:
    """Medians of each group and coin, the shares of draws in which its link can matter, and does.

    The threshold and its interval are of the draws that have one.
    """
    flags = points.assign(can_matter=points["side"] != "never", matters=points["side"] == "does")
    by = flags.groupby(["profile", "coin"], sort=False)
    shares = by[["can_matter", "matters"]].mean().assign(draws=by.size())
    medians = by[["link", *ARGUMENTS, "elasticity", "loss", "loss_at_one", "threshold"]].median()
    some = {key: over_draws(own.dropna()) for key, own in by["threshold"] if own.notna().any()}
    ends = pd.DataFrame.from_dict(some, orient="index", columns=["threshold_low", "threshold", "threshold_high"])
    ends = ends.drop(columns="threshold").reindex(medians.index.to_flat_index()).set_axis(medians.index)
    return medians.join(ends).join(shares).reset_index()


def turning(points: pd.DataFrame, margin: float) -> pd.DataFrame:
    """The link at which the loss is the margin as gifts a week grow: median and interval of the draws with such a link.

    A draw belongs to the line if its ceiling passes the margin, so that with enough gifts some link does; the others
    have none, however many gifts. Where more than half of the former have none either, the median is empty.
    """
    parts = []
    for (profile, coin), some in points.groupby(["profile", "coin"], sort=False):
        limits = about_of(some, "elasticity")
        most = ceiling(*(limits[name] for name in ("freezable", "cashed", "income_share", "elasticity")))
        able = np.asarray(most) <= -margin
        if able.any():
            about = about_of(some[able], "elasticity") | {"gifts": GIFTS[:, None]}
            low, median, high = over_draws(threshold_link(margin, **about))
            line = {"gifts": GIFTS, "link": median, "link_low": low, "link_high": high, "draws": able.sum()}
            parts.append(pd.DataFrame({"profile": profile, "coin": coin} | line))
    columns = ["profile", "coin", "gifts", "link", "link_low", "link_high", "draws"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def switches(runs: pd.DataFrame) -> pd.DataFrame:
    """What campaigns keep in each draw, the change of capacity in runs and by the law, and the threshold, per arm."""
    rows = where(runs, _DRAWN, structure="default", income="as_it_was")
    income = (rows["delivered"] + rows["collected"]).to_numpy()
    rows = rows.assign(unusable=unusable(rows), share=rows["campaign_delivered"] / np.where(income > 0, income, np.nan))
    wide = rows.set_index(["profile", "draw"])
    before, parts = wide[wide["arm"] == "none"], []
    for arm in [name for name in dict.fromkeys(rows["arm"]) if name != "none"]:
        after = wide[wide["arm"] == arm].reindex(before.index)
        given = before["campaign_delivered"].where(before["campaign_delivered"] > 0)
        usable = before["share"] * (1.0 - before["unusable"])
        found = pd.DataFrame({
            "arm": arm, "kept": after["campaign_delivered"] / given,
            "campaign_share": usable / (1.0 - before["share"] * before["unusable"]),
            "elasticity": before["elasticity"], "frozen_before": before["unusable"],
            "frozen_after": after["unusable"], "change": 100.0 * (after["capacity"] / before["capacity"] - 1.0),
        }).dropna()  # fmt: skip
        about = {name: found[name].to_numpy() for name in [*_SWITCH[1:4], "elasticity"]}
        change = 100.0 * np.asarray(switched(found["kept"].to_numpy(), **about))
        parts.append(found.assign(change_law=change, threshold=threshold_kept(**about)).reset_index())
    return pd.concat(parts, ignore_index=True)


def unusable(runs: pd.DataFrame) -> "pd.Series[float]":
    """Share of what campaigns bring that is frozen, or in a new coin not cash yet: by run, weighed over coins."""
    lost = whole = pd.Series(0.0, runs.index)
    for coin in COINS:
        share, frozen = (
            runs[f"record_{coin}_{name}"].fillna(0.0).clip(0.0, 1.0) for name in ("income_share", "frozen")
        )
        cashed = runs[f"record_{coin}_cashed"].fillna(1.0).clip(1e-6, 1.0).to_numpy()
        late = waiting(cashed, len(_AGES)) if coin == "monero" else 0.0
        lost, whole = lost + share * (1.0 - (1.0 - frozen) * (1.0 - late)), whole + share
    return (lost / whole.where(whole > 0)).fillna(0.0).clip(0.0, 0.999) * (1.0 - runs["routing"])


def of_switches(by_draw: pd.DataFrame, margin: float) -> pd.DataFrame:
    """Medians of each group and arm, the threshold with its interval, and how far runs agree with the law.

    ``same_sign`` is the share of draws of one sign among those whose change passes the margin in runs.
    """
    rows = []
    for (profile, arm), some in by_draw.groupby(["profile", "arm"], sort=False):
        row: dict[str, Any] = {"profile": profile, "arm": arm, "draws": len(some)}
        row |= some[[*_SWITCH, "elasticity"]].median().to_dict()
        row |= dict(zip(("threshold_low", "threshold", "threshold_high"), over_draws(some["threshold"]), strict=True))
        beyond = some[some["change"].abs() > 100.0 * margin]
        row |= {"correlation": some["change"].corr(some["change_law"]), "beyond": len(beyond)}
        rows.append(row | {"same_sign": (np.sign(beyond["change"]) == np.sign(beyond["change_law"])).mean()})
    return pd.DataFrame(rows)


def links_of(runs: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """The runs in which the link of a coin is set, in the arm in which it is looked at; ``set_link`` as a number."""
    for coin in ("bitcoin", "monero"):
        rows = where(runs[runs[coin] != "drawn"], income="as_it_was", arm=_ARMS[coin])
        yield coin, rows.assign(coin=coin, set_link=rows[coin].astype(float))


def beside_the_law(runs: pd.DataFrame) -> pd.DataFrame:
    """What each link freezes and costs against link 0 in runs, and by the law, whose arguments are those at link 0."""
    parts, keys = [], ["profile", "structure", "freezable", "draw"]
    for coin, rows in links_of(runs):
        about = arguments(rows[rows["set_link"] == 0.0], coin)
        first = rows.loc[about.index, [*keys, "capacity"]].join(about.rename(columns={"freezable": "stoppable"}))
        here = rows.assign(frozen=rows[f"record_{coin}_frozen"])[[*keys, "coin", "set_link", "capacity", "frozen"]]
        both = here[here["set_link"] > 0.0].merge(first, on=keys, suffixes=("", "_at_zero"))
        terms = about_of(both.drop(columns="freezable").rename(columns={"stoppable": "freezable"}))
        share = terms.pop("income_share")
        ages = _AGES if coin == "monero" else [np.inf]
        link = both["set_link"].to_numpy()
        frozen = np.mean([frozen_share(link, **terms, weeks=weeks) for weeks in ages], axis=0)
        left = 1.0 - both["frozen_at_zero"].clip(0.0, 1.0)
        law = (1.0 - share * left * frozen) ** both["elasticity"] - 1.0
        change = both["capacity"] / both["capacity_at_zero"] - 1.0
        numbers = {"frozen_law": 1.0 - (1.0 - frozen) * left, "change": 100.0 * change, "change_law": 100.0 * law}
        parts.append(both[["coin", *keys, "set_link", "frozen"]].assign(**numbers).rename(columns={"set_link": "link"}))
    return pd.concat(parts, ignore_index=True)


def agreement(beside: pd.DataFrame, margin: float) -> pd.DataFrame:
    """Runs against the law by structure and coin: correlation, slope, side of the margin, largest miss."""
    rows, keys = [], ["profile", "structure", "freezable", "coin"]
    for levels, some in beside.groupby(keys, sort=False):
        for quantity, by in (("frozen", 1.0), ("change", 100.0)):
            pair = some[[quantity, f"{quantity}_law"]].dropna() / by
            runs, law = (pair[name] for name in pair)
            side = (runs <= -margin) == (law <= -margin)
            numbers = dict(zip(keys, levels, strict=True)) | {
                "quantity": quantity,
                "n": len(pair),
                "correlation": runs.corr(law),
                "slope": (runs * law).sum() / (law**2).sum() if law.any() else np.nan,
                "same_side": side.mean() if quantity == "change" else np.nan,
                "miss": np.abs(runs - law).max(),
            }
            rows.append(numbers)
    return pd.DataFrame(rows)


def roads(plan: Plan, runs: pd.DataFrame) -> pd.DataFrame:
    """What a link does against link 0: capacity and gifts to campaigns in per cent, share frozen, arrests a year."""
    parts = [
        some.assign(link=some["set_link"].map("{:g}".format), frozen_share=some[f"record_{coin}_frozen"].fillna(0.0))
        for coin, some in links_of(where(runs, freezable="drawn"))
    ]
    rows = pd.concat(parts).rename(columns={"record_arrests": "arrests"})
    factors = ["link", "profile", "coin", "structure"]
    found = of_plan.effects_between(plan, rows, factors, {"link": "0"}, _ROADS, percent=_ROADS[:2])
    found = of_plan.in_order(plan, found, ["structure"])
    found = found.sort_values(["profile", "coin"], ignore_index=True, kind="stable")
    units = found["outcome"].map({"frozen_share": "share", "arrests": "arrests/year"}).fillna("%")
    return found.assign(unit=units)


def findings(plan: Plan, tables: Tables) -> list[Finding]:
    """Pairs for which no link matters, the link from which freezing does, gifts that campaigns keep, and roads."""
    rows, law = tables["map"], Because("law", grade="arithmetic")
    never = rows["can_matter"] <= SELDOM
    found = []
    if never.any():
        draws, lines = int(rows["draws"].max()), rows_of("map", rows.index[never])
        one = Finding("traceability-cannot", draws=draws, verdict="", rows=lines)
        found.append(tallied(one, part=never.sum(), of=len(never), because=law))
    for kind, column in (("from", "can_matter"), ("now", "matters")):
        some = of_rows(f"traceability-{kind}", rows[~never].assign(verdict=""), "map", "threshold")
        for one, row in zip(some, rows[~never].to_dict("records"), strict=True):
            about = {"part": row[column] * row["draws"], "because": law, "rail": row["coin"]}
            found.append(tallied(in_per_cent(one), row["coin"], **about))
    rows = where(tables["switch"], arm="announcement").assign(verdict="")
    kept = of_rows("traceability-keeps", rows, "switch", "kept")
    for one, share in zip(kept, 100.0 * rows["threshold"], strict=True):
        about = {"threshold": float(f"{share:.2g}"), "because": Because("donors")}
        found.append(tallied(in_per_cent(one), one.arm, **about))
    roads = where(tables["roads"], outcome="capacity", link="1")
    for road, structure in (("all", "default"), ("freezing", "freezing")):
        rows = where(roads, structure=structure)
        some = of_rows("traceability-traced", rows, "roads")
        why = law if road == "freezing" else Because("fear")
        found += [
            tallied(one, coin, road, rail=coin, road=road, because=why)
            for one, coin in zip(some, rows["coin"], strict=True)
        ]
    return found


def text(plan: Plan, tables: Tables) -> str:
    """The map first, then runs beside the law, then roads."""
    found, margin = tables["map"], f"{100 * of_plan.margin(plan):g}"
    parts = [*map(texts.folded, sentences(found, margin)), "", texts.folded(say("traceability-map", margin=margin))]
    cells = {name: found[name].map(texts.word) for name in ("profile", "coin")}
    cells |= dict(_cells(found[_SHOWN]))
    parts += [texts.table({name: list(some) for name, some in cells.items()}, ["profile", "coin"])]
    switch = tables["switch"]
    parts += ["", *map(texts.folded, on_switches(switch, margin)), "", texts.folded(say("traceability-switch"))]
    parts += [texts.word_table(_cells(switch[_SHOWN_SWITCH]), range(2, len(_SHOWN_SWITCH)))]
    law = _cells(tables["law"])
    parts += ["", texts.folded(say("traceability-law")), texts.word_table(law, range(5, len(law.columns))), ""]
    rows, keys = where(tables["roads"], outcome="capacity"), ["profile", "coin", "structure", "link"]
    medians = tables["roads"].set_index([*keys, "outcome"])["median"].unstack("outcome")
    beside = medians.reindex(pd.MultiIndex.from_frame(rows[keys]), columns=_ROADS)
    more = {name: [texts.cell(one) for one in beside[name]] for name in _ROADS[1:]}
    parts += [*map(texts.folded, on_roads(rows, margin)), ""]
    parts += [texts.folded(say("traceability-roads", weeks=of_plan.means_over(plan)))]
    return "\n".join([*parts, texts.effects_table(rows, keys, more), "", of_plan.legend(plan)])


def _cells(table: pd.DataFrame) -> pd.DataFrame:
    return table.map(lambda one: texts.word(one) if isinstance(one, str) else f"{one:.3g}".replace("nan", "-"))


def on_switches(found: pd.DataFrame, margin: str) -> list[str]:
    """A sentence a group and arm: what campaigns must keep by the law, what they keep, and how far runs agree."""
    lines = []
    for row in found.to_dict("records"):
        about: dict[str, Any] = {"group": texts.group(str(row["profile"])), "arm": texts.short_arm(str(row["arm"]))}
        about |= {"margin": margin, "beyond": int(row["beyond"]), "draws": row["draws"]}
        shares = ("kept", "same_sign", *(f"threshold{end}" for end in _ENDS))
        about |= {name.replace("_", "-"): texts.share(row[name]) for name in shares}
        lines.append(texts.capital(" ".join(say("traceability-kept", **about).split())))
    return lines


def sentences(found: pd.DataFrame, margin: str) -> list[str]:
    """Where a link cannot matter in nearly all draws, in one sentence; then one on each other group and coin."""
    never = found[found["can_matter"] <= SELDOM]
    pairs = [f"{coin} ({texts.group(str(group))})" for group, coin in zip(never["profile"], never["coin"], strict=True)]
    lines = [say("traceability-never", pairs=texts.listed(pairs), margin=margin)] if pairs else []
    for row in found.drop(never.index).to_dict("records"):
        numbers = {name: f"{row[name]:.0%}" for name in ("can_matter", "matters")}
        about = {"coin": row["coin"], "group": texts.group(row["profile"]), "margin": margin}
        ends = dict(zip(("threshold", "low", "high"), (f"{row[f'threshold{end}']:.2f}" for end in _ENDS), strict=True))
        lines.append(say("traceability-can", **ends, **numbers, **about))
    return [" ".join(line.split()) for line in lines]


def on_roads(rows: pd.DataFrame, margin: str) -> list[str]:
    """A sentence a group, coin and link: its effect by default, without fear, by freezing alone, and its verdicts."""
    found = []
    shown = rows[rows["link"].isin(["0.2", "1"])]
    for (group, coin, link), some in shown.groupby(["profile", "coin", "link"], sort=False):
        by = some.set_index("structure")
        medians = {name: texts.number(by["median"].get(name, np.nan), 2, sign=True) + "%" for name in _ALONE}
        beyond = texts.share(by["p_beyond_margin"].get("default", np.nan))
        about: dict[str, Any] = {"coin": str(coin), "link": str(link), "beyond": beyond, "margin": margin}
        about |= {"group": texts.group(str(group))}
        about |= {"negligible": int((by["verdict"] == "negligible").sum()), "structures": len(by)}
        found.append(" ".join(say("traceability-road", **about, **medians).split()))
    return found
