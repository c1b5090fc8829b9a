"""A time limit on what a worker does: past it the kernel ends the process.

Compiled rules hold the interpreter, so no handler of a signal and no thread could stop them; the default action of a
signal does not need the interpreter.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_armed = False


def arm() -> None:
    """Let limits end this process: it is a worker, does one thing at a time, and others go on without it."""
    global _armed
    if threading.current_thread() is threading.main_thread():  # elsewhere it cannot be set, and is as it was
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
    _armed = True


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """End an armed process if the block takes longer, by a timer independent of the clock; 0 is no limit."""
    if _armed:
        signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        if _armed:
            signal.setitimer(signal.ITIMER_REAL, 0.0)
