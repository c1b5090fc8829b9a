"""Where results come from: scenario, command, seed, versions, commit and the machine's mathematics."""

import hashlib
import json
import math
import os
import platform
import struct
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sim.configuration.folder import Sources
from sim.scenario import Scenario

_PACKAGES = (
    "hydra-core",
    "matplotlib",
    "mesa",
    "numba",
    "numpy",
    "omegaconf",
    "pandas",
    "pyarrow",
    "pydantic",
    "scipy",
    "seaborn",
)
_NAME = "insurgent-financing-sim"
_ROOT = Path(__file__).resolve().parents[2]


def mathematics() -> str:
    """Fingerprint of the math library: runs are equal to the byte only where it is the same."""
    digest = hashlib.sha256()
    for point in range(1, 1001):
        x = point / 97.0
        digest.update(struct.pack("<4d", math.exp(x), math.log(x), math.cos(x), math.pow(x, 0.37)))
    return digest.hexdigest()[:16]


def code() -> str:
    """Fingerprint of the rules, of what they read, and of the tables made of them."""
    folder = _ROOT / "sim"
    digest = hashlib.sha256()
    for source in sorted([*folder.glob("*.py"), *folder.glob("scenario/*.py")]):
        digest.update(str(source.relative_to(folder)).encode() + source.read_bytes())
    return digest.hexdigest()[:16]


def commit() -> tuple[str | None, bool | None]:
    """Commit of the clone and whether files differ from it; nothing where this is no clone."""
    if not (_ROOT / ".git").exists():
        return None, None
    try:
        head = _git("rev-parse", "HEAD")
        return head, bool(_git("status", "--porcelain", "--", "sim", "conf", "experiments"))
    except (OSError, subprocess.SubprocessError):
        return None, None


def _git(*words: str) -> str:
    done = subprocess.run(["git", "-C", str(_ROOT), *words], capture_output=True, text=True, check=True, timeout=20)
    return done.stdout.strip()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def model_version() -> str:
    """Version of the package, or of its description in a clone."""
    installed = _version(_NAME)
    if installed is None and (_ROOT / "pyproject.toml").exists():
        import tomllib

        installed = tomllib.loads((_ROOT / "pyproject.toml").read_text())["project"]["version"]
    return str(installed)


def begun(scenario: Scenario, command: str, overrides: Sequence[str], sources: Sources) -> dict[str, Any]:
    """What is known before a run; ``sources`` says for each file of values whose it was."""
    head, dirty = commit()
    return {
        "state": "running",
        "command": command,
        "overrides": list(overrides),
        "configuration": dict(sources),
        "seed": scenario.seed,
        "model": model_version(),
        "commit": head,
        "dirty": dirty,
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in _PACKAGES},
        "machine": f"{platform.system()} {platform.machine()}",
        "mathematics": mathematics(),
        "plain": bool(os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")),
        "started": now(),
        "finished": None,
        "files": [],
        "scenario": scenario.model_dump(mode="json", exclude_computed_fields=True),
    }


def now() -> str:
    """The time, in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def small_print(facts: dict[str, Any]) -> dict[str, str]:
    """What a figure says about where it comes from."""
    mark = "" if facts["commit"] is None else facts["commit"][:10] + (" (changed)" if facts["dirty"] else "")
    words = {"version": facts["model"], "commit": mark, "seed": str(facts["seed"])}
    words |= {"command": facts["command"], "date": facts["started"][:10]}
    return {key: value for key, value in words.items() if value}


def write_whole(path: Path, text: str) -> None:
    """Write a file so that it is never seen half written."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    with aside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def save(facts: dict[str, Any], folder: Path) -> None:
    """Write provenance.json anew."""
    write_whole(folder / "provenance.json", json.dumps(facts, indent=1, ensure_ascii=False) + "\n")


def command_of(arguments: Sequence[str], module: str = "sim") -> str:
    """The command as one could type it again."""
    import shlex

    name = Path(sys.argv[0]).name
    start = f"python -m {module}" if name in ("__main__.py", "-m", "") else name
    return shlex.join([*start.split(), *arguments])
