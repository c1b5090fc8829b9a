"""The start of both commands."""

import os
import sys
from pathlib import Path
from typing import IO, Any

_OPENED: list[IO[Any]] = []  # open as long as Python runs: code that writes to these files has only the number


def begin() -> None:
    """Correct the parts of the environment that would end a run late, or would be written into its files.

    Raises:
        SystemExit: with 2 in a folder that was removed.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by the caller: the next file that is opened would take its number
            stream = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115  # open as long as Python runs
            os.set_inheritable(stream.fileno(), True)
            setattr(sys, name, stream)
            _OPENED.append(stream)
    os.environ["MPLBACKEND"] = "agg"  # figures are files; matplotlib ends on a backend that it does not know
    try:
        Path.cwd()
    except FileNotFoundError:
        print("The folder you are in was removed; change to another.", file=sys.stderr)
        raise SystemExit(2) from None
