"""The locks, and what is installed before compilation begins."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("requirements.lock", "requirements-dev.lock")}
_COMPILE = """
import sys
from importlib.metadata import packages_distributions

FIRST = {FIRST}
FOUND = packages_distributions()

class Absent:
    def find_spec(self, name, path=None, target=None):
        owners = FOUND.get(name.split(".")[0])
        if owners and not FIRST & {{one.lower().replace("_", "-") for one in owners}}:
            raise ImportError(name)

sys.meta_path.insert(0, Absent())
import sim.compilation
"""


def pins(text: str) -> set[str]:
    return set(re.findall(r"^[\w.-]+==\S+", text, re.MULTILINE))


def test_what_runs_is_the_same_where_tests_are_installed_too() -> None:
    run, dev = (pins(text) for text in LOCKS.values())
    assert run < dev
    assert not {"pytest", "ruff", "mypy", "distributed", "playwright"} & {one.split("==")[0] for one in run}
    assert not any("://" in text for text in LOCKS.values())


def test_compilation_needs_only_the_packages_that_are_installed_first() -> None:
    first = re.search(r'^first="(.*)"$', (ROOT / "tools" / "setup.sh").read_text(encoding="utf-8"), re.MULTILINE)
    assert first
    names = set(first[1].split())
    assert names <= {one.split("==")[0] for one in pins(LOCKS["requirements.lock"])}
    subprocess.run([sys.executable, "-c", _COMPILE.format(FIRST=names)], cwd=ROOT, check=True, timeout=300)


def test_counts_of_set_up_never_fall(tmp_path: Path) -> None:
    script = (ROOT / "tools" / "setup.sh").read_text(encoding="utf-8").partition('case "${1-}" in\nlock)')[0]
    there, log = tmp_path / ".venv/lib/python3.12/site-packages", tmp_path / ".venv/setup.log"
    (there / "pip.dist-info").mkdir(parents=True)
    said = []
    parts = ("Collecting a\nCollecting b\n", "Installing collected\n", "Successfully\nCollecting c\n", "Installing\n")
    for lines, package in zip((*parts, "Successfully\n"), ("", "a", "b", "", "c"), strict=True):
        log.write_text((log.read_text(encoding="utf-8") if log.exists() else "") + lines, encoding="utf-8")
        (there / f"{package or 'pip'}.dist-info").mkdir(exist_ok=True)
        code = f"{script}\nbegan=$(date +%s); before=1; exec 3>&1; progress 2>/dev/null"
        said.append(subprocess.run(["sh", "-c", code], cwd=tmp_path, capture_output=True, encoding="utf-8").stdout)
    counts = [[int(one) for one in re.findall(r"(\d+) packages downloaded, (\d+) installed", text)[0]] for text in said]
    assert counts == [[2, 0], [2, 1], [3, 2], [3, 2], [3, 3]]


@pytest.mark.skipif(Path(sys.prefix) != ROOT / ".venv", reason="another environment than the one that make makes")
def test_the_environment_finds_the_project_in_any_folder(tmp_path: Path) -> None:
    code = "import sim, experiments; print(sim.__file__); print(experiments.__file__)"
    said = subprocess.run(
        [sys.executable, "-I", "-c", code], cwd=tmp_path, check=True, capture_output=True, encoding="utf-8"
    )
    assert [Path(line).parents[1] for line in said.stdout.splitlines()] == [ROOT, ROOT]
    for command in ("insurgent-financing", "insurgent-financing-study", "insurgent-financing-live"):
        assert (Path(sys.prefix) / "bin" / command).exists()
    assert not (Path(sys.prefix) / "lib" / f"python3.{sys.version_info[1]}" / "site-packages" / "sim").exists()


def test_make_refuses_what_it_would_ignore() -> None:
    def make(*words: str) -> subprocess.CompletedProcess[str]:
        alone = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
        return subprocess.run(["make", "-n", "sim", *words], cwd=ROOT, env=alone, capture_output=True, encoding="utf-8")

    stray = make("policy=exchange_kyc", "seed=7")
    assert stray.returncode == 2 and 'ARGS="policy=exchange_kyc seed=7"' in stray.stderr and not stray.stdout
    assert make("ARGS=policy=exchange_kyc seed=7").stdout.endswith("-m sim policy=exchange_kyc seed=7\n")
    assert make("-k").returncode == 0
