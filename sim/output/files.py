"""Files and folders that no two commands share: a folder is claimed by making it, a file takes its place whole."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from sim.config import ConfigurationError, Destination

_TRIES = 100  # to make a folder while others remove those above it


@contextlib.contextmanager
def claimed(place: Destination) -> Iterator[Path]:
    """Yield a folder that this command alone writes to; it is gone afterwards if nothing was written.

    Only a successful creation shows that the folder was free, because a file system may report old facts about other
    hosts. A default name gets ``_2``, ``_3`` ... where it is taken.

    Raises:
        ConfigurationError: if it is taken or cannot be made.
    """
    folder, made = place.folder, list[Path]()
    try:
        for number in count(2):
            try:
                _make(folder, made)
                break
            except FileExistsError:
                if place.goes_on:
                    break  # the study keeps others out itself
                if not place.default:
                    raise ConfigurationError([place.taken]) from None
                folder = place.folder.with_name(f"{place.folder.name}_{number}")
            except OSError as error:
                why = f"{error.filename}: {str(error.strerror).lower()}" if error.filename else str(error)
                raise ConfigurationError([f"{place.key}={folder}: cannot be made; {why}"]) from None
        yield folder
    finally:
        for one in reversed(made):
            with contextlib.suppress(OSError):  # it is not empty
                one.rmdir()


def make(folder: Path) -> None:
    """Make a folder and those above it, if they are not there yet."""
    with contextlib.suppress(FileExistsError):
        _make(folder, [])


def _make(folder: Path, made: list[Path]) -> None:
    """Make a folder and those above it that are missing, and record each; only the folder itself must be new."""
    folder = folder.absolute()
    for _ in range(_TRIES):
        try:
            folder.mkdir()
            made.append(folder)
            return
        except FileNotFoundError:
            with contextlib.suppress(FileExistsError):  # another command has just made it
                _make(folder.parent, made)
    folder.mkdir()


@contextlib.contextmanager
def replacing(path: Path, new: bool = False) -> Iterator[Path]:
    """Yield a temporary file that replaces the path when it is complete and on the disk.

    The file exists whole or not at all, even after a power cut.

    Args:
        path: the file.
        new: whether it must not exist, not even when the other is complete.

    Raises:
        OSError: that names the file, and not the one beside it.
    """
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}.aside")
    try:
        yield aside
        _on_disk(aside)
        if new:
            os.link(aside, path)
        else:
            aside.replace(path)
        _on_disk(path.parent)
    except OSError as error:
        error.filename = str(path)  # the name that the reader knows
        raise
    finally:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)


def write_whole(path: Path, data: bytes | str) -> None:
    """Write a file so that it is never seen half written; text as UTF-8."""
    with replacing(path) as aside:
        aside.write_bytes(data.encode() if isinstance(data, str) else data)


def _on_disk(path: Path) -> None:
    """Wait until the data of a file or a folder would survive a power cut."""
    place = os.open(path, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)


def unwritten(error: OSError, folder: Path | None = None) -> str:
    """Return in words which file in which folder could not be written, and why."""
    name = error.filename or folder or "standard output"
    return f"Could not write {name}: {os.strerror(error.errno) if error.errno else error}"
