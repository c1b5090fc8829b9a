"""A brief as two A4 pages of PDF: the same bytes on every machine that has the same libraries."""

import contextlib
import io
import logging
import os
import warnings
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import matplotlib

from experiments.messages import say

PAGES = 2
_TIME = "1577836800"  # of font files, as seconds since 1970: their bytes do not depend on the clock


def pages[Layout](layouts: Sequence[Layout], page: Callable[[Layout], str]) -> tuple[bytes | None, str | None]:
    """The PDF of the first layout that fits on two pages.

    Args:
        layouts: From the most generous to the tightest.
        page: The brief as HTML in a layout.

    Returns:
        The PDF, or None and a message that names the libraries to install.
    """
    with _quiet():
        try:
            import weasyprint
            from weasyprint.text.fonts import FontConfiguration
            from weasyprint.urls import URLFetcher
        except (ImportError, OSError):
            return None, say("brief-no-pdf")
        fetcher = URLFetcher(allowed_protocols=("data",))  # the page reads nothing from disk or network
        fonts = FontConfiguration()
        faces = files(__package__).joinpath("fonts.css").read_text(encoding="utf-8")
        folder = f"{matplotlib.get_data_path()}/fonts/ttf/"
        sheet = weasyprint.CSS(string=faces, base_url=folder, font_config=fonts)
        images: dict[str, Any] = {}

        def render(layout: Layout) -> Any:
            document = weasyprint.HTML(string=page(layout), url_fetcher=fetcher)
            return document.render(font_config=fonts, stylesheets=[sheet], cache=images, pdf_variant="pdf/ua-1")

        return _fitting(layouts, render).write_pdf(pdf_variant="pdf/ua-1"), None


def _fitting[Layout](layouts: Sequence[Layout], render: Callable[[Layout], Any]) -> Any:
    """The first layout with no more than two pages; a tighter one never has more. At worst, the last."""
    document: Callable[..., Any] = cache(render)

    def fits(layout: Layout) -> bool:
        return len(document(layout).pages) <= PAGES

    generous = fits(layouts[0])
    return document(layouts[0 if generous else bisect_left(layouts, True, 1, len(layouts) - 1, key=fits)])


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Suppress WeasyPrint's output and fix the time of font files."""
    logging.getLogger("weasyprint").propagate = False
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = _TIME
    try:
        with warnings.catch_warnings(action="ignore"), contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        del os.environ["SOURCE_DATE_EPOCH"]
        if before is not None:
            os.environ["SOURCE_DATE_EPOCH"] = before
