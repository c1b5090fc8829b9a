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


def bar(**look: Any) -> Any:
    """Return a progress bar of tqdm; in a notebook a widget, or text where there are no widgets."""
    if not in_notebook():
        from tqdm import tqdm

        return tqdm(**look)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of tqdm, that there are no widgets
        from tqdm.auto import tqdm as of_notebooks

    return of_notebooks(**look | {"ncols": None})
