"""The driver of reports: a study's tables, figures, console text and brief, made in one way for every study.

A report is ``experiments/studies/NAME/report.py``, never in a folder of a user's. It takes tables and a plan, never
models, and has the functions

- ``tables(plan, folder)``: every table by name, computed from runs.parquet and weekly.parquet;
- ``text(plan, tables)``: all tables for the console, which ``--full`` prints;
- optionally ``findings(plan, tables)``: findings of the study's own kinds, after those of `answering`;
- optionally ``files(plan, folder, tables, facts)``: writes further files and returns their names.

``figures.py`` beside it is optional. Its ``figures(plan, tables)`` returns each figure by the stem of its file: a
function of the small print that draws it. Tables are those of the report, ``runs`` with the outcome that effects are
judged by, and ``weekly`` where the study keeps weekly series. ``BRIEF`` names the figures that a brief shows, by stem,
and the kind of finding that is the title of each.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.findings import FILE, TABLE, Answers, written
from experiments.messages import languages
from experiments.stats import estimates
from experiments.stats.contrasts import JUDGED_BY
from experiments.study import answering, explained
from experiments.study.arguments import USUAL_FORMS, Settings
from experiments.study.codebook import write_codebook
from experiments.study.design import Plan
from experiments.study.executors import Submit
from experiments.study.store import Folder
from experiments.study.tables import effects_of, enough, few_words, listed, runs_of, write_csv
from experiments.study.terminal import files_of, lines_of, summary
from sim.config.own_tables import using
from sim.output import provenance
from sim.plots.layout import PRINT, Drawing

__all__ = ["Folder", "Plan", "Tables", "make", "more_precise"]

Tables = Mapping[str, pd.DataFrame]
"""Tables of a report by name, each written as NAME.csv, in order."""


def make(
    plan: Plan,
    folder: Folder,
    settings: Settings,
    facts: dict[str, Any],
    submit: Submit = partial,
    show: Callable[[str], None] = lambda text: None,
) -> tuple[str, list[str]]:
    """Make the report that the study names, and the codebook of its tables; return the console text and the files.

    Args:
        plan: of the study.
        folder: with its runs.
        settings: of the command.
        facts: provenance.
        submit: begins parts of it in another process (`helper`), or does them here.
        show: takes the beginning of the text, without messages and files, before figures and brief are made.
    """
    with using(plan.tables):
        package = f"experiments.studies.{plan.study.report}"
        report = import_module(f"{package}.report")
        tables = report.tables(plan, folder)
        if "effects" in tables:
            tables = {**tables, "effects": answering.completed(plan, folder, tables["effects"])}
        tables, explanation = explained.beside(plan, folder, tables, settings.axes, submit)
        own = list(report.findings(plan, tables)) if hasattr(report, "findings") else []
        answers = answering.answers_of(plan, folder, tables, facts, own, submit)
        tables = {**tables, TABLE: answering.table_of(answers)}
        files = [name for name in ("runs.parquet", "weekly.parquet") if (folder.path / name).exists()]
        files += [write_csv(folder, f"{name}.csv", table) for name, table in tables.items()]
        files += report.files(plan, folder, tables, facts) if hasattr(report, "files") else []
        notes = [] if facts.get("planned") else few_words(plan)  # to go on makes more than enough
        brief = settings.figures and settings.brief and bool(answers.findings)
        if settings.full:
            first = "\n".join([report.text(plan, tables), *explanation]).rstrip()
        else:
            expected = [f"brief.{one}.{form}" for one in languages() for form in USUAL_FORMS] if brief else []
            first = "\n".join(summary(answers, [*notes, *files_of(str(folder.path), expected)]))
        show(first)
        to_draw, of_brief = list[Callable[[], list[Path]]](), list[str]()
        if settings.figures:
            to_draw, of_brief, answers = _drawn(plan, folder, tables, facts, answers)
        folder.write(FILE, written(answers))
        others = _others(plan, folder, answers, submit) if brief else []
        drawn = [submit(_using, plan.tables, one) for one in to_draw]
        made, messages = _brief(plan, folder, answers, others) if brief else ([], [])
        there = [one() for one in reversed(drawn)]  # the last are not begun, so that both processes draw
        files += [str(path.relative_to(folder.path)) for some in reversed(there) for path in some]
        files += [*of_brief, FILE, *made]
        notes += messages
        files.append(write_codebook(plan, folder, files, tables))
        if settings.full:
            rest = ["\n".join(["", *notes]).rstrip(), "", *listed(folder, files)]
        else:
            rest = lines_of([*notes, *files_of(str(folder.path), files)])
    return "\n".join([first, *rest]), files


def _using(tables: Mapping[str, str], do: Callable[..., Any], *arguments: Any) -> Any:
    """Do something in another process with the user's own tables."""
    with using(tables):
        return do(*arguments)


def _figures_of(plan: Plan) -> Any:
    """Return the module with the figures of a study; None if it has none of its own."""
    name = f"experiments.studies.{plan.study.report}.figures"
    return import_module(name) if find_spec(name) else None


def drawings_of(plan: Plan, tables: Tables) -> dict[str, Drawing]:
    """Return every figure of a study by the stem of its file: its own, and those that explain it.

    Args:
        plan: of the study.
        tables: of the report, ``runs``, and ``weekly`` where the study keeps weekly series.
    """
    figures = _figures_of(plan)
    return (figures.figures(plan, tables) if figures else {}) | explained.figures(plan, tables)


def _drawn(
    plan: Plan, folder: Folder, tables: Tables, facts: dict[str, Any], answers: Answers
) -> tuple[list[Callable[[], list[Path]]], list[str], Answers]:
    """Draw the figures that a brief shows, without words.

    Returns:
        What draws each figure of the study and those that explain it; the files of the brief's; and the answers with
        the latter: file, and title and alternative text from a finding.
    """
    weekly, there = folder.path / "weekly.parquet", folder.path / "figures"
    more = {"runs": runs_of(folder, plan, [JUDGED_BY])}
    more |= {"weekly": pd.read_parquet(weekly)} if weekly.exists() else {}
    drawings = drawings_of(plan, {**tables, **more})
    titles = {stem: answers.of(kind)[:1] for stem, kind in getattr(_figures_of(plan), "BRIEF", {}).items()}
    bare = {stem: drawings[stem] for stem, found in titles.items() if found and stem in drawings}
    small_print = provenance.small_print(facts)
    every: list[Callable[[], list[Path]]] = [
        partial(PRINT.draw, {stem: one}, there / "analyst", small_print) for stem, one in drawings.items()
    ]
    of_brief = replace(PRINT, bare=True).draw(bare, there, small_print) if bare else []
    files = [str(path.relative_to(folder.path)) for path in of_brief]
    shown = [
        {"file": f"figures/{stem}.svg", "finding": one.id, "title": one.sentence("title"), "alt": one.sentence()}
        for stem, found in titles.items()
        for one in found
        if f"figures/{stem}.svg" in files
    ]
    return every, files, replace(answers, about={**answers.about, "figures": shown})


type _Brief = tuple[list[Path], list[str]]
"""The files of a brief in one language, and messages."""


def _others(plan: Plan, folder: Folder, answers: Answers, submit: Submit) -> list[Callable[[], _Brief]]:
    """Begin to write the brief in every language but the first."""
    from experiments import brief

    return [submit(_using, plan.tables, brief.write, folder.path, answers, one, USUAL_FORMS) for one in languages()[1:]]


def _brief(
    plan: Plan, folder: Folder, answers: Answers, others: Sequence[Callable[[], _Brief]]
) -> tuple[list[str], list[str]]:
    """Write the brief in every form and the explorer; return the files and messages, those of other languages too.

    Each file is named as it is there, the page in the first language before all others.
    """
    from experiments import brief
    from experiments.brief import explorer

    def tell(file: Path) -> None:
        print(f"{file} is written", file=sys.stderr)

    parts = [brief.write(folder.path, answers, languages()[0], USUAL_FORMS, tell=tell)]
    made = explorer.write(folder, plan, answers)
    for name in made:
        tell(folder.path / name)
    for other in others:
        parts.append(other())
        for file in parts[-1][0]:
            if file.suffix in (".html", ".pdf"):
                tell(file)
    brief.link_languages(folder.path)
    files = [str(path.relative_to(folder.path)) for some, _ in parts for path in some]
    messages = dict.fromkeys(one for _, some in parts for one in some)
    return [*files, *made], list(messages)


def more_precise(plan: Plan, folder: Folder, precision: float, most: int) -> tuple[Plan | None, str]:
    """Return the plan with the replications that a precision needs, if it needs more and may have more; a message.

    The precision is the half-width of the Monte Carlo interval of the switch effects, per cent. There are no fewer
    replications than a verdict needs: two runs that happen to agree have no width at all.
    """
    found = effects_of(plan, runs_of(folder, plan, [JUDGED_BY]), [JUDGED_BY])
    quo = found["policy"] == "status_quo" if "policy" in found else True
    every = found[(found["contrast"] == "switch") & quo & (found["draws"] > 0.9 * found["draws"].max())]
    rows: Any = every.itertuples()
    needed = max(estimates.more_runs_for(rows, precision, len(plan.seeds)), enough(plan))
    if needed <= len(plan.seeds):
        return None, ""
    words = f"For a verdict and a half-width of {precision:g} %: {needed:,} replications"
    if len(plan.seeds) >= most:
        return None, f"{words}, but most={most:,}; it is not reached"
    return plan.longer(range(min(needed, most))), words
