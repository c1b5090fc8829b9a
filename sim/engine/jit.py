"""Compilation of rules to machine code: one decorator, one cache folder (`sim.engine.cache`).

With ``NUMBA_DISABLE_JIT=1`` the same rules run as plain Python on views of the same records.
"""

from collections.abc import Callable
from typing import Any, cast

import numba

from sim.engine.cache import CACHE
from sim.engine.cache import PLAIN as PLAIN

_config: Any = numba.config
_config.DISABLE_JIT = int(PLAIN)
if CACHE is not None:
    _config.CACHE_DIR = str(CACHE)

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
