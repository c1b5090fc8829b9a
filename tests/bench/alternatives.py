"""What a user would take instead of `python -m experiments`: runs a second on two processes, study to study.

The plain twin with NumPy's generator in Mesa's own `batch_run`, over runs of the full study; and the model as a user of
NumPy would write it (`tests.bench.numpy_weeks`), over seeds of the default scenario. The start of the processes is not
counted, as it is not for studies (`tests.bench.measure.study`).
"""

import multiprocessing
import sys
import time
from typing import Any

import mesa
import numpy as np

from experiments.study.cli import settings_and_plan
from experiments.study.design import plain, scenario_of
from sim.config import load
from sim.runs import Run
from sim.scenario import Scenario
from tests import twin
from tests.bench.numpy_weeks import Inputs, Weeks


class MesaTwin(twin.Model):  # type: ignore[no-untyped-call]  # of Mesa's __init_subclass__
    """The plain twin as `batch_run` takes a model, with NumPy's generator in place of Philox in Python."""

    def __init__(self, scenario: Scenario, rng: int) -> None:
        generator, pool = np.random.default_rng(rng), list[list[float]]()

        def uniforms(*place: int) -> list[float]:
            if not pool:
                pool.extend(generator.random((10_000, 4)).tolist())  # faster than one call a decision
            return pool.pop()

        for name, module in list(sys.modules.items()):
            if name.startswith("tests.twin.") and hasattr(module, "uniforms"):
                setattr(module, "uniforms", uniforms)  # noqa: B010  # of this process, which batch_run has started
        super().__init__(scenario)
        collector: Any = mesa.DataCollector
        self.datacollector: Any = collector({"attacks": lambda model: sum(model.now.attacks)})

    def step(self) -> None:
        """One week."""
        super().step()
        self.datacollector.collect(self)
        self.running = self.week + 1 < self.weeks


def headline(runs: int) -> list[Scenario]:
    """Scenarios of some runs of the full study, evenly from all of them."""
    _, plan = settings_and_plan(["study=privacy_switch", "replications=4", "folder=/nonexistent/bench"])
    every = list(plan.runs())
    some = every[:: max(1, len(every) // runs)][:runs]
    return [
        scenario_of(plain(plan.cells[run.cell].scenario), run.seed, plan.drawn(plan.group_of[run.cell], run.draw))
        for run in some
    ]


def of_mesa(runs: int) -> float:
    """Runs a second of Mesa's `batch_run` on two processes."""
    few = [load("population.donors=1", "horizon.weeks=4", "shock=[]")] * 2
    return runs / (_batch(headline(runs)) - _batch(few))


def _batch(scenarios: list[Scenario]) -> float:
    begin = time.perf_counter()
    mesa.batch_run(MesaTwin, {"scenario": scenarios}, number_processes=2, rng=[1], display_progress=False)
    return time.perf_counter() - begin


def of_numpy(runs: int) -> float:
    """Runs a second of NumPy week by week on two processes."""
    with multiprocessing.get_context("spawn").Pool(2, _begin) as pool:
        pool.map(_one, range(4), 1)
        begin = time.perf_counter()
        pool.map(_one, range(runs), 1)
        return runs / (time.perf_counter() - begin)


_shared: dict[str, Any] = {}


def _begin() -> None:
    _shared["inputs"] = Inputs(load())


def _one(seed: int) -> float:
    return float(Weeks(_shared["inputs"], seed).run()["attacks"].sum())


def nearness(seeds: int) -> dict[str, list[float]]:
    """Gifts and attacks of NumPy week by week over those of the model, by seed: it is the same task."""
    scenario = load()
    inputs, found = Inputs(scenario), dict[str, list[float]](gifts=[], attacks=[])
    for seed in range(seeds):
        theirs, book = Weeks(inputs, seed).run(), Run(scenario.model_copy(update={"seed": seed})).run()
        for name, shares in found.items():
            shares.append(float(theirs[name].sum() / book[name].sum()))
    return found
