"""The parts of docs/claims.md: the command of each claim, and its stored tables as the command prints them."""

from typing import Any

import pandas as pd

from experiments.studies.claims import report as claims
from sim.config import CONF


def page_parts() -> dict[str, Any]:
    """The parts by name."""
    parts = {}
    for file in sorted((CONF.parent / "docs" / "claims").glob("*/command.txt")):
        tables = {name: pd.read_csv(file.with_name(f"{name}.csv")) for name in ("claims", "limits", "conversion")}
        text = claims.text(tables, claims.about_kept(tables["claims"]))
        parts[f"claim {file.parent.name}"] = f"```sh\n{file.read_text(encoding='utf-8')}```\n\n```text\n{text}\n```"
    return parts
