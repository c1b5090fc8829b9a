"""A mirror of a study's folder on any file system that fsspec knows, such as an object store.

Parts never change and are named by their content, so two places are synchronised by copying missing parts in both
directions: any number of commands may do that at once, without a lock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.study.store import FORMAT, MANIFEST, OTHER_VERSION, PARTS, Unreachable, manifest_of, name_of
from sim.config import ConfigurationError
from sim.config.untrusted_yaml import one_line, shortened

if TYPE_CHECKING:
    from experiments.study.store import Folder


@dataclass
class SyncCount:
    """Parts copied in each direction, and the names of damaged ones in the mirror."""

    fetched: int
    sent: int
    damaged: list[str]


class Mirror:
    """The second place of a study.

    Args:
        url: of a folder on a file system that fsspec knows.

    Raises:
        Unreachable: if its kind needs a package that is not installed, or settings that are missing.
    """

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        with self._reached():
            import fsspec

            self._files: Any
            self._files, self._path = fsspec.core.url_to_fs(self.url)

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Raise `Unreachable` for any error of a file system except a missing file."""
        try:
            yield
        except FileNotFoundError:
            raise
        except Exception as error:
            text = shortened(one_line(error)) or type(error).__name__
            raise Unreachable(f"Could not reach mirror={self.url}: {text}") from error

    def _at(self, name: str) -> str:
        return f"{self._path}/{name}"

    def put(self, name: str, data: bytes) -> None:
        """Write a file."""
        with self._reached():
            self._files.makedirs(self._at(name).rpartition("/")[0], exist_ok=True)
            self._files.pipe_file(self._at(name), data)

    def get(self, name: str) -> bytes | None:
        """Read a file; None if it is missing."""
        try:
            with self._reached():
                return bytes(self._files.cat_file(self._at(name)))
        except FileNotFoundError:
            return None

    def remove(self, name: str) -> None:
        """Remove a file if it exists."""
        try:
            with self._reached():
                self._files.rm_file(self._at(name))
        except FileNotFoundError:
            pass

    def parts(self) -> dict[str, int]:
        """The sizes of parts by name."""
        try:
            with self._reached():
                self._files.invalidate_cache()
                found = self._files.ls(self._at(PARTS), detail=True)
        except FileNotFoundError:
            return {}
        names = ((one["name"].rpartition("/")[2], one["size"]) for one in found if one["type"] == "file")
        return {name: size for name, size in names if name.endswith(".parquet")}

    def check(self, study: str, version: str) -> None:
        """Check that the mirror is new, or holds this study and this version of the model.

        Raises:
            ConfigurationError: if it holds anything else.
            Unreachable: if it cannot be reached.
        """
        about = self.get(MANIFEST)
        if about is None and self._others():
            raise ConfigurationError([f"mirror={self.url}: holds other files; choose a new or empty place"])
        if about is None:
            return
        try:
            kept = manifest_of(about)
        except ValueError:
            raise ConfigurationError([f"mirror={self.url}: {MANIFEST} there cannot be read; choose another"]) from None
        if kept[0] != study:
            raise ConfigurationError([f"mirror={self.url}: holds another study; choose another place"])
        if kept != (study, version, FORMAT):
            raise ConfigurationError([f"mirror={self.url}: {OTHER_VERSION}; choose another place"])

    def _others(self) -> bool:
        """Return whether it holds anything but parts."""
        try:
            with self._reached():
                names = self._files.ls(self._path, detail=False)
        except FileNotFoundError:
            return False
        return any(name.rstrip("/").rpartition("/")[2] != PARTS for name in names)

    def sync(self, folder: "Folder") -> SyncCount:
        """Copy missing parts in both directions."""
        there, damaged = self.parts(), {*folder.damaged_parts()}
        here = {file.name: file for file in folder.parts.glob("*.parquet") if file.name not in damaged}
        count = SyncCount(0, 0, [])
        if self.get(MANIFEST) is None:  # the folder is older than its mirror
            self.put(MANIFEST, (folder.path / MANIFEST).read_bytes())
        for name in sorted(there.keys() - here.keys()):
            data = self.get(name=f"{PARTS}/{name}")
            if data is None:
                continue  # another command has just merged it with others
            if name_of(data) == name:
                folder.keep(f"{PARTS}/{name}", data)
                count.fetched += 1
            else:
                count.damaged.append(name)
        for name, file in sorted(here.items()):
            if there.get(name) != file.stat().st_size:  # not there, or cut short
                self.put(f"{PARTS}/{name}", file.read_bytes())
                count.sent += 1
        return count
