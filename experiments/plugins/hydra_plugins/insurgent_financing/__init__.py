"""Hydra's ``-m`` as a study: one table instead of a folder for each job. `conf/hydra/sweeper/study.yaml` chooses it.

Hydra imports every plugin that it finds, in every program, so heavy imports wait until they are needed.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig


class StudySweeper(Sweeper):
    """Runs all jobs as one study.

    Args:
        workers: processes; None for one a core, or none if starting them would take longer than the runs.
        chunk: runs that are stored together; None for about two seconds of them.
        params: factors beside those of the command line, as for Hydra's own sweeper.
    """

    def __init__(
        self, workers: int | None = None, chunk: int | None = None, params: Mapping[str, Any] | None = None
    ) -> None:
        self.workers = workers
        self.chunk = chunk
        self.params = dict(params or {})

    def setup(self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig) -> None:
        """Store the configuration that Hydra composed; its launcher is not used."""
        self.hydra_context = hydra_context
        self.config = config

    def sweep(self, arguments: list[str]) -> None:
        """Run the missing runs of all jobs, and report them.

        Raises:
            SystemExit: with 1 if runs failed, 2 for bad input, 130 after Ctrl-C.
        """
        from experiments.study.sweeping import sweep
        from sim.config import Request
        from sim.config.compose import own_folder
        from sim.config.shorthand import rewritten

        config: Any = self.config
        hydra = config.hydra
        if "basic_launcher" not in str(hydra.launcher):
            print("hydra/launcher has no effect: a study starts its own workers", file=sys.stderr)
        settings = [one for one in hydra.overrides.hydra if not one.startswith("hydra.mode=")]
        if settings and settings[-1].startswith("hydra.sweep.dir="):
            settings.pop()  # the claimed folder, passed below; the rest was validated as typed
        given = [*settings, *(rewritten(f"{key}={value}") for key, value in self.params.items()), *arguments]
        request = Request(given, own_folder(hydra.runtime.config_sources), hydra.job.config_name, sweep=True)
        code = sweep(request, Path(hydra.sweep.dir), config.seed, self.workers, self.chunk)
        if code:
            raise SystemExit(code)
