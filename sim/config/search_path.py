"""Where Hydra looks for files: first in the user's own folder, so that no file of theirs is passed over for ours.

Hydra itself appends the folder of ``--config-dir``, behind ours and behind its own. Validation and runs use this alone.
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
    """Puts the user's folder before all others."""

    folder: ClassVar[Path | None] = None

    def manipulate_search_path(self, search_path: ConfigSearchPath) -> None:
        """Called by Hydra whenever it sets out to compose."""
        if self.folder is not None:
            search_path.prepend(OWN, f"file://{self.folder.resolve()}")


@contextmanager
def looking_in(folder: Path | None) -> Iterator[None]:
    """Let Hydra look in this folder first, whatever it composes meanwhile."""
    Plugins.instance().register(OwnFirst)
    before, OwnFirst.folder = OwnFirst.folder, folder
    try:
        yield
    finally:
        OwnFirst.folder = before


def own_folder(sources: Iterable[Any]) -> Path | None:
    """The user's folder: as it was typed where that is known here, else as Hydra notes it among its sources."""
    found = [Path(one.path) for one in sources if one.provider == OWN]
    return (OwnFirst.folder or found[0]) if found else None
