"""Adaptive design (``precision=verdict``): runs are added where a verdict is open and more runs would close it.

A contrast with too few draws for a verdict is given as many as one needs. Of one with enough, noise may change the
word; each of its draws is then run with twice the seeds. Where only knowledge of the parameters would tell (*depends*),
and where a verdict is known, cells keep the runs that they have. Cells of reference grow with their contrasts.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from experiments import text
from experiments.messages import say
from experiments.stats import decision
from experiments.stats.contrasts import JUDGED_BY, cells_of
from experiments.stats.estimates import DEPENDS, INCONCLUSIVE, shortage
from experiments.study.design import Plan
from experiments.study.store import Folder
from experiments.study.tables import effects_of, held, reference, runs_of

_CELL = ("arm", "policy", "intensity")
LISTED = 12  # contrasts that are named in one line


@dataclass
class Adaptive:
    """Verdicts of a study as runs are added to it.

    ``most`` is the largest number of replications. ``open`` names the contrasts that were inconclusive at first, and
    ``found`` is the last table of verdicts.
    """

    most: int
    open: frozenset[str] | None = None
    found: pd.DataFrame = field(default_factory=pd.DataFrame)

    def next(self, plan: Plan, folder: Folder) -> tuple[Plan | None, str]:
        """Judge the runs that there are; return the plan with the runs that come next, or none, and a message."""
        self.found = verdicts(plan, folder)
        if self.found.empty:
            return None, say("adaptive-none")
        unsettled = self.found[self.found["verdict"] == INCONCLUSIVE]
        if self.open is None:
            self.open = frozenset(unsettled.index)
        within = unsettled[unsettled["replications"] <= self.most]
        more = _grown(plan, within)
        if more is None or len(more.seeds) > self.most:
            return None, self.summary()
        runs, seeds = more.size - plan.size, len(more.seeds)
        return more, say("adaptive-next", open=len(unsettled), all=len(self.found), runs=runs, seeds=seeds)

    def summary(self) -> str:
        """Return in words which verdicts are closed, and why the others are open."""
        facts, words = self.facts(), self.found["words"]
        parts = {name: [*words[facts[name]]] for name in ("closed", "depends")}
        parts["most"] = [f"{words[name]} ({count:,})" for name, count in facts["runs_would_close"].items()]
        parts["never"] = [*words[facts["no_runs_would_close"]]]
        counts = {name: len(some) for name, some in parts.items()}
        counts = {"first": len(self.found) - sum(counts.values())} | counts
        about = counts | {f"{name}_list": text.listed_to(some, LISTED) for name, some in parts.items()}
        about |= {"limit": self.most, "all": len(self.found)}
        return "\n".join(say(f"adaptive-{name}", **about) for name, count in counts.items() if count)

    def facts(self) -> dict[str, Any]:
        """Return contrasts by what became of their verdicts: ``closed`` by runs that were added, ``depends``, ..."""
        if self.found.empty:
            return {}
        verdict, needed = self.found["verdict"], self.found["replications"]
        open_ = verdict == INCONCLUSIVE
        closed = self.found.index.isin([*(self.open or ())]) & ~open_ & (verdict != DEPENDS)
        return {
            "closed": [*self.found.index[closed]],
            "depends": [*self.found.index[verdict == DEPENDS]],
            "runs_would_close": {name: int(count) for name, count in needed[open_].dropna().items()},
            "no_runs_would_close": [*self.found.index[open_ & needed.isna()]],
        }


def verdicts(plan: Plan, folder: Folder) -> pd.DataFrame:
    """Return the verdicts of the switch in the status quo and of each policy, by the attack rate.

    Indexed by contrast: ``verdict``; the contrast in ``words``; the ``cells`` that are compared; ``short``, whether
    draws (seeds if parameters are held) are too few for a verdict; the ``draws`` and ``rounds`` that would be next, NaN
    where no runs would tell; and in how many ``replications`` it would be told.
    """
    runs = runs_of(folder, plan, [JUDGED_BY]).assign(cell=[*plan.run_cells()])
    against = reference(plan)
    found = effects_of(plan, runs, [JUDGED_BY])
    asked = (found["contrast"] == "policy") | (found["policy"] == against["policy"])
    found = found[asked]
    if found.empty:
        return found
    found = found.set_index(found["id"].str.rsplit("/", n=1).str[0].rename("contrast"))
    cells = found.index.to_series().map(cells_of(runs, plan.factors, against))
    count = cells.map(lambda some: min(plan.draws_of(plan.cells[one]) for one in some))
    rounds = cells.map(lambda some: min(plan.cells[one].rounds for one in some))
    short = found[["draws", "n"]].apply(lambda row: bool(shortage(row["draws"], row["n"], held(plan))), axis=1)
    times = found["runs_needed"] / found["n"].clip(lower=1)
    next_ = times.where(short, times.clip(upper=2.0))
    per_draw = plan.study.seeds_per_draw
    settings = [name for name in plan.factors if name not in _CELL and found[name].nunique() > 1]
    words = [_in_words(row, settings) for row in found.to_dict("records")]
    return pd.DataFrame({
        "verdict": found["verdict"], "words": words, "cells": cells, "short": short, "draws": np.ceil(count * next_),
        "rounds": 2 * rounds, "replications": np.ceil(times * rounds * count.where(short, plan.draws)) * per_draw,
    })  # fmt: skip


def _in_words(row: Any, settings: list[str]) -> str:
    """The switch, or the policy with its arm, and the levels of what else varies."""
    switch, arm = row["contrast"] == "switch", text.short_arm(row["arm"])
    levels = [text.group(row[one]) if one == "profile" else f"{one} {text.word(row[one])}" for one in settings]
    case = ", ".join(levels if switch else [arm, *levels])
    return (arm if switch else decision.option(row)) + f" ({case})" * bool(case)


def _grown(plan: Plan, rows: pd.DataFrame) -> Plan | None:
    """Return the plan with more runs for the cells of some contrasts: draws first, then seeds; none if there are none.

    Parameters that are held have no draws, and each of the seeds stands for itself.
    """
    few = rows["short"] | held(plan)
    draws = bool(few.any() and plan.cycle is None)
    if few.all() and not draws:
        return None
    name: Literal["draws", "rounds"] = "draws" if draws else "rounds"
    largest = rows[few == draws].explode("cells").groupby("cells")[name].max()
    return plan.grown(name, largest.astype(int).to_dict())
