"""Keep what a run of the validation study found: ``python tools/keep_validation.py results/validation``.

Its tables go to conf/found with where they come from, and the brief and the pages read them there; its figure goes to
docs/validation. Then `python tools/make_docs.py` writes the pages anew.
"""

import json
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOUND, PAGES = ROOT / "conf" / "found", ROOT / "docs" / "validation"
TABLES = ("validation.csv", "growth.csv")


def keep(study: Path, found: Path = FOUND, pages: Path = PAGES) -> None:
    """Copy tables and figure of a finished study, and write where they come from.

    Raises:
        ValueError: if the study is not a finished one of validation, or files of the model differed from its commit.
    """
    facts = json.loads((study / "provenance.json").read_text(encoding="utf-8"))
    if facts["state"] != "finished" or facts["study"]["report"] != "validation" or facts["failed"]:
        raise ValueError(f"{study}: not a finished validation study without failed runs")
    if facts["dirty"] or not facts["commit"]:
        raise ValueError(f"{study}: its runs belong to no commit; commit, and type the study again")
    for folder in (found, pages):
        folder.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        shutil.copyfile(study / name, found / name)
    shutil.copyfile(study / "figures" / "validation.png", pages / "validation.png")
    about = {"command": facts["command"], "version": facts["model"], "commit": facts["commit"]}
    about |= {"date": facts["started"][:10], "replications": facts["replications"]}
    (found / "provenance.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        keep(Path(sys.argv[1]))
    except (OSError, ValueError) as error:
        sys.exit(f"Nothing was kept: {error}")
