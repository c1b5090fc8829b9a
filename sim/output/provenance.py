"""The provenance of results: scenario, command, seed, versions, commit and the machine's mathematics."""

import hashlib
import json
import math
import os
import platform
import shlex
import struct
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.config.own_folder import Sources
from sim.output.files import write_whole
from sim.output.program import program

if TYPE_CHECKING:
    from sim.scenario import Scenario

FILE = "provenance.json"
_PACKAGES = (
    "hydra-core", "matplotlib", "mesa", "numba", "numpy", "omegaconf", "pandas", "pyarrow", "pydantic", "scipy",
    "seaborn",
)  # fmt: skip
_NAME = "insurgent-financing-sim"
_ROOT = Path(__file__).resolve().parents[2]
_OF_A_REPOSITORY = {
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR",
    "GIT_NAMESPACE", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
}  # fmt: skip
"""Variables that git sets for its hooks, and that would point git to another repository."""


def mathematics() -> str:
    """Return a fingerprint of the math library: runs are equal to the byte only where it is the same."""
    digest = hashlib.sha256()
    for point in range(1, 1001):
        x = point / 97.0
        digest.update(struct.pack("<4d", math.exp(x), math.log(x), math.cos(x), math.pow(x, 0.37)))
    if not sys.float_info.min * 0.25:  # another library has the processor take the smallest numbers for 0
        digest.update(b"flushed to zero")
    return digest.hexdigest()[:16]


def sources() -> list[Path]:
    """Return every file of the model: all of ``sim`` but the code for configurations, results and Mesa."""
    folder = _ROOT / "sim"
    apart = ("api.py", "cli", "config", "model", "output", "plots")
    files = [*folder.rglob("*.py"), *folder.glob("*.csv")]
    return sorted(file for file in files if file.relative_to(folder).parts[0] not in apart)


def digest_of(files: Iterable[Path], folder: Path) -> str:
    """Return a fingerprint of files below a folder: of their paths in it and their bytes."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.relative_to(folder).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def code() -> str:
    """Return a fingerprint of the rules, of their inputs, and of the tables made from them."""
    return digest_of(sources(), _ROOT / "sim")


def commit() -> tuple[str | None, bool | None]:
    """Return the commit of the clone and whether files differ from it; None where this is no clone."""
    if not (_ROOT / ".git").exists():
        return None, None
    try:
        head = _git("rev-parse", "HEAD")
        return head, bool(_git("status", "--porcelain", "--untracked-files=normal", "--", "sim", "conf", "experiments"))
    except (OSError, subprocess.SubprocessError):
        return None, None


def _git(*words: str) -> str:
    """Return the answer of git about this clone, whoever owns it and whatever the caller's repository is."""
    ours = {key: value for key, value in os.environ.items() if key not in _OF_A_REPOSITORY}
    command = ["git", "--no-optional-locks", "-c", f"safe.directory={_ROOT}", "-C", str(_ROOT), *words]
    done = subprocess.run(command, capture_output=True, check=True, timeout=20, env=ours)
    return done.stdout.decode(errors="replace").strip()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def model_version() -> str:
    """Return the version of the clone by its own description, or of the package that is installed."""
    project = _ROOT / "pyproject.toml"
    if project.exists():
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])
    return str(_version(_NAME))


def version_in_words() -> str:
    """Return version, commit and whether files differ from it, and where the package is."""
    head, dirty = commit()
    code = "no commit is known" if head is None else f"commit {head}" + (", with files changed" if dirty else "")
    return f"{_NAME} {model_version()}, {code}, in {_ROOT}"


def caveats(scenarios: Iterable["Scenario"], sources: Sources) -> list[str]:
    """Return the statements that every output carries: those of the scenarios, and on presets that were chosen."""
    presets = [name.removeprefix("preset/").removesuffix(".yaml") for name in sources if name.startswith("preset/")]
    small = [f"preset={name}: no number is that of the default" for name in presets if name != "default"]
    return [*small, *dict.fromkeys(one for scenario in scenarios for one in scenario.caveats)]


def begun(scenario: "Scenario", command: str, overrides: Sequence[str], sources: Sources) -> dict[str, Any]:
    """Return the facts known before a run; ``sources`` names for each file of values its source."""
    from sim.engine.cache import PLAIN

    head, dirty = commit()
    return {
        "state": "running",
        "command": command,
        "overrides": list(overrides),
        "configuration": dict(sources),
        "seed": scenario.seed,
        "caveat": "; ".join(caveats([scenario], sources)),
        "model": model_version(),
        "commit": head,
        "dirty": dirty,
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in _PACKAGES},
        "machine": f"{platform.system()} {platform.machine()}",
        "mathematics": mathematics(),
        "plain": PLAIN,
        "started": now(),
        "finished": None,
        "files": [],
        "scenario": scenario.model_dump(mode="json", exclude_computed_fields=True),
    }


def now() -> str:
    """Return the time, in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def small_print(facts: dict[str, Any]) -> dict[str, str]:
    """Return the provenance that figures show."""
    mark = (facts["commit"] or "")[:10] + (" (changed)" if facts["dirty"] else "")
    words = {"note": facts["caveat"], "version": facts["model"], "commit": mark, "seed": str(facts["seed"])}
    words |= {"command": facts["command"], "date": facts["started"][:10]}
    return {key: value for key, value in words.items() if value}


def save(facts: dict[str, Any], folder: Path) -> None:
    """Write provenance.json, replacing an existing one."""
    write_whole(folder / FILE, json.dumps(facts, indent=1, ensure_ascii=False) + "\n")


def begin(facts: dict[str, Any], folder: Path) -> None:
    """Write provenance.json where there is none: of two jobs that have one folder, one begins.

    Raises:
        FileExistsError: if there is one.
    """
    path = folder / FILE
    path.touch(exist_ok=False)
    try:
        save(facts, folder)
    except BaseException:
        path.unlink()
        raise


def command_of(arguments: Sequence[str], module: str = "sim") -> str:
    """Return the command in a form that can be typed again."""
    return shlex.join([*program(module).split(), *arguments])
