"""Write an archive for CoMSES or Zenodo: code and data of the commit, locks, outputs of studies, metadata, hashes.

  python -m tools.archive FILE.zip [FOLDER ...]   the archive; each folder of a study goes to outputs/
  python -m tools.archive --metadata              write codemeta.json again, from pyproject.toml and CITATION.cff

``SHA256SUMS`` in the archive names every file with its hash: ``sha256sum -c SHA256SUMS``. CoMSES and Zenodo read
codemeta.json and .zenodo.json. LICENSES/ and REUSE.toml say which licence holds for what.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from sim.output.files import replacing

ROOT = Path(__file__).resolve().parents[1]
SUMS, CODEMETA, ZENODO = "SHA256SUMS", "codemeta.json", ".zenodo.json"
_LEFT = ("parts", ".lock")  # of a study: runs.parquet holds what parts hold


def sources(root: Path = ROOT, committed: bool = False) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the project of pyproject.toml, and CITATION.cff, as they are or as the commit has them."""

    def text_of(name: str) -> str:
        if not committed:
            return (root / name).read_text(encoding="utf-8")
        shown = subprocess.run(["git", "-C", str(root), "show", f"HEAD:./{name}"], capture_output=True, check=True)
        return shown.stdout.decode()

    return tomllib.loads(text_of("pyproject.toml"))["project"], yaml.safe_load(text_of("CITATION.cff"))


def codemeta(root: Path = ROOT) -> dict[str, Any]:
    """Return the metadata of the software in the terms of CodeMeta 3.0."""
    project, citation = sources(root)
    return {
        "@context": "https://w3id.org/codemeta/3.0",
        "@type": "SoftwareSourceCode",
        "name": project["name"],
        "description": " ".join(citation["abstract"].split()),
        "version": project["version"],
        "dateModified": str(citation["date-released"]),
        "license": f"https://spdx.org/licenses/{project['license']}",
        "author": [{"@type": "Organization", "name": one["name"]} for one in citation["authors"]],
        "keywords": citation["keywords"],
        "programmingLanguage": {"@type": "ComputerLanguage", "name": "Python", "version": project["requires-python"]},
        "operatingSystem": "POSIX",
        "softwareRequirements": [one.split("<")[0].split(">")[0].split("[")[0] for one in project["dependencies"]],
        "readme": project["readme"],
    }


def zenodo(root: Path = ROOT, committed: bool = False) -> dict[str, Any]:
    """Return the metadata of a deposit on Zenodo."""
    project, citation = sources(root, committed)
    notes = "Code is Apache-2.0; facts, results and pages are CC-BY-4.0; fonts and JavaScript as REUSE.toml says."
    return {
        "title": citation["title"],
        "description": " ".join(citation["abstract"].split()),
        "upload_type": "software",
        "version": project["version"],
        "publication_date": str(citation["date-released"]),
        "creators": [{"name": one["name"]} for one in citation["authors"]],
        "keywords": citation["keywords"],
        "license": project["license"],
        "access_right": "open",
        "notes": notes,
    }


def archive(file: Path, studies: Sequence[Path] = (), root: Path = ROOT) -> int:
    """Write the archive of the commit and of studies; return the number of its files.

    Raises:
        ValueError: if the file exists or lies in a study, a folder holds no finished study, or two have one name.
        subprocess.CalledProcessError: if ``root`` is no clone.
    """
    if file.suffix != ".zip" or file.exists():
        raise ValueError(
            f"{file}: " + ("exists already; nothing is written over" if file.exists() else "must end in .zip")
        )
    for study in studies:
        provenance = study / "provenance.json"
        facts = json.loads(provenance.read_text(encoding="utf-8")) if provenance.is_file() else None
        if not isinstance(facts, dict) or facts.get("state") != "finished":
            raise ValueError(f"{study}: holds no finished run or study (provenance.json)")
        if file.resolve().is_relative_to(study.resolve()):
            raise ValueError(f"{file}: lies in {study}, which it is to hold; write it elsewhere")
    if len({study.resolve().name for study in studies}) < len(studies):
        raise ValueError("two folders have one name, which would be one folder of outputs/")
    version = sources(root, committed=True)[0]["version"]
    lead = f"insurgent-financing-sim-{version}/"
    with replacing(file, new=True) as aside:
        packing = ["archive", "--format=zip", f"--prefix={lead}", f"--output={aside.resolve()}", "HEAD"]
        subprocess.run(["git", "-C", str(root), *packing], check=True, capture_output=True)
        with zipfile.ZipFile(aside, "a", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr(lead + ZENODO, json.dumps(zenodo(root, committed=True), indent=1) + "\n")
            for study in studies:
                for path in outputs(study):
                    packed.write(path, f"{lead}outputs/{study.resolve().name}/{path.relative_to(study).as_posix()}")
            names = [one for one in packed.namelist() if not one.endswith("/")]
            sums = "".join(f"{_digest(packed, one)}  {one.removeprefix(lead)}\n" for one in sorted(names))
            packed.writestr(lead + SUMS, sums)
    return len(names) + 1


def outputs(study: Path) -> Iterator[Path]:
    """Yield the files of a study in order, without those that only resuming needs."""
    for path in sorted(study.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.relative_to(study).parts[0] not in _LEFT:
            yield path


def _digest(packed: zipfile.ZipFile, name: str) -> str:
    with packed.open(name) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]


def main(arguments: Sequence[str]) -> int:
    """Do what was typed; return the exit code."""
    if [*arguments] == ["--metadata"]:
        (ROOT / CODEMETA).write_text(json.dumps(codemeta(), indent=1) + "\n", encoding="utf-8")
        print(f"{CODEMETA} is written")
        return 0
    if not arguments or arguments[0].startswith("-") or shutil.which("git") is None:
        print(__doc__ if arguments[:1] in (["--help"], ["-h"]) else "needs FILE.zip, and git; --help says more")
        return 0 if arguments[:1] in (["--help"], ["-h"]) else 2
    changed = subprocess.run(
        ["git", "-C", str(ROOT), "status", "--porcelain"], capture_output=True, encoding="utf-8", check=False
    )
    if changed.stdout.strip():
        print("files differ from the commit; the archive holds those of the commit", file=sys.stderr)
    try:
        count = archive(Path(arguments[0]), [Path(one) for one in arguments[1:]])
    except subprocess.CalledProcessError as error:
        print(error.stderr.decode(errors="replace").strip(), file=sys.stderr)
        return 2
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{arguments[0]} is written: {count:,} files, their hashes in {SUMS}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
