"""A brief as two A4 pages of PDF: the same bytes on every machine that has the same libraries."""

import base64
import contextlib
import io
import logging
import os
import warnings
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

PAGES = 2

_INSTALL = (
    "brief.pdf was not made, because libraries of WeasyPrint are missing; brief.html is whole. Install Pango: on Debian"
    " and Ubuntu the packages libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0, with Homebrew the package"
    " pango. Then run the same command again."
)

_FONTS = {
    ("Brief Serif", "normal", "normal"): "STIXGeneral.ttf",
    ("Brief Serif", "bold", "normal"): "STIXGeneralBol.ttf",
    ("Brief Serif", "normal", "italic"): "STIXGeneralItalic.ttf",
    ("Brief Sans", "normal", "normal"): "DejaVuSans.ttf",
    ("Brief Sans", "bold", "normal"): "DejaVuSans-Bold.ttf",
    ("Brief Mono", "normal", "normal"): "DejaVuSansMono.ttf",
    ("DejaVu Sans", "normal", "normal"): "DejaVuSans.ttf",  # of figures
    ("DejaVu Sans", "bold", "normal"): "DejaVuSans-Bold.ttf",
}
"""Family, weight and style, and the file that matplotlib carries: line breaks do not depend on a machine's fonts."""


def pages[Layout](
    layouts: Sequence[Layout], page: Callable[[Layout], str], stamp: int
) -> tuple[bytes | None, str | None]:
    """The PDF of the first layout that fits on two pages.

    Args:
        layouts: From the most generous to the tightest.
        page: The brief as HTML in a layout.
        stamp: Seconds since 1970 that stand for now in font files.

    Returns:
        The PDF, or None and a message that says what to install.
    """
    with _quiet(stamp):
        try:
            import weasyprint
            from weasyprint.text.fonts import FontConfiguration
            from weasyprint.urls import URLFetcher
        except (ImportError, OSError):
            return None, _INSTALL
        fetcher = URLFetcher(allowed_protocols=("data",))  # nothing is read from disk or network
        fonts = FontConfiguration()
        sheet = weasyprint.CSS(string=_font_faces(), font_config=fonts, url_fetcher=fetcher)
        images: dict[str, Any] = {}

        def render(layout: Layout) -> Any:
            document = weasyprint.HTML(string=page(layout), url_fetcher=fetcher)
            return document.render(font_config=fonts, stylesheets=[sheet], cache=images, pdf_variant="pdf/ua-1")

        return _fitting(layouts, render).write_pdf(pdf_variant="pdf/ua-1"), None


def _fitting[Layout](layouts: Sequence[Layout], render: Callable[[Layout], Any]) -> Any:
    """The first layout with no more than two pages; a tighter one never has more. At worst, the last."""
    documents = [cache(partial(render, layout)) for layout in layouts]
    if len(documents[0]().pages) <= PAGES:
        return documents[0]()
    first = bisect_left(documents, True, 1, len(layouts) - 1, key=lambda made: len(made().pages) <= PAGES)
    return documents[first]()


@contextlib.contextmanager
def _quiet(stamp: int) -> Iterator[None]:
    """A fixed time for font files, and nothing printed: libraries that are missing are told by our own message."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    logger = logging.getLogger("weasyprint")
    propagates, logger.propagate = logger.propagate, False
    os.environ["SOURCE_DATE_EPOCH"] = str(stamp)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.propagate = propagates
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before


@cache
def _font_faces() -> str:
    import matplotlib

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    rules = []
    for (family, weight, style), name in _FONTS.items():
        if (folder / name).exists():
            data = base64.b64encode((folder / name).read_bytes()).decode()
            rules.append(
                f"@font-face {{ font-family: '{family}'; font-weight: {weight}; font-style: {style}; "
                f"src: url(data:font/ttf;base64,{data}) }}"
            )
    return "\n".join(rules)
