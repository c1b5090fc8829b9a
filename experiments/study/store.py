"""The folder of a study: parts written whole and named by their content, the tables made of them, and a manifest.

A part holds finished runs under their identity and nothing of the plan, so that a larger plan reuses it. Its name is
the hash of its bytes: a truncated or altered part does not match its name, and its runs are made again.
"""

import contextlib
import errno
import hashlib
import io
import json
import os
import platform
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatch
from functools import lru_cache
from itertools import accumulate, groupby
from pathlib import Path
from secrets import token_hex
from typing import IO, TYPE_CHECKING, Any

from sim.config import ConfigurationError
from sim.config.untrusted_yaml import shown
from sim.output.files import make, replacing, write_whole

if TYPE_CHECKING:  # imported where it is used: an error needs none of it, and is reported at once
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from experiments.study.remote import Mirror

FORMAT = 1
MANIFEST = "study.json"
PARTS = "parts"
_MANY, _LARGE = 64, 16_000_000  # so many parts of fewer bytes are merged when a study is done

DIED = "its worker ended unexpectedly"
LATE = "it took longer than its limit"
"""Beginnings of the errors of runs that ended their worker: perhaps the machine failed, so they are tried again."""


class Busy(RuntimeError):
    """Another command uses the folder."""


class Unreachable(OSError):
    """The mirror cannot be reached, read or written."""


def manifest_of(data: bytes) -> tuple[str, str, object]:
    """Study, version and format of the runs in a folder, from its manifest.

    Raises:
        ValueError: if the manifest does not hold them.
    """
    try:
        made = json.loads(data)
        return str(made["study"]), str(made["version"]), made["format"]
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError from error


def check_manifest(place: str, data: bytes, study: str, version: str | None) -> None:
    """Check that the runs of a place are of this study and, if one is given, of this version of the model.

    Raises:
        ConfigurationError: if they are not.
    """
    try:
        made_for, *made_by = manifest_of(data)
    except ValueError:
        error = f"{MANIFEST} cannot be read"
    else:
        if (made_for, *made_by) == (study, version or made_by[0], FORMAT):
            return
        error = f"holds the study {made_for}"
        if made_for == study:
            error = "was made by another version of the model or on another kind of machine; such runs do not mix"
        if made_for == study and _but_measures(str(made_by[0])) == _but_measures(version or ""):
            error = "records other measures, as of another case; such runs do not mix"
    raise ConfigurationError([f"{place}: {error}; choose another folder by {place.partition('=')[0]}=PATH"])


def _but_measures(version: str) -> list[str]:
    return version.split("-")[::2]


class Folder:
    """The folder in which a study is stored.

    Args:
        path: the folder; created when something is first written.
        source: the folder that has the parts, if it is another one.
        mirror: a second place for everything except large tables and figures.
    """

    def __init__(self, path: Path, source: Path | None = None, mirror: "Mirror | None" = None) -> None:
        self.path = path
        self.source = source or path
        self.mirror = mirror
        self.parts = self.source / PARTS
        self.damaged: list[str] = []
        self.ours = False  # whether this command has locked it

    def check(self, study: str, version: str | None = None) -> bool:
        """Check that the folder is new, or holds this study and, if one is given, this version of the model.

        Returns:
            Whether it holds a study.

        Raises:
            ConfigurationError: if it is neither; nothing has been changed then.
        """
        try:
            data = (self.path / MANIFEST).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            check_new(self.path)
            return False
        except OSError:
            data = b""
        check_manifest(f"folder={self.path}", data, study, version)
        return True

    @contextlib.contextmanager
    def opened(self, study: str, version: str) -> Iterator[None]:
        """Create the folder if needed and lock it for this command.

        Raises:
            Busy: if another command uses it.
            OSError: if it cannot be written.
        """
        with alone(self.path):
            make(self.parts)
            exists = self.check(study, version)  # another command may have come first
            for aside in [*self.path.glob(".*.aside"), *self.parts.glob(".*.aside")]:
                aside.unlink(missing_ok=True)
            if not exists:
                about = {"study": study, "version": version, "format": FORMAT}
                self.write(MANIFEST, (json.dumps(about, indent=1) + "\n").encode())
            self.ours = True
            try:
                yield
            finally:
                self.ours = False

    def add(self, table: "pa.Table") -> str:
        """Store finished runs, on the disk whole or not at all; returns the name of their part."""
        import pyarrow.parquet as pq

        buffer = io.BytesIO()
        pq.write_table(table, buffer, compression="zstd")
        name = name_of(buffer.getvalue())
        self.write(f"{PARTS}/{name}", buffer.getvalue())
        return name

    def tables(self, files: Iterable[Path] | None = None) -> "Iterator[pa.Table]":
        """Iterate over the parts that are whole, or those of some files.

        Damaged ones are listed in ``damaged`` and set aside, unless another command may use the folder.
        """
        yield from (table for _, table in self._whole(self._files() if files is None else files))

    def _whole(self, files: Iterable[Path], only: Collection[str] = ()) -> "Iterator[tuple[Path, pa.Table]]":
        for file in files:
            try:
                table = _table(file, only)
            except FileNotFoundError:
                if self.ours:
                    raise
                continue  # another command has just merged it with others
            if table is not None:
                yield file, table
            elif self.ours:
                file.replace(file.with_suffix(".damaged"))
                self.damaged.append(file.name)

    def damaged_parts(self) -> list[str]:
        """The names of damaged parts; nothing is set aside."""
        return [file.name for file in self._files() if _table(file) is None]

    def _files(self) -> list[Path]:
        return sorted(file for file in self.parts.glob("*.parquet") if file.is_file())

    def done(self) -> "Done":
        """Finished runs, and for each whether it is complete: it has weekly series, or failed.

        A run that ended its worker, or took too long, is not finished: the machine may have failed.
        """
        import numpy as np
        import pyarrow.compute as pc

        runs, complete = [np.empty(0, _RUN)], [np.empty(0, bool)]
        for _, table in self._whole(self._files(), ("run", "error")):
            tried_again = [(error or "").startswith((DIED, LATE)) for error in table["error"].to_pylist()]
            ended = pc.or_(pc.is_valid(table[_series(table)]), pc.is_valid(table["error"])).to_numpy()
            runs.append(_runs_in(table)[~np.array(tried_again, bool)])
            complete.append(ended[~np.array(tried_again, bool)])
        return Done(np.concatenate(runs), np.concatenate(complete))

    def finder(self) -> "Finder":
        """An index of the rows of runs that the folder holds now."""
        return Finder(self._whole(self._files()))

    def merge_parts(self) -> None:
        """Merge many small parts, in the order of their age, into few: fewer files to read and to send."""
        files = sorted(self._files(), key=lambda file: file.stat().st_mtime_ns)
        files = [file for file in files if file.stat().st_size < _LARGE]
        if len(files) < _MANY:
            return
        sizes = accumulate(file.stat().st_size for file in files)
        for _, group in groupby(zip(files, sizes, strict=True), lambda one: one[1] // _LARGE):
            some = [file for file, _ in group]
            table = Finder(self._whole(some)).every()
            whole = self.add(table) if len(table) else ""
            for file in some:
                if file.name != whole:
                    file.unlink(missing_ok=True)  # a damaged one has been set aside
                    if self.mirror is not None:
                        self.mirror.remove(f"{PARTS}/{file.name}")

    def write(self, name: str, data: bytes) -> None:
        """Write a file whole or not at all, here and then in the mirror."""
        write_whole(self.path / name, data)
        if self.mirror is not None:
            self.mirror.put(name, data)

    def write_table(self, name: str, schema: "pa.Schema", batches: "Iterable[pa.Table]") -> None:
        """Write a table as Parquet, a batch at a time: the same batches give the same bytes."""
        import pyarrow.parquet as pq

        with replacing(self.path / name) as aside, pq.ParquetWriter(aside, schema, compression="zstd") as writer:
            for batch in batches:
                writer.write_table(batch)


class Done(Mapping[str, bool]):
    """Finished runs, and whether each is complete, in 33 bytes a run."""

    def __init__(self, runs: "NDArray[np.bytes_]", complete: "NDArray[np.bool_]") -> None:
        import numpy as np

        self.runs, first, copy = np.unique(runs, return_index=True, return_inverse=True)
        self.complete = complete[first]
        np.logical_or.at(self.complete, copy, complete)

    def __getitem__(self, run: str) -> bool:
        key: Any = run.encode()
        place = bisect_left(self.runs, key)
        if place == len(self.runs) or self.runs[place] != key:
            raise KeyError(run)
        return bool(self.complete[place])

    def __iter__(self) -> Iterator[str]:
        return map(bytes.decode, self.runs)

    def __len__(self) -> int:
        return len(self.runs)


class Finder:
    """The rows of finished runs by identity; of several the one with weekly series, then one without, then an error.

    It holds the place of each row, and the last parts that were read.
    """

    def __init__(self, parts: "Iterable[tuple[Path, pa.Table]]") -> None:
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        self._files, self._starts, schema = list[Path](), [0], pa.schema([("run", pa.string()), ("error", pa.string())])
        runs, worth = [np.empty(0, _RUN)], [np.empty(0, int)]
        for file, table in parts:
            self._files.append(file)
            self._starts.append(self._starts[-1] + len(table))
            runs.append(_runs_in(table))
            weekly, failed = (pc.is_valid(table[name]).to_numpy() for name in (_series(table), "error"))
            worth.append(2 * weekly - failed)
            if not set(table.schema) <= set(schema):  # a part made with other windows lacks some of the columns
                schema = pa.unify_schemas([schema, table.schema])
        every = np.concatenate(runs)
        self._row = np.lexsort((-np.concatenate(worth), every))  # stable, so that the best is the first of its run
        self._runs, first = np.unique(every[self._row], return_index=True)
        self._row = self._row[first]
        self._none = schema.empty_table()
        self._read = lru_cache(maxsize=8)(_table)

    def rows(self, runs: Sequence[str]) -> "pa.Table":
        """The rows of some runs, in that order; empty for a run that is missing."""
        places = _places_of(runs, self._runs)
        return self._rows_at(self._row[places[places >= 0]], places < 0)

    def every(self) -> "pa.Table":
        """The rows of all runs, in the order of their parts."""
        import numpy as np

        return self._rows_at(np.sort(self._row), np.zeros(len(self._row), bool))

    def _rows_at(self, rows: "NDArray[np.int64]", missing: "NDArray[np.bool_]") -> "pa.Table":
        """The rows of some numbers where none is missing, and empty rows."""
        import numpy as np
        import pyarrow as pa

        order = np.argsort(rows)
        found = [self._none]
        for part, some in groupby(rows[order], lambda row: bisect_right(self._starts, row) - 1):
            try:
                table = self._read(self._files[part])
            except FileNotFoundError:
                table = None
            if table is None:
                why = "Merged or damaged by another command meanwhile; type the same again"
                raise OSError(errno.EIO, why, str(self._files[part]))
            found.append(table.take(np.array([*some]) - self._starts[part]))
        places = np.zeros(len(missing), np.int64)
        places[np.flatnonzero(~missing)[order]] = np.arange(len(rows))
        whole = pa.concat_tables(found, promote_options="default").combine_chunks()
        return whole.take(pa.array(places, mask=missing))


_RUN = "S32"  # a run's identity, as NumPy holds it


def _runs_in(table: "pa.Table") -> "NDArray[np.bytes_]":
    import pyarrow as pa

    found: NDArray[np.bytes_] = table["run"].cast(pa.binary()).to_numpy().astype(_RUN)
    return found


def _places_of(runs: Sequence[str], known: "NDArray[np.bytes_]") -> "NDArray[np.int64]":
    """The place of each run among sorted ones; -1 if it is missing."""
    import numpy as np

    wanted = np.array(runs, _RUN)
    places = np.searchsorted(known, wanted)
    there = places < len(known)
    there[there] = known[places[there]] == wanted[there]
    return np.where(there, places, -1)


def _series(table: "pa.Table") -> str:
    return next(str(name) for name in table.column_names if name.startswith("weekly_"))


LOCK, OWNER = ".lock", ".owner"
"""Two locks: one of the system, which ends with its process but may not reach other hosts, and a file that only one
command can create, which every host sees but which remains where its command is killed."""
_NO_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Create a folder if needed and lock it against other commands, on this machine and on others.

    Raises:
        Busy: if another command uses it, or was killed on another host.
        OSError: if it cannot be written.
    """
    try:
        make(folder)
    except OSError as error:
        error.filename = str(folder)  # not one above it
        raise
    # never through a link: a folder may come from anybody
    place = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
    with os.fdopen(place, "w", encoding="utf-8") as lock:
        mine = {"host": platform.node(), "boot": _boot(), "process": os.getpid(), "key": token_hex(8)}
        _own(folder, mine, locked=_locked(lock, folder))
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                if _owner(folder) == mine:
                    (folder / OWNER).unlink()


def _locked(lock: IO[Any], folder: Path) -> bool:
    """Take the lock of the system; return False where the file system has none."""
    import fcntl

    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        raise _busy(folder) from None
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
        return False
    return True


def _own(folder: Path, mine: dict[str, Any], locked: bool) -> None:
    file, before = folder / OWNER, _owner(folder)
    same_boot = mine["boot"] is not None and before.get("boot") == mine["boot"]
    if locked and (same_boot or before.get("host") == mine["host"]):  # it was killed: the lock of this machine is free
        file.unlink(missing_ok=True)
    try:
        file.touch(exist_ok=False)
    except FileExistsError:
        raise _busy(folder, f". If that command is gone, remove {file} and type the same again") from None
    try:
        file.write_text(json.dumps(mine), encoding="utf-8")
    except OSError:
        file.unlink(missing_ok=True)
        raise


def _owner(folder: Path) -> dict[str, Any]:
    """The content of the owner file; it may come from anybody."""
    try:
        place = os.open(folder / OWNER, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            found = json.loads(os.read(place, 1000))
        finally:
            os.close(place)
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _boot() -> str | None:
    """The identity of this machine since it was started: containers on it have names of their own."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="utf-8").strip()
    except OSError:
        return None


def _busy(folder: Path, gone: str = "") -> Busy:
    owner = _owner(folder)
    who = f" (process {owner.get('process')} of {owner.get('host')})" if owner else ""
    return Busy(
        f"another command is at work on {folder}{shown(who)[:200]}; wait for it, or choose another folder "
        f"by folder=PATH: jobs that run at once need one each{gone}"
    )


def check_new(folder: Path) -> None:
    """Check that a folder is missing or empty.

    Raises:
        ConfigurationError: if it holds anything.
    """
    try:
        others = [entry for entry in folder.iterdir() if not _is_left_by_start(entry)]
    except FileNotFoundError:
        others = [folder] if folder.is_symlink() else []  # a link that leads nowhere
    except NotADirectoryError:
        if folder.exists():
            raise ConfigurationError([f"folder={folder}: is a file"]) from None
        return  # one above it is; that is seen when it is made
    if others:
        raise ConfigurationError([f"folder={folder}: holds other files; choose a new or empty folder by folder=PATH"])


def _is_left_by_start(entry: Path) -> bool:
    """Whether a command that was killed before it wrote its manifest may leave this."""
    if entry.name == PARTS:
        return entry.is_dir() and not any(entry.iterdir())
    return entry.name in (LOCK, OWNER) or fnmatch(entry.name, f".{MANIFEST}*.aside")


def _table(file: Path, only: Collection[str] = ()) -> "pa.Table | None":
    """The runs of a part; None if its bytes do not match its name, or are no table of runs.

    Args:
        file: the part.
        only: the columns to read beside the first weekly series; all if it is empty.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    data = file.read_bytes()
    if name_of(data) != file.name:
        return None
    try:
        part = pq.ParquetFile(pa.BufferReader(data))
        schema = part.schema_arrow
        # texts, numbers and at least one series of numbers, each column once
        texts = dict.fromkeys(("run", "error"), pa.string())
        kinds = {one.name: one.type for one in schema}
        series = dict.fromkeys((name for name in kinds if name.startswith("weekly_")), pa.list_(pa.float64()))
        if not series or kinds != dict.fromkeys(kinds, pa.float64()) | texts | series or len(kinds) != len(schema):
            return None
        # read_table() leaves the bytes to threads of its own: where Python ends meanwhile, they abort it
        return part.read([*only, next(iter(series))] if only else None, use_threads=False)
    except (pa.ArrowException, OSError):
        return None


def name_of(data: bytes) -> str:
    """The name of a part: a hash of its bytes."""
    return f"{hashlib.sha256(data).hexdigest()[:24]}.parquet"
