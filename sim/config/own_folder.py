"""A user's own folder (``--config-dir``): its files precede the packaged ones, and none is ignored silently."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.config.folders import CONF, folders_of, groups_in
from sim.config.untrusted_yaml import Place, bulky, no_folder, refused_in_file, shown, walk

TABLES = ("claims.yaml", "patterns.yaml", "facts.csv")
"""Tables that reports read beside the groups."""
FOUND = ("found/validation.csv", "found/growth.csv", "found/provenance.json")
"""Results of the study validation: three files that belong together."""
POSTERIOR = "found/posterior.csv"
MIXED = {"rail": "rails", "policy": "policies", "shock": "shocks", "theatre": "theatres", "appeal": "appeals"}
"""Groups that allow several options, each with the mapping in which an option is one name."""
NOTHING = "nothing"
"""The word in a table for a group without a chosen option."""
_BESIDE = ("hydra", "study", "found")
_OF_HYDRA = (
    "callbacks", "env", "help", "hydra_help", "hydra_logging", "job_logging", "launcher", "output", "sweeper",
)  # fmt: skip
_SHOWN = 12
WHOLE = "it replaces the packaged file whole"


def contents(folder: Path) -> tuple[list[str], list[str]]:
    """Return files at the top, in groups and beside them, and other folders, by their paths, without hidden ones."""
    known, files, others = {*groups_in(folders_of(folder)), *_BESIDE}, list[str](), list[str]()
    for place, below, names in folder.walk(follow_symlinks=True):
        within = place.relative_to(folder)
        files += [(within / name).as_posix() for name in names if not name.startswith(".")]
        folders = sorted(name for name in below if not name.startswith(".") and not _leads_back(place / name))
        depth = len(within.parts)
        below[:] = [name for name in folders if depth or name in known]
        others += [name for name in folders if not depth and name not in below]
    return sorted(files), others


def _leads_back(folder: Path) -> bool:
    """Return whether a link leads to a folder that it lies in."""
    above = folder.parent.resolve()
    return folder.is_symlink() and folder.resolve() in (above, *above.parents)


def errors_in(folder: Path) -> Iterator[str]:
    """Yield every error in the files of a user's own folder before anything reads them."""
    groups = groups_in(folders_of(folder))
    for name in contents(folder)[0]:
        file = folder / name
        where, stem, suffix = name.rpartition("/")[0], file.stem, file.suffix
        if not file.is_file():
            yield f"{file}: leads to no file"
        elif not os.access(file, os.R_OK):
            yield f"{file}: cannot be read"
        elif suffix == ".yaml":
            yield from refused_in_file(file, where)
            yield from _misnamed(file, stem, where)
        elif suffix.lower() in (".yaml", ".yml"):
            yield f"{file}: nothing reads it; its name must end in .yaml"
        elif name not in (*TABLES, *FOUND, POSTERIOR):
            known = [one for one in (*TABLES, *FOUND, POSTERIOR, "config.yaml") if one.rpartition("/")[0] == where]
            meant = [f"{where}/{option}.yaml" for option in groups[where]] if where in groups else known
            if get_close_matches(name, meant, 1, 0.8) or stem in [Path(one).stem for one in meant]:
                yield f"{file}: nothing reads it; nearest: {get_close_matches(name, meant, 1, 0.0)[0]}"


def _misnamed(file: Path, option: str, group: str) -> Iterator[str]:
    """Yield errors of names and first lines.

    A name may mean something else. A first line may be absent, or may silently replace another option.
    """
    if group in MIXED and ("+" in option or (option == NOTHING and group != "policy")):
        yield f"{file}: {group}={option} means {'a mix' if '+' in option else 'none'}; choose another name"
    first, fitting = _first(file), _fitting(option, group)
    if fitting and not first and fitting[0] != f"# @package {group}":
        yield f"{file}: lacks its first line: {fitting[0]}"
    elif group in MIXED and first and first not in (*fitting, "# @package _global_"):
        yield f"{file}: its first line is {first}; it should be {fitting[0]}"
    if not group and option == "config" and "defaults:" not in file.read_text(encoding="utf-8", errors="replace"):
        yield f"{file}: has no defaults, so no other file would be read; {WHOLE}: begin with a copy of it"


def _first(file: Path) -> str:
    """Return the line that names the package of a file, if there is one."""
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
    known = [*ours, *_BESIDE]
    files, others = contents(folder)
    tops = sorted({name.split("/")[0] for name in files if "/" in name} | set(others))
    for name in tops:
        if name not in known and not any(one.startswith(f"{name}/") for one in read):
            near = get_close_matches(name, known, 1, 0.6)
            if near:
                first = next((one for one in files if one.startswith(f"{name}/")), f"{name}/")
                yield f"{folder / first}: nothing reads it; there is no group {name}; nearest: {near[0]}"
    for name in (one for one in files if one.endswith(".yaml") and one not in read):
        parts = name.split("/")
        if parts[0] == "hydra" and (len(parts) < 3 or parts[1] not in _OF_HYDRA):
            near = get_close_matches(parts[1].removesuffix(".yaml"), _OF_HYDRA, 1, 0.5)
            yield f"{folder / name}: nothing reads it" + (f"; nearest: hydra/{near[0]}" if near else "")
        elif len(parts) == 1 and name not in TABLES:
            near = get_close_matches(name[:-5], ["config", "claims", "patterns", *ours], 1, 0.7)
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
    new = [name for name in names if not _is_copy(folder / name, CONF / name)]
    more, copies = len(new) - _SHOWN, len(names) - len(new)
    words = [", ".join(new[:_SHOWN]) + (f" and {more} more" if more > 0 else "")] if new else []
    words += [f"{copies} {'copy' if copies == 1 else 'copies'} of packaged files"] if copies else []
    return "; ".join(words) or NOTHING


def _is_copy(one: Path, other: Path) -> bool:
    return one.is_file() and other.is_file() and one.read_bytes() == other.read_bytes()


# --- sources of values -----------------------------------------------------------------------------------------------

type Sources = dict[str, str | dict[str, str]]
"""The source of each file that was read: ``packaged``, or the path and the hash of the user's own."""
PACKAGED = "packaged"


def source_of(file: Path | None) -> str | dict[str, str]:
    """Return the provenance of a file: path and hash if it is the user's own."""
    if file is None:
        return PACKAGED
    return {"file": str(file), "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}


def headed(sources: Mapping[str, Any], model: str) -> str:
    """Return comment lines that say which values of a configuration come from files of the user's own."""
    lines = [
        f"# {shown(name)}: {shown(source['file'])} (sha256 {source['sha256']})"
        for name, source in sorted(sources.items())
        if source != PACKAGED
    ]
    rest = f"# {'all other files' if lines else 'all files'}: packaged with {model}"
    return "\n".join(["# Where the values come from, before what was typed:", *lines, rest])


def origin_of(place: Place, files: Mapping[str, Path], missing: bool) -> str:
    """Return the user's file that sets the value at a place of the configuration, or none.

    Args:
        place: the place.
        files: the user's files, by their paths within the folder.
        missing: whether the place is empty; the file is then the one whose packaged namesake sets a value.
    """
    for name, file in files.items():
        if missing and (CONF / name).is_file() and place in _places(CONF / name, name):
            return str(file)
    beside = missing or "".join(place[-1:]).isdigit()  # a key beside it; or the list that it is in
    inside = place[:-1] if beside else place
    return next((str(file) for name, file in files.items() if {place, inside} & _places(file, name)), "")


def _places(file: Path, name: str) -> frozenset[Place]:
    return _places_at(file, str(Path(name).parent), file.stat().st_mtime_ns)


@lru_cache(512)
def _places_at(file: Path, group: str, _: int) -> frozenset[Place]:
    """Return every key that a file sets, and the keys right above, in the package that its first lines name."""
    package, values = content_of(file, group)
    values.pop("defaults", None)
    leaves = {(*package, *place) for place, _ in walk(values)}
    return frozenset(leaves | {leaf[:-1] for leaf in leaves if len(leaf) > 1})


def content_of(file: Path, group: str) -> tuple[Place, dict[Any, Any]]:
    """Return the package that the first line of a file names, else its group, and its values; none if unreadable."""
    import yaml  # type: ignore[import-untyped]

    named = _first(file).removeprefix("# @package").strip()
    package = named.split(".") if named else group.split("/") if group != "." else []
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
        values = {} if list(bulky(file)) else yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        values = {}  # the reader of the file reports the error
    return () if named == "_global_" else tuple(package), values if isinstance(values, dict) else {}
