"""The brief of a study: two pages for policy analysts, every number of which names the row that it is taken from."""

import base64
import calendar
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
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

LETTERS = {
    "effects": "",
    "frontier": "F",
    "breakeven": "B",
    "staff": "P",
    "surface": "S",
    "threshold": "T",
    "runs": "R",
}
"""Letter before a line number, for the file whose lines it counts."""

_FIGURES = ("paths", "forest", "surface", "frontier", "interaction", "core_network")
"""Parts of the names of figures, in the order of the brief."""

_TYPES = {".svg": "image/svg+xml", ".png": "image/png"}


@dataclass(frozen=True)
class Layout:
    """How a brief is set: text in points, figures in mm; how many figures, sections and groups it holds; its parts."""

    text: float = 9.4
    figure: float = 122
    figures: int = 2
    sections: int = MOST
    groups: int = 1000
    standing: int = 6  # patterns that disagree, and measurements that would change our mind
    parted: bool = False  # the second part begins a page
    appendix: bool = False


@dataclass(frozen=True)
class Picture:
    """A figure as it stands in the page."""

    kind: str
    words: str
    data: str


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
    known = {"title": "", "question": "", "command": "", "standing": credibility.Standing(), "uncertain": (), **about}
    content = _content(tables, figures, known)
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
    window = {"window": about["window"]} if "window" in about else {}
    source = Source(tables, {**window, **about.get("base", {})}, about.get("agencies", {}))
    found = sections(source, int(about.get("failed") or 0), int(about.get("runs") or 0))
    rows = sorted({row for one in found for finding in one.findings for row in finding.rows}, key=_order)
    date = re.match(r"\d{4}-\d{2}-\d{2}", str(about.get("date", "")))
    whole = _Whole(source, tables)
    return {
        "about": about,
        "headline": headline(source),
        "short": in_short(source),
        "sections": [
            {
                "heading": one.heading,
                "runs": whole.html(one.runs),
                "findings": [
                    {"verdict": finding.verdict, "text": whole.html(finding.with_marks(), finding.rows)}
                    for finding in one.findings
                ],
            }
            for one in found
        ],
        "key": _key(source, about),
        "files": [(LETTERS[name], _file_of(name)) for name in dict.fromkeys(row.table for row in rows if row.line)],
        "sources": [(_footnote(row), _file_of(row.table), row.line or "", row.id) for row in rows],
        "figures": _pictures(figures),
        "grades": [
            (grade, credibility.GRADES.get(grade, ""), *counts) for grade, counts in about.get("evidence", {}).items()
        ],
        "drawn": credibility.drawn_on(about.get("evidence", {})),
        "limits": _limits(source, about),
        "again": _again(about),
        "created": date[0] if date else "",
        "css": Markup(_file("brief.css")),
        "screen_css": Markup(_file("screen.css")),
        "fewest": estimates.FEW,
    }


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


# --- numbers ---------------------------------------------------------------------------------------------------------


def _order(row: Row) -> tuple[bool, str, int]:
    return row.table != "effects", row.table, row.line


def _file_of(table: str) -> str:
    return f"{table}.parquet" if table == "runs" else f"{table}.csv"


def _footnote(row: Row) -> str:
    return f"{LETTERS[row.table]}{row.line or ''}"


@dataclass(frozen=True)
class _Whole:
    """The tables behind a brief, for the full value of each number."""

    source: Source
    tables: Mapping[str, pd.DataFrame | None]

    def html(self, marked: str, rows: tuple[Row, ...] = ()) -> Markup:
        """A sentence whose numbers name their row, column and full value, with a footnote for each of its rows."""
        notes = [
            Markup('<sup><a href="{}" title="{}">{}</a></sup>').format(_file_of(row.table), row.id, _footnote(row))
            for row in rows
        ]
        return Markup(linked(str(escape(marked)), self._number)) + Markup("").join(notes)

    def _number(self, source: str, words: str) -> str:
        table, line, column = source.split(":", 2)
        rows = self.tables.get(table)
        value = "" if rows is None or line == "0" else rows.iloc[int(line) - 2][column]
        return Markup('<data value="{}" data-row="{}:{}" data-column="{}">').format(
            value, _file_of(table), line, column
        ) + Markup(f"{words}</data>")


# --- figures, key, limits --------------------------------------------------------------------------------------------


def _pictures(figures: Mapping[str, Path]) -> list[Picture]:
    found = []
    for kind in _FIGURES:
        for stem, path in sorted(figures.items()):
            if kind in stem and path.suffix.lower() in _TYPES and path.is_file():
                data = base64.b64encode(path.read_bytes()).decode("ascii")
                found.append(Picture(kind, say(f"figure-{kind}"), f"data:{_TYPES[path.suffix.lower()]};base64,{data}"))
    return found


def _key(source: Source, about: Mapping[str, Any]) -> str:
    """The meaning of numbers: their window, the arm, the outcome, the levels that are held, the intervals."""
    said = []
    if about.get("window") and about.get("switch"):
        said.append(say("brief-measure", weeks=about["window"], day=about["switch"]))
    said += [say("brief-choose")] if source.arms[:1] == ["announcement"] and len(source.arms) > 1 else []
    said += [say("brief-judged")] if "military" in source.agencies.values() else []
    usual = ("group.routing", "world", "loop", "window")
    varied = [f"{name} = {text.word(level)}" for name, level in source.varied.items() if name not in usual]
    said += [say("brief-held", settings=text.listed(varied))] if varied else []
    held = "yes" if about.get("draws") == 0 else "no"
    return " ".join([*said, say("brief-key", held=held, drawn=about.get("drawn_from", say("drawn-from", source="")))])


def _limits(source: Source, about: Mapping[str, Any]) -> list[str]:
    """The limits that a reader must know before using a number."""
    evidence = about.get("evidence", {})
    judged = sum(count for grade, (count, _) in evidence.items() if grade in "CM")
    hypothetical = text.listed([text.group(one) for one in source.groups if one in text.HYPOTHETICAL])
    margins = {float(one) for one in source.effects("switch", bare=True).get("margin", ()) if one == one}
    margin = f"{min(margins):g}" if len(margins) == 1 else "none"
    values = {"groups": hypothetical, "margin": margin}
    names = ["judgement"] if 2 * judged > sum(count for count, _ in evidence.values()) else []
    names += ["rise", "cost", "strength", "harm", *(["hypothetical"] if hypothetical else []), "margin", "forecast"]
    return [say(f"limit-{name}", **values) for name in names]


def _again(about: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Names and values from which a study can be run again."""
    shown = {
        name: about.get(name, "") for name in ("version", "commit", "seeds", "runs", "replications", "draws", "date")
    }
    words = {name: f"{value:,}" if isinstance(value, int) else str(value) for name, value in shown.items()}
    if failed := about.get("failed"):
        words["runs"] = say("again-failed", runs=words["runs"], failed=f"{failed:,}")
    return [(say(f"again-{name}"), value) for name, value in words.items() if value]


def _stamp(day: str) -> int:
    """The start of a day in seconds since 1970; of 2020 if there is none."""
    try:
        return max(calendar.timegm(time.strptime(day or "2020-01-01", "%Y-%m-%d")), 0)
    except ValueError:
        return 1_577_836_800
