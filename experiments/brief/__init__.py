"""The brief of a study: two pages for policy analysts, every number of which names the row that it is taken from."""

import base64
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from experiments import text
from experiments.brief.pdf import pages
from experiments.brief.sections import MOST, Source, headline, in_short, sections
from experiments.evidence import credibility
from experiments.findings import Row
from experiments.messages import linked, say
from experiments.stats import estimates
from experiments.study import tables as of_plan
from experiments.study.design import Plan
from experiments.study.store import Folder
from sim.engine.constants import HARM_MODELLED, POLICIES
from sim.output.files import write_whole

LETTERS = dict(effects="", frontier="F", breakeven="B", staff="P", runs="R")
"""Letter before a line number, for the file whose lines it counts."""

_FIGURES = ("paths", "forest", "frontier", "interaction", "core_network")
"""Parts of the names of figures, in the order of the brief."""

_OWN_SECTION = ("group.routing", "world", "loop", "window")
"""Settings on which the brief has a section of its own."""


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


@dataclass(frozen=True)
class Layout:
    """The layout of a brief: text in points, figures in mm; numbers of figures, sections and groups; its parts."""

    text: float = 9.4
    figure: float = 122
    figures: int = 2
    sections: int = MOST
    groups: int = 1000
    standing: int = 6  # patterns that disagree, and measurements that would change our mind
    parted: bool = False  # the second part begins a page
    appendix: bool = False


LAYOUTS = tuple(Layout(**one) for one in tomllib.loads(_file("layouts.toml"))["layouts"])
"""Layouts of the PDF, from the most generous to the tightest: smaller figures and type, then fewer of them."""


def write_brief_of(
    plan: Plan, folder: Folder, tables: Mapping[str, pd.DataFrame], facts: Mapping[str, Any], question: str
) -> tuple[list[str], str | None]:
    """Write the brief of a study beside its tables; return the files, and a message if there is no PDF."""
    scenario = plan.cells[0].scenario
    about = {
        **facts,
        "title": plan.study.doc,
        "question": question,
        "commit": (facts["commit"] or "")[:10] + (" (changed)" if facts["dirty"] else ""),
        "date": facts["started"][:10],
        "draws": 0 if of_plan.held(plan) else plan.draws,
        "drawn_from": of_plan.drawn_from(plan),
        "evidence": facts.get("evidence") or of_plan.evidence(plan.study),
        "standing": credibility.kept(),
        "switch": text.day(scenario.switch_day),
        "window": scenario.report.window,
        "agencies": of_plan.agencies_of(plan),
        "base": of_plan.base_of(plan),
    }
    pictures = {path.stem: path for path in (folder.path / "figures").glob("*.svg")}
    written, message = write_brief(folder.path, tables, pictures, about)
    return [path.name for path in written], message


def write_brief(
    folder: Path,
    tables: Mapping[str, pd.DataFrame | None],
    figures: Mapping[str, Path],
    about: Mapping[str, Any],
) -> tuple[list[Path], str | None]:
    """Write `brief.html`, which opens offline, and `brief.pdf`, two A4 pages.

    Args:
        folder: Where they go, beside the tables' files, to which they link.
        tables: By name, rows in the order of the files. Any may be missing, empty or None.
        figures: SVG files by stem (`1_forest`, `4_paths`, `3_frontier`). The PDF has the first two of paths, forest,
            frontier; the HTML all.
        about: Facts on the study; one that is missing is left out. `title`, `question`, `command`, `model` (its
            version), `commit`, `date`, `seed` (all of them), `runs`, `failed`, `replications`, `draws` (0 if parameters
            are held), `drawn_from`, `evidence` (grade -> (parameters, how many of them are drawn)), `standing` (of
            `credibility`), `switch` (its day in words), `window` (weeks), `base` (levels of settings) and `agencies`
            (of policies).

    Returns:
        The files written, and a message where the PDF could not be made.
    """
    template = Environment(autoescape=True, undefined=StrictUndefined).from_string(_file("brief.html.j2"))
    usual = {"standing": credibility.Standing(), "drawn_from": say("drawn-from", source="plausible")}
    content = _content(tables, figures, defaultdict(str, {**usual, **about}))

    def page(layout: Layout) -> str:
        return template.render(**content, layout=layout, say=say)

    folder.mkdir(parents=True, exist_ok=True)
    pdf, message = pages(LAYOUTS, page)
    contents: dict[Path, str | bytes] = {folder / "brief.html": page(Layout(appendix=True, standing=100))}
    if pdf is not None:
        contents[folder / "brief.pdf"] = pdf
    for path, whole in contents.items():
        write_whole(path, whole)
    return [*contents], message


def _content(
    tables: Mapping[str, pd.DataFrame | None], figures: Mapping[str, Path], about: Mapping[str, Any]
) -> dict[str, Any]:
    window = {"window": about["window"]} if about["window"] else {}
    source = Source(tables, {**window, **about.get("base", {})}, about.get("agencies", {}))
    found = sections(source, int(about["failed"] or 0), int(about["runs"] or 0))
    used = {row for section in found for one in section.findings for row in one.rows}
    rows = sorted(used, key=lambda row: (row.table != "effects", row.table, row.line))
    grades = about.get("evidence", {})
    margins = {float(one) for one in source.effects("switch", bare=True).get("margin", ()) if one == one}
    link = partial(_html, tables)
    return {
        "about": about,
        "headline": headline(source),
        "short": in_short(source),
        "sections": [
            (one.heading, link(one.runs), [(each.verdict, link(each.with_marks(), each.rows)) for each in one.findings])
            for one in found
        ],
        "choose": source.arms[:1] == ["announcement"] and len(source.arms) > 1,
        "military": "military" in source.agencies.values(),
        "settings": text.listed([f"{k} = {text.word(v)}" for k, v in source.varied.items() if k not in _OWN_SECTION]),
        "hypothetical": text.listed([text.group(one) for one in source.groups if one in text.HYPOTHETICAL]),
        "margin": f"{min(margins):g}" if len(margins) == 1 else "none",
        "judged": 2 * sum(grades[one][0] for one in "CM" if one in grades) > sum(count for count, _ in grades.values()),
        "files": [(LETTERS[name], _file_of(name)) for name in dict.fromkeys(row.table for row in rows if row.line)],
        "sources": [(_footnote(row), _file_of(row.table), row.line or "", row.id) for row in rows],
        "figures": [
            (kind, say(f"figure-{kind}"), base64.b64encode(figures[stem].read_bytes()).decode("ascii"))
            for kind in _FIGURES
            for stem in sorted(figures)
            if kind in stem
        ],
        "grades": [(grade, credibility.GRADES.get(grade, ""), *counts) for grade, counts in grades.items()],
        "drawn": credibility.drawn_on(grades),
        "css": Markup(_file("brief.css")),
        "screen_css": Markup(_file("screen.css")),
        "fewest": estimates.MIN_DRAWS,
        "fewest_seeds": estimates.MIN_SEEDS,
        "unmodelled": text.listed([text.policy(one) for one in POLICIES if one not in HARM_MODELLED]),
    }


def _file_of(table: str) -> str:
    return f"{table}.parquet" if table == "runs" else f"{table}.csv"


def _footnote(row: Row) -> str:
    return f"{LETTERS[row.table]}{row.line or ''}"


def _html(tables: Mapping[str, pd.DataFrame | None], marked: str, rows: tuple[Row, ...] = ()) -> Markup:
    """A sentence whose numbers name their row, column and full value, with a footnote for each of its rows."""

    def number(source: str, words: str) -> str:
        name, line, column = source.split(":", 2)
        table = tables.get(name)
        value = "" if table is None or line == "0" else table.iloc[int(line) - 2][column]
        place = f"{_file_of(name)}:{line}"
        data = Markup('<data value="{}" data-row="{}" data-column="{}">').format(value, place, column)
        return f"{data}{words}</data>"

    note = Markup('<a href="{}" title="{}">{}</a>')
    notes = Markup(", ").join(note.format(_file_of(row.table), row.id, _footnote(row)) for row in rows)
    sentence = Markup(linked(str(escape(marked)), number))
    return sentence + Markup("&#8288;<sup>{}</sup>").format(notes) if rows else sentence
