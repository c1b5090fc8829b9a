"""How both commands begin and end, whatever comes: Ctrl-C at any moment, a reader who leaves early, a full disk."""

import io
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn

from sim.cli.surroundings import begin

INTERRUPTED = 130
UNREAD = 141
"""Nobody reads what is printed any more, as in ``... | head``: the code that a shell has for it."""
_AGAIN = 0.05  # seconds until an interrupt that got lost is raised once more


class _Interrupt:
    """Whether Ctrl-C has come, and whether it has come to where somebody deals with it."""

    noted = False
    taken = False


def _note(number: int, frame: FrameType | None) -> NoReturn:
    """Raise Ctrl-C as Python does, and remember it: a library may make another error of it."""
    _Interrupt.noted = True
    raise KeyboardInterrupt


@contextmanager
def one_interrupt() -> Iterator[None]:
    """Treat any error after Ctrl-C as the interrupt: LLVM and callbacks of Numba make a RuntimeError of it."""
    try:
        yield
    except KeyboardInterrupt:
        _Interrupt.taken = True
        raise
    except BaseException:
        if not _Interrupt.noted:
            raise
        _Interrupt.taken = True
        raise KeyboardInterrupt from None


def _raise_again() -> None:
    if not _Interrupt.taken:
        os.kill(os.getpid(), signal.SIGINT)


def _unraisable(about: Any) -> None:
    """Raise Ctrl-C once more where it could not be raised, as in a callback of LLVM or when an object is dropped."""
    if issubclass(about.exc_type, KeyboardInterrupt):
        again = threading.Timer(_AGAIN, _raise_again)
        again.daemon = True
        again.start()
    elif not _Interrupt.noted:
        sys.__unraisablehook__(about)


class _Quiet(io.FileIO):
    """Where what is printed goes. Once it cannot be written there it goes nowhere, and no run fails because of it."""

    lost: OSError | None = None

    def write(self, data: Any, /) -> int:
        """Write, and raise nothing."""
        if self.lost is None:
            try:
                return super().write(data)
            except OSError as error:
                self.lost = error
        return memoryview(data).nbytes


def _quiet(name: str) -> _Quiet | None:
    """Make a stream of `sys` one that never fails: neither for its reader nor for a character that it cannot hold."""
    old = getattr(sys, name)
    try:
        raw = _Quiet(os.open(os.devnull, os.O_WRONLY) if old is None else old.fileno(), "w", closefd=False)
    except (OSError, ValueError):  # it is no file; somebody else has put it there
        return None
    unbuffered = isinstance(getattr(old, "buffer", None), io.RawIOBase)  # python -u
    new = io.TextIOWrapper(
        raw if unbuffered else io.BufferedWriter(raw),
        encoding=getattr(old, "encoding", None),
        errors="backslashreplace",
        line_buffering=getattr(old, "line_buffering", False),
        write_through=getattr(old, "write_through", False),
    )
    setattr(sys, name, new)
    return raw


def attend(load: Callable[[], Callable[[list[str]], int]]) -> NoReturn:
    """Run a command with what the user typed, and exit.

    Args:
        load: imports the command and returns it.
    """
    streams: list[_Quiet | None] = []
    early = "; nothing was run"
    try:
        with one_interrupt():
            if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # it is ignored in the background
                signal.signal(signal.SIGINT, _note)
                sys.unraisablehook = _unraisable
            begin()
            streams += map(_quiet, ("stdout", "stderr"))
            command, early = load(), ""
            try:
                code: Any = command(sys.argv[1:])
            except SystemExit as stop:
                code = stop.code
            sys.stdout.flush()
            sys.stderr.flush()
    except KeyboardInterrupt:
        _end_at_once()
        print(f"Interrupted{early}.", file=sys.stderr)
        code = INTERRUPTED
    leave(_with_what_was_lost(code if isinstance(code, int) else int(code is not None), streams))


def _with_what_was_lost(code: int, streams: list[_Quiet | None]) -> int:
    """The exit code, and a word of what could not be printed."""
    lost = [one.lost for one in streams if one is not None and one.lost is not None]
    for error in lost:
        if not isinstance(error, ConnectionError):
            print(f"Could not write standard output: {error.strerror or error}", file=sys.stderr)
            return code or 1
    return code or (UNREAD if lost else 0)


def _end_at_once() -> None:
    """From here on nothing is lost by Ctrl-C, and nothing is said of it."""
    if signal.getsignal(signal.SIGINT) is _note:
        signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))


def leave(code: int) -> NoReturn:
    """Exit with a code, after Ctrl-C too.

    Where Ctrl-C came while Python ran a text, as data classes and Numba make it do, CPython remembers that even when it
    was dealt with, and would end by the signal whatever the code. To run an empty text makes it forget.
    """
    _end_at_once()
    if _Interrupt.noted and code != INTERRUPTED:  # a library swallowed it
        print("Interrupted.", file=sys.stderr)
        code = INTERRUPTED
    exec("")
    sys.exit(code)
