"""What the effects of any study depend on, where they turn, which policy is least regretted, and what is worth knowing.

Every report of a study that draws parameters ends with it, that of a user's own study included: at the base levels of
the study, the switch in the status quo, and policies at full intensity by the outcome that they are judged by. What the
group chooses (`sim/parameters.csv`: role choice; factors of the study) is no driver and no axis.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from experiments import text
from experiments.figures.pick import main_arm
from experiments.findings import where
from experiments.messages import say
from experiments.stats import contrasts, decision, dependence, information
from experiments.stats.contrasts import PLACEBO, PLACEBO_NONE, judged_by
from experiments.study import tables as of_plan
from experiments.study.design import Plan
from experiments.study.parameter_sampling import declaration
from experiments.study.store import Folder
from sim.engine.parameters import CHOICE
from sim.engine.text import nearest
from sim.law import threshold_kept
from sim.plots.layout import Drawing

FULL = 200
"""Draws from which on all parameters are looked at; fewer give a hint of `hinted` ones alone."""
MEASURED = ("gifts_kept", "campaign_share")
"""Quantities of a draw beside its parameters: the share of their gifts that campaigns keep in an arm of those without
the switch, and the share of the money that arrives that they bring without it."""
_OUTCOMES = ("capacity", "rate")
_MEANS = ["campaign_given", "delivered"]
_HARMS = ("lawful_frozen", "lawful_hindered")
_SELDOM = 0.05  # share of draws in which an option is best
_PERMUTATIONS = 99


def drawn(plan: Plan) -> list[str]:
    """Return the drawn parameters that may be drivers: unknown quantities, neither chosen by the group nor varied."""
    names = dict.fromkeys(one.name for group in plan.groups for one in group.ranges)
    return [name for name in names if name not in plan.factors and _role(name) != CHOICE]


def _role(name: str) -> str:
    found = declaration(name)
    return found[0].role if found else ""


def errors_of(plan: Plan, axes: Sequence[str]) -> Iterator[str]:
    """Yield the errors of the two axes that a user asks for."""
    known = [*MEASURED, *drawn(plan)]
    if axes and of_plan.held(plan):
        yield "axes: parameters are held, so nothing turns on them; draw them (uncertain=plausible) or leave it out"
    elif axes and (len(axes) != 2 or len({*axes}) < 2):
        yield f"axes=[{','.join(axes)}]: needs two different names, such as axes=[{','.join(MEASURED)}]"
    else:
        for name in (name for name in axes if name not in known):
            chosen = name in plan.factors or _role(name) == CHOICE
            why = "is a scenario, chosen and not unknown" if chosen else "is no drawn parameter or measured quantity"
            yield f"axes: {name} {why}{'' if chosen else nearest(name, known)}"


def hinted(plan: Plan) -> list[str]:
    """Return the parameters that few draws are asked about: the gap of each coin asked for, and attacks for money."""
    shocks = [shock for cell in plan.cells for shock in cell.scenario.shocks.values() if shock.type == "switch"]
    gaps = [f"rails.{name}.gap" for name in dict.fromkeys(str(shock.rail) for shock in shocks)]
    return [name for name in (*gaps, "combat.money") if name in drawn(plan)]


class _Data(NamedTuple):
    """Runs at the base levels, the drawn parameters of each profile by draw, and the effects of interest by draw."""

    runs: pd.DataFrame
    known: dict[str, pd.DataFrame]
    changes: pd.DataFrame


def _read(plan: Plan, folder: Folder) -> _Data:
    file, reference, names = folder.path / "runs.parquet", of_plan.reference(plan), drawn(plan)
    own = {"replication", "draw", "error", *plan.factors, *_OUTCOMES, *_MEANS, *_HARMS}
    whole = pq.read_table(file, columns=[one for one in pq.read_schema(file).names if one in {*own, *names}])
    runs = whole.select([one for one in whole.column_names if one in own]).to_pandas()
    runs, base = runs[runs["error"].isna()], of_plan.base_of(plan)
    for name in plan.factors:
        if name in runs and name not in ("arm", "policy", "intensity", "profile"):
            there = where(runs, {name: base[name]}) if name in base else runs.iloc[:0]
            runs = there if len(there) else where(runs, {name: runs[name].iloc[0]}) if len(runs) else runs
    if "intensity" in runs and "policy" in runs:
        most = runs.groupby("policy")["intensity"].transform("max")
        runs = runs[(runs["intensity"] == most) | (runs["policy"] == reference["policy"])]
    runs = runs[~runs["arm"].isin((PLACEBO, PLACEBO_NONE))] if "arm" in runs else runs
    quo = where(runs, policy=reference["policy"])
    values = whole.select([name for name in names if name in whole.column_names]).take(quo.index.to_numpy()).to_pandas()
    values = values.set_axis(quo.index).join(quo[[name for name in ("profile", "draw") if name in quo]])
    known = {name: some.groupby("draw")[values.columns.intersection(names)].first() for name, some in _by(values)}
    return _Data(runs, known, _changes(plan, runs))


def _changes(plan: Plan, runs: pd.DataFrame) -> pd.DataFrame:
    """The switch in the status quo and policies, each by the outcome that it is judged by, by draw."""
    agencies, reference = of_plan.agencies_of(plan), of_plan.reference(plan)
    parts: list[pd.DataFrame] = []
    judged = {policy: judged_by(policy, agencies) for policy in runs.get("policy", pd.Series()).unique()}
    for outcome in _OUTCOMES:
        found = contrasts.by_draw(runs, plan.factors, reference, outcome)
        if len(found):
            switch = (found["contrast"] == "switch") & (found["policy"] == reference["policy"])
            policy = (found["contrast"] == "policy") & (found["policy"].map(judged) == outcome)
            parts.append(found[policy | switch & (outcome == _OUTCOMES[0])])
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _measured(runs: pd.DataFrame, arm: str, reference: Mapping[str, Any]) -> pd.DataFrame:
    """The measured quantities of each draw of one group in one arm."""
    quo = where(runs, policy=reference["policy"])
    with_, without = (where(quo, arm=one).groupby("draw")[_MEANS].mean() for one in (arm, reference["arm"]))
    kept = (with_["campaign_given"] / without["campaign_given"]).rename("gifts_kept")
    share = (without["campaign_given"] / without["delivered"]).clip(upper=1.0).rename("campaign_share")
    return pd.concat([kept, share], axis=1)


def beside(
    plan: Plan, folder: Folder, reported: Mapping[str, pd.DataFrame], axes: Sequence[str] = ()
) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Return the tables of a report with those that explain it, and lines that say so; its own tables come first."""
    found = tables(plan, folder, reported, axes)
    every = {**reported, **found}
    if {"drivers", "effects"} <= every.keys():
        every["effects"] = depends_on(every["effects"], found["drivers"])
    lines = sentences(plan, found)
    return every, ["", *map(text.folded, lines)] if lines else []


def tables(
    plan: Plan, folder: Folder, reported: Mapping[str, pd.DataFrame], axes: Sequence[str] = ()
) -> dict[str, pd.DataFrame]:
    """Return the tables by name; none if parameters are held or nothing is compared.

    *drivers*, *turning* and *boxes* are those of `experiments.stats.dependence` with the identity of the effect;
    *turning_draws* are the draws on the map of each switch effect. *regret* and *choice* are those of
    `experiments.stats.decision`, unless the report has them; *value* is that of `experiments.stats.information`.
    """
    compared = any(len({cell.levels.get(name) for cell in plan.cells}) > 1 for name in ("arm", "policy"))
    if of_plan.held(plan) or not compared:
        return {}
    data = _read(plan, folder)
    if data.changes.empty:
        return {}
    reference, margin = of_plan.reference(plan), 100.0 * of_plan.margin(plan)
    found: dict[str, list[pd.DataFrame]] = {name: [] for name in ("drivers", "turning", "turning_draws", "boxes")}
    for profile, changes in _by(data.changes):
        runs = where(data.runs, profile=profile) if profile else data.runs
        known = data.known[profile]
        many = changes.groupby("id")["draw"].transform("nunique") >= FULL
        for some, columns, hint in ((changes[many], [*known], "no"), (changes[~many], hinted(plan), "yes")):
            if some.empty or not columns:
                continue
            drivers = dependence.drivers(some, known[columns], margin)
            found["drivers"].append(drivers.assign(kind="parameter", hint=hint))
            boxes = dependence.boxes(some, known[columns], margin, drivers)
            found["boxes"].append(boxes.assign(hint=hint))
            for arm, own in _by(some, "arm"):
                about = known.join(_measured(runs, arm, reference))
                measured = dependence.drivers(own, about[[*MEASURED]], margin)
                found["drivers"].append(measured.assign(kind="measured", hint=hint))
                for one, pair in _axes_of(own, drivers, axes, hint == "yes"):
                    turning = dependence.turning(one, about, pair, margin).assign(hint=hint)
                    found["turning"].append(_with_law(turning, one, about))
                    if one["contrast"].iloc[0] == "switch":
                        found["turning_draws"].append(_draws_on(one, about, pair, margin))
    identity = data.changes.drop_duplicates("id")[_identity(data.changes)]
    made = {name: identity.merge(pd.concat(some), on="id") for name, some in found.items() if some}
    averted = _averted(plan, data)
    if not {*decision.TABLES} <= reported.keys() and len(averted):
        found_of = decision.regret(averted), decision.choice(averted, margin=margin / 100.0)
        made |= dict(zip(decision.TABLES, found_of, strict=True))
    if "drivers" in made:
        rows = made["drivers"]
        beyond = (rows[["share", "word_share"]].max(axis=1) > rows["chance"]) | rows["order"].notna()
        made["drivers"] = rows[beyond | (rows["kind"] == "measured") | (rows["hint"] == "yes")]
    return made | {"value": value} if len(value := _value(plan, data, averted)) else made


def _by(rows: pd.DataFrame, column: str = "profile") -> Iterator[tuple[str, pd.DataFrame]]:
    """Rows by a column, or all of them if there is none."""
    if column in rows:
        yield from ((str(level), some) for level, some in rows.groupby(column, sort=False))
    elif len(rows):
        yield "", rows


def _identity(changes: pd.DataFrame) -> list[str]:
    names = [str(name) for name in changes]
    return names[: names.index("outcome") + 1]


def _axes_of(
    changes: pd.DataFrame, drivers: pd.DataFrame, axes: Sequence[str], few: bool
) -> Iterator[tuple[pd.DataFrame, Sequence[str]]]:
    """Effects and their axes: those asked for, else the measured ones of the switch, else the two strongest drivers."""
    if axes:
        yield changes, axes
        return
    switch = changes["contrast"] == "switch"
    if switch.any():
        yield changes[switch], MEASURED
    strongest = drivers.dropna(subset="order").sort_values("order").groupby("id")["parameter"]
    for id_, one in changes[~switch & (not few)].groupby("id", sort=False):
        if id_ in strongest.groups:
            names = [*dict.fromkeys(" x ".join(strongest.get_group(id_)).split(" x "))]
            yield one, names[:2]


def _draws_on(changes: pd.DataFrame, about: pd.DataFrame, axes: Sequence[str], margin: float) -> pd.DataFrame:
    """The draws of effects on the map of two axes, with the word of each."""
    places = about[[*axes]].set_axis(["x", "y"], axis=1)
    found = changes[["id", "draw", "change"]].merge(places, left_on="draw", right_index=True)
    return found.assign(word=dependence.words_of(found["change"].to_numpy(), margin))


def _with_law(turning: pd.DataFrame, changes: pd.DataFrame, about: pd.DataFrame) -> pd.DataFrame:
    """The table with what the closed form of the switch says of each level, where the axes are the measured ones.

    ``law``: the share of their gifts that campaigns must keep (`sim.law.threshold_kept`, nothing frozen), median and
    95 % of draws; ``law_right``: the share of draws on the right side of their own.
    """
    if "combat.money" not in about or set(turning["x"]) != {MEASURED[0]} or set(turning["y"]) != {MEASURED[1]}:
        return turning
    rows = []
    for id_, level in zip(turning["id"], turning["level"], strict=True):
        own = changes[changes["id"] == id_].set_index("draw")["change"]
        known = about.loc[own.index].replace([np.inf, -np.inf], np.nan).dropna(subset=[*MEASURED])
        share, money = (known[name].to_numpy() for name in (MEASURED[1], "combat.money"))
        least = np.asarray(threshold_kept(share, money, change=level / 100.0))
        expected = np.where(np.isnan(least), level < 0.0, known[MEASURED[0]] > least)
        ends = np.nanquantile(least, (0.5, 0.025, 0.975)) if np.isfinite(least).any() else (np.nan,) * 3
        right = (expected == (own[known.index] > level)).mean()
        rows.append((*ends, right))
    law = pd.DataFrame(rows, turning.index, columns=["law", "law_low", "law_high", "law_right"])
    return turning.join(law)


def _averted(plan: Plan, data: _Data) -> pd.DataFrame:
    """What each policy averts and hinders by draw and seed; empty if none is compared."""
    policies = "policy" in plan.factors and (data.changes["contrast"] == "policy").any()
    return of_plan.utilities_of(plan, data.runs) if policies else pd.DataFrame()


def _value(plan: Plan, data: _Data, averted: pd.DataFrame) -> pd.DataFrame:
    """The value of knowing each parameter or measured quantity, for the verdict on each switch and for each choice.

    The switch is that in which donors choose, or the first there is. A choice is among policies without force, without
    a switch; those that are best in few draws are left out.
    """
    parts, none = [], of_plan.reference(plan)["arm"]
    switches = where(data.changes, contrast="switch")
    arm = main_arm([*dict.fromkeys(switches["arm"]), none])
    for profile, own in _by(where(switches, arm=arm)):
        if own["draw"].nunique() >= FULL:
            runs = where(data.runs, profile=profile) if profile else data.runs
            known = data.known[profile].join(_measured(runs, arm, of_plan.reference(plan)))
            words = information.words_of(own, 100.0 * of_plan.margin(plan))
            known = known.replace([np.inf, -np.inf], np.nan)
            found = information.value_of_information(words, known, permutations=_PERMUTATIONS)
            parts.append(found.assign(about="verdict", profile=profile, arm=arm))
    some = averted[~averted["agency"].str.contains(decision.FORCE)] if len(averted) else averted
    for profile, own in _by(where(some, arm=none)):
        wide = own.pivot_table("averted", ["draw", "seed"], ["policy", "intensity"]).dropna()
        best = wide.groupby("draw").mean().to_numpy().argmax(axis=1)
        often = np.bincount(best, minlength=wide.shape[1]) >= _SELDOM * len(best)
        often[wide.mean().argmax()] = True
        if len(best) >= FULL:
            options = wide.loc[:, often].set_axis(range(int(often.sum())), axis=1)
            found = information.value_of_information(options, data.known[profile], permutations=_PERMUTATIONS)
            parts.append(found.assign(about="policy", profile=profile, arm=none))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def depends_on(effects: pd.DataFrame, drivers: pd.DataFrame) -> pd.DataFrame:
    """Return an effects table with the two strongest drivers of each effect in words, ``depends_on``."""
    some = drivers[(drivers["kind"] == "parameter") & drivers["order"].notna()].sort_values("order")
    words = {id_: text.listed([*map(text.parameter, one)][:2]) for id_, one in some.groupby("id")["parameter"]}
    return effects.assign(depends_on=[words.get(id_, "") for id_ in effects["id"]])


def sentences(plan: Plan, found: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return sentences on what each switch effect turns on, on the choice of policy, and on what is worth knowing."""
    lines = [say("explained-turns", **row) for row in switches(found)]
    if len(choice := found.get(decision.TABLES[1], pd.DataFrame())):
        lines.append(_choice(choice, of_plan.reference(plan)["arm"]))
    return lines + _worth_knowing(plan, found["value"]) if "value" in found else lines


def _worth_knowing(plan: Plan, value: pd.DataFrame) -> list[str]:
    """A sentence for the groups of which the same is worth knowing, on the verdict and on the choice."""
    asked = [name.replace(".gap", ".traceability.link") for name in hinted(plan) if name.endswith(".gap")]
    alike: dict[tuple[str, str], list[str]] = {}
    for (about, profile), rows in value[value["evpi"] > 0.0].groupby(["about", "profile"], sort=False):
        words = information.what_to_measure(rows, asked if about == "verdict" else (), text.parameter)
        alike.setdefault((about, words[:1].lower() + words[1:]), []).append(text.group(str(profile)))
    return [
        say("explained-value", about=about, group=text.listed(groups), words=words)
        for (about, words), groups in alike.items()
    ]


def _choice(choice: pd.DataFrame, none: str) -> str:
    """The sentence on the choice of least regret in nine of ten draws, without force if some policies are without."""
    civil = choice["among"] == "without_force"
    rows = where(choice[civil if civil.any() else ~civil], criterion="quantile", price=0, turns="no")
    changed = rows[rows.get("changes", pd.Series("no", rows.index)) == "yes"]
    items = [
        say("explained-choice-item", policy=text.policy(row["policy"]), group=text.group(str(row.get("profile") or "")),
            regret=text.short(float(f"{row['regret']:.2g}")))
        for row in where(rows, arm=none).to_dict("records")
    ]  # fmt: skip
    groups = text.listed([text.group(str(name)) for name in dict.fromkeys(changed.get("profile", pd.Series()))])
    force = "no" if civil.any() else "yes"
    return say("explained-choice", force=force, items="; ".join(items), count=len(changed), groups=groups or "none")


def switches(found: Mapping[str, pd.DataFrame]) -> list[dict[str, Any]]:
    """Return the values of the sentence on each group's switch: where donors choose, or in the first arm there is."""
    if "turning" not in found or "drivers" not in found:
        return []
    rows, drivers = where(found["turning"], contrast="switch"), found["drivers"]
    if rows.empty:
        return []
    rows = where(rows, arm=main_arm(list(dict.fromkeys(rows["arm"]))))
    return [
        {"group": text.group(str(some["profile"].iloc[0]) if "profile" in some else ""), "id": str(id_)}
        | {"hint": some["hint"].iloc[0], "draws": int(drivers.loc[drivers["id"] == id_, "draws"].max())}
        | _driven(drivers[drivers["id"] == id_])
        | turn_of(some)
        for id_, some in rows.groupby("id", sort=False)
    ]


def _driven(rows: pd.DataFrame) -> dict[str, Any]:
    """The two strongest parameters of an effect, the share that all explain, and the strongest measured quantity."""
    some = rows[(rows["kind"] == "parameter") & rows["order"].notna()].sort_values("order")
    names = [text.parameter(name) for name in some["parameter"]]
    share = float(some["together"].iloc[0]) if names else 0.0
    about = {"first": names[0] if names else "none", "drivers": text.listed(names[:2]) or "none"}
    return about | {"count": len(names), "together": text.share(round(share, 2))}


def turn_of(rows: pd.DataFrame) -> dict[str, Any]:
    """Return where an effect turns, as values of a message, from its rows of `experiments.stats.dependence.turning`.

    ``turn``: sign (it turns), falls or rises (beyond the margin, the sign staying), none (no line tells draws apart),
    or within (no draw leaves the margin).
    """
    zero, low, high = rows.sort_values("level").iloc[[1, 0, 2]].to_dict("records")
    falls, rises = 1.0 - low["above"], high["above"]
    about = {"falls": text.share(round(falls, 3)), "rises": text.share(round(rises, 3))}
    about |= {"fall": "yes" if falls else "no", "rise": "yes" if rises else "no"}
    if not falls and not rises:
        return about | {"turn": "within"}
    for turn, row in (("sign", zero), ("falls", low), ("rises", high)):
        side = max(("x", "y"), key=lambda axis: np.nan_to_num(row[f"{axis}_right"]))
        if dependence.tells_apart(row[f"{side}_right"], row["majority"]):
            at, ends = row[f"{side}_at"], [row[f"{side}_low"], row[f"{side}_high"]]
            quantity = str(row[side])
            measured = quantity in MEASURED
            first, *last = (text.share(round(one, 2)) if measured else text.short(one) for one in (at, *ends))
            more = bool(row[f"{side}_rises"]) == (turn != "falls")
            place = {"axis": quantity.replace("_", "-"), "name": text.parameter(quantity), "at": first}
            place |= {"side": "sign" if turn == "sign" else "more" if more else "less", "low": last[0], "high": last[1]}
            return about | place | {"turn": turn, "right": text.share(round(row[f"{side}_right"], 2))}
    return about | {"turn": "none"}


def figures(plan: Plan, found: Mapping[str, pd.DataFrame]) -> dict[str, Drawing]:
    """Return the drivers of each group's switch effect, and its draws on the map of two axes with the line."""
    from experiments.figures import turning

    if "turning_draws" not in found or "drivers" not in found:
        return {}
    about = turning.Switches(switches(found), *(found[name] for name in ("drivers", "turning", "turning_draws")))
    return {"drivers": partial(turning.drivers, about), "turning": partial(turning.turning, about)}
