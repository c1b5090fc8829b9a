"""Progress bars: of the terminal, and in notebooks of the notebook."""

import sys
import warnings
from typing import Any


def in_notebook() -> bool:
    """Return whether this is a notebook, which shows what is no terminal's."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return "IPKernelApp" in getattr(shell, "config", {})


def watched() -> bool:
    """Return whether somebody sees a bar move: in a terminal or in a notebook."""
    return sys.stderr.isatty() or in_notebook()


class _Log:
    """The standard error of a log, in which a bar is a line each time that it has moved."""

    def __init__(self) -> None:
        self.encoding, self.last = sys.stderr.encoding, ""

    def write(self, words: str) -> None:
        """Write the state of a bar, without the signs that would draw it over the one before."""
        if (line := words.strip()) and line != self.last:
            print(line, file=sys.stderr)
            self.last = line

    def flush(self) -> None:
        """Leave nothing in a buffer."""
        sys.stderr.flush()


def bar(**look: Any) -> Any:
    """Return a progress bar of tqdm; in a notebook a widget, or text where there are no widgets; in a log, lines."""
    if not in_notebook():
        from tqdm import tqdm

        return tqdm(file=sys.stderr if watched() else _Log(), **look)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of tqdm, that there are no widgets
        from tqdm.auto import tqdm as of_notebooks

    return of_notebooks(**look | {"ncols": None})
