"""``python -m experiments report FOLDER``: tables, figures and brief of a study that is there; nothing is run.

The folder may come from anybody and from any version: what it keeps is judged (`saved_plan`), its parts are
checked against their names, and what is made says whose runs these are.
"""

import contextlib
import json
import lzma
import re
import shutil
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.study.arguments import WORD, Settings
from experiments.study.design import Plan
from experiments.study.saved_plan import PLAN, PROVENANCE, Facts, plan_in, read, text_of
from experiments.study.store import FORMAT, MANIFEST, PARTS, Folder, alone, check_new, manifest_of
from sim.config import ConfigurationError
from sim.config.untrusted_yaml import in_words, no_path, shown
from sim.engine.text import close
from sim.output import provenance

_FLAGS = ("--no-brief", "--no-figures")
_MEMBER = re.compile(
    rf"({re.escape(PLAN)}|{re.escape(PROVENANCE)}|{re.escape(MANIFEST)}|{PARTS}/[0-9a-f]{{24}}\.parquet)"
)
_SWOLLEN, _ROOM = 20, 2**26  # a zip file unpacks to at most so many times its size and bytes: parts are packed already


@dataclass(frozen=True)
class Asked:
    """What is to be remade, and where it goes."""

    source: Path
    out: Path
    brief: bool
    figures: bool


def remake(arguments: Sequence[str]) -> int:
    """Remake what was made of a study; returns the exit code: 0 done, 1 runs failed or are missing, 2 bad input.

    Raises:
        ConfigurationError: for a folder that keeps no study, or one that cannot be read.
        Busy: if another command is at work on it.
        OSError: if it cannot be written.
    """
    wanted = asked(arguments)
    with _folder(wanted.source) as path:
        study, kept = _manifest(path)
        facts = read(Facts, path / PROVENANCE)
        plan = plan_in(path, kept.split("-")[0] == provenance.code())
        if (plan.name, plan.version) != (study, kept):
            raise ConfigurationError([f"{path / PLAN}: is of another study or version than {MANIFEST} says"])
        folder = Folder(wanted.out, path)
        if links := [one for one in sorted(wanted.out.rglob("*")) if one.is_symlink() and one.name != PARTS]:
            text = "is a link, through which another file would be written over; choose another folder by folder=PATH"
            raise ConfigurationError([f"{links[0]}: {text}"])
        damaged = _told(plan, folder, facts)
        with _kept_out(wanted, path, plan):
            return _make(plan, folder, wanted, facts, path, damaged, provenance.command_of(arguments, "experiments"))


def asked(arguments: Sequence[str]) -> Asked:
    """What was typed, judged.

    Raises:
        ConfigurationError: with every fault.
    """
    faults, places, out = [], [], None
    for one in arguments[1:]:
        if one in _FLAGS:
            continue
        if one.startswith("folder="):
            out = one.removeprefix("folder=")
            if not out:
                faults.append("folder=: needs a path")
        elif one.startswith("-"):
            faults.append(f"{one}: unknown option{close(one, _FLAGS) or '; --help lists them'}")
        else:
            places.append(one)
    if len(places) != 1:
        faults += [f"{one}: one folder at a time" for one in places[1:]] or ["report: needs the folder of a study"]
    source = Path(places[0]) if places else Path()
    typed = {f"{WORD} {source}": str(source)} | ({f"folder={out}": out} if out else {})
    faults += [f"{key}: {fault}" for key, path in typed.items() if (fault := no_path(path))]
    if places and not faults and not source.exists():
        faults.append(f"{WORD} {source}: there is no such folder")
    if faults:
        raise ConfigurationError(faults)
    where = Path(out) if out else _beside(source)
    if where.resolve() != source.resolve():
        _check_new(where)
    return Asked(source, where, "--no-brief" not in arguments, "--no-figures" not in arguments)


def _check_new(where: Path) -> None:
    """That nothing is written over.

    Raises:
        ConfigurationError: if something might be.
    """
    text = f"folder={where}: holds other files; choose a new or empty folder by folder=PATH"
    try:
        check_new(where)
    except ConfigurationError:
        raise ConfigurationError([text]) from None
    if where.is_symlink() and not where.is_dir():
        raise ConfigurationError([text])


def _beside(source: Path) -> Path:
    """Where it goes unless told: the folder itself, or a folder beside a zip file."""
    if source.is_dir():
        return source
    return source.with_suffix("") if source.suffix else source.with_name(f"{source.name}_report")


# --- what is there ---------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _folder(source: Path) -> Iterator[Path]:
    """The folder, or a zip file of one unpacked beside everything else; it is gone afterwards."""
    if source.is_dir():
        yield source
        return
    with tempfile.TemporaryDirectory() as place:
        try:
            _unpack(source, Path(place))
        except (
            zipfile.BadZipFile,
            zlib.error,
            lzma.LZMAError,
            RuntimeError,
            NotImplementedError,
            EOFError,
            ValueError,
        ) as error:
            raise ConfigurationError([f"{WORD} {source}: cannot be unpacked: {error}"]) from None
        yield Path(place)


def _unpack(source: Path, place: Path) -> None:
    """Unpack what a study keeps, under names of our own: a name in a zip file is never a path to write to.

    Raises:
        BadZipFile: if it is no zip file of a study.
    """
    if not source.is_file() or not zipfile.is_zipfile(source):
        raise zipfile.BadZipFile("it is neither a folder nor a zip file")
    (place / PARTS).mkdir()
    with zipfile.ZipFile(source) as file:
        plans = [name for name in file.namelist() if name == PLAN or re.fullmatch(rf"[^/\\]+/{PLAN}", name)]
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
    """Name of the study and version of the runs that a folder keeps."""
    text = text_of(path / MANIFEST)
    try:
        study, version, kind = manifest_of(text)
    except ValueError:
        raise ConfigurationError([f"{path / MANIFEST}: cannot be read"]) from None
    if kind != FORMAT:
        raise ConfigurationError([f"{path / MANIFEST}: is of a format that this version does not know"])
    if not (path / PLAN).is_file():
        lacks = f"{path}: keeps no {PLAN}, as earlier versions do; type the command of its {PROVENANCE} again"
        raise ConfigurationError([lacks])
    return study, version


def _here(plan: Plan) -> str:
    """What this version would call runs of the plan."""
    from experiments.study.cli import version

    return version(plan.study.record)


def _rules(version: str) -> str:
    """The part of a version that tells the rules and what is recorded, without the machine's mathematics."""
    return version.rpartition("-")[0]


def _told(plan: Plan, folder: Folder, facts: Facts) -> list[str]:
    """Say what is damaged, what is missing, and if the runs are another version's; returns the damaged parts.

    Raises:
        ConfigurationError: if no planned run is there.
    """
    damaged = folder.altered()
    for name in damaged:
        print(f"{PARTS}/{name} is damaged; what it held is missing", file=sys.stderr)
    planned = {run.id for run in plan.runs()}
    there = planned & {run for table in folder.tables() for run in table["run"].to_pylist()}
    if not there:
        raise ConfigurationError([f"{folder.source}: none of the {len(planned):,} planned runs is there"])
    if len(there) < len(planned):
        lost = len(planned) - len(there)
        print(f"{lost:,} of {len(planned):,} planned runs are missing; the rest is reported", file=sys.stderr)
    if _rules(plan.version) != _rules(_here(plan)):
        own, now = plan.version.split("-")[0], provenance.code()
        print(
            f"The runs are of version {shown(facts.model)} (rules {own}); this is version "
            f"{provenance.model_version()} (rules {now}). What is made of them says theirs.",
            file=sys.stderr,
        )
    return damaged


# --- what is made ----------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _kept_out(wanted: Asked, path: Path, plan: Plan) -> Iterator[None]:
    """Keep others out of the folder that is written to."""
    if wanted.out.resolve() != path.resolve():
        with alone(wanted.out):
            _check_new(wanted.out)  # another command may have come first
            yield
        return
    with Folder(path).opened(plan.name, plan.version):
        yield


def _make(plan: Plan, folder: Folder, wanted: Asked, facts: Facts, path: Path, damaged: list[str], command: str) -> int:
    """Make everything anew, and note it in provenance.json."""
    from experiments.study import reporting
    from experiments.study.cli import seeds_of
    from experiments.study.runner import write_tables

    settings = Settings(study=plan.name, folder=wanted.out, brief=wanted.brief, figures=wanted.figures)
    about: dict[str, Any] = facts.model_dump() | {"seed": seeds_of(plan), "runs": plan.size}
    try:
        failed = write_tables(plan, folder)
        said = reporting.make(plan, folder, settings, about | {"failed": failed, "replications": len(plan.seeds)})
    except OSError:
        raise
    except (
        Exception
    ) as error:  # from elsewhere, perhaps with runs missing: the tables of one report need more than others
        print(
            f"{shown(str(folder.source))}: its report cannot be made of what is there ({shown(in_words(error))})",
            file=sys.stderr,
        )
        return 1
    known = json.loads(text_of(path / PROVENANCE))
    remade = {"at": provenance.now(), "command": command, "model": provenance.model_version(), "identity": _here(plan)}
    known |= {"failed": failed, "files": said.files, "remade": remade | {"damaged": damaged}}
    folder.write(PROVENANCE, (json.dumps(known, indent=1, ensure_ascii=False) + "\n").encode())
    print(said.text)
    if failed:
        print(
            f"\n{failed:,} of {plan.size:,} runs failed or are missing; the column error of runs.parquet says why.",
            file=sys.stderr,
        )
    return 1 if failed else 0
