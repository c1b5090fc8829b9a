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
from markupsafe import Markup

from experiments.brief.pdf import pages
from experiments.brief.rows import arms, effects, profiles
from experiments.brief.sentences import MOST, findings, sources
from experiments.brief.summary import headline, in_short
from experiments.brief.words import HYPOTHETICAL, LETTERS, Tables, profile
from experiments.evidence.credibility import GRADES, Standing, drawn_on
from experiments.stats import estimates
from sim.engine.text import listed
from sim.output.files import write_whole

__all__ = ["write_brief"]

_FIGURES = {
    "paths": "Capacity and money by week in each arm",
    "forest": "Effect of every policy with its interval",
    "surface": "What the switch does by share that follows and by traceability",
    "frontier": "Attacks averted and lawful money hindered by each policy",
    "interaction": "Effect of the switch under each policy",
    "core_network": "Effect on the core and on the network",
}
"""Figures by a part of their file's name, in the order of the brief, and what they show."""

_TYPES = {".svg": "image/svg+xml", ".png": "image/png"}


@dataclass(frozen=True)
class Layout:
    """How a brief is set: text in points, figures in mm; how many figures, findings and groups it holds; its parts."""

    text: float = 9.4
    figure: float = 122
    figures: int = 2
    findings: int = MOST
    groups: int = 1000
    standing: int = 6  # of what disagrees, and of what would change our mind
    parted: bool = False  # the second part begins a page
    appendix: bool = False


@dataclass(frozen=True)
class Picture:
    """A figure as it stands in the page."""

    kind: str
    words: str
    data: str


def write_brief(
    folder: Path,
    tables: Mapping[str, pd.DataFrame | None],
    figures: Mapping[str, Path],
    about: Mapping[str, Any],
) -> tuple[list[Path], str | None]:
    """Write `brief.html`, which opens offline, and `brief.pdf`, two A4 pages.

    Args:
        folder: Where they go, beside the tables' files, to which they link.
        tables: By name: `effects`, `frontier`, `breakeven`, `staff`, `surface`, `threshold`, rows in the order of the
            files. Any may be missing, empty or None.
        figures: SVG or PNG files by stem (`1_forest`, `4_paths`, `3_frontier`, `6_surface_NAME`). The PDF has the first
            two of paths, forest, surfaces, frontier; the HTML all.
        about: `title`, `question`, `command`, `version`, `commit`, `date`, `seeds`, `runs`, `failed`, `replications`,
            `draws`, `evidence` (grade -> (parameters, how many of them are drawn)). If given, also `standing` (of
            `credibility`), `switch` (its day in words), `window` (weeks), `subject` (what the headline calls
            the switch), `uncertain` (names of the parameters that matter most), `base` (settings of the cell that
            counts, under the names of the effects table) and `policies` (name -> (agency, staff-weeks)).

    Returns:
        The files written, and a message where the PDF could not be made.
    """
    usual: dict[str, Any] = {"title": "", "question": "", "command": "", "standing": Standing(), "uncertain": ()}
    usual |= {"fewest": estimates.FEW, "held": about.get("draws") == 0}
    told = usual | {"drawn_from": "assumed ranges"} | dict(about)
    agencies = {name: agency for name, (agency, _) in told.get("policies", {}).items()}
    known = {name: table for name, table in tables.items() if name in {file.split(".")[0] for file in LETTERS}}
    window = {"window": told["window"]} if "window" in told else {}
    asked = Tables(known, {**window, **(told.get("base") or {})}, agencies)
    content = _content(asked, figures, told)
    template = _environment().get_template("brief.html.j2")

    def page(layout: Layout) -> str:
        return template.render(**content, layout=layout)

    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / "brief.html"]
    write_whole(written[0], page(Layout(appendix=True, standing=100)))
    pdf, message = pages(_layouts(), page, _stamp(str(told.get("date", ""))))
    if pdf is not None:
        written.append(folder / "brief.pdf")
        write_whole(written[1], pdf)
    return written, message


def _layouts() -> list[Layout]:
    """From the most generous to the tightest: smaller figures and type, then fewer of them."""
    sizes = [9.6, 9.4, 9.2, 9.0, 8.8, 8.6, 8.4, 8.2, 8.0, 7.8]
    found = [Layout(sizes[0], parted=True), *(Layout(size) for size in sizes), Layout(7.8, 112)]
    found += [Layout(7.8, 112, standing=3), Layout(7.8, figures=1), Layout(7.8, figures=0)]
    found += [Layout(7.8, figures=0, findings=6)]
    few = [
        Layout(7.8, figures=0, findings=most, groups=groups, standing=3, parted=True)
        for most, groups in ((6, 10), (3, 6))
    ]
    return [*found, *few]


def _environment() -> Environment:
    text = files(__package__).joinpath("brief.html.j2").read_text(encoding="utf-8")
    return Environment(
        loader=DictLoader({"brief.html.j2": text}), autoescape=True, undefined=StrictUndefined, trim_blocks=False
    )


def _content(tables: Tables, figures: Mapping[str, Path], about: Mapping[str, Any]) -> dict[str, Any]:
    """What the template is filled with."""
    found = findings(tables, int(about.get("failed", 0) or 0), int(about.get("runs", 0) or 0))
    rows = sources(found)
    cited = list(dict.fromkeys(row.file for row in rows if row.line))
    return {
        "about": about,
        "headline": headline(tables, str(about.get("subject", "the switch"))),
        "measure": _measure(tables, about),
        "short": in_short(tables),
        "findings": found,
        "sources": rows,
        "letters": [(file, LETTERS[file]) for file in cited],
        "figures": _pictures(figures),
        "evidence": [(grade, GRADES.get(grade, ""), *counts) for grade, counts in about.get("evidence", {}).items()],
        "drawn": drawn_on(about.get("evidence", {})),
        "limits": _limits(tables, about),
        "again": _again(about),
        "created": _iso_day(str(about.get("date", ""))),
        "css": _css("brief.css"),
        "screen_css": _css("screen.css"),
    }


def _css(name: str) -> Markup:
    return Markup(files(__package__).joinpath(name).read_text(encoding="utf-8"))


def _measure(tables: Tables, about: Mapping[str, Any]) -> str:
    """What the numbers are means of, and what is held."""
    weeks, day = about.get("window"), about.get("switch")
    text = f"Capacity and money are means of the {weeks} weeks after {day}. " if weeks and day else ""
    known = arms(tables)
    text += "Unless said otherwise, donors choose. " if known[:1] == ["announcement"] and len(known) > 1 else ""
    if any(tables.military(str(name)) for name in tables.names("effects", "policy")):
        text += "Military policies are judged by the attack rate, others by capacity"
        rate = tables.names("frontier", "outcome") == ["rate"]
        text += "; where attacks averted are counted, all by the attack rate. " if rate else ". "
    held = [f"{name} = {value}" for name, value in tables.held().items()]
    return text + (f"Held, though the study varies it: {listed(held)}. " if held else "")


def _pictures(figures: Mapping[str, Path]) -> list[Picture]:
    found = []
    for rank, (kind, words) in enumerate(_FIGURES.items()):
        for stem, path in figures.items():
            if kind in stem and path.suffix.lower() in _TYPES and path.is_file():
                data = base64.b64encode(path.read_bytes()).decode("ascii")
                picture = Picture(kind, words, f"data:{_TYPES[path.suffix.lower()]};base64,{data}")
                found.append((rank, stem, picture))
    return [picture for *_, picture in sorted(found, key=lambda one: one[:2])]


def _limits(tables: Tables, about: Mapping[str, Any]) -> list[str]:
    """What the reader must know before using a number."""
    groups = profiles(tables)
    evidence = about.get("evidence", {})
    judged = sum(count for grade, (count, _) in evidence.items() if grade in "CM")
    most = 2 * judged > sum(count for count, _ in evidence.values())
    hypothetical = [profile(group) for group in groups if group in HYPOTHETICAL]
    margins = {row.value("margin") for row in effects(tables, contrast="switch") if row.has("margin")}
    margin = f" ({min(margins):g}% of capacity)" if len(margins) == 1 else ""
    return [
        *["Most parameters are judgement: the intervals are as wide as the ranges held plausible."] * most,
        "The rise of attacks in Iraq in 2019-20 came before the switch. It is put in by date; the model does not "
        "explain it.",
        "What policies cost is unknown. Staff-weeks limit what agencies do; no source says what a policy costs.",
        "How strong a policy is at full intensity is assumed within a range; policies begin the day after the switch.",
        "Harm counts lawful money alone: harm to civilians is not modelled, and delisting is charged as if an "
        "exchange's volume were spread evenly over its currencies.",
        *[f"Hypothetical, to show where the answer could differ: {listed(hypothetical)}."] * bool(hypothetical),
        f"Differences below the margin{margin} are called practically none, whatever their sign.",
        "Effects are differences between simulated runs on the same luck, not forecasts, and not about real persons.",
    ]


def _again(about: Mapping[str, Any]) -> list[tuple[str, str]]:
    def count(key: str) -> str:
        value = about.get(key)
        return f"{value:,}" if isinstance(value, int) else str(value or "")

    failed = count("failed")
    runs = count("runs") + (f", of which {failed} failed" if failed not in ("", "0") else "")
    rows = [
        ("version", str(about.get("version", ""))),
        ("commit", str(about.get("commit", ""))),
        ("seeds", str(about.get("seeds", ""))),
        ("runs", runs),
        ("replications", count("replications")),
        ("draws of the uncertain parameters", count("draws")),
        ("date", str(about.get("date", ""))),
    ]
    return [(name, value) for name, value in rows if value]


def _iso_day(date: str) -> str:
    """The day with which a date begins, if it is one."""
    found = re.match(r"\d{4}-\d{2}-\d{2}", date)
    return found[0] if found else ""


def _stamp(date: str) -> int:
    """The start of that day in seconds since 1970; of 2020 if there is none."""
    day = _iso_day(date) or "2020-01-01"
    try:
        return max(calendar.timegm(time.strptime(day, "%Y-%m-%d")), 0)
    except ValueError:
        return 1_577_836_800
