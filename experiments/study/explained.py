"""What the effects of any study depend on, where they turn, which policy is least regretted, and what is worth knowing.

Every report of a study that draws parameters ends with it, that of a user's own study included: at the base levels of
the study, the switch in the status quo and policies at full intensity, by the attack rate. What the
group chooses (`sim/parameters.csv`: role choice; factors of the study) is no driver and no axis.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from experiments import text
from experiments.figures.pick import main_arm
from experiments.findings import where
from experiments.messages import say
from experiments.stats import contrasts, decision, dependence, information
from experiments.stats.contrasts import PLACEBO, PLACEBO_NONE
from experiments.stats.estimates import DEPENDS
from experiments.study import tables as of_plan
from experiments.study.design import Plan
from experiments.study.executors import Submit
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
_MEANS = ["campaign_given", "delivered"]
_HARMS = ("lawful_frozen", "lawful_hindered")
_SELDOM = 0.05  # share of draws in which an option is best
_SURE = 0.9  # density of a box that is named
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
            why = f"is no drawn parameter or measured quantity{nearest(name, known)}"
            why = "is not drawn here: give it a range in extra_ranges of the study's file" if declaration(name) else why
            chosen = name in plan.factors or _role(name) == CHOICE
            yield f"axes: {name} {'is a scenario, chosen and not unknown' if chosen else why}"


def hinted(plan: Plan) -> list[str]:
    """Return the parameters that few draws are asked about: the gap of each coin asked for, and attacks for money."""
    shocks = [shock for cell in plan.cells for shock in cell.scenario.shocks.values() if shock.type == "switch"]
    gaps = [f"rails.{name}.gap" for name in dict.fromkeys(str(shock.rail) for shock in shocks)]
    return [name for name in (*gaps, "combat.money") if name in drawn(plan)]


def _read(plan: Plan, folder: Folder) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Runs at the base levels, and the drawn parameters of each profile by draw."""
    file, reference, names = folder.path / "runs.parquet", of_plan.reference(plan), drawn(plan)
    own = {"replication", "draw", "error", *plan.factors, contrasts.JUDGED_BY, *_MEANS, *_HARMS}
    whole = pq.read_table(file, columns=[one for one in pq.read_schema(file).names if one in {*own, *names}])
    runs = whole.select([one for one in whole.column_names if one in own]).to_pandas()
    runs = at_base(plan, runs)
    quo = where(runs, policy=reference["policy"])
    values = whole.select([name for name in names if name in whole.column_names]).take(quo.index.to_numpy()).to_pandas()
    values = values.set_axis(quo.index).join(quo[[name for name in ("profile", "draw") if name in quo]])
    known = {name: some.groupby("draw")[values.columns.intersection(names)].first() for name, some in _by(values)}
    return runs, {name: some.loc[~of_plan.rows_of(plan, some.index).duplicated()] for name, some in known.items()}


def at_levels(plan: Plan, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of runs at the base level of each setting of a study, the first where it names none."""
    base = of_plan.base_of(plan)
    for name in plan.factors:
        if name in rows and name not in ("arm", "policy", "intensity", "profile") and len(rows):
            there = where(rows, {name: base[name]}) if name in base else rows.iloc[:0]
            rows = there if len(there) else where(rows, {name: rows[name].iloc[0]})
    return rows


def at_base(plan: Plan, runs: pd.DataFrame) -> pd.DataFrame:
    """Return the finished runs at the base levels of a study, policies at full intensity; none of a placebo."""
    runs = at_levels(plan, runs[runs["error"].isna()])
    if "intensity" in runs and "policy" in runs:
        most = runs.groupby("policy")["intensity"].transform("max")
        runs = runs[(runs["intensity"] == most) | (runs["policy"] == of_plan.reference(plan)["policy"])]
    return runs[~runs["arm"].isin((PLACEBO, PLACEBO_NONE))] if "arm" in runs else runs


def _changes(plan: Plan, runs: pd.DataFrame) -> pd.DataFrame:
    """The switch in the status quo and policies, by draw and seed."""
    reference = of_plan.reference(plan)
    found = contrasts.by_draw(runs, plan.factors, reference, contrasts.JUDGED_BY, by_seed=True)
    if found.empty:
        return found
    switch = (found["contrast"] == "switch") & (found["policy"] == reference["policy"])
    return found[switch | (found["contrast"] == "policy")].reset_index(drop=True)


def _by_draw(pairs: pd.DataFrame) -> pd.DataFrame:
    """Effects by draw from those of its pairs of runs."""
    means = pairs.groupby(["id", "draw"])["change"].transform("mean")
    return pairs.assign(change=means).drop_duplicates(["id", "draw"], ignore_index=True)


def _measured(runs: pd.DataFrame, arm: str, reference: Mapping[str, Any]) -> pd.DataFrame:
    """The measured quantities of each draw of one group in one arm, by its first seed."""
    quo = where(
        runs[runs["replication"] == runs.groupby("draw")["replication"].transform("min")], policy=reference["policy"]
    )
    with_, without = (where(quo, arm=one).groupby("draw")[_MEANS].mean() for one in (arm, reference["arm"]))
    kept = (with_["campaign_given"] / without["campaign_given"]).rename("gifts_kept")
    share = (without["campaign_given"] / without["delivered"]).clip(upper=1.0).rename("campaign_share")
    return pd.concat([kept, share], axis=1)


def beside(
    plan: Plan, folder: Folder, reported: Mapping[str, pd.DataFrame], axes: Sequence[str] = (), submit: Submit = partial
) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Return the tables of a report with those that explain it, and lines that say so; its own tables come first.

    ``submit`` begins what can be worked out meanwhile (`experiments.study.executors.helper`).
    """
    found = tables(plan, folder, reported, axes, submit)
    every = {**reported, **{name: table for name, table in found.items() if name not in reported}}
    if "drivers" in found and "effects" in every:
        every["effects"] = depends_on(every["effects"], found["drivers"])
    lines = sentences(plan, found)
    return every, ["", *map(text.folded, lines)] if lines else []


def tables(
    plan: Plan, folder: Folder, reported: Mapping[str, pd.DataFrame], axes: Sequence[str] = (), submit: Submit = partial
) -> dict[str, pd.DataFrame]:
    """Return the tables by name; none if parameters are held or nothing is compared.

    *drivers*, *turning* and *boxes* are those of `experiments.stats.dependence` with the identity of the effect;
    *turning_draws* are the draws on the map of each switch effect. Measured quantities are those of the first seed of a
    draw, and the effect that they explain that of its other seeds: otherwise both share their noise, and the quantities
    explain it. *regret* and *choice* are those of
    `experiments.stats.decision`, unless the report has them; *value* is that of `experiments.stats.information`.
    """
    compared = any(len({cell.levels.get(name) for cell in plan.cells}) > 1 for name in ("arm", "policy"))
    runs, every = _read(plan, folder) if compared and not of_plan.held(plan) else (pd.DataFrame(), {})
    pairs = _changes(plan, runs) if every else pd.DataFrame()
    if pairs.empty:
        return {}
    changes_of, later = _by_draw(pairs), pairs[pairs["seed"] > 0]
    apart = _by_draw(later) if later["draw"].nunique() == pairs["draw"].nunique() else changes_of
    reference, margin = of_plan.reference(plan), 100.0 * of_plan.margin(plan)
    policies = "policy" in plan.factors and (changes_of["contrast"] == "policy").any()
    averted = of_plan.utilities_of(plan, runs) if policies else pd.DataFrame()
    values, both = _value(plan, runs, every, pairs, averted, submit), []
    if policies and not {*decision.TABLES} <= reported.keys():
        both = [submit(decision.regret, averted), submit(partial(decision.choice, averted, margin=margin / 100.0))]
    found: dict[str, list[pd.DataFrame]] = {name: [] for name in ("drivers", "turning", "turning_draws", "boxes")}
    for profile, changes in _by(changes_of):
        known = every[profile]
        many = changes.groupby("id")["draw"].transform("nunique") >= FULL
        for some, columns, hint in ((changes[many], [*known], "no"), (changes[~many], hinted(plan), "yes")):
            if some.empty or not columns:
                continue
            drivers = dependence.drivers(some, known[columns], margin)
            strong = drivers[["share", "word_share"]].max(axis=1) > drivers["chance"]
            shown = drivers[strong | drivers["order"].notna() | (hint == "yes")]
            found["drivers"].append(shown.assign(kind="parameter", hint=hint))
            boxes = dependence.boxes(some, known[columns], margin, drivers)
            found["boxes"].append(boxes.assign(hint=hint))
            for arm, own in _by(some, "arm"):
                about = known.join(_measured(where(runs, profile=profile), arm, reference))
                others = apart[apart["id"].isin(own["id"])]
                measured = dependence.drivers(others, about[[*MEASURED]], margin)
                found["drivers"].append(measured.assign(kind="measured", hint=hint))
                for ids, pair in _axes_of(own, drivers, axes, hint == "yes"):
                    one = others if {*pair} & {*MEASURED} else own
                    one = one[one["id"].isin(ids)]
                    turning = dependence.turning(one, about, pair, margin).assign(hint=hint)
                    found["turning"].append(_with_law(turning, one, about))
                    if len(switch := where(one, contrast="switch")):
                        found["turning_draws"].append(_draws_on(switch, about, pair, margin))
    columns = [str(name) for name in changes_of]
    identity = changes_of.drop_duplicates("id")[columns[: columns.index("outcome") + 1]]
    made = {name: identity.merge(pd.concat(some), on="id") for name, some in found.items() if some}
    made |= {name: result() for name, result in zip(decision.TABLES, both, strict=False)}
    return made | {"value": value} if len(value := values()) else made


def _by(rows: pd.DataFrame, column: str = "profile") -> Iterator[tuple[str, pd.DataFrame]]:
    """Rows by a column, or all of them if there is none."""
    if column in rows:
        yield from ((str(level), some) for level, some in rows.groupby(column, sort=False))
    elif len(rows):
        yield "", rows


def _axes_of(
    changes: pd.DataFrame, drivers: pd.DataFrame, axes: Sequence[str], few: bool
) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Ids of effects and their axes: those asked for, else the measured ones of the switch, else the two drivers."""
    every = changes.drop_duplicates("id")
    if axes:
        yield [*every["id"]], axes
        return
    switch = every["contrast"] == "switch"
    yield [*every["id"][switch]], MEASURED
    strongest = drivers.dropna(subset="order").sort_values("order").groupby("id")["parameter"]
    for id_ in every["id"][~switch & (not few)]:
        if id_ in strongest.groups:
            yield [id_], [*dict.fromkeys(" x ".join(strongest.get_group(id_)).split(" x "))][:2]


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
        known = dependence.numbers(about.loc[about.index.intersection(own.index)]).dropna(subset=[*MEASURED])
        share, money = (known[name].to_numpy() for name in (MEASURED[1], "combat.money"))
        least = np.asarray(threshold_kept(share, money, change=level / 100.0))
        expected = np.where(np.isnan(least), level < 0.0, known[MEASURED[0]] > least)
        ends = np.nanquantile(least, (0.5, 0.025, 0.975)) if np.isfinite(least).any() else (np.nan,) * 3
        right = (expected == (own[known.index] > level)).mean()
        rows.append((*ends, right))
    law = pd.DataFrame(rows, turning.index, columns=["law", "law_low", "law_high", "law_right"])
    return turning.join(law)


def _value(
    plan: Plan, runs: pd.DataFrame, known: Mapping[str, pd.DataFrame], pairs: pd.DataFrame, averted: pd.DataFrame,
    submit: Submit,
) -> Callable[[], pd.DataFrame]:  # fmt: skip
    """Begin to value knowing each parameter or measured quantity, for the verdict on each switch and for each choice.

    The switch is that in which donors choose, or the first there is. A choice is among policies without force, without
    a switch; those that are best in few draws are left out.
    """
    asked: list[tuple[str, str, str, pd.DataFrame, pd.DataFrame]] = []
    none, switches = of_plan.reference(plan)["arm"], where(pairs, contrast="switch")
    arm = main_arm([*dict.fromkeys(switches["arm"]), none])
    for profile, own in _by(where(switches, arm=arm)):
        about = known[profile].join(_measured(where(runs, profile=profile), arm, of_plan.reference(plan)))
        words = information.words_of(own, 100.0 * of_plan.margin(plan))
        asked.append(("verdict", profile, arm, words, about))
    some = averted[~averted["agency"].str.contains(decision.FORCE)] if len(averted) else averted
    for profile, own in _by(where(some, arm=none)):
        wide = own.pivot_table("averted", ["draw", "seed"], ["policy", "intensity"]).dropna()
        best = wide.groupby("draw").mean().to_numpy().argmax(axis=1)
        often = np.bincount(best, minlength=wide.shape[1]) >= _SELDOM * len(best)
        often[wide.mean().argmax()] = True
        options = wide.loc[:, often].set_axis(range(int(often.sum())), axis=1)
        asked.append(("policy", profile, none, options, known[profile]))
    parts = [
        (submit(information.value_of_information, options, draws, _PERMUTATIONS), what)
        for *what, options, draws in asked
        if options.index.get_level_values("draw").nunique() >= FULL
    ]

    def together() -> pd.DataFrame:
        found = [part().assign(**dict(zip(("about", "profile", "arm"), what, strict=True))) for part, what in parts]
        return pd.concat(found, ignore_index=True) if found else pd.DataFrame()

    return together


def depends_on(effects: pd.DataFrame, drivers: pd.DataFrame) -> pd.DataFrame:
    """Return an effects table with the names of the two strongest drivers of each effect, ``depends_on``."""
    some = drivers[(drivers["kind"] == "parameter") & drivers["order"].notna()].sort_values("order")
    names = some.groupby("id")["parameter"].agg(lambda one: ", ".join(one.head(2))).to_dict()
    depends = effects["verdict"] == DEPENDS
    return effects.assign(depends_on=[names.get(id_, "") for id_ in effects["id"].where(depends)])


def sentences(plan: Plan, found: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return sentences on what each switch effect turns on, on the choice of policy, and on what is worth knowing."""
    lines = turns_in_words(found, plan.only_group)
    if len(choice := found.get(decision.TABLES[1], pd.DataFrame())):
        without = where(choice, arm=of_plan.reference(plan)["arm"])
        lines += [say("choice-by"), *decision.in_words(without, of_plan.margin(plan))]
        lines += [decision.changes_in_words(choice, "switch")] if "changes" in choice else []
    asked = [name.replace(".gap", ".traceability.link") for name in hinted(plan) if name.endswith(".gap")]
    return lines + (
        open_in_words(found["value"], asked, of_plan.margin(plan), plan.only_group) if "value" in found else []
    )


def turns_in_words(found: Mapping[str, pd.DataFrame], alone: str = "") -> list[str]:
    """Return the sentences on what each group's switch effect depends on; ``alone``: the only group of a study."""
    return [f"{say('explained-drivers', **row)} {say('explained-turn', **row)}" for row in switches(found, alone)]


def open_in_words(value: pd.DataFrame, asked: Sequence[str], margin: float, alone: str = "") -> list[str]:
    """Return the sentences on what is open and what knowing parameters, those asked about among them, settles of it.

    ``alone``: the only group of a study.
    """
    alike: dict[tuple[str, str], list[str]] = {}
    for (about, profile), rows in value[value["evpi"] > 0.0].groupby(["about", "profile"], sort=False):
        words = information.what_to_measure(rows, asked if about == "verdict" else (), text.parameter)
        alike.setdefault((about, words), []).append(text.group(str(profile) or alone, hypothetical=True))
    return [
        f"{say('explained-open', about=about, group=text.listed(groups), margin=text.share(margin))} {words}"
        for (about, words), groups in alike.items()
    ]


def switches(found: Mapping[str, pd.DataFrame], alone: str = "") -> list[dict[str, Any]]:
    """Return the values of the sentences on each group's switch, those of `turns` in words; ``alone`` as above."""
    return [
        in_words(one) | {"id": one["id"], "group": text.group(one["group"] or alone, hypothetical=True)}
        for one in turns(found)
    ]


def in_words(turn: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of `turns` as those of its messages."""

    def amount(value: float) -> str:
        return text.share(round(value, 2)) if turn["axis"] in MEASURED else text.short(value)

    names = [*map(text.parameter, turn.get("drivers", ())), "none", "none"]
    places = [
        say("explained-limit", name=text.parameter(name), over="yes" if sign == ">" else "no", at=at)
        for name, sign, at in turn.get("box", ())
    ]
    shares = {name: text.share(turn[name]) for name in ("falls", "rises", "margin", "together") if name in turn}
    shares |= {name: text.share(turn[name]) for name in ("right", "majority", "density", "coverage") if name in turn}
    found = {"right": "none", "word": "none", **shares} | {
        name: turn[name] for name in ("hint", "draws", "turn", "word", "side") if name in turn
    }
    if "axis" in turn:
        found |= {name: amount(turn[name]) for name in ("at", "low", "high")}
        found |= {"axis": turn["axis"].replace("_", "-"), "name": text.parameter(turn["axis"])}
    found |= {"first": names[0], "second": names[1], "count": len(turn.get("drivers", ()))}
    return found | {"box": text.listed(places) or "none"}


def turns(found: Mapping[str, pd.DataFrame]) -> list[dict[str, Any]]:
    """Return what each group's switch depends on, where donors choose or in the first arm there is; names as in conf/.

    Each has ``id`` of the effect, ``group``, ``hint`` (yes: of few draws), ``draws``, ``drivers``, the share of the
    variation that they explain ``together``, and the values of `turn_of` and of the box that holds most draws.
    """
    rows = where(found.get("turning", pd.DataFrame()), contrast="switch")
    if rows.empty:
        return []
    every = []
    for id_, some in where(rows, arm=main_arm(list(dict.fromkeys(rows["arm"])))).groupby("id", sort=False):
        drivers = where(found["drivers"], id=id_)
        strongest = where(drivers, kind="parameter").dropna(subset="order").sort_values("order")
        about: dict[str, Any] = {"id": str(id_), "group": str(some["profile"].iloc[0]) if "profile" in some else ""}
        about |= {"hint": str(some["hint"].iloc[0]), "draws": int(drivers["draws"].max())}
        about |= {
            "drivers": [*strongest["parameter"]],
            "together": round(float(np.nan_to_num(strongest["together"].max())), 2),
        }
        every.append(about | turn_of(some) | _box(where(found["boxes"], id=id_)))
    return every


def _box(boxes: pd.DataFrame) -> dict[str, Any]:
    """The box that holds most draws of one effect beyond the margin and hardly others: its limits, word and shares."""
    sure = boxes[(boxes["density"] >= _SURE) & (boxes["word"] != "negligible")] if len(boxes) else boxes
    if sure.empty:
        return {"box": []}
    row = sure.loc[sure["coverage"].idxmax()]
    sizes = {name: round(float(row[name]), 2) for name in ("density", "coverage")}
    return {"box": [one.split(" ") for one in row["box"].split(" and ")], "word": str(row["word"])} | sizes


def turn_of(rows: pd.DataFrame) -> dict[str, Any]:
    """Return where an effect turns, from its rows of `experiments.stats.dependence.turning`.

    ``turn``: sign (it turns), falls or rises (beyond the margin, the sign staying), none (no line tells draws apart),
    or within (no draw leaves the margin). ``axis`` is the quantity at which it turns (``at``, ``low``, ``high``).
    """
    zero, low, high = rows.sort_values("level").iloc[[1, 0, 2]].to_dict("records")
    falls, rises = 1.0 - low["above"], high["above"]
    about: dict[str, Any] = {"falls": round(falls, 3), "rises": round(rises, 3), "margin": high["level"] / 100.0}
    about["turn"] = "none" if falls or rises else "within"
    for turn, row in (("sign", zero), ("falls", low), ("rises", high)):
        side = max(("x", "y"), key=lambda axis: np.nan_to_num(row[f"{axis}_right"]))
        if about["turn"] == "none" and dependence.tells_apart(row[f"{side}_right"], row["majority"]):
            more = bool(row[f"{side}_rises"]) == (turn != "falls")
            about |= {name: float(row[f"{side}_{name}"]) for name in ("at", "low", "high")}
            about |= {
                "turn": turn,
                "axis": str(row[side]),
                "side": "sign" if turn == "sign" else "more" if more else "less",
            }
            about |= {"right": round(float(row[f"{side}_right"]), 2), "majority": round(float(row["majority"]), 2)}
    return about


def figures(plan: Plan, found: Mapping[str, pd.DataFrame]) -> dict[str, Drawing]:
    """Return the drivers of each group's switch effect, and its draws on the map of two axes with the line."""
    from experiments.figures import turning

    rows = switches(found, plan.only_group) if "turning_draws" in found else []
    return {one.__name__: partial(one, rows, found) for one in (turning.drivers, turning.turning)} if rows else {}
