"""A request as it is typed, and its validation: errors, or the scenario and the output folder."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sim.config.folders import folders_of, groups_in
from sim.config.own_folder import Sources, source_of
from sim.config.shorthand import as_typed

if TYPE_CHECKING:
    from sim.scenario import Scenario

OPTIONS = ("ledger", "figures")
"""Options for files beside the tables: true or false, typed on the command line like any parameter."""
STUDY = "hydra_plugins.insurgent_financing.StudySweeper"
"""The sweeper that makes one study of many jobs; conf/ chooses it, experiments/ has it."""
_MANIFEST = "study.json"  # in a folder in which a study may resume


@dataclass(frozen=True)
class Request:
    """A request: overrides as typed, and the folders to search."""

    overrides: list[str]
    config_dir: Path | None = None
    config_name: str = "config"
    sweep: bool = False
    writes: bool = False  # whether output folders are validated too

    @cached_property
    def groups(self) -> dict[str, list[str]]:
        """Return every group and its options, packaged and the user's."""
        return groups_in(folders_of(self.config_dir))

    @cached_property
    def typed(self) -> dict[str, str]:
        """Return the argument as typed, for each key that Hydra sees."""
        return as_typed(self.overrides)


@dataclass(frozen=True)
class Destination:
    """The output folder, the key that set it, and whether its name is the default."""

    folder: Path
    key: str
    default: bool
    study: bool  # made by the jobs of a sweep together

    @property
    def goes_on(self) -> bool:
        """Return whether the folder holds a study that may resume."""
        return self.study and not self.default and (self.folder / _MANIFEST).is_file()

    @property
    def taken(self) -> str:
        """Return the error of a folder that holds something else."""
        return f"{self.key}={self.folder}: exists already; nothing is written over"


@dataclass
class Validation:
    """The errors found; without any, scenario, values and options of the first job, and the output folder."""

    errors: list[str] = field(default_factory=list)
    scenario: "Scenario | None" = None
    options: dict[str, bool] = field(default_factory=dict)
    values: dict[str, object] = field(default_factory=dict)  # of the scenario and the options, references followed
    place: Destination | None = None
    files: dict[str, Path | None] = field(default_factory=dict)  # that were read; packaged files have no path

    @property
    def own(self) -> dict[str, Path]:
        """Return the user's own among these files."""
        return {name: file for name, file in self.files.items() if file is not None}

    @property
    def sources(self) -> Sources:
        """Return each file that was read, as provenance has it."""
        return {name: source_of(file) for name, file in sorted(self.files.items())}

    def add(self, *errors: str) -> None:
        """Add errors, each once."""
        self.errors += [error for error in dict.fromkeys(errors) if error not in self.errors]
