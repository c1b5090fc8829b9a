"""The brief of a study: two pages for policy analysts, every number of which names the row that it is taken from."""

import base64
import calendar
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import DictLoader, Environment, StrictUndefined
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
from sim.output.files import write_whole

LETTERS = dict(effects="", frontier="F", breakeven="B", staff="P", surface="S", threshold="T", runs="R")
"""Letter before a line number, for the file whose lines it counts."""

_FIGURES = ("paths", "forest", "surface", "frontier", "interaction", "core_network")
"""Parts of the names of figures, in the order of the brief."""

_USUAL = ("group.routing", "world", "loop", "window")
"""Settings of which the brief has sections of their own."""

_KNOWN = (
    "title", "question", "command", "version", "commit", "date", "seeds", "runs", "failed", "replications", "draws",
    "switch", "window",
)  # fmt: skip
"""Facts on a study, empty if they are not given."""

_TYPES = {".svg": "image/svg+xml", ".png": "image/png"}


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


def write_brief_of(
    plan: Plan, folder: Folder, tables: Mapping[str, pd.DataFrame], facts: Mapping[str, Any], question: str
) -> tuple[list[str], str | None]:
    """Write the brief of a study beside its tables; return the files, and a message if there is no PDF."""
    scenario = plan.cells[0].scenario
    about = {
        "title": plan.study.doc,
        "question": question,
        "command": facts["command"],
        "version": facts["model"],
        "commit": (facts["commit"] or "")[:10] + (" (changed)" if facts["dirty"] else ""),
        "date": facts["started"][:10],
        "seeds": facts["seed"],
        "runs": facts["runs"],
        "failed": facts["failed"],
        "replications": len(plan.seeds),
        "draws": 0 if of_plan.held(plan) else plan.draws,
        "drawn_from": of_plan.drawn_from(plan),
        "evidence": facts.get("evidence") or of_plan.evidence(plan.study),
        "standing": credibility.kept(),
        "switch": text.day(scenario.switch_day),
        "window": scenario.report.window,
        "agencies": of_plan.agencies_of(plan),
        "base": of_plan.base_of(plan),
    }
    pictures = {path.stem: path for path in sorted((folder.path / "figures").glob("*.svg"))}
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
        figures: SVG or PNG files by stem (`1_forest`, `4_paths`, `3_frontier`, `6_surface_NAME`). The PDF has the first
            two of paths, forest, surfaces, frontier; the HTML all.
        about: `title`, `question`, `command`, `version`, `commit`, `date`, `seeds`, `runs`, `failed`, `replications`,
            `draws` (0 if parameters are held), `evidence` (grade -> (parameters, how many of them are drawn)). If
            given, also `standing` (of `credibility`), `switch` (its day in words), `window` (weeks), `uncertain` (names
            of the parameters that matter most), `base` (levels of settings) and `agencies` (of policies).

    Returns:
        The files written, and a message where the PDF could not be made.
    """
    usual: dict[str, Any] = dict.fromkeys(_KNOWN, "")
    usual |= {"standing": credibility.Standing(), "uncertain": (), "drawn_from": say("drawn-from", source="plausible")}
    content = _content(tables, figures, {**usual, **about})
    environment = Environment(
        loader=DictLoader({"brief": _file("brief.html.j2")}), autoescape=True, undefined=StrictUndefined
    )
    template = environment.get_template("brief")

    def page(layout: Layout) -> str:
        return template.render(**content, layout=layout, say=say)

    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / "brief.html"]
    write_whole(written[0], page(Layout(appendix=True, standing=100)))
    pdf, message = pages(_layouts(), page, _stamp(content["created"]))
    if pdf is not None:
        written.append(folder / "brief.pdf")
        write_whole(written[1], pdf)
    return written, message


def _layouts() -> list[Layout]:
    """From the most generous to the tightest: smaller figures and type, then fewer of them."""
    sizes = [9.6, 9.4, 9.2, 9.0, 8.8, 8.6, 8.4, 8.2, 8.0, 7.8]
    found = [Layout(sizes[0], parted=True), *(Layout(size) for size in sizes), Layout(7.8, 112)]
    found += [Layout(7.8, 112, standing=3), Layout(7.8, figures=1), Layout(7.8, figures=0)]
    found += [Layout(7.8, figures=0, sections=6)]
    few = [
        Layout(7.8, figures=0, sections=most, groups=groups, standing=3, parted=True)
        for most, groups in ((6, 10), (3, 6))
    ]
    return [*found, *few]


def _content(
    tables: Mapping[str, pd.DataFrame | None], figures: Mapping[str, Path], about: Mapping[str, Any]
) -> dict[str, Any]:
    """The values of the template."""
    window = {"window": about["window"]} if about["window"] else {}
    source = Source(tables, {**window, **about.get("base", {})}, about.get("agencies", {}))
    found = sections(source, int(about.get("failed") or 0), int(about.get("runs") or 0))
    used = {row for section in found for one in section.findings for row in one.rows}
    rows = sorted(used, key=lambda row: (row.table != "effects", row.table, row.line))
    date = re.match(r"\d{4}-\d{2}-\d{2}", str(about.get("date", "")))
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
        "settings": text.listed([f"{k} = {text.word(v)}" for k, v in source.varied.items() if k not in _USUAL]),
        "hypothetical": text.listed([text.group(one) for one in source.groups if one in text.HYPOTHETICAL]),
        "margin": f"{min(margins):g}" if len(margins) == 1 else "none",
        "judged": 2 * sum(grades[one][0] for one in "CM" if one in grades) > sum(count for count, _ in grades.values()),
        "files": [(LETTERS[name], _file_of(name)) for name in dict.fromkeys(row.table for row in rows if row.line)],
        "sources": [(_footnote(row), _file_of(row.table), row.line or "", row.id) for row in rows],
        "figures": _pictures(figures),
        "grades": [(grade, credibility.GRADES.get(grade, ""), *counts) for grade, counts in grades.items()],
        "drawn": credibility.drawn_on(grades),
        "created": date[0] if date else "",
        "css": Markup(_file("brief.css")),
        "screen_css": Markup(_file("screen.css")),
        "fewest": estimates.MIN_DRAWS,
    }


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _pictures(figures: Mapping[str, Path]) -> list[tuple[str, str, str]]:
    """Kind, alternative text and data of each figure, in the order of the brief."""
    found = []
    for kind in _FIGURES:
        for stem, path in sorted(figures.items()):
            if kind in stem and path.suffix.lower() in _TYPES and path.is_file():
                data = base64.b64encode(path.read_bytes()).decode("ascii")
                found.append((kind, say(f"figure-{kind}"), f"data:{_TYPES[path.suffix.lower()]};base64,{data}"))
    return found


def _stamp(day: str) -> int:
    """The start of a day in seconds since 1970; of 2020 if there is none."""
    try:
        return max(calendar.timegm(time.strptime(day or "2020-01-01", "%Y-%m-%d")), 0)
    except ValueError:
        return 1_577_836_800


# --- numbers ---------------------------------------------------------------------------------------------------------


def _file_of(table: str) -> str:
    return f"{table}.parquet" if table == "runs" else f"{table}.csv"


def _footnote(row: Row) -> str:
    return f"{LETTERS[row.table]}{row.line or ''}"


def _html(tables: Mapping[str, pd.DataFrame | None], marked: str, rows: tuple[Row, ...] = ()) -> Markup:
    """A sentence whose numbers name their row, column and full value, with a footnote for each of its rows."""

    def number(source: str, words: str) -> str:
        table, line, column = source.split(":", 2)
        whole = tables.get(table)
        value = "" if whole is None or line == "0" else whole.iloc[int(line) - 2][column]
        data = Markup('<data value="{}" data-row="{}:{}" data-column="{}">').format(
            value, _file_of(table), line, column
        )
        return f"{data}{words}</data>"

    note = Markup('<sup><a href="{}" title="{}">{}</a></sup>')
    notes = [note.format(_file_of(row.table), row.id, _footnote(row)) for row in rows]
    return Markup(linked(str(escape(marked)), number)) + Markup("").join(notes)
