"""How a rule becomes machine code: one decorator, one cache folder.

Set ``NUMBA_DISABLE_JIT=1`` and the very same rules run as plain Python on views of the same records.
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
_KEPT = 3  # compiled versions of the model kept in the cache folder


def sources() -> list[Path]:
    """Return every file on which compiled code depends: rules, engine, declarations of parameters, the week."""
    sim = Path(__file__).resolve().parents[1]
    return sorted(
        [*(file for part in ("engine", "rules", "scenario") for file in (sim / part).rglob("*.py")), sim / "week.py"]
    )


def _fingerprint() -> str:
    """Hash all that decides what is compiled: Numba's own cache sees only the file in which a rule is."""
    digest = hashlib.sha256()
    for source in sources():
        digest.update(source.parent.name.encode() + source.name.encode() + source.read_bytes())
    flags = (numba.__version__, config.BOUNDSCHECK, config.OPT, config.CPU_NAME)
    digest.update(repr(flags).encode())
    return digest.hexdigest()[:16]


def _cache_folder() -> Path | None:
    """The first folder that can be written, or None: then every start compiles anew."""
    for place in (_users, _temporary):
        try:
            folder = place() / "compiled" / _fingerprint()
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            (folder / "used").touch()
        except (OSError, RuntimeError):  # read-only, full, or no home: a container's user may have a number only
            continue
        others = [(_used(entry), entry) for entry in folder.parent.iterdir() if entry != folder]
        for _, old in sorted(one for one in others if one[0])[: 1 - _KEPT]:
            shutil.rmtree(old, ignore_errors=True)
        return folder
    return None


def _users() -> Path:
    """Where a user's programs keep what they can make again."""
    return Path(platformdirs.user_cache_dir(_NAME))


def _temporary() -> Path:
    """A folder where all users may write, so it must be this user's alone: what is in it is executed."""
    folder = Path(tempfile.gettempdir()) / f"{_NAME}-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o022:
        raise PermissionError(f"{folder}: another user may write there")
    return folder


def _used(folder: Path) -> float:
    """When a version was last used; 0 if it is none, or another process has just removed it."""
    try:
        return (folder / "used").stat().st_mtime
    except OSError:
        return 0.0


CACHE: Path | None = None if PLAIN else _cache_folder()
if CACHE is not None:
    config.CACHE_DIR = str(CACHE)


def is_cold() -> bool:
    """Whether the rules still have to be compiled (some tens of seconds, once per version of the code)."""
    return not PLAIN and (CACHE is None or not (CACHE / "complete").exists())


def mark_warm() -> None:
    """Remember that everything has been compiled."""
    if CACHE is not None:
        with suppress(OSError):  # a full disk, or another version has removed it: it is compiled once more
            CACHE.mkdir(parents=True, exist_ok=True)
            (CACHE / "complete").touch()


_OPTIONS: dict[str, Any] = {
    "cache": CACHE is not None,
    "error_model": "numpy",  # a division is not guarded: plain Python, which the tests run too, raises
    "_nrt": False,  # rules own no memory
    "no_cfunc_wrapper": True,  # nobody calls a rule from C
}
"""How rules are compiled; the last three spare a fifth of the time and change no bit."""


def rule[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Compile a rule; it keeps its Python signature, so a type checker sees the fields of the records."""
    return cast("Callable[P, R]", numba.njit(**_OPTIONS)(function))


def drawn[**P, R](signature: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Compile with one explicit signature: else every literal argument would be compiled anew."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        return cast("Callable[P, R]", numba.njit(signature, **_OPTIONS)(function))

    return decorate
