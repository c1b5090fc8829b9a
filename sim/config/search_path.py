"""The search path of Hydra, with the user's own folder first, so that no packaged file hides one of theirs.

Hydra itself appends the folder of ``--config-dir`` after the packaged one and its own. Validation and runs use only
this search path.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from hydra.core.config_search_path import ConfigSearchPath
from hydra.core.plugins import Plugins
from hydra.plugins.search_path_plugin import SearchPathPlugin

OWN = "command-line"
"""Hydra's name of the user's folder."""


class OwnFirst(SearchPathPlugin):
    """A plugin that puts the user's folder before all others."""

    folder: ClassVar[Path | None] = None

    def manipulate_search_path(self, search_path: ConfigSearchPath) -> None:
        """Put the user's folder first; Hydra calls this before each composition."""
        if self.folder is not None:
            search_path.prepend(OWN, f"file://{self.folder.resolve()}")


@contextmanager
def looking_in(folder: Path | None) -> Iterator[None]:
    """Let Hydra search this folder first in every composition within the context."""
    Plugins.instance().register(OwnFirst)
    before, OwnFirst.folder = OwnFirst.folder, folder
    try:
        yield
    finally:
        OwnFirst.folder = before


def own_folder(sources: Iterable[Any]) -> Path | None:
    """Return the user's folder as typed where that is known here, else as Hydra lists it among its sources."""
    found = [Path(one.path) for one in sources if one.provider == OWN]
    return (OwnFirst.folder or found[0]) if found else None
