"""Studies in one call from Python: `run` runs one, `load` opens one that has been run; both return a `Study`."""

import io
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import redirect_stdout
from functools import cached_property, partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.studies import DEFAULT
from experiments.study.arguments import BRIEF, FULL_STUDY, no_such
from sim.config import ConfigurationError
from sim.config.keywords import line, plain_value
from sim.output.program import as_started

if TYPE_CHECKING:
    import pandas as pd

    from experiments.findings import Answers
    from experiments.study.design import Plan
    from sim.plots.layout import Drawing, Drawn, Picture, Sheet


def run(study: str = DEFAULT, *words: str, brief: bool = True, figures: bool = True, **keywords: Any) -> "Study":
    """Run a study, or what is missing of it: ``run("privacy_switch", replications=40, group=["donor_funded"])``.

    It does what the command ``python -m experiments`` does: runs that exist are not repeated, tables, figures and brief
    are written to its folder (``folder=``, by default results/NAME), and progress is shown, in notebooks too. Workers
    are processes of their own; a script needs no ``if __name__ == "__main__"`` for them. Ctrl-C keeps what is done, and
    the same call goes on.

    Args:
        study: a name of conf/study, or ``full``.
        words: settings and factors as they are typed, such as ``"combat.money=0.1,0.2"``.
        brief: whether a brief is made.
        figures: whether figures are drawn.
        keywords: settings and factors; a list has the levels of a factor; nested names by ``**{"combat.money": 0.1}``.

    Raises:
        ConfigurationError: with every error; nothing is run then.
        OSError: if something cannot be written; finished runs are kept.
        RuntimeError: if another command uses the folder, or no worker can be started.
    """
    from experiments.study.cli import announce, run_study, settings_and_plan
    from sim.output.provenance import command_of

    if options := [one for one in words if one.startswith("-")]:
        allowed = "an option of the command; allowed are key=value, brief=False and figures=False"
        raise ConfigurationError([f"{one}: {allowed}" for one in options])
    arguments = [study if study == FULL_STUDY else f"study={study}", *words, *_lines_of(keywords)]
    arguments += ["--no-brief"] * (not brief) + ["--no-figures"] * (not figures)
    settings, plan = settings_and_plan(arguments)
    announce(settings, plan)
    with redirect_stdout(io.StringIO()):  # the summary is the repr
        run_study(settings, plan, command_of(arguments, "experiments"), raises=True)
    return load(settings.where)


def load(folder: str | Path) -> "Study":
    """Return a study that has been run, from its folder; nothing is run.

    Raises:
        ConfigurationError: if the folder holds no study, no report of it, or one that cannot be read.
    """
    return Study(Path(folder))


def _lines_of(keywords: Mapping[str, Any]) -> list[str]:
    return [f"{key}={line(value) if key == 'zip' else _levels(value)}" for key, value in keywords.items()]


def _levels(value: Any) -> str:
    value = plain_value(value)
    several = isinstance(value, Iterable) and not isinstance(value, str | Mapping)
    return ",".join(map(line, value)) if several else line(value)


class Tables(Mapping[str, "pd.DataFrame"]):
    """The tables of a study by name, each read from its folder when it is first asked for.

    Units and labels of columns are in ``attrs["units"]`` and ``attrs["labels"]``, as in codebook.csv.
    """

    def __init__(self, folder: Path) -> None:
        from experiments.study.codebook import files_in

        self._folder, self._known = folder, {Path(name).stem: name for name in files_in(folder)}
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> "pd.DataFrame":
        from experiments.study.codebook import read_table

        if name not in self._read:
            self._read[name] = read_table(self._folder, self._known[name])
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def __contains__(self, name: object) -> bool:
        return name in self._known

    def __repr__(self) -> str:
        return f"Tables({', '.join(self)})"


class Study:
    """A study that has been run: its tables, figures and briefs.

    Attributes:
        folder: where it is.
        answers: what it found, as findings.json has it.
        plan: its cells, seeds and ranges.
        tables: every table by name.
    """

    def __init__(self, folder: Path) -> None:
        from experiments.findings import FILE
        from experiments.findings import read as answers_in
        from experiments.study.saved_plan import PLAN, validated
        from sim.output.codebook import NAME

        if errors := [*_missing(folder, PLAN, FILE, NAME)]:
            raise ConfigurationError(errors)
        self.folder = folder
        self.answers: Answers = validated(folder / FILE, answers_in)
        self.tables = Tables(folder)

    @cached_property
    def plan(self) -> "Plan":
        """The plan: cells, seeds and ranges."""
        from experiments.study.saved_plan import load as plan_in

        return plan_in(self.folder, ours=False)

    @property
    def files(self) -> list[str]:
        """The names of all files that the report has written to the folder."""
        from experiments.study.saved_plan import PROVENANCE, validated

        return validated(self.folder / PROVENANCE, lambda data: [*json.loads(data).get("files", [])])

    @property
    def runs(self) -> "pd.DataFrame":
        """One row a run: levels of factors, drawn parameters, outcomes, and the error of a run that failed."""
        return self._table("runs")

    @property
    def effects(self) -> "pd.DataFrame":
        """One row a contrast and outcome: estimate, intervals and verdict."""
        return self._table("effects")

    @property
    def findings(self) -> "pd.DataFrame":
        """One row an answer: counts of draws, median, interval, what it depends on, confidence."""
        return self._table("findings")

    def _table(self, name: str) -> "pd.DataFrame":
        if name not in self.tables:
            raise LookupError(f"{name}: this study has no such table; it has {', '.join(self.tables)}")
        return self.tables[name]

    @cached_property
    def _drawings(self) -> "dict[str, Drawing]":
        from experiments.brief.figures import NAMES

        return self._drawings_at({}) | {name: partial(self._of_brief, name) for name in NAMES}

    def _drawings_at(self, at: Mapping[str, Any]) -> "dict[str, Drawing]":
        from experiments.findings import where
        from experiments.study.reporting import drawings_of
        from experiments.study.saved_plan import check_runs
        from experiments.study.tables import place_of
        from sim.config.own_tables import using

        check_runs(self.plan, self.runs["run"], self.folder)
        place = place_of(self.plan, at)
        with using(self.plan.tables):
            if not place:
                return drawings_of(self.plan, self.tables)
            return drawings_of(self.plan.at(place), {name: where(one, place) for name, one in self.tables.items()})

    @cached_property
    def _pictures(self) -> "dict[str, Drawn]":
        from experiments.brief import drawn
        from experiments.brief.content import document
        from experiments.messages import language
        from sim.config.own_tables import using

        if not self.answers.findings:
            return {}
        with using(self.plan.tables):
            pictures = drawn(document(self.answers, language(), slide=False))
        return {one.name: (one.figure, one.alt) for one in pictures if one.figure}

    def _of_brief(self, name: str, sheet: "Sheet") -> "Drawn | None":
        return self._pictures.get(name)

    @cached_property
    def figures(self) -> list[str]:
        """The names of the figures that `plot` draws, as those of their files: the report's, then the brief's."""
        from sim.config.own_tables import using
        from sim.plots.layout import PRINT

        with using(self.plan.tables):
            return PRINT.not_empty(self._drawings)

    def plot(self, name: str = "", at: Mapping[str, Any] | None = None) -> "Picture":
        """Return a figure, as the report or the brief draws it.

        Args:
            name: one of `figures`, with or without its number; by default the first.
            at: the level of each factor at which it is drawn, such as ``{"size": 0.6}``; by default all levels.

        Raises:
            ValueError: for an unknown name or level, or if there is nothing to show in this figure.
        """
        from experiments.study.cli import seeds_of
        from experiments.study.saved_plan import PROVENANCE, Facts, validated
        from sim.config.own_tables import using
        from sim.output.provenance import small_print
        from sim.plots.layout import PRINT

        facts = validated(self.folder / PROVENANCE, Facts.model_validate_json).model_dump()
        with using(self.plan.tables):
            drawings = self._drawings_at(at) if at else self._drawings
            return PRINT.figure(drawings, name, small_print(facts | {"seed": seeds_of(self.plan)}))

    def brief(
        self,
        *,
        question: str | None = None,
        language: str | Iterable[str] | None = None,
        form: str | Iterable[str] | None = None,
        sections: str | Path | None = None,
        template: str | Path | None = None,
        folder: str | Path | None = None,
    ) -> list[Path]:
        """Make a brief, as the command ``python -m experiments brief`` does; return the files.

        Args:
            question: that it answers, one line.
            language: en, ar, or both.
            form: html, pdf, docx, pptx, or several.
            sections: a file of sections of one's own.
            template: a document with styles of one's own, for docx.
            folder: where it goes; by default the folder briefs in that of the study.

        Raises:
            ConfigurationError: with every error; nothing is written then.
            OSError: if something cannot be written.
        """
        from experiments.brief import command

        given = {
            "question": question, "language": language, "form": form, "sections": sections, "template": template,
            "folder": folder,
        }  # fmt: skip
        settings = _lines_of({key: value for key, value in given.items() if value is not None})
        made, messages = command.make(command.read([BRIEF, str(self.folder), *settings]))
        for message in messages:
            print(message, file=sys.stderr)
        return made

    def __repr__(self) -> str:
        from experiments.study.tables import few_words
        from experiments.study.terminal import files_of, lines_of, summary

        notes = [] if self.answers.about.get("planned") else few_words(self.plan)
        rest = [*notes, *files_of(str(self.folder), self.files, python=True)]
        return "\n".join([*summary(self.answers, rest, python=True), *lines_of(rest)])

    def _repr_html_(self) -> str:
        return f'<pre style="white-space: pre-wrap">{escape(repr(self))}</pre>'


def _missing(folder: Path, plan: str, *report: str) -> Iterator[str]:
    """Yield why a folder holds no study with a report."""
    if folder.is_file():
        yield as_started(f"{folder}: is no folder; python -m experiments report {folder} makes one of a zip file")
    elif not folder.is_dir():
        yield f"{folder}: {no_such(folder)}"
    elif not (folder / plan).is_file():
        yield f"{folder}: holds no study; {plan} is missing"
    elif missing := [name for name in report if not (folder / name).is_file()]:
        lacking = f"{folder}: has no {' and no '.join(missing)}"
        yield as_started(f"{lacking}; python -m experiments report {folder} makes the report")
