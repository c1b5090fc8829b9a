"""Families of policy against each other, soon and late, with the loop on and cut."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from experiments import text as texts
from experiments.figures.pick import grouped, idle, profiles_of, strongest
from experiments.findings import Because, Finding, say, where
from experiments.findings import findings as of_rows
from experiments.stats import contrasts, dependence, estimates
from experiments.study import explained
from experiments.study.own_findings import large_first, tallied
from experiments.study.reporting import Folder, Plan, Tables
from experiments.study.spec import STATUS_QUO
from experiments.study.tables import costs, drawn_from, effects_of, estimated, held, policies_of, reference, runs_of
from sim.engine import parameters
from sim.engine.constants import POLICIES
from sim.scenario import Scenario
from sim.scenario.sections import policy_of

WINDOWS = {"26 weeks": (0, 26), "52 weeks": (0, 52), "5 years": (0, 260), "fifth year": (208, 260)}
"""Weeks after the start of the policies over which outcomes are means."""
SHORT, LONG = "52 weeks", "fifth year"
INSPIRATION, FINANCE = "counter_inspiration", "counter_finance"
FORCE = ("kinetic_pressure", "revenue_strikes", "decapitation")
OUTCOMES = (
    "rate", "rate_core", "rate_network", "capacity", "capacity_core", "capacity_network", "inspired", "harm",
)  # fmt: skip
JUDGED_BY = contrasts.JUDGED_BY
_COLUMNS = [*OUTCOMES[:-1], "lawful_frozen", "lawful_hindered"]
_APART = (INSPIRATION, *FORCE)  # every other policy acts on money by law
_ORDER = ["parameter", "share", "share_low", "share_high", "chance", "direction", "order", "added", "draws"]

type Levels = dict[str, Any]


def tables(plan: Plan, folder: Folder) -> dict[str, pd.DataFrame]:
    """Compute every table from the run table alone."""
    runs = runs_of(folder, plan)
    names = short_names(list(dict.fromkeys(runs["policy"])))
    seen = {window: in_window(plan, runs, window) for window in windows_of(plan, runs)}
    weighed = {window: _weighed(plan, rows, names) for window, rows in seen.items()}
    changed, core, network = (
        changes(plan, {window: rows.replace({"policy": names}) for window, rows in seen.items()}, outcome)
        for outcome in (JUDGED_BY, f"{JUDGED_BY}_core", f"{JUDGED_BY}_network")
    )
    return {
        "effects": _by_window({window: effects_of(plan, rows, OUTCOMES) for window, rows in seen.items()}, names),
        "frontier": _by_window({window: frontier for window, (frontier, _) in weighed.items()}, names),
        "breakeven": _by_window({window: ratios for window, (_, ratios) in weighed.items()}, names),
        "kiser": kiser(plan, changed),
        "turns": turns(plan, changed),
        "loop": loop(plan, changed),
        "apart": less(plan, network, core, "core"),
        "order": order(plan, changed, parameters_of(plan, folder), names),
    }


def windows_of(plan: Plan, runs: pd.DataFrame) -> list[str]:
    """The windows that the runs have."""
    beside = {week for ends in WINDOWS.values() for week in ends if f"{JUDGED_BY}_{week}" in runs}
    there = {0, plan.cells[0].scenario.report.window, *beside}
    return [window for window, ends in WINDOWS.items() if {*ends} <= there]


def in_window(plan: Plan, runs: pd.DataFrame, window: str) -> pd.DataFrame:
    """The run table with outcomes as means over one window, under their plain names.

    A later window is the difference of two means from the start: weeks 209 to 260 from those over 260 and 208 weeks.
    """
    first, last = WINDOWS[window]

    def until(weeks: int) -> pd.DataFrame:
        ending = "" if weeks == plan.cells[0].scenario.report.window else f"_{weeks}"
        return runs[[f"{name}{ending}" for name in _COLUMNS]].set_axis(_COLUMNS, axis=1)

    means = (last * until(last) - first * until(first)) / (last - first) if first else until(last)
    return runs[["replication", "draw", "error", *plan.factors]].join(means)


def short_names(policies: Sequence[str]) -> dict[str, str]:
    """Names of policies in the tables: the mix against money is `FINANCE`, if the study has one such mix."""
    money = {name: tuple(part for part in name.split("+") if part not in (*_APART, STATUS_QUO)) for name in policies}
    mixes = {parts for parts in money.values() if parts}
    if len(mixes) != 1 or len(*mixes) < 2:
        return {}
    rest = {name: [part for part in name.split("+") if part in _APART] for name in policies}
    return {name: "+".join([*rest[name], FINANCE]) for name, parts in money.items() if parts}


def alone(policies: Iterable[str]) -> list[str]:
    """The policies that are of one family, and not the status quo."""
    parts = {name: name.split("+") for name in policies if name != STATUS_QUO}
    return [name for name, some in parts.items() if len(some) == 1 or not {*some} & {*_APART, FINANCE}]


def _by_window(tables: Mapping[str, pd.DataFrame], names: Mapping[str, str]) -> pd.DataFrame:
    """One table of several windows, with the window after the settings and in the id, and short names of policies."""
    found = []
    for window, table in tables.items():
        made = table.drop(columns="window", errors="ignore")
        place = next(place for place, name in enumerate(made.columns) if name not in ("profile", "loop"))
        made.insert(place, "window", window)
        if "id" in made:
            steps = [[names.get(step, step) for step in one.split("/")] for one in made["id"]]
            made["id"] = ["/".join([*some, window]) for some in steps]
        found.append(made.replace({column: dict(names) for column in ("policy", "a", "b") if column in made}))
    return pd.concat(found, ignore_index=True)


def _weighed(plan: Plan, rows: pd.DataFrame, names: Mapping[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Frontier and break-even ratios of the families in one window, loop on."""
    short = rows["policy"].replace(names)
    rows = rows[short.isin([STATUS_QUO, *alone(short)])]
    own = effects_of(plan, rows, [JUDGED_BY, "harm"], own_units=True)
    base = {name: level for name, level in plan.study.base.items() if name not in ("policy", "intensity", "profile")}
    policies = policies_of(plan)
    frontier = contrasts.frontier(own, policies, base, ["none"])
    return frontier, contrasts.breakeven(rows, plan.factors, reference(plan), own, policies, held(plan), base, ["none"])


def changes(plan: Plan, seen: Mapping[str, pd.DataFrame], outcome: str) -> pd.DataFrame:
    """Per cent by which each policy at full strength changes an outcome, with common random numbers.

    A column a policy; rows by the settings, window, replication and draw.
    """
    keys = [*(name for name in plan.factors if name not in ("policy", "intensity")), "window", "replication", "draw"]
    found = []
    for window, rows in seen.items():
        good = strongest(rows[rows["error"].isna()]).assign(window=window)
        wide = good.set_index([*keys, "policy"])[outcome].unstack("policy")
        before = wide.pop(STATUS_QUO)
        found.append(100.0 * (wide.div(before.where(before != 0.0), axis=0) - 1.0))
    return pd.concat(found)


def kiser(plan: Plan, changed: pd.DataFrame) -> pd.DataFrame:
    """Counter-inspiration minus each other family, in per cent of the attack rate: below zero it leaves fewer attacks.

    ``fewer`` is the share of draws in which it does (of means over the seeds of a draw), with its exact interval.
    """
    rows = []
    for levels, some, rival in _pairs(changed):
        difference = (some[INSPIRATION] - some[rival]).dropna()
        about = levels | {"policy": INSPIRATION, "against": rival}
        rows.append(about | _share(_draws(plan, difference) < 0.0, "fewer") | estimated(plan, difference, JUDGED_BY))
    return contrasts.judged(pd.DataFrame(rows))


def turns(plan: Plan, changed: pd.DataFrame) -> pd.DataFrame:
    """Shares of draws by which family leaves fewer attacks soon and late.

    ``turns``: the other family soon, counter-inspiration late, as Kiser (2004) found; ``back``: the reverse.
    """
    windows, rows = changed.index.get_level_values("window"), list[Levels]()
    for levels, some, rival in _pairs(changed[windows.isin(["26 weeks", "52 weeks"])]):
        last = levels | {"window": windows[-1]}
        later = changed.xs(tuple(last.values()), level=[*last])
        soon, late = (_draws(plan, one[INSPIRATION] - one[rival]) for one in (some, later))
        rows.append(
            levels
            | {"late": windows[-1], "policy": INSPIRATION, "against": rival}
            | _share((soon > 0) & (late < 0), "turns")
            | _share((soon < 0) & (late > 0), "back")
            | _share((soon < 0) & (late < 0), "stays_inspiration")
            | _share((soon > 0) & (late > 0), "stays_rival")
        )
    return pd.DataFrame(rows)


def loop(plan: Plan, changed: pd.DataFrame) -> pd.DataFrame:
    """Addition of the loop to each policy: its effect with the loop on minus that with the loop cut."""
    if "loop" not in changed.index.names:
        return pd.DataFrame()
    on, cut = (changed[changed.index.get_level_values("loop") == level] for level in ("on", "cut"))
    return less(plan, on, cut.rename(index={"cut": "on"}, level="loop"), "loop cut")


def less(plan: Plan, changed: pd.DataFrame, other: pd.DataFrame, against: str) -> pd.DataFrame:
    """Changes by each policy minus others of the same replications."""
    rows = [
        levels | {"policy": policy, "against": against} | estimated(plan, differences.dropna(), JUDGED_BY)
        for levels, some in _places(changed - other.reindex(changed.index))
        for policy, differences in some.items()
        if differences.notna().any()
    ]
    return contrasts.judged(pd.DataFrame(rows))


def order(plan: Plan, changed: pd.DataFrame, drawn: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Drivers of counter-inspiration minus each other family, soon and late, then the parameters of largest shares.

    Direction above zero: the larger the parameter, the better for the other family. Effects of policies that are in
    neither of the two are left out. ``drawn`` are parameters by draw and profile, ``names`` the short name of each mix.
    """
    found, mixes = list[pd.DataFrame](), {short: mix for mix, short in names.items()}
    for levels, some, rival in _pairs(changed):
        if levels["window"] not in (SHORT, LONG) or levels.get("loop", "on") != "on" or held(plan):
            continue
        policies = {INSPIRATION, *mixes.get(rival, rival).split("+")}
        values = where(drawn, levels).set_index("draw").select_dtypes("number")
        able = values[[name for name in values if can_act(str(name), policies)]]
        means = _draws(plan, some[INSPIRATION] - some[rival]).rename("change").reset_index()
        rows = dependence.drivers(means.assign(id=rival), able).sort_values(["order", "share"], ascending=[True, False])
        about = pd.DataFrame([levels | {"policy": INSPIRATION, "against": rival}])
        found.append(about.merge(rows.head(dependence.MOST)[_ORDER], how="cross"))
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def can_act(parameter: str, policies: Collection[str]) -> bool:
    """Return whether a parameter matters with these policies: the effect of a policy is read only with that policy."""
    section, _, effect = parameter.rpartition(".")
    known = section != "effects" or effect == "leader_recovery"  # which dated deaths of leaders read too
    return known or policy_of(effect) in policies


def parameters_of(plan: Plan, folder: Folder) -> pd.DataFrame:
    """Return what may be a driver, by draw and profile, under declared names; parameters drawn together are one."""
    declared = {one.name: plan.declared_at[one.dimension] for group in plan.groups for one in group.ranges}
    runs = where(pd.read_parquet(folder.path / "runs.parquet"), loop="on")
    keys = [name for name in ("profile", "draw") if name in runs]
    runs = runs.drop_duplicates(keys)
    values = runs[[name for name in explained.drawn(plan) if name in runs]]
    return runs[keys].join(values.T.groupby(declared.get).first().T)


def _places(changed: pd.DataFrame) -> Iterator[tuple[Levels, pd.DataFrame]]:
    """The levels of each setting and window, and the changes there by replication and draw."""
    keys = [name for name in changed.index.names if name not in ("replication", "draw")]
    for levels, some in changed.groupby(level=keys, sort=False):
        yield dict(zip(keys, levels, strict=True)), some.droplevel(keys)


def _pairs(changed: pd.DataFrame) -> Iterator[tuple[Levels, pd.DataFrame, str]]:
    """Each place with each family that changes anything there, for counter-inspiration to be set against."""
    for levels, some in _places(changed):
        for rival in alone(some) if INSPIRATION in some else ():
            if rival != INSPIRATION and some[rival].abs().max() > 0.0:
                yield levels, some, rival


def _draws(plan: Plan, differences: "pd.Series[float]") -> "pd.Series[float]":
    """Means of differences by draw; where parameters are held a replication is a draw."""
    return differences.dropna().groupby(level="replication" if held(plan) else "draw").mean()


def _share(which: "pd.Series[bool]", name: str) -> Levels:
    """A share of draws with its exact interval; NaN without draws."""
    low, high = estimates.share(int(which.sum()), len(which)) if len(which) else (np.nan, np.nan)
    return {name: which.mean(), f"{name}_low": low, f"{name}_high": high}


def findings(plan: Plan, tables: Tables) -> list[Finding]:
    """Counter-inspiration against each other family, soon and late; whether the order turns; core against network."""
    shown, turned, apart = (tables[name] for name in ("kiser", "turns", "apart"))
    if shown.empty:
        return []
    slow, force, core = (Because(kind) for kind in ("sympathy", "force", "core"))
    shown, turned = (large_first(rows.assign(policy=rows["against"])) for rows in (shown, turned))
    turned = where(turned, window=SHORT, loop="on", policy=FINANCE).assign(draws=shown["draws"].max(), verdict="")
    turns_ = of_rows("inspiration-turn", turned, "turns", "turns")
    found = [tallied(one, part=one.median * one.draws, because=slow) for one in turns_]
    for when_, window in (("late", LONG), ("soon", SHORT)):
        for one in of_rows("inspiration-rival", where(shown, window=window, loop="on"), "kiser"):
            why = slow if one.policy == FINANCE else force
            if when_ == "late" or one.policy == FINANCE:
                found.append(tallied(one, one.policy, when_, when=when_, because=why))
    rows = where(apart, window=LONG, loop="on", against="core")
    rows = single(rows[~idle(rows)]) if len(rows) else rows
    rows = rows.sort_values("median", key=abs, ascending=False, kind="stable").drop_duplicates("profile")
    return [*found, *(tallied(one, one.policy, because=core) for one in of_rows("inspiration-core", rows, "apart"))]


def text(plan: Plan, tables: Tables) -> str:
    """Render tables and findings for the console."""
    words = ["profile", "policy", "window", "verdict", "A", "B", "effect of A on attacks"]
    parts = [say("inspiration-heading", part="families"), texts.table(families(tables["effects"]), words)]
    parts += cannot_act(tables["effects"])
    for part, sentences in sections(tables).items():
        parts += ["", say("inspiration-heading", part=part), *map(texts.paragraph, sentences)]
    if len(tables["breakeven"]):
        ratios = prices(tables["breakeven"])
        table = [texts.table(ratios, words)] if ratios["A"] else []
        note = say("inspiration-ratio", shown="yes" if table else "no")
        parts += ["", say("inspiration-heading", part="prices"), *table, texts.paragraph(note)]
        cost, note = cost_of(tables)
        parts += ["", say("inspiration-heading", part="costs")]
        parts += [texts.table(cost, [*words, "effect on attacks"]), texts.paragraph(note)]
    return "\n".join([*parts, "", *map(texts.paragraph, basis(plan))])


def sections(tables: Tables) -> dict[str, list[str]]:
    """The sentences of each part of the findings; parts without any are left out."""
    inspired = single(_late(full(tables["effects"], "inspired")))
    inspired = inspired.assign(median=inspired["mean"])  # the median of rare counts is mostly zero
    found = {
        "answers": answers(tables),
        "core": core_and_network(tables),
        "loop": _sentences(policy_findings("inspiration-loop", _late(tables["loop"]), "loop")),
        "inspired": _sentences(policy_findings("inspiration-inspired", inspired)),
        "order": drivers(tables["order"]) if len(tables["order"]) else [],
    }
    return {part: sentences for part, sentences in found.items() if sentences}


def full(effects: pd.DataFrame, outcome: str = "rate") -> pd.DataFrame:
    """Effects of policies at full strength, loop on, on one outcome."""
    return strongest(where(effects, contrast="policy", outcome=outcome, loop="on"))


def _late(rows: pd.DataFrame) -> pd.DataFrame:
    rows = where(rows, window=LONG)
    return rows[~idle(rows)] if len(rows) else rows


def _soon_and_late(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["window"].isin([SHORT, LONG])] if len(rows) else rows


def single(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of one family alone."""
    return rows[~rows["policy"].str.contains("+", regex=False)]


def _groups(rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Rows by group, in the order of the headline study; the group of a study of one has an empty name."""
    rows = grouped(rows)
    return ((name, where(rows, profile=name)) for name in profiles_of(rows))


def families(effects: pd.DataFrame) -> dict[str, list[str]]:
    """The effect of each policy alone and of all together, soon and late, where they can act, as a table."""
    rows = _soon_and_late(full(effects))
    rows = rows.assign(parts=rows["policy"].str.count(r"\+"))
    rows = rows[rows["parts"].isin([0, rows["parts"].max()]) & ~idle(rows)]
    rows = rows.sort_values(["parts", "policy"], kind="stable")
    names = [name for name in ("profile", "policy", "window") if name in rows]
    return texts.effects_cells(pd.concat([rows[:0], *(some for _, some in _groups(rows))]), names)


def policy_findings(kind: str, rows: pd.DataFrame, table: str = "effects", **more: Any) -> list[Finding]:
    """Findings on effects of policies by group, with their window and the other family in words."""
    found = []
    for _, some in _groups(rows):
        rivals = some["against"] if "against" in some else [""] * len(some)
        for one, window, rival in zip(of_rows(kind, some, table), some["window"], rivals, strict=True):
            words = {"kind": "policy", "when": when(window), "rival": texts.policy(rival)}
            found.append(replace(one, more={**words, **more}))
    return found


def _sentences(found: Sequence[Finding]) -> list[str]:
    """The sentence of each finding; a single one if draws or seeds are too few for any verdict."""
    if found and all(one.shortage for one in found):
        return [texts.capital(say("inspiration-few", **found[0].values | {"tallied": "no"}))]
    return [one.sentence() for one in found]


def when(window: str) -> str:
    """A window in a sentence."""
    return say(f"inspiration-window-{window.replace(' ', '-')}")


def cannot_act(effects: pd.DataFrame) -> list[str]:
    """Policies that change nothing at all in a group, in any window."""
    found = []
    for group, rows in _groups(full(effects)):
        still = idle(rows).groupby(rows["policy"], sort=False).all()
        if still.any():
            policies = texts.listed([*map(texts.policy, still.index[still])])
            found.append(say("inspiration-idle", group=texts.group(group), policies=policies))
    return found


def answers(tables: Tables) -> list[str]:
    """For each rival the shares of draws in all groups, then differences and order by group; the largest falls last."""
    kiser, turned = (_soon_and_late(where(tables[name], loop="on")) for name in ("kiser", "turns"))
    found: list[str] = []
    for rival in dict.fromkeys(kiser["against"]) if len(kiser) else ():
        rows, turn = where(kiser, against=rival), where(turned, against=rival, window=SHORT)
        groups = [(group, some) for group, some in _groups(rows) if len(some) == 2]
        shares = [
            say("inspiration-share", group=texts.group(group), soon=f"{soon:.0%}", late=f"{late:.0%}")
            for group, some in groups
            for soon, late in [some["fewer"]]
        ]
        found.append(say("inspiration-summary", rival=texts.policy(rival), shares=texts.listed(shares)))
        found += _sentences(policy_findings("inspiration-difference", rows, "kiser"))
        found += [order_sentence(group, rival, some["verdict"], turn) for group, some in groups]
    if not found:
        return []
    rows = grouped(_soon_and_late(single(full(tables["effects"])))).dropna(subset="median")
    largest = rows.sort_values("median", kind="stable").drop_duplicates(["profile", "window"]).sort_index()
    return [*found, *_sentences(policy_findings("inspiration-largest", largest))]


def order_sentence(group: str, rival: str, verdicts: Iterable[str], turns: pd.DataFrame) -> str:
    """The order of counter-inspiration and a rival by the verdicts soon and late; Kiser (2004) compared with money."""
    turn = where(grouped(turns), profile=group).iloc[0]
    ends = {name: [f"{turn[f'{name}{end}']:.0%}" for end in ("", "_low", "_high")] for name in ("turns", "back")}
    return say(
        "inspiration-order",
        group=texts.group(group),
        rival=texts.policy(rival),
        order="-".join(verdicts),
        kiser="no" if rival in FORCE else "yes",
        **{name: f"{share} ({low} to {high})" for name, (share, low, high) in ends.items()},
    )


def core_and_network(tables: Tables) -> list[str]:
    """The effects of counter-inspiration on core and network, then their difference, soon and late."""
    parts = pd.concat([full(tables["effects"], outcome) for outcome in ("rate_core", "rate_network")])
    both = (parts[parts["n"] > 0], where(tables["apart"], loop="on"))
    parts, apart = (where(_soon_and_late(rows), policy=INSPIRATION) for rows in both)
    found = policy_findings("inspiration-effect", parts.sort_index())
    return _sentences([*found, *policy_findings("inspiration-apart", apart, "apart")])


def prices(breakeven: pd.DataFrame) -> dict[str, list[str]]:
    """Break-even ratios of unit costs, soon and late, of pairs of which the second averts attacks, as a table."""
    rows = _soon_and_late(breakeven[breakeven["ratio"].abs() > 0.0])
    heads = {"profile": "profile", "window": "window", "a": "A", "b": "B"}
    cells = ([texts.cell(one, False) for one in rows[name]] for name in ("ratio", "ratio_low", "ratio_high"))
    usd = map(texts.cost, *(rows[name] for name in ("priced", "usd", "usd_low", "usd_high")))
    sums = zip(rows["usd_of"].fillna("").str.upper(), usd, strict=True)
    return {
        **{head: rows[name].tolist() for name, head in heads.items() if name in rows},
        "ratio of means": [f"{ratio} ({low} to {high})" for ratio, low, high in zip(*cells, strict=True)],
        "USD a year": [f"{which}: {one}" if which else one for which, one in sums],
        "effect of A on attacks": rows["verdict"].tolist(),
    }


def cost_of(tables: Tables) -> tuple[dict[str, list[str]], str]:
    """What the staff of each priced family costs, soon and late, as a table with a note."""
    return costs(_soon_and_late(tables["frontier"]), ["profile", "window", "policy"])


def drivers(rows: pd.DataFrame) -> list[str]:
    """The drivers of each order that show alone, with the share of each and its direction; or that there is none."""
    shown = rows["direction"] * (rows["direction"].abs() > 1.96 / np.sqrt(rows["draws"] - 1))
    rows = rows.assign(direction=np.sign(shown).map({1.0: "larger", -1.0: "smaller", 0.0: "none"}).fillna("product"))
    rows = rows.assign(shown=rows["order"].notna() & (rows["share_low"] > 0.0))
    for name in ("share", "share_low", "share_high", "added"):
        rows[name] = rows[name].map("{:.0%}".format)
    found = []
    for (group, window, rival), some in grouped(rows).groupby(["profile", "window", "against"], sort=False):
        each = some[some["shown"]].to_dict("records")
        names = [say("inspiration-driver", **one | {"name": texts.parameter(one["parameter"])}) for one in each]
        about: Levels = {"group": texts.group(group), "when": when(window), "rival": texts.policy(rival)}
        found.append(say("inspiration-order-depends", **about, count=len(names), names=texts.listed(names) or "none"))
    return [*found, say("inspiration-order-note", draws=int(rows["draws"].max()))]


def basis(plan: Plan) -> list[str]:
    """The basis of the numbers: effects by judgement, unequal staff, and nothing that happened later."""
    staff = {name: weeks for name, (_, weeks, _) in policies_of(plan).items()}
    left = [texts.policy(name) for name in POLICIES if name not in staff]
    money = [name for name in staff if name not in (INSPIRATION, *FORCE)]
    joint = sum(staff.pop(name) for name in money)
    staff |= {FINANCE: joint} if money else {}
    known = {row.name: row for row in parameters.table(Scenario)}
    ours = [known[f"effects.{name}"] for name in (INSPIRATION, "kinetic_pressure", "kinetic_opportunity")]
    ranges = texts.listed([f"{row.name} {row.plausible} (grade {row.grade})" for row in ours])
    each = texts.listed([f"{texts.policy(name)} {weeks:g}" for name, weeks in staff.items()])
    return [
        *([say("inspiration-finance", policies=texts.listed(money))] if money else []),
        *([say("inspiration-not-asked", policies=texts.listed(left))] if left else []),
        say("inspiration-judgement", held="yes" if held(plan) else "no", ranges=ranges),
        say("inspiration-staff", staff=each),
        say("inspiration-reading", drawn=drawn_from(plan)),
    ]
