"""The data of an explorer: changes by draw as whole numbers, conditions, weekly paths, and words by language.

A view is one group, arm, policy, intensity, outcome and window. Its changes are multiples of its ``step``; ``edge`` is
the largest multiple that is negligible. In per cent, a step is a hundredth of the margin, and no rounding crosses the
margin. Sums of money have no margin: their step is a power of ten of USD, and only a change that rounds to 0 is none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from babel import Locale
from fluent.syntax import FluentParser, FluentSerializer, ast

from experiments import text
from experiments.figures.pick import ARMS, GROUPS, in_order, main_arm
from experiments.findings import Answers, where
from experiments.messages import FOLDER, languages, speaking
from experiments.stats import contrasts, decision
from experiments.stats.contrasts import PLACEBO, PLACEBO_NONE
from experiments.stats.estimates import Floats
from experiments.study import explained
from experiments.study import tables as of_plan
from experiments.study.design import Plan
from experiments.study.store import Folder
from sim.engine.constants import harm_modelled

OUTCOMES = {
    "rate": ("rate",),
    "hindered": ("lawful_frozen", "lawful_hindered"),
    "delivered": ("delivered",),
    "capacity": ("capacity",),
}
"""Outcomes, attacks first, and the columns of runs.parquet that they are sums of."""
MEAN_OF = 13
"""Weeks of which a point of a path is the mean."""
_WINDOWS = ("", "_13", "_52", "_79")  # the main window has no name
_VIEW = ("profile", "arm", "policy", "intensity")
_ANSWERS = ("switch", "policy", "soon")
_BEFORE = 26  # weeks of a path before the switch

type _Levels = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class Part:
    """A part of a study that an explorer holds: weeks between points of paths (0: no paths), and else more or less."""

    every: int = 4
    outcomes: Sequence[str] = tuple(OUTCOMES)
    windows: bool = True
    arms: bool = True

    @property
    def left(self) -> list[str]:
        """Names of all that it leaves out, as ends of messages."""
        left = {"paths": not self.every, "outcomes": len(self.outcomes) < len(OUTCOMES)}
        left |= {"windows": not self.windows, "arms": not self.arms}
        return [name for name, out in left.items() if out]


_FEWER = ("rate", "hindered")
PARTS = (Part(), Part(13), Part(0), Part(0, _FEWER), Part(0, _FEWER, False), Part(0, _FEWER, False, False))
"""From the whole to the least; an explorer holds the first that is small enough."""


def has_explorer(plan: Plan) -> bool:
    """Return whether a study draws parameters and compares arms or policies."""
    levels = [{cell.levels.get(name) for cell in plan.cells} for name in ("arm", "policy")]
    return not of_plan.held(plan) and any(len(one) > 1 for one in levels)


def data_of(plan: Plan, folder: Folder, answers: Answers, part: Part = PARTS[0]) -> dict[str, Any]:
    """Return all that an explorer shows, as plain values; empty if no view has attacks.

    Args:
        plan: of the study.
        folder: with runs.parquet, and with weekly.parquet, drivers.csv and maps (turning.csv) where there are any.
        answers: of the study, whose sentences it shows.
        part: of the study.
    """
    changes = [one for one in _changes(plan, folder, part) if len(one)]
    if not any(one["outcome"].iloc[0] == "rate" for one in changes):
        return {}
    made = pd.concat(changes, ignore_index=True)
    quo, arms = of_plan.reference(plan)["policy"], in_order(made["arm"], ARMS)
    made = made if part.arms else made[made["arm"] == main_arm(arms)]
    levels = {
        "profile": in_order(made["profile"], GROUPS),
        "arm": in_order(made["arm"], ARMS),
        "policy": in_order(sorted({*made["policy"]}), [quo] if quo in {*made["policy"]} else []),
        "outcome": [one for one in part.outcomes if (made["outcome"] == one).any()],
    }
    draws = sorted(map(int, made["draw"].unique()))
    views = [
        [*_places(levels, key), float(key[3]), key[4], int(key[5]), *_view(some, draws)]
        for key, some in made.groupby([*_VIEW, "outcome", "window"])
    ]
    bases = made.groupby(["profile", "outcome", "window"])["reference"].mean()
    axes, agencies = _axes(plan, folder, levels["profile"], draws, main_arm(arms)), of_plan.agencies_of(plan)
    return {
        "about": {**answers.about, "study": answers.study, "left": part.left, "main": main_arm(arms)},
        **levels,
        "quo": levels["policy"].index(quo) if quo in levels["policy"] else -1,
        "draws": draws,
        "few": len(draws) < explained.FULL,
        "margin": 100.0 * of_plan.margin(plan),
        "harm": [harm_modelled(one) for one in levels["policy"]],
        "force": [decision.FORCE in agencies.get(one, "") for one in levels["policy"]],
        "real": [(one or plan.only_group) not in text.HYPOTHETICAL for one in levels["profile"]],
        "views": views,
        "base": [
            {f"{name} {weeks}": _short(value) for (name, weeks), value in bases[one].items()}
            for one in levels["profile"]
        ],
        "axes": axes,
        "drivers": _drivers(folder, levels, [*axes]),
        "shares": [*explained.MEASURED],
        "mean_of": MEAN_OF,
        "paths": _paths(plan, folder, levels, draws, part.every) if part.every else {},
        "languages": {one: _words(one, answers, levels, [*axes], plan.only_group) for one in languages()},
    }


# --- changes by draw --------------------------------------------------------------------------------------------------


def _changes(plan: Plan, folder: Folder, part: Part) -> Iterator[pd.DataFrame]:
    """Changes by draw of each outcome and window: of the switch in the status quo, and of policies in each arm."""
    reference, quo = of_plan.reference(plan), of_plan.reference(plan)["policy"]
    outcomes = {f"{name}{window}": name for name in part.outcomes for window in _WINDOWS if part.windows or not window}
    columns = {name: [name.replace(own, column, 1) for column in OUTCOMES[own]] for name, own in outcomes.items()}
    runs = _read(plan, folder, "runs", ["replication", "error", *(one for some in columns.values() for one in some)])
    for name, own in outcomes.items():
        weeks = int(name.removeprefix(own)[1:] or plan.cells[0].scenario.report.window)
        if {*columns[name]} <= {*runs} and not (name != own and weeks == plan.cells[0].scenario.report.window):
            runs = runs.assign(**{name: runs[columns[name]].sum(axis=1, skipna=False)})
            percent = own in contrasts.PERCENT
            found = contrasts.by_draw(runs, [one for one in plan.factors if one in runs], reference, name, percent)
            if len(found):
                policy = found["contrast"] == "policy"
                harmless = (own == "hindered") & policy & (found["policy"].map(harm_modelled) == "no")
                switch = (found["contrast"] == "switch") & (found["policy"] == quo)
                found = found[(switch | policy) & ~harmless & np.isfinite(found["change"])]
                margin = 100.0 * of_plan.margin(plan) if percent else np.nan
                yield found.assign(outcome=own, window=weeks, margin=margin, **_absent(found, reference))


def _read(plan: Plan, folder: Folder, table: str, columns: Iterable[str]) -> pd.DataFrame:
    """Columns of the runs or weeks at the base levels of a study, the first where it names none; placebos left out."""
    file = folder.path / f"{table}.parquet"
    wanted = {"draw", *plan.factors, *columns}
    rows = pq.read_table(file, columns=[one for one in pq.read_schema(file).names if one in wanted]).to_pandas()
    rows = explained.at_levels(plan, rows)
    return rows[~rows["arm"].isin((PLACEBO, PLACEBO_NONE))] if "arm" in rows else rows


def _absent(rows: pd.DataFrame, reference: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a view, with the only level of those that a study does not vary."""
    usual = {"profile": "", "intensity": 0.0, **reference}
    return {name: rows.get(name, usual[name]) for name in _VIEW}


def _places(levels: _Levels, view: Sequence[Any]) -> list[int]:
    """The places of group, arm and policy among their levels."""
    return [levels[name].index(level) for name, level in zip(_VIEW[:3], view, strict=False)]


def _view(view: pd.DataFrame, draws: Sequence[int]) -> list[Any]:
    """Edge, step and whole numbers by draw."""
    changes = view.set_index("draw")["change"].reindex(draws).to_numpy(dtype=float)
    margin = float(view["margin"].iloc[0])
    if np.isnan(margin):
        step = 10.0 ** np.floor(np.log10(max(1e-5 * abs(float(view["reference"].mean())), 1.0)))
        return [0, float(f"{step:.6g}"), _whole(np.rint(changes / step))]
    step, edge = margin / 100.0 or np.nanmax(np.abs(changes), initial=0.0) / 1e4 or 1.0, 100 if margin else 0
    whole = np.rint(changes / step)
    within = np.where(np.abs(changes) <= margin, np.clip(whole, -edge, edge), whole)
    beyond = np.sign(changes) * np.maximum(np.abs(whole), edge + 1)
    return [edge, float(f"{step:.6g}"), _whole(np.where(np.abs(changes) > margin, beyond, within))]


def _whole(values: Floats) -> list[int | None]:
    return [int(one) if np.isfinite(one) else None for one in values]


def _short(value: float) -> float | None:
    return float(f"{value:.4g}") if np.isfinite(value) else None


# --- conditions and paths ---------------------------------------------------------------------------------------------


def _axes(plan: Plan, folder: Folder, groups: Sequence[str], draws: Sequence[int], arm: str) -> dict[str, Any]:
    """Values, by group and draw, of what a reader may set a range of.

    Those are the axes of the study's maps of the switch, then parameters: those named beforehand, and the drivers too
    where draws are at least `explained.FULL`.
    """
    found: dict[str, pd.DataFrame] = {}
    maps = [folder.path / name for name in ("turning_draws.csv", "turning.csv")]
    if all(file.exists() for file in maps):
        on_map, axes = pd.read_csv(maps[0]), pd.read_csv(maps[1]).drop_duplicates("id").set_index("id")
        on_map = where(on_map.assign(profile=on_map.get("profile", "")), contrast="switch", arm=arm)
        for end in ("x", "y"):
            names = on_map["id"].map(axes[end])
            found |= {str(name): some.assign(value=some[end]) for name, some in on_map.groupby(names)}
    names, drivers = explained.hinted(plan), folder.path / "drivers.csv"
    if len(draws) >= explained.FULL and drivers.exists():
        strongest = where(pd.read_csv(drivers), kind="parameter", hint="no").dropna(subset="order").sort_values("order")
        names += [one for pair in strongest["parameter"] for one in str(pair).split(" x ")]
    runs = _read(plan, folder, "runs", names)
    runs = where(runs.assign(profile=runs.get("profile", "")), policy=of_plan.reference(plan)["policy"])
    found = {name: runs.assign(value=runs[name]) for name in names if name in runs} | found
    first = {name: rows.groupby(["profile", "draw"])["value"].first() for name, rows in found.items()}
    return {
        name: [[_short(one) for one in values.get(group, values.iloc[:0]).reindex(draws)] for group in groups]
        for name, values in first.items()
    }


def _drivers(folder: Folder, levels: _Levels, axes: Sequence[str]) -> dict[str, list[int]]:
    """Places of the axes on which the attacks of a view depend more than by chance, the strongest first."""
    if not (file := folder.path / "drivers.csv").exists():
        return {}
    rows = pd.read_csv(file)
    rows = rows.assign(profile=rows.get("profile", ""), share=rows[["share", "word_share"]].max(axis=1))
    rows = rows[(rows["share"] > rows["chance"]) & rows["parameter"].isin(axes) & (rows["outcome"] == "rate")]
    for name in _VIEW[:3]:
        rows = rows[rows[name].isin(levels[name])]
    by_view = rows.sort_values("share", ascending=False).groupby([*_VIEW[:3]])["parameter"]
    return {
        " ".join(map(str, _places(levels, view))): [axes.index(one) for one in dict.fromkeys(some)]
        for view, some in by_view
    }


def _paths(plan: Plan, folder: Folder, levels: _Levels, draws: Sequence[int], every: int) -> dict[str, Any]:
    """Weekly paths by view and draw: tenths of a per cent of the mean after the switch with neither."""
    if not (folder.path / "weekly.parquet").exists():
        return {}
    rows, reference = _read(plan, folder, "weekly", ["week", "date", "rate"]), of_plan.reference(plan)
    if "rate" not in rows or rows.empty:
        return {}
    wide = (
        rows.assign(**_absent(rows, reference))
        .groupby(["week", *_VIEW, "draw"])["rate"]
        .mean()
        .unstack([*_VIEW, "draw"])
    )
    first = int(rows.loc[pd.to_datetime(rows["date"]).dt.date >= plan.cells[0].scenario.switch_day, "week"].min())
    weeks = [week for week in wide.index if week >= first - _BEFORE and (week - first) % every == 0]
    smooth, lines = wide.rolling(MEAN_OF, min_periods=1).mean(), []
    for view in wide.columns.droplevel("draw").unique():
        group, arm, policy, _ = view
        quo = policy == reference["policy"]
        base = (group, reference["arm"], reference["policy"], 0.0)
        against = base if quo else (group, arm, *base[2:])
        if {base, against} <= {*wide.columns.droplevel("draw")} and view != against and arm in levels["arm"]:
            change = 1000.0 * (smooth[view] - smooth[against]) / wide[base].loc[first:].mean()
            whole = np.rint(change.reindex(columns=draws).loc[weeks].to_numpy().T)
            lines.append([*_places(levels, view), [_whole(one) for one in whole]])
    return {"step": 0.1, "every": every, "weeks": [int(week) - first for week in weeks], "lines": lines}


# --- words ------------------------------------------------------------------------------------------------------------


def _words(language: str, answers: Answers, levels: _Levels, axes: Sequence[str], alone: str) -> dict[str, Any]:
    """The names of a language, its messages, and its sentences on findings by the place of their view.

    ``alone``: the only group of a study, whose rows name none.
    """
    with speaking(language):
        sentences: dict[str, list[str]] = {}
        for one in (one for kind in _ANSWERS for one in answers.of(kind)):
            view = ("" if alone else one.group, one.arm, one.policy or levels["policy"][0])
            if all(level in levels[name] for name, level in zip(_VIEW[:3], view, strict=True)):
                place = [*_places(levels, view), one.window or answers.about["window"]]
                sentences.setdefault(" ".join(map(str, place)), [one.sentence(), one.sentence("confidence")])
        return {
            "study": text.study(answers.study, str(answers.about.get("title") or answers.study)),
            "profile": [text.capital(text.group(one or alone)) for one in levels["profile"]],
            "arm": [text.capital(text.arm(one)) for one in levels["arm"]],
            "policy": [text.policy(one) for one in levels["policy"]],
            "axes": [text.parameter(one) for one in axes],
            "sentences": sentences,
            "messages": _messages(language),
            "name": Locale(language).display_name,
            "direction": Locale(language).text_direction,
            "rail": next((str(one.values["rail"]) for one in answers.of("switch")), ""),
        }


def _messages(language: str) -> str:
    """The messages of explorers in a language, as its file has them."""
    entries = FluentParser().parse(FOLDER.joinpath(f"{language}.ftl").read_text(encoding="utf-8")).body
    own = [one for one in entries if isinstance(one, ast.Message) and one.id.name.startswith("explorer-")]
    return "".join(map(FluentSerializer().serialize_entry, own))
