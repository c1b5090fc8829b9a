"""Start and end of both commands in every event: Ctrl-C at any moment, a reader who leaves early, a full disk."""

import io
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import IO, Any, NoReturn

INTERRUPTED = 130
UNREAD = 141
"""The exit code that shells use when the reader of the output has left, as in ``... | head``."""
_OFTEN = 4.5  # seconds between two lines on what takes long
_AGAIN = 0.05  # seconds until an interrupt that got lost is raised once more
_OPENED: list[IO[Any]] = []  # open as long as Python runs: code that writes to these files has only the number


class _Interrupt:
    noted = False  # whether Ctrl-C has come
    taken = False  # whether it has reached its handler


def _note(number: int, frame: FrameType | None) -> NoReturn:
    """Raise Ctrl-C as Python does, and remember it, because a library may turn it into another error."""
    _Interrupt.noted = True
    raise KeyboardInterrupt


@contextmanager
def one_interrupt() -> Iterator[None]:
    """Treat any error after Ctrl-C as the interrupt, because LLVM and Numba callbacks turn it into a RuntimeError."""
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
    """A stream that discards everything after the first failed write, so that no run fails because of its output."""

    lost: OSError | None = None
    used = threading.Event()  # whether anything was written to any

    def write(self, data: Any, /) -> int:
        """Write, and raise nothing."""
        self.used.set()
        if self.lost is None:
            try:
                return super().write(data)
            except OSError as error:
                self.lost = error
        return memoryview(data).nbytes


def _quiet(name: str) -> _Quiet | None:
    """Replace a stream of `sys` by one that never fails, for lack of a reader or for a character it cannot encode."""
    old = getattr(sys, name)
    try:
        raw = _Quiet(os.open(os.devnull, os.O_WRONLY) if old is None else old.fileno(), "w", closefd=False)
    except (OSError, ValueError):  # the stream is no file: other code has replaced it
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


@contextmanager
def saying(words: str, until: threading.Event | None = None) -> Iterator[None]:
    """Print every few seconds what takes long, and for how long already; nothing if it is soon done.

    Args:
        words: what.
        until: an event that ends it too, but for those that its own lines set.
    """
    ended, began = threading.Event(), time.monotonic()

    def say() -> None:
        while not ended.wait(_OFTEN) and not (until and until.is_set()):
            print(f"{words}: {time.monotonic() - began:.0f} s ...", file=sys.stderr, flush=True)
            if until:
                until.clear()

    threading.Thread(target=say, daemon=True).start()
    try:
        yield
    finally:
        ended.set()


def attend(load: Callable[[], Callable[[list[str]], int]]) -> NoReturn:
    """Run a command with the arguments that the user typed, and exit.

    Args:
        load: imports the command and returns it.
    """
    streams, early = list[_Quiet | None](), "; nothing was run"
    try:
        with one_interrupt():
            if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # it is ignored in the background
                signal.signal(signal.SIGINT, _note)
                sys.unraisablehook = _unraisable
            begin()
            streams += map(_quiet, ("stdout", "stderr"))
            _Quiet.used.clear()
            with saying("Starting", _Quiet.used):  # until the command says something itself
                command = load()
                early = ""
                try:
                    code: Any = command(sys.argv[1:])
                except SystemExit as stop:
                    code = stop.code
            sys.stdout.flush()
            sys.stderr.flush()
    except KeyboardInterrupt:
        end_at_once()
        print(f"Interrupted{early}.", file=sys.stderr)
        code = INTERRUPTED
    leave(_with_what_was_lost(code if isinstance(code, int) else int(code is not None), streams))


def _with_what_was_lost(code: int, streams: list[_Quiet | None]) -> int:
    lost = [one.lost for one in streams if one is not None and one.lost is not None]
    for error in lost:
        if not isinstance(error, ConnectionError):
            print(f"Could not write standard output: {error.strerror or error}", file=sys.stderr)
            return code or 1
    return code or (UNREAD if lost else 0)


def end_at_once() -> None:
    """Let Ctrl-C end this process at once from here on, where nothing can be lost."""
    if signal.getsignal(signal.SIGINT) is _note:
        signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))


def leave(code: int) -> NoReturn:
    """Exit with a code, after Ctrl-C too.

    CPython remembers a Ctrl-C that came while it executed source text, as data classes and Numba have it do. It would
    then end by the signal, whatever the exit code, even when the interrupt was handled. Executing an empty text clears
    this memory.
    """
    end_at_once()
    if _Interrupt.noted and code != INTERRUPTED:  # a library swallowed it
        print("Interrupted.", file=sys.stderr)
        code = INTERRUPTED
    exec("")
    sys.exit(code)
