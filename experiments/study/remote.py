"""A mirror of a study's folder on any file system that fsspec knows, such as an object store.

Parts never change and are named by their content, so two places are synchronised by copying missing parts in both
directions: any number of commands may do that at once, without a lock.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from experiments.study.store import MANIFEST, PARTS, Folder, Unreachable, check_manifest, name_of
from sim.config import ConfigurationError
from sim.config.untrusted_yaml import one_line, shortened
from sim.output.files import write_whole


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

            self._files: Any = fsspec.get_mapper(self.url)

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

    def put(self, name: str, data: bytes) -> None:
        """Write a file."""
        with self._reached():
            self._files[name] = data

    def get(self, name: str) -> bytes | None:
        """Read a file; None if it is missing."""
        with self._reached():
            found: bytes | None = self._files.get(name)
        return found

    def remove(self, name: str) -> None:
        """Remove a file if it exists."""
        with suppress(FileNotFoundError), self._reached():
            self._files.fs.rm_file(f"{self._files.root}/{name}")

    def parts(self) -> dict[str, int]:
        """The sizes of parts by name."""
        names = ((name, one["size"]) for name, one in self._listed(PARTS).items() if one["type"] == "file")
        return {name: size for name, size in names if name.endswith(".parquet")}

    def _listed(self, folder: str = "") -> dict[str, Any]:
        try:
            with self._reached():
                self._files.fs.invalidate_cache()
                found = self._files.fs.ls(f"{self._files.root}/{folder}".rstrip("/"), detail=True)
        except FileNotFoundError:
            return {}
        return {one["name"].rstrip("/").rpartition("/")[2]: one for one in found}

    def check(self, study: str, version: str) -> None:
        """Check that the mirror is new, or holds this study and this version of the model.

        Raises:
            ConfigurationError: if it holds anything else.
            Unreachable: if it cannot be reached.
        """
        about = self.get(MANIFEST)
        if about is None:
            if self._listed().keys() - {PARTS}:
                raise ConfigurationError([f"mirror={self.url}: holds other files; choose a new or empty folder"])
        else:
            check_manifest(f"mirror={self.url}", about, study, version)

    def sync(self, folder: Folder) -> tuple[list[str], list[str], list[str]]:
        """Copy missing parts in both directions; return the names of those fetched, sent, and damaged in the mirror."""
        remote, damaged = self.parts(), {*folder.damaged_parts()}
        here = {file.name: file for file in folder.parts.glob("*.parquet") if file.name not in damaged}
        fetched, sent, broken = list[str](), list[str](), list[str]()
        if self.get(MANIFEST) is None:  # the folder is older than its mirror
            self.put(MANIFEST, (folder.path / MANIFEST).read_bytes())
        for name in sorted(remote.keys() - here.keys()):
            data = self.get(name=f"{PARTS}/{name}")
            if data is None:
                continue  # another command has just merged it with others
            if name_of(data) == name:
                write_whole(folder.parts / name, data)
                fetched.append(name)
            else:
                broken.append(name)
        for name, file in sorted(here.items()):
            if remote.get(name) != file.stat().st_size:  # missing, or cut short
                self.put(f"{PARTS}/{name}", file.read_bytes())
                sent.append(name)
        return fetched, sent, broken
