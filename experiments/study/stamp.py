"""The stamp of a report: while plan, runs, code and settings stay the same and its files whole, it is not made again.

Stamps lie in the user's cache folder, one for each folder of a study: what lies beside results may come from anybody.
"""

import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import platformdirs

from experiments.study.arguments import Settings
from experiments.study.store import MANIFEST, PARTS
from sim.config import CONF
from sim.engine.cache import NAME
from sim.output import provenance
from sim.output.columns import terminal_width
from sim.output.files import write_whole

_FACTS = ("command", "model", "commit", "dirty", "caveat", "evidence")
"""Facts of provenance.json that a report shows; its date stays that of the runs when nothing changed."""
_ALWAYS = (MANIFEST, provenance.FILE, "plan.json.gz")


def key_of(plan: bytes, settings: Settings, facts: Mapping[str, Any]) -> str:
    """Return a hash of all that a report depends on beside runs: plan, settings, facts, code, packages and terminal."""
    root = Path(__file__).parents[2]
    ours = (file for one in (root / "sim", root / "experiments", CONF) for file in sorted(one.rglob("*")))
    code = [file for file in ours if file.is_file() and "__pycache__" not in file.parts]
    asked = settings.model_dump(mode="json", include={"full", "figures", "brief", "axes"})
    parts: list[Any] = [
        hashlib.sha256(plan).hexdigest(),
        asked,
        {name: facts.get(name) for name in _FACTS},
        terminal_width(),
    ]
    parts += [provenance.digest_of(code, root), sys.version, _packages(), provenance.mathematics()]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _packages() -> list[str]:
    """Names and versions of the packages that are installed."""
    found = set[str]()
    for place in filter(None, sys.path):
        with suppress(OSError):  # it may not be there, or be another user's
            found.update(one.name for one in Path(place).iterdir() if one.suffix == ".dist-info")
    return sorted(found)


def last(folder: Path, key: str) -> str | None:
    """Return the console text of the report in a folder if it was made with this key and every file is as it was."""
    try:
        found = json.loads(_file(folder).read_bytes())
        same = found["key"] == key and found["files"] == _hashes(folder, found["files"])
        return str(found["text"]) if same else None
    except (OSError, ValueError, LookupError, TypeError, RuntimeError):  # RuntimeError: no home
        return None


def keep(folder: Path, key: str, text: str, files: Iterable[str]) -> None:
    """Keep the stamp of a report that is complete."""
    with suppress(OSError, RuntimeError):  # without it the report is made again
        file = _file(folder)
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(file, json.dumps({"key": key, "text": text, "files": _hashes(folder, [*_ALWAYS, *files])}))


def _hashes(folder: Path, files: Iterable[str]) -> dict[str, str]:
    """The hash of each file of a report, and of each part with runs that there is."""
    parts = (f"{PARTS}/{one.name}" for one in (folder / PARTS).glob("*.parquet"))
    names = sorted({*(name for name in files if not name.startswith(f"{PARTS}/")), *parts})
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}


def _file(folder: Path) -> Path:
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:24]
    return Path(platformdirs.user_cache_dir(NAME)) / "reports" / f"{name}.json"
