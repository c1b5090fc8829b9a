"""How both commands end."""

import os
import sys
from contextlib import suppress
from typing import NoReturn


def fall_silent() -> None:
    """Drop what is still to be printed, so that the end of Python does not fail on it once more."""
    with suppress(OSError):  # it is no file
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def leave(code: int) -> NoReturn:
    """Exit with a code, after Ctrl-C too.

    Where Ctrl-C came while Python ran a text, as data classes and Numba make it do, CPython remembers that even when it
    was dealt with, and would end by the signal whatever the code. To run an empty text makes it forget.
    """
    exec("")
    sys.exit(code)
