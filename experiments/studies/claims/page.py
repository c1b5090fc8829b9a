"""Generated parts of docs/claims.md, from the tables in docs/claims."""

import pandas as pd

from experiments.studies.claims.report import claims_in, words
from experiments.study import spec
from sim.config import CONF

FOLDER = CONF.parent / "docs" / "claims"
_TABLES = ("claims", "limits", "conversion")


def page_parts() -> dict[str, str]:
    """Return the command of each claim and the text that it prints, by name: ``claim 300m``."""
    found = {}
    for folder in sorted(file.parent for file in FOLDER.glob("*/command.txt")):
        tables = {name: pd.read_csv(folder / f"{name}.csv") for name in _TABLES}
        text = words(claims_in(tables, spec.load("claims").aliases)[0])
        command = (folder / "command.txt").read_text(encoding="utf-8")
        found[f"claim {folder.name}"] = f"```sh\n{command}```\n\n```text\n{text}\n```"
    return found
