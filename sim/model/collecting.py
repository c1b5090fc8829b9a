"""What Mesa's batch_run and SolaraViz read of a run: outcomes by week, taken from the book when they ask."""

from typing import TYPE_CHECKING, Any, NoReturn

from mesa.datacollection import DataCollector

from sim.outcomes import OUTCOMES

if TYPE_CHECKING:
    import pandas as pd

    from sim.run import Run


class Outcomes(DataCollector):
    """A model's data collector: every outcome in all by its name in `OUTCOMES`, in the units of the weekly table.

    It has all weeks lived, in a branch those of its trunk too, and costs nothing until somebody asks. For agents, or
    for numbers of your own, collect with a ``mesa.DataCollector``: ``model.datacollector = DataCollector(...)``.
    """

    def __init__(self, model: "Run") -> None:
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
        from sim.results import series

        found = series(self.model, self.model_reporters, 0, self.model.simulated)
        return {name: values.tolist() for name, values in found.items()}

    @property
    def _collection_steps(self) -> list[float]:  # type: ignore[override]  # Mesa writes it
        """Mesa's time at the end of each week."""
        return [float(week + 1 - self.model.begins) for week in range(self.model.simulated)]

    def collect(self, model: "Run") -> None:
        """Nothing is left to do: the book has the week already."""

    def get_model_vars_dataframe(self) -> "pd.DataFrame":
        """One row a week, from week 0."""
        import pandas as pd

        return pd.DataFrame(self.model_vars)

    def get_agent_vars_dataframe(self) -> NoReturn:
        """Refused: the book is not by agent."""
        raise UserWarning(_BY_AGENT)

    def get_agenttype_vars_dataframe(self, agent_type: type) -> NoReturn:
        """Refused: the book is not by agent."""
        raise UserWarning(_BY_AGENT)


_BY_AGENT = (
    "agents are not kept by week; collect(model) of your own collector after each step does it: "
    "mesa.DataCollector(agenttype_reporters={Cell: {'fighters': 'fighters'}})"
)
