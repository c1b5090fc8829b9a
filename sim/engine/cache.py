"""The folder of compiled rules. Numba is not imported: a command that only plans and reports does without.

Its flags are read from the environment, as Numba does.
"""

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

import platformdirs

PLAIN = os.environ.get("NUMBA_DISABLE_JIT", "0").strip() not in ("", "0")
"""True when the rules run as plain Python."""

NAME = "insurgent-financing-sim"
"""The name of the user's cache folder."""


def sources() -> list[Path]:
    """Return every file on which compiled code depends: rules, engine, parameter declarations, the week."""
    sim = Path(__file__).resolve().parents[1]
    folders = [sim / name for name in ("engine", "rules", "scenario")]
    return sorted([*(file for folder in folders for file in folder.rglob("*.py")), sim / "week.py"])


def _fingerprint() -> str:
    """Hash everything on which compiled code depends: Numba's own cache checks only the file of each rule."""
    flags = (version("numba"), *map(os.environ.get, ("NUMBA_BOUNDSCHECK", "NUMBA_OPT", "NUMBA_CPU_NAME")))
    digest = hashlib.sha256(repr(flags).encode())
    for source in sources():
        digest.update(source.parent.name.encode() + source.name.encode() + source.read_bytes())
    return digest.hexdigest()[:16]


def _cache_folder() -> Path | None:
    """Return the first folder that can be written; without one (None), every start compiles again."""
    places: tuple[Callable[[], Path], ...] = (lambda: Path(platformdirs.user_cache_dir(NAME)), _temporary)
    for place in places:
        try:
            folder = place() / "compiled" / _fingerprint()
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            (folder / "used").touch()
        except (OSError, RuntimeError):  # read-only, full, or no home: a container's user may have a number only
            continue
        others = [(_used(entry), entry) for entry in folder.parent.iterdir() if entry != folder]
        for _, old in sorted(one for one in others if one[0])[:-2]:  # two other versions stay
            shutil.rmtree(old, ignore_errors=True)
        return folder
    return None


def _temporary() -> Path:
    """Create this user's folder below the shared temporary one; no other may write to it: it holds executed code."""
    folder = Path(tempfile.gettempdir()) / f"{NAME}-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o022:
        raise PermissionError(f"{folder}: another user may write there")
    return folder


def _used(folder: Path) -> float:
    """Return when a version was last used; 0 if the folder is no version, or another process has just removed it."""
    try:
        return (folder / "used").stat().st_mtime
    except OSError:
        return 0.0


CACHE: Path | None = None if PLAIN else _cache_folder()


def is_cold() -> bool:
    """Return True if the rules are not compiled yet; compilation takes some tens of seconds per version of the code."""
    return not PLAIN and (CACHE is None or not (CACHE / "complete").exists())


def mark_warm() -> None:
    """Record that every rule has been compiled."""
    if CACHE is not None:
        with suppress(OSError):  # a full disk, or another version has removed it: the next start compiles again
            CACHE.mkdir(parents=True, exist_ok=True)
            (CACHE / "complete").touch()
