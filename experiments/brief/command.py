"""The command ``brief``: a brief of one study or of several, for a question, in a language and in forms of choice.

It reads findings.json of each folder, never models. A file that it made is replaced while nobody has changed it.
"""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from experiments import brief
from experiments.brief import sections_file
from experiments.findings import AMOUNTS, FILE, Amount, Answers, Finding, Row
from experiments.findings import read as answers_in
from experiments.messages import languages, say, speaking
from experiments.study.arguments import BRIEF, BRIEF_KEYS, FORMS, USUAL_FORMS, WORD, no_such
from experiments.study.saved_plan import content_of, validated
from experiments.text import folded
from sim.config import ConfigurationError
from sim.config.untrusted_yaml import in_words, no_path, one_line, shown
from sim.engine.text import close, listed, nearest
from sim.output import files, provenance

RECORD = "briefs.json"
"""The file that names every file of a folder that the command made, with its hash and the command."""
PLACE = "briefs"
"""The folder for briefs in the folder of the first study."""
_QUESTION = 300
"""Characters of a question."""
_TABLE, _FIGURE = re.compile(r"\w[\w.-]*"), re.compile(r"figures(/\w[\w.-]*)+")
"""Names that findings.json may hold of files in its folder."""


@dataclass(frozen=True)
class Request:
    """A brief, or several, to be made of studies."""

    sources: Mapping[str, Path]
    question: str
    languages: Sequence[str]
    forms: Sequence[str]
    sections: Path | None
    template: Path | None
    folder: Path
    command: str


def read(arguments: Sequence[str]) -> Request:
    """Return the request of a command.

    Raises:
        ConfigurationError: with every error.
    """
    _, *words = arguments
    pairs = [one.partition("=") for one in words]
    typed = {key: value for key, sign, value in pairs if sign and key in BRIEF_KEYS}
    errors = [f"{one}: the command {BRIEF} has no options; --help describes it" for one in words if one[:1] == "-"]
    for key in (key for key, sign, _ in pairs if sign and key not in BRIEF_KEYS and key[:1] != "-"):
        errors.append(f"{key}: unknown key{nearest(key, BRIEF_KEYS)}")
    folders = [Path(key) for key, sign, _ in pairs if not sign and key[:1] != "-"]
    errors += [*_bad_folders(folders)]
    chosen, forms = _listed(typed.get("language", "en")), _listed(typed.get("form", ",".join(USUAL_FORMS)))
    for key, found, known in (("language", chosen, languages()), ("form", forms, FORMS)):
        errors += [
            f"{key}={one}: allowed is {', '.join(known)}{close(one, known)}" for one in found if one not in known
        ]
        errors += [] if found else [f"{key}: needs {' or '.join(known)}"]
    question = one_line(sections_file.without_marks(typed.get("question", "")))
    if len(question) > _QUESTION or not question.isprintable():
        errors.append(f"question: must be one line of at most {_QUESTION} printable characters")
    sections, template = (_file(key, typed[key], errors) if key in typed else None for key in ("sections", "template"))
    if "template" in typed and "docx" not in forms:
        errors.append("template: is for form=docx; add it to form")
    if template:
        errors += _errors_of(template)
    folder = typed.get("folder", "")
    if "folder" in typed and (error := no_path(folder) if folder else "needs a path"):
        errors.append(f"folder={folder}: {error}")
    if errors:
        raise ConfigurationError(list(dict.fromkeys(errors)))
    sources = dict(zip(_distinct([one.resolve().name for one in folders]), folders, strict=True))
    place, command = Path(folder) if folder else folders[0] / PLACE, provenance.command_of(arguments, "experiments")
    return Request(sources, question, chosen, forms, sections, template, place, command)


def _listed(typed: str) -> list[str]:
    return list(dict.fromkeys(filter(None, map(str.strip, typed.strip("[]").split(",")))))


def _bad_folders(folders: Sequence[Path]) -> Iterator[str]:
    if not folders:
        yield f"{BRIEF}: needs the folder of a study, or several"
    for one in folders:
        if error := no_path(one):
            yield f"{one}: {error}"
        elif not one.is_dir():
            yield f"{one}: {no_such(one)}"
        elif not (one / FILE).exists():
            yield f"{one}: has no {FILE}; the command {WORD} {one} makes it"
    for one in dict.fromkeys(one for one in folders if folders.count(one) > 1):
        yield f"{one}: is there twice"


def _file(key: str, typed: str, errors: list[str]) -> Path | None:
    """Return the file that a key names, or None and add an error."""
    error = no_path(typed) if typed else "needs a path"
    if error or not Path(typed).is_file():
        errors.append(f"{key}={typed}: {error or 'there is no such file'}")
        return None
    return Path(typed)


def _errors_of(template: Path) -> list[str]:
    from experiments.brief import office

    try:
        office.opened(template)
    except ConfigurationError as error:
        return error.errors
    return []


def _distinct(names: Sequence[str]) -> list[str]:
    """Return names of which equal ones are numbered."""
    return [one if names[:place].count(one) == 0 else f"{one}_{names[:place].count(one) + 1}"
            for place, one in enumerate(names)]  # fmt: skip


def studies_of(request: Request) -> dict[str, Answers]:
    """Return the findings of each folder by its name, with links from the place of the brief to their tables.

    Raises:
        ConfigurationError: if a file is damaged.
    """
    found, errors = dict[str, Answers](), list[str]()
    for name, folder in request.sources.items():
        try:
            found[name] = _linked(validated(folder / FILE, _checked), os.path.relpath(folder, request.folder))
        except ConfigurationError as error:
            errors += error.errors
    if errors:
        raise ConfigurationError(errors)
    return found


def _checked(data: bytes) -> Answers:
    answers = answers_in(data)
    names = [one.id for one in answers.findings]
    if twice := next((one for one in names if names.count(one) > 1), None):
        raise ValueError(f"two findings have the id {shown(twice)}")
    for table in {row.table for row in _rows(answers.findings)}:
        if not _TABLE.fullmatch(table):
            raise ValueError(f"{shown(table)} is no name of a table")
    return answers


def _rows(findings: Sequence[Finding]) -> Iterator[Row]:
    for one in findings:
        yield from one.rows
        yield from (amount.row for name in AMOUNTS if (amount := getattr(one, name)))


def _linked(answers: Answers, place: str) -> Answers:
    """Return answers whose tables and figures are in another folder."""
    about, before = dict(answers.about), "" if place == "." else f"{Path(place).as_posix()}/"
    if "figures" in about:
        inside = [one for one in about["figures"] if _FIGURE.fullmatch(one["file"])]
        about["figures"] = [one | {"file": f"{before}{one['file']}"} for one in inside]

    def linked(row: Row) -> Row:
        return replace(row, table=f"{before}{row.table}")

    def amount(one: Amount | None) -> Amount | None:
        return one and replace(one, row=linked(one.row))

    def moved(one: Finding) -> Finding:
        rows = tuple(map(linked, one.rows))
        parts: dict[str, Any] = {name: amount(getattr(one, name)) for name in AMOUNTS}
        return replace(one, rows=rows, **parts)

    return Answers(answers.study, about, tuple(map(moved, answers.findings)))


def combined(found: Mapping[str, Answers]) -> Answers:
    """Return the answers of several studies as one: ids begin with the name of the folder, facts are side by side."""
    if len(found) == 1:
        return next(iter(found.values()))
    every = [one.about for one in found.values()]
    first, *_ = every
    about = dict(first) | {"studies": {name: dict(one.about) for name, one in found.items()}}
    for key in ("title", "question", "model", "commit", "seed", "drawn_from", "caveat"):
        about[key] = " · ".join(dict.fromkeys(str(one[key]) for one in every if one.get(key)))
    about["figures"] = [picture for one in every for picture in one.get("figures", ())]
    about |= {key: sum(int(one.get(key) or 0) for one in every) for key in ("runs", "failed")}
    about["command"] = "\n".join(dict.fromkeys(str(one.get("command", "")) for one in every))
    about["caveat"] = " ".join(filter(None, [about["caveat"], *conflicts(found)]))
    moved = tuple(replace(one, id=f"{name}/{one.id}") for name, answers in found.items() for one in answers.findings)
    return Answers("+".join(dict.fromkeys(one.study for one in found.values())), about, moved)


def once(answers: Answers) -> Answers:
    """Return answers with one finding an id: that of the first study that has it."""
    names = list(answers.about.get("studies", ()))
    firsts = dict[str, Finding]()
    for one in answers.findings:
        firsts.setdefault(one.id.partition("/")[2] if names else one.id, one)
    return replace(answers, findings=tuple(firsts.values()))


def conflicts(found: Mapping[str, Answers]) -> list[str]:
    """Return a sentence for each fact in which studies differ, so that their numbers cannot be compared as they are."""
    sentences = list[str]()
    for key in ("window", "switch", "margin", "model", "commit", "drawn_from"):
        levels = {name: answers.about.get(key) for name, answers in found.items()}
        if len({*map(str, levels.values())}) > 1:
            named = listed([f"{name}: {shown(str(level))}" for name, level in levels.items()])
            sentences.append(say("brief-differs", fact=key.replace("_", "-"), levels=named))
    names = [one.id for answers in found.values() for one in answers.findings]
    if repeated := len(names) - len({*names}):
        sentences.append(say("brief-repeated", count=repeated, first=next(iter(found))))
    return sentences


def _make(request: Request) -> tuple[list[Path], list[str]]:
    """Make the briefs of a request; return the files, and messages on what could not be made or compared.

    Raises:
        ConfigurationError: if a folder or the sections are invalid, or a file of a user's is in the way.
        OSError: if something cannot be written.
    """
    found, record = studies_of(request), _record(request.folder)
    question, messages = {"question": request.question} if request.question else {}, conflicts(found)
    with tempfile.TemporaryDirectory() as place:
        stage = Path(place)
        for language in request.languages:
            with speaking(language):
                answers = combined(found)
                answers = replace(answers, about={**answers.about, **question})
                parts = sections_file.read(request.sections, answers) if request.sections else None
            messages += brief.write(
                stage, once(answers), language, request.forms, parts, request.template, request.folder
            )[1]
        brief.link_languages(stage)
        made = {one.relative_to(stage): one.read_bytes() for one in sorted(stage.rglob("*")) if one.is_file()}
    if errors := [*_in_the_way(request.folder, made, record)]:
        raise ConfigurationError(errors)
    files.make(request.folder)
    for name, content in made.items():
        files.make((request.folder / name).parent)
        files.write_whole(request.folder / name, content)
    record |= {
        name.as_posix(): {"sha256": _hash(content), "command": request.command} for name, content in made.items()
    }
    files.write_whole(request.folder / RECORD, json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    return [request.folder / name for name in made], list(dict.fromkeys(messages))


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _record(folder: Path) -> dict[str, Any]:
    """Return what is recorded of the files in a folder; nothing if the record is missing or damaged."""
    try:
        found = json.loads(content_of(folder / RECORD))
    except (ConfigurationError, ValueError, RecursionError):
        return {}
    return {name: one for name, one in found.items() if isinstance(one, dict)} if isinstance(found, dict) else {}


def _in_the_way(folder: Path, made: Mapping[Path, bytes], record: Mapping[str, Any]) -> Iterator[str]:
    """Yield an error for each file that would be replaced and is not as an earlier command made it."""
    for name, content in made.items():
        path = folder / name
        if not os.path.lexists(path):
            continue
        known = {_hash(content), record.get(name.as_posix(), {}).get("sha256")}
        if path.is_symlink() or not path.is_file() or _hash(path.read_bytes()) not in known:
            yield f"{path}: is not as the command {BRIEF} made it; move it away, or choose folder=PATH"


def make(request: Request) -> tuple[list[Path], list[str]]:
    """Make the briefs of a request, whatever stands in their findings.

    Raises:
        ConfigurationError: with every error; nothing is written then.
        OSError: if something cannot be written.
    """
    try:
        return _make(request)
    except (OSError, ConfigurationError):
        raise
    except Exception as error:  # findings may come from anybody and from any version
        named = listed([str(one) for one in request.sources.values()])
        raise ConfigurationError([f"{named}: no brief can be made of these findings ({in_words(error)})"]) from None


def run(arguments: Sequence[str]) -> tuple[str, list[str]]:
    """Make the briefs that arguments ask for; return the line for the console, and messages.

    Raises:
        ConfigurationError: with every error; nothing is written then.
        OSError: if something cannot be written.
    """
    request = read(arguments)
    made, messages = make(request)
    names = ", ".join(dict.fromkeys(path.relative_to(request.folder).parts[0] for path in made))
    return folded(say("files", folder=str(request.folder), names=names)), messages
