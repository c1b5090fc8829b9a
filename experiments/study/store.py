"""The folder of a study: parts that are written whole and named by their content, one table made of them, provenance.

A part holds finished runs under their identity and nothing of the plan, so that a larger plan finds what it needs in
it. Its name is the hash of its bytes: a part that was cut short or altered does not match its name, and is redone.
"""

import contextlib
import errno
import hashlib
import io
import json
import os
import platform
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path
from secrets import token_hex
from typing import IO, TYPE_CHECKING, Any

from sim.config import ConfigurationError
from sim.config.untrusted_yaml import shown
from sim.output.files import make, replacing, write_whole

if TYPE_CHECKING:  # imported where it is used: a fault needs none of it, and is told at once
    import pyarrow as pa

    from experiments.study.remote import Mirror

FORMAT = 1
MANIFEST = "study.json"
OTHER_VERSION = (
    "was made by another version of the model or on another kind of machine, whose runs do not mix with these"
)
PARTS = "parts"
_MANY = 64  # parts that are put together into one when a study is done


DIED = "its worker ended without a word"
LATE = "it took longer than its limit"
"""Begin the errors of runs that brought their worker down: perhaps the machine's fault, so they are tried again another
time."""


class Busy(RuntimeError):
    """Another command is at work on the folder."""


class Unreachable(OSError):
    """The mirror cannot be reached, or takes or gives nothing."""


def manifest_of(data: bytes) -> tuple[str, str, object]:
    """Study, version and format of the runs that a folder keeps, as its study.json tells.

    Raises:
        ValueError: if it tells none.
    """
    try:
        made = json.loads(data)
        return str(made["study"]), str(made["version"]), made["format"]
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError from error


class Folder:
    """Where a study is kept.

    Args:
        path: the folder; made when something is first written.
        source: the folder that has the parts, if it is another one.
        mirror: where else all of it is kept but large tables and figures.
    """

    def __init__(self, path: Path, source: Path | None = None, mirror: "Mirror | None" = None) -> None:
        self.path = path
        self.source = source or path
        self.mirror = mirror
        self.damaged: list[str] = []
        self.ours = False  # whether others are kept out

    @property
    def parts(self) -> Path:
        """Where the parts are."""
        return self.source / PARTS

    def check(self, study: str, version: str | None = None) -> bool:
        """That the folder is new, or was made by this study and, if one is given, this version of the model.

        Returns:
            Whether a study is there.

        Raises:
            ConfigurationError: if not; nothing has been changed then.
        """
        try:
            kept = manifest_of((self.path / MANIFEST).read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            check_new(self.path)
            return False
        except (OSError, ValueError):
            raise ConfigurationError(
                [f"folder={self.path}: {MANIFEST} cannot be read; choose another folder"]
            ) from None
        if kept[0] != study:
            raise ConfigurationError([f"folder={self.path}: holds the study {kept[0]}; choose another folder"])
        if kept[1:] != (version or kept[1], FORMAT):
            raise ConfigurationError([f"folder={self.path}: {OTHER_VERSION}; choose another folder"])
        return True

    @contextlib.contextmanager
    def opened(self, study: str, version: str) -> Iterator[None]:
        """Make the folder if need be and keep others out of it.

        Raises:
            Busy: if another command is at work on it.
            OSError: if it cannot be written.
        """
        with alone(self.path):
            make(self.parts)
            there = self.check(study, version)  # another command may have come first
            for aside in [*self.path.glob(".*.aside"), *self.parts.glob(".*.aside")]:
                aside.unlink(missing_ok=True)
            if not there:
                about = {"study": study, "version": version, "format": FORMAT}
                self.write(MANIFEST, (json.dumps(about, indent=1) + "\n").encode())
            self.ours = True
            try:
                yield
            finally:
                self.ours = False

    # --- parts -------------------------------------------------------------------------------------------------------

    def add(self, table: "pa.Table") -> str:
        """Keep finished runs, on the disk whole or not at all; returns the name of their part."""
        import pyarrow.parquet as pq

        buffer = io.BytesIO()
        pq.write_table(table, buffer, compression="zstd")
        data = buffer.getvalue()
        self.write(f"{PARTS}/{name_of(data)}", data)
        return name_of(data)

    def tables(self) -> "Iterator[pa.Table]":
        """The parts that are whole, one after the other.

        Others are listed in ``damaged`` and put aside, unless another command may be at work here.
        """
        for file in self._files():
            try:
                table = _table(file)
            except FileNotFoundError:
                if self.ours:
                    raise
                continue  # another command has just put it together with others
            if table is not None:
                yield table
            elif self.ours:
                file.replace(file.with_suffix(".damaged"))
                self.damaged.append(file.name)

    def altered(self) -> list[str]:
        """The names of parts that are damaged; nothing is put aside."""
        return [file.name for file in self._files() if _table(file) is None]

    def _files(self) -> list[Path]:
        return sorted(file for file in self.parts.glob("*.parquet") if file.is_file())

    def done(self) -> dict[str, bool]:
        """The runs that are there, and for each whether nothing more is wanted of it: it is by week, or failed.

        A run that brought its worker down, or took too long, is not there: that may have been the machine's fault.
        """
        import pyarrow.compute as pc

        found: dict[str, bool] = {}
        for table in self.tables():
            series = next(name for name in table.column_names if name.startswith("weekly_"))
            weekly = pc.is_valid(table[series]).to_pylist()
            for run, one, error in zip(table["run"].to_pylist(), weekly, table["error"].to_pylist(), strict=True):
                if not (error or "").startswith((DIED, LATE)):
                    found[run] = found.get(run, False) or one or error is not None
        return found

    def finder(self) -> "Finder":
        """A way to the rows of runs, from what is there now."""
        return Finder(self._whole())

    def _whole(self) -> "pa.Table":
        """All parts as one table; a part that was made with other windows lacks some of its columns."""
        import pyarrow as pa

        return pa.concat_tables(self.tables(), promote_options="default")

    def put_together(self) -> None:
        """Make one part of many, when there are many: fewer files to read and to send."""
        files = sorted(self.parts.glob("*.parquet"))
        if len(files) < _MANY:
            return
        whole = self.add(self.finder().each_once())
        for file in files:
            if file.name != whole:
                file.unlink(missing_ok=True)  # one that was damaged has been put aside
                if self.mirror is not None:
                    self.mirror.remove(f"{PARTS}/{file.name}")

    # --- files -------------------------------------------------------------------------------------------------------

    def write(self, name: str, data: bytes) -> None:
        """Write a file so that it is there whole or not at all, whatever happens meanwhile; then in the mirror too."""
        self.keep(name, data)
        if self.mirror is not None:
            self.mirror.put(name, data)

    def keep(self, name: str, data: bytes) -> None:
        """Write a file here alone."""
        write_whole(self.path / name, data)

    def write_table(self, name: str, schema: "pa.Schema", batches: "Iterable[pa.Table]") -> None:
        """Write a table as Parquet, a batch at a time: the same batches give the same bytes."""
        import pyarrow.parquet as pq

        with replacing(self.path / name) as aside, pq.ParquetWriter(aside, schema, compression="zstd") as writer:
            for batch in batches:
                writer.write_table(batch)


class Finder:
    """The rows of finished runs by identity; of several one by week first, then one without, then an error."""

    def __init__(self, whole: "pa.Table") -> None:
        import pyarrow.compute as pc

        self.whole = whole
        self.row: dict[str, int] = {}
        series = next(name for name in whole.column_names if name.startswith("weekly_"))
        whole_series, errors = pc.is_valid(whole[series]).to_pylist(), pc.is_valid(whole["error"]).to_pylist()
        best: dict[str, int] = {}
        for row, (run, weekly, error) in enumerate(zip(whole["run"].to_pylist(), whole_series, errors, strict=True)):
            worth = 2 * weekly - error
            if worth > best.get(run, -2):
                self.row[run], best[run] = row, worth

    def each_once(self) -> "pa.Table":
        """All runs, of each its best row."""
        import pyarrow as pa

        if len(self.row) == len(self.whole):
            return self.whole
        return self.whole.take(pa.array(sorted(self.row.values())))

    def rows(self, runs: Sequence[str]) -> "pa.Table":
        """The rows of some runs, in that order; an empty one for a run that is not there."""
        import pyarrow as pa

        return self.whole.take(pa.array([self.row.get(run) for run in runs], pa.int64()))


# --- one command at a time -------------------------------------------------------------------------------------------

LOCK, OWNER = ".lock", ".owner"
"""What keeps others out: a lock of the system, which ends with its process but may not reach other hosts, and a file
that only one can make, which reaches all that see the folder but stays where its command is killed."""
_NO_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Make a folder if need be and keep others out of it, on this machine and on others.

    Raises:
        Busy: if another command is at work on it, or ended there without a word.
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
        mine = json.dumps({"host": platform.node(), "boot": _boot(), "process": os.getpid(), "key": token_hex(8)})
        _own(folder, mine, locked=_locked(lock, folder))
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                if _owner(folder) == mine:
                    (folder / OWNER).unlink()


def _locked(lock: IO[Any], folder: Path) -> bool:
    """Take the lock of the system; False where the file system has none."""
    import fcntl

    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        raise _busy(folder, _owner(folder)) from None
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
        return False
    return True


def _own(folder: Path, mine: str, locked: bool) -> None:
    """Make the file that says whose the folder is.

    One that is there already is that of a command which was killed, if it ran on this machine and its lock is free.
    """
    file = folder / OWNER
    for _ in range(2):
        try:
            file.touch(exist_ok=False)
        except FileExistsError:
            if not (locked and _was_here(_owner(folder))):
                break
            file.unlink(missing_ok=True)
            continue
        try:
            file.write_text(mine, encoding="utf-8")
        except OSError:
            file.unlink(missing_ok=True)
            raise
        return
    raise _busy(folder, _owner(folder), gone=f". If that command is gone, remove {file} and type the same again")


def _owner(folder: Path) -> str:
    """What the file says whose the folder is, as it is written; it may come from anybody."""
    try:
        place = os.open(folder / OWNER, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            return os.read(place, 1000).decode(errors="replace")
        finally:
            os.close(place)
    except OSError:
        return ""


def _told_by(owner: str) -> dict[str, Any]:
    try:
        told = json.loads(owner)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _was_here(owner: str) -> bool:
    """Whether a command ran on this machine."""
    told, boot = _told_by(owner), _boot()
    return told.get("host") == platform.node() or (boot is not None and told.get("boot") == boot)


def _boot() -> str | None:
    """What tells this machine, since it was started, from others: containers on it have names of their own."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="utf-8").strip()
    except OSError:
        return None


def _busy(folder: Path, owner: str, gone: str = "") -> Busy:
    told = _told_by(owner)
    who = f" (process {told.get('process')} of {told.get('host')})" if told else ""
    return Busy(
        f"another command is at work on {folder}{shown(who)[:200]}; wait for it, or choose another folder "
        f"by folder=PATH: jobs that run at once need one each{gone}"
    )


def check_new(folder: Path) -> None:
    """That a folder is not there yet, or is empty.

    Raises:
        ConfigurationError: if not.
    """
    try:
        others = [entry for entry in folder.iterdir() if not _unborn(entry)]
    except FileNotFoundError:
        return
    except NotADirectoryError:
        if folder.exists():
            raise ConfigurationError([f"folder={folder}: is a file"]) from None
        return  # one above it is; that is seen when it is made
    if others:
        raise ConfigurationError([f"folder={folder}: holds other files; choose a new or empty folder"])


def _unborn(entry: Path) -> bool:
    """Whether that is all that a command leaves which is killed before it has said whose the folder is."""
    return (
        entry.name in (LOCK, OWNER)
        or fnmatch(entry.name, f".{MANIFEST}*.aside")
        or (entry.name == PARTS and entry.is_dir() and not any(entry.iterdir()))
    )


def _table(file: Path) -> "pa.Table | None":
    """The runs of a part; None if its bytes are not those that its name tells, or are no table of runs."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    data = file.read_bytes()
    if name_of(data) != file.name:
        return None
    try:
        # read_table() leaves the bytes to threads of its own: where Python ends meanwhile, they abort it
        table = pq.ParquetFile(pa.BufferReader(data)).read(use_threads=False)
    except (pa.ArrowException, OSError):
        return None
    return table if _is_runs(table.schema) else None


def _is_runs(schema: "pa.Schema") -> bool:
    """Whether a table has the columns of finished runs: names and errors, numbers, and series of numbers."""
    import pyarrow as pa

    texts, series = ("run", "error"), [one for one in schema if one.name.startswith("weekly_")]
    numbers = [one.type for one in schema if one.name not in texts and one not in series]
    return (
        len(set(schema.names)) == len(schema.names)
        and all(name in schema.names and schema.field(name).type == pa.string() for name in texts)
        and bool(series)
        and all(pa.types.is_list(one.type) and one.type.value_type == pa.float64() for one in series)
        and all(kind == pa.float64() for kind in numbers)
    )


def name_of(data: bytes) -> str:
    """The name of a part: a hash of its bytes."""
    return f"{hashlib.sha256(data).hexdigest()[:24]}.parquet"
