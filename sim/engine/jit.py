"""Compilation of rules to machine code: one decorator, one cache folder.

With ``NUMBA_DISABLE_JIT=1`` the same rules run as plain Python on views of the same records.
"""

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import numba
import platformdirs

config: Any = numba.config

PLAIN: bool = bool(config.DISABLE_JIT)
"""True when the rules run as plain Python."""

_NAME = "insurgent-financing-sim"


def sources() -> list[Path]:
    """Return every file on which compiled code depends: rules, engine, parameter declarations, the week."""
    sim = Path(__file__).resolve().parents[1]
    folders = [sim / name for name in ("engine", "rules", "scenario")]
    return sorted([*(file for folder in folders for file in folder.rglob("*.py")), sim / "week.py"])


def _fingerprint() -> str:
    """Hash everything on which compiled code depends: Numba's own cache checks only the file of each rule."""
    flags = (numba.__version__, config.BOUNDSCHECK, config.OPT, config.CPU_NAME)
    digest = hashlib.sha256(repr(flags).encode())
    for source in sources():
        digest.update(source.parent.name.encode() + source.name.encode() + source.read_bytes())
    return digest.hexdigest()[:16]


def _cache_folder() -> Path | None:
    """Return the first folder that can be written; without one (None), every start compiles again."""
    places: tuple[Callable[[], Path], ...] = (lambda: Path(platformdirs.user_cache_dir(_NAME)), _temporary)
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
    folder = Path(tempfile.gettempdir()) / f"{_NAME}-{os.getuid()}"
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
if CACHE is not None:
    config.CACHE_DIR = str(CACHE)


def is_cold() -> bool:
    """Return True if the rules are not compiled yet; compilation takes some tens of seconds per version of the code."""
    return not PLAIN and (CACHE is None or not (CACHE / "complete").exists())


def mark_warm() -> None:
    """Record that every rule has been compiled."""
    if CACHE is not None:
        with suppress(OSError):  # a full disk, or another version has removed it: the next start compiles again
            CACHE.mkdir(parents=True, exist_ok=True)
            (CACHE / "complete").touch()


_OPTIONS: dict[str, Any] = {
    "cache": CACHE is not None,
    "error_model": "numpy",  # divisions are unchecked; the tests also run the rules as plain Python, which raises
    "_nrt": False,  # rules allocate no memory
    "no_cfunc_wrapper": True,  # no rule is called from C
}
"""Options of the compiler; the last three save a fifth of the time and change no result."""


def rule[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Compile a rule; the Python signature remains visible, so a type checker sees the fields of the records."""
    return cast("Callable[P, R]", numba.njit(**_OPTIONS)(function))


def typed_rule[**P, R](signature: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Compile a rule for one explicit signature; otherwise Numba would compile it again for every literal argument."""
    return cast("Callable[[Callable[P, R]], Callable[P, R]]", numba.njit(signature, **_OPTIONS))
