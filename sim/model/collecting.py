"""Data collection for Mesa's batch_run and SolaraViz: outcomes by week, read from the book on demand."""

from typing import Any, NoReturn

import numpy as np
import pandas as pd
from mesa.datacollection import DataCollector

from sim.outcomes import OUTCOMES
from sim.results import series
from sim.runs import Run


class Outcomes(DataCollector):
    """The data collector of a model: the total of every outcome by its name in `OUTCOMES`, in weekly-table units.

    It covers all simulated weeks, in a branch those of its parent too, and costs nothing until it is read. To collect
    agents or other numbers, assign a ``mesa.DataCollector``: ``model.datacollector = DataCollector(...)``.
    """

    def __init__(self, model: Run) -> None:
        self.model = model
        self.model_reporters = {name: about.label for name, about in OUTCOMES.items() if name != "share"}
        self.agent_reporters: dict[str, Any] = {}
        self.agenttype_reporters: dict[type, Any] = {}
        self.tables: dict[str, Any] = {}
        self._agent_records: dict[float, Any] = {}
        self._agenttype_records: dict[float, Any] = {}

    @property
    def model_vars(self) -> dict[str, list[float]]:  # type: ignore[override]  # Mesa writes it
        """Each outcome by week."""
        found = series(self.model, self.model_reporters, 0, self.model.simulated)
        return {name: values.tolist() for name, values in found.items()}

    @property
    def _collection_steps(self) -> list[float]:  # type: ignore[override]  # Mesa writes it
        """Mesa's time at the end of each week."""
        return [float(week + 1 - self.model.begins) for week in range(self.model.simulated)]

    def collect(self, model: Run) -> None:
        """Do nothing: the book already contains the week."""

    def get_model_vars_dataframe(self) -> pd.DataFrame:
        """Return one row a week, from week 0."""
        return pd.DataFrame(self.model_vars)

    def get_agent_vars_dataframe(self, agent_type: type | None = None) -> NoReturn:
        """Refuse, because the book is not by agent."""
        raise UserWarning(
            "the book does not record agents by week; call collect(model) of your own collector after each step: "
            "mesa.DataCollector(agenttype_reporters={Cell: {'fighters': 'fighters'}})"
        )

    get_agenttype_vars_dataframe = get_agent_vars_dataframe


class Book(np.ndarray[Any, np.dtype[np.void]]):
    """The weekly records that a run returns: an array that a notebook shows in one line."""

    def __repr__(self) -> str:
        if self.dtype.names is None or self.ndim != 1:
            return repr(np.asarray(self))
        return f"Book({len(self)} weeks, {len(self.dtype.names)} fields; sim.results.weekly(model) is the table)"

    __str__ = __repr__
