"""A scenario run in one call: `run` for Python, and the `Result` that the command ``python -m sim`` prints too."""

import io
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd

from sim import results
from sim.compilation import compile_all
from sim.config import ConfigurationError, read_from, source_in
from sim.config.loading import request_of, valid
from sim.config.own_tables import FACTS, errors_of_tables, text_of, texts_in, using
from sim.config.shorthand import rewritten
from sim.growth_accounting import growth_table
from sim.outcomes import Outcome, labelled
from sim.output import codebook, provenance, tables
from sim.output.columns import folded
from sim.output.progress import bar, watched
from sim.runs import Run
from sim.scenario import Scenario
from sim.windows import Window, window_of

if TYPE_CHECKING:
    from sim.plots.layout import Drawing, Picture

_STRIDE = 13  # weeks between two looks at the progress bar
_CUT = "_cut"


def run(*overrides: str, config_dir: str | Path | None = None, **keywords: Any) -> "Result":
    """Run a scenario with and without the switch, and without its policies: ``run(group="donor_funded", seed=3)``.

    All runs share the same random numbers. A bar shows their progress in a terminal and in a notebook.

    Args:
        overrides: as on the command line, such as ``"seed=7"``.
        config_dir: a folder with files of your own, such as ``rail/mycoin.yaml``; they win over the packaged ones.
        keywords: overrides too; lists are allowed, and nested names by ``**{"rails.monero.fee": 0.1}``.

    Raises:
        ConfigurationError: with every error; nothing is run then.
    """
    request = request_of(overrides, config_dir, keywords)
    scenario, validation = valid(request)
    if errors := [*errors_of_tables(request.config_dir)]:
        raise ConfigurationError(errors)
    if own := read_from(request.config_dir, [*validation.files, FACTS]):
        print(own, file=sys.stderr)
    sources = validation.sources | {FACTS: source_in(FACTS, request.config_dir)}
    typed = [rewritten(one) for one in request.overrides]
    command = provenance.command_of(request.overrides)
    with using(texts_in(request.config_dir)):
        return Result.of(scenario, provenance.begun(scenario, command, typed, sources))


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """Runs of one scenario on the same random numbers, and their tables and figures.

    Every table has the units and labels of its columns in ``attrs["units"]`` and ``attrs["labels"]``.

    Attributes:
        scenario: the scenario with the switch and the policies.
        runs: the finished runs: ``with`` and ``without`` the switch; with policies ``status_quo``, the run with the
            switch and no policy; and each of them with the loop from attacks to sympathy cut (``with_cut``, ...).
        published: conf/facts.csv, or the user's own.
        provenance: version, commit, overrides and the sources of values.
    """

    scenario: Scenario
    runs: Mapping[str, Run]
    published: pd.DataFrame
    provenance: Mapping[str, Any]

    @classmethod
    def of(cls, scenario: Scenario, facts: Mapping[str, Any], quiet: bool = False) -> Self:
        """Run a scenario; a terminal or a notebook shows a bar over the weeks, elsewhere one line is printed.

        Args:
            scenario: the scenario with the switch and the policies.
            facts: its provenance.
            quiet: print no line where there is no bar.
        """
        published = pd.read_csv(io.StringIO(text_of(FACTS)))
        return cls(scenario, _simulated(scenario, quiet), published, facts)

    @cached_property
    def weekly_by_arm(self) -> dict[str, pd.DataFrame]:
        """The weekly outcomes of each arm, as in the files: `sim.results.weekly`."""
        return {arm: results.weekly(one) for arm, one in self.runs.items() if not arm.endswith(_CUT)}

    def files(self, ledger: bool = False) -> dict[str, pd.DataFrame]:
        """Return each table by the name of its file, in order; the ledger of gifts if it is wanted."""
        found = {} if self._policy is None else {"policy.csv": self._policy}
        found |= {f"weekly_{arm}.parquet": table for arm, table in self.weekly_by_arm.items()}
        found |= {"ledger.parquet": results.ledger(self.runs["with"])} if ledger else {}
        return found | {"measures.csv": self._measures, "summary.csv": self._summary, "growth.csv": self._growth}

    def about(self, file: str) -> Callable[[str], Outcome | None]:
        """Return what describes the columns of the table in a file."""
        return partial(codebook.of_run, file, scenario=self.scenario)

    @property
    def window(self) -> Window:
        """The main window of the report, over which the tables are means."""
        return window_of(self.scenario, self.scenario.report.window)

    @cached_property
    def _policy(self) -> pd.DataFrame | None:
        there = self.weekly_by_arm.get("status_quo")
        return None if there is None else results.policy_effect(self.weekly_by_arm["with"], there, self.scenario)

    @cached_property
    def _measures(self) -> pd.DataFrame:
        return results.measures(dict(self.runs))

    @cached_property
    def _summary(self) -> pd.DataFrame:
        return results.summary(self.weekly_by_arm["with"], self.weekly_by_arm["without"], self.scenario)

    @cached_property
    def _growth(self) -> pd.DataFrame:
        return growth_table(self.weekly_by_arm, self.scenario, self.published)

    # --- tables ------------------------------------------------------------------------------------------------------

    @cached_property
    def weekly(self) -> pd.DataFrame:
        """Every outcome by arm and week: arm, date, week, then the columns of `sim.results.weekly`."""
        table = labelled(pd.concat([*self.weekly_by_arm.values()]), self.about("weekly_with.parquet"))
        arms = pd.Categorical(np.repeat([*self.weekly_by_arm], self.scenario.horizon.weeks), [*self.weekly_by_arm])
        table.insert(0, "arm", arms)
        table.insert(1, "date", table.pop("date"))
        table.attrs["labels"] |= {"arm": "the run: with or without the switch, or without the policies"}
        return table.reset_index(drop=True)

    @cached_property
    def effect(self) -> pd.DataFrame:
        """The measures that judge the run, by name: value, unit, period and label; the estimand first."""
        table = self._measures.assign(period=[tables.period(row) for row in self._measures.to_dict("records")])
        table = labelled(table, self.about("measures.csv")).set_index("measure")
        return table[["value", "unit", "period", "label"]]

    @cached_property
    def summary(self) -> pd.DataFrame:
        """The means of all outcomes over the main window, with and without the switch."""
        return labelled(self._summary, self.about("summary.csv"))

    @cached_property
    def policy(self) -> pd.DataFrame | None:
        """The means of all outcomes over the main window, with and without the policies; None without policies."""
        return None if self._policy is None else labelled(self._policy, self.about("policy.csv"))

    @cached_property
    def growth(self) -> pd.DataFrame:
        """Attacks by theatre and period, and what supplied the change between periods."""
        return labelled(self._growth, self.about("growth.csv"))

    @cached_property
    def gifts(self) -> pd.DataFrame:
        """Every gift of the run with the switch, its status and its discovery."""
        return results.gifts(self.runs["with"])

    # --- figures -----------------------------------------------------------------------------------------------------

    @property
    def drawings(self) -> "dict[str, Drawing]":
        """The functions that draw the figures, by the stems of their files."""
        from sim.plots.run_figures import figures

        return figures(self.weekly_by_arm, self.scenario, self.published)

    @cached_property
    def figures(self) -> list[str]:
        """The names of the figures that show something in this run."""
        from sim.plots.layout import SCREEN

        return [stem.partition("_")[2] for stem in SCREEN.not_empty(self.drawings)]

    def plot(self, name: str = "") -> "Picture":
        """Return a figure, as the command draws it.

        Args:
            name: one of `figures`; by default the first.

        Raises:
            ValueError: for an unknown name, or if the run has nothing to show in this figure.
        """
        from sim.plots.layout import SCREEN

        return SCREEN.figure(self.drawings, name, provenance.small_print(dict(self.provenance)))

    # --- for a reader ------------------------------------------------------------------------------------------------

    @property
    def _head(self) -> str:
        policies, overrides = " and ".join(self.scenario.policies) or "none", self.provenance["overrides"]
        changed = f"; changed: {' '.join(overrides)}" if overrides else ""
        head = f"Group {self.scenario.group.profile}; policies: {policies}; seed {self.scenario.seed}{changed}"
        return "; ".join(filter(None, (head, self.provenance["caveat"])))

    @property
    def _shown(self) -> Sequence[tables.Shown]:
        found = [tables.measures_shown(self._measures)]
        if self._policy is not None:
            found.append(tables.outcomes_shown(self._policy, "policy", "status quo", self.window, "policies"))
        what = "" if self._policy is None else "the switch"
        found.append(tables.outcomes_shown(self._summary, "with switch", "without", self.window, what))
        return [*found, tables.growth_shown(self._growth)] if len(self._growth) else found

    def __repr__(self) -> str:
        return "\n\n".join([folded(self._head), *map(str, self._shown)])

    def _repr_html_(self) -> str:
        return f"<p>{escape(self._head)}</p>" + "".join(one.as_html() for one in self._shown)


def _simulated(scenario: Scenario, quiet: bool) -> dict[str, Run]:
    """Run with and without the switch, and without the policies if there are any; each with the loop cut as well."""
    compile_all()
    arms = dict(zip(("with", "without"), results.with_and_without_switch(scenario), strict=True))
    if scenario.policies:
        arms["status_quo"] = results.status_quo(scenario)
    arms |= {f"{arm}{_CUT}": results.without_feedback(one) for arm, one in arms.items()}
    weeks, found = scenario.horizon.weeks, {}
    if not watched() and not quiet:
        print(f"Running {len(arms) * weeks} weeks ...", file=sys.stderr, flush=True)
    look = {"unit": " weeks", "desc": "Running", "leave": False, "ncols": 80, "disable": not watched()}
    with bar(total=len(arms) * weeks, **look) as done:
        for arm, one in arms.items():
            found[arm] = Run(one)
            for _ in range((weeks - 1) // _STRIDE):
                found[arm].advance(_STRIDE)
                done.update(_STRIDE)
            found[arm].run()  # the rest, and the books are checked
            done.update((weeks - 1) % _STRIDE + 1)
    return found
