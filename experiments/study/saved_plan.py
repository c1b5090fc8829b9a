"""The plan in the folder of a study (plan.json.gz), and the folder or zip file of a study from anywhere.

What is read may come from anybody and from any version: every field is validated, parts are compared with their names,
and the console names the version of the runs.
"""

import contextlib
import gzip
import json
import lzma
import re
import shutil
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from experiments.study.arguments import WORD
from experiments.study.design import Plan
from experiments.study.spec import Frozen
from experiments.study.store import FORMAT, MANIFEST, PARTS, Folder, alone, check_new, manifest_of
from experiments.study.version import version
from sim.config import ConfigurationError
from sim.config.untrusted_yaml import one_line, shortened, shown
from sim.output import provenance
from sim.output.program import as_started

PLAN, PROVENANCE = "plan.json.gz", "provenance.json"
_LARGEST = 2**30  # bytes of a file that is read, once it is unpacked
_ERRORS = 3  # errors of a file that are reported
_MEMBER = re.compile(rf"{'|'.join(map(re.escape, (PLAN, PROVENANCE, MANIFEST)))}|{PARTS}/[0-9a-f]{{24}}\.parquet")
_SWOLLEN, _ROOM = 20, 2**26  # a zip file may unpack to so many times its size, and so many bytes more


class Facts(Frozen, extra="ignore"):
    """The facts of provenance.json that figures and brief need."""

    command: Annotated[str, Field(max_length=100_000)]
    model: Annotated[str, Field(max_length=100)]
    commit: Annotated[str, Field(pattern=r"^[0-9a-f]{7,64}$")] | None
    dirty: bool | None
    caveat: Annotated[str, Field(max_length=1000)] = ""  # none in older folders
    started: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}T[\d:+.Z-]+$")]
    evidence: dict[str, tuple[int, int]] | None = None


@dataclass(frozen=True)
class Saved:
    """A study from anywhere: its plan, its folder with the parts, its provenance, and the names of damaged parts."""

    plan: Plan
    folder: Folder
    facts: Facts
    provenance: dict[str, Any]
    damaged: list[str]


def save(plan: Plan, folder: Folder) -> None:
    """Write plan.json.gz, replacing an existing one."""
    folder.write(PLAN, gzip.compress(plan.as_json(), mtime=0))


def load(path: Path, ours: bool) -> Plan:
    """Return the plan of a folder.

    Args:
        path: the folder.
        ours: whether this version of the rules made it; then all of it must be valid.

    Raises:
        ConfigurationError: if there is none, or its parts contradict each other.
    """
    return validated(path / PLAN, lambda data: Plan.from_json(data, ours))


def content_of(file: Path) -> bytes:
    """Return the content of a file in the folder of a study.

    Raises:
        ConfigurationError: if it is missing, or too large.
    """
    try:
        if not file.is_file():
            raise ConfigurationError([f"{file}: is missing"])
        with gzip.open(file, "rb") if file.suffix == ".gz" else file.open("rb") as content:
            data = content.read(_LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ConfigurationError([f"{file}: cannot be read: {getattr(error, 'strerror', None) or error}"]) from None
    if len(data) > _LARGEST:
        raise ConfigurationError([f"{file}: is too large to be what its name says"])
    return data


def validated[T](file: Path, read: Callable[[bytes], T]) -> T:
    """Return the content of a file, or raise its first errors as a ConfigurationError."""
    data = content_of(file)
    try:
        return read(data)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        words = [f"{shown('.'.join(map(str, one['loc'])))}: {one['msg']}".removeprefix(": ") for one in found[:_ERRORS]]
        words += [f"and {len(found) - _ERRORS} more errors"] * (len(found) > _ERRORS)
        text = "; ".join(words).replace("Value error, ", "")
    except RecursionError:
        text = "is nested too deeply"
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        text = f"is not consistent: {shortened(one_line(error))}"
    raise ConfigurationError([f"{file}: {text}"])


def check_runs(plan: Plan, runs: Iterable[str], folder: Path) -> None:
    """Check that the run table of a folder is of its plan, which is saved before the runs are made.

    Raises:
        ConfigurationError: if its runs are not those of the plan, in order.
    """
    if [*runs] != [run.id for run in plan.runs()]:
        again = as_started(f"python -m experiments report {folder} makes it again")
        raise ConfigurationError([f"{folder / 'runs.parquet'}: is of another plan than {PLAN}; {again}"])


@contextlib.contextmanager
def readable(table: Path) -> Iterator[None]:
    """Raise what the reading of a table raises as a ConfigurationError."""
    try:
        yield
    except (LookupError, ValueError) as error:  # those of pandas and Arrow among them
        raise ConfigurationError([f"{table}: cannot be read: {shortened(one_line(error))}"]) from None


@contextlib.contextmanager
def opened(source: Path, out: Path | None, errors_of: Callable[[Plan], Iterable[str]]) -> Iterator[Saved]:
    """Validate a study from anywhere, print what is damaged or missing, and lock the folder to write to.

    Args:
        source: the folder or zip file.
        out: the folder to write to; None for the folder itself, or a new one beside the zip file.
        errors_of: what the plan does not allow of the report; nothing is written then.

    Raises:
        ConfigurationError: if it is no study, cannot be read, or something would be overwritten.
        Busy: if another command works on the folder.
        OSError: if it cannot be written.
    """
    beside = source if source.is_dir() else source.with_name(source.stem if source.suffix else f"{source.name}_report")
    out = out or beside
    if out.resolve() != source.resolve():
        check_new(out)
    with _unpacked(source) as path:
        study, made_by = _manifest(path)
        facts = validated(path / PROVENANCE, Facts.model_validate_json)
        plan = load(path, made_by.split("-")[0] == provenance.code())
        if (plan.name, plan.version) != (study, made_by):
            raise ConfigurationError([f"{path / PLAN}: belongs to another study or version than {MANIFEST}"])
        if errors := [*errors_of(plan)]:
            raise ConfigurationError(errors)
        folder = Folder(out, path)
        if links := [one for one in sorted(out.rglob("*")) if one.is_symlink() and one.name != PARTS]:
            text = "is a link, through which another file would be overwritten; choose another folder by folder=PATH"
            raise ConfigurationError([f"{links[0]}: {text}"])
        damaged = _checked(plan, folder, facts)
        same = out.resolve() == path.resolve()
        with Folder(out).opened(plan.name, plan.version) if same else alone(out):
            if not same:
                check_new(out)  # another command may have come first
            yield Saved(plan, folder, facts, json.loads(content_of(path / PROVENANCE)), damaged)


@contextlib.contextmanager
def _unpacked(source: Path) -> Iterator[Path]:
    if source.is_dir():
        yield source
        return
    with tempfile.TemporaryDirectory() as place:
        try:
            _unpack(source, Path(place))
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError, EOFError, ValueError) as error:
            raise ConfigurationError([f"{WORD} {source}: cannot be unpacked: {error}"]) from None
        yield Path(place)


def _unpack(source: Path, place: Path) -> None:
    """Unpack the files of a study under names of our own: a name in a zip file is never a path to write to."""
    if not source.is_file() or not zipfile.is_zipfile(source):
        raise zipfile.BadZipFile("it is neither a folder nor a zip file")
    (place / PARTS).mkdir()
    with zipfile.ZipFile(source) as file:
        plans = [name for name in file.namelist() if re.fullmatch(rf"([^/\\]+/)?{PLAN}", name)]
        if len(plans) != 1:
            raise zipfile.BadZipFile(f"it holds {len(plans)} studies" if plans else f"it holds no {PLAN}")
        above = plans[0].removesuffix(PLAN)
        found = {one.filename.removeprefix(above): one for one in file.infolist() if one.filename.startswith(above)}
        known = {name: one for name, one in found.items() if _MEMBER.fullmatch(name)}
        if sum(one.file_size for one in known.values()) > _SWOLLEN * source.stat().st_size + _ROOM:
            raise zipfile.BadZipFile("it unpacks to far more than a study of its size")
        for name, one in known.items():
            with file.open(one) as packed, (place / name).open("wb") as whole:
                shutil.copyfileobj(packed, whole)


def _manifest(path: Path) -> tuple[str, str]:
    data = content_of(path / MANIFEST)
    try:
        study, made_by, kind = manifest_of(data)
    except ValueError:
        raise ConfigurationError([f"{path / MANIFEST}: cannot be read"]) from None
    if kind != FORMAT:
        raise ConfigurationError([f"{path / MANIFEST}: has a format that this version cannot read"])
    if not (path / PLAN).is_file():
        text = f"has no {PLAN}, as in earlier versions; repeat the command of its {PROVENANCE}"
        raise ConfigurationError([f"{path}: {text}"])
    return study, made_by


def same_rules(plan: Plan) -> bool:
    """Return whether a plan is of this version, whatever the machine's mathematics."""
    return plan.version.rpartition("-")[0] == version(plan.study.observables).rpartition("-")[0]


def _checked(plan: Plan, folder: Folder, facts: Facts) -> list[str]:
    damaged = folder.damaged_parts()
    for name in damaged:
        print(f"{PARTS}/{name} is damaged; its runs are missing", file=sys.stderr)
    planned = {run.id for run in plan.runs()}
    found = planned & {run for table in folder.tables() for run in table["run"].to_pylist()}
    if not found:
        raise ConfigurationError([f"{folder.source}: none of the {len(planned):,} planned runs exists"])
    if lost := len(planned) - len(found):
        print(f"{lost:,} of {len(planned):,} planned runs are missing; the rest is reported", file=sys.stderr)
    if not same_rules(plan):
        print(
            f"The runs are of version {shown(facts.model)} (rules {plan.version.split('-')[0]}); this is version "
            f"{provenance.model_version()} (rules {provenance.code()}). The report names their version.",
            file=sys.stderr,
        )
    return damaged
