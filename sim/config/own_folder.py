"""The folders that hold values: a user's own (``--config-dir``), of which no file is ignored silently, and conf/."""

import hashlib
import os
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from sim.config.untrusted_yaml import Place, bulky, no_folder, refused_in_file, shown, walk

_HERE = Path(__file__).resolve().parent.parent
CONF: Path = next(folder for folder in (_HERE / "conf", _HERE.parent / "conf") if (folder / "config.yaml").exists())
"""The folder of the configuration: in a clone beside sim/, in an installed package inside it."""

TABLES = ("claims.yaml", "facts.csv")
"""Tables that reports read beside the groups, and those of each case."""
CASE = re.compile(r"case/[\w-]+\.(yaml|csv)")
"""The tables of a case: what it is judged by, and its published figures."""
FOUND = ("found/validation.csv", "found/growth.csv", "found/provenance.json")
"""Results of the study validation: three files that belong together."""
POSTERIOR = "found/posterior.csv"
MIXED = {"rail": "rails", "policy": "policies", "shock": "shocks", "theatre": "theatres", "appeal": "appeals"}
"""Groups that allow several options, each with the mapping in which an option is one name."""
RULES = "rules"
"""The group of rival rules: it allows several options, of different decisions."""
NOTHING = "nothing"
"""The word in a table for a group without a chosen option."""
_BESIDE = ("hydra", "study", "found", "case")
_OF_HYDRA = (
    "callbacks", "env", "help", "hydra_help", "hydra_logging", "job_logging", "launcher", "output", "sweeper",
)  # fmt: skip
_SHOWN = 12
WHOLE = "it replaces the packaged file whole"


def folders_of(config_dir: Path | None) -> list[Path]:
    """Return the folders in order of precedence: a user's own folder, if any, and conf/."""
    return [CONF] if config_dir is None else [config_dir, CONF]


def file_of(name: str, config_dir: Path | None) -> Path:
    """Return a file of conf/, or the user's own of that name."""
    found = [folder / name for folder in folders_of(config_dir)]
    return next((file for file in found if file.exists() or file.is_symlink()), found[-1])


def groups_in(folders: list[Path]) -> dict[str, list[str]]:
    """Return the groups and their options: folders of conf/ (and of the user) and the files in them."""
    found: dict[str, set[str]] = {}
    for file in (file for folder in folders for file in folder.glob("*/*.yaml")):
        group = file.parent.name
        if group not in _BESIDE and not group.startswith("."):
            found.setdefault(group, set()).add(file.stem)
    return {name: sorted(options) for name, options in sorted(found.items())}


def what_is(file: Path) -> str:
    """Return the first comment of a file of a group that is no directive: what it is or does, in one line."""
    with suppress(OSError, ValueError):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.startswith("#") and not line.startswith("# @"):
                words = re.sub(r" \(facts:[^)]*\)", "", line.lstrip("# "))
                return textwrap.shorten(shown(words).removesuffix("."), 110, placeholder=" ...")
            if line and not line.startswith("#"):
                break
    return ""


def contents(folder: Path) -> tuple[list[str], list[str]]:
    """Return files at the top, in groups and beside them, and other folders, by their paths, without hidden ones."""
    known, files, others = {*groups_in(folders_of(folder)), *_BESIDE}, list[str](), list[str]()
    for place, below, names in folder.walk(follow_symlinks=True):
        within = place.relative_to(folder)
        files += [(within / name).as_posix() for name in names if not name.startswith(".")]
        below[:] = sorted(name for name in below if not name.startswith(".") and not _leads_back(place / name))
        if place == folder:
            others += [name for name in below if name not in known]
            below[:] = [name for name in below if name in known]
    return sorted(files), others


def _leads_back(folder: Path) -> bool:
    above = folder.parent.resolve()
    return folder.is_symlink() and folder.resolve() in (above, *above.parents)


def errors_in(folder: Path) -> Iterator[str]:
    """Yield every error in the files of a user's own folder before anything reads them."""
    groups, known = groups_in(folders_of(folder)), (*TABLES, *FOUND, POSTERIOR)
    for name in contents(folder)[0]:
        file = folder / name
        where = name.rpartition("/")[0]
        if not file.is_file():
            yield f"{file}: leads to no file"
        elif not os.access(file, os.R_OK):
            yield f"{file}: cannot be read"
        elif name == "patterns.yaml":
            yield f"{file}: is called case/is_core.yaml now and has a cut; begin with a copy of that file"
        elif where == "case" and file.suffix == ".csv" and not file_of(f"case/{file.stem}.yaml", folder).is_file():
            yield f"{file}: nothing reads it without case/{file.stem}.yaml, the patterns of the case"
        elif where == "case" and file.suffix in (".yaml", ".csv") and not CASE.fullmatch(name):
            yield f"{file}: the name of a case has letters, digits, _ and - only"
        elif file.suffix == ".yaml":
            yield from refused_in_file(file, where)
            yield from _misnamed(file, file.stem, where)
        elif file.suffix.lower() in (".yaml", ".yml"):
            yield f"{file}: nothing reads it; its name must end in .yaml"
        elif name not in known and not CASE.fullmatch(name):
            meant = [one for one in (*known, "config.yaml") if one.rpartition("/")[0] == where]
            meant = [f"{where}/{option}.yaml" for option in groups.get(where, ())] or meant
            if get_close_matches(name, meant, 1, 0.8) or file.stem in [Path(one).stem for one in meant]:
                yield f"{file}: nothing reads it; nearest: {get_close_matches(name, meant, 1, 0.0)[0]}"


def _misnamed(file: Path, option: str, group: str) -> Iterator[str]:
    """Yield errors of names that mean something else, and of first lines that are absent or replace another option."""
    if group in (*MIXED, RULES) and ("+" in option or (option == NOTHING and group != "policy")):
        yield f"{file}: {group}={option} means {'a mix' if '+' in option else 'none'}; choose another name"
    first, fitting = _first(file), _fitting(option, group)
    if fitting and not first and fitting[0] != f"# @package {group}":
        yield f"{file}: lacks its first line: {fitting[0]}"
    elif group in MIXED and first and first not in (*fitting, "# @package _global_"):
        yield f"{file}: its first line is {first}; it should be {fitting[0]}"
    if not group and option == "config" and "defaults:" not in file.read_text(encoding="utf-8", errors="replace"):
        yield f"{file}: has no defaults, so no other file would be read; {WHOLE}: begin with a copy of it"


def _first(file: Path) -> str:
    with file.open(encoding="utf-8", errors="replace") as lines:
        return next((line.strip() for line in lines if line.startswith("# @package")), "")


def _fitting(option: str, group: str) -> list[str]:
    """Return first lines that an option of a packaged group may have."""
    if group in MIXED:
        more = [f"# @package {MIXED[group]}"] * (group == "appeal")  # a file of several appeals names them itself
        return [f"# @package {MIXED[group]}.{option}", *more]
    if not group or group.split("/")[0] in _BESIDE or not (CONF / group).is_dir():
        return []
    same = CONF / group / f"{option}.yaml"
    return [_first(same if same.is_file() else min((CONF / group).glob("*.yaml")))]


def passed_over(folder: Path | None, files: Iterable[str]) -> Iterator[str]:
    """Yield the user's own files and folders that nothing reads, and whose names are near to one that is read.

    Args:
        folder: the user's own.
        files: the files that were read, by their paths; without any, the composition has failed and reports why.
    """
    read, ours = set(files), list(groups_in([CONF]))
    if folder is None or not read or no_folder(folder):
        return
    files, others = contents(folder)
    for name in sorted({one.split("/")[0] for one in files if "/" in one} | set(others)):
        near = get_close_matches(name, [*ours, *_BESIDE], 1, 0.6)
        if near and near[0] != name and not any(one.startswith(f"{name}/") for one in read):
            first = next((one for one in files if one.startswith(f"{name}/")), f"{name}/")
            yield f"{folder / first}: nothing reads it; there is no group {name}; nearest: {near[0]}"
    for name in (one for one in files if one.endswith(".yaml") and one not in read):
        parts = name.split("/")
        if parts[0] == "hydra" and (len(parts) < 3 or parts[1] not in _OF_HYDRA):
            near = get_close_matches(parts[1].removesuffix(".yaml"), _OF_HYDRA, 1, 0.5)
            yield f"{folder / name}: nothing reads it" + (f"; nearest: hydra/{near[0]}" if near else "")
        elif len(parts) == 1 and name not in TABLES:
            near = get_close_matches(name[:-5], ["config", "claims", *ours], 1, 0.7)
            if near and near[0] in ours:
                yield f"{folder / name}: nothing reads it; the files of the group {near[0]} are {near[0]}/NAME.yaml"
            elif near:
                yield f"{folder / name}: nothing reads it; nearest: {near[0]}.yaml; --config-name {name[:-5]} reads it"


def read_from(folder: Path | None, files: Iterable[str]) -> str:
    """Return a line that lists the read and the unread files of a folder, and only counts copies of packaged files."""
    if folder is None or no_folder(folder):
        return ""
    found, others = contents(folder)
    used, ours = sorted({name for name in files if (folder / name).is_file()}), list(groups_in([CONF]))
    left = [one for one in found if one not in used] + [f"{one}/" for one in others]
    words = [f"Read from {folder}: {_some(used, folder)}."]
    unknown = {one.split("/")[0] for one in left if one.endswith(".yaml") and "/" in one} - {*ours, *_BESIDE}
    unknown -= {one.split("/")[0] for one in used}
    words += [f"There is no group {', '.join(sorted(unknown))}; known: {', '.join(ours)}."] * bool(unknown)
    return " ".join(words + [f"Not read: {_some(left, folder)}."] * bool(left))


def _some(names: list[str], folder: Path) -> str:
    ours = {name for name in names if (CONF / name).is_file() and (folder / name).is_file()}
    new = [one for one in names if one not in ours or (folder / one).read_bytes() != (CONF / one).read_bytes()]
    more, copies = len(new) - _SHOWN, len(names) - len(new)
    words = [", ".join(new[:_SHOWN]) + (f" and {more} more" if more > 0 else "")] if new else []
    words += [f"{copies} {'copy' if copies == 1 else 'copies'} of packaged files"] if copies else []
    return "; ".join(words) or NOTHING


type Sources = dict[str, str | dict[str, str]]
"""The source of each file that was read: ``packaged``, or the path and the hash of the user's own."""
PACKAGED = "packaged"


def source_of(file: Path | None) -> str | dict[str, str]:
    """Return the provenance of a file: path and hash if it is the user's own."""
    if file is None:
        return PACKAGED
    return {"file": str(file), "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}


def source_in(name: str, config_dir: Path | None) -> str | dict[str, str]:
    """Return the provenance of a table of conf/, or of the user's own of that name."""
    own = config_dir / name if config_dir is not None else None
    return source_of(own if own is not None and own.is_file() else None)


def headed(sources: Mapping[str, Any], model: str) -> str:
    """Return comment lines that say which values of a configuration come from files of the user's own."""
    own = {name: source for name, source in sorted(sources.items()) if source != PACKAGED}
    lines = [f"# {shown(name)}: {shown(one['file'])} (sha256 {one['sha256']})" for name, one in own.items()]
    rest = f"# {'all other files' if lines else 'all files'}: packaged with {model}"
    return "\n".join(["# Where the values come from, before what was typed:", *lines, rest])


def origin_of(place: Place, files: Mapping[str, Path | None], missing: bool) -> str:
    """Return the user's file that sets the value at a place of the configuration, or none.

    Args:
        place: the place.
        files: the files that were read, by their paths within a folder; packaged ones have no path.
        missing: whether the place is empty; the file is then the one whose packaged namesake sets a value.
    """
    own = {name: _places(file, name, file.stat().st_mtime_ns) for name, file in files.items() if file is not None}
    for name in own:
        packaged = CONF / name
        if missing and packaged.is_file() and place in _places(packaged, name, packaged.stat().st_mtime_ns):
            return str(files[name])
    beside = missing or "".join(place[-1:]).isdigit()  # a key beside it; or the list that it is in
    inside = place[:-1] if beside else place
    return next((str(files[name]) for name, places in own.items() if {place, inside} & places), "")


@lru_cache(512)
def _places(file: Path, name: str, _: int) -> frozenset[Place]:
    """Return every key that a file sets, and the keys right above, until the time of its last change differs."""
    package, values = content_of(file, str(Path(name).parent))
    values.pop("defaults", None)
    leaves = {(*package, *place) for place, _ in walk(values)}
    return frozenset(leaves | {leaf[:-1] for leaf in leaves if len(leaf) > 1})


def content_of(file: Path, group: str) -> tuple[Place, dict[Any, Any]]:
    """Return the package that the first line of a file names, else its group, and its values; none if unreadable."""
    named = _first(file).removeprefix("# @package").strip()
    package = named.split(".") if named else group.split("/") if group != "." else []
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
        values = {} if list(bulky(file)) else yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        values = {}  # the reader of the file reports the error
    return () if named == "_global_" else tuple(package), values if isinstance(values, dict) else {}
