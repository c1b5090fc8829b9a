"""How both commands end."""

import sys
from typing import NoReturn


def leave(code: int) -> NoReturn:
    """Exit with a code, after Ctrl-C too.

    Where Ctrl-C came while Python ran a text, as data classes and Numba make it do, CPython remembers that even when it
    was dealt with, and would end by the signal whatever the code. To run an empty text makes it forget.
    """
    exec("")
    sys.exit(code)
