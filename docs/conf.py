"""Settings of the site (``make docs``). Nothing is fetched from a network."""

import inspect
import logging
import re
import tomllib
from pathlib import Path
from typing import Any

from docutils.nodes import container
from jupyter_client import AsyncKernelManager

ROOT = Path(__file__).resolve().parents[1]
_ABOUT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
_ABOVE = re.compile(r"\]\((?:\.\./)+(CHANGELOG|CONTRIBUTING)\.md")

project = "Insurgent financing"
author = copyright = "the insurgent-financing-sim maintainers"
release = version = _ABOUT["version"]

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton"]
exclude_patterns = ["_build", "jupyter_execute"]

html_css_files = ["site.css"]
html_static_path = ["_static"]
html_theme = "furo"
html_title = f"{project} {release}"
html_copy_source = False
html_show_sphinx = False

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4
logging.getLogger("traitlets").setLevel(logging.WARNING)
AsyncKernelManager.transport_encryption.default_value = "auto"  # it warns of what others could read
nb_execution_mode = "force"
nb_execution_in_temp = True
nb_execution_raise_on_error = True
nb_execution_timeout = 300
nb_ipywidgets_js: dict[str, Any] = {}  # nothing from a network
nb_merge_streams = True
nb_mime_priority_overrides = [("html", _WIDGET := "application/vnd.jupyter.widget-view+json", None)]
nb_output_stderr = "remove"

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
napoleon_numpy_docstring = False
napoleon_use_ivar = True


def _links(app: Any, page: str, source: list[str]) -> None:
    """Lead links to the pages beside README.md to their places on the site."""
    source[0] = _ABOVE.sub(lambda found: f"](/{found[1].lower()}.md", source[0])


def _properties(app: Any, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Keep the docstring of a property whole, of which Napoleon takes what stands before a colon for a type."""
    if what == "property":
        lines[:] = inspect.cleandoc(obj.__doc__ or "").splitlines()


def _progress(app: Any, page: Any) -> None:
    """Take out progress bars, which move in a notebook and not on a page."""
    for one in [*page.findall(container)]:
        if one.get("mime_type") == _WIDGET:
            one.parent.parent.remove(one.parent)


def setup(app: Any) -> None:
    """Register what the settings above cannot say."""
    app.connect("doctree-read", _progress)
    app.connect("source-read", _links)
    app.connect("autodoc-process-docstring", _properties, priority=600)  # after Napoleon
