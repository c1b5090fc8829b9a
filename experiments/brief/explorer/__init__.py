"""The explorer of a study: one HTML file that opens offline, whose content policy allows its own scripts alone.

Libraries lie in ``vendor/`` with their licences: d3 7.9.2 and Observable Plot 0.6.17 (ISC), Fluent 0.19.1 (Apache-2.0).
"""

import base64
import gzip
import hashlib
import io
import json
import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from fontTools import subset
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from experiments.brief.explorer.data import PARTS, data_of, has_explorer
from experiments.findings import Answers
from experiments.study.design import Plan
from experiments.study.store import Folder

FILE = "explorer.html"
MOST = 1_000_000
"""Bytes of an explorer."""
LIBRARIES = ("d3.min.js", "plot.min.js", "fluent.js")
_ARABIC = "fonts/NotoNaskhArabic-Regular.ttf"


def write(folder: Folder, plan: Plan, answers: Answers) -> list[str]:
    """Write the explorer of a study that draws parameters and compares arms or policies; return its name, if any.

    Args:
        folder: with the runs and tables of the study.
        plan: of the study.
        answers: of the study.
    """
    for part in PARTS if has_explorer(plan) else ():
        found = data_of(plan, folder, answers, part)
        if found and len(whole := page(found)) <= MOST:
            folder.write(FILE, whole)
            return [FILE]
    return []


def page(found: Mapping[str, Any]) -> bytes:
    """Return the explorer of some data (`experiments.brief.explorer.data`)."""
    libraries, app = [_file(f"vendor/{name}") for name in LIBRARIES], _file("app.js")
    styles = _file("page.css") + _face(found)
    allowed = {"default-src": "'none'", "base-uri": "'none'", "form-action": "'none'", "font-src": "data:"}
    allowed["script-src"] = " ".join(map(_hash, (*libraries, app)))
    allowed["style-src"] = f"{_hash(styles)} {_hash(_style_of_plot(libraries[1]))}"
    written = json.dumps(found, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
    template = Environment(autoescape=True, undefined=StrictUndefined).from_string(_file("page.html.j2"))
    return template.render(
        policy="; ".join(f"{name} {sources}" for name, sources in allowed.items()),
        title=found["about"].get("title", found["about"]["study"]),
        styles=Markup(styles),
        libraries=map(Markup, libraries),
        app=Markup(app),
        data=base64.b64encode(gzip.compress(written, 9, mtime=0)).decode(),
    ).encode()


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def _style_of_plot(plot: str) -> str:
    """The style sheet that Observable Plot puts into each of its pictures."""
    found = re.search(r"`(:where\(\.\$\{c\}\) \{.*?)`", plot)
    return found[1].replace("${c}", "plot-d6a7b5").replace("\\n", "\n") if found else ""


def _face(found: Mapping[str, Any]) -> str:
    """The face of the Arabic letters that the explorer shows; empty if it shows none."""
    letters = {one for one in json.dumps(found["languages"], ensure_ascii=False) if "\u0600" <= one <= "\u06ff"}
    if not letters:
        return ""
    options, whole = subset.Options(flavor="woff2"), files("experiments.brief").joinpath(_ARABIC).read_bytes()
    font, made, letters_of = subset.load_font(io.BytesIO(whole), options), io.BytesIO(), subset.Subsetter(options)
    letters_of.populate(text="".join(letters))
    letters_of.subset(font)
    subset.save_font(font, made, options)
    source = f"url(data:font/woff2;base64,{base64.b64encode(made.getvalue()).decode()})"
    return f'@font-face {{ font-family: "Noto Naskh Arabic"; unicode-range: U+600-6FF; src: {source}; }}\n'
