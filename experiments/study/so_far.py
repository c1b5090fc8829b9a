"""What a study says before it is complete: lines on the switch while it runs, and the plan of its whole draws."""

import time
from collections.abc import Container, Iterator
from itertools import chain, groupby
from typing import TYPE_CHECKING, Any

from experiments.messages import say
from experiments.study.design import Plan, Run
from experiments.study.store import Folder
from sim.config.untrusted_yaml import in_words

if TYPE_CHECKING:
    import pyarrow as pa

EVERY = 10.0
"""Seconds between two lines, and before the first."""
_MORE = 1.25  # times as many draws, from which on the same words are repeated with their counts
_SEEDS = 1_000  # of which the lines are, so that they are cheap in a study of any size


def whole(plan: Plan, done: Container[str]) -> Plan | None:
    """Return the plan of the draws whose runs are all done, from the first on; None if these are none, or all.

    Cells that take fewer of all draws may be whole in fewer of these, as where a whole study is extended.
    """
    draws = [list(seeds) for _, seeds in groupby(sorted(plan.seeds), lambda seed: seed // plan.study.seeds_per_draw)]
    takes = [plan.draws_of(cell) for cell in plan.cells]
    missing: dict[int, int] = {}  # the first draw that is not whole, by how many the cell takes
    for number, seeds in enumerate(draws):
        for run in plan.runs(seeds):
            if takes[run.cell] not in missing and run.id not in done:
                missing[takes[run.cell]] = number
    if not missing or 0 in missing.values():
        return None
    own = [min(take, missing.get(take, take)) for take in takes]
    every = own[takes.index(max(takes))]
    if plan.cycle and min(missing.values()) >= plan.cycle:
        every = min(missing.values())  # all draws are whole, and some of their further rounds
    cells = [cell.model_copy(update={"draws": count}) for cell, count in zip(plan.cells, own, strict=True)]
    return plan.longer([*chain.from_iterable(draws[:every])], cells=cells)


def planned_of(part: Plan, plan: Plan) -> dict[str, Any]:
    """Return how many draws, or seeds if parameters are held, are whole, and how many are planned."""
    held = plan.study.uncertain == "none"
    made, of = (len(one.seeds) if held else one.draws for one in (part, plan))
    return {"made": made, "of": of, "unit": "seeds" if held else "sets"}


class SoFar:
    """Lines on what the switch does, from the runs that are finished; none of a study without a switch."""

    def __init__(self, plan: Plan, folder: Folder) -> None:
        self.plan, self.folder = plan, folder
        self.last, self.draws = time.monotonic(), 0
        self.sides: list[str] = []
        self.runs: dict[str, Run] | None = None  # of the switch, at the base levels
        self.rates: dict[str, float] = {}  # attack rates of those that are finished

    def add(self, table: "pa.Table") -> str:
        """Take in the runs of a chunk that is stored; return a line if one is due and has something new."""
        if due := time.monotonic() - self.last >= EVERY:
            self.last = time.monotonic()
        try:
            if self.runs is not None:
                self._take(table)
            elif due:
                self.runs = {run.id: run for run in self._runs_of_the_switch()}
                for there in self.folder.tables() if self.runs else ():
                    self._take(there)
            return self._line() if due and self.rates else ""
        except Exception as error:  # of a study of the user's own: no runs are lost for a line
            self.runs, self.rates = {}, {}
            return say("running-none", error=in_words(error))

    def _take(self, table: "pa.Table") -> None:
        from experiments.stats.contrasts import JUDGED_BY

        pairs = zip(table["run"].to_pylist(), table[JUDGED_BY].to_pylist(), strict=True)
        self.rates |= {run: rate for run, rate in pairs if rate is not None and run in (self.runs or ())}

    def _runs_of_the_switch(self) -> Iterator[Run]:
        import pandas as pd

        from experiments.study import explained, tables

        quo = tables.reference(self.plan)["policy"]
        levels = [{"policy": quo, "error": None} | cell.levels for cell in self.plan.cells]
        base = explained.at_base(self.plan, pd.DataFrame(levels))
        cells = {*base.index[base["policy"] == quo]} if "arm" in base else set()
        seeds = self.plan.seeds[:_SEEDS] if cells else []
        yield from (run for run in self.plan.runs(seeds) if run.cell in cells)

    def _line(self) -> str:
        import pandas as pd

        from experiments import text
        from experiments.findings import AGREED, FEWEST, SIDES
        from experiments.stats.contrasts import JUDGED_BY
        from experiments.study import answering

        assert self.runs is not None
        made = [(run, self.rates[id_]) for id_, run in self.runs.items() if id_ in self.rates]
        rows: list[dict[str, Any]] = [
            {"replication": run.seed, "draw": run.draw, JUDGED_BY: rate, **self.plan.cells[run.cell].levels}
            for run, rate in made
        ]
        found = [one for one in answering.of_the_switch(self.plan, pd.DataFrame(rows)) if one.changes]
        counts = [dict(zip(SIDES, (one.below, one.within, one.above), strict=True)) for one in found]
        sides = [_side(some) for some in counts]
        few = not found or min(len(one.changes) for one in found) < FEWEST
        if few or (sides == self.sides and len(found[0].changes) < _MORE * self.draws):
            return ""
        self.sides, self.draws = sides, len(found[0].changes)
        clauses = []
        for one, side, some in zip(found, sides, counts, strict=True):
            about = {"side": side, "count": some[side], "first": str(one is found[0])}
            about["split"] = str(some[side] < AGREED * sum(some.values()))
            clauses.append(say("running-clause", **one.values | about))
        planned = planned_of(self.plan, self.plan) | {"made": self.draws}
        return say("running", **planned, clauses=text.listed(clauses))


def _side(counts: dict[str, int]) -> str:
    """Return the side of nearly all draws; where they are split, the one on which more of those that change lie."""
    from experiments.findings import AGREED

    if counts["no"] >= AGREED * sum(counts.values()):
        return "no"
    return "lowers" if counts["lowers"] >= counts["raises"] else "raises"
