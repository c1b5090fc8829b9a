"""The report of the study of inspiration: families of policy against each other, soon and late, loop on and cut."""

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow.parquet as pq
from scipy import stats

from experiments.stats import contrasts, estimates
from experiments.studies.inspiration.words import FINANCE, FORCE, INSPIRATION, LONG, SHORT, text
from experiments.study.arguments import Settings
from experiments.study.design import STATUS_QUO, Plan
from experiments.study.reporting import Said
from experiments.study.store import Folder
from experiments.study.tables import (
    effects_of,
    few_words,
    held,
    margin,
    policies_of,
    reference,
    runs_of,
    write_csv,
)
from sim.output import provenance
from sim.scenario.disruption import policy_of

WINDOWS = {"26 weeks": (0, 26), "52 weeks": (0, 52), "5 years": (0, 260), "fifth year": (208, 260)}
"""Weeks after the start of the policies over which outcomes are means."""
OUTCOMES = (
    "rate", "rate_core", "rate_network", "capacity", "capacity_core", "capacity_network", "inspired", "harm",
)  # fmt: skip
JUDGED_BY = contrasts.JUDGED_BY
_COLUMNS = (*OUTCOMES[:-1], "lawful_frozen", "lawful_hindered")
_APART = (INSPIRATION, *FORCE)  # every other policy acts on money by law
_WHOLE = 1.0 - 1e-12  # a correlation of one has no z
_STRONGEST = 5  # parameters that are shown of each comparison

type Differences = "pd.Series[float]"
"""A difference in points of per cent by replication and draw."""


def make(plan: Plan, folder: Folder, settings: Settings, facts: dict[str, Any]) -> Said:
    """Write tables and figures; say which family does more, soon and late."""
    tables = tables_of(plan, folder)
    files = ["runs.parquet", *(write_csv(folder, f"{name}.csv", one) for name, one in tables.items())]
    said = [text(tables, plan), ""]
    said += few_words(plan)
    if settings.figures:
        from experiments.studies.inspiration import figures as inspiration

        agencies = {name: agency for name, (agency, _) in policies_of(plan).items()}
        about = inspiration.About(
            plan.cells[0].scenario.switch_day, agencies, window=WINDOWS[SHORT][1], margin=100.0 * margin(plan)
        )
        drawn = inspiration.draw(tables, about, folder.path / "figures", provenance.small_print(facts))
        files += [str(path.relative_to(folder.path)) for path in drawn]
    return Said("\n".join(said).rstrip(), files)


def tables_of(plan: Plan, folder: Folder) -> dict[str, pd.DataFrame]:
    """All tables of the study, from the run table alone."""
    runs = runs_of(folder, plan)
    names = short_names(list(dict.fromkeys(runs["policy"])))
    seen = {window: in_window(plan, runs, window) for window in windows_of(plan, runs)}
    weighed = {window: _weighed(plan, rows, names) for window, rows in seen.items()}
    changed = {window: changes(plan, rows.replace({"policy": names}), JUDGED_BY) for window, rows in seen.items()}
    parts = {
        window: [changes(plan, rows.replace({"policy": names}), f"{JUDGED_BY}_{part}") for part in ("core", "network")]
        for window, rows in seen.items()
    }
    return {
        "effects": _named(_by_window(seen, lambda rows: effects_of(plan, rows, OUTCOMES)), names),
        "frontier": _named(_by_window(weighed, lambda two: two[0]), names),
        "breakeven": _named(_by_window(weighed, lambda two: two[1]), names),
        "kiser": order(plan, changed),
        "turns": turns(plan, changed),
        "loop": loop(plan, changed),
        "apart": apart(plan, parts),
        "drivers": drivers(plan, changed, parameters_of(plan, folder), names),
    }


# --- windows and names -----------------------------------------------------------------------------------------------


def windows_of(plan: Plan, runs: pd.DataFrame) -> list[str]:
    """The windows that the runs have."""
    main = plan.cells[0].scenario.report.window
    ends = {week for ends in WINDOWS.values() for week in ends}
    there = {0, main, *(week for week in ends if f"{JUDGED_BY}_{week}" in runs)}
    return [window for window, ends in WINDOWS.items() if set(ends) <= there]


def in_window(plan: Plan, runs: pd.DataFrame, window: str) -> pd.DataFrame:
    """The run table with outcomes as means over one window, under their plain names.

    A window that begins later is what the long mean has and the short one has not: weeks 209 to 260 from the means
    over 260 and 208 weeks.
    """
    first, last = WINDOWS[window]
    main = plan.cells[0].scenario.report.window

    def until(name: str, weeks: int) -> "pd.Series[float]":
        return runs[name if weeks == main else f"{name}_{weeks}"]

    means = {
        name: until(name, last)
        if not first
        else (last * until(name, last) - first * until(name, first)) / (last - first)
        for name in _COLUMNS
    }
    kept = ["replication", "draw", "error", *plan.factors]
    return runs[kept].assign(**means)


def short_names(policies: Sequence[str]) -> dict[str, str]:
    """Names of policies in the tables: the mix against money is `FINANCE`, if the study has one such mix."""
    money = {name: tuple(part for part in name.split("+") if part not in (*_APART, STATUS_QUO)) for name in policies}
    mixes = {parts for parts in money.values() if parts}
    if len(mixes) != 1 or len(*mixes) < 2:
        return {}
    rest = {name: [part for part in name.split("+") if part in _APART] for name in policies}
    return {name: "+".join([*rest[name], FINANCE]) for name, parts in money.items() if parts}


def alone(policies: Sequence[str]) -> list[str]:
    """The policies that are of one family, and not the status quo."""
    parts = {name: name.split("+") for name in policies if name != STATUS_QUO}
    return [name for name, some in parts.items() if len(some) == 1 or not {*some} & {*_APART, FINANCE}]


def _by_window(tables: Mapping[str, Any], make: Callable[[Any], pd.DataFrame]) -> pd.DataFrame:
    """One table made of each window's, with the window as a column after the settings."""
    found = []
    for window, one in tables.items():
        made = make(one)
        made = made.drop(columns="window", errors="ignore")
        place = next(place for place, name in enumerate(made.columns) if name not in ("profile", "loop"))
        made.insert(place, "window", window)
        found.append(made)
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def _named(rows: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """A table with short names of policies; an id holds the window too, so that it stays the only one."""
    found = rows.replace({column: dict(names) for column in ("policy", "a", "b") if column in rows})
    if "id" in found:
        steps = [[names.get(step, step) for step in one.split("/")] for one in found["id"]]
        ids = ["/".join([*some, window]) for some, window in zip(steps, found["window"], strict=True)]
        found = found.assign(id=ids)
    return found


# --- comparisons -----------------------------------------------------------------------------------------------------


def _weighed(plan: Plan, rows: pd.DataFrame, names: Mapping[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Frontier and break-even ratios of the families in one window, loop on."""
    policies = list(dict.fromkeys(rows["policy"]))
    mine = [name for name in policies if names.get(name, name) in alone([names.get(one, one) for one in policies])]
    rows = rows[rows["policy"].isin([STATUS_QUO, *mine])]
    own = effects_of(plan, rows, [JUDGED_BY, "harm"], own_units=True)
    where = {name: level for name, level in plan.study.base.items() if name not in ("policy", "intensity", "profile")}
    frontier = contrasts.frontier(own, policies_of(plan), where, ["none"])
    return frontier, contrasts.breakeven(rows, plan.factors, reference(plan), own, held(plan), where, ["none"])


def changes(plan: Plan, rows: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Per cent by which each policy at full strength changes an outcome on the same luck: a column a policy."""
    good = rows[rows["error"].isna()]
    good = good[good["intensity"] == good.groupby("policy")["intensity"].transform("max")]
    keys = [name for name in plan.factors if name not in ("policy", "intensity")]
    wide = good.set_index([*keys, "replication", "draw", "policy"])[outcome].unstack("policy")
    before = wide.pop(STATUS_QUO)
    return 100.0 * (wide.div(before.where(before != 0.0), axis=0) - 1.0)


def order(plan: Plan, changed: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Counter-inspiration less each other family, in per cent of the attack rate: below zero it leaves fewer attacks.

    ``fewer`` is the share of draws in which it does (of means over the seeds of a draw), with its exact interval.
    """

    def rows(window: str, place: dict[str, Any], some: pd.DataFrame) -> Iterator[dict[str, Any]]:
        for rival in rivals(some):
            apart_ = (some[INSPIRATION] - some[rival]).dropna()
            about = place | {"window": window, "policy": INSPIRATION, "against": rival}
            yield about | _share(_draws(plan, apart_) < 0.0, "fewer") | _told(plan, apart_)

    return _table(changed, rows)


def turns(plan: Plan, changed: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Shares of draws by which family leaves fewer attacks soon and late.

    ``turns``: the other family soon, counter-inspiration late, as Kiser (2004) found; ``back``: the reverse.
    """
    late = list(changed)[-1]

    def rows(window: str, place: dict[str, Any], some: pd.DataFrame) -> Iterator[dict[str, Any]]:
        later = _of(changed[late], place)
        for rival in rivals(some):
            soon, last = (_draws(plan, one[INSPIRATION] - one[rival]) for one in (some, later))
            shares = {
                "turns": (soon > 0) & (last < 0),
                "back": (soon < 0) & (last > 0),
                "stays_inspiration": (soon < 0) & (last < 0),
                "stays_rival": (soon > 0) & (last > 0),
            }
            about = place | {"window": window, "late": late, "policy": INSPIRATION, "against": rival}
            yield about | {key: value for name, one in shares.items() for key, value in _share(one, name).items()}

    return _table({window: one for window, one in changed.items() if window in ("26 weeks", "52 weeks")}, rows)


def loop(plan: Plan, changed: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """How much the loop adds to each policy: its effect with the loop on less that with the loop cut, same luck."""

    def rows(window: str, place: dict[str, Any], some: pd.DataFrame) -> Iterator[dict[str, Any]]:
        if place.get("loop") != "on":
            return
        cut = _of(changed[window], place | {"loop": "cut"})
        for policy in some.columns if len(cut) else ():
            apart_ = (some[policy] - cut[policy]).dropna()
            if len(apart_):
                yield place | {"window": window, "policy": policy, "against": "loop cut"} | _told(plan, apart_)

    return _table(changed, rows)


def apart(plan: Plan, parts: Mapping[str, Sequence[pd.DataFrame]]) -> pd.DataFrame:
    """What a policy does to the network less what it does to the core, in per cent of each one's attack rate."""
    network = {window: two[1] for window, two in parts.items()}

    def rows(window: str, place: dict[str, Any], some: pd.DataFrame) -> Iterator[dict[str, Any]]:
        core = _of(parts[window][0], place)
        for policy in some.columns:
            apart_ = (some[policy] - core[policy]).dropna()
            if len(apart_):
                yield place | {"window": window, "policy": policy, "against": "core"} | _told(plan, apart_)

    return _table(network, rows)


def drivers(
    plan: Plan, changed: Mapping[str, pd.DataFrame], drawn: pd.DataFrame, names: Mapping[str, str]
) -> pd.DataFrame:
    """Which drawn parameters go with the order: rank correlation with counter-inspiration less each other family.

    Over draws, Spearman's for the strongest, then partial given those before (Conover & Iman 1981, Am. Stat. 35:124);
    p by the t approximation, adjusted over all parameters that are left (Holm 1979); interval by Fisher's z with the
    variance of Bonett & Wright (2000, Psychometrika 65:23). Above zero: the larger the parameter, the better for the
    other family. Effects of policies that are in neither of the two are left out; ``tried`` is how many parameters are
    left.

    Args:
        plan: the plan of the study.
        changed: changes of the attack rate, by window.
        drawn: the drawn parameters of each draw and profile.
        names: the short name of each mix.
    """
    found, mixes = [], {short: mix for mix, short in names.items()}
    for window in (one for one in (SHORT, LONG) if one in changed):
        for place, some in _places(changed[window]):
            if place.get("loop", "on") != "on":
                continue
            mine = drawn[drawn["profile"] == place["profile"]] if "profile" in place else drawn
            for rival in rivals(some):
                means = _draws(plan, some[INSPIRATION] - some[rival])
                values = mine.drop_duplicates("draw").set_index("draw").reindex(means.index)
                about = place | {"window": window, "policy": INSPIRATION, "against": rival}
                policies = {INSPIRATION, *mixes.get(rival, rival).split("+")}
                able = [name for name in values.select_dtypes("number") if can_act(str(name), policies)]
                found += [about | row for row in correlations(means, values[able])]
    return pd.DataFrame(found)


def can_act(parameter: str, policies: Collection[str]) -> bool:
    """Whether a parameter is read where these policies are: what a policy does is not read without it."""
    section, _, effect = parameter.rpartition(".")
    known = section != "effects" or effect == "leader_recovery"  # which dated deaths of leaders read too
    return known or policy_of(effect) in policies


def correlations(means: "pd.Series[float]", values: pd.DataFrame) -> list[dict[str, Any]]:
    """The parameters that go most with a difference, strongest first, each given those before it; none from few draws.

    Few points of a Sobol sequence leave parameters correlated by chance; what only seems to matter because it goes with
    a stronger one falls away. None is surer than the one before it.
    """
    if estimates.few(len(means)) or means.nunique() < 2:
        return []
    varied = values.loc[:, values.notna().all() & (values.nunique() > 1)]
    ranks, ranked, found = varied.rank(), means.rank(), list[dict[str, Any]]()
    while len(found) < min(_STRONGEST, varied.shape[1]):
        before = [row["parameter"] for row in found]
        left = ranks.drop(columns=before)
        r = _without(left, ranks[before]).corrwith(_without(ranked.to_frame(), ranks[before]).iloc[:, 0])
        free = len(means) - 2 - len(before)
        p = 2.0 * stats.t.sf(np.abs(r) * np.sqrt(free / np.maximum(1e-12, 1.0 - r * r)), free)
        strongest = int(np.argmax(np.abs(r)))
        about = {"parameter": left.columns[strongest], **_correlation(float(r.iloc[strongest]), free + 2)}
        surest = found[-1]["p_adjusted"] if found else 0.0
        adjusted = max(surest, float(estimates.holm(p)[strongest]))
        told = {"p": float(p[strongest]), "p_adjusted": adjusted, "tried": varied.shape[1], "draws": len(means)}
        found.append(about | told)
    return found


def _without(ranks: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """What is left of ranks once a line in others is taken out."""
    on = np.column_stack([np.ones(len(ranks)), others])
    return ranks - on @ np.linalg.lstsq(on, ranks, rcond=None)[0]


def _correlation(r: float, n: int) -> dict[str, float]:
    """A rank correlation of as good as so many draws, with its interval."""
    reach = 1.96 * math.sqrt((1.0 + r * r / 2.0) / (n - 3))
    middle = math.atanh(max(-_WHOLE, min(_WHOLE, r)))
    return {"correlation": r, "low": math.tanh(middle - reach), "high": math.tanh(middle + reach)}


def parameters_of(plan: Plan, folder: Folder) -> pd.DataFrame:
    """The drawn parameters of each draw and profile, under their declared names: what moves together is one."""
    drawn = {one.name: plan.declared_at[one.dimension] for group in plan.groups for one in group.ranges}
    there = pq.read_schema(folder.path / "runs.parquet").names
    columns = [name for name in there if name in {"draw", "profile", "loop", *drawn}]
    rows = pq.read_table(folder.path / "runs.parquet", columns=columns).to_pandas()
    rows = rows[rows["loop"] == "on"].drop(columns="loop") if "loop" in rows else rows
    rows = rows.drop_duplicates([name for name in ("profile", "draw") if name in rows])
    together = {name: [one for one in rows if drawn.get(one, one) == name] for name in dict.fromkeys(drawn.values())}
    parameters = {name: rows[some].bfill(axis=1).iloc[:, 0] for name, some in together.items() if some}
    return rows[[name for name in ("profile", "draw") if name in rows]].assign(**parameters)


# --- what comparisons share ------------------------------------------------------------------------------------------


def rivals(changed: pd.DataFrame) -> list[str]:
    """The families that counter-inspiration is set against: those that were run and change anything at all."""
    others = [name for name in alone(changed.columns) if name != INSPIRATION and changed[name].abs().max() > 0.0]
    return others if INSPIRATION in changed else []


def _places(changed: pd.DataFrame) -> Iterator[tuple[dict[str, Any], pd.DataFrame]]:
    """The settings of a table of changes, and the rows of each by replication and draw."""
    keys = [name for name in changed.index.names if name not in ("replication", "draw")]
    if not keys:
        yield {}, changed
        return
    for levels, some in changed.groupby(level=keys, sort=False):
        yield dict(zip(keys, levels, strict=True)), some.droplevel(keys)


def _of(changed: pd.DataFrame, place: Mapping[str, Any]) -> pd.DataFrame:
    """The rows of one place; none if it is not there."""
    return next((some for where, some in _places(changed) if where == dict(place)), changed.iloc[:0])


def _draws(plan: Plan, differences: Differences) -> Differences:
    """Means by draw; where parameters are held a replication is a draw."""
    return differences.dropna().groupby(level="replication" if held(plan) else "draw").mean()


def _share(which: "pd.Series[bool]", name: str) -> dict[str, Any]:
    count, of = int(which.sum()), len(which)
    low, high = estimates.share(count, of) if of else (np.nan, np.nan)
    return {name: count / of if of else np.nan, f"{name}_low": low, f"{name}_high": high}


def _told(plan: Plan, differences: Differences) -> dict[str, Any]:
    """Statistics of differences in points of per cent."""
    draws: npt.NDArray[Any] = differences.index.get_level_values("draw").to_numpy()
    found = estimates.estimate(differences.to_numpy(), draws, margin=100.0 * margin(plan), held=held(plan))
    return {"outcome": JUDGED_BY, "unit": "%"} | asdict(found)


def _table(
    changed: Mapping[str, pd.DataFrame],
    rows: Callable[[str, dict[str, Any], pd.DataFrame], Iterator[dict[str, Any]]],
) -> pd.DataFrame:
    """A table of comparisons, window by window, judged within each as effects are."""
    found = []
    for window, one in changed.items():
        made = pd.DataFrame([row for place, some in _places(one) for row in rows(window, place, some)])
        if len(made):
            found.append(contrasts.judged(made) if "p" in made else made)
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()
